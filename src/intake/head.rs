//! Title and facts at the head of a document: 红头, 发文字号, 标题 (GB/T 9704-2012, 7.2 and 7.3).

use super::clean::{collapse, squeezed};
use super::finish::Raw;
use super::labels::{self, Label};
use super::{dates, docno, signoff};

/// A block of a text with what its head is told by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) text: String,
    pub(super) heading: Option<u8>,
    pub(super) title: bool,
    pub(super) centred: bool,
    pub(super) listed: bool,
    pub(super) table: bool,
}

impl Block {
    /// A paragraph of which nothing is known but its words.
    pub(super) fn plain(text: String) -> Block {
        Block {
            text,
            ..Block::default()
        }
    }
}

/// A stated fact of the head of a document.
type Fact = (Label, String);

/// How many lines may stand above the title.
const LONGEST_HEAD: usize = 12;

/// How many lines a title may be broken into.
const TITLE_LINES: usize = 4;

/// How many lines a document number may be broken into: joint issuers, 公告, the number.
const NUMBER_LINES: usize = 6;

/// A longer line is a paragraph.
const LONGEST_TITLE: usize = 100;

/// Splits the blocks of a document into title, facts and text. What stands above the title and is
/// neither (a mark of secrecy, a degree of urgency) stays at the head of the text: screening must
/// meet it there.
pub(super) fn split(mut blocks: Vec<Block>) -> Raw {
    let mut raw = Raw::default();
    raw.facts.extend(broken_number(&mut blocks));
    raw.facts.extend(red_head(&mut blocks));
    let mut kept: Vec<String> = Vec::with_capacity(blocks.len());
    let at = title_at(&blocks);
    let count = at.map_or(0, |at| title_lines(&blocks[at..]));
    for (index, block) in blocks.into_iter().enumerate() {
        let in_head = index < at.map_or(0, |at| at + count + 3) && kept.len() < LONGEST_HEAD;
        if at.is_some_and(|at| (at..at + count).contains(&index)) {
            let title = raw.title.get_or_insert_default();
            let line = plain(&block.text).replace("\\<", "<");
            // Joint issuers stand apart in a title: 财政部　税务总局关于….
            if is_body(title) && is_body(issuer_of(&line)) {
                title.push(' ');
            }
            title.push_str(&line);
            continue;
        }
        if in_head
            && !block.table
            && let Some(facts) = facts(&block.text)
        {
            raw.facts.extend(facts);
            continue;
        }
        kept.push(block.text);
    }
    raw.blocks = kept;
    raw
}

/// A number set on several lines, as notices and orders have it: the issuers, 公告, 2026年第7号.
/// Its lines leave the text.
fn broken_number(blocks: &mut Vec<Block>) -> Option<Fact> {
    let head = blocks.len().min(LONGEST_HEAD);
    let at = (1..head).find(|at| is_serial(&blocks[*at].text))?;
    let first = at.saturating_sub(NUMBER_LINES);
    let (from, number) = (first..at).find_map(|from| {
        let lines: Vec<&str> = blocks[from..=at].iter().map(|b| b.text.trim()).collect();
        // Above the number there are bodies and the kind of paper, nothing else.
        let (last, names) = lines[..lines.len() - 1].split_last()?;
        if !names.iter().all(|name| is_body(&squeezed(name))) {
            return None;
        }
        let glue = if matches!(squeezed(last).as_str(), "公告" | "通告" | "令") || names.is_empty()
        {
            ""
        } else {
            " "
        };
        let text = format!("{}{glue}{}{}", names.join(" "), squeezed(last), lines[lines.len() - 1]);
        Some((from, docno::parse(&text)?))
    })?;
    blocks.drain(from..=at);
    Some((Label::DocNumber, number))
}

/// 2026年第7号, 第54号: the part of a number that cannot stand alone.
fn is_serial(line: &str) -> bool {
    let line = squeezed(line);
    let rest = line
        .split_once('年')
        .filter(|(year, _)| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()))
        .map_or(line.as_str(), |(_, rest)| rest);
    line.chars().count() <= 16 && rest.starts_with('第') && rest.ends_with('号')
}

/// The name of the issuer alone above the number, as letters have it: it is no title when a title
/// follows.
fn red_head(blocks: &mut Vec<Block>) -> Option<Fact> {
    let head = blocks.len().min(LONGEST_HEAD);
    let number = (1..head).find(|at| docno::parse(&bare(&blocks[*at].text)).is_some())?;
    let issuer = squeezed(&blocks[number - 1].text);
    let follows = blocks[number + 1..head.max(number + 1)]
        .iter()
        .take(4)
        .any(|b| fits(&b.text) && b.text.contains("关于"));
    if !is_body(&issuer) || !follows || blocks[number - 1].table {
        return None;
    }
    blocks.remove(number - 1);
    Some((Label::Issuer, issuer))
}

