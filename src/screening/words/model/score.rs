//! Which places are weak, and what would make them strong.

use std::collections::HashMap;
use std::ops::Range;

use super::super::confuse::{self, Likeness};
use super::ngram::{Beside, EDGE, LETTERS, LONGEST, NO_WORD, Ngrams, STRANGE, longer};
use super::{Model, real};

/// How far the words around a place are looked at, each way.
const WINDOW: usize = 7;

/// The commonest surnames.
const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文";

/// A proposal: these characters, to be replaced by this text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Proposal {
    pub chars: Range<usize>,
    pub text: String,
}

/// The thresholds; found on the development sentences (`examples/words_eval.rs`).
#[derive(Debug, Clone, Copy)]
struct Knobs {
    /// A place is weak when what stands there has been seen less often than this beside one of its
    /// neighbours …
    seldom: f32,
    /// … and less often than this beside the other, or is a word by itself.
    known: f32,
    /// What is proposed must form a pair seen as often as this, or a triple.
    strong: f32,
    /// How much likelier the sentence must become (natural logarithm), by likeness.
    margin: [f32; 6],
    /// The same where two neighbours are replaced.
    margin_two: f32,
    /// How much likelier the words alone must become.
    words_least: f32,
    /// What more is asked of a replacement that forms no word with its neighbours.
    alone: f32,
    /// What more is asked where the character there forms a word with its neighbours.
    meant: f32,
    /// Weights of shorter neighbourhoods in longer ones.
    k2: f32,
    k3: f32,
}

const KNOBS: Knobs = Knobs {
    seldom: 20.0,
    known: 100.0,
    strong: 20.0,
    margin: [12.0, 12.0, 12.0, 16.0, 16.0, 18.0],
    margin_two: 22.0,
    words_least: 4.5,
    alone: 6.0,
    meant: 4.0,
    k2: 60.0,
    k3: 5.0,
};

/// Proposals for a text, in order.
pub(in super::super) fn proposals(model: &Model, chars: &[char]) -> Vec<Proposal> {
    let knobs = &KNOBS;
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
    let pairs: Vec<f32> = ids.windows(2).map(|w| model.pair(w[0], w[1])).collect();
    let mut line = Line {
        model,
        ids: &ids,
        pairs: &pairs,
        knobs,
        cut: Cut::default(),
    };
    let mut found: Vec<(usize, Proposal)> = Vec::new();
    let mut i = 2;
    while i + 2 < ids.len() {
        if ids[i] < STRANGE || !line.weak(i) || line.named(i, chars, &at) {
            i += 1;
            continue;
        }
        let one = line.one(i, chars[at[i]]);
        // Two neighbours are tried only where they have hardly been seen together.
        let two = if real(ids[i + 1]) && pairs[i] < knobs.seldom && line.weak(i + 1) {
            line.two(i)
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
            found.push((
                i,
                Proposal {
                    chars: at[i]..at[i] + 2,
                    text: [a, b].iter().collect(),
                },
            ));
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
            found.push((
                i,
                Proposal {
                    chars: at[i]..at[i] + 1,
                    text: c.to_string(),
                },
            ));
            i += 2;
        } else {
            i += 1;
        }
    }
    if found.is_empty() {
        return Vec::new();
    }
    // What is written the same way twice is a term of the text, not a slip of the hand.
    let mut times: HashMap<(u16, u16), u32> = HashMap::new();
    for (i, _) in &found {
        times.insert(line.strangest(*i), 0);
    }
    for pair in ids.windows(2) {
        if let Some(n) = times.get_mut(&(pair[0], pair[1])) {
            *n += 1;
        }
    }
    found
        .into_iter()
        .filter(|(i, _)| times.get(&line.strangest(*i)).is_none_or(|n| *n < 2))
        .map(|(_, proposal)| proposal)
        .collect()
}

/// The words a run may begin with: their lengths and likelihoods. One character is always a word, if a rare one.
fn each_word(base: &Ngrams, run: &[u16], mut each: impl FnMut(usize, f32)) {
    let mut key = NO_WORD;
    for (k, &id) in run.iter().take(LONGEST).enumerate() {
        key = longer(key, id);
        let (size, begun) = base.words.get_begun(key);
        if size > 0 || k == 0 {
            each(k + 1, base.word_score[usize::from(size.max(1))]);
        }
        if k > 0 && !begun {
            break;
        }
    }
}

/// The run of characters around a place as the lexicon cuts it best; found when first asked for,
/// since most of a text raises no question.
#[derive(Default)]
struct Cut {
    /// The run this is about.
    run: Range<usize>,
    /// For each of its places the length of the word it lies in.
    lengths: Vec<u8>,
    best: Vec<(f32, u8)>,
}

