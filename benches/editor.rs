//! Budgets of the prose editor: from a key to the drawn frame, 4 ms at the 99th percentile in a
//! text of 200 KB, and the same in a note and in a book.
//!
//! What is measured is all the program does between the key and the terminal: the event, the
//! edit, the rows, the frame, and the difference between two frames.

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use qianfa::text::Ambiguous;
use qianfa::tui::action::Action;
use qianfa::tui::component::{Env, Event};
use qianfa::tui::keymap::{Keymap, Preset};
use qianfa::tui::prose::Prose;
use qianfa::tui::theme::BuiltIn;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

#[path = "../src/diff/sample.rs"]
#[allow(dead_code)] // one side of the pairs is enough here
mod sample;

use sample::{Edits, Sample};

const SCREEN: Rect = Rect::new(0, 0, 120, 40);

/// An editor with its screen, as the loop draws it.
struct Desk {
    prose: Prose,
    env: Env,
    shown: Buffer,
    next: Buffer,
    now: Duration,
}

impl Desk {
    fn new(text: &str, paragraph: usize, byte: usize) -> Self {
        let mut prose = Prose::new(false);
        prose.set_text(text);
        prose.go_to(paragraph, byte);
        let keymap = Keymap::preset(Preset::Default);
        let mut desk = Self {
            prose,
            env: Env::new(BuiltIn::Dark.styles(), Ambiguous::Narrow, keymap),
            shown: Buffer::empty(SCREEN),
            next: Buffer::empty(SCREEN),
            now: Duration::ZERO,
        };
        desk.frame();
        desk
    }

    fn middle(text: &str) -> Self {
        Self::new(text, text.matches('\n').count() / 2, 30)
    }

    fn frame(&mut self) -> usize {
        self.next.reset();
        self.prose.render(SCREEN, &mut self.next, &self.env, true);
        let changed = self.shown.diff(&self.next).len();
        std::mem::swap(&mut self.shown, &mut self.next);
        changed
    }

    fn key(&mut self, event: &Event) -> usize {
        self.now += Duration::from_millis(80);
        black_box(self.prose.handle(event, self.now));
        self.frame()
    }

    /// A character in, a character out: the text stays as long as it is.
    fn type_and_delete(&mut self, n: u64) -> usize {
        if n.is_multiple_of(2) {
            self.key(&Event::Text("税".into()))
        } else {
            self.key(&Event::Action(Action::DeleteLeft))
        }
    }
}

fn text(bytes: usize) -> String {
    Sample::new(bytes, 7, Edits::scattered(0)).old
}

/// The same as one paragraph.
fn flat(bytes: usize) -> String {
    text(bytes).replace('\n', "")
}

fn keys(c: &mut Criterion) {
    let long = format!("{}\n{}\n{}", text(98_000), flat(15_000), text(98_000));
    let at = long.split('\n').position(|p| p.len() > 9_000).unwrap_or(0);
    let cases = [
        ("20k", Desk::middle(&text(20_480))),
        ("200k", Desk::middle(&text(204_800))),
        ("1m", Desk::middle(&text(1_048_576))),
        (
            "200k, in a paragraph of 5,000 characters",
            Desk::new(&long, at, 7_500),
        ),
        (
            "200k in one paragraph",
            Desk::new(&flat(204_800), 0, 100_002),
        ),
    ];
    for (name, mut desk) in cases {
        let mut n = 0;
        c.bench_function(&format!("key to frame, {name}"), |b| {
            b.iter(|| {
                n += 1;
                desk.type_and_delete(n)
            });
        });
        c.bench_function(&format!("row down and up, {name}"), |b| {
            b.iter(|| {
                n += 1;
                let action = if n % 2 == 0 {
                    Action::MoveDown
                } else {
                    Action::MoveUp
                };
                desk.key(&Event::Action(action))
            });
        });
        tail(name, &mut desk);
    }
    let cases = [
        ("200k", Desk::middle(&text(204_800))),
        ("1m", Desk::middle(&text(1_048_576))),
        (
            "200k in one paragraph",
            Desk::new(&flat(204_800), 0, 100_002),
        ),
    ];
    for (name, mut desk) in cases {
        // Parted first: joined first, the paragraph before would be another one.
        let mut n = 1;
        c.bench_function(&format!("paragraph parted and joined, {name}"), |b| {
            b.iter(|| {
                n += 1;
                let action = if n % 2 == 0 {
                    Action::NewLine
                } else {
                    Action::DeleteLeft
                };
                desk.key(&Event::Action(action))
            });
        });
    }
    let mut desk = Desk::middle(&text(204_800));
    let mut n = 0;
    c.bench_function("page down and up, 200k", |b| {
        b.iter(|| {
            n += 1;
            let action = if n % 2 == 0 {
                Action::EditorPageDown
            } else {
                Action::EditorPageUp
            };
            desk.key(&Event::Action(action))
        });
    });
    c.bench_function("to the end and the start, 200k", |b| {
        b.iter(|| {
            n += 1;
            let action = if n % 2 == 0 {
                Action::MoveStart
            } else {
                Action::MoveEnd
            };
            desk.key(&Event::Action(action))
        });
    });
}

