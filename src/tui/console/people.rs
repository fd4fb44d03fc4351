//! Persons, their roles, keys and sessions; what two people must agree on comes first.

mod forms;
mod lists;

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::desk::people::{OpenProposal, PersonView};
use crate::locale;
use crate::rules::act::Dual;
use crate::rules::refusal::Refusal;
use crate::rules::role::Right;
use crate::store::local::Liveness;
use crate::tr;
use crate::tui::action::{Action, Context, Flag};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome};
use crate::tui::console::kit::{self, House, Listing, Notice, Place, Rows, act, load, when};
use crate::tui::console::seat::{Said, Seat, Words};
use crate::tui::draw::{self, Piece};
use crate::tui::theme::Styles;
use crate::tui::widgets::{Column, Confirm, Prompt, Width};

/// From this width on the details stand beside the list.
const WIDE: u16 = 120;
/// Rows of the details below the list.
const DETAILS: u16 = 8;

/// What a row stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Proposal(u64),
    Person(String),
}

/// A proposal with its effect in words and whether the person could confirm it.
#[derive(Debug)]
struct Pending {
    seq: u64,
    what: String,
    by: String,
    mine: bool,
    /// It would put a list in force, which can be read before.
    list: bool,
    refusal: Option<Refusal>,
}

/// What the screen shows.
#[derive(Debug, Default)]
struct Loaded {
    people: Vec<PersonView>,
    proposals: Vec<Pending>,
    words: Arc<Words>,
}

/// The screen of people.
pub struct People {
    house: House,
    list: Listing<Key>,
    loaded: Loaded,
    filter: String,
    error: Option<Said>,
}

impl People {
    /// Open proposals first, then everybody.
    pub fn new(house: House) -> Self {
        let columns = vec![
            Column::new(tr!("tui-column-login"), Width::Cells(15)),
            Column::new(tr!("tui-column-person"), Width::Cells(22)),
            Column::new(tr!("tui-column-roles"), Width::Share(1)),
            Column::new(tr!("tui-column-keys"), Width::Cells(4)).right(),
        ];
        Self {
            house,
            list: Listing::new(columns, tr!("tui-people-empty"))
                .marking(|key| matches!(key, Key::Proposal(_))),
            loaded: Loaded::default(),
            filter: String::new(),
            error: None,
        }
    }

    fn reload(&mut self, cx: &mut Cx<'_, Seat>) {
        load(
            cx,
            |seat| {
                let words = seat.words()?;
                let desk = seat.desk()?;
                let now = desk.moment()?;
                let me = desk.person().to_owned();
                let people = desk.people()?;
                let mut proposals = Vec::new();
                for p in desk.proposals()? {
                    let number = match &p.act {
                        Dual::Purge { item, .. } => {
                            desk.find(item).map_or_else(|_| item.clone(), |i| i.number)
                        }
                        _ => String::new(),
                    };
                    proposals.push(Pending {
                        seq: p.seq,
                        what: describe(&p, &words, &number, now),
                        by: words.person(&p.proposer).to_owned(),
                        mine: p.proposer == me,
                        list: matches!(p.act, Dual::ListSet { .. }),
                        refusal: desk.confirm_refusal(p.seq)?,
                    });
                }
                // What only this person can bring forward comes first.
                proposals.sort_by_key(|p| (p.refusal.is_some(), p.seq));
                Ok(Loaded {
                    people,
                    proposals,
                    words,
                })
            },
            |me: &mut Self, result, cx| match result {
                Ok(loaded) => {
                    me.error = None;
                    me.loaded = loaded;
                    me.fill(cx);
                }
                Err(said) => me.error = Some(said),
            },
        );
    }

