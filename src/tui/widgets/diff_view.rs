//! A redline: what was taken out and what was put in, in one running text.
//!
//! Deletions are struck, insertions underlined, so the marks survive without colour; where the
//! terminal has no colour at all they are also written out, `[-…-]` and `{+…+}`.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::tr;
use crate::tui::action::Action;
use crate::tui::component::Env;
use crate::tui::draw::{self, Piece};
use crate::tui::theme::Styles;
use crate::tui::widgets::flow::{Flow, Paragraph};
use crate::tui::widgets::text_view::scrollbar;

/// What happened to a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Nothing.
    Same,
    /// It is new.
    Added,
    /// It is gone.
    Removed,
}

/// A span of the redline; line breaks in it end paragraphs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffSpan {
    /// What happened.
    pub change: Change,
    /// The text.
    pub text: String,
}

impl DiffSpan {
    /// A span.
    pub fn new(change: Change, text: impl Into<String>) -> Self {
        Self {
            change,
            text: text.into(),
        }
    }
}

/// A span inside one paragraph, with the number of its change.
#[derive(Debug, Clone)]
struct Part {
    change: Change,
    text: String,
    number: Option<usize>,
}

/// Unchanged paragraphs kept next to a change when the others are folded.
const CONTEXT: usize = 1;

/// A scrolled redline.
#[derive(Debug, Clone)]
pub struct DiffView {
    paragraphs: Vec<Vec<Part>>,
    changes: usize,
    current: usize,
    folded: bool,
    top: usize,
    height: usize,
    laid_out: Option<(u16, usize, Styles)>,
    flow: Flow,
    /// For each row of the flow, the paragraph of the text; folds carry none.
    shown: Vec<Option<usize>>,
    goto: bool,
}

impl DiffView {
    /// A redline of these spans, standing on the first change, unchanged paragraphs folded.
    pub fn new(spans: &[DiffSpan]) -> Self {
        let mut paragraphs: Vec<Vec<Part>> = vec![Vec::new()];
        let mut changes = 0;
        let mut inside = false;
        for span in spans {
            if span.change == Change::Same {
                inside = false;
            } else if !inside {
                // Neighbouring deletions and insertions are one change to a reader.
                changes += 1;
                inside = true;
            }
            let number = inside.then(|| changes - 1);
            for (n, text) in span.text.split('\n').enumerate() {
                if n > 0 {
                    // A break that came or went is marked where it stands, at the end.
                    if let (Some(last), true) = (paragraphs.last_mut(), inside) {
                        last.push(Part {
                            change: span.change,
                            text: "¶".to_owned(),
                            number,
                        });
                    }
                    paragraphs.push(Vec::new());
                }
                if let Some(last) = paragraphs.last_mut()
                    && !text.is_empty()
                {
                    last.push(Part {
                        change: span.change,
                        text: text.to_owned(),
                        number,
                    });
                }
            }
        }
        if paragraphs.last().is_some_and(Vec::is_empty) && paragraphs.len() > 1 {
            paragraphs.pop();
        }
        Self {
            paragraphs,
            changes,
            current: 0,
            folded: true,
            top: 0,
            height: 0,
            laid_out: None,
            flow: Flow::default(),
            shown: Vec::new(),
            goto: true,
        }
    }

    /// How many changes there are.
    pub fn changes(&self) -> usize {
        self.changes
    }

    /// The change it stands on, counted from 0.
    pub fn current(&self) -> usize {
        self.current
    }

    /// "change 2 of 5", or that there is none.
    pub fn position(&self) -> String {
        if self.changes == 0 {
            tr!("tui-diff-none")
        } else {
            {
                let (n, total) = (self.current + 1, self.changes);
                tr!("tui-diff-position", n = n, total = total)
            }
        }
    }

    /// Takes an action; false if it is none of its own.
    pub fn handle(&mut self, action: Action) -> bool {
        let page = self.height.saturating_sub(1).max(1) as isize;
        match action {
            Action::NextChange if self.changes > 0 => {
                self.stand_on((self.current + 1) % self.changes);
            }
            Action::PreviousChange if self.changes > 0 => {
                self.stand_on((self.current + self.changes - 1) % self.changes);
            }
            Action::NextChange | Action::PreviousChange => {}
            Action::ToggleFold => {
                self.folded = !self.folded;
                self.laid_out = None;
                self.goto = true;
            }
            Action::ScrollDown => self.scroll(1),
            Action::ScrollUp => self.scroll(-1),
            Action::PageDown => self.scroll(page),
            Action::PageUp => self.scroll(-page),
            Action::First => self.top = 0,
            Action::Last => self.scroll(isize::MAX),
            _ => return false,
        }
        true
    }

