//! The list of items: conditions that add up, saved views, orders, marks and acts over them.

mod asking;
mod batch;
pub mod narrow;
mod new;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use crossterm::event::MouseEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::desk;
use crate::desk::view::ItemView;
use crate::locale;
use crate::rules::role::Right;
use crate::store::query::items::{Filter, Line, Order};
use crate::text::text_width;
use crate::tr;
use crate::tui::action::{Action, Context, Flag};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome, TimerId, ToastKind};
use crate::tui::console::acts;
use crate::tui::console::home::line_cells;
use crate::tui::console::item::Item;
use crate::tui::console::kit::{self, House, Place, load, when};
use crate::tui::console::seat::{Said, Seat, Words};
use crate::tui::draw::{self, Piece};
use crate::tui::theme::Styles;
use crate::tui::widgets::{Column, Row, Table, Width};

use narrow::{Chip, Narrow};

pub use new::new_item;

/// Most items marked at once; more would be acted on unseen.
const MOST_MARKS: u32 = 500;

/// The list.
pub struct Items {
    house: House,
    table: Table<String>,
    narrow: Narrow,
    /// Positions for the pages: the `base` of rows that were here, by place.
    bases: BTreeMap<usize, i64>,
    words: Arc<Words>,
    /// Where the conditions stand in the bar.
    chips: Vec<(Rect, Chip)>,
    /// The row marked last: where a range begins.
    anchor: Option<usize>,
    /// The selected item in full, once the selection has rested on it: what can be done to it.
    near: Option<Box<ItemView>>,
    rest: Option<TimerId>,
    error: Option<Said>,
}

/// How long the selection rests before what can be done is asked for.
const REST: Duration = Duration::from_millis(150);

/// The columns of this list; the narrow ones go first where there is little room.
fn columns() -> Vec<Column> {
    vec![
        Column::new(tr!("tui-column-number"), Width::Cells(11)),
        Column::new(tr!("tui-column-title"), Width::Share(3)),
        Column::new(tr!("tui-column-stage"), Width::Cells(16)),
        Column::new(tr!("tui-column-column"), Width::Cells(14)).from(96),
        Column::new(tr!("tui-column-creator"), Width::Cells(12)).from(118),
        Column::new(tr!("tui-column-due"), Width::Cells(11)).from(132),
        Column::new(tr!("tui-column-time"), Width::Cells(11)),
    ]
}

fn cells(line: &Line, words: &Words, now: i64, styles: &Styles) -> Vec<Piece> {
    let mut list = line_cells(line, words, now, styles);
    let due = line.due.or(line.expire.filter(|_| line.state.is_live()));
    let late = due.is_some_and(|at| at <= now);
    let time = list.pop();
    list.push(Piece::new(
        words.person(&line.creator).to_owned(),
        styles.muted,
    ));
    list.push(Piece::new(
        due.map(|at| when(at, now)).unwrap_or_default(),
        if late { styles.warning } else { styles.text },
    ));
    list.extend(time);
    list
}

/// The store's filter for these conditions, as the person at the desk would mean them.
fn filter_of(seat: &mut Seat, narrow: &Narrow) -> desk::Result<Filter> {
    let desk = seat.desk()?;
    let (org, now, me) = (desk.org()?, desk.now(), desk.person().to_owned());
    Ok(narrow.filter(&org, &me, now))
}

impl Items {
    /// All items the person sees.
    pub fn new(house: House) -> Self {
        Self {
            house,
            table: Table::new(columns(), ""),
            narrow: Narrow::default(),
            bases: BTreeMap::new(),
            words: Arc::default(),
            chips: Vec::new(),
            anchor: None,
            near: None,
            rest: None,
            error: None,
        }
    }

    /// Those of a site or column and of everything below it.
    pub fn at(house: House, node: String) -> Self {
        let mut items = Self::new(house);
        items.narrow.node = Some(node);
        items
    }

    fn reload(&mut self, cx: &mut Cx<'_, Seat>) {
        self.bases.clear();
        self.anchor = None;
        self.near = None;
        self.table.reload();
        self.fetch(cx);
    }

