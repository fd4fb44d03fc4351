//! The real program inside tmux, a second terminal that was written by others: what the pane shows
//! is what the program meant, with “ ” … — in one cell.

#![cfg(unix)]
#![allow(clippy::unwrap_used)]

mod tour;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use qianfa::text::Ambiguous;
use qianfa::tui::testing::{Harness, language};
use tour::Province;

struct Tmux {
    name: String,
}

impl Tmux {
    fn run(&self, arguments: &[&str]) -> String {
        let out = Command::new("tmux")
            .args(["-u", "-L", &self.name, "-f", "/dev/null"])
            .args(arguments)
            .env("LC_ALL", "C.UTF-8")
            .output()
            .unwrap();
        String::from_utf8(out.stdout).unwrap()
    }

    fn pane(&self) -> String {
        self.run(&["capture-pane", "-p"])
    }

    fn until(&self, text: &str) -> String {
        let start = Instant::now();
        loop {
            let pane = self.pane();
            if pane.contains(text) {
                return pane;
            }
            assert!(
                start.elapsed() < Duration::from_secs(90),
                "no {text} on\n{pane}"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        self.run(&["kill-server"]);
    }
}

#[test]
fn what_tmux_shows_is_what_was_meant() {
    if Command::new("tmux").arg("-V").output().is_err() {
        println!("tmux is not installed: tests/width.rs alone proves the narrow terminal here");
        return;
    }
    let _zh = language("zh-CN");
    let province = Province::with_keys();
    let copy = province.copy();
    let doubtful = "2026-000022";
    let tmux = Tmux {
        name: format!("qianfa-{}", std::process::id()),
    };
    let store = copy.path().join("p.qf");
    let start = format!(
        "env QIANFA_CONFIG={0}/none.toml QIANFA_LOG={0}/log {1} --store {2} --lang zh-CN --as editor open {doubtful}",
        copy.path().display(),
        env!("CARGO_BIN_EXE_qianfa"),
        Path::new(&store).display(),
    );
    tmux.run(&["new-session", "-d", "-x", "80", "-y", "24", &start]);
    tmux.until("请选择登录名");
    tmux.run(&["send-keys", "Enter"]);
    tmux.until("已输入");
    tmux.run(&["send-keys", "-l", qianfa::demo::PASSPHRASE]);
    tmux.until("已输入 12 个字符");
    // Right behind a burst Enter belongs to the burst.
    while tmux.pane().contains("已输入") {
        std::thread::sleep(Duration::from_millis(400));
        tmux.run(&["send-keys", "Enter"]);
        std::thread::sleep(Duration::from_secs(2));
    }
    tmux.until("概况]");
    tmux.run(&["send-keys", "2"]);
    tmux.until("正文]");
    let there = tmux.until("结束");

    let second = province.copy();
    let app = province.console(second.path(), "editor", doubtful, Ambiguous::Narrow);
    let mut h = Harness::new(app, 80, 24).unwrap();
    h.press("2").unwrap();
    let rows = |text: &str| -> Vec<String> {
        // The last row may hold a message that goes away.
        text.lines()
            .take(23)
            .map(|l| l.trim_end().to_owned())
            .collect()
    };
    assert_eq!(rows(&there), rows(&h.screen()));
    tmux.run(&["send-keys", "j"]);
    h.press("j").unwrap();
    let start = Instant::now();
    while rows(&tmux.pane()) != rows(&h.screen()) {
        assert!(
            start.elapsed() < Duration::from_secs(30),
            "{}\n{}",
            tmux.pane(),
            h.screen()
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}
