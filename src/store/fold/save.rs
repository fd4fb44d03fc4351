//! Writes what changed about an item: the one place where its row, its targets, its counts and
//! its place in the queue are kept in step.

use super::Moment;
use crate::journal::Value;
use crate::rules::state::State;
use crate::store::Result;
use crate::store::facts::ItemRow;
use crate::store::fx::{Cell, Fx, flag, opt_hash, opt_int, opt_text};

/// The order of urgency in queues.
pub(super) fn urgency_rank(row: &ItemRow) -> i64 {
    row.facts.shape.urgency as i64
}

/// Adds to or takes from the count of a column and state.
pub(super) fn tally(fx: &mut Fx<'_>, home: &str, state: State, by: i64) -> Result<()> {
    use rusqlite::OptionalExtension;
    let now: Option<i64> = fx
        .conn()
        .prepare_cached("SELECT n FROM tallies WHERE home = ?1 AND state = ?2")?
        .query_row([home, state.code()], |r| r.get(0))
        .optional()?;
    fx.upsert(
        "tallies",
        &[
            ("home", Value::Text(home)),
            ("state", Value::Text(state.code())),
            ("n", Value::Int(now.unwrap_or(0) + by)),
        ],
    )
}

/// Rewrites the target columns of the working version.
pub(super) fn targets(fx: &mut Fx<'_>, n: i64, columns: &[String], fresh: bool) -> Result<()> {
    if !fresh {
        fx.delete("item_columns", &[("item", Value::Int(n))])?;
    }
    for column in columns {
        fx.insert(
            "item_columns",
            &[("item", Value::Int(n)), ("column_", Value::Text(column))],
        )?;
    }
    Ok(())
}

/// Marks the item as moved by this entry.
pub(super) fn touched(m: &Moment<'_>, row: &mut ItemRow) {
    row.base = m.seq;
    row.updated_at = m.now;
}

/// Writes the difference between the row as it was and as it is now.
pub(super) fn save(fx: &mut Fx<'_>, m: &Moment<'_>, old: &ItemRow, new: &ItemRow) -> Result<()> {
    let (was, is) = (&old.facts, &new.facts);
    let shape_changed = was.shape != is.shape;
    let shape = if shape_changed {
        serde_json::to_string(&is.shape)
            .map_err(|e| crate::store::StoreError::Damaged(e.to_string()))?
    } else {
        String::new()
    };
    let waiting = |row: &ItemRow| -> (Option<i64>, Option<&'static str>) {
        if row.facts.state != State::InReview {
            return (None, None);
        }
        let route = m.org.route_for(row.facts.home());
        let at = row.facts.open_step(&route);
        (
            at.map(|a| a as i64),
            at.and_then(|a| route.route.0.get(a)).map(|s| s.role.code()),
        )
    };
    let mut cells: Vec<Cell<'_>> = Vec::with_capacity(12);
    macro_rules! cell {
        ($changed:expr, $name:literal, $value:expr) => {
            if $changed {
                cells.push(($name, $value));
            }
        };
    }
    cell!(was.state != is.state, "state", Value::Text(is.state.code()));
    cell!(
        was.revision != is.revision,
        "revision",
        Value::Int(i64::from(is.revision))
    );
    cell!(
        was.last_revision != is.last_revision,
        "last_revision",
        Value::Int(i64::from(is.last_revision))
    );
    cell!(
        was.fingerprint != is.fingerprint,
        "fingerprint",
        Value::Blob(is.fingerprint.as_bytes())
    );
    cell!(shape_changed, "shape", Value::Text(&shape));
    cell!(
        was.text_len != is.text_len,
        "text_len",
        Value::Int(is.text_len as i64)
    );
    cell!(was.home() != is.home(), "home", Value::Text(is.home()));
    cell!(old.site != new.site, "site", Value::Text(&new.site));
    cell!(
        urgency_rank(old) != urgency_rank(new),
        "urgency",
        Value::Int(urgency_rank(new))
    );
    cell!(old.base != new.base, "base", Value::Int(new.base as i64));
    cell!(
        old.updated_at != new.updated_at,
        "updated_at",
        Value::Int(new.updated_at)
    );
    cell!(
        was.submitter != is.submitter,
        "submitter",
        opt_text(is.submitter.as_deref())
    );
    cell!(was.run != is.run, "run", Value::Int(is.run as i64));
    cell!(
        was.route_seq != is.route_seq,
        "route_seq",
        Value::Int(is.route_seq as i64)
    );
    cell!(
        old.submitted_at != new.submitted_at,
        "submitted_at",
        opt_int(new.submitted_at)
    );
    let (step, role) = waiting(new);
    cell!(old.step.map(i64::from) != step, "step", opt_int(step));
    // The role may change with the route while the step stays; written whenever it may have.
    cell!(
        is.state == State::InReview || was.state == State::InReview,
        "step_role",
        opt_text(role)
    );
    cell!(was.cleared != is.cleared, "cleared", flag(is.cleared));
    cell!(
        was.escalated != is.escalated,
        "escalated",
        flag(is.escalated)
    );
    cell!(was.closed != is.closed, "closed", flag(is.closed));
    cell!(was.due != is.due, "due", opt_int(is.due));
    cell!(old.due_by != new.due_by, "due_by", opt_int(new.due_by));
    cell!(was.expire != is.expire, "expire", opt_int(is.expire));
    cell!(
        old.bundle_n != new.bundle_n,
        "bundle",
        opt_int(new.bundle_n)
    );
    cell!(
        old.live_revision != new.live_revision,
        "live_revision",
        opt_int(new.live_revision.map(i64::from))
    );
    cell!(
        was.live != is.live,
        "live_fingerprint",
        opt_hash(is.live.as_ref())
    );
    cell!(old.live_at != new.live_at, "live_at", opt_int(new.live_at));
    cell!(
        old.first_live_at != new.first_live_at,
        "first_live_at",
        opt_int(new.first_live_at)
    );
    cell!(
        was.correcting != is.correcting,
        "correcting",
        flag(is.correcting)
    );
    if was.emergency != is.emergency {
        let by = is.emergency.as_ref();
        cells.push(("emergency_by", opt_text(by.map(|(p, _)| p.as_str()))));
        cells.push(("emergency_print", opt_hash(by.map(|(_, print)| print))));
    }
    if was.claim != is.claim {
        cells.push((
            "claim_person",
            opt_text(is.claim.as_ref().map(|c| c.person.as_str())),
        ));
        cells.push((
            "claim_session",
            opt_text(is.claim.as_ref().map(|c| c.session.as_str())),
        ));
        cells.push(("claim_at", opt_int(new.claim_at)));
    }
    fx.update("items", &[("n", Value::Int(new.n))], &cells)?;
    if was.state != is.state || was.home() != is.home() {
        tally(fx, was.home(), was.state, -1)?;
        tally(fx, is.home(), is.state, 1)?;
    }
    if was.shape.columns != is.shape.columns {
        targets(fx, new.n, &is.shape.columns, false)?;
    }
    Ok(())
}
