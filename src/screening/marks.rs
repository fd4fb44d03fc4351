//! Security marks and words of internal handling.
//!
//! The same two characters are a mark on a cover and a word in a law. What decides is the place:
//! a level with a star and a period is a mark wherever it stands; a bare level is one when it
//! stands apart (on a line, in brackets, behind 密级 or 标注), never inside a sentence.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex::Regex;

use super::finding::{Class, Hit, Severity};
use super::fold::{Folded, Tight};

/// What may stand between two letters of a mark: blanks, or one sign that breaks the word.
const B: &str = r"(?:[ \t\x{3000}]{0,3}|[.．·•*_\-~/|+]{1,2})";
const LEVEL: &str = r"(?:[绝絕絶机機秘祕]_[密宻蜜])";
/// Signs that serve as a star.
const STARS: &str = "★☆✩✪✫✬✭✮✯✰⭐🌟⋆∗✱✳❋※";
const STAR: &str = r"[★☆✩✪✫✬✭✮✯✰⭐🌟⋆∗✱✳❋※]";
const TERM: &str = r"(?:[长長]_期|永久|[0-9〇零一二三四五六七八九十]{1,3}_(?:年|个_?月|個月|月|天|日)|[0-9]{4}_年_[0-9]{1,2}_月(?:_[0-9]{1,2}_日)?(?:_解_密)?|[0-9]{4}[-./][0-9]{1,2}[-./][0-9]{1,2}|[\x{4e00}-\x{9fff}]{1,10}(?:前|后|後|止|解密|公布|启用|有效))";

/// Words of handling; a blank may stand between any two of their characters.
const HANDLING: [&str; 61] = [
    "内部资料",
    "内部文件",
    "内部材料",
    "内部使用",
    "内部参考",
    "内部参阅",
    "内部刊物",
    "内部传阅",
    "内部掌握",
    "内部发行",
    "内部信息",
    "内部情况",
    "内部明电",
    "注意保存",
    "注意保密",
    "妥善保管",
    "不得外传",
    "严禁外传",
    "请勿外传",
    "禁止外传",
    "切勿外传",
    "勿外传",
    "不得外泄",
    "严禁外泄",
    "请勿外泄",
    "不得泄露",
    "严禁泄露",
    "此件不公开",
    "此件不予公开",
    "此件不得公开",
    "此件依申请公开",
    "本件不公开",
    "本件不予公开",
    "本文不公开",
    "不予公开",
    "不公开",
    "不对外公开",
    "暂不公开",
    "不宜公开",
    "仅供领导参阅",
    "供领导参阅",
    "仅供领导参考",
    "仅供内部参阅",
    "仅供内部参考",
    "仅供内部使用",
    "限内部使用",
    "限内部传阅",
    "内参",
    "工作秘密",
    "发至县团级",
    "阅后即焚",
    "阅后销毁",
    "阅后收回",
    "阅后清退",
    "会后收回",
    "会后清退",
    "不得翻印",
    "严禁翻印",
    "不得复印",
    "严禁复制",
    "依申请公开",
];

/// What makes a pair: the thing, then how to treat it.
const PAIR: &str = r"(?:[绝机秘]_密_(?:文_件|资_料|材_料|信_息)|内_部_(?:资_料|文_件|材_料|刊_物|信_息|参_考|使_用|参_阅|传_阅)|工_作_秘_密)[，,、；;。：:！! \t\x{3000}]{0,3}(?:请_)?(?:注_意_保_[存密]|妥_善_保_[管存]|严_加_保_管|(?:严_禁|不_得|请_勿|禁_止|切_勿|勿)_(?:外_[传泄露借]|泄_[露漏]|扩_散|传_播|转_发|转_载|复_印|复_制|翻_印|公_开|拍_照|截_图|上_网)|仅_供_(?:内_部_)?(?:参_[阅考]|使_用)|不_予_公_开|不_公_开)";

