//! Letters and digits that only look right: a Cyrillic а in a Latin word, l for 1, ○ or 0 for 〇, 曰 for 日.

use super::super::finding::{Class, Hit, Severity};
use super::view::{View, han_digit};
use crate::text::is_han;

/// Latin letter a foreign one is taken for.
fn latin(c: char) -> Option<char> {
    const PAIRS: [(char, char); 50] = [
        ('а', 'a'),
        ('с', 'c'),
        ('е', 'e'),
        ('һ', 'h'),
        ('і', 'i'),
        ('ј', 'j'),
        ('о', 'o'),
        ('р', 'p'),
        ('ѕ', 's'),
        ('у', 'y'),
        ('х', 'x'),
        ('ԁ', 'd'),
        ('ԛ', 'q'),
        ('ԝ', 'w'),
        ('А', 'A'),
        ('В', 'B'),
        ('С', 'C'),
        ('Е', 'E'),
        ('Н', 'H'),
        ('І', 'I'),
        ('Ј', 'J'),
        ('К', 'K'),
        ('М', 'M'),
        ('О', 'O'),
        ('Р', 'P'),
        ('Ѕ', 'S'),
        ('Т', 'T'),
        ('Х', 'X'),
        ('У', 'Y'),
        ('α', 'a'),
        ('ο', 'o'),
        ('ν', 'v'),
        ('ρ', 'p'),
        ('υ', 'u'),
        ('ι', 'i'),
        ('Α', 'A'),
        ('Β', 'B'),
        ('Ε', 'E'),
        ('Ζ', 'Z'),
        ('Η', 'H'),
        ('Ι', 'I'),
        ('Κ', 'K'),
        ('Μ', 'M'),
        ('Ν', 'N'),
        ('Ο', 'O'),
        ('Ρ', 'P'),
        ('Τ', 'T'),
        ('Υ', 'Y'),
        ('Χ', 'X'),
        ('ϲ', 'c'),
    ];
    PAIRS.iter().find(|p| p.0 == c).map(|p| p.1)
}

fn foreign(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{52f}')
}

/// Words that count things: a number with a letter in it before one of these is a slip.
const UNITS: &str = "年月日号元万亿%％件户人个条次倍时分点天家项款名岁平";

pub(super) fn scan(view: &View, hits: &mut Vec<Hit>) {
    let mut i = 0;
    while i < view.len() {
        let c = view.ch[i];
        if foreign(c) || c.is_ascii_alphabetic() {
            i = word(view, i, hits);
        } else if c.is_ascii_digit() {
            i = number(view, i, hits);
        } else if han_digit(c).is_some() && c != '两' {
            i = numeral(view, i, hits);
        } else {
            if c == '曰' {
                said(view, i, hits);
            } else if matches!(c, 'ぁ'..='ヺ')
                && c != '・'
                && is_han(view.before(i))
                && is_han(view.get(i + 1))
            {
                hits.push(view.hit(
                    i..i + 1,
                    Class::MixedScript,
                    Severity::Suspect,
                    "script-kana",
                ));
            }
            i += 1;
        }
    }
}

/// A run of letters of Latin, Greek and Cyrillic.
fn word(view: &View, from: usize, hits: &mut Vec<Hit>) -> usize {
    let mut end = from;
    let (mut has_latin, mut strangers, mut alike) = (false, 0, 0);
    while end < view.len() && (foreign(view.ch[end]) || view.ch[end].is_ascii_alphanumeric()) {
        let c = view.ch[end];
        has_latin |= c.is_ascii_alphabetic();
        if foreign(c) {
            strangers += 1;
            alike += usize::from(latin(c).is_some());
        }
        end += 1;
    }
    let all = end - from;
    // One Greek letter before a word is a symbol (α1, μm); a whole word of another script is a word.
    let greek_symbol = strangers == 1
        && matches!(view.ch[from], '\u{370}'..='\u{3ff}')
        && view.ch[from].is_lowercase();
    let disguised = strangers > 0
        && strangers == alike
        && (has_latin || (all >= 2 && view.ch[from].is_uppercase()));
    if disguised && !greek_symbol {
        let cure: String = view.ch[from..end]
            .iter()
            .map(|&c| latin(c).unwrap_or(c))
            .collect();
        let mut hit = view.hit(
            from..end,
            Class::MixedScript,
            Severity::General,
            "script-mixed",
        );
        hit.suggestion = Some(cure);
        hits.push(hit);
        return end;
    }
    if matches!(view.ch[from], 'O' | 'o' | 'l' | 'I') {
        return digits_with_letters(view, from, end, hits);
    }
    end.max(from + 1)
}

fn number(view: &View, from: usize, hits: &mut Vec<Hit>) -> usize {
    let mut end = from;
    while end < view.len() && view.ch[end].is_ascii_alphanumeric() {
        end += 1;
    }
    digits_with_letters(view, from, end, hits)
}

