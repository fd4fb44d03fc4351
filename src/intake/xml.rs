//! XML from outside as a small tree: names with known prefixes, no document types, no entities
//! but the five of XML, and limits on depth and size.
//!
//! Office files come in two dialects (transitional and strict) and with whatever prefixes the
//! program that wrote them liked. Here a name is the usual prefix of its namespace and the local
//! name, `w:p`, whichever of them was used; names of unknown namespaces begin with `?:`.

use std::collections::HashSet;
use std::rc::Rc;

use encoding_rs::{UTF_16BE, UTF_16LE};
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{QName, ResolveResult};
use quick_xml::reader::NsReader;

use super::IntakeError;

/// Deeper elements are made to hurt; Word nests tables and text boxes a few dozen deep at most.
const DEEPEST: usize = 200;

/// More elements than any manuscript has; a tree of them still fits in memory.
const MOST_NODES: usize = 2_000_000;

/// More attributes on one element than any format defines.
const MOST_ATTRIBUTES: usize = 256;

/// Namespaces by the end of their name, which transitional and strict files share.
const SPACES: [(&str, &str); 33] = [
    ("/wordprocessingml/2006/main", "w"),
    ("/ooxml/wordprocessingml/main", "w"),
    ("/officeDocument/2006/relationships", "r"),
    ("/ooxml/officeDocument/relationships", "r"),
    ("/package/2006/relationships", "rel"),
    ("/package/2006/content-types", "ct"),
    ("/drawingml/2006/main", "a"),
    ("/ooxml/drawingml/main", "a"),
    ("/drawingml/2006/wordprocessingDrawing", "wp"),
    ("/ooxml/drawingml/wordprocessingDrawing", "wp"),
    ("/drawingml/2006/picture", "pic"),
    ("/ooxml/drawingml/picture", "pic"),
    ("/office/word/2010/wordprocessingShape", "wps"),
    ("/office/word/2010/wordprocessingGroup", "wpg"),
    ("/markup-compatibility/2006", "mc"),
    ("/officeDocument/2006/math", "m"),
    ("/ooxml/officeDocument/math", "m"),
    ("/spreadsheetml/2006/main", "x"),
    ("/ooxml/spreadsheetml/main", "x"),
    ("/package/2006/metadata/core-properties", "cp"),
    ("/officeDocument/2006/extended-properties", "ep"),
    ("/ooxml/officeDocument/extendedProperties", "ep"),
    ("/officeDocument/2006/custom-properties", "cup"),
    ("/ooxml/officeDocument/customProperties", "cup"),
    ("purl.org/dc/elements/1.1/", "dc"),
    ("purl.org/dc/terms/", "dcterms"),
    ("schemas-microsoft-com:vml", "v"),
    ("schemas-microsoft-com:office:office", "o"),
    ("www.w3.org/2005/Atom", "atom"),
    ("purl.org/rss/1.0/modules/content/", "content"),
    ("www.w3.org/1999/xhtml", "h"),
    ("purl.org/rss/1.0/", "rss1"),
    ("www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf"),
];

/// An element with its attributes and what it holds.
#[derive(Debug)]
pub(super) struct Element {
    pub(super) name: Rc<str>,
    attributes: Vec<(Rc<str>, String)>,
    pub(super) children: Vec<Node>,
}

