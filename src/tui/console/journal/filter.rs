//! What the journal is narrowed to, and how it is asked for.

use jiff::civil::Date;

use crate::desk::view::HistoryLine;
use crate::locale;
use crate::rules::act::Act;
use crate::tr;
use crate::tui::action::Action;
use crate::tui::component::Cx;
use crate::tui::console::kit::{FormAsk, choices, start_of};
use crate::tui::console::reading;
use crate::tui::console::seat::{Seat, Words};
use crate::tui::widgets::{ChoiceList, Field, Form, FormField, Prompt};

use super::{Journal, NEWEST};

/// The conditions; all of them hold together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sieve {
    /// Kind of entry.
    pub kind: Option<String>,
    /// Id of the person.
    pub actor: Option<String>,
    /// Number of the item.
    pub item: Option<String>,
    /// On or after this day.
    pub from: Option<Date>,
    /// On or before this day.
    pub to: Option<Date>,
    /// What a line must say.
    pub text: String,
    /// Only entries without effect.
    pub void: bool,
}

/// One condition, as the bar shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chip {
    Kind,
    Actor,
    Item,
    Days,
    Text,
    Void,
}

/// What a row says of an entry: its details, else the beginning of its note.
pub(super) fn summary(line: &HistoryLine, words: &Words) -> String {
    let detail = reading::detail(line, words, None);
    match (&line.note, detail.is_empty()) {
        (Some(note), true) => note.lines().next().unwrap_or_default().to_owned(),
        (Some(note), false) => format!("{detail}  {}", note.lines().next().unwrap_or_default()),
        (None, _) => detail,
    }
}

impl Sieve {
    /// Whether a line is kept.
    pub fn keeps(&self, line: &HistoryLine, words: &Words) -> bool {
        self.kind.as_ref().is_none_or(|k| line.kind == *k)
            && self.actor.as_ref().is_none_or(|a| line.actor == *a)
            && self.from.is_none_or(|d| line.at >= start_of(d))
            && self.end().is_none_or(|end| line.at < end)
            && (!self.void || line.verdict.is_some())
            && self.says(line, words)
    }

    fn says(&self, line: &HistoryLine, words: &Words) -> bool {
        let text = self.text.as_str();
        text.is_empty()
            || reading::kind(&line.kind).contains(text)
            || line.kind.contains(text)
            || words.person(&line.actor).contains(text)
            || summary(line, words).contains(text)
    }

    fn end(&self) -> Option<i64> {
        self.to.and_then(|d| d.tomorrow().ok()).map(start_of)
    }

    /// The instant before which the first page begins, if it is not the newest.
    pub fn begin(&self, before: u64) -> Option<i64> {
        self.end().filter(|_| before == NEWEST)
    }

    /// Whether an instant lies before everything that is asked for.
    pub fn is_before(&self, at: i64) -> bool {
        self.from.is_some_and(|d| at < start_of(d))
    }

    /// Every condition with its words.
    pub fn chips(&self, words: &Words) -> Vec<(Chip, String)> {
        let mut list = Vec::new();
        if let Some(kind) = &self.kind {
            list.push((Chip::Kind, reading::kind(kind)));
        }
        if let Some(actor) = &self.actor {
            list.push((Chip::Actor, words.person(actor).to_owned()));
        }
        if let Some(item) = &self.item {
            list.push((Chip::Item, item.clone()));
        }
        let day = |d: Option<Date>| d.map(|d| d.to_string()).unwrap_or_default();
        if self.from.is_some() || self.to.is_some() {
            list.push((
                Chip::Days,
                tr!("tui-journal-days", from = day(self.from), to = day(self.to)),
            ));
        }
        if !self.text.is_empty() {
            let text = tr!("tui-filter-text", text = self.text.as_str());
            list.push((Chip::Text, text));
        }
        if self.void {
            list.push((Chip::Void, tr!("tui-journal-only-void")));
        }
        list
    }

    /// Takes one condition away.
    pub fn remove(&mut self, chip: Chip) {
        match chip {
            Chip::Kind => self.kind = None,
            Chip::Actor => self.actor = None,
            Chip::Item => self.item = None,
            Chip::Days => (self.from, self.to) = (None, None),
            Chip::Text => self.text.clear(),
            Chip::Void => self.void = false,
        }
    }
}

