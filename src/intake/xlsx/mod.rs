//! Workbooks (SpreadsheetML): tables as they are shown.
//!
//! A reader of our own, because libraries for data give the values of hidden rows, columns and
//! sheets like any other and leave comments and number formats out: here what is hidden must stay
//! out of the text and be told, and a number must read as the department saw it.

mod formats;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::archive::{Archive, MAX_UNPACKED};
use super::aside::{Aside, Place};
use super::clean::{collapse, escape_start, escape_tags};
use super::docx::{foreign, has_macros, main_part, properties, property_notes, rels, tree};
use super::finish::Raw;
use super::xml::Element;
use super::{IntakeError, IntakeNote, grid};

/// More cells are data to be published as a file, not a text.
const MOST_CELLS: usize = 200_000;

/// Rows and columns a sheet can have (ECMA-376).
const MOST_ROWS: u32 = 1_048_576;
const MOST_COLUMNS: u32 = 16_384;

/// What a workbook holds.
pub(super) struct Contents {
    pub(super) sheets: Vec<Sheet>,
    pub(super) asides: Vec<Aside>,
    pub(super) properties: Vec<(String, String)>,
    pub(super) macros: bool,
    drawings: usize,
}

/// One sheet.
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) hidden: bool,
    rows: BTreeMap<u32, BTreeMap<u32, String>>,
    hidden_rows: BTreeSet<u32>,
    /// Whether a column, counted from 1, is hidden; columns beyond the end are not.
    hidden_columns: Vec<bool>,
    merged: bool,
}

impl Sheet {
    fn column_hidden(&self, column: u32) -> bool {
        let hidden = self.hidden_columns.get(column as usize);
        hidden.copied().unwrap_or(false)
    }

