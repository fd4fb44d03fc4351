//! The detectors with the board's own lists: what runs over an item, and over a text as it is typed.

use jiff::civil::Date;

use super::{Content, Fields};
use crate::intake::{self, Inspection};
use crate::rules::act::Origin;
use crate::screening::{Attachment, ContentType, Fact, FactKind, Sniffed, Subject};
use crate::screening::{Finding, Hit, Screener};

/// The detectors with the board's lists in force on a day. Shared with the threads that screen
/// while somebody types.
#[derive(Debug)]
pub struct Screening {
    /// Seqs of the lists it goes by.
    pub lists_by: Vec<u64>,
    /// The day texts are judged by.
    pub on: Date,
    pub(super) screener: Screener,
    /// Media and bodies that may be reprinted; none where the board keeps no such list.
    pub(super) sources: Option<Vec<String>>,
}

/// Fields that stay in the house: who provided the text and who looked at it there.
const INTERNAL: &[&str] = &["provider-person", "provider-reviewer"];

impl Screening {
    /// What is found in one text, in the order of the text.
    pub fn text(&self, text: &str) -> Vec<Hit> {
        self.screener.screen_text(text)
    }

    /// What is found in an item with its files; `files` are the bytes of its attachments in order,
    /// none where they are not here.
    pub fn content(&self, content: &Content, files: &[Option<Vec<u8>>]) -> Vec<Finding> {
        let fields = Fields::CODES
            .iter()
            .filter(|code| !INTERNAL.contains(code))
            .map(|code| (*code, content.fields.get(code).unwrap_or_default()))
            .filter(|(_, text)| !text.is_empty())
            .collect();
        let attachments = content
            .attachments
            .iter()
            .enumerate()
            .map(|(n, a)| {
                let bytes = files.get(n).and_then(Option::as_deref);
                let mut seen = Attachment {
                    name: &a.name,
                    alt: &a.alt,
                    ..Attachment::default()
                };
                if let Some(bytes) = bytes {
                    seen.size = bytes.len() as u64;
                    seen.sniffed = Some(Sniffed::of(bytes));
                    let found = intake::inspect(&a.name, bytes);
                    seen.facts = facts(&found);
                    seen.texts = texts(found);
                }
                seen
            })
            .collect();
        self.screener.screen_item(&Subject {
            content: kind_of(content),
            fields,
            body: &content.text,
            attachments,
            sources: self.sources.as_deref(),
        })
    }
}

fn kind_of(content: &Content) -> ContentType {
    if content.shape.origin == Origin::Reprint {
        ContentType::Reprint
    } else if content.fields.doc_number.is_empty() {
        ContentType::Other
    } else {
        ContentType::Policy
    }
}

/// What a file carries that its readers do not expect. Headers and footers are read by everybody
/// and stand among the texts.
fn facts(found: &Inspection) -> Vec<Fact> {
    use intake::Place;
    let authors = found
        .metadata
        .iter()
        .filter(|p| AUTHORS.contains(&p.name.as_str()))
        .map(|p| Fact {
            kind: FactKind::Author,
            text: p.value.clone(),
        });
    let asides = found.asides.iter().filter_map(|aside| {
        let kind = match aside.place {
            Place::Comment => FactKind::Comment,
            Place::Inserted | Place::Deleted | Place::MovedFrom | Place::MovedTo => {
                FactKind::TrackedChange
            }
            Place::Hidden => FactKind::HiddenText,
            Place::HiddenSheet | Place::HiddenRow | Place::HiddenColumn => FactKind::HiddenCells,
            Place::Embedded | Place::External => FactKind::External,
            Place::Header
            | Place::Footer
            | Place::Watermark
            | Place::Property
            | Place::ImageText
            | Place::Drawing => return None,
        };
        Some(Fact {
            kind,
            text: aside.text.clone(),
        })
    });
    // What was not read was not screened either; silence would pass for a clean bill.
    let unread = (!found.text_read).then(|| Fact {
        kind: FactKind::Unread,
        text: match &found.opens {
            Err(error) => error.message(),
            Ok(()) => found.kind.code().to_owned(),
        },
    });
    authors.chain(asides).chain(unread).collect()
}

/// Properties that name who made a file.
const AUTHORS: &[&str] = &[
    "creator",
    "lastModifiedBy",
    "Company",
    "Manager",
    "Author",
    "LastAuthor",
    "Artist",
    "GPS",
];

/// Every text of a file, with the place it stands in.
fn texts(found: Inspection) -> Vec<(String, String)> {
    use intake::Place;
    let asides = found
        .asides
        .into_iter()
        .filter(|a| {
            matches!(
                a.place,
                Place::Header
                    | Place::Footer
                    | Place::Watermark
                    | Place::ImageText
                    | Place::Drawing
            )
        })
        .map(|a| (a.place.message(), a.text));
    let properties = found
        .metadata
        .into_iter()
        .map(|p| (p.name, p.value))
        .filter(|(name, _)| !AUTHORS.contains(&name.as_str()));
    found
        .texts
        .into_iter()
        .map(|part| (part.name, part.text))
        .chain(asides)
        .chain(properties)
        .collect()
}
