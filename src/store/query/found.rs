//! Which items a page under a word holds, and how many there are.
//!
//! The index gives hits by number, a page wants those that moved last. Of a rare word every hit is
//! looked up; of a common one the list is walked from its top and the index is asked about the
//! stretches of numbers met there, since reading every hit of a word that stands in every text takes
//! a tenth of a second at 100,000 items.

use rusqlite::Connection;
use rusqlite::types::Value;

use super::push_list;
use crate::rules::state::State;
use crate::store::Result;

/// Up to so many hits are looked up one by one; among more, the list is walked until a page is full.
/// Where the walk needs no more than the index by state, a step costs a thirtieth of a look-up.
const fn few(index_will_do: bool) -> usize {
    if index_will_do { 300 } else { 3_000 }
}

/// Numbers no farther apart than this are asked about together: to go on within the index costs some
/// 2 µs for every hit, to begin anew some 200.
const GAP: i64 = 100;
/// More stretches than this, and reading every hit is quicker.
const STRETCHES: usize = 24;
/// Steps of the walk before the index is asked for the first time, and the most between two times.
const BATCH: (usize, usize) = (256, 16_384);

/// Numbers of the items whose title or text holds the phrase, ascending; no rights are asked here.
/// No more than `limit`.
pub(super) fn hits(conn: &Connection, phrase: &str, limit: usize) -> Result<Vec<i64>> {
    Ok(conn
        .prepare_cached("SELECT rowid FROM search WHERE search MATCH ?1 ORDER BY rowid LIMIT ?2")?
        .query_map((phrase, i64::try_from(limit).unwrap_or(i64::MAX)), |r| {
            r.get(0)
        })?
        .collect::<rusqlite::Result<_>>()?)
}

/// What is known about the hits among the items walked over.
enum Known {
    /// Every hit of the store, ascending.
    All(Vec<i64>),
    /// The hits among the last batch, ascending, and how many stretches have been asked about.
    Batch(Vec<i64>, usize),
}

/// Numbers from which a page is made: all the hits of a rare word; of a common one those of the page,
/// which satisfy the conditions (`parts` with `values`, over `items i`) and moved last. Each of
/// `states` has its own index order; SQLite merges them as it goes, where one query over several
/// states would sort them all first.
pub(super) fn page(
    conn: &Connection,
    phrase: &str,
    index_will_do: bool,
    states: &[State],
    (parts, values): (&str, &[Value]),
    limit: u32,
) -> Result<Vec<i64>> {
    let few = few(index_will_do);
    let first = hits(conn, phrase, few + 1)?;
    if first.len() <= few {
        return Ok(first);
    }
    let arm = |one: &str| format!("SELECT i.n, i.base FROM items i WHERE {one}{parts}");
    let arms: Vec<String> = if states.is_empty() {
        vec![arm("")]
    } else {
        // Codes are words of this program, never input.
        let each = states
            .iter()
            .map(|s| format!("i.state = '{}' AND ", s.code()));
        each.map(|one| arm(&one)).collect()
    };
    let sql = format!("{} ORDER BY 2 DESC", arms.join(" UNION ALL "));
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(rusqlite::params_from_iter(values))?;
    let mut known = Known::Batch(Vec::new(), 0);
    let mut page = Vec::new();
    let mut size = BATCH.0;
    loop {
        let mut walked = Vec::new();
        while walked.len() < size
            && let Some(row) = rows.next()?
        {
            walked.push(row.get(0)?);
        }
        if walked.is_empty() {
            return Ok(page);
        }
        known = known.about(conn, phrase, &walked)?;
        let (Known::All(held) | Known::Batch(held, _)) = &known;
        for n in walked {
            if held.binary_search(&n).is_ok() {
                page.push(n);
                if page.len() >= limit as usize {
                    return Ok(page);
                }
            }
        }
        size = (size * 4).min(BATCH.1);
    }
}

impl Known {
    /// What is known once the index was asked about these items.
    fn about(self, conn: &Connection, phrase: &str, walked: &[i64]) -> Result<Known> {
        let Known::Batch(_, mut asked) = self else {
            return Ok(self);
        };
        let mut sorted = walked.to_vec();
        sorted.sort_unstable();
        let stretches: Vec<&[i64]> = sorted.chunk_by(|a, b| b - a <= GAP).collect();
        asked += stretches.len();
        if asked > STRETCHES {
            return Ok(Known::All(hits(conn, phrase, usize::MAX)?));
        }
        let mut held = Vec::new();
        let mut statement = conn.prepare_cached(
            "SELECT rowid FROM search WHERE search MATCH ?1 AND rowid BETWEEN ?2 AND ?3 ORDER BY rowid",
        )?;
        for stretch in stretches {
            let (Some(from), Some(to)) = (stretch.first(), stretch.last()) else {
                continue;
            };
            let mut rows = statement.query((phrase, from, to))?;
            while let Some(row) = rows.next()? {
                held.push(row.get(0)?);
            }
        }
        Ok(Known::Batch(held, asked))
    }
}

/// Hits in these states (in any, when none is named), for one who sees everything. Reading the row of
/// every hit would take ten times as long as finding them; the index by state tells which are
/// others, and that of the smaller side.
pub(super) fn count_in_states(conn: &Connection, phrase: &str, states: &[State]) -> Result<u64> {
    let _view = super::one_view(conn)?;
    let hits = hits(conn, phrase, usize::MAX)?;
    if states.is_empty() {
        return Ok(hits.len() as u64);
    }
    let others: Vec<State> = State::ALL
        .iter()
        .copied()
        .filter(|s| !states.contains(s))
        .collect();
    let among = |states: &[State], sql: &str| -> Result<(String, Vec<Value>)> {
        let mut values = Vec::new();
        let codes: Vec<String> = states.iter().map(|s| s.code().to_owned()).collect();
        let marks = push_list(&mut values, &codes);
        Ok((format!("{sql} WHERE state IN ({marks})"), values))
    };
    let tally = |states: &[State]| -> Result<i64> {
        let (sql, values) = among(states, "SELECT coalesce(sum(n), 0) FROM tallies")?;
        Ok(conn
            .prepare_cached(&sql)?
            .query_row(rusqlite::params_from_iter(values), |r| r.get(0))?)
    };
    let smaller = tally(states)? <= tally(&others)?;
    let (sql, values) = among(
        if smaller { states } else { &others },
        "SELECT n FROM items INDEXED BY items_state",
    )?;
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(rusqlite::params_from_iter(values))?;
    let mut met = 0;
    while let Some(row) = rows.next()? {
        met += u64::from(hits.binary_search(&row.get(0)?).is_ok());
    }
    Ok(if smaller {
        met
    } else {
        hits.len() as u64 - met
    })
}
