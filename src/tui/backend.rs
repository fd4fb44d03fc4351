//! Cells become bytes.
//!
//! ratatui's own backend trusts its width table, writes as it goes and moves the cursor after every
//! wide glyph. This one knows how the terminal draws, so that
//!
//! * a frame is one write inside a synchronised update, the caret at its place before it ends, and
//!   nothing at all where nothing changed;
//! * a half of a wide glyph that a write leaves behind is written over (terminals do not agree on
//!   what they show there);
//! * in [`Ambiguous::Safe`] a glyph of doubtful width is right whether it is drawn in one cell or two;
//! * with [`Look::compact`] the cursor is moved only where it is not there already, a third of the
//!   bytes over a slow line;
//! * colours come down to what the terminal has.

use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};

use crate::text::{Ambiguous, cells};
use crate::tui::colour::Depth;
use crate::tui::draw;

/// How the terminal draws and is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    /// Characters of ambiguous width.
    pub amb: Ambiguous,
    /// Trust the width of Han and other certain glyphs and save the moves behind them. A terminal
    /// that disagrees about one glyph then shifts the rest of the row.
    pub compact: bool,
    /// Colours.
    pub depth: Depth,
}

/// What the terminal shows in a cell, as far as the next write needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shown {
    /// Cells of the glyph that begins here; 0 under the right half of another.
    width: u8,
    pen: Pen,
}

