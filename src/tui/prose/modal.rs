//! The commands of vim: modes, counts, operators over motions and text objects, registers,
//! repetition.
//!
//! Keys come as actions of the keymap (contexts `editor-normal`, `editor-visual`,
//! `editor-pending`), so that help shows them and a person can rebind them. What a keymap cannot
//! say is a small state machine here: the digits of a count, and the character that `f`, `r`,
//! `"` and the text objects wait for.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use crossterm::event::KeyCode;

use crate::tui::action::{Action, Context};
use crate::tui::component::{Event, TextMode};
use crate::tui::prose::act::motion_of;
use crate::tui::prose::buffer::Pos;
use crate::tui::prose::history::{Caret, Kind};
use crate::tui::prose::lines::{indent, outdent};
use crate::tui::prose::motion::{self, Motion, first_letter};
use crate::tui::prose::panel::PanelKind;
use crate::tui::prose::{Clip, Did, Prose, Request};

mod object;

/// Larger counts are slips of the keyboard.
const MOST: usize = 9_999;

/// How keys are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Characters are text. Without vim's commands this is the only one.
    Insert,
    /// Characters are commands.
    Normal,
    /// Motions select characters.
    Visual,
    /// Motions select paragraphs.
    VisualLine,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Delete,
    Change,
    Yank,
    Indent,
    Outdent,
}

/// Which character is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Await {
    Find { forward: bool, till: bool },
    Replace,
    Object { around: bool },
    Register,
}

/// How much of the way an operator takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Exclusive,
    Inclusive,
    Lines,
}

/// The state of vim's commands.
#[derive(Debug, Clone)]
pub struct Modal {
    on: bool,
    mode: Mode,
    count: Option<usize>,
    operator: Option<(Operator, Option<usize>)>,
    register: Option<char>,
    awaiting: Option<Await>,
    last_find: Option<Motion>,
    registers: BTreeMap<char, Clip>,
    recording: Vec<Event>,
    /// Where in the recording the text of an insertion begins, and how often it is put.
    insertion: (usize, usize),
    started: u64,
    last_change: Vec<Event>,
    replaying: bool,
    /// The command running is none to repeat.
    once: bool,
}

impl Modal {
    /// `on` starts in command mode; off there is only text.
    pub fn new(on: bool) -> Self {
        Self {
            on,
            mode: if on { Mode::Normal } else { Mode::Insert },
            count: None,
            operator: None,
            register: None,
            awaiting: None,
            last_find: None,
            registers: BTreeMap::new(),
            recording: Vec::new(),
            insertion: (0, 1),
            started: 0,
            last_change: Vec::new(),
            replaying: false,
            once: false,
        }
    }

    /// Whether vim's commands are in force.
    pub fn is_on(&self) -> bool {
        self.on
    }

    /// The mode.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Whether a count is being typed, so that 0 is a digit.
    pub fn counting(&self) -> bool {
        self.count.is_some()
    }

    /// Whether an operator waits for its motion.
    pub fn has_operator(&self) -> bool {
        self.operator.is_some()
    }

    /// A command that waits for something is given up.
    pub fn drop_operator(&mut self) {
        self.reset();
    }

    /// A selection ends.
    pub fn leave_visual(&mut self) {
        if matches!(self.mode, Mode::Visual | Mode::VisualLine) {
            self.mode = Mode::Normal;
        }
    }

    /// A selection of characters begins.
    pub fn enter_visual(&mut self) {
        if self.on && self.mode != Mode::Insert {
            self.mode = Mode::Visual;
        }
    }

    /// The contexts of the focus, innermost first.
    pub fn contexts(&self) -> Vec<Context> {
        match self.mode {
            Mode::Insert => vec![Context::Editor],
            _ if self.awaiting.is_some() => vec![Context::EditorPending, Context::Editor],
            Mode::Normal if self.operator.is_some() => vec![
                Context::EditorPending,
                Context::EditorNormal,
                Context::Editor,
            ],
            Mode::Normal => vec![Context::EditorNormal, Context::Editor],
            Mode::Visual | Mode::VisualLine => vec![
                Context::EditorVisual,
                Context::EditorNormal,
                Context::Editor,
            ],
        }
    }

    /// How characters are taken now.
    pub fn text_mode(&self) -> TextMode {
        match self.mode {
            Mode::Insert => TextMode::Lines,
            _ if self.awaiting.is_some() => TextMode::Character,
            _ => TextMode::None,
        }
    }

