//! One finding for one place.

use super::finding::{Class, Hit, Severity};

/// How sure a class is of its ground; the higher one wins where two overlap.
fn strength(hit: &Hit) -> u8 {
    match hit.class {
        Class::Mark => 100,
        Class::Handling => 96,
        Class::IdCard => 95,
        Class::Uscc => 94,
        Class::BankCard => 92,
        Class::Mobile => 90,
        Class::Email => 91,
        Class::Whistleblower => 86,
        Class::Landline => 84,
        Class::TravelDocument | Class::Plate => 82,
        Class::IdCardBad | Class::UsccBad | Class::BankCardBad => 80,
        Class::Obfuscated if hit.severity == Severity::Serious => 97,
        Class::Obfuscated => 75,
        Class::Minor | Class::Taxpayer => 70,
        Class::Address => 40,
        _ => 60,
    }
}

/// Whether two classes speak of different things about the same text, so that both stay.
fn apart(a: Class, b: Class) -> bool {
    // A house number within an address, a term within a sentence: the long one stays with the short.
    matches!((a, b), (Class::Address, _) | (_, Class::Address))
}

/// Sorts by place and drops what a stronger hit covers.
pub fn resolve(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by(|a, b| {
        let severity = |h: &Hit| u8::from(h.severity == Severity::Suspect);
        (
            severity(a),
            std::cmp::Reverse(strength(a)),
            a.range.start,
            std::cmp::Reverse(a.range.end),
        )
            .cmp(&(
                severity(b),
                std::cmp::Reverse(strength(b)),
                b.range.start,
                std::cmp::Reverse(b.range.end),
            ))
    });
    let mut kept: std::collections::BTreeMap<usize, Vec<Hit>> = std::collections::BTreeMap::new();
    // Longest hit kept so far bounds how far back an overlap can begin.
    let mut longest = 0;
    for hit in hits {
        let from = hit.range.start.saturating_sub(longest);
        let clash = kept
            .range(from..hit.range.end.max(from + 1))
            .flat_map(|(_, v)| v)
            .any(|k| {
                k.range.start < hit.range.end
                    && hit.range.start < k.range.end
                    && !apart(k.class, hit.class)
            });
        if !clash {
            longest = longest.max(hit.range.len());
            kept.entry(hit.range.start).or_default().push(hit);
        }
    }
    kept.into_values().flatten().collect()
}
