//! A page for the printer from a stream of rows: one table, its header on every sheet of paper.

use std::io::{BufWriter, Write};

use super::rows::Row;
use super::write::{Options, tick};
use super::{ReportError, html, when};
use crate::locale;

const STYLE: &str = include_str!("templates/table.css");

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
    let mut out = BufWriter::with_capacity(128 * 1024, out);
    let title = html::escaped(&options.title);
    let made = when::minute(options.made_at, &options.zone);
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>{title}</h1>\n<p>{made}</p>\n<table>\n<thead>\n<tr>",
        locale::current()
    )?;
    for head in R::headers() {
        write!(out, "<th scope=\"col\">{}</th>", html::escaped(&head))?;
    }
    out.write_all(b"</tr>\n</thead>\n<tbody>\n")?;
    let words = R::words();
    let zone = options.zone.clone();
    let mut count = 0;
    for row in rows {
        let row = row.map_err(|e| ReportError::Source(e.into()))?;
        out.write_all(b"<tr>")?;
        row.cells(&words, &zone, &mut |text| {
            write!(out, "<td>{}</td>", html::escaped(text))
        })?;
        out.write_all(b"</tr>\n")?;
        count += 1;
        tick(count, options)?;
    }
    out.write_all(b"</tbody>\n</table>\n</main>\n</body>\n</html>\n")?;
    out.flush()?;
    Ok(count)
}
