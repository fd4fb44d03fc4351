//! One matrix: every role (and three people without any) × every view × every act × every state of
//! an item, through the library. What is expected is written down here, from `norms/roles.toml`
//! and design §2, §5, §8; it is not worked out from the code under test.
#![allow(
    clippy::type_complexity,
    clippy::default_trait_access,
    clippy::items_after_statements
)] // tests read top to bottom
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::collections::BTreeSet;

use common::{DAY, HOUR, Image, World, content, hold, open_review, review, rule};
use qianfa::desk::people::NewPerson;
use qianfa::desk::review::{Review, Seen, When};
use qianfa::desk::{Desk, DeskError, Note};
use qianfa::journal::{Signer, SoftKey, Suite};
use qianfa::report::Format;
use qianfa::rules::act::{
    BureauAdd, ColumnAdd, FlagOutcome, Relation, SiteAdd, Validity, ViewMode, WithdrawGround,
};
use qianfa::rules::case::Case;
use qianfa::rules::clearance::Conclusion;
use qianfa::rules::org::{BureauLevel, Family, SiteLevel};
use qianfa::rules::role::{Affiliation, Role};
use qianfa::store::facts;
use qianfa::store::query::items::Filter;
use qianfa::store::query::log::LogFilter;

/// Everybody. `gone` has left, the contract of `ended` has run out, `norole` was granted nothing.
const PEOPLE: &[&str] = &[
    "office",
    "security",
    "head",
    "editor",
    "editor-b",
    "proofreader",
    "first",
    "second",
    "secrecy",
    "signer",
    "leader",
    "contributor",
    "service-editor",
    "sysadmin",
    "auditor",
    "writer",
    "ops",
    "east-editor",
    "east-first",
    "county",
    "runner",
    "interaction",
    "inspection",
    "discipline",
    "norole",
    "gone",
    "ended",
];

/// Who sees an item of 税务要闻 at every stage. Contributors and outsourced writers see their own
/// and nothing else; editors of other columns and cities nothing here; of the three
/// administrators only the auditor reads, the system and security administrators do not.
const SEE: &[&str] = &[
    "office",
    "head",
    "editor",
    "editor-b",
    "proofreader",
    "first",
    "second",
    "secrecy",
    "signer",
    "leader",
    "auditor",
];

/// Every state an item can be in, and the circumstances that make a difference.
const STATES: &[&str] = &[
    "draft",
    "claimed",
    "at-first",
    "at-second",
    "at-secrecy",
    "escalated",
    "at-sign-off",
    "returned",
    "rejected",
    "closed",
    "signed-off",
    "scheduled",
    "due",
    "in-bundle",
    "in-timed-bundle",
    "published",
    "expiring",
    "correcting",
    "corrected",
    "withdrawn",
    "expired",
    "discarded",
];

const IN_REVIEW: &[&str] = &[
    "at-first",
    "at-second",
    "at-secrecy",
    "escalated",
    "at-sign-off",
];

const WRITERS: &[&str] = &[
    "author",
    "editor",
    "editor-b",
    "proofreader",
    "first",
    "second",
];
const SELECTORS: &[&str] = &["editor", "editor-b", "head"];
const RELEASERS: &[&str] = &["signer", "head"];
const CORRECTORS: &[&str] = &["editor", "editor-b", "signer", "head"];

/// One line of the expectation: act, states, who may. `author` stands for who wrote the item;
/// `-author` takes him out again (nobody checks himself).
type Row = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

