//! Objects with a title and a content, as collections of interpretations and of questions and
//! answers have them.

use serde_json::{Map, Value};

use super::clean::{escape_start, escape_tags};
use super::finish::Raw;
use super::{IntakeError, ListRow, html, labels, list};

/// Where the head office's list keeps its rows.
pub(super) const LIST_ROWS: &str = "/results/data/results";

pub(super) fn read(text: &str) -> Result<Vec<Raw>, IntakeError> {
    let value: Value = serde_json::from_str(text)?;
    match &value {
        Value::Array(rows) if rows.is_empty() => Err(IntakeError::NoRows),
        Value::Array(rows) => {
            let many = rows.len() > 1;
            rows.iter()
                .enumerate()
                .map(|(index, row)| {
                    let row = row.as_object().ok_or(IntakeError::Shape { lacks: "title" });
                    row.and_then(one).map_err(
                        |error| {
                            if many { error.in_row(index + 1) } else { error }
                        },
                    )
                })
                .collect()
        }
        Value::Object(_) if value.pointer(LIST_ROWS).is_some() => Ok(list::rows_of(&value)?
            .into_iter()
            .map(ListRow::into_raw)
            .collect()),
        Value::Object(object) => Ok(vec![one(object)?]),
        _ => Err(IntakeError::Shape { lacks: "title" }),
    }
}

fn one(object: &Map<String, Value>) -> Result<Raw, IntakeError> {
    let text = |name: &str| object.get(name).and_then(Value::as_str);
    let title = text("title").ok_or(IntakeError::Shape { lacks: "title" })?;
    let content = text("content").ok_or(IntakeError::Shape { lacks: "content" })?;
    let mut raw = paragraphs(content)?;
    if let Some(answer) = text("answer") {
        let answer = paragraphs(answer)?;
        mark(&mut raw.blocks, "问：");
        let mut blocks = answer.blocks;
        mark(&mut blocks, "答：");
        raw.blocks.append(&mut blocks);
        raw.attachments.extend(answer.attachments);
    }
    raw.title = Some(html::plain(title));
    raw.facts = object
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "title" | "content" | "answer"))
        .filter_map(|(name, value)| Some((labels::label(name)?, value.as_str()?.to_owned())))
        .collect();
    Ok(raw)
}

pub(super) fn paragraphs(text: &str) -> Result<Raw, IntakeError> {
    let lower = text.to_ascii_lowercase();
    if ["</p>", "<br", "</div>", "</span>"]
        .iter()
        .any(|tag| lower.contains(tag))
    {
        return html::fragment(text);
    }
    Ok(Raw {
        blocks: text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(|line| escape_start(&escape_tags(line)))
            .collect(),
        ..Raw::default()
    })
}

/// Who speaks, where the text does not say it itself.
fn mark(blocks: &mut [String], who: &str) {
    if let Some(first) = blocks.first_mut().filter(|first| !first.starts_with(who)) {
        first.insert_str(0, who);
    }
}
