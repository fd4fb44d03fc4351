//! Random work by random people, much of it refused: whatever happened, the journal verifies, the
//! tables are its fold, the counts count, and the index finds what is there and nothing else.
#![allow(
    clippy::type_complexity,
    clippy::default_trait_access,
    clippy::items_after_statements
)] // tests read top to bottom
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::cell::RefCell;
use std::collections::BTreeMap;

use common::{DAY, HOUR, World, content, open_review, review};
use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};
use qianfa::desk::review::{Review, Seen, When};
use qianfa::desk::{DeskError, Note};
use qianfa::rules::act::{
    Anchor, FlagOutcome, ListKind, Relation, Urgency, Validity, ViewMode, WithdrawGround,
};
use qianfa::rules::clearance::{Conclusion, Disclosure, Ground};
use qianfa::rules::route::Route;
use qianfa::store::facts;
use qianfa::store::query::items::{self, Filter};

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
    "contributor",
    "sysadmin",
    "auditor",
    "writer",
    "east-editor",
    "east-first",
    "runner",
    "gone",
    "ended",
];

const COLUMNS: &[&str] = &[
    "prov-news",
    "prov-notice",
    "prov-policy",
    "east-news",
    "east-open",
];

const WORDS: &[&str] = &[
    "税收", "优惠", "办税", "指南", "公告", "解读", "通知", "减免", "发票", "申报", "退税", "征管",
];

/// One step of somebody's day: who, what, on which item, and three numbers to fill it in.
#[derive(Debug, Clone)]
struct Step {
    who: usize,
    what: u8,
    on: usize,
    a: usize,
    b: usize,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (
        0..PEOPLE.len(),
        0u8..48,
        0usize..12,
        0usize..1_000,
        0usize..1_000,
    )
        .prop_map(|(who, what, on, a, b)| Step {
            who,
            what,
            on,
            a,
            b,
        });
    proptest::collection::vec(step, 60..140)
}

fn words(a: usize, b: usize) -> String {
    let pick = |k: usize| WORDS[k % WORDS.len()];
    format!("{}{}，{}。{}", pick(a), pick(b), pick(a / 7), pick(b / 5))
}

struct Day {
    w: World,
    items: Vec<String>,
    bundles: Vec<String>,
    proposals: Vec<u64>,
}

