use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::style::Modifier;

use super::*;
use crate::assert_screen;
use crate::text::Ambiguous;
use crate::tui::action::Action;

const PROSE: &str = "# 关于汇算清缴的通知\n\n各市税务局：\n　　为贯彻落实“放管服”改革部署，进一步优化税收营商环境，现就2026年度企业所得税汇算清缴有关事项通知如下（以下简称《通知》）：\n- **提前谋划**，见[工作方案](https://example.com)\n- 加强辅导——确保应享尽享……\n> 请遵照执行。\n```text\n代码 *不是* 强调\n```\n　　特此通知。";

#[test]
fn screens_in_both_languages() {
    for tag in ["zh-CN", "en"] {
        let _guard = testing::language(tag);
        for (width, height) in [(80, 24), (160, 50)] {
            let mut desk = Desk::new(Preset::Vim, "|");
            desk.prose.set_text(PROSE);
            desk.prose.set_marks(vec![Mark {
                paragraph: 3,
                range: 6..18,
                kind: MarkKind::General,
                id: "typo".into(),
                message: "固定表述不完整".into(),
            }]);
            desk.press("] d 2 d");
            assert_screen!(
                format!("prose_{width}x{height}_{tag}"),
                desk.draw(width, height)
            );
            desk.press("<esc> /通知");
            assert_screen!(
                format!("prose_find_{width}x{height}_{tag}"),
                desk.draw(width, height)
            );
        }
        let mut desk = Desk::new(Preset::Default, "|");
        desk.prose.set_text(PROSE);
        desk.press("<ctrl-r> <alt-r> ( <tab> $1");
        assert_screen!(format!("prose_replace_{tag}"), desk.draw(80, 24));
    }
}

fn at(desk: &mut Desk, width: u16, height: u16) -> (u16, u16) {
    desk.draw(width, height);
    let caret = desk.prose.cursor().unwrap();
    (caret.x, caret.y)
}

#[test]
fn the_caret_is_where_the_next_character_goes() {
    // Two cells of margin, ten of text, one for the caret behind a full row.
    let mut desk = Desk::new(Preset::Default, "|税务税务税务税务");
    let (w, h) = (13, 10);
    assert_eq!(at(&mut desk, w, h), (2, 0));
    desk.press("<down>");
    assert_eq!(at(&mut desk, w, h), (2, 1));
    desk.press("<end>");
    assert_eq!(at(&mut desk, w, h), (8, 1));
    desk.press("<up>");
    assert_eq!(at(&mut desk, w, h), (8, 0));
    // The end of a row is its end, not the start of the next one.
    desk.press("<end>");
    assert_eq!(at(&mut desk, w, h), (12, 0));
    desk.press("<end>");
    assert_eq!(at(&mut desk, w, h), (12, 0));
    desk.press("<home>");
    assert_eq!(at(&mut desk, w, h), (2, 0));
    desk.press("<end> <right>");
    assert_eq!(at(&mut desk, w, h), (4, 1));
    desk.press("<left> <left> <end> 局");
    assert_eq!(desk.shown(), "税务税务税局|务税务");
    assert_eq!(at(&mut desk, w, h), (4, 1));
}

#[test]
fn a_wide_terminal_moves_the_caret_by_two() {
    let mut desk = Desk::new(Preset::Default, "“好”|");
    let mut env = testing::env();
    env.amb = Ambiguous::Wide;
    let prose = &mut desk.prose;
    testing::drawn(40, 5, |area, buf| prose.render(area, buf, &env, true));
    assert_eq!(desk.prose.cursor().unwrap().x, 8);
}

#[test]
fn the_caret_is_in_the_field_that_has_the_keys() {
    let mut desk = Desk::new(Preset::Default, "|税务");
    desk.press("<ctrl-r> 税收");
    let (_, first) = at(&mut desk, 80, 24);
    assert_eq!(first, 21);
    desk.press("<tab> 好");
    assert_eq!(at(&mut desk, 80, 24).1, 22);
    desk.press("<esc>");
    assert_eq!(at(&mut desk, 80, 24).1, 0);
}

