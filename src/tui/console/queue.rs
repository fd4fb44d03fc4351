//! The review queue: the list at the left, what has to be looked at on the right; a decision opens
//! the next item. On a narrow terminal one of the two is shown at a time.

use std::rc::Rc;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::desk::view::{HistoryLine, ItemView, RevisionDiff};
use crate::rules::act::ViewMode;
use crate::store::query::items::Line;
use crate::tr;
use crate::tui::action::{Action, Context, Flag};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome};
use crate::tui::console::acts::{self, Acting};
use crate::tui::console::home::line_cells;
use crate::tui::console::item::Item;
use crate::tui::console::kit::{self, House, Place, act, load};
use crate::tui::console::reading::{self, Reading};
use crate::tui::console::seat::{Said, Seat, Words};
use crate::tui::draw;
use crate::tui::theme::Styles;
use crate::tui::widgets::{Column, DiffView, Row, Table, TextView, Width};

/// Most items listed at once; the count says if there are more.
const MOST: u32 = 500;
/// From this width on, both panes are shown.
const WIDE: u16 = 120;

/// What the right pane shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pane {
    Diff,
    Record,
    Fields,
}

const PANES: [Pane; 3] = [Pane::Diff, Pane::Record, Pane::Fields];

/// What is looked at.
struct Detail {
    view: ItemView,
    diff: Option<RevisionDiff>,
    history: Vec<HistoryLine>,
    words: Arc<Words>,
}

/// The queue.
pub struct Queue {
    house: House,
    table: Table<String>,
    lines: Vec<Line>,
    newest: bool,
    /// The keys go to the right pane.
    right: bool,
    pane: Pane,
    detail: Option<Detail>,
    asked: String,
    diff: DiffView,
    texts: [TextView; 2],
    drawn_for: Option<Styles>,
    error: Option<Said>,
}

impl Queue {
    /// Everything that waits for the person's decision.
    pub fn new(house: House) -> Self {
        let columns = vec![
            Column::new(tr!("tui-column-number"), Width::Cells(11)),
            Column::new(tr!("tui-column-title"), Width::Share(1)),
            Column::new(tr!("tui-column-stage"), Width::Cells(16)).from(70),
        ];
        Self {
            house,
            table: Table::new(columns, tr!("tui-queue-empty")),
            lines: Vec::new(),
            newest: false,
            right: false,
            pane: Pane::Diff,
            detail: None,
            asked: String::new(),
            diff: DiffView::default(),
            texts: Default::default(),
            drawn_for: None,
            error: None,
        }
    }

    fn reload(&mut self, cx: &mut Cx<'_, Seat>) {
        let newest = self.newest;
        load(
            cx,
            move |seat| {
                let words = seat.words()?;
                Ok((seat.desk()?.queue(newest, MOST)?, words))
            },
            |me: &mut Self, result, cx| match result {
                Ok((lines, words)) => me.take(lines, &words, cx),
                Err(said) => me.error = Some(said),
            },
        );
    }

    fn take(&mut self, lines: Vec<Line>, words: &Words, cx: &mut Cx<'_, Seat>) {
        self.error = None;
        let styles = &cx.env().styles;
        let rows: Vec<Row<String>> = lines
            .iter()
            .map(|line| {
                let mut cells = line_cells(line, words, cx.env().now_us, styles);
                cells.truncate(3);
                Row {
                    key: line.id.clone(),
                    cells,
                }
            })
            .collect();
        self.lines = lines;
        if self.lines.is_empty() {
            self.right = false;
        }
        self.table.reload();
        // Everything is here at once; the window never has to ask.
        while let Some((ticket, range)) = self.table.wanted() {
            let part = rows
                .iter()
                .skip(range.start)
                .take(range.len())
                .cloned()
                .collect();
            self.table.supply(ticket, range.start, part, rows.len());
            if rows.len() <= range.end {
                break;
            }
        }
        self.look(true, cx);
    }

