//! Document numbers: 税总发〔2015〕69号 and the other forms of GB/T 9704-2012.
//!
//! Hexagonal brackets, a year of four digits, a number without leading zeros, no 第 except in
//! 公告 and 令, and 号 at the end.

use super::super::finding::{Class, Hit, Severity};
use super::view::View;
use crate::text::is_han;

/// A well-formed number of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocNumber {
    /// The office's code (税总发), or who issued it (国家税务总局) where `kind` is given.
    pub code: String,
    /// 公告, 通告 or 令; empty for the bracket form.
    pub kind: &'static str,
    /// The year; an order (令) has none.
    pub year: Option<u16>,
    /// The running number.
    pub seq: u32,
}

impl DocNumber {
    /// Reads a number that is well-formed from its first character to its last; anything else is none.
    ///
    /// Source: `docformat.toml`, `docno.strict`, `.notice` and `.order`.
    pub fn parse(text: &str) -> Option<DocNumber> {
        bracketed(text)
            .or_else(|| notice(text))
            .or_else(|| order(text))
    }
}

fn year(text: &str) -> Option<u16> {
    (text.len() == 4 && (text.starts_with("19") || text.starts_with("20"))).then_some(())?;
    text.parse().ok()
}

fn sequence(text: &str) -> Option<u32> {
    let plain = text.bytes().all(|b| b.is_ascii_digit());
    (plain && (1..=5).contains(&text.len()) && !text.starts_with('0')).then_some(())?;
    text.parse().ok()
}

fn bracketed(text: &str) -> Option<DocNumber> {
    let (code, rest) = text.split_once('〔')?;
    let (y, rest) = rest.split_once('〕')?;
    let seq = sequence(rest.strip_suffix('号')?)?;
    let length = code.chars().count();
    ((1..=14).contains(&length) && code.chars().all(is_han)).then_some(())?;
    Some(DocNumber {
        code: code.to_owned(),
        kind: "",
        year: Some(year(y)?),
        seq,
    })
}

fn notice(text: &str) -> Option<DocNumber> {
    let (kind, at) = ["公告", "通告"]
        .into_iter()
        .filter_map(|k| text.rfind(k).map(|at| (k, at)))
        .max_by_key(|m| m.1)?;
    let org = &text[..at];
    let (y, rest) = text[at + kind.len()..].split_once("年第")?;
    let seq = sequence(rest.strip_suffix('号')?)?;
    let length = org.chars().count();
    ((2..=60).contains(&length)
        && org
            .chars()
            .all(|c| is_han(c) || matches!(c, ' ' | '、' | '\u{3000}')))
    .then_some(())?;
    Some(DocNumber {
        code: org.to_owned(),
        kind,
        year: Some(year(y)?),
        seq,
    })
}

fn order(text: &str) -> Option<DocNumber> {
    let at = text.rfind('令')?;
    let (org, rest) = (&text[..at], &text[at + '令'.len_utf8()..]);
    let number = rest.strip_prefix('第').unwrap_or(rest).strip_suffix('号')?;
    let chars: Vec<char> = number.chars().collect();
    let seq = sequence(number).or_else(|| super::view::han_number(&chars))?;
    let length = org.chars().count();
    ((1..=40).contains(&length) && org.chars().all(is_han)).then_some(())?;
    Some(DocNumber {
        code: org.to_owned(),
        kind: "令",
        year: None,
        seq,
    })
}

fn opening(c: char) -> bool {
    matches!(
        c,
        '〔' | '[' | '［' | '【' | '(' | '（' | '〖' | '﹝' | '{' | '｛' | '「' | '<' | '〈'
    )
}

fn closing(c: char) -> bool {
    matches!(
        c,
        '〕' | ']' | '］' | '】' | ')' | '）' | '〗' | '﹞' | '}' | '｝' | '」' | '>' | '〉'
    )
}

fn digits(view: &View, from: usize, most: usize) -> usize {
    (from..view.len())
        .take(most + 1)
        .take_while(|&i| view.ch[i].is_ascii_digit())
        .count()
}

/// What is wrong with one number, the gravest first; its message code.
const PROBLEMS: [&str; 7] = [
    "docno-bracket",
    "docno-year",
    "docno-ordinal",
    "docno-zero",
    "docno-suffix",
    "docno-space",
    "docno-future",
];

pub(super) fn scan(view: &View, this_year: i16, hits: &mut Vec<Hit>) {
    for i in 1..view.len() {
        let c = view.raw[i];
        if opening(c) && view.get(i + 1).is_ascii_digit() | (view.get(i + 1) == ' ') {
            brackets(view, i, this_year, hits);
        } else if c == '告'
            && matches!(view.raw[i - 1], '公' | '通')
            && view.get(i + 1).is_ascii_digit()
        {
            announcement(view, i + 1, this_year, hits);
        }
    }
}

