//! Ways around a rule, and ways to lose a text, that were open once.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use common::{BEGIN, DAY, HOUR, MODE, SECOND, World, content, hold, rule};
use qianfa::desk::login::{login, new_key};
use qianfa::desk::review::{Seen, When};
use qianfa::desk::{Clock, Desk, Note};
use qianfa::journal::{Entry, Hash, SealCost, Seen as Witness, SoftKey, Suite, entry_id};
use qianfa::journal::{Signer, signing_message};
use qianfa::rules::act::{Act, BodyRole, Relation, Schedule, Takeover};
use qianfa::rules::role::{Affiliation, Role};
use qianfa::rules::route::Route;
use qianfa::store::append::ReplayRow;
use qianfa::store::{Store, facts, local, rebuild, verify};

fn note() -> Note {
    Note::of("说明。")
}

fn now() -> Seen {
    Seen::default()
}

fn schedule(at: i64) -> Act {
    Act::ItemSchedule(Schedule {
        publish_at: Some(at),
        expire_at: None,
        zone: "Asia/Shanghai".to_owned(),
    })
}

fn bytes_of(w: &World) -> Vec<u8> {
    let mut all = Vec::new();
    for suffix in ["", "-wal"] {
        let path = format!("{}{suffix}", w.path().display());
        all.extend(std::fs::read(path).unwrap_or_default());
    }
    all
}

fn holds(haystack: &[u8], needle: &str) -> bool {
    haystack
        .windows(needle.len())
        .any(|w| w == needle.as_bytes())
}

// -- versions of the rules ---------------------------------------------------------------------

/// A journal's entries made again under a version of the rules, by the same people's keys, in a
/// store of its own; the verdicts are whatever that version says.
struct Again {
    store: Store,
    keys: HashMap<Hash, Arc<SoftKey>>,
    devices: HashMap<Hash, (u64, Hash)>,
}

impl Again {
    fn under(w: &World, rules: u32) -> Again {
        let source = w.p.desk.store();
        let keys =
            w.p.people
                .values()
                .map(|p| (p.key.public().id(), Arc::clone(&p.key)));
        let mut again = Again {
            store: Store::scratch(source.journal(), source.suite()).unwrap(),
            keys: keys.collect(),
            devices: HashMap::new(),
        };
        let mut rows = Vec::new();
        rebuild::walk(source.conn(), |row| {
            rows.push((row.recorded_at, row.entry));
            Ok::<(), qianfa::store::StoreError>(())
        })
        .unwrap();
        for (at, bytes) in rows {
            let mut entry = Entry::parse(&bytes).unwrap();
            entry.rules = rules;
            assert_eq!(again.put(at, entry), None);
        }
        again
    }

    /// Signs and replays an entry at the end, and returns its verdict.
    fn put(&mut self, at: i64, mut entry: Entry) -> Option<String> {
        let head = self.store.head().unwrap();
        let (dseq, dprev) = self
            .devices
            .get(&entry.key)
            .copied()
            .unwrap_or((0, Hash::ZERO));
        (entry.dseq, entry.dprev) = (dseq + 1, dprev);
        entry.seen = Witness {
            seq: head.seq,
            chain: head.chain,
        };
        let bytes = entry.encode();
        let id = entry_id(self.store.suite(), &bytes);
        let sig = self.keys[&entry.key].sign(&signing_message(id));
        self.devices.insert(entry.key, (dseq + 1, id));
        self.store
            .write(|tx| {
                tx.replay(&ReplayRow {
                    recorded_at: at,
                    entry: &bytes,
                    sig: &sig,
                })
            })
            .unwrap()
            .0
    }