impl Day {
    /// Everything a person can do, most of it by somebody who may not.
    fn step(&mut self, s: &Step) -> Result<(), DeskError> {
        let note = Note::of(&words(s.b, s.a));
        let item = self
            .items
            .get(s.on % self.items.len().max(1))
            .cloned()
            .unwrap_or_default();
        let bundle = self
            .bundles
            .get(s.a % self.bundles.len().max(1))
            .cloned()
            .unwrap_or_default();
        let now = self.w.clock.get();
        let soon = now + HOUR * (s.a as i64 % 5);
        let column = COLUMNS[s.a % COLUMNS.len()];
        // Half the time the one whose turn it is acts, so that items get somewhere.
        if s.what >= 34 {
            return self.advance(&item, s);
        }
        let desk = self.w.sit(PEOPLE[s.who]);
        let revision = facts::item(desk.store().conn(), &item)?.map_or(0, |r| r.facts.revision);
        match s.what {
            0 | 1 => {
                let mut c = content(&words(s.a, s.b), column);
                c.shape.urgency = Urgency::ALL[s.b % 3];
                if s.b.is_multiple_of(7) {
                    c.shape.columns.push("south-open".to_owned());
                }
                if s.b.is_multiple_of(11) {
                    c.disclose(Disclosure::OnRequest, None);
                }
                if s.b.is_multiple_of(5) {
                    c.shape.go_live = Some(soon);
                }
                self.items.push(desk.create(c)?.id);
                Ok(())
            }
            2 | 3 => {
                let mut c = desk.content(&item, None)?;
                match s.b % 4 {
                    0 => c.fields.title = words(s.b, s.a),
                    1 => c.text.push_str(&format!("\n{}", words(s.a, s.b))),
                    2 => c.shape.columns = vec![column.to_owned()],
                    _ => {}
                }
                desk.revise(
                    &item,
                    c,
                    revision.saturating_sub(u32::from(s.b.is_multiple_of(13))),
                )
                .map(drop)
            }
            4 => desk.submit(&item, Seen::default()).map(drop),
            5 => desk.recall(&item).map(drop),
            6 => desk.approve(&item, Seen::default(), &note).map(drop),
            7 => desk.send_back(&item, Seen::default(), &note).map(drop),
            8 => desk.reject(&item, Seen::default(), &note).map(drop),
            9 => desk
                .clear(&item, Seen::default(), &review(Conclusion::ALL[s.a % 5]))
                .map(drop),
            10 => desk
                .sign_off(&item, Seen::default(), When::default(), &note)
                .map(drop),
            11 => desk
                .schedule(&item, Some(soon), Some(soon + DAY), "Asia/Shanghai")
                .map(drop),
            12 => desk.unschedule(&item).map(drop),
            13 => desk.unlock(&item, &note).map(drop),
            14 => desk.publish(&item, Seen::default()).map(drop),
            15 => desk.correct(&item, &note).map(drop),
            16 => desk.withdraw(&item, WithdrawGround::Other, &note).map(drop),
            17 => desk.discard(&item).map(drop),
            18 => desk.restore(&item).map(drop),
            19 => match s.b % 6 {
                0 => {
                    let anchor = Anchor {
                        revision: 1 + (s.a % 3) as u32,
                        place: Anchor::TEXT.to_owned(),
                        from: (s.a % 9) as u32,
                        to: (s.b % 9) as u32,
                    };
                    desk.comment_on(&item, Some(anchor), None, &note).map(drop)
                }
                1 => desk
                    .comment_on(&item, None, Some(s.a as u64 % 200), &note)
                    .map(drop),
                2 => desk.settle_comment(&item, s.a as u64 % 200).map(drop),
                3 => desk
                    .waive(&item, &common::finding(WORDS[0]), &note)
                    .map(drop),
                4 => desk.unwaive(&item, s.a as u64 % 200, &note).map(drop),
                _ => desk.comment(&item, &note).map(drop),
            },
            20 => desk.claim(&item),
            21 => desk.take_over(&item).map(drop),
            22 => {
                let mut c = desk.content(&item, None)?;
                c.text = words(s.a, s.a);
                desk.autosave(&item, &c, revision)
            }
            23 => desk
                .attach(
                    &item,
                    &format!("件{}.txt", s.a),
                    "",
                    words(s.a, s.b).into_bytes(),
                )
                .map(drop),
            24 => desk.preview(&item, ViewMode::Preview).map(drop),
            25 => {
                self.bundles.push(desk.bundle_new(&note)?);
                Ok(())
            }
            26 => desk.bundle_add(&bundle, &item).map(drop),
            27 => desk.bundle_remove(&bundle, &item).map(drop),
            28 => desk.bundle_schedule(&bundle, soon, None).map(drop),
            29 => desk.bundle_publish(&bundle, None).map(drop),
            30 if s.a.is_multiple_of(2) => {
                let other = self
                    .items
                    .get(s.b % self.items.len().max(1))
                    .cloned()
                    .unwrap_or_default();
                let relation = Relation::ALL[s.a % 5];
                match s.b % 9 {
                    0 | 1 => desk.relate(&item, &other, relation).map(drop),
                    2 => desk.unrelate(&item, &other, relation).map(drop),
                    3 => desk
                        .set_validity(&item, Validity::ALL[s.a % 5], Some(soon), &note)
                        .map(drop),
                    4 => {
                        for (_, made) in desk.share(&item, &[column.to_owned()])? {
                            self.items.push(made?.id);
                        }
                        Ok(())
                    }
                    5 => desk
                        .declare_emergency(&item, Seen::default(), &note)
                        .map(drop),
                    6 => {
                        self.items.push(desk.version_for(&item, "wechat")?.id);
                        Ok(())
                    }
                    7 => desk.posted(&item, &note).map(drop),
                    _ => {
                        for flag in desk.flags(None)? {
                            desk.settle_flag(&flag.item, flag.flag, FlagOutcome::Stands, &note)?;
                        }
                        Ok(())
                    }
                }
            }
            30 => match s.b % 3 {
                0 => desk.bundle_unschedule(&bundle).map(drop),
                1 => desk.bundle_discard(&bundle).map(drop),
                _ => desk.bundle_publish_due(&bundle).map(drop),
            },
            31 => match s.b % 6 {
                0 => {
                    let mut route = Route::standard();
                    route.0.remove(s.a % 2);
                    desk.route_set(["prov", "east", "prov-news"][s.a % 3], Some(route))
                        .map(drop)
                }
                1 if s.a.is_multiple_of(4) => desk
                    .column_merge("prov-policy", "prov-notice", &note)
                    .map(drop),
                _ => desk.open_session(),
            },
            32 => {
                let named = if s.a.is_multiple_of(2) {
                    Vec::new()
                } else {
                    vec![1]
                };
                let words = s.b.is_multiple_of(3);
                self.proposals
                    .push(desk.propose_purge(&item, named, words, &note)?.seq);
                Ok(())
            }
            33 if s.a.is_multiple_of(3) => {
                self.proposals
                    .push(desk.propose_list(ListKind::Sources, &words(s.a, s.b))?.seq);
                Ok(())
            }
            _ => {
                self.w.clock.pass(HOUR * (s.a as i64 % 4));
                Ok(())
            }
        }
    }

