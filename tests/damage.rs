//! Bad days, on real files: damage is found and its place named; a full or read-only disk leaves
//! nothing half done and the text where it was; two at once make one chain; a clock may go back.
#![allow(
    clippy::type_complexity,
    clippy::default_trait_access,
    clippy::items_after_statements
)] // tests read top to bottom
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::collections::BTreeMap;
use std::sync::Arc;

use common::{BEGIN, DAY, Image, MODE, World, copy_store, open_review, rule};
use qianfa::desk::review::Seen;
use qianfa::desk::{Content, Desk, DeskError, Note};
use qianfa::journal::{
    Entry, FaultKind, Hash, Seen as Witness, Signer, SoftKey, Suite, chain_next, entry_id,
    leaf_data, signing_message,
};
use qianfa::rules::act::{Act, BodyRole, Comment, ListKind, Relation, SiteAdd, Validity};
use qianfa::rules::org::{LanguageCondition, SiteLevel};
use qianfa::store::bodies::NewBody;
use qianfa::store::rebuild::{Divergence, FOLDED};
use qianfa::store::verify::{Against, Finding};
use qianfa::store::{AppendError, OpenMode, Receipt, Store, StoreError, Sync};
use rusqlite::Connection;

struct Sample {
    image: Image,
    last: u64,
    /// A checkpoint taken at the end, kept outside the store.
    note: String,
    /// The text body of the purged item, as it was before.
    purged: (Vec<u8>, Vec<u8>, i64, Vec<u8>),
}

/// A store with a bit of everything.
fn sample() -> Sample {
    let mut w = World::new();
    let published = w.published("公告");
    let draft = w.draft("editor", "草稿", "prov-news");
    for k in 1..4 {
        let mut c = w.sit("editor").content(&draft, None).unwrap();
        c.text
            .push_str(&format!("\n第{k}次修改，补充办理时限和办理材料。"));
        w.p.desk.revise(&draft, c, k).unwrap();
    }
    w.sit("editor-b")
        .comment(&draft, &Note::of("数字请再核。"))
        .unwrap();
    let version = w.sit("editor").version_for(&published, "weibo").unwrap().id;
    w.sit("editor").submit(&version, Seen::default()).unwrap();
    w.pass(&version, 4);
    w.sit("signer").publish(&version, Seen(None)).unwrap();
    w.sit("editor")
        .posted(&version, &Note::of("已发。"))
        .unwrap();
    w.sit("signer")
        .set_validity(&published, Validity::Amended, None, &Note::of("已修改。"))
        .unwrap();
    let reading = w.published("解读");
    let desk = w.sit("editor");
    desk.relate(&published, &reading, Relation::Interpretation)
        .unwrap();
    desk.unrelate(&published, &reading, Relation::Interpretation)
        .unwrap();
    let desk = w.sit("office");
    desk.site_add(SiteAdd {
        site: "english".to_owned(),
        name: "Tax Service of the Sample Province".to_owned(),
        level: SiteLevel::Province,
        bureau: "province".to_owned(),
        parent: Some("prov".to_owned()),
        domain: "en.tax.example.cn".to_owned(),
        code: "3300000001".to_owned(),
        language: Some("en".to_owned()),
    })
    .unwrap();
    desk.site_condition(
        "english",
        LanguageCondition::Team,
        None,
        true,
        &Note::of("依据在案。"),
    )
    .unwrap();
    let east = common::column_elsewhere(&mut w);
    w.sit("editor").share(&published, &[east]).unwrap();
    w.sit("editor-b")
        .correct(&published, &Note::of("更正。"))
        .unwrap();
    w.sit("office").checkpoint().unwrap();
    let bundle = w.sit("signer").bundle_new(&Note::of("专题")).unwrap();
    let member = w.submitted("入包稿");
    w.sit("signer").bundle_add(&bundle, &member).unwrap();
    let at = w.clock.get() + DAY;
    w.scheduled("排期稿", at);
    w.sit("office")
        .route_set("prov", Some(qianfa::rules::route::Route::standard()))
        .unwrap();
    let leaked = w.draft("editor", "泄密稿", "prov-news");
    let list = w
        .sit("signer")
        .propose_list(ListKind::Terms, "word,class,severity\n某词,term,serious\n")
        .unwrap()
        .seq;
    w.sit("second").confirm(list).unwrap();
    w.sit("second")
        .waive(&member, &common::finding("专题"), &Note::of("引文。"))
        .unwrap();
    let body = {
        let row = qianfa::store::facts::item(w.p.desk.store().conn(), &leaked)
            .unwrap()
            .unwrap();
        let id = w.sit("editor").revisions(&leaked).unwrap()[0].text;
        assert_eq!(row.facts.last_revision, 1);
        w.p.desk
            .store()
            .conn()
            .query_row(
                "SELECT id, salt, len, data FROM bodies WHERE id = ?1",
                [id.as_bytes().as_slice()],
                |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)),
            )
            .unwrap()
    };
    let seq = w
        .sit("office")
        .propose_purge(&leaked, Vec::new(), true, &Note::of("泄密。"))
        .unwrap()
        .seq;
    w.sit("security").confirm(seq).unwrap();
    let note = w.sit("auditor").checkpoint().unwrap();
    w.verify().expect("sound before any damage");
    Sample {
        image: w.image(),
        last: w.head(),
        note,
        purged: body,
    }
}

