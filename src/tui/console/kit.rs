//! What all screens share: the head, asking the desk, telling refusals, dialogs that keep what
//! was typed until the act is done.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::desk::{self, Desk};
use crate::locale;
use crate::tr;
use crate::tui::action::{Action, Context};
use crate::tui::component::{
    Command, Component, Cx, Env, Event, Outcome, Reply, TextMode, ToastKind,
};
use crate::tui::console::seat::{Me, Said, Seat, Sitter};
use crate::tui::draw::{self, Piece};
use crate::tui::theme::Styles;
use crate::tui::widgets::dialog::{keys_line, keys_row};
use crate::tui::widgets::{
    Choice, ChoiceList, Form, FormEvent, FormField, Paragraph, TextView, header, put_wrapped,
    wrapped_height,
};

/// What the screens of one console know together.
#[derive(Default)]
pub struct Shared {
    /// Who is at the keyboard.
    pub me: RefCell<Me>,
    /// Who could be.
    pub sitters: Vec<Sitter>,
    /// The screen is locked.
    pub locked: Cell<bool>,
    /// Items with text in an editor of this console that is not saved.
    pub unsaved: RefCell<BTreeSet<String>>,
}

/// Handle to it.
pub type House = Rc<Shared>;

/// The screens of the head, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The first screen.
    Desk,
    /// Lists.
    Items,
    /// What waits for a decision.
    Queue,
    /// Dates.
    Schedule,
    /// The journal.
    Journal,
    /// Persons.
    People,
}

/// Draws the head and gives back the area below.
pub fn head(
    area: Rect,
    buf: &mut Buffer,
    env: &Env,
    house: &House,
    place: Option<Place>,
    state: &str,
) -> Rect {
    let tabs = [
        tr!("tui-tab-desk"),
        tr!("tui-tab-items"),
        tr!("tui-tab-queue"),
        tr!("tui-tab-schedule"),
        tr!("tui-tab-journal"),
        tr!("tui-tab-people"),
    ];
    let open = place.map_or(usize::MAX, |p| p as usize);
    let me = house.me.borrow();
    let right = if state.is_empty() {
        me.name.clone()
    } else {
        format!("{state}  {}", me.name)
    };
    let go = [
        Action::GoDesk,
        Action::GoItems,
        Action::GoQueue,
        Action::GoSchedule,
        Action::GoJournal,
        Action::GoPeople,
    ];
    let click = |n: usize| go.get(n).copied().into_iter().collect();
    header::render_with(
        area,
        buf,
        env,
        &tr!("app-name"),
        &tabs,
        open,
        &right,
        &click,
    )
}

/// Draws the head of a layer below the tabs: a title with tabs of its own.
pub fn head_of(
    area: Rect,
    buf: &mut Buffer,
    env: &Env,
    title: &str,
    tabs: &[String],
    open: usize,
    state: &str,
) -> Rect {
    header::render(area, buf, env, title, tabs, open, state)
}

/// Asks the seat for data. An error goes to `told`, which shows it in place: a popup would come
/// back each time it is closed.
pub fn load<C: Component<Seat>, T: Send + 'static>(
    cx: &mut Cx<'_, Seat>,
    job: impl FnOnce(&mut Seat) -> desk::Result<T> + Send + 'static,
    then: impl FnOnce(&mut C, Result<T, Said>, &mut Cx<'_, Seat>) + 'static,
) {
    cx.ask(move |seat| job(seat).map_err(|e| Said::of(&e)), then);
}

/// Does something at the desk. A refusal is a notice that stays until it is read.
pub fn act<C: Component<Seat>, T: Send + 'static>(
    cx: &mut Cx<'_, Seat>,
    job: impl FnOnce(&mut Desk) -> desk::Result<T> + Send + 'static,
    then: impl FnOnce(&mut C, T, &mut Cx<'_, Seat>) + 'static,
) {
    cx.ask(
        move |seat: &mut Seat| seat.desk().and_then(job).map_err(|e| Said::of(&e)),
        |me: &mut C, result, cx| match result {
            Ok(value) => then(me, value, cx),
            Err(said) => cx.push(Notice::refused(said)),
        },
    );
}

/// A time to the minute, short where the year goes without saying.
pub fn when(at: i64, now: i64) -> String {
    let text = locale::instant(at);
    if text.get(..4) == locale::instant(now).get(..4) {
        text.get(5..).unwrap_or_default().to_owned()
    } else {
        text
    }
}

/// Reads `2026-01-31 09:00` or `2026-01-31T09:00` in the house's zone, µs.
pub fn instant_of(text: &str) -> Option<i64> {
    let text = text.trim().replace(' ', "T");
    let date: jiff::civil::DateTime = text.parse().ok()?;
    let zone = jiff::tz::TimeZone::get(desk::release::ZONE).ok()?;
    let at = zone.to_timestamp(date).ok()?;
    Some(at.as_microsecond())
}

