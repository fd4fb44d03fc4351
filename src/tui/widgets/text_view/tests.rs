#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use ratatui::buffer::Buffer;

use super::*;
use crate::tui::testing::{buffer_text, drawn, env};
use crate::tui::theme::Styles;

const TEXT: &str =
    "各市税务局：\n为贯彻落实“放管服”改革部署，进一步优化税收营商环境。请遵照执行。\n特此通知。";

fn view(text: &str) -> TextView {
    let mut view = TextView::default();
    let mut at = 0;
    let paragraphs = text
        .split('\n')
        .map(|line| {
            let range = at..at + line.len();
            at = range.end + 1;
            (
                Paragraph::new(line, Styles::plain().text),
                vec![Some(range)],
            )
        })
        .collect();
    view.set_source(paragraphs);
    view
}

fn draw(view: &mut TextView, width: u16, height: u16) -> Buffer {
    let env = env();
    drawn(width, height, |area, buf| view.render(area, buf, &env))
}

fn press(view: &mut TextView, actions: &[Action]) {
    for action in actions {
        assert!(view.handle(*action), "{action:?}");
    }
}

#[test]
fn a_passage_is_picked_by_words_and_sentences() {
    let mut view = view(TEXT);
    draw(&mut view, 30, 8);
    assert!(view.start_passage());
    press(
        &mut view,
        &[
            Action::MoveDown,
            Action::MoveWordRight,
            Action::StartSelection,
            Action::MoveWordRight,
        ],
    );
    let picked = view.picked().unwrap();
    let chars = view.passage().unwrap().chars(TEXT);
    assert_eq!(
        TEXT.chars()
            .skip(chars.start)
            .take(chars.len())
            .collect::<String>(),
        picked
    );
    assert_eq!(picked, "贯彻");
    press(&mut view, &[Action::CancelSelection, Action::NextSentence]);
    press(&mut view, &[Action::StartSelection, Action::NextSentence]);
    assert_eq!(view.picked().unwrap(), "请遵照执行。");
    // A passage stays in its paragraph.
    press(&mut view, &[Action::MoveParagraphDown, Action::MoveRight]);
    assert_eq!(view.picked().unwrap(), "请遵照执行。");
    press(&mut view, &[Action::CancelSelection]);
    // Without characters picked it is the paragraph.
    let chars = view.passage().unwrap().chars(TEXT);
    assert_eq!(chars, 7..7 + TEXT.lines().nth(1).unwrap().chars().count());
    press(&mut view, &[Action::CancelSelection]);
    assert!(!view.picking());
}

#[test]
fn a_passage_is_picked_with_the_mouse() {
    let mut view = view(TEXT);
    draw(&mut view, 30, 8);
    assert!(view.point(4, 1, false));
    assert!(view.point(8, 1, true));
    assert_eq!(view.picked().unwrap(), "彻落");
    // Dragged below its paragraph it ends with it.
    assert!(view.point(2, 7, true) || view.point(2, 4, true));
    assert!(view.picked().unwrap().ends_with("请遵照执行。"));
}

#[test]
fn marked_passages_are_found_again() {
    let mut view = view(TEXT);
    let at = TEXT.find("营商").unwrap();
    view.set_marks(&[None, Some(at..at + "营商环境".len())]);
    draw(&mut view, 30, 3);
    assert!(!view.go_to_mark(0));
    assert!(view.go_to_mark(1));
    let buf = draw(&mut view, 30, 3);
    let text = buffer_text(&buf);
    let row = text.lines().position(|l| l.contains("营商")).unwrap();
    assert!(
        text.lines().nth(row).unwrap().starts_with('2') || text.contains('2'),
        "{text}"
    );
    assert_eq!(view.mark_here(), Some(1));
    let x = (0..30)
        .find(|x| buf[(*x, row as u16)].symbol() == "营")
        .unwrap();
    assert_eq!(view.mark_at(x, row as u16), Some(1));
}

#[test]
fn characters_and_bytes_agree() {
    let chars = 7..9;
    let bytes = bytes_of(TEXT, &chars).unwrap();
    assert_eq!(&TEXT[bytes.clone()], "为贯");
    assert_eq!(Passage { range: bytes }.chars(TEXT), chars);
    assert_eq!(bytes_of("甲乙", &(1..9)), None);
    assert_eq!(bytes_of("甲乙", &(2..2)), Some(6..6));
}

#[test]
fn a_word_broken_over_two_rows_is_found() {
    let mut view = view("这一段很长很长很长，末尾的营商环境四个字分在两行。");
    draw(&mut view, 28, 2);
    assert!(view.search("营商环境"));
    let env = env();
    let buf = drawn(28, 4, |area, buf| view.render(area, buf, &env));
    let found = buf
        .content
        .iter()
        .filter(|c| c.bg == env.styles.found.bg.unwrap())
        .count();
    assert_eq!(found, 8, "{}", buffer_text(&buf));
}

#[test]
fn a_long_text_is_wrapped_only_where_it_is_seen() {
    let line = "纳税人应当按照规定的期限办理纳税申报，报送申报表、财务会计报表以及其他资料。";
    let text: Vec<String> = (0..3000).map(|n| format!("{n}{line}")).collect();
    let mut view = view(&text.join("\n"));
    draw(&mut view, 60, 20);
    for action in [Action::PageDown, Action::Last, Action::PageUp] {
        view.handle(action);
        draw(&mut view, 60, 20);
    }
    assert!(view.rows.iter().flatten().count() < 200);
    view.handle(Action::Last);
    assert!(buffer_text(&draw(&mut view, 60, 20)).contains("2999"));
}

proptest! {
    #[test]
    fn any_text_any_keys(
        text in "([税收优惠政策，。“”…]|[a-z ]{1,3}|\n|👨‍👩‍👧|\u{1b}|\u{202e}){0,80}",
        width in 8u16..60,
        height in 1u16..9,
        keys in prop::collection::vec(0usize..16, 0..40),
    ) {
        const KEYS: [Action; 16] = [
            Action::MoveLeft, Action::MoveRight, Action::MoveUp, Action::MoveDown,
            Action::MoveWordLeft, Action::MoveWordRight, Action::NextSentence,
            Action::PreviousSentence, Action::MoveRowStart, Action::MoveRowEnd,
            Action::MoveParagraphUp, Action::MoveParagraphDown, Action::StartSelection,
            Action::SelectAll, Action::PageDown, Action::PageUp,
        ];
        let mut view = view(&text);
        draw(&mut view, width, height);
        view.start_passage();
        for key in keys {
            view.handle(KEYS[key]);
            draw(&mut view, width, height);
            if let Some(passage) = view.passage() {
                let chars = passage.chars(&text);
                prop_assert!(bytes_of(&text, &chars).is_some());
            }
        }
    }
}