    fn idle(&self) -> bool {
        self.mode == Mode::Normal
            && self.count.is_none()
            && self.operator.is_none()
            && self.register.is_none()
            && self.awaiting.is_none()
    }

    fn reset(&mut self) {
        self.count = None;
        self.operator = None;
        self.register = None;
        self.awaiting = None;
    }

    /// What has been typed of a command, for the row of state.
    pub fn pending(&self) -> String {
        let mut out = String::new();
        if let Some(c) = self.register {
            let _ = write!(out, "\"{c}");
        }
        if let Some((op, n)) = self.operator {
            if let Some(n) = n {
                let _ = write!(out, "{n}");
            }
            out.push(match op {
                Operator::Delete => 'd',
                Operator::Change => 'c',
                Operator::Yank => 'y',
                Operator::Indent => '>',
                Operator::Outdent => '<',
            });
        }
        if let Some(n) = self.count {
            let _ = write!(out, "{n}");
        }
        out.push_str(match self.awaiting {
            Some(Await::Find { forward, till }) => match (forward, till) {
                (true, false) => "f",
                (false, false) => "F",
                (true, true) => "t",
                (false, true) => "T",
            },
            Some(Await::Replace) => "r",
            Some(Await::Object { around }) => {
                if around {
                    "a"
                } else {
                    "i"
                }
            }
            Some(Await::Register) => "\"",
            None => "",
        });
        out
    }
}

impl Prose {
    /// The mode, where vim's commands are in force.
    pub fn mode(&self) -> Option<Mode> {
        self.modal.on.then_some(self.modal.mode)
    }

    /// Takes an event where vim's commands are in force.
    pub(super) fn in_modal(&mut self, event: &Event) -> Did {
        if self.modal.idle() && !self.modal.replaying {
            self.modal.recording.clear();
            self.modal.started = self.history.state();
            self.modal.once = false;
        }
        if !self.modal.replaying {
            self.modal.recording.push(event.clone());
        }
        let did = match self.modal.mode {
            Mode::Insert => self.inserting(event),
            _ if self.modal.awaiting.is_some() => self.argument(event),
            _ => self.commanding(event),
        };
        self.command_over();
        did
    }

    /// Where a command has come to its end, its changes are one step and can be repeated.
    fn command_over(&mut self) {
        if self.modal.idle() && self.panel.is_none() {
            self.history.part();
            self.settle();
            let changed = self.history.state() != self.modal.started;
            if changed && !self.modal.once && !self.modal.replaying {
                self.modal.last_change = std::mem::take(&mut self.modal.recording);
            }
        }
    }

    /// Takes note of an event that the line at the bottom gets: it may belong to a command.
    pub(super) fn note_for_repeat(&mut self, event: &Event) {
        if self.modal.on && !self.modal.replaying {
            self.modal.recording.push(event.clone());
        }
    }

    fn inserting(&mut self, event: &Event) -> Did {
        if *event != Event::Action(Action::NormalMode) {
            return self.plain(event);
        }
        let (from, times) = std::mem::replace(&mut self.modal.insertion, (0, 1));
        if times > 1 && !self.modal.replaying {
            let typed: Vec<Event> = self.modal.recording[from.min(self.modal.recording.len())..]
                .iter()
                .filter(|e| matches!(e, Event::Text(_) | Event::Action(Action::NewLine)))
                .cloned()
                .collect();
            for event in (1..times).flat_map(|_| &typed) {
                self.plain(event);
            }
            // Repeating the command types all of it again.
            let all = (1..times).flat_map(|_| typed.clone()).collect::<Vec<_>>();
            let esc = self.modal.recording.pop();
            self.modal.recording.extend(all);
            self.modal.recording.extend(esc);
        }
        self.modal.mode = Mode::Normal;
        self.modal.reset();
        let Pos { paragraph, byte } = self.caret.head;
        self.caret = Caret::at(Pos::new(paragraph, self.buffer.left_of(paragraph, byte)));
        Did::Moved
    }

