//! Drafting: create, revise, submit, recall, discard, restore, comment, claims.

use super::{Verdict, item, must_allow, must_have, must_have_over, must_view, not_involved};
use crate::rules::act::{BodyRole, Claim, Revise, Shape, Submit, Takeover};
use crate::rules::case::{BundleState, Case, ItemFacts};
use crate::rules::clearance::Disclosure;
use crate::rules::org::ColumnState;
use crate::rules::refusal::refuse;
use crate::rules::role::Right;
use crate::rules::state::{State, Transition};

/// Where a text can go: the site, 微博, 微信.
pub const CHANNELS: &[&str] = &["web", "weibo", "wechat"];

/// Target columns exist, take items, are named once; everything else in the shape is typed.
pub(super) fn shape(case: &Case<'_>, shape: &Shape) -> Verdict {
    let mut seen = std::collections::BTreeSet::new();
    if shape.columns.is_empty()
        || shape.columns.len() > 200
        || !shape.columns.iter().all(|c| seen.insert(c))
    {
        return Err(refuse("item.columns", &[("column", String::new())]));
    }
    for id in &shape.columns {
        match case.org.columns.get(id) {
            Some(column) if column.state == ColumnState::Open => {}
            Some(column) => {
                return Err(refuse(
                    "org.column-state",
                    &[("column", column.name.clone())],
                ));
            }
            None => return Err(refuse("item.columns", &[("column", id.clone())])),
        }
    }
    // A version for another channel is its own reviewed text and goes nowhere else (A9.4).
    if !matches!(
        shape.channels.as_slice(),
        [one] if CHANNELS.contains(&one.as_str())
    ) {
        return Err(refuse("act.form", &[("what", "channels".to_owned())]));
    }
    if shape.ground.is_some() == (shape.disclosure == Some(Disclosure::Open))
        && shape.ground.is_some()
    {
        return Err(refuse("clearance.ground", &[]));
    }
    if shape.disclosure == Some(Disclosure::None) && shape.ground.is_none() {
        return Err(refuse("clearance.ground", &[]));
    }
    if let Some(provider) = &shape.provider
        && !case.org.bureaus.contains_key(provider)
    {
        return Err(refuse("org.unknown", &[("name", provider.clone())]));
    }
    Ok(())
}

pub(super) fn revision_bodies(case: &Case<'_>) -> Verdict {
    let count = |role| case.bodies.iter().filter(|(r, _)| *r == role).count();
    if count(BodyRole::Fields) == 1 && count(BodyRole::Text) == 1 {
        Ok(())
    } else {
        Err(refuse("act.form", &[("what", "bodies".to_owned())]))
    }
}

pub(super) fn new(case: &Case<'_>, a: &Revise) -> Verdict {
    if case.item.is_some() || case.bundle.is_some() {
        return Err(refuse("item.exists", &[]));
    }
    super::setup::plain_id(case.id.unwrap_or_default())?;
    revision_bodies(case)?;
    shape(case, &a.shape)?;
    if a.from != 0 {
        return Err(refuse("item.revision", &[("revision", "0".to_owned())]));
    }
    must_have(case, Right::Draft, &a.shape.columns[0])
}

/// Drafting right at the home column. Those without the view right (contributors, outsourced
/// writers) get only so far with what they made or wrote on: seeing is asked first.
fn may_draft(case: &Case<'_>, item: &ItemFacts) -> Verdict {
    must_have(case, Right::Draft, item.home())
}

/// Nobody else is writing it, and no other session of one's own.
fn claim_is_free(case: &Case<'_>, item: &ItemFacts, session: Option<&str>) -> Verdict {
    let Some(claim) = &item.claim else {
        return Ok(());
    };
    if claim.person != case.actor {
        let login = case
            .org
            .persons
            .get(&claim.person)
            .map_or_else(|| claim.person.clone(), |p| p.login.clone());
        return Err(refuse("claim.held", &[("person", login)]));
    }
    if session.is_none_or(|s| s != claim.session) {
        return Err(refuse("claim.own-session", &[]));
    }
    Ok(())
}

/// Only what is in the hands of the editors can be written; the refusal says which lock holds.
fn is_open_for_writing(item: &ItemFacts) -> Verdict {
    if let Some((bundle, state)) = &item.bundle
        && *state == BundleState::Scheduled
    {
        return Err(refuse("bundle.locked", &[("bundle", bundle.clone())]));
    }
    if item.closed {
        return Err(refuse("item.disclosure-closed", &[]));
    }
    match item.state {
        State::Scheduled => Err(refuse(
            "item.scheduled-locked",
            &[("at", item.due.unwrap_or_default().to_string())],
        )),
        State::SignedOff => Err(refuse("item.signed-locked", &[])),
        State::Published | State::Corrected => Err(refuse("item.live-locked", &[])),
        _ => must_allow(item, Transition::Revise),
    }
}

pub(super) fn revise(case: &Case<'_>, a: &Revise) -> Verdict {
    let item = item(case)?;
    must_view(case, item)?;
    may_draft(case, item)?;
    is_open_for_writing(item)?;
    claim_is_free(case, item, a.session.as_deref())?;
    if a.from != item.revision {
        return Err(refuse(
            "item.revision",
            &[("revision", item.revision.to_string())],
        ));
    }
    revision_bodies(case)?;
    shape(case, &a.shape)?;
    must_have(case, Right::Draft, &a.shape.columns[0])
}

