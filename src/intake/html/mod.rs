//! Saved web pages.
//!
//! A page is read when it has one of the shapes the sites of the administration use, or exactly
//! one element that says it is the article. Anything else is refused: the wrong element would
//! import a navigation bar, or half a text.

mod body;
mod facts;
mod list;
mod table;
mod walk;

use scraper::{ElementRef, Html, Selector};

pub(super) use list::rows as list_rows;

pub(super) use body::{address, file_name, is_file, markdown_link};

use super::finish::Raw;
use super::head::{self, Block};
use super::labels::Label;
use super::{IntakeError, IntakeNote};

/// Deeper markup is an attack on the parser, whose work grows with the square of the depth.
const DEEPEST: usize = 512;

/// The shapes, the most telling first.
const SHAPES: [&str; 4] = [
    "#UCAP-CONTENT",
    "#zoomcon",
    "#zoom",
    // fgk.chinatax.gov.cn; told from other pages' `div.article` by its line of dates
    "div.article",
];

/// Elements that say they are the article.
const GENERIC: [&str; 5] = [
    ".TRS_Editor",
    "article",
    "main",
    ".article-content",
    "div.article",
];

/// Elements that are the article on many sites and something else on others: taken where there is
/// one and it holds a text.
const OFTEN: [&str; 18] = [
    "#js_content",
    ".pages_content",
    ".TRS_UEDITOR",
    "#artibody",
    "#article-content",
    "#articleContent",
    ".article_content",
    ".article-con",
    ".article_con",
    ".news_content",
    ".news-content",
    ".detail-content",
    ".detail_content",
    ".xxgk_content",
    ".wz_content",
    ".view_content",
    "#content",
    ".content",
];

/// A text found by its share of the page must have this many characters.
const ENOUGH: usize = 60;

/// How deep the element with most of the text is looked for.
const DEEPEST_LOOK: usize = 40;

pub(super) fn read(text: &str) -> Result<Raw, IntakeError> {
    if depth(text) > DEEPEST {
        return Err(IntakeError::TooDeep);
    }
    let page = Html::parse_document(text);
    if is_saved_by_word(&page)
        && let Some(body) = select(&page, "body").first()
    {
        return Ok(document(text, *body));
    }
    let (container, shape) = container(&page)?;
    let mut raw = Raw {
        title: title(&page, container),
        facts: facts::collect(&page, container),
        migrated: shape == "#zoomcon",
        ..Raw::default()
    };
    let rendered = body::render(container);
    raw.blocks = rendered.blocks;
    raw.attachments = rendered.attachments;
    if rendered.merged_cells {
        raw.notes.push(IntakeNote::MergedCells);
    }
    if shape.is_empty() {
        raw.notes.push(IntakeNote::BodyGuessed);
    }
    if cut_off(text) {
        raw.notes.push(IntakeNote::Truncated);
    }
    Ok(raw)
}

/// A document a word processor saved as a page: all of it is text, its head is read like that of
/// any document, and its `<title>` is whatever the file was called once.
fn document(text: &str, body: ElementRef<'_>) -> Raw {
    let rendered = body::render(body);
    let blocks = rendered.blocks.into_iter().map(|block| Block {
        table: block.starts_with("| "),
        ..Block::plain(block)
    });
    let mut raw = head::split(blocks.collect());
    raw.attachments = rendered.attachments;
    if rendered.merged_cells {
        raw.notes.push(IntakeNote::MergedCells);
    }
    if cut_off(text) {
        raw.notes.push(IntakeNote::Truncated);
    }
    raw
}

fn is_saved_by_word(page: &Html) -> bool {
    ["Generator", "ProgId"].iter().any(|name| {
        facts::meta(page, name).is_some_and(|by| {
            ["Microsoft Word", "Word.Document", "WPS", "Kingsoft", "LibreOffice", "OpenOffice"]
                .iter()
                .any(|program| by.contains(program))
        })
    })
}

