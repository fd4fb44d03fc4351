//! This machine's own affairs: sessions, autosaves, lockouts, runner signs, view cool-down.
//! None of it is folded from the journal and none of it is truth.

use rusqlite::{Connection, OptionalExtension};

use super::Result;

/// µs in a minute.
pub const MINUTE: i64 = 60_000_000;
/// Failed attempts that lock (`norms/security.toml`: 5 in 15 minutes lock for 30).
const MAX_FAILURES: i64 = 5;
const FAILURE_WINDOW: i64 = 15 * MINUTE;
const LOCK: i64 = 30 * MINUTE;
/// A session without a sign of its process for so long is dead.
const DEAD: i64 = 2 * MINUTE;
/// A session without a key press for so long is shown as idle.
const IDLE: i64 = 10 * MINUTE;

/// How a session looks from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Liveness {
    /// Somebody is there.
    Active,
    /// The program runs, nobody touches it.
    Idle,
    /// The program is gone.
    Dead,
}

/// A login that may be tried, or not before an instant.
pub fn locked_until(conn: &Connection, person: &str, now: i64) -> Result<Option<i64>> {
    let until: Option<i64> = conn
        .prepare_cached("SELECT until_ FROM lockouts WHERE person = ?1")?
        .query_row([person], |r| r.get(0))
        .optional()?;
    // A clock that was set back must not lock somebody out for years.
    Ok(until.filter(|u| *u > now && *u - now <= LOCK))
}

/// Counts a failed login; returns until when the person is locked now, if so.
pub fn login_failed(conn: &Connection, person: &str, now: i64) -> Result<Option<i64>> {
    conn.prepare_cached("INSERT INTO failed_logins (person, at) VALUES (?1, ?2)")?
        .execute((person, now))?;
    let recent: i64 = conn
        .prepare_cached(
            "SELECT count(*) FROM failed_logins WHERE person = ?1 AND at > ?2 AND at <= ?3",
        )?
        .query_row((person, now - FAILURE_WINDOW, now), |r| r.get(0))?;
    if recent < MAX_FAILURES {
        return Ok(None);
    }
    conn.prepare_cached("INSERT OR REPLACE INTO lockouts (person, until_) VALUES (?1, ?2)")?
        .execute((person, now + LOCK))?;
    Ok(Some(now + LOCK))
}

/// A right passphrase, at a login or at the lock screen: the count begins anew. What had failed
/// since the last one waits to be told by the next session entry, whichever process writes it.
pub fn login_succeeded(conn: &mut Connection, person: &str) -> Result<()> {
    let tx = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let failures: u32 = tx
        .prepare_cached("SELECT count(*) FROM failed_logins WHERE person = ?1")?
        .query_row([person], |r| r.get(0))?;
    if failures > 0 {
        tx.prepare_cached(
            "INSERT INTO untold_failures (person, n) VALUES (?1, ?2)
             ON CONFLICT (person) DO UPDATE SET n = n + ?2",
        )?
        .execute((person, failures))?;
        tx.prepare_cached("DELETE FROM failed_logins WHERE person = ?1")?
            .execute([person])?;
        tx.prepare_cached("DELETE FROM lockouts WHERE person = ?1")?
            .execute([person])?;
    }
    Ok(tx.commit()?)
}

/// Takes the failures that no session entry has told yet: inside the transaction of the entry, so
/// that what could not be told waits on.
pub fn untold_failures(conn: &Connection, person: &str) -> Result<u32> {
    Ok(conn
        .prepare_cached("DELETE FROM untold_failures WHERE person = ?1 RETURNING n")?
        .query_row([person], |r| r.get(0))
        .optional()?
        .unwrap_or(0))
}

/// Registers a session or renews its signs of life. `key` when a person did something.
pub fn session_alive(
    conn: &Connection,
    session: &str,
    person: &str,
    now: i64,
    key: bool,
) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO sessions (session, person, pid, opened, last_key, alive) VALUES (?1, ?2, ?3, ?4, ?4, ?4)
         ON CONFLICT (session) DO UPDATE SET alive = ?4, last_key = CASE WHEN ?5 THEN ?4 ELSE last_key END",
    )?
    .execute((session, person, std::process::id(), now, key))?;
    Ok(())
}

