//! Writing an item: fields and text, a claim while it is open, autosave, recovery, conflicts.
//!
//! Nothing typed is lost: three seconds after the last key, and whenever the screen is left or
//! the program ends, the text goes to the store as the person's unsaved one. A new item becomes a
//! draft the first time it would be kept.

use std::sync::Arc;
use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::desk::{Content, DeskError, Fields};
use crate::locale;
use crate::rules::act::{Origin, Urgency, ViewMode};
use crate::rules::clearance::{Disclosure, Ground};
use crate::tr;
use crate::tui::action::{Action, Context, Flag};
use crate::tui::component::{
    Command, Component, Cx, Env, Event, Outcome, TextMode, TimerId, ToastKind,
};
use crate::tui::console::kit::{self, House, Notice, act, choices, instant_of, load, when};
use crate::tui::console::outside;
use crate::tui::console::reading::{self, Reading};
use crate::tui::console::seat::{Said, Seat, Words};
use crate::tui::draw;
use crate::tui::widgets::editor::EditorEvent;
use crate::tui::widgets::{
    BodyEditor, ChoiceList, Confirm, Field, Form, FormEvent, FormField, PlainEditor, Prompt,
};

/// How long after the last key the text is kept.
pub const AUTOSAVE_AFTER: Duration = Duration::from_secs(3);
/// From this width on, fields and text stand side by side.
const WIDE: u16 = 140;

/// Where the keys go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The fields.
    Fields,
    /// The text.
    Body,
}

/// What an entry of the form stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entry {
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