    /// Another list: from its first row on.
    fn restart(&mut self, cx: &mut Cx<'_, Seat>) {
        self.table.handle(Action::First);
        self.table.forget();
        self.reload(cx);
    }

    /// Asks for the rows the window needs. A page begins behind the last known place before it,
    /// so that it costs the same wherever one is.
    fn fetch(&mut self, cx: &mut Cx<'_, Seat>) {
        let Some((ticket, range)) = self.table.wanted() else {
            return;
        };
        let (skip, before) = self.behind(range.start);
        let narrow = self.narrow.clone();
        let limit = u32::try_from(range.len()).unwrap_or(u32::MAX);
        load(
            cx,
            move |seat| {
                let words = seat.words()?;
                let filter = filter_of(seat, &narrow)?;
                let desk = seat.desk()?;
                let (lines, total) = desk.page(&filter, before, skip, limit)?;
                Ok((lines, total, words))
            },
            move |me: &mut Self, result, cx| match result {
                Ok((lines, total, words)) => {
                    me.error = None;
                    me.words = words;
                    me.supply(ticket, range.start, &lines, total, cx);
                }
                Err(said) => me.error = Some(said),
            },
        );
    }

    /// The place to begin from for a row, and how many rows lie between.
    fn behind(&self, row: usize) -> (usize, Option<i64>) {
        match self.bases.range(..row).next_back() {
            Some((at, base)) => (row - at - 1, Some(*base)),
            None => (row, None),
        }
    }

    fn supply(
        &mut self,
        ticket: u64,
        start: usize,
        lines: &[Line],
        total: u64,
        cx: &mut Cx<'_, Seat>,
    ) {
        let styles = &cx.env().styles;
        let now = cx.env().now_us;
        for (n, line) in lines.iter().enumerate() {
            self.bases.insert(start + n, line.base);
        }
        let rows: Vec<Row<String>> = lines
            .iter()
            .map(|line| Row {
                key: line.id.clone(),
                cells: cells(line, &self.words, now, styles),
            })
            .collect();
        let total = usize::try_from(total).unwrap_or(usize::MAX);
        self.table.supply(ticket, start, rows, total);
        self.look(cx);
        self.fetch(cx);
    }

    /// Fetches the ids of rows and hands them on.
    fn ids(
        &self,
        from: usize,
        count: usize,
        cx: &mut Cx<'_, Seat>,
        then: impl FnOnce(&mut Self, Vec<String>) + 'static,
    ) {
        let (skip, before) = self.behind(from);
        let narrow = self.narrow.clone();
        let limit = u32::try_from(count).unwrap_or(u32::MAX).min(MOST_MARKS);
        let over = count > MOST_MARKS as usize;
        load(
            cx,
            move |seat| {
                let filter = filter_of(seat, &narrow)?;
                let (lines, _) = seat.desk()?.page(&filter, before, skip, limit)?;
                Ok(lines.into_iter().map(|l| l.id).collect())
            },
            move |me: &mut Self, result, cx| match result {
                Ok(ids) => {
                    then(me, ids);
                    if over {
                        let text = tr!("tui-marks-limit", count = MOST_MARKS);
                        cx.toast(ToastKind::Warning, text);
                    }
                }
                Err(said) => me.error = Some(said),
            },
        );
    }

    fn mark(&mut self, action: Action, cx: &mut Cx<'_, Seat>) {
        let total = self.table.total().unwrap_or(0);
        match action {
            Action::MarkAll => self.ids(0, total, cx, |me, ids| me.table.mark(ids)),
            Action::InvertMarks => self.ids(0, total, cx, |me, ids| {
                let before: BTreeSet<String> = me.table.marks().clone();
                me.table.handle(Action::ClearMarks);
                me.table
                    .mark(ids.into_iter().filter(|id| !before.contains(id)));
            }),
            _ => {
                let here = self.table.selected();
                let from = self.anchor.unwrap_or(here);
                let (low, high) = (from.min(here), from.max(here));
                self.anchor = Some(here);
                self.ids(low, high - low + 1, cx, |me, ids| me.table.mark(ids));
            }
        }
    }

