//! A monkey at the keyboard of the whole console: keys, text, pastes, the mouse, windows of every
//! size, time. Whatever it does, nothing panics, every cell of the terminal shows what was meant,
//! the caret is on the screen, what was typed is kept, and the store verifies in the end.
//!
//! `QIANFA_MONKEY_SEED` and `QIANFA_MONKEY_ROUNDS` choose another or a longer run. A failure prints
//! seed, round and the last inputs.
#![allow(clippy::unwrap_used)]

mod tour;

use std::collections::VecDeque;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;

use crossterm::event::{KeyCode, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use qianfa::desk::Content;
use qianfa::store::verify::Against;
use qianfa::text::Ambiguous;
use qianfa::tui::backend::Look;
use qianfa::tui::console::seat::Seat;
use qianfa::tui::input::Input;
use qianfa::tui::key::KeyPress;
use qianfa::tui::testing::{Wired, language};
use ratatui::layout::Size;
use tour::{DOUBTFUL, Province, STOPS};

/// What the child process is told by.
const CHILD: &str = "QIANFA_MONKEY_DIR";
const STEPS: usize = 120;

/// The last inputs, for whoever has to find out what went wrong.
static LAST: Mutex<VecDeque<String>> = Mutex::new(VecDeque::new());
static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|v| v.parse().ok())
        .unwrap_or(default)
}

