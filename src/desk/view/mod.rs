//! What screens and listings show. Every function here asks for the item through
//! [`Desk::find`] or queries with the person's [`Sight`](crate::store::query::Sight), so that no
//! view tells more than the item itself would.
//!
//! * [`item`]: one item with everything a person can do to it
//! * [`lists`]: pages, counts, the queue, dates
//! * [`journal`]: what happened, to one item or at all
//! * [`mod@differences`]: two versions beside each other
//! * [`custody`]: whose hands a text went through, and taking it along
//! * [`overview`]: the first screen

pub mod custody;
pub mod differences;
pub mod item;
pub mod journal;
pub mod lists;
pub mod overview;

use std::collections::HashMap;

pub use custody::Hand;
pub use differences::{Pair, RevisionDiff, differences};
pub use item::{ClaimView, ItemView, Offer, StepView};
pub use journal::HistoryLine;
pub use overview::DeskView;

use super::{Desk, Result};

impl Desk {
    /// Display name of a person: the name where there is one, else the login; for one who left,
    /// marked so by the caller. Never another person's: ids are not reused.
    pub fn person_name(&mut self, person: &str) -> Result<String> {
        let org = self.org()?;
        let Some(known) = org.persons.get(person) else {
            return Ok(person.to_owned());
        };
        let name = match crate::store::query::name_body(self.store.conn(), person)? {
            Some(id) => self.text_if_there(&id)?,
            None => None,
        };
        let shown = name.unwrap_or_else(|| known.login.clone());
        Ok(if known.left {
            crate::tr!("person-left", name = shown)
        } else {
            shown
        })
    }

    /// Display names of all persons, for lists.
    pub fn person_names(&mut self) -> Result<HashMap<String, String>> {
        let org = self.org()?;
        org.persons
            .keys()
            .map(|id| Ok((id.clone(), self.person_name(id)?)))
            .collect()
    }
}
