//! `import`: files become drafts; one bad file stops none of the others.
#![allow(missing_docs)]

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::context::{Context, read_input};
use super::{Done, out};
use crate::desk::{Content, content, exit};
use crate::intake;

#[derive(Args, Debug)]
pub struct Import {
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    #[arg(long)]
    pub column: String,
    #[arg(long)]
    pub disclosure: Option<String>,
    #[arg(long, value_name = "BUREAU")]
    pub provider: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub reviewed_by: Option<String>,
    #[arg(long)]
    pub dry_run: bool,
}

pub fn import(cx: &mut Context, a: &Import) -> Done {
    let mut desk = cx.desk()?;
    let org = desk.org()?;
    let column = org
        .find_column(&a.column)
        .map_or_else(|| a.column.clone(), |c| c.id.clone());
    let me = org.persons.get(desk.person()).cloned();
    let disclosure = a
        .disclosure
        .as_deref()
        .map(|d| super::context::code(d, crate::rules::clearance::Disclosure::parse))
        .transpose()?;
    let mut status = exit::DONE;
    let bar = out::progress(a.files.len() as u64);
    for path in &a.files {
        let name = path
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        let read = match read_input(path) {
            Ok(bytes) => {
                intake::read(&name, &bytes).map_err(|e| (e.code().to_owned(), e.message()))
            }
            Err(error) => Err((error.code().to_owned(), error.message())),
        };
        let manuscripts = match read {
            Ok(list) => list,
            Err((code, message)) => {
                status = exit::FAILURE;
                out::note(&format!(
                    "{}: {} [{code}]",
                    path.display(),
                    out::safe(&message)
                ));
                if cx.json() {
                    out::object(
                        &json!({"ok": false, "file": path, "error": code, "message": message}),
                    );
                }
                bar.inc(1);
                continue;
            }
        };
        for manuscript in manuscripts {
            let notes: Vec<String> = manuscript
                .notes
                .iter()
                .map(intake::IntakeNote::message)
                .collect();
            let mut new: Content = content::from_manuscript(&manuscript, &column);
            new.shape.disclosure = disclosure;
            new.shape.provider = a
                .provider
                .clone()
                .or_else(|| me.as_ref().map(|p| p.bureau.clone()));
            new.fields.provider_person = me.as_ref().map_or_else(String::new, |p| p.login.clone());
            new.fields.provider_reviewer = a.reviewed_by.clone().unwrap_or_default();
            let made = if a.dry_run {
                None
            } else {
                Some(desk.create(new.clone())?)
            };
            let number = made.as_ref().map(|m| m.number.clone());
            let text = format!(
                "{}  {}  {}",
                number.clone().unwrap_or_else(|| "-".to_owned()),
                out::safe(&new.fields.title),
                out::safe(&new.fields.doc_number)
            );
            out::result(
                cx.json(),
                json!({"file": path, "item": made.as_ref().map(|m| &m.id), "number": number, "title": new.fields.title, "doc_number": new.fields.doc_number, "written_on": new.fields.written_on, "notes": notes}),
                &text,
            );
            for note in &notes {
                out::note(&format!("  {}", out::safe(note)));
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(status)
}
