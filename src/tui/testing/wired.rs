//! A whole app that writes real bytes to a terminal in memory.

use std::cell::RefCell;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};

use super::grid::Grid;
use super::{HarnessError, PATIENCE, START_US, keys};
use crate::text::Ambiguous;
use crate::tui::app::App;
use crate::tui::backend::{Look, TermBackend};
use crate::tui::clock::FixedClock;
use crate::tui::input::Input;
use crate::tui::run::Runner;

/// What was sent and not looked at yet.
#[derive(Debug, Clone, Default)]
pub struct Wire(Rc<RefCell<Vec<u8>>>);

impl Wire {
    /// Takes what was sent.
    pub fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.borrow_mut())
    }
}

impl io::Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An app, the bytes it sends, and the terminal that shows them.
#[derive(Debug)]
pub struct Wired<D: 'static> {
    runner: Runner<D, TermBackend<Wire>, FixedClock>,
    clock: FixedClock,
    wire: Wire,
    grid: Grid,
    look: Look,
    last: usize,
}

impl<D: 'static> Wired<D> {
    /// Starts `app`, which writes as `look` says, on a terminal that draws as `draws` says.
    pub fn new(
        app: App<D>,
        look: Look,
        draws: Ambiguous,
        size: Size,
    ) -> Result<Self, HarnessError> {
        let clock = FixedClock::at(START_US);
        let wire = Wire::default();
        let backend = TermBackend::sized(wire.clone(), look, size);
        let runner = Runner::new(app, backend, clock.clone())?;
        let mut wired = Self {
            runner,
            clock,
            wire,
            grid: Grid::new(size, draws),
            look,
            last: 0,
        };
        wired.rest()?;
        Ok(wired)
    }

    fn rest(&mut self) -> Result<(), HarnessError> {
        let done = self.runner.settle(PATIENCE)?;
        let bytes = self.wire.take();
        self.last = bytes.len();
        self.grid.feed(&bytes);
        if done {
            Ok(())
        } else {
            Err(HarnessError::Busy)
        }
    }

    /// Any input.
    pub fn feed(&mut self, batch: Vec<Input>) -> Result<&mut Self, HarnessError> {
        self.runner.feed(batch)?;
        self.rest()?;
        Ok(self)
    }

    /// Presses the keys one after another.
    pub fn press(&mut self, script: &str) -> Result<&mut Self, HarnessError> {
        for key in keys(script)? {
            self.feed(vec![Input::Key(key)])?;
        }
        Ok(self)
    }

    /// Lets time pass.
    pub fn advance(&mut self, by: Duration) -> Result<&mut Self, HarnessError> {
        self.clock.advance(by);
        self.rest()?;
        Ok(self)
    }

    /// Changes the size of the terminal.
    pub fn resize(&mut self, size: Size) -> Result<&mut Self, HarnessError> {
        self.runner.backend_mut().resize(size);
        self.grid.resize(size);
        self.feed(vec![Input::Resize(size.width, size.height)])
    }

    /// What the terminal shows.
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// The app.
    pub fn app_mut(&mut self) -> &mut App<D> {
        self.runner.app_mut()
    }

    /// Bytes sent for the last input.
    pub fn sent(&self) -> usize {
        self.last
    }

    /// What the terminal should show: everything drawn anew.
    pub fn meant(&mut self) -> Buffer {
        let size = self.runner.app().env().size;
        let area = Rect::new(0, 0, size.width, size.height);
        let mut buffer = Buffer::empty(area);
        let _ = self.runner.app_mut().render(area, &mut buffer);
        buffer
    }

    /// Where the terminal shows something else than was meant.
    pub fn differences(&mut self) -> Vec<String> {
        let meant = self.meant();
        self.grid.differences(&meant, self.look.amb)
    }
}
