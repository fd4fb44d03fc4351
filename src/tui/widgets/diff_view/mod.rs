//! A redline: what was taken out and what was put in, in one running text or side by side.
//!
//! Deletions are struck, insertions underlined, and the edge of every line that differs carries a
//! sign, so the marks survive without colour; where the terminal has no colour at all, or when the
//! person wants it so, they are written out as well, `[-…-]` and `{+…+}`.
//!
//! Comments stand where they belong: the passage is marked and numbered, what is said follows below
//! its paragraph, and no fold hides it.
//!
//! Rows are made when they come into the window and kept until the width changes, so that a
//! screenful costs the same in a text of any length. The window stands at a row of an entry, not
//! at a number of rows from the beginning, for the same reason.

mod layout;

use std::collections::BTreeMap;
use std::rc::Rc;

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::diff::{Fate, Part, Redline, SpanKind, Stop};
use crate::text::{Ambiguous, text_width};
use crate::tr;
use crate::tui::action::Action;
use crate::tui::component::Env;
use crate::tui::draw;
use crate::tui::theme::Styles;
use crate::tui::widgets::drag::{Drag, Spot};
use crate::tui::widgets::flow::{self, At};
use layout::{Bit, Entry, Look, Noted, Row};

/// From this width on, old and new can stand beside each other.
pub const SIDES_FROM: u16 = 120;
/// Unchanged paragraphs kept next to a change when the others are folded.
const CONTEXT: usize = 1;
/// Rows of one notch of the wheel.
const NOTCH: isize = 3;
/// Cells of the edge with the sign of a line.
const EDGE: u16 = 2;

/// The rows of an entry: of the old side, and of the new one where they are apart.
#[derive(Debug)]
struct Cells {
    left: Vec<Row>,
    right: Vec<Row>,
}

impl Cells {
    fn height(&self) -> usize {
        self.left.len().max(self.right.len()).max(1)
    }
}

/// A comment on a passage of the new text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Bytes of the new text.
    pub bytes: std::ops::Range<usize>,
    /// The number it goes by, counted from 0.
    pub number: usize,
    /// Who says what.
    pub said: String,
}

/// What the rows were made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Form {
    width: u16,
    amb: Ambiguous,
    marks: bool,
    sides: bool,
}

/// A scrolled redline.
#[derive(Debug, Default)]
pub struct DiffView {
    redline: Redline,
    stops: Vec<Stop>,
    numbers: Vec<Vec<Option<usize>>>,
    current: usize,
    /// None shows every paragraph.
    context: Option<usize>,
    opened: Vec<bool>,
    sides: bool,
    marks: bool,
    entries: Vec<Entry>,
    /// Bytes before each entry and after the last, for the scroll position.
    before: Vec<usize>,
    cells: Vec<Option<Rc<Cells>>>,
    form: Option<Form>,
    top: At,
    height: usize,
    width: u16,
    goto: bool,
    search: String,
    /// Rows on screen, and the entry and row of it that each shows.
    drawn: Vec<(u16, usize, usize)>,
    remarks: Vec<Remark>,
    /// Where the paragraphs of the new text begin, in bytes.
    starts: Vec<usize>,
    /// The comments of each line that has some.
    notes: BTreeMap<usize, Vec<Noted>>,
    area: Rect,
    /// Rows of a page key.
    page: usize,
    /// What is picked with the mouse, and on which side.
    drag: Drag,
    dragged_right: bool,
}

impl DiffView {
    /// A redline that stands on its first change, unchanged paragraphs folded.
    pub fn new(redline: Redline) -> Self {
        let mut view = Self {
            context: Some(CONTEXT),
            goto: true,
            ..Self::default()
        };
        view.put(redline);
        view
    }

    fn put(&mut self, redline: Redline) {
        self.stops = redline.stops();
        self.numbers = layout::numbers(&redline);
        self.opened = vec![false; redline.lines.len()];
        self.redline = redline;
        self.drag.clear();
        self.place_remarks();
        self.current = self.current.min(self.stops.len().saturating_sub(1));
        self.form = None;
    }

