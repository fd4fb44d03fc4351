//! What is due, what is late, what is coming.

use rusqlite::Connection;

use super::{Sight, push};
use crate::store::Result;

/// A thing with a date.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Dated {
    /// Item or bundle id.
    pub id: String,
    /// Item number; empty for a bundle.
    pub number: String,
    /// Item title; empty for a bundle.
    pub title: String,
    /// When, µs.
    pub at: i64,
    /// `publish`, `expire` or `bundle`.
    pub what: &'static str,
}

/// Everything due at or before an instant, oldest first: for the runner, who acts on all of it and
/// reads none of it, so that titles stay empty.
pub fn due(conn: &Connection, now: i64) -> Result<Vec<Dated>> {
    let mut list = Vec::new();
    let mut read = |sql: &str, what: &'static str| -> Result<()> {
        let mut statement = conn.prepare_cached(sql)?;
        let rows = statement.query_map([now], |r| {
            Ok(Dated {
                id: r.get(0)?,
                number: r.get(1)?,
                title: r.get(2)?,
                at: r.get(3)?,
                what,
            })
        })?;
        for row in rows {
            list.push(row?);
        }
        Ok(())
    };
    read(
        "SELECT i.id, i.number, '', i.due FROM items i WHERE i.due IS NOT NULL AND i.due <= ?1",
        "publish",
    )?;
    read(
        "SELECT id, '', '', due FROM bundles WHERE due IS NOT NULL AND due <= ?1",
        "bundle",
    )?;
    read(
        "SELECT i.id, i.number, '', i.expire FROM items i WHERE i.expire IS NOT NULL AND i.expire <= ?1 AND i.live_fingerprint IS NOT NULL",
        "expire",
    )?;
    list.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    Ok(list)
}

/// Dates of the items a person sees, in a window.
pub fn between(
    conn: &Connection,
    sight: &Sight,
    from: i64,
    to: i64,
    limit: u32,
) -> Result<Vec<Dated>> {
    let mut list = Vec::new();
    for (column, what, also) in [
        ("due", "publish", "1"),
        ("expire", "expire", "i.live_fingerprint IS NOT NULL"),
    ] {
        let mut values = Vec::new();
        let seen = sight.condition(&mut values);
        let (from, to) = (push(&mut values, from), push(&mut values, to));
        let limit = push(&mut values, i64::from(limit));
        let sql = format!(
            "SELECT i.id, i.number, coalesce(t.title, ''), i.{column} FROM items i
             LEFT JOIN titles t ON t.item = i.n
             WHERE i.{column} IS NOT NULL AND i.{column} >= {from} AND i.{column} < {to} AND {also} AND {seen}
             ORDER BY i.{column} LIMIT {limit}"
        );
        let mut statement = conn.prepare_cached(&sql)?;
        let rows = statement.query_map(rusqlite::params_from_iter(values), |r| {
            Ok(Dated {
                id: r.get(0)?,
                number: r.get(1)?,
                title: r.get(2)?,
                at: r.get(3)?,
                what,
            })
        })?;
        for row in rows {
            list.push(row?);
        }
    }
    list.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    list.truncate(limit as usize);
    Ok(list)
}
