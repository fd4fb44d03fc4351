//! Sums over paragraphs that follow a change of one of them (a Fenwick tree).

/// Numbers, one a paragraph, and their sums from the start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums {
    values: Vec<usize>,
    tree: Vec<usize>,
    total: usize,
}

impl Sums {
    /// The sums of these numbers; takes time with their number.
    pub fn of(values: impl Iterator<Item = usize>) -> Self {
        let values: Vec<usize> = values.collect();
        let mut tree = vec![0; values.len() + 1];
        tree[1..].copy_from_slice(&values);
        for at in 1..tree.len() {
            let above = at + (at & at.wrapping_neg());
            if above < tree.len() {
                tree[above] += tree[at];
            }
        }
        let total = values.iter().sum();
        Self {
            values,
            tree,
            total,
        }
    }

    /// Changes one number.
    pub fn set(&mut self, at: usize, value: usize) {
        let Some(old) = self.values.get_mut(at) else {
            return;
        };
        let before = std::mem::replace(old, value);
        self.total = self.total - before + value;
        let mut node = at + 1;
        while node < self.tree.len() {
            self.tree[node] = self.tree[node] + value - before;
            node += node & node.wrapping_neg();
        }
    }

    /// The sum of the numbers before `at`.
    pub fn before(&self, at: usize) -> usize {
        let mut node = at.min(self.values.len());
        let mut sum = 0;
        while node > 0 {
            sum += self.tree[node];
            node &= node - 1;
        }
        sum
    }

    /// The sum of all.
    pub fn total(&self) -> usize {
        self.total
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sums_follow(mut values in prop::collection::vec(0usize..9, 1..60), changes in prop::collection::vec((0usize..60, 0usize..9), 0..40)) {
            let mut sums = Sums::of(values.iter().copied());
            for (at, value) in changes {
                sums.set(at, value);
                if let Some(old) = values.get_mut(at) {
                    *old = value;
                }
            }
            for at in 0..=values.len() {
                prop_assert_eq!(sums.before(at), values[..at].iter().sum::<usize>());
            }
            prop_assert_eq!(sums.total(), values.iter().sum::<usize>());
            prop_assert_eq!(sums, Sums::of(values.into_iter()));
        }
    }
}