const MAY: &[Row] = &[
    // Whoever drafts here writes on what is in the editors' hands; a claim keeps everyone else out.
    (
        "revise",
        &[
            "draft",
            "returned",
            "correcting",
            "at-first",
            "at-second",
            "at-secrecy",
            "escalated",
            "at-sign-off",
        ],
        WRITERS,
    ),
    (
        "attach",
        &[
            "draft",
            "returned",
            "correcting",
            "at-first",
            "at-second",
            "at-secrecy",
            "escalated",
            "at-sign-off",
        ],
        WRITERS,
    ),
    (
        "claim",
        &[
            "draft",
            "returned",
            "correcting",
            "at-first",
            "at-second",
            "at-secrecy",
            "escalated",
            "at-sign-off",
        ],
        WRITERS,
    ),
    ("take-over", &["claimed"], &["author", "editor", "editor-b"]),
    ("submit", &["draft", "returned", "correcting"], WRITERS),
    ("submit", &["claimed"], &["author"]),
    ("recall", IN_REVIEW, &["author"]),
    // Comments: everyone with a voice on content. The auditor reads only (审计管理员只读).
    (
        "comment",
        STATES,
        &[
            "author",
            "office",
            "head",
            "editor",
            "editor-b",
            "proofreader",
            "first",
            "second",
            "secrecy",
            "signer",
            "leader",
        ],
    ),
    // Decisions: the one role of the open step, not the author, nobody outsourced, no administrator.
    ("approve", &["at-first"], &["first"]),
    ("approve", &["at-second"], &["second"]),
    ("clear", &["at-secrecy", "escalated"], &["secrecy"]),
    ("sign-off", &["at-sign-off"], &["signer"]),
    ("return", &["at-first"], &["first"]),
    ("return", &["at-second"], &["second"]),
    ("return", &["at-secrecy", "escalated"], &["secrecy"]),
    ("return", &["at-sign-off"], &["signer"]),
    ("reject", &["at-first"], &["first"]),
    ("reject", &["at-second"], &["second"]),
    ("reject", &["at-secrecy", "escalated"], &["secrecy"]),
    ("reject", &["at-sign-off"], &["signer"]),
    (
        "reject",
        &["draft", "returned"],
        &["editor", "editor-b", "head", "-author"],
    ),
    // Release.
    (
        "schedule",
        &[
            "signed-off",
            "scheduled",
            "due",
            "published",
            "expiring",
            "corrected",
        ],
        RELEASERS,
    ),
    ("unschedule", &["scheduled", "due"], RELEASERS),
    (
        "unlock",
        &["signed-off", "scheduled", "due", "in-bundle"],
        RELEASERS,
    ),
    ("publish", &["signed-off"], RELEASERS),
    ("publish-due", &["due"], &["signer", "head", "runner"]),
    ("expire", &["expiring"], &["signer", "head", "runner"]),
    (
        "bundle-add",
        &[
            "draft",
            "claimed",
            "at-first",
            "at-second",
            "at-secrecy",
            "escalated",
            "at-sign-off",
            "returned",
            "signed-off",
            "correcting",
        ],
        RELEASERS,
    ),
    // After publication.
    (
        "correct",
        &["published", "expiring", "corrected"],
        &["editor", "editor-b", "signer", "head"],
    ),
    (
        "withdraw",
        &[
            "published",
            "expiring",
            "corrected",
            "correcting",
            "expired",
        ],
        &["signer", "head", "office"],
    ),
    // Putting away: one's own, or by those who select. Published items are never discarded.
    (
        "discard",
        &["draft", "returned"],
        &["author", "editor", "editor-b", "head"],
    ),
    (
        "discard",
        &["rejected", "closed"],
        &["author", "editor", "editor-b", "head"],
    ),
    (
        "discard",
        &["correcting"],
        &["author", "editor", "editor-b", "head"],
    ),
    ("discard", &["claimed"], &["author"]),
    ("restore", &["rejected"], SELECTORS),
    (
        "restore",
        &["discarded"],
        &["author", "editor", "editor-b", "head"],
    ),
    // What was found and stays: 复审以上具名 and no author; on whatever can still be released.
    (
        "waive",
        &[
            "draft",
            "claimed",
            "at-first",
            "at-second",
            "at-secrecy",
            "escalated",
            "at-sign-off",
            "returned",
            "signed-off",
            "scheduled",
            "due",
            "in-bundle",
            "in-timed-bundle",
            "correcting",
        ],
        &["second", "secrecy", "signer", "head"],
    ),
    // What belongs to it: those who correct or release.
    ("relate", STATES, &["editor", "editor-b", "signer", "head"]),
    // A leaked text is destroyed by two people, who need not be able to read it; what is live is
    // withdrawn first.
    (
        "propose-purge",
        &[
            "draft",
            "claimed",
            "at-first",
            "at-second",
            "at-secrecy",
            "escalated",
            "at-sign-off",
            "returned",
            "rejected",
            "closed",
            "signed-off",
            "scheduled",
            "due",
            "in-bundle",
            "in-timed-bundle",
            "withdrawn",
            "expired",
            "discarded",
        ],
        &["office", "security"],
    ),
    // Posted by hand: nothing here, for all of these are for the site.
    // 应急发布: the head of the board puts the editorial steps aside, never the confidentiality
    // review; whether a policy still holds is said by those who release; what is out may be offered
    // to another site by those who correct or release.
    ("emergency", IN_REVIEW, &["head"]),
    (
        "validity",
        &["published", "expiring", "correcting", "corrected"],
        RELEASERS,
    ),
    (
        "share",
        &["published", "expiring", "correcting", "corrected"],
        &["editor", "editor-b", "signer", "head"],
    ),
];

const ACTS: &[&str] = &[
    "revise",
    "attach",
    "claim",
    "take-over",
    "submit",
    "recall",
    "comment",
    "approve",
    "clear",
    "sign-off",
    "return",
    "reject",
    "schedule",
    "unschedule",
    "unlock",
    "publish",
    "publish-due",
    "expire",
    "bundle-add",
    "correct",
    "withdraw",
    "discard",
    "restore",
    "waive",
    "relate",
    "validity",
    "share",
    "emergency",
    "posted",
    "propose-purge",
];

/// Acts that decide on content (roles.toml: 审核、签发、保密审查).
const DECISIONS: &[&str] = &[
    "approve", "clear", "sign-off", "return", "reject", "publish",
];

fn may(act: &str, state: &str, person: &str, author: &str) -> bool {
    let stands = |name: &str| name == person || (name == "author" && person == author);
    MAY.iter().any(|(a, states, who)| {
        *a == act
            && states.contains(&state)
            && who.iter().any(|w| stands(w))
            && !(who.contains(&"-author") && person == author)
    })
}

fn sees(person: &str, author: &str) -> bool {
    SEE.contains(&person) || person == author
}

struct Item {
    state: &'static str,
    author: &'static str,
    id: String,
    number: String,
    title: String,
    /// In a note that goes with the item.
    secret: String,
}

