//! `item`: what screening finds, and what may stay.

use clap::{Args, Subcommand};
use serde_json::json;

use super::acts::simple;
use crate::cli::context::Context;
use crate::cli::{Done, out, times};
use crate::desk::{Desk, DeskError, Note, exit};
use crate::locale;
use crate::screening::{Place, why};

#[derive(Subcommand, Debug)]
pub enum Found {
    Findings(super::One),
    Waive(Waive),
    Unwaive(Unwaive),
}

#[derive(Args, Debug)]
pub struct Waive {
    pub item: String,
    /// The words found, or the number of the finding.
    pub finding: String,
    #[arg(long)]
    pub reason: String,
}

#[derive(Args, Debug)]
pub struct Unwaive {
    pub item: String,
    pub waiver: u64,
    #[arg(long)]
    pub reason: String,
}

pub(super) fn found(cx: &Context, desk: &mut Desk, verb: Found) -> Done {
    match verb {
        Found::Findings(a) => findings(cx, desk, &a.item),
        Found::Waive(a) => {
            let views = desk.findings(&a.item)?;
            let by_number = a
                .finding
                .parse::<usize>()
                .ok()
                .and_then(|n| views.get(n.checked_sub(1)?));
            let finding = by_number
                .or_else(|| views.iter().find(|v| v.finding.evidence == a.finding))
                .map(|v| v.finding.clone())
                .ok_or_else(|| DeskError::Usage {
                    key: "error-finding",
                    about: a.finding.clone(),
                })?;
            simple(cx, desk, &a.item, |d, id| {
                Ok(d.waive(id, &finding, &Note::of(&a.reason))?.seq)
            })
        }
        Found::Unwaive(a) => simple(cx, desk, &a.item, |d, id| {
            Ok(d.unwaive(id, a.waiver, &Note::of(&a.reason))?.seq)
        }),
    }
}

/// Where a finding lies, in words.
pub(crate) fn place(place: &Place) -> String {
    match place {
        Place::Body => crate::tr!("place-body"),
        Place::Field { code } => locale::word("field", code),
        Place::AttachmentName { index } => {
            crate::tr!("place-attachment", n = (index + 1).to_string())
        }
        Place::AttachmentText { index, part } => crate::tr!(
            "place-attachment-part",
            n = (index + 1).to_string(),
            part = part.clone()
        ),
        Place::Item => crate::tr!("place-item"),
    }
}

fn findings(cx: &Context, desk: &mut Desk, item: &str) -> Done {
    let names = desk.person_names()?;
    let mut rows = Vec::new();
    for (n, view) in desk.findings(item)?.into_iter().enumerate() {
        let f = view.finding;
        if cx.json() {
            out::object(&json!({
                "n": n + 1, "place": f.place, "start": f.hit.range.start, "end": f.hit.range.end,
                "class": f.hit.class.code(), "severity": f.hit.severity.code(), "evidence": f.evidence,
                "suggestion": f.hit.suggestion, "why": why(&f.hit), "ground": f.ground,
                "waiver": view.waiver.as_ref().map(|w| w.seq), "waived_by": view.waiver.as_ref().map(|w| &w.person),
                "waived_at": view.waiver.as_ref().map(|w| times::rfc3339(w.at)),
            }));
            continue;
        }
        rows.push(vec![
            (n + 1).to_string(),
            locale::word("screening-severity", f.hit.severity.code()),
            locale::word("screening-class", f.hit.class.code()),
            place(&f.place),
            out::safe(&f.evidence.replace('\n', " ")),
            out::safe(&why(&f.hit)),
            view.waiver.map_or_else(String::new, |w| {
                let by = names.get(&w.person).cloned().unwrap_or(w.person);
                crate::tr!("cli-waived", person = by, n = w.seq.to_string())
            }),
        ]);
    }
    out::table(&rows);
    Ok(exit::DONE)
}
