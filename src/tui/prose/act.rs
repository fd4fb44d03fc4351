//! The actions of the keymap carried out on the text.

use std::ops::Range;

use crate::tr;
use crate::tui::action::Action;
use crate::tui::prose::buffer::Pos;
use crate::tui::prose::history::{Caret, Kind};
use crate::tui::prose::modal::Mode;
use crate::tui::prose::motion::{self, Motion};
use crate::tui::prose::panel::PanelKind;
use crate::tui::prose::{Clip, Did, Prose, Request};

/// Clips kept for pasting older ones.
const CLIPS: usize = 60;
/// And their bytes in all; the last one is kept however long it is.
const CLIP_BYTES: usize = 32 << 20;

/// How an action moves, and whether it extends the selection.
pub(super) fn motion_of(action: Action, page: isize) -> Option<(Motion, bool)> {
    let half = (page / 2).max(1);
    Some(match action {
        Action::MoveLeft => (Motion::Left, false),
        Action::MoveRight => (Motion::Right, false),
        Action::MoveUp => (Motion::Rows(-1), false),
        Action::MoveDown => (Motion::Rows(1), false),
        Action::MoveWordLeft => (Motion::WordLeft, false),
        Action::MoveWordRight => (Motion::WordRight, false),
        Action::MoveWordEnd => (Motion::WordEnd, false),
        Action::MoveClauseLeft => (Motion::ClauseLeft, false),
        Action::MoveClauseRight => (Motion::ClauseRight, false),
        Action::MoveClauseEnd => (Motion::ClauseEnd, false),
        Action::MoveRowStart => (Motion::RowStart, false),
        Action::MoveRowEnd => (Motion::RowEnd, false),
        Action::MoveParagraphStart => (Motion::ParagraphStart, false),
        Action::MoveParagraphEnd => (Motion::ParagraphEnd, false),
        Action::MoveFirstLetter => (Motion::FirstLetter, false),
        Action::MoveSentenceLeft => (Motion::SentenceLeft, false),
        Action::MoveSentenceRight => (Motion::SentenceRight, false),
        Action::MoveParagraphUp => (Motion::ParagraphUp, false),
        Action::MoveParagraphDown => (Motion::ParagraphDown, false),
        Action::MoveStart => (Motion::Start, false),
        Action::MoveEnd => (Motion::End, false),
        Action::MovePair => (Motion::Pair, false),
        Action::EditorPageUp => (Motion::Rows(-page), false),
        Action::EditorPageDown => (Motion::Rows(page), false),
        Action::HalfPageUp => (Motion::Rows(-half), false),
        Action::HalfPageDown => (Motion::Rows(half), false),
        Action::SelectLeft => (Motion::Left, true),
        Action::SelectRight => (Motion::Right, true),
        Action::SelectUp => (Motion::Rows(-1), true),
        Action::SelectDown => (Motion::Rows(1), true),
        Action::SelectWordLeft => (Motion::WordLeft, true),
        Action::SelectWordRight => (Motion::WordRight, true),
        Action::SelectRowStart => (Motion::RowStart, true),
        Action::SelectRowEnd => (Motion::RowEnd, true),
        Action::SelectSentenceLeft => (Motion::SentenceLeft, true),
        Action::SelectSentenceRight => (Motion::SentenceRight, true),
        Action::SelectParagraphUp => (Motion::ParagraphUp, true),
        Action::SelectParagraphDown => (Motion::ParagraphDown, true),
        Action::SelectStart => (Motion::Start, true),
        Action::SelectEnd => (Motion::End, true),
        Action::SelectPageUp => (Motion::Rows(-page), true),
        Action::SelectPageDown => (Motion::Rows(page), true),
        Action::SelectPair => (Motion::Pair, true),
        _ => return None,
    })
}

/// What a deletion takes away: the way from the caret, and whether it adds to the clips as emacs'
/// kills do.
fn deletion_of(action: Action) -> Option<(Motion, bool)> {
    Some(match action {
        Action::DeleteLeft => (Motion::Left, false),
        Action::DeleteRight => (Motion::Right, false),
        Action::DeleteWordLeft => (Motion::WordLeft, false),
        Action::DeleteWordRight => (Motion::WordRight, false),
        Action::DeleteSentenceLeft => (Motion::SentenceLeft, false),
        Action::DeleteSentenceRight => (Motion::SentenceRight, false),
        Action::DeleteToRowEnd => (Motion::RowEnd, false),
        Action::DeleteToRowStart => (Motion::RowStart, false),
        Action::DeleteToParagraphEnd => (Motion::ParagraphEnd, false),
        Action::KillToRowEnd => (Motion::RowEnd, true),
        Action::KillWordLeft => (Motion::WordLeft, true),
        Action::KillWordRight => (Motion::WordEnd, true),
        Action::KillSentence => (Motion::SentenceRight, true),
        _ => return None,
    })
}

