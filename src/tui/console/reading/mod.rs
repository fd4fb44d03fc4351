//! Items as text to read.
//!
//! * [`about`]: marks, steps, fields
//! * [`life`]: what an item is tied to and what became of it
//! * [`history`]: what happened, the record a reviewer goes by, custody
//! * [`mod@redline`]: differences, and comparing without holding anybody up
//! * [`render`]: the manuscript as the public would see it
//! * [`text_pane`]: the manuscript with its comments, where passages are picked
//! * [`links`], [`files`], [`comments`], [`findings`]: what hangs on a text

pub mod about;
pub mod comments;
pub mod files;
pub mod findings;
pub mod history;
pub mod life;
pub mod links;
pub mod redline;
pub mod render;
pub mod text_pane;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::desk::Content;
use crate::rules::act::ViewMode;
use crate::tr;
use crate::tui::action::{Action, Context, Flag};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome};
use crate::tui::console::kit;
use crate::tui::console::seat::Seat;
use crate::tui::theme::Styles;
use crate::tui::widgets::{Paragraph, TextView};

pub use about::{fields, overview};
pub use history::{detail, kind, record};
pub use redline::{redline, redline_title};
pub use render::preview;
pub use text_pane::TextPane;

/// Makes the paragraphs of a reading in the styles in force.
type Make = Box<dyn Fn(&Styles) -> Vec<Paragraph>>;

/// A text over the whole screen: the preview, the detail of an entry.
pub struct Reading {
    title: String,
    view: TextView,
    text: String,
    item: Option<String>,
    make: Make,
    made: bool,
}

impl Reading {
    /// Shows what `make` makes; `text` is what is copied.
    pub fn new(
        title: impl Into<String>,
        text: impl Into<String>,
        make: impl Fn(&Styles) -> Vec<Paragraph> + 'static,
    ) -> Self {
        Self {
            title: title.into(),
            view: TextView::default(),
            text: text.into(),
            item: None,
            make: Box::new(make),
            made: false,
        }
    }

    /// The preview of a content.
    pub fn preview(item: &str, title: impl Into<String>, content: Content) -> Self {
        let text = content.text.clone();
        let mut reading = Self::new(title, text, move |styles| preview(&content, styles));
        reading.item = Some(item.to_owned());
        reading
    }

    /// Copies what is picked, else all of it.
    fn copied(&mut self, cx: &mut Cx<'_, Seat>) {
        let text = self.view.dragged().unwrap_or_else(|| self.text.clone());
        cx.copy(text);
        self.view.end_drag();
        kit::done(cx, tr!("tui-copied"));
    }
}

impl Component<Seat> for Reading {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::View]
    }

    fn flag(&self, flag: Flag) -> bool {
        flag == Flag::CanGoBack
    }

    fn commands(&self) -> Vec<Command> {
        vec![
            Command::hint(Action::ScrollDown),
            Command::hint(Action::Search),
            Command::hint(Action::CopyText),
            Command::hint(Action::Back),
        ]
    }

    fn shown(&mut self, _: &mut Cx<'_, Seat>) {
        self.made = false;
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, Seat>) -> Outcome {
        match event {
            Event::Action(Action::CopyText) => {
                match self.item.clone() {
                    // Who took an unpublished text along is on record.
                    Some(id) => kit::act(
                        cx,
                        move |d| d.preview(&id, ViewMode::Copy).map(drop),
                        |me: &mut Self, (), cx| me.copied(cx),
                    ),
                    None => self.copied(cx),
                }
            }
            Event::Mouse(mouse) if self.view.mouse(mouse) => {}
            Event::Action(Action::Search) => search(cx, |me: &mut Self| &mut me.view),
            Event::Action(action) if self.view.handle(*action) => {}
            _ => return Outcome::Ignored,
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        if !std::mem::replace(&mut self.made, true) {
            self.view.set((self.make)(&env.styles));
        }
        let body = kit::head_of(area, buf, env, &self.title, &[], 0, "");
        let body = Rect {
            x: body.x + 1,
            width: body.width.saturating_sub(1),
            ..body
        };
        self.view.render(body, buf, env);
    }
}

/// Asks for a text and searches a view for it.
pub fn search<C: Component<Seat>>(
    cx: &mut Cx<'_, Seat>,
    view: impl FnOnce(&mut C) -> &mut TextView + 'static,
) {
    ask_search(cx, |me: &mut C, text| view(me).search(text));
}

fn ask_search<C: Component<Seat>>(
    cx: &mut Cx<'_, Seat>,
    find: impl FnOnce(&mut C, &str) -> bool + 'static,
) {
    let reply = cx.reply(move |me: &mut C, text: Option<String>, cx| {
        if let Some(text) = text.filter(|t| !t.is_empty())
            && !find(me, &text)
        {
            cx.toast(
                crate::tui::component::ToastKind::Info,
                tr!("tui-not-found", text = text.as_str()),
            );
        }
    });
    cx.push(crate::tui::widgets::Prompt::text(
        Action::Search.describe(),
        "",
        tr!("tui-label-search"),
        reply,
    ));
}
