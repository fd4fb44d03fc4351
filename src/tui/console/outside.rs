//! A text in the person's own editor.
//!
//! It lies in a directory that only he can enter, with whatever his editor puts beside it (swap
//! files, backups, a history of undo), and the directory goes as a whole: not when the editor
//! ends, but when the text is safe in the store. Whatever ends in between, the editor or the
//! console, the next start finds it: the directory is locked while a console lives that knows it.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use encoding_rs::{Encoding, GB18030};
use serde::{Deserialize, Serialize};

use crate::desk::{Content, new_id};

/// The text itself; editors tell Markdown by the name.
const TEXT: &str = "text.md";
/// Whose and which text it is.
const ABOUT: &str = "about.json";
/// Held while a console knows the directory.
const LOCK: &str = "lock";
/// The largest file that is read back, far beyond what can be saved.
const LARGEST: u64 = 64 << 20;

/// The editor the person has set, with its arguments.
pub fn command() -> Option<Vec<String>> {
    ["VISUAL", "EDITOR"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .map(|value| {
            value
                .split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .find(|words| !words.is_empty())
}

/// Whose and which text is out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The store.
    pub store: PathBuf,
    /// Id of the person.
    pub person: String,
    /// Id of the item, or the provisional one of a new item.
    pub item: String,
    /// The item as it was on screen when its text went out.
    pub content: Content,
}

/// The directory a text is out in. Dropping it leaves it where it is, to be found again.
#[derive(Debug)]
pub struct Room {
    dir: PathBuf,
    /// Unlocked by the system when the process ends, however it ends.
    _lock: File,
}

impl Room {
    fn new(root: &Path, about: &About) -> io::Result<Self> {
        let dir = root.join(new_id("edit-"));
        DirBuilder::new().mode(0o700).create(&dir)?;
        let made = (|| {
            let lock = file(&dir.join(LOCK))?;
            lock.lock()?;
            file(&dir.join(ABOUT))?.write_all(&serde_json::to_vec(about)?)?;
            file(&dir.join(TEXT))?.write_all(about.content.text.as_bytes())?;
            Ok(lock)
        })();
        match made {
            Ok(lock) => Ok(Self { dir, _lock: lock }),
            Err(error) => {
                let _ = fs::remove_dir_all(&dir);
                Err(error)
            }
        }
    }

    /// One that nobody holds any more.
    fn enter(dir: PathBuf) -> io::Result<Self> {
        let lock = OpenOptions::new().read(true).open(dir.join(LOCK))?;
        lock.try_lock().map_err(io::Error::other)?;
        Ok(Self { dir, _lock: lock })
    }

    /// Removes it with everything in it: the text is safe elsewhere, or given up.
    pub fn clear(self) {
        if let Err(error) = fs::remove_dir_all(&self.dir) {
            tracing::warn!(%error, "the directory of the outside editor stays behind");
        }
    }

    fn about(&self) -> io::Result<About> {
        Ok(serde_json::from_slice(&fs::read(self.dir.join(ABOUT))?)?)
    }

    /// What the file holds now; whether its encoding had to be guessed; when it was written, µs.
    fn read(&self, before: &str) -> io::Result<(String, bool, i64)> {
        let mut bytes = Vec::new();
        let file = File::open(self.dir.join(TEXT))?;
        let about = file.metadata()?;
        if about.len() > LARGEST {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        file.take(LARGEST).read_to_end(&mut bytes)?;
        let (text, guessed) = decode(bytes);
        // Editors end files with a line break of their own.
        let text = match (text.strip_suffix('\n'), before.ends_with('\n')) {
            (Some(cut), false) => cut.to_owned(),
            _ => text,
        };
        let at = about.mtime() * 1_000_000 + about.mtime_nsec() / 1_000;
        Ok((text, guessed, at))
    }
}

fn file(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

/// UTF-8, what a byte order mark says, or what offices still write.
fn decode(bytes: Vec<u8>) -> (String, bool) {
    if let Some((encoding, _)) = Encoding::for_bom(&bytes) {
        let (text, bad) = encoding.decode_with_bom_removal(&bytes);
        return (text.into_owned(), bad);
    }
    match String::from_utf8(bytes) {
        Ok(text) => (text, false),
        Err(error) => (GB18030.decode(error.as_bytes()).0.into_owned(), true),
    }
}

/// The directory of all that is out, if it is one that only this person can enter.
fn root(temp: &Path) -> io::Result<PathBuf> {
    let me = rustix::process::geteuid().as_raw();
    let root = temp.join(format!("qianfa-{me}"));
    match DirBuilder::new().mode(0o700).create(&root) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    let found = fs::symlink_metadata(&root)?;
    // Neither group nor others: the six lowest bits are 0.
    if found.is_dir() && found.uid() == me && found.mode().trailing_zeros() >= 6 {
        Ok(root)
    } else {
        // Somebody else has put something there.
        Err(io::ErrorKind::PermissionDenied.into())
    }
}

/// Why a changed text is not simply taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// The editor ended like this.
    Status(String),
    /// The file is not UTF-8.
    Encoding,
    /// The console ended before it came back.
    Left,
}

/// A changed text, and where it still lies.
#[derive(Debug)]
pub struct Back {
    /// The text.
    pub text: String,
    /// Why it has to be asked about.
    pub doubt: Option<Doubt>,
    /// Cleared when the text is safe.
    pub room: Room,
}

/// Lets the editor change a text. None where it is as before.
pub fn edit(command: &[String], about: &About) -> io::Result<Option<Back>> {
    edit_in(&std::env::temp_dir(), command, about)
}

fn edit_in(temp: &Path, command: &[String], about: &About) -> io::Result<Option<Back>> {
    let Some((program, arguments)) = command.split_first() else {
        return Ok(None);
    };
    let room = Room::new(&root(temp)?, about)?;
    let mut child = Command::new(program);
    child.args(arguments).arg(room.dir.join(TEXT));
    for (name, _) in std::env::vars_os() {
        if secret(&name.to_string_lossy()) {
            child.env_remove(name);
        }
    }
    let before = &about.content.text;
    let (status, read) = match child.status() {
        Ok(status) => (status, room.read(before)),
        Err(error) => {
            room.clear();
            return Err(error);
        }
    };
    let (text, guessed, _) = match read {
        Ok(read) => read,
        Err(error) => {
            // What cannot be read cannot be offered; too large a text is at least left there.
            if error.kind() == io::ErrorKind::NotFound {
                room.clear();
            }
            return Err(error);
        }
    };
    let doubt = match (status.success(), guessed) {
        (false, _) => Some(Doubt::Status(status.to_string())),
        (true, true) => Some(Doubt::Encoding),
        (true, false) => None,
    };
    if text != *before {
        return Ok(Some(Back { text, doubt, room }));
    }
    room.clear();
    match doubt {
        Some(Doubt::Status(status)) => Err(io::Error::other(status)),
        _ => Ok(None),
    }
}

/// Whether a variable of the environment opens a key: no editor and no plugin of it needs that.
fn secret(name: &str) -> bool {
    name.starts_with("QIANFA_") && name.ends_with("PASSPHRASE")
}

/// A text that a console left behind when it ended.
#[derive(Debug)]
pub struct Left {
    /// Whose and which it is.
    pub about: About,
    /// When it was written last, µs.
    pub at: i64,
    /// The text, in doubt.
    pub back: Back,
}

/// What is left of this person's texts of a store; what is as it was when it went out is removed.
pub fn left(store: &Path, person: &str) -> Vec<Left> {
    left_in(&std::env::temp_dir(), store, person)
}

fn left_in(temp: &Path, store: &Path, person: &str) -> Vec<Left> {
    let mut list = Vec::new();
    let Ok(entries) = root(temp).and_then(fs::read_dir) else {
        return list;
    };
    for entry in entries.flatten() {
        let Ok(room) = Room::enter(entry.path()) else {
            continue;
        };
        let Ok(about) = room.about() else {
            continue;
        };
        if about.store != store || about.person != person {
            continue;
        }
        match room.read(&about.content.text) {
            Ok((text, ..)) if text == about.content.text => room.clear(),
            Ok((text, _, at)) => {
                let doubt = Some(Doubt::Left);
                let back = Back { text, doubt, room };
                list.push(Left { about, at, back });
            }
            Err(error) => tracing::warn!(%error, "a text of the outside editor cannot be read"),
        }
    }
    list.sort_by_key(|l| std::cmp::Reverse(l.at));
    list
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn sh(script: &str) -> Vec<String> {
        ["sh", "-c", script].map(str::to_owned).to_vec()
    }

    fn about(text: &str) -> About {
        let mut content = Content::for_column("news");
        text.clone_into(&mut content.text);
        About {
            store: "p.qf".into(),
            person: "p1".into(),
            item: "i1".into(),
            content,
        }
    }

    fn rooms(temp: &Path) -> usize {
        fs::read_dir(root(temp).unwrap()).unwrap().count()
    }

    #[test]
    fn the_text_lies_in_a_private_directory_that_goes_as_a_whole() {
        let temp = tempfile::tempdir().unwrap();
        let script = "d=$(dirname \"$0\"); [ $(stat -c %a \"$d\") = 700 ] || exit 4; \
            [ $(stat -c %a \"$0\") = 600 ] || exit 5; \
            echo swap > \"$d/.text.md.swp\"; printf '税务\\n' > \"$0\"";
        let back = edit_in(temp.path(), &sh(script), &about("原文"))
            .unwrap()
            .unwrap();
        assert_eq!((back.text.as_str(), &back.doubt), ("税务", &None));
        assert_eq!(rooms(temp.path()), 1, "it stays until the text is safe");
        assert!(left_in(temp.path(), Path::new("p.qf"), "p1").is_empty());
        back.room.clear();
        assert_eq!(rooms(temp.path()), 0);
        let same = edit_in(temp.path(), &sh("echo >> \"$0\""), &about("原文")).unwrap();
        assert!(same.is_none());
        assert_eq!(rooms(temp.path()), 0);
    }

    #[test]
    fn what_was_saved_before_a_failure_is_not_lost() {
        let temp = tempfile::tempdir().unwrap();
        for (script, says) in [
            ("printf 新的 > \"$0\"; exit 3", "3"),
            ("printf 新的 > \"$0\"; kill -9 $$", "9"),
        ] {
            let back = edit_in(temp.path(), &sh(script), &about("原文"))
                .unwrap()
                .unwrap();
            assert_eq!(back.text, "新的");
            assert!(
                matches!(&back.doubt, Some(Doubt::Status(s)) if s.contains(says)),
                "{:?}",
                back.doubt
            );
            back.room.clear();
        }
        assert!(edit_in(temp.path(), &sh("exit 3"), &about("原文")).is_err());
        assert!(edit_in(temp.path(), &sh("rm \"$0\""), &about("原文")).is_err());
        let none = ["no-such-editor-anywhere".to_owned()];
        assert!(edit_in(temp.path(), &none, &about("原文")).is_err());
        assert_eq!(rooms(temp.path()), 0);
    }

    #[test]
    fn other_encodings_are_read_and_asked_about() {
        let temp = tempfile::tempdir().unwrap();
        // 税务 in GB18030.
        let script = "printf '\\313\\260\\316\\361' > \"$0\"";
        let back = edit_in(temp.path(), &sh(script), &about("原文"))
            .unwrap()
            .unwrap();
        assert_eq!(back.text, "税务");
        assert_eq!(back.doubt, Some(Doubt::Encoding));
        back.room.clear();
        let script = "printf '\\357\\273\\277税务' > \"$0\"";
        let back = edit_in(temp.path(), &sh(script), &about("原文"))
            .unwrap()
            .unwrap();
        assert_eq!((back.text.as_str(), back.doubt), ("税务", None));
    }

    #[test]
    fn what_a_killed_console_left_is_found_by_its_owner() {
        let temp = tempfile::tempdir().unwrap();
        let back = edit_in(temp.path(), &sh("printf 新的 > \"$0\""), &about("原文"))
            .unwrap()
            .unwrap();
        drop(back);
        let (store, own) = (Path::new("p.qf"), "p1");
        assert!(left_in(temp.path(), Path::new("other.qf"), own).is_empty());
        assert!(left_in(temp.path(), store, "p2").is_empty());
        let mut list = left_in(temp.path(), store, own);
        assert_eq!(list.len(), 1);
        let found = list.remove(0);
        assert_eq!(found.about, about("原文"));
        assert_eq!(found.back.text, "新的");
        assert!(
            left_in(temp.path(), store, own).is_empty(),
            "who has it has it alone"
        );
        found.back.room.clear();
        assert_eq!(rooms(temp.path()), 0);
        // As it went out: nothing to offer and nothing left behind.
        drop(Room::new(&root(temp.path()).unwrap(), &about("原文")).unwrap());
        assert!(left_in(temp.path(), store, own).is_empty());
        assert_eq!(rooms(temp.path()), 0);
    }

    #[test]
    fn passphrases_stay_at_home_and_a_foreign_directory_is_not_trusted() {
        assert!(secret("QIANFA_PASSPHRASE") && secret("QIANFA_NEW_PASSPHRASE"));
        assert!(!secret("QIANFA_LANG") && !secret("PASSPHRASE"));
        let temp = tempfile::tempdir().unwrap();
        let me = rustix::process::geteuid().as_raw();
        let name = temp.path().join(format!("qianfa-{me}"));
        DirBuilder::new().mode(0o755).create(&name).unwrap();
        assert!(edit_in(temp.path(), &sh("true"), &about("原文")).is_err());
        fs::remove_dir(&name).unwrap();
        std::os::unix::fs::symlink("/", &name).unwrap();
        assert!(edit_in(temp.path(), &sh("true"), &about("原文")).is_err());
    }
}
