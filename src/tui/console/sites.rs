//! Sites, subsites and columns as a tree: who answers for them, which route applies, what waits in
//! them and which of them go stale.

mod forms;
pub mod route;

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::desk::setup::NodeView;
use crate::locale;
use crate::rules::org::ColumnState;
use crate::rules::role::Right;
use crate::rules::state::State;
use crate::tr;
use crate::tui::action::{Action, Context, Flag};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome};
use crate::tui::console::items::Items;
use crate::tui::console::kit::{self, House, Listing, Notice, Place, Rows, load, when};
use crate::tui::console::seat::{Said, Seat, Words};
use crate::tui::draw::Piece;
use crate::tui::widgets::{Column, Prompt, Width, put_wrapped};

/// States of work under way, of what waits to go out, of what is out.
const DRAFTS: &[State] = &[State::Draft, State::Returned];
const REVIEW: &[State] = &[State::InReview];
const READY: &[State] = &[State::SignedOff, State::Scheduled];
const LIVE: &[State] = &[State::Published, State::Corrected];

/// Rows of the details below the tree.
const DETAILS: u16 = 5;

/// What the screen knows of the organisation besides the tree.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Bureaus as (id, name).
    bureaus: Vec<(String, String)>,
    /// Persons who are still here, as (login, name).
    persons: Vec<(String, String)>,
    words: Arc<Words>,
}

/// The screen of sites and columns.
pub struct Sites {
    house: House,
    list: Listing<String>,
    nodes: Vec<NodeView>,
    known: Known,
    folded: BTreeSet<String>,
    filter: String,
    loaded: bool,
    error: Option<Said>,
}

impl Sites {
    /// The whole tree, open.
    pub fn new(house: House) -> Self {
        let number = |title: String| Column::new(title, Width::Cells(6)).right();
        let columns = vec![
            Column::new(tr!("tui-sites-name"), Width::Share(3)),
            Column::new(tr!("tui-sites-owner"), Width::Cells(20)).from(110),
            Column::new(tr!("tui-sites-person"), Width::Cells(12)).from(130),
            number(tr!("tui-sites-drafts")),
            number(tr!("tui-sites-review")),
            number(tr!("tui-sites-ready")),
            number(tr!("tui-sites-live")),
            Column::new(tr!("tui-sites-updated"), Width::Cells(14)),
        ];
        Self {
            house,
            list: Listing::new(columns, ""),
            nodes: Vec::new(),
            known: Known::default(),
            folded: BTreeSet::new(),
            filter: String::new(),
            loaded: false,
            error: None,
        }
    }

    pub(super) fn reload(&mut self, cx: &mut Cx<'_, Seat>) {
        load(
            cx,
            |seat| {
                let words = seat.words()?;
                let desk = seat.desk()?;
                let nodes = desk.tree()?;
                let org = desk.org()?;
                let bureaus = org
                    .bureaus
                    .values()
                    .map(|b| (b.id.clone(), b.name.clone()))
                    .collect();
                let persons = org
                    .persons
                    .values()
                    .filter(|p| !p.left)
                    .map(|p| (p.login.clone(), words.person(&p.id).to_owned()))
                    .collect();
                let known = Known {
                    bureaus,
                    persons,
                    words,
                };
                Ok((nodes, known))
            },
            |me: &mut Self, result, cx| match result {
                Ok((nodes, known)) => {
                    me.error = None;
                    me.nodes = nodes;
                    me.known = known;
                    me.loaded = true;
                    me.fill(cx);
                }
                Err(said) => me.error = Some(said),
            },
        );
    }

    fn matches(&self, node: &NodeView) -> bool {
        let owner = owner(node).map_or("", |o| self.known.words.bureau(o));
        [node.name.as_str(), node.id.as_str(), owner]
            .iter()
            .any(|text| text.contains(&self.filter))
    }

