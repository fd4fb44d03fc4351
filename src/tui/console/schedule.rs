//! Dates: a list from what is late on, a week by hours, a month by days; whether a runner is alive,
//! what is doubtful, and moving a date by hand.

mod agenda;
mod calendar;
mod moving;

use std::rc::Rc;

use crossterm::event::{MouseEvent, MouseEventKind};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::desk::bundle::BundleView;
use crate::desk::plan::{Conflict, conflicts};
use crate::rules::calendar::Calendar;
use crate::store::local;
use crate::store::query::plan::Planned;
use crate::tr;
use crate::tui::action::{Action, Context, Flag};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome};
use crate::tui::console::acts::{self, Acting};
use crate::tui::console::bundles::Bundles;
use crate::tui::console::home::runner_warning;
use crate::tui::console::item::Item;
use crate::tui::console::kit::{
    self, FormAsk, House, Listing, Place, act, date_of, each, instant_of, load, of_items, start_of,
    when, zone,
};
use crate::tui::console::seat::{Said, Seat};
use crate::tui::draw;
use crate::tui::widgets::{Column, Confirm, Field, Form, FormField, Prompt, Width, put_wrapped};

/// Most dates shown at once.
const MOST: u32 = 2_000;
/// One day, µs.
const DAY: i64 = 24 * 60 * local::MINUTE;
/// How far the list looks ahead, in days.
const AHEAD: i64 = 92;

/// How dates are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    Agenda,
    Week,
    Month,
}

