//! Names that are written one way only (`data/fixed.csv`), found when one character is missing, too
//! many, replaced or exchanged with its neighbour.
//!
//! A name is looked for by its halves: whoever makes one slip leaves one half whole (and the middle
//! is tried for exchanged neighbours). What stands around a half is then compared with the rest.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::super::finding::{Class, Hit, Severity};
use super::confuse;
use super::view::View;
use crate::text::is_han;

/// What a pattern is of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    First,
    Second,
    /// The whole, with the two characters at the middle exchanged: neither half is left whole then.
    Exchanged,
}

struct Fixed {
    names: Vec<(Vec<char>, Class)>,
    /// For each pattern of the finder: the name, and which part of it.
    parts: Vec<(usize, Part)>,
    finder: Option<AhoCorasick>,
    /// Everything that is right although it is near to a name.
    right: HashSet<&'static str>,
}

/// Names that differ from one of the list by one character and are right.
const RIGHT: [&str; 26] = [
    "国家税务局",
    "国家税务分局",
    "国务院办公室",
    "全省人民代表大会",
    "全市人民代表大会",
    "各级人民代表大会",
    "地方税务局",
    "国家监察委员",
    "国家监察委",
    "中国人民解放",
    "企业所得",
    "个人所得",
    "土地增值",
    "增值税发票",
    "增值税专票",
    "小规模纳税",
    "小型微利",
    "纳税信用等",
    "税务行政",
    "政府信息公",
    "中国特色社会",
    "个人所得额",
    "企业所得额",
    "电子税务",
    "税务行政处分",
    "纳税信用级",
];

static FIXED: LazyLock<Fixed> = LazyLock::new(|| {
    let mut names = Vec::new();
    for line in include_str!("data/fixed.csv").lines().skip(1) {
        if let Some((name, class)) = line.split_once(',')
            && let Some(class) = Class::parse(class)
        {
            names.push((name.chars().collect::<Vec<char>>(), class));
        }
    }
    let mut parts = Vec::new();
    let mut patterns: Vec<String> = Vec::new();
    for (k, (name, _)) in names.iter().enumerate() {
        let middle = name.len() / 2;
        patterns.push(name[..middle].iter().collect());
        parts.push((k, Part::First));
        patterns.push(name[middle..].iter().collect());
        parts.push((k, Part::Second));
        let mut exchanged = name.clone();
        exchanged.swap(middle - 1, middle);
        if exchanged != *name {
            patterns.push(exchanged.iter().collect());
            parts.push((k, Part::Exchanged));
        }
    }
    let finder = AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .match_kind(MatchKind::Standard)
        .build(&patterns)
        .ok();
    let mut right: HashSet<&'static str> = include_str!("data/fixed.csv")
        .lines()
        .skip(1)
        .filter_map(|l| l.split(',').next())
        .collect();
    right.extend(RIGHT);
    Fixed {
        names,
        parts,
        finder,
        right,
    }
});

pub(super) fn scan(view: &View, hits: &mut Vec<Hit>) {
    let fixed = &*FIXED;
    let Some(finder) = &fixed.finder else { return };
    for found in finder.find_overlapping_iter(view.text) {
        let (k, part) = fixed.parts[found.pattern().as_usize()];
        let (name, class) = &fixed.names[k];
        let middle = name.len() / 2;
        // One search for a place is enough: the length of what was found is known.
        let to = view.index(found.end());
        let from = to
            - match part {
                Part::First => middle,
                Part::Second => name.len() - middle,
                Part::Exchanged => name.len(),
            };
        let near = match part {
            Part::First => forward(view, to, &name[middle..]).map(|end| from..end),
            Part::Second => backward(view, from, &name[..middle]).map(|start| start..to),
            Part::Exchanged => Some(from..to),
        };
        let Some(chars) = near else { continue };
        if known(view, fixed, &chars, name) {
            continue;
        }
        // 农业农村布局, 个人所得水平: the last character begins another word.
        let cuts = view.cuts(chars.clone());
        if view.get(chars.end - 1) != name[name.len() - 1] && !cuts.is(chars.end) {
            continue;
        }
        let shorter = chars.len() < name.len();
        // 人力资源社会保障部 is the short form in use.
        if shorter
            && name.iter().filter(|&&c| c == '和').count()
                > view.raw[chars.clone()]
                    .iter()
                    .filter(|&&c| c == '和')
                    .count()
        {
            continue;
        }
        let severity = match class {
            Class::StateName | Class::Doctrine => Severity::Serious,
            _ => Severity::General,
        };
        let mut hit = view.hit(
            chars,
            *class,
            severity,
            if shorter {
                "fixed-missing"
            } else {
                "fixed-name"
            },
        );
        hit.suggestion = Some(name.iter().collect());
        hits.push(hit);
    }
}

