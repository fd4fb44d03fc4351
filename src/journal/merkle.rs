//! The Merkle tree of RFC 6962 over the journal, with the suite's hash.
//!
//! The leaf of entry `n` has index `n - 1` and the data of [`super::chain::leaf_data`]. A checkpoint
//! signs the root; a single entry can then be proved to be in the journal without the others.

use super::hash::{Hash, Hasher, Suite};

/// `H(00 ‖ data)`
pub fn leaf_hash(suite: Suite, data: &[u8]) -> Hash {
    suite.hash(&[0], &[data])
}

/// `H(01 ‖ left ‖ right)`
pub fn node_hash(suite: Suite, left: Hash, right: Hash) -> Hash {
    suite.hash(&[1], &[left.as_bytes(), right.as_bytes()])
}

/// The right edge of the tree: the roots of its complete subtrees, largest first. That is all one
/// must keep to append and to know the root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frontier {
    suite: Suite,
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// The empty tree.
    pub const fn new(suite: Suite) -> Self {
        Self {
            suite,
            size: 0,
            peaks: Vec::new(),
        }
    }

    /// Appends one leaf by its data.
    pub fn push(&mut self, data: &[u8]) {
        self.push_leaf(leaf_hash(self.suite, data));
    }

    /// Appends one leaf by its hash.
    pub fn push_leaf(&mut self, leaf: Hash) {
        let mut node = leaf;
        // As in a binary counter: each trailing one carries, joining two subtrees of equal size.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                node = node_hash(self.suite, left, node);
            }
        }
        self.peaks.push(node);
        self.size += 1;
    }

    /// Number of leaves.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root: of the empty tree, the hash of nothing.
    pub fn root(&self) -> Hash {
        self.peaks
            .iter()
            .rev()
            .copied()
            .reduce(|right, left| node_hash(self.suite, left, right))
            .unwrap_or_else(|| Hasher::new(self.suite, b"").finish())
    }

    /// `u64be size ‖ 32 bytes per peak`
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.size.to_be_bytes().to_vec();
        for peak in &self.peaks {
            bytes.extend_from_slice(peak.as_bytes());
        }
        bytes
    }

    /// Reads [`Self::to_bytes`]; none if the length does not fit the size.
    pub fn from_bytes(suite: Suite, bytes: &[u8]) -> Option<Self> {
        let (size, peaks) = bytes.split_first_chunk::<8>()?;
        let size = u64::from_be_bytes(*size);
        let (peaks, rest) = peaks.as_chunks::<32>();
        if !rest.is_empty() || peaks.len() != size.count_ones() as usize {
            return None;
        }
        Some(Self {
            suite,
            size,
            peaks: peaks.iter().map(|peak| Hash::from(*peak)).collect(),
        })
    }
}

/// The largest power of two below `size` (which is at least 2): where RFC 6962 splits a tree.
const fn split(size: u64) -> u64 {
    1 << (size - 1).ilog2()
}

/// The root over leaf hashes.
pub fn root_of(suite: Suite, leaves: &[Hash]) -> Hash {
    let mut frontier = Frontier::new(suite);
    for leaf in leaves {
        frontier.push_leaf(*leaf);
    }
    frontier.root()
}

/// The audit path of the leaf at `index`, nearest sibling first; none if there is no such leaf.
pub fn inclusion_proof(suite: Suite, leaves: &[Hash], index: usize) -> Option<Vec<Hash>> {
    if index >= leaves.len() {
        return None;
    }
    let (mut leaves, mut index, mut proof) = (leaves, index, Vec::new());
    while leaves.len() > 1 {
        let (left, right) = leaves.split_at(split(leaves.len() as u64) as usize);
        if index < left.len() {
            proof.push(root_of(suite, right));
            leaves = left;
        } else {
            proof.push(root_of(suite, left));
            index -= left.len();
            leaves = right;
        }
    }
    proof.reverse();
    Some(proof)
}

/// Whether `proof` shows `leaf` to stand at `index` in the tree of `size` leaves with this root
/// (RFC 9162, section 2.1.3.2).
pub fn verify_inclusion(
    suite: Suite,
    leaf: Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: Hash,
) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut node) = (index, size - 1, leaf);
    for sibling in proof {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            node = node_hash(suite, *sibling, node);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            node = node_hash(suite, node, *sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && node == root
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SHA: Suite = Suite::Ed25519Sha256;

    #[test]
    fn the_known_vectors() {
        // The reference leaves and roots of the Certificate Transparency code base for RFC 6962.
        let leaves = [
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        ];
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let mut frontier = Frontier::new(SHA);
        assert_eq!(
            frontier.root().to_string(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        for (leaf, root) in leaves.iter().zip(roots) {
            frontier.push(&hex::decode(leaf).unwrap());
            assert_eq!(frontier.root().to_string(), root);
        }
    }

    /// The recursive definition of RFC 6962, section 2.1.
    fn by_definition(suite: Suite, leaves: &[Hash]) -> Hash {
        match leaves {
            [] => suite.hash(b"", &[]),
            [leaf] => *leaf,
            _ => {
                let mut k = 1;
                while k * 2 < leaves.len() {
                    k *= 2;
                }
                let (left, right) = leaves.split_at(k);
                node_hash(
                    suite,
                    by_definition(suite, left),
                    by_definition(suite, right),
                )
            }
        }
    }

    fn leaves(suite: Suite, count: usize) -> Vec<Hash> {
        (0..count)
            .map(|n| leaf_hash(suite, &n.to_be_bytes()))
            .collect()
    }

    #[test]
    fn every_leaf_of_every_small_tree_proves_itself() {
        for suite in Suite::ALL {
            for size in 1..40 {
                let leaves = leaves(suite, size);
                let root = by_definition(suite, &leaves);
                for index in 0..size {
                    let proof = inclusion_proof(suite, &leaves, index).unwrap();
                    let ok = |index: usize, size: usize, leaf, proof: &[Hash]| {
                        verify_inclusion(suite, leaf, index as u64, size as u64, proof, root)
                    };
                    assert!(ok(index, size, leaves[index], &proof));
                    assert!(!ok(index, size, Hash::ZERO, &proof));
                    assert!(!ok(size, size, leaves[index], &proof));
                    assert!(size == 1 || !ok((index + 1) % size, size, leaves[index], &proof));
                    let mut long = proof.clone();
                    long.push(Hash::ZERO);
                    assert!(!ok(index, size, leaves[index], &long));
                    if let Some((_, short)) = proof.split_last() {
                        assert!(!ok(index, size, leaves[index], short));
                    }
                }
                assert_eq!(inclusion_proof(suite, &leaves, size), None);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn frontier_equals_the_definition_and_survives_storage(size in 0usize..600, cut in 0usize..600) {
            let leaves = leaves(SHA, size);
            let mut frontier = Frontier::new(SHA);
            for (n, leaf) in leaves.iter().enumerate() {
                if n == cut {
                    frontier = Frontier::from_bytes(SHA, &frontier.to_bytes()).unwrap();
                }
                frontier.push_leaf(*leaf);
            }
            prop_assert_eq!(frontier.root(), by_definition(SHA, &leaves));
            prop_assert_eq!(frontier.size(), size as u64);
            let mut bytes = frontier.to_bytes();
            bytes.push(0);
            prop_assert_eq!(Frontier::from_bytes(SHA, &bytes), None);
        }
    }
}
