//! Several lines of text with a label: a reason, an opinion, a comment.
//!
//! One rule wherever a note is written: Enter begins a new line, `accept` (ctrl-s, ctrl-enter)
//! hands it in.

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::tr;
use crate::tui::action::Context;
use crate::tui::component::{Env, Event, TextMode};
use crate::tui::draw;
use crate::tui::prose::{Did, Prose, Request};
use crate::tui::widgets::field::FieldEvent;

/// Rows of text that are shown at once.
const ROWS: u16 = 4;

/// A note being written. It takes [`Note::HEIGHT`] rows: text beside its label, then the error.
#[derive(Debug, Clone)]
pub struct Note {
    label: String,
    prose: Prose,
    required: bool,
    error: Option<String>,
    caret: Option<Position>,
}

impl Note {
    /// The rows it takes.
    pub const HEIGHT: u16 = ROWS + 1;

    /// An empty note.
    pub fn new(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            prose: Prose::note(),
            required: false,
            error: None,
            caret: None,
        }
    }

    /// The same note, not to be left empty.
    #[must_use]
    pub fn required(self) -> Self {
        Self {
            required: true,
            ..self
        }
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
        &self.label
    }

    /// The text, without blanks and empty lines at its ends.
    pub fn value(&self) -> String {
        self.prose.text().trim().to_owned()
    }

    /// Shows an error, or takes it away.
    pub fn set_error(&mut self, error: Option<String>) {
        self.error = error;
    }

    /// Checks that a required note is not empty, and shows it if it is.
    pub fn check(&mut self) -> bool {
        if self.required && self.value().is_empty() {
            self.error = Some(tr!("tui-dialog-required"));
        }
        self.error.is_none()
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
                        self.error = None;
                    }
                    return FieldEvent::Copy(text);
                }
                // A note has no limit of its own; what it is for refuses what is too long.
                Request::LargePaste(text) => {
                    self.prose.paste(&text);
                    self.error = None;
                    return FieldEvent::Changed;
                }
                _ => {}
            }
        }
        match did {
            Did::Changed => {
                self.error = None;
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
        let mark = if self.required { "*" } else { " " };
        let pointer = if focused { env.glyphs.pointer } else { " " };
        draw::put(buf, area.x, area.y, pointer, env.styles.key, 1, env.amb);
        draw::put_fit(
            buf,
            area.x + 1,
            area.y,
            &format!("{}{mark}", self.label),
            env.styles.label,
            label_width,
            env.amb,
        );
        let text = Rect {
            x: area.x + 2 + label_width,
            width: area.width - 2 - label_width,
            height: area.height - 1,
            ..area
        };
        let style = if focused {
            env.styles.field_focused
        } else {
            env.styles.field
        };
        draw::fill(buf, text, style);
        self.prose.render(text, buf, env, focused);
        self.caret = self.prose.cursor();
        if let Some(error) = &self.error {
            draw::put(
                buf,
                text.x,
                text.bottom(),
                &format!("! {error}"),
                env.styles.error,
                text.width,
                env.amb,
            );
        }
    }
}
