//! The body of an item, to be written in.
//!
//! Screens know only [`BodyEditor`]. [`PlainEditor`] keeps its text in the crate's text area and
//! draws it with our own line breaks; its cost grows with the document, which is why another
//! editor will take its place behind the trait.

use crossterm::event::{MouseButton, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use tui_textarea::{CursorMove, TextArea};
use unicode_segmentation::UnicodeSegmentation;

use crate::text::{cells, inert, text_width, wrap};
use crate::tr;
use crate::tui::action::{Action, Context};
use crate::tui::component::{Env, Event, TextMode};
use crate::tui::draw;
use crate::tui::widgets::edit::{self, Did};
use crate::tui::widgets::{clean_paste, offset_at};

/// What an event did to the editor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditorEvent {
    /// The text changed.
    Changed,
    /// Caret, selection or mode changed.
    Moved,
    /// This text belongs on the clipboard.
    Copy(String),
    /// Not the editor's: save, close and the like.
    Ignored,
}

/// A text being written.
pub trait BodyEditor {
    /// The whole text.
    fn text(&self) -> String;
    /// Replaces the text, forgetting history and changes.
    fn set_text(&mut self, text: &str);
    /// Takes an event.
    fn handle(&mut self, event: &Event) -> EditorEvent;
    /// Whether the text differs from the last [`Self::set_text`] or [`Self::saved`].
    fn dirty(&self) -> bool;
    /// The present text has been saved.
    fn saved(&mut self);
    /// Whether text is selected.
    fn has_selection(&self) -> bool;
    /// Goes to a paragraph and a byte offset in it: a finding, a comment.
    fn go_to(&mut self, paragraph: usize, byte: usize);
    /// Where the caret is: paragraph and byte offset in it.
    fn position(&self) -> (usize, usize);
    /// Finds `text` from the caret on, around the end; true if it is there.
    fn find(&mut self, text: &str, forward: bool) -> bool;
    /// The contexts of the focus.
    fn contexts(&self) -> Vec<Context>;
    /// How characters are taken now.
    fn text_mode(&self) -> TextMode;
    /// Draws text and, on the last row, its state.
    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env, focused: bool);
    /// Where the caret stood in the last drawing.
    fn cursor(&self) -> Option<Position>;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Insert,
    Normal,
}

/// One row on screen: a paragraph and the bytes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct VisualRow {
    paragraph: usize,
    bytes: std::ops::Range<usize>,
}

/// The editor on the crate's text area.
#[derive(Debug, Clone)]
pub struct PlainEditor {
    area: TextArea<'static>,
    saved: String,
    modal: bool,
    mode: Mode,
    top: usize,
    sticky: Option<u16>,
    width: u16,
    height: u16,
    amb: crate::text::Ambiguous,
    body: Rect,
    caret: Option<Position>,
}

impl PlainEditor {
    /// An empty editor; `modal` as the keymap says.
    pub fn new(modal: bool) -> Self {
        Self {
            area: area_of(""),
            saved: String::new(),
            modal,
            mode: if modal { Mode::Normal } else { Mode::Insert },
            top: 0,
            sticky: None,
            width: 72,
            height: 20,
            amb: crate::text::Ambiguous::Narrow,
            body: Rect::default(),
            caret: None,
        }
    }

    /// The rows of the text at the width of the last drawing.
    fn rows(&self) -> Vec<VisualRow> {
        self.area
            .lines()
            .iter()
            .enumerate()
            .flat_map(|(paragraph, line)| {
                wrap(line, self.width, self.amb)
                    .into_iter()
                    .map(move |bytes| VisualRow { paragraph, bytes })
            })
            .collect()
    }

    /// The row of the caret. At the border of two rows it belongs to the lower one.
    fn caret_row(&self, rows: &[VisualRow]) -> usize {
        let (paragraph, byte) = edit::caret(&self.area);
        rows.iter()
            .rposition(|r| r.paragraph == paragraph && r.bytes.start <= byte)
            .unwrap_or(0)
    }

