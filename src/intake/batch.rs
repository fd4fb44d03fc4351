//! Many files at once: files, folders and archives, one after the other. A file that cannot be
//! read is reported and stops none of the others.
//!
//! [`Batch`] is an iterator: each step reads one file, so whoever drives it can show progress,
//! write items and stop between any two files. It is the one place of this room that touches the
//! file system.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::archive::{Archive, MAX_ARCHIVE, MAX_UNPACKED};
use super::error::ArchiveFault;
use super::{Changes, IntakeError, Looks, Manuscript, read_with, sniff};

/// Most files of one batch; a folder with more was named by mistake.
pub const MAX_FILES: usize = 20_000;

/// Deepest folder below a named one.
const DEEPEST_FOLDER: usize = 16;

/// Archives within archives within the named one.
const DEEPEST_ARCHIVE: usize = 3;

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Read, nothing to remark.
    Taken,
    /// Read, and a person must look at something.
    NeedsAttention,
    /// Not read.
    Refused,
}

impl Standing {
    /// Stable code, for programs and message keys.
    pub fn code(self) -> &'static str {
        match self {
            Standing::Taken => "taken",
            Standing::NeedsAttention => "attention",
            Standing::Refused => "refused",
        }
    }

    /// The word people read, in the language in force.
    pub fn message(self) -> String {
        match self {
            Standing::Taken => crate::tr!("intake-standing-taken"),
            Standing::NeedsAttention => crate::tr!("intake-standing-attention"),
            Standing::Refused => crate::tr!("intake-standing-refused"),
        }
    }
}

/// One file of a batch.
#[derive(Debug, Clone)]
pub struct FileReport {
    /// The path as given or found; a member of an archive follows the archive's path after `/`.
    pub name: String,
    /// What was read, or why not.
    pub outcome: Result<Vec<Manuscript>, IntakeError>,
    /// The bytes, to be kept as evidence; empty where they could not be had.
    pub bytes: Vec<u8>,
    /// The name under which the same bytes came before in this batch.
    pub twin: Option<String>,
}

impl FileReport {
    /// What became of it.
    pub fn standing(&self) -> Standing {
        match &self.outcome {
            Err(_) => Standing::Refused,
            Ok(all) if self.twin.is_some() || all.iter().any(Manuscript::needs_attention) => {
                Standing::NeedsAttention
            }
            Ok(_) => Standing::Taken,
        }
    }
}

/// How many files became what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Read, nothing to remark.
    pub taken: usize,
    /// Read, with something to look at.
    pub attention: usize,
    /// Not read.
    pub refused: usize,
}

impl Tally {
    /// Counts one file.
    pub fn add(&mut self, standing: Standing) {
        match standing {
            Standing::Taken => self.taken += 1,
            Standing::NeedsAttention => self.attention += 1,
            Standing::Refused => self.refused += 1,
        }
    }
}

/// Files under way.
pub struct Batch {
    stack: Vec<Source>,
    changes: Changes,
    seen: HashMap<[u8; 32], String>,
    done: usize,
}

enum Source {
    File(PathBuf, usize),
    Archive {
        name: String,
        archive: Box<Archive<'static>>,
        /// Members still to be read, the next one last.
        left: Vec<usize>,
        depth: usize,
    },
    /// Found faulty before it could be read.
    Fault(String, IntakeError),
}

impl Batch {
    /// The files named, those in folders named, and those in archives among them. `-` is the
    /// standard input.
    pub fn new(paths: &[PathBuf], changes: Changes) -> Batch {
        Batch {
            stack: paths
                .iter()
                .rev()
                .map(|path| Source::File(path.clone(), 0))
                .collect(),
            changes,
            seen: HashMap::new(),
            done: 0,
        }
    }

    /// How many files were read and how many are known of so far; folders and archives not yet
    /// opened count as one.
    pub fn progress(&self) -> (usize, usize) {
        let left: usize = self
            .stack
            .iter()
            .map(|source| match source {
                Source::File(..) | Source::Fault(..) => 1,
                Source::Archive { left, .. } => left.len(),
            })
            .sum();
        (self.done, self.done + left)
    }

    /// A folder's files come in the order of their names.
    fn open_folder(&mut self, path: &Path, depth: usize) {
        let shown = path.display().to_string();
        if depth >= DEEPEST_FOLDER {
            self.stack.push(Source::Fault(shown, IntakeError::TooDeep));
            return;
        }
        let Ok(entries) = fs::read_dir(path) else {
            self.stack
                .push(Source::Fault(shown, IntakeError::Unreadable));
            return;
        };
        let mut inside: Vec<PathBuf> = entries
            .filter_map(Result::ok)
            // A link may lead anywhere, back to where it stands for one.
            .filter(|entry| entry.file_type().is_ok_and(|kind| !kind.is_symlink()))
            .map(|entry| entry.path())
            .filter(|path| {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                !is_litter(&name)
            })
            .take(MAX_FILES + 1)
            .collect();
        if inside.len() > MAX_FILES {
            let fault = ArchiveFault::TooManyMembers {
                count: inside.len(),
            };
            self.stack.push(Source::Fault(shown, fault.into()));
            return;
        }
        inside.sort();
        self.stack.extend(
            inside
                .into_iter()
                .rev()
                .map(|path| Source::File(path, depth + 1)),
        );
    }

