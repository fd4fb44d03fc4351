//! The exported journal: what a stranger is handed and can verify with nothing else.
//!
//! JSON Lines: one header, then entries in order, with bodies and checkpoints wherever they fit.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::HashMap;

use super::fault::Fault;
use super::hash::{Hash, JournalId, Suite, unhex};
use super::note::{Note, NoteError};
use super::verify::{Head, Row, Verifier, check_body};

/// The name and version of the format.
pub const FORMAT: &str = "qianfa-journal/1";

/// Why an export is not what it claims to be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// A line that is none of the four kinds.
    #[error("line {line}: {reason}")]
    Line {
        /// Which line, from 1.
        line: u64,
        /// What the JSON reader says.
        reason: String,
    },
    /// The header is missing, repeated, or of another format.
    #[error("line {0}: a `{FORMAT}` header belongs on the first line and only there")]
    Header(u64),
    /// The journal itself is at fault.
    #[error(transparent)]
    Journal(#[from] Fault),
    /// A body that no entry above it committed to, or other than committed.
    #[error("line {line}: body {id} is not what an entry committed to")]
    Body {
        /// Which line.
        line: u64,
        /// The id it claims.
        id: Hash,
    },
    /// A checkpoint that is no signed note.
    #[error("line {line}: {reason}")]
    Note {
        /// Which line.
        line: u64,
        /// What is wrong with it.
        reason: NoteError,
    },
    /// A checkpoint below a later entry than its own, where its root can no longer be compared.
    #[error("line {0}: a checkpoint stands before the entry that follows it")]
    Late(u64),
    /// A checkpoint that no key of this journal signed.
    #[error("line {0}: no enrolled key signed this checkpoint")]
    Unsigned(u64),
}

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeaderLine {
    /// [`FORMAT`]
    pub format: String,
    /// The journal.
    pub journal: JournalId,
    /// Its suite.
    pub suite: Suite,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryLine {
    /// Position.
    pub seq: u64,
    /// When it was recorded, microseconds since 1970.
    pub recorded_at: i64,
    /// The exact bytes of the entry, as a string.
    pub entry: String,
    /// The signature.
    #[serde(with = "base64_text")]
    pub sig: Vec<u8>,
    /// Chain value.
    pub chain: Hash,
    /// Effect value.
    pub eff: Hash,
    /// Rule by which it is void.
    #[serde(deserialize_with = "present")]
    pub verdict: Option<String>,
}

/// One text an entry committed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BodyLine {
    /// Its id.
    pub body: Hash,
    /// Its salt.
    #[serde(with = "hex_text")]
    pub salt: [u8; 32],
    /// The text.
    #[serde(with = "base64_text")]
    pub data: Vec<u8>,
}

/// One checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckpointLine {
    /// The signed note.
    pub checkpoint: String,
}

/// Any line of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Line {
    /// The first.
    Header(HeaderLine),
    /// An entry.
    Entry(EntryLine),
    /// A body.
    Body(BodyLine),
    /// A checkpoint.
    Checkpoint(CheckpointLine),
}

impl Line {
    /// The header of an export.
    pub fn header(journal: JournalId, suite: Suite) -> Self {
        Self::Header(HeaderLine {
            format: FORMAT.to_owned(),
            journal,
            suite,
        })
    }

    /// The line of an entry. Only entries that are UTF-8 can be exported; a store takes no others.
    pub fn entry(row: &Row<'_>) -> Option<Self> {
        Some(Self::Entry(EntryLine {
            seq: row.seq,
            recorded_at: row.recorded_at,
            entry: std::str::from_utf8(row.entry).ok()?.to_owned(),
            sig: row.sig.to_vec(),
            chain: row.chain,
            eff: row.eff,
            verdict: row.verdict.map(str::to_owned),
        }))
    }

    /// The line of a body.
    pub fn body(body: Hash, salt: [u8; 32], data: &[u8]) -> Self {
        Self::Body(BodyLine {
            body,
            salt,
            data: data.to_vec(),
        })
    }

    /// The line of a checkpoint note.
    pub fn checkpoint(note: &str) -> Self {
        Self::Checkpoint(CheckpointLine {
            checkpoint: note.to_owned(),
        })
    }