/// xorshift64*: the same numbers for the same seed, on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16
    }

    fn below(&mut self, n: usize) -> usize {
        (self.roll() % n as u64) as usize
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

const TEXTS: &[&str] = &[
    "税务",
    "关于进一步优化税收营商环境的公告",
    "“放管服”……——",
    "，。；：？！、",
    "abc 123",
    "👨‍👩‍👧葛\u{e0100}e\u{301}",
    "2026-11-25 09:00",
    "Ｊｊ",
];

const PASTES: &[&str] = &[
    "一行\r\n两行\r三行\n",
    "\u{1b}[2J\u{1b}]0;x\u{7}\u{202e}藏\u{200b}起来\0",
    "\t制表\t\t符",
    "",
];

fn key(dice: &mut Dice) -> KeyPress {
    const NAMED: &[KeyCode] = &[
        KeyCode::Enter,
        KeyCode::Esc,
        KeyCode::Tab,
        KeyCode::Backspace,
        KeyCode::Delete,
        KeyCode::Home,
        KeyCode::End,
        KeyCode::PageUp,
        KeyCode::PageDown,
        KeyCode::Up,
        KeyCode::Down,
        KeyCode::Left,
        KeyCode::Right,
    ];
    let printable = |dice: &mut Dice| char::from(b'!' + dice.below(94) as u8);
    let mods = |dice: &mut Dice| {
        *dice.pick(&[
            KeyModifiers::NONE,
            KeyModifiers::SHIFT,
            KeyModifiers::CONTROL,
            KeyModifiers::ALT,
        ])
    };
    match dice.below(20) {
        0..=8 => KeyPress::char(printable(dice)),
        9 => KeyPress::char(*dice.pick(&['。', '？', '：', '、', '《', '中', 'ｊ'])),
        10..=15 => {
            let mods = if dice.below(3) == 0 {
                mods(dice)
            } else {
                KeyModifiers::NONE
            };
            KeyPress::new(*dice.pick(NAMED), mods)
        }
        16 => KeyPress::new(KeyCode::F(1 + dice.below(12) as u8), KeyModifiers::NONE),
        17 => KeyPress::new(KeyCode::Char(printable(dice)), KeyModifiers::ALT),
        // Leaving has its own place below.
        _ => match KeyPress::new(KeyCode::Char(printable(dice)), KeyModifiers::CONTROL) {
            quit if quit.code == KeyCode::Char('q') => KeyPress::char('j'),
            other => other,
        },
    }
}

fn mouse(dice: &mut Dice, size: Size) -> MouseEvent {
    let left = MouseButton::Left;
    let kind = *dice.pick(&[
        MouseEventKind::Down(left),
        MouseEventKind::Down(left),
        MouseEventKind::Up(left),
        MouseEventKind::Drag(left),
        MouseEventKind::ScrollDown,
        MouseEventKind::ScrollUp,
        MouseEventKind::Down(MouseButton::Right),
        MouseEventKind::Moved,
    ]);
    MouseEvent {
        kind,
        // Some lie outside: the window may have shrunk meanwhile.
        column: dice.below(usize::from(size.width) + 3) as u16,
        row: dice.below(usize::from(size.height) + 3) as u16,
        modifiers: KeyModifiers::NONE,
    }
}

fn window(dice: &mut Dice) -> Size {
    const USUAL: &[(u16, u16)] = &[(80, 24), (80, 24), (160, 50), (100, 30), (81, 25)];
    let (width, height) = match dice.below(3) {
        0 => (1 + dice.below(200) as u16, 1 + dice.below(60) as u16),
        1 => *dice.pick(&[
            (1, 1),
            (2, 1),
            (1, 60),
            (200, 1),
            (79, 24),
            (80, 23),
            (200, 60),
        ]),
        _ => *dice.pick(USUAL),
    };
    Size { width, height }
}

struct Monkey {
    dice: Dice,
    size: Size,
}

impl Monkey {
    fn note(&self, what: String) {
        let mut last = LAST.lock().unwrap();
        if last.len() > 40 {
            last.pop_front();
        }
        last.push_back(what);
    }

    fn step(&mut self, w: &mut Wired<Seat>) {
        match self.dice.below(40) {
            0..=24 => {
                let key = key(&mut self.dice);
                self.note(format!("key {key}"));
                w.feed(vec![Input::Key(key)]).unwrap();
            }
            25..=28 => {
                let text = *self.dice.pick(TEXTS);
                self.note(format!("text {text}"));
                let keys = text
                    .chars()
                    .map(|c| Input::Key(KeyPress::char(c)))
                    .collect();
                w.feed(keys).unwrap();
            }
            29 => {
                let text = *self.dice.pick(PASTES);
                self.note(format!("paste {text:?}"));
                w.feed(vec![Input::Paste(text.to_owned())]).unwrap();
            }
            30..=35 => {
                let mouse = mouse(&mut self.dice, self.size);
                self.note(format!("{:?} {},{}", mouse.kind, mouse.column, mouse.row));
                w.feed(vec![Input::Mouse(mouse)]).unwrap();
            }
            36 | 37 => {
                self.size = window(&mut self.dice);
                self.note(format!("{:?}", self.size));
                w.resize(self.size).unwrap();
            }
            38 => {
                let wait = *self.dice.pick(&[100, 350, 3_000, 7_000, 61_000]);
                self.note(format!("{wait} ms"));
                w.advance(Duration::from_millis(wait)).unwrap();
            }
            _ => {
                self.note("leaves".into());
                w.press("<ctrl-q>").unwrap();
            }
        }
    }
}

fn check(w: &mut Wired<Seat>, size: Size) {
    if w.app_mut().ended() {
        return;
    }
    let differences = w.differences();
    assert!(
        differences.is_empty(),
        "{} cells\n{}\n{}",
        differences.len(),
        differences[..differences.len().min(8)].join("\n"),
        w.grid().text()
    );
    if let Some(caret) = w.grid().caret() {
        assert!(
            caret.x < size.width && caret.y < size.height,
            "{caret:?} {size:?}"
        );
    }
    assert_eq!(*PANICS.lock().unwrap(), Vec::<String>::new());
}

/// Something is typed into an editor and nobody saves it; then the terminal goes away, now or after
/// a while. It must be in the store.
fn typed_is_kept(province: &Province, copy: &Path, round: u64, monkey: &mut Monkey) {
    let mut content = Content::for_column("prov-news").open();
    content.fields.title = format!("第{round}篇");
    content.text = DOUBTFUL.to_owned();
    let number = {
        let mut desk = province.desk(copy, "editor");
        let id = desk.create(content).unwrap().id;
        desk.show(&id).unwrap().line.number
    };
    let size = Size::new(80, 24);
    let app = province.console(copy, "editor", &number, Ambiguous::Narrow);
    let mut w = Wired::new(app, Look::default(), Ambiguous::Narrow, size).unwrap();
    let mark = format!("记号{round}。");
    w.press("e").unwrap();
    w.feed(
        mark.chars()
            .map(|c| Input::Key(KeyPress::char(c)))
            .collect(),
    )
    .unwrap();
    monkey.note(format!("typed {mark} into {number}"));
    check(&mut w, size);
    for _ in 0..6 {
        // What changes no text: the wheel, windows, time.
        let size = window(&mut monkey.dice);
        w.resize(size).unwrap();
        check(&mut w, size);
        w.feed(vec![Input::Mouse(MouseEvent {
            kind: MouseEventKind::ScrollDown,
            column: 3,
            row: 3,
            modifiers: KeyModifiers::NONE,
        })])
        .unwrap();
    }
    if round.is_multiple_of(2) {
        w.advance(Duration::from_secs(5)).unwrap();
    } else {
        w.feed(vec![Input::Closed]).unwrap();
    }
    drop(w);
    let mut desk = province.desk(copy, "editor");
    let kept = desk.autosaved(&number).unwrap().map(|(c, ..)| c.text);
    let kept = kept.unwrap_or_default();
    assert!(kept.contains(&mark), "{mark} is not in {kept}");
}

#[test]
fn monkey() {
    let Some(dir) = std::env::var_os(CHILD) else {
        // A process of its own: it may start the person's editor, and it writes files where it is.
        let dir = tempfile::tempdir().unwrap();
        let out = Command::new(std::env::current_exe().unwrap())
            .args(["monkey", "--exact", "--nocapture"])
            .env(CHILD, dir.path())
            .env("EDITOR", "true")
            .env("VISUAL", "true")
            .env("HOME", dir.path())
            .current_dir(dir.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&out.stdout) + String::from_utf8_lossy(&out.stderr);
        assert!(out.status.success(), "{said}");
        return;
    };
    let _ = dir;
    std::panic::set_hook(Box::new(|info| {
        PANICS.lock().unwrap().push(info.to_string());
        let last = LAST.lock().unwrap();
        println!(
            "{info}\nlast inputs:\n  {}",
            last.iter().cloned().collect::<Vec<_>>().join("\n  ")
        );
    }));
    let _zh = language("zh-CN");
    let seed = number("QIANFA_MONKEY_SEED", 20_261_124);
    let rounds = number("QIANFA_MONKEY_ROUNDS", 36);
    let mut monkey = Monkey {
        dice: Dice(seed | 1),
        size: Size::new(80, 24),
    };
    let province = Province::new();
    let copy = province.copy();
    let mut steps = 0;
    for round in 0..rounds {
        let stop = loop {
            let stop = monkey.dice.pick(STOPS);
            if !stop.login.is_empty() {
                break stop;
            }
        };
        let amb = *monkey.dice.pick(&[
            Ambiguous::Narrow,
            Ambiguous::Narrow,
            Ambiguous::Wide,
            Ambiguous::Safe,
        ]);
        monkey.note(format!("seed {seed} round {round}: {} {amb:?}", stop.name));
        let look = Look {
            amb,
            compact: round % 3 == 0,
            ..Look::default()
        };
        monkey.size = Size::new(80, 24);
        let app = province.console(copy.path(), stop.login, stop.item, amb);
        let mut w = Wired::new(app, look, amb, monkey.size).unwrap();
        for keys in tour::pieces(stop.keys) {
            w.press(keys).unwrap();
        }
        for _ in 0..STEPS {
            monkey.step(&mut w);
            let size = monkey.size;
            check(&mut w, size);
            steps += 1;
            if w.app_mut().ended() {
                break;
            }
        }
        drop(w);
        if round % 4 == 3 {
            typed_is_kept(&province, copy.path(), round, &mut monkey);
        }
    }
    let desk = province.desk(copy.path(), "leader");
    let verified = desk.store().verify(&Against::default(), |_| true).unwrap();
    println!("{steps} inputs, {:?}", verified.unwrap().entries);
}
