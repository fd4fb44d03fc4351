//! The command line: the whole path by commands alone, the same refusals as the library, exit
//! statuses, and the same rights in every listing.
#![allow(
    clippy::type_complexity,
    clippy::default_trait_access,
    clippy::items_after_statements
)] // tests read top to bottom
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use qianfa::demo::{PASSPHRASE, Province, Setup, fill, found};
use qianfa::desk::SystemClock;
use qianfa::journal::{SealCost, Suite};
use qianfa::store::OpenMode;
use qianfa::store::query::items::Filter;
use serde_json::Value;

struct Shell {
    store: PathBuf,
    second: String,
}

impl Shell {
    fn over(store: &Path) -> Shell {
        Shell {
            store: store.to_owned(),
            second: PASSPHRASE.to_owned(),
        }
    }

    fn run(&self, who: &str, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_qianfa"))
            .args(args)
            .args(["--as", who, "--json"])
            .env("QIANFA_STORE", &self.store)
            .env("QIANFA_PASSPHRASE", PASSPHRASE)
            .env("QIANFA_SECOND_PASSPHRASE", &self.second)
            .env_remove("QIANFA_LANG")
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// Lines of a command that must succeed.
    fn ok(&self, who: &str, args: &[&str]) -> Vec<Value> {
        let out = self.run(who, args);
        assert!(
            out.status.success(),
            "{who} {args:?}: {}",
            String::from_utf8_lossy(&out.stderr)
        );
        lines(&out)
    }

    /// Rule of a command that must be refused.
    fn refused(&self, who: &str, args: &[&str]) -> String {
        let out = self.run(who, args);
        assert_eq!(
            out.status.code(),
            Some(3),
            "{who} {args:?}: {}",
            String::from_utf8_lossy(&out.stderr)
        );
        let last = lines(&out).pop().unwrap();
        let message = last["message"].as_str().unwrap();
        assert!(message.contains('请'), "{message}");
        last["rule"].as_str().unwrap().to_owned()
    }
}

fn lines(out: &Output) -> Vec<Value> {
    String::from_utf8(out.stdout.clone())
        .unwrap()
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect()
}

fn text(value: &Value, key: &str) -> String {
    value[key]
        .as_str()
        .unwrap_or_else(|| panic!("{key} in {value}"))
        .to_owned()
}

#[test]
fn a_store_of_ones_own_from_founding_to_proof() {
    let dir = tempfile::tempdir().unwrap();
    let sh = Shell::over(&dir.path().join("own.qf"));
    sh.ok("office", &["init", "--province", "示例省税务局"]);
    let again = sh.run("office", &["init", "--province", "示例省税务局"]);
    assert_eq!(again.status.code(), Some(1));
    sh.ok(
        "office",
        &[
            "bureau",
            "add",
            "office",
            "--name",
            "办公室",
            "--level",
            "department",
            "--duty",
            "office",
        ],
    );
    sh.ok(
        "office",
        &[
            "bureau",
            "add",
            "dj",
            "--name",
            "东江市税务局",
            "--level",
            "city",
        ],
    );
    sh.ok(
        "office",
        &[
            "site",
            "add",
            "prov",
            "--name",
            "省站",
            "--level",
            "province",
            "--bureau",
            "province",
            "--domain",
            "tax.example.cn",
            "--code",
            "3300000001",
        ],
    );
    // A2.2: a department may not have a platform of its own.
    let args = [
        "site",
        "add",
        "own",
        "--name",
        "处室网站",
        "--level",
        "province",
        "--bureau",
        "office",
    ];
    assert_eq!(sh.refused("office", &args), "org.platform-level");
    let column = [
        "column",
        "add",
        "notice",
        "--site",
        "prov",
        "--name",
        "通知公告",
        "--family",
        "disclosure",
        "--owner",
        "office",
    ];
    sh.ok("office", &column);
    for (login, role) in [
        ("ed", "editor"),
        ("fr", "first-reviewer"),
        ("sr", "second-reviewer"),
        ("cr", "confidentiality-reviewer"),
        ("sg", "signer"),
        ("au", "audit-admin"),
    ] {
        sh.ok(
            "office",
            &[
                "person", "add", login, "--name", login, "--bureau", "office",
            ],
        );
        sh.ok(login, &["key", "new", login]);
        // Enrolment in two steps by two people; the role by both at once.
        let proposal = sh.ok("office", &["key", "enrol", login])[0]["proposal"]
            .as_u64()
            .unwrap()
            .to_string();
        assert_eq!(
            sh.refused("office", &["key", "enrol", "--confirm", &proposal]),
            "proposal.same-person"
        );
        sh.ok("security", &["key", "enrol", "--confirm", &proposal]);
        sh.ok(
            "office",
            &["person", "grant", login, role, "--second", "security"],
        );
    }
    assert_eq!(
        sh.refused("office", &["person", "grant", "au", "editor"]),
        "grant.exclusive"
    );
    let body = dir.path().join("body.txt");
    std::fs::write(
        &body,
        "一、办税服务厅实行延时服务。\n二、本通知自发布之日起施行。\n",
    )
    .unwrap();
    let body = body.to_str().unwrap();
    let made = sh.ok(
        "ed",
        &[
            "item",
            "new",
            "--column",
            "prov/notice",
            "--title",
            "关于延时服务的通知",
            "--text",
            body,
        ],
    );
    let item = text(&made[0], "item");
    assert_eq!(
        sh.refused("ed", &["item", "submit", &item]),
        "item.disclosure-missing"
    );
    sh.ok("ed", &["item", "revise", &item, "--disclosure", "open"]);
    assert_eq!(
        sh.refused("ed", &["item", "submit", &item]),
        "item.incomplete"
    );
    sh.ok(
        "ed",
        &[
            "item",
            "revise",
            &item,
            "--field",
            "provider-reviewer=负责人",
        ],
    );
    let stale = sh.run(
        "ed",
        &[
            "item",
            "revise",
            &item,
            "--from",
            "1",
            "--title",
            "旧版改动",
        ],
    );
    assert_eq!(stale.status.code(), Some(4));
    sh.ok("ed", &["item", "submit", &item]);
    assert_eq!(
        sh.refused("ed", &["item", "submit", &item]),
        "state.invalid"
    );
    assert_eq!(
        sh.refused("ed", &["item", "approve", &item]),
        "duty.contributor"
    );
    assert_eq!(sh.ok("fr", &["queue"]).len(), 1);
    sh.ok("fr", &["item", "approve", &item, "--comment", "同意"]);
    assert!(sh.ok("fr", &["queue"]).is_empty());
    assert_eq!(
        sh.refused("fr", &["item", "approve", &item]),
        "right.missing"
    );
    sh.ok("sr", &["item", "approve", &item]);
    assert_eq!(
        sh.refused("sg", &["item", "sign-off", &item]),
        "clearance.missing"
    );
    assert_eq!(
        sh.refused("cr", &["item", "clear", &item, "--conclusion", "amend"]),
        "clearance.opinion"
    );
    sh.ok("cr", &["item", "clear", &item, "--conclusion", "open"]);
    let past = ["item", "sign-off", &item, "--at", "2020-01-01T00:00"];
    assert_eq!(sh.refused("sg", &past), "schedule.past");
    sh.ok("sg", &["item", "sign-off", &item, "--hold"]);
    assert_eq!(
        sh.refused("ed", &["item", "revise", &item, "--title", "冻结后改动"]),
        "item.signed-locked"
    );
    sh.ok("sg", &["item", "publish", &item]);
    assert_eq!(
        sh.refused("sg", &["item", "discard", &item]),
        "state.invalid"
    );
    let shown = sh.ok("au", &["item", "show", &item]);
    assert_eq!(text(&shown[0], "state"), "published");
    let log = dir.path().join("log.jsonl");
    sh.ok(
        "au",
        &[
            "export",
            "publications",
            log.to_str().unwrap(),
            "--format",
            "jsonl",
        ],
    );
    let path = log.to_str().unwrap().to_owned();
    let log = std::fs::read_to_string(log).unwrap();
    // The certificate beside it is checked without the store; a letter of the file and it fails.
    let strange = Shell::over(&dir.path().join("none.qf"));
    let checked = strange.ok("nobody", &["export", "verify", &path]);
    assert_eq!(checked[0]["checked"]["rows_checked"], 1);
    std::fs::write(&path, log.replace("延时", "延期")).unwrap();
    let bent = strange.run("nobody", &["export", "verify", &path]);
    assert_eq!(bent.status.code(), Some(5));
    assert_eq!(lines(&bent)[0]["checked"]["wrong"][0], "file");
    assert_eq!(log.lines().count(), 1);
    assert!(log.contains("关于延时服务的通知"));
    let backup = dir.path().join("copy.qf");
    sh.ok("au", &["backup", backup.to_str().unwrap()]);
    sh.ok("au", &["journal", "verify"]);
    sh.ok("au", &["journal", "rebuild"]);
    Shell::over(&backup).ok("au", &["journal", "verify"]);
    let audit = dir.path().join("audit.csv");
    sh.ok("au", &["export", "audit", audit.to_str().unwrap()]);
    let exists = sh.run("au", &["export", "audit", audit.to_str().unwrap()]);
    assert_eq!(
        exists.status.code(),
        Some(1),
        "an existing file is not overwritten"
    );
}

#[test]
fn statuses_tell_usage_failure_and_integrity_apart() {
    let dir = tempfile::tempdir().unwrap();
    let store = dir.path().join("demo.qf");
    let sh = Shell::over(&store);
    assert_eq!(
        sh.run("editor", &["item", "nonsense"]).status.code(),
        Some(2)
    );
    assert_eq!(
        sh.run("editor", &["item", "list"]).status.code(),
        Some(1),
        "no store"
    );
    drop(province(&store));
    assert_eq!(sh.run("nobody", &["item", "list"]).status.code(), Some(2));
    assert_eq!(
        sh.run(
            "editor",
            &[
                "item",
                "new",
                "--column",
                "prov-news",
                "--disclosure",
                "maybe"
            ]
        )
        .status
        .code(),
        Some(2)
    );
    assert_eq!(
        sh.refused("editor", &["item", "show", "2026-999999"]),
        "item.unknown"
    );
    let foreign = dir.path().join("foreign.qf");
    std::fs::write(
        &foreign,
        "this is no store at all, but it is long enough to be looked at".repeat(40),
    )
    .unwrap();
    assert_eq!(
        Shell::over(&foreign)
            .run("editor", &["item", "list"])
            .status
            .code(),
        Some(1)
    );
    let conn = rusqlite::Connection::open(&store).unwrap();
    conn.execute("UPDATE items SET state = 'published' WHERE n = 2", [])
        .unwrap();
    drop(conn);
    let out = sh.run("auditor", &["journal", "verify"]);
    assert_eq!(out.status.code(), Some(5));
    let finding = &lines(&out)[0]["finding"];
    assert_eq!(finding["what"], "table");
    assert_eq!(finding["where"], "items 2");
}

#[test]
fn wrong_passphrases_lock_a_login() {
    let dir = tempfile::tempdir().unwrap();
    let store = dir.path().join("demo.qf");
    drop(province(&store));
    let attempt = |passphrase: &str| {
        Command::new(env!("CARGO_BIN_EXE_qianfa"))
            .args(["--as", "editor", "--json", "item", "list"])
            .env("QIANFA_STORE", &store)
            .env("QIANFA_PASSPHRASE", passphrase)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    };
    for _ in 0..4 {
        let out = attempt("Wrong-pass-1");
        assert_eq!(lines(&out)[0]["error"], "key.unusable");
    }
    assert_eq!(lines(&attempt("Wrong-pass-1"))[0]["error"], "login.locked");
    assert_eq!(
        lines(&attempt(PASSPHRASE))[0]["error"],
        "login.locked",
        "even the right one waits"
    );
}

#[test]
fn a_passphrase_is_changed_and_the_key_stays() {
    let dir = tempfile::tempdir().unwrap();
    let store = dir.path().join("demo.qf");
    drop(province(&store));
    let run = |old: &str, new: &str, args: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_qianfa"))
            .args(args)
            .args(["--as", "editor", "--json"])
            .env("QIANFA_STORE", &store)
            .env("QIANFA_PASSPHRASE", old)
            .env("QIANFA_NEW_PASSPHRASE", new)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    };
    let weak = run(PASSPHRASE, "short", &["key", "passphrase", "editor"]);
    assert_eq!(lines(&weak)[0]["error"], "key.unusable");
    assert!(
        run(PASSPHRASE, "Another-2026", &["key", "passphrase", "editor"])
            .status
            .success()
    );
    assert!(run("Another-2026", "", &["item", "list"]).status.success());
    assert!(!run(PASSPHRASE, "", &["item", "list"]).status.success());
}

