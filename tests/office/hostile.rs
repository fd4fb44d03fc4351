//! What word processors other than Word write, and what is written to hide or to hurt.

use qianfa::intake::{Place, inspect, read};

use super::kit::{Docx, LONG, letter, p, pp, zip};
use super::{asides, code, one};

#[test]
fn a_file_taken_in_whole_is_part_of_the_text() {
    let page = "<html><head><meta charset='utf-8'></head><body><p>块中正文来自网页。</p><p>机密★5年</p></body></html>";
    let inner = Docx::new(&letter(&p("内嵌文稿的正文"))).build();
    let body = letter("<w:altChunk r:id='rId1'/><w:altChunk r:id='rId2'/><w:altChunk r:id='rId3'/>");
    let read = one(&Docx::new(&body)
        .part("aFChunk", "chunk1.html", page.as_bytes())
        .part("aFChunk", "inner.docx", &inner)
        .part("aFChunk", "afchunk3.bin", b"\x01\x02\x03")
        .build());
    for words in ["块中正文来自网页。", "机密★5年", "内嵌文稿的正文"] {
        assert!(read.body.contains(words), "{words}: {}", read.body);
    }
    assert_eq!(read.title, "关于某事的通知");
    assert!(
        asides(&read).contains(&(Place::Embedded, "", "word/afchunk3.bin")),
        "what could not be read is told: {:?}",
        asides(&read)
    );
}

#[test]
fn a_chunk_that_holds_itself_ends() {
    let mut inner = Docx::new(&letter(&p("最里"))).build();
    for _ in 0..6 {
        inner = Docx::new(&letter("<w:altChunk r:id='rId1'/>"))
            .part("aFChunk", "inner.docx", &inner)
            .build();
    }
    let read = one(&inner);
    assert!(!read.body.contains("最里"));
}

#[test]
fn fields_that_start_programs_are_told() {
    let field = |code: &str| {
        format!(
            "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>{code}</w:instrText></w:r>\
             <w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>结果</w:t></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>"
        )
    };
    let body = letter(&format!(
        "{}{}{}",
        field("DDEAUTO c:\\\\windows\\\\cmd.exe \"/k calc\""),
        "<w:p><w:fldSimple w:instr='INCLUDETEXT \"\\\\host\\x.doc\"'><w:r><w:t>甲</w:t></w:r></w:fldSimple></w:p>",
        field("REF _a"),
    ));
    let read = one(&Docx::new(&body).build());
    let told: Vec<&str> = read
        .asides()
        .filter(|a| a.place == Place::External)
        .filter_map(|a| a.who.as_deref())
        .collect();
    assert_eq!(told, ["DDEAUTO", "INCLUDETEXT"]);
    assert!(read.needs_attention());
}

#[test]
fn cells_that_open_changes_add_are_not_merged() {
    let cell = |change: &str, text: &str| {
        format!("<w:tc><w:tcPr>{change}</w:tcPr>{}</w:tc>", p(text))
    };
    let body = letter(&format!(
        "<w:tbl><w:tr>{}{}</w:tr><w:tr>{}{}</w:tr></w:tbl>",
        cell("<w:cellIns w:id='1' w:author='甲'/>", "新格"),
        cell("", "旧格"),
        cell("<w:cellDel w:id='2' w:author='乙'/>", "去格"),
        cell("", "留格"),
    ));
    let read = one(&Docx::new(&body).build());
    assert_eq!(
        asides(&read),
        [
            (Place::Inserted, "甲", "新格"),
            (Place::Deleted, "乙", "去格")
        ]
    );
    assert!(!read.body.contains("新格") && read.body.contains("去格"), "{}", read.body);
}

#[test]
fn words_of_diagrams_and_charts_reach_screening() {
    let diagram = "<dgm:dataModel xmlns:dgm='http://schemas.openxmlformats.org/drawingml/2006/diagram' xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main'><a:p><a:r><a:t>绝密★启用前</a:t></a:r></a:p></dgm:dataModel>";
    let chart = "<c:chartSpace xmlns:c='http://schemas.openxmlformats.org/drawingml/2006/chart'><c:cat><c:strCache><c:pt><c:v>内部数据</c:v></c:pt></c:strCache></c:cat></c:chartSpace>";
    let bytes = Docx::new(&letter(""))
        .part("diagramData", "diagrams/data1.xml", diagram.as_bytes())
        .part("chart", "charts/chart1.xml", chart.as_bytes())
        .build();
    let read = one(&bytes);
    assert_eq!(
        asides(&read),
        [
            (Place::Drawing, "", "内部数据"),
            (Place::Drawing, "", "绝密★启用前")
        ]
    );
    assert!(read.needs_attention());
    let found = inspect("稿.docx", &bytes);
    assert!(found.for_screening().iter().any(|t| t.text.contains("绝密★")));
}

