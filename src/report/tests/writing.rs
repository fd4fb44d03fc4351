use std::convert::Infallible;
use std::io::{self, Write};
use std::ops::ControlFlow;

use jiff::Timestamp;
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use crate::report::{
    AuditRow, Format, Options, PublicationEvent, PublicationRow, ReportError, Row, inert, write,
};

pub fn publication(seq: u64, title: &str) -> PublicationRow {
    PublicationRow {
        seq,
        at: Timestamp::from_microsecond(1_795_000_000_123_456).unwrap(),
        event: PublicationEvent::Publish,
        number: "2026-000123".into(),
        title: title.into(),
        site: "省站".into(),
        column: "通知公告".into(),
        author: "审核人".into(),
        reviewers: vec!["初审甲".into(), "复审乙".into()],
        confidentiality_reviewer: Some("保密员".into()),
        signer: Some("周伟".into()),
        publisher: "runner".into(),
        cause: None,
        fingerprint: "ab".repeat(32),
        doc_number: Some("税总发〔2015〕69号".into()),
        urls: vec!["https://example.gov.cn/tzgg/2026-000123.html".into()],
    }
}

fn audit(seq: u64) -> AuditRow {
    AuditRow {
        seq,
        recorded_at: Timestamp::from_microsecond(1_795_000_000_000_000).unwrap(),
        actor: "保密员".into(),
        role: Some("保密审查".into()),
        terminal: None,
        kind: "clear".into(),
        item: Some("2026-000123".into()),
        step: Some("2".into()),
        verdict: "公开".into(),
        entry_id: "cd".repeat(32),
        chain: "ef".repeat(32),
        signature: "01".repeat(32),
    }
}

#[allow(clippy::unnecessary_wraps)]
fn ok<R>(row: R) -> Result<R, Infallible> {
    Ok(row)
}

fn csv_of<R: Row>(rows: Vec<R>) -> Vec<u8> {
    let mut out = Vec::new();
    write(
        &mut out,
        rows.into_iter().map(ok),
        &mut Options::new(Format::Csv),
    )
    .unwrap();
    out
}

fn records(bytes: &[u8]) -> Vec<csv::StringRecord> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(&bytes[3..])
        .records()
        .map(Result::unwrap)
        .collect()
}

#[test]
fn csv_opens_in_a_spreadsheet() {
    let bytes = csv_of(vec![publication(7, "关于退税的公告")]);
    assert!(bytes.starts_with(b"\xef\xbb\xbf"));
    assert!(bytes.ends_with(b"\"\r\n"));
    let rows = records(&bytes);
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].len(), rows[1].len());
    assert_eq!(&rows[1][0], "7");
    // 1,795,000,000 s is 2026-11-18 11:06:40 UTC.
    assert_eq!(&rows[1][1], "2026-11-18 19:06:40.123456+08:00");
    assert_eq!(&rows[1][8], "初审甲; 复审乙");
    assert_eq!(&rows[1][14], "税总发〔2015〕69号");
}

#[test]
fn audit_rows_have_as_many_cells_as_titles() {
    let rows = records(&csv_of(vec![audit(1), audit(2)]));
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|r| r.len() == 12));
    assert_eq!(&rows[2][4], "");
}

#[test]
fn formulas_are_text() {
    for hostile in [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\u{ff1d}1",
        "\u{3000}=cmd",
    ] {
        let rows = records(&csv_of(vec![publication(1, hostile)]));
        assert!(
            rows[1][4].starts_with('\''),
            "{hostile:?} -> {:?}",
            &rows[1][4]
        );
    }
    let rows = records(&csv_of(vec![publication(1, "a=1")]));
    assert_eq!(&rows[1][4], "a=1");
}

#[test]
fn steering_characters_are_marks_in_csv_and_escapes_in_json() {
    let title = "a\u{1b}[31mb\u{9b}c\u{202e}d\u{7f}e";
    let bytes = csv_of(vec![publication(1, title)]);
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(
        !text[3..]
            .chars()
            .any(|c| inert::is_steering(c) && !"\r\n".contains(c))
    );
    assert_eq!(&records(&bytes)[1][4], "a␛[31mb\u{fffd}c\u{fffd}d␡e");

    let mut out = Vec::new();
    write(
        &mut out,
        [ok(publication(1, title))],
        &mut Options::new(Format::JsonLines),
    )
    .unwrap();
    let line = String::from_utf8(out).unwrap();
    assert!(line.ends_with("}\n"));
    assert!(!line.trim_end().chars().any(inert::is_steering));
    let value: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(value["title"], title);
    assert_eq!(value["at"], "2026-11-18T11:06:40.123456Z");
    assert_eq!(value["event"], "publish");
    assert_eq!(value["cause"], serde_json::Value::Null);
    assert!(value["at"].as_str().unwrap().parse::<Timestamp>().is_ok());
}

