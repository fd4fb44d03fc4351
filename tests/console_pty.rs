//! The real program on a real pseudo-terminal, from the login to the sign-off, through a resize, a
//! large paste and a kill. What is proved here is that the parts are connected; what each does is
//! proved in process (`tests/console.rs`).

#![cfg(unix)]
#![allow(clippy::unwrap_used)]

mod terminal;

use std::path::{Path, PathBuf};
use std::time::Duration;

use qianfa::demo::{PASSPHRASE, Setup, found};
use qianfa::desk::{Desk, SystemClock};
use qianfa::journal::{SealCost, SoftKey, Suite};
use qianfa::store::verify::Against;
use qianfa::store::{OpenMode, Store, keyfile};
use terminal::{ENTER, ESC, F3, F4, F6, SAVE, Session, TAB};

struct House {
    dir: tempfile::TempDir,
}

impl House {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let setup = Setup {
            suite: Suite::Ed25519Sha256,
            mode: OpenMode::default(),
            key_files: Some(SealCost::QUICK),
        };
        let clock = Box::new(SystemClock);
        found(&dir.path().join("p.qf"), setup, clock, &mut |_, _| {}).unwrap();
        Self { dir }
    }

    fn store(&self) -> PathBuf {
        self.dir.path().join("p.qf")
    }

    fn session(&self, login: &str) -> Session {
        let mut s = Session::qianfa(self.dir.path(), &self.store(), &["--as", login]);
        s.login(PASSPHRASE);
        s
    }

    fn desk(&self, login: &str) -> Desk {
        let path = self.store();
        let mut store = Store::open(&path, OpenMode::default()).unwrap();
        let org = store.org().unwrap();
        let id = org
            .persons
            .iter()
            .find(|(_, p)| p.login == login)
            .map(|(id, _)| id.clone())
            .unwrap();
        let file = keyfile::read(&keyfile::path_of(&path, login)).unwrap();
        let key = SoftKey::open(&file, PASSPHRASE).unwrap();
        Desk::new(store, &id, Box::new(key), Box::new(SystemClock))
    }

    fn verifies(&self) {
        let desk = self.desk("leader");
        desk.store()
            .verify(&Against::default(), |_| true)
            .unwrap()
            .unwrap();
    }
}

const FIRST: &str = "2026-000001";
/// The number of the first item, whatever year it is.
fn first(house: &House) -> String {
    let mut desk = house.desk("editor");
    let lines = desk
        .list(&qianfa::store::query::items::Filter::default(), None, 5)
        .unwrap();
    assert!(lines[0].number.len() == FIRST.len());
    lines.last().unwrap().number.clone()
}

