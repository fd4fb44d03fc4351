//! `qianfa screen` as a program: files of each kind, the stream of lines, exit statuses.
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

#[path = "office/kit.rs"]
mod kit;

fn run(args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_qianfa"))
        .args(args)
        .env_remove("QIANFA_STORE")
        .env("QIANFA_LANG", "en")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // A thread of its own: the program answers while it still reads.
    let writer = std::thread::spawn(move || {
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

fn objects(output: &Output) -> Vec<Value> {
    String::from_utf8(output.stdout.clone())
        .unwrap()
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect()
}

struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// Classes found in each part of a file, and the exit status.
    fn screen(&self, name: &str, bytes: &[u8]) -> (Vec<(String, String)>, i32) {
        let path = self.put(name, bytes);
        let output = run(&["--json", "screen", path.to_str().unwrap()], b"");
        let found = objects(&output)
            .iter()
            .map(|o| {
                let of = |k: &str| o[k].as_str().unwrap_or_default().to_owned();
                (of("part"), of("class"))
            })
            .collect();
        (found, output.status.code().unwrap())
    }
}

fn has(found: &[(String, String)], part: &str, class: &str) -> bool {
    found.iter().any(|(p, c)| p == part && c == class)
}

#[test]
fn text_in_every_encoding() {
    let desk = Desk::new();
    let text = "关于开会的通知\n\n联系人张三，手机13800138000。\n";
    let (gbk, _, _) = encoding_rs::GB18030.encode(text);
    let bom = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    for (name, bytes) in [
        ("通知.txt", text.as_bytes()),
        ("国标.txt", &gbk),
        ("标记.txt", &bom),
        ("宽.txt", &utf16),
        ("稿.md", text.as_bytes()),
    ] {
        let (found, status) = desk.screen(name, bytes);
        assert!(has(&found, "body", "mobile"), "{name}: {found:?}");
        assert_eq!(status, 3, "{name}");
    }
}

#[test]
fn what_is_clean_ends_well_and_no_fail_holds() {
    let desk = Desk::new();
    let clean = desk.put(
        "公告.md",
        "# 关于开会的公告\n\n请于5月1日前报名。\n".as_bytes(),
    );
    let output = run(&["screen", clean.to_str().unwrap()], b"");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let secret = desk.put("密.md", "# 通知\n\n机密★5年\n".as_bytes());
    assert_eq!(
        run(&["screen", secret.to_str().unwrap()], b"")
            .status
            .code(),
        Some(3)
    );
    assert_eq!(
        run(&["screen", "--no-fail", secret.to_str().unwrap()], b"")
            .status
            .code(),
        Some(0)
    );
    // A missing file is a failure, and the others are screened all the same.
    let output = run(
        &[
            "--json",
            "screen",
            "/nowhere/a.txt",
            secret.to_str().unwrap(),
        ],
        b"",
    );
    assert_eq!(output.status.code(), Some(1));
    let all = objects(&output);
    assert_eq!(all[0]["ok"], false);
    assert!(all.iter().any(|o| o["class"] == "secret-mark"), "{all:?}");
}

#[test]
fn what_a_word_file_hides_is_found() {
    let desk = Desk::new();
    let run_of = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
    let body = format!(
        "{}<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>身份证号11010519491231002X</w:t></w:r></w:p>\
         <w:p><w:ins w:id='1' w:author='王五'><w:r><w:t>手机13900139000</w:t></w:r></w:ins>\
         <w:del w:id='2' w:author='王五'><w:r><w:delText>卡号6217001234567890122</w:delText></w:r></w:del></w:p>",
        run_of("关于开会的通知")
    );
    let bytes = kit::Docx::new(&body)
        .xml("header", "header1.xml", "hdr", &run_of("机密★5年"))
        .xml(
            "comments",
            "comments.xml",
            "comments",
            &format!(
                "<w:comment w:id='0' w:author='李四'>{}</w:comment>",
                run_of("电话13700137000")
            ),
        )
        .build();
    let (found, status) = desk.screen("通知.docx", &bytes);
    assert_eq!(status, 3);
    for (part, class) in [
        ("hidden", "id-card"),
        ("deleted", "bank-card"),
        ("header", "secret-mark"),
        ("comment", "mobile"),
        ("hidden", "metadata"),
        ("change", "metadata"),
        ("comment", "metadata"),
    ] {
        assert!(has(&found, part, class), "{part} {class}: {found:#?}");
    }
}

#[test]
fn pages_lists_archives_and_names() {
    let desk = Desk::new();
    let page = "<html><head><title>通知</title></head><body><h1>关于开会的通知</h1><p>邮箱zhang@163.com，咨询电话0571-88888888。</p></body></html>";
    let (found, _) = desk.screen("页.html", page.as_bytes());
    assert!(has(&found, "body", "email"), "{found:?}");
    let zipped = kit::zip(&[("a.md", "# 通知\n\n手机13800138000\n".as_bytes())]);
    let (found, _) = desk.screen("批.zip", &zipped);
    assert!(found.iter().any(|(_, c)| c == "mobile"), "{found:?}");
    let (found, status) = desk.screen("机密_方案.txt", "通知\n\n无。\n".as_bytes());
    assert!(has(&found, "name", "secret-mark"), "{found:?}");
    assert_eq!(status, 3);
    let (found, _) = desk.screen("假.docx", b"MZ\x90\x00 this is no document at all");
    assert!(!found.is_empty(), "a program under another name");
}

#[test]
fn empty_and_unreadable_files_are_told() {
    let desk = Desk::new();
    for (name, bytes) in [
        ("空.txt", &b""[..]),
        ("乱.docx", b"PK\x03\x04 broken"),
        ("二进制.bin", &[0u8, 1, 2, 255, 254, 0, 0, 9]),
    ] {
        let path = desk.put(name, bytes);
        let output = run(&["screen", path.to_str().unwrap()], b"");
        assert!(
            matches!(output.status.code(), Some(0 | 1 | 3)),
            "{name}: {output:?}"
        );
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            !told.is_empty() && !told.contains("panicked"),
            "{name}: {told}"
        );
    }
}

#[test]
fn the_stream_answers_each_line_in_order() {
    let mut input = String::new();
    for k in 0..1500 {
        let text = if k % 3 == 0 {
            "手机13800138000"
        } else {
            "请于月底前报送。"
        };
        writeln!(input, "{}", serde_json::json!({"id": k, "text": text})).unwrap();
    }
    let output = run(&["screen", "--jsonl"], input.as_bytes());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let all = objects(&output);
    assert_eq!(all.len(), 1500);
    for (k, answer) in all.iter().enumerate() {
        assert_eq!(answer["id"], k);
        let spans = answer["spans"].as_array().unwrap();
        assert_eq!(
            spans.iter().any(|s| s["label"] == "MOBILE"),
            k % 3 == 0,
            "{k}"
        );
        if k % 3 == 0 {
            // Code points, not bytes; the end is exclusive.
            assert_eq!(
                (&spans[0]["start"], &spans[0]["end"]),
                (&2.into(), &13.into())
            );
        }
    }
}

#[test]
fn broken_lines_do_not_stop_the_stream() {
    let mut input = b"\xef\xbb\xbf{\"id\":\"first\",\"text\":\"a\"}\r\n".to_vec();
    input.extend(b"not json at all\n");
    input.extend(b"{\"id\":2,\"text\":\"unfinished\n");
    input.extend(b"\n   \n");
    input.extend(b"{\"id\":3}\n");
    input.extend(b"{\"id\":4,\"text\":7}\n");
    input.extend(b"\xff\xfe{\"id\":5,\"text\":\"x\"}\n");
    input.extend(b"{\"id\":6,\"text\":\"\xff\xfe\"}\n");
    input.extend(b"{\"id\":7,\"text\":\"lone surrogate \\ud800\"}\n");
    input.extend(b"{\"text\":\"no id\"}\n");
    input.extend("{\"id\":{\"a\":[1]},\"text\":\"机密★5年\"}\n".as_bytes());
    // A line of two megabytes is a line like any other; the last one has no end.
    let huge = format!(
        "{{\"id\":\"huge\",\"text\":\"{}手机13800138000\"}}\n",
        "税务".repeat(350_000)
    );
    input.extend(huge.as_bytes());
    input.extend(b"{\"id\":\"last\",\"text\":\"b\"}");
    let output = run(&["screen", "--jsonl"], &input);
    assert_eq!(
        output.status.code(),
        Some(1),
        "a bad line shows in the status"
    );
    let all = objects(&output);
    let ids: Vec<String> = all.iter().map(|o| o["id"].to_string()).collect();
    assert_eq!(
        ids,
        ["\"first\"", "null", "{\"a\":[1]}", "\"huge\"", "\"last\""]
    );
    assert_eq!(all[2]["spans"][0]["label"], "MARKING");
    let spans = all[3]["spans"].as_array().unwrap();
    let phone = spans.iter().find(|s| s["label"] == "MOBILE").unwrap();
    assert_eq!(phone["start"], 700_002);
    let told = String::from_utf8(output.stderr).unwrap();
    for line in ["2", "3", "6", "7", "8", "9", "10"] {
        assert!(
            told.lines().any(|l| l.contains(line)),
            "line {line} is told: {told}"
        );
    }
}

#[test]
fn an_empty_stream_is_no_error() {
    for input in ["", "\n", "\n\n \t\n"] {
        let output = run(&["screen", "--jsonl"], input.as_bytes());
        assert_eq!(output.status.code(), Some(0));
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn lists_of_the_board_are_used_and_bad_ones_refused() {
    let desk = Desk::new();
    let terms = desk.put(
        "terms.csv",
        "词,类别,级别,替换\n金三系统,term,一般,税收征管系统\n".as_bytes(),
    );
    let line = "{\"id\":1,\"text\":\"登录金三系统办理\"}\n";
    let output = run(
        &["screen", "--jsonl", "--terms", terms.to_str().unwrap()],
        line.as_bytes(),
    );
    let all = objects(&output);
    assert_eq!(all[0]["spans"][0]["label"], "WORD");
    assert_eq!(all[0]["spans"][0]["suggestion"], "税收征管系统");
    let bad = desk.put("bad.csv", "词,级别\n甲,极高\n".as_bytes());
    let output = run(
        &["screen", "--jsonl", "--terms", bad.to_str().unwrap()],
        line.as_bytes(),
    );
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(output.stdout.is_empty());
    assert!(Path::new(&bad).exists());
}
