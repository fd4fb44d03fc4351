//! One line of text with a label and room for an error.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use tui_textarea::TextArea;
use unicode_segmentation::UnicodeSegmentation;

use crate::text::{Ambiguous, cells, inert, text_width};
use crate::tui::action::Action;
use crate::tui::component::{Env, Event};
use crate::tui::draw;
use crate::tui::widgets::edit::{self, Did};
use crate::tui::widgets::entry::Head;

/// A one-line text field. It takes two rows: label and text, then the error.
#[derive(Debug, Clone)]
pub struct Field {
    head: Head,
    area: TextArea<'static>,
    caret: Option<Position>,
    scroll: usize,
    /// Where the text stood in the last drawing, and how wide characters were there.
    place: Rect,
    amb: Ambiguous,
    /// The mouse was pressed in it and a drag belongs to it.
    pressed: bool,
}

/// What an event did to a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldEvent {
    /// The text changed.
    Changed,
    /// Only the caret moved.
    Moved,
    /// This text belongs on the clipboard.
    Copy(String),
    /// The field does not know the event.
    Ignored,
}

impl Field {
    /// An empty field.
    pub fn new(label: impl Into<String>) -> Self {
        Self {
            head: Head::new(label),
            area: TextArea::default(),
            caret: None,
            scroll: 0,
            place: Rect::default(),
            amb: Ambiguous::Narrow,
            pressed: false,
        }
    }

    /// The same field, not to be left empty.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.head.required = true;
        self
    }

    /// The same field with a text in it, the caret behind it.
    #[must_use]
    pub fn with(mut self, text: &str) -> Self {
        self.set(text);
        self
    }

    /// Replaces the text and forgets the undo history.
    pub fn set(&mut self, text: &str) {
        self.area = TextArea::new(vec![one_line(text)]);
        edit::apply(&mut self.area, Action::MoveEnd);
    }

    /// Its label.
    pub fn label(&self) -> &str {
        &self.head.label
    }

    /// The text, without blanks at its ends.
    pub fn value(&self) -> String {
        edit::text(&self.area).trim().to_owned()
    }

    /// The text as it is typed, blanks included.
    pub fn raw(&self) -> String {
        edit::text(&self.area)
    }

    /// Shows an error, or takes it away.
    pub fn set_error(&mut self, error: Option<String>) {
        self.head.error = error;
    }

    /// Whether there is an error to see.
    pub fn has_error(&self) -> bool {
        self.head.error.is_some()
    }

    /// Checks that a required field is not empty, and shows it if it is.
    pub fn check(&mut self) -> bool {
        let empty = self.value().is_empty();
        self.head.check(empty)
    }

    /// Takes an event.
    pub fn handle(&mut self, event: &Event) -> FieldEvent {
        let did = match event {
            Event::Text(text) | Event::Paste(text) => {
                if self.area.insert_str(one_line(text)) {
                    Did::Edited
                } else {
                    Did::Moved
                }
            }
            Event::Action(action) => edit::apply(&mut self.area, *action),
            Event::Mouse(mouse) => self.mouse(mouse),
            Event::Key(_) => Did::Nothing,
        };
        match did {
            Did::Edited => {
                self.head.error = None;
                FieldEvent::Changed
            }
            Did::Moved => FieldEvent::Moved,
            Did::Copied => FieldEvent::Copy(self.area.yank_text()),
            Did::Nothing => FieldEvent::Ignored,
        }
    }

    /// A click puts the caret there, dragging selects.
    fn mouse(&mut self, mouse: &MouseEvent) -> Did {
        let drag = matches!(mouse.kind, MouseEventKind::Drag(MouseButton::Left));
        let down = matches!(mouse.kind, MouseEventKind::Down(MouseButton::Left));
        // A drag may leave the field; a click must hit it.
        if !(drag && self.pressed || down && draw::holds(self.place, mouse.column, mouse.row)) {
            if down {
                self.pressed = false;
            }
            return Did::Nothing;
        }
        let line = edit::text(&self.area);
        let scroll = self.scroll.min(line.len());
        let column = mouse.column.saturating_sub(self.place.x);
        let byte = scroll + super::offset_at(line.get(scroll..).unwrap_or(""), column, self.amb);
        if down {
            self.pressed = true;
            self.area.cancel_selection();
        } else if !self.area.is_selecting() {
            self.area.start_selection();
        }
        edit::go(&mut self.area, 0, byte);
        Did::Moved
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
        if area.height == 0 || area.width <= label_width + 2 {
            return;
        }
        let value = self.head.draw(area, buf, env, focused, label_width);
        let (x, width) = (value.x, value.width);
        let style = if focused {
            env.styles.field_focused
        } else {
            env.styles.field
        };
        self.place = Rect::new(x, area.y, width, 1);
        self.amb = env.amb;
        draw::fill(buf, self.place, style);
        let line = edit::text(&self.area);
        let (_, caret) = edit::caret(&self.area);
        self.keep_visible(&line, caret, width, env);
        let selection = self
            .area
            .selection_range()
            .map(|(from, to)| edit::byte_of(&line, from.1)..edit::byte_of(&line, to.1));
        let mut at = x;
        for (byte, g) in line[self.scroll..]
            .grapheme_indices(true)
            .map(|(n, g)| (n + self.scroll, g))
        {
            let style = if selection.as_ref().is_some_and(|s| s.contains(&byte)) {
                style.patch(env.styles.selection)
            } else {
                style
            };
            if byte == caret {
                self.caret = Some(Position::new(at, area.y));
            }
            let shown = inert(g);
            let used = draw::put(
                buf,
                at,
                area.y,
                &shown,
                style,
                (x + width).saturating_sub(at),
                env.amb,
            );
            if used == 0 && cells(g, env.amb) > 0 {
                break;
            }
            at += used;
        }
        if caret == line.len() {
            self.caret = Some(Position::new(at.min(area.right() - 1), area.y));
        }
        if !focused {
            self.caret = None;
        }
        if area.height > 1 {
            self.head.draw_error(value, area.y + 1, buf, env);
        }
    }

    /// Scrolls so that the caret has a cell of its own.
    fn keep_visible(&mut self, line: &str, caret: usize, width: u16, env: &Env) {
        self.scroll = self.scroll.min(caret);
        while !line.is_char_boundary(self.scroll) {
            self.scroll -= 1;
        }
        while self.scroll < caret
            && text_width(&inert(&line[self.scroll..caret]), env.amb) >= usize::from(width)
        {
            self.scroll += line[self.scroll..]
                .graphemes(true)
                .next()
                .map_or(1, str::len);
        }
    }
}

/// A pasted text on one line.
fn one_line(text: &str) -> String {
    super::clean_paste(text)
        .trim_end_matches('\n')
        .replace(['\n', '\t'], " ")
}
