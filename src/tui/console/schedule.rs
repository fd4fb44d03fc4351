//! Dates: what is late, what is due, day by day or as a week; bundles; whether a runner is alive.

use std::rc::Rc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::desk::bundle::BundleView;
use crate::desk::release::ZONE;
use crate::locale;
use crate::store::local;
use crate::store::query::schedule::Dated;
use crate::tr;
use crate::tui::action::{Action, Context, Flag};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome};
use crate::tui::console::acts::{self, Acting};
use crate::tui::console::home::runner_warning;
use crate::tui::console::item::Item;
use crate::tui::console::kit::{self, House, Place, act, load, when};
use crate::tui::console::seat::{Said, Seat};
use crate::tui::draw::{self, Piece};
use crate::tui::widgets::{Column, Row, Table, Width, put_wrapped};

/// Most dates shown at once.
const MOST: u32 = 2_000;
/// One day, µs.
const DAY: i64 = 24 * 60 * local::MINUTE;
/// How far the list looks ahead, in days.
const AHEAD: i64 = 92;

/// A row: its place and the item it opens, empty for headings and bundles.
type Key = (usize, String);

struct Loaded {
    dates: Vec<Dated>,
    bundles: Vec<BundleView>,
    alive: bool,
    last: Option<i64>,
    scheduled: bool,
}

/// The schedule.
pub struct Schedule {
    house: House,
    table: Table<Key>,
    loaded: Option<Loaded>,
    week: bool,
    day: Option<Date>,
    error: Option<Said>,
}

fn zone() -> TimeZone {
    TimeZone::get(ZONE).unwrap_or(TimeZone::UTC)
}

fn date_of(at: i64) -> Date {
    let at = Timestamp::from_microsecond(at).unwrap_or(Timestamp::UNIX_EPOCH);
    zone().to_datetime(at).date()
}

