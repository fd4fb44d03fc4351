//! What a list is narrowed to, and in which order it comes.

use rusqlite::types::Value;

use super::{Sight, push, push_list};
use crate::rules::act::{Origin, Urgency};
use crate::rules::state::State;

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
    /// With a target in any of these columns; none of them is asked where the list is empty.
    pub columns: Vec<String>,
    /// Any of these urgencies.
    pub urgencies: Vec<Urgency>,
    /// Any of these origins.
    pub origins: Vec<Origin>,
    /// Whose publication or expiry was due before this instant and has not happened, µs.
    pub late: Option<i64>,
    /// Last moved at or after this instant, µs.
    pub moved_from: Option<i64>,
    /// Last moved before this instant, µs.
    pub moved_to: Option<i64>,
    /// In which order.
    pub order: Order,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// What moved last comes first.
    #[default]
    Moved,
    /// What has not moved for the longest comes first.
    Resting,
    /// The highest number comes first.
    Number,
    /// What goes live next comes first; items without a time are left out.
    Due,
}

impl Order {
    /// Every order.
    pub const ALL: [Order; 4] = [Order::Moved, Order::Resting, Order::Number, Order::Due];

    /// Its code, for messages.
    pub const fn code(self) -> &'static str {
        match self {
            Order::Moved => "moved",
            Order::Resting => "resting",
            Order::Number => "number",
            Order::Due => "due",
        }
    }
}

impl Filter {
    /// Whether it asks for nothing but states and a text.
    pub(super) fn is_of_states(&self) -> bool {
        let rest = Filter {
            states: self.states.clone(),
            text: self.text.clone(),
            order: self.order,
            ..Filter::default()
        };
        *self == rest
    }
}

/// The filter and the reader's sight as conditions over `items i`.
pub(super) fn conditions(filter: &Filter, sight: &Sight, values: &mut Vec<Value>) -> Vec<String> {
    let mut list = vec![sight.condition(values)];
    if !filter.states.is_empty() {
        let codes: Vec<String> = filter.states.iter().map(|s| s.code().to_owned()).collect();
        // What one person has handed in is few; what is in review is not. The plus keeps SQLite from
        // going by state there.
        let plus = if filter.submitter.is_some() { "+" } else { "" };
        list.push(format!("{plus}i.state IN ({})", push_list(values, &codes)));
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
    if !filter.columns.is_empty() {
        let marks = push_list(values, &filter.columns);
        list.push(format!(
            "EXISTS (SELECT 1 FROM item_columns c WHERE c.item = i.n AND c.column_ IN ({marks}))"
        ));
    }
    if !filter.urgencies.is_empty() {
        let marks: Vec<String> = filter
            .urgencies
            .iter()
            .filter_map(|u| Urgency::ALL.iter().position(|k| k == u))
            .map(|n| push(values, n as i64))
            .collect();
        list.push(format!("i.urgency IN ({})", marks.join(", ")));
    }
    if !filter.origins.is_empty() {
        let codes: Vec<String> = filter.origins.iter().map(|o| o.code().to_owned()).collect();
        list.push(format!(
            "json_extract(i.shape, '$.origin') IN ({})",
            push_list(values, &codes)
        ));
    }
    if let Some(now) = filter.late {
        let mark = push(values, now);
        list.push(format!(
            "(i.due < {mark} OR (i.expire < {mark} AND i.live_fingerprint IS NOT NULL))"
        ));
    }
    if let Some(from) = filter.moved_from {
        list.push(format!("i.updated_at >= {}", push(values, from)));
    }
    if let Some(to) = filter.moved_to {
        list.push(format!("i.updated_at < {}", push(values, to)));
    }
    if filter.order == Order::Due {
        list.push("i.due IS NOT NULL".to_owned());
    }
    list
}
