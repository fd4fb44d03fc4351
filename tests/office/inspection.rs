//! What is known of attachments, and what is taken out of them.

use proptest::prelude::*;
use qianfa::intake::inspect::{Kind, kind};
use qianfa::intake::{
    Inspection, Place, Strip, inspect, read, strip_metadata, strip_metadata_with,
};

use super::fixture;
use super::kit::{Docx, exif, jpeg, letter, p, png, sheet, workbook, zip};

const COMMENTS: Strip = Strip {
    comments: true,
    changes: false,
    hidden: false,
};

fn property<'a>(found: &'a Inspection, name: &str) -> &'a str {
    found
        .metadata
        .iter()
        .find(|property| property.name == name)
        .map_or("", |property| property.value.as_str())
}

#[test]
fn a_word_file_tells_all_it_carries() {
    let bytes = fixture("notice.docx");
    let found = inspect("通知.docx", &bytes);
    assert_eq!((found.kind, found.matches_extension), (Kind::Docx, true));
    assert!(found.opens.is_ok() && found.text_read && found.strippable);
    assert!(!found.encrypted && !found.macros);
    assert_eq!(found.size, bytes.len() as u64);
    assert_eq!(property(&found, "creator"), "起草人");
    assert_eq!(property(&found, "lastModifiedBy"), "修改人");
    assert_eq!(found.changes().count(), 2);
    assert_eq!(found.comments().count(), 1);
    assert_eq!(found.hidden().count(), 1);
    let all: String = found
        .for_screening()
        .into_iter()
        .map(|p| p.text + "\n")
        .collect();
    for text in [
        "内部资料",
        "此处暂不公布",
        "（内部掌握）",
        "这里请再核实",
        "流程示意图",
        "关于做好纳税服务",
    ] {
        assert!(all.contains(text), "{text}");
    }
    assert!(!inspect("通知.pdf", &bytes).matches_extension);
}

#[test]
fn metadata_goes_and_the_text_stays() {
    let bytes = fixture("notice.docx");
    let clean = strip_metadata("通知.docx", &bytes).unwrap();
    let found = inspect("通知.docx", &clean);
    assert!(found.opens.is_ok());
    assert_eq!(found.metadata, []);
    let raw: Vec<u8> = unpacked(&clean);
    for name in ["起草人", "修改人", "审稿人", "LibreOffice"] {
        assert!(
            !raw.windows(name.len()).any(|w| w == name.as_bytes()),
            "{name} is still in it"
        );
    }
    let (before, after) = (
        read("a.docx", &bytes).unwrap(),
        read("a.docx", &clean).unwrap(),
    );
    assert_eq!(before[0].body, after[0].body);
    assert_eq!(before[0].title, after[0].title);
    assert_eq!(found.comments().count(), 1, "comments stay unless asked");
    assert_eq!(found.changes().count(), 2, "changes are not decided here");
    let without = strip_metadata_with("通知.docx", &bytes, COMMENTS).unwrap();
    let found = inspect("通知.docx", &without);
    assert_eq!(found.comments().count(), 0);
    assert_eq!(read("a.docx", &without).unwrap()[0].body, before[0].body);

    let bytes = fixture("table.xlsx");
    let clean = strip_metadata_with("表.xlsx", &bytes, COMMENTS).unwrap();
    let found = inspect("表.xlsx", &clean);
    assert!(found.opens.is_ok() && found.metadata.is_empty());
    assert_eq!(found.comments().count(), 0);
    assert_eq!(
        read("表.xlsx", &bytes).unwrap()[0].body,
        read("表.xlsx", &clean).unwrap()[0].body
    );
    assert!(strip_metadata("a.txt", "文字".as_bytes()).is_err());
}

/// All parts of a zip, unpacked.
fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut zip = ::zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut out = Vec::new();
    for at in 0..zip.len() {
        std::io::Read::read_to_end(&mut zip.by_index(at).unwrap(), &mut out).unwrap();
    }
    out
}

