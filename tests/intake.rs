//! The intake against real documents, pages of every known shape, and hostile bytes.
#![allow(
    clippy::type_complexity,
    clippy::default_trait_access,
    clippy::items_after_statements
)] // tests read top to bottom
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};
use proptest::prelude::*;
use qianfa::intake::{
    ArchiveFault, AttachmentKind, Encoding, Format, IntakeError, IntakeNote, Manuscript, read,
    read_list,
};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/intake")
}

fn shape(name: &str) -> Manuscript {
    let bytes = fs::read(fixtures().join("shapes").join(name)).unwrap();
    let mut all = read(name, &bytes).unwrap();
    assert_eq!(all.len(), 1);
    all.remove(0)
}

fn code(name: &str, bytes: &[u8]) -> &'static str {
    let error = read(name, bytes).unwrap_err();
    assert!(!error.message().is_empty());
    error.code()
}

fn chinese_date(text: &str) -> Option<Date> {
    let digits: Vec<i16> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|part| part.parse().ok())
        .collect();
    match digits[..] {
        [y, m, d] => Some(date(y, m as i8, d as i8)),
        _ => None,
    }
}

/// Reads every file a manifest names and holds it against the manifest. `QIANFA_CORPUS` may name
/// a larger corpus of the same layout.
#[test]
fn documents_agree_with_their_manifest() {
    let mut corpora = vec![fixtures().join("corpus")];
    corpora.extend(std::env::var_os("QIANFA_CORPUS").map(PathBuf::from));
    for corpus in corpora {
        let mut seen = 0;
        let mut reader = csv::Reader::from_path(corpus.join("manifest.csv")).unwrap();
        let heads = reader.headers().unwrap().clone();
        for row in reader.records() {
            let row = row.unwrap();
            let cell = |name: &str| {
                let at = heads.iter().position(|head| head == name).unwrap();
                row.get(at).unwrap_or_default().to_owned()
            };
            let path = cell("path");
            let bytes = fs::read(corpus.join(&path)).unwrap();
            let all = read(&path, &bytes).unwrap_or_else(|error| panic!("{path}: {error}"));
            let one = &all[0];
            let fields = &one.fields;
            let stated = |text: String| Some(text).filter(|text| !text.is_empty());
            if path.starts_with("gov_html") {
                assert_eq!(one.title, cell("title"), "{path}");
                assert_eq!(fields.doc_number, stated(cell("doc_no")), "{path}");
                assert_eq!(fields.issuer, stated(cell("issuer")), "{path}");
                assert_eq!(fields.written_on, chinese_date(&cell("written")), "{path}");
                assert_eq!(
                    fields.published_on_page,
                    chinese_date(&cell("date")),
                    "{path}"
                );
                assert_eq!(fields.index_number, stated(cell("index_no")), "{path}");
                assert_eq!(fields.topic, stated(cell("topic")), "{path}");
                assert!(!one.body.contains("打印本页"), "{path}");
                assert!(fields.signature.is_some(), "{path}");
                let doubts = one
                    .notes
                    .iter()
                    .filter(|note| **note != IntakeNote::MergedCells);
                assert_eq!(doubts.count(), 0, "{path}: {:?}", one.notes);
            } else if path.starts_with("laws") {
                let (name, _) = path.trim_start_matches("laws/").split_once('(').unwrap();
                assert_eq!(
                    one.title.trim_start_matches("中华人民共和国"),
                    name,
                    "{path}"
                );
                assert_eq!(fields.written_on, cell("date").parse().ok(), "{path}");
                assert!(one.body.contains("第一条"), "{path}");
            } else if path.starts_with("qa") {
                // The manifest names the collection and says how many rows it has.
                let count: String = cell("title").chars().filter(char::is_ascii_digit).collect();
                assert_eq!(all.len().to_string(), count, "{path}");
            } else {
                assert_eq!(one.title, cell("title"), "{path}");
                assert_eq!(one.source_format, Format::Json);
            }
            seen += 1;
        }
        assert!(seen >= 11, "{}", corpus.display());
    }
}