/// What verify says after `damage` was done to the file behind the program's back.
fn after(sample: &Sample, against: &Against, damage: impl FnOnce(&Connection)) -> Option<Finding> {
    let w = World::from(&sample.image);
    let raw = Connection::open(w.path()).unwrap();
    raw.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;")
        .unwrap();
    damage(&raw);
    drop(raw);
    // Opened anew, as the next morning's program would, for reading only.
    let store = Store::open(
        &w.path(),
        OpenMode {
            read_only: true,
            ..MODE
        },
    )
    .unwrap();
    store.verify(against, |_| true).unwrap().err()
}

fn journal_only() -> Against {
    Against {
        skip_tables: true,
        ..Against::default()
    }
}

fn flip(raw: &Connection, table: &str, column: &str, key: &str, value: i64) {
    let mut bytes: Vec<u8> = raw
        .query_row(
            &format!("SELECT {column} FROM {table} WHERE {key} = ?1"),
            [value],
            |r| r.get(0),
        )
        .unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    raw.execute(
        &format!("UPDATE {table} SET {column} = ?2 WHERE {key} = ?1"),
        (value, bytes),
    )
    .unwrap();
}

fn fault_at(finding: Option<Finding>) -> Option<(u64, FaultKind)> {
    match finding {
        Some(Finding::Journal(fault)) => Some((fault.seq, fault.what)),
        _ => None,
    }
}

#[test]
fn a_flipped_byte_anywhere_in_the_journal_is_named() {
    let sample = sample();
    for seq in 1..=sample.last {
        let k = seq as i64;
        // Entry and signature of every row; the other columns in turn.
        let found = after(&sample, &journal_only(), |raw| {
            flip(raw, "journal", "entry", "seq", k)
        });
        assert!(
            matches!(fault_at(found), Some((at, _)) if at == seq),
            "entry {seq}"
        );
        let found = after(&sample, &journal_only(), |raw| {
            flip(raw, "journal", "sig", "seq", k)
        });
        assert_eq!(
            fault_at(found),
            Some((seq, FaultKind::Signature)),
            "signature {seq}"
        );
        match seq % 5 {
            0 => {
                let found = after(&sample, &journal_only(), |raw| {
                    flip(raw, "journal", "chain", "seq", k)
                });
                assert_eq!(
                    fault_at(found),
                    Some((seq, FaultKind::Chain)),
                    "chain {seq}"
                );
            }
            1 => {
                let found = after(&sample, &journal_only(), |raw| {
                    flip(raw, "journal", "entry_id", "seq", k)
                });
                assert!(
                    matches!(found, Some(Finding::EntryId(at)) if at == seq),
                    "id {seq}: {found:?}"
                );
            }
            2 => {
                let found = after(&sample, &journal_only(), |raw| {
                    raw.execute(
                        "UPDATE journal SET recorded_at = recorded_at + 1 WHERE seq = ?1",
                        [k],
                    )
                    .unwrap();
                });
                assert!(
                    matches!(fault_at(found), Some((at, _)) if at == seq),
                    "time {seq}"
                );
            }
            3 => {
                let found = after(&sample, &journal_only(), |raw| {
                    raw.execute(
                        "UPDATE journal SET verdict = 'right.missing' WHERE seq = ?1",
                        [k],
                    )
                    .unwrap();
                });
                assert!(
                    matches!(fault_at(found), Some((at, _)) if at == seq),
                    "verdict {seq}"
                );
            }
            _ => {
                let found = after(&sample, &Against::default(), |raw| {
                    flip(raw, "journal", "eff", "seq", k)
                });
                let named = match &found {
                    Some(Finding::Fold(Divergence::Effect { seq: at })) => *at == seq,
                    Some(Finding::Journal(fault)) => fault.seq == seq, // there is a checkpoint of it
                    Some(Finding::Head) => seq == sample.last,
                    _ => false,
                };
                assert!(named, "effect {seq}: {found:?}");
            }
        }
    }
}

#[test]
fn a_flipped_byte_in_any_body_is_named() {
    let sample = sample();
    let w = World::from(&sample.image);
    let bodies: Vec<(i64, Vec<u8>)> =
        w.p.desk
            .store()
            .conn()
            .prepare("SELECT n, id FROM bodies ORDER BY n")
            .unwrap()
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))
            .unwrap()
            .collect::<rusqlite::Result<_>>()
            .unwrap();
    assert!(bodies.len() > 40);
    for (n, id) in bodies {
        for column in ["data", "salt"] {
            let found = after(&sample, &journal_only(), |raw| {
                flip(raw, "bodies", column, "n", n)
            });
            let Some(Finding::BodyDamaged { seq, body }) = found else {
                panic!("{column} of body {n}: {found:?}")
            };
            assert!(
                body.as_bytes().as_slice() == id.as_slice() && seq > 0,
                "{column} of body {n}"
            );
        }
    }
    let found = after(&sample, &journal_only(), |raw| {
        raw.execute_batch("UPDATE bodies SET len = len + 1 WHERE n = 9")
            .unwrap()
    });
    assert!(
        matches!(found, Some(Finding::BodyDamaged { .. })),
        "{found:?}"
    );
    let found = after(&sample, &journal_only(), |raw| {
        raw.execute_batch("UPDATE bodies SET len = 1 << 60 WHERE n = 9")
            .unwrap()
    });
    assert!(
        matches!(found, Some(Finding::BodyDamaged { .. })),
        "{found:?}"
    );
    // Reading refuses too, rather than showing something else.
    let mut w = World::from(&sample.image);
    let id = w.draft("editor", "又一稿", "prov-news");
    w.p.desk
        .store()
        .conn()
        .execute(
            "UPDATE bodies SET data = zeroblob(20) WHERE n = (SELECT max(n) - 1 FROM bodies)",
            [],
        )
        .unwrap();
    let error = w.p.desk.content(&id, None).unwrap_err();
    assert_eq!((error.code(), error.exit()), ("store.body", 5));
}

