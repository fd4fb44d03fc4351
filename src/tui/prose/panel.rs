//! The line at the bottom of the editor: searching as one types, replacing, going to a paragraph,
//! and the commands of vim that begin with a colon.

use std::ops::Range;

use ratatui::buffer::Buffer as Cells;
use ratatui::layout::{Position, Rect};

use crate::desk::content::MAX_TEXT;
use crate::text::text_width;
use crate::tr;
use crate::tui::action::Action;
use crate::tui::component::{Command, Env, Event};
use crate::tui::draw;
use crate::tui::prose::buffer::Pos;
use crate::tui::prose::history::{Caret, Kind};
use crate::tui::prose::modal::Mode;
use crate::tui::prose::search::{Finder, Query};
use crate::tui::prose::{Did, Prose, Request};
use crate::tui::widgets::Field;
use crate::tui::widgets::field::FieldEvent;

/// What the line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PanelKind {
    /// Search.
    Find,
    /// Search and replace.
    Replace,
    /// A command of vim.
    Command,
    /// The number of a paragraph.
    Goto,
}

/// The open line.
#[derive(Debug, Clone)]
pub struct Panel {
    kind: PanelKind,
    query: Field,
    with: Field,
    /// Whether the replacement has the keys.
    second: bool,
    regex: bool,
    width: bool,
    within: Option<Range<Pos>>,
    origin: Caret,
    backward: bool,
    error: Option<String>,
    /// Which match of how many.
    hits: Option<(usize, usize)>,
}

impl Panel {
    fn field(&mut self) -> &mut Field {
        if self.second {
            &mut self.with
        } else {
            &mut self.query
        }
    }

    /// Where the caret stood in the last drawing.
    pub fn cursor(&self) -> Option<Position> {
        if self.second {
            self.with.cursor()
        } else {
            self.query.cursor()
        }
    }

    /// What can be done in it.
    pub fn commands(&self) -> Vec<Command> {
        let mut list = vec![Command::hint(Action::Accept)];
        if matches!(self.kind, PanelKind::Find | PanelKind::Replace) {
            list.push(Command::hint(Action::FindNext));
            if self.kind == PanelKind::Replace {
                list.push(Command::hint(Action::ReplaceAll));
                list.push(Command::quiet(Action::ReplaceOne));
                list.push(Command::quiet(Action::ToggleWithin));
            } else {
                list.push(Command::hint(Action::FindReplace));
            }
            list.push(Command::hint(Action::ToggleRegex));
            list.push(Command::hint(Action::ToggleWidth));
            list.push(Command::quiet(Action::FindPrevious));
        }
        list.push(Command::hint(Action::Cancel));
        list
    }

    /// Rows it takes.
    pub fn rows(&self) -> u16 {
        1 + u16::from(self.kind == PanelKind::Replace) + u16::from(self.error.is_some())
    }

    fn state(&self) -> String {
        let mut parts = Vec::new();
        if matches!(self.kind, PanelKind::Find | PanelKind::Replace) {
            if let Some((at, of)) = self.hits {
                parts.push(format!("{at}/{of}"));
            }
            if self.regex {
                parts.push(tr!("tui-find-regex"));
            }
            if self.width {
                parts.push(tr!("tui-find-width"));
            }
            if self.within.is_some() {
                parts.push(tr!("tui-find-within"));
            }
        }
        parts.join("  ")
    }

    /// Draws the line from the top of `area`.
    pub fn render(&mut self, area: Rect, buf: &mut Cells, env: &Env) {
        draw::clear(buf, area, env.styles.base, env.amb);
        let state = self.state();
        let room = text_width(&state, env.amb) as u16 + 2;
        let label = text_width(self.query.label(), env.amb)
            .max(text_width(self.with.label(), env.amb)) as u16
            + 1;
        let line = |y: u16| Rect {
            y: area.y + y,
            height: 1,
            width: area.width.saturating_sub(room).max(label + 8),
            ..area
        };
        self.query.render(line(0), buf, env, !self.second, label);
        if self.kind == PanelKind::Replace && area.height > 1 {
            self.with.render(line(1), buf, env, self.second, label);
        }
        draw::put_right(
            buf,
            area.right(),
            area.y,
            &state,
            env.styles.muted,
            room,
            env.amb,
        );
        if let Some(error) = &self.error {
            let y = area.bottom().saturating_sub(1);
            let text = format!("! {error}");
            draw::put(buf, area.x, y, &text, env.styles.error, area.width, env.amb);
        }
    }
}

