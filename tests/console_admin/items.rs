//! The list of items: conditions that add up, views that are kept, marks, and acts over them.

use crossterm::event::MouseEventKind;
use qianfa::tui::testing::language;

use crate::common::*;

fn house() -> House {
    House::new(|p| {
        let desk = p.sit("editor");
        for n in 0..30 {
            let column = if n % 3 == 0 {
                "prov-news"
            } else {
                "prov-policy"
            };
            let mut c = content(column, &format!("第{n:02}号通知"), "各地照此办理。");
            if n % 5 == 0 {
                c.shape.urgency = qianfa::rules::act::Urgency::Urgent;
            }
            let id = desk.create(c).unwrap().id;
            if n % 2 == 0 {
                desk.submit(&id).unwrap();
            }
        }
        let mut bad = content("prov-policy", "缺项的稿", "正文。");
        bad.shape.disclosure = None;
        p.sit("editor-b").create(bad).unwrap();
    })
}

#[test]
fn conditions_add_up_and_are_taken_away_one_by_one() {
    let _zh = language("zh-CN");
    let house = house();
    let mut h = house.console("editor", 80, 24);
    h.press("<f3>").unwrap();
    says(&h, "共 31 条");
    // In review.
    h.press("f <enter> <down> <down> <enter>").unwrap();
    says(&h, "筛选：审核中");
    says(&h, "共 15 条");
    // And a draft: either.
    h.press("f <enter> <down> <enter>").unwrap();
    says(&h, "筛选：审核中 + 草稿");
    says(&h, "共 31 条");
    // And urgent.
    h.press("f <down> <down> <down> <down> <enter> <down> <enter>")
        .unwrap();
    says(&h, "审核中 + 草稿 + 急");
    says(&h, "共 6 条");
    // And a word.
    h.press("/ 25 <enter>").unwrap();
    says(&h, "共 1 条");
    says(&h, "第25号通知");
    // Away with the word, by the list of conditions.
    h.press("F <end> <enter>").unwrap();
    says(&h, "共 6 条");
    // A click on a condition takes it away.
    click(&mut h, "审核中 +");
    says(&h, "筛选：草稿 + 急");
    says(&h, "共 3 条");
    h.press("f <end> <enter>").unwrap();
    says(&h, "筛选：全部");
    says(&h, "共 31 条");
}

#[test]
fn a_place_holds_what_is_below_it() {
    let _zh = language("zh-CN");
    let house = house();
    let mut h = house.console("editor", 80, 24);
    h.press("g c").unwrap();
    says(&h, "示例省税务局网站");
    h.press("i").unwrap();
    says(&h, "共 31 条");
    h.press("<backspace> f 税务要闻 <enter> <end> i").unwrap();
    says(&h, "共 10 条");
    says(&h, "税务要闻");
}

#[test]
fn views_are_kept_renamed_opened_and_deleted() {
    let _zh = language("zh-CN");
    let house = house();
    let mut h = house.console("editor", 80, 24);
    h.press("<f3> f <enter> <down> <enter> o <down> <down> <enter>")
        .unwrap();
    says(&h, "排序：编号");
    h.press("w <home> <enter> 我的视图 <enter>").unwrap();
    says(&h, "视图“我的视图”已保存");
    h.press("f <end> <enter>").unwrap();
    says(&h, "共 31 条");
    h.press("w <enter> <enter>").unwrap();
    says(&h, "筛选：草稿");
    says(&h, "共 16 条");
    h.press("w <enter> <down> <enter> <ctrl-u> 草稿们 <enter>")
        .unwrap();
    says(&h, "视图“草稿们”已保存");
    // Nobody else sees it.
    let mut other = house.console("editor-b", 80, 24);
    other.press("<f3> w").unwrap();
    says_not(&other, "草稿们");
    h.press("w").unwrap();
    says(&h, "草稿们");
    h.press("<enter> <end> <enter> y w").unwrap();
    says_not(&h, "草稿们");
    h.press("<esc>").unwrap();
    // A view that everybody has: the longest at rest first.
    h.press("w <end> <enter>").unwrap();
    says(&h, "排序：最久未动");
}

