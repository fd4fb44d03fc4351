//! The text on screen: the rows that fit, the marks beside them, the row of state.
//!
//! Only paragraphs that are visible are laid out, coloured and searched.

use ratatui::buffer::Buffer as Cells;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use unicode_segmentation::UnicodeSegmentation;

use crate::text::{cells, inert, text_width};
use crate::tr;
use crate::tui::component::Env;
use crate::tui::draw;
use crate::tui::prose::Prose;
use crate::tui::prose::buffer::Pos;
use crate::tui::prose::colour::Look;
use crate::tui::prose::history::Caret;
use crate::tui::prose::marks::MarkKind;
use crate::tui::prose::modal::Mode;
use crate::tui::prose::motion::{at_column, distance, step, there};
use crate::tui::theme::Styles;

/// Cells of the margin: the sign of a mark and a blank.
const MARGIN: u16 = 2;

/// Where the text is on screen.
#[derive(Debug, Clone, Default)]
pub struct View {
    /// The first row: paragraph and row in it.
    pub top: (usize, usize),
    /// Where rows are drawn, without margin and scroll position.
    pub body: Rect,
    /// Where the caret stood in the last drawing.
    pub caret: Option<Position>,
}

impl Prose {
    /// The source from the first visible paragraph on, about so many bytes of it: what a preview
    /// beside the text is made of. A block of code or a table that began above is begun again.
    pub fn source_from_top(&self, bytes: usize) -> String {
        let top = self.view.top.0.min(self.buffer.len() - 1);
        let mut out = String::new();
        let mut first = top;
        if self.buffer.in_code(top) {
            let fence = (0..top).rev().map(|p| self.buffer.paragraph(p));
            out.extend(fence.take(500).find(|t| super::colour::fence(t)));
            out.push('\n');
        } else {
            let table = |p: usize| self.buffer.paragraph(p).starts_with('|');
            while first > 0 && top - first < 200 && table(first) && table(first - 1) {
                first -= 1;
            }
        }
        for p in first..self.buffer.len() {
            let text = self.buffer.paragraph(p);
            let mut cut = text.len().min(bytes * 2);
            while !text.is_char_boundary(cut) {
                cut -= 1;
            }
            out.push_str(&text[..cut]);
            out.push('\n');
            if out.len() >= bytes {
                break;
            }
        }
        out
    }

    /// Scrolls by rows; the caret goes along where it would leave the screen.
    pub(super) fn scroll(&mut self, by: isize) {
        self.scroll_top(by);
        let height = usize::from(self.view.body.height.max(1));
        let top = self.view.top;
        let at = self.caret_row();
        let to = if at < top {
            top
        } else if distance(&mut self.buffer, top, at, height) >= height {
            step(&mut self.buffer, top, height as isize - 1)
        } else {
            return;
        };
        let column = match self.caret.sticky {
            Some(column) => column,
            None => self.buffer.column(self.caret.head, self.caret.upper),
        };
        let (byte, upper) = at_column(&mut self.buffer, to.0, to.1, column);
        self.history.close();
        self.caret = Caret {
            head: Pos::new(to.0, byte),
            upper,
            sticky: Some(column),
            anchor: self.caret.anchor,
        };
        self.settle();
    }

    /// Moves the first row; never so far that nothing would be seen.
    pub(super) fn scroll_top(&mut self, by: isize) {
        self.view.top = step(&mut self.buffer, self.view.top, by);
    }

    fn caret_row(&mut self) -> (usize, usize) {
        let Caret { head, upper, .. } = self.caret;
        (head.paragraph, self.buffer.row_of(head, upper))
    }

    /// The place under a cell of the body.
    pub(super) fn place_at(&mut self, x: u16, y: u16) -> (Pos, bool) {
        let down = isize::from((y - self.view.body.y) as i16);
        let (paragraph, row) = step(&mut self.buffer, self.view.top, down);
        let (byte, upper) = at_column(
            &mut self.buffer,
            paragraph,
            row,
            x.saturating_sub(self.view.body.x),
        );
        (Pos::new(paragraph, byte), upper)
    }

    /// Scrolls so that the caret is on screen; a jump puts it in the middle.
    fn keep_caret_visible(&mut self) {
        let height = usize::from(self.view.body.height.max(1));
        let at = self.caret_row();
        self.view.top = there(&mut self.buffer, self.view.top);
        let middle = -(height as isize / 2);
        if at < self.view.top {
            let far = distance(&mut self.buffer, at, self.view.top, height) >= height;
            self.view.top = if far {
                step(&mut self.buffer, at, middle)
            } else {
                at
            };
        } else {
            let down = distance(&mut self.buffer, self.view.top, at, 2 * height);
            if down >= 2 * height {
                self.view.top = step(&mut self.buffer, at, middle);
            } else if down >= height {
                self.view.top = step(&mut self.buffer, at, 1 - height as isize);
            }
        }
    }

