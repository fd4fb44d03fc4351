//! The runner on real files: what goes live and down by itself, what is told, what the public sees.
#![allow(
    clippy::type_complexity,
    clippy::default_trait_access,
    clippy::items_after_statements
)] // tests read top to bottom
#![allow(clippy::unwrap_used)]

#[path = "runner/chain.rs"]
mod chain;
#[path = "runner/foreign.rs"]
mod foreign;
#[path = "runner/house.rs"]
mod house;
#[path = "runner/pages.rs"]
mod pages;
#[path = "runner/released.rs"]
mod released;

use std::time::Duration;

use house::{HOUR, House, MINUTE, SECOND, TestClock};
use qianfa::desk::Note;
use qianfa::publish::{LatePolicy, Options, RunError};
use qianfa::rules::route::Route;
use qianfa::store::query::log::{LogFilter, Publication, publications};
use qianfa::store::{Store, StoreError, local};

fn log(store: &Store) -> Vec<Publication> {
    let mut list = Vec::new();
    publications(store.conn(), &LogFilter::default(), None, |p| {
        list.push(p);
        Ok::<(), StoreError>(())
    })
    .unwrap();
    list
}

fn events(store: &Store, number: &str) -> Vec<String> {
    log(store)
        .into_iter()
        .filter(|p| p.number == number)
        .map(|p| p.event)
        .collect()
}

fn failures(store: &Store) -> i64 {
    entries_of(store, "publish.failed")
}

fn entries_of(store: &Store, kind: &str) -> i64 {
    let mut n = 0;
    qianfa::store::query::log::entries_between(store.conn(), 1, u64::MAX >> 1, |row| {
        let entry = qianfa::journal::Entry::parse(&row.bytes).unwrap();
        n += i64::from(entry.kind == kind);
        Ok::<(), StoreError>(())
    })
    .unwrap();
    n
}

#[test]
fn what_is_due_goes_live_and_what_is_not_stays() {
    let mut house = House::found();
    let soon = house.scheduled("甲", "prov-news", HOUR);
    let later = house.scheduled("乙", "prov-news", 3 * HOUR);
    let mut runner = house.runner();

    assert!(
        runner.tick().unwrap().published.is_empty(),
        "nothing is due yet"
    );
    house.pass(HOUR);
    let tick = runner.tick().unwrap();
    assert_eq!(tick.published.len(), 1);
    assert_eq!(tick.published[0].id, soon.id);
    assert_eq!(tick.published[0].number, soon.number);
    assert!(
        tick.late.is_empty(),
        "on time to the minute: {:?}",
        tick.late
    );
    assert!(tick.failed.is_empty());

    let line = &log(&house.store())[0];
    assert_eq!(line.cause, "schedule");
    assert_eq!(line.actor, house.province.id("runner"));
    assert!(
        line.due_by.is_some(),
        "the entry that set the time is named"
    );
    assert!(
        house
            .page(&format!("prov/news/{}.html", soon.number))
            .contains("甲")
    );
    assert!(house.no_page(&format!("prov/news/{}.html", later.number)));

    let quiet = runner.tick().unwrap();
    assert!(quiet.is_quiet(), "nothing twice: {quiet:?}");
    house.pass(2 * HOUR);
    assert_eq!(runner.tick().unwrap().published[0].id, later.id);
    house.verify();
}

#[test]
fn after_downtime_late_items_go_out_and_are_told() {
    let mut house = House::found();
    let late = house.scheduled("迟到", "prov-news", HOUR);
    let brief = house.scheduled_until("短暂", "prov-news", HOUR, 2 * HOUR);
    house.pass(5 * HOUR);
    let mut runner = house.runner();
    let tick = runner.tick().unwrap();
    assert_eq!(tick.published.len(), 1);
    assert!(
        tick.expired.is_empty(),
        "what never went live does not come down"
    );
    assert_eq!(
        (tick.failed[0].id.as_str(), tick.failed[0].code.as_str()),
        (brief.id.as_str(), "schedule.expiry")
    );
    let told = tick.late.iter().find(|l| l.id == late.id).unwrap();
    assert_eq!((told.what, told.by), ("publish", 4 * HOUR));
    assert!(
        events(&house.store(), &brief.number).is_empty(),
        "a person decides what becomes of it"
    );
    assert!(house.no_page(&format!("prov/news/{}.html", brief.number)));
    assert!(!house.page("prov/news/index.html").contains("短暂"));
    assert!(house.page("prov/news/index.html").contains("迟到"));
    // Told as JSON as well, for whoever watches a log.
    let json = serde_json::to_value(&tick).unwrap();
    assert!(
        json["late"]
            .as_array()
            .unwrap()
            .iter()
            .any(|l| l["id"] == late.id.as_str())
    );
}