    /// Shows another redline of the same texts: the finer one that took longer, or one after a
    /// reload. Folding and layout stay as the person set them; it stands on the change that is
    /// nearest to where it stood.
    pub fn refine(&mut self, redline: Redline) {
        if redline == self.redline {
            return;
        }
        let stood = self
            .stops
            .get(self.current)
            .and_then(|s| self.redline.lines.get(s.line))
            .and_then(|l| l.new_par.or(l.old_par));
        let first = self.current == 0;
        self.put(redline);
        if let (Some(par), false) = (stood, first) {
            let near = self.stops.iter().position(|s| {
                let line = &self.redline.lines[s.line];
                line.new_par.or(line.old_par).is_some_and(|p| p >= par)
            });
            self.current = near.unwrap_or(0);
        }
        self.goto = true;
    }

    /// Shows comments on passages of the new text, which is `text`.
    pub fn set_remarks(&mut self, text: &str, remarks: Vec<Remark>) {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
        self.starts = starts.collect();
        if self.remarks != remarks {
            self.form = None;
        }
        self.remarks = remarks;
        self.place_remarks();
    }

    /// Finds the line of each comment.
    fn place_remarks(&mut self) {
        self.notes.clear();
        for remark in &self.remarks {
            let par = self.starts.partition_point(|s| *s <= remark.bytes.start);
            let Some(par) = par.checked_sub(1) else {
                continue;
            };
            let lines = self.redline.lines.iter().enumerate();
            let found = lines
                .filter(|(_, l)| l.part == Part::Text)
                .filter_map(|(at, l)| Some((at, l.new_par?, l)))
                .find(|(_, first, l)| {
                    let more = l.side(SpanKind::Add).matches('\n').count();
                    (*first..=first + more).contains(&par)
                });
            let Some((at, first, line)) = found else {
                continue;
            };
            let begin = self.starts.get(first).copied().unwrap_or(0);
            let len = line.side(SpanKind::Add).len();
            let within = |byte: usize| byte.saturating_sub(begin).min(len);
            self.notes.entry(at).or_default().push(Noted {
                bytes: within(remark.bytes.start)..within(remark.bytes.end),
                number: remark.number,
                said: remark.said.clone(),
            });
        }
    }

    fn notes_of(&self, line: usize) -> &[Noted] {
        self.notes.get(&line).map_or(&[], Vec::as_slice)
    }

