#![allow(clippy::unwrap_used, clippy::items_after_statements)]

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::*;
use crate::assert_screen;
use crate::tui::action::Context;
use crate::tui::keymap::{Keymap, Preset};
use crate::tui::prose::{Did, Prose};
use crate::tui::run::Runner;
use crate::tui::testing::{self, Harness, ScriptedInput, language};
use crate::tui::widgets::{
    Choice, ChoiceList, Column, Confirm, Passphrase, Prompt, Row, Table, Width, header,
};
use crate::tui::worker::JobError;

/// What the worker's thread owns in these tests: names in order.
type State = Vec<String>;

/// A list over the state, with the questions a real screen has.
struct Names {
    table: Table<String>,
    said: Vec<String>,
}

impl Names {
    fn new() -> Self {
        Self {
            table: Table::new(vec![Column::new("标题", Width::Share(1))], "空的"),
            said: Vec::new(),
        }
    }

    fn fetch(&mut self, cx: &mut Cx<'_, State>) {
        if let Some((ticket, range)) = self.table.wanted() {
            cx.ask(
                move |state| {
                    let rows: Vec<String> = state
                        .iter()
                        .skip(range.start)
                        .take(range.len())
                        .cloned()
                        .collect();
                    (range.start, rows, state.len())
                },
                move |me: &mut Self, (start, rows, total), cx| {
                    let style = cx.env().styles.text;
                    let rows = rows
                        .into_iter()
                        .map(|name| Row {
                            cells: vec![draw::Piece::new(name.clone(), style)],
                            key: name,
                        })
                        .collect();
                    me.table.supply(ticket, start, rows, total);
                },
            );
        }
    }
}

impl Component<State> for Names {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Queue, Context::List]
    }

    fn commands(&self) -> Vec<Command> {
        vec![
            Command::hint(Action::Approve),
            Command::hint(Action::ReturnItem),
            Command::hint(Action::Reject).when(false),
            Command::quiet(Action::Refresh),
        ]
    }

    fn flag(&self, flag: Flag) -> bool {
        match flag {
            Flag::HasRow => self.table.selected_key().is_some(),
            Flag::HasMarks => !self.table.marks().is_empty(),
            _ => false,
        }
    }

    fn shown(&mut self, cx: &mut Cx<'_, State>) {
        self.fetch(cx);
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, State>) -> Outcome {
        let Event::Action(action) = event else {
            return Outcome::Ignored;
        };
        if self.table.handle(*action) {
            self.fetch(cx);
            return Outcome::Consumed;
        }
        match action {
            Action::Approve => {
                let reply = cx.reply(|me: &mut Self, yes: bool, cx| {
                    me.said.push(format!("通过 {yes}"));
                    if yes {
                        cx.toast(ToastKind::Success, "已通过");
                    }
                });
                cx.push(Confirm::new("通过审核", "确认通过这篇稿件？", reply));
            }
            Action::ReturnItem => {
                let reply = cx.reply(|me: &mut Self, reason: Option<String>, _| {
                    me.said.push(format!("退回 {reason:?}"));
                });
                cx.push(Prompt::reason("退回修改", "请写明要改什么。", reply));
            }
            Action::Refresh => {
                let reply = cx
                    .reply(|me: &mut Self, n: Option<usize>, _| me.said.push(format!("选 {n:?}")));
                let options = ["甲", "乙", "丙"].map(|l| Choice {
                    label: l.into(),
                    detail: format!("{l}的说明"),
                });
                cx.push(ChoiceList::new("选一个", options.to_vec(), 0, reply));
            }
            Action::SignOff => {
                let reply = cx.reply(|me: &mut Self, p: Option<zeroize::Zeroizing<String>>, _| {
                    me.said
                        .push(format!("口令 {}", p.map_or(0, |p| p.chars().count())));
                });
                cx.push(Passphrase::new("签发", "请输入密钥口令。", reply));
            }
            Action::Open => cx.go(Writing {
                editor: Prose::new(cx.env().keymap.modal),
                area: Rect::default(),
                stay: true,
            }),
            Action::Clear => cx.ask(|_| -> () { panic!("坏了") }, |_: &mut Self, (), _| {}),
            Action::Skip => cx.background(
                "导出",
                |progress| {
                    progress.report(3, 10);
                    while !progress.cancelled() {
                        std::thread::sleep(Duration::from_millis(1));
                    }
                    "停了"
                },
                |me: &mut Self, text, _| me.said.push(text.to_owned()),
            ),
            Action::SortBy => {
                cx.after(Duration::from_secs(30), |me: &mut Self, _| {
                    me.said.push("到时".into());
                });
            }
            Action::ShowDiff => cx.lend_terminal(
                || 42,
                |me: &mut Self, n: i32, _| me.said.push(format!("外部 {n}")),
            ),
            _ => return Outcome::Ignored,
        }
        Outcome::Consumed
    }

    fn failed(&mut self, error: &JobError, _: &mut Cx<'_, State>) {
        self.said.push(error.to_string());
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let tabs = ["待审".to_owned(), "已审".to_owned()];
        let body = header::render(area, buf, env, "审核队列", &tabs, 0, &self.table.position());
        self.table.render(body, buf, env, true);
    }
}