impl Prose {
    /// Opens the line. What is selected within a paragraph is what is looked for; a selection
    /// over several is where.
    pub(super) fn open_panel(&mut self, kind: PanelKind, backward: bool) {
        if self.small {
            return;
        }
        let selection = self.selection();
        let visual = matches!(self.modal.mode(), Mode::Visual | Mode::VisualLine);
        let before = self
            .finder
            .as_ref()
            .map(|f| f.query().clone())
            .unwrap_or_default();
        let mut query = Field::new(match kind {
            PanelKind::Command => tr!("tui-editor-command"),
            PanelKind::Goto => tr!("tui-editor-goto"),
            _ => tr!("tui-find-what"),
        });
        let mut within = None;
        let mut text = before.text.clone();
        match (&selection, kind) {
            (Some(range), PanelKind::Find | PanelKind::Replace)
                if range.start.paragraph == range.end.paragraph =>
            {
                text = self.buffer.slice(range);
            }
            (Some(range), PanelKind::Replace | PanelKind::Command) => within = Some(range.clone()),
            _ => {}
        }
        match kind {
            PanelKind::Find | PanelKind::Replace => {
                query.set(&text);
                query.handle(&Event::Action(Action::SelectAll));
            }
            PanelKind::Command if visual => {
                within = selection;
                query.set("'<,'>");
            }
            _ => {}
        }
        if kind == PanelKind::Command && visual {
            self.modal.leave_visual();
            self.caret.anchor = None;
        }
        self.history.close();
        self.panel = Some(Panel {
            kind,
            query,
            with: Field::new(tr!("tui-find-with")),
            second: false,
            regex: before.regex,
            width: before.width,
            within,
            origin: self.caret,
            backward,
            error: None,
            hits: None,
        });
        self.highlight = matches!(kind, PanelKind::Find | PanelKind::Replace);
        if self.highlight && !text.is_empty() && text != before.text {
            self.look();
        }
    }

    /// Makes a literal text what is searched for.
    pub(super) fn search_for(&mut self, text: &str) {
        let query = Query {
            text: text.to_owned(),
            ..Query::default()
        };
        self.finder = Finder::new(query).ok();
        self.highlight = true;
    }

    /// Takes an event while the line is open.
    pub(super) fn in_panel(&mut self, event: &Event) -> Did {
        let Some(panel) = &mut self.panel else {
            return Did::Ignored;
        };
        let searching = matches!(panel.kind, PanelKind::Find | PanelKind::Replace);
        match event {
            Event::Action(Action::Accept) => return self.accept(),
            Event::Action(Action::Cancel) => {
                if panel.kind == PanelKind::Find {
                    self.caret = panel.origin;
                }
                self.highlight = false;
                self.panel = None;
                self.modal_ended();
            }
            Event::Action(Action::NextField | Action::PreviousField) => {
                panel.second = panel.kind == PanelKind::Replace && !panel.second;
            }
            Event::Action(Action::FindReplace) if searching => panel.kind = PanelKind::Replace,
            Event::Action(Action::FindNext) if searching => self.panel_step(true),
            Event::Action(Action::FindPrevious) if searching => self.panel_step(false),
            Event::Action(Action::ToggleRegex) if searching => {
                panel.regex = !panel.regex;
                self.look();
            }
            Event::Action(Action::ToggleWidth) if searching => {
                panel.width = !panel.width;
                self.look();
            }
            Event::Action(Action::ToggleWithin) if searching => {
                let selection = panel.origin.selection();
                panel.within = if panel.within.is_some() {
                    None
                } else {
                    selection
                };
                self.look();
            }
            Event::Action(Action::ReplaceOne) if panel.kind == PanelKind::Replace => {
                self.replace_one();
            }
            Event::Action(Action::ReplaceAll) if panel.kind == PanelKind::Replace => {
                self.replace_all();
            }
            Event::Mouse(mouse) => return self.mouse(*mouse),
            event => match panel.field().handle(event) {
                FieldEvent::Changed if searching && !panel.second => self.look(),
                FieldEvent::Changed if searching => {}
                FieldEvent::Changed => panel.error = None,
                FieldEvent::Copy(text) => self.requests.push(Request::Copy(text)),
                FieldEvent::Moved => {}
                FieldEvent::Ignored => return Did::Ignored,
            },
        }
        Did::Moved
    }

