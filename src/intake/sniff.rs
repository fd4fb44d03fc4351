//! What a file is: its encoding and its format, decided by the bytes before the name.

use encoding_rs::{GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::error::{IntakeError, Looks};
use super::{Encoding, Format, MAX_BYTES};

/// Decodes a file, strictly: valid UTF-8 first, then GB18030 without one replaced character.
/// A wrong guess here would publish garbled characters, so what would decode into nonsense is
/// refused: damaged UTF-8, Big5.
pub(super) fn decode(bytes: &[u8]) -> Result<(String, Encoding), IntakeError> {
    if bytes.is_empty() {
        return Err(IntakeError::Empty);
    }
    if bytes.len() > MAX_BYTES {
        return Err(IntakeError::TooLarge { bytes: bytes.len() });
    }
    if let Some(looks) = magic(bytes) {
        return Err(IntakeError::Unsupported { looks });
    }
    if bytes.starts_with(b"\xff\xfe\0\0") || bytes.starts_with(b"\0\0\xfe\xff") {
        return Err(IntakeError::Encoding {
            declared: Some("utf-32".to_owned()),
        });
    }
    let (encoding, rest) = match bytes {
        // The mark in GB18030.
        [0x84, 0x31, 0x95, 0x33, rest @ ..] => (Encoding::Gb18030, rest),
        [0xef, 0xbb, 0xbf, rest @ ..] => (Encoding::Utf8Bom, rest),
        [0xff, 0xfe, rest @ ..] => (Encoding::Utf16Le, rest),
        [0xfe, 0xff, rest @ ..] => (Encoding::Utf16Be, rest),
        _ => match utf16_unmarked(bytes) {
            Some(encoding) => (encoding, bytes),
            None if std::str::from_utf8(bytes).is_ok() => (Encoding::Utf8, bytes),
            None => (Encoding::Gb18030, bytes),
        },
    };
    if !matches!(encoding, Encoding::Utf16Le | Encoding::Utf16Be)
        && let Some(looks) = not_text(rest)
    {
        return Err(IntakeError::Unsupported { looks });
    }
    if encoding == Encoding::Gb18030 {
        // A page in Big5 or Shift_JIS often decodes as GB18030 without an error, into nonsense.
        if let Some(declared) = declared(bytes).filter(|label| !is_gb(label)) {
            return Err(IntakeError::Encoding {
                declared: Some(declared),
            });
        }
        if is_damaged_utf8(rest) {
            return Err(IntakeError::Encoding { declared: None });
        }
        if is_big5(rest) {
            return Err(IntakeError::Encoding {
                declared: Some("big5".to_owned()),
            });
        }
    }
    let decoder = match encoding {
        Encoding::Utf8 | Encoding::Utf8Bom => UTF_8,
        Encoding::Gb18030 => GB18030,
        Encoding::Utf16Le => UTF_16LE,
        Encoding::Utf16Be => UTF_16BE,
    };
    let text = decoder
        .decode_without_bom_handling_and_without_replacement(rest)
        .ok_or(IntakeError::Encoding { declared: None })?;
    if text.trim().is_empty() {
        return Err(IntakeError::Empty);
    }
    Ok((text.into_owned(), encoding))
}

/// UTF-16 without a mark, as some old programs save it: told from GB18030 by what it would say.
/// Chinese text is nearly all of a few blocks of characters; another encoding read as UTF-16 is
/// spread over the whole plane.
fn utf16_unmarked(bytes: &[u8]) -> Option<Encoding> {
    const ENOUGH: usize = 32;
    if bytes.len() < ENOUGH || bytes.len() % 2 != 0 {
        return None;
    }
    if !bytes.contains(&0) && std::str::from_utf8(bytes).is_ok() {
        return None;
    }
    let usual = |c: char| {
        matches!(c, '\n' | '\r' | '\t' | ' '..='~' | '\u{4e00}'..='\u{9fff}'
            | '\u{3000}'..='\u{303f}' | '\u{ff01}'..='\u{ff5e}' | '\u{2010}'..='\u{2027}'
            | '\u{2460}'..='\u{249b}' | '\u{a0}' | '\u{b7}')
    };
    [
        (Encoding::Utf16Le, u16::from_le_bytes as fn([u8; 2]) -> u16),
        (Encoding::Utf16Be, u16::from_be_bytes),
    ]
    .into_iter()
    .find(|(_, unit)| {
        let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        let (mut all, mut strange, mut han) = (0_usize, 0_usize, 0_usize);
        for c in char::decode_utf16(units) {
            let Ok(c) = c else { return false };
            all += 1;
            strange += usize::from(!usual(c));
            han += usize::from(('\u{4e00}'..='\u{9fff}').contains(&c));
        }
        strange * 50 <= all && han * 4 >= all
    })
    .map(|(encoding, _)| encoding)
}

/// UTF-8 with a few broken characters: as GB18030 it reads without an error, into nonsense.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut whole, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| c.len_utf8() >= 3).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    whole >= 8 && broken * 8 <= whole
}