/// Characters of the marks and their forms in traditional writing.
const FORMS: [(char, char); 27] = [
    ('内', '內'),
    ('资', '資'),
    ('严', '嚴'),
    ('传', '傳'),
    ('开', '開'),
    ('领', '領'),
    ('导', '導'),
    ('参', '參'),
    ('阅', '閱'),
    ('后', '後'),
    ('销', '銷'),
    ('毁', '毀'),
    ('会', '會'),
    ('复', '複'),
    ('制', '製'),
    ('县', '縣'),
    ('团', '團'),
    ('级', '級'),
    ('对', '對'),
    ('发', '發'),
    ('转', '轉'),
    ('请', '請'),
    ('仅', '僅'),
    ('机', '機'),
    ('绝', '絕'),
    ('秘', '祕'),
    ('书', '書'),
];

/// A pattern with `_` as a gap and every character also in its traditional form.
fn spaced(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() * 4);
    let mut class = false;
    for c in pattern.chars() {
        match (c, FORMS.iter().find(|(s, _)| *s == c)) {
            ('_', _) if !class => out.push_str(B),
            (_, Some((s, t))) if class => out.extend([*s, *t]),
            (_, Some((s, t))) => out.extend(['[', *s, *t, ']']),
            _ => {
                class = match c {
                    '[' => true,
                    ']' => false,
                    _ => class,
                };
                out.push(c);
            }
        }
    }
    out
}

/// The plain word behind a spaced or traditional one.
fn simplified(found: &str) -> String {
    found
        .chars()
        .filter(|c| c.is_alphanumeric())
        .map(|c| FORMS.iter().find(|(_, t)| *t == c).map_or(c, |(s, _)| *s))
        .collect()
}

/// How the letters of a found word are kept apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dress {
    None,
    /// By blanks between all of them.
    Blanks,
    /// By signs between all of them.
    Signs,
}

fn dress(found: &str) -> Dress {
    let letters: Vec<usize> = found
        .char_indices()
        .filter(|(_, c)| c.is_alphanumeric())
        .map(|(k, c)| k + c.len_utf8())
        .collect();
    let gaps = || {
        letters[..letters.len().saturating_sub(1)]
            .iter()
            .map(|end| found[*end..].chars().next().unwrap_or(' '))
    };
    if letters.len() < 2 || gaps().any(char::is_alphanumeric) {
        Dress::None
    } else if gaps().all(char::is_whitespace) {
        Dress::Blanks
    } else {
        Dress::Signs
    }
}

/// Every word a candidate begins with, in simplified and in traditional writing.
static WORDS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let mut words: Vec<String> = Vec::new();
    for first in ['绝', '絕', '絶', '机', '機', '秘', '祕'] {
        words.extend(['密', '宻', '蜜'].map(|second| format!("{first}{second}")));
    }
    for word in HANDLING {
        words.push(word.to_owned());
        words.push(
            word.chars()
                .map(|c| FORMS.iter().find(|(s, _)| *s == c).map_or(c, |(_, t)| *t))
                .collect(),
        );
    }
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .kind(Some(AhoCorasickKind::DFA))
        .build(words)
        .ok()
});

/// What a candidate is, from its first letter on.
static CANDIDATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let pattern = format!(
        "^(?:(?P<pair>{PAIR})|(?P<star>{LEVEL}_(?:{STAR}|\\*)_(?:{TERM})?|{LEVEL}_[·•・▲△●◆]_(?:{TERM}))|(?P<term>{LEVEL}[ \\t\\x{{3000}}（(]{{0,3}}(?:{TERM})[)）]?)|(?P<level>{LEVEL}))",
    );
    Regex::new(&spaced(&pattern)).ok()
});

static LEFT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:密[ \x{3000}]{0,3}级|定密|密别|密等|保密等级|公开属性|公开方式|属性|等级|级别|标识|标志|标记|标注|标明|标有|标示|标为|注明|注有|盖有|盖着|加盖|印有|印着|写有|写着|写明|显示|左上角|右上角|封面|首页|页眉|页脚|眉首|版头|封皮|扉页|戳记|印章|水印|字样|附注|备注|定为|确定为|列为|classification|Classification|CLASSIFICATION)[^，。；！？\n、]{0,8}$").ok()
});

