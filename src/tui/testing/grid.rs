//! A terminal that is as strict as the strictest: it reads the bytes that a console would send and
//! shows what would be on the glass, with characters of ambiguous width in one cell or two.
//!
//! Where terminals differ it takes the worst: half of a wide glyph that is left over shows `▒` and
//! keeps its old colours, a glyph written behind the edge is an error, and so is every sequence it
//! does not know.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};
use unicode_segmentation::UnicodeSegmentation;

use crate::text::{Ambiguous, cells};
use crate::tui::draw;

/// What half a glyph looks like.
const HALF: &str = "▒";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

const PLAIN: Pen = Pen {
    fg: Color::Reset,
    bg: Color::Reset,
    modifier: Modifier::empty(),
};

#[derive(Debug, Clone, PartialEq, Eq)]
struct Glyph {
    text: String,
    /// 0 under the right half of the glyph before.
    width: u16,
    pen: Pen,
}

impl Glyph {
    fn blank(pen: Pen) -> Self {
        Self {
            text: " ".into(),
            width: 1,
            pen,
        }
    }
}

/// The glass.
#[derive(Debug, Clone)]
pub struct Grid {
    size: Size,
    /// How this terminal draws, whatever the program believes.
    draws: Ambiguous,
    glyphs: Vec<Glyph>,
    at: Position,
    hanging: bool,
    pen: Pen,
    visible: bool,
    frames: usize,
    inside: bool,
    rest: Vec<u8>,
    faults: Vec<String>,
}

