//! Any text: no panic, hits in order, on character boundaries, evidence not empty.
#![no_main]

use std::sync::LazyLock;

use jiff::civil::date;
use libfuzzer_sys::fuzz_target;
use qianfa::screening::{Lists, Screener};

static SCREENER: LazyLock<Screener> =
    LazyLock::new(|| Screener::new(Lists::new(Vec::new(), Vec::new()), date(2026, 11, 24)));

fuzz_target!(|text: &str| {
    let mut last = 0;
    for hit in SCREENER.screen_text(text) {
        assert!(!text[hit.range.clone()].is_empty());
        assert!(hit.range.start >= last);
        last = hit.range.start;
    }
    let _ = SCREENER.screen_name(text);
});
