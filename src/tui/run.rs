//! The loop: drain what has come, update, draw once, wait. No tick when idle.

use std::io::stdout;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::{Duration, Instant};

use crossbeam_channel::{after, never, select};
use ratatui::Terminal;
use ratatui::layout::Position;

use crate::text::Ambiguous;
use crate::tui::app::{App, TerminalWork};
use crate::tui::backend::{Look, TermBackend};
use crate::tui::clock::{Clock, SystemClock};
use crate::tui::colour::Depth;
use crate::tui::component::ToastKind;
use crate::tui::input::{Input, InputSource, TerminalInput};
use crate::tui::probe::{self, AmbiguousWidth, Answers};
use crate::tui::term::{Guard, Screen};

/// Why the loop stopped before its time.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The terminal cannot be drawn on.
    #[error("drawing failed: {0}")]
    Draw(String),
    /// The terminal cannot be handled.
    #[error("the terminal failed: {0}")]
    Terminal(#[from] std::io::Error),
}

/// How the terminal is to be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Characters of ambiguous width.
    pub width: AmbiguousWidth,
    /// Save bytes where the terminal is trusted with the width of Han; for slow lines.
    pub compact: bool,
    /// How many colours there are.
    pub depth: Depth,
    /// Whether the program takes the mouse to begin with.
    pub mouse: bool,
    /// Whether the colours follow the terminal's own.
    pub ask_light: bool,
}

impl Options {
    /// Whether there is anything to ask the terminal.
    fn asks(&self) -> bool {
        self.width == AmbiguousWidth::Auto || self.ask_light
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            width: AmbiguousWidth::Auto,
            compact: false,
            depth: Depth::True,
            mouse: true,
            ask_light: false,
        }
    }
}

/// Runs a console on the terminal of this process: takes the terminal, asks it how wide it draws,
/// and whether it is light, makes the app for that, runs it and gives the terminal back. Work handed over last is
/// finished before this returns.
pub fn in_terminal<D: 'static>(
    options: Options,
    app: impl FnOnce(Ambiguous, Option<bool>) -> App<D>,
) -> Result<(), RunError> {
    let guard = Guard::enter(options.mouse)?;
    let said = if options.asks() {
        probe::ask()
    } else {
        Answers::default()
    };
    let look = Look {
        amb: options.width.decide(said.width),
        compact: options.compact,
        depth: options.depth,
    };
    let app = app(look.amb, said.light).with_mouse(options.mouse);
    let mut input = TerminalInput::start()?;
    let told = Told::listen(input.closer())?;
    let backend = TermBackend::new(stdout(), look);
    let mut runner = Runner::new(app, backend, SystemClock::new())?;
    let result = runner.run(&mut input);
    // The person gets the shell's screen back first, then the store is closed.
    drop(guard);
    drop(told);
    drop(runner);
    result
}

