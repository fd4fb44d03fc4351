//! Acts over what is marked: each item by itself, each outcome told, to be stopped on the way.

use crate::desk::release::ZONE;
use crate::desk::{self, Desk, Note};
use crate::locale;
use crate::rules::act::WithdrawGround;
use crate::rules::case::BundleState;
use crate::tr;
use crate::tui::action::Action;
use crate::tui::component::Cx;
use crate::tui::console::acts;
use crate::tui::console::kit::{FormAsk, Notice, choices, each, instant_of, load, of_items};
use crate::tui::console::seat::Seat;
use crate::tui::widgets::{ChoiceList, Confirm, Field, Form, FormField, Prompt};

use super::Items;

/// What is done to each.
#[derive(Debug, Clone)]
enum Deed {
    Submit,
    Recall,
    Discard,
    Restore,
    Unschedule,
    Schedule(i64),
    Withdraw(WithdrawGround, Note),
    Bundle(String),
}

impl Deed {
    fn do_to(&self, desk: &mut Desk, id: &str) -> desk::Result<()> {
        match self {
            Deed::Submit => desk.submit(id).map(drop),
            Deed::Recall => desk.recall(id).map(drop),
            Deed::Discard => desk.discard(id).map(drop),
            Deed::Restore => desk.restore(id).map(drop),
            Deed::Unschedule => desk.unschedule(id).map(drop),
            Deed::Schedule(at) => desk.schedule(id, Some(*at), None, ZONE).map(drop),
            Deed::Withdraw(ground, reason) => desk.withdraw(id, *ground, reason).map(drop),
            Deed::Bundle(bundle) => desk.bundle_add(bundle, id).map(drop),
        }
    }
}

impl Items {
    /// Asks what has to be asked before `action` on all that is marked.
    pub(super) fn batch(&mut self, action: Action, cx: &mut Cx<'_, Seat>) {
        let targets = self.table.targets();
        if targets.is_empty() {
            return;
        }
        // A single one is not asked about where the answer is known.
        if let [id] = targets.as_slice()
            && let Some(view) = self.known(id)
            && let Some(refusal) = acts::refused(view, action)
        {
            cx.push(Notice::refused_to(&action.describe(), refusal));
            return;
        }
        let count = targets.len();
        match action {
            Action::ScheduleItem => self.ask_time(targets, cx),
            Action::Withdraw => ask_reason(targets, cx),
            Action::AddToBundle => ask_bundle(targets, cx),
            Action::Submit => {
                let text = tr!(
                    "tui-ask-submit-many",
                    count = count,
                    attest = tr!("form-attested")
                );
                confirm(action, Deed::Submit, text, targets, cx);
            }
            Action::Discard => {
                let text = tr!("tui-ask-discard-many", count = count);
                confirm(action, Deed::Discard, text, targets, cx);
            }
            Action::RestoreItem | Action::Recall | Action::Unschedule => {
                let text = tr!("tui-ask-many", count = count, what = action.describe());
                let deed = match action {
                    Action::RestoreItem => Deed::Restore,
                    Action::Recall => Deed::Recall,
                    _ => Deed::Unschedule,
                };
                confirm(action, deed, text, targets, cx);
            }
            _ => {}
        }
    }

    fn ask_time(&self, targets: Vec<String>, cx: &mut Cx<'_, Seat>) {
        let fields = vec![FormField::text(
            Field::new(tr!("tui-label-publish-at")).required(),
        )];
        let check = |form: &Form| {
            let text = form.text(0).unwrap_or_default();
            instant_of(&text).ok_or_else(|| (0, locale::by_id("error-time", &[("about", text)])))
        };
        let text = format!(
            "{}\n{}",
            tr!(
                "tui-ask-many",
                count = targets.len(),
                what = Action::ScheduleItem.describe()
            ),
            crate::tui::console::kit::how_times()
        );
        let reply = cx.reply(move |_: &mut Self, at: i64, cx| {
            run(Action::ScheduleItem, Deed::Schedule(at), targets, cx);
        });
        let title = Action::ScheduleItem.describe();
        cx.push(FormAsk::new(title, text, fields, check, reply));
    }
}

fn confirm(action: Action, deed: Deed, text: String, targets: Vec<String>, cx: &mut Cx<'_, Seat>) {
    let reply = cx.reply(move |_: &mut Items, yes: bool, cx| {
        if yes {
            run(action, deed, targets, cx);
        }
    });
    cx.push(Confirm::new(action.describe(), text, reply));
}

