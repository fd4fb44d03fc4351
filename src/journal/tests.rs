//! The verifier against whole journals: sound, damaged, rearranged and forged.

#![allow(clippy::unwrap_used)]

use serde_json::json;

use super::entry::{Seen, entry_id, signing_message};
use super::export::{ExportError, Line, verify_export};
use super::fault::{Fault, FaultKind};
use super::hash::{Hash, Suite};
use super::highwater::HighWater;
use super::sample::Sample;
use super::sign::Signer;

mod properties;
mod python;

fn full(suite: Suite) -> Sample {
    Sample::full(suite)
}

#[test]
fn a_sound_journal_verifies() {
    for suite in Suite::ALL {
        let sample = full(suite);
        let head = sample.verify(&sample.rows).unwrap();
        let checkpoint = sample.checkpoint();
        assert_eq!(head.seq, 12);
        assert_eq!(
            (head.chain, head.eff, head.root),
            (checkpoint.chain, checkpoint.eff, checkpoint.root)
        );
        let mut verifier = sample.verifier();
        verifier.expect_checkpoint(checkpoint.clone()).unwrap();
        for row in &sample.rows {
            verifier.push(&row.row()).unwrap();
        }
        verifier.expect_checkpoint(checkpoint).unwrap();
        assert_eq!(verifier.finish().unwrap(), head);
        let p5 = verifier.keys().find(|state| state.person == "p5").unwrap();
        assert_eq!((p5.enrolled, p5.revoked, p5.dseq), (3, Some(11), 3));
    }
}

/// What the verifier says about one more entry at the end of a sound journal.
fn after(sample: &Sample, good: usize) -> FaultKind {
    let mut verifier = sample.verifier();
    for row in &sample.rows[..good] {
        verifier.push(&row.row()).unwrap();
    }
    let before = verifier.head();
    let fault = verifier.push(&sample.rows[good].row()).unwrap_err();
    assert_eq!(fault.seq, good as u64 + 1);
    assert_eq!(
        verifier.head(),
        before,
        "a fault must leave the verifier where it stood"
    );
    fault.what
}

