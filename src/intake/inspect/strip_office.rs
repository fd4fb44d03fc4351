//! The parts of an office file without what tells who worked on it, and, if asked, without comments,
//! open changes and what is hidden.
//!
//! Parts are rewritten as trees of the events they were read as: what is not touched stays as it
//! was written, prefixes and all.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::io::{Cursor, Write};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, Writer};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::super::archive::{Archive, MAX_UNPACKED};
use super::super::{ArchiveFault, IntakeError, xml, xlsx};
use super::strip::{Strip, jpeg, png};
use super::{Kind, kind};

/// Deeper elements are made to hurt.
const DEEPEST: usize = 200;

/// More elements than any part has.
const MOST_NODES: usize = 4_000_000;

fn zip_fault(_: impl std::error::Error) -> IntakeError {
    ArchiveFault::Broken.into()
}

pub(super) fn office(bytes: &[u8], strip: Strip) -> Result<Vec<u8>, IntakeError> {
    let hidden_sheets = if strip.hidden && kind(bytes) == Kind::Xlsx {
        xlsx::hidden_sheets(bytes)?
    } else {
        HashSet::new()
    };
    let mut archive = Archive::open(Cow::Borrowed(bytes), MAX_UNPACKED)?;
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    let mut used = BTreeSet::new();
    for index in 0..archive.members.len() {
        let member = archive.members[index].clone();
        if member.folder {
            continue;
        }
        let part = archive.read(index)?;
        let name = member.name.to_lowercase();
        if name.starts_with("docprops/thumbnail") || (strip.hidden && is_calculation(&name)) {
            continue;
        }
        let clean = if name.starts_with("docprops/") && name.ends_with(".xml") {
            emptied(&part)?
        } else if ["png", "jpg", "jpeg"]
            .iter()
            .any(|e| name.ends_with(&format!(".{e}")))
        {
            match kind(&part) {
                Kind::Png => png(&part).unwrap_or(part),
                Kind::Jpeg => jpeg(&part).unwrap_or(part),
                _ => part,
            }
        } else if name.ends_with(".xml") || name.ends_with(".rels") {
            let mut tree = parse(&part)?;
            clean(&mut tree, &name, strip);
            if strip.hidden && name.starts_with("xl/worksheets/") {
                values_only(&mut tree, hidden_sheets.contains(&name));
                shared(&tree, &mut used);
            }
            written(tree)?
        } else {
            part
        };
        parts.push((member.name, clean));
    }
    if strip.hidden {
        for (name, part) in &mut parts {
            if name.eq_ignore_ascii_case("xl/sharedStrings.xml") {
                let mut tree = parse(part)?;
                blank_unused(&mut tree, &used);
                *part = written(tree)?;
            }
        }
    }
    let mut writer = ZipWriter::new(Cursor::new(Vec::with_capacity(bytes.len())));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default());
    for (name, part) in parts {
        writer.start_file(&name, options).map_err(zip_fault)?;
        writer.write_all(&part).map_err(zip_fault)?;
    }
    Ok(writer.finish().map_err(zip_fault)?.into_inner())
}

/// The order in which a workbook works out its formulas; without formulas there is none.
fn is_calculation(name: &str) -> bool {
    name == "xl/calcchain.xml"
}

/// A part with its root and nothing in it.
fn emptied(part: &[u8]) -> Result<Vec<u8>, IntakeError> {
    let mut tree = parse(part)?;
    for node in &mut tree {
        if let Node::Element(element) = node {
            element.inner.clear();
        }
    }
    written(tree)
}

/// A piece of a part as it was read.
enum Node {
    Element(Element),
    Other(Event<'static>),
}

struct Element {
    start: BytesStart<'static>,
    inner: Vec<Node>,
}

impl Element {
    fn local(&self) -> String {
        self.start.local_name().as_ref().to_owned()
    }

    fn is(&self, local: &str) -> bool {
        self.start.local_name().as_ref() == local
    }

    fn attr(&self, local: &str) -> Option<String> {
        self.start
            .attributes()
            .with_checks(false)
            .filter_map(Result::ok)
            .find(|a| a.key.local_name().as_ref() == local)
            .map(|a| a.value.into_owned())
    }

    fn children(&self) -> impl Iterator<Item = &Element> {
        self.inner.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Other(_) => None,
        })
    }

    fn child(&self, local: &str) -> Option<&Element> {
        self.children().find(|element| element.is(local))
    }

    /// A property that is on when it is there, unless it says off.
    fn on(&self, local: &str) -> bool {
        self.child(local).is_some_and(|property| {
            !matches!(
                property.attr("val").as_deref(),
                Some("0" | "false" | "off")
            )
        })
    }
}

