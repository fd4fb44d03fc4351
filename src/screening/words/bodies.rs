//! Names of offices that are no more, and tax rates that have run out: `data/bodies.csv`, `data/rates.csv`.
//!
//! The past may be told under its own names. A place is left alone when the text itself is of that
//! time, when its sentence names a day of that time, says "then" or "former", or cites a document.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use jiff::civil::Date;

use super::super::finding::{Class, Hit, Severity};
use super::view::View;

struct Body {
    old: String,
    new: String,
    /// First day on which the old name was wrong.
    until: Date,
    not_after: Vec<String>,
    not_before: Vec<String>,
}

struct Bodies {
    rows: Vec<Body>,
    finder: Option<AhoCorasick>,
}

fn records(source: &str) -> Vec<csv::StringRecord> {
    csv::Reader::from_reader(source.as_bytes())
        .into_records()
        .filter_map(Result::ok)
        .collect()
}

static BODIES: LazyLock<Bodies> = LazyLock::new(|| {
    let list = |cell: Option<&str>| -> Vec<String> {
        cell.unwrap_or("")
            .split('|')
            .filter(|s| !s.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let rows: Vec<Body> = records(include_str!("data/bodies.csv"))
        .iter()
        .filter_map(|r| {
            Some(Body {
                old: r.get(0)?.to_owned(),
                new: r.get(1)?.to_owned(),
                until: r.get(2)?.parse().ok()?,
                not_after: list(r.get(3)),
                not_before: list(r.get(4)),
            })
        })
        .collect();
    let finder = AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .match_kind(MatchKind::LeftmostLongest)
        .build(rows.iter().map(|b| b.old.as_str()))
        .ok();
    Bodies { rows, finder }
});

struct Rate {
    tax: String,
    rate: u32,
    until: Date,
}

static RATES: LazyLock<Vec<Rate>> = LazyLock::new(|| {
    records(include_str!("data/rates.csv"))
        .iter()
        .filter_map(|r| {
            Some(Rate {
                tax: r.get(0)?.to_owned(),
                rate: r.get(1)?.parse().ok()?,
                until: r.get(2)?.parse().ok()?,
            })
        })
        .collect()
});

/// Words that put a sentence into the past, or speak of the change itself.
const PAST: [&str; 16] = [
    "原国",
    "原地",
    "原省",
    "原市",
    "原税",
    "时任",
    "当时",
    "前身",
    "合并",
    "挂牌",
    "更名",
    "改革前",
    "撤销",
    "划转",
    "并入",
    "历史沿革",
];

/// Words that speak of a rate that was.
const PAST_RATE: [&str; 14] = [
    "原适用",
    "原税率",
    "下调",
    "下降",
    "降至",
    "降为",
    "降低",
    "调整为",
    "调整至",
    "调减",
    "由17",
    "从17",
    "从16",
    "由16",
];

pub(super) fn scan(view: &View, on: Date, hits: &mut Vec<Hit>) {
    let bodies = &*BODIES;
    if let Some(finder) = &bodies.finder {
        for found in finder.find_iter(view.text) {
            let body = &bodies.rows[found.pattern().as_usize()];
            let (before, after) = (&view.text[..found.start()], &view.text[found.end()..]);
            if on < body.until
                || body.not_after.iter().any(|g| before.ends_with(g.as_str()))
                || body
                    .not_before
                    .iter()
                    .any(|g| after.starts_with(g.as_str()))
                || before.ends_with('原')
            {
                continue;
            }
            let chars = view.index(found.start())..view.index(found.end());
            if history(view, &chars, body.until, &PAST) || cited(view, &chars) {
                continue;
            }
            let tax = body.new.contains("税务");
            let severity = if tax {
                Severity::General
            } else {
                Severity::Suspect
            };
            let mut hit = view.hit(
                chars,
                Class::TaxTerm,
                severity,
                if tax { "body-merged" } else { "body-renamed" },
            );
            hit.suggestion = Some(body.new.clone());
            hit.detail = body.until.to_string();
            hits.push(hit);
        }
    }
    rates(view, on, hits);
}

/// A rate that has run out, named as a rate of that tax.
fn rates(view: &View, on: Date, hits: &mut Vec<Hit>) {
    for i in 0..view.len() {
        if !matches!(view.raw[i], '%' | '％') {
            continue;
        }
        let from = (0..i)
            .rev()
            .take(3)
            .take_while(|&k| view.ch[k].is_ascii_digit())
            .last()
            .unwrap_or(i);
        if from == i || matches!(view.before(from), '.' | ',' | '0'..='9') {
            continue;
        }
        let Ok(rate) = view.ch[from..i].iter().collect::<String>().parse::<u32>() else {
            continue;
        };
        if !RATES.iter().any(|r| r.rate == rate && r.until <= on) {
            continue;
        }
        // The word 税率 or 征收率 close by, and the tax in the sentence before it.
        let near = from.saturating_sub(10)..(i + 6).min(view.len());
        if !view.slice(near.clone()).contains("税率") {
            continue;
        }
        let sentence = view.sentence(i, 80);
        let text = view.slice(sentence.clone());
        let Some(row) = RATES
            .iter()
            .find(|r| r.rate == rate && r.until <= on && text.contains(r.tax.as_str()))
        else {
            continue;
        };
        // 预扣率, 扣除率 and others are no rates of the tax.
        if text.contains("扣除率")
            || text.contains("加计")
            || history(view, &(from..i + 1), row.until, &PAST_RATE)
            || cited(view, &(from..i + 1))
        {
            continue;
        }
        let mut hit = view.hit(
            from..i + 1,
            Class::TaxTerm,
            Severity::Suspect,
            "rate-expired",
        );
        hit.detail = format!("{} {}", row.tax, row.until);
        hits.push(hit);
    }
}

/// Whether the sentence speaks of the time before a day.
fn history(view: &View, chars: &std::ops::Range<usize>, until: Date, words: &[&str]) -> bool {
    let sentence = view.sentence(chars.start, 100);
    let text = view.slice(sentence.clone());
    words.iter().any(|w| text.contains(w)) || earlier(&view.ch[sentence], until)
}

/// Whether a year, or a year and month, before a day stands here.
fn earlier(chars: &[char], until: Date) -> bool {
    (0..chars.len().saturating_sub(4)).any(|i| {
        let year = &chars[i..i + 4];
        if !(year.iter().all(char::is_ascii_digit)
            && matches!(chars[i + 4], '年' | '〕' | '-' | '/' | '.' | '—' | '至'))
        {
            return false;
        }
        let number = |cs: &[char]| {
            cs.iter()
                .fold(0_i16, |n, &c| n * 10 + c.to_digit(10).unwrap_or(0) as i16)
        };
        let y = number(year);
        if !(1949..=2100).contains(&y) || y > until.year() {
            return false;
        }
        let month: Vec<char> = chars[i + 5..]
            .iter()
            .copied()
            .take(2)
            .take_while(char::is_ascii_digit)
            .collect();
        // The year of the change itself: only its earlier months are the past.
        y < until.year() || (!month.is_empty() && number(&month) < i16::from(until.month()))
    })
}

/// Whether the place is inside a title or a bracketed citation with a number.
fn cited(view: &View, chars: &std::ops::Range<usize>) -> bool {
    let from = chars.start.saturating_sub(60);
    let open = view.raw[from..chars.start]
        .iter()
        .rposition(|c| matches!(c, '《' | '》' | '\n'));
    open.is_some_and(|k| view.raw[from + k] == '《')
        || (chars.end..(chars.end + 12).min(view.len())).any(|k| {
            (view.raw[k] == '公' && matches!(view.get(k + 1), '告') || view.raw[k] == '令')
                && view.get(k + 2).is_ascii_digit()
        })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn found_on(text: &str, on: Date) -> Vec<(String, &'static str)> {
        let mut hits = Vec::new();
        scan(&View::new(text), on, &mut hits);
        hits.into_iter()
            .map(|h| (text[h.range].to_owned(), h.why))
            .collect()
    }

    fn found(text: &str) -> Vec<(String, &'static str)> {
        found_on(text, Date::constant(2026, 11, 24))
    }

    #[test]
    fn lists_are_read_whole() {
        assert_eq!(
            BODIES.rows.len(),
            include_str!("data/bodies.csv").lines().count() - 1
        );
        assert_eq!(
            RATES.len(),
            include_str!("data/rates.csv").lines().count() - 1
        );
    }

    #[test]
    fn old_names_in_new_texts() {
        assert_eq!(
            found("请到当地国家税务局办理"),
            [("国家税务局".into(), "body-merged")]
        );
        assert_eq!(
            found("市地税局发布提示"),
            [("地税局".into(), "body-merged")]
        );
        assert_eq!(
            found("报环境保护部备案"),
            [("环境保护部".into(), "body-renamed")]
        );
        for clean in [
            "国家税务总局发布",
            "2017年，省国家税务局开展检查。",
            "原国家税务局办公地点",
            "2018年6月国税局、地税局合并。",
            "《国家税务局关于发票的通知》",
            "环境保护部门",
            "2018年5月前由国税局征收",
        ] {
            assert_eq!(found(clean), [], "{clean}");
        }
        assert_eq!(found_on("省国家税务局", Date::constant(2017, 1, 1)), []);
    }

    #[test]
    fn rates_that_ran_out() {
        assert_eq!(found("增值税税率为17%"), [("17%".into(), "rate-expired")]);
        assert_eq!(
            found("按16%的税率缴纳增值税"),
            [("16%".into(), "rate-expired")]
        );
        for clean in [
            "增值税税率为13%",
            "增值税税率由16%降至13%",
            "2018年3月，增值税税率为17%",
            "增值税增长17%",
            "占企业所得税的33%",
        ] {
            assert_eq!(found(clean), [], "{clean}");
        }
        assert_eq!(found_on("增值税税率为16%", Date::constant(2018, 8, 1)), []);
    }
}
