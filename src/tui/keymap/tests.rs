#![allow(clippy::unwrap_used)]

use super::*;
use crate::tui::key::sequence_text;

fn press(text: &str) -> Vec<KeyPress> {
    KeyPress::parse_sequence(text).unwrap()
}

fn over(user: &str) -> Result<Keymap, KeymapError> {
    Keymap::load(Preset::Default, Some(("keys.toml", user)))
}

fn resolve(map: &Keymap, contexts: &[Context], keys: &str) -> Resolved {
    map.resolve(contexts, &press(keys), &|_| false)
}

#[test]
fn every_preset_loads_and_leaves_no_action_behind() {
    for preset in Preset::ALL {
        let map = Keymap::load(preset, None).unwrap_or_else(|e| panic!("{e}"));
        for action in Action::ALL {
            assert!(
                map.is_bound(*action) != map.is_palette_only(*action),
                "{} in {}: bound {}, listed as unbound {}",
                action.name(),
                preset.name(),
                map.is_bound(*action),
                map.is_palette_only(*action),
            );
        }
        for context in Context::ALL.iter().filter(|c| c.text_input()) {
            for (keys, _) in map.bindings(*context) {
                assert!(
                    keys[0].typed().is_none(),
                    "{} takes `{}`",
                    context.name(),
                    sequence_text(&keys)
                );
            }
        }
    }
}

#[test]
fn names_are_unique_and_described_in_both_languages() {
    for language in crate::locale::LANGUAGES {
        let _guard = crate::tui::testing::language(language);
        for action in Action::ALL {
            assert_eq!(Action::by_name(action.name()), Some(*action));
            assert!(
                crate::locale::has(&format!("tui-action-{}", action.name())),
                "{}",
                action.name()
            );
        }
        for context in Context::ALL {
            assert_eq!(Context::by_name(context.name()), Some(*context));
            assert!(
                crate::locale::has(&format!("tui-context-{}", context.name())),
                "{}",
                context.name()
            );
        }
    }
}

#[test]
fn inner_contexts_win_and_sequences_wait() {
    let map =
        over("[queue]\n\"g g\" = \"skip\"\n\"n\" = \"sign-off\"\n[global]\n\"n\" = \"help\"\n")
            .unwrap();
    assert_eq!(
        resolve(&map, &[Context::Queue], "n"),
        Resolved::Action(Action::SignOff)
    );
    assert_eq!(
        resolve(&map, &[Context::Desk], "n"),
        Resolved::Action(Action::Help)
    );
    assert!(matches!(
        resolve(&map, &[Context::Queue], "g"),
        Resolved::Pending(_)
    ));
    assert_eq!(
        resolve(&map, &[Context::Queue], "g g"),
        Resolved::Action(Action::Skip)
    );
}

#[test]
fn a_prefix_gathers_the_ways_of_all_contexts() {
    let map = Keymap::preset(Preset::Default);
    let Resolved::Pending(ways) = resolve(&map, &[Context::Queue, Context::List], "g") else {
        panic!("no prefix")
    };
    let actions: Vec<Option<Action>> = ways.iter().map(|w| w.action).collect();
    assert_eq!(actions[0], Some(Action::First));
    assert!(actions.contains(&Some(Action::GoQueue)));
    assert_eq!(
        resolve(&map, &[Context::Queue, Context::List], "g q"),
        Resolved::Action(Action::GoQueue)
    );
    let map = over("[queue]\n\"ctrl-q ctrl-q\" = \"skip\"\n").unwrap();
    assert!(matches!(
        resolve(&map, &[Context::Queue], "ctrl-q"),
        Resolved::Pending(_)
    ));
}

#[test]
fn unbinding_stops_the_lookup() {
    let map = over("[queue]\n\"f1\" = false\n").unwrap();
    assert_eq!(resolve(&map, &[Context::Queue], "f1"), Resolved::Unbound);
    assert_eq!(
        resolve(&map, &[Context::Desk], "f1"),
        Resolved::Action(Action::Help)
    );
    assert!(
        !map.keys_for(Action::Help, &[Context::Queue])
            .contains(&press("f1"))
    );
}

#[test]
fn conditions_choose_between_rules() {
    let map =
        over("[items]\n\"x\" = [{ do = \"discard\", when = \"has-marks\" }, \"open\"]\n").unwrap();
    let keys = press("x");
    assert_eq!(
        map.resolve(&[Context::Items], &keys, &|f| f == Flag::HasMarks),
        Resolved::Action(Action::Discard)
    );
    assert_eq!(
        map.resolve(&[Context::Items], &keys, &|_| false),
        Resolved::Action(Action::Open)
    );
}

#[test]
fn characters_stay_text_in_text_fields() {
    let map = over("[form]\n\"j\" = \"next-field\"\n[global]\n\"?\" = \"help\"\n").unwrap();
    for key in ["j", "?"] {
        assert_eq!(
            resolve(&map, &[Context::Field, Context::Form], key),
            Resolved::Unbound
        );
    }
    assert_eq!(
        resolve(&map, &[Context::Form], "j"),
        Resolved::Action(Action::NextField)
    );
}

