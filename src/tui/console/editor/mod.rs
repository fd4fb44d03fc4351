//! Writing an item: fields and text, a claim while it is open, autosave, recovery, conflicts.
//!
//! Nothing typed is lost: some seconds after the last key (a setting), and whenever the screen is left or
//! the program ends, the text goes to the store as the person's unsaved one. A new item becomes a
//! draft the first time it would be kept.

mod body;
mod dialogs;
mod fields;
mod findings;
mod keep;
mod preview;

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::desk::comments::CommentView;
use crate::desk::{Content, DeskError};
use crate::tr;
use crate::tui::action::{Action, Context, Flag};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome, TextMode, TimerId};
use crate::tui::console::kit::{self, House, Notice, choices, load, when};
use crate::tui::console::seat::{Said, Seat, Words};
use crate::tui::draw;
use crate::tui::prose::{Did, Prose};
use crate::tui::widgets::{ChoiceList, Form, FormEvent};

use fields::{Entry, entries};
use findings::Screening;
use preview::Pane;

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

/// What the desk gives an editor to begin with.
struct Opened {
    content: Content,
    revision: u32,
    id: String,
    number: String,
    words: Arc<Words>,
    recovered: Option<(Content, u32, i64)>,
    comments: Vec<CommentView>,
    detectors: Arc<crate::desk::screening::Screening>,
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
    body: Option<Prose>,
    part: Part,
    touched: bool,
    timer: Option<TimerId>,
    creating: bool,
    kept_at: Option<i64>,
    screening: Screening,
    preview: Option<Pane>,
    error: Option<Said>,
    opened: bool,
    /// What was typed while the item was still being fetched.
    early: Vec<Event>,
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
            screening: Screening::default(),
            preview: None,
            error: None,
            opened: false,
            early: Vec::new(),
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
                    let bureau = org.persons.get(&me).map(|p| p.bureau.clone());
                    Ok((words, bureau, desk.screening()?))
                },
                |me: &mut Self, result, cx| match result {
                    Ok((words, bureau, detectors)) => {
                        me.words = words;
                        me.screening.detectors = Some(detectors);
                        let mut content = me.base.clone();
                        content.shape.provider = bureau;
                        me.fill(content, cx);
                        me.catch_up(cx);
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
                let comments = desk.comments(&view.line.id)?;
                Ok(Opening::Here(Box::new(Opened {
                    content: view.content,
                    revision: view.line.revision,
                    id: view.line.id,
                    number: view.line.number,
                    words,
                    recovered,
                    comments,
                    detectors: desk.screening()?,
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

    /// Takes what was typed before there was anything to type in.
    fn catch_up(&mut self, cx: &mut Cx<'_, Seat>) {
        let early = std::mem::take(&mut self.early);
        // Where keys are commands, what was typed was none of them and no text either.
        if matches!(self.text_mode(), TextMode::Line | TextMode::Lines) {
            for event in early {
                self.handle(&event, cx);
            }
        }
    }

    fn take(&mut self, opened: Opened, cx: &mut Cx<'_, Seat>) {
        self.id = Some(opened.id);
        self.number = opened.number;
        self.revision = opened.revision;
        self.words = opened.words;
        self.screening.detectors = Some(opened.detectors);
        let saved = opened.content.clone();
        self.fill(opened.content, cx);
        if let Some(body) = &mut self.body {
            let marks = findings::comments(&saved.text, &opened.comments, &self.words);
            body.set_marks(marks);
        }
        self.catch_up(cx);
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

    fn own(&mut self, action: Action, cx: &mut Cx<'_, Seat>) -> Outcome {
        match action {
            Action::Save => {
                // What is still missing may be saved; it is asked for at submission.
                self.form.clear_errors();
                self.save(false, cx);
            }
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
            Action::SaveAndClose => self.save(true, cx),
            Action::ExternalEditor => self.external(cx),
            Action::TogglePreview => self.toggle_preview(cx),
            _ => return Outcome::Ignored,
        }
        Outcome::Consumed
    }
}

impl Component<Seat> for Editor {
    fn contexts(&self) -> Vec<Context> {
        match (self.part, &self.body) {
            (Part::Body, Some(body)) => body.contexts(),
            (Part::Fields, Some(_)) => {
                let mut list = vec![Context::Fields];
                list.extend(self.form.contexts());
                list
            }
            (_, None) => vec![Context::Form],
        }
    }

    fn flag(&self, flag: Flag) -> bool {
        match flag {
            Flag::HasSelection | Flag::Counting => {
                self.part == Part::Body && self.body.as_ref().is_some_and(|b| b.flag(flag))
            }
            Flag::Modified => self.dirty(),
            _ => false,
        }
    }

    fn text_mode(&self) -> TextMode {
        match (self.part, &self.body) {
            (Part::Body, Some(body)) => body.text_mode(),
            (Part::Fields, Some(_)) => self.form.text_mode(),
            // Typed before the item is here: kept until it is.
            (Part::Body, None) => TextMode::Lines,
            (Part::Fields, None) => TextMode::Line,
        }
    }

    fn cursor(&self) -> Option<Position> {
        match self.part {
            Part::Body => self.body.as_ref().and_then(Prose::cursor),
            Part::Fields => self.form.cursor(),
        }
    }

    fn commands(&self) -> Vec<Command> {
        let panel = self.body.as_ref().map(Prose::panel_commands);
        match self.part {
            Part::Body if panel.as_ref().is_some_and(|p| !p.is_empty()) => {
                panel.unwrap_or_default()
            }
            Part::Body => vec![
                Command::hint(Action::Save),
                Command::hint(Action::FocusNext),
                Command::hint(Action::TogglePreview),
                Command::hint(Action::Find),
                Command::hint(Action::Close),
                Command::quiet(Action::ExternalEditor),
                Command::quiet(Action::FindReplace),
                Command::quiet(Action::GotoParagraph),
                Command::quiet(Action::NextFinding),
                Command::quiet(Action::PreviousFinding),
            ],
            Part::Fields => vec![
                Command::hint(Action::Save),
                Command::hint(Action::FocusNext),
                Command::hint(Action::NextField),
                Command::hint(Action::PickValue).when(self.form.choosing()),
                Command::hint(Action::Cancel),
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
        if self.body.is_none() {
            return match event {
                Event::Action(Action::Cancel | Action::Back) => {
                    cx.back();
                    Outcome::Consumed
                }
                // Whoever types at once is not made to wait, and loses nothing.
                Event::Text(_) | Event::Paste(_) => {
                    self.early.push(event.clone());
                    Outcome::Consumed
                }
                _ => Outcome::Ignored,
            };
        }
        if self.part == Part::Body {
            return match self.in_body(event, cx) {
                Did::Ignored => match event {
                    Event::Action(action) => self.own(*action, cx),
                    _ => Outcome::Ignored,
                },
                Did::Changed | Did::Moved => Outcome::Consumed,
            };
        }
        match self.form.handle(event) {
            FormEvent::Changed => self.touch(cx),
            FormEvent::Moved => {}
            FormEvent::Copy(text) => cx.copy(text),
            FormEvent::Submit => self.save(false, cx),
            FormEvent::Cancel => {
                return self.own(Action::Cancel, cx);
            }
            FormEvent::Pick(at) => {
                kit::pick(&self.form, at, cx, |me: &mut Self, at, chosen, cx| {
                    me.form.choose(at, Some(chosen));
                    me.touch(cx);
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
            (false, _) if self.id.is_none() => tr!("tui-editor-new"),
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
        if self.part == Part::Body
            && let Some(pane) = &mut self.preview
            && area.width >= preview::SPLIT
        {
            let (left, right) = halves(inside);
            rule_between(right, buf, env);
            body.render(left, buf, env, true);
            pane.render(body, right, buf, env);
        } else if area.width >= WIDE {
            let left = Rect {
                width: 60,
                ..inside
            };
            let right = Rect {
                x: inside.x + 62,
                width: inside.width - 62,
                ..inside
            };
            rule_between(right, buf, env);
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

/// The text and the preview beside it.
fn halves(area: Rect) -> (Rect, Rect) {
    let width = area.width / 2 - 1;
    let left = Rect { width, ..area };
    let right = Rect {
        x: area.x + width + 2,
        width: area.width - width - 2,
        ..area
    };
    (left, right)
}

/// A line to the left of an area.
fn rule_between(right: Rect, buf: &mut Buffer, env: &Env) {
    for y in right.y..right.bottom() {
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
}
