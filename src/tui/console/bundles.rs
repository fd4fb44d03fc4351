//! Bundles: what goes live together or not at all. The list at the left, the members of the
//! selected one with what keeps each of them at the right or below.

use std::rc::Rc;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::desk::bundle::{BundleShow, BundleView};
use crate::desk::{Desk, Note};
use crate::locale;
use crate::rules::case::BundleState;
use crate::rules::state::State;
use crate::tr;
use crate::tui::action::{Action, Context, Flag};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome};
use crate::tui::console::acts::said;
use crate::tui::console::decide;
use crate::tui::console::item::Item;
use crate::tui::console::kit::{
    self, Deed, Dialog, House, Listing, Notice, Place, Rows, act, instant_of, load, when,
};
use crate::tui::console::seat::{Said, Seat, Words};
use crate::tui::draw::{self, Piece};
use crate::tui::widgets::{Column, Confirm, Field, Form, FormField, Width, put_wrapped};

/// The acts and their codes in [`BundleShow::offers`].
const ACTS: &[(Action, &str)] = &[
    (Action::ScheduleItem, "schedule"),
    (Action::Unschedule, "unschedule"),
    (Action::PublishNow, "publish"),
    (Action::Discard, "discard"),
];

/// The screen of bundles.
pub struct Bundles {
    house: House,
    list: Listing<String>,
    members: Listing<String>,
    bundles: Vec<BundleView>,
    open: Option<BundleShow>,
    words: Arc<Words>,
    /// The keys go to the members.
    inside: bool,
    /// The bundle to open first.
    wanted: Option<String>,
    loaded: bool,
    error: Option<Said>,
}

impl Bundles {
    /// The newest first.
    pub fn new(house: House) -> Self {
        let columns = vec![
            Column::new(tr!("tui-column-state"), Width::Cells(8)),
            Column::new(tr!("tui-column-time"), Width::Cells(11)),
            Column::new(tr!("tui-bundle-name"), Width::Share(1)),
            Column::new(tr!("tui-bundle-count"), Width::Cells(5)).right(),
        ];
        let inside = vec![
            Column::new(tr!("tui-column-number"), Width::Cells(11)),
            Column::new(tr!("tui-column-title"), Width::Share(2)),
            Column::new(tr!("tui-column-stage"), Width::Cells(14)),
            Column::new(tr!("tui-bundle-ready"), Width::Share(2)),
        ];
        Self {
            house,
            list: Listing::new(columns, tr!("tui-bundles-empty")),
            members: Listing::new(inside, tr!("tui-bundle-no-members")),
            bundles: Vec::new(),
            open: None,
            words: Arc::default(),
            inside: false,
            wanted: None,
            loaded: false,
            error: None,
        }
    }

    /// With this one open.
    pub fn at(house: House, bundle: String) -> Self {
        Self {
            wanted: Some(bundle),
            ..Self::new(house)
        }
    }

    fn reload(&mut self, cx: &mut Cx<'_, Seat>) {
        load(
            cx,
            |seat| Ok((seat.desk()?.bundles()?, seat.words()?)),
            |me: &mut Self, result, cx| match result {
                Ok((bundles, words)) => {
                    me.error = None;
                    me.loaded = true;
                    me.bundles = bundles;
                    me.words = words;
                    me.fill(cx);
                }
                Err(said) => me.error = Some(said),
            },
        );
    }

    fn fill(&mut self, cx: &mut Cx<'_, Seat>) {
        let (now, styles) = (cx.env().now_us, &cx.env().styles);
        let mut rows = Rows::new(4, 2);
        for b in &self.bundles {
            let over = matches!(b.state, BundleState::Published | BundleState::Discarded);
            let style = if over { styles.muted } else { styles.text };
            let name = if b.name.is_empty() { &b.id } else { &b.name };
            rows.row(
                b.id.clone(),
                vec![
                    Piece::new(locale::word("bundle-state", b.state.code()), style),
                    Piece::new(b.due.map(|at| when(at, now)).unwrap_or_default(), style),
                    Piece::new(name.clone(), style),
                    Piece::new(b.members.len().to_string(), styles.muted),
                ],
            );
        }
        self.list.set(rows.list);
        if let Some(wanted) = self.wanted.take() {
            self.list.select(&wanted);
        }
        self.look(cx);
    }

