//! Text to read: wrapped, scrolled, searched; passages of it marked and picked.
//!
//! Rows are made when they come into the window and kept for one width, so that a screenful costs
//! the same in a text of any length.

mod passage;

use std::ops::Range;
use std::rc::Rc;

use crossterm::event::{MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::text::{Ambiguous, text_width};
use crate::tui::action::Action;
use crate::tui::component::Env;
use crate::tui::draw;
use crate::tui::widgets::drag::{Drag, Spot};
use crate::tui::widgets::flow::{self, At, FlowRow, Paragraph};
use passage::Caret;
pub use passage::{Origin, Passage, bytes_of};

/// Rows of one notch of the wheel.
const NOTCH: isize = 3;
/// Cells of the margin with the numbers of marked passages.
const MARGIN: u16 = 3;

/// A marked passage: where in the source, and its number in the margin.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mark {
    paragraph: usize,
    /// Bytes of the paragraph as shown.
    range: Range<usize>,
    number: usize,
}

/// A scrolled view of styled paragraphs.
#[derive(Debug, Default)]
pub struct TextView {
    paragraphs: Vec<Paragraph>,
    origins: Vec<Origin>,
    rows: Vec<Option<Rc<[FlowRow]>>>,
    /// Bytes before each paragraph and after the last, for the scroll position.
    before: Vec<usize>,
    form: Option<(u16, Ambiguous)>,
    top: At,
    height: usize,
    /// Rows of a page key.
    page: usize,
    search: String,
    found: Option<(usize, usize)>,
    caret: Option<Caret>,
    marks: Vec<Mark>,
    /// The mark that is looked at.
    stands_on: Option<usize>,
    cursor: Option<Position>,
    /// Rows on screen: y, paragraph, row.
    drawn: Vec<(u16, usize, usize)>,
    left: u16,
    area: Rect,
    /// What is picked with the mouse where it is no passage of a source.
    drag: Drag,
}

impl TextView {
    /// Shows these paragraphs from the first.
    pub fn new(paragraphs: Vec<Paragraph>) -> Self {
        let mut view = Self::default();
        view.set(paragraphs);
        view
    }

    /// Shows other paragraphs at the same place.
    pub fn set(&mut self, paragraphs: Vec<Paragraph>) {
        self.set_source(paragraphs.into_iter().map(|p| (p, Vec::new())).collect());
    }

    /// Shows paragraphs that are made of a source text, at the same place: with each piece the
    /// bytes of the source it shows, if any. Passages can be picked where there is a source.
    pub fn set_source(&mut self, paragraphs: Vec<(Paragraph, Origin)>) {
        let mut sum = 0;
        self.before.clear();
        for (paragraph, _) in &paragraphs {
            self.before.push(sum);
            sum += 24 + paragraph.pieces.iter().map(|p| p.text.len()).sum::<usize>();
        }
        self.before.push(sum);
        self.rows = vec![None; paragraphs.len()];
        if paragraphs.len() != self.paragraphs.len() {
            self.drag.clear();
        }
        (self.paragraphs, self.origins) = paragraphs.into_iter().unzip();
        self.marks.clear();
        if self
            .caret
            .as_ref()
            .is_some_and(|c| c.at.0 >= self.paragraphs.len())
        {
            self.caret = None;
        }
        self.found = self.found.filter(|f| f.0 < self.paragraphs.len());
    }

    /// The first row on screen: paragraph and row in it.
    pub fn top(&self) -> At {
        self.top
    }

    /// The paragraphs shown.
    pub fn paragraphs(&self) -> &[Paragraph] {
        &self.paragraphs
    }

    /// The paragraph drawn at a row of the screen.
    pub fn paragraph_at(&self, row: u16) -> Option<usize> {
        self.drawn.iter().find(|d| d.0 == row).map(|d| d.1)
    }

    /// Brings a paragraph into the window, near its top.
    pub fn go_to(&mut self, paragraph: usize) {
        let to = (paragraph, 0);
        if self.drawn.iter().all(|d| d.1 != paragraph) {
            self.top = self.walk(to, -((self.height / 4) as isize));
        }
    }

    /// Marks every place with `text` and goes to the first at or below the top.
    pub fn search(&mut self, text: &str) -> bool {
        text.clone_into(&mut self.search);
        self.found = None;
        self.jump(true, true)
    }

    fn jump(&mut self, forward: bool, here: bool) -> bool {
        let count = self.paragraphs.len();
        if self.search.is_empty() || count == 0 {
            return false;
        }
        let from = self.found.unwrap_or((self.top.0, 0));
        let places = |at: usize| -> Vec<(usize, usize)> {
            let text = self.paragraphs[at].shown();
            text.match_indices(&self.search)
                .map(|(byte, _)| (at, byte))
                .collect()
        };
        let after = |p: &&(usize, usize)| **p > from || (here && **p == from);
        let hit = (0..=count).find_map(|step| {
            if forward {
                let at = (from.0 + step) % count;
                let list = places(at);
                let first = step == 0;
                list.iter().find(|p| !first || after(p)).copied()
            } else {
                let at = (from.0 + count - step % count) % count;
                let list = places(at);
                let first = step == 0;
                list.iter().rev().find(|p| !first || **p < from).copied()
            }
        });
        if let Some(hit) = hit {
            self.found = Some(hit);
            self.reach(hit);
        }
        hit.is_some()
    }

