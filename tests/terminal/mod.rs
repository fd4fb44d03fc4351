//! A program on a real pseudo-terminal, and what its screen shows.
//!
//! Tests wait for what must appear and never for a time; the limits are generous, for machines on
//! which much else runs.

#![allow(dead_code)] // each test uses its part
#![allow(clippy::unwrap_used)]

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// How long something on screen may take.
pub const LIMIT: Duration = Duration::from_secs(90);

// What keys send.
pub const ENTER: &str = "\r";
pub const ESC: &str = "\x1b";
pub const TAB: &str = "\t";
pub const F3: &str = "\x1bOR";
pub const F4: &str = "\x1bOS";
pub const F6: &str = "\x1b[17~";
pub const SAVE: &str = "\x13";
pub const QUIT: &str = "\x11";

/// A running program.
pub struct Session {
    /// The process.
    pub child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    bytes: Receiver<Vec<u8>>,
    /// What the terminal shows.
    pub screen: vt100::Parser,
    seen: Vec<u8>,
    column: u16,
}

fn pty(rows: u16, cols: u16) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}

impl Session {
    /// Starts `command` on 24 rows of 80 that answer the question for the cursor with `column`: 2
    /// where “ is one cell wide, 3 where it is two.
    pub fn start(mut command: CommandBuilder, column: u16) -> Self {
        let pair = native_pty_system().openpty(pty(24, 80)).unwrap();
        command.env("TERM", "xterm-256color");
        command.env_remove("NO_COLOR");
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let writer = pair.master.take_writer().unwrap();
        let (tx, bytes) = channel();
        std::thread::spawn(move || {
            let mut buffer = vec![0u8; 65_536];
            while let Ok(n @ 1..) = reader.read(&mut buffer) {
                if tx.send(buffer[..n].to_vec()).is_err() {
                    break;
                }
            }
        });
        let size = |n| NonZeroU16::new(n).unwrap();
        Self {
            child,
            master: pair.master,
            writer,
            bytes,
            screen: vt100::Parser::new(size(24), size(80), 0),
            seen: Vec::new(),
            column,
        }
    }

    /// The program of the product over a store, its settings in `home`.
    pub fn qianfa(home: &Path, store: &Path, arguments: &[&str]) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_qianfa"));
        command.arg("--store");
        command.arg(store);
        command.args(["--lang", "zh-CN"]);
        command.args(arguments);
        command.env("HOME", home);
        command.env("QIANFA_CONFIG", home.join("config.toml"));
        command.env("QIANFA_LOG", home.join("qianfa.log"));
        command.cwd(home);
        Self::start(command, 2)
    }

    /// Types.
    pub fn send(&mut self, text: &str) {
        self.writer.write_all(text.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    /// Changes the size of the window.
    pub fn resize(&mut self, rows: u16, cols: u16) {
        let size = |n| NonZeroU16::new(n).unwrap();
        self.screen.screen_mut().set_size(size(rows), size(cols));
        self.master.resize(pty(rows, cols)).unwrap();
    }

    /// The process.
    pub fn pid(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// Reads until `what` holds.
    pub fn until(&mut self, name: &str, what: impl Fn(&vt100::Screen) -> bool) {
        let start = Instant::now();
        while !what(self.screen.screen()) {
            assert!(
                start.elapsed() < LIMIT,
                "no {name} on\n{}",
                self.screen.screen().contents()
            );
            self.read();
        }
    }

    /// Reads what is there, or waits a little.
    fn read(&mut self) {
        let Ok(bytes) = self.bytes.recv_timeout(Duration::from_millis(100)) else {
            return;
        };
        self.screen.process(&bytes);
        // The question for the cursor is asked once, before anything is drawn.
        if self.seen.len() < 4_096 {
            self.seen.extend_from_slice(&bytes);
            if let Some(at) = self.seen.windows(4).position(|w| w == b"\x1b[6n") {
                self.seen.drain(..at + 4);
                let answer = format!("\x1b[1;{}R", self.column);
                self.send(&answer);
            }
        }
    }

    /// Reads until `text` is on screen, wherever lines are broken.
    pub fn text(&mut self, text: &str) {
        let wanted = squeezed(text);
        self.until(text, |screen| {
            squeezed(&screen.contents()).contains(&wanted)
        });
    }

    /// Reads until the terminal is as it was before.
    pub fn given_back(&mut self) {
        self.until("the terminal is given back", |screen| {
            !screen.alternate_screen()
                && !screen.bracketed_paste()
                && !screen.hide_cursor()
                && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
        });
    }

    /// Presses the key that leaves and waits for the end.
    pub fn leave(mut self) {
        self.send(QUIT);
        self.given_back();
        assert!(self.child.wait().unwrap().success());
    }

    /// Logs the person in who stands first in the list.
    pub fn login(&mut self, passphrase: &str) {
        self.text("请选择登录名");
        self.send(ENTER);
        self.text("密钥口令。");
        self.until("the field", |screen| screen.contents().contains("已输入"));
        self.send(passphrase);
        self.text(&format!("已输入 {} 个字符", passphrase.len()));
        self.enter_until("[工作台]", "已输入");
    }

    /// Presses Enter until `there` is on screen. Right behind a burst of characters it belongs to
    /// the burst and does nothing, and how fast this machine is nobody knows: it is pressed again
    /// while `before` is still there.
    pub fn enter_until(&mut self, there: &str, before: &str) {
        let start = Instant::now();
        loop {
            std::thread::sleep(Duration::from_millis(300));
            self.send(ENTER);
            let wait = Instant::now();
            while wait.elapsed() < Duration::from_secs(5) {
                self.read();
                if self.shows(there) {
                    return;
                }
            }
            let contents = self.screen.screen().contents();
            assert!(start.elapsed() < LIMIT, "no {there} on\n{contents}");
            if !self.shows(before) {
                return self.text(there);
            }
        }
    }

    fn shows(&self, text: &str) -> bool {
        squeezed(&self.screen.screen().contents()).contains(&squeezed(text))
    }
}

/// Without blanks and the lines of boxes, so that breaks do not matter.
fn squeezed(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '│')
        .collect()
}
