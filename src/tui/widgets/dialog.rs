//! Questions: yes or no, and a reason that must be given.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::tr;
use crate::tui::action::{Action, Context};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome, Reply, TextMode};
use crate::tui::draw;
use crate::tui::widgets::field::{Field, FieldEvent};
use crate::tui::widgets::note::Note;
use crate::tui::widgets::{put_wrapped, wrapped_height};

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
    title: String,
    text: String,
    field: Field,
    /// Stands in the place of the field where the text may have several lines.
    note: Option<Note>,
    mandatory: bool,
    reply: Option<Reply<D, Option<String>>>,
}

impl<D: 'static> Prompt<D> {
    /// Asks for a reason that must be given.
    pub fn reason(
        title: impl Into<String>,
        text: impl Into<String>,
        reply: Reply<D, Option<String>>,
    ) -> Self {
        Self {
            title: title.into(),
            text: text.into(),
            field: Field::new(tr!("tui-dialog-reason")).required(),
            note: None,
            mandatory: true,
            reply: Some(reply),
        }
    }

    /// Asks for a text that may be empty.
    pub fn text(
        title: impl Into<String>,
        text: impl Into<String>,
        label: impl Into<String>,
        reply: Reply<D, Option<String>>,
    ) -> Self {
        Self {
            title: title.into(),
            text: text.into(),
            field: Field::new(label),
            note: None,
            mandatory: false,
            reply: Some(reply),
        }
    }

    /// The same for a text of several lines: Enter begins a new one, `accept` hands it in.
    #[must_use]
    pub fn lines(mut self) -> Self {
        let note = Note::new(self.field.label()).with(&self.field.raw());
        self.note = Some(if self.mandatory {
            note.required()
        } else {
            note
        });
        self
    }

    /// The same with a text to start from.
    #[must_use]
    pub fn with(mut self, text: &str) -> Self {
        self.field.set(text);
        if let Some(note) = &mut self.note {
            note.set(text);
        }
        self
    }

    fn value(&self) -> String {
        self.note
            .as_ref()
            .map_or_else(|| self.field.value(), Note::value)
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
        match &self.note {
            Some(note) => {
                let mut list = note.contexts();
                list.push(Context::Dialog);
                list
            }
            None => vec![Context::Field, Context::Dialog],
        }
    }

    fn popup(&self) -> bool {
        true
    }

    fn text_mode(&self) -> TextMode {
        self.note.as_ref().map_or(TextMode::Line, Note::text_mode)
    }

    fn cursor(&self) -> Option<Position> {
        self.note
            .as_ref()
            .map_or_else(|| self.field.cursor(), Note::cursor)
    }

    fn commands(&self) -> Vec<Command> {
        vec![Command::hint(Action::Accept), Command::hint(Action::Cancel)]
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, D>) -> Outcome {
        match event {
            Event::Action(Action::Accept) => {
                let value = self.value();
                if self.mandatory && value.is_empty() {
                    let error = Some(tr!("tui-dialog-reason-missing"));
                    match &mut self.note {
                        Some(note) => note.set_error(error),
                        None => self.field.set_error(error),
                    }
                } else {
                    self.finish(Some(value), cx);
                }
            }
            Event::Action(Action::Cancel | Action::Back) => self.finish(None, cx),
            event => match match &mut self.note {
                Some(note) => note.handle(event),
                None => self.field.handle(event),
            } {
                FieldEvent::Ignored => return Outcome::Ignored,
                FieldEvent::Copy(text) => cx.copy(text),
                FieldEvent::Changed | FieldEvent::Moved => {}
            },
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let text = wrapped_height(&self.text, WIDTH - 4, env);
        let rows = if self.note.is_some() { Note::HEIGHT } else { 2 };
        let place = draw::centred(area, WIDTH, text + rows + 5);
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
        let label = crate::text::text_width(self.field.label(), env.amb) as u16 + 1;
        let row = Rect {
            y: inside.y + text + 1,
            height: rows,
            ..inside
        };
        if let Some(note) = &mut self.note {
            note.render(row, buf, env, true, label);
            note_keys(inside, buf, env);
        } else {
            self.field.render(row, buf, env, true, label);
            keys_line(inside, buf, env, &[Action::Accept, Action::Cancel]);
        }
    }
}

/// The keys of a dialog with a note, where Enter is a new line.
pub(crate) fn note_keys(inside: Rect, buf: &mut Buffer, env: &Env) {
    let actions = [Action::Accept, Action::Cancel];
    keys_row(inside, buf, env, &[Context::Note], &actions);
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
