//! The prose editor: a widget to write Chinese text in.
//!
//! # The parts
//!
//! [`buffer`] holds the paragraphs, each with its rows and its Markdown once somebody has looked.
//! An edit inside a paragraph touches what it changes and nothing else, so a key costs the same in
//! a note and in a book. One that adds or takes away line breaks also renews the sums over all
//! paragraphs, and lays the paragraphs at both its ends out anew: Enter costs a quarter more than a
//! letter in a text of 1 MB, two thirds more in a single paragraph of 200 KB. [`history`] knows edits, steps of undo and what is saved. [`motion`] are the ways through
//! the text, by the same rows that [`view`] draws. [`act`] carries out the actions of the keymap,
//! [`modal`] those of vim's commands, [`panel`] is the line at the bottom for searching, replacing
//! and commands. [`marks`] are findings and comments, which go along with the text.
//!
//! The widget asks its owner for what it cannot do itself through [`Prose::requests`]: the
//! clipboard, saving, a question before a very large paste.

pub mod act;
pub mod buffer;
pub mod colour;
pub mod history;
pub mod lines;
pub mod marks;
pub mod modal;
pub mod motion;
pub mod panel;
pub mod search;
pub mod sums;
pub mod view;

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use crate::desk::content::MAX_TEXT;
use crate::text::count::{self, Counts};
use crate::tr;
use crate::tui::action::{Context, Flag};
use crate::tui::component::{Command, Event, TextMode};
use crate::tui::draw;

pub use buffer::{Buffer, Pos};
pub use history::{Caret, Edit, Kind};
pub use marks::{Mark, MarkKind};

use history::History;
use marks::Marks;
use modal::{Modal, Mode};
use panel::Panel;
use search::Finder;
use view::View;

/// From how many bytes on a paste is asked about first.
pub const LARGE_PASTE: usize = 100 * 1024;
/// Two clicks this close together are a double click.
const DOUBLE_CLICK: Duration = Duration::from_millis(400);

/// What an event did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Did {
    /// The text changed.
    Changed,
    /// Caret, selection or state changed, or there is a request.
    Moved,
    /// The event is not the editor's: close, leave and the like.
    Ignored,
}

/// What the owner is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Put this on the clipboard.
    Copy(String),
    /// Save.
    Save,
    /// Leave.
    Close,
    /// Save, then leave.
    SaveAndClose,
    /// Ask whether so large a text is meant, then [`Prose::paste`] it.
    LargePaste(String),
    /// Say something in passing.
    Say(String),
}

/// A stretch cut or copied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Clip {
    text: String,
    /// Whole paragraphs, to be put between paragraphs.
    lines: bool,
}

/// A text being written.
#[derive(Debug, Clone)]
pub struct Prose {
    buffer: Buffer,
    caret: Caret,
    history: History,
    marks: Marks,
    modal: Modal,
    panel: Option<Panel>,
    finder: Option<Finder>,
    /// Whether matches of the last search are shown.
    highlight: bool,
    backward: bool,
    clips: Vec<Clip>,
    /// Where the last paste lies and which clip it was, for the one before it.
    pasted: Option<(Range<Pos>, usize)>,
    /// The last thing was a deletion that the next one adds to.
    killing: bool,
    /// Moves extend the selection although no shift is held.
    extending: bool,
    click: Option<(Duration, Position, u8)>,
    selected: Option<(Range<Pos>, u64, Counts)>,
    requests: Vec<Request>,
    view: View,
    now: Duration,
    /// A note in a dialog: no state row, no margin.
    small: bool,
}

impl Prose {
    /// An empty text; `modal` as the keymap says.
    pub fn new(modal: bool) -> Self {
        Self {
            buffer: Buffer::new(""),
            caret: Caret::default(),
            history: History::default(),
            marks: Marks::default(),
            modal: Modal::new(modal),
            panel: None,
            finder: None,
            highlight: false,
            backward: false,
            clips: Vec::new(),
            pasted: None,
            killing: false,
            extending: false,
            click: None,
            selected: None,
            requests: Vec::new(),
            view: View::default(),
            now: Duration::ZERO,
            small: false,
        }
    }

    /// An empty text in a dialog: no margin, no row of state, never modal.
    pub fn note() -> Self {
        Self {
            small: true,
            ..Self::new(false)
        }
    }

    /// Replaces the text and forgets history, marks and place.
    pub fn set_text(&mut self, text: &str) {
        let clean = crate::tui::widgets::clean_paste(text);
        self.buffer = Buffer::new(&clean);
        self.caret = Caret::default();
        self.history = History::default();
        self.marks = Marks::default();
        self.view.top = (0, 0);
        self.selected = None;
    }

