//! The text a detector reads: disguises taken off, with an exact way back.
//!
//! Only what hides or re-dresses letters and digits is folded: invisible characters go, full-width
//! and mathematical letters and digits become plain ones, compatibility forms of Han characters
//! become the characters they stand for. Chinese punctuation stays, so that ordinary text needs no
//! change at all and is borrowed as it is.

use std::borrow::Cow;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

/// One place where the folded text differs from the original, both as byte ranges.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Edit {
    folded: Range<usize>,
    original: Range<usize>,
}

/// A text without its disguises.
#[derive(Debug, Clone)]
pub struct Folded<'a> {
    original: &'a str,
    text: Cow<'a, str>,
    edits: Vec<Edit>,
}

enum Turn {
    Keep,
    Drop,
    To(char),
    Compatible,
}

/// Whether a character is invisible and has no business inside a word or a number.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00}'..='\u{08}' | '\u{0b}' | '\u{0c}' | '\u{0e}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{20e3}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

fn turn(c: char) -> Turn {
    match c {
        '\t' | '\n' | '\r' | ' '..='~' => Turn::Keep,
        _ if is_invisible(c) => Turn::Drop,
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' => Turn::To(' '),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => {
            Turn::To('-')
        }
        '\u{2028}' | '\u{2029}' | '\u{85}' => Turn::To('\n'),
        // Full-width digits, letters and the signs that stand inside addresses and numbers.
        '\u{ff10}'..='\u{ff19}'
        | '\u{ff21}'..='\u{ff3a}'
        | '\u{ff41}'..='\u{ff5a}'
        | '\u{ff03}'
        | '\u{ff0a}'
        | '\u{ff0b}'
        | '\u{ff0e}'
        | '\u{ff0f}'
        | '\u{ff20}'
        | '\u{ff5e}'
        | '\u{ff3f}' => Turn::To(char::from_u32(c as u32 - 0xfee0).unwrap_or(c)),
        '\u{fe6b}' => Turn::To('@'),
        '\u{660}'..='\u{669}' => Turn::To(digit(c as u32 - 0x660)),
        '\u{6f0}'..='\u{6f9}' => Turn::To(digit(c as u32 - 0x6f0)),
        '\u{966}'..='\u{96f}' => Turn::To(digit(c as u32 - 0x966)),
        '\u{e50}'..='\u{e59}' => Turn::To(digit(c as u32 - 0xe50)),
        // Capital letters of other scripts that cannot be told from Latin ones.
        '\u{391}' | '\u{410}' => Turn::To('A'),
        '\u{392}' | '\u{412}' => Turn::To('B'),
        '\u{421}' => Turn::To('C'),
        '\u{395}' | '\u{415}' => Turn::To('E'),
        '\u{397}' | '\u{41d}' => Turn::To('H'),
        '\u{39a}' | '\u{41a}' => Turn::To('K'),
        '\u{39c}' | '\u{41c}' => Turn::To('M'),
        '\u{39f}' | '\u{41e}' | '\u{3bf}' | '\u{43e}' => Turn::To('O'),
        '\u{3a1}' | '\u{420}' => Turn::To('P'),
        '\u{3a4}' | '\u{422}' => Turn::To('T'),
        '\u{3a7}' | '\u{425}' | '\u{445}' => Turn::To('X'),
        '\u{3a5}' => Turn::To('Y'),
        '\u{2e80}'..='\u{2fdf}'
        | '\u{f900}'..='\u{faff}'
        | '\u{1d400}'..='\u{1d7ff}'
        | '\u{1f100}'..='\u{1f10a}'
        | '\u{2f800}'..='\u{2fa1f}' => Turn::Compatible,
        _ => Turn::Keep,
    }
}

fn digit(n: u32) -> char {
    char::from_digit(n, 10).unwrap_or('0')
}

