//! Earlier revisions: comparing two of them, bringing one back.

use super::Item;
use super::tabs::Tab;
use crate::locale;
use crate::store::query::history::Revision;
use crate::tr;
use crate::tui::action::Action;
use crate::tui::component::{Cx, ToastKind};
use crate::tui::console::acts;
use crate::tui::console::kit::{choices, when};
use crate::tui::console::seat::Seat;
use crate::tui::widgets::ChoiceList;

impl Item {
    /// The revisions to choose from, newest first.
    fn versions(&self, now: i64) -> Vec<(u32, String)> {
        let Some(l) = &self.loaded else {
            return Vec::new();
        };
        let label = |r: &Revision| {
            tr!(
                "tui-revision-of",
                n = r.n,
                who = l.words.person(&r.author),
                at = when(r.at, now),
                why = locale::word("tui-revision", &r.why)
            )
        };
        l.revisions.iter().rev().map(|r| (r.n, label(r))).collect()
    }

    pub(super) fn compare(&mut self, cx: &mut Cx<'_, Seat>) {
        let revisions = self.versions(cx.env().now_us);
        if revisions.is_empty() {
            return;
        }
        let labels = choices(revisions.iter().map(|r| r.1.clone()));
        let later = labels.clone();
        let reply = cx.reply(move |_: &mut Self, from: Option<usize>, cx| {
            let Some((from, _)) = from.and_then(|n| revisions.get(n)).cloned() else {
                return;
            };
            let reply = cx.reply(move |me: &mut Self, to: Option<usize>, cx| {
                if let Some((to, _)) = to.and_then(|n| revisions.get(n)) {
                    me.chosen = Some((from.min(*to), from.max(*to)));
                    me.show(Tab::Diff);
                    me.reload(cx);
                }
            });
            cx.push(ChoiceList::new(tr!("tui-compare-to"), later, 0, reply));
        });
        cx.push(ChoiceList::new(tr!("tui-compare-from"), labels, 1, reply));
    }

    pub(super) fn restore(&mut self, cx: &mut Cx<'_, Seat>) {
        let mut revisions = self.versions(cx.env().now_us);
        if revisions.len() < 2 {
            cx.toast(ToastKind::Info, tr!("tui-restore-nothing"));
            return;
        }
        // The newest is what there is already.
        revisions.remove(0);
        let labels = choices(revisions.iter().map(|r| r.1.clone()));
        let reply = cx.reply(move |me: &mut Self, picked: Option<usize>, cx| {
            if let Some((n, _)) = picked.and_then(|n| revisions.get(n))
                && let Some(l) = &me.loaded
            {
                acts::restore_revision::<Self>(&l.view, *n, cx);
            }
        });
        cx.push(ChoiceList::new(
            Action::RestoreRevision.describe(),
            labels,
            0,
            reply,
        ));
    }
}