    fn open(&self, cx: &mut Cx<'_, Seat>) {
        if let Some(id) = self.table.selected_key().cloned() {
            cx.go(Item::new(Rc::clone(&self.house), id));
        }
    }

    fn mouse(&mut self, mouse: &MouseEvent, cx: &mut Cx<'_, Seat>) -> Outcome {
        let chip = self
            .chips
            .iter()
            .find(|(spot, _)| draw::holds(*spot, mouse.column, mouse.row))
            .map(|(_, chip)| *chip);
        if let Some(chip) = chip
            && mouse.kind.is_down()
        {
            self.take_away(chip, cx);
        } else if self.table.mouse(mouse) {
            self.look(cx);
            self.fetch(cx);
        } else {
            return Outcome::Ignored;
        }
        Outcome::Consumed
    }

    /// The item in full, if it is the one that was rested on.
    fn known(&self, id: &str) -> Option<&ItemView> {
        self.near.as_deref().filter(|v| v.line.id == id)
    }

    /// What an act is about where it is one item and known in full.
    fn single(&self) -> Option<&ItemView> {
        if !self.table.marks().is_empty() {
            return None;
        }
        self.table.selected_key().and_then(|id| self.known(id))
    }

    /// Asks for the selected item once the selection rests.
    fn look(&mut self, cx: &mut Cx<'_, Seat>) {
        if let Some(timer) = self.rest.take() {
            cx.cancel_timer(timer);
        }
        let Some(id) = self.table.selected_key().cloned() else {
            return;
        };
        if self.known(&id).is_some() {
            return;
        }
        self.rest = Some(cx.after(REST, move |me: &mut Self, cx| {
            me.rest = None;
            if me.table.selected_key() != Some(&id) {
                return;
            }
            load(
                cx,
                move |seat| Ok(seat.desk()?.show(&id).ok()),
                |me: &mut Self, view: Result<Option<ItemView>, Said>, _| {
                    me.near = view.ok().flatten().map(Box::new);
                },
            );
        }));
    }

    /// What to do where the list is empty.
    fn nothing(&self, env: &Env) -> String {
        let key = |action| kit::key(env, action, &[Context::Items, Context::List]);
        if self.narrow.chips(&self.words).is_empty() && self.narrow.order == Order::Due {
            tr!("tui-items-undated", order = key(Action::SortBy))
        } else if self.narrow.chips(&self.words).is_empty() {
            tr!(
                "tui-items-none",
                new = key(Action::NewItem),
                import = key(Action::ImportFiles)
            )
        } else {
            tr!(
                "tui-items-empty",
                filter = key(Action::Filter),
                search = key(Action::Search),
                remove = key(Action::RemoveFilter)
            )
        }
    }

    /// The conditions in force; a click on one takes it away.
    fn bar(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        self.chips.clear();
        let chips = self.narrow.chips(&self.words);
        let order = tr!(
            "tui-order-line",
            order = locale::word("tui-order", self.narrow.order.code())
        );
        let width = text_width(&order, env.amb) as u16;
        let end = area.right().saturating_sub(width + 2);
        draw::put(
            buf,
            end + 1,
            area.y,
            &order,
            env.styles.muted,
            width,
            env.amb,
        );
        let mut x = area.x;
        let all = tr!("tui-filter-none");
        let head = tr!(
            "tui-filter-line",
            filter = if chips.is_empty() { all.as_str() } else { "" }
        );
        let room = |x: u16| end.saturating_sub(x);
        x += draw::put(buf, x, area.y, &head, env.styles.muted, room(x), env.amb);
        for (n, (chip, text)) in chips.iter().enumerate() {
            if n > 0 {
                x += draw::put(buf, x, area.y, " + ", env.styles.muted, room(x), env.amb);
            }
            let used = draw::put(buf, x, area.y, text, env.styles.key, room(x), env.amb);
            self.chips.push((Rect::new(x, area.y, used, 1), *chip));
            x += used;
        }
    }
}

