//! Brackets and quotation marks that do not pair, across paragraphs; marks inside marks.

use super::super::finding::{Class, Hit, Severity};
use super::view::View;
use crate::text::is_han;

/// How many open brackets are remembered: text that opens more is not prose, and the search for a
/// partner must stay bounded.
const DEEPEST: usize = 64;

/// How far down an unmatched closing mark looks for its partner.
const REACH: usize = 6;

const PAIRS: [(char, char); 13] = [
    ('（', '）'),
    ('《', '》'),
    ('〈', '〉'),
    ('“', '”'),
    ('‘', '’'),
    ('【', '】'),
    ('〔', '〕'),
    ('「', '」'),
    ('『', '』'),
    ('［', '］'),
    ('｛', '｝'),
    ('(', ')'),
    ('[', ']'),
];

fn partner(open: char) -> Option<char> {
    PAIRS.iter().find(|p| p.0 == open).map(|p| p.1)
}

fn opener(close: char) -> Option<char> {
    PAIRS.iter().find(|p| p.1 == close).map(|p| p.0)
}

/// Round brackets of either width belong to one family: （ may wrongly be closed by ).
fn family(c: char) -> char {
    match c {
        '(' => '（',
        ')' => '）',
        '[' => '［',
        ']' => '］',
        c => c,
    }
}

/// An open mark: where, and on which line, so that nobody has to look for line ends between two places.
#[derive(Clone, Copy)]
struct Open {
    at: usize,
    mark: char,
    line: u32,
}

pub(super) fn scan(view: &View, hits: &mut Vec<Hit>) {
    let mut open: Vec<Open> = Vec::new();
    let mut line = 0_u32;
    for i in 0..view.len() {
        let c = view.raw[i];
        line += u32::from(c == '\n');
        if is_han(c) {
            continue;
        }
        if partner(c).is_some() {
            if c == '‘'
                && view.get(i + 1).is_ascii_alphanumeric()
                && view.before(i).is_ascii_alphanumeric()
            {
                continue;
            }
            // A quotation that goes on in the next paragraph opens again there.
            if matches!(c, '“' | '‘')
                && view.opens_line(i)
                && let Some(k) = open.iter().rposition(|o| o.mark == c)
            {
                open.remove(k);
            }
            if c == '《'
                && open
                    .last()
                    .is_some_and(|o| o.mark == '《' && o.line == line)
            {
                nested(view, i, hits);
            }
            if open.len() == DEEPEST {
                unpaired(view, open.remove(0).at, "bracket-open", hits);
            }
            open.push(Open {
                at: i,
                mark: c,
                line,
            });
            continue;
        }
        let Some(wanted) = opener(c) else { continue };
        if exempt(view, i, &open, line) {
            continue;
        }
        let depth = open.iter().rev().take(REACH).position(|o| o.mark == wanted);
        let cousin = open
            .last()
            .filter(|o| o.mark != wanted && family(o.mark) == family(wanted))
            .copied();
        if let Some(cousin) = cousin {
            open.pop();
            let mut hit = view.hit(
                i..i + 1,
                Class::Punctuation,
                Severity::General,
                "bracket-mixed",
            );
            hit.detail = cousin.mark.to_string();
            hit.suggestion = partner(cousin.mark).map(String::from);
            hits.push(hit);
        } else if let Some(depth) = depth {
            for o in open.split_off(open.len() - 1 - depth).into_iter().skip(1) {
                unpaired(view, o.at, "bracket-open", hits);
            }
        } else {
            unpaired(view, i, "bracket-close", hits);
        }
    }
    for o in open {
        unpaired(view, o.at, "bracket-open", hits);
    }
}

fn unpaired(view: &View, i: usize, why: &'static str, hits: &mut Vec<Hit>) {
    let mut hit = view.hit(i..i + 1, Class::Punctuation, Severity::General, why);
    hit.detail = view.raw[i].to_string();
    hits.push(hit);
}

