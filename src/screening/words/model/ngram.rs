//! Counts of neighbouring characters, compact enough to live inside the program.
//!
//! Characters get numbers of 13 bits (the national table has 8,105); two of them are a key of 26
//! bits, three one of 39. Counts are kept as logarithms in one byte: the score needs their size,
//! not their last digit, and the rounding is the same on every machine.

use super::super::chars;
use super::super::confuse::{self, Likeness};

/// What stands for everything that is no Chinese character.
pub(super) const EDGE: u16 = 0;
/// A run of digits.
pub(super) const DIGITS: u16 = 1;
/// A run of letters.
pub(super) const LETTERS: u16 = 2;
/// A Chinese character the training text does not have.
pub(super) const STRANGE: u16 = 3;
/// First number of a character.
const FIRST: u16 = 4;
/// Numbers must fit 13 bits.
const MOST: usize = 8192 - FIRST as usize;

const MAGIC: &[u8; 8] = b"QFNGRAM2";

/// Size of a count as a byte; two million and more are one size.
pub(super) fn size(count: u32) -> u8 {
    if count == 0 {
        return 0;
    }
    // 12 steps for each doubling, by repeated squaring on integers: no float may differ.
    let mut x = u64::from(count) << 20;
    let mut whole = 0_u32;
    while x >= 2 << 20 {
        x >>= 1;
        whole += 1;
    }
    let mut part = 0;
    while part < 11 && x >= STEPS[part + 1] {
        part += 1;
    }
    u8::try_from(whole * 12 + part as u32 + 1).unwrap_or(u8::MAX)
}

/// 2^(k/12) in 20 binary places.
const STEPS: [u64; 12] = [
    1_048_576, 1_110_928, 1_176_987, 1_246_974, 1_321_123, 1_399_681, 1_482_910, 1_571_089,
    1_664_511, 1_763_488, 1_868_350, 1_979_448,
];

pub(super) fn count(size: u8) -> f32 {
    match size {
        0 => 0.0,
        n => {
            let n = usize::from(n) - 1;
            STEPS[n % 12] as f32 / STEPS[0] as f32 * (1_u64 << (n / 12)) as f32
        }
    }
}

/// Bits of a slot that tell keys apart.
const CHECK: u32 = !0x1ff;
/// Bit of a slot whose key begins others.
const BEGUN: u32 = 0x100;

/// An open-addressed table from keys to sizes: one word a slot, so that a question costs one line of
/// the cache. 23 bits of the key's hash are kept beside the size and a flag; a key that is not in the
/// table passes for another once in some ten million questions, and costs one wrong score then.
#[derive(Debug, Clone)]
pub(super) struct Table {
    slots: Vec<u32>,
    used: usize,
}

fn mix(key: u64) -> u64 {
    let mut x = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x ^= x >> 32;
    x.wrapping_mul(0xd6e8_feb8_6659_fd93)
}

impl Table {
    pub fn with_room(entries: usize) -> Table {
        let slots = (entries * 3 / 2 + 16).next_power_of_two();
        Table {
            slots: vec![0; slots],
            used: 0,
        }
    }

    /// Number of keys.
    pub fn len(&self) -> usize {
        self.used
    }

    /// The slot of a key, or the empty one where it would stand, and the hash bits it is known by.
    fn slot(&self, key: u64) -> (usize, u32) {
        let hash = mix(key);
        let check = (hash as u32) & CHECK;
        let mask = self.slots.len() - 1;
        let mut at = (hash >> 32) as usize & mask;
        while self.slots[at] != 0 && self.slots[at] & CHECK != check {
            at = (at + 1) & mask;
        }
        (at, check)
    }

    pub fn get(&self, key: u64) -> u8 {
        self.slots[self.slot(key).0] as u8
    }

    /// The size of a key (0: not in the table), and whether longer ones begin with it.
    pub fn get_begun(&self, key: u64) -> (u8, bool) {
        let slot = self.slots[self.slot(key).0];
        (slot as u8, slot & BEGUN != 0)
    }

