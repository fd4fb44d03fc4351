//! The text as detectors walk it: characters with their places, and Chinese words around a place.

use std::collections::HashMap;
use std::ops::Range;

use super::super::finding::{Class, Hit, Severity};
use crate::text::words;

/// Characters of a text with the byte at which each begins.
///
/// Rules of writing are about characters, not bytes: "the one before", "the four after". A table of
/// places costs eight bytes a character and makes every such question an index.
pub(super) struct View<'a> {
    /// The text.
    pub text: &'a str,
    /// Byte of each character, and the length of the text at the end.
    at: Vec<usize>,
    /// The characters, full-width digits and letters as their half-width selves.
    pub ch: Vec<char>,
    /// The characters as they stand.
    pub raw: Vec<char>,
}

impl<'a> View<'a> {
    pub fn new(text: &'a str) -> View<'a> {
        let mut at = Vec::with_capacity(text.len() / 2 + 1);
        let mut ch = Vec::with_capacity(text.len() / 2);
        let mut raw = Vec::with_capacity(text.len() / 2);
        for (i, c) in text.char_indices() {
            at.push(i);
            raw.push(c);
            ch.push(narrow(c));
        }
        at.push(text.len());
        View { text, at, ch, raw }
    }

    /// Number of characters.
    pub fn len(&self) -> usize {
        self.ch.len()
    }

    /// The character at a place; NUL beyond the text, which no rule asks for.
    pub fn get(&self, i: usize) -> char {
        self.ch.get(i).copied().unwrap_or('\0')
    }

    /// The character before a place.
    pub fn before(&self, i: usize) -> char {
        if i == 0 { '\0' } else { self.get(i - 1) }
    }

    /// Bytes of a range of characters.
    pub fn bytes(&self, chars: Range<usize>) -> Range<usize> {
        let last = self.len();
        self.at[chars.start.min(last)]..self.at[chars.end.min(last)]
    }

    /// The text of a range of characters.
    pub fn slice(&self, chars: Range<usize>) -> &'a str {
        &self.text[self.bytes(chars)]
    }

    /// The character that begins at or after a byte.
    pub fn index(&self, byte: usize) -> usize {
        self.at.partition_point(|&b| b < byte).min(self.len())
    }

    /// The sentence around a place, without its stop: ends at 。！？；, at a line, and after `limit` characters.
    pub fn sentence(&self, i: usize, limit: usize) -> Range<usize> {
        let stop = |c: char| matches!(c, '。' | '！' | '？' | '；' | '\n' | '\r');
        let from = (i.saturating_sub(limit)..i)
            .rev()
            .find(|&k| stop(self.raw[k]))
            .map_or(i.saturating_sub(limit), |k| k + 1);
        let end = (i + limit).min(self.len());
        let to = (i..end).find(|&k| stop(self.raw[k])).unwrap_or(end);
        from..to
    }

    /// Whether a place begins a paragraph (spaces, Markdown marks and nothing else stand before it).
    pub fn opens_line(&self, i: usize) -> bool {
        self.ch[..i]
            .iter()
            .rev()
            .take(16)
            .take_while(|&&c| c != '\n')
            .all(|c| {
                matches!(
                    c,
                    ' ' | '\u{3000}' | '\t' | '#' | '>' | '*' | '-' | '\u{a0}' | '\r'
                )
            })
    }

    /// A finding over a range of characters.
    pub fn hit(
        &self,
        chars: Range<usize>,
        class: Class,
        severity: Severity,
        why: &'static str,
    ) -> Hit {
        Hit {
            range: self.bytes(chars),
            class,
            severity,
            suggestion: None,
            why,
            detail: String::new(),
        }
    }

    /// Cuts the neighbourhood of a range into words and says where the cuts are, as characters.
    ///
    /// Only asked where something was found, so that a megabyte is never cut up as a whole.
    pub fn cuts(&self, chars: Range<usize>) -> Cuts {
        let near = |c: char| crate::text::is_han(c);
        let mut from = chars.start;
        while from > 0 && chars.start - from < 12 && near(self.ch[from - 1]) {
            from -= 1;
        }
        let mut to = chars.end;
        while to < self.len() && to - chars.end < 12 && near(self.ch[to]) {
            to += 1;
        }
        let base = self.at[from];
        let mut at: Vec<usize> = words(self.slice(from..to))
            .into_iter()
            .map(|w| self.index(base + w.start))
            .collect();
        at.push(to);
        Cuts { at }
    }
}

/// Word boundaries near a place.
pub(super) struct Cuts {
    at: Vec<usize>,
}

impl Cuts {
    /// Whether a word begins or ends here.
    pub fn is(&self, i: usize) -> bool {
        self.at.binary_search(&i).is_ok()
    }

