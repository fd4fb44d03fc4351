//! The streaming verifier: rows in order, each checked against all that came before.
//!
//! It knows nothing of the rules. What it proves: every authentic entry was signed by a key that was
//! enrolled for its author at that position, no entry was changed, left out, moved or put in, and
//! the journal still agrees with every checkpoint and high-water mark one holds.

use std::collections::BTreeMap;

use super::chain::{chain_next, chain_start, leaf_data, void_effect};
use super::entry::{Entry, entry_id, signing_message};
use super::fault::{Fault, FaultKind};
use super::hash::{Hash, JournalId, Suite};
use super::highwater::HighWater;
use super::keys::{KeyRing, KeyState};
use super::merkle::Frontier;
use super::note::Checkpoint;

/// One row of the journal as stored or exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<'a> {
    /// Position, from 1.
    pub seq: u64,
    /// When the store took it in, microseconds since 1970.
    pub recorded_at: i64,
    /// The exact bytes.
    pub entry: &'a [u8],
    /// The signature.
    pub sig: &'a [u8],
    /// Chain value after this entry.
    pub chain: Hash,
    /// Effect value after this entry.
    pub eff: Hash,
    /// The rule by which the entry is void, if it is.
    pub verdict: Option<&'a str>,
}

/// Verdicts with this prefix say that the entry is not authentic: its form, key, signature, counter
/// or `seen` is bad. Only the chain is then checked.
pub const INAUTHENTIC: &str = "entry.";

/// Where a journal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Position of the last entry; 0 for an empty journal.
    pub seq: u64,
    /// Chain value there.
    pub chain: Hash,
    /// Effect value there.
    pub eff: Hash,
    /// Merkle root over all entries.
    pub root: Hash,
    /// When the last entry was recorded.
    pub recorded_at: i64,
}

/// Checks rows one by one; keeps 64 bytes per row and the enrolled keys.
#[derive(Debug, Clone)]
pub struct Verifier {
    suite: Suite,
    journal: JournalId,
    /// `chains[n]` is the chain value after entry n.
    chains: Vec<Hash>,
    effs: Vec<Hash>,
    recorded_at: i64,
    frontier: Frontier,
    keys: KeyRing,
    checkpoints: BTreeMap<u64, Vec<Checkpoint>>,
    marks: BTreeMap<u64, Vec<Hash>>,
}

impl Verifier {
    /// A verifier for the journal with this id, before its first entry.
    pub fn new(suite: Suite, journal: JournalId) -> Self {
        Self {
            suite,
            journal,
            chains: vec![chain_start(suite, journal)],
            effs: vec![Hash::ZERO],
            recorded_at: i64::MIN,
            frontier: Frontier::new(suite),
            keys: KeyRing::default(),
            checkpoints: BTreeMap::new(),
            marks: BTreeMap::new(),
        }
    }

    /// Holds the journal to a checkpoint. Give it before its position has passed: of a position in
    /// the past the chain and effect are compared, but the root only at the head.
    pub fn expect_checkpoint(&mut self, checkpoint: Checkpoint) -> Result<(), Fault> {
        let seq = checkpoint.seq;
        let fault = |what| Err(Fault { seq, what });
        if checkpoint.journal != self.journal {
            return fault(FaultKind::Journal);
        }
        if checkpoint.suite != self.suite {
            return fault(FaultKind::Suite);
        }
        let (Some(chain), Some(eff)) = (self.chain_at(seq), self.eff_at(seq)) else {
            self.checkpoints.entry(seq).or_default().push(checkpoint);
            return Ok(());
        };
        if let Err(what) = compare(&checkpoint, chain, eff) {
            return fault(what);
        }
        if seq == self.seq() && checkpoint.root != self.frontier.root() {
            return fault(FaultKind::Checkpoint("root"));
        }
        Ok(())
    }

    /// Holds the journal to a high-water mark.
    pub fn expect_high_water(&mut self, mark: &HighWater) -> Result<(), Fault> {
        let fault = |what| {
            Err(Fault {
                seq: mark.seq,
                what,
            })
        };
        if mark.journal != self.journal {
            return fault(FaultKind::Journal);
        }
        match self.chain_at(mark.seq) {
            Some(chain) if chain == mark.chain => Ok(()),
            Some(_) => fault(FaultKind::HighWater),
            None => {
                self.marks.entry(mark.seq).or_default().push(mark.chain);
                Ok(())
            }
        }
    }

    /// Checks the next row. Answers the entry if its bytes are one. After a fault the verifier
    /// stands where it stood before.
    pub fn push(&mut self, row: &Row<'_>) -> Result<Option<Entry>, Fault> {
        let seq = self.seq() + 1;
        self.check(seq, row).map_err(|what| Fault { seq, what })
    }

