//! Characters taken for one another: of the same sound (in any tone), or of like shape.
//!
//! Sources: the two confusion lists in `data/`, which name for each common character those that a
//! typist or a reader confuses with it; and, for the model, which has more to go by than likeness,
//! everything of the same or a near sound (`readings.tsv`) and of nearly the same strokes
//! (`shapes.tsv`).

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
    /// Same syllable in some reading, though no list names the pair.
    Syllable,
    /// A stroke or two apart.
    Stroke,
    /// A near sound: 名 and 民, 知 and 资.
    Near,
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

/// Characters whose readings are known, the common ones first, with their readings.
static READINGS: LazyLock<Vec<(char, Vec<&'static str>)>> = LazyLock::new(|| {
    include_str!("data/readings.tsv")
        .lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| l.split_once('\t'))
        .filter_map(|(c, r)| Some((c.chars().next()?, r.split(' ').collect())))
        .collect()
});

/// Characters of the first level of the national table: what a slip should have been is one of them.
const COMMON: usize = 3500;

/// A syllable as those hear it who do not tell zh from z, n from l, or -ng from -n.
fn heard(syllable: &str) -> String {
    let s = syllable.strip_suffix('g').unwrap_or(syllable);
    match s.as_bytes() {
        [b'z' | b'c' | b's', b'h', ..] => format!("{}{}", &s[..1], &s[2..]),
        [b'n', _, ..] => format!("l{}", &s[1..]),
        _ => s.to_owned(),
    }
}

/// For the model: every character confused with another in any of these ways, the likeliest kind
/// first, as pairs of all characters with their sets.
pub(super) fn wide() -> HashMap<char, Vec<(char, Likeness)>> {
    let mut by_sound: HashMap<&str, Vec<char>> = HashMap::new();
    let mut by_hearing: HashMap<String, Vec<char>> = HashMap::new();
    for (c, readings) in READINGS.iter().take(COMMON) {
        for reading in readings {
            by_sound.entry(reading).or_default().push(*c);
            by_hearing.entry(heard(reading)).or_default().push(*c);
        }
    }
    let mut sets: HashMap<char, Vec<(char, Likeness)>> = SETS.clone();
    for (c, readings) in READINGS.iter() {
        let set = sets.entry(*c).or_default();
        for reading in readings {
            let same = by_sound.get(reading).into_iter().flatten();
            set.extend(same.map(|x| (*x, Likeness::Syllable)));
            let near = by_hearing.get(&heard(reading)).into_iter().flatten();
            set.extend(near.map(|x| (*x, Likeness::Near)));
        }
    }
    for line in include_str!("data/shapes.tsv")
        .lines()
        .filter(|l| !l.starts_with('#'))
    {
        let Some((c, others)) = line.split_once('\t') else {
            continue;
        };
        let Some(c) = c.chars().next() else { continue };
        for other in others.chars() {
            sets.entry(c).or_default().push((other, Likeness::Stroke));
            sets.entry(other).or_default().push((c, Likeness::Stroke));
        }
    }
    for (c, set) in &mut sets {
        set.sort_unstable();
        set.dedup_by_key(|x| x.0);
        set.retain(|x| x.0 != *c);
        set.sort_unstable_by_key(|&(x, how)| (how, x));
    }
    sets
}

/// Those confused with a character by the lists.
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
