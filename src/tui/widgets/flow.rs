//! Styled paragraphs broken into rows, and windows over rows that are only made when seen.
//!
//! Reading view, redline and help all show text through this, so they agree on line breaks.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::text::{Ambiguous, inert, wrap};
use crate::tui::component::Env;
use crate::tui::draw::Piece;
use crate::tui::widgets::text_view::scrollbar;

/// One paragraph in pieces of one style each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Paragraph {
    /// The pieces; a line break inside a piece is shown as a picture.
    pub pieces: Vec<Piece>,
    /// Cells to leave free at the left of each row.
    pub indent: u16,
}

impl Paragraph {
    /// A paragraph in one style.
    pub fn new(text: impl Into<String>, style: Style) -> Self {
        Self {
            pieces: vec![Piece::new(text, style)],
            indent: 0,
        }
    }

    /// The text as it is shown: control characters made inert.
    pub fn shown(&self) -> String {
        self.pieces.iter().map(|p| inert(&p.text)).collect()
    }

    /// The rows at this width; an empty paragraph has one.
    pub fn rows(&self, width: u16, amb: Ambiguous) -> Vec<FlowRow> {
        // Made inert before wrapping, so that the rows measure what will be drawn.
        let pieces: Vec<Piece> = self
            .pieces
            .iter()
            .map(|p| Piece::new(inert(&p.text).into_owned(), p.style))
            .collect();
        let whole: String = pieces.iter().map(|p| p.text.as_str()).collect();
        wrap(&whole, width.saturating_sub(self.indent).max(1), amb)
            .into_iter()
            .map(|row| {
                let mut at = 0;
                let mut out = Vec::new();
                for piece in &pieces {
                    let (start, end) = (row.start.max(at), row.end.min(at + piece.text.len()));
                    if start < end {
                        out.push(Piece::new(&piece.text[start - at..end - at], piece.style));
                    }
                    at += piece.text.len();
                }
                FlowRow {
                    pieces: out,
                    indent: self.indent,
                    start: row.start,
                }
            })
            .collect()
    }
}

/// One row as it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowRow {
    /// What stands in it.
    pub pieces: Vec<Piece>,
    /// Where it begins.
    pub indent: u16,
    /// Where it begins in the paragraph as shown, in bytes.
    pub start: usize,
}

impl FlowRow {
    /// The text of the row.
    pub fn text(&self) -> String {
        self.pieces.iter().map(|p| p.text.as_str()).collect()
    }

    /// Where it ends in the paragraph as shown, in bytes.
    pub fn end(&self) -> usize {
        self.start + self.pieces.iter().map(|p| p.text.len()).sum::<usize>()
    }
}

/// A place in what is shown: a block (a paragraph, an entry) and a row of it.
pub(crate) type At = (usize, usize);

/// The place `rows` below (or above) `from`, no further than the ends of `count` blocks. Asks for
/// the heights of the blocks it passes and of no others.
pub(crate) fn walk(
    from: At,
    rows: isize,
    count: usize,
    height: &mut dyn FnMut(usize) -> usize,
) -> At {
    let (mut at, mut row) = from;
    let mut left = rows.unsigned_abs();
    if rows < 0 {
        while left > row {
            if at == 0 {
                return (0, 0);
            }
            left -= row + 1;
            at -= 1;
            row = height(at).saturating_sub(1);
        }
        return (at, row - left);
    }
    while at < count {
        let here = height(at).saturating_sub(row);
        if left < here || at + 1 >= count {
            return (at, row + left.min(here.saturating_sub(1)));
        }
        left -= here;
        at += 1;
        row = 0;
    }
    from
}

/// A window of `rows` that begins at `top`, kept inside `count` blocks.
pub(crate) fn keep_inside(
    top: At,
    rows: usize,
    count: usize,
    height: &mut dyn FnMut(usize) -> usize,
) -> At {
    let Some(end) = count.checked_sub(1) else {
        return (0, 0);
    };
    let last = (end, height(end).saturating_sub(1));
    let top = if top.0 > end {
        last
    } else {
        (top.0, top.1.min(height(top.0).saturating_sub(1)))
    };
    top.min(walk(
        last,
        -(rows.saturating_sub(1) as isize),
        count,
        height,
    ))
}

/// The scroll position, counted in bytes: counting rows would mean wrapping all of the text.
/// `before` holds the bytes before each block and after the last.
pub(crate) fn scroll_sign(
    area: Rect,
    buf: &mut Buffer,
    env: &Env,
    before: &[usize],
    top: At,
    end: At,
    height: &mut dyn FnMut(usize) -> usize,
) {
    let whole = before.last().copied().unwrap_or(0);
    let mut place = |at: At| {
        let from = before.get(at.0).copied().unwrap_or(whole);
        let to = before.get(at.0 + 1).copied().unwrap_or(whole);
        if to == from {
            return from;
        }
        let rows = height(at.0).max(1);
        from + (to - from) * at.1.min(rows) / rows
    };
    let (first, last) = (place(top), place(end));
    if first == 0 && last >= whole {
        return;
    }
    let window = usize::from(area.height);
    let rows = (whole * window / last.saturating_sub(first).max(1)).max(window + 1);
    let at = first * rows / whole.max(1);
    scrollbar(area, buf, env, at.min(rows - window), window, rows);
}
