//! Measures publishing and exports: a full release, a release of one article into a site of many,
//! and lists of 100,000 rows; with the peak of memory in each phase.
//!
//! ```text
//! cargo run --release --example publishing -- [ARTICLES] [ROWS]
//! ```
//!
//! Figures and the machine they are from stand in `docs/performance.md`.
#![allow(clippy::unwrap_used)] // a measurement that cannot be made should say so loudly

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use jiff::Timestamp;
use qianfa::demo::{Province, Setup, found};
use qianfa::desk::review::{Review, Seen, When};
use qianfa::desk::{Clock, Content, Desk, Note};
use qianfa::journal::Suite;
use qianfa::publish::{Options as RunnerOptions, Runner};
use qianfa::report::write::{Format, Options, write};
use qianfa::report::{PublicationEvent, PublicationRow, ReportError};
use qianfa::rules::clearance::Conclusion;
use qianfa::store::query::log::LogFilter;
use qianfa::store::{OpenMode, Store, Sync};

#[derive(Clone)]
struct Ticking(Arc<AtomicI64>);

impl Clock for Ticking {
    fn now(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Peak of resident memory in MB since the last call.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kib = status
        .lines()
        .find_map(|l| l.strip_prefix("VmHWM:"))
        .and_then(|l| l.trim().split(' ').next()?.parse::<u64>().ok());
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    kib.unwrap_or(0) / 1024
}

fn told<T>(what: &str, work: impl FnOnce() -> T) -> T {
    peak();
    let begun = Instant::now();
    let value = work();
    let took = begun.elapsed().as_secs_f64();
    println!("{what:<44} {took:>9.3} s {:>6} MB peak", peak());
    value
}

/// Columns of the province's site, in turn.
const COLUMNS: [&str; 4] = ["prov-news", "prov-policy", "prov-interpret", "prov-notice"];

fn live(province: &mut Province, n: usize) {
    let mut content = Content::for_column(COLUMNS[n % COLUMNS.len()]).open();
    content.shape.provider = Some("policy".to_owned());
    content.fields.title = format!("关于办理税收优惠事项的第{n}号公告");
    content.fields.provider_person = "contributor".to_owned();
    content.fields.provider_reviewer = "policy-head".to_owned();
    content.text = format!(
        "第{n}号。{}",
        "各级税务机关应当依照法定职权和程序办理。\n\n".repeat(30)
    );
    let id = province.sit("editor").create(content).unwrap().id;
    province.sit("editor").submit(&id, Seen::default()).unwrap();
    for who in ["first", "second"] {
        let desk = province.sit(who);
        desk.approve(&id, Seen::default(), &Note::none()).unwrap();
    }
    let review = Review {
        conclusion: Conclusion::Open,
        ground: None,
        opinion: Note::none(),
        authority: Note::none(),
    };
    let desk = province.sit("secrecy");
    desk.clear(&id, Seen::default(), &review).unwrap();
    let desk = province.sit("signer");
    desk.sign_off(&id, Seen::default(), When::default(), &Note::none())
        .unwrap();
}

fn row(n: u64) -> PublicationRow {
    PublicationRow {
        seq: n * 7,
        at: Timestamp::from_microsecond(1_770_000_000_000_000 + n as i64 * 61_000_000).unwrap(),
        event: PublicationEvent::Publish,
        number: format!("2026-{n:06}"),
        title: format!("关于办理税收优惠事项的第{n}号公告"),
        site: "示例省税务局网站".to_owned(),
        column: "通知公告".to_owned(),
        author: "编辑甲".to_owned(),
        reviewers: vec!["初审".to_owned(), "复审".to_owned()],
        confidentiality_reviewer: Some("保密审查员".to_owned()),
        signer: Some("终审签发".to_owned()),
        publisher: "发布程序".to_owned(),
        cause: None,
        fingerprint: format!("{n:064x}"),
        doc_number: Some(format!("税总发〔2026〕{n}号")),
        urls: vec![format!("https://example.gov.cn/notice/2026-{n:06}.html")],
    }
}

fn main() {
    let mut args = std::env::args()
        .skip(1)
        .filter_map(|a| a.parse::<usize>().ok());
    let articles = args.next().unwrap_or(10_000);
    let rows = args.next().unwrap_or(100_000) as u64;
    for format in Format::ALL {
        told(&format!("{rows} rows as {}", format.code()), || {
            let list = (1..=rows).map(|n| Ok::<_, ReportError>(row(n)));
            write(std::io::sink(), list, &mut Options::new(format)).unwrap()
        });
    }

    let dir = tempfile::tempdir().unwrap();
    let clock = Ticking(Arc::new(AtomicI64::new(1_772_413_200_000_000)));
    let mode = OpenMode {
        sync: Sync::Normal,
        read_only: false,
    };
    let setup = Setup {
        suite: Suite::Ed25519Sha256,
        mode,
        key_files: None,
    };
    let path = dir.path().join("board.qf");
    let mut province = found(&path, setup, Box::new(clock.clone()), &mut |_, _| {}).unwrap();
    told(&format!("{articles} articles to the public"), || {
        for n in 0..articles {
            live(&mut province, n);
            clock.0.fetch_add(1_700_000_000, Ordering::Relaxed);
        }
    });
    let key = Arc::clone(&province.people["runner"].key);
    let person = province.people["runner"].id.clone();
    let store = Store::open(&path, mode).unwrap();
    let desk = Desk::new(store, &person, Box::new(key), Box::new(clock.clone()));
    let sites = dir.path().join("sites");
    let mut runner = Runner::new(desk, Some(sites), RunnerOptions::default());
    let files = |tick: qianfa::publish::Tick| {
        let prov = tick.pages.into_iter().find(|p| p.site == "prov").unwrap();
        assert_eq!(prov.failed, None);
        prov.written.unwrap().files
    };
    let count = told("full release", || files(runner.tick().unwrap()));
    println!("{:<44} {count:>9}", "files");
    for n in 0..3 {
        live(&mut province, articles + n);
        let count = told("release of one article", || files(runner.tick().unwrap()));
        println!("{:<44} {count:>9}", "files");
    }
    told("tick with nothing to do", || runner.tick().unwrap());
    for format in [Format::Csv, Format::Xlsx] {
        let out = dir.path().join(format!("log.{}", format.code()));
        let what = format!("publication log from the store, {}", format.code());
        told(&what, || {
            let desk = province.sit("auditor");
            desk.export_publications(&out, format, &LogFilter::default(), false, &mut |_| true)
                .unwrap()
        });
    }
}
