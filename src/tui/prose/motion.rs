//! Ways through the text. Vertical ones go by the rows that are drawn.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::text::{cells, sentence_end, sentence_start, words_around};
use crate::tui::prose::buffer::{Buffer, Pos};
use crate::tui::prose::history::Caret;

/// A way to move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Motion {
    /// One character back.
    Left,
    /// One character on.
    Right,
    /// To the start of the word, or of the one before.
    WordLeft,
    /// To the start of the next word.
    WordRight,
    /// To the end of the word, or of the next.
    WordEnd,
    /// To the start of the clause (between marks and blanks), or of the one before.
    ClauseLeft,
    /// To the start of the next clause.
    ClauseRight,
    /// To the end of the clause.
    ClauseEnd,
    /// Rows up (negative) or down.
    Rows(isize),
    /// To the start of the row; from there to the first letter of the paragraph and back.
    RowStart,
    /// To the end of the row.
    RowEnd,
    /// To the start of the paragraph.
    ParagraphStart,
    /// To the end of the paragraph.
    ParagraphEnd,
    /// To the first character of the paragraph that is no blank.
    FirstLetter,
    /// To the start of the sentence, or of the one before.
    SentenceLeft,
    /// To the start of the next sentence.
    SentenceRight,
    /// To the start of the paragraph, or of the one before.
    ParagraphUp,
    /// To the start of the next paragraph.
    ParagraphDown,
    /// To the start of the text.
    Start,
    /// To the end of the text.
    End,
    /// To the other one of a pair of brackets or quotes.
    Pair,
    /// To a paragraph, from 0.
    Paragraph(usize),
    /// To a text in this paragraph: on it, or next to it.
    Character {
        /// What is looked for.
        text: String,
        /// To the right.
        forward: bool,
        /// Stops before it.
        till: bool,
        /// Asked again: one that the caret already stands before does not count.
        again: bool,
    },
}

/// Opening and closing marks.
pub const PAIRS: [(char, char); 13] = [
    ('（', '）'),
    ('(', ')'),
    ('《', '》'),
    ('〈', '〉'),
    ('“', '”'),
    ('‘', '’'),
    ('【', '】'),
    ('〔', '〕'),
    ('「', '」'),
    ('『', '』'),
    ('[', ']'),
    ('{', '}'),
    ('<', '>'),
];

/// Where `motion` leads from `caret`; none where it leads nowhere. The anchor is kept.
pub fn go(buffer: &mut Buffer, caret: Caret, motion: &Motion) -> Option<Caret> {
    let here = caret.head;
    let mut moved = Caret {
        upper: false,
        sticky: None,
        ..caret
    };
    let Pos { paragraph, byte } = here;
    let text = buffer.paragraph(paragraph);
    let on = |paragraph, byte| Pos::new(paragraph, byte);
    moved.head = match motion {
        Motion::Rows(by) => return rows(buffer, caret, *by),
        Motion::RowStart => {
            let row = buffer.row_of(here, caret.upper);
            let start = buffer.row(paragraph, row).start;
            let letter = first_letter(buffer.paragraph(paragraph));
            let smart = row == 0 && byte != letter && letter <= buffer.row(paragraph, 0).end;
            on(paragraph, if smart { letter } else { start })
        }
        Motion::RowEnd => {
            let row = buffer.row_of(here, caret.upper);
            let end = buffer.row(paragraph, row).end;
            moved.upper = row + 1 < buffer.row_count(paragraph);
            on(paragraph, end)
        }
        Motion::Left | Motion::WordLeft | Motion::ClauseLeft | Motion::SentenceLeft
            if byte == 0 =>
        {
            let before = paragraph.checked_sub(1)?;
            on(before, buffer.paragraph(before).len())
        }
        Motion::Right
        | Motion::WordRight
        | Motion::ClauseRight
        | Motion::SentenceRight
        | Motion::WordEnd
        | Motion::ClauseEnd
            if byte == text.len() =>
        {
            if paragraph + 1 == buffer.len() {
                return None;
            }
            on(paragraph + 1, 0)
        }
        Motion::Left => on(paragraph, buffer.left_of(paragraph, byte)),
        Motion::Right => on(paragraph, buffer.right_of(paragraph, byte)),
        Motion::WordLeft => on(paragraph, word_left(text, byte)),
        Motion::WordRight => on(paragraph, word_right(text, byte)),
        Motion::WordEnd => on(paragraph, word_end(text, byte)),
        Motion::ClauseLeft => on(paragraph, clause_left(text, byte)),
        Motion::ClauseRight => on(paragraph, clause_right(text, byte)),
        Motion::ClauseEnd => on(paragraph, clause_end(text, byte)),
        Motion::SentenceLeft => on(paragraph, sentence_start(text, byte)),
        Motion::SentenceRight => on(paragraph, sentence_end(text, byte)),
        Motion::ParagraphStart => on(paragraph, 0),
        Motion::ParagraphEnd => on(paragraph, text.len()),
        Motion::FirstLetter => on(paragraph, first_letter(text)),
        Motion::ParagraphUp if byte > 0 => on(paragraph, 0),
        Motion::ParagraphUp => on(paragraph.checked_sub(1)?, 0),
        Motion::ParagraphDown if paragraph + 1 == buffer.len() => buffer.end(),
        Motion::ParagraphDown => on(paragraph + 1, 0),
        Motion::Start => Pos::default(),
        Motion::End => buffer.end(),
        Motion::Pair => pair(buffer, here)?,
        Motion::Paragraph(n) => on((*n).min(buffer.len() - 1), 0),
        Motion::Character {
            text: wanted,
            forward,
            till,
            again,
        } => {
            let to = character(text, byte, wanted, *forward, *till, *again)?;
            moved.head = on(paragraph, to);
            return Some(moved);
        }
    };
    // The dictionary may part a character from its variation selector; the caret may not.
    moved.head = if moved.head < here {
        buffer.clamp(moved.head)
    } else {
        buffer.clamp_right(moved.head)
    };
    (moved != caret).then_some(moved)
}

