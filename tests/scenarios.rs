//! The lines of the shared scenarios that concern one item's way from draft to the public, one test
//! each with the line quoted. Where the design decides otherwise the design is asserted and the
//! comment says so. Lines about lists and rights as a whole are in `matrix.rs`, about damage and two
//! processes in `damage.rs`; about pages, notices, several hubs and the editor's screen elsewhere.
#![allow(
    clippy::type_complexity,
    clippy::default_trait_access,
    clippy::items_after_statements
)] // tests read top to bottom
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use common::{DAY, HOUR, SECOND, World, content, hold, open_review, review, rule};
use qianfa::desk::review::{Review, Seen, When};
use qianfa::desk::{Attachment, DeskError, Note};
use qianfa::diff::{Block, FieldEdit};
use qianfa::rules::act::{
    Act, BundlePublish, Cause, Correct, Member, Screened, ViewMode, WithdrawGround,
};
use qianfa::rules::clearance::{Conclusion, Disclosure, Ground};
use qianfa::rules::role::Role;
use qianfa::rules::route::Route;
use qianfa::store::facts::{self, ItemRow};
use qianfa::store::local::Liveness;
use qianfa::store::query::items::Filter;
use qianfa::store::query::log::LogFilter;

const ZONE: &str = "Asia/Shanghai";

fn note() -> Note {
    Note::of("说明。")
}

fn seen() -> Seen {
    Seen::default()
}

fn row(w: &World, item: &str) -> ItemRow {
    facts::item(w.p.desk.store().conn(), item).unwrap().unwrap()
}

fn waiting(w: &mut World, item: &str) -> Option<usize> {
    w.sit("office")
        .show(item)
        .unwrap()
        .steps
        .iter()
        .position(|s| s.waiting)
}

/// Adds a paragraph as somebody; returns the new revision.
fn write_on(w: &mut World, who: &str, item: &str) -> u32 {
    let mut c = w.sit(who).content(item, None).unwrap();
    let from = row(w, item).facts.revision;
    c.text.push_str("\n另起一段。");
    w.sit(who).revise(item, c, from).unwrap().revision
}

fn kinds(w: &mut World, item: &str) -> Vec<String> {
    w.sit("office")
        .history(item)
        .unwrap()
        .into_iter()
        .map(|l| l.kind)
        .collect()
}

fn unchanged(w: &mut World, work: impl FnOnce(&mut World)) {
    let before = (w.head(), w.dump());
    work(w);
    assert!(before == (w.head(), w.dump()), "something changed");
}

fn bundle(w: &mut World, items: &[&str]) -> String {
    let bundle = w.sit("signer").bundle_new(&Note::of("专题")).unwrap();
    for item in items {
        w.p.desk.bundle_add(&bundle, item).unwrap();
    }
    bundle
}

// -- review ---------------------------------------------------------------------------------------

/// "Given a draft, when its author submits, then a review run exists with requester, start time, first step
/// open, tied to *this exact version*"
#[test]
fn a_submission_starts_a_run() {
    let mut w = World::new();
    let id = w.submitted("题");
    let row = row(&w, &id);
    assert_eq!(row.facts.run, w.head());
    assert_eq!(
        row.facts.submitter.as_deref(),
        Some(w.id("editor").as_str())
    );
    assert_eq!(row.submitted_at, Some(w.clock.get()));
    assert_eq!(waiting(&mut w, &id), Some(0));
    let entry: Vec<u8> =
        w.p.desk
            .store()
            .conn()
            .query_row(
                "SELECT entry FROM journal ORDER BY seq DESC LIMIT 1",
                [],
                |r| r.get(0),
            )
            .unwrap();
    let text = String::from_utf8(qianfa::store::packing::unpack(&entry).unwrap()).unwrap();
    assert!(
        text.contains(&row.facts.fingerprint.to_string()),
        "the entry names the version: {text}"
    );
}

/// "Given a run in progress, when anyone submits the same item again, then refused and still one run"
#[test]
fn a_second_submission_is_refused() {
    let mut w = World::new();
    let id = w.submitted("题");
    let run = row(&w, &id).facts.run;
    for who in ["editor", "editor-b", "first"] {
        assert_eq!(
            rule(w.sit(who).submit(&id, Seen::default())),
            "state.invalid"
        );
    }
    assert_eq!(row(&w, &id).facts.run, run);
}

/// "Given step 1 approved, when the item is edited and step 2 approved, then the run returns to step 1"
#[test]
fn an_edit_returns_the_run_to_the_first_step() {
    let mut w = World::new();
    let id = w.submitted("题");
    w.pass(&id, 1);
    write_on(&mut w, "editor-b", &id);
    assert_eq!(waiting(&mut w, &id), Some(0));
    // Nothing of the second step's is left to approve.
    assert_eq!(
        rule(w.sit("second").approve(&id, seen(), &note())),
        "right.missing"
    );
    w.pass(&id, 2);
    assert_eq!(waiting(&mut w, &id), Some(2));
}

/// "Given step 1 approved, when someone saves **without any change**, then approvals stay"
#[test]
fn a_save_without_change_voids_nothing() {
    let mut w = World::new();
    let id = w.submitted("题");
    w.pass(&id, 3);
    let c = w.sit("editor-b").content(&id, None).unwrap();
    unchanged(&mut w, |w| {
        assert_eq!(w.sit("editor-b").revise(&id, c, 1).unwrap().seq, None)
    });
    assert_eq!(waiting(&mut w, &id), Some(3));
    // What the public does not see (urgency) is a new revision of the same fingerprint: decisions stay.
    let mut c = w.sit("editor-b").content(&id, None).unwrap();
    c.shape.urgency = qianfa::rules::act::Urgency::Flash;
    assert!(w.p.desk.revise(&id, c, 1).unwrap().seq.is_some());
    assert_eq!(waiting(&mut w, &id), Some(3));
    w.pass_step(&id, 3);
}

/// Design §2.3: targets are part of what is decided. Changed and changed back they are the same bytes,
/// and the item is where it was: not past its clearance and without one.
#[test]
fn targets_changed_and_changed_back() {
    let mut w = World::new();
    let id = w.submitted("题");
    w.pass(&id, 3);
    for (from, columns) in [
        (1, vec!["prov-news", "prov-notice"]),
        (2, vec!["prov-news"]),
    ] {
        let mut c = w.sit("editor").content(&id, None).unwrap();
        c.shape.columns = columns.iter().map(|c| (*c).to_owned()).collect();
        w.p.desk.revise(&id, c, from).unwrap();
        assert_eq!(waiting(&mut w, &id), Some(if from == 1 { 0 } else { 3 }));
    }
    w.pass_step(&id, 3);
    w.sit("signer").publish(&id, seen()).unwrap();
}

/// "Given rejection at step 2, when the author resubmits, then the run resumes at step 2 (and shows step 1
/// approved)". Design: approvals name bytes. Unchanged, it resumes where it was returned; changed, the
/// first step opens again, with the earlier pass on record only.
#[test]
fn a_resubmission_resumes_where_the_bytes_allow() {
    let mut w = World::new();
    let id = w.submitted("题");
    w.pass(&id, 1);
    w.sit("second").send_back(&id, seen(), &note()).unwrap();
    assert_eq!(w.state(&id), "returned");
    w.sit("editor").submit(&id, Seen::default()).unwrap();
    assert_eq!(waiting(&mut w, &id), Some(1));
    assert_eq!(
        w.sit("office").show(&id).unwrap().steps[0].passed_by,
        [w.id("first")]
    );
    w.sit("second").send_back(&id, seen(), &note()).unwrap();
    write_on(&mut w, "editor", &id);
    w.sit("editor").submit(&id, Seen::default()).unwrap();
    assert_eq!(waiting(&mut w, &id), Some(0));
    w.pass(&id, 4);
}

/// "Given a run, when its requester withdraws it, then run and open step are cancelled and the item is editable"
#[test]
fn a_recall_ends_the_run() {
    let mut w = World::new();
    let id = w.submitted("题");
    w.pass(&id, 1);
    w.sit("editor").recall(&id).unwrap();
    assert_eq!(
        (w.state(&id), row(&w, &id).facts.run, waiting(&mut w, &id)),
        ("draft", 0, None)
    );
    assert!(w.sit("second").queue(false, 10).unwrap().is_empty());
    write_on(&mut w, "editor", &id);
    w.sit("editor").submit(&id, Seen::default()).unwrap();
    assert_eq!(waiting(&mut w, &id), Some(0));
}

/// "Given a user outside the step's group, when he sends approve or reject directly (no menu), then refused,
/// nothing changes"
#[test]
fn a_direct_decision_from_outside_is_refused() {
    let mut w = World::new();
    let id = w.submitted("题");
    unchanged(&mut w, |w| {
        for who in [
            "second", "head", "office", "editor-b", "auditor", "leader", "signer",
        ] {
            assert!(!w.sit(who).show(&id).unwrap().offers("approve"));
            assert_eq!(
                rule(w.sit(who).approve(&id, seen(), &note())),
                "right.missing",
                "{who}"
            );
            assert_eq!(
                rule(w.sit(who).reject(&id, seen(), &note())),
                "right.missing",
                "{who}"
            );
        }
    });
}

/// "Given a one-step run, when it is approved twice quickly, then the second is a clean refusal". One step
/// is not possible (confidentiality and sign-off are always there); the last of two it is.
#[test]
fn the_second_of_two_quick_decisions_is_refused() {
    let mut w = World::new();
    w.sit("office")
        .route_set("prov", Some(Route(Route::standard().0.split_off(2))))
        .unwrap();
    let id = w.submitted("题");
    w.pass_step(&id, 2);
    let until = w.clock.get() + 90 * DAY;
    w.grant("leader", Role::Signer, "*", until);
    let (mut a, mut b) = (w.other_desk("signer"), w.other_desk("leader"));
    let looked = b.show(&id).unwrap().fingerprint;
    a.sign_off(&id, seen(), hold(), &note()).unwrap();
    assert_eq!(
        rule(b.sign_off(&id, Seen(Some(looked)), hold(), &note())),
        "state.invalid"
    );
    assert_eq!(
        rule(a.sign_off(&id, seen(), hold(), &note())),
        "state.invalid"
    );
}

