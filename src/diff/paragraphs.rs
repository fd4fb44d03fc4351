//! Which paragraphs stayed, moved, were edited, came and went.

use std::collections::{HashMap, VecDeque};
use std::ops::Range;

use super::inline::inline;
use super::pairing::pairs;
use super::tokens::{diff, number};
use super::{Block, Difference};

/// Tokens one comparison may look at inside changed paragraphs, about a
/// megabyte of prose on each side. What lies beyond is shown as removed and
/// added whole. A count and not a clock: the result must not depend on how
/// busy the machine is.
const BUDGET: usize = 400_000;

/// A shorter paragraph that turns up elsewhere is a coincidence, not a move.
const LEAST_MOVED: usize = 10;

/// Compares two texts. Paragraphs are what `\n` separates; an empty text has
/// none.
pub fn compare(old: &str, new: &str) -> Difference {
    // A watch that never stops it always gives a difference.
    run(old, new, BUDGET, &mut |_, _| true).unwrap_or_default()
}

/// The same with every edited paragraph shown as removed and added whole: what there is to see at
/// once while [`compare`] still looks at the words of a long text.
pub fn paragraphs_only(old: &str, new: &str) -> Difference {
    run(old, new, 0, &mut |_, _| true).unwrap_or_default()
}

/// [`compare`] for a thread of its own: `watch` is told how many of the new text's paragraphs are
/// done, of how many, and ends the work by answering false; then there is no difference.
pub fn compare_watched(
    old: &str,
    new: &str,
    watch: &mut dyn FnMut(usize, usize) -> bool,
) -> Option<Difference> {
    run(old, new, BUDGET, watch)
}

fn run(
    old: &str,
    new: &str,
    budget: usize,
    watch: &mut dyn FnMut(usize, usize) -> bool,
) -> Option<Difference> {
    let (old, new) = (paragraphs(old), paragraphs(new));
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let tail = {
        let (a, b) = (&old[head..], &new[head..]);
        a.iter()
            .rev()
            .zip(b.iter().rev())
            .take_while(|(a, b)| a == b)
            .count()
    };
    let mut work = Work {
        blocks: Vec::with_capacity(new.len() + 8),
        old: &old,
        new: &new,
        budget,
        watch,
        stopped: false,
    };
    work.same(0..head, 0);
    work.middle(head..old.len() - tail, head..new.len() - tail);
    work.same(old.len() - tail..old.len(), new.len() - tail);
    (!work.stopped).then_some(Difference {
        blocks: work.blocks,
    })
}

fn paragraphs(text: &str) -> Vec<&str> {
    if text.is_empty() {
        Vec::new()
    } else {
        text.split('\n').collect()
    }
}

struct Work<'t, 'w> {
    blocks: Vec<Block>,
    old: &'t [&'t str],
    new: &'t [&'t str],
    budget: usize,
    watch: &'w mut dyn FnMut(usize, usize) -> bool,
    stopped: bool,
}

impl Work<'_, '_> {
    fn same(&mut self, old: Range<usize>, new: usize) {
        for (i, old_par) in old.enumerate() {
            self.blocks.push(Block::Same {
                old_par,
                new_par: new + i,
                text: self.old[old_par].to_owned(),
            });
        }
    }

    fn removed(&mut self, old_par: usize) {
        self.blocks.push(Block::Removed {
            old_par,
            text: self.old[old_par].to_owned(),
        });
    }

    fn added(&mut self, new_par: usize) {
        self.blocks.push(Block::Added {
            new_par,
            text: self.new[new_par].to_owned(),
        });
    }