impl Prose {
    /// Rows that a page moves by.
    pub(super) fn page(&self) -> isize {
        isize::from(self.view.body.height as i16 - 2).max(1)
    }

    /// Carries out an action outside vim's commands.
    pub(super) fn act(&mut self, action: Action) -> Did {
        let killed = std::mem::take(&mut self.killing);
        if let Some((motion, select)) = motion_of(action, self.page()) {
            let page = matches!(
                action,
                Action::EditorPageUp
                    | Action::EditorPageDown
                    | Action::HalfPageUp
                    | Action::HalfPageDown
                    | Action::SelectPageUp
                    | Action::SelectPageDown
            );
            if let (true, Motion::Rows(by)) = (page, &motion) {
                self.scroll_top(*by);
            }
            self.walk(&motion, select || self.extending);
            return Did::Moved;
        }
        if let Some((motion, kill)) = deletion_of(action) {
            self.delete(action, &motion, kill, killed);
            return Did::Moved;
        }
        let pasted = self.pasted.take();
        match action {
            Action::NewLine => self.new_line(),
            Action::Undo => return self.undo(),
            Action::Redo => return self.redo(),
            Action::SelectAll => {
                self.history.close();
                self.caret = Caret {
                    anchor: Some(Pos::default()),
                    ..Caret::at(self.buffer.end())
                };
            }
            Action::SelectWord | Action::SelectSentence | Action::SelectParagraph => {
                self.select_unit(action);
            }
            Action::StartSelection => {
                self.extending = true;
                self.caret.anchor = Some(self.caret.head);
            }
            Action::CancelSelection => {
                self.extending = false;
                self.highlight = false;
                self.caret.anchor = None;
            }
            Action::SwapSelection => {
                if let Some(anchor) = self.caret.anchor {
                    self.caret = Caret {
                        anchor: Some(self.caret.head),
                        ..Caret::at(anchor)
                    };
                }
            }
            Action::Copy => self.copy(),
            Action::Cut => {
                self.copy();
                if let Some(range) = self.selection() {
                    self.extending = false;
                    self.replace(&range, "", Kind::Command);
                }
            }
            Action::PasteText => self.paste_clip(0, None),
            Action::PasteOlder => {
                if let Some((range, n)) = pasted {
                    self.paste_clip(n + 1, Some(range));
                }
            }
            Action::Find => self.open_panel(PanelKind::Find, false),
            Action::FindBackward => self.open_panel(PanelKind::Find, true),
            Action::FindReplace => self.open_panel(PanelKind::Replace, false),
            Action::GotoParagraph => self.open_panel(PanelKind::Goto, false),
            Action::FindNext => self.find_again(!self.backward),
            Action::FindPrevious => self.find_again(self.backward),
            Action::FindWord => self.find_word(),
            Action::NextFinding => self.go_mark(true),
            Action::PreviousFinding => self.go_mark(false),
            other => return self.act_on_lines(other),
        }
        Did::Moved
    }

    /// Moves the caret. Without `select` a selection ends: a step to the side goes to its end.
    pub(super) fn walk(&mut self, motion: &Motion, select: bool) {
        self.history.close();
        self.pasted = None;
        if select {
            if self.caret.anchor.is_none() {
                self.caret.anchor = Some(self.caret.head);
            }
        } else if let Some(range) = self.caret.selection()
            && matches!(motion, Motion::Left | Motion::Right)
        {
            let left = *motion == Motion::Left;
            self.caret = Caret::at(if left { range.start } else { range.end });
            return;
        } else {
            self.caret.anchor = None;
        }
        if let Some(moved) = motion::go(&mut self.buffer, self.caret, motion) {
            self.caret = moved;
        }
    }

