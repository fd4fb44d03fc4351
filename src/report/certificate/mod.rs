//! The signed word on an export: what was asked, what came out, and that it rests on the journal.
//!
//! A certificate is a file beside the export, `<export>.cert`, in the form of a signed note (C2SP):
//!
//! ```text
//! qianfa/<journal>/export
//! {"v":1,"what":"publications",…}          one line of JSON, see [`Certificate`]
//!
//! — <login> <key hash and signature, base64>
//! ```
//!
//! It holds the hash of the file, the entry that recorded the export, a checkpoint signed after that
//! entry, and a proof (RFC 6962, for many leaves at once) that the entries the rows come from stand
//! under the checkpoint's root, and in what is the journal itself that none is left out (see
//! [`Basis`]). [`check()`] needs the files alone; whose key it is, the one who asks
//! must know from elsewhere. A long proof lies in a file of its own, `<export>.proof`, named by its
//! hash.

mod check;
mod proof;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::journal::Suite;

pub use check::{Checked, Wrong, check};
pub use proof::{Leaf, Proof, Run};

/// Version of the form.
pub const VERSION: u32 = 2;
/// Proofs of more leaves go to a file of their own.
pub const INLINE: usize = 64;

/// What is certified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// Version of this form, [`VERSION`].
    pub v: u32,
    /// Which list: `publications`, `custody`, `reviews`, `audit` or `journal`.
    pub what: String,
    /// How it is written.
    pub format: String,
    /// What was asked for, by name of the filter.
    pub query: BTreeMap<String, String>,
    /// Name of the file when it was made.
    pub file: String,
    /// Rows, without the header.
    pub rows: u64,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
    /// Login of the exporter.
    pub by: String,
    /// His public key, base64.
    pub key: String,
    /// The journal.
    pub journal: String,
    /// Its suite.
    pub suite: Suite,
    /// The entry that recorded the export.
    pub seq: u64,
    /// That entry, as it was signed.
    pub entry: String,
    /// Its signature, base64.
    pub sig: String,
    /// The checkpoint, whole.
    pub checkpoint: String,
    /// What the rows have to do with the proof.
    pub basis: Basis,
    /// The proof.
    pub proof: Place,
}

/// What the rows of an export have to do with the proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// Each row names an entry that is among those proved.
    Entries,
    /// The rows are the first entries of the journal, each once and in order; their leaves are worked
    /// out from the rows themselves, so that none can be left out, added or moved.
    Journal,
    /// The rows are the first entries of the journal in a form that is not read again: the file is
    /// taken by its hash, and the last entry is proved.
    Last,
}

/// Where a proof is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Place {
    /// Here.
    Here(Proof),
    /// In a file beside the certificate.
    File {
        /// Its name.
        name: String,
        /// Its SHA-256, hexadecimal.
        sha256: String,
    },
}

impl Certificate {
    /// The text to sign.
    pub fn text(&self) -> Result<String, serde_json::Error> {
        Ok(format!(
            "qianfa/{}/export\n{}\n",
            self.journal,
            serde_json::to_string(self)?
        ))
    }
}

/// The usual place of a certificate.
pub fn beside(export: &Path) -> PathBuf {
    with_ending(export, ".cert")
}

/// The usual place of a long proof.
pub fn proof_beside(export: &Path) -> PathBuf {
    with_ending(export, ".proof")
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
