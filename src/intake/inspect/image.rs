//! Images: whether they are whole, and the words they carry beside the picture.

use std::io::Read;

use super::super::aside::{Aside, Place};
use super::super::{ArchiveFault, IntakeError};
use super::{Inspection, Kind, pdf, tiff};

/// Longest text field unpacked from an image.
const LONGEST: u64 = 1024 * 1024;

type Done = Result<(), IntakeError>;

pub(super) fn kind(bytes: &[u8]) -> Kind {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Kind::Png,
        [0xff, 0xd8, 0xff, ..] => Kind::Jpeg,
        [b'G', b'I', b'F', b'8', ..] => Kind::Gif,
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Kind::Bmp,
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => Kind::Webp,
        [b'I', b'I', b'*', 0, ..] | [b'M', b'M', 0, b'*', ..] => Kind::Tiff,
        _ => Kind::Unknown,
    }
}

fn broken() -> IntakeError {
    ArchiveFault::Broken.into()
}

fn said(found: &mut Inspection, name: &str, text: &str) {
    let aside = Aside::new(Place::ImageText, Some(name), text.trim_matches('\0'));
    if !aside.text.is_empty() {
        found.asides.push(aside);
    }
}

/// A chunk of a PNG: its name, its data, and where it ends.
pub(super) struct Chunk<'a> {
    pub(super) name: [u8; 4],
    pub(super) data: &'a [u8],
    pub(super) whole: &'a [u8],
}

/// The chunks of a PNG with their checksums checked, and what stands behind the last one.
pub(super) fn chunks(bytes: &[u8]) -> Result<(Vec<Chunk<'_>>, &[u8]), IntakeError> {
    let mut rest = bytes
        .strip_prefix(b"\x89PNG\r\n\x1a\n")
        .ok_or_else(broken)?;
    let mut all = Vec::new();
    while let Some((head, _)) = rest.split_first_chunk::<8>() {
        let [l0, l1, l2, l3, n0, n1, n2, n3] = *head;
        let length = u32::from_be_bytes([l0, l1, l2, l3]) as usize;
        let end = length.checked_add(12).ok_or_else(broken)?;
        let whole = rest.get(..end).ok_or_else(broken)?;
        let data = &whole[8..8 + length];
        let mut sum = flate2::Crc::new();
        sum.update(&whole[4..8 + length]);
        if whole[8 + length..] != sum.sum().to_be_bytes() {
            return Err(broken());
        }
        let name = [n0, n1, n2, n3];
        all.push(Chunk { name, data, whole });
        rest = &rest[end..];
        if &name == b"IEND" {
            return Ok((all, rest));
        }
    }
    Err(broken())
}

pub(super) fn png(bytes: &[u8], found: &mut Inspection) -> Done {
    found.text_read = true;
    let (chunks, behind) = chunks(bytes)?;
    for chunk in &chunks {
        match &chunk.name {
            b"tEXt" => {
                let (key, text) = cut(chunk.data);
                said(found, &tiff::words(key), &tiff::words(text));
            }
            b"zTXt" => {
                let (key, rest) = cut(chunk.data);
                let text = inflate(rest.get(1..).unwrap_or_default());
                said(found, &tiff::words(key), &tiff::words(&text));
            }
            b"iTXt" => {
                let (key, rest) = cut(chunk.data);
                let packed = rest.first() == Some(&1);
                let (_, rest) = cut(rest.get(2..).unwrap_or_default());
                let (_, text) = cut(rest);
                let text = if packed { inflate(text) } else { text.to_vec() };
                if key == b"XML:com.adobe.xmp" {
                    pdf::xmp(&text, found);
                } else {
                    said(found, &tiff::words(key), &String::from_utf8_lossy(&text));
                }
            }
            b"eXIf" => tiff::exif(chunk.data, found),
            _ => {}
        }
    }
    if !behind.is_empty() {
        let text = format!("{} bytes", behind.len());
        found
            .asides
            .push(Aside::new(Place::Embedded, Some("IEND"), &text));
    }
    Ok(())
}

/// Up to the zero byte, and behind it.
fn cut(bytes: &[u8]) -> (&[u8], &[u8]) {
    match bytes.iter().position(|b| *b == 0) {
        Some(at) => (&bytes[..at], &bytes[at + 1..]),
        None => (bytes, &[]),
    }
}

fn inflate(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    // What unpacks up to a fault is still worth reading.
    let _ = flate2::read::ZlibDecoder::new(bytes)
        .take(LONGEST)
        .read_to_end(&mut out);
    out
}

/// A segment of a JPEG: its marker, its payload, all of it.
pub(super) struct Segment<'a> {
    pub(super) marker: u8,
    pub(super) data: &'a [u8],
    pub(super) whole: &'a [u8],
}

