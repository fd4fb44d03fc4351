//! The journal: entries, their signatures, the chain over them, and how to check all of it.
//!
//! Pure: bytes in, bytes and verdicts out. `docs/journal.md` describes the format for people who
//! want to write their own verifier.

pub mod chain;
pub mod entry;
pub mod export;
pub mod fault;
pub mod hash;
pub mod highwater;
pub mod keys;
pub mod merkle;
pub mod note;
pub mod passphrase;
pub mod seal;
pub mod sign;
mod strict;
pub mod verify;

pub use chain::{EffectHasher, Value, chain_next, chain_start, leaf_data, sig_hash, void_effect};
pub use entry::{BodyRef, Entry, EntryError, Seen, args, body_id, entry_id, signing_message};
pub use export::{ExportError, Line, Summary, verify_export};
pub use fault::{Fault, FaultKind};
pub use hash::{Hash, Hasher, JournalId, Suite};
pub use highwater::HighWater;
pub use keys::KeyState;
pub use merkle::Frontier;
pub use note::{Checkpoint, Note, NoteError};
pub use passphrase::{PassphraseFault, check_passphrase};
pub use seal::SealCost;
pub use sign::{KeyError, PublicKey, Signer, SoftKey};
pub use verify::{Head, Row, Verifier, check_body};

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