/// "Given a workflow set on the province root, when an item is in a county column without its own, then the
/// closest ancestor's workflow applies"
#[test]
fn routes_are_inherited_from_the_nearest_ancestor() {
    let mut w = World::new();
    let mut short = Route::standard();
    short.0.remove(1);
    w.sit("office").route_set("prov", Some(short)).unwrap();
    let mut c = content("题", "yunxi-open");
    c.shape.provider = Some("yunxi".to_owned());
    let id = w.sit("county").create(c).unwrap().id;
    assert_eq!(w.sit("office").show(&id).unwrap().steps.len(), 3);
    w.sit("office")
        .route_set("east", Some(Route::standard()))
        .unwrap();
    assert_eq!(w.p.desk.show(&id).unwrap().steps.len(), 4);
    w.p.desk.route_set("east", None).unwrap();
    assert_eq!(w.p.desk.show(&id).unwrap().steps.len(), 3);
}

/// Design §8: "Changing a route holds running items; it never approves them."
#[test]
fn a_changed_route_holds_what_is_under_way() {
    let mut w = World::new();
    let id = w.submitted("题");
    w.pass(&id, 3);
    let mut shorter = Route::standard();
    shorter.0.remove(0);
    w.sit("office").route_set("prov", Some(shorter)).unwrap();
    assert!(w.p.desk.show(&id).unwrap().held);
    for who in ["first", "second", "signer"] {
        assert!(w.sit(who).sign_off(&id, seen(), hold(), &note()).is_err());
        assert!(w.sit(who).approve(&id, seen(), &note()).is_err());
    }
    w.sit("editor").recall(&id).unwrap();
    w.sit("editor").submit(&id, Seen::default()).unwrap();
    w.pass_step(&id, 1);
    w.pass_step(&id, 2);
    w.pass_step(&id, 3);
    // Signed off under the old route and not out yet: held at the gate too.
    w.sit("office")
        .route_set("prov", Some(Route::standard()))
        .unwrap();
    assert_eq!(rule(w.sit("signer").publish(&id, seen())), "route.held");
}

/// "Given Draft→Archived is not a defined transition, when requested, then 'invalid transition from 草稿 to 归档'".
/// There is no archive; publishing a draft is the like.
#[test]
fn an_undefined_transition_is_named() {
    let mut w = World::new();
    let id = w.draft("editor", "题", "prov-news");
    let error = w.sit("signer").publish(&id, seen()).unwrap_err();
    assert_eq!(error.code(), "state.invalid");
    let message = error.message();
    assert!(
        message.contains("草稿") && message.contains("发布"),
        "{message}"
    );
}

/// "Given stored data names an unknown state, when opened, then treated as draft and only draft's transitions
/// are offered"
#[test]
fn an_unknown_stored_state_is_a_draft() {
    let mut w = World::new();
    let id = w.signed_off("题");
    w.p.desk
        .store()
        .conn()
        .execute("UPDATE items SET state = 'archived' WHERE id = ?1", [&id])
        .unwrap();
    let view = w.sit("signer").show(&id).unwrap();
    assert_eq!(view.line.state.code(), "draft");
    for act in ["publish", "schedule", "unlock", "sign-off", "correct"] {
        assert!(!view.offers(act), "{act}");
    }
    assert!(w.sit("editor").show(&id).unwrap().offers("submit"));
    assert!(w.verify().is_err(), "and verify says so");
}

/// "Given preview with another target state chosen, when returning to edit, then offered transitions are unchanged"
#[test]
fn a_preview_changes_no_offer() {
    let mut w = World::new();
    let id = w.submitted("题");
    let before = w.sit("first").show(&id).unwrap().offers;
    let shown = w.p.desk.preview(&id, ViewMode::Preview).unwrap();
    assert!(shown.text.contains("正文第一段"));
    assert_eq!(w.p.desk.show(&id).unwrap().offers.len(), before.len());
    assert_eq!(
        format!("{:?}", w.p.desk.show(&id).unwrap().offers),
        format!("{before:?}")
    );
}

/// "Given B executes a quick transition on A's version, then the record shows B and now, not A"
#[test]
fn the_record_shows_who_acted_and_when() {
    let mut w = World::new();
    let id = w.submitted("题");
    w.clock.pass(HOUR);
    w.pass(&id, 1);
    let line = w.sit("office").history(&id).unwrap().pop().unwrap();
    assert_eq!(
        (line.kind.as_str(), line.actor, line.at),
        ("item.approve", w.id("first"), w.clock.get())
    );
}

/// "Given an owner in private state, when he publishes, then refused even though he owns it; submit then
/// retract works"
#[test]
fn an_owner_cannot_publish() {
    let mut w = World::new();
    let id = w.draft("editor", "题", "prov-news");
    assert_eq!(rule(w.sit("editor").publish(&id, seen())), "right.missing");
    w.sit("editor").submit(&id, Seen::default()).unwrap();
    w.sit("editor").recall(&id).unwrap();
    assert_eq!(w.state(&id), "draft");
}

/// "Given an item flagged 不予公开, when anyone publishes, schedules or bundles it, then refused on every path"
#[test]
fn what_is_not_open_has_no_path_to_the_public() {
    let mut w = World::new();
    // By its attribute.
    for (disclosure, ground) in [
        (Disclosure::None, Some(Ground::Article14)),
        (Disclosure::OnRequest, None),
    ] {
        let mut c = content("题", "prov-news");
        c.disclose(disclosure, ground);
        let id = w.sit("editor").create(c).unwrap().id;
        assert_eq!(
            rule(w.p.desk.submit(&id, Seen::default())),
            "item.disclosure-closed"
        );
        assert!(w.sit("signer").publish(&id, seen()).is_err());
    }
    // In the middle of the review.
    let id = w.submitted("题");
    w.pass(&id, 3);
    let mut c = w.sit("editor-b").content(&id, None).unwrap();
    c.disclose(Disclosure::None, Some(Ground::Article14));
    w.p.desk.revise(&id, c, 1).unwrap();
    assert_eq!(
        rule(w.sit("first").approve(&id, seen(), &note())),
        "item.disclosure-closed"
    );
    // By the conclusion of the confidentiality review.
    let id = w.submitted("题");
    w.pass(&id, 2);
    w.sit("secrecy")
        .clear(&id, seen(), &review(Conclusion::NotOpen))
        .unwrap();
    let at = w.clock.get() + DAY;
    let empty = bundle(&mut w, &[]);
    unchanged(&mut w, |w| {
        assert!(w.sit("signer").publish(&id, seen()).is_err());
        assert!(w.sit("signer").schedule(&id, Some(at), None, ZONE).is_err());
        assert_eq!(
            rule(w.sit("signer").bundle_add(&empty, &id)),
            "item.disclosure-closed"
        );
        assert!(
            w.sit("signer")
                .sign_off(&id, seen(), When::default(), &note())
                .is_err()
        );
        assert_eq!(
            rule(w.sit("editor-b").restore(&id)),
            "item.disclosure-closed"
        );
        assert!(w.sit("editor").submit(&id, Seen::default()).is_err());
        assert!(w.sit("runner").publish_due(&id).is_err());
    });
    w.sit("editor-b").discard(&id).unwrap();
    assert_eq!(
        rule(w.sit("editor-b").restore(&id)),
        "item.disclosure-closed"
    );
}

/// "Given required fields missing (also in attachments), when approving, then refused with the full list of
/// failures". Here it does not come so far: what is incomplete is not circulated.
#[test]
fn the_full_list_of_what_is_missing() {
    let mut w = World::new();
    let mut c = qianfa::desk::Content::for_column("prov-news").open();
    c.text = "正文。".to_owned();
    c.shape.origin = qianfa::rules::act::Origin::Reprint;
    let id = w.sit("editor").create(c).unwrap().id;
    let error = w.p.desk.submit(&id, Seen::default()).unwrap_err();
    let DeskError::Refused(refusal) = &error else {
        panic!("{error}")
    };
    assert_eq!(
        refusal.args,
        [(
            "fields",
            "title,provider-person,provider-reviewer,source,source-url,provider".to_owned()
        )]
    );
    assert!(error.message().contains("标题"), "{}", error.message());
    let mut c = content("题", "prov-news");
    c.attachments[0].name = " / ".to_owned();
    assert_eq!(rule(w.p.desk.create(c)), "error-attachment-name");
}

// -- separation of duties -------------------------------------------------------------------------

/// "Given the submitter is also in the reviewer group, when he opens the item, then no approve/reject is offered"
#[test]
fn the_submitter_is_offered_no_decision() {
    let mut w = World::new();
    let id = w.draft("editor", "题", "prov-news");
    w.sit("first").submit(&id, Seen::default()).unwrap();
    let view = w.sit("first").show(&id).unwrap();
    for act in ["approve", "reject", "return"] {
        assert!(!view.offers(act), "{act}");
    }
    assert!(w.p.desk.queue(false, 10).unwrap().is_empty());
    assert_eq!(
        rule(w.p.desk.approve(&id, seen(), &note())),
        "duty.submitter"
    );
}

/// "Given the last editor, when he rejects his own submission, then refused"
#[test]
fn the_last_editor_cannot_reject() {
    let mut w = World::new();
    let id = w.submitted("题");
    write_on(&mut w, "first", &id);
    assert_eq!(
        rule(w.sit("first").reject(&id, seen(), &note())),
        "duty.contributor"
    );
    assert_eq!(
        rule(w.sit("first").send_back(&id, seen(), &note())),
        "duty.contributor"
    );
    let draft = w.draft("editor", "又一题", "prov-news");
    assert_eq!(
        rule(w.sit("editor").reject(&draft, seen(), &note())),
        "duty.contributor"
    );
}

