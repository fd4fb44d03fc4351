//! What a list of items is narrowed to, in the console's own form: it can be shown condition by
//! condition, kept as a view, and turned into the store's filter.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::locale;
use crate::rules::act::{Origin, Urgency};
use crate::rules::org::{Family, Org};
use crate::rules::state::State;
use crate::store::query::items::{Filter, Order};
use crate::tr;
use crate::tui::console::kit::start_of;
use crate::tui::console::seat::Words;

/// The part a person plays in an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Made it.
    Creator,
    /// Wrote on it and it is not live yet.
    Contributor,
    /// Handed it in.
    Submitter,
}

impl Part {
    /// Every part.
    pub const ALL: [Part; 3] = [Part::Contributor, Part::Creator, Part::Submitter];

    /// Its word.
    pub fn word(self) -> String {
        match self {
            Part::Creator => tr!("tui-part-creator"),
            Part::Contributor => tr!("tui-part-contributor"),
            Part::Submitter => tr!("tui-part-submitter"),
        }
    }
}

/// Stands for the person at the keyboard, so that a view means the same for whoever loads it.
pub const ME: &str = "me";

/// The conditions; all of them hold together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Narrow {
    /// Any of these states.
    pub states: Vec<State>,
    /// This site or column with everything below it.
    pub node: Option<String>,
    /// This person in this part; [`ME`] is whoever looks.
    pub person: Option<(Part, String)>,
    /// Any of these urgencies.
    pub urgencies: Vec<Urgency>,
    /// Any of these origins.
    pub origins: Vec<Origin>,
    /// In a column of any of these families.
    pub families: Vec<Family>,
    /// Due and not done.
    pub late: bool,
    /// Words in title or text.
    pub text: Option<String>,
    /// Last moved on or after this day.
    #[serde(with = "day")]
    pub from: Option<Date>,
    /// Last moved on or before this day.
    #[serde(with = "day")]
    pub to: Option<Date>,
    /// In which order.
    pub order: Order,
}

/// A day as `2026-01-31`; one that cannot be read is none.
mod day {
    use jiff::civil::Date;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    // The signature is serde's.
    #[allow(clippy::ref_option)]
    pub fn serialize<S: Serializer>(day: &Option<Date>, out: S) -> Result<S::Ok, S::Error> {
        day.map(|d| d.to_string()).serialize(out)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        Ok(text.and_then(|t| t.parse().ok()))
    }
}

/// One condition, as the bar shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chip {
    /// A state, by its place.
    State(usize),
    /// The site or column.
    Node,
    /// The person.
    Person,
    /// An urgency, by its place.
    Urgency(usize),
    /// An origin, by its place.
    Origin(usize),
    /// A family, by its place.
    Family(usize),
    /// Late.
    Late,
    /// The days.
    Days,
    /// The words.
    Text,
}

fn toggle<T: PartialEq>(list: &mut Vec<T>, value: T) {
    match list.iter().position(|v| *v == value) {
        Some(at) => drop(list.remove(at)),
        None => list.push(value),
    }
}

impl Narrow {
    /// Adds a state, or takes it away.
    pub fn toggle_state(&mut self, state: State) {
        toggle(&mut self.states, state);
    }

    /// Adds an urgency, or takes it away.
    pub fn toggle_urgency(&mut self, urgency: Urgency) {
        toggle(&mut self.urgencies, urgency);
    }

    /// Adds an origin, or takes it away.
    pub fn toggle_origin(&mut self, origin: Origin) {
        toggle(&mut self.origins, origin);
    }

    /// Adds a family, or takes it away.
    pub fn toggle_family(&mut self, family: Family) {
        toggle(&mut self.families, family);
    }

    /// Every condition with its words.
    pub fn chips(&self, words: &Words) -> Vec<(Chip, String)> {
        let mut list = Vec::new();
        for (n, state) in self.states.iter().enumerate() {
            list.push((Chip::State(n), locale::word("state", state.code())));
        }
        if let Some(node) = &self.node {
            let site = words.site(node);
            let text = if site == node {
                words.place(node)
            } else {
                site.to_owned()
            };
            list.push((Chip::Node, text));
        }
        if let Some((part, person)) = &self.person {
            let text = match (part, person.as_str()) {
                (Part::Contributor, ME) => tr!("tui-filter-mine"),
                (part, ME) => tr!("tui-part-me", part = part.word()),
                (part, id) => tr!("tui-part-of", part = part.word(), person = words.person(id)),
            };
            list.push((Chip::Person, text));
        }
        for (n, u) in self.urgencies.iter().enumerate() {
            list.push((Chip::Urgency(n), locale::word("urgency", u.code())));
        }
        for (n, o) in self.origins.iter().enumerate() {
            list.push((Chip::Origin(n), locale::word("origin", o.code())));
        }
        for (n, f) in self.families.iter().enumerate() {
            list.push((Chip::Family(n), locale::word("family", f.code())));
        }
        if self.late {
            list.push((Chip::Late, tr!("tui-filter-late")));
        }
        match (self.from, self.to) {
            (None, None) => {}
            (Some(from), None) => {
                list.push((Chip::Days, tr!("tui-filter-since", from = from.to_string())));
            }
            (None, Some(to)) => {
                list.push((Chip::Days, tr!("tui-filter-until", to = to.to_string())));
            }
            (Some(from), Some(to)) => list.push((
                Chip::Days,
                tr!(
                    "tui-filter-between",
                    from = from.to_string(),
                    to = to.to_string()
                ),
            )),
        }
        if let Some(text) = &self.text {
            list.push((Chip::Text, tr!("tui-filter-text", text = text.as_str())));
        }
        list
    }