/// Closing marks that stand alone by right: 1） and 一） of lists, an apostrophe.
fn exempt(view: &View, i: usize, open: &[Open], line: u32) -> bool {
    let c = view.raw[i];
    if c == '’' {
        return view.before(i).is_ascii_alphanumeric()
            && !open.iter().any(|o| o.mark == '‘' && o.line == line);
    }
    let round = |o: &&Open| matches!(o.mark, '（' | '(') && o.line == line;
    if !matches!(c, '）' | ')') || open.iter().rev().take(REACH).any(|o| round(&o)) {
        return false;
    }
    let label = |c: char| {
        c.is_ascii_alphanumeric()
            || super::view::han_digit(c).is_some()
            || matches!(c, '十' | '①'..='⑳')
    };
    let mut from = i;
    while from > 0 && i - from < 4 && label(view.ch[from - 1]) {
        from -= 1;
    }
    from < i
        && (view.opens_line(from)
            || matches!(
                view.before(from),
                '。' | '；' | '：' | '，' | '、' | ' ' | '\u{3000}' | ';' | ':' | '|'
            ))
}

/// A title inside a title takes single marks (GB/T 15834-2011, 4.15.3.5).
fn nested(view: &View, i: usize, hits: &mut Vec<Hit>) {
    let end =
        (i + 1..(i + 80).min(view.len())).find(|&k| matches!(view.raw[k], '》' | '\n' | '《'));
    let Some(end) = end.filter(|&k| view.raw[k] == '》') else {
        return;
    };
    // Only where the outer title closes as well; else the first mark is merely unclosed.
    let outer = (end + 1..(end + 60).min(view.len()))
        .find(|&k| matches!(view.raw[k], '》' | '《' | '\n' | '。'));
    if outer.is_none_or(|k| view.raw[k] != '》') {
        return;
    }
    let mut hit = view.hit(
        i..end + 1,
        Class::Punctuation,
        Severity::Suspect,
        "bracket-nested",
    );
    hit.suggestion = Some(format!("〈{}〉", view.slice(i + 1..end)));
    hits.push(hit);
}

/// Straight quotation marks around Chinese words.
pub(super) fn straight(view: &View, hits: &mut Vec<Hit>) {
    for i in 0..view.len() {
        if view.raw[i] == '"' && (is_han(view.before(i)) || is_han(view.get(i + 1))) {
            hits.push(view.hit(
                i..i + 1,
                Class::Punctuation,
                Severity::Suspect,
                "punct-straight",
            ));
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(usize, &'static str)> {
        let mut hits = Vec::new();
        scan(&View::new(text), &mut hits);
        hits.into_iter()
            .map(|h| (text[..h.range.start].chars().count(), h.why))
            .collect()
    }

    #[test]
    fn pairs() {
        for clean in [
            "（一）根据《关于印发〈办法〉的通知》（国发〔2019〕3号），“放管服”改革",
            "“他说‘好’。”",
            "“第一段。\n“第二段。”",
            "（跨\n段）",
            "1）税务；2）财政",
            "一）总则",
            "it’s don’t ‘词’",
            "[链接](https://www.gov.cn/a)",
            "",
        ] {
            assert_eq!(found(clean), [], "{clean}");
        }
        assert_eq!(found("“放管服改革"), [(0, "bracket-open")]);
        assert_eq!(found("放管服”改革"), [(3, "bracket-close")]);
        assert_eq!(found("《办法（试行》"), [(3, "bracket-open")]);
        assert_eq!(found("（税务局)"), [(4, "bracket-mixed")]);
        assert_eq!(found("（甲\n（乙）"), [(0, "bracket-open")]);
        assert_eq!(found("《关于《办法》的通知》"), [(3, "bracket-nested")]);
    }

    #[test]
    fn many_openers_stay_bounded() {
        let text = "（".repeat(100_000);
        assert_eq!(found(&text).len(), 100_000);
    }
}
