//! The old container of Office and WPS (MS-CFB): what made the file, and its words, for screening.
//!
//! Such files are not read as manuscripts: their layout is not understood here. Their words are,
//! as far as they stand in the places the formats name ([MS-DOC] 2.4.1, [MS-XLS] 2.4.265,
//! [MS-PPT] 2.9); where they do not, the text counts as unread.

use std::io::{Cursor, Read};

use encoding_rs::{Encoding, GBK, UTF_8, UTF_16LE, WINDOWS_1252};

use super::super::aside::{Aside, Place};
use super::super::{ArchiveFault, IntakeError, MAX_ARCHIVE};
use super::Inspection;

type File<'a> = cfb::CompoundFile<Cursor<&'a [u8]>>;

/// Most streams looked at.
const MOST_STREAMS: usize = 4_000;

/// Longest stream read.
const MOST_STREAM: u64 = 64 * 1024 * 1024;

/// Most properties of a set, and the longest value.
const MOST_PROPERTIES: u32 = 256;
const LONGEST_VALUE: usize = 64 * 1024;

/// Longest text of one file, in characters.
const MOST_TEXT: usize = 8 * 1024 * 1024;

pub(super) fn read(bytes: &[u8], found: &mut Inspection) -> Result<(), IntakeError> {
    if bytes.len() > MAX_ARCHIVE {
        return Err(ArchiveFault::TooLarge.into());
    }
    let mut file =
        cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|_| ArchiveFault::Broken)?;
    let entries: Vec<(String, bool)> = file
        .walk()
        .take(MOST_STREAMS)
        .map(|entry| (entry.path().display().to_string(), entry.is_stream()))
        .collect();
    let named = |path: &str| {
        entries
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(path))
            .map(|(name, _)| name.clone())
    };
    let has = |part: &str| entries.iter().any(|(name, _)| name.contains(part));
    found.macros = has("/Macros") || has("_VBA_PROJECT");
    for (name, _) in &entries {
        let inner = name.strip_prefix("/ObjectPool/");
        if inner.is_some_and(|inner| !inner.contains('/')) {
            let aside = Aside::new(Place::Embedded, None, name);
            found.asides.push(aside);
        }
    }
    for set in ["/\u{5}SummaryInformation", "/\u{5}DocumentSummaryInformation"] {
        if let Some(name) = named(set)
            && let Some(bytes) = stream(&mut file, &name)
        {
            properties(&bytes, set.contains("Document"), found);
        }
    }
    let text = if let Some(name) = named("/WordDocument") {
        document(&mut file, &name, &named)
    } else if let Some(name) = named("/Workbook") {
        stream(&mut file, &name).and_then(|book| workbook(&book, found))
    } else if let Some(name) = named("/PowerPoint Document") {
        stream(&mut file, &name).map(|slides| presentation(&slides))
    } else {
        None
    };
    if let Some(text) = text {
        found.text_read = true;
        found.text("body", text);
    }
    Ok(())
}

fn stream(file: &mut File<'_>, name: &str) -> Option<Vec<u8>> {
    let mut stream = file.open_stream(name).ok()?;
    if stream.len() > MOST_STREAM {
        return None;
    }
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(two.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(four.try_into().ok()?))
}

fn encoding(page: u16) -> &'static Encoding {
    match page {
        1200 => UTF_16LE,
        65001 => UTF_8,
        1252 | 10000 => WINDOWS_1252,
        // Files of Chinese offices; others read badly, and say so by it.
        _ => GBK,
    }
}

/// A set of properties (MS-OLEPS 2.21): the names by their numbers.
fn properties(set: &[u8], document: bool, found: &mut Inspection) {
    let read = || {
        let at = u32_at(set, 44)? as usize;
        let count = u32_at(set, at + 4)?.min(MOST_PROPERTIES);
        let fields: Vec<(u32, usize)> = (0..count as usize)
            .filter_map(|n| {
                let entry = at + 8 + n * 8;
                let place = at.checked_add(u32_at(set, entry + 4)? as usize)?;
                Some((u32_at(set, entry)?, place))
            })
            .collect();
        Some(fields)
    };
    let Some(fields) = read() else { return };
    let page = fields
        .iter()
        .find(|(id, _)| *id == 1)
        .and_then(|(_, at)| u16_at(set, at + 4))
        .unwrap_or(936);
    for (id, at) in fields {
        let name = match (document, id) {
            (false, 2) => "Title",
            (false, 3) => "Subject",
            (false, 4) => "Author",
            (false, 5) => "Keywords",
            (false, 6) => "Comments",
            (false, 7) => "Template",
            (false, 8) => "LastAuthor",
            (false, 9) => "revision",
            (false, 12) => "created",
            (false, 13) => "modified",
            (false, 18) => "Application",
            (true, 2) => "Category",
            (true, 14) => "Manager",
            (true, 15) => "Company",
            _ => continue,
        };
        if let Some(value) = value(set, at, page) {
            found.property(name, &value);
        }
    }
}