/// Big5 reads as GB18030 without an error, into rare characters; text in GB18030 is nearly all of
/// the characters GB 2312 had, whose bytes are both high.
fn is_big5(bytes: &[u8]) -> bool {
    let (mut pairs, mut common, mut at) = (0_usize, 0_usize, 0);
    while let Some(&first) = bytes.get(at) {
        if first < 0x80 {
            at += 1;
            continue;
        }
        match bytes.get(at + 1) {
            Some(b'0'..=b'9') => at += 4,
            Some(&second) => {
                pairs += 1;
                common += usize::from(first >= 0xa1 && second >= 0xa1);
                at += 2;
            }
            None => break,
        }
    }
    pairs >= 8
        && common * 10 < pairs * 8
        && encoding_rs::BIG5
            .decode_without_bom_handling_and_without_replacement(bytes)
            .is_some()
}

/// The format, by the name's ending where it has one and by the text where it has none.
pub(super) fn format(name: &str, text: &str) -> Result<Format, IntakeError> {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let ending = match file.rsplit_once('.') {
        Some((_, ending)) => ending.trim().to_lowercase(),
        None => String::new(),
    };
    if text.trim_start().starts_with("{\\rtf") {
        return Err(IntakeError::Unsupported { looks: Looks::Rtf });
    }
    let head = head_of(text);
    if is_mail(text) {
        return Err(IntakeError::Unsupported {
            looks: Looks::Mhtml,
        });
    }
    // Word 2003 and WPS can save all of a document as one XML file.
    if head.starts_with("<?xml") && head.contains("progid=\"word.document\"")
        || head.contains("schemas.microsoft.com/office/2006/xmlpackage")
    {
        return Err(IntakeError::Unsupported { looks: Looks::Ole });
    }
    let is_html = is_html(text);
    match ending.as_str() {
        "html" | "htm" | "shtml" | "xhtml" => Ok(Format::Html),
        "md" | "markdown" => Ok(Format::Markdown),
        "json" => Ok(Format::Json),
        _ if is_feed(&head) => Ok(Format::Feed),
        "rss" | "atom" => Ok(Format::Feed),
        _ if is_html => Ok(Format::Html),
        "txt" | "text" => Ok(Format::Plain),
        "" => Ok(by_text(text)),
        _ => Err(IntakeError::Unsupported {
            looks: Looks::Extension(ending),
        }),
    }
}

/// Whether a text is a mail, as a page saved whole in one file is.
pub(super) fn is_mail(text: &str) -> bool {
    let head = head_of(text);
    head.starts_with("mime-version:") || head.contains("content-type: multipart/related")
}

/// Whether a text is a web page.
pub(super) fn is_html(text: &str) -> bool {
    let head = head_of(text);
    ["<!doctype html", "<html", "<head", "<body"]
        .iter()
        .any(|tag| head.contains(tag))
}

/// A feed says so in its first element, behind the declaration and comments.
fn is_feed(head: &str) -> bool {
    let xml = ["<?xml", "<rss", "<feed", "<rdf:rdf"]
        .iter()
        .any(|start| head.starts_with(start));
    xml && ["<rss", "<feed", "<atom:feed", "<rdf:rdf"].iter().any(|tag| {
        head.find(tag).is_some_and(|at| {
            let next = head[at + tag.len()..].chars().next();
            next.is_none_or(|c| c.is_whitespace() || c == '>')
        })
    })
}

fn by_text(text: &str) -> Format {
    let text = text.trim_start();
    if text.starts_with(['{', '[']) && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok() {
        Format::Json
    } else if text.starts_with("# ") {
        Format::Markdown
    } else {
        Format::Plain
    }
}

/// The first characters in small letters, enough for a doctype or a mail head.
fn head_of(text: &str) -> String {
    text.trim_start()
        .chars()
        .take(1024)
        .flat_map(char::to_lowercase)
        .collect()
}

/// What a file in a known binary format is, by its first bytes.
pub(super) fn looks(bytes: &[u8]) -> Option<Looks> {
    magic(bytes)
}

