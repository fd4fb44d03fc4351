//! Budgets of the store: acts, lists, queues, first screen, search, proof, size.
//!
//! ```text
//! cargo bench --bench store -- [acts] [pages] [search] [size] [proof]
//! ```
//!
//! Without a word, all. Lists and search run on stores of 1,000 and of `QIANFA_BENCH_ITEMS` (100,000)
//! items, which are made once by real acts in the target directory and kept there. Every figure is
//! printed with its budget; nothing fails, since another machine is another machine.

#![allow(missing_docs, dead_code)] // the board is shared; each program uses its part

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use qianfa::desk::review::{Review, Seen, When};
use qianfa::desk::{Desk, Note};
use qianfa::journal::Suite;
use qianfa::rules::clearance::Conclusion;
use qianfa::rules::state::State;
use qianfa::store::query::items::Filter;
use qianfa::store::verify::Against;
use qianfa::store::{OpenMode, Sync};

#[path = "board/mod.rs"]
mod board;
#[path = "../src/diff/sample.rs"]
#[allow(dead_code)]
mod sample;
#[path = "board/times.rs"]
mod times;

use board::{Board, HOUR, Subsite};
use sample::{Edits, Sample};
use times::{Clocked, status_mib, store_bytes};

type Done<T> = Result<T, Box<dyn Error>>;

const SUITE: Suite = Suite::Ed25519Sha256;
const SECTIONS: usize = 6;
const SITES: usize = 20;
/// Bytes of a text.
const TEXT: usize = 1_536;
/// Words of two characters with the share of texts, per thousand, they are put into besides.
const WORDS: &[(&str, usize)] = &[
    ("契税", 20),
    ("涉密", 30),
    ("普查", 220),
    ("税务", 0),
    ("申报", 0),
    ("注销", 0),
    ("发票", 0),
    ("个体", 0),
];

fn main() -> Done<()> {
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with("--"))
        .collect();
    let wants = |what: &str| words.is_empty() || words.iter().any(|w| w == what);
    let large = std::env::var("QIANFA_BENCH_ITEMS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(100_000);
    if wants("acts") {
        acts(Sync::Full, "FULL")?;
        acts(Sync::Normal, "NORMAL")?;
    }
    for items in [1_000, large] {
        if ["pages", "search", "size", "proof"].into_iter().any(&wants) {
            println!("\n== {items} items");
            let path = prepared(items)?;
            if wants("pages") {
                pages(&path)?;
            }
            if wants("search") {
                search(&path)?;
            }
            if wants("size") {
                size(&path)?;
            }
            if wants("proof") {
                proof(&path)?;
            }
        }
    }
    Ok(())
}

fn tell(what: &str, value: &str, budget: &str) {
    println!("{what:<44} {value:>28}   {budget}");
}

fn tell_calls(clocked: &Clocked, name: &str, budget: &str) {
    let c = clocked.of(name);
    let value = format!(
        "p50 {:.2} ms  p95 {:.2} ms",
        c.quantile_ms(0.5),
        c.quantile_ms(0.95)
    );
    tell(name, &value, budget);
}

fn mode(sync: Sync) -> OpenMode {
    OpenMode {
        sync,
        read_only: false,
    }
}

fn subsites() -> Vec<Subsite> {
    (0..SITES)
        .map(|k| Subsite {
            id: format!("city{k:02}"),
            name: format!("第{k}市税务局子站"),
            sections: (0..SECTIONS).map(|s| format!("栏目{s}")).collect(),
        })
        .collect()
}

fn review() -> Review {
    Review {
        conclusion: Conclusion::Open,
        ground: None,
        opinion: Note::of("经审查，不涉及国家秘密、工作秘密、商业秘密和个人隐私，同意公开。"),
        authority: Note::none(),
    }
}