    /// What lies between the first and the last difference.
    fn middle(&mut self, old: Range<usize>, new: Range<usize>) {
        if old.is_empty() && new.is_empty() {
            return;
        }
        let mut ids: HashMap<&str, u32> = HashMap::with_capacity(old.len());
        let old_ids = number(&mut ids, self.old[old.clone()].iter().copied());
        let new_ids = number(&mut ids, self.new[new.clone()].iter().copied());
        let hunks = diff(&old_ids, &new_ids);
        let moved = self.moves(&hunks, (&old_ids, old.start), (&new_ids, new.start));
        let mut at = (old.start, new.start);
        for (o, n) in hunks {
            if !(self.watch)(at.1, self.new.len()) {
                self.stopped = true;
                return;
            }
            let (o, n) = (
                o.start + old.start..o.end + old.start,
                n.start + new.start..n.end + new.start,
            );
            self.same(at.0..o.start, at.1);
            at = (o.end, n.end);
            self.hunk(o, n, &moved);
        }
        self.same(at.0..old.end, at.1);
    }

    /// Paragraphs that are equal in both texts but stand elsewhere.
    fn moves(
        &self,
        hunks: &[(Range<usize>, Range<usize>)],
        (old_ids, old_start): (&[u32], usize),
        (new_ids, new_start): (&[u32], usize),
    ) -> Moves {
        let mut gone: HashMap<u32, VecDeque<usize>> = HashMap::new();
        for at in hunks.iter().flat_map(|h| h.0.clone()) {
            let text = self.old[at + old_start].trim();
            if text.chars().nth(LEAST_MOVED - 1).is_some() {
                gone.entry(old_ids[at])
                    .or_default()
                    .push_back(at + old_start);
            }
        }
        let mut moves = Moves::default();
        for at in hunks.iter().flat_map(|h| h.1.clone()) {
            if let Some(from) = gone.get_mut(&new_ids[at]).and_then(VecDeque::pop_front) {
                moves.from.insert(from, at + new_start);
                moves.to.insert(at + new_start, from);
            }
        }
        moves
    }

    /// A place where paragraphs of the old text gave way to others.
    fn hunk(&mut self, old: Range<usize>, new: Range<usize>, moves: &Moves) {
        let olds: Vec<usize> = old
            .clone()
            .filter(|i| !moves.from.contains_key(i))
            .collect();
        let news: Vec<usize> = new.clone().filter(|i| !moves.to.contains_key(i)).collect();
        let mut at = (old.start, new.start);
        // Pairing looks at the words of every paragraph; without a budget that is not wanted.
        let pairs = if self.budget == 0 {
            Vec::new()
        } else {
            pairs(self.old, &olds, self.new, &news)
        };
        for (o, n) in pairs {
            if !(self.watch)(at.1, self.new.len()) {
                self.stopped = true;
                return;
            }
            self.unpaired(at.0..o.start, at.1..n.start, moves);
            at = (o.end, n.end);
            let old_text = self.old[o.clone()].join("\n");
            let new_text = self.new[n.clone()].join("\n");
            if let Some(spans) = inline(&old_text, &new_text, &mut self.budget) {
                self.blocks.push(Block::Changed {
                    old_pars: o,
                    new_pars: n,
                    spans,
                });
            } else {
                self.unpaired(o, n, moves);
            }
        }
        self.unpaired(at.0..old.end, at.1..new.end, moves);
    }

    fn unpaired(&mut self, old: Range<usize>, new: Range<usize>, moves: &Moves) {
        for old_par in old.filter(|i| !moves.from.contains_key(i)) {
            self.removed(old_par);
        }
        for new_par in new {
            match moves.to.get(&new_par) {
                Some(&from) => {
                    let text = self.new[new_par].to_owned();
                    self.blocks.push(Block::Moved {
                        from,
                        to: new_par,
                        text,
                    });
                }
                None => self.added(new_par),
            }
        }
    }
}

#[derive(Default)]
struct Moves {
    from: HashMap<usize, usize>,
    to: HashMap<usize, usize>,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::diff::sample::{Edits, Sample};
    use crate::diff::{Bare, SpanKind, marked};
    use proptest::prelude::*;
    use similar::{Algorithm, DiffOp, capture_diff_slices};