    /// The nodes on screen: without what is folded away; under a filter what fits and what leads
    /// there.
    fn visible(&self) -> Vec<usize> {
        if self.filter.is_empty() {
            let mut below: Option<usize> = None;
            let mut list = Vec::new();
            for (at, node) in self.nodes.iter().enumerate() {
                if below.is_some_and(|depth| node.depth > depth) {
                    continue;
                }
                below = self.folded.contains(&node.id).then_some(node.depth);
                list.push(at);
            }
            return list;
        }
        let mut keep = vec![false; self.nodes.len()];
        let mut depth = usize::MAX;
        for at in (0..self.nodes.len()).rev() {
            let node = &self.nodes[at];
            // A node with something below it that fits leads there.
            let leads = node.depth < depth && depth != usize::MAX;
            if leads || self.matches(node) {
                keep[at] = true;
                depth = node.depth;
            }
        }
        (0..self.nodes.len()).filter(|at| keep[*at]).collect()
    }

    fn fill(&mut self, cx: &Cx<'_, Seat>) {
        let (now, styles) = (cx.env().now_us, &cx.env().styles);
        let mut rows = Rows::new(8, 0);
        for at in self.visible() {
            let node = &self.nodes[at];
            let parent = self
                .nodes
                .get(at + 1)
                .is_some_and(|next| next.depth > node.depth);
            let sign = match (parent, self.folded.contains(&node.id)) {
                (true, true) if self.filter.is_empty() => "+ ",
                (true, _) => "- ",
                (false, _) => "  ",
            };
            let name = format!("{}{sign}{}", "  ".repeat(node.depth), title(node));
            let style = match (node.ended(), node.site.is_some()) {
                (true, _) => styles.muted,
                (false, true) => styles.strong,
                (false, false) => styles.text,
            };
            let number = |states: &[State]| {
                let n = node.count(states);
                let text = if n == 0 {
                    "-".to_owned()
                } else {
                    n.to_string()
                };
                Piece::new(text, if n == 0 { styles.muted } else { styles.text })
            };
            let owner = owner(node).map_or("", |o| self.known.words.bureau(o));
            let person = node.column.as_ref().and_then(|c| c.person.as_deref());
            let person = person.map_or("", |p| self.known.words.person(p));
            let (updated, late) = updated(node, now);
            rows.row(
                node.id.clone(),
                vec![
                    Piece::new(name, style),
                    Piece::new(owner.to_owned(), styles.muted),
                    Piece::new(person.to_owned(), styles.muted),
                    number(DRAFTS),
                    number(REVIEW),
                    number(READY),
                    number(LIVE),
                    Piece::new(updated, if late { styles.warning } else { styles.muted }),
                ],
            );
        }
        self.list.set(rows.list);
    }

    fn manages(&self) -> bool {
        self.house.me.borrow().may(Right::ManageOrg)
    }

    pub(super) fn node(&self) -> Option<&NodeView> {
        let id = self.list.selected()?;
        self.nodes.iter().find(|n| n.id == *id)
    }

    /// Opens or closes a node; on one without children its parent.
    fn toggle(&mut self, action: Action, cx: &Cx<'_, Seat>) {
        let _ = action;
        let Some(at) = self
            .list
            .selected()
            .and_then(|id| self.nodes.iter().position(|n| n.id == *id))
        else {
            return;
        };
        let node = &self.nodes[at];
        let has = self.nodes.get(at + 1).is_some_and(|n| n.depth > node.depth);
        let target = if has {
            Some(node.id.clone())
        } else {
            node.parent.clone()
        };
        if let Some(target) = target {
            if !self.folded.remove(&target) {
                self.folded.insert(target.clone());
            }
            self.fill(cx);
            self.list.select(&target);
        }
    }

    fn expand(&mut self, cx: &Cx<'_, Seat>) {
        if self.folded.is_empty() {
            // Everything is open: close what has anything below it, the platforms excepted.
            self.folded = self
                .nodes
                .windows(2)
                .filter(|w| w[1].depth > w[0].depth && w[0].depth > 0)
                .map(|w| w[0].id.clone())
                .collect();
        } else {
            self.folded.clear();
        }
        self.fill(cx);
    }

    fn ask_filter(&self, cx: &mut Cx<'_, Seat>) {
        let reply = cx.reply(|me: &mut Self, text: Option<String>, cx| {
            if let Some(text) = text {
                me.filter = text;
                me.fill(cx);
            }
        });
        let (title, text) = (Action::Filter.describe(), tr!("tui-sites-filter"));
        cx.push(Prompt::text(title, text, tr!("tui-label-search"), reply).with(&self.filter));
    }

