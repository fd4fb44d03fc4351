//! Unified social credit codes.

use super::check::{self, Credit};
use super::cue::Cue;
use super::{ANY, Found, Seen, starts_at};
use crate::screening::finding::{Class, Severity};

pub(super) fn credit(seen: &Seen<'_>) -> Option<Found> {
    let s = seen.s();
    if s.len() != 18 || !seen.joined.only(&ANY) || !seen.joined.even() {
        return None;
    }
    let digits_only = seen.all_digits();
    let cue = seen.cue();
    match check::credit(s) {
        Credit::No => None,
        Credit::Good => {
            // One number in 31 passes by chance: digits alone need a label, or none of a paper.
            if digits_only && matches!(cue, Some(Cue::Serial | Cue::Amount | Cue::Card)) {
                return None;
            }
            if digits_only && cue != Some(Cue::Tax) && !(s[0] == b'9' && seen.plain()) {
                return None;
            }
            Some(Found::new(
                seen.range(),
                Class::Uscc,
                Severity::Hint,
                "credit-code",
            ))
        }
        Credit::Wrong(want) => {
            let letters = s[8..].iter().filter(|b| b.is_ascii_alphabetic()).count();
            let believed = match cue {
                Some(Cue::Serial | Cue::Amount | Cue::Card) => false,
                Some(Cue::Tax) => true,
                _ => letters > 0 && seen.plain(),
            };
            let shaped = seen.plain()
                || starts_at(&seen.joined.groups, &[2, 8])
                || starts_at(&seen.joined.groups, &[8]);
            (believed && shaped).then(|| {
                Found::new(
                    seen.range(),
                    Class::UsccBad,
                    Severity::General,
                    "credit-check",
                )
                .detail(want)
            })
        }
    }
}