#[test]
fn what_comes_too_late_can_be_held_for_a_person() {
    let mut house = House::found();
    let old = house.scheduled("旧闻", "prov-news", HOUR);
    let brief = house.scheduled_until("到期", "prov-news", 2 * SECOND, 9 * HOUR);
    house.pass(3 * SECOND);
    house.runner().tick().unwrap();
    house.pass(9 * HOUR);
    let fresh = house.scheduled("新闻", "prov-news", HOUR);
    house.pass(HOUR + MINUTE);
    let late = LatePolicy::Hold(Duration::from_secs(2 * 3600));
    let mut runner = house.runner_with(Options {
        late,
        steady: Box::new(TestClock(house.clock.clone())),
    });
    let planned = runner.plan().unwrap();
    let held = planned.due.iter().find(|p| p.id == old.id).unwrap();
    assert_eq!(held.refused.as_ref().unwrap().0, "publish.held");

    let tick = runner.tick().unwrap();
    assert_eq!(tick.published.len(), 1);
    assert_eq!(tick.published[0].id, fresh.id);
    assert_eq!(tick.failed.len(), 1);
    assert_eq!(tick.failed[0].code, "publish.held");
    assert!(tick.failed[0].recorded.is_some());
    assert_eq!(tick.expired[0].id, brief.id, "an expiry is never held");
    assert!(
        runner.tick().unwrap().failed[0].recorded.is_none(),
        "told once"
    );
    // A person decides: a new time.
    let at = house.now() + MINUTE;
    house
        .sit("signer")
        .schedule(&old.id, Some(at), None, "Asia/Shanghai")
        .unwrap();
    house.pass(MINUTE);
    assert_eq!(runner.tick().unwrap().published[0].id, old.id);
}

#[test]
fn two_runners_publish_everything_once() {
    const ITEMS: usize = 25;
    let mut house = House::found();
    let numbers: Vec<String> = (0..ITEMS)
        .map(|k| {
            house
                .scheduled(&format!("并发{k}"), "prov-news", HOUR)
                .number
        })
        .collect();
    house.pass(HOUR);
    let start = std::sync::Barrier::new(2);
    let ticks: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..2)
            .map(|_| {
                let (seat, start) = (house.seat(), &start);
                scope.spawn(move || {
                    let mut runner = seat.runner();
                    start.wait();
                    runner.tick().unwrap()
                })
            })
            .collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    let done: usize = ticks.iter().map(|t| t.published.len()).sum();
    assert_eq!(done, ITEMS);
    assert!(ticks.iter().all(|t| t.failed.is_empty()), "{ticks:?}");
    for number in &numbers {
        assert_eq!(events(&house.store(), number), ["publish"]);
    }
    // Whoever came second may have left pages to the other; the next tick brings the rest.
    house.runner().tick().unwrap();
    for number in &numbers {
        assert!(!house.no_page(&format!("prov/news/{number}.html")));
    }
    house.same_as_rebuilt();
    house.verify();
}