    /// Asks for the selected item; `anew` also when it is shown already.
    fn look(&mut self, anew: bool, cx: &mut Cx<'_, Seat>) {
        // The list holds only what is near the window; the lines hold all.
        let Some(id) = self.lines.get(self.table.selected()).map(|l| l.id.clone()) else {
            self.detail = None;
            self.asked.clear();
            return;
        };
        if self.asked == id && !anew {
            return;
        }
        if self.asked != id {
            self.detail = None;
        }
        self.asked.clone_from(&id);
        load(
            cx,
            move |seat| {
                let words = seat.words()?;
                let desk = seat.desk()?;
                let view = desk.show(&id)?;
                let diff = if view.purged {
                    None
                } else {
                    Some(desk.review_diff(&id)?)
                };
                let history = desk.history(&id)?;
                Ok(Detail {
                    view,
                    diff,
                    history,
                    words,
                })
            },
            |me: &mut Self, result, _| match result {
                // An answer for an item that was left already is of no use.
                Ok(detail) if detail.view.line.id == me.asked => {
                    let same = me
                        .detail
                        .as_ref()
                        .is_some_and(|d| d.view.fingerprint == detail.view.fingerprint);
                    if !same {
                        let spans = detail
                            .diff
                            .as_ref()
                            .map(|d| reading::redline(d, &detail.words))
                            .unwrap_or_default();
                        me.diff = DiffView::new(spans);
                        me.texts = Default::default();
                    }
                    me.detail = Some(detail);
                    me.drawn_for = None;
                    me.error = None;
                }
                Ok(_) => {}
                Err(said) => me.error = Some(said),
            },
        );
    }

    fn rows_again(&mut self, cx: &mut Cx<'_, Seat>) {
        // Moving far in a long list: the rows around the new place come from the lines.
        if self.table.wanted().is_some() {
            let words = self.detail.as_ref().map(|d| Arc::clone(&d.words));
            let lines = std::mem::take(&mut self.lines);
            if let Some(words) = words {
                self.take(lines, &words, cx);
            } else {
                self.lines = lines;
                self.reload(cx);
            }
        }
    }

    fn step(&mut self, by: isize, cx: &mut Cx<'_, Seat>) {
        self.table.step(by);
        self.rows_again(cx);
        self.look(false, cx);
    }

    fn lay_out(&mut self, env: &Env) {
        let Some(d) = &self.detail else { return };
        if self.drawn_for.as_ref() == Some(&env.styles) {
            return;
        }
        let styles = &env.styles;
        self.texts[0].set(reading::record(
            &d.view, &d.history, &d.words, styles, env.now_us,
        ));
        self.texts[1].set(reading::fields(&d.view.content, &d.words, styles));
        self.drawn_for = Some(env.styles.clone());
    }

    fn text(&mut self) -> Option<&mut TextView> {
        match self.pane {
            Pane::Diff => None,
            Pane::Record => Some(&mut self.texts[0]),
            Pane::Fields => Some(&mut self.texts[1]),
        }
    }

    fn show(&mut self, pane: Pane) {
        self.pane = pane;
        self.right = true;
    }

    fn list(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let order = if self.newest {
            tr!("tui-queue-order-newest")
        } else {
            tr!("tui-queue-order-urgent")
        };
        let text = format!(
            "{}  {order}",
            tr!("tui-queue-count", count = self.lines.len())
        );
        draw::put_fit(
            buf,
            area.x + 1,
            area.y,
            &text,
            env.styles.muted,
            area.width - 2,
            env.amb,
        );
        let rest = Rect {
            y: area.y + 1,
            height: area.height - 1,
            ..area
        };
        self.table.render(rest, buf, env, !self.right);
    }

