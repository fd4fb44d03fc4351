#![allow(clippy::unwrap_used)]

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::*;
use crate::assert_screen;
use crate::tui::action::Action;
use crate::tui::component::Event;
use crate::tui::draw::Piece;
use crate::tui::testing::{buffer_text, drawn, env, language};
use crate::tui::theme::Styles;

const PROSE: &str = "各市税务局：\n为贯彻落实“放管服”改革部署，进一步优化税收营商环境，现就2026年度企业所得税汇算清缴有关事项通知如下（以下简称《通知》）：一是提前谋划，二是加强辅导——确保应享尽享……请遵照执行。\n特此通知。";

fn table(rows: usize) -> Table<usize> {
    let columns = vec![
        Column::new("序号", Width::Cells(5)).right(),
        Column::new("标题", Width::Share(3)),
        Column::new("单位", Width::Share(1)),
    ];
    let mut table = Table::new(columns, "没有待审的稿件。按 n 新建一篇。");
    give(&mut table, rows);
    table
}

fn give(table: &mut Table<usize>, total: usize) {
    if let Some((ticket, range)) = table.wanted() {
        let style = env().styles.text;
        let rows = range
            .clone()
            .take_while(|n| *n < total)
            .map(|n| Row {
                key: n,
                cells: vec![
                    Piece::new(n.to_string(), style),
                    Piece::new(
                        format!("关于第{n}次“便民办税春风行动”工作安排的长标题通知（征求意见稿）"),
                        style,
                    ),
                    Piece::new("省局办公室", style),
                ],
            })
            .collect();
        table.supply(ticket, range.start, rows, total);
    }
}

#[test]
fn tables_in_every_state() {
    let env = env();
    for tag in ["zh-CN", "en"] {
        let _guard = language(tag);
        let mut waiting: Table<usize> =
            Table::new(vec![Column::new("标题", Width::Share(1))], "空");
        let buf = drawn(80, 24, |area, buf| waiting.render(area, buf, &env, true));
        assert_screen!(format!("table_loading_{tag}"), buffer_text(&buf));
        let mut empty = table(0);
        let buf = drawn(80, 24, |area, buf| empty.render(area, buf, &env, true));
        assert_screen!(format!("table_empty_{tag}"), buffer_text(&buf));
        let mut full = table(100_000);
        full.handle(Action::ToggleMark);
        let buf = drawn(80, 24, |area, buf| {
            full.render(Rect { height: 23, ..area }, buf, &env, true);
            draw::put(buf, 0, 23, &full.position(), env.styles.text, 80, env.amb);
        });
        assert_screen!(format!("table_{tag}"), buffer_text(&buf));
    }
}

#[test]
fn a_long_table_holds_few_rows_and_asks_once() {
    let env = env();
    let mut t = table(100_000);
    drawn(80, 24, |area, buf| t.render(area, buf, &env, true));
    assert!(t.wanted().is_none(), "everything visible is here");
    t.handle(Action::Last);
    assert_eq!(t.selected(), 99_999);
    let (ticket, range) = t.wanted().unwrap();
    assert!(range.contains(&99_999) && range.len() < 100, "{range:?}");
    assert!(t.wanted().is_none(), "already asked");
    // An answer from before a reload is of no use.
    t.reload();
    t.supply(ticket, range.start, Vec::new(), 5);
    assert_eq!(t.total(), Some(100_000));
}

#[test]
fn the_selection_stays_on_its_row_when_the_order_changes() {
    let env = env();
    let mut t = table(50);
    drawn(80, 24, |area, buf| t.render(area, buf, &env, true));
    t.step(4);
    assert_eq!(t.selected_key(), Some(&4));
    t.reload();
    let (ticket, range) = t.wanted().unwrap();
    // Two new rows in front of the old ones.
    let rows = range
        .clone()
        .map(|n| Row {
            key: if n < 2 { 1000 + n } else { n - 2 },
            cells: Vec::new(),
        })
        .collect();
    t.supply(ticket, range.start, rows, 52);
    assert_eq!(t.selected_key(), Some(&4));
    assert_eq!(t.selected(), 6);
    assert_eq!(t.targets(), vec![4]);
    t.handle(Action::ToggleMark);
    t.handle(Action::ToggleMark);
    assert_eq!(t.targets(), vec![4, 5]);
}

#[test]
fn the_selected_row_is_visible_without_colour() {
    let mut env = env();
    env.styles = Styles::plain();
    let mut t = table(9);
    let buf = drawn(80, 12, |area, buf| t.render(area, buf, &env, true));
    assert!(buf[(10, 1)].modifier.contains(Modifier::REVERSED));
    assert!(!buf[(10, 2)].modifier.contains(Modifier::REVERSED));
    assert_eq!(buf[(0, 1)].symbol(), ">");
}

