//! A popup for a passphrase: never shown, never copied, wiped from memory.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use unicode_segmentation::UnicodeSegmentation;
use zeroize::Zeroizing;

use crate::tr;
use crate::tui::action::{Action, Context};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome, Reply, TextMode};
use crate::tui::draw;
use crate::tui::widgets::dialog::keys_line;
use crate::tui::widgets::put_wrapped;

/// Longest passphrase; room for it is taken at once, so that the text never moves in memory and
/// leaves no copies behind.
const ROOM: usize = 1024;

/// The popup; answers with the passphrase, or none.
pub struct Passphrase<D: 'static> {
    title: String,
    text: String,
    typed: Zeroizing<String>,
    caret: Option<Position>,
    reply: Option<Reply<D, Option<Zeroizing<String>>>>,
}

impl<D> std::fmt::Debug for Passphrase<D> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Passphrase")
            .field("title", &self.title)
            .finish_non_exhaustive()
    }
}

impl<D: 'static> Passphrase<D> {
    /// Asks; `text` says whose passphrase and what for.
    pub fn new(
        title: impl Into<String>,
        text: impl Into<String>,
        reply: Reply<D, Option<Zeroizing<String>>>,
    ) -> Self {
        Self {
            title: title.into(),
            text: text.into(),
            typed: Zeroizing::new(String::with_capacity(ROOM)),
            caret: None,
            reply: Some(reply),
        }
    }

    fn add(&mut self, text: &str) {
        for g in text.trim_end_matches('\n').graphemes(true) {
            if self.typed.len() + g.len() <= ROOM {
                self.typed.push_str(g);
            }
        }
    }

    fn finish(&mut self, cx: &mut Cx<'_, D>, given: bool) {
        let typed = std::mem::replace(&mut self.typed, Zeroizing::new(String::new()));
        if let Some(reply) = self.reply.take() {
            reply.send(given.then_some(typed), cx);
        }
        cx.close();
    }
}

impl<D: 'static> Component<D> for Passphrase<D> {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Field, Context::Dialog]
    }

    fn popup(&self) -> bool {
        true
    }

    fn text_mode(&self) -> TextMode {
        TextMode::Line
    }

    fn cursor(&self) -> Option<Position> {
        self.caret
    }

    fn commands(&self) -> Vec<Command> {
        vec![Command::hint(Action::Accept), Command::hint(Action::Cancel)]
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, D>) -> Outcome {
        match event {
            Event::Text(text) | Event::Paste(text) => self.add(text),
            Event::Action(Action::DeleteLeft) => {
                let keep = self
                    .typed
                    .grapheme_indices(true)
                    .next_back()
                    .map_or(0, |(at, _)| at);
                self.typed.truncate(keep);
            }
            Event::Action(Action::DeleteToRowStart | Action::DeleteWordLeft) => self.typed.clear(),
            Event::Action(Action::Accept) => self.finish(cx, true),
            Event::Action(Action::Cancel | Action::Back) => self.finish(cx, false),
            _ => return Outcome::Ignored,
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let place = draw::centred(area, 60, 8);
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
        put_wrapped(
            buf,
            Rect {
                height: 2,
                ..inside
            },
            &self.text,
            env.styles.text,
            env,
        );
        let count = self.typed.graphemes(true).count();
        let row = Rect {
            y: inside.y + 2,
            height: 1,
            ..inside
        };
        draw::fill(buf, row, env.styles.field_focused);
        let used = draw::put(
            buf,
            row.x,
            row.y,
            &"*".repeat(count),
            env.styles.field_focused,
            row.width - 1,
            env.amb,
        );
        self.caret = Some(Position::new(row.x + used, row.y));
        let text = tr!("tui-passphrase-length", count = count);
        draw::put(
            buf,
            row.x,
            row.y + 1,
            &text,
            env.styles.muted,
            row.width,
            env.amb,
        );
        keys_line(inside, buf, env, &[Action::Accept, Action::Cancel]);
    }
}
