//! The pictures of the README are made by the console itself and cannot go stale: this test draws
//! them again and compares. `UPDATE_DOCS=1 cargo test --test screenshots` writes them.
#![allow(
    clippy::type_complexity,
    clippy::default_trait_access,
    clippy::items_after_statements
)] // tests read top to bottom
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;
use std::sync::Arc;

use qianfa::demo::{Setup, fill, found};
use qianfa::desk::{Clock, Desk};
use qianfa::journal::Suite;
use qianfa::store::{OpenMode, Store, Sync};
use qianfa::text::Ambiguous;
use qianfa::tui::console::seat::{Seat, Start};
use qianfa::tui::console::{Config, app};
use qianfa::tui::svg::{Paper, svg};
use qianfa::tui::testing::{Harness, START_US, language};

/// Pictures do not depend on the day they are taken.
struct Still;

impl Clock for Still {
    fn now(&self) -> i64 {
        START_US
    }
}

const MODE: OpenMode = OpenMode {
    sync: Sync::Normal,
    read_only: false,
};

fn compare(name: &str, picture: &str) {
    let path = Path::new("docs/screenshots").join(name);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, picture).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == picture,
        "{} is stale: UPDATE_DOCS=1 cargo test --test screenshots",
        path.display()
    );
}

#[test]
fn the_pictures_show_what_the_console_shows() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("p.qf");
    let setup = Setup {
        suite: Suite::Ed25519Sha256,
        mode: MODE,
        key_files: None,
    };
    let mut province = found(&path, setup, Box::new(Still), &mut |_, _| {}).unwrap();
    fill(&mut province, &mut |_, _| {}).unwrap();
    for tag in ["zh-CN", "en"] {
        let _language = language(tag);
        let console = |login: &str| -> Harness<Seat> {
            let person = &province.people[login];
            let (path, id, key) = (path.clone(), person.id.clone(), Arc::clone(&person.key));
            let start = Start::Seated(Box::new(move || {
                Ok(Desk::new(
                    Store::open(&path, MODE)?,
                    &id,
                    Box::new(key),
                    Box::new(Still),
                ))
            }));
            let config = Config {
                lock_after: None,
                ..Config::new(start, Vec::new())
            };
            Harness::new(app(config, Ambiguous::Narrow).unwrap(), 120, 34).unwrap()
        };
        let desk = console("editor");
        compare(
            &format!("desk.{tag}.svg"),
            &svg(desk.buffer(), Paper::DARK, "qianfa"),
        );
        let mut queue = console("secrecy");
        queue.press("<f4>").unwrap();
        compare(
            &format!("queue.{tag}.svg"),
            &svg(queue.buffer(), Paper::DARK, "qianfa"),
        );
    }
}