/// Markup inside a value of another format, as a list of blocks.
pub(super) fn fragment(text: &str) -> Result<Raw, IntakeError> {
    if depth(text) > DEEPEST {
        return Err(IntakeError::TooDeep);
    }
    let fragment = Html::parse_fragment(text);
    let rendered = body::render(fragment.root_element());
    Ok(Raw {
        blocks: rendered.blocks,
        attachments: rendered.attachments,
        ..Raw::default()
    })
}

/// Text of a snippet without its markup.
pub(super) fn plain(text: &str) -> String {
    if !text.contains(['<', '&']) || depth(text) > DEEPEST {
        return text.to_owned();
    }
    walk::text_of(Html::parse_fragment(text).root_element())
}

fn container(page: &Html) -> Result<(ElementRef<'_>, &'static str), IntakeError> {
    for shape in SHAPES {
        if shape == "div.article" && select(page, "p.arc_date").is_empty() {
            continue;
        }
        match outermost(select(page, shape))[..] {
            [] => {}
            [one] => return Ok((one, shape)),
            [..] => return ambiguous(&outermost(select(page, shape))),
        }
    }
    for selector in GENERIC {
        match outermost(select(page, selector))[..] {
            [] => {}
            [one] => return Ok((one, selector)),
            [..] => return ambiguous(&outermost(select(page, selector))),
        }
    }
    for selector in OFTEN {
        if let [one] = outermost(select(page, selector))[..]
            && is_text(one)
        {
            return Ok((one, selector));
        }
    }
    most_of_the_text(page).ok_or(IntakeError::NoBody)
}

/// The element that holds nearly all the text of the page outside links, and few links: on a page
/// without any of the known shapes that is the article, or nothing is. Where there is no other
/// text on the page, nothing was chosen; else the shape is empty, and a person is called.
fn most_of_the_text(page: &Html) -> Option<(ElementRef<'_>, &'static str)> {
    let body = *select(page, "body").first()?;
    let all = walk::weight(body).words;
    let mut one = body;
    for _ in 0..DEEPEST_LOOK {
        let inner = one
            .child_elements()
            .find(|inner| walk::weight(*inner).words * 10 >= all * 8);
        match inner {
            Some(inner) if walk::is_block(inner.value().name()) && inner.value().name() != "p" => {
                one = inner;
            }
            _ => break,
        }
    }
    is_text(one).then_some(())?;
    let weight = walk::weight(one);
    let heading = select(page, "h1, h2")
        .into_iter()
        .map(|h| walk::weight(h).words)
        .sum::<usize>();
    let rest = all.saturating_sub(weight.words);
    Some((one, if rest <= heading { "body" } else { "" }))
}

/// Whether an element holds a text and not a list of links.
fn is_text(one: ElementRef<'_>) -> bool {
    let weight = walk::weight(one);
    weight.words >= ENOUGH && weight.linked * 3 <= weight.words
}

fn ambiguous<T>(found: &[ElementRef<'_>]) -> Result<T, IntakeError> {
    Err(IntakeError::AmbiguousBody {
        candidates: found.len(),
    })
}

/// All elements a selector of this file matches; the selectors are constants and parse.
fn select<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    Selector::parse(selector)
        .map(|selector| page.select(&selector).collect())
        .unwrap_or_default()
}

/// Publishing systems nest their own marker; only the outer ones are candidates.
fn outermost(found: Vec<ElementRef<'_>>) -> Vec<ElementRef<'_>> {
    // Document order: an element follows the one that contains it.
    let mut outer: Vec<ElementRef<'_>> = Vec::new();
    for one in found {
        let inside = one
            .ancestors()
            .any(|above| outer.iter().any(|outer| outer.id() == above.id()));
        if !inside {
            outer.push(one);
        }
        if outer.len() > 16 {
            break;
        }
    }
    outer
}

fn title(page: &Html, container: ElementRef<'_>) -> Option<String> {
    let only = |found: Vec<ElementRef<'_>>| match found[..] {
        [one] => Some(walk::text_of(one)),
        _ => None,
    };
    let stated = |text: &String| !text.trim().is_empty();
    facts::meta(page, "ArticleTitle")
        .filter(stated)
        .or_else(|| only(select(page, "h1")).filter(stated))
        .or_else(|| {
            let inside = Selector::parse("h1").ok()?;
            only(container.select(&inside).collect()).filter(stated)
        })
        .or_else(|| {
            select(page, "head > title")
                .first()
                .map(|one| walk::text_of(*one))
        })
        .filter(stated)
}

