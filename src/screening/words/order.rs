//! Ordinals with a gap (一、二、四、), announced counts that are not kept (三个方面 … 四是), and Markdown
//! tables whose total is not the sum of the column.

use super::super::finding::{Class, Hit, Severity};
use super::sums;
use super::view::{View, han_number};

/// How an ordinal is written; each form counts for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// 一、
    Comma,
    /// （一）
    Round,
    /// 1．or 1.
    Point,
    /// 1、
    FigureComma,
    /// （1）
    FigureRound,
    /// 第一条
    Article,
    /// 第一章
    Chapter,
}

const FORMS: usize = 7;

/// The ordinal at the head of a line: its form, value and characters.
fn ordinal(line: &[char], from: usize) -> Option<(Form, u32, std::ops::Range<usize>)> {
    let lead = line
        .iter()
        .take(12)
        .take_while(|&&c| matches!(c, ' ' | '\u{3000}' | '#' | '*' | '\t' | '>'))
        .count();
    let body = &line[lead..line.len().min(lead + 12)];
    let first = *body.first()?;
    let (open, number_at) = match first {
        '（' | '(' => (true, 1),
        '第' => (false, 1),
        _ => (false, 0),
    };
    let rest = &body[number_at..];
    let figures = rest.iter().take_while(|c| c.is_ascii_digit()).count();
    let hans = rest
        .iter()
        .take_while(|&&c| super::view::han_digit(c).is_some() || matches!(c, '十' | '百' | '千'))
        .count();
    let (len, value, arabic) = if figures > 0 {
        (
            figures,
            rest[..figures].iter().collect::<String>().parse().ok()?,
            true,
        )
    } else {
        (hans, han_number(rest.get(..hans)?)?, false)
    };
    let mark = *rest.get(len)?;
    let next = rest.get(len + 1).copied().unwrap_or(' ');
    let form = match (first, arabic, mark) {
        ('第', _, '条') => Form::Article,
        ('第', _, '章') => Form::Chapter,
        ('第', ..) => return None,
        (_, false, '）' | ')') if open => Form::Round,
        (_, true, '）' | ')') if open => Form::FigureRound,
        (_, false, '、') if !open => Form::Comma,
        (_, true, '、') if !open => Form::FigureComma,
        (_, true, '．' | '.') if !open && !next.is_ascii_digit() => Form::Point,
        _ => return None,
    };
    let start = from + lead;
    Some((form, value, start..start + number_at + len + 1))
}

pub(super) fn scan(view: &View, hits: &mut Vec<Hit>) {
    // Last value of each form, and the line it stood on.
    let mut last: [Option<u32>; FORMS] = [None; FORMS];
    let mut from = 0;
    let mut table: Vec<(usize, usize)> = Vec::new();
    for line in view.ch.split(|&c| c == '\n') {
        let start = from;
        from += line.len() + 1;
        if line.iter().find(|c| !c.is_whitespace()) == Some(&'|') {
            table.push((start, start + line.len()));
        } else if !table.is_empty() {
            column_sums(view, &table, hits);
            table.clear();
        }
        announced(view, start, line, hits);
        let Some((form, value, chars)) = ordinal(line, start) else {
            continue;
        };
        let k = form as usize;
        let before = last[k];
        last[k] = Some(value);
        // A higher heading begins its own count below.
        match form {
            Form::Comma | Form::Chapter => last[Form::Round as usize] = None,
            _ => {}
        }
        if matches!(form, Form::Comma | Form::Round | Form::Chapter) {
            for lower in [Form::Point, Form::FigureComma, Form::FigureRound] {
                last[lower as usize] = None;
            }
        }
        let Some(before) = before else {
            continue;
        };
        // One or two left out is a slip; more is an excerpt. A return to one is a new list.
        let why = if value > before + 1 && value <= before + 3 {
            "ordinal-gap"
        } else if value == before && value > 1 {
            "ordinal-repeat"
        } else {
            continue;
        };
        let severity = if matches!(form, Form::Comma | Form::Round | Form::Chapter) {
            Severity::General
        } else {
            Severity::Suspect
        };
        let mut hit = view.hit(chars, Class::Number, severity, why);
        hit.detail = format!("{before} → {value}");
        hits.push(hit);
    }
    if !table.is_empty() {
        column_sums(view, &table, hits);
    }
}