#[test]
fn missing_stray_and_unpurged_bodies_are_named() {
    let sample = sample();
    let found = after(&sample, &journal_only(), |raw| {
        raw.execute_batch("DELETE FROM bodies WHERE n = (SELECT max(n) FROM bodies)")
            .unwrap();
    });
    assert!(
        matches!(found, Some(Finding::BodyMissing { .. })),
        "{found:?}"
    );
    let found = after(&sample, &journal_only(), |raw| {
        raw.execute("INSERT INTO bodies (id, salt, len, data) VALUES (zeroblob(32), zeroblob(32), 1, x'00')", []).unwrap();
    });
    assert!(
        matches!(found, Some(Finding::BodyStray { body }) if body == Hash::ZERO),
        "{found:?}"
    );
    // A purged text somebody kept.
    let (id, salt, len, data) = &sample.purged;
    let found = after(&sample, &journal_only(), |raw| {
        raw.execute(
            "INSERT INTO bodies (id, salt, len, data) VALUES (?1, ?2, ?3, ?4)",
            (id, salt, len, data),
        )
        .unwrap();
    });
    let Some(Finding::BodyNotPurged { body, .. }) = found else {
        panic!("{found:?}")
    };
    assert_eq!(body.as_bytes().as_slice(), id.as_slice());
}

#[test]
fn removed_swapped_inserted_and_cut_off_entries_are_named() {
    let sample = sample();
    let cut = |n: u64| {
        move |raw: &Connection| {
            raw.execute_batch(&format!("DELETE FROM journal WHERE seq > {n}"))
                .unwrap()
        }
    };
    for seq in [1, 2, 40, sample.last / 2, sample.last - 1] {
        let k = seq as i64;
        let found = after(&sample, &journal_only(), |raw| {
            raw.execute("DELETE FROM journal WHERE seq = ?1", [k])
                .unwrap();
        });
        assert!(
            matches!(fault_at(found), Some((at, _)) if at == seq),
            "removed {seq}"
        );
        let found = after(&sample, &journal_only(), |raw| {
            raw.execute_batch(&format!(
            "UPDATE journal SET seq = -1 WHERE seq = {k}; UPDATE journal SET seq = {k} WHERE seq = {k} + 1; UPDATE journal SET seq = {k} + 1 WHERE seq = -1;"
        )).unwrap()
        });
        assert!(
            matches!(fault_at(found), Some((at, _)) if at == seq),
            "swapped {seq}"
        );
        let found = after(&sample, &journal_only(), |raw| {
            raw.execute_batch(&format!(
            "UPDATE journal SET seq = -seq - 1 WHERE seq > {k}; UPDATE journal SET seq = -seq WHERE seq < 0;
             INSERT INTO journal SELECT {k} + 1, recorded_at, zeroblob(32), entry, sig, chain, eff, verdict FROM journal WHERE seq = {k};"
        )).unwrap()
        });
        assert!(
            matches!(fault_at(found), Some((at, _)) if at == seq + 1),
            "inserted after {seq}"
        );
    }
    // Cut off behind the last checkpoint in the store there is still the head; where the head was
    // set back as well, the checkpoint outside knows better.
    let found = after(&sample, &journal_only(), |raw| {
        raw.execute("DELETE FROM checkpoints", []).unwrap();
        cut(sample.last - 3)(raw);
    });
    assert!(matches!(found, Some(Finding::Head)), "{found:?}");
    let outside = Against {
        notes: vec![sample.note.clone()],
        skip_tables: true,
    };
    let found = after(&sample, &outside, |raw| {
        raw.execute("DELETE FROM checkpoints", []).unwrap();
        cut(sample.last - 3)(raw);
    });
    assert!(matches!(fault_at(found), Some((_, FaultKind::Truncated))));
}

/// Somebody who knows the format but has no key: changes an instant and makes the chain anew.
#[test]
fn a_chain_made_anew_is_contradicted_by_every_later_author() {
    let sample = sample();
    let target = sample.last - 10;
    let found = after(&sample, &journal_only(), |raw| {
        let rows: Vec<(i64, i64, Vec<u8>, Vec<u8>, Vec<u8>)> = raw
            .prepare("SELECT seq, recorded_at, entry_id, sig, chain FROM journal ORDER BY seq")
            .unwrap()
            .query_map([], |r| {
                Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?))
            })
            .unwrap()
            .collect::<rusqlite::Result<_>>()
            .unwrap();
        raw.execute("DELETE FROM checkpoints", []).unwrap();
        let mut chain = Hash::ZERO;
        for (seq, at, id, sig, old) in rows {
            if (seq as u64) < target {
                chain = Hash::from_slice(&old).unwrap();
                continue;
            }
            // As late as its successor, so that time itself still runs forward.
            let at = if seq as u64 == target { at.max(1) } else { at };
            let at = if seq as u64 == target { at + 1 } else { at + 2 };
            let leaf = leaf_data(
                Suite::Ed25519Sha256,
                seq as u64,
                at,
                Hash::from_slice(&id).unwrap(),
                &sig,
            );
            chain = chain_next(Suite::Ed25519Sha256, chain, &leaf);
            raw.execute(
                "UPDATE journal SET recorded_at = ?2, chain = ?3 WHERE seq = ?1",
                (seq, at, chain.as_bytes().as_slice()),
            )
            .unwrap();
        }
    });
    assert_eq!(fault_at(found), Some((target + 1, FaultKind::SeenChain)));
}

