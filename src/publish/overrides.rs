//! A site's own templates and style, from a directory its owner names in `site.toml`.
//!
//! Only files that replace one of the house's by name are taken; any other name is a slip and told
//! as such. A release made with a fault in one of them is no release: the old pages stay.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use super::pages::render::{BUILT_IN, BUILT_IN_STYLE, SEARCH_SCRIPT};
use super::pages::{PageError, Renderer};
use crate::journal::Suite;

/// Largest file taken, in bytes.
const MAX: u64 = 1 << 20;
/// The one replaceable file that is no template.
const STYLE: &str = "style.css";

/// What a site replaces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    /// Where it lies, for messages.
    dir: String,
    /// By name of what is replaced.
    files: BTreeMap<String, String>,
}

impl Overrides {
    /// Reads a directory. Files that begin with a dot are editors' own and left alone.
    pub fn read(dir: &Path) -> Result<Self, PageError> {
        let shown = dir.display().to_string();
        let fault = |file: &str, cause: String| PageError::Override {
            file: file.to_owned(),
            cause,
        };
        let listing = std::fs::read_dir(dir).map_err(|e| fault(&shown, e.to_string()))?;
        let mut files = BTreeMap::new();
        for entry in listing {
            let entry = entry.map_err(|e| fault(&shown, e.to_string()))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') || name.ends_with('~') {
                continue;
            }
            let at = format!("{shown}/{name}");
            if name != STYLE && !BUILT_IN.iter().any(|(known, _)| *known == name) {
                return Err(fault(&at, crate::tr!("pages-override-unknown")));
            }
            let mut text = String::new();
            let read = std::fs::File::open(entry.path())
                .and_then(|file| file.take(MAX + 1).read_to_string(&mut text));
            read.map_err(|e| fault(&at, e.to_string()))?;
            if text.len() as u64 > MAX {
                return Err(fault(&at, crate::tr!("pages-override-long")));
            }
            files.insert(name, text);
        }
        Ok(Self { dir: shown, files })
    }

    /// The renderer with these replacements.
    pub fn renderer(&self) -> Result<Renderer, PageError> {
        Renderer::replaced(&self.dir, &self.files)
    }

    /// Whether nothing is left of the words of the house, which are Chinese.
    pub fn cover_words(&self) -> bool {
        BUILT_IN
            .iter()
            .all(|(name, _)| self.files.contains_key(*name))
    }

    /// Names everything pages are made with: the house's templates and what replaces them.
    pub fn hash(&self) -> String {
        let mut parts: Vec<&[u8]> = Vec::new();
        for (name, source) in BUILT_IN {
            parts.extend([name.as_bytes(), b"\0", source.as_bytes(), b"\0"]);
        }
        parts.extend([
            BUILT_IN_STYLE.as_bytes(),
            b"\0",
            SEARCH_SCRIPT.as_bytes(),
            b"\0",
        ]);
        for (name, source) in &self.files {
            parts.extend([name.as_bytes(), b"\0", source.as_bytes(), b"\0"]);
        }
        Suite::Ed25519Sha256
            .hash(b"templates\0", &parts)
            .to_string()
    }
}
