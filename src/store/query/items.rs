//! Lists, queues, search, counts.

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension};

use super::{Sight, push, push_list};
use crate::journal::Suite;
use crate::rules::act::Urgency;
use crate::rules::state::State;
use crate::store::{Result, search};
use crate::text::han::query_phrase;

/// One line of a list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Line {
    /// Id.
    pub id: String,
    /// Human number.
    pub number: String,
    /// Working title.
    pub title: String,
    /// Document number, empty without one.
    pub doc_number: String,
    /// State.
    pub state: State,
    /// Home column.
    pub column: String,
    /// Site.
    pub site: String,
    /// Who made it.
    pub creator: String,
    /// Urgency.
    pub urgency: Urgency,
    /// Working revision.
    pub revision: u32,
    /// Last moved, µs.
    pub updated_at: i64,
    /// Handed in, µs.
    pub submitted_at: Option<i64>,
    /// Waiting step.
    pub step: Option<u32>,
    /// Goes live, µs.
    pub due: Option<i64>,
    /// Goes down, µs.
    pub expire: Option<i64>,
    /// Live since, µs.
    pub live_at: Option<i64>,
    /// Reported upward.
    pub escalated: bool,
    /// A correction of a live text.
    pub correcting: bool,
    /// Who is writing.
    pub claim: Option<String>,
    /// Position for the next page.
    pub base: i64,
}

const LINE: &str = "i.id, i.number, coalesce(t.title, ''), coalesce(t.doc_number, ''), i.state, i.home, i.site, \
     i.creator, i.urgency, i.revision, i.updated_at, i.submitted_at, i.step, i.due, i.expire, i.live_at, \
     i.escalated, i.correcting, i.claim_person, i.base";

fn line(r: &rusqlite::Row<'_>) -> rusqlite::Result<Line> {
    let urgency: i64 = r.get(8)?;
    Ok(Line {
        id: r.get(0)?,
        number: r.get(1)?,
        title: r.get(2)?,
        doc_number: r.get(3)?,
        state: State::stored(r.get_ref(4)?.as_str().map_err(rusqlite::Error::from)?),
        column: r.get(5)?,
        site: r.get(6)?,
        creator: r.get(7)?,
        urgency: Urgency::ALL
            .get(urgency as usize)
            .copied()
            .unwrap_or(Urgency::Normal),
        revision: r.get(9)?,
        updated_at: r.get(10)?,
        submitted_at: r.get(11)?,
        step: r.get(12)?,
        due: r.get(13)?,
        expire: r.get(14)?,
        live_at: r.get(15)?,
        escalated: r.get(16)?,
        correcting: r.get(17)?,
        claim: r.get(18)?,
        base: r.get(19)?,
    })
}

/// What a list is narrowed to. Conditions add up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Any of these states.
    pub states: Vec<State>,
    /// This site.
    pub site: Option<String>,
    /// This target column.
    pub column: Option<String>,
    /// Made by this person.
    pub creator: Option<String>,
    /// Written on by this person and not yet live.
    pub contributor: Option<String>,
    /// Handed in by this person.
    pub submitter: Option<String>,
    /// Claimed by anybody.
    pub claimed: bool,
    /// Single characters or words that must occur in title or text.
    pub text: Option<String>,
}

fn conditions(filter: &Filter, sight: &Sight, values: &mut Vec<Value>) -> Vec<String> {
    let mut list = vec![sight.condition(values)];
    if !filter.states.is_empty() {
        let codes: Vec<String> = filter.states.iter().map(|s| s.code().to_owned()).collect();
        list.push(format!("i.state IN ({})", push_list(values, &codes)));
    }
    if let Some(site) = &filter.site {
        list.push(format!("i.site = {}", push(values, site.clone())));
    }
    if let Some(column) = &filter.column {
        let mark = push(values, column.clone());
        list.push(format!(
            "EXISTS (SELECT 1 FROM item_columns c WHERE c.item = i.n AND c.column_ = {mark})"
        ));
    }
    if let Some(person) = &filter.creator {
        list.push(format!("i.creator = {}", push(values, person.clone())));
    }
    if let Some(person) = &filter.contributor {
        let mark = push(values, person.clone());
        list.push(format!(
            "EXISTS (SELECT 1 FROM contributors w WHERE w.item = i.n AND w.person = {mark})"
        ));
    }
    if let Some(person) = &filter.submitter {
        list.push(format!("i.submitter = {}", push(values, person.clone())));
    }
    if filter.claimed {
        list.push("i.claim_session IS NOT NULL".to_owned());
    }
    list
}