#[test]
fn orders_page_through_everything() {
    let _zh = language("zh-CN");
    let house = house();
    let mut h = house.console("editor", 80, 24);
    h.press("<f3> o <down> <enter>").unwrap();
    says(&h, "排序：最久未动");
    says(&h, ">  2026-000001");
    h.press("<end>").unwrap();
    says(&h, ">  2026-000031");
    h.press("<home> o <down> <enter>").unwrap();
    says(&h, ">  2026-000031");
    h.press("<pagedown> <pagedown> <pagedown>").unwrap();
    says(&h, ">  2026-000001");
    h.press("o <end> <enter>").unwrap();
    says(&h, "没有排了期的稿件");
}

#[test]
fn marks_are_set_by_range_and_turned_round() {
    let _zh = language("zh-CN");
    let house = house();
    let mut h = house.console("editor", 80, 24);
    h.press("<f3> j <space> j j j v").unwrap();
    says(&h, "已标记 5 条");
    h.press("*").unwrap();
    says(&h, "已标记 26 条");
    h.press("<esc>").unwrap();
    says_not(&h, "已标记");
    h.press("<ctrl-a>").unwrap();
    says(&h, "已标记 31 条");
}

#[test]
fn a_batch_reports_each_and_leaves_marked_what_failed() {
    let _zh = language("zh-CN");
    let house = house();
    let mut h = house.console("editor", 80, 24);
    // The drafts; one of them lacks something.
    h.press("<f3> f <enter> <down> <enter> <ctrl-a>").unwrap();
    says(&h, "已标记 16 条");
    h.press("s y").unwrap();
    says(&h, "16 篇中办成 15 篇");
    says(&h, "2026-000031 缺项的稿");
    h.press("<enter>").unwrap();
    says(&h, "已标记 1 条");
    assert_eq!(state(&house, "2026-000002"), "in-review");
    assert_eq!(state(&house, "2026-000031"), "draft");
    // The one that is left: put away and brought back.
    h.press("X y <enter> f <enter> <home> <enter> f <end> <enter>")
        .unwrap();
    assert_eq!(state(&house, "2026-000031"), "discarded");
}

#[test]
fn a_batch_goes_into_a_new_bundle_and_gets_a_time() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        for title in ["解读一", "解读二"] {
            signed_off(p, "prov-policy", title);
        }
        p.sit("editor")
            .create(content("prov-policy", "还是草稿", "正文。"))
            .unwrap();
    });
    let mut h = house.console("signer", 80, 24);
    h.press("<f3> <ctrl-a> b <enter> 配套解读 <enter>").unwrap();
    says(&h, "3 篇中办成 3 篇");
    h.press("<enter> g b").unwrap();
    says(&h, "配套解读");
    says(&h, "3 篇中有 1 篇还不能发布");
    says(&h, "可以发布");
    // Not yet: the rule says why.
    h.press("P").unwrap();
    says(&h, "不能");
    h.press("<enter> <tab> <home>").unwrap();
    click(&mut h, "2026-000003");
    h.press("x y").unwrap();
    says(&h, "全部可以发布");
    h.press("t 2026-12-01_09:00").unwrap();
    h.press("<ctrl-u>").unwrap();
    h.paste("2026-12-01 09:00").unwrap();
    h.press("<enter>").unwrap();
    says(&h, "2026-12-01 09:00 同时发布");
    let bundles = house.desk("signer").bundles().unwrap();
    assert_eq!(bundles[0].state.code(), "scheduled");
    assert_eq!(bundles[0].members.len(), 2);
}

#[test]
fn the_mouse_selects_opens_scrolls_and_changes_the_screen() {
    let _zh = language("zh-CN");
    let house = house();
    let mut h = house.console("editor", 80, 24);
    h.press("<f3>").unwrap();
    let (x, y) = place(&h, "第20号通知");
    click(&mut h, "第20号通知");
    says(&h, "第 11 条");
    mouse(&mut h, MouseEventKind::ScrollDown, x, y);
    mouse(&mut h, MouseEventKind::ScrollDown, x, y);
    says_not(&h, "缺项的稿");
    click(&mut h, "第20号通知");
    click(&mut h, "第20号通知");
    says(&h, "第20号通知");
    says(&h, "字段");
    h.press("<backspace>").unwrap();
    click(&mut h, "排期");
    says(&h, "没有排期");
    click(&mut h, "栏目");
    says(&h, "示例省税务局网站");
}