#[test]
fn text_is_wrapped_scrolled_and_searched() {
    let env = env();
    let paragraphs = || {
        PROSE
            .split('\n')
            .map(|p| Paragraph::new(p, env.styles.text))
            .collect()
    };
    let mut view = TextView::new(paragraphs());
    let buf = drawn(80, 24, |area, buf| view.render(area, buf, &env));
    assert_screen!("text_view", buffer_text(&buf));
    let mut view = TextView::new(paragraphs());
    let buf = drawn(30, 4, |area, buf| view.render(area, buf, &env));
    assert_screen!("text_view_narrow", buffer_text(&buf));
    assert!(view.search("特此"));
    let buf = drawn(30, 4, |area, buf| view.render(area, buf, &env));
    let text = buffer_text(&buf);
    let row = text.lines().position(|l| l.starts_with("特此")).unwrap() as u16;
    assert_eq!(buf[(0, row)].bg, env.styles.found.bg.unwrap());
    assert!(!view.search("没有这个词"));
}

fn form() -> Form {
    Form::new(vec![
        FormField::text(Field::new("标题").required().with("关于“春风行动”的通知")),
        FormField::text(Field::new("文号")),
        FormField::Choice {
            label: "公开属性".into(),
            options: vec!["主动公开".into(), "不予公开".into()],
            chosen: None,
        },
        FormField::text(Field::new("来源").required()),
    ])
}

#[test]
fn forms_check_themselves() {
    let env = env();
    for tag in ["zh-CN", "en"] {
        let _guard = language(tag);
        let mut form = form();
        assert_eq!(
            form.handle(&Event::Action(Action::SubmitForm)),
            FormEvent::Moved
        );
        let buf = drawn(80, 24, |area, buf| form.render(area, buf, &env));
        assert_screen!(format!("form_error_{tag}"), buffer_text(&buf));
        assert!(form.cursor().is_some());
        form.handle(&Event::Text("省局".into()));
        assert_eq!(
            form.handle(&Event::Action(Action::SubmitForm)),
            FormEvent::Submit
        );
        assert_eq!(form.text(3).unwrap(), "省局");
        form.handle(&Event::Action(Action::PreviousField));
        assert_eq!(
            form.handle(&Event::Action(Action::PickValue)),
            FormEvent::Pick(2)
        );
        form.choose(2, Some(1));
        assert_eq!(form.chosen(2), Some(1));
        assert_eq!(form.cursor(), None);
        let buf = drawn(80, 24, |area, buf| form.render(area, buf, &env));
        assert_screen!(format!("form_{tag}"), buffer_text(&buf));
    }
}

#[test]
fn a_field_scrolls_and_deletes_by_what_people_see() {
    let env = env();
    let mut field = Field::new("标题").with(&"很长的标题".repeat(20));
    let buf = drawn(40, 2, |area, buf| field.render(area, buf, &env, true, 6));
    let caret = field.cursor().unwrap();
    assert!(caret.x < 40 && caret.x > 30, "{caret:?}");
    assert!(buffer_text(&buf).contains("标题"));
    let mut field = Field::new("x").with("家👨\u{200d}👩\u{200d}👧");
    field.handle(&Event::Action(Action::DeleteLeft));
    assert_eq!(field.value(), "家");
    field.handle(&Event::Action(Action::Undo));
    assert_eq!(field.value(), "家👨\u{200d}👩\u{200d}👧");
    field.set("编辑部今天发布了新的文章");
    field.handle(&Event::Action(Action::DeleteWordLeft));
    assert_eq!(field.value(), "编辑部今天发布了新的");
    field.handle(&Event::Paste("一\n二\n".into()));
    assert_eq!(field.value(), "编辑部今天发布了新的一 二");
}

/// The commands that the palette shows for what was typed, the best first.
fn found(typed: &str, recent: &[Action]) -> Vec<Action> {
    let keymap = crate::tui::keymap::Keymap::preset(crate::tui::keymap::Preset::Default);
    let offers = [
        (Action::NextChange, None),
        (Action::ReturnItem, None),
        (Action::SignOff, None),
        (Action::Approve, Some("不是您的步骤".to_owned())),
        (Action::GoQueue, None),
    ];
    let mut palette = palette::Palette::new(&keymap, &[], &offers, recent);
    if !typed.is_empty() {
        palette.type_in(typed);
    }
    palette.shown_actions()
}

