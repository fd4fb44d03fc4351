//! Deciding on several items at once. Each decision names the version that was there when the
//! person was asked, and each outcome is told by itself.

use super::Queue;
use crate::desk::review::{Seen, When};
use crate::desk::{self, Desk, Note};
use crate::journal::Hash;
use crate::tr;
use crate::tui::action::Action;
use crate::tui::component::Cx;
use crate::tui::console::kit::Notice;
use crate::tui::console::seat::{Said, Seat};
use crate::tui::widgets::Prompt;

/// Items named one by one in the question; the rest is counted.
const NAMED: usize = 8;

/// One item as it was when the question was asked.
#[derive(Debug, Clone)]
struct Target {
    id: String,
    number: String,
    title: String,
    fingerprint: Hash,
}

/// What became of one.
#[derive(Debug, Clone)]
struct Outcome {
    name: String,
    said: Option<Said>,
}

/// Whether an act can be done to several items: the confidentiality review cannot, it is a record
/// about one text.
pub(super) fn takes(action: Action) -> bool {
    matches!(
        action,
        Action::Approve | Action::ReturnItem | Action::Reject | Action::SignOff | Action::Clear
    )
}

/// Asks about the marked items.
pub(super) fn begin(queue: &Queue, action: Action, cx: &mut Cx<'_, Seat>) {
    if action == Action::Clear {
        cx.push(Notice::text(
            action.describe(),
            tr!("tui-batch-clear-alone"),
        ));
        return;
    }
    // In the order of the list.
    let marks: Vec<String> = queue
        .all
        .iter()
        .map(|l| l.id.clone())
        .filter(|id| queue.table.marks().contains(id))
        .collect();
    let unsaved = queue.house.unsaved.borrow();
    if marks.iter().any(|id| unsaved.contains(id)) {
        cx.push(Notice::text(action.describe(), tr!("tui-unsaved-first")));
        return;
    }
    cx.ask_long(
        action.describe(),
        move |seat: &mut Seat, progress| {
            let total = marks.len() as u64;
            let mut targets = Vec::new();
            for (n, id) in marks.iter().enumerate() {
                if progress.cancelled() {
                    return Ok(Vec::new());
                }
                progress.report(n as u64 + 1, total);
                let view = seat
                    .desk()
                    .and_then(|d| d.show(id))
                    .map_err(|e| Said::of(&e))?;
                targets.push(Target {
                    id: id.clone(),
                    number: view.line.number,
                    title: view.line.title,
                    fingerprint: view.fingerprint,
                });
            }
            Ok(targets)
        },
        move |me: &mut Queue, result: Result<Vec<Target>, Said>, cx| match result {
            Ok(targets) if targets.is_empty() => {}
            Ok(targets) => ask(me, action, targets, cx),
            Err(said) => cx.push(Notice::refused(said)),
        },
    );
}

fn ask(queue: &Queue, action: Action, targets: Vec<Target>, cx: &mut Cx<'_, Seat>) {
    let unseen = targets
        .iter()
        .filter(|t| !queue.seen.contains(&t.id))
        .count();
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
    let reply = cx.reply(move |_: &mut Queue, note: Option<String>, cx| {
        if let Some(note) = note {
            run(action, targets, &note, cx);
        }
    });
    let prompt = if matches!(action, Action::ReturnItem | Action::Reject) {
        Prompt::reason(action.describe(), text, reply).lines()
    } else {
        Prompt::text(action.describe(), text, tr!("tui-label-comment"), reply)
    };
    cx.push(prompt);
}

fn run(action: Action, targets: Vec<Target>, note: &str, cx: &mut Cx<'_, Seat>) {
    let note = Note::of(note);
    cx.ask_long(
        action.describe(),
        move |seat: &mut Seat, progress| {
            let total = targets.len() as u64;
            let mut outcomes = Vec::new();
            for (n, target) in targets.into_iter().enumerate() {
                if progress.cancelled() {
                    break;
                }
                progress.report(n as u64 + 1, total);
                let done = seat.desk().and_then(|d| one(d, action, &target, &note));
                outcomes.push(Outcome {
                    name: format!("{} {}", target.number, target.title),
                    said: done.err().map(|e| Said::of(&e)),
                });
            }
            (outcomes, total as usize)
        },
        move |me: &mut Queue, (outcomes, total): (Vec<Outcome>, usize), cx| {
            me.decided += outcomes.iter().filter(|o| o.said.is_none()).count();
            me.table.handle(Action::ClearMarks);
            cx.push(Notice::text(action.describe(), told(&outcomes, total)));
            me.detail = None;
            me.asked.clear();
            me.reload(cx);
        },
    );
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

/// What failed first: that is what has to be dealt with.
fn told(outcomes: &[Outcome], total: usize) -> String {
    let done = outcomes.iter().filter(|o| o.said.is_none()).count();
    let mut text = tr!("tui-batch-done", done = done, total = total);
    let failed = outcomes.iter().filter(|o| o.said.is_some());
    for outcome in failed.chain(outcomes.iter().filter(|o| o.said.is_none())) {
        text.push('\n');
        text.push_str(&outcome.name);
        text.push_str("  ");
        match &outcome.said {
            None => text.push_str(&tr!("tui-batch-ok")),
            Some(said) => text.push_str(&format!("{} ({})", said.text, said.code)),
        }
    }
    text
}
