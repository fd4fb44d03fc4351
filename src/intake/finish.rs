//! From what a format yielded to a manuscript: the rules that hold for every format.

use jiff::civil::Date;

use super::clean::{self, Scrub, squeezed};
use super::dates::{self, Found};
use super::labels::Label;
use super::{
    AttachmentKind, Encoding, Fields, Format, FoundAttachment, IntakeError, IntakeNote,
    MIN_BODY_CHARS, Manuscript, NamedDate, docno, signoff,
};

/// A longer title is a paragraph that was taken for one.
const LONGEST_TITLE: usize = 200;

/// How many lines at the head of a text may hold its repeated title.
const TITLE_LINES: usize = 6;

/// 税案通报 pages carry this day in place of their real date: the site was moved on it.
const MIGRATED_ON: Date = Date::constant(2023, 4, 15);

/// What the reader of a format found, unchecked.
#[derive(Debug, Default)]
pub(super) struct Raw {
    pub(super) title: Option<String>,
    /// Blocks of Markdown; a block may hold `\n` (a table).
    pub(super) blocks: Vec<String>,
    /// Stated facts, the more trusted source first.
    pub(super) facts: Vec<(Label, String)>,
    pub(super) attachments: Vec<FoundAttachment>,
    pub(super) notes: Vec<IntakeNote>,
    /// The page is of a shape whose dates may be those of a migration.
    pub(super) migrated: bool,
    /// It comes from another site.
    pub(super) reprint: bool,
    /// It only says where the text is: a row of a list, an entry without content.
    pub(super) link_only: bool,
}

impl Raw {
    fn fact(&self, label: Label) -> Option<&str> {
        self.facts
            .iter()
            .filter(|(name, _)| *name == label)
            .map(|(_, value)| value.as_str())
            .find(|value| !is_placeholder(value))
    }
}

/// 无, a dash, nothing.
fn is_placeholder(value: &str) -> bool {
    value
        .trim()
        .chars()
        .all(|c| matches!(c, '-' | '—' | '－' | '/' | '无' | '\u{3000}'))
}

pub(super) fn finish(
    mut raw: Raw,
    format: Format,
    encoding: Encoding,
) -> Result<Manuscript, IntakeError> {
    let mut scrub = Scrub::default();
    for (_, value) in &mut raw.facts {
        *value = scrub.line(value);
    }
    let title = raw
        .fact(Label::Title)
        .map(str::to_owned)
        .or_else(|| raw.title.take())
        .map(|title| clean::title(&scrub.text(&title)))
        .filter(|title| !title.is_empty() && title.chars().count() <= LONGEST_TITLE)
        .ok_or(IntakeError::NoTitle)?;
    let mut blocks: Vec<String> = raw
        .blocks
        .iter()
        .map(|block| trim_lines(&scrub.text(block)))
        .filter(|block| !block.is_empty())
        .collect();
    let attachments = attachments(std::mem::take(&mut raw.attachments), &mut scrub);
    let mut notes = std::mem::take(&mut raw.notes);

    let doc_number = doc_number(&raw, &blocks, &mut notes);
    drop_head(&mut blocks, &title, doc_number.as_deref());
    let chars = blocks
        .iter()
        .map(|block| squeezed(block).chars().count())
        .sum();
    if chars < MIN_BODY_CHARS && !raw.link_only {
        return Err(IntakeError::TooShort { chars });
    }

    let end = signoff::find(&blocks);
    let written_on = written_on(&raw, end.as_ref(), &mut notes)?;
    let published_on_page = published_on(&raw, &mut notes);
    let issuer = raw
        .fact(Label::Issuer)
        .map(str::to_owned)
        .or_else(|| docno::issuer(doc_number.as_deref()?));
    let field = |label| raw.fact(label).map(str::to_owned);
    let fields = Fields {
        written_on,
        issuer,
        published_on_page,
        source: field(Label::Source),
        index_number: field(Label::IndexNumber),
        topic: field(Label::Topic),
        validity: field(Label::Validity),
        source_url: field(Label::SourceUrl).filter(|url| is_web(url)),
        addressee: signoff::addressee(&blocks),
        signature: end.and_then(|end| end.signature),
        doc_number,
    };
    notes.extend(scrub.notes());
    Ok(Manuscript {
        title,
        fields,
        body: join(&blocks),
        attachments,
        reprint: raw.reprint,
        source_format: format,
        encoding,
        notes,
    })
}

fn trim_lines(block: &str) -> String {
    block.trim_matches(|c: char| c.is_whitespace()).to_owned()
}

fn attachments(found: Vec<FoundAttachment>, scrub: &mut Scrub) -> Vec<FoundAttachment> {
    let mut all: Vec<FoundAttachment> = Vec::new();
    for one in found {
        let one = FoundAttachment {
            name: scrub.line(&one.name),
            url: one.url.map(|url| scrub.line(&url)),
            kind: one.kind,
            alt: scrub.line(&one.alt),
            bytes: one.bytes,
        };
        if !all.contains(&one) {
            all.push(one);
        }
    }
    // Documents first: they are what a reader of the item is offered.
    all.sort_by_key(|one| one.kind == AttachmentKind::Image);
    all
}

