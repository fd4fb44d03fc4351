//! What follows publication: relations, validity, copies, flags, postings.

use rusqlite::{Connection, OptionalExtension};

use crate::journal::Hash;
use crate::rules::act::{FlagCause, FlagOutcome, Relation, Validity};
use crate::store::Result;
use crate::store::append::hash_at;
use crate::store::org::code;

/// One end of a relation, seen from the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// Row number of the other item.
    pub n: i64,
    /// Its id.
    pub id: String,
    /// How they belong together.
    pub relation: Relation,
    /// The other one is the policy (or the source).
    pub upward: bool,
    /// The public can see it.
    pub live: bool,
}

/// What belongs to an item and what it belongs to, policies first.
pub fn relations(conn: &Connection, item: i64) -> Result<Vec<End>> {
    let mut statement = conn.prepare_cached(
        "SELECT i.n, i.id, r.relation, 1, i.live_revision IS NOT NULL
         FROM relations r JOIN items i ON i.n = r.item WHERE r.other = ?1
         UNION ALL
         SELECT i.n, i.id, r.relation, 0, i.live_revision IS NOT NULL
         FROM relations r JOIN items i ON i.n = r.other WHERE r.item = ?1
         ORDER BY 4 DESC, 3, 1",
    )?;
    let rows = statement.query_map([item], |r| {
        Ok(End {
            n: r.get(0)?,
            id: r.get(1)?,
            relation: code(r, 2, Relation::parse)?,
            upward: r.get(3)?,
            live: r.get(4)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether a policy still holds, since when, on what ground.
pub fn validity(conn: &Connection, item: i64) -> Result<Option<(Validity, Option<i64>, Hash)>> {
    Ok(conn
        .prepare_cached("SELECT validity, since, note FROM validities WHERE item = ?1")?
        .query_row([item], |r| {
            Ok((code(r, 0, Validity::parse)?, r.get(1)?, hash_at(r, 2)?))
        })
        .optional()?)
}

/// A copy on another site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyRow {
    /// Id of the copy.
    pub id: String,
    /// Its number.
    pub number: String,
    /// The site it arrived on.
    pub site: String,
    /// Code of its state.
    pub state: String,
    /// The version it was made from.
    pub fingerprint: Hash,
    /// Flags on it that nobody has settled.
    pub open_flags: u32,
}

/// Copies of an item, oldest first.
pub fn copies(conn: &Connection, source: i64) -> Result<Vec<CopyRow>> {
    let mut statement = conn.prepare_cached(
        "SELECT i.id, i.number, i.site, i.state, c.fingerprint,
           (SELECT count(*) FROM flags f WHERE f.item = i.n AND f.settled IS NULL)
         FROM copies c JOIN items i ON i.n = c.item WHERE c.source = ?1 ORDER BY i.n",
    )?;
    let rows = statement.query_map([source], |r| {
        Ok(CopyRow {
            id: r.get(0)?,
            number: r.get(1)?,
            site: r.get(2)?,
            state: r.get(3)?,
            fingerprint: hash_at(r, 4)?,
            open_flags: r.get(5)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Number of the item a copy was made from.
pub fn source_of(conn: &Connection, copy: i64) -> Result<Option<String>> {
    Ok(conn
        .prepare_cached(
            "SELECT i.number FROM copies c JOIN items i ON i.n = c.source WHERE c.item = ?1",
        )?
        .query_row([copy], |r| r.get(0))
        .optional()?)
}

/// What must be looked at again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlagRow {
    /// Id of the item.
    pub item: String,
    /// Seq of the entry that raised it.
    pub flag: u64,
    /// Why.
    pub cause: FlagCause,
    /// Number of the item that gave cause.
    pub about: String,
    /// Since when, µs.
    pub at: i64,
    /// Who settled it, and what came of it.
    pub settled: Option<(String, FlagOutcome)>,
}

/// Flags nobody has settled, oldest first; or all of one item.
pub fn flags(conn: &Connection, item: Option<i64>) -> Result<Vec<FlagRow>> {
    const COLUMNS: &str = "SELECT i.id, f.seq, f.cause, a.number, f.at, f.settled_by, f.outcome
         FROM flags f JOIN items i ON i.n = f.item JOIN items a ON a.n = f.about";
    let read = |r: &rusqlite::Row<'_>| {
        let by: Option<String> = r.get(5)?;
        let outcome: Option<String> = r.get(6)?;
        Ok(FlagRow {
            item: r.get(0)?,
            flag: r.get::<_, i64>(1)? as u64,
            cause: code(r, 2, FlagCause::parse)?,
            about: r.get(3)?,
            at: r.get(4)?,
            settled: by.zip(outcome.as_deref().and_then(FlagOutcome::parse)),
        })
    };
    let rows = match item {
        Some(item) => conn
            .prepare_cached(&format!("{COLUMNS} WHERE f.item = ?1 ORDER BY f.at, f.seq"))?
            .query_map([item], read)?
            .collect::<rusqlite::Result<_>>()?,
        None => conn
            .prepare_cached(&format!(
                "{COLUMNS} WHERE f.settled IS NULL ORDER BY f.at, f.seq, f.item"
            ))?
            .query_map([], read)?
            .collect::<rusqlite::Result<_>>()?,
    };
    Ok(rows)
}

/// A posting on another channel: when, by whom, where.
pub fn postings(conn: &Connection, item: i64) -> Result<Vec<(i64, String, Hash)>> {
    let mut statement =
        conn.prepare_cached("SELECT at, person, note FROM postings WHERE item = ?1 ORDER BY seq")?;
    let rows = statement.query_map([item], |r| Ok((r.get(0)?, r.get(1)?, hash_at(r, 2)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
