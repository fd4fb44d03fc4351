//! Links, tables and images of a Markdown text.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use regex::Regex;

use super::finding::{Class, Hit, Severity};
use crate::text::anchors;

/// Link texts that say nothing to someone who hears them read out.
const VAGUE: [&str; 22] = [
    "点击这里",
    "点击此处",
    "这里",
    "此处",
    "点击",
    "点此",
    "点我",
    "链接",
    "网址",
    "详情",
    "更多",
    "查看",
    "查看详情",
    "点击查看",
    "点击下载",
    "下载",
    "附件",
    "here",
    "click here",
    "link",
    "more",
    "read more",
];

/// Services that hide where a link leads.
const SHORTENERS: [&str; 14] = [
    "t.cn",
    "bit.ly",
    "dwz.cn",
    "tinyurl.com",
    "goo.gl",
    "url.cn",
    "suo.im",
    "suo.nz",
    "is.gd",
    "t.co",
    "ow.ly",
    "dwz.mk",
    "u.nu",
    "w.url.cn",
];

static BROKEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\[[^\[\]\n]{1,80}\](?:（[^（）\n]{0,300}）| +\((?:https?:|/|www\.)[^()\n]{0,300}\)|\((?:https?:)[^()\s]{0,300}$)|［[^［］\n]{1,80}］[(（](?:https?:|/|www\.)[^()（）\n]{0,300}[)）]").ok()
});

/// Finds what is wrong with links, tables and images.
pub fn scan(body: &str) -> Vec<Hit> {
    let mut hits = Vec::new();
    // What the published page calls its headings; HTML in a manuscript names nothing there.
    let anchors: HashSet<String> = anchors(body).into_iter().collect();
    let mut link: Option<(Range<usize>, String, String, bool)> = None;
    let mut image: Option<(Range<usize>, String)> = None;
    let mut header: Option<(Range<usize>, bool, bool)> = None;
    for (event, range) in Parser::new_ext(body, options()).into_offset_iter() {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => {
                link = Some((range, dest_url.to_string(), String::new(), false))
            }
            Event::Start(Tag::Image { .. }) => {
                if let Some((_, _, _, pictured)) = &mut link {
                    *pictured = true;
                }
                image = Some((range, String::new()));
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some((_, alt)) = &mut image {
                    alt.push_str(&text);
                }
                if let Some((_, _, said, _)) = &mut link {
                    said.push_str(&text);
                }
                if let Some((_, _, said)) = &mut header {
                    *said |= !text.trim().is_empty();
                }
            }
            Event::End(TagEnd::Image) => {
                if let Some((range, alt)) = image.take()
                    && alt.trim().is_empty()
                {
                    hits.push(hit(
                        range,
                        Class::Accessibility,
                        Severity::Hint,
                        "image-no-alt",
                        "",
                    ));
                }
            }
            Event::End(TagEnd::Link) => {
                if let Some((range, url, said, pictured)) = link.take() {
                    one(range, &url, &said, pictured, &anchors, &mut hits);
                }
            }
            Event::Start(Tag::TableHead) => header = Some((range, true, false)),
            Event::End(TagEnd::TableHead) => {
                if let Some((range, _, said)) = header.take()
                    && !said
                {
                    hits.push(hit(
                        range,
                        Class::Accessibility,
                        Severity::Hint,
                        "table-no-header",
                        "",
                    ));
                }
            }
            _ => {}
        }
    }
    if let Some(regex) = BROKEN.as_ref() {
        for found in regex.find_iter(body) {
            if !hits
                .iter()
                .any(|h| h.range.start < found.end() && found.start() < h.range.end)
            {
                hits.push(hit(
                    found.range(),
                    Class::Link,
                    Severity::General,
                    "link-syntax",
                    "",
                ));
            }
        }
    }
    hits.sort_by_key(|h| (h.range.start, h.range.end));
    hits
}

fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH
}

fn hit(
    range: Range<usize>,
    class: Class,
    severity: Severity,
    why: &'static str,
    detail: &str,
) -> Hit {
    Hit {
        range,
        class,
        severity,
        suggestion: None,
        why,
        detail: detail.to_owned(),
    }
}

