//! What leaves the house for an administrator: the rows asked for and no other, in formats programs
//! open right, with a certificate that a stranger can check and nobody can bend.
#![allow(clippy::items_after_statements)] // tests read top to bottom
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::format_collect)] // tests

#[path = "runner/house.rs"]
#[allow(dead_code)]
mod house;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use calamine::{Data, Reader, Xlsx, open_workbook};
use house::{HOUR, House};
use qianfa::desk::Note;
use qianfa::desk::certify::Exported;
use qianfa::desk::review::Seen;
use qianfa::journal::{PublicKey, Signer, SoftKey, Suite};
use qianfa::report::Format;
use qianfa::report::certificate::{Checked, Wrong, beside, check, proof_beside};
use qianfa::report::form::{ApprovalForm, ReviewForm};
use qianfa::rules::act::{ViewMode, WithdrawGround};
use qianfa::store::query::log::LogFilter;
use sha2::Digest;

fn key_of(house: &House, login: &str) -> Vec<(String, PublicKey)> {
    let key = house.province.people[login].key.public().clone();
    vec![(login.to_owned(), key)]
}

/// A house with a publication, a correction and a withdrawal, on two sites.
fn lively(suite: Suite) -> House {
    let mut house = House::found_in(suite);
    let one = house.live(House::content("=HYPERLINK(\"x\")", &["prov-news"]));
    house.live(House::content("东江", &["east-news"]));
    house.correcting(&one.id, "改字", |c| c.text.push_str("改。"));
    house.corrected(&one.id);
    house.pass(HOUR);
    let gone = house.live(House::content("撤下", &["prov-notice"]));
    house
        .sit("signer")
        .withdraw(&gone.id, WithdrawGround::Other, &Note::of("来函要求"))
        .unwrap();
    house
}

fn publications(
    house: &mut House,
    name: &str,
    format: Format,
    filter: &LogFilter,
) -> (PathBuf, Exported) {
    let path = house.dir.path().join(name);
    let exported = house
        .sit("auditor")
        .export_publications(&path, format, filter, false, &mut |_| true)
        .unwrap();
    (path, exported)
}

fn look(house: &House, path: &Path) -> Checked {
    check(path, &beside(path), Some(&key_of(house, "auditor"))).unwrap()
}

fn python(args: &[&str]) -> (bool, String) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/verify_export.py");
    let out = Command::new("python3").arg(script).args(args).output();
    let out = out.expect("python3 is needed for this test");
    (
        out.status.success(),
        String::from_utf8_lossy(&out.stdout).into_owned(),
    )
}

#[test]
fn every_export_is_certified_and_a_stranger_can_check_it() {
    for suite in Suite::ALL {
        let mut house = lively(suite);
        let pins = house.dir.path().join("pins");
        let key = &key_of(&house, "auditor")[0].1;
        std::fs::write(&pins, format!("auditor {suite} {}\n", key.to_base64())).unwrap();
        for format in Format::ALL {
            let name = format!("log.{}", format.code());
            let (path, exported) = publications(&mut house, &name, format, &LogFilter::default());
            assert_eq!(exported.rows, 5);
            let checked = look(&house, &path);
            assert_eq!(checked.wrong, [], "{name}");
            assert!(checked.pinned);
            let by_row = matches!(format, Format::Csv | Format::JsonLines);
            assert_eq!(checked.rows_checked, if by_row { 5 } else { 0 });
            let path = path.to_str().unwrap();
            let said = python(&[path, "--key", pins.to_str().unwrap()]);
            assert_eq!(said, (true, "ok 5 rows\n".to_owned()), "{name}");
        }
        house.verify();
    }
}

#[test]
fn an_export_holds_exactly_the_rows_asked_for() {
    let mut house = lively(Suite::Ed25519Sha256);
    let editor = house.province.people["editor"].id.clone();
    let first = house.province.people["first"].id.clone();
    let nobody = house.province.people["county"].id.clone();
    let early = house.now() - HOUR;
    let with = |f: &dyn Fn(&mut LogFilter)| {
        let mut filter = LogFilter::default();
        f(&mut filter);
        filter
    };
    let cases: Vec<(LogFilter, u64)> = vec![
        (with(&|f| f.site = Some("east".into())), 1),
        (with(&|f| f.site = Some("prov".into())), 4),
        (with(&|f| f.column = Some("prov-notice".into())), 2),
        (with(&|f| f.event = Some("correct".into())), 1),
        (with(&|f| f.person = Some(editor.clone())), 5),
        // A withdrawal is none of a reviewer's acts.
        (with(&|f| f.person = Some(first.clone())), 4),
        (with(&|f| f.person = Some(nobody.clone())), 0),
        (with(&|f| f.to = Some(early)), 3),
        (with(&|f| f.from = Some(early)), 2),
        (
            with(&|f| {
                f.site = Some("prov".into());
                f.event = Some("publish".into());
            }),
            2,
        ),
    ];
    for (n, (filter, rows)) in cases.iter().enumerate() {
        let (path, exported) = publications(&mut house, &format!("{n}.csv"), Format::Csv, filter);
        assert_eq!(exported.rows, *rows, "{filter:?}");
        assert_eq!(look(&house, &path).wrong, [], "{filter:?}");
        let query = look(&house, &path).certificate.unwrap().query;
        assert_eq!(query.get("site"), filter.site.as_ref());
        assert!(!query.is_empty(), "the question is part of the answer");
    }
}

