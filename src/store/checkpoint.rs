//! Checkpoints: signed statements of the head, kept in the store and outside it.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension};

use super::{Head, Result, Store, StoreError};
use crate::journal::{Checkpoint, Note, Signer};

/// Entries after which a checkpoint is due.
pub const EVERY: u64 = 1_000;
/// µs after which one is due even without so many entries.
pub const DAILY: i64 = 24 * 3600 * 1_000_000;

/// Where the copies outside the store go unless told otherwise: beside it, in `checkpoints/`.
/// Operations copies them to another place or prints them; they are plain text.
pub fn default_dir(store: &Path) -> PathBuf {
    store.with_file_name("checkpoints")
}

/// Position of the last checkpoint and when it was made.
pub fn last(conn: &Connection) -> Result<Option<(u64, i64)>> {
    let note: Option<(i64, String)> = conn
        .prepare_cached("SELECT seq, note FROM checkpoints ORDER BY seq DESC LIMIT 1")?
        .query_row([], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    Ok(note.and_then(|(seq, text)| {
        Note::parse(&text)
            .ok()
            .map(|n| (seq as u64, n.checkpoint.at))
    }))
}

/// Whether a checkpoint is due at this head.
pub fn is_due(conn: &Connection, head: &Head, now: i64) -> Result<bool> {
    if head.seq == 0 {
        return Ok(false);
    }
    Ok(match last(conn)? {
        None => head.seq >= EVERY,
        Some((seq, at)) => head.seq >= seq + EVERY || (head.seq > seq && now - at >= DAILY),
    })
}

/// Every checkpoint in the store, oldest first.
pub fn all(conn: &Connection) -> Result<Vec<String>> {
    let mut statement = conn.prepare("SELECT note FROM checkpoints ORDER BY seq")?;
    Ok(statement
        .query_map([], |r| r.get(0))?
        .collect::<rusqlite::Result<_>>()?)
}

impl Store {
    /// Signs the present head, keeps the note in the store and, when a directory is given, as a
    /// file there. Returns the note.
    pub fn checkpoint(
        &mut self,
        name: &str,
        signer: &dyn Signer,
        now: i64,
        dir: Option<&Path>,
    ) -> Result<String> {
        let head = self.head()?;
        let checkpoint = Checkpoint {
            origin: format!("qianfa/{}", head.journal),
            journal: head.journal,
            suite: head.suite,
            seq: head.seq,
            chain: head.chain,
            eff: head.eff,
            root: head.frontier.root(),
            at: now,
        };
        let note = checkpoint
            .sign(name, signer)
            .map_err(|e| StoreError::Damaged(format!("checkpoint: {e}")))?;
        self.conn.execute(
            "INSERT OR REPLACE INTO checkpoints (seq, note) VALUES (?1, ?2)",
            (head.seq as i64, &note),
        )?;
        if let Some(dir) = dir {
            write_outside(
                dir,
                &format!("{}-{:010}.txt", head.journal, head.seq),
                &note,
            )?;
        }
        Ok(note)
    }
}

fn write_outside(dir: &Path, name: &str, note: &str) -> Result<()> {
    let path = dir.join(name);
    let io = |source| StoreError::Io {
        path: path.clone(),
        source,
    };
    std::fs::create_dir_all(dir).map_err(io)?;
    let temp = dir.join(format!(".{name}.{}", std::process::id()));
    std::fs::write(&temp, note)
        .and_then(|()| std::fs::rename(&temp, &path))
        .map_err(io)
}

/// The notes found as files in a directory; what is no checkpoint of this journal is passed over.
pub fn outside(dir: &Path) -> Vec<String> {
    let Ok(list) = std::fs::read_dir(dir) else {
        return Vec::new();
    };
    let mut names: Vec<PathBuf> = list
        .filter_map(|e| e.ok().map(|e| e.path()))
        .filter(|p| p.extension().is_some_and(|x| x == "txt"))
        .collect();
    names.sort();
    names
        .iter()
        .filter_map(|p| std::fs::read_to_string(p).ok())
        .collect()
}
