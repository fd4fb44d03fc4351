//! Dates: days that do not exist, weekdays that contradict, spans that run backwards, hours past the day.

use std::ops::Range;

use jiff::civil::{Date, Weekday};

use super::super::finding::{Class, Hit, Severity};
use super::view::{View, han_digit, han_number};

/// A date as written; what is not written is None.
#[derive(Debug, Clone)]
struct Written {
    chars: Range<usize>,
    year: Option<i16>,
    month: u32,
    day: Option<u32>,
}

impl Written {
    /// Whether such a day can be. Without a year the 29th of February may.
    fn possible(&self) -> bool {
        let day = self.day.unwrap_or(1);
        (1..=12).contains(&self.month)
            && day >= 1
            && Date::new(
                self.year.unwrap_or(2024),
                self.month as i8,
                day.min(127) as i8,
            )
            .is_ok()
    }

    fn date(&self) -> Option<Date> {
        Date::new(
            self.year?,
            self.month.min(13) as i8,
            self.day?.min(32) as i8,
        )
        .ok()
    }
}

pub(super) fn scan(view: &View, hits: &mut Vec<Hit>) {
    let mut last: Option<Written> = None;
    let mut i = 0;
    while i < view.len() {
        let c = view.ch[i];
        let found = match c {
            '年' => marked(view, i),
            // 5月3日 without a year; with one it was read at the year.
            '月' => monthly(view, i),
            '0'..='9' if !view.before(i).is_ascii_alphanumeric() => numeric(view, i),
            '时' | '点' => {
                hour(view, i, hits);
                None
            }
            _ => None,
        };
        let Some(found) = found else {
            i += 1;
            continue;
        };
        judge(view, &found, last.as_ref(), hits);
        i = found.chars.end.max(i + 1);
        last = Some(found);
    }
    years(view, hits);
}

fn judge(view: &View, found: &Written, last: Option<&Written>, hits: &mut Vec<Hit>) {
    if !found.possible() {
        hits.push(view.hit(
            found.chars.clone(),
            Class::Date,
            Severity::General,
            "date-impossible",
        ));
        return;
    }
    if let (Some(date), Some((chars, weekday))) = (found.date(), weekday(view, found.chars.end))
        && date.weekday() != weekday
    {
        let mut hit = view.hit(
            found.chars.start..chars.end,
            Class::Date,
            Severity::General,
            "date-weekday",
        );
        let names = ['一', '二', '三', '四', '五', '六', '日'];
        let right = names[date.weekday().to_monday_zero_offset() as usize];
        hit.detail = right.to_string();
        hit.suggestion = Some(format!(
            "{}{right}",
            view.slice(found.chars.start..chars.end - 1)
        ));
        hits.push(hit);
    }
    if let Some(last) = last
        && joined(view, last.chars.end, found.chars.start)
        && backwards(last, found)
    {
        // Without a year of its own the second may be of the next.
        let severity = if found.year.is_some() || last.year.is_none() && found.month == last.month {
            Severity::General
        } else {
            Severity::Suspect
        };
        hits.push(view.hit(
            last.chars.start..found.chars.end,
            Class::Date,
            severity,
            "date-range",
        ));
    }
}

/// Whether only a sign of a span stands between two dates.
fn joined(view: &View, from: usize, to: usize) -> bool {
    let gap: Vec<char> = view.raw[from.min(to)..to]
        .iter()
        .copied()
        .filter(|c| !matches!(c, ' ' | '\u{3000}'))
        .collect();
    gap.len() <= 3
        && !gap.is_empty()
        && gap
            .iter()
            .all(|c| matches!(c, '至' | '到' | '—' | '－' | '-' | '~' | '～' | '–' | '起'))
        && gap.iter().any(|&c| c != '起')
}

/// Whether the second lies before the first, as far as both say.
fn backwards(first: &Written, second: &Written) -> bool {
    let same_form = first.day.is_some() == second.day.is_some();
    let (from, to) = (
        (first.month, first.day.unwrap_or(0)),
        (second.month, second.day.unwrap_or(0)),
    );
    match (first.year, second.year) {
        (Some(begins), Some(ends)) => {
            (ends, to) < (begins, from) && (same_form || (ends, to.0) < (begins, from.0))
        }
        (_, None) => to < from && same_form && (to.0 == from.0 || first.year.is_some()),
        (None, Some(_)) => false,
    }
}