/// An editor that objects to being left unsaved once, and saves when the terminal goes.
struct Writing {
    editor: Prose,
    area: Rect,
    stay: bool,
}

impl Component<State> for Writing {
    fn contexts(&self) -> Vec<Context> {
        self.editor.contexts()
    }

    fn text_mode(&self) -> TextMode {
        self.editor.text_mode()
    }

    fn cursor(&self) -> Option<Position> {
        self.editor.cursor()
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, State>) -> Outcome {
        if *event == Event::Action(Action::Close) {
            cx.close();
            return Outcome::Consumed;
        }
        match self.editor.handle(event, cx.env().mono) {
            Did::Ignored => Outcome::Ignored,
            _ => Outcome::Consumed,
        }
    }

    fn may_close(&mut self, cx: &mut Cx<'_, State>) -> bool {
        let go = !self.editor.dirty() || !self.stay;
        if !go {
            self.stay = false;
            cx.toast(ToastKind::Warning, "还没有保存");
        }
        go
    }

    fn ending(&mut self, cx: &mut Cx<'_, State>) {
        let text = self.editor.text();
        cx.ask(move |state| state.push(text), |_: &mut Self, (), _| {});
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        self.area = area;
        self.editor.render(area, buf, env, true);
    }
}

fn state() -> State {
    (1..=500)
        .map(|n| format!("第{n}号稿件：关于办税服务厅“最多跑一次”的通知"))
        .collect()
}

fn app_with(preset: Preset) -> App<State> {
    let mut env = testing::env();
    env.keymap = std::sync::Arc::new(Keymap::preset(preset));
    let navigator: Navigator<State> = Box::new(|action, cx| {
        if action == Action::GoItems {
            cx.toast(ToastKind::Info, "去稿件");
            return Outcome::Consumed;
        }
        Outcome::Ignored
    });
    App::new(Worker::start(state).unwrap(), env, navigator, Names::new())
}

fn harness() -> Harness<State> {
    Harness::new(app_with(Preset::Default), 80, 24).unwrap()
}

fn said(harness: &Harness<State>) -> Vec<String> {
    harness.app().top::<Names>().unwrap().said.clone()
}

#[test]
fn a_list_screen_in_both_languages() {
    for tag in ["zh-CN", "en"] {
        let _guard = language(tag);
        let mut h = harness();
        assert_screen!(format!("app_list_{tag}"), h.screen());
        h.press("j j <space> G").unwrap();
        assert_screen!(format!("app_list_end_{tag}"), h.screen());
        assert_eq!(h.caret(), None);
    }
}

#[test]
fn sequences_show_their_continuations_after_a_while() {
    for tag in ["zh-CN", "en"] {
        let _guard = language(tag);
        let mut h = harness();
        h.press("G g").unwrap();
        let before = h.screen();
        h.advance(Duration::from_millis(299)).unwrap();
        assert_eq!(h.screen(), before, "too early");
        h.advance(Duration::from_millis(1)).unwrap();
        assert_screen!(format!("app_which_{tag}"), h.screen());
        h.press("g").unwrap();
        assert!(
            h.screen().contains("> 第1号") || h.screen().contains(">  第1号"),
            "{}",
            h.screen()
        );
    }
}

