//! Life after publication: relations and validity, copies on other sites, flags, emergencies,
//! versions for other channels.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use common::{World, open_review, rule};
use qianfa::desk::Note;
use qianfa::desk::review::{Seen, When};
use qianfa::rules::act::{FlagCause, FlagOutcome, Relation, Validity, WithdrawGround};

fn note() -> Note {
    Note::of("依据来函。")
}

fn now() -> Seen {
    Seen(None)
}

/// Corrects a live item and takes the correction through.
fn corrected(w: &mut World, id: &str) {
    w.sit("editor").correct(id, &note()).unwrap();
    let desk = w.sit("editor");
    let from = desk.show(id).unwrap().line.revision;
    let mut content = desk.content(id, None).unwrap();
    content.text.push_str("\n更正后的一句。");
    desk.revise(id, content, from).unwrap();
    desk.submit(id, Seen::default()).unwrap();
    w.pass(id, 4);
    w.sit("signer").publish(id, now()).unwrap();
}

#[test]
fn what_explains_a_policy_is_flagged_when_the_policy_changes() {
    let mut w = World::new();
    let policy = w.published("关于某项政策的公告");
    let reading = w.published("某项政策解读");
    assert_eq!(
        rule(
            w.sit("first")
                .relate(&policy, &reading, Relation::Interpretation)
        ),
        "right.missing"
    );
    w.sit("editor")
        .relate(&policy, &reading, Relation::Interpretation)
        .unwrap();
    assert_eq!(
        rule(
            w.sit("editor")
                .relate(&policy, &reading, Relation::Interpretation)
        ),
        "relation.there"
    );
    assert_eq!(
        rule(
            w.sit("editor")
                .relate(&policy, &policy, Relation::Interview)
        ),
        "relation.self"
    );
    let up = w.sit("editor").related(&reading).unwrap();
    assert!(up[0].upward && up[0].live && up[0].title == "关于某项政策的公告");
    assert!(!w.sit("editor").related(&policy).unwrap()[0].upward);

    assert_eq!(
        rule(
            w.sit("editor")
                .set_validity(&policy, Validity::Repealed, None, &note())
        ),
        "right.missing"
    );
    w.sit("signer")
        .set_validity(&policy, Validity::Repealed, None, &note())
        .unwrap();
    let flags = w.sit("editor").flags(None).unwrap();
    assert_eq!((flags.len(), flags[0].cause), (1, FlagCause::PolicyChanged));
    assert_eq!(flags[0].item, reading);
    assert_eq!(
        w.sit("editor").validity(&policy).unwrap().unwrap().validity,
        Validity::Repealed
    );
    let flag = flags[0].flag;
    assert_eq!(
        rule(
            w.sit("editor")
                .settle_flag(&policy, flag, FlagOutcome::Stands, &note())
        ),
        "flag.unknown",
        "a flag belongs to its item"
    );
    assert_eq!(
        rule(
            w.sit("editor")
                .settle_flag(&reading, flag, FlagOutcome::Stands, &Note::none())
        ),
        "item.reason"
    );
    w.sit("editor")
        .settle_flag(&reading, flag, FlagOutcome::Stands, &note())
        .unwrap();
    assert!(w.sit("editor").flags(None).unwrap().is_empty());
    assert_eq!(
        rule(
            w.sit("editor")
                .settle_flag(&reading, flag, FlagOutcome::Stands, &note())
        ),
        "flag.settled"
    );
    // A correction of the policy is a change too; an end of the relation ends that.
    corrected(&mut w, &policy);
    assert_eq!(w.sit("editor").flags(None).unwrap().len(), 1);
    w.sit("editor")
        .unrelate(&policy, &reading, Relation::Interpretation)
        .unwrap();
    assert_eq!(
        rule(
            w.sit("editor")
                .unrelate(&policy, &reading, Relation::Interpretation)
        ),
        "relation.none"
    );
    w.verify().unwrap();
}

#[test]
fn a_shared_item_arrives_pending_and_follows_its_source() {
    let mut w = World::new();
    let source = w.published("全省统一公告");
    let column =
        w.p.desk
            .org()
            .unwrap()
            .columns
            .values()
            .find(|c| c.site != "prov")
            .unwrap()
            .clone();
    assert_eq!(
        rule(
            w.sit("editor")
                .share(&source, &["prov-notice".to_owned()])
                .unwrap()
                .remove(0)
                .1
        ),
        "share.site"
    );
    let mut outcomes = w
        .sit("editor")
        .share(&source, &[column.id.clone(), "nowhere".to_owned()])
        .unwrap();
    assert_eq!(rule(outcomes.remove(1).1), "item.columns");
    let copy = outcomes.remove(0).1.unwrap().id;
    let view = w.sit("office").show(&copy).unwrap();
    assert_eq!(
        view.line.state.code(),
        "in-review",
        "pending under its route"
    );
    assert!(view.steps[0].waiting);
    assert_eq!(view.content.fields.title, "全省统一公告");
    assert!(
        !view.content.fields.source.is_empty(),
        "where it came from is said"
    );
    assert_eq!(
        rule(w.sit("editor").approve(&copy, now(), &note())),
        "duty.contributor",
        "who sends does not review"
    );
    assert_eq!(
        w.sit("office").source_of(&copy).unwrap().as_deref(),
        Some(w.p.desk.show(&source).unwrap().line.number.as_str())
    );

    corrected(&mut w, &source);
    let copies = w.sit("office").copies(&source).unwrap();
    assert_eq!((copies[0].current, copies[0].open_flags), (false, 1));
    w.sit("signer")
        .withdraw(&source, WithdrawGround::Error, &note())
        .unwrap();
    let flags = w.sit("office").flags(Some(&copy)).unwrap();
    assert_eq!(
        flags.iter().map(|f| f.cause).collect::<Vec<_>>(),
        [FlagCause::SourceCorrected, FlagCause::SourceWithdrawn]
    );
    assert_eq!(w.sit("office").copies(&source).unwrap()[0].open_flags, 2);
    // Either text can be destroyed without the other.
    let seq = w
        .sit("office")
        .propose_purge(&source, Vec::new(), false, &note())
        .unwrap()
        .seq;
    w.sit("security").confirm(seq).unwrap();
    assert!(!w.sit("office").show(&copy).unwrap().purged);
    w.verify().unwrap();
}

