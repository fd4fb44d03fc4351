//! Room `store`: one SQLite file with the journal, the tables folded from it, and the bodies.
//!
//! * [`open`](Store::open): pragmas, version guard, migrations
//! * [`append`]: the one way an entry gets in, live or on replay
//! * [`fold`]: what an accepted entry does to the tables, through [`fx`], which hashes as it writes
//! * [`facts`], [`org`]: what the rules look at
//! * [`bodies`], [`search`]: texts, compressed, hash-checked; single Han characters, phrase queries
//! * [`query`]: reading for lists, queues, histories
//! * [`verify`], [`rebuild`]: the proof
//! * [`local`]: sessions, autosaves, lockouts, runner signs: this machine's own affairs

pub mod append;
pub mod backup;
pub mod bodies;
pub mod checkpoint;
pub mod facts;
pub mod fold;
pub mod fx;
pub mod high_water;
pub mod keyfile;
pub mod local;
mod open;
pub mod org;
pub mod packing;
pub mod query;
pub mod rebuild;
pub mod search;
pub mod verify;

use std::path::{Path, PathBuf};
use std::rc::Rc;

use rusqlite::{Connection, TransactionBehavior};

pub use append::{AppendError, Draft, Head, Receipt, Tx};
pub use open::{OpenMode, Sync};

use crate::journal::{Hash, JournalId, Suite};
use crate::rules::org::Org;

/// What can go wrong below the rules.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite said no: disk full, read-only, busy too long, damaged.
    #[error("sqlite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A file beside the store.
    #[error("{path}: {source}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The bundled SQLite is older than 3.51.3, which can lose commits when a WAL is reset.
    #[error("sqlite {0} is too old")]
    SqliteTooOld(String),
    /// There is no store at this place.
    #[error("no store at {0}")]
    NotFound(PathBuf),
    /// There is one already.
    #[error("a store exists at {0}")]
    Exists(PathBuf),
    /// The file is something else.
    #[error("{0} is not a store of this program")]
    Foreign(PathBuf),
    /// Written by a newer program: stop and upgrade, never guess.
    #[error("written by a newer version: {0}")]
    Upgrade(String),
    /// A body does not match its hash, or is missing.
    #[error("body {0} is damaged or missing")]
    Body(Hash),
    /// A body was destroyed by two people.
    #[error("body {0} was purged")]
    Purged(Hash),
    /// A text was destroyed, but the write-ahead log could not be emptied of it.
    #[error("the write-ahead log is still in use")]
    NotScrubbed,
    /// Something that the program itself wrote cannot be read back.
    #[error("damaged: {0}")]
    Damaged(String),
}

/// Result of the room.
pub type Result<T> = std::result::Result<T, StoreError>;

/// An open store. One connection; several processes may each have one on the same file.
pub struct Store {
    conn: Connection,
    path: PathBuf,
    journal: JournalId,
    suite: Suite,
    org: Option<(u64, Rc<Org>)>,
    high_water: high_water::File,
    read_only: bool,
}

impl Store {
    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The journal's id.
    pub fn journal(&self) -> JournalId {
        self.journal
    }

    /// The journal's algorithms.
    pub fn suite(&self) -> Suite {
        self.suite
    }

    /// The connection, for reading.
    pub fn conn(&self) -> &Connection {
        &self.conn
    }

    /// The connection, for this machine's own rows.
    pub(crate) fn conn_mut(&mut self) -> &mut Connection {
        &mut self.conn
    }

    /// Whether the store was opened for reading only.
    pub fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// The organisation as of the last structural entry, read again only when there is a new one.
    pub fn org(&mut self) -> Result<Rc<Org>> {
        let seq = append::org_seq(&self.conn)?;
        if let Some((at, org)) = &self.org
            && *at == seq
        {
            return Ok(Rc::clone(org));
        }
        let org = Rc::new(org::load(&self.conn, self.suite)?);
        self.org = Some((seq, Rc::clone(&org)));
        Ok(org)
    }

    /// Runs `work` in one write transaction. Either all of it is there afterwards or none; the
    /// high-water mark moves after the commit and never before.
    pub fn write<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&mut Tx<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let cached = self.org.take();
        let tx = self
            .conn
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(StoreError::from)?;
        let mut tx = Tx::begin(tx, self.journal, self.suite, cached)?;
        let value = work(&mut tx)?;
        let (head, org) = tx.commit()?;
        self.org = org;
        if let Some(head) = head
            && let Err(error) = self.high_water.raise(&head)
        {
            // The act is committed and must not be reported as failed; a mark that lags is harmless.
            tracing::warn!(%error, "high-water mark not written");
        }
        Ok(value)
    }

    /// One consistent view for several reads.
    pub fn read<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&Connection) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let tx = self.conn.transaction().map_err(StoreError::from)?;
        work(&tx)
    }

    /// Since when (µs) the file waits to be cleaned of a destroyed text's traces: the purge was done
    /// and the program ended, or others were reading, before the cleaning.
    pub fn scrub_pending(&self) -> Result<Option<i64>> {
        use rusqlite::OptionalExtension;
        Ok(self
            .conn
            .prepare_cached("SELECT since FROM scrub_pending")?
            .query_row([], |r| r.get(0))
            .optional()?)
    }

    /// Cleans up after a purge that was cut off, where nobody reads just now; else later.
    pub(super) fn scrub_if_pending(&mut self) -> Result<()> {
        if self.read_only || self.scrub_pending()?.is_none() {
            return Ok(());
        }
        self.conn.busy_timeout(std::time::Duration::from_secs(1))?;
        match self.scrub() {
            Ok(()) => tracing::info!("traces of a destroyed text removed"),
            Err(error) => tracing::warn!(%error, "traces of a destroyed text remain"),
        }
        Ok(self.conn.busy_timeout(open::BUSY)?)
    }

    /// After a purge: free pages were zeroed as they were freed; now the write-ahead log that still
    /// holds the old ones is emptied and the file shrunk. What is not reached stays noted as pending.
    pub fn scrub(&mut self) -> Result<()> {
        self.conn
            .execute_batch("INSERT INTO search (search) VALUES ('optimize');")?;
        self.empty_log()?;
        self.conn.execute_batch("VACUUM;")?;
        self.empty_log()?;
        self.conn.execute("DELETE FROM scrub_pending", [])?;
        Ok(())
    }

    /// A log that somebody still reads from stays, and SQLite says so in a column, not in an error.
    fn empty_log(&self) -> Result<()> {
        let busy: bool = self
            .conn
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |r| r.get(0))?;
        if busy {
            Err(StoreError::NotScrubbed)
        } else {
            Ok(())
        }
    }

    /// The head of the journal.
    pub fn head(&self) -> Result<Head> {
        append::read_head(&self.conn, self.suite)
    }
}
