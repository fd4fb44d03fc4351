//! What is said about an item: comments on passages, waivers, the board's lists; and that a purge
//! reaches it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use common::{World, rule};
use qianfa::desk::{Content, Note};
use qianfa::rules::act::{Anchor, Dual, ListKind};
use qianfa::screening::{Class, Finding, Hit, Severity};

fn note(words: &str) -> Note {
    Note::of(words)
}

/// A draft with this text.
fn with_text(w: &mut World, text: &str) -> String {
    let id = w.draft("editor", "题", "prov-news");
    change(w, &id, |c| c.text = text.to_owned());
    id
}

fn change(w: &mut World, id: &str, change: impl FnOnce(&mut Content)) {
    let desk = w.sit("editor");
    let from = desk.show(id).unwrap().line.revision;
    let mut content = desk.content(id, None).unwrap();
    change(&mut content);
    desk.revise(id, content, from).unwrap();
}

fn finding(words: &str, severity: Severity) -> Finding {
    let mut finding = common::finding(words);
    finding.hit.severity = severity;
    finding
}

#[test]
fn a_comment_stays_with_its_words() {
    let mut w = World::new();
    let id = with_text(
        &mut w,
        "一、纳税人应当如期申报。\n二、本通知自印发之日起施行。",
    );
    let desk = w.sit("first");
    let anchor = desk.passage(&id, "印发之日").unwrap();
    let seq = desk
        .comment_on(&id, Some(anchor), None, &note("应为发布之日。"))
        .unwrap()
        .seq;
    let quoted = |w: &mut World| {
        let view = w.sit("editor").comments(&id).unwrap().remove(0);
        (view.quote.unwrap(), view.here)
    };
    let (quote, here) = quoted(&mut w);
    assert_eq!(quote, "印发之日");
    let before = here.unwrap();
    change(&mut w, &id, |c| c.text.insert_str(0, "各市税务局：\n"));
    let (quote, here) = quoted(&mut w);
    assert_eq!(
        (quote.as_str(), here.unwrap().start),
        ("印发之日", before.start + 7)
    );
    change(&mut w, &id, |c| c.text = c.text.replace("印发", "发布"));
    let (quote, here) = quoted(&mut w);
    assert_eq!(
        (quote.as_str(), here),
        ("印发之日", None),
        "the words are gone"
    );

    // An answer, settling, and an answer that opens it again.
    w.sit("editor")
        .comment_on(&id, None, Some(seq), &note("已改。"))
        .unwrap();
    w.sit("first").settle_comment(&id, seq).unwrap();
    let view = w.sit("editor").comments(&id).unwrap();
    assert_eq!(view[0].settled_by.as_deref(), Some(w.id("first").as_str()));
    assert_eq!(view[1].answers, Some(seq));
    assert_eq!(
        rule(w.sit("first").settle_comment(&id, seq)),
        "comment.settled"
    );
    w.sit("second")
        .comment_on(&id, None, Some(seq), &note("还有一处。"))
        .unwrap();
    assert_eq!(w.sit("editor").comments(&id).unwrap()[0].settled_by, None);
    // Threads are one deep, and stay on their item.
    let answer = view[1].seq;
    assert_eq!(
        rule(
            w.sit("editor")
                .comment_on(&id, None, Some(answer), &note("再答。"))
        ),
        "comment.unknown"
    );
    let other = w.draft("editor", "另一篇", "prov-news");
    assert_eq!(
        rule(
            w.sit("editor")
                .comment_on(&other, None, Some(seq), &note("串了。"))
        ),
        "comment.unknown"
    );
    w.verify().unwrap();
}

#[test]
fn a_passage_must_be_one_passage() {
    let mut w = World::new();
    let id = with_text(&mut w, "申报、申报。");
    let desk = w.sit("first");
    assert_eq!(rule(desk.passage(&id, "申报")), "comment.anchor");
    assert_eq!(rule(desk.passage(&id, "缴款")), "comment.anchor");
    assert_eq!(rule(desk.passage(&id, "")), "comment.anchor");
    let upside_down = Anchor {
        revision: 1,
        place: Anchor::TEXT.to_owned(),
        from: 4,
        to: 2,
    };
    assert_eq!(
        rule(desk.comment_on(&id, Some(upside_down), None, &note("?"))),
        "comment.anchor"
    );
    // Of a text one may not see, not even its places can be tried.
    assert_eq!(rule(w.sit("runner").passage(&id, "申报")), "item.unknown");
}

