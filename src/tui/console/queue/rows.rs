//! The rows of the list, and what each item weighs: findings and open comments, counted a few items
//! at a time so that nobody waits for it.

use super::{Queue, filter};
use crate::desk;
use crate::locale;
use crate::rules::act::Urgency;
use crate::screening::Severity;
use crate::store::query::items::Line;
use crate::tr;
use crate::tui::component::{Cx, Env};
use crate::tui::console::kit::load;
use crate::tui::console::reading::findings::Weight;
use crate::tui::console::reading::history;
use crate::tui::console::seat::Seat;
use crate::tui::draw::Piece;
use crate::tui::widgets::{Column, Row, Width};

/// Items weighed at once: the store's thread is free again before anybody notices.
const AT_ONCE: usize = 4;
/// Rows this far from the selection are weighed: more than any screen shows to either side.
const NEAR: usize = 64;

/// The columns. A narrow list names only the gravest findings; where an item waits stands above
/// its text as well.
pub(super) fn columns() -> Vec<Column> {
    vec![
        Column::new(tr!("tui-column-number"), Width::Cells(11)),
        Column::new(tr!("tui-column-title"), Width::Share(1)),
        Column::new(tr!("tui-column-waits"), Width::Cells(8)).from(48),
        Column::new(tr!("tui-item-tab-findings"), Width::Cells(8)).until(64),
        Column::new(tr!("tui-column-weight"), Width::Cells(15)).from(64),
        Column::new(tr!("tui-column-stage"), Width::Cells(16)).from(84),
    ]
}

impl Queue {
    /// Everything is here at once; the window never has to ask the store.
    pub(super) fn supply(&mut self, cx: &Cx<'_, Seat>) {
        while let Some((ticket, range)) = self.table.wanted() {
            let rows: Vec<Row<String>> = self
                .lines
                .iter()
                .skip(range.start)
                .take(range.len())
                .map(|line| self.row(line, cx.env()))
                .collect();
            let total = self.lines.len();
            self.table.supply(ticket, range.start, rows, total);
            if total <= range.end {
                break;
            }
        }
    }

    fn row(&self, line: &Line, env: &Env) -> Row<String> {
        let styles = &env.styles;
        let late = filter::is_late(line, &self.wanted, env.now_us);
        let mut title = if line.title.is_empty() {
            tr!("tui-untitled")
        } else {
            line.title.clone()
        };
        if line.urgency != Urgency::Normal {
            let urgency = locale::word("urgency", line.urgency.code());
            title = format!("[{urgency}] {title}");
        }
        if late {
            title = format!("! {title}");
        }
        let title_style = if late || line.urgency == Urgency::Flash {
            styles.warning
        } else {
            styles.text
        };
        let waits = line
            .submitted_at
            .map(|at| history::waiting(env.now_us - at))
            .unwrap_or_default();
        let weight = self.weight_of(line).copied().unwrap_or_default();
        let heavy = match weight.gravest() {
            Some(Severity::Serious) => styles.error,
            Some(Severity::General) => styles.warning,
            _ => styles.text,
        };
        Row {
            key: line.id.clone(),
            cells: vec![
                Piece::new(line.number.clone(), styles.muted),
                Piece::new(title, title_style),
                Piece::new(waits, if late { styles.warning } else { styles.muted }),
                Piece::new(weight.words(true), heavy),
                Piece::new(weight.words(false), heavy),
                Piece::new(self.words.stage(line), styles.text),
            ],
        }
    }

    /// What is known of an item in its present state.
    fn weight_of(&self, line: &Line) -> Option<&Weight> {
        let (base, weight) = self.weights.get(&line.id)?;
        (*base == line.base).then_some(weight)
    }

    /// Weighs the next items, those nearest to the selection first.
    pub(super) fn weigh(&mut self, cx: &mut Cx<'_, Seat>) {
        if self.weighing {
            return;
        }
        let at = self.table.selected();
        let mut todo: Vec<(usize, String, i64)> = self
            .lines
            .iter()
            .enumerate()
            .filter(|(n, line)| n.abs_diff(at) <= NEAR && self.weight_of(line).is_none())
            .map(|(n, line)| (n.abs_diff(at), line.id.clone(), line.base))
            .collect();
        if todo.is_empty() {
            return;
        }
        todo.sort();
        todo.truncate(AT_ONCE);
        self.weighing = true;
        load(
            cx,
            move |seat| -> desk::Result<Vec<(String, i64, Weight)>> {
                let desk = seat.desk()?;
                let weighed = todo.into_iter().map(|(_, id, base)| {
                    // What has gone meanwhile weighs nothing; the next reload leaves it out.
                    let weight = Weight::of(desk, &id).unwrap_or_default();
                    (id, base, weight)
                });
                Ok(weighed.collect())
            },
            |me: &mut Self, result, cx| {
                me.weighing = false;
                let Ok(list) = result else { return };
                for (id, base, weight) in list {
                    me.weights.insert(id, (base, weight));
                }
                me.table.reload();
                me.supply(cx);
                me.weigh(cx);
            },
        );
    }
}
