//! Numbers that point to a person or a firm.

mod card;
mod chain;
pub mod check;
mod column;
pub mod cue;
mod firm;
mod identity;
mod landline;
mod mobile;
mod other;

use std::ops::Range;

use chain::{Joined, Joint, Piece};
use column::Columns;
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
    let columns = Columns::new(text);
    chain::chains(text, LEAST, |pieces| {
        read(text, &columns, pieces, |found| out.push(hit(folded, found)))
    });
    for fold::Spelled { range, digits } in fold::spelled(text) {
        let mut single = Vec::new();
        let alone = Columns::new(&digits);
        chain::chains(&digits, LEAST, |pieces| {
            read(&digits, &alone, pieces, |found| single.push(found))
        });
        // Spelled out, only the strong forms are believed.
        for found in single
            .into_iter()
            .filter(|f| f.range.len() == digits.len())
            .filter(|f| {
                f.severity == Severity::Serious
                    || f.class == Class::Landline
                        && cue::before(text, range.start) == Some(Cue::Phone)
            })
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
fn read(text: &str, columns: &Columns<'_>, pieces: &[Piece], mut each: impl FnMut(Found)) {
    let mut at = 0;
    while at < pieces.len() {
        match strongest(text, columns, pieces, at) {
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

fn strongest(
    text: &str,
    columns: &Columns<'_>,
    pieces: &[Piece],
    at: usize,
) -> Option<(Found, usize)> {
    let mut joins = Vec::new();
    let mut length = 0;
    for n in 1..=MAX_PIECES.min(pieces.len() - at) {
        let piece = &pieces[at + n - 1];
        // A bracket closes after the first piece, or after the second behind a country code.
        let country = matches!(&text[pieces[at].range.clone()], "86" | "0086");
        let closes = |j| match j {
            Joint::Close => n == 2 || n == 3 && country,
            Joint::Open => n == 2 && country,
            _ => true,
        };
        if n > 1 && !piece.joint.is_some_and(closes) {
            break;
        }
        length += piece.len();
        if length > 24 {
            break;
        }
        joins.push((n, Joined::new(text, &pieces[at..at + n])?));
    }
    type Reader = fn(&Seen<'_>) -> Option<Found>;
    const READERS: [Reader; 11] = [
        identity::identity,
        identity::crossed,
        identity::tin20,
        firm::credit,
        card::card,
        card::card_wrong,
        mobile::mobile,
        landline::landline,
        identity::identity15,
        other::travel,
        other::disguised,
    ];
    for reader in READERS {
        // The longest first: four groups of a card of five would pass for a shorter card.
        for (n, joined) in joins.iter().rev() {
            let seen = Seen {
                text,
                columns,
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
    columns: &'a Columns<'a>,
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
        cue::before(self.text, self.start()).or_else(|| self.columns.cue(self.start()))
    }

    /// Whether it is glued into the name of a file: `img_13800138000.png`.
    fn in_name(&self) -> bool {
        let glued = self.text[..self.start()]
            .ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        let rest = &self.text[self.joined.range.end..];
        glued
            && rest.starts_with('.')
            && rest[1..]
                .bytes()
                .take_while(u8::is_ascii_alphanumeric)
                .count()
                .wrapping_sub(2)
                < 4
            && rest[1..].starts_with(|c: char| c.is_ascii_alphabetic())
    }

    /// Whether it is part of the address of a page, where numbers count pages and visits; a
    /// parameter that says it is a telephone is one.
    fn in_address(&self) -> bool {
        let head = &self.text.as_bytes()[..self.start()];
        let from = head
            .iter()
            .rev()
            .take(300)
            .take_while(|b| b.is_ascii_graphic() && !matches!(b, b'<' | b'>' | b'"' | b'|'))
            .count();
        let token = &self.text[self.start() - from..self.start()];
        let lower = token.to_ascii_lowercase();
        (lower.contains("://") || lower.starts_with("www."))
            && !["phone=", "mobile=", "tel=", "idcard=", "sfz="]
                .iter()
                .any(|p| lower.ends_with(p))
    }

    /// The neighbour pieces that hang on by a hyphen or a dot: then this is part of something else.
    fn loose(&self) -> bool {
        let tight = |p: Option<&Piece>, j: Option<Joint>| {
            p.is_some_and(|p| p.digits > 0) && matches!(j, Some(Joint::Hyphen | Joint::Dot))
        };
        let before = self.at.checked_sub(1).and_then(|k| self.pieces.get(k));
        let after = self.pieces.get(self.at + self.taken);
        // 2026-ZJ-13800138000: letters in the middle of a number of a paper.
        let filed = self.at >= 2
            && self.pieces[self.at].joint == Some(Joint::Hyphen)
            && self.pieces[self.at - 1].joint == Some(Joint::Hyphen);
        !filed
            && !tight(before, self.pieces[self.at].joint)
            && !tight(after, after.and_then(|p| p.joint))
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

const ANY: [Joint; 6] = [
    Joint::Space,
    Joint::Wide,
    Joint::Hyphen,
    Joint::Dot,
    Joint::Break,
    Joint::Slash,
];
const BLANK_OR_HYPHEN: [Joint; 3] = [Joint::Space, Joint::Hyphen, Joint::Break];

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