    fn shown(old: &str, new: &str) -> String {
        marked(&compare(old, new), None, false, &Bare)
    }

    const A: &str = "纳税人应当按照规定的期限办理纳税申报。";
    const B: &str = "税务机关应当自收到申请之日起十五日内答复。";
    const C: &str = "本公告自发布之日起施行，有效期五年。";

    #[test]
    fn paragraphs_come_go_and_change() {
        assert_eq!(shown(A, A), format!("{A}\n"));
        assert_eq!(shown("", A), format!("{{+{A}+}}\n"));
        assert_eq!(shown(A, ""), format!("[-{A}-]\n"));
        assert_eq!(
            shown(
                &format!("{A}\n{B}\n{C}"),
                &format!("{A}\n{C}").replace("五年", "三年")
            ),
            format!("{A}\n[-{B}-]\n本公告自发布之日起施行，有效期[-五-]{{+三+}}年。\n")
        );
    }

    #[test]
    fn a_paragraph_that_changed_place_is_moved() {
        let d = compare(&[A, B, C].join("\n"), &[C, A, B].join("\n"));
        assert_eq!(
            d.blocks[0],
            Block::Moved {
                from: 2,
                to: 0,
                text: C.into()
            }
        );
        assert_eq!(d.stats().moved, 1);
        assert_eq!((d.stats().added, d.stats().removed), (0, 0));
        assert_eq!(d.old_text(), [A, B, C].join("\n"));
        let short = compare("附件\n甲乙丙丁", "甲乙丙丁\n附件");
        assert_eq!(
            short.stats().moved,
            0,
            "a short paragraph elsewhere is a coincidence"
        );
    }

    #[test]
    fn split_and_joined_paragraphs_stay_one_change() {
        assert_eq!(
            shown(&format!("{A}{B}\n{C}"), &format!("{A}\n{B}\n{C}")),
            format!("{A}{{+⏎+}}\n{B}\n{C}\n")
        );
        assert_eq!(
            shown(&format!("{A}\n{B}"), &format!("{A}{B}")),
            format!("{A}[-⏎-]{B}\n")
        );
        let d = compare(&format!("{C}\n{A}\n{B}"), &format!("{C}\n{A}{B}"));
        assert!(
            matches!(&d.blocks[1], Block::Changed { old_pars, new_pars, .. } if *old_pars == (1..3) && *new_pars == (1..2))
        );
    }

    #[test]
    fn a_paragraph_written_anew_is_shown_whole() {
        let d = compare(
            &format!("{A}\n{B}"),
            &format!("{A}\n今日天气晴朗，适宜出行游玩，请注意防晒。"),
        );
        assert!(matches!(d.blocks[1], Block::Removed { old_par: 1, .. }));
        assert!(matches!(d.blocks[2], Block::Added { new_par: 1, .. }));
        assert_eq!(d.changes().len(), 1);
    }

    #[test]
    fn a_watched_comparison_is_the_same_and_can_be_stopped() {
        let sample = Sample::new(20_000, 7, Edits::scattered(30));
        let mut last = 0;
        let d = compare_watched(&sample.old, &sample.new, &mut |done, total| {
            assert!(done >= last && done <= total);
            last = done;
            true
        });
        assert_eq!(d.unwrap(), compare(&sample.old, &sample.new));
        let mut left = 3;
        let stopped = compare_watched(&sample.old, &sample.new, &mut |_, _| {
            left -= 1;
            left > 0
        });
        assert_eq!(stopped, None);
    }

    #[test]
    fn paragraphs_alone_name_the_same_paragraphs() {
        let sample = Sample::new(20_000, 7, Edits::scattered(30));
        let d = paragraphs_only(&sample.old, &sample.new);
        assert_eq!(d.old_text(), sample.old);
        assert_eq!(d.new_text(), sample.new);
        assert!(d.blocks.iter().all(|b| !matches!(b, Block::Changed { .. })));
        assert!(!d.is_empty());
    }