    /// Replaces the text as one step that can be undone; caret and history stay.
    pub fn rewrite(&mut self, text: &str) {
        let clean = crate::tui::widgets::clean_paste(text);
        let old = self.buffer.text();
        // Only the part that differs, so that marks and caret keep their places around it.
        let head = common(old.chars(), clean.chars());
        let tail = common(old[head..].chars().rev(), clean[head..].chars().rev());
        if head == old.len() && head == clean.len() {
            return;
        }
        let from = history::end_of(Pos::default(), &old[..head]);
        let edit = Edit {
            at: from,
            removed: old[head..old.len() - tail].to_owned(),
            inserted: clean[head..clean.len() - tail].to_owned(),
        };
        self.history.close();
        let place = self.caret.head;
        self.perform(vec![edit], Kind::Command, None);
        self.caret = Caret::at(self.buffer.clamp(place));
        self.history.close();
    }

    /// Takes the last step back; "redo" brings it again.
    pub fn take_back(&mut self) {
        self.undo();
    }

    /// The whole text.
    pub fn text(&self) -> String {
        self.buffer.text()
    }

    /// The text for another thread.
    pub fn snapshot(&self) -> Arc<str> {
        self.buffer.text().into()
    }

    /// The paragraphs.
    pub fn buffer(&self) -> &Buffer {
        &self.buffer
    }

    /// Names the text as it is now. What is typed from here on is a new step, so that undo can
    /// come back to exactly this text.
    pub fn state(&mut self) -> u64 {
        self.history.close();
        self.history.state()
    }

    /// The name of the text as it is now, without ending the step that is being typed.
    pub fn current_state(&self) -> u64 {
        self.history.state()
    }

    /// Whether the text is still the one named `state`.
    pub fn is_at(&self, state: u64) -> bool {
        self.history.state() == state
    }

    /// The text named `state` has been saved; what was typed meanwhile has not.
    pub fn saved(&mut self, state: u64) {
        self.history.saved(state);
    }

    /// Whether the text differs from the saved one.
    pub fn dirty(&self) -> bool {
        self.history.dirty()
    }

    /// 字数 of the text.
    pub fn counts(&self) -> Counts {
        self.buffer.counts()
    }

    /// The caret.
    pub fn caret(&self) -> Caret {
        self.caret
    }

    /// Where the caret is: paragraph and byte in it.
    pub fn position(&self) -> (usize, usize) {
        (self.caret.head.paragraph, self.caret.head.byte)
    }

    /// Goes to a place: a finding, a comment.
    pub fn go_to(&mut self, paragraph: usize, byte: usize) {
        let head = self.buffer.clamp(Pos::new(paragraph, byte));
        self.history.close();
        self.caret = Caret::at(head);
        self.extending = false;
        self.settle();
    }

    /// Selects a stretch, the caret at its end.
    pub fn select(&mut self, range: &Range<Pos>) {
        self.history.close();
        self.caret = Caret {
            head: self.buffer.clamp(range.end),
            anchor: Some(self.buffer.clamp(range.start)),
            ..Caret::default()
        };
        self.settle();
    }

    /// What is selected, as it would be cut: in visual mode with the character under the caret.
    pub fn selection(&self) -> Option<Range<Pos>> {
        match self.modal.mode() {
            Mode::Visual => {
                let anchor = self.caret.anchor?;
                let (from, to) = (anchor.min(self.caret.head), anchor.max(self.caret.head));
                let end = self.buffer.right_of(to.paragraph, to.byte);
                Some(from..Pos::new(to.paragraph, end))
            }
            Mode::VisualLine => {
                let anchor = self.caret.anchor?;
                let (from, to) = (anchor.min(self.caret.head), anchor.max(self.caret.head));
                let end = self.buffer.paragraph(to.paragraph).len();
                Some(Pos::new(from.paragraph, 0)..Pos::new(to.paragraph, end))
            }
            _ => self.caret.selection(),
        }
    }

    /// 字数 of what is selected. The shorter side is counted, and only when it changed.
    pub fn selected_counts(&mut self) -> Option<Counts> {
        let range = self.selection()?;
        let state = self.history.state();
        if let Some((r, s, counts)) = &self.selected
            && *r == range
            && *s == state
        {
            return Some(*counts);
        }
        let inside = range.end.paragraph - range.start.paragraph;
        let counts = if inside * 2 > self.buffer.len() {
            let outside = count::count(&self.buffer.slice(&(Pos::default()..range.start)));
            let all = self.buffer.counts().changed(outside, Counts::default());
            let behind = count::count(&self.buffer.slice(&(range.end..self.buffer.end())));
            all.changed(behind, Counts::default())
        } else {
            count::count(&self.buffer.slice(&range))
        };
        self.selected = Some((range, state, counts));
        Some(counts)
    }