/// Whether what stands here is right, or part of something right that is longer.
fn known(view: &View, fixed: &Fixed, chars: &Range<usize>, name: &[char]) -> bool {
    let around = chars.start.saturating_sub(2)..(chars.end + 2).min(view.len());
    for from in around.start..=chars.start {
        for to in chars.end..=around.end {
            if fixed.right.contains(view.slice(from..to)) {
                return true;
            }
        }
    }
    // The name itself, from where the half was found.
    view.raw[chars.clone()] == *name
}

/// Reads the second half with one slip from `at`; the place behind it.
fn forward(view: &View, at: usize, rest: &[char]) -> Option<usize> {
    let text = &view.raw[at..(at + rest.len() + 1).min(view.len())];
    slip(text, rest, true).map(|len| at + len)
}

/// Reads the first half with one slip, backwards from `at`.
fn backward(view: &View, at: usize, rest: &[char]) -> Option<usize> {
    let text: Vec<char> = view.raw[at.saturating_sub(rest.len() + 1)..at]
        .iter()
        .rev()
        .copied()
        .collect();
    let rest: Vec<char> = rest.iter().rev().copied().collect();
    // The first character of a name is the least certain: 全省人民代表大会 is no slip for 全国….
    let len = slip(&text, &rest, false)?;
    (text[len - 1] == *rest.last()?).then(|| at - len)
}

/// Length of the text that is `rest` with one slip; None when it is `rest` itself or something else.
///
/// A replaced character counts when it is confused with the right one, or (`between`) stands between
/// right ones; one too many when it is like its neighbour; the last must be right where one is missing.
fn slip(text: &[char], rest: &[char], between: bool) -> Option<usize> {
    let n = rest.len();
    let agree = text.iter().zip(rest).take_while(|(a, b)| a == b).count();
    if agree >= n {
        return None;
    }
    let tail =
        |from: usize, of: usize| text.get(from..).is_some_and(|t| t.starts_with(&rest[of..]));
    let here = *text.get(agree)?;
    if !is_han(here) {
        return None;
    }
    if agree + 1 < n
        && tail(agree + 2, agree + 2)
        && text.get(agree + 1) == Some(&rest[agree])
        && here == rest[agree + 1]
    {
        return Some(n);
    }
    if tail(agree + 1, agree + 1) && text.len() >= n {
        let confused = confuse::alike(here, rest[agree]).is_some()
            || super::chars::cure(here) == Some(rest[agree]);
        let between = between && agree + 1 < n && agree > 0;
        return (confused || between).then_some(n);
    }
    if agree + 1 < n && tail(agree, agree + 1) {
        return Some(n - 1);
    }
    if tail(agree + 1, agree) && agree > 0 {
        let like = |c: char| c == here || confuse::alike(here, c).is_some();
        return (like(rest[agree - 1]) || like(rest[agree])).then_some(n + 1);
    }
    None
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, &'static str, String)> {
        let mut hits = Vec::new();
        scan(&View::new(text), &mut hits);
        hits.dedup();
        hits.into_iter()
            .map(|h| (text[h.range].to_owned(), h.why, h.suggestion.unwrap()))
            .collect()
    }

    #[test]
    fn every_name_is_right_itself() {
        for (name, _) in &FIXED.names {
            let name: String = name.iter().collect();
            assert_eq!(found(&format!("按照{name}的规定")), [], "{name}");
        }
        for right in RIGHT {
            assert_eq!(found(&format!("按照{right}的规定")), [], "{right}");
        }
    }

    #[test]
    fn one_slip() {
        for (wrong, right) in [
            ("中华人民大和国", "中华人民共和国"),
            ("中华人民和国", "中华人民共和国"),
            ("中华人民共共和国", "中华人民共和国"),
            ("中华民人共和国", "中华人民共和国"),
            ("国家税务中局", "国家税务总局"),
            ("新疆维吾而自治区", "新疆维吾尔自治区"),
            ("社会主义核心价直观", "社会主义核心价值观"),
            ("中国特社会主义", "中国特色社会主义"),
        ] {
            let hits = found(&format!("根据{wrong}规定"));
            assert_eq!(
                hits.first().map(|h| (h.0.as_str(), h.2.as_str())),
                Some((wrong, right)),
                "{hits:?}"
            );
        }
    }

    #[test]
    fn neighbours_that_are_right() {
        for clean in [
            "全省人民代表大会",
            "国务院办公会议",
            "县国家税务局",
            "个人所得的税务处理",
            "中国共产主义青年团",
            "企业所得应当纳税",
            "小规模企业纳税人",
            "农业农村布局",
            "个人所得水平",
            "全区人民代表大会",
            "人力资源社会保障部",
            "住房城乡建设部",
        ] {
            assert_eq!(found(clean), [], "{clean}");
        }
    }
}