#[test]
fn images_tell_author_place_and_words() {
    let photo = jpeg(&[
        (0xe1, exif()),
        (0xe1, [&b"http://ns.adobe.com/xap/1.0/\0"[..], "<x:xmpmeta xmlns:x='adobe:ns:meta/'><r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><r:Description xmlns:d='http://purl.org/dc/elements/1.1/'><d:creator><r:Seq><r:li>作者甲</r:li></r:Seq></d:creator></r:Description></r:RDF></x:xmpmeta>".as_bytes()].concat()),
        (0xed, [&b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x0e\x1c\x02\x78\0\x09"[..], "说明乙".as_bytes()].concat()),
        (0xfe, "机密★1年".as_bytes().to_vec()),
        (0xe2, b"ICC_PROFILE\0\x01\x01".to_vec()),
    ]);
    let found = inspect("照片.jpg", &photo);
    assert_eq!((found.kind, &found.opens), (Kind::Jpeg, &Ok(())));
    assert_eq!(property(&found, "Artist"), "拍摄者");
    assert_eq!(property(&found, "GPS"), "30.50000,114.25000");
    assert_eq!(property(&found, "creator"), "作者甲");
    assert_eq!(property(&found, "Caption"), "说明乙");
    assert_eq!(found.asides[0].place, Place::ImageText);
    assert!(found.asides[0].needs_attention());

    let clean = strip_metadata("照片.jpg", &photo).unwrap();
    let after = inspect("照片.jpg", &clean);
    assert!(after.metadata.is_empty() && after.asides.is_empty());
    assert!(
        clean.windows(11).any(|w| w == b"ICC_PROFILE"),
        "colours stay"
    );
    assert!(
        clean
            .windows(10)
            .any(|w| w == b"\x01\x12\0\x03\0\0\0\x01\0\x06"),
        "it stays upright"
    );
    assert!(
        clean.ends_with(b"\x12\xff\0\x34\xff\xd0\x56\xff\xd9"),
        "the picture is untouched"
    );

    let drawing = png(&[
        (b"tEXt", "Comment\0内部资料".as_bytes()),
        (b"iTXt", "Author\0\0\0\0\0作者丙".as_bytes()),
        (b"eXIf", &exif()[6..]),
        (b"gAMA", &[0, 0, 0xb1, 0x8f]),
    ]);
    let found = inspect("图.png", &drawing);
    assert!(found.opens.is_ok());
    assert_eq!(property(&found, "Artist"), "拍摄者");
    let words: Vec<&str> = found.asides.iter().map(|a| a.text.as_str()).collect();
    assert_eq!(words, ["内部资料", "作者丙"]);
    assert_eq!(
        strip_metadata("图.png", &drawing).unwrap(),
        png(&[(b"gAMA", &[0, 0, 0xb1, 0x8f])])
    );
    let mut broken = drawing.clone();
    broken[20] ^= 1;
    assert!(inspect("图.png", &broken).opens.is_err());
    let hiding = [drawing, b"PK\x03\x04".to_vec()].concat();
    assert!(
        inspect("图.png", &hiding)
            .asides
            .iter()
            .any(|a| a.place == Place::Embedded)
    );
    // Within a Word file too.
    let docx = Docx::new(&letter("<w:p><w:r><w:drawing><wp:inline><wp:docPr descr=''/><a:blip r:embed='rId1'/></wp:inline></w:drawing></w:r></w:p>"))
        .part("image", "media/photo.jpg", &photo)
        .build();
    assert_eq!(
        property(&inspect("a.docx", &docx), "photo.jpg: Artist"),
        "拍摄者"
    );
    let clean = strip_metadata("a.docx", &docx).unwrap();
    assert_eq!(inspect("a.docx", &clean).metadata, []);
}

#[test]
fn a_pdf_tells_who_made_it_and_that_it_was_not_read() {
    let pdf = b"%PDF-1.7\n1 0 obj<</Producer(Writer \\(x\\))/Author<FEFF4F5C8005>/Title(\\376\\377\\116\\055)>>endobj\n\
        trailer<</Info 1 0 R/Root 2 0 R>>\nstartxref\n9\n%%EOF\n";
    let found = inspect("a.pdf", pdf);
    assert_eq!((found.kind, &found.opens), (Kind::Pdf, &Ok(())));
    assert_eq!(property(&found, "Producer"), "Writer (x)");
    assert_eq!(property(&found, "Author"), "作者");
    assert_eq!(property(&found, "Title"), "中");
    assert!(!found.text_read && !found.encrypted && !found.strippable);
    let locked = [
        &b"%PDF-1.7\ntrailer<</Encrypt 3 0 R>>"[..],
        b"startxref 1 %%EOF",
    ]
    .concat();
    assert!(inspect("a.pdf", &locked).encrypted);
    assert!(inspect("a.pdf", &pdf[..60]).opens.is_err());
}

#[test]
fn other_kinds_are_known_by_their_bytes() {
    assert_eq!(kind(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), Kind::Ole);
    assert_eq!(kind("文字".as_bytes()), Kind::Text);
    assert_eq!(kind(b"<!doctype html><p>"), Kind::Html);
    assert_eq!(kind(b"GIF89a;"), Kind::Gif);
    assert_eq!(kind(b""), Kind::Unknown);
    let page = inspect("a.html", "<html><!-- 内部掌握 --><p>正文</p>".as_bytes());
    assert_eq!(page.hidden().next().unwrap().text, "内部掌握");
    let docx = Docx::new(&letter(&p("压缩包里的文字"))).build();
    let book = workbook(&[(
        "一",
        "",
        &sheet(
            "",
            "<row><c t='inlineStr'><is><t>格里的文字</t></is></c></row>",
        ),
    )]);
    let pack = zip(&[
        ("甲.docx", &docx),
        ("乙/丙.xlsx", &book),
        ("丁.bin", b"\0\x01\x02\x03"),
    ]);
    let found = inspect("包.zip", &pack);
    let all: String = found
        .for_screening()
        .into_iter()
        .map(|p| p.text + "\n")
        .collect();
    assert!(all.contains("压缩包里的文字") && all.contains("格里的文字") && all.contains("丁.bin"));
    assert!(!found.text_read, "of one member nothing is known");
    let odf = zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", "<c><p>开放文档</p></c>".as_bytes()),
    ]);
    assert!(inspect("a.odt", &odf).texts[0].text.contains("开放文档"));
    let ofd = zip(&[
        ("OFD.xml", "<o:OFD xmlns:o='http://www.ofdspec.org/2016'><o:Author>作者</o:Author></o:OFD>".as_bytes()),
        ("Doc_0/Pages/Page_0/Content.xml", "<o:Page xmlns:o='http://www.ofdspec.org/2016'><o:TextCode>版式文字</o:TextCode></o:Page>".as_bytes()),
    ]);
    let found = inspect("a.ofd", &ofd);
    assert_eq!(
        (found.kind, property(&found, "Author")),
        (Kind::Ofd, "作者")
    );
    assert!(found.texts.iter().any(|t| t.text == "版式文字"));
}

