//! Every screen and every dialog, in both languages, at both sizes, as snapshots. The table is in
//! `tests/tour/mod.rs`: a new screen is one line there.
#![allow(clippy::unwrap_used)]

mod tour;

use qianfa::text::Ambiguous;
use qianfa::tui::testing::{Harness, language};
use tour::{Province, STOPS, WAIT, pieces};

fn screens(tag: &str) {
    let _language = language(tag);
    let province = Province::new();
    for (width, height) in [(80, 24), (160, 50)] {
        for stop in STOPS {
            let copy = province.copy();
            let app = province.console(copy.path(), stop.login, stop.item, Ambiguous::Narrow);
            let mut h = Harness::new(app, width, height).unwrap();
            for (n, keys) in pieces(stop.keys).enumerate() {
                if n > 0 {
                    h.advance(WAIT).unwrap();
                }
                h.press(keys).unwrap();
            }
            let name = format!("{}_{width}x{height}_{tag}", stop.name);
            insta::with_settings!({
                omit_expression => true,
                prepend_module_to_snapshot => false,
                snapshot_path => "snapshots/screens",
                // Ids of persons, keys and hashes are drawn by lot.
                filters => vec![
                    (r"\(u[0-9a-z]{16}\)", "(u----------------)"),
                    (r"[0-9a-f]{12,}", "------------"),
                    (r"\d+( ms|\.\d+ s), \d+ entries a second *", "-- ms, ---- entries a second "),
                    (r"用时 [\d.]+ (毫秒|秒)，每秒 \d+ 条 *", "用时 -- 毫秒，每秒 ---- 条 "),
                    (r"(session[:：] ?)[0-9a-z]{16}", "${1}----------------"),
                    (r"\b[a-z][0-9a-z]*[0-9][0-9a-z]{13,}\b", "----------------"),
                ],
            }, {
                insta::assert_snapshot!(name, h.screen());
            });
        }
    }
}

#[test]
fn in_chinese() {
    screens("zh-CN");
}

#[test]
fn in_english() {
    screens("en");
}

#[test]
fn names_are_unique() {
    let mut names: Vec<&str> = STOPS.iter().map(|s| s.name).collect();
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
}
