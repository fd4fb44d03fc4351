//! The console against its budgets: from a key to the frame on the terminal, the first full screen,
//! bytes for every key, memory.
//!
//! ```text
//! cargo bench --bench tui
//! QIANFA_BENCH_ITEMS=2000 cargo bench --bench tui      # a smaller store, made sooner
//! ```
//!
//! The store (100,000 items unless told otherwise) is made once by real acts and shared with the
//! bench `store`. Times are those of criterion; bytes and memory are printed before them.

#![allow(missing_docs, dead_code)] // the board is shared; each program uses its part
#![allow(clippy::unwrap_used)] // a bench that cannot begin has nothing to measure

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use criterion::{BatchSize, Criterion};
use qianfa::desk::{Desk, SystemClock};
use qianfa::journal::SoftKey;
use qianfa::store::{OpenMode, Store, keyfile};
use qianfa::text::Ambiguous;
use qianfa::tui::action::{Action, Context};
use qianfa::tui::app::App;
use qianfa::tui::backend::Look;
use qianfa::tui::component::{Command, Component, Cx, Env, Event, Outcome};
use qianfa::tui::console::seat::{Seat, Start};
use qianfa::tui::console::{Config, app};
use qianfa::tui::draw::Piece;
use qianfa::tui::testing::{Wired, env};
use qianfa::tui::widgets::{Column, Row, Table, Width};
use qianfa::tui::worker::Worker;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};

#[path = "board/mod.rs"]
mod board;
#[path = "../src/diff/sample.rs"]
mod sample;
#[path = "board/stock.rs"]
mod stock;
#[path = "board/times.rs"]
mod times;

use stock::prepared;
use times::status_mib;

const SIZE: Size = Size {
    width: 160,
    height: 50,
};
const ROWS: usize = 100_000;

/// A list over rows that are made when they are asked for, on the thread of the state.
struct Rows {
    table: Table<usize>,
}

impl Rows {
    fn new() -> Self {
        let columns = vec![
            Column::new("编号", Width::Cells(11)),
            Column::new("标题", Width::Share(1)),
        ];
        Self {
            table: Table::new(columns, ""),
        }
    }

    fn fetch(&mut self, cx: &mut Cx<'_, ()>) {
        if let Some((ticket, range)) = self.table.wanted() {
            let style = cx.env().styles.text;
            cx.ask(
                move |()| {
                    let rows: Vec<Row<usize>> = range
                        .clone()
                        .map(|n| Row {
                            key: n,
                            cells: vec![
                                Piece::new(format!("2026-{n:06}"), style),
                                Piece::new(format!("关于第{n}号“最多跑一次”事项的通知……"), style),
                            ],
                        })
                        .collect();
                    (range.start, rows)
                },
                move |me: &mut Self, (start, rows), _| me.table.supply(ticket, start, rows, ROWS),
            );
        }
    }
}

impl Component<()> for Rows {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::List]
    }

    fn commands(&self) -> Vec<Command> {
        vec![Command::hint(Action::Open), Command::hint(Action::Filter)]
    }

    fn shown(&mut self, cx: &mut Cx<'_, ()>) {
        self.fetch(cx);
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, ()>) -> Outcome {
        match event {
            Event::Action(action) if self.table.handle(*action) => {
                self.fetch(cx);
                Outcome::Consumed
            }
            _ => Outcome::Ignored,
        }
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        self.table.render(area, buf, env, true);
    }
}

fn rows() -> Wired<()> {
    let app = App::new(
        Worker::start(|| ()).unwrap(),
        env(),
        Box::new(|_, _| Outcome::Ignored),
        Rows::new(),
    );
    Wired::new(app, Look::default(), Ambiguous::Narrow, SIZE).unwrap()
}

fn sitter(path: &Path, login: &str) -> (String, SoftKey) {
    let mut store = Store::open(path, OpenMode::default()).unwrap();
    let id = store.org().unwrap().find_person(login).unwrap().id.clone();
    let pem = keyfile::read(&keyfile::path_of(path, login)).unwrap();
    (id, SoftKey::open(&pem, "Bench-2015-69").unwrap())
}

/// The console of a person as far as its first full screen.
fn console(path: &Path, login: &str, look: Look) -> Wired<Seat> {
    let (id, key) = sitter(path, login);
    let path = path.to_owned();
    let start = Start::Seated(Box::new(move || {
        let store = Store::open(&path, OpenMode::default())?;
        Ok(Desk::new(store, &id, Box::new(key), Box::new(SystemClock)))
    }));
    let config = Config {
        lock_after: None,
        ..Config::new(start, Vec::new())
    };
    Wired::new(app(config, look.amb).unwrap(), look, look.amb, SIZE).unwrap()
}

fn tell(what: &str, value: &str, budget: &str) {
    println!("{what:<52} {value:>28}   {budget}");
}

