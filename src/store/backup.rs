//! Online backup: a consistent copy while others go on writing.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::{Result, Store, StoreError, high_water};

/// Pages copied per step, small enough that writers hardly notice.
const PAGES: i32 = 512;

impl Store {
    /// Copies the store to a new file, reporting progress as pages done and pages in all. The
    /// copy carries its own high-water mark. An existing target is an error, an unfinished copy
    /// is removed.
    pub fn backup(&self, to: &Path, mut progress: impl FnMut(u64, u64)) -> Result<()> {
        if to.exists() {
            return Err(StoreError::Exists(to.to_owned()));
        }
        let mut temp = to.as_os_str().to_owned();
        temp.push(".part");
        let temp = std::path::PathBuf::from(temp);
        let copied = self.copy(&temp, &mut progress);
        let io = |source| StoreError::Io {
            path: to.to_owned(),
            source,
        };
        if let Err(error) = copied {
            let _ = std::fs::remove_file(&temp);
            return Err(error);
        }
        std::fs::rename(&temp, to).map_err(io)?;
        if let Ok(copy) = Store::open(to, super::OpenMode::default()) {
            let head = copy.head()?;
            let mut mark = high_water::File::beside(to);
            mark.raise(&head)?;
        }
        Ok(())
    }

    fn copy(&self, temp: &Path, progress: &mut impl FnMut(u64, u64)) -> Result<()> {
        let _ = std::fs::remove_file(temp);
        let mut target = Connection::open(temp)?;
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(temp, std::fs::Permissions::from_mode(0o600)).map_err(
                |source| StoreError::Io {
                    path: temp.to_owned(),
                    source,
                },
            )?;
        }
        {
            let backup = Backup::new(&self.conn, &mut target)?;
            loop {
                let step = backup.step(PAGES)?;
                let p = backup.progress();
                progress(
                    (p.pagecount - p.remaining).max(0) as u64,
                    p.pagecount.max(0) as u64,
                );
                match step {
                    StepResult::Done => break,
                    StepResult::More => {}
                    _ => std::thread::sleep(Duration::from_millis(20)),
                }
            }
        }
        // One file without a WAL beside it: a copy that forgets the WAL loses entries.
        target.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
        target.close().map_err(|(_, e)| e)?;
        let file = std::fs::File::open(temp).map_err(|source| StoreError::Io {
            path: temp.to_owned(),
            source,
        })?;
        file.sync_all().map_err(|source| StoreError::Io {
            path: temp.to_owned(),
            source,
        })
    }
}