    fn commanding(&mut self, event: &Event) -> Did {
        match event {
            Event::Key(key) => {
                let KeyCode::Char(digit @ '1'..='9') = key.code else {
                    self.modal.reset();
                    return Did::Moved;
                };
                self.digit(digit as usize - '0' as usize);
                Did::Moved
            }
            Event::Action(Action::CountZero) => {
                self.digit(0);
                Did::Moved
            }
            Event::Action(action) => {
                self.history.join();
                self.command(*action)
            }
            Event::Text(_) => Did::Moved,
            Event::Paste(_) | Event::Mouse(_) => {
                self.modal.reset();
                self.plain(event)
            }
        }
    }

    fn digit(&mut self, digit: usize) {
        let count = self.modal.count.unwrap_or(0) * 10 + digit;
        self.modal.count = Some(count.min(MOST));
    }

    /// The count of the command, that of its operator times that of its motion.
    fn take_count(&mut self) -> Option<usize> {
        let inner = self.modal.count.take();
        let outer = self.modal.operator.and_then(|(_, n)| n);
        match (inner, outer) {
            (None, None) => None,
            (a, b) => Some((a.unwrap_or(1) * b.unwrap_or(1)).min(MOST)),
        }
    }

    fn command(&mut self, action: Action) -> Did {
        let visual = self.modal.mode != Mode::Normal;
        let operator = match action {
            Action::OperatorDelete => Some(Operator::Delete),
            Action::OperatorChange => Some(Operator::Change),
            Action::OperatorYank => Some(Operator::Yank),
            Action::OperatorIndent => Some(Operator::Indent),
            Action::OperatorOutdent => Some(Operator::Outdent),
            _ => None,
        };
        if let Some(op) = operator {
            return self.operator(op, visual);
        }
        let awaiting = match action {
            Action::FindCharacter => Some(Await::Find { forward: true, till: false }),
            Action::FindCharacterBack => Some(Await::Find { forward: false, till: false }),
            Action::TillCharacter => Some(Await::Find { forward: true, till: true }),
            Action::TillCharacterBack => Some(Await::Find { forward: false, till: true }),
            Action::ReplaceCharacter => Some(Await::Replace),
            Action::InnerObject => Some(Await::Object { around: false }),
            Action::AroundObject => Some(Await::Object { around: true }),
            Action::PickRegister => Some(Await::Register),
            _ => None,
        };
        if awaiting.is_some() {
            self.modal.awaiting = awaiting;
            return Did::Moved;
        }
        if let Some((to, reach)) = self.way(action) {
            self.take_way(to, reach);
            return Did::Moved;
        }
        if motion_of(action, self.page()).is_some() {
            // A motion that leads nowhere ends the command.
            self.modal.reset();
            return Did::Moved;
        }
        self.other(action, visual)
    }

