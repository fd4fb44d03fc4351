//! The page `docs/journal.md`, its worked example, the fixtures, and the verifier a stranger would
//! write from it: all must agree with this room.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine;

use super::super::chain::{chain_start, leaf_data, sig_hash};
use super::super::entry::{Entry, entry_id, signing_message};
use super::super::hash::Suite;
use super::super::merkle::leaf_hash;
use super::super::sample::Sample;
use super::super::sign::Signer;
use super::{Line, verify_export};

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn text_of(lines: &[String]) -> String {
    lines.join("\n") + "\n"
}

/// Status and output of the independent verifier.
fn python(lines: &[String], checkpoint: Option<&str>) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("export.jsonl");
    std::fs::write(&file, text_of(lines)).unwrap();
    let mut command = Command::new("python3");
    command.arg(project("tests/verify_journal.py")).arg(&file);
    if let Some(note) = checkpoint {
        let file = folder.path().join("checkpoint.txt");
        std::fs::write(&file, note).unwrap();
        command.arg("--checkpoint").arg(file);
    }
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    (output.status.success(), text)
}

#[test]
fn the_independent_verifier_agrees_on_a_sound_journal() {
    for suite in Suite::ALL {
        let lines = Sample::full(suite).export();
        assert_eq!(python(&lines, None), (true, "ok 12 entries\n".into()));
    }
}

#[test]
fn the_independent_verifier_agrees_on_damage() {
    for suite in Suite::ALL {
        let lines = Sample::full(suite).export();
        // One damaged character in a different part of each line in turn.
        for (n, line) in lines.iter().enumerate() {
            let mut bytes = line.clone().into_bytes();
            // Away from characters of many bytes; the entry before the last holds the signature.
            let at = (0..bytes.len())
                .rev()
                .filter(|at| bytes[*at].is_ascii_alphanumeric())
                .nth(40 + n * 11)
                .unwrap();
            bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
            let mut damaged = lines.clone();
            damaged[n] = String::from_utf8(bytes).unwrap();
            let ours = verify_export(&damaged, |_| Ok(()));
            let (ok, text) = python(&damaged, None);
            assert_eq!(ours.is_ok(), ok, "line {}: {ours:?} {text}", n + 1);
            if let Err(super::ExportError::Journal(fault)) = ours
                && line.starts_with("{\"seq\"")
            {
                assert!(
                    text.contains(&format!("entry {}:", fault.seq)),
                    "{fault} {text}"
                );
            }
            // An effect is a fold of the rules; everything else is bound.
            let before = Line::parse(line).ok();
            let after = Line::parse(&damaged[n]).ok();
            let effect_only = matches!(
                (before, after),
                (Some(Line::Entry(a)), Some(Line::Entry(b))) if super::super::export::EntryLine { eff: a.eff, ..b.clone() } == a
            );
            assert!(!ok || effect_only, "line {} {}", n + 1, damaged[n]);
        }
        let mut removed = lines.clone();
        removed.remove(5);
        assert!(python(&removed, None).1.starts_with("line 6, entry 5:"));
        let mut swapped = lines.clone();
        swapped.swap(5, 6);
        assert!(python(&swapped, None).1.starts_with("line 6, entry 5:"));
    }
}

#[test]
fn the_independent_verifier_notices_a_missing_end_by_a_kept_checkpoint() {
    for suite in Suite::ALL {
        let mut sample = Sample::full(suite);
        let note = sample
            .checkpoint()
            .sign("demo.qianfa", sample.key("p1"))
            .unwrap();
        let lines = sample.export();
        assert!(python(&lines, Some(&note)).0);
        assert!(python(&lines[..10], None).0);
        let (ok, text) = python(&lines[..10], Some(&note));
        assert!(!ok && text.starts_with("entry 10:"), "{text}");
    }
}