/// Title and text of the k-th item.
fn prose(k: usize) -> (String, String) {
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
enum Aim {
    Draft,
    AtClearance,
    AtSignOff,
    Scheduled,
    Published,
}

fn aim(k: usize) -> Aim {
    match k % 20 {
        0 => Aim::Draft,
        1 | 2 => Aim::AtClearance,
        3 => Aim::AtSignOff,
        4 => Aim::Scheduled,
        _ => Aim::Published,
    }
}

fn make(
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
        time("submit", &mut || Ok(desk.submit(&id).map(drop)?))?;
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

fn acts(sync: Sync, name: &str) -> Done<()> {
    println!("\n== acts, sync {name}");
    let dir = tempfile::tempdir_in(target())?;
    let mut board = Board::found(&dir.path().join("store.db"), mode(sync), SUITE, &subsites())?;
    let mut clocked = Clocked::default();
    let first = board.desk.store().head()?.seq;
    for k in 0..600 {
        make(&mut board, k, |what, act| clocked.time(what, act))?;
    }
    let n = board.desk.store().head()?.seq - first;
    for what in ["create", "submit", "clear", "sign-off"] {
        tell_calls(&clocked, what, "");
    }
    let wall: f64 = clocked.iter().map(|(_, c)| c.total()).sum();
    tell(
        "signed entries",
        &format!("{:.0}/s", n as f64 / wall),
        "limited by fsync and signature",
    );
    Ok(())
}

/// Where cargo lets benches keep files.
fn target() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
}

/// A store of so many items, made once. Complete when its list of words is there.
fn prepared(items: usize) -> Done<PathBuf> {
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

fn pages(path: &Path) -> Done<()> {
    let mut clocked = Clocked::default();
    let budget = "3 ms";
    let start = Instant::now();
    let mut board = Board::open(path, mode(Sync::Full))?;
    tell(
        "open",
        &format!("{:.2} ms", start.elapsed().as_secs_f64() * 1e3),
        "",
    );
    let desk = board.sit("editor-1");
    let start = Instant::now();
    desk.overview()?;
    let first = start.elapsed().as_secs_f64() * 1e3;
    tell(
        "first screen, cold",
        &format!("{first:.2} ms"),
        "40 ms with drawing",
    );
    let published = Filter {
        states: vec![State::Published],
        ..Filter::default()
    };
    let one_site = Filter {
        site: Some("city07".to_owned()),
        ..Filter::default()
    };
    let rare = Filter {
        states: vec![State::Draft],
        creator: Some(desk.person().to_owned()),
        ..Filter::default()
    };
    let middle = (desk.store().head()?.seq / 2) as i64;
    for _ in 0..200 {
        clocked.time("list, all", || desk.list(&Filter::default(), None, 50))?;
        clocked.time("list, from the middle", || {
            desk.list(&Filter::default(), Some(middle), 50)
        })?;
        clocked.time("list, published", || desk.list(&published, None, 50))?;
        clocked.time("list, one subsite", || desk.list(&one_site, None, 50))?;
        clocked.time("list, own drafts", || desk.list(&rare, None, 50))?;
        clocked.time("first screen", || desk.overview())?;
    }
    let desk = board.sit("clearer-1");
    for _ in 0..200 {
        clocked.time("queue, most urgent", || desk.queue(false, 50))?;
        clocked.time("queue, newest", || desk.queue(true, 50))?;
    }
    let desk = board.sit("editor-local");
    for _ in 0..50 {
        clocked.time("list, editor of one subsite", || {
            desk.list(&Filter::default(), None, 50)
        })?;
        clocked.time("list, his subsite's drafts", || {
            let drafts = Filter {
                states: vec![State::Draft],
                ..Filter::default()
            };
            desk.list(&drafts, None, 50)
        })?;
        clocked.time("first screen, editor of one subsite", || desk.overview())?;
    }
    for (name, _) in clocked.iter() {
        let budget = if name.starts_with("first") {
            "40 ms with drawing"
        } else {
            budget
        };
        tell_calls(&clocked, name, budget);
    }
    tell(
        "memory",
        &format!("{:.0} MiB", status_mib("VmHWM:")),
        "30 MB",
    );
    Ok(())
}

fn live(word: &str) -> Filter {
    Filter {
        states: vec![State::Published, State::Corrected],
        text: Some(word.to_owned()),
        ..Filter::default()
    }
}

fn search(path: &Path) -> Done<()> {
    let gold: BTreeMap<String, Vec<usize>> =
        serde_json::from_str(&fs::read_to_string(path.with_file_name("words.json"))?)?;
    let mut board = Board::open(path, mode(Sync::Full))?;
    for login in ["editor-1", "editor-local"] {
        let desk = board.sit(login);
        let mut clocked = Clocked::default();
        desk.count(&live("开机"))?; // whatever is not indexed yet is not part of a search
        for word in gold.keys() {
            let filter = live(word);
            for _ in 0..20 {
                clocked.time("search: first 50", || desk.list(&filter, None, 50))?;
                clocked.time(&format!("search: first 50, {word}"), || {
                    desk.list(&filter, None, 50)
                })?;
                clocked.time("search: count", || desk.count(&filter))?;
                clocked.time(&format!("search: count, {word}"), || desk.count(&filter))?;
            }
        }
        println!("-- {login}");
        for (name, _) in clocked.iter() {
            tell_calls(&clocked, name, "p95 10 ms");
        }
    }
    let desk = board.sit("editor-1");
    for (word, wanted) in &gold {
        tell(word, &recall(desk, word, wanted)?, "recall 1.0");
    }
    Ok(())
}

fn recall(desk: &mut Desk, word: &str, wanted: &[usize]) -> Done<String> {
    let found: std::collections::BTreeSet<String> = desk
        .list(&live(word), None, u32::MAX)?
        .into_iter()
        .map(|l| l.title)
        .collect();
    let right = wanted
        .iter()
        .filter(|k| found.contains(&prose(**k).0))
        .count();
    let recall = right as f64 / wanted.len().max(1) as f64;
    Ok(format!(
        "{recall:.4} of {}, {} too many",
        wanted.len(),
        found.len() - right
    ))
}

fn size(path: &Path) -> Done<()> {
    let text: f64 = fs::read_to_string(path.with_file_name("bytes"))?.parse()?;
    let board = Board::open(path, mode(Sync::Full))?;
    let conn = board.desk.store().conn();
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    let free: i64 = conn.query_row(
        "SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size",
        [],
        |r| r.get(0),
    )?;
    let bytes = store_bytes(path) as f64;
    tell(
        "bytes of store per byte of text",
        &format!("{:.3}, free pages {:.3}", bytes / text, free as f64 / text),
        "1.0 with four revisions",
    );
    Ok(())
}

fn proof(path: &Path) -> Done<()> {
    let mut board = Board::open(path, mode(Sync::Normal))?;
    for (name, skip_tables) in [
        ("verify journal and bodies", true),
        ("verify everything", false),
    ] {
        let start = Instant::now();
        let against = Against {
            skip_tables,
            ..Against::default()
        };
        let verified = board
            .desk
            .store()
            .verify(&against, |_| true)?
            .map_err(|f| format!("{f:?}"))?;
        let wall = start.elapsed().as_secs_f64();
        let value = format!(
            "{:.0} entries/s, {wall:.1} s",
            verified.entries as f64 / wall
        );
        tell(name, &value, "10,000 entries/s");
    }
    let entries = board.desk.store().head()?.seq as f64;
    let start = Instant::now();
    if let Some(divergence) = board.desk.store_mut().rebuild(|_| true)? {
        return Err(format!("{divergence:?}").into());
    }
    let wall = start.elapsed().as_secs_f64();
    tell(
        "rebuild",
        &format!("{:.0} entries/s, {wall:.1} s", entries / wall),
        "",
    );
    Ok(())
}
