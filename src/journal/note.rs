//! Checkpoints: a signed statement of the journal's head, as text a person can print and keep.
//!
//! The form is the C2SP signed note, its text a C2SP checkpoint (origin, size, root) with extension
//! lines, so that witnesses made for transparency logs can countersign it.

use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::hash::{Hash, JournalId, Suite};
use super::sign::{PublicKey, SIGNATURE_LEN, Signer};

/// Longest note in bytes: a page, not a book.
pub const MAX_NOTE: usize = 8 * 1024;
/// Most signatures a note may carry.
pub const MAX_SIGNATURES: usize = 8;

/// Why text is not a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Not text, blank line, signatures.
    #[error("not a signed note")]
    Form,
    /// The named line is missing or malformed.
    #[error("the line `{0}` is missing or malformed")]
    Line(&'static str),
    /// A name with spaces, plus signs or control characters, or none.
    #[error("not a name that can stand in a signature line")]
    Name,
    /// The signer refused.
    #[error("the signer gave no signature")]
    Refused,
}

/// The head of a journal at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Who keeps the journal; the first line.
    pub origin: String,
    /// The journal.
    pub journal: JournalId,
    /// Its suite.
    pub suite: Suite,
    /// Position of the last entry; also the size of the tree.
    pub seq: u64,
    /// Chain value there.
    pub chain: Hash,
    /// Effect value there.
    pub eff: Hash,
    /// Merkle root over all entries up to there.
    pub root: Hash,
    /// When the checkpoint was made, microseconds since 1970.
    pub at: i64,
}

impl Checkpoint {
    /// The text that is signed; ends in a newline.
    pub fn text(&self) -> String {
        format!(
            "{}\n{}\n{}\njournal {}\nsuite {}\nchain {}\neff {}\nat {}\n",
            self.origin,
            self.seq,
            STANDARD.encode(self.root.as_bytes()),
            self.journal,
            self.suite,
            self.chain,
            self.eff,
            self.at
        )
    }

    fn from_text(text: &str) -> Result<Self, NoteError> {
        let mut lines = text.lines();
        let origin = lines
            .next()
            .filter(|o| is_name(o))
            .ok_or(NoteError::Line("origin"))?;
        let seq = lines
            .next()
            .and_then(decimal)
            .ok_or(NoteError::Line("seq"))?;
        let root = lines
            .next()
            .and_then(|line| Hash::from_slice(&STANDARD.decode(line).ok()?))
            .ok_or(NoteError::Line("root"))?;
        let mut field = |name: &'static str| {
            lines
                .next()
                .and_then(|line| line.strip_prefix(name)?.strip_prefix(' '))
                .ok_or(NoteError::Line(name))
        };
        let journal = field("journal")?;
        let suite = field("suite")?;
        let chain = field("chain")?;
        let eff = field("eff")?;
        let at = field("at")?;
        let checkpoint = Self {
            origin: origin.to_owned(),
            journal: journal.parse().map_err(|_| NoteError::Line("journal"))?,
            suite: suite.parse().map_err(|_| NoteError::Line("suite"))?,
            seq,
            chain: chain.parse().map_err(|_| NoteError::Line("chain"))?,
            eff: eff.parse().map_err(|_| NoteError::Line("eff"))?,
            root,
            at: decimal(at).ok_or(NoteError::Line("at"))?,
        };
        // Other extension lines may mean anything; a signature under them is not ours to honour.
        if checkpoint.text() != text {
            return Err(NoteError::Form);
        }
        Ok(checkpoint)
    }

    /// Signs the checkpoint under `name`; the whole note.
    pub fn sign(&self, name: &str, signer: &dyn Signer) -> Result<String, NoteError> {
        if !is_name(&self.origin) {
            return Err(NoteError::Line("origin"));
        }
        let mut note = Note {
            checkpoint: self.clone(),
            signatures: Vec::new(),
        };
        note.cosign(name, signer)?;
        Ok(note.to_text())
    }
}

/// One spelling per number.
fn decimal<T: std::str::FromStr + ToString>(text: &str) -> Option<T> {
    text.parse::<T>()
        .ok()
        .filter(|number| number.to_string() == text)
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 256
        && !name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+')
}

