//! CSV and JSON Lines from a stream of rows.
//!
//! Memory does not grow with the number of rows: one row is held at a time, and the count and
//! the hash are taken of the bytes as they pass.

use std::borrow::Cow;
use std::io::{self, Write};
use std::ops::ControlFlow;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::rows::Row;
use super::{ReportError, inert, when};

/// The byte order mark: without it Excel and WPS read UTF-8 as GBK.
const BOM: &[u8] = b"\xef\xbb\xbf";
/// How many rows pass between two calls of the progress callback.
const STRIDE: u64 = 1_000;
/// Large enough that a hundred thousand rows cost a few hundred system calls.
const BUFFER: usize = 128 * 1024;

/// The spellings of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A workbook: numbers and times as such, filters, the header stays in view.
    Xlsx,
    /// A page for the printer.
    Html,
    /// For people and spreadsheets: BOM, CRLF, formula guard, titles in the language in force.
    Csv,
    /// For programs: one object a line, codes instead of words, nothing lost.
    JsonLines,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Csv, Self::JsonLines, Self::Xlsx, Self::Html];

    /// The code in commands and certificates, also the usual ending of a file's name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
            Self::Xlsx => "xlsx",
            Self::Html => "html",
        }
    }

    /// By its code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.code() == code)
    }
}

/// How to write.
pub struct Options<'a> {
    /// The spelling.
    pub format: Format,
    /// Zone of the instants, except in JSON.
    pub zone: TimeZone,
    /// What the export is, for the head of a page and the name of a sheet.
    pub title: String,
    /// When it was made, by the journal; workbooks carry a date.
    pub made_at: Timestamp,
    /// Told the number of rows written so far, every thousand rows and at the end; `Break`
    /// stops the export.
    pub progress: Option<&'a mut dyn FnMut(u64) -> ControlFlow<()>>,
}

impl Options<'_> {
    /// An export in the zone of the house, without progress.
    pub fn new(format: Format) -> Self {
        Self {
            format,
            zone: when::shanghai(),
            title: String::new(),
            made_at: Timestamp::UNIX_EPOCH,
            progress: None,
        }
    }
}

/// What was written: the numbers a certificate names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Written {
    /// Rows, without the header.
    pub rows: u64,
    /// Bytes, all of them.
    pub bytes: u64,
    /// SHA-256 of those bytes, in hexadecimal.
    pub sha256: String,
}

/// Writes every row of `rows` to `out`. The first failing row ends the export with
/// [`ReportError::Source`]; what lies in `out` by then is not an export.
pub fn write<R, E, W>(
    out: W,
    rows: impl IntoIterator<Item = Result<R, E>>,
    options: &mut Options<'_>,
) -> Result<Written, ReportError>
where
    R: Row,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
    W: Write,
{
    let mut sink = Counted::new(out);
    let count = match options.format {
        Format::Csv => csv_rows(&mut sink, rows, options)?,
        Format::JsonLines => json_rows(&mut sink, rows, options)?,
        Format::Xlsx => super::sheet::rows(&mut sink, rows, options)?,
        Format::Html => super::print::rows(&mut sink, rows, options)?,
    };
    if let Some(progress) = options.progress.as_mut() {
        // The work is done; a late wish to stop changes nothing.
        let _ = progress(count);
    }
    sink.finish(count)
}

