//! The one question: may this entry happen, given these facts?

pub mod after;
pub mod bundle;
pub mod comment;
pub mod draft;
pub mod language;
pub mod people;
pub mod release;
pub mod review;
pub mod screening;
pub mod setup;

use super::act::{Act, BodyRole};
use super::case::{Case, ItemFacts};
use super::refusal::{Refusal, refuse};
use super::role::{Affiliation, Right};
use super::state::Transition;

/// What a check returns.
pub type Verdict = Result<(), Refusal>;

/// Decides on one act. Everything that is ever written passes here, live and on replay.
pub fn check(case: &Case<'_>, act: &Act) -> Verdict {
    if let Act::Found(found) = act {
        return setup::found(case, found);
    }
    actor_is_active(case)?;
    // A purge finds originals through the revision they came with; elsewhere it would miss them.
    if case.has_body(BodyRole::Evidence) && !matches!(act, Act::ItemNew(_) | Act::ItemRevise(_)) {
        return Err(refuse("act.form", &[("what", "evidence".to_owned())]));
    }
    match act {
        Act::BureauAdd(a) => setup::bureau_add(case, a),
        Act::SiteAdd(a) => setup::site_add(case, a),
        Act::SiteCondition(a) => language::condition(case, a),
        Act::ColumnAdd(a) => setup::column_add(case, a),
        Act::ColumnMerge(a) | Act::ColumnClose(a) => setup::column_end(case, a),
        Act::RouteSet(a) => setup::route_set(case, a),
        Act::PersonAdd(a) => people::person_add(case, a),
        Act::PersonLeave(a) => people::person_leave(case, a),
        Act::GrantRevoke(a) => people::grant_revoke(case, a),
        Act::Propose(a) => people::propose(case, a),
        Act::Confirm(_) => people::confirm(case),
        Act::Decline(_) => people::decline(case),
        Act::ItemNew(a) => draft::new(case, a),
        Act::ItemRevise(a) => draft::revise(case, a),
        Act::ItemSubmit(a) => draft::submit(case, a),
        Act::ItemRecall(_) => draft::recall(case),
        Act::ItemDiscard(_) => draft::discard(case),
        Act::ItemRestore(_) => draft::restore(case),
        Act::ItemComment(a) => comment::comment(case, a),
        Act::ItemCommentSettle(a) => comment::settle(case, a),
        Act::ItemWaive(a) => screening::waive(case, a),
        Act::ItemUnwaive(a) => screening::unwaive(case, a),
        Act::ItemViewed(_) => draft::viewed(case),
        Act::ItemClaim(a) => draft::claim(case, a),
        Act::ItemRelease(a) => draft::release(case, a),
        Act::ItemTakeover(a) => draft::takeover(case, a),
        Act::ItemApprove(a) => review::approve(case, a),
        Act::ItemReturn(a) => review::send_back(case, a),
        Act::ItemReject(a) => review::reject(case, a),
        Act::ItemClear(a) => review::clear(case, a),
        Act::ItemSignOff(a) => review::sign_off(case, a),
        Act::ItemSchedule(a) => release::schedule(case, a),
        Act::ItemUnschedule(_) => release::unschedule(case),
        Act::ItemUnlock(_) => release::unlock(case),
        Act::ItemPublish(a) => release::publish(case, a),
        Act::ItemExpire(_) => release::expire(case),
        Act::ItemCorrect(a) => release::correct(case, a),
        Act::ItemWithdraw(_) => release::withdraw(case),
        Act::ItemRelate(a) => after::relate(case, a),
        Act::ItemUnrelate(_) => after::unrelate(case),
        Act::ItemValidity(a) => after::validity(case, a),
        Act::ItemShare(a) => after::share(case, a),
        Act::ItemFlagSettle(a) => after::settle(case, a),
        Act::ItemEmergency(a) => after::emergency(case, a),
        Act::ItemPosted(a) => after::posted(case, a),
        Act::BundleNew(_) => bundle::new(case),
        Act::BundleAdd(a) => bundle::add(case, a),
        Act::BundleRemove(a) => bundle::remove(case, a),
        Act::BundleSchedule(a) => bundle::schedule(case, a),
        Act::BundleUnschedule(_) => bundle::unschedule(case),
        Act::BundlePublish(a) => bundle::publish(case, a),
        Act::BundleDiscard(_) => bundle::discard(case),
        Act::Found(_) | Act::SessionOpen(_) => Ok(()),
        Act::PublishFailed(_) | Act::PagesWritten(_) | Act::PagesFailed(_) => release::report(case),
        Act::Export(a) => release::export(case, a),
    }
}