    fn act(&mut self, w: &World, login: &str, rules: u32, item: &str, act: &Act) -> Option<String> {
        let head = self.store.head().unwrap();
        let entry = Entry {
            v: 1,
            suite: head.suite,
            journal: head.journal,
            rules,
            actor: w.id(login),
            key: w.key(login).public().id(),
            dseq: 0,
            dprev: Hash::ZERO,
            seen: Witness {
                seq: 0,
                chain: head.chain,
            },
            at: head.recorded_at,
            kind: act.kind().to_owned(),
            item: Some(item.to_owned()),
            base: facts::base_of(self.store.conn(), item).unwrap(),
            bodies: Vec::new(),
            args: act.args().unwrap(),
        };
        self.put(head.recorded_at, entry)
    }

    fn rows(&self, table: &str) -> i64 {
        let sql = format!("SELECT count(*) FROM {table}");
        self.store.conn().query_row(&sql, [], |r| r.get(0)).unwrap()
    }
}

/// An item its signer-to-be wrote on, signed off by somebody else.
fn signed_off_with_a_hand_in_it(w: &mut World) -> String {
    let until = w.clock.get() + 90 * DAY;
    w.enrol("signer-b", Affiliation::Office, Some(Role::Signer), None);
    w.grant("signer", Role::Editor, "*", until);
    let id = w.submitted("签发人改过的稿");
    let from = w.sit("signer").show(&id).unwrap().line.revision;
    let mut c = w.p.desk.content(&id, None).unwrap();
    c.text.push_str("\n又一句。");
    w.p.desk.revise(&id, c, from).unwrap();
    w.pass(&id, 3);
    w.sit("signer-b")
        .sign_off(&id, now(), hold(), &Note::none())
        .unwrap();
    id
}

#[test]
fn whoever_wrote_on_it_sets_no_time() {
    let mut w = World::new();
    let id = signed_off_with_a_hand_in_it(&mut w);
    let soon = w.clock.get() + HOUR;
    let signer = w.sit("signer");
    assert_eq!(rule(signer.publish(&id, now())), "duty.contributor");
    assert_eq!(
        rule(signer.schedule(&id, Some(soon), None, "Asia/Shanghai")),
        "duty.contributor"
    );
    let bundle = signer.bundle_new(&note()).unwrap();
    signer.bundle_add(&bundle, &id).unwrap();
    assert_eq!(
        rule(signer.bundle_schedule(&bundle, soon, None)),
        "duty.contributor"
    );
    w.sit("signer-b")
        .bundle_schedule(&bundle, soon, None)
        .unwrap();
}

#[test]
fn an_older_journal_keeps_its_verdicts_and_a_newer_one_takes_no_older_entry() {
    let mut w = World::new();
    let id = signed_off_with_a_hand_in_it(&mut w);
    let version = w.published("给微博的稿");
    w.sit("editor").version_for(&version, "weibo").unwrap();
    let soon = w.clock.get() + HOUR;

    let mut old = Again::under(&w, 1);
    assert_eq!(
        old.act(&w, "signer", 1, &id, &schedule(soon)),
        None,
        "judged as it was"
    );
    assert_eq!(old.rows("inherited"), 0, "and folded as it was");
    let mut new = Again::under(&w, 2);
    assert!(new.rows("inherited") > 0);
    assert_eq!(
        new.act(&w, "signer", 2, &id, &schedule(soon)).as_deref(),
        Some("duty.contributor")
    );
    assert_eq!(
        new.act(&w, "signer", 1, &id, &schedule(soon)).as_deref(),
        Some("entry.rules"),
        "nobody signs himself out of a rule"
    );
    // What an older program left is gone on with under the newer rules.
    let mut upgraded = Again::under(&w, 1);
    let later = upgraded.act(&w, "signer", 2, &id, &schedule(soon));
    assert_eq!(later.as_deref(), Some("duty.contributor"));
    assert_eq!(upgraded.store.head().unwrap().rules, 2);
}

// -- taking over ---------------------------------------------------------------------------------

