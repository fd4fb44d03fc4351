use proptest::prelude::*;

use super::*;
use crate::text::row_starts;
use crate::tui::action::Action;

fn text() -> impl Strategy<Value = String> {
    "([税收优惠政策]{1,6}[，。]?|[“《（][税收]{1,3}[”》）]|[a-z]{1,9} |\n|👨‍👩‍👧|e\u{301}|葛\u{e0100}|——){0,40}"
}

fn pos(prose: &Prose, a: usize, b: usize) -> Pos {
    let paragraph = a % prose.buffer.len();
    let len = prose.buffer.paragraph(paragraph).len();
    prose.buffer.clamp(Pos::new(paragraph, b % (len + 1)))
}

/// Everything that is kept up with changes is what it would be made from scratch.
fn same_as_fresh(prose: &mut Prose) -> Result<(), TestCaseError> {
    let text = prose.text();
    let mut fresh = Buffer::new(&text);
    let width = prose.view.body.width;
    fresh.set_width(width, crate::text::Ambiguous::Narrow);
    prop_assert_eq!(prose.counts().characters, fresh.counts().characters);
    prop_assert_eq!(
        prose.counts().without_punctuation,
        fresh.counts().without_punctuation
    );
    prop_assert_eq!(prose.buffer.len(), fresh.len());
    for p in 0..fresh.len() {
        let starts = row_starts(fresh.paragraph(p), width, crate::text::Ambiguous::Narrow);
        prop_assert_eq!(prose.buffer.row_count(p), starts.len());
        let mut whole = String::new();
        for (n, start) in starts.iter().enumerate() {
            let row = prose.buffer.row(p, n);
            prop_assert_eq!(row.start, *start);
            whole.push_str(&prose.buffer.paragraph(p)[row]);
        }
        prop_assert_eq!(&whole, fresh.paragraph(p));
        prop_assert_eq!(prose.buffer.spans(p), fresh.spans(p));
        prop_assert_eq!(prose.buffer.in_code(p), fresh.in_code(p));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn edits_are_undone_and_done_again_to_the_letter(
        before in text(),
        edits in prop::collection::vec((any::<(u16, u16, u16, u16)>(), "([税收]{0,4}|\n|```\n|[a-z ]{0,6}|\u{301}|- ){0,3}", 0u64..3_000), 1..30),
    ) {
        let mut desk = Desk::new(Preset::Default, "|");
        desk.prose.set_text(&before);
        desk.draw(30, 12);
        for ((a, b, c, d), new, wait) in edits {
            let (from, to) = (
                pos(&desk.prose, a.into(), b.into()),
                pos(&desk.prose, c.into(), d.into()),
            );
            desk.now += Duration::from_millis(wait);
            desk.prose.now = desk.now;
            // Mostly small ones, now and then from anywhere to anywhere.
            let range = if wait % 5 == 0 { from.min(to)..from.max(to) } else { from..from };
            desk.prose.replace(&range, &new, Kind::Type);
            desk.draw(30, 12);
            same_as_fresh(&mut desk.prose)?;
            let caret = desk.prose.cursor().unwrap();
            prop_assert!(caret.x < 30 && caret.y < 11, "{:?}", caret);
        }
        let after = desk.prose.text();
        while desk.prose.history.depth() > 0 {
            desk.prose.undo();
        }
        prop_assert_eq!(desk.prose.text(), before);
        same_as_fresh(&mut desk.prose)?;
        for _ in 0..200 {
            desk.prose.redo();
        }
        prop_assert_eq!(desk.prose.text(), after);
        same_as_fresh(&mut desk.prose)?;
    }

    #[test]
    fn any_actions_leave_the_caret_on_a_character_and_on_screen(
        before in text(),
        preset in prop::sample::select(&Preset::ALL[..]),
        actions in prop::collection::vec(prop::sample::select(Action::ALL), 1..60),
        typed in prop::sample::select(&["税", "”", "3", "w", "i", "《"][..]),
    ) {
        let mut desk = Desk::new(preset, "|");
        desk.prose.set_text(&before);
        desk.draw(30, 12);
        for (n, action) in actions.into_iter().enumerate() {
            desk.event(&Event::Action(action));
            if n % 3 == 0 && desk.prose.text_mode() != TextMode::None {
                desk.event(&Event::Text(typed.to_owned()));
            } else if n % 7 == 0 {
                desk.event(&Event::Key(KeyPress::char('2')));
            }
            desk.check();
            desk.draw(30, 12);
            if let Some(caret) = desk.prose.cursor() {
                prop_assert!(caret.x < 30 && caret.y < 12, "{:?} {:?}", action, caret);
            }
            desk.prose.requests();
            prop_assume!(desk.prose.text().len() < 20_000);
        }
        same_as_fresh(&mut desk.prose)?;
        desk.prose.history.part();
        while desk.prose.history.depth() > 0 {
            desk.prose.undo();
        }
        prop_assert_eq!(desk.prose.text(), before);
    }
}
