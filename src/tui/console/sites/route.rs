//! The route of a site or column, step by step, with what no setting may break beside it.

use std::rc::Rc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::desk::setup::NodeView;
use crate::locale;
use crate::rules::role::{Right, Role};
use crate::rules::route::{Route, Step, StepKind};
use crate::tr;
use crate::tui::action::{Action, Context, Flag};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome};
use crate::tui::console::kit::{self, FormAsk, House, Listing, Notice, Place, Rows, act, chosen};
use crate::tui::console::seat::Seat;
use crate::tui::draw::{self, Piece};
use crate::tui::widgets::{Column, Confirm, Field, Form, FormField, Width, put_wrapped};

/// Names of steps that have words; others can be typed.
const NAMES: &[&str] = &[
    "first-review",
    "second-review",
    "proof",
    "confidentiality",
    "sign-off",
];

/// A route in words, its steps in order.
pub fn words(route: &Route) -> String {
    let steps: Vec<String> = route
        .0
        .iter()
        .map(|s| {
            let name = locale::word("step", &s.name);
            if s.needed > 1 {
                tr!("tui-route-needed", step = name, needed = s.needed)
            } else {
                name
            }
        })
        .collect();
    steps.join(" > ")
}

/// The editor of a route.
pub struct RouteEditor {
    house: House,
    node: String,
    name: String,
    /// Where the present route comes from, for the head.
    origin: String,
    own: bool,
    before: Route,
    steps: Vec<Step>,
    list: Listing<usize>,
    waiting: u64,
}

impl RouteEditor {
    /// Begins from the route that applies now.
    pub fn new(house: House, node: &NodeView, nodes: &[NodeView]) -> Self {
        let columns = vec![
            Column::new("#", Width::Cells(3)).right(),
            Column::new(tr!("tui-route-step"), Width::Share(2)),
            Column::new(tr!("tui-route-kind"), Width::Cells(14)),
            Column::new(tr!("tui-route-role"), Width::Share(1)),
            Column::new(tr!("tui-route-people"), Width::Cells(8)).right(),
        ];
        Self {
            house,
            node: node.id.clone(),
            name: node.name.clone(),
            origin: super::route_line(node, nodes),
            own: node.route_from.as_deref() == Some(node.id.as_str()),
            before: node.route.clone(),
            steps: node.route.0.clone(),
            list: Listing::new(columns, tr!("tui-route-empty")),
            waiting: node.count(super::REVIEW),
        }
    }

    fn manages(&self) -> bool {
        self.house.me.borrow().may(Right::ManageOrg)
    }

    fn changed(&self) -> bool {
        self.steps != self.before.0
    }

    fn fill(&mut self, cx: &Cx<'_, Seat>) {
        let styles = &cx.env().styles;
        let mut rows = Rows::new(5, 1);
        for (n, step) in self.steps.iter().enumerate() {
            rows.row(
                n,
                vec![
                    Piece::new((n + 1).to_string(), styles.muted),
                    Piece::new(locale::word("step", &step.name), styles.text),
                    Piece::new(locale::word("step-kind", step.kind.code()), styles.text),
                    Piece::new(locale::word("role", step.role.code()), styles.text),
                    Piece::new(step.needed.to_string(), styles.muted),
                ],
            );
        }
        self.list.set(rows.list);
    }