fn weekday(date: Date) -> String {
    let n = date.weekday().to_monday_one_offset();
    locale::by_id(&format!("tui-weekday-{n}"), &[])
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
            table: Table::new(columns, tr!("tui-schedule-empty")),
            loaded: None,
            week: false,
            day: None,
            error: None,
        }
    }

    fn reload(&mut self, cx: &mut Cx<'_, Seat>) {
        load(
            cx,
            |seat| {
                let desk = seat.desk()?;
                let now = desk.now();
                let dates = desk.agenda(i64::MIN, now + AHEAD * DAY, MOST)?;
                let bundles = desk.bundles()?;
                let alive = local::runner_alive(desk.store().conn(), now)?;
                let last = local::last_runner(desk.store().conn())?.map(|r| r.last_tick);
                let scheduled = !dates.is_empty() || bundles.iter().any(|b| b.due.is_some());
                Ok(Loaded {
                    dates,
                    bundles,
                    alive,
                    last,
                    scheduled,
                })
            },
            |me: &mut Self, result, cx| match result {
                Ok(loaded) => {
                    me.error = None;
                    me.loaded = Some(loaded);
                    me.fill(cx);
                }
                Err(said) => me.error = Some(said),
            },
        );
    }

    /// Puts the rows of the present view together.
    fn fill(&mut self, cx: &Cx<'_, Seat>) {
        let Some(l) = &self.loaded else { return };
        let (now, styles) = (cx.env().now_us, &cx.env().styles);
        let today = date_of(now);
        let day = *self.day.get_or_insert(today);
        let mut rows: Vec<Row<Key>> = Vec::new();
        let heading = |rows: &mut Vec<Row<Key>>, text: String, warn: bool| {
            let style = if warn { styles.warning } else { styles.strong };
            let at = rows.len();
            rows.push(Row {
                key: (at, String::new()),
                cells: vec![
                    Piece::new("", style),
                    Piece::new("", style),
                    Piece::new("", style),
                    Piece::new(text, style),
                ],
            });
        };
        let one = |rows: &mut Vec<Row<Key>>, d: &Dated| {
            let at = rows.len();
            let late = d.at <= now;
            let style = if late { styles.warning } else { styles.text };
            rows.push(Row {
                key: (at, d.id.clone()),
                cells: vec![
                    Piece::new(when(d.at, now), style),
                    Piece::new(locale::word("tui-dated", d.what), style),
                    Piece::new(d.number.clone(), styles.muted),
                    Piece::new(d.title.clone(), styles.text),
                ],
            });
        };
        if self.week {
            for d in l.dates.iter().filter(|d| date_of(d.at) == day) {
                one(&mut rows, d);
            }
        } else {
            let mut before: Option<Option<Date>> = None;
            for d in &l.dates {
                let this = (d.at > now).then(|| date_of(d.at));
                if before != Some(this) {
                    match this {
                        None => heading(&mut rows, tr!("tui-schedule-late"), true),
                        Some(date) => {
                            heading(&mut rows, format!("{date} {}", weekday(date)), false);
                        }
                    }
                    before = Some(this);
                }
                one(&mut rows, d);
            }
            if !l.bundles.is_empty() {
                heading(&mut rows, tr!("tui-bundles"), false);
            }
            for b in &l.bundles {
                let at = rows.len();
                let members: Vec<String> = b
                    .members
                    .iter()
                    .map(|(_, number, state)| format!("{number} {}", locale::word("state", state)))
                    .collect();
                let first = b.members.first().map(|m| m.0.clone()).unwrap_or_default();
                let text = tr!(
                    "tui-bundle-members",
                    name = b.name.as_str(),
                    members = members.join(" ")
                );
                rows.push(Row {
                    key: (at, first),
                    cells: vec![
                        Piece::new(
                            b.due.map(|at| when(at, now)).unwrap_or_default(),
                            styles.text,
                        ),
                        Piece::new(locale::word("bundle-state", b.state.code()), styles.text),
                        Piece::new(b.id.clone(), styles.muted),
                        Piece::new(text, styles.text),
                    ],
                });
            }
        }
        self.table.reload();
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
        self.off_heading(1);
    }

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

    fn move_day(&mut self, days: i64, cx: &Cx<'_, Seat>) {
        let today = date_of(cx.env().now_us);
        let day = self.day.unwrap_or(today);
        self.day = day.checked_add(days.days()).ok();
        self.week = true;
        self.fill(cx);
    }

    /// Acts on the selected item once it has been looked at.
    fn on_item(&mut self, action: Action, cx: &mut Cx<'_, Seat>) {
        let Some(id) = self.selected() else { return };
        act(
            cx,
            move |d| d.show(&id),
            move |me: &mut Self, view, cx| {
                acts::begin::<Self>(action, &me.house, &view, cx);
            },
        );
    }

    fn days(&self, area: Rect, buf: &mut Buffer, env: &Env) {
        let Some(l) = &self.loaded else { return };
        let today = date_of(env.now_us);
        let day = self.day.unwrap_or(today);
        let first = monday(day);
        let width = area.width / 7;
        for n in 0..7u16 {
            let Ok(date) = first.checked_add(i64::from(n).days()) else {
                continue;
            };
            let count = l.dates.iter().filter(|d| date_of(d.at) == date).count();
            let x = area.x + n * width;
            let style = match (date == day, date == today) {
                (true, _) => env.styles.selected,
                (false, true) => env.styles.strong,
                _ => env.styles.text,
            };
            let mark = if date == today { "*" } else { " " };
            let head = format!("{mark}{} {}", weekday(date), date.strftime("%m-%d"));
            draw::put_fit(
                buf,
                x,
                area.y,
                &head,
                style,
                width.saturating_sub(1),
                env.amb,
            );
            let text = if count == 0 {
                "  -".to_owned()
            } else {
                format!("  {count}")
            };
            draw::put_fit(
                buf,
                x,
                area.y + 1,
                &text,
                style,
                width.saturating_sub(1),
                env.amb,
            );
        }
    }
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
        flag == Flag::HasRow && self.selected().is_some()
    }

    fn commands(&self) -> Vec<Command> {
        let row = self.selected().is_some();
        vec![
            Command::hint(Action::Open).when(row),
            Command::hint(Action::ToggleWeek),
            Command::hint(Action::NextDay).when(self.week),
            Command::hint(Action::NextPeriod).when(self.week),
            Command::hint(Action::Today).when(self.week),
            Command::hint(Action::MoveItem).when(row),
            Command::hint(Action::Unschedule).when(row),
            Command::quiet(Action::Refresh),
        ]
    }

    fn shown(&mut self, cx: &mut Cx<'_, Seat>) {
        self.reload(cx);
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, Seat>) -> Outcome {
        match event {
            Event::Action(Action::Open) => {
                if let Some(id) = self.selected() {
                    cx.go(Item::new(Rc::clone(&self.house), id));
                }
            }
            Event::Action(Action::ToggleWeek) => {
                self.week = !self.week;
                self.fill(cx);
            }
            Event::Action(Action::NextDay) => self.move_day(1, cx),
            Event::Action(Action::PreviousDay) => self.move_day(-1, cx),
            Event::Action(Action::NextPeriod) => self.move_day(7, cx),
            Event::Action(Action::PreviousPeriod) => self.move_day(-7, cx),
            Event::Action(Action::Today) => {
                self.day = None;
                self.fill(cx);
            }
            Event::Action(Action::MoveItem) => self.on_item(Action::ScheduleItem, cx),
            Event::Action(Action::Unschedule) => self.on_item(Action::Unschedule, cx),
            Event::Action(Action::Refresh) => self.reload(cx),
            Event::Action(
                Action::ToggleMark
                | Action::MarkAll
                | Action::Search
                | Action::Filter
                | Action::SortBy,
            ) => {}
            Event::Action(action) if self.table.handle(*action) => {
                if self.table.wanted().is_some() {
                    self.fill(cx);
                }
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
        let body = kit::head(area, buf, env, &self.house, Some(Place::Schedule), "");
        if let Some(said) = &self.error {
            kit::failed(body, buf, env, said);
            return;
        }
        let mut y = body.y;
        if let Some(l) = &self.loaded {
            let (text, style) = if l.alive {
                let at = l.last.map(|t| when(t, env.now_us)).unwrap_or_default();
                (tr!("tui-runner-alive", at = at), env.styles.muted)
            } else if l.scheduled {
                (runner_warning(l.last, env.now_us), env.styles.warning)
            } else {
                (tr!("tui-runner-idle"), env.styles.muted)
            };
            let area = Rect {
                x: body.x + 1,
                y,
                width: body.width - 2,
                height: 2,
            };
            y += put_wrapped(buf, area, &text, style, env);
        }
        if self.week {
            let strip = Rect {
                x: body.x + 1,
                y,
                width: body.width - 2,
                height: 2,
            };
            self.days(strip, buf, env);
            y += 2;
        }
        let list = Rect {
            y,
            height: body.bottom().saturating_sub(y),
            ..body
        };
        self.table.render(list, buf, env, true);
    }
}
