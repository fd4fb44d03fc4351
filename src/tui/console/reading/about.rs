//! What an item is: marks, steps, fields.

use super::life::{self, Life};
use crate::desk::view::ItemView;
use crate::desk::{Content, Fields};
use crate::locale;
use crate::store::local::Liveness;
use crate::tr;
use crate::tui::console::kit::{labelled, when};
use crate::tui::console::seat::Words;
use crate::tui::draw::Piece;
use crate::tui::theme::Styles;
use crate::tui::widgets::Paragraph;

/// A paragraph of several pieces.
pub(super) fn line(pieces: Vec<Piece>) -> Paragraph {
    Paragraph { pieces, indent: 0 }
}

/// What is special about an item now: marks and who is writing.
pub fn notices(view: &ItemView, words: &Words, styles: &Styles) -> Vec<Paragraph> {
    let mut out = Vec::new();
    let mut warn = |text: String| out.push(Paragraph::new(format!("! {text}"), styles.warning));
    if view.closed {
        warn(tr!("tui-item-closed"));
    }
    if view.held {
        warn(tr!("tui-item-held"));
    }
    if view.line.escalated {
        warn(tr!("tui-item-escalated"));
    }
    if view.purged {
        warn(tr!("error-purged"));
    }
    if let Some(claim) = &view.claim {
        let name = words.person(&claim.person);
        let how = match claim.liveness {
            Liveness::Active => tr!("tui-claim-active"),
            Liveness::Idle => tr!("tui-claim-idle"),
            Liveness::Dead => tr!("tui-claim-dead"),
        };
        if claim.here {
            warn(tr!("tui-claim-here"));
        } else if claim.mine {
            warn(tr!("tui-claim-mine", how = how));
        } else {
            warn(tr!("tui-claim-other", name = name, how = how));
        }
    }
    if !view.content.shape.lacks.is_empty() && view.line.state.editable() {
        let list: Vec<String> = view
            .content
            .shape
            .lacks
            .iter()
            .map(|code| locale::word("field", code))
            .collect();
        warn(tr!("tui-item-lacks", fields = list.join(" ")));
    }
    out
}

/// The steps of the route and who has passed them.
pub fn steps(view: &ItemView, words: &Words, styles: &Styles) -> Vec<Paragraph> {
    view.steps
        .iter()
        .map(|step| {
            let name = locale::word("step", &step.name);
            let role = locale::word("role", step.role.code());
            let who: Vec<&str> = step.passed_by.iter().map(|p| words.person(p)).collect();
            let passed = who.len() >= usize::from(step.needed);
            let (mark, style) = match (passed, step.waiting) {
                (true, _) => ("✓", styles.success),
                (false, true) => (">", styles.warning),
                (false, false) => (" ", styles.muted),
            };
            let state = if passed {
                who.join(" ")
            } else if step.waiting && step.needed > 1 {
                tr!(
                    "tui-step-waiting-of",
                    passed = who.len(),
                    needed = step.needed
                )
            } else if step.waiting {
                tr!("tui-step-waiting")
            } else {
                String::new()
            };
            line(vec![
                Piece::new(format!("{mark} {name}"), style),
                Piece::new(format!(" ({role})  "), styles.muted),
                Piece::new(state, styles.text),
            ])
        })
        .collect()
}

/// Everything about an item but its text.
pub fn overview(
    view: &ItemView,
    life: &Life,
    words: &Words,
    styles: &Styles,
    now: i64,
) -> Vec<Paragraph> {
    let mut out = notices(view, words, styles);
    let add = |out: &mut Vec<Paragraph>, label: String, value: String| {
        if !value.is_empty() {
            out.push(labelled(&label, value, styles));
        }
    };
    let state = locale::word("state", view.line.state.code());
    let stage = words.stage(&view.line);
    add(
        &mut out,
        tr!("tui-column-stage"),
        if stage == state {
            state
        } else {
            format!("{state}  {stage}")
        },
    );
    add(&mut out, tr!("tui-label-revision"), {
        let r = view.line.revision.to_string();
        match view.live_revision {
            Some(live) => tr!("tui-revision-live", now = r, live = live.to_string()),
            None => r,
        }
    });
    if let Some(at) = view.line.live_at {
        add(&mut out, tr!("tui-label-live-at"), when(at, now));
    }
    if let Some(at) = view.line.due {
        add(&mut out, tr!("tui-label-publish-at"), locale::instant(at));
    }
    if let Some(at) = view.line.expire {
        add(&mut out, tr!("tui-label-expire-at"), locale::instant(at));
    }
    let people: Vec<&str> = view.contributors.iter().map(|p| words.person(p)).collect();
    add(&mut out, tr!("tui-label-contributors"), people.join(" "));
    if let Some(person) = &view.submitter {
        add(
            &mut out,
            tr!("tui-label-submitter"),
            words.person(person).to_owned(),
        );
    }
    if let Some(bundle) = &view.bundle {
        add(&mut out, tr!("tui-label-bundle"), bundle.clone());
    }
    // What has gone live has no run any more; its record is in the history.
    if !view.line.state.is_live() {
        out.push(Paragraph::new("", styles.text));
        out.push(Paragraph::new(tr!("tui-label-route"), styles.head));
        out.extend(steps(view, words, styles));
    }
    out.extend(life::life(life, words, styles, now));
    out.push(Paragraph::new("", styles.text));
    out.push(Paragraph::new(tr!("tui-label-fields"), styles.head));
    out.extend(fields(&view.content, words, styles));
    out
}

/// The fields of a content that have a value.
pub fn fields(content: &Content, words: &Words, styles: &Styles) -> Vec<Paragraph> {
    let mut out = Vec::new();
    let shape = &content.shape;
    let mut add = |label: String, value: String| {
        if !value.is_empty() {
            out.push(labelled(&label, value, styles));
        }
    };
    let columns: Vec<String> = shape.columns.iter().map(|c| words.place(c)).collect();
    add(locale::word("field", "columns"), columns.join(", "));
    for code in Fields::CODES {
        let value = content.fields.get(code).unwrap_or_default().to_owned();
        add(locale::word("field", code), value);
    }
    if let Some(d) = shape.disclosure {
        add(
            locale::word("field", "disclosure"),
            locale::word("disclosure", d.code()),
        );
    }
    add(
        locale::word("field", "urgency"),
        locale::word("urgency", shape.urgency.code()),
    );
    add(
        locale::word("field", "origin"),
        locale::word("origin", shape.origin.code()),
    );
    if let Some(p) = &shape.provider {
        add(
            locale::word("field", "provider"),
            words.bureau(p).to_owned(),
        );
    }
    if let Some(at) = shape.go_live {
        add(tr!("tui-label-wanted"), locale::instant(at));
    }
    out
}
