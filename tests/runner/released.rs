//! What was released can be proved, carried on, copied and changed in looks; and nobody is fooled.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::house::{HOUR, House, MINUTE};
use qianfa::desk::Attachment;
use qianfa::journal::{SoftKey, Suite};
use qianfa::publish::check::{Signature, check};
use qianfa::publish::pages::Difference;
use qianfa::publish::seal::{Pinned, from_file, runner_keys, to_file};
use qianfa::publish::serve::{Preview, ServeError};

fn keys(house: &House) -> Vec<Pinned> {
    let mut runner = house.runner();
    let now = runner.desk().moment().unwrap();
    let org = runner.desk().org().unwrap();
    runner_keys(&org, "prov", now)
}

fn released(house: &mut House) -> String {
    let mut content = House::content("核对", &["prov-news"]);
    content.attachments = vec![Attachment {
        name: "附表.csv".to_owned(),
        alt: String::new(),
        bytes: Some(b"a,b".to_vec()),
        id: None,
    }];
    let item = house.live(content);
    house.runner().tick().unwrap();
    item.number
}

/// A copy as a web server has it.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn every_page_altered_missing_or_extra_on_a_server_is_found() {
    for suite in Suite::ALL {
        let mut house = House::found_in(suite);
        let number = released(&mut house);
        let pins = keys(&house);
        // Without the store: keys from a file.
        let pins = from_file(&format!("# 公钥\n\n{}", to_file(&pins))).unwrap();
        let server = house.dir.path().join("server");
        let site = house.out.join("prov");
        let look = |dir: &Path| check(dir, &pins, &mut |_| {}).unwrap();
        assert!(look(&site).is_good(), "{:?}", look(&site));
        copy(&site, &server);
        std::fs::remove_dir_all(server.join(".qianfa")).unwrap();
        let report = look(&server);
        assert!(report.is_good() && report.signer.as_deref() == Some("runner"));
        assert_eq!(report.about.as_ref().unwrap().site, "prov");
        let manifest = std::fs::read_to_string(server.join("manifest.json")).unwrap();
        assert_eq!(manifest.contains("\"sm3\""), suite == Suite::Sm2Sm3);

        let article = format!("news/{number}.html");
        let file = format!("news/{number}/附表.csv");
        let cases: [(&dyn Fn(&Path), Difference); 8] = [
            (
                &|d| {
                    let text = std::fs::read_to_string(d.join(&article)).unwrap();
                    std::fs::write(d.join(&article), text.replacen("核对", "核对 ", 1)).unwrap();
                },
                Difference::Altered(article.clone()),
            ),
            (
                &|d| std::fs::write(d.join("robots.txt"), "").unwrap(),
                Difference::Altered("robots.txt".into()),
            ),
            (
                &|d| std::fs::remove_file(d.join(&file)).unwrap(),
                Difference::Missing(file.clone()),
            ),
            (
                &|d| std::fs::write(d.join("news/shell.php"), "x").unwrap(),
                Difference::Extra("news/shell.php".into()),
            ),
            (
                &|d| {
                    std::fs::create_dir(d.join(".well")).unwrap();
                    std::fs::write(d.join(".well/x"), "x").unwrap();
                },
                Difference::Extra(".well/x".into()),
            ),
            (
                &|d| {
                    std::fs::create_dir(d.join(".qianfa")).unwrap();
                    std::fs::write(d.join(".qianfa/evil.html"), "x").unwrap();
                },
                Difference::Extra(".qianfa/evil.html".into()),
            ),
            (
                &|d| {
                    std::fs::remove_file(d.join("index.html")).unwrap();
                    std::os::unix::fs::symlink("map.html", d.join("index.html")).unwrap();
                },
                Difference::Altered("index.html".into()),
            ),
            (
                &|d| std::os::unix::fs::symlink("/etc", d.join("etc")).unwrap(),
                Difference::Extra("etc".into()),
            ),
        ];
        for (n, (spoil, expected)) in cases.iter().enumerate() {
            let dir = house.dir.path().join(format!("spoilt-{n}"));
            copy(&server, &dir);
            spoil(&dir);
            let report = look(&dir);
            assert_eq!(
                report.differences,
                std::slice::from_ref(expected),
                "case {n}"
            );
            assert_eq!(report.signature, Signature::Good);
            assert!(!report.is_good());
        }

        // Who alters the manifest to match has no key to sign it with.
        let forged = manifest.replacen("\"size\": ", "\"size\": 1", 1);
        std::fs::write(server.join("manifest.json"), forged).unwrap();
        assert_eq!(look(&server).signature, Signature::Other);
        std::fs::write(server.join("manifest.json"), &manifest).unwrap();
        let note = std::fs::read_to_string(server.join("manifest.note")).unwrap();
        for (at, c) in note.char_indices() {
            let mut damaged = note.clone();
            damaged.replace_range(at..at + c.len_utf8(), if c == 'A' { "B" } else { "A" });
            std::fs::write(server.join("manifest.note"), damaged).unwrap();
            assert_ne!(look(&server).signature, Signature::Good, "at {at}");
        }
        std::fs::remove_file(server.join("manifest.note")).unwrap();
        assert_eq!(look(&server).signature, Signature::Missing);
        let stranger = [Pinned {
            login: "runner".into(),
            key: qianfa::journal::Signer::public(&SoftKey::generate(suite).unwrap()).clone(),
        }];
        let report = check(&site, &stranger, &mut |_| {}).unwrap();
        assert_eq!(report.signature, Signature::Unknown);
        assert_eq!(from_file("runner ed25519+sha256 x").unwrap_err(), 1);
    }
}

