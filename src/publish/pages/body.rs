//! Manuscripts as HTML.
//!
//! The subset: paragraphs, headings, emphasis, lists, quotations, tables, links, and images that
//! are attachments of the same article. Two fences stand behind each other: the Markdown events
//! are filtered (HTML in a manuscript becomes visible text, unsafe links lose their target), and
//! what comes out is cleaned again against a list of what may be in a page.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use crate::report::inert;

/// An attachment as a manuscript may refer to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Name in the manuscript.
    pub name: String,
    /// Address on the page.
    pub href: String,
    /// What an image shows; used where the manuscript says nothing.
    pub alt: String,
}

/// What a reader who does not see the page is told about the frame around a table. Chinese like
/// everything on the public site.
const TABLE: &str = "表格";

/// The only schemes a link may have.
const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from([
            "p",
            "br",
            "hr",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "strong",
            "em",
            "del",
            "code",
            "pre",
            "blockquote",
            "ul",
            "ol",
            "li",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "a",
            "img",
        ]))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href", "title"])),
            ("img", HashSet::from(["src", "alt", "title"])),
            ("ol", HashSet::from(["start"])),
            ("h2", HashSet::from(["id"])),
            ("h3", HashSet::from(["id"])),
            ("h4", HashSet::from(["id"])),
            ("h5", HashSet::from(["id"])),
            ("h6", HashSet::from(["id"])),
            ("th", HashSet::from(["style"])),
            ("td", HashSet::from(["style"])),
        ]))
        .filter_style_properties(HashSet::from(["text-align"]))
        .url_schemes(HashSet::from(SCHEMES))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer"))
        .set_tag_attribute_values(HashMap::from([
            ("th", HashMap::from([("scope", "col")])),
            ("img", HashMap::from([("loading", "lazy")])),
        ]))
        .attribute_filter(|element, attribute, value| {
            // An image that is not one of ours would tell a stranger who reads the page.
            let foreign = element == "img" && attribute == "src" && !is_own(value);
            (!foreign).then(|| value.into())
        });
    builder
});

/// A path on this site: no scheme, no host, no trick with the other slash.
fn is_own(url: &str) -> bool {
    !url.contains([':', '\\']) && !url.starts_with("//")
}

/// The HTML of a manuscript. Deterministic: the same text gives the same bytes.
pub fn to_html(markdown: &str, references: &[Reference]) -> String {
    let text = unindented(&inert::block(markdown));
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut levels: Vec<HeadingLevel> = Parser::new_ext(&text, options)
        .filter_map(|event| match event {
            Event::Start(Tag::Heading { level, .. }) => Some(level),
            _ => None,
        })
        .collect();
    levels.sort_unstable();
    levels.dedup();
    let mut filter = Filter {
        references,
        open: Vec::new(),
        levels,
        names: crate::text::anchors(&text).into_iter(),
        last: 1,
    };
    let events = Parser::new_ext(&text, options).filter_map(|event| filter.pass(event));
    let events = described(events, references);
    let mut out = String::with_capacity(text.len() * 3 / 2);
    html::push_html(&mut out, Joined::new(events.into_iter()));
    scrollable(&CLEANER.clean(&out).to_string())
}

/// An image without words gets those of its attachment.
fn described<'a>(
    events: impl Iterator<Item = Event<'a>>,
    references: &[Reference],
) -> Vec<Event<'a>> {
    let mut out = Vec::new();
    let mut silent: Option<CowStr<'a>> = None;
    for event in events {
        if let (Some(dest), Event::End(TagEnd::Image)) = (&silent, &event)
            && let Some(image) = references.iter().find(|r| r.href == **dest)
            && !image.alt.is_empty()
        {
            out.push(Event::Text(CowStr::from(inert::line(&image.alt))));
        }
        silent = match &event {
            Event::Start(Tag::Image { dest_url, .. }) => Some(dest_url.clone()),
            _ => None,
        };
        out.push(event);
    }
    out
}

/// What may be wider than a screen scrolls by itself, also for those who use no pointer. The tags
/// are the cleaner's own: in a text they would be escaped.
fn scrollable(html: &str) -> String {
    html.replace(
        "<table>",
        &format!(
            "<div class=\"table\" role=\"region\" aria-label=\"{TABLE}\" tabindex=\"0\"><table>"
        ),
    )
    .replace("</table>", "</table></div>")
    .replace("<pre>", "<pre tabindex=\"0\">")
}

/// Takes away the ideographic blanks with which Chinese paragraphs are set in by hand; the
/// style sheet does that, and both together would double it.
fn unindented(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        out.push_str(line.trim_start_matches(['\u{3000}', '\u{a0}']));
    }
    out
}

struct Filter<'a> {
    references: &'a [Reference],
    /// For every link or image under way: whether its tags are kept.
    open: Vec<bool>,
    /// Levels of heading the manuscript uses, highest first.
    levels: Vec<HeadingLevel>,
    /// What links within the page call the headings, in their order; screening checks links by
    /// the same names.
    names: std::vec::IntoIter<String>,
    /// Level of the last heading as shown; the title of the page is the first.
    last: usize,
}

