//! The list: what is late, then day by day, then the bundles.

use jiff::civil::Date;

use crate::desk::plan::Conflict;
use crate::locale;
use crate::store::query::plan::Planned;
use crate::tr;
use crate::tui::component::{Cx, Env};
use crate::tui::console::kit::{Rows, date_of, when};
use crate::tui::console::seat::Seat;
use crate::tui::draw::Piece;

use super::{Schedule, View};

/// The word for a day of the week.
pub(super) fn weekday(date: Date) -> String {
    let n = date.weekday().to_monday_one_offset();
    locale::by_id(&format!("tui-weekday-{n}"), &[])
}

/// Conflicts in words.
pub(super) fn in_words(list: &[Conflict]) -> String {
    let words: Vec<String> = list
        .iter()
        .map(|c| locale::word("conflict", c.code()))
        .collect();
    words.join(&tr!("tui-comma"))
}

impl Schedule {
    /// The instant the week view opens at: what is selected in the list, else what comes next today.
    pub(super) fn picked_or_next(&mut self, env: &Env) -> Option<i64> {
        let selected = self.list.selected().cloned();
        let l = self.loaded.as_ref()?;
        let found = selected
            .and_then(|(id, what)| l.plan.iter().find(|p| p.id == id && p.what == what))
            .map(|p| p.at);
        if self.day.is_none()
            && self.view == View::Week
            && let Some(at) = found
        {
            self.day = Some(date_of(at));
        }
        let today = date_of(env.now_us);
        found.or_else(|| l.plan.iter().find(|p| date_of(p.at) == today).map(|p| p.at))
    }

    /// Puts the rows of the list together.
    pub(super) fn fill(&mut self, cx: &Cx<'_, Seat>) {
        let Some(l) = &self.loaded else { return };
        let (now, styles) = (cx.env().now_us, &cx.env().styles);
        let mut rows = Rows::new(4, 0);
        let mut before: Option<Option<Date>> = None;
        for (d, doubts) in l.plan.iter().zip(&l.conflicts) {
            let this = (d.at > now).then(|| date_of(d.at));
            if before != Some(this) {
                match this {
                    None => rows.head(tr!("tui-schedule-late"), styles.warning),
                    Some(date) => rows.head(
                        format!("{date} {}  {}", weekday(date), self.day_word(date)),
                        styles.strong,
                    ),
                }
                before = Some(this);
            }
            let late = d.at <= now;
            let style = if late || !doubts.is_empty() {
                styles.warning
            } else {
                styles.text
            };
            rows.row(
                (d.id.clone(), d.what),
                vec![
                    Piece::new(when(d.at, now), style),
                    Piece::new(locale::word("tui-dated", d.what), style),
                    Piece::new(d.number.clone(), styles.muted),
                    Piece::new(
                        title(d, doubts),
                        if doubts.is_empty() {
                            styles.text
                        } else {
                            style
                        },
                    ),
                ],
            );
        }
        if !l.bundles.is_empty() {
            rows.head(tr!("tui-bundles"), styles.strong);
        }
        for b in &l.bundles {
            let members: Vec<String> = b
                .members
                .iter()
                .map(|(_, number, state)| format!("{number} {}", locale::word("state", state)))
                .collect();
            let text = tr!(
                "tui-bundle-members",
                name = b.name.as_str(),
                members = members.join(" ")
            );
            rows.row(
                (b.id.clone(), "bundle"),
                vec![
                    Piece::new(
                        b.due.map(|at| when(at, now)).unwrap_or_default(),
                        styles.text,
                    ),
                    Piece::new(locale::word("bundle-state", b.state.code()), styles.text),
                    Piece::new(b.id.clone(), styles.muted),
                    Piece::new(text, styles.text),
                ],
            );
        }
        self.list.set(rows.list);
    }
}

/// The title, behind what is doubtful about the date.
pub(super) fn title(d: &Planned, doubts: &[Conflict]) -> String {
    if doubts.is_empty() {
        d.title.clone()
    } else {
        format!("! {} ({})", d.title, in_words(doubts))
    }
}
