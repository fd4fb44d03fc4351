//! The item that is looked at: fetched when the selection comes to it, laid out for its panes.

use std::sync::Arc;

use super::Queue;
use crate::desk::comments::CommentView;
use crate::desk::findings::{FindingView, WaiverView};
use crate::desk::view::{HistoryLine, ItemView, Pair, RevisionDiff};
use crate::tr;
use crate::tui::action::Action;
use crate::tui::component::{Cx, Env};
use crate::tui::console::kit::{self, load};
use crate::tui::console::reading::findings;
use crate::tui::console::reading::redline::{compare, refine};
use crate::tui::console::reading::{self, comments, history};
use crate::tui::console::seat::{Seat, Words};
use crate::tui::widgets::{DiffView, TextView};

/// What is looked at.
pub(super) struct Detail {
    pub(super) view: ItemView,
    pub(super) diff: Option<RevisionDiff>,
    pub(super) history: Vec<HistoryLine>,
    pub(super) found: Vec<FindingView>,
    pub(super) waivers: Vec<WaiverView>,
    pub(super) words: Arc<Words>,
}

impl Queue {
    /// Asks for the selected item; `anew` also when it is shown already.
    pub(super) fn look(&mut self, anew: bool, cx: &mut Cx<'_, Seat>) {
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
            self.text.forget();
            self.record = TextView::default();
            self.fields = TextView::default();
            self.findings = TextView::default();
            self.finding = 0;
        }
        self.asked.clone_from(&id);
        load(
            cx,
            move |seat| {
                let words = seat.words()?;
                let desk = seat.desk()?;
                let view = desk.show(&id)?;
                let compared = if view.purged {
                    None
                } else {
                    Some(compare(desk.review_pair(&id)?))
                };
                let (diff, rest) = compared.map_or((None, None), |c| (Some(c.diff), c.rest));
                let waivers = desk.waivers(&id)?;
                let detail = Detail {
                    diff,
                    history: desk.history(&id)?,
                    found: findings::of(desk, &view.line.id)?,
                    waivers,
                    words,
                    view,
                };
                Ok((detail, desk.comments(&id)?, rest))
            },
            |me: &mut Self, result, cx| match result {
                // An answer for an item that was left already is of no use.
                Ok((detail, said, rest)) if detail.view.line.id == me.asked => {
                    me.take(detail, said, rest, cx);
                }
                Ok(_) => {}
                Err(said) => me.error = Some(said),
            },
        );
    }

    fn take(
        &mut self,
        detail: Detail,
        said: Vec<CommentView>,
        rest: Option<Pair>,
        cx: &mut Cx<'_, Seat>,
    ) {
        let same = self
            .detail
            .as_ref()
            .is_some_and(|d| d.view.fingerprint == detail.view.fingerprint);
        self.text.set(&detail.view, said, &detail.words);
        if !same {
            let redline = detail
                .diff
                .as_ref()
                .map(|d| reading::redline(d, &detail.words))
                .unwrap_or_default();
            // Who reads side by side goes on reading so.
            let sides = self.diff.sides();
            self.diff = DiffView::new(redline);
            if sides {
                self.diff.handle(Action::ToggleSides);
            }
            if let Some(pair) = rest {
                let id = detail.view.line.id.clone();
                refine(pair, cx, move |me: &mut Self, diff| me.take_diff(&id, diff));
            }
        }
        self.diff.set_remarks(self.text.text(), self.text.remarks());
        self.seen.insert(detail.view.line.id.clone());
        self.detail = Some(detail);
        self.drawn_for = None;
        self.error = None;
    }

    fn take_diff(&mut self, id: &str, diff: RevisionDiff) {
        if let Some(d) = &mut self.detail
            && d.view.line.id == id
            && d.view.line.revision == diff.to
        {
            self.diff.refine(reading::redline(&diff, &d.words));
            d.diff = Some(diff);
        }
    }

    pub(super) fn lay_out(&mut self, env: &Env) {
        let Some(d) = &self.detail else { return };
        if self.drawn_for.as_ref() == Some(&env.styles) {
            return;
        }
        let (styles, now) = (&env.styles, env.now_us);
        let mut record = reading::record(&d.view, &d.history, &d.words, styles, now);
        let counts = findings::counts(&d.found);
        if !counts.is_empty() {
            record.insert(
                0,
                kit::labelled(&tr!("tui-item-tab-findings"), counts, styles),
            );
        }
        record.extend(history::waivers(&d.waivers, &d.words, styles, now));
        let threads = self.text.threads();
        if !threads.is_empty() {
            record.push(kit::blank());
            record.push(kit::heading(&tr!("tui-label-comments"), styles));
            let (list, _) = comments::list(threads, usize::MAX, false, &d.words, styles, now);
            record.extend(list);
        }
        self.record.set(record);
        let (list, starts) = findings::list(&d.found, self.finding, &d.words, styles);
        self.findings.set(list);
        self.starts = starts;
        self.fields
            .set(reading::fields(&d.view.content, &d.words, styles));
        self.drawn_for = Some(env.styles.clone());
    }
}
