//! The difference of what stands around a text: form fields and attachments.

use std::collections::HashMap;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::{Difference, compare};

/// One field that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// Its key.
    pub name: String,
    /// What happened to it.
    pub edit: FieldEdit,
}

/// What happened to a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldEdit {
    /// It had no value and has this one.
    Added(String),
    /// It had this value and has none.
    Removed(String),
    /// Its value was edited.
    Changed(Difference),
}

/// Compares two lists of fields by key. An empty value is no value: filling a
/// field in is an addition, emptying it a removal. A key that occurs more than
/// once is compared in order.
///
/// Order: that of the new list, then fields that are gone.
pub fn compare_fields(old: &[(String, String)], new: &[(String, String)]) -> Vec<FieldChange> {
    let (before, after) = (keyed(old), keyed(new));
    let before_by_key: HashMap<(&str, usize), &str> = before.iter().copied().collect();
    let mut changes = Vec::new();
    for &(key, value) in &after {
        let was = before_by_key.get(&key).copied().unwrap_or_default();
        let edit = match (was.is_empty(), value.is_empty()) {
            _ if was == value => continue,
            (true, _) => FieldEdit::Added(value.to_owned()),
            (_, true) => FieldEdit::Removed(was.to_owned()),
            _ => FieldEdit::Changed(compare(was, value)),
        };
        changes.push(FieldChange {
            name: key.0.to_owned(),
            edit,
        });
    }
    let after_by_key: HashMap<(&str, usize), &str> = after.into_iter().collect();
    for (key, value) in before {
        if !value.is_empty() && !after_by_key.contains_key(&key) {
            changes.push(FieldChange {
                name: key.0.to_owned(),
                edit: FieldEdit::Removed(value.to_owned()),
            });
        }
    }
    changes
}

/// Keys made unique by counting their occurrences.
fn keyed(list: &[(String, String)]) -> Vec<((&str, usize), &str)> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    list.iter()
        .map(|(key, value)| {
            let times = seen.entry(key).or_default();
            *times += 1;
            ((key.as_str(), *times), value.as_str())
        })
        .collect()
}

/// What happened to an attachment. Places count from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttachmentChange {
    /// It is new.
    Added {
        /// Its name.
        name: String,
        /// Its place in the new list.
        at: usize,
    },
    /// It is gone.
    Removed {
        /// Its name.
        name: String,
        /// Its place in the old list.
        at: usize,
    },
    /// The same name holds other bytes.
    Replaced {
        /// Its name.
        name: String,
        /// What the old bytes were called.
        old_id: String,
        /// What the new bytes are called.
        new_id: String,
    },
    /// The same bytes go by another name.
    Renamed {
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
    /// It changed place among those that stayed.
    Reordered {
        /// Its name.
        name: String,
        /// Its place in the old list.
        from: usize,
        /// Its place in the new list.
        to: usize,
    },
}

/// Compares two lists of attachments, each a name and the id of its bytes.
///
/// The fewest attachments that explain a new order are reported as reordered;
/// one that was replaced or renamed may be reordered as well.
pub fn compare_attachments(
    old: &[(String, String)],
    new: &[(String, String)],
) -> Vec<AttachmentChange> {
    let (before, after) = (keyed(old), keyed(new));
    let mut places: HashMap<(&str, usize), usize> = before
        .iter()
        .enumerate()
        .map(|(i, (key, _))| (*key, i))
        .collect();
    // For each new attachment the place of the old one it continues.
    let mut continues: Vec<Option<usize>> =
        after.iter().map(|(key, _)| places.remove(key)).collect();
    let mut left: Vec<usize> = places.into_values().collect();
    left.sort_unstable();
    for (at, (_, id)) in after.iter().enumerate() {
        if continues[at].is_none() {
            let renamed = left.iter().position(|&i| before[i].1 == *id);
            continues[at] = renamed.map(|i| left.remove(i));
        }
    }
    let moved = out_of_order(&continues.iter().flatten().copied().collect::<Vec<_>>());

    let mut changes = Vec::new();
    for (at, ((name, _), id)) in after.iter().enumerate() {
        let Some(from) = continues[at] else {
            changes.push(AttachmentChange::Added {
                name: (*name).to_owned(),
                at,
            });
            continue;
        };
        let ((old_name, _), old_id) = before[from];
        if old_name != *name {
            changes.push(AttachmentChange::Renamed {
                from: old_name.to_owned(),
                to: (*name).to_owned(),
            });
        } else if old_id != *id {
            changes.push(AttachmentChange::Replaced {
                name: (*name).to_owned(),
                old_id: old_id.to_owned(),
                new_id: (*id).to_owned(),
            });
        }
        if moved.contains(&from) {
            changes.push(AttachmentChange::Reordered {
                name: (*name).to_owned(),
                from,
                to: at,
            });
        }
    }
    for at in left {
        changes.push(AttachmentChange::Removed {
            name: before[at].0.0.to_owned(),
            at,
        });
    }
    changes
}

