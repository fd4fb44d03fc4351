#![allow(clippy::unwrap_used)]
//! Before, keys, after. In the texts `|` is the caret and `^` the other end of the selection; keys
//! are written as in scripts of the console: `d w`, `<ctrl-s>`, 中文.

mod emacs;
mod modal;
mod plain;
mod properties;
mod screen;

use std::time::Duration;

use crossterm::event::KeyCode;

use super::*;
use crate::tui::key::KeyPress;
use crate::tui::keymap::{Keymap, Preset, Resolved};
use crate::tui::testing;

/// An editor with its keymap, pressed key by key as the loop does it.
struct Desk {
    prose: Prose,
    keymap: Keymap,
    pending: Vec<KeyPress>,
    now: Duration,
    ignored: Vec<crate::tui::action::Action>,
}

impl Desk {
    fn new(preset: Preset, before: &str) -> Self {
        let keymap = Keymap::preset(preset);
        let mut prose = Prose::new(keymap.modal);
        let (text, head, anchor) = read(before);
        prose.set_text(&text);
        prose.caret = Caret {
            anchor,
            ..Caret::at(head)
        };
        let mut desk = Self {
            prose,
            keymap,
            pending: Vec::new(),
            now: Duration::from_secs(100),
            ignored: Vec::new(),
        };
        desk.draw(80, 24);
        desk
    }

    fn draw(&mut self, width: u16, height: u16) -> String {
        let env = testing::env();
        let prose = &mut self.prose;
        testing::buffer_text(&testing::drawn(width, height, |area, buf| {
            prose.render(area, buf, &env, true);
        }))
    }

    fn event(&mut self, event: &Event) -> Did {
        let did = self.prose.handle(event, self.now);
        if let (Did::Ignored, Event::Action(action)) = (did, event) {
            self.ignored.push(*action);
        }
        did
    }

    fn key(&mut self, key: KeyPress) {
        self.now += Duration::from_millis(5);
        let mode = self.prose.text_mode();
        if mode != TextMode::None
            && self.pending.is_empty()
            && let Some(c) = key.typed()
        {
            self.event(&Event::Text(c.to_string()));
            return;
        }
        let key = if mode == TextMode::None {
            key.to_ascii()
        } else {
            key
        };
        if !self.pending.is_empty() && key.code == KeyCode::Esc {
            self.pending.clear();
            return;
        }
        self.pending.push(key);
        let prose = &self.prose;
        let resolved = self
            .keymap
            .resolve(&prose.contexts(), &self.pending, &|f| prose.flag(f));
        match resolved {
            Resolved::Action(action) => {
                self.pending.clear();
                self.event(&Event::Action(action));
            }
            Resolved::Pending(_) => {}
            Resolved::Unbound => {
                let alone = self.pending.len() == 1;
                self.pending.clear();
                if alone {
                    self.event(&Event::Key(key));
                }
            }
        }
    }

    fn press(&mut self, script: &str) -> &mut Self {
        for key in testing::keys(script).unwrap() {
            self.key(key);
            self.check();
        }
        self
    }

    /// What must hold after every key.
    fn check(&self) {
        let caret = self.prose.caret;
        for pos in [Some(caret.head), caret.anchor].into_iter().flatten() {
            assert_eq!(self.prose.buffer.clamp(pos), pos, "inside a character");
        }
    }

    fn shown(&self) -> String {
        write(&self.prose)
    }
}

/// The text with its markers.
fn write(prose: &Prose) -> String {
    let mut marks = vec![(prose.caret.head, '|')];
    if let Some(anchor) = prose.caret.anchor.filter(|a| *a != prose.caret.head) {
        marks.push((anchor, '^'));
    }
    marks.sort_unstable();
    let mut out = String::new();
    for p in 0..prose.buffer.len() {
        if p > 0 {
            out.push('\n');
        }
        let text = prose.buffer.paragraph(p);
        let mut from = 0;
        for (pos, mark) in marks.iter().filter(|(pos, _)| pos.paragraph == p) {
            out.push_str(&text[from..pos.byte]);
            out.push(*mark);
            from = pos.byte;
        }
        out.push_str(&text[from..]);
    }
    out
}

fn read(marked: &str) -> (String, Pos, Option<Pos>) {
    let mut text = String::new();
    let (mut head, mut anchor) = (Pos::default(), None);
    for c in marked.chars() {
        let here = history::end_of(Pos::default(), &text);
        match c {
            '|' => head = here,
            '^' => anchor = Some(here),
            c => text.push(c),
        }
    }
    (text, head, anchor)
}

/// Plays a table of cases and tells all that fail.
fn play(preset: Preset, cases: &[(&str, &str, &str)]) {
    let mut wrong = Vec::new();
    for (before, keys, after) in cases {
        let mut desk = Desk::new(preset, before);
        desk.press(keys);
        let found = desk.shown();
        if found != *after {
            wrong.push(format!(
                "{before:?}  {keys}\n    wanted {after:?}\n    found  {found:?}"
            ));
        }
        // Whatever was done can be undone to the letter and done again.
        desk.prose.panel = None;
        let text = desk.prose.text();
        desk.prose.history.part();
        let steps = desk.prose.history.depth();
        for _ in 0..steps {
            desk.prose.undo();
        }
        if desk.prose.text() != read(before).0 {
            wrong.push(format!(
                "{before:?}  {keys}\n    undone to {:?}",
                desk.prose.text()
            ));
        }
        for _ in 0..steps {
            desk.prose.redo();
        }
        if desk.prose.text() != text {
            wrong.push(format!(
                "{before:?}  {keys}\n    done again to {:?}",
                desk.prose.text()
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