pub(super) fn submit(case: &Case<'_>, a: &Submit) -> Verdict {
    let item = item(case)?;
    must_view(case, item)?;
    may_draft(case, item)?;
    must_allow(item, Transition::Submit)?;
    claim_is_free_for_decision(case, item)?;
    if item.closed {
        return Err(refuse("item.disclosure-closed", &[]));
    }
    match item.shape.disclosure {
        // 未注明公开属性的，不予审核流转
        None => return Err(refuse("item.disclosure-missing", &[])),
        Some(Disclosure::OnRequest | Disclosure::None) => {
            return Err(refuse("item.disclosure-closed", &[]));
        }
        Some(Disclosure::Open) => {}
    }
    if !item.shape.lacks.is_empty() || item.shape.provider.is_none() {
        let mut lacks = item.shape.lacks.clone();
        if item.shape.provider.is_none() && !lacks.iter().any(|l| l == "provider") {
            lacks.push("provider".to_owned());
        }
        return Err(refuse("item.incomplete", &[("fields", lacks.join(","))]));
    }
    if item.text_len == 0 {
        return Err(refuse("item.no-text", &[]));
    }
    if a.fingerprint != item.fingerprint {
        return Err(refuse("review.fingerprint", &[]));
    }
    Ok(())
}

/// A submission or decision while somebody else has the text open would decide on a text he is
/// about to replace.
pub(super) fn claim_is_free_for_decision(case: &Case<'_>, item: &ItemFacts) -> Verdict {
    match &item.claim {
        Some(claim) if claim.person != case.actor => claim_is_free(case, item, None),
        _ => Ok(()),
    }
}

pub(super) fn recall(case: &Case<'_>) -> Verdict {
    let item = item(case)?;
    must_view(case, item)?;
    must_allow(item, Transition::Recall)?;
    if item.submitter.as_deref() == Some(case.actor) {
        Ok(())
    } else {
        Err(refuse("recall.submitter", &[]))
    }
}

pub(super) fn discard(case: &Case<'_>) -> Verdict {
    let item = item(case)?;
    must_view(case, item)?;
    must_allow(item, Transition::Discard)?;
    claim_is_free_for_decision(case, item)?;
    // A correction that is given up only drops the working version; what is live stays.
    if item.live.is_some() && !item.correcting {
        return Err(refuse("item.live-locked", &[]));
    }
    if let Some((bundle, BundleState::Open | BundleState::Scheduled)) = &item.bundle {
        return Err(refuse("bundle.member", &[("bundle", bundle.clone())]));
    }
    let own = item.creator == case.actor
        && case
            .org
            .has_right(case.actor, Right::Draft, item.home(), case.now);
    if own {
        Ok(())
    } else {
        must_have(case, Right::Select, item.home())
    }
}

pub(super) fn restore(case: &Case<'_>) -> Verdict {
    let item = item(case)?;
    must_view(case, item)?;
    must_allow(item, Transition::Restore)?;
    if item.closed {
        return Err(refuse("item.disclosure-closed", &[]));
    }
    let own = item.creator == case.actor
        && item.state == State::Discarded
        && case
            .org
            .has_right(case.actor, Right::Draft, item.home(), case.now);
    if own {
        Ok(())
    } else {
        must_have(case, Right::Select, item.home())
    }
}

pub(super) fn viewed(case: &Case<'_>) -> Verdict {
    must_view(case, item(case)?)
}

pub(super) fn claim(case: &Case<'_>, a: &Claim) -> Verdict {
    let item = item(case)?;
    must_view(case, item)?;
    may_draft(case, item)?;
    is_open_for_writing(item)?;
    session_id(&a.session)?;
    if item.claim.is_none() {
        Ok(())
    } else {
        claim_is_free(case, item, Some(&a.session))
    }
}

/// A session is released by its owner; the sweep of dead sessions is done by whoever finds them,
/// in his own name, and only ever gives an item free.
pub(super) fn release(case: &Case<'_>, a: &Claim) -> Verdict {
    let item = item(case)?;
    must_view(case, item)?;
    session_id(&a.session)?;
    match &item.claim {
        Some(claim) if claim.session == a.session => {
            if claim.person == case.actor {
                Ok(())
            } else {
                must_have(case, Right::Select, item.home())
            }
        }
        _ => Err(refuse("claim.none", &[])),
    }
}

/// One's own other session can always be taken over; another person's needs the right to select,
/// which those with a private draft of theirs keep from outsiders by the view rule.
pub(super) fn takeover(case: &Case<'_>, a: &Takeover) -> Verdict {
    let item = item(case)?;
    must_view(case, item)?;
    may_draft(case, item)?;
    is_open_for_writing(item)?;
    session_id(&a.session)?;
    let Some(claim) = &item.claim else {
        return Err(refuse("claim.none", &[]));
    };
    if claim.person != case.actor {
        must_have_over(
            case,
            Right::Select,
            std::slice::from_ref(&item.shape.columns[0]),
        )?;
    }
    match (&a.author, &a.shape) {
        (None, None) if case.bodies.is_empty() => Ok(()),
        (Some(author), Some(kept)) if *author == claim.person => {
            revision_bodies(case)?;
            shape(case, kept)?;
            // The text may name another home: as with a save of one's own, one must draft there.
            if case.since(2) {
                must_have(case, Right::Draft, &kept.columns[0])?;
            }
            Ok(())
        }
        _ => Err(refuse("act.form", &[("what", "takeover".to_owned())])),
    }
}

fn session_id(session: &str) -> Verdict {
    if (8..=40).contains(&session.len()) && session.bytes().all(|b| b.is_ascii_alphanumeric()) {
        Ok(())
    } else {
        Err(refuse("act.form", &[("what", "session".to_owned())]))
    }
}

/// Used by 筛除 straight from the drafts.
pub(super) fn may_select(case: &Case<'_>, item: &ItemFacts) -> Verdict {
    must_have(case, Right::Select, item.home())?;
    not_involved(case, item)
}
