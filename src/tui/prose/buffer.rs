//! The text being written: paragraphs with what is known about each, so that a change costs what
//! it changes and not what the document is long.

use std::ops::Range;

use crate::text::count::{self, Counts};
use crate::text::{Ambiguous, mend_rows, row_starts, text_width};
use crate::tui::prose::colour::{self, Span};
use crate::tui::prose::sums::Sums;
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

/// A place in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Pos {
    /// The paragraph, from 0.
    pub paragraph: usize,
    /// The byte in it.
    pub byte: usize,
}

impl Pos {
    /// The place at a byte of a paragraph.
    pub const fn new(paragraph: usize, byte: usize) -> Self {
        Self { paragraph, byte }
    }
}

/// A paragraph and what has been worked out about it.
#[derive(Debug, Clone, Default)]
struct Paragraph {
    text: String,
    /// Where its rows begin; empty while nobody has looked at it in this width.
    rows: Vec<usize>,
    /// Its Markdown, if somebody has looked.
    spans: Option<Vec<Span>>,
}

impl Paragraph {
    fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            ..Self::default()
        }
    }
}

/// The paragraphs of a text.
#[derive(Debug, Clone)]
pub struct Buffer {
    paragraphs: Vec<Paragraph>,
    width: u16,
    amb: Ambiguous,
    /// Rows of each paragraph; a guess until it has been laid out.
    rows: Sums,
    /// Fences of code among the paragraphs.
    fences: Sums,
    counts: Counts,
    /// Bytes of the whole, line breaks among them.
    bytes: usize,
}

impl Default for Buffer {
    fn default() -> Self {
        Self::new("")
    }
}

impl Buffer {
    /// The text, its lines as paragraphs.
    pub fn new(text: &str) -> Self {
        let mut buffer = Self {
            paragraphs: text.split('\n').map(Paragraph::new).collect(),
            width: 72,
            amb: Ambiguous::Narrow,
            rows: Sums::default(),
            fences: Sums::default(),
            counts: count::count(text),
            bytes: text.len(),
        };
        buffer.rebuild();
        buffer
    }

    /// Sums over all paragraphs anew: after a change in their number or the width.
    fn rebuild(&mut self) {
        let (width, paragraphs) = (self.width, &self.paragraphs);
        self.rows = Sums::of(paragraphs.iter().map(|p| {
            if p.rows.is_empty() {
                guess(&p.text, width)
            } else {
                p.rows.len()
            }
        }));
        self.fences = Sums::of(
            paragraphs
                .iter()
                .map(|p| usize::from(colour::fence(&p.text))),
        );
    }

    /// The whole text.
    pub fn text(&self) -> String {
        let mut out = String::with_capacity(self.paragraphs.iter().map(|p| p.text.len() + 1).sum());
        for (n, p) in self.paragraphs.iter().enumerate() {
            if n > 0 {
                out.push('\n');
            }
            out.push_str(&p.text);
        }
        out
    }

    /// How many bytes the whole text has.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// How many paragraphs there are; at least one.
    pub fn len(&self) -> usize {
        self.paragraphs.len()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.paragraphs.len() == 1 && self.paragraphs[0].text.is_empty()
    }

    /// A paragraph; empty behind the last.
    pub fn paragraph(&self, at: usize) -> &str {
        self.paragraphs.get(at).map_or("", |p| p.text.as_str())
    }

    /// 字数 of the whole, kept up with every change. The number of paragraphs is not.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The end of the text.
    pub fn end(&self) -> Pos {
        let last = self.paragraphs.len() - 1;
        Pos::new(last, self.paragraphs[last].text.len())
    }

    /// The nearest place at or before `pos` that exists and cuts no character in two.
    pub fn clamp(&self, pos: Pos) -> Pos {
        if pos.paragraph >= self.paragraphs.len() {
            return self.end();
        }
        let text = self.paragraph(pos.paragraph);
        if pos.byte >= text.len() {
            return Pos::new(pos.paragraph, text.len());
        }
        let mut byte = pos.byte;
        while !text.is_char_boundary(byte) {
            byte -= 1;
        }
        let mut cursor = GraphemeCursor::new(byte, text.len(), true);
        if cursor.is_boundary(text, 0).unwrap_or(true) {
            Pos::new(pos.paragraph, byte)
        } else {
            Pos::new(pos.paragraph, self.left_of(pos.paragraph, byte))
        }
    }