/// A real file with bytes changed and its end cut off.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let whole = [
        fixture("notice.docx"),
        fixture("table.xlsx"),
        jpeg(&[(0xe1, exif())]),
        png(&[(b"eXIf", &exif()[6..]), (b"tEXt", b"a\0b")]),
    ];
    (
        prop::sample::select(whole.to_vec()),
        prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        any::<prop::sample::Index>(),
        any::<bool>(),
    )
        .prop_map(|(mut bytes, changes, end, cut)| {
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            if cut {
                bytes.truncate(end.index(bytes.len()));
            }
            bytes
        })
}

/// The parts of a real file with bytes of one of them changed, packed anew: damage that the
/// checksums of the archive do not catch.
fn repacked() -> impl Strategy<Value = Vec<u8>> {
    let of = |name: &str| {
        let mut zip = ::zip::ZipArchive::new(std::io::Cursor::new(fixture(name))).unwrap();
        (0..zip.len())
            .map(|at| {
                let mut part = zip.by_index(at).unwrap();
                let mut bytes = Vec::new();
                std::io::Read::read_to_end(&mut part, &mut bytes).unwrap();
                (part.name().unwrap().into_owned(), bytes)
            })
            .collect::<Vec<_>>()
    };
    (
        prop::sample::select(vec![of("notice.docx"), of("table.xlsx")]),
        any::<prop::sample::Index>(),
        prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    )
        .prop_map(|(mut parts, part, changes)| {
            let at = part.index(parts.len());
            let bytes = &mut parts[at].1;
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            let list: Vec<(&str, &[u8])> = parts
                .iter()
                .map(|(n, b)| (n.as_str(), b.as_slice()))
                .collect();
            zip(&list)
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn damaged_files_never_panic(bytes in prop_oneof![damaged(), repacked()], name in prop::sample::select(vec!["a.docx", "a.xlsx", "a.jpg", "a"])) {
        let found = inspect(name, &bytes);
        let _ = found.for_screening();
        if let Ok(all) = read(name, &bytes) {
            for one in all {
                prop_assert!(!one.body.chars().any(|c| c.is_control() && c != '\n' && c != '\t'));
            }
        }
        // What is handed out opens.
        if let Ok(clean) = strip_metadata(name, &bytes) {
            prop_assert!(inspect(name, &clean).opens.is_ok());
        }
    }
}