/// What a row of the list stands for: the id, and which of its dates.
type Key = (String, &'static str);

/// What is shown.
struct Loaded {
    plan: Vec<Planned>,
    conflicts: Vec<Vec<Conflict>>,
    bundles: Vec<BundleView>,
    alive: bool,
    last: Option<i64>,
}

/// A date on its way to another place.
#[derive(Debug, Clone)]
struct Grab {
    date: Planned,
    to: i64,
    by_mouse: bool,
}

/// A cell of a calendar, for the mouse.
#[derive(Debug, Clone, Copy)]
struct Cell {
    area: Rect,
    day: Date,
    hour: Option<i8>,
}

/// The schedule.
pub struct Schedule {
    house: House,
    list: Listing<Key>,
    loaded: Option<Loaded>,
    calendar: Calendar,
    view: View,
    day: Option<Date>,
    hour: i8,
    /// First hour on screen.
    top: i8,
    /// Which of the dates of the selected day or hour.
    pick: usize,
    grab: Option<Grab>,
    cells: Vec<Cell>,
    clicked: Option<(std::time::Duration, Date, Option<i8>)>,
    error: Option<Said>,
}

fn hour_of(at: i64) -> i8 {
    let at = Timestamp::from_microsecond(at).unwrap_or(Timestamp::UNIX_EPOCH);
    zone().to_datetime(at).hour()
}

fn monday(date: Date) -> Date {
    let back = i64::from(date.weekday().to_monday_zero_offset());
    date.checked_sub(back.days()).unwrap_or(date)
}

impl Schedule {
    /// From the first late one on.
    pub fn new(house: House) -> Self {
        let columns = vec![
            Column::new(tr!("tui-column-time"), Width::Cells(11)),
            Column::new(tr!("tui-column-what"), Width::Cells(12)),
            Column::new(tr!("tui-column-number"), Width::Cells(11)),
            Column::new(tr!("tui-column-title"), Width::Share(1)),
        ];
        Self {
            house,
            list: Listing::new(columns, "").marking(|(_, what)| *what != "bundle"),
            loaded: None,
            calendar: Calendar::embedded(),
            view: View::Agenda,
            day: None,
            hour: 9,
            top: 7,
            pick: 0,
            grab: None,
            cells: Vec::new(),
            clicked: None,
            error: None,
        }
    }

    /// Whether dates of the list are marked.
    fn marked(&self) -> bool {
        self.view == View::Agenda && self.list.marked() > 0
    }

    fn day(&self, env: &Env) -> Date {
        self.day.unwrap_or_else(|| date_of(env.now_us))
    }

    fn reload(&mut self, cx: &mut Cx<'_, Seat>) {
        // A day far ahead begins a window of its own, or earlier dates could fill the page.
        let begin = start_of(self.day(cx.env())) - 40 * DAY;
        load(
            cx,
            move |seat| {
                let desk = seat.desk()?;
                let now = desk.now();
                let far = begin > now + AHEAD * DAY;
                let from = if far { begin } else { i64::MIN };
                let to = (now + AHEAD * DAY).max(begin + 100 * DAY);
                let plan = desk.plan(from, to, MOST)?;
                let bundles = desk.bundles()?;
                let alive = local::runner_alive(desk.store().conn(), now)?;
                let last = local::last_runner(desk.store().conn())?.map(|r| r.last_tick);
                Ok((plan, bundles, alive, last))
            },
            |me: &mut Self, result, cx| match result {
                Ok((plan, bundles, alive, last)) => {
                    me.error = None;
                    let conflicts = conflicts(&plan, &me.calendar);
                    me.loaded = Some(Loaded {
                        plan,
                        conflicts,
                        bundles,
                        alive,
                        last,
                    });
                    me.fill(cx);
                }
                Err(said) => me.error = Some(said),
            },
        );
    }

    /// The dates of a day, or of an hour of it, with their places.
    fn dates_of(&self, day: Date, hour: Option<i8>) -> Vec<(usize, &Planned)> {
        let Some(l) = &self.loaded else {
            return Vec::new();
        };
        let (from, to) = match hour {
            None => (start_of(day), start_of(day.tomorrow().unwrap_or(day))),
            Some(hour) => {
                let from = start_of(day) + i64::from(hour) * 60 * local::MINUTE;
                (from, from + 60 * local::MINUTE)
            }
        };
        // The plan is in the order of time.
        let first = l.plan.partition_point(|p| p.at < from);
        let rest = l.plan.iter().enumerate().skip(first);
        rest.take_while(|(_, p)| p.at < to).collect()
    }

    fn slot(&self, env: &Env) -> (Date, Option<i8>) {
        let hour = (self.view == View::Week).then_some(self.hour);
        (self.day(env), hour)
    }

    /// The date under the selection.
    fn picked(&self, env: &Env) -> Option<&Planned> {
        if self.view == View::Agenda {
            let (id, what) = self.list.selected()?;
            let l = self.loaded.as_ref()?;
            return l.plan.iter().find(|p| p.id == *id && p.what == *what);
        }
        let (day, hour) = self.slot(env);
        let dates = self.dates_of(day, hour);
        let at = self.pick.min(dates.len().saturating_sub(1));
        dates.get(at).map(|(_, p)| *p)
    }

    /// Goes to a day; what is beyond the window is fetched.
    fn go(&mut self, day: Date, cx: &mut Cx<'_, Seat>) {
        let before = self.day(cx.env());
        self.day = Some(day);
        self.pick = 0;
        let now = date_of(cx.env().now_us);
        let far = |d: Date| start_of(d) > start_of(now) + (AHEAD - 40) * DAY;
        if far(before) || far(day) {
            self.reload(cx);
        }
    }

    fn step_days(&mut self, days: i64, cx: &mut Cx<'_, Seat>) {
        if self.view == View::Agenda {
            self.view = View::Week;
        }
        if let Ok(day) = self.day(cx.env()).checked_add(days.days()) {
            self.go(day, cx);
            self.carry(cx.env());
        }
    }

    fn step_months(&mut self, months: i64, cx: &mut Cx<'_, Seat>) {
        if let Ok(day) = self.day(cx.env()).checked_add(months.months()) {
            self.go(day, cx);
            self.carry(cx.env());
        }
    }

    fn step_hours(&mut self, hours: i64, cx: &mut Cx<'_, Seat>) {
        let hour = i64::from(self.hour) + hours;
        self.hour = i8::try_from(hour.rem_euclid(24)).unwrap_or(0);
        self.pick = 0;
        if hour.div_euclid(24) != 0 {
            self.step_days(hour.div_euclid(24), cx);
        } else {
            self.carry(cx.env());
        }
    }

    fn open(&mut self, cx: &mut Cx<'_, Seat>) {
        if self.view == View::Agenda
            && let Some((id, "bundle")) = self.list.selected()
        {
            let id = id.clone();
            cx.go(Bundles::at(Rc::clone(&self.house), id));
            return;
        }
        if let Some(id) = self.picked(cx.env()).map(|p| p.id.clone()) {
            cx.go(Item::new(Rc::clone(&self.house), id));
        }
    }

    /// Acts on the selected item once it has been looked at.
    fn on_item(&mut self, action: Action, cx: &mut Cx<'_, Seat>) {
        let Some(id) = self.picked(cx.env()).map(|p| p.id.clone()) else {
            return;
        };
        act(
            cx,
            move |d| d.show(&id),
            move |me: &mut Self, view, cx| {
                acts::begin::<Self>(action, &me.house, &view, cx);
            },
        );
    }

    /// Acts on every marked date, each by itself.
    fn on_marked(&mut self, action: Action, cx: &mut Cx<'_, Seat>) {
        let Some(l) = &self.loaded else { return };
        let marked: Vec<Planned> = self
            .list
            .targets()
            .into_iter()
            .filter_map(|(id, what)| l.plan.iter().find(|p| p.id == id && p.what == what))
            .cloned()
            .collect();
        let text = tr!(
            "tui-ask-many",
            count = marked.len(),
            what = action.describe()
        );
        if action == Action::Unschedule {
            let reply = cx.reply(move |_: &mut Self, yes: bool, cx| {
                if yes {
                    run(action, marked, None, cx);
                }
            });
            cx.push(Confirm::new(action.describe(), text, reply));
            return;
        }
        let field = FormField::text(Field::new(tr!("tui-label-new-time")).required());
        let check = |form: &Form| {
            let text = form.text(0).unwrap_or_default();
            let why = || crate::locale::by_id("error-time", &[("about", text.clone())]);
            instant_of(&text).ok_or_else(|| (0, why()))
        };
        let text = format!("{text}\n{}", kit::how_times());
        let reply = cx.reply(move |_: &mut Self, at: i64, cx| {
            run(action, marked, Some(at), cx);
        });
        cx.push(FormAsk::new(
            action.describe(),
            text,
            vec![field],
            check,
            reply,
        ));
    }

    fn ask_date(&self, cx: &mut Cx<'_, Seat>) {
        let reply = cx.reply(|me: &mut Self, text: Option<String>, cx| {
            let Some(text) = text.filter(|t| !t.is_empty()) else {
                return;
            };
            let today = date_of(cx.env().now_us);
            let Some(day) = read_date(&text, today) else {
                let why = crate::locale::by_id("error-field-date", &[("about", text)]);
                cx.push(kit::Notice::text(Action::GoDate.describe(), why));
                return;
            };
            if me.view == View::Agenda {
                me.view = View::Month;
            }
            me.go(day, cx);
        });
        let day = self.day(cx.env()).to_string();
        let (title, text) = (Action::GoDate.describe(), tr!("tui-schedule-ask-date"));
        cx.push(Prompt::text(title, text, tr!("tui-label-date"), reply).with(&day));
    }

    fn mouse(&mut self, mouse: &MouseEvent, cx: &mut Cx<'_, Seat>) -> Outcome {
        if self.view == View::Agenda {
            if !self.list.mouse(mouse) {
                return Outcome::Ignored;
            }
            return Outcome::Consumed;
        }
        let hit = self
            .cells
            .iter()
            .find(|c| draw::holds(c.area, mouse.column, mouse.row))
            .copied();
        match mouse.kind {
            MouseEventKind::ScrollDown => self.wheel(1, cx),
            MouseEventKind::ScrollUp => self.wheel(-1, cx),
            MouseEventKind::Up(_) if self.grab.as_ref().is_some_and(|g| g.by_mouse) => {
                self.drop_grab(cx);
            }
            MouseEventKind::Down(_) => {
                let Some(cell) = hit else {
                    return Outcome::Ignored;
                };
                self.go_cell(cell, cx);
                let now = (cx.env().mono, cell.day, cell.hour);
                let again = self.clicked.take().is_some_and(|(at, day, hour)| {
                    (day, hour) == (cell.day, cell.hour)
                        && now.0.saturating_sub(at) < std::time::Duration::from_millis(450)
                });
                if again && self.grab.is_none() {
                    self.open(cx);
                } else {
                    self.clicked = Some(now);
                }
            }
            MouseEventKind::Drag(_) => {
                let Some(cell) = hit else {
                    return Outcome::Consumed;
                };
                let moved = (cell.day, cell.hour) != self.slot(cx.env());
                if moved {
                    if self.grab.is_none() {
                        self.take(true, cx.env());
                    }
                    self.go_cell(cell, cx);
                }
            }
            _ => return Outcome::Ignored,
        }
        Outcome::Consumed
    }

    fn go_cell(&mut self, cell: Cell, cx: &mut Cx<'_, Seat>) {
        if let Some(hour) = cell.hour {
            self.hour = hour;
        }
        self.go(cell.day, cx);
        self.carry(cx.env());
    }

    fn wheel(&mut self, by: i64, cx: &mut Cx<'_, Seat>) {
        match self.view {
            View::Week => self.step_hours(by, cx),
            View::Month => self.step_days(7 * by, cx),
            View::Agenda => {}
        }
    }

    /// The keys of the two calendars; false if the action is none of theirs.
    fn walk(&mut self, action: Action, cx: &mut Cx<'_, Seat>) -> bool {
        let week = self.view == View::Week;
        match action {
            Action::Next if week => self.step_hours(1, cx),
            Action::Previous if week => self.step_hours(-1, cx),
            Action::Next => self.step_days(7, cx),
            Action::Previous => self.step_days(-7, cx),
            Action::NextPeriod | Action::PageDown if week => self.step_days(7, cx),
            Action::PreviousPeriod | Action::PageUp if week => self.step_days(-7, cx),
            Action::NextPeriod | Action::PageDown => self.step_months(1, cx),
            Action::PreviousPeriod | Action::PageUp => self.step_months(-1, cx),
            Action::FocusNext | Action::FocusPrevious => {
                let (day, hour) = self.slot(cx.env());
                let count = self.dates_of(day, hour).len().max(1);
                let back = action == Action::FocusPrevious;
                self.pick = (self.pick.min(count - 1) + if back { count - 1 } else { 1 }) % count;
            }
            Action::ClearMarks => self.grab = None,
            Action::Open => {
                if self.grab.is_some() {
                    self.drop_grab(cx);
                } else {
                    self.open(cx);
                }
            }
            Action::First | Action::Last => {}
            _ => return false,
        }
        true
    }
}

/// Takes dates away, or sets them to `to`: what goes out then goes out then, what comes down comes
/// down then.
fn run(action: Action, dates: Vec<Planned>, to: Option<i64>, cx: &mut Cx<'_, Seat>) {
    each(
        action,
        of_items,
        dates,
        cx,
        move |desk, date| {
            let name = format!(
                "{} {}  {}",
                date.number,
                date.title,
                crate::locale::word("tui-dated", date.what)
            );
            let done = match to {
                None => desk.unschedule(&date.id).map(drop),
                Some(at) => {
                    let (publish, expire) = moving::dates(date, at);
                    desk.schedule(&date.id, publish, expire, crate::desk::release::ZONE)
                        .map(drop)
                }
            };
            (name, done)
        },
        |me: &mut Schedule, _, cx| {
            me.list.clear_marks();
            me.reload(cx);
        },
    );
}

/// A date as typed: whole, without its year, or a day of the month.
fn read_date(text: &str, today: Date) -> Option<Date> {
    let text = text.trim();
    text.parse()
        .ok()
        .or_else(|| format!("{:04}-{text}", today.year()).parse().ok())
        .or_else(|| Date::new(today.year(), today.month(), text.parse().ok()?).ok())
}

impl Acting for Schedule {
    fn acted(&mut self, what: Action, cx: &mut Cx<'_, Seat>) {
        kit::done(cx, tr!("tui-acted", what = what.describe()));
        self.reload(cx);
    }
}

impl Component<Seat> for Schedule {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Schedule, Context::List]
    }

    fn flag(&self, flag: Flag) -> bool {
        match flag {
            // Whether there is one is known when the key is pressed; an empty day does nothing.
            Flag::HasRow => self.view != View::Agenda || self.list.selected().is_some(),
            Flag::HasMarks => self.grab.is_some() || self.marked(),
            _ => false,
        }
    }

    fn commands(&self) -> Vec<Command> {
        let agenda = self.view == View::Agenda;
        let row = !agenda || self.list.selected().is_some();
        if self.grab.is_some() {
            return vec![
                Command::hint(Action::Open),
                Command::hint(Action::ClearMarks),
                Command::hint(Action::NextDay),
                Command::hint(Action::Next),
            ];
        }
        vec![
            Command::hint(Action::Open).when(row),
            Command::hint(Action::CycleView),
            Command::hint(Action::MoveItem).when(row),
            Command::hint(Action::NextPeriod).when(!agenda),
            Command::hint(Action::GoDate),
            Command::hint(Action::Unschedule).when(row),
            Command::quiet(Action::ToggleMark).when(agenda && row),
            Command::quiet(Action::MarkAll).when(agenda && row),
            Command::quiet(Action::NextDay),
            Command::quiet(Action::Today),
            Command::quiet(Action::GoBundles),
            Command::quiet(Action::Refresh),
        ]
    }

    fn shown(&mut self, cx: &mut Cx<'_, Seat>) {
        self.reload(cx);
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, Seat>) -> Outcome {
        match event {
            Event::Action(Action::CycleView) => {
                self.grab = None;
                self.view = match self.view {
                    View::Agenda => View::Week,
                    View::Week => View::Month,
                    View::Month => View::Agenda,
                };
                if self.view == View::Week
                    && let Some(at) = self.picked_or_next(cx.env())
                {
                    self.hour = hour_of(at);
                }
            }
            Event::Action(Action::NextDay) => self.step_days(1, cx),
            Event::Action(Action::PreviousDay) => self.step_days(-1, cx),
            Event::Action(Action::Today) => {
                let today = date_of(cx.env().now_us);
                self.go(today, cx);
                self.carry(cx.env());
            }
            Event::Action(Action::GoDate) => self.ask_date(cx),
            Event::Action(Action::MoveItem) if self.marked() => {
                self.on_marked(Action::MoveItem, cx);
            }
            Event::Action(Action::Unschedule) if self.marked() => {
                self.on_marked(Action::Unschedule, cx);
            }
            Event::Action(Action::MoveItem) if self.view == View::Agenda => {
                self.on_item(Action::ScheduleItem, cx);
            }
            Event::Action(Action::MoveItem) => self.take(false, cx.env()),
            Event::Action(Action::Unschedule) => self.on_item(Action::Unschedule, cx),
            Event::Action(Action::Refresh) => self.reload(cx),
            Event::Action(Action::Search | Action::Filter | Action::SortBy) => {}
            Event::Action(Action::ToggleMark | Action::MarkAll) if self.view != View::Agenda => {}
            Event::Action(Action::Open) if self.view == View::Agenda => self.open(cx),
            Event::Action(action) if self.view != View::Agenda => {
                if !self.walk(*action, cx) {
                    return Outcome::Ignored;
                }
            }
            Event::Action(action) if self.list.handle(*action) => {}
            Event::Mouse(mouse) => return self.mouse(mouse, cx),
            _ => return Outcome::Ignored,
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let state = match self.view {
            View::Agenda => self.list.position(),
            View::Week | View::Month => self.day(env).strftime("%Y-%m-%d").to_string(),
        };
        let house = Rc::clone(&self.house);
        let mut body = kit::head(area, buf, env, &house, Some(Place::Schedule), &state);
        if let Some(said) = &self.error {
            kit::failed(body, buf, env, said);
            return;
        }
        self.cells.clear();
        let Some(l) = &self.loaded else { return };
        let scheduled = !l.plan.is_empty() || l.bundles.iter().any(|b| b.due.is_some());
        let (text, style) = match &self.grab {
            Some(grab) => (self.carried(grab), env.styles.found),
            None if l.alive => {
                let at = l.last.map(|t| when(t, env.now_us)).unwrap_or_default();
                (tr!("tui-runner-alive", at = at), env.styles.muted)
            }
            None if scheduled => (runner_warning(l.last, env.now_us), env.styles.warning),
            None => (tr!("tui-runner-idle"), env.styles.muted),
        };
        let line = Rect {
            x: body.x + 1,
            width: body.width - 2,
            height: 2,
            ..body
        };
        let used = put_wrapped(buf, line, &text, style, env);
        body.y += used;
        body.height = body.height.saturating_sub(used);
        match self.view {
            View::Agenda => {
                let key = |action| kit::key(env, action, &[Context::Item]);
                self.list.say_empty(tr!(
                    "tui-schedule-empty",
                    schedule = key(Action::ScheduleItem),
                    items = key(Action::GoItems)
                ));
                self.list.render(body, buf, env, true);
            }
            View::Week => self.render_week(body, buf, env),
            View::Month => self.render_month(body, buf, env),
        }
    }
}