/// The digit of a circled or parenthesised figure; those count items in ordinary lists, so they are
/// folded only where several stand together.
fn ring(c: char) -> Option<char> {
    match c {
        '\u{2460}'..='\u{2468}' => Some(digit(c as u32 - 0x2460 + 1)),
        '\u{2776}'..='\u{277e}' => Some(digit(c as u32 - 0x2776 + 1)),
        '\u{2780}'..='\u{2788}' => Some(digit(c as u32 - 0x2780 + 1)),
        '\u{2474}'..='\u{247c}' => Some(digit(c as u32 - 0x2474 + 1)),
        '\u{2488}'..='\u{2490}' => Some(digit(c as u32 - 0x2488 + 1)),
        '\u{2070}' | '\u{2074}'..='\u{2079}' => Some(digit(c as u32 - 0x2070)),
        '\u{2080}'..='\u{2089}' => Some(digit(c as u32 - 0x2080)),
        '\u{b9}' => Some('1'),
        '\u{b2}' => Some('2'),
        '\u{b3}' => Some('3'),
        '\u{24ea}' | '\u{24ff}' | '\u{1f10b}' | '\u{1f10c}' => Some('0'),
        _ => None,
    }
}

/// The digit of a Han numeral of place-less writing (一三八〇〇…).
fn numeral(c: char) -> Option<char> {
    Some(match c {
        '〇' | '零' | '○' | '◯' | '洞' => '0',
        '一' | '幺' | '壹' => '1',
        '二' | '贰' | '两' => '2',
        '三' | '叁' => '3',
        '四' | '肆' => '4',
        '五' | '伍' => '5',
        '六' | '陆' => '6',
        '七' | '柒' | '拐' => '7',
        '八' | '捌' => '8',
        '九' | '玖' | '勾' => '9',
        _ => return None,
    })
}

/// Lead bytes of anything that may need folding; all others are passed over byte by byte.
const LEAD: [bool; 256] = {
    let mut table = [false; 256];
    let mut b = 0;
    while b < 0x20 {
        table[b] = b != 0x09 && b != 0x0a && b != 0x0d;
        b += 1;
    }
    table[0x7f] = true;
    let leads = [
        0xc2, 0xcd, 0xce, 0xcf, 0xd0, 0xd1, 0xd8, 0xd9, 0xdb, 0xe0, 0xe1, 0xe2, 0xe3, 0xef, 0xf0,
        0xf3,
    ];
    let mut k = 0;
    while k < leads.len() {
        table[leads[k]] = true;
        k += 1;
    }
    table
};

/// Whether the bytes at `at` begin a character nothing needs to be asked about: the punctuation of
/// ordinary Chinese text, which shares its lead bytes with the disguises.
fn ordinary(bytes: &[u8], at: usize) -> bool {
    match (bytes[at], bytes.get(at + 1), bytes.get(at + 2)) {
        // U+3000-303F; 〇 is looked at apart.
        (0xe3, Some(0x80), Some(c)) => *c != 0x87,
        // Curly quotes, ellipsis.
        (0xe2, Some(0x80), Some(c)) => matches!(c, 0x98..=0x9f | 0xa0..=0xa7 | 0xb0..=0xbe),
        // ！（），：；＜＝＞？ and the brackets.
        (0xef, Some(0xbc), Some(c)) => matches!(c, 0x81 | 0x88 | 0x89 | 0x8c | 0x9a..=0x9f),
        _ => false,
    }
}

