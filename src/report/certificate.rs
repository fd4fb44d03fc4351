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
//! under the checkpoint's root. [`check`] needs the files alone; whose key it is, the one who asks
//! must know from elsewhere. A long proof lies in a file of its own, `<export>.proof`, named by its
//! hash.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Format;
use crate::journal::merkle::{leaf_hash, node_hash, root_of};
use crate::journal::note::SignedText;
use crate::journal::{Entry, Hash, Note, PublicKey, Suite, entry_id, sig_hash, signing_message};

/// Proofs of more leaves go to a file of their own.
pub const INLINE: usize = 64;
/// Largest certificate read, in bytes.
const MAX: u64 = 4 << 20;
/// Largest proof read, in bytes: two million entries.
const MAX_PROOF: u64 = 1 << 29;

/// What is certified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// Version of this form.
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
    /// Whether every row rests on an entry of its own that is proved; else the last row's is.
    pub every_row: bool,
    /// The proof.
    pub proof: Place,
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

/// An entry's place in the tree: position, instant (µs), entry id, hash of its signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Leaf(pub u64, pub i64, pub Hash, pub Hash);

impl Leaf {
    fn hash(&self, suite: Suite) -> Hash {
        let mut data = [0; 80];
        data[..8].copy_from_slice(&self.0.to_be_bytes());
        data[8..16].copy_from_slice(&self.1.to_be_bytes());
        data[16..48].copy_from_slice(self.2.as_bytes());
        data[48..].copy_from_slice(self.3.as_bytes());
        leaf_hash(suite, &data)
    }
}

/// That some entries stand in a journal of `size` entries with a known root. The nodes are the roots
/// of the subtrees that hold none of them, from left to right; for one entry they are the audit path
/// of RFC 6962.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// Entries of the journal at the checkpoint.
    pub size: u64,
    /// The entries proved, by position, each once.
    pub leaves: Vec<Leaf>,
    /// What is needed besides.
    pub nodes: Vec<Hash>,
}

/// Where RFC 6962 splits a tree of `size` leaves (at least two).
const fn split(size: usize) -> usize {
    1 << (size - 1).ilog2()
}

impl Proof {
    /// The proof of some entries (by position, each once) over the leaf hashes of all.
    pub fn of(suite: Suite, all: &[Hash], leaves: Vec<Leaf>) -> Self {
        fn walk(suite: Suite, all: &[Hash], from: u64, wanted: &[Leaf], nodes: &mut Vec<Hash>) {
            if wanted.is_empty() {
                nodes.push(root_of(suite, all));
            } else if all.len() > 1 {
                let at = split(all.len());
                let middle = from + at as u64;
                let (left, right) = wanted.split_at(wanted.partition_point(|l| l.0 <= middle));
                walk(suite, &all[..at], from, left, nodes);
                walk(suite, &all[at..], middle, right, nodes);
            }
        }
        let mut nodes = Vec::new();
        walk(suite, all, 0, &leaves, &mut nodes);
        Proof {
            size: all.len() as u64,
            leaves,
            nodes,
        }
    }

    /// The root these entries lead to; none where the proof is no proof.
    pub fn root(&self, suite: Suite) -> Option<Hash> {
        fn walk(
            suite: Suite,
            size: u64,
            from: u64,
            wanted: &[Leaf],
            nodes: &mut std::slice::Iter<'_, Hash>,
        ) -> Option<Hash> {
            if wanted.is_empty() {
                return nodes.next().copied();
            }
            if size == 1 {
                return (wanted.len() == 1).then(|| wanted[0].hash(suite));
            }
            let at = split(usize::try_from(size).ok()?) as u64;
            let middle = from + at;
            let (left, right) = wanted.split_at(wanted.partition_point(|l| l.0 <= middle));
            let left = walk(suite, at, from, left, nodes)?;
            let right = walk(suite, size - at, middle, right, nodes)?;
            Some(node_hash(suite, left, right))
        }
        let ordered = self.leaves.windows(2).all(|w| w[0].0 < w[1].0);
        let inside = self.leaves.first().is_some_and(|l| l.0 >= 1)
            && self.leaves.last().is_some_and(|l| l.0 <= self.size);
        if !ordered || !inside {
            return None;
        }
        let mut nodes = self.nodes.iter();
        let root = walk(suite, self.size, 0, &self.leaves, &mut nodes)?;
        nodes.next().is_none().then_some(root)
    }

