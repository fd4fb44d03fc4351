//! What a table says a number is: the head of its column, or the cell on its left.

use std::cell::Cell;

use super::cue::{self, Cue};

/// A row of a table somewhere in the text, and the first row of its table.
#[derive(Clone, Copy)]
struct Row {
    start: usize,
    head: usize,
    sign: u8,
    cells: usize,
}

/// The tables of a text, as far as they were asked for. Rows are asked for from the first to the
/// last, so that walking back ends at the row before and stays linear in the text.
pub(super) struct Columns<'a> {
    text: &'a str,
    last: Cell<Option<Row>>,
}

impl<'a> Columns<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            last: Cell::new(None),
        }
    }

    /// The cue of a place in a table; `None` outside of tables and where the table says nothing.
    pub(super) fn cue(&self, at: usize) -> Option<Cue> {
        let cell = self.cell(at)?;
        cue::before(cell, cell.len())
    }

    /// The words that say what a cell holds.
    pub(super) fn cell(&self, at: usize) -> Option<&'a str> {
        let start = self.line_before(at);
        let (sign, cells) = shape(self.line(start))?;
        let column = count(&self.text[start..at], sign);
        let head = self.head(start, sign, cells);
        self.last.set(Some(Row {
            start,
            head,
            sign,
            cells,
        }));
        let named = (head != start)
            .then(|| self.line(head).split(char::from(sign)).nth(column))
            .flatten()
            .map(str::trim)
            .filter(|cell| cue::before(cell, cell.len()).is_some());
        // A list of names and values: the name stands on the left.
        named.or_else(|| {
            (sign != b',' && column > 0)
                .then(|| self.line(start).split(char::from(sign)).nth(column - 1))
                .flatten()
                .map(str::trim)
                .filter(|cell| !cell.is_empty())
        })
    }

    fn head(&self, start: usize, sign: u8, cells: usize) -> usize {
        let mut head = start;
        while head > 0 {
            if let Some(last) = self.last.get()
                && last.start == head
                && (last.sign, last.cells) == (sign, cells)
            {
                return last.head;
            }
            let before = self.line_before(head - 1);
            if shape(self.line(before)) != Some((sign, cells)) {
                break;
            }
            // The line of hyphens stands below the head, whatever stands above that.
            if sign == b'|' && before > 0 && ruler(self.line(before)) {
                return self.line_before(before - 1);
            }
            head = before;
        }
        head
    }

    fn line_before(&self, at: usize) -> usize {
        memchr::memrchr(b'\n', &self.text.as_bytes()[..at]).map_or(0, |k| k + 1)
    }

    fn line(&self, start: usize) -> &'a str {
        let rest = &self.text[start..];
        rest.split_once('\n').map_or(rest, |(line, _)| line)
    }
}

fn ruler(line: &str) -> bool {
    line.contains("--") && line.bytes().all(|b| b"|-: \r".contains(&b))
}

/// Longest row looked at.
const LONGEST: usize = 4000;

/// The sign that divides a line into cells, and how often it stands there.
fn shape(line: &str) -> Option<(u8, usize)> {
    if line.len() > LONGEST {
        return None;
    }
    [(b'|', 2), (b'\t', 1), (b',', 2)]
        .into_iter()
        .map(|(sign, least)| (sign, count(line, sign), least))
        .find(|(_, n, least)| n >= least)
        .map(|(sign, n, _)| (sign, n))
}

fn count(text: &str, sign: u8) -> usize {
    memchr::memchr_iter(sign, text.as_bytes()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_and_names() {
        let text = "前言\n| 单位 | 电话 | 金额 |\n|---|---|---|\n| 甲 | 84123456 | 13800138000 |\n| 乙 | 84123457 | 1 |\n后语 84123458\n| 订单号 | 15912345678 |\n";
        let columns = Columns::new(text);
        let cue = |what: &str| text.find(what).and_then(|at| columns.cue(at));
        assert_eq!(cue("84123456"), Some(Cue::Phone));
        assert_eq!(cue("13800138000"), Some(Cue::Amount));
        assert_eq!(cue("84123457"), Some(Cue::Phone));
        assert_eq!(cue("84123458"), None);
        assert_eq!(cue("15912345678"), Some(Cue::Serial));
    }
}
