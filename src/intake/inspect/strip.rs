//! Taking metadata out of a file without touching what its readers see.
//!
//! The file is written anew and opened again before it is handed out: a file that no longer
//! opens would be found out by the public.

use super::super::IntakeError;
use super::super::error::Looks;
use super::image::{EXIF, chunks, segments};
use super::strip_office::office;
use super::{Inspection, Kind, inspect, kind, tiff};

/// What else goes besides the metadata.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Strip {
    /// Comments go with their marks.
    pub comments: bool,
    /// Open changes of a Word file are accepted: what was deleted goes, what was inserted stays.
    pub changes: bool,
    /// Text formatted as hidden goes; the cells of hidden rows, columns and sheets are emptied,
    /// and formulas become the values they show.
    pub hidden: bool,
}

/// A file before and after cleaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cleaning {
    /// What is known of the file as it came.
    pub before: Inspection,
    /// What is known of the clean one.
    pub after: Inspection,
    /// The clean file.
    pub bytes: Vec<u8>,
}

impl Cleaning {
    /// What the cleaning takes out: found by looking at both files, not by what was meant to go.
    pub fn goes(&self) -> Vec<String> {
        let after = self.after.carried();
        let mut left = after.clone();
        self.before
            .carried()
            .into_iter()
            .filter(|line| match left.iter().position(|l| l == line) {
                Some(at) => {
                    left.swap_remove(at);
                    false
                }
                None => true,
            })
            .collect()
    }

    /// What the clean file still carries.
    pub fn stays(&self) -> Vec<String> {
        self.after.carried()
    }
}

/// Cleans a file and says what that did. Kinds this program cannot clean are refused.
pub fn clean(name: &str, bytes: &[u8], strip: Strip) -> Result<Cleaning, IntakeError> {
    let clean = strip_metadata_with(name, bytes, strip)?;
    Ok(Cleaning {
        before: inspect(name, bytes),
        after: inspect(name, &clean),
        bytes: clean,
    })
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

pub(super) fn png(bytes: &[u8]) -> Result<Vec<u8>, IntakeError> {
    let (chunks, _) = chunks(bytes)?;
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    for chunk in chunks {
        if PICTURE.iter().any(|name| **name == chunk.name) {
            out.extend_from_slice(chunk.whole);
        }
    }
    Ok(out)
}

pub(super) fn jpeg(bytes: &[u8]) -> Result<Vec<u8>, IntakeError> {
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
