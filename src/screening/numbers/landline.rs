//! Telephones with an area code, or behind a label.

use super::chain::Joint;
use super::cue::{self, Cue};
use super::{Found, Seen, check, starts_at};
use crate::screening::finding::{Class, Severity};

pub(super) fn landline(seen: &Seen<'_>) -> Option<Found> {
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
        let loosely = [Joint::Break, Joint::Wide, Joint::Slash]
            .iter()
            .any(|j| seen.joined.joints.contains(j));
        // 0571-2024-0015 is the fifteenth paper of a year.
        let filed = !named && groups.len() > 2 && dated_year(subscriber);
        if !shaped || before_tight || after_tight || loosely && !named || filed {
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
                .strip_suffix(['(', '（', '[', '【', '〔', '｛', '{', '<', '＜'])
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
    let listed = continues(text, seen.start());
    if (named || listed)
        && shaped
        && !seen.sliced()
        && seen.loose()
        && !bracketed
        && matches!(s.len(), 7 | 8)
        && (b'2'..=b'8').contains(&s[0])
        && (listed
            || labelled(text, seen.start())
            || seen
                .columns
                .cell(seen.start())
                .is_some_and(|cell| labelled(cell, cell.len())))
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

/// What may stand between the numbers of a list.
fn between(c: char) -> bool {
    c.is_whitespace() && c != '\n'
        || matches!(
            c,
            '、' | '/' | '，' | ',' | '；' | ';' | '或' | '及' | '和' | '者'
        )
}

/// Whether the number goes on a list that a labelled telephone with its area code begins:
/// 电话：（0571）88888888，87777777.
fn continues(text: &str, at: usize) -> bool {
    let head = text[..at].trim_end_matches(between);
    if head.len() == at {
        return false;
    }
    let sign = |c: char| {
        c.is_ascii_digit()
            || matches!(
                c,
                '-' | ' '
                    | '('
                    | ')'
                    | '（'
                    | '）'
                    | '['
                    | ']'
                    | '【'
                    | '】'
                    | '.'
                    | '~'
                    | '～'
                    | '+'
            )
    };
    let before = head.trim_end_matches(sign);
    let number = &head[before.len()..];
    let digits: Vec<u8> = number.bytes().filter(u8::is_ascii_digit).collect();
    let coded = [b"0086".as_slice(), b"86"]
        .iter()
        .any(|p| digits.starts_with(p))
        || [3, 4]
            .iter()
            .any(|n| digits.len() > *n && check::area(&digits[..*n]));
    coded
        && (10..=15).contains(&digits.len())
        && number.len() <= 40
        && labelled(text, text.len() - text[head.len() - number.len()..].len())
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

fn dated_year(s: &[u8]) -> bool {
    s.starts_with(b"20") && matches!(s.get(2), Some(b'0'..=b'3'))
}

/// Eight digits that are a day, or two years: 20260131, 2024-2026.
fn dated(s: &[u8]) -> bool {
    let number = |s: &[u8]| s.iter().fold(0_u32, |n, d| n * 10 + u32::from(d - b'0'));
    let year = |s: &[u8]| (1980..=2050).contains(&number(s));
    s.len() == 8
        && year(&s[..4])
        && (year(&s[4..])
            || (1..=12).contains(&number(&s[4..6])) && (1..=31).contains(&number(&s[6..])))
}