    /// Brings a place (paragraph, byte as shown) into the window.
    fn reach(&mut self, place: (usize, usize)) {
        let row = self
            .rows_of(place.0)
            .map_or(0, |rows| row_at(&rows, place.1));
        let at = (place.0, row);
        let last = self.walk(self.top, self.height.saturating_sub(1) as isize);
        if at < self.top || at > last {
            self.top = self.walk(at, -((self.height / 3) as isize));
        }
    }

    fn walk(&mut self, from: At, rows: isize) -> At {
        let count = self.paragraphs.len();
        flow::walk(from, rows, count, &mut |at| self.height_of(at))
    }

    fn height_of(&mut self, at: usize) -> usize {
        self.rows_of(at).map_or(1, |rows| rows.len())
    }

    /// The rows of a paragraph, made when they are first asked for.
    fn rows_of(&mut self, at: usize) -> Option<Rc<[FlowRow]>> {
        let (width, amb) = self.form?;
        let slot = self.rows.get_mut(at)?;
        if slot.is_none() {
            *slot = Some(self.paragraphs[at].rows(width, amb).into());
        }
        slot.clone()
    }

    /// Scrolls by `rows`, up where negative.
    pub fn scroll(&mut self, rows: isize) {
        self.top = self.walk(self.top, rows);
    }

    /// Takes an action; false if it is none of its own.
    pub fn handle(&mut self, action: Action) -> bool {
        if self.caret.is_some() && self.move_caret(action) {
            return true;
        }
        let page = self.page.max(1) as isize;
        match action {
            Action::ScrollDown | Action::Next => self.scroll(1),
            Action::ScrollUp | Action::Previous => self.scroll(-1),
            Action::PageDown => self.scroll(page),
            Action::PageUp => self.scroll(-page),
            Action::First => self.top = (0, 0),
            Action::Last => self.top = (usize::MAX, usize::MAX),
            Action::NextMatch => {
                self.jump(true, false);
            }
            Action::PreviousMatch => {
                self.jump(false, false);
            }
            _ => return false,
        }
        true
    }

    /// Takes the mouse: dragging picks text over any number of rows, beyond the edges it scrolls, the
    /// wheel scrolls. False if it is elsewhere.
    pub fn mouse(&mut self, mouse: &MouseEvent) -> bool {
        let (x, y) = (mouse.column, mouse.row);
        let inside = draw::holds(self.area, x, y);
        match mouse.kind {
            MouseEventKind::ScrollDown if inside => self.scroll(NOTCH),
            MouseEventKind::ScrollUp if inside => self.scroll(-NOTCH),
            MouseEventKind::Drag(_) if self.drag != Drag::default() && !inside => {
                if y < self.area.y {
                    self.scroll(-1);
                } else if y >= self.area.bottom() {
                    self.scroll(1);
                }
            }
            _ => {
                let spot = inside.then(|| self.cell(x, y)).flatten();
                return self.drag.mouse(mouse, spot) && (inside || self.drag != Drag::default());
            }
        }
        true
    }

    fn cell(&self, x: u16, y: u16) -> Option<Spot> {
        let (_, at, n) = *self.drawn.iter().find(|d| d.0 == y)?;
        let indent = self.rows.get(at)?.as_ref()?.get(n)?.indent;
        Some((at, n, x.saturating_sub(self.left + indent)))
    }

    /// The text picked with the mouse.
    pub fn dragged(&mut self) -> Option<String> {
        let (from, to) = self.drag.ends()?;
        let (_, amb) = self.form?;
        let drag = self.drag;
        let mut out = String::new();
        for at in from.0..=to.0.min(self.paragraphs.len().saturating_sub(1)) {
            if at > from.0 {
                out.push('\n');
            }
            let rows = self.rows_of(at)?;
            for (n, row) in rows.iter().enumerate() {
                out.push_str(drag.part(at, n, &row.text(), amb).unwrap_or_default());
            }
        }
        Some(out)
    }

    /// Whether [`Self::dragged`] has something.
    pub fn has_dragged(&self) -> bool {
        self.drag.ends().is_some()
    }

    /// What was picked with the mouse is let go.
    pub fn end_drag(&mut self) {
        self.drag.clear();
    }

    /// Where the caret stands after the last drawing, while a passage is being picked.
    pub fn cursor(&self) -> Option<Position> {
        self.cursor
    }