#[test]
fn the_palette_finds_by_a_few_letters() {
    let _zh = language("zh-CN");
    assert_eq!(found("qf", &[])[0], Action::SignOff, "签发 by its pinyin");
    assert_eq!(found("退修", &[]), [Action::ReturnItem]);
    assert_eq!(
        found("nc", &[])[0],
        Action::NextChange,
        "by its name in keymaps"
    );
    assert!(found("gate", &[]).is_empty());
    // Nothing typed: what was used last, then the rest, then what is not possible now.
    let all = found("", &[Action::GoQueue]);
    assert_eq!(all[0], Action::GoQueue);
    assert_eq!(all.last(), Some(&Action::Approve));
    let env = env();
    let keymap = &env.keymap;
    let offers = [
        (Action::SignOff, None),
        (Action::Approve, Some("不是您的步骤".to_owned())),
    ];
    let mut palette = palette::Palette::new(keymap, &[], &offers, &[]);
    let buf = drawn(60, 10, |area, buf| {
        crate::tui::component::Component::<()>::render(&mut palette, area, buf, &env);
    });
    assert!(
        buffer_text(&buf).contains("(不是您的步骤)"),
        "{}",
        buffer_text(&buf)
    );
}

fn mouse(kind: MouseEventKind, column: u16, row: u16) -> MouseEvent {
    MouseEvent {
        kind,
        column,
        row,
        modifiers: KeyModifiers::NONE,
    }
}

#[test]
fn dragging_over_a_table_marks_its_rows() {
    let env = env();
    let mut t = table(50);
    drawn(80, 12, |area, buf| t.render(area, buf, &env, true));
    let left = MouseButton::Left;
    // Row 0 of the screen is the head.
    assert!(t.mouse(&mouse(MouseEventKind::Down(left), 10, 2)));
    assert_eq!(t.selected(), 1);
    assert!(t.marks().is_empty(), "a click only selects");
    assert!(t.mouse(&mouse(MouseEventKind::Drag(left), 12, 5)));
    assert_eq!(t.targets(), [1, 2, 3, 4]);
    assert!(t.mouse(&mouse(MouseEventKind::Drag(left), 12, 3)));
    assert_eq!(
        t.targets(),
        [1, 2],
        "what the hand came back over is let go"
    );
    assert!(t.mouse(&mouse(MouseEventKind::Up(left), 12, 3)));
    let control = MouseEvent {
        modifiers: KeyModifiers::CONTROL,
        ..mouse(MouseEventKind::Down(left), 3, 8)
    };
    assert!(t.mouse(&control));
    assert_eq!(t.targets(), [1, 2, 7]);
    assert!(t.mouse(&mouse(MouseEventKind::ScrollDown, 3, 8)));
    drawn(80, 12, |area, buf| t.render(area, buf, &env, true));
    assert_eq!(
        t.selected(),
        7,
        "the wheel moves the window, not the selection"
    );
    assert!(t.mouse(&mouse(MouseEventKind::Down(left), 3, 1)));
    assert_eq!(t.selected(), 3);
    assert!(
        !t.mouse(&mouse(MouseEventKind::Down(left), 3, 0)),
        "the head is no row"
    );
}

#[test]
fn the_mouse_fills_in_a_form() {
    let env = env();
    let mut form = Form::new(vec![
        FormField::text(Field::new("标题").with("关于税收优惠")),
        FormField::choice("公开属性", vec!["主动公开".into()]),
        FormField::text(Field::new("经办人")),
    ]);
    let draw_form = |form: &mut Form| drop(drawn(60, 8, |area, buf| form.render(area, buf, &env)));
    draw_form(&mut form);
    let left = MouseButton::Left;
    let click =
        |form: &mut Form, x, y| form.handle(&Event::Mouse(mouse(MouseEventKind::Down(left), x, y)));
    assert_eq!(click(&mut form, 20, 2), FormEvent::Pick(1));
    assert_eq!(click(&mut form, 20, 4), FormEvent::Moved);
    form.handle(&Event::Text("张".into()));
    assert_eq!(form.text(2).as_deref(), Some("张"));
    // Labels take 9 cells and 2 more; the third character begins 4 cells on.
    draw_form(&mut form);
    assert_eq!(click(&mut form, 11 + 4, 0), FormEvent::Moved);
    let drag = Event::Mouse(mouse(MouseEventKind::Drag(left), 11 + 8, 0));
    assert_eq!(form.handle(&drag), FormEvent::Moved);
    form.handle(&Event::Text("退".into()));
    assert_eq!(form.text(0).as_deref(), Some("关于退优惠"));
    assert_eq!(click(&mut form, 20, 7), FormEvent::Ignored);
}
