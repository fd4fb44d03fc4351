//! What came of something, line by line: outcomes of a batch, a proof, the details of an entry.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::action::{Action, Context};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome, Reply};
use crate::tui::console::kit;
use crate::tui::console::seat::Seat;
use crate::tui::draw;
use crate::tui::theme::Styles;
use crate::tui::widgets::dialog::keys_line;
use crate::tui::widgets::{Paragraph, TextView};

type Make = Box<dyn Fn(&Styles) -> Vec<Paragraph>>;

/// A popup to be read and scrolled; it is as high as what it says, up to the screen.
pub struct Report {
    title: String,
    copy: String,
    make: Make,
    view: TextView,
    rows: usize,
    made: bool,
    reply: Option<Reply<Seat, ()>>,
}

impl Report {
    /// Shows what `make` makes; `copy` is what goes to the clipboard.
    pub fn new(
        title: impl Into<String>,
        copy: impl Into<String>,
        make: impl Fn(&Styles) -> Vec<Paragraph> + 'static,
    ) -> Self {
        Self {
            title: title.into(),
            copy: copy.into(),
            make: Box::new(make),
            view: TextView::default(),
            rows: 0,
            made: false,
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

impl Component<Seat> for Report {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Dialog, Context::View]
    }

    fn popup(&self) -> bool {
        true
    }

    fn commands(&self) -> Vec<Command> {
        vec![
            Command::hint(Action::Accept),
            Command::hint(Action::CopyText),
        ]
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, Seat>) -> Outcome {
        match event {
            Event::Action(Action::Accept | Action::Cancel | Action::Back) => {
                if let Some(reply) = self.reply.take() {
                    reply.send((), cx);
                }
                cx.close();
            }
            // In a popup the keys of lists and of texts both scroll.
            Event::Action(Action::Next) => self.view.scroll(1),
            Event::Action(Action::Previous) => self.view.scroll(-1),
            Event::Action(Action::CopyText) => {
                let text = self.view.dragged().unwrap_or_else(|| self.copy.clone());
                cx.copy(text);
                self.view.end_drag();
                kit::done(cx, crate::tr!("tui-copied"));
            }
            Event::Action(action) if self.view.handle(*action) => {}
            Event::Mouse(mouse) if self.view.mouse(mouse) => {}
            _ => return Outcome::Ignored,
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let width = 100.min(area.width.saturating_sub(4));
        if !std::mem::replace(&mut self.made, true) {
            let paragraphs = (self.make)(&env.styles);
            let mut text = String::new();
            for paragraph in &paragraphs {
                text.extend(paragraph.pieces.iter().map(|piece| piece.text.as_str()));
                text.push_str(" \n");
            }
            self.rows = usize::from(kit::height(&text, width.saturating_sub(6), env));
            self.view.set(paragraphs);
        }
        let height = (self.rows as u16)
            .saturating_add(4)
            .clamp(6, area.height.saturating_sub(2).max(6));
        let place = draw::centred(area, width, height);
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
        let body = Rect {
            height: inside.height.saturating_sub(1),
            ..inside
        };
        self.view.render(body, buf, env);
        keys_line(inside, buf, env, &[Action::Accept]);
    }
}