/// The fewest of these different numbers that have to be taken out for the rest
/// to ascend.
fn out_of_order(places: &[usize]) -> Vec<usize> {
    let mut sorted = places.to_vec();
    sorted.sort_unstable();
    let mut moved = Vec::new();
    for op in capture_diff_slices(Algorithm::RawMyers, &sorted, places) {
        if !matches!(op, DiffOp::Equal { .. }) {
            moved.extend_from_slice(&places[op.new_range()]);
        }
    }
    moved
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn list(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect()
    }

    #[test]
    fn fields_by_key() {
        let old = list(&[
            ("文号", "税总发〔2023〕1号"),
            ("主题词", ""),
            ("来源", "办公室"),
            ("电话", "12366"),
        ]);
        let new = list(&[
            ("来源", "办公室"),
            ("文号", "税总发〔2024〕1号"),
            ("主题词", "减税"),
            ("电话", ""),
        ]);
        let changes = compare_fields(&old, &new);
        assert_eq!(changes.len(), 3);
        assert!(
            matches!(&changes[0], FieldChange { name, edit: FieldEdit::Changed(d) } if name == "文号" && d.stats().hunks == 1)
        );
        assert_eq!(changes[1].edit, FieldEdit::Added("减税".into()));
        assert_eq!(changes[2].edit, FieldEdit::Removed("12366".into()));
        assert!(compare_fields(&list(&[("a", "")]), &[]).is_empty());
        assert_eq!(compare_fields(&old, &old), []);
        assert_eq!(compare_fields(&old, &[]).len(), 3);
    }

    #[test]
    fn attachments_by_name_and_bytes() {
        let old = list(&[
            ("表1.xls", "a"),
            ("表2.xls", "b"),
            ("表3.xls", "c"),
            ("表4.xls", "d"),
        ]);
        let new = list(&[
            ("表2.xls", "b"),
            ("表3.xls", "c2"),
            ("表1.xls", "a"),
            ("附表4.xls", "d"),
            ("表5.xls", "e"),
        ]);
        assert_eq!(
            compare_attachments(&old, &new),
            [
                AttachmentChange::Replaced {
                    name: "表3.xls".into(),
                    old_id: "c".into(),
                    new_id: "c2".into()
                },
                AttachmentChange::Reordered {
                    name: "表1.xls".into(),
                    from: 0,
                    to: 2
                },
                AttachmentChange::Renamed {
                    from: "表4.xls".into(),
                    to: "附表4.xls".into()
                },
                AttachmentChange::Added {
                    name: "表5.xls".into(),
                    at: 4
                },
            ]
        );
        assert_eq!(
            compare_attachments(&old, &old[1..]),
            [AttachmentChange::Removed {
                name: "表1.xls".into(),
                at: 0
            }]
        );
        assert_eq!(compare_attachments(&old, &old), []);
    }

    proptest! {
        #[test]
        fn no_change_means_equal(old in prop::collection::vec(("[ab]", "[xy]"), 0..5), new in prop::collection::vec(("[ab]", "[xy]"), 0..5)) {
            prop_assert_eq!(compare_attachments(&old, &new).is_empty(), old == new);
        }
    }
}