#[test]
fn every_directory_knows_how_far_it_is() {
    let mut house = House::found();
    released(&mut house);
    let other = house.dir.path().join("second");
    let mut second = house.seat_of("runner", &other).runner();
    let tick = second.tick().unwrap();
    let written = tick.pages.iter().find(|p| p.site == "prov").unwrap();
    assert!(written.written.as_ref().unwrap().full, "it held nothing");
    let old = house.dir.path().join("old");
    copy(&other.join("prov"), &old);

    house.live(House::content("新稿", &["prov-news"]));
    house.runner().tick().unwrap();
    // The first directory being up to date makes the second none the less behind.
    let tick = second.tick().unwrap();
    let written = tick.pages[0].written.as_ref().unwrap();
    assert!(!written.full && written.files > 3);
    let read = |dir: &Path| std::fs::read(dir.join("prov/manifest.json")).unwrap();
    assert_eq!(read(&house.out), read(&other));
    assert!(second.tick().unwrap().is_quiet());

    // An old copy put back is brought up to date from where it is.
    std::fs::remove_dir_all(other.join("prov")).unwrap();
    copy(&old, &other.join("prov"));
    let tick = second.tick().unwrap();
    assert!(!tick.pages[0].written.as_ref().unwrap().full);
    assert_eq!(read(&house.out), read(&other));

    // A note that is not a runner's is no word to go by.
    std::fs::write(other.join("prov/manifest.note"), "x").unwrap();
    let tick = second.tick().unwrap();
    assert!(tick.pages[0].written.as_ref().unwrap().full);
    assert_eq!(read(&house.out), read(&other));
    assert_eq!(
        std::fs::read(house.out.join("prov/manifest.note")).unwrap(),
        std::fs::read(other.join("prov/manifest.note")).unwrap()
    );
}

#[test]
fn what_a_release_holds_follows_from_the_journal_alone() {
    let mut house = House::found();
    released(&mut house);
    let all = |house: &House| {
        let mut files = std::collections::BTreeMap::new();
        fn walk(dir: &Path, out: &mut std::collections::BTreeMap<String, Vec<u8>>) {
            for entry in std::fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                if path.ends_with(".qianfa") {
                    continue;
                }
                if path.is_dir() {
                    walk(&path, out);
                } else {
                    out.insert(path.display().to_string(), std::fs::read(&path).unwrap());
                }
            }
        }
        walk(&house.out.join("prov"), &mut files);
        files
    };
    let first = all(&house);
    // Much later, with much in the journal that the public does not see.
    house.draft("草稿", "prov-news");
    house.pass(40 * 24 * HOUR);
    let mut runner = house.runner();
    std::fs::remove_dir_all(house.out.join("prov")).unwrap();
    runner.rebuild(Some("prov")).unwrap();
    assert_eq!(all(&house), first, "byte for byte, the signature too");
    runner.rebuild(Some("prov")).unwrap();
    assert_eq!(all(&house), first);
}

