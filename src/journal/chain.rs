//! The chain over entries, and the effect chain over the row changes they cause.
//!
//! The chain is computed outside the signature: an author who loses the race for a position need
//! not sign again.

use super::hash::{Hash, Hasher, JournalId, Suite};

const CHAIN: &[u8] = b"chain/1\0";

/// `chain_0`, the value before the first entry: `H("chain/1\0" ‖ journal id)`.
pub fn chain_start(suite: Suite, journal: JournalId) -> Hash {
    suite.hash(CHAIN, &[journal.as_bytes()])
}

/// `H("sig/1\0" ‖ sig)`
pub fn sig_hash(suite: Suite, sig: &[u8]) -> Hash {
    suite.hash(b"sig/1\0", &[sig])
}

/// The four facts about an entry's place that the chain and the Merkle tree cover: 80 bytes,
/// `u64be seq ‖ i64be recorded_at µs ‖ entry_id ‖ H("sig/1\0" ‖ sig)`.
pub fn leaf_data(suite: Suite, seq: u64, recorded_at: i64, entry_id: Hash, sig: &[u8]) -> [u8; 80] {
    let mut data = [0; 80];
    data[..8].copy_from_slice(&seq.to_be_bytes());
    data[8..16].copy_from_slice(&recorded_at.to_be_bytes());
    data[16..48].copy_from_slice(entry_id.as_bytes());
    data[48..].copy_from_slice(sig_hash(suite, sig).as_bytes());
    data
}

/// `chain_n = H("chain/1\0" ‖ chain_{n-1} ‖ leaf data of n)`
pub fn chain_next(suite: Suite, previous: Hash, leaf: &[u8; 80]) -> Hash {
    suite.hash(CHAIN, &[previous.as_bytes(), leaf])
}

/// One value of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    /// SQL null.
    Null,
    /// An integer.
    Int(i64),
    /// Text.
    Text(&'a str),
    /// Bytes.
    Blob(&'a [u8]),
}

/// Hashes the row changes of one entry into the effect chain:
/// `eff_n = H("eff/1\0" ‖ eff_{n-1} ‖ change …)`, `eff_0` = zeros.
///
/// Encoding (integers big endian, `bytes` = u64 length ‖ bytes):
///
/// ```text
/// change = 01 ‖ bytes(table) ‖ u64 columns ‖ column …   put: the key and every column written
///        | 02 ‖ bytes(table) ‖ u64 columns ‖ column …   delete: the key columns
///        | 00 ‖ bytes("void") ‖ bytes(rule id)          the entry has no effect
/// column = bytes(name) ‖ value
/// value  = 00 | 01 ‖ i64 | 02 ‖ bytes(text) | 03 ‖ bytes(blob)
/// ```
///
/// The caller owes a fixed order of changes and of columns within a change.
#[derive(Clone)]
pub struct EffectHasher(Hasher);

impl EffectHasher {
    /// Starts the effect of the entry after `previous` ([`Hash::ZERO`] for the first).
    pub fn new(suite: Suite, previous: Hash) -> Self {
        let mut hasher = Hasher::new(suite, b"eff/1\0");
        hasher.update(previous.as_bytes());
        Self(hasher)
    }

    /// A row was inserted or changed: its key columns, then the columns written with their new values.
    pub fn put(&mut self, table: &str, row: &[(&str, Value<'_>)]) {
        self.change(1, table, row);
    }

    /// A row went; its key columns.
    pub fn delete(&mut self, table: &str, key: &[(&str, Value<'_>)]) {
        self.change(2, table, key);
    }

    /// The entry is void by a rule: the only contribution it makes.
    pub fn void(&mut self, rule: &str) {
        self.0.update(&[0]);
        self.bytes(b"void");
        self.bytes(rule.as_bytes());
    }

    /// `eff_n`
    pub fn finish(self) -> Hash {
        self.0.finish()
    }

    fn change(&mut self, operation: u8, table: &str, columns: &[(&str, Value<'_>)]) {
        self.0.update(&[operation]);
        self.bytes(table.as_bytes());
        self.0.update(&(columns.len() as u64).to_be_bytes());
        for (name, value) in columns {
            self.bytes(name.as_bytes());
            match value {
                Value::Null => self.0.update(&[0]),
                Value::Int(number) => {
                    self.0.update(&[1]);
                    self.0.update(&number.to_be_bytes());
                }
                Value::Text(text) => {
                    self.0.update(&[2]);
                    self.bytes(text.as_bytes());
                }
                Value::Blob(blob) => {
                    self.0.update(&[3]);
                    self.bytes(blob);
                }
            }
        }
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.0.update(&(bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
    }
}

/// `eff_n` of an entry that is void by `rule`; the one effect anybody can compute without the rules.
pub fn void_effect(suite: Suite, previous: Hash, rule: &str) -> Hash {
    let mut hasher = EffectHasher::new(suite, previous);
    hasher.void(rule);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effects_are_the_documented_bytes() {
        for suite in Suite::ALL {
            let previous = Hash::from([5; 32]);
            let mut hasher = EffectHasher::new(suite, previous);
            hasher.put(
                "item",
                &[
                    ("id", Value::Int(-2)),
                    ("t", Value::Text("ab")),
                    ("b", Value::Blob(&[255])),
                    ("n", Value::Null),
                ],
            );
            hasher.delete("x", &[]);
            hasher.void("r.1");
            let mut bytes = previous.as_bytes().to_vec();
            let text = |bytes: &mut Vec<u8>, text: &[u8]| {
                bytes.extend([0, 0, 0, 0, 0, 0, 0, text.len() as u8]);
                bytes.extend(text);
            };
            bytes.push(1);
            text(&mut bytes, b"item");
            bytes.extend([0, 0, 0, 0, 0, 0, 0, 4]);
            text(&mut bytes, b"id");
            bytes.extend([1, 255, 255, 255, 255, 255, 255, 255, 254]);
            text(&mut bytes, b"t");
            bytes.push(2);
            text(&mut bytes, b"ab");
            text(&mut bytes, b"b");
            bytes.push(3);
            text(&mut bytes, &[255]);
            text(&mut bytes, b"n");
            bytes.push(0);
            bytes.push(2);
            text(&mut bytes, b"x");
            bytes.extend([0; 8]);
            bytes.push(0);
            text(&mut bytes, b"void");
            text(&mut bytes, b"r.1");
            assert_eq!(hasher.finish(), suite.hash(b"eff/1\0", &[&bytes]));
        }
    }

    #[test]
    fn neighbouring_texts_do_not_run_together() {
        let effect = |a, b| {
            let mut hasher = EffectHasher::new(Suite::Sm2Sm3, Hash::ZERO);
            hasher.put("t", &[("a", Value::Text(a)), ("b", Value::Text(b))]);
            hasher.finish()
        };
        assert_ne!(effect("xy", "z"), effect("x", "yz"));
    }

    #[test]
    fn chain_covers_every_fact() {
        let suite = Suite::Ed25519Sha256;
        let start = chain_start(suite, JournalId::from([1; 16]));
        let id = Hash::from([2; 32]);
        let of =
            |seq, at, id, sig: &[u8]| chain_next(suite, start, &leaf_data(suite, seq, at, id, sig));
        let base = of(1, 2, id, b"sig");
        for other in [
            of(2, 2, id, b"sig"),
            of(1, 3, id, b"sig"),
            of(1, 2, Hash::ZERO, b"sig"),
            of(1, 2, id, b"sih"),
        ] {
            assert_ne!(other, base);
        }
    }
}