#[test]
fn a_takeover_moves_nothing_where_one_may_not_draft() {
    let mut w = World::new();
    let id = w.draft("east-editor", "东江的稿", "east-news");
    w.sit("east-editor").claim(&id).unwrap();
    let mut moved = w.p.desk.content(&id, None).unwrap();
    moved.shape.columns = vec!["prov-news".to_owned()];
    assert_eq!(
        rule(w.p.desk.revise(&id, moved.clone(), 1)),
        "right.missing"
    );
    // His own text, in his other session: it stays unsaved, and the item where it is.
    let taken = w.sit("east-editor").take_over(&id).unwrap();
    assert_eq!((taken.kept_from, taken.revision), (None, 1));
    let home = w.p.desk.find(&id).unwrap().facts.home().to_owned();
    assert_eq!(home, "east-news");
    assert_eq!(
        w.p.desk.autosaved(&id).unwrap().unwrap().0.shape,
        moved.shape
    );
    // Nor by an entry made by hand.
    let act = Act::ItemTakeover(Takeover {
        session: "anothersession".to_owned(),
        author: Some(w.id("east-editor")),
        shape: Some(moved.shape),
    });
    let bodies = [(BodyRole::Fields, "{}"), (BodyRole::Text, "移栏")];
    assert_eq!(
        rule(w.raw("east-editor", Some((&id, None)), &act, &bodies)),
        "right.missing"
    );
}

#[test]
fn a_takeover_says_which_revision_it_made() {
    let mut w = World::new();
    let id = w.published("更正后放弃");
    w.sit("editor").correct(&id, &note()).unwrap();
    let mut c = w.p.desk.content(&id, None).unwrap();
    c.text.push_str("\n半句");
    w.p.desk.revise(&id, c.clone(), 1).unwrap();
    w.p.desk.discard(&id).unwrap();
    w.p.desk.correct(&id, &note()).unwrap();
    // Working revision 1, last given out 2: the next is 3.
    w.p.desk.claim(&id).unwrap();
    c.text.push_str("，又半句");
    w.p.desk.autosave(&id, &c, 1).unwrap();
    let taken = w.sit("editor-b").take_over(&id).unwrap();
    assert_eq!(taken.revision, 3);
    assert_eq!(w.p.desk.find(&id).unwrap().facts.revision, 3);
    assert_eq!(w.p.desk.content(&id, None).unwrap().text, c.text);
}

// -- unsaved texts -------------------------------------------------------------------------------

#[test]
fn what_was_not_typed_leaves_what_was_typed_alone() {
    let mut w = World::new();
    let id = w.draft("editor", "附件题", "prov-news");
    let mut typed = w.sit("editor").content(&id, None).unwrap();
    typed.text.push_str("\n正写到一半");
    w.p.desk.autosave(&id, &typed, 1).unwrap();
    let kept = |w: &mut World| w.p.desk.autosaved(&id).unwrap().map(|a| a.0.text);
    // Done:
    w.p.desk.attach(&id, "又一.txt", "", b"x".to_vec()).unwrap();
    w.p.desk
        .replace_attachment(&id, 0, "换.txt", b"y".to_vec())
        .unwrap();
    w.p.desk
        .change(&id, content("改题", "prov-news"), 3)
        .unwrap();
    assert_eq!(kept(&mut w).as_deref(), Some(typed.text.as_str()));
    // Refused:
    w.other_desk("editor-b").claim(&id).unwrap();
    for refused in [
        rule(w.p.desk.attach(&id, "三.txt", "", b"z".to_vec())),
        rule(w.p.desk.replace_attachment(&id, 0, "三.txt", b"z".to_vec())),
        rule(w.p.desk.change(&id, content("再改", "prov-news"), 4)),
    ] {
        assert_eq!(refused, "claim.held");
        assert_eq!(kept(&mut w).as_deref(), Some(typed.text.as_str()));
    }
}

