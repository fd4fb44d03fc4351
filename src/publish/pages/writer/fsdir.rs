//! A directory held open, reached name by name.
//!
//! Every step goes through a descriptor and refuses links, so that nothing planted inside a
//! site can lead a write out of it, not even between the look and the deed.

use std::fs::File;
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{Access, AtFlags, FileType, Mode, OFlags};
use rustix::io::Errno;

use crate::publish::pages::{PageError, SitePath};

/// Mode of what the web server must read.
const DIR_MODE: u32 = 0o755;
const FILE_MODE: u32 = 0o644;

/// What lies under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Directory,
    Symlink,
    Other,
}

/// An open directory and what to call it in a message.
pub(super) struct Dir {
    fd: OwnedFd,
    shown: String,
}

/// The error for what the system said about a path.
pub(super) fn refusal(path: &str, errno: Errno) -> PageError {
    let path = path.to_owned();
    match errno {
        Errno::NOSPC | Errno::DQUOT => PageError::Full(path),
        Errno::ACCESS | Errno::PERM | Errno::ROFS => PageError::ReadOnly(path),
        Errno::LOOP => PageError::Symlink(path),
        Errno::NOTDIR | Errno::ISDIR => PageError::Obstacle(path),
        other => PageError::Io {
            path,
            source: other.into(),
        },
    }
}

/// The same for errors that come from the standard library.
pub(super) fn io_refusal(path: &str, error: std::io::Error) -> PageError {
    match Errno::from_io_error(&error) {
        Some(errno) => refusal(path, errno),
        None => PageError::Io {
            path: path.to_owned(),
            source: error,
        },
    }
}

impl Dir {
    /// The site's own directory. Its path is the administrator's word and may hold links.
    pub fn open(path: &Path) -> Result<Self, PageError> {
        let shown = path.display().to_string();
        let fd = rustix::fs::open(
            path,
            OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC,
            Mode::empty(),
        )
        .map_err(|e| refusal(&shown, e))?;
        Ok(Self { fd, shown })
    }

    /// Name of an entry for messages.
    fn at(&self, name: &str) -> String {
        format!("{}/{name}", self.shown)
    }