    /// The line as text, without its newline.
    pub fn encode(&self) -> String {
        // Strings, integers and hashes: nothing here can fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads one line. The first member tells the kind, so that an error names the right one.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        if text.starts_with(r#"{"seq":"#) {
            serde_json::from_str(text).map(Self::Entry)
        } else if text.starts_with(r#"{"body":"#) {
            serde_json::from_str(text).map(Self::Body)
        } else if text.starts_with(r#"{"checkpoint":"#) {
            serde_json::from_str(text).map(Self::Checkpoint)
        } else if text.starts_with(r#"{"format":"#) {
            serde_json::from_str(text).map(Self::Header)
        } else {
            Err(serde::de::Error::custom(
                "neither header, entry, body nor checkpoint",
            ))
        }
    }
}

impl EntryLine {
    /// The row to verify.
    pub fn row(&self) -> Row<'_> {
        Row {
            seq: self.seq,
            recorded_at: self.recorded_at,
            entry: self.entry.as_bytes(),
            sig: &self.sig,
            chain: self.chain,
            eff: self.eff,
            verdict: self.verdict.as_deref(),
        }
    }
}

/// What a verified export contains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The journal.
    pub journal: JournalId,
    /// Its suite.
    pub suite: Suite,
    /// Where it stands.
    pub head: Head,
    /// Bodies that were shown and fit.
    pub bodies: u64,
    /// Checkpoints that were shown and fit.
    pub checkpoints: u64,
}

/// Verifies an export from its lines (without newlines), to the end or the first fault.
///
/// Give `verifier` expectations of your own (a printed checkpoint, a high-water mark) through
/// `prepare`; without any, nothing can tell that the end of the file is missing.
pub fn verify_export<S: AsRef<str>>(
    lines: impl IntoIterator<Item = S>,
    prepare: impl FnOnce(&mut Verifier) -> Result<(), Fault>,
) -> Result<Summary, ExportError> {
    let mut lines = (1u64..).zip(lines);
    let header = match lines.next().map(|(_, text)| Line::parse(text.as_ref())) {
        Some(Ok(Line::Header(header))) if header.format == FORMAT => header,
        _ => return Err(ExportError::Header(1)),
    };
    let mut verifier = Verifier::new(header.suite, header.journal);
    prepare(&mut verifier)?;
    let mut committed: HashMap<Hash, u64> = HashMap::new();
    let mut notes = Vec::new();
    let mut bodies = 0;
    for (line, text) in lines {
        let reason = |error: serde_json::Error| ExportError::Line {
            line,
            reason: error.to_string(),
        };
        match Line::parse(text.as_ref()).map_err(reason)? {
            Line::Header(_) => return Err(ExportError::Header(line)),
            Line::Entry(entry) => {
                if let Some(entry) = verifier.push(&entry.row())? {
                    committed.extend(entry.bodies.iter().map(|body| (body.id, body.len)));
                }
            }
            Line::Body(BodyLine { body, salt, data }) => {
                if committed.get(&body) != Some(&(data.len() as u64))
                    || !check_body(header.suite, body, &salt, &data)
                {
                    return Err(ExportError::Body { line, id: body });
                }
                bodies += 1;
            }
            Line::Checkpoint(CheckpointLine { checkpoint }) => {
                let note = Note::parse(&checkpoint)
                    .map_err(|reason| ExportError::Note { line, reason })?;
                if note.checkpoint.seq < verifier.head().seq {
                    return Err(ExportError::Late(line));
                }
                verifier.expect_checkpoint(note.checkpoint.clone())?;
                notes.push((line, note));
            }
        }
    }
    let head = verifier.finish()?;
    // Last, because a note may stand above the entry that enrols its signer.
    for (line, note) in &notes {
        if !verifier
            .keys()
            .any(|state| note.verify(&state.key).is_some())
        {
            return Err(ExportError::Unsigned(*line));
        }
    }
    Ok(Summary {
        journal: header.journal,
        suite: header.suite,
        head,
        bodies,
        checkpoints: notes.len() as u64,
    })
}

/// Without this, serde would read a missing field as null.
fn present<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(from)
}

mod base64_text {
    use super::{Deserialize, Deserializer, Engine, STANDARD, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(from)?;
        STANDARD.decode(text).map_err(serde::de::Error::custom)
    }
}

mod hex_text {
    use super::{Deserialize, Deserializer, Serializer, unhex};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8; 32], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&hex::encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; 32], D::Error> {
        let text = String::deserialize(from)?;
        unhex(&text).map_err(serde::de::Error::custom)
    }
}
