//! Numbers that contradict one another: totals that are not the sum, shares over a hundred, falls by
//! more than all, amounts in words that are not the amount in figures.
//!
//! Values are exact: a hundred millionth of one, in 128 bits. Only lists whose form leaves no doubt
//! are added up: 甲3户、乙4户，合计8户.

use std::ops::Range;

use super::super::finding::{Class, Hit, Severity};
use super::view::View;

/// Parts of one; enough for 万 and 亿 with decimals.
const ONE: i128 = 100_000_000;

/// A number with its unit.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Figure {
    chars: Range<usize>,
    value: i128,
    unit: char,
    /// One in its last place, for what rounding may lose.
    step: i128,
}

/// Counting words a list may share.
const UNITS: &str = "元户人个件条次家项笔份名台辆套亩吨宗起篇%";

pub(super) fn scan(view: &View, hits: &mut Vec<Hit>) {
    let figures = figures(view);
    totals(view, &figures, hits);
    shares(view, &figures, hits);
    falls(view, &figures, hits);
    for (from, line) in lines(view) {
        about(view, from, line, hits);
    }
}

fn lines<'a>(view: &'a View) -> impl Iterator<Item = (usize, &'a [char])> {
    let mut from = 0;
    view.ch.split(|&c| c == '\n').map(move |line| {
        let start = from;
        from += line.len() + 1;
        (start, line)
    })
}

/// Every figure with a unit.
fn figures(view: &View) -> Vec<Figure> {
    let mut figures = Vec::new();
    let mut i = 0;
    while i < view.len() {
        if !view.ch[i].is_ascii_digit() {
            i += 1;
            continue;
        }
        let Some((end, value, step)) = decimal(&view.ch, i) else {
            while view.get(i).is_ascii_digit() {
                i += 1;
            }
            continue;
        };
        let mut at = end;
        let mut times = 1;
        while let Some(more) = match view.get(at) {
            '万' => Some(10_000),
            '亿' => Some(100_000_000),
            _ => None,
        } {
            times *= more;
            at += 1;
            if times > 1_000_000_000_000 {
                break;
            }
        }
        let unit = match view.get(at) {
            '％' => '%',
            c => c,
        };
        if UNITS.contains(unit) && unit != '\0' && !view.before(i).is_ascii_alphabetic() {
            figures.push(Figure {
                chars: i..at + 1,
                value: value.saturating_mul(times),
                unit,
                step: step.saturating_mul(times),
            });
        }
        i = at.max(i + 1);
    }
    figures
}

/// A decimal number with or without thousands separators: its end, value and last place.
fn decimal(ch: &[char], from: usize) -> Option<(usize, i128, i128)> {
    let digit = |i: usize| ch.get(i).and_then(|c| c.to_digit(10)).map(i128::from);
    let (mut i, mut value, mut digits) = (from, 0_i128, 0);
    loop {
        if let Some(d) = digit(i) {
            value = value * 10 + d;
            digits += 1;
            i += 1;
        } else if matches!(ch.get(i), Some(',' | '，'))
            && (1..=3).all(|k| digit(i + k).is_some())
            && digit(i + 4).is_none()
            && ch[i] == ','
        {
            i += 1;
        } else {
            break;
        }
        if digits > 16 {
            return None;
        }
    }
    value *= ONE;
    let mut step = ONE;
    if ch.get(i) == Some(&'.') && digit(i + 1).is_some() {
        i += 1;
        while let Some(d) = digit(i) {
            step /= 10;
            if step == 0 {
                return None;
            }
            value += d * step;
            i += 1;
        }
        // 1.2.3 is a section.
        if ch.get(i) == Some(&'.') && digit(i + 1).is_some() {
            return None;
        }
    }
    Some((i, value, step))
}

/// Marks between the members of a list.
fn list_mark(c: char) -> bool {
    matches!(c, '、' | '，' | ',' | '；' | '和' | '及')
}

const TOTALS: [&str; 4] = ["合计", "共计", "总计", "总共"];