#[test]
fn two_sessions_of_one_person_keep_both_texts() {
    let mut w = World::new();
    let id = w.draft("editor", "两处写", "prov-news");
    let (mut one, mut two) = (w.other_desk("editor"), w.other_desk("editor"));
    // Both are there, so that neither is taken for dead.
    one.still_here(true).unwrap();
    two.still_here(true).unwrap();
    let text = |words: &str| {
        let mut c = content("两处写", "prov-news");
        c.text = words.to_owned();
        c
    };
    two.autosave(&id, &text("第二处"), 1).unwrap();
    w.clock.pass(SECOND);
    one.autosave(&id, &text("第一处"), 1).unwrap();
    assert_eq!(
        two.autosaved(&id).unwrap().unwrap().0.text,
        "第一处",
        "the newest is offered"
    );
    w.clock.pass(SECOND);
    one.autosave(&id, &text("第一处，又写"), 1).unwrap();
    // What was offered and settled is not what has been typed there since.
    two.drop_autosave(&id).unwrap();
    assert_eq!(two.autosaved(&id).unwrap().unwrap().0.text, "第一处，又写");
    two.autosave(&id, &text("第二处，又写"), 1).unwrap();
    one.revise(&id, text("第一处，又写"), 1).unwrap();
    assert_eq!(one.autosaved(&id).unwrap().unwrap().0.text, "第二处，又写");
}

#[test]
fn a_text_recovered_from_a_dead_session_is_settled_by_saving_it() {
    let mut w = World::new();
    let id = w.draft("editor", "断电", "prov-news");
    let mut c = w.sit("editor").content(&id, None).unwrap();
    c.text.push_str("\n断电前的一句");
    w.p.desk.still_here(true).unwrap();
    w.p.desk.autosave(&id, &c, 1).unwrap();
    let mut next = w.other_desk("editor");
    let (recovered, from, _) = next.autosaved(&id).unwrap().unwrap();
    next.revise(&id, recovered, from).unwrap();
    assert!(next.autosaved(&id).unwrap().is_none());
}

// -- whose words ---------------------------------------------------------------------------------

#[test]
fn nobody_decides_on_his_own_words_in_another_item() {
    let mut w = World::new();
    w.enrol(
        "first-b",
        Affiliation::Office,
        Some(Role::FirstReviewer),
        None,
    );
    let id = w.draft("first", "初审自写的稿", "prov-news");
    w.sit("first").submit(&id, now()).unwrap();
    w.sit("first-b").approve(&id, now(), &Note::none()).unwrap();
    for step in 1..4 {
        w.pass_step(&id, step);
    }
    w.sit("signer").publish(&id, now()).unwrap();

    let weibo = w.sit("editor").version_for(&id, "weibo").unwrap().id;
    w.p.desk.submit(&weibo, now()).unwrap();
    assert_eq!(
        rule(w.sit("first").approve(&weibo, now(), &Note::none())),
        "duty.contributor"
    );
    let elsewhere = common::column_elsewhere(&mut w);
    let copy = w
        .sit("editor")
        .share(&id, &[elsewhere])
        .unwrap()
        .remove(0)
        .1
        .unwrap()
        .id;
    assert_eq!(
        rule(w.sit("first").approve(&copy, now(), &Note::none())),
        "duty.contributor"
    );
    w.sit("first-b")
        .approve(&weibo, now(), &Note::none())
        .unwrap();
    w.sit("first-b")
        .approve(&copy, now(), &Note::none())
        .unwrap();

    // A draft that is only later named as the version of something: what its writer passed counts no more.
    let plain = w.draft("editor", "另起的微博稿", "prov-news");
    let mut c = w.sit("editor").content(&plain, None).unwrap();
    c.shape.channels = vec!["weibo".to_owned()];
    w.p.desk.revise(&plain, c, 1).unwrap();
    w.p.desk.submit(&plain, now()).unwrap();
    w.sit("first")
        .approve(&plain, now(), &Note::none())
        .unwrap();
    let step = |w: &mut World| w.p.desk.find(&plain).unwrap().step;
    assert_eq!(step(&mut w), Some(1));
    w.sit("editor")
        .relate(&id, &plain, Relation::Outlet)
        .unwrap();
    assert_eq!(step(&mut w), Some(0));
    w.verify().unwrap();
}

