//! What people read about a hit: why it is one, and by what rule.

use super::finding::{Class, Hit};
use crate::locale;

/// Codes of every reason a hit of the deterministic detectors can have; a test proves that each
/// has its text.
pub const REASONS: &[&str] = &[
    "mark-star",
    "mark-level",
    "mark-level-term",
    "mark-copy-number",
    "mark-urgency",
    "mark-word",
    "handling-mark",
    "handling-word",
    "obfuscated-mark",
    "obfuscated-spaced",
    "obfuscated-invisible",
    "identity-number",
    "identity-check",
    "taxpayer-number-20",
    "identity-number-15",
    "identity-maybe-15",
    "credit-code",
    "credit-check",
    "bank-card",
    "card-check",
    "mobile-number",
    "number-spelled",
    "number-disguised",
    "landline",
    "landline-office",
    "landline-home",
    "travel-document",
    "travel-maybe",
    "email",
    "email-official",
    "email-disguised",
    "plate",
    "address",
    "minor",
    "whistleblower",
    "field-missing",
    "source-not-listed",
    "link-empty",
    "link-vague",
    "link-nowhere",
    "link-dead-anchor",
    "link-not-https",
    "link-scheme",
    "link-host",
    "link-inside",
    "link-suspicious",
    "link-other-host",
    "link-syntax",
    "image-no-alt",
    "table-no-header",
    "attachment-no-extension",
    "attachment-name-vague",
    "attachment-program",
    "attachment-empty",
    "attachment-mismatch",
    "attachment-large",
    "metadata-author",
    "metadata-change",
    "metadata-hidden",
    "metadata-cells",
    "metadata-comment",
    "metadata-external",
    "metadata-unread",
];

/// Why a hit is one, in the language in force.
pub fn why(hit: &Hit) -> String {
    locale::by_id(
        &format!("screening-why-{}", hit.why),
        &[("detail", hit.detail.clone())],
    )
}

/// The rule behind a class: a code, `screening-ground-<code>` in the locale files.
pub const fn ground(class: Class) -> &'static str {
    match class {
        Class::Mark | Class::Obfuscated => "secrecy-35",
        Class::Handling => "secrecy-64",
        Class::IdCard
        | Class::IdCardBad
        | Class::BankCard
        | Class::BankCardBad
        | Class::TravelDocument
        | Class::Minor => "pipl-28",
        Class::Mobile | Class::Email | Class::Address | Class::Plate => "openness-15",
        Class::Landline => "pipl-34",
        Class::Uscc | Class::UsccBad => "gb32100",
        Class::Taxpayer => "tax-8",
        Class::Whistleblower => "tax-13",
        Class::Roster | Class::Term => "board",
        Class::DocNumber => "docformat",
        Class::Character | Class::MixedScript | Class::Usage => "language",
        Class::Link | Class::Field | Class::Accessibility | Class::Attachment | Class::Metadata => {
            "guide-2017"
        }
        Class::StateName
        | Class::Title
        | Class::Doctrine
        | Class::Territory
        | Class::Typo
        | Class::Repeated
        | Class::Missing
        | Class::Punctuation
        | Class::Number
        | Class::Date
        | Class::TaxTerm => "severity",
    }
}

/// The rule behind a class in the language in force.
pub fn ground_text(class: Class) -> String {
    locale::by_id(&format!("screening-ground-{}", ground(class)), &[])
}
