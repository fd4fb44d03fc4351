//! Whether a directory is what was released: every file, and the signature over the list of them.
//!
//! Works on a copy on another machine, without the store: all it needs is the directory and the
//! runner's public key.

use std::path::Path;

use serde::Serialize;

use super::pages::{About, Difference, PageError, writer};
use super::seal::{self, Pinned};

/// What is wrong with the signature, or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signature {
    /// It is there, over this manifest, and by one of the keys.
    Good,
    /// There is none.
    Missing,
    /// It is over another manifest, or no signature at all.
    Other,
    /// It is by none of the keys.
    Unknown,
}

/// The outcome for a directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Which site, and which state of the journal.
    pub about: Option<About>,
    /// Files the manifest lists.
    pub files: usize,
    /// The signature.
    pub signature: Signature,
    /// Login of the one who signed.
    pub signer: Option<String>,
    /// Every page that is not as it was released.
    pub differences: Vec<Difference>,
}

impl Report {
    /// Nothing is wrong.
    pub fn is_good(&self) -> bool {
        self.signature == Signature::Good && self.differences.is_empty()
    }
}

/// Looks at every file of a directory. `seen` is told how many were looked at.
pub fn check(dir: &Path, keys: &[Pinned], seen: &mut dyn FnMut(u64)) -> Result<Report, PageError> {
    let found = writer::found(dir)?;
    let about = found.manifest.about.clone();
    let files = found.manifest.files.len();
    let (signature, signer) = match found.note.as_deref() {
        None => (Signature::Missing, None),
        Some(note) => match seal::parse(note) {
            Some(sealed) if sealed.is_of(&found.bytes, about.as_ref()) => {
                match sealed.signed_by(keys) {
                    Some(pin) => (Signature::Good, Some(pin.login.clone())),
                    None => (Signature::Unknown, None),
                }
            }
            _ => (Signature::Other, None),
        },
    };
    let mut count = 0;
    let differences = writer::compare(dir, found.manifest, &mut |_| {
        count += 1;
        if count % 100 == 0 {
            seen(count);
        }
    })?;
    Ok(Report {
        about,
        files,
        signature,
        signer,
        differences,
    })
}
