//! Findings and comments on the text. They go along with every change until new ones come.

use std::ops::Range;

use crate::tui::prose::buffer::Pos;
use crate::tui::prose::history::{Edit, end_of};

/// What a mark is about; the order is that of weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkKind {
    /// A remark of a colleague.
    Comment,
    /// A hint.
    Hint,
    /// Something that may be wrong.
    Suspect,
    /// An error.
    General,
    /// An error that must not go out.
    Serious,
}

impl MarkKind {
    /// Its sign in the margin; one cell in every terminal.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Comment => "@",
            Self::Hint => "-",
            Self::Suspect => "?",
            Self::General => "*",
            Self::Serious => "!",
        }
    }
}

/// A finding or comment on a stretch of one paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The paragraph, from 0.
    pub paragraph: usize,
    /// The bytes of it.
    pub range: Range<usize>,
    /// What it is about.
    pub kind: MarkKind,
    /// What names it for its owner.
    pub id: String,
    /// What is said, for the status row.
    pub message: String,
}

/// The marks of a text in its order.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    list: Vec<Mark>,
}

impl Marks {
    /// Other marks.
    pub fn set(&mut self, mut list: Vec<Mark>) {
        list.sort_by_key(|m| (m.paragraph, m.range.start, m.range.end));
        self.list = list;
    }

    /// All of them.
    pub fn all(&self) -> &[Mark] {
        &self.list
    }

    /// Those of one paragraph.
    pub fn of(&self, paragraph: usize) -> &[Mark] {
        let from = self.list.partition_point(|m| m.paragraph < paragraph);
        let to = self.list.partition_point(|m| m.paragraph <= paragraph);
        &self.list[from..to]
    }

    /// The gravest at a place, its end included: that is where the caret stands after a word.
    pub fn at(&self, pos: Pos) -> Option<&Mark> {
        self.of(pos.paragraph)
            .iter()
            .filter(|m| m.range.start <= pos.byte && pos.byte <= m.range.end)
            .max_by_key(|m| (pos.byte < m.range.end, m.kind))
    }

    /// The next one from a place on, around the end; backwards if asked.
    pub fn next(&self, from: Pos, forward: bool) -> Option<&Mark> {
        let place = |m: &Mark| Pos::new(m.paragraph, m.range.start);
        if forward {
            self.list
                .iter()
                .find(|m| place(m) > from)
                .or(self.list.first())
        } else {
            self.list
                .iter()
                .rfind(|m| place(m) < from)
                .or(self.list.last())
        }
    }

    /// Lets the marks follow an edit. What was removed as a whole, or is torn over two
    /// paragraphs, is no longer marked.
    pub fn follow(&mut self, edit: &Edit) {
        if self.list.is_empty() {
            return;
        }
        let old_end = end_of(edit.at, &edit.removed);
        let new_end = end_of(edit.at, &edit.inserted);
        let moved = |pos: Pos, start: bool| {
            if pos < edit.at || (pos == edit.at && !start) {
                pos
            } else if pos < old_end {
                // Inside what was removed: to the nearer side of what came.
                if start { new_end } else { edit.at }
            } else if pos.paragraph == old_end.paragraph {
                Pos::new(new_end.paragraph, pos.byte - old_end.byte + new_end.byte)
            } else {
                Pos::new(
                    pos.paragraph - old_end.paragraph + new_end.paragraph,
                    pos.byte,
                )
            }
        };
        let untouched = self
            .list
            .partition_point(|m| m.paragraph < edit.at.paragraph);
        for mark in &mut self.list[untouched..] {
            let start = moved(Pos::new(mark.paragraph, mark.range.start), true);
            let end = moved(Pos::new(mark.paragraph, mark.range.end), false);
            mark.range = if start.paragraph == end.paragraph && start < end {
                start.byte..end.byte
            } else {
                0..0
            };
            mark.paragraph = start.paragraph;
        }
        self.list.retain(|m| !m.range.is_empty());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks() -> Marks {
        let mut marks = Marks::default();
        marks.set(
            [(0, 3..9), (1, 0..6), (2, 3..6)]
                .into_iter()
                .map(|(paragraph, range)| Mark {
                    paragraph,
                    range,
                    kind: MarkKind::General,
                    id: String::new(),
                    message: String::new(),
                })
                .collect(),
        );
        marks
    }

    fn after(at: (usize, usize), removed: &str, inserted: &str) -> Vec<(usize, Range<usize>)> {
        let mut marks = marks();
        marks.follow(&Edit {
            at: Pos::new(at.0, at.1),
            removed: removed.into(),
            inserted: inserted.into(),
        });
        marks
            .all()
            .iter()
            .map(|m| (m.paragraph, m.range.clone()))
            .collect()
    }

    #[test]
    fn marks_go_along() {
        assert_eq!(after((0, 0), "", "新"), [(0, 6..12), (1, 0..6), (2, 3..6)]);
        assert_eq!(after((0, 3), "", "新"), [(0, 6..12), (1, 0..6), (2, 3..6)]);
        assert_eq!(after((0, 9), "", "新"), [(0, 3..9), (1, 0..6), (2, 3..6)]);
        assert_eq!(after((0, 6), "", "新"), [(0, 3..12), (1, 0..6), (2, 3..6)]);
        assert_eq!(after((0, 0), "", "甲\n"), [(1, 3..9), (2, 0..6), (3, 3..6)]);
        assert_eq!(after((0, 6), "", "\n"), [(2, 0..6), (3, 3..6)]);
        assert_eq!(after((0, 3), "六字", ""), [(1, 0..6), (2, 3..6)]);
        assert_eq!(after((0, 9), "\n", ""), [(0, 3..9), (0, 9..15), (1, 3..6)]);
        assert_eq!(after((0, 0), "前半", ""), [(0, 0..3), (1, 0..6), (2, 3..6)]);
    }

    #[test]
    fn the_next_one_goes_around() {
        let marks = marks();
        let next = |p, b, f| marks.next(Pos::new(p, b), f).map(|m| m.paragraph);
        assert_eq!(next(0, 0, true), Some(0));
        assert_eq!(next(0, 3, true), Some(1));
        assert_eq!(next(2, 3, true), Some(0));
        assert_eq!(next(0, 0, false), Some(2));
        assert_eq!(next(1, 3, false), Some(1));
        assert!(marks.at(Pos::new(0, 9)).is_some());
        assert!(marks.at(Pos::new(0, 2)).is_none());
    }
}
