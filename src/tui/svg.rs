//! The screen as an SVG picture, the same bytes for the same cells.
//!
//! Every run of text says how long it has to be, so Chinese and Latin stay on the grid whatever
//! fonts the viewer has.

use std::fmt::Write as _;

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};

use crate::text::Ambiguous;
use crate::tui::draw;

/// Cells in the picture's units.
const CELL_WIDTH: u32 = 9;
const CELL_HEIGHT: u32 = 20;
const FONT_SIZE: u32 = 15;
const BASELINE: u32 = 15;
const MARGIN: u32 = 12;

/// What "the terminal's own colour" looks like in the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paper {
    /// Text.
    pub ink: &'static str,
    /// Background.
    pub paper: &'static str,
}

impl Paper {
    /// A dark terminal.
    pub const DARK: Self = Self {
        ink: "#e0e0e0",
        paper: "#1c1c20",
    };
    /// A light terminal.
    pub const LIGHT: Self = Self {
        ink: "#202020",
        paper: "#fdfdfd",
    };
}

#[derive(PartialEq)]
struct Look {
    ink: String,
    paper: Option<String>,
    modifier: Modifier,
}

/// Draws the buffer.
pub fn svg(buf: &Buffer, paper: Paper, title: &str) -> String {
    let width = u32::from(buf.area.width) * CELL_WIDTH + 2 * MARGIN;
    let height = u32::from(buf.area.height) * CELL_HEIGHT + 2 * MARGIN;
    let mut out = String::new();
    let _ = writeln!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img">
<title>{}</title>
<rect width="{width}" height="{height}" rx="6" fill="{}"/>
<g font-family="ui-monospace,'Noto Sans Mono CJK SC','Sarasa Mono SC',Menlo,Consolas,monospace" font-size="{FONT_SIZE}" xml:space="preserve">"#,
        escape(title),
        paper.paper
    );
    for y in buf.area.top()..buf.area.bottom() {
        let mut x = buf.area.left();
        while x < buf.area.right() {
            let look = look(buf, x, y, paper);
            let start = x;
            let mut text = String::new();
            let wide = draw::width_of(&buf[(x, y)], Ambiguous::Narrow) > 1;
            // A run has one look and one width class, so that its length fits every character.
            while x < buf.area.right() {
                let cell = &buf[(x, y)];
                let cells = draw::width_of(cell, Ambiguous::Narrow);
                if self::look(buf, x, y, paper) != look || (cells > 1) != wide {
                    break;
                }
                text.push_str(cell.symbol());
                x += cells;
            }
            run(
                &mut out,
                &text,
                &look,
                start - buf.area.left(),
                y - buf.area.top(),
                x - start,
            );
        }
    }
    out.push_str("</g>\n</svg>\n");
    out
}

