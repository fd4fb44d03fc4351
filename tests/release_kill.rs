//! Two runners, killed at random, never publish twice and never tear a release: while they work and
//! die, a reader goes over the pages and finds every list leading to whole pages, and a bundle whole.
//!
//! The runner is this very test binary, started again with a directory in its environment.
#![allow(clippy::items_after_statements)] // tests read top to bottom
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use qianfa::demo::{PASSPHRASE, Setup, found};
use qianfa::desk::review::{Review, Seen, When};
use qianfa::desk::{Content, Desk, Note, SystemClock, login};
use qianfa::journal::{SealCost, Suite};
use qianfa::publish::check::check;
use qianfa::publish::seal::runner_keys;
use qianfa::publish::{Options, Runner};
use qianfa::rules::clearance::Conclusion;
use qianfa::store::query::log::{LogFilter, publications};
use qianfa::store::verify::Against;
use qianfa::store::{OpenMode, Store, StoreError, keyfile};
use scraper::{Html, Selector};

const DIR: &str = "QIANFA_RELEASE_KILL_DIR";
const ROUNDS: usize = 40;

fn seat(path: &Path, who: &str) -> Desk {
    let store = Store::open(path, OpenMode::default()).unwrap();
    login::login(
        store,
        who,
        &keyfile::path_of(path, who),
        PASSPHRASE,
        Box::new(SystemClock),
    )
    .unwrap()
}

