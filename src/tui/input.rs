//! What comes from the person, in batches.
//!
//! The input thread reads everything that is waiting, hands it over as one batch and then waits
//! until the loop has handled it. So an input method's commit arrives together, and while a key
//! is being handled nobody reads the terminal: an external editor can have it.

use std::thread;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};
use crossterm::event::{self, Event as TermEvent, KeyEventKind, MouseEvent};

use crate::tui::key::KeyPress;

/// One thing that happened at the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A key was pressed or repeated.
    Key(KeyPress),
    /// Bracketed paste.
    Paste(String),
    /// The mouse.
    Mouse(MouseEvent),
    /// The terminal has a new size.
    Resize(u16, u16),
    /// The terminal is gone or the program is told to end; nothing more will come.
    Closed,
}

impl Input {
    /// What a terminal event means; key releases and focus changes mean nothing.
    pub fn from_term(event: TermEvent) -> Option<Self> {
        match event {
            TermEvent::Key(key) if key.kind == KeyEventKind::Release => None,
            TermEvent::Key(key) => Some(Self::Key(key.into())),
            TermEvent::Paste(text) => Some(Self::Paste(text)),
            TermEvent::Mouse(mouse) => Some(Self::Mouse(mouse)),
            TermEvent::Resize(width, height) => Some(Self::Resize(width, height)),
            TermEvent::FocusGained | TermEvent::FocusLost => None,
        }
    }
}

/// Where the loop takes its input from.
pub trait InputSource {
    /// Batches of input; disconnected when nothing more will come.
    fn batches(&self) -> &Receiver<Vec<Input>>;
    /// The last batch has been handled and the source may read on.
    fn handled(&mut self) {}
    /// Nothing is left to do: no input, no running job, nothing to draw. A script plays its next
    /// step here.
    fn idle(&mut self) {}
}

/// The keyboard and mouse of the terminal.
#[derive(Debug)]
pub struct TerminalInput {
    batches: Receiver<Vec<Input>>,
    batch_tx: Sender<Vec<Input>>,
    handled: Sender<()>,
}

/// Most events in one batch; more would delay the first frame of a large unbracketed paste.
const BATCH: usize = 65_536;

impl TerminalInput {
    /// Starts the reading thread. It ends with the terminal or the program.
    pub fn start() -> std::io::Result<Self> {
        let (batch_tx, batches) = bounded::<Vec<Input>>(1);
        let (handled, handled_rx) = bounded::<()>(1);
        let thread_tx = batch_tx.clone();
        thread::Builder::new()
            .name("qianfa-input".into())
            .spawn(move || {
                loop {
                    let batch = read_batch();
                    let last = batch.contains(&Input::Closed);
                    if thread_tx.send(batch).is_err() || last || handled_rx.recv().is_err() {
                        break;
                    }
                }
            })?;
        Ok(Self {
            batches,
            batch_tx,
            handled,
        })
    }

    /// A handle that ends the program as a hung-up terminal would, from another thread: what a
    /// handler of SIGTERM and SIGHUP calls.
    pub fn closer(&self) -> Closer {
        Closer(self.batch_tx.clone())
    }
}

/// Ends the program from another thread; everyone hands over what must not be lost first.
#[derive(Debug, Clone)]
pub struct Closer(Sender<Vec<Input>>);

impl Closer {
    /// Asks for the end. Waits while a batch of input is being taken.
    pub fn close(&self) {
        let _ = self.0.send(vec![Input::Closed]);
    }
}

/// Waits for something and takes everything that is there with it.
fn read_batch() -> Vec<Input> {
    let mut batch = Vec::new();
    loop {
        let ready = if batch.is_empty() {
            Ok(true)
        } else {
            event::poll(Duration::ZERO)
        };
        match ready.and_then(|ready| {
            if ready && batch.len() < BATCH {
                event::read().map(Some)
            } else {
                Ok(None)
            }
        }) {
            Ok(Some(event)) => batch.extend(Input::from_term(event)),
            Ok(None) => return batch,
            Err(_) => {
                batch.push(Input::Closed);
                return batch;
            }
        }
    }
}

impl InputSource for TerminalInput {
    fn batches(&self) -> &Receiver<Vec<Input>> {
        &self.batches
    }

    fn handled(&mut self) {
        // A full channel means that the thread has not taken the last permission yet.
        let _ = self.handled.try_send(());
    }
}
