//! The editor of the console: whatever stands in the way of a save, what was typed is there again.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "common/console.rs"]
mod common;

use std::path::PathBuf;
use std::time::Duration;

use common::*;
use qianfa::desk::unsaved::Begun;
use qianfa::rules::clearance::Disclosure;
use qianfa::tui::console::seat::Seat;
use qianfa::tui::input::Input;
use qianfa::tui::testing::{Harness, keys, language};

const FIRST: &str = "2026-000001";

fn one_item(p: &mut qianfa::demo::Province) {
    p.sit("editor")
        .create(content("prov-policy", "公告", "原文。"))
        .unwrap();
}

/// A console in the form of a new item.
fn new_item(house: &House) -> Harness<Seat> {
    let mut h = house.console("editor", 80, 24);
    h.press("<f3> n <down> <down> <enter>").unwrap();
    says(&h, "新稿件");
    h
}

fn begun(house: &House) -> Vec<Begun> {
    house.desk("editor").begun().unwrap()
}

/// New items kept in the store, also those that are open at this moment.
fn kept(house: &House) -> usize {
    count(
        house,
        "SELECT count(*) FROM autosaves WHERE item LIKE 'new-%'",
    )
}

fn count(house: &House, sql: &str) -> usize {
    let desk = house.desk("editor");
    let count: i64 = desk
        .store()
        .conn()
        .query_row(sql, [], |r| r.get(0))
        .unwrap();
    count as usize
}

fn drafts(house: &House) -> usize {
    count(house, "SELECT count(*) FROM items")
}

/// Lets nothing be kept any more, as a full disk does.
fn break_keeping(house: &House, broken: bool) {
    let (from, to) = if broken {
        ("autosaves", "gone")
    } else {
        ("gone", "autosaves")
    };
    house
        .desk("editor")
        .store()
        .conn()
        .execute_batch(&format!("ALTER TABLE {from} RENAME TO {to}"))
        .unwrap();
}

#[test]
fn a_new_item_no_rule_lets_through_is_kept_and_found_again() {
    let _zh = language("zh-CN");
    let house = House::new(|_| {});
    let mut h = new_item(&house);
    let long = "长".repeat(201);
    h.burst(&long).unwrap();
    h.press("<f6>").unwrap();
    h.burst("各市税务局：").unwrap();
    h.advance(Duration::from_secs(3)).unwrap();
    // Said in passing: the keys stay with the one who writes.
    says(&h, "已留存，还不能成为草稿");
    h.press("请").unwrap();
    says(&h, "各市税务局：请");
    h.advance(Duration::from_secs(3)).unwrap();
    says(&h, "已留存）");
    h.press("示").unwrap();
    h.press("<esc> <down> <enter>").unwrap();
    assert_eq!(drafts(&house), 0);
    assert_eq!(kept(&house), 1);
    h.press("<f2>").unwrap();
    says(&h, "没有保存的新稿件");
    drop(h);

    let mut h = house.console("editor", 80, 24);
    says(&h, "没有保存的新稿件");
    h.press("<enter> <f6>").unwrap();
    says(&h, "各市税务局：请示");
    // Shortened, it is saved; the provisional text is gone.
    h.press("<f6> <end> <backspace> <ctrl-s>").unwrap();
    says(&h, "已存为草稿 2026-000001");
    assert_eq!(kept(&house), 0);
    let saved = house.desk("editor").content(FIRST, None).unwrap();
    assert_eq!(saved.text, "各市税务局：请示");
    assert_eq!(saved.fields.title.chars().count(), 200);
    h.press("<esc>").unwrap();
    says_not(&h, "没有保存的新稿件");
    assert!(house.desk("editor").show(FIRST).unwrap().claim.is_none());
}

#[test]
fn half_a_date_and_a_ground_not_chosen_yet_survive_the_end_of_the_terminal() {
    let _zh = language("zh-CN");
    let house = House::new(|_| {});
    // The date of the document, which tidying refuses; the disclosure, which a rule refuses.
    for (keys, is) in [
        (
            "<tab> <tab> <tab> <tab> <tab> <tab> <tab> <tab> <tab> <tab> 2026-1",
            0,
        ),
        ("<tab> <space> <end> <enter>", 1),
    ] {
        let mut h = new_item(&house);
        h.press("通知").unwrap();
        h.press(keys).unwrap();
        h.feed(vec![Input::Closed]).unwrap();
        drop(h);
        let list = begun(&house);
        assert_eq!(list.len(), 1, "{keys}");
        assert_eq!(list[0].title, "通知");
        let mut desk = house.desk("editor");
        let kept = desk.begun_text(&list[0].id).unwrap().unwrap();
        if is == 0 {
            assert_eq!(kept.content.fields.written_on, "2026-1");
        } else {
            assert_eq!(kept.content.shape.disclosure, Some(Disclosure::None));
        }
        desk.drop_begun(&list[0].id).unwrap();
    }
    assert_eq!(drafts(&house), 0);
}