    /// Whether a range is torn between two longer words: 降低|扣除 holds 低扣 by accident only.
    pub fn torn(&self, chars: &Range<usize>) -> bool {
        let inside = (chars.start + 1..chars.end).any(|i| self.is(i));
        inside && (!self.is(chars.start) || !self.is(chars.end))
    }
}

/// A full-width digit or letter as its half-width self.
pub(super) fn narrow(c: char) -> char {
    match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => {
            char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c)
        }
        _ => c,
    }
}

/// Value of a Chinese digit of dates and ordinals.
pub(super) fn han_digit(c: char) -> Option<u32> {
    Some(match c {
        '〇' | '零' | '○' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

/// A Chinese numeral below ten thousand: 二十三, 一百零五, or digits in a row as in 二〇二四.
pub(super) fn han_number(chars: &[char]) -> Option<u32> {
    if chars.is_empty() || chars.len() > 9 {
        return None;
    }
    if chars.iter().all(|&c| han_digit(c).is_some()) {
        if chars.len() > 4 {
            return None;
        }
        return Some(
            chars
                .iter()
                .fold(0, |n, &c| n * 10 + han_digit(c).unwrap_or(0)),
        );
    }
    let (mut total, mut digit) = (0_u32, None);
    for &c in chars {
        let unit = match c {
            '十' => 10,
            '百' => 100,
            '千' => 1000,
            _ => {
                digit = Some(han_digit(c)?);
                continue;
            }
        };
        // A bare 十 is ten, a bare 百 is no number.
        let times = digit.take().or((unit == 10).then_some(1))?;
        total += times * unit;
    }
    Some(total + digit.unwrap_or(0))
}

/// Characters that only shape display; a word with one inside is still that word.
fn invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{180e}' | '\u{fe00}'..='\u{fe0f}')
}

/// A text without its invisible characters, and the way back.
pub(super) struct Bare {
    pub text: String,
    /// For each kept character: where it stands in `text` and in the original, and its end there.
    places: Vec<(usize, usize)>,
    whole: usize,
}

impl Bare {
    /// None when there is nothing invisible in it, which is nearly always.
    pub fn of(text: &str) -> Option<Bare> {
        // All of them begin with one of these bytes in UTF-8; ordinary Chinese holds few.
        let suspicious = |b: &u8| matches!(b, 0xc2 | 0xe1 | 0xe2 | 0xef);
        if !text.as_bytes().iter().any(suspicious) || !text.chars().any(invisible) {
            return None;
        }
        let mut bare = Bare {
            text: String::with_capacity(text.len()),
            places: Vec::new(),
            whole: text.len(),
        };
        for (i, c) in text.char_indices() {
            if !invisible(c) {
                bare.places.push((bare.text.len(), i));
                bare.text.push(c);
            }
        }
        Some(bare)
    }

    /// A range of the bare text as a range of the original.
    pub fn back(&self, range: &Range<usize>) -> Range<usize> {
        let place = |byte: usize| self.places.partition_point(|&(b, _)| b < byte);
        let from = self
            .places
            .get(place(range.start))
            .map_or(self.whole, |p| p.1);
        let last = place(range.end);
        let to = if range.end <= range.start {
            from
        } else {
            // The end is where the last character ends, not where the next begins: what is
            // invisible behind a word is not part of it.
            last.checked_sub(1)
                .and_then(|k| self.places.get(k))
                .map_or(from, |&(b, original)| {
                    let width = self.text[b..].chars().next().map_or(0, char::len_utf8);
                    original + width
                })
        };
        from..to.max(from)
    }
}

/// Values by key, the first row winning.
pub(super) fn table(source: &'static str) -> HashMap<char, &'static str> {
    let mut map = HashMap::new();
    for line in source.lines().filter(|l| !l.starts_with('#')) {
        if let Some((key, value)) = line.split_once('\t')
            && let Some(c) = key.chars().next()
        {
            map.entry(c).or_insert(value);
        }
    }
    map
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn numerals() {
        let n = |s: &str| han_number(&s.chars().collect::<Vec<_>>());
        assert_eq!(n("二〇二四"), Some(2024));
        assert_eq!(n("二十三"), Some(23));
        assert_eq!(n("十"), Some(10));
        assert_eq!(n("一百零五"), Some(105));
        assert_eq!(n("百"), None);
        assert_eq!(n(""), None);
    }

    #[test]
    fn torn_between_words() {
        let view = View::new("降低扣除标准");
        assert!(view.cuts(1..3).torn(&(1..3)));
        let view = View::new("加强布署工作");
        assert!(!view.cuts(2..4).torn(&(2..4)));
    }

    #[test]
    fn what_is_invisible_is_left_out_and_found_again() {
        let bare = Bare::of("税\u{200b}务\u{200b}局").unwrap();
        assert_eq!(bare.text, "税务局");
        assert_eq!(bare.back(&(0..6)), 0..9);
        assert_eq!(bare.back(&(3..9)), 6..15);
        assert!(Bare::of("税务局，2024").is_none());
    }
}
