//! The links of a text: where they lead, and whether they can lead anywhere at all.
//!
//! Nothing is fetched: unpublished text stays in the house, and so does what it points to.

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::publish::pages::body::is_safe_link;
use crate::tr;
use crate::tui::draw::Piece;
use crate::tui::theme::Styles;
use crate::tui::widgets::Paragraph;

/// What can be said about a link without following it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// An attachment of the item, by name.
    Attachment,
    /// Another place on the board's own sites.
    Internal,
    /// Somewhere else.
    External,
    /// A mail address or telephone number.
    Contact,
    /// A place within the page; pages have none, so it leads nowhere.
    Anchor,
    /// Not a link a page will carry: empty, unsafe, with blanks.
    Broken,
    /// Written like a link but not read as one: full-width brackets, a bracket left open.
    Unread,
}

impl State {
    /// Whether it should be looked at.
    pub fn is_bad(self) -> bool {
        matches!(self, Self::Anchor | Self::Broken | Self::Unread)
    }

    /// In words.
    pub fn word(self) -> String {
        match self {
            Self::Attachment => tr!("tui-link-attachment"),
            Self::Internal => tr!("tui-link-internal"),
            Self::External => tr!("tui-link-external"),
            Self::Contact => tr!("tui-link-contact"),
            Self::Anchor => tr!("tui-link-anchor"),
            Self::Broken => tr!("tui-link-broken"),
            Self::Unread => tr!("tui-link-unread"),
        }
    }
}

/// A link or image of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What the reader sees.
    pub text: String,
    /// Where it leads.
    pub target: String,
    /// It is an image.
    pub image: bool,
    /// What can be said about it.
    pub state: State,
    /// Bytes of the text it takes.
    pub range: Range<usize>,
}

/// Every link and image of a text, in order; then what only looks like one. `domains` are those
/// of the board's sites, `files` the names of the item's attachments.
pub fn links(text: &str, domains: &[String], files: &[String]) -> Vec<Link> {
    let mut out: Vec<Link> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        match event {
            Event::Start(tag @ (Tag::Link { .. } | Tag::Image { .. })) => {
                let (image, target) = match tag {
                    Tag::Link { dest_url, .. } => (false, dest_url.to_string()),
                    Tag::Image { dest_url, .. } => (true, dest_url.to_string()),
                    _ => continue,
                };
                open.push(out.len());
                let state = state_of(&target, image, domains, files);
                out.push(Link {
                    text: String::new(),
                    target,
                    image,
                    state,
                    range,
                });
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                open.pop();
            }
            Event::Text(part) | Event::Code(part) => {
                for at in &open {
                    out[*at].text.push_str(&part);
                }
            }
            _ => {}
        }
    }
    let inside = |range: &Range<usize>, list: &[Link]| {
        list.iter()
            .any(|l| l.range.start < range.end && range.start < l.range.end)
    };
    for range in unread(text) {
        if !inside(&range, &out) {
            out.push(Link {
                text: text[range.clone()].to_owned(),
                target: String::new(),
                image: false,
                state: State::Unread,
                range,
            });
        }
    }
    for (range, target) in bare(text) {
        if !inside(&range, &out) {
            let state = state_of(&target, false, domains, files);
            out.push(Link {
                text: String::new(),
                target,
                image: false,
                state,
                range,
            });
        }
    }
    out
}

fn state_of(target: &str, image: bool, domains: &[String], files: &[String]) -> State {
    if files.iter().any(|f| f == target) {
        return State::Attachment;
    }
    if target.starts_with('#') {
        return State::Anchor;
    }
    // Pages carry no images but their own.
    if image || !is_safe_link(target) {
        return State::Broken;
    }
    let lower = target.to_ascii_lowercase();
    if lower.starts_with("mailto:") || lower.starts_with("tel:") {
        return State::Contact;
    }
    let Some(rest) = lower
        .strip_prefix("https://")
        .or_else(|| lower.strip_prefix("http://"))
    else {
        return State::Internal;
    };
    let end = rest.find(['/', '?', '#', ':']).unwrap_or(rest.len());
    let host = &rest[..end];
    if host.is_empty() || !host.contains('.') {
        State::Broken
    } else if domains.iter().any(|d| {
        host == d
            || host
                .strip_suffix(d.as_str())
                .is_some_and(|h| h.ends_with('.'))
    }) {
        State::Internal
    } else {
        State::External
    }
}

/// Addresses written out in the text.
fn bare(text: &str) -> Vec<(Range<usize>, String)> {
    let mut out = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find("http") {
        let start = from + at;
        let rest = &text[start..];
        let scheme = ["https://", "http://"]
            .into_iter()
            .find(|s| rest.starts_with(s));
        let Some(scheme) = scheme else {
            from = start + 4;
            continue;
        };
        let end = rest
            .find(|c: char| !c.is_ascii_graphic() || matches!(c, '<' | '>' | '"' | '|' | '`'))
            .unwrap_or(rest.len());
        let address = rest[..end].trim_end_matches(['.', ',', ';', ')', ']', '!', '?', '*']);
        if address.len() > scheme.len() {
            out.push((start..start + address.len(), address.to_owned()));
        }
        from = start + end.max(4);
    }
    out
}

