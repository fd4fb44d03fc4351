//! Clean copies: what goes, what stays, and that the rest is untouched.

use qianfa::intake::{Strip, clean, inspect, read};

use super::fixture;
use super::kit::{Docx, LONG, letter, p, sheet, workbook};

fn all() -> Strip {
    Strip {
        comments: true,
        changes: true,
        hidden: true,
    }
}

#[test]
fn a_plan_says_what_goes_and_what_stays() {
    let bytes = fixture("notice.docx");
    let plan = clean("通知.docx", &bytes, Strip::default()).unwrap();
    let goes = plan.goes().join("\n");
    for words in ["起草人", "修改人"] {
        assert!(goes.contains(words), "{goes}");
    }
    // The comment stays and its author goes.
    let stays = plan.stays().join("\n");
    assert!(stays.contains("这里请再核实") && !stays.contains("审稿人"), "{stays}");
    let plan = clean("通知.docx", &bytes, all()).unwrap();
    let after = inspect("通知.docx", &plan.bytes);
    assert_eq!(after.comments().count(), 0);
    assert_eq!(after.changes().count(), 0);
    assert_eq!(after.hidden().count(), 0);
    let body = &read("a.docx", &plan.bytes).unwrap()[0].body;
    assert!(body.contains("自即日起执行") && !body.contains("内部掌握"), "{body}");
    assert_eq!(clean("a.docx", &plan.bytes, all()).unwrap().goes(), Vec::<String>::new());
}

#[test]
fn rows_paragraphs_and_marks_of_open_changes() {
    let body = letter(&format!(
        "<w:tbl><w:tr><w:tc>{a}</w:tc><w:tc>{a}</w:tc></w:tr><w:tr><w:trPr><w:del w:author='丙'/></w:trPr><w:tc>{b}</w:tc><w:tc>{b}</w:tc></w:tr>\
         <w:tr><w:trPr><w:ins w:author='丙'/></w:trPr><w:tc>{c}</w:tc><w:tc>{c}</w:tc></w:tr></w:tbl>\
         <w:p><w:pPr><w:rPr><w:del w:author='丁'/></w:rPr></w:pPr><w:del w:author='丁'><w:r><w:delText>整段删去</w:delText></w:r></w:del></w:p>{d}\
         <w:p><w:r><w:rPr><w:b/><w:rPrChange w:author='戊'><w:rPr/></w:rPrChange></w:rPr><w:t>加粗</w:t></w:r></w:p>",
        a = p("原行"),
        b = p("删行"),
        c = p("增行"),
        d = p("后段"),
    ));
    let bytes = Docx::new(&body).build();
    let plan = clean("a.docx", &bytes, all()).unwrap();
    assert_eq!(plan.after.changes().count(), 0, "{:?}", plan.after.asides);
    let text = &read("a.docx", &plan.bytes).unwrap()[0].body;
    assert!(text.contains("增行") && !text.contains("删行"), "{text}");
    assert!(!text.contains("整段删去") && text.ends_with("后段\n加粗"), "{text}");
}

#[test]
fn hidden_cells_are_emptied_with_the_texts_they_shared() {
    let visible = sheet(
        "<col min='3' max='3' hidden='1' width='8'/>",
        "<row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c><c r='C1' t='s'><v>2</v></c></row>\
         <row r='2' hidden='1'><c r='A2' t='s'><v>3</v></c></row>\
         <row r='3'><c r='A3'><f>SUM(A9:A10)</f><v>42</v></c><c r='B3' t='s'><v>0</v></c></row>",
    );
    let secret = sheet("", "<row r='1'><c r='A1' t='s'><v>4</v></c></row>");
    let mut book = workbook(&[
        ("公开", "", &visible),
        ("底稿", "state='hidden'", &secret),
    ]);
    let shared = "<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><si><t>单位</t></si><si><t>金额</t></si><si><t>隐列</t></si><si><t>隐行</t></si><si><t>隐表</t></si></sst>";
    book = with_shared(&book, shared);
    let before = inspect("表.xlsx", &book);
    assert!(before.hidden().count() >= 3, "{:?}", before.asides);
    let plan = clean("表.xlsx", &book, all()).unwrap();
    let raw = unpacked(&plan.bytes);
    for words in ["隐列", "隐行", "隐表", "SUM("] {
        assert!(!raw.contains(words), "{words} is still in it");
    }
    for words in ["单位", "金额", "42"] {
        assert!(raw.contains(words), "{words} is gone");
    }
    let _ = LONG;
}

fn unpacked(bytes: &[u8]) -> String {
    let mut zip = ::zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut out = String::new();
    for at in 0..zip.len() {
        let mut part = Vec::new();
        std::io::Read::read_to_end(&mut zip.by_index(at).unwrap(), &mut part).unwrap();
        out.push_str(&String::from_utf8_lossy(&part));
    }
    out
}

/// The same workbook with shared texts.
fn with_shared(book: &[u8], shared: &str) -> Vec<u8> {
    let mut zip = ::zip::ZipArchive::new(std::io::Cursor::new(book)).unwrap();
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let mut part = Vec::new();
        std::io::Read::read_to_end(&mut file, &mut part).unwrap();
        let name = file.name().unwrap().into_owned();
        if name.ends_with("workbook.xml.rels") {
            let more = "<Relationship Id='sst' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings' Target='sharedStrings.xml'/></Relationships>";
            part = String::from_utf8(part)
                .unwrap()
                .replace("</Relationships>", more)
                .into_bytes();
        }
        parts.push((name, part));
    }
    parts.push(("xl/sharedStrings.xml".to_owned(), shared.as_bytes().to_vec()));
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(n, b)| (n.as_str(), &b[..])).collect();
    super::kit::zip(&parts)
}
