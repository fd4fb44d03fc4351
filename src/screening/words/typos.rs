//! Words that are always, or nearly always, wrong: `data/typos.csv`.
//!
//! One automaton finds them all in one pass. A row may name what must not stand before or behind
//! (降|低扣|除); and a word of two characters that is torn between two longer words is no finding.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::super::finding::{Class, Hit, Severity};
use super::view::View;

/// One row of the list.
struct Row {
    wrong: String,
    right: String,
    class: Class,
    severity: Severity,
    why: &'static str,
    not_after: Vec<String>,
    not_before: Vec<String>,
}

struct Typos {
    rows: Vec<Row>,
    /// None only if the automaton could not be built, which a test rules out.
    finder: Option<AhoCorasick>,
}

static TYPOS: LazyLock<Typos> = LazyLock::new(|| {
    let rows: Vec<Row> = csv::Reader::from_reader(include_str!("data/typos.csv").as_bytes())
        .into_records()
        .filter_map(Result::ok)
        .filter_map(|record| row(&record))
        .collect();
    let finder = AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .match_kind(MatchKind::LeftmostLongest)
        .build(rows.iter().map(|r| r.wrong.as_str()))
        .ok();
    Typos { rows, finder }
});

fn row(record: &csv::StringRecord) -> Option<Row> {
    let list = |i: usize| -> Vec<String> {
        record
            .get(i)
            .unwrap_or("")
            .split('|')
            .filter(|s| !s.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let (class, why) = kind(record.get(2)?);
    Some(Row {
        wrong: record.get(0)?.to_owned(),
        right: record.get(1)?.to_owned(),
        class,
        severity: Severity::parse(record.get(3)?)?,
        why,
        not_after: list(4),
        not_before: list(5),
    })
}

/// The finer classes of the list in the classes of screening.
fn kind(code: &str) -> (Class, &'static str) {
    match code {
        "political.title" => (Class::Title, "list-title"),
        "political.doctrine" | "political.shape" => (Class::Doctrine, "list-doctrine"),
        c if c.starts_with("political.name") => (Class::StateName, "list-name"),
        c if c.starts_with("hkmt") => (Class::Territory, "list-territory"),
        c if c.starts_with("tax.") => (Class::TaxTerm, "list-tax"),
        c if c.starts_with("typo.") => (Class::Typo, "list-typo"),
        "policy.term" => (Class::TaxTerm, "list-tax"),
        _ => (Class::Usage, "list-usage"),
    }
}

pub(super) fn scan(view: &View, hits: &mut Vec<Hit>) {
    let typos = &*TYPOS;
    let Some(finder) = &typos.finder else { return };
    for found in finder.find_iter(view.text) {
        let row = &typos.rows[found.pattern().as_usize()];
        let (before, after) = (&view.text[..found.start()], &view.text[found.end()..]);
        if row.not_after.iter().any(|g| before.ends_with(g.as_str()))
            || row.not_before.iter().any(|g| after.starts_with(g.as_str()))
        {
            continue;
        }
        let chars = view.index(found.start())..view.index(found.end());
        if chars.len() == 2 && view.cuts(chars.clone()).torn(&chars) {
            continue;
        }
        // The right form may hold the wrong one: 自治区 of 自治区区, 省委书记 of 省省委书记.
        if row.right.contains(&row.wrong)
            && inside(view.text, &row.right, &row.wrong, found.start())
        {
            continue;
        }
        let mut hit = view.hit(chars, row.class, row.severity, row.why);
        hit.suggestion = Some(row.right.clone());
        hits.push(hit);
    }
}

/// Whether the wrong form at this byte is a part of the right one standing there.
fn inside(text: &str, right: &str, wrong: &str, at: usize) -> bool {
    right
        .match_indices(wrong)
        .any(|(i, _)| at >= i && text.get(at - i..).is_some_and(|t| t.starts_with(right)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, Class, Severity, String)> {
        let mut hits = Vec::new();
        scan(&View::new(text), &mut hits);
        hits.into_iter()
            .map(|h| {
                (
                    text[h.range].to_owned(),
                    h.class,
                    h.severity,
                    h.suggestion.unwrap(),
                )
            })
            .collect()
    }

    #[test]
    fn the_list_is_read_whole() {
        let lines = include_str!("data/typos.csv").lines().count() - 1;
        assert_eq!(TYPOS.rows.len(), lines);
        assert!(TYPOS.finder.is_some());
        for row in &TYPOS.rows {
            assert_ne!(row.wrong, row.right);
        }
    }

    #[test]
    fn every_row_is_found_by_itself() {
        for row in &TYPOS.rows {
            let hits = found(&row.wrong);
            assert!(!hits.is_empty(), "{}", row.wrong);
        }
    }

    #[test]
    fn by_class_and_severity() {
        assert_eq!(found("中华人民大和国")[0].1, Class::StateName);
        assert_eq!(found("省检察院院长出席")[0].1, Class::Title);
        assert_eq!(
            found("增殖税专用发票")[0],
            (
                "增殖税".into(),
                Class::TaxTerm,
                Severity::Serious,
                "增值税".into()
            )
        );
        assert_eq!(found("认真布署工作")[0].2, Severity::General);
        assert_eq!(found("其它规定")[0].2, Severity::Suspect);
    }

    #[test]
    fn accidents_are_no_findings() {
        for clean in [
            "降低扣除标准",
            "公布署名文章",
            "收取销售款",
            "供给与需求",
            "逐条列出",
            "按装机容量计算",
            "空中港湾",
            "立宪发展",
            "行政冶金部门",
            "税务据此办理",
            "纳税入库",
            "自治区区级机关",
            "省检察院检察长",
        ] {
            assert_eq!(found(clean), [], "{clean}");
        }
    }
}