#[test]
fn a_forgotten_prefix_gives_the_next_key_back() {
    let _guard = language("zh-CN");
    let mut h = harness();
    h.press("g").unwrap();
    h.advance(PREFIX_LIMIT).unwrap();
    h.press("j").unwrap();
    assert_eq!(h.app().top::<Names>().unwrap().table.selected(), 1);
    assert_eq!(h.app().deadline(), None, "nothing may tick when idle");
}

#[test]
fn questions_come_back_to_the_asker() {
    for tag in ["zh-CN", "en"] {
        let _guard = language(tag);
        let mut h = harness();
        h.press("a").unwrap();
        assert_screen!(format!("app_confirm_{tag}"), h.screen());
        h.press("<enter>").unwrap();
        h.press("n").unwrap();
        assert_eq!(said(&h), ["通过 false"]);
        h.press("a y").unwrap();
        assert_screen!(format!("app_toast_{tag}"), h.screen());
        assert_eq!(said(&h).last().unwrap(), "通过 true");
        h.advance(TOAST_LIFE).unwrap();
        assert!(h.app().toast().is_none());

        h.press("b <enter>").unwrap();
        assert_screen!(format!("app_reason_{tag}"), h.screen());
        assert!(h.caret().is_some(), "a text field has the caret");
        h.burst("标题与正文不符").unwrap();
        h.press("<enter>").unwrap();
        assert_eq!(
            h.app().contexts(),
            vec![Context::Field, Context::Dialog],
            "Enter behind a burst is no decision"
        );
        h.advance(Duration::from_millis(200)).unwrap();
        h.press("<enter>").unwrap();
        assert_eq!(said(&h).last().unwrap(), "退回 Some(\"标题与正文不符\")");

        h.press("<ctrl-r> j <down> <enter>").unwrap();
        assert_eq!(said(&h).last().unwrap(), "选 Some(2)");
        h.press("<ctrl-r>").unwrap();
        assert_screen!(format!("app_choice_{tag}"), h.screen());
        h.press("<esc>").unwrap();
        assert_eq!(said(&h).last().unwrap(), "选 None");

        h.press("s 1 2 中").unwrap();
        assert_screen!(format!("app_passphrase_{tag}"), h.screen());
        assert!(!h.screen().contains('中'));
        h.press("<enter>").unwrap();
        assert_eq!(said(&h).last().unwrap(), "口令 3");
    }
}

#[test]
fn help_and_palette_come_from_the_keymap() {
    for tag in ["zh-CN", "en"] {
        let _guard = language(tag);
        let mut h = harness();
        h.press("？").unwrap();
        assert_screen!(format!("app_help_{tag}"), h.screen());
        h.press("a p p r o v e").unwrap();
        assert_screen!(format!("app_help_search_{tag}"), h.screen());
        h.press("<ctrl-u> q z q").unwrap();
        assert_screen!(format!("app_help_none_{tag}"), h.screen());
        h.press("<esc> : r e f r e s h").unwrap();
        assert_screen!(format!("app_palette_{tag}"), h.screen());
        h.press("<enter>").unwrap();
        assert_eq!(
            h.app().contexts(),
            vec![Context::Dialog, Context::List],
            "the palette's action acts below"
        );
    }
}

#[test]
fn navigation_waits_for_an_open_question() {
    let _guard = language("zh-CN");
    let mut h = harness();
    h.press("a <f3>").unwrap();
    assert!(h.app().toast().is_none());
    h.press("n <f3>").unwrap();
    assert_eq!(h.app().toast().unwrap().text, "去稿件");
}

#[test]
fn a_burst_is_one_insert_and_one_undo() {
    let _guard = language("zh-CN");
    let mut h = harness();
    h.press("<enter>").unwrap();
    h.burst("今天天气很好 <enter> 我们去").unwrap();
    let text = |h: &Harness<State>| h.app().top::<Writing>().unwrap().editor.text();
    assert_eq!(text(&h), "今天天气很好\n我们去");
    assert_eq!(h.caret(), Some(Position::new(8, 1)));
    h.press("<ctrl-z>").unwrap();
    assert_eq!(text(&h), "");
    h.paste("一\r\n二\u{1b}[31m\r三\u{7}").unwrap();
    assert_eq!(text(&h), "一\n二[31m\n三");
    let said = &h.app().toast().unwrap().text;
    assert!(said.contains("2 个控制字符"), "{said}");
    // Plain characters are text, also where outer contexts bind them.
    h.press("? :").unwrap();
    assert_eq!(text(&h), "一\n二[31m\n三?:");
}