/// The segments of a JPEG, the scans among them, and what stands behind the end of the image.
pub(super) fn segments(bytes: &[u8]) -> Result<(Vec<Segment<'_>>, &[u8]), IntakeError> {
    let mut rest = bytes.strip_prefix(b"\xff\xd8").ok_or_else(broken)?;
    let mut all = Vec::new();
    loop {
        let fill = rest.iter().take_while(|b| **b == 0xff).count();
        if fill == 0 {
            return Err(broken());
        }
        let marker = *rest.get(fill).ok_or_else(broken)?;
        let head = fill + 1;
        if marker == 0xd9 {
            let whole = &rest[..head];
            all.push(Segment {
                marker,
                data: &[],
                whole,
            });
            return Ok((all, &rest[head..]));
        }
        if (0xd0..=0xd7).contains(&marker) || marker == 0x01 {
            let whole = &rest[..head];
            all.push(Segment {
                marker,
                data: &[],
                whole,
            });
            rest = &rest[head..];
            continue;
        }
        let two = rest.get(head..head + 2).ok_or_else(broken)?;
        let length = usize::from(u16::from_be_bytes([two[0], two[1]]));
        let mut end = head + length;
        if length < 2 || end > rest.len() {
            return Err(broken());
        }
        let data = &rest[head + 2..end];
        if marker == 0xda {
            // The scan goes on to the next marker that is no restart and no stuffed byte.
            loop {
                let at = rest[end..]
                    .iter()
                    .position(|b| *b == 0xff)
                    .ok_or_else(broken)?;
                end += at;
                match rest.get(end + 1) {
                    Some(0 | 0xd0..=0xd7) => end += 2,
                    Some(0xff) => end += 1,
                    Some(_) => break,
                    None => return Err(broken()),
                }
            }
        }
        let whole = &rest[..end];
        all.push(Segment {
            marker,
            data,
            whole,
        });
        rest = &rest[end..];
    }
}

pub(super) const EXIF: &[u8] = b"Exif\0\0";
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const PHOTOSHOP: &[u8] = b"Photoshop 3.0\0";

pub(super) fn jpeg(bytes: &[u8], found: &mut Inspection) -> Done {
    found.text_read = true;
    let (segments, behind) = segments(bytes)?;
    for segment in &segments {
        match segment.marker {
            0xe1 => {
                if let Some(data) = segment.data.strip_prefix(EXIF) {
                    tiff::exif(data, found);
                } else if let Some(data) = segment.data.strip_prefix(XMP) {
                    pdf::xmp(data, found);
                }
            }
            0xed => {
                if let Some(data) = segment.data.strip_prefix(PHOTOSHOP) {
                    iptc(data, found);
                }
            }
            0xfe => said(found, "comment", &tiff::words(segment.data)),
            _ => {}
        }
    }
    if !behind.iter().all(|b| *b == 0) {
        let text = format!("{} bytes", behind.len());
        found
            .asides
            .push(Aside::new(Place::Embedded, Some("EOI"), &text));
    }
    Ok(())
}

/// The datasets of IPTC within Photoshop's resources.
fn iptc(mut rest: &[u8], found: &mut Inspection) {
    while let Some(resource) = rest.strip_prefix(b"8BIM") {
        let Some((id, after)) = resource.split_first_chunk::<2>() else {
            return;
        };
        // A name of even length in all, then the size.
        let name = usize::from(after.first().copied().unwrap_or(0)) + 1;
        let name = name + name % 2;
        let Some((size, data)) = after.get(name..).and_then(|a| a.split_first_chunk::<4>()) else {
            return;
        };
        let size = u32::from_be_bytes(*size) as usize;
        let Some(data) = data.get(..size).map(|d| (d, &data[size..])) else {
            return;
        };
        if id == b"\x04\x04" {
            datasets(data.0, found);
        }
        rest = data.1.get(size % 2..).unwrap_or_default();
    }
}

fn datasets(mut rest: &[u8], found: &mut Inspection) {
    while let [0x1c, record, number, high, low, tail @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let Some(value) = tail.get(..length) else {
            return;
        };
        let name = match (record, number) {
            (2, 5) => Some("ObjectName"),
            (2, 25) => Some("Keywords"),
            (2, 55) => Some("DateCreated"),
            (2, 80) => Some("By-line"),
            (2, 90) => Some("City"),
            (2, 105) => Some("Headline"),
            (2, 110) => Some("Credit"),
            (2, 115) => Some("Source"),
            (2, 116) => Some("CopyrightNotice"),
            (2, 120) => Some("Caption"),
            (2, 122) => Some("Writer"),
            _ => None,
        };
        if let Some(name) = name {
            found.property(name, &tiff::words(value));
        }
        rest = &tail[length..];
    }
}

pub(super) fn webp(bytes: &[u8], found: &mut Inspection) -> Done {
    found.text_read = true;
    let mut rest = bytes.get(12..).ok_or_else(broken)?;
    while let Some((head, tail)) = rest.split_first_chunk::<8>() {
        let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        let data = tail.get(..length).ok_or_else(broken)?;
        match &head[..4] {
            b"EXIF" => tiff::exif(data.strip_prefix(EXIF).unwrap_or(data), found),
            b"XMP " => pdf::xmp(data, found),
            _ => {}
        }
        rest = tail.get(length + length % 2..).unwrap_or_default();
    }
    Ok(())
}

/// The comments of a GIF.
pub(super) fn gif(bytes: &[u8], found: &mut Inspection) -> Done {
    found.text_read = true;
    if bytes.last() != Some(&0x3b) {
        return Err(broken());
    }
    let mut from = 0;
    while let Some(at) = pdf::find(&bytes[from..], b"\x21\xfe") {
        let mut at = from + at + 2;
        let mut text = Vec::new();
        while let Some(&length) = bytes.get(at).filter(|l| **l > 0) {
            let block = bytes.get(at + 1..at + 1 + usize::from(length));
            let Some(block) = block else { break };
            text.extend_from_slice(block);
            at += 1 + block.len();
        }
        // The two bytes occur in pixels too: a comment is text.
        let words = tiff::words(&text);
        if !words.is_empty() && !words.chars().any(|c| c.is_control() && !c.is_whitespace()) {
            said(found, "comment", &words);
        }
        from = at.max(from + 1);
        if from >= bytes.len() {
            break;
        }
    }
    Ok(())
}
