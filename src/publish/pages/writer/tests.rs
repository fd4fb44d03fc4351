#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rustix::io::Errno;

use super::record::hash;
use super::{About, Difference, SiteWriter, verify};
use crate::journal::Suite;
use crate::publish::pages::{PageError, SitePath};

/// What becomes of a step.
pub enum Fate {
    Go,
    Fail(Errno),
    Crash,
}

pub type Fault = Box<dyn FnMut(&str, &str) -> Fate + Send>;

fn path(text: &str) -> SitePath {
    SitePath::new(text).unwrap()
}

/// Everything a reader can see.
fn live(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(dir: &Path, prefix: &str, out: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(dir).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            if name == ".qianfa" {
                continue;
            }
            let path = format!("{prefix}{name}");
            if entry.file_type().unwrap().is_dir() {
                walk(&entry.path(), &format!("{path}/"), out);
            } else {
                out.insert(path, fs::read(entry.path()).unwrap());
            }
        }
    }
    let mut out = BTreeMap::new();
    walk(dir, "", &mut out);
    out
}

fn corner(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = ["", "stage"]
        .iter()
        .flat_map(|d| fs::read_dir(dir.join(".qianfa").join(d)).unwrap())
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The first release: three articles, a list, a home page.
fn stage_old(writer: &mut SiteWriter) {
    for (name, text) in [
        ("index.html", "home 1"),
        ("tzgg/index.html", "list 1"),
        ("tzgg/2026-000001.html", "one"),
        ("tzgg/2026-000002.html", "two"),
        ("tzgg/2026-000002/a.pdf", "file"),
    ] {
        writer.stage(&path(name), text.as_bytes()).unwrap();
    }
}

/// The second: one article new in a new column, one changed, one gone with its attachment.
fn stage_new(writer: &mut SiteWriter) -> Result<(), PageError> {
    writer.stage(&path("zcfg/2026-000003.html"), b"three")?;
    writer.stage(&path("tzgg/2026-000001.html"), b"one corrected")?;
    writer.stage(&path("tzgg/index.html"), b"list 2")?;
    writer.stage(&path("index.html"), b"home 2")?;
    writer.remove(&path("tzgg/2026-000002.html"))?;
    writer.remove(&path("tzgg/2026-000002/a.pdf"))
}

fn site_with_old() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = SiteWriter::open(dir.path()).unwrap();
    stage_old(&mut writer);
    writer.commit().unwrap();
    dir
}

#[test]
fn a_release_changes_what_it_names() {
    let dir = site_with_old();
    let mut writer = SiteWriter::open(dir.path()).unwrap();
    stage_new(&mut writer).unwrap();
    let written = writer.commit().unwrap();
    assert_eq!(
        (written.files, written.removed, written.unchanged),
        (4, 2, 0)
    );
    let pages = live(dir.path());
    assert_eq!(
        pages.keys().map(String::as_str).collect::<Vec<_>>(),
        [
            "index.html",
            "manifest.json",
            "tzgg/2026-000001.html",
            "tzgg/index.html",
            "zcfg/2026-000003.html"
        ]
    );
    assert_eq!(pages["tzgg/2026-000001.html"], b"one corrected");
    // The directory the attachment lay in went with it.
    assert!(!dir.path().join("tzgg/2026-000002").exists());
    assert_eq!(hash(&pages["manifest.json"]), written.manifest_hash);
    assert!(verify(dir.path()).unwrap().is_empty());
    drop(writer);
    assert_eq!(corner(dir.path()), ["lock", "stage"]);
}

#[test]
fn the_same_site_gives_the_same_manifest() {
    let one = site_with_old();
    let two = tempfile::tempdir().unwrap();
    let mut writer = SiteWriter::open(two.path()).unwrap();
    // In another order, with a detour.
    writer.stage(&path("x.html"), b"x").unwrap();
    writer
        .stage(&path("tzgg/2026-000002/a.pdf"), b"file")
        .unwrap();
    writer.commit().unwrap();
    writer.remove(&path("x.html")).unwrap();
    stage_old(&mut writer);
    writer.commit().unwrap();
    assert_eq!(live(one.path()), live(two.path()));
}