#[test]
fn a_notice_of_the_state_council_in_full() {
    let path = fixtures().join("corpus/gov_html/gov_5365711.html");
    let one = &read("gov_5365711.html", &fs::read(path).unwrap()).unwrap()[0];
    assert_eq!(
        one.fields.addressee.as_deref(),
        Some("各省、自治区、直辖市人民政府，国务院各部委、各直属机构")
    );
    assert_eq!(one.fields.signature.as_deref(), Some("国务院办公厅"));
    assert!(
        one.body.starts_with("各省、自治区、直辖市人民政府"),
        "{}",
        &one.body[..90]
    );
    assert_eq!(one.notes, []);
    assert_eq!(one.attachments, []);
}

#[test]
fn a_table_becomes_markdown() {
    let path = fixtures().join("corpus/gov_html/gov_5355837.html");
    let one = &read("a.html", &fs::read(path).unwrap()).unwrap()[0];
    assert!(
        one.body
            .contains("\n\n| 序号 | 改革举措 | 主 要 内 容 | 指导部门 |")
    );
    assert!(one.notes.contains(&IntakeNote::MergedCells));
}

#[test]
fn the_date_in_a_laws_name_outranks_stale_head_lines() {
    let name = "税收征收管理法实施细则(2016-02-06).md";
    let path = fixtures().join("corpus/laws").join(name);
    let one = &read(name, &fs::read(path).unwrap()).unwrap()[0];
    assert_eq!(one.fields.written_on, Some(date(2016, 2, 6)));
    assert_eq!(
        one.notes,
        [IntakeNote::DatesDisagree {
            used: date(2016, 2, 6),
            other: "2013-07-18".into()
        }]
    );
}

#[test]
fn questions_and_answers_give_many() {
    let corpus = fixtures().join("corpus/qa");
    let all = read("a.json", &fs::read(corpus.join("customs_qa.json")).unwrap()).unwrap();
    assert_eq!(all.len(), 7);
    assert_eq!(all[0].title, "论文数据");
    assert!(all[0].body.starts_with("问："));
    assert!(all[0].body.contains("\n答："));
    assert_eq!(all[0].fields.topic.as_deref(), Some("其他"));
    assert!(matches!(
        all[0].notes[..],
        [IntakeNote::InvisiblesStripped { .. }]
    ));
    let path = corpus.join("customs_survey_results.json");
    let all = read("b.json", &fs::read(path).unwrap()).unwrap();
    assert_eq!(all.len(), 12);
}

#[test]
fn the_head_offices_policy_page() {
    let one = shape("fgk.html");
    assert_eq!(one.title, "国家税务总局关于示例事项的公告");
    let fields = &one.fields;
    assert_eq!(
        fields.doc_number.as_deref(),
        Some("国家税务总局公告2026年第19号")
    );
    assert_eq!(fields.issuer.as_deref(), Some("国家税务总局"));
    assert_eq!(fields.validity.as_deref(), Some("尚未生效"));
    assert_eq!(fields.written_on, Some(date(2026, 9, 4)));
    assert_eq!(fields.source.as_deref(), Some("示例来源"));
    assert_eq!(fields.signature.as_deref(), Some("国家税务总局"));
    assert!(one.body.starts_with("现将示例事项"), "{}", one.body);
    assert!(one.body.ends_with("2026年9月4日"), "{}", one.body);
    assert!(one.body.contains("附件：[申报表](/zcfgk/files/biao.xls)"));
    assert_eq!(one.attachments[0].name, "申报表");
    assert_eq!(one.attachments[0].kind, AttachmentKind::Document);
}

#[test]
fn the_page_of_cases_with_its_migration_date() {
    let one = shape("zoomcon.html");
    assert_eq!(one.title, "示例税务稽查局依法查处一起骗税案件");
    assert_eq!(
        one.notes,
        [IntakeNote::MigrationDate {
            date: date(2023, 4, 15)
        }]
    );
    assert_eq!(one.attachments[0].name, "现场图");
    assert_eq!(one.attachments[0].kind, AttachmentKind::Image);
}

#[test]
fn a_date_without_year_stays_empty() {
    let one = shape("shanxi.html");
    assert_eq!(one.title, "关于示例工作的通知");
    assert_eq!(one.fields.doc_number.as_deref(), Some("晋税发〔2021〕14号"));
    assert_eq!(one.fields.written_on, Some(date(2021, 9, 28)));
    assert_eq!(one.fields.validity.as_deref(), Some("全文有效"));
    assert_eq!(one.fields.addressee.as_deref(), Some("各市税务局"));
    assert_eq!(one.fields.published_on_page, None);
    assert!(matches!(one.notes[..], [IntakeNote::NoYear { .. }]));
}

