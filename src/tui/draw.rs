//! The only code that puts text on the screen.
//!
//! ratatui measures with one width table; terminals set up for Chinese disagree with it about
//! “ ” … — ①. Everything here measures with [`crate::text::cells`] and tells ratatui the width
//! where the two differ. Text from outside is made inert on the way. Screens and widgets must not
//! use `Paragraph`, `Line` or `Buffer::set_string`.

use std::num::NonZeroU16;

use ratatui::buffer::{Buffer, Cell, CellDiffOption, CellWidth};
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;

use crate::text::{Ambiguous, cells, inert, text_width, truncate};

/// A piece of one row in one style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The text; line breaks in it are shown as pictures.
    pub text: String,
    /// How it looks.
    pub style: Style,
}

impl Piece {
    /// A piece of `text` in `style`.
    pub fn new(text: impl Into<String>, style: Style) -> Self {
        Self {
            text: text.into(),
            style,
        }
    }
}

/// The lines of boxes and the few signs of the chrome, chosen so that their width is certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyphs {
    /// A horizontal line.
    pub horizontal: &'static str,
    /// A vertical line.
    pub vertical: &'static str,
    /// Corners: top left, top right, bottom left, bottom right.
    pub corners: [&'static str; 4],
    /// Stands before the selected row.
    pub pointer: &'static str,
    /// A marked row.
    pub marked: &'static str,
    /// Shows that there is more above or below.
    pub more: [&'static str; 2],
    /// The bar of a scroll position.
    pub thumb: &'static str,
}

const LINES: Glyphs = Glyphs {
    horizontal: "─",
    vertical: "│",
    corners: ["┌", "┐", "└", "┘"],
    pointer: ">",
    marked: "✓",
    more: ["^", "v"],
    thumb: "┃",
};

const ASCII: Glyphs = Glyphs {
    horizontal: "-",
    vertical: "|",
    corners: ["+", "+", "+", "+"],
    pointer: ">",
    marked: "✓",
    more: ["^", "v"],
    thumb: "#",
};

impl Glyphs {
    /// Box drawing is itself of ambiguous width, so wide terminals get ASCII.
    pub const fn for_width(amb: Ambiguous) -> Self {
        if amb.two() { ASCII } else { LINES }
    }
}

/// Puts `text` at `x`, `y`, at most `max` cells of it, and returns the cells used. A grapheme
/// that does not fit whole is left out.
pub fn put(
    buf: &mut Buffer,
    x: u16,
    y: u16,
    text: &str,
    style: Style,
    max: u16,
    amb: Ambiguous,
) -> u16 {
    let area = buf.area;
    if y < area.y || y >= area.bottom() || x < area.x || x >= area.right() {
        return 0;
    }
    let end = area.right().min(x.saturating_add(max));
    let mut at = x;
    if max > 0 && !text.is_empty() {
        cut_left(buf, x, y, amb);
    }
    for grapheme in inert(text).graphemes(true) {
        let width = cells(grapheme, amb);
        if width == 0 {
            continue;
        }
        if at.saturating_add(width) > end {
            break;
        }
        let cell = &mut buf[(at, y)];
        let keep = cell.style();
        cell.reset();
        cell.set_style(keep).set_symbol(grapheme).set_style(style);
        if stock_width(cell) != width
            && let Some(forced) = NonZeroU16::new(width)
        {
            cell.set_diff_option(CellDiffOption::ForcedWidth(forced));
        }
        for next in at + 1..at + width {
            let cell = &mut buf[(next, y)];
            let keep = cell.style();
            cell.reset();
            cell.set_style(keep).set_style(style);
        }
        at += width;
    }
    at - x
}

/// Puts `text` into exactly `width` cells: cut with ".." where it is longer, filled with blanks
/// in the same style where it is shorter.
pub fn put_fit(
    buf: &mut Buffer,
    x: u16,
    y: u16,
    text: &str,
    style: Style,
    width: u16,
    amb: Ambiguous,
) {
    let safe = inert(text);
    let used = put(
        buf,
        x,
        y,
        &truncate(&safe, usize::from(width), amb),
        style,
        width,
        amb,
    );
    fill(
        buf,
        Rect::new(x.saturating_add(used), y, width.saturating_sub(used), 1),
        style,
    );
}

/// Puts `text` so that it ends at `right` (exclusive); returns where it begins.
pub fn put_right(
    buf: &mut Buffer,
    right: u16,
    y: u16,
    text: &str,
    style: Style,
    max: u16,
    amb: Ambiguous,
) -> u16 {
    let safe = inert(text);
    let shown = truncate(&safe, usize::from(max), amb);
    let width = u16::try_from(text_width(&shown, amb))
        .unwrap_or(max)
        .min(max);
    let x = right.saturating_sub(width);
    put(buf, x, y, &shown, style, width, amb);
    x
}

/// Puts pieces one after another, at most `max` cells; returns the cells used.
pub fn put_pieces(
    buf: &mut Buffer,
    x: u16,
    y: u16,
    pieces: &[Piece],
    max: u16,
    amb: Ambiguous,
) -> u16 {
    let mut used = 0;
    for piece in pieces {
        used += put(
            buf,
            x.saturating_add(used),
            y,
            &piece.text,
            piece.style,
            max - used,
            amb,
        );
    }
    used
}

/// Blanks an area in `style`, without leaving half of a wide character at its edges.
pub fn clear(buf: &mut Buffer, area: Rect, style: Style, amb: Ambiguous) {
    let area = area.intersection(buf.area);
    for y in area.y..area.bottom() {
        cut_left(buf, area.x, y, amb);
        for x in area.x..area.right() {
            let cell = &mut buf[(x, y)];
            cell.reset();
            cell.set_style(style);
        }
    }
}

/// Restyles an area without touching its text.
pub fn fill(buf: &mut Buffer, area: Rect, style: Style) {
    buf.set_style(area.intersection(buf.area), style);
}

/// A wide character whose right half is about to be overwritten becomes a blank; ratatui leaves
/// it standing (ratatui#2526).
fn cut_left(buf: &mut Buffer, x: u16, y: u16, amb: Ambiguous) {
    if x <= buf.area.x {
        return;
    }
    let cell = &mut buf[(x - 1, y)];
    if width_of(cell, amb) > 1 {
        let style = cell.style();
        cell.reset();
        cell.set_style(style);
    }
}

/// What ratatui takes the symbol of `cell` for.
#[allow(clippy::disallowed_methods)] // to tell it where it is wrong
fn stock_width(cell: &Cell) -> u16 {
    cell.cell_width()
}

/// The cells that the grapheme in `cell` takes.
pub fn width_of(cell: &Cell, amb: Ambiguous) -> u16 {
    match cell.diff_option {
        CellDiffOption::ForcedWidth(width) => width.get(),
        _ => cells(cell.symbol(), amb).max(1),
    }
}

/// A box with a title, blank inside; returns the inside.
pub fn frame(
    buf: &mut Buffer,
    area: Rect,
    title: &str,
    border: Style,
    title_style: Style,
    amb: Ambiguous,
) -> Rect {
    let area = area.intersection(buf.area);
    if area.width < 2 || area.height < 2 {
        return Rect::new(area.x, area.y, 0, 0);
    }
    clear(buf, area, Style::default(), amb);
    let glyphs = Glyphs::for_width(amb);
    let (right, bottom) = (area.right() - 1, area.bottom() - 1);
    for x in area.x + 1..right {
        put(buf, x, area.y, glyphs.horizontal, border, 1, amb);
        put(buf, x, bottom, glyphs.horizontal, border, 1, amb);
    }
    for y in area.y + 1..bottom {
        put(buf, area.x, y, glyphs.vertical, border, 1, amb);
        put(buf, right, y, glyphs.vertical, border, 1, amb);
    }
    for (corner, (x, y)) in glyphs.corners.into_iter().zip([
        (area.x, area.y),
        (right, area.y),
        (area.x, bottom),
        (right, bottom),
    ]) {
        put(buf, x, y, corner, border, 1, amb);
    }
    if !title.is_empty() && area.width > 6 {
        let safe = inert(title);
        let shown = format!(" {} ", truncate(&safe, usize::from(area.width - 6), amb));
        put(
            buf,
            area.x + 2,
            area.y,
            &shown,
            title_style,
            area.width - 4,
            amb,
        );
    }
    Rect::new(area.x + 1, area.y + 1, area.width - 2, area.height - 2)
}

/// A box of at most `width` by `height` in the middle of `area`.
pub fn centred(area: Rect, width: u16, height: u16) -> Rect {
    let width = width.min(area.width);
    let height = height.min(area.height);
    Rect::new(
        area.x + (area.width - width) / 2,
        area.y + (area.height - height) / 2,
        width,
        height,
    )
}

/// Whether `area` holds the cell of a click.
pub fn holds(area: Rect, column: u16, row: u16) -> bool {
    area.contains(Position::new(column, row))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::testing::buffer_text;

    fn blank(width: u16) -> Buffer {
        Buffer::empty(Rect::new(0, 0, width, 1))
    }

    #[test]
    fn every_sign_of_the_chrome_has_one_width() {
        for amb in [Ambiguous::Narrow, Ambiguous::Wide, Ambiguous::Safe] {
            let g = Glyphs::for_width(amb);
            for glyph in [g.horizontal, g.vertical, g.pointer, g.marked, g.thumb]
                .into_iter()
                .chain(g.corners)
                .chain(g.more)
            {
                assert_eq!(cells(glyph, amb), 1, "{glyph} {amb:?}");
                // What is drawn where widths are in doubt is one cell in every terminal.
                if amb.two() {
                    assert_eq!(cells(glyph, Ambiguous::Narrow), 1, "{glyph}");
                }
            }
        }
    }

    #[test]
    fn wide_characters_are_never_halved() {
        let mut buf = blank(5);
        assert_eq!(
            put(
                &mut buf,
                0,
                0,
                "税务网",
                Style::default(),
                5,
                Ambiguous::Narrow
            ),
            4
        );
        assert_eq!(buffer_text(&buf), "税务\n");
        // Overwriting the right half of a character removes it.
        put(&mut buf, 3, 0, "x", Style::default(), 1, Ambiguous::Narrow);
        assert_eq!(buffer_text(&buf), "税 x\n");
    }

    #[test]
    fn ambiguous_characters_take_what_the_terminal_gives_them() {
        let mut buf = blank(8);
        assert_eq!(
            put(
                &mut buf,
                0,
                0,
                "“好”",
                Style::default(),
                8,
                Ambiguous::Narrow
            ),
            4
        );
        assert_eq!(buf[(0, 0)].diff_option, CellDiffOption::None);
        let mut buf = blank(8);
        assert_eq!(
            put(&mut buf, 0, 0, "“好”", Style::default(), 8, Ambiguous::Wide),
            6
        );
        assert!(matches!(buf[(0, 0)].diff_option, CellDiffOption::ForcedWidth(w) if w.get() == 2));
        assert_eq!(buf[(2, 0)].symbol(), "好");
        assert!(matches!(buf[(4, 0)].diff_option, CellDiffOption::ForcedWidth(w) if w.get() == 2));
        // A later narrow text must not inherit the forced width.
        put(&mut buf, 0, 0, "abc", Style::default(), 8, Ambiguous::Wide);
        assert_eq!(buf[(0, 0)].diff_option, CellDiffOption::None);
    }

    #[test]
    fn clearing_repairs_both_edges() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 10, 1));
        put(
            &mut buf,
            0,
            0,
            "税务网站办",
            Style::default(),
            10,
            Ambiguous::Narrow,
        );
        clear(
            &mut buf,
            Rect::new(3, 0, 4, 1),
            Style::default(),
            Ambiguous::Narrow,
        );
        assert_eq!(buffer_text(&buf), "税      办\n");
    }

    #[test]
    fn escape_sequences_do_not_reach_the_terminal() {
        let mut buf = blank(20);
        put(
            &mut buf,
            0,
            0,
            "a\u{1b}[2J\u{202e}b",
            Style::default(),
            20,
            Ambiguous::Narrow,
        );
        let text = buffer_text(&buf);
        assert!(
            !text.contains('\u{1b}') && !text.contains('\u{202e}'),
            "{text:?}"
        );
        assert!(text.starts_with("a␛[2J<U+202E>b"));
    }

    #[test]
    fn nothing_is_drawn_outside() {
        let mut buf = blank(4);
        assert_eq!(
            put(&mut buf, 9, 0, "x", Style::default(), 4, Ambiguous::Narrow),
            0
        );
        assert_eq!(
            put(&mut buf, 0, 3, "x", Style::default(), 4, Ambiguous::Narrow),
            0
        );
        put_fit(
            &mut buf,
            1,
            0,
            "很长的标题",
            Style::default(),
            40,
            Ambiguous::Narrow,
        );
        frame(
            &mut buf,
            Rect::new(2, 0, 30, 30),
            "t",
            Style::default(),
            Style::default(),
            Ambiguous::Narrow,
        );
    }

    #[test]
    fn a_fitted_text_fills_its_column_exactly() {
        let mut buf = blank(10);
        put_fit(
            &mut buf,
            0,
            0,
            "省税务局网站",
            Style::default(),
            7,
            Ambiguous::Narrow,
        );
        put(&mut buf, 7, 0, "|", Style::default(), 1, Ambiguous::Narrow);
        assert_eq!(buffer_text(&buf), "省税.. |\n");
    }
}
