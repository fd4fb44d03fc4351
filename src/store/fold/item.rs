//! Review and drafting states of an item.

use rusqlite::OptionalExtension;

use super::save::{save, touched};
use super::{Moment, count, missing, revision};
use crate::journal::{Entry, Hash, Value};
use crate::rules::act::{BodyRole, Clear, SignOff};
use crate::rules::case::{Approval, ClaimFacts};
use crate::rules::clearance::{Conclusion, Ground};
use crate::rules::route::StepKind;
use crate::rules::state::State;
use crate::store::Result;
use crate::store::facts::{Facts, ItemRow};
use crate::store::fx::{Fx, opt_hash, opt_text};

pub(super) fn item(facts: &Facts) -> Result<&ItemRow> {
    facts.item.as_ref().ok_or_else(|| missing("item"))
}

/// The body of this role in the entry.
pub(super) fn body(entry: &Entry, role: BodyRole) -> Option<Hash> {
    entry
        .bodies
        .iter()
        .find(|b| b.role == role.code())
        .map(|b| b.id)
}

/// Changes the row and marks it as moved.
pub(super) fn change(
    fx: &mut Fx<'_>,
    m: &Moment<'_>,
    facts: &Facts,
    with: impl FnOnce(&mut ItemRow),
) -> Result<()> {
    let old = item(facts)?;
    let mut new = old.clone();
    with(&mut new);
    touched(m, &mut new);
    save(fx, m, old, &new)
}

pub(super) fn claim(
    fx: &mut Fx<'_>,
    m: &Moment<'_>,
    entry: &Entry,
    session: &str,
    facts: &Facts,
) -> Result<()> {
    let old = item(facts)?;
    let mut new = old.clone();
    new.facts.claim = Some(ClaimFacts {
        person: entry.actor.clone(),
        session: session.to_owned(),
    });
    new.claim_at = Some(m.now);
    save(fx, m, old, &new)
}

pub(super) fn release(fx: &mut Fx<'_>, facts: &Facts) -> Result<()> {
    let old = item(facts)?;
    fx.update(
        "items",
        &[("n", Value::Int(old.n))],
        &[
            ("claim_person", Value::Null),
            ("claim_session", Value::Null),
            ("claim_at", Value::Null),
        ],
    )
}

pub(super) fn submit(fx: &mut Fx<'_>, m: &Moment<'_>, entry: &Entry, facts: &Facts) -> Result<()> {
    let old = item(facts)?;
    let route = m.org.route_for(old.facts.home());
    change(fx, m, facts, |new| {
        // After a return the same run goes on where it stood, unless the route has changed; passes
        // count only for the bytes they named, so an edited text begins at the first step anyway.
        let resumes = new.facts.run != 0 && new.facts.route_seq == route.seq;
        if !resumes {
            new.facts.run = m.seq;
            new.facts.route_seq = route.seq;
            new.facts.approvals.clear();
        }
        new.facts.state = State::InReview;
        new.facts.submitter = Some(entry.actor.clone());
        new.facts.cleared = new.facts.clearance_stands(&route);
        new.submitted_at = Some(m.now);
        new.facts.claim = None;
        new.claim_at = None;
    })
}

/// The run ends: its passes stay on record and count no more. 需报审 stays: only a conclusion with the
/// authority's answer settles it.
pub(super) fn end_run(row: &mut ItemRow) {
    row.facts.run = 0;
    row.facts.approvals.clear();
    row.facts.cleared = false;
    row.facts.submitter = None;
    row.facts.emergency = None;
    row.submitted_at = None;
}

pub(super) fn recall(fx: &mut Fx<'_>, m: &Moment<'_>, facts: &Facts) -> Result<()> {
    change(fx, m, facts, |new| {
        new.facts.state = State::Draft;
        end_run(new);
    })
}

pub(super) fn send_back(fx: &mut Fx<'_>, m: &Moment<'_>, facts: &Facts) -> Result<()> {
    change(fx, m, facts, |new| {
        new.facts.state = State::Returned;
    })
}

pub(super) fn reject(fx: &mut Fx<'_>, m: &Moment<'_>, facts: &Facts) -> Result<()> {
    change(fx, m, facts, |new| {
        new.facts.state = State::Rejected;
        new.facts.claim = None;
        new.claim_at = None;
        end_run(new);
    })
}

fn pass(
    fx: &mut Fx<'_>,
    m: &Moment<'_>,
    entry: &Entry,
    (step, kind): (u32, StepKind),
    old: &ItemRow,
) -> Result<Approval> {
    let note = body(entry, BodyRole::Note);
    fx.insert(
        "approvals",
        &[
            ("seq", Value::Int(m.at_seq())),
            ("item", Value::Int(old.n)),
            ("run", Value::Int(old.facts.run as i64)),
            ("step", Value::Int(i64::from(step))),
            ("kind", Value::Text(kind.code())),
            ("person", Value::Text(&entry.actor)),
            ("fingerprint", Value::Blob(old.facts.fingerprint.as_bytes())),
            ("at", Value::Int(m.now)),
            ("note", opt_hash(note.as_ref())),
        ],
    )?;
    Ok(Approval {
        step,
        person: entry.actor.clone(),
        fingerprint: old.facts.fingerprint,
    })
}

