//! An entry in full: what it says, what it commits to, what proves it.

use std::sync::Arc;

use crate::desk::entry::EntryView;
use crate::locale;
use crate::tr;
use crate::tui::component::Cx;
use crate::tui::console::kit::{Notice, Report, labelled, load};
use crate::tui::console::reading;
use crate::tui::console::seat::{Seat, Words};
use crate::tui::theme::Styles;
use crate::tui::widgets::Paragraph;

use super::Journal;

/// Shows the entry at a position.
pub(super) fn open(seq: u64, cx: &mut Cx<'_, Seat>) {
    load(
        cx,
        move |seat| Ok((seat.desk()?.entry(seq)?, seat.words()?)),
        |_: &mut Journal, result, cx| match result {
            Ok((entry, words)) => {
                let title = tr!("tui-journal-entry", seq = entry.line.seq);
                // What goes to the clipboard is what one compares with another store.
                let copy = format!(
                    "{}\nid {}\nchain {}\neff {}\nkey {}",
                    entry.line.seq, entry.id, entry.chain, entry.eff, entry.key
                );
                cx.push(Report::new(title, copy, move |styles| {
                    paragraphs(&entry, &words, styles)
                }));
            }
            Err(said) => cx.push(Notice::refused(said)),
        },
    );
}

fn paragraphs(entry: &EntryView, words: &Arc<Words>, styles: &Styles) -> Vec<Paragraph> {
    let line = &entry.line;
    let mut out = vec![
        labelled(
            &tr!("tui-column-kind"),
            format!("{} ({})", reading::kind(&line.kind), line.kind),
            styles,
        ),
        labelled(&tr!("tui-column-time"), locale::instant(line.at), styles),
        labelled(
            &tr!("tui-column-actor"),
            format!("{} ({})", words.person(&line.actor), line.actor),
            styles,
        ),
    ];
    out.push(match &line.verdict {
        Some(rule) => Paragraph::new(tr!("tui-entry-void", rule = rule.as_str()), styles.error),
        None => Paragraph::new(tr!("tui-entry-in-force"), styles.success),
    });
    if let Some(item) = &entry.item {
        out.push(labelled(&tr!("tui-entry-item"), item.clone(), styles));
    }
    let detail = reading::detail(line, words, None);
    if !detail.is_empty() {
        out.push(labelled(&tr!("tui-column-detail"), detail, styles));
    }
    if let Some(note) = &line.note {
        out.push(Paragraph::new(tr!("tui-entry-note"), styles.head));
        out.extend(note.split('\n').map(|p| Paragraph {
            indent: 2,
            ..Paragraph::new(p, styles.text)
        }));
    }
    if !entry.args.is_empty() {
        out.push(Paragraph::new(tr!("tui-entry-args"), styles.head));
        for (name, value) in &entry.args {
            let mut one = labelled(name, value.clone(), styles);
            one.indent = 2;
            out.push(one);
        }
    }
    if !entry.bodies.is_empty() {
        out.push(Paragraph::new(tr!("tui-entry-bodies"), styles.head));
        for body in &entry.bodies {
            let (state, style) = if body.here {
                (tr!("tui-body-here"), styles.text)
            } else {
                (tr!("tui-body-gone"), styles.warning)
            };
            let text = tr!(
                "tui-body-line",
                role = locale::word("body-role", &body.role),
                len = body.len,
                state = state,
                id = body.id.to_string()
            );
            out.push(Paragraph {
                indent: 2,
                ..Paragraph::new(text, style)
            });
        }
    }
    out.push(Paragraph::new(tr!("tui-entry-proof"), styles.head));
    let mut proof = vec![
        ("id", entry.id.to_string()),
        ("chain", entry.chain.to_string()),
        ("eff", entry.eff.to_string()),
        ("key", entry.key.to_string()),
    ];
    proof.push((
        "dseq / seen / base / rules",
        format!(
            "{} / {} / {} / {}",
            entry.dseq,
            entry.seen,
            entry.base.map_or_else(|| "-".to_owned(), |b| b.to_string()),
            entry.rules
        ),
    ));
    for (name, value) in proof {
        let mut one = labelled(name, value, styles);
        one.indent = 2;
        out.push(one);
    }
    out.push(labelled(
        &tr!("tui-entry-signed"),
        locale::instant(entry.signed_at),
        styles,
    ));
    out
}
