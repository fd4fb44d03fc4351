//! `item inspect`, `item strip`, `item attach --strip`: what attachments carry, and clean copies.
#![allow(missing_docs)]

use clap::{Args, ValueEnum};
use serde_json::json;

use super::Attach;
use super::acts::report;
use crate::cli::context::{Context, read_input};
use crate::cli::{Done, out};
use crate::desk::intake_clean::Cleaned;
use crate::desk::{Desk, exit};
use crate::intake::{Inspection, Strip};
use crate::tr;

#[derive(Args, Debug)]
pub struct Look {
    pub item: String,
}

#[derive(Args, Debug)]
pub struct StripOne {
    pub item: String,
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub nth: usize,
    #[arg(long, value_enum, value_delimiter = ',', value_name = "WHAT")]
    pub also: Vec<Also>,
    #[arg(long)]
    pub dry_run: bool,
}

/// What goes besides the metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Also {
    Comments,
    Changes,
    Hidden,
}

fn strip_of(also: &[Also]) -> Strip {
    Strip {
        comments: also.contains(&Also::Comments),
        changes: also.contains(&Also::Changes),
        hidden: also.contains(&Also::Hidden),
    }
}

pub(super) fn inspect(cx: &Context, desk: &mut Desk, a: &Look) -> Done {
    for (n, (name, seen)) in desk.look_through(&a.item)?.iter().enumerate() {
        let Some(found) = seen else {
            if cx.json() {
                out::object(&json!({"n": n + 1, "name": name, "purged": true}));
            } else {
                out::line(&out::safe(&format!("{}  {name}  {}", n + 1, tr!("cli-original-purged"))));
            }
            continue;
        };
        if cx.json() {
            out::object(&object(n + 1, name, found));
        } else {
            tell(n + 1, name, found);
        }
    }
    Ok(exit::DONE)
}

fn object(n: usize, name: &str, found: &Inspection) -> serde_json::Value {
    json!({
        "n": n, "name": name, "kind": found.kind.code(), "size": found.size,
        "opens": found.opens.is_ok(), "error": found.opens.as_ref().err().map(crate::intake::IntakeError::code),
        "matches_extension": found.matches_extension, "encrypted": found.encrypted, "macros": found.macros,
        "text_read": found.text_read, "strippable": found.strippable,
        "properties": found.metadata.iter().map(|p| json!({"name": p.name, "value": p.value})).collect::<Vec<_>>(),
        "asides": found.asides.iter().map(|a| json!({"place": a.place.code(), "who": a.who, "text": a.text})).collect::<Vec<_>>(),
    })
}

fn tell(n: usize, name: &str, found: &Inspection) {
    out::line(&out::safe(&format!("{n}  {name}  {}", found.kind.code())));
    let mut lines = found.carried();
    if let Err(error) = &found.opens {
        lines.push(error.message());
    }
    if !found.text_read {
        lines.push(tr!("screening-why-metadata-unread"));
    }
    if found.macros {
        lines.push(tr!("cli-inspect-macros"));
    }
    if lines.is_empty() {
        lines.push(tr!("cli-inspect-nothing"));
    }
    for line in lines {
        out::line(&format!("    {}", out::safe(&line)));
    }
}

pub(super) fn strip(cx: &Context, desk: &mut Desk, a: &StripOne) -> Done {
    let id = desk.find(&a.item)?.facts.id;
    let (index, strip) = (a.nth.saturating_sub(1), strip_of(&a.also));
    if a.dry_run {
        let plan = desk.plan_clean(&id, index, strip)?;
        if cx.json() {
            out::object(&json!({"ok": true, "dry_run": true, "goes": plan.goes(), "stays": plan.stays()}));
        } else {
            told(&plan.goes(), &plan.stays());
        }
        return Ok(exit::DONE);
    }
    let cleaned = desk.clean_attachment(&id, index, strip)?;
    done(cx, desk, &id, &cleaned)
}

pub(super) fn attach(cx: &Context, desk: &mut Desk, a: Attach) -> Done {
    let id = desk.find(&a.item)?.facts.id;
    let bytes = read_input(&a.file)?;
    let own = a
        .file
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    let name = a.name.unwrap_or(own);
    if !a.strip {
        let saved = desk.attach(&id, &name, &a.alt, bytes)?;
        let more = json!({"revision": saved.revision});
        return report(cx, desk, &id, saved.seq, more);
    }
    let cleaned = desk.attach_clean(&id, &name, &a.alt, bytes, strip_of(&a.also))?;
    done(cx, desk, &id, &cleaned)
}

fn done(cx: &Context, desk: &mut Desk, id: &str, cleaned: &Cleaned) -> Done {
    let (goes, stays) = (cleaned.cleaning.goes(), cleaned.cleaning.stays());
    if !cx.json() {
        told(&goes, &stays);
    }
    let more = json!({"revision": cleaned.saved.revision, "goes": goes, "stays": stays});
    report(cx, desk, id, cleaned.saved.seq, more)
}

fn told(goes: &[String], stays: &[String]) {
    let nothing = tr!("cli-strip-nothing");
    for (head, lines) in [
        (tr!("cli-strip-goes"), goes),
        (tr!("cli-strip-stays"), stays),
    ] {
        out::line(&head);
        if lines.is_empty() {
            out::line(&format!("    {nothing}"));
        }
        for line in lines {
            out::line(&format!("    {}", out::safe(line)));
        }
    }
}
