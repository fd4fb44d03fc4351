//! The person's settings: `config.toml` in the configuration directory, over it the environment.
//!
//! ```toml
//! language = "zh-CN"            # QIANFA_LANG
//! theme = "auto"                # QIANFA_THEME: auto, light, dark, high-contrast, or one's own:
//!                               # `mine` is themes/mine.toml beside this file, or a path
//! keys = "default"              # QIANFA_KEYS: default, vim, emacs
//! keymap = "keys.toml"          # one's own keys over the preset, relative to this file
//! zone = "Asia/Shanghai"        # times are shown and typed in it
//! autosave_seconds = 3          # after the last key, 1 to 600
//! page_rows = 10                # rows of a page key; without it a windowful
//!
//! [terminal]
//! ambiguous_width = "auto"      # QIANFA_WIDTH: auto, narrow, wide, safe
//! compact_output = false        # QIANFA_COMPACT: save bytes on a slow line
//! colours = "auto"              # QIANFA_COLOURS: auto, truecolor, 256, 16, none
//! mouse = true                  # QIANFA_MOUSE
//! ```

use std::path::PathBuf;

use directories::ProjectDirs;
use serde::Deserialize;

use crate::desk::{DeskError, Result};
use crate::locale;
use crate::store::StoreError;
use crate::tui::colour::Depth;
use crate::tui::console::config::{AUTO, AUTOSAVE_MOST, Setting, Source};
use crate::tui::keymap::Preset;
use crate::tui::probe::AmbiguousWidth;

/// Settings of the console.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// `zh-CN` or `en`.
    pub language: Option<String>,
    /// Name of a theme, or a file.
    pub theme: Option<String>,
    /// Name of a keymap.
    pub keys: Option<String>,
    /// File with one's own keys.
    pub keymap: Option<PathBuf>,
    /// Name of the zone times are shown in.
    pub zone: Option<String>,
    /// Seconds after the last key until text is kept.
    pub autosave_seconds: Option<u64>,
    /// Rows of a page key.
    pub page_rows: Option<u16>,
    /// How the terminal is used.
    pub terminal: Terminal,
}

/// What the terminal is like, where the program cannot find that out itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Terminal {
    /// How wide ambiguous characters are.
    pub ambiguous_width: Option<String>,
    /// Whether bytes are saved at the price of trusting the terminal's widths.
    pub compact_output: Option<bool>,
    /// How many colours there are.
    pub colours: Option<String>,
    /// Whether the mouse is used.
    pub mouse: Option<bool>,
}

/// Where the settings lie.
pub fn path() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("QIANFA_CONFIG") {
        return Some(PathBuf::from(path));
    }
    Some(
        ProjectDirs::from("", "", "qianfa")?
            .config_dir()
            .join("config.toml"),
    )
}

/// The file for the screen that changes it, and what lies over it in this process.
pub fn source(command_line: Option<String>) -> Source {
    let mut source = Source::at(path(), Some(check), |name| std::env::var(name).ok());
    source.command_line = command_line;
    source
}

/// Whether the program could start with a file of this text; what is wrong is named with its line.
fn check(text: &str) -> std::result::Result<(), String> {
    let settings: Settings = toml::from_str(text).map_err(|e| e.to_string())?;
    let wrong = |setting: Setting, value: String, values: String| {
        let (_, name) = setting.place();
        let line = line_of(text, setting).to_string();
        locale::by_id(
            "error-config-value",
            &[
                ("line", line),
                ("name", name.to_owned()),
                ("value", value),
                ("values", values),
            ],
        )
    };
    let terminal = &settings.terminal;
    let known: [(Setting, Option<&String>, fn(&str) -> bool); 5] = [
        (Setting::Language, settings.language.as_ref(), |l| {
            locale::LANGUAGES.contains(&l)
        }),
        (Setting::Keys, settings.keys.as_ref(), |k| {
            Preset::by_name(k).is_some()
        }),
        (Setting::Zone, settings.zone.as_ref(), |z| {
            jiff::tz::TimeZone::get(z).is_ok()
        }),
        (Setting::Width, terminal.ambiguous_width.as_ref(), |w| {
            AmbiguousWidth::by_name(w).is_some()
        }),
        (Setting::Colours, terminal.colours.as_ref(), |c| {
            c == AUTO || Depth::by_name(c).is_some()
        }),
    ];
    for (setting, value, is) in known {
        if let Some(value) = value.filter(|v| !is(v)) {
            let values = setting.values().join(" | ");
            return Err(wrong(setting, format!("{value:?}"), values));
        }
    }
    let within: [(Setting, Option<u64>, u64); 2] = [
        (Setting::Autosave, settings.autosave_seconds, AUTOSAVE_MOST),
        (Setting::PageRows, settings.page_rows.map(u64::from), 500),
    ];
    for (setting, value, most) in within {
        if let Some(value) = value.filter(|v| !(1..=most).contains(v)) {
            return Err(wrong(setting, value.to_string(), format!("1..{most}")));
        }
    }
    Ok(())
}