#[test]
fn an_older_copy_put_back_is_noticed() {
    let mut w = World::new();
    w.draft("editor", "甲", "prov-news"); // the first act here writes the mark beside the file
    let dir = tempfile::tempdir().unwrap();
    let old = dir.path().join("old.qf");
    w.flush();
    std::fs::copy(w.path(), &old).unwrap();
    let was = w.head();
    w.draft("editor", "乙", "prov-news");
    w.draft("editor", "丙", "prov-news");
    w.flush();
    w.verify().unwrap();
    // Only the database goes back, as somebody would who does not know of the mark.
    let copy = dir.path().join("copy.qf");
    copy_store(&w.path(), &copy);
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", copy.display()));
    }
    std::fs::copy(&old, &copy).unwrap();
    let store = Store::open(&copy, MODE).unwrap();
    assert_eq!(store.head().unwrap().seq, was);
    let found = store.verify(&Against::default(), |_| true).unwrap().err();
    let Some((seq, what)) = fault_at(found) else {
        panic!()
    };
    assert_eq!(
        (seq, what),
        (was + 1, FaultKind::Truncated),
        "the first entry that is missing"
    );
}

#[test]
fn every_folded_table_is_held_against_the_journal() {
    let sample = sample();
    let w = World::from(&sample.image);
    for table in FOLDED {
        let rows: i64 =
            w.p.desk
                .store()
                .conn()
                .query_row(&format!("SELECT count(*) FROM {table}"), [], |r| r.get(0))
                .unwrap();
        assert!(rows > 0, "the sample should have something in {table}");
        let key: String =
            w.p.desk
                .store()
                .conn()
                .query_row(
                    "SELECT name FROM pragma_table_info(?1) WHERE pk = 1",
                    [table],
                    |r| r.get(0),
                )
                .unwrap();
        let found = after(&sample, &Against::default(), |raw| {
            raw.execute(
                &format!("DELETE FROM {table} WHERE {key} = (SELECT max({key}) FROM {table})"),
                [],
            )
            .unwrap();
        });
        match &found {
            Some(Finding::Fold(Divergence::Table { table: named, row })) => {
                assert!(named == table && !row.is_empty(), "{table}: {found:?}")
            }
            Some(Finding::Head) => assert_eq!(*table, "head"),
            other => panic!("{table}: {other:?}"),
        }
    }
    // What a forger would really do.
    let forgeries = [
        (
            "items",
            "UPDATE items SET state = 'signed-off', cleared = 1 WHERE state = 'draft'",
        ),
        (
            "items",
            "UPDATE items SET submitter = creator WHERE submitter IS NOT NULL; UPDATE items SET due = due - 1 WHERE due IS NOT NULL",
        ),
        (
            "grants",
            "UPDATE grants SET role = 'signer' WHERE role = 'editor'",
        ),
        ("grants", "UPDATE grants SET until_ = until_ - 1"),
        (
            "persons",
            "UPDATE persons SET affiliation = 'office' WHERE affiliation = 'outsourced'",
        ),
        ("contributors", "DELETE FROM contributors"),
        (
            "approvals",
            "UPDATE approvals SET person = (SELECT id FROM persons WHERE login = 'leader')",
        ),
        ("clearances", "UPDATE clearances SET at = at - 1"),
        (
            "publications",
            "UPDATE publications SET at = at - 86400000000",
        ),
        ("tallies", "UPDATE tallies SET n = n + 1"),
        ("keys", "UPDATE keys SET person = 'p1'"),
    ];
    for (table, sql) in forgeries {
        let found = after(&sample, &Against::default(), |raw| {
            raw.execute_batch(sql).unwrap()
        });
        assert!(
            matches!(&found, Some(Finding::Fold(Divergence::Table { table: named, .. })) if named == &table),
            "{sql}: {found:?}"
        );
    }
    let found = after(&sample, &Against::default(), |raw| {
        raw.execute_batch("UPDATE titles SET title = '别的题' WHERE title = '草稿'")
            .unwrap()
    });
    assert!(
        matches!(&found, Some(Finding::Title { item }) if item.starts_with("2026-")),
        "{found:?}"
    );
}