#[test]
fn leaving_with_unsaved_text_is_asked_about_and_back_returns() {
    let _guard = language("zh-CN");
    let mut h = harness();
    h.press("j j <enter> 字 <ctrl-q>").unwrap();
    assert!(!h.app().ended());
    assert_eq!(h.app().toast().unwrap().text, "还没有保存");
    h.press("<esc>").unwrap();
    assert_eq!(
        h.app().top::<Names>().unwrap().table.selected(),
        2,
        "the list is as it was"
    );
    h.press("<ctrl-q>").unwrap();
    assert!(h.app().ended());
}

#[test]
fn a_failed_job_is_told_and_nothing_else_stops() {
    for tag in ["zh-CN", "en"] {
        let _guard = language(tag);
        let mut h = harness();
        h.press("c").unwrap();
        assert_screen!(format!("app_job_failed_{tag}"), h.screen());
        assert_eq!(said(&h), ["the job panicked: 坏了"]);
        h.press("G").unwrap();
        assert!(h.screen().contains("第500号"));
    }
}

#[test]
fn long_work_shows_progress_and_can_be_cancelled() {
    let _guard = language("zh-CN");
    let mut app = app_with(Preset::Default);
    app.settle();
    let report = |app: &mut App<State>| {
        let report = app
            .worker()
            .reports()
            .recv_timeout(Duration::from_secs(10))
            .unwrap();
        app.report(report);
    };
    report(&mut app); // the first page
    app.dispatch(Action::Skip);
    report(&mut app); // progress
    let buf = testing::drawn(80, 24, |area, buf| {
        app.render(area, buf);
    });
    assert!(
        testing::buffer_text(&buf).contains("导出 3/10"),
        "{}",
        testing::buffer_text(&buf)
    );
    app.feed(vec![Input::Key(KeyPress::parse("ctrl-c").unwrap())]);
    report(&mut app); // done
    assert_eq!(app.top::<Names>().unwrap().said, ["停了"]);
    assert!(!app.busy());
}

#[test]
fn timers_fire_once_and_the_terminal_can_be_lent() {
    let _guard = language("zh-CN");
    let mut h = harness();
    h.press("o").unwrap();
    h.advance(Duration::from_secs(29)).unwrap();
    assert!(said(&h).is_empty());
    h.advance(Duration::from_secs(60)).unwrap();
    h.advance(Duration::from_secs(60)).unwrap();
    assert_eq!(said(&h), ["到时"]);
    h.press("d").unwrap();
    assert_eq!(said(&h).last().unwrap(), "外部 42");
}

#[test]
fn a_small_terminal_says_so_and_takes_no_blind_keys() {
    for tag in ["zh-CN", "en"] {
        let _guard = language(tag);
        let mut h = harness();
        h.resize(60, 20).unwrap();
        assert_screen!(format!("app_too_small_{tag}"), h.screen());
        h.press("a y").unwrap();
        h.resize(80, 24).unwrap();
        assert!(said(&h).is_empty());
        h.resize(60, 20).unwrap();
        h.press("<ctrl-q>").unwrap();
        assert!(h.app().ended());
    }
}

#[test]
fn themes_and_languages_change_on_the_spot() {
    let _guard = language("zh-CN");
    let mut h = harness();
    h.press("<f10>").unwrap();
    assert_eq!(h.app().toast().unwrap().text, "高对比");
    h.press(": n e x t - l a n g <enter>").unwrap();
    h.advance(TOAST_LIFE).unwrap();
    assert!(h.screen().contains("Approve"), "{}", h.screen());
}

#[test]
fn vim_keys_write_only_when_told() {
    let _guard = language("zh-CN");
    let mut h = Harness::new(app_with(Preset::Vim), 80, 24).unwrap();
    h.press("l").unwrap();
    let text = |h: &Harness<State>| h.app().top::<Writing>().unwrap().editor.text();
    h.press("j x").unwrap();
    assert_eq!(text(&h), "");
    h.press("i 税 务 局 <esc> 0 x A 长 <esc> o 新 <esc>")
        .unwrap();
    assert_eq!(text(&h), "务局长\n新");
    // The character under the caret belongs to the selection.
    h.press("d d u g g v l d").unwrap();
    assert_eq!(text(&h), "长\n新");
    // A full-width character is an argument; what follows in the same batch is keys again.
    h.press("A ，甲，乙 <esc> 0").unwrap();
    h.burst("f，x").unwrap();
    assert_eq!(text(&h), "长甲，乙\n新");
}