fn province(store: &Path) -> Province {
    let setup = Setup {
        suite: Suite::Ed25519Sha256,
        mode: OpenMode::default(),
        key_files: Some(SealCost {
            log_n: 1,
            r: 8,
            p: 1,
        }),
    };
    let mut province = found(store, setup, Box::new(SystemClock), &mut |_, _| {}).unwrap();
    fill(&mut province, &mut |_, _| {}).unwrap();
    province
}

/// What each verb is called with, and the act whose offer the library computes for it.
const ACTS: &[(&str, &str, &[&str])] = &[
    ("submit", "submit", &[]),
    ("recall", "recall", &[]),
    ("approve", "approve", &[]),
    ("return", "return", &["--reason", "理由"]),
    ("reject", "reject", &["--reason", "理由"]),
    (
        "clear",
        "clear",
        &[
            "--conclusion",
            "open",
            "--opinion",
            "意见",
            "--authority",
            "复函",
        ],
    ),
    ("sign-off", "sign-off", &["--hold"]),
    ("unschedule", "unschedule", &[]),
    ("unlock", "unlock", &["--reason", "理由"]),
    ("publish", "publish", &[]),
    ("correct", "correct", &["--reason", "说明"]),
    ("withdraw", "withdraw", &["--reason", "理由"]),
    ("discard", "discard", &[]),
    ("restore", "restore", &[]),
];

