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

mod terminal;

use portable_pty::CommandBuilder;
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
use terminal::Session;

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
    in_terminal(Options::default(), |amb, _| {
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

/// Runs the test `name` of this binary as the program, with `value` for it.
fn run(name: &str, value: &str, column: u16) -> Session {
    let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
    command.args([name, "--exact", "--nocapture", "--test-threads=1"]);
    command.env(CHILD, value);
    Session::start(command, column)
}

#[test]
fn typed_pasted_resized_and_left() {
    let mut s = run("child", "1", 2);
    s.text("narrow");
    assert!(s.screen.screen().alternate_screen() && s.screen.screen().bracketed_paste());
    s.send("税务");
    s.text("税务narrow");
    s.until("the hardware caret is behind the text", |screen| {
        screen.cursor_position() == (0, 6) && !screen.hide_cursor()
    });
    s.send("\x1b[200~甲\r\n乙\x1b[201~");
    s.text("税务甲");
    s.text("乙narrow");
    s.resize(20, 60);
    s.text("80");
    s.resize(24, 80);
    s.text("乙narrow");
    s.send("\x11");
    s.given_back();
    assert!(s.child.wait().unwrap().success());
}

#[test]
fn a_wide_terminal_is_noticed() {
    let mut s = run("child", "1", 3);
    s.text("wide");
    s.send("\x11");
    s.given_back();
}

#[test]
fn a_panic_gives_the_terminal_back_first() {
    let mut s = run("child", "1", 2);
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
        let mut s = run("console", dir.path().to_str().unwrap(), 2);
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