/// Not a test of its own: the child that is killed.
#[test]
fn runner() {
    let Ok(dir) = std::env::var(DIR) else { return };
    let dir = Path::new(&dir);
    let desk = seat(&dir.join("kill.qf"), "runner");
    let mut runner = Runner::new(desk, Some(dir.join("sites")), Options::default());
    loop {
        runner.tick().unwrap();
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn start(dir: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "runner", "--nocapture"])
        .env(DIR, dir)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// A bundle of a policy and its interpretation, due at once.
fn bundle(desk: &mut Desk, path: &Path, n: usize) {
    let sit = |desk: &mut Desk, who: &str| {
        desk.log_in(who, &keyfile::path_of(path, who), PASSPHRASE)
            .unwrap();
    };
    let mut members = Vec::new();
    for (title, column) in [("政策", "prov-policy"), ("解读", "prov-interpret")] {
        sit(desk, "editor");
        let mut content = Content::for_column(column).open();
        content.fields.title = format!("{title}-{n}-");
        content.fields.provider_person = "editor".into();
        content.fields.provider_reviewer = "head".into();
        content.shape.provider = Some("office".into());
        content.text = "税收优惠政策应当依法公开。".repeat(40);
        let id = desk.create(content).unwrap().id;
        desk.submit(&id, Seen::default()).unwrap();
        for who in ["first", "second"] {
            sit(desk, who);
            desk.approve(&id, Seen::default(), &Note::none()).unwrap();
        }
        sit(desk, "secrecy");
        let review = Review {
            conclusion: Conclusion::Open,
            ground: None,
            opinion: Note::none(),
            authority: Note::none(),
        };
        desk.clear(&id, Seen::default(), &review).unwrap();
        sit(desk, "signer");
        let when = When {
            hold: true,
            ..When::default()
        };
        desk.sign_off(&id, Seen::default(), when, &Note::none())
            .unwrap();
        members.push(id);
    }
    let bundle = desk.bundle_new(&Note::of("同步")).unwrap();
    for id in &members {
        desk.bundle_add(&bundle, id).unwrap();
    }
    let soon = desk.moment().unwrap() + 30_000;
    desk.bundle_schedule(&bundle, soon, None).unwrap();
}

/// One look at the site as a reader has it: lists first, then what they lead to.
fn look(site: &Path) -> u64 {
    if !site.join("index.html").exists() {
        return 0; // the site opens with its front page, which comes last
    }
    let link = Selector::parse("a[href]").unwrap();
    let mut lists: Vec<PathBuf> = vec![site.join("index.html")];
    for dir in ["policy", "interpret"] {
        lists.push(site.join(dir).join("index.html"));
    }
    if let Ok(years) = std::fs::read_dir(site.join("archive")) {
        for year in years.flatten().filter(|y| y.path().is_dir()) {
            let months = std::fs::read_dir(year.path()).unwrap();
            lists.extend(months.flatten().map(|m| m.path()));
        }
    }
    let mut looked = 0;
    for list in lists {
        let Ok(text) = std::fs::read_to_string(&list) else {
            continue; // nothing was released in it yet
        };
        assert!(
            text.trim_end().ends_with("</html>"),
            "torn: {}",
            list.display()
        );
        let html = Html::parse_document(&text);
        let mut seen = std::collections::BTreeMap::<String, Vec<String>>::new();
        for a in html.select(&link) {
            let target = a.value().attr("href").unwrap();
            if target.contains("://") || target.starts_with('#') {
                continue;
            }
            let file = list.parent().unwrap().join(target);
            let Ok(page) = std::fs::read_to_string(&file) else {
                panic!("{} leads to {target}, which is not there", list.display())
            };
            looked += 1;
            let title = a.text().collect::<String>();
            if let Some((kind, n)) = title.split_once('-') {
                assert!(page.trim_end().ends_with("</html>"), "torn: {target}");
                assert!(page.contains(&title), "{target} is not {title}");
                seen.entry(n.to_owned()).or_default().push(kind.to_owned());
            }
        }
        // A list that shows one piece finds the other's page there, wherever it is listed.
        for n in seen.keys() {
            for (kind, dir) in [("政策", "policy"), ("解读", "interpret")] {
                let wanted = format!("<h1>{kind}-{n}</h1>");
                let there = std::fs::read_dir(site.join(dir))
                    .unwrap()
                    .flatten()
                    .any(|e| std::fs::read_to_string(e.path()).is_ok_and(|t| t.contains(&wanted)));
                assert!(
                    there,
                    "half a bundle: {} shows {n} without {kind}",
                    list.display()
                );
            }
        }
    }
    looked
}

#[test]
fn two_runners_killed_at_random_publish_once_and_tear_nothing() {
    if std::env::var(DIR).is_ok() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("kill.qf");
    let setup = Setup {
        suite: Suite::Ed25519Sha256,
        mode: OpenMode::default(),
        key_files: Some(SealCost {
            log_n: 1,
            r: 8,
            p: 1,
        }),
    };
    drop(found(&path, setup, Box::new(SystemClock), &mut |_, _| {}).unwrap());
    let site = dir.path().join("sites/prov");
    let over = Arc::new(AtomicBool::new(false));
    let looks = Arc::new(AtomicU64::new(0));
    let reader = {
        let (site, over, looks) = (site.clone(), over.clone(), looks.clone());
        std::thread::spawn(move || {
            while !over.load(Ordering::Relaxed) {
                looks.fetch_add(look(&site), Ordering::Relaxed);
            }
        })
    };
    let mut dice = 0x9e37_79b9_7f4a_7c15_u64;
    let mut desk = seat(&path, "editor");
    let mut runners = [start(dir.path()), start(dir.path())];
    for round in 0..ROUNDS {
        bundle(&mut desk, &path, round);
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        std::thread::sleep(Duration::from_millis(20 + dice % 150));
        let one = &mut runners[round % 2];
        one.kill().unwrap(); // SIGKILL
        one.wait().unwrap();
        *one = start(dir.path());
    }
    for runner in &mut runners {
        runner.kill().unwrap();
        runner.wait().unwrap();
    }
    let mut last = Runner::new(
        seat(&path, "runner"),
        Some(dir.path().join("sites")),
        Options::default(),
    );
    last.tick().unwrap();
    over.store(true, Ordering::Relaxed);
    reader.join().expect("what a reader saw");
    assert!(looks.load(Ordering::Relaxed) > 100, "the reader looked");

    let store = Store::open(&path, OpenMode::default()).unwrap();
    let mut items = Vec::new();
    publications(store.conn(), &LogFilter::default(), None, |p| {
        assert_eq!(p.event, "publish");
        items.push(p.item);
        Ok::<(), StoreError>(())
    })
    .unwrap();
    let all = items.len();
    items.sort();
    items.dedup();
    assert_eq!((items.len(), all), (ROUNDS * 2, ROUNDS * 2), "each once");
    store
        .verify(&Against::default(), |_| true)
        .unwrap()
        .expect("verify");

    // What they left together is what one makes alone.
    let now = last.desk().moment().unwrap();
    let keys = runner_keys(&last.desk().org().unwrap(), "prov", now);
    let report = check(&site, &keys, &mut |_| {}).unwrap();
    assert!(report.is_good(), "{report:?}");
    let manifest = std::fs::read(site.join("manifest.json")).unwrap();
    last.rebuild(Some("prov")).unwrap();
    assert_eq!(std::fs::read(site.join("manifest.json")).unwrap(), manifest);
}
