//! The real screens on terminals that draw “ ” … — in one cell and in two: the bytes are read by a
//! strict terminal (`tui::testing::grid`), and every cell of it is compared with what was meant.
#![allow(clippy::unwrap_used)]

mod tour;

use qianfa::text::Ambiguous::{self, Narrow, Safe, Wide};
use qianfa::tui::backend::Look;
use qianfa::tui::console::seat::Seat;
use qianfa::tui::testing::{Wired, language};
use ratatui::layout::Size;
use tour::{DOUBTFUL, Province, STOPS, Stop, WAIT, pieces};

const SIZE: Size = Size {
    width: 80,
    height: 24,
};

/// How the program is set, and how the terminal really draws.
const PAIRS: &[(Ambiguous, Ambiguous)] =
    &[(Narrow, Narrow), (Wide, Wide), (Safe, Narrow), (Safe, Wide)];

fn wired(
    province: &Province,
    copy: &std::path::Path,
    stop: &Stop,
    set: Ambiguous,
    draws: Ambiguous,
    compact: bool,
) -> Wired<Seat> {
    let look = Look {
        amb: set,
        compact,
        ..Look::default()
    };
    let app = province.console(copy, stop.login, stop.item, set);
    Wired::new(app, look, draws, SIZE).unwrap()
}

fn check(w: &mut Wired<Seat>, what: &str) {
    let differences = w.differences();
    assert!(
        differences.is_empty(),
        "{what}: {} cells\n{}\n{}",
        differences.len(),
        differences[..differences.len().min(12)].join("\n"),
        w.grid().text()
    );
}

#[test]
fn every_screen_shows_what_was_meant() {
    let _zh = language("zh-CN");
    let province = Province::new();
    for &(set, draws) in PAIRS {
        for compact in [false, true] {
            for stop in STOPS {
                let copy = province.copy();
                let mut w = wired(&province, copy.path(), stop, set, draws, compact);
                let what = format!(
                    "{} set {set:?} draws {draws:?} compact {compact}",
                    stop.name
                );
                check(&mut w, &what);
                for (n, keys) in pieces(stop.keys).enumerate() {
                    if n > 0 {
                        w.advance(WAIT).unwrap();
                    }
                    // After every key: what is left over of the screen before shows only then.
                    for key in keys.split_whitespace() {
                        w.press(key).unwrap();
                        check(&mut w, &format!("{what} after {key}"));
                    }
                }
                // A popup comes and goes over whatever is there.
                w.press("<f1>").unwrap();
                check(&mut w, &format!("{what} under help"));
                w.press("<esc>").unwrap();
                check(&mut w, &format!("{what} after help"));
            }
        }
    }
}

#[test]
fn scrolling_leaves_no_half_glyphs() {
    let _zh = language("zh-CN");
    let province = Province::new();
    let stop = STOPS.iter().find(|s| s.name == "items").unwrap();
    for &(set, draws) in PAIRS {
        let copy = province.copy();
        let mut w = wired(&province, copy.path(), stop, set, draws, false);
        // The item full of doubtful characters: list, text, editor with odd and even columns.
        w.press("<f3>").unwrap();
        w.press("/").unwrap();
        w.press("结束").unwrap();
        w.press("<enter> <enter>").unwrap();
        check(&mut w, "item");
        w.press("2").unwrap();
        for n in 0..30 {
            w.press("j").unwrap();
            check(&mut w, &format!("row {n}"));
        }
        w.press("<f2> <f3> <enter>").unwrap();
        w.press("e").unwrap();
        for n in 0..12 {
            w.press("a").unwrap();
            check(&mut w, &format!("typed {n}"));
            w.press("<down>").unwrap();
            check(&mut w, &format!("down {n}"));
        }
        for size in [(81, 25), (97, 30), (80, 24), (60, 20), (83, 24)] {
            w.resize(Size::new(size.0, size.1)).unwrap();
            check(&mut w, &format!("{size:?}"));
        }
    }
}

/// The terminal in memory sees what goes wrong where program and terminal disagree; if it did not,
/// the tests above would prove nothing.
#[test]
fn a_wrong_setting_is_seen() {
    let _zh = language("zh-CN");
    let province = Province::new();
    let stop = STOPS.iter().find(|s| s.name == "desk").unwrap();
    for (set, draws) in [(Narrow, Wide), (Wide, Narrow)] {
        let copy = province.copy();
        let mut w = wired(&province, copy.path(), stop, set, draws, false);
        let mut wrong = 0;
        // Ink of the screens before shows where a glyph is drawn smaller than its room.
        for keys in ["<f3>", "<enter>", "2", "j", "j", "<f3>"] {
            w.press(keys).unwrap();
            wrong += w.differences().len();
        }
        assert!(wrong > 0, "{set:?} on {draws:?}");
    }
    assert!(DOUBTFUL.contains('“'));
}

#[test]
fn nothing_is_sent_when_nothing_changed() {
    let _zh = language("zh-CN");
    let province = Province::new();
    let stop = STOPS.iter().find(|s| s.name == "items").unwrap();
    let copy = province.copy();
    let mut w = wired(&province, copy.path(), stop, Narrow, Narrow, false);
    w.press("<f3>").unwrap();
    let frames = w.grid().frames();
    // A key that means nothing here, and time.
    w.press("<f11>").unwrap();
    assert_eq!(w.sent(), 0);
    w.advance(std::time::Duration::from_mins(1)).unwrap();
    assert_eq!(w.sent(), 0);
    assert_eq!(w.grid().frames(), frames);
    assert!(w.grid().caret().is_none(), "no text is typed in a list");
    w.press("<f2> <f3> <enter> e").unwrap();
}

/// What the saving of `compact_output` is worth, and that it shows the same.
#[test]
fn compact_output_is_smaller() {
    let _zh = language("zh-CN");
    let province = Province::new();
    let stop = STOPS.iter().find(|s| s.name == "item_text").unwrap();
    let mut sizes = Vec::new();
    for compact in [false, true] {
        let copy = province.copy();
        let mut w = wired(&province, copy.path(), stop, Narrow, Narrow, compact);
        w.press(stop.keys).unwrap();
        let mut sent = 0;
        for _ in 0..8 {
            w.press("j").unwrap();
            sent += w.sent();
        }
        check(&mut w, "scrolled");
        sizes.push(sent);
    }
    assert!(sizes[0] > 0 && sizes[1] * 2 < sizes[0], "{sizes:?}");
}
