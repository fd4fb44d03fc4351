//! `import`: files, folders and archives become drafts; one bad file stops none of the others.
#![allow(missing_docs)]

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::context::Context;
use super::{Done, out};
use crate::desk::intake::{How, Taken};
use crate::desk::{DeskError, exit};
use crate::intake::{
    AttachmentKind, Batch, Changes, FileReport, IntakeNote, Manuscript, Place, Standing, Tally,
};
use crate::locale;
use crate::store::StoreError;
use crate::tr;

#[derive(Args, Debug)]
pub struct Import {
    #[arg(required = true, value_name = "PATH")]
    pub files: Vec<PathBuf>,
    #[arg(long, visible_alias = "column", required_unless_present = "dry_run")]
    pub into: Option<String>,
    #[arg(long)]
    pub disclosure: Option<String>,
    #[arg(long, value_name = "BUREAU")]
    pub provider: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub reviewed_by: Option<String>,
    #[arg(long, value_enum, default_value = "notes")]
    pub changes: TrackedChanges,
    #[arg(long)]
    pub skip_duplicates: bool,
    #[arg(long)]
    pub dry_run: bool,
}

/// What to do with changes that stand open in a file.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum TrackedChanges {
    Notes,
    Accept,
    Refuse,
}

impl From<TrackedChanges> for Changes {
    fn from(choice: TrackedChanges) -> Changes {
        match choice {
            TrackedChanges::Notes => Changes::Notes,
            TrackedChanges::Accept => Changes::Accept,
            TrackedChanges::Refuse => Changes::Refuse,
        }
    }
}

pub fn import(cx: &mut Context, a: &Import) -> Done {
    let mut desk = match (&a.into, a.dry_run) {
        // Reading files asks for nobody's passphrase.
        (None, true) => None,
        _ => Some(cx.desk()?),
    };
    let disclosure = a
        .disclosure
        .as_deref()
        .map(|d| super::context::code(d, crate::rules::clearance::Disclosure::parse))
        .transpose()?;
    let how = How {
        column: a.into.clone().unwrap_or_default(),
        disclosure,
        provider: a.provider.clone(),
        reviewed_by: a.reviewed_by.clone().unwrap_or_default(),
        dry_run: a.dry_run,
        skip_alike: a.skip_duplicates,
    };
    // Told to stop, it ends between two files; what was written stays, and is in the report.
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&stop)).map_err(|source| {
            DeskError::Store(StoreError::Io {
                path: PathBuf::from("signal"),
                source,
            })
        })?;
    }
    let mut batch = Batch::new(&a.files, a.changes.into());
    let bar = out::progress(a.files.len() as u64);
    let mut tally = Tally::default();
    let (mut drafts, mut refused) = (0_u64, false);
    while !stop.load(Ordering::Relaxed) {
        let Some(file) = batch.next() else { break };
        let (done, known) = batch.progress();
        bar.set_length(known as u64);
        let taken = match &mut desk {
            Some(desk) => desk.take_in(&file, &how)?,
            None => Vec::new(),
        };
        let standing = standing(&file, &taken);
        tally.add(standing);
        refused |= standing == Standing::Refused;
        drafts += taken
            .iter()
            .filter(|t| matches!(t.made, Ok(Some(_))))
            .count() as u64;
        bar.suspend(|| {
            if cx.json() {
                print_json(&file, &taken, standing);
            } else {
                print_text(&file, &taken, standing);
            }
        });
        bar.set_position(done as u64);
    }
    bar.finish_and_clear();
    let stopped = stop.load(Ordering::Relaxed);
    out::result(
        cx.json(),
        json!({"summary": {"taken": tally.taken, "attention": tally.attention, "refused": tally.refused, "drafts": drafts, "stopped": stopped}}),
        &tr!(
            "cli-import-summary",
            taken = tally.taken.to_string(),
            attention = tally.attention.to_string(),
            refused = tally.refused.to_string(),
            drafts = drafts.to_string()
        ),
    );
    if stopped {
        out::note(&tr!("cli-import-stopped"));
    }
    Ok(if refused || stopped {
        exit::FAILURE
    } else {
        exit::DONE
    })
}

/// A file whose every manuscript the desk refused is refused too.
fn standing(file: &FileReport, taken: &[Taken]) -> Standing {
    let failed = taken.iter().filter(|t| t.made.is_err()).count();
    if !taken.is_empty() && failed == taken.len() {
        Standing::Refused
    } else if failed > 0 || taken.iter().any(Taken::needs_attention) {
        Standing::NeedsAttention
    } else {
        file.standing()
    }
}