/// Where the title begins: a paragraph in the title style; else the first centred one or the
/// first heading near the head that is no mark and no number; else the first line that is neither,
/// if it could be a title. A line further down is no title, whatever it looks like.
fn title_at(blocks: &[Block]) -> Option<usize> {
    if let Some(at) = blocks.iter().take(40).position(|b| b.title) {
        return Some(at);
    }
    let head = &blocks[..blocks.len().min(LONGEST_HEAD)];
    let aside = |block: &Block| {
        block.table || block.listed || facts(&block.text).is_some() || is_mark(&block.text)
    };
    let could_be = |block: &Block| !aside(block) && fits(&block.text);
    head.iter()
        .position(|b| could_be(b) && (b.centred || b.heading == Some(0)))
        .or_else(|| {
            head.iter()
                .position(|b| !aside(b))
                .filter(|at| could_be(&head[*at]))
        })
}

/// How many paragraphs the title runs over: the style, or being centred, goes on; without either,
/// an issuer above 关于…, or a line that breaks off before 通知.
fn title_lines(blocks: &[Block]) -> usize {
    const PAPERS: [&str; 12] = [
        "通知", "公告", "通告", "决定", "意见", "报告", "批复", "请示", "函", "通报", "办法", "方案",
    ];
    let Some(first) = blocks.first() else {
        return 0;
    };
    let goes_on = |index: usize, block: &Block| {
        if first.title {
            return block.title;
        }
        if block.table || !fits(&block.text) || facts(&block.text).is_some() {
            return false;
        }
        let line = squeezed(&block.text);
        if first.centred {
            return block.centred
                && first.heading == block.heading
                // （征求意见稿） belongs to a title; a date below it does not.
                && !is_date(&block.text);
        }
        let above = squeezed(&blocks[index - 1].text);
        !block.listed
            && ((is_body(&above) && line.starts_with("关于"))
                || (above.contains("关于") && PAPERS.contains(&line.as_str())))
    };
    let more = blocks
        .iter()
        .enumerate()
        .take(TITLE_LINES)
        .skip(1)
        .take_while(|(index, block)| goes_on(*index, block))
        .count();
    1 + more
}

fn is_date(text: &str) -> bool {
    dates::whole(text).is_some()
}

fn fits(text: &str) -> bool {
    let text = plain(text);
    let chars = text.chars().count();
    (2..=LONGEST_TITLE).contains(&chars)
        && !text.ends_with(['。', '；', '，', '：', ':'])
        && !text.starts_with("![")
        && !is_date(text)
}

/// Text of a block without the mark of a heading.
fn plain(text: &str) -> &str {
    text.trim_start_matches(['#', ' ', '\\'])
}

/// Whether a line is the name of a body and nothing more.
fn is_body(line: &str) -> bool {
    let line = line.trim();
    (2..=40).contains(&line.chars().count())
        && signoff::BODY_ENDINGS.iter().any(|end| line.ends_with(end))
        && !line.contains(['《', '。', '，', '：', '；', '、'])
        && !line.contains("关于")
}

/// The issuer a title begins with; the whole line where it has no 关于.
fn issuer_of(line: &str) -> &str {
    line.split_once("关于").map_or(line, |(issuer, _)| issuer)
}

/// A line without the brackets around all of it.
fn bare(text: &str) -> String {
    collapse(&text.replace(['\u{3000}', '\t'], " "))
        .trim_matches(['（', '）', '(', ')'])
        .to_owned()
}

/// 机密★1年, 特急, 000123, 内部资料: what stands above a title and is none.
fn is_mark(text: &str) -> bool {
    let text = squeezed(text);
    let chars = text.chars().count();
    chars <= 24
        && (text.contains('★')
            || ["绝密", "机密", "秘密", "密级"].iter().any(|m| text.starts_with(m))
            || text.chars().all(|c| c.is_ascii_digit())
            || [
                "特急", "加急", "急件", "平急", "特提", "内部", "附件", "签发人", "份号", "目录",
            ]
            .iter()
            .any(|word| text.starts_with(word)))
}

/// What a line at the head states: a document number (with a signer to its right, as reports
/// have it), labelled facts, the issuer of the red head.
fn facts(text: &str) -> Option<Vec<Fact>> {
    let line = collapse(&text.replace(['\u{3000}', '\t'], " "));
    if let Some(number) = docno::parse(line.trim_matches(['（', '）', '(', ')'])) {
        return Some(vec![(Label::DocNumber, number)]);
    }
    if let Some((number, _)) = line.split_once("签发人")
        && let Some(number) = docno::parse(number)
    {
        return Some(vec![(Label::DocNumber, number)]);
    }
    if let Some(facts) = labelled(&line) {
        return Some(facts);
    }
    let issuer = squeezed(&line);
    let issuer = issuer.strip_suffix("文件")?;
    is_body(issuer).then(|| vec![(Label::Issuer, issuer.to_owned())])
}

