//! `export`: publication log, audit trail, custody, reviews, forms, journal; and the check of one.
#![allow(missing_docs)]

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;

use super::context::{Context, code};
use super::{Done, out, times};
use crate::desk::{Desk, DeskError, exit};
use crate::report::certificate::{self, Checked};
use crate::report::form::{ApprovalForm, ReviewForm};
use crate::report::{Format, ReportError};
use crate::store::StoreError;
use crate::store::query::log::LogFilter;
use crate::tr;

#[derive(Args, Debug)]
pub struct Export {
    #[command(subcommand)]
    pub what: What,
}

#[derive(Subcommand, Debug)]
pub enum What {
    Publications(Publications),
    Audit(Plain),
    Custody(Custody),
    Reviews(Reviews),
    Forms(Forms),
    Journal(Journal),
    Verify(Verify),
}

#[derive(Args, Debug)]
pub struct Publications {
    pub file: PathBuf,
    #[arg(long)]
    pub format: Option<String>,
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    #[arg(long, value_name = "TIME")]
    pub to: Option<String>,
    #[arg(long)]
    pub site: Option<String>,
    #[arg(long)]
    pub column: Option<String>,
    #[arg(long)]
    pub event: Option<String>,
    #[arg(long, value_name = "LOGIN")]
    pub hand: Option<String>,
    #[arg(long)]
    pub force: bool,
}

#[derive(Args, Debug)]
pub struct Plain {
    pub file: PathBuf,
    #[arg(long)]
    pub format: Option<String>,
    #[arg(long)]
    pub force: bool,
}

#[derive(Args, Debug)]
pub struct Custody {
    pub item: String,
    pub file: PathBuf,
    #[arg(long)]
    pub format: Option<String>,
    #[arg(long)]
    pub force: bool,
}

#[derive(Args, Debug)]
pub struct Reviews {
    pub file: PathBuf,
    #[arg(long, value_name = "YYYY-MM")]
    pub month: String,
    #[arg(long)]
    pub format: Option<String>,
    #[arg(long)]
    pub force: bool,
}