    /// Commands that are neither motion nor operator.
    fn other(&mut self, action: Action, visual: bool) -> Did {
        if matches!(action, Action::Find | Action::FindBackward) {
            // The operator waits for the place that is found.
            self.open_panel(PanelKind::Find, action == Action::FindBackward);
            return Did::Moved;
        }
        let head = self.caret.head;
        let Pos { paragraph, byte } = head;
        let len = self.buffer.paragraph(paragraph).len();
        let count = self.take_count();
        let times = count.unwrap_or(1);
        self.modal.operator = None;
        match action {
            Action::NormalMode | Action::CancelSelection => {
                self.modal.leave_visual();
                self.modal.reset();
                self.caret.anchor = None;
                self.highlight = false;
            }
            Action::VisualMode => self.visual(Mode::Visual),
            Action::VisualLineMode => self.visual(Mode::VisualLine),
            Action::InsertMode | Action::InsertRowStart | Action::InsertAfter
            | Action::InsertRowEnd | Action::OpenBelow | Action::OpenAbove => {
                self.enter_insert(action, times);
            }
            Action::DeleteRight | Action::DeleteLeft if !visual => {
                let mut to = byte;
                for _ in 0..times {
                    to = if action == Action::DeleteRight {
                        self.buffer.right_of(paragraph, to)
                    } else {
                        self.buffer.left_of(paragraph, to)
                    };
                }
                let range = Pos::new(paragraph, byte.min(to))..Pos::new(paragraph, byte.max(to));
                self.operate(Operator::Delete, range, false);
            }
            Action::SubstituteCharacter if !visual => {
                let mut to = byte;
                for _ in 0..times {
                    to = self.buffer.right_of(paragraph, to);
                }
                self.operate(Operator::Change, head..Pos::new(paragraph, to), false);
            }
            Action::DeleteRight | Action::DeleteLeft | Action::DeleteParagraph if visual => {
                self.on_selection(Operator::Delete);
            }
            Action::SubstituteCharacter => self.on_selection(Operator::Change),
            Action::DeleteToParagraphEnd | Action::ChangeToParagraphEnd => {
                let op = if action == Action::DeleteToParagraphEnd {
                    Operator::Delete
                } else {
                    Operator::Change
                };
                self.operate(op, head..Pos::new(paragraph, len), false);
            }
            Action::SubstituteParagraph | Action::YankParagraph => {
                let op = if action == Action::YankParagraph {
                    Operator::Yank
                } else {
                    Operator::Change
                };
                let last = (paragraph + times - 1).min(self.buffer.len() - 1);
                self.operate(op, Pos::new(paragraph, 0)..Pos::new(last, 0), true);
            }
            Action::ToggleCase => self.toggle_case(times, visual),
            Action::JoinParagraphs => {
                let lines = self.lines();
                let joins = if visual { lines.len().max(2) - 1 } else { times.max(2) - 1 };
                self.modal.leave_visual();
                self.join(lines.start, joins);
            }
            Action::PasteAfter => self.put(true, times),
            Action::PasteBefore => self.put(false, times),
            Action::SwapSelection => {
                if let Some(anchor) = self.caret.anchor {
                    self.caret = Caret {
                        anchor: Some(head),
                        ..Caret::at(anchor)
                    };
                }
            }
            Action::RepeatChange => self.repeat(count),
            Action::Undo | Action::Redo => {
                self.modal.once = true;
                self.history.part();
                for _ in 0..times {
                    if action == Action::Undo {
                        self.undo();
                    } else {
                        self.redo();
                    }
                }
                self.caret.anchor = None;
            }
            Action::CommandLine => self.open_panel(PanelKind::Command, false),
            Action::FindNext | Action::FindPrevious => {
                for _ in 0..times {
                    self.find_again((action == Action::FindNext) != self.backward);
                }
            }
            Action::Copy => self.on_selection(Operator::Yank),
            Action::Cut => self.on_selection(Operator::Delete),
            other => {
                self.modal.once = true;
                let did = self.act(other);
                if !matches!(self.modal.mode, Mode::Visual | Mode::VisualLine) && self.panel.is_none() {
                    self.caret.anchor = None;
                }
                if did == Did::Changed || did == Did::Moved {
                    self.modal.once = false;
                }
                return did;
            }
        }
        Did::Moved
    }

    fn visual(&mut self, mode: Mode) {
        if self.modal.mode == mode {
            self.modal.mode = Mode::Normal;
            self.caret.anchor = None;
        } else {
            if self.modal.mode == Mode::Normal {
                self.caret.anchor = Some(self.caret.head);
            }
            self.modal.mode = mode;
        }
    }

    /// Begins an insertion: from here on all is one step and one command.
    fn insert(&mut self, times: usize) {
        self.modal.mode = Mode::Insert;
        self.modal.insertion = (self.modal.recording.len(), times);
        self.caret.anchor = None;
    }

    fn enter_insert(&mut self, action: Action, times: usize) {
        let selection = self.selection();
        let visual = self.modal.mode != Mode::Normal;
        self.modal.leave_visual();
        self.caret.anchor = None;
        let Pos { paragraph, byte } = self.caret.head;
        let text = self.buffer.paragraph(paragraph);
        let head = match action {
            Action::InsertRowStart if visual => selection.map_or(self.caret.head, |s| s.start),
            Action::InsertRowEnd if visual => selection.map_or(self.caret.head, |s| s.end),
            Action::InsertAfter => Pos::new(paragraph, self.buffer.right_of(paragraph, byte)),
            Action::InsertRowStart => Pos::new(paragraph, first_letter(text)),
            Action::InsertRowEnd | Action::OpenBelow => Pos::new(paragraph, text.len()),
            Action::OpenAbove => Pos::new(paragraph, 0),
            _ => self.caret.head,
        };
        self.caret = Caret::at(head);
        self.insert(times);
        match action {
            Action::OpenBelow => self.new_line(),
            Action::OpenAbove => {
                self.type_text("\n");
                self.caret = Caret::at(Pos::new(paragraph, 0));
            }
            _ => {}
        }
    }

