//! Small writers of office files, so that a test shows the one thing it is about.
#![allow(dead_code, clippy::unwrap_used)]

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

pub const TRANSITIONAL: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
pub const STRICT: &str = "http://purl.oclc.org/ooxml/wordprocessingml/main";

/// A zip of named parts.
pub fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in parts {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A Word file in the making.
pub struct Docx {
    space: &'static str,
    body: String,
    parts: Vec<(String, Vec<u8>)>,
    rels: Vec<(String, String, bool)>,
}

impl Docx {
    pub fn new(body: &str) -> Docx {
        Docx {
            space: TRANSITIONAL,
            body: body.to_owned(),
            parts: Vec::new(),
            rels: Vec::new(),
        }
    }

    pub fn strict(mut self) -> Docx {
        self.space = STRICT;
        self
    }

    /// A part the document refers to as `rId1`, `rId2`, … in order.
    pub fn part(mut self, kind: &str, name: &str, bytes: &[u8]) -> Docx {
        self.rels.push((kind.to_owned(), name.to_owned(), false));
        self.parts.push((format!("word/{name}"), bytes.to_vec()));
        self
    }

    /// The same for a part of WordprocessingML: `inner` within the root `name`.
    pub fn xml(self, kind: &str, name: &str, root: &str, inner: &str) -> Docx {
        let text = wrap(self.space, root, inner);
        self.part(kind, name, text.as_bytes())
    }

    pub fn external(mut self, kind: &str, target: &str) -> Docx {
        self.rels.push((kind.to_owned(), target.to_owned(), true));
        self
    }

    /// A part nothing refers to.
    pub fn raw(mut self, name: &str, bytes: &[u8]) -> Docx {
        self.parts.push((name.to_owned(), bytes.to_vec()));
        self
    }

    pub fn build(self) -> Vec<u8> {
        let base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let package = "http://schemas.openxmlformats.org/package/2006/relationships";
        let root = format!(
            "<Relationships xmlns='{package}'><Relationship Id='r1' Type='{base}/officeDocument' Target='word/document.xml'/></Relationships>"
        );
        let rels: String = self
            .rels
            .iter()
            .enumerate()
            .map(|(n, (kind, target, external))| {
                let mode = if *external {
                    " TargetMode='External'"
                } else {
                    ""
                };
                format!(
                    "<Relationship Id='rId{}' Type='{base}/{kind}' Target='{target}'{mode}/>",
                    n + 1
                )
            })
            .collect();
        let rels = format!("<Relationships xmlns='{package}'>{rels}</Relationships>");
        let document = wrap(
            self.space,
            "document",
            &format!("<w:body>{}</w:body>", self.body),
        );
        let mut parts: Vec<(&str, &[u8])> = vec![
            ("_rels/.rels", root.as_bytes()),
            ("word/document.xml", document.as_bytes()),
            ("word/_rels/document.xml.rels", rels.as_bytes()),
        ];
        parts.extend(self.parts.iter().map(|(n, b)| (n.as_str(), b.as_slice())));
        zip(&parts)
    }
}

fn wrap(space: &str, root: &str, inner: &str) -> String {
    format!(
        "<?xml version='1.0' encoding='UTF-8'?><w:{root} xmlns:w='{space}' \
         xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships' \
         xmlns:wp='http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing' \
         xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main' \
         xmlns:wps='http://schemas.microsoft.com/office/word/2010/wordprocessingShape' \
         xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006' \
         xmlns:v='urn:schemas-microsoft-com:vml' xmlns:o='urn:schemas-microsoft-com:office:office' \
         xmlns:m='http://schemas.openxmlformats.org/officeDocument/2006/math'>{inner}</w:{root}>"
    )
}

/// A paragraph of one run.
pub fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>")
}

/// A paragraph with properties.
pub fn pp(properties: &str, text: &str) -> String {
    format!("<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
}

/// A text long enough to be one.
pub const LONG: &str =
    "为做好纳税服务工作，进一步优化税收营商环境，现将有关事项通知如下，请各单位认真贯彻执行。";

/// A title, and a text long enough.
pub fn letter(more: &str) -> String {
    format!(
        "{}{}{more}",
        pp("<w:jc w:val='center'/>", "关于某事的通知"),
        p(LONG)
    )
}
