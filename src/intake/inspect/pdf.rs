//! PDF: who made it, in every version the file went through, and whether it is locked. Its text is
//! read in [`super::pdf_text`].

use super::super::aside::{Aside, Place};
use super::super::xml;
use super::super::{ArchiveFault, IntakeError};
use super::{Inspection, pdf_text, tiff};

/// Longest dictionary looked at.
const LONGEST: usize = 64 * 1024;

pub(super) fn read(bytes: &[u8], found: &mut Inspection) -> Result<(), IntakeError> {
    found.encrypted = find(bytes, b"/Encrypt").is_some();
    for (mark, what) in [
        (&b"/JavaScript"[..], "JavaScript"),
        (b"/EmbeddedFile", "EmbeddedFile"),
        (b"/Launch", "Launch"),
    ] {
        if find(bytes, mark).is_some() {
            found.asides.push(Aside::new(Place::Embedded, None, what));
        }
    }
    // Every version the file went through has its own; earlier ones are still in it.
    let mut from = 0;
    for _ in 0..16 {
        let Some(at) = find(&bytes[from..], b"/Info") else {
            break;
        };
        from += at + 5;
        if let Some(dictionary) = referred(bytes, &bytes[from..]) {
            info(dictionary, found);
        }
    }
    let mut from = 0;
    for _ in 0..16 {
        let Some(start) = find(&bytes[from..], b"<x:xmpmeta") else {
            break;
        };
        let start = from + start;
        let Some(end) = find(&bytes[start..], b"</x:xmpmeta>") else {
            break;
        };
        from = start + end + 12;
        xmp(&bytes[start..from], found);
    }
    pdf_text::read(bytes, found);
    found.metadata.dedup();
    let tail = &bytes[bytes.len().saturating_sub(2048)..];
    if find(tail, b"startxref").is_none() || find(tail, b"%%EOF").is_none() {
        return Err(ArchiveFault::Broken.into());
    }
    Ok(())
}

pub(super) fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, what)
}

/// The dictionary an `/Info 12 0 R` refers to.
fn referred<'a>(bytes: &'a [u8], after: &[u8]) -> Option<&'a [u8]> {
    let text: String = after.iter().take(32).map(|b| char::from(*b)).collect();
    let mut words = text.split_whitespace();
    let (number, generation, r) = (words.next()?, words.next()?, words.next()?);
    let is_number = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_digit());
    if !is_number(number) || !is_number(generation) || !r.starts_with('R') {
        return None;
    }
    let mark = format!("{number} {generation} obj");
    // The last object of that number is the one in force.
    let mut from = bytes.len();
    loop {
        let at = memchr::memmem::rfind(&bytes[..from], mark.as_bytes())?;
        let alone = at == 0 || !bytes[at - 1].is_ascii_digit();
        if alone {
            let object = &bytes[at + mark.len()..];
            let object = &object[..object.len().min(LONGEST)];
            let end = find(object, b"endobj").unwrap_or(object.len());
            return Some(&object[..end]);
        }
        from = at;
    }
}

/// `/Author (…)`, `/Title <FEFF…>`.
fn info(dictionary: &[u8], found: &mut Inspection) {
    let mut at = 0;
    while let Some(slash) = dictionary
        .get(at..)
        .and_then(|d| d.iter().position(|b| *b == b'/'))
    {
        at += slash + 1;
        let length = dictionary[at..]
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || **b == b'-' || **b == b'_')
            .count();
        let name = String::from_utf8_lossy(&dictionary[at..at + length]).into_owned();
        at += length;
        at += dictionary[at..]
            .iter()
            .take_while(|b| b.is_ascii_whitespace())
            .count();
        let (value, used) = match dictionary.get(at) {
            Some(b'(') => literal(&dictionary[at + 1..]),
            Some(b'<') if dictionary.get(at + 1) != Some(&b'<') => {
                hexadecimal(&dictionary[at + 1..])
            }
            _ => continue,
        };
        at += used;
        found.property(&name, &string(&value));
    }
}

fn literal(bytes: &[u8]) -> (Vec<u8>, usize) {
    let (mut out, mut depth, mut at) = (Vec::new(), 1_usize, 0);
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'(' => depth += 1,
            b')' => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            b'\\' => {
                let Some(&next) = bytes.get(at) else { break };
                at += 1;
                match next {
                    b'n' => out.push(b'\n'),
                    b'r' => out.push(b'\r'),
                    b't' => out.push(b'\t'),
                    b'0'..=b'7' => {
                        let mut code = u32::from(next - b'0');
                        for _ in 0..2 {
                            match bytes.get(at) {
                                Some(d @ b'0'..=b'7') => {
                                    code = code * 8 + u32::from(d - b'0');
                                    at += 1;
                                }
                                _ => break,
                            }
                        }
                        out.push((code & 0xff) as u8);
                    }
                    b'\n' | b'\r' => {}
                    other => out.push(other),
                }
                continue;
            }
            _ => {}
        }
        out.push(byte);
    }
    (out, at)
}

fn hexadecimal(bytes: &[u8]) -> (Vec<u8>, usize) {
    let end = bytes.iter().position(|b| *b == b'>').unwrap_or(bytes.len());
    let digits: Vec<u8> = bytes[..end]
        .iter()
        .filter_map(|b| char::from(*b).to_digit(16))
        .map(|d| d as u8)
        .collect();
    let out = digits
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0))
        .collect();
    (out, end)
}

/// A text string: UTF-16 or UTF-8 behind its mark, else the bytes as they read best.
pub(super) fn string(bytes: &[u8]) -> String {
    match bytes {
        [0xfe, 0xff, rest @ ..] => encoding_rs::UTF_16BE
            .decode_without_bom_handling(rest)
            .0
            .into_owned(),
        [0xff, 0xfe, rest @ ..] => encoding_rs::UTF_16LE
            .decode_without_bom_handling(rest)
            .0
            .into_owned(),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => tiff::words(bytes),
    }
}

/// The metadata of an XMP stream without the packet around it.
pub(super) fn xmp_packet(bytes: &[u8]) -> &[u8] {
    let start = find(bytes, b"<x:xmpmeta").or_else(|| find(bytes, b"<rdf:RDF"));
    let Some(start) = start else {
        return bytes;
    };
    let end = [&b"</x:xmpmeta>"[..], b"</rdf:RDF>"]
        .into_iter()
        .find_map(|mark| find(&bytes[start..], mark).map(|at| start + at + mark.len()));
    &bytes[start..end.unwrap_or(bytes.len())]
}

/// Metadata as XMP: the values of its innermost elements and their attributes.
pub(super) fn xmp(bytes: &[u8], found: &mut Inspection) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let Ok(root) = xml::parse(text) else {
        found.text("xmp", text.to_owned());
        return;
    };
    walk(&root, "xmp", found);
}

fn walk(element: &xml::Element, name: &str, found: &mut Inspection) {
    let local = element.name.rsplit(':').next().unwrap_or_default();
    // Lists hold what the element around them is called for.
    let name = if matches!(local, "Alt" | "Seq" | "Bag" | "li" | "RDF" | "Description") {
        name
    } else {
        local
    };
    for (key, value) in element.attributes() {
        let key = key.rsplit(':').next().unwrap_or_default();
        if !matches!(key, "lang" | "about" | "xmptk" | "parseType") {
            found.property(key, value);
        }
    }
    if element.elements().next().is_none() {
        found.property(name, &element.text());
    }
    for inner in element.elements() {
        walk(inner, name, found);
    }
}
