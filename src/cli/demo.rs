//! `demo`: the sample province in the console, or its walkthrough in words.
#![allow(missing_docs)]

use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::context::{Context, code};
use super::{Done, open, out};
use crate::demo::{self, PASSPHRASE, Setup};
use crate::desk::{SystemClock, exit};
use crate::journal::{SealCost, Suite};
use crate::store::{OpenMode, StoreError};

#[derive(Args, Debug)]
pub struct Demo {
    #[arg(long)]
    pub walkthrough: bool,
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
    #[arg(long, default_value = "ed25519+sha256")]
    pub suite: String,
    #[arg(long)]
    pub no_console: bool,
}

pub fn demo(cx: &mut Context, a: &Demo) -> Done {
    let suite: Suite = code(&a.suite, |s| s.parse().ok())?;
    let dir = match &a.dir {
        Some(dir) => dir.clone(),
        None => fresh_dir()?,
    };
    if a.walkthrough {
        let json = cx.json();
        let left = demo::walkthrough(&dir, suite, &mut |line| {
            if json {
                out::object(&json!({"line": line}));
            } else {
                out::line(&out::safe(line));
            }
        })?;
        out::result(
            json,
            json!({"store": left.store, "pages": left.pages, "log": left.log}),
            &crate::tr!("cli-demo-left", dir = dir.display().to_string()),
        );
        return Ok(exit::DONE);
    }
    let path = dir.join("demo.qf");
    // A demo that was begun before is opened again as it was left.
    if !path.exists() {
        let bar = out::progress(60);
        let setup = Setup {
            suite,
            mode: OpenMode::default(),
            key_files: Some(SealCost::QUICK),
        };
        let mut province = demo::found(&path, setup, Box::new(SystemClock), &mut |done, _| {
            bar.set_position(done as u64);
        })?;
        let people = bar.position();
        demo::fill(&mut province, &mut |done, all| {
            bar.set_length(people + all as u64);
            bar.set_position(people + done as u64);
        })?;
        bar.finish_and_clear();
        // One item expires a moment after it went live; then the pages of all sites are written.
        std::thread::sleep(std::time::Duration::from_millis(1_600));
        demo::runner(&province, &dir.join("sites"))?.tick()?;
    }
    out::note(&crate::tr!(
        "cli-demo-keys",
        store = path.display().to_string(),
        passphrase = PASSPHRASE.to_owned()
    ));
    if a.no_console {
        out::result(
            cx.json(),
            json!({"store": path, "passphrase": PASSPHRASE}),
            &path.display().to_string(),
        );
        return Ok(exit::DONE);
    }
    open::demo(cx, &path)
}

/// A directory of its own for every visitor who names none.
fn fresh_dir() -> Result<PathBuf, StoreError> {
    let dir = std::env::temp_dir().join(crate::desk::new_id("qianfa-demo-"));
    let io = |source| StoreError::Io {
        path: dir.clone(),
        source,
    };
    std::fs::DirBuilder::new()
        .mode(0o700)
        .recursive(true)
        .create(&dir)
        .map_err(io)?;
    Ok(dir)
}
