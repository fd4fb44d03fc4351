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
        let mut rels = String::new();
        for (n, (kind, target, external)) in self.rels.iter().enumerate() {
            let mode = if *external {
                " TargetMode='External'"
            } else {
                ""
            };
            let line = format!(
                "<Relationship Id='rId{}' Type='{base}/{kind}' Target='{target}'{mode}/>",
                n + 1
            );
            rels.push_str(&line);
        }
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

/// The part of a sheet.
pub fn sheet(columns: &str, rows: &str) -> String {
    format!(
        "<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>\
         <cols>{columns}</cols><sheetData>{rows}</sheetData></worksheet>"
    )
}

/// A workbook of sheets: name, further attributes, part.
pub fn workbook(sheets: &[(&str, &str, &str)]) -> Vec<u8> {
    let base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let mut entries = String::new();
    let mut rels = String::new();
    for (n, (name, more, _)) in sheets.iter().enumerate() {
        entries.push_str(&format!(
            "<sheet name='{name}' sheetId='{n}' r:id='rId{n}' {more}/>"
        ));
        rels.push_str(&format!(
            "<Relationship Id='rId{n}' Type='{base}/worksheet' Target='worksheets/sheet{n}.xml'/>"
        ));
    }
    let book = format!(
        "<workbook xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main' xmlns:r='{base}'><sheets>{entries}</sheets></workbook>"
    );
    let rels = format!("<Relationships xmlns='{package}'>{rels}</Relationships>");
    let names: Vec<String> = (0..sheets.len())
        .map(|n| format!("xl/worksheets/sheet{n}.xml"))
        .collect();
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", rels.as_bytes()),
    ];
    for (name, (_, _, part)) in names.iter().zip(sheets) {
        parts.push((name, part.as_bytes()));
    }
    zip(&parts)
}

/// A PNG of one point with further chunks before its end.
pub fn png(more: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let chunk = |name: &[u8], data: &[u8]| {
        let mut sum = flate2::Crc::new();
        sum.update(name);
        sum.update(data);
        let mut out = (data.len() as u32).to_be_bytes().to_vec();
        out.extend_from_slice(name);
        out.extend_from_slice(data);
        out.extend(sum.sum().to_be_bytes());
        out
    };
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&[0, 255]).unwrap();
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    out.extend(chunk(b"IHDR", b"\0\0\0\x01\0\0\0\x01\x08\0\0\0\0"));
    for (name, data) in more {
        out.extend(chunk(*name, data));
    }
    out.extend(chunk(b"IDAT", &packed.finish().unwrap()));
    out.extend(chunk(b"IEND", b""));
    out
}

/// A JPEG with these segments between its header and its scan.
pub fn jpeg(more: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let segment = |marker: u8, data: &[u8]| {
        let mut out = vec![0xff, marker];
        out.extend(((data.len() + 2) as u16).to_be_bytes());
        out.extend_from_slice(data);
        out
    };
    let mut out = b"\xff\xd8".to_vec();
    out.extend(segment(0xe0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0"));
    for (marker, data) in more {
        out.extend(segment(*marker, data));
    }
    out.extend(segment(0xda, b"\x01\x01\0\0\x3f\0"));
    out.extend(b"\x12\xff\0\x34\xff\xd0\x56\xff\xd9");
    out
}

/// EXIF with an author, an orientation and a place.
pub fn exif() -> Vec<u8> {
    let mut out = b"Exif\0\0II*\0\x08\0\0\0".to_vec();
    let field = |tag: u16, kind: u16, count: u32, value: u32| {
        let mut out = tag.to_le_bytes().to_vec();
        out.extend(kind.to_le_bytes());
        out.extend(count.to_le_bytes());
        out.extend(value.to_le_bytes());
        out
    };
    // Directory at 8: 3 fields end at 8 + 2 + 36 + 4 = 50; the author's name at 50; places at 60.
    out.extend(3u16.to_le_bytes());
    out.extend(field(0x0112, 3, 1, 6));
    out.extend(field(0x013b, 2, 10, 50));
    out.extend(field(0x8825, 4, 1, 60));
    out.extend(0u32.to_le_bytes());
    out.extend("拍摄者\0".as_bytes());
    // Places: 4 fields end at 60 + 2 + 48 + 4 = 114; the degrees at 114 and 138.
    out.extend(4u16.to_le_bytes());
    out.extend(field(1, 2, 2, u32::from(b'N')));
    out.extend(field(2, 5, 3, 114));
    out.extend(field(3, 2, 2, u32::from(b'E')));
    out.extend(field(4, 5, 3, 138));
    out.extend(0u32.to_le_bytes());
    for (degrees, minutes) in [(30u32, 30u32), (114, 15)] {
        for (top, bottom) in [(degrees, 1u32), (minutes, 1), (0, 1)] {
            out.extend(top.to_le_bytes());
            out.extend(bottom.to_le_bytes());
        }
    }
    out
}