/// "Given a reviewer with unsaved edits in the screen, then approve is disabled" is the screen's; here:
/// nobody decides on a text another one has open for writing.
#[test]
fn no_decision_on_a_text_somebody_is_writing() {
    let mut w = World::new();
    let id = w.submitted("题");
    w.sit("editor-b").claim(&id).unwrap();
    assert_eq!(
        rule(w.sit("first").approve(&id, seen(), &note())),
        "claim.held"
    );
    assert!(!w.p.desk.show(&id).unwrap().offers("approve"));
}

/// "Given a superuser, when he approves/publishes outside the flow, then refused or recorded as emergency with a
/// second person". There is no superuser (design §2.4).
#[test]
fn there_is_no_superuser() {
    let mut w = World::new();
    let id = w.submitted("题");
    unchanged(&mut w, |w| {
        for who in [
            "office", "security", "sysadmin", "auditor", "head", "leader", "runner",
        ] {
            assert!(w.sit(who).approve(&id, seen(), &note()).is_err(), "{who}");
            assert!(w.sit(who).publish(&id, seen()).is_err(), "{who}");
            assert!(
                w.sit(who).sign_off(&id, seen(), hold(), &note()).is_err(),
                "{who}"
            );
        }
    });
}

/// "Given a bundle with one page not ready, when approved, then refused, naming it"
#[test]
fn an_unready_member_is_named() {
    let mut w = World::new();
    let (a, b) = (w.signed_off("甲"), w.submitted("乙"));
    let bundle = bundle(&mut w, &[&a, &b]);
    let at = w.clock.get() + DAY;
    for result in [
        w.sit("signer").bundle_publish(&bundle, None),
        w.p.desk.bundle_schedule(&bundle, at, None),
    ] {
        let Err(DeskError::Refused(refusal)) = result else {
            panic!("{result:?}")
        };
        assert_eq!(refusal.rule, "bundle.item-state");
        assert_eq!(refusal.args[0], ("item", b.clone()));
    }
    assert_eq!(w.state(&a), "signed-off");
}

/// "Given bundled external data changed since selection, when approved, then first try blocked and the new value
/// shown; second try succeeds"
#[test]
fn a_bundle_decision_names_its_members_versions() {
    let mut w = World::new();
    let a = w.signed_off("甲");
    let bundle = bundle(&mut w, &[&a]);
    let old = row(&w, &a).facts.fingerprint;
    w.sit("signer").unlock(&a, &note()).unwrap();
    write_on(&mut w, "editor", &a);
    w.sit("editor").submit(&a, Seen::default()).unwrap();
    w.pass(&a, 4);
    let act = Act::BundlePublish(BundlePublish {
        cause: Cause::Hand,
        members: vec![Member {
            item: a.clone(),
            fingerprint: old,
        }],
        screened: Screened::default(),
    });
    assert_eq!(
        rule(w.raw("signer", Some((&bundle, None)), &act, &[])),
        "bundle.changed"
    );
    w.sit("signer").bundle_publish(&bundle, None).unwrap();
    assert_eq!(w.state(&a), "published");
}

// -- locks, autosave, conflicts --------------------------------------------------------------------

/// "Given A holds the lock, when B saves, then refused and A's text intact"
#[test]
fn a_held_lock_keeps_the_other_out() {
    let mut w = World::new();
    let id = w.draft("editor", "题", "prov-news");
    let (mut a, mut b) = (w.other_desk("editor"), w.other_desk("editor-b"));
    a.claim(&id).unwrap();
    let mut mine = a.content(&id, None).unwrap();
    mine.text = "甲正在写的话。".to_owned();
    a.autosave(&id, &mine, 1).unwrap();
    let mut his = b.content(&id, None).unwrap();
    his.text = "乙要存的话。".to_owned();
    assert_eq!(rule(b.revise(&id, his.clone(), 1)), "claim.held");
    assert_eq!(a.autosaved(&id).unwrap().unwrap().0.text, mine.text);
    // And nothing typed is lost: the other's text is his own unsaved one.
    assert_eq!(b.autosaved(&id).unwrap().unwrap().0.text, his.text);
    a.revise(&id, mine.clone(), 1).unwrap();
    assert_eq!(a.content(&id, None).unwrap().text, mine.text);
    assert!(
        a.autosaved(&id).unwrap().is_none(),
        "saved text needs no autosave"
    );
}

/// "Given A has it open in session 1, when A opens session 2, then 'locked by you in another session'; force works"
#[test]
fn ones_own_other_session() {
    let mut w = World::new();
    let id = w.draft("editor", "题", "prov-news");
    let (mut one, mut two) = (w.other_desk("editor"), w.other_desk("editor"));
    one.claim(&id).unwrap();
    assert_eq!(rule(two.claim(&id)), "claim.own-session");
    let claim = two.show(&id).unwrap().claim.unwrap();
    assert!(claim.mine && !claim.here);
    two.take_over(&id).unwrap();
    assert!(two.show(&id).unwrap().claim.unwrap().here);
    assert_eq!(rule(one.claim(&id)), "claim.own-session");
    two.release_claim(&id).unwrap();
    one.claim(&id).unwrap();
    one.close_session().unwrap();
    assert!(two.show(&id).unwrap().claim.is_none());
}

/// "Given B lacks unlock right / is not a member of the desk / it is A's private draft, then unlock refused"
#[test]
fn who_may_not_take_over() {
    let mut w = World::new();
    let id = w.draft("writer", "题", "prov-news");
    w.sit("writer").claim(&id).unwrap();
    assert_eq!(rule(w.sit("proofreader").take_over(&id)), "right.missing");
    for who in ["east-editor", "contributor", "county"] {
        assert_eq!(rule(w.sit(who).take_over(&id)), "item.unknown", "{who}");
    }
    w.sit("editor").take_over(&id).unwrap();
}

/// "Given autosave holds a schedule date now past, when unlocked, then unlocking still works"; whatever else
/// it holds that cannot be saved as it stands.
#[test]
fn an_autosave_never_keeps_the_lock() {
    let mut w = World::new();
    for odd in ["past", "half a date", "closed column"] {
        let id = w.draft("editor", "题", "prov-news");
        w.sit("editor").claim(&id).unwrap();
        let mut c = w.p.desk.content(&id, None).unwrap();
        c.text = format!("没存的话（{odd}）。");
        match odd {
            "past" => c.shape.go_live = Some(w.clock.get() - DAY),
            "half a date" => c.fields.written_on = "2026-0".to_owned(),
            _ => c.shape.columns = vec!["prov-gone".to_owned()],
        }
        w.p.desk.autosave(&id, &c, 1).unwrap();
        let taken = w.sit("editor-b").take_over(&id).unwrap();
        if odd == "past" {
            assert_eq!(taken.kept_from, Some(w.id("editor")));
            let revision = w.p.desk.revisions(&id).unwrap().pop().unwrap();
            assert_eq!(
                (revision.author, revision.saved_by),
                (w.id("editor"), w.id("editor-b"))
            );
            assert_eq!(w.p.desk.content(&id, None).unwrap().text, c.text);
        } else {
            assert_eq!(taken.kept_from, None);
            assert_eq!(
                w.sit("editor").autosaved(&id).unwrap().unwrap().0.text,
                c.text
            );
        }
    }
}

/// Design §2.6: text that cannot be saved is kept all the same.
#[test]
fn a_save_that_fails_keeps_the_text() {
    let mut w = World::new();
    let id = w.draft("editor", "题", "prov-news");
    let mut c = w.sit("editor").content(&id, None).unwrap();
    c.text = "不能丢的话。".to_owned();
    c.fields.written_on = "昨天".to_owned();
    assert_eq!(rule(w.p.desk.revise(&id, c.clone(), 1)), "error-field-date");
    assert_eq!(w.p.desk.autosaved(&id).unwrap().unwrap().0.text, c.text);
}

/// "Given a reviewer's lock set during review, when a reviewer without unlock right tries, then refused; superuser
/// may". Superuser: whoever selects.
#[test]
fn a_reviewers_lock() {
    let mut w = World::new();
    let id = w.submitted("题");
    w.sit("first").claim(&id).unwrap();
    assert_eq!(rule(w.sit("second").take_over(&id)), "right.missing");
    w.sit("editor-b").take_over(&id).unwrap();
}

/// "Given an approved item, when anyone edits, then read-only; '解锁编辑' returns it to review and is logged".
/// Design: unlocking ends the run; the item is with the editors (退回), and its review begins anew.
#[test]
fn signed_off_text_is_frozen_until_unlocked() {
    let mut w = World::new();
    let id = w.signed_off("题");
    for who in ["editor", "editor-b", "first"] {
        let c = w.sit(who).content(&id, None).unwrap();
        let mut changed = c;
        changed.text.push('。');
        assert_eq!(rule(w.p.desk.revise(&id, changed, 1)), "item.signed-locked");
        assert_eq!(rule(w.p.desk.claim(&id)), "item.signed-locked");
    }
    assert_eq!(
        rule(w.sit("signer").unlock(&id, &Note::none())),
        "item.reason"
    );
    w.sit("signer").unlock(&id, &note()).unwrap();
    assert_eq!(w.state(&id), "returned");
    assert_eq!(kinds(&mut w, &id).last().unwrap(), "item.unlock");
    w.sit("editor").submit(&id, Seen::default()).unwrap();
    assert_eq!(waiting(&mut w, &id), Some(0));
}

