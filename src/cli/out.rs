//! What a command prints.

use std::io::{IsTerminal, Write};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Map, Value, json};

use crate::desk::DeskError;
use crate::text::inert;

/// Prints to stdout; a closed pipe ends the program quietly.
pub fn line(text: &str) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{text}").is_err() {
        std::process::exit(0);
    }
}

/// Text from outside, safe on a terminal; line by line.
pub fn safe(text: &str) -> String {
    text.split('\n')
        .map(|l| inert(l).into_owned())
        .collect::<Vec<_>>()
        .join("\n")
}

/// One JSON object on a line.
pub fn object(value: &Value) {
    line(&value.to_string());
}

/// A result: the object for programs, the sentence for people.
pub fn result(json: bool, value: Value, text: &str) {
    if json {
        let mut map = Map::new();
        map.insert("ok".to_owned(), Value::Bool(true));
        if let Value::Object(more) = value {
            map.extend(more);
        }
        object(&Value::Object(map));
    } else {
        line(text);
    }
}

/// A message for people, on stderr.
pub fn note(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// A failure: the message for people on stderr, and for programs an object with code and rule.
pub fn failure(error: &DeskError, json: bool) {
    note(&format!("{} [{}]", safe(&error.message()), error.code()));
    if json {
        let rule = match error {
            DeskError::Refused(refusal) => Value::String(refusal.rule.to_owned()),
            _ => Value::Null,
        };
        object(
            &json!({"ok": false, "error": error.code(), "rule": rule, "message": error.message()}),
        );
    }
}

/// A progress bar on a terminal, nothing elsewhere.
pub fn progress(total: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = if total == 0 {
        ProgressBar::new_spinner()
    } else {
        ProgressBar::new(total)
    };
    if let Ok(style) = ProgressStyle::with_template("{bar:32} {pos}/{len} {eta}") {
        bar.set_style(style);
    }
    bar
}

/// A table in columns measured as a terminal shows them.
pub fn table(rows: &[Vec<String>]) {
    use crate::text::{Ambiguous, pad, text_width};
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|k| {
            rows.iter()
                .filter_map(|r| r.get(k))
                .map(|c| text_width(&inert(c), Ambiguous::Narrow))
                .max()
                .unwrap_or(0)
        })
        .collect();
    for row in rows {
        let mut text = String::new();
        for (k, cell) in row.iter().enumerate() {
            let cell = inert(cell);
            if k + 1 == row.len() {
                text.push_str(&cell);
            } else {
                text.push_str(&pad(&cell, widths[k], Ambiguous::Narrow));
                text.push_str("  ");
            }
        }
        line(text.trim_end());
    }
}
