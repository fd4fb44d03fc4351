//! Amounts in capital numerals (人民币壹佰元整) beside the same in figures.

use std::ops::Range;

use super::super::finding::{Class, Hit, Severity};
use super::view::View;

fn digit(c: char) -> Option<u64> {
    Some(match c {
        '零' | '〇' => 0,
        '壹' => 1,
        '贰' => 2,
        '叁' => 3,
        '肆' => 4,
        '伍' => 5,
        '陆' => 6,
        '柒' => 7,
        '捌' => 8,
        '玖' => 9,
        _ => return None,
    })
}

fn part(c: char) -> bool {
    digit(c).is_some()
        || matches!(
            c,
            '拾' | '佰' | '仟' | '万' | '亿' | '元' | '圆' | '角' | '分' | '整' | '正'
        )
}

/// Value in 分; None when it is no amount.
fn read(chars: &[char]) -> Option<u64> {
    let (mut all, mut thousands, mut block, mut last, mut cents) =
        (0_u64, 0_u64, 0_u64, None, 0_u64);
    let mut unit_seen = false;
    for &c in chars {
        match c {
            '整' | '正' => break,
            '元' | '圆' => {
                all = all.checked_add(thousands + block + last.take().unwrap_or(0))?;
                (thousands, block) = (0, 0);
                unit_seen = true;
            }
            '角' => cents += last.take()? * 10,
            '分' => cents += last.take()?,
            '拾' => block += last.take().filter(|&d| d > 0).unwrap_or(1) * 10,
            '佰' => block += last.take()? * 100,
            '仟' => block += last.take()? * 1000,
            '万' => {
                // 万 counts what stands since 亿, not what stands before it.
                thousands = (block + last.take().unwrap_or(0)).checked_mul(10_000)?;
                block = 0;
            }
            '亿' => {
                all = (all + thousands + block + last.take().unwrap_or(0))
                    .checked_mul(100_000_000)?;
                (thousands, block) = (0, 0);
            }
            c => last = Some(digit(c)?),
        }
    }
    unit_seen
        .then(|| all.checked_mul(100)?.checked_add(cents))
        .flatten()
}

pub(super) fn scan(view: &View, hits: &mut Vec<Hit>) {
    let mut i = 0;
    while i < view.len() {
        if digit(view.raw[i]).is_none_or(|_| matches!(view.raw[i], '零' | '〇'))
            && view.raw[i] != '拾'
        {
            i += 1;
            continue;
        }
        let mut end = i;
        while end < view.len() && part(view.raw[end]) {
            end += 1;
        }
        if end - i >= 2
            && end - i <= 40
            && let Some(words) = read(&view.raw[i..end])
            && let Some((figures, value)) = beside(view, i..end)
            && value != words
        {
            let mut hit = view.hit(
                i.min(figures.start)..end.max(figures.end),
                Class::Number,
                Severity::General,
                "number-capitals",
            );
            hit.detail = format!("{}.{:02}", words / 100, words % 100);
            hits.push(hit);
        }
        i = end.max(i + 1);
    }
}

/// The amount in figures next to the one in words, in 分: （¥100.00）, 小写：100元, 100元（大写…）.
fn beside(view: &View, words: Range<usize>) -> Option<(Range<usize>, u64)> {
    let behind = words.end..(words.end + 12).min(view.len());
    let link = |c: char| {
        matches!(
            c,
            '（' | '('
                | '）'
                | ')'
                | '：'
                | ':'
                | '¥'
                | '￥'
                | '，'
                | ' '
                | '小'
                | '写'
                | '大'
                | '人'
                | '民'
                | '币'
                | '即'
        )
    };
    let first = behind
        .clone()
        .find(|&k| !link(view.ch[k]))
        .filter(|&k| view.ch[k].is_ascii_digit());
    if let Some(first) = first {
        return figure(
            view,
            first,
            view.slice(words.end..first).contains(['¥', '￥']),
        );
    }
    let front = words.start.saturating_sub(12)..words.start;
    let last = front.rev().find(|&k| !link(view.ch[k]))?;
    let end = if view.ch[last] == '元' {
        last
    } else {
        last + 1
    };
    let start = (end.saturating_sub(20)..end)
        .rev()
        .take_while(|&k| view.ch[k].is_ascii_digit() || matches!(view.ch[k], '.' | ','))
        .last()?;
    if last + 1 == words.start {
        return None;
    }
    let signed = matches!(view.before(start), '¥' | '￥');
    figure(view, start, signed)
}

/// Figures with 元 behind or ¥ before.
fn figure(view: &View, from: usize, signed: bool) -> Option<(Range<usize>, u64)> {
    let mut end = from;
    while end < view.len()
        && end - from < 20
        && (view.ch[end].is_ascii_digit() || matches!(view.ch[end], '.' | ','))
    {
        end += 1;
    }
    let text: String = view.ch[from..end].iter().filter(|&&c| c != ',').collect();
    let mut times = 1;
    let mut unit = end;
    if view.get(unit) == '万' {
        times = 10_000;
        unit += 1;
    }
    if !signed && view.get(unit) != '元' {
        return None;
    }
    let (whole, cents) = text.split_once('.').unwrap_or((text.as_str(), ""));
    if cents.len() > 6 || whole.len() > 12 {
        return None;
    }
    // Six places, so that 1.2345万元 is exact.
    let millionths: u64 = format!("{cents:0<6}").parse().ok()?;
    let all = whole
        .parse::<u64>()
        .ok()?
        .checked_mul(1_000_000)?
        .checked_add(millionths)?
        .checked_mul(times)?;
    Some((from..end, all / 10_000))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, String)> {
        let mut hits = Vec::new();
        scan(&View::new(text), &mut hits);
        hits.into_iter()
            .map(|h| (text[h.range].to_owned(), h.detail))
            .collect()
    }

    #[test]
    fn in_words_and_in_figures() {
        for clean in [
            "人民币壹佰贰拾叁元肆角伍分（¥123.45）",
            "罚款5000元（大写：伍仟元整）",
            "壹拾万元整（小写：100,000元）",
            "拾元整（￥10.00）",
            "叁亿零伍佰万元（¥305,000,000）",
            "壹佰元整",
            "12万元（大写：壹拾贰万元整）",
            "贰零贰肆年",
        ] {
            assert_eq!(found(clean), [], "{clean}");
        }
        assert_eq!(
            found("人民币壹佰元整（¥1000.00）"),
            [("壹佰元整（¥1000.00".into(), "100.00".into())]
        );
        assert_eq!(
            found("罚款5000元（大写：伍万元整）"),
            [("5000元（大写：伍万元整".into(), "50000.00".into())]
        );
    }
}
