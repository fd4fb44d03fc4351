//! Marks and personal data in forms drawn by a generator: what is found is what was put there.
//!
//! The rules of judging are those of the measuring program (`docs/screening.md`): a finding is right when
//! the label fits and the spans share half of their union; of marks, half of the shorter.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use jiff::civil::date;
use qianfa::screening::{Hit, Lists, Screener};

#[path = "common/screening_forms.rs"]
mod forms;

use forms::{Gold, Rng};

#[derive(Default, Clone, Copy)]
struct Tally {
    right: usize,
    missed: usize,
    wrong: usize,
}

impl Tally {
    fn precision(self) -> f64 {
        self.right as f64 / (self.right + self.wrong).max(1) as f64
    }

    fn recall(self) -> f64 {
        self.right as f64 / (self.right + self.missed).max(1) as f64
    }
}

fn warning(label: &str) -> bool {
    matches!(label, "MARKING" | "OBFUSCATED")
}

/// Whether a finding is that gold span.
fn fits(label: &str, hit: &Hit, gold: &Gold) -> bool {
    let same = label == gold.label
        || gold.label == "OBFUSCATED" && label == "MARKING"
        || gold.label == "MARKING" && label == "OBFUSCATED";
    let shared = hit
        .range
        .end
        .min(gold.end)
        .saturating_sub(hit.range.start.max(gold.start));
    let whole = hit.range.end.max(gold.end) - hit.range.start.min(gold.start);
    let short = hit.range.len().min(gold.end - gold.start);
    same && if warning(&gold.label) {
        shared * 2 >= short
    } else {
        shared * 2 >= whole
    }
}

/// Judges one text; returns what is wrong with it.
fn judge(screener: &Screener, line: &str, tally: &mut BTreeMap<String, Tally>) -> Vec<String> {
    let (text, gold) = forms::parse(line);
    let mut used = vec![false; gold.len()];
    let mut wrong = Vec::new();
    for hit in screener.screen_secrets(&text) {
        let Some(label) = hit.label().map(|l| l.code()) else {
            continue;
        };
        match gold.iter().position(|g| fits(label, &hit, g)) {
            Some(k) if !used[k] => used[k] = true,
            // A second warning about the same mark is not an error.
            Some(k) if warning(&gold[k].label) => {}
            _ => {
                tally.entry(label.to_owned()).or_default().wrong += 1;
                wrong.push(format!(
                    "false {label} {:?} ({})",
                    &text[hit.range.clone()],
                    hit.why
                ));
            }
        }
    }
    for (k, g) in gold.iter().enumerate() {
        let entry = tally.entry(g.label.clone()).or_default();
        if used[k] {
            entry.right += 1;
        } else {
            entry.missed += 1;
            wrong.push(format!("missed {} {:?}", g.label, &text[g.start..g.end]));
        }
    }
    wrong
}

#[test]
fn forms_nobody_listed() {
    let screener =
        Screener::new(Lists::new(Vec::new(), Vec::new()), date(2026, 11, 24)).without_model();
    let runs: usize = std::env::var("QIANFA_FORMS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(6_000);
    let mut tally: BTreeMap<String, Tally> = BTreeMap::new();
    let mut by_kind: BTreeMap<String, (usize, Vec<String>)> = BTreeMap::new();
    for seed in [1, 2026, 0x5157] {
        let mut rng = Rng::new(seed);
        for _ in 0..runs / 3 {
            let (kinds, line) = forms::text(&mut rng);
            let wrong = judge(&screener, &line, &mut tally);
            if !wrong.is_empty() {
                let entry = by_kind.entry(kinds.join(" + ")).or_default();
                entry.0 += 1;
                entry
                    .1
                    .push(format!("{}\n      in {line:?}", wrong.join("; ")));
            }
        }
    }
    let mut report = String::new();
    for (label, t) in &tally {
        report.push_str(&format!(
            "{label:14} precision {:.4} recall {:.4} ({} right, {} missed, {} false)\n",
            t.precision(),
            t.recall(),
            t.right,
            t.missed,
            t.wrong
        ));
    }
    for (kinds, (n, lines)) in &by_kind {
        report.push_str(&format!("{kinds}: {n}\n   {}\n", lines[0]));
    }
    println!("{report}");
    for (label, t) in &tally {
        assert!(
            t.precision() >= 0.99 && t.recall() >= 0.99,
            "{label}\n{report}"
        );
    }
}

/// Lines written by hand: exactly what is marked is found, with those borders.
#[test]
fn forms_written_by_hand() {
    let screener =
        Screener::new(Lists::new(Vec::new(), Vec::new()), date(2026, 11, 24)).without_model();
    let mut wrong = String::new();
    for line in include_str!("fixtures/screening/forms.txt")
        .lines()
        .filter(|l| !l.starts_with("# "))
    {
        let line = line
            .replace("\\n", "\n")
            .replace("\\t", "\t")
            .replace("\\z", "\u{200b}");
        let (text, gold) = forms::parse(&line);
        let want: Vec<_> = gold
            .iter()
            .map(|g| (g.start..g.end, g.label.as_str()))
            .collect();
        let hits = screener.screen_secrets(&text);
        let got: Vec<_> = hits
            .iter()
            .filter_map(|h| Some((h.range.clone(), h.label()?.code())))
            .collect();
        if got != want {
            let shown: Vec<_> = got
                .iter()
                .map(|(r, l)| format!("{l}|{}", &text[r.clone()]))
                .collect();
            wrong.push_str(&format!("{line:?}\n    got {shown:?}\n"));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
