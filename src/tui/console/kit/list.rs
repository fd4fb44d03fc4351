//! A list whose rows are all here, under headings that cannot be selected; and the mouse on it.

use crossterm::event::{MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::tui::action::Action;
use crate::tui::component::Env;
use crate::tui::draw::{self, Piece};
use crate::tui::widgets::{Column, Row, Table};

/// Rows of one turn of the wheel.
const WHEEL: isize = 3;

/// What a row stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slot<K> {
    /// A heading; the number tells it from the others.
    Head(usize),
    /// Something to select.
    At(K),
}

/// The list.
#[derive(Debug, Clone)]
pub struct Listing<K> {
    table: Table<Slot<K>>,
    rows: Vec<Row<Slot<K>>>,
    area: Rect,
    filled: bool,
    /// Which rows can be marked; none where marking is of no use.
    markable: Option<fn(&K) -> bool>,
}

impl<K: Clone + Ord> Listing<K> {
    /// A list that says `empty` (what to do next) while it has no rows.
    pub fn new(columns: Vec<Column>, empty: impl Into<String>) -> Self {
        Self {
            table: Table::new(columns, empty),
            rows: Vec::new(),
            area: Rect::default(),
            filled: false,
            markable: None,
        }
    }

    /// The same where rows can be marked by key, click and dragging, those that `which` lets.
    #[must_use]
    pub fn marking(self, which: fn(&K) -> bool) -> Self {
        Self {
            markable: Some(which),
            ..self
        }
    }

    /// No row is marked any more.
    pub fn clear_marks(&mut self) {
        self.table.handle(Action::ClearMarks);
    }

    /// What an act is about: the marked rows in their order, else the selected one.
    pub fn targets(&self) -> Vec<K> {
        let marks = self.table.marks();
        if marks.is_empty() {
            return self.selected().cloned().into_iter().collect();
        }
        let keys = self.rows.iter().filter(|r| marks.contains(&r.key));
        keys.filter_map(|r| match &r.key {
            Slot::At(key) => Some(key.clone()),
            Slot::Head(_) => None,
        })
        .collect()
    }

    fn only_markable(&mut self) {
        let markable = self.markable;
        self.table.retain_marks(|slot| match slot {
            Slot::At(key) => markable.is_some_and(|can| can(key)),
            Slot::Head(_) => false,
        });
    }

    /// What it says while it has no rows, where that depends on more than the list.
    pub fn say_empty(&mut self, text: impl Into<String>) {
        self.table.say_empty(text);
    }

    /// Takes other rows; the selection stays on its key.
    pub fn set(&mut self, rows: Vec<Row<Slot<K>>>) {
        self.rows = rows;
        self.table.reload();
        if let Some((ticket, _)) = self.table.wanted() {
            self.table
                .supply(ticket, 0, self.rows.clone(), self.rows.len());
        }
        self.feed();
        if !std::mem::replace(&mut self.filled, true) {
            self.table.handle(Action::First);
        }
        self.feed();
        self.off_heading(1);
    }

    fn feed(&mut self) -> bool {
        let mut fed = false;
        while let Some((ticket, range)) = self.table.wanted() {
            let end = range.end.min(self.rows.len());
            let part = self.rows.get(range.start..end).unwrap_or_default().to_vec();
            let (start, total) = (range.start, self.rows.len());
            self.table.supply(ticket, start, part, total);
            fed = true;
        }
        fed
    }

    fn off_heading(&mut self, by: isize) {
        for step in [by, 1, -1] {
            for _ in 0..3 {
                if !matches!(
                    self.rows.get(self.table.selected()).map(|r| &r.key),
                    Some(Slot::Head(_))
                ) {
                    return;
                }
                self.table.step(step);
                self.feed();
            }
        }
    }

    /// Selects the row of `key`, if there is one.
    pub fn select(&mut self, key: &K) {
        let wanted = Slot::At(key.clone());
        if let Some(at) = self.rows.iter().position(|r| r.key == wanted) {
            self.table
                .step(at as isize - self.table.selected() as isize);
            self.feed();
        }
    }

    /// What is selected.
    pub fn selected(&self) -> Option<&K> {
        match self.rows.get(self.table.selected()).map(|r| &r.key) {
            Some(Slot::At(key)) => Some(key),
            _ => None,
        }
    }

    /// Whether there are rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many rows are marked.
    pub fn marked(&self) -> usize {
        self.table.marks().len()
    }

    /// "3 of 120", headings not counted, with the count of marks.
    pub fn position(&self) -> String {
        let counts = |row: &&Row<Slot<K>>| matches!(row.key, Slot::At(_));
        let total = self.rows.iter().filter(counts).count();
        let before = self.rows.iter().take(self.table.selected() + 1);
        self.table.position_of(before.filter(counts).count(), total)
    }

    /// Takes an action; false if it is none of its own.
    pub fn handle(&mut self, action: Action) -> bool {
        match action {
            Action::ToggleMark | Action::MarkAll if self.markable.is_none() => return true,
            Action::MarkAll => self.table.mark(self.rows.iter().map(|r| r.key.clone())),
            action if !self.table.handle(action) => return false,
            _ => {}
        }
        self.only_markable();
        self.feed();
        let up = matches!(action, Action::Previous | Action::PageUp | Action::Last);
        self.off_heading(if up { -1 } else { 1 });
        true
    }

    /// Takes the mouse: a click selects, dragging marks where rows can be marked, the wheel moves;
    /// that a second click opens is the loop's. False if it is not over the list.
    pub fn mouse(&mut self, mouse: &MouseEvent) -> bool {
        if !draw::holds(self.area, mouse.column, mouse.row) {
            return false;
        }
        if self.markable.is_some() && self.table.mouse(mouse) {
            self.feed();
            self.only_markable();
            self.off_heading(1);
            return true;
        }
        let down = match mouse.kind {
            MouseEventKind::ScrollDown => {
                self.table.step(WHEEL);
                true
            }
            MouseEventKind::ScrollUp => {
                self.table.step(-WHEEL);
                false
            }
            MouseEventKind::Down(_) => {
                self.table.click(mouse.column, mouse.row);
                true
            }
            _ => return false,
        };
        self.feed();
        self.off_heading(if down { 1 } else { -1 });
        true
    }

    /// Draws it. `focused` tells whether the keys go here.
    pub fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env, focused: bool) {
        self.area = area;
        self.table.render(area, buf, env, focused);
        // A taller screen than the last one shows rows that were not handed over yet.
        if self.feed() {
            self.table.render(area, buf, env, focused);
        }
    }
}

/// Rows put together one after another.
#[derive(Debug)]
pub struct Rows<K> {
    /// So far.
    pub list: Vec<Row<Slot<K>>>,
    columns: usize,
    heads: usize,
    title_at: usize,
}

impl<K> Rows<K> {
    /// Rows of so many columns; headings stand in the column `title_at`.
    pub fn new(columns: usize, title_at: usize) -> Self {
        Self {
            list: Vec::new(),
            columns,
            heads: 0,
            title_at,
        }
    }

    /// A heading.
    pub fn head(&mut self, text: impl Into<String>, style: Style) {
        let mut cells = vec![Piece::new("", style); self.columns];
        if let Some(cell) = cells.get_mut(self.title_at) {
            cell.text = text.into();
        }
        self.list.push(Row {
            key: Slot::Head(self.heads),
            cells,
        });
        self.heads += 1;
    }

    /// A row.
    pub fn row(&mut self, key: K, cells: Vec<Piece>) {
        self.list.push(Row {
            key: Slot::At(key),
            cells,
        });
    }
}