#[test]
fn one_that_fails_stays_due_is_told_once_and_keeps_nobody_waiting() {
    let mut house = House::found();
    let held = house.scheduled("搁置", "prov-notice", HOUR);
    let fine = house.scheduled("照发", "prov-news", HOUR + 1);
    house
        .sit("office")
        .route_set("prov-notice", Some(Route::standard()))
        .unwrap();
    house.pass(HOUR + 1);
    let mut runner = house.runner();
    let tick = runner.tick().unwrap();
    assert_eq!(tick.published.len(), 1);
    assert_eq!(tick.published[0].id, fine.id);
    assert_eq!(tick.failed.len(), 1);
    assert_eq!(
        (tick.failed[0].id.as_str(), tick.failed[0].code.as_str()),
        (held.id.as_str(), "route.held")
    );
    assert!(
        !tick.failed[0].message.contains("rule-"),
        "a person can read it: {}",
        tick.failed[0].message
    );
    assert_eq!(failures(&house.store()), 1);

    house.pass(MINUTE);
    let again = runner.tick().unwrap();
    assert_eq!(again.failed.len(), 1, "still due");
    assert_eq!(again.failed[0].recorded, None, "and not told again");
    house.runner().tick().unwrap();
    assert_eq!(failures(&house.store()), 1);
    house.pass(HOUR);
    runner.tick().unwrap();
    assert_eq!(failures(&house.store()), 2, "an hour later it is");

    // The cause is gone: it goes out, and a new failure would be news.
    house.sit("office").route_set("prov-notice", None).unwrap();
    assert_eq!(runner.tick().unwrap().published[0].id, held.id);
    assert_eq!(events(&house.store(), &held.number), ["publish"]);
    house.verify();
}

#[test]
fn a_bundle_goes_live_as_a_whole_or_not_at_all() {
    let mut house = House::found();
    let one = house.signed_off("政策", "prov-policy");
    let two = house.signed_off("解读", "prov-interpret");
    let at = house.now() + HOUR;
    let signer = house.sit("signer");
    let bundle = signer.bundle_new(&Note::of("同步发布")).unwrap();
    signer.bundle_add(&bundle, &one.id).unwrap();
    signer.bundle_add(&bundle, &two.id).unwrap();
    signer.bundle_schedule(&bundle, at, None).unwrap();
    house
        .sit("office")
        .route_set("prov-interpret", Some(Route::standard()))
        .unwrap();
    house.pass(HOUR);
    let mut runner = house.runner();
    let tick = runner.tick().unwrap();
    assert!(tick.bundles.is_empty());
    assert_eq!(
        (tick.failed[0].what, tick.failed[0].code.as_str()),
        ("bundle", "publish.gate")
    );
    assert!(
        events(&house.store(), &one.number).is_empty(),
        "the good half stays in as well"
    );

    house
        .sit("office")
        .route_set("prov-interpret", None)
        .unwrap();
    let tick = runner.tick().unwrap();
    assert_eq!(tick.bundles[0].id, bundle);
    let log = log(&house.store());
    assert_eq!(log.len(), 2);
    assert_eq!(log[0].seq, log[1].seq, "one entry for all");
    assert!(
        house
            .page(&format!("prov/policy/{}.html", one.number))
            .contains("政策")
    );
    assert!(
        house
            .page(&format!("prov/interpret/{}.html", two.number))
            .contains("解读")
    );
    house.verify();
}

#[test]
fn a_dry_run_tells_all_and_changes_nothing() {
    let mut house = House::found();
    let fine = house.scheduled("照发", "prov-news", HOUR);
    let held = house.scheduled("搁置", "prov-notice", HOUR);
    house
        .sit("office")
        .route_set("prov-notice", Some(Route::standard()))
        .unwrap();
    house.pass(2 * HOUR);
    let before = house.store().head().unwrap();
    let mut runner = house.runner();
    let plan = runner.plan().unwrap();
    assert_eq!(plan.due.len(), 2);
    let of = |id: &str| plan.due.iter().find(|p| p.id == id).unwrap();
    assert!(of(&fine.id).refused.is_none());
    assert!(of(&fine.id).late);
    assert_eq!(of(&held.id).refused.as_ref().unwrap().0, "route.held");
    assert!(plan.behind.contains(&"prov".to_owned()));

    let store = house.store();
    let after = store.head().unwrap();
    assert_eq!((before.seq, before.chain), (after.seq, after.chain));
    assert_eq!(
        local::last_runner(store.conn()).unwrap(),
        None,
        "no sign of life either"
    );
    assert!(!house.out.exists(), "no directory");
}

