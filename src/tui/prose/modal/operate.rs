//! Operators carried out, registers, and single commands that change characters.

use std::ops::Range;

use super::{Mode, Operator};
use crate::desk::content::MAX_TEXT;
use crate::tui::prose::buffer::Pos;
use crate::tui::prose::history::{Caret, Kind};
use crate::tui::prose::lines::{indent, outdent};
use crate::tui::prose::motion::first_letter;
use crate::tui::prose::{Clip, Did, Prose, Request};

impl Prose {
    pub(super) fn operator(&mut self, op: Operator, visual: bool) -> Did {
        if visual {
            self.on_selection(op);
            return Did::Moved;
        }
        match self.modal.operator {
            Some((same, _)) if same == op => {
                let times = self.take_count().unwrap_or(1);
                self.modal.operator = None;
                let first = self.caret.head.paragraph;
                let last = (first + times - 1).min(self.buffer.len() - 1);
                self.operate(op, Pos::new(first, 0)..Pos::new(last, 0), true);
            }
            Some(_) => self.modal.reset(),
            None => self.modal.operator = Some((op, self.modal.count.take())),
        }
        Did::Moved
    }

    pub(super) fn on_selection(&mut self, op: Operator) {
        let lines = self.modal.mode == Mode::VisualLine
            || matches!(op, Operator::Indent | Operator::Outdent);
        if let Some(range) = self.selection() {
            self.modal.leave_visual();
            self.caret.anchor = None;
            self.operate(op, range, lines);
        }
        self.modal.leave_visual();
        self.modal.count = None;
    }

    /// Carries an operator out over a stretch, or over the paragraphs it touches.
    pub(super) fn operate(&mut self, op: Operator, range: Range<Pos>, lines: bool) {
        let paragraphs = range.start.paragraph..range.end.paragraph + 1;
        let stretch = if lines {
            let last = range.end.paragraph;
            Pos::new(range.start.paragraph, 0)..Pos::new(last, self.buffer.paragraph(last).len())
        } else {
            range
        };
        if matches!(op, Operator::Delete | Operator::Change | Operator::Yank) {
            let text = self.buffer.slice(&stretch);
            if !text.is_empty() || lines {
                self.store(Clip { text, lines });
            }
        }
        self.modal.register = None;
        match op {
            Operator::Delete if lines => {
                self.delete_lines(paragraphs);
                let p = self.caret.head.paragraph;
                self.caret = Caret::at(Pos::new(p, first_letter(self.buffer.paragraph(p))));
            }
            Operator::Delete => {
                self.replace(&stretch, "", Kind::Command);
                self.caret = Caret::at(stretch.start);
            }
            Operator::Change => {
                self.replace(&stretch, "", Kind::Command);
                self.caret = Caret::at(stretch.start);
                self.insert(1);
            }
            Operator::Yank => {
                if !lines || stretch.start.paragraph < self.caret.head.paragraph {
                    self.caret = Caret::at(stretch.start);
                }
            }
            Operator::Indent | Operator::Outdent => {
                let change = if op == Operator::Indent {
                    indent
                } else {
                    outdent
                };
                self.each_line(paragraphs.clone(), change);
                let p = paragraphs.start;
                self.caret = Caret::at(Pos::new(p, first_letter(self.buffer.paragraph(p))));
            }
        }
    }

    /// Puts a text into the register asked for; a capital letter adds to it.
    pub(super) fn store(&mut self, clip: Clip) {
        match self.modal.register {
            Some('_') => return,
            Some('+' | '*') => self.requests.push(Request::Copy(clip.text.clone())),
            Some(c) if c.is_ascii_uppercase() => {
                let kept = self
                    .modal
                    .registers
                    .entry(c.to_ascii_lowercase())
                    .or_default();
                if kept.text.len() + clip.text.len() > MAX_TEXT {
                    self.say_full();
                    return;
                }
                if clip.lines && !kept.text.is_empty() {
                    kept.text.push('\n');
                }
                kept.text.push_str(&clip.text);
                kept.lines |= clip.lines;
            }
            Some(c) => {
                self.modal.registers.insert(c, clip.clone());
            }
            None => {}
        }
        self.keep_clip(clip.text, clip.lines);
    }