fn doc_number(raw: &Raw, blocks: &[String], notes: &mut Vec<IntakeNote>) -> Option<String> {
    let in_text = number_in_head(blocks);
    let Some(stated) = raw.fact(Label::DocNumber) else {
        if in_text.is_none()
            && let Some(line) = blocks.iter().take(TITLE_LINES).find(|b| docno::loose(b))
        {
            notes.push(IntakeNote::DocNumberForm { text: line.clone() });
        }
        return in_text;
    };
    let Some(number) = docno::parse(stated) else {
        notes.push(IntakeNote::DocNumberForm {
            text: stated.to_owned(),
        });
        return in_text;
    };
    if let Some(other) = in_text {
        // 国令第707号 in the data is 中华人民共和国国务院令 第707号 in the text.
        let serial = |text: &str| text.rsplit_once('令').map(|(_, serial)| serial.to_owned());
        let same_order = serial(&number).is_some() && serial(&number) == serial(&other);
        if squeezed(&number) != squeezed(&other) && !same_order {
            notes.push(IntakeNote::DocNumbersDisagree {
                used: number.clone(),
                other,
            });
        }
    }
    Some(number)
}

/// A number standing as a line of its own, or an order's as two lines, at the head of the text.
fn number_in_head(blocks: &[String]) -> Option<String> {
    let head = &blocks[..blocks.len().min(TITLE_LINES)];
    head.iter().enumerate().find_map(|(index, line)| {
        let line = line.trim_matches(['（', '）', '(', ')']);
        docno::parse(line).or_else(|| {
            // Only a bare 第706号 continues the line above it: any other number is whole, and
            // would swallow the end of the title.
            let next = head.get(index + 1).filter(|next| next.starts_with('第'))?;
            docno::parse(&format!("{line}{next}"))
        })
    })
}

/// The published page sets title and number itself; at the head of the body they would stand
/// twice.
fn drop_head(blocks: &mut Vec<String>, title: &str, number: Option<&str>) {
    let is_number = |line: &str| {
        let line = line.trim_matches(['（', '）', '(', ')']);
        number.is_some_and(|number| squeezed(line) == squeezed(number))
    };
    let title = squeezed(title);
    let mut seen = String::new();
    for count in 0..blocks.len().min(TITLE_LINES) {
        let line = squeezed(blocks[count].trim_start_matches('#'));
        seen.push_str(&line);
        if seen == title {
            blocks.drain(..=count);
            break;
        }
        if !title.starts_with(&seen) {
            break;
        }
    }
    if blocks.first().is_some_and(|line| is_number(line)) {
        blocks.remove(0);
    }
}

fn written_on(
    raw: &Raw,
    end: Option<&signoff::SignOffBlock>,
    notes: &mut Vec<IntakeNote>,
) -> Result<Option<Date>, IntakeError> {
    let in_text = end.map(|end| (end.date, end.date_text.as_str()));
    let stated = raw.fact(Label::WrittenOn);
    let used = match stated.map(|text| (dates::whole(text), text)) {
        Some((Some(Found::Day(date)), _)) => Some(date),
        Some((Some(Found::NoYear), text)) => {
            notes.push(IntakeNote::NoYear {
                date: NamedDate::Written,
                text: text.to_owned(),
            });
            None
        }
        Some((_, text)) => {
            return Err(IntakeError::BadDate {
                text: text.to_owned(),
            });
        }
        None => None,
    };
    match (used, in_text) {
        (Some(used), Some((found, text))) if found != Found::Day(used) => {
            notes.push(IntakeNote::DatesDisagree {
                used,
                other: text.to_owned(),
            });
            Ok(Some(used))
        }
        (Some(used), _) => Ok(Some(used)),
        (None, Some((Found::Day(date), _))) => Ok(Some(date)),
        (None, Some((Found::NoYear, text))) => Err(IntakeError::MissingYear {
            text: text.to_owned(),
        }),
        (None, Some((Found::Impossible, text))) => Err(IntakeError::BadDate {
            text: text.to_owned(),
        }),
        (None, None) => Ok(None),
    }
}

fn published_on(raw: &Raw, notes: &mut Vec<IntakeNote>) -> Option<Date> {
    let text = raw.fact(Label::PublishedOn)?;
    match dates::whole(text) {
        Some(Found::Day(date)) => {
            if raw.migrated && date == MIGRATED_ON {
                notes.push(IntakeNote::MigrationDate { date });
            }
            Some(date)
        }
        Some(Found::NoYear) => {
            notes.push(IntakeNote::NoYear {
                date: NamedDate::Published,
                text: text.to_owned(),
            });
            None
        }
        Some(Found::Impossible) | None => {
            notes.push(IntakeNote::NotADate {
                date: NamedDate::Published,
                text: text.to_owned(),
            });
            None
        }
    }
}

fn is_web(url: &str) -> bool {
    let url = url.to_ascii_lowercase();
    url.starts_with("http://") || url.starts_with("https://")
}

/// One line a paragraph; a table between blank lines, without which Markdown would take the
/// paragraph behind it for a row.
fn join(blocks: &[String]) -> String {
    let mut body = String::new();
    let mut after_table = false;
    for block in blocks {
        let table = block.starts_with("| ");
        if !body.is_empty() {
            body.push_str(if table || after_table { "\n\n" } else { "\n" });
        }
        body.push_str(block);
        after_table = table;
    }
    body
}
