//! A list of any length that holds only the rows near the window.
//!
//! The owner asks [`Table::wanted`] after drawing or moving and gives the rows with
//! [`Table::supply`]; a hundred thousand items cost as much as a screenful. The selection stays on
//! its row by key, also when the order changes under it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tr;
use crate::tui::action::Action;
use crate::tui::component::Env;
use crate::tui::draw::{self, Piece};
use crate::tui::widgets::text_view::scrollbar;

/// Rows of one notch of the wheel.
const NOTCH: isize = 3;

/// How wide a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// So many cells.
    Cells(u16),
    /// A share of what is left.
    Share(u16),
}

/// Where the text of a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// At the left.
    #[default]
    Left,
    /// At the right, for numbers.
    Right,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its head.
    pub title: String,
    /// How wide it is.
    pub width: Width,
    /// Where its text stands.
    pub align: Align,
    /// The width of the list from which on it is shown.
    pub from: u16,
    /// The width of the list from which on it is not.
    pub until: u16,
}

impl Column {
    /// A column of `width` with its text at the left.
    pub fn new(title: impl Into<String>, width: Width) -> Self {
        Self {
            title: title.into(),
            width,
            align: Align::Left,
            from: 0,
            until: u16::MAX,
        }
    }

    /// The same, left out where the list is narrower than `width`.
    #[must_use]
    pub fn from(self, width: u16) -> Self {
        Self {
            from: width,
            ..self
        }
    }

    /// The same, left out where there are `width` cells or more.
    #[must_use]
    pub fn until(self, width: u16) -> Self {
        Self {
            until: width,
            ..self
        }
    }

    fn fits(&self, room: u16) -> bool {
        (self.from..self.until).contains(&room)
    }

    /// The same with its text at the right.
    #[must_use]
    pub fn right(self) -> Self {
        Self {
            align: Align::Right,
            ..self
        }
    }
}

/// A row: what it is and what stands in its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<K> {
    /// What it is, the same after every reload.
    pub key: K,
    /// One piece per column.
    pub cells: Vec<Piece>,
}

/// The list.
#[derive(Debug, Clone)]
pub struct Table<K> {
    columns: Vec<Column>,
    empty: String,
    rows: BTreeMap<usize, Row<K>>,
    total: Option<usize>,
    generation: u64,
    asked: Option<Range<usize>>,
    selected: usize,
    follow: Option<K>,
    top: usize,
    height: usize,
    /// Rows of a page key.
    page: usize,
    marks: BTreeSet<K>,
    body: Rect,
    /// Where the mouse was pressed, and what was marked by dragging from there.
    anchor: usize,
    dragged: BTreeSet<K>,
}

impl<K: Clone + Ord> Table<K> {
    /// A list with these columns that says `empty` (what to do next) while it has no rows.
    pub fn new(columns: Vec<Column>, empty: impl Into<String>) -> Self {
        Self {
            columns,
            empty: empty.into(),
            rows: BTreeMap::new(),
            total: None,
            generation: 0,
            asked: None,
            selected: 0,
            follow: None,
            top: 0,
            height: 20,
            page: 19,
            marks: BTreeSet::new(),
            body: Rect::default(),
            anchor: 0,
            dragged: BTreeSet::new(),
        }
    }

    /// What it says while it has no rows, where that depends on more than the list.
    pub fn say_empty(&mut self, text: impl Into<String>) {
        self.empty = text.into();
    }

    /// Forgets the rows because they may have changed; selection and marks stay by key.
    pub fn reload(&mut self) {
        self.follow = self.selected_key().cloned().or(self.follow.take());
        self.rows.clear();
        self.asked = None;
        // An empty list has no rows to ask for; it may have some by now.
        self.total = self.total.filter(|total| *total > 0);
        self.generation += 1;
    }

    /// The selected thing is gone: the next reload keeps the place, not the key.
    pub fn forget(&mut self) {
        self.rows.remove(&self.selected);
        self.follow = None;
    }