    /// Asks for a step; none adds one before the sign-off.
    fn ask_step(&self, at: Option<usize>, cx: &mut Cx<'_, Seat>) {
        let step = at.and_then(|n| self.steps.get(n)).cloned().unwrap_or(Step {
            name: "proof".to_owned(),
            role: Role::Proofreader,
            kind: StepKind::Review,
            needed: 1,
        });
        let place = |list: usize, n: Option<usize>| n.unwrap_or(0).min(list.saturating_sub(1));
        let fields = vec![
            FormField::text(
                Field::new(tr!("tui-route-name"))
                    .required()
                    .with(&step.name),
            ),
            chosen(
                tr!("tui-route-kind"),
                StepKind::ALL
                    .iter()
                    .map(|k| locale::word("step-kind", k.code()))
                    .collect(),
                place(
                    StepKind::ALL.len(),
                    StepKind::ALL.iter().position(|k| *k == step.kind),
                ),
            ),
            chosen(
                tr!("tui-route-role"),
                Role::ALL
                    .iter()
                    .map(|r| locale::word("role", r.code()))
                    .collect(),
                place(
                    Role::ALL.len(),
                    Role::ALL.iter().position(|r| *r == step.role),
                ),
            ),
            FormField::text(
                Field::new(tr!("tui-route-people"))
                    .required()
                    .with(&step.needed.to_string()),
            ),
        ];
        let title = if at.is_some() {
            tr!("tui-route-edit")
        } else {
            Action::AddStep.describe()
        };
        let reply = cx.reply(move |me: &mut Self, step: Step, cx| {
            match at.and_then(|n| me.steps.get_mut(n)) {
                Some(old) => *old = step,
                None => {
                    let last = me.steps.len().saturating_sub(1);
                    me.steps.insert(last, step);
                }
            }
            me.fill(cx);
        });
        let check = |form: &Form| {
            let needed = form.text(3).unwrap_or_default();
            let needed: u8 = needed
                .parse()
                .map_err(|_| (3, tr!("tui-form-not-a-number")))?;
            Ok(Step {
                name: form.text(0).unwrap_or_default(),
                kind: form
                    .chosen(1)
                    .and_then(|n| StepKind::ALL.get(n).copied())
                    .unwrap_or(StepKind::Review),
                role: form
                    .chosen(2)
                    .and_then(|n| Role::ALL.get(n).copied())
                    .unwrap_or(Role::Proofreader),
                needed,
            })
        };
        let text = tr!("tui-route-names", names = NAMES.join(", "));
        cx.push(FormAsk::new(title, text, fields, check, reply));
    }

    fn shift(&mut self, by: isize, cx: &Cx<'_, Seat>) {
        let Some(at) = self.list.selected().copied() else {
            return;
        };
        let Some(to) = at.checked_add_signed(by).filter(|n| *n < self.steps.len()) else {
            return;
        };
        self.steps.swap(at, to);
        self.fill(cx);
        self.list.select(&to);
    }

    fn remove(&mut self, cx: &Cx<'_, Seat>) {
        if let Some(at) = self.list.selected().copied()
            && at < self.steps.len()
        {
            self.steps.remove(at);
            self.fill(cx);
        }
    }

    /// Sets the route, or takes the node's own away.
    fn save(&self, inherit: bool, cx: &mut Cx<'_, Seat>) {
        let title = if inherit {
            Action::InheritRoute.describe()
        } else {
            Action::SetRoute.describe()
        };
        // What is in review is held until somebody looks at it: that must be said before.
        let text = if inherit {
            tr!(
                "tui-route-ask-inherit",
                name = self.name.as_str(),
                count = self.waiting
            )
        } else {
            tr!(
                "tui-route-ask-set",
                name = self.name.as_str(),
                count = self.waiting
            )
        };
        let (node, steps) = (self.node.clone(), self.steps.clone());
        let reply = cx.reply(move |_: &mut Self, yes: bool, cx| {
            if !yes {
                return;
            }
            let route = (!inherit).then_some(Route(steps));
            act(
                cx,
                move |d| d.route_set(&node, route).map(drop),
                |me: &mut Self, (), cx| {
                    me.before = Route(me.steps.clone());
                    kit::done(cx, tr!("tui-acted", what = Action::SetRoute.describe()));
                    cx.back();
                },
            );
        });
        cx.push(Confirm::new(title, text, reply));
    }

    /// Each invariant with whether it holds, as the rules have them.
    fn invariants(&self) -> [(bool, String); 4] {
        let of = |kind| self.steps.iter().filter(|s| s.kind == kind).count();
        let confidentiality = self
            .steps
            .iter()
            .position(|s| s.kind == StepKind::Confidentiality);
        let sign_off = self.steps.iter().position(|s| s.kind == StepKind::SignOff);
        let before = confidentiality.zip(sign_off).is_some_and(|(c, s)| c < s);
        let last = self
            .steps
            .last()
            .is_some_and(|s| s.kind == StepKind::SignOff);
        [
            (
                of(StepKind::Confidentiality) == 1 && before,
                tr!("tui-route-must-confidentiality"),
            ),
            (
                of(StepKind::SignOff) == 1 && last,
                tr!("tui-route-must-sign-off"),
            ),
            (
                (2..=9).contains(&self.steps.len())
                    && self.steps.iter().all(|s| (1..=5).contains(&s.needed)),
                tr!("tui-route-must-size"),
            ),
            (
                !matches!(
                    Route(self.steps.clone()).validate(),
                    Err(refusal) if refusal.rule == "route.role"
                ),
                tr!("tui-route-must-role"),
            ),
        ]
    }
}

