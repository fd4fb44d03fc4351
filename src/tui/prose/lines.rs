//! Actions on whole paragraphs and their Markdown, and those that swap or wrap characters.

use std::ops::Range;

use crate::tui::action::Action;
use crate::tui::prose::buffer::Pos;
use crate::tui::prose::colour::{heading, list_sign};
use crate::tui::prose::history::{Caret, Edit, Kind};
use crate::tui::prose::motion::{first_letter, word_at};
use crate::tui::prose::{Did, Prose};

/// The first line of a paragraph stands in by two characters.
const INDENT: &str = "\u{3000}\u{3000}";

impl Prose {
    /// Carries out what concerns paragraphs; the rest is not the editor's.
    pub(super) fn act_on_lines(&mut self, action: Action) -> Did {
        let lines = self.lines();
        match action {
            Action::DeleteParagraph => self.delete_lines(lines),
            Action::ShiftParagraphUp => self.shift_lines(lines, true),
            Action::ShiftParagraphDown => self.shift_lines(lines, false),
            Action::DuplicateParagraph => self.duplicate(lines),
            Action::JoinParagraphs => self.join(lines.start, lines.len().max(2) - 1),
            Action::Indent => self.each_line(lines, indent),
            Action::Outdent => self.each_line(lines, outdent),
            Action::HeadingDeeper => self.each_line(lines, |t| deeper(t, true)),
            Action::HeadingHigher => self.each_line(lines, |t| deeper(t, false)),
            Action::ToggleList => self.toggle(lines, "- "),
            Action::ToggleQuote => self.toggle(lines, "> "),
            Action::SurroundQuotes => self.surround('“', '”'),
            Action::SurroundTitle => self.surround('《', '》'),
            Action::SurroundParentheses => self.surround('（', '）'),
            Action::Transpose => self.transpose(),
            _ => return Did::Ignored,
        }
        Did::Moved
    }

    /// The paragraphs of the selection, or that of the caret.
    pub(super) fn lines(&self) -> Range<usize> {
        match self.selection() {
            Some(range) => {
                // A selection that ends before the first character of a paragraph leaves it out.
                let last = range.end.paragraph;
                let short = range.end.byte == 0 && last > range.start.paragraph;
                range.start.paragraph..last + usize::from(!short)
            }
            None => self.caret.head.paragraph..self.caret.head.paragraph + 1,
        }
    }

    fn span(&self, lines: &Range<usize>) -> Range<Pos> {
        let last = lines.end - 1;
        Pos::new(lines.start, 0)..Pos::new(last, self.buffer.paragraph(last).len())
    }

    /// Puts other text in the place of whole paragraphs and the caret where it is told.
    fn rewrite_lines(&mut self, lines: &Range<usize>, new: String, caret: Caret) {
        let span = self.span(lines);
        let edit = Edit {
            at: span.start,
            removed: self.buffer.slice(&span),
            inserted: new,
        };
        if edit.removed != edit.inserted {
            self.perform(vec![edit], Kind::Command, Some(caret));
        }
    }

    /// Takes paragraphs away with their line breaks; the last one leaves an empty text.
    pub(super) fn delete_lines(&mut self, lines: Range<usize>) {
        self.extending = false;
        let range = if lines.end < self.buffer.len() {
            Pos::new(lines.start, 0)..Pos::new(lines.end, 0)
        } else if lines.start > 0 {
            let before = lines.start - 1;
            Pos::new(before, self.buffer.paragraph(before).len())..self.buffer.end()
        } else {
            Pos::default()..self.buffer.end()
        };
        self.caret.anchor = None;
        self.replace(&range, "", Kind::Command);
        self.caret = Caret::at(Pos::new(self.caret.head.paragraph, 0));
    }