/// Whether a page that began as a whole document lacks its end.
fn cut_off(text: &str) -> bool {
    let lower = |part: &str| part.to_ascii_lowercase();
    let head: String = text.chars().take(2048).collect();
    let tail_at = text.len().saturating_sub(16 * 1024);
    let tail = (tail_at..text.len())
        .find(|at| text.is_char_boundary(*at))
        .and_then(|at| text.get(at..))
        .unwrap_or(text);
    lower(&head).contains("<html") && {
        let tail = lower(tail);
        !tail.contains("</html") && !tail.contains("</body")
    }
}

/// How deep the elements nest, counted roughly and before parsing: elements that close by
/// themselves are left out.
fn depth(text: &str) -> usize {
    const CLOSE_THEMSELVES: [&[u8]; 32] = [
        b"p",
        b"li",
        b"td",
        b"th",
        b"tr",
        b"dd",
        b"dt",
        b"option",
        b"br",
        b"img",
        b"hr",
        b"meta",
        b"link",
        b"input",
        b"base",
        b"col",
        b"area",
        b"embed",
        b"param",
        b"source",
        b"track",
        b"wbr",
        b"tbody",
        b"thead",
        b"tfoot",
        b"colgroup",
        b"html",
        b"head",
        b"body",
        b"o:p",
        b"optgroup",
        b"rp",
    ];
    let bytes = text.as_bytes();
    let (mut depth, mut deepest, mut at) = (0_usize, 0, 0);
    while let Some(found) = bytes[at..].iter().position(|byte| *byte == b'<') {
        at += found + 1;
        let closing = bytes.get(at) == Some(&b'/');
        let start = at + usize::from(closing);
        if bytes[at..].starts_with(b"!--") {
            at += end_of(&bytes[at..], b"-->");
            continue;
        }
        let length = bytes[start..]
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b':')
            .count();
        let name = bytes[start..start + length].to_ascii_lowercase();
        at = start + length;
        if name.is_empty() || CLOSE_THEMSELVES.contains(&name.as_slice()) {
            continue;
        }
        if closing {
            depth = depth.saturating_sub(1);
            continue;
        }
        if matches!(name.as_slice(), b"script" | b"style") {
            at += end_of(&bytes[at..], b"</");
            continue;
        }
        depth += 1;
        deepest = deepest.max(depth);
    }
    deepest
}

fn end_of(bytes: &[u8], mark: &[u8]) -> usize {
    bytes
        .windows(mark.len())
        .position(|window| window == mark)
        .unwrap_or(bytes.len())
}

/// Values of the page's data and its text must not disagree on what a label is.
fn fact(label: Label, value: String) -> Option<(Label, String)> {
    (!value.trim().is_empty()).then_some((label, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_counted_before_parsing() {
        assert_eq!(depth("<div><p><b>x</b></p></div><div></div>"), 2);
        assert_eq!(depth("<script>if (a<b) x('<div>')</script><div>"), 1);
        assert_eq!(depth(&"<font>".repeat(1000)), 1000);
        assert_eq!(depth(&"<p>甲".repeat(1000)), 0);
        assert_eq!(depth("<!-- <div><div> --><i>"), 1);
    }

    #[test]
    fn a_cut_off_page_is_noticed() {
        assert!(cut_off("<html><body><p>甲"));
        assert!(!cut_off("<html><body><p>甲</body></html>"));
        assert!(!cut_off("<div>甲</div>"));
    }
}
