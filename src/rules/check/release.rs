//! Release and after: schedule, publish, expire, correct, withdraw. Design §8.

use super::{
    Verdict, item, must_allow, must_have_over, must_have_somewhere, must_say_why, must_view,
    not_involved,
};
use crate::rules::act::{Cause, Correct, Export, ExportKind, Publish, Schedule};
use crate::rules::case::{BundleState, Case, ItemFacts};
use crate::rules::clearance::Disclosure;
use crate::rules::org::ColumnState;
use crate::rules::refusal::refuse;
use crate::rules::role::Right;
use crate::rules::state::{State, Transition};

/// Everything that must still be true at the instant of going live, whatever was true when it
/// was decided. Asked on every path to publication: schedule, hand, sign-off, bundle, dry run.
pub fn gate(case: &Case<'_>, item: &ItemFacts) -> Verdict {
    if item.closed || item.shape.disclosure != Some(Disclosure::Open) {
        return Err(refuse("item.disclosure-closed", &[]));
    }
    if item.held(case.org) {
        return Err(refuse("route.held", &[]));
    }
    let route = case.org.route_for(item.home());
    if item.run == 0 || item.open_step(&route).is_some() {
        return Err(refuse("approval.missing", &[]));
    }
    if !item.cleared {
        return Err(refuse("clearance.missing", &[]));
    }
    if item.shape.embargo.is_some_and(|until| case.now < until) {
        return Err(refuse(
            "schedule.embargo",
            &[("at", item.shape.embargo.unwrap_or_default().to_string())],
        ));
    }
    // An end that has passed would take it down in the same breath.
    if item.expire.is_some_and(|end| end <= case.now) {
        return Err(refuse("schedule.expiry", &[]));
    }
    for id in &item.shape.columns {
        if case
            .org
            .columns
            .get(id)
            .is_none_or(|c| c.state != ColumnState::Open)
        {
            return Err(refuse("org.column-state", &[("column", id.clone())]));
        }
    }
    super::language::released(case, item, None)
}

/// Expiry comes after publication; an embargo is not overtaken by a date.
pub(super) fn times(item: &ItemFacts, publish_at: Option<i64>, expire_at: Option<i64>) -> Verdict {
    if let (Some(embargo), Some(at)) = (item.shape.embargo, publish_at)
        && at < embargo
    {
        return Err(refuse("schedule.embargo", &[("at", embargo.to_string())]));
    }
    if let (Some(at), Some(end)) = (publish_at.or(item.due), expire_at)
        && end <= at
    {
        return Err(refuse("schedule.expiry", &[]));
    }
    Ok(())
}

fn not_in_bundle(item: &ItemFacts) -> Verdict {
    match &item.bundle {
        Some((bundle, state)) if *state != BundleState::Published => {
            Err(refuse("bundle.member", &[("bundle", bundle.clone())]))
        }
        _ => Ok(()),
    }
}

pub(super) fn schedule(case: &Case<'_>, a: &Schedule) -> Verdict {
    let item = item(case)?;
    must_view(case, item)?;
    must_have_over(case, Right::Release, &item.shape.columns)?;
    must_allow(item, Transition::Schedule)?;
    not_in_bundle(item)?;
    if a.zone.is_empty() || a.zone.len() > 40 || !a.zone.is_ascii() {
        return Err(refuse("act.form", &[("what", "zone".to_owned())]));
    }
    if item.state.is_live() {
        // A live item only gets, moves or loses its end.
        if a.publish_at.is_some() {
            return Err(refuse("item.live-locked", &[]));
        }
        return match a.expire_at {
            Some(end) if end <= case.now => Err(refuse("schedule.past", &[])),
            _ => Ok(()),
        };
    }
    let Some(at) = a.publish_at else {
        return Err(refuse("schedule.none", &[]));
    };
    // A time a minute ahead is publication by another name: what is asked there is asked here.
    if case.since(2) {
        not_involved(case, item)?;
    }
    if at <= case.now {
        return Err(refuse("schedule.past", &[]));
    }
    times(item, Some(at), a.expire_at)?;
    // What could not go live now for want of a decision cannot be scheduled either; only the
    // embargo is a matter of time.
    match gate(case, item) {
        Err(refusal) if refusal.rule == "schedule.embargo" => Ok(()),
        other => other,
    }
}

