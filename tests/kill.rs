//! kill -9 at any instant: every act that was acknowledged is there, none is half done, verify holds.
//!
//! The writer is this very test binary, started again with a directory in its environment. It prints
//! a line per acknowledged act; what it managed to print is what it acknowledged.
#![allow(
    clippy::type_complexity,
    clippy::default_trait_access,
    clippy::items_after_statements
)] // tests read top to bottom
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use qianfa::demo::{PASSPHRASE, Setup, found};
use qianfa::desk::review::{Review, Seen, When};
use qianfa::desk::{Content, Desk, Note, SystemClock, login};
use qianfa::journal::{SealCost, Suite};
use qianfa::rules::clearance::Conclusion;
use qianfa::store::verify::Against;
use qianfa::store::{OpenMode, Store, keyfile};

const DIR: &str = "QIANFA_KILL_DIR";
const ROUNDS: u32 = 200;
/// A fresh store now and then keeps verification short.
const ROUNDS_PER_STORE: u32 = 25;

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

fn acknowledged(seq: u64, desk: &Desk) {
    let id: Vec<u8> = desk
        .store()
        .conn()
        .query_row(
            "SELECT entry_id FROM journal WHERE seq = ?1",
            [i64::try_from(seq).unwrap()],
            |r| r.get(0),
        )
        .unwrap();
    let mut out = std::io::stdout().lock();
    writeln!(out, "ack {seq} {}", hex::encode(id)).unwrap();
    out.flush().unwrap();
}

fn sit(desk: &mut Desk, path: &Path, who: &str) {
    desk.log_in(who, &keyfile::path_of(path, who), PASSPHRASE)
        .unwrap();
}

/// Not a test of its own: the child that is killed.
#[test]
fn writer() {
    let Ok(dir) = std::env::var(DIR) else { return };
    let path = Path::new(&dir).join("kill.qf");
    let mut desk = seat(&path, "editor");
    for round in 0u32.. {
        sit(&mut desk, &path, "editor");
        let mut content = Content::for_column("prov-policy").open();
        content.fields.title = format!("关于办税事项的通知（{round}）");
        content.fields.provider_person = "editor".into();
        content.fields.provider_reviewer = "head".into();
        content.shape.provider = Some("office".into());
        content.text = "税收优惠政策应当依法公开。".repeat(40 + round as usize % 30);
        let made = desk.create(content.clone()).unwrap();
        acknowledged(made.seq, &desk);
        content.text.push_str("第二稿。");
        let saved = desk.revise(&made.id, content, 1).unwrap();
        acknowledged(saved.seq.unwrap(), &desk);
        acknowledged(desk.submit(&made.id, Seen::default()).unwrap().seq, &desk);
        for who in ["first", "second"] {
            sit(&mut desk, &path, who);
            acknowledged(
                desk.approve(&made.id, Seen::default(), &Note::none())
                    .unwrap()
                    .seq,
                &desk,
            );
        }
        sit(&mut desk, &path, "secrecy");
        let review = Review {
            conclusion: Conclusion::Open,
            ground: None,
            opinion: Note::none(),
            authority: Note::none(),
        };
        acknowledged(
            desk.clear(&made.id, Seen::default(), &review).unwrap().seq,
            &desk,
        );
        sit(&mut desk, &path, "signer");
        let when = When {
            hold: true,
            ..When::default()
        };
        acknowledged(
            desk.sign_off(&made.id, Seen::default(), when, &Note::none())
                .unwrap()
                .seq,
            &desk,
        );
        acknowledged(desk.publish(&made.id, Seen::default()).unwrap().seq, &desk);
    }
}

#[test]
fn what_was_acknowledged_survives_kill_9() {
    if std::env::var(DIR).is_ok() {
        return;
    }
    let mut dice = 0x2545_f491_4f6c_dd1d_u64;
    let mut acts = 0u64;
    let mut round = 0;
    while round < ROUNDS {
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
        for _ in 0..ROUNDS_PER_STORE {
            round += 1;
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            acts += one_round(dir.path(), &path, Duration::from_millis(15 + dice % 90));
        }
        // At the end of each store, the whole proof with rules and tables.
        let store = Store::open(&path, OpenMode::default()).unwrap();
        store
            .verify(&Against::default(), |_| true)
            .unwrap()
            .expect("verify");
    }
    assert!(
        acts > u64::from(ROUNDS),
        "only {acts} acts were acknowledged in {ROUNDS} rounds"
    );
}

fn one_round(dir: &Path, path: &Path, life: Duration) -> u64 {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "writer", "--nocapture"])
        .env(DIR, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap());
    let reader = std::thread::spawn(move || {
        // A line that was cut off by the kill was not acknowledged.
        lines
            .lines()
            .map_while(Result::ok)
            .filter_map(|line| {
                let (_, ack) = line.split_once("ack ")?;
                let (seq, id) = ack.split_once(' ')?;
                (id.len() == 64).then(|| (seq.parse::<i64>().unwrap(), id.to_owned()))
            })
            .collect::<Vec<_>>()
    });
    std::thread::sleep(life);
    child.kill().unwrap(); // SIGKILL
    child.wait().unwrap();
    let acks = reader.join().unwrap();
    let store = Store::open(path, OpenMode::default()).unwrap();
    for (seq, id) in &acks {
        let there: Vec<u8> = store
            .conn()
            .query_row("SELECT entry_id FROM journal WHERE seq = ?1", [seq], |r| {
                r.get(0)
            })
            .unwrap_or_else(|e| panic!("acknowledged entry {seq} is gone: {e}"));
        assert_eq!(hex::encode(there), *id);
    }
    let quick = Against {
        skip_tables: true,
        ..Against::default()
    };
    store
        .verify(&quick, |_| true)
        .unwrap()
        .unwrap_or_else(|f| panic!("{}", f.message()));
    acks.len() as u64
}