    /// Draws the text and, on the last row, its state.
    pub fn render(&mut self, area: Rect, buf: &mut Cells, env: &Env, focused: bool) {
        self.view.caret = None;
        let foot = if self.small {
            0
        } else {
            1 + self.panel.as_ref().map_or(0, super::panel::Panel::rows)
        };
        if area.height <= foot || area.width < 8 {
            return;
        }
        let margin = if self.small { 0 } else { MARGIN };
        self.view.body = Rect {
            x: area.x + margin,
            // One cell stays free for the caret behind a full row and for the scroll position.
            width: area.width - margin - 1,
            y: area.y,
            height: area.height - foot,
        };
        self.buffer.set_width(self.view.body.width, env.amb);
        self.keep_caret_visible();
        self.rows(area.x, buf, env);
        self.scroll_bar(area, buf, env);
        if self.small {
            if !focused {
                self.view.caret = None;
            }
            return;
        }
        if let Some(panel) = &mut self.panel {
            let rows = panel.rows();
            let place = Rect {
                y: area.bottom() - 1 - rows,
                height: rows,
                ..area
            };
            panel.render(place, buf, env);
        }
        if !focused || self.panel.is_some() {
            self.view.caret = None;
        }
        let last = Rect {
            y: area.bottom() - 1,
            height: 1,
            ..area
        };
        self.state_row(last, buf, env);
    }

    fn rows(&mut self, left: u16, buf: &mut Cells, env: &Env) {
        let body = self.view.body;
        let (mut paragraph, mut row) = self.view.top;
        let caret_row = self.caret_row();
        let selection = self.selection();
        let mut looks = Looks::default();
        let mut looked = usize::MAX;
        for y in body.y..body.bottom() {
            if paragraph >= self.buffer.len() {
                break;
            }
            if looked != paragraph {
                looks = self.looks(paragraph, &env.styles);
                looked = paragraph;
            }
            let bytes = self.buffer.row(paragraph, row);
            let text = self.buffer.paragraph(paragraph);
            let last = bytes.end == text.len();
            if let Some(kind) = looks.sign(&bytes, last)
                && body.x > left
            {
                let style = kind_style(kind, &env.styles);
                draw::put(buf, left, y, kind.sign(), style, 1, env.amb);
            }
            let near = looks.near(&bytes);
            let mut x = body.x;
            for (n, g) in text[bytes.clone()].grapheme_indices(true) {
                let byte = bytes.start + n;
                let here = Pos::new(paragraph, byte);
                if (paragraph, row) == caret_row && self.caret.head == here {
                    self.view.caret = Some(Position::new(x, y));
                }
                let mut style = Looks::style(&near, byte, env.styles.text);
                if selection.as_ref().is_some_and(|s| s.contains(&here)) {
                    style = style.patch(env.styles.selection);
                }
                // What is drawn takes the cells that wrapping counted.
                let room = cells(g, env.amb);
                x += draw::put(buf, x, y, &inert(g), style, room, env.amb);
            }
            if (paragraph, row) == caret_row && self.view.caret.is_none() {
                self.view.caret = Some(Position::new(x.min(body.right()), y));
            }
            // A selected line break shows as a blank.
            let end = Pos::new(paragraph, bytes.end);
            if last && selection.as_ref().is_some_and(|s| s.contains(&end)) {
                draw::put(
                    buf,
                    x.min(body.right()),
                    y,
                    " ",
                    env.styles.selection,
                    1,
                    env.amb,
                );
            }
            row += 1;
            if row >= self.buffer.row_count(paragraph) {
                paragraph += 1;
                row = 0;
            }
        }
    }

    /// How the stretches of a paragraph look: Markdown, marks, matches.
    fn looks(&mut self, paragraph: usize, styles: &Styles) -> Looks {
        let mut looks = Looks::default();
        if self.buffer.in_code(paragraph) && !super::colour::fence(self.buffer.paragraph(paragraph))
        {
            let len = self.buffer.paragraph(paragraph).len();
            looks.list.push((0, len, styles.key));
        } else if !self.small {
            for (range, look) in self.buffer.spans(paragraph) {
                looks
                    .list
                    .push((range.start, range.end, look_style(*look, styles)));
            }
        }
        for mark in self.marks.of(paragraph) {
            let style = kind_style(mark.kind, styles).add_modifier(Modifier::UNDERLINED);
            looks.list.push((mark.range.start, mark.range.end, style));
            looks
                .signs
                .push((mark.range.start, mark.range.end, mark.kind));
        }
        if self.highlight
            && let Some(finder) = &self.finder
        {
            for range in finder.matches(self.buffer.paragraph(paragraph)) {
                looks.list.push((range.start, range.end, styles.found));
            }
        }
        looks
    }

