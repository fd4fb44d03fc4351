//! The parts screens are made of. Widgets hold their state, take actions and draw themselves;
//! the popups among them are whole components.

pub mod choice;
pub mod dialog;
pub mod diff_view;
mod drag;
mod edit;
mod entry;
pub mod field;
pub mod flow;
pub mod footer;
pub mod form;
pub(crate) mod form_box;
pub mod header;
pub mod help;
pub mod note;
pub mod palette;
pub mod passphrase;
pub mod table;
pub mod text_view;
pub mod toast;
pub mod which;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use unicode_segmentation::UnicodeSegmentation;

use crate::text::{cells, text_width, wrap};
use crate::tr;
use crate::tui::app::MIN_SIZE;
use crate::tui::component::Env;
use crate::tui::draw;

pub use choice::{Choice, ChoiceList};
pub use dialog::{Confirm, Prompt};
pub use diff_view::{DiffView, Remark};
pub use field::Field;
pub use flow::Paragraph;
pub use form::{Form, FormEvent, FormField};
pub use note::Note;
pub use passphrase::Passphrase;
pub use table::{Align, Column, Row, Table, Width};
pub use text_view::{Origin, Passage, TextView};

/// Pasted text as it may enter a text: line ends are one kind, control characters are gone, tabs
/// stay. Terminals paste whatever a web page hid in a selection.
pub fn clean_paste(text: &str) -> String {
    text.replace("\r\n", "\n")
        .replace('\r', "\n")
        .chars()
        .filter(|c| matches!(c, '\n' | '\t') || !c.is_control())
        .collect()
}

/// How many control characters [`clean_paste`] took out of a text; line ends do not count.
pub(crate) fn removed_by_cleaning(text: &str, clean: &str) -> usize {
    let joined = text.matches("\r\n").count();
    text.chars()
        .count()
        .saturating_sub(joined + clean.chars().count())
}

/// Says that the terminal is too small for the screens, in its middle.
pub(crate) fn too_small(area: Rect, buf: &mut Buffer, env: &Env) {
    let text = tr!(
        "tui-too-small",
        width = area.width,
        height = area.height,
        min_width = MIN_SIZE.width,
        min_height = MIN_SIZE.height
    );
    let width = area.width.saturating_sub(2).max(1);
    let rows = wrap(&text, width, env.amb);
    let top = area.y + area.height.saturating_sub(rows.len() as u16) / 2;
    for (n, row) in rows.into_iter().enumerate() {
        let row = text[row].trim_end();
        let x = area.x + 1 + width.saturating_sub(text_width(row, env.amb) as u16) / 2;
        draw::put(
            buf,
            x,
            top + n as u16,
            row,
            env.styles.strong,
            width,
            env.amb,
        );
    }
}

/// Draws `text` as wrapped rows from the top of `area`; returns the rows used.
pub fn put_wrapped(
    buf: &mut Buffer,
    area: Rect,
    text: &str,
    style: ratatui::style::Style,
    env: &Env,
) -> u16 {
    let mut y = 0;
    for line in text.lines() {
        let line = crate::text::inert(line);
        for row in wrap(&line, area.width, env.amb) {
            if y >= area.height {
                return y;
            }
            draw::put(
                buf,
                area.x,
                area.y + y,
                &line[row],
                style,
                area.width,
                env.amb,
            );
            y += 1;
        }
    }
    y
}

/// How many rows [`put_wrapped`] needs.
pub fn wrapped_height(text: &str, width: u16, env: &Env) -> u16 {
    text.lines()
        .map(|line| wrap(&crate::text::inert(line), width, env.amb).len() as u16)
        .sum()
}

/// The byte offset in `text` that lies at `column` cells, never inside a grapheme.
pub(crate) fn offset_at(text: &str, column: u16, amb: crate::text::Ambiguous) -> usize {
    let mut used = 0;
    for (at, g) in text.grapheme_indices(true) {
        let width = cells(g, amb);
        if used + width > column {
            return at;
        }
        used += width;
    }
    text.len()
}

#[cfg(test)]
mod tests;
