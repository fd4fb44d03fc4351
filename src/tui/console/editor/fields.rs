//! The form of an item: which entries there are, how a content fills them and is read back.

use std::sync::Arc;

use crate::desk::unsaved::Typed;
use crate::desk::{Content, Fields};
use crate::locale;
use crate::rules::act::{Origin, Urgency};
use crate::rules::clearance::{Disclosure, Ground};
use crate::tr;
use crate::tui::component::Cx;
use crate::tui::console::kit::instant_of;
use crate::tui::console::seat::Seat;
use crate::tui::prose::Prose;
use crate::tui::widgets::{Field, Form, FormField};

use super::Editor;

/// What an entry of the form stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    Text(&'static str),
    Column,
    Provider,
    Disclosure,
    Ground,
    Urgency,
    Origin,
    GoLive,
    Embargo,
}

impl Entry {
    /// What an entry of times is called where its text is kept.
    fn code(self) -> &'static str {
        match self {
            Self::GoLive => "go-live",
            Self::Embargo => "embargo",
            _ => "",
        }
    }
}

/// The entries in their order: what every item needs comes first.
pub(super) fn entries() -> Vec<Entry> {
    const FIRST: &[&str] = &["title", "provider-person", "provider-reviewer"];
    let mut list = vec![
        Entry::Text("title"),
        Entry::Disclosure,
        Entry::Provider,
        Entry::Text("provider-person"),
        Entry::Text("provider-reviewer"),
        Entry::Urgency,
        Entry::Origin,
        Entry::Column,
    ];
    list.extend(
        Fields::CODES
            .iter()
            .filter(|c| !FIRST.contains(c))
            .map(|c| Entry::Text(c)),
    );
    list.extend([Entry::Ground, Entry::GoLive, Entry::Embargo]);
    list
}

impl Editor {
    /// Shows a content in form and text; in entries that `typed` names, what was typed there.
    pub(super) fn fill(&mut self, content: Content, typed: &Typed, cx: &mut Cx<'_, Seat>) {
        let words = Arc::clone(&self.words);
        let mut fields = Vec::new();
        let mut chosen = Vec::new();
        let shape = &content.shape;
        let at = |entry: Entry, instant: Option<i64>| match typed.get(entry.code()) {
            Some(text) => text.clone(),
            None => instant.map(locale::instant).unwrap_or_default(),
        };
        for (n, entry) in self.entries.iter().enumerate() {
            let mut choice = |label: String, options: Vec<String>, pick: Option<usize>| {
                chosen.push((n, pick));
                FormField::choice(label, options)
            };
            fields.push(match entry {
                Entry::Text(code) => {
                    let value = content.fields.get(code).unwrap_or_default();
                    let field = Field::new(locale::word("field", code)).with(value);
                    FormField::text(field)
                }
                Entry::Column => choice(
                    locale::word("field", "columns"),
                    words.columns.iter().map(|c| words.place(&c.0)).collect(),
                    words
                        .columns
                        .iter()
                        .position(|c| shape.columns.first() == Some(&c.0)),
                ),
                Entry::Provider => choice(
                    locale::word("field", "provider"),
                    words.bureaus.iter().map(|b| b.1.clone()).collect(),
                    words
                        .bureaus
                        .iter()
                        .position(|b| shape.provider.as_ref() == Some(&b.0)),
                ),
                Entry::Disclosure => choice(
                    locale::word("field", "disclosure"),
                    Disclosure::ALL
                        .iter()
                        .map(|d| locale::word("disclosure", d.code()))
                        .collect(),
                    Disclosure::ALL
                        .iter()
                        .position(|d| shape.disclosure == Some(*d)),
                ),
                Entry::Ground => choice(
                    tr!("tui-label-ground"),
                    Ground::ALL
                        .iter()
                        .map(|g| locale::word("ground", g.code()))
                        .collect(),
                    Ground::ALL.iter().position(|g| shape.ground == Some(*g)),
                ),
                Entry::Urgency => choice(
                    locale::word("field", "urgency"),
                    Urgency::ALL
                        .iter()
                        .map(|u| locale::word("urgency", u.code()))
                        .collect(),
                    Urgency::ALL.iter().position(|u| shape.urgency == *u),
                ),
                Entry::Origin => choice(
                    locale::word("field", "origin"),
                    Origin::ALL
                        .iter()
                        .map(|o| locale::word("origin", o.code()))
                        .collect(),
                    Origin::ALL.iter().position(|o| shape.origin == *o),
                ),
                Entry::GoLive => FormField::text(
                    Field::new(tr!("tui-label-wanted")).with(&at(*entry, shape.go_live)),
                ),
                Entry::Embargo => FormField::text(
                    Field::new(tr!("tui-label-embargo")).with(&at(*entry, shape.embargo)),
                ),
            });
        }
        self.form = Form::new(fields);
        for (n, pick) in chosen {
            self.form.choose(n, pick);
        }
        let mut body = Prose::new(cx.env().keymap.modal);
        body.set_text(&content.text);
        self.body = Some(body);
        self.base = content;
        self.touched = false;
        self.error = None;
        self.mark_saved();
        self.screen_soon(cx);
    }

    /// What stands in entries whose text is not what the content can hold.
    pub(super) fn typed(&self) -> Typed {
        let mut typed = Typed::new();
        for (n, entry) in self.entries.iter().enumerate() {
            let text = self.form.text(n).unwrap_or_default();
            if matches!(entry, Entry::GoLive | Entry::Embargo)
                && !text.is_empty()
                && instant_of(&text).is_none()
            {
                typed.insert(entry.code().to_owned(), text);
            }
        }
        typed
    }

    /// What is in form and text now; an entry that cannot be read keeps what was there.
    pub(super) fn content(&self) -> Content {
        let mut content = self.base.clone();
        for (n, entry) in self.entries.iter().enumerate() {
            let text = || self.form.text(n).unwrap_or_default();
            let pick = self.form.chosen(n);
            let shape = &mut content.shape;
            match entry {
                Entry::Text(code) => {
                    content.fields.set(code, &text());
                }
                Entry::Column => {
                    if let Some((id, ..)) = pick.and_then(|p| self.words.columns.get(p)) {
                        match shape.columns.first_mut() {
                            Some(home) => home.clone_from(id),
                            None => shape.columns.push(id.clone()),
                        }
                    }
                }
                Entry::Provider => {
                    shape.provider = pick
                        .and_then(|p| self.words.bureaus.get(p))
                        .map(|b| b.0.clone());
                }
                Entry::Disclosure => {
                    shape.disclosure = pick.and_then(|p| Disclosure::ALL.get(p)).copied();
                }
                Entry::Ground => shape.ground = pick.and_then(|p| Ground::ALL.get(p)).copied(),
                Entry::Urgency => {
                    shape.urgency = pick
                        .and_then(|p| Urgency::ALL.get(p))
                        .copied()
                        .unwrap_or(Urgency::Normal);
                }
                Entry::Origin => {
                    shape.origin = pick
                        .and_then(|p| Origin::ALL.get(p))
                        .copied()
                        .unwrap_or(Origin::Original);
                }
                Entry::GoLive => shape.go_live = time_of(&text(), shape.go_live),
                Entry::Embargo => shape.embargo = time_of(&text(), shape.embargo),
            }
        }
        if let Some(body) = &self.body {
            content.text = body.text();
        }
        content
    }
}

/// The instant in an entry: none where it is empty, what was there where it cannot be read.
fn time_of(text: &str, before: Option<i64>) -> Option<i64> {
    if text.is_empty() {
        None
    } else {
        instant_of(text).or(before)
    }
}
