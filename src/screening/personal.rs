//! Plates, home addresses, minors, informants.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::Regex;

use super::finding::{Class, Hit, Severity};
use super::fold::Folded;

static PLATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?P<plate>[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][ ·•・.\-]?(?:[DF][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[DF]|[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳]|[A-HJ-K][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[A-HJ-K]))(?P<next>[A-Za-z0-9\-—号]|$|.)").ok()
});

static ADDRESS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:家庭(?:住址|地址)|家庭详细住址|住址|住所地|户籍(?:所在)?地(?:址)?|户口所在地|现住(?:址|地|于)?|居住(?:地址|于|在)|居住地|家住|暂住地|常住地址)[ \x{3000}]{0,2}(?:为|是)?[:：]?[ \x{3000}]{0,2}(?P<where>[^，。；！？\n:：]{4,48}?(?:[0-9一二三四五六七八九十〇零]+ ?(?:号楼|号院|号|室|组|栋|幢|单元|座|弄|户)[^，。；！？\n、 ）)]{0,16}))").ok()
});

static MINOR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?P<who>(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2}) ?(?:周?岁)(?:的)?(?:男童|女童|儿童|幼童|婴儿|男孩|女孩|小孩|少年|少女|孩子|未成年人)|(?:未成年人|儿童|女童|男童)(?:姓名)?[:：] ?[\x{4e00}-\x{9fff}·]{2,4})").ok()
});

static INFORMANT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:(?:实名)?(?:举报|检举|控告|投诉|爆料|报案)人)(?:姓名)?(?:\s?(?:为|是|系)\s?[:：]?|\s?[:：]\s?)(?P<name>[\x{4e00}-\x{9fff}]{2,4}?)(?P<next>[，。、；;,\s（(\n|的]|$|[0-9]|电话|手机|联系|身份|反映|举报)").ok()
});

/// Words that fill the place of an informant's name on forms and in rules.
const NO_NAME: [&str; 18] = [
    "匿名",
    "姓名",
    "不详",
    "本人",
    "他人",
    "群众",
    "公民",
    "单位",
    "保密",
    "纳税",
    "自然人",
    "法人",
    "个人",
    "职工",
    "谁",
    "某",
    "上述",
    "其他",
];

/// Finds them.
pub fn scan(folded: &Folded<'_>, out: &mut Vec<Hit>) {
    let text = folded.text();
    let mut push =
        |range: std::ops::Range<usize>, class, severity, why, suggestion: Option<String>| {
            out.push(Hit {
                range: folded.back(range),
                class,
                severity,
                suggestion,
                why,
                detail: String::new(),
            });
        };
    plates(text, |range, shown| {
        push(range, Class::Plate, Severity::General, "plate", Some(shown))
    });
    let (mut homes, mut ages, mut informants) = (false, false, false);
    if let Some(cues) = CUES.as_ref() {
        for found in cues.find_iter(text) {
            match found.pattern().as_usize() {
                0..HOMES => homes = true,
                HOMES..AGES => ages = true,
                _ => informants = true,
            }
        }
    }
    if homes && let Some(regex) = ADDRESS.as_ref() {
        for found in regex.captures_iter(text) {
            if let Some(place) = found.name("where") {
                push(
                    place.range(),
                    Class::Address,
                    Severity::General,
                    "address",
                    None,
                );
            }
        }
    }
    if ages && let Some(regex) = MINOR.as_ref() {
        for found in regex.captures_iter(text) {
            if let Some(who) = found.name("who") {
                push(who.range(), Class::Minor, Severity::Suspect, "minor", None);
            }
        }
    }
    if informants && let Some(regex) = INFORMANT.as_ref() {
        for found in regex.captures_iter(text) {
            let Some(name) = found.name("name") else {
                continue;
            };
            if NO_NAME.iter().any(|w| name.as_str().contains(w)) {
                continue;
            }
            let first = name.as_str().chars().next().unwrap_or_default();
            push(
                name.range(),
                Class::Whistleblower,
                Severity::Serious,
                "whistleblower",
                Some(format!("{first}某")),
            );
        }
    }
}

/// Plates: the expression is asked only where a capital letter follows a Han character.
fn plates(text: &str, mut each: impl FnMut(std::ops::Range<usize>, String)) {
    let Some(regex) = PLATE.as_ref() else { return };
    let bytes = text.as_bytes();
    let mut at = 3;
    while let Some(skip) = bytes
        .get(at..)
        .and_then(|b| b.iter().position(u8::is_ascii_uppercase))
    {
        let capital = at + skip;
        at = capital + 1;
        if bytes[capital - 1].is_ascii() || !text.is_char_boundary(capital - 3) {
            continue;
        }
        let mut end = (capital + 16).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let Some(found) = regex.captures(&text[capital - 3..end]) else {
            continue;
        };
        let Some(plate) = found.name("plate").filter(|m| m.start() == 0) else {
            continue;
        };
        let next = found.name("next").map_or("", |m| m.as_str());
        // Numbers of papers and licences go on: 粤B2-20090059.
        if next.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-' || c == '—')
            || !plate.as_str().chars().any(|c| c.is_ascii_digit())
        {
            continue;
        }
        let shown: String = plate.as_str().chars().take(2).collect();
        each(
            capital - 3..capital - 3 + plate.end(),
            format!("{shown}*****"),
        );
    }
}

/// Words without which the slower expressions need not be asked.
static CUES: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(CUE_WORDS).ok());
const HOMES: usize = 9;
const AGES: usize = 12;
const CUE_WORDS: [&str; 18] = [
    "住址",
    "地址",
    "住所地",
    "户籍",
    "户口",
    "现住",
    "居住",
    "家住",
    "住地",
    "岁",
    "童",
    "未成年人",
    "举报人",
    "检举人",
    "控告人",
    "投诉人",
    "爆料人",
    "报案人",
];
