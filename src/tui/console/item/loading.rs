//! What is shown of an item: fetched at once, put into words in the styles in force.

use std::sync::Arc;

use super::Item;
use super::tabs::Tab;
use crate::desk::DeskError;
use crate::desk::comments::CommentView;
use crate::desk::findings::FindingView;
use crate::desk::view::{Hand, ItemView, RevisionDiff};
use crate::store::StoreError;
use crate::store::query::history::Revision;
use crate::tui::component::{Cx, Env};
use crate::tui::console::acts;
use crate::tui::console::kit::load;
use crate::tui::console::reading::findings;
use crate::tui::console::reading::life::Life;
use crate::tui::console::reading::links::{self, Link};
use crate::tui::console::reading::redline::{Compared, compare, refine};
use crate::tui::console::reading::{self, comments, files, history};
use crate::tui::console::seat::{Seat, Words};
use crate::tui::widgets::DiffView;

/// Everything about one item, ready to be shown.
pub(super) struct Loaded {
    pub(super) view: ItemView,
    pub(super) hands: Vec<Hand>,
    pub(super) revisions: Vec<Revision>,
    pub(super) diff: RevisionDiff,
    pub(super) links: Vec<Link>,
    pub(super) found: Vec<FindingView>,
    pub(super) sizes: Vec<Option<u64>>,
    pub(super) life: Life,
    pub(super) words: Arc<Words>,
}

impl Item {
    pub(super) fn reload(&mut self, cx: &mut Cx<'_, Seat>) {
        let (id, chosen) = (self.id.clone(), self.chosen);
        load(
            cx,
            move |seat| {
                let words = seat.words()?;
                let desk = seat.desk()?;
                let view = desk.show(&id)?;
                let id = view.line.id.clone();
                let revisions = desk.revisions(&id)?;
                let hands = desk.custody(&id)?;
                let comments = desk.comments(&id)?;
                let sizes = desk.attachment_sizes(&id)?;
                let pair = match chosen {
                    Some((from, to)) => desk.two_revisions(&id, from, to),
                    None => desk.review_pair(&id),
                };
                let compared = match pair {
                    Ok(pair) => compare(pair),
                    // A destroyed text has no difference; the rest of the item is still there.
                    Err(DeskError::Store(StoreError::Purged(_))) => Compared {
                        diff: RevisionDiff {
                            from: 0,
                            to: view.line.revision,
                            fields: Vec::new(),
                            text: crate::diff::Difference::default(),
                            attachments: Vec::new(),
                        },
                        rest: None,
                    },
                    Err(error) => return Err(error),
                };
                let files: Vec<String> = view
                    .content
                    .attachments
                    .iter()
                    .map(|a| a.name.clone())
                    .collect();
                let links = links::links(&view.content.text, &words.domains, &files);
                let found = findings::of(desk, &id)?;
                let loaded = Loaded {
                    view,
                    hands,
                    revisions,
                    diff: compared.diff,
                    links,
                    found,
                    sizes,
                    life: Life::of(desk, &id)?,
                    words,
                };
                Ok((loaded, comments, compared.rest))
            },
            |me: &mut Self, result, cx| match result {
                Ok((loaded, comments, rest)) => {
                    me.take(loaded, comments);
                    if let Some(pair) = rest {
                        refine(pair, cx, Self::take_diff);
                    }
                }
                Err(said) => {
                    me.loaded = None;
                    me.error = Some(said);
                }
            },
        );
    }

    fn take(&mut self, loaded: Loaded, said: Vec<CommentView>) {
        self.error = None;
        self.id.clone_from(&loaded.view.line.id);
        let same = self
            .loaded
            .as_ref()
            .is_some_and(|l| (l.diff.from, l.diff.to) == (loaded.diff.from, loaded.diff.to));
        let redline = reading::redline(&loaded.diff, &loaded.words);
        if same {
            // Coming back finds it where it was left.
            self.diff.refine(redline);
        } else {
            self.diff = DiffView::new(redline);
        }
        self.text.set(&loaded.view, said, &loaded.words);
        // Comments are about the newest text; an older one has them where it is read.
        let remarks = if loaded.diff.to == loaded.view.line.revision {
            self.text.remarks()
        } else {
            Vec::new()
        };
        self.diff.set_remarks(self.text.text(), remarks);
        self.loaded = Some(loaded);
        self.drawn_for = None;
    }

    fn take_diff(&mut self, diff: RevisionDiff) {
        if let Some(l) = &mut self.loaded
            && (l.diff.from, l.diff.to) == (diff.from, diff.to)
        {
            self.diff.refine(reading::redline(&diff, &l.words));
            l.diff = diff;
        }
    }

    /// Puts the texts together in the present style.
    pub(super) fn lay_out(&mut self, env: &Env) {
        let Some(l) = &self.loaded else { return };
        if self.drawn_for.as_ref() == Some(&env.styles) {
            return;
        }
        let (styles, now) = (&env.styles, env.now_us);
        let column = l.view.line.column.as_str();
        let mut put = |tab: Tab, paragraphs| self.views[tab as usize].set(paragraphs);
        put(
            Tab::About,
            reading::overview(&l.view, &l.life, &l.words, styles, now),
        );
        // Who only looked or held the pen is in the custody trail.
        let passing = ["item.claim", "item.release", "item.viewed"];
        let lines: Vec<_> = l
            .hands
            .iter()
            .map(|h| h.line.clone())
            .filter(|l| !passing.contains(&l.kind.as_str()))
            .collect();
        put(
            Tab::History,
            history::history(&lines, &l.words, column, styles, now),
        );
        put(
            Tab::Custody,
            history::custody(&l.hands, &l.words, column, styles, now),
        );
        let at = |tab: Tab| self.selected[tab as usize];
        put(
            Tab::Files,
            files::attachments(
                &l.view.content,
                &l.sizes,
                at(Tab::Files),
                acts::editable(&l.view),
                styles,
            ),
        );
        let list = links::list(&l.links, at(Tab::Links), styles);
        put(Tab::Links, list);
        let (list, starts) = comments::list(
            self.text.threads(),
            at(Tab::Comments),
            self.all,
            &l.words,
            styles,
            now,
        );
        put(Tab::Comments, list);
        let at = at(Tab::Findings);
        let (list, found) = findings::list(&l.found, at, &l.words, styles);
        put(Tab::Findings, list);
        self.starts = [starts, found];
        self.drawn_for = Some(env.styles.clone());
    }
}
