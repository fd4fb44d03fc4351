//! Characters and words written twice: 的的, 进行进行. Doubling that means something (常常, 人人, 一一,
//! 讨论讨论) is none.

use super::super::finding::{Class, Hit, Severity};
use super::view::View;
use crate::text::is_han;

/// Particles and prepositions that never stand twice in a row except across a word's end.
const PARTICLES: &str = "的了在是和与及为对将由被把从以并其之应按于而且或就也向因若则需让给";

/// Doubling that is a word, and ends of words that often begin the next (所得税税额, 部部务会议).
const DOUBLES: &str = "一人常天年月日时处家户代步层逐渐仅刚往每事个件条句字声点次种样样区村乡镇县个份岁多少好早慢快大小高深细轻重远近长短满通明白清亲爸妈爷奶哥姐弟妹公婆叔姑舅星宝谢看想试说听走聊谈问写读等尝练歇笑哈呵嘿嗯哦啊呀啦嘟咚叮当哗冰莉娜丽芳婷圆方苗森晶磊品众焱鑫淼犇圈团片丝滴块条株颗粒朵排行列座栋幢间队班组批期届场番遍回趟拨茬辈世生死暗偷悄默静渺茫勃蓬熊蒸欣郁葱孜兢沾依恋区楚念耿昭朗堂浩滚滔翩彬文谆循寥斤节比缓徐匆急忙纷频屡偏恰刚万千亿百十零二三四五六七八九〇两哪某恒绵源济跃欲区区历落翼翼津绰冉冉涓娓姗袅赫皑莘芸芸侃侃碌碌靡靡喋喋汪汪税部局省厅院党额率费金票证权法县会";

/// Verbs said twice by way of lightness.
const LIGHT: [&str; 14] = [
    "讨论", "研究", "考虑", "商量", "学习", "打听", "了解", "休息", "活动", "锻炼", "交流", "体验",
    "放松", "整理",
];

pub(super) fn scan(view: &View, hits: &mut Vec<Hit>) {
    let mut i = 0;
    while i + 1 < view.len() {
        let c = view.raw[i];
        if !is_han(c) {
            i += 1;
            continue;
        }
        if let Some(end) = phrase(view, i, hits) {
            i = end;
            continue;
        }
        if view.raw[i + 1] == c {
            i = double(view, i, hits);
            continue;
        }
        i += 1;
    }
}

/// One character said twice or more. Returns the place behind.
fn double(view: &View, i: usize, hits: &mut Vec<Hit>) -> usize {
    let c = view.raw[i];
    let mut end = i + 2;
    while view.get(end) == c {
        end += 1;
    }
    let particle = PARTICLES.contains(c);
    if !particle
        && (end - i > 2 || DOUBLES.contains(c) || super::view::han_digit(c).is_some() || c == '々')
    {
        return end;
    }
    // 目的的, 了了解, 县县长: one of the two belongs to a longer word.
    let cuts = view.cuts(i..end);
    let alone = (i..=end).all(|k| cuts.is(k));
    let whole = cuts.is(i) && cuts.is(end) && !(i + 1..end).any(|k| cuts.is(k));
    if alone || (particle && whole && end - i == 2 && matches!(c, '的' | '了')) {
        let severity = if particle {
            Severity::General
        } else {
            Severity::Suspect
        };
        let mut hit = view.hit(i..end, Class::Repeated, severity, "repeat-character");
        hit.suggestion = Some(c.to_string());
        hits.push(hit);
    }
    end
}

/// A word or phrase of two to eight characters said twice, the shortest first.
fn phrase(view: &View, i: usize, hits: &mut Vec<Hit>) -> Option<usize> {
    let run = &view.raw[i..view.len().min(i + 16)];
    let size = (2..=8).find(|&k| {
        run.len() >= 2 * k
            && run[0] == run[k]
            && run[..k] == run[k..2 * k]
            && run[..k].iter().all(|&c| is_han(c))
    })?;
    let first = run[0];
    if run[..size]
        .iter()
        .all(|&c| c == first || super::view::han_digit(c).is_some())
    {
        return None;
    }
    let mut end = i + 2 * size;
    let mut times = 2;
    while end + size <= view.len() && view.raw[end..end + size] == run[..size] {
        end += size;
        times += 1;
    }
    let word = view.slice(i..i + size);
    if size == 2 && times == 2 && LIGHT.contains(&word) {
        return Some(end);
    }
    // Three times and more is a refrain or a table, said once.
    let cuts = view.cuts(i..(i + 2 * size).min(i + 24));
    if !(cuts.is(i) && cuts.is(i + size) && cuts.is(i + 2 * size)) {
        return None;
    }
    let severity = if size >= 3 || cuts_once(&cuts, i, size) {
        Severity::General
    } else {
        Severity::Suspect
    };
    let mut hit = view.hit(i..end, Class::Repeated, severity, "repeat-word");
    hit.suggestion = Some(word.to_owned());
    hit.detail = word.to_owned();
    hits.push(hit);
    Some(end)
}

/// Whether what is repeated is one word to the dictionary, and not two that happen to stand together.
fn cuts_once(cuts: &super::view::Cuts, i: usize, size: usize) -> bool {
    !(i + 1..i + size).any(|k| cuts.is(k))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, &'static str, String)> {
        let mut hits = Vec::new();
        scan(&View::new(text), &mut hits);
        hits.into_iter()
            .map(|h| (text[h.range].to_owned(), h.why, h.suggestion.unwrap()))
            .collect()
    }

    #[test]
    fn slips() {
        assert_eq!(
            found("税务局的的规定"),
            [("的的".into(), "repeat-character", "的".into())]
        );
        assert_eq!(
            found("介绍了了有关情况"),
            [("了了".into(), "repeat-character", "了".into())]
        );
        assert_eq!(
            found("认真进行进行核对"),
            [("进行进行".into(), "repeat-word", "进行".into())]
        );
        assert_eq!(
            found("由税务机关税务机关负责"),
            [("税务机关税务机关".into(), "repeat-word", "税务机关".into())]
        );
    }

    #[test]
    fn meant() {
        for clean in [
            "常常人人一一核对",
            "以提高效率为目的的改革",
            "为了了解情况",
            "以及及时办理",
            "研究研究再说",
            "合并并处罚款",
            "县县长",
            "二二二号",
            "自由由法律保障",
            "层层落实",
            "所有有关单位",
            "所得税税前扣除",
        ] {
            assert_eq!(found(clean), [], "{clean}");
        }
    }
}