/// The line of the file that sets this, counted from 1.
fn line_of(text: &str, setting: Setting) -> usize {
    let (table, name) = setting.place();
    let mut here: Option<String> = None;
    for (n, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(head) = line.strip_prefix('[') {
            here = Some(head.trim_end_matches(']').trim().to_owned());
        } else if let Some((key, _)) = line.split_once('=') {
            let key = key.trim().trim_matches('"');
            let dotted = table.is_some_and(|t| here.is_none() && key == format!("{t}.{name}"));
            if dotted || (key == name && here.as_deref() == table) {
                return n + 1;
            }
        }
    }
    1
}

/// Reads the settings; without a file they are empty, and a file with a mistake is an error that
/// names file and line.
pub fn load() -> Result<Settings> {
    let mut settings = match path() {
        Some(path) if path.is_file() => {
            let text = std::fs::read_to_string(&path).map_err(|source| StoreError::Io {
                path: path.clone(),
                source,
            })?;
            let wrong = |error: String| DeskError::Usage {
                key: "error-config",
                about: format!("{}: {error}", path.display()),
            };
            check(&text).map_err(wrong)?;
            let mut settings: Settings =
                toml::from_str(&text).map_err(|error| wrong(error.to_string()))?;
            // Relative to the file it stands in, wherever the program is started.
            settings.keymap = settings
                .keymap
                .map(|k| path.parent().map_or(k.clone(), |dir| dir.join(&k)));
            settings
        }
        _ => Settings::default(),
    };
    let over = |name: &str, slot: &mut Option<String>| {
        if let Ok(value) = std::env::var(name) {
            *slot = Some(value);
        }
    };
    over("QIANFA_LANG", &mut settings.language);
    over("QIANFA_THEME", &mut settings.theme);
    over("QIANFA_KEYS", &mut settings.keys);
    over("QIANFA_WIDTH", &mut settings.terminal.ambiguous_width);
    over("QIANFA_COLOURS", &mut settings.terminal.colours);
    switch("QIANFA_COMPACT", &mut settings.terminal.compact_output)?;
    switch("QIANFA_MOUSE", &mut settings.terminal.mouse)?;
    Ok(settings)
}

/// Variables that lie over the file, for `doctor`.
pub const VARIABLES: &[&str] = &[
    "QIANFA_CONFIG",
    "QIANFA_STORE",
    "QIANFA_AS",
    "QIANFA_LANG",
    "QIANFA_THEME",
    "QIANFA_KEYS",
    "QIANFA_WIDTH",
    "QIANFA_COLOURS",
    "QIANFA_COMPACT",
    "QIANFA_MOUSE",
    "NO_COLOR",
];

/// Yes or no from the environment.
fn switch(name: &str, slot: &mut Option<bool>) -> Result<()> {
    if let Ok(value) = std::env::var(name) {
        *slot = Some(match value.as_str() {
            "1" | "true" | "on" | "yes" => true,
            "0" | "false" | "off" | "no" | "" => false,
            _ => {
                return Err(DeskError::Usage {
                    key: "error-config",
                    about: format!("{name}={value}"),
                });
            }
        });
    }
    Ok(())
}

/// The file of a theme that is not built in: a name stands for a file in `themes` beside the
/// settings, anything with a separator or `.toml` is a path.
pub fn theme_file(name: &str) -> PathBuf {
    let is_path = name.contains(['/', '\\']) || std::path::Path::new(name).extension().is_some();
    let beside = path().and_then(|p| p.parent().map(std::path::Path::to_owned));
    match beside {
        Some(dir) if is_path => dir.join(name),
        Some(dir) => dir.join("themes").join(format!("{name}.toml")),
        None => PathBuf::from(name),
    }
}

#[cfg(test)]
mod tests {
    use super::{Setting, check, line_of};

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let _zh = crate::tui::testing::language("zh-CN");
        assert_eq!(check(""), Ok(()));
        let good = "# mine\ntheme = \"auto\"\nzone = \"Asia/Urumqi\"\nautosave_seconds = 10\n\
                    page_rows = 5\n[terminal]\ncolours = \"256\"\n";
        assert_eq!(check(good), Ok(()));
        for (text, wanted) in [
            ("\n\nkeys = \"vi\"\n", "第 3 行：keys = \"vi\""),
            ("language = \"fr\"\n", "第 1 行：language"),
            ("# a\nzone = \"Mars/Base\"\n", "第 2 行：zone"),
            ("autosave_seconds = 0\n", "第 1 行：autosave_seconds = 0"),
            ("\npage_rows = 501\n", "第 2 行：page_rows"),
            (
                "[terminal]\n\nambiguous_width = \"broad\"\n",
                "第 3 行：ambiguous_width",
            ),
            ("a = 1\n", "line 1"),
            ("\ntheme = dark\n", "line 2"),
            ("page_rows = \"ten\"\n", "line 1"),
        ] {
            let error = check(text).err().unwrap_or_default();
            assert!(error.contains(wanted), "{text}: {error}");
        }
    }

    #[test]
    fn a_name_is_looked_for_in_its_table() {
        let text = "mouse = 1\n[terminal]\n mouse = true\n";
        assert_eq!(line_of(text, Setting::Mouse), 3);
        assert_eq!(line_of("terminal.mouse = true\n", Setting::Mouse), 1);
    }
}