#[test]
fn a_long_paragraph_scrolls_by_rows() {
    let long = "税收优惠政策".repeat(900);
    let mut desk = Desk::new(Preset::Default, "|");
    desk.prose.set_text(&long);
    desk.draw(42, 12);
    for _ in 0..30 {
        desk.press("<down>");
        let (_, y) = at(&mut desk, 42, 12);
        assert!(y < 11);
    }
    assert_eq!(desk.prose.caret.head.byte, 30 * 19 * 3);
    desk.press("<ctrl-end>");
    assert!(at(&mut desk, 42, 12).1 < 11);
    desk.press("<pageup> <pageup> <pagedown>");
    assert!(at(&mut desk, 42, 12).1 < 11);
}

fn mouse(kind: MouseEventKind, column: u16, row: u16) -> Event {
    Event::Mouse(MouseEvent {
        kind,
        column,
        row,
        modifiers: KeyModifiers::NONE,
    })
}

#[test]
fn the_mouse_places_drags_and_picks() {
    let down = MouseEventKind::Down(MouseButton::Left);
    let mut desk = Desk::new(Preset::Default, "|编辑部今天发布\n第二段");
    desk.draw(80, 24);
    desk.event(&mouse(down, 6, 0));
    assert_eq!(desk.shown(), "编辑|部今天发布\n第二段");
    desk.event(&mouse(MouseEventKind::Drag(MouseButton::Left), 4, 1));
    assert_eq!(desk.shown(), "编辑^部今天发布\n第|二段");
    desk.now += Duration::from_secs(1);
    desk.event(&mouse(down, 9, 0));
    desk.now += Duration::from_millis(100);
    desk.event(&mouse(down, 9, 0));
    assert_eq!(desk.shown(), "编辑部^今天|发布\n第二段");
    desk.now += Duration::from_millis(100);
    desk.event(&mouse(down, 9, 0));
    assert_eq!(desk.shown(), "^编辑部今天发布|\n第二段");
    let mut long = Desk::new(Preset::Default, "|");
    long.prose.set_text(&"段落\n".repeat(100));
    long.draw(80, 24);
    for _ in 0..4 {
        long.event(&mouse(MouseEventKind::ScrollDown, 5, 5));
    }
    assert_eq!(
        long.prose.position().0,
        12,
        "the caret goes along at the edge"
    );
    assert!(at(&mut long, 80, 24).1 < 23);
    assert_eq!(long.prose.top_paragraph(), 12);
}

#[test]
fn marks_differ_without_colour() {
    let mut env = testing::env();
    env.styles = crate::tui::theme::Styles::plain();
    let mut prose = Prose::new(false);
    prose.set_text("税务总句");
    prose.set_marks(vec![Mark {
        paragraph: 0,
        range: 6..12,
        kind: MarkKind::Suspect,
        id: String::new(),
        message: "疑似".into(),
    }]);
    let buf = testing::drawn(40, 5, |area, buf| prose.render(area, buf, &env, true));
    assert_eq!(buf[(0, 0)].symbol(), "?");
    assert!(buf[(6, 0)].modifier.contains(Modifier::UNDERLINED));
    assert!(!buf[(2, 0)].modifier.contains(Modifier::UNDERLINED));
}

#[test]
fn counts_are_those_of_the_office() {
    let _zh = testing::language("zh-CN");
    let mut desk = Desk::new(Preset::Default, "|自2024年1月1日起，减按1,234.5元征收。");
    assert!(desk.draw(80, 5).contains("14 字"), "{}", desk.draw(80, 5));
    desk.press("<ctrl-space> <end>");
    assert!(desk.draw(80, 5).contains("选中 14 字 / 14 字"));
    let mut desk = Desk::new(Preset::Default, "|税收\n优惠\n政策");
    desk.press("<down> <ctrl-shift-end>");
    assert_eq!(desk.prose.selected_counts().unwrap().han, 4);
    desk.event(&Event::Action(Action::SelectAll));
    assert_eq!(desk.prose.selected_counts().unwrap().han, 6);
}
