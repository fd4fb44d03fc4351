//! The person's settings: `config.toml` in the configuration directory, over it the environment.
//!
//! ```toml
//! language = "zh-CN"            # QIANFA_LANG
//! theme = "dark"                # QIANFA_THEME: light, dark, high-contrast, or one's own:
//!                               # `mine` is themes/mine.toml beside this file, or a path
//! keys = "default"              # QIANFA_KEYS: default, vim, emacs
//! keymap = "keys.toml"          # one's own keys over the preset, relative to this file
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
use crate::store::StoreError;
use crate::tui::console::config::Source;
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

/// Whether the program could start with a file of this text.
fn check(text: &str) -> std::result::Result<(), String> {
    let settings: Settings = toml::from_str(text).map_err(|e| e.to_string())?;
    let known = |name: &str, value: Option<&String>, is: fn(&str) -> bool| match value {
        Some(value) if !is(value) => Err(format!("{name} = {value:?}")),
        _ => Ok(()),
    };
    known("keys", settings.keys.as_ref(), |k| {
        Preset::by_name(k).is_some()
    })?;
    let terminal = &settings.terminal;
    known("ambiguous_width", terminal.ambiguous_width.as_ref(), |w| {
        AmbiguousWidth::by_name(w).is_some()
    })
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
            let mut settings: Settings =
                toml::from_str(&text).map_err(|error| DeskError::Usage {
                    key: "error-config",
                    about: format!("{}: {error}", path.display()),
                })?;
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