/// "Given it sits in an approved bundle, then it cannot be unlocked until the bundle goes back to draft/preview"
#[test]
fn a_timed_bundle_locks_its_members() {
    let mut w = World::new();
    let id = w.signed_off("题");
    let bundle = bundle(&mut w, &[&id]);
    let at = w.clock.get() + DAY;
    w.sit("signer").bundle_schedule(&bundle, at, None).unwrap();
    assert_eq!(rule(w.p.desk.unlock(&id, &note())), "bundle.locked");
    assert_eq!(rule(w.p.desk.bundle_remove(&bundle, &id)), "bundle.state");
    w.p.desk.bundle_unschedule(&bundle).unwrap();
    w.p.desk.unlock(&id, &note()).unwrap();
}

/// "Given a scheduled item, then nobody can edit it; the message shows the time"
#[test]
fn a_scheduled_item_is_locked_and_says_until_when() {
    let mut w = World::new();
    let at = w.clock.get() + DAY; // 2026-03-04 09:00 in China
    let id = w.scheduled("题", at);
    let mut c = w.sit("editor").content(&id, None).unwrap();
    c.text.push('。');
    let error = w.p.desk.revise(&id, c, 1).unwrap_err();
    assert_eq!(error.code(), "item.scheduled-locked");
    assert!(
        error.message().contains("2026-03-04 09:00"),
        "{}",
        error.message()
    );
}

/// "Given an idle session, then others see 'idle', and dead sessions are swept"
#[test]
fn idle_and_dead_sessions() {
    let mut w = World::new();
    let id = w.draft("editor", "题", "prov-news");
    let mut a = w.other_desk("editor");
    a.claim(&id).unwrap();
    let mut text = a.content(&id, None).unwrap();
    text.text = "还没存的话。".to_owned();
    a.autosave(&id, &text, 1).unwrap();
    let look = |w: &mut World| w.sit("editor-b").show(&id).unwrap().claim.unwrap().liveness;
    assert_eq!(look(&mut w), Liveness::Active);
    w.clock.pass(11 * 60 * SECOND);
    a.still_here(false).unwrap();
    assert_eq!(look(&mut w), Liveness::Idle);
    assert_eq!(rule(w.p.desk.claim(&id)), "claim.held");
    // Its process dies: no sign of life, no such process.
    w.p.desk
        .store()
        .conn()
        .execute(
            "UPDATE sessions SET pid = 4194305 WHERE session = ?1",
            [a.session()],
        )
        .unwrap();
    w.clock.pass(3 * 60 * SECOND);
    assert_eq!(look(&mut w), Liveness::Dead);
    // A proofreader may not sweep another's; an editor may, and the text becomes a version in the other's name.
    assert_eq!(rule(w.sit("proofreader").claim(&id)), "claim.held");
    w.sit("editor-b").claim(&id).unwrap();
    let revision = w.p.desk.revisions(&id).unwrap().pop().unwrap();
    assert_eq!(
        (revision.author, revision.why.as_str()),
        (w.id("editor"), "takeover")
    );
    assert_eq!(w.p.desk.content(&id, None).unwrap().text, text.text);
}

/// "Given no permission on an item, when asking who edits it, then 'not found'"
#[test]
fn who_edits_is_not_told_to_strangers() {
    let mut w = World::new();
    let id = w.draft("editor", "题", "prov-news");
    w.sit("editor").claim(&id).unwrap();
    for who in ["east-editor", "writer", "ops", "sysadmin", "norole"] {
        assert_eq!(rule(w.sit(who).show(&id)), "item.unknown");
        assert_eq!(rule(w.sit(who).claim(&id)), "item.unknown");
    }
}

/// "Given the live text changed after my draft began, when publishing the draft, then a mismatch error with the
/// current hash". Saving tells the present revision, deciding asks again.
#[test]
fn a_stale_save_and_a_stale_decision() {
    let mut w = World::new();
    let id = w.submitted("题");
    let mut mine = w.sit("editor").content(&id, None).unwrap();
    let looked = w.sit("first").show(&id).unwrap().fingerprint;
    write_on(&mut w, "editor-b", &id);
    mine.text.push_str("\n我的一段。");
    let error = w.sit("editor").revise(&id, mine.clone(), 1).unwrap_err();
    assert!(matches!(error, DeskError::Conflict { now: 2 }), "{error}");
    assert!(error.message().contains('2'));
    assert_eq!(w.p.desk.autosaved(&id).unwrap().unwrap().0.text, mine.text);
    assert_eq!(
        rule(w.sit("first").approve(&id, Seen(Some(looked)), &note())),
        "review.fingerprint"
    );
    w.pass(&id, 1);
}

/// "Given an item edited in bundle X, when opened for edit in bundle Y or live, then refused naming X; after X is
/// published, allowed"
#[test]
fn an_item_is_in_one_bundle_at_a_time() {
    let mut w = World::new();
    let id = w.signed_off("题");
    let x = bundle(&mut w, &[&id]);
    let y = bundle(&mut w, &[]);
    let Err(DeskError::Refused(refusal)) = w.p.desk.bundle_add(&y, &id) else {
        panic!()
    };
    assert_eq!((refusal.rule, &refusal.args[0].1), ("bundle.member", &x));
    assert_eq!(rule(w.p.desk.publish(&id, seen())), "bundle.member");
    w.p.desk.bundle_publish(&x, None).unwrap();
    w.p.desk.correct(&id, &note()).unwrap();
    w.p.desk.bundle_add(&y, &id).unwrap();
}

/// "Given a working copy, when it is deleted, then the original is unlocked; cancelling *on the original* must not
/// delete the original"
#[test]
fn a_dropped_correction_leaves_the_original() {
    let mut w = World::new();
    let id = w.published("题");
    let live = w.sit("office").content(&id, None).unwrap();
    assert_eq!(rule(w.sit("editor").discard(&id)), "state.invalid");
    w.sit("editor-b").correct(&id, &note()).unwrap();
    let mut c = w.p.desk.content(&id, None).unwrap();
    c.shape.columns = vec!["east-news".to_owned()];
    c.fields.title = "又一题".to_owned();
    w.p.desk.revise(&id, c, 1).unwrap();
    w.p.desk.claim(&id).unwrap();
    w.p.desk.discard(&id).unwrap();
    let view = w.p.desk.show(&id).unwrap();
    assert_eq!(
        (
            view.line.state.code(),
            view.line.title.as_str(),
            view.line.site.as_str()
        ),
        ("published", "题", "prov")
    );
    assert!(view.claim.is_none());
    assert_eq!(w.p.desk.content(&id, None).unwrap().text, live.text);
    assert_eq!(rule(w.sit("editor").discard(&id)), "state.invalid");
    assert!(w.p.desk.store_mut().rebuild(|_| true).unwrap().is_none());
}

/// What the dropped correction was is forgotten in full, the length of its text included.
#[test]
fn a_dropped_empty_correction_can_be_begun_again() {
    let mut w = World::new();
    let id = w.published("题");
    w.sit("editor-b").correct(&id, &note()).unwrap();
    let mut c = w.p.desk.content(&id, None).unwrap();
    c.text.clear();
    w.p.desk.revise(&id, c, 1).unwrap();
    assert_eq!(rule(w.p.desk.submit(&id, Seen::default())), "item.no-text");
    w.p.desk.discard(&id).unwrap();
    w.p.desk.correct(&id, &note()).unwrap();
    w.p.desk.submit(&id, Seen::default()).unwrap();
    w.verify().unwrap();
    assert!(w.p.desk.store_mut().rebuild(|_| true).unwrap().is_none());
}

/// Columns merge while a correction is under way (A5.9: links keep a destination): dropping it comes back
/// to where the live text has moved.
#[test]
fn a_dropped_correction_follows_a_merged_column() {
    let mut w = World::new();
    let id = w.published("题");
    w.sit("editor-b").correct(&id, &note()).unwrap();
    w.sit("office")
        .column_merge("prov-news", "prov-notice", &note())
        .unwrap();
    w.sit("editor-b").discard(&id).unwrap();
    assert_eq!(w.p.desk.show(&id).unwrap().line.column, "prov-notice");
    assert!(w.p.desk.store_mut().rebuild(|_| true).unwrap().is_none());
}

/// "Given a working copy checked in, then publish/expiry dates of the original are unchanged"
#[test]
fn a_correction_keeps_the_originals_dates() {
    let mut w = World::new();
    let id = w.published("题");
    let end = w.clock.get() + 90 * DAY;
    w.sit("signer")
        .schedule(&id, None, Some(end), ZONE)
        .unwrap();
    let first = row(&w, &id).first_live_at;
    w.clock.pass(DAY);
    w.sit("editor-b").correct(&id, &note()).unwrap();
    write_on(&mut w, "editor-b", &id);
    w.sit("editor-b").submit(&id, Seen::default()).unwrap();
    w.pass(&id, 4);
    w.sit("signer").publish(&id, seen()).unwrap();
    let after = row(&w, &id);
    assert_eq!(
        (
            after.facts.state.code(),
            after.facts.expire,
            after.first_live_at
        ),
        ("corrected", Some(end), first)
    );
}

// -- scheduling -----------------------------------------------------------------------------------

/// "Given a due approved version, when tick, then live; schedule cleared; first-published set"
/// "Given a tick publishes, then actor = system/scheduler and the line of the scheduling person is linked"
/// "Given a scheduled publish, then a version entry says '按计划发布，计划时间 …'"
#[test]
fn a_due_item_goes_live_by_the_runner() {
    let mut w = World::new();
    let at = w.clock.get() + HOUR;
    let id = w.scheduled("题", at);
    let set = w.head();
    w.clock.pass(2 * HOUR);
    assert_eq!(w.sit("runner").due().unwrap().len(), 1);
    w.p.desk.publish_due(&id).unwrap();
    let row = row(&w, &id);
    assert_eq!(
        (row.facts.state.code(), row.facts.due, row.first_live_at),
        ("published", None, Some(w.clock.get()))
    );
    assert!(w.p.desk.due().unwrap().is_empty());
    let (actor, cause, by): (String, String, u64) =
        w.p.desk
            .store()
            .conn()
            .query_row("SELECT actor, cause, due_by FROM publications", [], |r| {
                Ok((r.get(0)?, r.get(1)?, r.get::<_, i64>(2)? as u64))
            })
            .unwrap();
    assert_eq!(
        (actor, cause.as_str(), by),
        (w.id("runner"), "schedule", set)
    );
    let history = w.sit("office").history(&id).unwrap();
    assert_eq!(
        history.last().unwrap().detail,
        [("cause", "schedule".to_owned())]
    );
    let planned = history.iter().find(|l| l.seq == set).unwrap();
    assert_eq!(planned.detail, [("publish-at", at.to_string())]);
}