    /// Searches from where the line was opened, after each key.
    fn look(&mut self) {
        let Some(panel) = &mut self.panel else {
            return;
        };
        panel.hits = None;
        panel.error = None;
        let query = Query {
            text: panel.query.raw(),
            regex: panel.regex,
            width: panel.width,
        };
        let (origin, backward) = (panel.origin, panel.backward);
        if query.text.is_empty() {
            self.finder = None;
            self.caret = origin;
            return;
        }
        match Finder::new(query) {
            Ok(finder) => {
                self.finder = Some(finder);
                self.highlight = true;
                let from = origin.selection().map_or(origin.head, |s| s.start);
                // In command mode the caret is on a character, and what is wanted lies behind it.
                let behind = self.modal.is_on() && self.modal.mode() != Mode::Insert;
                self.panel_go(from, !backward, !backward && !behind);
            }
            Err(error) => {
                self.finder = None;
                if let Some(panel) = &mut self.panel {
                    panel.error = Some(error);
                }
            }
        }
    }

    fn panel_step(&mut self, forward: bool) {
        if self.finder.is_none() {
            self.look();
            return;
        }
        let from = self.caret.selection().map_or(self.caret.head, |s| s.start);
        self.panel_go(from, forward, false);
    }

    /// Goes to a match and counts them all.
    fn panel_go(&mut self, from: Pos, forward: bool, here: bool) {
        let (Some(finder), Some(panel)) = (self.finder.clone(), &mut self.panel) else {
            return;
        };
        let all = finder.all(&self.buffer, panel.within.as_ref());
        let start = |n: usize| Pos::new(all[n].0, all[n].1.start);
        let first = (0..all.len()).collect::<Vec<_>>();
        let at = if forward {
            let split = first.partition_point(|&n| {
                let s = start(n);
                if here { s < from } else { s <= from }
            });
            if split < all.len() { split } else { 0 }
        } else {
            match first.partition_point(|&n| start(n) < from) {
                0 => all.len().saturating_sub(1),
                n => n - 1,
            }
        };
        if let Some((p, r)) = all.get(at) {
            panel.hits = Some((at + 1, all.len()));
            let range = Pos::new(*p, r.start)..Pos::new(*p, r.end);
            self.stand_on(&range);
        } else {
            panel.hits = Some((0, 0));
            self.caret = panel.origin;
        }
    }

