//! A question for a file or folder, with completion from the disk.

use std::path::{Path, PathBuf};

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::tr;
use crate::tui::action::{Action, Context};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome, Reply, TextMode};
use crate::tui::console::seat::Seat;
use crate::tui::draw;
use crate::tui::widgets::dialog::keys_line;
use crate::tui::widgets::{Field, put_wrapped, wrapped_height};

/// Rows of names below the entry.
const SHOWN: usize = 8;
/// Most names read from one folder.
const MOST: usize = 2_000;

/// What the path is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// A file or a folder to be read.
    Existing,
    /// A file to be written; it may not be there yet.
    New,
}

/// The question. Tab completes; what begins so is listed below.
pub struct PathPrompt {
    title: String,
    text: String,
    wanted: Wanted,
    field: Field,
    names: Vec<(String, bool)>,
    /// What the list was made for: an answer that comes late is dropped.
    asked: String,
    reply: Option<Reply<Seat, Option<PathBuf>>>,
}

impl PathPrompt {
    /// Asks, starting from `start`.
    pub fn new(
        title: impl Into<String>,
        text: impl Into<String>,
        wanted: Wanted,
        start: &str,
        reply: Reply<Seat, Option<PathBuf>>,
    ) -> Self {
        Self {
            title: title.into(),
            text: text.into(),
            wanted,
            field: Field::new(tr!("tui-label-path")).required().with(start),
            names: Vec::new(),
            asked: String::new(),
            reply: Some(reply),
        }
    }

    fn look(&mut self, complete: bool, cx: &mut Cx<'_, Seat>) {
        let typed = self.field.value();
        self.asked.clone_from(&typed);
        cx.background(
            tr!("tui-path-reading"),
            move |_| (typed.clone(), names(&typed)),
            move |me: &mut Self, (typed, names), _| {
                if me.asked != typed {
                    return;
                }
                me.names = names;
                if complete {
                    me.complete(&typed);
                }
            },
        );
    }

    /// Puts what all names have in common into the entry.
    fn complete(&mut self, typed: &str) {
        let Some((first, _)) = self.names.first() else {
            return;
        };
        let mut common: Vec<char> = first.chars().collect();
        for (name, _) in &self.names {
            let same = common
                .iter()
                .zip(name.chars())
                .take_while(|(a, b)| **a == *b)
                .count();
            common.truncate(same);
        }
        let (folder, begun) = split(typed);
        let common: String = common.into_iter().collect();
        if common.chars().count() >= begun.chars().count() {
            let mut whole = format!("{folder}{common}");
            if let [(_, true)] = self.names.as_slice() {
                whole.push('/');
            }
            self.field.set(&whole);
        }
    }

    fn finish(&mut self, value: Option<PathBuf>, cx: &mut Cx<'_, Seat>) {
        if let Some(reply) = self.reply.take() {
            reply.send(value, cx);
        }
        cx.close();
    }

    fn accept(&mut self, cx: &mut Cx<'_, Seat>) {
        if !self.field.check() {
            return;
        }
        let path = expand(&self.field.value());
        // One look at the disk, when the person has decided.
        let wrong = match self.wanted {
            Wanted::Existing if !path.exists() => Some(tr!("tui-path-missing")),
            Wanted::New if path.exists() => Some(tr!("tui-path-exists")),
            Wanted::New if path.file_name().is_none() => Some(tr!("tui-path-missing")),
            _ => None,
        };
        match wrong {
            Some(wrong) => self.field.set_error(Some(wrong)),
            None => self.finish(Some(path), cx),
        }
    }
}

/// `~/` is the home of whoever runs the program.
fn expand(text: &str) -> PathBuf {
    match (text.strip_prefix("~/"), directories::BaseDirs::new()) {
        (Some(rest), Some(dirs)) => dirs.home_dir().join(rest),
        _ => PathBuf::from(text),
    }
}

/// The folder as typed, and the beginning of a name in it.
fn split(typed: &str) -> (&str, &str) {
    match typed.rfind('/') {
        Some(at) => typed.split_at(at + 1),
        None => ("", typed),
    }
}

/// Names that begin as typed, folders first; hidden ones only where a dot was typed.
fn names(typed: &str) -> Vec<(String, bool)> {
    let (folder, begun) = split(typed);
    let folder = if folder.is_empty() {
        PathBuf::from(".")
    } else {
        expand(folder)
    };
    let Ok(entries) = std::fs::read_dir(Path::new(&folder)) else {
        return Vec::new();
    };
    let mut list: Vec<(String, bool)> = entries
        .take(MOST)
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let shown =
                name.starts_with(begun) && (!name.starts_with('.') || begun.starts_with('.'));
            shown.then(|| (name, entry.path().is_dir()))
        })
        .collect();
    list.sort_by(|a, b| (!a.1, &a.0).cmp(&(!b.1, &b.0)));
    list
}

impl Component<Seat> for PathPrompt {
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
        self.field.cursor()
    }

    fn commands(&self) -> Vec<Command> {
        vec![
            Command::hint(Action::Accept),
            Command::hint(Action::NextField),
            Command::hint(Action::Cancel),
        ]
    }

    fn shown(&mut self, cx: &mut Cx<'_, Seat>) {
        self.look(false, cx);
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, Seat>) -> Outcome {
        use crate::tui::widgets::field::FieldEvent;
        match event {
            Event::Action(Action::Accept) => self.accept(cx),
            Event::Action(Action::NextField) => self.look(true, cx),
            Event::Action(Action::Cancel | Action::Back) => self.finish(None, cx),
            event => match self.field.handle(event) {
                FieldEvent::Ignored => return Outcome::Ignored,
                FieldEvent::Copy(text) => cx.copy(text),
                FieldEvent::Changed => self.look(false, cx),
                FieldEvent::Moved => {}
            },
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let width = 76.min(area.width);
        let text = wrapped_height(&self.text, width - 4, env);
        let place = draw::centred(area, width, text + SHOWN as u16 + 7);
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
        let label = crate::text::text_width(self.field.label(), env.amb) as u16 + 1;
        let row = Rect {
            y: inside.y + text + 1,
            height: 2,
            ..inside
        };
        self.field.render(row, buf, env, true, label);
        let from = row.y + 2;
        for (n, (name, folder)) in self.names.iter().take(SHOWN).enumerate() {
            let rest: usize = self.names.len() - n;
            let (shown, style) = match (n + 1 == SHOWN && self.names.len() > SHOWN, folder) {
                (true, _) => (tr!("tui-path-more", count = rest), env.styles.muted),
                (false, true) => (format!("{name}/"), env.styles.strong),
                (false, false) => (name.clone(), env.styles.text),
            };
            let y = from + n as u16;
            if y + 1 < inside.bottom() {
                let room = inside.width.saturating_sub(2);
                draw::put_fit(buf, inside.x + 2, y, &shown, style, room, env.amb);
            }
        }
        keys_line(
            inside,
            buf,
            env,
            &[Action::Accept, Action::NextField, Action::Cancel],
        );
    }
}
