//! Runs the editorial workload that other systems run too, through the real desk: rules,
//! signatures, journal, search, one durable transaction per operation.
//!
//! ```text
//! cargo run --release --example workload -- --workload W.jsonl --gold G.json --out R.json --run-dir DIR --sync FULL
//! ```
//!
//! `docs/performance.md` says what the operations are and gives results.

#![allow(missing_docs, dead_code)] // the board is shared; each program uses its part

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use serde::Deserialize;
use serde_json::{Value, json};

use qianfa::desk::review::{Review, Seen, When};
use qianfa::desk::{Clock, Note, SystemClock};
use qianfa::journal::Suite;
use qianfa::report::Format;
use qianfa::rules::clearance::Conclusion;
use qianfa::rules::state::State;
use qianfa::store::query::items::Filter;
use qianfa::store::{OpenMode, Sync};

#[path = "../benches/board/mod.rs"]
mod board;
#[path = "../benches/board/times.rs"]
mod times;

use board::{Board, HOUR, Subsite};
use times::{Clocked, status_mib, store_bytes};

type Done<T> = Result<T, Box<dyn Error>>;

/// How the search is done; part of the names of its operations.
const HOW: &str = "fts5";

#[derive(Parser)]
struct Args {
    /// Items and their texts, one JSON object a line after the meta line.
    #[arg(long)]
    workload: PathBuf,
    /// What a correct run ends with.
    #[arg(long)]
    gold: PathBuf,
    /// Where the result goes.
    #[arg(long)]
    out: PathBuf,
    /// A directory for the store; it is emptied of an earlier run's store.
    #[arg(long)]
    run_dir: PathBuf,
    /// How hard a commit is pressed into the disk.
    #[arg(long, value_enum, default_value = "FULL")]
    sync: SyncArg,
    /// Algorithms of the journal.
    #[arg(long, default_value = "ed25519+sha256")]
    suite: String,
}

#[derive(Clone, Copy, ValueEnum)]
enum SyncArg {
    #[value(name = "NORMAL")]
    Normal,
    #[value(name = "FULL")]
    Full,
}

#[derive(Deserialize)]
struct Meta {
    subsites: Vec<MetaSite>,
    sections: Vec<String>,
    terms2: Vec<String>,
    terms4: Vec<String>,
}

#[derive(Deserialize)]
struct MetaSite {
    slug: String,
    name: String,
}

#[derive(Deserialize)]
struct Item {
    id: u64,
    subsite: usize,
    section: usize,
    title: String,
    bodies: Vec<String>,
    go_live_offset_s: i64,
}

#[derive(Deserialize)]
struct Gold {
    live: BTreeSet<u64>,
    terms: HashMap<String, BTreeSet<u64>>,
    bytes_text: u64,
}

/// The run so far.
struct Run {
    board: Board,
    clocked: Clocked,
    items: Vec<Item>,
    ids: Vec<String>,
    start: i64,
}

