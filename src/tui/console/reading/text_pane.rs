//! The manuscript as it is read: set or as written, passages picked for comments, comments beside
//! the words they are about.

use std::sync::Arc;

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::comments::{self, Thread};
use super::render;
use crate::desk::comments::CommentView;
use crate::desk::view::ItemView;
use crate::rules::act::Anchor;
use crate::text::{inert, wrap};
use crate::tr;
use crate::tui::action::{Action, Context};
use crate::tui::component::Env;
use crate::tui::console::kit::when;
use crate::tui::console::seat::Words;
use crate::tui::draw;
use crate::tui::theme::Styles;
use crate::tui::widgets::{Paragraph, TextView};

/// From this width on, comments stand beside the text.
const BESIDE: u16 = 100;
/// Cells of the comments beside the text.
const NOTES: u16 = 34;
/// Rows of the comment below the text where there is no room beside it.
const STRIP: u16 = 4;

/// The pane.
#[derive(Default)]
pub struct TextPane {
    view: TextView,
    text: String,
    revision: u32,
    purged: bool,
    threads: Vec<Thread>,
    words: Arc<Words>,
    /// As written instead of as set.
    source: bool,
    /// Settled threads are marked too.
    all: bool,
    selected: Option<usize>,
    drawn_for: Option<Styles>,
    area: Rect,
}

impl TextPane {
    /// Shows the working text of an item with its comments, at the same place as before.
    pub fn set(&mut self, view: &ItemView, comments: Vec<CommentView>, words: &Arc<Words>) {
        if self.text != view.content.text {
            self.text.clone_from(&view.content.text);
        }
        self.revision = view.line.revision;
        self.purged = view.purged;
        self.threads = comments::threads(comments, &self.text);
        self.words = Arc::clone(words);
        if self.selected.is_some_and(|n| n >= self.threads.len()) {
            self.selected = None;
        }
        self.drawn_for = None;
    }

    /// Back to the beginning, for another item.
    pub fn forget(&mut self) {
        self.view = TextView::default();
        self.selected = None;
        self.drawn_for = None;
    }

    /// The threads, in the order of the text.
    pub fn threads(&self) -> &[Thread] {
        &self.threads
    }

    /// The open threads as remarks on the text.
    pub fn remarks(&self) -> Vec<crate::tui::widgets::Remark> {
        comments::remarks(&self.threads, &self.text, &self.words)
    }

    /// The text they are about.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The thread it stands on.
    pub fn thread(&self) -> Option<&Thread> {
        self.selected.and_then(|n| self.threads.get(n))
    }

    /// The view, for searching.
    pub fn view(&mut self) -> &mut TextView {
        &mut self.view
    }

    /// Whether a passage is being picked.
    pub fn picking(&self) -> bool {
        self.view.picking()
    }

    /// The contexts of its keys, innermost first.
    pub fn contexts(&self) -> Vec<Context> {
        if self.picking() {
            vec![Context::Passage]
        } else {
            Vec::new()
        }
    }

    /// The caret, while a passage is being picked.
    pub fn cursor(&self) -> Option<Position> {
        self.view.cursor()
    }

    /// The picked passage as the anchor of a comment, and its words.
    pub fn anchor(&self) -> Option<(Anchor, String)> {
        let chars = self.view.passage()?.chars(&self.text);
        let words: String = self
            .text
            .chars()
            .skip(chars.start)
            .take(chars.len())
            .collect();
        let anchor = Anchor {
            revision: self.revision,
            place: Anchor::TEXT.to_owned(),
            from: chars.start as u32,
            to: chars.end as u32,
        };
        (!words.is_empty()).then_some((anchor, words))
    }

    /// No longer picks.
    pub fn end_passage(&mut self) {
        self.view.end_passage();
    }

    /// The text that copying means: what is picked, else all of it.
    pub fn copied(&self) -> String {
        match self.view.picked() {
            Some(text) if !text.is_empty() => text,
            _ => self.text.clone(),
        }
    }

    /// Stands on a thread and shows its passage; false if the passage is not in the text.
    pub fn go_to_thread(&mut self, n: usize) -> bool {
        self.selected = Some(n);
        if self.threads.get(n).is_some_and(Thread::settled) && !self.all {
            self.all = true;
            self.mark();
        }
        self.view.go_to_mark(n)
    }

    /// Shows the place of the source that begins at a byte.
    pub fn go_to_byte(&mut self, byte: usize, styles: &Styles) {
        self.lay_out(styles);
        self.view.go_to_source(byte);
    }

    /// To the next thread with a place in the text, in a circle.
    fn step(&mut self, forward: bool) {
        let seen: Vec<usize> = (0..self.threads.len())
            .filter(|n| {
                let thread = &self.threads[*n];
                (self.all || !thread.settled()) && thread.place(&self.text).is_some()
            })
            .collect();
        let next = match (self.selected, forward) {
            (None, _) => self.view.mark_here().or(seen.first().copied()),
            (Some(at), true) => seen.iter().find(|n| **n > at).or(seen.first()).copied(),
            (Some(at), false) => seen.iter().rfind(|n| **n < at).or(seen.last()).copied(),
        };
        if let Some(n) = next {
            self.go_to_thread(n);
        }
    }

    /// Takes an action; false if it is none of its own.
    pub fn handle(&mut self, action: Action) -> bool {
        match action {
            Action::StartPassage => {
                self.view.start_passage();
            }
            Action::NextComment => self.step(true),
            Action::PreviousComment => self.step(false),
            Action::ToggleSource => {
                self.source = !self.source;
                self.view.end_passage();
                self.drawn_for = None;
            }
            Action::ToggleFold => {
                self.all = !self.all;
                self.mark();
            }
            action => return self.view.handle(action),
        }
        true
    }