    /// Notes that longer keys begin with this one.
    fn begin(&mut self, key: u64) {
        let (at, check) = self.slot(key);
        if self.slots[at] == 0 {
            if self.full() {
                return;
            }
            self.used += 1;
        }
        self.slots[at] |= check | BEGUN;
    }

    /// Sets a key; there must be room (the table holds seven eighths of its slots).
    pub fn set(&mut self, key: u64, size: u8) {
        let (at, check) = self.slot(key);
        if self.slots[at] == 0 {
            if self.full() {
                return;
            }
            self.used += 1;
        }
        self.slots[at] = self.slots[at] & BEGUN | check | u32::from(size.max(1));
    }

    /// Whether no further key would be taken in.
    pub fn full(&self) -> bool {
        (self.used + 1) * 8 > self.slots.len() * 7
    }
}

/// Which characters stand beside which at all, a bit each: nearly every replacement that could be
/// tried makes a pair nobody has written, and is passed over here without a look into the tables.
#[derive(Debug, Clone)]
pub(super) struct Beside {
    /// Row: the character before; bit: the one behind, seen twice and more.
    after: Vec<u64>,
    /// Row: the character behind; bit: the one before, seen often.
    before: Vec<u64>,
}

/// Characters with a row and a bit of their own; rarer ones are always looked up.
const COMMON: usize = 4096;
const WORDS_A_ROW: usize = COMMON / 64;

/// How often a pair must have been seen for the second table.
pub(super) const OFTEN: f32 = 16.0;

impl Beside {
    fn new() -> Beside {
        Beside {
            after: vec![0; COMMON * WORDS_A_ROW],
            before: vec![0; COMMON * WORDS_A_ROW],
        }
    }

    fn add(&mut self, key: u64, size: u8) {
        let (a, b) = ((key >> 13) as usize, (key & 0x1fff) as usize);
        if a < COMMON && b < COMMON {
            if count(size) >= 1.9 {
                self.after[a * WORDS_A_ROW + b / 64] |= 1 << (b % 64);
            }
            if count(size) >= OFTEN * 0.9 {
                self.before[b * WORDS_A_ROW + a / 64] |= 1 << (a % 64);
            }
        }
    }

    /// Bits of some characters, for [`Beside::often_before`].
    pub fn bits(ids: impl Iterator<Item = u16>) -> [u64; WORDS_A_ROW] {
        let mut bits = [0; WORDS_A_ROW];
        for id in ids.map(usize::from).filter(|id| *id < COMMON) {
            bits[id / 64] |= 1 << (id % 64);
        }
        bits
    }

    /// Calls `each` with those of some characters (as bits) that often stand before another.
    /// Characters without a row are not among them.
    pub fn often_before(&self, b: u16, bits: &[u64; WORDS_A_ROW], mut each: impl FnMut(u16)) {
        let b = usize::from(b);
        if b >= COMMON {
            return;
        }
        let row = &self.before[b * WORDS_A_ROW..(b + 1) * WORDS_A_ROW];
        for (k, (x, y)) in row.iter().zip(bits).enumerate() {
            let mut both = x & y;
            while both != 0 {
                each((k * 64) as u16 + both.trailing_zeros() as u16);
                both &= both - 1;
            }
        }
    }

    /// Whether a character has a row of its own.
    pub fn common(id: u16) -> bool {
        usize::from(id) < COMMON
    }

    /// Whether `id` may be worth a look between `a` and `b`: false only when `a id` was hardly seen
    /// and `id b` not often.
    pub fn may(&self, a: u16, id: u16, b: u16) -> bool {
        let (a, id, b) = (usize::from(a), usize::from(id), usize::from(b));
        if id >= COMMON || a >= COMMON || b >= COMMON {
            return true;
        }
        self.after[a * WORDS_A_ROW + id / 64] >> (id % 64) & 1 != 0
            || self.before[b * WORDS_A_ROW + id / 64] >> (id % 64) & 1 != 0
    }
}