/// "Given a future time, when tick, then nothing; same for expiry"
#[test]
fn nothing_happens_before_its_time() {
    let mut w = World::new();
    let at = w.clock.get() + HOUR;
    let id = w.scheduled("题", at);
    let live = w.published("又一题");
    w.sit("signer")
        .schedule(&live, None, Some(at), ZONE)
        .unwrap();
    w.clock.set(at - 1);
    unchanged(&mut w, |w| {
        assert!(w.sit("runner").due().unwrap().is_empty());
        assert_eq!(rule(w.p.desk.publish_due(&id)), "publish.not-due");
        assert_eq!(rule(w.p.desk.expire(&live)), "publish.not-due");
    });
    w.clock.set(at);
    w.p.desk.publish_due(&id).unwrap();
    w.p.desk.expire(&live).unwrap();
    assert_eq!(w.state(&live), "expired");
    assert_eq!(rule(w.p.desk.expire(&live)), "publish.not-due");
}

/// "Given a schedule, when cancelled, then one log line with the planned time; the live version is untouched; no
/// right → refused". "Given a descheduled item, then state returns to editing and nothing is queued": by design
/// it is signed off again, frozen until somebody unlocks it.
#[test]
fn a_cancelled_schedule() {
    let mut w = World::new();
    let at = w.clock.get() + HOUR;
    let id = w.scheduled("题", at);
    for who in ["editor", "first", "office", "auditor"] {
        assert_eq!(rule(w.sit(who).unschedule(&id)), "right.missing");
    }
    w.sit("head").unschedule(&id).unwrap();
    assert_eq!((w.state(&id), row(&w, &id).facts.due), ("signed-off", None));
    assert_eq!(
        kinds(&mut w, &id)
            .iter()
            .filter(|k| *k == "item.unschedule")
            .count(),
        1
    );
    w.clock.pass(DAY);
    assert!(w.sit("runner").due().unwrap().is_empty());
    assert_eq!(rule(w.p.desk.publish_due(&id)), "publish.not-due");
}

/// "Given expiry ≤ publish time, or expiry mandatory and absent, then refused"
#[test]
fn expiry_comes_after_publication() {
    let mut w = World::new();
    let id = w.signed_off("题");
    let at = w.clock.get() + DAY;
    assert_eq!(
        rule(w.sit("signer").schedule(&id, Some(at), Some(at), ZONE)),
        "schedule.expiry"
    );
    let other = w.submitted("又一题");
    w.pass(&other, 3);
    let when = |publish_at, expire_at| When {
        publish_at,
        expire_at,
        hold: true,
    };
    assert_eq!(
        rule(
            w.sit("signer")
                .sign_off(&other, seen(), when(Some(at), Some(at - 1)), &note())
        ),
        "schedule.expiry"
    );
    let past = w.clock.get() - 1;
    assert_eq!(
        rule(
            w.p.desk
                .sign_off(&other, seen(), when(None, Some(past)), &note())
        ),
        "schedule.past"
    );
    // Set in time and passed since: it does not go up to come down in the same breath, it stays due.
    w.p.desk
        .sign_off(&other, seen(), when(None, Some(at)), &note())
        .unwrap();
    w.p.desk
        .schedule(&id, Some(at), Some(at + HOUR), ZONE)
        .unwrap();
    w.clock.set(at + 2 * HOUR);
    assert_eq!(rule(w.p.desk.publish(&other, seen())), "schedule.expiry");
    assert_eq!(rule(w.sit("runner").publish_due(&id)), "schedule.expiry");
    assert_eq!(w.p.desk.due().unwrap().len(), 1);
}

/// "Given a reader without access, when tick publishes by system right, then the reader still has none"
#[test]
fn publication_gives_no_access_to_the_house() {
    let mut w = World::new();
    let at = w.clock.get() + HOUR;
    let id = w.scheduled("题", at);
    w.clock.pass(HOUR);
    w.sit("runner").publish_due(&id).unwrap();
    for who in ["east-editor", "writer", "ops", "runner"] {
        assert_eq!(rule(w.sit(who).show(&id)), "item.unknown", "{who}");
        assert!(
            w.p.desk
                .list(&Filter::default(), None, 10)
                .unwrap()
                .is_empty(),
            "{who}"
        );
    }
}

/// "Given the machine was off at the due time, when the program starts, then the item is listed as 逾期 and published
/// or held by policy – never lost". "Given a scheduled item was missed, then someone is told"
#[test]
fn a_missed_time_is_late_and_not_lost() {
    let mut w = World::new();
    let at = w.clock.get() + HOUR;
    let id = w.scheduled("题", at);
    w.clock.pass(40 * DAY);
    let overview = w.sit("signer").overview().unwrap();
    assert_eq!(
        overview
            .late
            .iter()
            .map(|d| d.id.as_str())
            .collect::<Vec<_>>(),
        [id.as_str()]
    );
    assert!(overview.scheduled && !overview.runner_alive);
    w.sit("runner").runner_ticks("r1", 60 * SECOND).unwrap();
    w.p.desk.publish_due(&id).unwrap();
    let overview = w.sit("signer").overview().unwrap();
    assert!(overview.late.is_empty() && overview.runner_alive);
}

/// "Given item with embargo, when a schedule is added, then refused; embargo after publication refused; copies do not
/// inherit either". Design §8: a date before the embargo is refused, one after it is not; the embargo is asked
/// again at the due instant.
#[test]
fn an_embargo_is_not_overtaken() {
    let mut w = World::new();
    let until = w.clock.get() + 2 * DAY;
    let mut c = content("题", "prov-news");
    c.shape.embargo = Some(until);
    let id = w.sit("editor").create(c).unwrap().id;
    w.p.desk.submit(&id, Seen::default()).unwrap();
    w.pass(&id, 3);
    let early = When {
        publish_at: Some(until - 1),
        ..When::default()
    };
    assert_eq!(
        rule(w.sit("signer").sign_off(&id, seen(), early, &note())),
        "schedule.embargo"
    );
    w.pass_step(&id, 3);
    assert_eq!(
        rule(w.sit("signer").publish(&id, seen())),
        "schedule.embargo"
    );
    assert_eq!(
        rule(w.p.desk.schedule(&id, Some(until - 1), None, ZONE)),
        "schedule.embargo"
    );
    w.p.desk.schedule(&id, Some(until), None, ZONE).unwrap();
    w.clock.set(until);
    w.sit("runner").publish_due(&id).unwrap();
    let mut c = w.sit("editor").content(&id, None).unwrap();
    c.shape.embargo = Some(until + DAY);
    assert_eq!(rule(w.p.desk.revise(&id, c, 1)), "item.live-locked");
}

/// "Given an empty bundle, then it is not marked published"
#[test]
fn an_empty_bundle_is_not_published() {
    let mut w = World::new();
    let bundle = bundle(&mut w, &[]);
    let at = w.clock.get() + HOUR;
    assert_eq!(rule(w.p.desk.bundle_publish(&bundle, None)), "bundle.empty");
    assert_eq!(
        rule(w.p.desk.bundle_schedule(&bundle, at, None)),
        "bundle.empty"
    );
    assert_eq!(w.p.desk.bundles().unwrap()[0].state.code(), "open");
}

/// "Given one page of a bundle fails, then bundle is FAILED/PARTIAL and the notice is not green". Several items live
/// together or not at all: nothing is partial. The bundle stays due, the failure is an entry.
/// "Given a publish fails, then the failure and its reason are logged too"
#[test]
fn a_bundle_fails_as_a_whole_and_stays_due() {
    let mut w = World::new();
    let (a, b) = (w.signed_off("甲"), w.draft("editor", "乙", "east-news"));
    w.sit("editor").submit(&b, Seen::default()).unwrap();
    w.pass(&b, 4);
    let bundle = bundle(&mut w, &[&a, &b]);
    let at = w.clock.get() + HOUR;
    w.sit("signer").bundle_schedule(&bundle, at, None).unwrap();
    w.sit("office")
        .route_set("east", Some(Route::standard()))
        .unwrap(); // holds b
    w.clock.set(at);
    let error = w.sit("runner").bundle_publish_due(&bundle).unwrap_err();
    assert_eq!(error.code(), "publish.gate");
    assert!(error.message().contains(&b), "{}", error.message());
    assert_eq!((w.state(&a), w.state(&b)), ("signed-off", "signed-off"));
    assert!(
        w.sit("runner")
            .publish_failed(&bundle, &error)
            .unwrap()
            .is_some()
    );
    assert!(
        w.p.desk.publish_failed(&bundle, &error).unwrap().is_none(),
        "one cause is told once"
    );
    let line = w.sit("auditor").journal(None, 1).unwrap().remove(0);
    assert_eq!(
        (line.kind.as_str(), line.detail),
        ("publish.failed", vec![("why", "publish.gate".to_owned())])
    );
    assert_eq!(w.sit("runner").due().unwrap().len(), 1);
    // A held route is put right by taking the item out and reviewing it again; the others can go.
    w.sit("signer").bundle_unschedule(&bundle).unwrap();
    w.p.desk.bundle_remove(&bundle, &b).unwrap();
    w.p.desk.bundle_publish(&bundle, None).unwrap();
    assert_eq!(w.state(&a), "published");
}