    /// Enter: the place found is kept, the replacement made, the command carried out.
    fn accept(&mut self) -> Did {
        let Some(panel) = &mut self.panel else {
            return Did::Ignored;
        };
        match panel.kind {
            PanelKind::Find => {
                let (text, origin, backward) = (panel.query.raw(), panel.origin, panel.backward);
                if panel.error.is_some() {
                    return Did::Moved;
                }
                if text.is_empty() {
                    self.panel = None;
                    self.highlight = false;
                    self.modal_ended();
                    return Did::Moved;
                }
                if panel.hits.is_none() {
                    self.look();
                }
                let found = self
                    .panel
                    .as_ref()
                    .and_then(|p| p.hits)
                    .is_some_and(|(_, n)| n > 0);
                if self.panel.as_ref().is_some_and(|p| p.error.is_some()) {
                    return Did::Moved;
                }
                self.panel = None;
                self.backward = backward;
                if !found {
                    self.caret = origin;
                    self.say_not_found(&text);
                    self.modal_ended();
                } else if self.modal.has_operator() {
                    let to = self.caret.head;
                    self.caret = origin;
                    self.operate_to(to);
                }
            }
            PanelKind::Replace if !panel.second => panel.second = true,
            PanelKind::Replace => self.replace_one(),
            PanelKind::Goto => {
                let number = panel.query.value().parse::<usize>();
                match number {
                    Ok(n) => {
                        self.panel = None;
                        self.go_paragraph(n);
                    }
                    Err(_) => panel.error = Some(tr!("tui-editor-goto-number")),
                }
            }
            PanelKind::Command => {
                let (text, within) = (panel.query.raw(), panel.within.clone());
                match self.run(text.trim(), within) {
                    Ok(()) => {
                        self.panel = None;
                        self.modal_ended();
                    }
                    Err(error) => {
                        if let Some(panel) = &mut self.panel {
                            panel.error = Some(error);
                        }
                    }
                }
            }
        }
        Did::Moved
    }

    /// A command that opened the line has ended without a change.
    fn modal_ended(&mut self) {
        if self.modal.is_on() {
            self.modal.drop_operator();
            self.history.part();
            self.settle();
        }
    }

    /// Replaces the match at the caret and goes to the next one.
    fn replace_one(&mut self) {
        if self.finder.is_none() {
            self.look();
        }
        let (Some(finder), Some(panel)) = (self.finder.clone(), &self.panel) else {
            return;
        };
        let with = panel.with.raw();
        let here = match self.caret.selection() {
            Some(range) => Some(range),
            None => finder
                .next(&self.buffer, self.caret.head, true, true)
                .filter(|r| r.start == self.caret.head),
        };
        let edit = here.and_then(|range| finder.replace_one(&self.buffer, &range, &with));
        let Some(edit) = edit else {
            self.panel_step(true);
            return;
        };
        let (at, old, new) = (edit.at, edit.removed.len(), edit.inserted.len());
        self.history.close();
        self.perform(vec![edit], Kind::Command, None);
        if let Some(panel) = &mut self.panel {
            if let Some(within) = &mut panel.within
                && within.end.paragraph == at.paragraph
            {
                within.end.byte = within.end.byte + new - old.min(within.end.byte);
            }
            panel.origin = Caret::at(self.caret.head);
        }
        let from = self.caret.head;
        self.panel_go(from, true, true);
    }

    fn replace_all(&mut self) {
        if self.finder.is_none() {
            self.look();
        }
        let (Some(finder), Some(panel)) = (self.finder.clone(), &self.panel) else {
            return;
        };
        let (with, within) = (panel.with.raw(), panel.within.clone());
        self.replace_matches(&finder, within.as_ref(), &with, false);
        self.panel = None;
        self.modal_ended();
    }

    /// Replaces matches as one step and says how many.
    fn replace_matches(
        &mut self,
        finder: &Finder,
        within: Option<&Range<Pos>>,
        with: &str,
        first: bool,
    ) {
        let Some((edits, count)) = finder.replace_all(&self.buffer, within, with, first, MAX_TEXT)
        else {
            self.say_full();
            return;
        };
        if count == 0 {
            self.say_not_found(&finder.query().text);
            return;
        }
        // The caret goes to the last place changed, which is the first edit.
        let after = edits.first().map_or(self.caret.head, |e| {
            super::history::end_of(e.at, &e.inserted)
        });
        self.history.close();
        let done = self.perform(edits, Kind::Command, Some(Caret::at(after)));
        self.history.close();
        if done {
            self.requests
                .push(Request::Say(tr!("tui-find-replaced", count = count)));
        }
    }

