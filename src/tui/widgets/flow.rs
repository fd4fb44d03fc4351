//! Styled paragraphs broken into rows, with the rows kept for one width.
//!
//! Reading view, diff and help all show text through this, so they agree on line breaks.

use ratatui::style::Style;

use crate::text::{Ambiguous, inert, wrap};
use crate::tui::draw::Piece;

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

    fn rows(&self, number: usize, width: u16, amb: Ambiguous) -> Vec<FlowRow> {
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
                    paragraph: number,
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
    /// The paragraph it belongs to.
    pub paragraph: usize,
}

impl FlowRow {
    /// The text of the row.
    pub fn text(&self) -> String {
        self.pieces.iter().map(|p| p.text.as_str()).collect()
    }
}

/// Paragraphs and their rows.
#[derive(Debug, Clone, Default)]
pub struct Flow {
    paragraphs: Vec<Paragraph>,
    rows: Vec<FlowRow>,
    laid_out: Option<(u16, Ambiguous)>,
}

impl Flow {
    /// These paragraphs, not laid out yet.
    pub fn new(paragraphs: Vec<Paragraph>) -> Self {
        Self {
            paragraphs,
            rows: Vec::new(),
            laid_out: None,
        }
    }

    /// The paragraphs.
    pub fn paragraphs(&self) -> &[Paragraph] {
        &self.paragraphs
    }

    /// The rows at this width.
    pub fn rows(&mut self, width: u16, amb: Ambiguous) -> &[FlowRow] {
        if self.laid_out != Some((width, amb)) {
            self.rows = self
                .paragraphs
                .iter()
                .enumerate()
                .flat_map(|(number, paragraph)| paragraph.rows(number, width, amb))
                .collect();
            self.laid_out = Some((width, amb));
        }
        &self.rows
    }

    /// The rows of the last layout.
    pub fn last_rows(&self) -> &[FlowRow] {
        &self.rows
    }
}