    fn fill(&mut self, cx: &Cx<'_, Seat>) {
        let (styles, now) = (&cx.env().styles, cx.env().now_us);
        let l = &self.loaded;
        let mut rows = Rows::new(4, 0);
        if l.proposals.is_empty() {
            rows.head(tr!("tui-people-none-open"), styles.muted);
        } else {
            rows.head(tr!("tui-people-proposals"), styles.warning);
        }
        for p in &l.proposals {
            // A sign as well as a colour: this one waits for the person at the keyboard.
            let (sign, style) = match (p.mine, &p.refusal) {
                (false, None) => ("! ", styles.warning),
                _ => ("  ", styles.text),
            };
            rows.row(
                Key::Proposal(p.seq),
                vec![
                    Piece::new(format!("{sign}{}", p.seq), style),
                    Piece::new(tr!("tui-proposal-by", who = p.by.as_str()), styles.muted),
                    Piece::new(p.what.clone(), style),
                    Piece::new("", styles.text),
                ],
            );
        }
        rows.head(tr!("tui-people-all"), styles.strong);
        for p in l.people.iter().filter(|p| self.fits(p)) {
            let style = if p.active { styles.text } else { styles.muted };
            let here = p.sessions.iter().any(|s| s.liveness == Liveness::Active);
            let login = format!("{}{}", p.person.login, if here { " *" } else { "" });
            rows.row(
                Key::Person(p.person.id.clone()),
                vec![
                    Piece::new(login, style),
                    Piece::new(p.name.clone(), style),
                    Piece::new(roles(p, &l.words, now), style),
                    Piece::new(live_keys(p).to_string(), styles.muted),
                ],
            );
        }
        self.list.set(rows.list);
    }

    fn fits(&self, p: &PersonView) -> bool {
        let words = &self.loaded.words;
        self.filter.is_empty()
            || p.person.login.contains(&self.filter)
            || p.name.contains(&self.filter)
            || words.bureau(&p.person.bureau).contains(&self.filter)
            || p.grants
                .iter()
                .any(|g| locale::word("role", g.role.code()).contains(&self.filter))
    }

    fn proposal(&self) -> Option<&Pending> {
        match self.list.selected()? {
            Key::Proposal(seq) => self.loaded.proposals.iter().find(|p| p.seq == *seq),
            Key::Person(_) => None,
        }
    }

    fn person(&self) -> Option<&PersonView> {
        match self.list.selected()? {
            Key::Person(id) => self.loaded.people.iter().find(|p| p.person.id == *id),
            Key::Proposal(_) => None,
        }
    }

    /// Answers the marked proposals, each by itself.
    fn answer_marked(&self, action: Action, cx: &mut Cx<'_, Seat>) {
        let yes = action == Action::ConfirmProposal;
        let marked: Vec<(u64, String)> = self
            .list
            .targets()
            .into_iter()
            .filter_map(|key| match key {
                Key::Proposal(seq) => {
                    let p = self.loaded.proposals.iter().find(|p| p.seq == seq)?;
                    Some((seq, p.what.clone()))
                }
                Key::Person(_) => None,
            })
            .collect();
        let mut text = tr!(
            "tui-ask-proposals",
            count = marked.len(),
            what = action.describe()
        );
        for (_, what) in &marked {
            text.push('\n');
            text.push_str(what);
        }
        let reply = cx.reply(move |_: &mut Self, sure: bool, cx| {
            if !sure {
                return;
            }
            kit::each(
                action,
                kit::of_things,
                marked,
                cx,
                move |desk, (seq, what)| {
                    let done = if yes {
                        desk.confirm(*seq).map(drop)
                    } else {
                        desk.decline(*seq).map(drop)
                    };
                    (format!("{seq} {what}"), done)
                },
                |me: &mut Self, _, cx| {
                    me.list.clear_marks();
                    me.reload(cx);
                },
            );
        });
        cx.push(Confirm::new(action.describe(), text, reply));
    }