pub(super) fn pair(a: u16, b: u16) -> u64 {
    u64::from(a) << 13 | u64::from(b)
}

pub(super) fn triple(a: u16, b: u16, c: u16) -> u64 {
    u64::from(a) << 26 | u64::from(b) << 13 | u64::from(c)
}

/// Characters and their numbers.
#[derive(Debug, Clone)]
pub(super) struct Alphabet {
    /// The characters by number, after those that are none.
    chars: Vec<char>,
    /// Number by code point, for the plane where nearly all of them are.
    basic: Vec<u16>,
    beyond: std::collections::HashMap<char, u16>,
}

impl Alphabet {
    pub fn of(chars: &[char]) -> Alphabet {
        let mut alphabet = Alphabet {
            chars: chars.to_vec(),
            basic: vec![0; 0x1_0000],
            beyond: std::collections::HashMap::new(),
        };
        for (i, &c) in chars.iter().take(MOST).enumerate() {
            let id = FIRST + i as u16;
            match alphabet.basic.get_mut(c as usize) {
                Some(slot) => *slot = id,
                None => {
                    alphabet.beyond.insert(c, id);
                }
            }
        }
        alphabet
    }

    /// The character of a number.
    pub fn char(&self, id: u16) -> Option<char> {
        self.chars
            .get(usize::from(id).checked_sub(FIRST.into())?)
            .copied()
    }

    /// Number of a character; what is no character of the alphabet is one of the four above.
    pub fn id(&self, c: char) -> u16 {
        let id = self
            .basic
            .get(c as usize)
            .copied()
            .unwrap_or_else(|| self.beyond.get(&c).copied().unwrap_or(0));
        if id != 0 {
            id
        } else if c.is_ascii_digit() {
            DIGITS
        } else if c.is_ascii_alphabetic() {
            LETTERS
        } else if crate::text::is_han(c) {
            STRANGE
        } else {
            EDGE
        }
    }
}

/// What each character of the alphabet is confused with, by numbers.
#[derive(Debug, Clone)]
pub(super) struct Confused {
    starts: Vec<u32>,
    others: Vec<(u16, Likeness)>,
}

/// Characters seen less often than this are proposed for nothing.
const SELDOM: f32 = 4.0;

impl Confused {
    fn new(chars: &[char], alphabet: &Alphabet, single: &[f32]) -> Confused {
        let sets = confuse::wide();
        let mut made = Confused {
            starts: vec![0; FIRST as usize],
            others: Vec::new(),
        };
        for c in chars {
            made.starts.push(made.others.len() as u32);
            let cure = chars::cure(*c).map(|good| (good, Likeness::Tone));
            let set = sets.get(c).into_iter().flatten().copied();
            made.others.extend(
                set.chain(cure)
                    .map(|(x, how)| (alphabet.id(x), how))
                    .filter(|(id, _)| {
                        *id > STRANGE && single.get(usize::from(*id)).is_some_and(|n| *n >= SELDOM)
                    }),
            );
        }
        made.starts.push(made.others.len() as u32);
        made
    }

    /// Those a character is confused with, the likeliest kind first; none for what is no character.
    pub fn of(&self, id: u16) -> &[(u16, Likeness)] {
        let id = usize::from(id);
        match (self.starts.get(id), self.starts.get(id + 1)) {
            (Some(from), Some(to)) => &self.others[*from as usize..*to as usize],
            _ => &[],
        }
    }
}

/// Longest word of the lexicon, in characters.
pub(super) const LONGEST: usize = 6;

/// Key of a word, one character at a time, from [`NO_WORD`].
pub(super) fn longer(key: u64, id: u16) -> u64 {
    mix(key ^ u64::from(id) << 40 ^ u64::from(id))
}

/// Key of no characters.
pub(super) const NO_WORD: u64 = 0x5151_0f0f_3c3c_a5a5;