#[test]
fn a_version_for_a_channel_is_whole_or_not_there() {
    let mut w = World::new();
    let id = w.published("有一处改动的稿");
    let (head, dump) = (w.head(), w.dump());
    // A proofreader may draft, and may not say what belongs together.
    assert_eq!(
        rule(w.sit("proofreader").version_for(&id, "weibo")),
        "right.missing"
    );
    assert!(w.head() == head && w.dump() == dump, "no orphan");
    // Of an item under correction the version says what is live.
    w.sit("editor").correct(&id, &note()).unwrap();
    let mut c = w.p.desk.content(&id, None).unwrap();
    c.text = "未经审核的改动".to_owned();
    w.p.desk.revise(&id, c, 1).unwrap();
    let version = w.p.desk.version_for(&id, "weibo").unwrap().id;
    assert!(
        !w.p.desk
            .content(&version, None)
            .unwrap()
            .text
            .contains("未经审核")
    );
}

// -- what was seen -------------------------------------------------------------------------------

#[test]
fn a_submission_attests_what_was_seen() {
    let mut w = World::new();
    let id = w.draft("editor", "两人的稿", "prov-news");
    let seen = Seen(Some(w.sit("editor").show(&id).unwrap().fingerprint));
    let mut c = w.sit("editor-b").content(&id, None).unwrap();
    c.text.push_str("\n他没有看过的一句");
    w.p.desk.revise(&id, c, 1).unwrap();
    assert_eq!(
        rule(w.sit("editor").submit(&id, seen)),
        "review.fingerprint"
    );
    let seen = Seen(Some(w.p.desk.show(&id).unwrap().fingerprint));
    w.p.desk.submit(&id, seen).unwrap();
}

#[test]
fn a_bundle_is_decided_on_as_it_was_shown() {
    let mut w = World::new();
    let (a, b) = (w.signed_off("甲稿"), w.signed_off("乙稿"));
    let bundle = w.sit("signer").bundle_new(&note()).unwrap();
    w.p.desk.bundle_add(&bundle, &a).unwrap();
    let shown = w.p.desk.bundle_show(&bundle).unwrap().seen;
    assert_eq!(w.p.desk.bundles().unwrap()[0].seen, shown);
    w.other_desk("head").bundle_add(&bundle, &b).unwrap();
    let at = w.clock.get() + DAY;
    let desk = w.sit("signer");
    assert_eq!(
        rule(desk.bundle_publish(&bundle, Some(&shown))),
        "item.stale"
    );
    assert_eq!(
        rule(desk.bundle_schedule(&bundle, at, Some(&shown))),
        "item.stale"
    );
    // A member in another version than shown.
    let shown = desk.bundle_show(&bundle).unwrap().seen;
    let mut other = shown.clone();
    other.members[0].fingerprint = Hash::ZERO;
    assert_eq!(
        rule(desk.bundle_publish(&bundle, Some(&other))),
        "bundle.changed"
    );
    desk.bundle_publish(&bundle, Some(&shown)).unwrap();
}