/// Every role against every view, and every act that the library refuses, in every state: the
/// command line says the same.
#[test]
fn the_command_line_obeys_the_same_matrix() {
    let dir = tempfile::tempdir().unwrap();
    let store = dir.path().join("demo.qf");
    let mut p = province(&store);
    let sh = Shell::over(&store);
    let all: Vec<String> = {
        let desk = p.sit("editor");
        desk.list(&Filter::default(), None, 1_000)
            .unwrap()
            .into_iter()
            .map(|l| l.id)
            .collect()
    };
    let logins: Vec<&'static str> = p.people.keys().copied().collect();
    let mut turn = 0usize;
    for who in logins {
        let seen: BTreeSet<String> = {
            let desk = p.sit(who);
            desk.list(&Filter::default(), None, 1_000)
                .unwrap()
                .into_iter()
                .map(|l| l.id)
                .collect()
        };
        let ids = |args: &[&str]| -> BTreeSet<String> {
            sh.ok(who, args).iter().map(|l| text(l, "id")).collect()
        };
        assert_eq!(ids(&["item", "list", "--limit", "1000"]), seen, "{who}");
        for found in [
            ids(&["item", "search", "的", "--limit", "1000"]),
            ids(&["queue", "--limit", "1000"]),
        ] {
            assert!(found.is_subset(&seen), "{who} finds what he may not see");
        }
        for item in &all {
            turn += 1;
            if !seen.contains(item) {
                let verb = ["show", "history", "diff", "preview", "form"][turn % 5];
                if who == "runner" {
                    continue; // the runner finds what is due by id and shows nothing
                }
                assert_eq!(
                    sh.refused(who, &["item", verb, item]),
                    "item.unknown",
                    "{who} {verb}"
                );
                let (verb, _, args) = ACTS[turn % ACTS.len()];
                let mut command = vec!["item", verb, item];
                command.extend(args);
                assert_eq!(sh.refused(who, &command), "item.unknown", "{who} {verb}");
                continue;
            }
            let offers = p.sit(who).show(item).unwrap().offers;
            for (k, (verb, act, args)) in ACTS.iter().enumerate() {
                // A seventh of the combinations each time keeps this in a minute; which ones moves on.
                if !(turn + k).is_multiple_of(7) {
                    continue;
                }
                let offer = offers.iter().find(|o| o.act == *act).unwrap();
                if let Some(refusal) = &offer.refusal {
                    let mut command = vec!["item", verb, item.as_str()];
                    command.extend(*args);
                    assert_eq!(sh.refused(who, &command), refusal.rule, "{who} {verb}");
                }
            }
        }
        let out = dir.path().join("out.csv");
        let allowed = matches!(who, "office" | "head" | "sysadmin" | "auditor");
        let status = sh
            .run(
                who,
                &["export", "publications", out.to_str().unwrap(), "--force"],
            )
            .status;
        assert_eq!(
            status.code(),
            Some(if allowed { 0 } else { 3 }),
            "{who} exports the publication log"
        );
        let allowed = matches!(who, "office" | "auditor");
        let status = sh
            .run(who, &["export", "audit", out.to_str().unwrap(), "--force"])
            .status;
        assert_eq!(
            status.code(),
            Some(if allowed { 0 } else { 3 }),
            "{who} exports the audit trail"
        );
    }
}