fn print_json(file: &FileReport, taken: &[Taken], standing: Standing) {
    let name = &file.name;
    match &file.outcome {
        Err(error) => out::object(
            &json!({"ok": false, "file": name, "standing": standing.code(), "error": error.code(), "message": error.message()}),
        ),
        Ok(manuscripts) => {
            for (n, one) in manuscripts.iter().enumerate() {
                let taken = taken.get(n);
                let made = taken.and_then(|t| t.made.as_ref().ok()?.as_ref());
                let failed = taken.and_then(|t| t.made.as_ref().err());
                let mut value = manuscript_json(one);
                value["ok"] = json!(failed.is_none());
                value["file"] = json!(name);
                value["standing"] = json!(standing.code());
                value["item"] = json!(made.map(|m| &m.id));
                value["number"] = json!(made.map(|m| &m.number));
                value["twin"] = json!(file.twin);
                if let Some(taken) = taken {
                    value["alike"] = taken
                        .alike
                        .iter()
                        .map(|a| json!({"number": a.number, "title": a.title}))
                        .collect();
                }
                if let Some(error) = failed {
                    value["error"] = json!(error.code());
                    value["message"] = json!(error.message());
                }
                notes_json(&mut value, &one.notes);
                out::object(&value);
            }
        }
    }
}

/// Everything that was read, as it was read: what the file does not say is null.
fn manuscript_json(one: &Manuscript) -> Value {
    let f = &one.fields;
    json!({
        "title": one.title, "doc_number": f.doc_number, "written_on": f.written_on.map(|d| d.to_string()),
        "issuer": f.issuer, "addressee": f.addressee, "signature": f.signature, "source": f.source,
        "published_on_page": f.published_on_page.map(|d| d.to_string()), "index_number": f.index_number,
        "topic": f.topic, "validity": f.validity, "source_url": f.source_url, "reprint": one.reprint,
        "format": one.source_format.code(), "encoding": one.encoding.code(), "text": one.body,
        "attachments": one.attachments.iter().map(|a| json!({
            "name": a.name, "url": a.url, "alt": a.alt, "image": a.kind == AttachmentKind::Image,
            "bytes": a.bytes.as_ref().map(Vec::len),
        })).collect::<Vec<_>>(),
    })
}

fn notes_json(value: &mut Value, notes: &[IntakeNote]) {
    value["notes"] = notes.iter().map(IntakeNote::message).collect();
    value["asides"] = notes
        .iter()
        .filter_map(|note| match note {
            IntakeNote::Aside(aside) => {
                Some(json!({"place": aside.place.code(), "who": aside.who, "text": aside.text}))
            }
            _ => None,
        })
        .collect();
}

fn print_text(file: &FileReport, taken: &[Taken], standing: Standing) {
    out::line(&format!(
        "{}  {}",
        standing.message(),
        out::safe(&file.name)
    ));
    match &file.outcome {
        Err(error) => out::line(&format!(
            "  {} [{}]",
            out::safe(&error.message()),
            error.code()
        )),
        Ok(manuscripts) if taken.is_empty() => {
            for one in manuscripts {
                print_one(
                    None,
                    &one.title,
                    one.fields.doc_number.as_deref().unwrap_or_default(),
                );
                print_fields(one);
                print_notes(&one.notes);
            }
        }
        Ok(manuscripts) => {
            for (one, read) in taken.iter().zip(manuscripts) {
                let made = one.made.as_ref().ok().and_then(Option::as_ref);
                let fields = &one.content.fields;
                print_one(
                    made.map(|m| m.number.as_str()),
                    &fields.title,
                    &fields.doc_number,
                );
                print_fields(read);
                if let Err(error) = &one.made {
                    let message = error.message();
                    out::line(&format!("    {} [{}]", out::safe(&message), error.code()));
                }
                for alike in &one.alike {
                    let text = tr!(
                        "cli-import-alike",
                        number = alike.number.clone(),
                        title = alike.title.clone()
                    );
                    out::line(&format!("    {}", out::safe(&text)));
                }
                print_notes(&one.notes);
            }
        }
    }
    if let Some(twin) = &file.twin {
        let text = tr!("cli-import-twin", file = twin.clone());
        out::line(&format!("    {}", out::safe(&text)));
    }
}

fn print_one(number: Option<&str>, title: &str, doc_number: &str) {
    let line = format!("  {}  {title}  {doc_number}", number.unwrap_or("-"));
    out::line(out::safe(&line).trim_end());
}

/// What else the file says about its text, on one line.
fn print_fields(one: &Manuscript) {
    let f = &one.fields;
    let date = f.written_on.map(|d| d.to_string());
    let all = [
        ("written-on", date.as_deref()),
        ("addressee", f.addressee.as_deref()),
        ("signature", f.signature.as_deref()),
        ("source", f.source.as_deref()),
    ];
    let line: Vec<String> = all
        .into_iter()
        .filter_map(|(code, value)| Some(tr!("cli-import-field", name = locale::word("intake-field", code), value = value?)))
        .collect();
    if !line.is_empty() {
        out::line(&format!("    {}", out::safe(&line.join("  "))));
    }
}

/// What calls for a person; properties are in nearly every file and stand in the JSON only.
fn print_notes(notes: &[IntakeNote]) {
    for note in notes {
        let quiet = matches!(note, IntakeNote::Aside(a) if a.place == Place::Property && !a.needs_attention());
        if !quiet {
            out::line(&format!("    {}", out::safe(&note.message())));
        }
    }
}