/// 甲3户、乙4户，合计8户: the run of figures of one unit right before the word of a total.
fn totals(view: &View, figures: &[Figure], hits: &mut Vec<Hit>) {
    for (k, total) in figures.iter().enumerate() {
        let from = total.chars.start.saturating_sub(4);
        let lead = view.slice(from..total.chars.start);
        // The characters of the word stand two before what is left of it: 合计 8户, 合计为8户.
        let Some(word) = TOTALS
            .iter()
            .filter_map(|w| lead.rfind(w))
            .max()
            .map(|b| from + lead[..b].chars().count())
        else {
            continue;
        };
        let mut items: Vec<&Figure> = Vec::new();
        let mut edge = word;
        for item in figures[..k].iter().rev().take(40) {
            let gap = item.chars.end..edge.max(item.chars.end);
            let between = &view.raw[gap];
            // One mark and a short name between two members; a stop or another number ends the list.
            let marks = between.iter().filter(|&&c| list_mark(c)).count();
            let plain = between
                .iter()
                .all(|&c| crate::text::is_han(c) || list_mark(c) || matches!(c, ' ' | '（' | '）'));
            if item.unit != total.unit || between.len() > 16 || marks != 1 || !plain {
                break;
            }
            items.push(item);
            edge = item.chars.start;
        }
        // What stands before the first member must not be a part of the list in another form.
        let before = view.slice(edge.saturating_sub(12)..edge);
        if items.len() < 2
            || ["其中", "另", "比", "增", "减", "占", "余", "超", "约", "近"]
                .iter()
                .any(|w| before.contains(w))
        {
            continue;
        }
        let sum: i128 = items.iter().map(|f| f.value).sum();
        let slack: i128 = items.iter().map(|f| f.step).sum::<i128>() / 2;
        let slack = if items.iter().chain([&total]).any(|f| f.step != ONE) {
            slack + total.step
        } else {
            0
        };
        if (sum - total.value).abs() > slack {
            let mut hit = view.hit(
                total.chars.clone(),
                Class::Number,
                Severity::General,
                "number-total",
            );
            hit.detail = plain(sum);
            hits.push(hit);
        }
    }
}

/// 甲占60%、乙占50%: shares of one whole over a hundred, or one share over a hundred.
fn shares(view: &View, figures: &[Figure], hits: &mut Vec<Hit>) {
    let share = |f: &Figure| {
        let lead = view.slice(f.chars.start.saturating_sub(4)..f.chars.start);
        f.unit == '%' && (lead.contains('占') || lead.contains("比重为") || lead.contains("比例为"))
    };
    let mut i = 0;
    while i < figures.len() {
        if !share(&figures[i]) {
            i += 1;
            continue;
        }
        if figures[i].value > 100 * ONE {
            let mut hit = view.hit(
                figures[i].chars.clone(),
                Class::Number,
                Severity::General,
                "number-share",
            );
            hit.detail = plain(figures[i].value);
            hits.push(hit);
        }
        let mut end = i + 1;
        while end < figures.len() && share(&figures[end]) {
            let gap = &view.raw[figures[end - 1].chars.end..figures[end].chars.start];
            let marks = gap
                .iter()
                .filter(|c| matches!(c, '、' | '，' | '；'))
                .count();
            if gap.len() > 14
                || marks != 1
                || !gap.iter().all(|&c| crate::text::is_han(c) || list_mark(c))
            {
                break;
            }
            end += 1;
        }
        let run = &figures[i..end];
        let sum: i128 = run.iter().map(|f| f.value).sum();
        let slack: i128 = run.iter().map(|f| f.step).sum();
        let sentence = view.slice(run[0].chars.start.saturating_sub(16)..run[0].chars.start);
        // Shares may overlap, when they are said to be 其中 or of different wholes.
        if run.len() >= 3
            && sum > 100 * ONE + slack
            && !sentence.contains("分别")
            && !sentence.contains("其中")
            && run.iter().all(|f| f.value < 100 * ONE)
        {
            let mut hit = view.hit(
                run[0].chars.start..run[run.len() - 1].chars.end,
                Class::Number,
                Severity::Suspect,
                "number-shares",
            );
            hit.detail = plain(sum);
            hits.push(hit);
        }
        i = end;
    }
}

/// Nothing falls by more than a hundred per cent.
fn falls(view: &View, figures: &[Figure], hits: &mut Vec<Hit>) {
    for f in figures
        .iter()
        .filter(|f| f.unit == '%' && f.value > 100 * ONE)
    {
        let lead = view.slice(f.chars.start.saturating_sub(4)..f.chars.start);
        if ["下降", "减少", "降低", "缩减", "压减", "压缩"]
            .iter()
            .any(|w| lead.contains(w))
        {
            hits.push(view.hit(
                f.chars.clone(),
                Class::Number,
                Severity::General,
                "number-fall",
            ));
        }
    }
}