    fn advance(&mut self, item: &str, s: &Step) -> Result<(), DeskError> {
        if s.what == 47 {
            if let Some(seq) = self.proposals.pop() {
                let result = self.w.sit("security").confirm(seq).map(drop);
                return result
                    .or_else(|_| self.w.sit("office").confirm(seq).map(drop))
                    .or_else(|_| self.w.sit("signer").confirm(seq).map(drop));
            }
            return Ok(());
        }
        let Some(row) = facts::item(self.w.p.desk.store().conn(), item)? else {
            return Ok(());
        };
        let note = Note::of("办理。");
        let seen = Seen::default();
        match row.facts.state.code() {
            "draft" | "returned" => self.w.sit("editor").submit(item, Seen::default()).map(drop),
            "in-review" => {
                let org = self.w.p.desk.org()?;
                let route = org.route_for(row.facts.home());
                let Some(at) = row.facts.open_step(&route) else {
                    return Ok(());
                };
                match route.route.0[at].name.as_str() {
                    "first-review" => self.w.sit("first").approve(item, seen, &note).map(drop),
                    "second-review" => self.w.sit("second").approve(item, seen, &note).map(drop),
                    "confidentiality" => {
                        let ground = None::<Ground>;
                        let answered = Review {
                            authority: Note::of("复函。"),
                            ground,
                            ..open_review()
                        };
                        self.w.sit("secrecy").clear(item, seen, &answered).map(drop)
                    }
                    _ => {
                        let when = When {
                            hold: s.a.is_multiple_of(2),
                            ..When::default()
                        };
                        self.w
                            .sit("signer")
                            .sign_off(item, seen, when, &note)
                            .map(drop)
                    }
                }
            }
            "signed-off" => self.w.sit("signer").publish(item, seen).map(drop),
            "scheduled" => {
                self.w.clock.pass(DAY);
                self.w.sit("runner").publish_due(item).map(drop)
            }
            "published" | "corrected" if row.facts.expire.is_some() => {
                self.w.clock.pass(2 * DAY);
                self.w.sit("runner").expire(item).map(drop)
            }
            _ => Ok(()),
        }
    }
}

