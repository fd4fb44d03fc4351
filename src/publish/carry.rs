//! The hook: what carries a site's directory on to where the public reads it.
//!
//! A site's owner names a program in `site.toml` (no shell between). It runs after a release, while
//! the site's lock is held, so that it never copies half of the next one; it is ended with all its
//! children after its time. What it printed lies in `.qianfa/hook.log`, how far it is in
//! `.qianfa/hook.json`. One that failed stays due and is tried again, later each time.

use std::fs::File;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::facts::SiteFacts;
use super::pages::writer::{CARRIED, CORNER, MANIFEST};
use super::pages::{SiteWriter, writer};
use super::seal;
use super::site::SiteError;
use crate::tr;

/// Seconds a hook may take unless its owner says otherwise: publication waits for it.
const SECONDS: u64 = 120;
/// First wait after a failure, µs; it doubles each time.
const WAIT: i64 = 60_000_000;
/// Longest wait, µs.
const LONGEST: i64 = 3_600_000_000;
/// The end of what it printed that is shown with a failure.
const SHOWN: usize = 400;

/// How far the hook of a directory is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// SHA-256 of the manifest that was carried on.
    pub carried: String,
    /// Failures since.
    pub failures: u32,
    /// Not before this, µs.
    pub next: i64,
    /// Why it failed last; empty when it did not.
    pub cause: String,
}

/// What became of a hook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Carried {
    /// SHA-256 of the manifest.
    pub manifest: String,
    /// Why it failed, if it did.
    pub failed: Option<String>,
    /// When it is tried again, µs.
    pub retry: Option<i64>,
    /// It had failed before.
    pub recovered: bool,
}

/// How far the hook of a directory is; a file that cannot be read counts as none.
pub fn state(dir: &Path) -> State {
    std::fs::read(dir.join(CORNER).join(CARRIED[0]))
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default()
}

/// Whether a release waits to be carried on, whenever that may be tried.
pub fn is_due(dir: &Path, facts: &SiteFacts) -> bool {
    !facts.hook.is_empty() && manifest(dir).is_some_and(|manifest| manifest != state(dir).carried)
}

fn manifest(dir: &Path) -> Option<String> {
    let note = writer::note(dir).ok()??;
    Some(hex::encode(seal::parse(&note)?.manifest))
}

/// Runs the hook where it is due. `alive` is called while it runs.
pub fn carry(
    dir: &Path,
    site: &str,
    facts: &SiteFacts,
    now: i64,
    alive: &mut dyn FnMut(),
) -> Result<Option<Carried>, SiteError> {
    let before = state(dir);
    if !is_due(dir, facts) || before.next > now {
        return Ok(None);
    }
    // The lock keeps releases and other hooks out; an unfinished release is finished first.
    let lock = SiteWriter::open(dir)?;
    let before = state(dir);
    let Some(manifest) = manifest(dir).filter(|m| *m != before.carried && before.next <= now)
    else {
        return Ok(None);
    };
    let result = run(dir, site, facts, &manifest, alive);
    let after = match &result {
        Ok(()) => State {
            carried: manifest.clone(),
            ..State::default()
        },
        Err(cause) => {
            let failures = before.failures.saturating_add(1);
            let wait = WAIT.saturating_mul(1 << failures.saturating_sub(1).min(10));
            State {
                failures,
                next: now.saturating_add(wait.min(LONGEST)),
                cause: cause.clone(),
                carried: before.carried.clone(),
            }
        }
    };
    keep(dir, &after)?;
    drop(lock);
    Ok(Some(Carried {
        manifest,
        failed: result.err(),
        retry: (after.failures > 0).then_some(after.next),
        recovered: before.failures > 0 && after.failures == 0,
    }))
}

fn keep(dir: &Path, state: &State) -> Result<(), SiteError> {
    let failed = |e: std::io::Error| SiteError::Hook(e.to_string());
    let bytes = serde_json::to_vec(state).map_err(|e| SiteError::Hook(e.to_string()))?;
    // Under the lock, so that nobody else writes it; torn by a power cut it counts as none, and
    // the hook runs once more.
    std::fs::write(dir.join(CORNER).join(CARRIED[0]), bytes).map_err(failed)
}

fn run(
    dir: &Path,
    site: &str,
    facts: &SiteFacts,
    manifest: &str,
    alive: &mut dyn FnMut(),
) -> Result<(), String> {
    let text = |e: std::io::Error| e.to_string();
    let dir = dir.canonicalize().map_err(text)?;
    let log = dir.join(CORNER).join(CARRIED[1]);
    let out = File::create(&log).map_err(text)?;
    let err = out.try_clone().map_err(text)?;
    let [program, arguments @ ..] = facts.hook.as_slice() else {
        return Ok(());
    };
    let mut child = Command::new(program)
        .args(arguments)
        .current_dir(&dir)
        .env("QIANFA_SITE", site)
        .env("QIANFA_DIR", &dir)
        .env("QIANFA_MANIFEST", dir.join(MANIFEST))
        .env("QIANFA_MANIFEST_SHA256", manifest)
        // What opens the runner's key is nobody else's business.
        .env_remove("QIANFA_PASSPHRASE")
        .env_remove("QIANFA_SECOND_PASSPHRASE")
        .stdin(Stdio::null())
        .stdout(out)
        .stderr(err)
        .process_group(0)
        .spawn()
        .map_err(|e| format!("{program}: {e}"))?;
    let limit = Duration::from_secs(facts.hook_seconds.unwrap_or(SECONDS));
    let begun = Instant::now();
    let mut told = begun;
    loop {
        match child.try_wait().map_err(text)? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => return Err(format!("{status}: {}", tail(&log))),
            None if begun.elapsed() >= limit => {
                if let Some(group) = i32::try_from(child.id())
                    .ok()
                    .and_then(rustix::process::Pid::from_raw)
                {
                    let _ =
                        rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
                }
                let _ = child.kill();
                let _ = child.wait();
                return Err(tr!(
                    "pages-hook-time",
                    seconds = limit.as_secs().to_string(),
                    tail = tail(&log)
                ));
            }
            None => {}
        }
        if told.elapsed() >= Duration::from_secs(10) {
            alive();
            told = Instant::now();
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The end of what it printed, on one line and unable to steer a terminal.
fn tail(log: &Path) -> String {
    use std::io::{Read as _, Seek as _, SeekFrom};
    let read = || -> std::io::Result<Vec<u8>> {
        let mut file = File::open(log)?;
        let len = file.metadata()?.len();
        file.seek(SeekFrom::Start(len.saturating_sub(4 * SHOWN as u64)))?;
        let mut bytes = Vec::new();
        file.take(4 * SHOWN as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let text = String::from_utf8_lossy(&read().unwrap_or_default()).into_owned();
    let text = crate::report::inert::line(text.trim());
    let skip = text.chars().count().saturating_sub(SHOWN);
    text.chars().skip(skip).collect()
}