#[test]
fn names_of_parts_with_backslashes_and_unusual_names() {
    let good = Docx::new(&letter("")).build();
    let mut archive = ::zip::ZipArchive::new(std::io::Cursor::new(&good)).unwrap();
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
        parts.push((file.name().unwrap().replace('/', "\\"), bytes));
    }
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(n, b)| (n.as_str(), &b[..])).collect();
    assert_eq!(one(&zip(&parts)).title, "关于某事的通知");
    // The main part may have any name; the list of types says which it is.
    let types = "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'><Override PartName='/main.xml' ContentType='application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'/></Types>";
    let rels = "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='a' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument' Target='main.xml'/></Relationships>";
    let main = parts
        .iter()
        .find(|(name, _)| name.ends_with("document.xml"))
        .unwrap()
        .1;
    let renamed = zip(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", rels.as_bytes()),
        ("main.xml", main),
    ]);
    assert_eq!(one(&renamed).title, "关于某事的通知");
}

#[test]
fn heads_as_offices_write_them() {
    let centre = |text: &str| pp("<w:jc w:val='center'/>", text);
    let right = |text: &str| pp("<w:jc w:val='right'/>", text);
    let bytes = Docx::new(&format!(
        "{}{}{}{}{}{}{}{}",
        centre("某省税务局办公室"),
        centre("关于开展检查的"),
        centre("通　　知"),
        centre("某税办函〔2026〕3号"),
        p("各市（州）税务局，省局机关各处室："),
        p(LONG),
        right("国家税务总局某省税务局办公室（章）"),
        right("二〇二六年十一月二十日"),
    ))
    .build();
    let read = one(&bytes);
    assert_eq!(read.title, "某省税务局办公室关于开展检查的通知");
    let f = &read.fields;
    assert_eq!(f.doc_number.as_deref(), Some("某税办函〔2026〕3号"));
    assert_eq!(
        f.addressee.as_deref(),
        Some("各市（州）税务局，省局机关各处室")
    );
    assert_eq!(
        f.signature.as_deref(),
        Some("国家税务总局某省税务局办公室")
    );
    assert_eq!(f.written_on, Some(jiff::civil::date(2026, 11, 20)));
    // A number in a form the norm does not allow is told, not taken and not repaired.
    let bytes = Docx::new(&format!(
        "{}{}{}",
        right("某税函[2026]5号"),
        centre("关于某事的函"),
        p(LONG)
    ))
    .build();
    let read = one(&bytes);
    assert_eq!(read.title, "关于某事的函");
    assert_eq!(read.fields.doc_number, None);
    assert!(read.needs_attention());
}

#[test]
fn pages_without_a_known_shape() {
    let text = "<p>各市税务局：</p>".to_owned() + &format!("<p>{LONG}</p>").repeat(3);
    // A document saved as a page: nothing on it is anything else.
    let page = format!(
        "<html><head><meta charset='gbk'><title>关于某事的通知</title></head><body><h1>关于某事的通知</h1>{text}<script>x</script><iframe src='http://e'></iframe></body></html>"
    );
    let bytes = encoding_rs::GBK.encode(&page).0;
    let one = &read("a.html", &bytes).unwrap()[0];
    assert_eq!(one.title, "关于某事的通知");
    assert_eq!(one.fields.addressee.as_deref(), Some("各市税务局"));
    assert!(one.notes.is_empty(), "{:?}", one.notes);
    // One among other things: the densest part is taken, and a person is called.
    let page = format!(
        "<html><head><title>关于某事的通知</title></head><body><div><a href=/>首页</a></div><div class=left><p>联系我们的电话和地址</p></div><div class=con>{text}</div><div><a href=/x>友情链接一二三</a></div></body></html>"
    );
    let one = &read("a.html", page.as_bytes()).unwrap()[0];
    assert!(one.body.ends_with(LONG), "{}", one.body);
    assert!(one.needs_attention());
    // Saved by Word: its head is a document's head, and its title is the file's old name.
    let page = format!(
        "<html><head><meta name=Generator content='Microsoft Word 15'><title>x</title></head><body><div class=WordSection1><p>关于某事的通知</p><p>某税发〔2026〕9号</p>{text}<p>某省税务局</p><p>2026年11月20日</p></div></body></html>"
    );
    let one = &read("a.doc", page.as_bytes()).unwrap()[0];
    assert_eq!(one.title, "关于某事的通知");
    assert_eq!(one.fields.doc_number.as_deref(), Some("某税发〔2026〕9号"));
    assert_eq!(one.fields.signature.as_deref(), Some("某省税务局"));
    // Links, and nothing else.
    let links = "<li><a href=/1>关于某某事项的第一个公告</a></li>".repeat(30);
    let page = format!("<html><title>栏目首页</title><body><ul>{links}</ul></body></html>");
    assert_eq!(
        read("a.html", page.as_bytes()).unwrap_err().code(),
        "intake.no-body"
    );
}

#[test]
fn what_old_programs_save_as_one_file_is_named() {
    let old = "<?xml version='1.0'?><?mso-application progid=\"Word.Document\"?><w:wordDocument xmlns:w='http://schemas.microsoft.com/office/word/2003/wordml'/>";
    let error = read("a.xml", old.as_bytes()).unwrap_err();
    assert!(error.message().contains("docx"), "{}", error.message());
    assert_eq!(code(&zip(&[("x.txt", b"x")])), "intake.unsupported");
}
