//! Which places are weak, and what would make them strong.

use std::ops::Range;

use super::super::confuse::{self, Likeness};
use super::ngram::{DIGITS, EDGE, LONGEST, STRANGE, count, word};
use super::{Model, real};

/// How far the words around a place are looked at, each way.
const WINDOW: usize = 7;

/// A proposal: these characters, to be replaced by this text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Proposal {
    pub chars: Range<usize>,
    pub text: String,
}

/// The thresholds; found on the development sentences (`examples/words_eval.rs`).
#[derive(Debug, Clone, Copy)]
pub(super) struct Knobs {
    /// A pair seen as often as this is known, and the place is left alone.
    pub known: f32,
    /// What is proposed must form a pair or triple seen as often as this.
    pub strong: f32,
    /// How much likelier the sentence must become (natural logarithm), by likeness.
    pub margin: [f32; 3],
    /// The same where two neighbours are replaced.
    pub margin_two: f32,
    /// Weight of shorter neighbourhoods.
    pub k2: f32,
    pub k3: f32,
    /// Weight of the words' likelihood.
    pub words: f32,
    /// The words alone must gain this.
    pub words_least: f32,
}

pub(super) const KNOBS: Knobs = Knobs {
    known: 3.0,
    strong: 12.0,
    margin: [6.0, 6.5, 6.5],
    margin_two: 9.0,
    k2: 30.0,
    k3: 8.0,
    words: 1.0,
    words_least: 6.0,
};

/// Proposals for a text, in order.
pub(in super::super) fn proposals(model: &Model, chars: &[char]) -> Vec<Proposal> {
    with(model, chars, &KNOBS)
}

pub(super) fn with(model: &Model, chars: &[char], knobs: &Knobs) -> Vec<Proposal> {
    // Numbers with an edge of two at both ends, so that neighbours need no bounds.
    let alphabet = &model.base.alphabet;
    let mut ids = Vec::with_capacity(chars.len() + 4);
    let mut at = Vec::with_capacity(chars.len() + 4);
    ids.extend([EDGE, EDGE]);
    at.extend([0, 0]);
    for (i, &c) in chars.iter().enumerate() {
        let id = alphabet.id(c);
        if id < STRANGE && ids.last() == Some(&id) {
            continue;
        }
        ids.push(id);
        at.push(i);
    }
    ids.extend([EDGE, EDGE]);
    let line = Line {
        model,
        ids: &ids,
        knobs,
    };
    let mut found = Vec::new();
    let mut i = 2;
    while i + 2 < ids.len() {
        if ids[i] < STRANGE || !line.weak(i) {
            i += 1;
            continue;
        }
        let one = line.one(i, chars[at[i]]);
        let two = if real(ids[i + 1]) && line.weak(i + 1) {
            line.two(i, chars[at[i]], chars[at[i + 1]])
        } else {
            None
        };
        // Two replaced must be worth more than one.
        let both = match (&one, &two) {
            (Some(a), Some(b)) => b.0 > a.1 + 4.0,
            (None, Some(_)) => true,
            _ => false,
        };
        if both && let Some((_, a, b)) = two {
            found.push(Proposal {
                chars: at[i]..at[i] + 2,
                text: [a, b].iter().collect(),
            });
            i += 2;
        } else if let Some((c, gain)) = one {
            // The neighbour may be the slip: whichever cure gains more.
            if real(ids[i + 1])
                && line.weak(i + 1)
                && let Some((_, next)) = line.one(i + 1, chars[at[i + 1]])
                && next > gain
            {
                i += 1;
                continue;
            }
            found.push(Proposal {
                chars: at[i]..at[i] + 1,
                text: c.to_string(),
            });
            i += 2;
        } else {
            i += 1;
        }
    }
    found
}

struct Line<'a> {
    model: &'a Model,
    ids: &'a [u16],
    knobs: &'a Knobs,
}

