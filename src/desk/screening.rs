//! The detectors with the board's own lists: what runs over an item, and over a text as it is typed.

use jiff::civil::Date;

use super::Content;
use crate::screening::words::{self, Lists, Model};
use crate::screening::{Finding, Hit, Place, Screener, Severity, ground};

/// The detectors with the board's lists in force on a day. Shared with the threads that screen
/// while somebody types.
#[derive(Debug)]
pub struct Screening {
    /// Seqs of the lists it goes by.
    pub lists_by: Vec<u64>,
    /// The day texts are judged by.
    pub on: Date,
    pub(super) screener: Screener,
    pub(super) lists: Lists,
    /// Media and bodies that may be reprinted; none where the board keeps no such list.
    pub(super) sources: Option<Vec<String>>,
}

impl Screening {
    /// What is found in one text, in the order of the text.
    pub fn text(&self, text: &str) -> Vec<Hit> {
        let mut hits = self.screener.screen_text(text);
        let cx = words::Context {
            lists: &self.lists,
            model: Model::shipped(),
            on: self.on,
        };
        // A number is a number first: what the words have to say about its characters is noise.
        let taken: Vec<std::ops::Range<usize>> = hits.iter().map(|h| h.range.clone()).collect();
        hits.extend(words::scan(text, &cx).into_iter().filter(|hit| {
            !taken
                .iter()
                .any(|t| t.start < hit.range.end && hit.range.start < t.end)
        }));
        hits.sort_by_key(|h| (h.range.start, h.range.end));
        hits
    }

    /// What is found in an item: fields, text, names of files.
    pub fn content(&self, content: &Content) -> Vec<Finding> {
        let mut findings = Vec::new();
        for code in super::Fields::CODES {
            let text = content.fields.get(code).unwrap_or_default();
            if text.is_empty() || INTERNAL.contains(code) {
                continue;
            }
            let place = Place::Field {
                code: (*code).to_owned(),
            };
            // What everybody reads first weighs more (`norms/content_severity.toml`, escalation_rule).
            let heavier = matches!(*code, "title" | "subtitle" | "summary");
            self.add(&place, text, heavier, &mut findings);
        }
        self.add(&Place::Body, &content.text, false, &mut findings);
        for (index, attachment) in content.attachments.iter().enumerate() {
            let place = Place::AttachmentName { index };
            self.add(&place, &attachment.name, false, &mut findings);
        }
        findings
    }

    fn add(&self, place: &Place, text: &str, heavier: bool, findings: &mut Vec<Finding>) {
        for mut hit in self.text(text) {
            if heavier && hit.severity == Severity::General {
                hit.severity = Severity::Serious;
            }
            findings.push(Finding {
                place: place.clone(),
                evidence: text[hit.range.clone()].to_owned(),
                ground: ground(hit.class),
                hit,
            });
        }
    }
}

/// Fields that stay in the house: who provided the text and who looked at it there.
const INTERNAL: &[&str] = &["provider-person", "provider-reviewer"];
