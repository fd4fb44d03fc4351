//! The log file: what a person on call needs, never a text of an item.

use std::path::PathBuf;

use directories::ProjectDirs;
use tracing_appender::non_blocking::WorkerGuard;

/// Where the log goes: `QIANFA_LOG`, else the state directory of the user.
pub fn path() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("QIANFA_LOG") {
        return Some(PathBuf::from(path));
    }
    let dirs = ProjectDirs::from("", "", "qianfa")?;
    Some(
        dirs.state_dir()
            .unwrap_or_else(|| dirs.data_local_dir())
            .join("qianfa.log"),
    )
}

/// Sends what is traced to the log file until the guard goes. Without a place to write there is no
/// log; that never keeps anybody from working.
pub fn to_file() -> Option<WorkerGuard> {
    let path = path()?;
    std::fs::create_dir_all(path.parent()?).ok()?;
    let file = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .ok()?;
    let (writer, guard) = tracing_appender::non_blocking(file);
    let filter = tracing_subscriber::EnvFilter::try_from_env("QIANFA_LOG_LEVEL")
        .unwrap_or_else(|_| "qianfa=info".into());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(writer)
        .try_init()
        .ok()?;
    Some(guard)
}