fn magic(bytes: &[u8]) -> Option<Looks> {
    const MAGIC: [(&[u8], Looks); 11] = [
        (b"%PDF-", Looks::Pdf),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Looks::Ole),
        (b"{\\rtf", Looks::Rtf),
        (b"\x89PNG", Looks::Image),
        (b"\xff\xd8\xff", Looks::Image),
        (b"GIF8", Looks::Image),
        (b"BM\x00", Looks::Image),
        (b"\x1f\x8b", Looks::Archive),
        (b"7z\xbc\xaf\x27\x1c", Looks::Archive),
        (b"Rar!\x1a", Looks::Archive),
        (b"SQLite format 3\0", Looks::Binary),
    ];
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Some(zip(bytes));
    }
    let found = MAGIC
        .into_iter()
        .find(|(start, _)| bytes.starts_with(start))
        .map(|(_, looks)| looks);
    if found == Some(Looks::Ole) && names(bytes, "EncryptedPackage") {
        return Some(Looks::Encrypted);
    }
    found
}

/// Whether the directory of an old container names a stream.
fn names(bytes: &[u8], stream: &str) -> bool {
    let name: Vec<u8> = stream.encode_utf16().flat_map(u16::to_le_bytes).collect();
    memchr::memmem::find(bytes, &name).is_some()
}

/// The names of a zip's members tell the office formats apart. They are those of its directory:
/// an archive of Word files holds their members' names too, inside its own members.
fn zip(bytes: &[u8]) -> Looks {
    const MEMBERS: [(&str, Looks); 4] = [
        ("word/document", Looks::Docx),
        ("xl/workbook", Looks::Xlsx),
        ("ppt/presentation", Looks::Pptx),
        ("ofd.xml", Looks::Ofd),
    ];
    let head = &bytes[..bytes.len().min(256)];
    if memchr::memmem::find(head, b"application/vnd.oasis.opendocument").is_some() {
        return Looks::OpenDocument;
    }
    let mut listed = zip::ZipArchive::new(std::io::Cursor::new(bytes)).ok();
    // Some programs write `\\` between folders; names of parts know no case.
    let names: Option<Vec<String>> = listed.as_ref().map(|archive| {
        archive
            .file_names_raw()
            .map(|name| String::from_utf8_lossy(name).replace('\\', "/").to_lowercase())
            .collect()
    });
    let has = |member: &str| match &names {
        Some(names) => names.iter().any(|name| name.starts_with(member)),
        // Without a directory the file is broken; what it was meant to be is worth saying.
        None => memchr::memmem::find(bytes, member.as_bytes()).is_some(),
    };
    if has("mimetype") && has("content.xml") {
        return Looks::OpenDocument;
    }
    MEMBERS
        .into_iter()
        .find(|(member, _)| has(member))
        .map(|(_, looks)| looks)
        .or_else(|| by_content_types(listed.as_mut()?))
        .unwrap_or(Looks::Zip)
}

/// An office file whose main part has an unusual name: the list of its parts' types tells.
fn by_content_types<R: std::io::Read + std::io::Seek>(
    archive: &mut zip::ZipArchive<R>,
) -> Option<Looks> {
    const TYPES: [(&str, Looks); 3] = [
        ("wordprocessingml.document.main", Looks::Docx),
        ("spreadsheetml.sheet.main", Looks::Xlsx),
        ("presentationml.presentation.main", Looks::Pptx),
    ];
    let mut text = String::new();
    let part = archive.by_name("[Content_Types].xml").ok()?;
    std::io::Read::read_to_string(&mut std::io::Read::take(part, 256 * 1024), &mut text).ok()?;
    TYPES
        .into_iter()
        .find(|(name, _)| text.contains(name))
        .map(|(_, looks)| looks)
}

/// A few stray control characters are stripped later; a file full of them is not text.
fn not_text(bytes: &[u8]) -> Option<Looks> {
    let (mut zeros, mut controls) = (0, 0);
    for byte in bytes {
        zeros += usize::from(*byte == 0);
        controls += usize::from(*byte < 0x20 && !b"\t\n\r\x0c".contains(byte));
    }
    if zeros * 4 > bytes.len() {
        return Some(Looks::Utf16WithoutMark);
    }
    (controls * 50 > bytes.len()).then_some(Looks::Binary)
}

/// The encoding a page claims for itself, in its first bytes.
fn declared(bytes: &[u8]) -> Option<String> {
    let head: String = bytes
        .iter()
        .take(2048)
        .map(|byte| char::from(*byte).to_ascii_lowercase())
        .collect();
    if !head.contains("<meta") && !head.contains("<?xml") {
        return None;
    }
    let after = ["charset=", "encoding="]
        .iter()
        .find_map(|key| head.split_once(key))?
        .1;
    let label: String = after
        .trim_start_matches(['"', '\'', ' '])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':'))
        .collect();
    (!label.is_empty()).then_some(label)
}