    /// When the entry at a position was recorded, µs, if it is among those proved.
    pub fn at(&self, seq: u64) -> Option<i64> {
        let at = self.leaves.binary_search_by_key(&seq, |l| l.0).ok()?;
        Some(self.leaves[at].1)
    }

    /// As a line of JSON.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self).map(|text| text + "\n")
    }
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

/// What is wrong with an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wrong {
    /// The certificate is none.
    Form,
    /// It is not signed by the key it names.
    Signature,
    /// The key is not one of those expected.
    Key,
    /// The file is not the one that was certified.
    File,
    /// The file does not hold as many rows.
    Rows,
    /// The entry does not record this export.
    Entry,
    /// The checkpoint is not signed by the same key, or of another journal.
    Checkpoint,
    /// The proof does not lead to the checkpoint's root.
    Proof,
    /// A row names an entry that is not proved, or another instant.
    Row,
}

impl Wrong {
    /// Stable code; the message is `report-wrong-<code>`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Signature => "signature",
            Self::Key => "key",
            Self::File => "file",
            Self::Rows => "rows",
            Self::Entry => "entry",
            Self::Checkpoint => "checkpoint",
            Self::Proof => "proof",
            Self::Row => "row",
        }
    }
}

/// What a check found.
#[derive(Debug, Clone, Serialize)]
pub struct Checked {
    /// What was certified; none where the certificate cannot be read.
    pub certificate: Option<Certificate>,
    /// Id of the key that signed.
    pub key: Option<Hash>,
    /// The key was among those expected, and not only the one the certificate names itself.
    pub pinned: bool,
    /// Rows held against proved entries; workbooks and pages are taken by their hash alone.
    pub rows_checked: u64,
    /// Everything that is wrong.
    pub wrong: Vec<Wrong>,
}

/// Checks an export against its certificate. `keys` are those expected (login and key); none given
/// means that the reader compares the key's id himself. Errors are those of reading files.
pub fn check(
    export: &Path,
    certificate: &Path,
    keys: Option<&[(String, PublicKey)]>,
) -> std::io::Result<Checked> {
    let mut out = Checked {
        certificate: None,
        key: None,
        pinned: false,
        rows_checked: 0,
        wrong: Vec::new(),
    };
    let text = read(certificate, MAX)?;
    let Some((note, cert)) = parse(&text) else {
        out.wrong.push(Wrong::Form);
        return Ok(out);
    };
    let suite = cert.suite;
    let key = PublicKey::from_base64(suite, &cert.key).ok();
    out.key = key.as_ref().map(PublicKey::id);
    let signed = key
        .as_ref()
        .is_some_and(|k| note.verify(k) == Some(cert.by.as_str()));
    if !signed {
        out.wrong.push(Wrong::Signature);
    }
    if let Some(keys) = keys {
        out.pinned = keys
            .iter()
            .any(|(login, known)| *login == cert.by && Some(known) == key.as_ref());
        if !out.pinned {
            out.wrong.push(Wrong::Key);
        }
    }
    let (sha256, bytes) = hash(export)?;
    if sha256 != cert.sha256 || bytes != cert.bytes {
        out.wrong.push(Wrong::File);
    }
    let checkpoint = Note::parse(&cert.checkpoint).ok().filter(|n| {
        n.checkpoint.journal.to_string() == cert.journal
            && n.checkpoint.suite == suite
            && key
                .as_ref()
                .is_some_and(|k| n.verify(k) == Some(cert.by.as_str()))
    });
    if checkpoint.is_none() {
        out.wrong.push(Wrong::Checkpoint);
    }
    let proof = match &cert.proof {
        Place::Here(proof) => Some(proof.clone()),
        Place::File { name, sha256 } => proof_of(certificate, export, name, sha256),
    };
    let proved = proof.filter(|proof| {
        checkpoint.as_ref().is_some_and(|n| {
            proof.size == n.checkpoint.seq && proof.root(suite) == Some(n.checkpoint.root)
        })
    });
    if proved.is_none() {
        out.wrong.push(Wrong::Proof);
    }
    if !records(&cert, proved.as_ref(), key.as_ref()) {
        out.wrong.push(Wrong::Entry);
    }
    if let Some(proof) = &proved {
        rows(export, &cert, proof, &mut out)?;
    }
    out.certificate = Some(cert);
    Ok(out)
}

fn read(path: &Path, limit: u64) -> std::io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(limit).read_to_string(&mut text)?;
    Ok(text)
}

