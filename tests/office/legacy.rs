//! PDF and the old container: their words for screening, what made them, and honesty about what
//! was not read.

use std::io::{Cursor, Write};

use lopdf::{Document, Object, Stream, dictionary};
use qianfa::intake::inspect::Kind;
use qianfa::intake::{Place, inspect, read};

fn hex(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

/// A PDF of one page whose font is told by `font`; `content` stands on the page.
fn pdf(font: &dyn Fn(&mut Document) -> lopdf::Dictionary, content: &[u8], image: bool) -> Vec<u8> {
    let mut document = Document::with_version("1.5");
    let font = font(&mut document);
    let font = document.add_object(font);
    let mut resources = dictionary! { "Font" => dictionary! { "F1" => font } };
    if image {
        let picture = document.add_object(Stream::new(
            dictionary! { "Type" => "XObject", "Subtype" => "Image", "Width" => 1, "Height" => 1, "ColorSpace" => "DeviceGray", "BitsPerComponent" => 8 },
            vec![0],
        ));
        resources.set("XObject", dictionary! { "Im1" => picture });
    }
    let content = document.add_object(Stream::new(dictionary! {}, content.to_vec()));
    let pages = document.new_object_id();
    let note = document.add_object(dictionary! {
        "Type" => "Annot", "Subtype" => "Text", "T" => Object::string_literal("reviewer"),
        "Contents" => Object::String([b"\xfe\xff".to_vec(), hex("此处待核")].concat(), lopdf::StringFormat::Hexadecimal),
    });
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => content, "Resources" => resources,
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()], "Annots" => vec![note.into()],
    });
    document.objects.insert(
        pages,
        dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 }.into(),
    );
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    let info = document.add_object(dictionary! {
        "Author" => Object::String([b"\xfe\xff".to_vec(), hex("起草人")].concat(), lopdf::StringFormat::Hexadecimal),
    });
    document.trailer.set("Info", info);
    document.compress();
    let mut out = Vec::new();
    document.save_to(&mut out).unwrap();
    out
}

fn unigb(_: &mut Document) -> lopdf::Dictionary {
    dictionary! { "Type" => "Font", "Subtype" => "Type0", "BaseFont" => "SimSun", "Encoding" => "UniGB-UCS2-H" }
}

/// A font whose codes mean nothing without its table.
fn mapped(document: &mut Document) -> lopdf::Dictionary {
    let map = "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo\n<< /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n4 beginbfchar\n<0001> <673A>\n<0002> <5BC6>\n<0003> <2605>\n<0004> <0031>\nendbfchar\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n";
    let map = document.add_object(Stream::new(dictionary! {}, map.as_bytes().to_vec()));
    dictionary! { "Type" => "Font", "Subtype" => "Type0", "BaseFont" => "AAAAAA+SimSun", "Encoding" => "Identity-H", "ToUnicode" => map }
}

fn unmapped(_: &mut Document) -> lopdf::Dictionary {
    dictionary! { "Type" => "Font", "Subtype" => "Type0", "BaseFont" => "AAAAAA+SimSun", "Encoding" => "Identity-H" }
}

fn shown(text: &str, x: i32, y: i32) -> String {
    let codes: String = hex(text).iter().map(|b| format!("{b:02X}")).collect();
    format!("BT /F1 12 Tf 1 0 0 1 {x} {y} Tm <{codes}> Tj ET\n")
}

#[test]
fn the_words_of_a_pdf_reach_screening() {
    // One mark in three pieces on one line; the next line below it.
    let content = [
        shown("机密", 50, 700),
        shown("★", 80, 700),
        shown("3年", 92, 700),
        shown("关于某事的通知", 50, 650),
    ]
    .concat();
    let found = inspect("通知.pdf", &pdf(&unigb, content.as_bytes(), false));
    assert_eq!((found.kind, &found.opens), (Kind::Pdf, &Ok(())));
    assert!(found.text_read, "{found:?}");
    assert!(found.texts[0].text.contains("机密★3年\n关于某事的通知"), "{found:?}");
    assert!(found.metadata.iter().any(|p| p.name == "Author" && p.value == "起草人"));
    let note = found.comments().next().unwrap();
    assert_eq!((note.who.as_deref(), note.text.as_str()), (Some("reviewer"), "此处待核"));
    let found = inspect(
        "a.pdf",
        &pdf(&mapped, b"BT /F1 12 Tf 50 700 Td [<00010002> -20 <0003> <0004>] TJ ET", false),
    );
    assert!(found.text_read);
    assert!(found.texts[0].text.contains("机密★1"), "{found:?}");
    // As a manuscript it is refused, with what to do.
    let bytes = pdf(&mapped, b"BT ET", false);
    assert_eq!(read("a.pdf", &bytes).unwrap_err().code(), "intake.unsupported");
}