    /// Where a motion leads and how much an operator takes of it.
    fn way(&mut self, action: Action) -> Option<(Caret, Reach)> {
        let page = self.page();
        let (motion, reach) = match action {
            Action::RepeatFind | Action::RepeatFindBack => {
                let turn = action == Action::RepeatFindBack;
                (again(self.modal.last_find.clone()?, turn), Reach::Inclusive)
            }
            _ => {
                let (motion, _) = motion_of(action, page)?;
                let reach = match motion {
                    Motion::Rows(_) | Motion::Start | Motion::End => Reach::Lines,
                    Motion::WordEnd | Motion::ClauseEnd | Motion::Pair | Motion::ParagraphEnd
                    | Motion::RowEnd => Reach::Inclusive,
                    _ => Reach::Exclusive,
                };
                (motion, reach)
            }
        };
        self.way_of(motion, reach)
    }

    fn way_of(&mut self, motion: Motion, reach: Reach) -> Option<(Caret, Reach)> {
        let head = self.caret.head;
        let operator = self.modal.operator.map(|(op, _)| op);
        let counted = self.take_count();
        let times = counted.unwrap_or(1);
        let base = Caret {
            anchor: None,
            ..self.caret
        };
        let caret = match (&motion, counted) {
            (Motion::Start | Motion::End, Some(n)) => self.line(n.saturating_sub(1)),
            (Motion::Start, None) => self.line(0),
            (Motion::End, None) => self.line(usize::MAX),
            (Motion::Rows(by), _) if operator.is_some() => {
                let far = by.signum() * times as isize;
                let to = head.paragraph.saturating_add_signed(far);
                if to >= self.buffer.len() || (far < 0 && head.paragraph == 0) {
                    return None;
                }
                Caret::at(Pos::new(to, 0))
            }
            (Motion::Rows(by), _) => {
                motion::go(&mut self.buffer, base, &Motion::Rows(by * times as isize))?
            }
            (Motion::ParagraphEnd, _) => {
                let to = (head.paragraph + times - 1).min(self.buffer.len() - 1);
                let len = self.buffer.paragraph(to).len();
                if len == 0 && to == head.paragraph {
                    return Some((base, Reach::Exclusive));
                }
                Caret::at(Pos::new(to, self.buffer.left_of(to, len)))
            }
            (Motion::WordRight, _) if operator == Some(Operator::Change) && !self.on_blank() => {
                let mut byte = head.byte;
                for _ in 0..times {
                    byte = self.word_end_from(head.paragraph, byte);
                }
                return Some((Caret::at(Pos::new(head.paragraph, byte)), Reach::Exclusive));
            }
            (Motion::Paragraph(_) | Motion::Pair | Motion::FirstLetter | Motion::ParagraphStart, _) => {
                motion::go(&mut self.buffer, base, &motion)?
            }
            _ => {
                let character = matches!(motion, Motion::Character { .. });
                let mut caret = base;
                for n in 0..times {
                    let step = if n == 0 { motion.clone() } else { again(motion.clone(), false) };
                    match self.one(caret, &step, operator.is_some()) {
                        Some(next) => caret = next,
                        None if character => return None,
                        None => break,
                    }
                }
                if caret.head == head && !character {
                    return None;
                }
                caret
            }
        };
        let back = matches!(&motion, Motion::Character { forward: false, .. });
        let reach = if back { Reach::Exclusive } else { reach };
        Some((caret, reach))
    }

    fn line(&self, n: usize) -> Caret {
        let paragraph = n.min(self.buffer.len() - 1);
        let letter = first_letter(self.buffer.paragraph(paragraph));
        Caret::at(Pos::new(paragraph, letter))
    }

    fn on_blank(&self) -> bool {
        let Pos { paragraph, byte } = self.caret.head;
        self.buffer.paragraph(paragraph)[byte..]
            .chars()
            .next()
            .is_none_or(char::is_whitespace)
    }

    fn word_end_from(&mut self, paragraph: usize, byte: usize) -> usize {
        motion::go(&mut self.buffer, Caret::at(Pos::new(paragraph, byte)), &Motion::WordEnd)
            .filter(|c| c.head.paragraph == paragraph)
            .map_or(byte, |c| c.head.byte)
    }

