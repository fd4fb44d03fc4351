//! What goes wrong at the desk, and how it is told.

use crate::journal::KeyError;
use crate::locale;
use crate::rules::refusal::Refusal;
use crate::screening::words::ListError;
use crate::store::{AppendError, StoreError};

/// Exit statuses of the command line (design §10).
pub mod exit {
    /// Done
    pub const DONE: u8 = 0;
    /// Failure
    pub const FAILURE: u8 = 1;
    /// Usage
    pub const USAGE: u8 = 2;
    /// Refused by a rule
    pub const REFUSED: u8 = 3;
    /// Stale or conflict
    pub const STALE: u8 = 4;
    /// Integrity
    pub const INTEGRITY: u8 = 5;
}

/// Why an act did not happen.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// A rule says no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The thing moved since it was looked at; nothing typed is lost.
    #[error("stale: the item moved since entry {0}")]
    Stale(u64),
    /// The revision one worked from is not the latest any more.
    #[error("conflict: now at revision {now}")]
    Conflict {
        /// The present revision.
        now: u32,
    },
    /// The key file or passphrase.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Too many failed attempts.
    #[error("locked until {until}")]
    Locked {
        /// Instant, µs.
        until: i64,
    },
    /// No such login, or its key is not enrolled.
    #[error("no such login: {0}")]
    NoSuchLogin(String),
    /// The entry was not acceptable to the store.
    #[error("not acceptable: {0}")]
    Unacceptable(&'static str),
    /// Something given cannot be used; the key of a message and what it is about.
    #[error("{key}: {about}")]
    Usage {
        /// Message key.
        key: &'static str,
        /// What it is about.
        about: String,
    },
    /// Lines of a list that cannot be used.
    #[error("{} bad lines in the list", .0.len())]
    List(Vec<ListError>),
    /// Below the rules.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An export could not be written.
    #[error(transparent)]
    Report(#[from] crate::report::ReportError),
}

impl From<AppendError> for DeskError {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::Refused(refusal) => DeskError::Refused(refusal),
            AppendError::Stale(base) => DeskError::Stale(base),
            AppendError::Unacceptable(why) => DeskError::Unacceptable(why),
            AppendError::Store(error) => DeskError::Store(error),
        }
    }
}

impl From<rusqlite::Error> for DeskError {
    fn from(error: rusqlite::Error) -> Self {
        DeskError::Store(error.into())
    }
}

impl DeskError {
    /// Exit status of a command that ends with this.
    pub fn exit(&self) -> u8 {
        match self {
            DeskError::Refused(_) => exit::REFUSED,
            DeskError::Stale(_) | DeskError::Conflict { .. } => exit::STALE,
            DeskError::Usage { .. } | DeskError::NoSuchLogin(_) | DeskError::List(_) => exit::USAGE,
            DeskError::Store(StoreError::Body(_) | StoreError::Damaged(_))
            | DeskError::Unacceptable(_) => exit::INTEGRITY,
            DeskError::Store(StoreError::Sqlite(error))
                if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseCorrupt) =>
            {
                exit::INTEGRITY
            }
            DeskError::Key(_)
            | DeskError::Locked { .. }
            | DeskError::Store(_)
            | DeskError::Report(_) => exit::FAILURE,
        }
    }

    /// Stable id for programs: the rule of a refusal, else a short code.
    pub fn code(&self) -> &str {
        match self {
            DeskError::Refused(refusal) => refusal.rule,
            DeskError::Stale(_) => "item.stale",
            DeskError::Conflict { .. } => "item.conflict",
            DeskError::Key(_) => "key.unusable",
            DeskError::Locked { .. } => "login.locked",
            DeskError::NoSuchLogin(_) => "login.unknown",
            DeskError::Unacceptable(why) => why,
            DeskError::Usage { key, .. } => key,
            DeskError::List(_) => "list.lines",
            DeskError::Store(error) => store_code(error),
            DeskError::Report(_) => "report.failed",
        }
    }

    /// The message in the language in force: what happened and what to do next.
    pub fn message(&self) -> String {
        match self {
            DeskError::Refused(refusal) => refusal.message(),
            DeskError::Stale(_) => crate::tr!("error-stale"),
            DeskError::Conflict { now } => crate::tr!("error-conflict", revision = now.to_string()),
            DeskError::Key(KeyError::WrongPassphrase) => crate::tr!("error-wrong-passphrase"),
            DeskError::Key(KeyError::Passphrase(_)) => crate::tr!("error-passphrase-policy"),
            DeskError::Key(error) => crate::tr!("error-key", detail = error.to_string()),
            DeskError::Locked { until } => {
                crate::tr!("error-locked", until = locale::instant(*until))
            }
            DeskError::NoSuchLogin(name) => crate::tr!("error-no-login", name = name.clone()),
            DeskError::Unacceptable(why) => {
                crate::tr!("error-unacceptable", why = (*why).to_owned())
            }
            DeskError::Usage { key, about } => locale::by_id(key, &[("about", about.clone())]),
            DeskError::List(errors) => {
                let lines: Vec<String> = errors.iter().map(list_line).collect();
                crate::tr!("error-list", lines = lines.join("\n"))
            }
            DeskError::Store(error) => store_message(error),
            DeskError::Report(error) => error.message(),
        }
    }
}