/// "Given a bundle scheduled in future, when published by hand, then refused; after the time has passed, allowed"
#[test]
fn a_timed_bundle_by_hand() {
    let mut w = World::new();
    let (a, b) = (w.signed_off("甲"), w.signed_off("乙"));
    let bundle = bundle(&mut w, &[&a, &b]);
    let at = w.clock.get() + HOUR;
    w.sit("signer").bundle_schedule(&bundle, at, None).unwrap();
    assert_eq!(
        rule(w.p.desk.bundle_publish(&bundle, None)),
        "publish.early"
    );
    assert_eq!(
        rule(w.sit("runner").bundle_publish_due(&bundle)),
        "publish.not-due"
    );
    w.clock.set(at);
    w.sit("signer").bundle_publish(&bundle, None).unwrap();
    let seqs: Vec<i64> =
        w.p.desk
            .store()
            .conn()
            .prepare("SELECT seq FROM publications")
            .unwrap()
            .query_map([], |r| r.get(0))
            .unwrap()
            .collect::<rusqlite::Result<_>>()
            .unwrap();
    assert!(
        seqs.len() == 2 && seqs[0] == seqs[1],
        "one entry made both live: {seqs:?}"
    );
}

/// "Given an item in a bundle, when a page-level schedule or expiry is set, then refused; scheduled items are not
/// offered to bundles"
#[test]
fn items_in_bundles_have_no_times_of_their_own() {
    let mut w = World::new();
    let id = w.signed_off("甲");
    let x = bundle(&mut w, &[&id]);
    let at = w.clock.get() + HOUR;
    assert_eq!(
        rule(w.p.desk.schedule(&id, Some(at), None, ZONE)),
        "bundle.member"
    );
    let reviewed = w.submitted("乙");
    w.sit("signer").bundle_add(&x, &reviewed).unwrap();
    w.pass(&reviewed, 3);
    let when = When {
        publish_at: Some(at),
        ..When::default()
    };
    assert_eq!(
        rule(w.sit("signer").sign_off(&reviewed, seen(), when, &note())),
        "bundle.member"
    );
    let timed = w.scheduled("丙", at);
    assert_eq!(
        rule(w.sit("signer").bundle_add(&x, &timed)),
        "bundle.item-state"
    );
}

/// "Given a release already published, when published again/edited/deleted, then '已发布' refusal"
/// "Given a bundle ready to publish, when deleted by link or request, then refused"
#[test]
fn a_published_or_timed_bundle_is_not_touched() {
    let mut w = World::new();
    let id = w.signed_off("甲");
    let other = w.signed_off("乙");
    let x = bundle(&mut w, &[&id]);
    let at = w.clock.get() + HOUR;
    w.sit("signer").bundle_schedule(&x, at, None).unwrap();
    assert_eq!(rule(w.p.desk.bundle_discard(&x)), "bundle.state");
    assert_eq!(rule(w.p.desk.bundle_add(&x, &other)), "bundle.state");
    w.p.desk.bundle_unschedule(&x).unwrap();
    w.p.desk.bundle_publish(&x, None).unwrap();
    for error in [
        w.p.desk.bundle_publish(&x, None).unwrap_err(),
        w.p.desk.bundle_discard(&x).unwrap_err(),
        w.p.desk.bundle_add(&x, &other).unwrap_err(),
        w.p.desk.bundle_remove(&x, &id).unwrap_err(),
        w.p.desk.bundle_schedule(&x, at, None).unwrap_err(),
    ] {
        assert_eq!(error.code(), "bundle.state");
        assert!(error.message().contains("已发布"), "{}", error.message());
    }
}

/// "Given a parent with a changed attachment, when published, then both go together; the same element requested twice
/// is published once"
#[test]
fn attachments_go_with_the_item() {
    let mut w = World::new();
    let id = w.published("题");
    w.sit("editor-b").correct(&id, &note()).unwrap();
    w.p.desk
        .attach(&id, "新附件.txt", "", b"new".to_vec())
        .unwrap();
    w.p.desk.submit(&id, Seen::default()).unwrap();
    w.pass(&id, 4);
    assert_eq!(
        row(&w, &id).live_revision,
        Some(1),
        "not before it is published"
    );
    w.sit("signer").publish(&id, seen()).unwrap();
    let live = row(&w, &id).live_revision;
    assert_eq!(w.p.desk.content(&id, live).unwrap().attachments.len(), 2);
    let fresh = w.signed_off("又一题");
    let x = bundle(&mut w, &[&fresh]);
    assert_eq!(rule(w.p.desk.bundle_add(&x, &fresh)), "bundle.member");
}

/// "Given dry run, then the list of what would go live/down is printed and nothing changes"
#[test]
fn a_dry_run_changes_nothing() {
    let mut w = World::new();
    let at = w.clock.get() + HOUR;
    let good = w.scheduled("甲", at);
    let held = w.scheduled("乙", at);
    w.sit("signer").unlock(&held, &note()).unwrap();
    w.clock.set(at);
    unchanged(&mut w, |w| {
        assert_eq!(w.sit("runner").due().unwrap().len(), 1);
        w.p.desk.may_publish_due(&good).unwrap();
        assert_eq!(rule(w.p.desk.may_publish_due(&held)), "state.invalid");
    });
}

// -- withdrawal, correction, deletion --------------------------------------------------------------

/// "Given a live item, when killed with reason, then withdrawn, body replaced by the notice, every receiving site
/// informed incl. inactive ones, schedule+embargo cleared"
#[test]
fn a_withdrawal_takes_it_off_every_site() {
    let mut w = World::new();
    let mut c = content("题", "prov-news");
    c.shape.columns.push("east-news".to_owned());
    let id = w.sit("editor").create(c).unwrap().id;
    w.p.desk.submit(&id, Seen::default()).unwrap();
    w.pass(&id, 4);
    w.sit("signer").publish(&id, seen()).unwrap();
    let end = w.clock.get() + DAY;
    w.p.desk.schedule(&id, None, Some(end), ZONE).unwrap();
    assert_eq!(
        rule(w.p.desk.withdraw(&id, WithdrawGround::Other, &Note::none())),
        "item.reason"
    );
    w.p.desk
        .withdraw(&id, WithdrawGround::Other, &note())
        .unwrap();
    let row = row(&w, &id);
    assert_eq!(
        (
            row.facts.state.code(),
            row.facts.live,
            row.facts.expire,
            row.facts.due
        ),
        ("withdrawn", None, None, None)
    );
    let left: i64 =
        w.p.desk
            .store()
            .conn()
            .query_row("SELECT count(*) FROM live_columns", [], |r| r.get(0))
            .unwrap();
    assert_eq!(left, 0);
    let rows = w
        .sit("office")
        .publication_rows(&LogFilter::default())
        .unwrap();
    let last = rows.last().unwrap();
    assert!(
        last.column.contains("东江税讯") && last.cause.as_deref() == Some("说明。"),
        "{last:?}"
    );
    // And it is the end of it.
    for who in ["editor", "signer", "head", "office"] {
        let view = w.sit(who).show(&id).unwrap();
        for act in [
            "restore", "publish", "schedule", "correct", "submit", "claim", "discard",
        ] {
            assert!(!view.offers(act), "{who} {act}");
        }
    }
}

/// "Given it is inside a live package/list, when killed, then refused until removed (or the list is killed)". Here a
/// correction in a timed bundle: the bundle's time is taken away first. A bundle that is out is history.
#[test]
fn what_a_timed_bundle_holds_is_not_withdrawn() {
    let mut w = World::new();
    let id = w.published("题");
    w.sit("editor-b").correct(&id, &note()).unwrap();
    write_on(&mut w, "editor-b", &id);
    w.p.desk.submit(&id, Seen::default()).unwrap();
    let x = bundle(&mut w, &[&id]);
    w.pass(&id, 4);
    let at = w.clock.get() + HOUR;
    w.sit("signer").bundle_schedule(&x, at, None).unwrap();
    assert_eq!(
        rule(w.p.desk.withdraw(&id, WithdrawGround::Other, &note())),
        "bundle.locked"
    );
    w.p.desk.bundle_unschedule(&x).unwrap();
    w.p.desk
        .withdraw(&id, WithdrawGround::Other, &note())
        .unwrap();
}

/// "Given a correction is already out, when a correction on the older version is sent, then refused"
#[test]
fn a_correction_names_the_version_it_corrects() {
    let mut w = World::new();
    let id = w.published("题");
    let old = row(&w, &id).facts.live.unwrap();
    w.sit("editor-b").correct(&id, &note()).unwrap();
    assert_eq!(rule(w.sit("editor").correct(&id, &note())), "state.invalid");
    write_on(&mut w, "editor-b", &id);
    w.sit("editor-b").submit(&id, Seen::default()).unwrap();
    w.pass(&id, 4);
    w.sit("signer").publish(&id, seen()).unwrap();
    let act = Act::ItemCorrect(Correct { fingerprint: old });
    assert_eq!(
        rule(w.raw(
            "editor",
            Some((&id, None)),
            &act,
            &[(qianfa::rules::act::BodyRole::Note, "改")]
        )),
        "review.fingerprint"
    );
}

/// "Given a draft, when spiked, then out of all queues, lock released, restorable to the same or another desk; a
/// published item cannot be spiked"
#[test]
fn a_discarded_draft() {
    let mut w = World::new();
    let id = w.draft("editor", "题", "prov-news");
    w.sit("editor").claim(&id).unwrap();
    w.p.desk.discard(&id).unwrap();
    assert_eq!(
        (w.state(&id), row(&w, &id).facts.claim),
        ("discarded", None)
    );
    assert!(w.p.desk.overview().unwrap().drafts.is_empty());
    assert_eq!(rule(w.p.desk.claim(&id)), "state.invalid");
    w.sit("editor-b").restore(&id).unwrap();
    assert_eq!(w.state(&id), "draft");
    let live = w.published("又一题");
    assert_eq!(rule(w.sit("head").discard(&live)), "state.invalid");
}

// -- audit ----------------------------------------------------------------------------------------

