//! `screen`: what must not go out, in files or in a stream of texts. Needs no store and no key.
#![allow(missing_docs)]

use std::io::{BufRead, Write};
use std::path::PathBuf;

use clap::Args;
use serde::Deserialize;
use serde_json::{Value, json};

use super::context::{Context, read_input};
use super::{Done, out};
use crate::desk::screening::facts;
use crate::desk::{DeskError, exit};
use crate::intake;
use crate::screening::words::{self, ListError};
use crate::screening::{
    Attachment, Class, Finding, Hit, Label, Lists, Place, Screener, Severity, Sniffed, Subject,
    check_form, escalate,
};

#[derive(Args, Debug)]
pub struct Screen {
    #[arg(required_unless_present = "jsonl")]
    pub files: Vec<PathBuf>,
    #[arg(long, conflicts_with = "files")]
    pub jsonl: bool,
    #[arg(long)]
    pub no_fail: bool,
    #[arg(long, value_name = "CSV")]
    pub terms: Option<PathBuf>,
    #[arg(long, value_name = "CSV")]
    pub roster: Option<PathBuf>,
}

pub fn screen(cx: &mut Context, a: &Screen) -> Done {
    let screener = Screener::new(lists(a)?, today());
    if a.jsonl {
        stream(&screener)
    } else {
        files(cx, &screener, a)
    }
}

/// Today where the board sits.
fn today() -> jiff::civil::Date {
    let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap_or(jiff::tz::TimeZone::UTC);
    zone.to_datetime(jiff::Timestamp::now()).date()
}

/// The lists named on the command line; empty ones without.
fn lists(a: &Screen) -> Result<Lists, DeskError> {
    let read = |path: &Option<PathBuf>| -> Result<Option<String>, DeskError> {
        let Some(path) = path else { return Ok(None) };
        let bytes = read_input(path)?;
        Ok(Some(
            String::from_utf8_lossy(&bytes)
                .trim_start_matches('\u{feff}')
                .to_owned(),
        ))
    };
    let bad = |path: &Option<PathBuf>, errors: Vec<ListError>| {
        let shown = path
            .as_ref()
            .map(|p| out::safe(&p.display().to_string()))
            .unwrap_or_default();
        for error in errors {
            out::note(&format!(
                "{shown}:{}: {}",
                error.line,
                out::safe(&error.to_string())
            ));
        }
        DeskError::Usage {
            key: "screening-cli-bad-list",
            about: shown,
        }
    };
    let terms = match read(&a.terms)? {
        Some(text) => words::parse_terms(&text).map_err(|e| bad(&a.terms, e))?,
        None => Vec::new(),
    };
    let roster = match read(&a.roster)? {
        Some(text) => words::parse_roster(&text).map_err(|e| bad(&a.roster, e))?,
        None => Vec::new(),
    };
    Ok(Lists::new(terms, roster))
}

/// Lines of a batch; few enough that memory stays small, many enough that a core is kept busy.
const BATCH: usize = 256;

/// Longest line read; a longer one is an error of its own and is passed over.
const MAX_LINE: u64 = 64 * 1024 * 1024;

#[derive(Deserialize)]
struct Row {
    #[serde(default)]
    id: Value,
    text: String,
}

