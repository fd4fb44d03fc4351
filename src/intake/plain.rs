//! Text without markup.

use super::clean::{collapse, escape_start, escape_tags};
use super::finish::Raw;
use super::labels::{self, Label};
use super::{IntakeError, docno};

/// A longer first line is a paragraph; then the file has no title.
const LONGEST_TITLE: usize = 80;

/// The first line is the title, each further line a paragraph. Above the title there may be the
/// document number and lines such as `成文日期：…`; those below it are read too, as long as they
/// follow at once.
pub(super) fn read(text: &str) -> Result<Raw, IntakeError> {
    let mut raw = Raw::default();
    // Control characters stay for now: their removal is counted when the text is finished.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut in_head = true;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if in_head {
            if let Some(fact) = head_fact(line) {
                raw.facts.push(fact);
                continue;
            }
            if raw.title.is_none() && !raw.facts.iter().any(|(label, _)| *label == Label::Title) {
                let title = collapse(line);
                if title.chars().count() > LONGEST_TITLE
                    || title.ends_with(['。', '；', '，', '：'])
                {
                    return Err(IntakeError::NoTitle);
                }
                raw.title = Some(title);
                continue;
            }
            in_head = false;
        }
        raw.blocks.push(escape_start(&escape_tags(line)));
    }
    Ok(raw)
}

fn head_fact(line: &str) -> Option<(Label, String)> {
    if docno::parse(line).is_some() {
        return Some((Label::DocNumber, line.to_owned()));
    }
    let (name, value) = line.split_once(['：', ':'])?;
    let short = name.chars().count() <= 8 && value.chars().count() <= 120;
    let label = labels::label(name).filter(|_| short)?;
    Some((label, value.trim().to_owned()))
}
