//! Several lines of text with a label: a reason, an opinion, a comment.
//!
//! One rule wherever a note is written: Enter begins a new line, `accept` (ctrl-s, ctrl-enter)
//! hands it in.

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::tui::action::Context;
use crate::tui::component::{Env, Event, TextMode};
use crate::tui::draw;
use crate::tui::prose::{Did, Prose, Request};
use crate::tui::widgets::entry::Head;
use crate::tui::widgets::field::FieldEvent;

/// Rows of text that are shown at once.
const ROWS: u16 = 4;

/// A note being written. It takes [`Note::HEIGHT`] rows: text beside its label, then the error.
#[derive(Debug, Clone)]
pub struct Note {
    head: Head,
    prose: Prose,
    caret: Option<Position>,
}

impl Note {
    /// The rows it takes.
    pub const HEIGHT: u16 = ROWS + 1;

    /// An empty note.
    pub fn new(label: impl Into<String>) -> Self {
        Self {
            head: Head::new(label),
            prose: Prose::note(),
            caret: None,
        }
    }

    /// The same note, not to be left empty.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.head.required = true;
        self
    }

    /// The same note with a text in it, the caret behind it.
    #[must_use]
    pub fn with(mut self, text: &str) -> Self {
        self.set(text);
        self
    }

    /// Replaces the text and forgets the undo history.
    pub fn set(&mut self, text: &str) {
        self.prose.set_text(text);
        self.prose.go_to(usize::MAX, 0);
    }

    /// Its label.
    pub fn label(&self) -> &str {
        &self.head.label
    }

    /// The text, without blanks and empty lines at its ends.
    pub fn value(&self) -> String {
        self.prose.text().trim().to_owned()
    }

    /// Shows an error, or takes it away.
    pub fn set_error(&mut self, error: Option<String>) {
        self.head.error = error;
    }

    /// Checks that a required note is not empty, and shows it if it is.
    pub fn check(&mut self) -> bool {
        let empty = self.value().is_empty();
        self.head.check(empty)
    }

    /// The contexts of the focus, to be put before those around it.
    pub fn contexts(&self) -> Vec<Context> {
        self.prose.contexts()
    }

    /// How characters are taken.
    pub fn text_mode(&self) -> TextMode {
        TextMode::Lines
    }

    /// Takes an event.
    pub fn handle(&mut self, event: &Event) -> FieldEvent {
        // A dialog does not live long: what is typed in it without moving is one step of undo.
        let did = self.prose.handle(event, Duration::ZERO);
        for request in self.prose.requests() {
            match request {
                Request::Copy(text) => {
                    if did == Did::Changed {
                        self.head.error = None;
                    }
                    return FieldEvent::Copy(text);
                }
                // A note has no limit of its own; what it is for refuses what is too long.
                Request::LargePaste(text) => {
                    self.prose.paste(&text);
                    self.head.error = None;
                    return FieldEvent::Changed;
                }
                _ => {}
            }
        }
        match did {
            Did::Changed => {
                self.head.error = None;
                FieldEvent::Changed
            }
            Did::Moved => FieldEvent::Moved,
            Did::Ignored => FieldEvent::Ignored,
        }
    }

    /// Where the caret stood in the last drawing.
    pub fn cursor(&self) -> Option<Position> {
        self.caret
    }

    /// Draws label, text and error; the label takes `label_width` cells.
    pub fn render(
        &mut self,
        area: Rect,
        buf: &mut Buffer,
        env: &Env,
        focused: bool,
        label_width: u16,
    ) {
        self.caret = None;
        if area.height < 2 || area.width <= label_width + 10 {
            return;
        }
        let value = self.head.draw(area, buf, env, focused, label_width);
        let text = Rect {
            height: area.height - 1,
            ..value
        };
        let style = if focused {
            env.styles.field_focused
        } else {
            env.styles.field
        };
        draw::fill(buf, text, style);
        self.prose.render(text, buf, env, focused);
        self.caret = self.prose.cursor();
        self.head.draw_error(value, text.bottom(), buf, env);
    }
}