#[test]
fn half_a_time_comes_back_as_it_was_typed() {
    let _zh = language("zh-CN");
    let house = House::new(one_item);
    let mut h = house.console("editor", 80, 24);
    h.press("<f3> <enter> e <f6> <shift-tab> 2026-12-0")
        .unwrap();
    h.press("<esc> <down> <enter>").unwrap();
    h.press("e").unwrap();
    says(&h, "留存的未保存文字");
    h.press("<enter> <f6> <shift-tab>").unwrap();
    says(&h, "2026-12-0");
    // The same of a new item, which waits for the whole date before it becomes a draft.
    h.press("<esc> <down> <enter>").unwrap();
    let mut h = new_item(&house);
    h.press("通知 <shift-tab> 2026-12-0").unwrap();
    h.advance(Duration::from_secs(3)).unwrap();
    assert_eq!((kept(&house), drafts(&house)), (1, 1));
    drop(h);
    let mut h = house.console("editor", 80, 24);
    h.press("<enter> <shift-tab>").unwrap();
    says(&h, "2026-12-0");
    h.press("1T09:00 <ctrl-s>").unwrap();
    says(&h, "已存为草稿");
    assert_eq!((kept(&house), drafts(&house)), (0, 2));
}

#[test]
fn a_change_of_person_keeps_a_new_item_for_the_one_who_began_it() {
    let _zh = language("zh-CN");
    let house = House::new(|_| {});
    let mut h = new_item(&house);
    h.burst(&"长".repeat(201)).unwrap();
    sit(&mut h, &house, "editor", "editor-b");
    says_not(&h, "没有保存的新稿件");
    sit(&mut h, &house, "editor-b", "editor");
    says(&h, "没有保存的新稿件");
    // And it can be given up, which is asked about.
    h.press("<enter> <esc> <end> <enter>").unwrap();
    says(&h, "放弃后无法找回");
    h.press("n").unwrap();
    assert_eq!(kept(&house), 1);
    h.press("<esc> <end> <enter> y").unwrap();
    says_not(&h, "没有保存的新稿件");
    assert_eq!(kept(&house), 0);
}

#[test]
fn the_same_text_is_not_open_twice() {
    let _zh = language("zh-CN");
    let house = House::new(|_| {});
    let mut h = new_item(&house);
    h.burst(&"长".repeat(201)).unwrap();
    h.advance(Duration::from_secs(3)).unwrap();
    assert_eq!(begun(&house).len(), 0, "it is open in a console that lives");
    h.press("<esc> <down> <enter> <f2> <enter>").unwrap();
    h.press("<f2>").unwrap();
    says_not(&h, "没有保存的新稿件");
}

#[test]
fn steady_writing_is_kept_within_ten_seconds() {
    let _zh = language("zh-CN");
    let house = House::new(one_item);
    let mut h = house.console("editor", 80, 24);
    h.press("<f3> <enter> e <ctrl-end>").unwrap();
    let mut kept = 0;
    for n in 0..12 {
        h.press("字").unwrap();
        h.advance(Duration::from_secs(2)).unwrap();
        let text = house.desk("editor").autosaved(FIRST).unwrap();
        let now = text.map_or(0, |t| t.0.text.matches('字').count());
        assert!(now + 6 > n, "{now} kept of {n}");
        kept = now;
    }
    assert!(kept >= 6, "{kept}");
}

#[test]
fn leaving_waits_until_the_text_is_kept() {
    let _zh = language("zh-CN");
    let house = House::new(one_item);
    let mut h = house.console("editor", 80, 24);
    h.press("<f3> <enter> e <ctrl-end> 未保存的话").unwrap();
    break_keeping(&house, true);
    h.press("<esc> <down> <enter>").unwrap();
    says(&h, "没有办成");
    h.press("<enter>").unwrap();
    says(&h, "未保存的话");
    break_keeping(&house, false);
    h.press("<esc> <down> <enter>").unwrap();
    says_not(&h, "未保存的话");
    let mut desk = house.desk("editor");
    assert_eq!(
        desk.autosaved(FIRST).unwrap().unwrap().0.text,
        "原文。未保存的话"
    );
    assert!(desk.show(FIRST).unwrap().claim.is_none());
    // A new item stays as well.
    let mut h = new_item(&house);
    h.press("通知").unwrap();
    break_keeping(&house, true);
    h.press("<esc> <down> <enter> <enter>").unwrap();
    says(&h, "通知");
    says(&h, "新稿件");
    break_keeping(&house, false);
}