/// Digits with O, o, l or I among them, where a number is meant.
fn digits_with_letters(view: &View, from: usize, end: usize, hits: &mut Vec<Hit>) -> usize {
    let run = &view.ch[from..end];
    let letters = run
        .iter()
        .filter(|c| matches!(c, 'O' | 'o' | 'l' | 'I'))
        .count();
    let figures = run.iter().filter(|c| c.is_ascii_digit()).count();
    let next = view.get(end);
    let counted = UNITS.contains(next) && next != '\0';
    let ordinary = letters == 0 || figures == 0 || letters + figures != run.len() || run.len() > 12;
    // H2O、O2 and A4 are no numbers: a unit must follow, and letters must be few.
    if !ordinary && counted && letters <= figures && view.before(from) != '.' {
        let cure: String = run
            .iter()
            .map(|&c| match c {
                'O' | 'o' => '0',
                'l' | 'I' => '1',
                c => c,
            })
            .collect();
        let mut hit = view.hit(
            from..end,
            Class::MixedScript,
            Severity::General,
            "script-number",
        );
        hit.suggestion = Some(cure);
        hits.push(hit);
    }
    end.max(from + 1)
}

/// 二○二四年 and 二0二四年, where 〇 is meant (GB/T 15835-2011, 4.2).
fn numeral(view: &View, from: usize, hits: &mut Vec<Hit>) -> usize {
    let zero = |c: char| {
        matches!(
            c,
            '0' | 'O' | 'o' | '○' | '◯' | '零' | 'О' | 'о' | 'Ο' | 'ο' | '〇'
        )
    };
    let mut end = from;
    while end < view.len() && (han_digit(view.ch[end]).is_some() || zero(view.ch[end])) {
        end += 1;
    }
    let run = &view.ch[from..end];
    let wrong = run.iter().any(|&c| zero(c) && !matches!(c, '〇' | '零'));
    let real = run
        .iter()
        .filter(|&&c| han_digit(c).is_some() && !zero(c))
        .count();
    // A Chinese digit in front of an Arabic number is two things: 其二10个.
    let joined = view.get(end).is_ascii_alphanumeric() || view.before(from).is_ascii_alphanumeric();
    let last_is_ascii = run
        .last()
        .is_some_and(|&c| c == '0' || c.is_ascii_alphabetic());
    let dated = matches!(view.get(end), '年' | '月' | '日' | '号' | '条');
    if wrong && real > 0 && !joined && run.len() >= 2 && (dated || !last_is_ascii) {
        let circle = run.iter().all(|&c| han_digit(c).is_some());
        let severity = if circle {
            Severity::Suspect
        } else {
            Severity::General
        };
        let mut hit = view.hit(from..end, Class::MixedScript, severity, "script-zero");
        hit.suggestion = Some(
            run.iter()
                .map(|&c| if zero(c) { '〇' } else { c })
                .collect(),
        );
        hits.push(hit);
    }
    end.max(from + 1)
}

/// 曰 after a number is 日.
fn said(view: &View, i: usize, hits: &mut Vec<Hit>) {
    let before = view.before(i);
    let counted = before.is_ascii_digit() || han_digit(before).is_some() || before == '十';
    let dated = counted && view.ch[i.saturating_sub(4)..i].contains(&'月');
    let word = matches!(
        (before, view.get(i + 1)),
        ('即' | '今' | '生' | '节' | '次' | '当', _) | (_, '期' | '常' | '起' | '内')
    );
    if dated || word {
        let mut hit = view.hit(
            i..i + 1,
            Class::MixedScript,
            Severity::General,
            "script-sun",
        );
        hit.suggestion = Some("日".to_owned());
        hits.push(hit);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, &'static str, Option<String>)> {
        let mut hits = Vec::new();
        scan(&View::new(text), &mut hits);
        hits.into_iter()
            .map(|h| (text[h.range].to_owned(), h.why, h.suggestion))
            .collect()
    }

    #[test]
    fn disguised_letters() {
        assert_eq!(
            found("请登录еTax系统"),
            [("еTax".into(), "script-mixed", Some("eTax".into()))]
        );
        assert_eq!(
            found("АВС公司"),
            [("АВС".into(), "script-mixed", Some("ABC".into()))]
        );
        for clean in [
            "α1受体",
            "5μm",
            "Москва",
            "H2O含量",
            "A4纸",
            "ABC公司",
            "I型",
            "l0g",
        ] {
            assert_eq!(found(clean), [], "{clean}");
        }
    }

    #[test]
    fn letters_in_numbers() {
        assert_eq!(
            found("2O24年"),
            [("2O24".into(), "script-number", Some("2024".into()))]
        );
        assert_eq!(
            found("5月l5日"),
            [("l5".into(), "script-number", Some("15".into()))]
        );
        assert_eq!(
            found("增长1O%"),
            [("1O".into(), "script-number", Some("10".into()))]
        );
    }

    #[test]
    fn zeros_and_suns() {
        assert_eq!(
            found("二○二四年"),
            [("二○二四".into(), "script-zero", Some("二〇二四".into()))]
        );
        assert_eq!(found("二0二四年")[0].2.as_deref(), Some("二〇二四"));
        assert_eq!(found("二〇二四年"), []);
        assert_eq!(found("一百零五条"), []);
        assert_eq!(found("其中二10个"), []);
        assert_eq!(
            found("5月3曰"),
            [("曰".into(), "script-sun", Some("日".into()))]
        );
        assert_eq!(found("子曰"), []);
    }
}
