//! Putting changes where a reader expects them.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::tokens::{Change, in_latin_run};
use crate::text::han::is_cjk;
use crate::text::words::words;

/// Equal characters between two changes that are swallowed by them.
const SWALLOWED: usize = 2;

/// Bytes two neighbouring replacements have together (both sides of both) when
/// they are clauses rather than words: a dozen Chinese characters.
const REWRITTEN: usize = 36;

/// How far around a change words are looked up to judge a place.
const CONTEXT: usize = 12;

/// Joins changes that are only one or two characters apart: nobody reads those
/// as unchanged. A mark or a line break between them is read, and keeps them
/// apart; but where a clause gave way to another on both sides of the mark, the
/// mark is equal by accident and goes with them.
pub(super) fn merge(old: &str, changes: &mut Vec<Change>) {
    let mut merged: Vec<Change> = Vec::with_capacity(changes.len());
    for change in changes.drain(..) {
        match merged.last_mut() {
            Some(last) if swallowed(&old[last.old.end..change.old.start], last, &change) => {
                last.old.end = change.old.end;
                last.new.end = change.new.end;
            }
            _ => merged.push(change),
        }
    }
    *changes = merged;
}

fn swallowed(between: &str, before: &Change, after: &Change) -> bool {
    if between.chars().nth(SWALLOWED).is_some() || between.contains('\n') {
        return false;
    }
    let marked = between.chars().any(|c| c != ' ' && !c.is_alphanumeric());
    !marked || (rewritten(before) && rewritten(after) && size(before) + size(after) >= REWRITTEN)
}

/// Whether one text gave way to another, as opposed to coming or going.
fn rewritten(change: &Change) -> bool {
    !change.old.is_empty() && !change.new.is_empty()
}

fn size(change: &Change) -> usize {
    change.old.len() + change.new.len()
}

/// Slides pure insertions and deletions. With the sentence 乙。 put between 甲。
/// and 丙。, the engine may as well say that 。乙 was put in: both give the same
/// texts, one of them is what the editor did.
pub(super) fn slide(old: &str, new: &str, changes: &mut [Change]) {
    for at in 0..changes.len() {
        let low = at
            .checked_sub(1)
            .map_or((0, 0), |i| (changes[i].old.end, changes[i].new.end));
        let high = changes
            .get(at + 1)
            .map_or((old.len(), new.len()), |c| (c.old.start, c.new.start));
        let change = &mut changes[at];
        let (by, back) = if change.old.is_empty() && !change.new.is_empty() {
            best_slide(new, &change.new, low.1..high.1)
        } else if change.new.is_empty() && !change.old.is_empty() {
            best_slide(old, &change.old, low.0..high.0)
        } else {
            continue;
        };
        for range in [&mut change.old, &mut change.new] {
            *range = if back {
                range.start - by..range.end - by
            } else {
                range.start + by..range.end + by
            };
        }
    }
}

/// How far (in bytes) and whether backwards to slide `range` of `text` inside
/// `room`.
fn best_slide(text: &str, range: &Range<usize>, room: Range<usize>) -> (usize, bool) {
    let mut first = range.clone();
    while let (Some(before), Some(last)) = (
        text[room.start..first.start].chars().next_back(),
        text[first.clone()].chars().next_back(),
    ) {
        if before != last {
            break;
        }
        first = first.start - before.len_utf8()..first.end - before.len_utf8();
    }
    let mut candidates = vec![first.clone()];
    let mut at = first;
    while let (Some(head), Some(after)) = (
        text[at.clone()].chars().next(),
        text[at.end..room.end].chars().next(),
    ) {
        if head != after {
            break;
        }
        at = at.start + head.len_utf8()..at.end + head.len_utf8();
        candidates.push(at.clone());
    }
    if candidates.len() == 1 {
        return (0, false);
    }
    let bounds = word_bounds(text, &candidates);
    // The last of equals: what was there first is read as the old.
    let best = candidates
        .iter()
        .max_by_key(|c| score(text, c, &bounds))
        .unwrap_or(range);
    if best.start < range.start {
        (range.start - best.start, true)
    } else {
        (best.start - range.start, false)
    }
}

