//! Forms nobody showed the rules before: written by hand, not drawn from any sample.
//!
//! A line is a text with what must be found in it: `⟦LABEL|text⟧`. All labelled findings of the
//! line must be those, with those borders, and no others.
#![allow(clippy::unwrap_used)]

mod forms_marks;
mod forms_numbers;
mod items;
mod properties;

use jiff::civil::date;

use super::{Label, Lists, Screener};

fn screener() -> Screener {
    Screener::new(Lists::new(Vec::new(), Vec::new()), date(2026, 11, 24))
}

/// Takes the brackets off: the bare text, and spans in bytes with their labels.
fn parse(line: &str) -> (String, Vec<(usize, usize, String)>) {
    let mut text = String::new();
    let mut spans = Vec::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('⟦') {
        text.push_str(before);
        let (inside, tail) = after.split_once('⟧').unwrap();
        let (label, found) = inside.split_once('|').unwrap();
        let start = text.len();
        text.push_str(found);
        spans.push((start, text.len(), label.to_owned()));
        rest = tail;
    }
    text.push_str(rest);
    (text, spans)
}

fn check(lines: &[&str]) {
    let screener = screener();
    let mut wrong = Vec::new();
    for line in lines {
        let (text, want) = parse(line);
        let got: Vec<(usize, usize, String)> = screener
            .screen_secrets(&text)
            .into_iter()
            .filter_map(|h| {
                h.label()
                    .map(|l: Label| (h.range.start, h.range.end, l.code().to_owned()))
            })
            .collect();
        if got != want {
            let shown: Vec<_> = got
                .iter()
                .map(|(s, e, l)| format!("{l}|{}", &text[*s..*e]))
                .collect();
            wrong.push(format!("{line}\n    got {shown:?}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} lines:\n{}",
        wrong.len(),
        lines.len(),
        wrong.join("\n")
    );
}