    fn rows_move(&mut self, by: isize, select: bool) {
        let rows = self.rows();
        let at = self.caret_row(&rows);
        let (paragraph, byte) = edit::caret(&self.area);
        let column = self.sticky.unwrap_or_else(|| {
            text_width(
                &self.area.lines()[paragraph][rows[at].bytes.start..byte],
                self.amb,
            ) as u16
        });
        if select {
            if !self.area.is_selecting() {
                self.area.start_selection();
            }
        } else {
            self.area.cancel_selection();
        }
        let to = at.saturating_add_signed(by).min(rows.len() - 1);
        self.go_column(&rows[to], column, rows.get(to + 1));
        self.sticky = Some(column);
    }

    fn go_column(&mut self, row: &VisualRow, column: u16, below: Option<&VisualRow>) {
        let line = &self.area.lines()[row.paragraph];
        let text = &line[row.bytes.clone()];
        let mut byte = row.bytes.start + offset_at(text, column, self.amb);
        // The end of a wrapped row is the start of the next one; stay on this one.
        if byte == row.bytes.end && below.is_some_and(|b| b.paragraph == row.paragraph) {
            byte = row.bytes.start
                + text
                    .grapheme_indices(true)
                    .next_back()
                    .map_or(0, |(at, _)| at);
        }
        edit::go(&mut self.area, row.paragraph, byte);
    }

    fn insert(&mut self, text: &str) -> EditorEvent {
        if self.area.insert_str(text) {
            EditorEvent::Changed
        } else {
            EditorEvent::Moved
        }
    }

    fn action(&mut self, action: Action) -> EditorEvent {
        let vertical = matches!(
            action,
            Action::MoveUp
                | Action::MoveDown
                | Action::SelectUp
                | Action::SelectDown
                | Action::EditorPageUp
                | Action::EditorPageDown
        );
        if !vertical {
            self.sticky = None;
        }
        let page = isize::try_from(self.height.saturating_sub(1).max(1)).unwrap_or(1);
        match action {
            Action::MoveUp => self.rows_move(-1, false),
            Action::MoveDown => self.rows_move(1, false),
            Action::SelectUp => self.rows_move(-1, true),
            Action::SelectDown => self.rows_move(1, true),
            Action::EditorPageUp => self.rows_move(-page, false),
            Action::EditorPageDown => self.rows_move(page, false),
            Action::MoveRowStart
            | Action::MoveRowEnd
            | Action::SelectRowStart
            | Action::SelectRowEnd => {
                let rows = self.rows();
                let at = self.caret_row(&rows);
                if matches!(action, Action::SelectRowStart | Action::SelectRowEnd) {
                    if !self.area.is_selecting() {
                        self.area.start_selection();
                    }
                } else {
                    self.area.cancel_selection();
                }
                let start = matches!(action, Action::MoveRowStart | Action::SelectRowStart);
                self.go_column(
                    &rows[at],
                    if start { 0 } else { u16::MAX },
                    rows.get(at + 1),
                );
            }
            Action::NewLine => return self.insert("\n"),
            Action::NormalMode if self.modal => {
                self.mode = Mode::Normal;
                self.area.cancel_selection();
            }
            Action::InsertMode
            | Action::InsertAfter
            | Action::InsertRowStart
            | Action::InsertRowEnd
            | Action::OpenBelow
            | Action::OpenAbove
                if self.modal =>
            {
                return self.enter_insert(action);
            }
            other => {
                return match edit::apply(&mut self.area, other) {
                    Did::Nothing => EditorEvent::Ignored,
                    Did::Moved => EditorEvent::Moved,
                    Did::Edited if other == Action::Cut => EditorEvent::Copy(self.area.yank_text()),
                    Did::Edited => EditorEvent::Changed,
                    Did::Copied => EditorEvent::Copy(self.area.yank_text()),
                };
            }
        }
        EditorEvent::Moved
    }

