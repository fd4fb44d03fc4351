//! The person's settings: `config.toml` in the configuration directory, over it the environment and
//! the command line.
//!
//! ```toml
//! language = "zh-CN"            # QIANFA_LANG, --lang
//! theme = "dark"                # QIANFA_THEME: light, dark, high-contrast, or a file
//! keys = "default"              # QIANFA_KEYS: default, vim, emacs
//! keymap = "keys.toml"          # one's own keys over the preset, relative to this file
//! ambiguous_width = "auto"      # QIANFA_WIDTH: auto, narrow, wide
//! ```

use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use serde::Deserialize;
use toml_edit::DocumentMut;

use crate::locale;
use crate::tui::keymap::Preset;
use crate::tui::theme::BuiltIn;

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

/// One setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// Language of all texts.
    Language,
    /// Colours.
    Theme,
    /// The preset of keys.
    Keys,
    /// The person's own keys.
    Keymap,
    /// Ambiguous width.
    Width,
}

/// Where a value comes from; later ones win.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// Nobody said anything.
    Default,
    /// The file.
    File,
    /// A variable of the environment.
    Environment,
    /// An option of the command line.
    CommandLine,
}

impl Setting {
    /// Every setting, in the order of the screen.
    pub const ALL: [Setting; 5] = [
        Setting::Language,
        Setting::Theme,
        Setting::Keys,
        Setting::Keymap,
        Setting::Width,
    ];

    /// Its name in the file; its words are `tui-setting-<name>` and `tui-setting-<name>-text`.
    pub const fn name(self) -> &'static str {
        match self {
            Setting::Language => "language",
            Setting::Theme => "theme",
            Setting::Keys => "keys",
            Setting::Keymap => "keymap",
            Setting::Width => "ambiguous_width",
        }
    }

    /// The variable that overrides it.
    pub const fn variable(self) -> Option<&'static str> {
        match self {
            Setting::Language => Some("QIANFA_LANG"),
            Setting::Theme => Some("QIANFA_THEME"),
            Setting::Keys => Some("QIANFA_KEYS"),
            Setting::Width => Some("QIANFA_WIDTH"),
            Setting::Keymap => None,
        }
    }

    /// The value where nobody said anything.
    pub const fn default(self) -> &'static str {
        match self {
            Setting::Language => locale::LANGUAGES[0],
            Setting::Theme => BuiltIn::Dark.name(),
            Setting::Keys => Preset::Default.name(),
            Setting::Keymap => "",
            Setting::Width => "auto",
        }
    }

    /// The values one can choose from; none where it is a file.
    pub fn values(self) -> Vec<&'static str> {
        match self {
            Setting::Language => locale::LANGUAGES.to_vec(),
            Setting::Theme => BuiltIn::ALL.iter().map(|t| t.name()).collect(),
            Setting::Keys => Preset::ALL.iter().map(|p| p.name()).collect(),
            Setting::Keymap => Vec::new(),
            Setting::Width => vec!["auto", "narrow", "wide"],
        }
    }

    fn of(self, settings: &Settings) -> Option<String> {
        match self {
            Setting::Language => settings.language.clone(),
            Setting::Theme => settings.theme.clone(),
            Setting::Keys => settings.keys.clone(),
            Setting::Keymap => settings.keymap.as_ref().map(|p| p.display().to_string()),
            Setting::Width => settings.ambiguous_width.clone(),
        }
    }
}

/// The file that cannot be used, and why; it names line and column.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {text}", path.display())]
pub struct ConfigError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong.
    pub text: String,
}

impl ConfigError {
    fn io(path: &Path, error: &std::io::Error) -> Self {
        Self {
            path: path.to_owned(),
            text: error.to_string(),
        }
    }
}

/// The settings of a file and what lies over them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// The file, whether it is there or not; none where the system has no place for one.
    pub path: Option<PathBuf>,
    /// What the file says, relative paths as they stand there.
    pub file: Settings,
    /// What variables of the environment say.
    pub environment: Settings,
    /// The language named on the command line.
    pub command_line: Option<String>,
    /// What is wrong with the file; it is then as if it said nothing.
    pub broken: Option<ConfigError>,
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

