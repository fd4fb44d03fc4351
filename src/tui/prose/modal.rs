//! The commands of vim: modes, counts, operators over motions and text objects, registers,
//! repetition.
//!
//! Keys come as actions of the keymap (contexts `editor-normal`, `editor-visual`,
//! `editor-pending`), so that help shows them and a person can rebind them. What a keymap cannot
//! say is a small state machine here: the digits of a count, and the character that `f`, `r`,
//! `"` and the text objects wait for.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crossterm::event::KeyCode;

use crate::tui::action::{Action, Context};
use crate::tui::component::{Event, TextMode};
use crate::tui::prose::act::motion_of;
use crate::tui::prose::buffer::Pos;
use crate::tui::prose::history::Caret;
use crate::tui::prose::motion::Motion;
use crate::tui::prose::panel::PanelKind;
use crate::tui::prose::{Clip, Did, Prose};

mod insert;
mod object;
mod operate;
mod way;

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
            Action::FindCharacter => Some(Await::Find {
                forward: true,
                till: false,
            }),
            Action::FindCharacterBack => Some(Await::Find {
                forward: false,
                till: false,
            }),
            Action::TillCharacter => Some(Await::Find {
                forward: true,
                till: true,
            }),
            Action::TillCharacterBack => Some(Await::Find {
                forward: false,
                till: true,
            }),
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
            Action::InsertMode
            | Action::InsertRowStart
            | Action::InsertAfter
            | Action::InsertRowEnd
            | Action::OpenBelow
            | Action::OpenAbove => {
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
                let joins = if visual {
                    lines.len().max(2) - 1
                } else {
                    times.max(2) - 1
                };
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
                if !matches!(self.modal.mode, Mode::Visual | Mode::VisualLine)
                    && self.panel.is_none()
                {
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
                match self.way_of(&find, Reach::Inclusive) {
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
}
