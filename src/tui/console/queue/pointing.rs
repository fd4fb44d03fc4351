//! The mouse: tabs, rows, dragging over rows and over text, the wheel.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};

use super::panes::Pane;
use super::{Focus, Queue};
use crate::tui::component::{Cx, Outcome};
use crate::tui::console::seat::Seat;
use crate::tui::draw;

impl Queue {
    pub(super) fn mouse(&mut self, mouse: MouseEvent, cx: &mut Cx<'_, Seat>) -> Outcome {
        let (x, y) = (mouse.column, mouse.row);
        let down = mouse.kind == MouseEventKind::Down(MouseButton::Left);
        let tab = self.places.tabs.iter().find(|t| draw::holds(t.0, x, y));
        if let (true, Some(pane)) = (down, tab.map(|t| t.1)) {
            self.show(pane);
            return Outcome::Consumed;
        }
        if draw::holds(self.places.list, x, y) {
            if !self.table.mouse(&mouse) {
                return Outcome::Ignored;
            }
            if down {
                self.focus = Focus::List;
            }
            self.supply(cx);
            // While rows are being marked the item shown stays: the hand is not reading.
            if !matches!(mouse.kind, MouseEventKind::Drag(_)) {
                self.look(false, cx);
                self.weigh(cx);
            }
            return Outcome::Consumed;
        }
        // The keys follow when the button is let go: on a small screen that moves the text, and it
        // must not move away under a hand that picks some of it.
        let up = mouse.kind == MouseEventKind::Up(MouseButton::Left);
        if up && draw::holds(self.places.record, x, y) {
            self.focus = Focus::Record;
        } else if up && draw::holds(self.places.text, x, y) {
            self.focus = Focus::Text;
        }
        // What is dragged from one pane into another belongs to the one it began in.
        let taken = [self.record.mouse(&mouse), self.pane_mouse(mouse)];
        if up || taken.contains(&true) {
            Outcome::Consumed
        } else {
            Outcome::Ignored
        }
    }

    fn pane_mouse(&mut self, mouse: MouseEvent) -> bool {
        match self.pane {
            Pane::Text => self.text.mouse(mouse),
            Pane::Diff => self.diff.mouse(&mouse),
            Pane::Fields => self.fields.mouse(&mouse),
            Pane::Findings => self.findings.mouse(&mouse),
            // The record is asked anyway.
            Pane::Record => false,
        }
    }

    /// The text picked with the mouse in the pane that has the keys.
    pub(super) fn dragged(&mut self) -> Option<String> {
        match self.reading_pane()? {
            Pane::Text => None,
            Pane::Diff => self.diff.dragged(),
            Pane::Record => self.record.dragged(),
            Pane::Fields => self.fields.dragged(),
            Pane::Findings => self.findings.dragged(),
        }
    }

    /// Whether there is such a text.
    pub(super) fn has_dragged(&self) -> bool {
        match self.reading_pane() {
            Some(Pane::Diff) => self.diff.has_dragged(),
            Some(Pane::Record) => self.record.has_dragged(),
            Some(Pane::Fields) => self.fields.has_dragged(),
            Some(Pane::Findings) => self.findings.has_dragged(),
            Some(Pane::Text) | None => false,
        }
    }

    pub(super) fn end_drag(&mut self) {
        self.diff.end_drag();
        for view in [&mut self.record, &mut self.fields, &mut self.findings] {
            view.end_drag();
        }
    }
}