#[test]
fn a_replaced_key_is_named_and_opens_nothing() {
    let sample = sample();
    let forged = SoftKey::generate(Suite::Ed25519Sha256).unwrap();
    let mut w = World::from(&sample.image);
    let signer = w.id("signer");
    // In the table of keys: its owner can act with it as far as the tables go, and verify names both.
    let found = after(&sample, &Against::default(), |raw| {
        raw.execute(
            "UPDATE keys SET id = ?2, spki = ?3 WHERE person = ?1",
            (
                &signer,
                forged.public().id().as_bytes().as_slice(),
                forged.public().to_base64(),
            ),
        )
        .unwrap();
    });
    assert!(
        matches!(
            &found,
            Some(Finding::Fold(Divergence::Table { table: "keys", .. }))
        ),
        "{found:?}"
    );
    // An entry signed with it does not get in.
    w.p.desk.switch(&signer, Box::new(Arc::new(forged)));
    assert_eq!(rule(w.p.desk.bundle_new(&Note::of("伪造"))), "entry.key");
    // In the entry that enrolled it: the proposal was signed by the office over other bytes.
    let seq: i64 =
        w.p.desk
            .store()
            .conn()
            .query_row("SELECT min(seq) FROM proposals", [], |r| r.get(0))
            .unwrap();
    let other = SoftKey::generate(Suite::Ed25519Sha256)
        .unwrap()
        .public()
        .to_base64();
    let found = after(&sample, &journal_only(), |raw| {
        let packed: Vec<u8> = raw
            .query_row("SELECT entry FROM journal WHERE seq = ?1", [seq], |r| {
                r.get(0)
            })
            .unwrap();
        let entry = Entry::parse(&qianfa::store::packing::unpack(&packed).unwrap()).unwrap();
        let mut args: serde_json::Value = serde_json::from_str(entry.args.get()).unwrap();
        args["act"]["key"] = serde_json::Value::String(other.clone());
        let entry = Entry {
            args: serde_json::value::to_raw_value(&args).unwrap(),
            ..entry
        };
        let bytes = entry.encode();
        let id = entry_id(Suite::Ed25519Sha256, &bytes);
        raw.execute(
            "UPDATE journal SET entry = ?2, entry_id = ?3 WHERE seq = ?1",
            (
                seq,
                qianfa::store::packing::pack(&bytes).unwrap(),
                id.as_bytes().as_slice(),
            ),
        )
        .unwrap();
    });
    assert_eq!(fault_at(found), Some((seq as u64, FaultKind::Signature)));
}

#[test]
fn forged_checkpoints_are_named() {
    let sample = sample();
    let found = after(&sample, &journal_only(), |raw| {
        raw.execute_batch("UPDATE checkpoints SET note = replace(note, 'qianfa/', 'qianfb/')")
            .unwrap()
    });
    assert!(
        matches!(
            found,
            Some(Finding::Checkpoint { .. } | Finding::Journal(_))
        ),
        "{found:?}"
    );
    // Signed by somebody nobody enrolled.
    let stranger = SoftKey::generate(Suite::Ed25519Sha256).unwrap();
    let mut note = qianfa::journal::Note::parse(&sample.note).unwrap();
    let forged = note.checkpoint.sign("auditor", &stranger).unwrap();
    let found = after(
        &sample,
        &Against {
            notes: vec![forged],
            skip_tables: true,
        },
        |_| (),
    );
    assert!(
        matches!(found, Some(Finding::Checkpoint { seq }) if seq == sample.last),
        "{found:?}"
    );
    note.checkpoint.chain = Hash::ZERO;
    let w = World::from(&sample.image);
    let other = note.checkpoint.sign("auditor", &w.key("auditor")).unwrap();
    let found = after(
        &sample,
        &Against {
            notes: vec![other],
            skip_tables: true,
        },
        |_| (),
    );
    assert!(matches!(fault_at(found), Some((at, FaultKind::Checkpoint(_))) if at == sample.last));
}

#[test]
fn a_rebuild_puts_forged_tables_right() {
    let sample = sample();
    let mut w = World::from(&sample.image);
    let before = w.dump();
    w.p.desk.store().conn().execute_batch("UPDATE items SET state = 'published'; DELETE FROM contributors; UPDATE titles SET title = 'x'; DELETE FROM tallies").unwrap();
    assert!(w.verify().is_err());
    assert!(w.p.desk.store_mut().rebuild(|_| true).unwrap().is_none());
    assert_eq!(w.dump(), before);
    w.verify().unwrap();
}

// -- full and read-only -----------------------------------------------------------------------------

/// Text that does not compress.
fn long_text(k: u64, len: usize) -> String {
    let mut x = k.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    (0..len)
        .map(|_| {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            char::from_u32(0x4e00 + (x % 20_000) as u32).unwrap()
        })
        .collect()
}

fn with_text(mut content: Content, text: &str) -> Content {
    text.clone_into(&mut content.text);
    content
}

/// Saves longer and longer texts until the disk is full; checks that it was clean.
fn fill_up(w: &mut World) {
    let item = w.draft("editor", "长稿", "prov-news");
    let first = w.sit("editor").content(&item, None).unwrap();
    let mut kept = 1;
    for k in 0..200 {
        let text = long_text(k, 40_000);
        let (head, dump) = (w.head(), w.dump());
        match w
            .p
            .desk
            .revise(&item, with_text(first.clone(), &text), kept)
        {
            Ok(saved) => kept = saved.revision,
            Err(error) => {
                assert!(
                    error.message().contains("磁盘") || error.message().contains("空间"),
                    "{}",
                    error.message()
                );
                assert_eq!((error.code(), error.exit()), ("store.sqlite", 1));
                assert!(
                    w.head() == head && w.dump() == dump,
                    "something is half done"
                );
                // The text is the person's unsaved one, or still in the caller's hands: the error says that it is not saved.
                if let Some((content, from, _)) = w.p.desk.autosaved(&item).unwrap() {
                    assert!(
                        from == kept && content.text == text,
                        "an autosave is the text or is not there"
                    );
                }
                let read = w.p.desk.content(&item, None).unwrap();
                assert!(
                    k == 0 || read.text == long_text(k - 1, 40_000),
                    "what was acknowledged is there"
                );
                assert!(w.p.desk.list(&Default::default(), None, 10).is_ok());
                w.verify().expect("sound on a full disk");
                return;
            }
        }
    }
    panic!("the disk never filled");
}