    /// `p` and `P`.
    pub(super) fn put(&mut self, after: bool, times: usize) {
        let clip = match self.modal.register.take() {
            Some(c) if c.is_ascii_alphabetic() => {
                self.modal.registers.get(&c.to_ascii_lowercase()).cloned()
            }
            _ => self.clips.first().cloned(),
        };
        let Some(clip) = clip else {
            return;
        };
        // Asked before anything is made: a count is quickly mistyped.
        if clip.text.len().saturating_add(1).saturating_mul(times) > self.room() + 1 {
            self.say_full();
            self.modal.leave_visual();
            return;
        }
        let over = self.selection().filter(|_| self.modal.mode != Mode::Normal);
        self.modal.leave_visual();
        self.caret.anchor = None;
        let Pos { paragraph, byte } = self.caret.head;
        if let Some(range) = over {
            self.replace(&range, &clip.text.repeat(times), Kind::Command);
        } else if clip.lines {
            let text = vec![clip.text; times].join("\n");
            let (at, text, p) = if after {
                let end = self.buffer.paragraph(paragraph).len();
                (Pos::new(paragraph, end), format!("\n{text}"), paragraph + 1)
            } else {
                (Pos::new(paragraph, 0), format!("{text}\n"), paragraph)
            };
            self.replace(&(at..at), &text, Kind::Command);
            self.caret = Caret::at(Pos::new(p, first_letter(self.buffer.paragraph(p))));
        } else {
            let byte = if after {
                self.buffer.right_of(paragraph, byte)
            } else {
                byte
            };
            let at = Pos::new(paragraph, byte);
            self.replace(&(at..at), &clip.text.repeat(times), Kind::Command);
            let Pos { paragraph, byte } = self.caret.head;
            self.caret = Caret::at(Pos::new(paragraph, self.buffer.left_of(paragraph, byte)));
        }
    }

    pub(super) fn toggle_case(&mut self, times: usize, visual: bool) {
        let head = self.caret.head;
        let range = match self.selection() {
            Some(range) if visual => range,
            _ => {
                let mut to = head.byte;
                for _ in 0..times {
                    to = self.buffer.right_of(head.paragraph, to);
                }
                head..Pos::new(head.paragraph, to)
            }
        };
        let turned: String = self
            .buffer
            .slice(&range)
            .chars()
            .map(|c| {
                if c.is_ascii_lowercase() {
                    c.to_ascii_uppercase()
                } else {
                    c.to_ascii_lowercase()
                }
            })
            .collect();
        self.modal.leave_visual();
        self.replace(&range, &turned, Kind::Command);
        self.caret = Caret::at(if visual { range.start } else { range.end });
    }

    pub(super) fn take_object(&mut self, range: Range<Pos>, lines: bool) {
        self.modal.count = None;
        match self.modal.operator.take() {
            Some((op, _)) => self.operate(op, range, lines),
            None if self.modal.mode != Mode::Normal => {
                if lines {
                    self.modal.mode = Mode::VisualLine;
                }
                let end = range.end;
                self.caret = Caret {
                    anchor: Some(range.start),
                    ..Caret::at(Pos::new(
                        end.paragraph,
                        self.buffer.left_of(end.paragraph, end.byte),
                    ))
                };
            }
            None => {}
        }
    }

    pub(super) fn replace_characters(&mut self, with: &str, times: usize) {
        let visual = self.modal.mode != Mode::Normal;
        let head = self.caret.head;
        let range = match self.selection() {
            Some(range) if visual => range,
            _ => {
                let mut to = head.byte;
                for _ in 0..times {
                    let next = self.buffer.right_of(head.paragraph, to);
                    if next == to {
                        return self.modal.reset();
                    }
                    to = next;
                }
                head..Pos::new(head.paragraph, to)
            }
        };
        let old = self.buffer.slice(&range);
        let new: String = unicode_segmentation::UnicodeSegmentation::graphemes(old.as_str(), true)
            .map(|g| if g == "\n" { g } else { with })
            .collect();
        self.modal.leave_visual();
        self.replace(&range, &new, Kind::Command);
        let end = self.caret.head;
        self.caret = Caret::at(if visual {
            range.start
        } else {
            Pos::new(end.paragraph, self.buffer.left_of(end.paragraph, end.byte))
        });
    }
}
