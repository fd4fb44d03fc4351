//! Is an export what its certificate says? Needs the files and nothing else.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Basis, Certificate, Leaf, Place, Proof, Run, VERSION, proof_beside};
use crate::journal::export::Line;
use crate::journal::note::SignedText;
use crate::journal::{Entry, Hash, Note, PublicKey, entry_id, sig_hash, signing_message};
use crate::report::Format;

/// Largest certificate read, in bytes.
const MAX: u64 = 4 << 20;
/// Largest proof read, in bytes: two million entries.
const MAX_PROOF: u64 = 1 << 29;

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
    let rows = rows(export, &cert, proof.as_ref(), &mut out)?;
    let proved = proof.filter(|proof| {
        checkpoint.as_ref().is_some_and(|n| {
            proof.size == n.checkpoint.seq
                && (proof.run > 0) == (cert.basis == Basis::Journal)
                && proof.root(suite, &rows) == Some(n.checkpoint.root)
        })
    });
    if proved.is_none() {
        out.wrong.push(Wrong::Proof);
    }
    if !records(&cert, proved.as_ref(), key.as_ref()) {
        out.wrong.push(Wrong::Entry);
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
    let good = cert.v == VERSION && origin == format!("qianfa/{}/export", cert.journal);
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
            && args["what"] == cert.what.as_str()
            && args["sha256"] == cert.sha256.as_str()
            && args["rows"] == cert.rows;
        good.then_some(())
    };
    found().is_some()
}

/// A row as far as it can be held against an entry.
struct Seen {
    seq: u64,
    at: i64,
    /// Entry id and hash of the signature, where the row has them.
    leaf: Option<(Hash, Hash)>,
}

/// Holds the rows against the proved entries, where the format lets them be read plainly; what they
/// are the first entries of the journal of is handed back.
fn rows(
    export: &Path,
    cert: &Certificate,
    proof: Option<&Proof>,
    out: &mut Checked,
) -> std::io::Result<Run> {
    let mut run = Run::new(cert.suite);
    let mut good = true;
    let mut see = |row: Option<Seen>| {
        out.rows_checked += 1;
        good &= row.is_some_and(|row| match cert.basis {
            Basis::Entries => proof.is_none_or(|p| p.at(row.seq) == Some(row.at)),
            Basis::Journal => row
                .leaf
                .is_some_and(|(id, sig)| run.push(Leaf(row.seq, row.at, id, sig))),
            Basis::Last => true,
        });
    };
    match (cert.what.as_str(), Format::parse(&cert.format)) {
        ("journal", _) => {
            for line in BufReader::new(File::open(export)?).lines() {
                match Line::parse(&line?) {
                    Ok(Line::Entry(e)) => see(Some(Seen {
                        seq: e.seq,
                        at: e.recorded_at,
                        leaf: Some((
                            entry_id(cert.suite, e.entry.as_bytes()),
                            sig_hash(cert.suite, &e.sig),
                        )),
                    })),
                    Ok(_) => {}
                    Err(_) => see(None),
                }
            }
        }
        (_, None | Some(Format::Xlsx | Format::Html)) => return Ok(run),
        (_, Some(Format::Csv)) => {
            let mut reader = csv::ReaderBuilder::new()
                .flexible(true)
                .from_path(export)
                .map_err(std::io::Error::other)?;
            for record in reader.records() {
                see(record.ok().and_then(|r| {
                    Some(Seen {
                        seq: r.get(0)?.parse().ok()?,
                        at: micros(r.get(1)?)?,
                        leaf: hashes(r.get(AUDIT_ENTRY), r.get(AUDIT_SIGNATURE)),
                    })
                }));
            }
        }
        (_, Some(Format::JsonLines)) => {
            #[derive(Deserialize)]
            struct Line {
                seq: u64,
                #[serde(alias = "recorded_at")]
                at: String,
                entry_id: Option<String>,
                signature: Option<String>,
            }
            for line in BufReader::new(File::open(export)?).lines() {
                let row = serde_json::from_str::<Line>(&line?).ok();
                see(row.and_then(|l| {
                    Some(Seen {
                        seq: l.seq,
                        at: micros(&l.at)?,
                        leaf: hashes(l.entry_id.as_deref(), l.signature.as_deref()),
                    })
                }));
            }
        }
    }
    if out.rows_checked != cert.rows {
        out.wrong.push(Wrong::Rows);
    }
    if !good {
        out.wrong.push(Wrong::Row);
    }
    Ok(run)
}

/// Columns of the audit trail that make a leaf, beside position and instant.
const AUDIT_ENTRY: usize = 9;
const AUDIT_SIGNATURE: usize = 11;

fn hashes(entry: Option<&str>, signature: Option<&str>) -> Option<(Hash, Hash)> {
    Some((entry?.parse().ok()?, signature?.parse().ok()?))
}

/// An instant as tables and JSON write it.
fn micros(text: &str) -> Option<i64> {
    let at: jiff::Timestamp = text.replacen(' ', "T", 1).parse().ok()?;
    Some(at.as_microsecond())
}
