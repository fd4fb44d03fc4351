//! Everything on record about one item. The caller has checked that the reader may see it.

use rusqlite::Connection;

use crate::journal::Hash;
use crate::rules::clearance::{Conclusion, Ground};
use crate::rules::route::StepKind;
use crate::store::append::{hash_at, opt_hash_at};
use crate::store::org::{code, hash_list};
use crate::store::{Result, packing};

/// One saved state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// Number within the item.
    pub n: u32,
    /// The entry that saved it.
    pub seq: u64,
    /// Whose text it is.
    pub author: String,
    /// Who saved it.
    pub saved_by: String,
    /// When, µs.
    pub at: i64,
    /// Body of the fields.
    pub fields: Hash,
    /// Body of the text.
    pub text: Hash,
    /// Bodies of the attachments, in order.
    pub attachments: Vec<Hash>,
    /// Structured part, JSON.
    pub shape: String,
    /// Its fingerprint.
    pub fingerprint: Hash,
    /// `new`, `save` or `takeover`.
    pub why: String,
    /// Its bodies are destroyed.
    pub purged: bool,
}

/// Revisions of an item, oldest first.
pub fn revisions(conn: &Connection, item: i64) -> Result<Vec<Revision>> {
    let mut statement = conn.prepare_cached(
        "SELECT n, seq, author, saved_by, at, fields, text, attachments, shape, fingerprint, why, purged
         FROM revisions WHERE item = ?1 ORDER BY n",
    )?;
    let mut rows = statement.query([item])?;
    let mut list = Vec::new();
    while let Some(r) = rows.next()? {
        list.push(revision(r)?);
    }
    Ok(list)
}

fn revision(r: &rusqlite::Row<'_>) -> Result<Revision> {
    Ok(Revision {
        n: r.get(0)?,
        seq: r.get::<_, i64>(1)? as u64,
        author: r.get(2)?,
        saved_by: r.get(3)?,
        at: r.get(4)?,
        fields: hash_at(r, 5)?,
        text: hash_at(r, 6)?,
        attachments: hash_list(r.get_ref(7)?.as_str().map_err(rusqlite::Error::from)?)?,
        shape: r.get(8)?,
        fingerprint: hash_at(r, 9)?,
        why: r.get(10)?,
        purged: r.get(11)?,
    })
}

/// One revision.
pub fn one_revision(conn: &Connection, item: i64, n: u32) -> Result<Option<Revision>> {
    let mut statement = conn.prepare_cached(
        "SELECT n, seq, author, saved_by, at, fields, text, attachments, shape, fingerprint, why, purged
         FROM revisions WHERE item = ?1 AND n = ?2",
    )?;
    let mut rows = statement.query((item, n))?;
    match rows.next()? {
        Some(r) => Ok(Some(revision(r)?)),
        None => Ok(None),
    }
}

/// A confidentiality review on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clearance {
    /// The entry.
    pub seq: u64,
    /// Revision reviewed.
    pub revision: u32,
    /// Fingerprint reviewed.
    pub fingerprint: Hash,
    /// What it concluded.
    pub conclusion: Conclusion,
    /// Ground in law.
    pub ground: Option<Ground>,
    /// Who reviewed.
    pub reviewer: String,
    /// Number of the form.
    pub form_no: String,
    /// Opinion.
    pub opinion: Option<Hash>,
    /// Answer of the authority.
    pub authority: Option<Hash>,
    /// When, µs.
    pub at: i64,
}

/// Reviews of an item, oldest first.
pub fn clearances(conn: &Connection, item: i64) -> Result<Vec<Clearance>> {
    let mut statement = conn.prepare_cached(
        "SELECT seq, revision, fingerprint, conclusion, ground, reviewer, form_no, opinion, authority, at
         FROM clearances WHERE item = ?1 ORDER BY seq",
    )?;
    let rows = statement.query_map([item], |r| {
        Ok(Clearance {
            seq: r.get::<_, i64>(0)? as u64,
            revision: r.get(1)?,
            fingerprint: hash_at(r, 2)?,
            conclusion: code(r, 3, Conclusion::parse)?,
            ground: r
                .get::<_, Option<String>>(4)?
                .as_deref()
                .and_then(Ground::parse),
            reviewer: r.get(5)?,
            form_no: r.get(6)?,
            opinion: opt_hash_at(r, 7)?,
            authority: opt_hash_at(r, 8)?,
            at: r.get(9)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// One pass of a step on record, whether it still counts or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// The entry.
    pub seq: u64,
    /// The run it belongs to.
    pub run: u64,
    /// Position in the route of that run.
    pub step: u32,
    /// What kind of step it was then.
    pub kind: StepKind,
    /// Who.
    pub person: String,
    /// On what.
    pub fingerprint: Hash,
    /// When, µs.
    pub at: i64,
    /// Comment.
    pub note: Option<Hash>,
}

/// Passes of an item, oldest first.
pub fn passes(conn: &Connection, item: i64) -> Result<Vec<Passed>> {
    let mut statement = conn
        .prepare_cached("SELECT seq, run, step, person, fingerprint, at, note, kind FROM approvals WHERE item = ?1 ORDER BY seq")?;
    let rows = statement.query_map([item], |r| {
        Ok(Passed {
            seq: r.get::<_, i64>(0)? as u64,
            run: r.get::<_, i64>(1)? as u64,
            step: r.get(2)?,
            kind: code(r, 7, StepKind::parse)?,
            person: r.get(3)?,
            fingerprint: hash_at(r, 4)?,
            at: r.get(5)?,
            note: opt_hash_at(r, 6)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// An entry of the journal as stored.
#[derive(Debug, Clone)]
pub struct EntryRow {
    /// Position.
    pub seq: u64,
    /// When, µs.
    pub recorded_at: i64,
    /// Exact bytes.
    pub bytes: Vec<u8>,
    /// Id.
    pub entry_id: Hash,
    /// Chain value.
    pub chain: Hash,
    /// Rule, when void.
    pub verdict: Option<String>,
    /// Signature.
    pub sig: Vec<u8>,
}

pub(super) fn entry_row(r: &rusqlite::Row<'_>) -> Result<EntryRow> {
    Ok(EntryRow {
        seq: r.get::<_, i64>(0)? as u64,
        recorded_at: r.get(1)?,
        bytes: packing::unpack(r.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?)?,
        entry_id: hash_at(r, 3)?,
        chain: hash_at(r, 4)?,
        verdict: r.get(5)?,
        sig: r.get(6)?,
    })
}

/// Entries about an item, oldest first.
pub fn entries(conn: &Connection, item: i64) -> Result<Vec<EntryRow>> {
    let mut statement = conn.prepare_cached(
        "SELECT j.seq, j.recorded_at, j.entry, j.entry_id, j.chain, j.verdict, j.sig FROM entry_items e
         JOIN journal j ON j.seq = e.seq WHERE e.item = ?1 ORDER BY e.seq",
    )?;
    let mut rows = statement.query([item])?;
    let mut list = Vec::new();
    while let Some(r) = rows.next()? {
        list.push(entry_row(r)?);
    }
    Ok(list)
}