    /// Takes the mouse; false if it is elsewhere.
    pub fn mouse(&mut self, mouse: MouseEvent) -> bool {
        let (x, y) = (mouse.column, mouse.row);
        match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) if draw::holds(self.area, x, y) => {
                if let Some(n) = self.view.mark_at(x, y) {
                    self.go_to_thread(n);
                }
                self.view.end_passage();
                self.view.point(x, y, false);
            }
            MouseEventKind::Drag(MouseButton::Left) if self.picking() => {
                self.view.point(x, y, true);
            }
            MouseEventKind::Up(MouseButton::Left) if self.picking() => {
                // A click alone picks nothing.
                if self.view.picked().is_none_or(|t| t.is_empty()) {
                    self.view.end_passage();
                }
            }
            MouseEventKind::ScrollDown if draw::holds(self.area, x, y) => self.view.scroll(3),
            MouseEventKind::ScrollUp if draw::holds(self.area, x, y) => self.view.scroll(-3),
            _ => return false,
        }
        true
    }

    fn mark(&mut self) {
        let places: Vec<_> = self
            .threads
            .iter()
            .map(|t| {
                let shown = self.all || !t.settled();
                shown.then(|| t.place(&self.text)).flatten()
            })
            .collect();
        self.view.set_marks(&places);
    }

    fn lay_out(&mut self, styles: &Styles) {
        if self.drawn_for.as_ref() == Some(styles) {
            return;
        }
        if self.purged {
            self.view
                .set(vec![Paragraph::new(tr!("error-purged"), styles.warning)]);
        } else if self.source {
            self.view.set_source(render::source(&self.text, styles));
        } else {
            self.view.set_source(render::body(&self.text, styles));
        }
        self.mark();
        self.drawn_for = Some(styles.clone());
    }

    /// Draws the text, and the comments beside it or the one it stands on below it.
    pub fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        self.lay_out(&env.styles);
        let placed = self
            .threads
            .iter()
            .any(|t| (self.all || !t.settled()) && t.place(&self.text).is_some());
        if placed && area.width >= BESIDE {
            let text = Rect {
                width: area.width - NOTES - 2,
                ..area
            };
            self.area = text;
            self.view.render(text, buf, env);
            let notes = Rect {
                x: text.right() + 2,
                width: NOTES,
                ..area
            };
            self.notes(notes, buf, env);
            return;
        }
        let strip = if self.thread().is_some() && area.height > 3 * STRIP {
            STRIP
        } else {
            0
        };
        let text = Rect {
            height: area.height - strip,
            ..area
        };
        self.area = text;
        self.view.render(text, buf, env);
        if let (Some(n), true) = (self.selected, strip > 0) {
            let below = Rect {
                y: text.bottom(),
                height: strip,
                ..area
            };
            for x in below.x..below.right() {
                let line = env.glyphs.horizontal;
                draw::put(buf, x, below.y, line, env.styles.border, 1, env.amb);
            }
            let note = Rect {
                y: below.y + 1,
                height: strip - 1,
                ..below
            };
            self.note(note, buf, env, n);
        }
    }

    /// The comments of the passages on screen, each as near to its own as there is room.
    fn notes(&self, area: Rect, buf: &mut Buffer, env: &Env) {
        for y in area.y..area.bottom() {
            let line = env.glyphs.vertical;
            draw::put(buf, area.x - 1, y, line, env.styles.border, 1, env.amb);
        }
        let mut y = area.y;
        for (n, row) in self.view.mark_rows() {
            y = y.max(row);
            if y >= area.bottom() {
                break;
            }
            let place = Rect {
                x: area.x + 1,
                y,
                width: area.width - 1,
                height: (area.bottom() - y).min(8),
            };
            y += self.note(place, buf, env, n) + 1;
        }
    }

    /// One thread in a few rows; returns the rows used.
    fn note(&self, area: Rect, buf: &mut Buffer, env: &Env, n: usize) -> u16 {
        let Some(thread) = self.threads.get(n) else {
            return 0;
        };
        let styles = &env.styles;
        let name = if self.selected == Some(n) {
            styles.strong.patch(styles.change_current)
        } else {
            styles.strong
        };
        let mut used = 0;
        for comment in std::iter::once(&thread.root).chain(&thread.answers) {
            if used + 1 >= area.height && used > 0 {
                break;
            }
            let mut x = area.x;
            let room = |x: u16| area.right().saturating_sub(x);
            let y = area.y + used;
            if comment.answers.is_none() {
                let number = format!("{} ", n + 1);
                x += draw::put(buf, x, y, &number, styles.key, room(x), env.amb);
            } else {
                x += 2;
            }
            let person = self.words.person(&comment.person).to_owned();
            x += draw::put(buf, x, y, &person, name, room(x), env.amb);
            let mut about = format!("  {}", when(comment.at, env.now_us));
            if comment.answers.is_none() && thread.settled() {
                about.push_str("  ✓");
            }
            draw::put(buf, x, y, &about, styles.muted, room(x), env.amb);
            used += 1;
            let text = inert(&comments::said(comment).replace('\n', " ")).into_owned();
            for row in wrap(&text, area.width.saturating_sub(2).max(1), env.amb) {
                if used >= area.height {
                    break;
                }
                let y = area.y + used;
                let width = area.width.saturating_sub(2);
                draw::put(buf, area.x + 2, y, &text[row], styles.text, width, env.amb);
                used += 1;
            }
        }
        used
    }
}
