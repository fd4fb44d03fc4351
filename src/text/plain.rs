//! Cleaning text as it comes in: pasted, imported, or typed elsewhere.

/// A cleaned text and what was taken out of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plain {
    /// The text: lines end in `\n`, no line ends in a space, no controls but
    /// tabs.
    pub text: String,
    /// How many control characters were dropped (those of a terminal escape
    /// sequence all count). Line ends and trailing spaces are not reported.
    pub removed: usize,
}

/// Cleans a text.
///
/// Every kind of line end becomes `\n` (CRLF, CR, and the vertical tab, form
/// feed, NEL and Unicode separators word processors leave behind). Controls,
/// terminal escape sequences, byte order marks and bidi controls are dropped,
/// the last because they show a text other than the one stored; joiners and
/// variation selectors stay, since they are part of a character. Spaces at the
/// end of a line, ideographic ones too, go. Cleaning twice is cleaning once.
pub fn normalise(input: &str) -> Plain {
    let mut text = String::with_capacity(input.len());
    let mut removed = 0;
    let mut rest = input;
    while let Some(c) = rest.chars().next() {
        let mut taken = c.len_utf8();
        match c {
            '\t' => text.push(c),
            '\r' => {
                if rest[taken..].starts_with('\n') {
                    taken += 1;
                }
                end_line(&mut text);
            }
            '\n' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => end_line(&mut text),
            '\u{1b}' | '\u{9b}' => {
                taken = escape_sequence(rest, c);
                removed += rest[..taken].chars().count();
            }
            _ if dropped(c) => removed += 1,
            _ => text.push(c),
        }
        rest = &rest[taken..];
    }
    trim_line(&mut text);
    Plain { text, removed }
}

fn end_line(text: &mut String) {
    trim_line(text);
    text.push('\n');
}

fn trim_line(text: &mut String) {
    let kept = text
        .trim_end_matches([' ', '\t', '\u{3000}', '\u{a0}'])
        .len();
    text.truncate(kept);
}

fn dropped(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{feff}' | '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Length in bytes of the control sequence at the head of `rest`, or of the
/// introducing control alone when what follows is not one.
fn escape_sequence(rest: &str, introducer: char) -> usize {
    let alone = introducer.len_utf8();
    let bytes = rest.as_bytes();
    let mut at = alone;
    if introducer == '\u{1b}' {
        if bytes.get(at) != Some(&b'[') {
            return alone;
        }
        at += 1;
    }
    while bytes.get(at).is_some_and(|b| (0x20..=0x3f).contains(b)) {
        at += 1;
    }
    match bytes.get(at) {
        Some(0x40..=0x7e) => at + 1,
        _ => alone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn line_ends_and_spaces() {
        let p = normalise("甲 \r\n乙　\r丙\t\n\n　　丁\u{2028}戊\u{b}己  ");
        assert_eq!(p.text, "甲\n乙\n丙\n\n　　丁\n戊\n己");
        assert_eq!(p.removed, 0);
    }

    #[test]
    fn controls_are_dropped_and_counted() {
        assert_eq!(
            normalise("a\0b\u{7}c\u{7f}"),
            Plain {
                text: "abc".into(),
                removed: 3
            }
        );
        assert_eq!(
            normalise("\u{feff}甲\u{202e}乙"),
            Plain {
                text: "甲乙".into(),
                removed: 2
            }
        );
        assert_eq!(
            normalise("x\u{1b}[31;1m红\u{1b}[0m"),
            Plain {
                text: "x红".into(),
                removed: 11
            }
        );
        assert_eq!(
            normalise("x\u{1b}[税"),
            Plain {
                text: "x[税".into(),
                removed: 1
            }
        );
        assert_eq!(
            normalise("\u{9b}2Jx"),
            Plain {
                text: "x".into(),
                removed: 3
            }
        );
        assert_eq!(normalise("葛\u{e0100}👨‍👩‍👧\ta").removed, 0);
    }

    proptest! {
        #[test]
        fn cleaning_twice_is_cleaning_once(input in "(\\PC|[ \t\r\n\u{b}\u{1b}\\[0-9;m\u{9b}\0\u{3000}\u{202e}]){0,60}") {
            let once = normalise(&input);
            let twice = normalise(&once.text);
            prop_assert_eq!(&twice.text, &once.text);
            prop_assert_eq!(twice.removed, 0);
            prop_assert!(once.text.chars().all(|c| !c.is_control() || c == '\n' || c == '\t'));
            let trimmed = once.text.lines().all(|l| l.trim_end_matches([' ', '\t', '\u{3000}']) == l);
            prop_assert!(trimmed);
        }
    }
}
