//! Whatever is done to the rows of a sound journal is found, at or before its place.

use proptest::prelude::*;
use proptest::sample::Index;

use super::super::hash::{Hash, Suite};
use super::super::sample::{Kept, Sample};
use super::full;

fn first_fault(sample: &Sample, rows: &[Kept]) -> Option<u64> {
    let mut verifier = sample.verifier();
    verifier.expect_checkpoint(sample.checkpoint()).unwrap();
    let fault = rows.iter().find_map(|row| verifier.push(&row.row()).err());
    fault
        .or_else(|| verifier.finish().err())
        .map(|fault| fault.seq)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// The effect is not among the fields: it is a fold of the rules, and only a rebuild, or the
    /// checkpoint, can tell a wrong one. Its own test is below.
    #[test]
    fn any_flipped_bit_is_found_at_or_before_its_place(sm2: bool, row: Index, field in 0..6, at: Index, bit in 0..8u32) {
        let sample = full(if sm2 { Suite::Sm2Sm3 } else { Suite::Ed25519Sha256 });
        let mut rows = sample.rows.clone();
        let seq = row.index(rows.len()) as u64 + 1;
        let row = &mut rows[seq as usize - 1];
        let flip = |bytes: &mut [u8]| { let at = at.index(bytes.len()); bytes[at] ^= 1u8 << bit; };
        match field {
            0 => row.seq ^= 1 << (at.index(8) as u32 * 8 + bit),
            1 => row.recorded_at ^= 1 << (at.index(8) as u32 * 8 + bit),
            2 => flip(&mut row.entry),
            3 => flip(&mut row.sig),
            4 => {
                let mut chain = *row.chain.as_bytes();
                flip(&mut chain);
                row.chain = chain.into();
            }
            _ => match &mut row.verdict {
                Some(rule) => rule.push('x'),
                none => *none = Some("entry.key".into()),
            }
        }
        let found = first_fault(&sample, &rows);
        prop_assert!(found.is_some_and(|found| found <= seq), "{seq}: {found:?}");
    }

    #[test]
    fn removed_swapped_inserted_and_cut_rows_are_found(sm2: bool, a: Index, b: Index, renumber: bool) {
        let sample = full(if sm2 { Suite::Sm2Sm3 } else { Suite::Ed25519Sha256 });
        let count = sample.rows.len();
        let (a, b) = (a.index(count), b.index(count));
        let check = |rows: &mut Vec<Kept>, place: usize| {
            if renumber {
                for (row, seq) in rows.iter_mut().zip(1..) {
                    row.seq = seq;
                }
            }
            let found = first_fault(&sample, rows);
            prop_assert!(found.is_some_and(|found| found <= place as u64 + 1), "{found:?}");
            Ok(())
        };
        let mut removed = sample.rows.clone();
        removed.remove(a);
        check(&mut removed, a)?;
        let mut inserted = sample.rows.clone();
        inserted.insert(a, sample.rows[b].clone());
        // A copy put beside its original first shows at the second of the two.
        check(&mut inserted, if a == b { a + 1 } else { a })?;
        if a != b {
            let mut swapped = sample.rows.clone();
            swapped.swap(a, b);
            check(&mut swapped, a.min(b))?;
        }
        let mut cut = sample.rows.clone();
        cut.truncate(a);
        check(&mut cut, a)?;
    }

    /// Somebody who owns the store can chain anew whatever he likes; he cannot sign it.
    #[test]
    fn a_forger_with_the_store_but_no_key_is_found(sm2: bool, row: Index, at: Index, bit in 0..8u32) {
        let sample = full(if sm2 { Suite::Sm2Sm3 } else { Suite::Ed25519Sha256 });
        let place = row.index(sample.rows.len());
        prop_assume!(!sample.rows[place].verdict.as_deref().is_some_and(|rule| rule.starts_with("entry.")));
        let mut forged = Sample::new(sample.suite);
        for (n, row) in sample.rows.iter().enumerate() {
            let (mut entry, sig) = (row.entry.clone(), row.sig.clone());
            if n == place {
                let at = at.index(entry.len());
                entry[at] ^= 1u8 << bit;
            }
            forged.append_raw(entry, sig, row.verdict.as_deref());
        }
        let mut verifier = sample.verifier();
        let fault = forged.rows.iter().find_map(|row| verifier.push(&row.row()).err());
        prop_assert_eq!(fault.map(|fault| fault.seq), Some(place as u64 + 1));
    }
}

#[test]
fn a_wrong_effect_is_found_by_the_checkpoint() {
    let sample = full(Suite::Ed25519Sha256);
    let mut rows = sample.rows.clone();
    rows[11].eff = Hash::ZERO;
    assert!(
        sample.verify(&rows).is_ok(),
        "without the rules nobody can tell"
    );
    assert_eq!(first_fault(&sample, &rows), Some(12));
}
