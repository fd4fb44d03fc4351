//! The lists a board keeps itself: words, and a roster of names and titles. The program ships none.
//!
//! Both are plain data with the days they hold from and until; they come from CSV files that are
//! handed in as text. A file with one bad line is refused whole, with every error named, so that a
//! list is never in force in part.

use std::collections::HashMap;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind};
use jiff::civil::Date;

use super::super::finding::{Class, Severity};
use crate::rules::codes::codes;

/// Rows a list may have.
pub const MAX_ROWS: usize = 20_000;

/// Bytes a list may have as text.
pub const MAX_BYTES: usize = 4 << 20;

/// Characters a cell may have.
pub const MAX_CELL: usize = 200;

/// Errors reported of one file; whoever has more has the wrong file.
const MAX_ERRORS: usize = 50;

/// A word to be found, with what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The word.
    pub word: String,
    /// What kind of finding it makes.
    pub class: Class,
    /// How grave.
    pub severity: Severity,
    /// Where it is no finding: longer words that hold it, or words right before or behind it.
    pub guards: Vec<String>,
    /// What to write instead.
    pub replacement: Option<String>,
    /// First day it holds.
    pub from: Option<Date>,
    /// Last day it holds.
    pub until: Option<Date>,
}

/// A person in an office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// The name, as it must be written.
    pub name: String,
    /// The title, as it must be written.
    pub title: String,
    /// Place in the order of names, from 1; none for who is not ordered.
    pub order: Option<u32>,
    /// First day in office.
    pub from: Option<Date>,
    /// Last day in office.
    pub until: Option<Date>,
}

fn within(from: Option<Date>, until: Option<Date>, on: Date) -> bool {
    from.is_none_or(|d| d <= on) && until.is_none_or(|d| on <= d)
}

impl Term {
    /// Whether it holds on a day.
    pub fn holds(&self, on: Date) -> bool {
        within(self.from, self.until, on)
    }
}

impl Office {
    /// Whether the person is in office on a day.
    pub fn holds(&self, on: Date) -> bool {
        within(self.from, self.until, on)
    }
}

/// The lists in force, with the automata that find them. Make it once and keep it.
#[derive(Debug, Default)]
pub struct Lists {
    terms: Vec<Term>,
    roster: Vec<Office>,
    words: OnceLock<Option<AhoCorasick>>,
    people: OnceLock<People>,
}

/// Distinct names and titles of a roster, and what finds them.
#[derive(Debug, Default)]
pub(super) struct People {
    /// Names first, titles behind.
    pub keys: Vec<String>,
    /// How many of `keys` are names.
    pub names: usize,
    /// Rows of the roster by key.
    pub rows: Vec<Vec<usize>>,
    pub finder: Option<AhoCorasick>,
}

impl Lists {
    /// Lists of these terms and this roster.
    pub fn new(terms: Vec<Term>, roster: Vec<Office>) -> Lists {
        Lists {
            terms,
            roster,
            words: OnceLock::new(),
            people: OnceLock::new(),
        }
    }

    /// The terms.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// The roster.
    pub fn roster(&self) -> &[Office] {
        &self.roster
    }

    pub(super) fn words(&self) -> Option<&AhoCorasick> {
        self.words
            .get_or_init(|| {
                let words = self.terms.iter().map(|t| t.word.as_str());
                let mut builder = AhoCorasick::builder();
                builder
                    .match_kind(MatchKind::Standard)
                    .ascii_case_insensitive(true);
                if self.terms.is_empty() {
                    None
                } else {
                    builder.build(words).ok()
                }
            })
            .as_ref()
    }

    pub(super) fn people(&self) -> &People {
        self.people.get_or_init(|| {
            let mut people = People::default();
            for titles in [false, true] {
                let mut known: HashMap<&str, usize> = HashMap::new();
                for (row, office) in self.roster.iter().enumerate() {
                    let key = if titles {
                        office.title.as_str()
                    } else {
                        office.name.as_str()
                    };
                    let at = *known.entry(key).or_insert_with(|| {
                        people.keys.push(key.to_owned());
                        people.rows.push(Vec::new());
                        people.keys.len() - 1
                    });
                    people.rows[at].push(row);
                }
                if !titles {
                    people.names = people.keys.len();
                }
            }
            if !people.keys.is_empty() {
                people.finder = AhoCorasick::builder()
                    .match_kind(MatchKind::LeftmostLongest)
                    .build(&people.keys)
                    .ok();
            }
            people
        })
    }
}

