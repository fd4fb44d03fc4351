//! The one way in: text in, hits out.

use super::finding::Hit;
use super::fold::Folded;
use super::{email, hidden, marks, numbers, personal, resolve};

/// Everything that was compiled or loaded for screening; made once and shared.
#[derive(Debug, Clone, Default)]
pub struct Screener {}

impl Screener {
    /// A screener without lists of the board.
    pub fn new() -> Self {
        Self::default()
    }

    /// Screens one text. Hits are sorted by place; of two that overlap the stronger stays.
    /// Ranges are bytes of `text` as given, on character boundaries.
    pub fn screen_text(&self, text: &str) -> Vec<Hit> {
        let folded = Folded::new(text);
        let mut hits = Vec::new();
        marks::scan(&folded, &mut hits);
        hidden::scan(&folded, &mut hits);
        numbers::scan(&folded, &mut hits);
        email::scan(&folded, &mut hits);
        personal::scan(&folded, &mut hits);
        resolve::resolve(hits)
    }
}
