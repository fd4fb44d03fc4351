//! A popup to pick one of several things.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::text::text_width;
use crate::tr;
use crate::tui::action::{Action, Context};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome, Reply};
use crate::tui::draw;

/// One thing to pick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What it is called.
    pub label: String,
    /// What helps to decide.
    pub detail: String,
}

/// The popup; answers with the place of the picked option, or none.
#[derive(Debug)]
pub struct ChoiceList<D: 'static> {
    title: String,
    options: Vec<Choice>,
    selected: usize,
    top: usize,
    body: Rect,
    reply: Option<Reply<D, Option<usize>>>,
}

impl<D: 'static> ChoiceList<D> {
    /// Asks for one of `options`, with `selected` under the pointer.
    pub fn new(
        title: impl Into<String>,
        options: Vec<Choice>,
        selected: usize,
        reply: Reply<D, Option<usize>>,
    ) -> Self {
        let selected = selected.min(options.len().saturating_sub(1));
        Self {
            title: title.into(),
            options,
            selected,
            top: 0,
            body: Rect::default(),
            reply: Some(reply),
        }
    }

    fn finish(&mut self, value: Option<usize>, cx: &mut Cx<'_, D>) {
        if let Some(reply) = self.reply.take() {
            reply.send(value, cx);
        }
        cx.close();
    }
}

impl<D: 'static> Component<D> for ChoiceList<D> {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Dialog, Context::List]
    }

    fn popup(&self) -> bool {
        true
    }

    fn commands(&self) -> Vec<Command> {
        vec![
            Command::hint(Action::Next),
            Command::hint(Action::Accept),
            Command::hint(Action::Cancel),
        ]
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, D>) -> Outcome {
        let last = self.options.len().saturating_sub(1);
        let page = usize::from(self.body.height).max(1);
        match event {
            Event::Action(Action::Next) => self.selected = (self.selected + 1).min(last),
            Event::Action(Action::Previous) => self.selected = self.selected.saturating_sub(1),
            Event::Action(Action::PageDown) => self.selected = (self.selected + page).min(last),
            Event::Action(Action::PageUp) => self.selected = self.selected.saturating_sub(page),
            Event::Action(Action::First) => self.selected = 0,
            Event::Action(Action::Last) => self.selected = last,
            Event::Action(Action::Accept | Action::Open) if !self.options.is_empty() => {
                self.finish(Some(self.selected), cx);
            }
            Event::Action(Action::Cancel | Action::Back) => self.finish(None, cx),
            // A click selects, as does dragging; the second click accepts (see `Hits`).
            Event::Mouse(mouse)
                if draw::holds(self.body, mouse.column, mouse.row)
                    && (mouse.kind.is_down() || mouse.kind.is_drag()) =>
            {
                let at = self.top + usize::from(mouse.row - self.body.y);
                if at <= last {
                    self.selected = at;
                }
            }
            _ => return Outcome::Ignored,
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let widest = self
            .options
            .iter()
            .map(|o| text_width(&o.label, env.amb) + text_width(&o.detail, env.amb) + 6)
            .chain([text_width(&self.title, env.amb) + 6, 30])
            .max()
            .unwrap_or(30);
        let height = (self.options.len().max(1) as u16)
            .saturating_add(2)
            .min(area.height.saturating_sub(2));
        let place = draw::centred(
            area,
            (widest as u16)
                .saturating_add(2)
                .min(area.width.saturating_sub(4)),
            height,
        );
        self.body = draw::frame(
            buf,
            place,
            &self.title,
            env.styles.border_focused,
            env.styles.title,
            env.amb,
        );
        if self.options.is_empty() {
            draw::put(
                buf,
                self.body.x + 2,
                self.body.y,
                &tr!("tui-choice-none"),
                env.styles.muted,
                self.body.width - 2,
                env.amb,
            );
            return;
        }
        let fit = usize::from(self.body.height).max(1);
        let rows = self.body.height.min(self.options.len() as u16);
        env.hits.rows(
            Rect {
                height: rows,
                ..self.body
            },
            Action::Accept,
        );
        self.top = self
            .top
            .min(self.selected)
            .max((self.selected + 1).saturating_sub(fit));
        for (n, option) in self.options.iter().enumerate().skip(self.top).take(fit) {
            let y = self.body.y + (n - self.top) as u16;
            let used = draw::put(
                buf,
                self.body.x + 2,
                y,
                &option.label,
                env.styles.text,
                self.body.width - 2,
                env.amb,
            );
            draw::put(
                buf,
                self.body.x + 4 + used,
                y,
                &option.detail,
                env.styles.muted,
                self.body.width.saturating_sub(4 + used),
                env.amb,
            );
            if n == self.selected {
                draw::put(
                    buf,
                    self.body.x,
                    y,
                    env.glyphs.pointer,
                    env.styles.selected,
                    1,
                    env.amb,
                );
                draw::fill(
                    buf,
                    Rect {
                        y,
                        height: 1,
                        ..self.body
                    },
                    env.styles.selected,
                );
            }
        }
    }
}