#[test]
fn a_page_with_one_article() {
    let one = shape("generic.html");
    assert_eq!(one.title, "示例新闻标题");
    assert_eq!(one.fields.source.as_deref(), Some("示例日报"));
    assert_eq!(one.fields.published_on_page, Some(date(2026, 9, 28)));
    assert!(!one.body.contains("首页"));
}

const TEXT: &str = "关于示例的通知\n成文日期：2024-03-01\n各市税务局：\n现就示例工作的安排通知如下，请结合本地实际认真贯彻落实，确保各项要求落到实处。\n";

#[test]
fn plain_text_in_every_encoding() {
    let gb = encoding_rs::GB18030.encode(TEXT).0.into_owned();
    let marked = [b"\xef\xbb\xbf", TEXT.as_bytes()].concat();
    for (bytes, encoding) in [
        (TEXT.as_bytes(), Encoding::Utf8),
        (&marked[..], Encoding::Utf8Bom),
        (&gb[..], Encoding::Gb18030),
    ] {
        let one = &read("a.txt", bytes).unwrap()[0];
        assert_eq!(one.encoding, encoding);
        assert_eq!(one.title, "关于示例的通知");
        assert_eq!(one.fields.written_on, Some(date(2024, 3, 1)));
        assert_eq!(one.notes, []);
    }
}

#[test]
fn a_page_in_gb2312() {
    let page = fs::read_to_string(fixtures().join("shapes/shanxi.html"))
        .unwrap()
        .replace("utf-8", "gb2312");
    let bytes = encoding_rs::GB18030.encode(&page).0;
    let one = &read("a.htm", &bytes).unwrap()[0];
    assert_eq!(one.encoding, Encoding::Gb18030);
    assert_eq!(one.title, "关于示例工作的通知");
}

#[test]
fn a_page_cut_anywhere_is_read_or_refused() {
    let page = fs::read(fixtures().join("shapes/fgk.html")).unwrap();
    let mut truncated = 0;
    for end in 0..page.len() {
        if let Ok(all) = read("a.html", &page[..end]) {
            truncated += usize::from(all[0].notes.contains(&IntakeNote::Truncated));
        }
    }
    assert!(truncated > 100, "{truncated}");
}

#[test]
fn what_is_refused_and_why() {
    let page = |body: &str| format!("<html><title>示例标题</title><body>{body}</body></html>");
    let long = "正文".repeat(40);
    assert_eq!(code("a.txt", b""), "intake.empty");
    assert_eq!(code("a.txt", b" \n "), "intake.empty");
    assert_eq!(code("a.txt", "标题\n短".as_bytes()), "intake.too-short");
    let links = "<a href=/1>关于某某事项的公告</a>".repeat(20);
    assert_eq!(
        code("a.html", page(&links).as_bytes()),
        "intake.no-body"
    );
    let two = page(&format!(
        "<article>{long}</article><article>{long}</article>"
    ));
    assert_eq!(code("a.html", two.as_bytes()), "intake.ambiguous-body");
    assert_eq!(
        code("a.html", page("<div id=zoom>首页 上页</div>").as_bytes()),
        "intake.too-short"
    );
    let deep = page(&"<div>".repeat(100_000));
    assert_eq!(code("a.html", deep.as_bytes()), "intake.too-deep");
    let signed = |day: &str| format!("关于示例的通知\n{long}\n示例税务局\n{day}\n");
    assert_eq!(
        code("a", signed("2024年2月30日").as_bytes()),
        "intake.bad-date"
    );
    assert_eq!(
        code("a", signed("9月28日").as_bytes()),
        "intake.missing-year"
    );
    let stated = TEXT.replace("2024-03-01", "2024-13-01");
    assert_eq!(code("a.txt", stated.as_bytes()), "intake.bad-date");
    assert_eq!(code("a.json", b"[]"), "intake.no-rows");
    assert_eq!(code("a.json", b"[1"), "intake.json");
    assert_eq!(code("a.json", b"{\"title\":\"x\"}"), "intake.shape");
    assert_eq!(code("a.bin", b"abc"), "intake.unsupported");
    assert_eq!(code("a.txt", b"caf\xe9 \xff"), "intake.encoding");
    assert_eq!(
        read("a.docx", b"PK\x03\x04 word/document.xml"),
        Err(IntakeError::Archive(ArchiveFault::Broken))
    );
    let rows = format!(
        "[{{\"title\":\"甲\",\"content\":\"{long}\"}},{{\"title\":\"乙\",\"content\":\"短\"}}]"
    );
    assert!(matches!(
        read("a.json", rows.as_bytes()),
        Err(IntakeError::Row { number: 2, .. })
    ));
}

