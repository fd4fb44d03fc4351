//! `item original`: the files an item was read from, and one of them taken out.
#![allow(missing_docs)]

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::cli::context::Context;
use crate::cli::{Done, out};
use crate::desk::{Desk, DeskError, exit};
use crate::tr;

#[derive(Args, Debug)]
pub struct Original {
    pub item: String,
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub nth: usize,
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    #[arg(long)]
    pub force: bool,
}

pub(super) fn original(cx: &Context, desk: &mut Desk, a: &Original) -> Done {
    let Some(path) = &a.out else {
        return list(cx, desk, &a.item);
    };
    let (about, bytes) = desk.take_original(&a.item, a.nth.saturating_sub(1))?;
    crate::report::export(path, a.force, |file| Ok(file.write_all(&bytes)?))
        .map_err(DeskError::from)?;
    out::result(
        cx.json(),
        json!({"file": path, "name": about.name, "sha256": about.sha256}),
        &tr!("cli-written", path = path.display().to_string()),
    );
    Ok(exit::DONE)
}

fn list(cx: &Context, desk: &mut Desk, item: &str) -> Done {
    for (n, kept) in desk.originals(item)?.iter().enumerate() {
        let about = kept.about.as_ref();
        if cx.json() {
            out::object(&json!({
                "n": n + 1, "seq": kept.seq, "at": kept.at, "purged": about.is_none(),
                "name": about.map(|a| &a.name), "sha256": about.map(|a| &a.sha256),
                "len": about.map(|a| a.len), "notes": about.map(|a| &a.notes),
            }));
            continue;
        }
        match about {
            Some(about) => {
                let line = format!("{}  {}  {}", n + 1, about.sha256, about.name);
                out::line(&out::safe(&line));
                for note in &about.notes {
                    out::line(&format!("    {}", out::safe(note)));
                }
            }
            None => out::line(&format!("{}  {}", n + 1, tr!("cli-original-purged"))),
        }
    }
    Ok(exit::DONE)
}
