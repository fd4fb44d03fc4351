//! Security marks and words of internal handling.
//!
//! The same two characters are a mark on a cover and a word in a law. What decides is the place:
//! a level with a star and a period is a mark wherever it stands; a bare level is one when it
//! stands apart (on a line, in brackets, behind 密级 or 标注), never inside a sentence.

mod around;
mod lines;
mod words;

use std::ops::Range;

use super::finding::{Class, Hit, Severity};
use super::fold::{Folded, Tight};
use around::{
    MACHINES, Place, enumerated, friend_after, friend_before, friend_word_before, letter_spaced,
    level_end, other_word,
};
use words::{CANDIDATE, Dress, STARS, WORDS, dress, simplified};

/// Longest candidate in bytes, with all its gaps.
const LONGEST: usize = 160;

/// Finds marks.
pub fn scan(folded: &Folded<'_>, out: &mut Vec<Hit>) {
    let text = folded.text();
    let tight = Tight::new(text);
    let (Some(words), Some(candidate)) = (WORDS.as_ref(), CANDIDATE.as_ref()) else {
        return;
    };
    let mut done = 0;
    for word in words.find_iter(tight.text()) {
        let range = tight.back(word.range());
        if range.start < done {
            continue;
        }
        let mut end = (range.start + LONGEST).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let found = candidate.captures(&text[range.start..end]);
        let kind = found.as_ref().and_then(|f| {
            ["pair", "latin", "star", "term", "level"]
                .into_iter()
                .find(|k| f.name(k).is_some())
        });
        let length = found.as_ref().and_then(|f| f.get(0)).map_or(0, |m| m.end());
        let (mut range, mut kind) = match kind {
            Some(kind) => (range.start..range.start + length, kind),
            None => (range, "word"),
        };
        // The star may stand in front.
        if matches!(kind, "level" | "term") {
            let head = text[..range.start].trim_end_matches([' ', '\t', '\u{3000}']);
            if let Some(star) = head.chars().next_back().filter(|c| STARS.contains(*c)) {
                range = head.len() - star.len_utf8()..level_end(text, &range);
                kind = "before";
            }
        }
        done = range.end;
        if let Some(hit) = judge(folded, range.clone(), kind) {
            out.push(hit);
        } else if kind == "pair" || kind == "word" {
            // What was no mark as a whole may hold a level.
            done = range.start + 1;
        }
    }
    lines::lines(folded, out);
}

fn mark(
    folded: &Folded<'_>,
    range: Range<usize>,
    class: Class,
    severity: Severity,
    why: &'static str,
) -> Hit {
    Hit {
        range: folded.back(range),
        class,
        severity,
        suggestion: None,
        why,
        detail: String::new(),
    }
}

