//! The certificate of an export: made after the entry that records it, over a fresh checkpoint.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::{Desk, Result};
use crate::journal::merkle::leaf_hash;
use crate::journal::{Hash, Note, leaf_data, sig_hash};
use crate::report::certificate::{
    Basis, Certificate, INLINE, Leaf, Place, Proof, VERSION, beside, proof_beside,
};
use crate::report::{ReportError, Written, export};
use crate::rules::act::ExportKind;
use crate::store::StoreError;

/// What left the house, and the word on it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Exported {
    /// Rows, without the header.
    pub rows: u64,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
    /// The entry that recorded it.
    pub seq: u64,
    /// The signed certificate.
    pub certificate: PathBuf,
}

/// What an export is, for its entry and its certificate.
pub(super) struct Export<'a> {
    pub path: &'a Path,
    pub kind: ExportKind,
    /// Name of the list; also the key of its title, `report-title-<what>`.
    pub what: &'static str,
    pub format: &'a str,
    pub query: BTreeMap<String, String>,
    /// Entries the rows rest on.
    pub entries: Vec<u64>,
    /// What the rows have to do with the proof.
    pub basis: Basis,
    /// How many of the first entries of the journal the rows are.
    pub run: u64,
    pub force: bool,
}

impl Desk {
    /// Records an export and certifies it. One that cannot be recorded did not happen: the file goes
    /// again.
    pub(super) fn finish_export(
        &mut self,
        about: Export<'_>,
        written: &Written,
    ) -> Result<Exported> {
        let seq = self
            .exported(about.kind, written)
            .inspect_err(|_| {
                let _ = std::fs::remove_file(about.path);
            })?
            .seq;
        let certificate = self.certify(about, written, seq)?;
        Ok(Exported {
            rows: written.rows,
            bytes: written.bytes,
            sha256: written.sha256.clone(),
            seq,
            certificate,
        })
    }

    fn certify(&mut self, about: Export<'_>, written: &Written, seq: u64) -> Result<PathBuf> {
        let checkpoint = self.checkpoint()?;
        let size = Note::parse(&checkpoint)
            .map_err(|e| StoreError::Damaged(format!("checkpoint: {e}")))?
            .checkpoint
            .seq;
        let mut wanted = about.entries;
        wanted.push(seq);
        wanted.sort_unstable();
        wanted.dedup();
        let (proof, entry, sig) = self.prove(size, about.run, &wanted, seq)?;
        let login = self.signing_name()?;
        let head = self.store.head()?;
        let key = self.signer.public().to_base64();
        let failed = |e: serde_json::Error| ReportError::Encode(e.to_string());
        let put = |path: &Path, text: &str| {
            export(path, about.force, |out| {
                out.write_all(text.as_bytes()).map_err(ReportError::from)
            })
        };
        let proof = if proof.leaves.len() <= INLINE {
            Place::Here(proof)
        } else {
            let path = proof_beside(about.path);
            let text = proof.to_json().map_err(failed)?;
            put(&path, &text)?;
            Place::File {
                name: name_of(&path),
                sha256: hex::encode(Sha256::digest(text.as_bytes())),
            }
        };
        let certificate = Certificate {
            v: VERSION,
            what: about.what.to_owned(),
            format: about.format.to_owned(),
            query: about.query,
            file: name_of(about.path),
            rows: written.rows,
            bytes: written.bytes,
            sha256: written.sha256.clone(),
            by: login.clone(),
            key,
            journal: head.journal.to_string(),
            suite: head.suite,
            seq,
            entry,
            sig,
            checkpoint,
            basis: about.basis,
            proof,
        };
        let text = certificate.text().map_err(failed)?;
        let note = self.sign_statement(&login, &text)?;
        let path = beside(about.path);
        put(&path, &note)?;
        Ok(path)
    }

    /// The proof for the first entries and some later ones in the journal as of a checkpoint, and one of
    /// them in full.
    fn prove(
        &self,
        size: u64,
        run: u64,
        wanted: &[u64],
        seq: u64,
    ) -> Result<(Proof, String, String)> {
        let suite = self.store.suite();
        let mut all: Vec<Hash> = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
        let mut leaves = Vec::with_capacity(wanted.len());
        let mut next = wanted.iter().copied().peekable();
        let mut statement = self.store.conn().prepare_cached(
            "SELECT seq, recorded_at, entry_id, sig FROM journal WHERE seq <= ?1 ORDER BY seq",
        )?;
        let mut rows = statement.query([size as i64])?;
        let damaged = || StoreError::Damaged("journal".into());
        let (mut text, mut own) = (String::new(), String::new());
        while let Some(row) = rows.next()? {
            let at = row.get::<_, i64>(0)? as u64;
            let recorded_at: i64 = row.get(1)?;
            let id = row.get_ref(2)?.as_blob().ok().and_then(Hash::from_slice);
            let id = id.ok_or_else(damaged)?;
            let sig = row.get_ref(3)?.as_blob().map_err(|_| damaged())?;
            all.push(leaf_hash(
                suite,
                &leaf_data(suite, at, recorded_at, id, sig),
            ));
            if next.next_if_eq(&at).is_some() {
                leaves.push(Leaf(at, recorded_at, id, sig_hash(suite, sig)));
            }
            if at == seq {
                own = STANDARD.encode(sig);
            }
        }
        crate::store::query::log::entries_between(self.store.conn(), seq, seq, |row| {
            text = String::from_utf8_lossy(&row.bytes).into_owned();
            Ok::<(), StoreError>(())
        })?;
        Ok((Proof::of(suite, &all, run, leaves), text, own))
    }
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default()
}
