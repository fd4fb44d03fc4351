//! E-mail addresses, also those written so that programs should not see them.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::Regex;

use super::finding::{Class, Hit, Severity};
use super::fold::Folded;

/// Ends of domains in use here; a disguised address must end in one of them.
const TOP: &str = "com|cn|net|org|gov|edu|info|biz|cc|top|vip|xyz|me|io|co|hk|tw|mo|asia|mobi|tech|site|online|ltd|club|email|work|example";

static PLAIN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63} ?@ ?(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?(?:[.。点]| \.))+[A-Za-z]{2,24}").ok()
});

/// `name[at]host.cn`, `name(at)host(dot)cn`, `name#host.cn`, `name AT host DOT cn`.
static DISGUISED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let at = r"(?: ?(?:[\[(（【{<《「［〔]\s?(?i:at|a|艾特|圈a|@|#)\s?[\])）】}>》」］〕]|艾特|圈[aA]|#|⊙|◎|\u{24d0}) ?| (?i:at) |[_.\-](?i:at)[_.\-])";
    let dot = r"(?:\.| ?[\[(（【{]\s?(?i:dot|点|\.)\s?[\])）】}] ?| (?i:dot) |点)";
    Regex::new(&format!(
        r"(?P<name>[A-Za-z0-9][A-Za-z0-9._%+\-]{{0,63}}){at}(?P<host>(?:[A-Za-z0-9][A-Za-z0-9\-]{{0,61}}{dot})+(?i:{TOP}))"
    )).ok()
});

/// Addresses of offices, which may be published.
fn official(address: &str) -> bool {
    let host = address
        .rsplit('@')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    host == "gov.cn" || host.ends_with(".gov.cn")
}

/// Finds addresses.
pub fn scan(folded: &Folded<'_>, out: &mut Vec<Hit>) {
    let text = folded.text();
    if memchr::memchr(b'@', text.as_bytes()).is_some()
        && let Some(regex) = PLAIN.as_ref()
    {
        for found in regex.find_iter(text) {
            let mut end = found.end();
            // A full stop typed the Chinese way inside a domain is a slip; at its end it is one.
            if let Some(stop) = found.as_str().rfind('。') {
                let tail = &found.as_str()[stop + '。'.len_utf8()..];
                if !TOP.split('|').any(|t| tail.eq_ignore_ascii_case(t)) {
                    end = found.start() + stop;
                }
            }
            if !found.as_str()[..end - found.start()].contains(['.', '。', '点'])
                || text[end..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '@')
            {
                continue;
            }
            let masked = text[..found.start()].ends_with('*');
            if masked {
                continue;
            }
            let address = &text[found.start()..end];
            let (severity, why) = if official(address) {
                (Severity::Hint, "email-official")
            } else {
                (Severity::General, "email")
            };
            out.push(Hit {
                range: folded.back(found.start()..end),
                class: Class::Email,
                severity,
                suggestion: None,
                why,
                detail: String::new(),
            });
        }
    }
    if let Some(regex) = DISGUISED.as_ref() {
        for found in disguise_windows(text) {
            let Some(captures) = regex.captures(&text[found.clone()]) else {
                continue;
            };
            let Some(all) = captures.get(0) else { continue };
            let start = found.start + all.start();
            let end = found.start + all.end();
            let tail = text[end..].chars().next();
            if tail.is_some_and(|c| c.is_ascii_alphanumeric() || c == '-' || c == '@') {
                continue;
            }
            let name = &captures["name"];
            let joint = &all.as_str()[name.len()..all.as_str().len() - captures["host"].len()];
            let bare = joint.trim() == "#";
            let spoken = joint
                .trim_matches([' ', '_', '.', '-'])
                .eq_ignore_ascii_case("at");
            // Part of an address of a page, a masked address, or two words of an English sentence.
            let token = text.as_bytes()[..start]
                .iter()
                .rev()
                .take(200)
                .take_while(|b| b.is_ascii_graphic());
            if token.clone().any(|b| *b == b'/')
                || text[..start].ends_with(['*', '#', '&', '?', '='])
            {
                continue;
            }
            if (bare || spoken) && name.chars().all(|c| c == '.' || c == '-') {
                continue;
            }
            if spoken && !mail_word_before(text, start) {
                continue;
            }
            out.push(Hit {
                range: folded.back(start..end),
                class: Class::Email,
                severity: Severity::General,
                suggestion: None,
                why: "email-disguised",
                detail: String::new(),
            });
        }
    }
}

