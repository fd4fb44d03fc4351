//! Picking a passage of what is read, and finding picked passages again: between what is shown
//! and the source it is made of.
//!
//! The caret moves over the text as shown. A passage lies within one paragraph: what is said about
//! it must still find its words when the paragraphs around it are moved.

use std::cmp::Ordering;
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::{Mark, TextView, row_at};
use crate::text::{inert, text_width, words};
use crate::tui::action::Action;
use crate::tui::widgets::offset_at;

/// For each piece of a paragraph the bytes of the source it shows; none for what was added.
pub type Origin = Vec<Option<Range<usize>>>;

/// A picked passage: bytes of the source, within one of its paragraphs; empty where only the
/// caret stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// The bytes.
    pub range: Range<usize>,
}

impl Passage {
    /// The passage in characters of `source`: first, and one behind the last. Without characters
    /// picked it is the whole paragraph the caret stands in.
    pub fn chars(&self, source: &str) -> Range<usize> {
        let from = floor(source, self.range.start);
        let start = source[..from].rfind('\n').map_or(0, |at| at + 1);
        let end = source[start..]
            .find('\n')
            .map_or(source.len(), |n| start + n);
        let to = floor(source, self.range.end).clamp(from, end);
        let bytes = if from == to { start..end } else { from..to };
        let before = source[..bytes.start].chars().count();
        before..before + source[bytes].chars().count()
    }
}

/// The bytes of a range of characters of a text; none where the text is shorter.
pub fn bytes_of(source: &str, chars: &Range<usize>) -> Option<Range<usize>> {
    let mut bytes = source
        .char_indices()
        .map(|(at, _)| at)
        .chain([source.len()]);
    let from = bytes.nth(chars.start)?;
    let to = match chars.end.checked_sub(chars.start)? {
        0 => from,
        n => bytes.nth(n - 1)?,
    };
    Some(from..to)
}

/// The last boundary of a character at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The caret while a passage is being picked.
#[derive(Debug, Clone)]
pub(super) struct Caret {
    /// Paragraph and byte as shown.
    pub at: (usize, usize),
    /// The other end of the passage, in the same paragraph.
    pub fixed: Option<usize>,
    /// It moved since the last drawing.
    pub moved: bool,
    /// The column that moves up and down keep, in cells.
    column: Option<u16>,
}

impl Caret {
    /// The bytes picked, as shown.
    pub(super) fn range(&self) -> Option<Range<usize>> {
        let fixed = self.fixed?;
        Some(fixed.min(self.at.1)..fixed.max(self.at.1))
    }
}

impl TextView {
    /// Puts a caret into the first paragraph on screen that has a source; false if there is none.
    pub fn start_passage(&mut self) -> bool {
        let first = self
            .drawn
            .iter()
            .map(|d| d.1)
            .chain(0..self.paragraphs.len())
            .find(|at| self.has_source(*at));
        let Some(at) = first else { return false };
        let byte = self
            .drawn
            .iter()
            .find(|d| d.1 == at)
            .and_then(|(_, at, row)| self.rows.get(*at)?.as_ref()?.get(*row).map(|r| r.start))
            .unwrap_or(0);
        self.caret = Some(Caret {
            at: (at, byte),
            fixed: None,
            moved: true,
            column: None,
        });
        true
    }

    fn has_source(&self, at: usize) -> bool {
        self.origins
            .get(at)
            .is_some_and(|o| o.iter().any(Option::is_some))
    }

    /// Whether a passage is being picked.
    pub fn picking(&self) -> bool {
        self.caret.is_some()
    }

    /// No longer picks a passage.
    pub fn end_passage(&mut self) {
        self.caret = None;
    }

    /// What is picked, if the caret stands in the source.
    pub fn passage(&self) -> Option<Passage> {
        let caret = self.caret.as_ref()?;
        let shown = caret.range().unwrap_or(caret.at.1..caret.at.1);
        let from = self.source_of(caret.at.0, shown.start, false)?;
        let to = self.source_of(caret.at.0, shown.end, true)?;
        Some(Passage {
            range: from..to.max(from),
        })
    }

    /// The text picked, as shown.
    pub fn picked(&self) -> Option<String> {
        let caret = self.caret.as_ref()?;
        let text = self.paragraphs.get(caret.at.0)?.shown();
        caret.range().map(|r| text[r].to_owned())
    }