/// The entries in their order: what every item needs comes first.
fn entries() -> Vec<Entry> {
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

/// What the desk gives an editor to begin with.
struct Opened {
    content: Content,
    revision: u32,
    id: String,
    number: String,
    words: Arc<Words>,
    recovered: Option<(Content, u32, i64)>,
}

/// How opening ended.
enum Opening {
    Here(Box<Opened>),
    /// Somebody else writes; his name, how he looks, whether he may be taken over from.
    Held(String, bool, Said),
}

/// The editor of an item.
pub struct Editor {
    house: House,
    id: Option<String>,
    number: String,
    base: Content,
    revision: u32,
    words: Arc<Words>,
    entries: Vec<Entry>,
    form: Form,
    body: Option<PlainEditor>,
    part: Part,
    touched: bool,
    timer: Option<TimerId>,
    creating: bool,
    kept_at: Option<i64>,
    find: String,
    error: Option<Said>,
    opened: bool,
}

impl Editor {
    /// Opens an item for writing.
    pub fn open(house: House, id: String, part: Part) -> Self {
        Self {
            house,
            id: Some(id),
            number: String::new(),
            base: Content::for_column(""),
            revision: 0,
            words: Arc::default(),
            entries: entries(),
            form: Form::new(Vec::new()),
            body: None,
            part,
            touched: false,
            timer: None,
            creating: false,
            kept_at: None,
            find: String::new(),
            error: None,
            opened: false,
        }
    }

    /// Begins a new item in a column.
    pub fn create(house: House, column: &str) -> Self {
        let mut editor = Self::open(house, String::new(), Part::Fields);
        editor.id = None;
        editor.base = Content::for_column(column);
        editor
    }

    // Opening

    fn start(&mut self, cx: &mut Cx<'_, Seat>) {
        let Some(id) = self.id.clone() else {
            load(
                cx,
                |seat| {
                    let words = seat.words()?;
                    let (me, desk) = (seat.me()?.id, seat.desk()?);
                    let org = desk.org()?;
                    Ok((words, org.persons.get(&me).map(|p| p.bureau.clone())))
                },
                |me: &mut Self, result, cx| match result {
                    Ok((words, bureau)) => {
                        me.words = words;
                        let mut content = me.base.clone();
                        content.shape.provider = bureau;
                        me.fill(content, cx);
                    }
                    Err(said) => me.error = Some(said),
                },
            );
            return;
        };
        load(
            cx,
            move |seat| {
                let words = seat.words()?;
                let desk = seat.desk()?;
                let claimed = desk.claim(&id);
                let view = desk.show(&id)?;
                if let Err(error) = claimed {
                    let held =
                        matches!(&error, DeskError::Refused(r) if r.rule.starts_with("claim."));
                    if !held {
                        return Err(error);
                    }
                    let name = view
                        .claim
                        .as_ref()
                        .map(|c| words.person(&c.person).to_owned())
                        .unwrap_or_default();
                    return Ok(Opening::Held(
                        name,
                        view.offers("take-over"),
                        Said::of(&error),
                    ));
                }
                let recovered = desk.autosaved(&view.line.id)?;
                Ok(Opening::Here(Box::new(Opened {
                    content: view.content,
                    revision: view.line.revision,
                    id: view.line.id,
                    number: view.line.number,
                    words,
                    recovered,
                })))
            },
            |me: &mut Self, result, cx| match result {
                Ok(Opening::Here(opened)) => me.take(*opened, cx),
                Ok(Opening::Held(name, true, _)) => me.ask_take_over(&name, cx),
                Ok(Opening::Held(_, false, said)) | Err(said) => {
                    let back = cx.reply(|_: &mut Self, (), cx| cx.back());
                    cx.push(Notice::refused(said).then(back));
                }
            },
        );
    }

    fn ask_take_over(&mut self, name: &str, cx: &mut Cx<'_, Seat>) {
        let reply = cx.reply(|me: &mut Self, yes: bool, cx| {
            let Some(id) = me.id.clone().filter(|_| yes) else {
                cx.back();
                return;
            };
            act(
                cx,
                move |d| {
                    let taken = d.take_over(&id)?;
                    match taken.kept_from {
                        Some(person) => Ok(Some(d.person_name(&person)?)),
                        None => Ok(None),
                    }
                },
                |me: &mut Self, kept: Option<String>, cx| {
                    if let Some(name) = kept {
                        cx.toast(ToastKind::Info, tr!("tui-taken-over-kept", name = name));
                    }
                    me.start(cx);
                },
            );
        });
        cx.push(Confirm::new(
            Action::TakeOver.describe(),
            tr!("tui-ask-take-over", name = name),
            reply,
        ));
    }

    fn take(&mut self, opened: Opened, cx: &mut Cx<'_, Seat>) {
        self.id = Some(opened.id);
        self.number = opened.number;
        self.revision = opened.revision;
        self.words = opened.words;
        let saved = opened.content.clone();
        self.fill(opened.content, cx);
        let Some((content, from, at)) = opened.recovered else {
            return;
        };
        if content == saved {
            return;
        }
        let list = choices([
            tr!("tui-recover-take"),
            tr!("tui-recover-look"),
            tr!("tui-recover-drop"),
        ]);
        let title = tr!(
            "tui-recover-title",
            at = when(at, cx.env().now_us),
            revision = from
        );
        self.ask_recover(title, list, content, saved, from, cx);
    }

    fn ask_recover(
        &mut self,
        title: String,
        list: Vec<crate::tui::widgets::Choice>,
        content: Content,
        saved: Content,
        from: u32,
        cx: &mut Cx<'_, Seat>,
    ) {
        let again = (title.clone(), list.clone());
        let reply = cx.reply(
            move |me: &mut Self, picked: Option<usize>, cx| match picked {
                // Leaving the question loses nothing either.
                Some(0) | None => {
                    me.fill(content, cx);
                    me.revision = from;
                    me.changed(cx);
                }
                Some(1) => {
                    let diff = crate::desk::view::differences(from, from, Some(&saved), &content);
                    let spans = reading::redline(&diff, &me.words);
                    let reply = cx.reply(move |me: &mut Self, (), cx| {
                        me.ask_recover(again.0, again.1, content, saved, from, cx);
                    });
                    cx.push(Redline::new(tr!("tui-recover-look"), spans).then(reply));
                }
                Some(_) => {
                    if let Some(id) = me.id.clone() {
                        act(cx, move |d| d.drop_autosave(&id), |_: &mut Self, (), _| {});
                    }
                }
            },
        );
        cx.push(ChoiceList::new(title, list, 0, reply));
    }

    /// Shows a content in form and text.
    fn fill(&mut self, content: Content, cx: &mut Cx<'_, Seat>) {
        let words = Arc::clone(&self.words);
        let mut fields = Vec::new();
        let mut chosen = Vec::new();
        let shape = &content.shape;
        let at = |instant: Option<i64>| instant.map(locale::instant).unwrap_or_default();
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
                Entry::GoLive => {
                    FormField::text(Field::new(tr!("tui-label-wanted")).with(&at(shape.go_live)))
                }
                Entry::Embargo => {
                    FormField::text(Field::new(tr!("tui-label-embargo")).with(&at(shape.embargo)))
                }
            });
        }
        self.form = Form::new(fields);
        for (n, pick) in chosen {
            self.form.choose(n, pick);
        }
        let mut body = PlainEditor::new(cx.env().keymap.modal);
        body.set_text(&content.text);
        body.go_to(0, 0);
        self.body = Some(body);
        self.base = content;
        self.touched = false;
        self.error = None;
        self.mark_saved();
    }

    // The text

    /// What is in form and text now; an entry that cannot be read keeps what was there.
    fn content(&self) -> Content {
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

    fn dirty(&self) -> bool {
        self.touched || self.body.as_ref().is_some_and(BodyEditor::dirty)
    }

    fn mark_saved(&self) {
        if let Some(id) = &self.id {
            self.house.unsaved.borrow_mut().remove(id);
        }
    }

    /// Something was typed: three seconds later it is kept.
    fn changed(&mut self, cx: &mut Cx<'_, Seat>) {
        self.touched = true;
        if let Some(id) = &self.id {
            self.house.unsaved.borrow_mut().insert(id.clone());
        }
        if let Some(timer) = self.timer.take() {
            cx.cancel_timer(timer);
        }
        self.timer = Some(cx.after(AUTOSAVE_AFTER, |me: &mut Self, cx| {
            me.timer = None;
            me.keep(cx);
        }));
    }

    /// Keeps what is not saved. A new item becomes a draft by it.
    fn keep(&mut self, cx: &mut Cx<'_, Seat>) {
        if !self.dirty() || self.body.is_none() {
            return;
        }
        let content = self.content();
        let Some(id) = self.id.clone() else {
            self.found(content, cx);
            return;
        };
        let from = self.revision;
        load(
            cx,
            move |seat| {
                let desk = seat.desk()?;
                desk.autosave(&id, &content, from)?;
                Ok(desk.now())
            },
            |me: &mut Self, result, cx| match result {
                Ok(at) => me.kept_at = Some(at),
                // A dialog would take the keys away from somebody who is writing.
                Err(said) => cx.toast(ToastKind::Error, said.text),
            },
        );
    }

    /// Makes the draft of a new item.
    fn found(&mut self, content: Content, cx: &mut Cx<'_, Seat>) {
        if std::mem::replace(&mut self.creating, true) {
            return;
        }
        let sent = content.clone();
        cx.ask(
            move |seat: &mut Seat| {
                let desk = seat.desk().map_err(|e| Said::of(&e))?;
                let made = desk.create(content).map_err(|e| Said::of(&e))?;
                // Without the claim the draft is there all the same.
                let _ = desk.claim(&made.id);
                Ok::<_, Said>(made)
            },
            move |me: &mut Self, result, cx| {
                me.creating = false;
                match result {
                    Ok(made) => {
                        kit::done(cx, tr!("tui-created", number = made.number.as_str()));
                        me.id = Some(made.id);
                        me.number = made.number;
                        me.revision = 1;
                        me.settled(&sent, cx);
                    }
                    Err(said) => cx.push(Notice::refused(said)),
                }
            },
        );
    }

    /// A save has arrived. What was typed meanwhile is still unsaved.
    fn settled(&mut self, sent: &Content, cx: &mut Cx<'_, Seat>) {
        let same = self.content() == *sent;
        self.base = sent.clone();
        if same {
            self.touched = false;
            if let Some(body) = &mut self.body {
                body.saved();
            }
            if let Some(timer) = self.timer.take() {
                cx.cancel_timer(timer);
            }
            self.kept_at = None;
            self.mark_saved();
        } else {
            self.changed(cx);
        }
    }

    fn bad_time(&mut self) -> bool {
        for (n, entry) in self.entries.iter().enumerate() {
            let text = self.form.text(n).unwrap_or_default();
            if matches!(entry, Entry::GoLive | Entry::Embargo)
                && !text.is_empty()
                && instant_of(&text).is_none()
            {
                let error = locale::by_id("error-time", &[("about", text)]);
                self.form.set_error(n, error);
                self.part = Part::Fields;
                return true;
            }
        }
        false
    }

    fn save(&mut self, leave: bool, cx: &mut Cx<'_, Seat>) {
        if self.body.is_none() || self.bad_time() {
            return;
        }
        let content = self.content();
        let Some(id) = self.id.clone() else {
            self.found(content, cx);
            return;
        };
        let (from, sent) = (self.revision, content.clone());
        cx.ask(
            move |seat: &mut Seat| {
                seat.desk()
                    .and_then(|d| d.revise(&id, content, from))
                    .map_err(|e| Said::of(&e))
            },
            move |me: &mut Self, result, cx| match result {
                Ok(saved) => {
                    me.revision = saved.revision;
                    me.settled(&sent, cx);
                    kit::done(
                        cx,
                        match saved.seq {
                            Some(_) => tr!("tui-saved", revision = saved.revision),
                            None => tr!("tui-saved-same"),
                        },
                    );
                    if leave && !me.dirty() {
                        me.leave(cx);
                    }
                }
                Err(said) => match said.conflict {
                    Some(now) => me.conflict(said.text, now, cx),
                    None => cx.push(Notice::refused(said)),
                },
            },
        );
    }

    /// Somebody saved meanwhile. The text stays; the person decides.
    fn conflict(&mut self, text: String, now: u32, cx: &mut Cx<'_, Seat>) {
        let list = choices([
            tr!("tui-conflict-look"),
            tr!("tui-conflict-over"),
            tr!("tui-conflict-stay"),
        ]);
        let from = self.revision;
        let reply = cx.reply(
            move |me: &mut Self, picked: Option<usize>, cx| match picked {
                Some(0) => {
                    let id = me.id.clone().unwrap_or_default();
                    let again = text.clone();
                    act(
                        cx,
                        move |d| d.content(&id, Some(now)),
                        move |me: &mut Self, theirs, cx| {
                            let mine = me.content();
                            let diff =
                                crate::desk::view::differences(now, from, Some(&theirs), &mine);
                            let spans = reading::redline(&diff, &me.words);
                            let reply =
                                cx.reply(move |me: &mut Self, (), cx| me.conflict(again, now, cx));
                            cx.push(Redline::new(tr!("tui-conflict-look"), spans).then(reply));
                        },
                    );
                }
                Some(1) => {
                    me.revision = now;
                    me.save(false, cx);
                }
                _ => {}
            },
        );
        let title = tr!("tui-conflict-title", from = from, now = now);
        cx.push(ChoiceList::new(title, list, 0, reply));
    }

    fn leave(&mut self, cx: &mut Cx<'_, Seat>) {
        if let Some(timer) = self.timer.take() {
            cx.cancel_timer(timer);
        }
        self.release(cx);
        cx.back();
    }

    fn release(&self, cx: &mut Cx<'_, Seat>) {
        if let Some(id) = self.id.clone() {
            act(cx, move |d| d.release_claim(&id), |_: &mut Self, (), _| {});
        }
    }

    fn ask_find(&mut self, cx: &mut Cx<'_, Seat>) {
        let reply = cx.reply(|me: &mut Self, text: Option<String>, cx| {
            if let Some(text) = text {
                me.find = text;
                me.find_again(true, cx);
            }
        });
        cx.push(
            Prompt::text(Action::Find.describe(), "", tr!("tui-label-search"), reply)
                .with(&self.find),
        );
    }

    fn find_again(&mut self, forward: bool, cx: &mut Cx<'_, Seat>) {
        if self.find.is_empty() {
            self.ask_find(cx);
        } else if let Some(body) = &mut self.body
            && !body.find(&self.find, forward)
        {
            cx.toast(
                ToastKind::Info,
                tr!("tui-not-found", text = self.find.as_str()),
            );
        }
    }

    /// Lends the terminal to the person's own editor. That the text left the house is on record.
    fn external(&mut self, cx: &mut Cx<'_, Seat>) {
        let Some(command) = outside::command() else {
            cx.push(Notice::text(
                Action::ExternalEditor.describe(),
                tr!("tui-external-none"),
            ));
            return;
        };
        if let Some(id) = self.id.clone() {
            act(
                cx,
                move |d| d.preview(&id, ViewMode::Copy).map(drop),
                |_: &mut Self, (), _| {},
            );
        }
        let text = self.body.as_ref().map(BodyEditor::text).unwrap_or_default();
        cx.lend_terminal(
            move || outside::edit(&command, &text).map_err(|e| e.to_string()),
            |me: &mut Self, result, cx| match result {
                Ok(Some(text)) => {
                    if let Some(body) = &mut me.body {
                        let place = body.position();
                        body.set_text(&text);
                        body.go_to(place.0, place.1);
                    }
                    me.changed(cx);
                }
                Ok(None) => {}
                Err(detail) => cx.push(Notice::text(
                    Action::ExternalEditor.describe(),
                    tr!("tui-external-failed", detail = detail),
                )),
            },
        );
    }

    fn own(&mut self, action: Action, cx: &mut Cx<'_, Seat>) -> Outcome {
        match action {
            Action::Save => self.save(false, cx),
            Action::Close | Action::Cancel => {
                if self.may_close(cx) {
                    cx.back();
                }
            }
            Action::FocusNext | Action::FocusPrevious | Action::NextTab | Action::PreviousTab => {
                self.part = match self.part {
                    Part::Fields => Part::Body,
                    Part::Body => Part::Fields,
                };
            }
            Action::Find => self.ask_find(cx),
            Action::FindNext => self.find_again(true, cx),
            Action::FindPrevious => self.find_again(false, cx),
            Action::ExternalEditor => self.external(cx),
            Action::TogglePreview => {
                let id = self.id.clone().unwrap_or_default();
                cx.push(Reading::preview(
                    &id,
                    Action::Preview.describe(),
                    self.content(),
                ));
            }
            _ => return Outcome::Ignored,
        }
        Outcome::Consumed
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

impl Component<Seat> for Editor {
    fn contexts(&self) -> Vec<Context> {
        match (self.part, &self.body) {
            (Part::Body, Some(body)) => body.contexts(),
            (Part::Fields, Some(_)) => self.form.contexts(),
            (_, None) => vec![Context::Form],
        }
    }

    fn flag(&self, flag: Flag) -> bool {
        match flag {
            Flag::HasSelection => {
                self.part == Part::Body && self.body.as_ref().is_some_and(BodyEditor::has_selection)
            }
            Flag::Modified => self.dirty(),
            _ => false,
        }
    }

    fn text_mode(&self) -> TextMode {
        match (self.part, &self.body) {
            (Part::Body, Some(body)) => body.text_mode(),
            (Part::Fields, Some(_)) => self.form.text_mode(),
            (_, None) => TextMode::None,
        }
    }

    fn cursor(&self) -> Option<Position> {
        match self.part {
            Part::Body => self.body.as_ref().and_then(BodyEditor::cursor),
            Part::Fields => self.form.cursor(),
        }
    }

    fn commands(&self) -> Vec<Command> {
        match self.part {
            Part::Body => vec![
                Command::hint(Action::Save),
                Command::hint(Action::FocusNext),
                Command::hint(Action::TogglePreview),
                Command::hint(Action::Find),
                Command::hint(Action::Close),
                Command::quiet(Action::ExternalEditor),
            ],
            Part::Fields => vec![
                Command::hint(Action::SubmitForm),
                Command::hint(Action::FocusNext),
                Command::hint(Action::NextField),
                Command::hint(Action::PickValue),
                Command::hint(Action::Cancel),
                Command::quiet(Action::Save),
                Command::quiet(Action::TogglePreview),
            ],
        }
    }

    fn shown(&mut self, cx: &mut Cx<'_, Seat>) {
        if !std::mem::replace(&mut self.opened, true) {
            self.start(cx);
        }
    }

    fn hidden(&mut self, cx: &mut Cx<'_, Seat>) {
        self.keep(cx);
    }

    fn may_close(&mut self, cx: &mut Cx<'_, Seat>) -> bool {
        if !self.dirty() {
            self.release(cx);
            return true;
        }
        let list = choices([
            tr!("tui-leave-save"),
            tr!("tui-leave-keep"),
            tr!("tui-leave-stay"),
        ]);
        let reply = cx.reply(|me: &mut Self, picked: Option<usize>, cx| match picked {
            Some(0) => me.save(true, cx),
            Some(1) => {
                me.keep(cx);
                me.leave(cx);
            }
            _ => {}
        });
        cx.push(ChoiceList::new(tr!("tui-leave-title"), list, 0, reply));
        false
    }

    /// Its claim is given back when it is left.
    fn returns(&self) -> bool {
        false
    }

    fn ending(&mut self, cx: &mut Cx<'_, Seat>) {
        self.keep(cx);
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, Seat>) -> Outcome {
        let Some(body) = &mut self.body else {
            return match event {
                Event::Action(Action::Cancel | Action::Back) => {
                    cx.back();
                    Outcome::Consumed
                }
                _ => Outcome::Ignored,
            };
        };
        if self.part == Part::Body {
            match body.handle(event) {
                EditorEvent::Changed => self.changed(cx),
                EditorEvent::Moved => {}
                EditorEvent::Copy(text) => {
                    // A cut is a change; a copy is a change of nothing.
                    if body.dirty() {
                        self.changed(cx);
                    }
                    cx.copy(text);
                }
                EditorEvent::Ignored => {
                    return match event {
                        Event::Action(action) => self.own(*action, cx),
                        _ => Outcome::Ignored,
                    };
                }
            }
            return Outcome::Consumed;
        }
        if matches!(event, Event::Action(Action::SubmitForm)) {
            // What is still missing may be saved; it is asked for at submission.
            self.form.clear_errors();
        }
        match self.form.handle(event) {
            FormEvent::Changed => self.changed(cx),
            FormEvent::Moved => {}
            FormEvent::Copy(text) => cx.copy(text),
            FormEvent::Submit => self.save(false, cx),
            FormEvent::Cancel => {
                return self.own(Action::Cancel, cx);
            }
            FormEvent::Pick(at) => {
                kit::pick(&self.form, at, cx, |me: &mut Self, at, chosen, cx| {
                    me.form.choose(at, Some(chosen));
                    me.changed(cx);
                });
            }
            FormEvent::Ignored => {
                return match event {
                    Event::Action(action) => self.own(*action, cx),
                    _ => Outcome::Ignored,
                };
            }
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let tabs = [tr!("tui-item-tab-body"), tr!("tui-item-tab-fields")];
        let open = usize::from(self.part == Part::Fields);
        let state = match (self.dirty(), self.kept_at) {
            _ if self.body.is_none() => String::new(),
            (false, _) => tr!("tui-editor-saved"),
            (true, Some(at)) => tr!("tui-editor-kept", at = when(at, env.now_us)),
            (true, None) => tr!("tui-editor-modified"),
        };
        let name = if self.number.is_empty() {
            tr!("tui-new-title")
        } else {
            tr!(
                "tui-editor-of",
                number = self.number.as_str(),
                revision = self.revision
            )
        };
        let area = kit::head_of(area, buf, env, &name, &tabs, open, &state);
        let Some(body) = &mut self.body else {
            match &self.error {
                Some(said) => kit::failed(area, buf, env, said),
                None => {
                    draw::put(
                        buf,
                        area.x + 1,
                        area.y,
                        &tr!("tui-list-loading"),
                        env.styles.muted,
                        area.width - 2,
                        env.amb,
                    );
                }
            }
            return;
        };
        let inside = Rect {
            x: area.x + 1,
            width: area.width - 2,
            ..area
        };
        if area.width >= WIDE {
            let left = Rect {
                width: 60,
                ..inside
            };
            let right = Rect {
                x: inside.x + 62,
                width: inside.width - 62,
                ..inside
            };
            for y in area.y..area.bottom() {
                draw::put(
                    buf,
                    right.x - 2,
                    y,
                    env.glyphs.vertical,
                    env.styles.border,
                    1,
                    env.amb,
                );
            }
            self.form
                .render_beside(left, buf, env, self.part == Part::Fields);
            body.render(right, buf, env, self.part == Part::Body);
        } else if self.part == Part::Body {
            body.render(inside, buf, env, true);
        } else {
            self.form.render(inside, buf, env);
        }
    }
}

/// A redline over the whole screen, to look at and leave.
pub struct Redline {
    title: String,
    view: crate::tui::widgets::DiffView,
    reply: Option<crate::tui::component::Reply<Seat, ()>>,
}

impl Redline {
    /// Shows these spans.
    pub fn new(title: impl Into<String>, spans: crate::diff::Redline) -> Self {
        Self {
            title: title.into(),
            view: crate::tui::widgets::DiffView::new(spans),
            reply: None,
        }
    }

    /// Tells `reply` when it is left.
    #[must_use]
    pub fn then(mut self, reply: crate::tui::component::Reply<Seat, ()>) -> Self {
        self.reply = Some(reply);
        self
    }
}

impl Component<Seat> for Redline {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Diff, Context::View]
    }

    fn flag(&self, flag: Flag) -> bool {
        flag == Flag::CanGoBack
    }

    fn commands(&self) -> Vec<Command> {
        vec![
            Command::hint(Action::NextChange).when(self.view.changes() > 0),
            Command::hint(Action::ToggleFold),
            Command::hint(Action::Back),
        ]
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, Seat>) -> Outcome {
        match event {
            Event::Action(Action::Back) => {
                if let Some(reply) = self.reply.take() {
                    reply.send((), cx);
                }
                cx.close();
            }
            Event::Action(action) if self.view.handle(*action) => {}
            _ => return Outcome::Ignored,
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let body = kit::head_of(area, buf, env, &self.title, &[], 0, &self.view.position());
        let body = Rect {
            x: body.x + 1,
            width: body.width.saturating_sub(1),
            ..body
        };
        self.view.render(body, buf, env);
    }
}
