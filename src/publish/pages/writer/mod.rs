//! Releases of a site that a crash cannot tear.
//!
//! # The scheme
//!
//! Inside the site's directory lies `.qianfa`, readable by the writer alone, with a lock, a
//! staging directory and, while a release is under way, `intent.json`.
//!
//! 1. [`SiteWriter::stage`] writes each changed file into the staging directory and flushes it.
//!    Bytes that are live already are not written again.
//! 2. [`SiteWriter::commit`] checks that every target can be taken (no link, no directory, no
//!    missing right), makes missing directories, stages the new manifest, and then gives
//!    `intent.json` its name. **This rename is the release**: a crash before it leaves the old
//!    set and some litter in `.qianfa`; after it the new set will come.
//! 3. Each staged file takes its place by a rename, so that a reader sees the old file or the
//!    new one, never half of one. First style and scripts, then attachments and articles, then
//!    everything that points to them, the front page at the end; removals come after that, then
//!    `manifest.json`, its signature `manifest.note`, and the intent goes.
//! 4. If that is cut short, the next [`SiteWriter::open`] (or the next act of the same writer)
//!    carries the intent through. Every step can be repeated: a staged file that is gone has
//!    arrived, which its hash proves.
//!
//! While step 3 runs a reader may meet new articles beside an old list; no page is torn, no list
//! points to a page that is not there, and when the first list shows a piece of a bundle, all of
//! its pieces are there. Of the very first release this holds from the moment the front page is
//! there: pages of a site lead to each other in circles, and the front page comes last.
//!
//! A directory of its own for every release and one link to switch would let not even the lists
//! differ for an instant. It was weighed and not taken: a release of three files would then link
//! and unlink a hundred thousand, and servers, `rsync` and the manifest would each have to know
//! which directory counts.

mod check;
mod commit;
mod fsdir;
mod record;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, TryLockError};
use std::io::{Read, Write};
use std::path::Path;

pub use check::{Difference, Found, compare, found, note, verify};
use fsdir::{Dir, io_refusal};
pub use record::{About, Manifest, Mark};
use record::{Intent, Marking, hash_file};
use serde::Serialize;

use super::{PageError, SitePath};

/// The writer's own corner of the site. Hidden, so that no [`SitePath`] can name it.
pub const CORNER: &str = ".qianfa";
const STAGE: &str = "stage";
const LOCK: &str = "lock";
const INTENT: &str = "intent.json";
const INTENT_DRAFT: &str = "intent.draft";
/// Every file of the site with its hash.
pub const MANIFEST: &str = "manifest.json";
/// The signature over the manifest.
pub const NOTE: &str = "manifest.note";
/// Longest signature file in bytes.
const NOTE_MAX: u64 = 16 * 1024;
/// What the hook that carries the site on leaves in the corner: how far it is, what it said.
pub const CARRIED: [&str; 2] = ["hook.json", "hook.log"];
/// From so many files on, one flush of the whole file system is quicker than one per file.
const MANY: usize = 32;

/// What a release changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Written {
    /// Files that were made or replaced.
    pub files: usize,
    /// Files that were staged and live already.
    pub unchanged: usize,
    /// Files that were removed.
    pub removed: usize,
    /// SHA-256 of `manifest.json`: names the whole site.
    pub manifest_hash: String,
}

/// A file staged for the next release.
struct Staged {
    /// Number in the staging directory; `None` if the live file has these bytes already.
    file: Option<u64>,
    mark: Mark,
}

/// Signs the bytes of a manifest: the text of the note.
pub type Sealer<'a> = &'a dyn Fn(&[u8]) -> Result<String, PageError>;

/// The one writer of a site's directory.
pub struct SiteWriter {
    root: Dir,
    corner: Dir,
    stage: Dir,
    /// Held for its lock, which goes with the process however it ends.
    _lock: File,
    manifest: Manifest,
    staged: BTreeMap<SitePath, Staged>,
    removed: BTreeSet<SitePath>,
    next: u64,
    /// Staged files that are not flushed yet.
    unflushed: Vec<u64>,
    with_sm3: bool,
    /// A release is decided and not carried through.
    unfinished: bool,
    #[cfg(test)]
    fault: Option<tests::Fault>,
    #[cfg(test)]
    crashed: bool,
}

