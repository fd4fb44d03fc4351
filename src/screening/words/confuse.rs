//! Characters taken for one another: of the same sound (in any tone), or of like shape.
//!
//! Sources: the two confusion lists in `data/`, which name for each common character those that a
//! typist or a reader confuses with it.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What a confusion rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// Same sound and tone.
    Tone,
    /// Same sound, another tone.
    Sound,
    /// Like shape.
    Shape,
}

/// For each character, those confused with it, the likeliest kind first.
static SETS: LazyLock<HashMap<char, Vec<(char, Likeness)>>> = LazyLock::new(|| {
    let mut sets: HashMap<char, Vec<(char, Likeness)>> = HashMap::new();
    let mut add = |a: char, b: char, how: Likeness| {
        if a == b {
            return;
        }
        // Both ways: whoever takes 抵 for 底 takes 底 for 抵.
        for (a, b) in [(a, b), (b, a)] {
            let set = sets.entry(a).or_default();
            match set.iter_mut().find(|(c, _)| *c == b) {
                Some(known) => known.1 = known.1.min(how),
                None => set.push((b, how)),
            }
        }
    };
    for line in include_str!("data/confusion_same_pinyin.txt")
        .lines()
        .filter(|l| !l.starts_with('#'))
    {
        let mut cells = line.split('\t');
        let Some(key) = cells.next().and_then(|c| c.chars().next()) else {
            continue;
        };
        for (cell, how) in cells.zip([Likeness::Tone, Likeness::Sound]) {
            for c in cell.chars() {
                add(key, c, how);
            }
        }
    }
    for line in include_str!("data/confusion_same_stroke.txt").lines() {
        let group: Vec<char> = line.split('\t').filter_map(|c| c.chars().next()).collect();
        if let Some((&key, rest)) = group.split_first() {
            for &c in rest {
                add(key, c, Likeness::Shape);
            }
        }
    }
    for line in include_str!("data/lookalike.csv").lines().skip(1) {
        let mut cells = line.split(',').filter_map(|c| c.chars().next());
        if let (Some(a), Some(b)) = (cells.next(), cells.next()) {
            add(a, b, Likeness::Shape);
        }
    }
    for set in sets.values_mut() {
        set.sort_unstable_by_key(|&(c, how)| (how, c));
    }
    sets
});

/// Those confused with a character.
pub(super) fn set(c: char) -> &'static [(char, Likeness)] {
    SETS.get(&c).map_or(&[], Vec::as_slice)
}

/// Whether two characters are confused with each other, and how.
pub(super) fn alike(a: char, b: char) -> Option<Likeness> {
    set(a).iter().find(|(c, _)| *c == b).map(|(_, how)| *how)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_and_by_kind() {
        assert_eq!(alike('底', '抵'), Some(Likeness::Tone));
        assert_eq!(alike('抵', '底'), Some(Likeness::Tone));
        assert_eq!(alike('账', '帐'), Some(Likeness::Tone));
        assert_eq!(alike('俄', '饿').map(|l| l <= Likeness::Shape), Some(true));
        assert_eq!(alike('税', '局'), None);
        assert_eq!(alike('税', '税'), None);
    }
}