codes! {
/// What is wrong with a line of a list; `screening-list-<code>` is the message.
Fault {
    /// Larger than a list may be
    Size = "size",
    /// No columns are named, or not those that are needed
    Header = "header",
    /// Not readable as CSV
    Csv = "csv",
    /// A cell that must not be empty
    Empty = "empty",
    /// Longer than a cell may be, or with control characters
    Cell = "cell",
    /// No such class, or none that a word can have
    Class = "class",
    /// No such severity
    Severity = "severity",
    /// Not a date
    Date = "date",
    /// Ends before it begins
    Span = "span",
    /// Not a number from 1 to 9999
    Order = "order",
    /// Stands there already for the same days
    Duplicate = "duplicate",
}}

/// One error of a list, with its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {} {detail}", fault.code())]
pub struct ListError {
    /// Line of the file, from 1.
    pub line: u64,
    /// Number of the column, from 1; 0 for the line as a whole.
    pub column: usize,
    /// What is wrong.
    pub fault: Fault,
    /// The cell, or what it collides with; at most 40 characters, without control characters.
    pub detail: String,
}

fn error(line: u64, column: usize, fault: Fault, detail: &str) -> ListError {
    let detail = detail
        .chars()
        .filter(|c| !c.is_control())
        .take(40)
        .collect();
    ListError {
        line,
        column,
        fault,
        detail,
    }
}

/// Columns of a list of words, by the names a header may use. The first three are needed.
const TERM_COLUMNS: [&[&str]; 7] = [
    &["词", "词语", "word"],
    &["类别", "class"],
    &["级别", "severity"],
    &["例外", "guards"],
    &["替换", "建议", "replacement"],
    &["起", "生效", "from"],
    &["止", "失效", "until"],
];

/// Columns of a roster. The first two are needed.
const OFFICE_COLUMNS: [&[&str]; 5] = [
    &["姓名", "name"],
    &["职务", "title"],
    &["排序", "order"],
    &["起", "任职", "from"],
    &["止", "免职", "until"],
];

/// Reads a list of words. Guards are separated by `|`.
pub fn parse_terms(text: &str) -> Result<Vec<Term>, Vec<ListError>> {
    let sheet = Sheet::read(text, &TERM_COLUMNS, 3)?;
    let mut errors = Vec::new();
    let mut terms: Vec<(u64, Term)> = Vec::new();
    for row in &sheet.rows {
        let mut bad = Errors {
            line: row.line,
            errors: &mut errors,
        };
        let word = row.needed(0, &mut bad);
        let class = row.cell(1);
        let class = word_class(&class.1).or_else(|| bad.note(class.0, Fault::Class, &class.1));
        let severity = row.cell(2);
        let severity =
            grade(&severity.1).or_else(|| bad.note(severity.0, Fault::Severity, &severity.1));
        let guards = row
            .cell(3)
            .1
            .split('|')
            .map(str::trim)
            .filter(|g| !g.is_empty())
            .map(str::to_owned)
            .collect();
        let replacement = Some(row.cell(4).1).filter(|r| !r.is_empty());
        let days = row.days(5, 6, &mut bad);
        if let (Some(word), Some(class), Some(severity), Some((from, until))) =
            (word, class, severity, days)
        {
            terms.push((
                row.line,
                Term {
                    word,
                    class,
                    severity,
                    guards,
                    replacement,
                    from,
                    until,
                },
            ));
        }
    }
    twice(
        terms
            .iter()
            .map(|(line, t)| (*line, t.word.clone(), (t.from, t.until))),
        &mut errors,
    );
    finish(terms, errors)
}

/// Reads a roster. One person in two offices takes two rows.
pub fn parse_roster(text: &str) -> Result<Vec<Office>, Vec<ListError>> {
    let sheet = Sheet::read(text, &OFFICE_COLUMNS, 2)?;
    let mut errors = Vec::new();
    let mut offices: Vec<(u64, Office)> = Vec::new();
    for row in &sheet.rows {
        let mut bad = Errors {
            line: row.line,
            errors: &mut errors,
        };
        let name = row.needed(0, &mut bad).and_then(|name| {
            // One character would be found in every other word.
            if name.chars().count() >= 2 {
                Some(name)
            } else {
                bad.note(row.cell(0).0, Fault::Cell, &name)
            }
        });
        let title = row.needed(1, &mut bad);
        let order = row.cell(2);
        let order = match order.1.as_str() {
            "" => Some(None),
            n => match n.parse() {
                Ok(n @ 1..=9999) => Some(Some(n)),
                _ => bad.note(order.0, Fault::Order, n),
            },
        };
        let days = row.days(3, 4, &mut bad);
        if let (Some(name), Some(title), Some(order), Some((from, until))) =
            (name, title, order, days)
        {
            offices.push((
                row.line,
                Office {
                    name,
                    title,
                    order,
                    from,
                    until,
                },
            ));
        }
    }
    twice(
        offices
            .iter()
            .map(|(line, o)| (*line, format!("{} {}", o.name, o.title), (o.from, o.until))),
        &mut errors,
    );
    finish(offices, errors)
}

