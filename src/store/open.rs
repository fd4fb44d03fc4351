//! Opening and founding the file: pragmas, version guard, migrations.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension};

use super::{Result, Store, StoreError, high_water};
use crate::journal::{JournalId, Suite};

/// `application_id` of a store, the bytes "QFqf".
const APPLICATION_ID: i32 = 0x5146_7166;

/// Earlier versions carry the bug in which resetting a WAL can lose commits.
const OLDEST_SQLITE: i32 = 3_051_003;

/// How long one process waits for another that is writing.
pub(super) const BUSY: Duration = Duration::from_secs(20);

/// Pages of the write-ahead log after which it is copied into the database: 16 MiB.
const WAL_PAGES: i64 = 4_000;

const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/0001_journal.sql"),
    include_str!("../../migrations/0002_fold.sql"),
    include_str!("../../migrations/0003_local.sql"),
    include_str!("../../migrations/0004_second.sql"),
];

/// How hard a commit is pressed into the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sync {
    /// Every acknowledged act survives a power cut. The product always uses this.
    #[default]
    Full,
    /// Survives a killed process, not a power cut; for measurements and throw-away stores.
    Normal,
}

/// How to open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OpenMode {
    /// See [`Sync`].
    pub sync: Sync,
    /// Look, do not touch.
    pub read_only: bool,
}

impl Store {
    /// Opens an existing store and brings its tables up to this program's version.
    pub fn open(path: &Path, mode: OpenMode) -> Result<Store> {
        if !path.is_file() {
            return Err(StoreError::NotFound(path.to_owned()));
        }
        let flags = if mode.read_only {
            OpenFlags::SQLITE_OPEN_READ_ONLY
        } else {
            OpenFlags::SQLITE_OPEN_READ_WRITE
        };
        let mut conn = connect(path, flags, mode)?;
        migrate(&mut conn, mode.read_only)?;
        let mut store = Self::assemble(conn, path, mode)?;
        store.scrub_if_pending()?;
        Ok(store)
    }

    /// Makes the file of a new journal. The first entry is for the caller to append.
    pub fn create(path: &Path, journal: JournalId, suite: Suite, mode: OpenMode) -> Result<Store> {
        if path.exists() {
            return Err(StoreError::Exists(path.to_owned()));
        }
        if let Some(dir) = path.parent().filter(|d| !d.as_os_str().is_empty()) {
            std::fs::create_dir_all(dir).map_err(|source| StoreError::Io {
                path: dir.to_owned(),
                source,
            })?;
        }
        let mut conn = connect(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
            mode,
        )?;
        keep_private(path)?;
        migrate(&mut conn, false)?;
        found_meta(&conn, journal, suite)?;
        conn.pragma_update(None, "application_id", APPLICATION_ID)?;
        Self::assemble(conn, path, mode)
    }

    /// A store in memory for replays and for tests of the pure fold.
    pub fn scratch(journal: JournalId, suite: Suite) -> Result<Store> {
        let mut conn = Connection::open_in_memory()?;
        guard_version()?;
        conn.pragma_update(None, "foreign_keys", true)?;
        migrate(&mut conn, false)?;
        found_meta(&conn, journal, suite)?;
        Ok(Store {
            conn,
            path: Path::new(":memory:").to_owned(),
            journal,
            suite,
            org: None,
            high_water: high_water::File::none(),
            read_only: false,
        })
    }

    fn assemble(conn: Connection, path: &Path, mode: OpenMode) -> Result<Store> {
        let meta = |key: &str| -> Result<String> {
            conn.query_row("SELECT value FROM meta WHERE key = ?1", [key], |r| r.get(0))
                .optional()?
                .ok_or_else(|| StoreError::Foreign(path.to_owned()))
        };
        let journal = meta("journal")?
            .parse()
            .map_err(|_| StoreError::Damaged("meta.journal".into()))?;
        let suite = meta("suite")?
            .parse()
            .map_err(|_| StoreError::Upgrade("suite".into()))?;
        let high_water = if mode.read_only {
            high_water::File::read_only(path)
        } else {
            high_water::File::beside(path)
        };
        Ok(Store {
            conn,
            path: path.to_owned(),
            journal,
            suite,
            org: None,
            high_water,
            read_only: mode.read_only,
        })
    }
}

fn found_meta(conn: &Connection, journal: JournalId, suite: Suite) -> Result<()> {
    conn.execute(
        "INSERT INTO meta (key, value) VALUES ('journal', ?1), ('suite', ?2)",
        (journal.to_string(), suite.name()),
    )?;
    Ok(())
}

fn guard_version() -> Result<()> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(StoreError::SqliteTooOld(rusqlite::version().to_owned()));
    }
    Ok(())
}

fn connect(path: &Path, flags: OpenFlags, mode: OpenMode) -> Result<Connection> {
    guard_version()?;
    let conn = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    conn.busy_timeout(BUSY)?;
    // Asked before anything is set: another program's database is not to be turned into WAL.
    if !flags.contains(OpenFlags::SQLITE_OPEN_CREATE) {
        let foreign = |error: rusqlite::Error| match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase) => StoreError::Foreign(path.to_owned()),
            _ => error.into(),
        };
        let id: i32 = conn
            .query_row("PRAGMA application_id", [], |r| r.get(0))
            .map_err(foreign)?;
        if id != APPLICATION_ID {
            return Err(StoreError::Foreign(path.to_owned()));
        }
    }
    conn.pragma_update(None, "foreign_keys", true)?;
    // A leaked text that was purged must not be left in free pages.
    conn.pragma_update(None, "secure_delete", true)?;
    conn.pragma_update(None, "trusted_schema", false)?;
    conn.pragma_update(None, "cache_size", -16_384)?;
    if !mode.read_only {
        conn.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        let level = if mode.sync == Sync::Full {
            "FULL"
        } else {
            "NORMAL"
        };
        conn.pragma_update(None, "synchronous", level)?;
        // Pages that change with every act (head, indexes on the last movement) are then copied into
        // the database once in some two hundred acts instead of once in fifty.
        conn.pragma_update_and_check(None, "wal_autocheckpoint", WAL_PAGES, |_| Ok(()))?;
    }
    conn.set_prepared_statement_cache_capacity(256);
    Ok(conn)
}

fn version(conn: &Connection) -> Result<usize> {
    Ok(conn.query_row("PRAGMA user_version", [], |r| r.get::<_, i64>(0))? as usize)
}

/// Brings `user_version` up to the number of files in `migrations/`, each in its own transaction.
fn migrate(conn: &mut Connection, read_only: bool) -> Result<()> {
    let mut done = version(conn)?;
    if done > MIGRATIONS.len() {
        return Err(StoreError::Upgrade(format!("schema {done}")));
    }
    while done < MIGRATIONS.len() {
        if read_only {
            return Err(StoreError::Upgrade(format!("schema {done}, read-only")));
        }
        let tx = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        // Another process may have been here first.
        let now = version(&tx)?;
        if now == done {
            tx.execute_batch(MIGRATIONS[done])?;
            tx.pragma_update(None, "user_version", (done + 1) as i64)?;
            tx.commit()?;
        } else {
            drop(tx);
        }
        done = version(conn)?;
    }
    Ok(())
}

/// Unpublished text is nobody else's business on a shared host: mode 0600.
fn keep_private(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).map_err(|source| {
        StoreError::Io {
            path: path.to_owned(),
            source,
        }
    })
}
