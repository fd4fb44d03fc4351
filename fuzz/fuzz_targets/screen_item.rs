//! Any Markdown and any file beginning: links, tables, attachments.
#![no_main]

use std::sync::LazyLock;

use jiff::civil::date;
use libfuzzer_sys::fuzz_target;
use qianfa::screening::{Attachment, Lists, Screener, Sniffed, Subject};

static SCREENER: LazyLock<Screener> = LazyLock::new(|| {
    Screener::new(Lists::new(Vec::new(), Vec::new()), date(2026, 11, 24)).without_model()
});

fuzz_target!(|input: (&str, &str, &[u8])| {
    let (body, name, bytes) = input;
    let subject = Subject {
        body,
        fields: vec![("title", name)],
        attachments: vec![Attachment { name, sniffed: Some(Sniffed::of(bytes)), ..Attachment::default() }],
        ..Subject::default()
    };
    for finding in SCREENER.screen_item(&subject) {
        assert!(!finding.ground.is_empty());
    }
});
