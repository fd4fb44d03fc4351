//! The words marks are made of, and the ways they are dressed.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex::Regex;

/// What may stand between two letters of a mark: blanks, or one sign that breaks the word.
pub(super) const B: &str =
    r"(?:[ \t\x{3000}]{0,3}|[ \t\r]{0,2}\n[ \t\x{3000}]{0,2}|[.．·•*_\-~/|+^#=`、。…]{1,2})";
pub(super) const LEVEL: &str = r"(?:[绝絕絶机機秘祕]_[密宻蜜]|㊙)";
/// Signs that serve as a star.
pub(super) const STARS: &str = "★☆✩✪✫✬✭✮✯✰⭐🌟⋆∗✱✳❋※✡✦✧✹✵✶✷✸﹡";
pub(super) const STAR: &str = r"[★☆✩✪✫✬✭✮✯✰⭐🌟⋆∗✱✳❋※✡✦✧✹✵✶✷✸﹡]";
pub(super) const TERM: &str = r"(?:至?_(?:[长長]_期|永久|半_年|[0-9〇零一二三四五六七八九十]{1,3}_(?:年_[0-9一二三四五六七八九十]{1,2}_个_?月|年|个_?月|個月|月|天|日|Y)|[0-9]{4}_年_[0-9]{1,2}_月(?:_[0-9]{1,2}_日)?(?:_解_密|_前)?|[0-9]{4}_年_底?|[0-9]{4}[-./][0-9]{1,2}[-./][0-9]{1,2})|[\x{4e00}-\x{9fff}]{1,10}(?:前|后|後|止|解密|公布|启用|有效))";

/// Words of handling; a blank may stand between any two of their characters.
pub(super) const HANDLING: [&str; 98] = [
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
    "仅限内部使用",
    "仅限内部传阅",
    "仅限内部交流",
    "仅供内部交流",
    "仅供内部掌握",
    "限内部交流",
    "供内部参阅",
    "供内部参考",
    "内部交流",
    "请勿转发",
    "严禁转发",
    "不得转发",
    "请勿扩散",
    "严禁扩散",
    "不得扩散",
    "请勿对外提供",
    "不得对外提供",
    "不得对外公开",
    "请勿对外公开",
    "会后回收",
    "阅后退回",
    "密件",
    "此件不宜公开",
    "此文不公开",
    "此文不予公开",
    "限内部阅读",
    "系统内部使用",
    "阅后请退回",
    "请勿截图",
    "严禁截图",
    "严禁上网",
    "不得上网",
    "非公开",
    "涉密",
    "发至县处级",
    "传达至县团级",
    "传达至县处级",
];

/// What makes a pair: the thing, then how to treat it.
pub(super) const PAIR: &str = r"(?:[绝机秘]_密_(?:文_件|资_料|材_料|信_息)|内_部_(?:(?:学_习|工_作|会_议|培_训|参_考)_)?(?:资_料|文_件|材_料|刊_物|信_息|参_考|使_用|参_阅|传_阅)|工_作_秘_密|讨_论_稿|会_议_(?:文_件|材_料))(?:[，,、；;。：:！!·•—\-~*|（( \t\x{3000}]{0,4}|[ \t\r]{0,2}\n[ \t\x{3000}]{0,4})(?:请_)?(?:注_意_保_[存密管]|阅_后_(?:即_焚|销_毁|收_回|退_回|清_退)|会_后_(?:收_回|清_退)|妥_善_保_[管存]|严_加_保_管|(?:严_禁|不_得|请_勿|禁_止|切_勿|勿)_(?:外_[传泄露借]|泄_[露漏]|扩_散|传_播|转_发|转_载|复_印|复_制|翻_印|公_开|拍_照|截_图|上_网|对_外_(?:提_供|公_开|发_布|泄_露|传_播))|仅_供_(?:内_部_)?(?:参_[阅考]|使_用)|不_予_公_开|不_公_开)";

/// Characters of the marks and their forms in traditional writing.
pub(super) const FORMS: [(char, char); 27] = [
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
pub(super) fn spaced(pattern: &str) -> String {
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
pub(super) fn simplified(found: &str) -> String {
    found
        .chars()
        .filter(|c| c.is_alphanumeric())
        .map(|c| FORMS.iter().find(|(_, t)| *t == c).map_or(c, |(s, _)| *s))
        .collect()
}

/// How the letters of a found word are kept apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Dress {
    None,
    /// By blanks between all of them.
    Blanks,
    /// By signs between all of them.
    Signs,
}

pub(super) fn dress(found: &str) -> Dress {
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
    // A word broken at the end of a line is no word pulled apart.
    if letters.len() < 2 || found.contains('\n') || gaps().any(char::is_alphanumeric) {
        Dress::None
    } else if gaps().all(char::is_whitespace) {
        Dress::Blanks
    } else {
        Dress::Signs
    }
}

/// Every word a candidate begins with, in simplified and in traditional writing.
pub(super) static WORDS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let mut words: Vec<String> = Vec::new();
    for first in ['绝', '絕', '絶', '机', '機', '秘', '祕'] {
        words.extend(['密', '宻', '蜜'].map(|second| format!("{first}{second}")));
    }
    words.push("㊙".to_owned());
    for latin in ["mi", "Mi", "MI", "mì"] {
        words.extend(["绝", "絕", "机", "機", "秘"].map(|c| format!("{c}{latin}")));
    }
    for latin in [
        "jue", "Jue", "JUE", "jué", "ji", "Ji", "JI", "jī", "mi", "Mi", "MI", "mì",
    ] {
        words.push(format!("{latin}密"));
    }
    // Longer things that begin otherwise; the expression decides.
    for thing in ["学习", "工作", "会议", "培训", "参考"] {
        words.extend(["资料", "文件", "材料"].map(|what| format!("内部{thing}{what}")));
    }
    words.extend(["讨论稿", "会议文件", "会议材料"].map(str::to_owned));
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
pub(super) static CANDIDATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let pattern = format!(
        "^(?:(?P<pair>{PAIR})|(?P<latin>[绝絕机機秘祕](?i:mi|mì)|(?i:jué|jue|jī|ji|mì|mi)密)|(?P<star>(?:工_作_)?{LEVEL}_(?:级_)?[（(]?(?:{STAR}|\\*){{1,3}}_[（(]?(?:{TERM})?|{LEVEL}_[·•・▲△●◆■]_(?:{TERM}))|(?P<term>(?:工_作_)?{LEVEL}[ \\t\\x{{3000}}（(/\\-—:：]{{0,3}}(?:{TERM})[)）]?)|(?P<level>{LEVEL}))",
    );
    Regex::new(&spaced(&pattern)).ok()
});