/// An item in a state, made by people doing their work.
fn make(w: &mut World, state: &'static str, author: &'static str) -> Item {
    let k = STATES.iter().position(|s| *s == state).unwrap();
    let mark = |what: &str| format!("{what}{author}第{k:02}号");
    let title = mark("暗题");
    let secret = mark("密语");
    let id = w.draft(author, &title, "prov-news");
    let now = w.clock.get();
    let note = Note::of(&secret);
    w.sit("editor-b").comment(&id, &note).unwrap();
    let sign = |w: &mut World, when: When| {
        w.pass(&id, 3);
        w.sit("signer")
            .sign_off(&id, Seen::default(), when, &Note::none())
            .unwrap();
    };
    match state {
        "draft" => {}
        "claimed" => w.sit(author).claim(&id).unwrap(),
        "discarded" => drop(w.sit(author).discard(&id).unwrap()),
        _ => drop(w.sit(author).submit(&id, Seen::default()).unwrap()),
    }
    match state {
        "at-second" => w.pass(&id, 1),
        "at-secrecy" => w.pass(&id, 2),
        "escalated" => {
            w.pass(&id, 2);
            w.sit("secrecy")
                .clear(&id, Seen::default(), &review(Conclusion::Escalate))
                .unwrap();
        }
        "at-sign-off" => w.pass(&id, 3),
        "returned" => drop(
            w.sit("first")
                .send_back(&id, Seen::default(), &note)
                .unwrap(),
        ),
        "rejected" => drop(w.sit("first").reject(&id, Seen::default(), &note).unwrap()),
        "closed" => {
            w.pass(&id, 2);
            w.sit("secrecy")
                .clear(&id, Seen::default(), &review(Conclusion::NotOpen))
                .unwrap();
        }
        "signed-off" | "published" | "correcting" | "corrected" | "withdrawn" | "in-bundle"
        | "in-timed-bundle" => sign(w, hold()),
        "scheduled" => sign(
            w,
            When {
                publish_at: Some(now + 30 * DAY),
                ..When::default()
            },
        ),
        "due" => sign(
            w,
            When {
                publish_at: Some(now + HOUR),
                ..When::default()
            },
        ),
        "expiring" | "expired" => sign(
            w,
            When {
                expire_at: Some(now + HOUR),
                ..hold()
            },
        ),
        _ => {}
    }
    match state {
        "published" | "correcting" | "corrected" | "withdrawn" | "expiring" | "expired" => {
            w.sit("signer").publish(&id, Seen::default()).unwrap();
        }
        "in-bundle" | "in-timed-bundle" => {
            let bundle = w
                .sit("signer")
                .bundle_new(&Note::of(&mark("集名")))
                .unwrap();
            w.p.desk.bundle_add(&bundle, &id).unwrap();
            if state == "in-timed-bundle" {
                w.p.desk
                    .bundle_schedule(&bundle, now + 30 * DAY, None)
                    .unwrap();
            }
        }
        _ => {}
    }
    if matches!(state, "correcting" | "corrected") {
        w.sit("editor-b").correct(&id, &note).unwrap();
        let mut new = w.p.desk.content(&id, None).unwrap();
        if state == "correcting" {
            new.fields.title = mark("未出之题");
        }
        new.text.push_str("\n更正说明。");
        w.p.desk.revise(&id, new, 1).unwrap();
    }
    if state == "corrected" {
        w.sit("editor-b").submit(&id, Seen::default()).unwrap();
        w.pass(&id, 4);
        w.sit("signer").publish(&id, Seen::default()).unwrap();
    }
    if state == "withdrawn" {
        w.sit("signer")
            .withdraw(&id, WithdrawGround::Other, &note)
            .unwrap();
    }
    let number = w.sit("office").show(&id).unwrap().line.number;
    Item {
        state,
        author,
        id,
        number,
        title,
        secret,
    }
}

struct Built {
    image: Image,
    items: Vec<Item>,
    /// An open bundle without members.
    empty: String,
    /// A proposal of the office's: a grant.
    proposal: u64,
    after: After,
}

/// What life after publication left: a policy, what explains it, and a flag on that; a version for
/// 微博 that is out; a waiver by the second reviewer.
#[derive(Default)]
struct After {
    policy: String,
    reading: String,
    flag: u64,
    weibo: String,
    waived: String,
    waiver: u64,
}

fn after(w: &mut World) -> After {
    let (policy, reading) = (w.published("矩阵政策"), w.published("矩阵解读"));
    w.sit("editor")
        .relate(&policy, &reading, Relation::Interpretation)
        .unwrap();
    w.sit("signer")
        .set_validity(&policy, Validity::Partly, None, &Note::of("依据来函。"))
        .unwrap();
    let flag = w.sit("editor").flags(Some(&reading)).unwrap()[0].flag;
    let weibo = w.sit("editor").version_for(&policy, "weibo").unwrap().id;
    w.p.desk.submit(&weibo, Seen::default()).unwrap();
    w.pass(&weibo, 4);
    w.sit("signer").publish(&weibo, Seen::default()).unwrap();
    let waived = w.draft("editor", "矩阵豁免", "prov-news");
    let bad = common::finding("第一段");
    let waiver = w
        .sit("second")
        .waive(&waived, &bad, &Note::of("引文如此。"))
        .unwrap()
        .seq;
    After {
        policy,
        reading,
        flag,
        weibo,
        waived,
        waiver,
    }
}

fn build() -> Built {
    let mut w = World::new();
    let mut items = Vec::new();
    for author in ["editor", "writer"] {
        for state in STATES {
            items.push(make(&mut w, state, author));
        }
    }
    let now = w.clock.get();
    let proposal = w
        .sit("office")
        .propose_grant("norole", Role::Proofreader, "prov", now, now + 90 * DAY)
        .unwrap()
        .seq;
    let empty = w.sit("head").bundle_new(&Note::of("空集")).unwrap();
    let after = after(&mut w);
    w.clock.pass(2 * HOUR);
    for item in items.iter().filter(|i| i.state == "expired") {
        w.sit("runner").expire(&item.id).unwrap();
    }
    // Items stand in the state their name says, whatever the fold calls it.
    for item in &items {
        let expected = match item.state {
            "claimed" | "correcting" => "draft",
            "at-first" | "at-second" | "at-secrecy" | "escalated" | "at-sign-off" => "in-review",
            "closed" => "rejected",
            "due" => "scheduled",
            "in-bundle" | "in-timed-bundle" => "signed-off",
            "expiring" => "published",
            state => state,
        };
        assert_eq!(
            w.state(&item.id),
            expected,
            "{} by {}",
            item.state,
            item.author
        );
    }
    Built {
        image: w.image(),
        items,
        empty,
        proposal,
        after,
    }
}