    /// Fetches the members of the selected bundle.
    fn look(&mut self, cx: &mut Cx<'_, Seat>) {
        let Some(id) = self.list.selected().cloned() else {
            self.open = None;
            self.members.set(Vec::new());
            return;
        };
        load(
            cx,
            move |seat| seat.desk()?.bundle_show(&id),
            |me: &mut Self, result, cx| match result {
                Ok(show) if me.list.selected() == Some(&show.id) => me.fill_members(show, cx),
                Ok(_) => {}
                Err(said) => me.error = Some(said),
            },
        );
    }

    fn fill_members(&mut self, show: BundleShow, cx: &Cx<'_, Seat>) {
        let styles = &cx.env().styles;
        let mut rows = Rows::new(4, 1);
        for m in &show.members {
            let (ready, style) = match (&m.not_ready, show.state) {
                (_, BundleState::Published) => (String::new(), styles.muted),
                (Some(refusal), _) => (format!("! {}", refusal.message()), styles.warning),
                (None, _) => (tr!("tui-bundle-is-ready"), styles.success),
            };
            rows.row(
                m.line.id.clone(),
                vec![
                    Piece::new(m.line.number.clone(), styles.muted),
                    Piece::new(m.line.title.clone(), styles.text),
                    Piece::new(self.words.stage(&m.line), styles.text),
                    Piece::new(ready, style),
                ],
            );
        }
        self.members.set(rows.list);
        self.open = Some(show);
    }

    fn done(&mut self, action: Action, cx: &mut Cx<'_, Seat>) {
        kit::done(cx, tr!("tui-acted", what = action.describe()));
        self.reload(cx);
    }

    fn dialog(
        &self,
        action: Action,
        text: String,
        field: Field,
        make: impl Fn(&Form) -> Result<Deed, (usize, String)> + 'static,
        cx: &mut Cx<'_, Seat>,
    ) {
        let reply = cx.reply(move |me: &mut Self, (), cx| me.done(action, cx));
        let fields = vec![FormField::text(field)];
        cx.push(Dialog::new(
            action.describe(),
            text,
            fields,
            Box::new(make),
            reply,
        ));
    }

    fn new_bundle(&self, cx: &mut Cx<'_, Seat>) {
        let field = Field::new(tr!("tui-bundle-name")).required();
        let text = tr!("tui-bundle-ask-new");
        self.dialog(
            Action::NewBundle,
            text,
            field,
            |form| {
                let name = Note::of(&form.text(0).unwrap_or_default());
                Ok(Box::new(move |d: &mut Desk| d.bundle_new(&name).map(drop)))
            },
            cx,
        );
    }

    fn add_member(&self, cx: &mut Cx<'_, Seat>) {
        let Some(show) = &self.open else { return };
        let id = show.id.clone();
        let field = Field::new(tr!("tui-column-number")).required();
        self.dialog(
            Action::AddMember,
            tr!("tui-bundle-ask-add", name = show.name.as_str()),
            field,
            move |form| {
                let (id, item) = (id.clone(), form.text(0).unwrap_or_default());
                Ok(Box::new(move |d: &mut Desk| {
                    d.bundle_add(&id, &item).map(drop)
                }))
            },
            cx,
        );
    }

    fn remove_member(&self, cx: &mut Cx<'_, Seat>) {
        let (Some(show), Some(item)) = (&self.open, self.members.selected().cloned()) else {
            return;
        };
        let Some(member) = show.members.iter().find(|m| m.line.id == item) else {
            return;
        };
        let bundle = show.id.clone();
        let text = tr!(
            "tui-bundle-ask-remove",
            number = member.line.number.as_str(),
            title = member.line.title.as_str(),
            name = show.name.as_str()
        );
        let reply = cx.reply(move |_: &mut Self, yes: bool, cx| {
            if yes {
                act(
                    cx,
                    move |d| d.bundle_remove(&bundle, &item).map(drop),
                    |me: &mut Self, (), cx| me.done(Action::RemoveMember, cx),
                );
            }
        });
        cx.push(Confirm::new(Action::RemoveMember.describe(), text, reply));
    }

