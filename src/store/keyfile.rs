//! Key files: a passphrase-encrypted private key per person, mode 0600, never overwritten.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::{Result, StoreError};

/// Largest file that can be a key.
const MAX: u64 = 64 * 1024;

fn io(path: &Path) -> impl Fn(std::io::Error) -> StoreError + '_ {
    move |source| StoreError::Io {
        path: path.to_owned(),
        source,
    }
}

/// Where a person's key lies, next to the store.
pub fn path_of(store: &Path, login: &str) -> PathBuf {
    store.with_file_name("keys").join(format!("{login}.key"))
}

/// Writes a sealed key. A file that exists already is left alone and is an error.
pub fn write(path: &Path, pem: &str) -> Result<()> {
    if let Some(dir) = path.parent() {
        use std::os::unix::fs::DirBuilderExt;
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(dir)
            .map_err(io(dir))?;
    }
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(io(path))?;
    file.write_all(pem.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(io(path))
}

/// Replaces a sealed key by the same key under another passphrase: whole or not at all.
pub fn replace(path: &Path, pem: &str) -> Result<()> {
    let temp = path.with_extension(format!("new-{}", std::process::id()));
    write(&temp, pem)?;
    fs::rename(&temp, path).map_err(|error| {
        let _ = fs::remove_file(&temp);
        io(path)(error)
    })
}

/// Reads a sealed key. A file that others may read is refused: its passphrase is all that is left.
pub fn read(path: &Path) -> Result<String> {
    let meta = fs::metadata(path).map_err(io(path))?;
    if meta.mode() & 0o077 != 0 {
        let error = std::io::Error::new(
            std::io::ErrorKind::PermissionDenied,
            "key file must have mode 0600",
        );
        return Err(io(path)(error));
    }
    if meta.len() > MAX {
        return Err(io(path)(std::io::Error::new(
            std::io::ErrorKind::InvalidData,
            "not a key file",
        )));
    }
    fs::read_to_string(path).map_err(io(path))
}
