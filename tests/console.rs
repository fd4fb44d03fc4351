//! The whole console in process, over a real sample province.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use qianfa::demo::{Province, Setup, fill, found};
use qianfa::desk::{Clock, Content, Desk, Note};
use qianfa::desk::review::Seen;
use qianfa::journal::{SoftKey, Suite};
use qianfa::store::{OpenMode, Store};
use qianfa::text::Ambiguous;
use qianfa::tui::console::seat::{Seat, Sitter, Start, Way};
use qianfa::tui::console::{Config, app};
use qianfa::tui::testing::{Harness, START_US, language};

/// A clock that moves a second with every look, so that nothing depends on the day of the test.
#[derive(Clone)]
struct Ticks(Arc<AtomicI64>);

impl Clock for Ticks {
    fn now(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

struct House {
    dir: tempfile::TempDir,
    clock: Ticks,
    people: Vec<(String, String, Arc<SoftKey>)>,
}

const NORMAL: OpenMode = OpenMode {
    sync: qianfa::store::Sync::Normal,
    read_only: false,
};

impl House {
    /// A province; `prepare` may work in it before the console opens.
    fn new(prepare: impl FnOnce(&mut Province)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Ticks(Arc::new(AtomicI64::new(START_US)));
        let setup = Setup {
            suite: Suite::Ed25519Sha256,
            mode: NORMAL,
            key_files: None,
        };
        let mut province = found(&dir.path().join("p.qf"), setup, Box::new(clock.clone()), &mut |_, _| {}).unwrap();
        prepare(&mut province);
        let people = province
            .people
            .values()
            .map(|p| (p.login.to_owned(), p.id.clone(), Arc::clone(&p.key)))
            .collect();
        Self { dir, clock, people }
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("p.qf")
    }

    fn desk(&self, login: &str) -> Desk {
        open(&self.path(), &self.people, &self.clock, login)
    }

    fn sitters(&self) -> Vec<Sitter> {
        self.people
            .iter()
            .map(|(login, _, key)| Sitter {
                login: login.clone(),
                way: Way::Unlocked(Arc::clone(key)),
            })
            .collect()
    }

    fn console(&self, login: &str, width: u16, height: u16) -> Harness<Seat> {
        let (path, people, clock) = (self.path(), self.people.clone(), self.clock.clone());
        let login = login.to_owned();
        let start = Start::Seated(Box::new(move || Ok(open(&path, &people, &clock, &login))));
        let mut config = Config::new(start, self.sitters());
        config.lock_after = None;
        Harness::new(app(config, Ambiguous::Narrow).unwrap(), width, height).unwrap()
    }
}

fn open(path: &Path, people: &[(String, String, Arc<SoftKey>)], clock: &Ticks, login: &str) -> Desk {
    let (_, id, key) = people.iter().find(|p| p.0 == login).unwrap();
    let store = Store::open(path, NORMAL).unwrap();
    Desk::new(store, id, Box::new(Arc::clone(key)), Box::new(clock.clone()))
}

/// A draft that has everything it needs.
fn content(column: &str, title: &str, text: &str) -> Content {
    let mut c = Content::for_column(column).open();
    c.fields.title = title.to_owned();
    c.fields.provider_person = "李明".to_owned();
    c.fields.provider_reviewer = "王芳".to_owned();
    c.shape.provider = Some("policy".to_owned());
    c.text = text.to_owned();
    c
}

#[test]
fn first() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        fill(p, &mut |_, _| {}).unwrap();
    });
    let mut h = house.console("editor", 80, 24);
    println!("{}", h.screen());
    h.press("<f3>").unwrap();
    println!("{}", h.screen());
    h.press("<enter>").unwrap();
    println!("{}", h.screen());
    h.press("<tab>").unwrap();
    println!("{}", h.screen());
    h.press("h").unwrap();
    println!("{}", h.screen());
    h.press("d").unwrap();
    println!("{}", h.screen());
    h.press("a").unwrap();
    println!("{}", h.screen());
    h.press("e").unwrap();
    println!("{}", h.screen());
}
