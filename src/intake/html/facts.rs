//! What a page states about its text: tables, lines of labels, the head.

use scraper::{ElementRef, Html};

use super::super::labels::{self, Label};
use super::{fact, select, walk};

/// The names the state's standard for government sites gives to data in the head, and others
/// that are common.
const META: [(&str, Label); 5] = [
    ("PubDate", Label::PublishedOn),
    ("ContentSource", Label::Source),
    ("Url", Label::SourceUrl),
    ("publishdate", Label::PublishedOn),
    ("source", Label::Source),
];

/// A line of labels is short; longer ones are text in which a label's word occurs.
const LONGEST_LINE: usize = 160;

/// All facts, the more trusted place first: table, marked line, head, loose line.
pub(super) fn collect(page: &Html, container: ElementRef<'_>) -> Vec<(Label, String)> {
    let outside = |one: &ElementRef<'_>| !one.ancestors().any(|node| node.id() == container.id());
    let mut facts: Vec<(Label, String)> = select(page, "td, th")
        .into_iter()
        .filter(outside)
        .filter_map(cell)
        .collect();
    for selector in ["p.arc_date", "p.text-des", ".text-des"] {
        for line in select(page, selector) {
            facts.extend(labels::split(&walk::text_of(line)));
        }
    }
    for (name, label) in META {
        facts.extend(meta(page, name).and_then(|value| fact(label, value)));
    }
    facts.extend(
        select(page, "link[rel=canonical]")
            .first()
            .and_then(|link| link.attr("href"))
            .and_then(|href| fact(Label::SourceUrl, href.to_owned())),
    );
    for line in select(page, "span, li, p, em, div")
        .into_iter()
        .filter(outside)
        .filter(|one| is_leaf(*one))
    {
        let text = walk::text_of(line);
        if text.chars().count() <= LONGEST_LINE {
            facts.extend(labels::split(&text));
        }
    }
    facts
}

/// The value of `<meta name=…>`, whatever the case of the name.
pub(super) fn meta(page: &Html, name: &str) -> Option<String> {
    select(page, "meta[name]")
        .into_iter()
        .find(|meta| {
            meta.attr("name")
                .is_some_and(|found| found.eq_ignore_ascii_case(name))
        })
        .and_then(|meta| meta.attr("content"))
        .map(str::to_owned)
}

/// A cell that is a label, with the cell beside it.
fn cell(name: ElementRef<'_>) -> Option<(Label, String)> {
    // The outer cells of a layout table hold whole pages.
    if name.descendent_elements().skip(1).take(4).count() > 3 {
        return None;
    }
    let text = walk::text_of(name);
    if text.chars().count() > 12 || !(text.ends_with(['：', ':']) || name.value().name() == "th") {
        return None;
    }
    let label = labels::label(&text)?;
    let value = name.next_siblings().find_map(ElementRef::wrap)?;
    fact(label, walk::text_of(value))
}

/// Whether an element holds text with at most inline marks inside.
fn is_leaf(one: ElementRef<'_>) -> bool {
    one.descendent_elements()
        .skip(1)
        .take(9)
        .filter(|inner| !walk::is_block(inner.value().name()))
        .count()
        < 9
        && !one
            .descendent_elements()
            .skip(1)
            .take(9)
            .any(|inner| walk::is_block(inner.value().name()))
}