/// Digits (of either kind) right before a place: where they begin, and their value.
fn number_before(view: &View, end: usize, most: usize) -> Option<(usize, u32)> {
    let ascii = |c: char| c.is_ascii_digit();
    let han = |c: char| han_digit(c).is_some() || c == '十';
    let last = view.before(end);
    let kind: &dyn Fn(char) -> bool = if ascii(last) {
        &ascii
    } else if han(last) {
        &han
    } else {
        return None;
    };
    let from = (0..end)
        .rev()
        .take(most + 1)
        .take_while(|&k| kind(view.ch[k]))
        .last()?;
    if end - from > most {
        return None;
    }
    let run = &view.ch[from..end];
    let value = if ascii(last) {
        run.iter().collect::<String>().parse().ok()?
    } else {
        han_number(run)?
    };
    Some((from, value))
}

fn number_after(view: &View, from: usize, most: usize) -> Option<(usize, u32)> {
    let mut end = from;
    let ascii = view.get(from).is_ascii_digit();
    while end < view.len()
        && end - from <= most
        && if ascii {
            view.ch[end].is_ascii_digit()
        } else {
            han_digit(view.ch[end]).is_some() || view.ch[end] == '十'
        }
    {
        end += 1;
    }
    if end == from || end - from > most {
        return None;
    }
    let run = &view.ch[from..end];
    let value = if ascii {
        run.iter().collect::<String>().parse().ok()?
    } else {
        han_number(run)?
    };
    Some((end, value))
}

/// `at` is 年: a year of four digits before it and a month behind.
fn marked(view: &View, at: usize) -> Option<Written> {
    let (from, year) = number_before(view, at, 4)?;
    if at - from != 4 || !(1800..=2199).contains(&year) {
        return None;
    }
    let (month_end, month) = number_after(view, at + 1, 3)?;
    if view.get(month_end) != '月' {
        return None;
    }
    let year = i16::try_from(year).ok();
    let (end, day) = day(view, month_end + 1);
    Some(Written {
        chars: from..end,
        year,
        month,
        day,
    })
}

/// The day behind 月, if there is one.
fn day(view: &View, at: usize) -> (usize, Option<u32>) {
    match number_after(view, at, 3) {
        Some((end, day)) if matches!(view.get(end), '日' | '号') => (end + 1, Some(day)),
        _ => (at, None),
    }
}

/// `at` is 月: month before it and day behind, and no year.
fn monthly(view: &View, at: usize) -> Option<Written> {
    let (from, month) = number_before(view, at, 2)?;
    // 前10个月、2024年5月 (read already) and 1至5月 are none; 十二月 is.
    if matches!(
        view.before(from),
        '年' | '个' | '第' | '-' | '/' | '.' | '〇'
    ) || view.before(from).is_ascii_alphanumeric()
    {
        return None;
    }
    let (end, day) = day(view, at + 1);
    // 30月 alone may be "30 months" badly said; with a day it is a date.
    day?;
    Some(Written {
        chars: from..end,
        year: None,
        month,
        day,
    })
}

/// 2024-02-30, 2024/2/30 and 2024.2.30.
fn numeric(view: &View, from: usize) -> Option<Written> {
    let (year_end, year) = number_after(view, from, 4)?;
    let sign = view.get(year_end);
    if year_end - from != 4 || !(1900..=2099).contains(&year) || !matches!(sign, '-' | '/' | '.') {
        return None;
    }
    let (month_end, month) = number_after(view, year_end + 1, 2)?;
    if view.get(month_end) != sign {
        return None;
    }
    let (end, day) = number_after(view, month_end + 1, 2)?;
    // A telephone, a version or a path goes on.
    if view.get(end).is_ascii_alphanumeric()
        || (view.get(end) == sign && view.get(end + 1).is_ascii_alphanumeric())
        || matches!(view.before(from), '-' | '/' | '.' | '=' | '_')
    {
        return None;
    }
    // With points it may be a number of sections: only what is nearly a date is judged.
    if sign == '.' && (month > 12 || day > 31) {
        return None;
    }
    Some(Written {
        chars: from..end,
        year: i16::try_from(year).ok(),
        month,
        day: Some(day),
    })
}

/// （星期三） or 周三 right behind a date: the place to its end.
fn weekday(view: &View, at: usize) -> Option<(Range<usize>, Weekday)> {
    let mut i = at;
    while i < at + 2 && matches!(view.get(i), '（' | '(' | ' ' | '，') {
        i += 1;
    }
    i += match (view.get(i), view.get(i + 1)) {
        ('星', '期') | ('礼', '拜') => 2,
        ('周', _) => 1,
        _ => return None,
    };
    let day = match view.get(i) {
        '一' => Weekday::Monday,
        '二' => Weekday::Tuesday,
        '三' => Weekday::Wednesday,
        '四' => Weekday::Thursday,
        '五' => Weekday::Friday,
        '六' => Weekday::Saturday,
        '日' | '天' => Weekday::Sunday,
        _ => return None,
    };
    Some((at..i + 1, day))
}

