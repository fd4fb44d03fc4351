//! The stock of a board that has worked for years: stores of many items, made once by real acts in
//! the target directory and kept there.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use qianfa::desk::Note;
use qianfa::desk::review::{Review, Seen, When};
use qianfa::journal::Suite;
use qianfa::rules::clearance::Conclusion;
use qianfa::store::{OpenMode, Sync};

use crate::board::{self, Board, HOUR, Subsite};
use crate::sample::{Edits, Sample};

pub type Done<T> = Result<T, Box<dyn Error>>;

pub const SUITE: Suite = Suite::Ed25519Sha256;
pub const SECTIONS: usize = 6;
pub const SITES: usize = 20;
/// Bytes of a text.
pub const TEXT: usize = 1_536;
/// Words of two characters with the share of texts, per thousand, they are put into besides.
pub const WORDS: &[(&str, usize)] = &[
    ("契税", 20),
    ("涉密", 30),
    ("普查", 220),
    ("税务", 0),
    ("申报", 0),
    ("注销", 0),
    ("发票", 0),
    ("个体", 0),
];

pub fn mode(sync: Sync) -> OpenMode {
    OpenMode {
        sync,
        read_only: false,
    }
}

pub fn subsites() -> Vec<Subsite> {
    (0..SITES)
        .map(|k| Subsite {
            id: format!("city{k:02}"),
            name: format!("第{k}市税务局子站"),
            sections: (0..SECTIONS).map(|s| format!("栏目{s}")).collect(),
        })
        .collect()
}

pub fn review() -> Review {
    Review {
        conclusion: Conclusion::Open,
        ground: None,
        opinion: Note::of("经审查，不涉及国家秘密、工作秘密、商业秘密和个人隐私，同意公开。"),
        authority: Note::none(),
    }
}

/// Title and text of the k-th item.
pub fn prose(k: usize) -> (String, String) {
    let mut text = Sample::new(TEXT, k as u64 + 1, Edits::scattered(0)).old;
    for (at, (word, share)) in WORDS.iter().enumerate() {
        // Spread evenly and differently for every word.
        if (k * 7_919 + at * 331) % 1_000 < *share {
            text.push_str(&format!("{word}有关事项另行通知。\n"));
        }
    }
    (format!("关于第{k}号事项的通知"), text)
}

/// How far the k-th item is taken.
#[derive(PartialEq, Eq, PartialOrd)]
pub enum Aim {
    Draft,
    AtClearance,
    AtSignOff,
    Scheduled,
    Published,
}

pub fn aim(k: usize) -> Aim {
    match k % 20 {
        0 => Aim::Draft,
        1 | 2 => Aim::AtClearance,
        3 => Aim::AtSignOff,
        4 => Aim::Scheduled,
        _ => Aim::Published,
    }
}

pub fn make(
    board: &mut Board,
    k: usize,
    mut time: impl FnMut(&str, &mut dyn FnMut() -> Done<()>) -> Done<()>,
) -> Done<()> {
    let (title, text) = prose(k);
    let (site, aim) = (format!("city{:02}", k % SITES), aim(k));
    let home = board::column(&site, k / SITES % SECTIONS);
    let mut content = board::content(&home, title, text, &format!("b-{site}"));
    let desk = board.sit(&format!("editor-{}", k % 5 + 1));
    let ahead = if aim == Aim::Scheduled {
        HOUR * 24 * 30
    } else {
        -HOUR
    };
    content.shape.go_live = Some(desk.now() + ahead);
    let mut id = String::new();
    time("create", &mut || {
        id = desk.create(content.clone())?.id;
        Ok(())
    })?;
    if aim >= Aim::AtClearance {
        time("submit", &mut || {
            Ok(desk.submit(&id, Seen::default()).map(drop)?)
        })?;
    }
    if aim >= Aim::AtSignOff {
        let desk = board.sit("clearer-2");
        time("clear", &mut || {
            Ok(desk.clear(&id, Seen::default(), &review()).map(drop)?)
        })?;
    }
    if aim >= Aim::Scheduled {
        let desk = board.sit("signer-2");
        time("sign-off", &mut || {
            desk.sign_off(&id, Seen::default(), When::default(), &Note::none())?;
            Ok(())
        })?;
    }
    Ok(())
}

/// Where cargo lets benches keep files.
pub fn target() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
}

/// A store of so many items, made once. Complete when its list of words is there.
pub fn prepared(items: usize) -> Done<PathBuf> {
    let dir = target().join(format!("store-{items}"));
    let path = dir.join("store.db");
    if dir.join("words.json").exists() {
        return Ok(path);
    }
    if dir.exists() {
        fs::remove_dir_all(&dir)?;
    }
    let start = Instant::now();
    let mut board = Board::found(&path, mode(Sync::Normal), SUITE, &subsites())?;
    let mut words: BTreeMap<&str, Vec<usize>> =
        WORDS.iter().map(|(w, _)| (*w, Vec::new())).collect();
    let mut bytes = 0;
    for k in 0..items {
        make(&mut board, k, |_, act| act())?;
        let (title, text) = prose(k);
        bytes += text.len();
        if aim(k) == Aim::Published {
            for (word, list) in &mut words {
                if text.contains(word) || title.contains(word) {
                    list.push(k);
                }
            }
        }
        if k % 10_000 == 9_999 {
            eprintln!("{} items in {:.0} s", k + 1, start.elapsed().as_secs_f64());
        }
    }
    fs::write(dir.join("bytes"), bytes.to_string())?;
    fs::write(dir.join("words.json"), serde_json::to_string(&words)?)?;
    println!("made in {:.0} s", start.elapsed().as_secs_f64());
    Ok(path)
}