    /// The rows it needs and has not asked for yet, with a ticket for [`Self::supply`].
    pub fn wanted(&mut self) -> Option<(u64, Range<usize>)> {
        let page = self.height.max(1);
        let start = self.top.saturating_sub(page);
        let mut end = self.top + 2 * page;
        if let Some(total) = self.total {
            end = end.min(total);
        }
        // Only what is visible decides whether to ask, the pages around it come along.
        let visible = self.top..(self.top + page).min(self.total.unwrap_or(usize::MAX));
        let missing =
            self.total.is_none() || visible.clone().any(|at| !self.rows.contains_key(&at));
        let under_way = self
            .asked
            .as_ref()
            .is_some_and(|a| a.start <= visible.start && visible.end <= a.end);
        if !missing || under_way || start >= end {
            return None;
        }
        self.asked = Some(start..end);
        Some((self.generation, start..end))
    }

    /// Takes rows from `start` on, of `total` in all. A late answer of an earlier generation is
    /// dropped.
    pub fn supply(&mut self, ticket: u64, start: usize, rows: Vec<Row<K>>, total: usize) {
        if ticket != self.generation {
            return;
        }
        self.total = Some(total);
        self.asked = None;
        for (n, row) in rows.into_iter().enumerate() {
            if self.follow.as_ref() == Some(&row.key) {
                self.selected = start + n;
                self.follow = None;
            }
            self.rows.insert(start + n, row);
        }
        // If the row is on another page it is gone from here; the place stays.
        self.follow = None;
        let (low, high) = (
            self.top.saturating_sub(3 * self.height),
            self.top + 4 * self.height,
        );
        self.rows.retain(|at, _| (low..high).contains(at));
        self.clamp();
    }

    fn clamp(&mut self) {
        let total = self.total.unwrap_or(0);
        self.selected = self.selected.min(total.saturating_sub(1));
        let height = self.height.max(1);
        self.top = self
            .top
            .min(self.selected)
            .max((self.selected + 1).saturating_sub(height));
        self.top = self.top.min(total.saturating_sub(height));
    }

    /// How many rows there are, once known.
    pub fn total(&self) -> Option<usize> {
        self.total
    }

    /// The place of the selection.
    pub fn selected(&self) -> usize {
        self.selected
    }

    /// The selected row, if it is here.
    pub fn selected_row(&self) -> Option<&Row<K>> {
        self.rows.get(&self.selected)
    }

    /// What is selected.
    pub fn selected_key(&self) -> Option<&K> {
        self.selected_row().map(|r| &r.key)
    }

    /// The marked rows.
    pub fn marks(&self) -> &BTreeSet<K> {
        &self.marks
    }

    /// Marks these; for "mark all" the owner asks the store for the keys.
    pub fn mark(&mut self, keys: impl IntoIterator<Item = K>) {
        self.marks.extend(keys);
    }

    /// Takes marks away from what `keep` does not want marked.
    pub fn retain_marks(&mut self, keep: impl FnMut(&K) -> bool) {
        self.marks.retain(keep);
    }

    /// What a batch acts on: the marks, or the selection where there are none.
    pub fn targets(&self) -> Vec<K> {
        if self.marks.is_empty() {
            self.selected_key().cloned().into_iter().collect()
        } else {
            self.marks.iter().cloned().collect()
        }
    }

    /// "3 of 120", with the count of marks.
    pub fn position(&self) -> String {
        let total = self.total.unwrap_or(0);
        self.position_of((self.selected + 1).min(total), total)
    }

    /// The same where the owner counts otherwise, without headings.
    pub fn position_of(&self, row: usize, total: usize) -> String {
        let mut text = tr!("tui-list-position", row = row, total = total);
        if !self.marks.is_empty() {
            text.push_str("  ");
            text.push_str(&tr!("tui-list-marked", count = self.marks.len()));
        }
        text
    }

    /// Moves the selection by `rows`.
    pub fn step(&mut self, rows: isize) {
        self.selected = self.selected.saturating_add_signed(rows);
        self.clamp();
    }

