//! `run`: the runner, once or until it is told to stop.
#![allow(missing_docs)]

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use serde_json::json;

use super::context::Context;
use super::{Done, out, times};
use crate::desk::{DeskError, exit};
use crate::publish::{LatePolicy, Options, Runner, Tick};
use crate::store::StoreError;

#[derive(Args, Debug)]
pub struct Run {
    #[arg(long)]
    pub once: bool,
    #[arg(long)]
    pub dry_run: bool,
    #[arg(long, default_value = "30s")]
    pub every: String,
    #[arg(long, value_name = "DIR")]
    pub pages: Option<PathBuf>,
    #[arg(long)]
    pub no_pages: bool,
    #[arg(long)]
    pub rebuild: bool,
    #[arg(long, value_name = "SPAN")]
    pub hold_late: Option<String>,
}

pub fn run(cx: &mut Context, a: &Run) -> Done {
    // The runner is a person of its own; in most places it is simply called so.
    if cx.global.person.is_none() {
        cx.global.person = Some("runner".to_owned());
    }
    let micros = |text: &str| times::span(text).map(|us| Duration::from_micros(us.unsigned_abs()));
    let every = micros(&a.every)?;
    let late = match &a.hold_late {
        Some(text) => LatePolicy::Hold(micros(text)?),
        None => LatePolicy::Publish,
    };
    let pages = a
        .pages
        .clone()
        .unwrap_or_else(|| cx.store_path().with_file_name("sites"));
    let desk = cx.desk()?;
    let options = Options {
        late,
        ..Options::default()
    };
    let mut runner = Runner::new(desk, (!a.no_pages).then_some(pages), options);
    if a.dry_run {
        return plan(cx, &mut runner);
    }
    if a.rebuild {
        let mut status = exit::DONE;
        for site in runner.rebuild(None)? {
            status = status.max(u8::from(site.failed.is_some()));
            let about = site
                .failed
                .as_ref()
                .map_or_else(String::new, |(_, message)| message.clone());
            out::result(
                cx.json(),
                json!({"pages": site}),
                &format!("{} {about}", site.site),
            );
        }
        return Ok(status);
    }
    if a.once {
        let tick = runner.tick()?;
        tell(cx, &tick);
        let failed = !tick.failed.is_empty() || tick.pages.iter().any(|p| p.failed.is_some());
        return Ok(if failed { exit::FAILURE } else { exit::DONE });
    }
    forever(cx, &mut runner, every)
}

fn forever(cx: &Context, runner: &mut Runner, every: Duration) -> Done {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let (stop, stopped) = crossbeam_channel::bounded(1);
    let mut signals =
        signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP]).map_err(|source| {
            StoreError::Io {
                path: PathBuf::from("signals"),
                source,
            }
        })?;
    std::thread::spawn(move || {
        for _ in &mut signals {
            let _ = stop.try_send(());
        }
    });
    let _guard = super::log::to_file();
    let ended = runner.run_loop(every, &stopped, |tick| match tick {
        Ok(tick) if tick.is_quiet() => {}
        Ok(tick) => tell(cx, tick),
        Err(error) => out::failure(error, cx.json()),
    });
    match ended {
        Ok(()) => Ok(exit::DONE),
        Err(error) => {
            out::note(&format!("{} [{}]", error.message(), error.code()));
            if cx.json() {
                out::object(
                    &json!({"ok": false, "error": error.code(), "message": error.message()}),
                );
            }
            Ok(error.exit())
        }
    }
}

fn tell(cx: &Context, tick: &Tick) {
    if cx.json() {
        out::object(&json!({"ok": tick.failed.is_empty(), "tick": tick}));
        return;
    }
    out::line(&crate::tr!(
        "cli-tick",
        published = (tick.published.len() + tick.bundles.len()).to_string(),
        expired = tick.expired.len().to_string(),
        failed = tick.failed.len().to_string(),
        late = tick.late.len().to_string()
    ));
    for failed in &tick.failed {
        out::note(&format!(
            "  {} {} [{}]",
            failed.number, failed.message, failed.code
        ));
    }
    for page in &tick.pages {
        if let Some((code, message)) = &page.failed {
            out::note(&format!("  {} {message} [{code}]", page.site));
        }
        if let Some(hook) = &page.hook {
            match hook.retry {
                Some(at) => out::note(&format!(
                    "  {} {}",
                    page.site,
                    crate::tr!("pages-hook-failed", at = crate::locale::instant(at))
                )),
                None => out::note(&format!(
                    "  {} {}",
                    page.site,
                    crate::tr!("pages-hook-done")
                )),
            }
        }
        for fault in &page.faults {
            out::note(&format!("  {} {fault}", page.site));
        }
    }
}

fn plan(cx: &Context, runner: &mut Runner) -> Result<u8, DeskError> {
    let plan = runner.plan()?;
    if cx.json() {
        out::object(&json!({"ok": true, "plan": plan}));
        return Ok(exit::DONE);
    }
    if plan.due.is_empty() {
        out::note(&crate::tr!("cli-nothing-due"));
    }
    let rows: Vec<Vec<String>> = plan
        .due
        .iter()
        .map(|p| {
            let why = p
                .refused
                .as_ref()
                .map_or_else(String::new, |(rule, message)| format!("{message} [{rule}]"));
            vec![
                crate::locale::word("due", p.what),
                p.number.clone(),
                crate::locale::instant(p.due),
                why,
            ]
        })
        .collect();
    out::table(&rows);
    Ok(exit::DONE)
}
