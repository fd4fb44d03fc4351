//! Taking a date, carrying it over the calendar, and setting it down: a question with everything
//! that is doubtful, then the act itself with the rules' answer.

use crate::desk::plan::conflicts_at;
use crate::desk::release::ZONE;
use crate::locale;
use crate::rules::state::State;
use crate::store::local::MINUTE;
use crate::store::query::plan::Planned;
use crate::tr;
use crate::tui::action::Action;
use crate::tui::component::{Cx, Env};
use crate::tui::console::home::runner_warning;
use crate::tui::console::kit::{self, act, start_of};
use crate::tui::console::seat::Seat;
use crate::tui::widgets::Confirm;

use super::agenda::in_words;
use super::{Grab, Schedule, View};

impl Schedule {
    /// Takes the selected date.
    pub(super) fn take(&mut self, by_mouse: bool, env: &Env) {
        if let Some(date) = self.picked(env).cloned() {
            let to = date.at;
            self.grab = Some(Grab { date, to, by_mouse });
        }
    }

    /// What is carried goes along to the selected cell; minutes, and in a month the time of day,
    /// stay as they were.
    pub(super) fn carry(&mut self, env: &Env) {
        let (day, view, hour) = (self.day(env), self.view, self.hour);
        let Some(grab) = &mut self.grab else { return };
        let from = kit::date_of(grab.date.at);
        let of_day = grab.date.at - start_of(from);
        let of_day = match view {
            View::Week => i64::from(hour) * 60 * MINUTE + of_day % (60 * MINUTE),
            View::Month | View::Agenda => of_day,
        };
        grab.to = start_of(day) + of_day;
    }

    /// What is being carried and where it is now.
    pub(super) fn carried(&self, grab: &Grab) -> String {
        tr!(
            "tui-schedule-carried",
            number = grab.date.number.as_str(),
            title = grab.date.title.as_str(),
            at = locale::instant(grab.to)
        )
    }

    /// Asks whether the date is to stand where it is now.
    pub(super) fn drop_grab(&mut self, cx: &mut Cx<'_, Seat>) {
        let Some(grab) = self.grab.clone() else {
            return;
        };
        if grab.to == grab.date.at {
            self.grab = None;
            return;
        }
        let mut text = tr!(
            "tui-schedule-ask-move",
            number = grab.date.number.as_str(),
            title = grab.date.title.as_str(),
            what = locale::word("tui-dated", grab.date.what),
            from = locale::instant(grab.date.at),
            to = locale::instant(grab.to),
            zone = locale::zone_word()
        );
        if let Some(l) = &self.loaded {
            let doubts = conflicts_at(&grab.date, grab.to, &l.plan, &self.calendar);
            if !doubts.is_empty() {
                text.push('\n');
                text.push_str(&tr!("tui-schedule-doubts", doubts = in_words(&doubts)));
            }
            if !l.alive {
                text.push('\n');
                text.push_str(&runner_warning(l.last, cx.env().now_us));
            }
        }
        let reply = cx.reply(move |me: &mut Self, yes: bool, cx| {
            me.grab = None;
            if yes {
                me.set_down(&grab, cx);
            }
        });
        cx.push(Confirm::new(Action::MoveItem.describe(), text, reply));
    }

    fn set_down(&self, grab: &Grab, cx: &mut Cx<'_, Seat>) {
        let (date, to) = (grab.date.clone(), grab.to);
        act(
            cx,
            move |d| {
                let (publish, expire) = dates(&date, to);
                d.schedule(&date.id, publish, expire, ZONE).map(drop)
            },
            |me: &mut Self, (), cx| {
                kit::done(cx, tr!("tui-acted", what = Action::MoveItem.describe()));
                me.reload(cx);
            },
        );
    }
}

/// Both dates of an item when one of them is moved: the other stays, and a live item has no
/// publication left to set.
pub(super) fn dates(date: &Planned, to: i64) -> (Option<i64>, Option<i64>) {
    if date.what == "publish" {
        (Some(to), date.expire)
    } else if matches!(date.state, State::Published | State::Corrected) {
        (None, Some(to))
    } else {
        (date.due, Some(to))
    }
}