/// One JSON object per line in, one out, in the same order; bad lines are told and passed over.
fn stream(screener: &Screener) -> Done {
    let workers = std::thread::available_parallelism()
        .map_or(1, std::num::NonZero::get)
        .min(8);
    let mut input = std::io::stdin().lock();
    let mut output = std::io::BufWriter::new(std::io::stdout().lock());
    let mut number = 0;
    let mut bad = false;
    loop {
        let mut batch: Vec<(usize, Result<Vec<u8>, String>)> = Vec::new();
        let mut size = 0;
        let mut ended = false;
        while batch.len() < BATCH * workers && size < 4 * 1024 * 1024 {
            let mut line = Vec::new();
            let read = match std::io::Read::take(&mut input, MAX_LINE).read_until(b'\n', &mut line)
            {
                Ok(read) => read,
                Err(error) => {
                    out::note(&crate::tr!(
                        "screening-cli-bad-line",
                        line = (number + 1).to_string(),
                        message = error.to_string()
                    ));
                    bad = true;
                    0
                }
            };
            if read == 0 {
                ended = true;
                break;
            }
            number += 1;
            let whole = line.last() == Some(&b'\n') || (read as u64) < MAX_LINE;
            if !whole {
                let _ = skip_line(&mut input);
                batch.push((number, Err(crate::tr!("screening-cli-line-too-long"))));
                continue;
            }
            size += line.len();
            if line.iter().any(|b| !b.is_ascii_whitespace()) {
                batch.push((number, Ok(line)));
            }
        }
        let share = batch.len().div_ceil(workers).max(1);
        let answers: Vec<Result<String, (usize, String)>> = std::thread::scope(|scope| {
            let handles: Vec<_> = batch
                .chunks(share)
                .map(|part| {
                    scope.spawn(move || {
                        part.iter()
                            .map(|(n, line)| answer(screener, *n, line))
                            .collect::<Vec<_>>()
                    })
                })
                .collect();
            handles
                .into_iter()
                .zip(batch.chunks(share))
                .flat_map(|(handle, part)| {
                    // Lines must not vanish silently, whatever befell the thread.
                    handle.join().unwrap_or_else(|_| {
                        let lost = crate::tr!("screening-cli-line-lost");
                        part.iter().map(|(n, _)| Err((*n, lost.clone()))).collect()
                    })
                })
                .collect()
        });
        for answer in answers {
            match answer {
                Ok(line) => {
                    if writeln!(output, "{line}").is_err() {
                        return Ok(exit::DONE);
                    }
                }
                Err((line, message)) => {
                    bad = true;
                    out::note(&crate::tr!(
                        "screening-cli-bad-line",
                        line = line.to_string(),
                        message = out::safe(&message)
                    ));
                }
            }
        }
        if output.flush().is_err() {
            return Ok(exit::DONE);
        }
        if ended {
            return Ok(if bad { exit::FAILURE } else { exit::DONE });
        }
    }
}

fn skip_line(input: &mut impl BufRead) -> std::io::Result<()> {
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            return Ok(());
        }
        let (used, done) = match memchr::memchr(b'\n', buffer) {
            Some(k) => (k + 1, true),
            None => (buffer.len(), false),
        };
        input.consume(used);
        if done {
            return Ok(());
        }
    }
}

fn answer(
    screener: &Screener,
    number: usize,
    line: &Result<Vec<u8>, String>,
) -> Result<String, (usize, String)> {
    let line = line.as_ref().map_err(|m| (number, m.clone()))?;
    // A byte order mark at the head of the stream is no part of its first line.
    let line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line);
    let row: Row = serde_json::from_slice(line).map_err(|e| (number, e.to_string()))?;
    let hits = screener.screen_text(&row.text);
    let mut points = Points::new(&row.text);
    let spans: Vec<Value> = hits
        .iter()
        .map(|hit| {
            let start = points.at(hit.range.start);
            let mut span = json!({
                "start": start,
                "end": start + row.text[hit.range.clone()].chars().count(),
                "class": hit.class.code(),
                "severity": hit.severity.code(),
                "label": hit.label().map(Label::code),
                "text": &row.text[hit.range.clone()],
            });
            if let (Some(map), Some(suggestion)) = (span.as_object_mut(), &hit.suggestion) {
                map.insert("suggestion".to_owned(), json!(suggestion));
            }
            span
        })
        .collect();
    Ok(json!({"id": row.id, "spans": spans}).to_string())
}

/// Code points before a byte, for bytes that come in rising order.
struct Points<'a> {
    text: &'a str,
    byte: usize,
    point: usize,
}

impl<'a> Points<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            byte: 0,
            point: 0,
        }
    }

    fn at(&mut self, byte: usize) -> usize {
        if byte < self.byte {
            self.byte = 0;
            self.point = 0;
        }
        self.point += self.text[self.byte..byte].chars().count();
        self.byte = byte;
        self.point
    }
}

/// What one file holds: its texts, and what its readers would not expect in it.
struct Content {
    /// Texts with what each is.
    texts: Vec<(String, String)>,
    /// About the file itself: metadata, changes, hidden parts, a kind its name does not promise.
    about: Vec<Finding>,
}