/// Reads a file of settings. One that is not there says nothing.
pub fn read(path: &Path) -> Result<Settings, ConfigError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(Settings::default());
        }
        Err(error) => return Err(ConfigError::io(path, &error)),
    };
    let settings: Settings = toml::from_str(&text).map_err(|error| ConfigError {
        path: path.to_owned(),
        text: error.to_string(),
    })?;
    for setting in Setting::ALL {
        let values = setting.values();
        // A theme may also be a file of one's own.
        let named = setting.of(&settings).filter(|_| setting != Setting::Theme);
        if let Some(value) = named.filter(|v| !values.is_empty() && !values.contains(&v.as_str())) {
            return Err(ConfigError {
                path: path.to_owned(),
                text: format!("{} = {value:?}: {}", setting.name(), values.join(", ")),
            });
        }
    }
    Ok(settings)
}

impl Source {
    /// What this process was started with.
    pub fn load(command_line: Option<String>) -> Self {
        let mut source = Self::at(path(), |name| std::env::var(name).ok());
        source.command_line = command_line;
        source
    }

    /// The settings of a file, with variables looked up by `variable`.
    pub fn at(path: Option<PathBuf>, variable: impl Fn(&str) -> Option<String>) -> Self {
        let over = |setting: Setting| setting.variable().and_then(&variable);
        let environment = Settings {
            language: over(Setting::Language),
            theme: over(Setting::Theme),
            keys: over(Setting::Keys),
            keymap: None,
            ambiguous_width: over(Setting::Width),
        };
        let mut source = Self {
            path,
            environment,
            ..Self::default()
        };
        source.reread();
        source
    }

    fn reread(&mut self) {
        match self.path.as_deref().map(read) {
            Some(Ok(file)) => (self.file, self.broken) = (file, None),
            Some(Err(error)) => (self.file, self.broken) = (Settings::default(), Some(error)),
            None => {}
        }
    }

    /// A value and where it comes from.
    pub fn value(&self, setting: Setting) -> (String, From) {
        if setting == Setting::Language
            && let Some(tag) = &self.command_line
        {
            return (tag.clone(), From::CommandLine);
        }
        if let Some(value) = setting.of(&self.environment) {
            return (value, From::Environment);
        }
        match setting.of(&self.file) {
            Some(value) => (value, From::File),
            None => (setting.default().to_owned(), From::Default),
        }
    }

    /// Everything laid over each other, paths made whole.
    pub fn in_force(&self) -> Settings {
        let said = |setting: Setting| {
            let (value, from) = self.value(setting);
            (from != From::Default).then_some(value)
        };
        Settings {
            language: said(Setting::Language),
            theme: said(Setting::Theme),
            keys: said(Setting::Keys),
            keymap: self.keymap_path(),
            ambiguous_width: said(Setting::Width),
        }
    }

    /// One's own keys: relative to the file that names them, wherever the program is started.
    pub fn keymap_path(&self) -> Option<PathBuf> {
        let keymap = self.file.keymap.as_ref()?;
        let dir = self.path.as_deref().and_then(Path::parent);
        Some(dir.map_or_else(|| keymap.clone(), |dir| dir.join(keymap)))
    }

    /// Writes one value into the file, or takes it out; everything else in it stays as it was,
    /// comments too. A broken file is left alone.
    pub fn set(&mut self, setting: Setting, value: Option<&str>) -> Result<(), ConfigError> {
        let Some(path) = self.path.clone() else {
            return Err(ConfigError {
                path: PathBuf::new(),
                text: crate::tr!("tui-setting-no-place"),
            });
        };
        // What the file says now counts, not what it said when the program began.
        self.reread();
        if let Some(broken) = &self.broken {
            return Err(broken.clone());
        }
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(ConfigError::io(&path, &error)),
        };
        let mut document: DocumentMut =
            text.parse()
                .map_err(|error: toml_edit::TomlError| ConfigError {
                    path: path.clone(),
                    text: error.to_string(),
                })?;
        match value {
            Some(value) => match document
                .get_mut(setting.name())
                .and_then(|i| i.as_value_mut())
            {
                Some(old) => {
                    // The comment behind a value is part of its decor.
                    let decor = old.decor().clone();
                    *old = value.into();
                    *old.decor_mut() = decor;
                }
                None => document[setting.name()] = toml_edit::value(value),
            },
            None => drop(document.remove(setting.name())),
        }
        write(&path, &document.to_string())?;
        self.reread();
        Ok(())
    }
}

