//! The mouse on an item: tabs, rows of its lists, dragging over text, the wheel; and copying.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};

use super::Item;
use super::tabs::Tab;
use crate::rules::act::ViewMode;
use crate::tr;
use crate::tui::component::{Cx, Outcome};
use crate::tui::console::kit::{self, act};
use crate::tui::console::reading::files;
use crate::tui::console::seat::Seat;
use crate::tui::draw;

impl Item {
    pub(super) fn mouse(&mut self, mouse: MouseEvent, cx: &mut Cx<'_, Seat>) -> Outcome {
        let (x, y) = (mouse.column, mouse.row);
        let down = mouse.kind == MouseEventKind::Down(MouseButton::Left);
        let hit = self.tab_places.iter().find(|t| draw::holds(t.0, x, y));
        if let (true, Some(tab)) = (down, hit.map(|t| t.1)) {
            self.show(tab);
            return Outcome::Consumed;
        }
        let taken = match self.tab {
            Tab::Text => self.text.mouse(mouse),
            Tab::Diff => self.diff.mouse(&mouse),
            tab => {
                let taken = self.views[tab as usize].mouse(&mouse);
                if down && self.rows(tab).is_some() {
                    self.click(tab, y, cx);
                    true
                } else {
                    taken
                }
            }
        };
        if taken {
            Outcome::Consumed
        } else {
            Outcome::Ignored
        }
    }

    /// A click on a row of a list selects it; on the selected one it opens it.
    fn click(&mut self, tab: Tab, y: u16, cx: &mut Cx<'_, Seat>) {
        let Some(paragraph) = self.views[tab as usize].paragraph_at(y) else {
            return;
        };
        let row_in = |starts: &[usize]| {
            starts
                .partition_point(|s| *s <= paragraph)
                .saturating_sub(1)
        };
        let row = match tab {
            Tab::Comments => row_in(&self.starts[0]),
            Tab::Findings => row_in(&self.starts[1]),
            Tab::Files => self
                .loaded
                .as_ref()
                .map_or(0, |l| files::row_of(&l.view.content, paragraph)),
            _ => paragraph,
        };
        if self.selected[tab as usize] == row {
            self.open_row(cx);
        } else {
            self.selected[tab as usize] = row;
            self.drawn_for = None;
        }
    }

    /// Whether text of the open tab is picked with the mouse.
    pub(super) fn has_dragged(&self) -> bool {
        match self.tab {
            Tab::Text => false,
            Tab::Diff => self.diff.has_dragged(),
            tab => self.views[tab as usize].has_dragged(),
        }
    }

    fn dragged(&mut self) -> Option<String> {
        match self.tab {
            Tab::Text => None,
            Tab::Diff => self.diff.dragged(),
            tab => self.views[tab as usize].dragged(),
        }
    }

    pub(super) fn end_drag(&mut self) {
        self.diff.end_drag();
        for view in &mut self.views {
            view.end_drag();
        }
    }

    /// Copies what is picked, else the text; who took an unpublished text along is on record.
    pub(super) fn copy(&mut self, cx: &mut Cx<'_, Seat>) {
        let id = self.id.clone();
        act(
            cx,
            move |d| d.preview(&id, ViewMode::Copy).map(drop),
            |me: &mut Self, (), cx| {
                let text = me.dragged().unwrap_or_else(|| me.text.copied());
                cx.copy(text);
                me.text.end_passage();
                me.end_drag();
                kit::done(cx, tr!("tui-copied"));
            },
        );
    }
}
