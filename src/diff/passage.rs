//! Where a passage of an earlier text stands in a later one.

use std::ops::Range;

/// How many code points around a passage tell it from its like.
const AROUND: usize = 24;

/// The passage `range` of `old`, in code points, as it stands in `new`; `None` when its words are
/// not there any more. Of several places with the same words the one whose surroundings are most
/// alike wins, and of equals the one that moved least.
pub fn relocate(old: &str, new: &str, range: &Range<usize>) -> Option<Range<usize>> {
    let old: Vec<char> = old.chars().collect();
    let words = old.get(range.clone()).filter(|w| !w.is_empty())?;
    let new: Vec<char> = new.chars().collect();
    let alike = |at: usize| {
        let before = (1..=AROUND)
            .take_while(|k| range.start >= *k && at >= *k && old[range.start - k] == new[at - k])
            .count();
        let after = (0..AROUND)
            .take_while(|k| {
                matches!((old.get(range.end + k), new.get(at + words.len() + k)), (Some(a), Some(b)) if a == b)
            })
            .count();
        before + after
    };
    let first = words[0];
    let mut best: Option<(usize, std::cmp::Reverse<usize>, usize)> = None;
    for at in 0..new.len().saturating_sub(words.len() - 1) {
        if new[at] != first || new[at..at + words.len()] != *words {
            continue;
        }
        let candidate = (alike(at), std::cmp::Reverse(at.abs_diff(range.start)), at);
        if best.is_none_or(|b| candidate > b) {
            best = Some(candidate);
        }
    }
    best.map(|(_, _, at)| at..at + words.len())
}

/// The words of a passage given in code points, as far as they are there.
pub fn words_at(text: &str, range: &Range<usize>) -> Option<String> {
    let words: String = text
        .chars()
        .skip(range.start)
        .take(range.end.saturating_sub(range.start))
        .collect();
    (!words.is_empty()).then_some(words)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn find(text: &str, words: &str) -> Range<usize> {
        let at = text.find(words).unwrap();
        let start = text[..at].chars().count();
        start..start + words.chars().count()
    }

    #[test]
    fn a_passage_follows_its_words() {
        let old = "第一条　本通知自发布之日起施行。";
        let new = "各市税务局：\n第一条　本通知自发布之日起施行。";
        let range = find(old, "发布之日");
        assert_eq!(relocate(old, new, &range), Some(find(new, "发布之日")));
        assert_eq!(words_at(new, &find(new, "发布之日")).unwrap(), "发布之日");
    }

    #[test]
    fn changed_words_are_nowhere() {
        let old = "自发布之日起施行";
        assert_eq!(
            relocate(old, "自印发之日起施行", &find(old, "发布之日")),
            None
        );
        assert_eq!(relocate(old, "", &find(old, "发布之日")), None);
        assert_eq!(relocate(old, old, &(100..104)), None);
        assert_eq!(relocate(old, old, &(3..3)), None);
    }

    #[test]
    fn of_equal_words_the_surroundings_decide() {
        let old = "甲局办理。乙局办理。丙局办理。";
        let range = 6..9; // 局办理 of 乙
        assert_eq!(words_at(old, &range).unwrap(), "局办理");
        let new = "甲局办理。丁局办理。乙局办理。丙局办理。";
        assert_eq!(relocate(old, new, &range), Some(11..14));
    }
}
