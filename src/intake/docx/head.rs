//! Title and facts at the head of a document: 红头, 发文字号, 标题 (GB/T 9704-2012, 7.2 and 7.3).

use super::super::clean::{collapse, squeezed};
use super::super::finish::Raw;
use super::super::{docno, labels};
use super::body::Block;
use super::{Fact, Label};

/// How many lines may stand above the title.
const LONGEST_HEAD: usize = 12;

/// How many lines a title may be broken into.
const TITLE_LINES: usize = 4;

/// A longer line is a paragraph.
const LONGEST_TITLE: usize = 100;

/// Splits the blocks of a document into title, facts and text. What stands above the title and is
/// neither (a mark of secrecy, a degree of urgency) stays at the head of the text: screening must
/// meet it there.
pub(super) fn split(blocks: Vec<Block>) -> Raw {
    let mut raw = Raw::default();
    let mut kept: Vec<String> = Vec::with_capacity(blocks.len());
    let at = title_at(&blocks);
    let count = at.map_or(0, |at| title_lines(&blocks[at..]));
    for (index, block) in blocks.into_iter().enumerate() {
        let in_head = index < at.map_or(0, |at| at + count + 3) && kept.len() < LONGEST_HEAD;
        if at.is_some_and(|at| (at..at + count).contains(&index)) {
            let title = raw.title.get_or_insert_default();
            title.push_str(plain(&block.text));
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

/// Where the title begins: a paragraph in the title style; else the first centred one or the
/// first heading near the head that is no mark and no number; else the first line, if it could
/// be a title.
fn title_at(blocks: &[Block]) -> Option<usize> {
    if let Some(at) = blocks.iter().take(40).position(|b| b.title) {
        return Some(at);
    }
    let head = &blocks[..blocks.len().min(LONGEST_HEAD)];
    let could_be = |block: &Block| {
        !block.table
            && !block.listed
            && fits(&block.text)
            && facts(&block.text).is_none()
            && !is_mark(&block.text)
    };
    head.iter()
        .position(|b| could_be(b) && (b.centred || b.heading == Some(0)))
        .or_else(|| head.iter().position(could_be))
}

/// How many paragraphs the title runs over: the style, or being centred, goes on.
fn title_lines(blocks: &[Block]) -> usize {
    let Some(first) = blocks.first() else {
        return 0;
    };
    let goes_on = |block: &&Block| {
        if first.title {
            return block.title;
        }
        first.centred
            && block.centred
            && first.heading == block.heading
            && !block.table
            && fits(&block.text)
            && facts(&block.text).is_none()
            // （征求意见稿） belongs to a title; a date below it does not.
            && !block.text.starts_with(|c: char| c.is_ascii_digit())
    };
    blocks
        .iter()
        .take(TITLE_LINES)
        .take_while(goes_on)
        .count()
        .max(1)
}

fn fits(text: &str) -> bool {
    let text = plain(text);
    let chars = text.chars().count();
    (2..=LONGEST_TITLE).contains(&chars)
        && !text.ends_with(['。', '；', '，', '：', ':'])
        && !text.starts_with("![")
}

/// Text of a block without the mark of a heading.
fn plain(text: &str) -> &str {
    text.trim_start_matches(['#', ' ', '\\'])
}

/// 机密★1年, 特急, 000123, 内部资料: what stands above a title and is none.
fn is_mark(text: &str) -> bool {
    let text = squeezed(text);
    let chars = text.chars().count();
    chars <= 24
        && (text.contains('★')
            || text.contains('密')
            || text.chars().all(|c| c.is_ascii_digit())
            || ["特急", "加急", "急件", "平急", "内部", "附件", "签发人"]
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
    if let Some((name, value)) = line.split_once(['：', ':'])
        && name.chars().count() <= 8
        && value.chars().count() <= 120
        && !value.trim().is_empty()
        && let Some(label) = labels::label(name)
    {
        return Some(vec![(label, value.trim().to_owned())]);
    }
    let issuer = squeezed(&line);
    let issuer = issuer.strip_suffix("文件")?;
    let is_body = ["局", "厅", "部", "委", "院", "会", "府", "办公室", "署"]
        .iter()
        .any(|end| issuer.ends_with(end));
    (is_body && issuer.chars().count() <= 40).then(|| vec![(Label::Issuer, issuer.to_owned())])
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
}
