//! The fields of EXIF (a TIFF directory, CIPA DC-008) that tell about people, devices and places.

use super::Inspection;

/// A longer value is a thumbnail or made to hurt.
const LONGEST_VALUE: usize = 64 * 1024;

/// More fields in one directory than any camera writes.
const MOST_FIELDS: u16 = 512;

struct Tiff<'a> {
    bytes: &'a [u8],
    big: bool,
}

impl<'a> Tiff<'a> {
    fn open(bytes: &'a [u8]) -> Option<Tiff<'a>> {
        let big = match bytes.get(..4)? {
            b"II*\0" => false,
            b"MM\0*" => true,
            _ => return None,
        };
        Some(Tiff { bytes, big })
    }

    fn u16(&self, at: usize) -> Option<u16> {
        let two: [u8; 2] = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.big {
            u16::from_be_bytes(two)
        } else {
            u16::from_le_bytes(two)
        })
    }

    fn u32(&self, at: usize) -> Option<u32> {
        let four: [u8; 4] = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.big {
            u32::from_be_bytes(four)
        } else {
            u32::from_le_bytes(four)
        })
    }

    /// Tag, count and place of the value of every field of a directory.
    fn fields(&self, at: usize) -> Vec<Field> {
        let count = self.u16(at).unwrap_or(0).min(MOST_FIELDS);
        (0..usize::from(count))
            .filter_map(|n| {
                let entry = at + 2 + n * 12;
                let kind = self.u16(entry + 2)?;
                let count = self.u32(entry + 4)? as usize;
                let size = match kind {
                    1 | 2 | 6 | 7 => 1,
                    3 | 8 => 2,
                    4 | 9 | 11 => 4,
                    _ => 8,
                };
                let length = count.checked_mul(size)?;
                let value = if length <= 4 {
                    entry + 8
                } else {
                    self.u32(entry + 8)? as usize
                };
                let fits = value.checked_add(length)? <= self.bytes.len();
                (fits && length <= LONGEST_VALUE).then_some(Field {
                    tag: self.u16(entry)?,
                    kind,
                    at: value,
                    length,
                })
            })
            .collect()
    }

    fn bytes_of(&self, field: &Field) -> &'a [u8] {
        self.bytes
            .get(field.at..field.at + field.length)
            .unwrap_or_default()
    }

    fn number(&self, field: &Field) -> Option<u32> {
        match field.kind {
            3 => self.u16(field.at).map(u32::from),
            _ => self.u32(field.at),
        }
    }

    /// Degrees, minutes, seconds as fractions.
    fn degrees(&self, field: &Field) -> Option<f64> {
        let part = |n: usize| {
            let top = f64::from(self.u32(field.at + n * 8)?);
            let bottom = f64::from(self.u32(field.at + n * 8 + 4)?);
            (bottom != 0.0).then_some(top / bottom)
        };
        (field.length >= 24).then_some(())?;
        Some(part(0)? + part(1).unwrap_or(0.0) / 60.0 + part(2).unwrap_or(0.0) / 3600.0)
    }
}

struct Field {
    tag: u16,
    kind: u16,
    at: usize,
    length: usize,
}

/// Reads EXIF into properties.
pub(super) fn exif(bytes: &[u8], found: &mut Inspection) {
    let Some(tiff) = Tiff::open(bytes) else {
        return;
    };
    let Some(first) = tiff.u32(4) else { return };
    let mut places = None;
    for field in tiff.fields(first as usize) {
        told(&tiff, &field, found);
        match field.tag {
            0x8769 => {
                if let Some(at) = tiff.number(&field) {
                    for inner in tiff.fields(at as usize) {
                        told(&tiff, &inner, found);
                    }
                }
            }
            0x8825 => places = tiff.number(&field),
            _ => {}
        }
    }
    if let Some(at) = places {
        gps(&tiff, at as usize, found);
    }
}

/// Orientation of the picture, 1 to 8; without it a stripped photo would lie on its side.
pub(super) fn orientation(bytes: &[u8]) -> Option<u16> {
    let tiff = Tiff::open(bytes)?;
    let first = tiff.u32(4)? as usize;
    let field = tiff.fields(first).into_iter().find(|f| f.tag == 0x0112)?;
    tiff.u16(field.at).filter(|o| (2..=8).contains(o))
}

fn told(tiff: &Tiff<'_>, field: &Field, found: &mut Inspection) {
    let name = match field.tag {
        0x010e => "ImageDescription",
        0x010f => "Make",
        0x0110 => "Model",
        0x0131 => "Software",
        0x0132 => "DateTime",
        0x013b => "Artist",
        0x013c => "HostComputer",
        0x8298 => "Copyright",
        0x9003 => "DateTimeOriginal",
        0xa430 => "CameraOwnerName",
        0xa431 => "BodySerialNumber",
        0xa435 => "LensSerialNumber",
        0x9286 => "UserComment",
        0x9c9b => "XPTitle",
        0x9c9c => "XPComment",
        0x9c9d => "XPAuthor",
        0x9c9e => "XPKeywords",
        0x9c9f => "XPSubject",
        _ => return,
    };
    let bytes = tiff.bytes_of(field);
    let text = match field.tag {
        // Windows writes its own fields in UTF-16.
        0x9c9b..=0x9c9f => encoding_rs::UTF_16LE
            .decode_without_bom_handling(bytes)
            .0
            .into_owned(),
        0x9286 => match bytes.split_at_checked(8) {
            Some((b"UNICODE\0", rest)) if tiff.big => encoding_rs::UTF_16BE
                .decode_without_bom_handling(rest)
                .0
                .into_owned(),
            Some((b"UNICODE\0", rest)) => encoding_rs::UTF_16LE
                .decode_without_bom_handling(rest)
                .0
                .into_owned(),
            Some((_, rest)) => words(rest),
            None => String::new(),
        },
        _ => words(bytes),
    };
    found.property(name, &text);
}

fn gps(tiff: &Tiff<'_>, at: usize, found: &mut Inspection) {
    let fields = tiff.fields(at);
    let get = |tag| fields.iter().find(|f| f.tag == tag);
    let sign = |tag, negative: u8| {
        let minus = get(tag).is_some_and(|f| tiff.bytes_of(f).first() == Some(&negative));
        if minus { -1.0 } else { 1.0 }
    };
    let latitude = get(2)
        .and_then(|f| tiff.degrees(f))
        .map(|d| d * sign(1, b'S'));
    let longitude = get(4)
        .and_then(|f| tiff.degrees(f))
        .map(|d| d * sign(3, b'W'));
    if let (Some(latitude), Some(longitude)) = (latitude, longitude) {
        found.property("GPS", &format!("{latitude:.5},{longitude:.5}"));
    }
}

/// Text without a stated encoding: UTF-8, else GB18030, else letter by letter.
pub(super) fn words(bytes: &[u8]) -> String {
    let bytes = bytes.split(|b| *b == 0).next().unwrap_or_default();
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    encoding_rs::GB18030
        .decode_without_bom_handling_and_without_replacement(bytes)
        .map_or_else(
            || bytes.iter().map(|b| char::from(*b)).collect(),
            std::borrow::Cow::into_owned,
        )
}
