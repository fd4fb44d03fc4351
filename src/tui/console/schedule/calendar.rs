//! The week by hours and the month by days, with the dates of the selected cell below.

use jiff::ToSpan;
use jiff::civil::Date;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::locale;
use crate::rules::calendar::DayKind;
use crate::store::query::plan::Planned;
use crate::tr;
use crate::tui::component::Env;
use crate::tui::console::kit::{self, date_of};
use crate::tui::draw;

use super::agenda::{title, weekday};
use super::{Cell, Schedule, hour_of, monday};

/// Width of the hours at the left of a week.
const HOURS: u16 = 6;

impl Schedule {
    /// "rest", "working day" where a weekend is worked, a sign where nobody knows; else nothing.
    pub(super) fn day_word(&self, day: Date) -> String {
        use jiff::civil::Weekday::{Saturday, Sunday};
        let weekend = matches!(day.weekday(), Saturday | Sunday);
        match (self.calendar.kind(day), weekend) {
            (DayKind::Rest, _) => tr!("tui-day-rest"),
            (DayKind::Workday, true) => tr!("tui-day-worked"),
            (DayKind::Workday, false) => String::new(),
            (DayKind::Unknown, _) => "?".to_owned(),
        }
    }

    fn day_style(&self, day: Date, env: &Env) -> Style {
        let chosen = day == self.day(env);
        let today = day == date_of(env.now_us);
        match (chosen, self.grab.is_some(), today, self.calendar.kind(day)) {
            (true, true, ..) => env.styles.found,
            (true, ..) => env.styles.selected,
            (_, _, true, _) => env.styles.strong,
            (_, _, _, DayKind::Rest) => env.styles.muted,
            _ => env.styles.text,
        }
    }

    fn date_style(&self, place: usize, date: &Planned, env: &Env) -> Style {
        let doubtful = self
            .loaded
            .as_ref()
            .and_then(|l| l.conflicts.get(place))
            .is_some_and(|c| !c.is_empty());
        if date.at <= env.now_us || doubtful {
            env.styles.warning
        } else {
            env.styles.text
        }
    }

    /// A date in a cell: a sign where something is doubtful, the time, which date, the title.
    fn in_cell(&self, place: usize, date: &Planned, with_time: bool) -> String {
        let doubtful = self
            .loaded
            .as_ref()
            .and_then(|l| l.conflicts.get(place))
            .is_some_and(|c| !c.is_empty());
        let sign = if doubtful { "!" } else { "" };
        // What comes down is not taken for what goes out.
        let down = if date.what == "expire" { "-" } else { "" };
        let time = locale::instant(date.at);
        let time = if with_time {
            time.get(11..).unwrap_or_default()
        } else {
            time.get(13..).unwrap_or_default()
        };
        format!("{sign}{down}{time} {}", date.title)
    }

    pub(super) fn render_month(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let day = self.day(env);
        let first = monday(day.first_of_month());
        let below = if area.height > 30 { 10 } else { 6 };
        let grid = Rect {
            height: area.height.saturating_sub(below),
            ..area
        };
        let width = grid.width / 7;
        let height = (grid.height.saturating_sub(1) / 6).max(1);
        for n in 0..7u16 {
            let name = locale::by_id(&format!("tui-weekday-{}", n + 1), &[]);
            let x = grid.x + n * width;
            draw::put_fit(
                buf,
                x,
                grid.y,
                &format!(" {name}"),
                env.styles.head,
                width,
                env.amb,
            );
        }
        for n in 0..42u16 {
            let Ok(date) = first.checked_add(i64::from(n).days()) else {
                continue;
            };
            let cell = Rect {
                x: grid.x + (n % 7) * width,
                y: grid.y + 1 + (n / 7) * height,
                width: width.saturating_sub(1),
                height,
            };
            if cell.bottom() > grid.bottom() {
                break;
            }
            self.cells.push(Cell {
                area: cell,
                day: date,
                hour: None,
            });
            let dates = self.dates_of(date, None);
            let mark = if date == date_of(env.now_us) {
                "*"
            } else {
                " "
            };
            let style = if date.month() == day.month() {
                self.day_style(date, env)
            } else {
                env.styles.muted
            };
            let count = if dates.is_empty() || height > 2 {
                String::new()
            } else {
                tr!("tui-count", count = dates.len())
            };
            let head = format!("{mark}{:2} {} {count}", date.day(), self.day_word(date));
            draw::put_fit(
                buf,
                cell.x,
                cell.y,
                head.trim_end(),
                style,
                cell.width,
                env.amb,
            );
            let room = usize::from(height.saturating_sub(1));
            for (k, (place, one)) in dates.iter().take(room).enumerate() {
                let more = k + 1 == room && dates.len() > room;
                let (text, style) = if more && room > 1 {
                    let rest: usize = dates.len() - k;
                    (tr!("tui-schedule-more", count = rest), env.styles.muted)
                } else {
                    (
                        self.in_cell(*place, one, true),
                        self.date_style(*place, one, env),
                    )
                };
                let y = cell.y + 1 + k as u16;
                draw::put_fit(buf, cell.x, y, &text, style, cell.width, env.amb);
            }
        }
        let below = Rect {
            y: grid.bottom(),
            height: below.min(area.height),
            ..area
        };
        self.render_slot(below, buf, env);
    }