#[cfg(unix)]
#[test]
fn unchanged_bytes_are_not_written_again() {
    use std::os::unix::fs::MetadataExt;
    let dir = site_with_old();
    let inode = |name: &str| fs::metadata(dir.path().join(name)).unwrap().ino();
    let before = (inode("tzgg/2026-000001.html"), inode("manifest.json"));
    let mut writer = SiteWriter::open(dir.path()).unwrap();
    stage_old(&mut writer);
    writer
        .stage_from(&path("tzgg/2026-000002/a.pdf"), &mut &b"file"[..])
        .unwrap();
    let written = writer.commit().unwrap();
    assert_eq!((written.files, written.unchanged), (0, 5));
    assert_eq!(
        before,
        (inode("tzgg/2026-000001.html"), inode("manifest.json"))
    );

    // A page altered on the server is put right although the manifest has its hash.
    fs::write(dir.path().join("index.html"), "home X").unwrap();
    stage_old(&mut writer);
    assert_eq!(writer.commit().unwrap().files, 1);
    assert_eq!(live(dir.path())["index.html"], b"home 1");
}

/// Runs the second release with `fault`, gives back what the writer said.
fn second_release(dir: &Path, fault: Fault) -> Result<(), PageError> {
    let mut writer = SiteWriter::open(dir).unwrap();
    writer.fault = Some(fault);
    stage_new(&mut writer)?;
    let about = About {
        site: "prov".to_owned(),
        journal: "0".repeat(32),
        suite: Suite::Sm2Sm3,
        seq: 7,
        chain: "0".repeat(64),
        at: 1,
    };
    let seal = |bytes: &[u8]| Ok(format!("note over {}", hash(bytes)));
    writer.commit_sealed(about, &seal).map(drop)
}

#[test]
fn a_crash_at_any_step_leaves_the_old_set_or_brings_the_new() {
    let old = live(site_with_old().path());
    let done = site_with_old();
    let log = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let sink = log.clone();
    second_release(
        done.path(),
        Box::new(move |name, _| {
            sink.lock().unwrap().push(name.to_owned());
            Fate::Go
        }),
    )
    .unwrap();
    let steps = log.lock().unwrap().clone();
    let new = live(done.path());
    assert!(steps.len() > 15, "{steps:?}");
    let decided = steps.iter().position(|s| s == "decided").unwrap();

    for (at, step) in steps.iter().enumerate() {
        let dir = site_with_old();
        let mut n = 0;
        let error = second_release(
            dir.path(),
            Box::new(move |_, _| {
                n += 1;
                if n > at { Fate::Crash } else { Fate::Go }
            }),
        );
        assert!(error.is_err());
        // At the very moment: every page is wholly old or wholly new.
        let torn = live(dir.path());
        for (name, bytes) in &torn {
            assert!(
                old.get(name) == Some(bytes) || new.get(name) == Some(bytes),
                "step {at}: {name}"
            );
        }
        // No list is ahead of the pages it points to.
        if torn["tzgg/index.html"] == new["tzgg/index.html"] {
            for page in ["tzgg/2026-000001.html", "zcfg/2026-000003.html"] {
                assert_eq!(torn.get(page), new.get(page), "step {at}");
            }
        }
        // Afterwards: the old set before the decision, the new one from then on. The recovery
        // is cut short as well, once at every step it has.
        let expected = if at < decided { &old } else { &new };
        for cut in 0.. {
            let mut writer = SiteWriter::take(dir.path()).unwrap();
            let mut n = 0;
            writer.fault = Some(Box::new(move |_, _| {
                n += 1;
                if n > cut { Fate::Crash } else { Fate::Go }
            }));
            if writer.recover().is_ok() {
                break;
            }
        }
        assert_eq!(&live(dir.path()), expected, "step {at} ({step})");
        assert!(verify(dir.path()).unwrap().is_empty());
        assert_eq!(corner(dir.path()), ["lock", "stage"]);
    }
}

