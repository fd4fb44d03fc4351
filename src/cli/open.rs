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
use crate::tui::console::seat::{Sitter, Start, Way};
use crate::tui::console::{Config, run};
use crate::tui::keymap::Preset;
use crate::tui::probe::AmbiguousWidth;
use crate::tui::theme::{BuiltIn, Styles, Theme};

/// The console over a store of one's own: it asks who is there.
pub fn console(cx: &mut Context, item: Option<String>) -> Done {
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
    show(cx, Config::new(start, people), item)
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
    if let Some(keys) = &settings.keys {
        config.preset = code(keys, Preset::by_name)?;
    }
    if let Some(width) = &settings.ambiguous_width {
        config.width = code(width, AmbiguousWidth::by_name)?;
    }
    if let Some(path) = &settings.keymap {
        config.user_keys = Some((path.display().to_string(), read_text(path)?));
    }
    // Colours are off for whoever asks for that everywhere (no-color.org).
    if std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty()) {
        config.styles = Styles::plain();
        config.theme = None;
    } else if let Some(name) = &settings.theme {
        if let Some(theme) = BuiltIn::by_name(name) {
            config.styles = theme.styles();
            config.theme = Some(theme);
        } else {
            let theme =
                Theme::parse(&read_text(Path::new(name))?).map_err(|e| DeskError::Usage {
                    key: "error-config",
                    about: format!("{name}: {e}"),
                })?;
            config.styles = Styles::from_theme(&theme);
            config.theme = None;
        }
    }
    Ok(config)
}
