//! Which changed paragraph became which.

use std::ops::Range;

/// Likeness, in thousandths, from which two paragraphs are versions of one.
const ALIKE: u32 = 400;

/// Likeness from which two paragraphs are paired without looking further.
const SURE: u32 = 700;

/// Pairs of paragraphs weighed against one another in one place; beyond it,
/// each looks only at the next few.
const WEIGHED: usize = 4096;

/// The next few.
const AHEAD: usize = 8;

/// Tokens a paragraph must have for "all of it is in the other" to mean anything.
const LEAST_GROWN: usize = 10;

/// Pairs the changed paragraphs of one place, in order. A paragraph that was
/// split or joined is paired with all its parts.
pub(super) fn pairs(
    old: &[&str],
    olds: &[usize],
    new: &[&str],
    news: &[usize],
) -> Vec<(Range<usize>, Range<usize>)> {
    if olds.is_empty() || news.is_empty() {
        return Vec::new();
    }
    let mut scale = Scale::default();
    let old_bags: Vec<Bag> = olds.iter().map(|&i| Bag::of(old[i])).collect();
    let new_bags: Vec<Bag> = news.iter().map(|&i| Bag::of(new[i])).collect();
    let found = match_in_order(&old_bags, &new_bags, &mut scale);

    let mut pairs: Vec<(Range<usize>, Range<usize>)> = Vec::with_capacity(found.len());
    for (at, &(i, j)) in found.iter().enumerate() {
        let next = found
            .get(at + 1)
            .copied()
            .unwrap_or((olds.len(), news.len()));
        let before = pairs.last().map_or((0, 0), |(o, n)| (o.end, n.end));
        let (mut o, mut n) = (olds[i]..olds[i] + 1, news[j]..news[j] + 1);
        let score = scale.alike(&old_bags[i], &new_bags[j]);
        if score < 950 {
            let old_room = room(
                olds,
                i,
                at.checked_sub(1).map(|p| found[p].0),
                next.0,
                before.0,
            );
            let new_room = room(
                news,
                j,
                at.checked_sub(1).map(|p| found[p].1),
                next.1,
                before.1,
            );
            let joined = widen(old, o.clone(), &old_room, &new_bags[j], score, &mut scale);
            if joined == o {
                n = widen(new, n, &new_room, &old_bags[i], score, &mut scale);
            } else {
                o = joined;
            }
        }
        pairs.push((o, n));
    }
    pairs
}

/// How far the paragraph at `list[at]` may be widened: over neighbours that are
/// next to it in the text and belong to no pair.
fn room(
    list: &[usize],
    at: usize,
    previous: Option<usize>,
    next: usize,
    taken: usize,
) -> Range<usize> {
    let mut from = at;
    let floor = previous.map_or(0, |p| p + 1);
    while from > floor && list[from - 1] + 1 == list[from] && list[from - 1] >= taken {
        from -= 1;
    }
    let mut to = at + 1;
    while to < next && list[to - 1] + 1 == list[to] {
        to += 1;
    }
    list[from]..list[to - 1] + 1
}

/// Takes neighbours in while that makes the paragraphs clearly more like the
/// one on the other side.
fn widen(
    pars: &[&str],
    mut range: Range<usize>,
    room: &Range<usize>,
    other: &Bag,
    mut score: u32,
    scale: &mut Scale,
) -> Range<usize> {
    loop {
        let mut wider = Vec::with_capacity(2);
        if range.end < room.end {
            wider.push(range.start..range.end + 1);
        }
        if range.start > room.start {
            wider.push(range.start - 1..range.end);
        }
        let best = wider
            .into_iter()
            .map(|r| (scale.dice(&Bag::of(&pars[r.clone()].join("\n")), other), r))
            .max_by_key(|(s, r)| (*s, r.end));
        match best {
            Some((better, wider)) if better >= score + 100 => (score, range) = (better, wider),
            _ => return range,
        }
    }
}

/// Index pairs in ascending order on both sides.
fn match_in_order(old: &[Bag], new: &[Bag], scale: &mut Scale) -> Vec<(usize, usize)> {
    let (mut i, mut j) = (0, 0);
    let mut head = Vec::new();
    while i < old.len() && j < new.len() && scale.alike(&old[i], &new[j]) >= SURE {
        head.push((i, j));
        (i, j) = (i + 1, j + 1);
    }
    let (mut i_end, mut j_end) = (old.len(), new.len());
    let mut tail = Vec::new();
    while i_end > i && j_end > j && scale.alike(&old[i_end - 1], &new[j_end - 1]) >= SURE {
        (i_end, j_end) = (i_end - 1, j_end - 1);
        tail.push((i_end, j_end));
    }
    let (rows, columns) = (i_end - i, j_end - j);
    let middle = if rows.saturating_mul(columns) <= WEIGHED {
        weighed(&old[i..i_end], &new[j..j_end], scale)
    } else {
        ahead(&old[i..i_end], &new[j..j_end], scale)
    };
    head.extend(middle.into_iter().map(|(a, b)| (a + i, b + j)));
    head.extend(tail.into_iter().rev());
    head
}