fn finish<T>(rows: Vec<(u64, T)>, mut errors: Vec<ListError>) -> Result<Vec<T>, Vec<ListError>> {
    if errors.is_empty() {
        return Ok(rows.into_iter().map(|r| r.1).collect());
    }
    errors.sort_by_key(|e| (e.line, e.column));
    errors.truncate(MAX_ERRORS);
    Err(errors)
}

/// First and last day, where there is one.
type Span = (Option<Date>, Option<Date>);

/// Rows that say the same for days that overlap.
fn twice(rows: impl Iterator<Item = (u64, String, Span)>, errors: &mut Vec<ListError>) {
    let mut known: HashMap<String, Vec<Span>> = HashMap::new();
    for (line, key, (from, until)) in rows {
        let spans = known.entry(key.clone()).or_default();
        let overlaps = |&(f, u): &Span| {
            f.zip(until).is_none_or(|(f, until)| f <= until)
                && from.zip(u).is_none_or(|(from, u)| from <= u)
        };
        // Enough to compare with a few: a word with more spans than this is no list of words.
        if spans.iter().take(64).any(overlaps) && errors.len() < MAX_ERRORS {
            errors.push(error(line, 1, Fault::Duplicate, &key));
        }
        spans.push((from, until));
    }
}

/// The classes a word of a list may have.
fn word_class(code: &str) -> Option<Class> {
    if code.is_empty() {
        return Some(Class::Term);
    }
    Class::parse(code).filter(|class| {
        matches!(
            class,
            Class::Term
                | Class::StateName
                | Class::Title
                | Class::Doctrine
                | Class::Territory
                | Class::TaxTerm
                | Class::Usage
                | Class::Typo
        )
    })
}

fn grade(text: &str) -> Option<Severity> {
    match text {
        "严重" | "严重错误" => Some(Severity::Serious),
        "一般" | "一般错误" => Some(Severity::General),
        "疑似" => Some(Severity::Suspect),
        "提示" => Some(Severity::Hint),
        code => Severity::parse(code),
    }
}

/// A day in one of the forms offices write: 2024-01-31, 2024/1/31, 20240131, 2024年1月31日.
fn day(text: &str) -> Option<Date> {
    let parts: Vec<&str> = if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        vec![&text[..4], &text[4..6], &text[6..]]
    } else {
        text.trim_end_matches('日')
            .split(['-', '/', '.', '年', '月'])
            .collect()
    };
    let [y, m, d] = parts.as_slice() else {
        return None;
    };
    if y.len() != 4 {
        return None;
    }
    Date::new(y.parse().ok()?, m.parse().ok()?, d.parse().ok()?).ok()
}

struct Errors<'a> {
    line: u64,
    errors: &'a mut Vec<ListError>,
}

impl Errors<'_> {
    fn note<T>(&mut self, column: usize, fault: Fault, detail: &str) -> Option<T> {
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(error(self.line, column, fault, detail));
        }
        None
    }
}

struct Row {
    line: u64,
    /// Column of the file and cell, by meaning.
    cells: Vec<(usize, String)>,
}

impl Row {
    fn cell(&self, meaning: usize) -> (usize, String) {
        self.cells.get(meaning).cloned().unwrap_or_default()
    }

    fn needed(&self, meaning: usize, bad: &mut Errors) -> Option<String> {
        let (column, cell) = self.cell(meaning);
        if cell.is_empty() {
            bad.note(column, Fault::Empty, "")
        } else {
            Some(cell)
        }
    }

    fn days(&self, from: usize, until: usize, bad: &mut Errors) -> Option<Span> {
        let mut read = |meaning: usize| {
            let (column, cell) = self.cell(meaning);
            if cell.is_empty() {
                Some(None)
            } else {
                day(&cell)
                    .map(Some)
                    .or_else(|| bad.note(column, Fault::Date, &cell))
            }
        };
        let (first, last) = (read(from)?, read(until)?);
        if first.zip(last).is_some_and(|(f, l)| l < f) {
            let (column, cell) = self.cell(until);
            return bad.note(column, Fault::Span, &cell);
        }
        Some((first, last))
    }
}

struct Sheet {
    rows: Vec<Row>,
}

