//! Numbers of lists, as the word processor shows them. They stand nowhere in the text: 一、,
//! （一） and 1. are worked out from definitions and counters, and a manuscript without them
//! would lose what "the second item of part three" means.

use std::collections::{HashMap, HashSet};

use super::super::xml::Element;
use super::styles::Styles;

const LEVELS: usize = 9;

#[derive(Debug, Default)]
pub(super) struct Numbering {
    definitions: HashMap<String, Definition>,
    lists: HashMap<String, List>,
    counters: HashMap<String, [Option<i64>; LEVELS]>,
    /// Lists whose own start has been applied.
    started: HashSet<(String, usize)>,
}

#[derive(Debug, Default, Clone)]
struct Definition {
    levels: HashMap<usize, Level>,
    /// A definition that stands for that of a numbering style.
    link: Option<String>,
}

#[derive(Debug, Default, Clone)]
struct Level {
    start: i64,
    format: String,
    text: String,
    restart: Option<usize>,
    legal: bool,
}

#[derive(Debug, Default, Clone)]
struct List {
    definition: String,
    starts: HashMap<usize, i64>,
    levels: HashMap<usize, Level>,
}

/// What stands before a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Label {
    Bullet,
    Number(String),
}

impl Numbering {
    pub(super) fn read(root: &Element) -> Numbering {
        let mut numbering = Numbering::default();
        for element in root.all("w:abstractNum") {
            let Some(id) = element.attr("w:abstractNumId") else {
                continue;
            };
            let definition = Definition {
                levels: element.all("w:lvl").filter_map(level).collect(),
                link: element.val("w:numStyleLink").map(str::to_owned),
            };
            numbering.definitions.insert(id.to_owned(), definition);
        }
        for element in root.all("w:num") {
            let (Some(id), Some(definition)) =
                (element.attr("w:numId"), element.val("w:abstractNumId"))
            else {
                continue;
            };
            let mut list = List {
                definition: definition.to_owned(),
                ..List::default()
            };
            for over in element.all("w:lvlOverride") {
                let Some(at) = index(over.attr("w:ilvl")) else {
                    continue;
                };
                if let Some(start) = over.val("w:startOverride").and_then(|s| s.parse().ok()) {
                    list.starts.insert(at, start);
                }
                if let Some((at, level)) = over.child("w:lvl").and_then(level) {
                    list.levels.insert(at, level);
                }
            }
            numbering.lists.insert(id.to_owned(), list);
        }
        numbering
    }

    /// Counts one paragraph on and gives what stands before it.
    pub(super) fn next(&mut self, list: &str, at: u8, styles: &Styles) -> Option<Label> {
        let at = usize::from(at);
        let own = self.lists.get(list)?.clone();
        let mut definition = own.definition.clone();
        for _ in 0..4 {
            let Some(link) = self.definitions.get(&definition)?.link.clone() else {
                break;
            };
            let linked = styles.list_of(&link).and_then(|id| self.lists.get(id));
            match linked {
                Some(linked) if linked.definition != definition => {
                    definition.clone_from(&linked.definition);
                }
                _ => break,
            }
        }
        let levels = &self.definitions.get(&definition)?.levels;
        let level_of = |k: usize| own.levels.get(&k).or_else(|| levels.get(&k));
        let level = level_of(at)?.clone();
        let counters = self.counters.entry(definition).or_default();
        for (k, counter) in counters.iter_mut().enumerate() {
            if k < at && counter.is_none() {
                *counter = Some(level_of(k).map_or(1, |l| l.start));
            }
        }
        let own_start = own
            .starts
            .get(&at)
            .filter(|_| self.started.insert((list.to_owned(), at)));
        counters[at] = Some(match (own_start, counters[at]) {
            (Some(start), _) => *start,
            (None, Some(n)) => n.saturating_add(1),
            (None, None) => level.start,
        });
        for (k, counter) in counters.iter_mut().enumerate().skip(at + 1) {
            // `restart` names the level, counted from 1, whose step restarts this one; 0 none.
            let restarts = level_of(k)
                .and_then(|l| l.restart)
                .is_none_or(|after| at < after);
            if restarts {
                *counter = None;
            }
        }
        if level.format == "bullet" {
            return Some(Label::Bullet);
        }
        if level.format == "none" {
            return None;
        }
        let mut text = String::new();
        let mut rest = level.text.as_str();
        while let Some((before, after)) = rest.split_once('%') {
            text.push_str(before);
            let digit = after.chars().next().and_then(|c| c.to_digit(10));
            match digit.filter(|d| *d >= 1) {
                Some(d) => {
                    let k = d as usize - 1;
                    let format = match level_of(k) {
                        _ if level.legal => "decimal",
                        Some(l) => l.format.as_str(),
                        None => "decimal",
                    };
                    text.push_str(&spell(format, counters[k].unwrap_or(1)));
                    rest = &after[1..];
                }
                None => {
                    text.push('%');
                    rest = after;
                }
            }
        }
        text.push_str(rest);
        let text = text.trim().to_owned();
        (!text.is_empty()).then_some(Label::Number(text))
    }
}