/// The bracket form with whatever is wrong with it; `open` is the bracket before the year.
fn brackets(view: &View, open: usize, this_year: i16, hits: &mut Vec<Hit>) {
    let space = |c: char| matches!(c, ' ' | '\u{3000}' | '\u{a0}');
    let skip = |mut i: usize| {
        while space(view.get(i)) && i < open + 16 {
            i += 1;
        }
        i
    };
    let first = skip(open + 1);
    let width = digits(view, first, 4);
    if width != 4 && width != 2 {
        return;
    }
    let year_end = first + width;
    let digits_of_year: String = view.ch[first..year_end].iter().collect();
    if width == 4 && year(&digits_of_year).is_none() {
        return;
    }
    let close = skip(year_end);
    let mut late = None;
    if !closing(view.get(close)) {
        return;
    }
    let mut at = skip(close + 1);
    let mut spaced = first != open + 1 || close != year_end || at != close + 1;
    let ordinal = view.get(at) == '第';
    if ordinal {
        at = skip(at + 1);
    }
    let length = digits(view, at, 5);
    if length == 0 || length > 5 {
        return;
    }
    let number: String = view.ch[at..at + length].iter().collect();
    let mut end = at + length;
    let after = skip(end);
    let suffix = if view.get(after) == '号' {
        spaced |= after != end;
        end = after + 1;
        true
    } else if closing(view.get(end)) && view.get(end + 1) == '号' {
        // （医保发〔2020〕32)号: the outer bracket closes too soon.
        late = Some(view.raw[end]);
        end += 2;
        true
    } else {
        false
    };
    // The code before the bracket: Chinese characters, perhaps a space.
    let tail = if space(view.before(open)) {
        open - 1
    } else {
        open
    };
    let mut from = tail;
    while from > 0
        && tail - from < 14
        && is_han(view.raw[from - 1])
        && !matches!(view.raw[from - 1], '〇')
    {
        from -= 1;
    }
    if from == tail {
        return;
    }
    spaced |= tail != open;
    let last = view.raw[tail - 1];
    let hexagonal = view.raw[open] == '〔' && view.raw[close] == '〕';
    let round = matches!(view.raw[open], '(' | '（');
    let code_like = CODE_ENDS.contains(&last);
    // Without 号 and without hexagonal brackets it may be a footnote or a list; a known ending decides.
    if (!suffix && !code_like && !hexagonal) || (!suffix && view.get(end).is_ascii_alphanumeric()) {
        return;
    }
    // 规则（12）3号 is no document number: round brackets around two digits need a code before them.
    if (width == 2 && !hexagonal && !(code_like && suffix)) || (round && !suffix && !ordinal) {
        return;
    }
    if !suffix
        && matches!(
            view.get(end),
            '年' | '月' | '日' | '条' | '款' | '项' | '%' | '．' | '.' | '个' | '号'
        )
    {
        return;
    }
    let future = year(&digits_of_year).is_some_and(|y| i32::from(y) > i32::from(this_year));
    let wrong = [
        !hexagonal || late.is_some(),
        width == 2,
        ordinal,
        number.len() > 1 && number.starts_with('0'),
        !suffix,
        spaced,
        future,
    ];
    let Some(which) = wrong.iter().position(|&w| w) else {
        return;
    };
    let start = code_start(view, from, tail);
    let code = view.slice(start..tail);
    let written = year(&digits_of_year);
    let severity = match PROBLEMS[which] {
        "docno-space" | "docno-future" => Severity::Suspect,
        // The standard of 1999 brought the brackets; older numbers are often cited as they were.
        _ if written.is_some_and(|y| y < 2000) => Severity::Suspect,
        _ => Severity::General,
    };
    let mut hit = view.hit(start..end, Class::DocNumber, severity, PROBLEMS[which]);
    let bare = number.trim_start_matches('0');
    if which != 6 && !bare.is_empty() {
        let closes = late.map_or_else(String::new, |c| c.to_string());
        if let Some(y) = full_year(&digits_of_year, this_year) {
            hit.suggestion = Some(format!("{code}〔{y}〕{bare}号{closes}"));
        }
    }
    hits.push(hit);
}

/// Last characters of office codes before a year.
const CODE_ENDS: [char; 32] = [
    '发', '函', '办', '字', '税', '电', '规', '令', '通', '文', '党', '组', '复', '批', '议', '公',
    '告', '会', '监', '综', '行', '法', '经', '改', '财', '人', '外', '署', '局', '厅', '罚', '征',
];

/// Cuts from the characters before the bracket what belongs to the sentence, as far as that shows.
fn code_start(view: &View, from: usize, tail: usize) -> usize {
    let cuts = [
        '据', '和', '与', '及', '按', '照', '见', '的', '以', '了', '为', '是', '号', '由', '在',
        '对', '将', '从', '即', '如', '等',
    ];
    view.raw[from..tail]
        .iter()
        .rposition(|c| cuts.contains(c))
        .map_or(from, |k| from + k + 1)
        .min(tail - 1)
}