    pub(super) fn render_week(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let day = self.day(env);
        let first = monday(day);
        let below = if area.height > 30 { 8 } else { 5 };
        let grid = Rect {
            height: area.height.saturating_sub(below),
            ..area
        };
        let width = grid.width.saturating_sub(HOURS) / 7;
        let shown = i8::try_from(grid.height.saturating_sub(1).min(24)).unwrap_or(24);
        // The selected hour stays on screen.
        self.top = self
            .top
            .min(self.hour)
            .max(self.hour + 1 - shown)
            .clamp(0, 24 - shown);
        for n in 0..7u16 {
            let Ok(date) = first.checked_add(i64::from(n).days()) else {
                continue;
            };
            let x = grid.x + HOURS + n * width;
            let mark = if date == date_of(env.now_us) {
                "*"
            } else {
                " "
            };
            let named = |format: &str| {
                let (name, day) = (weekday(date), date.strftime(format));
                format!("{mark}{name} {day} {}", self.day_word(date))
            };
            let style = self.day_style(date, env);
            let room = width.saturating_sub(1);
            let mut head = named("%m-%d");
            if crate::text::text_width(head.trim_end(), env.amb) > usize::from(room) {
                head = named("%d");
            }
            draw::put_fit(buf, x, grid.y, head.trim_end(), style, room, env.amb);
            let dates: Vec<(usize, Planned)> = self
                .dates_of(date, None)
                .into_iter()
                .map(|(place, p)| (place, p.clone()))
                .collect();
            for row in 0..shown {
                let hour = self.top + row;
                let cell = Rect {
                    x,
                    y: grid.y + 1 + u16::from(row.unsigned_abs()),
                    width: room,
                    height: 1,
                };
                self.cells.push(Cell {
                    area: cell,
                    day: date,
                    hour: Some(hour),
                });
                let here: Vec<&(usize, Planned)> = dates
                    .iter()
                    .filter(|(_, p)| hour_of(p.at) == hour)
                    .collect();
                let (mut text, mut style) = match here.as_slice() {
                    [] => (String::new(), env.styles.text),
                    [(place, one)] => (
                        self.in_cell(*place, one, false),
                        self.date_style(*place, one, env),
                    ),
                    [(place, one), ..] => (
                        tr!("tui-schedule-many", count = here.len()),
                        self.date_style(*place, one, env),
                    ),
                };
                if date == day && hour == self.hour {
                    style = match self.grab {
                        Some(_) => env.styles.found,
                        None => env.styles.selected,
                    };
                    if text.is_empty() {
                        text = env.glyphs.pointer.to_owned();
                    }
                }
                draw::put_fit(buf, cell.x, cell.y, &text, style, cell.width, env.amb);
            }
        }
        for row in 0..shown {
            let hour = self.top + row;
            let style = if hour == self.hour {
                env.styles.strong
            } else {
                env.styles.muted
            };
            let y = grid.y + 1 + u16::from(row.unsigned_abs());
            draw::put(
                buf,
                grid.x,
                y,
                &format!("{hour:02}:00"),
                style,
                HOURS,
                env.amb,
            );
        }
        let below = Rect {
            y: grid.bottom(),
            height: below.min(area.height),
            ..area
        };
        self.render_slot(below, buf, env);
    }

    /// The dates of the selected cell, with what is doubtful about them.
    fn render_slot(&self, area: Rect, buf: &mut Buffer, env: &Env) {
        let (day, hour) = self.slot(env);
        let when = match hour {
            None => day.to_string(),
            Some(hour) => format!("{day} {hour:02}:00"),
        };
        let head = format!(
            "{when} {}  {}  {}",
            weekday(day),
            self.day_word(day),
            locale::zone_word()
        );
        kit::rule_line(kit::inset(area), buf, env, &head);
        let dates = self.dates_of(day, hour);
        let place = Rect {
            x: area.x + 1,
            y: area.y + 1,
            width: area.width.saturating_sub(2),
            height: area.height.saturating_sub(1),
        };
        if dates.is_empty() {
            let text = tr!("tui-schedule-nothing");
            draw::put_fit(
                buf,
                place.x,
                place.y,
                &text,
                env.styles.muted,
                place.width,
                env.amb,
            );
            return;
        }
        let pick = self.pick.min(dates.len() - 1);
        let rows = usize::from(place.height).max(1);
        let top = (pick + 1).saturating_sub(rows);
        for (k, (at, one)) in dates.iter().enumerate().skip(top).take(rows) {
            let doubts = self
                .loaded
                .as_ref()
                .and_then(|l| l.conflicts.get(*at))
                .map_or(&[][..], Vec::as_slice);
            let pointer = if k == pick { env.glyphs.pointer } else { " " };
            let text = format!(
                "{pointer} {} {} {} {}  {}",
                locale::instant(one.at).get(11..).unwrap_or_default(),
                locale::word("tui-dated", one.what),
                one.number,
                locale::word("state", one.state.code()),
                title(one, doubts)
            );
            let style = if k == pick {
                env.styles.selected
            } else {
                self.date_style(*at, one, env)
            };
            let y = place.y + (k - top) as u16;
            draw::put_fit(buf, place.x, y, &text, style, place.width, env.amb);
        }
    }
}