const BLANK: Shown = Shown {
    width: 1,
    pen: Pen::PLAIN,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pen {
    fg: Color,
    bg: Color,
    underline: Color,
    modifier: Modifier,
}

impl Pen {
    const PLAIN: Self = Self {
        fg: Color::Reset,
        bg: Color::Reset,
        underline: Color::Reset,
        modifier: Modifier::empty(),
    };

    fn of(cell: &Cell, depth: Depth) -> Self {
        Self {
            fg: depth.fit(cell.fg),
            bg: depth.fit(cell.bg),
            // Terminals with few colours take the sequence for others.
            underline: if depth == Depth::True {
                cell.underline_color
            } else {
                Color::Reset
            },
            modifier: cell.modifier,
        }
    }
}

/// A terminal behind a writer.
#[derive(Debug)]
pub struct TermBackend<W: Write> {
    writer: W,
    /// None asks the terminal of the process.
    size: Option<Size>,
    look: Look,
    shown: Vec<Shown>,
    area: Size,
    frame: Vec<u8>,
    in_frame: bool,
    pen: Pen,
    caret: Caret,
    /// The caret as the terminal has it; none before the first frame.
    told: Option<Caret>,
    sent: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Caret {
    at: Position,
    visible: bool,
}

impl<W: Write> TermBackend<W> {
    /// On the terminal of this process, reached through `writer`.
    pub fn new(writer: W, look: Look) -> Self {
        Self::with(writer, look, None)
    }

    /// On a terminal of a known size, for tests and for counting bytes.
    pub fn sized(writer: W, look: Look, size: Size) -> Self {
        Self::with(writer, look, Some(size))
    }

    fn with(writer: W, look: Look, size: Option<Size>) -> Self {
        Self {
            writer,
            size,
            look,
            shown: Vec::new(),
            area: Size::ZERO,
            frame: Vec::new(),
            in_frame: false,
            pen: Pen::PLAIN,
            caret: Caret {
                at: Position::ORIGIN,
                visible: false,
            },
            told: None,
            sent: 0,
        }
    }

    /// The writer.
    pub fn writer(&self) -> &W {
        &self.writer
    }

    /// How the terminal is written to.
    pub fn look(&self) -> Look {
        self.look
    }

    /// Bytes written in all.
    pub fn sent(&self) -> u64 {
        self.sent
    }

    /// The terminal has another size now; only for one of a known size.
    pub fn resize(&mut self, size: Size) {
        self.size = Some(size);
    }

    /// Others have written to the terminal meanwhile: nothing is known about it.
    pub(crate) fn forget(&mut self) {
        self.shown.clear();
        self.area = Size::ZERO;
        self.told = None;
    }

    fn place(&self, x: u16, y: u16) -> Option<usize> {
        (x < self.area.width && y < self.area.height)
            .then(|| usize::from(y) * usize::from(self.area.width) + usize::from(x))
    }

    fn note(&mut self, x: u16, y: u16, shown: Shown) {
        if let Some(at) = self.place(x, y) {
            self.shown[at] = shown;
        }
    }

    fn at(&self, x: u16, y: u16) -> Shown {
        self.place(x, y).map_or(BLANK, |at| self.shown[at])
    }

    /// The terminal takes what has been collected.
    fn send(&mut self) -> io::Result<()> {
        self.sent += self.frame.len() as u64;
        let written = self
            .writer
            .write_all(&self.frame)
            .and_then(|()| self.writer.flush());
        self.frame.clear();
        written
    }

    fn begin(&mut self) {
        self.in_frame = true;
    }

    fn end(&mut self) -> io::Result<()> {
        self.in_frame = false;
        let drawn = !self.frame.is_empty();
        if !drawn && self.told == Some(self.caret) {
            return Ok(());
        }
        let mut out = b"\x1b[?2026h".to_vec();
        out.append(&mut self.frame);
        if self.caret.visible {
            let told = self.told.filter(|t| t.visible);
            if drawn || told.is_none_or(|t| t.at != self.caret.at) {
                move_to(&mut out, self.caret.at.x, self.caret.at.y);
            }
        }
        if self.told.map(|t| t.visible) != Some(self.caret.visible) {
            out.extend_from_slice(if self.caret.visible {
                b"\x1b[?25h"
            } else {
                b"\x1b[?25l"
            });
        }
        out.extend_from_slice(b"\x1b[?2026l");
        self.told = Some(self.caret);
        self.frame = out;
        self.send()
    }

    /// Writes what a glyph left standing of another, if the next write does not.
    fn mend(&mut self, orphan: Option<(u16, u16, Pen)>, next: Option<(u16, u16)>) -> bool {
        let Some((x, y, pen)) = orphan else {
            return false;
        };
        if next == Some((x, y)) {
            return false;
        }
        self.set_pen(pen);
        self.frame.push(b' ');
        self.note(x, y, Shown { width: 1, pen });
        true
    }

    fn set_pen(&mut self, pen: Pen) {
        if pen == self.pen {
            return;
        }
        let mut codes: Vec<String> = Vec::new();
        let mut from = self.pen;
        if !(from.modifier - pen.modifier).is_empty() {
            codes.push("0".into());
            from = Pen::PLAIN;
        }
        for (modifier, code) in [
            (Modifier::BOLD, "1"),
            (Modifier::DIM, "2"),
            (Modifier::ITALIC, "3"),
            (Modifier::UNDERLINED, "4"),
            (Modifier::SLOW_BLINK, "5"),
            (Modifier::RAPID_BLINK, "6"),
            (Modifier::REVERSED, "7"),
            (Modifier::HIDDEN, "8"),
            (Modifier::CROSSED_OUT, "9"),
        ] {
            if (pen.modifier - from.modifier).contains(modifier) {
                codes.push(code.into());
            }
        }
        if pen.fg != from.fg {
            codes.push(colour_code(pen.fg, 30));
        }
        if pen.bg != from.bg {
            codes.push(colour_code(pen.bg, 40));
        }
        if pen.underline != from.underline {
            codes.push(match pen.underline {
                Color::Rgb(r, g, b) => format!("58;2;{r};{g};{b}"),
                Color::Indexed(n) => format!("58;5;{n}"),
                _ => "59".into(),
            });
        }
        let _ = write!(self.frame, "\x1b[{}m", codes.join(";"));
        self.pen = pen;
    }

    /// Writes one glyph where the cursor is; false if it is not certain where that leaves it.
    fn glyph(&mut self, symbol: &str, x: u16, y: u16, width: u16) -> bool {
        let narrow = cells(symbol, Ambiguous::Narrow);
        let doubtful = narrow != cells(symbol, Ambiguous::Wide);
        if self.look.amb == Ambiguous::Safe && doubtful {
            // Whatever it covers of the two is blank already.
            self.frame.extend_from_slice(b"  ");
            if x + width < self.area.width {
                self.frame.extend_from_slice(b"\x1b[2D");
            } else {
                // The cursor hangs at the edge, where steps back count from is anybody's guess.
                move_to(&mut self.frame, x, y);
            }
            self.frame.extend_from_slice(symbol.as_bytes());
            return false;
        }
        self.frame.extend_from_slice(symbol.as_bytes());
        let simple = symbol.chars().nth(1).is_none();
        width == 1 && simple || self.look.compact && simple && certain(symbol)
    }
}

/// Han, kana, hangul, full-width forms and Chinese punctuation: two cells in every terminal.
fn certain(symbol: &str) -> bool {
    symbol.chars().all(|c| {
        matches!(c, '\u{2e80}'..='\u{303e}' | '\u{3041}'..='\u{3247}' | '\u{3250}'..='\u{a4cf}'
            | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}'
            | '\u{ff01}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' | '\u{20000}'..='\u{3fffd}')
    })
}

fn move_to(out: &mut Vec<u8>, x: u16, y: u16) {
    let _ = write!(out, "\x1b[{};{}H", u32::from(y) + 1, u32::from(x) + 1);
}

/// The code of a colour; `base` is 30 for text and 40 for what is behind it.
fn colour_code(colour: Color, base: u8) -> String {
    let plain = |n: u8| (base + n).to_string();
    let light = |n: u8| (base + 60 + n).to_string();
    match colour {
        Color::Reset => plain(9),
        Color::Black => plain(0),
        Color::Red => plain(1),
        Color::Green => plain(2),
        Color::Yellow => plain(3),
        Color::Blue => plain(4),
        Color::Magenta => plain(5),
        Color::Cyan => plain(6),
        Color::Gray => plain(7),
        Color::DarkGray => light(0),
        Color::LightRed => light(1),
        Color::LightGreen => light(2),
        Color::LightYellow => light(3),
        Color::LightBlue => light(4),
        Color::LightMagenta => light(5),
        Color::LightCyan => light(6),
        Color::White => light(7),
        Color::Indexed(n) => format!("{};5;{n}", base + 8),
        Color::Rgb(r, g, b) => format!("{};2;{r};{g};{b}", base + 8),
    }
}

impl<W: Write> Backend for TermBackend<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut cursor: Option<(u16, u16)> = None;
        let mut orphan = None;
        // The end of the glyph written last: what ratatui sends for its right half is covered.
        let mut covered: Option<(u16, u16)> = None;
        for (x, y, cell) in content {
            if covered.is_some_and(|(end, row)| row == y && x < end) {
                continue;
            }
            if self.mend(orphan, Some((x, y))) {
                cursor = orphan.map(|(x, y, _)| (x + 1, y));
            }
            let width = draw::width_of(cell, self.look.amb);
            let end = x.saturating_add(width);
            let pen = Pen::of(cell, self.look.depth);
            if cursor != Some((x, y)) {
                move_to(&mut self.frame, x, y);
            }
            self.set_pen(pen);
            let sure = self.glyph(cell.symbol(), x, y, width);
            // A glyph that began in the last of these cells loses its left half.
            let last = self.at(end.saturating_sub(1), y);
            orphan = (last.width > 1 && self.place(end, y).is_some()).then_some((end, y, last.pen));
            self.note(
                x,
                y,
                Shown {
                    width: u8::try_from(width).unwrap_or(1),
                    pen,
                },
            );
            for under in x + 1..end {
                self.note(under, y, Shown { width: 0, pen });
            }
            // Behind the last column the cursor hangs, each terminal in its own way.
            cursor = (sure && end < self.area.width).then_some((end, y));
            covered = (width > 1).then_some((end, y));
            if let Some((ox, oy, _)) = orphan
                && cursor.is_none()
            {
                // The move belongs before the blank, should the next cell not be this one.
                move_to(&mut self.frame, ox, oy);
                cursor = Some((ox, oy));
            }
        }
        self.mend(orphan, None);
        self.set_pen(Pen::PLAIN);
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.caret.visible = false;
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.caret.visible = true;
        Ok(())
    }

    /// Where it was put last; the terminal is not asked.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.caret.at)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.caret.at = position.into();
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, _: ClearType) -> io::Result<()> {
        // Only the whole screen is ever cleared by a full-screen program.
        self.area = self.size()?;
        self.shown = vec![BLANK; usize::from(self.area.width) * usize::from(self.area.height)];
        self.frame.extend_from_slice(b"\x1b[0m\x1b[2J");
        self.pen = Pen::PLAIN;
        Ok(())
    }

    fn size(&self) -> io::Result<Size> {
        if let Some(size) = self.size {
            return Ok(size);
        }
        let (width, height) = crossterm::terminal::size()?;
        Ok(Size { width, height })
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize {
            columns_rows: self.size()?,
            pixels: Size::ZERO,
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.in_frame { Ok(()) } else { self.send() }
    }
}