#[test]
fn a_full_disk_leaves_nothing_half_done() {
    let mut w = World::new();
    let pages: i64 =
        w.p.desk
            .store()
            .conn()
            .query_row("PRAGMA page_count", [], |r| r.get(0))
            .unwrap();
    let set = |w: &World, n: i64| {
        w.p.desk
            .store()
            .conn()
            .query_row(&format!("PRAGMA max_page_count = {n}"), [], |_| Ok(()))
            .unwrap()
    };
    set(&w, pages + 400);
    fill_up(&mut w);
    // Room again: work goes on, with nothing to repair.
    set(&w, pages + 40_000);
    let id = w.submitted("之后的稿");
    w.pass(&id, 4);
    w.verify().unwrap();
}

/// The room for one thing's text, not for another's entry: every act is all or nothing.
#[test]
fn a_disk_that_fills_in_the_middle_of_any_act() {
    let image = {
        let mut w = World::new();
        w.submitted("稿");
        w.image()
    };
    let mut outcomes = BTreeMap::new();
    for room in 0..14 {
        let mut w = World::from(&image);
        let pages: i64 =
            w.p.desk
                .store()
                .conn()
                .query_row("PRAGMA page_count", [], |r| r.get(0))
                .unwrap();
        w.p.desk
            .store()
            .conn()
            .query_row(
                &format!("PRAGMA max_page_count = {}", pages + room),
                [],
                |_| Ok(()),
            )
            .unwrap();
        let (head, dump) = (w.head(), w.dump());
        let c = with_text(common::content("新稿", "prov-news"), &long_text(7, 9_000));
        match w.sit("editor").create(c) {
            Ok(_) => *outcomes.entry("done").or_insert(0) += 1,
            Err(error) => {
                assert_eq!(error.code(), "store.sqlite", "{error}");
                assert!(
                    w.head() == head && w.dump() == dump,
                    "half done with room for {room} pages"
                );
                *outcomes.entry("full").or_insert(0) += 1;
            }
        }
        w.verify().unwrap();
    }
    assert!(outcomes.len() == 2, "{outcomes:?}");
}

struct Mounted(tempfile::TempDir);

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount")
            .arg(self.0.path())
            .status();
    }
}

#[test]
fn a_really_full_file_system() {
    let dir = tempfile::tempdir().unwrap();
    let mounted = std::process::Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=6m", "tmpfs"])
        .arg(dir.path())
        .output()
        .is_ok_and(|o| o.status.success());
    if !mounted {
        eprintln!(
            "SKIPPED: mounting a small tmpfs is not permitted here; the full disk is simulated by max_page_count alone"
        );
        return;
    }
    let small = Mounted(dir);
    let image = World::new().image();
    let path = small.0.path().join("province.qf");
    std::fs::write(&path, image.bytes.as_slice()).unwrap();
    let mut w = World::from(&image);
    let (id, key, clock) = (w.id("editor"), w.key("editor"), w.clock.clone());
    w.p.desk = Desk::new(
        Store::open(&path, MODE).unwrap(),
        &id,
        Box::new(key),
        Box::new(clock),
    );
    fill_up(&mut w);
    drop(w);
    let store = Store::open(
        &path,
        OpenMode {
            sync: Sync::Full,
            read_only: false,
        },
    );
    if let Ok(store) = store {
        store
            .verify(&Against::default(), |_| true)
            .unwrap()
            .expect("sound after reopening");
    }
}

#[test]
fn a_read_only_store_shows_everything_and_takes_nothing() {
    let mut w = World::new();
    let id = w.submitted("只读稿");
    let person = w.id("editor");
    let key = w.key("editor");
    let before = w.dump();
    let store = Store::open(
        &w.path(),
        OpenMode {
            read_only: true,
            ..MODE
        },
    )
    .unwrap();
    let mut desk = Desk::new(store, &person, Box::new(key), Box::new(w.clock.clone()));
    assert_eq!(desk.show(&id).unwrap().line.title, "只读稿");
    assert_eq!(desk.list(&Default::default(), None, 10).unwrap().len(), 1);
    assert!(desk.overview().is_ok() && desk.history(&id).is_ok() && desk.journal(None, 10).is_ok());
    let c = desk.content(&id, None).unwrap();
    let mut changed = c.clone();
    changed.text.push('。');
    let mut fresh = changed.clone();
    fresh.attachments.clear();
    let errors: Vec<DeskError> = vec![
        desk.revise(&id, changed.clone(), 1).unwrap_err(),
        desk.create(fresh).unwrap_err(),
        desk.recall(&id).unwrap_err(),
        desk.comment(&id, &Note::of("x")).unwrap_err(),
        desk.claim(&id).unwrap_err(),
        desk.autosave(&id, &changed, 1).unwrap_err(),
        desk.checkpoint().unwrap_err(),
    ];
    for error in errors {
        assert_eq!((error.code(), error.exit()), ("store.sqlite", 1), "{error}");
        assert!(error.message().contains("不可写"), "{}", error.message());
    }
    assert_eq!(w.dump(), before);
    w.verify().unwrap();
}

