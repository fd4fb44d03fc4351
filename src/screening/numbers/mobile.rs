//! Mobile numbers.

use super::chain::Joint;
use super::cue::{self, Cue};
use super::{Found, Seen};
use crate::screening::finding::{Class, Severity};

pub(super) fn mobile(seen: &Seen<'_>) -> Option<Found> {
    let text = seen.text;
    let s = seen.s();
    // Letters may stand before a number, never behind: tel13800138000.
    let (skip, s) = match s.iter().position(u8::is_ascii_digit) {
        Some(0) => (0, s),
        Some(n) if seen.plain() && telephone_word(&s[..n]) => (n, &s[n..]),
        _ => return None,
    };
    if !s.iter().all(u8::is_ascii_digit)
        || !seen.joined.only(&[
            Joint::Space,
            Joint::Wide,
            Joint::Hyphen,
            Joint::Dot,
            Joint::Close,
            Joint::Slash,
            Joint::Open,
            Joint::Break,
        ])
    {
        return None;
    }
    let prefix = [b"0086".as_slice(), b"86".as_slice(), b"0".as_slice()]
        .into_iter()
        .find(|p| s.len() == 11 + p.len() && s.starts_with(p))
        .map_or(0, <[u8]>::len);
    // A trunk zero stands directly before the number: 013800138000, never 0.13800138000.
    let broken = seen.joined.joints.contains(&Joint::Break);
    if prefix == 1 && (broken || seen.joined.groups.first() == Some(&1)) {
        return None;
    }
    // An address of the network: 139.45.201.77.
    if seen.joined.groups.len() == 4
        && seen.joined.groups.iter().all(|g| *g <= 3)
        && seen.joined.only(&[Joint::Dot])
    {
        return None;
    }
    let number = &s[prefix..];
    if number.len() != 11 || number[0] != b'1' || !(b'3'..=b'9').contains(&number[1]) {
        return None;
    }
    // Groups of the eleven digits.
    let mut groups = Vec::new();
    let mut left = prefix;
    for group in &seen.joined.groups {
        let group = if skip > 0 { group - skip } else { *group };
        if left >= group {
            left -= group;
        } else {
            groups.push(group - left);
            left = 0;
        }
    }
    let shaped = matches!(
        groups.as_slice(),
        [11] | [3, 4, 4]
            | [3, 8]
            | [7, 4]
            | [4, 3, 4]
            | [4, 4, 3]
            | [3, 3, 5]
            | [5, 6]
            | [6, 5]
            | [3, 2, 2, 2, 2]
            | [3, 2, 3, 3]
            | [3, 3, 3, 2]
            | [1, 3, 3, 4]
            | [4, 7]
            | [3, 5, 3]
            | [3, 4, 2, 2]
            | [5, 3, 3]
            | [2, 3, 3, 3]
            | [3, 4, 1, 3]
    ) || groups.iter().all(|g| *g == 1);
    // Groups nobody but a telephone's owner would make ask for a label.
    let common = matches!(
        groups.as_slice(),
        [11] | [3, 4, 4] | [3, 8] | [7, 4] | [4, 3, 4] | [4, 4, 3] | [3, 3, 5]
    ) || prefix > 0;
    if !shaped || seen.masked() || !common && seen.cue() != Some(Cue::Phone) {
        return None;
    }
    // A bracket joins only the country code, or encloses the first three digits: (138)00138000.
    let inner = usize::from(prefix > 0);
    let enclosed = seen.joined.joints.get(inner) == Some(&Joint::Close) && groups[0] == 3;
    if seen
        .joined
        .joints
        .iter()
        .skip(inner + usize::from(enclosed))
        .any(|j| matches!(j, Joint::Close | Joint::Open))
    {
        return None;
    }
    // Joined by a line break, the parts must be those people write, or a label must say so.
    let cue = seen.cue();
    let hyphenated = groups == [3, 4, 4] && seen.joined.joints.contains(&Joint::Hyphen);
    if broken && !hyphenated && cue != Some(Cue::Phone)
        || (seen.joined.joints.contains(&Joint::Wide) || seen.joined.joints.contains(&Joint::Slash))
            && (cue != Some(Cue::Phone) || groups != [3, 4, 4])
        || seen.in_address()
        || seen.in_name()
    {
        return None;
    }
    let before = seen.at.checked_sub(1).and_then(|k| seen.pieces.get(k));
    let country =
        before.is_some_and(|p| matches!(&text[p.range.clone()], "86" | "0086")) && prefix == 0;
    if !(seen.loose() || country) && cue != Some(Cue::Phone) || seen.sliced() && !country {
        return None;
    }
    if cue::counted(text, seen.joined.range.end) || cue::priced(text, seen.start()) {
        return None;
    }
    if matches!(cue, Some(Cue::Serial | Cue::Amount | Cue::Card)) {
        return None;
    }
    let mut range = seen.range();
    range.start += skip;
    if enclosed
        && prefix == 0
        && let Some(open) = text[..range.start].strip_suffix(['(', '（'])
    {
        range.start = open.len();
    }
    // The sign and brackets of a country code belong to it.
    if prefix > 0 {
        let head = text[..range.start].trim_end_matches(' ');
        if let Some(rest) = head.strip_suffix('+') {
            range.start = rest.len();
            let bracketed = seen.joined.joints.contains(&Joint::Close);
            if let Some(open) = rest.strip_suffix(['(', '（']).filter(|_| bracketed) {
                range.start = open.len();
            }
        } else if seen.joined.joints.contains(&Joint::Close)
            && let Some(open) = head.strip_suffix(['(', '（'])
        {
            range.start = open.len();
        }
    }
    Some(Found::new(range, Class::Mobile, Severity::Serious, "mobile-number").keep(number, 3, 4))
}

/// Words people glue to a telephone number.
fn telephone_word(letters: &[u8]) -> bool {
    const WORDS: [&str; 12] = [
        "tel", "phone", "mobile", "mob", "cell", "t", "m", "p", "call", "wx", "vx", "tele",
    ];
    WORDS
        .iter()
        .any(|w| letters.eq_ignore_ascii_case(w.as_bytes()))
}