#[test]
fn a_clock_that_jumps_stops_the_loop_before_anything_goes_out() {
    let mut house = House::found();
    let item = house.scheduled("明年", "prov-news", 300 * 24 * HOUR);
    let mut runner = house.runner_with(Options {
        steady: Box::<qianfa::publish::runner::Since>::default(),
        ..Options::default()
    });
    let (_stop, stopped) = crossbeam_channel::bounded(1);
    let mut ticks = 0;
    let error = runner
        .run_loop(Duration::from_millis(5), &stopped, |tick| {
            assert!(tick.as_ref().unwrap().published.is_empty());
            ticks += 1;
            if ticks == 2 {
                house.pass(301 * 24 * HOUR); // somebody sets the clock while it waits
            }
        })
        .unwrap_err();
    assert_eq!(ticks, 2);
    assert!(matches!(error, RunError::ClockJump { by } if by > 300 * 24 * HOUR));
    assert_eq!(error.code(), "publish.clock-jump");
    assert!(!error.message().contains("error-clock-jump"));
    assert!(events(&house.store(), &item.number).is_empty());

    // Back is a jump as well.
    let (_stop, stopped) = crossbeam_channel::bounded(1);
    let mut runner = house.runner_with(Options {
        steady: Box::<qianfa::publish::runner::Since>::default(),
        late: LatePolicy::Hold(Duration::from_secs(60)),
    });
    let error = runner
        .run_loop(Duration::from_millis(5), &stopped, |_| house.pass(-HOUR))
        .unwrap_err();
    assert!(matches!(error, RunError::ClockJump { by } if by < -50 * MINUTE));
}

#[test]
fn a_clock_that_lies_behind_is_told_and_takes_no_recorded_instant_back() {
    let mut house = House::found();
    let item = house.scheduled("先后", "prov-news", HOUR);
    house.pass(HOUR);
    house
        .sit("editor")
        .comment(&item.id, &Note::of("记一笔"))
        .unwrap();
    let head = house.store().head().unwrap();
    house.pass(-30 * MINUTE);
    let tick = house.runner().tick().unwrap();
    assert_eq!(tick.clock_behind, Some(30 * MINUTE));
    assert!(
        tick.published.is_empty(),
        "a head in the future makes nothing due early"
    );
    house.pass(30 * MINUTE);
    assert_eq!(house.runner().tick().unwrap().published.len(), 1);
    assert!(log(&house.store())[0].at >= head.recorded_at);
    house.verify();
}

#[test]
fn the_loop_ticks_at_once_and_ends_when_told() {
    let mut house = House::found();
    house.scheduled("立即", "prov-news", HOUR);
    house.pass(HOUR);
    let mut runner = house.runner();
    let (stop, stopped) = crossbeam_channel::bounded(1);
    let mut published = 0;
    runner
        .run_loop(Duration::from_secs(3600), &stopped, |tick| {
            published += tick.as_ref().unwrap().published.len();
            stop.send(()).unwrap();
        })
        .unwrap();
    assert_eq!(published, 1);
    let store = house.store();
    assert!(local::runner_alive(store.conn(), house.now() + HOUR).unwrap());
    assert!(!local::runner_alive(store.conn(), house.now() + 3 * HOUR).unwrap());
}

#[test]
fn a_person_without_the_role_is_no_runner() {
    let mut house = House::found();
    house.scheduled("照常", "prov-news", HOUR);
    house.pass(HOUR);
    let mut runner = house.runner_as("signer");
    assert_eq!(runner.tick().unwrap_err().code(), "right.missing");
    assert_eq!(runner.plan().unwrap_err().code(), "right.missing");
    assert!(log(&house.store()).is_empty());
}

#[test]
fn the_runner_reads_no_working_text() {
    let mut house = House::found();
    let draft = house.draft("秘而不宣", "prov-news");
    let due = house.scheduled("未到", "prov-news", HOUR);
    house.pass(HOUR);
    let mut runner = house.runner();
    for item in [&draft.id, &due.id] {
        let desk = runner.desk();
        assert_eq!(desk.content(item, None).unwrap_err().code(), "item.unknown");
        assert_eq!(desk.show(item).unwrap_err().code(), "item.unknown");
        assert!(desk.history(item).is_err());
        assert!(desk.diff(item, 0, 1).is_err());
    }
    assert!(
        runner
            .desk()
            .due()
            .unwrap()
            .iter()
            .all(|d| d.title.is_empty())
    );
    assert_eq!(runner.tick().unwrap().published.len(), 1);
}
