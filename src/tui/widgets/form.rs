//! Several fields with one focus.

use std::collections::BTreeMap;

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::text::text_width;
use crate::tr;
use crate::tui::action::{Action, Context};
use crate::tui::component::{Env, Event, TextMode};
use crate::tui::draw;
use crate::tui::widgets::entry::Head;
use crate::tui::widgets::field::{Field, FieldEvent};
use crate::tui::widgets::note::Note;

/// One entry of a form.
#[derive(Debug, Clone)]
pub enum FormField {
    /// Typed text.
    Text(Box<Field>),
    /// Text of several lines.
    Note(Box<Note>),
    /// One of several values; the form's owner opens a [`super::ChoiceList`] for it.
    Choice {
        /// Its label.
        label: String,
        /// What can be chosen, as people read it.
        options: Vec<String>,
        /// What is chosen.
        chosen: Option<usize>,
    },
}

impl FormField {
    /// An entry of typed text.
    pub fn text(field: Field) -> Self {
        Self::Text(Box::new(field))
    }

    /// An entry to choose for, nothing chosen yet.
    pub fn choice(label: impl Into<String>, options: Vec<String>) -> Self {
        Self::Choice {
            label: label.into(),
            options,
            chosen: None,
        }
    }

    /// An entry of several lines.
    pub fn note(note: Note) -> Self {
        Self::Note(Box::new(note))
    }

    /// Rows it takes.
    fn rows(&self) -> u16 {
        match self {
            Self::Note(_) => Note::HEIGHT,
            _ => 2,
        }
    }

    fn label(&self) -> &str {
        match self {
            Self::Text(field) => field.label(),
            Self::Note(note) => note.label(),
            Self::Choice { label, .. } => label,
        }
    }
}

/// What an event did to a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormEvent {
    /// A value changed.
    Changed,
    /// Nothing to do for the owner.
    Moved,
    /// Everything is filled in and the person is done.
    Submit,
    /// The person leaves without submitting.
    Cancel,
    /// The person wants to choose for this entry.
    Pick(usize),
    /// This text belongs on the clipboard.
    Copy(String),
    /// The form does not know the event.
    Ignored,
}

/// The entries and the one that has the keys.
#[derive(Debug, Clone)]
pub struct Form {
    fields: Vec<FormField>,
    focus: usize,
    top: usize,
    /// What is wrong with entries to choose for, by their place.
    wrong: BTreeMap<usize, String>,
    /// The rows of the entries in the last drawing, from the one at `top` on.
    places: Vec<Rect>,
}

impl Form {
    /// A form of these entries, the first focused.
    pub fn new(fields: Vec<FormField>) -> Self {
        Self {
            fields,
            focus: 0,
            top: 0,
            wrong: BTreeMap::new(),
            places: Vec::new(),
        }
    }

    /// The contexts of the focus, to be put before the screen's own.
    pub fn contexts(&self) -> Vec<Context> {
        match self.fields.get(self.focus) {
            Some(FormField::Text(_)) => vec![Context::Field, Context::Form],
            Some(FormField::Note(note)) => {
                let mut list = note.contexts();
                list.push(Context::Form);
                list
            }
            _ => vec![Context::Form],
        }
    }

    /// Whether characters are text now.
    pub fn text_mode(&self) -> TextMode {
        match self.fields.get(self.focus) {
            Some(FormField::Text(_)) => TextMode::Line,
            Some(FormField::Note(note)) => note.text_mode(),
            _ => TextMode::None,
        }
    }

    /// Whether the entry with the keys is one to choose for.
    pub fn choosing(&self) -> bool {
        matches!(self.fields.get(self.focus), Some(FormField::Choice { .. }))
    }

    /// The entries.
    pub fn fields(&self) -> &[FormField] {
        &self.fields
    }

    /// The text of a typed entry.
    pub fn text(&self, at: usize) -> Option<String> {
        match self.fields.get(at) {
            Some(FormField::Text(field)) => Some(field.value()),
            Some(FormField::Note(note)) => Some(note.value()),
            _ => None,
        }
    }

    /// Sets the text of a typed entry.
    pub fn set_text(&mut self, at: usize, text: &str) {
        match self.fields.get_mut(at) {
            Some(FormField::Text(field)) => field.set(text),
            Some(FormField::Note(note)) => note.set(text),
            _ => {}
        }
    }

