//! A small model of what characters stand beside what, and the slips it proposes to mend.
//!
//! A place is looked at when what stands there has hardly been seen together; it is reported when a
//! character confused with the one there (same sound, like shape) makes the sentence likelier by a
//! wide margin and forms something well known. That is no understanding: it finds the slips of a
//! typist and leaves the rest alone. Everything it says is a suspicion.

mod ngram;
mod score;
mod train;

use std::sync::OnceLock;

use ngram::{EDGE, Ngrams, STRANGE, Table};

pub use train::Trainer;

use super::super::finding::{Class, Hit, Severity};
use super::view::View;

/// The table made by `examples/words_model.rs`.
const EMBEDDED: &[u8] = include_bytes!("../data/model.zst");

/// Bytes the table may have once unpacked.
const MOST: usize = 64 << 20;

/// Distinct neighbours a board's own texts may add.
const OVERLAY: usize = 400_000;

/// The model, perhaps with what a board's own texts have taught it.
#[derive(Debug, Clone)]
pub struct Model {
    base: std::sync::Arc<Ngrams>,
    overlay: Option<Overlay>,
}

/// Pairs and triples of the board's published texts.
#[derive(Debug, Clone)]
struct Overlay {
    pairs: Table,
    triples: Table,
}

static SHIPPED: OnceLock<Option<Model>> = OnceLock::new();

impl Model {
    /// The model the program ships; unpacked when first asked for (some tens of milliseconds).
    /// None only if the program was built with a broken table, which a test rules out.
    pub fn shipped() -> Option<&'static Model> {
        SHIPPED
            .get_or_init(|| {
                zstd::bulk::decompress(EMBEDDED, MOST)
                    .ok()
                    .and_then(|bytes| Model::from_table(&bytes))
            })
            .as_ref()
    }

    /// A model of a table as [`Trainer::table`] makes it; None when it is none.
    pub fn from_table(bytes: &[u8]) -> Option<Model> {
        Some(Model {
            base: std::sync::Arc::new(ngram::decode(bytes)?),
            overlay: None,
        })
    }

    /// The uncompressed table the program ships, for those who want to compare it with one they made.
    pub fn shipped_table() -> Option<Vec<u8>> {
        zstd::bulk::decompress(EMBEDDED, MOST).ok()
    }

    /// Learns from a text the board has published: what stands in it side by side is no longer strange.
    ///
    /// Counts add up over texts. A clone of a model shares the table and not what was learnt.
    pub fn learn(&mut self, text: &str) {
        let overlay = self.overlay.get_or_insert_with(|| Overlay {
            pairs: Table::with_room(OVERLAY),
            triples: Table::with_room(OVERLAY),
        });
        let add = |table: &mut Table, key: u64| {
            let known = table.get(key);
            // Sizes are logarithms; for the small counts of one house they are stepped through exactly.
            let next = ngram::size((ngram::count(known).round() as u32).saturating_add(1));
            if known != 0 || !table.full() {
                table.set(key, next.max(known));
            }
        };
        for line in text.lines() {
            let ids = ids(&self.base.alphabet, line.chars());
            for w in ids.windows(2).filter(|w| real(w[0]) || real(w[1])) {
                add(&mut overlay.pairs, ngram::pair(w[0], w[1]));
            }
            for w in ids
                .windows(3)
                .filter(|w| w.iter().filter(|&&id| real(id)).count() >= 2)
            {
                add(&mut overlay.triples, ngram::triple(w[0], w[1], w[2]));
            }
        }
    }

    /// How many distinct neighbours were learnt.
    pub fn learnt(&self) -> usize {
        self.overlay
            .as_ref()
            .map_or(0, |o| o.pairs.len() + o.triples.len())
    }

    /// Whether a character may be worth a look between two others.
    fn may(&self, a: u16, id: u16, b: u16) -> bool {
        self.overlay.is_some() || self.base.beside.may(a, id, b)
    }

    fn pair(&self, a: u16, b: u16) -> f32 {
        let key = ngram::pair(a, b);
        ngram::count(self.base.pairs.get(key))
            + self
                .overlay
                .as_ref()
                .map_or(0.0, |o| LEARNT * ngram::count(o.pairs.get(key)))
    }

    fn triple(&self, a: u16, b: u16, c: u16) -> f32 {
        let key = ngram::triple(a, b, c);
        ngram::count(self.base.triples.get(key))
            + self
                .overlay
                .as_ref()
                .map_or(0.0, |o| LEARNT * ngram::count(o.triples.get(key)))
    }
}

/// What one occurrence in the board's own texts weighs against one in the table.
const LEARNT: f32 = 4.0;

/// Whether a number stands for a Chinese character.
fn real(id: u16) -> bool {
    id > STRANGE
}

/// A line as numbers: an edge before and behind, runs of digits and of letters as one.
fn ids(alphabet: &ngram::Alphabet, chars: impl Iterator<Item = char>) -> Vec<u16> {
    let mut ids = vec![EDGE];
    for c in chars {
        let id = alphabet.id(c);
        if !(id < STRANGE && ids.last() == Some(&id)) {
            ids.push(id);
        }
    }
    if ids.last() != Some(&EDGE) {
        ids.push(EDGE);
    }
    ids
}

pub(super) fn scan(view: &View, model: &Model, hits: &mut Vec<Hit>) {
    for found in score::proposals(model, &view.raw) {
        let mut hit = view.hit(found.chars, Class::Typo, Severity::Suspect, "model-typo");
        hit.suggestion = Some(found.text);
        hits.push(hit);
    }
}