#[test]
fn what_fails_behind_a_closed_screen_is_said() {
    let _zh = language("zh-CN");
    let house = House::new(one_item);
    let mut h = house.console("editor", 80, 24);
    h.press("<f3> <enter> e").unwrap();
    let mut other = house.desk("editor-b");
    other.take_over(FIRST).unwrap();
    h.press("<esc>").unwrap();
    // The claim could not be given back: it is somebody else's now.
    says(&h, "编辑乙");
}

#[test]
fn a_new_item_kept_on_leaving_is_not_left_locked() {
    let _zh = language("zh-CN");
    let house = House::new(|_| {});
    for leave in ["<enter>", "<down> <enter>"] {
        let mut h = new_item(&house);
        h.press("通知 <esc>").unwrap();
        h.press(leave).unwrap();
        says_not(&h, "新稿件");
        drop(h);
    }
    let mut desk = house.desk("editor");
    for number in [FIRST, "2026-000002"] {
        let view = desk.show(number).unwrap();
        assert!(view.claim.is_none(), "{number}");
        let kinds: Vec<String> = desk
            .history(number)
            .unwrap()
            .into_iter()
            .map(|e| e.kind)
            .collect();
        assert!(kinds.contains(&"item.release".to_owned()), "{kinds:?}");
    }
    assert_eq!(kept(&house), 0);
}

#[test]
fn typing_ahead_does_not_take_the_place_of_a_text_to_recover() {
    let _zh = language("zh-CN");
    let house = House::new(one_item);
    let mut desk = house.desk("editor");
    let id = desk.find(FIRST).unwrap().facts.id;
    let mut lost = desk.content(FIRST, None).unwrap();
    lost.text = "停电前写的话。".to_owned();
    desk.autosave(&id, &lost, 1).unwrap();
    let mut h = house.console("editor", 80, 24);
    h.press("<f3> <enter>").unwrap();
    h.burst("e新").unwrap();
    says(&h, "留存的未保存文字");
    h.advance(Duration::from_secs(20)).unwrap();
    assert_eq!(
        desk.autosaved(FIRST).unwrap().unwrap().0.text,
        "停电前写的话。"
    );
    h.press("<down> <enter>").unwrap();
    h.advance(Duration::from_secs(20)).unwrap();
    h.press("<esc>").unwrap();
    assert_eq!(
        desk.autosaved(FIRST).unwrap().unwrap().0.text,
        "停电前写的话。"
    );
    h.press("<enter>").unwrap();
    says(&h, "新停电前写的话。");
    h.advance(Duration::from_secs(3)).unwrap();
    assert_eq!(
        desk.autosaved(FIRST).unwrap().unwrap().0.text,
        "新停电前写的话。"
    );
}

#[test]
fn what_is_typed_while_a_save_is_on_its_way_rests_on_that_save() {
    let _zh = language("zh-CN");
    let house = House::new(one_item);
    let mut h = house.console("editor", 80, 24);
    h.press("<f3> <enter> e <ctrl-end> 一").unwrap();
    let batch = |script: &str| -> Vec<Input> {
        keys(script).unwrap().into_iter().map(Input::Key).collect()
    };
    let mut all = batch("<ctrl-s> 二");
    all.push(Input::Closed);
    h.feed(all).unwrap();
    drop(h);
    let mut desk = house.desk("editor");
    let (kept, from, _) = desk.autosaved(FIRST).unwrap().unwrap();
    assert_eq!((kept.text.as_str(), from), ("原文。一二", 2));
    assert_eq!(desk.content(FIRST, None).unwrap().text, "原文。一");
    // The same of a new item: the text belongs to the draft that is being made.
    let mut h = new_item(&house);
    let mut all = batch("通知 <ctrl-s> 二");
    all.push(Input::Closed);
    h.feed(all).unwrap();
    drop(h);
    let (kept, from, _) = desk.autosaved("2026-000002").unwrap().unwrap();
    assert_eq!((kept.fields.title.as_str(), from), ("通知二", 1));
    assert!(begun(&house).is_empty());
    // Two saves behind each other are two revisions and no conflict.
    let mut h = house.console("editor", 80, 24);
    h.press("<f3>").unwrap();
    h.press("<end> <enter> e <down> <down> <enter> <ctrl-end>")
        .unwrap();
    h.feed(batch("三 <ctrl-s> 四 <ctrl-s>")).unwrap();
    says(&h, "已保存为第 4 版");
    assert_eq!(desk.content(FIRST, None).unwrap().text, "原文。一三四");
}

