use std::fs;

use crate::report::{ReportError, export};

fn put(text: &'static str) -> impl FnOnce(&mut dyn std::io::Write) -> Result<(), ReportError> {
    move |out| Ok(out.write_all(text.as_bytes())?)
}

fn names(dir: &std::path::Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(dir)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn nothing_is_replaced_unasked() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("log.csv");
    export(&path, false, put("one")).unwrap();
    let error = export(&path, false, put("two")).unwrap_err();
    assert!(matches!(error, ReportError::Exists(_)));
    assert!(error.message().contains("log.csv"));
    assert_eq!(fs::read_to_string(&path).unwrap(), "one");
    export(&path, true, put("two")).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "two");
    assert_eq!(names(dir.path()), ["log.csv"]);
}

#[test]
fn a_name_taken_while_writing_is_respected() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("log.csv");
    let error = export(&path, false, |out| {
        out.write_all(b"ours")?;
        fs::write(&path, "theirs").unwrap();
        Ok(())
    })
    .unwrap_err();
    assert!(matches!(error, ReportError::Exists(_)));
    assert_eq!(fs::read_to_string(&path).unwrap(), "theirs");
    assert_eq!(names(dir.path()), ["log.csv"]);
}

#[test]
fn a_failure_leaves_the_old_file_and_no_litter() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("log.csv");
    fs::write(&path, "old").unwrap();
    let error = export(&path, true, |out| -> Result<(), _> {
        out.write_all(b"half")?;
        Err(ReportError::Stopped)
    })
    .unwrap_err();
    assert!(matches!(error, ReportError::Stopped));
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
    assert_eq!(names(dir.path()), ["log.csv"]);
}

#[test]
fn places_that_cannot_be_written_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let error = export(&dir.path().join("none/log.csv"), false, put("x")).unwrap_err();
    assert!(matches!(error, ReportError::File { .. }));
    let error = export(dir.path(), true, put("x")).unwrap_err();
    assert!(matches!(error, ReportError::BadTarget(_)));
}

#[cfg(unix)]
#[test]
fn a_link_is_replaced_and_never_written_through() {
    let dir = tempfile::tempdir().unwrap();
    let outside = dir.path().join("outside");
    fs::write(&outside, "precious").unwrap();
    let path = dir.path().join("log.csv");
    std::os::unix::fs::symlink(&outside, &path).unwrap();
    assert!(matches!(
        export(&path, false, put("x")).unwrap_err(),
        ReportError::Exists(_)
    ));
    export(&path, true, put("x")).unwrap();
    assert_eq!(fs::read_to_string(&outside).unwrap(), "precious");
    assert_eq!(fs::read_to_string(&path).unwrap(), "x");
}
