//! Every rule is provoked here at least once, and tells a person in both languages what to do next.
#![allow(
    clippy::type_complexity,
    clippy::default_trait_access,
    clippy::items_after_statements
)] // tests read top to bottom
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use common::{DAY, HOUR, World, content, open_review, review};
use qianfa::desk::people::NewPerson;
use qianfa::desk::review::{Review, Seen, When};
use qianfa::desk::{Desk, DeskError, Note};
use qianfa::journal::{Hash, Signer};
use qianfa::locale;
use qianfa::rules::act::{
    Act, Anchor, BodyRole, BundlePlain, BundleSchedule, BureauAdd, Cause, ColumnAdd, Decide,
    FlagOutcome, ListKind, Publish, Relation, Revise, Screened, SessionOpen, SiteAdd, Validity,
};
use qianfa::rules::clearance::{Conclusion, Disclosure, Ground};
use qianfa::rules::org::{BureauLevel, Family, LanguageCondition, SiteLevel};
use qianfa::rules::refusal::{RULES, Refusal};
use qianfa::rules::role::{Affiliation, Role};
use qianfa::rules::route::Route;
use qianfa::store::facts;

type Try = Result<(), DeskError>;
type Row = (&'static str, fn(&mut World) -> Try);

/// A clock of the product's kind that somebody has set to another year.
struct Far(i64);

impl qianfa::desk::Clock for Far {
    fn now(&self) -> i64 {
        self.0
    }
    fn steady(&self) -> Option<i64> {
        Some(0)
    }
}

fn note() -> Note {
    Note::of("说明。")
}

fn site(level: SiteLevel, bureau: &str) -> SiteAdd {
    SiteAdd {
        site: "another".into(),
        name: "又一站".into(),
        level,
        bureau: bureau.into(),
        parent: (level == SiteLevel::City).then(|| "prov".into()),
        domain: "another.example.cn".into(),
        code: "3300000077".into(),
        language: None,
    }
}

/// A version of the province's site in English, with a column.
fn english(w: &mut World) {
    let add = SiteAdd {
        parent: Some("prov".into()),
        language: Some("en".into()),
        ..site(SiteLevel::Province, "province")
    };
    let column = column("another", "office", Family::Publicity);
    let desk = w.sit("office");
    desk.site_add(add).unwrap();
    let column = ColumnAdd {
        column: "en-news".into(),
        ..column
    };
    desk.column_add(column, &Note::none()).unwrap();
}

/// An item in English before its sign-off.
fn in_english(w: &mut World) -> String {
    let id = w
        .sit("editor")
        .create(content("News", "en-news"))
        .unwrap()
        .id;
    w.p.desk.submit(&id, Seen::default()).unwrap();
    w.pass(&id, 3);
    id
}

fn column(site: &str, owner: &str, family: Family) -> ColumnAdd {
    ColumnAdd {
        column: "another".into(),
        site: site.into(),
        parent: None,
        name: "又一栏".into(),
        slug: "another".into(),
        family,
        owner: owner.into(),
        person: None,
        backup: None,
        owner_waived: false,
    }
}

fn bureau(id: &str, parent: &str) -> BureauAdd {
    BureauAdd {
        bureau: id.into(),
        name: "某局".into(),
        level: BureauLevel::City,
        parent: parent.into(),
        duty: None,
    }
}

fn grant(w: &mut World, login: &str, role: Role, scope: &str, days: i64) -> Try {
    let now = w.clock.get();
    w.sit("office")
        .propose_grant(login, role, scope, now, now + days * DAY)
        .map(drop)
}

fn route(w: &mut World, change: fn(&mut Route)) -> Try {
    let mut route = Route::standard();
    change(&mut route);
    w.sit("office").route_set("prov", Some(route)).map(drop)
}

fn revise(desk: &mut Desk, item: &str) -> Try {
    let row = facts::item(desk.store().conn(), item).unwrap().unwrap();
    desk.revise(item, content("改写的题", "prov-news"), row.facts.revision)
        .map(drop)
}

fn submit_with(w: &mut World, change: fn(&mut qianfa::desk::Content)) -> Try {
    let mut c = content("题", "prov-news");
    change(&mut c);
    let id = w.sit("editor").create(c).unwrap().id;
    w.p.desk.submit(&id, Seen::default()).map(drop)
}

fn shape(w: &mut World, item: &str) -> qianfa::rules::act::Shape {
    w.sit("editor").content(item, None).unwrap().shape
}

/// An open bundle with a signed-off item.
fn bundle(w: &mut World) -> (String, String) {
    let item = w.signed_off("包中稿");
    let bundle = w.sit("signer").bundle_new(&note()).unwrap();
    w.p.desk.bundle_add(&bundle, &item).unwrap();
    (bundle, item)
}

fn clear(w: &mut World, item: &str, review: &Review) -> Try {
    w.sit("secrecy")
        .clear(item, Seen::default(), review)
        .map(drop)
}

fn embargoed(w: &mut World) -> (String, i64) {
    let until = w.clock.get() + 2 * DAY;
    let mut c = content("缓发稿", "prov-news");
    c.shape.embargo = Some(until);
    let id = w.sit("editor").create(c).unwrap().id;
    w.p.desk.submit(&id, Seen::default()).unwrap();
    w.pass(&id, 4);
    (id, until)
}

const CASES: &[Row] = &[
    ("act.form", |w| {
        let mut c = content("题", "prov-news");
        c.shape.channels = vec!["paper".into()];
        w.sit("editor").create(c).map(drop)
    }),
    ("actor.unknown", |w| {
        let key = w.key("editor");
        w.p.desk.switch("nobody", Box::new(key));
        w.p.desk.may(
            None,
            &Act::SessionOpen(SessionOpen {
                session: "s".into(),
                failures: 0,
                clock_is_right: false,
            }),
            &[],
        )
    }),
    ("actor.left", |w| {
        w.sit("gone").may(
            None,
            &Act::SessionOpen(SessionOpen {
                session: "s".into(),
                failures: 0,
                clock_is_right: false,
            }),
            &[],
        )
    }),
    ("actor.contract", |w| {
        w.sit("ended").bundle_new(&note()).map(drop)
    }),
    ("right.missing", |w| {
        w.sit("norole").bundle_new(&note()).map(drop)
    }),
    ("org.exists", |w| {
        w.sit("office")
            .bureau_add(bureau("east", "province"))
            .map(drop)
    }),
    ("org.unknown", |w| {
        w.sit("office")
            .bureau_add(bureau("north", "nowhere"))
            .map(drop)
    }),
    ("org.platform-level", |w| {
        w.sit("office")
            .site_add(site(SiteLevel::Province, "east"))
            .map(drop)
    }),
    ("org.subsite-owner", |w| {
        w.sit("office")
            .site_add(site(SiteLevel::City, "yunxi"))
            .map(drop)
    }),
    ("org.subsite-once", |w| {
        w.sit("office")
            .site_add(site(SiteLevel::City, "east"))
            .map(drop)
    }),
    ("org.county-column", |w| {
        w.sit("office")
            .column_add(column("prov", "yunxi", Family::Disclosure), &note())
            .map(drop)
    }),
    ("org.service-owner", |w| {
        w.sit("office")
            .column_add(column("prov", "office", Family::Service), &note())
            .map(drop)
    }),
    ("org.column-site", |w| {
        let mut c = column("prov", "office", Family::Publicity);
        c.parent = Some("east-news".into());
        w.sit("office").column_add(c, &note()).map(drop)
    }),
    ("org.column-state", |w| {
        w.sit("office")
            .column_merge("prov-news", "prov-notice", &note())
            .unwrap();
        w.sit("editor").create(content("题", "prov-news")).map(drop)
    }),
    ("org.column-merge", |w| {
        w.sit("office")
            .column_merge("prov-news", "east-news", &note())
            .map(drop)
    }),
    ("org.slug", |w| {
        w.sit("office")
            .bureau_add(bureau("Bad Id", "province"))
            .map(drop)
    }),
    ("route.length", |w| route(w, |r| r.0.truncate(1))),
    ("route.confidentiality", |w| {
        route(w, |r| drop(r.0.remove(2)))
    }),
    ("route.sign-off-last", |w| route(w, |r| r.0.swap(2, 3))),
    ("route.role", |w| route(w, |r| r.0[0].role = Role::Signer)),
    ("route.step", |w| route(w, |r| r.0[0].needed = 0)),
    ("route.held", |w| {
        let id = w.submitted("题");
        route(w, |r| drop(r.0.remove(1))).unwrap();
        w.sit("first")
            .approve(&id, Seen::default(), &note())
            .map(drop)
    }),
    ("person.exists", |w| {
        let new = NewPerson {
            login: "editor".into(),
            name: "另一人".into(),
            affiliation: Affiliation::Office,
            bureau: "office".into(),
            contract_until: None,
        };
        w.sit("office").person_add(&new).map(drop)
    }),
    ("person.unknown", |w| {
        w.sit("office").person_leave("nobody").map(drop)
    }),
    ("grant.affiliation", |w| {
        grant(w, "writer", Role::Signer, "*", 30)
    }),
    ("grant.exclusive", |w| {
        grant(w, "auditor", Role::Editor, "*", 30)
    }),
    ("grant.period", |w| {
        grant(w, "norole", Role::Editor, "*", -30)
    }),
    ("grant.scope", |w| {
        grant(w, "norole", Role::Editor, "nowhere", 30)
    }),
    ("grant.one-head", |w| {
        grant(w, "norole", Role::BoardHead, "*", 30)
    }),
    ("grant.self", |w| grant(w, "office", Role::Editor, "*", 30)),
    ("grant.unknown", |w| {
        w.sit("office").grant_revoke(999_999).map(drop)
    }),
    ("grant.held", |w| {
        grant(w, "editor-b", Role::Editor, "*", 30)
    }),
    ("proposal.unknown", |w| {
        w.sit("office").confirm(999_999).map(drop)
    }),
    ("proposal.closed", |w| {
        let now = w.clock.get();
        let seq = w
            .sit("office")
            .propose_grant("norole", Role::Editor, "*", now, now + DAY)
            .unwrap()
            .seq;
        w.sit("security").confirm(seq).unwrap();
        w.p.desk.confirm(seq).map(drop)
    }),
    ("proposal.same-person", |w| {
        let now = w.clock.get();
        let seq = w
            .sit("office")
            .propose_grant("norole", Role::Editor, "*", now, now + DAY)
            .unwrap()
            .seq;
        w.p.desk.confirm(seq).map(drop)
    }),
    ("key.known", |w| {
        let key = w.key("editor");
        w.sit("office")
            .propose_key("norole", key.public())
            .map(drop)
    }),
    ("key.unknown", |w| {
        w.sit("office").propose_key_revoke(Hash::ZERO).map(drop)
    }),
    ("key.last", |w| {
        w.sit("office").person_leave("security").map(drop)
    }),
    ("item.exists", |w| {
        let id = w.draft("editor", "题", "prov-news");
        let act = Act::ItemNew(Revise {
            shape: shape(w, &id),
            from: 0,
            session: None,
        });
        w.raw(
            "editor",
            Some((&id, None)),
            &act,
            &[(BodyRole::Fields, "{}"), (BodyRole::Text, "文")],
        )
        .map(drop)
    }),
    ("item.unknown", |w| {
        w.sit("editor").show("2026-999999").map(drop)
    }),
    ("item.columns", |w| {
        w.sit("editor").create(content("题", "nowhere")).map(drop)
    }),
    ("item.incomplete", |w| {
        submit_with(w, |c| c.fields.title.clear())
    }),
    ("item.disclosure-missing", |w| {
        submit_with(w, |c| c.shape.disclosure = None)
    }),
    ("item.disclosure-closed", |w| {
        submit_with(w, |c| c.disclose(Disclosure::OnRequest, None))
    }),
    ("item.scheduled-locked", |w| {
        let at = w.clock.get() + DAY;
        let id = w.scheduled("题", at);
        revise(w.sit("editor"), &id)
    }),
    ("item.signed-locked", |w| {
        let id = w.signed_off("题");
        revise(w.sit("editor"), &id)
    }),
    ("item.live-locked", |w| {
        let id = w.published("题");
        revise(w.sit("editor"), &id)
    }),
    ("item.no-text", |w| submit_with(w, |c| c.text.clear())),
    ("item.reason", |w| {
        let id = w.submitted("题");
        w.sit("first")
            .send_back(&id, Seen::default(), &Note::of("  "))
            .map(drop)
    }),
    ("item.revision", |w| {
        let id = w.draft("editor", "题", "prov-news");
        let act = Act::ItemRevise(Revise {
            shape: shape(w, &id),
            from: 7,
            session: None,
        });
        w.raw(
            "editor",
            Some((&id, None)),
            &act,
            &[(BodyRole::Fields, "{}"), (BodyRole::Text, "文")],
        )
        .map(drop)
    }),
    ("state.invalid", |w| {
        let id = w.draft("editor", "题", "prov-news");
        w.sit("first")
            .approve(&id, Seen::default(), &note())
            .map(drop)
    }),
    ("claim.held", |w| {
        let id = w.draft("editor", "题", "prov-news");
        w.sit("editor").claim(&id).unwrap();
        revise(w.sit("editor-b"), &id)
    }),
    ("claim.own-session", |w| {
        let id = w.draft("editor", "题", "prov-news");
        w.sit("editor").claim(&id).unwrap();
        revise(w.sit("editor"), &id)
    }),
    ("claim.none", |w| {
        let id = w.draft("editor", "题", "prov-news");
        w.sit("editor").take_over(&id).map(drop)
    }),
    ("review.step", |w| {
        let id = w.submitted("题");
        let fingerprint = w.sit("first").show(&id).unwrap().fingerprint;
        w.raw(
            "second",
            Some((&id, None)),
            &Act::ItemApprove(Decide {
                step: 1,
                fingerprint,
            }),
            &[],
        )
        .map(drop)
    }),
    ("review.kind", |w| {
        let id = w.submitted("题");
        w.pass(&id, 2);
        w.sit("secrecy")
            .approve(&id, Seen::default(), &note())
            .map(drop)
    }),
    ("review.fingerprint", |w| {
        let id = w.submitted("题");
        w.sit("first")
            .approve(&id, Seen(Some(Hash::ZERO)), &note())
            .map(drop)
    }),
    ("review.escalated", |w| {
        let id = w.submitted("题");
        w.pass(&id, 2);
        clear(w, &id, &review(Conclusion::Escalate)).unwrap();
        clear(w, &id, &review(Conclusion::Escalate))
    }),
    ("duty.contributor", |w| {
        let id = w.submitted("题");
        revise(w.sit("first"), &id).unwrap();
        w.sit("first")
            .approve(&id, Seen::default(), &note())
            .map(drop)
    }),
    ("duty.submitter", |w| {
        let id = w.draft("editor", "题", "prov-news");
        w.sit("first").submit(&id, Seen::default()).unwrap();
        w.p.desk.approve(&id, Seen::default(), &note()).map(drop)
    }),
    ("duty.twice", |w| {
        let until = w.clock.get() + 90 * DAY;
        w.grant("first", Role::SecondReviewer, "*", until);
        let id = w.submitted("题");
        w.sit("first")
            .approve(&id, Seen::default(), &note())
            .unwrap();
        w.p.desk.approve(&id, Seen::default(), &note()).map(drop)
    }),
    ("duty.outsourced", |w| {
        let id = w.draft("writer", "题", "prov-news");
        w.sit("writer").submit(&id, Seen::default()).unwrap();
        w.p.desk.approve(&id, Seen::default(), &note()).map(drop)
    }),
    ("clearance.missing", |w| {
        let id = w.submitted("题");
        w.sit("secrecy").review_form(&id).map(drop)
    }),
    ("clearance.opinion", |w| {
        let id = w.submitted("题");
        w.pass(&id, 2);
        clear(
            w,
            &id,
            &Review {
                opinion: Note::none(),
                ..review(Conclusion::Redact)
            },
        )
    }),
    ("clearance.ground", |w| {
        let id = w.submitted("题");
        w.pass(&id, 2);
        clear(
            w,
            &id,
            &Review {
                ground: Some(Ground::Article14),
                ..open_review()
            },
        )
    }),
    ("clearance.authority", |w| {
        let id = w.submitted("题");
        w.pass(&id, 2);
        clear(w, &id, &review(Conclusion::Escalate)).unwrap();
        clear(w, &id, &open_review())
    }),
    ("approval.missing", |w| {
        // The target column is merged after sign-off: the public would see it elsewhere than decided.
        let id = w.signed_off("题");
        w.sit("office")
            .column_merge("prov-news", "prov-notice", &note())
            .unwrap();
        w.sit("signer").publish(&id, Seen::default()).map(drop)
    }),
    ("recall.submitter", |w| {
        let id = w.submitted("题");
        w.sit("editor-b").recall(&id).map(drop)
    }),
    ("schedule.past", |w| {
        let id = w.signed_off("题");
        let before = w.clock.get() - 1;
        w.sit("signer")
            .schedule(&id, Some(before), None, "Asia/Shanghai")
            .map(drop)
    }),
    ("schedule.expiry", |w| {
        let id = w.signed_off("题");
        let at = w.clock.get() + DAY;
        w.sit("signer")
            .schedule(&id, Some(at), Some(at), "Asia/Shanghai")
            .map(drop)
    }),
    ("schedule.embargo", |w| {
        let (id, until) = embargoed(w);
        w.sit("signer")
            .schedule(&id, Some(until - 1), None, "Asia/Shanghai")
            .map(drop)
    }),
    ("schedule.none", |w| {
        let id = w.signed_off("题");
        w.sit("signer")
            .schedule(&id, None, None, "Asia/Shanghai")
            .map(drop)
    }),
    ("publish.not-due", |w| {
        let at = w.clock.get() + DAY;
        let id = w.scheduled("题", at);
        w.sit("runner").publish_due(&id).map(drop)
    }),
    ("publish.early", |w| {
        let at = w.clock.get() + DAY;
        let id = w.scheduled("题", at);
        w.sit("signer").publish(&id, Seen::default()).map(drop)
    }),
    ("publish.gate", |w| {
        let (id, until) = embargoed(w);
        let bundle = w.sit("signer").bundle_new(&note()).unwrap();
        w.p.desk.bundle_add(&bundle, &id).unwrap();
        w.p.desk
            .bundle_schedule(&bundle, until - HOUR, None)
            .map(drop)
    }),
    ("publish.gate", |w| {
        let (bundle, _) = bundle(w);
        w.sit("office")
            .column_merge("prov-news", "prov-notice", &note())
            .unwrap();
        w.sit("signer").bundle_publish(&bundle, None).map(drop)
    }),
    ("bundle.unknown", |w| {
        w.sit("signer").bundle_publish("b-none", None).map(drop)
    }),
    ("bundle.exists", |w| {
        let (bundle, _) = bundle(w);
        w.raw(
            "signer",
            Some((&bundle, None)),
            &Act::BundleNew(BundlePlain {}),
            &[(BodyRole::Note, "名")],
        )
        .map(drop)
    }),
    ("bundle.state", |w| {
        let (bundle, _) = bundle(w);
        w.sit("signer").bundle_unschedule(&bundle).map(drop)
    }),
    ("bundle.empty", |w| {
        let bundle = w.sit("signer").bundle_new(&note()).unwrap();
        w.p.desk.bundle_publish(&bundle, None).map(drop)
    }),
    ("bundle.item-state", |w| {
        let id = w.submitted("题");
        let bundle = w.sit("signer").bundle_new(&note()).unwrap();
        w.p.desk.bundle_add(&bundle, &id).unwrap();
        w.p.desk.bundle_publish(&bundle, None).map(drop)
    }),
    ("bundle.member", |w| {
        let (_, item) = bundle(w);
        let at = w.clock.get() + DAY;
        w.sit("signer")
            .schedule(&item, Some(at), None, "Asia/Shanghai")
            .map(drop)
    }),
    ("bundle.locked", |w| {
        let (bundle, item) = bundle(w);
        let at = w.clock.get() + DAY;
        w.sit("signer").bundle_schedule(&bundle, at, None).unwrap();
        revise(w.sit("editor"), &item)
    }),
    ("bundle.changed", |w| {
        let (bundle, _) = bundle(w);
        let act = Act::BundleSchedule(BundleSchedule {
            publish_at: w.clock.get() + DAY,
            members: Vec::new(),
        });
        w.raw("signer", Some((&bundle, None)), &act, &[]).map(drop)
    }),
    ("comment.unknown", |w| {
        let id = w.draft("editor", "题", "prov-news");
        w.sit("editor").settle_comment(&id, 1).map(drop)
    }),
    ("comment.anchor", |w| {
        let id = w.draft("editor", "题", "prov-news");
        let anchor = Anchor {
            revision: 9,
            place: Anchor::TEXT.to_owned(),
            from: 0,
            to: 1,
        };
        w.sit("editor")
            .comment_on(&id, Some(anchor), None, &note())
            .map(drop)
    }),
    ("comment.settled", |w| {
        let id = w.draft("editor", "题", "prov-news");
        let seq = w.sit("editor").comment(&id, &note()).unwrap().seq;
        w.p.desk.settle_comment(&id, seq).unwrap();
        w.p.desk.settle_comment(&id, seq).map(drop)
    }),
    ("screening.open", |w| {
        let act = released_with(w, 1, Vec::new());
        w.raw("signer", Some((&act.0, None)), &act.1, &[]).map(drop)
    }),
    ("screening.waiver", |w| {
        let act = released_with(w, 0, vec![3]);
        w.raw("signer", Some((&act.0, None)), &act.1, &[]).map(drop)
    }),
    ("screening.state", |w| {
        let id = w.published("题");
        w.sit("secrecy")
            .waive(&id, &common::finding("密"), &note())
            .map(drop)
    }),
    ("list.empty", |w| {
        w.sit("signer")
            .propose_list(ListKind::Terms, "word,class,severity\n")
            .map(drop)
    }),
    ("relation.self", |w| {
        let id = w.published("题");
        w.sit("editor")
            .relate(&id, &id, Relation::Interview)
            .map(drop)
    }),
    ("relation.there", |w| {
        let (id, other) = (w.published("题"), w.published("又题"));
        w.sit("editor")
            .relate(&id, &other, Relation::Interview)
            .unwrap();
        w.p.desk.relate(&id, &other, Relation::Interview).map(drop)
    }),
    ("relation.none", |w| {
        let (id, other) = (w.published("题"), w.published("又题"));
        w.sit("editor")
            .unrelate(&id, &other, Relation::Interview)
            .map(drop)
    }),
    ("language.parent", |w| {
        let add = SiteAdd {
            language: Some("en".into()),
            ..site(SiteLevel::Province, "province")
        };
        w.sit("office").site_add(add).map(drop)
    }),
    ("language.site", |w| {
        w.sit("office")
            .site_condition("prov", LanguageCondition::Plan, None, true, &note())
            .map(drop)
    }),
    ("language.none", |w| {
        english(w);
        w.sit("office")
            .site_condition("another", LanguageCondition::Plan, None, false, &note())
            .map(drop)
    }),
    ("language.conditions", |w| {
        english(w);
        let id = in_english(w);
        w.sit("signer")
            .sign_off(&id, Seen::default(), When::default(), &note())
            .map(drop)
    }),
    ("language.reviewer", |w| {
        english(w);
        for condition in LanguageCondition::ALL {
            let person = (*condition == LanguageCondition::Reviewer).then_some("proofreader");
            w.sit("office")
                .site_condition("another", *condition, person, true, &note())
                .unwrap();
        }
        let id = in_english(w);
        w.sit("signer")
            .sign_off(&id, Seen::default(), When::default(), &note())
            .map(drop)
    }),
    ("validity.live", |w| {
        let id = w.signed_off("题");
        w.sit("signer")
            .set_validity(&id, Validity::Amended, None, &note())
            .map(drop)
    }),
    ("share.live", |w| {
        let id = w.signed_off("题");
        w.sit("editor")
            .share(&id, &["east-news".to_owned()])
            .map(drop)
    }),
    ("share.site", |w| {
        let id = w.published("题");
        let mut outcomes = w.sit("editor").share(&id, &["prov-notice".to_owned()])?;
        outcomes.remove(0).1.map(drop)
    }),
    ("flag.unknown", |w| {
        let id = w.published("题");
        w.sit("editor")
            .settle_flag(&id, 1, FlagOutcome::Stands, &note())
            .map(drop)
    }),
    ("flag.settled", |w| {
        let (id, other) = (w.published("题"), w.published("又题"));
        w.sit("editor")
            .relate(&id, &other, Relation::Interview)
            .unwrap();
        let flag = w
            .sit("signer")
            .set_validity(&id, Validity::Amended, None, &note())
            .unwrap()
            .seq;
        let settle = |w: &mut World| {
            w.sit("editor")
                .settle_flag(&other, flag, FlagOutcome::Stands, &note())
        };
        settle(w).unwrap();
        settle(w).map(drop)
    }),
    ("flag.involved", |w| {
        let id = w.submitted("题");
        w.sit("head")
            .declare_emergency(&id, Seen::default(), &note())
            .unwrap();
        w.sit("secrecy")
            .clear(&id, Seen::default(), &open_review())
            .unwrap();
        w.sit("signer")
            .sign_off(&id, Seen::default(), When::default(), &note())
            .unwrap();
        let flag = w.p.desk.publish(&id, Seen::default()).unwrap().seq;
        w.p.desk
            .settle_flag(&id, flag, FlagOutcome::Stands, &note())
            .map(drop)
    }),
    ("emergency.state", |w| {
        let id = w.draft("editor", "题", "prov-news");
        w.sit("head")
            .declare_emergency(&id, Seen::default(), &note())
            .map(drop)
    }),
    ("posted.channel", |w| {
        let id = w.published("题");
        w.sit("editor").posted(&id, &note()).map(drop)
    }),
    ("sign-off.not-last", |w| {
        let mut two = Route::standard();
        let last = two.0.len() - 1;
        two.0[last].needed = 2;
        w.sit("office").route_set("prov", Some(two)).unwrap();
        let id = w.submitted("题");
        w.pass(&id, 3);
        let when = When {
            publish_at: Some(w.clock.get() + DAY),
            ..When::default()
        };
        w.sit("signer")
            .sign_off(&id, Seen::default(), when, &note())
            .map(drop)
    }),
    ("clock.ahead", |w| {
        let id = w.draft("editor", "题", "prov-news");
        let store = qianfa::store::Store::open(&w.path(), common::MODE).unwrap();
        let clock = Far(w.clock.get() + 100 * DAY);
        Desk::new(
            store,
            &w.id("editor"),
            Box::new(w.key("editor")),
            Box::new(clock),
        )
        .comment(&id, &note())
        .map(drop)
    }),
    ("purge.target", |w| {
        let id = w.draft("editor", "题", "prov-news");
        w.sit("office")
            .propose_purge(&id, vec![9], false, &note())
            .map(drop)
    }),
    ("purge.live", |w| {
        let id = w.published("题");
        w.sit("office")
            .propose_purge(&id, Vec::new(), false, &note())
            .map(drop)
    }),
];

/// A publication by hand whose entry says this about screening.
fn released_with(w: &mut World, serious: u32, waived: Vec<u64>) -> (String, Act) {
    let id = w.signed_off("题");
    let row = facts::item(w.p.desk.store().conn(), &id).unwrap().unwrap();
    let act = Act::ItemPublish(Publish {
        fingerprint: row.facts.fingerprint,
        cause: Cause::Hand,
        screened: Screened {
            serious,
            waived,
            ..Screened::default()
        },
    });
    (id, act)
}

#[test]
fn every_rule_is_provoked_and_says_what_to_do_next() {
    let mut refusals: Vec<Refusal> = Vec::new();
    for (rule, case) in CASES {
        let mut w = World::new();
        match case(&mut w) {
            Err(DeskError::Refused(refusal)) => {
                assert_eq!(refusal.rule, *rule, "{refusal}");
                refusals.push(refusal);
            }
            other => panic!("{rule}: {other:?}"),
        }
    }
    for rule in RULES {
        assert!(
            refusals.iter().any(|r| r.rule == *rule),
            "{rule} is never provoked"
        );
    }
    for language in ["zh-CN", "en"] {
        locale::choose(language);
        for refusal in &refusals {
            let message = refusal.message();
            let place = format!("{language} {}: {message}", refusal.rule);
            assert!(locale::has(&refusal.key()), "{place}: no message");
            assert!(
                !message.trim().is_empty() && message != refusal.key(),
                "{place}: empty"
            );
            assert!(
                !message.contains("{$")
                    && !message.contains("{ $")
                    && !message.contains("No localization"),
                "{place}: a value is missing"
            );
            if language == "zh-CN" {
                assert!(
                    message.contains('请'),
                    "{place}: does not say what to do next"
                );
                let last = message
                    .trim_end_matches(['。', '）'])
                    .rsplit('。')
                    .next()
                    .unwrap_or_default();
                assert!(
                    last.contains('请'),
                    "{place}: the last sentence does not say what to do next"
                );
            } else {
                assert!(
                    !message
                        .chars()
                        .any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
                        || refusal.args.iter().any(|(_, v)| !v.is_ascii()),
                    "{place}: Chinese in an English message"
                );
            }
            for (name, value) in &refusal.args {
                // Whatever is named in the arguments is a word by then: no bare code of a state or role.
                if language == "zh-CN" && matches!(*name, "state" | "role" | "other" | "transition")
                {
                    assert!(
                        !message.contains(&format!("“{value}”")),
                        "{place}: bare code {value}"
                    );
                }
            }
        }
    }
}