/// `来源：某报　发布时间：2026-11-20`, or one of them. A line that only begins like this is text.
fn labelled(line: &str) -> Option<Vec<Fact>> {
    let (name, value) = line.split_once(['：', ':'])?;
    if name.chars().count() > 8 || value.chars().count() > 120 || value.trim().is_empty() {
        return None;
    }
    let label = labels::label(name)?;
    // 名称：某公司 in a notice names its subject, not itself.
    if label == Label::Title && squeezed(name) == "名称" {
        return None;
    }
    let all = labels::split(line);
    if all.len() > 1 {
        return Some(all);
    }
    Some(vec![(label, value.trim().to_owned())])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(text: &str, centred: bool) -> Block {
        Block {
            text: text.to_owned(),
            centred,
            ..Block::default()
        }
    }

    #[test]
    fn a_red_head_is_taken_apart() {
        let raw = split(vec![
            block("机密★1年", false),
            block("国家税务总局甲省税务局文件", true),
            block("甲税发〔2024〕12号", true),
            block("国家税务总局甲省税务局关于", true),
            block("优化服务的通知", true),
            block("各市税务局：", false),
            block("正文。", false),
        ]);
        assert_eq!(
            raw.title.as_deref(),
            Some("国家税务总局甲省税务局关于优化服务的通知")
        );
        assert_eq!(
            raw.facts,
            [
                (Label::Issuer, "国家税务总局甲省税务局".to_owned()),
                (Label::DocNumber, "甲税发〔2024〕12号".to_owned()),
            ]
        );
        assert_eq!(raw.blocks, ["机密★1年", "各市税务局：", "正文。"]);
    }

    #[test]
    fn a_plain_first_line_is_a_title_and_a_paragraph_is_none() {
        let raw = split(vec![block("关于某事的通知", false), block("正文。", false)]);
        assert_eq!(raw.title.as_deref(), Some("关于某事的通知"));
        let raw = split(vec![block("这是一段正文。", false)]);
        assert_eq!(raw.title, None);
    }

    fn lines(text: &str) -> Raw {
        split(text.lines().map(|l| block(l, false)).collect())
    }

    #[test]
    fn a_later_line_is_no_title() {
        let raw = lines("各市税务局：\n一、总体要求\n正文。");
        assert_eq!(raw.title, None);
        assert_eq!(raw.blocks.len(), 3);
    }

    #[test]
    fn marks_above_a_title_in_plain_text() {
        let raw = lines("机密★1年\n特急\n某省税务局文件\n国家税务总局某省税务局\n关于做好某事的通知\n某税发〔2026〕8号\n各市税务局：");
        assert_eq!(
            raw.title.as_deref(),
            Some("国家税务总局某省税务局关于做好某事的通知")
        );
        assert_eq!(raw.blocks, ["机密★1年", "特急", "各市税务局："]);
        assert_eq!(raw.facts.len(), 2);
        let raw = lines("关于开展检查的\n通知\n各市税务局：");
        assert_eq!(raw.title.as_deref(), Some("关于开展检查的通知"));
    }

    #[test]
    fn a_broken_number_and_an_issuer_above_it() {
        for head in [
            "国家税务总局某省税务局公告\n2026年第7号",
            "国家税务总局某省税务局\n公　告\n2026年第7号",
        ] {
            let raw = lines(&format!("{head}\n关于某事的公告\n正文。"));
            assert_eq!(
                raw.facts,
                [(Label::DocNumber, "国家税务总局某省税务局公告2026年第7号".to_owned())],
                "{head}"
            );
            assert_eq!(raw.title.as_deref(), Some("关于某事的公告"));
        }
        let raw = lines("财政部\n税务总局\n公告\n2026年第3号\n财政部 税务总局关于某事的公告\n正文。");
        assert_eq!(
            raw.facts,
            [(Label::DocNumber, "财政部 税务总局公告2026年第3号".to_owned())]
        );
        let raw = lines("国家税务总局令\n第54号\n某某办法\n正文。");
        assert_eq!(raw.facts[0].1, "国家税务总局令第54号");
        let raw = lines("国家税务总局某省税务局\n某税函〔2026〕5号\n关于某事的函\n某公司：");
        assert_eq!(raw.title.as_deref(), Some("关于某事的函"));
        assert_eq!(raw.facts[0].0, Label::Issuer);
    }

    #[test]
    fn joint_issuers_stand_apart_in_a_title() {
        let raw = split(vec![
            block("某省财政厅", true),
            block("国家税务总局某省税务局", true),
            block("关于某事的公告", true),
            block("2026年3月5日", true),
            block("正文。", false),
        ]);
        assert_eq!(
            raw.title.as_deref(),
            Some("某省财政厅 国家税务总局某省税务局关于某事的公告")
        );
    }

    #[test]
    fn what_a_notice_names_is_not_the_notice() {
        let raw = lines("关于某企业的公示\n名称：某某公司\n来源：某报　发布时间：2026-11-20\n正文。");
        assert_eq!(raw.title.as_deref(), Some("关于某企业的公示"));
        assert_eq!(raw.blocks, ["名称：某某公司", "正文。"]);
        assert_eq!(raw.facts.len(), 2);
    }
}
