//! Words and names: characters, typos, punctuation, numbers, dates and the lists a board keeps.
//!
//! Each detector is a file: it walks the view of a text and adds hits. None of them knows
//! another; what two of them say about one place is sorted out here. A detector is linear in the
//! text, whatever the text: looking back and ahead has a fixed reach.

mod amounts;
mod bodies;
mod brackets;
mod chars;
mod confuse;
mod dates;
mod docno;
mod fixed;
pub mod lists;
mod model;
mod order;
mod punct;
mod repeats;
mod roster;
mod scripts;
mod sums;
mod terms;
mod typos;
mod view;

use jiff::civil::Date;

pub use docno::DocNumber;
pub use lists::{Fault, ListError, Lists, Office, Term, parse_roster, parse_terms};
pub use model::{Model, Trainer};

use super::finding::Hit;

/// Every reason this room gives; `screening-why-<code>` is its message, with the argument `detail`.
pub const WHY: &[&str] = &[
    "char-traditional",
    "char-variant",
    "char-compatibility",
    "char-radical",
    "char-private",
    "char-broken",
    "char-rare",
    "char-kept",
    "script-mixed",
    "script-number",
    "script-zero",
    "script-sun",
    "script-kana",
    "list-name",
    "list-title",
    "list-doctrine",
    "list-territory",
    "list-tax",
    "list-typo",
    "list-usage",
    "fixed-name",
    "fixed-missing",
    "body-merged",
    "body-renamed",
    "rate-expired",
    "repeat-character",
    "repeat-word",
    "bracket-open",
    "bracket-close",
    "bracket-mixed",
    "bracket-nested",
    "punct-straight",
    "punct-half",
    "punct-repeated",
    "punct-double",
    "punct-start",
    "punct-ellipsis",
    "punct-ordinal",
    "width-full",
    "docno-bracket",
    "docno-year",
    "docno-ordinal",
    "docno-zero",
    "docno-suffix",
    "docno-space",
    "docno-future",
    "docno-notice",
    "date-impossible",
    "date-weekday",
    "date-range",
    "date-hour",
    "number-total",
    "number-column",
    "number-share",
    "number-shares",
    "number-fall",
    "number-about",
    "number-capitals",
    "number-announced",
    "ordinal-gap",
    "ordinal-repeat",
    "term-found",
    "term-replace",
    "roster-name",
    "roster-title",
    "roster-ended",
    "roster-early",
    "roster-order",
    "model-typo",
];

/// What a scan goes by.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The board's own lists.
    pub lists: &'a Lists,
    /// The model of what stands beside what; without it only rules and lists speak.
    pub model: Option<&'a Model>,
    /// The day the text is judged by: its own date, or today.
    pub on: Date,
}

/// Every finding of this room, in the order of the text.
///
/// Ranges are bytes of `text` on character boundaries. Characters that do not show (zero-width
/// spaces and the like) hide nothing: the text is read without them.
pub fn scan(text: &str, cx: &Context) -> Vec<Hit> {
    if let Some(bare) = view::Bare::of(text) {
        let mut hits = scan_bare(&bare.text, cx);
        for hit in &mut hits {
            hit.range = bare.back(&hit.range);
        }
        return hits;
    }
    scan_bare(text, cx)
}

fn scan_bare(text: &str, cx: &Context) -> Vec<Hit> {
    let view = view::View::new(text);
    let mut hits = Vec::new();
    chars::scan(&view, &mut hits);
    scripts::scan(&view, &mut hits);
    typos::scan(&view, &mut hits);
    repeats::scan(&view, &mut hits);
    brackets::scan(&view, &mut hits);
    brackets::straight(&view, &mut hits);
    punct::scan(&view, &mut hits);
    docno::scan(&view, cx.on.year(), &mut hits);
    dates::scan(&view, &mut hits);
    sums::scan(&view, &mut hits);
    amounts::scan(&view, &mut hits);
    order::scan(&view, &mut hits);
    bodies::scan(&view, cx.on, &mut hits);
    fixed::scan(&view, &mut hits);
    terms::scan(&view, cx.lists, cx.on, &mut hits);
    roster::scan(&view, cx.lists, cx.on, &mut hits);
    if let Some(model) = cx.model {
        model::scan(&view, model, &mut hits);
    }
    settle(hits)
}

/// Sorts by place; what lies inside a finding at least as grave says nothing new.
fn settle(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by(|a, b| {
        (
            a.range.start,
            std::cmp::Reverse(a.range.end),
            a.severity,
            a.why,
        )
            .cmp(&(
                b.range.start,
                std::cmp::Reverse(b.range.end),
                b.severity,
                b.why,
            ))
    });
    let mut kept: Vec<Hit> = Vec::with_capacity(hits.len());
    for hit in hits {
        let covered = kept
            .last()
            .is_some_and(|last| hit.range.end <= last.range.end && hit.severity >= last.severity);
        if !covered {
            kept.push(hit);
        }
    }
    kept
}