    fn answer(&self, action: Action, cx: &mut Cx<'_, Seat>) {
        if self.list.marked() > 0 {
            self.answer_marked(action, cx);
            return;
        }
        let Some(p) = self.proposal() else { return };
        let yes = action == Action::ConfirmProposal;
        if yes && let Some(refusal) = &p.refusal {
            // The rule's own words: why this person cannot be the second one.
            let said = crate::tui::console::acts::said(refusal);
            cx.push(Notice::refused_to(&action.describe(), said));
            return;
        }
        if !p.mine && !self.house.me.borrow().manages_people {
            cx.push(Notice::text(action.describe(), tr!("tui-people-not-yours")));
            return;
        }
        let (seq, what) = (p.seq, p.what.clone());
        let text = if yes {
            tr!("tui-ask-confirm-proposal", what = what)
        } else {
            tr!("tui-ask-decline-proposal", what = what)
        };
        let reply = cx.reply(move |_: &mut Self, sure: bool, cx| {
            if !sure {
                return;
            }
            act(
                cx,
                move |d| {
                    if yes {
                        d.confirm(seq).map(drop)
                    } else {
                        d.decline(seq).map(drop)
                    }
                },
                move |me: &mut Self, (), cx| me.done(action, cx),
            );
        });
        cx.push(Confirm::new(action.describe(), text, reply));
    }

    fn manages(&self) -> bool {
        self.house.me.borrow().may(Right::ManagePeople)
    }

    fn done(&mut self, action: Action, cx: &mut Cx<'_, Seat>) {
        kit::done(cx, tr!("tui-acted", what = action.describe()));
        self.reload(cx);
    }

    fn ask_filter(&self, cx: &mut Cx<'_, Seat>) {
        let reply = cx.reply(|me: &mut Self, text: Option<String>, cx| {
            if let Some(text) = text {
                me.filter = text;
                me.fill(cx);
            }
        });
        let (title, text) = (Action::Filter.describe(), tr!("tui-people-filter"));
        cx.push(Prompt::text(title, text, tr!("tui-label-search"), reply).with(&self.filter));
    }

    /// The selected person or proposal in full.
    fn details(&self, env: &Env) -> (String, Vec<(String, ratatui::style::Style)>) {
        let styles = &env.styles;
        if let Some(p) = self.proposal() {
            let mut lines = vec![(p.what.clone(), styles.text)];
            lines.push((tr!("tui-proposal-by", who = p.by.as_str()), styles.muted));
            lines.push(match (&p.refusal, p.mine) {
                (Some(refusal), _) => (refusal.message(), styles.muted),
                (None, true) => (tr!("tui-people-own-proposal"), styles.muted),
                (None, false) => (tr!("tui-people-second"), styles.warning),
            });
            return (tr!("tui-people-proposal", seq = p.seq), lines);
        }
        match self.person() {
            Some(p) => (
                format!("{}  {}", p.person.login, p.name),
                about(p, &self.loaded.words, env.now_us, styles),
            ),
            None => (String::new(), Vec::new()),
        }
    }

    fn draw_details(&self, area: Rect, buf: &mut Buffer, env: &Env) {
        let (title, lines) = self.details(env);
        if title.is_empty() {
            return;
        }
        kit::rule_line(kit::inset(area), buf, env, &title);
        let mut y = area.y + 1;
        for (text, style) in lines {
            let place = Rect {
                x: area.x + 1,
                y,
                width: area.width.saturating_sub(2),
                height: area.bottom().saturating_sub(y),
            };
            y += crate::tui::widgets::put_wrapped(buf, place, &text, style, env);
        }
    }
}

/// Whether an action is for those who manage people.
fn manages(action: Action) -> bool {
    matches!(
        action,
        Action::AddPerson
            | Action::ProposeGrant
            | Action::RevokeGrant
            | Action::ProposeKey
            | Action::RevokeKey
            | Action::PersonLeaves
    )
}

fn live_keys(p: &PersonView) -> usize {
    p.keys.iter().filter(|k| k.revoked.is_none()).count()
}

fn roles(p: &PersonView, words: &Words, now: i64) -> String {
    if p.person.left {
        return tr!("tui-people-left");
    }
    let list: Vec<String> = p
        .grants
        .iter()
        .filter(|g| g.from <= now && now <= g.until)
        .map(|g| {
            format!(
                "{} ({})",
                locale::word("role", g.role.code()),
                scope(&g.scope, words)
            )
        })
        .collect();
    if list.is_empty() {
        words.bureau(&p.person.bureau).to_owned()
    } else {
        list.join("  ")
    }
}