#[test]
fn a_failure_is_named_and_the_old_pages_stay() {
    for (errno, full) in [
        (Errno::NOSPC, true),
        (Errno::DQUOT, true),
        (Errno::ROFS, false),
    ] {
        for stop in ["stage", "prepare", "draft", "decide"] {
            let dir = site_with_old();
            let old = live(dir.path());
            let error = second_release(
                dir.path(),
                Box::new(move |name, _| {
                    if name == stop {
                        Fate::Fail(errno)
                    } else {
                        Fate::Go
                    }
                }),
            )
            .unwrap_err();
            assert_eq!(matches!(error, PageError::Full(_)), full);
            assert_eq!(matches!(error, PageError::ReadOnly(_)), !full);
            assert_eq!(live(dir.path()), old);
            // A release that was given up leaves no text behind.
            assert_eq!(corner(dir.path()), ["lock", "stage"]);
        }
    }
}

#[test]
fn the_same_writer_goes_on_after_a_failure() {
    // Before the decision: the staged files are still there, the call can be made again.
    let dir = site_with_old();
    let mut writer = SiteWriter::open(dir.path()).unwrap();
    stage_new(&mut writer).unwrap();
    writer.fault = Some(Box::new(|name, _| match name {
        "draft" => Fate::Fail(Errno::NOSPC),
        _ => Fate::Go,
    }));
    assert!(matches!(writer.commit(), Err(PageError::Full(_))));
    writer.fault = None;
    assert_eq!(writer.commit().unwrap().files, 4);

    // After it: the release is carried through by the next act.
    let other = site_with_old();
    let mut writer = SiteWriter::open(other.path()).unwrap();
    stage_new(&mut writer).unwrap();
    let mut moves = 0;
    writer.fault = Some(Box::new(move |name, _| {
        moves += u32::from(name == "move");
        if moves == 2 {
            Fate::Fail(Errno::NOSPC)
        } else {
            Fate::Go
        }
    }));
    assert!(matches!(writer.commit(), Err(PageError::Full(_))));
    writer.fault = None;
    writer.stage(&path("late.html"), b"late").unwrap();
    writer.commit().unwrap();
    writer.remove(&path("late.html")).unwrap();
    writer.commit().unwrap();
    assert_eq!(live(dir.path()), live(other.path()));
}

#[test]
fn damage_to_a_staged_file_is_not_shown_to_the_public() {
    let dir = site_with_old();
    let result = second_release(
        dir.path(),
        Box::new(|name, _| {
            if name == "decided" {
                Fate::Crash
            } else {
                Fate::Go
            }
        }),
    );
    assert!(result.is_err());
    let stage = dir.path().join(".qianfa/stage");
    fs::write(stage.join("1"), "thr\0\0").unwrap();
    let old = live(dir.path());
    assert!(matches!(
        SiteWriter::open(dir.path()).map(drop),
        Err(PageError::Unfinished(_))
    ));
    assert_eq!(live(dir.path())["index.html"], old["index.html"]);
}

#[test]
fn one_writer_at_a_time() {
    let dir = tempfile::tempdir().unwrap();
    let first = SiteWriter::open(dir.path()).unwrap();
    assert!(matches!(
        SiteWriter::open(dir.path()).map(drop),
        Err(PageError::Busy(_))
    ));
    drop(first);
    SiteWriter::open(dir.path()).unwrap();
}