impl<W: Write> crate::tui::term::Screen for TermBackend<W> {
    fn begin_frame(&mut self) -> io::Result<()> {
        if self.shown.is_empty() {
            self.clear_region(ClearType::All)?;
        }
        self.begin();
        Ok(())
    }

    fn end_frame(&mut self) -> io::Result<()> {
        self.end()
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        use base64::Engine as _;
        let coded = base64::engine::general_purpose::STANDARD.encode(text);
        let _ = write!(self.frame, "\x1b]52;c;{coded}\x07");
        self.send()
    }

    fn lend(&mut self, inside: &mut dyn FnMut()) -> io::Result<()> {
        self.send()?;
        if self.size.is_some() {
            // No terminal of this process.
            inside();
            return Ok(());
        }
        crate::tui::term::leave();
        inside();
        self.forget();
        crate::tui::term::take()
    }

    fn suspend(&mut self) -> io::Result<()> {
        self.send()?;
        if self.size.is_some() {
            return Ok(());
        }
        crate::tui::term::leave();
        crate::tui::term::stop_here();
        self.forget();
        crate::tui::term::take()
    }

    fn mouse(&mut self, on: bool) -> io::Result<()> {
        self.frame
            .extend_from_slice(crate::tui::term::mouse_code(on));
        self.send()
    }
}
