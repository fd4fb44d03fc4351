//! The two files a release leaves beside the pages: the manifest and, while a release is under
//! way, the intent.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::publish::pages::{PageError, SitePath};

/// The version both files carry.
const VERSION: u32 = 1;

/// Every file of the site with its hash. Sorted, so that the same site gives the same bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    version: u32,
    /// Path to SHA-256 in hexadecimal.
    pub files: BTreeMap<SitePath, String>,
}

impl Manifest {
    pub fn parse(bytes: &[u8]) -> Result<Self, PageError> {
        let manifest: Self =
            serde_json::from_slice(bytes).map_err(|e| PageError::Manifest(e.to_string()))?;
        if manifest.version == VERSION {
            Ok(manifest)
        } else {
            Err(PageError::Manifest(format!("version {}", manifest.version)))
        }
    }

    pub fn bytes(&self) -> Result<Vec<u8>, PageError> {
        let marked = Self {
            version: VERSION,
            files: self.files.clone(),
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
    /// Hash of the staged manifest, which takes its place last.
    pub manifest: String,
}

impl Intent {
    pub fn new(moves: Vec<Move>, removes: Vec<SitePath>, manifest: String) -> Self {
        Self {
            version: VERSION,
            moves,
            removes,
            manifest,
        }
    }

    pub fn parse(bytes: &[u8]) -> Result<Self, PageError> {
        let intent: Self =
            serde_json::from_slice(bytes).map_err(|e| PageError::Unfinished(e.to_string()))?;
        if intent.version == VERSION {
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

/// The hash of an open file, read in pieces.
pub(super) fn hash_file(mut file: File) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let n = file.read(&mut buffer)?;
        if n == 0 {
            return Ok(hex::encode(hash.finalize()));
        }
        hash.update(&buffer[..n]);
    }
}
