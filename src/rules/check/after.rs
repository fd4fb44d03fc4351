//! Relations, validity, copies, flags, emergencies, postings. Clauses A6.3, A7.1, A9.4.

use super::draft::{revision_bodies, shape};
use super::{
    Verdict, item, missing, must_have_over, must_say_why, must_view, not_involved, not_outsourced,
};
use crate::journal::Hash;
use crate::rules::act::{
    BodyRole, Emergency, FlagCause, Posted, Relate, Relation, SetValidity, SettleFlag, Share,
};
use crate::rules::case::{Case, ItemFacts};
use crate::rules::clearance::Disclosure;
use crate::rules::refusal::{Refusal, refuse};
use crate::rules::role::{Right, Role};
use crate::rules::state::State;

fn other<'a>(case: &'a Case<'_>) -> Result<&'a ItemFacts, Refusal> {
    let other = case.other.ok_or_else(|| refuse("item.unknown", &[]))?;
    must_view(case, other)?;
    Ok(other)
}

/// What a policy's page names is another published item, title and all, which had its own review;
/// so a relation needs no new clearance, but a hand that may correct or release.
fn may_relate(case: &Case<'_>, item: &ItemFacts) -> Verdict {
    must_view(case, item)?;
    not_outsourced(case)?;
    must_have_over(case, Right::Correct, &item.shape.columns)
        .or_else(|_| must_have_over(case, Right::Release, &item.shape.columns))
}

pub(super) fn relate(case: &Case<'_>, a: &Relate) -> Verdict {
    let item = item(case)?;
    may_relate(case, item)?;
    let other = other(case)?;
    if other.id == item.id {
        return Err(refuse("relation.self", &[]));
    }
    // A version for another channel is named as one, and only such a thing is.
    let outlet = !other.shape.channels.iter().any(|c| c == "web");
    if outlet != (a.relation == Relation::Outlet) {
        return Err(refuse("posted.channel", &[]));
    }
    if case.related {
        return Err(refuse("relation.there", &[]));
    }
    Ok(())
}

pub(super) fn unrelate(case: &Case<'_>) -> Verdict {
    let item = item(case)?;
    may_relate(case, item)?;
    other(case)?;
    if case.related {
        Ok(())
    } else {
        Err(refuse("relation.none", &[]))
    }
}

pub(super) fn validity(case: &Case<'_>, _: &SetValidity) -> Verdict {
    let item = item(case)?;
    must_view(case, item)?;
    must_have_over(case, Right::Release, &item.shape.columns)?;
    if item.live.is_none() {
        return Err(refuse("validity.live", &[]));
    }
    must_say_why(case)
}

fn live_as(item: &ItemFacts, fingerprint: Hash) -> bool {
    item.live == Some(fingerprint)
}

/// A copy arrives as pending; whoever sends it needs no right where it arrives, for nothing
/// happens there before that site's own route is passed.
pub(super) fn share(case: &Case<'_>, a: &Share) -> Verdict {
    if case.item.is_some() || case.bundle.is_some() {
        return Err(refuse("item.exists", &[]));
    }
    super::setup::plain_id(case.id.unwrap_or_default())?;
    let source = other(case)?;
    not_outsourced(case)?;
    must_have_over(case, Right::Correct, &source.shape.columns)
        .or_else(|_| must_have_over(case, Right::Release, &source.shape.columns))?;
    if !live_as(source, a.fingerprint) || source.closed {
        return Err(refuse("share.live", &[]));
    }
    revision_bodies(case)?;
    shape(case, &a.shape)?;
    let site_of = |column: &String| case.org.columns.get(column).map(|c| &c.site);
    let home = source.shape.columns.first().and_then(site_of);
    let there: std::collections::BTreeSet<_> = a.shape.columns.iter().filter_map(site_of).collect();
    if there.len() != 1 || there.first().copied() == home {
        return Err(refuse("share.site", &[]));
    }
    if a.shape.disclosure != Some(Disclosure::Open)
        || a.shape.go_live.is_some()
        || a.shape.embargo.is_some()
        || !a.shape.lacks.is_empty()
    {
        return Err(refuse("act.form", &[("what", "shape".to_owned())]));
    }
    Ok(())
}

pub(super) fn settle(case: &Case<'_>, _: &SettleFlag) -> Verdict {
    let item = item(case)?;
    must_view(case, item)?;
    not_outsourced(case)?;
    let Some(flag) = case.flag else {
        return Err(refuse("flag.unknown", &[]));
    };
    if !flag.open {
        return Err(refuse("flag.settled", &[]));
    }
    if flag.cause == FlagCause::AfterReview {
        if flag.involved.iter().any(|p| p == case.actor) {
            return Err(refuse("flag.involved", &[]));
        }
        let reviews = [Role::FirstReviewer, Role::SecondReviewer]
            .into_iter()
            .any(|role| {
                case.org
                    .has_role(case.actor, role, &item.shape.columns, case.now)
            });
        if !reviews {
            return Err(missing(case));
        }
    } else {
        must_have_over(case, Right::Correct, &item.shape.columns)
            .or_else(|_| must_have_over(case, Right::Release, &item.shape.columns))?;
    }
    must_say_why(case)
}

pub(super) fn emergency(case: &Case<'_>, a: &Emergency) -> Verdict {
    let item = item(case)?;
    must_view(case, item)?;
    not_outsourced(case)?;
    if item.state != State::InReview || item.in_emergency() {
        return Err(refuse("emergency.state", &[]));
    }
    if a.fingerprint != item.fingerprint {
        return Err(refuse("review.fingerprint", &[]));
    }
    not_involved(case, item)?;
    let heads = case
        .org
        .has_role(case.actor, Role::BoardHead, &item.shape.columns, case.now);
    if !heads {
        return Err(missing(case));
    }
    if item.held(case.org) {
        return Err(refuse("route.held", &[]));
    }
    must_say_why(case)
}

pub(super) fn posted(case: &Case<'_>, a: &Posted) -> Verdict {
    let item = item(case)?;
    must_view(case, item)?;
    not_outsourced(case)?;
    must_have_over(case, Right::Correct, &item.shape.columns)
        .or_else(|_| must_have_over(case, Right::Release, &item.shape.columns))?;
    if item.shape.channels.iter().any(|c| c == "web") || !live_as(item, a.fingerprint) {
        return Err(refuse("posted.channel", &[]));
    }
    if !case.has_body(BodyRole::Note) {
        return Err(refuse("item.reason", &[]));
    }
    Ok(())
}
