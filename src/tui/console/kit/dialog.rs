//! Notices and forms over an act: what was typed stays until the act is done.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::desk::{self, Desk};
use crate::tr;
use crate::tui::action::{Action, Context};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome, Reply, TextMode};
use crate::tui::console::seat::{Said, Seat};
use crate::tui::draw;
use crate::tui::widgets::dialog::keys_line;
use crate::tui::widgets::form_box::{FormBox, Wish};
use crate::tui::widgets::{
    Choice, ChoiceList, Form, FormField, Paragraph, TextView, wrapped_height,
};

/// Cells of a form over an act.
const WIDTH: u16 = 72;

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

    /// The same where it is known what was refused: the title says it.
    pub fn refused_to(what: &str, said: Said) -> Self {
        Self {
            title: tr!("tui-notice-refused-to", what = what),
            ..Self::refused(said)
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
            Event::Mouse(mouse) if self.view.mouse(mouse) => Outcome::Consumed,
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
            .map(|piece| wrapped_height(&piece.text, width - 4, env).max(1))
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
    form: FormBox,
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
            form: FormBox::new(title, text, fields, WIDTH),
            make,
            busy: false,
            reply: Some(reply),
        }
    }

    fn hand_in(&mut self, cx: &mut Cx<'_, Seat>) {
        if self.busy || !self.form.form.check() {
            return;
        }
        match (self.make)(&self.form.form) {
            Err((at, error)) => self.form.form.set_error(at, error),
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
                            Err(said) => cx.push(Notice::refused_to(&me.form.title, said)),
                        }
                    },
                );
            }
        }
    }
}

impl Component<Seat> for Dialog {
    fn contexts(&self) -> Vec<Context> {
        self.form.contexts()
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
        self.form.commands()
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, Seat>) -> Outcome {
        match self.form.handle(event) {
            Wish::HandIn => self.hand_in(cx),
            Wish::Leave => cx.close(),
            Wish::Pick(at) => pick(&self.form.form, at, cx, |me: &mut Self, at, chosen, _| {
                me.form.form.choose(at, Some(chosen));
            }),
            Wish::Copy(text) => cx.copy(text),
            Wish::Done => {}
            Wish::Ignored => return Outcome::Ignored,
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        self.form.render(area, buf, env);
    }
}

type Check<T> = Box<dyn Fn(&Form) -> Result<T, (usize, String)>>;

/// A form that gives its values to whoever asked; nothing is done by it.
pub struct FormAsk<T: 'static> {
    form: FormBox,
    check: Check<T>,
    reply: Option<Reply<Seat, T>>,
}

impl<T: 'static> FormAsk<T> {
    /// Asks for `fields`; `check` turns them into the value, or names the entry that is wrong.
    pub fn new(
        title: impl Into<String>,
        text: impl Into<String>,
        fields: Vec<FormField>,
        check: impl Fn(&Form) -> Result<T, (usize, String)> + 'static,
        reply: Reply<Seat, T>,
    ) -> Self {
        Self {
            form: FormBox::new(title, text, fields, WIDTH),
            check: Box::new(check),
            reply: Some(reply),
        }
    }

    fn hand_in(&mut self, cx: &mut Cx<'_, Seat>) {
        if !self.form.form.check() {
            return;
        }
        match (self.check)(&self.form.form) {
            Ok(value) => {
                if let Some(reply) = self.reply.take() {
                    reply.send(value, cx);
                }
                cx.close();
            }
            Err((at, error)) => self.form.form.set_error(at, error),
        }
    }
}

impl<T: 'static> Component<Seat> for FormAsk<T> {
    fn contexts(&self) -> Vec<Context> {
        self.form.contexts()
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
        self.form.commands()
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, Seat>) -> Outcome {
        match self.form.handle(event) {
            Wish::HandIn => self.hand_in(cx),
            Wish::Leave => cx.close(),
            Wish::Pick(at) => pick(&self.form.form, at, cx, |me: &mut Self, at, chosen, _| {
                me.form.form.choose(at, Some(chosen));
            }),
            Wish::Copy(text) => cx.copy(text),
            Wish::Done => {}
            Wish::Ignored => return Outcome::Ignored,
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        self.form.render(area, buf, env);
    }
}

/// An entry to choose for, with something chosen already, so that it is never empty.
pub fn chosen(label: impl Into<String>, options: Vec<String>, at: usize) -> FormField {
    FormField::Choice {
        label: label.into(),
        chosen: (at < options.len()).then_some(at),
        options,
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
