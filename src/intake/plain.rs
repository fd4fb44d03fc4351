//! Text without markup.

use super::IntakeError;
use super::clean::{escape_start, escape_tags};
use super::finish::Raw;
use super::head::{self, Block};
use super::labels::Label;

/// Each line is a paragraph; title and facts stand at the head as in any document.
pub(super) fn read(text: &str) -> Result<Raw, IntakeError> {
    // Control characters stay for now: their removal is counted when the text is finished.
    let text = text.replace("\r\n", "\n").replace(
        ['\r', '\u{85}', '\u{b}', '\u{c}', '\u{2028}', '\u{2029}'],
        "\n",
    );
    let blocks = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| Block::plain(escape_start(&escape_tags(line))))
        .collect();
    let raw = head::split(blocks);
    if raw.title.is_none() && !raw.facts.iter().any(|(l, _)| *l == Label::Title) {
        return Err(IntakeError::NoTitle);
    }
    Ok(raw)
}