/// SIGTERM and SIGHUP end the loop as a closed terminal does, so that unsaved text reaches the
/// store and the terminal is given back.
struct Told(#[cfg(unix)] signal_hook::iterator::Handle);

impl Told {
    #[cfg(unix)]
    fn listen(closer: crate::tui::input::Closer) -> std::io::Result<Self> {
        use signal_hook::consts::{SIGHUP, SIGTERM};
        let mut signals = signal_hook::iterator::Signals::new([SIGTERM, SIGHUP])?;
        let handle = signals.handle();
        std::thread::Builder::new()
            .name("qianfa-signals".into())
            .spawn(move || {
                for _ in signals.forever() {
                    closer.close();
                }
            })?;
        Ok(Self(handle))
    }

    #[cfg(not(unix))]
    fn listen(_: crate::tui::input::Closer) -> std::io::Result<Self> {
        Ok(Self())
    }
}

#[cfg(unix)]
impl Drop for Told {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// An app with its terminal and clock.
#[derive(Debug)]
pub struct Runner<D: 'static, B: Screen, C: Clock> {
    app: App<D>,
    terminal: Terminal<B>,
    clock: C,
}

impl<D: 'static, B: Screen, C: Clock> Runner<D, B, C> {
    /// Puts them together; nothing is drawn yet.
    pub fn new(app: App<D>, backend: B, clock: C) -> Result<Self, RunError> {
        let terminal = Terminal::new(backend).map_err(|e| RunError::Draw(e.to_string()))?;
        Ok(Self {
            app,
            terminal,
            clock,
        })
    }

    /// The app.
    pub fn app(&self) -> &App<D> {
        &self.app
    }

    /// The app, to act on it between turns.
    pub fn app_mut(&mut self) -> &mut App<D> {
        &mut self.app
    }

    /// The backend, for tests that look at the screen.
    pub fn backend(&self) -> &B {
        self.terminal.backend()
    }

    /// The backend, for tests that change its size.
    pub fn backend_mut(&mut self) -> &mut B {
        self.terminal.backend_mut()
    }

    fn sync_time(&mut self) {
        self.app
            .set_time(self.clock.now_us(), self.clock.monotonic());
    }

    /// Handles one batch of input, and what only the owner of the terminal can do about it.
    pub fn feed(&mut self, batch: Vec<Input>) -> Result<(), RunError> {
        self.sync_time();
        self.app.feed(batch);
        self.terminal_work()
    }

    fn terminal_work(&mut self) -> Result<(), RunError> {
        while let Some(work) = self.app.terminal_work() {
            match work {
                TerminalWork::Copy(text) => {
                    if let Err(error) = self.terminal.backend_mut().copy(&text) {
                        self.app.tell(ToastKind::Error, error.to_string());
                    }
                }
                TerminalWork::Lend {
                    layer,
                    inside,
                    then,
                } => {
                    let mut inside = Some(inside);
                    let mut value = None;
                    self.terminal
                        .backend_mut()
                        .lend(&mut || value = inside.take().map(|f| f()))?;
                    self.redraw()?;
                    if let Some(value) = value {
                        self.app.lent(layer, value, then);
                    }
                }
                TerminalWork::Suspend => {
                    self.terminal.backend_mut().suspend()?;
                    self.redraw()?;
                }
                TerminalWork::Redraw => self.redraw()?,
                TerminalWork::Mouse(on) => {
                    if let Err(error) = self.terminal.backend_mut().mouse(on) {
                        self.app.tell(ToastKind::Error, error.to_string());
                    }
                }
            }
        }
        Ok(())
    }

    fn redraw(&mut self) -> Result<(), RunError> {
        self.terminal
            .clear()
            .map_err(|e| RunError::Draw(e.to_string()))?;
        self.draw()
    }

    /// Takes the reports that are there and does what is due, then draws if anything changed.
    pub fn turn(&mut self) -> Result<(), RunError> {
        self.sync_time();
        self.app.settle();
        loop {
            let report = self.app.worker().reports().try_recv();
            match report {
                Ok(report) => self.app.report(report),
                Err(_) => break,
            }
        }
        self.app.tick();
        self.terminal_work()?;
        if self.app.dirty() && !self.app.ended() {
            self.draw()?;
        }
        Ok(())
    }

    fn draw(&mut self) -> Result<(), RunError> {
        self.terminal.backend_mut().begin_frame()?;
        let app = &mut self.app;
        let drawn = self.terminal.draw(|frame| {
            let area = frame.area();
            if let Some(Position { x, y }) = app.render(area, frame.buffer_mut()) {
                frame.set_cursor_position((x, y));
            }
        });
        let drawn = drawn.map(|_| ()).map_err(|e| RunError::Draw(e.to_string()));
        // Also after a failure: a terminal left inside an update shows nothing at all.
        self.terminal.backend_mut().end_frame()?;
        drawn
    }

    /// Turns until no job is running any more; false if `limit` of real time did not do.
    pub fn settle(&mut self, limit: Duration) -> Result<bool, RunError> {
        let start = Instant::now();
        loop {
            self.turn()?;
            if !self.app.busy() {
                return Ok(true);
            }
            let Some(rest) = limit.checked_sub(start.elapsed()) else {
                return Ok(false);
            };
            let report = self.app.worker().reports().recv_timeout(rest);
            if let Ok(report) = report {
                self.sync_time();
                self.app.report(report);
            }
        }
    }

    /// Runs until the person leaves or the input ends. What panics here goes on to panic, once
    /// every layer has handed over what must not be lost.
    pub fn run(&mut self, input: &mut impl InputSource) -> Result<(), RunError> {
        match catch_unwind(AssertUnwindSafe(|| self.run_on(input))) {
            Ok(result) => result,
            Err(panic) => {
                // Whatever was half done stays so; only texts are read from it now, and a second
                // panic must not hide the first.
                let _ = catch_unwind(AssertUnwindSafe(|| self.app.feed(vec![Input::Closed])));
                resume_unwind(panic)
            }
        }
    }

    fn run_on(&mut self, input: &mut impl InputSource) -> Result<(), RunError> {
        loop {
            while let Ok(batch) = input.batches().try_recv() {
                self.feed(batch)?;
                input.handled();
            }
            self.turn()?;
            if self.app.ended() {
                return Ok(());
            }
            if !self.app.busy() && input.batches().is_empty() {
                input.idle();
            }
            let timeout = match self.app.deadline() {
                Some(due) => after(due.saturating_sub(self.clock.monotonic())),
                None => never(),
            };
            select! {
                recv(input.batches()) -> batch => {
                    // A source that is gone is a terminal that is gone.
                    self.feed(batch.unwrap_or_else(|_| vec![Input::Closed]))?;
                    input.handled();
                }
                recv(self.app.worker().reports()) -> report => {
                    self.sync_time();
                    if let Ok(report) = report {
                        self.app.report(report);
                    }
                }
                recv(timeout) -> _ => {}
            }
        }
    }
}
