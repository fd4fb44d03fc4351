//! The two files a release leaves beside the pages: the manifest and, while a release is under
//! way, the intent.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sm3::Sm3;

use crate::journal::Suite;
use crate::publish::pages::{PageError, SitePath};

/// The version of the manifest.
const VERSION: u32 = 2;
/// The version of the intent.
const INTENT_VERSION: u32 = 2;

/// Which site a manifest is about and which state of the journal it shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// Id of the site.
    pub site: String,
    /// The journal, as a hexadecimal id.
    pub journal: String,
    /// Its suite; in the Chinese one the files have an SM3 hash besides.
    pub suite: Suite,
    /// The last entry the pages show: a publication, or the destruction of a text.
    pub seq: u64,
    /// The chain after it, hexadecimal.
    pub chain: String,
    /// When that entry was recorded, µs; no clock goes into a release.
    pub at: i64,
}

/// What a file of the site must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// SHA-256 in hexadecimal.
    pub sha256: String,
    /// SM3 in hexadecimal, in a journal of that suite.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sm3: Option<String>,
    /// Length in bytes.
    pub size: u64,
}

/// Every file of the site with its hash. Sorted, so that the same site gives the same bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    version: u32,
    /// None where pages were written without a journal.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub about: Option<About>,
    /// Path to what lies there.
    pub files: BTreeMap<SitePath, Mark>,
}

impl Manifest {
    /// Reads `manifest.json`.
    pub fn parse(bytes: &[u8]) -> Result<Self, PageError> {
        let manifest: Self =
            serde_json::from_slice(bytes).map_err(|e| PageError::Manifest(e.to_string()))?;
        if manifest.version == VERSION {
            Ok(manifest)
        } else {
            Err(PageError::Manifest(format!("version {}", manifest.version)))
        }
    }

    /// The bytes of `manifest.json`.
    pub fn bytes(&self) -> Result<Vec<u8>, PageError> {
        #[derive(Serialize)]
        struct Marked<'a> {
            version: u32,
            #[serde(skip_serializing_if = "Option::is_none")]
            about: &'a Option<About>,
            files: &'a BTreeMap<SitePath, Mark>,
        }
        let marked = Marked {
            version: VERSION,
            about: &self.about,
            files: &self.files,
        };
        let mut bytes =
            serde_json::to_vec_pretty(&marked).map_err(|e| PageError::Manifest(e.to_string()))?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// No path may be a directory of another.
    pub fn check(&self) -> Result<(), PageError> {
        for path in self.files.keys() {
            for (at, _) in path.as_str().match_indices('/') {
                let above = SitePath::new(&path.as_str()[..at])?;
                if self.files.contains_key(&above) {
                    return Err(PageError::Conflict(above.to_string()));
                }
            }
        }
        Ok(())
    }
}

/// A staged file and the place it goes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Move {
    /// Number of the staged file.
    pub from: u64,
    pub to: SitePath,
    pub sha256: String,
}

/// What a release is about to do. Once this file has its name, the release will happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Intent {
    version: u32,
    pub moves: Vec<Move>,
    pub removes: Vec<SitePath>,
    /// Hash of the staged manifest, which takes its place last but one.
    pub manifest: String,
    /// Hash of the staged signature over it, which takes its place last.
    pub note: Option<String>,
}

impl Intent {
    pub fn new(
        moves: Vec<Move>,
        removes: Vec<SitePath>,
        manifest: String,
        note: Option<String>,
    ) -> Self {
        Self {
            version: INTENT_VERSION,
            moves,
            removes,
            manifest,
            note,
        }
    }

    pub fn parse(bytes: &[u8]) -> Result<Self, PageError> {
        let intent: Self =
            serde_json::from_slice(bytes).map_err(|e| PageError::Unfinished(e.to_string()))?;
        if intent.version == INTENT_VERSION {
            Ok(intent)
        } else {
            Err(PageError::Unfinished(format!("version {}", intent.version)))
        }
    }

    pub fn bytes(&self) -> Result<Vec<u8>, PageError> {
        serde_json::to_vec(self).map_err(|e| PageError::Unfinished(e.to_string()))
    }
}

/// SHA-256 in hexadecimal.
pub(super) fn hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Takes the mark of what passes.
pub(super) struct Marking {
    sha256: Sha256,
    sm3: Option<Sm3>,
    size: u64,
}

impl Marking {
    pub fn new(with_sm3: bool) -> Self {
        Self {
            sha256: Sha256::new(),
            sm3: with_sm3.then(Sm3::new),
            size: 0,
        }
    }

    pub fn update(&mut self, bytes: &[u8]) {
        self.sha256.update(bytes);
        if let Some(sm3) = &mut self.sm3 {
            sm3.update(bytes);
        }
        self.size += bytes.len() as u64;
    }

    pub fn finish(self) -> Mark {
        Mark {
            sha256: hex::encode(self.sha256.finalize()),
            sm3: self.sm3.map(|h| hex::encode(h.finalize())),
            size: self.size,
        }
    }

    /// The mark of an open file, read in pieces.
    pub fn of_file(mut file: File, with_sm3: bool) -> io::Result<Mark> {
        let mut marking = Self::new(with_sm3);
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let n = file.read(&mut buffer)?;
            if n == 0 {
                return Ok(marking.finish());
            }
            marking.update(&buffer[..n]);
        }
    }
}

/// The SHA-256 of an open file, read in pieces.
pub(super) fn hash_file(file: File) -> io::Result<String> {
    Ok(Marking::of_file(file, false)?.sha256)
}