/// 约100元左右, 近50余人, 超过60以上: said twice.
fn about(view: &View, from: usize, line: &[char], hits: &mut Vec<Hit>) {
    for (i, &c) in line.iter().enumerate() {
        let first = match c {
            '约' | '近' => i,
            '过' if i > 0 && line[i - 1] == '超' => i,
            _ => continue,
        };
        let mut end = i + 1;
        while end < line.len()
            && (line[end].is_ascii_digit()
                || matches!(line[end], '.' | ',' | '万' | '亿' | '%' | '％')
                || UNITS.contains(line[end]))
        {
            end += 1;
        }
        if end == i + 1 || !line[i + 1].is_ascii_digit() {
            continue;
        }
        let tail: String = line[end..line.len().min(end + 2)].iter().collect();
        let twice = match c {
            '约' => tail == "左右" || tail == "上下" || tail.starts_with('余'),
            '近' => tail == "左右" || tail.starts_with('余'),
            _ => tail == "以上",
        };
        if twice {
            let start = if c == '过' { first - 1 } else { first };
            let width = if tail.starts_with('余') { 1 } else { 2 };
            let mut hit = view.hit(
                from + start..from + end + width,
                Class::Usage,
                Severity::Suspect,
                "number-about",
            );
            hit.suggestion = Some(view.slice(from + start..from + end).to_owned());
            hits.push(hit);
        }
    }
}

/// A value as people write it.
pub(super) fn plain(value: i128) -> String {
    let (whole, part) = (value / ONE, (value % ONE).unsigned_abs());
    if part == 0 {
        return whole.to_string();
    }
    format!("{whole}.{part:08}")
        .trim_end_matches('0')
        .to_owned()
}

/// A cell of a table as a number; None when it is something else.
pub(super) fn cell(text: &str) -> Option<(i128, i128)> {
    let chars: Vec<char> = text
        .trim()
        .trim_end_matches(['%', '％'])
        .chars()
        .map(super::view::narrow)
        .collect();
    let negative = chars.first() == Some(&'-');
    let (end, value, step) = decimal(&chars, usize::from(negative))?;
    (end == chars.len() && !chars.is_empty() && chars.last()?.is_ascii_digit())
        .then_some((if negative { -value } else { value }, step))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, &'static str, String)> {
        let mut hits = Vec::new();
        scan(&View::new(text), &mut hits);
        hits.into_iter()
            .map(|h| (text[h.range].to_owned(), h.why, h.detail))
            .collect()
    }

    #[test]
    fn totals_that_are_none() {
        assert_eq!(
            found("甲县3户、乙县4户，合计8户。"),
            [("8户".into(), "number-total", "7".into())]
        );
        assert_eq!(found("一季度1.2亿元、二季度1.3亿元，共计2.6亿元"), []);
        assert_eq!(
            found("一季度1.2亿元、二季度1.3亿元，共计3.6亿元")[0].2,
            "250000000"
        );
        for clean in [
            "甲县3户、乙县4户，合计7户。",
            "甲县3户、乙县4人，合计8户",
            "其中甲3户、乙4户，合计8户",
            "合计8户",
            "1,200元、1,300元，共计2,500元",
        ] {
            assert_eq!(found(clean), [], "{clean}");
        }
    }

    #[test]
    fn shares_and_falls() {
        assert_eq!(found("占比120%")[0].1, "number-share");
        assert_eq!(found("甲占50%，乙占40%，丙占30%。")[0].1, "number-shares");
        assert_eq!(found("甲占50%，乙占30%，丙占20%。"), []);
        assert_eq!(found("同比下降120%")[0].1, "number-fall");
        assert_eq!(found("同比增长120%"), []);
        assert_eq!(found("约100元左右")[0].1, "number-about");
        assert_eq!(found("约100元"), []);
    }

    #[test]
    fn cells() {
        assert_eq!(cell("1,234.5"), Some((123_450_000_000, 10_000_000)));
        assert_eq!(cell("-3"), Some((-3 * ONE, ONE)));
        assert_eq!(cell("3户"), None);
        assert_eq!(cell(""), None);
    }
}
