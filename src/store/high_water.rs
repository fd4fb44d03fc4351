//! The high-water file beside the database: it catches a store that was cut off or replaced by an
//! older copy, which a chain alone cannot (design §5).

use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::append::Head;
use super::{Result, StoreError};
use crate::journal::highwater::{decode_for, encode_slot};
use crate::journal::{HighWater, JournalId};

/// Handle of the file; opened at the first write.
pub struct File {
    path: Option<PathBuf>,
    handle: Option<fs::File>,
    writes: bool,
}

/// The mark's place: the store's own name with `.high` appended.
pub fn path_of(store: &Path) -> PathBuf {
    let mut name = store.as_os_str().to_owned();
    name.push(".high");
    PathBuf::from(name)
}

/// The highest mark on file for a journal. No file, or an unreadable one, is no mark.
pub fn read(store: &Path, journal: JournalId) -> Option<HighWater> {
    decode_for(journal, &fs::read(path_of(store)).ok()?)
}

impl File {
    pub(super) fn beside(store: &Path) -> File {
        File {
            path: Some(path_of(store)),
            handle: None,
            writes: true,
        }
    }

    pub(super) fn read_only(store: &Path) -> File {
        File {
            path: Some(path_of(store)),
            handle: None,
            writes: false,
        }
    }

    pub(super) fn none() -> File {
        File {
            path: None,
            handle: None,
            writes: false,
        }
    }

    /// Writes the mark of a committed head: one small write into one of two slots, without a sync
    /// of its own. A mark that lags after a power cut is harmless, a torn slot leaves the other.
    pub(super) fn raise(&mut self, head: &Head) -> Result<()> {
        let Some(path) = self.path.as_ref().filter(|_| self.writes) else {
            return Ok(());
        };
        let io = |source| StoreError::Io {
            path: path.clone(),
            source,
        };
        if self.handle.is_none() {
            use std::os::unix::fs::OpenOptionsExt;
            let file = fs::OpenOptions::new()
                .create(true)
                .truncate(false)
                .write(true)
                .mode(0o600)
                .open(path)
                .map_err(io)?;
            self.handle = Some(file);
        }
        if let Some(file) = &mut self.handle {
            let mark = HighWater {
                journal: head.journal,
                suite: head.suite,
                seq: head.seq,
                chain: head.chain,
                recorded_at: head.recorded_at,
            };
            let (offset, slot) = encode_slot(&mark);
            file.seek(SeekFrom::Start(offset)).map_err(io)?;
            file.write_all(&slot).map_err(io)?;
        }
        Ok(())
    }
}
