//! The console's terminal half on a real pseudo-terminal: taken over, asked for its width, typed
//! at, and given back after a quit and after a panic.
//!
//! The test binary runs itself as the program on the terminal (`child`), so that no console of
//! the product is needed for the framework's own proof.

#![cfg(unix)]
#![allow(
    clippy::type_complexity,
    clippy::default_trait_access,
    clippy::items_after_statements
)] // tests read top to bottom
#![allow(clippy::unwrap_used)]

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use qianfa::text::Ambiguous;
use qianfa::tui::action::{Action, Context};
use qianfa::tui::app::App;
use qianfa::tui::component::{Component, Cx, Env, Event, Outcome, TextMode};
use qianfa::tui::keymap::{Keymap, Preset};
use qianfa::tui::prose::Prose;
use qianfa::tui::run::{Options, in_terminal};
use qianfa::tui::theme::BuiltIn;
use qianfa::tui::worker::Worker;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

const CHILD: &str = "QIANFA_TEST_CHILD";

/// An editor that panics when told to.
struct Page(Prose);

impl Component<()> for Page {
    fn contexts(&self) -> Vec<Context> {
        self.0.contexts()
    }

    fn text_mode(&self) -> TextMode {
        self.0.text_mode()
    }

    fn cursor(&self) -> Option<Position> {
        self.0.cursor()
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, ()>) -> Outcome {
        assert!(*event != Event::Action(Action::Save), "on purpose");
        self.0.handle(event, cx.env().mono);
        if matches!(event, Event::Action(Action::Quit)) {
            Outcome::Ignored
        } else {
            Outcome::Consumed
        }
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        self.0.render(area, buf, env, true);
    }
}

#[test]
fn child() {
    if std::env::var_os(CHILD).is_none_or(|v| v != "1") {
        return;
    }
    in_terminal(Options::default(), |amb| {
        let mut env = Env::new(BuiltIn::Dark.styles(), amb, Keymap::preset(Preset::Default));
        env.theme = Some(BuiltIn::Dark);
        let mut editor = Prose::new(false);
        editor.set_text(match amb {
            Ambiguous::Narrow => "narrow",
            Ambiguous::Wide => "wide",
            Ambiguous::Safe => "safe",
        });
        App::new(
            Worker::start(|| ()).unwrap(),
            env,
            Box::new(|_, _| Outcome::Ignored),
            Page(editor),
        )
    })
    .unwrap();
}

/// The program on a terminal that answers the cursor question with `column`.
struct Session {
    child: Box<dyn Child + Send + Sync>,
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    bytes: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    seen: Vec<u8>,
    column: u16,
}

impl Session {
    fn start(column: u16) -> Self {
        Self::run("child", "1", column)
    }

    /// Runs the test `name` of this binary as the program, with `value` for it.
    fn run(name: &str, value: &str, column: u16) -> Self {
        let pair = native_pty_system()
            .openpty(PtySize {
                rows: 24,
                cols: 80,
                pixel_width: 0,
                pixel_height: 0,
            })
            .unwrap();
        let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
        command.args([name, "--exact", "--nocapture", "--test-threads=1"]);
        command.env(CHILD, value);
        command.env("TERM", "xterm-256color");
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let writer = pair.master.take_writer().unwrap();
        let (tx, bytes) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0u8; 4096];
            while let Ok(n @ 1..) = reader.read(&mut buffer) {
                if tx.send(buffer[..n].to_vec()).is_err() {
                    break;
                }
            }
        });
        let size = |n| NonZeroU16::new(n).unwrap();
        Self {
            child,
            master: Some(pair.master),
            writer: Some(writer),
            bytes,
            screen: vt100::Parser::new(size(24), size(80), 0),
            seen: Vec::new(),
            column,
        }
    }

    fn send(&mut self, text: &str) {
        let writer = self.writer.as_mut().unwrap();
        writer.write_all(text.as_bytes()).unwrap();
        writer.flush().unwrap();
    }

    /// Feeds the emulator until `what` holds.
    fn until(&mut self, name: &str, what: impl Fn(&vt100::Screen) -> bool) {
        let start = Instant::now();
        while !what(self.screen.screen()) {
            assert!(
                start.elapsed() < Duration::from_secs(20),
                "{name}:\n{}",
                self.screen.screen().contents()
            );
            let Ok(bytes) = self.bytes.recv_timeout(Duration::from_millis(100)) else {
                continue;
            };
            self.screen.process(&bytes);
            self.seen.extend_from_slice(&bytes);
            if let Some(at) = self.seen.windows(4).position(|w| w == b"\x1b[6n") {
                self.seen.drain(..at + 4);
                let answer = format!("\x1b[1;{}R", self.column);
                self.send(&answer);
            }
        }
    }

    fn text(&mut self, text: &str) {
        self.until(text, |screen| screen.contents().contains(text));
    }

    fn given_back(&mut self) {
        self.until("the terminal is given back", |screen| {
            !screen.alternate_screen() && !screen.bracketed_paste() && !screen.hide_cursor()
        });
        assert!(self.screen.screen().mouse_protocol_mode() == vt100::MouseProtocolMode::None);
    }
}

