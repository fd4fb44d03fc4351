//! The text of a PDF, for screening: not its layout, but every word its pages show.
//!
//! Reading a PDF whole takes fonts and encodings whole. What cannot be decoded is not guessed at:
//! then the text counts as unread, and a person is told to look himself. The same goes for pages
//! that are pictures.

use std::collections::{BTreeMap, HashSet};

use encoding_rs::{GB18030, UTF_16BE};
use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Encoding, LoadOptions, Object, ObjectId};

use super::super::aside::{Aside, Place};
use super::{Inspection, pdf};

/// Larger files are not read through.
const MOST_BYTES: usize = 48 * 1024 * 1024;

/// More pages are a book.
const MOST_PAGES: usize = 2_000;

/// Most bytes one stream may unpack to, and all of them together.
const MOST_STREAM: usize = 32 * 1024 * 1024;
const MOST_STREAMS: usize = 192 * 1024 * 1024;

/// Most operators of all pages.
const MOST_OPERATORS: usize = 4_000_000;

/// Longest text of one file.
const MOST_TEXT: usize = 16 * 1024 * 1024;

/// Forms within forms are read this deep.
const DEEPEST_FORM: usize = 6;

/// Longest value of a property, and most notes told of.
const MOST_VALUE: usize = 64 * 1024;
const MOST_NOTES: usize = 500;

/// Reads what the raw scan cannot: packed properties, notes, and the text. Whether all of the text
/// was read is noted in `found`.
pub(super) fn read(bytes: &[u8], found: &mut Inspection) {
    if bytes.len() > MOST_BYTES {
        return;
    }
    let options = LoadOptions::with_max_decompressed_size(MOST_STREAM);
    let Ok(document) = Document::load_mem_with_options(bytes, options) else {
        return;
    };
    if document.is_encrypted() && !document.was_encrypted() {
        return;
    }
    properties(&document, found);
    let mut reader = Reader {
        document: &document,
        text: String::new(),
        unread: false,
        left: MOST_STREAMS,
        operators: MOST_OPERATORS,
        line: None,
    };
    let pages: Vec<ObjectId> = document.get_pages().into_values().collect();
    reader.unread |= pages.is_empty() || pages.len() > MOST_PAGES;
    for page in pages.into_iter().take(MOST_PAGES) {
        reader.page(page);
        notes(&document, page, found);
        if reader.operators == 0 || reader.left == 0 || reader.text.len() > MOST_TEXT {
            reader.unread = true;
            break;
        }
    }
    fields(&document, &mut reader.text);
    found.text("body", reader.text);
    found.text_read = !reader.unread;
}

/// A text string of a PDF.
fn words(object: &Object) -> Option<String> {
    let bytes = object.as_str().ok()?;
    Some(pdf::string(&bytes[..bytes.len().min(MOST_VALUE)]))
}

fn properties(document: &Document, found: &mut Inspection) {
    if let Ok(info) = document.trailer.get_deref(b"Info", document)
        && let Ok(info) = info.as_dict()
    {
        for (name, value) in info.iter().take(64) {
            let value = document.dereference(value).map_or(value, |(_, v)| v);
            if let Some(value) = words(value) {
                add(found, &String::from_utf8_lossy(name), &value);
            }
        }
    }
    if let Ok(catalog) = document.catalog()
        && let Ok(stream) = catalog.get_deref(b"Metadata", document)
        && let Ok(stream) = stream.as_stream()
        && let Ok(bytes) = stream.get_plain_content_with_limit(MOST_STREAM)
    {
        let mut inner = Inspection::new(found.kind, 0);
        pdf::xmp(pdf::xmp_packet(&bytes), &mut inner);
        for property in inner.metadata {
            add(found, &property.name, &property.value);
        }
    }
}

fn add(found: &mut Inspection, name: &str, value: &str) {
    let value = value.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    if !found
        .metadata
        .iter()
        .any(|p| p.name == name && p.value == value)
    {
        found.property(name, value);
    }
}