#[test]
fn what_is_no_store_is_told_apart() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.qf");
    assert!(matches!(
        Store::open(&path, MODE),
        Err(StoreError::NotFound(_))
    ));
    std::fs::write(
        &path,
        b"this is a letter, not a database, whatever its name says",
    )
    .unwrap();
    assert!(matches!(
        Store::open(&path, MODE),
        Err(StoreError::Foreign(_))
    ));
    std::fs::remove_file(&path).unwrap();
    Connection::open(&path)
        .unwrap()
        .execute_batch("CREATE TABLE t (x)")
        .unwrap();
    let before = std::fs::read(&path).unwrap();
    assert!(matches!(
        Store::open(&path, MODE),
        Err(StoreError::Foreign(_))
    ));
    assert!(
        std::fs::read(&path).unwrap() == before,
        "somebody else's database is not touched"
    );
    // A store of a newer program.
    let w = World::new();
    w.p.desk
        .store()
        .conn()
        .execute_batch("PRAGMA user_version = 99")
        .unwrap();
    assert!(matches!(
        Store::open(&w.path(), MODE),
        Err(StoreError::Upgrade(_))
    ));
}

// -- two at once ------------------------------------------------------------------------------------

#[test]
fn two_at_once_make_one_unbroken_chain() {
    let mut w = World::new();
    let shared = w.submitted("共同的稿");
    let head = w.head();
    let barrier = Arc::new(std::sync::Barrier::new(3));
    let workers: Vec<_> = ["editor", "editor-b", "proofreader"]
        .into_iter()
        .map(|login| {
            let (path, id, key, clock) = (w.path(), w.id(login), w.key(login), w.clock.clone());
            let (shared, barrier) = (shared.clone(), Arc::clone(&barrier));
            std::thread::spawn(move || {
                let mut desk = Desk::new(
                    Store::open(&path, MODE).unwrap(),
                    &id,
                    Box::new(key),
                    Box::new(clock),
                );
                barrier.wait();
                let (mut done, mut lost) = (0u64, 0u32);
                for k in 0..15 {
                    done += u64::from(
                        desk.create(common::content(&format!("{login}{k}"), "prov-news"))
                            .is_ok(),
                    );
                    desk.comment(&shared, &Note::of("并行的意见。")).unwrap();
                    done += 1;
                    // All of them save on the same item: one wins each time, the others are told.
                    let from = desk.show(&shared).unwrap().line.revision;
                    let mut c = desk.content(&shared, None).unwrap();
                    c.text.push_str(&format!("\n{login}第{k}次。"));
                    match desk.revise(&shared, c, from) {
                        Ok(saved) => done += u64::from(saved.seq.is_some()),
                        Err(DeskError::Stale(_) | DeskError::Conflict { .. }) => lost += 1,
                        Err(error) => panic!("{error}"),
                    }
                }
                (done, lost)
            })
        })
        .collect();
    let results: Vec<(u64, u32)> = workers.into_iter().map(|t| t.join().unwrap()).collect();
    let done: u64 = results.iter().map(|r| r.0).sum();
    assert!(done >= 90, "{results:?}");
    assert_eq!(
        w.head(),
        head + done,
        "every acknowledged act is one entry, and there is no other"
    );
    assert_eq!(w.verify().unwrap().void, 0);
}

#[test]
fn a_decision_on_a_moved_item_is_stale() {
    let mut w = World::new();
    let id = w.submitted("稿");
    let row = qianfa::store::facts::item(w.p.desk.store().conn(), &id)
        .unwrap()
        .unwrap();
    let act = Act::ItemApprove(qianfa::rules::act::Decide {
        step: 0,
        fingerprint: row.facts.fingerprint,
    });
    w.sit("editor").recall(&id).unwrap();
    w.sit("editor").submit(&id, Seen::default()).unwrap();
    let head = w.head();
    // The same bytes, the same step: and yet it moved since he looked, so he is asked again.
    let error = w
        .raw("first", Some((&id, Some(row.base))), &act, &[])
        .unwrap_err();
    assert!(
        matches!(error, DeskError::Stale(base) if base == head),
        "{error}"
    );
    assert_eq!((error.code(), error.exit()), ("item.stale", 4));
    assert_eq!(w.head(), head);
    // A comment moves nothing: it makes no decision stale.
    let base = qianfa::store::facts::item(w.p.desk.store().conn(), &id)
        .unwrap()
        .unwrap()
        .base;
    w.sit("editor-b").comment(&id, &Note::of("x")).unwrap();
    w.raw("first", Some((&id, Some(base))), &act, &[]).unwrap();
}

/// A signed comment by `login`, to be appended as bytes.
fn signed(
    w: &World,
    login: &str,
    item: &str,
    body: &NewBody,
    change: impl FnOnce(&mut Entry),
) -> (Vec<u8>, Vec<u8>) {
    let store = w.p.desk.store();
    let (head, key) = (store.head().unwrap(), w.key(login));
    let device: Option<(i64, Vec<u8>)> = store
        .conn()
        .query_row(
            "SELECT dseq, dprev FROM devices WHERE key = ?1",
            [key.public().id().as_bytes().as_slice()],
            |r| Ok((r.get(0)?, r.get(1)?)),
        )
        .ok();
    let mut entry = Entry {
        v: 1,
        suite: store.suite(),
        journal: store.journal(),
        rules: qianfa::rules::RULES_VERSION,
        actor: w.id(login),
        key: key.public().id(),
        dseq: device.as_ref().map_or(1, |d| d.0 as u64 + 1),
        dprev: device.map_or(Hash::ZERO, |d| Hash::from_slice(&d.1).unwrap()),
        seen: Witness {
            seq: head.seq,
            chain: head.chain,
        },
        at: w.clock.get(),
        kind: "item.comment".to_owned(),
        item: None,
        base: None,
        bodies: vec![qianfa::journal::BodyRef {
            id: body.id,
            len: body.len,
            role: BodyRole::Note.code().to_owned(),
        }],
        args: Act::ItemComment(Comment {
            item: item.to_owned(),
            anchor: None,
            answers: None,
        })
        .args()
        .unwrap(),
    };
    change(&mut entry);
    let bytes = entry.encode();
    let sig = key.sign(&signing_message(entry_id(store.suite(), &bytes)));
    (bytes, sig.clone())
}