impl Journal {
    pub(super) fn ask_filter(&mut self, cx: &mut Cx<'_, Seat>) {
        let list = choices([
            tr!("tui-journal-by-text"),
            tr!("tui-journal-by-kind"),
            tr!("tui-filter-by-person"),
            tr!("tui-journal-by-item"),
            tr!("tui-filter-by-days"),
            tr!("tui-journal-only-void"),
            tr!("tui-filter-clear"),
        ]);
        let reply = cx.reply(|me: &mut Self, picked: Option<usize>, cx| match picked {
            Some(0) => me.ask_text(cx),
            Some(1) => me.ask_kind(cx),
            Some(2) => me.ask_actor(cx),
            Some(3) => me.ask_item(cx),
            Some(4) => me.ask_days(cx),
            Some(5) => {
                me.sieve.void = !me.sieve.void;
                me.reload(cx);
            }
            Some(_) => {
                me.sieve = Sieve::default();
                me.reload(cx);
            }
            None => {}
        });
        cx.push(ChoiceList::new(Action::Filter.describe(), list, 0, reply));
    }

    pub(super) fn ask_text(&self, cx: &mut Cx<'_, Seat>) {
        let reply = cx.reply(|me: &mut Self, text: Option<String>, cx| {
            if let Some(text) = text {
                me.sieve.text = text;
                me.reload(cx);
            }
        });
        cx.push(
            Prompt::text(
                tr!("tui-journal-by-text"),
                tr!("tui-journal-filter"),
                tr!("tui-label-search"),
                reply,
            )
            .with(&self.sieve.text),
        );
    }

    fn ask_kind(&self, cx: &mut Cx<'_, Seat>) {
        let mut labels = vec![tr!("tui-filter-any")];
        labels.extend(Act::KINDS.iter().map(|k| reading::kind(k)));
        let at = self
            .sieve
            .kind
            .as_ref()
            .and_then(|kind| Act::KINDS.iter().position(|k| k == kind))
            .map_or(0, |n| n + 1);
        let reply = cx.reply(|me: &mut Self, picked: Option<usize>, cx| {
            if let Some(n) = picked {
                let kind = n.checked_sub(1).and_then(|n| Act::KINDS.get(n));
                me.sieve.kind = kind.map(|k| (*k).to_owned());
                me.reload(cx);
            }
        });
        cx.push(ChoiceList::new(
            tr!("tui-journal-by-kind"),
            choices(labels),
            at,
            reply,
        ));
    }

    fn ask_actor(&self, cx: &mut Cx<'_, Seat>) {
        let people = self.words.people();
        let mut labels = vec![tr!("tui-filter-any")];
        labels.extend(people.iter().map(|p| p.1.clone()));
        let reply = cx.reply(move |me: &mut Self, picked: Option<usize>, cx| {
            if let Some(n) = picked {
                let person = n.checked_sub(1).and_then(|n| people.get(n));
                me.sieve.actor = person.map(|p| p.0.clone());
                me.reload(cx);
            }
        });
        cx.push(ChoiceList::new(
            tr!("tui-filter-by-person"),
            choices(labels),
            0,
            reply,
        ));
    }

    fn ask_item(&self, cx: &mut Cx<'_, Seat>) {
        let before = self.sieve.item.clone().unwrap_or_default();
        let reply = cx.reply(|me: &mut Self, text: Option<String>, cx| {
            if let Some(text) = text {
                let text = text.trim();
                me.sieve.item = (!text.is_empty()).then(|| text.to_owned());
                me.reload(cx);
            }
        });
        cx.push(
            Prompt::text(
                tr!("tui-journal-by-item"),
                tr!("tui-journal-item-text"),
                tr!("tui-column-number"),
                reply,
            )
            .with(&before),
        );
    }

    fn ask_days(&self, cx: &mut Cx<'_, Seat>) {
        let shown = |d: Option<Date>| d.map(|d| d.to_string()).unwrap_or_default();
        let fields = vec![
            FormField::text(Field::new(tr!("tui-filter-from")).with(&shown(self.sieve.from))),
            FormField::text(Field::new(tr!("tui-filter-to")).with(&shown(self.sieve.to))),
        ];
        let check = |form: &Form| {
            let read = |at: usize| -> Result<Option<Date>, (usize, String)> {
                let text = form.text(at).unwrap_or_default();
                if text.is_empty() {
                    return Ok(None);
                }
                let wrong = |_| {
                    let text = text.clone();
                    (at, locale::by_id("error-field-date", &[("about", text)]))
                };
                text.parse().map(Some).map_err(wrong)
            };
            Ok((read(0)?, read(1)?))
        };
        let reply = cx.reply(
            |me: &mut Self, (from, to): (Option<Date>, Option<Date>), cx| {
                (me.sieve.from, me.sieve.to) = (from, to);
                me.reload(cx);
            },
        );
        let (title, text) = (tr!("tui-filter-by-days"), tr!("tui-journal-days-text"));
        cx.push(FormAsk::new(title, text, fields, check, reply));
    }
}
