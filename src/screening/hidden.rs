//! Invisible characters inside words and numbers.

use super::finding::{Class, Hit, Severity};
use super::fold::{Folded, is_invisible};

/// Finds invisible characters between two letters, digits or Han characters. Around blanks and at
/// the edges they are dirt of a word processor and harm nobody; emoji are joined by them properly.
pub fn scan(folded: &Folded<'_>, out: &mut Vec<Hit>) {
    let text = folded.original();
    let mut last = 0;
    // Positions in the folded text name the character after the gap; look at the original there.
    for at in folded.hidden() {
        if at == 0 || at >= folded.text().len() {
            continue;
        }
        let Some(before) = folded.text()[..at].char_indices().next_back() else {
            continue;
        };
        let Some(after) = folded.text()[at..].chars().next() else {
            continue;
        };
        let range = folded.back(before.0..at + after.len_utf8());
        if range.start < last {
            continue;
        }
        if !(wordy(before.1) && wordy(after)) {
            continue;
        }
        let inside: Vec<char> = text[range.clone()]
            .chars()
            .filter(|c| is_invisible(*c))
            .collect();
        // Soft hyphens divide Latin words, variation selectors choose the shape of a Han character.
        let latin = before.1.is_ascii_alphabetic() && after.is_ascii_alphabetic();
        let proper = inside.iter().all(|c| match c {
            '\u{ad}' => latin,
            '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => true,
            _ => false,
        });
        if proper {
            continue;
        }
        // Reach over the whole run of such gaps: 严\u{200b}禁\u{200b}外传.
        last = range.end;
        let mut plain = String::new();
        plain.extend(text[range.clone()].chars().filter(|c| !is_invisible(*c)));
        match out.last_mut() {
            Some(previous)
                if previous.class == Class::Obfuscated
                    && previous.why == "obfuscated-invisible"
                    && previous.range.end >= range.start =>
            {
                previous.range.end = range.end;
                let whole = text[previous.range.clone()]
                    .chars()
                    .filter(|c| !is_invisible(*c))
                    .collect();
                previous.suggestion = Some(whole);
            }
            _ => out.push(Hit {
                range,
                class: Class::Obfuscated,
                severity: Severity::General,
                suggestion: Some(plain),
                why: "obfuscated-invisible",
                detail: String::new(),
            }),
        }
    }
}

fn wordy(c: char) -> bool {
    c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, Option<String>)> {
        let mut out = Vec::new();
        scan(&Folded::new(text), &mut out);
        out.into_iter()
            .map(|h| (text[h.range].to_owned(), h.suggestion))
            .collect()
    }

    #[test]
    fn hidden_inside_words() {
        assert_eq!(
            found("请看税\u{200b}务局"),
            [("税\u{200b}务".to_owned(), Some("税务".to_owned()))]
        );
        assert_eq!(
            found("\u{feff}税务局\u{200b}。通知 \u{200b} 如下\u{200d}"),
            []
        );
        assert_eq!(found("inter\u{ad}national"), []);
        assert_eq!(found("👨\u{200d}👩\u{200d}👧"), []);
    }
}