fn parse(part: &[u8]) -> Result<Vec<Node>, IntakeError> {
    let text = xml::decode(part)?;
    let mut reader = Reader::from_str(&text);
    let mut open: Vec<Element> = Vec::new();
    let mut top: Vec<Node> = Vec::new();
    let mut count = 0;
    loop {
        count += 1;
        if count > MOST_NODES {
            return Err(IntakeError::TooDeep);
        }
        let event = reader.read_event().map_err(|_| IntakeError::Xml)?;
        let node = match event {
            Event::DocType(_) => return Err(IntakeError::DocType),
            Event::Eof => break,
            Event::Start(start) => {
                if open.len() >= DEEPEST {
                    return Err(IntakeError::TooDeep);
                }
                open.push(Element {
                    start: start.into_owned(),
                    inner: Vec::new(),
                });
                continue;
            }
            Event::Empty(start) => Node::Element(Element {
                start: start.into_owned(),
                inner: Vec::new(),
            }),
            Event::End(_) => Node::Element(open.pop().ok_or(IntakeError::Xml)?),
            other => Node::Other(other.into_owned()),
        };
        match open.last_mut() {
            Some(above) => above.inner.push(node),
            None => top.push(node),
        }
    }
    if open.is_empty() {
        Ok(top)
    } else {
        Err(IntakeError::Xml)
    }
}

fn written(tree: Vec<Node>) -> Result<Vec<u8>, IntakeError> {
    let mut writer = Writer::new(Vec::new());
    write(&mut writer, tree)?;
    Ok(writer.into_inner())
}

fn write(writer: &mut Writer<Vec<u8>>, nodes: Vec<Node>) -> Result<(), IntakeError> {
    for node in nodes {
        let done = match node {
            Node::Other(event) => writer.write_event(event),
            Node::Element(element) if element.inner.is_empty() => {
                writer.write_event(Event::Empty(element.start))
            }
            Node::Element(element) => {
                let end = element.start.to_end().into_owned();
                writer
                    .write_event(Event::Start(element.start))
                    .map_err(|_| IntakeError::Xml)?;
                write(writer, element.inner)?;
                writer.write_event(Event::End(end))
            }
        };
        done.map_err(|_| IntakeError::Xml)?;
    }
    Ok(())
}

/// Takes out of a part what has to go.
fn clean(nodes: &mut Vec<Node>, part: &str, strip: Strip) {
    let mut kept = Vec::with_capacity(nodes.len());
    let accepts = strip.changes && part.starts_with("word/");
    let mut rest = std::mem::take(nodes).into_iter().peekable();
    while let Some(node) = rest.next() {
        let Node::Element(mut element) = node else {
            kept.push(node);
            continue;
        };
        if drops(part, &element, strip) || (accepts && is_deleted_row(&element)) {
            continue;
        }
        // Names of authors stand as text in one kind of part: comments of workbooks.
        if element.is("author") {
            element.inner.retain(|n| matches!(n, Node::Element(_)));
        }
        element.start = anonymous(&element.start);
        let deleted = accepts && ends_deleted(&element);
        clean(&mut element.inner, part, strip);
        if !accepts {
            kept.push(Node::Element(element));
            continue;
        }
        // Another paragraph must follow: a cell without one does not open.
        let followed = matches!(rest.peek(), Some(Node::Element(next)) if next.is("p"));
        if deleted && followed && is_bare(&element) {
            continue;
        }
        match accepted(element) {
            Accepted::Gone => {}
            Accepted::Kept(element) => kept.push(Node::Element(element)),
            Accepted::Unwrapped(inner) => kept.extend(inner),
        }
    }
    *nodes = kept;
}

/// Elements that go: the folder a workbook was saved in, the thumbnail's relation, marks of
/// editing sessions, people, and what was asked for.
fn drops(part: &str, element: &Element, strip: Strip) -> bool {
    let name = element.local();
    let name = name.as_str();
    if matches!(name, "absPath" | "rsids" | "person" | "fileSharing") {
        return true;
    }
    if name == "Relationship" {
        let kind = element.attr("Type").unwrap_or_default();
        return kind.ends_with("/thumbnail") || (strip.hidden && kind.ends_with("/calcChain"));
    }
    if name == "Override" && strip.hidden {
        let part = element.attr("PartName").unwrap_or_default().to_lowercase();
        return is_calculation(part.trim_start_matches('/'));
    }
    if strip.hidden && part.starts_with("word/") && name == "r" {
        return element.child("rPr").is_some_and(|p| p.on("vanish"));
    }
    if !strip.comments {
        return false;
    }
    let in_comments = part.contains("comment");
    matches!(
        name,
        "commentRangeStart" | "commentRangeEnd" | "commentReference" | "annotationRef"
    ) || (in_comments
        && matches!(
            name,
            "comment" | "threadedComment" | "commentEx" | "commentId" | "commentExtensible"
        ))
}