    fn stand_on(&mut self, change: usize) {
        self.current = change;
        self.goto = true;
    }

    fn scroll(&mut self, rows: isize) {
        self.top = self.top.saturating_add_signed(rows);
        self.clamp();
    }

    fn clamp(&mut self) {
        self.top = self
            .top
            .min(self.flow.last_rows().len().saturating_sub(self.height));
    }

    fn changed(paragraph: &[Part]) -> bool {
        paragraph.iter().any(|p| p.change != Change::Same)
    }

    fn lay_out(&mut self, width: u16, env: &Env) {
        let key = (width, self.current, env.styles.clone());
        if self.laid_out.as_ref() == Some(&key) {
            return;
        }
        let count = self.paragraphs.len();
        let visible: Vec<bool> = (0..count)
            .map(|at| {
                let (from, to) = (at.saturating_sub(CONTEXT), (at + CONTEXT).min(count - 1));
                !self.folded
                    || self.changes == 0
                    || (from..=to).any(|n| Self::changed(&self.paragraphs[n]))
            })
            .collect();
        let mut out = Vec::new();
        let mut source = Vec::new();
        let mut at = 0;
        while at < count {
            if visible[at] {
                let pieces = self.paragraphs[at]
                    .iter()
                    .map(|p| self.piece(p, &env.styles))
                    .collect();
                out.push(Paragraph { pieces, indent: 0 });
                source.push(Some(at));
                at += 1;
            } else {
                let end = (at..count).find(|n| visible[*n]).unwrap_or(count);
                let count = end - at;
                out.push(Paragraph::new(
                    format!("-- {} --", tr!("tui-diff-folded", count = count)),
                    env.styles.muted,
                ));
                source.push(None);
                at = end;
            }
        }
        self.flow = Flow::new(out);
        self.shown = self
            .flow
            .rows(width, env.amb)
            .iter()
            .map(|row| source[row.paragraph])
            .collect();
        self.laid_out = Some(key);
    }

    fn piece(&self, part: &Part, styles: &Styles) -> Piece {
        let here = |style: Style| {
            if part.number == Some(self.current) {
                style.patch(styles.change_current)
            } else {
                style
            }
        };
        let (open, close, style) = match part.change {
            Change::Same => return Piece::new(part.text.clone(), styles.text),
            Change::Added => ("{+", "+}", here(styles.added)),
            Change::Removed => ("[-", "-]", here(styles.removed)),
        };
        if styles.colour {
            Piece::new(part.text.clone(), style)
        } else {
            Piece::new(format!("{open}{}{close}", part.text), style)
        }
    }

    /// Draws the rows that fit.
    pub fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        self.height = usize::from(area.height);
        let width = area.width.saturating_sub(1).max(1);
        self.lay_out(width, env);
        if std::mem::take(&mut self.goto) {
            let paragraph = self
                .paragraphs
                .iter()
                .position(|p| p.iter().any(|part| part.number == Some(self.current)));
            if let Some(row) = self
                .shown
                .iter()
                .position(|s| s.is_some() && *s == paragraph)
            {
                // Within a long paragraph the change itself, not only its beginning, must show.
                let inner = self.flow.last_rows()[row..]
                    .iter()
                    .position(|r| {
                        r.pieces.iter().any(|p| {
                            p.style
                                .add_modifier
                                .contains(env.styles.change_current.add_modifier)
                        })
                    })
                    .unwrap_or(0);
                let row = row + inner;
                if row < self.top || row >= self.top + self.height {
                    self.top = row.saturating_sub(self.height / 3);
                }
            }
        }
        self.clamp();
        for (n, row) in self.flow.last_rows()[self.top..]
            .iter()
            .take(self.height)
            .enumerate()
        {
            draw::put_pieces(buf, area.x, area.y + n as u16, &row.pieces, width, env.amb);
        }
        scrollbar(
            area,
            buf,
            env,
            self.top,
            self.height,
            self.flow.last_rows().len(),
        );
    }
}