impl Cut {
    fn length(&mut self, base: &Ngrams, ids: &[u16], pairs: &[f32], i: usize) -> u8 {
        if ids[i] <= LETTERS {
            return 1;
        }
        if !self.run.contains(&i) {
            let before = ids[..i].iter().rev().take_while(|id| **id > LETTERS);
            let start = i - before.count();
            let behind = ids[i..].iter().take_while(|id| **id > LETTERS);
            let end = i + behind.count();
            self.make(base, &ids[start..end], &pairs[start..end]);
            self.run = start..start + self.lengths.len();
        }
        self.lengths[i - self.run.start]
    }

    fn make(&mut self, base: &Ngrams, run: &[u16], pairs: &[f32]) {
        self.best.clear();
        self.best.resize(run.len() + 1, (f32::NEG_INFINITY, 0));
        self.best[0].0 = 0.0;
        for start in 0..run.len() {
            let here = self.best[start].0;
            // A pair nobody has written is in no word.
            let known = pairs[start..].iter().take(LONGEST - 1);
            let end = start + 1 + known.take_while(|n| **n > 0.0).count();
            each_word(base, &run[start..end.min(run.len())], |len, score| {
                let slot = &mut self.best[start + len];
                if here + score > slot.0 {
                    *slot = (here + score, len as u8);
                }
            });
        }
        self.lengths.clear();
        self.lengths.resize(run.len(), 0);
        let mut end = run.len();
        while end > 0 {
            let len = self.best[end].1.max(1);
            let start = end - usize::from(len);
            self.lengths[start..end].fill(len);
            end = start;
        }
    }
}

struct Line<'a> {
    model: &'a Model,
    ids: &'a [u16],
    /// Counts of each place with the next.
    pairs: &'a [f32],
    knobs: &'a Knobs,
    cut: Cut,
}