    fn delete(&mut self, action: Action, motion: &Motion, kill: bool, killed: bool) {
        self.pasted = None;
        self.extending = false;
        let kind = match action {
            Action::DeleteLeft => Kind::DeleteLeft,
            Action::DeleteRight => Kind::DeleteRight,
            _ => Kind::Command,
        };
        let range = if let Some(range) = self.caret.selection() {
            range
        } else {
            let here = self.caret.head;
            let mut to = motion::go(
                &mut self.buffer,
                Caret {
                    anchor: None,
                    ..self.caret
                },
                motion,
            )
            .map_or(here, |c| c.head);
            // Deleting to the end where the end is already reached takes the line break.
            if to == here && matches!(motion, Motion::RowEnd | Motion::ParagraphEnd) {
                to = motion::go(&mut self.buffer, self.caret, &Motion::Right)
                    .map_or(here, |c| c.head);
            }
            here.min(to)..here.max(to)
        };
        if range.is_empty() {
            return;
        }
        if kill {
            let text = self.buffer.slice(&range);
            match self.clips.first_mut() {
                Some(clip) if killed && range.start == self.caret.head => clip.text.push_str(&text),
                Some(clip) if killed => clip.text.insert_str(0, &text),
                _ => self.keep_clip(text, false),
            }
            self.killing = true;
        }
        self.replace(&range, "", kind);
    }

    /// Keeps a text for pasting.
    pub(super) fn keep_clip(&mut self, text: String, lines: bool) {
        self.clips.insert(0, Clip { text, lines });
        let mut bytes = 0;
        let fits = self.clips.iter().take(CLIPS).take_while(|clip| {
            bytes += clip.text.len();
            bytes <= CLIP_BYTES
        });
        let kept = fits.count().max(1);
        self.clips.truncate(kept);
    }

    fn copy(&mut self) {
        if let Some(range) = self.selection() {
            let text = self.buffer.slice(&range);
            self.requests.push(Request::Copy(text.clone()));
            self.keep_clip(text, false);
            self.extending = false;
        }
    }

    fn paste_clip(&mut self, n: usize, over: Option<Range<Pos>>) {
        if self.clips.is_empty() {
            return;
        }
        let n = n % self.clips.len();
        let text = self.clips[n].text.clone();
        let range = over
            .or_else(|| self.selection())
            .unwrap_or(self.caret.head..self.caret.head);
        let from = range.start;
        self.extending = false;
        self.replace(&range, &text, Kind::Command);
        self.pasted = Some((from..self.caret.head, n));
    }

    fn select_unit(&mut self, action: Action) {
        let Pos { paragraph, byte } = self.caret.head;
        let text = self.buffer.paragraph(paragraph);
        let range = match action {
            Action::SelectWord => motion::word_at(text, byte),
            Action::SelectSentence => crate::text::sentence_at(text, byte),
            _ => 0..text.len(),
        };
        self.history.close();
        self.select_stretch(&(Pos::new(paragraph, range.start)..Pos::new(paragraph, range.end)));
    }

    /// Goes to the next match of the last search.
    pub(super) fn find_again(&mut self, forward: bool) {
        let Some(finder) = self.finder.clone() else {
            self.open_panel(PanelKind::Find, !forward);
            return;
        };
        self.history.close();
        let from = match self.caret.selection() {
            Some(range) if self.modal.mode() == Mode::Insert => range.start,
            _ => self.caret.head,
        };
        match finder.next(&self.buffer, from, forward, false) {
            Some(range) => {
                self.highlight = true;
                self.stand_on(&range);
            }
            None => self.say_not_found(&finder.query().text),
        }
    }

    pub(super) fn say_not_found(&mut self, text: &str) {
        self.requests
            .push(Request::Say(tr!("tui-not-found", text = text)));
    }

    /// Shows a match: selected, or with the caret on it in command mode.
    pub(super) fn stand_on(&mut self, range: &Range<Pos>) {
        let range = self.buffer.clamp(range.start)..self.buffer.clamp_right(range.end);
        if self.modal.is_on() && self.modal.mode() != Mode::Insert {
            self.caret = Caret {
                head: range.start,
                anchor: self.caret.anchor,
                ..Caret::default()
            };
            self.settle();
        } else {
            self.caret = Caret {
                anchor: Some(range.start),
                ..Caret::at(range.end)
            };
        }
    }

    fn find_word(&mut self) {
        let Pos { paragraph, byte } = self.caret.head;
        let text = self.buffer.paragraph(paragraph);
        let word = text[motion::word_at(text, byte)].trim().to_owned();
        if word.is_empty() {
            return;
        }
        self.search_for(&word);
        self.backward = false;
        self.find_again(true);
    }

    /// Goes to the next finding or comment.
    fn go_mark(&mut self, forward: bool) {
        let place = self
            .marks
            .next(self.caret.head, forward)
            .map(|m| Pos::new(m.paragraph, m.range.start));
        match place {
            Some(pos) => {
                self.history.close();
                self.caret = Caret::at(self.buffer.clamp(pos));
                self.settle();
            }
            None => self
                .requests
                .push(Request::Say(tr!("tui-editor-no-findings"))),
        }
    }
}
