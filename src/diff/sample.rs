//! Seeded pairs of prose and its edited version, for tests and the bench.

/// A text and its edited version.
pub struct Sample {
    pub old: String,
    pub new: String,
}

/// How a sample is edited.
#[derive(Clone, Copy)]
pub struct Edits {
    count: usize,
}

impl Edits {
    /// So many edits of all kinds an editor makes, all over the text.
    pub fn scattered(count: usize) -> Self {
        Self { count }
    }
}

/// A small generator; a sample must be the same everywhere and for ever.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % below
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.roll(list.len())]
    }
}

const WHO: [&str; 12] = [
    "纳税人",
    "扣缴义务人",
    "主管税务机关",
    "县级税务局",
    "小规模纳税人",
    "增值税一般纳税人",
    "自然人股东",
    "涉税专业服务机构",
    "外贸综合服务企业",
    "跨境电子商务企业",
    "各级税务机关",
    "个体工商户",
];
const WHEN: [&str; 10] = [
    "在办理纳税申报时",
    "自收到通知书之日起十五日内",
    "于次月十五日前",
    "在年度汇算清缴期间",
    "因不可抗力无法按期办理的",
    "发生应税行为后",
    "经批准延期缴纳税款的",
    "享受税收优惠期间",
    "注销登记之前",
    "对申报事项有异议的",
];
const DOES: [&str; 14] = [
    "应当如实报送财务会计报表",
    "可以向税务机关提出书面申请",
    "不得擅自损毁账簿和凭证",
    "应当及时足额解缴代扣税款",
    "可以选择简易计税方法",
    "应当留存相关资料备查",
    "有权要求税务机关予以保密",
    "应当开具增值税专用发票",
    "可以凭有效凭证抵扣进项税额",
    "应当办理税务登记变更手续",
    "按照实际利润额预缴企业所得税",
    "可以通过电子税务局办理",
    "应当接受税务机关依法进行的检查",
    "免于提交纸质材料",
];
const INSERTED: [&str; 8] = [
    "按照规定",
    "及时",
    "原则上",
    "会同有关部门",
    "认真",
    "（试行）",
    "依法依规",
    "统一",
];
const SUBSTITUTES: [&str; 12] = [
    "的", "和", "与", "及", "其", "已", "将", "本", "该", "由", "对", "向",
];

fn sentence(dice: &mut Dice) -> String {
    let mut text = format!(
        "{}{}，{}",
        dice.pick(&WHO),
        dice.pick(&WHEN),
        dice.pick(&DOES)
    );
    let tail = match dice.roll(4) {
        0 => format!("，罚款金额不超过{}元", 100 + dice.roll(9_900)),
        1 => format!("；{}{}", dice.pick(&WHO), dice.pick(&DOES)),
        2 => format!("，适用税率为{}%", 1 + dice.roll(24)),
        _ => String::new(),
    };
    text.push_str(&tail);
    text.push('。');
    text
}

impl Sample {
    /// About `bytes` of prose in paragraphs of a few sentences, and the same
    /// edited.
    pub fn new(bytes: usize, seed: u64, edits: Edits) -> Self {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ bytes as u64);
        let mut old = String::with_capacity(bytes + 512);
        let mut article = 0;
        while old.len() < bytes {
            article += 1;
            old.push_str(&["第", &article.to_string(), "条　"].concat());
            for _ in 0..3 + dice.roll(4) {
                old.push_str(&sentence(&mut dice));
            }
            old.push('\n');
        }
        let new = edit(&old, &mut dice, edits.count);
        Self { old, new }
    }
}

/// Edits as a person makes them: single characters, words, figures, marks and
/// sentences, no two close together.
fn edit(old: &str, dice: &mut Dice, count: usize) -> String {
    let chars: Vec<(usize, char)> = old.char_indices().collect();
    let han = |i: usize| {
        chars
            .get(i)
            .is_some_and(|(_, c)| ('\u{4e00}'..='\u{9fff}').contains(c))
    };
    let after_stop = |i: usize| i > 0 && chars[i - 1].1 == '。' && chars[i].1 != '\n';
    let sentence_end = |i: usize| {
        (i..chars.len())
            .find(|&j| chars[j].1 == '。')
            .map_or(i, |j| j + 1)
    };
    // (first char, char after the last, replacement)
    let mut done: Vec<(usize, usize, String)> = Vec::new();
    for kind in (0..count).map(|k| k % 10) {
        for _ in 0..2_000 {
            let at = 5 + dice.roll(chars.len() - 20);
            let wanted = match kind {
                0..=2 if han(at) => Some((at, at + 1, dice.pick(&SUBSTITUTES).to_owned())),
                3 | 4 if han(at) => Some((at, at, dice.pick(&INSERTED).to_owned())),
                5 | 6 => {
                    let to = at + 2 + dice.roll(7);
                    (at..to).all(han).then(|| (at, to, String::new()))
                }
                7 if chars[at].1.is_ascii_digit() && !chars[at - 1].1.is_ascii_digit() => {
                    let to = (at..chars.len())
                        .find(|&j| !chars[j].1.is_ascii_digit())
                        .unwrap_or(at);
                    Some((at, to, format!("{}", 1 + dice.roll(9_999))))
                }
                8 if after_stop(at) => Some((at, at, sentence(dice))),
                9 if after_stop(at) => Some((at, sentence_end(at), String::new())),
                _ => None,
            };
            let Some((from, to, text)) = wanted else {
                continue;
            };
            let unchanged = chars[from..to].iter().map(|(_, c)| *c).eq(text.chars());
            if !unchanged && done.iter().all(|(a, b, _)| to + 3 < *a || from > b + 3) {
                done.push((from, to, text));
                break;
            }
        }
    }
    done.sort_by_key(|(from, ..)| *from);
    let byte = |i: usize| chars.get(i).map_or(old.len(), |(at, _)| *at);
    let mut new = String::with_capacity(old.len() + 1024);
    let mut at = 0;
    for (from, to, text) in done {
        new.push_str(&old[byte(at)..byte(from)]);
        new.push_str(&text);
        at = to;
    }
    new.push_str(&old[byte(at)..]);
    new
}
