//! Numbers that point to a person or a firm.

mod chain;
pub mod check;
pub mod cue;

use std::ops::Range;

use chain::{Joined, Joint, Piece};
use check::{Credit, Identity};
use cue::Cue;

use super::finding::{Class, Hit, Severity};
use super::fold::{self, Folded};

/// What a chain of pieces turned out to hold, in the folded text.
struct Found {
    range: Range<usize>,
    class: Class,
    severity: Severity,
    why: &'static str,
    detail: String,
    /// How to write it so that it may be published.
    suggestion: Option<String>,
}

impl Found {
    fn new(range: Range<usize>, class: Class, severity: Severity, why: &'static str) -> Self {
        Self {
            range,
            class,
            severity,
            why,
            detail: String::new(),
            suggestion: None,
        }
    }

    /// Suggests to keep only this many characters at the front and the end.
    fn keep(mut self, plain: &[u8], front: usize, back: usize) -> Self {
        let hidden = plain.len().saturating_sub(front + back);
        let part = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        self.suggestion = Some(format!(
            "{}{}{}",
            part(&plain[..front]),
            "*".repeat(hidden),
            part(&plain[front + hidden..])
        ));
        self
    }

    fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }
}

/// A chain with fewer digits holds nothing; in disguise a telephone keeps six.
const LEAST: usize = 6;

/// Finds numbers of persons and firms.
pub fn scan(folded: &Folded<'_>, out: &mut Vec<Hit>) {
    let text = folded.text();
    chain::chains(text, LEAST, |pieces| {
        read(text, pieces, |found| out.push(hit(folded, found)))
    });
    for (range, digits) in fold::spelled(text) {
        let mut single = Vec::new();
        chain::chains(&digits, LEAST, |pieces| {
            read(&digits, pieces, |found| single.push(found))
        });
        // Spelled out, only the strong forms are believed.
        for found in single
            .into_iter()
            .filter(|f| f.range.len() == digits.len() && f.severity == Severity::Serious)
        {
            out.push(hit(
                folded,
                Found {
                    range: range.clone(),
                    why: "number-spelled",
                    ..found
                },
            ));
        }
    }
}

fn hit(folded: &Folded<'_>, found: Found) -> Hit {
    Hit {
        range: folded.back(found.range),
        class: found.class,
        severity: found.severity,
        suggestion: found.suggestion,
        why: found.why,
        detail: found.detail,
    }
}

/// Reads a chain from left to right, each time the strongest thing that begins at a piece.
fn read(text: &str, pieces: &[Piece], mut each: impl FnMut(Found)) {
    let mut at = 0;
    while at < pieces.len() {
        match strongest(text, pieces, at) {
            Some((found, taken)) => {
                at += taken.max(1);
                each(found);
            }
            None => at += 1,
        }
    }
}

/// How many pieces may be joined at most: every digit on its own.
const MAX_PIECES: usize = 20;

fn strongest(text: &str, pieces: &[Piece], at: usize) -> Option<(Found, usize)> {
    let mut joins = Vec::new();
    let mut length = 0;
    for n in 1..=MAX_PIECES.min(pieces.len() - at) {
        let piece = &pieces[at + n - 1];
        if n > 1 && (!piece.joint.is_some_and(|j| j != Joint::Close || n == 2)) {
            break;
        }
        length += piece.len();
        if length > 24 {
            break;
        }
        joins.push((n, Joined::new(text, &pieces[at..at + n])?));
    }
    type Reader = fn(&Seen<'_>) -> Option<Found>;
    const READERS: [Reader; 10] = [
        identity, tin20, credit, card, card_wrong, mobile, landline, identity15, travel, disguised,
    ];
    for reader in READERS {
        // The longest first: four groups of a card of five would pass for a shorter card.
        for (n, joined) in joins.iter().rev() {
            let seen = Seen {
                text,
                pieces,
                at,
                taken: *n,
                joined,
            };
            if let Some(found) = reader(&seen) {
                return Some((found, *n));
            }
        }
    }
    None
}

/// Some pieces in their surroundings.
struct Seen<'a> {
    text: &'a str,
    pieces: &'a [Piece],
    at: usize,
    taken: usize,
    joined: &'a Joined,
}