/// Bytes that one key sends, as a mean over some.
fn bytes(w: &mut Wired<Seat>, key: &str, times: usize) -> usize {
    let mut sent = 0;
    for _ in 0..times {
        w.press(key).unwrap();
        sent += w.sent();
    }
    sent / times
}

/// What this process has needed at most, once it has shown the first screens. Asked of a process of
/// its own: the making of a store is not to be counted.
fn memory(path: &Path) {
    let mut w = console(path, "editor-1", Look::default());
    let first = status_mib("VmHWM:");
    w.press("<f3> <pagedown> <pagedown> <end> <home> <f4> <f5>")
        .unwrap();
    println!(
        "{first:.0} MiB, {:.0} with the lists walked",
        status_mib("VmHWM:")
    );
}

fn measured_once(path: &Path) {
    let start = Instant::now();
    let w = console(path, "editor-1", Look::default());
    let first = start.elapsed();
    tell(
        "first full screen, cold, with opening the store",
        &format!("{:.1} ms", first.as_secs_f64() * 1e3),
        "40 ms",
    );
    drop(w);
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .arg("--memory")
        .arg(path)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout).trim().to_owned();
    tell("memory of the whole process, first screen", &said, "30 MB");
    for (name, compact) in [("", false), (", compact_output", true)] {
        let look = Look {
            compact,
            ..Look::default()
        };
        let mut w = console(path, "editor-1", look);
        w.press("<f3>").unwrap();
        let list = bytes(&mut w, "j", 20);
        tell(
            &format!("bytes for a step in a list{name}"),
            &list.to_string(),
            "",
        );
        let page = bytes(&mut w, "<pagedown>", 10);
        tell(
            &format!("bytes for a page of a list{name}"),
            &page.to_string(),
            "",
        );
        w.press("<f3>").unwrap();
        // A new item with one paragraph of 5,000 characters, the caret in its middle.
        w.press("n <enter> <f6>").unwrap();
        let prose = "税务机关应当加强辅导，“应享尽享”。".repeat(280);
        w.feed(vec![qianfa::tui::input::Input::Paste(prose)])
            .unwrap();
        w.press("<up> <up> <up> <up> <up> <up>").unwrap();
        let scroll = {
            w.press(&"<up> ".repeat(46)).unwrap();
            let sent = bytes(&mut w, "<up>", 10);
            w.press("<ctrl-end> <up> <up> <up> <up> <up> <up>").unwrap();
            sent
        };
        tell(
            &format!("bytes for a row of a text scrolled{name}"),
            &scroll.to_string(),
            "",
        );
        let typed = bytes(&mut w, "字", 10);
        tell(
            &format!("bytes for a key inside 5,000 characters{name}"),
            &typed.to_string(),
            "stock 8,600, width-aware 2,550 (console.md)",
        );
    }
}

fn main() {
    // `cargo test --benches` only wants to know that it starts.
    if std::env::args().any(|a| a == "--test") {
        let mut w = rows();
        w.press("j <end>").unwrap();
        return;
    }
    let args: Vec<String> = std::env::args().collect();
    if let [_, flag, path] = args.as_slice()
        && flag == "--memory"
    {
        return memory(Path::new(path));
    }
    let items = std::env::var("QIANFA_BENCH_ITEMS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(100_000);
    let path = prepared(items).unwrap();
    println!("== {items} items");
    measured_once(&path);

    let mut criterion = Criterion::default()
        .configure_from_args()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(4))
        .sample_size(30);
    let mut list = rows();
    list.press("<end> <home>").unwrap();
    let mut down = true;
    criterion.bench_function("list of 100,000: a step to the frame", |b| {
        b.iter(|| black_box(list.press("j").unwrap().sent()));
    });
    criterion.bench_function("list of 100,000: a page to the frame", |b| {
        b.iter(|| {
            let key = if down { "<pagedown>" } else { "<pageup>" };
            list.press(key).unwrap();
            down = !down || list.sent() == 0;
        });
    });
    criterion.bench_function("list of 100,000: end and home", |b| {
        b.iter(|| list.press("<end> <home>").unwrap().sent());
    });
    let mut items_list = console(&path, "editor-1", Look::default());
    items_list.press("<f3>").unwrap();
    criterion.bench_function("items of the store: a step to the frame", |b| {
        b.iter(|| black_box(items_list.press("j").unwrap().sent()));
    });
    criterion.bench_function("items of the store: the list opened", |b| {
        b.iter(|| black_box(items_list.press("<f2> <f3>").unwrap().sent()));
    });
    let mut queue = console(&path, "clearer-1", Look::default());
    criterion.bench_function("queue of the store: opened from the desk", |b| {
        b.iter(|| black_box(queue.press("<f4> <backspace>").unwrap().sent()));
    });
    criterion.bench_function("first full screen, warm, with opening the store", |b| {
        b.iter_batched(
            || (),
            |()| black_box(console(&path, "editor-1", Look::default()).sent()),
            BatchSize::PerIteration,
        );
    });
    criterion.final_summary();
}
