//! A form as a popup: text above, entries, keys below. What is done with it is its owner's business.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::tui::action::{Action, Context};
use crate::tui::component::{Command, Env, Event, TextMode};
use crate::tui::draw;
use crate::tui::widgets::dialog::keys_row;
use crate::tui::widgets::{Form, FormEvent, FormField, put_wrapped, wrapped_height};

/// What the person wants with the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wish {
    /// He is done; nothing has been checked.
    HandIn,
    /// He leaves.
    Leave,
    /// He wants to choose for this entry.
    Pick(usize),
    /// This text belongs on the clipboard.
    Copy(String),
    /// Nothing that concerns the owner.
    Done,
    /// The event means nothing here.
    Ignored,
}

/// The popup.
#[derive(Debug, Clone)]
pub(crate) struct FormBox {
    pub title: String,
    text: String,
    pub form: Form,
    width: u16,
}

impl FormBox {
    /// A box of `width` cells.
    pub(crate) fn new(
        title: impl Into<String>,
        text: impl Into<String>,
        fields: Vec<FormField>,
        width: u16,
    ) -> Self {
        Self {
            title: title.into(),
            text: text.into(),
            form: Form::new(fields),
            width,
        }
    }

    /// Whether there is one line to fill in and nothing else: then Enter hands it in.
    fn alone(&self) -> bool {
        matches!(self.form.fields(), [FormField::Text(_)])
    }

    /// What hands the form in at its focus: in a note, and in a single line, that is `accept`.
    fn hand_in(&self) -> Action {
        if self.alone() || self.form.text_mode() == TextMode::Lines {
            Action::Accept
        } else {
            Action::SubmitForm
        }
    }

    pub(crate) fn contexts(&self) -> Vec<Context> {
        let mut list = if self.alone() {
            vec![Context::Field]
        } else {
            self.form.contexts()
        };
        list.push(Context::Dialog);
        list
    }

    pub(crate) fn text_mode(&self) -> TextMode {
        self.form.text_mode()
    }

    pub(crate) fn cursor(&self) -> Option<Position> {
        self.form.cursor()
    }

    pub(crate) fn commands(&self) -> Vec<Command> {
        let several = self.form.fields().len() > 1;
        vec![
            Command::hint(self.hand_in()),
            Command::hint(Action::NextField).when(several),
            Command::hint(Action::PickValue).when(self.form.choosing()),
            Command::hint(Action::Cancel),
        ]
    }

    pub(crate) fn handle(&mut self, event: &Event) -> Wish {
        match event {
            Event::Action(Action::Accept | Action::SubmitForm) => {
                self.form.clear_errors();
                return Wish::HandIn;
            }
            Event::Action(Action::Back) => return Wish::Leave,
            _ => {}
        }
        match self.form.handle(event) {
            FormEvent::Cancel => Wish::Leave,
            FormEvent::Pick(at) => Wish::Pick(at),
            FormEvent::Copy(text) => Wish::Copy(text),
            FormEvent::Changed | FormEvent::Moved | FormEvent::Submit => Wish::Done,
            FormEvent::Ignored => Wish::Ignored,
        }
    }

    pub(crate) fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let width = self.width.min(area.width);
        let lines = wrapped_height(&self.text, width - 4, env);
        let place = draw::centred(area, width, lines + self.form.rows() + 5);
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
        let body = Rect {
            y: inside.y + lines + 1,
            height: inside.height.saturating_sub(lines + 2),
            ..inside
        };
        self.form.render(body, buf, env);
        let mut actions = vec![self.hand_in()];
        if self.form.choosing() {
            actions.push(Action::PickValue);
        }
        actions.push(Action::Cancel);
        keys_row(inside, buf, env, &self.contexts(), &actions);
    }
}
