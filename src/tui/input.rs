//! What comes from the person, in batches.
//!
//! The input thread reads everything that is waiting, hands it over as one batch and then waits
//! until the loop has handled it. So an input method's commit arrives together, and while a key
//! is being handled nobody reads the terminal: an external editor can have it.

use std::thread;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};
use crossterm::event::{self, Event as TermEvent, KeyCode, KeyEventKind, KeyModifiers, MouseEvent};

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
            Ok(None) => {
                drop_late_answer(&mut batch);
                if batch.is_empty() {
                    continue;
                }
                return batch;
            }
            Err(_) => {
                batch.push(Input::Closed);
                return batch;
            }
        }
    }
}

/// A terminal far away may tell its background (`OSC 11`) when nobody waits for it any more; what
/// arrives then looks like keys: alt-], 1, 1, ;, r, g, b ... They come at once, as no hand types.
fn drop_late_answer(batch: &mut Vec<Input>) {
    let is = |input: &Input, c: char, alt: bool| match input {
        Input::Key(key) => {
            key.code == KeyCode::Char(c) && key.mods.contains(KeyModifiers::ALT) == alt
        }
        _ => false,
    };
    let begins = |at: usize| {
        let rest = batch.get(at + 1..).unwrap_or_default();
        is(&batch[at], ']', true)
            && "11;rgb"
                .chars()
                .enumerate()
                .all(|(n, c)| rest.get(n).is_some_and(|input| is(input, c, false)))
    };
    let Some(start) = (0..batch.len()).find(|at| begins(*at)) else {
        return;
    };
    let ends = |input: &Input| {
        let bell = |key: &KeyPress| {
            key.code == KeyCode::Char('g') && key.mods.contains(KeyModifiers::CONTROL)
        };
        is(input, '\\', true) || matches!(input, Input::Key(key) if bell(key))
    };
    let length = batch[start..].iter().position(ends);
    let end = length.map_or(batch.len(), |n| start + n + 1);
    batch.drain(start..end);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<Input> {
        let press = |c, modifiers| Input::Key(KeyPress::new(KeyCode::Char(c), modifiers));
        let mut alt = false;
        let mut out = Vec::new();
        for c in text.chars() {
            if c == '\x1b' {
                alt = true;
                continue;
            }
            let with = if std::mem::take(&mut alt) {
                KeyModifiers::ALT
            } else {
                KeyModifiers::NONE
            };
            out.push(press(c, with));
        }
        out
    }

    #[test]
    fn a_late_answer_is_no_key() {
        let mut batch = keys("a\x1b]11;rgb:ffff/ffff/ffff\x1b\\b");
        drop_late_answer(&mut batch);
        assert_eq!(batch, keys("ab"));
        for typed in ["\x1b]", "11;rgb:", "\x1b]11;x", "gb"] {
            let mut batch = keys(typed);
            drop_late_answer(&mut batch);
            assert_eq!(batch, keys(typed));
        }
    }
}