/// 15 in a number is 2015; a year to come is one of the last century.
fn full_year(digits: &str, this_year: i16) -> Option<i32> {
    let n: i32 = digits.parse().ok()?;
    Some(match digits.len() {
        2 if 2000 + n <= i32::from(this_year) => 2000 + n,
        2 => 1900 + n,
        _ => n,
    })
}

/// 公告2024年第3号: `at` is the first digit of the year.
fn announcement(view: &View, at: usize, this_year: i16, hits: &mut Vec<Hit>) {
    if digits(view, at, 4) != 4 {
        return;
    }
    let text: String = view.ch[at..at + 4].iter().collect();
    let Some(y) = year(&text) else { return };
    let mut i = at + 4;
    let has_year = view.get(i) == '年';
    i += usize::from(has_year);
    let has_ordinal = view.get(i) == '第';
    i += usize::from(has_ordinal);
    let length = digits(view, i, 4);
    if !(1..=4).contains(&length) || view.get(i + length) != '号' {
        return;
    }
    let number: String = view.ch[i..i + length].iter().collect();
    let zero = number.len() > 1 && number.starts_with('0');
    let future = i32::from(y) > i32::from(this_year);
    let why = match (has_year && has_ordinal, zero, future) {
        (false, ..) => "docno-notice",
        (true, true, _) => "docno-zero",
        (true, false, true) => "docno-future",
        _ => return,
    };
    let severity = if why == "docno-future" {
        Severity::Suspect
    } else {
        Severity::General
    };
    let mut hit = view.hit(at - 2..i + length + 1, Class::DocNumber, severity, why);
    let bare = number.trim_start_matches('0');
    if why != "docno-future" && !bare.is_empty() {
        let kind = view.slice(at - 2..at);
        hit.suggestion = Some(format!("{kind}{y}年第{bare}号"));
    }
    hits.push(hit);
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, &'static str, Option<String>)> {
        let mut hits = Vec::new();
        scan(&View::new(text), 2026, &mut hits);
        hits.into_iter()
            .map(|h| (text[h.range].to_owned(), h.why, h.suggestion))
            .collect()
    }

    #[test]
    fn vectors() {
        let vectors: serde_json::Value =
            serde_json::from_str(include_str!("data/docno_vectors.json")).unwrap();
        for v in vectors.as_array().unwrap() {
            let s = v["s"].as_str().unwrap();
            let hits = found(s);
            match &v["ok"] {
                serde_json::Value::Bool(true) => {
                    assert_eq!(hits, [], "{s}");
                    let read = DocNumber::parse(s).unwrap_or_else(|| panic!("{s}"));
                    if let Some(code) = v["code"].as_str() {
                        assert_eq!(read.code, code);
                    }
                    if let Some(y) = v["year"].as_u64() {
                        assert_eq!(u64::from(read.year.unwrap()), y);
                    }
                    if let Some(seq) = v["seq"].as_u64() {
                        assert_eq!(u64::from(read.seq), seq);
                    }
                    if let Some(kind) = v["kind"].as_str() {
                        assert_eq!(read.kind, kind);
                    }
                }
                serde_json::Value::Bool(false) => {
                    assert_eq!(hits.len(), 1, "{s}: {hits:?}");
                    assert_eq!(DocNumber::parse(s), None, "{s}");
                    if let Some(fix) = v["fix"].as_str() {
                        let cured = s.replace(&hits[0].0, hits[0].2.as_deref().unwrap());
                        assert_eq!(cured, fix, "{s}");
                    }
                }
                _ => {
                    assert_eq!(hits, [], "{s}");
                    assert_eq!(DocNumber::parse(s), None, "{s}");
                }
            }
        }
    }

    #[test]
    fn in_a_sentence() {
        assert_eq!(
            found("根据《通知》（财税[2016]36号）的规定"),
            [(
                "财税[2016]36号".into(),
                "docno-bracket",
                Some("财税〔2016〕36号".into())
            )]
        );
        assert_eq!(found("按照国发（2019）3号和")[0].0, "国发（2019）3号");
        assert_eq!(found("税总发〔2027〕1号")[0].1, "docno-future");
        assert_eq!(
            found("公告2024年第03号")[0].2.as_deref(),
            Some("公告2024年第3号")
        );
        for clean in [
            "案号（2018）最高法民终123号",
            "见文献[12] 3篇",
            "增长（2019）",
            "（2026年第28号）",
            "公告2024年第3号",
            "第（2）3号",
            "a[2015]3",
        ] {
            assert_eq!(found(clean), [], "{clean}");
        }
    }
}