/// An element without names, initials and times of those who edited.
fn anonymous(start: &BytesStart<'_>) -> BytesStart<'static> {
    let mut out = BytesStart::new(start.name().as_ref().to_owned());
    let attributes: Vec<_> = start
        .attributes()
        .with_checks(false)
        .filter_map(Result::ok)
        .collect();
    let edited = attributes
        .iter()
        .any(|a| a.key.local_name().as_ref() == "author" && a.key.prefix().is_some());
    for attribute in attributes {
        let local = attribute.key.local_name();
        let prefixed = attribute.key.prefix().is_some();
        match local.as_ref() {
            "author" if prefixed => out.push_attribute((attribute.key.as_ref(), "-")),
            "initials" | "date" | "dateUtc" if edited => {}
            "rsid" | "rsidR" | "rsidRPr" | "rsidRDefault" | "rsidP" | "rsidDel" | "rsidTr"
            | "rsidSect"
                if prefixed => {}
            _ => out.push_attribute(attribute),
        }
    }
    out
}

/// What is left of an element when open changes are accepted.
enum Accepted {
    Gone,
    Kept(Element),
    Unwrapped(Vec<Node>),
}

fn accepted(element: Element) -> Accepted {
    let name = element.local();
    match name.as_str() {
        "del" | "moveFrom" | "cellIns" | "moveFromRangeStart" | "moveFromRangeEnd"
        | "moveToRangeStart" | "moveToRangeEnd" => Accepted::Gone,
        // A mark in properties holds nothing, and so leaves nothing.
        "ins" | "moveTo" => Accepted::Unwrapped(element.inner),
        // How it was formatted before.
        _ if name.ends_with("Change") => Accepted::Gone,
        _ => Accepted::Kept(element),
    }
}

/// Whether a change deletes a row whole.
fn is_deleted_row(element: &Element) -> bool {
    element.is("tr")
        && element
            .child("trPr")
            .is_some_and(|p| p.child("del").is_some())
}

/// Whether a change deletes the end of a paragraph.
fn ends_deleted(element: &Element) -> bool {
    element.is("p")
        && element
            .child("pPr")
            .and_then(|p| p.child("rPr"))
            .is_some_and(|p| p.child("del").is_some() || p.child("moveFrom").is_some())
}

/// Whether a paragraph holds nothing but its properties and bookmarks.
fn is_bare(paragraph: &Element) -> bool {
    paragraph.children().all(|inner| {
        let name = inner.local();
        name == "pPr" || name.starts_with("bookmark") || name == "proofErr"
    })
}

/// A sheet without formulas, and without the cells nobody is shown.
fn values_only(tree: &mut [Node], hidden: bool) {
    let mut columns = Vec::new();
    each(tree, &mut |element| {
        let off = |name: &str| {
            matches!(element.attr(name).as_deref(), Some("1" | "true"))
                || (name == "hidden"
                    && element
                        .attr("width")
                        .and_then(|w| w.parse::<f64>().ok())
                        .is_some_and(|w| w == 0.0))
        };
        if element.is("col") && off("hidden") {
            let number = |name: &str| element.attr(name).and_then(|n| n.parse::<u32>().ok());
            if let (Some(from), Some(to)) = (number("min"), number("max")) {
                columns.push(from..=to);
            }
        }
        if element.is("row") {
            let none = element
                .attr("ht")
                .and_then(|h| h.parse::<f64>().ok())
                .is_some_and(|h| h == 0.0);
            let row_hidden = hidden || none || off("hidden");
            for node in &mut element.inner {
                let Node::Element(cell) = node else { continue };
                let column = cell.attr("r").and_then(|r| xlsx::column_of(&r));
                let column_hidden =
                    column.is_some_and(|c| columns.iter().any(|range| range.contains(&c)));
                if row_hidden || column_hidden {
                    cell.inner.clear();
                } else {
                    cell.inner
                        .retain(|n| !matches!(n, Node::Element(inner) if inner.is("f")));
                }
            }
        }
    });
}

/// Sees every element, outer ones first. The depth of a tree is bounded.
fn each(nodes: &mut [Node], see: &mut dyn FnMut(&mut Element)) {
    for node in nodes {
        if let Node::Element(element) = node {
            see(element);
            each(&mut element.inner, see);
        }
    }
}

fn text(element: &Element) -> String {
    element
        .inner
        .iter()
        .filter_map(|node| match node {
            Node::Other(Event::Text(text)) => Some(text.to_string()),
            _ => None,
        })
        .collect()
}

/// Notes the shared texts a sheet still shows.
fn shared(tree: &[Node], used: &mut BTreeSet<usize>) {
    for node in tree {
        let Node::Element(element) = node else {
            continue;
        };
        if element.is("c")
            && element.attr("t").as_deref() == Some("s")
            && let Some(value) = element.child("v")
            && let Ok(at) = text(value).trim().parse()
        {
            used.insert(at);
        }
        shared(&element.inner, used);
    }
}

/// Empties the shared texts no cell shows any more; their places stay.
fn blank_unused(tree: &mut [Node], used: &BTreeSet<usize>) {
    let mut at = 0;
    each(tree, &mut |element| {
        if element.is("si") {
            if !used.contains(&at) {
                element.inner.clear();
            }
            at += 1;
        }
    });
}