impl<'a> Folded<'a> {
    /// Folds a text.
    pub fn new(original: &'a str) -> Self {
        let bytes = original.as_bytes();
        let mut out: Option<String> = None;
        let mut edits: Vec<Edit> = Vec::new();
        // Everything before `done` is in `out`.
        let mut done = 0;
        let mut at = 0;
        let mut put = |done: &mut usize, range: Range<usize>, with: &str| {
            let text = out.get_or_insert_with(|| String::with_capacity(original.len()));
            text.push_str(&original[*done..range.start]);
            let start = text.len();
            text.push_str(with);
            edits.push(Edit {
                folded: start..text.len(),
                original: range.clone(),
            });
            *done = range.end;
        };
        while let Some(skip) = bytes[at..].iter().position(|b| LEAD[*b as usize]) {
            at += skip;
            if ordinary(bytes, at) {
                at += 3;
                continue;
            }
            let Some(c) = original[at..].chars().next() else {
                break;
            };
            let end = at + c.len_utf8();
            let mut buffer = [0u8; 4];
            match turn(c) {
                Turn::Keep => {
                    if ring(c).is_some() {
                        let run = rings_end(original, at);
                        let rings = original[at..run].chars().filter(|c| ring(*c).is_some());
                        if rings.count() >= 4 {
                            for (k, r) in original[at..run]
                                .char_indices()
                                .filter(|(_, c)| ring(*c).is_some())
                            {
                                let here = at + k;
                                let folded = ring(r).unwrap_or(r);
                                put(
                                    &mut done,
                                    here..here + r.len_utf8(),
                                    folded.encode_utf8(&mut buffer),
                                );
                            }
                        }
                        at = run;
                        continue;
                    }
                }
                Turn::Drop => put(&mut done, at..end, ""),
                Turn::To(to) => put(&mut done, at..end, to.encode_utf8(&mut buffer)),
                Turn::Compatible => {
                    let to: String = std::iter::once(c).nfkc().collect();
                    if to.chars().ne(std::iter::once(c)) {
                        put(&mut done, at..end, &to);
                    }
                }
            }
            at = end;
        }
        let text = match out {
            None => Cow::Borrowed(original),
            Some(mut text) => {
                text.push_str(&original[done..]);
                Cow::Owned(text)
            }
        };
        Self {
            original,
            text,
            edits,
        }
    }

    /// The text to search.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text as it was given.
    pub fn original(&self) -> &'a str {
        self.original
    }

    /// Bytes of the original behind a non-empty range of the folded text, on character
    /// boundaries: from the first byte of its first character to the last of its last.
    pub fn back(&self, range: Range<usize>) -> Range<usize> {
        back(&self.edits, range)
    }

    /// Whether something invisible was taken out of the inside of this range.
    pub fn hides(&self, range: &Range<usize>) -> bool {
        let from = self
            .edits
            .partition_point(|e| e.folded.start <= range.start);
        self.edits[from..]
            .iter()
            .take_while(|e| e.folded.start < range.end)
            .any(|e| e.folded.is_empty())
    }

    /// Places of the folded text where something invisible was taken out.
    pub fn hidden(&self) -> impl Iterator<Item = usize> + '_ {
        self.edits
            .iter()
            .filter(|e| e.folded.is_empty())
            .map(|e| e.folded.start)
    }
}

fn back(edits: &[Edit], range: Range<usize>) -> Range<usize> {
    if edits.is_empty() {
        return range;
    }
    let start = match edits.partition_point(|e| e.folded.start <= range.start) {
        0 => range.start,
        n => {
            let edit = &edits[n - 1];
            if range.start < edit.folded.end {
                edit.original.start
            } else {
                edit.original.end + (range.start - edit.folded.end)
            }
        }
    };
    let end = match edits.partition_point(|e| e.folded.start < range.end) {
        0 => range.end,
        n => {
            let edit = &edits[n - 1];
            if range.end <= edit.folded.end {
                edit.original.end
            } else {
                edit.original.end + (range.end - edit.folded.end)
            }
        }
    };
    start..end.max(start)
}

/// A text without the blanks and signs that pull Han words apart, for finding such words.
#[derive(Debug)]
pub struct Tight<'a> {
    text: Cow<'a, str>,
    edits: Vec<Edit>,
}

