//! Original files kept as evidence: committed to, checked, never published, destroyed by a purge.
#![allow(clippy::unwrap_used)]

mod common;

use common::{World, content, rule};
use qianfa::desk::{Note, Original};
use qianfa::intake::Strip;
use qianfa::rules::act::{Act, BodyRole, Plain};

fn file(name: &str, bytes: &[u8]) -> Original {
    Original {
        name: name.to_owned(),
        notes: vec!["页眉：内部资料".to_owned()],
        bytes: bytes.to_vec(),
        like: None,
    }
}

#[test]
fn an_original_is_kept_as_it_came() {
    let mut w = World::new();
    let bytes = [&b"PK\x03\x04\n\n"[..], &[0, 255, 10]].concat();
    let made = w
        .sit("editor")
        .create_from(content("来稿", "prov-news"), &[file("甲\n.docx", &bytes)])
        .unwrap();
    let kept = w.p.desk.originals(&made.id).unwrap();
    assert_eq!(kept.len(), 1);
    let about = kept[0].about.clone().unwrap();
    assert_eq!((about.name.as_str(), about.len), ("甲 .docx", 9));
    assert_eq!(
        about.sha256,
        hex::encode(<sha2::Sha256 as sha2::Digest>::digest(&bytes))
    );
    assert_eq!(about.notes, ["页眉：内部资料"]);
    assert_eq!(w.p.desk.original(&made.id, 0).unwrap().1, bytes);
    assert!(w.p.desk.original(&made.id, 1).is_err());
    // It is no attachment: neither the editor's content nor the fingerprint knows it.
    let seen = w.p.desk.content(&made.id, None).unwrap();
    assert!(seen.attachments.iter().all(|a| !a.name.contains('甲')));
    let taken = w.p.desk.take_original(&made.id, 0).unwrap();
    assert_eq!(taken.1, bytes);
    let last = w.p.desk.history(&made.id).unwrap().pop().unwrap();
    assert_eq!(last.kind, "item.viewed");
    // Who may not see the item may not see its original.
    assert_eq!(rule(w.sit("norole").originals(&made.id)), "item.unknown");
    w.verify().unwrap();
}