    /// What lies under a name; a link is seen as a link.
    pub fn kind(&self, name: &str) -> Result<Option<Kind>, PageError> {
        match rustix::fs::statat(&self.fd, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(match FileType::from_raw_mode(stat.st_mode) {
                FileType::RegularFile => Kind::File,
                FileType::Directory => Kind::Directory,
                FileType::Symlink => Kind::Symlink,
                _ => Kind::Other,
            })),
            Err(Errno::NOENT) => Ok(None),
            Err(e) => Err(refusal(&self.at(name), e)),
        }
    }

    /// Whether a file may come to lie under a name: nothing or a file is there.
    pub fn accepts_file(&self, name: &str) -> Result<(), PageError> {
        match self.kind(name)? {
            None | Some(Kind::File) => Ok(()),
            Some(Kind::Symlink) => Err(PageError::Symlink(self.at(name))),
            Some(Kind::Directory | Kind::Other) => Err(PageError::Obstacle(self.at(name))),
        }
    }

    /// A directory inside, or `None` if there is none.
    pub fn child(&self, name: &str) -> Result<Option<Self>, PageError> {
        match self.kind(name)? {
            None => return Ok(None),
            Some(Kind::Directory) => {}
            Some(Kind::Symlink) => return Err(PageError::Symlink(self.at(name))),
            Some(_) => return Err(PageError::Obstacle(self.at(name))),
        }
        let shown = self.at(name);
        let fd = rustix::fs::openat(
            &self.fd,
            name,
            OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC,
            Mode::empty(),
        )
        .map_err(|e| refusal(&shown, e))?;
        Ok(Some(Self { fd, shown }))
    }

    /// A directory inside, made if there is none.
    pub fn child_or_new(&self, name: &str, mode: u32) -> Result<Self, PageError> {
        if let Some(child) = self.child(name)? {
            return Ok(child);
        }
        match rustix::fs::mkdirat(&self.fd, name, Mode::from_raw_mode(mode)) {
            Ok(()) => self.sync()?,
            Err(Errno::EXIST) => {}
            Err(e) => return Err(refusal(&self.at(name), e)),
        }
        self.child(name)?.ok_or_else(|| PageError::Io {
            path: self.at(name),
            source: Errno::NOENT.into(),
        })
    }

    /// The directory a path lies in, seen from here.
    pub fn parent_of(&self, path: &SitePath, create: bool) -> Result<Option<Self>, PageError> {
        let mut here = self.again()?;
        let (Some(dirs), _) = path.split() else {
            return Ok(Some(here));
        };
        for name in dirs.split('/') {
            here = if create {
                here.child_or_new(name, DIR_MODE)?
            } else {
                match here.child(name)? {
                    Some(child) => child,
                    None => return Ok(None),
                }
            };
        }
        Ok(Some(here))
    }

    fn again(&self) -> Result<Self, PageError> {
        let fd = self
            .fd
            .try_clone()
            .map_err(|e| io_refusal(&self.shown, e))?;
        Ok(Self {
            fd,
            shown: self.shown.clone(),
        })
    }

    /// A file to read, or `None` if there is none. Links and devices are refused.
    pub fn read(&self, name: &str) -> Result<Option<File>, PageError> {
        match self.kind(name)? {
            None => return Ok(None),
            Some(_) => self.accepts_file(name)?,
        }
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        match rustix::fs::openat(&self.fd, name, flags, Mode::empty()) {
            Ok(fd) => Ok(Some(File::from(fd))),
            Err(Errno::NOENT) => Ok(None),
            Err(e) => Err(refusal(&self.at(name), e)),
        }
    }

    /// A new file; an old one of that name goes first.
    pub fn create(&self, name: &str) -> Result<File, PageError> {
        self.remove(name)?;
        self.open_for_writing(name, OFlags::EXCL, FILE_MODE)
    }

    /// The file whose lock keeps a second writer out.
    pub fn lock_file(&self, name: &str) -> Result<File, PageError> {
        self.open_for_writing(name, OFlags::empty(), 0o600)
    }

    fn open_for_writing(&self, name: &str, extra: OFlags, mode: u32) -> Result<File, PageError> {
        rustix::fs::openat(
            &self.fd,
            name,
            OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC | extra,
            Mode::from_raw_mode(mode),
        )
        .map(File::from)
        .map_err(|e| refusal(&self.at(name), e))
    }

    /// Gives a file of this directory its place in another. `false` if there is no such file.
    pub fn rename(&self, from: &str, to: &Self, name: &str) -> Result<bool, PageError> {
        match rustix::fs::renameat(&self.fd, from, &to.fd, name) {
            Ok(()) => Ok(true),
            Err(Errno::NOENT) => Ok(false),
            Err(e) => Err(refusal(&to.at(name), e)),
        }
    }

    /// Removes a file (or the link itself); that there is none is no error.
    pub fn remove(&self, name: &str) -> Result<(), PageError> {
        match rustix::fs::unlinkat(&self.fd, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(e) => Err(refusal(&self.at(name), e)),
        }
    }

    /// Removes a directory inside if it is empty.
    pub fn remove_empty(&self, name: &str) {
        // Not empty, gone or not ours: all of these are fine.
        let _ = rustix::fs::unlinkat(&self.fd, name, AtFlags::REMOVEDIR);
    }

    /// Names of everything inside.
    pub fn names(&self) -> Result<Vec<String>, PageError> {
        let listing = rustix::fs::Dir::read_from(&self.fd).map_err(|e| refusal(&self.shown, e))?;
        let mut names = Vec::new();
        for entry in listing {
            let entry = entry.map_err(|e| refusal(&self.shown, e))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name != "." && name != ".." {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    /// Asks before the point of no return whether names may be changed here.
    pub fn check_writable(&self) -> Result<(), PageError> {
        rustix::fs::accessat(
            &self.fd,
            ".",
            Access::WRITE_OK | Access::EXEC_OK,
            AtFlags::empty(),
        )
        .map_err(|e| refusal(&self.shown, e))
    }

    /// Makes everything written to the file system this directory is on survive a power cut.
    #[cfg(target_os = "linux")]
    pub fn sync_all_files(&self) -> Result<(), PageError> {
        rustix::fs::syncfs(&self.fd).map_err(|e| refusal(&self.shown, e))
    }

    /// Makes the names in this directory survive a power cut.
    pub fn sync(&self) -> Result<(), PageError> {
        rustix::fs::fsync(&self.fd).map_err(|e| refusal(&self.shown, e))
    }
}