/// What is counted when a list is announced.
const COUNTED: [&str; 16] = [
    "个方面",
    "项措施",
    "条措施",
    "项要求",
    "点要求",
    "点意见",
    "点建议",
    "项工作",
    "个环节",
    "个问题",
    "项原则",
    "个重点",
    "项任务",
    "个步骤",
    "种情形",
    "类情形",
];

/// 主要包括以下三个方面：一是…；二是…；三是…；四是…
fn announced(view: &View, from: usize, line: &[char], hits: &mut Vec<Hit>) {
    let firsts: Vec<(usize, u32)> = (1..line.len())
        .filter(|&i| line[i] == '是' && i >= 1)
        .filter_map(|i| {
            let digits = line[i.saturating_sub(2)..i]
                .iter()
                .rev()
                .take_while(|&&c| super::view::han_digit(c).is_some() || c == '十')
                .count();
            let start = i - digits;
            let boundary = start == 0
                || matches!(
                    line[start - 1],
                    '：' | '；' | '。' | '，' | ':' | ';' | '\u{3000}' | ' ' | '”'
                );
            let value = han_number(&line[start..i])?;
            (digits > 0 && boundary && value > 0).then_some((start, value))
        })
        .collect();
    // Gaps among 一是, 二是, 四是.
    for w in firsts.windows(2) {
        if w[1].1 > w[0].1 + 1 && w[1].1 <= w[0].1 + 3 {
            let mut hit = view.hit(
                from + w[1].0..from + w[1].0 + 2,
                Class::Number,
                Severity::General,
                "ordinal-gap",
            );
            hit.detail = format!("{} → {}", w[0].1, w[1].1);
            hits.push(hit);
        }
    }
    let Some(head) = firsts.iter().position(|f| f.1 == 1) else {
        return;
    };
    let run = firsts[head..]
        .windows(2)
        .take_while(|w| w[1].1 == w[0].1 + 1)
        .count()
        + 1;
    if run < 2 || firsts[head + 1..].iter().any(|f| f.1 == 1) {
        return;
    }
    // The announcement: the last counted word in the forty characters before the first.
    let at = firsts[head].0;
    let lead = &line[at.saturating_sub(40)..at];
    let text: String = lead.iter().collect();
    let Some((byte, _)) = COUNTED
        .iter()
        .filter_map(|w| text.rfind(w).map(|b| (b, w)))
        .max_by_key(|m| m.0)
    else {
        return;
    };
    let chars_before = text[..byte].chars().count();
    let digits = lead[..chars_before]
        .iter()
        .rev()
        .take(3)
        .take_while(|&&c| super::view::han_digit(c).is_some() || c == '十' || c.is_ascii_digit())
        .count();
    let number = &lead[chars_before - digits..chars_before];
    let said = if number.first().is_some_and(char::is_ascii_digit) {
        number.iter().collect::<String>().parse().ok()
    } else {
        han_number(number)
    };
    let stop_between = text[byte..].contains('。');
    if let Some(said) = said.filter(|&n| (2..=20).contains(&n))
        && said as usize != run
        && !(stop_between && run < said as usize)
    {
        let start = from + at - lead.len() + chars_before - digits;
        let mut hit = view.hit(
            start..start + digits,
            Class::Number,
            Severity::General,
            "number-announced",
        );
        hit.detail = format!("{said} / {run}");
        hits.push(hit);
    }
}

