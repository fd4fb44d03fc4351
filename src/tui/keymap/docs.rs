//! `docs/keys.md` and the schema of keymap files, generated so that they cannot differ from the
//! program.

use std::fmt::Write as _;

use super::{Keymap, Preset};
use crate::tr;
use crate::tui::action::{Action, Context, Flag};
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

/// The JSON schema of keymap files, for editors that complete and check them.
pub fn schema() -> String {
    use serde_json::{Map, Value, json};
    let actions: Vec<&str> = Action::ALL.iter().map(|a| a.name()).collect();
    let flags: Vec<&str> = Flag::ALL.iter().map(|f| f.name()).collect();
    let mut properties = Map::new();
    properties.insert("modal".into(), json!({"type": "boolean"}));
    properties.insert(
        "palette-only".into(),
        json!({"type": "array", "items": {"$ref": "#/definitions/action"}}),
    );
    for context in Context::ALL {
        properties.insert(context.name().into(), json!({"$ref": "#/definitions/keys"}));
    }
    let schema: Value = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Qianfa keymap",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "definitions": {
            "action": {"enum": actions},
            "rule": {"oneOf": [
                {"$ref": "#/definitions/action"},
                {
                    "type": "object",
                    "properties": {
                        "do": {"$ref": "#/definitions/action"},
                        "when": {
                            "type": "string",
                            "description": format!("{} with !, &&, || and parentheses", flags.join(", ")),
                        },
                    },
                    "required": ["do"],
                    "additionalProperties": false,
                },
            ]},
            "keys": {
                "type": "object",
                "additionalProperties": {"oneOf": [
                    {"$ref": "#/definitions/rule"},
                    {"type": "array", "items": {"$ref": "#/definitions/rule"}},
                    {"const": false},
                ]},
            },
        },
    });
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
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