/// Notes people stuck to a page.
fn notes(document: &Document, page: ObjectId, found: &mut Inspection) {
    let Ok(page) = document.get_dictionary(page) else {
        return;
    };
    let Ok(all) = page.get_deref(b"Annots", document).and_then(Object::as_array) else {
        return;
    };
    for one in all.iter().take(MOST_NOTES) {
        let Ok((_, one)) = document.dereference(one) else {
            continue;
        };
        let Ok(one) = one.as_dict() else { continue };
        let word = |key: &[u8]| {
            one.get_deref(key, document)
                .ok()
                .and_then(words)
                .unwrap_or_default()
        };
        let text = word(b"Contents");
        if !text.trim().is_empty() && found.asides.len() < MOST_NOTES {
            let aside = Aside::new(Place::Comment, Some(&word(b"T")), &text);
            found.asides.push(aside);
        }
    }
}

/// What was filled into a form.
fn fields(document: &Document, text: &mut String) {
    let Ok(form) = document
        .catalog()
        .and_then(|c| c.get_deref(b"AcroForm", document))
        .and_then(Object::as_dict)
    else {
        return;
    };
    let Ok(first) = form.get_deref(b"Fields", document).and_then(Object::as_array) else {
        return;
    };
    let mut open: Vec<&Object> = first.iter().take(MOST_NOTES).collect();
    let mut seen = HashSet::new();
    while let Some(object) = open.pop() {
        let Ok((id, object)) = document.dereference(object) else {
            continue;
        };
        if id.is_some_and(|id| !seen.insert(id)) || seen.len() > 5_000 {
            continue;
        }
        let Ok(field) = object.as_dict() else { continue };
        if let Some(value) = field.get_deref(b"V", document).ok().and_then(words) {
            text.push('\n');
            text.push_str(&value);
        }
        if let Ok(kids) = field.get_deref(b"Kids", document).and_then(Object::as_array) {
            open.extend(kids.iter().take(MOST_NOTES));
        }
        if open.len() > 20_000 {
            return;
        }
    }
}

/// How the bytes of a font's strings become characters.
enum Font<'a> {
    Known(Encoding<'a>),
    Gbk,
    Utf16,
    /// Nobody can say.
    Unknown,
}

struct Reader<'a> {
    document: &'a Document,
    text: String,
    unread: bool,
    left: usize,
    operators: usize,
    /// The height of the line at hand.
    line: Option<f64>,
}

/// What is saved and restored with the state of the page.
#[derive(Clone)]
struct State {
    matrix: [f64; 6],
    font: Option<Vec<u8>>,
    leading: f64,
}

const IDENTITY: [f64; 6] = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// `a` applied first, then `b`.
fn product(a: [f64; 6], b: [f64; 6]) -> [f64; 6] {
    [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    ]
}

fn number(object: Option<&Object>) -> f64 {
    object
        .and_then(|o| o.as_float().ok())
        .map_or(0.0, f64::from)
}

fn matrix(operands: &[Object]) -> [f64; 6] {
    std::array::from_fn(|at| number(operands.get(at)))
}

impl<'a> Reader<'a> {
    fn page(&mut self, id: ObjectId) {
        self.line = None;
        let (before, unread) = (self.text.len(), self.unread);
        let mut fonts = BTreeMap::new();
        match self.document.get_page_fonts(id) {
            Ok(found) => {
                for (name, font) in found {
                    fonts.insert(name, self.font(font));
                }
            }
            Err(_) => self.unread = true,
        }
        let most = MOST_STREAM.min(self.left);
        let Ok(content) = self.document.get_page_content_with_limit(id, most) else {
            self.unread = true;
            return;
        };
        let forms = self.forms_of_page(id);
        self.content(&content, &fonts, &forms, IDENTITY, 0);
        self.text.push('\n');
        // A page without a word is a picture of one.
        if self.text[before..].trim().is_empty() && !unread && has_image(&forms) {
            self.unread = true;
        }
    }