    fn enter_insert(&mut self, action: Action) -> EditorEvent {
        self.mode = Mode::Insert;
        self.area.cancel_selection();
        let (row, byte) = edit::caret(&self.area);
        match action {
            Action::InsertAfter if byte < self.area.lines()[row].len() => {
                edit::apply(&mut self.area, Action::MoveRight);
            }
            Action::InsertRowStart => edit::go(&mut self.area, row, 0),
            Action::InsertRowEnd => self.area.move_cursor(CursorMove::End),
            Action::OpenBelow => {
                self.area.move_cursor(CursorMove::End);
                return self.insert("\n");
            }
            Action::OpenAbove => {
                self.area.move_cursor(CursorMove::Head);
                let did = self.insert("\n");
                edit::go(&mut self.area, row, 0);
                return did;
            }
            _ => {}
        }
        EditorEvent::Moved
    }

    fn state(&self) -> String {
        let mut parts = Vec::new();
        if self.modal {
            parts.push(match (self.mode, self.has_selection()) {
                (Mode::Normal, true) => tr!("tui-editor-mode-visual"),
                (Mode::Normal, false) => tr!("tui-editor-mode-normal"),
                (Mode::Insert, _) => tr!("tui-editor-mode-insert"),
            });
        }
        parts.push(tr!(
            "tui-editor-words",
            count = crate::text::count(&self.text()).without_punctuation
        ));
        if self.dirty() {
            parts.push(tr!("tui-editor-modified"));
        }
        parts.join("  ")
    }
}

/// A text area with this text and a history long enough for a day's work.
fn area_of(text: &str) -> TextArea<'static> {
    let mut area = TextArea::new(clean_paste(text).split('\n').map(str::to_owned).collect());
    area.set_max_histories(10_000);
    area
}

impl BodyEditor for PlainEditor {
    fn text(&self) -> String {
        edit::text(&self.area)
    }

    fn set_text(&mut self, text: &str) {
        self.area = area_of(text);
        self.saved = self.text();
        self.top = 0;
        self.sticky = None;
    }

    fn handle(&mut self, event: &Event) -> EditorEvent {
        match event {
            Event::Text(text) => {
                self.sticky = None;
                self.insert(text)
            }
            Event::Paste(text) => {
                self.sticky = None;
                self.insert(&clean_paste(text))
            }
            Event::Action(action) => self.action(*action),
            Event::Mouse(mouse) if draw::holds(self.body, mouse.column, mouse.row) => {
                match mouse.kind {
                    MouseEventKind::ScrollDown => self.rows_move(3, false),
                    MouseEventKind::ScrollUp => self.rows_move(-3, false),
                    MouseEventKind::Down(MouseButton::Left)
                    | MouseEventKind::Drag(MouseButton::Left) => {
                        let drag = matches!(mouse.kind, MouseEventKind::Drag(_));
                        if !drag {
                            self.area.cancel_selection();
                        } else if !self.area.is_selecting() {
                            self.area.start_selection();
                        }
                        let rows = self.rows();
                        let at =
                            (self.top + usize::from(mouse.row - self.body.y)).min(rows.len() - 1);
                        self.go_column(&rows[at], mouse.column - self.body.x, rows.get(at + 1));
                        self.sticky = None;
                    }
                    _ => return EditorEvent::Ignored,
                }
                EditorEvent::Moved
            }
            _ => EditorEvent::Ignored,
        }
    }

    fn dirty(&self) -> bool {
        self.text() != self.saved
    }

    fn saved(&mut self) {
        self.saved = self.text();
    }

    fn has_selection(&self) -> bool {
        self.area
            .selection_range()
            .is_some_and(|(from, to)| from != to)
            || (self.modal && self.area.is_selecting())
    }

