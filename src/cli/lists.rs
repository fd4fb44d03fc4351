//! `lists`: the words, names and sources the board keeps.
#![allow(missing_docs)]

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::context::{Context, code};
use super::person::{answer, proposed};
use super::{Done, out, times};
use crate::desk::{DeskError, exit};
use crate::locale;
use crate::rules::act::{Dual, ListKind};

#[derive(Args, Debug)]
pub struct Lists {
    #[command(subcommand)]
    pub verb: Verb,
}

#[derive(Subcommand, Debug)]
pub enum Verb {
    Propose(Propose),
    Confirm(Answer),
    Decline(Answer),
    History,
    Show(Show),
}

#[derive(Args, Debug)]
pub struct Propose {
    #[arg(value_parser = ["terms", "roster", "sources"])]
    pub list: String,
    pub file: PathBuf,
}

#[derive(Args, Debug)]
pub struct Answer {
    pub proposal: u64,
}

#[derive(Args, Debug)]
pub struct Show {
    #[arg(value_parser = ["terms", "roster", "sources"])]
    pub list: String,
    #[arg(long, value_name = "N")]
    pub proposed: Option<u64>,
}

pub fn lists(cx: &mut Context, a: Lists) -> Done {
    let mut desk = cx.desk()?;
    match a.verb {
        Verb::Propose(a) => {
            let csv = read(&a.file)?;
            let receipt = desk.propose_list(code(&a.list, ListKind::parse)?, &csv)?;
            proposed(cx, &mut desk, receipt.seq)
        }
        Verb::Confirm(a) => {
            answer(cx, &mut desk, Some(a.proposal), None)?;
            Ok(exit::DONE)
        }
        Verb::Decline(a) => {
            answer(cx, &mut desk, None, Some(a.proposal))?;
            Ok(exit::DONE)
        }
        Verb::History => {
            let names = desk.person_names()?;
            let name = |id: &String| names.get(id).unwrap_or(id).clone();
            let mut rows = Vec::new();
            for list in desk.lists()? {
                if cx.json() {
                    out::object(&json!({
                        "list": list.kind.code(), "seq": list.seq, "rows": list.rows, "at": times::rfc3339(list.at),
                        "proposer": list.proposer, "confirmer": list.confirmer,
                    }));
                    continue;
                }
                rows.push(vec![
                    list.seq.to_string(),
                    locale::word("list", list.kind.code()),
                    list.rows.to_string(),
                    locale::instant(list.at),
                    name(&list.proposer),
                    name(&list.confirmer),
                ]);
            }
            for open in desk.proposals()? {
                let Dual::ListSet { list, rows: n } = &open.act else {
                    continue;
                };
                if cx.json() {
                    out::object(&json!({
                        "proposal": open.seq, "list": list.code(), "rows": n, "proposer": open.proposer,
                    }));
                    continue;
                }
                out::line(&crate::tr!(
                    "cli-open-proposal",
                    proposal = open.seq.to_string(),
                    about = format!("{} {n}", locale::word("list", list.code())),
                    proposer = name(&open.proposer)
                ));
            }
            out::table(&rows);
            Ok(exit::DONE)
        }
        Verb::Show(a) => {
            let kind = code(&a.list, ListKind::parse)?;
            let rows = match a.proposed {
                Some(proposal) => desk.proposed_list(proposal)?,
                None => match desk.lists()?.into_iter().find(|l| l.kind == kind) {
                    Some(list) => desk.list_rows(&list)?,
                    None => None,
                },
            };
            for line in rows.unwrap_or_default().lines() {
                out::line(&out::safe(line));
            }
            Ok(exit::DONE)
        }
    }
}

/// A list as text: UTF-8, or what offices still send, GB18030.
fn read(path: &std::path::Path) -> Result<String, DeskError> {
    let usage = |key, about: String| DeskError::Usage { key, about };
    let bytes =
        std::fs::read(path).map_err(|e| usage("error-file", format!("{}: {e}", path.display())))?;
    crate::desk::lists::decoded(bytes)
        .ok_or_else(|| usage("error-encoding", path.display().to_string()))
}