/// A paragraph "label: value".
pub fn labelled(label: &str, value: impl Into<String>, styles: &Styles) -> Paragraph {
    Paragraph {
        pieces: vec![
            Piece::new(format!("{label}{} ", tr!("tui-colon")), styles.label),
            Piece::new(value, styles.text),
        ],
        indent: 0,
    }
}

/// Says why something was refused or failed, until it has been read. A long text is scrolled.
pub struct Notice {
    title: String,
    text: String,
    code: String,
    view: TextView,
    reply: Option<Reply<Seat, ()>>,
}

impl Notice {
    /// A refusal with its rule.
    pub fn refused(said: Said) -> Self {
        Self {
            code: said.code,
            ..Self::text(tr!("tui-notice-refused"), said.text)
        }
    }

    /// Something to read.
    pub fn text(title: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            text: text.into(),
            code: String::new(),
            view: TextView::default(),
            reply: None,
        }
    }

    /// The same, telling `reply` when it has been read.
    #[must_use]
    pub fn then(mut self, reply: Reply<Seat, ()>) -> Self {
        self.reply = Some(reply);
        self
    }
}

impl Component<Seat> for Notice {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Dialog]
    }

    fn popup(&self) -> bool {
        true
    }

    fn commands(&self) -> Vec<Command> {
        vec![Command::hint(Action::Accept)]
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, Seat>) -> Outcome {
        match event {
            Event::Action(Action::Accept | Action::Cancel | Action::Back) => {
                if let Some(reply) = self.reply.take() {
                    reply.send((), cx);
                }
                cx.close();
                Outcome::Consumed
            }
            Event::Action(action) if self.view.handle(*action) => Outcome::Consumed,
            _ => Outcome::Ignored,
        }
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let width = 64.min(area.width);
        let mut paragraphs: Vec<Paragraph> = self
            .text
            .lines()
            .map(|line| Paragraph::new(line, env.styles.text))
            .collect();
        if !self.code.is_empty() {
            let code = tr!("tui-notice-rule", rule = self.code.as_str());
            paragraphs.push(Paragraph::new(code, env.styles.muted));
        }
        let rows: u16 = paragraphs
            .iter()
            .flat_map(|p| &p.pieces)
            .map(|piece| wrapped_height(&piece.text, width - 5, env).max(1))
            .sum();
        // Border, an empty row and the keys take four.
        let place = draw::centred(area, width, rows.saturating_add(4));
        let inside = draw::frame(
            buf,
            place,
            &self.title,
            env.styles.border_focused,
            env.styles.title,
            env.amb,
        );
        let inside = Rect {
            x: inside.x + 1,
            width: inside.width.saturating_sub(1),
            ..inside
        };
        let body = Rect {
            height: inside.height.saturating_sub(2),
            ..inside
        };
        self.view.set(paragraphs);
        self.view.render(body, buf, env);
        keys_line(inside, buf, env, &[Action::Accept]);
    }
}

/// What a form does when it is handed in.
pub type Deed = Box<dyn FnOnce(&mut Desk) -> desk::Result<()> + Send>;
/// Turns a filled form into an act, or names the entry that is wrong and why.
pub type Maker = Box<dyn Fn(&Form) -> Result<Deed, (usize, String)>>;

/// A form over an act. It stays open, with everything typed, until the desk has accepted.
pub struct Dialog {
    title: String,
    text: String,
    form: Form,
    make: Maker,
    busy: bool,
    reply: Option<Reply<Seat, ()>>,
}

impl Dialog {
    /// Asks for `fields`, acts by `make` and tells `reply` when it is done.
    pub fn new(
        title: impl Into<String>,
        text: impl Into<String>,
        fields: Vec<FormField>,
        make: Maker,
        reply: Reply<Seat, ()>,
    ) -> Self {
        Self {
            title: title.into(),
            text: text.into(),
            form: Form::new(fields),
            make,
            busy: false,
            reply: Some(reply),
        }
    }

    fn alone(&self) -> bool {
        matches!(self.form.fields(), [FormField::Text(_)])
    }

    /// What hands the form in at the focus: in a note Enter is a new line.
    fn handing_in(&self) -> Action {
        if self.alone() || self.form.text_mode() == TextMode::Lines {
            Action::Accept
        } else {
            Action::SubmitForm
        }
    }

    fn hand_in(&mut self, cx: &mut Cx<'_, Seat>) {
        self.form.clear_errors();
        if self.busy || !self.form.check() {
            return;
        }
        match (self.make)(&self.form) {
            Err((at, error)) => self.form.set_error(at, error),
            Ok(deed) => {
                self.busy = true;
                cx.ask(
                    move |seat: &mut Seat| seat.desk().and_then(deed).map_err(|e| Said::of(&e)),
                    |me: &mut Self, result, cx| {
                        me.busy = false;
                        match result {
                            Ok(()) => {
                                if let Some(reply) = me.reply.take() {
                                    reply.send((), cx);
                                }
                                cx.close();
                            }
                            Err(said) => cx.push(Notice::refused(said)),
                        }
                    },
                );
            }
        }
    }
}

