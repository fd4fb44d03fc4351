//! Dates with what a calendar must know to warn: columns, state, embargo, the other date.

use rusqlite::Connection;

use super::{Sight, push};
use crate::rules::state::State;
use crate::store::Result;

/// An item with a date, as calendars show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// Item id.
    pub id: String,
    /// Item number.
    pub number: String,
    /// Title.
    pub title: String,
    /// When, µs.
    pub at: i64,
    /// `publish` or `expire`.
    pub what: &'static str,
    /// State.
    pub state: State,
    /// Target columns, the home column first.
    pub columns: Vec<String>,
    /// Goes live, µs.
    pub due: Option<i64>,
    /// Goes down, µs.
    pub expire: Option<i64>,
    /// Not to be public before, µs.
    pub embargo: Option<i64>,
    /// Has the time of its bundle, which moves it.
    pub in_bundle: bool,
}

/// Dates of the items a person sees, in a window, oldest first.
pub fn between(
    conn: &Connection,
    sight: &Sight,
    from: i64,
    to: i64,
    limit: u32,
) -> Result<Vec<Planned>> {
    let mut list = Vec::new();
    if sight.is_blind() {
        return Ok(list);
    }
    for (column, what, also) in [
        ("due", "publish", "1"),
        ("expire", "expire", "i.live_fingerprint IS NOT NULL"),
    ] {
        let mut values = Vec::new();
        let seen = sight.condition(&mut values);
        let (from, to) = (push(&mut values, from), push(&mut values, to));
        let limit = push(&mut values, i64::from(limit));
        let sql = format!(
            "SELECT i.id, i.number, coalesce(t.title, ''), i.{column}, i.state, i.due, i.expire,
                    json_extract(i.shape, '$.embargo'), json_extract(i.shape, '$.columns'), i.bundle IS NOT NULL
             FROM items i LEFT JOIN titles t ON t.item = i.n
             WHERE i.{column} IS NOT NULL AND i.{column} >= {from} AND i.{column} < {to} AND {also} AND {seen}
             ORDER BY i.{column} LIMIT {limit}"
        );
        let mut statement = conn.prepare_cached(&sql)?;
        let rows = statement.query_map(rusqlite::params_from_iter(values), |r| {
            let columns: Option<String> = r.get(8)?;
            Ok(Planned {
                id: r.get(0)?,
                number: r.get(1)?,
                title: r.get(2)?,
                at: r.get(3)?,
                what,
                state: State::stored(r.get_ref(4)?.as_str().map_err(rusqlite::Error::from)?),
                columns: columns
                    .and_then(|text| serde_json::from_str(&text).ok())
                    .unwrap_or_default(),
                due: r.get(5)?,
                expire: r.get(6)?,
                embargo: r.get(7)?,
                in_bundle: r.get(9)?,
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