/// 25时 and 10时75分.
fn hour(view: &View, at: usize, hits: &mut Vec<Hit>) {
    let Some((from, hours)) = number_before(view, at, 2) else {
        return;
    };
    if !view.before(at).is_ascii_digit()
        || matches!(view.before(from), '.' | ':' | '第')
        || view.before(from).is_ascii_alphanumeric()
    {
        return;
    }
    let minutes = number_after(view, at + 1, 2)
        .filter(|&(end, _)| view.get(end) == '分' && view.get(end + 1) != '之');
    let dated = matches!(view.before(from), '日' | '午' | '晨' | '晚' | '号');
    let end = minutes.map_or(at + 1, |m| m.0 + 1);
    if dated && (hours > 24 || minutes.is_some_and(|m| m.1 > 59)) {
        hits.push(view.hit(from..end, Class::Date, Severity::General, "date-hour"));
    }
}

/// 2025—2020年: spans of years that run backwards.
fn years(view: &View, hits: &mut Vec<Hit>) {
    for i in 4..view.len().saturating_sub(4) {
        if !matches!(view.raw[i], '—' | '－' | '-' | '~' | '～' | '至' | '–') {
            continue;
        }
        let mut left = i;
        if view.before(left) == '年' {
            left -= 1;
        }
        let Some((from, a)) = number_before(view, left, 4).filter(|n| left - n.0 == 4) else {
            continue;
        };
        let mut right = i + 1;
        while matches!(view.get(right), '—' | '－' | '-') && right < i + 3 {
            right += 1;
        }
        let Some((end, b)) = number_after(view, right, 4).filter(|n| n.0 - right == 4) else {
            continue;
        };
        if view.get(end) != '年'
            || view.before(from).is_ascii_alphanumeric()
            || matches!(view.before(from), '-' | '.')
        {
            continue;
        }
        let year = |y: u32| (1900..=2100).contains(&y);
        // A month behind the second year: `scan` has compared the two already.
        if year(a) && year(b) && b < a && !view.get(end + 1).is_ascii_digit() {
            hits.push(view.hit(from..end + 1, Class::Date, Severity::General, "date-range"));
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, &'static str)> {
        let mut hits = Vec::new();
        scan(&View::new(text), &mut hits);
        hits.into_iter()
            .map(|h| (text[h.range].to_owned(), h.why))
            .collect()
    }

    #[test]
    fn days_that_are() {
        for clean in [
            "2024年2月29日（星期四）",
            "2月29日",
            "二〇二四年十二月三十一日",
            "2024-02-29",
            "45日内",
            "13个月",
            "前10个月",
            "2018—2035年",
            "2023年12月1日至2024年3月31日",
            "2024年1月至3月",
            "8时30分",
            "版本2024.1.2.3",
            "30日",
            "2019年10月1日起至12月31日",
            "1.5时",
            "2024年10月1日至7日",
        ] {
            assert_eq!(found(clean), [], "{clean}");
        }
    }

    #[test]
    fn days_that_are_not() {
        assert_eq!(
            found("于2月30日前"),
            [("2月30日".into(), "date-impossible")]
        );
        assert_eq!(
            found("2023年2月29日"),
            [("2023年2月29日".into(), "date-impossible")]
        );
        assert_eq!(
            found("2024年13月"),
            [("2024年13月".into(), "date-impossible")]
        );
        assert_eq!(
            found("二〇二四年四月三十一日"),
            [("二〇二四年四月三十一日".into(), "date-impossible")]
        );
        assert_eq!(
            found("2024-06-31"),
            [("2024-06-31".into(), "date-impossible")]
        );
        assert_eq!(found("2024年0月3日")[0].1, "date-impossible");
        assert_eq!(found("3日25时")[0].1, "date-hour");
    }

    #[test]
    fn contradictions() {
        assert_eq!(
            found("2024年2月29日（星期五）"),
            [("2024年2月29日（星期五".into(), "date-weekday")]
        );
        assert_eq!(found("2024年5月1日至2023年5月2日")[0].1, "date-range");
        assert_eq!(found("5月9日至5月1日")[0].1, "date-range");
        assert_eq!(found("2025—2020年"), [("2025—2020年".into(), "date-range")]);
    }
}
