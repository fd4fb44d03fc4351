//! Bureaus, sites, columns, routes; and the tree they make.

use std::collections::BTreeMap;

use super::{Desk, Note, Result};
use crate::rules::act::{Act, BureauAdd, ColumnAdd, ColumnEnd, RouteSet, SiteAdd};
use crate::rules::org::{Column, ColumnState, Family, LanguageCondition, Site};
use crate::rules::route::Route;
use crate::rules::state::State;
use crate::store::Receipt;
use crate::store::query::tree;

impl Desk {
    /// Registers a bureau or department.
    pub fn bureau_add(&mut self, bureau: BureauAdd) -> Result<Receipt> {
        self.act(None, &Act::BureauAdd(bureau), &[])
    }

    /// Registers a platform or subsite (A2.1–A2.3).
    pub fn site_add(&mut self, site: SiteAdd) -> Result<Receipt> {
        self.act(None, &Act::SiteAdd(site), &[])
    }

    /// Opens a column (A0.1, A1.3, A1.5, A2.4). The note is the reason of an owner waiver.
    pub fn column_add(&mut self, column: ColumnAdd, note: &Note) -> Result<Receipt> {
        let bodies = self.note_bodies(note)?;
        self.act(None, &Act::ColumnAdd(column), &bodies)
    }

    /// Merges a column into another; all its items go along (A5.9).
    pub fn column_merge(&mut self, column: &str, into: &str, reason: &Note) -> Result<Receipt> {
        let end = ColumnEnd {
            column: column.to_owned(),
            into: into.to_owned(),
        };
        let bodies = self.note_bodies(reason)?;
        self.act(None, &Act::ColumnMerge(end), &bodies)
    }

    /// Closes a column; every item of it gets a destination (A5.9).
    pub fn column_close(&mut self, column: &str, into: &str, reason: &Note) -> Result<Receipt> {
        let end = ColumnEnd {
            column: column.to_owned(),
            into: into.to_owned(),
        };
        let bodies = self.note_bodies(reason)?;
        self.act(None, &Act::ColumnClose(end), &bodies)
    }

    /// Sets the route of a site or column, or takes its own away so that it inherits again.
    /// Running items are held, never approved.
    pub fn route_set(&mut self, node: &str, steps: Option<Route>) -> Result<Receipt> {
        self.act(
            None,
            &Act::RouteSet(RouteSet {
                node: node.to_owned(),
                steps,
            }),
            &[],
        )
    }
}

/// After how many days without a new publication a column is stale: 动态、要闻类 two weeks,
/// 通知公告、政策文件类 six months (国办秘书局《政府网站与政务新媒体检查指标》2019, 栏目不更新).
/// Columns of the other families have no such period.
pub fn stale_after_days(family: Family) -> Option<i64> {
    match family {
        Family::Publicity => Some(14),
        Family::Disclosure => Some(183),
        Family::Service | Family::Interaction => None,
    }
}

/// A site or a column in the tree.
#[derive(Debug, Clone)]
pub struct NodeView {
    /// Id.
    pub id: String,
    /// Public name.
    pub name: String,
    /// How deep it stands: 0 for the platform.
    pub depth: usize,
    /// The node above it, none for the platform.
    pub parent: Option<String>,
    /// A column's facts; none for a site.
    pub column: Option<Column>,
    /// A site's facts; none for a column.
    pub site: Option<Site>,
    /// The route that applies.
    pub route: Route,
    /// The node that sets it; none for the standard route.
    pub route_from: Option<String>,
    /// Items whose home is here or below, by state, as far as the person sees them whole.
    pub counts: Vec<(State, u64)>,
    /// When the public last got something here or below, µs.
    pub last_live: Option<i64>,
    /// What a site in a foreign language lacks before anything may go live there (A9.6).
    pub lacks: Vec<LanguageCondition>,
    /// Since it was last updated more time has passed than the inspection allows.
    pub stale: bool,
}

impl NodeView {
    /// Whether it is a column that takes no items any more.
    pub fn ended(&self) -> bool {
        self.column
            .as_ref()
            .is_some_and(|c| c.state != ColumnState::Open)
    }