    /// A thumb at the right edge, where there is more than fits.
    fn scroll_bar(&self, area: Rect, buf: &mut Cells, env: &Env) {
        let body = self.view.body;
        let (before, total) = self.buffer.rows_before(self.view.top.0);
        let height = usize::from(body.height);
        if total <= height || self.small {
            return;
        }
        let first = (before + self.view.top.1).min(total);
        let length = (height * height / total).max(1);
        let room = height - length;
        let at = (first * room)
            .div_ceil(total.saturating_sub(height).max(1))
            .min(room);
        for n in at..at + length {
            draw::put(
                buf,
                area.right() - 1,
                body.y + n as u16,
                env.glyphs.thumb,
                env.styles.border,
                1,
                env.amb,
            );
        }
    }

    fn state_row(&mut self, area: Rect, buf: &mut Cells, env: &Env) {
        let mut left = Vec::new();
        if let Some(mode) = self.mode() {
            left.push(match mode {
                Mode::Insert => tr!("tui-editor-mode-insert"),
                Mode::Normal => tr!("tui-editor-mode-normal"),
                Mode::Visual => tr!("tui-editor-mode-visual"),
                Mode::VisualLine => tr!("tui-editor-mode-visual-line"),
            });
            let pending = self.modal.pending();
            if !pending.is_empty() {
                left.push(pending);
            }
        } else if self.extending {
            left.push(tr!("tui-editor-mode-visual"));
        }
        let mut right = Vec::new();
        let total = self.counts().without_punctuation;
        let all = tr!("tui-editor-words", count = total);
        right.push(match self.selected_counts() {
            Some(counts) => tr!(
                "tui-editor-selected",
                count = counts.without_punctuation,
                all = all.as_str()
            ),
            None => all,
        });
        let Pos { paragraph, .. } = self.caret.head;
        let row = self.caret_row().1;
        let (before, rows) = self.buffer.rows_before(paragraph);
        let percent = if rows <= 1 {
            100
        } else {
            (before + row) * 100 / (rows - 1)
        };
        right.push(format!(
            "{}:{}  {}%",
            paragraph + 1,
            self.buffer.number_in_paragraph(self.caret.head),
            percent.min(100)
        ));
        if self.dirty() {
            right.push(tr!("tui-editor-modified"));
        }
        let right = right.join("  ");
        let room = area
            .width
            .saturating_sub(text_width(&right, env.amb) as u16 + 2);
        let mut used = draw::put(
            buf,
            area.x,
            area.y,
            &left.join(" "),
            env.styles.strong,
            room,
            env.amb,
        );
        if let Some(mark) = self.marks.at(self.caret.head) {
            let gap = u16::from(used > 0) * 2;
            let text = format!("{} {}", mark.kind.sign(), mark.message);
            let style = kind_style(mark.kind, &env.styles);
            used += gap;
            draw::put(
                buf,
                area.x + used,
                area.y,
                &text,
                style,
                room.saturating_sub(used),
                env.amb,
            );
        }
        draw::put_right(
            buf,
            area.right(),
            area.y,
            &right,
            env.styles.muted,
            area.width,
            env.amb,
        );
    }
}

/// Stretches with their styles, and marks, of one paragraph.
#[derive(Debug, Default)]
struct Looks {
    list: Vec<(usize, usize, Style)>,
    signs: Vec<(usize, usize, MarkKind)>,
}

impl Looks {
    /// The stretches that touch a row.
    fn near(&self, row: &std::ops::Range<usize>) -> Vec<(usize, usize, Style)> {
        self.list
            .iter()
            .filter(|(from, to, _)| *from < row.end && *to > row.start)
            .copied()
            .collect()
    }

    fn style(list: &[(usize, usize, Style)], byte: usize, base: Style) -> Style {
        list.iter()
            .filter(|(from, to, _)| (*from..*to).contains(&byte))
            .fold(base, |style, (_, _, more)| style.patch(*more))
    }

    /// The gravest mark that touches a row.
    fn sign(&self, row: &std::ops::Range<usize>, last: bool) -> Option<MarkKind> {
        self.signs
            .iter()
            .filter(|(from, to, _)| {
                *from < row.end.max(row.start + usize::from(last)) && *to > row.start
            })
            .map(|s| s.2)
            .max()
    }
}

fn kind_style(kind: MarkKind, styles: &Styles) -> Style {
    match kind {
        MarkKind::Serious => styles.error,
        MarkKind::General | MarkKind::Suspect => styles.warning,
        MarkKind::Hint | MarkKind::Comment => styles.key,
    }
}

fn look_style(look: Look, styles: &Styles) -> Style {
    match look {
        Look::Sign | Look::Quote => styles.muted,
        Look::Heading => styles.title,
        Look::Strong => styles.strong,
        Look::Emphasis => Style::new().add_modifier(Modifier::ITALIC),
        Look::Code => styles.key,
        Look::Link => Style::new().add_modifier(Modifier::UNDERLINED),
        Look::Struck => Style::new().add_modifier(Modifier::CROSSED_OUT),
    }
}
