//! The command palette: every action, found by a few letters of its name in any language or of its
//! pinyin, the ones used last first, with the reason where one is not possible now.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::text::{initials, text_width};
use crate::tr;
use crate::tui::action::{Action, Context};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome, TextMode, ToastKind};
use crate::tui::draw;
use crate::tui::key::sequence_text;
use crate::tui::keymap::Keymap;
use crate::tui::widgets::field::{Field, FieldEvent};
use crate::tui::widgets::{put_wrapped, wrapped_height};

struct Entry {
    action: Action,
    what: String,
    letters: String,
    keys: String,
    /// Why it is not possible now.
    why: Option<String>,
}

/// The popup. The picked action is done on the layer below, as if its key had been pressed.
pub(crate) struct Palette {
    /// In the order they are shown in while nothing is typed.
    entries: Vec<Entry>,
    /// Places of those that match, the best first.
    found: Vec<usize>,
    search: Field,
    selected: usize,
    top: usize,
    body: Rect,
}

impl Palette {
    /// Offers `offers`, each with the reason where it is not possible now; `recent` come first.
    pub(crate) fn new(
        keymap: &Keymap,
        contexts: &[Context],
        offers: &[(Action, Option<String>)],
        recent: &[Action],
    ) -> Self {
        let mut entries: Vec<Entry> = offers
            .iter()
            .map(|(action, why)| {
                let keys = keymap
                    .keys_for(*action, contexts)
                    .first()
                    .map(|k| sequence_text(k))
                    .unwrap_or_default();
                let what = action.describe();
                Entry {
                    action: *action,
                    letters: initials(&what),
                    what,
                    keys,
                    why: why.clone(),
                }
            })
            .collect();
        let age = |e: &Entry| recent.iter().position(|a| *a == e.action);
        entries.sort_by_key(|e| (e.why.is_some(), age(e).unwrap_or(usize::MAX)));
        Self {
            found: (0..entries.len()).collect(),
            entries,
            search: Field::new(tr!("tui-palette-prompt")),
            selected: 0,
            top: 0,
            body: Rect::default(),
        }
    }

    fn search(&mut self) {
        let wanted = self.search.value();
        let mut matcher = Matcher::new(Config::DEFAULT);
        let pattern = Pattern::new(
            &wanted,
            CaseMatching::Ignore,
            Normalization::Smart,
            AtomKind::Fuzzy,
        );
        let mut room = Vec::new();
        let mut score = |text: &str| pattern.score(Utf32Str::new(text, &mut room), &mut matcher);
        let mut scored: Vec<(u32, usize)> = self
            .entries
            .iter()
            .enumerate()
            .filter_map(|(n, e)| {
                let best = [&e.what, e.action.name(), &e.letters]
                    .into_iter()
                    .filter_map(&mut score)
                    .max()?;
                Some((best, n))
            })
            .collect();
        // What can be done stands before what cannot, then the better match; the order of the list
        // (recent first) decides between equals.
        scored.sort_by_key(|(score, n)| {
            (
                self.entries[*n].why.is_some(),
                std::cmp::Reverse(*score),
                *n,
            )
        });
        self.found = scored.into_iter().map(|(_, n)| n).collect();
        self.selected = 0;
    }

    fn matching(&self) -> Vec<&Entry> {
        self.found
            .iter()
            .filter_map(|n| self.entries.get(*n))
            .collect()
    }

    #[cfg(test)]
    pub(crate) fn type_in(&mut self, text: &str) {
        self.search.handle(&Event::Text(text.to_owned()));
        self.search();
    }

    #[cfg(test)]
    pub(crate) fn shown_actions(&self) -> Vec<Action> {
        self.matching().iter().map(|e| e.action).collect()
    }

    fn height(&self) -> usize {
        usize::from(self.body.height).max(1)
    }
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
                if let Some(entry) = self.matching().get(self.selected) {
                    if let Some(why) = &entry.why {
                        let text = format!("{}{}{why}", entry.what, tr!("tui-colon"));
                        cx.toast(ToastKind::Warning, text);
                    } else {
                        let action = entry.action;
                        cx.close();
                        cx.picked(action);
                    }
                }
            }
            Event::Action(Action::Next) => self.selected = (self.selected + 1).min(last),
            Event::Action(Action::Previous) => self.selected = self.selected.saturating_sub(1),
            Event::Action(Action::PageDown) => {
                self.selected = (self.selected + self.height()).min(last);
            }
            Event::Action(Action::PageUp) => {
                self.selected = self.selected.saturating_sub(self.height());
            }
            Event::Mouse(mouse)
                if draw::holds(self.body, mouse.column, mouse.row) && mouse.kind.is_down() =>
            {
                let at = self.top + usize::from(mouse.row - self.body.y);
                self.selected = at.min(last);
            }
            event => match self.search.handle(event) {
                FieldEvent::Ignored => return Outcome::Ignored,
                FieldEvent::Changed => self.search(),
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
        // The reason why the selected one cannot be done now stands below, in full.
        let why = self
            .matching()
            .get(self.selected)
            .and_then(|e| e.why.clone())
            .unwrap_or_default();
        let below = Rect {
            x: inside.x + 2,
            width: inside.width.saturating_sub(3),
            ..inside
        };
        let rows = wrapped_height(&why, below.width, env).min(inside.height / 3);
        put_wrapped(
            buf,
            Rect {
                y: inside.bottom() - rows,
                height: rows,
                ..below
            },
            &why,
            env.styles.warning,
            env,
        );
        let body = Rect {
            y: inside.y + 1,
            height: inside.height.saturating_sub(1 + rows),
            ..inside
        };
        self.body = body;
        let height = self.height();
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
            .max((self.selected + 1).saturating_sub(height));
        env.hits.rows(
            Rect {
                height: body.height.min((matching.len() - top) as u16),
                ..body
            },
            Action::Accept,
        );
        for (n, entry) in matching.iter().enumerate().skip(top).take(height) {
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
            let room = keys.saturating_sub(body.x + 3);
            match &entry.why {
                None => {
                    let style = env.styles.text;
                    draw::put_fit(buf, body.x + 2, y, &entry.what, style, room, env.amb);
                }
                Some(why) => {
                    let style = env.styles.muted;
                    let text = format!("{} ({why})", entry.what);
                    draw::put_fit(buf, body.x + 2, y, &text, style, room, env.amb);
                }
            }
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
