//! Does a directory hold exactly what its manifest says?

use std::path::Path;

use serde::Serialize;

use super::fsdir::{Dir, Kind, io_refusal};
use super::record::{Manifest, Mark, Marking};
use super::{
    CARRIED, CORNER, INTENT, INTENT_DRAFT, LOCK, MANIFEST, NOTE, NOTE_MAX, STAGE, read_all,
};
use crate::publish::pages::PageError;

/// A page that is not as it was released.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "difference", content = "path", rename_all = "lowercase")]
pub enum Difference {
    /// The file has other bytes, or is no file any more.
    Altered(String),
    /// The file is gone.
    Missing(String),
    /// Something lies there that was never released.
    Extra(String),
}

/// What lies in a directory beside its pages.
pub struct Found {
    /// The manifest, read.
    pub manifest: Manifest,
    /// Its bytes, for the signature.
    pub bytes: Vec<u8>,
    /// The signature over it, if there is one.
    pub note: Option<String>,
}

/// The manifest of a directory and the signature beside it, neither of them believed yet.
pub fn found(dir: &Path) -> Result<Found, PageError> {
    let root = Dir::open(dir)?;
    let bytes = match root.read(MANIFEST)? {
        Some(file) => read_all(file, MANIFEST)?,
        None => return Err(PageError::Manifest("not found".to_owned())),
    };
    Ok(Found {
        manifest: Manifest::parse(&bytes)?,
        bytes,
        note: note_of(&root)?,
    })
}

/// The signature alone: how far a directory is, without reading a manifest of a hundred thousand
/// lines.
pub fn note(dir: &Path) -> Result<Option<String>, PageError> {
    note_of(&Dir::open(dir)?)
}

pub(super) fn note_of(root: &Dir) -> Result<Option<String>, PageError> {
    use std::io::Read as _;
    let Some(file) = root.read(NOTE)? else {
        return Ok(None);
    };
    let mut text = String::new();
    // Longer ones are none of ours and will not parse.
    file.take(NOTE_MAX)
        .read_to_string(&mut text)
        .map_err(|e| io_refusal(NOTE, e))?;
    Ok(Some(text))
}

/// Compares a directory (also a copy on another machine) with its `manifest.json`. Changes
/// nothing and follows no link. An empty answer means that all is as released; that the
/// manifest itself is genuine is what the signature beside it says.
pub fn verify(dir: &Path) -> Result<Vec<Difference>, PageError> {
    compare(dir, found(dir)?.manifest, &mut |_| {})
}

/// The same with the manifest read before; `seen` is told every path that was looked at.
pub fn compare(
    dir: &Path,
    manifest: Manifest,
    seen: &mut dyn FnMut(&str),
) -> Result<Vec<Difference>, PageError> {
    let root = Dir::open(dir)?;
    let mut left = manifest
        .files
        .into_iter()
        .map(|(path, mark)| (String::from(path), mark))
        .collect();
    let mut differences = Vec::new();
    walk(&root, "", &mut left, &mut differences, seen)?;
    differences.extend(left.into_keys().map(Difference::Missing));
    differences.sort();
    Ok(differences)
}

/// What may lie in the writer's corner. Anything else there was put there by somebody who hoped
/// that nobody looks.
fn corner(dir: &Dir, found: &mut Vec<Difference>) -> Result<(), PageError> {
    for name in dir.names()? {
        let known = match dir.kind(&name)? {
            Some(Kind::File) => {
                [LOCK, INTENT, INTENT_DRAFT].contains(&name.as_str())
                    || CARRIED.contains(&name.as_str())
            }
            Some(Kind::Directory) if name == STAGE => {
                if let Some(stage) = dir.child(&name)? {
                    for staged in stage.names()? {
                        let ours = staged == MANIFEST
                            || staged == NOTE
                            || staged.bytes().all(|b| b.is_ascii_digit());
                        if !ours {
                            found.push(Difference::Extra(format!("{CORNER}/{STAGE}/{staged}")));
                        }
                    }
                }
                true
            }
            None => true,
            Some(_) => false,
        };
        if !known {
            found.push(Difference::Extra(format!("{CORNER}/{name}")));
        }
    }
    Ok(())
}

fn walk(
    dir: &Dir,
    prefix: &str,
    left: &mut std::collections::BTreeMap<String, Mark>,
    found: &mut Vec<Difference>,
    seen: &mut dyn FnMut(&str),
) -> Result<(), PageError> {
    for name in dir.names()? {
        if prefix.is_empty() && (name == MANIFEST || name == NOTE) {
            continue;
        }
        if prefix.is_empty() && name == CORNER {
            match dir.kind(&name)? {
                Some(Kind::Directory) => {
                    if let Some(inner) = dir.child(&name)? {
                        corner(&inner, found)?;
                    }
                }
                _ => found.push(Difference::Extra(name)),
            }
            continue;
        }
        let path = format!("{prefix}{name}");
        seen(&path);
        match dir.kind(&name)? {
            Some(Kind::Directory) if !left.contains_key(&path) => {
                if let Some(inner) = dir.child(&name)? {
                    walk(&inner, &format!("{path}/"), left, found, seen)?;
                }
            }
            Some(kind) => match left.remove(&path) {
                None => found.push(Difference::Extra(path)),
                Some(mark) => {
                    let same = kind == Kind::File
                        && match dir.read(&name)? {
                            Some(file) => {
                                Marking::of_file(file, mark.sm3.is_some())
                                    .map_err(|e| io_refusal(&path, e))?
                                    == mark
                            }
                            None => false,
                        };
                    if !same {
                        found.push(Difference::Altered(path));
                    }
                }
            },
            // Gone between the listing and the look: the manifest will miss it.
            None => {}
        }
    }
    Ok(())
}