/// A total row of a Markdown table against the rows above it.
fn column_sums(view: &View, rows: &[(usize, usize)], hits: &mut Vec<Hit>) {
    if rows.len() < 4 || rows.len() > 5000 {
        return;
    }
    let grid: Vec<Vec<(usize, usize)>> = rows
        .iter()
        .map(|&(from, to)| cells(&view.ch, from, to))
        .collect();
    // The rule of dashes ends the header.
    let Some(rule) = grid.iter().position(|row| {
        row.iter()
            .all(|&(a, b)| view.ch[a..b].iter().all(|c| matches!(c, '-' | ':' | ' ')) && b > a)
    }) else {
        return;
    };
    let label = |row: &[(usize, usize)]| {
        row.iter()
            .take(2)
            .map(|&(a, b)| view.slice(a..b))
            .collect::<String>()
    };
    let is_total = |row: &[(usize, usize)]| {
        ["合计", "总计", "共计"]
            .iter()
            .any(|w| label(row).contains(w))
    };
    let body = &grid[rule + 1..];
    // One total, at the foot or at the head; sub-totals make it another matter.
    if body
        .iter()
        .any(|row| label(row).contains("小计") || label(row).contains("其中"))
        || body.iter().filter(|row| is_total(row)).count() != 1
    {
        return;
    }
    let Some(foot) = body
        .iter()
        .position(|row| is_total(row))
        .filter(|&k| k == 0 || k + 1 == body.len())
    else {
        return;
    };
    for column in 1..body[foot].len().min(64) {
        let (a, b) = body[foot][column];
        let Some((total, step)) = sums::cell(view.slice(a..b)) else {
            continue;
        };
        if view.slice(a..b).contains(['%', '％']) {
            continue;
        }
        let parts: Option<Vec<(i128, i128)>> = body
            .iter()
            .enumerate()
            .filter(|(k, _)| *k != foot)
            .map(|(_, row)| {
                row.get(column)
                    .and_then(|&(a, b)| sums::cell(view.slice(a..b)))
            })
            .collect();
        let Some(parts) = parts.filter(|p| p.len() >= 2) else {
            continue;
        };
        let sum: i128 = parts.iter().map(|p| p.0).sum();
        let whole = parts.iter().all(|p| p.1 == 100_000_000) && step == 100_000_000;
        let slack = if whole {
            0
        } else {
            step + parts.iter().map(|p| p.1).sum::<i128>() / 2
        };
        if (sum - total).abs() > slack {
            let mut hit = view.hit(a..b, Class::Number, Severity::General, "number-column");
            hit.detail = sums::plain(sum);
            hits.push(hit);
        }
    }
}

/// Cells of a row of a Markdown table, without the spaces around them.
fn cells(ch: &[char], from: usize, to: usize) -> Vec<(usize, usize)> {
    let mut cells = Vec::new();
    let mut start: Option<usize> = None;
    for i in from..to {
        if ch[i] == '|' && (i == from || ch[i - 1] != '\\') {
            if let Some(start) = start {
                let (mut a, mut b) = (start, i);
                while a < b && ch[a].is_whitespace() {
                    a += 1;
                }
                while b > a && ch[b - 1].is_whitespace() {
                    b -= 1;
                }
                cells.push((a, b));
            }
            start = Some(i + 1);
        }
    }
    cells
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, &'static str, String)> {
        let mut hits = Vec::new();
        scan(&View::new(text), &mut hits);
        hits.into_iter()
            .map(|h| (text[h.range].to_owned(), h.why, h.detail))
            .collect()
    }

    #[test]
    fn ordinals() {
        for clean in [
            "一、甲\n二、乙\n（一）丙\n（二）丁\n三、戊\n（一）己",
            "第一条 甲\n第二条 乙\n第十条 丙",
            "1.甲\n2.乙\n1.丙",
            "1.5倍\n3.2倍",
        ] {
            assert_eq!(found(clean), [], "{clean}");
        }
        assert_eq!(
            found("一、甲\n二、乙\n四、丙"),
            [("四、".into(), "ordinal-gap", "2 → 4".into())]
        );
        assert_eq!(found("（一）甲\n（二）乙\n（二）丙")[0].1, "ordinal-repeat");
        assert_eq!(found("一是甲；二是乙；四是丙。")[0].1, "ordinal-gap");
    }

    #[test]
    fn announced_counts() {
        assert_eq!(
            found("主要有三个方面：一是甲；二是乙；三是丙；四是丁。"),
            [("三".into(), "number-announced", "3 / 4".into())]
        );
        assert_eq!(found("主要有4个方面：一是甲；二是乙；三是丙；四是丁。"), []);
        assert_eq!(found("这是一是二是不清楚的"), []);
    }

    #[test]
    fn tables() {
        let table = |total: &str| {
            format!(
                "| 县 | 户数 | 税额 |\n|---|---:|---|\n| 甲 | 3 | 1.5 |\n| 乙 | 4 | 2.5 |\n| 合计 | {total} | 4.0 |\n"
            )
        };
        assert_eq!(found(&table("7")), []);
        assert_eq!(
            found(&table("8")),
            [("8".into(), "number-column", "7".into())]
        );
        assert_eq!(found("| 合计 |\n"), []);
    }
}
