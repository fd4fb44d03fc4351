//! Reading keymap files, with mistakes named by file, line and suggestion.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Keymap, Rule, Slot, When, WhenError, nearest};
use crate::tr;
use crate::tui::action::{Action, Context, Flag};
use crate::tui::key::{KeyPress, sequence_text};

/// A mistake in a keymap file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {fault}")]
pub struct KeymapError {
    /// The file as the person knows it.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The character in it, counted from 1.
    pub column: usize,
    /// What is wrong there.
    pub fault: KeymapFault,
}

/// What can be wrong in a keymap file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeymapFault {
    /// Not TOML.
    #[error("{0}")]
    Syntax(String),
    /// A table that is no context.
    #[error("no context `{name}`{}", hint(*nearest))]
    Context {
        /// As written.
        name: String,
        /// The nearest context.
        nearest: Option<&'static str>,
    },
    /// An action nobody knows.
    #[error("no action `{name}`{}", hint(*nearest))]
    Action {
        /// As written.
        name: String,
        /// The nearest action.
        nearest: Option<&'static str>,
    },
    /// A condition on a flag nobody knows.
    #[error("no condition `{name}`{}", hint(*nearest))]
    Flag {
        /// As written.
        name: String,
        /// The nearest flag.
        nearest: Option<&'static str>,
    },
    /// A condition that cannot be read.
    #[error("condition cannot be read at `{0}`")]
    When(String),
    /// A key that cannot be read.
    #[error("`{text}` is not a key{}", nearest.as_deref().map(|n| format!(", did you mean `{n}`?")).unwrap_or_default())]
    Key {
        /// As written.
        text: String,
        /// The nearest key.
        nearest: Option<String>,
    },
    /// The same key twice in one context of one file.
    #[error("`{0}` is bound twice")]
    Twice(String),
    /// A binding that can never be reached because its beginning is bound too.
    #[error("`{long}` cannot be reached, `{short}` is bound")]
    Shadowed {
        /// The longer sequence.
        long: String,
        /// Its bound beginning.
        short: String,
    },
    /// A plain character bound where people type text.
    #[error("`{0}` is text here and cannot be a key")]
    Text(String),
    /// A value of the wrong shape.
    #[error("expected an action name, a table with `do`, a list of those, or false")]
    Value,
}

fn hint(nearest: Option<&'static str>) -> String {
    nearest
        .map(|n| format!(", did you mean `{n}`?"))
        .unwrap_or_default()
}

impl KeymapError {
    /// The mistake in the language in force.
    pub fn message(&self) -> String {
        let what = match &self.fault {
            KeymapFault::Syntax(text) => tr!("tui-keymap-syntax", text = text.as_str()),
            KeymapFault::Context { name, nearest } => {
                with_hint(tr!("tui-keymap-context", name = name.as_str()), *nearest)
            }
            KeymapFault::Action { name, nearest } => {
                with_hint(tr!("tui-keymap-action", name = name.as_str()), *nearest)
            }
            KeymapFault::Flag { name, nearest } => {
                with_hint(tr!("tui-keymap-flag", name = name.as_str()), *nearest)
            }
            KeymapFault::When(text) => tr!("tui-keymap-when", text = text.as_str()),
            KeymapFault::Key { text, nearest } => with_hint(
                tr!("tui-keymap-key", text = text.as_str()),
                nearest.as_deref(),
            ),
            KeymapFault::Twice(text) => tr!("tui-keymap-twice", text = text.as_str()),
            KeymapFault::Shadowed { long, short } => {
                tr!(
                    "tui-keymap-shadowed",
                    long = long.as_str(),
                    short = short.as_str()
                )
            }
            KeymapFault::Text(text) => tr!("tui-keymap-text", text = text.as_str()),
            KeymapFault::Value => tr!("tui-keymap-value"),
        };
        format!("{}:{}:{}: {what}", self.file, self.line, self.column)
    }
}

fn with_hint(text: String, nearest: Option<&str>) -> String {
    match nearest {
        Some(name) => format!("{text}{}", tr!("tui-keymap-hint", name = name)),
        None => text,
    }
}

/// Line and character of a byte offset, both counted from 1.
pub(in crate::tui) fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or("");
    (1 + before.matches('\n').count(), 1 + line.chars().count())
}

