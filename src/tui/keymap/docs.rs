//! `docs/keys.md`, generated so that it cannot differ from the keymaps.

use std::fmt::Write as _;

use super::{Keymap, Preset};
use crate::tr;
use crate::tui::action::{Action, Context};
use crate::tui::key::sequence_text;

/// The key reference in the language in force: one table per context, one column per preset.
pub fn docs() -> String {
    let maps: Vec<(Preset, Keymap)> = Preset::ALL
        .into_iter()
        .map(|p| (p, Keymap::preset(p)))
        .collect();
    let mut out = String::new();
    let _ = writeln!(
        out,
        "# {}\n\n{}\n",
        tr!("tui-docs-title"),
        tr!("tui-docs-intro")
    );
    for context in Context::ALL {
        let actions: Vec<Action> = Action::ALL
            .iter()
            .copied()
            .filter(|action| {
                action.context() == *context
                    || maps.iter().any(|(_, map)| {
                        map.bindings(*context)
                            .iter()
                            .any(|(_, rules)| rules.iter().any(|r| r.action == *action))
                    })
            })
            .collect();
        if actions.is_empty() {
            continue;
        }
        let _ = writeln!(out, "## {} `[{}]`\n", context.title(), context.name());
        let _ = write!(
            out,
            "| {} | {} |",
            tr!("tui-docs-action"),
            tr!("tui-docs-what")
        );
        for (preset, _) in &maps {
            let _ = write!(out, " {} |", preset.name());
        }
        let _ = writeln!(out, "\n|---|---|{}", "---|".repeat(maps.len()));
        for action in actions {
            let _ = write!(out, "| `{}` | {} |", action.name(), action.describe());
            for (_, map) in &maps {
                let keys: Vec<String> = map
                    .bindings(*context)
                    .iter()
                    .filter_map(|(keys, rules)| {
                        let rule = rules.iter().find(|r| r.action == action)?;
                        let keys = code(&sequence_text(keys));
                        Some(match &rule.when {
                            Some(when) => format!("{keys} ({})", code(&when.to_string())),
                            None => keys,
                        })
                    })
                    .collect();
                let _ = write!(out, " {} |", keys.join(", "));
            }
            out.push('\n');
        }
        out.push('\n');
    }
    let trimmed = out.trim_end().len();
    out.truncate(trimmed);
    out.push('\n');
    out
}

/// A code span inside a table cell.
fn code(text: &str) -> String {
    let text = text.replace('|', "\\|");
    if text.contains('`') {
        format!("`` {text} ``")
    } else {
        format!("`{text}`")
    }
}
