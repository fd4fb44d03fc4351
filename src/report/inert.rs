//! Text from outside made harmless for the place it goes to.
//!
//! Three places, three needs: a page shows a replacement mark, a table cell must in addition
//! not be a formula, and a program reading JSON wants the original back.

use std::borrow::Cow;

/// Characters that steer a terminal, a spreadsheet or the direction of a line instead of
/// being read: controls (C0, DEL, C1), bidirectional overrides and isolates, line and
/// paragraph separators, and a byte order mark in the middle of a text.
pub fn is_steering(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
        )
}

/// The mark shown for a steering character: its control picture where there is one, so that
/// a reader sees *what* was there.
fn mark(c: char) -> char {
    match c {
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        _ => '\u{fffd}',
    }
}

/// Text that keeps its line ends and tabs and nothing else that steers.
pub fn block(text: &str) -> Cow<'_, str> {
    if !text
        .chars()
        .any(|c| is_steering(c) && !matches!(c, '\n' | '\t'))
    {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                if chars.peek() != Some(&'\n') {
                    out.push('\n');
                }
            }
            '\n' | '\t' => out.push(c),
            c if is_steering(c) => out.push(mark(c)),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Text on a single line: line ends and tabs become spaces.
pub fn line(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\r' | '\t' => ' ',
            c if is_steering(c) => mark(c),
            c => c,
        })
        .collect()
}

/// Whether a spreadsheet may take a cell that begins like this for a formula or a command.
/// The full-width forms are read as operators by East Asian versions of the common programs;
/// blanks before the sign are skipped because some importers trim them.
fn begins_formula(cell: &str) -> bool {
    let first = cell.chars().next();
    if matches!(first, Some('\t' | '\r' | '\n')) {
        return true;
    }
    cell.trim_start().chars().next().is_some_and(|c| {
        matches!(
            c,
            '=' | '+' | '-' | '@' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}' | '\u{2212}'
        )
    })
}

/// A table cell: inert text, with a leading apostrophe where it would be run as a formula.
pub fn cell(text: &str) -> Cow<'_, str> {
    // Most cells are hashes, names and numbers; one look at the bytes settles them.
    let plain = text
        .bytes()
        .all(|b| (0x20..0x7f).contains(&b) || (0xe3..=0xef).contains(&b) || is_tail(b));
    let guarded = begins_formula(text);
    if plain && !text.contains('\u{feff}') {
        return if guarded {
            Cow::Owned(format!("'{text}"))
        } else {
            Cow::Borrowed(text)
        };
    }
    let inert = block(text);
    if guarded || begins_formula(&inert) {
        Cow::Owned(format!("'{inert}"))
    } else {
        inert
    }
}

/// A continuation byte of UTF-8; harmless by itself once the leading byte was judged.
fn is_tail(b: u8) -> bool {
    (0x80..0xc0).contains(&b)
}
