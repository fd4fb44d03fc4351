//! What field and plain editor have in common: actions on a text area.
//!
//! The crate's text area is the buffer, the selection and the undo history. Two things it does by
//! the char are done by the grapheme and by the Chinese word here: deleting and word moves.

use std::ops::Range;

use tui_textarea::{CursorMove, TextArea};
use unicode_segmentation::UnicodeSegmentation;

use crate::text::words;
use crate::tui::action::Action;

/// The byte offset of a char column.
pub(super) fn byte_of(line: &str, column: usize) -> usize {
    line.char_indices()
        .nth(column)
        .map_or(line.len(), |(at, _)| at)
}

/// The char column of a byte offset.
pub(super) fn column_of(line: &str, byte: usize) -> usize {
    line[..byte].chars().count()
}

/// The caret as row and byte offset.
pub(super) fn caret(area: &TextArea<'_>) -> (usize, usize) {
    let cursor = area.cursor();
    let line = area.lines().get(cursor.0).map_or("", String::as_str);
    (cursor.0, byte_of(line, cursor.1))
}

/// The text of the area.
pub(super) fn text(area: &TextArea<'_>) -> String {
    area.lines().join("\n")
}

/// Moves the caret to a row and byte offset, keeping a selection that is being made.
pub(super) fn go(area: &mut TextArea<'_>, row: usize, byte: usize) {
    let column = area
        .lines()
        .get(row)
        .map_or(0, |line| column_of(line, byte));
    if let (Ok(row), Ok(column)) = (u16::try_from(row), u16::try_from(column)) {
        area.move_cursor(CursorMove::Jump(row, column));
    }
}

fn left_of(line: &str, byte: usize) -> usize {
    line[..byte]
        .grapheme_indices(true)
        .next_back()
        .map_or(0, |(at, _)| at)
}

fn right_of(line: &str, byte: usize) -> usize {
    line[byte..]
        .graphemes(true)
        .next()
        .map_or(line.len(), |g| byte + g.len())
}

fn blank(line: &str, word: &Range<usize>) -> bool {
    line[word.clone()].trim().is_empty()
}

fn word_left(line: &str, byte: usize) -> usize {
    words(line)
        .into_iter()
        .rev()
        .find(|w| w.start < byte && !blank(line, w))
        .map_or(0, |w| w.start)
}

fn word_right(line: &str, byte: usize) -> usize {
    words(line)
        .into_iter()
        .find(|w| w.start > byte && !blank(line, w))
        .map_or(line.len(), |w| w.start)
}

/// The place one step away, across lines.
fn target(area: &TextArea<'_>, action: Action) -> (usize, usize) {
    let (row, byte) = caret(area);
    let lines = area.lines();
    let line = lines.get(row).map_or("", String::as_str);
    let before = |row: usize| {
        if row == 0 {
            (0, 0)
        } else {
            (row - 1, lines[row - 1].len())
        }
    };
    let behind = |row: usize| {
        if row + 1 < lines.len() {
            (row + 1, 0)
        } else {
            (row, line.len())
        }
    };
    match action {
        Action::MoveLeft | Action::MoveWordLeft if byte == 0 => before(row),
        Action::MoveRight | Action::MoveWordRight if byte == line.len() => behind(row),
        Action::MoveLeft => (row, left_of(line, byte)),
        Action::MoveRight => (row, right_of(line, byte)),
        Action::MoveWordLeft => (row, word_left(line, byte)),
        Action::MoveWordRight => (row, word_right(line, byte)),
        Action::MoveRowStart => (row, 0),
        Action::MoveRowEnd => (row, line.len()),
        Action::MoveStart => (0, 0),
        Action::MoveEnd => lines
            .last()
            .map_or((0, 0), |last| (lines.len() - 1, last.len())),
        Action::MoveParagraphUp => (
            if byte == 0 {
                row.saturating_sub(1)
            } else {
                row
            },
            0,
        ),
        Action::MoveParagraphDown => behind(row),
        _ => (row, byte),
    }
}