    fn font(&self, font: &'a Dictionary) -> Font<'a> {
        let name = font.get_deref(b"Encoding", self.document);
        let mapped = font.has(b"ToUnicode");
        if let Ok(name) = name.and_then(Object::as_name) {
            let name = name.strip_suffix(b"-V").or(name.strip_suffix(b"-H"));
            match name {
                Some(b"GBK-EUC" | b"GBKp-EUC" | b"GBK2K" | b"GB-EUC" | b"GBpc-EUC") => {
                    return Font::Gbk;
                }
                Some(b"UniGB-UCS2" | b"UniGB-UTF16") if !mapped => return Font::Utf16,
                Some(b"Identity") if !mapped => return Font::Unknown,
                _ => {}
            }
        }
        match font.get_font_encoding_with_limit(self.document, MOST_STREAM) {
            // A composite font whose table could not be read falls back to Latin letters there.
            Ok(Encoding::OneByteEncoding(_) | Encoding::Differences(_)) if is_composite(font) => {
                Font::Unknown
            }
            Ok(encoding) => Font::Known(encoding),
            Err(_) => Font::Unknown,
        }
    }

    /// The drawings a page refers to by name, and whether each is an image.
    fn forms_of_page(&self, id: ObjectId) -> Forms<'a> {
        let mut forms = Forms::new();
        if let Ok((own, inherited)) = self.document.get_page_resources(id) {
            for resources in inherited
                .into_iter()
                .filter_map(|id| self.document.get_dictionary(id).ok())
                .chain(own)
            {
                self.forms(resources, &mut forms);
            }
        }
        forms
    }

    fn forms(&self, resources: &'a Dictionary, into: &mut Forms<'a>) {
        let Ok(objects) = resources
            .get_deref(b"XObject", self.document)
            .and_then(Object::as_dict)
        else {
            return;
        };
        for (name, object) in objects.iter().take(10_000) {
            if let Ok((_, object)) = self.document.dereference(object)
                && let Ok(stream) = object.as_stream()
            {
                into.insert(name.clone(), stream);
            }
        }
    }

    fn content(
        &mut self,
        content: &[u8],
        fonts: &BTreeMap<Vec<u8>, Font<'a>>,
        forms: &Forms<'a>,
        outer: [f64; 6],
        depth: usize,
    ) {
        self.left = self.left.saturating_sub(content.len());
        let Ok(content) = Content::decode(content) else {
            self.unread = true;
            return;
        };
        let mut state = State {
            matrix: outer,
            font: None,
            leading: 0.0,
        };
        let mut saved: Vec<State> = Vec::new();
        let (mut start, mut text) = (IDENTITY, IDENTITY);
        for Operation { operator, operands } in &content.operations {
            if self.operators == 0 || self.text.len() > MOST_TEXT {
                self.unread = true;
                return;
            }
            self.operators -= 1;
            match operator.as_str() {
                "q" if saved.len() < 512 => saved.push(state.clone()),
                "Q" => {
                    if let Some(before) = saved.pop() {
                        state = before;
                    }
                }
                "cm" => state.matrix = product(matrix(operands), state.matrix),
                "BT" => (start, text) = (IDENTITY, IDENTITY),
                "Tf" => {
                    state.font = operands
                        .first()
                        .and_then(|o| o.as_name().ok())
                        .map(<[u8]>::to_vec);
                }
                "TL" => state.leading = number(operands.first()),
                "Tm" => {
                    start = matrix(operands);
                    text = start;
                }
                "Td" | "TD" => {
                    let (x, y) = (number(operands.first()), number(operands.get(1)));
                    if operator == "TD" {
                        state.leading = -y;
                    }
                    start = product([1.0, 0.0, 0.0, 1.0, x, y], start);
                    text = start;
                }
                "T*" | "'" | "\"" => {
                    start = product([1.0, 0.0, 0.0, 1.0, 0.0, -state.leading], start);
                    text = start;
                    if operator != "T*" {
                        let shown = operands.last();
                        self.show(shown, fonts, &state, text);
                    }
                }
                "Tj" => self.show(operands.first(), fonts, &state, text),
                "TJ" => {
                    if let Some(Object::Array(parts)) = operands.first() {
                        for part in parts {
                            self.show(Some(part), fonts, &state, text);
                        }
                    }
                }
                "Do" if depth < DEEPEST_FORM => {
                    let form = operands
                        .first()
                        .and_then(|o| o.as_name().ok())
                        .and_then(|name| forms.get(name));
                    if let Some(form) = form {
                        self.form(form, fonts, forms, state.matrix, depth);
                    }
                }
                _ => {}
            }
        }
    }