    /// Carries a command of vim out.
    fn run(&mut self, text: &str, within: Option<Range<Pos>>) -> Result<(), String> {
        let unknown = || tr!("tui-editor-command-unknown", text = text);
        match text {
            "" => {}
            "w" | "w!" => self.requests.push(Request::Save),
            "q" | "q!" | "qa" => self.requests.push(Request::Close),
            "wq" | "wq!" | "x" => self.requests.push(Request::SaveAndClose),
            "noh" | "nohlsearch" => self.highlight = false,
            "$" => self.go_paragraph(usize::MAX),
            "u" | "undo" => {
                self.undo();
            }
            "red" | "redo" => {
                self.redo();
            }
            _ => {
                if let Ok(number) = text.parse::<usize>() {
                    self.go_paragraph(number);
                    return Ok(());
                }
                let (range, rest) = self.range_of(text, within);
                let rest = rest.strip_prefix('s').ok_or_else(unknown)?;
                let sign = rest
                    .chars()
                    .next()
                    .filter(|c| !c.is_alphanumeric() && *c != '\\' && !c.is_whitespace())
                    .ok_or_else(unknown)?;
                let parts = split_at_sign(&rest[sign.len_utf8()..], sign);
                let [pattern, with, flags] = parts;
                let pattern = if pattern.is_empty() {
                    self.finder
                        .as_ref()
                        .map(|f| f.query().text.clone())
                        .unwrap_or_default()
                } else {
                    pattern
                };
                let finder = Finder::new(Query {
                    text: pattern,
                    regex: true,
                    width: false,
                })?;
                self.finder = Some(finder.clone());
                self.highlight = true;
                self.replace_matches(&finder, Some(&range), &groups(&with), !flags.contains('g'));
            }
        }
        Ok(())
    }

    /// Goes to a paragraph, counted from 1; to the last where there are not so many.
    fn go_paragraph(&mut self, number: usize) {
        let last = self.buffer.len() - 1;
        self.go_to(number.saturating_sub(1).min(last), 0);
    }

    /// The paragraphs a command is for, and the rest of it.
    fn range_of<'t>(&self, text: &'t str, within: Option<Range<Pos>>) -> (Range<Pos>, &'t str) {
        let lines = |from: usize, to: usize| {
            let to = to.min(self.buffer.len() - 1);
            let from = from.min(to);
            Pos::new(from, 0)..Pos::new(to, self.buffer.paragraph(to).len())
        };
        let here = self.caret.head.paragraph;
        if let Some(rest) = text.strip_prefix('%') {
            return (lines(0, usize::MAX), rest);
        }
        if let Some(rest) = text.strip_prefix("'<,'>") {
            let range = within.unwrap_or_else(|| lines(here, here));
            return (lines(range.start.paragraph, range.end.paragraph), rest);
        }
        let line = |text: &str| match text {
            "." => Some(here),
            "$" => Some(usize::MAX),
            n => n.parse::<usize>().ok().map(|n| n.saturating_sub(1)),
        };
        if let Some(end) = text.find('s')
            && let Some((a, b)) = text[..end].split_once(',')
            && let (Some(a), Some(b)) = (line(a), line(b))
        {
            return (lines(a, b), &text[end..]);
        }
        (lines(here, here), text)
    }
}

/// The three parts of `pattern/with/flags`; a sign behind a backslash is itself.
fn split_at_sign(text: &str, sign: char) -> [String; 3] {
    let mut parts = [String::new(), String::new(), String::new()];
    let mut at = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\\' && chars.peek() == Some(&sign) {
            parts[at].extend(chars.next());
        } else if c == sign && at < 2 {
            at += 1;
        } else {
            parts[at].push(c);
        }
    }
    parts
}

/// `\1` and `&` as people of vim write groups, as `${1}` and `${0}`. A `$` is itself.
fn groups(with: &str) -> String {
    let mut out = String::new();
    let mut chars = with.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some(d)) if d.is_ascii_digit() => {
                out.push_str(&format!("${{{d}}}"));
                chars.next();
            }
            ('\\', Some('$')) => {
                out.push_str("$$");
                chars.next();
            }
            ('\\', Some(_)) => out.extend(chars.next()),
            ('&', _) => out.push_str("${0}"),
            // Money, and nothing else.
            ('$', _) => out.push_str("$$"),
            _ => out.push(c),
        }
    }
    out
}