/// First four bytes of `H(name ‖ "\n" ‖ algorithm ‖ point)`: which of many keys may have signed. The
/// algorithm is the byte 01 for Ed25519 (C2SP); SM2 has no number there and uses the form for
/// unassigned ones, `ff ‖ "sm2-sm3"`.
pub fn key_hash(name: &str, key: &PublicKey) -> [u8; 4] {
    let algorithm: &[u8] = match key.suite() {
        Suite::Ed25519Sha256 => &[1],
        Suite::Sm2Sm3 => b"\xffsm2-sm3",
    };
    let hash = key
        .suite()
        .hash(b"", &[name.as_bytes(), b"\n", algorithm, &key.point()]);
    let [a, b, c, d, ..] = *hash.as_bytes();
    [a, b, c, d]
}

/// One signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    /// Under which name.
    pub name: String,
    /// Hint at the key.
    pub key_hash: [u8; 4],
    /// The signature over the text.
    pub sig: Vec<u8>,
}

/// Any text in the form of a signed note. Whoever signs one begins it with a line that says what it
/// is, so that no signature can be taken for one over something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedText {
    /// What is stated; ends in a newline.
    pub text: String,
    /// Who stands by it.
    pub signatures: Vec<NoteSignature>,
}

impl SignedText {
    /// Signs a text under `name`; the whole note.
    pub fn sign(text: &str, name: &str, signer: &dyn Signer) -> Result<String, NoteError> {
        if !text.ends_with('\n') || text.contains("\n\n") {
            return Err(NoteError::Form);
        }
        let signature = signature_of(text, name, signer)?;
        Ok(assemble(text, &[signature]))
    }

    /// Reads a note of any length; the caller bounds it.
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        let (text, signatures) = split_note(note)?;
        Ok(Self { text, signatures })
    }

    /// The name under which `key` signed this text, if it did.
    pub fn verify(&self, key: &PublicKey) -> Option<&str> {
        signed_under(&self.text, &self.signatures, key)
    }
}

fn signature_of(text: &str, name: &str, signer: &dyn Signer) -> Result<NoteSignature, NoteError> {
    if !is_name(name) {
        return Err(NoteError::Name);
    }
    let sig = signer.sign(text.as_bytes());
    if sig.len() != SIGNATURE_LEN {
        return Err(NoteError::Refused);
    }
    Ok(NoteSignature {
        name: name.to_owned(),
        key_hash: key_hash(name, signer.public()),
        sig,
    })
}

fn split_note(note: &str) -> Result<(String, Vec<NoteSignature>), NoteError> {
    let (text, lines) = note.rsplit_once("\n\n").ok_or(NoteError::Form)?;
    let lines = lines.strip_suffix('\n').ok_or(NoteError::Form)?;
    let signatures = lines
        .split('\n')
        .map(|line| {
            let (name, sig) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
            let bytes = STANDARD.decode(sig).ok()?;
            let (key_hash, sig) = bytes.split_first_chunk::<4>()?;
            (is_name(name) && !sig.is_empty()).then(|| NoteSignature {
                name: name.to_owned(),
                key_hash: *key_hash,
                sig: sig.to_vec(),
            })
        })
        .collect::<Option<Vec<_>>>()
        .filter(|signatures| signatures.len() <= MAX_SIGNATURES)
        .ok_or(NoteError::Form)?;
    Ok((format!("{text}\n"), signatures))
}

fn signed_under<'s>(
    text: &str,
    signatures: &'s [NoteSignature],
    key: &PublicKey,
) -> Option<&'s str> {
    signatures
        .iter()
        .find(|line| {
            line.key_hash == key_hash(&line.name, key) && key.verify(text.as_bytes(), &line.sig)
        })
        .map(|line| &*line.name)
}

fn assemble(text: &str, signatures: &[NoteSignature]) -> String {
    let mut note = text.to_owned();
    for line in signatures {
        let bytes = [&line.key_hash[..], &line.sig].concat();
        // Writing to a string cannot fail.
        let _ = write!(note, "\n\u{2014} {} {}", line.name, STANDARD.encode(bytes));
    }
    // The blank line above the first signature is the text's own newline plus this form.
    note.push('\n');
    note
}

/// A checkpoint with its signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What is stated.
    pub checkpoint: Checkpoint,
    /// Who stands by it.
    pub signatures: Vec<NoteSignature>,
}