    /// Takes an action; false if it is none of its own.
    pub fn handle(&mut self, action: Action) -> bool {
        let page = self.page.max(1) as isize;
        match action {
            Action::Next => self.step(1),
            Action::Previous => self.step(-1),
            Action::PageDown => self.step(page),
            Action::PageUp => self.step(-page),
            Action::First => self.step(isize::MIN),
            Action::Last => self.step(isize::MAX),
            Action::ToggleMark => {
                if let Some(key) = self.selected_key().cloned() {
                    if !self.marks.remove(&key) {
                        self.marks.insert(key);
                    }
                    self.step(1);
                }
            }
            Action::ClearMarks => self.marks.clear(),
            _ => return false,
        }
        true
    }

    /// Selects the row under a click; true if there is one.
    pub fn click(&mut self, column: u16, row: u16) -> bool {
        let at = self.row_at(column, row);
        if let Some(at) = at {
            self.selected = at;
            self.anchor = at;
        }
        at.is_some()
    }

    fn row_at(&self, column: u16, row: u16) -> Option<usize> {
        let at = self.top + usize::from(row.saturating_sub(self.body.y));
        (draw::holds(self.body, column, row) && at < self.total.unwrap_or(0)).then_some(at)
    }

    /// Takes the mouse where rows can be marked: a click selects, with ctrl it marks, dragging
    /// marks the rows from the click to here, the wheel scrolls. False if it is not over the rows.
    pub fn mouse(&mut self, mouse: &MouseEvent) -> bool {
        let Some(at) = self.row_at(mouse.column, mouse.row) else {
            return false;
        };
        match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) => {
                self.click(mouse.column, mouse.row);
                if mouse.modifiers.contains(KeyModifiers::CONTROL)
                    && let Some(key) = self.selected_key().cloned()
                    && !self.marks.remove(&key)
                {
                    self.marks.insert(key);
                }
            }
            MouseEventKind::Drag(MouseButton::Left) => {
                if at != self.anchor || !self.dragged.is_empty() {
                    let (low, high) = (at.min(self.anchor), at.max(self.anchor));
                    // What the hand has come back over is let go again.
                    for key in std::mem::take(&mut self.dragged) {
                        self.marks.remove(&key);
                    }
                    for (_, row) in self.rows.range(low..=high) {
                        if self.marks.insert(row.key.clone()) {
                            self.dragged.insert(row.key.clone());
                        }
                    }
                }
                self.selected = at;
            }
            MouseEventKind::Up(MouseButton::Left) => self.dragged.clear(),
            MouseEventKind::ScrollDown => self.scroll(NOTCH),
            MouseEventKind::ScrollUp => self.scroll(-NOTCH),
            _ => return false,
        }
        true
    }

    /// Moves the window; the selection comes along only where it would leave it.
    fn scroll(&mut self, rows: isize) {
        let height = self.height.max(1);
        let last = self.total.unwrap_or(0).saturating_sub(height);
        self.top = self.top.saturating_add_signed(rows).min(last);
        self.selected = self
            .selected
            .clamp(self.top, self.top + height.saturating_sub(1));
        self.clamp();
    }

    /// Draws heads and rows. `focused` tells whether the keys go here.
    pub fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env, focused: bool) {
        if area.height < 2 || area.width < 8 {
            return;
        }
        // The sign of the selection and of a mark stand before the columns.
        let widths = self.widths(area.width.saturating_sub(4));
        let mut x = area.x + 3;
        draw::fill(buf, Rect { height: 1, ..area }, env.styles.head);
        for (column, width) in self.columns.iter().zip(&widths) {
            cell(
                buf,
                x,
                area.y,
                &column.title,
                env.styles.head,
                *width,
                column.align,
                env,
            );
            x += width + u16::from(*width > 0);
        }
        self.body = Rect {
            y: area.y + 1,
            height: area.height - 1,
            ..area
        };
        self.height = usize::from(self.body.height);
        self.page = env.page(self.body.height);
        self.clamp();
        match self.total {
            None => {
                draw::put(
                    buf,
                    self.body.x + 3,
                    self.body.y,
                    &tr!("tui-list-loading"),
                    env.styles.muted,
                    area.width - 4,
                    env.amb,
                );
            }
            Some(0) => {
                let area = Rect {
                    x: self.body.x + 3,
                    width: area.width - 4,
                    ..self.body
                };
                super::put_wrapped(buf, area, &self.empty, env.styles.muted, env);
            }
            Some(total) => {
                let rows = self.height.min(total - self.top) as u16;
                env.hits.rows(
                    Rect {
                        height: rows,
                        ..self.body
                    },
                    Action::Open,
                );
                for at in self.top..total.min(self.top + self.height) {
                    self.row(at, buf, env, focused, &widths);
                }
                scrollbar(self.body, buf, env, self.top, self.height, total);
            }
        }
    }

    fn row(&self, at: usize, buf: &mut Buffer, env: &Env, focused: bool, widths: &[u16]) {
        let y = self.body.y + (at - self.top) as u16;
        let selected = at == self.selected;
        let over = match (selected, focused) {
            (true, true) => Some(env.styles.selected),
            (true, false) => Some(env.styles.selected_unfocused),
            _ => None,
        };
        if let Some(row) = self.rows.get(&at) {
            if self.marks.contains(&row.key) {
                draw::put(
                    buf,
                    self.body.x + 1,
                    y,
                    env.glyphs.marked,
                    env.styles.marked,
                    1,
                    env.amb,
                );
            }
            let mut x = self.body.x + 3;
            // What stands last in a row runs on over the empty columns behind it: a heading.
            let last = row.cells.iter().rposition(|c| !c.text.is_empty());
            let end = (self.body.right()).saturating_sub(1);
            let cells = row.cells.iter().zip(&self.columns).zip(widths);
            for (n, ((piece, column), width)) in cells.enumerate() {
                let room = if Some(n) == last && column.align == Align::Left && *width > 0 {
                    end.saturating_sub(x).max(*width)
                } else {
                    *width
                };
                cell(buf, x, y, &piece.text, piece.style, room, column.align, env);
                x += width + u16::from(*width > 0);
            }
        }
        if let Some(style) = over {
            draw::put(buf, self.body.x, y, env.glyphs.pointer, style, 1, env.amb);
            draw::fill(
                buf,
                Rect {
                    y,
                    height: 1,
                    width: self.body.width - 1,
                    ..self.body
                },
                style,
            );
        }
    }

    fn widths(&self, room: u16) -> Vec<u16> {
        let shown = |c: &&Column| c.fits(room);
        let gaps = self.columns.iter().filter(shown).count().saturating_sub(1) as u16;
        let fixed: u16 = self
            .columns
            .iter()
            .filter(shown)
            .map(|c| if let Width::Cells(n) = c.width { n } else { 0 })
            .sum();
        let shares: u16 = self
            .columns
            .iter()
            .filter(shown)
            .map(|c| if let Width::Share(n) = c.width { n } else { 0 })
            .sum();
        let rest = room.saturating_sub(fixed + gaps);
        self.columns
            .iter()
            .map(|c| match c.width {
                _ if !c.fits(room) => 0,
                Width::Cells(n) => n,
                Width::Share(n) => rest * n / shares.max(1),
            })
            .collect()
    }
}

#[allow(clippy::too_many_arguments)]
fn cell(
    buf: &mut Buffer,
    x: u16,
    y: u16,
    text: &str,
    style: ratatui::style::Style,
    width: u16,
    align: Align,
    env: &Env,
) {
    if width == 0 {
        return;
    }
    match align {
        Align::Left => draw::put_fit(buf, x, y, text, style, width, env.amb),
        Align::Right => {
            draw::put_right(buf, x + width, y, text, style, width, env.amb);
        }
    }
}