fn ask_reason(targets: Vec<String>, cx: &mut Cx<'_, Seat>) {
    let text = tr!(
        "tui-ask-many",
        count = targets.len(),
        what = Action::Withdraw.describe()
    );
    let grounds = WithdrawGround::ALL
        .iter()
        .map(|g| locale::word("withdrawn", g.code()))
        .collect();
    let fields = vec![
        FormField::choice(tr!("tui-label-withdraw-ground"), grounds),
        FormField::note(crate::tui::widgets::Note::new(tr!("tui-dialog-reason")).required()),
    ];
    let check = |form: &Form| {
        let ground = form.chosen(0).and_then(|n| WithdrawGround::ALL.get(n));
        match ground {
            Some(ground) => Ok((*ground, form.text(1).unwrap_or_default())),
            None => Err((0, tr!("tui-withdraw-no-ground"))),
        }
    };
    let reply = cx.reply(
        move |_: &mut Items, (ground, reason): (WithdrawGround, String), cx| {
            let deed = Deed::Withdraw(ground, Note::of(&reason));
            run(Action::Withdraw, deed, targets, cx);
        },
    );
    cx.push(FormAsk::new(
        Action::Withdraw.describe(),
        text,
        fields,
        check,
        reply,
    ));
}

/// An open bundle, or a new one.
fn ask_bundle(targets: Vec<String>, cx: &mut Cx<'_, Seat>) {
    load(
        cx,
        |seat| {
            let list = seat.desk()?.bundles()?;
            let open = list.into_iter().filter(|b| b.state == BundleState::Open);
            Ok(open.map(|b| (b.id, b.name)).collect::<Vec<_>>())
        },
        move |_: &mut Items, result, cx| {
            let open = match result {
                Ok(open) => open,
                Err(said) => {
                    cx.push(Notice::refused(said));
                    return;
                }
            };
            let mut labels = vec![tr!("tui-bundle-make")];
            labels.extend(open.iter().map(|(id, name)| {
                if name.is_empty() {
                    id.clone()
                } else {
                    name.clone()
                }
            }));
            let reply = cx.reply(
                move |_: &mut Items, picked: Option<usize>, cx| match picked {
                    None => {}
                    Some(0) => ask_new_bundle(targets, cx),
                    Some(n) => {
                        if let Some((id, _)) = open.get(n - 1) {
                            run(Action::AddToBundle, Deed::Bundle(id.clone()), targets, cx);
                        }
                    }
                },
            );
            let title = Action::AddToBundle.describe();
            cx.push(ChoiceList::new(title, choices(labels), 0, reply));
        },
    );
}

fn ask_new_bundle(targets: Vec<String>, cx: &mut Cx<'_, Seat>) {
    let reply = cx.reply(move |_: &mut Items, name: Option<String>, cx| {
        let Some(name) = name else { return };
        load(
            cx,
            move |seat| seat.desk()?.bundle_new(&Note::of(&name)),
            move |_: &mut Items, result, cx| match result {
                Ok(id) => run(Action::AddToBundle, Deed::Bundle(id), targets, cx),
                Err(said) => cx.push(Notice::refused(said)),
            },
        );
    });
    cx.push(Prompt::text(
        tr!("tui-bundle-make"),
        tr!("tui-bundle-ask-new"),
        tr!("tui-bundle-name"),
        reply,
    ));
}

/// Acts on each by itself and reports each outcome. What could not be done stays marked.
fn run(action: Action, deed: Deed, targets: Vec<String>, cx: &mut Cx<'_, Seat>) {
    load(
        cx,
        move |seat| {
            let desk = seat.desk()?;
            let mut targets = targets;
            // By number: the journal then tells a batch in an order somebody can follow.
            targets.sort_by_cached_key(|id| desk.find(id).map(|row| row.number).ok());
            Ok(targets)
        },
        move |_: &mut Items, result, cx| match result {
            Ok(targets) => each(
                action,
                of_items,
                targets,
                cx,
                move |desk, id| match desk.line(id) {
                    Ok(line) => {
                        let name = format!("{} {}", line.number, line.title);
                        (name, deed.do_to(desk, id))
                    }
                    Err(error) => (id.clone(), Err(error)),
                },
                |me: &mut Items, outcomes, _| {
                    me.table.handle(Action::ClearMarks);
                    let failed = outcomes.iter().filter(|o| o.said.is_some());
                    me.table.mark(failed.map(|o| o.key.clone()));
                },
            ),
            Err(said) => cx.push(Notice::refused(said)),
        },
    );
}