fn judge(folded: &Folded<'_>, range: Range<usize>, kind: &str) -> Option<Hit> {
    let text = folded.text();
    let found = &text[range.clone()];
    let hidden = folded.hides(&range);
    if kind == "latin" {
        return latin(folded, range);
    }
    let level = !matches!(kind, "pair" | "word");
    let class = if level { Class::Mark } else { Class::Handling };
    // An invisible character inside such a word has one purpose only.
    if hidden {
        return Some(mark(
            folded,
            range,
            Class::Obfuscated,
            Severity::Serious,
            "obfuscated-mark",
        ));
    }
    let place = Place::of(text, &range);
    // 有机, 主机 and the like; a star or a word such as 标有 leaves no doubt.
    if level && kind != "star" && !place.marked && other_word(text, &range) {
        return None;
    }
    let head = if level {
        &text[range.start..level_end(text, &range)]
    } else {
        found
    };
    let dress = dress(head);
    // Stops and commas between the letters pull a long word apart; two letters they only divide.
    if head.contains(['、', '。', '…']) && (level || dress != Dress::Signs) && kind != "pair" {
        return None;
    }
    if head.contains('\n') && kind == "level" && !place.marked {
        return None;
    }
    let spaced_line = dress == Dress::Blanks && letter_spaced(text, range.start);
    let broken = dress == Dress::Signs
        || dress == Dress::Blanks
            && !place.apart()
            && !spaced_line
            && matches!(kind, "level" | "word");
    if broken
        && !matches!(kind, "pair")
        && !(dress == Dress::Blanks && level && friend_word_before(text, range.start))
    {
        let why = if dress == Dress::Signs {
            "obfuscated-mark"
        } else {
            "obfuscated-spaced"
        };
        return Some(mark(
            folded,
            range,
            Class::Obfuscated,
            Severity::Serious,
            why,
        ));
    }
    let friend = level && friend_before(text, range.start);
    match kind {
        "star" | "before" => {
            let bold = found.contains('*')
                && (text[range.start + found.find('*').unwrap_or(0)..].starts_with("**")
                    || text[..range.start].ends_with('*'));
            let bare = found.ends_with(|c: char| !c.is_alphanumeric());
            if (bold || friend) && bare {
                let range = if kind == "star" {
                    range.start..level_end(text, &range)
                } else {
                    range
                };
                let place = Place::of(text, &range);
                return place
                    .apart()
                    .then(|| mark(folded, range, class, Severity::Serious, "mark-level"));
            }
            // ※ and * also point to footnotes.
            let weak = found.contains(['*', '※']) && bare && !place.apart();
            if weak && !place.left {
                return Some(mark(folded, range, class, Severity::Suspect, "mark-word"));
            }
            if found.contains('蜜') && !found.contains(['★', '☆']) {
                return None;
            }
            Some(mark(
                folded,
                cut(text, range),
                class,
                Severity::Serious,
                "mark-star",
            ))
        }
        "term" => {
            let cut_at = level_end(text, &range);
            if found.contains('蜜') {
                return None;
            }
            // Period and all, standing apart: 秘密 5年.
            if period(&text[cut_at..range.end]) && place.apart() && !friend {
                return Some(mark(
                    folded,
                    range,
                    class,
                    Severity::Serious,
                    "mark-level-term",
                ));
            }
            judge(folded, range.start..cut_at, "level")
        }
        "level" => {
            if found.contains('蜜') || enumerated(text, &range) {
                return None;
            }
            if place.apart() && !friend {
                return Some(mark(folded, range, class, Severity::Serious, "mark-level"));
            }
            // 机密文件 alone on a line is said of the paper it stands on.
            let thing = ["文件", "资料", "材料", "件", "档案"]
                .iter()
                .find(|w| text[range.end..].starts_with(**w));
            if let Some(thing) = thing {
                let whole = range.start..range.end + thing.len();
                if !friend && Place::of(text, &whole).apart() {
                    return Some(mark(folded, whole, class, Severity::Serious, "mark-level"));
                }
            }
            if friend
                || friend_after(text, range.end)
                || found.contains(['秘', '祕'])
                || place.quoted
            {
                return None;
            }
            Some(mark(folded, range, class, Severity::Suspect, "mark-word"))
        }
        // 讨论稿 and 会议材料 are things of every day; only the order makes them a mark.
        "pair" if simplified(found).starts_with(['讨', '会']) && !place.left => None,
        "pair" => {
            // 对内部资料严禁外传的规定: a rule about them, not a mark.
            let told = text[range.end..].starts_with('的')
                || !place.left
                    && text[..range.start].ends_with([
                        '将', '把', '对', '和', '及', '与', '类', '、', '关', '以', '有', '于',
                    ]);
            let (severity, why) = if told {
                (Severity::Suspect, "handling-word")
            } else {
                (Severity::Serious, "handling-mark")
            };
            Some(mark(folded, range, class, severity, why))
        }
        _ => word(folded, range, place),
    }
}

/// One of the two letters in Latin script: 机mi.
fn latin(folded: &Folded<'_>, range: Range<usize>) -> Option<Hit> {
    let text = folded.text();
    let before = text[..range.start].chars().next_back();
    let after = text[range.end..].chars().next();
    let found = &text[range.clone()];
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let other = found.starts_with(['机', '機'])
        && before.is_some_and(|c| "手司飞主动时危随有投转".contains(c) || MACHINES.contains(c))
        || after.is_some_and(|c| "码钥封切集度闭布匙书诀方语".contains(c));
    (!letter(before) && !letter(after) && !other).then(|| {
        mark(
            folded,
            range,
            Class::Obfuscated,
            Severity::Serious,
            "obfuscated-mark",
        )
    })
}

