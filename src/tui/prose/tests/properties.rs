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

    /// Whatever was typed, taken back and done again before: undo leads to exactly the text that
    /// stood there when the step was closed.
    #[test]
    fn undo_leads_back_to_every_closed_state(
        moves in prop::collection::vec((0u8..6, "[税收a]{1,3}|\n"), 1..60),
    ) {
        let mut desk = Desk::new(Preset::Default, "|");
        // The texts between the steps, and where in them we are.
        let (mut texts, mut at) = (vec![String::new()], 0);
        let mut open = false;
        for (what, new) in moves {
            match what {
                // A pause ends the step.
                0 => {
                    desk.now += Duration::from_secs(2);
                    open = false;
                }
                1 => {
                    desk.prose.undo();
                    at = usize::saturating_sub(at, 1);
                    open = false;
                    prop_assert_eq!(desk.prose.text(), texts[at].clone());
                }
                2 => {
                    desk.prose.redo();
                    // Where nothing was undone there is nothing to do again and nothing ends.
                    if at + 1 < texts.len() {
                        at += 1;
                        open = false;
                    }
                    prop_assert_eq!(desk.prose.text(), texts[at].clone());
                }
                _ => {
                    let new = new.replace('\n', "。");
                    desk.now += Duration::from_millis(5);
                    desk.event(&Event::Text(new));
                    if !open {
                        at += 1;
                    }
                    texts.truncate(at);
                    texts.push(desk.prose.text());
                    open = true;
                }
            }
        }
        while at > 0 {
            desk.prose.undo();
            at -= 1;
            prop_assert_eq!(desk.prose.text(), texts[at].clone());
        }
        prop_assert_eq!(desk.prose.history.depth(), 0);
    }

    /// Keys that came in one batch are all handled before anything is drawn.
    #[test]
    fn many_events_between_two_drawings(
        before in text(),
        preset in prop::sample::select(&Preset::ALL[..]),
        batches in prop::collection::vec(
            prop::collection::vec(prop::sample::select(Action::ALL), 1..12), 1..8),
        long in any::<bool>(),
    ) {
        let mut desk = Desk::new(preset, "|");
        desk.prose.set_text(&if long { before.repeat(20) } else { before });
        desk.draw(30, 12);
        for batch in batches {
            for (n, action) in batch.into_iter().enumerate() {
                desk.event(&Event::Action(action));
                if n % 4 == 1 && desk.prose.text_mode() != TextMode::None {
                    desk.event(&Event::Text("税".to_owned()));
                }
                desk.check();
                let _ = desk.prose.source_from_top(500);
                prop_assume!(desk.prose.text().len() < 20_000);
            }
            desk.draw(30, 12);
        }
        prop_assert_eq!(desk.prose.buffer.bytes(), desk.prose.text().len());
    }

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
