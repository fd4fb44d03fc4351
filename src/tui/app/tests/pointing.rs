//! The mouse, the palette's memory, and the way back and forward.

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use super::*;

fn point(h: &mut Harness<State>, kind: MouseEventKind, column: u16, row: u16) {
    h.feed(vec![Input::Mouse(MouseEvent {
        kind,
        column,
        row,
        modifiers: KeyModifiers::NONE,
    })])
    .unwrap();
}

const CLICK: MouseEventKind = MouseEventKind::Down(MouseButton::Left);

/// Where a text begins on the screen.
fn find(h: &Harness<State>, text: &str) -> (u16, u16) {
    let screen = h.screen();
    let (y, line) = screen
        .lines()
        .enumerate()
        .find(|(_, line)| line.contains(text))
        .unwrap_or_else(|| panic!("no {text} on\n{screen}"));
    let before = &line[..line.find(text).unwrap()];
    let x = crate::text::text_width(before, crate::text::Ambiguous::Narrow);
    (x as u16, y as u16)
}

#[test]
fn keys_on_screen_can_be_clicked() {
    let _zh = language("zh-CN");
    let mut h = harness();
    let (x, y) = find(&h, "通过");
    assert_eq!(y, 23, "in the footer");
    point(&mut h, CLICK, x, y);
    let (x, y) = find(&h, "y 是");
    point(&mut h, CLICK, x, y);
    assert_eq!(said(&h), ["通过 true"]);
    // The layer below is out of reach while a question is open.
    h.advance(Duration::from_secs(7)).unwrap();
    let (x, _) = find(&h, "通过");
    point(&mut h, CLICK, x, 23);
    let (x, y) = find(&h, "已审");
    point(&mut h, CLICK, x, y);
    find(&h, "确认通过这篇稿件");
}

#[test]
fn a_double_click_opens_and_a_slow_one_does_not() {
    let mut h = harness();
    point(&mut h, CLICK, 10, 5);
    h.advance(Duration::from_millis(900)).unwrap();
    point(&mut h, CLICK, 10, 5);
    assert!(h.app().top::<Names>().is_some());
    h.advance(Duration::from_millis(200)).unwrap();
    point(&mut h, CLICK, 12, 5);
    assert!(h.app().top::<Writing>().is_some(), "opened");
    let mut h = harness();
    for _ in 0..2 {
        point(&mut h, CLICK, 10, 1);
    }
    assert!(h.app().top::<Names>().is_some(), "the head is no row");
}

#[test]
fn the_wheel_moves_and_a_resting_hand_does_nothing() {
    let mut h = harness();
    point(&mut h, MouseEventKind::ScrollDown, 10, 5);
    let selected = |h: &Harness<State>| h.app().top::<Names>().unwrap().table.selected();
    assert_eq!(selected(&h), 3);
    point(&mut h, MouseEventKind::ScrollUp, 10, 5);
    assert_eq!(selected(&h), 0);
    let app = h.app_mut();
    app.feed(vec![Input::Mouse(MouseEvent {
        kind: MouseEventKind::Moved,
        column: 3,
        row: 3,
        modifiers: KeyModifiers::NONE,
    })]);
    assert!(!app.dirty());
}

#[test]
fn the_palette_is_clicked_and_remembers() {
    let _zh = language("zh-CN");
    let mut h = harness();
    h.press(":").unwrap();
    let (x, y) = find(&h, "刷新");
    point(&mut h, CLICK, x, y);
    point(&mut h, CLICK, x, y);
    find(&h, "选一个");
    h.press("<esc> :").unwrap();
    let (_, y) = find(&h, "> 刷新");
    assert_eq!(y, find(&h, "命令：").1 + 1, "used last, first in the list");
    // What is not possible now says so and stays open.
    h.press("x m j").unwrap();
    h.press("<ctrl-u> 筛 除 <enter>").unwrap();
    assert!(h.app().toast().is_some());
    find(&h, "(现在不能做)");
}

#[test]
fn forward_undoes_back_as_it_was() {
    let mut h = harness();
    h.press("j j <enter>").unwrap();
    assert!(h.app().top::<Writing>().is_some());
    h.press("税 务").unwrap();
    // Leaving asks once, then goes.
    h.press("<alt-left> <alt-left>").unwrap();
    assert_eq!(h.app().top::<Names>().unwrap().table.selected(), 2);
    h.press("<alt-right>").unwrap();
    let writing = h.app().top::<Writing>().unwrap();
    assert!(writing.editor.text().starts_with("税务"));
    h.press("<alt-left>").unwrap();
    // A new way forgets the old one.
    h.press("<enter> <alt-left> <alt-right>").unwrap();
    assert_eq!(h.app().top::<Writing>().unwrap().editor.text(), "");
}

#[test]
fn the_mouse_is_given_back_to_the_terminal_and_taken_again() {
    let _en = language("en");
    let mut h = harness();
    h.press("<alt-m>").unwrap();
    assert!(
        h.app()
            .toast()
            .unwrap()
            .text
            .contains("left to the terminal")
    );
    h.press("<alt-m>").unwrap();
    assert!(h.app().toast().unwrap().text.contains("uses the mouse"));
}
