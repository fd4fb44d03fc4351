//! Bundles: several items live together or not at all.

use super::release::gate;
use super::{Verdict, must_have_over, must_have_somewhere, must_say_why};
use crate::rules::act::{BundleItem, BundlePublish, BundleSchedule, Cause, Member};
use crate::rules::case::{BundleFacts, BundleState, Case, ItemFacts};
use crate::rules::refusal::{Refusal, refuse};
use crate::rules::role::Right;
use crate::rules::state::State;

fn bundle<'a>(case: &'a Case<'_>) -> Result<&'a BundleFacts, Refusal> {
    let bundle = case.bundle.ok_or_else(|| refuse("bundle.unknown", &[]))?;
    // Whoever may not see one of its members may not act on the whole.
    for member in &bundle.members {
        if !super::may_view(case, member)
            && !case
                .org
                .has_right(case.actor, Right::Run, member.home(), case.now)
        {
            return Err(refuse("bundle.unknown", &[]));
        }
    }
    Ok(bundle)
}

fn must_be(bundle: &BundleFacts, state: BundleState) -> Verdict {
    if bundle.state == state {
        Ok(())
    } else {
        Err(refuse(
            "bundle.state",
            &[("state", bundle.state.code().to_owned())],
        ))
    }
}

pub(super) fn new(case: &Case<'_>) -> Verdict {
    if case.bundle.is_some() || case.item.is_some() {
        return Err(refuse("bundle.exists", &[]));
    }
    super::setup::plain_id(case.id.unwrap_or_default())?;
    must_have_somewhere(case, Right::Release)?;
    must_say_why(case) // its name
}

pub(super) fn add(case: &Case<'_>, _a: &BundleItem) -> Verdict {
    let bundle = bundle(case)?;
    let item = super::item(case)?;
    super::must_view(case, item)?;
    must_have_over(case, Right::Release, &item.shape.columns)?;
    must_be(bundle, BundleState::Open)?;
    if bundle.members.len() >= 200 {
        return Err(refuse(
            "bundle.state",
            &[("state", bundle.state.code().to_owned())],
        ));
    }
    if let Some((other, state)) = &item.bundle
        && matches!(state, BundleState::Open | BundleState::Scheduled)
    {
        return Err(refuse("bundle.member", &[("bundle", other.clone())]));
    }
    if item.closed {
        return Err(refuse("item.disclosure-closed", &[]));
    }
    if matches!(
        item.state,
        State::Draft | State::Returned | State::InReview | State::SignedOff
    ) {
        Ok(())
    } else {
        Err(not_ready(item))
    }
}

fn not_ready(item: &ItemFacts) -> Refusal {
    refuse(
        "bundle.item-state",
        &[
            ("item", item.id.clone()),
            ("state", item.state.code().to_owned()),
        ],
    )
}

pub(super) fn remove(case: &Case<'_>, a: &BundleItem) -> Verdict {
    let bundle = bundle(case)?;
    must_be(bundle, BundleState::Open)?;
    let Some(member) = bundle.members.iter().find(|m| m.id == a.member) else {
        return Err(refuse("item.unknown", &[]));
    };
    must_have_over(case, Right::Release, &member.shape.columns)
}

/// The decision saw exactly these members in these versions, and each of them is ready.
fn all_ready(case: &Case<'_>, bundle: &BundleFacts, seen: &[Member], at: i64) -> Verdict {
    if bundle.members.is_empty() {
        return Err(refuse("bundle.empty", &[]));
    }
    let same = bundle.members.len() == seen.len()
        && bundle
            .members
            .iter()
            .zip(seen)
            .all(|(m, s)| m.id == s.item && m.fingerprint == s.fingerprint);
    if !same {
        return Err(refuse("bundle.changed", &[]));
    }
    for member in &bundle.members {
        if member.state != State::SignedOff {
            return Err(not_ready(member));
        }
        let moment = Case {
            now: at.max(case.now),
            ..*case
        };
        gate(&moment, member).map_err(|why| {
            let mut args = vec![("item", member.id.clone()), ("why", why.rule.to_owned())];
            args.extend(why.args);
            refuse("publish.gate", &args)
        })?;
    }
    Ok(())
}

fn release_over_all(case: &Case<'_>, bundle: &BundleFacts) -> Verdict {
    bundle
        .members
        .iter()
        .try_for_each(|m| must_have_over(case, Right::Release, &m.shape.columns))
}

pub(super) fn schedule(case: &Case<'_>, a: &BundleSchedule) -> Verdict {
    let bundle = bundle(case)?;
    must_be(bundle, BundleState::Open)?;
    release_over_all(case, bundle)?;
    if case.since(2) {
        bundle
            .members
            .iter()
            .try_for_each(|m| super::not_involved(case, m))?;
    }
    if a.publish_at <= case.now {
        return Err(refuse("schedule.past", &[]));
    }
    all_ready(case, bundle, &a.members, a.publish_at)
}

pub(super) fn unschedule(case: &Case<'_>) -> Verdict {
    let bundle = bundle(case)?;
    must_be(bundle, BundleState::Scheduled)?;
    release_over_all(case, bundle)
}

pub(super) fn publish(case: &Case<'_>, a: &BundlePublish) -> Verdict {
    let bundle = bundle(case)?;
    let runs = !bundle.members.is_empty()
        && bundle.members.iter().all(|m| {
            case.org
                .has_right_over(case.actor, Right::Run, &m.shape.columns, case.now)
        });
    if !runs {
        release_over_all(case, bundle)?;
    }
    let due = bundle.state == BundleState::Scheduled && bundle.due.is_some_and(|d| d <= case.now);
    match (a.cause, bundle.state) {
        (Cause::Schedule, _) if due => {}
        (Cause::Schedule, _) => return Err(refuse("publish.not-due", &[])),
        (_, BundleState::Open) if !runs => {}
        (_, BundleState::Scheduled) if due && !runs => {}
        (_, BundleState::Scheduled) => {
            return Err(refuse(
                "publish.early",
                &[("at", bundle.due.unwrap_or_default().to_string())],
            ));
        }
        (_, state) => {
            return Err(refuse(
                "bundle.state",
                &[("state", state.code().to_owned())],
            ));
        }
    }
    if !runs {
        bundle
            .members
            .iter()
            .try_for_each(|m| super::not_involved(case, m))?;
    }
    all_ready(case, bundle, &a.members, case.now)?;
    let members: Vec<_> = bundle.members.iter().collect();
    super::screening::released(case, &members, &a.screened)
}

pub(super) fn discard(case: &Case<'_>) -> Verdict {
    let bundle = bundle(case)?;
    must_be(bundle, BundleState::Open)?;
    must_have_somewhere(case, Right::Release)?;
    release_over_all(case, bundle)
}