/// Whether an action changes the route.
fn edits(action: Action) -> bool {
    matches!(
        action,
        Action::AddStep
            | Action::Open
            | Action::RemoveStep
            | Action::StepUp
            | Action::StepDown
            | Action::InheritRoute
            | Action::SubmitForm
    )
}

impl Component<Seat> for RouteEditor {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Route, Context::List]
    }

    fn flag(&self, flag: Flag) -> bool {
        match flag {
            Flag::HasRow => self.list.selected().is_some(),
            Flag::Modified => self.changed(),
            _ => false,
        }
    }

    fn commands(&self) -> Vec<Command> {
        let manages = self.manages();
        let row = self.list.selected().is_some() && manages;
        vec![
            Command::hint(Action::SubmitForm).when(self.changed()),
            Command::hint(Action::AddStep).when(manages),
            Command::hint(Action::Open).when(row),
            Command::hint(Action::RemoveStep).when(row),
            Command::hint(Action::StepUp).when(row),
            Command::hint(Action::StepDown).when(row),
            Command::quiet(Action::InheritRoute).when(self.own && manages),
        ]
    }

    fn why_not(&self, _: Action) -> Option<String> {
        (!self.manages()).then(|| kit::no_right(&self.house).text)
    }

    fn shown(&mut self, cx: &mut Cx<'_, Seat>) {
        self.fill(cx);
    }

    fn may_close(&mut self, cx: &mut Cx<'_, Seat>) -> bool {
        if !self.changed() {
            return true;
        }
        let reply = cx.reply(|me: &mut Self, yes: bool, cx| {
            if yes {
                me.steps.clone_from(&me.before.0);
                cx.back();
            }
        });
        cx.push(Confirm::new(
            Action::SetRoute.describe(),
            tr!("tui-route-ask-leave"),
            reply,
        ));
        false
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, Seat>) -> Outcome {
        match event {
            Event::Action(action) if edits(*action) && !self.manages() => {
                cx.push(Notice::refused_to(
                    &action.describe(),
                    kit::no_right(&self.house),
                ));
            }
            Event::Action(Action::AddStep) => self.ask_step(None, cx),
            Event::Action(Action::Open) => {
                let at = self.list.selected().copied();
                if at.is_some() {
                    self.ask_step(at, cx);
                }
            }
            Event::Action(Action::RemoveStep) => self.remove(cx),
            Event::Action(Action::StepUp) => self.shift(-1, cx),
            Event::Action(Action::StepDown) => self.shift(1, cx),
            Event::Action(Action::InheritRoute) => self.save(true, cx),
            Event::Action(Action::SubmitForm) => self.save(false, cx),
            Event::Action(Action::ToggleMark | Action::MarkAll | Action::SortBy) => {}
            Event::Action(action) if self.list.handle(*action) => {}
            Event::Mouse(mouse) if self.list.mouse(mouse) => {}
            _ => return Outcome::Ignored,
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let state = if self.changed() {
            tr!("tui-route-changed")
        } else {
            String::new()
        };
        let house = Rc::clone(&self.house);
        let body = kit::head(area, buf, env, &house, Some(Place::Sites), &state);
        let text = Rect {
            x: body.x + 1,
            width: body.width.saturating_sub(2),
            ..body
        };
        draw::put_fit(
            buf,
            text.x,
            text.y,
            &self.name,
            env.styles.title,
            text.width,
            env.amb,
        );
        let origin = Rect {
            y: text.y + 1,
            height: 2,
            ..text
        };
        let used = put_wrapped(buf, origin, &self.origin, env.styles.muted, env) + 1;
        let below = 8.min(body.height / 2);
        let list = Rect {
            y: body.y + used,
            height: body.height.saturating_sub(used + below),
            ..body
        };
        self.list.render(list, buf, env, true);
        let mut y = list.bottom();
        let heading = Rect {
            y,
            height: 1,
            ..text
        };
        kit::rule_line(heading, buf, env, &tr!("tui-route-must"));
        for (holds, what) in self.invariants() {
            y += 1;
            let (sign, style) = if holds {
                ("+", env.styles.success)
            } else {
                ("!", env.styles.error)
            };
            draw::put(buf, text.x, y, sign, style, 1, env.amb);
            draw::put_fit(buf, text.x + 2, y, &what, style, text.width - 2, env.amb);
        }
        // The rule's own words, as the desk would refuse.
        if let Err(refusal) = Route(self.steps.clone()).validate() {
            let place = Rect {
                y: y + 1,
                height: body.bottom().saturating_sub(y + 1),
                ..text
            };
            put_wrapped(buf, place, &refusal.message(), env.styles.error, env);
        }
    }
}