/// Beside the old file first, so that a full disk leaves the old one.
fn write(path: &Path, text: &str) -> Result<(), ConfigError> {
    let io = |error: std::io::Error| ConfigError::io(path, &error);
    if let Some(dir) = path.parent().filter(|d| !d.as_os_str().is_empty()) {
        std::fs::create_dir_all(dir).map_err(io)?;
    }
    let beside = path.with_extension("toml.new");
    std::fs::write(&beside, text).map_err(io)?;
    std::fs::rename(&beside, path).map_err(io)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config.toml");
        std::fs::write(&path, text).unwrap();
        (dir, path)
    }

    #[test]
    fn the_later_word_counts() {
        let (_dir, path) = file("theme = \"light\"\nkeys = \"vim\"\n");
        let mut source = Source::at(Some(path), |name| {
            (name == "QIANFA_KEYS").then(|| "emacs".to_owned())
        });
        assert_eq!(source.value(Setting::Theme), ("light".into(), From::File));
        assert_eq!(
            source.value(Setting::Keys),
            ("emacs".into(), From::Environment)
        );
        assert_eq!(source.value(Setting::Width), ("auto".into(), From::Default));
        assert_eq!(source.value(Setting::Language).1, From::Default);
        source.command_line = Some("en".to_owned());
        assert_eq!(
            source.value(Setting::Language),
            ("en".into(), From::CommandLine)
        );
        assert_eq!(source.in_force().keys.as_deref(), Some("emacs"));
        assert_eq!(source.in_force().ambiguous_width, None);
    }

    #[test]
    fn comments_and_order_stay_where_a_value_is_written() {
        let before = "# mine\nkeys = \"vim\"   # since 2020\n\n# colours\ntheme = \"dark\"\n";
        let (_dir, path) = file(before);
        let mut source = Source::at(Some(path.clone()), |_| None);
        source.set(Setting::Keys, Some("emacs")).unwrap();
        source.set(Setting::Width, Some("wide")).unwrap();
        let after = std::fs::read_to_string(&path).unwrap();
        assert_eq!(
            after,
            "# mine\nkeys = \"emacs\"   # since 2020\n\n# colours\ntheme = \"dark\"\nambiguous_width = \"wide\"\n"
        );
        source.set(Setting::Width, None).unwrap();
        source.set(Setting::Keys, Some("vim")).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), before);
    }

    #[test]
    fn a_file_that_is_not_there_is_made_and_a_broken_one_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("new/config.toml");
        let mut source = Source::at(Some(path.clone()), |_| None);
        source.set(Setting::Theme, Some("light")).unwrap();
        assert_eq!(
            std::fs::read_to_string(&path).unwrap(),
            "theme = \"light\"\n"
        );
        let broken = "theme = \"light\"\nkeyz = 3\n";
        std::fs::write(&path, broken).unwrap();
        let error = source.set(Setting::Theme, Some("dark")).unwrap_err();
        assert!(
            error.text.contains("keyz") && error.text.contains("line 2"),
            "{error}"
        );
        assert_eq!(std::fs::read_to_string(&path).unwrap(), broken);
        let unknown = Source::at(Some(file("keys = \"wordstar\"\n").1), |_| None);
        assert_eq!(unknown.broken, None, "the file is gone with its directory");
        let (_dir, path) = file("keys = \"wordstar\"\n");
        assert!(read(&path).unwrap_err().text.contains("wordstar"));
    }

    #[test]
    fn own_keys_are_looked_for_beside_the_file() {
        let (dir, path) = file("keymap = \"keys.toml\"\n");
        let source = Source::at(Some(path), |_| None);
        assert_eq!(source.keymap_path(), Some(dir.path().join("keys.toml")));
        assert_eq!(
            source.value(Setting::Keymap),
            ("keys.toml".into(), From::File)
        );
    }
}
