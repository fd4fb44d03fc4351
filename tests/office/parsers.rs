//! One entry a parser, for the driver in these tests and for `cargo fuzz`: bytes in, and nothing
//! may panic, hang or leave control characters in what comes out.
#![allow(dead_code)]

use qianfa::intake::{
    Changes, Manuscript, Strip, inspect, read_list, read_with, strip_metadata_with,
};

use super::kit::{STRICT, TRANSITIONAL, zip};

/// Reads bytes by one parser.
type Parser = fn(&[u8]);

/// Name and entry of every parser.
pub const ALL: [(&str, Parser); 12] = [
    ("docx", docx),
    ("docx-whole", docx_whole),
    ("xlsx", xlsx),
    ("xlsx-whole", xlsx_whole),
    ("zip", archive),
    ("html", html),
    ("text", text),
    ("feed", feed),
    ("list", list),
    ("ole", ole),
    ("pdf", pdf),
    ("image", image),
];

fn inert(all: &[Manuscript]) {
    for one in all {
        assert!(!one.title.chars().any(char::is_control));
        assert!(
            !one.body
                .chars()
                .any(|c| c.is_control() && c != '\n' && c != '\t')
        );
    }
}

fn taken(name: &str, data: &[u8]) {
    for changes in [Changes::Notes, Changes::Accept] {
        if let Ok(all) = read_with(name, data, changes) {
            inert(&all);
        }
    }
}

fn looked_at(name: &str, data: &[u8]) {
    let found = inspect(name, data);
    let _ = (found.for_screening(), found.carried());
    let strip = Strip {
        comments: true,
        changes: true,
        hidden: true,
    };
    if let Ok(clean) = strip_metadata_with(name, data, strip) {
        assert!(inspect(name, &clean).opens.is_ok());
    }
}

/// The bytes are the text of a document.
pub fn docx(data: &[u8]) {
    let rels = "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='r1' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument' Target='word/document.xml'/></Relationships>";
    let bytes = zip(&[
        ("_rels/.rels", rels.as_bytes()),
        ("word/document.xml", data),
    ]);
    taken("a.docx", &bytes);
    looked_at("a.docx", &bytes);
    // The same in the other dialect.
    if let Ok(text) = std::str::from_utf8(data) {
        let strict = text.replace(TRANSITIONAL, STRICT);
        let bytes = zip(&[
            ("_rels/.rels", rels.as_bytes()),
            ("word/document.xml", strict.as_bytes()),
        ]);
        taken("a.docx", &bytes);
    }
}

/// The bytes are a file, container and all.
pub fn docx_whole(data: &[u8]) {
    taken("a.docx", data);
    looked_at("a.docx", data);
}

/// The bytes are a sheet.
pub fn xlsx(data: &[u8]) {
    let base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let book = format!(
        "<workbook xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main' xmlns:r='{base}'><sheets><sheet name='表' sheetId='1' r:id='r1'/></sheets></workbook>"
    );
    let rels = format!(
        "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='r1' Type='{base}/worksheet' Target='worksheets/sheet1.xml'/></Relationships>"
    );
    let bytes = zip(&[
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", rels.as_bytes()),
        ("xl/worksheets/sheet1.xml", data),
    ]);
    taken("a.xlsx", &bytes);
    looked_at("a.xlsx", &bytes);
}

/// The bytes are a file, container and all.
pub fn xlsx_whole(data: &[u8]) {
    taken("a.xlsx", data);
    looked_at("a.xlsx", data);
}

/// An archive.
pub fn archive(data: &[u8]) {
    looked_at("a.zip", data);
}

/// A page.
pub fn html(data: &[u8]) {
    taken("a.html", data);
    looked_at("a.html", data);
}

/// A text, a manuscript in Markdown or JSON, in any encoding.
pub fn text(data: &[u8]) {
    for name in ["a.txt", "a.md", "a.json", "a(2024-01-01).md", "a"] {
        taken(name, data);
    }
    looked_at("a.txt", data);
}

/// A feed.
pub fn feed(data: &[u8]) {
    taken("a.xml", data);
    taken("a.rss", data);
}

/// A list of the head office, as JSON or as a page.
pub fn list(data: &[u8]) {
    let _ = read_list(data);
    taken("a.json", data);
}

/// An old container.
pub fn ole(data: &[u8]) {
    looked_at("a.doc", data);
    taken("a.doc", data);
}

/// A PDF.
pub fn pdf(data: &[u8]) {
    looked_at("a.pdf", data);
}

/// An image.
pub fn image(data: &[u8]) {
    for name in ["a.png", "a.jpg"] {
        looked_at(name, data);
    }
}