impl Line<'_> {
    /// Whether what stands here has hardly been seen beside its neighbours.
    fn weak(&self, i: usize) -> bool {
        let (a, c, b) = (self.ids[i - 1], self.ids[i], self.ids[i + 1]);
        if c == STRANGE {
            return true;
        }
        self.model.pair(a, c) < self.knobs.known && self.model.pair(c, b) < self.knobs.known
            || (self.model.triple(a, c, b) < 1.0 && self.unlikely(i))
    }

    /// Seen beside each neighbour, yet far less than chance would have it.
    fn unlikely(&self, i: usize) -> bool {
        let (a, c, b) = (self.ids[i - 1], self.ids[i], self.ids[i + 1]);
        self.lift(a, c) < 1.0 && self.lift(c, b) < 1.0
    }

    /// How much oftener two stand together than chance would have it.
    fn lift(&self, a: u16, b: u16) -> f32 {
        let base = &self.model.base;
        let pair = self.model.pair(a, b);
        let begins = base.begins.get(usize::from(a)).copied().unwrap_or(0.0);
        let single = base.single.get(usize::from(b)).copied().unwrap_or(0.0);
        if !real(b) || !real(a) {
            return if pair >= self.knobs.known { 1.0 } else { 0.0 };
        }
        pair * base.total / (begins * single).max(1.0)
    }

    fn p1(&self, c: u16) -> f32 {
        let base = &self.model.base;
        let n = base.single.get(usize::from(c)).copied().unwrap_or(0.0);
        if c <= DIGITS + 1 {
            0.05
        } else {
            (n + 0.5) / (base.total + 5000.0)
        }
    }

    fn p2(&self, a: u16, c: u16) -> f32 {
        let begins = self
            .model
            .base
            .begins
            .get(usize::from(a))
            .copied()
            .unwrap_or(0.0);
        (self.model.pair(a, c) + self.knobs.k2 * self.p1(c)) / (begins + self.knobs.k2)
    }

    fn p3(&self, a: u16, b: u16, c: u16) -> f32 {
        (self.model.triple(a, b, c) + self.knobs.k3 * self.p2(b, c))
            / (self.model.pair(a, b) + self.knobs.k3)
    }

    /// Likelihood of the neighbourhood with these characters at `i`.
    fn likelihood<const N: usize>(&self, i: usize, put: [u16; N]) -> f32 {
        let get = |k: usize| {
            if k >= i && k < i + N {
                put[k - i]
            } else {
                self.ids.get(k).copied().unwrap_or(EDGE)
            }
        };
        (i..(i + N + 2).min(self.ids.len()))
            .map(|k| self.p3(get(k - 2), get(k - 1), get(k)).ln())
            .sum()
    }

    /// Likelihood of the words around `i` as the lexicon cuts them best, with these characters there.
    fn words<const N: usize>(&self, i: usize, put: [u16; N]) -> f32 {
        let base = &self.model.base;
        let get = |k: usize| {
            if k >= i && k < i + N {
                put[k - i]
            } else {
                self.ids[k]
            }
        };
        let mut from = i;
        while from > 0 && i - from < WINDOW && self.ids[from - 1] > DIGITS + 1 {
            from -= 1;
        }
        let mut to = i + N;
        while to < self.ids.len() && to - i < WINDOW + N && self.ids[to] > DIGITS + 1 {
            to += 1;
        }
        let n = to - from;
        let mut window = [0_u16; 2 * WINDOW + 2];
        for (slot, k) in window.iter_mut().zip(from..to) {
            *slot = get(k);
        }
        let mut best = [f32::NEG_INFINITY; 2 * WINDOW + 3];
        best[0] = 0.0;
        let all = base.all_words.max(1.0);
        for start in 0..n {
            if best[start] == f32::NEG_INFINITY {
                continue;
            }
            for len in 1..=LONGEST.min(n - start) {
                let seen = count(base.words.get(word(&window[start..start + len])));
                // One character is always a word, if a rare one.
                let seen = if len == 1 { seen.max(1.0) } else { seen };
                if seen > 0.0 {
                    let score = best[start] + (seen / all).ln();
                    best[start + len] = best[start + len].max(score);
                }
            }
        }
        best[n]
    }

    /// The best replacement of one character, with what it gains over what is asked.
    fn one(&self, i: usize, c: char) -> Option<(char, f32)> {
        let now = self.likelihood(i, [self.ids[i]]);
        let (a, b) = (self.ids[i - 1], self.ids[i + 1]);
        let mut words_now = None;
        let mut best: Option<(char, f32)> = None;
        let cure = super::super::chars::cure(c).map(|good| (good, Likeness::Tone));
        for &(other, how) in confuse::set(c).iter().chain(cure.iter()) {
            let id = self.model.base.alphabet.id(other);
            if !real(id) {
                continue;
            }
            let strong = self.model.pair(a, id).max(self.model.pair(id, b)) >= self.knobs.strong
                || self.model.triple(a, id, b) >= 2.0
                || self.model.triple(self.ids[i - 2], a, id) >= 4.0;
            if !strong {
                continue;
            }
            let gain = self.likelihood(i, [id]) - now;
            if gain < 2.0 {
                continue;
            }
            let words_now = *words_now.get_or_insert_with(|| self.words(i, [self.ids[i]]));
            let words = self.words(i, [id]) - words_now;
            if words < self.knobs.words_least {
                continue;
            }
            let gain = gain + self.knobs.words * words - self.knobs.margin[how as usize];
            if gain > 0.0 && best.is_none_or(|b| gain > b.1) {
                best = Some((other, gain));
            }
        }
        best
    }

    /// The best replacement of two neighbours.
    fn two(&self, i: usize, c: char, d: char) -> Option<(f32, char, char)> {
        let now = self.likelihood(i, [self.ids[i], self.ids[i + 1]]);
        let mut words_now = None;
        let mut best: Option<(f32, char, char)> = None;
        let alphabet = &self.model.base.alphabet;
        for &(x, _) in confuse::set(c) {
            let idx = alphabet.id(x);
            if !real(idx) {
                continue;
            }
            for &(y, _) in confuse::set(d) {
                let idy = alphabet.id(y);
                if !real(idy) || self.model.pair(idx, idy) < self.knobs.strong * 2.0 {
                    continue;
                }
                let gain = self.likelihood(i, [idx, idy]) - now;
                if gain < 4.0 {
                    continue;
                }
                let words_now =
                    *words_now.get_or_insert_with(|| self.words(i, [self.ids[i], self.ids[i + 1]]));
                let words = self.words(i, [idx, idy]) - words_now;
                if words < self.knobs.words_least {
                    continue;
                }
                let gain = gain + self.knobs.words * words - self.knobs.margin_two;
                if gain > 0.0 && best.is_none_or(|b| gain > b.0) {
                    best = Some((gain, x, y));
                }
            }
        }
        best
    }
}
