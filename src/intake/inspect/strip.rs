//! Taking metadata out of a file without touching what its readers see.
//!
//! The file is written anew and opened again before it is handed out: a file that no longer
//! opens would be found out by the public.

use std::borrow::Cow;
use std::io::{Cursor, Write};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, Writer};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::super::archive::{Archive, MAX_UNPACKED};
use super::super::error::Looks;
use super::super::{ArchiveFault, IntakeError, xml};
use super::image::{EXIF, chunks, segments};
use super::{Kind, inspect, kind, tiff};

/// What else goes besides the metadata.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Strip {
    /// Comments go with their marks.
    pub comments: bool,
}

/// Takes author, company, software, places and the like out of a Word file, a workbook, a PNG or
/// a JPEG; comments stay, without the names of who wrote them. Other kinds are refused.
pub fn strip_metadata(name: &str, bytes: &[u8]) -> Result<Vec<u8>, IntakeError> {
    strip_metadata_with(name, bytes, Strip::default())
}

/// The same with a choice.
pub fn strip_metadata_with(name: &str, bytes: &[u8], strip: Strip) -> Result<Vec<u8>, IntakeError> {
    let clean = match kind(bytes) {
        Kind::Docx | Kind::Xlsx => office(bytes, strip)?,
        Kind::Png => png(bytes)?,
        Kind::Jpeg => jpeg(bytes)?,
        _ => {
            return Err(IntakeError::Unsupported {
                looks: Looks::Extension(name.rsplit('.').next().unwrap_or_default().to_lowercase()),
            });
        }
    };
    inspect(name, &clean).opens.map(|()| clean)
}

/// The chunks of a PNG that make the picture and its colours.
const PICTURE: [&[u8; 4]; 17] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT",
    b"pHYs", b"bKGD", b"hIST", b"acTL", b"fcTL", b"fdAT", b"cICP",
];

fn png(bytes: &[u8]) -> Result<Vec<u8>, IntakeError> {
    let (chunks, _) = chunks(bytes)?;
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    for chunk in chunks {
        if PICTURE.iter().any(|name| **name == chunk.name) {
            out.extend_from_slice(chunk.whole);
        }
    }
    Ok(out)
}

fn jpeg(bytes: &[u8]) -> Result<Vec<u8>, IntakeError> {
    let (segments, _) = segments(bytes)?;
    let mut out = b"\xff\xd8".to_vec();
    let turned = segments
        .iter()
        .filter(|s| s.marker == 0xe1)
        .find_map(|s| tiff::orientation(s.data.strip_prefix(EXIF)?));
    let mut turn = turned.map(turned_exif);
    for segment in segments {
        let keep = match segment.marker {
            // The plain header, colour profiles, the transform of Adobe: they are the picture.
            0xe0 => segment.data.starts_with(b"JFIF\0"),
            0xe2 => segment.data.starts_with(b"ICC_PROFILE\0"),
            0xee => true,
            0xe1..=0xef | 0xfe => false,
            _ => true,
        };
        if segment.marker != 0xe0
            && let Some(exif) = turn.take()
        {
            out.extend(exif);
        }
        if keep {
            out.extend_from_slice(segment.whole);
        }
    }
    Ok(out)
}

/// EXIF that says how the picture is turned and nothing else.
fn turned_exif(orientation: u16) -> Vec<u8> {
    let mut data = EXIF.to_vec();
    data.extend_from_slice(b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01");
    data.extend_from_slice(&orientation.to_be_bytes());
    data.extend_from_slice(&[0, 0, 0, 0, 0, 0]);
    let mut out = vec![0xff, 0xe1];
    out.extend_from_slice(&((data.len() + 2) as u16).to_be_bytes());
    out.extend(data);
    out
}

fn zip_fault(_: impl std::error::Error) -> IntakeError {
    ArchiveFault::Broken.into()
}

fn office(bytes: &[u8], strip: Strip) -> Result<Vec<u8>, IntakeError> {
    let mut archive = Archive::open(Cow::Borrowed(bytes), MAX_UNPACKED)?;
    let mut writer = ZipWriter::new(Cursor::new(Vec::with_capacity(bytes.len())));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default());
    for index in 0..archive.members.len() {
        let member = archive.members[index].clone();
        if member.folder {
            continue;
        }
        let part = archive.read(index)?;
        let name = member.name.to_lowercase();
        if name.starts_with("docprops/thumbnail") {
            continue;
        }
        let clean = if name.starts_with("docprops/") && name.ends_with(".xml") {
            emptied(&part)?
        } else if ["png", "jpg", "jpeg"]
            .iter()
            .any(|e| name.ends_with(&format!(".{e}")))
        {
            match kind(&part) {
                Kind::Png => png(&part).unwrap_or(part),
                Kind::Jpeg => jpeg(&part).unwrap_or(part),
                _ => part,
            }
        } else if name.ends_with(".xml") || name.ends_with(".rels") {
            rewritten(&name, &part, strip)?
        } else {
            part
        };
        writer
            .start_file(&member.name, options)
            .map_err(zip_fault)?;
        writer.write_all(&clean).map_err(zip_fault)?;
    }
    Ok(writer.finish().map_err(zip_fault)?.into_inner())
}

