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
use std::fs;
use std::path::Path;
use std::time::Instant;

use qianfa::desk::Desk;
use qianfa::rules::state::State;
use qianfa::store::Sync;
use qianfa::store::query::items::Filter;
use qianfa::store::verify::Against;

#[path = "board/mod.rs"]
mod board;
#[path = "../src/diff/sample.rs"]
#[allow(dead_code)]
mod sample;
#[path = "board/stock.rs"]
mod stock;
#[path = "board/times.rs"]
mod times;

use board::Board;
use stock::{Done, SUITE, make, mode, prepared, prose, subsites, target};
use times::{Clocked, status_mib, store_bytes};

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