/// Everything known about a person, a line each.
fn about(
    p: &PersonView,
    words: &Words,
    now: i64,
    styles: &Styles,
) -> Vec<(String, ratatui::style::Style)> {
    let mut lines = vec![(
        format!(
            "{}  {}",
            locale::word("affiliation", p.person.affiliation.code()),
            words.bureau(&p.person.bureau)
        ),
        styles.muted,
    )];
    if let Some(end) = p.person.contract_until {
        let style = if end < now {
            styles.warning
        } else {
            styles.muted
        };
        lines.push((tr!("tui-people-contract", at = locale::instant(end)), style));
    }
    for g in &p.grants {
        let (state, style) = if now < g.from {
            (tr!("tui-grant-later"), styles.muted)
        } else if now > g.until {
            (tr!("tui-grant-over"), styles.muted)
        } else {
            (String::new(), styles.text)
        };
        let text = tr!(
            "tui-grant-line",
            grant = g.id,
            role = locale::word("role", g.role.code()),
            scope = scope(&g.scope, words),
            from = day(g.from),
            until = day(g.until),
            state = state
        );
        lines.push((text, style));
    }
    if p.grants.is_empty() && !p.person.left {
        lines.push((tr!("tui-people-no-roles"), styles.muted));
    }
    for k in &p.keys {
        let id = k.id.to_string().get(..16).unwrap_or_default().to_owned();
        lines.push(match k.revoked {
            None => (tr!("tui-key-line", key = id, seq = k.enrolled), styles.text),
            Some(seq) => (tr!("tui-key-revoked", key = id, seq = seq), styles.muted),
        });
    }
    if p.keys.is_empty() {
        lines.push((tr!("tui-people-no-keys"), styles.muted));
    }
    for s in &p.sessions {
        let state = match s.liveness {
            Liveness::Active => tr!("tui-session-active"),
            Liveness::Idle => tr!("tui-session-idle"),
            Liveness::Dead => tr!("tui-session-dead"),
        };
        let text = tr!(
            "tui-session-line",
            at = when(s.opened, now),
            last = when(s.last_key, now),
            state = state
        );
        lines.push((text, styles.muted));
    }
    lines
}

/// A day; what has none, as the founders' roles, lasts.
fn day(at: i64) -> String {
    let text = locale::instant(at);
    match text.get(..10) {
        Some(day) => day.to_owned(),
        None => tr!("tui-grant-lasts"),
    }
}

/// A scope in words.
fn scope(scope: &str, words: &Words) -> String {
    if scope == crate::rules::org::Org::ROOT {
        return tr!("tui-scope-all");
    }
    let column = words.column(scope);
    if column == scope {
        words.site(scope).to_owned()
    } else {
        column.to_owned()
    }
}

/// What a proposal would do.
fn describe(proposal: &OpenProposal, words: &Words, number: &str, now: i64) -> String {
    match &proposal.act {
        Dual::Grant {
            person,
            role,
            scope: place,
            from,
            until,
        } => tr!(
            "tui-proposal-grant",
            person = words.person(person),
            role = locale::word("role", role.code()),
            scope = scope(place, words),
            from = when(*from, now),
            until = when(*until, now)
        ),
        Dual::KeyEnrol { person, .. } => {
            tr!("tui-proposal-key-enrol", person = words.person(person))
        }
        Dual::KeyRevoke { key } => tr!("tui-proposal-key-revoke", key = key.to_string()),
        Dual::ListSet { list, rows } => tr!(
            "tui-proposal-list",
            list = locale::word("list", list.code()),
            rows = rows.to_string()
        ),
        Dual::Purge { revisions, .. } => {
            let list = if revisions.is_empty() {
                tr!("tui-proposal-purge-all")
            } else {
                let list: Vec<String> = revisions
                    .iter()
                    .map(|n| tr!("tui-label-revision-n", n = n.to_string()))
                    .collect();
                list.join(" ")
            };
            tr!("tui-proposal-purge", item = number, revisions = list)
        }
    }
}

