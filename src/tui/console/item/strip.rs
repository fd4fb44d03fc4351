//! What an attachment carries, and a clean copy in its place.

use crate::desk::view::ItemView;
use crate::intake::{self, Cleaning, Inspection, Strip};
use crate::tr;
use crate::tui::action::Action;
use crate::tui::component::Cx;
use crate::tui::console::acts::{Acting, dialog, title};
use crate::tui::console::kit::{Deed, Notice, chosen, load};
use crate::tui::console::seat::Seat;
use crate::desk::Desk;

/// Most lines of what goes shown above the questions; the rest is counted.
const MOST_LINES: usize = 8;

/// What was found out about the file before anything is asked.
struct Seen {
    found: Inspection,
    /// Cleaning the properties alone, and everything; none where this kind cannot be cleaned.
    plans: Option<(Cleaning, Cleaning)>,
}

/// Looks an attachment through, shows what would go, and asks.
pub(super) fn strip_attachment<C: Acting>(view: &ItemView, index: usize, cx: &mut Cx<'_, Seat>) {
    let Some(file) = view.content.attachments.get(index) else {
        return;
    };
    let (id, name) = (view.line.id.clone(), file.name.clone());
    let (item, shown) = (id.clone(), format!("{}\n{name}", title(view)));
    load(
        cx,
        move |seat| {
            let (name, bytes) = seat.desk()?.attachment(&item, None, index)?;
            let all = Strip {
                comments: true,
                changes: true,
                hidden: true,
            };
            let plans = intake::clean(&name, &bytes, Strip::default())
                .and_then(|base| Ok((base, intake::clean(&name, &bytes, all)?)))
                .ok();
            Ok(Seen {
                found: intake::inspect(&name, &bytes),
                plans,
            })
        },
        move |_: &mut C, seen, cx| match seen {
            Ok(seen) => ask::<C>(&id, index, &shown, &seen, cx),
            Err(said) => cx.push(Notice::refused(said)),
        },
    );
}

fn ask<C: Acting>(id: &str, index: usize, shown: &str, seen: &Seen, cx: &mut Cx<'_, Seat>) {
    let action = Action::StripAttachment;
    let Some((base, all)) = &seen.plans else {
        let carried = seen.found.carried();
        let mut text = format!("{shown}\n{}", tr!("tui-strip-cannot"));
        if !carried.is_empty() {
            text.push_str(&format!("\n{}\n{}", tr!("tui-strip-carries"), carried.join("\n")));
        }
        cx.push(Notice::text(action.describe(), text));
        return;
    };
    if all.goes().is_empty() {
        let text = format!("{shown}\n{}", tr!("tui-strip-nothing"));
        cx.push(Notice::text(action.describe(), text));
        return;
    }
    let goes = base.goes();
    let mut text = shown.to_owned();
    if !goes.is_empty() {
        text.push_str(&format!("\n{}", tr!("tui-strip-goes")));
        for line in goes.iter().take(MOST_LINES) {
            text.push_str(&format!("\n- {line}"));
        }
        if goes.len() > MOST_LINES {
            let count: usize = goes.len() - MOST_LINES;
            text.push_str(&format!("\n{}", tr!("tui-strip-more", count = count)));
        }
    }
    text.push_str(&format!("\n{}", tr!("tui-strip-evidence")));
    // Only what the file has is asked about.
    let found = &all.before;
    let counts = [
        found.comments().count(),
        found.changes().count(),
        found.hidden().count(),
    ];
    let labels = [
        tr!("tui-strip-comments", count = counts[0]),
        tr!("tui-strip-changes", count = counts[1]),
        tr!("tui-strip-hidden", count = counts[2]),
    ];
    let asked: Vec<usize> = (0..3).filter(|n| counts[*n] > 0).collect();
    let fields = asked
        .iter()
        .map(|n| {
            let options = vec![tr!("tui-strip-keep"), tr!("tui-strip-take")];
            chosen(labels[*n].clone(), options, 0)
        })
        .collect();
    let id = id.to_owned();
    dialog::<C>(action, text, fields, cx, move |form| {
        let take = |n: usize| {
            let place = asked.iter().position(|one| *one == n);
            place.is_some_and(|place| form.chosen(place) == Some(1))
        };
        let strip = Strip {
            comments: take(0),
            changes: take(1),
            hidden: take(2),
        };
        let id = id.clone();
        let deed: Deed = Box::new(move |d: &mut Desk| d.clean_attachment(&id, index, strip).map(drop));
        Ok(deed)
    });
}