/// Word boundaries around all places a change may stand.
fn word_bounds(text: &str, candidates: &[Range<usize>]) -> Vec<usize> {
    let (Some(first), Some(last)) = (candidates.first(), candidates.last()) else {
        return Vec::new();
    };
    let from = text[..first.start]
        .char_indices()
        .rev()
        .take(CONTEXT)
        .last()
        .map_or(first.start, |(i, _)| i);
    let to = text[last.end..]
        .char_indices()
        .nth(CONTEXT)
        .map_or(text.len(), |(i, _)| last.end + i);
    words(&text[from..to])
        .into_iter()
        .map(|w| from + w.start)
        .chain([to])
        .collect()
}

/// How well a change may stand here: from sentence end to sentence end is best,
/// then from clause to clause, then along words; inside a cluster or a figure
/// is worst.
fn score(text: &str, change: &Range<usize>, bounds: &[usize]) -> u32 {
    let edge = |at: usize| {
        let before = text[..at].chars().next_back();
        let after = text[at..].chars().next();
        let (Some(before), Some(after)) = (before, after) else {
            return 8;
        };
        if !whole_clusters(text, at) || (in_latin_run(before) && in_latin_run(after)) {
            return 0;
        }
        match before {
            '。' | '！' | '？' | '；' | '\n' => 8,
            '”' | '’' | '）' | '》' if !"，。、；：！？".contains(after) => 6,
            '，' | '：' | '、' => 5,
            _ if "“‘（《".contains(after) => 4,
            _ if bounds.binary_search(&at).is_ok() => 3,
            _ if is_cjk(before) != is_cjk(after) => 2,
            _ => 1,
        }
    };
    let (start, end) = (edge(change.start), edge(change.end));
    if start == 0 || end == 0 {
        0
    } else {
        start + end
    }
}

/// Whether a cut here leaves grapheme clusters whole, judged by the two
/// neighbours.
fn whole_clusters(text: &str, at: usize) -> bool {
    let from = text[..at].char_indices().next_back().map_or(0, |(i, _)| i);
    let to = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
    text[from..to].graphemes(true).count() == 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_changes_become_one() {
        let old = "甲乙丙丁，戊己庚辛";
        let change = |old: Range<usize>| Change {
            new: old.clone(),
            old,
        };
        let mut near = vec![change(0..3), change(6..9)];
        merge(old, &mut near);
        assert_eq!(near, [change(0..9)]);
        let mut mark = vec![change(9..12), change(15..18)];
        merge(old, &mut mark);
        assert_eq!(mark.len(), 2, "a mark keeps them apart");
        let old = "提供网上登记功能，纳税人状态查询。";
        let mut clauses = vec![change(0..24), change(27..48)];
        merge(old, &mut clauses);
        assert_eq!(clauses, [change(0..48)], "two clauses written anew");
        let mut far = vec![change(0..3), change(12..15)];
        merge(old, &mut far);
        assert_eq!(far.len(), 2);
    }

    #[test]
    fn an_insertion_slides_to_the_sentence() {
        let new = "甲。乙。丙。";
        let old = "甲。丙。";
        let mut changes = vec![Change {
            old: 3..3,
            new: 3..9,
        }];
        slide(old, new, &mut changes);
        assert_eq!(&new[changes[0].new.clone()], "乙。");
        assert_eq!(changes[0].old, 6..6);
    }

    #[test]
    fn a_deletion_slides_along_words() {
        let old = "申报税务登记税务机关";
        let new = "申报税务机关";
        // 登记税务 taken out, or 税务登记: the second begins at a word.
        let mut changes = vec![Change {
            old: 9..21,
            new: 9..9,
        }];
        slide(old, new, &mut changes);
        let taken = &old[changes[0].old.clone()];
        assert!(["税务登记", "登记税务"].contains(&taken), "{taken}");
    }
}
