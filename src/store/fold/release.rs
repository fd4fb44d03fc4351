//! Times, going live, coming down.

use super::item::{body, change, end_run};
use super::save::{save, touched};
use super::{Moment, after, missing};
use crate::journal::{Entry, Hash, Value};
use crate::rules::act::{BodyRole, Cause, Schedule, Withdraw};
use crate::rules::state::State;
use crate::store::Result;
use crate::store::append::hash_at;
use crate::store::facts::{Facts, ItemRow};
use crate::store::fx::{Fx, opt_hash, opt_int};

fn item(facts: &Facts) -> Result<&ItemRow> {
    facts.item.as_ref().ok_or_else(|| missing("item"))
}

pub(super) fn schedule(fx: &mut Fx<'_>, m: &Moment<'_>, a: &Schedule, facts: &Facts) -> Result<()> {
    change(fx, m, facts, |new| {
        new.facts.expire = a.expire_at;
        if let Some(at) = a.publish_at {
            new.facts.state = State::Scheduled;
            new.facts.due = Some(at);
            new.due_by = Some(m.at_seq());
        }
    })
}

pub(super) fn unschedule(fx: &mut Fx<'_>, m: &Moment<'_>, facts: &Facts) -> Result<()> {
    change(fx, m, facts, |new| {
        new.facts.state = State::SignedOff;
        new.facts.due = None;
        new.due_by = None;
    })
}

pub(super) fn unlock(fx: &mut Fx<'_>, m: &Moment<'_>, facts: &Facts) -> Result<()> {
    change(fx, m, facts, |new| {
        new.facts.state = State::Returned;
        new.facts.due = None;
        new.due_by = None;
        end_run(new);
    })
}

/// One line of the publication log.
struct Event<'a> {
    what: &'a str,
    cause: &'a str,
    revision: u32,
    fingerprint: Hash,
    due_by: Option<i64>,
}

fn log(
    fx: &mut Fx<'_>,
    m: &Moment<'_>,
    entry: &Entry,
    row: &ItemRow,
    event: &Event<'_>,
) -> Result<()> {
    let columns = serde_json::to_string(&row.facts.shape.columns)
        .map_err(|e| crate::store::StoreError::Damaged(e.to_string()))?;
    let note = body(entry, BodyRole::Note);
    fx.insert(
        "publications",
        &[
            ("seq", Value::Int(m.at_seq())),
            ("item", Value::Int(row.n)),
            ("event", Value::Text(event.what)),
            ("revision", Value::Int(i64::from(event.revision))),
            ("fingerprint", Value::Blob(event.fingerprint.as_bytes())),
            ("at", Value::Int(m.now)),
            ("actor", Value::Text(&entry.actor)),
            ("cause", Value::Text(event.cause)),
            ("due_by", opt_int(event.due_by)),
            ("run", Value::Int(row.facts.run as i64)),
            ("columns", Value::Text(&columns)),
            ("note", opt_hash(note.as_ref())),
        ],
    )
}

pub(super) fn publish(
    fx: &mut Fx<'_>,
    m: &Moment<'_>,
    entry: &Entry,
    cause: Cause,
    facts: &Facts,
) -> Result<()> {
    go_live(fx, m, entry, cause, item(facts)?, None)
}