    fn refusal(&self, code: &str) -> Option<&crate::rules::refusal::Refusal> {
        let show = self.open.as_ref()?;
        show.offers
            .iter()
            .find(|o| o.0 == code)
            .and_then(|o| o.1.as_ref())
    }

    /// An act on the whole bundle; what is not open says why.
    fn whole(&self, action: Action, cx: &mut Cx<'_, Seat>) {
        let Some((_, code)) = ACTS.iter().find(|(a, _)| *a == action) else {
            return;
        };
        let Some(show) = &self.open else { return };
        if let Some(refusal) = self.refusal(code) {
            cx.push(Notice::refused_to(&action.describe(), said(refusal)));
            return;
        }
        let (id, name, count) = (show.id.clone(), show.name.as_str(), show.members.len());
        if action == Action::ScheduleItem {
            let field = Field::new(tr!("tui-label-publish-at")).required();
            let text = format!(
                "{}\n{}",
                tr!("tui-bundle-ask-schedule", name = name, count = count),
                kit::how_times()
            );
            self.dialog(
                action,
                text,
                field,
                move |form| {
                    let text = form.text(0).unwrap_or_default();
                    let Some(at) = instant_of(&text) else {
                        return Err((0, locale::by_id("error-time", &[("about", text)])));
                    };
                    let id = id.clone();
                    Ok(Box::new(move |d: &mut Desk| {
                        d.bundle_schedule(&id, at).map(drop)
                    }))
                },
                cx,
            );
            return;
        }
        let text = match action {
            Action::PublishNow => tr!("tui-bundle-ask-publish", name = name, count = count),
            Action::Unschedule => tr!("tui-bundle-ask-unschedule", name = name),
            _ => tr!("tui-bundle-ask-discard", name = name),
        };
        let reply = cx.reply(move |_: &mut Self, yes: bool, cx| {
            if !yes {
                return;
            }
            act(
                cx,
                move |d| match action {
                    Action::PublishNow => d.bundle_publish(&id).map(drop),
                    Action::Unschedule => d.bundle_unschedule(&id).map(drop),
                    _ => d.bundle_discard(&id).map(drop),
                },
                move |me: &mut Self, (), cx| me.done(action, cx),
            );
        });
        cx.push(Confirm::new(action.describe(), text, reply));
    }

    /// Members that wait for a decision.
    fn in_review(&self) -> Vec<String> {
        let members = self.open.iter().flat_map(|show| &show.members);
        members
            .filter(|m| m.line.state == State::InReview)
            .map(|m| m.line.id.clone())
            .collect()
    }

    /// Signs the members off: each under its own rule, each outcome told.
    fn sign_off(&self, cx: &mut Cx<'_, Seat>) {
        let ids = self.in_review();
        if ids.is_empty() {
            cx.push(Notice::text(
                Action::SignOff.describe(),
                tr!("tui-decide-none"),
            ));
            return;
        }
        decide::begin(
            Action::SignOff,
            &self.house,
            ids,
            std::collections::BTreeSet::new(),
            cx,
            |me: &mut Self, _, cx| me.reload(cx),
        );
    }

    fn open_member(&self, cx: &mut Cx<'_, Seat>) {
        if let Some(id) = self.members.selected().cloned() {
            cx.go(Item::new(Rc::clone(&self.house), id));
        }
    }

    /// What the selected bundle is waiting for, in one line.
    fn state_line(&self, env: &Env) -> (String, ratatui::style::Style) {
        let Some(show) = &self.open else {
            return (String::new(), env.styles.muted);
        };
        let waiting = show
            .members
            .iter()
            .filter(|m| m.not_ready.is_some())
            .count();
        let name = if show.name.is_empty() {
            &show.id
        } else {
            &show.name
        };
        let text = match (show.state, show.due) {
            (BundleState::Scheduled, Some(at)) => {
                tr!(
                    "tui-bundle-due",
                    name = name.as_str(),
                    at = locale::instant(at)
                )
            }
            (BundleState::Open, _) if show.members.is_empty() => {
                tr!("tui-bundle-none-yet", name = name.as_str())
            }
            (BundleState::Open, _) if waiting > 0 => tr!(
                "tui-bundle-waiting",
                name = name.as_str(),
                count = waiting,
                total = show.members.len()
            ),
            (BundleState::Open, _) => tr!("tui-bundle-all-ready", name = name.as_str()),
            _ => format!(
                "{name}  {}",
                locale::word("bundle-state", show.state.code())
            ),
        };
        let style = if waiting > 0 {
            env.styles.warning
        } else {
            env.styles.text
        };
        (text, style)
    }
}

