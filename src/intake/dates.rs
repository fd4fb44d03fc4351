//! Dates as Chinese documents and pages write them.

use std::ops::Range;

use jiff::civil::Date;

/// What something that reads like a date turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// A day of the calendar.
    Day(Date),
    /// A month and a day; which year is not said.
    NoYear,
    /// A thirtieth of February, a month without day, and the like.
    Impossible,
}

/// Earlier and later years are slips of the pen or serial numbers.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2199;

/// The whole of `text` read as a date: 2019年01月22日, 2019-01-22, 二〇一九年一月二十二日,
/// with a time of day or brackets around it. `None`: it does not even resemble one.
pub(super) fn whole(text: &str) -> Option<Found> {
    let text = text
        .trim()
        .trim_matches(['[', ']', '(', ')', '（', '）', '［', '］']);
    let chars: Vec<char> = text.trim().chars().map(narrow).collect();
    // A date is short; a paragraph that happens to begin with one is none.
    if chars.len() > 40 {
        return None;
    }
    let (found, used) = at(&chars, 0)?;
    is_time(&chars[used..]).then_some(found)
}

/// The first date within running text that has year, month and day, and where it stands (in
/// bytes).
pub(super) fn first_in(text: &str) -> Option<(Range<usize>, Found)> {
    let places: Vec<(usize, char)> = text.char_indices().collect();
    let chars: Vec<char> = places.iter().map(|(_, c)| narrow(*c)).collect();
    let byte = |index: usize| places.get(index).map_or(text.len(), |(byte, _)| *byte);
    let mut index = 0;
    while index < chars.len() {
        if numeral(chars[index]) && (index == 0 || !numeral(chars[index - 1])) {
            match at(&chars, index) {
                Some((Found::NoYear, _)) | None => {}
                Some((found, end)) => return Some((byte(index)..byte(end), found)),
            }
        }
        index += 1;
    }
    None
}

/// A date beginning at `start`, and the index behind it.
fn at(chars: &[char], start: usize) -> Option<(Found, usize)> {
    let (first, first_digits, next) = number(chars, start)?;
    let next = blanks(chars, next);
    match chars.get(next)? {
        '年' if first_digits == 4 => after_year(chars, first, blanks(chars, next + 1)),
        '月' => {
            let (_, _, end) = number(chars, blanks(chars, next + 1))?;
            let end = blanks(chars, end);
            (chars.get(end) == Some(&'日')).then_some((Found::NoYear, end + 1))
        }
        separator @ ('-' | '/' | '.') => {
            let (second, _, end) = ascii(chars, next + 1)?;
            if first_digits < 4 {
                // 09-28: only the two-part form of lists, not a version number or a fraction.
                let alone = *separator == '-' && first <= 12 && second <= 31;
                let last = chars.get(end).is_none_or(|c| *c == ' ');
                return (alone && last).then_some((Found::NoYear, end));
            }
            if first_digits != 4 || chars.get(end) != Some(separator) {
                return None;
            }
            let (third, digits, end) = ascii(chars, end + 1)?;
            (digits <= 2).then(|| (day(first, second, third), end))
        }
        _ => None,
    }
}

fn after_year(chars: &[char], year: u32, start: usize) -> Option<(Found, usize)> {
    let (month, _, next) = number(chars, start)?;
    let next = blanks(chars, next);
    if chars.get(next) != Some(&'月') {
        return None;
    }
    let month_end = next + 1;
    let Some((third, _, next)) = number(chars, blanks(chars, month_end)) else {
        return Some((Found::Impossible, month_end));
    };
    let next = blanks(chars, next);
    match chars.get(next) {
        Some('日' | '号') => Some((day(year, month, third), next + 1)),
        _ => Some((Found::Impossible, month_end)),
    }
}

fn day(year: u32, month: u32, day: u32) -> Found {
    let date = || {
        let year = i16::try_from(year)
            .ok()
            .filter(|year| YEARS.contains(year))?;
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    };
    date().map_or(Found::Impossible, Found::Day)
}

/// Blanks or a time of day: ` 10:30`, `T00:00:00`, and nothing else.
fn is_time(chars: &[char]) -> bool {
    chars.iter().all(|c| {
        c.is_whitespace() || c.is_ascii_digit() || matches!(c, ':' | '.' | 'T' | 'Z' | '+')
    }) && !chars.first().is_some_and(char::is_ascii_digit)
}

