//! The mouse: clicks on what widgets have noted, double clicks, the wheel.

use std::time::Duration;

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use super::App;
use crate::tui::action::{Action, Context};
use crate::tui::component::{Event, Outcome};

/// Two clicks on one row within this are a double click.
const DOUBLE: Duration = Duration::from_millis(400);
/// Rows of one notch of the wheel.
const NOTCH: usize = 3;

impl<D: 'static> App<D> {
    pub(super) fn mouse(&mut self, mouse: MouseEvent) {
        // A hand resting on the mouse changes nothing.
        if mouse.kind == MouseEventKind::Moved || self.too_small() {
            return;
        }
        let at = Position::new(mouse.column, mouse.row);
        match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) => {
                self.drop_prefix();
                if let Some(actions) = self.env.hits.actions(at) {
                    self.clicked = None;
                    for action in actions {
                        self.dispatch(action);
                    }
                    return;
                }
                let now = self.env.mono;
                let before = self.clicked.replace((now, at));
                self.send(&Event::Mouse(mouse));
                let double = before.is_some_and(|(when, place)| {
                    place.y == at.y && now.saturating_sub(when) <= DOUBLE
                });
                if double && let Some(action) = self.env.hits.twice(at) {
                    self.clicked = None;
                    self.dispatch(action);
                }
            }
            MouseEventKind::ScrollDown | MouseEventKind::ScrollUp => {
                if self.send(&Event::Mouse(mouse)) == Outcome::Ignored
                    && let Some(action) = self.wheel(mouse.kind == MouseEventKind::ScrollDown)
                {
                    for _ in 0..NOTCH {
                        self.dispatch(action);
                    }
                }
            }
            _ => {
                self.send(&Event::Mouse(mouse));
            }
        }
    }

    /// What the wheel does where no widget has taken it.
    fn wheel(&self, down: bool) -> Option<Action> {
        self.contexts().into_iter().find_map(|context| {
            Some(match (context, down) {
                (Context::List | Context::Palette | Context::Dialog, true) => Action::Next,
                (Context::List | Context::Palette | Context::Dialog, false) => Action::Previous,
                (Context::View | Context::Help, true) => Action::ScrollDown,
                (Context::View | Context::Help, false) => Action::ScrollUp,
                _ => return None,
            })
        })
    }
}