pub(super) fn approve(
    fx: &mut Fx<'_>,
    m: &Moment<'_>,
    entry: &Entry,
    step: u32,
    facts: &Facts,
) -> Result<()> {
    let passed = pass(fx, m, entry, (step, StepKind::Review), item(facts)?)?;
    change(fx, m, facts, |new| new.facts.approvals.push(passed))
}

pub(super) fn clear(
    fx: &mut Fx<'_>,
    m: &Moment<'_>,
    entry: &Entry,
    a: &Clear,
    facts: &Facts,
) -> Result<()> {
    let old = item(facts)?;
    let year = m.year();
    let serial = count(fx, &format!("forms-{year}"))?;
    let form_no = format!("{year}-{serial:05}");
    let (opinion, authority) = (
        body(entry, BodyRole::Note),
        body(entry, BodyRole::Authority),
    );
    fx.insert(
        "clearances",
        &[
            ("seq", Value::Int(m.at_seq())),
            ("item", Value::Int(old.n)),
            ("run", Value::Int(old.facts.run as i64)),
            ("revision", Value::Int(i64::from(old.facts.revision))),
            ("fingerprint", Value::Blob(old.facts.fingerprint.as_bytes())),
            ("conclusion", Value::Text(a.conclusion.code())),
            ("ground", opt_text(a.ground.map(Ground::code))),
            ("reviewer", Value::Text(&entry.actor)),
            ("form_no", Value::Text(&form_no)),
            ("opinion", opt_hash(opinion.as_ref())),
            ("authority", opt_hash(authority.as_ref())),
            ("at", Value::Int(m.now)),
        ],
    )?;
    let passed = if a.conclusion == Conclusion::Open {
        Some(pass(
            fx,
            m,
            entry,
            (a.step, StepKind::Confidentiality),
            old,
        )?)
    } else {
        None
    };
    let route = m.org.route_for(old.facts.home());
    change(fx, m, facts, |new| match a.conclusion {
        Conclusion::Open => {
            new.facts.escalated = false;
            new.facts.approvals.extend(passed);
            // Cleared once as many reviewers as the step needs have said so on these bytes.
            new.facts.cleared = new.facts.clearance_stands(&route);
        }
        Conclusion::Redact | Conclusion::Amend => {
            new.facts.state = State::Returned;
        }
        Conclusion::NotOpen => {
            new.facts.state = State::Rejected;
            new.facts.closed = true;
            new.facts.escalated = false;
            new.facts.due = None;
            new.due_by = None;
            end_run(new);
        }
        Conclusion::Escalate => new.facts.escalated = true,
    })
}

pub(super) fn sign_off(
    fx: &mut Fx<'_>,
    m: &Moment<'_>,
    entry: &Entry,
    a: &SignOff,
    facts: &Facts,
) -> Result<()> {
    let passed = pass(fx, m, entry, (a.step, StepKind::SignOff), item(facts)?)?;
    let route = m.org.route_for(item(facts)?.facts.home());
    change(fx, m, facts, |new| {
        new.facts.approvals.push(passed);
        if new.facts.open_step(&route).is_some() {
            return; // a second signature is still needed
        }
        new.facts.state = State::SignedOff;
        new.facts.expire = a.expire_at.or(new.facts.expire);
        if let Some(at) = a.publish_at.filter(|at| *at > m.now) {
            new.facts.state = State::Scheduled;
            new.facts.due = Some(at);
            new.due_by = Some(m.at_seq());
        }
    })
}

pub(super) fn discard(fx: &mut Fx<'_>, m: &Moment<'_>, facts: &Facts) -> Result<()> {
    let old = item(facts)?;
    let mut new = old.clone();
    new.facts.claim = None;
    new.claim_at = None;
    end_run(&mut new);
    if old.facts.correcting {
        let corrected = fx
            .conn()
            .prepare_cached("SELECT 1 FROM publications WHERE item = ?1 AND event = 'correct'")?
            .query_row([old.n], |_| Ok(()))
            .optional()?
            .is_some();
        revision::back_to_live(fx, m, &mut new)?;
        new.facts.correcting = false;
        new.facts.escalated = false;
        new.facts.state = if corrected {
            State::Corrected
        } else {
            State::Published
        };
        fx.delete("contributors", &[("item", Value::Int(old.n))])?;
    } else {
        new.facts.state = State::Discarded;
    }
    touched(m, &mut new);
    save(fx, m, old, &new)
}

pub(super) fn restore(fx: &mut Fx<'_>, m: &Moment<'_>, facts: &Facts) -> Result<()> {
    change(fx, m, facts, |new| new.facts.state = State::Draft)
}
