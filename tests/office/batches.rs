//! Many files at once, into a store.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use qianfa::demo::PASSPHRASE;
use qianfa::desk::intake::How;
use qianfa::intake::{Batch, Changes, FileReport, Standing};
use serde_json::Value;

use super::kit::{Docx, LONG, letter, zip};
use super::{common, fixture};

fn gb(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

fn note(title: &str) -> Vec<u8> {
    format!("{title}\n{LONG}\n").into_bytes()
}

fn reports(paths: &[PathBuf]) -> Vec<FileReport> {
    Batch::new(paths, Changes::Notes).collect()
}

/// Last part of the name, standing, code of the refusal.
fn told(reports: &[FileReport]) -> Vec<(&str, &'static str, &'static str)> {
    reports
        .iter()
        .map(|r| {
            let code = r.outcome.as_ref().err().map_or("", |e| e.code());
            (
                r.name.rsplit('/').next().unwrap(),
                r.standing().code(),
                code,
            )
        })
        .collect()
}

/// A zip whose names are written as given, without the mark for UTF-8: as Windows does.
fn windows_zip(parts: &[(&[u8], &[u8])]) -> Vec<u8> {
    // Names of the same length in letters are put in first and overwritten after.
    let names: Vec<String> = (0..parts.len())
        .map(|n| {
            let letter = char::from(b'a' + n as u8);
            letter.to_string().repeat(parts[n].0.len())
        })
        .collect();
    let list: Vec<(&str, &[u8])> = names
        .iter()
        .zip(parts)
        .map(|(name, (_, bytes))| (name.as_str(), *bytes))
        .collect();
    let mut out = zip(&list);
    for (name, (raw, _)) in names.iter().zip(parts) {
        let mut from = 0;
        while let Some(at) = out[from..]
            .windows(name.len())
            .position(|w| w == name.as_bytes())
        {
            out[from + at..from + at + raw.len()].copy_from_slice(raw);
            from += at + raw.len();
        }
    }
    out
}

#[test]
fn folders_and_archives_are_read_and_one_bad_file_stops_none() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    fs::create_dir_all(root.join("乙")).unwrap();
    fs::write(root.join("乙/一.txt"), note("关于一事的通知")).unwrap();
    fs::write(root.join("乙/~$锁.docx"), b"x").unwrap();
    fs::write(root.join("乙/.隐藏"), b"x").unwrap();
    fs::write(root.join("甲.docx"), fixture("notice.docx")).unwrap();
    fs::write(root.join("丙.pdf"), b"%PDF-1.7").unwrap();
    fs::write(root.join("又一.txt"), note("关于一事的通知")).unwrap();
    let inner = zip(&[("深.txt", &note("关于深处的通知"))]);
    let pack = windows_zip(&[
        (&gb("通知稿.txt"), &note("关于二事的通知")),
        (b"../escape.txt", &note("关于三事的通知")),
        (&gb("里.zip"), &inner),
        (&gb("坏件.docx"), b"PK\x03\x04 word/document"),
    ]);
    fs::write(root.join("丁.zip"), pack).unwrap();
    let mut all = reports(&[root.to_path_buf(), root.join("没有.txt")]);
    assert!(all[0].name.starts_with(root.to_str().unwrap()));
    all.sort_by(|a, b| a.name.rsplit('/').next().cmp(&b.name.rsplit('/').next()));
    assert_eq!(
        told(&all),
        [
            ("escape.txt", "refused", "intake.archive.name"),
            ("一.txt", "attention", ""),
            ("丙.pdf", "refused", "intake.unsupported"),
            ("又一.txt", "taken", ""),
            ("坏件.docx", "refused", "intake.archive.broken"),
            ("没有.txt", "refused", "intake.unreadable"),
            ("深.txt", "taken", ""),
            ("甲.docx", "attention", ""),
            ("通知稿.txt", "taken", ""),
        ]
        .iter()
        .map(|row| match row.0 {
            // Of two equal files the later one is the twin.
            "一.txt" | "又一.txt" => {
                let twin = all.iter().find(|r| r.name.ends_with(row.0)).unwrap();
                (
                    row.0,
                    if twin.twin.is_some() {
                        "attention"
                    } else {
                        "taken"
                    },
                    "",
                )
            }
            _ => *row,
        })
        .collect::<Vec<_>>()
    );
    assert_eq!(all.iter().filter(|r| r.twin.is_some()).count(), 1);
}