    /// Other findings and comments; the old ones go.
    pub fn set_marks(&mut self, marks: Vec<Mark>) {
        self.marks.set(marks);
    }

    /// Other marks in the place of those that `old` says; the rest stays.
    pub fn exchange_marks(&mut self, old: impl Fn(&Mark) -> bool, new: Vec<Mark>) {
        let mut list: Vec<Mark> = self
            .marks
            .all()
            .iter()
            .filter(|m| !old(m))
            .cloned()
            .collect();
        list.extend(new);
        self.marks.set(list);
    }

    /// What can be done while the line at the bottom is open; nothing while it is not.
    pub fn panel_commands(&self) -> Vec<Command> {
        self.panel.as_ref().map(Panel::commands).unwrap_or_default()
    }

    /// The findings and comments where they are now.
    pub fn marks(&self) -> &[Mark] {
        self.marks.all()
    }

    /// What the editor wants of its owner, to be carried out in order.
    pub fn requests(&mut self) -> Vec<Request> {
        std::mem::take(&mut self.requests)
    }

    /// The contexts of the focus, innermost first.
    pub fn contexts(&self) -> Vec<Context> {
        if self.panel.is_some() {
            return vec![Context::FindPanel, Context::Field];
        }
        if self.small {
            return vec![Context::Note, Context::Editor];
        }
        self.modal.contexts()
    }

    /// How characters are taken now.
    pub fn text_mode(&self) -> TextMode {
        if self.panel.is_some() {
            return TextMode::Line;
        }
        self.modal.text_mode()
    }

    /// Facts that bindings depend on.
    pub fn flag(&self, flag: Flag) -> bool {
        match flag {
            Flag::HasSelection => self.caret.selection().is_some() || self.extending,
            Flag::Counting => self.modal.counting(),
            Flag::Modified => self.dirty(),
            _ => false,
        }
    }

    /// Where the caret stood in the last drawing.
    pub fn cursor(&self) -> Option<Position> {
        match &self.panel {
            Some(panel) => panel.cursor(),
            None => self.view.caret,
        }
    }

    /// The first paragraph on screen.
    pub fn top_paragraph(&self) -> usize {
        self.view.top.0
    }

    /// Takes an event that happened at `now`, a time that only goes forward.
    pub fn handle(&mut self, event: &Event, now: Duration) -> Did {
        self.now = now;
        let before = self.history.state();
        let did = if self.panel.is_some() {
            self.note_for_repeat(event);
            self.in_panel(event)
        } else if self.modal.is_on() {
            self.in_modal(event)
        } else {
            self.plain(event)
        };
        // A match or a replacement may end inside a cluster; the caret never does.
        self.caret.head = self.buffer.clamp(self.caret.head);
        self.caret.anchor = self.caret.anchor.map(|a| self.buffer.clamp(a));
        if self.history.state() == before {
            did
        } else {
            Did::Changed
        }
    }

    /// Takes an event as an editor without modes does.
    fn plain(&mut self, event: &Event) -> Did {
        match event {
            Event::Text(text) => {
                self.type_text(text);
                Did::Changed
            }
            Event::Paste(text) if text.len() > LARGE_PASTE => {
                self.requests.push(Request::LargePaste(text.clone()));
                Did::Moved
            }
            Event::Paste(text) => {
                self.paste(text);
                Did::Changed
            }
            Event::Action(action) => self.act(*action),
            Event::Mouse(mouse) => self.mouse(*mouse),
            Event::Key(_) => Did::Ignored,
        }
    }

    /// Puts a text from outside at the caret as one step.
    pub fn paste(&mut self, text: &str) {
        let clean = crate::tui::widgets::clean_paste(text);
        self.history.close();
        self.type_text(&clean);
        self.history.close();
    }

    /// Typed text takes the place of the selection.
    fn type_text(&mut self, text: &str) {
        self.killing = false;
        self.pasted = None;
        self.extending = false;
        let at = match self.selection() {
            Some(range) => range,
            None => self.caret.head..self.caret.head,
        };
        self.replace(&at, text, Kind::Type);
    }

    /// Puts `new` in the place of a stretch, the caret behind it.
    fn replace(&mut self, range: &Range<Pos>, new: &str, kind: Kind) {
        if range.is_empty() && new.is_empty() {
            return;
        }
        let edit = Edit {
            at: range.start,
            removed: self.buffer.slice(range),
            inserted: new.to_owned(),
        };
        self.perform(vec![edit], kind, None);
    }

    /// How many bytes may still be written.
    fn room(&self) -> usize {
        MAX_TEXT.saturating_sub(self.buffer.bytes())
    }

    fn say_full(&mut self) {
        let mb: usize = MAX_TEXT >> 20;
        let said = tr!("tui-editor-full", mb = mb);
        self.requests.push(Request::Say(said));
    }

