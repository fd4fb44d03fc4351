//! The one way in: texts and items in, findings out.

use std::sync::Arc;

use jiff::civil::Date;

use super::finding::{Finding, Hit, Place};
use super::fold::Folded;
use super::say::ground;
use super::subject::Subject;
use super::words::{self, Lists, Model};
use super::{email, form, hidden, marks, numbers, personal, resolve};

/// Everything screening goes by; made once, cheap to clone and to share between threads.
#[derive(Debug, Clone)]
pub struct Screener {
    lists: Arc<Lists>,
    model: Option<&'static Model>,
    on: Date,
}

impl Screener {
    /// A screener with the board's own lists, judging texts by the given day, with the model of
    /// the language that comes with the program.
    pub fn new(lists: Lists, on: Date) -> Self {
        Self {
            lists: Arc::new(lists),
            model: Model::shipped(),
            on,
        }
    }

    /// The same without the model: only what is certain by rule or list.
    #[must_use]
    pub fn without_model(mut self) -> Self {
        self.model = None;
        self
    }

    /// The same judging by another day, the date of an item for example.
    #[must_use]
    pub fn on(mut self, on: Date) -> Self {
        self.on = on;
        self
    }

    /// Marks, personal data and hidden characters alone: what must never go out. Sorted by place;
    /// of two hits that overlap the stronger stays.
    pub fn screen_secrets(&self, text: &str) -> Vec<Hit> {
        resolve::resolve(secrets(text))
    }

    /// Everything about one text. Hits are sorted by place; of two that overlap the stronger
    /// stays. Ranges are bytes of `text` as given, on character boundaries.
    pub fn screen_text(&self, text: &str) -> Vec<Hit> {
        let mut hits = secrets(text);
        let cx = words::Context {
            lists: &self.lists,
            model: self.model,
            on: self.on,
        };
        hits.extend(words::scan(text, &cx));
        resolve::resolve(hits)
    }

    /// Everything about an item: its fields, body, attachments with their names, texts and facts,
    /// and its form. In titles and summaries findings weigh one level more.
    pub fn screen_item(&self, subject: &Subject<'_>) -> Vec<Finding> {
        let mut found = Vec::new();
        let mut add = |place: Place, text: &str, hits: Vec<Hit>| {
            found.extend(hits.into_iter().map(|hit| Finding {
                evidence: text.get(hit.range.clone()).unwrap_or_default().to_owned(),
                ground: ground(hit.class),
                place: place.clone(),
                hit,
            }));
        };
        for (code, text) in &subject.fields {
            add(
                Place::Field {
                    code: (*code).to_owned(),
                },
                text,
                self.screen_text(text),
            );
        }
        add(Place::Body, subject.body, self.screen_text(subject.body));
        for (index, attachment) in subject.attachments.iter().enumerate() {
            add(
                Place::AttachmentName { index },
                attachment.name,
                self.screen_name(attachment.name),
            );
            let facts = attachment.facts.iter().map(|f| ("fact", f.text.as_str()));
            let alt = [("alt", attachment.alt)];
            for (part, text) in attachment
                .texts
                .iter()
                .map(|(p, t)| (p.as_str(), t.as_str()))
                .chain(facts)
                .chain(alt)
            {
                add(
                    Place::AttachmentText {
                        index,
                        part: part.to_owned(),
                    },
                    text,
                    self.screen_secrets(text),
                );
            }
        }
        found.extend(form::check(subject));
        for finding in &mut found {
            finding.hit.severity = form::escalate(&finding.place, finding.hit.severity);
        }
        found
    }

    /// A file name: its parts between underlines, hyphens and the like stand apart, as lines do.
    pub fn screen_name(&self, name: &str) -> Vec<Hit> {
        let mut hits = secrets(name);
        let stem = name.rfind('.').unwrap_or(name.len());
        let parts: String = name
            .char_indices()
            .map(|(k, c)| {
                if k >= stem || matches!(c, '_' | '-' | '.' | ' ' | '+') {
                    "\n".repeat(c.len_utf8())
                } else {
                    c.to_string()
                }
            })
            .collect();
        marks::scan(&Folded::new(&parts), &mut hits);
        resolve::resolve(hits)
    }
}

fn secrets(text: &str) -> Vec<Hit> {
    let folded = Folded::new(text);
    let mut hits = Vec::new();
    marks::scan(&folded, &mut hits);
    hidden::scan(&folded, &mut hits);
    numbers::scan(&folded, &mut hits);
    email::scan(&folded, &mut hits);
    personal::scan(&folded, &mut hits);
    hits
}
