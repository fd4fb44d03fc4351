//! `publish`: what was released, looked at from outside.
#![allow(missing_docs)]

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;

use super::context::Context;
use super::{Done, out};
use crate::desk::{Clock, DeskError, SystemClock, exit};
use crate::publish::check::{Report, Signature, check};
use crate::publish::pages::Difference;
use crate::publish::seal::{self, Pinned};
use crate::publish::serve::Preview;
use crate::rules::org::Org;
use crate::tr;

#[derive(Args, Debug)]
pub struct Publish {
    #[command(subcommand)]
    pub what: What,
}

#[derive(Subcommand, Debug)]
pub enum What {
    Verify(Verify),
    Serve(Serve),
    Key(Key),
}

#[derive(Args, Debug)]
pub struct Verify {
    pub dir: PathBuf,
    #[arg(id = "pin", long = "key", value_name = "FILE")]
    pub pin: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct Serve {
    #[arg(long)]
    pub site: Option<String>,
    #[arg(long, value_name = "DIR")]
    pub pages: Option<PathBuf>,
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8015")]
    pub listen: SocketAddr,
}

#[derive(Args, Debug)]
pub struct Key {
    #[arg(long)]
    pub site: Option<String>,
}

pub fn publish(cx: &mut Context, a: &Publish) -> Done {
    match &a.what {
        What::Verify(a) => verify(cx, a),
        What::Serve(a) => serve(cx, a),
        What::Key(a) => key(cx, a),
    }
}

/// Public keys of runners, from a store that is opened for reading: nobody need log in.
fn keys_of_store(cx: &Context, site: Option<&str>) -> Result<Vec<Pinned>, DeskError> {
    let mut store = cx.open(true)?;
    let org = store.org()?;
    Ok(seal::runner_keys(
        &org,
        site.unwrap_or(Org::ROOT),
        SystemClock.now(),
    ))
}

pub(super) fn keys_of_file(path: &Path) -> Result<Vec<Pinned>, DeskError> {
    let text = super::context::read_text(path)?;
    seal::from_file(&text).map_err(|line| DeskError::Usage {
        key: "error-key-file",
        about: format!("{}:{line}", path.display()),
    })
}

fn verify(cx: &Context, a: &Verify) -> Done {
    let keys = match &a.pin {
        Some(path) => keys_of_file(path)?,
        // The site is what the manifest says it is; whose key may sign it, the journal says.
        None => {
            let site = crate::publish::pages::writer::note(&a.dir)
                .ok()
                .flatten()
                .and_then(|note| seal::parse(&note))
                .map(|sealed| sealed.about.site);
            keys_of_store(cx, site.as_deref())?
        }
    };
    let bar = out::progress(0);
    let report = check(&a.dir, &keys, &mut |n| bar.set_position(n));
    bar.finish_and_clear();
    let report = match report {
        Ok(report) => report,
        Err(error) => {
            out::note(&error.message());
            if cx.json() {
                out::object(
                    &json!({"ok": false, "error": "publish.unreadable", "message": error.message()}),
                );
            }
            return Ok(exit::INTEGRITY);
        }
    };
    if cx.json() {
        out::object(&json!({"ok": report.is_good(), "report": report}));
    } else {
        tell(&report);
    }
    Ok(if report.is_good() {
        exit::DONE
    } else {
        exit::INTEGRITY
    })
}

fn tell(report: &Report) {
    match report.signature {
        Signature::Good => {}
        Signature::Missing => out::line(&tr!("pages-signature-missing")),
        Signature::Other => out::line(&tr!("pages-signature-other")),
        Signature::Unknown => out::line(&tr!("pages-signature-unknown")),
    }
    let rows: Vec<Vec<String>> = report
        .differences
        .iter()
        .map(|difference| match difference {
            Difference::Altered(path) => vec![tr!("pages-verify-altered"), path.clone()],
            Difference::Missing(path) => vec![tr!("pages-verify-missing"), path.clone()],
            Difference::Extra(path) => vec![tr!("pages-verify-extra"), path.clone()],
        })
        .collect();
    out::table(&rows);
    if report.is_good() {
        out::line(&tr!(
            "pages-verify-good",
            files = report.files.to_string(),
            signer = out::safe(report.signer.as_deref().unwrap_or_default()),
            seq = report
                .about
                .as_ref()
                .map_or_else(String::new, |a| a.seq.to_string())
        ));
    } else if !rows.is_empty() {
        out::line(&tr!("pages-verify-bad", count = rows.len().to_string()));
    }
}

fn serve(cx: &Context, a: &Serve) -> Done {
    let root = a
        .pages
        .clone()
        .unwrap_or_else(|| cx.store_path().with_file_name("sites"));
    let dir = match &a.site {
        Some(site) => root.join(site),
        None => only_site(&root).unwrap_or(root),
    };
    match Preview::new(&dir, a.listen) {
        Ok(preview) => {
            out::result(
                cx.json(),
                json!({"address": preview.address()}),
                &tr!("pages-serve-at", address = preview.address()),
            );
            preview.run();
            Ok(exit::DONE)
        }
        Err(error) => {
            out::note(&format!("{} [{}]", error.message(), error.code()));
            if cx.json() {
                out::object(
                    &json!({"ok": false, "error": error.code(), "message": error.message()}),
                );
            }
            Ok(exit::FAILURE)
        }
    }
}

/// The site to show where none was named: the first that has pages. The directory itself may be one.
fn only_site(root: &Path) -> Option<PathBuf> {
    if root.join("index.html").is_file() {
        return Some(root.to_owned());
    }
    let mut sites: Vec<PathBuf> = std::fs::read_dir(root)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("index.html").is_file())
        .collect();
    sites.sort();
    // The province comes before its cities only by chance of its name; one that has a parent links
    // to it, so that any is a good place to begin.
    sites.into_iter().next()
}

fn key(cx: &Context, a: &Key) -> Done {
    let keys = keys_of_store(cx, a.site.as_deref())?;
    if cx.json() {
        for pin in &keys {
            out::object(&json!({
                "ok": true,
                "login": pin.login,
                "suite": pin.key.suite().to_string(),
                "key": pin.key.to_base64(),
                "id": pin.key.id().to_string(),
            }));
        }
    } else {
        out::line(seal::to_file(&keys).trim_end());
    }
    Ok(exit::DONE)
}