impl Line<'_> {
    /// The pair at a place that has been seen least.
    fn strangest(&self, i: usize) -> (u16, u16) {
        let k = if real(self.ids[i - 1])
            && (self.pairs[i - 1] < self.pairs[i] || !real(self.ids[i + 1]))
        {
            i - 1
        } else {
            i
        };
        (self.ids[k], self.ids[k + 1])
    }

    /// Whether what stands here has hardly been seen beside its neighbours.
    fn weak(&mut self, i: usize) -> bool {
        if self.ids[i] == STRANGE {
            return true;
        }
        let (before, behind) = (self.pairs[i - 1], self.pairs[i]);
        before.min(behind) < self.knobs.seldom
            && (before.max(behind) < self.knobs.known
                || self.cut.length(&self.model.base, self.ids, self.pairs, i) == 1)
    }

    /// Whether the place is in a run of two to four characters between marks that begins with a
    /// surname: lists of names look strange to any model.
    fn named(&self, i: usize, chars: &[char], at: &[usize]) -> bool {
        let mut from = i;
        while self.ids[from - 1] >= STRANGE && i - from < 4 {
            from -= 1;
        }
        let mut to = i + 1;
        while self.ids[to] >= STRANGE && to - i < 4 {
            to += 1;
        }
        let len = to - from;
        len == 1 || ((2..=4).contains(&len) && SURNAMES.contains(chars[at[from]]))
    }

    fn p1(&self, c: u16) -> f32 {
        let base = &self.model.base;
        let n = base.single.get(usize::from(c)).copied().unwrap_or(0.0);
        if c <= LETTERS {
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
        while from > 0 && i - from < WINDOW && self.ids[from - 1] > LETTERS {
            from -= 1;
        }
        let mut to = i + N;
        while to < self.ids.len() && to - i < WINDOW + N && self.ids[to] > LETTERS {
            to += 1;
        }
        let n = to - from;
        let mut window = [0_u16; 2 * WINDOW + 2];
        for (slot, k) in window.iter_mut().zip(from..to) {
            *slot = get(k);
        }
        let mut best = [f32::NEG_INFINITY; 2 * WINDOW + 3];
        best[0] = 0.0;
        for start in 0..n {
            each_word(base, &window[start..n], |len, score| {
                best[start + len] = best[start + len].max(best[start] + score);
            });
        }
        best[n]
    }

    /// The best replacement of one character, with what it gains over what is asked.
    fn one(&self, i: usize, c: char) -> Option<(char, f32)> {
        let mut now = None;
        let (a, b) = (self.ids[i - 1], self.ids[i + 1]);
        let mut words_now = None;
        let mut best: Option<(char, f32)> = None;
        let alphabet = &self.model.base.alphabet;
        // A character the texts do not have: what the lists say about it.
        let strange: Vec<(u16, Likeness)> = if real(self.ids[i]) {
            Vec::new()
        } else {
            let cure = super::super::chars::cure(c).map(|good| (good, Likeness::Tone));
            confuse::set(c)
                .iter()
                .copied()
                .chain(cure)
                .map(|(x, how)| (alphabet.id(x), how))
                .collect()
        };
        let set = self.model.base.confused.of(self.ids[i]);
        for &(id, how) in set.iter().chain(&strange) {
            if !real(id) || !self.model.may(a, id, b) {
                continue;
            }
            let strong = self.model.pair(a, id).max(self.model.pair(id, b)) >= self.knobs.strong
                || self.model.triple(a, id, b) >= 2.0
                || self.model.triple(self.ids[i - 2], a, id) >= 4.0;
            if !strong {
                continue;
            }
            let now = *now.get_or_insert_with(|| self.likelihood(i, [self.ids[i]]));
            let gain = self.likelihood(i, [id]) - now;
            if gain < 2.0 {
                continue;
            }
            let words_now = *words_now.get_or_insert_with(|| self.words(i, [self.ids[i]]));
            let words = self.words(i, [id]) - words_now;
            if words < self.knobs.words_least {
                continue;
            }
            // A particle fits anywhere; what makes a word of its neighbours says more.
            let alone = if self.in_word(i, id) {
                0.0
            } else {
                self.knobs.alone
            };
            let meant = if self.in_word(i, self.ids[i]) {
                self.knobs.meant
            } else {
                0.0
            };
            let gain = gain + words - self.knobs.margin[how as usize] - alone - meant;
            if gain > 0.0 && best.is_none_or(|b| gain > b.1) {
                best = alphabet.char(id).map(|other| (other, gain));
            }
        }
        best
    }

    /// Pairs of characters confused with these two that are often written together.
    fn known_pairs(&self, i: usize) -> Vec<(char, char, u16, u16)> {
        let base = &self.model.base;
        let least = self.knobs.strong * 2.0;
        // A character itself seen less often is in no such pair.
        let set = |id: u16| -> Vec<(char, u16)> {
            base.confused
                .of(id)
                .iter()
                .filter(|(id, how)| {
                    *how <= Likeness::Shape
                        && (self.model.overlay.is_some() || self.seen(*id) >= least * 0.9)
                })
                .filter_map(|(id, _)| Some((base.alphabet.char(*id)?, *id)))
                .collect()
        };
        let (xs, ys) = (set(self.ids[i]), set(self.ids[i + 1]));
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        if self.model.overlay.is_some() {
            pairs.extend((0..xs.len()).flat_map(|x| (0..ys.len()).map(move |y| (x, y))));
        } else {
            let bits = Beside::bits(xs.iter().map(|x| x.1));
            for (k, &(_, idy)) in ys.iter().enumerate() {
                base.beside.often_before(idy, &bits, |id| {
                    pairs.extend(xs.iter().position(|x| x.1 == id).map(|at| (at, k)));
                });
                let rare_y = !Beside::common(idy);
                pairs.extend(
                    (0..xs.len())
                        .filter(|&at| rare_y || !Beside::common(xs[at].1))
                        .map(|at| (at, k)),
                );
            }
            pairs.sort_unstable();
        }
        pairs
            .into_iter()
            .map(|(x, y)| (xs[x].0, ys[y].0, xs[x].1, ys[y].1))
            .filter(|&(_, _, idx, idy)| self.model.pair(idx, idy) >= least)
            .collect()
    }

    /// How often a character was seen.
    fn seen(&self, id: u16) -> f32 {
        self.model
            .base
            .single
            .get(usize::from(id))
            .copied()
            .unwrap_or(0.0)
    }

    /// Whether a character at `i` would be part of a word of the lexicon with those beside it.
    fn in_word(&self, i: usize, id: u16) -> bool {
        let get = |k: usize| {
            if k == i {
                id
            } else {
                self.ids.get(k).copied().unwrap_or(EDGE)
            }
        };
        let word = |from: usize, len: usize| {
            let key = (from..from + len).fold(NO_WORD, |key, k| longer(key, get(k)));
            self.model.base.words.get(key) > 0
        };
        word(i - 1, 2) || word(i, 2) || word(i - 1, 3) || word(i - 2, 3) || word(i, 3)
    }

    /// The best replacement of two neighbours.
    fn two(&self, i: usize) -> Option<(f32, char, char)> {
        let now = self.likelihood(i, [self.ids[i], self.ids[i + 1]]);
        let mut words_now = None;
        let mut best: Option<(f32, char, char)> = None;
        for (x, y, idx, idy) in self.known_pairs(i) {
            {
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
                let gain = gain + words - self.knobs.margin_two;
                if gain > 0.0 && best.is_none_or(|b| gain > b.0) {
                    best = Some((gain, x, y));
                }
            }
        }
        best
    }
}
