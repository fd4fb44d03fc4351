//! The high-water file beside the database: how far the journal had come.
//!
//! A chain cannot tell that its own end is missing. The store writes its head here after each
//! commit; a database whose head lies below this mark was truncated or restored. Two slots are
//! written in turn, so a write torn by a power cut spoils the newer one only.

use super::hash::{Hash, JournalId, Suite};

/// Length of one slot; the file has two.
pub const SLOT: usize = 128;

const MAGIC: &[u8; 8] = b"QFHW/1\0\0";
/// What the check hash covers.
const CHECKED: usize = 96;

/// A head the journal once had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HighWater {
    /// Suite of the journal.
    pub suite: Suite,
    /// The journal.
    pub journal: JournalId,
    /// Position of the head.
    pub seq: u64,
    /// Chain value there.
    pub chain: Hash,
    /// When that entry was recorded, microseconds since 1970.
    pub recorded_at: i64,
}

/// Where to write which bytes:
///
/// ```text
///   0  8  "QFHW/1\0\0"        32  8  seq, big endian           80 16  zeros
///   8  1  suite (1 ed25519,   40 32  chain                     96 32  H("highwater/1\0" ‖ bytes 0..96)
///         2 sm2), 7 zeros     72  8  recorded_at, big endian
///  16 16  journal id
/// ```
pub fn encode_slot(mark: &HighWater) -> (u64, [u8; SLOT]) {
    let mut slot = [0; SLOT];
    slot[..8].copy_from_slice(MAGIC);
    slot[8] = match mark.suite {
        Suite::Ed25519Sha256 => 1,
        Suite::Sm2Sm3 => 2,
    };
    slot[16..32].copy_from_slice(mark.journal.as_bytes());
    slot[32..40].copy_from_slice(&mark.seq.to_be_bytes());
    slot[40..72].copy_from_slice(mark.chain.as_bytes());
    slot[72..80].copy_from_slice(&mark.recorded_at.to_be_bytes());
    let check = check(mark.suite, &slot[..CHECKED]);
    slot[CHECKED..].copy_from_slice(check.as_bytes());
    ((mark.seq % 2) * SLOT as u64, slot)
}

fn check(suite: Suite, bytes: &[u8]) -> Hash {
    suite.hash(b"highwater/1\0", &[bytes])
}

/// The higher of the valid marks in the file's bytes. Torn or foreign slots are ignored, and so is
/// one in the wrong place.
pub fn decode(file: &[u8]) -> Option<HighWater> {
    marks(file).max_by_key(|mark| mark.seq)
}

/// As [`decode`], for one journal: a slot left by another journal is ignored.
pub fn decode_for(journal: JournalId, file: &[u8]) -> Option<HighWater> {
    marks(file)
        .filter(|mark| mark.journal == journal)
        .max_by_key(|mark| mark.seq)
}

fn marks(file: &[u8]) -> impl Iterator<Item = HighWater> {
    let (slots, _) = file.as_chunks::<SLOT>();
    slots
        .iter()
        .take(2)
        .zip(0u64..)
        .filter_map(|(slot, place)| decode_slot(slot).filter(|mark| mark.seq % 2 == place))
}

fn decode_slot(slot: &[u8; SLOT]) -> Option<HighWater> {
    let suite = match slot[8] {
        1 => Suite::Ed25519Sha256,
        2 => Suite::Sm2Sm3,
        _ => return None,
    };
    let mark = HighWater {
        suite,
        journal: JournalId::from_slice(&slot[16..32])?,
        seq: u64::from_be_bytes(slot[32..40].try_into().ok()?),
        chain: Hash::from_slice(&slot[40..72])?,
        recorded_at: i64::from_be_bytes(slot[72..80].try_into().ok()?),
    };
    // Comparing the whole slot also refuses other magic and stray bytes in the gaps.
    (encode_slot(&mark).1 == *slot).then_some(mark)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    prop_compose! {
        fn mark()(sm2: bool, journal: [u8; 16], seq in 0..u64::MAX, chain: [u8; 32], recorded_at: i64) -> HighWater {
            HighWater {
                suite: if sm2 { Suite::Sm2Sm3 } else { Suite::Ed25519Sha256 },
                journal: journal.into(),
                seq,
                chain: chain.into(),
                recorded_at,
            }
        }
    }

    fn write(file: &mut [u8; 2 * SLOT], mark: &HighWater) {
        let (offset, slot) = encode_slot(mark);
        file[offset as usize..][..SLOT].copy_from_slice(&slot);
    }

    proptest! {
        #[test]
        fn the_newer_mark_wins_and_a_torn_one_falls_back(
            old in mark(), torn in 0..SLOT, garbage: u8, chain: [u8; 32],
        ) {
            let new = HighWater { seq: old.seq + 1, chain: chain.into(), ..old };
            let mut file = [0; 2 * SLOT];
            prop_assert_eq!(decode(&file), None);
            write(&mut file, &old);
            prop_assert_eq!(decode(&file), Some(old));
            write(&mut file, &new);
            prop_assert_eq!(decode(&file), Some(new));
            prop_assert_eq!(decode_for(old.journal, &file), Some(new));
            prop_assert_eq!(decode_for(JournalId::ZERO, &file).is_some(), old.journal == JournalId::ZERO);
            // The write of the newer slot stops halfway through.
            let start = (new.seq % 2) as usize * SLOT;
            let whole = file;
            for byte in &mut file[start + torn..start + SLOT] {
                *byte = garbage;
            }
            if file != whole {
                prop_assert_eq!(decode(&file), Some(old));
            }
        }

        #[test]
        fn any_flipped_bit_voids_the_slot(mark in mark(), at in 0..SLOT, bit in 0..8) {
            let mut file = [0; 2 * SLOT];
            write(&mut file, &mark);
            file[(mark.seq % 2) as usize * SLOT + at] ^= 1u8 << bit;
            prop_assert_eq!(decode(&file), None);
        }

        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert_eq!(decode(&bytes), None);
        }
    }

    #[test]
    fn a_slot_in_the_wrong_place_is_ignored() {
        let mark = HighWater {
            suite: Suite::Sm2Sm3,
            journal: JournalId::ZERO,
            seq: 7,
            chain: Hash::ZERO,
            recorded_at: 0,
        };
        let mut file = encode_slot(&mark).1.to_vec();
        assert_eq!(decode(&file), None);
        file.splice(0..0, [0; SLOT]);
        assert_eq!(decode(&file), Some(mark));
    }
}