fn actor_is_active(case: &Case<'_>) -> Verdict {
    let Some(person) = case.org.persons.get(case.actor) else {
        return Err(refuse(
            "actor.unknown",
            &[("person", case.actor.to_owned())],
        ));
    };
    if person.left {
        return Err(refuse("actor.left", &[("person", person.login.clone())]));
    }
    if person.contract_until.is_some_and(|end| case.now > end) {
        return Err(refuse(
            "actor.contract",
            &[("person", person.login.clone())],
        ));
    }
    Ok(())
}

/// The item, or a refusal that does not tell whether it exists.
pub(crate) fn item<'a>(case: &'a Case<'_>) -> Result<&'a ItemFacts, Refusal> {
    case.item.ok_or_else(|| refuse("item.unknown", &[]))
}

/// Whether the person may see the item at its present stage: the view right over one of its
/// columns, or a hand in it. What is live can be read by everyone on the site itself.
pub fn may_view(case: &Case<'_>, item: &ItemFacts) -> bool {
    if !case.org.is_active(case.actor, case.now) {
        return false;
    }
    item.shape
        .columns
        .iter()
        .any(|c| case.org.has_right(case.actor, Right::View, c, case.now))
        || has_hand_in(case, item)
}

/// Made it or wrote on it, and still holds a role that drafts in its home column.
fn has_hand_in(case: &Case<'_>, item: &ItemFacts) -> bool {
    (item.creator == case.actor || item.contributors.iter().any(|c| c == case.actor))
        && case
            .org
            .has_right(case.actor, Right::Draft, item.home(), case.now)
}

/// Seeing comes first: who may not see an item is told that there is none.
pub(crate) fn must_view(case: &Case<'_>, item: &ItemFacts) -> Verdict {
    if may_view(case, item) {
        Ok(())
    } else {
        Err(refuse("item.unknown", &[]))
    }
}

pub(crate) fn must_have(case: &Case<'_>, right: Right, node: &str) -> Verdict {
    if case.org.has_right(case.actor, right, node, case.now) {
        Ok(())
    } else {
        Err(missing(case))
    }
}

pub(crate) fn must_have_over(case: &Case<'_>, right: Right, nodes: &[String]) -> Verdict {
    if case.org.has_right_over(case.actor, right, nodes, case.now) {
        Ok(())
    } else {
        Err(missing(case))
    }
}

pub(crate) fn must_have_somewhere(case: &Case<'_>, right: Right) -> Verdict {
    if case.org.has_right_somewhere(case.actor, right, case.now) {
        Ok(())
    } else {
        Err(missing(case))
    }
}

pub(crate) fn missing(case: &Case<'_>) -> Refusal {
    let login = case
        .org
        .persons
        .get(case.actor)
        .map_or_else(|| case.actor.to_owned(), |p| p.login.clone());
    refuse("right.missing", &[("person", login)])
}

pub(crate) fn must_allow(item: &ItemFacts, transition: Transition) -> Verdict {
    if item.state.allows(transition) {
        Ok(())
    } else {
        Err(refuse(
            "state.invalid",
            &[
                ("state", item.state.code().to_owned()),
                ("transition", transition.code().to_owned()),
            ],
        ))
    }
}

pub(crate) fn must_say_why(case: &Case<'_>) -> Verdict {
    if case.has_body(BodyRole::Note) {
        Ok(())
    } else {
        Err(refuse("item.reason", &[]))
    }
}

/// Outsourced people never decide anything, whatever they were granted (A15.5).
pub(crate) fn not_outsourced(case: &Case<'_>) -> Verdict {
    match case.org.persons.get(case.actor) {
        Some(p) if p.affiliation == Affiliation::Outsourced => {
            Err(refuse("duty.outsourced", &[("person", p.login.clone())]))
        }
        _ => Ok(()),
    }
}

/// Nobody checks himself: contributors and the submitter are barred from every decision.
pub(crate) fn not_involved(case: &Case<'_>, item: &ItemFacts) -> Verdict {
    let login = || {
        case.org
            .persons
            .get(case.actor)
            .map_or_else(|| case.actor.to_owned(), |p| p.login.clone())
    };
    if item.contributors.iter().any(|c| c == case.actor) {
        return Err(refuse("duty.contributor", &[("person", login())]));
    }
    if item.submitter.as_deref() == Some(case.actor) {
        return Err(refuse("duty.submitter", &[("person", login())]));
    }
    Ok(())
}