    /// The byte of the source that a byte of a paragraph as shown stands for; `end` asks for the
    /// end of what lies before it.
    fn source_of(&self, at: usize, byte: usize, end: bool) -> Option<usize> {
        let mut from = 0;
        let mut nearest = None;
        for (piece, origin) in self
            .paragraphs
            .get(at)?
            .pieces
            .iter()
            .zip(&self.origins[at])
        {
            let shown = inert(&piece.text);
            let to = from + shown.len();
            if let Some(source) = origin {
                let inside = if end {
                    from < byte && byte <= to
                } else {
                    from <= byte && byte < to
                };
                if inside {
                    // What is shown otherwise than it is written is picked whole.
                    let plain = shown.len() == source.len();
                    return Some(match (plain, end) {
                        (true, _) => source.start + byte - from,
                        (false, true) => source.end,
                        (false, false) => source.start,
                    });
                }
                if to <= byte {
                    nearest = Some(source.end);
                } else if nearest.is_none() {
                    nearest = Some(source.start);
                }
            }
            from = to;
        }
        nearest
    }

    /// Marks passages of the source, each with its number in the margin; `None` for one that is not
    /// in the text.
    pub fn set_marks(&mut self, passages: &[Option<Range<usize>>]) {
        self.marks.clear();
        for (number, passage) in passages.iter().enumerate() {
            let Some(passage) = passage else { continue };
            let mut first = true;
            for at in 0..self.paragraphs.len() {
                let Some(range) = self.shown_of(at, passage) else {
                    continue;
                };
                if first || !range.is_empty() {
                    self.marks.push(Mark {
                        paragraph: at,
                        range,
                        number,
                    });
                }
                first = false;
            }
        }
    }

    /// The bytes of a paragraph as shown that show a passage of the source.
    fn shown_of(&self, at: usize, passage: &Range<usize>) -> Option<Range<usize>> {
        let mut from = 0;
        let mut out: Option<Range<usize>> = None;
        for (piece, origin) in self.paragraphs[at].pieces.iter().zip(&self.origins[at]) {
            let shown = inert(&piece.text);
            if let Some(source) = origin
                && source.start < passage.end.max(passage.start + 1)
                && passage.start < source.end.max(source.start + 1)
            {
                let plain = shown.len() == source.len();
                let (a, b) = if plain {
                    (
                        floor(&shown, passage.start.saturating_sub(source.start)),
                        floor(&shown, passage.end.min(source.end) - source.start),
                    )
                } else {
                    (0, shown.len())
                };
                let (a, b) = (from + a, from + b.max(a));
                out = Some(match out {
                    None => a..b,
                    Some(r) => r.start.min(a)..r.end.max(b),
                });
            }
            from += shown.len();
        }
        out
    }

    /// Goes to a marked passage and stands on it; false if it is not in the text.
    pub fn go_to_mark(&mut self, number: usize) -> bool {
        let Some(mark) = self.marks.iter().find(|m| m.number == number).cloned() else {
            self.stands_on = None;
            return false;
        };
        self.stands_on = Some(number);
        self.reach((mark.paragraph, mark.range.start));
        true
    }

    /// Brings a byte of the source into the window; false if nothing shows it.
    pub fn go_to_source(&mut self, byte: usize) -> bool {
        let range = byte..byte + 1;
        for at in 0..self.paragraphs.len() {
            if let Some(shown) = self.shown_of(at, &range) {
                self.reach((at, shown.start));
                return true;
            }
        }
        false
    }

    /// The marks on screen with the row of the screen where each begins, from the top.
    pub fn mark_rows(&self) -> Vec<(usize, u16)> {
        let mut out: Vec<(usize, u16)> = Vec::new();
        for mark in &self.marks {
            if out.iter().any(|o| o.0 == mark.number) {
                continue;
            }
            let Some(Some(rows)) = self.rows.get(mark.paragraph) else {
                continue;
            };
            let row = row_at(rows, mark.range.start);
            let seen = self
                .drawn
                .iter()
                .find(|d| d.1 == mark.paragraph && d.2 >= row);
            if let Some((y, ..)) = seen {
                out.push((mark.number, *y));
            }
        }
        out.sort_by_key(|o| (o.1, o.0));
        out
    }

