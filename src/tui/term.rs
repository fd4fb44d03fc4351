//! The terminal taken over and given back, whatever happens in between.
//!
//! The way back is one function, used by the guard's drop, by the panic hook and before the
//! program is suspended or lends the terminal to another program.

use std::cell::Cell;
use std::io::{self, stdout};
use std::panic;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::style::{Print, ResetColor};
use crossterm::terminal::{
    EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode,
};
use crossterm::{cursor, execute};
use ratatui::backend::Backend;

/// Whether the terminal is in our hands now.
static TAKEN: AtomicBool = AtomicBool::new(false);
/// Whether the mouse is ours while the terminal is.
static MOUSE: AtomicBool = AtomicBool::new(true);
static HOOK: Once = Once::new();

/// Clicks, wheel and dragging, in the coordinates of large screens. Not every movement: a hand on
/// the desk must not wake the program.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1002h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1002l\x1b[?1000l";

thread_local! {
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// This thread's panics are caught and reported; they must not tear the screen down.
pub(crate) fn panics_are_caught_here() {
    CAUGHT.with(|caught| caught.set(true));
}

/// Holds the terminal in raw mode on the alternate screen until it is dropped.
#[derive(Debug)]
pub struct Guard(());

impl Guard {
    /// Takes the terminal over, with the mouse or without, and makes sure that a panic gives it
    /// back first.
    pub fn enter(mouse: bool) -> io::Result<Self> {
        MOUSE.store(mouse, Ordering::SeqCst);
        HOOK.call_once(|| {
            let before = panic::take_hook();
            panic::set_hook(Box::new(move |info| {
                if CAUGHT.with(Cell::get) {
                    tracing::error!("a job panicked: {info}");
                } else {
                    leave();
                    before(info);
                }
            }));
        });
        take()?;
        Ok(Self(()))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        leave();
    }
}

/// Takes the terminal (again).
pub(crate) fn take() -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    let entered = execute!(
        stdout(),
        EnterAlternateScreen,
        EnableBracketedPaste,
        Print(if MOUSE.load(Ordering::SeqCst) {
            MOUSE_ON
        } else {
            ""
        })
    );
    if entered.is_err() {
        leave();
    }
    entered
}

/// Gives the terminal back. Safe to call at any time and from any thread; a dead terminal cannot
/// be told anything, so errors are of no use here.
pub fn leave() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        let _ = execute!(
            stdout(),
            EndSynchronizedUpdate,
            Print(MOUSE_OFF),
            DisableBracketedPaste,
            ResetColor,
            LeaveAlternateScreen,
            cursor::Show
        );
        let _ = disable_raw_mode();
    }
}

/// Stops this process as the shell's job control expects and returns when it is continued.
#[cfg(unix)]
pub(crate) fn stop_here() {
    let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::TSTP);
}

#[cfg(not(unix))]
pub(crate) fn stop_here() {}

/// Takes the mouse or leaves it to the terminal, now and whenever the terminal is taken again.
pub(crate) fn mouse_code(on: bool) -> &'static [u8] {
    MOUSE.store(on, Ordering::SeqCst);
    if on { MOUSE_ON } else { MOUSE_OFF }.as_bytes()
}

/// A backend the loop can run on: besides drawing it brackets frames, sends the clipboard and
/// hands the terminal over.
pub trait Screen: Backend {
    /// From here to [`Self::end_frame`] the terminal shows nothing by halves.
    fn begin_frame(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// The frame is whole, with the caret where it belongs.
    fn end_frame(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Puts `text` on the person's clipboard (OSC 52; works over SSH).
    fn copy(&mut self, text: &str) -> io::Result<()> {
        let _ = text;
        Ok(())
    }

    /// Gives the terminal back, runs `inside`, takes it again.
    fn lend(&mut self, inside: &mut dyn FnMut()) -> io::Result<()> {
        inside();
        Ok(())
    }

    /// Suspends the program to the shell.
    fn suspend(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Takes the mouse, or leaves it to the terminal so that its own selection works.
    fn mouse(&mut self, on: bool) -> io::Result<()> {
        let _ = on;
        Ok(())
    }
}