/// The place in a row that lies at `column` cells, and whether that is the end of a row which
/// another row follows.
pub fn at_column(buffer: &mut Buffer, paragraph: usize, row: usize, column: u16) -> (usize, bool) {
    let range = buffer.row(paragraph, row);
    let amb = buffer.amb();
    let text = &buffer.paragraph(paragraph)[range.clone()];
    let mut used = 0;
    for (at, g) in text.grapheme_indices(true) {
        let width = cells(g, amb);
        if used + width > column {
            return (range.start + at, false);
        }
        used += width;
    }
    (range.end, row + 1 < buffer.row_count(paragraph))
}

fn rows(buffer: &mut Buffer, caret: Caret, by: isize) -> Option<Caret> {
    let column = caret
        .sticky
        .unwrap_or_else(|| buffer.column(caret.head, caret.upper));
    let from = (caret.head.paragraph, buffer.row_of(caret.head, caret.upper));
    let (paragraph, row) = step(buffer, from, by);
    let (byte, upper) = at_column(buffer, paragraph, row, column);
    let moved = Caret {
        head: Pos::new(paragraph, byte),
        upper,
        sticky: Some(column),
        ..caret
    };
    if from == (paragraph, row) {
        // At the border of the text the caret goes to its end.
        let end = if by < 0 { Pos::default() } else { buffer.end() };
        return (end != caret.head).then_some(Caret {
            head: end,
            upper: false,
            ..moved
        });
    }
    Some(moved)
}

/// The row so many rows on (or back) from one, as far as there are any. What the screen showed last
/// may not be there any more: then it begins at the nearest row that is.
pub fn step(buffer: &mut Buffer, from: (usize, usize), by: isize) -> (usize, usize) {
    let (mut paragraph, mut row) = there(buffer, from);
    let mut left = by.unsigned_abs();
    if by < 0 {
        while left > row {
            if paragraph == 0 {
                return (0, 0);
            }
            left -= row + 1;
            paragraph -= 1;
            row = buffer.row_count(paragraph) - 1;
        }
        (paragraph, row - left)
    } else {
        loop {
            let below = buffer.row_count(paragraph) - 1 - row;
            if left <= below {
                return (paragraph, row + left);
            }
            if paragraph + 1 == buffer.len() {
                return (paragraph, row + below);
            }
            left -= below + 1;
            paragraph += 1;
            row = 0;
        }
    }
}

/// The row itself, or the nearest before it that exists.
pub fn there(buffer: &mut Buffer, (paragraph, row): (usize, usize)) -> (usize, usize) {
    if paragraph >= buffer.len() {
        let last = buffer.len() - 1;
        return (last, buffer.row_count(last) - 1);
    }
    (paragraph, row.min(buffer.row_count(paragraph) - 1))
}

/// Rows from one row down to another; `limit` where it is that far or further.
pub fn distance(
    buffer: &mut Buffer,
    from: (usize, usize),
    to: (usize, usize),
    limit: usize,
) -> usize {
    let (mut paragraph, mut row) = there(buffer, from);
    let mut rows = 0;
    while paragraph < to.0 && rows < limit {
        rows += buffer.row_count(paragraph) - row;
        paragraph += 1;
        row = 0;
    }
    if paragraph == to.0 {
        rows += to.1.saturating_sub(row);
    }
    rows.min(limit)
}

/// The byte of the first character that is no blank.
pub fn first_letter(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t', '\u{3000}']).len()
}

fn blank(text: &str, word: &Range<usize>) -> bool {
    text[word.clone()].trim().is_empty()
}

fn word_left(text: &str, byte: usize) -> usize {
    words_around(text, byte)
        .into_iter()
        .rev()
        .find(|w| w.start < byte && !blank(text, w))
        .map_or(0, |w| w.start)
}

fn word_right(text: &str, byte: usize) -> usize {
    words_around(text, byte)
        .into_iter()
        .find(|w| w.start > byte && !blank(text, w))
        .map_or(text.len(), |w| w.start)
}

