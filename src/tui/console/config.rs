//! The file of the person's settings, for the screen that changes them: what it says, what lies over
//! it, and writing one value without touching the rest. What the values mean is the business of the
//! front door, which reads the same file when the program starts.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use toml_edit::{DocumentMut, Item};

use crate::locale;
use crate::tui::keymap::Preset;
use crate::tui::theme::BuiltIn;

/// Most seconds a text may wait to be kept.
pub const AUTOSAVE_MOST: u64 = 600;

/// The value that leaves it to the program.
pub const AUTO: &str = "auto";

/// One setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Setting {
    /// Language of all texts.
    Language,
    /// Colours.
    Theme,
    /// The preset of keys.
    Keys,
    /// The person's own keys.
    Keymap,
    /// How wide the terminal draws ambiguous characters.
    Width,
    /// How many colours there are.
    Colours,
    /// Save bytes on a slow line.
    Compact,
    /// Whether the mouse is used.
    Mouse,
    /// The zone times are shown in.
    Zone,
    /// Seconds after the last key until a text is kept.
    Autosave,
    /// Rows of a page key.
    PageRows,
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
    pub const ALL: [Setting; 11] = [
        Setting::Language,
        Setting::Theme,
        Setting::Keys,
        Setting::Keymap,
        Setting::Width,
        Setting::Colours,
        Setting::Compact,
        Setting::Mouse,
        Setting::Zone,
        Setting::Autosave,
        Setting::PageRows,
    ];

    /// Its table, where it stands in one, and its name in the file.
    pub const fn place(self) -> (Option<&'static str>, &'static str) {
        match self {
            Setting::Language => (None, "language"),
            Setting::Theme => (None, "theme"),
            Setting::Keys => (None, "keys"),
            Setting::Keymap => (None, "keymap"),
            Setting::Width => (Some("terminal"), "ambiguous_width"),
            Setting::Colours => (Some("terminal"), "colours"),
            Setting::Compact => (Some("terminal"), "compact_output"),
            Setting::Mouse => (Some("terminal"), "mouse"),
            Setting::Zone => (None, "zone"),
            Setting::Autosave => (None, "autosave_seconds"),
            Setting::PageRows => (None, "page_rows"),
        }
    }

    /// As it is named in messages: `tui-setting-<key>`, `tui-setting-<key>-text` and, for a value
    /// that has words, `tui-setting-<key>-<value>`.
    pub const fn key(self) -> &'static str {
        match self {
            Setting::Width => "width",
            Setting::Compact => "compact",
            Setting::Autosave => "autosave",
            Setting::PageRows => "page",
            other => other.place().1,
        }
    }

    /// The variable that overrides it.
    pub const fn variable(self) -> Option<&'static str> {
        match self {
            Setting::Language => Some("QIANFA_LANG"),
            Setting::Theme => Some("QIANFA_THEME"),
            Setting::Keys => Some("QIANFA_KEYS"),
            Setting::Width => Some("QIANFA_WIDTH"),
            Setting::Colours => Some("QIANFA_COLOURS"),
            Setting::Compact => Some("QIANFA_COMPACT"),
            Setting::Mouse => Some("QIANFA_MOUSE"),
            Setting::Keymap | Setting::Zone | Setting::Autosave | Setting::PageRows => None,
        }
    }

    /// The value where nobody said anything.
    pub const fn default(self) -> &'static str {
        match self {
            Setting::Language => locale::LANGUAGES[0],
            Setting::Theme | Setting::Width | Setting::Colours | Setting::PageRows => AUTO,
            Setting::Keys => Preset::Default.name(),
            Setting::Keymap => "",
            Setting::Compact => "false",
            Setting::Mouse => "true",
            Setting::Zone => locale::HOUSE_ZONE,
            Setting::Autosave => "3",
        }
    }

    /// The values one can choose from; none where it is a file.
    pub fn values(self) -> Vec<&'static str> {
        match self {
            Setting::Language => locale::LANGUAGES.to_vec(),
            Setting::Theme => {
                let named = BuiltIn::ALL.iter().map(|t| t.name());
                std::iter::once(AUTO).chain(named).collect()
            }
            Setting::Keys => Preset::ALL.iter().map(|p| p.name()).collect(),
            Setting::Keymap => Vec::new(),
            Setting::Width => vec![AUTO, "narrow", "wide", "safe"],
            Setting::Zone => vec![locale::HOUSE_ZONE, "Asia/Urumqi", "UTC"],
            Setting::Autosave => vec!["1", "2", "3", "5", "10", "30", "60"],
            Setting::PageRows => vec![AUTO, "5", "10", "15", "20", "30"],
            Setting::Colours => vec![AUTO, "truecolor", "256", "16", "none"],
            Setting::Compact | Setting::Mouse => vec!["true", "false"],
        }
    }

    /// A number, written without quotes.
    fn is_number(self) -> bool {
        matches!(self, Setting::Autosave | Setting::PageRows)
    }

    /// Yes or no, written without quotes.
    fn is_switch(self) -> bool {
        self.values() == ["true", "false"]
    }
}

