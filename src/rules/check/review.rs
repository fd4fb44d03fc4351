//! Review steps, the confidentiality review, sign-off. Clauses A4.3, A13.3, A13.7, A13.8.

use super::draft::{claim_is_free_for_decision, may_select};
use super::{
    Verdict, item, missing, must_allow, must_say_why, must_view, not_involved, not_outsourced,
};
use crate::journal::Hash;
use crate::rules::act::{BodyRole, Clear, Decide, Reject, SignOff};
use crate::rules::case::{BundleState, Case, ItemFacts};
use crate::rules::clearance::{Conclusion, Disclosure};
use crate::rules::refusal::{Refusal, refuse};
use crate::rules::route::{Step, StepKind};
use crate::rules::state::{State, Transition};

/// Which step of its route the item waits at.
pub fn open_step(case: &Case<'_>, item: &ItemFacts) -> Option<(usize, Step)> {
    let route = case.org.route_for(item.home());
    let at = item.open_step(&route)?;
    route.route.0.get(at).cloned().map(|step| (at, step))
}

/// What holds for every decision at a step, whichever way it goes: on the version that lies
/// there, by somebody not involved, of the kind the step asks for (`kind`, where the act is of a
/// kind), by one whose step it is, and only once.
///
/// The order is the order in which a person can do something about it: look again, leave it to
/// another, take the right act, have the right role.
fn decider(
    case: &Case<'_>,
    item: &ItemFacts,
    step: u32,
    fingerprint: &Hash,
    kind: Option<StepKind>,
) -> Result<(), Refusal> {
    must_view(case, item)?;
    not_outsourced(case)?;
    if *fingerprint != item.fingerprint {
        return Err(refuse("review.fingerprint", &[]));
    }
    not_involved(case, item)?;
    let Some((at, open)) = open_step(case, item) else {
        return Err(refuse("review.step", &[("step", step.to_string())]));
    };
    match kind {
        Some(StepKind::SignOff) if open.kind != StepKind::SignOff && !item.cleared => {
            return Err(refuse("clearance.missing", &[]));
        }
        Some(kind) if kind != open.kind => {
            return Err(refuse("review.kind", &[("step", open.name)]));
        }
        _ => {}
    }
    if at != step as usize {
        return Err(refuse("review.step", &[("step", open.name)]));
    }
    if !case
        .org
        .has_role(case.actor, open.role, &item.shape.columns, case.now)
    {
        return Err(missing(case));
    }
    // 同人不可兼: whoever passed another step of this run, or this one already, is done here.
    let again = item
        .approvals
        .iter()
        .any(|a| a.person == case.actor && (a.step != step || a.fingerprint == item.fingerprint));
    let declared = item.in_emergency()
        && item
            .emergency
            .as_ref()
            .is_some_and(|(person, _)| person == case.actor);
    if again || declared {
        let login = case
            .org
            .persons
            .get(case.actor)
            .map_or_else(String::new, |p| p.login.clone());
        return Err(refuse("duty.twice", &[("person", login)]));
    }
    Ok(())
}

/// What holds for a decision that moves the item towards release.
fn may_advance(case: &Case<'_>, item: &ItemFacts) -> Verdict {
    if item.held(case.org) {
        return Err(refuse("route.held", &[]));
    }
    if item.closed || item.shape.disclosure != Some(Disclosure::Open) {
        return Err(refuse("item.disclosure-closed", &[]));
    }
    claim_is_free_for_decision(case, item)
}

fn not_escalated(item: &ItemFacts) -> Verdict {
    if item.escalated {
        Err(refuse("review.escalated", &[]))
    } else {
        Ok(())
    }
}

pub(super) fn approve(case: &Case<'_>, a: &Decide) -> Verdict {
    let item = item(case)?;
    must_view(case, item)?;
    must_allow(item, Transition::Approve)?;
    decider(case, item, a.step, &a.fingerprint, Some(StepKind::Review))?;
    may_advance(case, item)
}