#[test]
fn a_user_file_may_turn_a_prefix_into_a_key_and_back() {
    let map = over("[list]\n\"g\" = \"last\"\n").unwrap();
    assert_eq!(
        resolve(&map, &[Context::List], "g"),
        Resolved::Action(Action::Last)
    );
    let map = over("[global]\n\"f1 f1\" = \"help\"\n").unwrap();
    assert!(matches!(resolve(&map, &[], "f1"), Resolved::Pending(_)));
}

#[test]
fn mistakes_name_file_line_and_suggestion() {
    let cases = [
        (
            "[global]\n\n\"f2\" = \"halp\"\n",
            "3:8: no action `halp`, did you mean `help`?",
        ),
        (
            "[quue]\n\"f2\" = \"help\"\n",
            "1:2: no context `quue`, did you mean `queue`?",
        ),
        ("[global]\n\"f99\" = \"help\"\n", "2:1: `f99` is not a key"),
        (
            "[global]\n  \"ctr-entre\" = \"help\"\n",
            "2:3: `ctr-entre` is not a key, did you mean `ctrl-enter`?",
        ),
        (
            "[global]\n\"ctrl-a\" = \"help\"\n\"ctrl-A\" = \"quit\"\n",
            "3:1: `ctrl-a` is bound twice",
        ),
        (
            "[list]\n\"z\" = \"next\"\n\"z z\" = \"first\"\n",
            "3:1: `z z` cannot be reached, `z` is bound",
        ),
        (
            "[editor]\n\"z\" = \"save\"\n",
            "2:1: `z` is text here and cannot be a key",
        ),
        (
            "[list]\n\"z\" = { do = \"next\", when = \"has-rows\" }\n",
            "2:29: no condition `has-rows`, did you mean `has-row`?",
        ),
        (
            "[list]\n\"z\" = 3\n",
            "2:7: expected an action name, a table with `do`, a list of those, or false",
        ),
    ];
    for (text, what) in cases {
        let error = over(text).unwrap_err();
        assert_eq!(error.to_string(), format!("keys.toml:{what}"));
    }
    assert_eq!(over("[global\n").unwrap_err().line, 1);
}

/// With an input method left on, every key of every keymap that is no text still works, and so do
/// the marks an input method gives for a key. (、 is what many give for the slash and for the
/// backslash; here it is the slash, and the backslash works as ＼ alone.)
#[test]
fn an_input_method_left_on_changes_no_key() {
    let marks = [
        ('/', '、'),
        ('.', '。'),
        ('?', '？'),
        (':', '：'),
        (';', '；'),
        ('"', '“'),
        ('"', '”'),
        ('\'', '‘'),
        ('<', '《'),
        ('>', '》'),
        ('[', '【'),
        (']', '】'),
        ('{', '「'),
        ('}', '」'),
        (',', '，'),
        ('!', '！'),
        ('(', '（'),
        (')', '）'),
        ('$', '￥'),
        ('^', '…'),
        ('_', '—'),
        ('`', '·'),
        (' ', '\u{3000}'),
    ];
    for preset in Preset::ALL {
        let map = Keymap::preset(preset);
        let mut tried = 0;
        for context in Context::ALL.iter().filter(|c| !c.text_input()) {
            for (keys, _) in map.bindings(*context) {
                for key in keys {
                    let Some(c) = key.typed() else { continue };
                    let wide = char::from_u32(c as u32 + 0xFEE0).filter(|_| c.is_ascii_graphic());
                    let all = wide.into_iter().chain(
                        marks
                            .iter()
                            .filter(|(ascii, _)| *ascii == c)
                            .map(|(_, m)| *m),
                    );
                    for mark in all {
                        tried += 1;
                        assert_eq!(KeyPress::char(mark).to_ascii(), key, "{mark}");
                    }
                }
            }
        }
        assert!(tried > 60, "{}", preset.name());
    }
}

#[test]
fn mistakes_are_told_in_the_language_of_the_person() {
    let error = over("[global]\n\"f2\" = \"halp\"\n").unwrap_err();
    {
        let _guard = crate::tui::testing::language("zh-CN");
        assert_eq!(
            error.message(),
            "keys.toml:2:8: 没有名为 halp 的操作。是不是 help？"
        );
    }
    let _guard = crate::tui::testing::language("en");
    assert_eq!(
        error.message(),
        "keys.toml:2:8: There is no action halp. Did you mean help?"
    );
}

/// Compares a generated file with the one in the repository, or writes it.
fn current(path: &str, wanted: &str) {
    let full = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(full.parent().unwrap()).unwrap();
        std::fs::write(&full, wanted).unwrap();
    }
    let found = std::fs::read_to_string(&full).unwrap_or_default();
    assert!(
        found == wanted,
        "{path} is stale: run `UPDATE_DOCS=1 cargo test --lib tui::keymap`"
    );
}

#[test]
fn the_key_reference_is_current() {
    for (language, path) in [("en", "docs/keys.md"), ("zh-CN", "docs/keys.zh-CN.md")] {
        let _guard = crate::tui::testing::language(language);
        current(path, &docs());
    }
}

#[test]
fn the_schema_is_current_and_knows_every_line_of_the_presets() {
    current("docs/keymap.schema.json", &schema());
    let schema: serde_json::Value = serde_json::from_str(&schema()).unwrap();
    for preset in Preset::ALL {
        for (file, text) in preset.files() {
            let table: toml::Table = text.parse().unwrap();
            for name in table.keys() {
                assert!(schema["properties"].get(name).is_some(), "{file}: {name}");
            }
        }
    }
}
