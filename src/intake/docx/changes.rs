//! Open changes: told, never merged in silence.

use super::super::Changes;
use super::super::aside::{Aside, Place};
use super::super::xml::Element;
use super::body::Reader;
use super::visible::lines;

impl Reader<'_> {
    /// Whether text of an open change is in the manuscript.
    pub(super) fn stays(&self, place: Place) -> bool {
        let added = matches!(place, Place::Inserted | Place::MovedTo);
        added == (self.changes == Changes::Accept)
    }

    /// A change of something whole: told once, with all its text. Whether it is in the manuscript.
    pub(super) fn whole_change(&mut self, change: &Element, of: &Element) -> bool {
        let place = change_of(&change.name);
        if self.changing == 0 {
            let text = lines(of).join(" ");
            self.change(place, change.attr("w:author"), &text);
            self.end_change();
        }
        self.stays(place)
    }

    pub(super) fn change(&mut self, place: Place, who: Option<&str>, text: &str) {
        if text.trim().is_empty() || self.changing > 0 {
            return;
        }
        // The pieces of one change, cut up by formatting, are one change.
        if let Some(last) = self.out.asides.last_mut()
            && last.place == place
            && last.who.as_deref() == who.map(str::trim).filter(|w| !w.is_empty())
            && !last.text.ends_with('\n')
        {
            last.text.push_str(text);
            return;
        }
        self.out.asides.push(Aside {
            place,
            who: who.map(|w| w.trim().to_owned()).filter(|w| !w.is_empty()),
            text: text.to_owned(),
        });
    }

    /// What is written next is another change, whoever made it.
    pub(super) fn end_change(&mut self) {
        if let Some(last) = self.out.asides.last_mut()
            && (last.place.is_change() || last.place == Place::Hidden)
            && !last.text.ends_with('\n')
        {
            last.text.push('\n');
        }
    }
}

pub(super) fn change_of(name: &str) -> Place {
    match name {
        "w:ins" | "w:cellIns" => Place::Inserted,
        "w:moveFrom" => Place::MovedFrom,
        "w:moveTo" => Place::MovedTo,
        _ => Place::Deleted,
    }
}