/// The plain move behind a selecting one.
pub(super) fn move_of_select(action: Action) -> Option<Action> {
    Some(match action {
        Action::SelectLeft => Action::MoveLeft,
        Action::SelectRight => Action::MoveRight,
        Action::SelectUp => Action::MoveUp,
        Action::SelectDown => Action::MoveDown,
        Action::SelectWordLeft => Action::MoveWordLeft,
        Action::SelectWordRight => Action::MoveWordRight,
        Action::SelectRowStart => Action::MoveRowStart,
        Action::SelectRowEnd => Action::MoveRowEnd,
        _ => return None,
    })
}

/// Deletes from the caret to a place as one step of undo.
fn delete_to(area: &mut TextArea<'_>, to: (usize, usize)) -> bool {
    let from = caret(area);
    if from == to {
        return false;
    }
    area.cancel_selection();
    area.start_selection();
    go(area, to.0, to.1);
    let kept = area.yank_text();
    let cut = area.cut();
    // Deleting is not cutting: what was cut before can still be pasted.
    area.set_yank_text(kept);
    cut
}

/// What an action did to a text area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Did {
    /// It is none of the actions here.
    Nothing,
    /// The caret or the selection moved.
    Moved,
    /// The text changed.
    Edited,
    /// Text was put on the clipboard of the area.
    Copied,
}

/// Carries out an action on the text area. Moves by row are left to the widget, which knows the
/// rows.
pub(super) fn apply(area: &mut TextArea<'_>, action: Action) -> Did {
    let edited = |changed: bool| if changed { Did::Edited } else { Did::Moved };
    match action {
        Action::MoveLeft
        | Action::MoveRight
        | Action::MoveWordLeft
        | Action::MoveWordRight
        | Action::MoveRowStart
        | Action::MoveRowEnd
        | Action::MoveStart
        | Action::MoveEnd
        | Action::MoveParagraphUp
        | Action::MoveParagraphDown => {
            area.cancel_selection();
            let (row, byte) = target(area, action);
            go(area, row, byte);
            Did::Moved
        }
        Action::SelectLeft
        | Action::SelectRight
        | Action::SelectWordLeft
        | Action::SelectWordRight
        | Action::SelectRowStart
        | Action::SelectRowEnd => {
            if !area.is_selecting() {
                area.start_selection();
            }
            let (row, byte) = target(area, move_of_select(action).unwrap_or(action));
            go(area, row, byte);
            Did::Moved
        }
        Action::SelectAll => {
            area.select_all();
            Did::Moved
        }
        Action::StartSelection => {
            area.start_selection();
            Did::Moved
        }
        Action::CancelSelection => {
            area.cancel_selection();
            Did::Moved
        }
        Action::DeleteLeft
        | Action::DeleteRight
        | Action::DeleteWordLeft
        | Action::DeleteWordRight
            if area.selection_range().is_some_and(|(a, b)| a != b) =>
        {
            let kept = area.yank_text();
            let cut = area.cut();
            area.set_yank_text(kept);
            edited(cut)
        }
        Action::DeleteLeft => edited(delete_to(area, target(area, Action::MoveLeft))),
        Action::DeleteRight => edited(delete_to(area, target(area, Action::MoveRight))),
        Action::DeleteWordLeft => edited(delete_to(area, target(area, Action::MoveWordLeft))),
        Action::DeleteWordRight => edited(delete_to(area, target(area, Action::MoveWordRight))),
        Action::DeleteToRowStart => edited(delete_to(area, target(area, Action::MoveRowStart))),
        Action::DeleteToRowEnd => edited(delete_to(area, target(area, Action::MoveRowEnd))),
        Action::DeleteParagraph => {
            let (row, _) = caret(area);
            go(area, row, 0);
            let last = row + 1 == area.lines().len();
            let to = if last {
                (row, area.lines()[row].len())
            } else {
                (row + 1, 0)
            };
            edited(delete_to(area, to))
        }
        Action::Undo => edited(area.undo()),
        Action::Redo => edited(area.redo()),
        Action::Cut => edited(area.cut()),
        Action::Copy => {
            area.copy();
            Did::Copied
        }
        Action::PasteText => {
            let text = area.yank_text();
            edited(area.insert_str(text))
        }
        _ => Did::Nothing,
    }
}