    /// Takes one condition away.
    pub fn remove(&mut self, chip: Chip) {
        fn at<T>(list: &mut Vec<T>, n: usize) {
            if n < list.len() {
                list.remove(n);
            }
        }
        match chip {
            Chip::State(n) => at(&mut self.states, n),
            Chip::Node => self.node = None,
            Chip::Person => self.person = None,
            Chip::Urgency(n) => at(&mut self.urgencies, n),
            Chip::Origin(n) => at(&mut self.origins, n),
            Chip::Family(n) => at(&mut self.families, n),
            Chip::Late => self.late = false,
            Chip::Days => (self.from, self.to) = (None, None),
            Chip::Text => self.text = None,
        }
    }

    /// As the store understands it.
    pub fn filter(&self, org: &Org, me: &str, now: i64) -> Filter {
        let mut filter = Filter {
            states: self.states.clone(),
            urgencies: self.urgencies.clone(),
            origins: self.origins.clone(),
            late: self.late.then_some(now),
            text: self.text.clone(),
            moved_from: self.from.map(start_of),
            moved_to: self.to.and_then(|d| d.tomorrow().ok()).map(start_of),
            order: self.order,
            ..Filter::default()
        };
        if let Some((part, person)) = &self.person {
            let person = Some(if person == ME { me } else { person }.to_owned());
            match part {
                Part::Creator => filter.creator = person,
                Part::Contributor => filter.contributor = person,
                Part::Submitter => filter.submitter = person,
            }
        }
        if self.node.is_some() || !self.families.is_empty() {
            filter.columns = org
                .columns
                .values()
                .filter(|c| self.families.is_empty() || self.families.contains(&c.family))
                .filter(|c| self.node.as_ref().is_none_or(|n| org.covers(n, &c.id)))
                .map(|c| c.id.clone())
                .collect();
            if filter.columns.is_empty() {
                // Nothing is in a column that there is not; an empty list would mean every column.
                filter.columns.push(String::new());
            }
        }
        filter
    }

    /// The views that everybody has.
    pub fn presets() -> Vec<(String, Narrow)> {
        let mine = |part| Some((part, ME.to_owned()));
        vec![
            (tr!("tui-view-all"), Narrow::default()),
            (
                tr!("tui-view-my-drafts"),
                Narrow {
                    states: vec![State::Draft, State::Returned],
                    person: mine(Part::Contributor),
                    ..Narrow::default()
                },
            ),
            (
                tr!("tui-view-submitted"),
                Narrow {
                    states: vec![State::InReview],
                    person: mine(Part::Submitter),
                    ..Narrow::default()
                },
            ),
            (
                tr!("tui-view-urgent"),
                Narrow {
                    states: vec![State::InReview],
                    urgencies: vec![Urgency::Flash, Urgency::Urgent],
                    ..Narrow::default()
                },
            ),
            (
                tr!("tui-view-coming"),
                Narrow {
                    states: vec![State::SignedOff, State::Scheduled],
                    order: Order::Due,
                    ..Narrow::default()
                },
            ),
            (
                tr!("tui-view-late"),
                Narrow {
                    late: true,
                    ..Narrow::default()
                },
            ),
            (
                tr!("tui-view-resting"),
                Narrow {
                    states: vec![State::Draft, State::Returned, State::InReview],
                    order: Order::Resting,
                    ..Narrow::default()
                },
            ),
        ]
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_view_is_read_back_as_it_was_kept() {
        for (_, view) in Narrow::presets() {
            let text = serde_json::to_string(&view).unwrap();
            assert_eq!(serde_json::from_str::<Narrow>(&text).unwrap(), view);
        }
        let whole = Narrow {
            families: vec![Family::Publicity],
            origins: vec![Origin::Reprint],
            from: Some(Date::constant(2026, 1, 31)),
            text: Some("税".to_owned()),
            node: Some("prov".to_owned()),
            ..Narrow::default()
        };
        let text = serde_json::to_string(&whole).unwrap();
        assert_eq!(serde_json::from_str::<Narrow>(&text).unwrap(), whole);
        // A view of an earlier program lacks what came later.
        assert_eq!(
            serde_json::from_str::<Narrow>("{}").unwrap(),
            Narrow::default()
        );
    }

    #[test]
    fn every_condition_can_be_taken_away_by_its_chip() {
        let mut narrow = Narrow {
            states: vec![State::Draft, State::InReview],
            node: Some("x".to_owned()),
            person: Some((Part::Creator, ME.to_owned())),
            urgencies: vec![Urgency::Flash],
            origins: vec![Origin::Reprint],
            families: vec![Family::Service],
            late: true,
            text: Some("t".to_owned()),
            from: Some(Date::constant(2026, 1, 1)),
            ..Narrow::default()
        };
        let words = Words::default();
        assert_eq!(narrow.chips(&words).len(), 9 + 1);
        while let Some((chip, _)) = narrow.chips(&words).first() {
            narrow.remove(*chip);
        }
        assert_eq!(narrow, Narrow::default());
    }

    #[test]
    fn a_place_without_columns_finds_nothing() {
        let org = Org::default();
        let narrow = Narrow {
            node: Some("gone".to_owned()),
            ..Narrow::default()
        };
        assert_eq!(narrow.filter(&org, "p", 0).columns, [String::new()]);
        assert!(Narrow::default().filter(&org, "p", 0).columns.is_empty());
    }
}