    /// One file: its report, or none where it was an archive that is now open.
    fn file(
        &mut self,
        name: String,
        bytes: Vec<u8>,
        depth: usize,
        left: u64,
    ) -> Option<FileReport> {
        if sniff::looks(&bytes) == Some(Looks::Zip) {
            if depth >= DEEPEST_ARCHIVE {
                return Some(self.refuse(name, ArchiveFault::TooDeep.into(), Vec::new()));
            }
            return match Archive::open(Cow::Owned(bytes), left) {
                Ok(archive) => {
                    let left: Vec<usize> = archive
                        .members
                        .iter()
                        .enumerate()
                        .filter(|(_, member)| !member.folder && !is_litter_path(&member.name))
                        .map(|(index, _)| index)
                        .rev()
                        .collect();
                    if left.is_empty() {
                        return Some(self.refuse(name, IntakeError::Empty, Vec::new()));
                    }
                    self.stack.push(Source::Archive {
                        name,
                        archive: Box::new(archive),
                        left,
                        depth: depth + 1,
                    });
                    None
                }
                Err(error) => Some(self.refuse(name, error, Vec::new())),
            };
        }
        let file = name.rsplit('/').next().unwrap_or(&name);
        let outcome = read_with(file, &bytes, self.changes);
        let hash: [u8; 32] = Sha256::digest(&bytes).into();
        let twin = self.seen.get(&hash).cloned();
        self.seen.entry(hash).or_insert_with(|| name.clone());
        self.done += 1;
        Some(FileReport {
            name,
            outcome,
            bytes,
            twin,
        })
    }

    fn refuse(&mut self, name: String, error: IntakeError, bytes: Vec<u8>) -> FileReport {
        self.done += 1;
        FileReport {
            name,
            outcome: Err(error),
            bytes,
            twin: None,
        }
    }
}

impl Iterator for Batch {
    type Item = FileReport;

    fn next(&mut self) -> Option<FileReport> {
        loop {
            let report = match self.stack.pop()? {
                Source::Fault(name, error) => Some(self.refuse(name, error, Vec::new())),
                Source::File(path, depth) => {
                    if path.is_dir() {
                        self.open_folder(&path, depth);
                        continue;
                    }
                    let name = path.display().to_string();
                    match bytes_of(&path) {
                        Ok(bytes) => self.file(name, bytes, 0, MAX_UNPACKED),
                        Err(error) => Some(self.refuse(name, error, Vec::new())),
                    }
                }
                Source::Archive {
                    name,
                    mut archive,
                    mut left,
                    depth,
                } => {
                    let Some(index) = left.pop() else {
                        continue;
                    };
                    let member = format!("{name}/{}", archive.members[index].name);
                    let read = archive.read(index);
                    let budget = archive.left();
                    if !left.is_empty() {
                        self.stack.push(Source::Archive {
                            name,
                            archive,
                            left,
                            depth,
                        });
                    }
                    match read {
                        Ok(bytes) => self.file(member, bytes, depth, budget),
                        Err(error) => Some(self.refuse(member, error, Vec::new())),
                    }
                }
            };
            if report.is_some() {
                return report;
            }
        }
    }
}

fn bytes_of(path: &Path) -> Result<Vec<u8>, IntakeError> {
    let most = MAX_ARCHIVE as u64 + 1;
    let mut bytes = Vec::new();
    let read = if path.as_os_str() == "-" {
        std::io::stdin().lock().take(most).read_to_end(&mut bytes)
    } else {
        fs::File::open(path).and_then(|file| {
            // A pipe or a device never ends.
            if file.metadata()?.is_file() {
                file.take(most).read_to_end(&mut bytes)
            } else {
                Err(std::io::ErrorKind::Unsupported.into())
            }
        })
    };
    match read {
        Ok(read) if read as u64 == most => Err(IntakeError::TooLarge { bytes: read }),
        Ok(_) => Ok(bytes),
        Err(_) => Err(IntakeError::Unreadable),
    }
}

/// What systems and word processors leave lying about.
fn is_litter(name: &str) -> bool {
    name.starts_with('.')
        || name.starts_with("~$")
        || ["Thumbs.db", "desktop.ini", "__MACOSX"]
            .iter()
            .any(|litter| name.eq_ignore_ascii_case(litter))
}

fn is_litter_path(path: &str) -> bool {
    // Only names that are litter through and through: `..` is an attack, and is told.
    path.split('/')
        .any(|part| part != ".." && part != "." && is_litter(part))
}