    fn go_to(&mut self, paragraph: usize, byte: usize) {
        self.area.cancel_selection();
        let paragraph = paragraph.min(self.area.lines().len() - 1);
        let line = &self.area.lines()[paragraph];
        let byte = (0..=byte.min(line.len()))
            .rev()
            .find(|b| line.is_char_boundary(*b))
            .unwrap_or(0);
        edit::go(&mut self.area, paragraph, byte);
        self.sticky = None;
    }

    fn position(&self) -> (usize, usize) {
        edit::caret(&self.area)
    }

    fn find(&mut self, text: &str, forward: bool) -> bool {
        if text.is_empty() {
            return false;
        }
        let here = edit::caret(&self.area);
        let hits: Vec<(usize, usize)> = self
            .area
            .lines()
            .iter()
            .enumerate()
            .flat_map(|(n, line)| line.match_indices(text).map(move |(at, _)| (n, at)))
            .collect();
        let hit = if forward {
            hits.iter().find(|h| **h > here).or(hits.first())
        } else {
            hits.iter().rev().find(|h| **h < here).or(hits.last())
        };
        if let Some((row, byte)) = hit.copied() {
            self.go_to(row, byte);
        }
        hit.is_some()
    }

    fn contexts(&self) -> Vec<Context> {
        match (self.mode, self.has_selection()) {
            (Mode::Insert, _) => vec![Context::Editor],
            (Mode::Normal, true) => vec![
                Context::EditorVisual,
                Context::EditorNormal,
                Context::Editor,
            ],
            (Mode::Normal, false) => vec![Context::EditorNormal, Context::Editor],
        }
    }

    fn text_mode(&self) -> TextMode {
        match self.mode {
            Mode::Insert => TextMode::Lines,
            Mode::Normal => TextMode::None,
        }
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env, focused: bool) {
        self.caret = None;
        if area.height < 2 || area.width < 4 {
            return;
        }
        self.body = Rect {
            height: area.height - 1,
            ..area
        };
        // One cell stays free for the caret behind a full row.
        self.width = area.width - 1;
        self.height = self.body.height;
        self.amb = env.amb;
        let rows = self.rows();
        let at = self.caret_row(&rows);
        let fit = usize::from(self.height);
        self.top = self.top.min(at).max((at + 1).saturating_sub(fit));
        let (caret_paragraph, caret_byte) = edit::caret(&self.area);
        let selection = self.area.selection_range().map(|(from, to)| {
            let place = |(row, column): (usize, usize)| {
                (row, edit::byte_of(&self.area.lines()[row], column))
            };
            place(from)..place(to)
        });
        for (n, row) in rows.iter().enumerate().skip(self.top).take(fit) {
            let y = self.body.y + (n - self.top) as u16;
            let mut x = self.body.x;
            for (byte, g) in
                self.area.lines()[row.paragraph][row.bytes.clone()].grapheme_indices(true)
            {
                let byte = row.bytes.start + byte;
                if n == at && row.paragraph == caret_paragraph && byte == caret_byte {
                    self.caret = Some(Position::new(x, y));
                }
                let selected = selection
                    .as_ref()
                    .is_some_and(|s| s.contains(&(row.paragraph, byte)));
                let style = if selected {
                    env.styles.text.patch(env.styles.selection)
                } else {
                    env.styles.text
                };
                // What is drawn takes the cells that wrapping counted.
                let room = cells(g, env.amb).max(u16::from(g == "\t"));
                x += draw::put(buf, x, y, &inert(g), style, room, env.amb);
            }
            if n == at && self.caret.is_none() {
                self.caret = Some(Position::new(x.min(area.right() - 1), y));
            }
        }
        if !focused {
            self.caret = None;
        }
        draw::put_right(
            buf,
            area.right(),
            area.bottom() - 1,
            &self.state(),
            env.styles.muted,
            area.width,
            env.amb,
        );
    }

    fn cursor(&self) -> Option<Position> {
        self.caret
    }
}