    fn pane(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        self.lay_out(env);
        let Some(d) = &self.detail else {
            return;
        };
        let style = if self.right {
            env.styles.title
        } else {
            env.styles.strong
        };
        draw::put_fit(
            buf,
            area.x,
            area.y,
            &acts::title(&d.view),
            style,
            area.width,
            env.amb,
        );
        let stage = d.words.stage(&d.view.line);
        let place = d.words.place(&d.view.line.column);
        let mut about = format!("{stage}  {place}");
        if let (Pane::Diff, Some(diff)) = (self.pane, &d.diff) {
            about = format!("{stage}  {}", reading::redline_title(diff));
            if diff.from > 0 {
                about = format!("{about}  {}", self.diff.position());
            }
        }
        draw::put_fit(
            buf,
            area.x,
            area.y + 1,
            &about,
            env.styles.muted,
            area.width,
            env.amb,
        );
        let mut x = area.x;
        let tabs = [
            tr!("tui-queue-tab-diff"),
            tr!("tui-queue-tab-record"),
            tr!("tui-queue-tab-fields"),
        ];
        for (n, tab) in tabs.iter().enumerate() {
            let (text, style) = if self.pane as usize == n {
                (format!("[{tab}]"), env.styles.tab_open)
            } else {
                (format!(" {tab} "), env.styles.tab)
            };
            x += draw::put(
                buf,
                x,
                area.y + 2,
                &text,
                style,
                area.right().saturating_sub(x),
                env.amb,
            );
        }
        let rest = Rect {
            y: area.y + 3,
            height: area.height.saturating_sub(3),
            ..area
        };
        match self.pane {
            Pane::Diff if d.view.purged => {
                draw::put_fit(
                    buf,
                    rest.x,
                    rest.y,
                    &tr!("error-purged"),
                    env.styles.warning,
                    rest.width,
                    env.amb,
                );
            }
            Pane::Diff => self.diff.render(rest, buf, env),
            Pane::Record => self.texts[0].render(rest, buf, env),
            Pane::Fields => self.texts[1].render(rest, buf, env),
        }
    }
}

impl Acting for Queue {
    fn acted(&mut self, what: Action, cx: &mut Cx<'_, Seat>) {
        let title = self
            .detail
            .as_ref()
            .map(|d| acts::title(&d.view))
            .unwrap_or_default();
        kit::done(
            cx,
            tr!("tui-queue-decided", what = what.describe(), title = title),
        );
        if what != Action::AddComment {
            // It is gone from the list; the selection stays at its place, which is the next item.
            self.detail = None;
            self.asked.clear();
            self.pane = Pane::Diff;
            self.table.forget();
        }
        self.reload(cx);
    }
}

impl Component<Seat> for Queue {
    fn contexts(&self) -> Vec<Context> {
        match (self.right, self.pane) {
            (false, _) => vec![Context::Queue, Context::List],
            (true, Pane::Diff) => vec![Context::Queue, Context::Diff, Context::View],
            (true, _) => vec![Context::Queue, Context::View],
        }
    }

    fn flag(&self, flag: Flag) -> bool {
        match flag {
            Flag::HasRow => !self.lines.is_empty(),
            Flag::CanGoBack => self.right,
            _ => false,
        }
    }

    fn commands(&self) -> Vec<Command> {
        let mut list = Vec::new();
        if let Some(d) = &self.detail {
            list.extend(acts::commands(&d.view).into_iter().filter(|c| {
                matches!(
                    c.action,
                    Action::Approve
                        | Action::Clear
                        | Action::SignOff
                        | Action::ReturnItem
                        | Action::Reject
                        | Action::AddComment
                )
            }));
            list.push(Command::hint(Action::NextChange).when(self.diff.changes() > 0));
            list.push(Command::hint(Action::FocusNext));
            list.push(Command::hint(Action::Skip));
            list.push(Command::quiet(Action::ShowDiff));
            list.push(Command::quiet(Action::ShowRecord));
            list.push(Command::quiet(Action::Preview));
            list.push(Command::quiet(Action::Open));
            list.push(Command::quiet(Action::NextTab));
        }
        list.push(Command::quiet(Action::SortBy));
        list.push(Command::quiet(Action::Refresh));
        list
    }

