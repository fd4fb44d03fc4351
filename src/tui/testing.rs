//! Scripted runs: keys as text, a clock that stands still, the screen as lines.
//!
//! Used by the tests of this room, by integration tests and by the generator of the README's
//! pictures, which is why it is not behind `cfg(test)`.

pub mod grid;
mod wired;

pub use wired::{Wire, Wired};

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, unbounded};
use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect, Size};

use crate::locale;
use crate::text::Ambiguous;
use crate::tui::app::App;
use crate::tui::clock::FixedClock;
use crate::tui::component::Env;
use crate::tui::draw;
use crate::tui::input::{Input, InputSource};
use crate::tui::key::{KeyError, KeyPress};
use crate::tui::keymap::{Keymap, Preset};
use crate::tui::run::{RunError, Runner};
use crate::tui::term::Screen;
use crate::tui::theme::BuiltIn;

static LANGUAGE: Mutex<()> = Mutex::new(());

/// Holds the language of the process still; it is one for all threads.
#[derive(Debug)]
pub struct LanguageGuard(#[allow(dead_code)] MutexGuard<'static, ()>);

/// Chooses a language until the guard is dropped.
#[must_use]
pub fn language(tag: &str) -> LanguageGuard {
    let guard = LANGUAGE.lock().unwrap_or_else(PoisonError::into_inner);
    locale::choose(tag);
    LanguageGuard(guard)
}

impl Drop for LanguageGuard {
    fn drop(&mut self) {
        locale::choose(locale::LANGUAGES[0]);
        locale::choose_zone(locale::HOUSE_ZONE);
    }
}

/// Reads `j a <enter> <ctrl-s> 中文`: blanks separate, `<…>` is one key, everything else is one
/// key per character.
pub fn keys(script: &str) -> Result<Vec<KeyPress>, KeyError> {
    let mut out = Vec::new();
    for token in script.split_whitespace() {
        let mut rest = token;
        while let Some(c) = rest.chars().next() {
            // A lone "<" is the character, so are "<" in front of anything that is no key.
            if c == '<'
                && let Some((name, tail)) = rest[1..].split_once('>')
                && !name.is_empty()
            {
                // In `<alt->>` the first ">" is the key.
                if let Some(tail) = tail.strip_prefix('>').filter(|_| name.ends_with('-')) {
                    out.push(KeyPress::parse(&format!("{name}>"))?);
                    rest = tail;
                } else {
                    out.push(KeyPress::parse(name)?);
                    rest = tail;
                }
            } else {
                out.push(KeyPress::char(c));
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    Ok(out)
}

/// The screen as text, one line per row, blanks at the end cut off. The cell behind a wide
/// character is left out, so a line reads as it looks.
pub fn buffer_text(buf: &Buffer) -> String {
    let mut out = String::new();
    for y in buf.area.top()..buf.area.bottom() {
        let mut line = String::new();
        let mut x = buf.area.left();
        while x < buf.area.right() {
            let cell = &buf[(x, y)];
            line.push_str(cell.symbol());
            x += draw::width_of(cell, Ambiguous::Narrow);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// The environment of tests: dark theme, narrow, the default keys, 80 by 24, at a fixed instant.
pub fn env() -> Env {
    let mut env = Env::new(
        BuiltIn::Dark.styles(),
        Ambiguous::Narrow,
        Keymap::preset(Preset::Default),
    );
    env.theme = Some(BuiltIn::Dark);
    env.size = Size {
        width: 80,
        height: 24,
    };
    env
}

/// Draws something into a fresh buffer.
pub fn drawn(width: u16, height: u16, draw: impl FnOnce(Rect, &mut Buffer)) -> Buffer {
    let area = Rect::new(0, 0, width, height);
    let mut buf = Buffer::empty(area);
    draw(area, &mut buf);
    buf
}

/// The instant at which [`Harness`] starts: 2026-11-24 09:00 in Shanghai.
pub const START_US: i64 = 1_795_482_000_000_000;

/// How long jobs may take in a scripted run before it is given up, in real time.
const PATIENCE: Duration = Duration::from_secs(30);

/// A terminal in memory that treats wide characters as terminals do: one that is written over
/// by half disappears as a whole. (ratatui's `TestBackend` keeps what lies under a right half and
/// shows it again later, which no terminal does.)
#[derive(Debug)]
pub struct ScreenBackend {
    buffer: Buffer,
    cursor: Position,
    visible: bool,
    copied: Vec<String>,
}

impl ScreenBackend {
    /// A blank screen.
    pub fn new(width: u16, height: u16) -> Self {
        Self {
            buffer: Buffer::empty(Rect::new(0, 0, width, height)),
            cursor: Position::ORIGIN,
            visible: false,
            copied: Vec::new(),
        }
    }

    /// What is on screen.
    pub fn buffer(&self) -> &Buffer {
        &self.buffer
    }

    /// Changes the size.
    pub fn resize(&mut self, width: u16, height: u16) {
        self.buffer.resize(Rect::new(0, 0, width, height));
    }

    /// What was put on the clipboard.
    pub fn copied(&self) -> &[String] {
        &self.copied
    }

    /// Blanks the cell, and the other half of a wide character that it belongs to.
    fn erase(&mut self, x: u16, y: u16) {
        let area = self.buffer.area;
        if x >= area.width || y >= area.height {
            return;
        }
        if x > 0 && draw::width_of(&self.buffer[(x - 1, y)], Ambiguous::Narrow) > 1 {
            self.buffer[(x - 1, y)].reset();
        }
        if draw::width_of(&self.buffer[(x, y)], Ambiguous::Narrow) > 1 && x + 1 < area.width {
            self.buffer[(x + 1, y)].reset();
        }
        self.buffer[(x, y)].reset();
    }
}

impl Backend for ScreenBackend {
    type Error = std::convert::Infallible;

    fn draw<'a, I>(&mut self, content: I) -> Result<(), Self::Error>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        for (x, y, cell) in content {
            for x in x..x + draw::width_of(cell, Ambiguous::Narrow) {
                self.erase(x, y);
            }
            self.buffer[(x, y)] = cell.clone();
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> Result<(), Self::Error> {
        self.visible = false;
        Ok(())
    }

    fn show_cursor(&mut self) -> Result<(), Self::Error> {
        self.visible = true;
        Ok(())
    }

    fn get_cursor_position(&mut self) -> Result<Position, Self::Error> {
        Ok(self.cursor)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<(), Self::Error> {
        self.cursor = position.into();
        Ok(())
    }

    fn clear(&mut self) -> Result<(), Self::Error> {
        self.buffer.reset();
        Ok(())
    }

    fn clear_region(&mut self, _: ClearType) -> Result<(), Self::Error> {
        // Only the whole screen is ever cleared by a full-screen program.
        self.clear()
    }

    fn size(&self) -> Result<Size, Self::Error> {
        Ok(self.buffer.area.as_size())
    }

    fn window_size(&mut self) -> Result<WindowSize, Self::Error> {
        Ok(WindowSize {
            columns_rows: self.buffer.area.as_size(),
            pixels: Size::ZERO,
        })
    }

    fn flush(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }
}

impl Screen for ScreenBackend {
    fn copy(&mut self, text: &str) -> std::io::Result<()> {
        self.copied.push(text.to_owned());
        Ok(())
    }
}

/// A whole app driven step by step.
#[derive(Debug)]
pub struct Harness<D: 'static> {
    runner: Runner<D, ScreenBackend, FixedClock>,
    clock: FixedClock,
}

/// A scripted run that went wrong.
#[derive(Debug, thiserror::Error)]
pub enum HarnessError {
    /// The script names a key that does not exist.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The loop failed.
    #[error(transparent)]
    Run(#[from] RunError),
    /// Jobs did not end.
    #[error("jobs are still running")]
    Busy,
}

impl<D: 'static> Harness<D> {
    /// Starts `app` on a screen of that size and lets it come to rest.
    pub fn new(app: App<D>, width: u16, height: u16) -> Result<Self, HarnessError> {
        let clock = FixedClock::at(START_US);
        let runner = Runner::new(app, ScreenBackend::new(width, height), clock.clone())?;
        let mut harness = Self { runner, clock };
        harness.rest()?;
        Ok(harness)
    }

    fn rest(&mut self) -> Result<(), HarnessError> {
        if self.runner.settle(PATIENCE)? {
            Ok(())
        } else {
            Err(HarnessError::Busy)
        }
    }

    /// Presses the keys one after another, each coming to rest before the next.
    pub fn press(&mut self, script: &str) -> Result<&mut Self, HarnessError> {
        for key in keys(script)? {
            self.feed(vec![Input::Key(key)])?;
        }
        Ok(self)
    }

    /// Presses the keys as one batch, as an input method or an unbracketed paste does.
    pub fn burst(&mut self, script: &str) -> Result<&mut Self, HarnessError> {
        let batch = keys(script)?.into_iter().map(Input::Key).collect();
        self.feed(batch)
    }

    /// Pastes with brackets.
    pub fn paste(&mut self, text: &str) -> Result<&mut Self, HarnessError> {
        self.feed(vec![Input::Paste(text.to_owned())])
    }

    /// Any input.
    pub fn feed(&mut self, batch: Vec<Input>) -> Result<&mut Self, HarnessError> {
        self.runner.feed(batch)?;
        self.rest()?;
        Ok(self)
    }

    /// Lets time pass.
    pub fn advance(&mut self, by: Duration) -> Result<&mut Self, HarnessError> {
        self.clock.advance(by);
        self.rest()?;
        Ok(self)
    }

    /// Changes the size of the terminal.
    pub fn resize(&mut self, width: u16, height: u16) -> Result<&mut Self, HarnessError> {
        self.runner.backend_mut().resize(width, height);
        self.feed(vec![Input::Resize(width, height)])
    }

    /// The cells on screen.
    pub fn buffer(&self) -> &Buffer {
        self.runner.backend().buffer()
    }

    /// The screen as text.
    pub fn screen(&self) -> String {
        buffer_text(self.buffer())
    }

    /// Where the caret is, if it is visible.
    pub fn caret(&self) -> Option<Position> {
        let backend = self.runner.backend();
        backend.visible.then_some(backend.cursor)
    }

    /// What was put on the clipboard.
    pub fn copied(&self) -> &[String] {
        self.runner.backend().copied()
    }

    /// The app, for tests that draw it themselves.
    pub fn app_mut(&mut self) -> &mut App<D> {
        self.runner.app_mut()
    }

    /// The app.
    pub fn app(&self) -> &App<D> {
        self.runner.app()
    }
}

/// Plays a script through [`Runner::run`]: one step whenever the app has come to rest, the end
/// of the terminal after the last.
#[derive(Debug)]
pub struct ScriptedInput {
    steps: VecDeque<Vec<Input>>,
    tx: Sender<Vec<Input>>,
    rx: Receiver<Vec<Input>>,
}

impl ScriptedInput {
    /// Plays these keys, each a step of its own.
    pub fn new(script: &str) -> Result<Self, KeyError> {
        Ok(Self::steps(
            keys(script)?.into_iter().map(|key| vec![Input::Key(key)]),
        ))
    }

    /// Plays these batches.
    pub fn steps(steps: impl IntoIterator<Item = Vec<Input>>) -> Self {
        let (tx, rx) = unbounded();
        Self {
            steps: steps.into_iter().collect(),
            tx,
            rx,
        }
    }
}

impl InputSource for ScriptedInput {
    fn batches(&self) -> &Receiver<Vec<Input>> {
        &self.rx
    }

    fn idle(&mut self) {
        let step = self
            .steps
            .pop_front()
            .unwrap_or_else(|| vec![Input::Closed]);
        let _ = self.tx.send(step);
    }
}

/// Compares a screen, given as text, with its snapshot: `assert_screen!("name", harness.screen())`.
/// The calling crate needs `insta`.
#[macro_export]
macro_rules! assert_screen {
    ($name:expr, $text:expr) => {
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots/tui") }, {
            insta::assert_snapshot!($name, $text);
        })
    };
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_read() {
        let text: Vec<String> = keys("j a <enter> <ctrl-s> 中文 a<b < <lt")
            .unwrap()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            text,
            [
                "j", "a", "enter", "ctrl-s", "中", "文", "a", "<", "b", "<", "<", "l", "t"
            ]
        );
        assert!(keys("<nokey>").is_err());
    }
}
