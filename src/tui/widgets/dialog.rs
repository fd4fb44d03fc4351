//! Questions: yes or no, and a reason that must be given.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::tr;
use crate::tui::action::{Action, Context};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome, Reply, TextMode};
use crate::tui::draw;
use crate::tui::widgets::form_box::{FormBox, Wish};
use crate::tui::widgets::{Field, Form, FormField, Note, put_wrapped, wrapped_height};

const WIDTH: u16 = 60;

/// A question answered by yes or no.
#[derive(Debug)]
pub struct Confirm<D: 'static> {
    title: String,
    text: String,
    reply: Option<Reply<D, bool>>,
}

impl<D: 'static> Confirm<D> {
    /// Asks.
    pub fn new(title: impl Into<String>, text: impl Into<String>, reply: Reply<D, bool>) -> Self {
        Self {
            title: title.into(),
            text: text.into(),
            reply: Some(reply),
        }
    }
}

impl<D: 'static> Component<D> for Confirm<D> {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Dialog]
    }

    fn popup(&self) -> bool {
        true
    }

    fn commands(&self) -> Vec<Command> {
        vec![Command::hint(Action::Yes), Command::hint(Action::No)]
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, D>) -> Outcome {
        let answer = match event {
            // Enter is not yes: a burst or a habit must not decide.
            Event::Action(Action::Yes) => true,
            Event::Action(Action::No | Action::Cancel | Action::Back) => false,
            _ => return Outcome::Ignored,
        };
        if let Some(reply) = self.reply.take() {
            reply.send(answer, cx);
        }
        cx.close();
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let height = wrapped_height(&self.text, WIDTH - 4, env) + 4;
        let place = draw::centred(area, WIDTH, height);
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
        keys_line(inside, buf, env, &[Action::Yes, Action::No]);
    }
}

/// A question answered by a text, such as the reason for a return. A mandatory text cannot be
/// left empty.
#[derive(Debug)]
pub struct Prompt<D: 'static> {
    form: FormBox,
    label: String,
    mandatory: bool,
    reply: Option<Reply<D, Option<String>>>,
}

impl<D: 'static> Prompt<D> {
    fn new(
        title: impl Into<String>,
        text: impl Into<String>,
        label: String,
        mandatory: bool,
        reply: Reply<D, Option<String>>,
    ) -> Self {
        let field = Field::new(label.as_str());
        let field = if mandatory { field.required() } else { field };
        Self {
            form: FormBox::new(title, text, vec![FormField::text(field)], WIDTH),
            label,
            mandatory,
            reply: Some(reply),
        }
    }

    /// Asks for a reason that must be given.
    pub fn reason(
        title: impl Into<String>,
        text: impl Into<String>,
        reply: Reply<D, Option<String>>,
    ) -> Self {
        Self::new(title, text, tr!("tui-dialog-reason"), true, reply)
    }

    /// Asks for a text that may be empty.
    pub fn text(
        title: impl Into<String>,
        text: impl Into<String>,
        label: impl Into<String>,
        reply: Reply<D, Option<String>>,
    ) -> Self {
        Self::new(title, text, label.into(), false, reply)
    }

    /// The same for a text of several lines: Enter begins a new one, `accept` hands it in.
    #[must_use]
    pub fn lines(mut self) -> Self {
        let note = Note::new(self.label.as_str()).with(&self.value());
        let note = if self.mandatory {
            note.required()
        } else {
            note
        };
        self.form.form = Form::new(vec![FormField::note(note)]);
        self
    }

    /// The same with a text to start from.
    #[must_use]
    pub fn with(mut self, text: &str) -> Self {
        self.form.form.set_text(0, text);
        self
    }

    fn value(&self) -> String {
        self.form.form.text(0).unwrap_or_default()
    }

    fn finish(&mut self, value: Option<String>, cx: &mut Cx<'_, D>) {
        if let Some(reply) = self.reply.take() {
            reply.send(value, cx);
        }
        cx.close();
    }
}

impl<D: 'static> Component<D> for Prompt<D> {
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

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, D>) -> Outcome {
        match self.form.handle(event) {
            Wish::HandIn => {
                if self.form.form.check() {
                    let value = self.value();
                    self.finish(Some(value), cx);
                }
            }
            Wish::Leave => self.finish(None, cx),
            Wish::Copy(text) => cx.copy(text),
            Wish::Pick(_) | Wish::Done => {}
            Wish::Ignored => return Outcome::Ignored,
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        self.form.render(area, buf, env);
    }
}

/// The keys of a dialog on its last row.
pub(crate) fn keys_line(inside: Rect, buf: &mut Buffer, env: &Env, actions: &[Action]) {
    keys_row(inside, buf, env, &[Context::Dialog], actions);
}

/// The keys of `actions` in these contexts on the last row of a box; a click on one does it.
pub(crate) fn keys_row(
    inside: Rect,
    buf: &mut Buffer,
    env: &Env,
    contexts: &[Context],
    actions: &[Action],
) {
    let Some(y) = inside.bottom().checked_sub(1) else {
        return;
    };
    let mut x = inside.x;
    for action in actions {
        let keys = env.keymap.keys_for(*action, contexts);
        let Some(key) = keys.first().map(|k| crate::tui::key::sequence_text(k)) else {
            continue;
        };
        let start = x;
        let room = |x: u16| inside.right().saturating_sub(x);
        x += draw::put(buf, x, y, &key, env.styles.key, room(x), env.amb) + 1;
        x += draw::put(
            buf,
            x,
            y,
            &action.describe(),
            env.styles.muted,
            room(x),
            env.amb,
        );
        let width = x.min(inside.right()).saturating_sub(start);
        env.hits.act(Rect::new(start, y, width, 1), vec![*action]);
        x += 3;
    }
}
