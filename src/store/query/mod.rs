//! Reading: every list, queue, count and history. Each query takes the reader's [`Sight`], so that
//! no secondary view shows what the item itself would refuse.

pub mod after;
mod filter;
mod found;
pub mod history;
pub mod items;
pub mod log;
pub mod plan;
pub mod said;
pub mod schedule;
pub mod tree;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Transaction};

use super::Result;
use crate::rules::org::Org;
use crate::rules::role::Right;

/// What one person may see, worked out once per query from the roles in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    person: String,
    /// Everything, without looking at columns.
    all: bool,
    /// Columns whose items are seen at every stage.
    columns: Vec<String>,
    /// Columns in which one's own items are seen.
    own: Vec<String>,
}

impl Sight {
    /// The sight of a person at an instant.
    pub fn of(org: &Org, person: &str, now: i64) -> Sight {
        let sees = |right| -> Vec<String> {
            org.columns
                .keys()
                .filter(|c| org.has_right(person, right, c, now))
                .cloned()
                .collect()
        };
        let columns = sees(Right::View);
        let all = !columns.is_empty() && columns.len() == org.columns.len();
        Sight {
            person: person.to_owned(),
            all,
            columns,
            own: sees(Right::Draft),
        }
    }

    /// Whether there is nothing this person could see.
    pub fn is_blind(&self) -> bool {
        self.columns.is_empty() && self.own.is_empty()
    }

    /// Whether every item is seen.
    pub fn sees_everything(&self) -> bool {
        self.all
    }

    /// A condition on `items i`, with its values. Mirrors `rules::check::may_view`; the matrix test
    /// holds the two together.
    pub fn condition(&self, values: &mut Vec<Value>) -> String {
        if self.all {
            return "1".to_owned();
        }
        let mut parts = Vec::new();
        if !self.columns.is_empty() {
            let marks = push_list(values, &self.columns);
            parts.push(format!(
                "EXISTS (SELECT 1 FROM item_columns v WHERE v.item = i.n AND v.column_ IN ({marks}))"
            ));
        }
        if !self.own.is_empty() {
            let marks = push_list(values, &self.own);
            values.push(Value::Text(self.person.clone()));
            let me = values.len();
            parts.push(format!(
                "(i.home IN ({marks}) AND (i.creator = ?{me} OR EXISTS \
                 (SELECT 1 FROM contributors k WHERE k.item = i.n AND k.person = ?{me})))"
            ));
        }
        if parts.is_empty() {
            "0".to_owned()
        } else {
            format!("({})", parts.join(" OR "))
        }
    }
}

/// Appends values and returns their numbered marks.
pub(super) fn push_list(values: &mut Vec<Value>, list: &[String]) -> String {
    let mut marks = String::new();
    for value in list {
        values.push(Value::Text(value.clone()));
        if !marks.is_empty() {
            marks.push_str(", ");
        }
        marks.push('?');
        marks.push_str(&values.len().to_string());
    }
    marks
}

pub(super) fn push(values: &mut Vec<Value>, value: impl Into<Value>) -> String {
    values.push(value.into());
    format!("?{}", values.len())
}

/// The id of an item named by id, number, or an unambiguous beginning of the id.
pub fn resolve_item(conn: &Connection, name: &str) -> Result<Option<String>> {
    let exact: Option<String> = conn
        .prepare_cached("SELECT id FROM items WHERE id = ?1 OR number = ?1")?
        .query_row([name], |r| r.get(0))
        .optional()?;
    if exact.is_some() || name.len() < 4 || !name.is_ascii() {
        return Ok(exact);
    }
    let end = format!("{name}\u{7f}");
    let mut statement =
        conn.prepare_cached("SELECT id FROM items WHERE id >= ?1 AND id < ?2 LIMIT 2")?;
    let list = statement
        .query_map([name, &end], |r| r.get(0))?
        .collect::<rusqlite::Result<Vec<String>>>()?;
    Ok(match <[String; 1]>::try_from(list) {
        Ok([one]) => Some(one),
        Err(_) => None,
    })
}

/// The display name body of a person, if he has one and it was not destroyed.
pub fn name_body(conn: &Connection, person: &str) -> Result<Option<crate::journal::Hash>> {
    Ok(conn
        .prepare_cached("SELECT name FROM persons WHERE id = ?1")?
        .query_row([person], |r| super::append::opt_hash_at(r, 0))
        .optional()?
        .flatten())
}

/// Several statements, one state of the store; nothing where the caller has seen to that already.
fn one_view(conn: &Connection) -> Result<Option<Transaction<'_>>> {
    Ok(if conn.is_autocommit() {
        Some(conn.unchecked_transaction()?)
    } else {
        None
    })
}
