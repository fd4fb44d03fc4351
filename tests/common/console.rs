//! The whole console in process, over a real sample province: what the tests of `console_admin` share.
#![allow(
    dead_code,
    unused_imports,
    unused_macros,
    clippy::unwrap_used,
    clippy::expect_used
)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use qianfa::demo::{Province, Setup, found};
use qianfa::desk::review::{Review, Seen, When};
use qianfa::desk::{Clock, Content, Desk, Note};
use qianfa::journal::{SoftKey, Suite};
use qianfa::rules::clearance::Conclusion;
use qianfa::store::{OpenMode, Store};
use qianfa::text::Ambiguous;
use qianfa::tui::console::config::Source;
use qianfa::tui::console::seat::{Seat, Sitter, Start, Way};
use qianfa::tui::console::{Config, app};
use qianfa::tui::input::Input;
use qianfa::tui::testing::{Harness, START_US};

/// A clock that stands where the test puts it, so that nothing depends on the day of the test.
#[derive(Clone)]
pub struct Ticks(pub Arc<AtomicI64>);

impl Clock for Ticks {
    fn now(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

pub struct House {
    pub dir: tempfile::TempDir,
    pub clock: Ticks,
    pub people: Vec<(String, String, Arc<SoftKey>)>,
}

pub const NORMAL: OpenMode = OpenMode {
    sync: qianfa::store::Sync::Normal,
    read_only: false,
};

impl House {
    /// A province; `prepare` may work in it before the console opens.
    pub fn new(prepare: impl FnOnce(&mut Province)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Ticks(Arc::new(AtomicI64::new(START_US)));
        let setup = Setup {
            suite: Suite::Ed25519Sha256,
            mode: NORMAL,
            key_files: None,
        };
        let mut province = found(
            &dir.path().join("p.qf"),
            setup,
            Box::new(clock.clone()),
            &mut |_, _| {},
        )
        .unwrap();
        prepare(&mut province);
        let people = province
            .people
            .values()
            .map(|p| (p.login.to_owned(), p.id.clone(), Arc::clone(&p.key)))
            .collect();
        Self { dir, clock, people }
    }

    pub fn path(&self) -> PathBuf {
        self.dir.path().join("p.qf")
    }

    pub fn desk(&self, login: &str) -> Desk {
        open(&self.path(), &self.people, &self.clock, login)
    }

    pub fn sitters(&self) -> Vec<Sitter> {
        self.people
            .iter()
            .map(|(login, _, key)| Sitter {
                login: login.clone(),
                way: Way::Unlocked(Arc::clone(key)),
            })
            .collect()
    }

    pub fn console(&self, login: &str, width: u16, height: u16) -> Harness<Seat> {
        self.console_with(login, width, height, Source::default())
    }

    pub fn console_with(
        &self,
        login: &str,
        width: u16,
        height: u16,
        settings: Source,
    ) -> Harness<Seat> {
        let (path, people, clock) = (self.path(), self.people.clone(), self.clock.clone());
        let login = login.to_owned();
        let start = Start::Seated(Box::new(move || Ok(open(&path, &people, &clock, &login))));
        let mut config = Config::new(start, self.sitters());
        config.lock_after = None;
        config.settings = settings;
        Harness::new(app(config, Ambiguous::Narrow).unwrap(), width, height).unwrap()
    }
}

pub fn open(
    path: &Path,
    people: &[(String, String, Arc<SoftKey>)],
    clock: &Ticks,
    login: &str,
) -> Desk {
    let (_, id, key) = people.iter().find(|p| p.0 == login).unwrap();
    let store = Store::open(path, NORMAL).unwrap();
    Desk::new(
        store,
        id,
        Box::new(Arc::clone(key)),
        Box::new(clock.clone()),
    )
}

/// A draft that has everything it needs.
pub fn content(column: &str, title: &str, text: &str) -> Content {
    let mut c = Content::for_column(column).open();
    title.clone_into(&mut c.fields.title);
    "经办人".clone_into(&mut c.fields.provider_person);
    "审核人".clone_into(&mut c.fields.provider_reviewer);
    c.shape.provider = Some("policy".to_owned());
    text.clone_into(&mut c.text);
    c
}

/// Changes the person at the keyboard by the key and the list.
pub fn sit(h: &mut Harness<Seat>, house: &House, from: &str, to: &str) {
    let at = |login: &str| house.people.iter().position(|p| p.0 == login).unwrap();
    let (a, b) = (at(from), at(to));
    h.press("<f9>").unwrap();
    let step = if b > a { "<down>" } else { "<up>" };
    for _ in 0..a.abs_diff(b) {
        h.press(step).unwrap();
    }
    h.press("<enter>").unwrap();
}

pub fn says(h: &Harness<Seat>, text: &str) {
    let screen = h.screen().replace('\n', "");
    let squeezed: String = screen
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '│')
        .collect();
    let wanted: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    assert!(squeezed.contains(&wanted), "no “{text}” on\n{}", h.screen());
}

pub fn says_not(h: &Harness<Seat>, text: &str) {
    assert!(!h.screen().contains(text), "“{text}” on\n{}", h.screen());
}

pub fn state(house: &House, number: &str) -> String {
    house
        .desk("leader")
        .show(number)
        .unwrap()
        .line
        .state
        .code()
        .to_owned()
}

/// Compares the screen with the snapshot of this name.
#[macro_export]
/// Compares the screen with its snapshot.
macro_rules! snapshot {
    ($name:expr, $h:expr) => {
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!($name, $h.screen());
        })
    };
}