/// Makes the working revision the one the public sees. The date is cleared in the same
/// transaction as going live, so that a failure stays due.
pub(super) fn go_live(
    fx: &mut Fx<'_>,
    m: &Moment<'_>,
    entry: &Entry,
    cause: Cause,
    old: &ItemRow,
    bundle_due_by: Option<i64>,
) -> Result<()> {
    let event = Event {
        what: if old.facts.correcting {
            "correct"
        } else {
            "publish"
        },
        cause: cause.code(),
        revision: old.facts.revision,
        fingerprint: old.facts.fingerprint,
        due_by: old.due_by.or(bundle_due_by),
    };
    log(fx, m, entry, old, &event)?;
    after::went_live(fx, m, old)?;
    let mut new = old.clone();
    new.facts.state = if old.facts.correcting {
        State::Corrected
    } else {
        State::Published
    };
    new.facts.correcting = false;
    new.facts.live = Some(old.facts.fingerprint);
    new.live_revision = Some(old.facts.revision);
    new.live_at = Some(m.now);
    let first = old.first_live_at.unwrap_or(m.now);
    new.first_live_at = Some(first);
    new.facts.due = None;
    new.due_by = None;
    end_run(&mut new);
    touched(m, &mut new);
    save(fx, m, old, &new)?;
    fx.delete("contributors", &[("item", Value::Int(old.n))])?;
    fx.delete("live_columns", &[("item", Value::Int(old.n))])?;
    // A version for another channel is posted by hand and never on a page.
    let on_pages = old.facts.shape.channels.iter().any(|c| c == "web");
    for column in old.facts.shape.columns.iter().filter(|_| on_pages) {
        // A correction keeps the item's place in the lists: ordered by when it first went live.
        fx.insert(
            "live_columns",
            &[
                ("column_", Value::Text(column)),
                ("live_at", Value::Int(first)),
                ("item", Value::Int(old.n)),
            ],
        )?;
    }
    Ok(())
}

/// Revision and fingerprint that were live last.
fn last_live(fx: &Fx<'_>, item: i64) -> Result<(u32, Hash)> {
    Ok(fx
        .conn()
        .prepare_cached(
            "SELECT revision, fingerprint FROM publications
             WHERE item = ?1 AND event IN ('publish', 'correct') ORDER BY seq DESC LIMIT 1",
        )?
        .query_row([item], |r| Ok((r.get(0)?, hash_at(r, 1)?)))?)
}

fn take_down(
    fx: &mut Fx<'_>,
    m: &Moment<'_>,
    entry: &Entry,
    facts: &Facts,
    (what, cause): (&str, &str),
    state: State,
) -> Result<()> {
    let old = item(facts)?;
    after::taken_down(fx, m, entry, old)?;
    // What expired is not live any more and may still be withdrawn; the working version may be a
    // draft nobody outside ever saw, and its fingerprint changes when columns are merged.
    let (revision, fingerprint) = match (old.live_revision, old.facts.live) {
        (Some(revision), Some(fingerprint)) => (revision, fingerprint),
        _ => last_live(fx, old.n)?,
    };
    log(
        fx,
        m,
        entry,
        old,
        &Event {
            what,
            cause,
            revision,
            fingerprint,
            due_by: None,
        },
    )?;
    let mut new = old.clone();
    new.facts.state = state;
    new.facts.live = None;
    new.live_revision = None;
    new.live_at = None;
    new.facts.correcting = false;
    new.facts.due = None;
    new.due_by = None;
    new.facts.expire = None;
    new.facts.claim = None;
    new.claim_at = None;
    end_run(&mut new);
    touched(m, &mut new);
    save(fx, m, old, &new)?;
    fx.delete("live_columns", &[("item", Value::Int(old.n))])
}

pub(super) fn expire(fx: &mut Fx<'_>, m: &Moment<'_>, entry: &Entry, facts: &Facts) -> Result<()> {
    take_down(fx, m, entry, facts, ("expire", "expire"), State::Expired)
}

pub(super) fn withdraw(
    fx: &mut Fx<'_>,
    m: &Moment<'_>,
    entry: &Entry,
    a: &Withdraw,
    facts: &Facts,
) -> Result<()> {
    after::withdrawn(fx, m, item(facts)?)?;
    let what = ("withdraw", a.ground.code());
    take_down(fx, m, entry, facts, what, State::Withdrawn)
}

pub(super) fn correct(fx: &mut Fx<'_>, m: &Moment<'_>, facts: &Facts) -> Result<()> {
    change(fx, m, facts, |new| {
        new.facts.state = State::Draft;
        new.facts.correcting = true;
        end_run(new);
    })
}
