//! That entries stand in a journal: many leaves under one root, and the first so many without naming
//! them.

use serde::{Deserialize, Serialize};

use crate::journal::merkle::{leaf_hash, node_hash, root_of};
use crate::journal::{Hash, Suite};

/// An entry's place in the tree: position, instant (µs), entry id, hash of its signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Leaf(pub u64, pub i64, pub Hash, pub Hash);

impl Leaf {
    /// The hash it has in the tree.
    pub fn hash(&self, suite: Suite) -> Hash {
        let mut data = [0; 80];
        data[..8].copy_from_slice(&self.0.to_be_bytes());
        data[8..16].copy_from_slice(&self.1.to_be_bytes());
        data[16..48].copy_from_slice(self.2.as_bytes());
        data[48..].copy_from_slice(self.3.as_bytes());
        leaf_hash(suite, &data)
    }
}

/// The first entries of a journal, taken in one by one: the roots of the full subtrees they make, the
/// largest first. Needs room for one hash a level, however many there are.
#[derive(Debug, Clone)]
pub struct Run {
    suite: Suite,
    size: u64,
    peaks: Vec<Hash>,
}

impl Run {
    /// None yet.
    pub const fn new(suite: Suite) -> Self {
        Run {
            suite,
            size: 0,
            peaks: Vec::new(),
        }
    }

    /// Takes the next entry in; false when it is not the next.
    pub fn push(&mut self, leaf: Leaf) -> bool {
        if leaf.0 != self.size + 1 {
            return false;
        }
        self.size += 1;
        let mut node = leaf.hash(self.suite);
        for _ in 0..self.size.trailing_zeros() {
            if let Some(left) = self.peaks.pop() {
                node = node_hash(self.suite, left, node);
            }
        }
        self.peaks.push(node);
        true
    }

    /// How many there are.
    pub const fn len(&self) -> u64 {
        self.size
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.size == 0
    }
}

/// That some entries stand in a journal of `size` entries with a known root. The nodes are the roots
/// of the subtrees that hold none of them, from left to right; for one entry they are the audit path
/// of RFC 6962. The first `run` entries are not named: whoever checks has them (see [`Run`]), and
/// subtrees of nothing else are left out of the nodes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// Entries of the journal at the checkpoint.
    pub size: u64,
    /// How many of the first entries the rows themselves are.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub run: u64,
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
    /// The proof of the first `run` entries and of some later ones (by position, each once) over the
    /// leaf hashes of all.
    pub fn of(suite: Suite, all: &[Hash], run: u64, leaves: Vec<Leaf>) -> Self {
        struct Walk<'a> {
            suite: Suite,
            run: u64,
            nodes: &'a mut Vec<Hash>,
        }
        fn walk(w: &mut Walk<'_>, all: &[Hash], from: u64, wanted: &[Leaf]) {
            if from + all.len() as u64 <= w.run {
                return;
            }
            if wanted.is_empty() && from >= w.run {
                w.nodes.push(root_of(w.suite, all));
            } else if all.len() > 1 {
                let at = split(all.len());
                let middle = from + at as u64;
                let (left, right) = wanted.split_at(wanted.partition_point(|l| l.0 <= middle));
                walk(w, &all[..at], from, left);
                walk(w, &all[at..], middle, right);
            }
        }
        let mut nodes = Vec::new();
        let mut w = Walk {
            suite,
            run,
            nodes: &mut nodes,
        };
        walk(&mut w, all, 0, &leaves);
        Proof {
            size: all.len() as u64,
            run,
            leaves,
            nodes,
        }
    }

    /// The root these entries and the first ones lead to; none where the proof is no proof, or the
    /// first ones are not as many as it says.
    pub fn root(&self, suite: Suite, first: &Run) -> Option<Hash> {
        struct Walk<'a> {
            suite: Suite,
            run: u64,
            peaks: std::slice::Iter<'a, Hash>,
            nodes: std::slice::Iter<'a, Hash>,
        }
        fn walk(w: &mut Walk<'_>, size: u64, from: u64, wanted: &[Leaf]) -> Option<Hash> {
            if from + size <= w.run {
                // The largest subtrees inside the run are its peaks, from left to right.
                return w.peaks.next().copied();
            }
            if wanted.is_empty() && from >= w.run {
                return w.nodes.next().copied();
            }
            if size == 1 {
                return (wanted.len() == 1).then(|| wanted[0].hash(w.suite));
            }
            let at = split(usize::try_from(size).ok()?) as u64;
            let middle = from + at;
            let (left, right) = wanted.split_at(wanted.partition_point(|l| l.0 <= middle));
            let left = walk(w, at, from, left)?;
            let right = walk(w, size - at, middle, right)?;
            Some(node_hash(w.suite, left, right))
        }
        let ordered = self.leaves.windows(2).all(|w| w[0].0 < w[1].0);
        let inside = self.leaves.first().is_some_and(|l| l.0 > self.run)
            && self.leaves.last().is_some_and(|l| l.0 <= self.size);
        if !ordered || !inside || first.size != self.run {
            return None;
        }
        let mut w = Walk {
            suite,
            run: self.run,
            peaks: first.peaks.iter(),
            nodes: self.nodes.iter(),
        };
        let root = walk(&mut w, self.size, 0, &self.leaves)?;
        let all = w.peaks.next().is_none() && w.nodes.next().is_none();
        all.then_some(root)
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

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands out references"
)]
const fn is_zero(n: &u64) -> bool {
    *n == 0
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const SUITE: Suite = Suite::Ed25519Sha256;

    fn leaf(seq: u64) -> Leaf {
        let id = SUITE.hash(b"t\0", &[&seq.to_be_bytes()]);
        Leaf(seq, seq as i64 * 10, id, id)
    }

    fn run(n: u64) -> Run {
        let mut run = Run::new(SUITE);
        assert!((1..=n).all(|seq| run.push(leaf(seq))));
        run
    }

    #[test]
    fn a_run_and_what_follows_lead_to_the_root_and_nothing_else_does() {
        for size in 1..40u64 {
            let all: Vec<Hash> = (1..=size).map(|n| leaf(n).hash(SUITE)).collect();
            let root = root_of(SUITE, &all);
            for first in 0..size {
                for last in first + 1..=size {
                    let proof = Proof::of(SUITE, &all, first, vec![leaf(last)]);
                    assert_eq!(
                        proof.root(SUITE, &run(first)),
                        Some(root),
                        "{size} {first} {last}"
                    );
                    if first > 0 {
                        assert_eq!(proof.root(SUITE, &run(first - 1)), None);
                        let mut bent = run(first);
                        let at = bent.peaks.len() - 1;
                        bent.peaks[at] = leaf(99).2;
                        assert_ne!(proof.root(SUITE, &bent), Some(root));
                        // A run one longer or shorter than it is does not pass for the same.
                        let mut said = proof.clone();
                        said.run -= 1;
                        assert_ne!(said.root(SUITE, &run(first - 1)), Some(root));
                    }
                }
            }
        }
        let mut gap = run(3);
        assert!(!gap.push(leaf(5)) && !gap.push(leaf(3)) && gap.push(leaf(4)));
    }
}