#[test]
fn the_same_file_of_many_items_is_stored_once() {
    let mut w = World::new();
    let bytes: Vec<u8> = (0..200_000u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    let first = w
        .sit("editor")
        .create_from(content("第一条", "prov-news"), &[file("批.json", &bytes)])
        .unwrap();
    let size = |w: &World| -> i64 {
        let conn = w.p.desk.store().conn();
        conn.query_row("SELECT sum(length(data)) FROM bodies", [], |r| r.get(0))
            .unwrap()
    };
    let before = size(&w);
    let mut again = file("批.json", &bytes);
    again.like = first.originals.first().copied();
    let second =
        w.p.desk
            .create_from(content("第二条", "prov-news"), &[again])
            .unwrap();
    assert!(size(&w) - before < 2_000);
    assert_eq!(w.p.desk.original(&second.id, 0).unwrap().1, bytes);
    // The one goes, the other stays readable.
    let seq = w
        .sit("office")
        .propose_purge(&first.id, Vec::new(), false, &Note::of("泄密。"))
        .unwrap()
        .seq;
    w.sit("security").confirm(seq).unwrap();
    assert!(w.sit("editor").original(&first.id, 0).is_err());
    assert_eq!(w.p.desk.original(&second.id, 0).unwrap().1, bytes);
    w.verify().unwrap();
}

#[test]
fn a_purge_destroys_the_original_and_leaves_no_trace() {
    let mut w = World::new();
    let secret = "绝不能留下的原件内容".as_bytes();
    let made = w
        .sit("editor")
        .create_from(content("漏题", "prov-news"), &[file("机要.txt", secret)])
        .unwrap();
    // A later revision has no original of its own; the purge of the first one reaches it anyway.
    w.p.desk
        .revise(&made.id, content("改题", "prov-news"), 1)
        .unwrap();
    let seq = w
        .sit("office")
        .propose_purge(&made.id, vec![1], false, &Note::of("泄密。"))
        .unwrap()
        .seq;
    w.sit("security").confirm(seq).unwrap();
    let kept = w.sit("editor").originals(&made.id).unwrap();
    assert!(kept.len() == 1 && kept[0].about.is_none());
    w.verify().unwrap();
    let bytes = std::fs::read(w.path()).unwrap();
    for trace in [secret, "机要.txt".as_bytes(), "内部资料".as_bytes()] {
        assert!(!bytes.windows(trace.len()).any(|b| b == trace));
    }
    // The tables are the same when made again from the journal alone.
    let before = w.dump();
    let store = w.p.desk.store_mut();
    assert_eq!(store.rebuild(|_| true).unwrap(), None);
    assert_eq!(w.dump(), before);
}

#[test]
fn only_a_revision_brings_an_original() {
    let mut w = World::new();
    let id = w.draft("editor", "稿", "prov-news");
    let act = Act::ItemDiscard(Plain {});
    let bodies = [(BodyRole::Evidence, 1)];
    assert!(w.p.desk.may(Some(&id), &act, &[]).is_ok());
    assert_eq!(rule(w.p.desk.may(Some(&id), &act, &bodies)), "act.form");
}

#[test]
fn a_clean_copy_takes_the_place_and_the_file_stays_as_evidence() {
    let mut w = World::new();
    let id = w.draft("editor", "稿", "prov-news");
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/intake/office");
    let file = std::fs::read(dir.join("notice.docx")).unwrap();
    let desk = &mut w.p.desk;
    desk.attach(&id, "通知.docx", "", file.clone()).unwrap();
    let at = desk.content(&id, None).unwrap().attachments.len() - 1;
    let seen = desk.look_through(&id).unwrap();
    assert!(seen[at].1.as_ref().unwrap().carried().len() > 4);
    let plan = desk.plan_clean(&id, at, Strip::default()).unwrap();
    assert!(plan.goes().iter().any(|line| line.contains("起草人")));
    assert!(desk.originals(&id).unwrap().is_empty(), "a plan writes nothing");

    let strip = Strip {
        comments: true,
        ..Strip::default()
    };
    let cleaned = desk.clean_attachment(&id, at, strip).unwrap();
    assert!(cleaned.saved.seq.is_some());
    let (name, bytes) = desk.attachment(&id, None, at).unwrap();
    assert_eq!((name.as_str(), &bytes), ("通知.docx", &cleaned.cleaning.bytes));
    assert_eq!(qianfa::intake::inspect(&name, &bytes).comments().count(), 0);
    let (about, kept) = desk.original(&id, 0).unwrap();
    assert_eq!(kept, file);
    assert!(about.notes.iter().any(|note| note.contains("起草人")));
    // Again there is nothing to take out, and so no new version.
    assert!(desk.clean_attachment(&id, at, strip).unwrap().saved.seq.is_none());
    let cleaned = desk.attach_clean(&id, "二.docx", "", file.clone(), strip).unwrap();
    assert!(cleaned.saved.seq.is_some());
    assert_eq!(desk.originals(&id).unwrap().len(), 2);
    // What cannot be cleaned is refused, and nothing is attached.
    let count = desk.content(&id, None).unwrap().attachments.len();
    assert!(desk.attach_clean(&id, "a.rtf", "", b"{\\rtf1}".to_vec(), strip).is_err());
    assert_eq!(desk.content(&id, None).unwrap().attachments.len(), count);
    w.verify().unwrap();
}

#[test]
fn a_text_that_was_not_read_is_a_finding() {
    let mut w = World::new();
    let id = w.draft("editor", "稿", "prov-news");
    let desk = &mut w.p.desk;
    desk.attach(&id, "说明.rtf", "", b"{\\rtf1 x}".to_vec()).unwrap();
    let open = desk.findings(&id).unwrap();
    let unread = open
        .iter()
        .find(|f| f.finding.hit.why == "metadata-unread")
        .unwrap();
    assert_eq!(unread.finding.evidence, "rtf");
}