    /// Takes the mouse: dragging picks text, a click opens a fold, the wheel scrolls. False if it
    /// is elsewhere.
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
            kind => {
                let down = kind == MouseEventKind::Down(MouseButton::Left);
                if down && inside {
                    if self.click(y) {
                        return true;
                    }
                    self.dragged_right = self
                        .half()
                        .is_some_and(|half| x >= self.area.x + EDGE + half + 2);
                }
                let spot = inside.then(|| self.cell(x, y)).flatten();
                return self.drag.mouse(mouse, spot) && (inside || self.drag != Drag::default());
            }
        }
        true
    }

    /// Cells of one side, where there are two.
    fn half(&self) -> Option<u16> {
        let form = self.form?;
        form.sides.then(|| form.width.saturating_sub(3) / 2)
    }

    fn cell(&self, x: u16, y: u16) -> Option<Spot> {
        let (_, entry, row) = *self.drawn.iter().find(|d| d.0 == y)?;
        let left = self.area.x + EDGE;
        let left = match self.half() {
            Some(half) if self.dragged_right => left + half + 3,
            _ => left,
        };
        Some((entry, row, x.saturating_sub(left)))
    }

    /// The text picked with the mouse, as it is shown.
    pub fn dragged(&mut self) -> Option<String> {
        let (from, to) = self.drag.ends()?;
        let amb = self.form?.amb;
        let (drag, right) = (self.drag, self.dragged_right);
        let mut out = String::new();
        for entry in from.0..=to.0.min(self.entries.len().saturating_sub(1)) {
            if entry > from.0 {
                out.push('\n');
            }
            let cells = self.cells_of(entry)?;
            let rows = if right { &cells.right } else { &cells.left };
            for (n, row) in rows.iter().enumerate() {
                let text: String = row.iter().map(|b| b.text.as_str()).collect();
                out.push_str(drag.part(entry, n, &text, amb).unwrap_or_default());
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

    /// The redline shown.
    pub fn redline(&self) -> &Redline {
        &self.redline
    }

    /// How many changes there are.
    pub fn changes(&self) -> usize {
        self.stops.len()
    }

    /// The change it stands on, counted from 0.
    pub fn current(&self) -> usize {
        self.current
    }

    /// Whether old and new are wanted beside each other.
    pub fn sides(&self) -> bool {
        self.sides
    }

    /// Whether they would be if there were room.
    pub fn too_narrow(&self) -> bool {
        self.sides && self.width < SIDES_FROM
    }

    /// "change 2/5", or that there is none.
    pub fn position(&self) -> String {
        if self.stops.is_empty() {
            tr!("tui-diff-none")
        } else {
            let (n, total) = (self.current + 1, self.stops.len());
            tr!("tui-diff-position", n = n, total = total)
        }
    }

    /// How much of what differs, by part: "fields 2, text 14"; empty where nothing does.
    pub fn summary(&self) -> String {
        let parts = [
            (Part::Field, tr!("tui-diff-part-fields")),
            (Part::File, tr!("tui-diff-part-files")),
            (Part::Text, tr!("tui-diff-part-text")),
        ];
        let parts: Vec<String> = parts
            .into_iter()
            .filter_map(|(part, name)| {
                let lines: Vec<usize> = self
                    .stops
                    .iter()
                    .map(|s| s.line)
                    .filter(|l| self.redline.lines[*l].part == part)
                    .collect();
                (!lines.is_empty()).then(|| format!("{name} {}", lines.len()))
            })
            .collect();
        parts.join("  ")
    }

    /// How many unchanged paragraphs are kept around a change; none where all are shown.
    pub fn context(&self) -> Option<usize> {
        self.context
    }

    /// Takes an action; false if it is none of its own.
    pub fn handle(&mut self, action: Action) -> bool {
        let page = self.page.max(1) as isize;
        let changes = self.stops.len();
        match action {
            Action::NextChange if changes > 0 => self.stand_on((self.current + 1) % changes),
            Action::PreviousChange if changes > 0 => {
                self.stand_on((self.current + changes - 1) % changes);
            }
            Action::NextChange | Action::PreviousChange => {}
            Action::ToggleFold => {
                let context = if self.context.is_some() {
                    None
                } else {
                    Some(CONTEXT)
                };
                self.set_context(context);
            }
            Action::MoreContext => self.set_context(self.context.map(|n| n + 1)),
            Action::LessContext => {
                self.set_context(Some(self.context.unwrap_or(CONTEXT + 1).saturating_sub(1)));
            }
            Action::UnfoldOne => self.unfold_one(),
            Action::ToggleSides => {
                self.sides = !self.sides;
                self.again();
            }
            Action::ToggleMarks => {
                self.marks = !self.marks;
                self.again();
            }
            Action::ScrollDown | Action::Next => self.scroll(1),
            Action::ScrollUp | Action::Previous => self.scroll(-1),
            Action::PageDown => self.scroll(page),
            Action::PageUp => self.scroll(-page),
            Action::First => self.top = (0, 0),
            Action::Last => self.top = (usize::MAX, usize::MAX),
            Action::NextMatch => {
                self.find(true, false);
            }
            Action::PreviousMatch => {
                self.find(false, false);
            }
            _ => return false,
        }
        true
    }

    fn set_context(&mut self, context: Option<usize>) {
        self.context = context;
        self.opened.fill(false);
        self.again();
    }

    /// Lays everything out anew and keeps the change in sight.
    fn again(&mut self) {
        self.form = None;
        self.goto = true;
    }

    fn stand_on(&mut self, change: usize) {
        self.current = change;
        self.goto = true;
    }

    /// Opens the fold that is nearest below the top of the window, else the last one above.
    fn unfold_one(&mut self) {
        let fold = |(at, e): (usize, &Entry)| match e {
            Entry::Fold(range) => Some((at, range.clone())),
            _ => None,
        };
        let folds: Vec<_> = self.entries.iter().enumerate().filter_map(fold).collect();
        let below = folds.iter().find(|(at, _)| *at >= self.top.0);
        if let Some((_, range)) = below.or(folds.last()).cloned() {
            self.open(range);
        }
    }

    fn open(&mut self, lines: std::ops::Range<usize>) {
        self.opened[lines].fill(true);
        let line = self.entries.get(self.top.0).map(Entry::first);
        self.form = None;
        // The entries in front of the top may have become more.
        self.lay_out_entries();
        if let Some(line) = line {
            let at = self.entries.iter().position(|e| e.holds(line));
            self.top = (at.unwrap_or(0), 0);
        }
    }

    /// Opens the fold under a click; true if there is one.
    pub fn click(&mut self, row: u16) -> bool {
        let hit = self.drawn.iter().find(|d| d.0 == row).map(|d| d.1);
        let Some(Entry::Fold(range)) = hit.and_then(|at| self.entries.get(at)) else {
            return false;
        };
        self.open(range.clone());
        true
    }

    /// Marks every place with `text` and goes to the first line with it at or below the top, also
    /// one that is folded.
    pub fn search(&mut self, text: &str) -> bool {
        text.clone_into(&mut self.search);
        self.find(true, true)
    }

    fn find(&mut self, forward: bool, here: bool) -> bool {
        let count = self.redline.lines.len();
        if self.search.is_empty() || count == 0 {
            return false;
        }
        let from = self.entries.get(self.top.0).map_or(0, Entry::first);
        let hit = (usize::from(!here)..=count)
            .map(|step| {
                if forward {
                    (from + step) % count
                } else {
                    (from + count - step % count) % count
                }
            })
            .find(|at| {
                let line = &self.redline.lines[*at];
                [SpanKind::Add, SpanKind::Del]
                    .into_iter()
                    .any(|side| line.side(side).contains(&self.search))
            });
        if let Some(line) = hit {
            self.opened[line] = true;
            self.form = None;
            self.lay_out_entries();
            let at = self.entries.iter().position(|e| e.holds(line));
            self.top = (at.unwrap_or(0), 0);
        }
        hit.is_some()
    }

    /// Scrolls by `rows`, up where negative.
    pub fn scroll(&mut self, rows: isize) {
        self.top = self.walk(self.top, rows);
    }

    fn walk(&mut self, from: At, rows: isize) -> At {
        let count = self.entries.len();
        flow::walk(from, rows, count, &mut |entry| self.height_of(entry))
    }

    fn height_of(&mut self, entry: usize) -> usize {
        self.cells_of(entry).map_or(1, |c| c.height())
    }

    fn lay_out_entries(&mut self) {
        let sides = self.form.map_or(self.sides, |f| f.sides);
        let noted = |line: usize| self.notes.contains_key(&line);
        self.entries = layout::entries(&self.redline, self.context, &self.opened, &noted, sides);
        self.drag.clear();
        self.cells = vec![None; self.entries.len()];
        let mut sum = 0;
        self.before.clear();
        for entry in &self.entries {
            self.before.push(sum);
            sum += 24
                + match entry {
                    Entry::One(at) => self.weight(*at),
                    Entry::Two(old, new) => self.weight(*old).max(self.weight(*new)),
                    Entry::Fold(_) => 0,
                };
        }
        self.before.push(sum);
    }

    fn weight(&self, line: usize) -> usize {
        let spans = &self.redline.lines[line].spans;
        spans.iter().map(|s| s.text.len()).sum()
    }

    /// The rows of an entry, made when they are first asked for.
    fn cells_of(&mut self, entry: usize) -> Option<Rc<Cells>> {
        let form = self.form?;
        if let Some(cells) = self.cells.get(entry)?.clone() {
            return Some(cells);
        }
        let of = |line: usize, side: Option<SpanKind>, width: u16| {
            let bits = layout::bits(
                &self.redline.lines[line],
                &self.numbers[line],
                side,
                form.marks,
                self.notes_of(line),
            );
            let mut rows = layout::rows(&bits, width, form.amb);
            if side != Some(SpanKind::Del) {
                for bits in layout::remarks(self.notes_of(line)) {
                    rows.extend(layout::rows(&bits, width, form.amb));
                }
            }
            rows
        };
        let half = form.width.saturating_sub(3) / 2;
        let (old, new) = (Some(SpanKind::Del), Some(SpanKind::Add));
        let cells = match &self.entries[entry] {
            Entry::Fold(range) => {
                let count = range.len();
                let text = tr!("tui-diff-folded", count = count);
                let row = vec![Bit {
                    text,
                    look: Look::Label,
                    number: None,
                    marked: false,
                }];
                Cells {
                    left: vec![row],
                    right: Vec::new(),
                }
            }
            Entry::One(line) if !form.sides || self.redline.lines[*line].part == Part::Head => {
                Cells {
                    left: of(*line, None, form.width),
                    right: Vec::new(),
                }
            }
            Entry::One(line) => {
                let fate = self.redline.lines[*line].fate();
                Cells {
                    left: if fate == Fate::Added {
                        Vec::new()
                    } else {
                        of(*line, old, half)
                    },
                    right: if fate == Fate::Removed {
                        Vec::new()
                    } else {
                        of(*line, new, half)
                    },
                }
            }
            Entry::Two(left, right) => Cells {
                left: of(*left, old, half),
                right: of(*right, new, half),
            },
        };
        let cells = Rc::new(cells);
        self.cells[entry] = Some(Rc::clone(&cells));
        Some(cells)
    }

    fn lay_out(&mut self, width: u16, env: &Env) {
        let form = Form {
            width,
            amb: env.amb,
            marks: self.marks || !env.styles.colour,
            sides: self.sides && self.width >= SIDES_FROM,
        };
        if self.form == Some(form) {
            return;
        }
        let line = self.entries.get(self.top.0).map(Entry::first);
        self.form = Some(form);
        self.lay_out_entries();
        // The same paragraph stays at the top when the width changes.
        if let Some(line) = line {
            let at = self.entries.iter().position(|e| e.holds(line));
            self.top = (at.unwrap_or(0), self.top.1);
        }
    }

    /// Brings the current change into the window, a third from its top, unless it is there.
    fn reach(&mut self) {
        let Some(stop) = self.stops.get(self.current).copied() else {
            return;
        };
        let Some(entry) = self.entries.iter().position(|e| e.holds(stop.line)) else {
            return;
        };
        let Some(cells) = self.cells_of(entry) else {
            return;
        };
        // Within a long paragraph the change itself, not only its beginning, must show.
        let current = Some(self.current);
        let has = |row: &Row| row.iter().any(|b| b.number == current);
        let row = [&cells.left, &cells.right]
            .into_iter()
            .filter_map(|rows| rows.iter().position(has))
            .min()
            .unwrap_or(0);
        let place = (entry, row);
        let last = self.walk(self.top, self.height.saturating_sub(1) as isize);
        if place < self.top || place > last {
            self.top = self.walk(place, -((self.height / 3) as isize));
        }
    }

    /// Draws the rows that fit.
    pub fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        self.height = usize::from(area.height);
        self.page = env.page(area.height);
        self.area = area;
        self.width = area.width;
        let width = area.width.saturating_sub(1 + EDGE).max(1);
        self.lay_out(width, env);
        if std::mem::take(&mut self.goto) {
            self.reach();
        }
        let count = self.entries.len();
        self.top = flow::keep_inside(self.top, self.height, count, &mut |e| self.height_of(e));
        self.drawn.clear();
        let (mut entry, mut row) = self.top;
        for y in area.y..area.bottom() {
            while entry < self.entries.len() && row >= self.height_of(entry) {
                entry += 1;
                row = 0;
            }
            let Some(cells) = self.cells_of(entry) else {
                break;
            };
            self.row(
                Rect {
                    y,
                    height: 1,
                    ..area
                },
                buf,
                env,
                entry,
                row,
                &cells,
            );
            self.drawn.push((y, entry, row));
            row += 1;
        }
        let before = std::mem::take(&mut self.before);
        let (top, end) = (self.top, (entry, row));
        flow::scroll_sign(area, buf, env, &before, top, end, &mut |e| {
            self.height_of(e)
        });
        self.before = before;
    }

    fn row(
        &self,
        area: Rect,
        buf: &mut Buffer,
        env: &Env,
        entry: usize,
        row: usize,
        cells: &Cells,
    ) {
        let current = Some(self.current).filter(|_| !self.stops.is_empty());
        let here = |rows: &[Row]| {
            rows.get(row)
                .is_some_and(|r| r.iter().any(|b| b.number.is_some() && b.number == current))
        };
        let style = if here(&cells.left) || here(&cells.right) {
            env.styles.strong.patch(env.styles.change_current)
        } else {
            env.styles.muted
        };
        let sign = self.sign(entry);
        if !sign.is_empty() {
            draw::put(buf, area.x, area.y, sign, style, 1, env.amb);
        }
        let x = area.x + EDGE;
        let Some(form) = self.form else { return };
        let picked = self.drag.cells(entry, row);
        let select = |buf: &mut Buffer, x: u16, width: u16| {
            if let Some(cells) = &picked {
                let to = cells.end.min(width);
                if to > cells.start {
                    let place = Rect::new(x + cells.start, area.y, to - cells.start, 1);
                    draw::fill(buf, place, env.styles.selection);
                }
            }
        };
        if !form.sides || cells.right.is_empty() && !self.is_line(entry) {
            self.bits(buf, x, area.y, cells.left.get(row), form.width, env);
            select(buf, x, form.width);
            return;
        }
        let half = form.width.saturating_sub(3) / 2;
        self.bits(buf, x, area.y, cells.left.get(row), half, env);
        draw::put(
            buf,
            x + half + 1,
            area.y,
            env.glyphs.vertical,
            env.styles.border,
            1,
            env.amb,
        );
        self.bits(buf, x + half + 3, area.y, cells.right.get(row), half, env);
        let from = if self.dragged_right { x + half + 3 } else { x };
        select(buf, from, half);
    }

    /// Whether an entry has two sides.
    fn is_line(&self, entry: usize) -> bool {
        match &self.entries[entry] {
            Entry::One(line) => self.redline.lines[*line].part != Part::Head,
            Entry::Two(..) => true,
            Entry::Fold(_) => false,
        }
    }

    /// The sign at the edge.
    fn sign(&self, entry: usize) -> &'static str {
        match &self.entries[entry] {
            Entry::Two(..) => "~",
            Entry::Fold(_) => "",
            Entry::One(line) => match self.redline.lines[*line].fate() {
                Fate::Same => "",
                Fate::Changed => "~",
                Fate::Added => "+",
                Fate::Removed => "-",
                Fate::Moved => ">",
            },
        }
    }

    fn bits(&self, buf: &mut Buffer, x: u16, y: u16, row: Option<&Row>, width: u16, env: &Env) {
        let Some(row) = row else { return };
        let mut used = 0;
        for bit in row {
            let style = self.style(bit, &env.styles);
            used += draw::put(
                buf,
                x + used,
                y,
                &bit.text,
                style,
                width.saturating_sub(used),
                env.amb,
            );
        }
        if self.search.is_empty() {
            return;
        }
        let text: String = row.iter().map(|b| b.text.as_str()).collect();
        for (at, hit) in text.match_indices(&self.search) {
            let before = text_width(&text[..at], env.amb) as u16;
            let cells = text_width(hit, env.amb) as u16;
            draw::fill(buf, Rect::new(x + before, y, cells, 1), env.styles.found);
        }
    }

    fn style(&self, bit: &Bit, styles: &Styles) -> Style {
        let style = match bit.look {
            Look::Same => styles.text,
            Look::Added => styles.added,
            Look::Removed => styles.removed,
            Look::Label => styles.muted,
            Look::Head => styles.head,
            Look::Remark => styles.key,
        };
        // A passage with a comment: the number behind it says so without colour.
        let style = if bit.marked {
            style.patch(styles.field)
        } else {
            style
        };
        if bit.number.is_some() && bit.number == Some(self.current) {
            style.patch(styles.change_current)
        } else {
            style
        }
    }
}

#[cfg(test)]
mod tests;
