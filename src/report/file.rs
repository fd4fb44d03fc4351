//! A file that appears whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::ReportError;

/// Writes a file through `fill`: into a temporary file in the same directory, flushed to the
/// disk, then given its name. Without `force` an existing file (or link) of that name stays
/// as it is and the answer is [`ReportError::Exists`]; with it the old file is replaced in one
/// step, so that a failure half-way leaves the old one.
pub fn export<T>(
    path: &Path,
    force: bool,
    fill: impl FnOnce(&mut dyn Write) -> Result<T, ReportError>,
) -> Result<T, ReportError> {
    let name = path
        .file_name()
        .ok_or_else(|| ReportError::BadTarget(path.to_owned()))?;
    let dir = match path.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir,
        _ => Path::new("."),
    };
    match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_dir() => return Err(ReportError::BadTarget(path.to_owned())),
        // Said before the work is done, and checked again when the name is given.
        Ok(_) if !force => return Err(ReportError::Exists(path.to_owned())),
        _ => {}
    }
    let failed = |source| ReportError::File {
        path: path.to_owned(),
        source,
    };
    let (temp, file) = Temp::create(dir, name).map_err(failed)?;
    let mut out = io::BufWriter::with_capacity(128 * 1024, file);
    let result = fill(&mut out)?;
    let file = out.into_inner().map_err(|e| failed(e.into_error()))?;
    file.sync_all().map_err(failed)?;
    drop(file);
    if force {
        fs::rename(&temp.path, path).map_err(failed)?;
    } else {
        name_new(&temp.path, path).map_err(|e| {
            if e.kind() == io::ErrorKind::AlreadyExists {
                ReportError::Exists(path.to_owned())
            } else {
                failed(e)
            }
        })?;
    }
    File::open(dir).and_then(|d| d.sync_all()).map_err(failed)?;
    Ok(result)
}

/// Gives a file its name unless the name is taken. A hard link refuses a taken name in one
/// step, which a look followed by a rename does not; where the file system has no hard links
/// the look is all there is.
fn name_new(temp: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(temp, path) {
        Err(e)
            if matches!(
                e.kind(),
                io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied
            ) =>
        {
            if fs::symlink_metadata(path).is_ok() {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            fs::rename(temp, path)
        }
        other => other,
    }
}

/// The temporary file; gone when dropped, whatever happened.
struct Temp {
    path: PathBuf,
}

impl Temp {
    fn create(dir: &Path, name: &std::ffi::OsStr) -> io::Result<(Self, File)> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        loop {
            let n = NEXT.fetch_add(1, Ordering::Relaxed);
            // A long name plus a suffix could pass the limit of the file system.
            let stem: String = name.to_string_lossy().chars().take(40).collect();
            let path = dir.join(format!(".{stem}.{}-{n}.part", std::process::id()));
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => return Ok((Self { path }, file)),
                // Left by a process of the same number that was killed.
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
                Err(e) => return Err(e),
            }
        }
    }
}

impl Drop for Temp {
    fn drop(&mut self) {
        // After a rename there is nothing left to remove.
        let _ = fs::remove_file(&self.path);
    }
}