/// Key of a word.
pub(super) fn word(ids: &[u16]) -> u64 {
    ids.iter().fold(NO_WORD, |key, &id| longer(key, id))
}

/// The trained table.
#[derive(Debug, Clone)]
pub(super) struct Ngrams {
    /// Words by [`word`] key.
    pub words: Table,
    /// Logarithm of a word's share of all words, by size.
    pub word_score: Vec<f32>,
    pub alphabet: Alphabet,
    pub pairs: Table,
    pub beside: Beside,
    pub confused: Confused,
    pub triples: Table,
    /// Occurrences by number, for the share of a character in all text.
    pub single: Vec<f32>,
    /// Pairs that begin with a number.
    pub begins: Vec<f32>,
    /// All occurrences.
    pub total: f32,
}

/// One kind of n-gram as the trainer hands it over: sorted by key.
pub(super) type Counted = Vec<(u64, u32)>;

/// Words as numbers with how often they occur, sorted.
pub(super) type Lexicon = Vec<(Vec<u16>, u32)>;

/// Writes a table: characters with counts, pairs and triples as differences of sorted keys, words as
/// what they do not share with the word before.
pub(super) fn encode(
    chars: &[(char, u32)],
    pairs: &Counted,
    triples: &Counted,
    words: &Lexicon,
) -> Vec<u8> {
    let mut out = MAGIC.to_vec();
    out.extend((chars.len() as u32).to_le_bytes());
    for &(c, n) in chars {
        out.extend((c as u32).to_le_bytes());
        out.extend(n.to_le_bytes());
    }
    for grams in [pairs, triples] {
        out.extend((grams.len() as u32).to_le_bytes());
        let mut last = 0;
        for &(key, _) in grams {
            let mut delta = key - last;
            last = key;
            while delta >= 0x80 {
                out.push(delta as u8 | 0x80);
                delta >>= 7;
            }
            out.push(delta as u8);
        }
        // Sizes apart from keys: each kind of byte compresses best among its own.
        out.extend(grams.iter().map(|&(_, n)| size(n)));
    }
    out.extend((words.len() as u32).to_le_bytes());
    let mut last: &[u16] = &[];
    for (ids, _) in words {
        let shared = ids.iter().zip(last).take_while(|(a, b)| a == b).count();
        out.push((shared << 4 | (ids.len() - shared)) as u8);
        ids[shared..]
            .iter()
            .for_each(|id| out.extend(id.to_le_bytes()));
        last = ids;
    }
    out.extend(words.iter().map(|&(_, n)| size(n)));
    out
}

/// Reads a table; None when the bytes are no table.
pub(super) fn decode(bytes: &[u8]) -> Option<Ngrams> {
    let mut rest = bytes.strip_prefix(MAGIC)?;
    let n = number(&mut rest)? as usize;
    if n > MOST {
        return None;
    }
    let mut chars = Vec::with_capacity(n);
    let mut single = vec![0.0; FIRST as usize];
    for _ in 0..n {
        chars.push(char::from_u32(number(&mut rest)?)?);
        single.push(number(&mut rest)? as f32);
    }
    let total = single.iter().sum();
    let mut begins = vec![0.0; single.len()];
    let mut beside = Beside::new();
    let pairs = grams(&mut rest, |key, size| {
        beside.add(key, size);
        if let Some(b) = begins.get_mut((key >> 13) as usize) {
            *b += count(size);
        }
    })?;
    let triples = grams(&mut rest, |_, _| ())?;
    let (words, all) = lexicon(&mut rest)?;
    let word_score = (0..=u8::MAX)
        .map(|size| (count(size).max(1.0) / all.max(1.0)).ln())
        .collect();
    let alphabet = Alphabet::of(&chars);
    let confused = Confused::new(&chars, &alphabet, &single);
    Some(Ngrams {
        words,
        word_score,
        confused,
        alphabet,
        pairs,
        beside,
        triples,
        single,
        begins,
        total,
    })
}