/// `%E4%B8%80` as the characters it stands for.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair = bytes
            .get(at + 1..at + 3)
            .and_then(|p| std::str::from_utf8(p).ok())
            .and_then(|p| u8::from_str_radix(p, 16).ok());
        match (bytes[at], pair) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 3;
            }
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn one(
    range: Range<usize>,
    url: &str,
    said: &str,
    pictured: bool,
    anchors: &HashSet<String>,
    hits: &mut Vec<Hit>,
) {
    let mut tell = |severity, why, detail: &str| {
        hits.push(hit(range.clone(), Class::Link, severity, why, detail))
    };
    let url = url.trim();
    let said = said.trim();
    if said.is_empty() && !pictured {
        tell(Severity::General, "link-empty", "");
    } else if VAGUE
        .iter()
        .any(|v| v.eq_ignore_ascii_case(said.trim_matches(|c: char| !c.is_alphanumeric())))
    {
        tell(Severity::Suspect, "link-vague", "");
    }
    if url.is_empty() || url == "#" {
        tell(Severity::General, "link-nowhere", "");
        return;
    }
    if let Some(anchor) = url.strip_prefix('#') {
        let anchor = decoded(anchor);
        // #top is the head of any page.
        if anchor != "top" && !anchors.contains(&anchor) {
            tell(Severity::General, "link-dead-anchor", &anchor);
        }
        return;
    }
    let scheme = url.split_once(':').map(|(s, _)| s).filter(|s| {
        !s.is_empty()
            && s.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
    });
    match scheme.map(str::to_ascii_lowercase).as_deref() {
        Some("https") => {}
        Some("http") => tell(Severity::Hint, "link-not-https", ""),
        Some("mailto" | "tel") => return,
        Some(other) => {
            tell(Severity::Serious, "link-scheme", other);
            return;
        }
        None if url.starts_with("\\\\") => {
            tell(Severity::Serious, "link-scheme", "\\\\");
            return;
        }
        None if url.starts_with("//") => {}
        // A path within the site.
        None => return,
    }
    let rest = url.split_once("//").map_or("", |(_, r)| r);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let name = host
        .split(':')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let numeric = !name.is_empty() && name.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        || host.starts_with('[');
    let inside = name == "localhost"
        || [".local", ".lan", ".internal"]
            .iter()
            .any(|s| name.ends_with(s))
        || name.starts_with("10.")
        || name.starts_with("192.168.")
        || name.starts_with("127.")
        || private_172(&name);
    if name.is_empty()
        || !numeric && !name.contains('.') && name != "localhost"
        || name.contains([' ', '，', '。', '（'])
    {
        tell(Severity::General, "link-host", host);
    } else if inside {
        tell(Severity::Serious, "link-inside", &name);
    } else if authority.contains('@')
        || numeric
        || name.starts_with("xn--")
        || name.contains(".xn--")
        || !name.is_ascii()
        || SHORTENERS.contains(&name.as_str())
    {
        tell(Severity::General, "link-suspicious", &name);
    }
    // A text that is an address itself must be that address.
    let shown = said
        .strip_prefix("https://")
        .or_else(|| said.strip_prefix("http://"))
        .unwrap_or(said);
    let shown = shown
        .split(['/', '?', '#', ':'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let looks = shown.is_ascii()
        && shown.contains('.')
        && !shown.contains(' ')
        && shown
            .rsplit('.')
            .next()
            .is_some_and(|t| matches!(t, "cn" | "com" | "net" | "org" | "gov"));
    if looks && shown.trim_start_matches("www.") != name.trim_start_matches("www.") {
        tell(Severity::General, "link-other-host", &name);
    }
}

fn private_172(name: &str) -> bool {
    name.strip_prefix("172.")
        .and_then(|r| r.split('.').next())
        .and_then(|n| n.parse::<u8>().ok())
        .is_some_and(|n| (16..32).contains(&n))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whys(body: &str) -> Vec<&'static str> {
        scan(body).into_iter().map(|h| h.why).collect()
    }

    #[test]
    fn links() {
        for (body, want) in [
            (
                "见[办税指南](https://fujian.chinatax.gov.cn/a.html)",
                &[][..],
            ),
            ("见[办税指南](/a/b.html)，写信[邮箱](mailto:a@b.cn)", &[]),
            ("[点击这里](https://a.gov.cn/)", &["link-vague"]),
            ("[](https://a.gov.cn/)", &["link-empty"]),
            ("[![图](a.png)](https://a.gov.cn/)", &[]),
            ("[指南]()", &["link-nowhere"]),
            ("[指南](http://a.gov.cn/)", &["link-not-https"]),
            ("[指南](javascript:alert(1))", &["link-scheme"]),
            ("[指南](file:///c:/a.doc)", &["link-scheme"]),
            ("[指南](https://192.168.1.2/a)", &["link-inside"]),
            ("[指南](https://172.20.0.1/a)", &["link-inside"]),
            ("[指南](https://8.8.8.8/a)", &["link-suspicious"]),
            ("[指南](https://t.cn/abc)", &["link-suspicious"]),
            ("[指南](https://a.gov.cn@evil.com/)", &["link-suspicious"]),
            (
                "[https://a.gov.cn/x](https://b.com/x)",
                &["link-other-host"],
            ),
            ("[www.a.gov.cn](https://a.gov.cn/)", &[]),
            (
                "# 第一章 总则\n[总则](#第一章-总则)[无](#第二章)",
                &["link-dead-anchor"],
            ),
            // HTML is shown as it was typed, and so leads nowhere.
            ("<a id=\"x\"></a>\n\n[跳](#x)", &["link-dead-anchor"]),
            ("## 附则\n\n## 附则\n\n[后一个](#附则-1)", &[]),
            ("## 附则 {#end}\n\n[附则](#end)", &["link-dead-anchor"]),
            ("## 附则\n\n[附则](#%E9%99%84%E5%88%99)", &[]),
            ("## 附则\n\n[页首](#top)", &[]),
            ("[指南]（https://a.gov.cn/）", &["link-syntax"]),
            ("[指南] (https://a.gov.cn/)", &["link-syntax"]),
            ("［指南］（https://a.gov.cn/）", &["link-syntax"]),
            ("![](a.png)", &["image-no-alt"]),
            ("![流程图](a.png)", &[]),
            ("\n\n|  |  |\n|--|--|\n|a|b|\n", &["table-no-header"]),
            ("\n\n|甲|乙|\n|--|--|\n|a|b|\n", &[]),
        ] {
            assert_eq!(whys(body), want, "{body}");
        }
    }
}