    /// The mark under the caret, else the first one on screen.
    pub fn mark_here(&self) -> Option<usize> {
        if let Some(caret) = &self.caret {
            let under = |m: &&Mark| {
                m.paragraph == caret.at.0
                    && m.range.start <= caret.at.1
                    && caret.at.1 <= m.range.end
            };
            return self.marks.iter().find(under).map(|m| m.number);
        }
        let seen = |m: &&Mark| self.drawn.iter().any(|d| d.1 == m.paragraph);
        self.marks.iter().find(seen).map(|m| m.number)
    }

    /// Whether a click at that row of the screen hits a marked paragraph, and which mark.
    pub fn mark_at(&self, column: u16, row: u16) -> Option<usize> {
        let (at, byte) = self.spot(column, row)?;
        let inside = |m: &&Mark| m.paragraph == at && m.range.start <= byte && byte <= m.range.end;
        self.marks.iter().find(inside).map(|m| m.number)
    }

    /// Puts the caret where the mouse is; `drag` keeps the other end where it was.
    pub fn point(&mut self, column: u16, row: u16, drag: bool) -> bool {
        let Some((at, byte)) = self.spot(column, row) else {
            return false;
        };
        let source = self.has_source(at);
        match &mut self.caret {
            Some(caret) if drag => {
                let fixed = caret.fixed.unwrap_or(caret.at.1);
                caret.fixed = Some(fixed);
                // Beyond its paragraph the passage ends with it.
                caret.at.1 = match at.cmp(&caret.at.0) {
                    Ordering::Equal => byte,
                    Ordering::Greater => self.paragraphs[caret.at.0].shown().len(),
                    Ordering::Less => 0,
                };
            }
            _ if source && !drag => {
                self.caret = Some(Caret {
                    at: (at, byte),
                    fixed: None,
                    moved: false,
                    column: None,
                });
            }
            _ => return false,
        }
        true
    }

    fn spot(&self, column: u16, row: u16) -> Option<(usize, usize)> {
        let (_, at, n) = *self.drawn.iter().find(|d| d.0 == row)?;
        let line = self.rows.get(at)?.as_ref()?.get(n)?;
        let (_, amb) = self.form?;
        let column = column.saturating_sub(self.left + line.indent);
        Some((at, line.start + offset_at(&line.text(), column, amb)))
    }

    /// A move of the caret; false if the action is none.
    pub(super) fn move_caret(&mut self, action: Action) -> bool {
        let Some(mut caret) = self.caret.clone() else {
            return false;
        };
        let text = self.paragraphs[caret.at.0].shown();
        let byte = caret.at.1;
        let mut column = None;
        match action {
            Action::StartSelection => {
                caret.fixed = match caret.fixed {
                    Some(_) => None,
                    None => Some(byte),
                };
            }
            Action::SelectAll => {
                caret.fixed = Some(0);
                caret.at.1 = text.len();
            }
            Action::CancelSelection => {
                if caret.fixed.take().is_none() {
                    self.caret = None;
                    return true;
                }
            }
            Action::MoveLeft => {
                let before = text[..byte].grapheme_indices(true).next_back();
                caret.at.1 = before.map_or(0, |(at, _)| at);
            }
            Action::MoveRight => {
                let next = text[byte..].graphemes(true).next();
                caret.at.1 = byte + next.map_or(0, str::len);
            }
            Action::MoveWordLeft => {
                let starts = words(&text).into_iter().map(|w| w.start);
                caret.at.1 = starts.take_while(|at| *at < byte).last().unwrap_or(0);
            }
            Action::MoveWordRight => {
                let mut starts = words(&text).into_iter().map(|w| w.start);
                caret.at.1 = starts.find(|at| *at > byte).unwrap_or(text.len());
            }
            Action::PreviousSentence => {
                let ends = sentences(&text);
                caret.at.1 = ends.iter().rfind(|at| **at < byte).copied().unwrap_or(0);
            }
            Action::NextSentence => {
                let ends = sentences(&text);
                caret.at.1 = ends
                    .iter()
                    .find(|at| **at > byte)
                    .copied()
                    .unwrap_or(text.len());
            }
            Action::MoveRowStart | Action::MoveRowEnd => {
                if let Some(rows) = self.rows_of(caret.at.0) {
                    let row = &rows[row_at(&rows, byte)];
                    caret.at.1 = if action == Action::MoveRowStart {
                        row.start
                    } else {
                        let end = row.end();
                        let last = rows.last().is_some_and(|r| r.start == row.start);
                        if last { end } else { before(&text, end) }
                    };
                }
            }
            Action::MoveUp | Action::MoveDown => {
                let down = action == Action::MoveDown;
                column = self.step_row(&mut caret, &text, down);
            }
            Action::MoveParagraphUp | Action::MoveParagraphDown => {
                let down = action == Action::MoveParagraphDown;
                self.step_paragraph(&mut caret, down);
            }
            _ => return false,
        }
        caret.column = column;
        caret.moved = true;
        self.caret = Some(caret);
        true
    }