    /// A drawing used on a page: its own fonts and drawings, or those of what it stands on.
    fn form(
        &mut self,
        form: &'a lopdf::Stream,
        fonts: &BTreeMap<Vec<u8>, Font<'a>>,
        forms: &Forms<'a>,
        outer: [f64; 6],
        depth: usize,
    ) {
        let kind = form.dict.get(b"Subtype").and_then(Object::as_name);
        if kind.is_ok_and(|kind| kind != b"Form") {
            return;
        }
        let most = MOST_STREAM.min(self.left);
        let Ok(content) = form.get_plain_content_with_limit(most) else {
            self.unread = true;
            return;
        };
        let own = form
            .dict
            .get(b"Matrix")
            .and_then(Object::as_array)
            .map_or(IDENTITY, |array| matrix(array));
        let outer = product(own, outer);
        let resources = form
            .dict
            .get_deref(b"Resources", self.document)
            .and_then(Object::as_dict);
        let Ok(resources) = resources else {
            self.content(&content, fonts, forms, outer, depth + 1);
            return;
        };
        let mut own_fonts = BTreeMap::new();
        if let Ok(found) = resources
            .get_deref(b"Font", self.document)
            .and_then(Object::as_dict)
        {
            for (name, font) in found.iter().take(1_000) {
                if let Ok((_, font)) = self.document.dereference(font)
                    && let Ok(font) = font.as_dict()
                {
                    own_fonts.insert(name.clone(), self.font(font));
                }
            }
        }
        let mut own_forms = Forms::new();
        self.forms(resources, &mut own_forms);
        self.content(&content, &own_fonts, &own_forms, outer, depth + 1);
    }

    fn show(
        &mut self,
        shown: Option<&Object>,
        fonts: &BTreeMap<Vec<u8>, Font<'a>>,
        state: &State,
        text: [f64; 6],
    ) {
        let Some(Ok(bytes)) = shown.map(Object::as_str) else {
            return;
        };
        let words = match state.font.as_ref().and_then(|name| fonts.get(name)) {
            Some(Font::Known(encoding)) => encoding.bytes_to_string(bytes).ok(),
            Some(Font::Gbk) => Some(GB18030.decode_without_bom_handling(bytes).0.into_owned()),
            Some(Font::Utf16) => Some(UTF_16BE.decode_without_bom_handling(bytes).0.into_owned()),
            Some(Font::Unknown) | None => None,
        };
        let Some(words) = words else {
            self.unread |= !bytes.is_empty();
            return;
        };
        // A character the font knows and its table does not.
        self.unread |= words.contains('\u{fffd}') || (words.is_empty() && !bytes.is_empty());
        // What stands at another height is another line; the same line may come in many pieces.
        let height = product(text, state.matrix)[5];
        if self.line.is_some_and(|line| (line - height).abs() > 2.0) {
            self.text.push('\n');
        }
        self.line = Some(height);
        self.text.push_str(&words);
    }
}

/// Whether the codes of a font are of several bytes.
fn is_composite(font: &Dictionary) -> bool {
    font.get(b"Subtype")
        .and_then(Object::as_name)
        .is_ok_and(|kind| kind == b"Type0")
}

type Forms<'a> = BTreeMap<Vec<u8>, &'a lopdf::Stream>;

fn has_image(forms: &Forms<'_>) -> bool {
    forms.values().any(|form| {
        form.dict
            .get(b"Subtype")
            .and_then(Object::as_name)
            .is_ok_and(|kind| kind == b"Image")
    })
}