impl Seen<'_> {
    fn s(&self) -> &[u8] {
        &self.joined.text
    }

    fn start(&self) -> usize {
        self.joined.range.start
    }

    fn range(&self) -> Range<usize> {
        self.joined.range.clone()
    }

    fn all_digits(&self) -> bool {
        self.s().iter().all(u8::is_ascii_digit)
    }

    fn plain(&self) -> bool {
        self.taken == 1
    }

    fn cue(&self) -> Option<Cue> {
        cue::before(self.text, self.start())
    }

    /// The neighbour pieces that hang on by a hyphen or a dot: then this is part of something else.
    fn loose(&self) -> bool {
        let tight = |p: Option<&Piece>, j: Option<Joint>| {
            p.is_some_and(|p| p.digits > 0) && matches!(j, Some(Joint::Hyphen | Joint::Dot))
        };
        let before = self.at.checked_sub(1).and_then(|k| self.pieces.get(k));
        let after = self.pieces.get(self.at + self.taken);
        !tight(before, self.pieces[self.at].joint) && !tight(after, after.and_then(|p| p.joint))
    }

    /// Whether groups by blanks go on beyond what was taken, so that this is a slice of something.
    fn sliced(&self) -> bool {
        if self.plain() {
            return false;
        }
        let after = self.pieces.get(self.at + self.taken);
        let before = self.at.checked_sub(1).and_then(|k| self.pieces.get(k));
        let first = self.joined.joints.first().copied();
        after.is_some_and(|p| p.is_number() && p.len() <= 4 && p.joint == first)
            || before.is_some_and(|p| {
                p.is_number() && p.len() <= 4 && p.len() > 1 && self.pieces[self.at].joint == first
            })
    }

    /// Whether it is masked or part of a masked number.
    fn masked(&self) -> bool {
        let after = self.text[self.joined.range.end..].trim_start_matches(' ');
        let before = self.text[..self.start()].trim_end_matches(' ');
        after.starts_with("**")
            || before.ends_with("**") && !before.ends_with("***:") && self.s().len() < 11
    }
}

const ANY: [Joint; 4] = [Joint::Space, Joint::Hyphen, Joint::Dot, Joint::Break];
const BLANK_OR_HYPHEN: [Joint; 3] = [Joint::Space, Joint::Hyphen, Joint::Break];