#[test]
fn a_sites_own_looks_replace_ours_and_a_slip_in_them_changes_nothing() {
    let mut house = House::found();
    let number = released(&mut house);
    let page = format!("prov/news/{number}.html");
    let mut runner = house.runner();
    let dir = house.out.join("looks");
    std::fs::create_dir(&dir).unwrap();
    std::fs::write(
        house.out.join("site.toml"),
        format!(
            "[prov]\ntemplates = \"{}\"\n[prov.columns.news]\ndescription = \"要闻\"\n\
             keywords = [\"新\", \"闻\"]\nkind = \"新闻动态\"\n",
            dir.display()
        ),
    )
    .unwrap();
    std::fs::write(dir.join("style.css"), "body { color: #123456 }").unwrap();
    std::fs::write(dir.join(".swp"), "an editor's own").unwrap();
    let tick = runner.tick().unwrap();
    assert!(tick.pages[0].written.as_ref().unwrap().full);
    assert_eq!(house.page("prov/style.css"), "body { color: #123456 }");
    for tag in [
        "<meta name=\"ColumnDescription\" content=\"要闻\">",
        "<meta name=\"ColumnKeywords\" content=\"新;闻\">",
        "<meta name=\"ColumnType\" content=\"新闻动态\">",
    ] {
        assert!(house.page("prov/news/index.html").contains(tag), "{tag}");
    }
    house.same_as_rebuilt();

    let fine = house.page(&page);
    for (name, text, place) in [
        ("article.html", "a\n{{ article.titel }}", "article.html:2"),
        ("article.html", "a\n\n{% if %}", "article.html:3"),
        ("artikel.html", "x", "artikel.html"),
    ] {
        std::fs::write(dir.join(name), text).unwrap();
        let tick = runner.tick().unwrap();
        let (code, message) = tick.pages[0].failed.clone().unwrap();
        assert_eq!(code, "pages.override");
        assert!(message.contains(place), "{message}");
        assert_eq!(house.page(&page), fine, "the old page stays");
        std::fs::remove_file(dir.join(name)).unwrap();
    }
    assert!(runner.tick().unwrap().is_quiet(), "and all is well again");

    std::fs::remove_dir_all(&dir).unwrap();
    let tick = runner.tick().unwrap();
    assert_eq!(tick.pages[0].failed.as_ref().unwrap().0, "pages.override");
}

#[test]
fn the_hook_carries_on_what_was_released_and_stays_due_until_it_did() {
    let mut house = House::found();
    std::fs::create_dir_all(&house.out).unwrap();
    let script = house.dir.path().join("carry");
    let write = |text: &str| {
        std::fs::write(&script, format!("#!/bin/sh\n{text}\n")).unwrap();
        std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    };
    std::fs::write(
        house.out.join("site.toml"),
        format!(
            "[prov]\nhook = [\"{}\", \"to-the-web\"]\nhook_seconds = 2\n",
            script.display()
        ),
    )
    .unwrap();
    let target = house.dir.path().join("web");
    // Fails, and says why in a way that would steer a terminal.
    write("printf 'no route \\033[2J to host\\n'; exit 7");
    let item = house.live(House::content("传送", &["prov-news"]));
    let mut runner = house.runner();
    let tick = runner.tick().unwrap();
    let prov = tick.pages.iter().find(|p| p.site == "prov").unwrap();
    assert!(prov.written.is_some(), "the release itself is good");
    let (code, message) = prov.failed.clone().unwrap();
    assert_eq!(code, "pages.hook");
    assert!(
        message.contains("no route") && !message.contains('\u{1b}'),
        "{message}"
    );
    let fault = |house: &mut House| house.sit("office").page_faults().unwrap();
    assert_eq!(fault(&mut house)[0].code, "pages.hook");

    // Not again at once; later it is, and each time later.
    assert!(runner.tick().unwrap().is_quiet());
    house.pass(MINUTE);
    let tick = runner.tick().unwrap();
    assert_eq!(tick.pages[0].failed.as_ref().unwrap().0, "pages.hook");
    house.pass(MINUTE);
    assert!(runner.tick().unwrap().is_quiet(), "two minutes now");
    // Its time is limited, and its children go with it.
    house.pass(MINUTE);
    write("sleep 600 & sleep 600");
    let begun = std::time::Instant::now();
    let tick = runner.tick().unwrap();
    assert!(begun.elapsed().as_secs() < 20);
    assert_eq!(tick.pages[0].failed.as_ref().unwrap().0, "pages.hook");

    write(&format!(
        "set -e\ntest \"$1\" = to-the-web\ntest -z \"$QIANFA_PASSPHRASE\"\n\
         test -f \"$QIANFA_MANIFEST\"\ncp -r \"$QIANFA_DIR\" {0}\necho \"$QIANFA_SITE\" > {0}/who",
        target.display()
    ));
    house.pass(HOUR);
    let tick = runner.tick().unwrap();
    assert_eq!(tick.pages[0].failed, None, "{:?}", tick.pages);
    assert!(tick.pages[0].hook.as_ref().unwrap().recovered);
    assert_eq!(
        std::fs::read_to_string(target.join("who")).unwrap(),
        "prov\n"
    );
    assert!(target.join(format!("news/{}.html", item.number)).is_file());
    assert!(fault(&mut house).is_empty());
    house.pass(HOUR);
    assert!(runner.tick().unwrap().is_quiet(), "once is enough");
    house.verify();
}

