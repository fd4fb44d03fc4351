//! Lists of texts elsewhere: the head office's list of policy files (`getFileListByCodeId`) and
//! list pages of sites. A row says where a text is; as a manuscript it is a reprint that still
//! lacks its text.

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;

use super::clean::{Scrub, escape_tags};
use super::dates::{self, Found};
use super::finish::Raw;
use super::labels::Label;
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

/// The day a list page states for a row.
pub(super) enum Stated {
    Day(Date),
    NoYear(String),
    NotADate(String),
    Nothing,
}

impl ListRow {
    /// A row of a list page.
    pub(super) fn linked(title: &str, url: String, day: Stated) -> ListRow {
        let mut scrub = Scrub::default();
        let mut notes = Vec::new();
        let title = scrub.line(title);
        let date = NamedDate::Published;
        let published_on_page = match day {
            Stated::Day(day) => Some(day),
            Stated::NoYear(text) => {
                notes.push(IntakeNote::NoYear { date, text });
                None
            }
            Stated::NotADate(text) => {
                notes.push(IntakeNote::NotADate { date, text });
                None
            }
            Stated::Nothing => None,
        };
        notes.extend(scrub.notes());
        ListRow {
            title,
            url,
            channel: None,
            doc_number: None,
            written_on: None,
            published_on_page,
            validity: None,
            effect_level: None,
            tax_kind: None,
            notes,
        }
    }

    /// The row as a manuscript whose text is still to come.
    pub(super) fn into_raw(self) -> Raw {
        let mut raw = Raw {
            title: Some(self.title.clone()),
            reprint: true,
            link_only: true,
            notes: self.notes,
            ..Raw::default()
        };
        let mut fact = |label, value: Option<String>| {
            if let Some(value) = value {
                raw.facts.push((label, value));
            }
        };
        let day = |day: Option<Date>| day.map(|day| day.to_string());
        fact(Label::DocNumber, self.doc_number);
        fact(Label::WrittenOn, day(self.written_on));
        fact(Label::PublishedOn, day(self.published_on_page));
        fact(Label::Validity, self.validity);
        fact(Label::Topic, self.tax_kind);
        fact(Label::Source, head_office(&self.url).map(str::to_owned));
        let words = escape_tags(&self.title);
        raw.blocks.push(match html::address(&self.url) {
            Some(url) => {
                raw.facts.push((Label::SourceUrl, url.clone()));
                html::markdown_link(&words, &url)
            }
            None => words,
        });
        raw.notes.push(IntakeNote::LinkOnly);
        raw
    }
}

/// Whose site an address is on, where that is certain.
fn head_office(url: &str) -> Option<&'static str> {
    let host = url
        .split_once("://")?
        .1
        .split(['/', '?', '#', ':'])
        .next()?;
    (host == "chinatax.gov.cn" || host.ends_with(".chinatax.gov.cn")).then_some("国家税务总局")
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
    if text.trim_start().starts_with('<') {
        return html::list_rows(&text);
    }
    rows_of(&serde_json::from_str(&text)?)
}

/// The rows of the head office's answer.
pub(super) fn rows_of(value: &Value) -> Result<Vec<ListRow>, IntakeError> {
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
