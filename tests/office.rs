//! Word files through the intake: as word processors write them, and as attackers do.
#![allow(
    clippy::unwrap_used,
    clippy::format_collect,
    clippy::unnecessary_to_owned
)] // tests

#[path = "office/batches.rs"]
mod batches;
mod common;
#[path = "office/cleaning.rs"]
mod cleaning;
#[path = "office/count.rs"]
mod count;
#[path = "office/fuzz.rs"]
mod fuzz;
#[path = "office/hostile.rs"]
mod hostile;
#[path = "office/inspection.rs"]
mod inspection;
#[path = "office/kit.rs"]
mod kit;
#[path = "office/legacy.rs"]
mod legacy;
#[path = "office/parsers.rs"]
mod parsers;
#[path = "office/sheets.rs"]
mod sheets;

use std::fs;
use std::path::Path;

use kit::{Docx, LONG, letter, p, pp, zip};
use qianfa::intake::{
    Changes, Format, IntakeError, IntakeNote, Manuscript, Place, read, read_with,
};

fn fixture(name: &str) -> Vec<u8> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/intake/office");
    fs::read(dir.join(name)).unwrap()
}

fn one(bytes: &[u8]) -> Manuscript {
    let mut all = read("稿.docx", bytes).unwrap();
    assert_eq!(all.len(), 1);
    all.remove(0)
}

fn code(bytes: &[u8]) -> &'static str {
    let error = read("稿.docx", bytes).unwrap_err();
    assert!(!error.message().is_empty());
    error.code()
}

/// Place, who and text of every aside.
fn asides(manuscript: &Manuscript) -> Vec<(Place, &str, &str)> {
    manuscript
        .asides()
        .map(|a| {
            (
                a.place,
                a.who.as_deref().unwrap_or_default(),
                a.text.as_str(),
            )
        })
        .collect()
}

#[test]
fn a_file_of_a_real_word_processor_is_read_whole() {
    let read = one(&fixture("notice.docx"));
    assert_eq!(read.title, "关于做好纳税服务工作的通知");
    assert_eq!(read.source_format, Format::Docx);
    assert_eq!(read.fields.doc_number.as_deref(), Some("某税发〔2026〕8号"));
    assert_eq!(read.fields.addressee.as_deref(), Some("各市税务局"));
    assert_eq!(read.fields.signature.as_deref(), Some("某省税务局"));
    assert_eq!(
        read.fields.written_on,
        Some(jiff::civil::date(2026, 11, 20))
    );
    assert_eq!(
        read.body.lines().collect::<Vec<_>>(),
        [
            "各市税务局：",
            // As it was before the open changes: nothing inserted, nothing deleted.
            "为做好纳税服务工作[1]，现将有关事项通知如下，请认真落实（内部掌握）。",
            "## 总体要求",
            "一、提高认识。",
            "（一）加强领导。",
            "（二）压实责任。",
            "二、抓好落实。",
            "### 具体安排",
            "1. 第一步。",
            "2. 第二步。",
            "- 要点。",
            "详见[说明](https://www.example.org/a)。",
            "![流程示意图](image1.png)",
            "",
            "| 事项 |  | 时限 |",
            "| --- | --- | --- |",
            "| 登记 | 设立 | 1日 |",
            "|  | 变更 | 2日 |",
            "",
            "某省税务局",
            "2026年11月20日",
            "[1] 指为纳税人提供的服务。",
        ]
    );
    assert_eq!(read.attachments.len(), 1);
    let image = &read.attachments[0];
    assert_eq!(
        (image.name.as_str(), image.alt.as_str()),
        ("image1.png", "流程示意图")
    );
    assert!(image.bytes.as_ref().unwrap().starts_with(b"\x89PNG"));
    assert_eq!(
        asides(&read),
        [
            (Place::Header, "", "内部资料\u{3000}注意保存"),
            (Place::Comment, "审稿人", "这里请再核实。"),
            (Place::Inserted, "修改人", "自即日起执行，"),
            (Place::Deleted, "审稿人", "（内部掌握）"),
            (Place::Hidden, "", "此处暂不公布。"),
            (Place::Property, "creator", "起草人"),
            (Place::Property, "keywords", "纳税服务"),
            (Place::Property, "lastModifiedBy", "修改人"),
            (Place::Property, "title", "通知稿"),
        ]
    );
    assert!(
        read.notes
            .contains(&IntakeNote::ChangesLeftOut { count: 2 })
    );
    assert!(read.needs_attention());
}