fn word_end(text: &str, byte: usize) -> usize {
    words_around(text, byte)
        .into_iter()
        .find(|w| w.end > byte && !blank(text, w))
        .map_or(text.len(), |w| w.end)
}

/// The word at a byte, the last one at the end.
pub fn word_at(text: &str, byte: usize) -> Range<usize> {
    let words = words_around(text, byte);
    words
        .iter()
        .find(|w| w.contains(&byte))
        .or_else(|| words.iter().rfind(|w| w.end == byte))
        .cloned()
        .unwrap_or(byte..byte)
}

/// Blanks and marks part clauses; a mark belongs to the clause before it.
fn parts(c: char) -> bool {
    c.is_whitespace() || "，。；：！？、,;:!?…—".contains(c)
}

fn clause_right(text: &str, byte: usize) -> usize {
    let rest = &text[byte..];
    let inside = rest.find(parts).unwrap_or(rest.len());
    let marks = rest[inside..]
        .find(|c| !parts(c))
        .unwrap_or(rest.len() - inside);
    byte + inside + marks
}

fn clause_end(text: &str, byte: usize) -> usize {
    let rest = &text[byte..];
    let marks = rest.find(|c| !parts(c)).unwrap_or(rest.len());
    let inside = rest[marks..].find(parts).unwrap_or(rest.len() - marks);
    byte + marks + inside
}

fn clause_left(text: &str, byte: usize) -> usize {
    let before = text[..byte].trim_end_matches(parts);
    before
        .char_indices()
        .rev()
        .find(|&(_, c)| parts(c))
        .map_or(0, |(at, c)| at + c.len_utf8())
}

fn character(
    text: &str,
    byte: usize,
    wanted: &str,
    forward: bool,
    till: bool,
    again: bool,
) -> Option<usize> {
    let after = |at: usize| {
        text[at..]
            .graphemes(true)
            .next()
            .map_or(at, |g| at + g.len())
    };
    let before = |at: usize| {
        text[..at]
            .grapheme_indices(true)
            .next_back()
            .map_or(0, |(at, _)| at)
    };
    if forward {
        let from = after(byte);
        let from = if till && again && text[from..].starts_with(wanted) {
            after(from)
        } else {
            from
        };
        let at = from + text[from..].find(wanted)?;
        Some(if till { before(at) } else { at })
    } else {
        let to = if till && again && text[..byte].ends_with(wanted) {
            byte - wanted.len()
        } else {
            byte
        };
        let at = text[..to].rfind(wanted)?;
        Some(if till { after(at) } else { at })
    }
}

/// The other mark of the pair whose one is at `here`, or the first one behind it in the paragraph.
fn pair(buffer: &Buffer, here: Pos) -> Option<Pos> {
    let text = buffer.paragraph(here.paragraph);
    let (at, mark) = text[here.byte..].char_indices().find_map(|(n, c)| {
        PAIRS
            .iter()
            .find(|p| p.0 == c || p.1 == c)
            .map(|p| (here.byte + n, (c, *p)))
    })?;
    let (c, (open, close)) = mark;
    let mut depth = 0usize;
    if c == open {
        for paragraph in here.paragraph..buffer.len() {
            let text = buffer.paragraph(paragraph);
            let from = if paragraph == here.paragraph { at } else { 0 };
            for (n, c) in text[from..].char_indices() {
                if c == open {
                    depth += 1;
                } else if c == close {
                    depth -= 1;
                    if depth == 0 {
                        return Some(Pos::new(paragraph, from + n));
                    }
                }
            }
        }
    } else {
        for paragraph in (0..=here.paragraph).rev() {
            let text = buffer.paragraph(paragraph);
            let to = if paragraph == here.paragraph {
                at + c.len_utf8()
            } else {
                text.len()
            };
            for (n, c) in text[..to].char_indices().rev() {
                if c == close {
                    depth += 1;
                } else if c == open {
                    depth -= 1;
                    if depth == 0 {
                        return Some(Pos::new(paragraph, n));
                    }
                }
            }
        }
    }
    None
}

/// The innermost stretch between `open` and `close` around a place, marks included; the paragraph
/// is not left.
pub fn enclosing(text: &str, byte: usize, open: char, close: char) -> Option<Range<usize>> {
    if open == close {
        // Straight quotes: the pairs are counted from the start.
        let marks: Vec<usize> = text.match_indices(open).map(|(at, _)| at).collect();
        return marks
            .chunks_exact(2)
            .map(|p| p[0]..p[1] + close.len_utf8())
            .find(|r| r.contains(&byte));
    }
    let mut depth = 0usize;
    let here = text[byte..].chars().next();
    let start = if here == Some(open) {
        byte
    } else {
        text[..byte]
            .char_indices()
            .rev()
            .find(|&(_, c)| {
                if c == close {
                    depth += 1;
                } else if c == open {
                    if depth == 0 {
                        return true;
                    }
                    depth -= 1;
                }
                false
            })?
            .0
    };
    let mut depth = 0usize;
    for (n, c) in text[start..].char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
            if depth == 0 {
                return Some(start..start + n + c.len_utf8());
            }
        }
    }
    None
}
