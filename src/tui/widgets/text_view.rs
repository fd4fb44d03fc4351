//! Text to read: wrapped, scrolled, searched.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::action::Action;
use crate::tui::component::Env;
use crate::tui::draw;
use crate::tui::widgets::flow::{Flow, Paragraph};

/// A scrolled view of styled paragraphs.
#[derive(Debug, Clone, Default)]
pub struct TextView {
    flow: Flow,
    top: usize,
    height: usize,
    search: String,
    found: Option<usize>,
}

impl TextView {
    /// Shows these paragraphs from the first.
    pub fn new(paragraphs: Vec<Paragraph>) -> Self {
        Self {
            flow: Flow::new(paragraphs),
            ..Self::default()
        }
    }

    /// Shows other paragraphs at the same place.
    pub fn set(&mut self, paragraphs: Vec<Paragraph>) {
        self.flow = Flow::new(paragraphs);
    }

    /// The first row on screen.
    pub fn top(&self) -> usize {
        self.top
    }

    /// Marks every place with `text` and goes to the first at or below the top. Rows are
    /// searched as they are laid out, so a word broken across two rows is not found.
    pub fn search(&mut self, text: &str) -> bool {
        text.clone_into(&mut self.search);
        self.found = None;
        self.jump(true, true)
    }

    fn jump(&mut self, forward: bool, here: bool) -> bool {
        let rows = self.flow.last_rows();
        if self.search.is_empty() || rows.is_empty() {
            return false;
        }
        let from = self.found.unwrap_or(self.top);
        let count = rows.len();
        let hit = (usize::from(!here)..=count)
            .map(|step| {
                if forward {
                    (from + step) % count
                } else {
                    (from + count - step % count) % count
                }
            })
            .find(|at| rows[*at].text().contains(&self.search));
        if let Some(at) = hit {
            self.found = Some(at);
            self.top = at.saturating_sub(self.height / 3);
            self.clamp();
        }
        hit.is_some()
    }

    fn clamp(&mut self) {
        self.top = self
            .top
            .min(self.flow.last_rows().len().saturating_sub(self.height));
    }

    /// Scrolls by `rows`, up where negative.
    pub fn scroll(&mut self, rows: isize) {
        self.top = self.top.saturating_add_signed(rows);
        self.clamp();
    }

    /// Takes an action; false if it is none of its own.
    pub fn handle(&mut self, action: Action) -> bool {
        let page = self.height.saturating_sub(1).max(1) as isize;
        match action {
            Action::ScrollDown | Action::Next => self.scroll(1),
            Action::ScrollUp | Action::Previous => self.scroll(-1),
            Action::PageDown => self.scroll(page),
            Action::PageUp => self.scroll(-page),
            Action::First => self.top = 0,
            Action::Last => self.scroll(isize::MAX),
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

    /// Draws the rows that fit, with a scroll position at the right edge.
    pub fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        self.height = usize::from(area.height);
        let width = area.width.saturating_sub(1).max(1);
        let count = self.flow.rows(width, env.amb).len();
        self.clamp();
        for (n, row) in self.flow.last_rows()[self.top..]
            .iter()
            .take(self.height)
            .enumerate()
        {
            let y = area.y + n as u16;
            let x = area.x + row.indent;
            draw::put_pieces(
                buf,
                x,
                y,
                &row.pieces,
                width.saturating_sub(row.indent),
                env.amb,
            );
            if !self.search.is_empty() {
                let text = row.text();
                for (at, hit) in text.match_indices(&self.search) {
                    let before = crate::text::text_width(&text[..at], env.amb) as u16;
                    let cells = crate::text::text_width(hit, env.amb) as u16;
                    draw::fill(buf, Rect::new(x + before, y, cells, 1), env.styles.found);
                }
            }
        }
        scrollbar(area, buf, env, self.top, self.height, count);
    }
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