impl<'a> Tight<'a> {
    /// Takes out one to three blanks, a line break, or one or two signs, between two Han characters.
    pub fn new(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        let mut out: Option<String> = None;
        let mut edits = Vec::new();
        let mut done = 0;
        let mut at = 0;
        while let Some(skip) = bytes[at..].iter().position(|b| GAP[*b as usize]) {
            let start = at + skip;
            let mut end = start;
            let mut signs = 0;
            let mut blanks = 0;
            let mut breaks = 0;
            for c in text[start..].chars().take(4) {
                match c {
                    ' ' | '\t' | '\u{3000}' | '\r' => blanks += 1,
                    '\n' => breaks += 1,
                    '.' | '·' | '•' | '*' | '_' | '-' | '~' | '/' | '|' | '+' | '^' | '#' | '='
                    | '`' | '、' | '。' | '…' => signs += 1,
                    _ => break,
                }
                end += c.len_utf8();
            }
            if end == start {
                // Another character that shares its first byte.
                at = start + 1;
                while !text.is_char_boundary(at) {
                    at += 1;
                }
                continue;
            }
            at = end;
            let pulled = signs == 0 && blanks <= 3 && breaks <= 1
                || blanks == 0 && breaks == 0 && signs <= 2;
            if pulled
                && start >= 3
                && han_at(bytes, start - 3)
                && han_at(bytes, end)
                && text.is_char_boundary(start - 3)
            {
                let text_out = out.get_or_insert_with(|| String::with_capacity(text.len()));
                text_out.push_str(&text[done..start]);
                edits.push(Edit {
                    folded: text_out.len()..text_out.len(),
                    original: start..end,
                });
                done = end;
            }
        }
        let text = match out {
            None => Cow::Borrowed(text),
            Some(mut tight) => {
                tight.push_str(&text[done..]);
                Cow::Owned(tight)
            }
        };
        Self { text, edits }
    }

    /// The text to search.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The range of the text this was made of.
    pub fn back(&self, range: Range<usize>) -> Range<usize> {
        back(&self.edits, range)
    }
}

/// Whether a Han character of three bytes begins here.
fn han_at(bytes: &[u8], at: usize) -> bool {
    bytes.get(at).is_some_and(|b| (0xe4..=0xe9).contains(b))
}

/// First bytes of blanks and signs that pull words apart.
const GAP: [bool; 256] = {
    let mut table = [false; 256];
    let signs = b" \t\r\n.*_-~/|+^#=`\xc2\xe2\xe3";
    let mut k = 0;
    while k < signs.len() {
        table[signs[k] as usize] = true;
        k += 1;
    }
    table
};

/// A number spelled out in Han numerals.
#[derive(Debug, PartialEq, Eq)]
pub struct Spelled {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// The number in digits, its groups joined by hyphens.
    pub digits: String,
}

/// Most characters of a spelled number that are looked at.
const SPELLED: usize = 64;

/// Long runs of Han numerals: eleven and more without a place word are a number somebody spelled
/// out, whole or in groups of two and more, figures among them.
pub fn spelled(text: &str) -> Vec<Spelled> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(skip) = bytes[at..]
        .iter()
        .position(|b| matches!(b, 0xe2..=0xe5 | 0xe6..=0xe9))
    {
        let first = at + skip;
        let c = text[first..].chars().next().unwrap_or_default();
        if numeral(c).is_none() {
            at = first + c.len_utf8();
            continue;
        }
        // Ten more must follow, with few signs between: most numerals stand alone.
        let tail = &text[first + c.len_utf8()..];
        let next = tail.chars().next().unwrap_or_default();
        if spelled_digit(next).is_none() && !spelled_gap(next) {
            at = first + c.len_utf8() + next.len_utf8().min(tail.len());
            continue;
        }
        let figures = bytes[..first]
            .iter()
            .rev()
            .take(12)
            .take_while(|b| b.is_ascii_digit())
            .count();
        let start = first - figures;
        let (mut digits, mut end, mut han, mut group) = (String::new(), start, 0, 0);
        let mut gap = 0;
        for (k, c) in text[start..].char_indices().take(SPELLED) {
            if let Some(d) = spelled_digit(c) {
                if gap > 0 {
                    // Single numerals with commas between them count something.
                    if group == 1 {
                        break;
                    }
                    digits.push('-');
                    group = 0;
                }
                gap = 0;
                digits.push(d);
                group += 1;
                han += usize::from(!c.is_ascii());
                end = start + k + c.len_utf8();
            } else if spelled_gap(c) && gap < 3 {
                gap += 1;
            } else {
                break;
            }
        }
        if han >= 2 && digits.bytes().filter(u8::is_ascii_digit).count() >= 11 && group > 1 {
            found.push(Spelled {
                range: start..end,
                digits,
            });
        }
        at = end.max(first + c.len_utf8());
    }
    found
}

