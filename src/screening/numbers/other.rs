//! Travel documents, and numbers in which letters stand for digits.

use super::check::{self, Credit, Identity};
use super::cue::Cue;
use super::{BLANK_OR_HYPHEN, Found, Seen};
use crate::screening::finding::{Class, Severity};

pub(super) fn travel(seen: &Seen<'_>) -> Option<Found> {
    let s = seen.s();
    if !matches!(s.len(), 9 | 11) || !seen.plain() || !seen.loose() {
        return None;
    }
    let upper = s.to_ascii_uppercase();
    let digits = |from: usize| upper[from..].iter().all(u8::is_ascii_digit);
    let shaped = match (upper.len(), upper[0], upper[1]) {
        (9, b'E', c) => {
            (c.is_ascii_digit() || c.is_ascii_uppercase() && c != b'I' && c != b'O') && digits(2)
        }
        (9, b'D' | b'G' | b'S' | b'P', c) if c.is_ascii_digit() => digits(1),
        (9, b'P' | b'S' | b'D', b'E') => digits(2),
        (9, b'C' | b'W' | b'L' | b'T', c) if c.is_ascii_digit() || c.is_ascii_uppercase() => {
            digits(2)
        }
        (9 | 11, b'H' | b'M', c) if c.is_ascii_digit() => digits(1),
        _ => false,
    };
    if !shaped {
        return None;
    }
    match seen.cue() {
        Some(Cue::Travel | Cue::Identity) => Some(
            Found::new(
                seen.range(),
                Class::TravelDocument,
                Severity::Serious,
                "travel-document",
            )
            .keep(s, 1, 3),
        ),
        Some(_) => None,
        // Without a label only the shapes of ordinary passports and permits are worth a question.
        None if matches!(upper[0], b'E' | b'G' | b'H' | b'M')
            && digits(1)
            && s[0].is_ascii_uppercase() =>
        {
            Some(
                Found::new(
                    seen.range(),
                    Class::TravelDocument,
                    Severity::Suspect,
                    "travel-maybe",
                )
                .keep(s, 1, 3),
            )
        }
        None => None,
    }
}

/// Numbers in which letters stand for digits: O for 0, l and I for 1.
pub(super) fn disguised(seen: &Seen<'_>) -> Option<Found> {
    let s = seen.s();
    if !matches!(s.len(), 11 | 15..=19) || !seen.joined.only(&BLANK_OR_HYPHEN) {
        return None;
    }
    let swap = |b: &u8| match b {
        b'O' | b'o' => b'0',
        b'I' | b'l' | b'i' => b'1',
        other => *other,
    };
    let plain: Vec<u8> = s.iter().map(swap).collect();
    let changed = plain.iter().zip(s).filter(|(a, b)| a != b).count();
    let loud = s.iter().filter(|b| b.is_ascii_digit()).count();
    if changed == 0 || loud < 6 {
        return None;
    }
    if plain.len() == 18 && check::identity(&plain) == Identity::Good {
        return Some(
            Found::new(
                seen.range(),
                Class::IdCard,
                Severity::Serious,
                "number-disguised",
            )
            .keep(&plain, 6, 4),
        );
    }
    if plain.len() == 18 && check::credit(&plain) == Credit::Good {
        return Some(
            Found::new(
                seen.range(),
                Class::Uscc,
                Severity::General,
                "number-disguised",
            )
            .detail(String::from_utf8_lossy(&plain)),
        );
    }
    if plain.len() >= 15
        && plain.iter().all(u8::is_ascii_digit)
        && plain.starts_with(b"62")
        && check::issuer(&plain)
        && check::luhn(&plain)
        && seen.cue() == Some(Cue::Card)
    {
        return Some(
            Found::new(
                seen.range(),
                Class::BankCard,
                Severity::Serious,
                "number-disguised",
            )
            .keep(&plain, 0, 4),
        );
    }
    let eleven = plain.len() == 11
        && plain.iter().all(u8::is_ascii_digit)
        && plain[0] == b'1'
        && (b'3'..=b'9').contains(&plain[1])
        && (matches!(seen.joined.groups.as_slice(), [3, 4, 4] | [3, 8]) || seen.plain())
        && !matches!(seen.cue(), Some(Cue::Serial | Cue::Amount | Cue::Card));
    eleven.then(|| {
        Found::new(
            seen.range(),
            Class::Mobile,
            Severity::Serious,
            "number-disguised",
        )
        .keep(&plain, 3, 4)
    })
}
