//! The schedule: list, week, month; moving a date by keys and by mouse, and what is doubtful.

use crossterm::event::{MouseButton, MouseEventKind};
use qianfa::desk::release::ZONE;
use qianfa::tui::console::kit::instant_of;
use qianfa::tui::testing::language;

use crate::common::*;

/// Three dates: Wednesday 25th at 09:30 and, in the same column, twice at 10:00.
fn house() -> House {
    House::new(|p| {
        for (title, at) in [
            ("关于办税服务厅搬迁的公告", "2026-11-25 09:30"),
            ("关于征期延长的通知", "2026-11-25 10:00"),
            ("关于系统停机的通知", "2026-11-25 10:00"),
        ] {
            let id = signed_off(p, "prov-notice", title);
            p.sit("signer")
                .schedule(&id, instant_of(at), None, ZONE)
                .unwrap();
        }
    })
}

fn due(house: &House, number: &str) -> String {
    let line = house.desk("leader").show(number).unwrap().line;
    qianfa::locale::instant(line.due.unwrap())
}

#[test]
fn the_list_names_what_is_doubtful() {
    let _zh = language("zh-CN");
    let house = house();
    let mut h = house.console("signer", 160, 50);
    h.press("<f5>").unwrap();
    says(&h, "2026-11-25 三");
    says(&h, "! 关于征期延长的通知 (同栏目同一时刻另有稿件发布)");
    says(&h, "! 关于系统停机的通知 (同栏目同一时刻另有稿件发布)");
    says_not(&h, "! 关于办税服务厅搬迁的公告");
}

#[test]
fn a_date_is_moved_by_keys_and_the_rules_answer() {
    let _zh = language("zh-CN");
    let house = house();
    let mut h = house.console("signer", 80, 24);
    h.press("<f5> v").unwrap();
    says(&h, "09:00");
    says(&h, "2026-000001");
    // Two hours later and a day on; esc gives up first.
    h.press("m <down> <down> <right>").unwrap();
    says(&h, "正在移动 2026-000001");
    says(&h, "2026-11-26 11:30");
    h.press("<esc>").unwrap();
    says_not(&h, "正在移动");
    assert_eq!(due(&house, "2026-000001"), "2026-11-25 09:30");
    h.press("<left> <up> <up> m <down> <down> <right> <enter>")
        .unwrap();
    says(&h, "2026-11-25 09:30 改为 2026-11-26 11:30");
    says(&h, "北京时间");
    says(&h, "发布程序从未运行");
    h.press("y").unwrap();
    assert_eq!(due(&house, "2026-000001"), "2026-11-26 11:30");
    // Into the past: the rule's own words, and nothing moved.
    h.press("m <left> <left> <left> <enter> y").unwrap();
    says(&h, "schedule.past");
    h.press("<enter>").unwrap();
    assert_eq!(due(&house, "2026-000001"), "2026-11-26 11:30");
}

#[test]
fn a_weekend_is_said_before_the_date_is_set() {
    let _zh = language("zh-CN");
    let house = house();
    let mut h = house.console("signer", 160, 50);
    h.press("<f5> v v").unwrap();
    // The month: Saturday the 28th is three days on.
    says(&h, "28 休");
    h.press("m <right> <right> <right> <enter>").unwrap();
    says(&h, "请留意：当日为休息日");
    h.press("n").unwrap();
    assert_eq!(due(&house, "2026-000001"), "2026-11-25 09:30");
    // Where somebody else goes out at that instant.
    h.press("<left> <left> <left> m <enter>").unwrap();
    says_not(&h, "改为");
}

#[test]
fn a_date_is_dragged_to_another_day() {
    let _zh = language("zh-CN");
    let house = house();
    let mut h = house.console("signer", 160, 50);
    h.press("<f5> v v").unwrap();
    let (x, y) = place(&h, "09:30 关于办税");
    let (to_x, to_y) = (x + 160 / 7, y);
    mouse(&mut h, MouseEventKind::Down(MouseButton::Left), x, y);
    mouse(&mut h, MouseEventKind::Drag(MouseButton::Left), to_x, to_y);
    says(&h, "正在移动 2026-000001");
    mouse(&mut h, MouseEventKind::Up(MouseButton::Left), to_x, to_y);
    says(&h, "2026-11-25 09:30 改为 2026-11-26 09:30");
    h.press("y").unwrap();
    assert_eq!(due(&house, "2026-000001"), "2026-11-26 09:30");
}

#[test]
fn one_without_the_right_is_told_so() {
    let _zh = language("zh-CN");
    let house = house();
    let mut h = house.console("editor", 80, 24);
    h.press("<f5> v m <down> <enter> y").unwrap();
    says(&h, "right.missing");
}

#[test]
fn days_are_jumped_to_and_today_comes_back() {
    let _zh = language("zh-CN");
    let house = house();
    let mut h = house.console("signer", 80, 24);
    h.press("<f5> d <ctrl-u> 2026-10-02 <enter>").unwrap();
    says(&h, "2026-10-02 五");
    says(&h, "2 休");
    says(&h, "10 班");
    h.press("t").unwrap();
    says(&h, "2026-11-24 二");
    h.press("> d <ctrl-u> 不是日期 <enter>").unwrap();
    says(&h, "不是日期");
}
