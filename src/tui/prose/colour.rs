//! Markdown seen at a glance: a small scanner for one paragraph at a time.
//!
//! It colours what people write in manuscripts; it does not decide how a page is made, the preview
//! and the pages have a whole parser for that. A line that looks half finished is coloured half.

use std::ops::Range;

/// What a stretch of a paragraph is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// A sign of Markdown itself: `**`, `>`, `- `.
    Sign,
    /// A heading.
    Heading,
    /// *Emphasis*.
    Emphasis,
    /// **Strong**.
    Strong,
    /// Code, or the line of a fence.
    Code,
    /// The text of a link.
    Link,
    /// A quoted line.
    Quote,
    /// A struck text.
    Struck,
}

/// A stretch and its look.
pub type Span = (Range<usize>, Look);

/// Whether a paragraph begins or ends a block of code.
pub fn fence(text: &str) -> bool {
    let start = text.trim_start_matches(' ');
    text.len() - start.len() < 4 && (start.starts_with("```") || start.starts_with("~~~"))
}

/// The level of a heading, 0 for none, and the bytes of its sign with the blank behind it.
pub fn heading(text: &str) -> (usize, usize) {
    let level = text.bytes().take_while(|b| *b == b'#').count();
    match text.as_bytes().get(level) {
        _ if level == 0 || level > 6 => (0, 0),
        Some(b' ') => (level, level + 1),
        None => (level, level),
        _ => (0, 0),
    }
}

/// The sign of a list item: the blanks before it, and the bytes up to the text.
pub fn list_sign(text: &str) -> Option<(usize, usize)> {
    let blanks = text.len() - text.trim_start_matches([' ', '\t']).len();
    let rest = &text[blanks..];
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let sign = match rest.as_bytes() {
        [b'-' | b'*' | b'+', b' ', ..] => 2,
        [..] if (1..=9).contains(&digits)
            && matches!(rest.as_bytes().get(digits), Some(b'.' | b')'))
            && rest.as_bytes().get(digits + 1) == Some(&b' ') =>
        {
            digits + 2
        }
        _ => return None,
    };
    Some((blanks, blanks + sign))
}

/// The stretches of a paragraph outside a block of code. Later ones lie over earlier ones.
pub fn spans(text: &str) -> Vec<Span> {
    let mut out = Vec::new();
    if fence(text) {
        out.push((0..text.len(), Look::Code));
        return out;
    }
    let mut from = 0;
    let (level, sign) = heading(text);
    if level > 0 {
        out.push((0..text.len(), Look::Heading));
        out.push((0..sign, Look::Sign));
        from = sign;
    } else if text.starts_with('>') {
        let sign = text.len() - text.trim_start_matches(['>', ' ']).len();
        out.push((0..text.len(), Look::Quote));
        out.push((0..sign, Look::Sign));
        from = sign;
    } else if text.len() >= 3 && ["---", "***", "___"].iter().any(|s| text.trim_end() == *s) {
        out.push((0..text.len(), Look::Sign));
        return out;
    }
    if let Some((_, sign)) = list_sign(&text[from..]) {
        out.push((from..from + sign, Look::Sign));
        from += sign;
    }
    if text.starts_with('|') {
        out.extend(
            text.match_indices('|')
                .map(|(at, s)| (at..at + s.len(), Look::Sign)),
        );
    }
    inline(text, from, &mut out);
    out
}

/// Emphasis, code and links from `from` on.
fn inline(text: &str, from: usize, out: &mut Vec<Span>) {
    let bytes = text.as_bytes();
    let mut at = from;
    while let Some(step) = bytes[at..]
        .iter()
        .position(|b| matches!(b, b'*' | b'`' | b'[' | b'~' | b'\\'))
    {
        let start = at + step;
        let run = bytes[start..]
            .iter()
            .take_while(|b| **b == bytes[start])
            .count();
        at = match bytes[start] {
            b'\\' => (start + 2).min(bytes.len()),
            b'`' => match close(text, start + run, &text[start..start + run]) {
                Some(end) => {
                    out.push((start..end + run, Look::Code));
                    end + run
                }
                None => start + run,
            },
            b'[' => link(text, start, out).unwrap_or(start + 1),
            sign => {
                let look = match (sign, run) {
                    (b'*', 1) => Look::Emphasis,
                    (b'*', 2 | 3) => Look::Strong,
                    (b'~', 2) => Look::Struck,
                    _ => {
                        at = start + run;
                        continue;
                    }
                };
                let blank = |at: usize| text[at..].chars().next().is_none_or(char::is_whitespace);
                match close(text, start + run, &text[start..start + run]) {
                    Some(end) if end > start + run && !blank(start + run) => {
                        out.push((start..end + run, look));
                        out.push((start..start + run, Look::Sign));
                        out.push((end..end + run, Look::Sign));
                        end + run
                    }
                    _ => start + run,
                }
            }
        };
        while !text.is_char_boundary(at) {
            at += 1;
        }
        if at >= bytes.len() {
            break;
        }
    }
}

/// How far a closing sign is looked for; without a limit a paragraph of opening signs would be
/// searched once for each.
const REACH: usize = 2_000;

fn close(text: &str, from: usize, sign: &str) -> Option<usize> {
    let mut to = (from + REACH).min(text.len());
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    text.get(from..to)?.find(sign).map(|at| from + at)
}

fn link(text: &str, start: usize, out: &mut Vec<Span>) -> Option<usize> {
    let middle = close(text, start + 1, "](")?;
    let end = close(text, middle + 2, ")")?;
    out.push((start + 1..middle, Look::Link));
    out.push((start..start + 1, Look::Sign));
    out.push((middle..end + 1, Look::Sign));
    Some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn looks(text: &str) -> Vec<(&str, Look)> {
        spans(text)
            .into_iter()
            .map(|(r, l)| (&text[r], l))
            .collect()
    }

    #[test]
    fn what_people_write() {
        assert_eq!(
            looks("## 一、总则"),
            [("## 一、总则", Look::Heading), ("## ", Look::Sign)]
        );
        assert_eq!(looks("#号"), []);
        assert_eq!(looks("- 第一"), [("- ", Look::Sign)]);
        assert_eq!(looks("  12. 第十二"), [("  12. ", Look::Sign)]);
        assert_eq!(looks("2015年"), []);
        assert_eq!(
            looks("> 引文"),
            [("> 引文", Look::Quote), ("> ", Look::Sign)]
        );
        assert_eq!(
            looks("见**通知**。"),
            [
                ("**通知**", Look::Strong),
                ("**", Look::Sign),
                ("**", Look::Sign)
            ]
        );
        assert_eq!(looks("`x*y` 3*4"), [("`x*y`", Look::Code)]);
        assert_eq!(
            looks("[通知](https://a.b)"),
            [
                ("通知", Look::Link),
                ("[", Look::Sign),
                ("](https://a.b)", Look::Sign)
            ]
        );
        assert_eq!(looks("```rust"), [("```rust", Look::Code)]);
        assert_eq!(looks("\\*不是*"), []);
        assert_eq!(looks("| 甲 | 乙 |").len(), 3);
        assert!(fence("~~~") && !fence("``") && !fence("    ```"));
    }

    proptest! {
        #[test]
        fn stretches_lie_on_characters(text in "([*`\\[\\]()~|>#\\\\ -]|[税收]|[a-z]|\\PC){0,40}") {
            for (range, _) in spans(&text) {
                prop_assert!(text.get(range).is_some());
            }
        }
    }
}