fn index(text: Option<&str>) -> Option<usize> {
    text?.trim().parse().ok().filter(|at| *at < LEVELS)
}

fn level(element: &Element) -> Option<(usize, Level)> {
    let at = index(element.attr("w:ilvl"))?;
    Some((
        at,
        Level {
            start: element
                .val("w:start")
                .and_then(|s| s.parse().ok())
                .unwrap_or(0),
            format: format_of(element),
            text: element.val("w:lvlText").unwrap_or_default().to_owned(),
            restart: element.val("w:lvlRestart").and_then(|s| s.parse().ok()),
            legal: element.on("w:isLgl") == Some(true),
        },
    ))
}

/// Formats of newer programs stand in a choice with an older one beside it.
fn format_of(level: &Element) -> String {
    level
        .val("w:numFmt")
        .or_else(|| {
            let choice = level.child("mc:AlternateContent")?;
            choice
                .elements()
                .find_map(|one| one.val("w:numFmt").filter(|f| *f != "custom"))
        })
        .unwrap_or("decimal")
        .to_owned()
}

const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
const LEGAL: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
const STEMS: [char; 10] = ['甲', '乙', '丙', '丁', '戊', '己', '庚', '辛', '壬', '癸'];
const BRANCHES: [char; 12] = [
    '子', '丑', '寅', '卯', '辰', '巳', '午', '未', '申', '酉', '戌', '亥',
];

/// A number in one of the formats of WordprocessingML (ST_NumberFormat); one this program does
/// not know is spelled in digits.
pub(in crate::intake) fn spell(format: &str, n: i64) -> String {
    let cycle = |letters: &[char]| {
        let at = usize::try_from(n - 1).ok().filter(|_| n >= 1);
        at.and_then(|at| letters.get(at % letters.len())).copied()
    };
    let offset = |first: u32, most: i64| {
        (1..=most)
            .contains(&n)
            .then(|| char::from_u32(first + (n - 1) as u32))
            .flatten()
    };
    let one = match format {
        "chineseCounting"
        | "chineseCountingThousand"
        | "japaneseCounting"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand"
        | "koreanCounting" => return counting(n, &DIGITS, ['十', '百', '千', '万']),
        "chineseLegalSimplified" | "ideographLegalTraditional" | "japaneseLegal" => {
            return counting(n, &LEGAL, ['拾', '佰', '仟', '万']);
        }
        "ideographDigital" | "japaneseDigitalTenThousand" | "taiwaneseDigital" => {
            return n
                .to_string()
                .chars()
                .map(|c| c.to_digit(10).map_or(c, |d| DIGITS[d as usize]))
                .collect();
        }
        "decimalFullWidth" | "decimalFullWidth2" => {
            return n
                .to_string()
                .chars()
                .map(|c| {
                    c.to_digit(10)
                        .and_then(|d| char::from_u32(0xff10 + d))
                        .unwrap_or(c)
                })
                .collect();
        }
        "decimalZero" => return format!("{n:02}"),
        "upperRoman" => return roman(n),
        "lowerRoman" => return roman(n).to_lowercase(),
        "upperLetter" => return letters(n, b'A'),
        "lowerLetter" => return letters(n, b'a'),
        "ideographTraditional" => cycle(&STEMS),
        "ideographZodiac" => cycle(&BRANCHES),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => {
            offset(0x2460, 20).or_else(|| {
                (21..=35)
                    .contains(&n)
                    .then(|| char::from_u32(0x3251 + (n - 21) as u32))
                    .flatten()
            })
        }
        "decimalEnclosedParen" => offset(0x2474, 20),
        "decimalEnclosedFullstop" => offset(0x2488, 20),
        "ideographEnclosedCircle" => offset(0x3280, 10),
        _ => None,
    };
    one.map_or_else(|| n.to_string(), String::from)
}