/// A number in digits or Chinese numerals, how many characters it has, and the index behind it.
fn number(chars: &[char], start: usize) -> Option<(u32, usize, usize)> {
    ascii(chars, start).or_else(|| chinese(chars, start))
}

fn ascii(chars: &[char], start: usize) -> Option<(u32, usize, usize)> {
    let digits = run(chars, start, |c| c.is_ascii_digit());
    let value = digits.iter().collect::<String>().parse().ok()?;
    (digits.len() <= 4).then_some((value, digits.len(), start + digits.len()))
}

fn chinese(chars: &[char], start: usize) -> Option<(u32, usize, usize)> {
    let digits = run(chars, start, |c| value(c).is_some() || c == '十');
    let value = numeral_value(digits)?;
    Some((value, digits.len(), start + digits.len()))
}

/// 二〇一九 digit by digit, 二十二 by tens.
fn numeral_value(digits: &[char]) -> Option<u32> {
    if digits.is_empty() || digits.len() > 4 {
        return None;
    }
    if let Some(ten) = digits.iter().position(|c| *c == '十') {
        let tens = match &digits[..ten] {
            [] => 1,
            [c] => value(*c)?,
            _ => return None,
        };
        let units = match &digits[ten + 1..] {
            [] => 0,
            [c] => value(*c)?,
            _ => return None,
        };
        return Some(tens * 10 + units);
    }
    digits
        .iter()
        .try_fold(0, |sum, c| Some(sum * 10 + value(*c)?))
}

fn run(chars: &[char], start: usize, belongs: impl Fn(char) -> bool) -> &[char] {
    let rest = chars.get(start..).unwrap_or_default();
    let length = rest.iter().take_while(|c| belongs(**c)).count();
    &rest[..length]
}

fn blanks(chars: &[char], start: usize) -> usize {
    start + run(chars, start, char::is_whitespace).len()
}

fn numeral(c: char) -> bool {
    c.is_ascii_digit() || c == '十' || value(c).is_some()
}

fn value(c: char) -> Option<u32> {
    // The round zeros are three characters people use for one.
    const NUMERALS: [&str; 10] = [
        "〇零○",
        "一",
        "二",
        "三",
        "四",
        "五",
        "六",
        "七",
        "八",
        "九",
    ];
    let index = NUMERALS.iter().position(|forms| forms.contains(c))?;
    u32::try_from(index).ok()
}

/// Full-width digits and signs as their narrow forms.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' => ' ',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_forms_of_documents_and_pages() {
        let expected = Some(Found::Day(date(2019, 1, 22)));
        for text in [
            "2019年01月22日",
            "2019年1月22日 ",
            "2019 年 1 月 22 日",
            "２０１９年１月２２日",
            "2019-01-22",
            "2019/1/22",
            "2019.01.22",
            "[2019-01-22]",
            "2019-01-22 00:00:00",
            "2019-01-22T08:30:00Z",
            "二〇一九年一月二十二日",
            "二○一九年一月二十二日",
            "二零一九年一月二十二日",
        ] {
            assert_eq!(whole(text), expected, "{text}");
        }
        assert_eq!(
            whole("二〇二〇年十月三十日"),
            Some(Found::Day(date(2020, 10, 30)))
        );
    }

    #[test]
    fn days_that_do_not_exist() {
        for text in [
            "2019年2月29日",
            "2019-13-01",
            "2019年1月",
            "二〇一九年二月三十日",
            "0019-01-01",
            "2019年00月10日",
        ] {
            assert_eq!(whole(text), Some(Found::Impossible), "{text}");
        }
    }

    #[test]
    fn a_year_is_never_added() {
        assert_eq!(whole("09-28"), Some(Found::NoYear));
        assert_eq!(whole("9月28日"), Some(Found::NoYear));
        assert_eq!(whole("九月二十八日"), Some(Found::NoYear));
    }

    #[test]
    fn other_texts_are_no_dates() {
        for text in [
            "",
            "近日",
            "3.5",
            "1/2",
            "2019",
            "2019-01-22起施行",
            "12345-1-1",
            "99-99",
        ] {
            assert_eq!(whole(text), None, "{text}");
        }
    }

    #[test]
    fn the_first_date_of_a_sentence() {
        let text = "根据2025年10月28日第十四届会议通过";
        let found = first_in(text);
        assert_eq!(found, Some((6..23, Found::Day(date(2025, 10, 28)))));
        assert_eq!(first_in("9月28日"), None);
    }
}