#[test]
fn a_whole_run_is_scripted_through_the_real_loop() {
    let _guard = language("zh-CN");
    /// Tells what is left when the worker's thread ends.
    struct Watched(State, std::sync::mpsc::Sender<State>);
    impl Drop for Watched {
        fn drop(&mut self) {
            let _ = self.1.send(std::mem::take(&mut self.0));
        }
    }
    // The state of the other tests, watched from outside: what is typed before the terminal goes
    // must have reached it when the worker has ended.
    struct Page;
    impl Component<Watched> for Page {
        fn contexts(&self) -> Vec<Context> {
            vec![Context::Editor]
        }
        fn text_mode(&self) -> TextMode {
            TextMode::Lines
        }
        fn handle(&mut self, event: &Event, cx: &mut Cx<'_, Watched>) -> Outcome {
            if let Event::Text(text) = event {
                assert!(text != "惊", "a defect");
                let text = text.clone();
                cx.ask(move |w| w.0.push(text), |_: &mut Self, (), _| {});
                return Outcome::Consumed;
            }
            Outcome::Ignored
        }
        fn ending(&mut self, cx: &mut Cx<'_, Watched>) {
            cx.ask(|w| w.0.push("结束".into()), |_: &mut Self, (), _| {});
        }
        fn render(&mut self, _: Rect, _: &mut Buffer, _: &Env) {}
    }
    // The second time something panics on the way; it is heard of, and nothing is lost.
    for (script, panics) in [("甲 乙", false), ("甲 乙 惊 丙", true)] {
        let (tx, rx) = std::sync::mpsc::channel();
        let worker = Worker::start(move || Watched(Vec::new(), tx)).unwrap();
        let app = App::new(
            worker,
            testing::env(),
            Box::new(|_, _| Outcome::Ignored),
            Page,
        );
        let mut runner = Runner::new(
            app,
            testing::ScreenBackend::new(80, 24),
            crate::tui::clock::FixedClock::at(testing::START_US),
        )
        .unwrap();
        let run = || runner.run(&mut ScriptedInput::new(script).unwrap());
        let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run));
        assert_eq!(ended.is_err(), panics);
        drop(runner);
        assert_eq!(
            rx.recv_timeout(Duration::from_secs(10)).unwrap(),
            ["甲", "乙", "结束"]
        );
    }
}

/// The bytes of every frame, through a terminal emulator, must show what the frame says: no
/// halves of wide characters left behind by popups, scrolling and shifted text.
#[test]
fn a_real_terminal_shows_what_was_drawn() {
    use ratatui::backend::{Backend, CrosstermBackend};
    use std::num::NonZeroU16;

    let _guard = language("zh-CN");
    let mut h = harness();
    let mut frames = vec![Buffer::empty(Rect::new(0, 0, 80, 24))];
    for script in [
        "j",
        "G",
        "a",
        "n",
        "b",
        "标题",
        "<esc>",
        "?",
        "改",
        "<esc>",
        ":",
        "审",
        "<esc>",
        "w",
        "<esc>",
        "s",
        "1",
        "<esc>",
        "g g",
        "<enter>",
        "税务“局”",
        "<esc>",
    ] {
        h.press(script).unwrap();
        let app = h.app_mut();
        let mut buf = Buffer::empty(Rect::new(0, 0, 80, 24));
        app.render(buf.area, &mut buf);
        frames.push(buf);
    }
    let size = |n| NonZeroU16::new(n).unwrap();
    let mut terminal = vt100::Parser::new(size(24), size(80), 0);
    for (n, pair) in frames.windows(2).enumerate() {
        let mut bytes = Vec::new();
        let diff = pair[0].diff(&pair[1]);
        CrosstermBackend::new(&mut bytes)
            .draw(diff.into_iter())
            .unwrap();
        terminal.process(&bytes);
        let shown: Vec<String> = terminal
            .screen()
            .rows(0, 80)
            .map(|row| row.trim_end().to_owned())
            .collect();
        let drawn = testing::buffer_text(&pair[1]);
        assert_eq!(shown, drawn.lines().collect::<Vec<_>>(), "frame {n}");
    }
}

mod pointing;