    fn shift_lines(&mut self, lines: Range<usize>, up: bool) {
        if (up && lines.start == 0) || (!up && lines.end == self.buffer.len()) {
            return;
        }
        let block = self.buffer.slice(&self.span(&lines));
        let (whole, other) = if up {
            (lines.start - 1..lines.end, lines.start - 1)
        } else {
            (lines.start..lines.end + 1, lines.end)
        };
        let other = self.buffer.paragraph(other).to_owned();
        let new = if up {
            format!("{block}\n{other}")
        } else {
            format!("{other}\n{block}")
        };
        let moved = |pos: Pos| {
            let paragraph = if up {
                pos.paragraph - 1
            } else {
                pos.paragraph + 1
            };
            // The end of a selection may lie at the start of the paragraph behind the block.
            Pos::new(paragraph, pos.byte)
        };
        let last = self.buffer.len() - 1;
        let caret = Caret {
            anchor: self.caret.anchor.map(moved).filter(|p| p.paragraph <= last),
            ..Caret::at(moved(self.caret.head))
        };
        self.rewrite_lines(&whole, new, caret);
        self.caret.head = self.buffer.clamp(self.caret.head);
    }

    fn duplicate(&mut self, lines: Range<usize>) {
        let block = self.buffer.slice(&self.span(&lines));
        let caret = Caret::at(Pos::new(
            self.caret.head.paragraph + lines.len(),
            self.caret.head.byte,
        ));
        let end = self.span(&lines).end;
        let edit = Edit {
            at: end,
            removed: String::new(),
            inserted: format!("\n{block}"),
        };
        self.perform(vec![edit], Kind::Command, Some(caret));
    }

    /// Joins so many paragraphs to the one at `first`. Between Latin words stays a blank.
    pub(super) fn join(&mut self, first: usize, times: usize) {
        let mut edits = Vec::new();
        let mut at = Pos::new(first, self.buffer.paragraph(first).len());
        let mut before = self.buffer.paragraph(first).chars().next_back();
        let times = times.min(self.buffer.len().saturating_sub(first + 1));
        let mut caret = at;
        for n in 1..=times {
            let next = self.buffer.paragraph(first + n);
            let cut = first_letter(next);
            let rest = &next[cut..];
            let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
            let glue = if latin(before) && latin(rest.chars().next()) {
                " "
            } else {
                ""
            };
            edits.push(Edit {
                at,
                removed: format!("\n{}", &next[..cut]),
                inserted: glue.to_owned(),
            });
            caret = Pos::new(first, at.byte);
            at.byte += glue.len() + rest.len();
            before = rest.chars().next_back().or(before);
        }
        if !edits.is_empty() {
            self.perform(edits, Kind::Command, Some(Caret::at(caret)));
            self.settle();
        }
    }

    /// Changes the head of each paragraph: bytes taken away, text put there.
    pub(super) fn each_line(
        &mut self,
        lines: Range<usize>,
        change: impl Fn(&str) -> Option<(Range<usize>, String)>,
    ) {
        let mut edits = Vec::new();
        let mut caret = self.caret;
        for p in lines {
            let text = self.buffer.paragraph(p);
            let Some((cut, new)) = change(text) else {
                continue;
            };
            let follow = |pos: &mut Pos| {
                if pos.paragraph == p && pos.byte >= cut.start {
                    pos.byte = if pos.byte >= cut.end {
                        pos.byte - cut.len() + new.len()
                    } else {
                        cut.start + new.len()
                    };
                }
            };
            follow(&mut caret.head);
            if let Some(anchor) = &mut caret.anchor {
                follow(anchor);
            }
            edits.push(Edit {
                at: Pos::new(p, cut.start),
                removed: text[cut].to_owned(),
                inserted: new,
            });
        }
        caret.upper = false;
        if !edits.is_empty() {
            self.perform(edits, Kind::Command, Some(caret));
        }
    }

    fn toggle(&mut self, lines: Range<usize>, sign: &str) {
        let all = lines
            .clone()
            .all(|p| self.buffer.paragraph(p).starts_with(sign));
        self.each_line(lines, |text| {
            if all {
                Some((0..sign.len(), String::new()))
            } else if text.starts_with(sign) {
                None
            } else {
                Some((0..0, sign.to_owned()))
            }
        });
    }