impl Component<Seat> for Items {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Items, Context::List]
    }

    fn flag(&self, flag: Flag) -> bool {
        match flag {
            Flag::HasRow => self.table.selected_key().is_some(),
            Flag::HasMarks => !self.table.marks().is_empty(),
            _ => false,
        }
    }

    fn commands(&self) -> Vec<Command> {
        let row = self.table.selected_key().is_some();
        let drafts = self.house.me.borrow().may(Right::Draft);
        let narrowed = !self.narrow.chips(&self.words).is_empty();
        // Whether an act is open is known for one item; marks may be of any kind.
        let open = |action: Action| {
            row && self
                .single()
                .is_none_or(|v| acts::refused(v, action).is_none())
        };
        vec![
            Command::hint(Action::Open).when(row),
            Command::hint(Action::NewItem).when(drafts),
            Command::hint(Action::Filter),
            Command::hint(Action::RemoveFilter).when(narrowed),
            Command::hint(Action::SavedViews),
            Command::hint(Action::Search),
            Command::hint(Action::ToggleMark).when(row),
            Command::hint(Action::Submit).when(open(Action::Submit)),
            Command::quiet(Action::SortBy),
            Command::quiet(Action::MarkRange).when(row),
            Command::quiet(Action::InvertMarks),
            Command::quiet(Action::MarkAll),
            Command::quiet(Action::AddToBundle).when(row),
            Command::quiet(Action::ScheduleItem).when(open(Action::ScheduleItem)),
            Command::quiet(Action::Unschedule).when(open(Action::Unschedule)),
            Command::quiet(Action::Recall).when(open(Action::Recall)),
            Command::quiet(Action::Withdraw).when(open(Action::Withdraw)),
            Command::quiet(Action::Discard).when(open(Action::Discard)),
            Command::quiet(Action::RestoreItem).when(open(Action::RestoreItem)),
            Command::quiet(Action::ImportFiles).when(drafts),
            Command::quiet(Action::Refresh),
        ]
    }

    fn why_not(&self, action: Action) -> Option<String> {
        acts::why_not(self.single()?, action)
    }

    fn shown(&mut self, cx: &mut Cx<'_, Seat>) {
        self.reload(cx);
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, Seat>) -> Outcome {
        match event {
            Event::Action(Action::Open) => self.open(cx),
            Event::Action(Action::NewItem) => new_item(&self.house, cx),
            Event::Action(Action::Filter) => self.ask_filter(cx),
            Event::Action(Action::RemoveFilter) => self.ask_remove(cx),
            Event::Action(Action::SavedViews) => self.ask_views(cx),
            Event::Action(Action::SortBy) => self.ask_order(cx),
            Event::Action(Action::Search) => self.ask_search(cx),
            Event::Action(action @ (Action::MarkAll | Action::InvertMarks | Action::MarkRange)) => {
                self.mark(*action, cx)
            }
            Event::Action(
                action @ (Action::Submit
                | Action::Discard
                | Action::RestoreItem
                | Action::Recall
                | Action::ScheduleItem
                | Action::Unschedule
                | Action::Withdraw
                | Action::AddToBundle),
            ) => self.batch(*action, cx),
            Event::Action(Action::Refresh) => self.reload(cx),
            Event::Action(action) => {
                let at = self.table.selected();
                if !self.table.handle(*action) {
                    return Outcome::Ignored;
                }
                if *action == Action::ToggleMark {
                    self.anchor = Some(at);
                }
                self.look(cx);
                self.fetch(cx);
            }
            Event::Mouse(mouse) => return self.mouse(mouse, cx),
            _ => return Outcome::Ignored,
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let body = kit::head(
            area,
            buf,
            env,
            &self.house,
            Some(Place::Items),
            &self.table.position(),
        );
        if let Some(said) = &self.error {
            kit::failed(body, buf, env, said);
            return;
        }
        let bar = Rect {
            x: body.x + 1,
            width: body.width - 2,
            height: 1,
            ..body
        };
        self.bar(bar, buf, env);
        let list = Rect {
            y: body.y + 1,
            height: body.height.saturating_sub(1),
            ..body
        };
        self.table.say_empty(self.nothing(env));
        self.table.render(list, buf, env, true);
    }
}