impl Component<Seat> for Dialog {
    fn contexts(&self) -> Vec<Context> {
        if self.alone() {
            return vec![Context::Field, Context::Dialog];
        }
        let mut list = self.form.contexts();
        list.push(Context::Dialog);
        list
    }

    fn popup(&self) -> bool {
        true
    }

    fn text_mode(&self) -> TextMode {
        self.form.text_mode()
    }

    fn cursor(&self) -> Option<Position> {
        self.form.cursor()
    }

    fn commands(&self) -> Vec<Command> {
        if self.form.fields().len() == 1 {
            vec![
                Command::hint(self.handing_in()),
                Command::hint(Action::Cancel),
            ]
        } else {
            vec![
                Command::hint(self.handing_in()),
                Command::hint(Action::NextField),
                Command::hint(Action::PickValue),
                Command::hint(Action::Cancel),
            ]
        }
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, Seat>) -> Outcome {
        if matches!(event, Event::Action(Action::Accept | Action::SubmitForm)) {
            self.hand_in(cx);
            return Outcome::Consumed;
        }
        if matches!(event, Event::Action(Action::Back)) {
            cx.close();
            return Outcome::Consumed;
        }
        match self.form.handle(event) {
            FormEvent::Cancel => cx.close(),
            FormEvent::Pick(at) => pick(&self.form, at, cx, |me: &mut Self, at, chosen, _| {
                me.form.choose(at, Some(chosen));
            }),
            FormEvent::Copy(text) => cx.copy(text),
            FormEvent::Changed | FormEvent::Moved | FormEvent::Submit => {}
            FormEvent::Ignored => return Outcome::Ignored,
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let width = 72.min(area.width);
        let text = wrapped_height(&self.text, width - 4, env);
        let place = draw::centred(area, width, text + self.form.rows() + 5);
        let inside = draw::frame(
            buf,
            place,
            &self.title,
            env.styles.border_focused,
            env.styles.title,
            env.amb,
        );
        let inside = Rect {
            x: inside.x + 1,
            width: inside.width.saturating_sub(2),
            ..inside
        };
        put_wrapped(buf, inside, &self.text, env.styles.text, env);
        let form = Rect {
            y: inside.y + text + 1,
            height: inside.height.saturating_sub(text + 2),
            ..inside
        };
        self.form.render(form, buf, env);
        if self.alone() {
            keys_line(inside, buf, env, &[Action::Accept, Action::Cancel]);
        } else {
            let choices = self
                .form
                .fields()
                .iter()
                .any(|f| matches!(f, FormField::Choice { .. }));
            let hand_in = self.handing_in();
            let actions: &[Action] = if choices {
                &[hand_in, Action::PickValue, Action::Cancel]
            } else {
                &[hand_in, Action::Cancel]
            };
            keys_row(inside, buf, env, &self.form.contexts(), actions);
        }
    }
}

/// Opens the list of an entry of a form and hands what was picked to `then`.
pub fn pick<C: Component<Seat>>(
    form: &Form,
    at: usize,
    cx: &mut Cx<'_, Seat>,
    then: impl FnOnce(&mut C, usize, usize, &mut Cx<'_, Seat>) + 'static,
) {
    let Some(FormField::Choice {
        label,
        options,
        chosen,
    }) = form.fields().get(at)
    else {
        return;
    };
    let choices = options
        .iter()
        .map(|o| Choice {
            label: o.clone(),
            detail: String::new(),
        })
        .collect();
    let reply = cx.reply(move |me: &mut C, picked: Option<usize>, cx| {
        if let Some(picked) = picked {
            then(me, at, picked, cx);
        }
    });
    cx.push(ChoiceList::new(
        label.clone(),
        choices,
        chosen.unwrap_or(0),
        reply,
    ));
}

/// A list of plain choices.
pub fn choices(labels: impl IntoIterator<Item = String>) -> Vec<Choice> {
    labels
        .into_iter()
        .map(|label| Choice {
            label,
            detail: String::new(),
        })
        .collect()
}

/// Says that something was done.
pub fn done(cx: &mut Cx<'_, Seat>, text: impl Into<String>) {
    cx.toast(ToastKind::Success, text);
}

/// Draws an error in place of data.
pub fn failed(area: Rect, buf: &mut Buffer, env: &Env, said: &Said) {
    let area = Rect {
        x: area.x + 2,
        y: area.y + 1,
        width: area.width.saturating_sub(4),
        height: area.height.saturating_sub(1),
    };
    let text = format!(
        "{}\n{}",
        said.text,
        tr!("tui-notice-rule", rule = said.code.as_str())
    );
    put_wrapped(buf, area, &text, env.styles.error, env);
}

/// A heading over a part of a screen: a word and a line.
pub fn rule_line(area: Rect, buf: &mut Buffer, env: &Env, title: &str) {
    let used = draw::put(
        buf,
        area.x,
        area.y,
        title,
        env.styles.head,
        area.width,
        env.amb,
    );
    for x in area.x + used + 1..area.right() {
        draw::put(
            buf,
            x,
            area.y,
            env.glyphs.horizontal,
            env.styles.border,
            1,
            env.amb,
        );
    }
}