#[test]
fn what_cannot_be_read_of_a_pdf_is_said() {
    // Codes without a table, and a page that is a picture.
    let found = inspect("a.pdf", &pdf(&unmapped, b"BT /F1 12 Tf <00010002> Tj ET", false));
    assert!(!found.text_read && found.opens.is_ok());
    let found = inspect("a.pdf", &pdf(&unigb, b"q /Im1 Do Q", true));
    assert!(!found.text_read);
    // A table nobody can read: lopdf falls back to Latin letters, of which these codes are none.
    let broken = |document: &mut Document| {
        let mut font = unmapped(document);
        let map = document.add_object(Stream::new(dictionary! {}, b"not a table".to_vec()));
        font.set("ToUnicode", map);
        font
    };
    let found = inspect("a.pdf", &pdf(&broken, b"BT /F1 12 Tf <00010002> Tj ET", false));
    assert!(!found.text_read);
    // A stream that unpacks to far more than a page.
    let bomb = [vec![b' '; 40 << 20], b"BT ET".to_vec()].concat();
    let found = inspect("a.pdf", &pdf(&unigb, &bomb, false));
    assert!(!found.text_read);
}

/// A container with these streams.
fn container(streams: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (name, bytes) in streams {
        file.create_stream(format!("/{name}"))
            .unwrap()
            .write_all(bytes)
            .unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

/// Properties in the code page of Chinese Windows.
fn summary(fields: &[(u32, &str)]) -> Vec<u8> {
    let mut values = Vec::new();
    let mut places = Vec::new();
    let head = 8 + 8 * (fields.len() + 1);
    places.push((1_u32, head));
    values.extend([2, 0, 0, 0, 0xa8, 0x03, 0, 0]);
    for (id, text) in fields {
        places.push((*id, head + values.len()));
        let text = encoding_rs::GBK.encode(text).0;
        values.extend(30_u32.to_le_bytes());
        values.extend((text.len() as u32 + 1).to_le_bytes());
        values.extend_from_slice(&text);
        values.push(0);
        while values.len() % 4 != 0 {
            values.push(0);
        }
    }
    let mut out = vec![0_u8; 44];
    out[0] = 0xfe;
    out[1] = 0xff;
    out.extend(48_u32.to_le_bytes());
    out.extend(((head + values.len()) as u32).to_le_bytes());
    out.extend((places.len() as u32).to_le_bytes());
    for (id, place) in places {
        out.extend(id.to_le_bytes());
        out.extend((place as u32).to_le_bytes());
    }
    out.extend(values);
    out
}

/// A Word file of 1997: its text in one piece.
fn word(text: &str, locked: bool) -> Vec<u8> {
    let mut main = vec![0_u8; 0x400];
    main[..4].copy_from_slice(&[0xec, 0xa5, 0xc1, 0x00]);
    let flags: u16 = 0x0200 | if locked { 0x0100 } else { 0 };
    main[0x0a..0x0c].copy_from_slice(&flags.to_le_bytes());
    let place = main.len() as u32;
    main.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let chars = text.encode_utf16().count() as u32;
    let mut clx = vec![1, 2, 0, 0, 0, 2];
    clx.extend(16_u32.to_le_bytes());
    clx.extend(0_u32.to_le_bytes());
    clx.extend(chars.to_le_bytes());
    clx.extend([0, 0]);
    clx.extend(place.to_le_bytes());
    clx.extend([0, 0]);
    main[0x01a2..0x01a6].copy_from_slice(&0_u32.to_le_bytes());
    main[0x01a6..0x01aa].copy_from_slice(&(clx.len() as u32).to_le_bytes());
    container(&[
        ("WordDocument", main),
        ("1Table", clx),
        (
            "\u{5}SummaryInformation",
            summary(&[(2, "通知稿"), (4, "起草人"), (8, "修改人")]),
        ),
    ])
}

#[test]
fn the_words_of_an_old_word_file_and_who_made_it() {
    let bytes = word("机密★1年\r关于某事的通知\r见\u{13}HYPERLINK \"x\"\u{14}附件\u{15}\r", false);
    for name in ["通知.doc", "通知.wps"] {
        let found = inspect(name, &bytes);
        assert_eq!(found.kind, Kind::Ole);
        assert!(found.text_read && found.matches_extension);
        assert_eq!(found.texts[0].text, "机密★1年\n关于某事的通知\n见附件\n");
        let told: Vec<(&str, &str)> = found
            .metadata
            .iter()
            .map(|p| (p.name.as_str(), p.value.as_str()))
            .collect();
        assert_eq!(
            told,
            [("Title", "通知稿"), ("Author", "起草人"), ("LastAuthor", "修改人")]
        );
    }
    assert!(read("通知.doc", &bytes).unwrap_err().message().contains("docx"));
    let found = inspect("通知.doc", &word("机密", true));
    assert!(!found.text_read && found.opens.is_ok());
    let found = inspect("通知.doc", &bytes[..bytes.len() / 3]);
    assert!(!found.text_read);
}

fn old_workbook() -> Vec<u8> {
    let record = |kind: u16, data: &[u8]| {
        let mut out = kind.to_le_bytes().to_vec();
        out.extend((data.len() as u16).to_le_bytes());
        out.extend_from_slice(data);
        out
    };
    let wide = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let sheet = |name: &str, state: u8| {
        let mut data = vec![0, 0, 0, 0, state, 0, name.chars().count() as u8, 1];
        data.extend(wide(name));
        data
    };
    let mut shared = vec![1, 0, 0, 0, 1, 0, 0, 0, 4, 0, 1];
    shared.extend(wide("身份证号"));
    let mut number = vec![0; 6];
    number.extend(13_800_138_000_f64.to_le_bytes());
    let book = [
        record(0x0809, &[0, 6, 5, 0]),
        record(0x0085, &sheet("公开", 0)),
        record(0x0085, &sheet("底稿", 2)),
        record(0x00fc, &shared),
        record(0x0203, &number),
    ]
    .concat();
    container(&[("Workbook", book)])
}

/// Containers to be damaged.
pub fn containers() -> Vec<Vec<u8>> {
    let slides = [
        &[0x0f, 0, 0xe8, 0x03, 0xff, 0, 0, 0][..],
        &[0, 0, 0xa8, 0x0f, 2, 0, 0, 0, b'o', b'k'],
        &[0, 0, 0xa0, 0x0f, 2, 0, 0, 0, 0xc6, 0x5b],
    ];
    vec![
        word("机密★1年\r见\u{13}HYPERLINK\u{14}附件\u{15}", false),
        old_workbook(),
        container(&[("PowerPoint Document", slides.concat())]),
    ]
}

/// PDFs to be damaged.
pub fn documents() -> Vec<Vec<u8>> {
    let map = b"BT /F1 12 Tf 50 700 Td [<00010002> -20 <0003>] TJ T* <0004> ' ET q 1 0 0 1 0 0 cm /Im1 Do Q";
    vec![
        pdf(&mapped, map, true),
        pdf(&unigb, shown("机密★1年", 50, 700).as_bytes(), false),
    ]
}

#[test]
fn the_cells_of_an_old_workbook() {
    let found = inspect("表.et", &old_workbook());
    assert!(found.text_read && found.matches_extension);
    let text = &found.texts[0].text;
    assert!(text.contains("身份证号") && text.contains("13800138000"), "{text}");
    assert_eq!(
        found.hidden().map(|a| (a.place, a.text.as_str())).collect::<Vec<_>>(),
        [(Place::HiddenSheet, "底稿")]
    );
}

#[test]
fn the_words_of_an_ofd() {
    let page = "<ofd:Page xmlns:ofd='http://www.ofdspec.org/2016'><ofd:Content><ofd:Layer><ofd:TextObject><ofd:TextCode X='1' Y='2'>内部资料　注意保存</ofd:TextCode></ofd:TextObject></ofd:Layer></ofd:Content></ofd:Page>";
    let main = "<ofd:OFD xmlns:ofd='http://www.ofdspec.org/2016'><ofd:DocBody><ofd:DocInfo><ofd:Author>起草人</ofd:Author></ofd:DocInfo></ofd:DocBody></ofd:OFD>";
    let bytes = super::kit::zip(&[
        ("OFD.xml", main.as_bytes()),
        ("Doc_0/Pages/Page_0/Content.xml", page.as_bytes()),
    ]);
    let found = inspect("文.ofd", &bytes);
    assert_eq!(found.kind, Kind::Ofd);
    assert!(found.text_read && found.matches_extension);
    assert!(found.for_screening().iter().any(|t| t.text.contains("内部资料")));
    assert_eq!(found.metadata[0].value, "起草人");
}