impl<'a> Filter<'a> {
    fn pass(&mut self, event: Event<'a>) -> Option<Event<'a>> {
        Some(match event {
            // Hostile or merely hopeful, HTML is shown as it was typed.
            Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
            Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
            Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
            // The title of the page is the only first-level heading, and none is skipped below it:
            // readers who hear the page go by the levels.
            Event::Start(Tag::Heading { level, .. }) => {
                let rank = self.levels.iter().position(|l| *l == level).unwrap_or(0) + 2;
                self.last = rank.min(self.last + 1);
                Event::Start(Tag::Heading {
                    level: shown(self.last),
                    id: self.names.next().map(CowStr::from),
                    classes: Vec::new(),
                    attrs: Vec::new(),
                })
            }
            Event::End(TagEnd::Heading(_)) => Event::End(TagEnd::Heading(shown(self.last))),
            // A language name in a fence would become a class.
            Event::Start(Tag::CodeBlock(_)) => {
                Event::Start(Tag::CodeBlock(pulldown_cmark::CodeBlockKind::Indented))
            }
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }) => {
                let target = self.target(&dest_url).or_else(|| safe_link(&dest_url));
                self.open.push(target.is_some());
                Event::Start(Tag::Link {
                    link_type,
                    dest_url: target?,
                    title,
                    id,
                })
            }
            Event::Start(Tag::Image {
                link_type,
                dest_url,
                title,
                id,
            }) => {
                let target = self.target(&dest_url);
                self.open.push(target.is_some());
                Event::Start(Tag::Image {
                    link_type,
                    dest_url: target?,
                    title,
                    id,
                })
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                if !self.open.pop().unwrap_or(false) {
                    return None;
                }
                event
            }
            other => other,
        })
    }

    /// The attachment a target names, plainly or percent-encoded.
    fn target(&self, dest: &str) -> Option<CowStr<'a>> {
        let decoded = decoded(dest);
        self.references
            .iter()
            .find(|r| r.name == dest || r.name == decoded)
            .map(|r| CowStr::from(r.href.clone()))
    }
}

fn shown(level: usize) -> HeadingLevel {
    match level {
        0..=2 => HeadingLevel::H2,
        3 => HeadingLevel::H3,
        4 => HeadingLevel::H4,
        5 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    }
}

/// A link that leads to a page, a mailbox or a telephone and nowhere else.
fn safe_link<'a>(dest: &str) -> Option<CowStr<'a>> {
    is_safe_link(dest).then(|| CowStr::from(dest.to_owned()))
}

/// Whether an address may stand in a page.
pub fn is_safe_link(dest: &str) -> bool {
    if dest.is_empty()
        || dest.contains('\\')
        || dest
            .chars()
            .any(|c| c.is_whitespace() || inert::is_steering(c))
    {
        return false;
    }
    let end = dest.find(['/', '?', '#']).unwrap_or(dest.len());
    match dest[..end].split_once(':') {
        Some((scheme, _)) => SCHEMES.contains(&scheme.to_ascii_lowercase().as_str()),
        None => !dest.starts_with("//"),
    }
}

fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes
            .get(at + 1..at + 3)
            .filter(|_| bytes[at] == b'%')
            .and_then(|pair| std::str::from_utf8(pair).ok())
            .and_then(|pair| u8::from_str_radix(pair, 16).ok());
        out.push(byte.unwrap_or(bytes[at]));
        at += if byte.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Drops the line break between two Chinese characters: HTML would show it as a blank in the
/// middle of a sentence.
struct Joined<'a, I: Iterator<Item = Event<'a>>> {
    events: std::iter::Peekable<I>,
    last: Option<char>,
}

impl<'a, I: Iterator<Item = Event<'a>>> Joined<'a, I> {
    fn new(events: I) -> Self {
        Self {
            events: events.peekable(),
            last: None,
        }
    }
}

impl<'a, I: Iterator<Item = Event<'a>>> Iterator for Joined<'a, I> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Event<'a>> {
        let mut event = self.events.next()?;
        while matches!(event, Event::SoftBreak) {
            let next = match self.events.peek() {
                Some(Event::Text(text)) => text.chars().next(),
                _ => None,
            };
            if !(self.last.is_some_and(is_wide) && next.is_some_and(is_wide)) {
                break;
            }
            event = self.events.next()?;
        }
        match &event {
            Event::Text(text) => self.last = text.chars().next_back().or(self.last),
            Event::Start(Tag::Paragraph) | Event::Code(_) | Event::HardBreak => self.last = None,
            _ => {}
        }
        Some(event)
    }
}

/// Characters written without blanks between them, and their punctuation.
fn is_wide(c: char) -> bool {
    matches!(c,
        '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}'
        | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}'
        | '\u{2014}' | '\u{2018}'..='\u{201d}' | '\u{2026}')
}
