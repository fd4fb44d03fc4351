//! Into and out of the modes; a command as one step, and once more.

use super::Mode;
use crate::tui::action::Action;
use crate::tui::component::Event;
use crate::tui::prose::buffer::Pos;
use crate::tui::prose::history::Caret;
use crate::tui::prose::motion::first_letter;
use crate::tui::prose::{Did, Prose};

impl Prose {
    /// Where a command has come to its end, its changes are one step and can be repeated.
    pub(super) fn command_over(&mut self) {
        if self.modal.idle() && self.panel.is_none() {
            self.history.part();
            self.settle();
            let changed = self.history.state() != self.modal.started;
            if changed && !self.modal.once && !self.modal.replaying {
                self.modal.last_change = std::mem::take(&mut self.modal.recording);
            }
        }
    }

    /// Takes note of an event that the line at the bottom gets: it may belong to a command.
    pub(in crate::tui::prose) fn note_for_repeat(&mut self, event: &Event) {
        if self.modal.on && !self.modal.replaying {
            self.modal.recording.push(event.clone());
        }
    }

    pub(super) fn inserting(&mut self, event: &Event) -> Did {
        if *event != Event::Action(Action::NormalMode) {
            return self.plain(event);
        }
        let (from, times) = std::mem::replace(&mut self.modal.insertion, (0, 1));
        if times > 1 && !self.modal.replaying {
            let typed: Vec<Event> = self.modal.recording[from.min(self.modal.recording.len())..]
                .iter()
                .filter(|e| matches!(e, Event::Text(_) | Event::Action(Action::NewLine)))
                .cloned()
                .collect();
            let once: usize = typed
                .iter()
                .map(|e| match e {
                    Event::Text(text) => text.len(),
                    _ => 1,
                })
                .sum();
            let times = if once.saturating_mul(times) > self.room() {
                self.say_full();
                1
            } else {
                times
            };
            for event in (1..times).flat_map(|_| &typed) {
                self.plain(event);
            }
            // Repeating the command types all of it again.
            let all = (1..times).flat_map(|_| typed.clone()).collect::<Vec<_>>();
            let esc = self.modal.recording.pop();
            self.modal.recording.extend(all);
            self.modal.recording.extend(esc);
        }
        self.modal.mode = Mode::Normal;
        self.modal.reset();
        let Pos { paragraph, byte } = self.caret.head;
        self.caret = Caret::at(Pos::new(paragraph, self.buffer.left_of(paragraph, byte)));
        Did::Moved
    }

    pub(super) fn visual(&mut self, mode: Mode) {
        if self.modal.mode == mode {
            self.modal.mode = Mode::Normal;
            self.caret.anchor = None;
        } else {
            if self.modal.mode == Mode::Normal {
                self.caret.anchor = Some(self.caret.head);
            }
            self.modal.mode = mode;
        }
    }

    /// Begins an insertion: from here on all is one step and one command.
    pub(super) fn insert(&mut self, times: usize) {
        self.modal.mode = Mode::Insert;
        self.modal.insertion = (self.modal.recording.len(), times);
        self.caret.anchor = None;
    }

    pub(super) fn enter_insert(&mut self, action: Action, times: usize) {
        let selection = self.selection();
        let visual = self.modal.mode != Mode::Normal;
        self.modal.leave_visual();
        self.caret.anchor = None;
        let Pos { paragraph, byte } = self.caret.head;
        let text = self.buffer.paragraph(paragraph);
        let head = match action {
            Action::InsertRowStart if visual => selection.map_or(self.caret.head, |s| s.start),
            Action::InsertRowEnd if visual => selection.map_or(self.caret.head, |s| s.end),
            Action::InsertAfter => Pos::new(paragraph, self.buffer.right_of(paragraph, byte)),
            Action::InsertRowStart => Pos::new(paragraph, first_letter(text)),
            Action::InsertRowEnd | Action::OpenBelow => Pos::new(paragraph, text.len()),
            Action::OpenAbove => Pos::new(paragraph, 0),
            _ => self.caret.head,
        };
        self.caret = Caret::at(head);
        self.insert(times);
        match action {
            Action::OpenBelow => self.new_line(),
            Action::OpenAbove => {
                self.type_text("\n");
                self.caret = Caret::at(Pos::new(paragraph, 0));
            }
            _ => {}
        }
    }

    /// Does the last change again.
    pub(super) fn repeat(&mut self, count: Option<usize>) {
        self.modal.once = true;
        if self.modal.replaying {
            return;
        }
        let mut events = self.modal.last_change.clone();
        if count.is_some() {
            let digits = events
                .iter()
                .take_while(|e| matches!(e, Event::Key(_) | Event::Action(Action::CountZero)))
                .count();
            events.drain(..digits);
        }
        self.modal.count = count;
        self.modal.replaying = true;
        for event in &events {
            if self.panel.is_some() {
                self.in_panel(event);
            } else {
                self.in_modal(event);
            }
        }
        self.modal.replaying = false;
        self.modal.once = true;
    }
}
