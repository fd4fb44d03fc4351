//! The lists the board keeps: proposing one from a file, reading what is proposed. Confirming is
//! done as with everything that takes two people.

use super::People;
use crate::desk::lists::decoded;
use crate::desk::{Desk, DeskError};
use crate::locale;
use crate::rules::act::ListKind;
use crate::store::StoreError;
use crate::tr;
use crate::tui::action::Action;
use crate::tui::component::Cx;
use crate::tui::console::kit::{PathPrompt, Report, Wanted, act};
use crate::tui::console::seat::Seat;
use crate::tui::widgets::{Choice, ChoiceList, Paragraph};

/// Asks which list and for its file.
pub(super) fn propose(cx: &mut Cx<'_, Seat>) {
    act(cx, Desk::lists, |_: &mut People, kept, cx| {
        let choices = ListKind::ALL
            .iter()
            .map(|kind| Choice {
                label: locale::word("list", kind.code()),
                detail: match kept.iter().find(|k| k.kind == *kind) {
                    Some(k) => tr!(
                        "tui-list-in-force",
                        seq = k.seq.to_string(),
                        rows = k.rows.to_string()
                    ),
                    None => tr!("tui-list-never"),
                },
            })
            .collect();
        let reply = cx.reply(|_: &mut People, picked: Option<usize>, cx| {
            if let Some(kind) = picked.and_then(|n| ListKind::ALL.get(n)) {
                ask_file(*kind, cx);
            }
        });
        let title = Action::ProposeList.describe();
        cx.push(ChoiceList::new(title, choices, 0, reply));
    });
}

fn ask_file(kind: ListKind, cx: &mut Cx<'_, Seat>) {
    let reply = cx.reply(
        move |_: &mut People, path: Option<std::path::PathBuf>, cx| {
            let Some(path) = path else { return };
            act(
                cx,
                move |d| {
                    let bytes = std::fs::read(&path).map_err(|source| StoreError::Io {
                        path: path.clone(),
                        source,
                    })?;
                    let csv = decoded(bytes).ok_or_else(|| DeskError::Usage {
                        key: "error-encoding",
                        about: path.display().to_string(),
                    })?;
                    d.propose_list(kind, &csv).map(drop)
                },
                |me: &mut People, (), cx| me.done(Action::ProposeList, cx),
            );
        },
    );
    cx.push(PathPrompt::new(
        locale::word("list", kind.code()),
        tr!("tui-list-ask"),
        Wanted::Existing,
        "",
        reply,
    ));
}

/// Shows the rows a proposal would put in force.
pub(super) fn show(proposal: u64, cx: &mut Cx<'_, Seat>) {
    act(
        cx,
        move |d| d.proposed_list(proposal),
        |_: &mut People, rows: Option<String>, cx| {
            let text = rows.unwrap_or_default();
            let copy = text.clone();
            cx.push(Report::new(tr!("tui-list-rows"), copy, move |styles| {
                text.lines()
                    .map(|line| Paragraph::new(line, styles.text))
                    .collect()
            }));
        },
    );
}