#[test]
fn waivers_are_for_those_who_did_not_write() {
    let mut w = World::new();
    let id = w.submitted("题");
    let serious = finding("中华人民大和国", Severity::Serious);
    assert_eq!(
        rule(w.sit("editor").waive(&id, &serious, &note("引文。"))),
        "duty.contributor"
    );
    assert_eq!(
        rule(w.sit("first").waive(&id, &serious, &note("引文。"))),
        "right.missing",
        "复审及以上"
    );
    assert_eq!(
        rule(w.sit("second").waive(&id, &serious, &Note::none())),
        "item.reason"
    );
    let seq = w
        .sit("second")
        .waive(&id, &serious, &note("原文如此，引文。"))
        .unwrap()
        .seq;
    w.sit("first")
        .waive(
            &id,
            &finding("某某词", Severity::General),
            &note("确认无误。"),
        )
        .unwrap();
    let secret = Finding {
        hit: Hit {
            class: Class::Mark,
            ..serious.hit.clone()
        },
        ..serious.clone()
    };
    assert_eq!(
        rule(w.sit("second").waive(&id, &secret, &note("已解密。"))),
        "right.missing",
        "marks are for the confidentiality reviewer"
    );
    w.sit("secrecy")
        .waive(&id, &secret, &note("已解密。"))
        .unwrap();

    let waivers = w.sit("first").waivers(&id).unwrap();
    assert_eq!(waivers.len(), 3);
    assert!(waivers[0].covers(&serious));
    assert!(!waivers[0].covers(&secret), "another class");
    assert!(
        !waivers[0].covers(&finding("中华人民共合国", Severity::Serious)),
        "other words"
    );
    assert!(
        !waivers[1].covers(&finding("某某词", Severity::Serious)),
        "what was general then is serious now"
    );
    assert_eq!(waivers[0].reason.as_deref(), Some("原文如此，引文。"));

    assert_eq!(
        rule(w.sit("first").unwaive(&id, seq, &note("再想。"))),
        "right.missing"
    );
    w.sit("signer")
        .unwaive(&id, seq, &note("不成立。"))
        .unwrap();
    assert!(!w.sit("first").waivers(&id).unwrap()[0].covers(&serious));
    assert_eq!(
        rule(w.sit("signer").unwaive(&id, seq, &note("再来。"))),
        "screening.waiver"
    );
    w.verify().unwrap();
}

#[test]
fn a_list_takes_two_people_and_replaces_the_one_before() {
    let mut w = World::new();
    assert_eq!(
        rule(
            w.sit("editor")
                .propose_list(ListKind::Terms, "word,class,severity\n某词,term,serious\n")
        ),
        "right.missing"
    );
    let seq = w
        .sit("second")
        .propose_list(ListKind::Terms, "word,class,severity\n某词,term,serious\n")
        .unwrap()
        .seq;
    assert!(
        w.sit("signer").lists().unwrap().is_empty(),
        "not yet in force"
    );
    assert_eq!(rule(w.sit("second").confirm(seq)), "proposal.same-person");
    assert_eq!(rule(w.sit("editor").confirm(seq)), "right.missing");
    assert!(
        w.sit("signer")
            .proposals()
            .unwrap()
            .iter()
            .any(|p| matches!(p.act, Dual::ListSet { .. }))
    );
    assert!(
        w.sit("signer")
            .proposed_list(seq)
            .unwrap()
            .unwrap()
            .contains("某词")
    );
    w.sit("signer").confirm(seq).unwrap();
    let lists = w.sit("secrecy").lists().unwrap();
    assert_eq!((lists[0].kind, lists[0].rows), (ListKind::Terms, 1));
    assert_eq!(
        w.sit("secrecy").list_rows(&lists[0]).unwrap().unwrap(),
        "word,class,severity\n某词,term,serious\n"
    );
    assert_eq!(rule(w.sit("editor").lists()), "right.missing");
    let seq = w
        .sit("signer")
        .propose_list(ListKind::Terms, "word,class,severity\n又词,term,serious\n")
        .unwrap()
        .seq;
    w.sit("signer").decline(seq).unwrap();
    assert_eq!(w.sit("secrecy").lists().unwrap().len(), 1);
    w.verify().unwrap();
}

#[test]
fn a_purge_reaches_what_was_said() {
    for words in [false, true] {
        let mut w = World::new();
        let id = w.submitted("漏题");
        w.sit("first")
            .comment(&id, &note("此处提到甲乙丙项目。"))
            .unwrap();
        w.sit("second")
            .waive(
                &id,
                &finding("甲乙丙", Severity::Serious),
                &note("甲乙丙可以保留。"),
            )
            .unwrap();
        w.sit("first")
            .send_back(
                &id,
                qianfa::desk::review::Seen(None),
                &note("甲乙丙不得公开。"),
            )
            .unwrap();
        let seq = w
            .sit("office")
            .propose_purge(&id, Vec::new(), words, &note("泄密。"))
            .unwrap()
            .seq;
        w.sit("security").confirm(seq).unwrap();
        let said = format!(
            "{:?}{:?}{:?}",
            w.sit("first").comments(&id).unwrap(),
            w.p.desk.waivers(&id).unwrap(),
            w.p.desk.history(&id).unwrap()
        );
        assert_eq!(said.contains("甲乙丙项目"), !words);
        assert_eq!(said.contains("甲乙丙不得公开"), !words);
        assert_eq!(
            w.p.desk.waivers(&id).unwrap()[0].passage,
            None,
            "quoted words go in any case"
        );
        assert!(said.contains("泄密"), "why it was destroyed stays");
        w.verify().unwrap();
        if words {
            let file = std::fs::read(w.path()).unwrap();
            assert!(!file.windows(9).any(|b| b == "甲乙丙".as_bytes()));
        }
    }
}

/// Rules stand below screening and name its classes by code: a code that means nothing would leave
/// a secret to be waived by the wrong person.
#[test]
fn the_classes_kept_for_the_confidentiality_reviewer_exist() {
    for code in qianfa::rules::check::screening::CONFIDENTIAL {
        assert!(Class::parse(code).is_some(), "{code}");
    }
}