pub(super) fn unschedule(case: &Case<'_>) -> Verdict {
    let item = item(case)?;
    must_view(case, item)?;
    must_have_over(case, Right::Release, &item.shape.columns)?;
    must_allow(item, Transition::Unschedule)?;
    not_in_bundle(item)
}

pub(super) fn unlock(case: &Case<'_>) -> Verdict {
    let item = item(case)?;
    must_view(case, item)?;
    must_have_over(case, Right::Release, &item.shape.columns)?;
    must_allow(item, Transition::Unlock)?;
    if let Some((bundle, BundleState::Scheduled)) = &item.bundle {
        return Err(refuse("bundle.locked", &[("bundle", bundle.clone())]));
    }
    must_say_why(case)
}

pub(super) fn publish(case: &Case<'_>, a: &Publish) -> Verdict {
    let item = item(case)?;
    let runs = case
        .org
        .has_right_over(case.actor, Right::Run, &item.shape.columns, case.now);
    if !runs {
        must_view(case, item)?;
        must_have_over(case, Right::Release, &item.shape.columns)?;
    }
    must_allow(item, Transition::Publish)?;
    not_in_bundle(item)?;
    match a.cause {
        Cause::Schedule => {
            if item.state != State::Scheduled || item.due.is_none_or(|due| case.now < due) {
                return Err(refuse("publish.not-due", &[]));
            }
        }
        Cause::Hand | Cause::SignOff => {
            if runs {
                // The program acts on schedules alone.
                return Err(refuse("publish.not-due", &[]));
            }
            not_involved(case, item)?;
            if item.state != State::SignedOff {
                return Err(refuse(
                    "publish.early",
                    &[("at", item.due.unwrap_or_default().to_string())],
                ));
            }
        }
    }
    if a.fingerprint != item.fingerprint {
        return Err(refuse("review.fingerprint", &[]));
    }
    gate(case, item)?;
    super::screening::released(case, &[item], &a.screened)
}

pub(super) fn expire(case: &Case<'_>) -> Verdict {
    let item = item(case)?;
    if !case
        .org
        .has_right_over(case.actor, Right::Run, &item.shape.columns, case.now)
    {
        must_view(case, item)?;
        must_have_over(case, Right::Release, &item.shape.columns)?;
    }
    // A correction under way does not keep the live text beyond its end.
    if item.live.is_none() || item.expire.is_none_or(|end| case.now < end) {
        return Err(refuse("publish.not-due", &[]));
    }
    Ok(())
}

pub(super) fn correct(case: &Case<'_>, a: &Correct) -> Verdict {
    let item = item(case)?;
    must_view(case, item)?;
    must_have_over(case, Right::Correct, &item.shape.columns)?;
    must_allow(item, Transition::Correct)?;
    if item.live != Some(a.fingerprint) {
        return Err(refuse("review.fingerprint", &[]));
    }
    if item.purged.contains(&item.revision) {
        return Err(refuse("item.disclosure-closed", &[]));
    }
    must_say_why(case)
}

pub(super) fn withdraw(case: &Case<'_>) -> Verdict {
    let item = item(case)?;
    must_view(case, item)?;
    must_have_over(case, Right::Withdraw, &item.shape.columns)?;
    if item.live.is_none() && item.state != State::Expired {
        return Err(refuse(
            "state.invalid",
            &[
                ("state", item.state.code().to_owned()),
                ("transition", Transition::Withdraw.code().to_owned()),
            ],
        ));
    }
    must_allow(item, Transition::Withdraw)?;
    if let Some((bundle, BundleState::Scheduled)) = &item.bundle {
        return Err(refuse("bundle.locked", &[("bundle", bundle.clone())]));
    }
    must_say_why(case)
}

/// Outcomes of the runner and of page writing.
pub(super) fn report(case: &Case<'_>) -> Verdict {
    if case
        .org
        .has_right_somewhere(case.actor, Right::Run, case.now)
    {
        return Ok(());
    }
    must_have_somewhere(case, Right::Release)
}

pub(super) fn export(case: &Case<'_>, a: &Export) -> Verdict {
    let right = match a.what {
        ExportKind::Publications => Right::ExportPublications,
        ExportKind::Audit | ExportKind::Custody | ExportKind::Reviews | ExportKind::Journal => {
            Right::ExportAudit
        }
    };
    must_have_somewhere(case, right)
}