#[derive(Args, Debug)]
pub struct Forms {
    pub file: PathBuf,
    #[arg(required = true)]
    pub items: Vec<String>,
    #[arg(long)]
    pub approval: bool,
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

#[derive(Args, Debug)]
pub struct Verify {
    pub file: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub certificate: Option<PathBuf>,
    #[arg(id = "pin", long = "key", value_name = "FILE")]
    pub pin: Option<PathBuf>,
}

/// As told, or by the ending of the file's name.
fn format(told: Option<&str>, file: &Path) -> Result<Format, DeskError> {
    match told {
        Some(text) => code(text, Format::parse),
        None => Ok(file
            .extension()
            .and_then(|e| Format::parse(&e.to_string_lossy().to_ascii_lowercase()))
            .unwrap_or(Format::Csv)),
    }
}

pub fn export(cx: &mut Context, a: &Export) -> Done {
    if let What::Verify(a) = &a.what {
        return verify(cx, a);
    }
    let mut desk = cx.desk()?;
    if let What::Forms(a) = &a.what {
        return forms(cx, &mut desk, a);
    }
    let now = desk.moment()?;
    let bar = out::progress(0);
    let mut tell = |n| {
        bar.set_position(n);
        true
    };
    let (path, written) = match &a.what {
        What::Publications(p) => {
            let filter = filter(&mut desk, p, now)?;
            let format = format(p.format.as_deref(), &p.file)?;
            let written = desk.export_publications(&p.file, format, &filter, p.force, &mut tell)?;
            (&p.file, written)
        }
        What::Audit(p) => {
            let format = format(p.format.as_deref(), &p.file)?;
            (
                &p.file,
                desk.export_audit(&p.file, format, p.force, &mut tell)?,
            )
        }
        What::Custody(p) => {
            let format = format(p.format.as_deref(), &p.file)?;
            let written = desk.export_custody(&p.file, format, &p.item, p.force, &mut tell)?;
            (&p.file, written)
        }
        What::Reviews(p) => {
            let format = format(p.format.as_deref(), &p.file)?;
            let span = month(&p.month)?;
            (
                &p.file,
                desk.export_reviews(&p.file, format, span, p.force, &mut tell)?,
            )
        }
        What::Journal(p) => (
            &p.file,
            desk.export_journal(&p.file, p.bodies, p.force, &mut tell)?,
        ),
        // Seen to above.
        What::Verify(_) | What::Forms(_) => return Ok(exit::DONE),
    };
    bar.finish_and_clear();
    out::result(
        cx.json(),
        json!({
            "file": path,
            "rows": written.rows,
            "bytes": written.bytes,
            "sha256": written.sha256,
            "seq": written.seq,
            "certificate": written.certificate,
        }),
        &tr!(
            "cli-exported",
            path = path.display().to_string(),
            rows = written.rows.to_string(),
            sha256 = written.sha256.clone()
        ),
    );
    Ok(exit::DONE)
}

fn filter(desk: &mut Desk, p: &Publications, now: i64) -> Result<LogFilter, DeskError> {
    let time = |text: &Option<String>| text.as_deref().map(|t| times::instant(t, now)).transpose();
    let org = desk.org()?;
    let unknown = |name: &str| {
        DeskError::from(crate::rules::refusal::refuse(
            "org.unknown",
            &[("name", name.to_owned())],
        ))
    };
    let column = p
        .column
        .as_deref()
        .map(|name| {
            let found = org.find_column(name).ok_or_else(|| unknown(name))?;
            Ok::<_, DeskError>(found.id.clone())
        })
        .transpose()?;
    let person = p
        .hand
        .as_deref()
        .map(|name| {
            let found = org.find_person(name).ok_or_else(|| unknown(name))?;
            Ok::<_, DeskError>(found.id.clone())
        })
        .transpose()?;
    // A site that is not there would give an empty list, which looks like an answer.
    if let Some(site) = p.site.as_deref().filter(|s| !org.sites.contains_key(*s)) {
        return Err(unknown(site));
    }
    let event = p
        .event
        .as_deref()
        .map(|text| {
            code(text, |t| {
                ["publish", "correct", "withdraw", "expire"]
                    .contains(&t)
                    .then(|| t.to_owned())
            })
        })
        .transpose()?;
    Ok(LogFilter {
        from: time(&p.from)?,
        to: time(&p.to)?,
        site: p.site.clone(),
        column,
        event,
        person,
        ..LogFilter::default()
    })
}

/// First instant of a month and of the next, in the house's zone.
fn month(text: &str) -> Result<(i64, i64), DeskError> {
    let bad = || DeskError::Usage {
        key: "error-time",
        about: text.to_owned(),
    };
    let first: jiff::civil::Date = format!("{text}-01").parse().map_err(|_| bad())?;
    let next = first
        .checked_add(jiff::Span::new().months(1))
        .map_err(|_| bad())?;
    Ok((
        times::instant(&format!("{first}T00:00"), 0)?,
        times::instant(&format!("{next}T00:00"), 0)?,
    ))
}

fn forms(cx: &Context, desk: &mut Desk, a: &Forms) -> Done {
    let html = if a.approval {
        let forms = a
            .items
            .iter()
            .map(|item| desk.approval_form(item))
            .collect::<Result<Vec<_>, _>>()?;
        ApprovalForm::batch_to_html(&forms)
    } else {
        let forms = a
            .items
            .iter()
            .map(|item| desk.review_form(item))
            .collect::<Result<Vec<_>, _>>()?;
        ReviewForm::batch_to_html(&forms)
    }?;
    crate::report::export(&a.file, a.force, |out| {
        out.write_all(html.as_bytes()).map_err(ReportError::from)
    })?;
    let count = a.items.len().to_string();
    out::result(
        cx.json(),
        json!({"file": a.file, "forms": a.items.len()}),
        &tr!(
            "cli-forms",
            path = a.file.display().to_string(),
            count = count
        ),
    );
    Ok(exit::DONE)
}

/// Needs no store: the files alone, and a list of keys where the reader has one.
fn verify(cx: &Context, a: &Verify) -> Done {
    let keys = a
        .pin
        .as_deref()
        .map(super::publish::keys_of_file)
        .transpose()?
        .map(|pins| {
            pins.into_iter()
                .map(|pin| (pin.login, pin.key))
                .collect::<Vec<_>>()
        });
    let certificate = a
        .certificate
        .clone()
        .unwrap_or_else(|| certificate::beside(&a.file));
    let checked = certificate::check(&a.file, &certificate, keys.as_deref()).map_err(|source| {
        StoreError::Io {
            path: a.file.clone(),
            source,
        }
    })?;
    let good = checked.wrong.is_empty();
    if cx.json() {
        out::object(&json!({"ok": good, "checked": checked}));
    } else {
        tell(&checked);
    }
    Ok(if good { exit::DONE } else { exit::INTEGRITY })
}

fn tell(checked: &Checked) {
    for wrong in &checked.wrong {
        out::line(&crate::locale::by_id(
            &format!("report-wrong-{}", wrong.code()),
            &[],
        ));
    }
    let key = checked.key.map_or_else(String::new, |k| k.to_string());
    if let Some(cert) = checked
        .certificate
        .as_ref()
        .filter(|_| checked.wrong.is_empty())
    {
        out::line(&tr!(
            "report-verified",
            rows = cert.rows.to_string(),
            by = out::safe(&cert.by),
            seq = cert.seq.to_string(),
            checked = checked.rows_checked.to_string()
        ));
        if !checked.pinned {
            out::note(&tr!("report-unpinned", key = key));
        }
    }
}