static FRIEND_BEFORE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:商业|国家|技术|保守|个人|工作|军事|职业|经营|企业|科技|科学技术|核心|重要|通信|通讯|审判|调查|侦查|案件|投票|家庭|成功|致富|宇宙|生命|配方|内心|自然|的|之|泄露|泄漏|窃取|刺探|收买|涉及|属于|侵犯|知悉|传递|探测|公开)[ \x{3000}]*$").ok()
});

const FRIEND_AFTER: [&str; 24] = [
    "级", "性", "投票", "法", "事项", "文件", "载体", "信息", "资料", "警察", "会议", "通道",
    "武器", "仪器", "机床", "地", "的", "、", "或", "和", "件", "情报", "工作", "交通",
];

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
            ["pair", "star", "term", "level"]
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
    lines(folded, out);
}

/// Copy numbers and urgency stand on lines of their own.
fn lines(folded: &Folded<'_>, out: &mut Vec<Hit>) {
    let text = folded.text();
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]) {
        let line = &text[start..end];
        let head = line.len() - line.trim_start().len();
        let word = line.trim();
        if !word.is_empty() && word.len() <= 24 {
            let range = start + head..start + head + word.len();
            let number = word
                .strip_prefix("No")
                .or_else(|| word.strip_prefix('№'))
                .unwrap_or(word)
                .trim_start_matches(['.', ' ', ':', '：']);
            if number.len() == 6
                && number.starts_with('0')
                && number.bytes().all(|b| b.is_ascii_digit())
            {
                // 00xxxx is no postcode; 01 to 07 may be one.
                let severity = if number.starts_with("00") {
                    Severity::Serious
                } else {
                    Severity::Suspect
                };
                out.push(mark(
                    folded,
                    range,
                    Class::Mark,
                    severity,
                    "mark-copy-number",
                ));
            } else if matches!(simplified(word).as_str(), "特急" | "加急" | "特提" | "平急")
                && word
                    .chars()
                    .all(|c| c.is_alphanumeric() || c.is_whitespace())
            {
                out.push(mark(
                    folded,
                    range,
                    Class::Handling,
                    Severity::Hint,
                    "mark-urgency",
                ));
            }
        }
        start = end + 1;
    }
    for at in memchr::memmem::find_iter(text.as_bytes(), "份".as_bytes()) {
        if text[..at].ends_with(['身', '股', '月']) {
            continue;
        }
        let rest = text[at + "份".len()..].trim_start_matches([' ', '\u{3000}']);
        let Some(rest) = rest.strip_prefix(['号', '號']) else {
            continue;
        };
        let rest = rest.trim_start_matches([' ', '\u{3000}', ':', '：', '\t']);
        let rest = rest
            .strip_prefix("No")
            .or_else(|| rest.strip_prefix('№'))
            .unwrap_or(rest)
            .trim_start_matches(['.', ' ']);
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if (4..=8).contains(&digits) {
            let end = text.len() - rest.len() + digits;
            out.push(mark(
                folded,
                at..end,
                Class::Mark,
                Severity::Serious,
                "mark-copy-number",
            ));
        }
    }
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
    if level && other_word(text, &range) {
        return None;
    }
    let head = if level {
        &text[range.start..level_end(text, &range)]
    } else {
        found
    };
    let dress = dress(head);
    let broken = dress == Dress::Signs
        || dress == Dress::Blanks && !place.apart() && matches!(kind, "level" | "word");
    if broken
        && !matches!(kind, "pair")
        && !(dress == Dress::Blanks && level && friend_before(text, range.start))
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
            if friend
                || friend_after(text, range.end)
                || found.contains(['秘', '祕'])
                || place.quoted
            {
                return None;
            }
            Some(mark(folded, range, class, Severity::Suspect, "mark-word"))
        }
        "pair" => Some(mark(
            folded,
            range,
            class,
            Severity::Serious,
            "handling-mark",
        )),
        _ => word(folded, range, place),
    }
}