#[test]
fn open_changes_are_the_persons_choice() {
    let bytes = fixture("notice.docx");
    let accepted = read_with("a.docx", &bytes, Changes::Accept)
        .unwrap()
        .remove(0);
    assert!(
        accepted
            .body
            .contains("现将有关事项通知如下，自即日起执行，请认真落实。")
    );
    assert!(
        accepted
            .notes
            .contains(&IntakeNote::ChangesAccepted { count: 2 })
    );
    assert_eq!(asides(&accepted).len(), 9, "told either way");
    assert_eq!(
        read_with("a.docx", &bytes, Changes::Refuse).unwrap_err(),
        IntakeError::OpenChanges { count: 2 }
    );
}

#[test]
fn strict_files_and_foreign_prefixes_are_the_same_text() {
    let body = letter("");
    let strict = one(&Docx::new(&body).strict().build());
    let plain = one(&Docx::new(&body).build());
    assert_eq!((&strict.title, &strict.body), (&plain.title, &plain.body));
    assert_eq!(plain.title, "关于某事的通知");
    assert_eq!(plain.body, LONG);
    assert!(!plain.needs_attention());
}

#[test]
fn a_paragraph_whose_end_is_a_change_runs_on() {
    let change = |name: &str| {
        letter(&format!(
            "<w:p><w:pPr><w:rPr><w:{name} w:author='甲'/></w:rPr></w:pPr><w:r><w:t>前半</w:t></w:r></w:p>{}",
            p("后半")
        ))
    };
    let body = |changes, name| {
        let bytes = Docx::new(&change(name)).build();
        read_with("a.docx", &bytes, changes).unwrap().remove(0).body
    };
    assert!(body(Changes::Notes, "ins").ends_with("前半后半"));
    assert!(body(Changes::Accept, "ins").ends_with("前半\n后半"));
    assert!(body(Changes::Notes, "del").ends_with("前半\n后半"));
    assert!(body(Changes::Accept, "del").ends_with("前半后半"));
}

#[test]
fn moves_rows_and_boxes_are_told() {
    let run = |text: &str| format!("<w:r><w:t>{text}</w:t></w:r>");
    let body = letter(&format!(
        "<w:p><w:moveFrom w:author='乙'>{}</w:moveFrom><w:moveTo w:author='乙'>{}</w:moveTo></w:p>
         <w:tbl><w:tr><w:tc>{c}</w:tc><w:tc>{c}</w:tc></w:tr><w:tr><w:trPr><w:ins w:author='丙'/></w:trPr><w:tc>{d}</w:tc><w:tc>{d}</w:tc></w:tr>
         <w:tr><w:tc>{c}</w:tc><w:tc>{c}</w:tc></w:tr></w:tbl>
         <w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:anchor><wps:txbx><w:txbxContent>{b}</w:txbxContent></wps:txbx></wp:anchor></w:drawing></mc:Choice>
         <mc:Fallback><w:pict><v:textbox><w:txbxContent>{b}</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>",
        run("从前"),
        run("到后"),
        c = p("旧"),
        d = p("新"),
        b = p("框中文字"),
    ));
    let read = one(&Docx::new(&body).build());
    assert_eq!(
        asides(&read),
        [
            (Place::MovedFrom, "乙", "从前"),
            (Place::MovedTo, "乙", "到后"),
            (Place::Inserted, "丙", "新"),
        ]
    );
    assert!(read.body.contains("从前") && !read.body.contains("到后") && !read.body.contains('新'));
    assert_eq!(read.body.matches("框中文字").count(), 1, "{}", read.body);
}

#[test]
fn a_mark_in_a_header_a_watermark_or_a_box_is_never_lost() {
    let read = one(&Docx::new(&letter(&pp("<w:sectPr><w:headerReference r:id='rId1'/></w:sectPr>", "尾")))
        .xml("header", "header1.xml", "hdr", &format!(
            "{}<w:p><w:r><w:pict><v:shape><v:textpath string='机密'/></v:shape></w:pict></w:r></w:p>", p("机密★1年")))
        .xml("header", "header2.xml", "hdr", &p("机密★1年"))
        .xml("footer", "footer1.xml", "ftr", &p("— 3 —"))
        .xml("footer", "footer2.xml", "ftr", &"<w:p><w:del w:author='丁'><w:r><w:delText>秘密</w:delText></w:r></w:del></w:p>".to_string())
        .build());
    assert_eq!(
        asides(&read),
        [
            (Place::Header, "", "机密★1年"),
            (Place::Watermark, "", "机密"),
            (Place::Footer, "", "秘密"),
        ]
    );
    assert!(read.needs_attention());
    // Above the title it stays in the text, where screening reads it.
    let read = one(&Docx::new(&format!("{}{}", p("秘密★3年"), letter(""))).build());
    assert_eq!(read.title, "关于某事的通知");
    assert!(read.body.starts_with("秘密★3年\n"));
}