#[test]
fn what_is_copied_or_cut_in_the_editor_is_on_record() {
    let _zh = language("zh-CN");
    let house = House::new(one_item);
    // Views inside the cool-down are one; the last recorded one tells when.
    let last = || {
        count(
            &house,
            "SELECT ifnull(max(at), 0) FROM views WHERE mode = 'copy'",
        )
    };
    for (keys, copied) in [
        ("<ctrl-a> <ctrl-c>", "原文。"),
        ("<ctrl-a> <ctrl-x>", "原文。"),
    ] {
        let before = last();
        house
            .clock
            .0
            .fetch_add(90_000_000_000, std::sync::atomic::Ordering::Relaxed);
        let mut h = house.console("editor", 80, 24);
        h.press("<f3> <enter> e").unwrap();
        h.press(keys).unwrap();
        assert_eq!(
            h.copied().last().map(String::as_str),
            Some(copied),
            "{keys}"
        );
        assert!(last() > before, "{keys}");
        h.press("<ctrl-z> <esc>").unwrap();
    }
}

/// What a console that was killed leaves: the directory, unlocked.
fn left_outside(house: &House, item: &str, before: &qianfa::desk::Content, after: &str) -> PathBuf {
    use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
    let me = std::fs::metadata(house.dir.path()).unwrap().uid();
    let root = std::env::temp_dir().join(format!("qianfa-{me}"));
    let mut private = std::fs::DirBuilder::new();
    private.recursive(true).mode(0o700).create(&root).unwrap();
    let dir = root.join(qianfa::desk::new_id("edit-"));
    private.create(&dir).unwrap();
    let about = serde_json::json!({
        "store": house.path(),
        "person": house.people.iter().find(|p| p.0 == "editor").unwrap().1,
        "item": item,
        "content": before,
    });
    std::fs::write(dir.join("about.json"), about.to_string()).unwrap();
    std::fs::write(dir.join("text.md"), after).unwrap();
    std::fs::write(dir.join("lock"), "").unwrap();
    dir
}

#[test]
fn what_an_outside_editor_had_when_the_console_was_killed_is_offered() {
    let _zh = language("zh-CN");
    let house = House::new(one_item);
    let mut desk = house.desk("editor");
    let id = desk.find(FIRST).unwrap().facts.id;
    let before = desk.content(FIRST, None).unwrap();
    let dir = left_outside(&house, &id, &before, "外面写的。");
    let mut h = house.console("editor", 80, 24);
    says(&h, "外部编辑器留下的文字");
    h.press("<enter>").unwrap();
    says(&h, "外部编辑器留下了这篇稿件的文字");
    // Looked at and not decided: it stays.
    h.press("<down> <enter>").unwrap();
    says(&h, "外面写的");
    h.press("<esc> <esc>").unwrap();
    says(&h, "原文。");
    assert!(dir.exists());
    h.press("<esc> <enter>").unwrap();
    // Kept as it was, the other is behind "redo".
    h.press("<down> <down> <enter>").unwrap();
    says(&h, "原文。");
    assert!(!dir.exists());
    h.press("<ctrl-y>").unwrap();
    says(&h, "外面写的。");
    h.press("<ctrl-z> <esc>").unwrap();
    says_not(&h, "外部编辑器留下的文字");

    // Taken, it goes when the text is in the store and not before.
    let dir = left_outside(&house, &id, &before, "外面写的。");
    h.press("<f2> <enter>").unwrap();
    break_keeping(&house, true);
    h.press("<enter>").unwrap();
    assert!(dir.exists());
    break_keeping(&house, false);
    h.advance(Duration::from_secs(3)).unwrap();
    assert!(!dir.exists());
    assert_eq!(desk.autosaved(FIRST).unwrap().unwrap().0.text, "外面写的。");
    h.press("<ctrl-z> <esc>").unwrap();

    // A new item of which nothing else is left comes back whole.
    let mut new = before;
    "新的".clone_into(&mut new.fields.title);
    let dir = left_outside(&house, "new-x", &new, "外面写的新稿。");
    h.press("<f2> <enter> <enter> <f6>").unwrap();
    says(&h, "外面写的新稿。");
    // Nothing is against it: it is a draft at once.
    says(&h, "2026-000002");
    assert!(!dir.exists());
}
