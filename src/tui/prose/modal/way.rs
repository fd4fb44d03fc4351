//! Motions as vim makes them, and how much of the way an operator takes.

use super::{Mode, Operator, Reach};
use crate::tui::action::Action;
use crate::tui::prose::Prose;
use crate::tui::prose::act::motion_of;
use crate::tui::prose::buffer::Pos;
use crate::tui::prose::history::Caret;
use crate::tui::prose::motion::{self, Motion, first_letter};

impl Prose {
    /// Where a motion leads and how much an operator takes of it.
    pub(super) fn way(&mut self, action: Action) -> Option<(Caret, Reach)> {
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
                    Motion::WordEnd
                    | Motion::ClauseEnd
                    | Motion::Pair
                    | Motion::ParagraphEnd
                    | Motion::RowEnd => Reach::Inclusive,
                    _ => Reach::Exclusive,
                };
                (motion, reach)
            }
        };
        self.way_of(&motion, reach)
    }

    pub(super) fn way_of(&mut self, motion: &Motion, reach: Reach) -> Option<(Caret, Reach)> {
        let head = self.caret.head;
        let operator = self.modal.operator.map(|(op, _)| op);
        let counted = self.take_count();
        let times = counted.unwrap_or(1);
        let base = Caret {
            anchor: None,
            ..self.caret
        };
        let caret = match (motion, counted) {
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
            (
                Motion::Paragraph(_) | Motion::Pair | Motion::FirstLetter | Motion::ParagraphStart,
                _,
            ) => motion::go(&mut self.buffer, base, motion)?,
            _ => {
                let character = matches!(motion, Motion::Character { .. });
                let mut caret = base;
                for n in 0..times {
                    let step = if n == 0 {
                        motion.clone()
                    } else {
                        again(motion.clone(), false)
                    };
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
        let back = matches!(motion, Motion::Character { forward: false, .. });
        let reach = if back { Reach::Exclusive } else { reach };
        Some((caret, reach))
    }

    pub(super) fn line(&self, n: usize) -> Caret {
        let paragraph = n.min(self.buffer.len() - 1);
        let letter = first_letter(self.buffer.paragraph(paragraph));
        Caret::at(Pos::new(paragraph, letter))
    }

    pub(super) fn on_blank(&self) -> bool {
        let Pos { paragraph, byte } = self.caret.head;
        self.buffer.paragraph(paragraph)[byte..]
            .chars()
            .next()
            .is_none_or(char::is_whitespace)
    }

    pub(super) fn word_end_from(&mut self, paragraph: usize, byte: usize) -> usize {
        motion::go(
            &mut self.buffer,
            Caret::at(Pos::new(paragraph, byte)),
            &Motion::WordEnd,
        )
        .filter(|c| c.head.paragraph == paragraph)
        .map_or(byte, |c| c.head.byte)
    }

    /// One step of a motion as vim makes it.
    pub(super) fn one(&mut self, caret: Caret, motion: &Motion, operator: bool) -> Option<Caret> {
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
                if !operator
                    && to.head.byte == end
                    && !crossed
                    && end > 0
                    && let Some(next) = motion::go(&mut self.buffer, to, &Motion::Right)
                {
                    to = next;
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
    pub(super) fn take_way(&mut self, to: Caret, reach: Reach) {
        let from = self.caret.head;
        let Some((op, _)) = self.modal.operator.take() else {
            let sticky = if reach == Reach::Lines {
                to.sticky
            } else {
                None
            };
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
            Reach::Exclusive
                if range.end.paragraph > range.start.paragraph && range.end.byte == 0 =>
            {
                let before = range.end.paragraph - 1;
                range.end = Pos::new(before, self.buffer.paragraph(before).len());
            }
            Reach::Exclusive => {}
        }
        self.operate(op, range, false);
    }

    /// The search of the panel as the motion of an operator.
    pub(in crate::tui::prose) fn operate_to(&mut self, to: Pos) {
        self.history.join();
        self.take_way(Caret::at(to), Reach::Exclusive);
        self.command_over();
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