impl Component<Seat> for People {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::People, Context::List]
    }

    fn flag(&self, flag: Flag) -> bool {
        match flag {
            Flag::HasRow => self.list.selected().is_some(),
            Flag::HasMarks => self.list.marked() > 0,
            _ => false,
        }
    }

    fn commands(&self) -> Vec<Command> {
        let open = self.proposal().is_some() || self.list.marked() > 0;
        let manages = self.manages();
        let keeps = self.house.me.borrow().may(Right::KeepLists);
        let person = self.person().is_some() && manages;
        vec![
            Command::hint(Action::ConfirmProposal).when(open),
            Command::hint(Action::DeclineProposal).when(open),
            Command::hint(Action::ToggleMark).when(self.loaded.proposals.len() > 1),
            Command::hint(Action::ProposeGrant).when(person),
            Command::hint(Action::RevokeGrant).when(person),
            Command::hint(Action::ProposeKey).when(person),
            Command::hint(Action::AddPerson).when(manages),
            Command::quiet(Action::RevokeKey).when(person),
            Command::quiet(Action::PersonLeaves).when(person),
            Command::quiet(Action::ProposeList).when(keeps),
            Command::hint(Action::Filter),
            Command::quiet(Action::ChangePerson),
            Command::quiet(Action::Refresh),
        ]
    }

    fn why_not(&self, action: Action) -> Option<String> {
        let keeps = self.house.me.borrow().may(Right::KeepLists);
        let missing =
            (manages(action) && !self.manages()) || (action == Action::ProposeList && !keeps);
        missing.then(|| kit::no_right(&self.house).text)
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
            Event::Action(action @ (Action::ConfirmProposal | Action::DeclineProposal)) => {
                self.answer(*action, cx);
            }
            Event::Action(Action::AddPerson) => self.add_person(cx),
            Event::Action(Action::ProposeGrant) => self.propose_grant(cx),
            Event::Action(Action::RevokeGrant) => self.revoke_grant(cx),
            Event::Action(Action::ProposeKey) => self.propose_key(cx),
            Event::Action(Action::RevokeKey) => self.revoke_key(cx),
            Event::Action(Action::PersonLeaves) => self.leave(cx),
            Event::Action(Action::ProposeList) => lists::propose(cx),
            Event::Action(Action::Open) => self.open(cx),
            Event::Action(Action::Refresh) => self.reload(cx),
            Event::Action(Action::Filter | Action::Search) => self.ask_filter(cx),
            Event::Action(Action::SortBy) => {}
            Event::Action(action) if self.list.handle(*action) => {}
            Event::Mouse(mouse) if self.list.mouse(mouse) => {}
            _ => return Outcome::Ignored,
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let state = if self.list.marked() > 0 {
            tr!("tui-list-marked", count = self.list.marked())
        } else if self.filter.is_empty() {
            String::new()
        } else {
            tr!("tui-filter-line", filter = self.filter.as_str())
        };
        let body = kit::head(area, buf, env, &self.house, Some(Place::People), &state);
        if let Some(said) = &self.error {
            kit::failed(body, buf, env, said);
            return;
        }
        let (list, details) = if body.width >= WIDE {
            let width = body.width * 3 / 5;
            for y in body.y..body.bottom() {
                let x = body.x + width;
                draw::put(
                    buf,
                    x,
                    y,
                    env.glyphs.vertical,
                    env.styles.border,
                    1,
                    env.amb,
                );
            }
            let right = Rect {
                x: body.x + width + 2,
                width: body.width - width - 2,
                ..body
            };
            (Rect { width, ..body }, right)
        } else {
            let high = DETAILS.min(body.height / 2);
            let list = Rect {
                height: body.height - high,
                ..body
            };
            let below = Rect {
                y: list.bottom(),
                height: high,
                ..body
            };
            (list, below)
        };
        self.list.render(list, buf, env, true);
        self.draw_details(details, buf, env);
    }
}
