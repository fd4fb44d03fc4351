//! The head office's list of policy files (`getFileListByCodeId`): rows to look at, not texts.

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;

use super::clean::Scrub;
use super::dates::{self, Found};
use super::{IntakeError, IntakeNote, NamedDate, docno, html, json, sniff};

/// One row of a list: where a text is and what the list says about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRow {
    /// The title.
    pub title: String,
    /// Where the text is; the row's identity, for it stays when title and state change.
    pub url: String,
    /// The column of the head office's site.
    pub channel: Option<String>,
    /// 发文字号, only in a form the norm allows: lists often give the serial alone.
    pub doc_number: Option<String>,
    /// 成文日期.
    pub written_on: Option<Date>,
    /// The date printed in the list.
    pub published_on_page: Option<Date>,
    /// 时效性; a change of it alone is a change of the row.
    pub validity: Option<String>,
    /// 效力等级.
    pub effect_level: Option<String>,
    /// 税费类型.
    pub tax_kind: Option<String>,
    /// What was left out or looks doubtful.
    pub notes: Vec<IntakeNote>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    title: Option<String>,
    url: Option<String>,
    published_time_str: Option<String>,
    channel_name: Option<String>,
    #[serde(default)]
    domain_meta_list: Vec<MetaSet>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MetaSet {
    #[serde(default)]
    result_list: Vec<Meta>,
}

#[derive(Deserialize)]
struct Meta {
    key: Option<String>,
    value: Option<String>,
}

/// Reads a list. No rows is an error: an address that changed answers with an empty list, and
/// "nothing new" would hide that for weeks.
pub fn read_list(bytes: &[u8]) -> Result<Vec<ListRow>, IntakeError> {
    let (text, _) = sniff::decode(bytes)?;
    let value: Value = serde_json::from_str(&text)?;
    let rows = value
        .pointer(json::LIST_ROWS)
        .and_then(Value::as_array)
        .ok_or(IntakeError::Shape {
            lacks: "results.data.results",
        })?;
    if rows.is_empty() {
        return Err(IntakeError::NoRows);
    }
    rows.iter()
        .enumerate()
        .map(|(index, row)| read_row(row).map_err(|error| error.in_row(index + 1)))
        .collect()
}

fn read_row(row: &Value) -> Result<ListRow, IntakeError> {
    let row = Row::deserialize(row).map_err(|_| IntakeError::Shape { lacks: "title" })?;
    let mut scrub = Scrub::default();
    let mut line = |text: &str| Some(scrub.line(text)).filter(|text| !text.is_empty());
    let title = row
        .title
        .and_then(|title| line(&html::plain(&title)))
        .ok_or(IntakeError::Shape { lacks: "title" })?;
    let url = row
        .url
        .and_then(|url| line(&url))
        .ok_or(IntakeError::Shape { lacks: "url" })?;
    let mut value = |key: &str| {
        row.domain_meta_list
            .iter()
            .flat_map(|set| &set.result_list)
            .filter(|meta| meta.key.as_deref() == Some(key))
            .find_map(|meta| line(meta.value.as_deref()?))
    };
    let stated_number = value("writtentext");
    let written = value("writtendate");
    let validity = value("aging");
    let effect_level = value("effectlevel");
    let tax_kind = value("taxpolicy");
    let channel = row.channel_name.and_then(|name| line(&name));
    let published = row.published_time_str.and_then(|text| line(&text));

    let mut notes = Vec::new();
    let doc_number = stated_number.and_then(|text| {
        let number = docno::parse(&text);
        if number.is_none() {
            notes.push(IntakeNote::DocNumberForm { text });
        }
        number
    });
    let mut day = |text: Option<String>, date: NamedDate| {
        let text = text?;
        match dates::whole(&text) {
            Some(Found::Day(day)) => return Some(day),
            Some(Found::NoYear) => notes.push(IntakeNote::NoYear { date, text }),
            Some(Found::Impossible) | None => notes.push(IntakeNote::NotADate { date, text }),
        }
        None
    };
    let written_on = day(written, NamedDate::Written);
    let published_on_page = day(published, NamedDate::Published);
    notes.extend(scrub.notes());
    Ok(ListRow {
        title,
        url,
        channel,
        doc_number,
        written_on,
        published_on_page,
        validity,
        effect_level,
        tax_kind,
        notes,
    })
}