#[test]
fn every_cause_has_its_name() {
    use FaultKind as K;
    for suite in Suite::ALL {
        type Edit<'a> = &'a dyn Fn(&mut super::Entry);
        // Signed properly by p2 and chained properly, but wrong in itself.
        let edited = |edit: Edit<'_>| {
            let mut sample = full(suite);
            let mut entry = sample.draft("p2", "p2", "site.add", json!({}));
            edit(&mut entry);
            sample.append("p2", &entry, None);
            after(&sample, 12)
        };
        let other = Suite::ALL.into_iter().find(|s| *s != suite).unwrap();
        assert_eq!(edited(&|e| e.journal = super::JournalId::ZERO), K::Journal);
        assert_eq!(edited(&|e| e.suite = other), K::Suite);
        assert_eq!(edited(&|e| e.kind = "found".into()), K::Founding);
        assert_eq!(edited(&|e| e.key = Hash::ZERO), K::KeyUnknown);
        assert_eq!(edited(&|e| e.actor = "p1".into()), K::KeyOfAnother);
        assert_eq!(edited(&|e| e.dseq += 1), K::Dseq { expected: 5 });
        assert_eq!(edited(&|e| e.dseq -= 1), K::Dseq { expected: 5 });
        assert_eq!(edited(&|e| e.dprev = Hash::ZERO), K::Dprev);
        assert_eq!(edited(&|e| e.seen.seq = 13), K::SeenAhead);
        assert_eq!(edited(&|e| e.seen.seq = u64::MAX), K::SeenAhead);
        assert_eq!(edited(&|e| e.seen.chain = Hash::ZERO), K::SeenChain);
        assert_eq!(
            edited(&|e| e.seen = Seen { seq: 0, ..e.seen }),
            K::SeenChain
        );
        assert_eq!(edited(&|e| e.base = Some(13)), K::Base);
        assert_eq!(
            edited(&|e| e.v = 2),
            K::Entry(super::EntryError::Version(2))
        );
        let args = |edit: &'static str, kind: &'static str| {
            edited(&move |e| {
                e.kind = kind.into();
                e.args =
                    super::args(&serde_json::from_str::<serde_json::Value>(edit).unwrap()).unwrap();
            })
        };
        assert!(matches!(args("{}", "propose"), K::Args(_)));
        assert!(matches!(
            args(
                r#"{"act":{"do":"key.enrol","person":"p9","key":"AAAA"}}"#,
                "propose"
            ),
            K::Args(_)
        ));
        assert!(matches!(
            args(r#"{"act":["key.revoke",null,"00"]}"#, "propose"),
            K::Args(_)
        ));
        assert!(matches!(args(r#"{"proposal":-1}"#, "confirm"), K::Args(_)));

        let mut sample = full(suite);
        let entry = sample.draft("p2", "p2", "site.add", json!({}));
        sample.append("p1", &entry, None);
        assert_eq!(after(&sample, 12), K::Signature);

        let mut sample = full(suite);
        sample.act("p5", "item.new", json!({}));
        assert_eq!(after(&sample, 12), K::KeyRevoked);

        // A proposal and its confirmation by one person.
        let mut sample = full(suite);
        let p7 = sample.key_text("p7");
        sample.act(
            "p2",
            "propose",
            json!({"act": {"do": "key.enrol", "person": "p7", "key": p7}}),
        );
        sample.act("p2", "confirm", json!({"proposal": 13}));
        assert_eq!(after(&sample, 13), K::SelfConfirmed);

        // A confirmed key counts from the next entry only, and not before confirmation.
        let mut sample = Sample::new(suite);
        sample.found();
        let p5 = sample.key_text("p5");
        sample.act(
            "p1",
            "propose",
            json!({"act": {"do": "key.enrol", "person": "p5", "key": p5}}),
        );
        sample.act("p5", "item.new", json!({}));
        assert_eq!(after(&sample, 2), K::KeyUnknown);

        // A void proposal enrols nobody.
        let mut sample = Sample::new(suite);
        sample.found();
        let entry = sample.draft(
            "p1",
            "p1",
            "propose",
            json!({"act": {"do": "key.enrol", "person": "p5", "key": p5}}),
        );
        sample.append("p1", &entry, Some("people.right"));
        sample.act("p2", "confirm", json!({"proposal": 2}));
        sample.act("p5", "item.new", json!({}));
        assert_eq!(after(&sample, 3), K::KeyUnknown);

        // Founding in another's name.
        let mut sample = Sample::new(suite);
        let p2 = sample.key_text("p2");
        sample.act(
            "p1",
            "found",
            json!({"suite": suite.name(), "officers": [{"person": "p1", "key": p2}]}),
        );
        assert_eq!(after(&sample, 0), K::KeyUnknown);
        let mut sample = Sample::new(suite);
        sample.act("p1", "site.add", json!({}));
        assert_eq!(after(&sample, 0), K::Founding);

        let mut sample = full(suite);
        sample.rows[4].eff = Hash::ZERO;
        assert_eq!(after(&sample, 4), K::Effect);
        let mut sample = full(suite);
        sample.rows[4].verdict = Some("duty.other".into());
        assert_eq!(after(&sample, 4), K::Effect);
        let mut sample = full(suite);
        sample.rows[5].verdict = None;
        assert_eq!(after(&sample, 5), K::KeyUnknown);
        let mut sample = full(suite);
        sample.rows[6].recorded_at = 0;
        assert_eq!(after(&sample, 6), K::RecordedAt);
        let mut sample = full(suite);
        sample.rows[6].recorded_at += 1;
        assert_eq!(after(&sample, 6), K::Chain);
    }
}

#[test]
fn a_key_is_enrolled_once() {
    let mut sample = full(Suite::Ed25519Sha256);
    let p5 = sample.key_text("p5");
    sample.act(
        "p2",
        "propose",
        json!({"act": {"do": "key.enrol", "person": "p9", "key": p5}}),
    );
    sample.act("p1", "confirm", json!({"proposal": 13}));
    assert_eq!(after(&sample, 13), FaultKind::KeyTwice);
}

/// A store that shows one author another history than the rest.
#[test]
fn two_faces_are_noticed_by_seen() {
    let mut one = full(Suite::Ed25519Sha256);
    let mut two = full(Suite::Ed25519Sha256);
    one.act("p1", "site.add", json!({"name": "a"}));
    two.act("p1", "site.add", json!({"name": "b"}));
    // p2 signs on the second history, the store files it under the first.
    let entry = two.draft("p2", "p2", "site.add", json!({}));
    one.append("p2", &entry, None);
    assert_eq!(after(&one, 13), FaultKind::SeenChain);
}

#[test]
fn a_truncated_journal_is_noticed_by_what_is_kept_outside() {
    for suite in Suite::ALL {
        let sample = full(suite);
        let checkpoint = sample.checkpoint();
        let mark = HighWater {
            suite,
            journal: sample.journal,
            seq: 12,
            chain: checkpoint.chain,
            recorded_at: checkpoint.at,
        };
        for keep in 0..12 {
            assert!(
                sample.verify(&sample.rows[..keep]).is_ok(),
                "a chain alone cannot tell"
            );
            for late in [false, true] {
                for by_mark in [false, true] {
                    let mut verifier = sample.verifier();
                    let expect = |verifier: &mut super::Verifier| {
                        if by_mark {
                            verifier.expect_high_water(&mark).unwrap();
                        } else {
                            verifier.expect_checkpoint(checkpoint.clone()).unwrap();
                        }
                    };
                    if !late {
                        expect(&mut verifier);
                    }
                    for row in &sample.rows[..keep] {
                        verifier.push(&row.row()).unwrap();
                    }
                    if late {
                        expect(&mut verifier);
                    }
                    let fault = Fault {
                        seq: keep as u64 + 1,
                        what: FaultKind::Truncated,
                    };
                    assert_eq!(verifier.finish(), Err(fault));
                }
            }
        }
    }
}

#[test]
fn another_history_is_noticed_by_what_is_kept_outside() {
    type Edit = fn(&mut super::Checkpoint);
    let suite = Suite::Ed25519Sha256;
    let sample = full(suite);
    let edits: [(&str, Edit); 3] = [
        ("chain", |c| c.chain = Hash::ZERO),
        ("effect", |c| c.eff = Hash::ZERO),
        ("root", |c| c.root = Hash::ZERO),
    ];
    for (what, edit) in edits {
        let mut checkpoint = sample.checkpoint();
        edit(&mut checkpoint);
        let mut verifier = sample.verifier();
        verifier.expect_checkpoint(checkpoint.clone()).unwrap();
        let fault = sample
            .rows
            .iter()
            .find_map(|row| verifier.push(&row.row()).err());
        let expected = Fault {
            seq: 12,
            what: FaultKind::Checkpoint(what),
        };
        assert_eq!(fault, Some(expected.clone()));
        let mut verifier = sample.verifier();
        for row in &sample.rows {
            verifier.push(&row.row()).unwrap();
        }
        assert_eq!(verifier.expect_checkpoint(checkpoint), Err(expected));
    }
    let mut mark = HighWater {
        suite,
        journal: sample.journal,
        seq: 7,
        chain: Hash::ZERO,
        recorded_at: 0,
    };
    let mut verifier = sample.verifier();
    verifier.expect_high_water(&mark).unwrap();
    let fault = sample
        .rows
        .iter()
        .find_map(|row| verifier.push(&row.row()).err());
    assert_eq!(
        fault,
        Some(Fault {
            seq: 7,
            what: FaultKind::HighWater
        })
    );
    mark.journal = super::JournalId::ZERO;
    assert!(verifier.expect_high_water(&mark).is_err());
}

#[test]
fn an_export_verifies_and_its_parts_are_bound() {
    for suite in Suite::ALL {
        let lines = full(suite).export();
        let ok = |lines: &[String]| verify_export(lines, |_| Ok(()));
        let summary = ok(&lines).unwrap();
        assert_eq!(
            (summary.head.seq, summary.bodies, summary.checkpoints),
            (12, 1, 1)
        );
        for line in &lines {
            assert_eq!(Line::parse(line).unwrap().encode(), *line);
        }
        assert_eq!(ok(&lines[1..]), Err(ExportError::Header(1)));
        assert_eq!(ok(&[]), Err(ExportError::Header(1)));
        let mut twice = lines.clone();
        twice.insert(3, lines[0].clone());
        assert_eq!(ok(&twice), Err(ExportError::Header(4)));
        let mut body = lines.clone();
        body[13] = body[13].replacen("5a", "5b", 1);
        assert!(matches!(ok(&body), Err(ExportError::Body { line: 14, .. })));
        let mut early = lines.clone();
        early.swap(1, 14);
        assert!(ok(&early).is_err());
        let mut late = lines.clone();
        late.push(late[12].replace("\"seq\":12", "\"seq\":13"));
        assert!(matches!(
            ok(&late),
            Err(ExportError::Journal(Fault { seq: 13, .. }))
        ));
        let mut cut = lines.clone();
        cut.remove(12);
        let truncated = Fault {
            seq: 12,
            what: FaultKind::Truncated,
        };
        assert_eq!(ok(&cut), Err(ExportError::Journal(truncated)));
        let mut sample = full(suite);
        let note = sample
            .checkpoint()
            .sign("demo.qianfa", sample.key("nobody"))
            .unwrap();
        let mut forged = lines.clone();
        forged[14] = Line::checkpoint(&note).encode();
        assert_eq!(ok(&forged), Err(ExportError::Unsigned(15)));
        let note = sample
            .checkpoint()
            .sign("demo.qianfa", sample.key("p2"))
            .unwrap();
        sample.act("p2", "site.add", json!({}));
        let mut late = sample.export();
        late.push(Line::checkpoint(&note).encode());
        assert_eq!(ok(&late), Err(ExportError::Late(17)));
    }
}

#[test]
fn the_signed_message_is_not_the_bytes_of_another_kind() {
    let mut sample = full(Suite::Ed25519Sha256);
    let first = sample.rows[0].clone();
    let id = entry_id(sample.suite, &first.entry);
    let message = signing_message(id);
    assert_eq!(&message[..8], b"entry/1\0");
    assert_eq!(&message[8..], id.as_bytes());
    assert!(sample.key("p1").public().verify(&message, &first.sig));
}