fn run(out: &mut String, text: &str, look: &Look, x: u16, y: u16, cells_wide: u16) {
    let left = MARGIN + u32::from(x) * CELL_WIDTH;
    let top = MARGIN + u32::from(y) * CELL_HEIGHT;
    let length = u32::from(cells_wide) * CELL_WIDTH;
    if let Some(paper) = &look.paper {
        let _ = writeln!(
            out,
            r#"<rect x="{left}" y="{top}" width="{length}" height="{CELL_HEIGHT}" fill="{paper}"/>"#
        );
    }
    let lines = look
        .modifier
        .intersects(Modifier::UNDERLINED | Modifier::CROSSED_OUT);
    if text.trim().is_empty() && !lines {
        return;
    }
    let mut attributes = String::new();
    if look.modifier.contains(Modifier::BOLD) {
        attributes.push_str(r#" font-weight="bold""#);
    }
    if look.modifier.contains(Modifier::ITALIC) {
        attributes.push_str(r#" font-style="italic""#);
    }
    if look.modifier.contains(Modifier::DIM) {
        attributes.push_str(r#" opacity="0.65""#);
    }
    if lines {
        let mut kinds = Vec::new();
        if look.modifier.contains(Modifier::UNDERLINED) {
            kinds.push("underline");
        }
        if look.modifier.contains(Modifier::CROSSED_OUT) {
            kinds.push("line-through");
        }
        let _ = write!(attributes, r#" text-decoration="{}""#, kinds.join(" "));
    }
    let _ = writeln!(
        out,
        r#"<text x="{left}" y="{}" textLength="{length}" lengthAdjust="spacingAndGlyphs" fill="{}"{attributes}>{}</text>"#,
        top + BASELINE,
        look.ink,
        escape(text)
    );
}

fn look(buf: &Buffer, x: u16, y: u16, paper: Paper) -> Look {
    let cell = &buf[(x, y)];
    let mut ink = colour(cell.fg);
    let mut back = colour(cell.bg);
    if cell.modifier.contains(Modifier::REVERSED) {
        (ink, back) = (
            Some(back.unwrap_or_else(|| paper.paper.to_owned())),
            Some(ink.unwrap_or_else(|| paper.ink.to_owned())),
        );
    }
    Look {
        ink: ink.unwrap_or_else(|| paper.ink.to_owned()),
        paper: back,
        modifier: cell.modifier - Modifier::REVERSED,
    }
}

/// A colour in the notation of SVG; none is the terminal's own.
fn colour(colour: Color) -> Option<String> {
    let rgb = |r: u8, g: u8, b: u8| Some(format!("#{r:02x}{g:02x}{b:02x}"));
    match colour {
        Color::Reset => None,
        Color::Rgb(r, g, b) => rgb(r, g, b),
        Color::Black => rgb(0, 0, 0),
        Color::Red => rgb(0xcc, 0x33, 0x33),
        Color::Green => rgb(0x33, 0x99, 0x33),
        Color::Yellow => rgb(0xaa, 0x88, 0x22),
        Color::Blue => rgb(0x33, 0x66, 0xcc),
        Color::Magenta => rgb(0xaa, 0x44, 0xaa),
        Color::Cyan => rgb(0x22, 0x99, 0x99),
        Color::Gray => rgb(0xc0, 0xc0, 0xc0),
        Color::DarkGray | Color::Indexed(0..=15) => rgb(0x80, 0x80, 0x80),
        Color::LightRed => rgb(0xff, 0x66, 0x66),
        Color::LightGreen => rgb(0x66, 0xcc, 0x66),
        Color::LightYellow => rgb(0xff, 0xdd, 0x66),
        Color::LightBlue => rgb(0x66, 0x99, 0xff),
        Color::LightMagenta => rgb(0xdd, 0x77, 0xdd),
        Color::LightCyan => rgb(0x66, 0xdd, 0xdd),
        Color::White => rgb(0xff, 0xff, 0xff),
        Color::Indexed(n @ 16..=231) => {
            let level = |v: u8| if v == 0 { 0 } else { 55 + 40 * v };
            let n = n - 16;
            rgb(level(n / 36), level(n / 6 % 6), level(n % 6))
        }
        Color::Indexed(n @ 232..) => {
            let grey = 8 + 10 * (n - 232);
            rgb(grey, grey, grey)
        }
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    #[test]
    fn runs_are_as_long_as_their_cells() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 12, 1));
        draw::put(
            &mut buf,
            0,
            0,
            "ab<税务",
            Style::new(),
            12,
            Ambiguous::Narrow,
        );
        let picture = svg(&buf, Paper::DARK, "a & b");
        assert!(picture.contains("<title>a &amp; b</title>"));
        assert!(
            picture.contains(
                r##"textLength="27" lengthAdjust="spacingAndGlyphs" fill="#e0e0e0">ab&lt;</text>"##
            ),
            "{picture}"
        );
        assert!(
            picture.contains(
                r##"textLength="36" lengthAdjust="spacingAndGlyphs" fill="#e0e0e0">税务</text>"##
            ),
            "{picture}"
        );
    }

    #[test]
    fn reversed_cells_swap_ink_and_paper() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 2, 1));
        draw::put(
            &mut buf,
            0,
            0,
            "ab",
            Style::new().add_modifier(Modifier::REVERSED),
            2,
            Ambiguous::Narrow,
        );
        let picture = svg(&buf, Paper::LIGHT, "");
        assert!(picture.contains(&format!(r#"fill="{}"/>"#, Paper::LIGHT.ink)));
        assert_eq!(picture, svg(&buf, Paper::LIGHT, ""));
    }
}