#[test]
fn the_last_signature_decides_on_the_times() {
    let mut w = World::new();
    w.enrol("signer-b", Affiliation::Office, Some(Role::Signer), None);
    let mut route = Route::standard();
    let last = route.0.len() - 1;
    route.0[last].needed = 2;
    w.sit("office").route_set("prov", Some(route)).unwrap();
    let (at, end) = (w.clock.get() + DAY, w.clock.get() + 9 * DAY);
    let mut c = content("两人签发", "prov-news");
    c.shape.go_live = Some(at);
    let id = w.sit("editor").create(c).unwrap().id;
    w.p.desk.submit(&id, now()).unwrap();
    w.pass(&id, 3);
    let when = When {
        publish_at: Some(at + HOUR),
        expire_at: Some(end),
        hold: false,
    };
    let signer = w.sit("signer");
    assert_eq!(
        rule(signer.sign_off(&id, now(), when, &Note::none())),
        "sign-off.not-last"
    );
    // The author's wish is no time of the first signer's.
    let signed = signer
        .sign_off(&id, now(), When::default(), &Note::none())
        .unwrap();
    assert!(signed.waits && signed.due.is_none());
    let signed = w
        .sit("signer-b")
        .sign_off(&id, now(), when, &Note::none())
        .unwrap();
    assert!(!signed.waits);
    assert_eq!(signed.due, Some(at + HOUR));
    assert_eq!(w.p.desk.find(&id).unwrap().facts.expire, Some(end));
}

// -- the file ------------------------------------------------------------------------------------

#[test]
fn a_purge_that_was_cut_off_is_finished_by_whoever_opens_the_store_next() {
    let mut w = World::new();
    let id = w.draft("editor", "泄密题", "prov-news");
    let mut c = w.sit("editor").content(&id, None).unwrap();
    c.text = "QXZJSECRETWORDS 机密".to_owned();
    w.p.desk.revise(&id, c, 1).unwrap();
    w.sit("security");
    qianfa::store::search::catch_up(w.p.desk.store().conn(), Suite::Ed25519Sha256).unwrap();
    let seq = w
        .sit("office")
        .propose_purge(&id, Vec::new(), false, &note())
        .unwrap()
        .seq;
    // The entry and nothing after it: as if the program had been killed right there.
    let act = Act::Confirm(qianfa::rules::act::Answer { proposal: seq });
    w.raw("security", None, &act, &[]).unwrap();
    assert!(w.p.desk.store().scrub_pending().unwrap().is_some());
    assert!(w.verify().unwrap().scrub_pending, "verification says so");
    let copy = w.dir.path().join("killed.qf");
    common::copy_store(&w.path(), &copy);
    let store = Store::open(&copy, MODE).unwrap();
    assert!(store.scrub_pending().unwrap().is_none());
    let verdict = store
        .verify(&verify::Against::default(), |_| true)
        .unwrap()
        .unwrap();
    assert!(!verdict.scrub_pending && verdict.purged > 0);
    let mut left = std::fs::read(&copy).unwrap();
    left.extend(std::fs::read(format!("{}-wal", copy.display())).unwrap_or_default());
    for word in ["qxzjsecretwords", "QXZJSECRETWORDS"] {
        assert!(!holds(&left, word), "{word} is still in the file");
    }
    // While others read it cannot be finished, and stays noted.
    let reader = Store::open(&w.path(), MODE_READ).unwrap();
    let view = reader.conn().unchecked_transaction().unwrap();
    let _: i64 = view
        .query_row("SELECT count(*) FROM journal", [], |r| r.get(0))
        .unwrap();
    let store = Store::open(&w.path(), MODE).unwrap();
    assert!(store.scrub_pending().unwrap().is_some());
    drop(view);
    drop((reader, store));
    assert!(!bytes_of(&w).is_empty());
    let store = Store::open(&w.path(), MODE).unwrap();
    assert!(store.scrub_pending().unwrap().is_none());
}

const MODE_READ: qianfa::store::OpenMode = qianfa::store::OpenMode {
    read_only: true,
    ..MODE
};