#[test]
fn typed_pasted_resized_and_left() {
    let mut s = Session::start(2);
    s.text("narrow");
    assert!(s.screen.screen().alternate_screen() && s.screen.screen().bracketed_paste());
    s.send("税务");
    s.text("税务narrow");
    s.until("the hardware caret is behind the text", |screen| {
        screen.cursor_position() == (0, 4) && !screen.hide_cursor()
    });
    s.send("\x1b[200~甲\r\n乙\x1b[201~");
    s.text("税务甲");
    s.text("乙narrow");
    s.master
        .as_ref()
        .unwrap()
        .resize(PtySize {
            rows: 20,
            cols: 60,
            pixel_width: 0,
            pixel_height: 0,
        })
        .unwrap();
    s.text("80");
    s.master
        .as_ref()
        .unwrap()
        .resize(PtySize {
            rows: 24,
            cols: 80,
            pixel_width: 0,
            pixel_height: 0,
        })
        .unwrap();
    s.text("乙narrow");
    s.send("\x11");
    s.given_back();
    assert!(s.child.wait().unwrap().success());
}

#[test]
fn a_wide_terminal_is_noticed() {
    let mut s = Session::start(3);
    s.text("wide");
    s.send("\x11");
    s.given_back();
}

#[test]
fn a_panic_gives_the_terminal_back_first() {
    let mut s = Session::start(2);
    s.text("narrow");
    s.send("\x13");
    s.given_back();
    s.text("on purpose");
    assert!(!s.child.wait().unwrap().success());
}

/// The whole console over a sample province in the directory that the parent names.
#[test]
fn console() {
    let Some(dir) = std::env::var_os(CHILD).filter(|v| v != "1") else {
        return;
    };
    let path = std::path::Path::new(&dir).join("p.qf");
    let setup = qianfa::demo::Setup {
        suite: qianfa::journal::Suite::Ed25519Sha256,
        mode: qianfa::store::OpenMode::default(),
        key_files: None,
    };
    let clock = Box::new(qianfa::desk::SystemClock);
    let mut province = qianfa::demo::found(&path, setup, clock, &mut |_, _| {}).unwrap();
    let mut content = qianfa::desk::Content::for_column("prov-policy").open();
    content.fields.title = "公告".to_owned();
    content.text = "原文。".to_owned();
    province.sit("editor").create(content).unwrap();
    let person = &province.people["editor"];
    let (id, key) = (person.id.clone(), std::sync::Arc::clone(&person.key));
    drop(province);
    let start = qianfa::tui::console::seat::Start::Seated(Box::new(move || {
        let store = qianfa::store::Store::open(&path, qianfa::store::OpenMode::default())?;
        let clock = Box::new(qianfa::desk::SystemClock);
        Ok(qianfa::desk::Desk::new(store, &id, Box::new(key), clock))
    }));
    qianfa::tui::console::run(qianfa::tui::console::Config::new(start, Vec::new())).unwrap();
}

#[test]
fn being_told_to_end_keeps_the_text_and_gives_the_terminal_back() {
    for signal in [rustix::process::Signal::TERM, rustix::process::Signal::HUP] {
        let dir = tempfile::tempdir().unwrap();
        let mut s = Session::run("console", dir.path().to_str().unwrap(), 2);
        s.text("我的草稿");
        s.send("\r");
        s.text("状态： 草稿");
        s.send("e");
        s.text("原文。");
        s.send("税务");
        s.text("税务原文。");
        let pid = i32::try_from(s.child.process_id().unwrap()).unwrap();
        let pid = rustix::process::Pid::from_raw(pid).unwrap();
        rustix::process::kill_process(pid, signal).unwrap();
        s.given_back();
        assert!(s.child.wait().unwrap().success());
        let conn = rusqlite::Connection::open(dir.path().join("p.qf")).unwrap();
        let kept: String = conn
            .query_row("SELECT content FROM autosaves", [], |r| r.get(0))
            .unwrap();
        assert!(kept.contains("税务原文。"), "{kept}");
        let sessions: i64 = conn
            .query_row("SELECT count(*) FROM sessions", [], |r| r.get(0))
            .unwrap();
        assert_eq!(sessions, 0);
    }
}