/// The file that cannot be used, and why; the text names line and column.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {text}", path.display())]
pub struct ConfigError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong.
    pub text: String,
}

/// Says whether the front door could start with a file of this text.
pub type Check = fn(&str) -> Result<(), String>;

/// The settings of a file and what lies over them.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// The file, whether it is there or not; none where the system has no place for one.
    pub path: Option<PathBuf>,
    /// What the file says, relative paths as they stand there.
    pub file: BTreeMap<Setting, String>,
    /// What variables of the environment say.
    pub environment: BTreeMap<Setting, String>,
    /// The language named on the command line.
    pub command_line: Option<String>,
    /// What is wrong with the file; it is then as if it said nothing.
    pub broken: Option<ConfigError>,
    check: Option<Check>,
}

fn wrong(path: &Path, error: &dyn std::fmt::Display) -> ConfigError {
    ConfigError {
        path: path.to_owned(),
        text: error.to_string(),
    }
}

/// The text of a file; one that is not there is empty.
fn text_of(path: &Path) -> Result<String, ConfigError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(wrong(path, &error)),
    }
}

fn item(document: &DocumentMut, setting: Setting) -> Option<&Item> {
    let (table, name) = setting.place();
    match table {
        Some(table) => document.get(table)?.get(name),
        None => document.get(name),
    }
}