#[test]
fn verification_and_export_beside_a_writer() {
    let mut w = World::new();
    let id = w.draft("editor", "旁边有人写", "prov-news");
    let (path, person) = (w.path(), w.id("editor-b"));
    let (key, clock) = (w.key("editor-b"), w.clock.clone());
    let stop = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&stop);
    let item = id.clone();
    let thread = std::thread::spawn(move || {
        let store = Store::open(&path, MODE).unwrap();
        let mut writer = Desk::new(store, &person, Box::new(key), Box::new(clock));
        let mut n = 0u32;
        while !told.load(Ordering::SeqCst) {
            writer
                .comment(&item, &Note::of(&format!("第{n}句")))
                .unwrap();
            n += 1;
        }
        n
    });
    let quick = verify::Against {
        skip_tables: true,
        ..verify::Against::default()
    };
    let store = Store::open(&w.path(), MODE).unwrap();
    for _ in 0..12 {
        if let Err(finding) = store.verify(&quick, |_| true).unwrap() {
            stop.store(true, Ordering::SeqCst);
            panic!("a false alarm: {finding:?}");
        }
    }
    let mut told_bodies = 0;
    for round in 0..3 {
        let path = w.dir.path().join(format!("{round}.jsonl"));
        w.sit("auditor")
            .export_journal(&path, true, false, &mut |_| true)
            .unwrap();
        let (mut committed, mut brought) = (std::collections::BTreeSet::new(), Vec::new());
        for line in std::fs::read_to_string(&path).unwrap().lines() {
            let value: serde_json::Value = serde_json::from_str(line).unwrap();
            if let Some(entry) = value["entry"].as_str() {
                let entry = Entry::parse(entry.as_bytes()).unwrap();
                committed.extend(entry.bodies.iter().map(|b| b.id.to_string()));
            } else if let Some(body) = value["body"].as_str() {
                brought.push(body.to_owned());
            }
        }
        told_bodies += brought.len();
        assert!(
            brought.iter().all(|b| committed.contains(b)),
            "a body of an entry that is not in the file"
        );
    }
    stop.store(true, Ordering::SeqCst);
    assert!(thread.join().unwrap() > 10 && told_bodies > 0);
}

// -- the clock -----------------------------------------------------------------------------------

/// A clock as the product has one: two hands, of which only one can be set.
#[derive(Clone)]
struct TwoHands {
    wall: Arc<AtomicI64>,
    steady: Arc<AtomicI64>,
}

impl TwoHands {
    fn pass(&self, by: i64) {
        self.wall.fetch_add(by, Ordering::SeqCst);
        self.steady.fetch_add(by, Ordering::SeqCst);
    }
}

impl Clock for TwoHands {
    fn now(&self) -> i64 {
        self.wall.load(Ordering::SeqCst)
    }
    fn steady(&self) -> Option<i64> {
        Some(self.steady.load(Ordering::SeqCst))
    }
}

fn desk_by(w: &World, login: &str, clock: &TwoHands) -> Desk {
    let store = Store::open(&w.path(), MODE).unwrap();
    Desk::new(
        store,
        &w.id(login),
        Box::new(w.key(login)),
        Box::new(clock.clone()),
    )
}

#[test]
fn a_clock_far_ahead_signs_nothing_until_somebody_vouches_for_it() {
    let mut w = World::new();
    let id = w.draft("editor", "时钟", "prov-news");
    let clock = TwoHands {
        wall: Arc::new(AtomicI64::new(w.clock.get())),
        steady: Arc::new(AtomicI64::new(0)),
    };
    let last = |w: &World| w.p.desk.store().head().unwrap().recorded_at;
    // In a running program the clock jumps by two months.
    let mut desk = desk_by(&w, "editor", &clock);
    desk.comment(&id, &note()).unwrap();
    clock.wall.fetch_add(60 * DAY, Ordering::SeqCst);
    assert_eq!(rule(desk.comment(&id, &note())), "clock.ahead");
    // A program started with that clock; signing in is refused as well.
    assert_eq!(
        rule(desk_by(&w, "editor", &clock).open_session()),
        "clock.ahead"
    );
    assert!(last(&w) < BEGIN + 30 * DAY, "the journal is not poisoned");
    clock.wall.fetch_sub(60 * DAY, Ordering::SeqCst);
    desk.comment(&id, &note()).unwrap();

    // Nine days of holidays are no reason to ask.
    clock.pass(9 * DAY);
    desk_by(&w, "editor", &clock).comment(&id, &note()).unwrap();
    // A program that has run all the time knows how long it was: a runner acts after a quiet month.
    let mut running = desk_by(&w, "editor", &clock);
    clock.pass(30 * DAY);
    running.comment(&id, &note()).unwrap();
    // One started after a quiet month asks once, and the answer is on record.
    clock.pass(30 * DAY);
    let mut fresh = desk_by(&w, "editor", &clock);
    assert_eq!(rule(fresh.comment(&id, &note())), "clock.ahead");
    let seq = fresh.confirm_clock().unwrap().expect("an entry").seq;
    assert!(
        fresh.confirm_clock().unwrap().is_none(),
        "nothing more to say"
    );
    fresh.comment(&id, &note()).unwrap();
    desk_by(&w, "editor", &clock).comment(&id, &note()).unwrap();
    let said = w.sit("auditor").entry(seq).unwrap().args;
    assert!(
        said.contains(&("clock_is_right".to_owned(), "true".to_owned())),
        "{said:?}"
    );
    w.verify().unwrap();
}

