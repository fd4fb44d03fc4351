//! A text in the person's own editor: a private file, taken away again whatever happens.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::Command;

/// The editor the person has set, with its arguments.
pub fn command() -> Option<Vec<String>> {
    ["VISUAL", "EDITOR"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .map(|value| value.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        .find(|words| !words.is_empty())
}

/// The file; unpublished text must not stay behind on the disk.
struct Private(PathBuf);

impl Drop for Private {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Lets the editor change `text`. None where it is as before.
pub fn edit(command: &[String], text: &str) -> io::Result<Option<String>> {
    let Some((program, arguments)) = command.split_first() else {
        return Ok(None);
    };
    let name = crate::desk::new_id("qianfa-") + ".md";
    let file = Private(std::env::temp_dir().join(name));
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&file.0)?.write_all(text.as_bytes())?;
    let status = Command::new(program).args(arguments).arg(&file.0).status()?;
    if !status.success() {
        return Err(io::Error::other(status.to_string()));
    }
    let after = fs::read_to_string(&file.0)?;
    // Editors end files with a line break of their own.
    let after = match (after.strip_suffix('\n'), text.ends_with('\n')) {
        (Some(cut), false) => cut.to_owned(),
        _ => after,
    };
    Ok((after != text).then_some(after))
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn sh(script: &str) -> Vec<String> {
        ["sh", "-c", script].map(str::to_owned).to_vec()
    }

    #[test]
    fn the_editor_changes_the_text_and_the_file_is_gone() {
        let changed = edit(&sh("printf '税务\\n' > \"$0\"; ls -l \"$0\" | grep -q '^-rw-------'"), "原文").unwrap();
        assert_eq!(changed.as_deref(), Some("税务"));
        assert_eq!(edit(&sh("echo >> \"$0\""), "原文").unwrap(), None);
        let kept = tempfile::tempdir().unwrap();
        let note = kept.path().join("name");
        let script = format!("echo \"$0\" > {}; exit 3", note.display());
        assert!(edit(&sh(&script), "原文").is_err());
        let file = fs::read_to_string(note).unwrap();
        assert!(!std::path::Path::new(file.trim()).exists(), "nothing stays behind");
    }
}
