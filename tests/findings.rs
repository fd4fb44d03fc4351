//! What screening finds stands between a text and the public: at the sign-off, and again at the
//! instant of going live.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use common::{DAY, World, content, rule};
use qianfa::desk::Note;
use qianfa::desk::review::{Seen, When};
use qianfa::rules::act::ListKind;
use qianfa::screening::{Class, Severity};

fn note() -> Note {
    Note::of("经核对，引文如此。")
}

fn seen() -> Seen {
    Seen(None)
}

/// An item with this text, passed up to the sign-off.
fn before_sign_off(w: &mut World, text: &str) -> String {
    let mut c = content("题", "prov-news");
    c.text = text.to_owned();
    let desk = w.sit("editor");
    let id = desk.create(c).unwrap().id;
    desk.submit(&id, Seen::default()).unwrap();
    w.pass(&id, 3);
    id
}

#[test]
fn a_serious_finding_blocks_until_changed() {
    let mut w = World::new();
    let id = before_sign_off(&mut w, "本件标注“机密★3年”，请办理。");
    let findings = w.sit("first").findings(&id).unwrap();
    let mark = &findings
        .iter()
        .find(|v| v.finding.hit.class == Class::Mark)
        .expect("the mark is found")
        .finding;
    assert_eq!(mark.hit.severity, Severity::Serious);
    assert_eq!(
        rule(
            w.sit("signer")
                .sign_off(&id, seen(), When::default(), &note())
        ),
        "screening.open"
    );
    // Changed, it goes through all of it again and out.
    w.sit("signer").send_back(&id, seen(), &note()).unwrap();
    let desk = w.sit("editor");
    let mut c = desk.content(&id, None).unwrap();
    c.text = "请办理。".to_owned();
    desk.revise(&id, c, 1).unwrap();
    desk.submit(&id, Seen::default()).unwrap();
    w.pass(&id, 4);
    w.sit("signer").publish(&id, seen()).unwrap();
    w.verify().unwrap();
}

#[test]
fn a_waiver_by_name_lets_it_stay_while_the_words_stay() {
    let mut w = World::new();
    let id = before_sign_off(&mut w, "旧文误作“中华人民大和国”，现予说明。");
    let view = w.sit("second").findings(&id).unwrap();
    let bad = view
        .iter()
        .find(|v| v.finding.hit.severity == Severity::Serious)
        .expect("the name of the state is found")
        .finding
        .clone();
    let seq = w.sit("second").waive(&id, &bad, &note()).unwrap().seq;
    let view = w.sit("first").findings(&id).unwrap();
    let waiver = view.iter().find_map(|v| v.waiver.as_ref()).unwrap();
    assert_eq!(
        (waiver.seq, waiver.person.as_str()),
        (seq, w.id("second").as_str())
    );
    // A waiver taken back blocks again.
    let back = w.sit("second").unwaive(&id, seq, &note());
    back.unwrap();
    assert_eq!(
        rule(
            w.sit("signer")
                .sign_off(&id, seen(), When::default(), &note())
        ),
        "screening.open"
    );
    w.sit("second").waive(&id, &bad, &note()).unwrap();
    w.sit("signer")
        .sign_off(&id, seen(), When::default(), &note())
        .unwrap();
    let entry = w.sit("auditor").history(&id).unwrap().pop().unwrap();
    assert_eq!(entry.kind, "item.sign-off");
    w.sit("signer").publish(&id, seen()).unwrap();
    w.verify().unwrap();
}

#[test]
fn lists_are_asked_again_when_it_goes_live() {
    let mut w = World::new();
    let at = w.clock.get() + DAY;
    let mut c = content("题", "prov-news");
    c.text = "某某计划自即日起施行。".to_owned();
    let desk = w.sit("editor");
    let id = desk.create(c).unwrap().id;
    desk.submit(&id, Seen::default()).unwrap();
    w.pass(&id, 4);
    w.sit("signer")
        .schedule(&id, Some(at), None, "Asia/Shanghai")
        .unwrap();
    // Between the decision and its date the board forbids a word of it.
    let csv = "词,类别,级别\n某某计划,term,serious\n";
    let seq = w
        .sit("second")
        .propose_list(ListKind::Terms, csv)
        .unwrap()
        .seq;
    w.sit("signer").confirm(seq).unwrap();
    w.clock.set(at + 1);
    assert_eq!(rule(w.sit("runner").publish_due(&id)), "screening.open");
    assert_eq!(w.state(&id), "scheduled", "it stays due");
    let view = w.sit("second").findings(&id).unwrap();
    let hit = view
        .iter()
        .find(|v| v.finding.evidence == "某某计划")
        .expect("the word of the list")
        .finding
        .clone();
    w.sit("second").waive(&id, &hit, &note()).unwrap();
    w.sit("runner").publish_due(&id).unwrap();
    assert_eq!(w.state(&id), "published");
    w.verify().unwrap();
}

#[test]
fn a_list_with_a_bad_line_is_refused_whole() {
    let mut w = World::new();
    let bad = "词,类别,级别\n某词,term,serious\n又词,nonsense,serious\n";
    let error = w
        .sit("second")
        .propose_list(ListKind::Terms, bad)
        .unwrap_err();
    assert!(error.message().contains('3'), "{}", error.message());
    assert!(w.sit("second").proposals().unwrap().is_empty());
}