fn parse(text: &str) -> Option<(SignedText, Certificate)> {
    let note = SignedText::parse(text).ok()?;
    let (origin, line) = note.text.split_once('\n')?;
    let cert: Certificate = serde_json::from_str(line.strip_suffix('\n')?).ok()?;
    let good = cert.v == 1 && origin == format!("qianfa/{}/export", cert.journal);
    good.then_some((note, cert))
}

fn hash(path: &Path) -> std::io::Result<(String, u64)> {
    let mut file = File::open(path)?;
    let (mut hash, mut bytes) = (Sha256::new(), 0);
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let n = file.read(&mut buffer)?;
        if n == 0 {
            return Ok((hex::encode(hash.finalize()), bytes));
        }
        hash.update(&buffer[..n]);
        bytes += n as u64;
    }
}

/// A proof in a file: under its name beside the certificate, or where it lies when both were renamed.
fn proof_of(certificate: &Path, export: &Path, name: &str, sha256: &str) -> Option<Proof> {
    let plain = Path::new(name).file_name()? == name;
    let places = [
        plain.then(|| certificate.with_file_name(name)),
        Some(proof_beside(export)),
    ];
    places.into_iter().flatten().find_map(|path| {
        let text = read(&path, MAX_PROOF).ok()?;
        (hex::encode(Sha256::digest(text.as_bytes())) == sha256)
            .then(|| serde_json::from_str(&text).ok())
            .flatten()
    })
}

/// Whether the entry is the one proved, by the same key, and records this file.
fn records(cert: &Certificate, proof: Option<&Proof>, key: Option<&PublicKey>) -> bool {
    let found = || {
        let proof = proof?;
        let at = proof.leaves.binary_search_by_key(&cert.seq, |l| l.0).ok()?;
        let leaf = proof.leaves[at];
        let sig = STANDARD.decode(&cert.sig).ok()?;
        let bytes = cert.entry.as_bytes();
        let entry = Entry::parse(bytes).ok()?;
        let args: serde_json::Value = serde_json::from_str(entry.args.get()).ok()?;
        let good = entry_id(cert.suite, bytes) == leaf.2
            && sig_hash(cert.suite, &sig) == leaf.3
            && entry.kind == "export"
            && entry.key == key?.id()
            && key?.verify(&signing_message(leaf.2), &sig)
            && entry.journal.to_string() == cert.journal
            && args["sha256"] == cert.sha256.as_str()
            && args["rows"] == cert.rows;
        good.then_some(())
    };
    found().is_some()
}

/// Holds the rows against the proved entries, where the format lets them be read plainly.
fn rows(
    export: &Path,
    cert: &Certificate,
    proof: &Proof,
    out: &mut Checked,
) -> std::io::Result<()> {
    let mut last = None;
    let mut good = true;
    let mut see = |row: Option<(u64, String)>| {
        out.rows_checked += 1;
        let proved = row.as_ref().is_some_and(|(seq, at)| {
            proof
                .at(*seq)
                .is_some_and(|known| micros(at) == Some(known))
        });
        good &= proved || !cert.every_row;
        last = Some(proved);
    };
    match (cert.what.as_str(), Format::parse(&cert.format)) {
        ("journal", _) | (_, None | Some(Format::Xlsx | Format::Html)) => return Ok(()),
        (_, Some(Format::Csv)) => {
            let mut reader = csv::ReaderBuilder::new()
                .flexible(true)
                .from_path(export)
                .map_err(std::io::Error::other)?;
            for record in reader.records() {
                let row = record
                    .ok()
                    .and_then(|r| Some((r.get(0)?.parse().ok()?, r.get(1)?.to_owned())));
                see(row);
            }
        }
        (_, Some(Format::JsonLines)) => {
            #[derive(Deserialize)]
            struct Line {
                seq: u64,
                #[serde(alias = "recorded_at")]
                at: String,
            }
            for line in BufReader::new(File::open(export)?).lines() {
                let row = serde_json::from_str::<Line>(&line?).ok();
                see(row.map(|l| (l.seq, l.at)));
            }
        }
    }
    if out.rows_checked != cert.rows {
        out.wrong.push(Wrong::Rows);
    }
    if !good || last == Some(false) {
        out.wrong.push(Wrong::Row);
    }
    Ok(())
}

/// An instant as tables and JSON write it.
fn micros(text: &str) -> Option<i64> {
    let at: jiff::Timestamp = text.replacen(' ', "T", 1).parse().ok()?;
    Some(at.as_microsecond())
}
