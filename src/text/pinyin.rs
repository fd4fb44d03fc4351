//! First letters of the pinyin of Chinese names, so that `qf` finds 签发.
//!
//! The first plane of GB 2312 stands in the order of its pinyin, which gives the letter of its
//! 3,755 characters without a table of our own. Characters with two readings have one letter here,
//! that of the reading they are sorted by.

use encoding_rs::GBK;

/// The first code of every letter, in the order of the code. I, U and V begin no syllable.
const FIRST: [(u16, char); 23] = [
    (0xB0A1, 'a'),
    (0xB0C5, 'b'),
    (0xB2C1, 'c'),
    (0xB4EE, 'd'),
    (0xB6EA, 'e'),
    (0xB7A2, 'f'),
    (0xB8C1, 'g'),
    (0xB9FE, 'h'),
    (0xBBF7, 'j'),
    (0xBFA6, 'k'),
    (0xC0AC, 'l'),
    (0xC2E8, 'm'),
    (0xC4C3, 'n'),
    (0xC5B6, 'o'),
    (0xC5BE, 'p'),
    (0xC6DA, 'q'),
    (0xC8BB, 'r'),
    (0xC8F6, 's'),
    (0xCBFA, 't'),
    (0xCDDA, 'w'),
    (0xCEF4, 'x'),
    (0xD1B9, 'y'),
    (0xD4D1, 'z'),
];
/// The last code of the plane.
const LAST: u16 = 0xD7F9;

/// The initials of a text: a letter for every character of the plane, ASCII letters and digits as
/// they are, nothing for the rest.
pub fn initials(text: &str) -> String {
    text.chars().filter_map(initial).collect()
}

fn initial(c: char) -> Option<char> {
    if c.is_ascii_alphanumeric() {
        return Some(c.to_ascii_lowercase());
    }
    if c.is_ascii() {
        return None;
    }
    let mut utf8 = [0; 4];
    let (bytes, _, unmapped) = GBK.encode(c.encode_utf8(&mut utf8));
    let code = match *bytes {
        [high, low] if !unmapped => u16::from_be_bytes([high, low]),
        _ => return None,
    };
    if code > LAST {
        return None;
    }
    let after = FIRST.partition_point(|(first, _)| *first <= code);
    after.checked_sub(1).map(|at| FIRST[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_their_initials() {
        for (name, letters) in [
            ("签发", "qf"),
            ("保密审查", "bmsc"),
            ("退回修改", "thxg"),
            ("打开 URL", "dkurl"),
            ("“税务”，。", "sw"),
            ("啊座", "az"),
            ("😀", ""),
        ] {
            assert_eq!(initials(name), letters, "{name}");
        }
    }
}