#[test]
fn archives_are_opened_within_limits() {
    let dir = tempfile::tempdir().unwrap();
    let put = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let mut nested = zip(&[("a.txt", &note("关于一事的通知"))]);
    for _ in 0..4 {
        nested = zip(&[("里.zip", &nested)]);
    }
    let bomb = zip(&[
        ("a.txt", &vec![b' '; 30 << 20]),
        ("b.txt", &note("关于一事的通知")),
    ]);
    let names: Vec<String> = (0..4_001).map(|n| n.to_string()).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), &b""[..])).collect();
    let all = reports(&[
        put("深.zip", &nested),
        put("弹.zip", &bomb),
        put("多.zip", &zip(&many)),
        put("空.zip", &zip(&[("__MACOSX/x", b"")])),
        put("断.zip", &nested[..nested.len() - 30]),
    ]);
    assert_eq!(
        told(&all),
        [
            ("里.zip", "refused", "intake.archive.too-deep"),
            ("a.txt", "refused", "intake.archive.ratio"),
            ("b.txt", "taken", ""),
            ("多.zip", "refused", "intake.archive.too-many"),
            ("空.zip", "refused", "intake.empty"),
            ("断.zip", "refused", "intake.archive.broken"),
        ]
    );
}

#[test]
fn a_file_becomes_a_draft_with_its_original() {
    let mut w = common::World::new();
    let bytes = fixture("notice.docx");
    let path = w.dir.path().join("来稿.docx");
    fs::write(&path, &bytes).unwrap();
    let file = reports(&[path]).remove(0);
    let how = How {
        column: "prov-news".into(),
        reviewed_by: "处长".into(),
        ..How::default()
    };
    let dry = How {
        dry_run: true,
        ..how.clone()
    };
    let head = w.head();
    let desk = w.sit("editor");
    let asked = desk.take_in(&file, &dry).unwrap();
    assert!(matches!(asked[0].made, Ok(None)) && asked[0].alike.is_empty());
    assert_eq!(w.head(), head, "a dry run writes nothing");
    let taken = w.sit("editor").take_in(&file, &how).unwrap().remove(0);
    assert!(taken.needs_attention());
    let made = taken.made.unwrap().unwrap();
    let desk = w.sit("editor");
    let content = desk.content(&made.id, None).unwrap();
    assert_eq!(content.fields.doc_number, "某税发〔2026〕8号");
    assert_eq!(content.fields.written_on, "2026-11-20");
    assert_eq!(content.attachments[0].name, "image1.png");
    let (about, kept) = desk.original(&made.id, 0).unwrap();
    assert_eq!(kept, bytes);
    assert!(about.notes.iter().any(|note| note.contains("审稿人")));
    // A second time it is told, and can be left out.
    let again = desk.take_in(&file, &dry).unwrap().remove(0);
    assert_eq!(again.alike[0].number, made.number);
    let skip = How {
        skip_alike: true,
        ..how
    };
    assert!(matches!(
        desk.take_in(&file, &skip).unwrap()[0].made,
        Ok(None)
    ));
    assert!(
        w.sit("norole").take_in(&file, &dry).unwrap()[0]
            .made
            .is_err()
    );
    w.verify().unwrap();
}

#[test]
fn the_command_reports_every_file() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("1.docx"), Docx::new(&letter("")).build()).unwrap();
    fs::write(
        dir.path().join("2.doc"),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    )
    .unwrap();
    let rss = format!(
        "<rss version='2.0'><channel><title>某站</title><item><title>关于转载的消息</title><link>https://www.example.org/1</link><description>{LONG}</description></item></channel></rss>"
    );
    fs::write(dir.path().join("3.xml"), rss).unwrap();
    let run = |more: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_qianfa"))
            .args(["import", dir.path().to_str().unwrap(), "--dry-run"])
            .args(more)
            .env("QIANFA_PASSPHRASE", PASSPHRASE)
            .env("QIANFA_LANG", "zh-CN")
            .output()
            .unwrap()
    };
    // Without a column nobody has to log in.
    let out = run(&["--json"]);
    assert_eq!(out.status.code(), Some(1));
    let lines: Vec<Value> = String::from_utf8(out.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[0]["standing"], Standing::Taken.code());
    assert_eq!(lines[1]["error"], "intake.unsupported");
    assert_eq!(lines[2]["title"], "关于转载的消息");
    assert_eq!(lines[3]["summary"]["refused"], 1);
    let text = String::from_utf8(run(&[]).stdout).unwrap();
    assert!(
        text.contains("已拒绝") && text.contains("另存为 docx"),
        "{text}"
    );
}
