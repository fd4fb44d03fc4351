//! Text picked with the mouse in a view of rows: from where it was pressed to where it is.
//!
//! A view knows its rows by block (a paragraph, an entry) and row of it; what is picked stays on
//! the same text when the view is scrolled.

use std::ops::Range;

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};

use crate::text::Ambiguous;
use crate::tui::widgets::offset_at;

/// A cell of a row: block, row of it, cell of the row.
pub(crate) type Spot = (usize, usize, u16);

/// Where the mouse was pressed and where it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Drag {
    from: Option<Spot>,
    to: Option<Spot>,
}

impl Drag {
    /// Takes a press or a drag of the left button at `spot` (none beside the rows); false if it
    /// is something else.
    pub(crate) fn mouse(&mut self, mouse: &MouseEvent, spot: Option<Spot>) -> bool {
        match (mouse.kind, spot) {
            (MouseEventKind::Down(MouseButton::Left), spot) => {
                let before = *self;
                *self = Self {
                    from: spot,
                    to: None,
                };
                spot.is_some() || before.to.is_some()
            }
            (MouseEventKind::Drag(MouseButton::Left), Some(spot)) if self.from.is_some() => {
                self.to = Some(spot);
                true
            }
            (MouseEventKind::Drag(MouseButton::Left), None) => self.from.is_some(),
            _ => false,
        }
    }

    /// Nothing is picked any more.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The first and the last cell picked.
    pub(crate) fn ends(&self) -> Option<(Spot, Spot)> {
        let (from, to) = (self.from?, self.to?);
        (from != to).then(|| (from.min(to), from.max(to)))
    }

    /// The cells of a row that are picked; open at the end where the next rows are too.
    pub(crate) fn cells(&self, block: usize, row: usize) -> Option<Range<u16>> {
        let (from, to) = self.ends()?;
        let here = (block, row);
        if here < (from.0, from.1) || here > (to.0, to.1) {
            return None;
        }
        let start = if here == (from.0, from.1) { from.2 } else { 0 };
        let end = if here == (to.0, to.1) {
            to.2 + 1
        } else {
            u16::MAX
        };
        Some(start..end)
    }

    /// The part of a row's text that is picked.
    pub(crate) fn part<'a>(
        &self,
        block: usize,
        row: usize,
        text: &'a str,
        amb: Ambiguous,
    ) -> Option<&'a str> {
        let cells = self.cells(block, row)?;
        let from = offset_at(text, cells.start, amb);
        let to = offset_at(text, cells.end, amb);
        text.get(from..to.max(from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: MouseEventKind) -> MouseEvent {
        MouseEvent {
            kind,
            column: 0,
            row: 0,
            modifiers: crossterm::event::KeyModifiers::NONE,
        }
    }

    #[test]
    fn rows_between_press_and_hand_are_picked_in_either_direction() {
        let (down, moved) = (
            event(MouseEventKind::Down(MouseButton::Left)),
            event(MouseEventKind::Drag(MouseButton::Left)),
        );
        for (from, to) in [((1, 0, 2), (2, 0, 3)), ((2, 0, 3), (1, 0, 2))] {
            let mut drag = Drag::default();
            assert!(drag.mouse(&down, Some(from)));
            assert_eq!(drag.ends(), None, "a click picks nothing");
            assert!(drag.mouse(&moved, Some(to)));
            let part = |block, row, text| drag.part(block, row, text, Ambiguous::Narrow);
            assert_eq!(part(1, 0, "税务总局"), Some("务总局"));
            assert_eq!(part(1, 1, "公告"), Some("公告"));
            assert_eq!(part(2, 0, "现将有关"), Some("现将"));
            assert_eq!(part(2, 1, "事项"), None);
            // A press elsewhere lets go.
            assert!(drag.mouse(&down, None));
            assert_eq!(drag.ends(), None);
        }
    }
}
