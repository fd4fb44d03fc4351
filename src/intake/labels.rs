//! The names under which pages state facts: 发文字号, 成文日期, 索 引 号 and so on.

use super::clean::collapse;

/// A fact a page can state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    Title,
    DocNumber,
    WrittenOn,
    PublishedOn,
    Issuer,
    Source,
    IndexNumber,
    Topic,
    Validity,
    SourceUrl,
}

/// The states of 时效性 the head office uses; on its pages they stand without a name before them.
pub(super) const VALIDITIES: [&str; 7] = [
    "全文有效",
    "全文失效",
    "全文废止",
    "条款失效",
    "条款废止",
    "尚未生效",
    "部分修改",
];

/// The fact a name stands for; blanks inside it and punctuation after it do not matter.
pub(super) fn label(name: &str) -> Option<Label> {
    let name: String = name
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '：' | ':' | '【' | '】' | '[' | ']'))
        .collect();
    Some(match name.as_str() {
        "标题" | "名称" | "公文标题" | "信息名称" | "文件名称" | "title" => Label::Title,
        "发文字号" | "文号" | "发文文号" | "文件编号" | "文件字号" | "公文文号" | "docNo" | "doc_no" => Label::DocNumber,
        "成文日期" | "成文时间" | "生成日期" | "印发日期" | "written" => Label::WrittenOn,
        "发布日期" | "发布时间" | "公开日期" | "公开时间" | "发稿时间" | "date" | "publishedTimeStr" => {
            Label::PublishedOn
        }
        "发文机关" | "发布机构" | "发文单位" | "制定机关" | "发文机构" | "发布机关" | "公开机构" | "issuer" => {
            Label::Issuer
        }
        "来源" | "信息来源" | "稿件来源" | "文章来源" | "稿源" | "source" => Label::Source,
        "索引号" => Label::IndexNumber,
        "主题分类" | "type" => Label::Topic,
        "时效性" | "是否有效" | "有效性" | "效力状态" | "文件状态" => Label::Validity,
        "原文链接" | "url" => Label::SourceUrl,
        _ => return None,
    })
}

/// The facts in one line: `【文 号】晋税发〔2021〕14号 【成文日期】2021-09-28` or
/// `尚未生效 成文日期：2026-09-04`.
pub(super) fn split(text: &str) -> Vec<(Label, String)> {
    let mut facts: Vec<(Label, String)> = Vec::new();
    if text.contains('【') {
        for part in text.split('【').skip(1) {
            if let Some((name, value)) = part.split_once('】')
                && let Some(label) = label(name)
            {
                facts.push((label, collapse(value.trim_start_matches(['：', ':']))));
            }
        }
        return facts;
    }
    let mut open = false;
    for word in text.split_whitespace() {
        let named = word
            .split_once(['：', ':'])
            .and_then(|(name, value)| Some((label(name)?, value)));
        if let Some((label, value)) = named {
            facts.push((label, value.to_owned()));
            open = true;
        } else if !open && VALIDITIES.contains(&word) {
            facts.push((Label::Validity, word.to_owned()));
        } else if let (true, Some((_, value))) = (open, facts.last_mut()) {
            // An unknown name ends the value before it.
            if let Some((name, value)) = word.split_once(['：', ':'])
                && (2..=6).contains(&name.chars().count())
                && !name.ends_with(|c: char| c.is_ascii_digit())
            {
                open = false;
                // Beside a source, a time is that of the release.
                if matches!(name, "时间" | "日期") && !value.is_empty() {
                    facts.push((Label::PublishedOn, value.to_owned()));
                    open = true;
                }
                continue;
            }
            if !value.is_empty() {
                value.push(' ');
            }
            value.push_str(word);
        }
    }
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_inside_names_do_not_matter() {
        assert_eq!(label("索 引 号："), Some(Label::IndexNumber));
        assert_eq!(label("标　　题："), Some(Label::Title));
        assert_eq!(label("主 题 词："), None);
    }

    #[test]
    fn an_unknown_name_ends_a_value() {
        assert_eq!(
            split("来源：某局办公室 时间：2026-11-20 10:00 作者：张三"),
            [
                (Label::Source, "某局办公室".to_owned()),
                (Label::PublishedOn, "2026-11-20 10:00".to_owned()),
            ]
        );
    }

    #[test]
    fn facts_of_one_line() {
        assert_eq!(
            split("【文 号】晋税发〔2021〕14号 【成文日期】2021-09-28 【是否有效】全文有效"),
            [
                (Label::DocNumber, "晋税发〔2021〕14号".to_owned()),
                (Label::WrittenOn, "2021-09-28".to_owned()),
                (Label::Validity, "全文有效".to_owned()),
            ]
        );
        assert_eq!(
            split("尚未生效　成文日期：2026-09-04"),
            [
                (Label::Validity, "尚未生效".to_owned()),
                (Label::WrittenOn, "2026-09-04".to_owned()),
            ]
        );
        assert_eq!(
            split("发布时间： 2026-09-04 10:30 来源：国家税务总局 浏览次数： 3"),
            [
                (Label::PublishedOn, "2026-09-04 10:30".to_owned()),
                (Label::Source, "国家税务总局".to_owned()),
            ]
        );
    }
}