/// "Given start/approve/reject/resume/cancel, then one line each with actor, item, version, step, next step, comment"
#[test]
fn one_line_for_each_decision() {
    let mut w = World::new();
    let id = w.submitted("题");
    w.sit("first")
        .approve(&id, seen(), &Note::of("拟同意。"))
        .unwrap();
    w.sit("second")
        .send_back(&id, seen(), &Note::of("数字有误。"))
        .unwrap();
    w.sit("editor").submit(&id, Seen::default()).unwrap();
    w.sit("editor").recall(&id).unwrap();
    let history = w.sit("office").history(&id).unwrap();
    let told: Vec<_> = history
        .iter()
        .map(|l| {
            (
                l.kind.as_str(),
                l.note.as_deref(),
                l.detail.first().map(|d| d.1.as_str()),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("item.new", None, None),
            ("item.submit", None, None),
            ("item.approve", Some("拟同意。"), Some("0")),
            ("item.return", Some("数字有误。"), Some("1")),
            ("item.submit", None, None),
            ("item.recall", None, None),
        ]
    );
    let who: Vec<_> = history.iter().map(|l| l.actor.clone()).collect();
    assert_eq!(
        who,
        ["editor", "editor", "first", "second", "editor", "editor"].map(|p| w.id(p))
    );
}

/// "Given publication caused by an approval, then the approver is the publisher in the log"
#[test]
fn who_signs_off_what_is_wanted_now_publishes_it() {
    let mut w = World::new();
    let mut c = content("题", "prov-news");
    c.shape.go_live = Some(w.clock.get() - HOUR);
    let id = w.sit("editor").create(c).unwrap().id;
    w.p.desk.submit(&id, Seen::default()).unwrap();
    w.pass(&id, 3);
    let done = w
        .sit("signer")
        .sign_off(&id, seen(), When::default(), &note())
        .unwrap();
    assert_eq!(done.published, Some(done.seq + 1));
    let rows = w
        .sit("office")
        .publication_rows(&LogFilter::default())
        .unwrap();
    assert_eq!(
        (rows[0].publisher.as_str(), rows[0].signer.as_deref()),
        ("终审签发", Some("终审签发"))
    );
    assert_eq!(
        (
            rows[0].author.as_str(),
            rows[0].confidentiality_reviewer.as_deref()
        ),
        ("编辑甲", Some("保密审查员"))
    );
    assert_eq!(rows[0].reviewers, ["初审", "复审"]);
}

/// "Given a user is deleted, then old lines show '用户 17（已删除）' and never another person"
#[test]
fn one_who_left_keeps_his_lines() {
    let mut w = World::new();
    let id = w.draft("editor-b", "题", "prov-news");
    let him = w.id("editor-b");
    w.sit("security").person_leave("editor-b").unwrap();
    assert_eq!(w.sit("office").history(&id).unwrap()[0].actor, him);
    assert_eq!(w.p.desk.person_name(&him).unwrap(), "编辑乙（已离岗）");
    let again = qianfa::desk::people::NewPerson {
        login: "editor-b".to_owned(),
        name: "新来的".to_owned(),
        affiliation: qianfa::rules::role::Affiliation::Office,
        bureau: "office".to_owned(),
        contract_until: None,
    };
    assert_eq!(rule(w.p.desk.person_add(&again)), "person.exists");
    // What he had under way is not decided by his absence, and his key signs nothing more.
    assert!(w.sit("editor-b").submit(&id, Seen::default()).is_err());
    assert!(w.p.desk.journal(None, 100).unwrap().is_empty());
}

/// "Given code logs an unknown action name, then refused"
#[test]
fn unknown_kinds_do_not_get_in() {
    assert!(Act::parse("item.approve-quietly", "{}").unwrap().is_none());
    assert!(Act::parse("item.recall", r#"{"quietly":true}"#).is_err());
}

/// "Given previews of an unpublished item, then who/when is logged, repeated views within the cool-down once, per user
/// and per mode"
#[test]
fn previews_are_on_record() {
    let mut w = World::new();
    let id = w.submitted("题");
    let views = |w: &mut World| kinds(w, &id).iter().filter(|k| *k == "item.viewed").count();
    for _ in 0..3 {
        w.sit("leader").preview(&id, ViewMode::Preview).unwrap();
    }
    assert_eq!(views(&mut w), 1);
    w.sit("leader").preview(&id, ViewMode::Copy).unwrap();
    w.sit("auditor").preview(&id, ViewMode::Preview).unwrap();
    assert_eq!(views(&mut w), 3);
    w.clock.pass(11 * 60 * SECOND);
    w.sit("leader").preview(&id, ViewMode::Preview).unwrap();
    assert_eq!(views(&mut w), 4);
    let live = w.published("又一题");
    w.sit("leader").preview(&live, ViewMode::Preview).unwrap();
    assert!(
        !kinds(&mut w, &live).contains(&"item.viewed".to_owned()),
        "what is out may be read"
    );
}

/// "Given lock and unlock, then both in history"
#[test]
fn claims_are_in_the_history() {
    let mut w = World::new();
    let id = w.draft("editor", "题", "prov-news");
    let desk = w.sit("editor");
    desk.claim(&id).unwrap();
    desk.release_claim(&id).unwrap();
    assert_eq!(
        kinds(&mut w, &id),
        ["item.new", "item.claim", "item.release"]
    );
}

// -- secondary views, queues ------------------------------------------------------------------------

/// "Given no edit right, when opening history / compare / preview / revision by number, then refused" and "Given search,
/// lists, pickers, counts, exports, dashboards, then items above my clearance do not appear": `matrix.rs`.
/// "Given a viewer of one bundle, when opening another bundle's page or a tampered link, then refused"
#[test]
fn bundles_of_what_one_does_not_see_are_unknown() {
    let mut w = World::new();
    let until = w.clock.get() + 90 * DAY;
    w.grant("east-first", Role::Signer, "east", until);
    let (mine, theirs) = (w.draft("editor", "甲", "east-news"), w.signed_off("乙"));
    w.sit("editor").submit(&mine, Seen::default()).unwrap();
    w.pass(&mine, 4);
    let x = bundle(&mut w, &[&mine]);
    let y = bundle(&mut w, &[&theirs]);
    let at = w.clock.get() + HOUR;
    let desk = w.sit("east-first");
    assert_eq!(
        desk.bundles()
            .unwrap()
            .iter()
            .map(|b| b.id.clone())
            .collect::<Vec<_>>(),
        std::slice::from_ref(&x)
    );
    assert_eq!(rule(desk.bundle_schedule(&y, at, None)), "bundle.unknown");
    assert_eq!(rule(desk.bundle_add(&x, &theirs)), "item.unknown");
    assert_eq!(rule(desk.bundle_discard(&y)), "bundle.unknown");
    desk.bundle_schedule(&x, at, None).unwrap();
}

/// "Given a push to another site, then it arrives there as *pending* under that site's review". Design §8: an item with
/// targets on two sites is decided by those who hold the step's role over both.
#[test]
fn targets_on_two_sites_need_the_role_over_both() {
    let mut w = World::new();
    let mut c = content("题", "east-news");
    c.shape.columns.push("prov-news".to_owned());
    let id = w.sit("editor").create(c).unwrap().id;
    w.p.desk.submit(&id, Seen::default()).unwrap();
    assert!(w.sit("east-first").queue(false, 10).unwrap().is_empty());
    assert!(!w.p.desk.show(&id).unwrap().offers("approve"));
    assert_eq!(
        rule(w.p.desk.approve(&id, seen(), &note())),
        "right.missing"
    );
    assert_eq!(w.sit("first").queue(false, 10).unwrap().len(), 1);
    w.pass(&id, 1);
}

/// "Given submitter and reviewer, then '我提交的' and '待我审' show the right rows, and empty after the action"
#[test]
fn the_right_rows_on_the_right_desks() {
    let mut w = World::new();
    let id = w.submitted("题");
    assert_eq!(w.sit("editor").overview().unwrap().submitted[0].id, id);
    assert!(w.p.desk.overview().unwrap().waiting.is_empty());
    assert_eq!(w.sit("first").overview().unwrap().waiting[0].id, id);
    assert!(w.sit("second").overview().unwrap().waiting.is_empty());
    w.pass(&id, 1);
    assert!(w.sit("first").overview().unwrap().waiting.is_empty());
    assert_eq!(w.sit("second").overview().unwrap().waiting[0].id, id);
    w.sit("second").send_back(&id, seen(), &note()).unwrap();
    assert!(w.p.desk.overview().unwrap().waiting.is_empty());
    let mine = w.sit("editor").overview().unwrap();
    assert!(mine.submitted.is_empty());
    assert_eq!(mine.returned[0].id, id);
}

/// "Given an item under review is deleted, then no dashboard breaks"
#[test]
fn a_purged_item_breaks_no_desk() {
    let mut w = World::new();
    let id = w.submitted("漏题");
    w.pass(&id, 1);
    assert_eq!(rule(w.sit("head").discard(&id)), "state.invalid");
    let seq = w
        .sit("office")
        .propose_purge(&id, Vec::new(), false, &note())
        .unwrap()
        .seq;
    assert_eq!(rule(w.p.desk.confirm(seq)), "proposal.same-person");
    w.sit("security").confirm(seq).unwrap();
    for who in ["editor", "first", "second", "office", "auditor", "head"] {
        let desk = w.sit(who);
        let overview = desk.overview().unwrap();
        let list = desk
            .list(
                &Filter {
                    text: Some("漏题".to_owned()),
                    ..Filter::default()
                },
                None,
                10,
            )
            .unwrap();
        let (view, history) = (desk.show(&id).unwrap(), desk.history(&id).unwrap());
        assert!(view.purged && list.is_empty());
        let all = format!(
            "{overview:?}{view:?}{history:?}{:?}",
            desk.journal(None, 1_000).unwrap()
        );
        assert!(!all.contains("漏题"), "{who} still reads it");
        assert!(desk.content(&id, None).is_err() && desk.preview(&id, ViewMode::Preview).is_err());
    }
    assert!(!w.sit("editor").show(&id).unwrap().offers("submit"));
    w.verify().unwrap();
    let file = std::fs::read(w.path()).unwrap();
    assert!(
        !file.windows(6).any(|b| b == "漏题".as_bytes()),
        "not a trace in the file"
    );
}

// -- differences ------------------------------------------------------------------------------------

/// "Given control characters / escape sequences in text, then shown inert"
#[test]
fn control_characters_do_not_get_in() {
    let mut w = World::new();
    let mut c = content("题\u{1b}[31m红\u{202e}", "prov-news");
    c.text = "一\u{1b}]0;x\u{7}二\u{9b}三".to_owned();
    let id = w.sit("editor").create(c).unwrap().id;
    w.p.desk.comment(&id, &Note::of("看\u{1b}[2J")).unwrap();
    let view = w.p.desk.show(&id).unwrap();
    let note = w.p.desk.history(&id).unwrap().pop().unwrap().note.unwrap();
    for text in [&view.line.title, &view.content.text, &note] {
        assert!(!text.chars().any(char::is_control), "{text:?}");
    }
}

/// "Given empty → value, then addition only; value → empty, deletion only"
/// "Given only a link, image or attachment changed, then it is visible"
#[test]
fn differences_show_what_changed() {
    let mut w = World::new();
    let mut c = content("题", "prov-news");
    c.text.clear();
    let id = w.sit("editor").create(c.clone()).unwrap().id;
    c.text = "有了正文。".to_owned();
    c.fields.summary = "摘要".to_owned();
    w.p.desk.revise(&id, c.clone(), 1).unwrap();
    let there = w.p.desk.diff(&id, 1, 2).unwrap();
    assert!(
        !there
            .text
            .blocks
            .iter()
            .any(|b| matches!(b, Block::Removed { .. } | Block::Changed { .. })),
        "{there:?}"
    );
    assert!(
        matches!(&there.fields[..], [f] if f.name == "summary" && matches!(f.edit, FieldEdit::Added(_))),
        "{there:?}"
    );
    let back = w.p.desk.diff(&id, 2, 1).unwrap();
    assert!(
        !back
            .text
            .blocks
            .iter()
            .any(|b| matches!(b, Block::Added { .. } | Block::Changed { .. })),
        "{back:?}"
    );
    assert!(
        matches!(&back.fields[..], [f] if matches!(f.edit, FieldEdit::Removed(_))),
        "{back:?}"
    );
    // The same name, other bytes.
    let before = row(&w, &id).facts.fingerprint;
    let mut c = w.p.desk.content(&id, None).unwrap();
    c.attachments[0] = Attachment {
        bytes: Some(b"other bytes".to_vec()),
        id: None,
        ..c.attachments[0].clone()
    };
    w.p.desk.revise(&id, c, 2).unwrap();
    let third = w.p.desk.diff(&id, 2, 3).unwrap();
    assert_eq!(third.attachments.len(), 1, "{third:?}");
    assert!(third.fields.is_empty());
    assert_ne!(before, row(&w, &id).facts.fingerprint);
}

/// Design §9: the reviewer sees what changed since the last cleared version.
#[test]
fn the_review_difference_is_to_the_last_cleared_version() {
    let mut w = World::new();
    let id = w.submitted("题");
    assert_eq!(w.sit("first").review_diff(&id).unwrap().from, 0);
    w.pass(&id, 3);
    write_on(&mut w, "editor", &id);
    write_on(&mut w, "editor", &id);
    let diff = w.sit("first").review_diff(&id).unwrap();
    assert_eq!((diff.from, diff.to), (1, 3));
}

/// Design §8: 需报审 stops the clock; only the authority's answer concludes it.
#[test]
fn an_escalated_review_waits_for_the_authority() {
    let mut w = World::new();
    let id = w.submitted("题");
    w.pass(&id, 2);
    w.sit("secrecy")
        .clear(&id, seen(), &review(Conclusion::Escalate))
        .unwrap();
    assert!(w.p.desk.show(&id).unwrap().line.escalated);
    assert_eq!(
        rule(w.p.desk.clear(&id, seen(), &open_review())),
        "clearance.authority"
    );
    assert!(
        w.sit("signer")
            .sign_off(&id, seen(), hold(), &note())
            .is_err()
    );
    let answered = Review {
        authority: Note::of("复函：可以公开。"),
        ..open_review()
    };
    w.sit("secrecy").clear(&id, seen(), &answered).unwrap();
    assert_eq!(waiting(&mut w, &id), Some(3));
    let form = w.sit("secrecy").review_form(&id).unwrap();
    assert!(
        form.opinions
            .iter()
            .any(|o| o.text.contains("复函：可以公开。"))
    );
}

/// Design §5: two people enrol a key, and one day's key is judged by its own day.
#[test]
fn a_revoked_key_signs_no_more_and_what_it_signed_stands() {
    let mut w = World::new();
    let id = w.published("题");
    let key = qianfa::journal::Signer::public(w.key("signer").as_ref()).id();
    let seq = w.sit("office").propose_key_revoke(key).unwrap().seq;
    w.sit("security").confirm(seq).unwrap();
    assert_eq!(
        rule(
            w.sit("signer")
                .withdraw(&id, WithdrawGround::Other, &note())
        ),
        "entry.key"
    );
    w.verify().unwrap();
}

/// Design §8: a step may need several people; nobody counts twice, and one edit voids them all.
#[test]
fn a_step_that_needs_two_people() {
    let mut w = World::new();
    let until = w.clock.get() + 90 * DAY;
    w.grant("leader", Role::FirstReviewer, "*", until);
    w.grant("interaction", Role::Signer, "*", until);
    let mut route = Route::standard();
    route.0.remove(1);
    route.0[0].needed = 2;
    route.0[2].needed = 2;
    w.sit("office").route_set("prov", Some(route)).unwrap();
    let id = w.submitted("题");
    w.pass_step(&id, 0);
    assert_eq!(waiting(&mut w, &id), Some(0));
    assert_eq!(
        rule(w.sit("first").approve(&id, seen(), &note())),
        "duty.twice"
    );
    assert!(w.p.desk.queue(false, 10).unwrap().is_empty());
    assert_eq!(w.sit("leader").queue(false, 10).unwrap().len(), 1);
    w.p.desk.approve(&id, seen(), &note()).unwrap();
    w.pass_step(&id, 2);
    w.pass_step(&id, 3);
    assert_eq!((w.state(&id), waiting(&mut w, &id)), ("in-review", Some(2)));
    assert!(w.sit("signer").publish(&id, seen()).is_err());
    w.sit("interaction")
        .sign_off(&id, seen(), hold(), &note())
        .unwrap();
    assert_eq!(w.state(&id), "signed-off");
    w.sit("signer").publish(&id, seen()).unwrap();
}

/// norms/roles.toml: "任一角色授予须两人（申请+批准），有期限；离岗/合同到期自动停"
#[test]
fn a_grant_ends_by_itself() {
    let mut w = World::new();
    let until = w.clock.get() + 30 * DAY;
    w.grant("norole", Role::Editor, "prov", until);
    let id = w.draft("norole", "题", "prov-news");
    w.clock.set(until);
    w.sit("norole").submit(&id, Seen::default()).unwrap();
    w.clock.set(until + 1);
    assert_eq!(rule(w.sit("norole").recall(&id)), "item.unknown");
    assert!(
        w.p.desk
            .list(&Filter::default(), None, 10)
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        rule(w.p.desk.create(content("又一题", "prov-news"))),
        "right.missing"
    );
    // Taken away at once by one person, so that it is quick.
    let org = w.p.desk.org().unwrap();
    let (editor, grant) = (w.id("editor"), |p: &str| {
        org.grants.iter().find(|g| g.person == p).unwrap().id
    });
    let grant = grant(&editor);
    w.sit("security").grant_revoke(grant).unwrap();
    assert_eq!(rule(w.sit("editor").show(&id)), "item.unknown");
    w.verify().unwrap();
}

/// norms/roles.toml: "系统管理员/安全管理员/审计管理员 三员互斥". Two open proposals are each fine alone; the second
/// confirmation is asked again in full.
#[test]
fn exclusive_roles_do_not_slip_in_by_two_proposals() {
    let mut w = World::new();
    let now = w.clock.get();
    let propose = |w: &mut World, role| {
        w.sit("office")
            .propose_grant("norole", role, "*", now, now + DAY)
            .unwrap()
            .seq
    };
    let (one, two, three) = (
        propose(&mut w, Role::SystemAdmin),
        propose(&mut w, Role::AuditAdmin),
        propose(&mut w, Role::Signer),
    );
    w.sit("security").confirm(one).unwrap();
    assert_eq!(rule(w.p.desk.confirm(two)), "grant.exclusive");
    assert_eq!(rule(w.p.desk.confirm(three)), "grant.exclusive");
    w.p.desk.decline(two).unwrap();
    assert_eq!(rule(w.p.desk.confirm(two)), "proposal.closed");
}

/// Design §9: one list at my level. A page full of what others decide does not hide what is mine.
#[test]
fn a_queue_page_holds_what_is_mine() {
    let mut w = World::new();
    let until = w.clock.get() + 90 * DAY;
    w.grant("leader", Role::FirstReviewer, "east", until);
    for k in 0..5 {
        w.submitted(&format!("省稿{k}"));
    }
    let mine = w.draft("editor", "东江稿", "east-news");
    w.sit("editor").submit(&mine, Seen::default()).unwrap();
    for newest in [false, true] {
        let queue = w.sit("leader").queue(newest, 2).unwrap();
        assert_eq!(
            queue.iter().map(|l| l.id.as_str()).collect::<Vec<_>>(),
            [mine.as_str()]
        );
    }
}
