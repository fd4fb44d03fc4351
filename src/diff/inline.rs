//! The difference of two versions of one paragraph.

use std::ops::Range;

use super::cleanup::{merge, slide};
use super::tokens::{Change, changed, clauses, units};
use super::{Span, SpanKind};
use crate::text::words::words;

/// Equal characters between two changes that are worth showing as equal when a
/// replacement is narrowed; less is a splinter.
const LEAST_EQUAL: usize = 3;

/// Replacements longer than this (in units, both sides) are not narrowed beyond
/// their ends: they are rewrites, and the comparison would find accidents.
const NARROW_LIMIT: usize = 400;

/// Compares two versions of a paragraph, or of a few joined or split ones.
///
/// `None` means they have too little in common to be shown in one, or that the
/// budget (tokens this comparison may still look at) does not reach.
pub(super) fn inline(old: &str, new: &str, budget: &mut usize) -> Option<Vec<Span>> {
    let mut changes = Vec::new();
    let (old_clauses, new_clauses) = (clauses(old), clauses(new));
    spend(budget, old_clauses.len() + new_clauses.len())?;
    for region in changed((old, &old_clauses), (new, &new_clauses)) {
        if region.old.is_empty() || region.new.is_empty() {
            changes.push(region);
        } else {
            by_words(old, new, &region, budget, &mut changes)?;
        }
    }
    slide(old, new, &mut changes);
    merge(old, &mut changes);
    shown_in_one(old, new, &changes).then(|| spans(old, new, &changes))
}

fn spend(budget: &mut usize, tokens: usize) -> Option<()> {
    *budget = budget.checked_sub(tokens)?;
    Some(())
}

/// Compares a region word by word, then narrows each replacement.
fn by_words(
    old: &str,
    new: &str,
    region: &Change,
    budget: &mut usize,
    changes: &mut Vec<Change>,
) -> Option<()> {
    let (o, n) = (&old[region.old.clone()], &new[region.new.clone()]);
    // A word is two characters on average; asking before cutting keeps a huge
    // paragraph from being segmented for nothing.
    spend(budget, (o.len() + n.len()) / 6)?;
    let first = changes.len();
    for hunk in changed((o, &words(o)), (n, &words(n))) {
        narrow(o, n, hunk, changes);
    }
    for change in &mut changes[first..] {
        shift(&mut change.old, region.old.start);
        shift(&mut change.new, region.new.start);
    }
    Some(())
}

fn shift(range: &mut Range<usize>, by: usize) {
    *range = range.start + by..range.end + by;
}

/// Takes out of a replacement what is equal in it: at both ends, and inside
/// where the equal run is long enough to read.
fn narrow(old: &str, new: &str, hunk: Change, changes: &mut Vec<Change>) {
    if hunk.old.is_empty() || hunk.new.is_empty() {
        changes.push(hunk);
        return;
    }
    let (o, n) = (&old[hunk.old.clone()], &new[hunk.new.clone()]);
    let (old_units, new_units) = (units(o), units(n));
    let equal = |(a, b): &(&Range<usize>, &Range<usize>)| o[(*a).clone()] == n[(*b).clone()];
    let head = old_units.iter().zip(&new_units).take_while(equal).count();
    let (old_rest, new_rest) = (&old_units[head..], &new_units[head..]);
    let tail = old_rest
        .iter()
        .rev()
        .zip(new_rest.iter().rev())
        .take_while(equal)
        .count();
    let old_core = &old_rest[..old_rest.len() - tail];
    let new_core = &new_rest[..new_rest.len() - tail];

    let place = |units: &[Range<usize>], text: &str, at: usize| {
        units.get(at).map_or(text.len(), |u| u.start)
    };
    let from = (place(&old_units, o, head), place(&new_units, n, head));
    let to = (
        place(&old_units, o, head + old_core.len()),
        place(&new_units, n, head + new_core.len()),
    );
    let (old_text, new_text) = (&o[..to.0], &n[..to.1]);

    let first = changes.len();
    if old_core.is_empty() || new_core.is_empty() || old_core.len() + new_core.len() > NARROW_LIMIT
    {
        changes.push(Change {
            old: from.0..to.0,
            new: from.1..to.1,
        });
    } else {
        for part in changed((old_text, old_core), (new_text, new_core)) {
            match changes[first..].last_mut() {
                Some(last) if splinter(&old_text[last.old.end..part.old.start]) => {
                    last.old.end = part.old.end;
                    last.new.end = part.new.end;
                }
                _ => changes.push(part),
            }
        }
    }
    for change in &mut changes[first..] {
        shift(&mut change.old, hunk.old.start);
        shift(&mut change.new, hunk.new.start);
    }
}