#[test]
fn a_runner_from_the_future_is_not_alive() {
    let w = World::new();
    let (conn, now) = (w.p.desk.store().conn(), w.clock.get());
    local::runner_ticks(conn, "r1", now + 300 * DAY, 60 * SECOND).unwrap();
    assert!(!local::runner_alive(conn, now).unwrap());
    local::runner_ticks(conn, "r2", now, 60 * SECOND).unwrap();
    assert!(local::runner_alive(conn, now).unwrap(), "the other one is");
    assert_eq!(local::last_runner(conn).unwrap().unwrap().id, "r2");
}

// -- passphrases ---------------------------------------------------------------------------------

#[test]
fn wrong_passphrases_at_the_lock_screen_are_told() {
    let mut w = World::new();
    let path = w.dir.path().join("norole.key");
    let key = new_key(&path, Suite::Ed25519Sha256, "Demo-2015-69", SealCost::QUICK).unwrap();
    let seq = w
        .sit("office")
        .propose_key("norole", key.public())
        .unwrap()
        .seq;
    w.sit("security").confirm(seq).unwrap();
    let sit = |w: &World, passphrase: &str| {
        let store = Store::open(&w.path(), MODE).unwrap();
        login(
            store,
            "norole",
            &path,
            passphrase,
            Box::new(w.clock.clone()),
        )
    };
    let failures = |w: &World| -> u64 {
        let mut last = 0;
        rebuild::walk(w.p.desk.store().conn(), |row| {
            let entry = Entry::parse(&row.entry).unwrap();
            if entry.kind == "session.open" {
                let args: serde_json::Value = serde_json::from_str(entry.args.get()).unwrap();
                last = args["failures"].as_u64().unwrap();
            }
            Ok::<(), qianfa::store::StoreError>(())
        })
        .unwrap();
        last
    };
    assert!(sit(&w, "Wrong-pass-1").is_err());
    let mut desk = sit(&w, "Demo-2015-69").unwrap();
    desk.open_session().unwrap();
    assert_eq!(failures(&w), 1);
    // The screen locks; somebody tries twice before its owner comes back.
    for _ in 0..2 {
        assert_eq!(
            rule(desk.check_passphrase(&path, "Wrong-pass-2")),
            "key.unusable"
        );
    }
    desk.check_passphrase(&path, "Demo-2015-69").unwrap();
    drop(desk);
    // A command between the two sessions tells nothing and forgets nothing.
    drop(sit(&w, "Demo-2015-69").unwrap());
    sit(&w, "Demo-2015-69").unwrap().open_session().unwrap();
    assert_eq!(failures(&w), 2);
    sit(&w, "Demo-2015-69").unwrap().open_session().unwrap();
    assert_eq!(failures(&w), 0, "told once");
}