/// Items newest movement first. `before` is the `base` of the last line of the page before.
pub fn list(
    conn: &Connection,
    filter: &Filter,
    sight: &Sight,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<Line>> {
    if sight.is_blind() {
        return Ok(Vec::new());
    }
    let mut values = Vec::new();
    let mut parts = conditions(filter, sight, &mut values);
    if let Some(text) = filter.text.as_deref().and_then(query_phrase) {
        parts.push(format!(
            "i.n IN (SELECT rowid FROM search WHERE search MATCH {})",
            push(&mut values, text)
        ));
    } else if filter.text.as_deref().is_some_and(|t| !t.trim().is_empty()) {
        return Ok(Vec::new()); // nothing in it that could be found
    }
    if let Some(before) = before {
        parts.push(format!("i.base < {}", push(&mut values, before)));
    }
    let limit = push(&mut values, i64::from(limit));
    let sql = format!(
        "SELECT {LINE} FROM items i LEFT JOIN titles t ON t.item = i.n WHERE {} ORDER BY i.base DESC LIMIT {limit}",
        parts.join(" AND ")
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let lines = statement.query_map(rusqlite::params_from_iter(values), line)?;
    Ok(lines.collect::<rusqlite::Result<_>>()?)
}

/// How many items a filter leaves.
pub fn count(conn: &Connection, filter: &Filter, sight: &Sight) -> Result<u64> {
    if sight.is_blind() {
        return Ok(0);
    }
    let mut values = Vec::new();
    let mut parts = conditions(filter, sight, &mut values);
    let from = match filter.text.as_deref().map(query_phrase) {
        None => "items i".to_owned(),
        Some(None) => return Ok(0),
        Some(Some(text)) => {
            let mark = push(&mut values, text);
            parts.push(format!("search MATCH {mark}"));
            "search CROSS JOIN items i ON i.n = search.rowid".to_owned()
        }
    };
    let sql = format!("SELECT count(*) FROM {from} WHERE {}", parts.join(" AND "));
    let n: i64 = conn
        .prepare_cached(&sql)?
        .query_row(rusqlite::params_from_iter(values), |r| r.get(0))?;
    Ok(n as u64)
}

/// Brings the index up to date. The caller holds a write transaction.
pub fn index_now(conn: &Connection, suite: Suite) -> Result<()> {
    search::catch_up(conn, suite)
}

/// The line of one item, if it may be seen.
pub fn one(conn: &Connection, id: &str, sight: &Sight) -> Result<Option<Line>> {
    let mut values = Vec::new();
    let seen = sight.condition(&mut values);
    let mark = push(&mut values, id.to_owned());
    let sql = format!(
        "SELECT {LINE} FROM items i LEFT JOIN titles t ON t.item = i.n WHERE {seen} AND i.id = {mark}"
    );
    Ok(conn
        .prepare_cached(&sql)?
        .query_row(rusqlite::params_from_iter(values), line)
        .optional()?)
}

/// A role a person decides in, and the columns he holds it over; none for all of them.
pub type StepRole = (&'static str, Option<Vec<String>>);

/// What waits at steps of these roles, most urgent first, then oldest (or newest) submission.
/// Left out is what he could not decide: items he contributed to or submitted, and items with a
/// target outside the role's reach (here and not afterwards, or a page full of them would hide his own).
pub fn queue(
    conn: &Connection,
    roles: &[StepRole],
    person: &str,
    sight: &Sight,
    newest_first: bool,
    limit: u32,
) -> Result<Vec<Line>> {
    if sight.is_blind() || roles.is_empty() {
        return Ok(Vec::new());
    }
    let mut all = Vec::new();
    for (role, reach) in roles {
        let mut values = Vec::new();
        let seen = sight.condition(&mut values);
        let within = match reach {
            None => "1".to_owned(),
            Some(columns) => format!(
                "NOT EXISTS (SELECT 1 FROM item_columns o WHERE o.item = i.n AND o.column_ NOT IN ({}))",
                push_list(&mut values, columns)
            ),
        };
        let me = push(&mut values, person.to_owned());
        let role = push(&mut values, (*role).to_owned());
        let limit = push(&mut values, i64::from(limit));
        let order = if newest_first {
            "i.submitted_at DESC"
        } else {
            "i.urgency, i.submitted_at"
        };
        // Walking the index per urgency keeps the newest-first order cheap as well.
        let from = if newest_first {
            "items i INDEXED BY items_queue_newest"
        } else {
            "items i"
        };
        let sql = format!(
            "SELECT {LINE} FROM {from} LEFT JOIN titles t ON t.item = i.n
             WHERE i.step_role = {role} AND {seen} AND {within} AND i.submitter IS NOT {me}
               AND NOT EXISTS (SELECT 1 FROM contributors w WHERE w.item = i.n AND w.person = {me})
               AND NOT EXISTS (SELECT 1 FROM approvals a WHERE a.item = i.n AND a.run = i.run AND a.person = {me})
             ORDER BY {order} LIMIT {limit}"
        );
        let mut statement = conn.prepare_cached(&sql)?;
        let lines = statement.query_map(rusqlite::params_from_iter(values), line)?;
        all.extend(lines.collect::<rusqlite::Result<Vec<_>>>()?);
    }
    if roles.len() > 1 {
        if newest_first {
            all.sort_by_key(|l| std::cmp::Reverse(l.submitted_at));
        } else {
            all.sort_by_key(|l| (l.urgency, l.submitted_at));
        }
        all.truncate(limit as usize);
    }
    Ok(all)
}

/// Counts by state over the columns a person sees whole. Kept as they change, so that this reads a
/// handful of rows whatever the size of the store.
pub fn tallies(conn: &Connection, sight: &Sight) -> Result<Vec<(State, u64)>> {
    let mut values = Vec::new();
    let within = if sight.all {
        "1".to_owned()
    } else if sight.columns.is_empty() {
        return Ok(Vec::new());
    } else {
        format!("home IN ({})", push_list(&mut values, &sight.columns))
    };
    let sql = format!(
        "SELECT state, sum(n) FROM tallies WHERE {within} GROUP BY state HAVING sum(n) > 0"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map(rusqlite::params_from_iter(values), |r| {
        Ok((
            State::stored(r.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?),
            r.get::<_, i64>(1)? as u64,
        ))
    })?;
    let mut list = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    list.sort_by_key(|(state, _)| *state);
    Ok(list)
}
