//! Number formats of a sheet: what a cell shows, from the number it holds.
//!
//! Covers what offices use: dates and times with Chinese words, grouped and padded numbers,
//! percentages, scientific notation, sections for negative numbers and zero, Chinese digits
//! (`[DBNum1]`). A format beyond that shows the number plainly.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, date};

use super::super::docx::spell;

/// The last day a sheet knows, 9999-12-31.
const LAST_SERIAL: f64 = 2_958_466.0;

/// Formats without a code in the file, as a Chinese program shows them (ECMA-376 18.8.30).
pub(super) fn builtin(id: u32) -> Option<&'static str> {
    Some(match id {
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        9 => "0%",
        10 => "0.00%",
        11 => "0.00E+00",
        14 | 30 => "yyyy/m/d",
        15 => "d-mmm-yy",
        16 => "d-mmm",
        17 => "mmm-yy",
        18 => "h:mm AM/PM",
        19 => "h:mm:ss AM/PM",
        20 => "h:mm",
        21 => "h:mm:ss",
        22 => "yyyy/m/d h:mm",
        27 | 36 | 50 | 52 | 57 => "yyyy\"年\"m\"月\"",
        28 | 29 | 51 | 53 | 54 | 58 => "m\"月\"d\"日\"",
        31 => "yyyy\"年\"m\"月\"d\"日\"",
        32 => "h\"时\"mm\"分\"",
        33 => "h\"时\"mm\"分\"ss\"秒\"",
        34 | 55 => "上午/下午h\"时\"mm\"分\"",
        35 | 56 => "上午/下午h\"时\"mm\"分\"ss\"秒\"",
        37 | 38 => "#,##0;-#,##0",
        39 | 40 => "#,##0.00;-#,##0.00",
        41 | 42 => "#,##0",
        43 | 44 => "#,##0.00",
        45 => "mm:ss",
        46 => "[h]:mm:ss",
        47 => "mm:ss.0",
        _ => return None,
    })
}

/// What a cell with this number and format shows. `since_1904` is the workbook's other calendar.
pub(super) fn show(value: f64, code: Option<&str>, since_1904: bool) -> String {
    let code = code.unwrap_or("General");
    if !value.is_finite() {
        return String::new();
    }
    let sections: Vec<Vec<Token>> = split(code).into_iter().map(tokens).collect();
    let (section, value_shown) = match sections.len() {
        0 | 1 => (0, value),
        2 if value < 0.0 => (1, -value),
        2 => (0, value),
        _ if value < 0.0 => (1, -value),
        _ if value == 0.0 => (2, value),
        _ => (0, value),
    };
    let Some(section) = sections.get(section) else {
        return general(value);
    };
    let is_date = section
        .iter()
        .any(|token| matches!(token, Token::Part(..) | Token::Elapsed(..)));
    let shown = if is_date {
        calendar(value_shown, section, since_1904)
    } else {
        number(value_shown, section)
    };
    shown.unwrap_or_else(|| general(value))
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Text(String),
    /// `y`, `m`, `d`, `h`, `s`, `a` (weekday) and how often it stands.
    Part(char, usize),
    /// `[h]`, `[m]`, `[s]`: hours beyond a day.
    Elapsed(char),
    /// `.0` behind seconds.
    Fraction(usize),
    /// AM/PM and its Chinese form.
    Half(bool),
    Digit(char),
    Point,
    Comma,
    Percent,
    Exponent,
    General,
    At,
    /// Chinese digits: kind 1 or 2.
    Han(u8),
}