    /// What is chosen in an entry.
    pub fn chosen(&self, at: usize) -> Option<usize> {
        match self.fields.get(at) {
            Some(FormField::Choice { chosen, .. }) => *chosen,
            _ => None,
        }
    }

    /// Sets what is chosen.
    pub fn choose(&mut self, at: usize, option: Option<usize>) {
        if let Some(FormField::Choice {
            options, chosen, ..
        }) = self.fields.get_mut(at)
        {
            *chosen = option.filter(|n| *n < options.len());
            self.wrong.remove(&at);
        }
    }

    /// Shows an error at an entry and goes there.
    pub fn set_error(&mut self, at: usize, error: String) {
        match self.fields.get_mut(at) {
            Some(FormField::Text(field)) => field.set_error(Some(error)),
            Some(FormField::Note(note)) => note.set_error(Some(error)),
            Some(FormField::Choice { .. }) => drop(self.wrong.insert(at, error)),
            None => return,
        }
        self.focus = at;
    }

    /// Takes errors away that other entries may have mended by now.
    pub fn clear_errors(&mut self) {
        self.wrong.clear();
        for field in &mut self.fields {
            match field {
                FormField::Text(field) => field.set_error(None),
                FormField::Note(note) => note.set_error(None),
                FormField::Choice { .. } => {}
            }
        }
    }

    /// Checks every entry; goes to the first mistake.
    pub fn check(&mut self) -> bool {
        let bad: Vec<bool> = self
            .fields
            .iter_mut()
            .map(|f| match f {
                FormField::Text(field) => !field.check(),
                FormField::Note(note) => !note.check(),
                FormField::Choice { .. } => false,
            })
            .collect();
        if let Some(at) = bad.iter().position(|b| *b) {
            self.focus = at;
            return false;
        }
        true
    }

    /// Takes an event.
    pub fn handle(&mut self, event: &Event) -> FormEvent {
        let count = self.fields.len().max(1);
        match event {
            Event::Action(Action::NextField) => {
                self.focus = (self.focus + 1) % count;
                return FormEvent::Moved;
            }
            Event::Action(Action::PreviousField) => {
                self.focus = (self.focus + count - 1) % count;
                return FormEvent::Moved;
            }
            // A note is handed in by `accept`, and the form with it.
            Event::Action(Action::SubmitForm | Action::Accept) => {
                return if self.check() {
                    FormEvent::Submit
                } else {
                    FormEvent::Moved
                };
            }
            Event::Action(Action::Cancel) => return FormEvent::Cancel,
            Event::Mouse(mouse) => return self.mouse(event, mouse),
            _ => {}
        }
        let focus = self.focus;
        match (self.fields.get_mut(focus), event) {
            (Some(FormField::Text(field)), Event::Action(Action::ClearField)) => {
                field.set("");
                FormEvent::Changed
            }
            (Some(FormField::Note(note)), Event::Action(Action::ClearField)) => {
                note.set("");
                FormEvent::Changed
            }
            (Some(FormField::Note(note)), event) => match note.handle(event) {
                FieldEvent::Changed => FormEvent::Changed,
                FieldEvent::Moved => FormEvent::Moved,
                FieldEvent::Copy(text) => FormEvent::Copy(text),
                FieldEvent::Ignored => FormEvent::Ignored,
            },
            (Some(FormField::Text(field)), event) => match field.handle(event) {
                FieldEvent::Changed => FormEvent::Changed,
                FieldEvent::Moved => FormEvent::Moved,
                FieldEvent::Copy(text) => FormEvent::Copy(text),
                FieldEvent::Ignored => FormEvent::Ignored,
            },
            (Some(FormField::Choice { .. }), Event::Action(Action::PickValue)) => {
                FormEvent::Pick(focus)
            }
            (Some(FormField::Choice { chosen, .. }), Event::Action(Action::ClearField)) => {
                *chosen = None;
                FormEvent::Changed
            }
            _ => FormEvent::Ignored,
        }
    }