fn main() -> Done<()> {
    let args = Args::parse();
    let mut lines = BufReader::new(fs::File::open(&args.workload)?).lines();
    let meta: Meta = serde_json::from_str(&lines.next().ok_or("no meta line")??)?;
    let items = lines
        .map(|line| Ok(serde_json::from_str(&line?)?))
        .collect::<Done<Vec<Item>>>()?;
    let gold: Gold = serde_json::from_reader(BufReader::new(fs::File::open(&args.gold)?))?;

    fs::create_dir_all(&args.run_dir)?;
    let dir = args.run_dir.join("qianfa-store");
    if dir.exists() {
        fs::remove_dir_all(&dir)?;
    }
    let path = dir.join("store.db");
    let sync = match args.sync {
        SyncArg::Normal => Sync::Normal,
        SyncArg::Full => Sync::Full,
    };
    let mode = OpenMode {
        sync,
        read_only: false,
    };
    let suite: Suite = args.suite.parse().map_err(|_| "unknown suite")?;
    let subsites: Vec<Subsite> = meta
        .subsites
        .iter()
        .map(|s| Subsite {
            id: s.slug.clone(),
            name: s.name.clone(),
            sections: meta.sections.clone(),
        })
        .collect();

    let mut clocked = Clocked::default();
    let board = clocked.time("setup_tree", || Board::found(&path, mode, suite, &subsites))?;
    let mut run = Run {
        board,
        clocked,
        items,
        ids: Vec::new(),
        start: SystemClock.now(),
    };
    run.draft(&meta)?;
    run.review()?;
    let reviewed = run.board.desk.store().head()?.seq;
    run.scheduler()?;
    run.compare()?;
    let search = run.search(&meta, &gold)?;
    let rows = run.export(&args.run_dir)?;
    let check = run.check(&gold)?;

    let n = run.items.len();
    let pipeline = [
        "create",
        "revise",
        "submit",
        "approve_conf",
        "approve_final",
        "publish_scheduled_run",
    ];
    let wall: f64 = pipeline.iter().map(|op| run.clocked.of(op).total()).sum();
    let cpu: f64 = pipeline.iter().map(|op| run.clocked.of(op).cpu).sum();
    let export = run.clocked.of("export_audit_csv").quantile_ms(0.0) / 1e3;
    run.board
        .desk
        .store()
        .conn()
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    let ops: BTreeMap<&String, Value> = run
        .clocked
        .iter()
        .map(|(name, c)| {
            let n = c.wall.len();
            let value = json!({
                "n": n, "p50_ms": c.quantile_ms(0.5), "p95_ms": c.quantile_ms(0.95), "mean_ms": c.mean_ms(),
                "total_s": c.total(), "cpu_p50_ms": c.cpu * 1e3 / n.max(1) as f64, "cpu_total_s": c.cpu,
            });
            (name, value)
        })
        .collect();
    let db_bytes = store_bytes(&path);
    let result = json!({
        "system": "qianfa",
        "versions": { "qianfa": env!("CARGO_PKG_VERSION"), "sqlite": rusqlite::version(), "suite": args.suite },
        "n": n,
        "sync": if sync == Sync::Full { "FULL" } else { "NORMAL" },
        "throughput_items_per_s": n as f64 / wall,
        "throughput_items_per_cpu_s": n as f64 / cpu,
        "pipeline_wall_s": wall,
        "pipeline_cpu_s": cpu,
        "pipeline_entries": reviewed,
        "ops": ops,
        "search": search,
        "export": { "rows": rows, "rows_per_s": rows as f64 / export },
        "db_bytes": db_bytes,
        "db_bytes_per_text_byte": db_bytes as f64 / gold.bytes_text as f64,
        "rss": { "rss_mib": status_mib("VmRSS:"), "peak_mib": status_mib("VmHWM:") },
        "check": check,
    });
    fs::write(&args.out, serde_json::to_string_pretty(&result)?)?;
    eprintln!(
        "{n} items, {:.1} items/s, live_ok {}",
        n as f64 / wall,
        result["check"]["live_ok"]
    );
    if result["check"]["live_ok"] == json!(true) {
        Ok(())
    } else {
        Err("the live items are not those of the gold file".into())
    }
}

impl Run {
    fn editor(k: usize) -> String {
        format!("editor-{}", k % 5 + 1)
    }

    fn draft(&mut self, meta: &Meta) -> Done<()> {
        for (k, item) in self.items.iter().enumerate() {
            let site = &meta.subsites[item.subsite].slug;
            let home = board::column(site, item.section);
            let go_live = self.start + item.go_live_offset_s * 1_000_000;
            let desk = self.board.sit(&Self::editor(k));
            let made = self.clocked.time("create", || {
                let text = item.bodies[0].clone();
                let mut content =
                    board::content(&home, item.title.clone(), text, &format!("b-{site}"));
                content.shape.go_live = Some(go_live);
                desk.create(content)
            })?;
            self.ids.push(made.id);
        }
        for turn in 1..4u32 {
            for (k, item) in self.items.iter().enumerate() {
                let desk = self.board.sit(&Self::editor(k));
                let id = &self.ids[k];
                self.clocked.time("revise", || {
                    let mut content = desk.content(id, None)?;
                    content.text.clone_from(&item.bodies[turn as usize]);
                    desk.revise(id, content, turn)
                })?;
            }
        }
        Ok(())
    }

    fn queue(&mut self, name: &str, login: &str) -> Done<()> {
        let desk = self.board.sit(login);
        desk.queue(true, 50)?;
        for _ in 0..30 {
            let lines = self.clocked.time(name, || desk.queue(true, 50))?;
            if lines.len() != self.items.len().min(50) {
                return Err(format!("{name}: {} lines", lines.len()).into());
            }
        }
        Ok(())
    }

    fn review(&mut self) -> Done<()> {
        for (k, id) in self.ids.iter().enumerate() {
            let desk = self.board.sit(&Self::editor(k));
            self.clocked
                .time("submit", || desk.submit(id, Seen::default()))?;
        }
        self.queue("queue_first50", "clearer-1")?;
        let review = Review {
            conclusion: Conclusion::Open,
            ground: None,
            opinion: Note::of("经审查，不涉及国家秘密、工作秘密、商业秘密和个人隐私，同意公开。"),
            authority: Note::none(),
        };
        for (k, id) in self.ids.iter().enumerate() {
            let desk = self.board.sit(&format!("clearer-{}", k % 2 + 1));
            self.clocked
                .time("approve_conf", || desk.clear(id, Seen::default(), &review))?;
        }
        self.queue("queue_first50_approver", "signer-1")?;
        for (k, id) in self.ids.iter().enumerate() {
            let desk = self.board.sit(&format!("signer-{}", k % 2 + 1));
            self.clocked.time("approve_final", || {
                desk.sign_off(
                    id,
                    Seen::default(),
                    When::default(),
                    &Note::of("同意发布。"),
                )
            })?;
        }
        Ok(())
    }

