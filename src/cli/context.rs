//! Where the store is, who acts, and with which passphrase.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;

use super::args::Global;
use crate::desk::{Desk, DeskError, Result, SystemClock, login};
use crate::store::{OpenMode, Store, StoreError, keyfile};

/// The options every command shares, and what follows from them.
pub struct Context {
    /// As given.
    pub global: Global,
}

impl Context {
    /// Over the given options.
    pub fn new(global: Global) -> Context {
        Context { global }
    }

    /// Whether programs read the output.
    pub fn json(&self) -> bool {
        self.global.json
    }

    /// The store's file: given, or in the user's data directory.
    pub fn store_path(&self) -> PathBuf {
        self.global.store.clone().unwrap_or_else(|| {
            ProjectDirs::from("", "", "qianfa").map_or_else(
                || PathBuf::from("qianfa.qf"),
                |dirs| dirs.data_dir().join("qianfa.qf"),
            )
        })
    }

    /// Opens the store.
    pub fn open(&self, read_only: bool) -> Result<Store> {
        Ok(Store::open(
            &self.store_path(),
            OpenMode {
                read_only,
                ..OpenMode::default()
            },
        )?)
    }

    /// The login that acts.
    pub fn login(&self) -> Result<String> {
        self.global.person.clone().ok_or(DeskError::Usage {
            key: "error-no-person",
            about: String::new(),
        })
    }

    /// A person's key file.
    pub fn key_file(&self, login: &str) -> PathBuf {
        match &self.global.key_file {
            Some(path) if self.global.person.as_deref() == Some(login) => path.clone(),
            _ => keyfile::path_of(&self.store_path(), login),
        }
    }

    /// The store with the acting person at the desk.
    pub fn desk(&self) -> Result<Desk> {
        let login = self.login()?;
        let store = self.open(false)?;
        let passphrase = self.passphrase(
            &login,
            "QIANFA_PASSPHRASE",
            self.global.passphrase_file.as_deref(),
        )?;
        let mut desk = login::login(
            store,
            &login,
            &self.key_file(&login),
            &passphrase,
            Box::new(SystemClock),
        )?;
        if self.global.clock_is_right {
            desk.confirm_clock()?;
        }
        Ok(desk)
    }

    /// Runs `work` with the second person at the desk, where one was named with `--second`.
    pub fn with_second<T>(
        &self,
        desk: &mut Desk,
        work: impl FnOnce(&mut Desk) -> Result<T>,
    ) -> Result<Option<T>> {
        let Some(login) = &self.global.second else {
            return Ok(None);
        };
        let passphrase = self.passphrase(login, "QIANFA_SECOND_PASSPHRASE", None)?;
        desk.log_in(login, &self.key_file(login), &passphrase)?;
        work(desk).map(Some)
    }

    /// A passphrase from a file, the environment, or a prompt.
    pub fn passphrase(&self, login: &str, variable: &str, file: Option<&Path>) -> Result<String> {
        if let Some(text) = given(variable, file)? {
            return Ok(text);
        }
        ask(login, "cli-passphrase-of")
    }

    /// A passphrase that is being set. At a prompt it is asked twice, or a slip of the finger would
    /// lock its owner out of a key that nobody can open again.
    pub fn new_passphrase(
        &self,
        login: &str,
        variable: &str,
        file: Option<&Path>,
    ) -> Result<String> {
        if let Some(text) = given(variable, file)? {
            return Ok(text);
        }
        let first = ask(login, "cli-passphrase-new-of")?;
        if ask(login, "cli-passphrase-again-of")? == first {
            return Ok(first);
        }
        Err(DeskError::Usage {
            key: "error-passphrase-differs",
            about: login.to_owned(),
        })
    }
}

/// What a file or the environment says.
fn given(variable: &str, file: Option<&Path>) -> Result<Option<String>> {
    if let Some(path) = file {
        let text = std::fs::read_to_string(path).map_err(|source| StoreError::Io {
            path: path.to_owned(),
            source,
        })?;
        return Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()));
    }
    Ok(std::env::var(variable).ok())
}

/// Asks at the terminal, where there is one.
fn ask(login: &str, prompt: &str) -> Result<String> {
    if std::io::stdin().is_terminal() {
        let prompt = crate::locale::by_id(prompt, &[("login", login.to_owned())]);
        if let Ok(text) = rpassword::prompt_password(prompt) {
            return Ok(text);
        }
    }
    Err(DeskError::Usage {
        key: "error-no-passphrase",
        about: login.to_owned(),
    })
}

/// A code among the values of an enum, or a usage error naming it.
pub fn code<T>(text: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T> {
    parse(text).ok_or_else(|| DeskError::Usage {
        key: "error-code",
        about: text.to_owned(),
    })
}

/// A whole file, or standard input for `-`.
pub fn read_input(path: &Path) -> Result<Vec<u8>> {
    use std::io::Read;
    let io = |source| {
        DeskError::Store(StoreError::Io {
            path: path.to_owned(),
            source,
        })
    };
    // One byte more than the largest body, so that too large is told from just fitting.
    let limit = crate::store::bodies::MAX_BODY as u64 + 1;
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        std::io::stdin()
            .lock()
            .take(limit)
            .read_to_end(&mut bytes)
            .map_err(io)?;
    } else {
        std::fs::File::open(path)
            .and_then(|f| f.take(limit).read_to_end(&mut bytes))
            .map_err(io)?;
    }
    Ok(bytes)
}

/// Text of a file: UTF-8 or GB18030, as the importer reads it.
pub fn read_text(path: &Path) -> Result<String> {
    let bytes = read_input(path)?;
    let bad = || DeskError::Usage {
        key: "error-encoding",
        about: path.display().to_string(),
    };
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text
            .strip_prefix('\u{feff}')
            .map(ToOwned::to_owned)
            .unwrap_or(text)),
        Err(error) => encoding_rs::GB18030
            .decode_without_bom_handling_and_without_replacement(error.as_bytes())
            .map(std::borrow::Cow::into_owned)
            .ok_or_else(bad),
    }
}