/// Forgets a session that ended in good order.
pub fn session_ends(conn: &Connection, session: &str) -> Result<()> {
    conn.prepare_cached("DELETE FROM sessions WHERE session = ?1")?
        .execute([session])?;
    Ok(())
}

/// How a session looks. One that is not registered here is dead, or another machine's: then only
/// its age speaks.
pub fn liveness(
    conn: &Connection,
    session: &str,
    claimed_at: Option<i64>,
    now: i64,
) -> Result<Liveness> {
    let row: Option<(i64, i64, i64)> = conn
        .prepare_cached("SELECT alive, last_key, pid FROM sessions WHERE session = ?1")?
        .query_row([session], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
        .optional()?;
    Ok(match row {
        Some((alive, last_key, pid)) => {
            // A sign of life in the future was made by a wrong clock and proves nothing.
            if now.abs_diff(alive) > DEAD.unsigned_abs() && !process_lives(pid) {
                Liveness::Dead
            } else if now - last_key > IDLE {
                Liveness::Idle
            } else {
                Liveness::Active
            }
        }
        None if claimed_at.is_some_and(|at| now - at < DEAD) => Liveness::Active,
        None => Liveness::Dead,
    })
}

/// Whether the console of this session is still running on this machine. A day without a sign
/// outweighs a process of that number: it is another one by then.
pub fn is_running(conn: &Connection, session: &str, now: i64) -> Result<bool> {
    let row: Option<(i64, i64)> = conn
        .prepare_cached("SELECT alive, pid FROM sessions WHERE session = ?1")?
        .query_row([session], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    Ok(row.is_some_and(|(alive, pid)| now - alive < 24 * 60 * MINUTE && process_lives(pid)))
}

fn process_lives(pid: i64) -> bool {
    i32::try_from(pid)
        .ok()
        .and_then(rustix::process::Pid::from_raw)
        .is_some_and(|pid| rustix::process::test_kill_process(pid).is_ok())
}

/// An unsaved text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Autosave {
    /// Item id.
    pub item: String,
    /// Whose text.
    pub person: String,
    /// Which session wrote it last.
    pub session: String,
    /// The revision it was begun from.
    pub from_revision: u32,
    /// When, µs.
    pub at: i64,
    /// Manuscript as JSON, the desk's own form.
    pub content: String,
}

/// Keeps an unsaved text, replacing the latest of this session on the item and no other: two
/// sessions of one person do not overwrite each other. What is kept last counts as the newest, also
/// where the clock was put back meanwhile.
pub fn autosave(conn: &Connection, save: &Autosave) -> Result<()> {
    conn.prepare_cached(
        "INSERT OR REPLACE INTO autosaves (item, person, session, from_revision, at, content)
         VALUES (?1, ?2, ?3, ?4, max(?5, coalesce((SELECT max(at) + 1 FROM autosaves
           WHERE item = ?1 AND person = ?2 AND session <> ?3), ?5)), ?6)",
    )?
    .execute((
        &save.item,
        &save.person,
        &save.session,
        save.from_revision,
        save.at,
        &save.content,
    ))?;
    Ok(())
}

/// A person's newest unsaved text on an item, in whichever session.
pub fn autosaved(conn: &Connection, item: &str, person: &str) -> Result<Option<Autosave>> {
    Ok(conn
        .prepare_cached(
            "SELECT item, person, session, from_revision, at, content FROM autosaves
             WHERE item = ?1 AND person = ?2 ORDER BY at DESC, session LIMIT 1",
        )?
        .query_row((item, person), autosave_row)
        .optional()?)
}

/// Unsaved texts of a person whose ids begin with `prefix`, the newest first.
pub fn autosaves_of(conn: &Connection, prefix: &str, person: &str) -> Result<Vec<Autosave>> {
    let mut statement = conn.prepare_cached(
        "SELECT item, person, session, from_revision, at, content FROM autosaves
         WHERE substr(item, 1, length(?1)) = ?1 AND person = ?2 ORDER BY at DESC, item",
    )?;
    let rows = statement.query_map((prefix, person), autosave_row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The unsaved text that goes with a claim: that of the claiming session, else the person's newest.
pub fn autosaved_in(
    conn: &Connection,
    item: &str,
    (person, session): (&str, &str),
) -> Result<Option<Autosave>> {
    Ok(conn
        .prepare_cached(
            "SELECT item, person, session, from_revision, at, content FROM autosaves
             WHERE item = ?1 AND person = ?2 ORDER BY session = ?3 DESC, at DESC, session LIMIT 1",
        )?
        .query_row((item, person, session), autosave_row)
        .optional()?)
}

fn autosave_row(r: &rusqlite::Row<'_>) -> rusqlite::Result<Autosave> {
    Ok(Autosave {
        item: r.get(0)?,
        person: r.get(1)?,
        session: r.get(2)?,
        from_revision: r.get(3)?,
        at: r.get(4)?,
        content: r.get(5)?,
    })
}

/// Drops the unsaved text of a session, after it was saved or given up.
pub fn autosave_done(conn: &Connection, item: &str, person: &str, session: &str) -> Result<()> {
    conn.prepare_cached("DELETE FROM autosaves WHERE item = ?1 AND person = ?2 AND session = ?3")?
        .execute((item, person, session))?;
    Ok(())
}

/// Drops the unsaved text of another session that was looked at as it was at this instant; what
/// that session has typed since stays.
pub fn autosave_done_at(
    conn: &Connection,
    item: &str,
    person: &str,
    (session, at): (&str, i64),
) -> Result<()> {
    conn.prepare_cached(
        "DELETE FROM autosaves WHERE item = ?1 AND person = ?2 AND session = ?3 AND at = ?4",
    )?
    .execute((item, person, session, at))?;
    Ok(())
}

/// Drops every unsaved text of an item: part of a purge.
pub fn autosaves_purged(conn: &Connection, item: &str) -> Result<()> {
    conn.prepare_cached("DELETE FROM autosaves WHERE item = ?1")?
        .execute([item])?;
    Ok(())
}

/// Whether this view is to be recorded: the first one inside the cool-down is.
pub fn view_counts(
    conn: &Connection,
    item: &str,
    person: &str,
    mode: &str,
    now: i64,
    cool_down: i64,
) -> Result<bool> {
    let last: Option<i64> = conn
        .prepare_cached("SELECT at FROM views WHERE item = ?1 AND person = ?2 AND mode = ?3")?
        .query_row((item, person, mode), |r| r.get(0))
        .optional()?;
    if last.is_some_and(|at| now >= at && now - at < cool_down) {
        return Ok(false);
    }
    conn.prepare_cached(
        "INSERT OR REPLACE INTO views (item, person, mode, at) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute((item, person, mode, now))?;
    Ok(true)
}

/// A runner's sign of life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunnerSign {
    /// Its id.
    pub id: String,
    /// Its process.
    pub pid: i64,
    /// Last tick, µs.
    pub last_tick: i64,
    /// µs between ticks.
    pub every: i64,
}

/// Notes a tick.
pub fn runner_ticks(conn: &Connection, id: &str, now: i64, every: i64) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO runners (id, pid, started, last_tick, every) VALUES (?1, ?2, ?3, ?3, ?4)
         ON CONFLICT (id) DO UPDATE SET last_tick = ?3, every = ?4",
    )?
    .execute((id, std::process::id(), now, every))?;
    // A tick still to come was made by a clock that has been put right since.
    conn.prepare_cached("DELETE FROM runners WHERE last_tick < ?1 OR last_tick > ?2")?
        .execute((now - 30 * 24 * 60 * MINUTE, now + MINUTE))?;
    Ok(())
}

/// The runner that ticked last.
pub fn last_runner(conn: &Connection) -> Result<Option<RunnerSign>> {
    Ok(conn
        .prepare_cached(
            "SELECT id, pid, last_tick, every FROM runners ORDER BY last_tick DESC LIMIT 1",
        )?
        .query_row([], |r| {
            Ok(RunnerSign {
                id: r.get(0)?,
                pid: r.get(1)?,
                last_tick: r.get(2)?,
                every: r.get(3)?,
            })
        })
        .optional()?)
}

/// Whether a runner is alive: it ticks regularly and its last tick is not missed by two rounds. A
/// tick in the future says nothing: the clock has been wrong, then or now.
pub fn runner_alive(conn: &Connection, now: i64) -> Result<bool> {
    Ok(conn
        .prepare_cached(
            "SELECT 1 FROM runners
             WHERE every > 0 AND last_tick <= ?1 AND ?1 - last_tick <= 2 * every + ?2",
        )?
        .exists((now, MINUTE))?)
}

/// Whether a failure of this target is news: another cause than last time, or an hour later.
pub fn failure_is_news(conn: &Connection, target: &str, why: &str, now: i64) -> Result<bool> {
    let last: Option<(String, i64)> = conn
        .prepare_cached("SELECT why, at FROM told_failures WHERE target = ?1")?
        .query_row([target], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    if last.is_some_and(|(told, at)| told == why && now >= at && now - at < 60 * MINUTE) {
        return Ok(false);
    }
    conn.prepare_cached(
        "INSERT OR REPLACE INTO told_failures (target, why, at) VALUES (?1, ?2, ?3)",
    )?
    .execute((target, why, now))?;
    Ok(true)
}

/// A target succeeded; its failures are history.
pub fn failure_over(conn: &Connection, target: &str) -> Result<()> {
    conn.prepare_cached("DELETE FROM told_failures WHERE target = ?1")?
        .execute([target])?;
    Ok(())
}

/// Up to which publication the pages of a site are written.
pub fn pages_upto(conn: &Connection, site: &str) -> Result<i64> {
    Ok(conn
        .prepare_cached("SELECT upto FROM page_progress WHERE site = ?1")?
        .query_row([site], |r| r.get(0))
        .optional()?
        .unwrap_or(0))
}

/// Notes how far the pages are, or why they are not.
pub fn pages_at(
    conn: &Connection,
    site: &str,
    upto: i64,
    now: i64,
    fault: Option<&str>,
) -> Result<()> {
    conn.prepare_cached(
        "INSERT OR REPLACE INTO page_progress (site, upto, at, fault) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute((site, upto, now, fault))?;
    Ok(())
}

/// Most views one person keeps; more could not be told apart in a list.
pub const MOST_VIEWS: usize = 100;

/// A list a person comes back to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// What he calls it.
    pub name: String,
    /// The console's own form.
    pub view: String,
}

/// The lists of a person, by name.
pub fn views(conn: &Connection, person: &str) -> Result<Vec<SavedView>> {
    let mut statement =
        conn.prepare_cached("SELECT name, view FROM saved_views WHERE person = ?1 ORDER BY name")?;
    let rows = statement.query_map([person], |r| {
        Ok(SavedView {
            name: r.get(0)?,
            view: r.get(1)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Keeps a list under a name, replacing the one of that name. False where there are too many.
pub fn view_save(
    conn: &Connection,
    person: &str,
    name: &str,
    view: &str,
    now: i64,
) -> Result<bool> {
    let others: i64 = conn
        .prepare_cached("SELECT count(*) FROM saved_views WHERE person = ?1 AND name <> ?2")?
        .query_row((person, name), |r| r.get(0))?;
    if others as usize >= MOST_VIEWS {
        return Ok(false);
    }
    conn.prepare_cached(
        "INSERT OR REPLACE INTO saved_views (person, name, view, at) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute((person, name, view, now))?;
    Ok(true)
}

/// Gives a list another name; false where that name is taken.
pub fn view_rename(conn: &Connection, person: &str, old: &str, new: &str) -> Result<bool> {
    let n = conn
        .prepare_cached(
            "UPDATE OR IGNORE saved_views SET name = ?3 WHERE person = ?1 AND name = ?2",
        )?
        .execute((person, old, new))?;
    Ok(n > 0)
}

/// Forgets a list.
pub fn view_delete(conn: &Connection, person: &str, name: &str) -> Result<()> {
    conn.prepare_cached("DELETE FROM saved_views WHERE person = ?1 AND name = ?2")?
        .execute((person, name))?;
    Ok(())
}

/// A session on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionSign {
    /// Whose.
    pub person: String,
    /// Since when, µs.
    pub opened: i64,
    /// Last sign of a person at the keyboard, µs.
    pub last_key: i64,
    /// How it looks.
    pub liveness: Liveness,
}

/// The sessions known on this machine, newest first.
pub fn sessions(conn: &Connection, now: i64) -> Result<Vec<SessionSign>> {
    let rows: Vec<(String, String, i64, i64)> = conn
        .prepare_cached(
            "SELECT session, person, opened, last_key FROM sessions ORDER BY opened DESC",
        )?
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))?
        .collect::<rusqlite::Result<_>>()?;
    rows.into_iter()
        .map(|(session, person, opened, last_key)| {
            Ok(SessionSign {
                person,
                opened,
                last_key,
                liveness: liveness(conn, &session, None, now)?,
            })
        })
        .collect()
}