#[test]
fn from_the_login_to_the_sign_off() {
    let house = House::new();
    let mut s = house.session("editor");
    s.send(F3);
    s.text("还没有稿件。按 n 新建");
    s.send("n");
    s.text("新稿件放在哪个栏目");
    s.send("\x1b[B\x1b[B");
    s.send(ENTER);
    s.text("[概况]");
    s.send("关于汇算清缴的公告");
    s.text("关于汇算清缴的公告");
    s.send(TAB);
    s.send(" ");
    s.text("主动公开");
    s.send(ENTER);
    s.send(TAB);
    s.send(TAB);
    s.send("经办人");
    s.text("经办人");
    s.send(TAB);
    s.send("审核人");
    s.text("审核人");
    s.send(F6);
    s.text("[正文]");
    s.send("各市税务局：");
    s.text("各市税务局：");
    s.until("the caret is behind the text", |screen| {
        let (_, column) = screen.cursor_position();
        !screen.hide_cursor() && column > 0
    });
    // The window is made smaller than the screens are made for, and large again.
    s.resize(20, 60);
    s.text("窗口太小");
    s.resize(30, 100);
    s.text("各市税务局：");
    s.send("现将有关事项公告如下。");
    s.text("各市税务局：现将有关事项公告如下。");
    s.resize(24, 80);
    s.text("各市税务局：现将有关事项公告如下。");
    s.send(SAVE);
    s.text("已保存");
    s.send(ESC);
    s.text("关于汇算清缴的公告");
    s.until("the list", |screen| screen.contents().contains("[稿件]"));
    s.send(ENTER);
    s.text("状态： 草稿");
    s.send("s");
    s.text("合法、完整、准确、及时");
    s.send("y");
    s.text("审核中");
    s.leave();

    for login in ["first", "second"] {
        let mut s = house.session(login);
        s.send(F4);
        s.text("待审 1 篇");
        s.text("[改动");
        s.text("[改动");
        s.send("a");
        s.text("意见");
        s.send("内容完整");
        s.text("内容完整");
        s.enter_until("没有等您审核的稿件", "意见");
        s.leave();
    }
    let mut s = house.session("secrecy");
    s.send(F4);
    s.text("待审 1 篇");
    s.text("[改动");
    s.send("c");
    s.text("法定事由");
    s.send(" ");
    s.text("删减后公开");
    s.send(ENTER);
    s.until("the list of conclusions is gone", |screen| {
        !screen.contents().contains("删减后公开")
    });
    s.send(TAB);
    s.send(TAB);
    s.send("不涉密");
    s.text("不涉密");
    s.send(SAVE);
    s.text("没有等您审核的稿件");
    s.leave();

    let mut s = house.session("signer");
    s.send(F4);
    s.text("待审 1 篇");
    s.text("[改动");
    s.send("s");
    s.text("发布方式");
    s.send(SAVE);
    s.text("没有等您审核的稿件");
    s.leave();

    let number = first(&house);
    let view = house.desk("leader").show(&number).unwrap();
    assert_eq!(view.line.state.code(), "signed-off");
    assert_eq!(view.clearances.len(), 1);
    let text = house.desk("leader").content(&number, None).unwrap().text;
    assert_eq!(text, "各市税务局：现将有关事项公告如下。");
    house.verifies();
}

/// A draft by the editor, and its number.
fn draft(house: &House, text: &str) -> String {
    let mut content = qianfa::desk::Content::for_column("prov-policy").open();
    "公告".clone_into(&mut content.fields.title);
    text.clone_into(&mut content.text);
    house.desk("editor").create(content).unwrap();
    first(house)
}

