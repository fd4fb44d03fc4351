//! The text of an element as it would be shown, whatever it stands in.

use std::collections::HashSet;

use super::super::aside::{Aside, Place};
use super::super::clean::collapse;
use super::super::xml::{Element, Node};

/// Of two forms of the same thing the newer one; it is there in all files of today.
pub(super) fn choice(element: &Element) -> Option<&Element> {
    element
        .child("mc:Choice")
        .filter(|choice| choice.elements().next().is_some())
        .or_else(|| element.child("mc:Fallback"))
}

/// The text of an element as it would be shown, hidden or not.
pub(super) fn visible_text(element: &Element) -> String {
    let mut text = String::new();
    push_visible(element, &mut text, true);
    text
}

/// `boxes`: whether paragraphs within it, in text boxes, are part of its text.
fn push_visible(element: &Element, out: &mut String, boxes: bool) {
    for node in &element.children {
        let Node::Element(inner) = node else {
            continue;
        };
        match &*inner.name {
            "w:p" if !boxes => {}
            "w:t" | "w:delText" | "a:t" | "m:t" => out.push_str(&inner.text()),
            "w:tab" | "w:br" | "w:cr" => out.push(' '),
            "w:instrText" | "w:delInstrText" => {}
            "mc:AlternateContent" => {
                if let Some(choice) = choice(inner) {
                    push_visible(choice, out, boxes);
                }
            }
            _ => push_visible(inner, out, boxes),
        }
    }
}

/// The paragraphs of an element as plain lines, whatever else it holds.
pub(super) fn lines(element: &Element) -> Vec<String> {
    let mut all = Vec::new();
    let mut seen = HashSet::new();
    element.each(&mut |e| {
        if &*e.name == "w:p" {
            let mut line = String::new();
            push_visible(e, &mut line, false);
            let line = collapse(&line);
            // The two forms of one text box say the same.
            if !line.is_empty() && seen.insert(line.clone()) {
                all.push(line);
            }
        }
    });
    if all.is_empty() {
        let line = collapse(&visible_text(element));
        if !line.is_empty() {
            all.push(line);
        }
    }
    all
}

/// What a header or footer says; page numbers alone say nothing.
pub(super) fn page_texts(root: &Element, place: Place, into: &mut Vec<Aside>) {
    let blank = |line: &str| {
        line.chars()
            .all(|c| c.is_ascii_digit() || "-–—－·. /第页共 \u{3000}".contains(c))
    };
    for line in lines(root) {
        if !blank(&line) {
            into.push(Aside::new(place, None, &line));
        }
    }
    root.each(&mut |e| {
        if &*e.name == "v:textpath"
            && let Some(word) = e.attr("string")
        {
            into.push(Aside::new(Place::Watermark, None, word));
        }
    });
}
