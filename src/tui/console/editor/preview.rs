//! The text as a reader will see it, beside the text being written.
//!
//! Only what fits beside the visible rows is made, from the first visible paragraph on, so that
//! the two stay together and typing in a long text stays as fast as in a short one.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::action::Action;
use crate::tui::component::{Cx, Env};
use crate::tui::console::reading::{self, Reading};
use crate::tui::console::seat::Seat;
use crate::tui::prose::Prose;
use crate::tui::widgets::TextView;

use super::Editor;

/// From this width on there is room for both.
pub const SPLIT: u16 = 120;

/// The preview beside the text.
#[derive(Debug, Default)]
pub struct Pane {
    view: TextView,
    /// What it was made of.
    source: String,
    colour: bool,
}

impl Pane {
    /// Draws what stands beside the visible rows of `body`.
    pub fn render(&mut self, body: &Prose, area: Rect, buf: &mut Buffer, env: &Env) {
        // More than fits whatever the text: a row holds less than two bytes a cell.
        let room = usize::from(area.width) * usize::from(area.height) * 2;
        let source = body.source_from_top(room);
        if source != self.source || self.colour != env.styles.colour {
            let made = reading::render::body(&source, &env.styles);
            self.view.set(made.into_iter().map(|p| p.0).collect());
            self.source = source;
            self.colour = env.styles.colour;
        }
        self.view.render(area, buf, env);
    }
}

impl Editor {
    /// Shows the preview beside the text, or in its place where there is no room for both.
    pub(super) fn toggle_preview(&mut self, cx: &mut Cx<'_, Seat>) {
        if cx.env().size.width >= SPLIT && self.part == super::Part::Body {
            self.preview = match self.preview.take() {
                Some(_) => None,
                None => Some(Pane::default()),
            };
            return;
        }
        let id = self.id.clone().unwrap_or_default();
        let title = Action::Preview.describe();
        cx.push(Reading::preview(&id, title, self.content()));
    }
}