impl Component<Seat> for Bundles {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Bundles, Context::List]
    }

    fn flag(&self, flag: Flag) -> bool {
        flag == Flag::HasRow && self.list.selected().is_some()
    }

    fn commands(&self) -> Vec<Command> {
        let open = |code| self.open.is_some() && self.refusal(code).is_none();
        vec![
            Command::hint(Action::NewBundle),
            Command::hint(Action::FocusNext).when(self.open.is_some()),
            Command::hint(Action::AddMember).when(self.open.is_some()),
            Command::hint(Action::RemoveMember).when(self.members.selected().is_some()),
            Command::hint(Action::SignOff).when(!self.in_review().is_empty()),
            Command::hint(Action::ScheduleItem).when(open("schedule")),
            Command::hint(Action::Unschedule).when(open("unschedule")),
            Command::hint(Action::PublishNow).when(open("publish")),
            Command::quiet(Action::Discard).when(open("discard")),
            Command::quiet(Action::Refresh),
        ]
    }

    fn why_not(&self, action: Action) -> Option<String> {
        if action == Action::SignOff {
            return Some(tr!("tui-decide-none"));
        }
        let (_, code) = ACTS.iter().find(|(a, _)| *a == action)?;
        self.refusal(code).map(|r| said(r).text)
    }

    fn shown(&mut self, cx: &mut Cx<'_, Seat>) {
        self.reload(cx);
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, Seat>) -> Outcome {
        match event {
            Event::Action(Action::NewBundle) => self.new_bundle(cx),
            Event::Action(Action::AddMember) => self.add_member(cx),
            Event::Action(Action::RemoveMember) => self.remove_member(cx),
            Event::Action(Action::SignOff) => self.sign_off(cx),
            Event::Action(
                action @ (Action::ScheduleItem
                | Action::Unschedule
                | Action::PublishNow
                | Action::Discard),
            ) => self.whole(*action, cx),
            Event::Action(Action::FocusNext | Action::FocusPrevious) => {
                self.inside = !self.inside && !self.members.is_empty();
            }
            Event::Action(Action::Open) if self.inside => self.open_member(cx),
            Event::Action(Action::Open) => self.inside = !self.members.is_empty(),
            Event::Action(Action::Refresh) => self.reload(cx),
            Event::Action(
                Action::ToggleMark
                | Action::MarkAll
                | Action::Search
                | Action::Filter
                | Action::SortBy,
            ) => {}
            Event::Action(action) if self.inside && self.members.handle(*action) => {}
            Event::Action(action) if self.list.handle(*action) => self.look(cx),
            Event::Mouse(mouse) if self.list.mouse(mouse) => {
                self.inside = false;
                self.look(cx);
            }
            Event::Mouse(mouse) if self.members.mouse(mouse) => self.inside = true,
            _ => return Outcome::Ignored,
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let body = kit::head(area, buf, env, &self.house, Some(Place::Bundles), "");
        if let Some(said) = &self.error {
            kit::failed(body, buf, env, said);
            return;
        }
        let high = (body.height * 2 / 5).max(6).min(body.height);
        let list = Rect {
            height: high,
            ..body
        };
        self.list.render(list, buf, env, !self.inside);
        if self.list.is_empty() {
            return;
        }
        let (text, style) = self.state_line(env);
        let line = Rect {
            x: body.x + 1,
            y: list.bottom(),
            width: body.width.saturating_sub(2),
            height: 2,
        };
        for x in body.x..body.right() {
            let sign = env.glyphs.horizontal;
            draw::put(buf, x, line.y, sign, env.styles.border, 1, env.amb);
        }
        let place = Rect {
            y: line.y + 1,
            ..line
        };
        let used = 1 + put_wrapped(buf, place, &text, style, env);
        let members = Rect {
            y: line.y + used,
            height: body.bottom().saturating_sub(line.y + used),
            ..body
        };
        self.members.render(members, buf, env, self.inside);
    }
}