fn value(set: &[u8], at: usize, page: u16) -> Option<String> {
    match u16_at(set, at)? {
        // A string in the set's code page.
        30 => {
            let length = (u32_at(set, at + 4)? as usize).min(LONGEST_VALUE);
            let bytes = set.get(at + 8..at + 8 + length)?;
            let text = encoding(page).decode_without_bom_handling(bytes).0;
            Some(text.trim_end_matches('\0').to_owned())
        }
        31 => {
            let length = (u32_at(set, at + 4)? as usize).min(LONGEST_VALUE / 2) * 2;
            let bytes = set.get(at + 8..at + 8 + length)?;
            let text = UTF_16LE.decode_without_bom_handling(bytes).0;
            Some(text.trim_end_matches('\0').to_owned())
        }
        // 100 ns since 1601.
        64 => {
            let low = u64::from(u32_at(set, at + 4)?);
            let high = u64::from(u32_at(set, at + 8)?);
            let seconds = i64::try_from((high << 32 | low) / 10_000_000).ok()? - 11_644_473_600;
            let day = jiff::Timestamp::from_second(seconds).ok()?;
            (seconds > 0).then(|| day.to_string())
        }
        _ => None,
    }
}

/// The words of a Word file of 1997 and later: its table of pieces, all of them, notes, headers and
/// comments included.
fn document(
    file: &mut File<'_>,
    name: &str,
    named: &dyn Fn(&str) -> Option<String>,
) -> Option<String> {
    let main = stream(file, name)?;
    if u16_at(&main, 0)? != 0xa5ec || u16_at(&main, 2)? < 0xc1 {
        return None;
    }
    let flags = u16_at(&main, 0x0a)?;
    // Behind a password.
    if flags & 0x0100 != 0 {
        return None;
    }
    let table = if flags & 0x0200 == 0 {
        "/0Table"
    } else {
        "/1Table"
    };
    let table = stream(file, &named(table)?)?;
    let start = u32_at(&main, 0x01a2)? as usize;
    let length = u32_at(&main, 0x01a6)? as usize;
    let clx = table.get(start..start.checked_add(length)?)?;
    let pieces = pieces(clx)?;
    let mut text = String::new();
    let count = pieces.len().checked_sub(4)? / 12;
    for n in 0..count {
        let from = u32_at(pieces, n * 4)?;
        let to = u32_at(pieces, n * 4 + 4)?;
        let chars = to.checked_sub(from)? as usize;
        let place = u32_at(pieces, (count + 1) * 4 + n * 8 + 2)?;
        let packed = place & 0x4000_0000 != 0;
        let place = (place & 0x3fff_ffff) as usize;
        if packed {
            let bytes = main.get(place / 2..(place / 2).checked_add(chars)?)?;
            text.push_str(&WINDOWS_1252.decode_without_bom_handling(bytes).0);
        } else {
            let bytes = main.get(place..place.checked_add(chars.checked_mul(2)?)?)?;
            text.push_str(&UTF_16LE.decode_without_bom_handling(bytes).0);
        }
        if text.len() > MOST_TEXT {
            return None;
        }
    }
    Some(shown(&text))
}

/// The piece table within the complex part: behind any number of lists of properties.
fn pieces(mut clx: &[u8]) -> Option<&[u8]> {
    loop {
        match clx.first()? {
            1 => {
                let length = usize::from(u16_at(clx, 1)?);
                clx = clx.get(3 + length..)?;
            }
            2 => {
                let length = u32_at(clx, 1)? as usize;
                return clx.get(5..5_usize.checked_add(length)?);
            }
            _ => return None,
        }
    }
}