    /// Every value, hidden or not, row by row.
    pub(super) fn text(&self) -> String {
        let rows = self.rows.values();
        let lines = rows.map(|row| {
            row.values()
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join("\t")
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The rows that are shown, without the columns that are empty in all of them; none where
    /// more columns are left than a page can show.
    fn shown(&self) -> Option<Vec<Vec<String>>> {
        let visible: Vec<(&u32, Vec<(u32, &String)>)> = self
            .rows
            .iter()
            .filter(|(n, _)| !self.hidden_rows.contains(n))
            .map(|(n, row)| {
                let cells = row
                    .iter()
                    .filter(|(column, value)| !self.column_hidden(**column) && !value.is_empty());
                (n, cells.map(|(column, value)| (*column, value)).collect())
            })
            .filter(|(_, row): &(&u32, Vec<_>)| !row.is_empty())
            .collect();
        let columns: BTreeSet<u32> = visible
            .iter()
            .flat_map(|(_, row)| row.iter().map(|(column, _)| *column))
            .collect();
        if columns.len() > grid::MOST_COLUMNS {
            return None;
        }
        let at: HashMap<u32, usize> = columns.iter().enumerate().map(|(n, c)| (*c, n)).collect();
        let rows = visible
            .into_iter()
            .map(|(_, row)| {
                let last = row
                    .last()
                    .and_then(|(c, _)| at.get(c))
                    .copied()
                    .unwrap_or(0);
                let mut cells = vec![String::new(); last + 1];
                for (column, value) in row {
                    if let Some(cell) = at.get(&column).and_then(|n| cells.get_mut(*n)) {
                        value.clone_into(cell);
                    }
                }
                cells
            })
            .collect();
        Some(rows)
    }
}

/// Reads a workbook whole.
pub(super) fn contents(bytes: &[u8]) -> Result<Contents, IntakeError> {
    let mut archive = Archive::open(Cow::Borrowed(bytes), MAX_UNPACKED)?;
    let main = main_part(&mut archive, "xl/workbook.xml")?;
    let links = rels(&mut archive, &main)?;
    let workbook = tree(&mut archive, &main)?.ok_or(IntakeError::NoBody)?;
    let related = |kind: &str| links.of_kind(kind).first().map(|rel| rel.target.as_str());
    let mut shared = Vec::new();
    if let Some(root) = part(&mut archive, related("sharedStrings"))? {
        shared = root.all("x:si").map(string).collect();
    }
    let styles = part(&mut archive, related("styles"))?
        .map(|root| Styles::read(&root))
        .unwrap_or_default();
    let since_1904 = workbook
        .child("x:workbookPr")
        .and_then(|p| p.attr("date1904"))
        .is_some_and(|v| v == "1" || v == "true");
    let mut all = Contents {
        sheets: Vec::new(),
        asides: Vec::new(),
        properties: properties(&mut archive)?,
        macros: has_macros(&archive),
        drawings: 0,
    };
    let mut cells = 0;
    let sheets = workbook.child("x:sheets");
    for entry in sheets.into_iter().flat_map(|s| s.all("x:sheet")) {
        let name = entry.attr("name").unwrap_or_default().to_owned();
        let hidden = matches!(entry.attr("state"), Some("hidden" | "veryHidden"));
        let target = entry
            .attr("r:id")
            .and_then(|id| links.get(id))
            .filter(|rel| rel.kind == "worksheet")
            .map(|rel| rel.target.clone());
        let Some(target) = target else {
            // A sheet that is a chart or a macro of old.
            all.drawings += 1;
            continue;
        };
        let root = tree(&mut archive, &target)?.ok_or_else(|| IntakeError::BadPart {
            part: target.clone(),
        })?;
        let mut sheet = read_sheet(&root, &shared, &styles, since_1904, &mut cells)?;
        sheet.name = name;
        sheet.hidden = hidden;
        page_texts(&root, &mut all.asides);
        hidden_parts(&sheet, &mut all.asides);
        let own = rels(&mut archive, &target)?;
        for rel in own.of_kind("comments") {
            let target = rel.target.clone();
            if let Some(root) = tree(&mut archive, &target)? {
                comments(&sheet.name, &root, &mut all.asides);
            }
        }
        for rel in own.of_kind("threadedComment") {
            let target = rel.target.clone();
            if let Some(root) = tree(&mut archive, &target)? {
                root.each(&mut |e| {
                    if e.name.ends_with(":threadedComment") {
                        let at = place(&sheet.name, e.attr("ref").unwrap_or_default());
                        all.asides
                            .push(Aside::new(Place::Comment, Some(&at), &e.text()));
                    }
                });
            }
        }
        all.drawings += own.of_kind("drawing").len();
        all.asides.extend(foreign_of(&own));
        all.sheets.push(sheet);
    }
    all.asides.extend(foreign(&archive, &links));
    all.asides.retain(|aside| !aside.text.is_empty());
    Ok(all)
}

/// The parts of hidden sheets, in small letters.
pub(super) fn hidden_sheets(bytes: &[u8]) -> Result<HashSet<String>, IntakeError> {
    let mut archive = Archive::open(Cow::Borrowed(bytes), MAX_UNPACKED)?;
    let main = main_part(&mut archive, "xl/workbook.xml")?;
    let own = rels(&mut archive, &main)?;
    let Some(book) = tree(&mut archive, &main)? else {
        return Ok(HashSet::new());
    };
    let mut all = HashSet::new();
    book.each(&mut |sheet| {
        if &*sheet.name == "x:sheet"
            && matches!(sheet.attr("state"), Some("hidden" | "veryHidden"))
            && let Some(rel) = sheet.attr("r:id").and_then(|id| own.get(id))
        {
            all.insert(rel.target.to_lowercase());
        }
    });
    Ok(all)
}

/// What a sheet alone takes from elsewhere.
fn foreign_of(own: &super::docx::Rels) -> Vec<Aside> {
    own.external()
        .iter()
        .map(|rel| Aside::new(Place::External, Some(&rel.kind), &rel.target))
        .collect()
}

fn part(archive: &mut Archive<'_>, name: Option<&str>) -> Result<Option<Element>, IntakeError> {
    match name {
        Some(name) => tree(archive, name),
        None => Ok(None),
    }
}

/// A text with its runs; the readings set above Japanese are no part of it.
fn string(element: &Element) -> String {
    let mut text = String::new();
    for inner in element.elements() {
        match &*inner.name {
            "x:t" => text.push_str(&inner.text()),
            "x:r" => {
                if let Some(run) = inner.child("x:t") {
                    text.push_str(&run.text());
                }
            }
            _ => {}
        }
    }
    text
}

#[derive(Default)]
struct Styles {
    /// Number format of each cell style.
    cells: Vec<u32>,
    codes: HashMap<u32, String>,
}

impl Styles {
    fn read(root: &Element) -> Styles {
        let number = |element: &Element| element.attr("numFmtId").and_then(|id| id.parse().ok());
        let codes = root
            .child("x:numFmts")
            .into_iter()
            .flat_map(|all| all.all("x:numFmt"))
            .filter_map(|f| Some((number(f)?, f.attr("formatCode")?.to_owned())))
            .collect();
        let cells = root
            .child("x:cellXfs")
            .into_iter()
            .flat_map(|all| all.all("x:xf"))
            .map(|xf| number(xf).unwrap_or(0))
            .collect();
        Styles { cells, codes }
    }

    fn code(&self, style: Option<&str>) -> Option<&str> {
        let at: usize = style?.parse().ok()?;
        let id = self.cells.get(at)?;
        self.codes
            .get(id)
            .map(String::as_str)
            .or_else(|| formats::builtin(*id))
    }
}

fn read_sheet(
    root: &Element,
    shared: &[String],
    styles: &Styles,
    since_1904: bool,
    cells: &mut usize,
) -> Result<Sheet, IntakeError> {
    let mut sheet = Sheet {
        name: String::new(),
        hidden: false,
        rows: BTreeMap::new(),
        hidden_rows: BTreeSet::new(),
        hidden_columns: Vec::new(),
        merged: root
            .child("x:mergeCells")
            .is_some_and(|m| m.elements().next().is_some()),
    };
    let on = |value: Option<&str>| value.is_some_and(|v| v == "1" || v == "true");
    let none = |size: Option<&str>| {
        size.and_then(|s| s.parse::<f64>().ok())
            .is_some_and(|s| s <= 0.0)
    };
    for column in root
        .child("x:cols")
        .into_iter()
        .flat_map(|c| c.all("x:col"))
    {
        let bound = |name| column.attr(name).and_then(|n| n.parse::<u32>().ok());
        if (on(column.attr("hidden")) || none(column.attr("width")))
            && let (Some(from), Some(to)) = (bound("min"), bound("max"))
        {
            let to = to.min(MOST_COLUMNS) as usize;
            if sheet.hidden_columns.len() <= to {
                sheet.hidden_columns.resize(to + 1, false);
            }
            for column in sheet
                .hidden_columns
                .iter_mut()
                .take(to + 1)
                .skip(from as usize)
            {
                *column = true;
            }
        }
    }
    let (mut row_at, data) = (0, root.child("x:sheetData"));
    for row in data.into_iter().flat_map(|d| d.all("x:row")) {
        row_at = row
            .attr("r")
            .and_then(|r| r.parse().ok())
            .unwrap_or(row_at + 1)
            .clamp(1, MOST_ROWS);
        if on(row.attr("hidden")) || none(row.attr("ht")) {
            sheet.hidden_rows.insert(row_at);
        }
        let mut column_at = 0;
        for cell in row.all("x:c") {
            column_at = cell
                .attr("r")
                .and_then(column_of)
                .unwrap_or(column_at + 1)
                .min(MOST_COLUMNS);
            let value = value(cell, shared, styles, since_1904);
            if value.trim().is_empty() {
                continue;
            }
            *cells += 1;
            if *cells > MOST_CELLS {
                return Err(IntakeError::TooManyCells { most: MOST_CELLS });
            }
            sheet
                .rows
                .entry(row_at)
                .or_default()
                .insert(column_at, value);
        }
    }
    Ok(sheet)
}

/// What a cell shows. Of a formula its last value: nothing is calculated here.
fn value(cell: &Element, shared: &[String], styles: &Styles, since_1904: bool) -> String {
    let raw = || cell.child("x:v").map(Element::text).unwrap_or_default();
    match cell.attr("t") {
        Some("s") => raw()
            .trim()
            .parse::<usize>()
            .ok()
            .and_then(|at| shared.get(at))
            .cloned()
            .unwrap_or_default(),
        Some("inlineStr") => cell.child("x:is").map(string).unwrap_or_default(),
        Some("b") => match raw().trim() {
            "1" => "TRUE".to_owned(),
            _ => "FALSE".to_owned(),
        },
        Some("str" | "e" | "d") => raw(),
        _ => {
            let raw = raw();
            match raw.trim().parse::<f64>() {
                Ok(number) => formats::show(number, styles.code(cell.attr("s")), since_1904),
                Err(_) => raw,
            }
        }
    }
}

/// The column of `BC12`, counted from 1.
pub(super) fn column_of(reference: &str) -> Option<u32> {
    let letters = reference.chars().take_while(char::is_ascii_alphabetic);
    let mut column = 0_u32;
    for c in letters {
        column = column
            .checked_mul(26)?
            .checked_add(u32::from(c.to_ascii_uppercase()) - u32::from('A') + 1)?;
    }
    (1..=MOST_COLUMNS).contains(&column).then_some(column)
}

/// The letters of a column.
fn letters(mut column: u32) -> String {
    let mut out = String::new();
    while column > 0 {
        let digit = (column - 1) % 26;
        out.insert(0, char::from(b'A' + digit as u8));
        column = (column - 1) / 26;
    }
    out
}

fn place(sheet: &str, cell: &str) -> String {
    format!("{sheet}!{cell}")
}

fn hidden_parts(sheet: &Sheet, into: &mut Vec<Aside>) {
    if sheet.hidden {
        let text = sheet.text();
        into.push(Aside::new(Place::HiddenSheet, Some(&sheet.name), &text));
        return;
    }
    for n in &sheet.hidden_rows {
        if let Some(row) = sheet.rows.get(n) {
            let text = row
                .values()
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join(" ");
            let at = place(&sheet.name, &n.to_string());
            into.push(Aside::new(Place::HiddenRow, Some(&at), &text));
        }
    }
    let mut columns: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    for (column, value) in sheet.rows.values().flatten() {
        if sheet.column_hidden(*column) {
            columns.entry(*column).or_default().push(value);
        }
    }
    for (column, values) in columns {
        let at = place(&sheet.name, &letters(column));
        into.push(Aside::new(
            Place::HiddenColumn,
            Some(&at),
            &values.join(" "),
        ));
    }
}

fn comments(sheet: &str, root: &Element, into: &mut Vec<Aside>) {
    let authors: Vec<String> = root
        .child("x:authors")
        .into_iter()
        .flat_map(|a| a.all("x:author"))
        .map(Element::text)
        .collect();
    let list = root.child("x:commentList");
    for comment in list.into_iter().flat_map(|l| l.all("x:comment")) {
        let author = comment
            .attr("authorId")
            .and_then(|id| id.parse::<usize>().ok())
            .and_then(|at| authors.get(at))
            .cloned()
            .unwrap_or_default();
        let at = place(sheet, comment.attr("ref").unwrap_or_default());
        let text = comment.child("x:text").map(string).unwrap_or_default();
        let who = format!("{at} {author}");
        into.push(Aside::new(Place::Comment, Some(&who), &text));
    }
}

/// Page headers and footers, without the codes for fonts and page numbers.
fn page_texts(root: &Element, into: &mut Vec<Aside>) {
    let Some(pages) = root.child("x:headerFooter") else {
        return;
    };
    for element in pages.elements() {
        let place = if element.name.ends_with("Footer") {
            Place::Footer
        } else {
            Place::Header
        };
        let text = without_codes(&element.text());
        if !text.is_empty() {
            let aside = Aside::new(place, None, &text);
            if !into.contains(&aside) {
                into.push(aside);
            }
        }
    }
}

fn without_codes(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '&' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('&') => out.push('&'),
            // A font in quotes, a colour of six digits, a size.
            Some('"') => {
                for inner in chars.by_ref() {
                    if inner == '"' {
                        break;
                    }
                }
            }
            Some('K') => {
                for _ in 0..6 {
                    chars.next_if(char::is_ascii_hexdigit);
                }
            }
            Some(d) if d.is_ascii_digit() => while chars.next_if(char::is_ascii_digit).is_some() {},
            Some('L' | 'C' | 'R') => out.push(' '),
            _ => {}
        }
    }
    collapse(&out)
}

pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Raw, IntakeError> {
    let contents = contents(bytes)?;
    if contents.macros {
        return Err(IntakeError::Macros);
    }
    let mut raw = Raw::default();
    let shown: Vec<&Sheet> = contents
        .sheets
        .iter()
        .filter(|sheet| !sheet.hidden && !sheet.rows.is_empty())
        .collect();
    let many = shown.len() > 1;
    for sheet in &shown {
        let mut rows: Vec<Vec<String>> = sheet
            .shown()
            .ok_or(IntakeError::TooWide {
                most: grid::MOST_COLUMNS,
            })?
            .into_iter()
            .map(|row| {
                row.iter()
                    .map(|cell| escape_tags(&collapse(cell)))
                    .collect()
            })
            .collect();
        let alone = |row: &Vec<String>| row.iter().filter(|cell| !cell.is_empty()).count() == 1;
        let words = |row: Vec<String>| row.into_iter().find(|cell| !cell.is_empty());
        // Lines above and below the table: its title, its unit, its notes.
        let above = rows.iter().take_while(|row| alone(row)).count();
        let table: Vec<Vec<String>> = rows.split_off(above);
        let mut head: Vec<String> = rows.into_iter().filter_map(words).collect();
        if raw.title.is_none() && !many && !head.is_empty() && !table.is_empty() {
            raw.title = Some(head.remove(0));
        }
        if many {
            raw.blocks
                .push(format!("## {}", escape_tags(&collapse(&sheet.name))));
        }
        raw.blocks
            .extend(head.iter().map(|line| escape_start(line)));
        let below = table.iter().rev().take_while(|row| alone(row)).count();
        let mut table = table;
        let tail = table.split_off(table.len() - below);
        match grid::markdown(table.clone()) {
            Some(text) => raw.blocks.push(text),
            None => raw.blocks.extend(
                table
                    .into_iter()
                    .map(|row| escape_start(&row.join(" ").replace('|', "\\|"))),
            ),
        }
        let tail = tail.into_iter().filter_map(words);
        raw.blocks.extend(tail.map(|line| escape_start(&line)));
        if sheet.merged && !raw.notes.contains(&IntakeNote::MergedCells) {
            raw.notes.push(IntakeNote::MergedCells);
        }
    }
    if raw.title.is_none() {
        let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        raw.title = Some(stem.to_owned());
        raw.notes.push(IntakeNote::TitleFromName);
    }
    if contents.drawings > 0 {
        raw.notes.push(IntakeNote::DrawingsLeftOut {
            count: contents.drawings,
        });
    }
    raw.notes
        .extend(contents.asides.into_iter().map(IntakeNote::Aside));
    raw.notes.extend(property_notes(&contents.properties));
    Ok(raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        for (text, n) in [("A1", 1), ("Z9", 26), ("AA1", 27), ("XFD1048576", 16_384)] {
            assert_eq!(column_of(text), Some(n));
            assert!(text.starts_with(&letters(n)));
        }
        assert_eq!(column_of("XFE1"), None);
        assert_eq!(column_of("1"), None);
        assert_eq!(column_of("ZZZZZZZZZZZZ1"), None);
    }

    #[test]
    fn header_codes_are_no_text() {
        assert_eq!(
            without_codes("&L&\"宋体,常规\"&12机密★1年&C第 &P 页&R&KFF0000秘密&&"),
            "机密★1年 第 页 秘密&"
        );
        assert_eq!(without_codes("&"), "");
    }
}
