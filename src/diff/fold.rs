//! Leaving out what did not change.

use std::ops::Range;

use super::{Block, Difference};

/// One row group of a folded difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fold {
    /// Show this block.
    Show(usize),
    /// These blocks are unchanged paragraphs; show how many, and open on demand.
    Hidden(Range<usize>),
}

/// Which blocks to show with `context` unchanged paragraphs around each change.
///
/// Gives indices into the blocks and no text: what stands in the place of the
/// hidden ones is said in the reader's language, by whoever draws.
pub fn fold(difference: &Difference, context: usize) -> Vec<Fold> {
    let blocks = &difference.blocks;
    let mut near = vec![false; blocks.len()];
    for (at, block) in blocks.iter().enumerate() {
        if !matches!(block, Block::Same { .. }) {
            let to = at
                .saturating_add(context)
                .saturating_add(1)
                .min(blocks.len());
            near[at.saturating_sub(context)..to].fill(true);
        }
    }
    let mut folds = Vec::new();
    for (at, near) in near.into_iter().enumerate() {
        if near {
            folds.push(Fold::Show(at));
        } else if let Some(Fold::Hidden(run)) = folds.last_mut() {
            run.end = at + 1;
        } else {
            folds.push(Fold::Hidden(at..at + 1));
        }
    }
    folds
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::compare;

    #[test]
    fn unchanged_paragraphs_are_hidden() {
        let old: Vec<String> = (0..10)
            .map(|i| format!("第{i}条规定的内容不变。"))
            .collect();
        let mut new = old.clone();
        new[5] = "第5条规定的内容有变。".into();
        let d = compare(&old.join("\n"), &new.join("\n"));
        assert_eq!(
            fold(&d, 1),
            [
                Fold::Hidden(0..4),
                Fold::Show(4),
                Fold::Show(5),
                Fold::Show(6),
                Fold::Hidden(7..10)
            ]
        );
        assert_eq!(fold(&d, usize::MAX).len(), 10);
        assert_eq!(fold(&compare("甲\n乙", "甲\n乙"), 3), [Fold::Hidden(0..2)]);
        assert!(fold(&compare("", ""), 3).is_empty());
    }
}
