//! Numbers of bank cards.

use super::chain::Joint;
use super::cue::{self, Cue};
use super::{ANY, Found, Seen, check};
use crate::screening::finding::{Class, Severity};

/// What the surroundings say about digits of the shape of a card number.
struct CardPlace {
    cue: Option<Cue>,
    about_cards: bool,
    fours: bool,
}

fn card_place(seen: &Seen<'_>) -> Option<CardPlace> {
    let s = seen.s();
    if !(15..=19).contains(&s.len())
        || !seen.all_digits()
        || !seen.joined.only(&ANY)
        || !seen.joined.even()
    {
        return None;
    }
    let groups = &seen.joined.groups;
    let fours = groups.len() > 1
        && groups[..groups.len() - 1].iter().all(|g| *g == 4)
        && groups.last().is_some_and(|g| *g <= 7);
    let broken = seen.joined.joints.contains(&Joint::Break);
    let shaped = seen.plain()
        || fours
        || matches!(
            groups.as_slice(),
            [6, 4, 4, ..] | [6, 9..=13] | [8, 8..=11] | [4, 6, 5] | [4, 12..=15]
        )
        || broken && groups.len() == 2
        || groups.iter().all(|g| *g == 1);
    // Four groups of a card of five are no card, and columns of figures are set in fours too.
    let cut_short = seen.pieces.get(seen.at + seen.taken).is_some_and(|p| {
        p.is_number()
            && (p.len() + s.len() <= 19 || !check::issuer(s))
            && p.joint == seen.joined.joints.last().copied()
    }) && fours;
    if !shaped || cut_short || !seen.loose() || seen.masked() || seen.in_address() {
        return None;
    }
    let text = seen.text;
    if cue::counted(text, seen.joined.range.end) || cue::priced(text, seen.start()) {
        return None;
    }
    let cue = seen.cue();
    if matches!(
        cue,
        Some(Cue::Serial | Cue::Amount | Cue::Identity | Cue::Tax)
    ) {
        return None;
    }
    let columns = broken && groups.len() > 2 || seen.joined.joints.contains(&Joint::Wide);
    if columns && cue != Some(Cue::Card) {
        return None;
    }
    let about_cards = cue == Some(Cue::Card) || cue::near(text, seen.start(), Cue::Card);
    Some(CardPlace {
        cue,
        about_cards,
        fours,
    })
}

pub(super) fn card(seen: &Seen<'_>) -> Option<Found> {
    let place = card_place(seen)?;
    let s = seen.s();
    if !check::luhn(s) || s.iter().all(|b| *b == s[0]) {
        return None;
    }
    let known = check::issuer(s) && (s.starts_with(b"62") || place.about_cards || place.fours);
    // Cards of the time before UnionPay's own numbers; elsewhere these digits begin anything.
    let old = [b"9558", b"9559", b"6013"]
        .iter()
        .any(|p| s.starts_with(*p));
    let believed = known || old && place.cue == Some(Cue::Card) && s.len() >= 16;
    believed.then(|| {
        Found::new(
            seen.range(),
            Class::BankCard,
            Severity::Serious,
            "bank-card",
        )
        .keep(s, 0, 4)
    })
}

/// A wrong check digit is believed only where cards are spoken of.
pub(super) fn card_wrong(seen: &Seen<'_>) -> Option<Found> {
    let place = card_place(seen)?;
    let s = seen.s();
    let union_pay = s.starts_with(b"62") && (place.about_cards || place.fours);
    let believed =
        check::issuer(s) && !check::luhn(s) && (place.cue == Some(Cue::Card) || union_pay);
    believed.then(|| {
        Found::new(
            seen.range(),
            Class::BankCardBad,
            Severity::General,
            "card-check",
        )
        .keep(s, 0, 4)
    })
}