fn append(w: &mut World, bytes: &[u8], sig: &[u8], body: &NewBody) -> Result<Receipt, AppendError> {
    let now = w.clock.get();
    w.p.desk
        .store_mut()
        .write(|tx| tx.append(now, bytes, sig, &[body]))
}

#[test]
fn the_same_entry_twice_is_a_dup_and_a_bad_one_leaves_nothing() {
    let mut w = World::new();
    let id = w.draft("editor", "稿", "prov-news");
    let body = NewBody::fresh(Suite::Ed25519Sha256, "说一句".as_bytes().to_vec(), None).unwrap();
    let (bytes, sig) = signed(&w, "editor", &id, &body, |_| ());
    let first = append(&mut w, &bytes, &sig, &body).unwrap();
    assert!(!first.dup);
    let head = w.head();
    let again = append(&mut w, &bytes, &sig, &body).unwrap();
    assert!(again.dup && again.seq == first.seq && again.recorded_at == first.recorded_at);
    assert_eq!(w.head(), head);

    let dump = w.dump();
    type Change = fn(&mut Entry);
    let bad: &[(&str, Change)] = &[
        ("entry.device", |e| e.dseq += 1),
        ("entry.device", |e| e.dprev = Hash::ZERO),
        ("entry.seen", |e| e.seen.chain = Hash::ZERO),
        ("entry.seen", |e| e.seen.seq += 5),
        ("entry.key", |e| e.actor = "p1".to_owned()),
        ("entry.key", |e| e.key = Hash::ZERO),
        ("entry.rules", |e| e.rules -= 1),
        ("entry.journal", |e| e.suite = Suite::Sm2Sm3),
        ("entry.form", |e| e.item = Some("i-none".to_owned())),
        ("entry.form", |e| e.bodies[0].role = "poem".to_owned()),
        ("entry.form", |e| {
            e.args = serde_json::value::to_raw_value(&serde_json::json!({"item": "x", "more": 1}))
                .unwrap()
        }),
    ];
    for (code, change) in bad {
        let body =
            NewBody::fresh(Suite::Ed25519Sha256, "又一句".as_bytes().to_vec(), None).unwrap();
        let (bytes, sig) = signed(&w, "editor", &id, &body, change);
        match append(&mut w, &bytes, &sig, &body) {
            Err(AppendError::Unacceptable(why)) => assert_eq!(why, *code),
            other => panic!("{code}: {other:?}"),
        }
        assert!(
            w.head() == head && w.dump() == dump,
            "{code} left something"
        );
    }
    let (bytes, mut sig) = signed(&w, "editor", &id, &body, |e| e.at += 1);
    sig[3] ^= 1;
    assert!(matches!(
        append(&mut w, &bytes, &sig, &body),
        Err(AppendError::Unacceptable("entry.signature"))
    ));
    // Newer rules, a newer kind, a newer envelope: stop and say "upgrade", never guess.
    let newer: &[Change] = &[
        |e| e.rules += 1,
        |e| e.kind = "item.sing".to_owned(),
        |e| e.v = 2,
    ];
    for change in newer {
        let (bytes, sig) = signed(&w, "editor", &id, &body, change);
        assert!(matches!(
            append(&mut w, &bytes, &sig, &body),
            Err(AppendError::Store(StoreError::Upgrade(_)))
        ));
    }
    // A commitment to other words than were handed in.
    let other = NewBody {
        content: Some(([0; 32], b"other words".to_vec())),
        ..NewBody::known(Hash::ZERO, 11)
    };
    let (bytes, sig) = signed(&w, "editor", &id, &other, |_| ());
    assert!(matches!(
        append(&mut w, &bytes, &sig, &other),
        Err(AppendError::Store(StoreError::Body(_)))
    ));
    assert!(w.head() == head && w.dump() == dump);
    w.verify().unwrap();
}

// -- the clock --------------------------------------------------------------------------------------

#[test]
fn a_clock_that_goes_back() {
    let mut w = World::new();
    let id = w.submitted("稿");
    w.clock.pass(10 * DAY);
    w.pass(&id, 1);
    w.clock.set(BEGIN - 400 * DAY);
    w.pass_step(&id, 1);
    w.sit("secrecy")
        .clear(&id, Seen::default(), &open_review())
        .unwrap();
    let falling: i64 = w.p.desk.store().conn()
        .query_row("SELECT count(*) FROM journal a JOIN journal b ON b.seq = a.seq + 1 WHERE b.recorded_at < a.recorded_at", [], |r| r.get(0)).unwrap();
    assert_eq!(falling, 0);
    // What has ended stays ended: rights are judged at the recorded instant.
    assert_eq!(
        rule(w.sit("ended").bundle_new(&Note::of("x"))),
        "actor.contract"
    );
    // Nothing is due earlier, nothing is scheduled into the past of the journal.
    w.pass_step(&id, 3);
    let now = w.clock.get();
    assert_eq!(
        rule(
            w.sit("signer")
                .schedule(&id, Some(now + DAY), None, "Asia/Shanghai")
        ),
        "schedule.past"
    );
    w.verify().unwrap();
    assert!(w.p.desk.store_mut().rebuild(|_| true).unwrap().is_none());
}
