//! Overlays made from bodies: titles, and the full-text index with one token per Han character.
//!
//! The index catches up in batches: a saved revision is put on a list in the same transaction,
//! and whoever searches (or saves the last of a batch) brings it up to date first. Answers
//! are therefore never behind, and saving stays cheap.

use rusqlite::{Connection, OptionalExtension};

use super::append::hash_at;
use super::{Result, StoreError, bodies};
use crate::journal::{Hash, Suite};
use crate::text::han::index_tokens;

/// How many unindexed items a save leaves behind at most. Every batch is a segment of the index that
/// later has to be merged with others: batches of 32 cost twice what batches of 256 do. The save that
/// brings a batch home takes about a tenth of a second.
const BATCH: i64 = 256;

/// What lists show of an item's fields.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(default)]
struct Heading {
    title: String,
    doc_number: Option<String>,
}

/// Notes that the working text of an item changed: its title now, its index entry soon.
pub fn touch(conn: &Connection, suite: Suite, n: i64) -> Result<()> {
    let fields: Hash = conn
        .prepare_cached("SELECT r.fields FROM revisions r JOIN items i ON i.n = r.item AND i.revision = r.n WHERE i.n = ?1")?
        .query_row([n], |r| hash_at(r, 0))?;
    let heading = match bodies::open(conn, suite, &fields)? {
        Some((_, bytes)) => serde_json::from_slice::<Heading>(&bytes).unwrap_or_default(),
        None => Heading::default(), // purged, or not yet here
    };
    conn.prepare_cached(
        "INSERT OR REPLACE INTO titles (item, title, doc_number) VALUES (?1, ?2, ?3)",
    )?
    .execute((n, heading.title, heading.doc_number.unwrap_or_default()))?;
    conn.prepare_cached("INSERT OR IGNORE INTO search_pending (item) VALUES (?1)")?
        .execute([n])?;
    let waiting: i64 = conn
        .prepare_cached("SELECT count(*) FROM search_pending")?
        .query_row([], |r| r.get(0))?;
    if waiting >= BATCH {
        catch_up(conn, suite)
    } else {
        Ok(())
    }
}

/// Whether [`catch_up`] has anything to do.
pub fn is_behind(conn: &Connection) -> Result<bool> {
    Ok(conn
        .prepare_cached("SELECT 1 FROM search_pending LIMIT 1")?
        .exists([])?)
}

/// Indexes everything on the list.
pub fn catch_up(conn: &Connection, suite: Suite) -> Result<()> {
    let list: Vec<i64> = conn
        .prepare_cached("SELECT item FROM search_pending ORDER BY item")?
        .query_map([], |r| r.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for n in list {
        index(conn, suite, n)?;
    }
    conn.prepare_cached("DELETE FROM search_pending")?
        .execute([])?;
    Ok(())
}

fn index(conn: &Connection, suite: Suite, n: i64) -> Result<()> {
    conn.prepare_cached("DELETE FROM search WHERE rowid = ?1")?
        .execute([n])?;
    let text: Option<Hash> = conn
        .prepare_cached("SELECT r.text FROM revisions r JOIN items i ON i.n = r.item AND i.revision = r.n WHERE i.n = ?1")?
        .query_row([n], |r| hash_at(r, 0))
        .optional()?;
    let Some(text) = text else { return Ok(()) };
    let Some((_, body)) = bodies::open(conn, suite, &text)? else {
        return Ok(());
    };
    let body = String::from_utf8(body).map_err(|_| StoreError::Body(text))?;
    let (title, number): (String, String) = conn
        .prepare_cached("SELECT title, doc_number FROM titles WHERE item = ?1")?
        .query_row([n], |r| Ok((r.get(0)?, r.get(1)?)))?;
    conn.prepare_cached("INSERT INTO search (rowid, title, body) VALUES (?1, ?2, ?3)")?
        .execute((
            n,
            index_tokens(&format!("{title} {number}")),
            index_tokens(&body),
        ))?;
    Ok(())
}

/// Makes titles and index again from the bodies.
pub fn rebuild(conn: &Connection, suite: Suite) -> Result<()> {
    conn.execute_batch("DELETE FROM titles; INSERT INTO search (search) VALUES ('delete-all'); DELETE FROM search_pending;")?;
    let list: Vec<i64> = conn
        .prepare("SELECT n FROM items ORDER BY n")?
        .query_map([], |r| r.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for n in list {
        touch(conn, suite, n)?;
    }
    catch_up(conn, suite)
}