/// Reads a file as intake does, and looks it through as an attachment is: comments, open changes,
/// hidden text, headers, properties and the text fields of images are screened too.
fn contents(name: &str, bytes: &[u8]) -> Result<Content, (String, String)> {
    let looked = intake::inspect(name, bytes);
    let mut texts = match intake::read(name, bytes) {
        Ok(manuscripts) => manuscripts
            .into_iter()
            .flat_map(|m| [("title".to_owned(), m.title), ("body".to_owned(), m.body)])
            .collect::<Vec<_>>(),
        // Not a manuscript, but a file whose text can be read all the same.
        Err(_) if looked.text_read && looked.opens.is_ok() => looked
            .texts
            .iter()
            .map(|part| (part.name.clone(), part.text.clone()))
            .collect(),
        Err(error) => return Err((error.code().to_owned(), error.message())),
    };
    texts.extend(
        looked
            .asides
            .iter()
            .map(|aside| (aside.place.code().to_owned(), aside.text.clone())),
    );
    texts.extend(
        looked
            .metadata
            .iter()
            .map(|property| (property.name.clone(), property.value.clone())),
    );
    let attachment = Attachment {
        name,
        size: bytes.len() as u64,
        sniffed: Some(Sniffed::of(bytes)),
        facts: facts(&looked),
        ..Attachment::default()
    };
    let subject = Subject {
        attachments: vec![attachment],
        ..Subject::default()
    };
    let about = check_form(&subject)
        .into_iter()
        .filter(|f| matches!(f.hit.class, Class::Metadata | Class::Attachment))
        .collect();
    Ok(Content { texts, about })
}

/// Part of a file a finding about the file is shown at.
fn part_of(place: &Place) -> &str {
    match place {
        Place::AttachmentText { part, .. } => part,
        Place::AttachmentName { .. } => "name",
        Place::Field { code } => code,
        Place::Body => "body",
        Place::Item => "file",
    }
}

fn files(cx: &mut Context, screener: &Screener, a: &Screen) -> Done {
    let mut failed = false;
    let mut serious = 0usize;
    let mut total = 0usize;
    for path in &a.files {
        let name = path
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        let read = read_input(path)
            .map_err(|e| (e.code().to_owned(), e.message()))
            .and_then(|bytes| contents(&name, &bytes));
        let Content { mut texts, about } = match read {
            Ok(content) => content,
            Err((code, message)) => {
                failed = true;
                out::note(&format!(
                    "{}: {} [{code}]",
                    out::safe(&path.display().to_string()),
                    out::safe(&message)
                ));
                if cx.json() {
                    out::object(
                        &json!({"ok": false, "file": path, "error": code, "message": message}),
                    );
                }
                continue;
            }
        };
        texts.insert(0, ("name".to_owned(), name));
        let mut tell = |part: &str, text: &str, hit: &Hit| {
            total += 1;
            serious += usize::from(hit.severity == Severity::Serious);
            report(cx.json(), path, part, text, hit);
        };
        for (part, text) in &texts {
            let hits = match part.as_str() {
                "name" => screener.screen_name(text),
                "title" | "body" => screener.screen_text(text),
                // What a file holds besides its text is not written for readers.
                _ => screener.screen_secrets(text),
            };
            for mut hit in hits {
                let place = Place::Field { code: part.clone() };
                hit.severity = escalate(&place, hit.severity);
                tell(part, text, &hit);
            }
        }
        for finding in &about {
            tell(part_of(&finding.place), &finding.evidence, &finding.hit);
        }
    }
    if !cx.json() {
        out::note(&crate::tr!(
            "screening-cli-summary",
            findings = total.to_string(),
            serious = serious.to_string()
        ));
    }
    Ok(if failed {
        exit::FAILURE
    } else if serious > 0 && !a.no_fail {
        exit::REFUSED
    } else {
        exit::DONE
    })
}

/// Evidence shown is cut here; it is a pointer, not a copy.
const EVIDENCE: usize = 60;

fn report(as_json: bool, path: &std::path::Path, part: &str, text: &str, hit: &Hit) {
    let before = &text[..hit.range.start];
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count()
        + 1;
    let evidence: String = text[hit.range.clone()].chars().take(EVIDENCE).collect();
    let why = crate::screening::why(hit);
    if as_json {
        let start = before.chars().count();
        out::object(&json!({
            "file": path, "part": part, "line": line, "column": column,
            "start": start, "end": start + text[hit.range.clone()].chars().count(),
            "class": hit.class.code(), "severity": hit.severity.code(), "label": hit.label().map(Label::code),
            "text": &text[hit.range.clone()], "why": why, "ground": crate::screening::ground(hit.class), "suggestion": hit.suggestion,
        }));
        return;
    }
    let mut shown = format!(
        "{}:{part}:{line}:{column} {} {} {}  {why}",
        out::safe(&path.display().to_string()),
        crate::locale::word("screening-severity", hit.severity.code()),
        crate::locale::word("screening-class", hit.class.code()),
        crate::tr!(
            "screening-cli-quoted",
            text = crate::text::inert(&evidence).into_owned()
        ),
    );
    if let Some(suggestion) = &hit.suggestion {
        shown.push_str("  ");
        shown.push_str(&crate::tr!(
            "screening-cli-suggestion",
            text = crate::text::inert(suggestion).into_owned()
        ));
    }
    out::line(&shown);
}