    #[test]
    fn steps_and_sizes() {
        let d = compare(
            &format!("{A}\n{B}\n{C}"),
            &format!("{A}\n{B}\n{C}")
                .replace("期限", "时限")
                .replace("五年", "三年"),
        );
        assert_eq!(d.changes().len(), 2);
        assert_eq!(
            d.stats(),
            crate::diff::Stats {
                added: 2,
                removed: 2,
                hunks: 2,
                moved: 0
            }
        );
        assert!(!d.is_empty());
        assert!(compare(A, A).is_empty());
    }

    /// Characters in the smallest script there is.
    fn smallest(old: &str, new: &str) -> usize {
        let (a, b): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
        let equal: usize = capture_diff_slices(Algorithm::RawMyers, &a, &b)
            .iter()
            .map(|op| {
                if let DiffOp::Equal { len, .. } = op {
                    *len
                } else {
                    0
                }
            })
            .sum();
        a.len() + b.len() - 2 * equal
    }

    /// Equal runs of one or two characters between two changes.
    fn stranded(d: &Difference) -> usize {
        let mut runs = 0;
        for block in &d.blocks {
            if let Block::Changed { spans, .. } = block {
                runs += spans
                    .iter()
                    .enumerate()
                    .filter(|(i, s)| {
                        *i > 0
                            && i + 1 < spans.len()
                            && s.kind == SpanKind::Same
                            && s.text.chars().count() <= 2
                    })
                    .count();
            }
        }
        runs
    }

    #[test]
    fn scripts_are_small_and_without_splinters() {
        let (mut sum, mut least, mut splinters, mut texts) = (0, 0, 0, 0);
        for seed in 0..20 {
            for bytes in [3_000, 20_000] {
                let sample = Sample::new(
                    bytes,
                    seed,
                    Edits::scattered(if bytes > 10_000 { 30 } else { 8 }),
                );
                let d = compare(&sample.old, &sample.new);
                assert_eq!(d.old_text(), sample.old);
                assert_eq!(d.new_text(), sample.new);
                let stats = d.stats();
                sum += stats.added + stats.removed;
                least += smallest(&sample.old, &sample.new);
                splinters += stranded(&d);
                texts += 1;
            }
        }
        assert!(sum * 100 <= least * 105, "{sum} of {least}");
        assert!(splinters * 10 <= texts * 3, "{splinters} in {texts}");
    }

    proptest! {
        #[test]
        fn both_texts_come_back(old in "(\\PC|[税收优惠，。\n ]|纳税人应当申报|第1,234号){0,60}", new in "(\\PC|[税收优惠，。\n ]|纳税人应当申报|第1,234号){0,60}") {
            let d = compare(&old, &new);
            prop_assert_eq!(d.old_text(), old);
            prop_assert_eq!(d.new_text(), new);
        }

        #[test]
        fn edited_texts_come_back(pars in prop::collection::vec("([税收优惠政策甲乙]{1,6}[，。；]?){1,12}|", 0..12), cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), "[甲乙税收，。\n]{0,8}"), 0..8)) {
            let old = pars.join("\n");
            let mut new: Vec<char> = old.chars().collect();
            for (from, len, text) in cuts {
                let from = from.index(new.len() + 1);
                let to = (from + len.index(6)).min(new.len());
                new.splice(from..to, text.chars());
            }
            let new: String = new.into_iter().collect();
            let d = compare(&old, &new);
            prop_assert_eq!(d.is_empty(), old == new);
            prop_assert_eq!(compare(&old, &new), d.clone());
            prop_assert_eq!(d.stats().hunks == 0, old == new);
            prop_assert_eq!(d.old_text(), old);
            prop_assert_eq!(d.new_text(), new);
        }
    }
}