impl Grid {
    /// A blank terminal that draws ambiguous characters as `draws` says.
    pub fn new(size: Size, draws: Ambiguous) -> Self {
        Self {
            size,
            draws,
            glyphs: vec![Glyph::blank(PLAIN); usize::from(size.width) * usize::from(size.height)],
            at: Position::ORIGIN,
            hanging: false,
            pen: PLAIN,
            visible: true,
            frames: 0,
            inside: false,
            rest: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// The window has another size; what was shown is gone.
    pub fn resize(&mut self, size: Size) {
        let old = std::mem::replace(self, Self::new(size, self.draws));
        self.visible = old.visible;
        self.frames = old.frames;
        self.faults = old.faults;
    }

    /// What should never have been sent.
    pub fn faults(&self) -> &[String] {
        &self.faults
    }

    /// Frames shown.
    pub fn frames(&self) -> usize {
        self.frames
    }

    /// Where the caret is, if it is visible.
    pub fn caret(&self) -> Option<Position> {
        self.visible.then_some(self.at)
    }

    /// The glass as text, a line per row.
    pub fn text(&self) -> String {
        self.glyphs
            .chunks(usize::from(self.size.width).max(1))
            .map(|row| {
                let line: String = row.iter().map(|g| g.text.as_str()).collect();
                line.trim_end().to_owned() + "\n"
            })
            .collect()
    }

    /// Reads bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        let mut input = std::mem::take(&mut self.rest);
        input.extend_from_slice(bytes);
        let text = match String::from_utf8(input) {
            Ok(text) => text,
            Err(error) => {
                let upto = error.utf8_error().valid_up_to();
                let mut bytes = error.into_bytes();
                self.rest = bytes.split_off(upto);
                String::from_utf8(bytes).unwrap_or_default()
            }
        };
        let mut rest = text.as_str();
        while !rest.is_empty() {
            if let Some(tail) = rest.strip_prefix("\x1b[") {
                let end = tail.find(|c: char| ('@'..='~').contains(&c));
                let Some(end) = end else {
                    self.rest.splice(0..0, rest.bytes());
                    return;
                };
                self.control(&tail[..end], &tail[end..=end]);
                rest = &tail[end + 1..];
            } else if let Some(tail) = rest.strip_prefix("\x1b]") {
                let Some(end) = tail.find('\x07') else {
                    self.rest.splice(0..0, rest.bytes());
                    return;
                };
                rest = &tail[end + 1..];
            } else if rest.starts_with(|c: char| c.is_control()) {
                let c = rest.chars().next().unwrap_or(' ');
                self.faults.push(format!("control {c:?}"));
                rest = &rest[c.len_utf8()..];
            } else {
                let end = rest.find(char::is_control).unwrap_or(rest.len());
                for g in rest[..end].graphemes(true) {
                    self.put(g);
                }
                rest = &rest[end..];
            }
        }
    }

    fn index(&self, x: u16, y: u16) -> usize {
        usize::from(y) * usize::from(self.size.width) + usize::from(x)
    }

    fn put(&mut self, text: &str) {
        let width = cells(text, self.draws).max(1);
        if self.hanging || self.at.x + width > self.size.width {
            self.faults
                .push(format!("{text} at the edge of row {}", self.at.y));
            return;
        }
        let Position { x, y } = self.at;
        // The halves that lose their other halves.
        let first = self.index(x, y);
        if self.glyphs[first].width == 0 && x > 0 {
            self.glyphs[first - 1].text = HALF.into();
            self.glyphs[first - 1].width = 1;
        }
        let after = x + width;
        if after < self.size.width {
            let at = self.index(after, y);
            if self.glyphs[at].width == 0 {
                self.glyphs[at].text = HALF.into();
                self.glyphs[at].width = 1;
            }
        }
        self.glyphs[first] = Glyph {
            text: text.to_owned(),
            width,
            pen: self.pen,
        };
        for n in 1..usize::from(width) {
            self.glyphs[first + n] = Glyph {
                text: String::new(),
                width: 0,
                pen: self.pen,
            };
        }
        if after == self.size.width {
            self.hanging = true;
            self.at.x = self.size.width - 1;
        } else {
            self.at.x = after;
        }
    }

    fn control(&mut self, parameters: &str, end: &str) {
        let numbers: Vec<u16> = parameters
            .trim_start_matches('?')
            .split(';')
            .map(|n| n.parse().unwrap_or(0))
            .collect();
        let number = |n: usize| numbers.get(n).copied().unwrap_or(0);
        match (parameters, end) {
            (_, "H") => {
                self.at.x = number(1).max(1) - 1;
                self.at.y = number(0).max(1) - 1;
                self.hanging = false;
                if self.at.x >= self.size.width || self.at.y >= self.size.height {
                    self.faults.push(format!("cursor to {parameters}"));
                    self.at.x = self.at.x.min(self.size.width - 1);
                    self.at.y = self.at.y.min(self.size.height - 1);
                }
            }
            (_, "D") => {
                if self.hanging {
                    self.faults.push("a step back from the edge".into());
                }
                self.at.x = self.at.x.saturating_sub(number(0).max(1));
            }
            ("2", "J") => {
                let blank = Glyph::blank(Pen {
                    bg: self.pen.bg,
                    ..PLAIN
                });
                self.glyphs.fill(blank);
            }
            (_, "m") => self.colours(&numbers),
            ("?25", "h") => self.visible = true,
            ("?25", "l") => self.visible = false,
            ("?2026", "h") => {
                if self.inside {
                    self.faults.push("an update inside an update".into());
                }
                self.inside = true;
            }
            ("?2026", "l") => {
                self.inside = false;
                self.frames += 1;
            }
            ("?1000" | "?1002" | "?1006", "h" | "l") => {}
            _ => self.faults.push(format!("CSI {parameters} {end}")),
        }
    }

    fn colours(&mut self, numbers: &[u16]) {
        let mut list = numbers.iter().copied();
        while let Some(n) = list.next() {
            let modifier = match n {
                1 => Some(Modifier::BOLD),
                2 => Some(Modifier::DIM),
                3 => Some(Modifier::ITALIC),
                4 => Some(Modifier::UNDERLINED),
                5 => Some(Modifier::SLOW_BLINK),
                6 => Some(Modifier::RAPID_BLINK),
                7 => Some(Modifier::REVERSED),
                8 => Some(Modifier::HIDDEN),
                9 => Some(Modifier::CROSSED_OUT),
                _ => None,
            };
            if let Some(modifier) = modifier {
                self.pen.modifier |= modifier;
                continue;
            }
            match n {
                0 => self.pen = PLAIN,
                30..=37 => self.pen.fg = named(n - 30),
                40..=47 => self.pen.bg = named(n - 40),
                90..=97 => self.pen.fg = named(n - 90 + 8),
                100..=107 => self.pen.bg = named(n - 100 + 8),
                39 => self.pen.fg = Color::Reset,
                49 => self.pen.bg = Color::Reset,
                59 => {}
                38 | 48 | 58 => {
                    let mut byte = || u8::try_from(list.next().unwrap_or(0)).unwrap_or(0);
                    let colour = if byte() == 2 {
                        Color::Rgb(byte(), byte(), byte())
                    } else {
                        Color::Indexed(byte())
                    };
                    match n {
                        38 => self.pen.fg = colour,
                        48 => self.pen.bg = colour,
                        _ => {}
                    }
                }
                _ => self.faults.push(format!("SGR {n}")),
            }
        }
    }

    /// Where the glass differs from what `meant` says when it is laid out for `amb`, and every
    /// fault so far; empty where all is well.
    pub fn differences(&self, meant: &Buffer, amb: Ambiguous) -> Vec<String> {
        let mut out = self.faults.clone();
        for y in 0..self.size.height {
            let mut x = 0;
            while x < self.size.width {
                let cell = &meant[(x, y)];
                let width = draw::width_of(cell, amb).min(self.size.width - x);
                let shown = &self.glyphs[self.index(x, y)];
                let pen = Pen {
                    fg: cell.fg,
                    bg: cell.bg,
                    modifier: cell.modifier,
                };
                // The colour of ink does not show where there is none.
                let blank = cell.symbol() == " " && !cell.modifier.contains(Modifier::REVERSED);
                let same = shown.pen == pen
                    || blank
                        && Pen {
                            fg: pen.fg,
                            ..shown.pen
                        } == pen;
                if shown.text != cell.symbol() || !same {
                    out.push(format!(
                        "{x},{y}: {:?} {:?}, meant {:?} {pen:?}",
                        shown.text,
                        shown.pen,
                        cell.symbol()
                    ));
                }
                for n in 1..width {
                    let under = &self.glyphs[self.index(x + n, y)];
                    let covered = under.width == 0 && shown.width > n;
                    // Room that the terminal did not need.
                    let spare = under.text == " " && shown.width <= n;
                    if !(covered || spare) {
                        out.push(format!(
                            "{},{y}: {:?} in the room of {:?}",
                            x + n,
                            under.text,
                            cell.symbol()
                        ));
                    }
                }
                x += width;
            }
        }
        out
    }
}

fn named(n: u16) -> Color {
    match n {
        0 => Color::Black,
        1 => Color::Red,
        2 => Color::Green,
        3 => Color::Yellow,
        4 => Color::Blue,
        5 => Color::Magenta,
        6 => Color::Cyan,
        7 => Color::Gray,
        8 => Color::DarkGray,
        9 => Color::LightRed,
        10 => Color::LightGreen,
        11 => Color::LightYellow,
        12 => Color::LightBlue,
        13 => Color::LightMagenta,
        14 => Color::LightCyan,
        _ => Color::White,
    }
}