/// 一, 十二, 二十, 一百零五; beyond ten thousand digit by digit, as nothing counts that far.
fn counting(n: i64, digits: &[char; 10], units: [char; 4]) -> String {
    if !(0..100_000).contains(&n) {
        return n.to_string();
    }
    if n == 0 {
        return digits[0].to_string();
    }
    let text = n.to_string();
    let mut out = String::new();
    let mut zero = false;
    for (at, c) in text.chars().enumerate() {
        let place = text.len() - 1 - at;
        let digit = c.to_digit(10).unwrap_or(0) as usize;
        if digit == 0 {
            zero = true;
            continue;
        }
        if zero && !out.is_empty() {
            out.push('零');
        }
        zero = false;
        // 十二, not 一十二; in sums of money the one is written.
        if !(digit == 1 && place == 1 && at == 0 && units[0] == '十') {
            out.push(digits[digit]);
        }
        if place > 0 {
            out.push(units[place - 1]);
        }
    }
    out
}

fn roman(n: i64) -> String {
    const PARTS: [(i64, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if !(1..4000).contains(&n) {
        return n.to_string();
    }
    let mut left = n;
    let mut out = String::new();
    for (value, text) in PARTS {
        while left >= value {
            out.push_str(text);
            left -= value;
        }
    }
    out
}

/// A to Z, then AA, BB as Word has it.
fn letters(n: i64, first: u8) -> String {
    if !(1..=26 * 20).contains(&n) {
        return n.to_string();
    }
    let letter = char::from(first + ((n - 1) % 26) as u8);
    std::iter::repeat_n(letter, ((n - 1) / 26 + 1) as usize).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::intake::xml::parse;

    #[test]
    fn numbers_are_spelled_as_word_spells_them() {
        for (format, n, text) in [
            ("chineseCounting", 1, "一"),
            ("chineseCounting", 10, "十"),
            ("japaneseCounting", 12, "十二"),
            ("chineseCountingThousand", 20, "二十"),
            ("chineseCountingThousand", 105, "一百零五"),
            ("chineseCountingThousand", 110, "一百一十"),
            ("chineseLegalSimplified", 10, "壹拾"),
            ("ideographDigital", 10, "一〇"),
            ("ideographTraditional", 11, "甲"),
            ("decimalEnclosedCircleChinese", 3, "③"),
            ("decimalFullWidth", 12, "１２"),
            ("decimalZero", 3, "03"),
            ("lowerRoman", 9, "ix"),
            ("upperLetter", 28, "BB"),
            ("decimal", -5, "-5"),
            ("unheard-of", 7, "7"),
            ("upperLetter", i64::MAX, "9223372036854775807"),
        ] {
            assert_eq!(spell(format, n), text, "{format} {n}");
        }
    }

    #[test]
    fn levels_count_and_restart() {
        let mut numbering = Numbering::read(
            &parse(
                "<w:numbering xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'>
                 <w:abstractNum w:abstractNumId='0'>
                 <w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt w:val='chineseCounting'/><w:lvlText w:val='%1、'/></w:lvl>
                 <w:lvl w:ilvl='1'><w:start w:val='1'/><w:numFmt w:val='chineseCounting'/><w:lvlText w:val='（%2）'/></w:lvl>
                 <w:lvl w:ilvl='2'><w:start w:val='1'/><w:numFmt w:val='decimal'/><w:isLgl/><w:lvlText w:val='%1.%2.%3'/></w:lvl>
                 <w:lvl w:ilvl='3'><w:numFmt w:val='bullet'/><w:lvlText w:val='·'/></w:lvl>
                 </w:abstractNum>
                 <w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num>
                 <w:num w:numId='2'><w:abstractNumId w:val='0'/><w:lvlOverride w:ilvl='0'><w:startOverride w:val='1'/></w:lvlOverride></w:num>
                 </w:numbering>",
            )
            .unwrap(),
        );
        let styles = Styles::default();
        let mut next = |list: &str, at| match numbering.next(list, at, &styles) {
            Some(Label::Number(text)) => text,
            Some(Label::Bullet) => "•".to_owned(),
            None => String::new(),
        };
        let seen: Vec<String> = [
            ("1", 0),
            ("1", 1),
            ("1", 1),
            ("1", 2),
            ("1", 0),
            ("1", 1),
            ("2", 0),
            ("2", 0),
            ("1", 3),
            ("9", 0),
        ]
        .iter()
        .map(|(list, at)| next(list, *at))
        .collect();
        assert_eq!(
            seen,
            [
                "一、",
                "（一）",
                "（二）",
                "1.2.1",
                "二、",
                "（一）",
                "一、",
                "二、",
                "•",
                ""
            ]
        );
    }
}