    fn scheduler(&mut self) -> Done<()> {
        self.board.ahead.by(24 * HOUR);
        let desk = self.board.sit("runner");
        let mut published = 0;
        self.clocked.time("publish_scheduled_run", || -> Done<()> {
            desk.runner_ticks("workload", 0)?;
            for due in desk.due()? {
                desk.publish_due(&due.id)?;
                published += 1;
            }
            Ok(())
        })?;
        let each = self.clocked.of("publish_scheduled_run").total() / f64::from(published.max(1));
        eprintln!(
            "{published} published by the runner, {:.3} ms each",
            each * 1e3
        );
        Ok(())
    }

    fn compare(&mut self) -> Done<()> {
        let count = self.ids.len().min(200);
        let desk = self.board.sit("editor-1");
        for k in 0..count {
            let id = &self.ids[k * self.ids.len() / count];
            self.clocked.time("compare", || desk.diff(id, 1, 4))?;
        }
        Ok(())
    }

    fn search(&mut self, meta: &Meta, gold: &Gold) -> Done<Value> {
        let at: HashMap<&String, u64> = self
            .ids
            .iter()
            .zip(&self.items)
            .map(|(id, i)| (id, i.id))
            .collect();
        let desk = self.board.sit("editor-1");
        let mut found = serde_json::Map::new();
        for (terms, width) in [(&meta.terms2, "2ch"), (&meta.terms4, "4ch")] {
            for term in terms {
                let filter = Filter {
                    states: vec![State::Published, State::Corrected],
                    text: Some(term.clone()),
                    ..Filter::default()
                };
                let name = format!("search_{HOW}_{width}");
                let mut returned = 0;
                for _ in 0..10 {
                    returned = self.clocked.time(&name, || -> Done<u64> {
                        let n = desk.count(&filter)?;
                        desk.list(&filter, None, 50)?;
                        Ok(n)
                    })?;
                }
                let hits: BTreeSet<u64> = desk
                    .list(&filter, None, u32::MAX)?
                    .iter()
                    .filter_map(|l| at.get(&l.id).copied())
                    .collect();
                let wanted = gold.terms.get(term).cloned().unwrap_or_default();
                let right = hits.intersection(&wanted).count() as f64;
                let share = |of: usize| if of == 0 { 1.0 } else { right / of as f64 };
                found.insert(
                    term.clone(),
                    json!({ "gold": wanted.len(), HOW: {
                        "returned": returned, "recall": share(wanted.len()), "precision": share(hits.len()),
                    }}),
                );
            }
        }
        Ok(Value::Object(found))
    }

    fn export(&mut self, dir: &std::path::Path) -> Done<u64> {
        let desk = self.board.sit("auditor");
        let mut rows = 0;
        for _ in 0..2 {
            let path = dir.join("audit.csv");
            let written = self.clocked.time("export_audit_csv", || {
                desk.export_audit(&path, Format::Csv, true, &mut |_| true)
            })?;
            rows = written.rows;
        }
        Ok(rows)
    }

    fn check(&mut self, gold: &Gold) -> Done<Value> {
        let at: HashMap<&String, u64> = self
            .ids
            .iter()
            .zip(&self.items)
            .map(|(id, i)| (id, i.id))
            .collect();
        let desk = self.board.sit("editor-1");
        let live = |states| Filter {
            states,
            ..Filter::default()
        };
        let lines = desk.list(
            &live(vec![State::Published, State::Corrected]),
            None,
            u32::MAX,
        )?;
        let ids: BTreeSet<u64> = lines
            .iter()
            .filter_map(|l| at.get(&l.id).copied())
            .collect();
        let pending = desk.count(&live(vec![State::InReview]))?;
        let one =
            |sql: &str| -> Done<i64> { Ok(desk.store().conn().query_row(sql, [], |r| r.get(0))?) };
        Ok(json!({
            "live_ok": ids == gold.live,
            "live": ids.len(),
            "revisions": one("SELECT count(*) FROM revisions")?,
            "audit_rows": one("SELECT count(*) FROM journal")?,
            "pending": pending,
        }))
    }
}