fn identity(seen: &Seen<'_>) -> Option<Found> {
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

/// Whether groups have borders at these places.
fn starts_at(groups: &[usize], places: &[usize]) -> bool {
    let mut sum = 0;
    let borders: Vec<usize> = groups
        .iter()
        .map(|g| {
            sum += g;
            sum
        })
        .collect();
    places.iter().all(|p| borders.contains(p))
}

fn tin20(seen: &Seen<'_>) -> Option<Found> {
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

fn credit(seen: &Seen<'_>) -> Option<Found> {
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
        || !seen.joined.only(&BLANK_OR_HYPHEN)
        || !seen.joined.even()
    {
        return None;
    }
    let groups = &seen.joined.groups;
    let fours = groups.len() > 1
        && groups[..groups.len() - 1].iter().all(|g| *g == 4)
        && groups.last().is_some_and(|g| *g <= 4);
    let shaped = seen.plain()
        || fours
        || matches!(
            groups.as_slice(),
            [6, 4, 4, ..] | [6, 9..=13] | [8, 8..=11] | [4, 6, 5] | [4, 12..=15]
        )
        || seen.joined.joints.contains(&Joint::Break) && groups.len() == 2
        || groups.iter().all(|g| *g == 1);
    if !shaped || !seen.loose() || seen.masked() {
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
    let about_cards = cue == Some(Cue::Card) || cue::near(text, seen.start(), Cue::Card);
    Some(CardPlace {
        cue,
        about_cards,
        fours,
    })
}

fn card(seen: &Seen<'_>) -> Option<Found> {
    let place = card_place(seen)?;
    let s = seen.s();
    if !check::luhn(s) || s.iter().all(|b| *b == s[0]) {
        return None;
    }
    let known = check::issuer(s) && (s.starts_with(b"62") || place.about_cards || place.fours);
    let believed = known || place.cue == Some(Cue::Card) && s.len() >= 16;
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
fn card_wrong(seen: &Seen<'_>) -> Option<Found> {
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

fn mobile(seen: &Seen<'_>) -> Option<Found> {
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
            Joint::Hyphen,
            Joint::Dot,
            Joint::Close,
            Joint::Break,
        ])
    {
        return None;
    }
    let prefix = [b"0086".as_slice(), b"86".as_slice(), b"0".as_slice()]
        .into_iter()
        .find(|p| s.len() == 11 + p.len() && s.starts_with(p))
        .map_or(0, <[u8]>::len);
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
    if !shaped || seen.masked() {
        return None;
    }
    // A close bracket joins only the country code.
    if seen
        .joined
        .joints
        .iter()
        .skip(usize::from(prefix > 0))
        .any(|j| *j == Joint::Close)
    {
        return None;
    }
    // Joined by a line break, the parts must be those people write, or a label must say so.
    let cue = seen.cue();
    let broken = seen.joined.joints.contains(&Joint::Break);
    if broken && groups != [3, 4, 4] && cue != Some(Cue::Phone) {
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

fn landline(seen: &Seen<'_>) -> Option<Found> {
    let text = seen.text;
    let s = seen.s();
    if !seen.all_digits() || !(7..=15).contains(&s.len()) || seen.masked() {
        return None;
    }
    let cue = seen.cue();
    if matches!(
        cue,
        Some(Cue::Serial | Cue::Amount | Cue::Card | Cue::Tax | Cue::Identity)
    ) || cue::counted(text, seen.joined.range.end)
        || cue::priced(text, seen.start())
    {
        return None;
    }
    let named = matches!(cue, Some(Cue::Phone | Cue::Home));
    let (prefix, national) = if s.starts_with(b"0086") {
        (4, true)
    } else if s.starts_with(b"86") && s.len() >= 11 {
        (2, true)
    } else {
        (0, false)
    };
    // Abroad the leading zero of the area code is left out.
    let mut local = s[prefix..].to_vec();
    if national && local.first() != Some(&b'0') {
        local.insert(0, b'0');
    }
    let added = usize::from(national && s.get(prefix) != Some(&b'0'));
    let code = [3, 4]
        .into_iter()
        .find(|n| local.len() > *n && check::area(&local[..*n]));
    let rest_of = |n: usize| local.len() - n;
    let bracketed = seen.joined.joints.first() == Some(&Joint::Close);
    let groups = &seen.joined.groups;
    if let Some(n) = code {
        let subscriber = &local[n..];
        let length = if n == 3 {
            rest_of(n) == 8
        } else {
            matches!(rest_of(n), 7 | 8)
        };
        if !length || !(b'2'..=b'9').contains(&subscriber[0]) {
            return None;
        }
        let border = prefix + n - added;
        let split = starts_at(groups, &[border]);
        let shaped = if seen.plain() {
            // Nothing sets the code apart: eleven digits with a zero in front need a telephone's label
            // unless nothing else speaks against them.
            named || (cue.is_none() && s.len() >= 11 && seen.loose())
        } else {
            split && groups.len() <= 5
        };
        // One more piece behind a hyphen is an extension.
        let after = seen.pieces.get(seen.at + seen.taken);
        let extension =
            after.is_some_and(|p| p.is_number() && p.len() <= 5 && p.joint == Some(Joint::Hyphen));
        let before_tight = seen.at > 0
            && matches!(seen.pieces[seen.at].joint, Some(Joint::Hyphen | Joint::Dot))
            && seen.pieces[seen.at - 1].digits > 0
            && !matches!(&text[seen.pieces[seen.at - 1].range.clone()], "86" | "0086");
        let after_tight = after
            .is_some_and(|p| p.digits > 0 && matches!(p.joint, Some(Joint::Hyphen | Joint::Dot)))
            && !extension;
        let broken = seen.joined.joints.contains(&Joint::Break);
        if !shaped || before_tight || after_tight || broken && !named {
            return None;
        }
        // The subscriber's number in small change is not a telephone: 010 1 2 3 4 5 6 7 8.
        let mut range = seen.range();
        if bracketed || prefix > 0 {
            let head = text[..range.start].trim_end_matches(' ');
            let head = head.strip_suffix('+').unwrap_or(head);
            range.start = if head.len() < range.start && text[head.len()..range.start].contains('+')
            {
                head.len()
            } else {
                range.start
            };
            if let Some(open) = text[..range.start]
                .strip_suffix(['(', '（', '[', '【'])
                .filter(|_| bracketed)
            {
                range.start = open.len();
            } else if bracketed {
                return None;
            }
        }
        let home = cue == Some(Cue::Home);
        let (severity, why) = if home {
            (Severity::Serious, "landline-home")
        } else if named {
            (Severity::Hint, "landline-office")
        } else {
            (Severity::Hint, "landline")
        };
        return Some(Found::new(range, Class::Landline, severity, why));
    }
    // Without an area code only a label makes seven or eight digits a telephone.
    let shaped = matches!(groups.as_slice(), [7 | 8] | [4 | 3, 4] | [4, 3]);
    if named
        && shaped
        && seen.loose()
        && !bracketed
        && matches!(s.len(), 7 | 8)
        && (b'2'..=b'8').contains(&s[0])
        && labelled(text, seen.start())
        && !dated(s)
    {
        let (severity, why) = if cue == Some(Cue::Home) {
            (Severity::Serious, "landline-home")
        } else {
            (Severity::Hint, "landline-office")
        };
        return Some(Found::new(seen.range(), Class::Landline, severity, why));
    }
    None
}

/// Whether a word for telephone stands right before: 电话：, 传真, 座机是, and other numbers after it.
fn labelled(text: &str, at: usize) -> bool {
    let head = text[..at].trim_end_matches(|c: char| {
        c.is_ascii_digit()
            || c.is_whitespace()
            || matches!(
                c,
                '：' | ':' | '为' | '是' | '、' | '/' | '-' | '（' | '(' | '.' | '或' | '号' | '码'
            )
    });
    [
        "电话",
        "传真",
        "座机",
        "tel",
        "Tel",
        "TEL",
        "fax",
        "Fax",
        "FAX",
        "phone",
        "Phone",
        "宅电",
        "总机",
        "办公室",
        "热线",
    ]
    .iter()
    .any(|w| head.ends_with(w))
}

/// Eight digits that are a day: 20260131.
fn dated(s: &[u8]) -> bool {
    s.len() == 8
        && (s.starts_with(b"20"))
        && matches!(s[4], b'0' | b'1')
        && matches!(s[6], b'0'..=b'3')
}

fn identity15(seen: &Seen<'_>) -> Option<Found> {
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

fn travel(seen: &Seen<'_>) -> Option<Found> {
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
fn disguised(seen: &Seen<'_>) -> Option<Found> {
    let s = seen.s();
    if !matches!(s.len(), 11 | 18) || !seen.joined.only(&BLANK_OR_HYPHEN) {
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