fn spelled_digit(c: char) -> Option<char> {
    numeral(c).or_else(|| c.is_ascii_digit().then_some(c))
}

/// What may stand between groups of a spelled number.
fn spelled_gap(c: char) -> bool {
    matches!(
        c,
        ' ' | '\u{3000}' | '-' | '，' | ',' | '、' | '·' | '.' | '~' | '_'
    )
}

/// The end of a run of ringed figures, single blanks and hyphens between them allowed.
fn rings_end(text: &str, start: usize) -> usize {
    let mut end = start;
    let mut gap = false;
    for (k, c) in text[start..].char_indices() {
        if ring(c).is_some() {
            end = start + k + c.len_utf8();
            gap = false;
        } else if gap || !matches!(c, ' ' | '-') {
            break;
        } else {
            gap = true;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ordinary_text_is_borrowed() {
        let text = "根据《办法》（试行），各单位：“做好”工作；2026年１月".replace('１', "1");
        assert!(matches!(Folded::new(&text).text, Cow::Borrowed(_)));
    }

    #[test]
    fn disguises_come_off_and_spans_come_back() {
        let text = "电话：１３８\u{200b}００１３\u{ad}８０００。";
        let folded = Folded::new(text);
        assert_eq!(folded.text(), "电话：13800138000。");
        let at = folded.text().find("138").unwrap_or_default();
        let back = folded.back(at..at + 11);
        assert_eq!(&text[back.clone()], "１３８\u{200b}００１３\u{ad}８０００");
        assert!(folded.hides(&(at..at + 11)));
        assert!(!folded.hides(&(0..at)));
    }

    #[test]
    fn rings_fold_in_numbers_only() {
        assert_eq!(Folded::new("①13800138000").text(), "①13800138000");
        assert_eq!(Folded::new("①③⑧⓪⓪①③⑧⓪⓪⓪").text(), "13800138000");
        assert_eq!(
            Folded::new("1\u{fe0f}\u{20e3}3\u{fe0f}\u{20e3}").text(),
            "13"
        );
        assert_eq!(
            spelled("致电一三八〇〇一三八〇〇〇即可")[0].digits,
            "13800138000"
        );
        assert!(spelled("二〇一五年十一月").is_empty());
    }

    fn piece() -> impl Strategy<Value = String> {
        prop_oneof![
            Just("机密".to_owned()),
            Just("\u{200b}".to_owned()),
            Just("１２".to_owned()),
            Just("⼀".to_owned()),
            Just("①②③④".to_owned()),
            Just("\u{feff}".to_owned()),
            Just("𝟎𝐀".to_owned()),
            Just("，。".to_owned()),
            Just("a1 ".to_owned()),
            any::<char>().prop_map(|c| c.to_string()),
        ]
    }

    proptest! {
        #[test]
        fn mapping_is_monotone_and_exact(pieces in prop::collection::vec(piece(), 0..24)) {
            let text: String = pieces.concat();
            let folded = Folded::new(&text);
            let bounds: Vec<usize> = folded.text().char_indices().map(|(k, _)| k).chain([folded.text().len()]).collect();
            let mut last = 0;
            for pair in bounds.windows(2) {
                let back = folded.back(pair[0]..pair[1]);
                prop_assert!(back.start >= last || folded.text()[pair[0]..].is_empty() || back.start + 4 > last);
                prop_assert!(text.is_char_boundary(back.start) && text.is_char_boundary(back.end));
                prop_assert!(back.start < back.end);
                last = back.start;
            }
            for (i, a) in bounds.iter().enumerate() {
                for b in &bounds[i + 1..] {
                    let back = folded.back(*a..*b);
                    let again = Folded::new(&text[back]);
                    // A multi-character expansion is taken whole, and rings fold only in company.
                    prop_assert!(again.text().contains(&folded.text()[*a..*b]) || text.chars().any(|c| ring(c).is_some()));
                }
            }
        }
    }
}