#[test]
fn nobody_can_bend_an_export() {
    let mut house = lively(Suite::Ed25519Sha256);
    let (path, _) = publications(
        &mut house,
        "log.jsonl",
        Format::JsonLines,
        &LogFilter::default(),
    );
    let (other, _) = publications(
        &mut house,
        "other.jsonl",
        Format::JsonLines,
        &LogFilter::default(),
    );
    let text = std::fs::read_to_string(&path).unwrap();
    let cert = std::fs::read_to_string(beside(&path)).unwrap();
    let wrong = |house: &House| look(house, &path).wrong;
    let said = || python(&[path.to_str().unwrap()]).0;
    assert!(said());

    // One letter of the file.
    std::fs::write(&path, text.replacen("撤下", "撤上", 1)).unwrap();
    assert!(wrong(&house).contains(&Wrong::File) && !said());
    // A row less.
    let less: String = text.lines().skip(1).map(|l| format!("{l}\n")).collect();
    std::fs::write(&path, &less).unwrap();
    assert!(wrong(&house).contains(&Wrong::Rows) && !said());
    // A row with another entry's position.
    let bent = text.replacen("\"seq\":", "\"seq\":1", 1);
    std::fs::write(&path, bent).unwrap();
    assert!(wrong(&house).contains(&Wrong::Row) && !said());
    std::fs::write(&path, &text).unwrap();
    assert_eq!(wrong(&house), []);

    // The certificate, at every place; neither program takes a damaged one.
    for (at, c) in cert.char_indices().filter(|(at, _)| at % 7 == 0) {
        let mut damaged = cert.clone();
        damaged.replace_range(at..at + c.len_utf8(), if c == 'A' { "B" } else { "A" });
        std::fs::write(beside(&path), &damaged).unwrap();
        assert_ne!(wrong(&house), [], "at {at}");
        if at % 49 == 0 {
            assert!(!said(), "at {at}");
        }
    }
    // Another export's certificate.
    std::fs::copy(beside(&other), beside(&path)).unwrap();
    let same_rows = std::fs::read(&other).unwrap() == text.as_bytes();
    assert!(same_rows, "the same rows make the same file");
    std::fs::write(&path, &less).unwrap();
    assert!(wrong(&house).contains(&Wrong::File));
    std::fs::write(&path, &text).unwrap();
    std::fs::write(beside(&path), &cert).unwrap();

    // Another key, though it calls itself the auditor's.
    let stranger = SoftKey::generate(Suite::Ed25519Sha256).unwrap();
    let pins = [("auditor".to_owned(), stranger.public().clone())];
    let checked = check(&path, &beside(&path), Some(&pins)).unwrap();
    assert_eq!(checked.wrong, [Wrong::Key]);
    // Signed anew by a stranger: the checkpoint and the entry are not his.
    let line = cert.lines().nth(1).unwrap();
    let forged = line.replace(
        &house.province.people["auditor"].key.public().to_base64(),
        &stranger.public().to_base64(),
    );
    let origin = cert.lines().next().unwrap();
    let note = qianfa::journal::note::SignedText::sign(
        &format!("{origin}\n{forged}\n"),
        "auditor",
        &stranger,
    )
    .unwrap();
    std::fs::write(beside(&path), note).unwrap();
    let checked = check(&path, &beside(&path), None).unwrap();
    assert_eq!(
        checked.wrong,
        [Wrong::Checkpoint, Wrong::Proof, Wrong::Entry]
    );
    assert!(!said());
}

#[test]
fn a_long_export_has_its_proof_in_a_file_of_its_own() {
    let mut house = House::found();
    for n in 0..70 {
        house.live(House::content(&format!("第{n}篇"), &["prov-news"]));
    }
    let (path, exported) = publications(&mut house, "log.csv", Format::Csv, &LogFilter::default());
    assert_eq!(exported.rows, 70);
    assert_eq!(look(&house, &path).wrong, []);
    assert!(python(&[path.to_str().unwrap()]).0);
    let proof = std::fs::read_to_string(proof_beside(&path)).unwrap();
    // Seventy proofs one by one would hold ten hashes each.
    assert!(proof.matches('"').count() / 2 < 70 * 2 + 70 * 7);
    std::fs::write(proof_beside(&path), proof.replacen('7', "8", 1)).unwrap();
    assert!(look(&house, &path).wrong.contains(&Wrong::Proof));
    assert!(!python(&[path.to_str().unwrap()]).0);
}