    fn check(&mut self, seq: u64, row: &Row<'_>) -> Result<Option<Entry>, FaultKind> {
        if row.seq != seq {
            return Err(FaultKind::Seq(row.seq));
        }
        if row.recorded_at < self.recorded_at {
            return Err(FaultKind::RecordedAt);
        }
        let id = entry_id(self.suite, row.entry);
        let parsed = Entry::parse(row.entry);
        let authentic = !row
            .verdict
            .is_some_and(|rule| rule.starts_with(INAUTHENTIC));
        let mut keys = None;
        if authentic {
            let entry = parsed.as_ref().map_err(Clone::clone)?;
            keys = Some(self.authenticate(seq, entry, id, row)?);
        }

        let leaf = leaf_data(self.suite, seq, row.recorded_at, id, row.sig);
        let chain = chain_next(self.suite, self.head_chain(), &leaf);
        if chain != row.chain {
            return Err(FaultKind::Chain);
        }
        if let Some(rule) = row.verdict
            && void_effect(self.suite, self.head_eff(), rule) != row.eff
        {
            return Err(FaultKind::Effect);
        }
        if self.checkpoints.contains_key(&seq) || self.marks.contains_key(&seq) {
            let mut frontier = self.frontier.clone();
            frontier.push(&leaf);
            self.compare_expected(seq, chain, row.eff, frontier.root())?;
            self.checkpoints.remove(&seq);
            self.marks.remove(&seq);
        }
        self.chains.push(chain);
        self.effs.push(row.eff);
        self.recorded_at = row.recorded_at;
        self.frontier.push(&leaf);
        if let Some(change) = keys {
            self.keys.apply(change);
        }
        Ok(parsed.ok())
    }

    /// Every check that an `entry.` verdict would excuse. Answers what the entry changes about keys.
    fn authenticate(
        &self,
        seq: u64,
        entry: &Entry,
        id: Hash,
        row: &Row<'_>,
    ) -> Result<super::keys::Change, FaultKind> {
        if entry.journal != self.journal {
            return Err(FaultKind::Journal);
        }
        if entry.suite != self.suite {
            return Err(FaultKind::Suite);
        }
        let effective = row.verdict.is_none();
        if (seq == 1) != (effective && entry.kind == "found") {
            return Err(FaultKind::Founding);
        }
        let mut change = self.keys.change(self.suite, seq, entry, effective)?;
        let state = self.keys.signer(&change, entry)?;
        if !state.key.verify(&signing_message(id), row.sig) {
            return Err(FaultKind::Signature);
        }
        let expected = state.dseq + 1;
        if entry.dseq != expected {
            return Err(FaultKind::Dseq { expected });
        }
        if entry.dprev != state.last {
            return Err(FaultKind::Dprev);
        }
        match self.chain_at(entry.seen.seq) {
            None => return Err(FaultKind::SeenAhead),
            Some(chain) if chain != entry.seen.chain => return Err(FaultKind::SeenChain),
            Some(_) => {}
        }
        if entry.base.is_some_and(|base| base >= seq) {
            return Err(FaultKind::Base);
        }
        change.advance(entry.key, entry.dseq, id);
        Ok(change)
    }

    fn compare_expected(
        &self,
        seq: u64,
        chain: Hash,
        eff: Hash,
        root: Hash,
    ) -> Result<(), FaultKind> {
        let marks = self.marks.get(&seq).into_iter().flatten();
        if marks.into_iter().any(|mark| *mark != chain) {
            return Err(FaultKind::HighWater);
        }
        let checkpoints = self.checkpoints.get(&seq).into_iter().flatten();
        for checkpoint in checkpoints {
            compare(checkpoint, chain, eff)?;
            if checkpoint.root != root {
                return Err(FaultKind::Checkpoint("root"));
            }
        }
        Ok(())
    }

    /// After the last row: is every position that is known to have existed still there?
    pub fn finish(&self) -> Result<Head, Fault> {
        if self.checkpoints.is_empty() && self.marks.is_empty() {
            return Ok(self.head());
        }
        Err(Fault {
            seq: self.seq() + 1,
            what: FaultKind::Truncated,
        })
    }

    /// Where the journal stands now.
    pub fn head(&self) -> Head {
        Head {
            seq: self.seq(),
            chain: self.head_chain(),
            eff: self.head_eff(),
            root: self.frontier.root(),
            recorded_at: self.recorded_at,
        }
    }

    /// The chain value after the entry at `seq`.
    pub fn chain_at(&self, seq: u64) -> Option<Hash> {
        self.chains.get(usize::try_from(seq).ok()?).copied()
    }

    /// The effect value after the entry at `seq`.
    pub fn eff_at(&self, seq: u64) -> Option<Hash> {
        self.effs.get(usize::try_from(seq).ok()?).copied()
    }

    /// The key of this id, if it is or was enrolled.
    pub fn key(&self, id: Hash) -> Option<&KeyState> {
        self.keys.get(id)
    }

    /// All keys that are or were enrolled, by id.
    pub fn keys(&self) -> impl Iterator<Item = &KeyState> {
        self.keys.iter()
    }

    /// The right edge of the Merkle tree.
    pub const fn frontier(&self) -> &Frontier {
        &self.frontier
    }

    /// The suite of the journal.
    pub const fn suite(&self) -> Suite {
        self.suite
    }

    /// The id of the journal.
    pub const fn journal(&self) -> JournalId {
        self.journal
    }

    fn seq(&self) -> u64 {
        self.chains.len() as u64 - 1
    }

    fn head_chain(&self) -> Hash {
        // Never empty: it begins with the value before the first entry.
        self.chains.last().copied().unwrap_or(Hash::ZERO)
    }

    fn head_eff(&self) -> Hash {
        self.effs.last().copied().unwrap_or(Hash::ZERO)
    }
}

fn compare(checkpoint: &Checkpoint, chain: Hash, eff: Hash) -> Result<(), FaultKind> {
    if checkpoint.chain != chain {
        return Err(FaultKind::Checkpoint("chain"));
    }
    if checkpoint.eff != eff {
        return Err(FaultKind::Checkpoint("effect"));
    }
    Ok(())
}

/// Whether `bytes` are the text that an entry committed to as `id`.
pub fn check_body(suite: Suite, id: Hash, salt: &[u8; 32], bytes: &[u8]) -> bool {
    super::entry::body_id(suite, salt, bytes) == id
}
