//! What can be wrong with a journal, and where.

use super::entry::EntryError;

/// The first place where a journal is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("entry {seq}: {what}")]
pub struct Fault {
    /// At which position.
    pub seq: u64,
    /// What is wrong there.
    pub what: FaultKind,
}

/// What can be wrong with a journal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultKind {
    /// The row carries another position: rows were left out, put in or moved.
    #[error("a row with position {0} stands here")]
    Seq(u64),
    /// Recorded before its predecessor.
    #[error("recorded before its predecessor")]
    RecordedAt,
    /// The bytes are no entry. `EntryError::Version` asks for a newer program.
    #[error("not an entry: {0}")]
    Entry(#[from] EntryError),
    /// Signed for another journal.
    #[error("belongs to another journal")]
    Journal,
    /// Of another suite than the journal.
    #[error("belongs to another suite")]
    Suite,
    /// The first entry does not found the journal, or a later one claims to.
    #[error("a journal is founded by its first entry and only by that")]
    Founding,
    /// The particulars of an entry that enrols or revokes keys cannot be read.
    #[error("bad particulars: {0}")]
    Args(String),
    /// The signing key was never enrolled before this position.
    #[error("the signing key is not enrolled")]
    KeyUnknown,
    /// The signing key was revoked before this position.
    #[error("the signing key was revoked")]
    KeyRevoked,
    /// The signing key is enrolled for another person.
    #[error("the signing key belongs to another person")]
    KeyOfAnother,
    /// The signature does not fit the bytes.
    #[error("the signature does not fit")]
    Signature,
    /// `dseq` does not count on from this key's previous entry.
    #[error("the key's counter does not continue: {expected} expected")]
    Dseq {
        /// The next number of this key.
        expected: u64,
    },
    /// `dprev` is not the id of this key's previous entry.
    #[error("the key's previous entry is another")]
    Dprev,
    /// The author claims to have seen what was not there yet.
    #[error("claims to have seen this very position or a later one")]
    SeenAhead,
    /// The author saw another history: the store was rolled back, or shows two faces.
    #[error("the author saw another history")]
    SeenChain,
    /// `base` is not a position before this one.
    #[error("the base is not an earlier position")]
    Base,
    /// The stored chain value is not the one that follows.
    #[error("the chain is broken")]
    Chain,
    /// The effect of a void entry is not the one that follows.
    #[error("the effect of a void entry is wrong")]
    Effect,
    /// A key is enrolled that the journal already knows.
    #[error("the key is enrolled already")]
    KeyTwice,
    /// One person both proposed and confirmed a change of keys.
    #[error("a change of keys was confirmed by its proposer")]
    SelfConfirmed,
    /// The entry disagrees with a checkpoint.
    #[error("the {0} differs from the checkpoint")]
    Checkpoint(&'static str),
    /// The entry disagrees with the high-water mark.
    #[error("the chain differs from the high-water mark")]
    HighWater,
    /// The journal ends before this position, which is known to have existed.
    #[error("the journal once had this entry and now ends before it")]
    Truncated,
}

impl FaultKind {
    /// Stable code; the words are `fault-<code>` in the locale files.
    pub fn code(&self) -> &'static str {
        match self {
            FaultKind::Seq(_) => "seq",
            FaultKind::RecordedAt => "recorded-at",
            FaultKind::Entry(_) => "entry",
            FaultKind::Journal => "journal",
            FaultKind::Suite => "suite",
            FaultKind::Founding => "founding",
            FaultKind::Args(_) => "args",
            FaultKind::KeyUnknown => "key-unknown",
            FaultKind::KeyRevoked => "key-revoked",
            FaultKind::KeyOfAnother => "key-of-another",
            FaultKind::Signature => "signature",
            FaultKind::Dseq { .. } => "dseq",
            FaultKind::Dprev => "dprev",
            FaultKind::SeenAhead => "seen-ahead",
            FaultKind::SeenChain => "seen-chain",
            FaultKind::Base => "base",
            FaultKind::Chain => "chain",
            FaultKind::Effect => "effect",
            FaultKind::KeyTwice => "key-twice",
            FaultKind::SelfConfirmed => "self-confirmed",
            FaultKind::Checkpoint(_) => "checkpoint",
            FaultKind::HighWater => "high-water",
            FaultKind::Truncated => "truncated",
        }
    }
}
