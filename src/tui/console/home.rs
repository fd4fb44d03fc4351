//! The first screen: what waits for me, what is late, what goes out today, what is my own.

use std::rc::Rc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::desk::view::DeskView;
use crate::locale;
use crate::store::query::items::Line;
use crate::store::query::schedule::Dated;
use crate::text::text_width;
use crate::tr;
use crate::tui::action::{Action, Context, Flag};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome};
use crate::tui::console::item::Item;
use crate::tui::console::kit::{self, House, Place, load, when};
use crate::tui::console::seat::{Said, Seat, Words};
use crate::tui::draw::Piece;
use crate::tui::theme::Styles;
use crate::tui::widgets::{Column, Row, Table, Width, put_wrapped};

/// A row: its place on the screen and the item it opens, empty for headings.
type Key = (usize, String);

/// The desk.
pub struct Home {
    house: House,
    table: Table<Key>,
    view: DeskView,
    loaded: bool,
    error: Option<Said>,
}

impl Home {
    /// Asks for its data when it is shown.
    pub fn new(house: House) -> Self {
        let columns = line_columns();
        Self {
            house,
            table: Table::new(columns, tr!("tui-home-empty")),
            view: DeskView::default(),
            loaded: false,
            error: None,
        }
    }

    fn take(&mut self, view: DeskView, words: &Words, cx: &Cx<'_, Seat>) {
        let styles = cx.env().styles.clone();
        let now = cx.env().now_us;
        let mut rows = Vec::new();
        let dated = |list: &[Dated], title: String, warn: bool, rows: &mut Vec<Row<Key>>| {
            if list.is_empty() {
                return;
            }
            heading(rows, title, list.len(), warn, &styles);
            for d in list {
                let at = rows.len();
                rows.push(Row {
                    key: (at, d.id.clone()),
                    cells: vec![
                        Piece::new(d.number.clone(), styles.muted),
                        Piece::new(d.title.clone(), styles.text),
                        Piece::new(
                            locale::word("tui-dated", d.what),
                            if warn { styles.warning } else { styles.text },
                        ),
                        Piece::new("", styles.text),
                        Piece::new(when(d.at, now), styles.text),
                    ],
                });
            }
        };
        let lines = |list: &[Line], title: String, rows: &mut Vec<Row<Key>>| {
            if list.is_empty() {
                return;
            }
            heading(rows, title, list.len(), false, &styles);
            for line in list {
                let at = rows.len();
                rows.push(Row {
                    key: (at, line.id.clone()),
                    cells: line_cells(line, words, now, &styles),
                });
            }
        };
        lines(&view.waiting, tr!("tui-home-waiting"), &mut rows);
        dated(&view.late, tr!("tui-home-late"), true, &mut rows);
        dated(&view.today, tr!("tui-home-today"), false, &mut rows);
        lines(&view.returned, tr!("tui-home-returned"), &mut rows);
        lines(&view.drafts, tr!("tui-home-drafts"), &mut rows);
        lines(&view.submitted, tr!("tui-home-submitted"), &mut rows);
        let first = !self.loaded;
        self.table.reload();
        if let Some((ticket, _)) = self.table.wanted() {
            let total = rows.len();
            self.table.supply(ticket, 0, rows, total);
        }
        if first {
            self.off_heading(1);
        }
        self.view = view;
        self.loaded = true;
        self.error = None;
    }

    /// Headings cannot be selected.
    fn off_heading(&mut self, by: isize) {
        let empty = |t: &Table<Key>| t.selected_key().is_some_and(|k| k.1.is_empty());
        if empty(&self.table) {
            self.table.step(by);
        }
        if empty(&self.table) {
            self.table.step(1);
        }
    }

    fn selected(&self) -> Option<String> {
        self.table
            .selected_key()
            .map(|k| k.1.clone())
            .filter(|id| !id.is_empty())
    }

    fn notices(&self, env: &Env) -> Vec<(String, ratatui::style::Style)> {
        let mut list = Vec::new();
        if !self.loaded {
            return list;
        }
        if self.view.scheduled && !self.view.runner_alive {
            list.push((
                runner_warning(self.view.last_tick, env.now_us),
                env.styles.warning,
            ));
        } else if self.view.runner_alive {
            let at = self
                .view
                .last_tick
                .map(|t| when(t, env.now_us))
                .unwrap_or_default();
            list.push((tr!("tui-runner-alive", at = at), env.styles.muted));
        }
        for fault in &self.view.page_faults {
            list.push((
                tr!(
                    "tui-home-pages",
                    site = fault.site.clone(),
                    code = fault.code.clone(),
                    at = when(fault.at, env.now_us)
                ),
                env.styles.warning,
            ));
        }
        if self.view.proposals > 0 {
            list.push((
                tr!("tui-home-proposals", count = self.view.proposals),
                env.styles.warning,
            ));
        }
        list
    }
}

/// Says that nothing will go out by itself.
pub fn runner_warning(last_tick: Option<i64>, now: i64) -> String {
    match last_tick {
        Some(at) => tr!("tui-runner-dead", at = when(at, now)),
        None => tr!("tui-runner-never"),
    }
}

