//! Copy numbers and urgency, which stand on lines of their own.

use super::mark;
use super::words::simplified;
use crate::screening::finding::{Class, Hit, Severity};
use crate::screening::fold::Folded;

/// Copy numbers and urgency stand on lines of their own.
pub(super) fn lines(folded: &Folded<'_>, out: &mut Vec<Hit>) {
    let text = folded.text();
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]) {
        let line = &text[start..end];
        let head = line.len() - line.trim_start().len();
        let word = line.trim();
        if !word.is_empty() && word.len() <= 24 {
            let range = start + head..start + head + word.len();
            let number = word
                .strip_prefix("No")
                .or_else(|| word.strip_prefix('№'))
                .unwrap_or(word)
                .trim_start_matches(['.', ' ', ':', '：']);
            if number.len() == 6
                && number.starts_with('0')
                && number.bytes().all(|b| b.is_ascii_digit())
            {
                // 00xxxx is no postcode; 01 to 07 may be one.
                let severity = if number.starts_with("00") {
                    Severity::Serious
                } else {
                    Severity::Suspect
                };
                out.push(mark(
                    folded,
                    range,
                    Class::Mark,
                    severity,
                    "mark-copy-number",
                ));
            } else if matches!(simplified(word).as_str(), "特急" | "加急" | "特提" | "平急")
                && word
                    .chars()
                    .all(|c| c.is_alphanumeric() || c.is_whitespace())
            {
                out.push(mark(
                    folded,
                    range,
                    Class::Handling,
                    Severity::Hint,
                    "mark-urgency",
                ));
            }
        }
        start = end + 1;
    }
    for at in memchr::memmem::find_iter(text.as_bytes(), "份".as_bytes()) {
        if text[..at].ends_with(['身', '股', '月']) {
            continue;
        }
        let rest = text[at + "份".len()..].trim_start_matches([' ', '\u{3000}']);
        let Some(rest) = rest.strip_prefix(['号', '號']) else {
            continue;
        };
        let rest = rest.trim_start_matches([' ', '\u{3000}', ':', '：', '\t']);
        let rest = rest
            .strip_prefix("No")
            .or_else(|| rest.strip_prefix('№'))
            .unwrap_or(rest)
            .trim_start_matches(['.', ' ']);
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if (4..=8).contains(&digits) {
            let end = text.len() - rest.len() + digits;
            out.push(mark(
                folded,
                at..end,
                Class::Mark,
                Severity::Serious,
                "mark-copy-number",
            ));
        }
    }
}