    /// Draws the rows that fit, with a scroll position at the right edge.
    pub fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        self.height = usize::from(area.height);
        self.page = env.page(area.height);
        self.area = area;
        let margin = if self.marks.is_empty() { 0 } else { MARGIN };
        let width = area.width.saturating_sub(1 + margin).max(1);
        if self.form != Some((width, env.amb)) {
            self.form = Some((width, env.amb));
            self.rows.fill(None);
        }
        if let Some(caret) = &mut self.caret
            && std::mem::take(&mut caret.moved)
        {
            let at = caret.at;
            self.reach(at);
        }
        let count = self.paragraphs.len();
        self.top = flow::keep_inside(self.top, self.height, count, &mut |at| self.height_of(at));
        self.drawn.clear();
        self.cursor = None;
        self.left = area.x + margin;
        let (mut at, mut row) = self.top;
        for y in area.y..area.bottom() {
            while at < count && row >= self.height_of(at) {
                at += 1;
                row = 0;
            }
            let Some(rows) = self.rows_of(at) else { break };
            self.drawn.push((y, at, row));
            self.row(
                Rect {
                    y,
                    height: 1,
                    width,
                    ..area
                },
                margin,
                buf,
                env,
                at,
                &rows,
                row,
            );
            row += 1;
        }
        let before = std::mem::take(&mut self.before);
        let (top, end) = (self.top, (at, row));
        flow::scroll_sign(area, buf, env, &before, top, end, &mut |at| {
            self.height_of(at)
        });
        self.before = before;
    }

    #[allow(clippy::too_many_arguments)]
    fn row(
        &mut self,
        area: Rect,
        margin: u16,
        buf: &mut Buffer,
        env: &Env,
        at: usize,
        rows: &[FlowRow],
        n: usize,
    ) {
        let (y, row) = (area.y, &rows[n]);
        let x = area.x + margin + row.indent;
        let room = area.width.saturating_sub(row.indent);
        draw::put_pieces(buf, x, y, &row.pieces, room, env.amb);
        let text = row.text();
        if let Some(cells) = self.drag.cells(at, n) {
            let to = cells.end.min(text_width(&text, env.amb) as u16);
            if to > cells.start {
                let place = Rect::new(x + cells.start, y, to - cells.start, 1);
                draw::fill(buf, place, env.styles.selection);
            }
        }
        let cells = |byte: usize| {
            let byte = byte.clamp(row.start, row.start + text.len()) - row.start;
            text_width(&text[..byte], env.amb) as u16
        };
        let mut over = |range: &Range<usize>, style: Style| {
            let (from, to) = (cells(range.start), cells(range.end));
            if to > from {
                draw::fill(buf, Rect::new(x + from, y, to - from, 1), style);
            }
        };
        for mark in self.marks.iter().filter(|m| m.paragraph == at) {
            let style = if self.stands_on == Some(mark.number) {
                env.styles.field_focused.patch(env.styles.change_current)
            } else {
                env.styles.field
            };
            over(&mark.range, style);
        }
        if !self.search.is_empty() {
            let whole = self.paragraphs[at].shown();
            for (byte, hit) in whole.match_indices(&self.search) {
                over(&(byte..byte + hit.len()), env.styles.found);
            }
        }
        if let Some(caret) = &self.caret {
            if let Some(range) = caret.range().filter(|_| caret.at.0 == at) {
                over(&range, env.styles.selection);
            }
            if caret.at.0 == at && row_at(rows, caret.at.1) == n {
                self.cursor = Some(Position::new(x + cells(caret.at.1), y));
            }
        }
        // The number stands at the row where the passage begins.
        let first = self
            .marks
            .iter()
            .find(|m| m.paragraph == at && row_at(rows, m.range.start) == n);
        if let Some(mark) = first.filter(|_| margin > 0) {
            let style = if self.stands_on == Some(mark.number) {
                env.styles.key.patch(env.styles.change_current)
            } else {
                env.styles.key
            };
            draw::put(
                buf,
                area.x,
                y,
                &(mark.number + 1).to_string(),
                style,
                MARGIN - 1,
                env.amb,
            );
        }
    }
}

/// The row that holds a byte of its paragraph; the last one for its end.
fn row_at(rows: &[FlowRow], byte: usize) -> usize {
    rows.partition_point(|r| r.start <= byte).saturating_sub(1)
}

/// A scroll position at the right edge of `area`; nothing where everything fits.
pub(crate) fn scrollbar(
    area: Rect,
    buf: &mut Buffer,
    env: &Env,
    top: usize,
    height: usize,
    count: usize,
) {
    if count <= height || area.width == 0 || height == 0 {
        return;
    }
    let size = (height * height / count).max(1);
    let at = top * (height - size) / (count - height);
    for n in at..(at + size).min(height) {
        draw::put(
            buf,
            area.right() - 1,
            area.y + n as u16,
            env.glyphs.thumb,
            env.styles.border,
            1,
            env.amb,
        );
    }
}

#[cfg(test)]
mod tests;
