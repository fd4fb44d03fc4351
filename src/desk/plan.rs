//! The calendar: what goes out and comes down, and what is wrong with it before it happens.

use std::collections::BTreeMap;

use super::release::ZONE;
use super::{Desk, Result};
use crate::rules::calendar::{Calendar, DayKind};
use crate::rules::refusal::refuse;
use crate::store::query::items::{self, Line};
use crate::store::query::plan::{self, Planned};

/// What is doubtful about a date. None of it keeps the date from being set; rules that do are
/// asked when it is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conflict {
    /// Another item goes live in one of the same columns at the same instant.
    SameInstant,
    /// It would have to go out while its embargo holds.
    Embargo,
    /// The day is a holiday or a weekend.
    RestDay,
    /// Nobody has announced yet whether that day is a working day.
    UnknownDay,
    /// It comes down before or when it goes out.
    ExpiresFirst,
}

impl Conflict {
    /// Its code; the words are `conflict-<code>`.
    pub const fn code(self) -> &'static str {
        match self {
            Conflict::SameInstant => "same-instant",
            Conflict::Embargo => "embargo",
            Conflict::RestDay => "rest-day",
            Conflict::UnknownDay => "unknown-day",
            Conflict::ExpiresFirst => "expires-first",
        }
    }
}

/// The day of an instant in the house's zone.
fn day(at: i64) -> jiff::civil::Date {
    let zone = jiff::tz::TimeZone::get(ZONE).unwrap_or(jiff::tz::TimeZone::UTC);
    let at = jiff::Timestamp::from_microsecond(at).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    zone.to_datetime(at).date()
}

/// What is doubtful about one date if it were at `at`, beside all the others.
pub fn conflicts_at(
    one: &Planned,
    at: i64,
    others: &[Planned],
    calendar: &Calendar,
) -> Vec<Conflict> {
    let mut list = Vec::new();
    let publishes = one.what == "publish";
    if publishes
        && others.iter().any(|o| {
            o.what == "publish"
                && o.id != one.id
                && o.at == at
                && o.columns.iter().any(|c| one.columns.contains(c))
        })
    {
        list.push(Conflict::SameInstant);
    }
    if publishes && one.embargo.is_some_and(|until| at < until) {
        list.push(Conflict::Embargo);
    }
    let backwards = if publishes {
        one.expire.is_some_and(|end| end <= at)
    } else {
        one.due.is_some_and(|due| at <= due)
    };
    if backwards {
        list.push(Conflict::ExpiresFirst);
    }
    match calendar.kind(day(at)) {
        DayKind::Rest if publishes => list.push(Conflict::RestDay),
        DayKind::Unknown if publishes => list.push(Conflict::UnknownDay),
        _ => {}
    }
    list
}

/// The conflicts of every date, by its place in the list.
pub fn conflicts(list: &[Planned], calendar: &Calendar) -> Vec<Vec<Conflict>> {
    // Only dates of one instant can be in each other's way.
    let mut at: BTreeMap<i64, Vec<Planned>> = BTreeMap::new();
    for one in list {
        at.entry(one.at).or_default().push(one.clone());
    }
    list.iter()
        .map(|one| {
            let others = at.get(&one.at).map_or(&[][..], Vec::as_slice);
            conflicts_at(one, one.at, others, calendar)
        })
        .collect()
}

impl Desk {
    /// The line of one item, for reports about it.
    pub fn line(&mut self, item: &str) -> Result<Line> {
        let id = self.find(item)?.facts.id;
        let sight = self.sight()?;
        items::one(self.store.conn(), &id, &sight)?
            .ok_or_else(|| refuse("item.unknown", &[]).into())
    }

    /// Dates of the items a person sees, in a window, with what a calendar needs.
    pub fn plan(&mut self, from: i64, to: i64, limit: u32) -> Result<Vec<Planned>> {
        let sight = self.sight()?;
        Ok(plan::between(self.store.conn(), &sight, from, to, limit)?)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::rules::state::State;

    fn planned(id: &str, at: &str, column: &str) -> Planned {
        let at: jiff::civil::DateTime = at.parse().unwrap();
        let at = jiff::tz::TimeZone::get(ZONE)
            .unwrap()
            .to_timestamp(at)
            .unwrap()
            .as_microsecond();
        Planned {
            id: id.to_owned(),
            number: id.to_owned(),
            title: String::new(),
            at,
            what: "publish",
            state: State::Scheduled,
            columns: vec![column.to_owned()],
            due: Some(at),
            expire: None,
            embargo: None,
            in_bundle: false,
        }
    }

    #[test]
    fn two_items_of_a_column_at_one_instant_are_told() {
        let list = [
            planned("a", "2026-03-03T09:00", "news"),
            planned("b", "2026-03-03T09:00", "news"),
            planned("c", "2026-03-03T09:00", "policy"),
            planned("d", "2026-03-03T09:01", "news"),
        ];
        let found = conflicts(&list, &Calendar::embedded());
        assert_eq!(found[0], [Conflict::SameInstant]);
        assert_eq!(found[1], [Conflict::SameInstant]);
        assert!(found[2].is_empty() && found[3].is_empty());
    }

    #[test]
    fn rest_days_and_days_made_up_for_them_are_told_apart() {
        let calendar = Calendar::embedded();
        // 2026: the National Day holiday; Saturday the 10th is worked for it.
        let holiday = planned("a", "2026-10-02T09:00", "news");
        let made_up = planned("b", "2026-10-10T09:00", "news");
        let nobody_knows = planned("c", "2031-05-06T09:00", "news");
        let found = conflicts(&[holiday, made_up, nobody_knows], &calendar);
        assert_eq!(found[0], [Conflict::RestDay]);
        assert!(found[1].is_empty(), "{found:?}");
        assert_eq!(found[2], [Conflict::UnknownDay]);
    }

    #[test]
    fn an_embargo_and_an_expiry_are_held_against_the_new_time() {
        let calendar = Calendar::embedded();
        let mut one = planned("a", "2026-03-03T09:00", "news");
        one.embargo = Some(one.at + 1);
        one.expire = Some(one.at);
        assert_eq!(
            conflicts_at(&one, one.at, &[], &calendar),
            [Conflict::Embargo, Conflict::ExpiresFirst]
        );
        let day = 24 * 3_600 * 1_000_000;
        one.expire = Some(one.at + 2 * day);
        assert!(conflicts_at(&one, one.at + day, &[], &calendar).is_empty());
    }
}
