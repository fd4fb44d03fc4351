//! Where on the screen a click means something.
//!
//! Widgets note their places while they draw, so that the mouse needs no code in a screen: a click
//! on a tab, on a key of the footer or of a dialog does what the key would do, and a second click
//! on a row opens it. Only the places of the top layer count.

use std::cell::RefCell;

use ratatui::layout::{Position, Rect};

use crate::tui::action::Action;

#[derive(Debug, Clone)]
enum Does {
    /// These actions, one after another.
    Act(Vec<Action>),
    /// The click selects; a second one does this.
    Rows(Action),
}

/// The places noted in the last drawing.
#[derive(Debug, Clone, Default)]
pub struct Hits(RefCell<Vec<(Rect, Does)>>);

impl Hits {
    /// A click into `area` does `actions`, one after another.
    pub fn act(&self, area: Rect, actions: Vec<Action>) {
        if !area.is_empty() && !actions.is_empty() {
            self.0.borrow_mut().push((area, Does::Act(actions)));
        }
    }

    /// `area` holds rows: a double click there does `action` on the row that the first selected.
    pub fn rows(&self, area: Rect, action: Action) {
        if !area.is_empty() {
            self.0.borrow_mut().push((area, Does::Rows(action)));
        }
    }

    pub(crate) fn clear(&self) {
        self.0.borrow_mut().clear();
    }

    /// What a click at `at` does.
    pub(crate) fn actions(&self, at: Position) -> Option<Vec<Action>> {
        self.0
            .borrow()
            .iter()
            .rev()
            .find_map(|(area, does)| match does {
                Does::Act(actions) if area.contains(at) => Some(actions.clone()),
                _ => None,
            })
    }

    /// What a double click at `at` does.
    pub(crate) fn twice(&self, at: Position) -> Option<Action> {
        self.0
            .borrow()
            .iter()
            .rev()
            .find_map(|(area, does)| match does {
                Does::Rows(action) if area.contains(at) => Some(*action),
                _ => None,
            })
    }
}
