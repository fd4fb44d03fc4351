//! From key presses to named actions.
//!
//! A keymap is a trie of key presses per [`Context`]. A lookup walks the contexts of the focus
//! from the innermost outwards; the first context that knows the sequence decides, also when it
//! only says "unbound". The built-in files live in `keymaps/`; `default.toml` is the base, a
//! preset and the user's file are laid over it.

mod docs;
mod load;
mod suggest;
mod when;

pub use docs::{docs, schema};
pub(in crate::tui) use load::place;
pub use load::{KeymapError, KeymapFault};
pub use suggest::nearest;
pub use when::{When, WhenError};

use std::collections::{BTreeMap, BTreeSet};

use crate::tui::action::{Action, Context, Flag};
use crate::tui::key::KeyPress;

/// The preset keymaps inside the binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Preset {
    /// `keymaps/default.toml`: arrows and control keys, nothing to learn.
    #[default]
    Default,
    /// `keymaps/vim.toml`: a modal editor, `h j k l` everywhere.
    Vim,
    /// `keymaps/emacs.toml`: control and meta chords.
    Emacs,
}

const DEFAULT: &str = include_str!("../../../keymaps/default.toml");
const VIM: &str = include_str!("../../../keymaps/vim.toml");
const EMACS: &str = include_str!("../../../keymaps/emacs.toml");

impl Preset {
    /// Every preset.
    pub const ALL: [Self; 3] = [Self::Default, Self::Vim, Self::Emacs];

    /// Its name in the configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Vim => "vim",
            Self::Emacs => "emacs",
        }
    }

    /// The preset of that name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.name() == name)
    }

    /// The files that make it, lowest first.
    const fn files(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Default => &[("keymaps/default.toml", DEFAULT)],
            Self::Vim => &[("keymaps/default.toml", DEFAULT), ("keymaps/vim.toml", VIM)],
            Self::Emacs => &[
                ("keymaps/default.toml", DEFAULT),
                ("keymaps/emacs.toml", EMACS),
            ],
        }
    }
}

/// One way a key can go: an action, perhaps under a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// What happens.
    pub action: Action,
    /// Under which condition; none means always.
    pub when: Option<When>,
}

/// What stands at the end of a sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Slot {
    /// The first rule whose condition holds.
    Rules(Vec<Rule>),
    /// Unbound on purpose: outer contexts are not asked.
    Nothing,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Node {
    slot: Option<Slot>,
    // A list, not a map: help shows keys in the order of the file.
    children: Vec<(KeyPress, Node)>,
}

impl Node {
    fn child(&self, key: KeyPress) -> Option<&Self> {
        self.children
            .iter()
            .find(|(k, _)| *k == key)
            .map(|(_, n)| n)
    }

    fn walk(&self, keys: &[KeyPress]) -> Option<&Self> {
        keys.iter().try_fold(self, |node, key| node.child(*key))
    }

    /// Puts `slot` at `keys`. What an earlier layer had on the way or below gives way, so a key
    /// can never be both a prefix and a binding.
    fn put(&mut self, keys: &[KeyPress], slot: Slot) {
        match keys.split_first() {
            None => {
                self.slot = Some(slot);
                self.children.clear();
            }
            Some((key, rest)) => {
                self.slot = None;
                let at = self
                    .children
                    .iter()
                    .position(|(k, _)| k == key)
                    .unwrap_or_else(|| {
                        self.children.push((*key, Self::default()));
                        self.children.len() - 1
                    });
                self.children[at].1.put(rest, slot);
            }
        }
    }

    fn each<'a>(&'a self, path: &mut Vec<KeyPress>, out: &mut dyn FnMut(&[KeyPress], &'a Slot)) {
        if let Some(slot) = &self.slot {
            out(path, slot);
        }
        for (key, node) in &self.children {
            path.push(*key);
            node.each(path, out);
            path.pop();
        }
    }
}

/// One line of the which-key popup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Continuation {
    /// The next key.
    pub key: KeyPress,
    /// What it does, or none where it only leads further.
    pub action: Option<Action>,
}

/// What a sequence of keys means in a focus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    /// It is complete.
    Action(Action),
    /// More keys are needed; these are the ways on.
    Pending(Vec<Continuation>),
    /// No binding; the key may be text or go to the component as it is.
    Unbound,
}

/// A loaded keymap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keymap {
    tables: BTreeMap<Context, Node>,
    /// Actions that deliberately have no key; the palette still offers them.
    palette_only: BTreeSet<Action>,
    /// Whether the body editor starts in normal mode (vim).
    pub modal: bool,
}

impl Keymap {
    /// A preset with the user's file (name and content) laid over it.
    pub fn load(preset: Preset, user: Option<(&str, &str)>) -> Result<Self, KeymapError> {
        let mut map = Self::default();
        for (file, text) in preset.files() {
            load::overlay(&mut map, file, text)?;
        }
        if let Some((file, text)) = user {
            load::overlay(&mut map, file, text)?;
        }
        Ok(map)
    }

