//! Fields: what a word processor works out, and the links among them.

use super::super::aside::{Aside, Place};
use super::super::html::address;
use super::super::xml::Element;
use super::body::Reader;

/// A field: what it says to do, then what it shows.
#[derive(Debug, Default)]
pub(super) struct Field {
    pub(super) code: String,
    pub(super) shows: bool,
    /// What it shows is a page number or a table of contents.
    pub(super) dropped: bool,
    link: Option<(usize, String)>,
}

impl Reader<'_> {
    pub(super) fn only_fields(&mut self, parent: &Element) {
        for element in parent.elements() {
            match &*element.name {
                "w:fldChar" => self.field_char(element),
                "w:instrText" => self.field_code(&element.text()),
                _ => self.only_fields(element),
            }
        }
        self.line.take();
    }

    pub(super) fn field_char(&mut self, element: &Element) {
        match element.attr("w:fldCharType") {
            Some("begin") => self.fields.push(Field::default()),
            Some("separate") => {
                let from = self.line.mark();
                self.fetches();
                if let Some(field) = self.fields.last_mut() {
                    field.shows = true;
                    field.dropped = is_paging(&field.code);
                    field.link = hyperlink(&field.code).map(|url| (from, url));
                }
            }
            Some("end") => {
                if self.fields.last().is_some_and(|field| !field.shows) {
                    self.fetches();
                }
                if let Some(Field {
                    link: Some((from, url)),
                    ..
                }) = self.fields.pop()
                {
                    self.link(from, &url);
                }
            }
            _ => {}
        }
    }

    /// Tells a field that starts a program or takes in a file when the document is opened.
    fn fetches(&mut self) {
        if let Some(field) = self.fields.last() {
            let code = field.code.clone();
            self.fetch(&code);
        }
    }

    /// The same for the code of a field in one piece.
    pub(super) fn fetch(&mut self, code: &str) {
        const FETCH: [&str; 8] = [
            "DDE",
            "DDEAUTO",
            "INCLUDETEXT",
            "INCLUDEPICTURE",
            "INCLUDE",
            "IMPORT",
            "LINK",
            "RD",
        ];
        let code = code.trim();
        let word = code.split_whitespace().next().unwrap_or_default();
        if let Some(word) = FETCH.iter().find(|one| word.eq_ignore_ascii_case(one)) {
            let told = Aside::new(Place::External, Some(word), code);
            if !self.out.asides.contains(&told) {
                self.out.asides.push(told);
            }
        }
    }

    pub(super) fn field_code(&mut self, text: &str) {
        if let Some(field) = self.fields.last_mut().filter(|field| !field.shows)
            && field.code.len() < 4096
        {
            field.code.push_str(text);
        }
    }
}

pub(super) fn is_paging(code: &str) -> bool {
    let word = code.split_whitespace().next().unwrap_or_default();
    [
        "PAGE",
        "NUMPAGES",
        "SECTIONPAGES",
        "PAGEREF",
        "TOC",
        "SECTION",
    ]
    .iter()
    .any(|one| word.eq_ignore_ascii_case(one))
}

pub(super) fn is_contents(code: &str) -> bool {
    let word = code.split_whitespace().next().unwrap_or_default();
    word.eq_ignore_ascii_case("TOC")
}

/// The address of a link field: `HYPERLINK "http://…"`.
fn hyperlink(code: &str) -> Option<String> {
    let code = code.trim();
    let word = code.get(..9)?;
    if !word.eq_ignore_ascii_case("HYPERLINK") {
        return None;
    }
    let quoted = code[9..].trim_start().strip_prefix('"')?;
    address(quoted.split('"').next()?)
}