fn splinter(equal: &str) -> bool {
    equal.chars().count() < LEAST_EQUAL
}

/// Whether the pair reads as one edited paragraph: two fifths of the longer are
/// equal, or the shorter survived almost whole inside the longer.
fn shown_in_one(old: &str, new: &str, changes: &[Change]) -> bool {
    let old_chars = old.chars().count();
    let new_chars = new.chars().count();
    let removed: usize = changes
        .iter()
        .map(|c| old[c.old.clone()].chars().count())
        .sum();
    let equal = old_chars - removed;
    let (shorter, longer) = (old_chars.min(new_chars), old_chars.max(new_chars));
    equal > 0 && (equal * 5 >= longer * 2 || equal * 5 >= shorter * 4)
}

fn spans(old: &str, new: &str, changes: &[Change]) -> Vec<Span> {
    let mut spans = Vec::with_capacity(changes.len() * 3 + 1);
    let mut push = |kind, text: &str| {
        if !text.is_empty() {
            spans.push(Span {
                kind,
                text: text.to_owned(),
            });
        }
    };
    let mut from = 0;
    for change in changes {
        push(SpanKind::Same, &old[from..change.old.start]);
        push(SpanKind::Del, &old[change.old.clone()]);
        push(SpanKind::Add, &new[change.new.clone()]);
        from = change.old.end;
    }
    push(SpanKind::Same, &old[from..]);
    spans
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn marked(old: &str, new: &str) -> Option<String> {
        let spans = inline(old, new, &mut 100_000)?;
        Some(
            spans
                .iter()
                .map(|s| match s.kind {
                    SpanKind::Same => s.text.clone(),
                    SpanKind::Del => format!("[-{}-]", s.text),
                    SpanKind::Add => format!("{{+{}+}}", s.text),
                })
                .collect(),
        )
    }

    #[test]
    fn words_and_figures_are_marked_whole() {
        assert_eq!(
            marked(
                "纳税人应当按照规定申报纳税。",
                "纳税人应当依法按照规定申报纳税。"
            )
            .unwrap(),
            "纳税人应当{+依法+}按照规定申报纳税。"
        );
        assert_eq!(
            marked("自2023年1月1日起施行。", "自2024年1月1日起施行。").unwrap(),
            "自[-2023-]{+2024+}年1月1日起施行。"
        );
        assert_eq!(
            marked("按1,234.5元缴纳税款。", "按1,284.5元缴纳税款。").unwrap(),
            "按[-1,234.5-]{+1,284.5+}元缴纳税款。"
        );
    }

    #[test]
    fn sentences_are_marked_from_stop_to_stop() {
        assert_eq!(
            marked(
                "甲方负责申报。乙方负责缴纳。",
                "甲方负责申报。丙方负责核对。乙方负责缴纳。"
            )
            .unwrap(),
            "甲方负责申报。{+丙方负责核对。+}乙方负责缴纳。"
        );
        assert_eq!(
            marked(
                "税务机关依法征收。税务机关依法检查。请配合。",
                "税务机关依法检查。请配合。"
            )
            .unwrap(),
            "[-税务机关依法征收。-]税务机关依法检查。请配合。"
        );
    }

    #[test]
    fn little_in_common_is_not_shown_in_one() {
        assert_eq!(
            marked("今天天气很好，我们去公园。", "纳税申报截止日期为十五日。"),
            None
        );
        assert_eq!(marked("甲", "乙"), None);
        let long = "纳税人应当按期申报。".to_owned() + &"新增的内容另行通知，".repeat(10);
        assert!(
            marked("纳税人应当按期申报。", &long).is_some(),
            "a short paragraph that only grew"
        );
    }

    #[test]
    fn the_budget_ends_the_work_the_same_way_every_time() {
        assert_eq!(inline("纳税人申报。", "纳税人申报了。", &mut 3), None);
        assert!(inline("纳税人申报。", "纳税人申报了。", &mut 100).is_some());
    }
}
