//! The command palette: every action possible here, found by a few letters.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::text::text_width;
use crate::tr;
use crate::tui::action::{Action, Context};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome, TextMode};
use crate::tui::draw;
use crate::tui::key::sequence_text;
use crate::tui::keymap::Keymap;
use crate::tui::widgets::field::{Field, FieldEvent};

struct Entry {
    action: Action,
    what: String,
    keys: String,
}

/// The popup. The picked action is done on the layer below, as if its key had been pressed.
pub(crate) struct Palette {
    entries: Vec<Entry>,
    search: Field,
    selected: usize,
    top: usize,
    height: usize,
}

impl Palette {
    pub(crate) fn new(keymap: &Keymap, contexts: &[Context], commands: &[Command]) -> Self {
        let here = commands.iter().filter(|c| c.enabled).map(|c| c.action);
        let global = Action::ALL
            .iter()
            .copied()
            .filter(|a| a.context() == Context::Global && *a != Action::Palette);
        let mut entries: Vec<Entry> = Vec::new();
        for action in here.chain(global) {
            if entries.iter().all(|e| e.action != action) {
                let keys = keymap
                    .keys_for(action, contexts)
                    .first()
                    .map(|k| sequence_text(k))
                    .unwrap_or_default();
                entries.push(Entry {
                    action,
                    what: action.describe(),
                    keys,
                });
            }
        }
        Self {
            entries,
            search: Field::new(tr!("tui-palette-prompt")),
            selected: 0,
            top: 0,
            height: 1,
        }
    }

    /// The entries that match, the best first.
    fn matching(&self) -> Vec<&Entry> {
        let wanted = self.search.value();
        let mut scored: Vec<(u32, &Entry)> = self
            .entries
            .iter()
            .filter_map(|e| {
                let score = fuzzy(&wanted, &e.what)
                    .into_iter()
                    .chain(fuzzy(&wanted, e.action.name()))
                    .min()?;
                Some((score, e))
            })
            .collect();
        scored.sort_by_key(|(score, _)| *score);
        scored.into_iter().map(|(_, e)| e).collect()
    }
}

/// How far `wanted` is from standing in `text`: its characters must come in order; gaps and a
/// late start cost. Lower is better, none is no match.
pub(crate) fn fuzzy(wanted: &str, text: &str) -> Option<u32> {
    let text: Vec<char> = text.to_lowercase().chars().collect();
    let mut score = 0;
    let mut at = 0;
    let mut last: Option<usize> = None;
    for c in wanted.to_lowercase().chars().filter(|c| !c.is_whitespace()) {
        let found = at + text[at..].iter().position(|t| *t == c)?;
        score += match last {
            None => u32::try_from(found).unwrap_or(u32::MAX).min(8),
            Some(last) if found == last + 1 => 0,
            // A letter that begins a word is as good as one that follows.
            Some(_) if found > 0 && matches!(text[found - 1], ' ' | '-') => 1,
            Some(last) => 2 + u32::try_from(found - last).unwrap_or(u32::MAX).min(8),
        };
        last = Some(found);
        at = found + 1;
    }
    Some(score)
}

impl<D: 'static> Component<D> for Palette {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Palette]
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
            Command::hint(Action::Next),
            Command::hint(Action::Accept),
            Command::hint(Action::Cancel),
        ]
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, D>) -> Outcome {
        let last = self.matching().len().saturating_sub(1);
        match event {
            Event::Action(Action::Cancel | Action::Back) => cx.close(),
            Event::Action(Action::Accept) => {
                if let Some(action) = self.matching().get(self.selected).map(|e| e.action) {
                    cx.close();
                    cx.dispatch(action);
                }
            }
            Event::Action(Action::Next) => self.selected = (self.selected + 1).min(last),
            Event::Action(Action::Previous) => self.selected = self.selected.saturating_sub(1),
            Event::Action(Action::PageDown) => {
                self.selected = (self.selected + self.height).min(last);
            }
            Event::Action(Action::PageUp) => {
                self.selected = self.selected.saturating_sub(self.height);
            }
            event => match self.search.handle(event) {
                FieldEvent::Ignored => return Outcome::Ignored,
                FieldEvent::Changed => self.selected = 0,
                FieldEvent::Moved | FieldEvent::Copy(_) => {}
            },
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let place = draw::centred(
            area,
            area.width.saturating_sub(8).min(70),
            area.height.saturating_sub(2).min(18),
        );
        let inside = draw::frame(
            buf,
            place,
            &tr!("tui-palette-title"),
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
        let matching = self.matching();
        if matching.is_empty() {
            draw::put(
                buf,
                body.x + 2,
                body.y,
                &tr!("tui-palette-none"),
                env.styles.muted,
                body.width - 2,
                env.amb,
            );
            return;
        }
        let top = self
            .top
            .min(self.selected)
            .max((self.selected + 1).saturating_sub(self.height));
        for (n, entry) in matching.iter().enumerate().skip(top).take(self.height) {
            let y = body.y + (n - top) as u16;
            let keys = draw::put_right(
                buf,
                body.right() - 1,
                y,
                &entry.keys,
                env.styles.key,
                16,
                env.amb,
            );
            draw::put_fit(
                buf,
                body.x + 2,
                y,
                &entry.what,
                env.styles.text,
                keys.saturating_sub(body.x + 3),
                env.amb,
            );
            if n == self.selected {
                draw::put(
                    buf,
                    body.x,
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
                        ..body
                    },
                    env.styles.selected,
                );
            }
        }
        self.top = top;
    }
}
