//! Deciding on several items at once, from any screen. Each decision names the version that was
//! there when the person was asked, each item stands under its own rule, and each outcome is told
//! by itself.

use std::collections::BTreeSet;

use crate::desk::review::{Seen, When};
use crate::desk::{self, Desk, Note};
use crate::journal::Hash;
use crate::tr;
use crate::tui::action::Action;
use crate::tui::component::{Component, Cx};
use crate::tui::console::kit::{House, Notice, Outcome, each, of_items};
use crate::tui::console::seat::{Said, Seat};
use crate::tui::widgets::Prompt;

/// Items named one by one in the question; the rest is counted.
const NAMED: usize = 8;

/// One item as it was when the question was asked.
#[derive(Debug, Clone)]
pub struct Target {
    id: String,
    number: String,
    title: String,
    fingerprint: Hash,
}

/// Whether an act is a decision that can be asked for several items at once. The confidentiality
/// review can only be asked for: it is a record about one text.
pub fn takes(action: Action) -> bool {
    matches!(
        action,
        Action::Approve | Action::ReturnItem | Action::Reject | Action::SignOff | Action::Clear
    )
}

/// Asks about these items, which are decided on in this order. `seen` are those that were opened
/// here; how many were not is said. `then` follows when each outcome has been told.
pub fn begin<C: Component<Seat>>(
    action: Action,
    house: &House,
    ids: Vec<String>,
    seen: BTreeSet<String>,
    cx: &mut Cx<'_, Seat>,
    then: impl FnOnce(&mut C, &[Outcome<Target>], &mut Cx<'_, Seat>) + 'static,
) {
    if action == Action::Clear {
        cx.push(Notice::text(
            action.describe(),
            tr!("tui-batch-clear-alone"),
        ));
        return;
    }
    let unsaved = house.unsaved.borrow();
    if ids.iter().any(|id| unsaved.contains(id)) {
        // What he would decide on is not what he has before him.
        cx.push(Notice::text(action.describe(), tr!("tui-unsaved-first")));
        return;
    }
    cx.ask_long(
        action.describe(),
        move |seat: &mut Seat, progress| {
            let total = ids.len() as u64;
            let mut targets = Vec::new();
            for (n, id) in ids.iter().enumerate() {
                if progress.cancelled() {
                    return Ok(Vec::new());
                }
                progress.report(n as u64 + 1, total);
                let view = seat
                    .desk()
                    .and_then(|d| d.show(id))
                    .map_err(|e| Said::of(&e))?;
                targets.push(Target {
                    id: view.line.id,
                    number: view.line.number,
                    title: view.line.title,
                    fingerprint: view.fingerprint,
                });
            }
            Ok(targets)
        },
        move |_: &mut C, result: Result<Vec<Target>, Said>, cx| match result {
            Ok(targets) if targets.is_empty() => {}
            Ok(targets) => ask(action, targets, &seen, cx, then),
            Err(said) => cx.push(Notice::refused_to(&action.describe(), said)),
        },
    );
}

fn ask<C: Component<Seat>>(
    action: Action,
    targets: Vec<Target>,
    seen: &BTreeSet<String>,
    cx: &mut Cx<'_, Seat>,
    then: impl FnOnce(&mut C, &[Outcome<Target>], &mut Cx<'_, Seat>) + 'static,
) {
    let unseen = targets.iter().filter(|t| !seen.contains(&t.id)).count();
    let mut text = tr!(
        "tui-batch-ask",
        what = action.describe(),
        count = targets.len()
    );
    if unseen > 0 {
        text.push('\n');
        text.push_str(&tr!("tui-batch-unseen", count = unseen));
    }
    for target in targets.iter().take(NAMED) {
        text.push('\n');
        text.push_str(&format!("{} {}", target.number, target.title));
    }
    if targets.len() > NAMED {
        text.push('\n');
        let rest = targets.len() - NAMED;
        text.push_str(&tr!("tui-batch-more", count = rest));
    }
    let reply = cx.reply(move |_: &mut C, note: Option<String>, cx| {
        let Some(note) = note else { return };
        let note = Note::of(&note);
        each(
            action,
            of_items,
            targets,
            cx,
            move |desk, target| {
                let name = format!("{} {}", target.number, target.title);
                (name, one(desk, action, target, &note))
            },
            then,
        );
    });
    let prompt = if matches!(action, Action::ReturnItem | Action::Reject) {
        Prompt::reason(action.describe(), text, reply).lines()
    } else {
        Prompt::text(action.describe(), text, tr!("tui-label-comment"), reply)
    };
    cx.push(prompt);
}

fn one(desk: &mut Desk, action: Action, target: &Target, note: &Note) -> desk::Result<()> {
    let seen = Seen(Some(target.fingerprint));
    match action {
        Action::ReturnItem => desk.send_back(&target.id, seen, note).map(drop),
        Action::Reject => desk.reject(&target.id, seen, note).map(drop),
        Action::SignOff => desk
            .sign_off(&target.id, seen, When::default(), note)
            .map(drop),
        _ => desk.approve(&target.id, seen, note).map(drop),
    }
}