impl SiteWriter {
    /// Takes hold of a site's directory, making it if need be, and carries an unfinished
    /// release through. Only one writer can hold it at a time.
    pub fn open(dir: &Path) -> Result<Self, PageError> {
        let mut writer = Self::take(dir)?;
        writer.recover()?;
        Ok(writer)
    }

    /// The writer with the lock and nothing else yet.
    fn take(dir: &Path) -> Result<Self, PageError> {
        let shown = dir.display().to_string();
        std::fs::create_dir_all(dir).map_err(|e| io_refusal(&shown, e))?;
        let root = Dir::open(dir)?;
        let corner = root.child_or_new(CORNER, 0o700)?;
        let lock = corner.lock_file(LOCK)?;
        // A process that is just being started by this one holds every file of this one for an
        // instant, so the first no is not the last word.
        let mut tries = 0;
        loop {
            match lock.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if tries < 20 => {
                    tries += 1;
                    std::thread::sleep(std::time::Duration::from_millis(10));
                }
                Err(TryLockError::WouldBlock) => return Err(PageError::Busy(shown)),
                Err(TryLockError::Error(e)) => return Err(io_refusal(&shown, e)),
            }
        }
        let stage = corner.child_or_new(STAGE, 0o700)?;
        Ok(Self {
            root,
            corner,
            stage,
            _lock: lock,
            manifest: Manifest::default(),
            staged: BTreeMap::new(),
            removed: BTreeSet::new(),
            next: 0,
            unflushed: Vec::new(),
            with_sm3: false,
            unfinished: true,
            #[cfg(test)]
            fault: None,
            #[cfg(test)]
            crashed: false,
        })
    }

    /// Prepares a file for the next release.
    pub fn stage(&mut self, path: &SitePath, bytes: &[u8]) -> Result<(), PageError> {
        self.begin(path)?;
        let mut marking = Marking::new(self.with_sm3);
        marking.update(bytes);
        let mark = marking.finish();
        let file = if self.is_live(path, &mark)? {
            None
        } else {
            let number = self.number();
            let name = number.to_string();
            self.step("stage", &name)?;
            let mut file = self.stage.create(&name)?;
            file.write_all(bytes).map_err(|e| io_refusal(&name, e))?;
            self.unflushed.push(number);
            Some(number)
        };
        self.accept(path, Staged { file, mark })
    }

    /// Prepares a file for the next release from a reader: for attachments too large to hold.
    pub fn stage_from(&mut self, path: &SitePath, source: &mut dyn Read) -> Result<(), PageError> {
        self.begin(path)?;
        let number = self.number();
        let name = number.to_string();
        self.step("stage", path.as_str())?;
        let failed = |e| io_refusal(path.as_str(), e);
        let mut out = self.stage.create(&name)?;
        let mut marking = Marking::new(self.with_sm3);
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let n = source.read(&mut buffer).map_err(failed)?;
            if n == 0 {
                break;
            }
            marking.update(&buffer[..n]);
            out.write_all(&buffer[..n]).map_err(failed)?;
        }
        let mark = marking.finish();
        let file = if self.is_live(path, &mark)? {
            self.stage.remove(&name)?;
            None
        } else {
            self.unflushed.push(number);
            Some(number)
        };
        self.accept(path, Staged { file, mark })
    }

    /// Lets the next release take a file away. A file the site does not have is no error.
    pub fn remove(&mut self, path: &SitePath) -> Result<(), PageError> {
        self.begin(path)?;
        if let Some(Staged { file: Some(n), .. }) = self.staged.remove(path) {
            self.stage.remove(&n.to_string())?;
        }
        if self.manifest.files.contains_key(path) {
            self.removed.insert(path.clone());
        }
        Ok(())
    }

    /// From now on every staged file gets an SM3 hash too.
    pub fn with_sm3(&mut self, with: bool) {
        self.with_sm3 = with;
    }

    /// The files of the site as of the last release.
    pub fn paths(&self) -> impl Iterator<Item = &SitePath> {
        self.manifest.files.keys()
    }

    /// Brings the directory and this writer to the state of the last decided release.
    fn recover(&mut self) -> Result<(), PageError> {
        let intent = match self.corner.read(INTENT)? {
            Some(file) => Some(Intent::parse(&read_all(file, INTENT)?)?),
            None => None,
        };
        if let Some(intent) = intent {
            self.apply(&intent, true)?;
        }
        self.unfinished = false;
        self.tidy()?;
        self.manifest = match self.live_manifest()? {
            Some(bytes) => Manifest::parse(&bytes)?,
            None => Manifest::default(),
        };
        self.forget();
        Ok(())
    }

    fn finish_pending(&mut self) -> Result<(), PageError> {
        if self.unfinished {
            self.recover()
        } else {
            Ok(())
        }
    }

    /// Removes what an undecided release left behind: nobody approved it for this place.
    fn tidy(&self) -> Result<(), PageError> {
        self.corner.remove(INTENT_DRAFT)?;
        for name in self.stage.names()? {
            self.stage.remove(&name)?;
        }
        Ok(())
    }

    fn forget(&mut self) {
        self.staged.clear();
        self.unflushed.clear();
        self.removed.clear();
    }

    fn begin(&mut self, path: &SitePath) -> Result<(), PageError> {
        self.finish_pending()?;
        // The manifest lists the others and cannot list itself.
        if [MANIFEST, NOTE]
            .iter()
            .any(|own| path.as_str().eq_ignore_ascii_case(own))
        {
            return Err(PageError::BadPath(path.to_string()));
        }
        Ok(())
    }

    fn accept(&mut self, path: &SitePath, staged: Staged) -> Result<(), PageError> {
        self.removed.remove(path);
        if let Some(Staged { file: Some(n), .. }) = self.staged.insert(path.clone(), staged) {
            self.stage.remove(&n.to_string())?;
        }
        Ok(())
    }

    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// Writes a file into the staging directory and flushes it.
    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), PageError> {
        self.step("stage", name)?;
        let mut file = self.stage.create(name)?;
        write_out(&mut file, bytes, name)
    }

    fn put_in_corner(&mut self, name: &str, bytes: &[u8]) -> Result<(), PageError> {
        let mut file = self.corner.create(name)?;
        write_out(&mut file, bytes, name)
    }

    /// Whether the live file has these bytes already. What the last manifest says decides where it
    /// says something else; where it agrees the file itself is asked, for somebody may have
    /// touched it.
    fn is_live(&self, path: &SitePath, mark: &Mark) -> Result<bool, PageError> {
        if let Some(listed) = self.manifest.files.get(path)
            && listed.sha256 != mark.sha256
        {
            return Ok(false);
        }
        Ok(self.live_hash(path)?.as_deref() == Some(mark.sha256.as_str()))
    }

    fn live_hash(&self, path: &SitePath) -> Result<Option<String>, PageError> {
        let Some(dir) = self.root.parent_of(path, false)? else {
            return Ok(None);
        };
        match dir.read(path.split().1)? {
            Some(file) => hash_file(file)
                .map(Some)
                .map_err(|e| io_refusal(path.as_str(), e)),
            None => Ok(None),
        }
    }

    fn live_manifest(&self) -> Result<Option<Vec<u8>>, PageError> {
        self.root
            .read(MANIFEST)?
            .map(|file| read_all(file, MANIFEST))
            .transpose()
    }

    /// A place where a test can let the system fail or the process end; empty in the program.
    #[cfg(not(test))]
    #[expect(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "only the tests have something to do here"
    )]
    fn step(&self, _: &str, _: &str) -> Result<(), PageError> {
        Ok(())
    }

    #[cfg(test)]
    fn step(&mut self, name: &str, path: &str) -> Result<(), PageError> {
        let Some(fault) = &mut self.fault else {
            return Ok(());
        };
        match fault(name, path) {
            tests::Fate::Go => Ok(()),
            tests::Fate::Fail(errno) => Err(fsdir::refusal(path, errno)),
            tests::Fate::Crash => {
                self.crashed = true;
                Err(PageError::Unfinished("crash".to_owned()))
            }
        }
    }
}

impl Drop for SiteWriter {
    fn drop(&mut self) {
        #[cfg(test)]
        if self.crashed {
            return;
        }
        // A release that was given up leaves no copies of its text; one that was decided keeps
        // what it needs. What cannot be removed now is removed by the next writer.
        if matches!(self.corner.kind(INTENT), Ok(None)) {
            let _ = self.tidy();
        }
    }
}

fn write_out(file: &mut File, bytes: &[u8], shown: &str) -> Result<(), PageError> {
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .map_err(|e| io_refusal(shown, e))
}

fn read_all(mut file: File, shown: &str) -> Result<Vec<u8>, PageError> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)
        .map_err(|e| io_refusal(shown, e))?;
    Ok(bytes)
}
