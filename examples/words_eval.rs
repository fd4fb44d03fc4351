//! How well the words room finds slips, and how often it speaks where nothing is wrong.
//!
//! `cargo run --release --example words_eval` measures on the sentences and documents that were held
//! out of training; `… -- dev TABLE.zst` on the development sentences with a table made without them;
//! `-v` shows each false hit and each miss.
#![allow(clippy::unwrap_used)] // a tool at the maintainer's desk: a missing file stops it

use std::collections::BTreeMap;
use std::path::Path;

use qianfa::screening::words::{Context, Lists, Model, scan};
use qianfa::screening::{Hit, Severity};

#[derive(Default)]
struct Tally {
    errors: usize,
    found: usize,
    cured: usize,
    hits: usize,
    false_hits: usize,
}

impl Tally {
    fn line(&self, name: &str) {
        let share = |a: usize, b: usize| a as f64 / b.max(1) as f64;
        println!(
            "{name}: {} wrong characters, recall {:.3}, precision {:.3} of {} hits, right suggestion for {:.3} of those found",
            self.errors,
            share(self.found, self.errors),
            share(self.hits - self.false_hits, self.hits),
            self.hits,
            share(self.cured, self.found),
        );
    }
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let verbose = args.iter().any(|a| a == "-v");
    let plain: Vec<&str> = args
        .iter()
        .map(String::as_str)
        .filter(|a| *a != "-v")
        .collect();
    let (part, model) = match plain.as_slice() {
        [] => ("test", Model::shipped().unwrap().clone()),
        ["dev", table] => {
            let table = zstd::decode_all(std::fs::File::open(table).unwrap()).unwrap();
            ("dev", Model::from_table(&table).unwrap())
        }
        _ => {
            eprintln!("usage: words_eval [dev TABLE.zst] [-v]");
            std::process::exit(2);
        }
    };
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/screening/words/data/training");
    let lists = Lists::default();
    let cx = Context {
        lists: &lists,
        model: Some(&model),
        on: jiff::civil::Date::constant(2021, 6, 1),
    };
    let (mut room, mut alone) = (Tally::default(), Tally::default());
    let (mut clean, mut flagged) = (0, 0);
    for line in std::fs::read_to_string(data.join(format!("odw/{part}.tsv")))
        .unwrap()
        .lines()
    {
        let Some((wrong, right)) = line.split_once('\t') else {
            continue;
        };
        if wrong.chars().count() != right.chars().count() {
            continue;
        }
        let hits = scan(wrong, &cx);
        if wrong == right {
            clean += 1;
            flagged += usize::from(hits.iter().any(counts));
        }
        let slips: Vec<(usize, char, char)> = wrong
            .char_indices()
            .zip(right.chars())
            .filter(|((_, a), b)| a != b)
            .map(|((at, a), b)| (at, a, b))
            .collect();
        for (tally, only_model) in [(&mut room, false), (&mut alone, true)] {
            let hits: Vec<&Hit> = hits
                .iter()
                .filter(|h| counts(h) && (!only_model || h.why == "model-typo"))
                .collect();
            judge(wrong, &slips, &hits, tally, verbose && !only_model);
        }
    }
    room.line("whole room");
    alone.line("model alone");
    println!("sentences without a slip: {clean}, of which {flagged} have a hit");
    let text = std::fs::read_to_string(data.join("heldout_documents.txt")).unwrap();
    let start = std::time::Instant::now();
    let hits = scan(&text, &cx);
    let seconds = start.elapsed().as_secs_f64();
    let chars = text.chars().count();
    let mut by_reason: BTreeMap<&str, usize> = BTreeMap::new();
    for hit in hits.iter().filter(|h| counts(h)) {
        *by_reason.entry(hit.why).or_default() += 1;
        if verbose {
            println!(
                "clean text: {} {:?} -> {:?}",
                hit.why,
                around(&text, hit),
                hit.suggestion
            );
        }
    }
    let total: usize = by_reason.values().sum();
    println!(
        "published documents: {chars} characters, {total} hits = {:.2} per 10,000 ({:.1} MB/s)",
        total as f64 * 1e4 / chars as f64,
        text.len() as f64 / 1e6 / seconds,
    );
    for (why, n) in by_reason {
        println!("  {why}: {n}");
    }
}

fn counts(hit: &Hit) -> bool {
    hit.severity != Severity::Hint
}

fn judge(
    wrong: &str,
    slips: &[(usize, char, char)],
    hits: &[&Hit],
    tally: &mut Tally,
    verbose: bool,
) {
    tally.errors += slips.len();
    tally.hits += hits.len();
    for &(at, a, b) in slips {
        match hits.iter().find(|h| h.range.contains(&at)) {
            Some(hit) => {
                tally.found += 1;
                // The suggestion's character at the same place.
                let k = wrong[hit.range.start..at].chars().count();
                tally.cured += usize::from(
                    hit.suggestion
                        .as_ref()
                        .is_some_and(|s| s.chars().nth(k) == Some(b)),
                );
            }
            None if verbose => println!("missed: {a} for {b} in {wrong}"),
            None => {}
        }
    }
    for hit in hits {
        if !slips.iter().any(|s| hit.range.contains(&s.0)) {
            tally.false_hits += 1;
            if verbose {
                println!(
                    "false: {} {:?} -> {:?}",
                    hit.why,
                    around(wrong, hit),
                    hit.suggestion
                );
            }
        }
    }
}

/// What was found, with some characters around it.
fn around(text: &str, hit: &Hit) -> String {
    let before: String = text[..hit.range.start]
        .chars()
        .rev()
        .take(8)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let after: String = text[hit.range.end..].chars().take(8).collect();
    format!("{before}[{}]{after}", &text[hit.range.clone()])
}