    /// One row up or down at the same column; gives the column to keep.
    fn step_row(&mut self, caret: &mut Caret, text: &str, down: bool) -> Option<u16> {
        let (_, amb) = self.form?;
        let rows = self.rows_of(caret.at.0)?;
        let n = row_at(&rows, caret.at.1);
        let column = caret
            .column
            .unwrap_or_else(|| text_width(&text[rows[n].start..caret.at.1], amb) as u16);
        let target = if down { n + 1 } else { n.wrapping_sub(1) };
        if let Some(row) = rows.get(target) {
            let byte = row.start + offset_at(&row.text(), column, amb);
            caret.at.1 = if byte == row.end() && target + 1 < rows.len() {
                before(text, byte)
            } else {
                byte
            };
        } else if caret.fixed.is_some() {
            // A passage does not leave its paragraph.
            caret.at.1 = if down { text.len() } else { 0 };
        } else {
            let at = caret.at.0;
            self.step_paragraph(caret, down);
            if caret.at.0 != at
                && !down
                && let Some(rows) = self.rows_of(caret.at.0)
                && let Some(last) = rows.last()
            {
                caret.at.1 = last.start + offset_at(&last.text(), column, amb);
            } else if caret.at.0 != at
                && let Some(rows) = self.rows_of(caret.at.0)
            {
                caret.at.1 = offset_at(&rows[0].text(), column, amb).min(rows[0].end());
            }
        }
        Some(column)
    }

    /// To the next paragraph with a source; with a passage begun, to the end of this one.
    fn step_paragraph(&self, caret: &mut Caret, down: bool) {
        let at = caret.at.0;
        let found = if down {
            (at + 1..self.paragraphs.len()).find(|n| self.has_source(*n))
        } else {
            (0..at).rev().find(|n| self.has_source(*n))
        };
        match found {
            Some(n) if caret.fixed.is_none() => caret.at = (n, 0),
            _ if caret.fixed.is_some() => {
                caret.at.1 = if down {
                    self.paragraphs[at].shown().len()
                } else {
                    0
                };
            }
            _ => {}
        }
    }
}

/// Where the grapheme before `at` begins.
fn before(text: &str, at: usize) -> usize {
    text[..at]
        .grapheme_indices(true)
        .next_back()
        .map_or(0, |(byte, _)| byte)
}

/// Where sentences begin, after stops and what closes with them.
fn sentences(text: &str) -> Vec<usize> {
    let mut out = vec![0];
    let mut stopped = false;
    for (at, c) in text.char_indices() {
        if ends_sentence(c) {
            stopped = true;
        } else if stopped && !closes(c) {
            out.push(at);
            stopped = false;
        }
    }
    out
}

/// Full stops, question and exclamation marks, semicolons: full-width and ASCII ones.
fn ends_sentence(c: char) -> bool {
    matches!(
        c,
        '\u{3002}' | '\u{ff01}' | '\u{ff1f}' | '\u{ff1b}' | '!' | '?' | ';' | '\u{2026}'
    )
}

/// Quotes and brackets that belong to the sentence before them, and blanks.
fn closes(c: char) -> bool {
    matches!(
        c,
        '\u{201d}'
            | '\u{2019}'
            | '\u{ff09}'
            | '\u{300d}'
            | '\u{300f}'
            | '\u{300b}'
            | ')'
            | '"'
            | ' '
    )
}