fn csv_rows<R, E, W>(
    sink: &mut Counted<W>,
    rows: impl IntoIterator<Item = Result<R, E>>,
    options: &mut Options<'_>,
) -> Result<u64, ReportError>
where
    R: Row,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
    W: Write,
{
    sink.write_all(BOM)?;
    // Every field is quoted: a spreadsheet set to another separator would otherwise cut a
    // cell in two and take the second half for a formula.
    let mut table = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .quote_style(csv::QuoteStyle::Always)
        .buffer_capacity(BUFFER)
        .from_writer(sink);
    for title in R::headers() {
        table
            .write_field(inert::cell(&title).as_bytes())
            .map_err(csv_error)?;
    }
    table.write_record(None::<&[u8]>).map_err(csv_error)?;
    let words = R::words();
    let mut count = 0;
    for row in rows {
        let row = row.map_err(|e| ReportError::Source(e.into()))?;
        row.cells(&words, &options.zone, &mut |text| {
            table.write_field(inert::cell(text).as_bytes())
        })
        .map_err(csv_error)?;
        table.write_record(None::<&[u8]>).map_err(csv_error)?;
        count += 1;
        tick(count, options)?;
    }
    table.flush()?;
    Ok(count)
}

fn json_rows<R, E, W>(
    sink: &mut Counted<W>,
    rows: impl IntoIterator<Item = Result<R, E>>,
    options: &mut Options<'_>,
) -> Result<u64, ReportError>
where
    R: Row,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
    W: Write,
{
    let mut lines = io::BufWriter::with_capacity(BUFFER, sink);
    let mut count = 0;
    for row in rows {
        let row = row.map_err(|e| ReportError::Source(e.into()))?;
        row.serialize(&mut serde_json::Serializer::with_formatter(
            &mut lines, Inert,
        ))
        .map_err(|e| {
            if e.is_io() {
                ReportError::Write(e.into())
            } else {
                ReportError::Encode(e.to_string())
            }
        })?;
        lines.write_all(b"\n")?;
        count += 1;
        tick(count, options)?;
    }
    lines.flush()?;
    Ok(count)
}

pub(super) fn tick(count: u64, options: &mut Options<'_>) -> Result<(), ReportError> {
    if count.is_multiple_of(STRIDE)
        && let Some(progress) = options.progress.as_mut()
        && progress(count).is_break()
    {
        return Err(ReportError::Stopped);
    }
    Ok(())
}

fn csv_error(error: csv::Error) -> ReportError {
    match error.into_kind() {
        csv::ErrorKind::Io(e) => ReportError::Write(e),
        other => ReportError::Encode(format!("{other:?}")),
    }
}

/// Compact JSON whose strings carry steering characters only as `\u` escapes: a program reads
/// the original, a terminal that shows the line is left alone.
struct Inert;

impl serde_json::ser::Formatter for Inert {
    fn write_string_fragment<W>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()>
    where
        W: ?Sized + Write,
    {
        let mut rest = fragment;
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| inert::is_steering(*c)) {
            writer.write_all(&rest.as_bytes()[..at])?;
            // All steering characters lie in the basic plane.
            write!(writer, "\\u{:04x}", u32::from(c))?;
            rest = &rest[at + c.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }
}

/// One value as compact JSON that no terminal can be steered with.
pub fn json_line<T: Serialize>(value: &T) -> Result<String, ReportError> {
    let mut out = Vec::new();
    value
        .serialize(&mut serde_json::Serializer::with_formatter(&mut out, Inert))
        .map_err(|e| ReportError::Encode(e.to_string()))?;
    Ok(match String::from_utf8_lossy(&out) {
        Cow::Borrowed(text) => text.to_owned(),
        Cow::Owned(text) => text,
    })
}

/// Counts and hashes what passes through.
struct Counted<W> {
    inner: W,
    bytes: u64,
    hash: Sha256,
}

impl<W: Write> Counted<W> {
    fn new(inner: W) -> Self {
        Self {
            inner,
            bytes: 0,
            hash: Sha256::new(),
        }
    }

    fn finish(mut self, rows: u64) -> Result<Written, ReportError> {
        self.inner.flush()?;
        Ok(Written {
            rows,
            bytes: self.bytes,
            sha256: hex::encode(self.hash.finalize()),
        })
    }
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        // Only what the writer below took is counted and hashed.
        let n = self.inner.write(buf)?;
        self.hash.update(&buf[..n]);
        self.bytes += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