impl Sheet {
    fn read(text: &str, columns: &[&[&str]], needed: usize) -> Result<Sheet, Vec<ListError>> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.len() > MAX_BYTES {
            return Err(vec![error(1, 0, Fault::Size, "")]);
        }
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let header = match reader.headers() {
            Ok(header) => header.clone(),
            Err(e) => return Err(vec![error(1, 0, Fault::Csv, &e.to_string())]),
        };
        let place: Vec<Option<usize>> = columns
            .iter()
            .map(|names| {
                header
                    .iter()
                    .position(|h| names.iter().any(|n| n.eq_ignore_ascii_case(h)))
            })
            .collect();
        if let Some(missing) = place.iter().take(needed).position(Option::is_none) {
            return Err(vec![error(1, 0, Fault::Header, columns[missing][0])]);
        }
        let mut errors = Vec::new();
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(e) => {
                    let line = e.position().map_or(0, csv::Position::line);
                    errors.push(error(line, 0, Fault::Csv, &e.to_string()));
                    break;
                }
            };
            if record.iter().all(str::is_empty) {
                continue;
            }
            let line = record.position().map_or(0, csv::Position::line);
            if rows.len() == MAX_ROWS {
                errors.push(error(line, 0, Fault::Size, ""));
                break;
            }
            let mut cells = Vec::with_capacity(columns.len());
            for at in &place {
                let cell = at.and_then(|at| record.get(at)).unwrap_or("");
                let column = at.map_or(0, |at| at + 1);
                if (cell.chars().count() > MAX_CELL || cell.chars().any(char::is_control))
                    && errors.len() < MAX_ERRORS
                {
                    errors.push(error(line, column, Fault::Cell, cell));
                }
                cells.push((column, cell.to_owned()));
            }
            rows.push(Row { line, cells });
        }
        if errors.is_empty() {
            Ok(Sheet { rows })
        } else {
            Err(errors)
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn terms_are_read() {
        let terms = parse_terms("\u{feff}词,类别,级别,例外,替换,起,止\n甲乙,term,严重,甲乙丙|丁,丙丁,2024-01-01,2024年12月31日\n戊己,,suspect,,,,\n").unwrap();
        assert_eq!(terms.len(), 2);
        assert_eq!(terms[0].guards, ["甲乙丙", "丁"]);
        assert_eq!(terms[0].replacement.as_deref(), Some("丙丁"));
        assert_eq!(terms[0].until, Date::new(2024, 12, 31).ok());
        assert_eq!(
            (terms[1].class, terms[1].severity, terms[1].from),
            (Class::Term, Severity::Suspect, None)
        );
        assert!(terms[0].holds(Date::constant(2024, 12, 31)));
        assert!(!terms[0].holds(Date::constant(2025, 1, 1)));
    }

    #[test]
    fn every_error_has_its_place() {
        let bad = "word,class,severity,from,until\n,term,严重,,\n甲,mark?,重,2024-13-01,\n乙,id-card,一般,2024-02-01,2024-01-01\n丙,term,一般,,\n丙,term,一般,,\n";
        let errors = parse_terms(bad).unwrap_err();
        let got: Vec<(u64, usize, Fault)> =
            errors.iter().map(|e| (e.line, e.column, e.fault)).collect();
        assert_eq!(
            got,
            [
                (2, 1, Fault::Empty),
                (3, 2, Fault::Class),
                (3, 3, Fault::Severity),
                (3, 4, Fault::Date),
                (4, 2, Fault::Class),
                (4, 5, Fault::Span),
                (6, 1, Fault::Duplicate),
            ]
        );
        assert_eq!(
            parse_terms("a,b\n1,2\n").unwrap_err()[0].fault,
            Fault::Header
        );
        assert_eq!(
            parse_terms("词,类别,级别\n甲\u{1b}[31m,term,一般\n").unwrap_err()[0].fault,
            Fault::Cell
        );
        assert_eq!(
            parse_terms(&"x".repeat(MAX_BYTES + 1)).unwrap_err()[0].fault,
            Fault::Size
        );
        assert_eq!(
            parse_roster("姓名,职务,排序\n甲,局长,0\n")
                .unwrap_err()
                .len(),
            2
        );
    }

    #[test]
    fn one_office_after_another_is_no_duplicate() {
        let roster =
            "姓名,职务,排序,起,止\n甲一,局长,1,2020-01-01,2021-12-31\n甲一,局长,1,2022-01-01,\n";
        assert_eq!(parse_roster(roster).unwrap().len(), 2);
        let overlap = roster.replace("2022-01-01", "2021-12-31");
        assert_eq!(
            parse_roster(&overlap).unwrap_err()[0].fault,
            Fault::Duplicate
        );
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(词,类别,级别\n)?(\\PC|[\",\n\u{0}\u{1b}]){0,200}") {
            let _ = parse_terms(&text);
            let _ = parse_roster(&text);
        }
    }
}