#[test]
fn the_receipt_names_the_bytes() {
    for format in [Format::Csv, Format::JsonLines] {
        let mut out = Vec::new();
        let written = write(
            &mut out,
            (0..2_500).map(|n| ok(publication(n, "标题"))),
            &mut Options::new(format),
        )
        .unwrap();
        assert_eq!(written.rows, 2_500);
        assert_eq!(written.bytes, out.len() as u64);
        assert_eq!(written.sha256, hex::encode(Sha256::digest(&out)));
    }
}

#[test]
fn progress_is_told_and_can_stop() {
    let mut told = Vec::new();
    let mut note = |n| {
        told.push(n);
        ControlFlow::Continue(())
    };
    let mut options = Options {
        progress: Some(&mut note),
        ..Options::new(Format::Csv)
    };
    write(io::sink(), (0..2_500).map(|n| ok(audit(n))), &mut options).unwrap();
    assert_eq!(told, [1_000, 2_000, 2_500]);

    let mut stop = |_| ControlFlow::Break(());
    let mut options = Options {
        progress: Some(&mut stop),
        ..Options::new(Format::JsonLines)
    };
    let taken = std::cell::Cell::new(0);
    let rows = (0..u64::MAX).map(|n| {
        taken.set(taken.get() + 1);
        ok(audit(n))
    });
    let error = write(io::sink(), rows, &mut options).unwrap_err();
    assert!(matches!(error, ReportError::Stopped));
    assert_eq!(taken.get(), 1_000);
}

/// Takes `room` bytes and then reports a full disk.
struct Full {
    room: usize,
}

impl Write for Full {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        if self.room == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let n = buf.len().min(self.room);
        self.room -= n;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn failures_are_typed() {
    for format in [Format::Csv, Format::JsonLines] {
        let rows = (0..5_000).map(|n| ok(publication(n, "标题")));
        let error = write(Full { room: 9_000 }, rows, &mut Options::new(format)).unwrap_err();
        assert!(
            matches!(&error, ReportError::Write(e) if e.kind() == io::ErrorKind::StorageFull),
            "{error:?}"
        );

        let rows = (0..5).map(|n| {
            if n == 3 {
                Err("database is locked")
            } else {
                Ok(audit(n))
            }
        });
        let error = write(io::sink(), rows, &mut Options::new(format)).unwrap_err();
        assert!(matches!(error, ReportError::Source(_)));
        assert!(error.to_string().contains("database is locked"));
    }
}

/// What a reader sees of a cell once the guard is taken off again.
fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').unwrap_or(cell)
}

proptest! {
    #[test]
    fn csv_parses_back(titles in prop::collection::vec(any::<String>(), 1..8)) {
        let bytes = csv_of(titles.iter().map(|t| publication(1, t)).collect());
        let rows = records(&bytes);
        prop_assert_eq!(rows.len(), titles.len() + 1);
        for (row, title) in rows[1..].iter().zip(&titles) {
            prop_assert_eq!(row.len(), 16);
            let cell = &row[4];
            let inert = inert::block(title);
            prop_assert_eq!(unguarded(cell), unguarded(&inert));
            prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']));
            prop_assert!(!cell.chars().any(|c| inert::is_steering(c) && !"\n\t".contains(c)));
        }
    }

    #[test]
    fn json_gives_the_original_back(title in any::<String>()) {
        let mut out = Vec::new();
        write(&mut out, [ok(publication(1, &title))], &mut Options::new(Format::JsonLines)).unwrap();
        prop_assert_eq!(std::str::from_utf8(&out).unwrap().lines().count(), 1);
        let value: serde_json::Value = serde_json::from_slice(&out).unwrap();
        prop_assert_eq!(value["title"].as_str(), Some(title.as_str()));
    }
}