/// The text as the index sees it: words without what stands between them.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn check(day: &mut Day) {
    // The proof: signatures, chain, bodies, and every table replayed and compared.
    let verified = day.w.verify().expect("verifies");
    assert_eq!(verified.void, 0, "a refused act is not in the journal");
    // Made again from the journal, bit for bit.
    let before = day.w.dump();
    assert!(
        day.w
            .p
            .desk
            .store_mut()
            .rebuild(|_| true)
            .unwrap()
            .is_none()
    );
    assert_eq!(day.w.dump(), before, "the rebuilt tables are others");
    day.w.verify().expect("verifies after the rebuild");

    let desk = day.w.sit("office");
    let sight = desk.sight().unwrap();
    let told: BTreeMap<String, u64> = items::tallies(desk.store().conn(), &sight)
        .unwrap()
        .into_iter()
        .map(|(s, n)| (s.code().to_owned(), n))
        .collect();
    let counted: BTreeMap<String, u64> = desk
        .store()
        .conn()
        .prepare("SELECT state, count(*) FROM items GROUP BY state")
        .unwrap()
        .query_map([], |r| Ok((r.get(0)?, r.get::<_, i64>(1)? as u64)))
        .unwrap()
        .collect::<rusqlite::Result<_>>()
        .unwrap();
    assert_eq!(told, counted, "tallies");

    // The index against reading everything.
    let mut texts = Vec::new();
    for id in &day.items {
        let view = desk.show(id).unwrap();
        let c = &view.content;
        texts.push((
            id.clone(),
            plain(&format!("{} {}", c.fields.title, c.fields.doc_number)),
            plain(&c.text),
            view.purged,
        ));
    }
    for word in WORDS
        .iter()
        .copied()
        .chain(["税", "正文第一段", "税收优惠", "没有的词"])
    {
        let filter = Filter {
            text: Some(word.to_owned()),
            ..Filter::default()
        };
        let mut found: Vec<String> = desk
            .list(&filter, None, 10_000)
            .unwrap()
            .into_iter()
            .map(|l| l.id)
            .collect();
        found.sort();
        let mut there: Vec<String> = texts
            .iter()
            .filter(|(_, title, text, purged)| {
                !purged && (title.contains(word) || text.contains(word))
            })
            .map(|(id, ..)| id.clone())
            .collect();
        there.sort();
        assert_eq!(found, there, "search for {word}");
        assert_eq!(desk.count(&filter).unwrap(), found.len() as u64);
    }

    // What stands in the tables besides: targets as in the shape, live columns only of what is live,
    // a date only where something is to happen, one open bundle at most.
    let conn = desk.store().conn();
    let odd = |sql: &str| -> i64 { conn.query_row(sql, [], |r| r.get(0)).unwrap() };
    assert_eq!(
        odd(
            "SELECT count(*) FROM live_columns l JOIN items i ON i.n = l.item WHERE i.live_fingerprint IS NULL"
        ),
        0
    );
    assert_eq!(
        odd("SELECT count(*) FROM items WHERE (state = 'scheduled') <> (due IS NOT NULL)"),
        0,
        "due and scheduled go together"
    );
    assert_eq!(
        odd(
            "SELECT count(*) FROM items WHERE (state IN ('published', 'corrected')) AND live_revision IS NOT revision"
        ),
        0
    );
    assert_eq!(odd("SELECT count(*) FROM items i WHERE (SELECT group_concat(column_) FROM (SELECT column_ FROM item_columns c WHERE c.item = i.n ORDER BY column_)) IS NOT
        (SELECT group_concat(value) FROM (SELECT value FROM json_each(i.shape, '$.columns') ORDER BY value))"), 0, "targets");
    assert_eq!(
        odd("SELECT count(*) FROM items i JOIN columns c ON c.id = i.home WHERE c.site <> i.site"),
        0,
        "site of the home column"
    );
    // Nobody decided on what he wrote: passes in force against those who contributed to the same version.
    assert_eq!(odd("SELECT count(*) FROM publications p JOIN approvals a ON a.item = p.item AND a.run = p.run AND a.fingerprint = p.fingerprint
        JOIN revisions r ON r.item = p.item AND r.n = p.revision WHERE a.person = r.author"), 0, "his own text");
    // Nothing went live without its clearance and its sign-off on these very bytes.
    assert_eq!(odd("SELECT count(*) FROM publications p WHERE p.event IN ('publish', 'correct') AND NOT EXISTS
        (SELECT 1 FROM clearances c WHERE c.item = p.item AND c.run = p.run AND c.fingerprint = p.fingerprint AND c.conclusion = 'open')"), 0, "uncleared");
}

/// `PROPTEST_CASES` makes the walk longer.
#[test]
fn whatever_people_do_the_tables_are_the_fold_of_the_journal() {
    let cases = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(24);
    let config = ProptestConfig {
        cases,
        max_shrink_iters: 60,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let reached = RefCell::new(BTreeMap::<String, u32>::new());
    let result = TestRunner::new(config).run(&steps(), |steps| {
        let mut day = Day {
            w: World::new(),
            items: Vec::new(),
            bundles: Vec::new(),
            proposals: Vec::new(),
        };
        for title in ["税收优惠政策", "办税指南"] {
            let id = day.w.submitted(title);
            day.items.push(id);
        }
        for step in &steps {
            let head = day.w.head();
            let outcome = match day.step(step) {
                Ok(()) => "done",
                Err(DeskError::Store(error))
                    if !matches!(error, qianfa::store::StoreError::Purged(_)) =>
                {
                    return Err(TestCaseError::fail(format!("{step:?}: {error}")));
                }
                Err(_) => {
                    prop_assert_eq!(day.w.head(), head, "refused and yet an entry: {:?}", step);
                    "refused"
                }
            };
            *reached.borrow_mut().entry(outcome.to_owned()).or_default() += 1;
        }
        check(&mut day);
        for id in day.items.clone() {
            *reached
                .borrow_mut()
                .entry(day.w.state(&id).to_owned())
                .or_default() += 1;
        }
        Ok(())
    });
    println!("{:?}", reached.borrow());
    result.unwrap();
    // The walk is no stroll: enough is done, enough refused, and items get to the public.
    for what in ["done", "refused", "published", "in-review", "draft"] {
        assert!(
            reached.borrow().get(what).is_some_and(|n| *n >= 5),
            "{what}: {:?}",
            reached.borrow()
        );
    }
}