fn heading(rows: &mut Vec<Row<Key>>, title: String, count: usize, warn: bool, styles: &Styles) {
    let style = if warn { styles.warning } else { styles.strong };
    let at = rows.len();
    rows.push(Row {
        key: (at, String::new()),
        cells: vec![
            Piece::new(tr!("tui-count", count = count), styles.muted),
            Piece::new(title, style),
        ],
    });
}

/// The columns of lists of items.
pub fn line_columns() -> Vec<Column> {
    vec![
        Column::new(tr!("tui-column-number"), Width::Cells(11)),
        Column::new(tr!("tui-column-title"), Width::Share(3)),
        Column::new(tr!("tui-column-stage"), Width::Cells(16)),
        Column::new(tr!("tui-column-column"), Width::Cells(14)).from(100),
        Column::new(tr!("tui-column-time"), Width::Cells(11)),
    ]
}

/// The cells of a line of a list: number, title, stage, column, time.
pub fn line_cells(line: &Line, words: &Words, now: i64, styles: &Styles) -> Vec<Piece> {
    let title = if line.title.is_empty() {
        tr!("tui-untitled")
    } else {
        line.title.clone()
    };
    let mut stage = words.stage(line);
    if line.correcting && !line.state.is_live() {
        stage = tr!("tui-mark-correcting", stage = stage);
    }
    let urgent = line.urgency != crate::rules::act::Urgency::Normal;
    let title = if urgent {
        format!("[{}] {title}", locale::word("urgency", line.urgency.code()))
    } else {
        title
    };
    vec![
        Piece::new(line.number.clone(), styles.muted),
        Piece::new(title, styles.text),
        Piece::new(stage, styles.text),
        Piece::new(words.column(&line.column).to_owned(), styles.muted),
        Piece::new(when(line.updated_at, now), styles.muted),
    ]
}

impl Component<Seat> for Home {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Desk, Context::List]
    }

    fn flag(&self, flag: Flag) -> bool {
        flag == Flag::HasRow && self.selected().is_some()
    }

    fn commands(&self) -> Vec<Command> {
        vec![
            Command::hint(Action::Open).when(self.selected().is_some()),
            Command::hint(Action::GoQueue),
            Command::hint(Action::GoItems),
            Command::hint(Action::ChangePerson),
            Command::quiet(Action::NewItem),
            Command::quiet(Action::Refresh),
        ]
    }

    fn shown(&mut self, cx: &mut Cx<'_, Seat>) {
        load(
            cx,
            |seat| Ok((seat.desk()?.overview()?, seat.words()?)),
            |me: &mut Self, result, cx| match result {
                Ok((view, words)) => me.take(view, &words, cx),
                Err(said) => me.error = Some(said),
            },
        );
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, Seat>) -> Outcome {
        match event {
            Event::Action(Action::Open) => {
                if let Some(id) = self.selected() {
                    cx.go(Item::new(Rc::clone(&self.house), id));
                }
            }
            Event::Action(Action::Refresh) => self.shown(cx),
            Event::Action(Action::NewItem) => {
                crate::tui::console::items::new_item(&self.house, cx);
            }
            Event::Action(
                Action::ToggleMark
                | Action::MarkAll
                | Action::Search
                | Action::Filter
                | Action::SortBy,
            ) => {}
            Event::Action(action) if self.table.handle(*action) => {
                let up = matches!(action, Action::Previous | Action::PageUp | Action::First);
                self.off_heading(if up { -1 } else { 1 });
            }
            Event::Mouse(mouse) if mouse.kind.is_down() => {
                self.table.click(mouse.column, mouse.row);
            }
            _ => return Outcome::Ignored,
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let body = kit::head(area, buf, env, &self.house, Some(Place::Desk), "");
        if let Some(said) = &self.error {
            kit::failed(body, buf, env, said);
            return;
        }
        let mut y = body.y;
        let roles = self.house.me.borrow().roles.clone();
        // A state and its count stay on one row.
        let room = usize::from(body.width.saturating_sub(2));
        let mut tallies = String::new();
        let mut row = 0;
        for (state, count) in &self.view.tallies {
            let one = format!("{} {count}", locale::word("state", state.code()));
            let width = text_width(&one, env.amb);
            if row > 0 && row + 2 + width > room {
                tallies.push('\n');
                row = 0;
            } else if row > 0 {
                tallies.push_str("  ");
                row += 2;
            }
            tallies.push_str(&one);
            row += width;
        }
        let mut lines = vec![(roles, env.styles.muted), (tallies, env.styles.text)];
        lines.extend(self.notices(env));
        for (text, style) in lines {
            let area = Rect {
                x: body.x + 1,
                y,
                width: body.width - 2,
                height: body.bottom().saturating_sub(y).min(2),
            };
            y += put_wrapped(buf, area, &text, style, env);
        }
        let list = Rect {
            y,
            height: body.bottom().saturating_sub(y),
            ..body
        };
        self.table.render(list, buf, env, true);
    }
}
