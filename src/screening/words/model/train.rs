//! Makes the table from text. The same texts give the same bytes, on every machine.

use std::collections::{BTreeMap, HashMap};

use super::ngram::{Alphabet, Counted, LONGEST, Lexicon, encode, pair, triple};

/// Triples seen less often than this are left out: most are chance, and they are most of the bytes.
const RARE: u32 = 2;

/// Collects counts.
///
/// Two passes: the alphabet must be known before neighbours can be counted. Hence texts are kept.
#[derive(Debug, Default)]
pub struct Trainer {
    texts: Vec<(String, u32)>,
    words: Vec<Word>,
}

#[derive(Debug)]
struct Word {
    word: String,
    times: u32,
}

impl Trainer {
    /// Adds running text, counted `weight` times: a little text of the right kind outweighs much of another.
    pub fn text(&mut self, text: &str, weight: u32) {
        self.texts.push((text.to_owned(), weight));
    }

    /// Adds a word of a dictionary with how often it occurs in the dictionary's own texts.
    pub fn word(&mut self, word: &str, times: u32) {
        self.words.push(Word {
            word: word.to_owned(),
            times,
        });
    }

    /// The table, uncompressed.
    pub fn table(&self) -> Vec<u8> {
        let mut chars: BTreeMap<char, u32> = BTreeMap::new();
        let words = self.words.iter().map(|w| (&w.word, inner(w.times)));
        for (text, times) in self.texts.iter().map(|(t, n)| (t, *n)).chain(words) {
            for c in text.chars().filter(|&c| crate::text::is_han(c)) {
                let n = chars.entry(c).or_default();
                *n = n.saturating_add(times);
            }
        }
        let mut chars: Vec<(char, u32)> = chars.into_iter().collect();
        // The frequent ones first, so that keys are small; the code point decides a tie.
        chars.sort_by_key(|&(c, n)| (std::cmp::Reverse(n), c));
        chars.truncate(8180);
        let alphabet = Alphabet::of(&chars.iter().map(|c| c.0).collect::<Vec<_>>());
        let mut pairs: HashMap<u64, u32> = HashMap::new();
        let mut triples: HashMap<u64, u32> = HashMap::new();
        for (text, times) in &self.texts {
            for line in text.lines() {
                let ids = super::ids(&alphabet, line.chars());
                count(&ids, *times, &mut pairs, &mut triples);
            }
        }
        let mut lexicon: Lexicon = Vec::with_capacity(self.words.len());
        for word in &self.words {
            let ids: Vec<u16> = word.word.chars().map(|c| alphabet.id(c)).collect();
            count(&ids, inner(word.times), &mut pairs, &mut triples);
            if ids.len() <= LONGEST && ids.iter().all(|&id| super::real(id)) {
                lexicon.push((ids, word.times));
            }
        }
        lexicon.sort_unstable();
        lexicon.dedup_by(|a, b| a.0 == b.0);
        encode(&chars, &sorted(pairs, 1), &sorted(triples, RARE), &lexicon)
    }
}

/// What a word's occurrences weigh among running text: the dictionary's texts are twenty times the
/// training text, and of another kind.
fn inner(times: u32) -> u32 {
    1 + times / 20
}

fn count(ids: &[u16], times: u32, pairs: &mut HashMap<u64, u32>, triples: &mut HashMap<u64, u32>) {
    let add = |n: &mut u32| *n = n.saturating_add(times);
    for w in ids
        .windows(2)
        .filter(|w| super::real(w[0]) || super::real(w[1]))
    {
        add(pairs.entry(pair(w[0], w[1])).or_default());
    }
    for w in ids
        .windows(3)
        .filter(|w| w.iter().filter(|&&id| super::real(id)).count() >= 2)
    {
        add(triples.entry(triple(w[0], w[1], w[2])).or_default());
    }
}

fn sorted(grams: HashMap<u64, u32>, least: u32) -> Counted {
    let mut grams: Counted = grams.into_iter().filter(|g| g.1 >= least).collect();
    grams.sort_unstable();
    grams
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_gives_the_same_bytes() {
        let make = || {
            let mut trainer = Trainer::default();
            trainer.text("税务局发布税收公告，税务局负责解释。", 2);
            trainer.word("税务局", 10);
            trainer.table()
        };
        assert_eq!(make(), make());
    }
}
