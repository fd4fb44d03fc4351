//! Punctuation of Chinese text (GB/T 15834-2011): width, repetition, place.

use super::super::finding::{Class, Hit, Severity};
use super::view::View;
use crate::text::is_han;

/// Full-width marks for half-width ones between Chinese characters.
fn wide(c: char) -> Option<char> {
    Some(match c {
        ',' => '，',
        ';' => '；',
        ':' => '：',
        '?' => '？',
        '!' => '！',
        _ => return None,
    })
}

fn stop(c: char) -> bool {
    matches!(c, '，' | '。' | '、' | '；' | '：')
}

/// Chinese before a mark, through a closing bracket or quotation mark.
fn chinese_before(view: &View, i: usize) -> bool {
    match view.before(i) {
        '》' | '）' | '”' | '’' | '〉' | '】' => true,
        c => is_han(c),
    }
}

pub(super) fn scan(view: &View, hits: &mut Vec<Hit>) {
    let mut i = 0;
    while i < view.len() {
        let c = view.raw[i];
        if is_han(c) || c.is_ascii_alphanumeric() {
            i += 1;
            continue;
        }
        if stop(c) || matches!(c, '！' | '？') {
            i = marks(view, i, hits);
            continue;
        }
        match c {
            ',' | ';' | ':' | '?' | '!' => half(view, i, c, hits),
            '.' => full_stop(view, i, hits),
            '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '％' | '．' => {
                i = full_width(view, i, hits);
                continue;
            }
            _ => {}
        }
        i += 1;
    }
}

/// A run of stops: said twice, said differently twice, or first in a paragraph. Returns the place behind it.
fn marks(view: &View, i: usize, hits: &mut Vec<Hit>) -> usize {
    let mut end = i + 1;
    while end < view.len() && (stop(view.raw[end]) || matches!(view.raw[end], '！' | '？')) {
        end += 1;
    }
    let run = &view.raw[i..end];
    let plain = run.iter().all(|&c| stop(c));
    let first = run[0];
    let same = run.iter().all(|&c| c == first);
    // ？！ and ！！！ are tone; 。。。 and the rest are slips.
    if run.len() > 1 && (plain || run.iter().any(|&c| stop(c))) {
        let why = if same {
            "punct-repeated"
        } else {
            "punct-double"
        };
        let mut hit = view.hit(i..end, Class::Punctuation, Severity::General, why);
        hit.suggestion = if same && run.len() >= 3 && first == '。' {
            Some("……".to_owned())
        } else if same {
            Some(first.to_string())
        } else {
            // The graver mark is the likelier one: a full stop ends what a comma would go on with.
            run.iter()
                .find(|c| matches!(c, '。' | '！' | '？'))
                .or(run.last())
                .map(char::to_string)
        };
        hits.push(hit);
    }
    if view.opens_line(i) && !view.before(i).is_ascii_punctuation() {
        hits.push(view.hit(
            i..i + 1,
            Class::Punctuation,
            Severity::General,
            "punct-start",
        ));
    }
    end
}

/// A half-width mark in Chinese text.
fn half(view: &View, i: usize, c: char, hits: &mut Vec<Hit>) {
    let next = view.get(i + 1);
    let after = is_han(next) || matches!(next, '“' | '《' | '（' | '\n' | '\r' | '\0' | '「');
    if !chinese_before(view, i) || !(after || next.is_ascii_digit() && c != ':') {
        return;
    }
    let severity = if is_han(next) || next.is_ascii_digit() {
        Severity::General
    } else {
        Severity::Suspect
    };
    let mut hit = view.hit(i..i + 1, Class::Punctuation, severity, "punct-half");
    hit.suggestion = wide(c).map(String::from);
    hits.push(hit);
}

/// A full point after Chinese, where 。 should stand; three of them are an ellipsis.
fn full_stop(view: &View, i: usize, hits: &mut Vec<Hit>) {
    if !chinese_before(view, i) {
        return;
    }
    let dots = view.raw[i..]
        .iter()
        .take(12)
        .take_while(|&&c| c == '.')
        .count();
    let next = view.get(i + dots);
    if !(is_han(next) || matches!(next, '\n' | '\r' | '\0' | '”')) {
        return;
    }
    // 一.总则: an ordinal, which takes 、 instead.
    let ordinal = (1..=3).contains(&run_of_numerals(view, i))
        && view.opens_line(i - run_of_numerals(view, i));
    let (why, cure) = match (dots, ordinal) {
        (1, true) => ("punct-ordinal", "、"),
        (1, false) => ("punct-half", "。"),
        _ => ("punct-ellipsis", "……"),
    };
    let mut hit = view.hit(i..i + dots, Class::Punctuation, Severity::General, why);
    hit.suggestion = Some(cure.to_owned());
    hits.push(hit);
}

fn run_of_numerals(view: &View, i: usize) -> usize {
    (0..i)
        .rev()
        .take(4)
        .take_while(|&k| super::view::han_digit(view.raw[k]).is_some() || view.raw[k] == '十')
        .count()
}

/// Full-width digits and letters in text; one finding a run.
fn full_width(view: &View, i: usize, hits: &mut Vec<Hit>) -> usize {
    let part = |c: char| super::view::narrow(c) != c || matches!(c, '．' | '％');
    let mut end = i;
    while end < view.len() && part(view.raw[end]) {
        end += 1;
    }
    // ％ and ． alone are a matter of house style.
    if view.raw[i..end]
        .iter()
        .any(|&c| super::view::narrow(c) != c)
    {
        let cure: String = view.ch[i..end]
            .iter()
            .map(|&c| match c {
                '．' => '.',
                '％' => '%',
                c => c,
            })
            .collect();
        let mut hit = view.hit(i..end, Class::Punctuation, Severity::Suspect, "width-full");
        hit.suggestion = Some(cure);
        hits.push(hit);
    }
    end.max(i + 1)
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

    fn one(text: &str) -> (String, &'static str, String) {
        let mut hits = found(text);
        assert_eq!(hits.len(), 1, "{text}: {hits:?}");
        let (a, b, c) = hits.remove(0);
        (a, b, c.unwrap_or_default())
    }

    #[test]
    fn clean() {
        for text in [
            "税率为13%，自2024年1月1日起。",
            "怎么办？！",
            "等等……",
            "1,234.5元",
            "a, b; c",
            "12:30至13:00",
            "一、总则",
            "见http://a.cn/b?c:d",
            "好！！！",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn slips() {
        assert_eq!(
            one("税务局,财政厅"),
            (",".into(), "punct-half", "，".into())
        );
        assert_eq!(
            one("办法.由税务局"),
            (".".into(), "punct-half", "。".into())
        );
        assert_eq!(
            one("等等...由"),
            ("...".into(), "punct-ellipsis", "……".into())
        );
        assert_eq!(one("一.总则"), (".".into(), "punct-ordinal", "、".into()));
        assert_eq!(
            one("施行。。"),
            ("。。".into(), "punct-repeated", "。".into())
        );
        assert_eq!(
            one("施行，。"),
            ("，。".into(), "punct-double", "。".into())
        );
        assert_eq!(one("第一段\n，第二段").1, "punct-start");
        assert_eq!(
            one("２０２４年"),
            ("２０２４".into(), "width-full", "2024".into())
        );
    }
}