#[test]
fn a_paste_of_200_kb_and_a_kill_lose_nothing() {
    let house = House::new();
    let number = draft(&house, "原文。");
    let mut s = house.session("editor");
    s.text("我的草稿");
    s.send(ENTER);
    s.text("状态： 草稿");
    s.send("e");
    s.text("原文。");
    let line = "为贯彻落实“放管服”改革部署，进一步优化税收营商环境，现就有关事项通知如下。";
    let lines = 200 * 1024 / line.len();
    let paste = format!("{}{}", format!("{line}\r\n").repeat(lines), "粘贴到此。");
    s.send(&format!("\x1b[200~{paste}\x1b[201~"));
    // A large paste may ask first.
    s.until("the end of the paste", |screen| {
        let text = screen.contents();
        text.contains("粘贴到此。") || text.contains("y 是")
    });
    if !s.screen.screen().contents().contains("粘贴到此。") {
        s.send("y");
        s.text("粘贴到此。");
    }
    s.send("再写一句。");
    s.text("再写一句。");
    // Kept by itself, then killed without a warning.
    s.text("已留存");
    let pid = rustix::process::Pid::from_raw(i32::try_from(s.pid()).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    s.child.wait().unwrap();

    let mut s = house.session("editor");
    s.text("我的草稿");
    s.send(ENTER);
    s.text("状态： 草稿");
    s.send("e");
    // The killed session looks alive for a while yet: it is taken over, and what it had not saved
    // becomes a version in its owner's name.
    s.text("接管");
    s.send("y");
    s.until("the editor", |screen| {
        let text = screen.contents();
        !text.contains("接管") && text.contains("已保存")
    });
    let kept = house.desk("leader").content(&number, None).unwrap().text;
    let all: usize = kept.matches(line).count();
    assert_eq!(all, lines);
    assert!(kept.contains("粘贴到此。再写一句。") && kept.contains("原文。"));
    s.send(ESC);
    s.text("状态： 草稿");
    s.leave();
    house.verifies();
}

/// Switches to this process and its processor time so far, over all threads.
fn wakes(pid: u32) -> (u64, u64) {
    let mut switches = 0;
    for task in std::fs::read_dir(format!("/proc/{pid}/task")).unwrap() {
        let status = std::fs::read_to_string(task.unwrap().path().join("status")).unwrap();
        let line = status
            .lines()
            .find_map(|l| l.strip_prefix("voluntary_ctxt_switches:"))
            .unwrap();
        switches += line.trim().parse::<u64>().unwrap();
    }
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap().split(' ').collect();
    let ticks = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    (switches, ticks)
}

#[cfg(target_os = "linux")]
#[test]
fn an_idle_console_sleeps() {
    let house = House::new();
    draft(&house, "原文。");
    let mut s = house.session("editor");
    let rest = |s: &mut Session, what: &str| {
        // Whatever is under way comes to rest; then five seconds of nothing.
        std::thread::sleep(Duration::from_secs(2));
        let before = wakes(s.pid());
        std::thread::sleep(Duration::from_secs(5));
        let after = wakes(s.pid());
        let (switches, ticks) = (after.0 - before.0, after.1 - before.1);
        assert!(
            switches <= 3 && ticks <= 1,
            "{what}: {switches} wake-ups and {ticks} ticks in 5 s"
        );
    };
    rest(&mut s, "desk");
    s.send(ENTER);
    s.text("状态： 草稿");
    s.send("e");
    s.text("原文。");
    rest(&mut s, "editor");
    s.leave();
}

#[test]
fn doctor_says_what_the_terminal_answers() {
    let house = House::new();
    let mut s = Session::qianfa(house.dir.path(), &house.store(), &["doctor"]);
    s.text("“ 的宽度，终端答： 一格");
    s.text("库：");
    s.text("p.qf");
    s.child.wait().unwrap();
    let config = house.dir.path().join("config.toml");
    std::fs::create_dir_all(house.dir.path().join("themes")).unwrap();
    std::fs::write(
        &config,
        "theme = \"mine\"\n[terminal]\nambiguous_width = \"safe\"\n",
    )
    .unwrap();
    std::fs::write(
        house.dir.path().join("themes/mine.toml"),
        "base = \"dark\"\nacent = \"red\"\n",
    )
    .unwrap();
    let mut s = Session::qianfa(house.dir.path(), &house.store(), &["doctor"]);
    s.text("safe");
    s.text("mine.toml:2:1: 配色里没有名为 acent 的颜色。是不是 accent？");
    assert!(!s.child.wait().unwrap().success());
    let _: &Path = house.dir.path();
}

/// A slip of the finger in a new passphrase would lock its owner out of his key for good.
#[test]
fn a_new_passphrase_is_asked_twice() {
    let house = House::new();
    let file = keyfile::path_of(&house.store(), "newcomer");
    for (again, told) in [
        ("Another-2015-70", "两次输入的 newcomer 的口令不一致"),
        ("New-2015-70", "密钥已写入"),
    ] {
        assert!(!file.exists());
        let arguments = ["key", "new", "newcomer"];
        let mut s = Session::qianfa(house.dir.path(), &house.store(), &arguments);
        s.text("为 newcomer 设置的新口令");
        s.send("New-2015-70");
        s.send(ENTER);
        s.text("再次输入 newcomer 的新口令");
        s.send(again);
        s.send(ENTER);
        s.text(told);
    }
    SoftKey::open(&keyfile::read(&file).unwrap(), "New-2015-70").unwrap();
    // The old one is asked in other words, and once.
    let arguments = ["key", "passphrase", "newcomer"];
    let mut s = Session::qianfa(house.dir.path(), &house.store(), &arguments);
    s.text("newcomer 的口令：");
    s.send("New-2015-70");
    s.send(ENTER);
    s.text("为 newcomer 设置的新口令");
    s.send("Newer-2015-71");
    s.send(ENTER);
    s.text("再次输入 newcomer 的新口令");
    s.send("Newer-2015-71");
    s.send(ENTER);
    s.text("已写入");
    SoftKey::open(&keyfile::read(&file).unwrap(), "Newer-2015-71").unwrap();
}