    /// One step of a motion as vim makes it.
    fn one(&mut self, caret: Caret, motion: &Motion, operator: bool) -> Option<Caret> {
        let Pos { paragraph, byte } = caret.head;
        let len = self.buffer.paragraph(paragraph).len();
        match motion {
            Motion::Left if byte == 0 => return None,
            Motion::Right => {
                let to = self.buffer.right_of(paragraph, byte);
                let last = to == len && !operator && self.modal.mode == Mode::Normal;
                return (byte < len && !last).then(|| Caret::at(Pos::new(paragraph, to)));
            }
            Motion::WordEnd | Motion::ClauseEnd => {
                // Behind the character the caret stands on, else it would find its own end.
                let mut from = caret;
                from.head.byte = self.buffer.right_of(paragraph, byte);
                let mut to = motion::go(&mut self.buffer, from, motion)?;
                if to.head.byte == 0 {
                    to = motion::go(&mut self.buffer, to, motion)?;
                }
                to.head.byte = self.buffer.left_of(to.head.paragraph, to.head.byte);
                return Some(to);
            }
            _ => {}
        }
        let mut to = motion::go(&mut self.buffer, caret, motion)?;
        let crossed = to.head.paragraph != paragraph;
        match motion {
            // From the last word to the first of the next paragraph at once.
            Motion::WordRight | Motion::ClauseRight | Motion::SentenceRight => {
                let end = self.buffer.paragraph(to.head.paragraph).len();
                if !operator && to.head.byte == end && !crossed && end > 0 {
                    if let Some(next) = motion::go(&mut self.buffer, to, &Motion::Right) {
                        to = next;
                    }
                }
                if to.head.paragraph != paragraph {
                    to.head.byte = first_letter(self.buffer.paragraph(to.head.paragraph));
                }
            }
            Motion::WordLeft | Motion::ClauseLeft | Motion::SentenceLeft if crossed => {
                if let Some(next) = motion::go(&mut self.buffer, to, motion)
                    && next.head.paragraph == to.head.paragraph
                {
                    to = next;
                }
            }
            _ => {}
        }
        Some(to)
    }

    /// Goes a way, or lets the operator have it.
    fn take_way(&mut self, to: Caret, reach: Reach) {
        let from = self.caret.head;
        let Some((op, _)) = self.modal.operator.take() else {
            let sticky = if reach == Reach::Lines { to.sticky } else { None };
            self.history.close();
            self.caret = Caret {
                anchor: self.caret.anchor,
                sticky,
                ..to
            };
            if matches!(self.modal.mode, Mode::Normal) {
                self.caret.anchor = None;
            }
            return;
        };
        let mut range = from.min(to.head)..from.max(to.head);
        match reach {
            Reach::Lines => return self.operate(op, range, true),
            Reach::Inclusive => {
                range.end.byte = self.buffer.right_of(range.end.paragraph, range.end.byte);
            }
            // A way that ends before the first character of a paragraph leaves its break alone.
            Reach::Exclusive if range.end.paragraph > range.start.paragraph && range.end.byte == 0 => {
                let before = range.end.paragraph - 1;
                range.end = Pos::new(before, self.buffer.paragraph(before).len());
            }
            Reach::Exclusive => {}
        }
        self.operate(op, range, false);
    }

    /// The search of the panel as the motion of an operator.
    pub(super) fn operate_to(&mut self, to: Pos) {
        self.history.join();
        self.take_way(Caret::at(to), Reach::Exclusive);
        self.command_over();
    }

    fn operator(&mut self, op: Operator, visual: bool) -> Did {
        if visual {
            self.on_selection(op);
            return Did::Moved;
        }
        match self.modal.operator {
            Some((same, _)) if same == op => {
                let times = self.take_count().unwrap_or(1);
                self.modal.operator = None;
                let first = self.caret.head.paragraph;
                let last = (first + times - 1).min(self.buffer.len() - 1);
                self.operate(op, Pos::new(first, 0)..Pos::new(last, 0), true);
            }
            Some(_) => self.modal.reset(),
            None => self.modal.operator = Some((op, self.modal.count.take())),
        }
        Did::Moved
    }

    fn on_selection(&mut self, op: Operator) {
        let lines = self.modal.mode == Mode::VisualLine
            || matches!(op, Operator::Indent | Operator::Outdent);
        if let Some(range) = self.selection() {
            self.modal.leave_visual();
            self.caret.anchor = None;
            self.operate(op, range, lines);
        }
        self.modal.leave_visual();
        self.modal.count = None;
    }

