//! The key help: every key of the focus and its surroundings, searched as one types.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::text::{initials, text_width};
use crate::tr;
use crate::tui::action::{Action, Context};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome, TextMode};
use crate::tui::draw;
use crate::tui::key::sequence_text;
use crate::tui::keymap::Keymap;
use crate::tui::widgets::field::{Field, FieldEvent};
use crate::tui::widgets::text_view::scrollbar;

struct Line {
    section: String,
    keys: String,
    what: String,
    /// Initials of its pinyin.
    letters: String,
    name: &'static str,
}

/// The popup. It is made for one focus, from the keymap itself.
pub(crate) struct Help {
    lines: Vec<Line>,
    search: Field,
    top: usize,
    height: usize,
}

impl Help {
    pub(crate) fn new(keymap: &Keymap, contexts: &[Context]) -> Self {
        let mut lines: Vec<Line> = Vec::new();
        let mut order: Vec<Context> = contexts.to_vec();
        order.push(Context::Global);
        for context in order {
            for (_, rules) in keymap.bindings(context) {
                for rule in rules {
                    if lines.iter().any(|l| l.name == rule.action.name()) {
                        continue;
                    }
                    let keys: Vec<String> = keymap
                        .keys_for(rule.action, contexts)
                        .iter()
                        .map(|k| sequence_text(k))
                        .collect();
                    if !keys.is_empty() {
                        lines.push(Line {
                            section: context.title(),
                            keys: keys.join("  "),
                            letters: initials(&rule.action.describe()),
                            what: rule.action.describe(),
                            name: rule.action.name(),
                        });
                    }
                }
            }
        }
        Self {
            lines,
            search: Field::new(tr!("tui-help-search")),
            top: 0,
            height: 1,
        }
    }

    fn matching(&self) -> Vec<&Line> {
        let wanted = self.search.value().to_lowercase();
        self.lines
            .iter()
            .filter(|l| {
                wanted.is_empty()
                    || l.what.to_lowercase().contains(&wanted)
                    || l.letters.contains(&wanted)
                    || l.name.contains(&wanted)
                    || l.keys.to_lowercase().split("  ").any(|k| k == wanted)
            })
            .collect()
    }

    /// Sections and their lines as rows: title or key line.
    fn rows(&self) -> Vec<Result<&Line, &str>> {
        let mut rows = Vec::new();
        let mut section = "";
        for line in self.matching() {
            if line.section != section {
                section = &line.section;
                rows.push(Err(section));
            }
            rows.push(Ok(line));
        }
        rows
    }
}

impl<D: 'static> Component<D> for Help {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Help]
    }

    fn popup(&self) -> bool {
        true
    }

    fn text_mode(&self) -> TextMode {
        TextMode::Line
    }

    fn cursor(&self) -> Option<Position> {
        self.search.cursor()
    }

    fn commands(&self) -> Vec<Command> {
        vec![
            Command::hint(Action::ScrollDown),
            Command::hint(Action::PageDown),
            Command::hint(Action::Cancel),
        ]
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, D>) -> Outcome {
        match event {
            Event::Action(Action::Cancel | Action::Back) => cx.close(),
            Event::Action(Action::ScrollDown) => self.top += 1,
            Event::Action(Action::ScrollUp) => self.top = self.top.saturating_sub(1),
            Event::Action(Action::PageDown) => self.top += self.height,
            Event::Action(Action::PageUp) => self.top = self.top.saturating_sub(self.height),
            Event::Action(Action::First) => self.top = 0,
            Event::Action(Action::Last) => self.top = usize::MAX / 2,
            event => match self.search.handle(event) {
                FieldEvent::Ignored => return Outcome::Ignored,
                FieldEvent::Changed => self.top = 0,
                FieldEvent::Moved | FieldEvent::Copy(_) => {}
            },
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let place = draw::centred(
            area,
            area.width.saturating_sub(8).min(90),
            area.height.saturating_sub(2),
        );
        let inside = draw::frame(
            buf,
            place,
            &tr!("tui-help-title"),
            env.styles.border_focused,
            env.styles.title,
            env.amb,
        );
        let label = text_width(self.search.label(), env.amb) as u16 + 1;
        self.search.render(
            Rect {
                height: 1,
                ..inside
            },
            buf,
            env,
            true,
            label,
        );
        let body = Rect {
            y: inside.y + 1,
            height: inside.height.saturating_sub(1),
            ..inside
        };
        self.height = usize::from(body.height).max(1);
        let count = self.rows().len();
        self.top = self.top.min(count.saturating_sub(self.height));
        if count == 0 {
            let text = tr!("tui-help-none", text = self.search.value());
            draw::put(
                buf,
                body.x + 2,
                body.y,
                &text,
                env.styles.muted,
                body.width - 2,
                env.amb,
            );
            return;
        }
        let keys_width = body.width / 3;
        for (row, y) in self
            .rows()
            .into_iter()
            .skip(self.top)
            .zip(body.y..body.bottom())
        {
            match row {
                Err(section) => {
                    draw::put(
                        buf,
                        body.x + 1,
                        y,
                        section,
                        env.styles.title,
                        body.width - 2,
                        env.amb,
                    );
                }
                Ok(line) => {
                    draw::put_fit(
                        buf,
                        body.x + 3,
                        y,
                        &line.keys,
                        env.styles.key,
                        keys_width,
                        env.amb,
                    );
                    let x = body.x + 4 + keys_width;
                    draw::put_fit(
                        buf,
                        x,
                        y,
                        &line.what,
                        env.styles.text,
                        body.right().saturating_sub(x + 2),
                        env.amb,
                    );
                }
            }
        }
        scrollbar(body, buf, env, self.top, self.height, count);
    }
}