    /// The nearest place at or behind `pos` that cuts no character in two.
    pub fn clamp_right(&self, pos: Pos) -> Pos {
        let before = self.clamp(pos);
        if before == pos {
            return pos;
        }
        Pos::new(
            before.paragraph,
            self.right_of(before.paragraph, before.byte),
        )
    }

    /// The start of the cluster before a byte; 0 at the start.
    pub fn left_of(&self, paragraph: usize, byte: usize) -> usize {
        let text = self.paragraph(paragraph);
        GraphemeCursor::new(byte, text.len(), true)
            .prev_boundary(text, 0)
            .ok()
            .flatten()
            .unwrap_or(0)
    }

    /// The end of the cluster at a byte; the end at the end.
    pub fn right_of(&self, paragraph: usize, byte: usize) -> usize {
        let text = self.paragraph(paragraph);
        GraphemeCursor::new(byte, text.len(), true)
            .next_boundary(text, 0)
            .ok()
            .flatten()
            .unwrap_or(text.len())
    }

    /// The text between two places.
    pub fn slice(&self, range: &Range<Pos>) -> String {
        let (from, to) = (range.start, range.end);
        if from.paragraph == to.paragraph {
            return self.paragraph(from.paragraph)[from.byte..to.byte].to_owned();
        }
        let mut out = self.paragraph(from.paragraph)[from.byte..].to_owned();
        for p in from.paragraph + 1..to.paragraph {
            out.push('\n');
            out.push_str(self.paragraph(p));
        }
        out.push('\n');
        out.push_str(&self.paragraph(to.paragraph)[..to.byte]);
        out
    }

    /// Puts `new` in the place of a stretch and returns where it ends.
    pub fn replace(&mut self, range: &Range<Pos>, new: &str) -> Pos {
        let (from, to) = (range.start, range.end);
        if from.paragraph == to.paragraph && !new.contains('\n') {
            self.replace_inside(from.paragraph, from.byte..to.byte, new);
            return Pos::new(from.paragraph, from.byte + new.len());
        }
        // Whole paragraphs are counted anew: those touched before, those there afterwards.
        let touched = &self.paragraphs[from.paragraph..=to.paragraph];
        let old = count_of(touched);
        let was: usize = touched.iter().map(|p| p.text.len() + 1).sum();
        let head = self.paragraph(from.paragraph)[..from.byte].to_owned();
        let tail = self.paragraph(to.paragraph)[to.byte..].to_owned();
        let mut fresh: Vec<Paragraph> = new.split('\n').map(Paragraph::new).collect();
        let last = fresh.len() - 1;
        fresh[0].text.insert_str(0, &head);
        let end = Pos::new(from.paragraph + last, fresh[last].text.len());
        fresh[last].text.push_str(&tail);
        self.counts = self.counts.changed(old, count_of(&fresh));
        self.bytes += fresh.iter().map(|p| p.text.len() + 1).sum::<usize>();
        self.bytes -= was;
        self.paragraphs.splice(from.paragraph..=to.paragraph, fresh);
        self.rebuild();
        end
    }

    fn replace_inside(&mut self, at: usize, range: Range<usize>, new: &str) {
        let (width, amb) = (self.width, self.amb);
        let Some(p) = self.paragraphs.get_mut(at) else {
            return;
        };
        let fence = colour::fence(&p.text);
        let around = count::stretch(&p.text, range.clone());
        let before = count::count(&p.text[around.clone()]);
        let behind = p.text.len() - around.end;
        p.text.replace_range(range.clone(), new);
        self.bytes = self.bytes + new.len() - range.len();
        let after = count::count(&p.text[around.start..p.text.len() - behind]);
        self.counts = self.counts.changed(before, after);
        p.spans = None;
        if !p.rows.is_empty() {
            let changed = range.start..range.start + new.len();
            mend_rows(&mut p.rows, &p.text, changed, range.len(), width, amb);
            self.rows.set(at, p.rows.len());
        }
        if fence != colour::fence(&p.text) {
            self.fences.set(at, usize::from(!fence));
        }
    }