fn list_line(error: &ListError) -> String {
    let fault = locale::by_id(
        &format!("screening-list-{}", error.fault.code()),
        &[("detail", error.detail.clone())],
    );
    crate::tr!(
        "error-list-line",
        line = error.line.to_string(),
        column = error.column.to_string(),
        fault = fault
    )
}

fn store_code(error: &StoreError) -> &'static str {
    match error {
        StoreError::Sqlite(_) => "store.sqlite",
        StoreError::Io { .. } => "store.io",
        StoreError::SqliteTooOld(_) => "store.sqlite-too-old",
        StoreError::NotFound(_) => "store.not-found",
        StoreError::Exists(_) => "store.exists",
        StoreError::Foreign(_) => "store.foreign",
        StoreError::Upgrade(_) => "store.upgrade",
        StoreError::Body(_) => "store.body",
        StoreError::Purged(_) => "store.purged",
        StoreError::NotScrubbed => "store.not-scrubbed",
        StoreError::Damaged(_) => "store.damaged",
    }
}

fn store_message(error: &StoreError) -> String {
    use rusqlite::ErrorCode;
    match error {
        StoreError::Sqlite(inner) => match inner.sqlite_error_code() {
            Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure) => crate::tr!("error-disk-full"),
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                crate::tr!("error-read-only")
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => crate::tr!("error-busy"),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                crate::tr!("error-corrupt")
            }
            _ => crate::tr!("error-sqlite", detail = inner.to_string()),
        },
        StoreError::Io { path, source } => {
            crate::tr!(
                "error-io",
                path = path.display().to_string(),
                detail = source.to_string()
            )
        }
        StoreError::SqliteTooOld(version) => {
            crate::tr!("error-sqlite-old", version = version.clone())
        }
        StoreError::NotFound(path) => {
            crate::tr!("error-no-store", path = path.display().to_string())
        }
        StoreError::Exists(path) => crate::tr!("error-exists", path = path.display().to_string()),
        StoreError::Foreign(path) => crate::tr!("error-foreign", path = path.display().to_string()),
        StoreError::Upgrade(what) => crate::tr!("error-upgrade", what = what.clone()),
        StoreError::Body(id) => crate::tr!("error-body", body = id.to_string()),
        StoreError::Purged(_) => crate::tr!("error-purged"),
        StoreError::NotScrubbed => crate::tr!("error-not-scrubbed"),
        StoreError::Damaged(what) => crate::tr!("error-damaged", what = what.clone()),
    }
}