/// Lays one file over `map`.
pub(super) fn overlay(map: &mut Keymap, file: &str, text: &str) -> Result<(), KeymapError> {
    let at = |offset: usize, fault: KeymapFault| {
        let (line, column) = place(text, offset);
        KeymapError {
            file: file.to_owned(),
            line,
            column,
            fault,
        }
    };
    let table = DeTable::parse(text).map_err(|e| {
        at(
            e.span().map_or(0, |s| s.start),
            KeymapFault::Syntax(e.message().to_owned()),
        )
    })?;
    for (name, value) in table.get_ref() {
        let name_at = name.span().start;
        match (name.get_ref().as_ref(), value.get_ref()) {
            ("modal", DeValue::Boolean(on)) => map.modal = *on,
            ("palette-only", DeValue::Array(list)) => {
                for entry in list {
                    let action = action(entry).map_err(|f| at(entry.span().start, f))?;
                    map.palette_only.insert(action);
                }
            }
            (name, DeValue::Table(keys)) => {
                let context = Context::by_name(name).ok_or_else(|| {
                    at(
                        name_at,
                        KeymapFault::Context {
                            name: name.to_owned(),
                            nearest: nearest(name, Context::ALL.iter().map(|c| c.name())),
                        },
                    )
                })?;
                overlay_context(map, context, keys).map_err(|(offset, fault)| at(offset, fault))?;
            }
            (name, _) => {
                return Err(at(
                    name_at,
                    KeymapFault::Context {
                        name: name.to_owned(),
                        nearest: nearest(
                            name,
                            Context::ALL
                                .iter()
                                .map(|c| c.name())
                                .chain(["modal", "palette-only"]),
                        ),
                    },
                ));
            }
        }
    }
    // A preset may bind what the base left to the palette.
    let bound: Vec<_> = map
        .palette_only
        .iter()
        .copied()
        .filter(|a| map.is_bound(*a))
        .collect();
    for action in bound {
        map.palette_only.remove(&action);
    }
    Ok(())
}

fn overlay_context(
    map: &mut Keymap,
    context: Context,
    keys: &DeTable<'_>,
) -> Result<(), (usize, KeymapFault)> {
    // Order of the file, which the parser's map does not keep.
    let mut entries: Vec<_> = keys.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    let mut seen: Vec<Vec<KeyPress>> = Vec::new();
    for (key, value) in entries {
        let offset = key.span().start;
        let keys = KeyPress::parse_sequence(key.get_ref()).map_err(|e| {
            let nearest = KeyPress::nearest(&e.text);
            (
                offset,
                KeymapFault::Key {
                    text: e.text,
                    nearest,
                },
            )
        })?;
        if seen.contains(&keys) {
            return Err((offset, KeymapFault::Twice(sequence_text(&keys))));
        }
        if let Some(other) = seen
            .iter()
            .find(|other| other.starts_with(&keys) || keys.starts_with(other))
        {
            let (long, short) = if other.len() > keys.len() {
                (other, &keys)
            } else {
                (&keys, other)
            };
            return Err((
                offset,
                KeymapFault::Shadowed {
                    long: sequence_text(long),
                    short: sequence_text(short),
                },
            ));
        }
        if context.text_input() && keys.first().is_some_and(|k| k.typed().is_some()) {
            return Err((offset, KeymapFault::Text(sequence_text(&keys))));
        }
        let slot = slot(value)?;
        map.tables.entry(context).or_default().put(&keys, slot);
        seen.push(keys);
    }
    Ok(())
}

/// A mistake and where it stands.
type Placed = (usize, KeymapFault);

fn slot(value: &Spanned<DeValue<'_>>) -> Result<Slot, Placed> {
    match value.get_ref() {
        DeValue::Boolean(false) => Ok(Slot::Nothing),
        DeValue::Array(list) => Ok(Slot::Rules(
            list.iter().map(rule).collect::<Result<_, _>>()?,
        )),
        _ => Ok(Slot::Rules(vec![rule(value)?])),
    }
}

fn rule(value: &Spanned<DeValue<'_>>) -> Result<Rule, Placed> {
    let here = value.span().start;
    let DeValue::Table(table) = value.get_ref() else {
        return Ok(Rule {
            action: action(value).map_err(|f| (here, f))?,
            when: None,
        });
    };
    let mut rule = None;
    let mut when = None;
    for (key, value) in table {
        let at = |fault| (value.span().start, fault);
        match key.get_ref().as_ref() {
            "do" => rule = Some(action(value).map_err(at)?),
            "when" => {
                let text = value
                    .get_ref()
                    .as_str()
                    .ok_or_else(|| at(KeymapFault::Value))?;
                let read = When::parse(text).map_err(|e| match e {
                    WhenError::Flag(name) => KeymapFault::Flag {
                        nearest: nearest(&name, Flag::ALL.iter().map(|f| f.name())),
                        name,
                    },
                    WhenError::Syntax(text) => KeymapFault::When(text),
                });
                when = Some(read.map_err(at)?);
            }
            _ => return Err((key.span().start, KeymapFault::Value)),
        }
    }
    Ok(Rule {
        action: rule.ok_or((here, KeymapFault::Value))?,
        when,
    })
}

fn action(value: &Spanned<DeValue<'_>>) -> Result<Action, KeymapFault> {
    let name = value.get_ref().as_str().ok_or(KeymapFault::Value)?;
    Action::by_name(name).ok_or_else(|| KeymapFault::Action {
        name: name.to_owned(),
        nearest: nearest(name, Action::ALL.iter().map(|a| a.name())),
    })
}