    /// Carries an operator out over a stretch, or over the paragraphs it touches.
    fn operate(&mut self, op: Operator, range: Range<Pos>, lines: bool) {
        let paragraphs = range.start.paragraph..range.end.paragraph + 1;
        let stretch = if lines {
            let last = range.end.paragraph;
            Pos::new(range.start.paragraph, 0)..Pos::new(last, self.buffer.paragraph(last).len())
        } else {
            range
        };
        if matches!(op, Operator::Delete | Operator::Change | Operator::Yank) {
            let text = self.buffer.slice(&stretch);
            if !text.is_empty() || lines {
                self.store(Clip { text, lines });
            }
        }
        self.modal.register = None;
        match op {
            Operator::Delete if lines => {
                self.delete_lines(paragraphs);
                let p = self.caret.head.paragraph;
                self.caret = Caret::at(Pos::new(p, first_letter(self.buffer.paragraph(p))));
            }
            Operator::Delete => {
                self.replace(&stretch, "", Kind::Command);
                self.caret = Caret::at(stretch.start);
            }
            Operator::Change => {
                self.replace(&stretch, "", Kind::Command);
                self.caret = Caret::at(stretch.start);
                self.insert(1);
            }
            Operator::Yank => {
                if !lines || stretch.start.paragraph < self.caret.head.paragraph {
                    self.caret = Caret::at(stretch.start);
                }
            }
            Operator::Indent | Operator::Outdent => {
                let change = if op == Operator::Indent { indent } else { outdent };
                self.each_line(paragraphs.clone(), change);
                let p = paragraphs.start;
                self.caret = Caret::at(Pos::new(p, first_letter(self.buffer.paragraph(p))));
            }
        }
    }

    /// Puts a text into the register asked for; a capital letter adds to it.
    fn store(&mut self, clip: Clip) {
        match self.modal.register {
            Some('_') => return,
            Some('+' | '*') => self.requests.push(Request::Copy(clip.text.clone())),
            Some(c) if c.is_ascii_uppercase() => {
                let kept = self.modal.registers.entry(c.to_ascii_lowercase()).or_default();
                if clip.lines && !kept.text.is_empty() {
                    kept.text.push('\n');
                }
                kept.text.push_str(&clip.text);
                kept.lines |= clip.lines;
            }
            Some(c) => {
                self.modal.registers.insert(c, clip.clone());
            }
            None => {}
        }
        self.keep_clip(clip.text, clip.lines);
    }

    /// `p` and `P`.
    fn put(&mut self, after: bool, times: usize) {
        let clip = match self.modal.register.take() {
            Some(c) if c.is_ascii_alphabetic() => {
                self.modal.registers.get(&c.to_ascii_lowercase()).cloned()
            }
            _ => self.clips.first().cloned(),
        };
        let Some(clip) = clip else {
            return;
        };
        let over = self.selection().filter(|_| self.modal.mode != Mode::Normal);
        self.modal.leave_visual();
        self.caret.anchor = None;
        let Pos { paragraph, byte } = self.caret.head;
        if let Some(range) = over {
            self.replace(&range, &clip.text.repeat(times), Kind::Command);
        } else if clip.lines {
            let text = vec![clip.text; times].join("\n");
            let (at, text, p) = if after {
                let end = self.buffer.paragraph(paragraph).len();
                (Pos::new(paragraph, end), format!("\n{text}"), paragraph + 1)
            } else {
                (Pos::new(paragraph, 0), format!("{text}\n"), paragraph)
            };
            self.replace(&(at..at), &text, Kind::Command);
            self.caret = Caret::at(Pos::new(p, first_letter(self.buffer.paragraph(p))));
        } else {
            let byte = if after { self.buffer.right_of(paragraph, byte) } else { byte };
            let at = Pos::new(paragraph, byte);
            self.replace(&(at..at), &clip.text.repeat(times), Kind::Command);
            let Pos { paragraph, byte } = self.caret.head;
            self.caret = Caret::at(Pos::new(paragraph, self.buffer.left_of(paragraph, byte)));
        }
    }