    /// Whether it is a site in a foreign language.
    pub fn is_foreign(&self) -> bool {
        self.site.as_ref().is_some_and(Site::is_foreign)
    }

    /// How many items are in these states.
    pub fn count(&self, states: &[State]) -> u64 {
        let of = |(state, _): &&(State, u64)| states.contains(state);
        self.counts.iter().filter(of).map(|(_, n)| n).sum()
    }
}

impl Desk {
    /// Sites and columns as a tree, each node followed by what stands below it.
    pub fn tree(&mut self) -> Result<Vec<NodeView>> {
        let (org, sight, now) = (self.org()?, self.sight()?, self.now());
        let counts = tree::counts(self.store.conn(), &sight)?;
        let live = tree::last_live(self.store.conn())?;
        let mut list = Vec::with_capacity(org.sites.len() + org.columns.len());
        let mut below: BTreeMap<Option<&str>, Vec<&str>> = BTreeMap::new();
        for site in org.sites.values() {
            // A site above which nothing is known stands at the top, or it would be lost.
            let parent = site.parent.as_deref().filter(|p| org.has_node(p));
            below.entry(parent).or_default().push(&site.id);
        }
        for column in org.columns.values() {
            let parent = column.parent.as_deref().unwrap_or(&column.site);
            below.entry(Some(parent)).or_default().push(&column.id);
        }
        // Columns before subsites: what a site has itself stands right under it.
        for children in below.values_mut() {
            children.sort_by_key(|id| (org.sites.contains_key(*id), *id));
        }
        let mut waiting: Vec<(&str, usize, Option<&str>)> = below
            .get(&None)
            .into_iter()
            .flatten()
            .rev()
            .map(|id| (*id, 0, None))
            .collect();
        while let Some((id, depth, parent)) = waiting.pop() {
            let column = org.columns.get(id);
            let period = column
                .filter(|c| c.state == ColumnState::Open)
                .and_then(|c| stale_after_days(c.family));
            let last = live.get(id).copied();
            let since = last.unwrap_or(i64::MIN);
            list.push(NodeView {
                id: id.to_owned(),
                name: column.map_or_else(
                    || {
                        org.sites
                            .get(id)
                            .map_or_else(String::new, |s| s.name.clone())
                    },
                    |c| c.name.clone(),
                ),
                depth,
                parent: parent.map(ToOwned::to_owned),
                column: column.cloned(),
                site: org.sites.get(id).cloned(),
                route: org.route_for(id).route,
                route_from: org.route_node(id).map(ToOwned::to_owned),
                counts: counts.get(id).cloned().unwrap_or_default(),
                last_live: last,
                lacks: org
                    .sites
                    .get(id)
                    .map(|s| org.language_lacks(s, now))
                    .unwrap_or_default(),
                stale: period.is_some_and(|days| now.saturating_sub(since) > days * DAY),
            });
            if depth < 32 {
                let children = below.get(&Some(id)).into_iter().flatten().rev();
                waiting.extend(children.map(|child| (*child, depth + 1, Some(id))));
            }
        }
        sum_up(&mut list);
        Ok(list)
    }
}

/// One day, µs.
const DAY: i64 = 24 * 3_600 * 1_000_000;

/// Adds what stands below to every node. Children follow their parents, so one pass from the end
/// has summed a child up before it is added to its parent.
fn sum_up(list: &mut [NodeView]) {
    let places: BTreeMap<String, usize> = list
        .iter()
        .enumerate()
        .map(|(at, node)| (node.id.clone(), at))
        .collect();
    for at in (0..list.len()).rev() {
        let Some(parent) = list[at]
            .parent
            .as_ref()
            .and_then(|p| places.get(p))
            .copied()
        else {
            continue;
        };
        let (counts, last) = (list[at].counts.clone(), list[at].last_live);
        let above = &mut list[parent];
        above.last_live = above.last_live.max(last);
        for (state, n) in counts {
            match above.counts.iter_mut().find(|(s, _)| *s == state) {
                Some((_, sum)) => *sum += n,
                None => above.counts.push((state, n)),
            }
        }
        above.counts.sort_by_key(|(state, _)| *state);
    }
}