#[cfg(unix)]
#[test]
fn links_are_never_followed() {
    use std::os::unix::fs::symlink;
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("passwd"), "precious").unwrap();
    for (link, target, page) in [
        ("evil", outside.path().to_owned(), "evil/page.html"),
        ("page.html", outside.path().join("passwd"), "page.html"),
        ("gone.html", outside.path().join("nothing"), "gone.html"),
    ] {
        let dir = site_with_old();
        let old = live(dir.path());
        symlink(&target, dir.path().join(link)).unwrap();
        let mut writer = SiteWriter::open(dir.path()).unwrap();
        let result = writer
            .stage(&path(page), b"x")
            .and_then(|()| writer.commit().map(drop));
        assert!(matches!(result, Err(PageError::Symlink(_))), "{result:?}");
        fs::remove_file(dir.path().join(link)).unwrap();
        assert_eq!(live(dir.path()), old);
    }
    // Planted between staging and release.
    let dir = site_with_old();
    let mut writer = SiteWriter::open(dir.path()).unwrap();
    writer.stage(&path("evil/page.html"), b"x").unwrap();
    symlink(outside.path(), dir.path().join("evil")).unwrap();
    assert!(matches!(writer.commit(), Err(PageError::Symlink(_))));
    drop(writer);
    // The corner itself.
    let dir = tempfile::tempdir().unwrap();
    symlink(outside.path(), dir.path().join(".qianfa")).unwrap();
    assert!(matches!(
        SiteWriter::open(dir.path()).map(drop),
        Err(PageError::Symlink(_))
    ));
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
    assert_eq!(
        fs::read(outside.path().join("passwd")).unwrap(),
        b"precious"
    );
}

#[test]
fn things_in_the_way_are_named() {
    let dir = site_with_old();
    let old = live(dir.path());
    let mut writer = SiteWriter::open(dir.path()).unwrap();
    let error = writer
        .stage(&path("index.html/page.html"), b"x")
        .unwrap_err();
    assert!(matches!(error, PageError::Obstacle(_)));
    fs::create_dir(dir.path().join("dir.html")).unwrap();
    let error = writer.stage(&path("dir.html"), b"x").unwrap_err();
    assert!(matches!(error, PageError::Obstacle(_)));
    writer.stage(&path("a"), b"x").unwrap();
    writer.stage(&path("a/b"), b"x").unwrap();
    assert!(matches!(writer.commit(), Err(PageError::Conflict(_))));
    assert!(matches!(
        writer.stage(&path("manifest.json"), b"{}"),
        Err(PageError::BadPath(_))
    ));
    assert_eq!(live(dir.path()), old);
    // A directory that is a file.
    assert!(matches!(
        SiteWriter::open(&dir.path().join("index.html")).map(drop),
        Err(PageError::Io { .. } | PageError::Obstacle(_))
    ));
}

#[test]
fn alterations_are_found() {
    let dir = site_with_old();
    fs::write(dir.path().join("index.html"), "defaced").unwrap();
    fs::remove_file(dir.path().join("tzgg/2026-000001.html")).unwrap();
    fs::write(dir.path().join("tzgg/shell.php"), "<?php").unwrap();
    assert_eq!(
        verify(dir.path()).unwrap(),
        [
            Difference::Altered("index.html".into()),
            Difference::Missing("tzgg/2026-000001.html".into()),
            Difference::Extra("tzgg/shell.php".into()),
        ]
    );
    fs::write(dir.path().join("manifest.json"), "{}").unwrap();
    assert!(matches!(verify(dir.path()), Err(PageError::Manifest(_))));
    assert!(matches!(
        SiteWriter::open(dir.path()).map(drop),
        Err(PageError::Manifest(_))
    ));
}

#[test]
fn new_lists_go_live_before_the_pages_that_lead_to_them() {
    let dir = site_with_old();
    let log = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let sink = log.clone();
    let mut writer = SiteWriter::open(dir.path()).unwrap();
    writer.fault = Some(Box::new(move |step, what| {
        if step == "move" {
            sink.lock().unwrap().push(what.to_owned());
        }
        Fate::Go
    }));
    // By name alone the old list would come first, and its navigation would lead nowhere.
    for name in ["index.html", "tzgg/index.html", "zcfg/index.html"] {
        writer.stage(&path(name), b"with a new column").unwrap();
    }
    writer.commit().unwrap();
    let order = log.lock().unwrap().clone();
    assert_eq!(order, ["zcfg/index.html", "tzgg/index.html", "index.html"]);
}