/// Text without the codes of fields and the marks of cells, paragraphs and pages.
fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut codes = 0_usize;
    for c in text.chars() {
        match c {
            '\u{13}' => codes += 1,
            '\u{14}' => codes = codes.saturating_sub(1),
            '\u{15}' => {}
            _ if codes > 0 => {}
            '\r' | '\u{b}' | '\u{c}' | '\u{e}' => out.push('\n'),
            '\u{7}' => out.push('\t'),
            '\u{1e}' => out.push('-'),
            _ if c.is_control() && c != '\t' => {}
            _ => out.push(c),
        }
    }
    out
}

/// The words and numbers of a workbook of 1997 and later, and the names of its sheets.
fn workbook(book: &[u8], found: &mut Inspection) -> Option<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut size = 0;
    let mut at = 0;
    let mut first = true;
    while let (Some(kind), Some(length)) = (u16_at(book, at), u16_at(book, at + 2)) {
        let data = book.get(at + 4..at + 4 + usize::from(length))?;
        at += 4 + data.len();
        if std::mem::take(&mut first) && (kind != 0x0809 || u16_at(data, 0)? != 0x0600) {
            return None;
        }
        let line = match kind {
            // Behind a password.
            0x002f => return None,
            0x0085 => {
                let name = short_string(data.get(6..)?)?;
                if data.get(4)? & 3 != 0 {
                    let aside = Aside::new(Place::HiddenSheet, None, &name);
                    found.asides.push(aside);
                }
                name
            }
            0x00fc => {
                let mut parts: Vec<&[u8]> = vec![data];
                while u16_at(book, at) == Some(0x003c) {
                    let length = usize::from(u16_at(book, at + 2)?);
                    parts.push(book.get(at + 4..at + 4 + length)?);
                    at += 4 + length;
                }
                shared_texts(&parts)?.join("\n")
            }
            0x0203 => f64::from_le_bytes(data.get(6..14)?.try_into().ok()?).to_string(),
            0x027e => packed_number(u32_at(data, 6)?).to_string(),
            0x00bd => {
                let cells = data.get(4..data.len().checked_sub(2)?)?;
                let numbers = cells.chunks_exact(6).filter_map(|cell| u32_at(cell, 2));
                numbers
                    .map(|n| packed_number(n).to_string())
                    .collect::<Vec<_>>()
                    .join("\t")
            }
            // A note on a cell is drawn text; headers and footers are strings.
            0x0014 | 0x0015 if data.len() > 3 => long_string(data)?,
            _ => continue,
        };
        size += line.len();
        if size > MOST_TEXT {
            return None;
        }
        lines.push(line);
    }
    Some(lines.join("\n"))
}

/// A number packed into four bytes.
fn packed_number(packed: u32) -> f64 {
    let value = if packed & 2 != 0 {
        f64::from((packed as i32) >> 2)
    } else {
        f64::from_bits(u64::from(packed & 0xffff_fffc) << 32)
    };
    if packed & 1 != 0 { value / 100.0 } else { value }
}

fn chars(bytes: &[u8], wide: bool) -> String {
    if wide {
        UTF_16LE.decode_without_bom_handling(bytes).0.into_owned()
    } else {
        bytes.iter().map(|b| char::from(*b)).collect()
    }
}

fn short_string(data: &[u8]) -> Option<String> {
    let count = usize::from(*data.first()?);
    let wide = data.get(1)? & 1 != 0;
    let length = if wide { count * 2 } else { count };
    Some(chars(data.get(2..2 + length)?, wide))
}

fn long_string(data: &[u8]) -> Option<String> {
    let count = usize::from(u16_at(data, 0)?);
    let wide = data.get(2)? & 1 != 0;
    let length = if wide { count * 2 } else { count };
    Some(chars(data.get(3..3 + length)?, wide))
}