    fn details(&self, area: Rect, buf: &mut Buffer, env: &Env) {
        let Some(node) = self.node() else { return };
        let words = &self.known.words;
        kit::rule_line(kit::inset(area), buf, env, &title(node));
        let mut lines = Vec::new();
        let colon = tr!("tui-colon");
        if let Some(c) = &node.column {
            let person = |p: &Option<String>| {
                p.as_deref()
                    .map_or_else(|| tr!("tui-sites-nobody"), |p| words.person(p).to_owned())
            };
            lines.push(format!(
                "{}{colon}{}  {}{colon}{}  {}{colon}{}  {}",
                tr!("tui-sites-owner"),
                words.bureau(&c.owner),
                tr!("tui-sites-person"),
                person(&c.person),
                tr!("tui-sites-backup"),
                person(&c.backup),
                locale::word("family", c.family.code()),
            ));
        } else if let Some(s) = &node.site {
            lines.push(format!(
                "{}{colon}{}  {}  {}",
                tr!("tui-sites-owner"),
                words.bureau(&s.bureau),
                s.domain,
                s.code
            ));
            if s.is_foreign() {
                lines.push(match lacks(node) {
                    Some(lacks) => tr!("tui-sites-lacks", lacks = lacks),
                    None => tr!("tui-sites-lacks-nothing"),
                });
            }
        }
        lines.push(route_line(node, &self.nodes));
        let counts = node.counts.iter();
        let counts = counts.map(|(s, n)| format!("{} {n}", locale::word("state", s.code())));
        let counts = kit::counted(counts, area.width.saturating_sub(2), env);
        lines.push(if counts.is_empty() {
            tr!("tui-sites-no-items")
        } else {
            counts
        });
        let mut y = area.y + 1;
        for (n, text) in lines.iter().enumerate() {
            let place = Rect {
                x: area.x + 1,
                y,
                width: area.width.saturating_sub(2),
                height: area.bottom().saturating_sub(y).min(2),
            };
            let style = if n == 1 {
                env.styles.text
            } else {
                env.styles.muted
            };
            y += put_wrapped(buf, place, text, style, env);
        }
    }
}

/// What to do while there is no site.
fn nothing(env: &Env) -> String {
    let key = |action| kit::key(env, action, &[Context::Sites]);
    tr!(
        "tui-sites-empty",
        bureau = key(Action::AddBureau),
        site = key(Action::AddSite),
        column = key(Action::AddColumn)
    )
}

/// Whether an action is for those who manage sites and columns.
fn manages(action: Action) -> bool {
    matches!(
        action,
        Action::AddColumn
            | Action::MergeColumn
            | Action::CloseColumn
            | Action::AddSite
            | Action::AddBureau
    )
}

fn owner(node: &NodeView) -> Option<&str> {
    match (&node.column, &node.site) {
        (Some(column), _) => Some(&column.owner),
        (None, Some(site)) => Some(&site.bureau),
        (None, None) => None,
    }
}

/// The name of a node, with what became of a column that takes no items.
fn title(node: &NodeView) -> String {
    match node.column.as_ref().map(|c| c.state) {
        Some(ColumnState::Merged) => tr!("tui-sites-merged", name = node.name.as_str()),
        Some(ColumnState::Closed) => tr!("tui-sites-closed", name = node.name.as_str()),
        _ => node.name.clone(),
    }
}

/// When it was last updated, and whether that is too long ago.
fn updated(node: &NodeView, now: i64) -> (String, bool) {
    let text = match node.last_live {
        Some(at) => when(at, now).get(..5).unwrap_or_default().to_owned(),
        None => tr!("tui-sites-never"),
    };
    if node.stale {
        (tr!("tui-sites-stale", at = text), true)
    } else {
        (text, false)
    }
}

/// The route of a node in words, and where it comes from.
fn route_line(node: &NodeView, nodes: &[NodeView]) -> String {
    let steps = route::words(&node.route);
    match &node.route_from {
        None => tr!("tui-sites-route-standard", steps = steps),
        Some(from) if *from == node.id => tr!("tui-sites-route-own", steps = steps),
        Some(from) => {
            let name = nodes
                .iter()
                .find(|n| n.id == *from)
                .map_or(from.as_str(), |n| n.name.as_str());
            tr!("tui-sites-route-from", name = name, steps = steps)
        }
    }
}