    /// Puts marks around the selection or the word at the caret; takes them away where they are.
    fn surround(&mut self, open: char, close: char) {
        let range = self.selection().unwrap_or_else(|| {
            let Pos { paragraph, byte } = self.caret.head;
            let word = word_at(self.buffer.paragraph(paragraph), byte);
            Pos::new(paragraph, word.start)..Pos::new(paragraph, word.end)
        });
        self.modal.leave_visual();
        self.extending = false;
        let before = &self.buffer.paragraph(range.start.paragraph)[..range.start.byte];
        let behind = &self.buffer.paragraph(range.end.paragraph)[range.end.byte..];
        let inner = self.buffer.slice(&range);
        let shift = |pos: Pos, by: isize| {
            let on = if pos.paragraph == range.start.paragraph {
                by
            } else {
                0
            };
            Pos::new(pos.paragraph, pos.byte.saturating_add_signed(on))
        };
        let (outer, new, by) = if before.ends_with(open) && behind.starts_with(close) {
            let from = Pos::new(range.start.paragraph, range.start.byte - open.len_utf8());
            let to = Pos::new(range.end.paragraph, range.end.byte + close.len_utf8());
            (from..to, inner, -(open.len_utf8() as isize))
        } else {
            let new = format!("{open}{inner}{close}");
            (range.clone(), new, open.len_utf8() as isize)
        };
        let edit = Edit {
            at: outer.start,
            removed: self.buffer.slice(&outer),
            inserted: new,
        };
        let caret = Caret {
            anchor: self.caret.anchor.map(|a| shift(a, by)),
            ..Caret::at(shift(self.caret.head, by))
        };
        self.perform(vec![edit], Kind::Command, Some(caret));
    }

    /// Swaps the characters around the caret; at the end the two before it.
    fn transpose(&mut self) {
        let Pos { paragraph, byte } = self.caret.head;
        let end = self.buffer.paragraph(paragraph).len();
        let middle = if byte == end {
            self.buffer.left_of(paragraph, byte)
        } else {
            byte
        };
        let from = self.buffer.left_of(paragraph, middle);
        let to = self.buffer.right_of(paragraph, middle);
        if from < middle && middle < to {
            let text = self.buffer.paragraph(paragraph);
            let new = format!("{}{}", &text[middle..to], &text[from..middle]);
            let range = Pos::new(paragraph, from)..Pos::new(paragraph, to);
            self.replace(&range, &new, Kind::Command);
        }
    }

    /// Enter: a paragraph that stands in is followed by one that does, a list item by another.
    /// In an item without text it ends the list.
    pub(super) fn new_line(&mut self) {
        self.killing = false;
        self.pasted = None;
        self.extending = false;
        if self.selection().is_some() {
            self.type_text("\n");
            return;
        }
        let Pos { paragraph, byte } = self.caret.head;
        let text = self.buffer.paragraph(paragraph);
        let lead = match list_sign(text) {
            Some((_, sign))
                if byte >= sign && text.len() == sign && !self.buffer.in_code(paragraph) =>
            {
                let range = Pos::new(paragraph, 0)..Pos::new(paragraph, sign);
                self.replace(&range, "", Kind::Command);
                return;
            }
            Some((blanks, sign)) if byte >= sign => {
                let number = text[blanks..sign - 2].parse::<u64>().ok();
                match number {
                    Some(n) => format!("{}{}{}", &text[..blanks], n + 1, &text[sign - 2..sign]),
                    None => text[..sign].to_owned(),
                }
            }
            _ => {
                let blanks = first_letter(text);
                if byte >= blanks {
                    text[..blanks].to_owned()
                } else {
                    String::new()
                }
            }
        };
        self.type_text(&format!("\n{lead}"));
    }
}

/// A list item goes one level in, another paragraph gets the indent of a first line.
pub(super) fn indent(text: &str) -> Option<(Range<usize>, String)> {
    if text.is_empty() {
        return None;
    }
    let new = if list_sign(text).is_some() {
        "  "
    } else {
        INDENT
    };
    Some((0..0, new.to_owned()))
}

/// Takes one level of indent away.
pub(super) fn outdent(text: &str) -> Option<(Range<usize>, String)> {
    let cut = [INDENT, "  ", "\t", " ", "\u{3000}"]
        .iter()
        .find(|s| text.starts_with(**s))?
        .len();
    Some((0..cut, String::new()))
}

fn deeper(text: &str, down: bool) -> Option<(Range<usize>, String)> {
    let (level, sign) = heading(text);
    let new = match (level, down) {
        (6, true) | (0, false) => return None,
        (n, true) => n + 1,
        (n, false) => n - 1,
    };
    let sign_text = if new == 0 {
        String::new()
    } else {
        format!("{} ", "#".repeat(new))
    };
    Some((0..sign, sign_text))
}