#[test]
fn the_audit_trail_and_the_journal_prove_every_row_and_that_none_is_missing() {
    for suite in Suite::ALL {
        let mut house = lively(suite);
        let mut paths = Vec::new();
        for format in Format::ALL {
            let path = house.dir.path().join(format!("audit.{}", format.code()));
            let desk = house.sit("auditor");
            let done = desk
                .export_audit(&path, format, false, &mut |_| true)
                .unwrap();
            let head = desk.head().unwrap().seq;
            assert_eq!(done.rows, head - 1, "everything up to its own entry");
            paths.push(path);
        }
        let path = house.dir.path().join("journal.jsonl");
        house
            .sit("auditor")
            .export_journal(&path, false, false, &mut |_| true)
            .unwrap();
        paths.push(path);
        for path in &paths {
            assert_eq!(look(&house, path).wrong, [], "{}", path.display());
            let (good, said) = python(&[path.to_str().unwrap()]);
            assert!(good, "{said}");
        }
    }
}

#[test]
fn an_auditor_who_bends_a_row_in_the_middle_is_found_out_though_he_signs_anew() {
    let mut house = lively(Suite::Ed25519Sha256);
    let path = house.dir.path().join("audit.csv");
    house
        .sit("auditor")
        .export_audit(&path, Format::Csv, false, &mut |_| true)
        .unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let cert = std::fs::read_to_string(beside(&path)).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let (five, six) = (lines[5], lines[6]);
    let key = Arc::clone(&house.province.people["auditor"].key);
    // Whoever holds the key can sign another certificate; the tree he cannot bend.
    let mut signed = |bent: String, rows: u64| {
        std::fs::write(&path, &bent).unwrap();
        let (origin, rest) = cert.split_once('\n').unwrap();
        let line = rest.lines().next().unwrap();
        let mut value: serde_json::Value = serde_json::from_str(line).unwrap();
        value["sha256"] = hex::encode(sha2::Sha256::digest(bent.as_bytes())).into();
        value["bytes"] = bent.len().into();
        value["rows"] = rows.into();
        let known: qianfa::report::certificate::Certificate =
            serde_json::from_value(value).unwrap();
        let text = known.text().unwrap();
        assert_eq!(text.lines().next(), Some(origin));
        let note = qianfa::journal::note::SignedText::sign(&text, "auditor", key.as_ref()).unwrap();
        std::fs::write(beside(&path), note).unwrap();
        assert!(!python(&[path.to_str().unwrap()]).0);
        look(&house, &path).wrong
    };
    let all = lines.len() as u64 - 1;
    let id = five.split(',').nth(9).unwrap();
    let other = six.split(',').nth(9).unwrap();
    let wrong = signed(text.replacen(id, other, 1), all);
    assert!(wrong.contains(&Wrong::Proof), "another entry: {wrong:?}");
    let wrong = signed(text.replacen(&format!("{five}\r\n"), "", 1), all - 1);
    assert!(
        wrong.contains(&Wrong::Row) && wrong.contains(&Wrong::Proof),
        "one left out: {wrong:?}"
    );
    let swapped = text
        .replacen(five, "§", 1)
        .replacen(six, five, 1)
        .replacen('§', six, 1);
    assert!(signed(swapped, all).contains(&Wrong::Row), "two swapped");
    let less: String = lines[..lines.len() - 1]
        .iter()
        .map(|l| format!("{l}\r\n"))
        .collect();
    let wrong = signed(less, all - 1);
    assert!(
        wrong.contains(&Wrong::Proof),
        "the last one left out: {wrong:?}"
    );
    assert!(wrong.contains(&Wrong::Entry), "and the entry says so too");
}