/// What an element holds.
#[derive(Debug)]
pub(super) enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    /// An attribute by its known name: `w:val`, or `id` for one without a namespace.
    pub(super) fn attr(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(key, _)| &**key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Every attribute, by its known name.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attributes
            .iter()
            .map(|(key, value)| (&**key, value.as_str()))
    }

    /// `w:val` of the first child of a name.
    pub(super) fn val(&self, child: &str) -> Option<&str> {
        self.child(child)?.attr("w:val")
    }

    pub(super) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| &*element.name == name)
    }

    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.elements()
            .filter(move |element| &*element.name == name)
    }

    /// A property that is on when its element is there, unless that says off.
    pub(super) fn on(&self, child: &str) -> Option<bool> {
        let value = self.child(child)?.attr("w:val");
        Some(!matches!(value, Some("0" | "false" | "off")))
    }

    /// Every element below, in document order, this one first. The tree's depth is bounded.
    pub(super) fn each<'a>(&'a self, see: &mut dyn FnMut(&'a Element)) {
        see(self);
        for element in self.elements() {
            element.each(see);
        }
    }

    /// The first element of a name at any depth.
    pub(super) fn find(&self, name: &str) -> Option<&Element> {
        if &*self.name == name {
            return Some(self);
        }
        self.elements().find_map(|element| element.find(name))
    }

    /// All text below.
    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        self.push_text(&mut out);
        out
    }

    fn push_text(&self, out: &mut String) {
        for node in &self.children {
            match node {
                Node::Text(text) => out.push_str(text),
                Node::Element(element) => element.push_text(out),
            }
        }
    }
}

/// The characters of a part: UTF-8, or UTF-16 behind its mark.
pub(super) fn decode(bytes: &[u8]) -> Result<String, IntakeError> {
    let decoded = match bytes {
        [0xff, 0xfe, rest @ ..] => {
            UTF_16LE.decode_without_bom_handling_and_without_replacement(rest)
        }
        [0xfe, 0xff, rest @ ..] => {
            UTF_16BE.decode_without_bom_handling_and_without_replacement(rest)
        }
        [0xef, 0xbb, 0xbf, rest @ ..] | rest => {
            return String::from_utf8(rest.to_vec()).map_err(|_| IntakeError::Xml);
        }
    };
    decoded
        .map(std::borrow::Cow::into_owned)
        .ok_or(IntakeError::Xml)
}

/// Reads a document to its root.
pub(super) fn parse(text: &str) -> Result<Element, IntakeError> {
    let mut reader = NsReader::from_str(text);
    let mut names = Names::default();
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    let mut nodes = 0_usize;
    loop {
        let event = reader.read_event().map_err(|_| IntakeError::Xml)?;
        match event {
            Event::Start(start) => {
                nodes += 1;
                if open.len() >= DEEPEST || nodes > MOST_NODES {
                    return Err(IntakeError::TooDeep);
                }
                if root.is_some() {
                    return Err(IntakeError::Xml);
                }
                open.push(element(&reader, &mut names, &start)?);
            }
            Event::Empty(start) => {
                nodes += 1;
                if nodes > MOST_NODES {
                    return Err(IntakeError::TooDeep);
                }
                let one = element(&reader, &mut names, &start)?;
                match open.last_mut() {
                    Some(above) => above.children.push(Node::Element(one)),
                    None if root.is_none() => root = Some(one),
                    None => return Err(IntakeError::Xml),
                }
            }
            Event::End(_) => {
                let one = open.pop().ok_or(IntakeError::Xml)?;
                match open.last_mut() {
                    Some(above) => above.children.push(Node::Element(one)),
                    None => root = Some(one),
                }
            }
            Event::Text(text) => push(&mut open, &text.xml_content(XmlVersion::Implicit1_0)),
            Event::CData(text) => push(&mut open, &text.xml_content(XmlVersion::Implicit1_0)),
            Event::GeneralRef(reference) => {
                let c = reference.resolve_char_ref().map_err(|_| IntakeError::Xml)?;
                match c {
                    Some(c) => push(&mut open, c.encode_utf8(&mut [0; 4])),
                    None => {
                        let known = quick_xml::escape::resolve_xml_entity(&reference)
                            .ok_or(IntakeError::Xml)?;
                        push(&mut open, known);
                    }
                }
            }
            // A document type can define entities that grow without bound or read files; none of
            // the formats here has one.
            Event::DocType(_) => return Err(IntakeError::DocType),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    if !open.is_empty() {
        return Err(IntakeError::Xml);
    }
    root.ok_or(IntakeError::Xml)
}

fn push(open: &mut [Element], text: &str) {
    let Some(above) = open.last_mut() else {
        return;
    };
    if let Some(Node::Text(before)) = above.children.last_mut() {
        before.push_str(text);
    } else {
        above.children.push(Node::Text(text.to_owned()));
    }
}

/// Each name once, however often it stands in the file.
#[derive(Default)]
struct Names(HashSet<Rc<str>>);

impl Names {
    fn get(&mut self, prefix: &str, local: &str) -> Rc<str> {
        let name = if prefix.is_empty() {
            local.to_owned()
        } else {
            format!("{prefix}:{local}")
        };
        if let Some(known) = self.0.get(name.as_str()) {
            return Rc::clone(known);
        }
        let name: Rc<str> = Rc::from(name);
        self.0.insert(Rc::clone(&name));
        name
    }
}

fn element(
    reader: &NsReader<&[u8]>,
    names: &mut Names,
    start: &BytesStart<'_>,
) -> Result<Element, IntakeError> {
    let resolver = reader.resolver();
    let (space, local) = resolver.resolve_element(start.name());
    let name = names.get(prefix(&space), local.as_ref());
    let mut attributes = Vec::new();
    for attribute in start.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| IntakeError::Xml)?;
        if attributes.len() >= MOST_ATTRIBUTES {
            return Err(IntakeError::TooDeep);
        }
        let QName(raw) = attribute.key;
        if raw == "xmlns" || raw.starts_with("xmlns:") {
            continue;
        }
        let (space, local) = resolver.resolve_attribute(attribute.key);
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|_| IntakeError::Xml)?;
        attributes.push((
            names.get(prefix(&space), local.as_ref()),
            value.into_owned(),
        ));
    }
    Ok(Element {
        name,
        attributes,
        children: Vec::new(),
    })
}