    /// Makes edits happen as (part of) a step; the caret goes to `after`, or behind the last edit.
    /// False where the text would become longer than one may be: then nothing happens.
    fn perform(&mut self, edits: Vec<Edit>, kind: Kind, after: Option<Caret>) -> bool {
        let new: usize = edits.iter().map(|e| e.inserted.len()).sum();
        let old: usize = edits.iter().map(|e| e.removed.len()).sum();
        if new.saturating_sub(old) > self.room() && new > old {
            self.say_full();
            return false;
        }
        let before = self.caret;
        let mut end = before.head;
        for edit in &edits {
            end = edit.apply(&mut self.buffer);
            self.marks.follow(edit);
        }
        // A combining mark may have joined the character before: the caret never stands inside.
        let end = self.buffer.clamp_right(end);
        self.caret = after.unwrap_or_else(|| Caret::at(end));
        self.history
            .record(edits, kind, before, self.caret, self.now);
        true
    }

    fn undo(&mut self) -> Did {
        let marks = &mut self.marks;
        match self.history.undo(&mut self.buffer, |e| marks.follow(e)) {
            Some(caret) => {
                self.caret = Caret {
                    upper: false,
                    ..caret
                }
            }
            None => return Did::Moved,
        }
        self.settle();
        Did::Changed
    }

    fn redo(&mut self) -> Did {
        let marks = &mut self.marks;
        match self.history.redo(&mut self.buffer, |e| marks.follow(e)) {
            Some(caret) => {
                self.caret = Caret {
                    upper: false,
                    ..caret
                }
            }
            None => return Did::Moved,
        }
        self.settle();
        Did::Changed
    }

    /// In command mode the caret stands on a character, not behind the last.
    fn settle(&mut self) {
        if self.modal.mode() == Mode::Normal && self.modal.is_on() {
            let Pos { paragraph, byte } = self.caret.head;
            if byte > 0 && byte == self.buffer.paragraph(paragraph).len() {
                self.caret.head.byte = self.buffer.left_of(paragraph, byte);
            }
            self.caret.upper = false;
        }
    }

    fn mouse(&mut self, mouse: MouseEvent) -> Did {
        if !draw::holds(self.view.body, mouse.column, mouse.row) {
            return Did::Ignored;
        }
        match mouse.kind {
            MouseEventKind::ScrollDown => self.scroll(3),
            MouseEventKind::ScrollUp => self.scroll(-3),
            MouseEventKind::Down(MouseButton::Left) => {
                let (pos, upper) = self.place_at(mouse.column, mouse.row);
                let here = Position::new(mouse.column, mouse.row);
                let times = match self.click {
                    Some((at, place, n))
                        if place == here && self.now.saturating_sub(at) < DOUBLE_CLICK =>
                    {
                        n % 3 + 1
                    }
                    _ => 1,
                };
                self.click = Some((self.now, here, times));
                self.history.close();
                self.extending = false;
                self.modal.leave_visual();
                self.caret = Caret {
                    upper,
                    ..Caret::at(pos)
                };
                let text = self.buffer.paragraph(pos.paragraph);
                let range = match times {
                    2 => motion::word_at(text, pos.byte),
                    3 => 0..text.len(),
                    _ => {
                        self.settle();
                        return Did::Moved;
                    }
                };
                let p = pos.paragraph;
                self.select_stretch(&(Pos::new(p, range.start)..Pos::new(p, range.end)));
            }
            MouseEventKind::Drag(MouseButton::Left) => {
                let (pos, upper) = self.place_at(mouse.column, mouse.row);
                let anchor = self.caret.anchor.unwrap_or(self.caret.head);
                if self.modal.is_on() && self.modal.mode() == Mode::Normal && anchor != pos {
                    self.modal.enter_visual();
                }
                self.caret = Caret {
                    head: pos,
                    anchor: Some(anchor),
                    upper,
                    sticky: None,
                };
            }
            _ => return Did::Ignored,
        }
        Did::Moved
    }

    /// Selects a stretch in the way of the mode.
    fn select_stretch(&mut self, range: &Range<Pos>) {
        let mut head = range.end;
        if self.modal.is_on() && self.modal.mode() != Mode::Insert && !range.is_empty() {
            self.modal.enter_visual();
            head.byte = self.buffer.left_of(head.paragraph, head.byte);
        }
        self.caret = Caret {
            head,
            anchor: Some(range.start),
            ..Caret::default()
        };
    }
}

/// The bytes that two texts have in common at their start.
fn common(a: impl Iterator<Item = char>, b: impl Iterator<Item = char>) -> usize {
    a.zip(b)
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum()
}

#[cfg(test)]
mod tests;
