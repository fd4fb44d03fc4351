//! A workbook from a stream of rows: numbers and times as such, a filter on every column, and a
//! header that stays in view. Rows go to a temporary file as they come, so that memory does not
//! grow with their number.

use std::io::Write;

use jiff::tz::TimeZone;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format as Style, FormatBorder, Workbook, XlsxError,
};

use super::rows::{Cell, Row};
use super::write::{Options, tick};
use super::{ReportError, inert};

/// Longest text a cell holds, in UTF-16 units as the format counts.
const LONGEST: usize = 32_767;
/// Rows of a sheet, the header among them.
const ROWS: u64 = 1_048_576;
/// What a name of a sheet may not hold.
const FORBIDDEN: [char; 7] = ['[', ']', ':', '*', '?', '/', '\\'];

/// Writes the rows; their number is the answer.
pub(super) fn rows<R, E, W>(
    out: &mut W,
    rows: impl IntoIterator<Item = Result<R, E>>,
    options: &mut Options<'_>,
) -> Result<u64, ReportError>
where
    R: Row,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
    W: Write,
{
    let mut book = Workbook::new();
    // The clock would make two exports of the same rows differ.
    let made = instant(&stamp(options)).unwrap_or_default();
    book.set_properties(
        &DocProperties::new()
            .set_title(inert::line(&options.title))
            .set_creation_datetime(&made),
    );
    let head = Style::new()
        .set_bold()
        .set_text_wrap()
        .set_border_bottom(FormatBorder::Thin);
    let time = Style::new().set_num_format("yyyy-mm-dd hh:mm:ss.000");
    let number = Style::new().set_num_format("0");
    let kinds = R::kinds();
    let titles = R::headers();
    let sheet = book.add_worksheet_with_constant_memory().map_err(failed)?;
    sheet.set_name(name(&options.title)).map_err(failed)?;
    sheet.set_freeze_panes(1, 0).map_err(failed)?;
    sheet.set_repeat_rows(0, 0).map_err(failed)?;
    sheet.set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    for (column, kind) in (0u16..).zip(&kinds) {
        let width = match kind {
            Cell::Number => 9,
            Cell::Instant => 23,
            Cell::Text => 20,
        };
        sheet.set_column_width(column, width).map_err(failed)?;
    }
    for (column, title) in (0u16..).zip(&titles) {
        sheet
            .write_string_with_format(0, column, title, &head)
            .map_err(failed)?;
    }
    let words = R::words();
    let zone: TimeZone = options.zone.clone();
    let mut count = 0u64;
    for row in rows {
        let row = row.map_err(|e| ReportError::Source(e.into()))?;
        count += 1;
        if count >= ROWS {
            return Err(ReportError::TooLong(ROWS - 1));
        }
        let line = count as u32;
        let mut column = 0u16;
        row.cells(&words, &zone, &mut |text| -> Result<(), XlsxError> {
            let kind = kinds.get(usize::from(column)).copied();
            match kind {
                Some(Cell::Number) if whole(text).is_some() => {
                    let value = whole(text).unwrap_or_default();
                    sheet.write_number_with_format(line, column, value, &number)?;
                }
                Some(Cell::Instant) if instant(text).is_some() => {
                    let value = instant(text).unwrap_or_default();
                    sheet.write_datetime_with_format(line, column, &value, &time)?;
                }
                // A string is a string here, whatever it begins with; no formula can come of it.
                _ if text.is_empty() => {}
                _ => {
                    sheet.write_string(line, column, short(&inert::block(text)))?;
                }
            }
            column += 1;
            Ok(())
        })
        .map_err(failed)?;
        tick(count, options)?;
    }
    let last = u16::try_from(titles.len().saturating_sub(1)).unwrap_or(u16::MAX);
    sheet.autofilter(0, 0, count as u32, last).map_err(failed)?;
    let bytes = book.save_to_buffer().map_err(failed)?;
    out.write_all(&bytes)?;
    Ok(count)
}

fn failed(error: XlsxError) -> ReportError {
    match error {
        XlsxError::IoError(e) => ReportError::Write(e),
        other => ReportError::Encode(other.to_string()),
    }
}

fn stamp(options: &Options<'_>) -> String {
    let mut text = String::new();
    super::when::local(&mut text, options.made_at, &options.zone);
    text
}

/// Whole numbers beyond 2^53 would be rounded, and stay text.
fn whole(text: &str) -> Option<f64> {
    text.parse::<u64>()
        .ok()
        .filter(|n| *n < 1 << 53)
        .map(|n| n as f64)
}

/// The local time in what [`super::when::local`] wrote. Workbooks know no zones; the offset of the
/// house stands in the title of the column's values by custom, and the microseconds are rounded.
fn instant(text: &str) -> Option<ExcelDateTime> {
    let local = text.get(..26)?;
    let (day, time) = local.split_once(' ')?;
    let mut day = day.splitn(3, '-');
    let mut time = time.splitn(3, ':');
    ExcelDateTime::from_ymd(
        day.next()?.parse().ok()?,
        day.next()?.parse().ok()?,
        day.next()?.parse().ok()?,
    )
    .ok()?
    .and_hms(
        time.next()?.parse().ok()?,
        time.next()?.parse().ok()?,
        time.next()?.parse::<f64>().ok()?,
    )
    .ok()
}

/// A text cut to what a cell holds, with a mark where something is missing.
fn short(text: &str) -> &str {
    let mut units = 0;
    for (at, c) in text.char_indices() {
        units += c.len_utf16();
        if units > LONGEST {
            return &text[..at];
        }
    }
    text
}

fn name(title: &str) -> String {
    let name: String = inert::line(title)
        .chars()
        .filter(|c| !FORBIDDEN.contains(c))
        .take(31)
        .collect();
    let name = name.trim().trim_matches('\'').to_owned();
    if name.is_empty() {
        "qianfa".to_owned()
    } else {
        name
    }
}
