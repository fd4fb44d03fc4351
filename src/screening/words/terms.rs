//! Words of the board's own list.

use jiff::civil::Date;

use super::super::finding::Hit;
use super::lists::{Lists, Term};
use super::view::View;

pub(super) fn scan(view: &View, lists: &Lists, on: Date, hits: &mut Vec<Hit>) {
    let Some(finder) = lists.words() else { return };
    // Overlapping, so that a word not in force hides none that is.
    for found in finder.find_overlapping_iter(view.text) {
        let term = &lists.terms()[found.pattern().as_usize()];
        if !term.holds(on)
            || guarded(view.text, term, found.start(), found.end())
            || inside_latin(view.text, found.start(), found.end())
        {
            continue;
        }
        let chars = view.index(found.start())..view.index(found.end());
        let why = if term.replacement.is_some() {
            "term-replace"
        } else {
            "term-found"
        };
        let mut hit = view.hit(chars, term.class, term.severity, why);
        hit.suggestion.clone_from(&term.replacement);
        hit.detail.clone_from(&term.word);
        hits.push(hit);
    }
}

/// Whether a guard covers the place, or stands right before or behind it.
fn guarded(text: &str, term: &Term, from: usize, to: usize) -> bool {
    term.guards.iter().any(|guard| {
        let mut covers = guard.match_indices(term.word.as_str()).peekable();
        if covers.peek().is_none() {
            return text[..from].ends_with(guard.as_str())
                || text[to..].starts_with(guard.as_str());
        }
        covers.any(|(i, _)| {
            from >= i
                && text
                    .get(from - i..)
                    .is_some_and(|t| t.starts_with(guard.as_str()))
        })
    })
}

/// A Latin word is found as a word: VAT is not in PRIVATE.
fn inside_latin(text: &str, from: usize, to: usize) -> bool {
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
    let first = text[from..to].chars().next();
    let last = text[from..to].chars().next_back();
    (letter(first) && letter(text[..from].chars().next_back()))
        || (letter(last) && letter(text[to..].chars().next()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::lists::parse_terms;
    use super::*;

    fn found(list: &str, text: &str) -> Vec<(String, &'static str)> {
        let lists = Lists::new(
            parse_terms(&format!("词,类别,级别,例外,替换,起,止\n{list}\n")).unwrap(),
            Vec::new(),
        );
        let mut hits = Vec::new();
        scan(
            &View::new(text),
            &lists,
            Date::constant(2026, 1, 1),
            &mut hits,
        );
        hits.into_iter()
            .map(|h| (text[h.range].to_owned(), h.why))
            .collect()
    }

    #[test]
    fn found_guarded_and_out_of_force() {
        assert_eq!(
            found("甲乙,,一般", "说甲乙说"),
            [("甲乙".into(), "term-found")]
        );
        assert_eq!(
            found("甲乙,,一般,甲乙丙,丁", "甲乙丙与甲乙"),
            [("甲乙".into(), "term-replace")]
        );
        assert_eq!(found("甲乙,,一般,不|丁", "不甲乙，甲乙丁"), []);
        assert_eq!(found("甲乙,,一般,,,,2025-12-31", "甲乙"), []);
        assert_eq!(
            found("甲乙丙,,一般,,,,2025-12-31\n甲乙,,一般", "甲乙丙"),
            [("甲乙".into(), "term-found")]
        );
        assert_eq!(
            found("vat,,一般", "VAT与PRIVATE"),
            [("VAT".into(), "term-found")]
        );
    }
}