    /// A click goes to the entry and, where there is a choice, opens it; the wheel goes through
    /// the entries.
    fn mouse(&mut self, event: &Event, mouse: &MouseEvent) -> FormEvent {
        let hit = self
            .places
            .iter()
            .position(|p| draw::holds(*p, mouse.column, mouse.row));
        match (mouse.kind, hit) {
            (MouseEventKind::Down(MouseButton::Left), Some(n)) => {
                self.focus = (self.top + n).min(self.fields.len().saturating_sub(1));
                match self.fields.get_mut(self.focus) {
                    Some(FormField::Choice { .. }) => FormEvent::Pick(self.focus),
                    Some(FormField::Text(field)) => {
                        field.handle(event);
                        FormEvent::Moved
                    }
                    Some(FormField::Note(note)) => {
                        note.handle(event);
                        FormEvent::Moved
                    }
                    None => FormEvent::Ignored,
                }
            }
            (MouseEventKind::Drag(MouseButton::Left), _) => {
                match self.fields.get_mut(self.focus) {
                    Some(FormField::Text(field)) => drop(field.handle(event)),
                    Some(FormField::Note(note)) => drop(note.handle(event)),
                    _ => {}
                }
                FormEvent::Moved
            }
            (MouseEventKind::ScrollDown, Some(_)) => {
                self.focus = (self.focus + 1).min(self.fields.len().saturating_sub(1));
                FormEvent::Moved
            }
            (MouseEventKind::ScrollUp, Some(_)) => {
                self.focus = self.focus.saturating_sub(1);
                FormEvent::Moved
            }
            _ => FormEvent::Ignored,
        }
    }

    /// Where the caret stood in the last drawing.
    pub fn cursor(&self) -> Option<Position> {
        match self.fields.get(self.focus) {
            Some(FormField::Text(field)) => field.cursor(),
            Some(FormField::Note(note)) => note.cursor(),
            _ => None,
        }
    }

    /// Rows that all entries take.
    pub fn rows(&self) -> u16 {
        self.fields.iter().map(FormField::rows).sum()
    }

    /// Draws the entries, two rows each and more for a note, scrolled so that the focus is visible.
    pub fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        self.render_beside(area, buf, env, true);
    }

    /// The same where the keys may go elsewhere: then no entry looks focused.
    pub fn render_beside(&mut self, area: Rect, buf: &mut Buffer, env: &Env, keys: bool) {
        let label = self
            .fields
            .iter()
            .map(|f| text_width(f.label(), env.amb))
            .max()
            .unwrap_or(0) as u16
            + 1;
        let label = label.min(area.width / 3);
        self.top = self.top.min(self.focus);
        let rows = |from: usize, to: usize| -> u16 {
            self.fields[from..to].iter().map(FormField::rows).sum()
        };
        let behind = (self.focus + 1).min(self.fields.len());
        while self.top < self.focus && rows(self.top, behind) > area.height {
            self.top += 1;
        }
        self.places.clear();
        let mut y = area.y;
        for (n, field) in self.fields.iter_mut().enumerate().skip(self.top) {
            let height = field.rows();
            if n > self.top && y + height > area.bottom() {
                break;
            }
            let row = Rect {
                y,
                height: area.bottom().saturating_sub(y).min(height),
                ..area
            };
            y += height;
            self.places.push(row);
            let focused = keys && n == self.focus;
            match field {
                FormField::Text(field) => field.render(row, buf, env, focused, label),
                FormField::Note(note) => note.render(row, buf, env, focused, label),
                FormField::Choice {
                    label: text,
                    options,
                    chosen,
                } => {
                    let head = Head {
                        label: text.clone(),
                        required: false,
                        error: self.wrong.get(&n).cloned(),
                    };
                    let place = head.draw(row, buf, env, focused, label);
                    let style = if focused {
                        env.styles.field_focused
                    } else {
                        env.styles.field
                    };
                    let value = chosen.and_then(|n| options.get(n));
                    let value = value.map_or_else(|| tr!("tui-form-unchosen"), String::clone);
                    let value = format!("{value} v");
                    draw::put_fit(buf, place.x, place.y, &value, style, place.width, env.amb);
                    if row.height > 1 {
                        head.draw_error(place, row.y + 1, buf, env);
                    }
                }
            }
        }
    }
}