fn number(rest: &mut &[u8]) -> Option<u32> {
    let (head, tail) = rest.split_first_chunk::<4>()?;
    *rest = tail;
    Some(u32::from_le_bytes(*head))
}

fn grams(rest: &mut &[u8], mut each: impl FnMut(u64, u8)) -> Option<Table> {
    let n = number(rest)? as usize;
    // Every key takes a byte at least and its size another.
    if n > rest.len() / 2 {
        return None;
    }
    let mut keys = Vec::with_capacity(n);
    let mut last = 0_u64;
    for _ in 0..n {
        let (mut delta, mut shift) = (0_u64, 0);
        loop {
            let (&byte, tail) = rest.split_first()?;
            *rest = tail;
            delta |= u64::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
            if shift > 42 {
                return None;
            }
        }
        last += delta;
        keys.push(last);
    }
    let sizes = rest.get(..n)?;
    *rest = &rest[n..];
    let mut table = Table::with_room(n);
    for (&key, &size) in keys.iter().zip(sizes) {
        each(key, size);
        table.set(key, size);
    }
    Some(table)
}

fn lexicon(rest: &mut &[u8]) -> Option<(Table, f32)> {
    let n = number(rest)? as usize;
    if n > rest.len() / 2 {
        return None;
    }
    let mut keys = Vec::with_capacity(n);
    let mut begun = Vec::new();
    let mut ids: Vec<u16> = Vec::new();
    for _ in 0..n {
        let (&lengths, tail) = rest.split_first()?;
        *rest = tail;
        let (shared, more) = (usize::from(lengths >> 4), usize::from(lengths & 15));
        if shared > ids.len() {
            return None;
        }
        ids.truncate(shared);
        for _ in 0..more {
            let (head, tail) = rest.split_first_chunk::<2>()?;
            *rest = tail;
            ids.push(u16::from_le_bytes(*head));
        }
        keys.push(word(&ids));
        begun.extend((2..ids.len()).map(|k| word(&ids[..k])));
    }
    begun.sort_unstable();
    begun.dedup();
    let sizes = rest.get(..n)?;
    *rest = &rest[n..];
    let mut table = Table::with_room(n + begun.len() / 2);
    for key in begun {
        table.begin(key);
    }
    let mut all = 0.0;
    for (&key, &size) in keys.iter().zip(sizes) {
        all += count(size);
        table.set(key, size);
    }
    Some((table, all))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sizes_are_near_and_monotone() {
        let mut last = 0;
        for n in (1..2000).chain([10_000, 1_000_000]) {
            let s = size(n);
            assert!(s >= last);
            last = s;
            let back = count(s);
            assert!(
                back <= n as f32 * 1.001 && back * 1.07 >= n as f32,
                "{n} {back}"
            );
        }
        assert_eq!(count(size(1)) as u32, 1);
    }

    #[test]
    fn what_is_written_is_read() {
        let bytes = encode(
            &[('税', 5), ('务', 3)],
            &vec![(pair(4, 5), 3), (pair(5, 4), 1)],
            &vec![(triple(4, 5, 4), 2)],
            &vec![(vec![4, 5], 7), (vec![4, 5, 4], 1)],
        );
        let table = decode(&bytes).unwrap();
        assert_eq!(table.alphabet.id('务'), 5);
        assert_eq!(table.pairs.get(pair(4, 5)), size(3));
        assert_eq!(table.pairs.get(pair(4, 4)), 0);
        assert_eq!(table.triples.get(triple(4, 5, 4)), size(2));
        assert_eq!(table.words.get(word(&[4, 5])), size(7));
        assert_eq!(table.words.get(word(&[4, 5, 4])), size(1));
        assert_eq!(table.words.get(word(&[5, 4])), 0);
        assert!((table.begins[4] - 3.0).abs() < 0.2);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), head in any::<bool>()) {
            let mut all = if head { MAGIC.to_vec() } else { Vec::new() };
            all.extend(bytes);
            let _ = decode(&all);
        }
    }
}