#[test]
fn a_few_stray_zeros_are_removed_and_counted() {
    let text = TEXT.replace("示例工作", "示例\0工作\u{1b}[2J");
    let one = &read("a.txt", text.as_bytes()).unwrap()[0];
    assert_eq!(one.notes, [IntakeNote::ControlsStripped { count: 2 }]);
    assert!(!one.body.chars().any(|c| c.is_control() && c != '\n'));
}

#[test]
fn size_has_a_limit() {
    let line = "正文".repeat(100) + "\n";
    let text = "题目\n".to_owned() + &line.repeat(19 * 1024 * 1024 / line.len());
    let one = &read("a.txt", text.as_bytes()).unwrap()[0];
    assert!(one.body.len() > 18 * 1024 * 1024);
    assert_eq!(
        code("a.txt", &vec![b'a'; 20 * 1024 * 1024 + 1]),
        "intake.too-large"
    );
}

#[test]
fn the_head_offices_list() {
    let bytes = fs::read(fixtures().join("sta_list.json")).unwrap();
    let rows = read_list(&bytes).unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(
        rows[0].doc_number.as_deref(),
        Some("国家税务总局公告2026年第19号")
    );
    assert_eq!(rows[0].written_on, Some(date(2026, 9, 4)));
    assert_eq!(rows[0].validity.as_deref(), Some("尚未生效"));
    assert_eq!(rows[1].doc_number, None);
    assert_eq!(rows[1].channel.as_deref(), Some("政策解读"));
    let reprints = read("list.json", &bytes).unwrap();
    assert_eq!(reprints.len(), rows.len());
    for (reprint, row) in reprints.iter().zip(&rows) {
        assert!(reprint.reprint && reprint.needs_attention());
        assert_eq!(reprint.title, row.title);
        assert_eq!(reprint.fields.doc_number, row.doc_number);
        assert_eq!(reprint.fields.source_url.as_deref(), Some(row.url.as_str()));
        assert_eq!(reprint.fields.source.as_deref(), Some("国家税务总局"));
        assert!(reprint.body.ends_with(&format!("]({})", row.url)));
    }
    let empty = br#"{"results":{"data":{"results":[]}}}"#;
    assert_eq!(read_list(empty), Err(IntakeError::NoRows));
    assert_eq!(read_list(b"{}").unwrap_err().code(), "intake.shape");
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        name in prop::sample::select(vec!["a", "a.html", "a.md", "a.txt", "a.json"]),
    ) {
        let _ = read(name, &bytes);
        let _ = read_list(&bytes);
    }

    #[test]
    fn arbitrary_pieces_never_panic_and_leave_no_controls(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "<div id=zoom>", "<td id=UCAP-CONTENT>", "<table>", "<tr>", "<td rowspan=3 colspan=2>",
            "</table>", "<a href=x.doc>", "</a>", "<li>", "<ol start=4294967295>", "<pre>", "<br>",
            "# ", "## ", "[", "](", ")", "![", "**", "```", "|", "---\n", "\n", "<!--", "-->",
            "2024年", "2月30日", "〔2024〕1号", "令第", "公告", "：", "【文 号】", "税务局", "正文",
            "\u{1b}", "\u{0}", "\u{202e}", "\u{3000}", " ", "&#27;", "根据", "通过", "(",
            "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十",
        ]), 0..60),
        name in prop::sample::select(vec!["a", "a.html", "a(2024-01-01).md", "a.txt", "a.json"]),
    ) {
        let text = "<html><title>示例标题</title>".to_owned() + &pieces.concat();
        for text in [pieces.concat(), text, "# 题\n".to_owned() + &pieces.concat()] {
            if let Ok(all) = read(name, text.as_bytes()) {
                for one in all {
                    prop_assert!(!one.title.chars().any(char::is_control));
                    prop_assert!(!one.body.chars().any(|c| c.is_control() && c != '\n' && c != '\t'));
                }
            }
        }
    }
}