    /// A preset without any user file. The presets are read by a test; should one be broken all
    /// the same, an empty keymap is returned and only the fixed keys of the loop work.
    pub fn preset(preset: Preset) -> Self {
        Self::load(preset, None).unwrap_or_default()
    }

    /// What `keys` mean when the focus lies in `contexts` (innermost first; the global context
    /// is added here).
    pub fn resolve(
        &self,
        contexts: &[Context],
        keys: &[KeyPress],
        flag: &dyn Fn(Flag) -> bool,
    ) -> Resolved {
        let printable = keys.first().is_some_and(|k| k.typed().is_some());
        let mut ways: Vec<Continuation> = Vec::new();
        let mut inside_text = false;
        for context in contexts.iter().copied().chain([Context::Global]) {
            // In a text field a plain character is text, whatever the outer contexts bind it to.
            inside_text |= context.text_input();
            if inside_text && printable {
                continue;
            }
            let Some(node) = self.tables.get(&context).and_then(|table| table.walk(keys)) else {
                continue;
            };
            match &node.slot {
                // An inner prefix waits for its sequence, whatever the key alone means outside.
                Some(_) if !ways.is_empty() => {}
                Some(Slot::Nothing) => return Resolved::Unbound,
                Some(Slot::Rules(rules)) => {
                    if let Some(rule) = rules
                        .iter()
                        .find(|r| r.when.as_ref().is_none_or(|w| w.holds(flag)))
                    {
                        return Resolved::Action(rule.action);
                    }
                }
                // A prefix: the contexts around may know more ways on.
                None => {
                    for (key, child) in &node.children {
                        if ways.iter().any(|w| w.key == *key) {
                            continue;
                        }
                        let action = match &child.slot {
                            None => None,
                            Some(Slot::Nothing) => continue,
                            Some(Slot::Rules(rules)) => {
                                match rules
                                    .iter()
                                    .find(|r| r.when.as_ref().is_none_or(|w| w.holds(flag)))
                                {
                                    Some(rule) => Some(rule.action),
                                    None => continue,
                                }
                            }
                        };
                        ways.push(Continuation { key: *key, action });
                    }
                }
            }
        }
        if ways.is_empty() {
            Resolved::Unbound
        } else {
            Resolved::Pending(ways)
        }
    }

    /// The sequences that lead to `action` from a focus in `contexts`, the one the footer shows
    /// first. Conditions are taken as met, keys hidden by an inner context are left out.
    pub fn keys_for(&self, action: Action, contexts: &[Context]) -> Vec<Vec<KeyPress>> {
        let mut found: Vec<Vec<KeyPress>> = Vec::new();
        for context in contexts.iter().copied().chain([Context::Global]) {
            for (keys, rules) in self.bindings(context) {
                if rules.iter().any(|r| r.action == action)
                    && !found.contains(&keys)
                    && self.reaches(action, contexts, &keys)
                {
                    found.push(keys);
                }
            }
        }
        found
    }

    /// Whether some rule on the way of a lookup of `keys` gives `action`.
    fn reaches(&self, action: Action, contexts: &[Context], keys: &[KeyPress]) -> bool {
        let printable = keys.first().is_some_and(|k| k.typed().is_some());
        let mut inside_text = false;
        for context in contexts.iter().copied().chain([Context::Global]) {
            inside_text |= context.text_input();
            if inside_text && printable {
                continue;
            }
            let Some(table) = self.tables.get(&context) else {
                continue;
            };
            // A shorter binding of an inner context fires before the sequence is complete.
            for n in 1..keys.len() {
                if table
                    .walk(&keys[..n])
                    .is_some_and(|node| node.slot.is_some())
                {
                    return false;
                }
            }
            let Some(node) = table.walk(keys) else {
                continue;
            };
            match &node.slot {
                Some(Slot::Nothing) | None => return false,
                Some(Slot::Rules(rules)) => {
                    if rules.iter().any(|r| r.action == action) {
                        return true;
                    }
                    if rules.iter().any(|r| r.when.is_none()) {
                        return false;
                    }
                }
            }
        }
        false
    }

    /// Every binding of one context, in the order of the files.
    pub fn bindings(&self, context: Context) -> Vec<(Vec<KeyPress>, &[Rule])> {
        let mut out = Vec::new();
        if let Some(table) = self.tables.get(&context) {
            table.each(&mut Vec::new(), &mut |keys, slot| {
                if let Slot::Rules(rules) = slot {
                    out.push((keys.to_vec(), rules.as_slice()));
                }
            });
        }
        out
    }

    /// Whether some key in some context leads to `action`.
    pub fn is_bound(&self, action: Action) -> bool {
        Context::ALL.iter().any(|c| {
            self.bindings(*c)
                .iter()
                .any(|(_, rules)| rules.iter().any(|r| r.action == action))
        })
    }

    /// Whether `action` is listed as having no key on purpose.
    pub fn is_palette_only(&self, action: Action) -> bool {
        self.palette_only.contains(&action)
    }
}

#[cfg(test)]
mod tests;