/// The sections of a code, cut at semicolons outside quotes.
fn split(code: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut from, mut quoted, mut escaped) = (0, false, false);
    for (at, c) in code.char_indices() {
        if escaped {
            escaped = false;
            continue;
        }
        match c {
            '"' => quoted = !quoted,
            '\\' if !quoted => escaped = true,
            ';' if !quoted => {
                parts.push(&code[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&code[from..]);
    parts
}

fn tokens(section: &str) -> Vec<Token> {
    let chars: Vec<char> = section.chars().collect();
    let mut out: Vec<Token> = Vec::new();
    let text = |out: &mut Vec<Token>, c: char| match out.last_mut() {
        Some(Token::Text(before)) => before.push(c),
        _ => out.push(Token::Text(c.to_string())),
    };
    let starts = |at: usize, word: &str| {
        word.chars().enumerate().all(|(n, c)| {
            chars
                .get(at + n)
                .is_some_and(|x| x.eq_ignore_ascii_case(&c))
        })
    };
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        at += 1;
        match c {
            '"' => {
                while let Some(&inner) = chars.get(at) {
                    at += 1;
                    if inner == '"' {
                        break;
                    }
                    text(&mut out, inner);
                }
            }
            '\\' => {
                if let Some(&next) = chars.get(at) {
                    text(&mut out, next);
                    at += 1;
                }
            }
            // A blank as wide as the next character; a filler.
            '_' | '*' => at += 1,
            '[' => {
                let end = chars[at..]
                    .iter()
                    .position(|c| *c == ']')
                    .unwrap_or(chars.len() - at);
                let inner: String = chars[at..at + end].iter().collect();
                at = (at + end + 1).min(chars.len());
                let lower = inner.to_ascii_lowercase();
                if let Some(rest) = inner.strip_prefix('$') {
                    // A currency sign before the locale: [$¥-804].
                    for c in rest.split('-').next().unwrap_or_default().chars() {
                        text(&mut out, c);
                    }
                } else if matches!(lower.as_str(), "h" | "hh" | "m" | "mm" | "s" | "ss") {
                    out.push(Token::Elapsed(lower.chars().next().unwrap_or('h')));
                } else if lower == "dbnum1" {
                    out.push(Token::Han(1));
                } else if lower == "dbnum2" {
                    out.push(Token::Han(2));
                }
            }
            'G' | 'g' if starts(at - 1, "General") => {
                out.push(Token::General);
                at += 6;
            }
            'A' | 'a' if starts(at - 1, "AM/PM") => {
                out.push(Token::Half(false));
                at += 4;
            }
            '上' if starts(at - 1, "上午/下午") => {
                out.push(Token::Half(true));
                at += 4;
            }
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' | 'a' | 'e' => {
                let letter = c.to_ascii_lowercase();
                let more = chars[at..]
                    .iter()
                    .take_while(|c| c.eq_ignore_ascii_case(&letter))
                    .count();
                at += more;
                if letter == 's' && chars.get(at) == Some(&'.') {
                    let zeros = chars[at + 1..].iter().take_while(|c| **c == '0').count();
                    out.push(Token::Part('s', more + 1));
                    if zeros > 0 {
                        out.push(Token::Fraction(zeros.min(3)));
                        at += 1 + zeros;
                    }
                } else {
                    out.push(Token::Part(
                        if letter == 'e' { 'y' } else { letter },
                        more + 1,
                    ));
                }
            }
            'E' if matches!(chars.get(at), Some('+' | '-')) => {
                out.push(Token::Exponent);
                at += 1;
            }
            '0' | '#' | '?' => out.push(Token::Digit(c)),
            '.' => out.push(Token::Point),
            ',' => out.push(Token::Comma),
            '%' => out.push(Token::Percent),
            '@' => out.push(Token::At),
            _ => text(&mut out, c),
        }
    }
    out
}

/// Plain: as many digits as the number has, no more than it can hold.
pub(super) fn general(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        return format!("{value:.0}");
    }
    // Eleven digits are what a cell shows; the rest is noise of binary fractions.
    let magnitude = if value == 0.0 {
        0
    } else {
        value.abs().log10().floor() as i32
    };
    if !(-9..15).contains(&magnitude) {
        return format!("{value:e}");
    }
    let places = (10 - magnitude).clamp(0, 15) as usize;
    let text = format!("{value:.places$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

fn number(value: f64, section: &[Token]) -> Option<String> {
    if section
        .iter()
        .any(|t| matches!(t, Token::General | Token::At))
    {
        let mut out = String::new();
        for token in section {
            match token {
                Token::General | Token::At => out.push_str(&general(value)),
                Token::Text(text) => out.push_str(text),
                _ => {}
            }
        }
        return Some(out);
    }
    let first = section.iter().position(|t| matches!(t, Token::Digit(_)));
    let Some(first) = first else {
        // Words alone: a section that says "none" for zero.
        let words: String = section.iter().filter_map(text_of).collect();
        return Some(words);
    };
    let last = section.iter().rposition(|t| matches!(t, Token::Digit(_)))?;
    // Words between the digits are forms for telephone numbers and the like.
    let inside = &section[first..=last];
    if inside.iter().any(|t| matches!(t, Token::Text(_))) {
        return None;
    }
    let point = inside.iter().position(|t| *t == Token::Point);
    let exponent = inside.iter().position(|t| *t == Token::Exponent);
    let mantissa = &inside[..exponent.unwrap_or(inside.len())];
    let whole = &mantissa[..point.unwrap_or(mantissa.len()).min(mantissa.len())];
    let fraction = point.map_or(&[][..], |at| mantissa.get(at + 1..).unwrap_or_default());
    let least_whole = whole.iter().filter(|t| **t == Token::Digit('0')).count();
    let most_places = fraction
        .iter()
        .filter(|t| matches!(t, Token::Digit(_)))
        .count()
        .min(15);
    let least_places = fraction
        .iter()
        .filter(|t| **t == Token::Digit('0'))
        .count()
        .min(most_places);
    let grouped = whole.contains(&Token::Comma);
    let mut value = value;
    for token in section {
        if *token == Token::Percent {
            value *= 100.0;
        }
    }
    // Commas behind the last digit each divide by a thousand.
    for _ in section[last + 1..]
        .iter()
        .take_while(|t| **t == Token::Comma)
    {
        value /= 1000.0;
    }
    let mut digits = if exponent.is_some() {
        let text = format!("{value:.most_places$e}");
        let (head, power) = text.split_once('e')?;
        let power: i32 = power.parse().ok()?;
        format!(
            "{head}E{}{:02}",
            if power < 0 { '-' } else { '+' },
            power.abs()
        )
    } else {
        plain(value.abs(), least_whole, least_places, most_places, grouped)
    };
    match section.iter().find_map(|t| {
        if let Token::Han(kind) = t {
            Some(*kind)
        } else {
            None
        }
    }) {
        Some(kind) if value >= 0.0 && value.fract() == 0.0 && value < 100_000.0 => {
            let format = if kind == 1 {
                "chineseCounting"
            } else {
                "chineseLegalSimplified"
            };
            digits = spell(format, value as i64);
        }
        Some(_) => return None,
        None => {}
    }
    let mut out = String::new();
    if value < 0.0 && exponent.is_none() && digits.chars().any(|c| ('1'..='9').contains(&c)) {
        out.push('-');
    }
    for (at, token) in section.iter().enumerate() {
        if at == first {
            out.push_str(&digits);
        }
        match token {
            Token::Text(text) => out.push_str(text),
            Token::Percent => out.push('%'),
            _ => {}
        }
    }
    Some(out)
}

fn text_of(token: &Token) -> Option<&str> {
    match token {
        Token::Text(text) => Some(text),
        _ => None,
    }
}

fn plain(value: f64, whole: usize, least: usize, most: usize, grouped: bool) -> String {
    // A half goes away from zero, as sheets round; the nudge takes the error of binary back.
    let scale = 10_f64.powi(most as i32);
    let nudged = (value * scale * (1.0 + f64::EPSILON)).round() / scale;
    let text = format!("{nudged:.most$}");
    let (head, tail) = text.split_once('.').unwrap_or((&text, ""));
    let mut head = head.to_owned();
    if head == "0" && whole == 0 {
        head.clear();
    }
    while head.len() < whole.min(30) {
        head.insert(0, '0');
    }
    if grouped {
        let mut with = String::with_capacity(head.len() * 4 / 3);
        for (n, c) in head.chars().enumerate() {
            if n > 0 && (head.len() - n).is_multiple_of(3) {
                with.push(',');
            }
            with.push(c);
        }
        head = with;
    }
    let mut tail = tail.to_owned();
    while tail.len() > least && tail.ends_with('0') {
        tail.pop();
    }
    if tail.is_empty() && most == 0 {
        head
    } else if tail.is_empty() {
        // `0.##` shows the point; nobody wants it in a text.
        if head.is_empty() {
            "0".to_owned()
        } else {
            head
        }
    } else {
        format!("{head}.{tail}")
    }
}

/// The day and time of a serial number; the calendar of 1900 has a 29 February that never was.
pub(super) fn moment(serial: f64, since_1904: bool) -> Option<DateTime> {
    if !(0.0..LAST_SERIAL).contains(&serial) {
        return None;
    }
    let days = serial.floor();
    let base: Date = match (since_1904, days) {
        (true, _) => date(1904, 1, 1),
        (false, d) if d < 60.0 => date(1899, 12, 31),
        (false, _) => date(1899, 12, 30),
    };
    let millis = ((serial - days) * 86_400_000.0).round() as i64;
    base.checked_add((days as i64).days())
        .ok()?
        .at(0, 0, 0, 0)
        .checked_add(millis.milliseconds())
        .ok()
}

fn calendar(serial: f64, section: &[Token], since_1904: bool) -> Option<String> {
    let elapsed = section.iter().any(|t| matches!(t, Token::Elapsed(_)));
    let fraction = section.iter().any(|t| matches!(t, Token::Fraction(_)));
    // Seconds are rounded unless their parts are shown.
    let rounded = if fraction {
        serial
    } else {
        (serial * 86_400.0).round() / 86_400.0
    };
    if elapsed && !(0.0..LAST_SERIAL).contains(&rounded) {
        return None;
    }
    let moment = moment(rounded, since_1904)?;
    let twelve = section.iter().any(|t| matches!(t, Token::Half(_)));
    let han = section.iter().any(|t| matches!(t, Token::Han(_)));
    let seconds_in_all = (rounded * 86_400.0).round() as i64;
    let spelled = |n: i64, width: usize, letter: char| {
        if !han {
            return format!("{n:0width$}");
        }
        // A year digit by digit, all else counted.
        spell(
            if letter == 'y' {
                "ideographDigital"
            } else {
                "chineseCounting"
            },
            n,
        )
    };
    let parts: Vec<(usize, char)> = section
        .iter()
        .enumerate()
        .filter_map(|(at, t)| match t {
            Token::Part(letter, _) | Token::Elapsed(letter) => Some((at, *letter)),
            _ => None,
        })
        .collect();
    let mut out = String::new();
    for (at, token) in section.iter().enumerate() {
        match token {
            Token::Text(text) => out.push_str(text),
            Token::Comma => out.push(','),
            Token::Point => out.push('.'),
            Token::Percent => out.push('%'),
            Token::Half(chinese) => out.push_str(match (moment.hour() < 12, chinese) {
                (true, true) => "上午",
                (false, true) => "下午",
                (true, false) => "AM",
                (false, false) => "PM",
            }),
            Token::Fraction(places) => {
                let millis = i64::from(moment.subsec_nanosecond()) / 1_000_000;
                let text = format!("{millis:03}");
                out.push('.');
                out.push_str(text.get(..*places).unwrap_or_default());
            }
            Token::Elapsed(letter) => {
                let n = match letter {
                    'h' => seconds_in_all / 3600,
                    'm' => seconds_in_all / 60,
                    _ => seconds_in_all,
                };
                out.push_str(&n.to_string());
            }
            Token::Part(letter, count) => {
                let place = parts.iter().position(|(p, _)| *p == at)?;
                let before = place.checked_sub(1).map(|p| parts[p].1);
                let after = parts.get(place + 1).map(|p| p.1);
                // m is minutes behind hours and before seconds.
                let minutes = *letter == 'm' && (before == Some('h') || after == Some('s'));
                let two = usize::from(*count >= 2) + 1;
                let text = match letter {
                    'y' if *count <= 2 && *count != 1 => {
                        spelled(i64::from(moment.year()) % 100, 2, 'y')
                    }
                    'y' => spelled(i64::from(moment.year()), 4, 'y'),
                    'm' if minutes => spelled(i64::from(moment.minute()), two, 'm'),
                    'm' if *count == 3 => month(moment.month(), true),
                    'm' if *count >= 4 => month(moment.month(), false),
                    'm' => spelled(i64::from(moment.month()), two, 'm'),
                    'd' if *count >= 3 => weekday(&moment, *count == 3, false),
                    'd' => spelled(i64::from(moment.day()), two, 'd'),
                    'a' => weekday(&moment, *count <= 3, true),
                    'h' if twelve => {
                        let hour = i64::from(moment.hour()) % 12;
                        spelled(if hour == 0 { 12 } else { hour }, two, 'h')
                    }
                    'h' => spelled(i64::from(moment.hour()), two, 'h'),
                    _ => spelled(i64::from(moment.second()), two, 's'),
                };
                out.push_str(&text);
            }
            _ => {}
        }
    }
    Some(out)
}

fn month(n: i8, short: bool) -> String {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let name = NAMES[usize::from(n.clamp(1, 12) as u8) - 1];
    if short { &name[..3] } else { name }.to_owned()
}

fn weekday(moment: &DateTime, short: bool, chinese: bool) -> String {
    const HAN: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];
    const NAMES: [&str; 7] = [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ];
    let at = usize::from(moment.weekday().to_monday_zero_offset().clamp(0, 6) as u8);
    match (chinese, short) {
        (true, true) => HAN[at].to_owned(),
        (true, false) => format!("星期{}", HAN[at]),
        (false, true) => NAMES[at][..3].to_owned(),
        (false, false) => NAMES[at].to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_dates_are_shown_as_the_sheet_shows_them() {
        // 46086 is 2026-03-05, a Thursday.
        for (value, code, text) in [
            (1_234_567.5, "#,##0.00", "1,234,567.50"),
            (-12.0, "#,##0.00", "-12.00"),
            (-12.0, "#,##0;(#,##0)", "(12)"),
            (0.0, "0;-0;\"无\"", "无"),
            (0.125, "0.0%", "12.5%"),
            (1.005, "0.00", "1.01"),
            (0.5, "#.##", ".5"),
            (12.0, "0.##", "12"),
            (7.0, "000", "007"),
            (15_000.0, "0.0,\"千元\"", "15.0千元"),
            (3.0, "[$¥-804]#,##0.00", "¥3.00"),
            (12345.678, "0.00E+00", "1.23E+04"),
            (0.1 + 0.2, "General", "0.3"),
            (123_456_789_012.0, "General", "123456789012"),
            (-0.5, "General", "-0.5"),
            (105.0, "[DBNum1]0", "一百零五"),
            (46086.0, "yyyy\"年\"m\"月\"d\"日\"", "2026年3月5日"),
            (46086.0, "yyyy\\-mm\\-dd", "2026-03-05"),
            (
                46086.0,
                "[DBNum1][$-804]yyyy\"年\"m\"月\"d\"日\"",
                "二〇二六年三月五日",
            ),
            (46086.0, "yyyy/m/d aaaa", "2026/3/5 星期四"),
            (46086.75, "yyyy/m/d h:mm", "2026/3/5 18:00"),
            (46086.75, "上午/下午h\"时\"mm\"分\"", "下午6时00分"),
            (1.5, "[h]:mm:ss", "36:00:00"),
            (0.000_011_58, "mm:ss.0", "00:01.0"),
            (1.0, "yyyy-mm-dd", "1900-01-01"),
            (61.0, "yyyy-mm-dd", "1900-03-01"),
            (-3.0, "yyyy-mm-dd", "-3"),
            (1e300, "yyyy", "1e300"),
        ] {
            assert_eq!(show(value, Some(code), false), text, "{value} {code}");
        }
        assert_eq!(show(0.0, Some("yyyy-mm-dd"), true), "1904-01-01");
        assert_eq!(show(f64::NAN, Some("0"), false), "");
    }

    #[test]
    fn codes_that_are_broken_still_show_the_number() {
        for code in [
            "\"",
            "[",
            "\\",
            "0E",
            "E+",
            ";;;",
            "000-0000",
            "_",
            "[$",
            "aaaaaaaaaa",
            ".,%",
        ] {
            let _ = show(12.5, Some(code), false);
            let _ = show(-12.5, Some(code), true);
        }
        assert_eq!(show(1_234_567.0, Some("000-0000"), false), "1234567");
    }
}