/// Whether a word of handling is cut through the middle of one of its words, or by a sign: 内 部文件, 内部*文件.
fn cut_through(found: &str) -> bool {
    let mut letters = 0;
    let mut odd = false;
    let mut signs = false;
    for c in found.chars() {
        if c.is_alphanumeric() {
            letters += 1;
        } else if c != '\n' && c != '\r' {
            odd |= letters % 2 == 1 && !matches!(c, '、' | '。' | '…');
            signs |= matches!(c, '*' | '^' | '.' | '#' | '=' | '+' | '~' | '_' | '|');
        }
    }
    letters % 2 == 0 && (odd || signs) && !found.contains('\n')
}

fn word(folded: &Folded<'_>, range: Range<usize>, place: Place) -> Option<Hit> {
    let text = folded.text();
    if cut_through(&text[range.clone()]) && !place.apart() && !letter_spaced(text, range.start) {
        return Some(mark(
            folded,
            range,
            Class::Obfuscated,
            Severity::Serious,
            "obfuscated-mark",
        ));
    }
    let plain = simplified(&text[range.clone()]);
    let pointing = plain.starts_with("此件") || plain.starts_with("本件");
    let asked = plain.ends_with("依申请公开");
    // A line break of a table or a heading 依申请公开 is a menu of every site.
    if asked && !pointing {
        return None;
    }
    if matches!(plain.as_str(), "讨论稿" | "会议文件" | "会议材料")
        || plain.starts_with("内部") && plain.chars().count() == 6
    {
        return None;
    }
    let open = place.apart() || pointing && !text[range.end..].starts_with(['的', '发']);
    if open
        && !(matches!(
            plain.as_str(),
            "工作秘密"
                | "内参"
                | "不公开"
                | "内部信息"
                | "内部情况"
                | "不得泄露"
                | "严禁泄露"
                | "妥善保管"
                | "内部交流"
                | "不得对外提供"
                | "不得对外公开"
                | "密件"
                | "非公开"
                | "涉密"
                | "不得上网"
                | "严禁上网"
                | "系统内部使用"
        ) && !place.marked
            && !place.enclosed)
    {
        return Some(mark(
            folded,
            range,
            Class::Handling,
            Severity::Serious,
            "handling-mark",
        ));
    }
    let telling = matches!(
        plain.as_str(),
        "内部资料"
            | "内部文件"
            | "内部材料"
            | "内部刊物"
            | "内部参考"
            | "内部传阅"
            | "不得外传"
            | "严禁外传"
            | "请勿外传"
            | "禁止外传"
            | "切勿外传"
            | "勿外传"
            | "注意保密"
            | "仅供领导参阅"
            | "供领导参阅"
            | "仅供内部参阅"
            | "仅供内部参考"
            | "仅供内部使用"
            | "限内部使用"
            | "限内部传阅"
            | "仅限内部使用"
            | "仅限内部传阅"
            | "仅限内部交流"
            | "仅供内部交流"
            | "限内部交流"
            | "供内部参阅"
            | "阅后即焚"
            | "阅后销毁"
            | "阅后收回"
            | "阅后清退"
            | "会后收回"
            | "会后清退"
            | "发至县团级"
    );
    telling.then(|| {
        mark(
            folded,
            range,
            Class::Handling,
            Severity::Suspect,
            "handling-word",
        )
    })
}

/// The period, without a condition that is only the beginning of the next words.
fn period(term: &str) -> bool {
    let term = term.trim_matches(|c: char| c.is_whitespace() || "（()）/-—:：".contains(c));
    term.starts_with(|c: char| c.is_ascii_digit() || "〇零一二三四五六七八九十".contains(c))
        || term.starts_with(['长', '長'])
        || term == "永久"
        || term.ends_with("解密")
        || term.ends_with('前')
}

/// A condition behind the star reaches at most to the end of its words.
fn cut(text: &str, range: Range<usize>) -> Range<usize> {
    trimmed(text, range)
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    range.start..range.start + text[range.clone()].trim_end().len()
}