fn word(folded: &Folded<'_>, range: Range<usize>, place: Place) -> Option<Hit> {
    let text = folded.text();
    let plain = simplified(&text[range.clone()]);
    let pointing = plain.starts_with("此件") || plain.starts_with("本件");
    let asked = plain.ends_with("依申请公开");
    // A line break of a table or a heading 依申请公开 is a menu of every site.
    if asked && !pointing {
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

/// Whether the characters belong to two other words: 手机密码, 计算机密钥, 拒绝密封.
fn other_word(text: &str, range: &Range<usize>) -> bool {
    let before = text[..range.start].chars().next_back();
    let after = text[level_end(text, range)..].chars().next();
    let machine = text[range.start..].starts_with(['机', '機']);
    let split = matches!(
        before,
        Some(
            '手' | '算'
                | '司'
                | '飞'
                | '主'
                | '动'
                | '时'
                | '危'
                | '契'
                | '投'
                | '乘'
                | '转'
                | '随'
                | '有'
                | '拒'
                | '奥'
                | '神'
                | '便'
                | '诡'
        )
    );
    let code = matches!(
        after,
        Some(
            '码' | '钥'
                | '碼'
                | '鑰'
                | '封'
                | '切'
                | '集'
                | '度'
                | '闭'
                | '布'
                | '匙'
                | '书'
                | '诀'
                | '方'
                | '语'
        )
    );
    split && (machine || code || matches!(before, Some('拒' | '奥' | '神' | '便' | '诡')))
        || code && machine
}

/// The period, without a condition that is only the beginning of the next words.
fn period(term: &str) -> bool {
    let term =
        term.trim_matches(|c: char| c.is_whitespace() || matches!(c, '（' | '(' | ')' | '）'));
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

fn level_end(text: &str, range: &Range<usize>) -> usize {
    text[range.clone()]
        .char_indices()
        .find(|(_, c)| matches!(c, '密' | '宻' | '蜜'))
        .filter(|(k, _)| *k > 0)
        .map_or(range.end, |(k, c)| range.start + k + c.len_utf8())
}

fn friend_before(text: &str, at: usize) -> bool {
    let mut from = at.saturating_sub(36);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    FRIEND_BEFORE
        .as_ref()
        .is_some_and(|r| r.is_match(&text[from..at]))
}

fn friend_after(text: &str, at: usize) -> bool {
    FRIEND_AFTER.iter().any(|w| text[at..].starts_with(w))
}

/// Whether other levels stand beside it: a sentence about levels, not a mark.
fn enumerated(text: &str, range: &Range<usize>) -> bool {
    let after =
        text[range.end..].trim_start_matches(['”', '"', '」', '\'', '’', '级', '】', '）', ' ']);
    let before = text[..range.start].trim_end_matches(['“', '"', '「', '\'', '‘', '【', '（', ' ']);
    let is_level = |s: &str| ["绝密", "机密", "秘密"].iter().any(|l| s.starts_with(l));
    let joined_after = [
        "、", "和", "或", "或者", "与", "及", "以及", "/", "，", "”", "",
    ]
    .iter()
    .any(|j| {
        after
            .strip_prefix(j)
            .is_some_and(|rest| is_level(rest.trim_start_matches(['“', '"', '「', '‘', '【'])))
    });
    let joined_before = ["、", "和", "或", "或者", "与", "及", "以及", "/", "，", ""]
        .iter()
        .any(|j| {
            before.strip_suffix(j).is_some_and(|rest| {
                let rest = rest.trim_end_matches(['”', '"', '」', '’', '级', '】']);
                ["绝密", "机密", "秘密"].iter().any(|l| rest.ends_with(l))
            })
        });
    joined_after || joined_before
}

/// How something stands in its line.
#[derive(Clone, Copy)]
struct Place {
    /// Nothing of a sentence on the left.
    left: bool,
    /// Nothing of a sentence on the right.
    right: bool,
    /// In brackets or quotes on both sides.
    enclosed: bool,
    /// In quotes, without a word that makes it a mark.
    quoted: bool,
    /// A word such as 密级 or 标注 leads to it.
    marked: bool,
}

impl Place {
    fn of(text: &str, range: &Range<usize>) -> Self {
        let left_text = text[..range.start].trim_end_matches([' ', '\t', '\u{3000}']);
        let right_text = text[range.end..].trim_start_matches([' ', '\t', '\u{3000}']);
        let open = left_text.chars().next_back();
        let close = right_text.chars().next();
        let bracket = matches!(
            (open, close),
            (Some('【'), Some('】'))
                | (Some('（'), Some('）'))
                | (Some('('), Some(')'))
                | (Some('['), Some(']'))
                | (Some('［'), Some('］'))
                | (Some('〔'), Some('〕'))
                | (Some('〖'), Some('〗'))
                | (Some('{'), Some('}'))
                | (Some('<'), Some('>'))
                | (Some('＜'), Some('＞'))
        );
        let quote = matches!(
            (open, close),
            (Some('“'), Some('”'))
                | (Some('"'), Some('"'))
                | (Some('‘'), Some('’'))
                | (Some('「'), Some('」'))
                | (Some('『'), Some('』'))
        );
        let inner = if bracket || quote {
            left_text.trim_end_matches([
                '【', '（', '(', '[', '［', '〔', '“', '"', '‘', '「', '『', '<', '＜', '〖', '{',
            ])
        } else {
            left_text
        };
        let mut from = inner.len().saturating_sub(60);
        while !inner.is_char_boundary(from) {
            from += 1;
        }
        let after = if bracket || quote {
            right_text.trim_start_matches(['】', '）', ')', ']', '”', '"', '’', '」', '』'])
        } else {
            right_text
        };
        let tagged = ["字样", "标识", "标志", "标记", "章", "戳"]
            .iter()
            .any(|w| after.starts_with(w));
        let led = LEFT.as_ref().is_some_and(|r| r.is_match(&inner[from..]));
        let marked = led || quote && tagged;
        // Bold or heading signs of Markdown are dress, not text.
        let dressed = |c: &char| matches!(c, ' ' | '\t' | '\u{3000}' | '\r' | '*' | '|' | '_');
        let head = left_text
            .chars()
            .rev()
            .take(32)
            .find(|c| !(dressed(c) || matches!(c, '#' | '>' | '-' | '+')));
        let line_start = matches!(head, None | Some('\n'))
            && left_text.len() - left_text.trim_end_matches(|c| dressed(&c)).len() < 32;
        let tail = right_text.chars().take(32).find(|c| !dressed(c));
        let line_end = matches!(tail, None | Some('\n'));
        let stopped = matches!(
            open,
            Some('。' | '；' | '！' | '？' | '…' | ';' | '|' | '】' | '）' | ')' | ']')
        );
        let comma = matches!(open, Some('，' | ',')) && {
            let before = left_text.trim_end_matches(['，', ',']);
            !before.ends_with(['的', '者', '后', '时'])
        };
        let right_text = if marked {
            right_text.strip_prefix('级').unwrap_or(right_text)
        } else {
            right_text
        };
        let close = if marked {
            right_text.chars().next()
        } else {
            close
        };
        let clause_end = matches!(
            close,
            Some(
                '。' | '；'
                    | '，'
                    | ','
                    | ';'
                    | '！'
                    | '!'
                    | '、'
                    | '|'
                    | '.'
                    | '）'
                    | ')'
                    | '】'
                    | ']'
                    | '”'
                    | '"'
            )
        );
        let cell = matches!(open, Some('|' | '\t' | ','))
            && (line_end || matches!(close, Some('|' | '\t' | ',')));
        let quiet_left = line_start || stopped || marked || bracket || cell;
        let quiet_right = line_end
            || bracket
            || marked && (clause_end || quote || tagged || line_end)
            || cell
            || (line_start || stopped) && matches!(close, Some('。' | '】' | '|' | '！'));
        Self {
            left: quiet_left || comma && line_end,
            right: quiet_right,
            enclosed: bracket,
            quoted: quote && !marked,
            marked,
        }
    }

    /// Whether it stands apart from any sentence.
    fn apart(self) -> bool {
        !self.quoted && (self.enclosed || self.left && self.right)
    }
}