fn prefix(space: &ResolveResult<'_>) -> &'static str {
    match space {
        ResolveResult::Unbound => "",
        ResolveResult::Bound(uri) => SPACES
            .iter()
            .find(|(end, _)| uri.0.ends_with(end))
            .map_or("?", |(_, prefix)| prefix),
        // Word's own prefixes are used undeclared by some converters.
        ResolveResult::Unknown(_) => "?",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn both_dialects_and_any_prefix_give_the_same_names() {
        for uri in [
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            "http://purl.oclc.org/ooxml/wordprocessingml/main",
        ] {
            let text =
                format!("<q:p xmlns:q='{uri}' q:val='1' id='a&amp;&#x4e00;'>x&lt;<q:r/></q:p>");
            let root = parse(&text).unwrap();
            assert_eq!(&*root.name, "w:p");
            assert_eq!(root.attr("w:val"), Some("1"));
            assert_eq!(root.attr("id"), Some("a&一"));
            assert_eq!(root.text(), "x<");
            assert!(root.child("w:r").is_some());
        }
    }

    #[test]
    fn hostile_markup_is_refused() {
        let bomb = "<!DOCTYPE a [<!ENTITY b 'bb'>]><a>&b;</a>";
        assert_eq!(parse(bomb).unwrap_err(), IntakeError::DocType);
        for text in [
            "",
            "<a>",
            "<a></b>",
            "</a>",
            "<a/><b/>",
            "<a>&b;</a>",
            "<a b='&c;'/>",
        ] {
            assert_eq!(parse(text).unwrap_err(), IntakeError::Xml, "{text}");
        }
        let deep = format!("{}{}", "<a>".repeat(300), "</a>".repeat(300));
        assert_eq!(parse(&deep).unwrap_err(), IntakeError::TooDeep);
    }

    #[test]
    fn parts_in_utf_16_are_read() {
        let bytes: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain("<a>税</a>".encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        assert_eq!(parse(&decode(&bytes).unwrap()).unwrap().text(), "税");
        assert!(decode(b"\xef\xbb\xbf<a>").is_ok());
        assert!(decode(b"<a>\xff").is_err());
    }
}