/// Places that were meant as links but are read as plain text: `[...]` followed by a full-width
/// bracket, or by one that is never closed.
fn unread(text: &str) -> Vec<Range<usize>> {
    const WIDE: &str = "]\u{ff08}";
    let mut out = Vec::new();
    for (at, mark) in text.match_indices(WIDE).chain(text.match_indices("](")) {
        let line_start = text[..at].rfind('\n').map_or(0, |n| n + 1);
        let line_end = text[at..].find('\n').map_or(text.len(), |n| at + n);
        let Some(open) = text[line_start..at].rfind('[') else {
            continue;
        };
        let tail = &text[at + mark.len()..line_end];
        let close = if mark == WIDE {
            // Behind a footnote mark such a bracket is plain prose.
            let link = tail.starts_with("http") || tail.starts_with("www.");
            if !link {
                continue;
            }
            tail.find(['\u{ff09}', ')']).map_or(tail.len(), |n| {
                n + tail[n..].chars().next().map_or(0, char::len_utf8)
            })
        } else {
            tail.find(')').map_or(tail.len(), |n| n + 1)
        };
        out.push(line_start + open..at + mark.len() + close);
    }
    out.sort_by_key(|r| r.start);
    out
}

/// Targets that are only in the old text, and only in the new one.
pub fn changed(old: &str, new: &str) -> (Vec<String>, Vec<String>) {
    let count = |text: &str| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for link in links(text, &[], &[]) {
            if !link.target.is_empty() {
                *counts.entry(link.target).or_default() += 1;
            }
        }
        counts
    };
    let (before, after) = (count(old), count(new));
    let only = |a: &BTreeMap<String, usize>, b: &BTreeMap<String, usize>| {
        a.iter()
            .filter(|(target, n)| b.get(*target).is_none_or(|m| m < n))
            .map(|(target, _)| target.clone())
            .collect()
    };
    (only(&before, &after), only(&after, &before))
}

/// The list of links, a row each.
pub fn list(links: &[Link], selected: usize, styles: &Styles) -> Vec<Paragraph> {
    if links.is_empty() {
        return vec![Paragraph::new(tr!("tui-links-none"), styles.muted)];
    }
    let mut out = Vec::new();
    for (n, link) in links.iter().enumerate() {
        let state = if link.state.is_bad() {
            styles.warning
        } else {
            styles.muted
        };
        let bad = if link.state.is_bad() { "! " } else { "" };
        let (mark, name) = if n == selected {
            (">", styles.selected_unfocused)
        } else {
            (" ", styles.strong)
        };
        let mut pieces = vec![
            Piece::new(format!("{mark}{:>2}. ", n + 1), styles.key),
            Piece::new(format!("{bad}{}  ", link.state.word()), state),
        ];
        if link.image {
            pieces.push(Piece::new(
                format!("{} ", tr!("tui-link-image")),
                styles.muted,
            ));
        }
        pieces.push(Piece::new(link.text.clone(), name));
        if !link.target.is_empty() {
            pieces.push(Piece::new(format!("  {}", link.target), styles.text));
        }
        out.push(Paragraph { pieces, indent: 0 });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states(text: &str) -> Vec<(String, State)> {
        let domains = ["sheng.example".to_owned()];
        let files = ["表.docx".to_owned(), "a.png".to_owned()];
        links(text, &domains, &files)
            .into_iter()
            .map(|l| {
                (
                    if l.target.is_empty() {
                        l.text
                    } else {
                        l.target
                    },
                    l.state,
                )
            })
            .collect()
    }

    #[test]
    fn links_are_told_apart() {
        let text = "见[通知](https://www.sheng.example/1.html)、[外站](http://other.org/)、[附表](表.docx)、[锚](#b)、[空]()、[邮](mailto:a@b.cn)、[脚本](javascript:x)、![图](a.png)、![外图](http://x.org/a.png)。";
        assert_eq!(
            states(text),
            [
                ("https://www.sheng.example/1.html", State::Internal),
                ("http://other.org/", State::External),
                ("表.docx", State::Attachment),
                ("#b", State::Anchor),
                ("空", State::Broken),
                ("mailto:a@b.cn", State::Contact),
                ("javascript:x", State::Broken),
                ("a.png", State::Attachment),
                ("http://x.org/a.png", State::Broken),
            ]
            .map(|(t, s)| (t.to_owned(), s))
        );
    }

    #[test]
    fn what_was_meant_as_a_link_is_found() {
        assert_eq!(
            states("见[通知]（https://a.org/1）和[表](b.html"),
            [
                ("[通知]（https://a.org/1）".to_owned(), State::Unread),
                ("[表](b.html".to_owned(), State::Unread),
            ]
        );
        assert_eq!(states("注[1]（见附件）"), []);
        // The host of a longer name is not a site of the board.
        assert_eq!(
            states("https://evilsheng.example/x。"),
            [("https://evilsheng.example/x".to_owned(), State::External)]
        );
    }

    #[test]
    fn changed_targets_are_named() {
        let (gone, came) = changed("[甲](a.html)和[乙](b.html)", "[甲](c.html)和[乙](b.html)");
        assert_eq!(
            (gone, came),
            (vec!["a.html".to_owned()], vec!["c.html".to_owned()])
        );
    }
}
