//! Does a directory hold exactly what its manifest says?

use std::path::Path;

use serde::Serialize;

use super::fsdir::{Dir, Kind, io_refusal};
use super::record::{Manifest, hash_file};
use super::{CORNER, MANIFEST, read_all};
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

/// Compares a directory (also a copy on another machine) with its `manifest.json`. Changes
/// nothing and follows no link. An empty answer means that all is as released; that the
/// manifest itself is genuine is for the caller to know, by its hash.
pub fn verify(dir: &Path) -> Result<Vec<Difference>, PageError> {
    let root = Dir::open(dir)?;
    let manifest = match root.read(MANIFEST)? {
        Some(file) => Manifest::parse(&read_all(file, MANIFEST)?)?,
        None => return Err(PageError::Manifest("not found".to_owned())),
    };
    let mut left = manifest
        .files
        .into_iter()
        .map(|(path, sha256)| (String::from(path), sha256))
        .collect();
    let mut found = Vec::new();
    walk(&root, "", &mut left, &mut found)?;
    found.extend(left.into_keys().map(Difference::Missing));
    found.sort();
    Ok(found)
}

fn walk(
    dir: &Dir,
    prefix: &str,
    left: &mut std::collections::BTreeMap<String, String>,
    found: &mut Vec<Difference>,
) -> Result<(), PageError> {
    for name in dir.names()? {
        if prefix.is_empty() && (name == CORNER || name == MANIFEST) {
            continue;
        }
        let path = format!("{prefix}{name}");
        match dir.kind(&name)? {
            Some(Kind::Directory) if !left.contains_key(&path) => {
                if let Some(inner) = dir.child(&name)? {
                    walk(&inner, &format!("{path}/"), left, found)?;
                }
            }
            Some(kind) => match left.remove(&path) {
                None => found.push(Difference::Extra(path)),
                Some(sha256) => {
                    let same = kind == Kind::File
                        && match dir.read(&name)? {
                            Some(file) => {
                                hash_file(file).map_err(|e| io_refusal(&path, e))? == sha256
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