/// Clicks the cell at the first place where `text` stands on screen.
pub fn click(h: &mut Harness<Seat>, text: &str) {
    let (x, y) = place(h, text);
    mouse(h, MouseEventKind::Down(MouseButton::Left), x, y);
    mouse(h, MouseEventKind::Up(MouseButton::Left), x, y);
}

/// The cell at which `text` begins.
pub fn place(h: &Harness<Seat>, text: &str) -> (u16, u16) {
    let buffer = h.buffer();
    for y in 0..buffer.area.height {
        for x in 0..buffer.area.width {
            let mut at = x;
            let fits = text.chars().filter(|c| !c.is_whitespace()).all(|c| {
                while at < buffer.area.width && buffer[(at, y)].symbol().trim().is_empty() && at > x
                {
                    at += 1;
                }
                let same = at < buffer.area.width && buffer[(at, y)].symbol() == c.to_string();
                at += 1;
                same
            });
            if fits {
                return (x, y);
            }
        }
    }
    panic!("no “{text}” on\n{}", h.screen());
}

/// One event of the mouse.
pub fn mouse(h: &mut Harness<Seat>, kind: MouseEventKind, column: u16, row: u16) {
    let event = MouseEvent {
        kind,
        column,
        row,
        modifiers: KeyModifiers::NONE,
    };
    h.feed(vec![Input::Mouse(event)]).unwrap();
}

/// A signed-off item in a column, held.
pub fn signed_off(p: &mut Province, column: &str, title: &str) -> String {
    let id = p
        .sit("editor")
        .create(content(column, title, "正文一段。"))
        .unwrap()
        .id;
    p.sit("editor").submit(&id).unwrap();
    p.sit("first")
        .approve(&id, Seen::default(), &Note::none())
        .unwrap();
    p.sit("second")
        .approve(&id, Seen::default(), &Note::none())
        .unwrap();
    p.sit("secrecy")
        .clear(&id, Seen::default(), &open_review())
        .unwrap();
    let hold = When {
        hold: true,
        ..When::default()
    };
    p.sit("signer")
        .sign_off(&id, Seen::default(), hold, &Note::none())
        .unwrap();
    id
}

/// A confidentiality review that lets everything out.
pub fn open_review() -> Review {
    Review {
        conclusion: Conclusion::Open,
        ground: None,
        opinion: Note::none(),
        authority: Note::none(),
    }
}