#[test]
fn an_emergency_needs_the_clearance_two_people_and_a_review_afterwards() {
    let mut w = World::new();
    let id = w.submitted("突发事件情况通报");
    assert_eq!(
        rule(w.sit("signer").declare_emergency(&id, now(), &note())),
        "right.missing"
    );
    assert_eq!(
        rule(w.sit("head").declare_emergency(&id, now(), &Note::none())),
        "item.reason"
    );
    w.sit("head")
        .declare_emergency(&id, now(), &note())
        .unwrap();
    assert_eq!(
        rule(w.sit("head").declare_emergency(&id, now(), &note())),
        "emergency.state"
    );
    // The confidentiality review is never skipped.
    assert_eq!(
        rule(
            w.sit("signer")
                .sign_off(&id, now(), When::default(), &note())
        ),
        "clearance.missing"
    );
    w.sit("secrecy").clear(&id, now(), &open_review()).unwrap();
    w.sit("signer")
        .sign_off(&id, now(), When::default(), &note())
        .unwrap();
    w.sit("signer").publish(&id, now()).unwrap();
    assert_eq!(w.state(&id), "published");

    let flags = w.sit("first").flags(None).unwrap();
    assert_eq!(flags[0].cause, FlagCause::AfterReview);
    let flag = flags[0].flag;
    for involved in ["editor", "signer", "head", "secrecy"] {
        assert_eq!(
            rule(
                w.sit(involved)
                    .settle_flag(&id, flag, FlagOutcome::Stands, &note())
            ),
            "flag.involved"
        );
    }
    assert_eq!(
        rule(
            w.sit("editor-b")
                .settle_flag(&id, flag, FlagOutcome::Stands, &note())
        ),
        "right.missing",
        "a reviewer reviews"
    );
    w.sit("second")
        .settle_flag(&id, flag, FlagOutcome::Stands, &note())
        .unwrap();
    assert!(w.sit("first").flags(None).unwrap().is_empty());
    w.verify().unwrap();
}

#[test]
fn an_emergency_is_for_one_version() {
    let mut w = World::new();
    let id = w.submitted("突发");
    w.sit("head")
        .declare_emergency(&id, now(), &note())
        .unwrap();
    let desk = w.sit("editor");
    desk.recall(&id).unwrap();
    let mut content = desk.content(&id, None).unwrap();
    content.text.push_str("\n又一句。");
    let from = desk.show(&id).unwrap().line.revision;
    desk.revise(&id, content, from).unwrap();
    desk.submit(&id, Seen::default()).unwrap();
    assert_eq!(
        rule(w.sit("secrecy").clear(&id, now(), &open_review())),
        "review.kind",
        "the new text waits for its first review"
    );
}

#[test]
fn a_version_for_another_channel_is_its_own_text_and_on_no_page() {
    let mut w = World::new();
    let source = w.published("便民办税十条");
    let version = w.sit("editor").version_for(&source, "weibo").unwrap().id;
    assert_eq!(
        rule(w.sit("editor").posted(&version, &note())),
        "posted.channel"
    );
    w.sit("editor").submit(&version, Seen::default()).unwrap();
    w.pass(&version, 4);
    w.sit("signer").publish(&version, now()).unwrap();
    let n = qianfa::store::facts::item(w.p.desk.store().conn(), &version)
        .unwrap()
        .unwrap()
        .n;
    let lines = w.p.desk.live_top("prov-news", 100).unwrap();
    assert!(lines.iter().all(|l| l.place.item != n), "on no page");
    let going = w.sit("editor").outgoing(&version).unwrap();
    assert_eq!(
        (going.channel.as_str(), going.title.as_str()),
        ("weibo", "便民办税十条")
    );
    assert_eq!(going.title_chars, 6);
    assert_eq!(rule(w.sit("editor").outgoing(&source)), "posted.channel");
    w.sit("editor")
        .posted(&version, &Note::of("https://weibo.example.cn/1"))
        .unwrap();
    assert_eq!(
        w.sit("editor").postings(&version).unwrap()[0].2.as_deref(),
        Some("https://weibo.example.cn/1")
    );
    w.sit("signer")
        .withdraw(&source, WithdrawGround::Other, &note())
        .unwrap();
    assert_eq!(
        w.sit("editor").flags(Some(&version)).unwrap()[0].cause,
        FlagCause::SourceWithdrawn
    );
    w.verify().unwrap();
}