impl Note {
    /// Reads a note. Says nothing about the signatures: see [`Self::verify`].
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        if note.len() > MAX_NOTE {
            return Err(NoteError::Form);
        }
        let (text, signatures) = split_note(note)?;
        let checkpoint = Checkpoint::from_text(&text)?;
        Ok(Self {
            checkpoint,
            signatures,
        })
    }

    /// Adds a signature.
    pub fn cosign(&mut self, name: &str, signer: &dyn Signer) -> Result<(), NoteError> {
        if self.signatures.len() == MAX_SIGNATURES {
            return Err(NoteError::Form);
        }
        let signature = signature_of(&self.checkpoint.text(), name, signer)?;
        self.signatures.push(signature);
        Ok(())
    }

    /// The name under which `key` signed this note, if it did.
    pub fn verify(&self, key: &PublicKey) -> Option<&str> {
        signed_under(&self.checkpoint.text(), &self.signatures, key)
    }

    /// The note as text.
    pub fn to_text(&self) -> String {
        assemble(&self.checkpoint.text(), &self.signatures)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::sign::SoftKey;
    use super::*;

    fn checkpoint(suite: Suite) -> Checkpoint {
        Checkpoint {
            origin: "tax.example/journal".into(),
            journal: JournalId::from([1; 16]),
            suite,
            seq: 1000,
            chain: Hash::from([2; 32]),
            eff: Hash::from([3; 32]),
            root: Hash::from([4; 32]),
            at: -1,
        }
    }

    #[test]
    fn the_signature_line_of_the_c2sp_document() {
        // C2SP signed-note: the example key PeterNeumann+c74f20a3+AR… and its 4-byte key id.
        let point = STANDARD
            .decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
            .unwrap();
        assert_eq!(point[0], 1);
        let mut spki = hex::decode("302a300506032b6570032100").unwrap();
        spki.extend(&point[1..]);
        let key = PublicKey::from_spki(Suite::Ed25519Sha256, &spki).unwrap();
        assert_eq!(hex::encode(key_hash("PeterNeumann", &key)), "c74f20a3");
        let text = "If you think cryptography is the answer to your problem,\n\
                    then you don't know what your problem is.\n";
        let line = STANDARD
            .decode("x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=")
            .unwrap();
        assert_eq!(line[..4], hex::decode("c74f20a3").unwrap());
        assert!(key.verify(text.as_bytes(), &line[4..]));
    }

    #[test]
    fn sign_parse_verify() {
        for suite in Suite::ALL {
            let key = SoftKey::generate(suite).unwrap();
            let other = SoftKey::generate(suite).unwrap();
            let text = checkpoint(suite).sign("board", &key).unwrap();
            assert!(text.lines().count() < 20);
            assert!(text.contains("\n\n\u{2014} board "));
            let mut note = Note::parse(&text).unwrap();
            assert_eq!(note.checkpoint, checkpoint(suite));
            assert_eq!(note.to_text(), text);
            assert_eq!(note.verify(key.public()), Some("board"));
            assert_eq!(note.verify(other.public()), None);
            note.cosign("witness", &other).unwrap();
            let note = Note::parse(&note.to_text()).unwrap();
            assert_eq!(note.verify(key.public()), Some("board"));
            assert_eq!(note.verify(other.public()), Some("witness"));
            let mut forged = note.clone();
            forged.checkpoint.seq += 1;
            assert_eq!(forged.verify(key.public()), None);
            let mut renamed = note;
            renamed.signatures[0].name = "chief".into();
            assert_eq!(renamed.verify(key.public()), None);
        }
    }

    #[test]
    fn every_damaged_character_is_noticed() {
        for suite in Suite::ALL {
            let key = SoftKey::generate(suite).unwrap();
            let text = checkpoint(suite).sign("board", &key).unwrap();
            for (at, c) in text.char_indices() {
                let new = if c == 'A' { "B" } else { "A" };
                let mut damaged = text.clone();
                damaged.replace_range(at..at + c.len_utf8(), new);
                if let Ok(note) = Note::parse(&damaged) {
                    assert_eq!(note.verify(key.public()), None, "{damaged}");
                }
            }
        }
    }

    #[test]
    fn names_that_would_break_the_lines_are_refused() {
        let key = SoftKey::generate(Suite::Ed25519Sha256).unwrap();
        for name in ["", "a b", "a\nb", "a+b", "a\u{3000}b", "a\u{1b}"] {
            let note = checkpoint(Suite::Ed25519Sha256).sign(name, &key);
            assert_eq!(note, Err(NoteError::Name));
            let mut foreign = checkpoint(Suite::Ed25519Sha256);
            foreign.origin = name.into();
            assert_eq!(foreign.sign("board", &key), Err(NoteError::Line("origin")));
        }
    }
}
