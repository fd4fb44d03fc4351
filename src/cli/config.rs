//! The person's settings: `config.toml` in the configuration directory, over it the environment.
//!
//! ```toml
//! language = "zh-CN"            # QIANFA_LANG
//! theme = "dark"                # QIANFA_THEME: light, dark, high-contrast, or a file
//! keys = "default"              # QIANFA_KEYS: default, vim, emacs
//! keymap = "keys.toml"          # one's own keys over the preset, relative to this file
//! ambiguous_width = "auto"      # QIANFA_WIDTH: auto, narrow, wide
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
    /// How wide ambiguous characters are.
    pub ambiguous_width: Option<String>,
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
    let known = |name: &str, value: Option<&String>, is: bool| match value {
        Some(value) if !is => Err(format!("{name} = {value:?}")),
        _ => Ok(()),
    };
    let keys = settings.keys.as_ref();
    known(
        "keys",
        keys,
        keys.is_none_or(|k| Preset::by_name(k).is_some()),
    )?;
    let width = settings.ambiguous_width.as_ref();
    known(
        "ambiguous_width",
        width,
        width.is_none_or(|w| AmbiguousWidth::by_name(w).is_some()),
    )
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
    over("QIANFA_WIDTH", &mut settings.ambiguous_width);
    Ok(settings)
}