/// The 99th percentile, which criterion does not tell.
fn tail(name: &str, desk: &mut Desk) {
    let mut times: Vec<Duration> = (0..2_000)
        .map(|n| {
            let start = Instant::now();
            black_box(desk.type_and_delete(n));
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    println!(
        "key to frame, {name}: p50 {:?}  p99 {:?}  worst {:?}",
        times[1_000], times[1_980], times[1_999]
    );
}

fn whole(c: &mut Criterion) {
    let (prose, one) = (text(204_800), flat(204_800));
    c.bench_function("open 200k to first frame", |b| {
        b.iter(|| Desk::new(black_box(&prose), 0, 0));
    });
    c.bench_function("open 200k in one paragraph to first frame", |b| {
        b.iter(|| Desk::new(black_box(&one), 0, 0));
    });
    c.bench_function("paste 200k to frame", |b| {
        b.iter_batched(
            || Desk::middle(&prose),
            |mut desk| {
                desk.prose.paste(black_box(&prose));
                desk.frame();
                desk
            },
            BatchSize::LargeInput,
        );
    });
    c.bench_function("200k as one burst of keys to frame", |b| {
        let event = Event::Text(prose.clone());
        b.iter_batched(
            || Desk::middle(&prose),
            |mut desk| {
                desk.key(black_box(&event));
                desk
            },
            BatchSize::LargeInput,
        );
    });
    for (name, word) in [
        ("a frequent word", "税务"),
        ("a word that is not there", "无此词"),
    ] {
        c.bench_function(&format!("search as typed over 200k, {name}"), |b| {
            b.iter_batched(
                || {
                    let mut desk = Desk::middle(&prose);
                    desk.key(&Event::Action(Action::Find));
                    desk
                },
                |mut desk| {
                    desk.key(&Event::Text(word.into()));
                    desk
                },
                BatchSize::LargeInput,
            );
        });
    }
    c.bench_function("replace all of a frequent word in 200k, and frame", |b| {
        b.iter_batched(
            || {
                let mut desk = Desk::middle(&prose);
                desk.key(&Event::Action(Action::FindReplace));
                desk.key(&Event::Text("税务".into()));
                desk.key(&Event::Action(Action::NextField));
                desk.key(&Event::Text("国税".into()));
                desk
            },
            |mut desk| {
                desk.key(&Event::Action(Action::ReplaceAll));
                desk
            },
            BatchSize::LargeInput,
        );
    });
    c.bench_function("select all of 200k and frame", |b| {
        b.iter_batched(
            || Desk::middle(&prose),
            |mut desk| {
                desk.key(&Event::Action(Action::SelectAll));
                desk
            },
            BatchSize::LargeInput,
        );
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    targets = keys, whole
}
criterion_main!(benches);