/// The strict parser is half of the format: both sides refuse the same bytes.
#[test]
fn both_parsers_refuse_the_same_entries() {
    let suite = Suite::Ed25519Sha256;
    let edits: &[(&str, &str)] = &[
        ("\"rules\":1", "\"rules\":1,\"rules\":1"),
        ("\"rules\":1", "\"rules\":1.0"),
        ("\"rules\":1", "\"rules\":-0"),
        ("\"rules\":1", "\"rules\":true"),
        ("\"rules\":1", "\"more\":1,\"rules\":1"),
        ("\"base\":null,", ""),
        ("\"bodies\":[]", "\"bodies\":{}"),
        ("\"args\":{}", "\"args\":[]"),
        ("\"args\":{}", "\"args\":{\"a\":{\"b\":1,\"\\u0062\":2}}"),
        ("\"args\":{}", "\"args\":{\"a\":\"\\ud800\"}"),
        ("\"args\":{}", "\"args\":{\"\\udc00\":1}"),
        ("\"args\":{}", "\"args\":{\"a\":18446744073709551616}"),
        ("\"args\":{}", "\"args\":{\"a\":NaN}"),
        (
            "\"args\":{}",
            "\"args\":{\"a\":[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]}",
        ),
        ("\"actor\":\"p2\"", "\"actor\":\"p 2\""),
        ("\"v\":1", "\"v\":2"),
        // Allowed, if unusual.
        (
            "\"args\":{}",
            "\"args\":{\"a\":18446744073709551615,\"b\":-9223372036854775808}",
        ),
        (
            "\"args\":{}",
            "\"args\":{\"a\":[[[[[[[[[[[[[[1]]]]]]]]]]]]]]}",
        ),
        ("\"args\":{}", " \"args\":\t{\"\\ud83d\\ude00\":null}"),
    ];
    for (n, (from, to)) in edits.iter().enumerate() {
        let mut sample = Sample::full(suite);
        let entry = sample.draft("p2", "p2", "site.add", serde_json::json!({}));
        let text = String::from_utf8(entry.encode()).unwrap();
        assert!(text.contains(from), "{from}");
        let bytes = text.replacen(from, to, 1).into_bytes();
        let sig = sample
            .key("p2")
            .sign(&signing_message(entry_id(suite, &bytes)));
        sample.append_raw(bytes.clone(), sig, None);
        let good = Entry::parse(&bytes).is_ok();
        assert_eq!(good, n + 3 >= edits.len(), "{to}");
        let lines = sample.export();
        assert_eq!(verify_export(&lines, |_| Ok(())).is_ok(), good, "{to}");
        let (ok, message) = python(&lines, None);
        assert_eq!(ok, good, "{to}: {message}");
        assert!(ok || message.starts_with("line 14, entry 13:"), "{message}");
    }
}

/// Compares a file with what it should be; `UPDATE_DOCS=1` writes it instead.
fn settle(path: &str, expected: &str) {
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(project(path), expected).unwrap();
    }
    let found = std::fs::read_to_string(project(path)).unwrap();
    assert!(
        found == expected,
        "{path} has drifted; run the test with UPDATE_DOCS=1"
    );
}

#[test]
fn the_fixtures_are_current() {
    for (suite, name) in Suite::ALL.into_iter().zip(["ed25519", "sm2"]) {
        let text = text_of(&Sample::full(suite).export());
        settle(&format!("tests/fixtures/journal/{name}.jsonl"), &text);
    }
}

#[test]
fn the_worked_example_is_current() {
    let suite = Suite::Ed25519Sha256;
    let mut sample = Sample::full(suite);
    let mut out = String::new();
    let mut say = |what: &str, value: String| writeln!(out, "{what:<22} {value}").unwrap();
    say("journal id", sample.journal.to_string());
    say("chain 0", chain_start(suite, sample.journal).to_string());
    say("key of p1", sample.key_text("p1"));
    say("key id of p1", sample.key("p1").public().id().to_string());
    let first = sample.rows[0].clone();
    say("entry 1", String::from_utf8(first.entry.clone()).unwrap());
    let id = entry_id(suite, &first.entry);
    say("entry id 1", id.to_string());
    say("signed message 1", hex::encode(signing_message(id)));
    say(
        "signature 1",
        base64::engine::general_purpose::STANDARD.encode(&first.sig),
    );
    say(
        "H(\"sig/1\\0\" ‖ sig) 1",
        sig_hash(suite, &first.sig).to_string(),
    );
    let leaf = leaf_data(suite, 1, first.recorded_at, id, &first.sig);
    say("leaf data 1", hex::encode(leaf));
    say("Merkle leaf 1", leaf_hash(suite, &leaf).to_string());
    say("chain 1", first.chain.to_string());
    say("effect 1 (by the rules)", first.eff.to_string());
    let (body, salt, text) = sample.bodies[0].clone();
    say("body", String::from_utf8(text).unwrap());
    say("salt", hex::encode(salt));
    say("body id", body.to_string());
    say("effect 4", sample.rows[3].eff.to_string());
    say("verdict 5", sample.rows[4].verdict.clone().unwrap());
    say("effect 5", sample.rows[4].eff.to_string());
    let note = sample
        .checkpoint()
        .sign("demo.qianfa", sample.key("p1"))
        .unwrap();
    let example =
        format!("```text\n{out}```\n\nThe checkpoint at the head:\n\n```text\n{note}```\n");
    let page = std::fs::read_to_string(project("docs/journal.md")).unwrap();
    let (begin, end) = ("<!-- example:begin -->\n", "<!-- example:end -->\n");
    let (above, rest) = page.split_once(begin).unwrap();
    let (_, below) = rest.split_once(end).unwrap();
    settle(
        "docs/journal.md",
        &format!("{above}{begin}{example}{end}{below}"),
    );
}