/// The pairing with the greatest likeness in all.
fn weighed(old: &[Bag], new: &[Bag], scale: &mut Scale) -> Vec<(usize, usize)> {
    let width = new.len() + 1;
    let mut likeness = vec![0; old.len() * new.len()];
    let mut best = vec![0u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            let alike = scale.alike(&old[i], &new[j]);
            likeness[i * new.len() + j] = alike;
            let apart = best[(i + 1) * width + j].max(best[i * width + j + 1]);
            let together = if alike >= ALIKE {
                alike + best[(i + 1) * width + j + 1]
            } else {
                0
            };
            best[i * width + j] = apart.max(together);
        }
    }
    let mut pairs = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < old.len() && j < new.len() {
        let alike = likeness[i * new.len() + j];
        let here = best[i * width + j];
        if alike >= ALIKE && here == alike + best[(i + 1) * width + j + 1] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if here == best[(i + 1) * width + j] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// Each old paragraph with the likest of the next few new ones.
fn ahead(old: &[Bag], new: &[Bag], scale: &mut Scale) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let mut from = 0;
    for (i, bag) in old.iter().enumerate() {
        let to = (from + AHEAD).min(new.len());
        let best = (from..to)
            .map(|j| (scale.alike(bag, &new[j]), std::cmp::Reverse(j)))
            .max()
            .filter(|(alike, _)| *alike >= ALIKE);
        if let Some((_, std::cmp::Reverse(j))) = best {
            pairs.push((i, j));
            from = j + 1;
        }
    }
    pairs
}

/// A paragraph as a bag of neighbouring characters: near enough to its words to
/// tell versions from strangers, and found without a dictionary.
struct Bag {
    tokens: Vec<u32>,
}

impl Bag {
    fn of(text: &str) -> Self {
        let mut before = 0;
        let tokens = text
            .chars()
            .map(|c| {
                let token = (before ^ u32::from(c).rotate_left(15)).wrapping_mul(0x9E37_79B1);
                before = u32::from(c);
                token
            })
            .collect();
        Self { tokens }
    }
}

/// Counts what bags have in common, on a table that is used again.
#[derive(Default)]
struct Scale {
    counts: Vec<u16>,
}

impl Scale {
    /// Tokens in both bags. Different tokens may share a slot, which can only
    /// make two paragraphs look a little more alike.
    fn common(&mut self, a: &Bag, b: &Bag) -> usize {
        let (a, b) = if a.tokens.len() <= b.tokens.len() {
            (a, b)
        } else {
            (b, a)
        };
        let slots = (a.tokens.len() * 4).next_power_of_two().clamp(256, 1 << 16);
        let shift = 32 - slots.trailing_zeros();
        self.counts.clear();
        self.counts.resize(slots, 0);
        for token in &a.tokens {
            let slot = &mut self.counts[(token >> shift) as usize];
            *slot = slot.saturating_add(1);
        }
        let mut common = 0;
        for token in &b.tokens {
            let slot = &mut self.counts[(token >> shift) as usize];
            if *slot > 0 {
                *slot -= 1;
                common += 1;
            }
        }
        common
    }

    /// What is common in thousandths of both.
    fn dice(&mut self, a: &Bag, b: &Bag) -> u32 {
        let all = a.tokens.len() + b.tokens.len();
        if all == 0 {
            return 0;
        }
        (self.common(a, b) * 2000 / all) as u32
    }

    /// Likeness of two paragraphs. One that only grew or shrank is alike however
    /// much was added: nearly all of the shorter is in the longer.
    fn alike(&mut self, a: &Bag, b: &Bag) -> u32 {
        let (shorter, longer) = (
            a.tokens.len().min(b.tokens.len()),
            a.tokens.len().max(b.tokens.len()),
        );
        if shorter == 0 {
            return 0;
        }
        let common = self.common(a, b);
        let dice = (common * 2000 / (shorter + longer)) as u32;
        if shorter >= LEAST_GROWN && common * 5 >= shorter * 4 {
            dice.max(ALIKE)
        } else {
            dice
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_paired_and_strangers_are_not() {
        let old = [
            "纳税人应当按期办理申报。",
            "本公告由办公室负责解释。",
            "自发布之日起施行。",
        ];
        let new = [
            "今日天气晴朗适宜出行。",
            "纳税人应当依法按期办理申报。",
            "自公告发布之日起施行。",
        ];
        assert_eq!(
            pairs(&old, &[0, 1, 2], &new, &[0, 1, 2]),
            [(0..1, 1..2), (2..3, 2..3)]
        );
        assert!(pairs(&old, &[1], &new, &[0]).is_empty());
        assert!(pairs(&old, &[], &new, &[0]).is_empty());
    }

    #[test]
    fn many_paragraphs_are_paired_without_weighing_all() {
        let mut texts: Vec<String> = (0..100)
            .map(|i| format!("{}号文件规定的第{i}项内容已经{i}次修改", i * 7919))
            .collect();
        let old = texts.clone();
        for text in &mut texts {
            text.push_str("并且重新公布征求意见稿全文供社会各界提出意见和建议");
        }
        let old: Vec<&str> = old.iter().map(String::as_str).collect();
        let new: Vec<&str> = texts.iter().map(String::as_str).collect();
        let all: Vec<usize> = (0..100).collect();
        let bags = |list: &[&str]| -> Vec<Bag> { list.iter().map(|t| Bag::of(t)).collect() };
        let mut scale = Scale::default();
        assert_eq!(
            ahead(&bags(&old), &bags(&new), &mut scale).first(),
            Some(&(0, 0))
        );
        assert_eq!(pairs(&old, &all, &new, &all).len(), 100);
    }
}