    fn shown(&mut self, cx: &mut Cx<'_, Seat>) {
        self.reload(cx);
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, Seat>) -> Outcome {
        let action = match event {
            Event::Action(action) => *action,
            Event::Mouse(mouse) if mouse.kind.is_down() => {
                if self.table.click(mouse.column, mouse.row) {
                    self.right = false;
                    self.look(false, cx);
                }
                return Outcome::Consumed;
            }
            _ => return Outcome::Ignored,
        };
        match action {
            Action::FocusNext | Action::FocusPrevious => self.right = !self.right,
            Action::Back if self.right => self.right = false,
            Action::NextTab | Action::PreviousTab => {
                let by = if action == Action::NextTab {
                    1
                } else {
                    PANES.len() - 1
                };
                self.show(PANES[(self.pane as usize + by) % PANES.len()]);
            }
            Action::ShowDiff => self.show(Pane::Diff),
            Action::ShowRecord | Action::ShowHistory => self.show(Pane::Record),
            Action::ShowFields => self.show(Pane::Fields),
            Action::NextChange | Action::PreviousChange => {
                self.show(Pane::Diff);
                self.diff.handle(action);
            }
            Action::Skip => self.step(1, cx),
            Action::SortBy => {
                self.newest = !self.newest;
                self.reload(cx);
            }
            Action::Refresh => self.reload(cx),
            // Nearer first: from the list to the text, from there to everything about the item.
            Action::Open if !self.right => self.right = !self.lines.is_empty(),
            Action::Open => {
                if let Some(line) = self.lines.get(self.table.selected()) {
                    cx.go(Item::new(Rc::clone(&self.house), line.id.clone()));
                }
            }
            Action::Preview => {
                let id = self.asked.clone();
                act(
                    cx,
                    move |d| d.preview(&id, ViewMode::Preview),
                    |me: &mut Self, content, cx| {
                        cx.push(Reading::preview(
                            &me.asked,
                            Action::Preview.describe(),
                            content,
                        ));
                    },
                );
            }
            Action::ToggleMark | Action::MarkAll | Action::Filter => {}
            Action::Search if self.right && self.pane != Pane::Diff => {
                reading::search(cx, |me: &mut Self| {
                    if me.pane == Pane::Fields {
                        &mut me.texts[1]
                    } else {
                        &mut me.texts[0]
                    }
                });
            }
            action if self.right && self.pane == Pane::Diff && self.diff.handle(action) => {}
            action if self.right && self.text().is_some_and(|t| t.handle(action)) => {}
            action if !self.right && self.table.handle(action) => {
                self.rows_again(cx);
                self.look(false, cx);
            }
            action => {
                let Some(d) = &self.detail else {
                    return Outcome::Ignored;
                };
                if !acts::begin::<Self>(action, &self.house, &d.view, cx) {
                    return Outcome::Ignored;
                }
            }
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let body = kit::head(area, buf, env, &self.house, Some(Place::Queue), "");
        if let Some(said) = &self.error {
            kit::failed(body, buf, env, said);
            return;
        }
        if body.width >= WIDE {
            let left = Rect {
                width: body.width * 2 / 5,
                ..body
            };
            let line = left.right();
            for y in body.y..body.bottom() {
                draw::put(
                    buf,
                    line,
                    y,
                    env.glyphs.vertical,
                    env.styles.border,
                    1,
                    env.amb,
                );
            }
            let right = Rect {
                x: line + 2,
                width: body.right().saturating_sub(line + 3),
                ..body
            };
            self.list(left, buf, env);
            self.pane(right, buf, env);
        } else if self.right {
            let inside = Rect {
                x: body.x + 1,
                width: body.width - 2,
                ..body
            };
            self.pane(inside, buf, env);
        } else {
            self.list(body, buf, env);
        }
    }
}
