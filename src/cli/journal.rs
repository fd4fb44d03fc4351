//! `journal`: show, verify, checkpoint, rebuild, purge; and `backup`.
#![allow(missing_docs)]

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;

use super::context::Context;
use super::person::{answer, proposed};
use super::{Done, out};
use crate::desk::{DeskError, Note, exit};
use crate::store::checkpoint;
use crate::store::verify::{Against, Finding};

#[derive(Args, Debug)]
pub struct Journal {
    #[command(subcommand)]
    pub verb: Verb,
}

#[derive(Subcommand, Debug)]
pub enum Verb {
    Show(Show),
    Verify(Verify),
    Checkpoint(Checkpoint),
    Rebuild,
    Scrub,
    Purge(Purge),
}

#[derive(Args, Debug)]
pub struct Show {
    #[arg(long, default_value_t = 50)]
    pub limit: u32,
    #[arg(long, value_name = "SEQ")]
    pub before: Option<u64>,
}

#[derive(Args, Debug)]
pub struct Verify {
    #[arg(long, value_name = "DIR")]
    pub checkpoints: Option<PathBuf>,
    #[arg(long)]
    pub quick: bool,
}

#[derive(Args, Debug)]
pub struct Checkpoint {
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct Purge {
    #[arg(required_unless_present_any = ["confirm", "decline"])]
    pub item: Option<String>,
    #[arg(long = "revision", value_name = "N")]
    pub revisions: Vec<u32>,
    #[arg(long)]
    pub with_words: bool,
    #[arg(long, default_value = "")]
    pub reason: String,
    #[arg(long, value_name = "N")]
    pub confirm: Option<u64>,
    #[arg(long, value_name = "N")]
    pub decline: Option<u64>,
}

#[derive(Args, Debug)]
pub struct Backup {
    pub file: PathBuf,
}

pub fn journal(cx: &mut Context, a: Journal) -> Done {
    match a.verb {
        Verb::Show(a) => {
            let mut desk = cx.desk()?;
            let mut lines = desk.journal(a.before, a.limit.clamp(1, 10_000))?;
            lines.reverse();
            super::item::print_history(cx, &mut desk, &lines)
        }
        Verb::Verify(a) => verify(cx, &a),
        Verb::Checkpoint(a) => {
            let mut desk = cx.desk()?;
            if let Some(dir) = a.out {
                desk.set_checkpoint_dir(Some(dir));
            }
            let note = desk.checkpoint()?;
            out::result(cx.json(), json!({"checkpoint": note}), &note);
            Ok(exit::DONE)
        }
        Verb::Rebuild => rebuild(cx),
        Verb::Scrub => {
            cx.open(false)?.scrub()?;
            out::result(cx.json(), json!({}), &crate::tr!("cli-scrubbed"));
            Ok(exit::DONE)
        }
        Verb::Purge(a) => {
            let mut desk = cx.desk()?;
            if answer(cx, &mut desk, a.confirm, a.decline)? {
                return Ok(exit::DONE);
            }
            let receipt = desk.propose_purge(
                &a.item.unwrap_or_default(),
                a.revisions,
                a.with_words,
                &Note::of(&a.reason),
            )?;
            proposed(cx, &mut desk, receipt.seq)
        }
    }
}

/// Needs no login: whoever can read the file can check it.
fn verify(cx: &Context, a: &Verify) -> Done {
    let path = cx.store_path();
    // The WAL of another process can only be read through a writable connection.
    let store = cx.open(false).or_else(|_| cx.open(true))?;
    let dir = a
        .checkpoints
        .clone()
        .unwrap_or_else(|| checkpoint::default_dir(&path));
    let against = Against {
        notes: checkpoint::outside(&dir),
        skip_tables: a.quick,
    };
    let bar = out::progress(store.head()?.seq);
    let verdict = store.verify(&against, |n| {
        if n.is_multiple_of(256) {
            bar.set_position(n);
        }
        true
    })?;
    bar.finish_and_clear();
    match verdict {
        Ok(v) => {
            if v.scrub_pending {
                out::note(&crate::tr!("cli-scrub-pending"));
            }
            out::result(
                cx.json(),
                json!({"entries": v.entries, "void": v.void, "bodies": v.bodies, "purged": v.purged, "checkpoints": v.checkpoints, "scrub_pending": v.scrub_pending}),
                &crate::tr!(
                    "cli-verified",
                    entries = v.entries.to_string(),
                    bodies = v.bodies.to_string(),
                    purged = v.purged.to_string(),
                    checkpoints = v.checkpoints.to_string()
                ),
            );
            Ok(exit::DONE)
        }
        Err(finding) => Ok(broken(cx, &finding)),
    }
}

fn broken(cx: &Context, finding: &Finding) -> u8 {
    let text = finding.message();
    out::note(&text);
    if cx.json() {
        let place = json!({"what": finding.code(), "seq": finding.seq(), "where": finding.place()});
        out::object(
            &json!({"ok": false, "error": "journal.broken", "finding": place, "message": text}),
        );
    }
    exit::INTEGRITY
}

fn rebuild(cx: &Context) -> Done {
    let mut store = cx.open(false)?;
    // What is not a sound journal is not replayed: the first bad place is named instead.
    let quick = Against {
        skip_tables: true,
        ..Against::default()
    };
    if let Err(finding) = store.verify(&quick, |_| true)?
        && matches!(finding, Finding::Journal(_) | Finding::EntryId(_))
    {
        return Ok(broken(cx, &finding));
    }
    let total = store.head()?.seq;
    let bar = out::progress(total);
    let divergence = store.rebuild(|n| {
        if n.is_multiple_of(256) {
            bar.set_position(n);
        }
        true
    })?;
    bar.finish_and_clear();
    match divergence {
        None => {
            out::result(
                cx.json(),
                json!({"entries": total}),
                &crate::tr!("cli-rebuilt", entries = total.to_string()),
            );
            Ok(exit::DONE)
        }
        Some(divergence) => Ok(broken(cx, &Finding::Fold(divergence))),
    }
}

pub fn backup(cx: &mut Context, a: &Backup) -> Done {
    let store = cx.open(false).or_else(|_| cx.open(true))?;
    copy(cx, &store, &a.file)
}

fn copy(cx: &Context, store: &crate::store::Store, to: &Path) -> Done {
    let bar = out::progress(0);
    store
        .backup(to, |done, total| {
            bar.set_length(total);
            bar.set_position(done);
        })
        .map_err(DeskError::from)?;
    bar.finish_and_clear();
    out::result(
        cx.json(),
        json!({"file": to}),
        &crate::tr!("cli-written", path = to.display().to_string()),
    );
    Ok(exit::DONE)
}
