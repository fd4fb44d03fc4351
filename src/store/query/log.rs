//! The journal as a list, and the publication log.

use rusqlite::Connection;

use super::history::{EntryRow, entry_row};
use super::{Sight, push};
use crate::journal::Hash;
use crate::store::append::{hash_at, opt_hash_at};
use crate::store::{Result, StoreError};

/// Entries newest first, before a position.
pub fn entries_before(conn: &Connection, before: u64, limit: u32) -> Result<Vec<EntryRow>> {
    let mut statement = conn.prepare_cached(
        "SELECT seq, recorded_at, entry, entry_id, chain, verdict, sig FROM journal WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2",
    )?;
    let mut rows = statement.query((i64::try_from(before).unwrap_or(i64::MAX), limit))?;
    let mut list = Vec::new();
    while let Some(r) = rows.next()? {
        list.push(entry_row(r)?);
    }
    Ok(list)
}

/// Entries oldest first in a range of positions, one by one.
pub fn entries_between<E: From<StoreError>>(
    conn: &Connection,
    from: u64,
    to: u64,
    mut visit: impl FnMut(EntryRow) -> std::result::Result<(), E>,
) -> std::result::Result<(), E> {
    let mut statement = conn
        .prepare_cached(
            "SELECT seq, recorded_at, entry, entry_id, chain, verdict, sig FROM journal
             WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq",
        )
        .map_err(StoreError::from)?;
    let mut rows = statement
        .query((from as i64, i64::try_from(to).unwrap_or(i64::MAX)))
        .map_err(StoreError::from)?;
    while let Some(r) = rows.next().map_err(StoreError::from)? {
        visit(entry_row(r)?)?;
    }
    Ok(())
}

/// One line of the publication log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// The entry.
    pub seq: u64,
    /// Row number of the item.
    pub item_n: i64,
    /// Item id.
    pub item: String,
    /// Item number.
    pub number: String,
    /// Home site of the item.
    pub site: String,
    /// `publish`, `correct`, `withdraw` or `expire`.
    pub event: String,
    /// Revision concerned.
    pub revision: u32,
    /// Its fingerprint.
    pub fingerprint: Hash,
    /// When, µs.
    pub at: i64,
    /// Who caused it.
    pub actor: String,
    /// How.
    pub cause: String,
    /// The entry that set the time.
    pub due_by: Option<u64>,
    /// The review run behind it.
    pub run: u64,
    /// Columns concerned.
    pub columns: Vec<String>,
    /// Reason or note.
    pub note: Option<Hash>,
}

/// What the publication log is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct LogFilter {
    /// From this instant, µs.
    pub from: Option<i64>,
    /// Before this instant, µs.
    pub to: Option<i64>,
    /// Only this site.
    pub site: Option<String>,
    /// Only this item.
    pub item: Option<String>,
    /// Only what appeared in this column.
    pub column: Option<String>,
    /// Only this event: `publish`, `correct`, `withdraw` or `expire`.
    pub event: Option<String>,
    /// Only what this person wrote, passed or carried out.
    pub person: Option<String>,
    /// Only what lies after this position.
    pub after: u64,
    /// Only what lies after this position and this row number: for reading in pages, where a
    /// bundle's items share their position.
    pub after_place: Option<(u64, i64)>,
    /// No more than so many.
    pub limit: Option<u32>,
}

/// Publications oldest first, one by one.
pub fn publications<E: From<StoreError>>(
    conn: &Connection,
    filter: &LogFilter,
    sight: Option<&Sight>,
    mut visit: impl FnMut(Publication) -> std::result::Result<(), E>,
) -> std::result::Result<(), E> {
    let mut values = Vec::new();
    let mut parts = vec![format!(
        "p.seq > {}",
        push(&mut values, filter.after as i64)
    )];
    if let Some(sight) = sight {
        parts.push(sight.condition(&mut values));
    }
    if let Some(from) = filter.from {
        parts.push(format!("p.at >= {}", push(&mut values, from)));
    }
    if let Some(to) = filter.to {
        parts.push(format!("p.at < {}", push(&mut values, to)));
    }
    if let Some(site) = &filter.site {
        let mark = push(&mut values, site.clone());
        parts.push(format!(
            "EXISTS (SELECT 1 FROM json_each(p.columns) x JOIN columns c ON c.id = x.value WHERE c.site = {mark})"
        ));
    }
    if let Some(column) = &filter.column {
        let mark = push(&mut values, column.clone());
        parts.push(format!(
            "EXISTS (SELECT 1 FROM json_each(p.columns) x WHERE x.value = {mark})"
        ));
    }
    if let Some(event) = &filter.event {
        parts.push(format!("p.event = {}", push(&mut values, event.clone())));
    }
    if let Some(person) = &filter.person {
        let mark = push(&mut values, person.clone());
        parts.push(format!(
            "(p.actor = {mark}
              OR EXISTS (SELECT 1 FROM revisions r WHERE r.item = p.item AND r.n = p.revision AND r.author = {mark})
              OR EXISTS (SELECT 1 FROM approvals a WHERE a.item = p.item AND a.run = p.run AND a.person = {mark}))"
        ));
    }
    if let Some((seq, item)) = filter.after_place {
        let seq = push(&mut values, seq as i64);
        let item = push(&mut values, item);
        parts.push(format!("(p.seq, p.item) > ({seq}, {item})"));
    }
    if let Some(item) = &filter.item {
        parts.push(format!("i.id = {}", push(&mut values, item.clone())));
    }
    let sql = format!(
        "SELECT p.seq, p.item, i.id, i.number, i.site, p.event, p.revision, p.fingerprint, p.at, p.actor, p.cause,
                p.due_by, p.run, p.columns, p.note
         FROM publications p JOIN items i ON i.n = p.item WHERE {} ORDER BY p.seq, p.item LIMIT {}",
        parts.join(" AND "),
        filter.limit.map_or(-1, i64::from)
    );
    let mut statement = conn.prepare_cached(&sql).map_err(StoreError::from)?;
    let mut rows = statement
        .query(rusqlite::params_from_iter(values))
        .map_err(StoreError::from)?;
    while let Some(r) = rows.next().map_err(StoreError::from)? {
        let read = || -> Result<Publication> {
            let columns: String = r.get(13)?;
            Ok(Publication {
                seq: r.get::<_, i64>(0)? as u64,
                item_n: r.get(1)?,
                item: r.get(2)?,
                number: r.get(3)?,
                site: r.get(4)?,
                event: r.get(5)?,
                revision: r.get(6)?,
                fingerprint: hash_at(r, 7)?,
                at: r.get(8)?,
                actor: r.get(9)?,
                cause: r.get(10)?,
                due_by: r.get::<_, Option<i64>>(11)?.map(|n| n as u64),
                run: r.get::<_, i64>(12)? as u64,
                columns: serde_json::from_str(&columns)
                    .map_err(|_| StoreError::Damaged("publications.columns".into()))?,
                note: opt_hash_at(r, 14)?,
            })
        };
        visit(read()?)?;
    }
    Ok(())
}
