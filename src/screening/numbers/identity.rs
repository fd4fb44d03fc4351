//! Resident identity numbers, and the taxpayer numbers once made of them.

use super::check::{self, Credit, Identity};
use super::cue::{self, Cue};
use super::{ANY, BLANK_OR_HYPHEN, Found, Seen, starts_at};
use crate::screening::finding::{Class, Severity};

pub(super) fn identity(seen: &Seen<'_>) -> Option<Found> {
    let s = seen.s();
    if s.len() != 18 || !seen.joined.only(&ANY) || !seen.joined.even() {
        return None;
    }
    match check::identity(s) {
        Identity::No => None,
        Identity::Good => Some(
            Found::new(
                seen.range(),
                Class::IdCard,
                Severity::Serious,
                "identity-number",
            )
            .keep(s, 6, 4),
        ),
        Identity::Wrong(want) => {
            // Not every eighteen digits with a date inside are a person.
            let cue = seen.cue();
            let shaped = seen.plain() || starts_at(&seen.joined.groups, &[6, 14]);
            if !shaped
                || seen.in_address()
                || matches!(cue, Some(Cue::Serial | Cue::Amount | Cue::Card))
                || cue::counted(seen.text, seen.joined.range.end)
            {
                return None;
            }
            // A credit code may look like a birthday.
            if matches!(check::credit(s), Credit::Good) {
                return None;
            }
            Some(
                Found::new(
                    seen.range(),
                    Class::IdCardBad,
                    Severity::General,
                    "identity-check",
                )
                .keep(s, 6, 4)
                .detail(want),
            )
        }
    }
}

pub(super) fn tin20(seen: &Seen<'_>) -> Option<Found> {
    let s = seen.s();
    let fits = s.len() == 20
        && s[18..].iter().all(u8::is_ascii_digit)
        && seen.joined.only(&BLANK_OR_HYPHEN)
        && check::identity(&s[..18]) == Identity::Good
        && seen.cue() != Some(Cue::Serial);
    fits.then(|| {
        Found::new(
            seen.range(),
            Class::IdCard,
            Severity::Serious,
            "taxpayer-number-20",
        )
        .keep(s, 6, 6)
    })
}

pub(super) fn identity15(seen: &Seen<'_>) -> Option<Found> {
    if !check::identity15(seen.s()) || !seen.plain() || !seen.loose() {
        return None;
    }
    // Fifteen digits without a check digit: the label decides, and without one it is a question.
    let why = match seen.cue() {
        Some(Cue::Identity) => "identity-number-15",
        None if !cue::counted(seen.text, seen.joined.range.end) => "identity-maybe-15",
        _ => return None,
    };
    Some(Found::new(seen.range(), Class::IdCard, Severity::Suspect, why).keep(seen.s(), 6, 3))
}

/// Signs written for the X at the end.
const CROSSES: [char; 6] = ['×', '✕', '✖', '╳', '⨯', '＊'];

/// Seventeen digits and a sign that stands for the X.
pub(super) fn crossed(seen: &Seen<'_>) -> Option<Found> {
    if seen.s().len() != 17 || !seen.all_digits() || !seen.joined.only(&ANY) {
        return None;
    }
    let rest = &seen.text[seen.joined.range.end..];
    let sign = rest.chars().next().filter(|c| CROSSES.contains(c))?;
    let mut s = seen.s().to_vec();
    s.push(b'X');
    if rest[sign.len_utf8()..].starts_with(|c: char| c.is_ascii_alphanumeric())
        || check::identity(&s) != Identity::Good
    {
        return None;
    }
    let range = seen.start()..seen.joined.range.end + sign.len_utf8();
    Some(Found::new(range, Class::IdCard, Severity::Serious, "identity-number").keep(&s, 6, 4))
}