fn perform(desk: &mut Desk, act: &str, item: &Item, built: &Built) -> Result<(), DeskError> {
    let id = item.id.as_str();
    let (seen, note) = (Seen::default(), Note::of("意见：照办。"));
    let later = desk.now() + 5 * DAY;
    let row = facts::item(desk.store().conn(), id).unwrap().unwrap();
    let live = row.facts.state.is_live();
    match act {
        "revise" => {
            let mut new = content(&item.title, "prov-news");
            new.text.push_str("\n又一段。");
            desk.revise(id, new, row.facts.revision).map(drop)
        }
        "attach" => desk
            .attach(id, "又一附件.txt", "", b"file".to_vec())
            .map(drop),
        "claim" => desk.claim(id),
        "take-over" => desk.take_over(id).map(drop),
        "submit" => desk.submit(id, Seen::default()).map(drop),
        "recall" => desk.recall(id).map(drop),
        "comment" => desk.comment(id, &note).map(drop),
        "approve" => desk.approve(id, seen, &note).map(drop),
        "clear" => {
            let review = Review {
                authority: Note::of("复函：可以公开。"),
                ..open_review()
            };
            desk.clear(id, seen, &review).map(drop)
        }
        "sign-off" => desk.sign_off(id, seen, hold(), &note).map(drop),
        "return" => desk.send_back(id, seen, &note).map(drop),
        "reject" => desk.reject(id, seen, &note).map(drop),
        "schedule" if live => desk
            .schedule(id, None, Some(later), "Asia/Shanghai")
            .map(drop),
        "schedule" => desk
            .schedule(id, Some(later), None, "Asia/Shanghai")
            .map(drop),
        "unschedule" => desk.unschedule(id).map(drop),
        "unlock" => desk.unlock(id, &note).map(drop),
        "publish" => desk.publish(id, seen).map(drop),
        "publish-due" => desk.publish_due(id).map(drop),
        "expire" => desk.expire(id).map(drop),
        "bundle-add" => desk.bundle_add(&built.empty, id).map(drop),
        "correct" => desk.correct(id, &note).map(drop),
        "withdraw" => desk.withdraw(id, WithdrawGround::Other, &note).map(drop),
        "discard" => desk.discard(id).map(drop),
        "restore" => desk.restore(id).map(drop),
        "propose-purge" => desk.propose_purge(id, Vec::new(), false, &note).map(drop),
        "waive" => desk.waive(id, &common::finding("第一段"), &note).map(drop),
        "relate" => desk
            .relate(id, &built.after.reading, Relation::Interpretation)
            .map(drop),
        "validity" => desk
            .set_validity(id, Validity::Repealed, None, &note)
            .map(drop),
        "share" => desk
            .share(id, &["east-news".to_owned()])?
            .remove(0)
            .1
            .map(drop),
        "emergency" => desk.declare_emergency(id, seen, &note).map(drop),
        "posted" => desk.posted(id, &note).map(drop),
        other => panic!("no act {other}"),
    }
}

#[test]
fn every_role_every_act_every_state_of_the_editors_items() {
    every_role_every_act_every_state("editor");
}

#[test]
fn every_role_every_act_every_state_of_the_outsourced_writers_items() {
    every_role_every_act_every_state("writer");
}