#[test]
fn fields_links_and_notes() {
    let body = letter(
        "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>HYPERLINK \"https://www.example.org/x.pdf\"</w:instrText></w:r>
         <w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>附件</w:t></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>
         <w:r><w:t>与</w:t></w:r><w:hyperlink r:id='rId1'><w:r><w:t>恶意</w:t></w:r></w:hyperlink><w:r><w:endnoteReference w:id='7'/></w:r></w:p>
         <w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:t>不收的域</w:t></w:r></w:p>
         <w:p><w:r><w:t>域后正文</w:t></w:r></w:p>",
    );
    let read = one(&Docx::new(&body)
        .external("hyperlink", "javascript:alert(1)")
        .xml(
            "endnotes",
            "endnotes.xml",
            "endnotes",
            &format!("<w:endnote w:id='7'>{}</w:endnote>", p("尾注文字")),
        )
        .build());
    assert!(
        read.body
            .contains("[附件](https://www.example.org/x.pdf)与恶意[1]"),
        "{}",
        read.body
    );
    assert!(read.body.ends_with("[1] 尾注文字"));
    assert!(
        read.body.contains("域后正文"),
        "an open field swallows nothing"
    );
    assert_eq!(read.attachments[0].name, "附件");
}

#[test]
fn chinese_style_names_and_numbers_of_styles() {
    let styles = "<w:style w:type='paragraph' w:styleId='1'><w:name w:val='标题 1'/><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr></w:style>";
    let numbers = "<w:abstractNum w:abstractNumId='0'><w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt w:val='japaneseCounting'/><w:lvlText w:val='%1、'/></w:lvl></w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num>";
    let head = |text| pp("<w:pStyle w:val='1'/>", text);
    let read = one(&Docx::new(&letter(&format!(
        "{}{}{}",
        head("总则"),
        p("甲"),
        head("附则")
    )))
    .xml("styles", "styles.xml", "styles", styles)
    .xml("numbering", "numbering.xml", "numbering", numbers)
    .build());
    assert!(
        read.body.ends_with("## 一、总则\n甲\n## 二、附则"),
        "{}",
        read.body
    );
}

#[test]
fn what_is_no_plain_word_file_is_refused_with_what_to_do() {
    let good = Docx::new(&letter("")).build();
    assert_eq!(code(&good[..good.len() / 2]), "intake.archive.broken");
    let macros = Docx::new(&letter(""))
        .raw("word/vbaProject.bin", b"x")
        .build();
    assert_eq!(code(&macros), "intake.macros");
    let bomb = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;'>]><x>&b;</x>";
    let dtd = Docx::new(&letter(""))
        .part("styles", "styles.xml", bomb.as_bytes())
        .build();
    assert_eq!(code(&dtd), "intake.doctype");
    let broken = Docx::new(&letter(""))
        .part("comments", "comments.xml", b"<a>")
        .build();
    assert_eq!(
        read("a.docx", &broken).unwrap_err(),
        IntakeError::BadPart {
            part: "word/comments.xml".into()
        }
    );
    let huge = vec![b' '; 40 << 20];
    let bomb = Docx::new(&letter(""))
        .part("styles", "styles.xml", &huge)
        .build();
    assert_eq!(code(&bomb), "intake.archive.ratio");
    let deep = format!(
        "{}{}",
        "<w:sdt><w:sdtContent>".repeat(400),
        "</w:sdtContent></w:sdt>".repeat(400)
    );
    assert_eq!(code(&Docx::new(&deep).build()), "intake.too-deep");
    let mut ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    assert!(read("a.doc", &ole).unwrap_err().message().contains("docx"));
    ole.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert!(matches!(
        read("a.docx", &ole).unwrap_err(),
        IntakeError::Unsupported {
            looks: qianfa::intake::Looks::Encrypted
        }
    ));
    // Named like a Word file, and none.
    assert_eq!(code(&zip(&[("word/document", b"x")])), "intake.part");
}

#[test]
fn foreign_parts_are_told() {
    let read = one(&Docx::new(&letter(""))
        .external("attachedTemplate", "https://example.org/t.dotm")
        .raw("word/embeddings/表.xlsx", b"PK")
        .build());
    assert_eq!(
        asides(&read),
        [
            (Place::Embedded, "", "word/embeddings/表.xlsx"),
            (
                Place::External,
                "attachedTemplate",
                "https://example.org/t.dotm"
            ),
        ]
    );
}