#[test]
fn a_workbook_has_types_filters_and_a_header_that_stays() {
    let mut house = lively(Suite::Ed25519Sha256);
    let (path, _) = publications(&mut house, "log.xlsx", Format::Xlsx, &LogFilter::default());
    let mut book: Xlsx<_> = open_workbook(&path).unwrap();
    let name = book.sheet_names()[0].clone();
    let range = book.worksheet_range(&name).unwrap();
    assert_eq!(range.height(), 6);
    assert!(
        matches!(range[(1, 0)], Data::Float(_)),
        "{:?}",
        range[(1, 0)]
    );
    assert!(
        matches!(range[(1, 1)], Data::DateTime(_)),
        "{:?}",
        range[(1, 1)]
    );
    let title = range
        .rows()
        .flatten()
        .find(|c| c.to_string().contains("HYPERLINK"))
        .unwrap();
    assert_eq!(
        title,
        &Data::String("=HYPERLINK(\"x\")".into()),
        "text and no formula"
    );
    let mut zip = zip::ZipArchive::new(std::fs::File::open(&path).unwrap()).unwrap();
    let mut sheet = String::new();
    std::io::Read::read_to_string(
        &mut zip.by_name("xl/worksheets/sheet1.xml").unwrap(),
        &mut sheet,
    )
    .unwrap();
    assert!(sheet.contains("<autoFilter ref=\"A1:P6\"/>"));
    assert!(sheet.contains("ySplit=\"1\"") && sheet.contains("state=\"frozen\""));
    assert!(!sheet.contains("<f>"), "no formula anywhere");

    // The same rows at the same moment give the same bytes.
    let again = house.dir.path().join("again.xlsx");
    let third = house.dir.path().join("third.xlsx");
    for path in [&again, &third] {
        house
            .sit("auditor")
            .export_publications(
                path,
                Format::Xlsx,
                &LogFilter::default(),
                false,
                &mut |_| true,
            )
            .unwrap();
    }
    assert_eq!(std::fs::read(again).unwrap(), std::fs::read(third).unwrap());
}

#[test]
fn custody_names_every_hand_an_item_passed_through() {
    let mut house = House::found();
    let item = house.signed_off("流转", "prov-news");
    house
        .sit("editor")
        .preview(&item.id, ViewMode::Print)
        .unwrap();
    house
        .sit("signer")
        .publish(&item.id, Seen::default())
        .unwrap();
    let path = house.dir.path().join("custody.csv");
    let exported = house
        .sit("auditor")
        .export_custody(&path, Format::Csv, &item.number, false, &mut |_| true)
        .unwrap();
    assert_eq!(look(&house, &path).wrong, []);
    let text = std::fs::read_to_string(&path).unwrap();
    let rows: Vec<&str> = text.lines().skip(1).collect();
    assert_eq!(rows.len() as u64, exported.rows);
    for (link, kind) in [
        ("采集", "item.new"),
        ("报送", "item.submit"),
        ("审核", "item.approve"),
        ("审核", "item.clear"),
        ("审核", "item.sign-off"),
        ("复制", "item.viewed"),
        ("发布", "item.publish"),
    ] {
        let found = rows
            .iter()
            .any(|r| r.contains(&format!("\"{kind}\"")) && r.contains(&format!("\"{link}\"")));
        assert!(found, "{link} {kind}: {text}");
    }
    // Who may not see the trail gets none of it.
    let refused =
        house
            .sit("county")
            .export_custody(&path, Format::Csv, &item.number, true, &mut |_| true);
    assert!(refused.is_err());
}

#[test]
fn the_month_of_reviews_and_the_forms_are_printed() {
    let mut house = House::found();
    let one = house.live(House::content("甲", &["prov-news"]));
    let two = house.signed_off("乙", "prov-policy");
    let path = house.dir.path().join("reviews.html");
    // 2026-03 in the house's zone.
    let span = (1_772_294_400_000_000, 1_774_972_800_000_000);
    let exported = house
        .sit("auditor")
        .export_reviews(&path, Format::Html, span, false, &mut |_| true)
        .unwrap();
    assert_eq!(exported.rows, 2);
    assert_eq!(look(&house, &path).wrong, []);
    let html = std::fs::read_to_string(&path).unwrap();
    for part in [
        "信息公开保密审查汇总表",
        "甲",
        "乙",
        "保密审查员",
        "<th scope=\"col\">",
    ] {
        assert!(html.contains(part), "{part}");
    }
    let none = house.dir.path().join("none.csv");
    let exported = house
        .sit("auditor")
        .export_reviews(&none, Format::Csv, (0, span.0), false, &mut |_| true)
        .unwrap();
    assert_eq!(exported.rows, 0);
    assert_eq!(look(&house, &none).wrong, []);

    let desk = house.sit("secrecy");
    let forms: Vec<ReviewForm> = [&one, &two]
        .iter()
        .map(|i| desk.review_form(&i.id).unwrap())
        .collect();
    let html = ReviewForm::batch_to_html(&forms).unwrap();
    assert_eq!(html.matches("<section class=\"sheet\">").count(), 2);
    let approvals: Vec<ApprovalForm> = [&one, &two]
        .iter()
        .map(|i| desk.approval_form(&i.id).unwrap())
        .collect();
    assert!(approvals[0].published_at.is_some() && approvals[1].published_at.is_none());
    assert_eq!(approvals[0].steps.len(), 4, "{:?}", approvals[0].steps);
    let html = ApprovalForm::batch_to_html(&approvals).unwrap();
    for part in [
        "信息发布审批单",
        &one.number,
        &two.number,
        "终审签发",
        "初审",
    ] {
        assert!(html.contains(part), "{part}");
    }
    house.verify();
}