fn every_role_every_act_every_state(author: &str) {
    let built = build();
    let mut w = World::from(&built.image);
    let (mut done, mut refused) = (0u32, 0u32);
    let clean = w.dump();
    let head = w.head();
    let mut wrong = Vec::new();
    for item in built.items.iter().filter(|i| i.author == author) {
        for person in PEOPLE {
            for act in ACTS {
                let place = format!("{person} {act} {} by {}", item.state, item.author);
                if may(act, item.state, person, item.author) {
                    // Done for good in a store of its own.
                    let mut own = World::from(&built.image);
                    let result = perform(own.sit(person), act, item, &built);
                    if result.is_err() {
                        wrong.push(format!("{place}: should be done, was {}", rule(result)));
                    } else if own.head() == head {
                        wrong.push(format!("{place}: done without an entry"));
                    }
                    done += 1;
                    continue;
                }
                let result = perform(w.sit(person), act, item, &built);
                refused += 1;
                let code = match &result {
                    Ok(()) => {
                        wrong.push(format!("{place}: should be refused, was done"));
                        w = World::from(&built.image);
                        continue;
                    }
                    Err(DeskError::Refused(refusal)) => refusal.rule,
                    // A file added to text somebody else is writing, and the like, are refusals too.
                    Err(_) => "",
                };
                // Who may purge need not see; who may not is told so before anybody looks for the item.
                let right_comes_first =
                    *act == "propose-purge" && matches!(code, "right.missing" | "purge.live");
                // The key of one who left signs nothing any more.
                let dead_key = *person == "gone"
                    && matches!(&result, Err(DeskError::Unacceptable("entry.key")));
                if right_comes_first || dead_key {
                } else if !sees(person, item.author) {
                    // The runner goes by due dates and may hear why something is not due; it reads nothing.
                    let runs =
                        *person == "runner" && matches!(*act, "publish" | "publish-due" | "expire");
                    // An act on a bundle of things unseen is an act on an unknown bundle.
                    if code != "item.unknown" && !runs && code != "actor.contract" {
                        wrong.push(format!("{place}: should be unknown, was {}", rule(result)));
                    }
                } else if *act == "relate" && !sees(person, "editor") && code == "item.unknown" {
                    // What it would belong to is not seen.
                } else if code.is_empty() || code == "item.unknown" {
                    wrong.push(format!(
                        "{place}: should be refused by a rule, was {}",
                        rule(result)
                    ));
                }
                if w.head() != head {
                    wrong.push(format!("{place}: refused and yet an entry"));
                    w = World::from(&built.image);
                }
            }
            // What was refused left nothing behind: journal, folded tables, bodies.
            if w.dump() != clean {
                wrong.push(format!(
                    "{person} on {}: refused acts left something",
                    item.state
                ));
                w = World::from(&built.image);
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(
        done > 350 && refused > 10_000,
        "{done} done, {refused} refused"
    );
    w.verify().expect("the store is sound after all of it");
}

/// The table itself keeps what no table may break.
#[test]
fn the_expectations_keep_the_separation_of_duties() {
    for state in STATES {
        for author in ["editor", "writer"] {
            for act in DECISIONS {
                assert!(
                    !may(act, state, author, author),
                    "{author} would {act} his own"
                );
                for person in ["writer", "ops"] {
                    assert!(
                        !may(act, state, person, author),
                        "outsourced {person} would {act}"
                    );
                }
            }
            for act in ACTS {
                for person in ["sysadmin", "security", "auditor"] {
                    let purge = *act == "propose-purge" && person == "security";
                    assert!(
                        !may(act, state, person, author) || purge,
                        "administrator {person} would {act}"
                    );
                }
                for person in [
                    "norole",
                    "gone",
                    "ended",
                    "interaction",
                    "inspection",
                    "discipline",
                    "ops",
                ] {
                    assert!(!may(act, state, person, author), "{person} would {act}");
                }
            }
        }
    }
}

/// Whoever wrote on an item is out of every decision on it, whatever role he holds besides.
#[test]
fn nobody_involved_ever_decides() {
    let built = build();
    let roles = [
        ("at-first", "first", "approve"),
        ("at-second", "second", "approve"),
        ("at-secrecy", "secrecy", "clear"),
        ("at-sign-off", "signer", "sign-off"),
    ];
    for (state, login, act) in roles {
        let item = built
            .items
            .iter()
            .find(|i| i.state == state && i.author == "editor")
            .unwrap();
        for decision in [act, "return", "reject"] {
            let mut w = World::from(&built.image);
            let until = w.clock.get() + 90 * DAY;
            if !matches!(login, "first" | "second") {
                w.grant(login, Role::Editor, "*", until);
            }
            // A comma suffices. Decisions on the earlier text fall with it, so the steps are passed again.
            let from = w.sit(login).show(&item.id).unwrap().line.revision;
            let mut new = w.p.desk.content(&item.id, None).unwrap();
            new.text.push('。');
            w.p.desk.revise(&item.id, new, from).unwrap();
            let upto = match login {
                "first" => 0,
                "second" => 1,
                "secrecy" => 2,
                _ => 3,
            };
            w.pass(&item.id, upto);
            let head = w.head();
            let result = perform(w.sit(login), decision, item, &built);
            assert_eq!(rule(result), "duty.contributor", "{login} {decision}");
            assert_eq!(w.head(), head);
            assert!(
                !w.p.desk.show(&item.id).unwrap().offers(decision),
                "{decision} offered to {login}"
            );
        }
    }
}

#[test]
fn every_role_every_view() {
    let built = build();
    let mut w = World::from(&built.image);
    for person in PEOPLE {
        for item in &built.items {
            let id = item.id.as_str();
            let seen = sees(person, item.author);
            let desk = w.sit(person);
            let views: Vec<(&str, Result<String, DeskError>)> = vec![
                ("show", desk.show(id).map(|v| format!("{v:?}"))),
                (
                    "show by number",
                    desk.show(&item.number).map(|v| format!("{v:?}")),
                ),
                ("content", desk.content(id, None).map(|v| format!("{v:?}"))),
                (
                    "first revision",
                    desk.content(id, Some(1)).map(|v| format!("{v:?}")),
                ),
                ("history", desk.history(id).map(|v| format!("{v:?}"))),
                ("revisions", desk.revisions(id).map(|v| format!("{v:?}"))),
                ("diff", desk.diff(id, 0, 1).map(|v| format!("{v:?}"))),
                (
                    "review_diff",
                    desk.review_diff(id).map(|v| format!("{v:?}")),
                ),
                (
                    "preview",
                    desk.preview(id, ViewMode::Preview)
                        .map(|v| format!("{v:?}")),
                ),
                (
                    "second preview",
                    desk.preview(id, ViewMode::Preview)
                        .map(|v| format!("{v:?}")),
                ),
                (
                    "attachment",
                    desk.attachment(id, None, 0).map(|v| format!("{v:?}")),
                ),
                ("autosaved", desk.autosaved(id).map(|v| format!("{v:?}"))),
                (
                    "drop autosave",
                    desk.drop_autosave(id).map(|v| format!("{v:?}")),
                ),
                ("release", desk.release_claim(id).map(|v| format!("{v:?}"))),
            ];
            for (view, result) in views {
                let place = format!("{person} {view} {} by {}", item.state, item.author);
                if seen {
                    assert!(result.is_ok(), "{place}: {}", rule(result));
                } else {
                    assert_eq!(rule(result), "item.unknown", "{place}");
                }
            }
            let form = desk.review_form(id).map(drop);
            let reviewed = !matches!(
                item.state,
                "draft"
                    | "claimed"
                    | "at-first"
                    | "at-second"
                    | "at-secrecy"
                    | "returned"
                    | "rejected"
                    | "discarded"
            );
            let expected = match (seen, reviewed) {
                (true, true) => "done: ()",
                (true, false) => "clearance.missing",
                (false, _) => "item.unknown",
            };
            assert_eq!(rule(form), expected, "{person} review_form {}", item.state);
        }
    }
}

#[test]
fn what_is_not_seen_is_in_no_list() {
    let built = build();
    let mut w = World::from(&built.image);
    for person in PEOPLE {
        let hidden: Vec<&Item> = built
            .items
            .iter()
            .filter(|i| !sees(person, i.author))
            .collect();
        let visible: BTreeSet<&str> = built
            .items
            .iter()
            .filter(|i| sees(person, i.author))
            .map(|i| i.id.as_str())
            .collect();
        let desk = w.sit(person);
        let all = desk.list(&Filter::default(), None, 1_000).unwrap();
        // Beside those that stand for a state there are the pieces of a life after publication.
        let known: BTreeSet<&str> = built.items.iter().map(|i| i.id.as_str()).collect();
        let ids: BTreeSet<&str> = all.iter().map(|l| l.id.as_str()).collect();
        let ids: BTreeSet<&str> = ids.intersection(&known).copied().collect();
        assert_eq!(ids, visible, "{person}: list");
        assert_eq!(
            desk.count(&Filter::default()).unwrap(),
            all.len() as u64,
            "{person}: count"
        );

        // Two words for the rights of it: the query's condition and the rule agree on everything.
        let (now, org) = (desk.moment().unwrap(), desk.org().unwrap());
        let sight = desk.sight().unwrap();
        let mut values = Vec::new();
        let condition = sight.condition(&mut values);
        let by_query: BTreeSet<String> = desk
            .store()
            .conn()
            .prepare(&format!("SELECT i.id FROM items i WHERE {condition}"))
            .unwrap()
            .query_map(rusqlite::params_from_iter(values), |r| r.get(0))
            .unwrap()
            .collect::<rusqlite::Result<_>>()
            .unwrap();
        for item in &built.items {
            let row = facts::item(desk.store().conn(), &item.id).unwrap().unwrap();
            let case = Case {
                rules: qianfa::rules::RULES_VERSION,
                org: &org,
                seq: 0,
                now,
                actor: desk.person(),
                id: None,
                item: None,
                bundle: None,
                proposal: None,
                thread: None,
                other: None,
                related: false,
                flag: None,
                waivers: &[],
                bodies: &[],
            };
            let by_rule = qianfa::rules::check::may_view(&case, &row.facts);
            assert_eq!(
                by_rule,
                by_query.contains(&item.id),
                "{person}: {} by {}",
                item.state,
                item.author
            );
            assert_eq!(
                by_rule,
                sees(person, item.author),
                "{person}: {} by {}",
                item.state,
                item.author
            );
        }

        // Search by title, by a single character, by a word of the text.
        for item in &built.items {
            let filter = Filter {
                text: Some(item.title.clone()),
                ..Filter::default()
            };
            let found = desk.list(&filter, None, 1_000).unwrap();
            let there = found.iter().any(|l| l.id == item.id);
            // The working title of a correction is another by now.
            let expected = sees(person, item.author);
            assert_eq!(there, expected, "{person}: search for {}", item.title);
            assert_eq!(
                desk.count(&filter).unwrap(),
                found.len() as u64,
                "{person}: count of a search"
            );
        }
        let filter = Filter {
            text: Some("题".to_owned()),
            ..Filter::default()
        };
        let found = desk.list(&filter, None, 1_000).unwrap();
        assert_eq!(found.len(), visible.len(), "{person}: one character");

        // The queue: exactly what waits for this person's decision.
        let step = match *person {
            "first" => "at-first",
            "second" => "at-second",
            "signer" => "at-sign-off",
            _ => "",
        };
        let waits: BTreeSet<&str> = built
            .items
            .iter()
            .filter(|i| {
                i.state == step
                    || (*person == "secrecy" && matches!(i.state, "at-secrecy" | "escalated"))
            })
            .map(|i| i.id.as_str())
            .collect();
        for newest in [false, true] {
            let queue = desk.queue(newest, 1_000).unwrap();
            let ids: BTreeSet<&str> = queue.iter().map(|l| l.id.as_str()).collect();
            assert_eq!(ids, waits, "{person}: queue");
        }

        // Everything else that lists things, searched for what must not be there.
        let overview = desk.overview().unwrap();
        if visible.is_empty() {
            assert_eq!(overview.tallies, Vec::new(), "{person}: tallies");
        }
        let agenda = desk.agenda(i64::MIN, i64::MAX, 1_000).unwrap();
        let bundles = desk.bundles().unwrap();
        let journal = desk.journal(None, 10_000).unwrap();
        // An empty bundle is for those who make bundles; a proposal for those who could confirm it.
        let empty = bundles.iter().any(|b| b.name == "空集");
        assert_eq!(
            empty,
            RELEASERS.contains(person),
            "{person}: the empty bundle"
        );
        let proposals = desk.proposals().unwrap().len();
        let sees_proposals = matches!(*person, "office" | "security" | "auditor");
        assert_eq!(
            proposals,
            usize::from(sees_proposals),
            "{person}: proposals"
        );
        let names = desk.person_names().unwrap();
        let text = format!("{overview:?}{agenda:?}{bundles:?}{journal:?}{names:?}{all:?}{found:?}");
        for item in &hidden {
            for word in [
                &item.title,
                &item.secret,
                &item.title.replace("暗题", "未出之题"),
                &item.title.replace("暗题", "集名"),
            ] {
                assert!(!text.contains(word.as_str()), "{person} reads {word}");
            }
            let lists = format!("{overview:?}{agenda:?}{bundles:?}{all:?}");
            assert!(
                !lists.contains(&item.id) && !lists.contains(&item.number),
                "{person} reads of {}",
                item.id
            );
        }
        // Readers of the whole journal see the trail of all people; everyone else the entries about
        // items he sees, and his own. People whose time is over see nothing.
        let whole = matches!(*person, "office" | "security" | "auditor");
        if whole {
            assert_eq!(
                journal.len() as u64,
                w.head(),
                "{person} reads the whole journal"
            );
        } else {
            let me = w.id(person);
            for line in &journal {
                let items: Vec<String> = w.p.desk.store().conn()
                    .prepare("SELECT i.id FROM entry_items e JOIN items i ON i.n = e.item WHERE e.seq = ?1").unwrap()
                    .query_map([line.seq as i64], |r| r.get(0)).unwrap()
                    .collect::<rusqlite::Result<_>>().unwrap();
                let own = items.is_empty() && line.actor == me;
                assert!(
                    own || items.iter().any(|i| all.iter().any(|l| l.id == *i)),
                    "{person} reads entry {}",
                    line.seq
                );
            }
        }
        if matches!(*person, "gone" | "ended" | "norole") {
            assert!(
                journal.is_empty() || *person == "norole",
                "{person} reads {} entries",
                journal.len()
            );
        }

        // What the runner is told is due: all of it; everyone else what he sees.
        let due = w.p.desk.due().unwrap();
        for item in &hidden {
            let there = due.iter().any(|d| d.id == item.id);
            assert_eq!(
                there,
                *person == "runner" && matches!(item.state, "due" | "expiring"),
                "{person}: due {}",
                item.state
            );
        }

        // The publication log is a record of what the public was shown (design §1: the administrator
        // hands it to an inspector): whoever may export it gets that, and never a word that was not out.
        let rows = w.p.desk.publication_rows(&LogFilter::default());
        if matches!(*person, "office" | "head" | "sysadmin" | "auditor") {
            let rows = rows.unwrap();
            let was_out = |i: &&Item| {
                matches!(
                    i.state,
                    "published" | "expiring" | "correcting" | "corrected" | "withdrawn" | "expired"
                )
            };
            let text = format!("{rows:?}");
            for item in &built.items {
                assert_eq!(
                    text.contains(&item.title),
                    was_out(&item),
                    "{person}: publications, {}",
                    item.state
                );
                assert!(
                    !text.contains("未出之题"),
                    "{person}: the title of a correction that is not out"
                );
            }
            let events = built.items.iter().filter(was_out).count()
                + built
                    .items
                    .iter()
                    .filter(|i| matches!(i.state, "corrected" | "withdrawn" | "expired"))
                    .count();
            // The policy, its interpretation and the version of the life after publication.
            assert_eq!(rows.len(), events + 3, "{person}: publication rows");
        } else {
            assert!(
                matches!(rows, Err(DeskError::Refused(_))),
                "{person} exports publications"
            );
        }
    }
}

/// One act that is not about an item: who may.
type Other = (
    &'static str,
    &'static [&'static str],
    fn(&mut Desk, &Built) -> Result<(), DeskError>,
);

fn in_bundle(built: &Built, state: &str) -> (String, String) {
    let item = built
        .items
        .iter()
        .find(|i| i.state == state && i.author == "editor")
        .unwrap();
    let image = World::from(&built.image);
    let id = image.p.desk.store().conn()
        .query_row("SELECT b.id FROM bundles b JOIN bundle_items x ON x.bundle = b.n JOIN items i ON i.n = x.item WHERE i.id = ?1",
            [&item.id], |r| r.get(0)).unwrap();
    (id, item.id.clone())
}

fn column_of(id: &str) -> ColumnAdd {
    ColumnAdd {
        column: id.to_owned(),
        site: "prov".to_owned(),
        parent: None,
        name: "新栏目".to_owned(),
        slug: id.to_owned(),
        family: Family::Publicity,
        owner: "office".to_owned(),
        person: None,
        backup: None,
        owner_waived: false,
    }
}

fn out() -> (tempfile::TempDir, std::path::PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("out.csv");
    (dir, path)
}

const OTHERS: &[Other] = &[
    // A scope covers all below it: the contributor of the platform also reaches the subsites on it.
    (
        "create in prov-news",
        &[
            "editor",
            "editor-b",
            "proofreader",
            "first",
            "second",
            "contributor",
            "writer",
        ],
        |d, _| d.create(content("新稿", "prov-news")).map(drop),
    ),
    (
        "create in prov-guide",
        &[
            "editor",
            "editor-b",
            "proofreader",
            "first",
            "second",
            "contributor",
            "service-editor",
        ],
        |d, _| d.create(content("新稿", "prov-guide")).map(drop),
    ),
    (
        "create in east-news",
        &[
            "editor",
            "editor-b",
            "proofreader",
            "first",
            "second",
            "contributor",
            "east-editor",
            "east-first",
        ],
        |d, _| d.create(content("新稿", "east-news")).map(drop),
    ),
    (
        "create in yunxi-open",
        &[
            "editor",
            "editor-b",
            "proofreader",
            "first",
            "second",
            "contributor",
            "east-editor",
            "east-first",
            "county",
        ],
        |d, _| d.create(content("新稿", "yunxi-open")).map(drop),
    ),
    // Bundles.
    ("bundle_new", RELEASERS, |d, _| {
        d.bundle_new(&Note::of("新集")).map(drop)
    }),
    ("bundle_discard", RELEASERS, |d, b| {
        d.bundle_discard(&b.empty).map(drop)
    }),
    ("bundle_remove", RELEASERS, |d, b| {
        let (bundle, item) = in_bundle(b, "in-bundle");
        d.bundle_remove(&bundle, &item).map(drop)
    }),
    ("bundle_schedule", RELEASERS, |d, b| {
        let at = d.now() + DAY;
        d.bundle_schedule(&in_bundle(b, "in-bundle").0, at, None)
            .map(drop)
    }),
    ("bundle_publish", RELEASERS, |d, b| {
        d.bundle_publish(&in_bundle(b, "in-bundle").0, None)
            .map(drop)
    }),
    ("bundle_publish early", &[], |d, b| {
        d.bundle_publish(&in_bundle(b, "in-timed-bundle").0, None)
            .map(drop)
    }),
    ("bundle_publish_due early", &[], |d, b| {
        d.bundle_publish_due(&in_bundle(b, "in-timed-bundle").0)
            .map(drop)
    }),
    ("bundle_unschedule", RELEASERS, |d, b| {
        d.bundle_unschedule(&in_bundle(b, "in-timed-bundle").0)
            .map(drop)
    }),
    // After publication: those who correct or release.
    ("unrelate", CORRECTORS, |d, b| {
        d.unrelate(&b.after.policy, &b.after.reading, Relation::Interpretation)
            .map(drop)
    }),
    ("flag-settle", CORRECTORS, |d, b| {
        let note = Note::of("已核对。");
        d.settle_flag(&b.after.reading, b.after.flag, FlagOutcome::Stands, &note)
            .map(drop)
    }),
    ("posted", CORRECTORS, |d, b| {
        d.posted(&b.after.weibo, &Note::of("https://weibo.example/1"))
            .map(drop)
    }),
    // A waiver is taken back by whoever gave it or could have.
    (
        "unwaive",
        &["second", "secrecy", "signer", "head"],
        |d, b| {
            d.unwaive(&b.after.waived, b.after.waiver, &Note::of("已改。"))
                .map(drop)
        },
    ),
    // Setting up: 系统管理员 and the office.
    ("bureau_add", &["office", "sysadmin"], |d, _| {
        d.bureau_add(BureauAdd {
            bureau: "north".into(),
            name: "北川市税务局".into(),
            level: BureauLevel::City,
            parent: "province".into(),
            duty: None,
        })
        .map(drop)
    }),
    ("site_add", &[], |d, _| {
        d.site_add(SiteAdd {
            // every city of the sample has one: refused for all
            site: "east2".into(),
            name: "又一子站".into(),
            level: SiteLevel::City,
            bureau: "east".into(),
            parent: Some("prov".into()),
            domain: "east2.example.cn".into(),
            code: "3300000009".into(),
            language: None,
        })
        .map(drop)
    }),
    ("column_add", &["office", "sysadmin"], |d, _| {
        d.column_add(column_of("prov-new"), &Note::none()).map(drop)
    }),
    ("column_merge", &["office", "sysadmin"], |d, _| {
        d.column_merge("prov-news", "prov-notice", &Note::of("并栏"))
            .map(drop)
    }),
    ("column_close", &["office", "sysadmin"], |d, _| {
        d.column_close("prov-news", "prov-notice", &Note::of("撤栏"))
            .map(drop)
    }),
    ("route_set", &["office", "sysadmin"], |d, _| {
        d.route_set("prov", Some(qianfa::rules::route::Route::standard()))
            .map(drop)
    }),
    // People: 安全管理员 and the office, two together for whatever gives a right.
    ("person_add", &["office", "security"], |d, _| {
        d.person_add(&NewPerson {
            login: "newcomer".into(),
            name: "新人".into(),
            affiliation: Affiliation::Office,
            bureau: "office".into(),
            contract_until: None,
        })
        .map(drop)
    }),
    ("person_leave", &["office", "security"], |d, _| {
        d.person_leave("leader").map(drop)
    }),
    ("propose_grant", &["office", "security"], |d, _| {
        let now = d.now();
        d.propose_grant("norole", Role::Editor, "prov", now, now + DAY)
            .map(drop)
    }),
    ("propose_key", &["office", "security"], |d, _| {
        let key = SoftKey::generate(Suite::Ed25519Sha256).unwrap();
        d.propose_key("norole", key.public()).map(drop)
    }),
    ("propose_key_revoke", &["office", "security"], |d, b| {
        let key = b
            .image
            .people
            .iter()
            .find(|(l, _, _)| *l == "editor")
            .unwrap()
            .2
            .public()
            .id();
        d.propose_key_revoke(key).map(drop)
    }),
    ("confirm", &["security"], |d, b| {
        d.confirm(b.proposal).map(drop)
    }), // not its proposer, the office
    ("decline", &["office", "security"], |d, b| {
        d.decline(b.proposal).map(drop)
    }),
    ("grant_revoke", &["office", "security"], |d, _| {
        let editor = d.org().unwrap().find_person("editor").unwrap().id.clone();
        let grant = d
            .org()
            .unwrap()
            .grants
            .iter()
            .find(|g| g.person == editor)
            .unwrap()
            .id;
        d.grant_revoke(grant).map(drop)
    }),
    // Exports. 审计管理员 and the office take the trail out; the publication log also its other readers.
    (
        "export_publications",
        &["office", "head", "sysadmin", "auditor"],
        |d, _| {
            let (_dir, path) = out();
            let result = d
                .export_publications(
                    &path,
                    Format::Csv,
                    &LogFilter::default(),
                    false,
                    &mut |_| true,
                )
                .map(drop);
            assert_eq!(
                path.exists(),
                result.is_ok(),
                "a refused export leaves no file"
            );
            result
        },
    ),
    ("export_audit", &["office", "auditor"], |d, _| {
        let (_dir, path) = out();
        let result = d
            .export_audit(&path, Format::Csv, false, &mut |_| true)
            .map(drop);
        assert_eq!(
            path.exists(),
            result.is_ok(),
            "a refused export leaves no file"
        );
        result
    }),
    ("export_journal", &["office", "auditor"], |d, _| {
        let (_dir, path) = out();
        let result = d
            .export_journal(&path, true, false, &mut |_| true)
            .map(drop);
        assert_eq!(
            path.exists(),
            result.is_ok(),
            "a refused export leaves no file"
        );
        result
    }),
    // The runner's reports, and the same by those who may release.
    ("publish_failed", &["runner", "signer", "head"], |d, b| {
        let error = DeskError::Refused(qianfa::rules::refusal::refuse("approval.missing", &[]));
        d.publish_failed(&b.items[0].id, &error)
            .map(|r| assert!(r.is_some(), "a first failure is news"))
    }),
    ("pages_written", &["runner", "signer", "head"], |d, _| {
        d.pages_written("prov", 1, 3, "manifest").map(drop)
    }),
    ("pages_failed", &["runner", "signer", "head"], |d, _| {
        d.pages_failed("prov", 1, "io")
            .map(|r| assert!(r.is_some()))
    }),
];

#[test]
fn acts_that_are_not_about_an_item() {
    let built = build();
    let mut wrong: Vec<String> = Vec::new();
    for (act, who, perform) in OTHERS {
        // All the refused ones in one store: none of them may leave anything for the next.
        let mut w = World::from(&built.image);
        let (clean, head) = (w.dump(), w.head());
        for person in PEOPLE.iter().filter(|p| !who.contains(p)) {
            let result = perform(w.sit(person), &built);
            if result.is_ok() {
                wrong.push(format!("{person} did {act}"));
                w = World::from(&built.image);
                continue;
            }
            let code = rule(result);
            if w.dump() != clean || w.head() != head {
                wrong.push(format!(
                    "{person} {act}: refused ({code}), yet something changed"
                ));
                w = World::from(&built.image);
            }
            let known = match *person {
                "gone" => ["entry.key", "bundle.unknown", "item.unknown", "actor.left"]
                    .contains(&code.as_str()),
                "ended" => {
                    ["actor.contract", "bundle.unknown", "item.unknown"].contains(&code.as_str())
                }
                _ => qianfa::rules::refusal::RULES.contains(&code.as_str()),
            };
            if !known {
                wrong.push(format!("{person} {act}: {code}"));
            }
        }
        let again = w.image();
        for person in *who {
            let mut own = World::from(&again);
            let result = perform(own.sit(person), &built);
            if result.is_err() {
                wrong.push(format!("{person} could not {act}: {}", rule(result)));
            } else if own.head() == head {
                wrong.push(format!("{person} {act}: no entry"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