fn is_gb(label: &str) -> bool {
    encoding_rs::Encoding::for_label(label.as_bytes())
        .is_some_and(|encoding| matches!(encoding.name(), "GBK" | "gb18030"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn looks(bytes: &[u8]) -> Looks {
        match decode(bytes) {
            Err(IntakeError::Unsupported { looks }) => looks,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn formats_from_elsewhere_are_named() {
        assert_eq!(looks(b"%PDF-1.7\n"), Looks::Pdf);
        assert_eq!(looks(b"PK\x03\x04....word/document.xml"), Looks::Docx);
        assert_eq!(looks(b"PK\x03\x04....xl/workbook.xml"), Looks::Xlsx);
        assert_eq!(looks(b"PK\x03\x04....ofd.xml"), Looks::Ofd);
        assert_eq!(looks(b"PK\x03\x04....a.txt"), Looks::Zip);
        assert_eq!(looks(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..."), Looks::Ole);
        assert_eq!(looks(b"{\\rtf1\\ansi"), Looks::Rtf);
        assert_eq!(looks(b"t\0e\0x\0t\0"), Looks::Utf16WithoutMark);
        assert_eq!(looks(b"\x01\x02\x03abc"), Looks::Binary);
    }

    #[test]
    fn encodings_are_told_apart() {
        let text = "国家税务总局公告";
        let gb = GB18030.encode(text).0;
        assert_eq!(decode(&gb).unwrap(), (text.into(), Encoding::Gb18030));
        assert_eq!(
            decode(text.as_bytes()).unwrap(),
            (text.into(), Encoding::Utf8)
        );
        let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
        assert_eq!(decode(&marked).unwrap(), (text.into(), Encoding::Utf8Bom));
        let le: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        assert_eq!(decode(&le).unwrap(), (text.into(), Encoding::Utf16Le));
        let be: Vec<u8> = [0xfe, 0xff]
            .into_iter()
            .chain(text.encode_utf16().flat_map(u16::to_be_bytes))
            .collect();
        assert_eq!(decode(&be).unwrap(), (text.into(), Encoding::Utf16Be));
        // An odd byte at the end of UTF-16, half a character at the end of GB18030.
        assert_eq!(
            decode(&le[..le.len() - 1]).unwrap_err().code(),
            "intake.encoding"
        );
        assert_eq!(
            decode(&gb[..gb.len() - 1]).unwrap_err().code(),
            "intake.encoding"
        );
    }

    #[test]
    fn a_declared_foreign_encoding_is_refused() {
        let page = b"<html><meta charset=\"big5\">\xb0\xea\xae\x61";
        assert_eq!(
            decode(page),
            Err(IntakeError::Encoding {
                declared: Some("big5".into())
            })
        );
        let page = b"<html><meta charset=gb2312>\xb9\xfa\xbc\xd2";
        assert_eq!(decode(page).unwrap().1, Encoding::Gb18030);
    }

    #[test]
    fn names_and_texts_give_the_format() {
        assert_eq!(format("a.HTM", "x").unwrap(), Format::Html);
        assert_eq!(format("a.txt", "<!DOCTYPE html>").unwrap(), Format::Html);
        assert_eq!(format("x/y.d/a", "# 标题").unwrap(), Format::Markdown);
        assert_eq!(format("a", "[{}]").unwrap(), Format::Json);
        assert_eq!(format("a", "[一] 文").unwrap(), Format::Plain);
        assert!(matches!(
            format("a.docm", "x"),
            Err(IntakeError::Unsupported {
                looks: Looks::Extension(_)
            })
        ));
    }

    #[test]
    fn what_would_decode_into_nonsense_is_refused() {
        let text = "关于示例的通知，现将有关事项通知如下。\r\n";
        // UTF-16 without a mark is told by what it says.
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decode(&le).unwrap(), (text.into(), Encoding::Utf16Le));
        assert_eq!(decode(&be).unwrap(), (text.into(), Encoding::Utf16Be));
        let utf32: Vec<u8> = ['\u{feff}', '税']
            .iter()
            .flat_map(|c| u32::from(*c).to_le_bytes())
            .collect();
        assert_eq!(decode(&utf32).unwrap_err().code(), "intake.encoding");
        let mut damaged = text.repeat(3).into_bytes();
        damaged[10] = 0xff;
        assert_eq!(decode(&damaged).unwrap_err().code(), "intake.encoding");
        let (big5, _, _) = encoding_rs::BIG5.encode("關於示例的通知，為做好納稅服務工作，進一步優化稅收營商環境");
        assert_eq!(decode(&big5).unwrap_err().code(), "intake.encoding");
        // Rare characters of four bytes are GB18030 all the same, behind its mark or not.
        let rare = "关于㐀𠮷地名的通知，为做好有关工作，现将有关事项通知如下";
        let gb = GB18030.encode(rare).0;
        assert_eq!(decode(&gb).unwrap(), (rare.into(), Encoding::Gb18030));
        let marked = [b"\x84\x31\x95\x33", &*gb].concat();
        assert_eq!(decode(&marked).unwrap(), (rare.into(), Encoding::Gb18030));
    }
}