/// A part with its root and nothing in it.
fn emptied(part: &[u8]) -> Result<Vec<u8>, IntakeError> {
    let text = xml::decode(part)?;
    let mut reader = Reader::from_str(&text);
    let mut writer = Writer::new(Vec::new());
    loop {
        match reader.read_event().map_err(|_| IntakeError::Xml)? {
            Event::Decl(decl) => write(&mut writer, Event::Decl(decl))?,
            Event::Start(root) | Event::Empty(root) => {
                write(&mut writer, Event::Empty(root))?;
                return Ok(writer.into_inner());
            }
            Event::DocType(_) => return Err(IntakeError::DocType),
            Event::Eof => return Err(IntakeError::Xml),
            _ => {}
        }
    }
}

fn write(writer: &mut Writer<Vec<u8>>, event: Event<'_>) -> Result<(), IntakeError> {
    writer.write_event(event).map_err(|_| IntakeError::Xml)
}

/// A part without what tells who worked on it.
fn rewritten(name: &str, part: &[u8], strip: Strip) -> Result<Vec<u8>, IntakeError> {
    let text = xml::decode(part)?;
    let mut reader = Reader::from_str(&text);
    let mut writer = Writer::new(Vec::with_capacity(part.len()));
    let mut skipped = 0_usize;
    // Names of authors stand as text in one kind of part: comments of workbooks.
    let mut in_author = false;
    loop {
        let event = reader.read_event().map_err(|_| IntakeError::Xml)?;
        match event {
            Event::DocType(_) => return Err(IntakeError::DocType),
            Event::Eof => break,
            Event::Start(start) => {
                if skipped > 0 || drops(name, &start, strip) {
                    skipped += 1;
                    continue;
                }
                in_author = start.local_name().as_ref() == "author";
                write(&mut writer, Event::Start(anonymous(&start)?))?;
            }
            Event::Empty(start) => {
                if skipped == 0 && !drops(name, &start, strip) {
                    write(&mut writer, Event::Empty(anonymous(&start)?))?;
                }
            }
            Event::End(end) => {
                if skipped > 0 {
                    skipped -= 1;
                } else {
                    in_author = false;
                    write(&mut writer, Event::End(end))?;
                }
            }
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) if in_author => {}
            other => {
                if skipped == 0 {
                    write(&mut writer, other)?;
                }
            }
        }
    }
    Ok(writer.into_inner())
}

/// Elements that go: the folder a workbook was saved in, the thumbnail's relation, marks of
/// editing sessions, people, and comments if asked.
fn drops(part: &str, start: &BytesStart<'_>, strip: Strip) -> bool {
    let name = start.local_name();
    let name = name.as_ref();
    if matches!(name, "absPath" | "rsids" | "person" | "fileSharing") {
        return true;
    }
    if name == "Relationship" {
        let kind = start.try_get_attribute("Type").ok().flatten();
        return kind.is_some_and(|kind| kind.value.ends_with("/thumbnail"));
    }
    if !strip.comments {
        return false;
    }
    let in_comments = part.contains("comment");
    matches!(
        name,
        "commentRangeStart" | "commentRangeEnd" | "commentReference" | "annotationRef"
    ) || (in_comments
        && matches!(
            name,
            "comment" | "threadedComment" | "commentEx" | "commentId" | "commentExtensible"
        ))
}

/// An element without names, initials and times of those who edited.
fn anonymous(start: &BytesStart<'_>) -> Result<BytesStart<'static>, IntakeError> {
    let mut out = BytesStart::new(start.name().as_ref().to_owned());
    let attributes: Vec<_> = start
        .attributes()
        .with_checks(false)
        .collect::<Result<_, _>>()
        .map_err(|_| IntakeError::Xml)?;
    let edited = attributes
        .iter()
        .any(|a| a.key.local_name().as_ref() == "author" && a.key.prefix().is_some());
    for attribute in attributes {
        let local = attribute.key.local_name();
        let prefixed = attribute.key.prefix().is_some();
        match local.as_ref() {
            "author" if prefixed => out.push_attribute((attribute.key.as_ref(), "-")),
            "initials" | "date" | "dateUtc" if edited => {}
            "rsid" | "rsidR" | "rsidRPr" | "rsidRDefault" | "rsidP" | "rsidDel" | "rsidTr"
            | "rsidSect"
                if prefixed => {}
            _ => out.push_attribute(attribute),
        }
    }
    Ok(out)
}