/// What a site in a foreign language lacks, in words; none where it lacks nothing.
fn lacks(node: &NodeView) -> Option<String> {
    let words: Vec<String> = node
        .lacks
        .iter()
        .map(|c| locale::word("language-condition", c.code()))
        .collect();
    (!words.is_empty()).then(|| words.join(&tr!("tui-comma")))
}

impl Component<Seat> for Sites {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Sites, Context::List]
    }

    fn flag(&self, flag: Flag) -> bool {
        flag == Flag::HasRow && self.list.selected().is_some()
    }

    fn commands(&self) -> Vec<Command> {
        let row = self.node().is_some();
        let manages = self.manages();
        let column = manages
            && self
                .node()
                .is_some_and(|n| n.column.is_some() && !n.ended());
        // Before there is a site there is nothing to add a column to.
        let first = manages && self.loaded && self.nodes.is_empty();
        vec![
            Command::hint(Action::ShowItems).when(row),
            Command::hint(Action::ToggleNode).when(row),
            Command::hint(Action::Filter),
            Command::hint(Action::SetRoute).when(row),
            Command::hint(Action::AddBureau).when(first),
            Command::hint(Action::AddSite).when(first),
            Command::hint(Action::AddColumn).when(row && manages),
            Command::hint(Action::MergeColumn).when(column),
            Command::quiet(Action::CloseColumn).when(column),
            Command::quiet(Action::AddSite).when(manages),
            Command::quiet(Action::SiteCondition)
                .when(self.node().is_some_and(NodeView::is_foreign)),
            Command::quiet(Action::AddBureau).when(manages),
            Command::quiet(Action::ExpandAll),
            Command::quiet(Action::Refresh),
        ]
    }

    fn why_not(&self, action: Action) -> Option<String> {
        (manages(action) && !self.manages()).then(|| kit::no_right(&self.house).text)
    }

    fn shown(&mut self, cx: &mut Cx<'_, Seat>) {
        self.reload(cx);
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, Seat>) -> Outcome {
        match event {
            Event::Action(action) if manages(*action) && !self.manages() => {
                cx.push(Notice::refused_to(
                    &action.describe(),
                    kit::no_right(&self.house),
                ));
            }
            Event::Action(Action::Open | Action::ShowItems) => {
                if let Some(node) = self.node() {
                    cx.go(Items::at(Rc::clone(&self.house), node.id.clone()));
                }
            }
            Event::Action(Action::ToggleNode) => self.toggle(Action::ToggleNode, cx),
            Event::Action(Action::ExpandAll) => self.expand(cx),
            Event::Action(Action::Filter | Action::Search) => self.ask_filter(cx),
            Event::Action(Action::AddColumn) => self.add_column(cx),
            Event::Action(Action::AddSite) => self.add_site(cx),
            Event::Action(Action::SiteCondition) => self.site_condition(cx),
            Event::Action(Action::AddBureau) => self.add_bureau(cx),
            Event::Action(action @ (Action::MergeColumn | Action::CloseColumn)) => {
                self.end_column(*action, cx);
            }
            Event::Action(Action::SetRoute) => {
                if let Some(node) = self.node() {
                    let house = Rc::clone(&self.house);
                    cx.go(route::RouteEditor::new(house, node, &self.nodes));
                } else if self.loaded {
                    cx.push(Notice::text(Action::SetRoute.describe(), nothing(cx.env())));
                }
            }
            Event::Action(Action::Refresh) => self.reload(cx),
            Event::Action(Action::ToggleMark | Action::MarkAll | Action::SortBy) => {}
            Event::Action(action) if self.list.handle(*action) => {}
            Event::Mouse(mouse) if self.list.mouse(mouse) => {}
            _ => return Outcome::Ignored,
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let state = if self.filter.is_empty() {
            self.list.position()
        } else {
            tr!("tui-filter-line", filter = self.filter.as_str())
        };
        let body = kit::head(area, buf, env, &self.house, Some(Place::Sites), &state);
        if let Some(said) = &self.error {
            kit::failed(body, buf, env, said);
            return;
        }
        let details = DETAILS.min(body.height / 3);
        let list = Rect {
            height: body.height - details,
            ..body
        };
        self.list.say_empty(nothing(env));
        self.list.render(list, buf, env, true);
        let below = Rect {
            y: list.bottom(),
            height: details,
            ..body
        };
        self.details(below, buf, env);
    }
}