fn ask(at: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(at).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn the_preview_shows_pages_to_this_machine_and_nothing_else_to_anybody() {
    let mut house = House::found();
    let number = released(&mut house);
    let dir = house.out.join("prov");
    std::fs::write(house.out.join("secret"), "secret").unwrap();
    std::os::unix::fs::symlink("../secret", dir.join("link.txt")).unwrap();
    for address in ["0.0.0.0:0", "192.0.2.1:0", "[::]:0"] {
        assert!(matches!(
            Preview::new(&dir, address.parse().unwrap()),
            Err(ServeError::NotLoopback(_))
        ));
    }
    assert!(matches!(
        Preview::new(&house.out.join("none"), "127.0.0.1:0".parse().unwrap()),
        Err(ServeError::NoPages(_))
    ));
    let preview = Preview::new(&dir, "127.0.0.1:0".parse().unwrap()).unwrap();
    let at = preview
        .address()
        .trim_start_matches("http://")
        .trim_end_matches('/')
        .to_owned();
    std::thread::spawn(move || preview.run());
    let get = |method: &str, path: &str| {
        ask(
            &at,
            &format!("{method} {path} HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n\r\n"),
        )
    };
    let page = get("GET", &format!("/news/{number}.html?x=1"));
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("核对"));
    assert!(page.contains("Content-Type: text/html; charset=utf-8"));
    assert!(page.contains("X-Content-Type-Options: nosniff"));
    let head = get("HEAD", "/");
    assert!(head.starts_with("HTTP/1.1 200") && head.ends_with("\r\n\r\n"));
    assert!(head.contains("Content-Length: ") && !head.contains("<!DOCTYPE"));
    assert!(get("GET", "/news").contains("Location: /news/"));
    assert!(get("GET", "/feed.xml").contains("application/atom+xml"));
    assert!(get("GET", "/style.css").contains("text/css"));
    assert!(get("GET", &format!("/news/{number}/%E9%99%84%E8%A1%A8.csv")).contains("text/csv"));
    for path in [
        "/none.html",
        "/../secret",
        "/%2e%2e/secret",
        "/..%2fsecret",
        "/news/%2e%2e/%2e%2e/secret",
        "/link.txt",
        "/.qianfa/lock",
        "//etc/passwd",
        "/%00",
        "/%ff",
        "/news\\..\\..\\secret",
    ] {
        let answer = get("GET", path);
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
        assert!(answer.contains("页面不存在"), "{path}");
        assert!(
            !answer.contains("secret\n") && !answer.ends_with("secret"),
            "{path}"
        );
    }
    assert!(get("POST", "/").starts_with("HTTP/1.1 405"));
    let stranger = ask(
        &at,
        "GET / HTTP/1.1\r\nHost: attacker.example\r\nConnection: close\r\n\r\n",
    );
    assert!(stranger.starts_with("HTTP/1.1 403"), "{stranger}");
}

#[test]
fn the_commands_say_the_same_by_their_exit_status() {
    let mut house = House::found();
    let number = released(&mut house);
    let pins = house.dir.path().join("runner.pub");
    std::fs::write(&pins, to_file(&keys(&house))).unwrap();
    let site = house.out.join("prov");
    let run = |args: &[&str]| {
        let out = std::process::Command::new(env!("CARGO_BIN_EXE_qianfa"))
            .args(args)
            .args(["--json", "--store", "/nonexistent/none.qf"])
            .env_remove("QIANFA_STORE")
            .output()
            .unwrap();
        let text = String::from_utf8(out.stdout).unwrap();
        (out.status.code().unwrap(), text)
    };
    let verify = ["publish", "verify", site.to_str().unwrap(), "--key"];
    let verify = [&verify[..], &[pins.to_str().unwrap()]].concat();
    let (status, said) = run(&verify);
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("\"signature\":\"good\"") && said.contains("\"signer\":\"runner\""));
    std::fs::write(site.join(format!("news/{number}.html")), "x").unwrap();
    let (status, said) = run(&verify);
    assert_eq!(status, 5, "{said}");
    assert!(said.contains("altered"));
    std::fs::remove_file(site.join("manifest.json")).unwrap();
    assert_eq!(run(&verify).0, 5);
    let serve = [
        "publish",
        "serve",
        "--pages",
        site.to_str().unwrap(),
        "--listen",
    ];
    let (status, said) = run(&[&serve[..], &["0.0.0.0:0"]].concat());
    assert_eq!(status, 1);
    assert!(said.contains("serve.loopback"), "{said}");
    std::fs::write(&pins, "runner").unwrap();
    assert_eq!(run(&verify).0, 2, "no key file");
}