/// The shared texts of a workbook, which run over several records; where a text is cut, the next
/// record begins with a byte that says how it goes on.
fn shared_texts(parts: &[&[u8]]) -> Option<Vec<String>> {
    let mut cursor = Records {
        parts,
        part: 0,
        at: 8,
    };
    let count = u32_at(parts.first()?, 4)?;
    let mut texts = Vec::new();
    for _ in 0..count {
        // Fewer than were promised are all there are.
        let Some(head) = cursor.whole(3) else { break };
        let mut left = usize::from(u16_at(&head, 0)?);
        let flags = head[2];
        let mut wide = flags & 1 != 0;
        let runs = if flags & 8 != 0 {
            usize::from(u16_at(&cursor.whole(2)?, 0)?)
        } else {
            0
        };
        let more = if flags & 4 != 0 {
            u32_at(&cursor.whole(4)?, 0)? as usize
        } else {
            0
        };
        let mut text = String::new();
        while left > 0 {
            let room = cursor.room();
            let unit = if wide { 2 } else { 1 };
            let take = left.min(room / unit);
            text.push_str(&chars(&cursor.whole(take * unit)?, wide));
            left -= take;
            if left > 0 {
                wide = cursor.next_part()? & 1 != 0;
            }
        }
        cursor.skip(runs.checked_mul(4)?.checked_add(more)?)?;
        texts.push(text);
    }
    Some(texts)
}

struct Records<'a> {
    parts: &'a [&'a [u8]],
    part: usize,
    at: usize,
}

impl Records<'_> {
    fn room(&self) -> usize {
        self.parts
            .get(self.part)
            .map_or(0, |part| part.len().saturating_sub(self.at))
    }

    /// Bytes that are not cut; at the end of a record those of the next.
    fn whole(&mut self, length: usize) -> Option<Vec<u8>> {
        if length > 0 && self.room() == 0 {
            self.part += 1;
            self.at = 0;
        }
        let bytes = self.parts.get(self.part)?.get(self.at..self.at + length)?;
        self.at += length;
        Some(bytes.to_vec())
    }

    /// Goes to the next record and takes its first byte.
    fn next_part(&mut self) -> Option<u8> {
        self.part += 1;
        self.at = 1;
        self.parts.get(self.part)?.first().copied()
    }

    fn skip(&mut self, mut length: usize) -> Option<()> {
        while length > 0 {
            let step = length.min(self.room());
            if step == 0 {
                self.part += 1;
                self.at = 0;
                self.parts.get(self.part)?;
                continue;
            }
            self.at += step;
            length -= step;
        }
        Some(())
    }
}

/// The words of a presentation of 1997 and later.
fn presentation(slides: &[u8]) -> String {
    let mut text = String::new();
    let mut at = 0;
    while let (Some(head), Some(kind), Some(length)) = (
        u16_at(slides, at),
        u16_at(slides, at + 2),
        u32_at(slides, at + 4),
    ) {
        at += 8;
        // A container: what it holds comes next.
        if head & 0x000f == 0x000f {
            continue;
        }
        let Some(data) = at
            .checked_add(length as usize)
            .and_then(|end| slides.get(at..end))
        else {
            break;
        };
        match kind {
            0x0fa0 | 0x0fba => text.push_str(&chars(data, true)),
            0x0fa8 => text.push_str(&chars(data, false)),
            _ => {
                at += data.len();
                continue;
            }
        }
        text.push('\n');
        at += data.len();
        if text.len() > MOST_TEXT {
            break;
        }
    }
    text
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_packed_in_four_ways() {
        assert!((packed_number(0x3ff0_0000) - 1.0).abs() < 1e-9);
        assert!((packed_number((5 << 2) | 2) - 5.0).abs() < 1e-9);
        assert!((packed_number((1234 << 2) | 3) - 12.34).abs() < 1e-9);
    }

    #[test]
    fn a_shared_text_runs_over_records() {
        let mut first = vec![0, 0, 0, 0, 2, 0, 0, 0];
        // Four characters, wide, of which two are in this record.
        first.extend([4, 0, 1]);
        first.extend("机密".encode_utf16().flat_map(u16::to_le_bytes));
        let mut second = vec![1];
        second.extend("一年".encode_utf16().flat_map(u16::to_le_bytes));
        second.extend([2, 0, 0, b'o', b'k']);
        assert_eq!(
            shared_texts(&[&first, &second]).unwrap(),
            ["机密一年", "ok"]
        );
    }

    #[test]
    fn codes_of_fields_are_no_text() {
        assert_eq!(
            shown("见\u{13}HYPERLINK \"x\"\u{14}附件\u{15}。\r\u{7}"),
            "见附件。\n\t"
        );
    }
}
