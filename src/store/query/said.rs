//! Comments and waivers of an item; the board's lists.

use rusqlite::{Connection, OptionalExtension};

use crate::journal::Hash;
use crate::rules::act::{Anchor, ListKind};
use crate::store::Result;
use crate::store::append::hash_at;
use crate::store::org::code;

/// A comment on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// The entry.
    pub seq: u64,
    /// Who.
    pub person: String,
    /// When, µs.
    pub at: i64,
    /// The words.
    pub body: Hash,
    /// The comment that began the thread; none where it is this one.
    pub answers: Option<u64>,
    /// The passage it is about.
    pub anchor: Option<Anchor>,
    /// Who settled the thread.
    pub settled_by: Option<String>,
}

/// Comments of an item, oldest first.
pub fn comments(conn: &Connection, item: i64) -> Result<Vec<Comment>> {
    let mut statement = conn.prepare_cached(
        "SELECT seq, person, at, body, answers, revision, place, from_, to_, settled_by
         FROM comments WHERE item = ?1 ORDER BY seq",
    )?;
    let rows = statement.query_map([item], |r| {
        let anchor = match (r.get(5)?, r.get(6)?, r.get(7)?, r.get(8)?) {
            (Some(revision), Some(place), Some(from), Some(to)) => Some(Anchor {
                revision,
                place,
                from,
                to,
            }),
            _ => None,
        };
        Ok(Comment {
            seq: r.get::<_, i64>(0)? as u64,
            person: r.get(1)?,
            at: r.get(2)?,
            body: hash_at(r, 3)?,
            answers: r.get::<_, Option<i64>>(4)?.map(|seq| seq as u64),
            anchor,
            settled_by: r.get(9)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A waiver on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// The entry.
    pub seq: u64,
    /// Class of the finding.
    pub class: String,
    /// Its severity.
    pub severity: String,
    /// Who waived.
    pub person: String,
    /// When, µs.
    pub at: i64,
    /// The words it is about.
    pub passage: Hash,
    /// The reason.
    pub note: Hash,
    /// Not taken back.
    pub open: bool,
}

/// Waivers of an item, oldest first.
pub fn waivers(conn: &Connection, item: i64) -> Result<Vec<Waiver>> {
    let mut statement = conn.prepare_cached(
        "SELECT seq, class, severity, person, at, passage, note, ended FROM waivers
         WHERE item = ?1 ORDER BY seq",
    )?;
    let rows = statement.query_map([item], |r| {
        Ok(Waiver {
            seq: r.get::<_, i64>(0)? as u64,
            class: r.get(1)?,
            severity: r.get(2)?,
            person: r.get(3)?,
            at: r.get(4)?,
            passage: hash_at(r, 5)?,
            note: hash_at(r, 6)?,
            open: r.get::<_, Option<i64>>(7)?.is_none(),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A list the board keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptList {
    /// The entry that put it in force.
    pub seq: u64,
    /// Which list.
    pub kind: ListKind,
    /// Rows in it.
    pub rows: u32,
    /// Its bytes.
    pub body: Hash,
    /// Who proposed it.
    pub proposer: String,
    /// Who confirmed it.
    pub confirmer: String,
    /// Since when, µs.
    pub at: i64,
}

const LIST_COLUMNS: &str = "seq, kind, rows_, body, proposer, confirmer, at";

fn kept(r: &rusqlite::Row<'_>) -> rusqlite::Result<KeptList> {
    Ok(KeptList {
        seq: r.get::<_, i64>(0)? as u64,
        kind: code(r, 1, ListKind::parse)?,
        rows: r.get(2)?,
        body: hash_at(r, 3)?,
        proposer: r.get(4)?,
        confirmer: r.get(5)?,
        at: r.get(6)?,
    })
}

/// The list of a kind that is in force.
pub fn list_in_force(conn: &Connection, kind: ListKind) -> Result<Option<KeptList>> {
    Ok(conn
        .prepare_cached(&format!(
            "SELECT {LIST_COLUMNS} FROM lists WHERE kind = ?1 ORDER BY seq DESC LIMIT 1"
        ))?
        .query_row([kind.code()], kept)
        .optional()?)
}

/// Every list that was ever in force, newest first.
pub fn lists(conn: &Connection) -> Result<Vec<KeptList>> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {LIST_COLUMNS} FROM lists ORDER BY seq DESC"
    ))?;
    Ok(statement
        .query_map([], kept)?
        .collect::<rusqlite::Result<_>>()?)
}

/// The bytes an open proposal carries.
pub fn proposed_list(conn: &Connection, proposal: u64) -> Result<Option<Hash>> {
    Ok(conn
        .prepare_cached("SELECT body FROM proposals WHERE seq = ?1 AND body IS NOT NULL")?
        .query_row([proposal as i64], |r| hash_at(r, 0))
        .optional()?)
}