pub(super) fn send_back(case: &Case<'_>, a: &Decide) -> Verdict {
    let item = item(case)?;
    must_view(case, item)?;
    must_allow(item, Transition::Return)?;
    decider(case, item, a.step, &a.fingerprint, None)?;
    must_say_why(case)
}

/// 筛除: by the one whose step it is, or by an editor from the drafts.
pub(super) fn reject(case: &Case<'_>, a: &Reject) -> Verdict {
    let item = item(case)?;
    must_view(case, item)?;
    must_allow(item, Transition::Reject)?;
    if item.live.is_some() {
        return Err(refuse("item.live-locked", &[]));
    }
    if item.state == State::InReview {
        let Some((at, _)) = open_step(case, item) else {
            return Err(refuse("review.step", &[("step", String::new())]));
        };
        decider(
            case,
            item,
            u32::try_from(at).unwrap_or(u32::MAX),
            &a.fingerprint,
            None,
        )?;
    } else {
        not_outsourced(case)?;
        may_select(case, item)?;
        claim_is_free_for_decision(case, item)?;
        if a.fingerprint != item.fingerprint {
            return Err(refuse("review.fingerprint", &[]));
        }
    }
    must_say_why(case)
}

pub(super) fn clear(case: &Case<'_>, a: &Clear) -> Verdict {
    let item = item(case)?;
    must_view(case, item)?;
    must_allow(item, Transition::Clear)?;
    decider(
        case,
        item,
        a.step,
        &a.fingerprint,
        Some(StepKind::Confidentiality),
    )?;
    if a.conclusion == Conclusion::Open {
        may_advance(case, item)?;
    } else {
        claim_is_free_for_decision(case, item)?;
    }
    if a.conclusion.needs_opinion() && !case.has_body(BodyRole::Note) {
        return Err(refuse("clearance.opinion", &[]));
    }
    if (a.conclusion == Conclusion::NotOpen) != a.ground.is_some() {
        return Err(refuse("clearance.ground", &[]));
    }
    // What was reported upward is only concluded with the authority's answer on file.
    let settles = matches!(a.conclusion, Conclusion::Open | Conclusion::NotOpen);
    if item.escalated && settles && !case.has_body(BodyRole::Authority) {
        return Err(refuse("clearance.authority", &[]));
    }
    if item.escalated && a.conclusion == Conclusion::Escalate {
        return Err(refuse("review.escalated", &[]));
    }
    Ok(())
}

pub(super) fn sign_off(case: &Case<'_>, a: &SignOff) -> Verdict {
    let item = item(case)?;
    must_view(case, item)?;
    must_allow(item, Transition::SignOff)?;
    decider(case, item, a.step, &a.fingerprint, Some(StepKind::SignOff))?;
    not_escalated(item)?;
    may_advance(case, item)?;
    if !item.cleared {
        return Err(refuse("clearance.missing", &[]));
    }
    super::screening::released(case, &[item], &a.screened)?;
    super::language::released(case, item, Some(case.actor))?;
    // The last signature releases; times of an earlier one would be nobody's decision.
    if case.since(2)
        && (a.publish_at.is_some() || a.expire_at.is_some())
        && !item.is_last_pass(&case.org.route_for(item.home()), case.actor)
    {
        return Err(refuse("sign-off.not-last", &[]));
    }
    if let Some(at) = a.publish_at {
        if let Some((bundle, BundleState::Open | BundleState::Scheduled)) = &item.bundle {
            return Err(refuse("bundle.member", &[("bundle", bundle.clone())]));
        }
        super::release::times(item, Some(at), a.expire_at)?;
    } else if a.expire_at.is_some() {
        super::release::times(item, None, a.expire_at)?;
    }
    if a.expire_at.is_some_and(|end| end <= case.now) {
        return Err(refuse("schedule.past", &[]));
    }
    Ok(())
}