    fn toggle_case(&mut self, times: usize, visual: bool) {
        let head = self.caret.head;
        let range = match self.selection() {
            Some(range) if visual => range,
            _ => {
                let mut to = head.byte;
                for _ in 0..times {
                    to = self.buffer.right_of(head.paragraph, to);
                }
                head..Pos::new(head.paragraph, to)
            }
        };
        let turned: String = self
            .buffer
            .slice(&range)
            .chars()
            .map(|c| {
                if c.is_ascii_lowercase() {
                    c.to_ascii_uppercase()
                } else {
                    c.to_ascii_lowercase()
                }
            })
            .collect();
        self.modal.leave_visual();
        self.replace(&range, &turned, Kind::Command);
        self.caret = Caret::at(if visual { range.start } else { range.end });
    }

    /// Does the last change again.
    fn repeat(&mut self, count: Option<usize>) {
        self.modal.once = true;
        if self.modal.replaying {
            return;
        }
        let mut events = self.modal.last_change.clone();
        if count.is_some() {
            let digits = events
                .iter()
                .take_while(|e| {
                    matches!(e, Event::Key(_) | Event::Action(Action::CountZero))
                })
                .count();
            events.drain(..digits);
        }
        self.modal.count = count;
        self.modal.replaying = true;
        for event in &events {
            if self.panel.is_some() {
                self.in_panel(event);
            } else {
                self.in_modal(event);
            }
        }
        self.modal.replaying = false;
        self.modal.once = true;
    }

    /// The character that a command was waiting for.
    fn argument(&mut self, event: &Event) -> Did {
        let Some(awaiting) = self.modal.awaiting.take() else {
            return Did::Moved;
        };
        let Event::Text(text) = event else {
            self.modal.reset();
            return Did::Moved;
        };
        self.history.join();
        match awaiting {
            Await::Register => {
                let c = text.chars().next().map(|c| if c == '＋' { '+' } else { c });
                self.modal.register =
                    c.filter(|c| c.is_ascii_alphabetic() || matches!(c, '+' | '*' | '_' | '"'));
            }
            Await::Find { forward, till } => {
                let find = Motion::Character {
                    text: text.clone(),
                    forward,
                    till,
                    again: false,
                };
                self.modal.last_find = Some(find.clone());
                match self.way_of(find, Reach::Inclusive) {
                    Some((to, reach)) => self.take_way(to, reach),
                    None => self.modal.reset(),
                }
            }
            Await::Replace => {
                let times = self.take_count().unwrap_or(1);
                self.replace_characters(text, times);
            }
            Await::Object { around } => match object::find(self, text, around) {
                Some((range, lines)) => self.take_object(range, lines),
                None => self.modal.reset(),
            },
        }
        Did::Moved
    }

    fn take_object(&mut self, range: Range<Pos>, lines: bool) {
        self.modal.count = None;
        match self.modal.operator.take() {
            Some((op, _)) => self.operate(op, range, lines),
            None if self.modal.mode != Mode::Normal => {
                if lines {
                    self.modal.mode = Mode::VisualLine;
                }
                let end = range.end;
                self.caret = Caret {
                    anchor: Some(range.start),
                    ..Caret::at(Pos::new(
                        end.paragraph,
                        self.buffer.left_of(end.paragraph, end.byte),
                    ))
                };
            }
            None => {}
        }
    }

    fn replace_characters(&mut self, with: &str, times: usize) {
        let visual = self.modal.mode != Mode::Normal;
        let head = self.caret.head;
        let range = match self.selection() {
            Some(range) if visual => range,
            _ => {
                let mut to = head.byte;
                for _ in 0..times {
                    let next = self.buffer.right_of(head.paragraph, to);
                    if next == to {
                        return self.modal.reset();
                    }
                    to = next;
                }
                head..Pos::new(head.paragraph, to)
            }
        };
        let old = self.buffer.slice(&range);
        let new: String = unicode_segmentation::UnicodeSegmentation::graphemes(old.as_str(), true)
            .map(|g| if g == "\n" { g } else { with })
            .collect();
        self.modal.leave_visual();
        self.replace(&range, &new, Kind::Command);
        let end = self.caret.head;
        self.caret = Caret::at(if visual {
            range.start
        } else {
            Pos::new(end.paragraph, self.buffer.left_of(end.paragraph, end.byte))
        });
    }
}

/// The same search once more, or the other way.
fn again(motion: Motion, turned: bool) -> Motion {
    match motion {
        Motion::Character {
            text,
            forward,
            till,
            ..
        } => Motion::Character {
            text,
            forward: forward != turned,
            till,
            again: true,
        },
        other => other,
    }
}
