//! Counts and last updates by column: what the tree of sites shows.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::{Sight, push_list};
use crate::rules::state::State;
use crate::store::Result;

/// Counts by home column and state, of the columns a person sees whole.
pub fn counts(conn: &Connection, sight: &Sight) -> Result<BTreeMap<String, Vec<(State, u64)>>> {
    let mut values = Vec::new();
    let within = if sight.all {
        "1".to_owned()
    } else if sight.columns.is_empty() {
        return Ok(BTreeMap::new());
    } else {
        format!("home IN ({})", push_list(&mut values, &sight.columns))
    };
    let sql = format!("SELECT home, state, n FROM tallies WHERE {within} AND n > 0");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(rusqlite::params_from_iter(values))?;
    let mut map: BTreeMap<String, Vec<(State, u64)>> = BTreeMap::new();
    while let Some(r) = rows.next()? {
        let state = State::stored(r.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?);
        map.entry(r.get(0)?)
            .or_default()
            .push((state, r.get::<_, i64>(2)? as u64));
    }
    for list in map.values_mut() {
        list.sort_by_key(|(state, _)| *state);
    }
    Ok(map)
}

/// When each column last got something that the public still sees, µs. It is public, so that no
/// sight is asked for.
pub fn last_live(conn: &Connection) -> Result<BTreeMap<String, i64>> {
    // One step to the end of each column's part of the index, whatever the size of the store.
    let mut statement = conn.prepare_cached(
        "SELECT c.id, (SELECT max(l.live_at) FROM live_columns l WHERE l.column_ = c.id) FROM columns c",
    )?;
    let rows = statement.query_map([], |r| {
        Ok((r.get::<_, String>(0)?, r.get::<_, Option<i64>>(1)?))
    })?;
    let mut map = BTreeMap::new();
    for row in rows {
        if let (column, Some(at)) = row? {
            map.insert(column, at);
        }
    }
    Ok(map)
}
