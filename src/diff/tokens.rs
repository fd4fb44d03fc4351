//! Cutting prose into the pieces that are compared.

use std::collections::HashMap;
use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation;

use crate::text::han::is_cjk;

/// A changed stretch: a byte range of the old text and the one of the new text
/// that stands in its place. Between two changes the texts are equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub old: Range<usize>,
    pub new: Range<usize>,
}

/// Clauses: each ends behind its mark. Word boundaries never straddle these
/// marks, so a clause may be segmented alone. Half-width marks do not end one,
/// they stand inside numbers and addresses.
pub(super) fn clauses(text: &str) -> Vec<Range<usize>> {
    let mut from = 0;
    let mut clauses = Vec::with_capacity(text.len() / 32 + 1);
    for (at, mark) in text.match_indices(['，', '。', '；', '：', '！', '？', '、', '\n']) {
        clauses.push(from..at + mark.len());
        from = at + mark.len();
    }
    if from < text.len() {
        clauses.push(from..text.len());
    }
    clauses
}

/// Units: the smallest pieces a change is narrowed to. A run of Latin letters
/// and digits is one, and so is a figure such as 1,234.5, since a figure with
/// one digit marked is misread; anything else is a grapheme cluster.
pub(super) fn units(text: &str) -> Vec<Range<usize>> {
    let mut units: Vec<Range<usize>> = Vec::new();
    let mut before = None::<char>;
    let mut graphemes = text.grapheme_indices(true).peekable();
    while let Some((at, grapheme)) = graphemes.next() {
        let first = grapheme.chars().next();
        let next = graphemes.peek().and_then(|(_, g)| g.chars().next());
        let run = match first {
            Some(',' | '.') => digit(before) && digit(next),
            Some(c) => in_latin_run(c),
            None => false,
        };
        match units.last_mut() {
            Some(last) if run && before.is_some() => last.end = at + grapheme.len(),
            _ => units.push(at..at + grapheme.len()),
        }
        before = if run { first } else { None };
    }
    units
}

fn digit(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_ascii_digit())
}

/// Whether a character belongs to a run of Latin letters or digits.
pub(super) fn in_latin_run(c: char) -> bool {
    c.is_alphanumeric() && !is_cjk(c)
}

/// Compares two token lists over two texts and gives the changed byte ranges,
/// relative to the same texts as the tokens.
pub(super) fn changed(old: (&str, &[Range<usize>]), new: (&str, &[Range<usize>])) -> Vec<Change> {
    let mut ids: HashMap<&str, u32> = HashMap::with_capacity(old.1.len());
    let old_ids = number(&mut ids, old.1.iter().map(|t| &old.0[t.clone()]));
    let new_ids = number(&mut ids, new.1.iter().map(|t| &new.0[t.clone()]));
    let place = |(text, tokens): (&str, &[Range<usize>]), at: usize| {
        tokens.get(at).map_or(text.len(), |t| t.start)
    };
    diff(&old_ids, &new_ids)
        .into_iter()
        .map(|(o, n)| Change {
            old: place(old, o.start)..place(old, o.end),
            new: place(new, n.start)..place(new, n.end),
        })
        .collect()
}

/// Numbers tokens so that equal ones have equal numbers.
pub(super) fn number<'t>(
    ids: &mut HashMap<&'t str, u32>,
    tokens: impl Iterator<Item = &'t str>,
) -> Vec<u32> {
    tokens
        .map(|token| {
            let next = ids.len() as u32;
            *ids.entry(token).or_insert(next)
        })
        .collect()
}

/// The index ranges that differ between two lists of numbers, in order and
/// never touching one another.
pub(super) fn diff(old: &[u32], new: &[u32]) -> Vec<(Range<usize>, Range<usize>)> {
    let mut hunks: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    for op in capture_diff_slices(Algorithm::Patience, old, new) {
        if matches!(op, DiffOp::Equal { .. }) {
            continue;
        }
        let (o, n) = (op.old_range(), op.new_range());
        match hunks.last_mut() {
            Some(last) if last.0.end == o.start && last.1.end == n.start => {
                last.0.end = o.end;
                last.1.end = n.end;
            }
            _ => hunks.push((o, n)),
        }
    }
    hunks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces() {
        let cut = |text: &'static str, ranges: Vec<Range<usize>>| -> Vec<&str> {
            ranges.into_iter().map(|r| &text[r]).collect()
        };
        assert_eq!(
            cut("甲，乙。丙1,2", clauses("甲，乙。丙1,2")),
            ["甲，", "乙。", "丙1,2"]
        );
        assert_eq!(
            cut(
                "在2024年e\u{301}a，1,234.5元.",
                units("在2024年e\u{301}a，1,234.5元.")
            ),
            ["在", "2024", "年", "e\u{301}a", "，", "1,234.5", "元", "."]
        );
        assert!(clauses("").is_empty() && units("").is_empty());
    }
}
