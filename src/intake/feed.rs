//! Feeds: RSS 2.0 and 1.0, Atom 1.0 (RFC 4287). Each entry is a reprint that says where it is from.

use jiff::civil::Date;
use jiff::fmt::rfc2822;

use super::clean::{collapse, escape_tags};
use super::finish::Raw;
use super::html::{self, address, file_name, markdown_link};
use super::labels::Label;
use super::xml::{self, Element};
use super::{FoundAttachment, IntakeError, IntakeNote, MIN_BODY_CHARS, json};

/// More entries are an archive, not news.
const MOST_ENTRIES: usize = 2_000;

/// What both kinds of feed say of an entry.
#[derive(Default)]
struct Entry {
    title: String,
    link: Option<String>,
    published: Option<Date>,
    source: Option<String>,
    /// The text, as markup or plain.
    content: Option<String>,
    /// Only a description, which may be the whole text or its beginning.
    summary: Option<String>,
    files: Vec<String>,
}

pub(super) fn read(text: &str) -> Result<Vec<Raw>, IntakeError> {
    let root = xml::parse(text)?;
    let entries: Vec<Entry> = match &*root.name {
        "rss" => {
            let channel = root
                .child("channel")
                .ok_or(IntakeError::Shape { lacks: "channel" })?;
            let of = channel.child("title").map(Element::text);
            channel
                .all("item")
                .map(|item| rss(item, of.as_deref()))
                .collect()
        }
        // RSS 1.0: the entries stand beside the channel.
        "rdf:RDF" => {
            let of = root
                .child("rss1:channel")
                .and_then(|channel| channel.child("rss1:title"))
                .map(Element::text);
            root.all("rss1:item")
                .map(|item| rss(item, of.as_deref()))
                .collect()
        }
        "atom:feed" => {
            let of = root.child("atom:title").map(words);
            root.all("atom:entry")
                .map(|entry| atom(entry, of.as_deref()))
                .collect()
        }
        _ => {
            return Err(IntakeError::Shape {
                lacks: "rss/channel, feed",
            });
        }
    };
    if entries.is_empty() {
        return Err(IntakeError::NoRows);
    }
    if entries.len() > MOST_ENTRIES {
        return Err(IntakeError::TooManyRows { most: MOST_ENTRIES });
    }
    let many = entries.len() > 1;
    entries
        .into_iter()
        .enumerate()
        .map(|(index, entry)| {
            raw(entry).map_err(|error| if many { error.in_row(index + 1) } else { error })
        })
        .collect()
}

fn rss(item: &Element, of: Option<&str>) -> Entry {
    let text = |name: &str| {
        item.child(name)
            .or_else(|| item.child(&format!("rss1:{name}")))
            .map(Element::text)
            .filter(|t| !t.trim().is_empty())
    };
    Entry {
        title: text("title").unwrap_or_default(),
        link: text("link").or_else(|| {
            // A guid is an address unless it says it is none.
            let guid = item.child("guid")?;
            (guid.attr("isPermaLink") != Some("false")).then(|| guid.text())
        }),
        published: text("pubDate")
            .or_else(|| text("dc:date"))
            .and_then(|t| day(&t)),
        source: text("source").or_else(|| of.map(str::to_owned)),
        content: text("content:encoded"),
        summary: text("description"),
        files: item
            .all("enclosure")
            .filter_map(|e| e.attr("url").map(str::to_owned))
            .collect(),
    }
}

fn atom(entry: &Element, of: Option<&str>) -> Entry {
    let link = |rel: &str| {
        entry
            .all("atom:link")
            .filter(move |l| l.attr("rel").unwrap_or("alternate") == rel)
            .filter_map(|l| l.attr("href").map(str::to_owned))
            .collect::<Vec<_>>()
    };
    let content = entry
        .child("atom:content")
        .filter(|c| c.attr("src").is_none());
    Entry {
        title: entry.child("atom:title").map(words).unwrap_or_default(),
        link: link("alternate").into_iter().next(),
        published: ["atom:published", "atom:updated"]
            .iter()
            .find_map(|name| day(&entry.child(name)?.text())),
        source: entry
            .child("atom:source")
            .and_then(|s| s.child("atom:title"))
            .map(words)
            .or_else(|| of.map(str::to_owned)),
        content: content.map(markup).filter(|t| !t.trim().is_empty()),
        summary: entry.child("atom:summary").map(markup),
        files: link("enclosure"),
    }
}

/// The text of a construct that may be markup, as one line.
fn words(construct: &Element) -> String {
    match construct.attr("type") {
        Some("html") => html::plain(&construct.text()),
        _ => collapse(&construct.text()),
    }
}

/// A construct as markup: HTML as it stands, XHTML paragraph by paragraph.
fn markup(construct: &Element) -> String {
    match construct.attr("type") {
        Some("html") => construct.text(),
        Some("xhtml") => {
            let mut lines = Vec::new();
            construct.each(&mut |e| {
                let block = matches!(&*e.name, "h:p" | "h:li" | "h:h1" | "h:h2" | "h:h3" | "h:td");
                let inner = ["h:p", "h:li", "h:td"]
                    .iter()
                    .any(|name| e.elements().any(|child| child.find(name).is_some()));
                if block && !inner {
                    lines.push(collapse(&e.text()));
                }
            });
            if lines.is_empty() {
                construct.text()
            } else {
                lines.join("\n")
            }
        }
        _ => construct.text(),
    }
}

/// The day printed in a feed, as it is where the feed is written.
fn day(text: &str) -> Option<Date> {
    let text = text.trim();
    rfc2822::parse(text)
        .map(|zoned| zoned.date())
        .ok()
        .or_else(|| text.get(..10)?.parse().ok())
}