impl Source {
    /// The settings of a file, with variables looked up by `variable`.
    pub fn at(
        path: Option<PathBuf>,
        check: Option<Check>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Self {
        let over = |setting: &Setting| {
            let value = setting.variable().and_then(&variable)?;
            Some((*setting, value))
        };
        let mut source = Self {
            path,
            check,
            environment: Setting::ALL.iter().filter_map(over).collect(),
            ..Self::default()
        };
        source.reread();
        source
    }

    /// Reads the file again: somebody may have changed it meanwhile.
    pub fn reread(&mut self) {
        let Some(path) = self.path.clone() else {
            return;
        };
        match self.read(&path) {
            Ok(file) => (self.file, self.broken) = (file, None),
            Err(error) => (self.file, self.broken) = (BTreeMap::new(), Some(error)),
        }
    }

    fn read(&self, path: &Path) -> Result<BTreeMap<Setting, String>, ConfigError> {
        let text = text_of(path)?;
        if let Some(check) = self.check {
            check(&text).map_err(|e| wrong(path, &e))?;
        }
        let document: DocumentMut = text
            .parse()
            .map_err(|e: toml_edit::TomlError| wrong(path, &e))?;
        let mut file = BTreeMap::new();
        for setting in Setting::ALL {
            let Some(item) = item(&document, setting) else {
                continue;
            };
            let value = match (item.as_str(), item.as_bool(), item.as_integer()) {
                (Some(text), ..) => text.to_owned(),
                (_, Some(yes), _) => yes.to_string(),
                (.., Some(number)) => number.to_string(),
                _ => continue,
            };
            file.insert(setting, value);
        }
        Ok(file)
    }

    /// A value and where it comes from.
    pub fn value(&self, setting: Setting) -> (String, From) {
        if setting == Setting::Language
            && let Some(tag) = &self.command_line
        {
            return (tag.clone(), From::CommandLine);
        }
        if let Some(value) = self.environment.get(&setting) {
            return (value.clone(), From::Environment);
        }
        match self.file.get(&setting) {
            Some(value) => (value.clone(), From::File),
            None => (setting.default().to_owned(), From::Default),
        }
    }

    fn beside(&self, name: &str) -> PathBuf {
        let dir = self.path.as_deref().and_then(Path::parent);
        dir.map_or_else(|| PathBuf::from(name), |dir| dir.join(name))
    }

    /// How long after the last key a text is kept.
    pub fn autosave(&self) -> Duration {
        let (seconds, _) = self.value(Setting::Autosave);
        Duration::from_secs(seconds.parse().unwrap_or(3).clamp(1, AUTOSAVE_MOST))
    }

    /// Rows of a page key; none is a windowful.
    pub fn page_rows(&self) -> Option<u16> {
        self.value(Setting::PageRows).0.parse().ok()
    }

    /// One's own keys: relative to the file that names them, wherever the program is started.
    pub fn keymap_path(&self) -> Option<PathBuf> {
        let keymap = self.file.get(&Setting::Keymap)?;
        Some(self.beside(keymap))
    }

    /// The file of a theme that is not built in: a path, or a name in `themes` beside the file.
    pub fn theme_path(&self, name: &str) -> PathBuf {
        if name.contains('/') || Path::new(name).extension().is_some() {
            self.beside(name)
        } else {
            self.beside("themes").join(format!("{name}.toml"))
        }
    }

    /// As if the file said this, to see whether it could.
    pub fn pretend(&mut self, setting: Setting, value: Option<&str>) {
        match value {
            Some(value) => drop(self.file.insert(setting, value.to_owned())),
            None => drop(self.file.remove(&setting)),
        }
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
        let text = text_of(&path)?;
        let mut document: DocumentMut = text
            .parse()
            .map_err(|e: toml_edit::TomlError| wrong(&path, &e))?;
        let (table, name) = setting.place();
        let table = match table {
            Some(table) => {
                if document.get(table).is_none() {
                    document[table] = toml_edit::table();
                }
                document[table].as_table_like_mut()
            }
            None => Some(document.as_table_mut() as &mut dyn toml_edit::TableLike),
        };
        let Some(table) = table else {
            return Err(wrong(&path, &setting.place().1));
        };
        // A number has no word for "as it comes": then it does not stand there.
        match value.filter(|v| !(setting.is_number() && *v == AUTO)) {
            None => drop(table.remove(name)),
            Some(value) => {
                let mut new: toml_edit::Value = if setting.is_switch() {
                    (value == "true").into()
                } else if let (true, Ok(number)) = (setting.is_number(), value.parse::<i64>()) {
                    number.into()
                } else {
                    value.into()
                };
                match table.get_mut(name).and_then(Item::as_value_mut) {
                    Some(old) => {
                        // The comment behind a value is part of its decor.
                        *new.decor_mut() = old.decor().clone();
                        *old = new;
                    }
                    None => drop(table.insert(name, Item::Value(new))),
                }
            }
        }
        let text = document.to_string();
        if let Some(check) = self.check {
            check(&text).map_err(|e| wrong(&path, &e))?;
        }
        write(&path, &text)?;
        self.reread();
        Ok(())
    }
}

/// Beside the old file first, so that a full disk leaves the old one.
fn write(path: &Path, text: &str) -> Result<(), ConfigError> {
    let io = |error: std::io::Error| wrong(path, &error);
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

    fn no_keyz(text: &str) -> Result<(), String> {
        if text.contains("keyz") {
            Err("line 2: keyz".to_owned())
        } else {
            Ok(())
        }
    }

    fn source(path: PathBuf) -> Source {
        Source::at(Some(path), Some(no_keyz), |_| None)
    }

    #[test]
    fn the_later_word_counts() {
        let (_dir, path) = file("theme = \"light\"\nkeys = \"vim\"\n");
        let mut source = Source::at(Some(path), None, |name| {
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
    }

    #[test]
    fn comments_and_order_stay_where_a_value_is_written() {
        let before = "# mine\nkeys = \"vim\"   # since 2020\n\n# colours\ntheme = \"dark\"\n";
        let (_dir, path) = file(before);
        let mut source = source(path.clone());
        source.set(Setting::Keys, Some("emacs")).unwrap();
        source.set(Setting::Language, Some("en")).unwrap();
        let after = std::fs::read_to_string(&path).unwrap();
        assert!(
            after.contains(
                "# mine\nkeys = \"emacs\"   # since 2020\n\n# colours\ntheme = \"dark\"\n"
            ),
            "{after}"
        );
        assert!(after.contains("language = \"en\"\n"), "{after}");
        source.set(Setting::Language, None).unwrap();
        source.set(Setting::Keys, Some("vim")).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), before);
    }

    #[test]
    fn every_setting_is_written_and_read_back() {
        let (_dir, path) = file("# nothing yet\n");
        let mut source = source(path.clone());
        for setting in Setting::ALL {
            let value = setting.values().last().copied().unwrap_or("own.toml");
            source.set(setting, Some(value)).unwrap();
            assert_eq!(source.value(setting), (value.to_owned(), From::File));
        }
        for setting in Setting::ALL {
            source.set(setting, None).unwrap();
            assert_eq!(source.value(setting).1, From::Default);
        }
    }

    #[test]
    fn a_file_that_is_not_there_is_made_and_a_broken_one_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("new/config.toml");
        let mut source = source(path.clone());
        source.set(Setting::Theme, Some("light")).unwrap();
        assert_eq!(
            std::fs::read_to_string(&path).unwrap(),
            "theme = \"light\"\n"
        );
        for broken in ["theme = \"light\"\nkeyz = 3\n", "theme = \"lig\nht\"\n"] {
            std::fs::write(&path, broken).unwrap();
            let error = source.set(Setting::Theme, Some("dark")).unwrap_err();
            assert!(error.text.contains("line"), "{error}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), broken);
        }
    }

    #[test]
    fn own_keys_and_themes_are_looked_for_beside_the_file() {
        let (dir, path) = file("keymap = \"keys.toml\"\n");
        let source = source(path);
        assert_eq!(source.keymap_path(), Some(dir.path().join("keys.toml")));
        assert_eq!(
            source.theme_path("mine"),
            dir.path().join("themes/mine.toml")
        );
        assert_eq!(source.theme_path("a/b.toml"), dir.path().join("a/b.toml"));
    }
}