    // Rows

    /// Lays the text out in rows of `width` cells.
    pub fn set_width(&mut self, width: u16, amb: Ambiguous) {
        let width = width.max(2);
        if (width, amb) != (self.width, self.amb) {
            self.width = width;
            self.amb = amb;
            for p in &mut self.paragraphs {
                p.rows.clear();
            }
            self.rebuild();
        }
    }

    /// How wide ambiguous characters are in this layout.
    pub fn amb(&self) -> Ambiguous {
        self.amb
    }

    fn lay_out(&mut self, at: usize) {
        let (width, amb) = (self.width, self.amb);
        if let Some(p) = self.paragraphs.get_mut(at)
            && p.rows.is_empty()
        {
            p.rows = row_starts(&p.text, width, amb);
            self.rows.set(at, p.rows.len());
        }
    }

    /// How many rows a paragraph takes.
    pub fn row_count(&mut self, paragraph: usize) -> usize {
        self.lay_out(paragraph);
        self.paragraphs.get(paragraph).map_or(1, |p| p.rows.len())
    }

    /// The bytes of a row.
    pub fn row(&mut self, paragraph: usize, row: usize) -> Range<usize> {
        self.lay_out(paragraph);
        let Some(p) = self.paragraphs.get(paragraph) else {
            return 0..0;
        };
        let row = row.min(p.rows.len() - 1);
        p.rows[row]..p.rows.get(row + 1).copied().unwrap_or(p.text.len())
    }

    /// The row a place is in. At the border of two rows that is the lower one, unless `upper`.
    pub fn row_of(&mut self, pos: Pos, upper: bool) -> usize {
        self.lay_out(pos.paragraph);
        let Some(p) = self.paragraphs.get(pos.paragraph) else {
            return 0;
        };
        let row = p.rows.partition_point(|&s| s <= pos.byte).saturating_sub(1);
        row - usize::from(upper && row > 0 && p.rows[row] == pos.byte)
    }

    /// The cells between the start of a row and a byte in it.
    pub fn column(&mut self, pos: Pos, upper: bool) -> u16 {
        let row = self.row_of(pos, upper);
        let start = self.row(pos.paragraph, row).start;
        text_width(&self.paragraph(pos.paragraph)[start..pos.byte], self.amb) as u16
    }

    /// Rows before a paragraph and in all; what nobody has looked at is guessed.
    pub fn rows_before(&self, paragraph: usize) -> (usize, usize) {
        (self.rows.before(paragraph), self.rows.total())
    }

    // Markdown

    /// Whether a paragraph stands between two fences of code.
    pub fn in_code(&self, paragraph: usize) -> bool {
        self.fences.before(paragraph) % 2 == 1
    }

    /// The Markdown of a paragraph, worked out when it is first looked at.
    pub fn spans(&mut self, paragraph: usize) -> &[Span] {
        match self.paragraphs.get_mut(paragraph) {
            Some(p) => p.spans.get_or_insert_with(|| colour::spans(&p.text)),
            None => &[],
        }
    }

    /// The characters before a byte, counted as a person counts columns: from 1. In a very long
    /// paragraph code points are counted, which is a hundred times faster.
    pub fn number_in_paragraph(&self, pos: Pos) -> usize {
        let before = &self.paragraph(pos.paragraph)[..pos.byte];
        1 + if before.len() < 16_384 {
            before.graphemes(true).count()
        } else {
            before.chars().count()
        }
    }
}

/// Rows of a paragraph nobody has laid out yet: three bytes of Chinese take two cells.
fn guess(text: &str, width: u16) -> usize {
    (text.len() * 2 / 3)
        .div_ceil(usize::from(width.max(1)))
        .max(1)
}

fn count_of(paragraphs: &[Paragraph]) -> Counts {
    let mut sum = Counts::default();
    for p in paragraphs {
        sum = sum.changed(Counts::default(), count::count(&p.text));
    }
    sum
}