fn raw(entry: Entry) -> Result<Raw, IntakeError> {
    let title = collapse(&html::plain(&entry.title));
    if title.is_empty() {
        return Err(IntakeError::NoTitle);
    }
    let link = entry.link.as_deref().and_then(address);
    let whole = entry.content.is_some();
    let text = entry.content.or(entry.summary).unwrap_or_default();
    let mut raw = json::paragraphs(&text)?;
    let chars: usize = raw.blocks.iter().map(|block| block.chars().count()).sum();
    if chars < MIN_BODY_CHARS {
        raw.link_only = true;
        raw.notes.push(IntakeNote::LinkOnly);
        let words = escape_tags(&title);
        raw.blocks.push(match &link {
            Some(link) => markdown_link(&words, link),
            None => words,
        });
    } else if !whole {
        raw.notes.push(IntakeNote::MaybeExcerpt);
    }
    for file in entry.files {
        if let Some(url) = address(&file) {
            raw.attachments.push(FoundAttachment {
                name: file_name(&url),
                url: Some(url),
                ..FoundAttachment::document()
            });
        }
    }
    let mut fact = |label, value: Option<String>| {
        if let Some(value) = value {
            raw.facts.push((label, value));
        }
    };
    fact(Label::SourceUrl, link);
    fact(Label::PublishedOn, entry.published.map(|d| d.to_string()));
    fact(Label::Source, entry.source);
    raw.title = Some(title);
    raw.reprint = true;
    Ok(raw)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn rss_entries_say_where_they_are_from() {
        let all = read(
            "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>某站</title>
             <item><title>甲&amp;乙</title><link>https://a.example.org/1</link><pubDate>Fri, 04 Sep 2026 00:30:00 +0800</pubDate>
             <description>短</description></item>
             <item><title>丙</title><guid>https://a.example.org/2</guid><source url='x'>某报</source>
             <content:encoded><![CDATA[<p>第一段写得够长，足以成为一篇稿件的正文内容，不必再去别处看。</p><p>第二段<script>x</script></p>]]></content:encoded>
             <enclosure url='https://a.example.org/f.pdf' type='application/pdf'/></item></channel></rss>",
        )
        .unwrap();
        assert!(all[0].link_only && all[0].reprint);
        assert_eq!(all[0].blocks, ["短", "[甲&乙](https://a.example.org/1)"]);
        assert_eq!(
            all[0].facts,
            [
                (Label::SourceUrl, "https://a.example.org/1".to_owned()),
                (Label::PublishedOn, "2026-09-04".to_owned()),
                (Label::Source, "某站".to_owned()),
            ]
        );
        assert_eq!(
            all[1].blocks,
            [
                "第一段写得够长，足以成为一篇稿件的正文内容，不必再去别处看。",
                "第二段"
            ]
        );
        assert_eq!(all[1].facts[1], (Label::Source, "某报".to_owned()));
        assert_eq!(all[1].attachments[0].name, "f.pdf");
    }

    #[test]
    fn atom_entries_in_every_kind_of_text() {
        let all = read(
            "<feed xmlns='http://www.w3.org/2005/Atom'><title>某站</title>
             <entry><title type='html'>甲&lt;b&gt;乙&lt;/b&gt;</title><link href='https://a.example.org/1'/>
             <updated>2026-09-04T01:00:00+08:00</updated>
             <content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>第一段写得够长，足以成为一篇稿件的正文内容，不必再去别处看，</p><p>第二段也写上。</p></div></content></entry>
             <entry><title>丙</title><link rel='alternate' href='javascript:x'/><summary>摘要写得够长，长到三十个字以上，读的人也许以为这就是全文了吧。</summary></entry></feed>",
        )
        .unwrap();
        assert_eq!(all[0].title.as_deref(), Some("甲乙"));
        assert_eq!(all[0].blocks.len(), 2);
        assert!(all[0].notes.is_empty());
        assert_eq!(
            all[0].facts[1],
            (Label::PublishedOn, "2026-09-04".to_owned())
        );
        assert_eq!(all[1].notes, [IntakeNote::MaybeExcerpt]);
        assert_eq!(all[1].facts, [(Label::Source, "某站".to_owned())]);
    }

    #[test]
    fn rss_1_0_has_its_entries_beside_the_channel() {
        let all = read(
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'>
             <channel><title>某局</title></channel><item><title>甲</title><link>https://a.example.org/1</link><dc:date>2026-11-20</dc:date>
             <description>摘要写得够长，长到三十个字以上，读的人也许以为这就是全文了吧。</description></item></rdf:RDF>",
        )
        .unwrap();
        assert_eq!(all[0].title.as_deref(), Some("甲"));
        assert_eq!(
            all[0].facts,
            [
                (Label::SourceUrl, "https://a.example.org/1".to_owned()),
                (Label::PublishedOn, "2026-11-20".to_owned()),
                (Label::Source, "某局".to_owned()),
            ]
        );
    }

    #[test]
    fn hostile_and_empty_feeds_are_refused() {
        assert_eq!(
            read("<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss><channel><item><title>&x;</title></item></channel></rss>").unwrap_err(),
            IntakeError::DocType
        );
        assert_eq!(
            read("<rss><channel/></rss>").unwrap_err(),
            IntakeError::NoRows
        );
        assert_eq!(read("<html/>").unwrap_err().code(), "intake.shape");
        assert_eq!(
            read("<rss><channel><item/></channel></rss>").unwrap_err(),
            IntakeError::NoTitle
        );
    }
}
