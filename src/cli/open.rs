//! The console from the command line.

use std::path::Path;
use std::sync::Arc;

use super::config::{self, Settings};
use super::context::{Context, code, read_text};
use super::{Done, log, out};
use crate::demo::PASSPHRASE;
use crate::desk::{Desk, DeskError, Result, SystemClock, exit, login};
use crate::journal::SoftKey;
use crate::store::{OpenMode, Store, keyfile};
use crate::tui::colour::Depth;
use crate::tui::console::config::AUTO;
use crate::tui::console::seat::{Sitter, Start, Way};
use crate::tui::console::{Config, run};
use crate::tui::keymap::Preset;
use crate::tui::probe::AmbiguousWidth;
use crate::tui::run::Options;
use crate::tui::theme::{BuiltIn, Styles, Theme};

/// The console over a store of one's own: it asks who is there.
pub fn console(cx: &mut Context, item: Option<String>, compare: Option<&str>) -> Done {
    let compare = compare.map(versions).transpose()?;
    let path = cx.store_path();
    let mut store = cx.open(false)?;
    let org = store.org()?;
    drop(store);
    // Those with a key file here, the one named with --as first.
    let mut people: Vec<Sitter> = org
        .persons
        .values()
        .filter(|p| !p.left)
        .map(|p| (p.login.clone(), cx.key_file(&p.login)))
        .filter(|(_, file)| file.is_file())
        .map(|(login, file)| Sitter {
            login,
            way: Way::File(file),
        })
        .collect();
    people.sort_by_key(|s| {
        (
            Some(s.login.as_str()) != cx.global.person.as_deref(),
            s.login.clone(),
        )
    });
    let start = Start::Login(Box::new(move || {
        Ok(Store::open(&path, OpenMode::default())?)
    }));
    let config = Config {
        compare,
        ..Config::new(start, people)
    };
    show(cx, config, item)
}

/// Two revisions written `2..3`.
fn versions(text: &str) -> Result<(u32, u32)> {
    text.split_once("..")
        .and_then(|(a, b)| Some((a.trim().parse().ok()?, b.trim().parse().ok()?)))
        .filter(|(a, b)| *a > 0 && *b > 0)
        .ok_or_else(|| DeskError::Usage {
            key: "error-compare",
            about: text.to_owned(),
        })
}

/// The console over the sample province: every key is unlocked, one visitor tries every role.
pub fn demo(cx: &mut Context, path: &Path) -> Done {
    let mut store = Store::open(path, OpenMode::default())?;
    let org = store.org()?;
    drop(store);
    let mut people = Vec::new();
    for person in org.persons.values().filter(|p| !p.left) {
        let file = keyfile::path_of(path, &person.login);
        if file.is_file() {
            let key = SoftKey::open(&keyfile::read(&file)?, PASSPHRASE)?;
            people.push(Sitter {
                login: person.login.clone(),
                way: Way::Unlocked(Arc::new(key)),
            });
        }
    }
    people.sort_by(|a, b| a.login.cmp(&b.login));
    let first = cx
        .global
        .person
        .clone()
        .unwrap_or_else(|| "editor".to_owned());
    let (at, file) = (path.to_owned(), keyfile::path_of(path, &first));
    let start = Start::Seated(Box::new(move || -> Result<Desk> {
        let store = Store::open(&at, OpenMode::default())?;
        login::login(store, &first, &file, PASSPHRASE, Box::new(SystemClock))
    }));
    let config = Config {
        lock_after: None,
        ..Config::new(start, people)
    };
    show(cx, config, None)
}

fn show(cx: &Context, config: Config, item: Option<String>) -> Done {
    let settings = config::load()?;
    let config = apply(cx, config, &settings, item)?;
    let _guard = log::to_file();
    match run(config) {
        Ok(()) => Ok(exit::DONE),
        Err(error) => {
            out::note(&error.message());
            Ok(exit::FAILURE)
        }
    }
}

fn apply(
    cx: &Context,
    mut config: Config,
    settings: &Settings,
    item: Option<String>,
) -> Result<Config> {
    config.item = item;
    config.settings = config::source(cx.global.lang.clone());
    config.language = cx.global.lang.clone().or_else(|| settings.language.clone());
    (config.preset, config.user_keys) = keys(settings)?;
    config.terminal = terminal(settings)?;
    // Colours are off for whoever asks for that everywhere (no-color.org).
    if config.terminal.depth == Depth::None {
        config.styles = Styles::plain();
        config.theme = None;
    } else if settings.theme.as_deref().is_none_or(|t| t == AUTO) {
        config.terminal.ask_light = true;
    } else if let Some(name) = &settings.theme {
        if let Some(theme) = BuiltIn::by_name(name) {
            config.styles = theme.styles();
            config.theme = Some(theme);
        } else {
            let styles = own_theme(name)?;
            config.own_theme = Some(styles.clone());
            config.styles = styles;
            config.theme = None;
        }
    }
    Ok(config)
}

/// The keymap and the person's own keys: name and text of his file.
pub(super) fn keys(settings: &Settings) -> Result<(Preset, Option<(String, String)>)> {
    let preset = match &settings.keys {
        Some(keys) => code(keys, Preset::by_name)?,
        None => Preset::Default,
    };
    let user = match &settings.keymap {
        Some(path) => Some((path.display().to_string(), read_text(path)?)),
        None => None,
    };
    Ok((preset, user))
}

/// The theme in force, read to see that it can be: its name, or its file.
pub(super) fn theme(settings: &Settings) -> Result<String> {
    match settings.theme.as_deref() {
        None => Ok(AUTO.to_owned()),
        Some(name) if name == AUTO || BuiltIn::by_name(name).is_some() => Ok(name.to_owned()),
        Some(name) => {
            own_theme(name)?;
            Ok(config::theme_file(name).display().to_string())
        }
    }
}

/// Reads a person's own theme.
fn own_theme(name: &str) -> Result<Styles> {
    let file = config::theme_file(name);
    let shown = file.display().to_string();
    let theme = Theme::parse(&shown, &read_text(&file)?).map_err(|e| DeskError::Usage {
        key: "error-config",
        about: e.message(),
    })?;
    Ok(Styles::from_theme(&theme))
}

/// How the terminal is used, after the settings and the environment.
pub(super) fn terminal(settings: &Settings) -> Result<Options> {
    let set = &settings.terminal;
    let mut options = Options {
        compact: set.compact_output.unwrap_or(false),
        mouse: set.mouse.unwrap_or(true),
        depth: Depth::from_env(|name| std::env::var(name).ok()),
        ..Options::default()
    };
    if let Some(width) = &set.ambiguous_width {
        options.width = code(width, AmbiguousWidth::by_name)?;
    }
    if let Some(colours) = set.colours.as_deref().filter(|c| *c != "auto") {
        options.depth = code(colours, Depth::by_name)?;
    }
    Ok(options)
}

#[cfg(test)]
mod tests {
    use super::versions;

    #[test]
    fn two_revisions_are_read() {
        assert_eq!(versions("2..3").ok(), Some((2, 3)));
        for bad in ["", "2", "a..b", "0..3", "2..", "2...3"] {
            assert!(versions(bad).is_err(), "{bad}");
        }
    }
}