fn mail_word_before(text: &str, at: usize) -> bool {
    let mut from = at.saturating_sub(48);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let head = text[from..at].to_ascii_lowercase();
    [
        "邮箱",
        "邮件",
        "邮址",
        "mail",
        "发送至",
        "发至",
        "contact",
        "联系",
    ]
    .iter()
    .any(|w| head.contains(w))
}

/// Places worth the slow expression: around a sign that can stand for an at sign, with ASCII letters
/// close by on its right.
fn disguise_windows(text: &str) -> Vec<std::ops::Range<usize>> {
    static SIGN: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"[A-Za-z0-9] ?(?:[\[(（【{<《「［〔]\s?(?i:at|a|艾特|圈a|@|#)\s?[\])）】}>》」］〕]|艾特|圈[aA]|#|⊙|◎|\u{24d0}| (?i:at) ?|[_.\-](?i:at)[_.\-]) ?[A-Za-z0-9]").ok()
    });
    /// Without one of these there is nothing to ask the expression.
    static HINT: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
        let words = [
            "at", "#", "艾特", "圈a", "⊙", "◎", "\u{24d0}", "(@", "[@", "（@", "【@", "( @", "[ @",
            "(a", "[a", "（a", "【a", "{a", "<a", "《a", "「a",
        ];
        AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(words)
            .ok()
    });
    let Some(sign) = SIGN
        .as_ref()
        .filter(|_| HINT.as_ref().is_some_and(|h| h.is_match(text)))
    else {
        return Vec::new();
    };
    let mut windows = Vec::new();
    for found in sign.find_iter(text) {
        let bytes = text.as_bytes();
        let mut start = found.start();
        while start > 0
            && found.start() - start < 64
            && (bytes[start - 1].is_ascii_alphanumeric() || b"._%+-".contains(&bytes[start - 1]))
        {
            start -= 1;
        }
        let mut end = (found.end() + 80).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        windows.push(start..end);
    }
    windows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let mut out = Vec::new();
        scan(&Folded::new(text), &mut out);
        out.into_iter().map(|h| text[h.range].to_owned()).collect()
    }

    #[test]
    fn addresses_in_every_dress() {
        for (text, want) in [
            ("意见请发送至 swj_2026@163.com，谢谢", "swj_2026@163.com"),
            (
                "邮箱：ＺＨＡＮＧ＠ＱＱ．ＣＯＭ。",
                "ＺＨＡＮＧ＠ＱＱ．ＣＯＭ",
            ),
            (
                "邮箱wang.li＠mail.example.com.cn",
                "wang.li＠mail.example.com.cn",
            ),
            ("发至zhang[at]outlook.com即可", "zhang[at]outlook.com"),
            ("发至zhang（at）outlook.com即可", "zhang（at）outlook.com"),
            (
                "发至zhang【AT】outlook【dot】com即可",
                "zhang【AT】outlook【dot】com",
            ),
            ("邮箱 office#mail.example.cn。", "office#mail.example.cn"),
            (
                "e-mail: li.wei at example dot com",
                "li.wei at example dot com",
            ),
            ("<mailto:a@b-c.net>", "a@b-c.net"),
            ("给a\u{200b}bc@qq.com", "a\u{200b}bc@qq.com"),
            ("x@y.cn。公告如下", "x@y.cn"),
        ] {
            assert_eq!(found(text), [want], "{text}");
        }
    }

    #[test]
    fn what_is_none() {
        for text in [
            "关注@国家税务总局",
            "https://example.gov.cn/a.html#part.top",
            "https://e.cn/x#a.com",
            "C#程序",
            "a@b",
            "look at example.com for more",
            "第3#楼.com",
            "z***@qq.com",
            "R&D.com费用",
            "5@3元",
        ] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
    }
}
