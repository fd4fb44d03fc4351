//! `export`: publication log, audit trail, journal.
#![allow(missing_docs)]

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::context::{Context, code};
use super::{Done, out, times};
use crate::desk::exit;
use crate::report::Format;
use crate::store::query::log::LogFilter;

#[derive(Args, Debug)]
pub struct Export {
    #[command(subcommand)]
    pub what: What,
}

#[derive(Subcommand, Debug)]
pub enum What {
    Publications(Publications),
    Audit(Plain),
    Journal(Journal),
}

#[derive(Args, Debug)]
pub struct Publications {
    pub file: PathBuf,
    #[arg(long, default_value = "csv")]
    pub format: String,
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    #[arg(long, value_name = "TIME")]
    pub to: Option<String>,
    #[arg(long)]
    pub site: Option<String>,
    #[arg(long)]
    pub force: bool,
}

#[derive(Args, Debug)]
pub struct Plain {
    pub file: PathBuf,
    #[arg(long, default_value = "csv")]
    pub format: String,
    #[arg(long)]
    pub force: bool,
}

#[derive(Args, Debug)]
pub struct Journal {
    pub file: PathBuf,
    #[arg(long)]
    pub bodies: bool,
    #[arg(long)]
    pub force: bool,
}

fn format(text: &str) -> Result<Format, crate::desk::DeskError> {
    code(text, |t| match t {
        "csv" => Some(Format::Csv),
        "jsonl" => Some(Format::JsonLines),
        _ => None,
    })
}

pub fn export(cx: &mut Context, a: &Export) -> Done {
    let mut desk = cx.desk()?;
    let now = desk.moment()?;
    let bar = out::progress(0);
    let mut tell = |n| {
        bar.set_position(n);
        true
    };
    let (path, written) = match &a.what {
        What::Publications(p) => {
            let filter = LogFilter {
                from: p
                    .from
                    .as_deref()
                    .map(|t| times::instant(t, now))
                    .transpose()?,
                to: p
                    .to
                    .as_deref()
                    .map(|t| times::instant(t, now))
                    .transpose()?,
                site: p.site.clone(),
                ..LogFilter::default()
            };
            (
                &p.file,
                desk.export_publications(&p.file, format(&p.format)?, &filter, p.force, &mut tell)?,
            )
        }
        What::Audit(p) => (
            &p.file,
            desk.export_audit(&p.file, format(&p.format)?, p.force, &mut tell)?,
        ),
        What::Journal(p) => (
            &p.file,
            desk.export_journal(&p.file, p.bodies, p.force, &mut tell)?,
        ),
    };
    bar.finish_and_clear();
    out::result(
        cx.json(),
        json!({"file": path, "rows": written.rows, "bytes": written.bytes, "sha256": written.sha256}),
        &crate::tr!(
            "cli-exported",
            path = path.display().to_string(),
            rows = written.rows.to_string(),
            sha256 = written.sha256.clone()
        ),
    );
    Ok(exit::DONE)
}
