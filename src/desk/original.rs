//! Original files: what a manuscript was read from, kept as it came.
//!
//! An original is evidence: it answers "what did the department send us", years later and to an
//! inspector. It is a body of its own in the entry that made the revision, so the journal commits
//! to it, every copy of the store checks it, and a purge of that revision destroys it too. No
//! page ever shows it. Its name, its SHA-256 and what intake found in it stand in the body's
//! first line and not in the journal: a name tells a secret, a plain hash lets one be guessed,
//! and notes may quote what was deleted in the file.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::draft::Created;
use super::{Content, Desk, DeskError, Result};
use crate::journal::{Entry, Hash};
use crate::rules::act::{BodyRole, ViewMode};
use crate::store::bodies::{self, MAX_BODY, NewBody};
use crate::store::query::history;
use crate::store::{StoreError, append};

/// A file to be kept with a new item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    /// Its name, or its path within the archive it came in.
    pub name: String,
    /// What was found in it, for whoever works on the item.
    pub notes: Vec<String>,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// A kept original with the same bytes (the same file gave another item too): what repeats
    /// is not stored twice.
    pub like: Option<Hash>,
}

/// A kept original without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The entry that brought it.
    pub seq: u64,
    /// When, µs since 1970.
    pub at: i64,
    /// Its body.
    pub body: Hash,
    /// What is said about it; none where it was purged.
    pub about: Option<About>,
}

/// What is said about an original; the first line of its body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Its name, or its path within the archive it came in.
    pub name: String,
    /// SHA-256 of its bytes, hex.
    pub sha256: String,
    /// Its length in bytes.
    pub len: u64,
    /// What intake found in it.
    #[serde(default)]
    pub notes: Vec<String>,
}

impl Original {
    pub(super) fn body(&self) -> Result<Vec<u8>> {
        let name = crate::text::normalise(&self.name).text.replace('\n', " ");
        let about = About {
            sha256: hex::encode(Sha256::digest(&self.bytes)),
            len: self.bytes.len() as u64,
            notes: self.notes.clone(),
            name,
        };
        let mut body = serde_json::to_vec(&about)
            .map_err(|e| StoreError::Damaged(format!("original: {e}")))?;
        body.push(b'\n');
        body.extend_from_slice(&self.bytes);
        if body.len() > MAX_BODY {
            return Err(DeskError::Usage {
                key: "error-attachment-large",
                about: about.name,
            });
        }
        Ok(body)
    }
}

/// Head and bytes of a body.
fn split(id: Hash, mut body: Vec<u8>) -> Result<(About, Vec<u8>)> {
    let damaged = || DeskError::Store(StoreError::Body(id));
    let end = body.iter().position(|b| *b == b'\n').ok_or_else(damaged)?;
    let about: About = serde_json::from_slice(&body[..end]).map_err(|_| damaged())?;
    let bytes = body.split_off(end + 1);
    Ok((about, bytes))
}

impl Desk {
    /// Makes a draft and keeps the files it was read from.
    pub fn create_from(&mut self, content: Content, originals: &[Original]) -> Result<Created> {
        let bodies = originals
            .iter()
            .map(|file| {
                let body = NewBody::fresh(self.store.suite(), file.body()?, file.like)?;
                Ok((BodyRole::Evidence, body))
            })
            .collect::<Result<Vec<_>>>()?;
        self.create_with(content, bodies)
    }

    /// The originals of an item, oldest first, with what is said about them.
    pub fn originals(&mut self, item: &str) -> Result<Vec<Kept>> {
        Ok(self.kept(item)?.into_iter().map(|(kept, _)| kept).collect())
    }

    /// The bytes of an original, for checks inside the program; nothing leaves it.
    pub fn original(&mut self, item: &str, index: usize) -> Result<(About, Vec<u8>)> {
        let kept = self.kept(item)?.into_iter().nth(index);
        match kept {
            Some((
                Kept {
                    about: Some(about), ..
                },
                Some(bytes),
            )) => Ok((about, bytes)),
            Some((kept, _)) => Err(StoreError::Purged(kept.body).into()),
            None => Err(DeskError::Usage {
                key: "error-attachment-unknown",
                about: (index + 1).to_string(),
            }),
        }
    }

    /// The bytes of an original for a person to take away; that he did is recorded.
    pub fn take_original(&mut self, item: &str, index: usize) -> Result<(About, Vec<u8>)> {
        let taken = self.original(item, index)?;
        self.preview(item, ViewMode::Export)?;
        Ok(taken)
    }

    fn kept(&mut self, item: &str) -> Result<Vec<(Kept, Option<Vec<u8>>)>> {
        let row = self.find(item)?;
        let mut list = Vec::new();
        for line in history::entries(self.store.conn(), row.n)? {
            let Ok(entry) = Entry::parse(&line.bytes) else {
                continue;
            };
            if line.verdict.is_some() {
                continue;
            }
            for body in append::originals(&entry) {
                let stored = bodies::open(self.store.conn(), self.store.suite(), &body)?;
                let (about, bytes) = match stored {
                    Some((_, stored)) => {
                        let (about, bytes) = split(body, stored)?;
                        (Some(about), Some(bytes))
                    }
                    None => (None, None),
                };
                let kept = Kept {
                    seq: line.seq,
                    at: line.recorded_at,
                    body,
                    about,
                };
                list.push((kept, bytes));
            }
        }
        Ok(list)
    }
}
