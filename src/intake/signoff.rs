//! Addressee, signature and date within the text, where the format of official documents puts
//! them.

use super::dates::{self, Found};

/// 署名 and 成文日期 at the end of a document.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SignOffBlock {
    pub(super) signature: Option<String>,
    pub(super) date: Found,
    pub(super) date_text: String,
}

/// How issuing bodies end, and the titles before a signer's name.
pub(super) const BODY_ENDINGS: [&str; 24] = [
    "局",
    "厅",
    "部",
    "委",
    "院",
    "会",
    "府",
    "署",
    "室",
    "办",
    "司",
    "处",
    "所",
    "社",
    "中心",
    "小组",
    "机关",
    "公司",
    "银行",
    "法院",
    "检察院",
    "大学",
    "学院",
    "指挥部",
];
const SIGNER_TITLES: [&str; 8] = [
    "总理", "主席", "局长", "部长", "署长", "省长", "市长", "主任",
];

/// The first sign-off: a line that names a body, and below it a line that is a date. The first,
/// because annexes behind it may be signed too.
pub(super) fn find(blocks: &[String]) -> Option<SignOffBlock> {
    blocks.iter().enumerate().find_map(|(index, line)| {
        let before = &blocks[..index];
        if let Some(date) = dates::whole(line) {
            let signers: Vec<&str> = signers(before).into_iter().map(unsealed).collect();
            let signature = (!signers.is_empty()).then(|| signers.join(" "))?;
            // A lone month and day below a body's name is a sign-off only where texts end;
            // elsewhere it is a row of a timetable.
            if date == Found::NoYear && index + 4 < blocks.len() {
                return None;
            }
            return Some(SignOffBlock {
                signature: Some(signature),
                date,
                date_text: line.clone(),
            });
        }
        // Both on one line: 国家税务总局　2024年3月1日
        let (body, date) = line.rsplit_once([' ', '\u{3000}'])?;
        let Some(found @ (Found::Day(_) | Found::Impossible)) = dates::whole(date) else {
            return None;
        };
        is_signer(body.trim()).then(|| SignOffBlock {
            signature: Some(unsealed(body.trim()).to_owned()),
            date: found,
            date_text: date.to_owned(),
        })
    })
}

/// The lines directly above a date that name bodies or signers, top to bottom.
fn signers(before: &[String]) -> Vec<&str> {
    let mut lines: Vec<&str> = before
        .iter()
        .rev()
        .map(|line| line.trim())
        .take_while(|line| is_signer(line))
        .take(12)
        .collect();
    lines.reverse();
    lines
}

/// A name without （盖章） behind it.
fn unsealed(line: &str) -> &str {
    let line = line.trim();
    ["（章）", "（盖章）", "（印章）", "(章)", "(盖章)", "（公章）"]
        .iter()
        .find_map(|seal| line.strip_suffix(seal))
        .unwrap_or(line)
        .trim_end()
}

fn is_signer(line: &str) -> bool {
    let line = unsealed(line);
    let chars = line.chars().count();
    (2..=40).contains(&chars)
        && !line.contains([
            '。', '；', '：', '，', '、', '！', '？', '|', '#', '《', '〔', '[',
        ])
        && (BODY_ENDINGS.iter().any(|ending| line.ends_with(ending))
            || SIGNER_TITLES
                .iter()
                .any(|title| line.starts_with(title) && chars <= 12))
}

/// 主送机关: a line near the head that ends with a colon and names bodies. It stays in the text.
pub(super) fn addressee(blocks: &[String]) -> Option<String> {
    const NAMES: [&str; 24] = [
        "局", "厅", "部", "委", "院", "府", "署", "单位", "机构", "公司", "代表", "银行", "机关", "处室",
        "处", "科室", "所", "学校", "协会", "企业", "纳税人", "缴费人", "义务人", "同志",
    ];
    // "现将有关事项通知如下：" opens an enumeration and addresses nobody.
    const NOT: [&str; 8] = [
        "如下",
        "下列",
        "以下",
        "根据",
        "为了",
        "规定：",
        "问：",
        "答：",
    ];
    blocks.iter().take(8).find_map(|line| {
        let list = line.strip_suffix(['：', ':'])?.trim();
        let fits = (3..=200).contains(&list.chars().count())
            && !list.contains(['。', '；', '：', '？', '|'])
            && !list.starts_with('#')
            && NAMES.iter().any(|name| list.ends_with(name))
            && !NOT.iter().any(|word| line.contains(word));
        fits.then(|| list.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn blocks(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn the_first_sign_off_counts() {
        let end = find(&blocks(
            "各单位：\n正文。\n财政部\n税务总局\n2024年3月1日\n（此件公开发布）\n附件\n某局\n2023年1月1日",
        ));
        assert_eq!(
            end,
            Some(SignOffBlock {
                signature: Some("财政部 税务总局".to_owned()),
                date: Found::Day(date(2024, 3, 1)),
                date_text: "2024年3月1日".to_owned(),
            })
        );
    }

    #[test]
    fn one_line_and_a_signer_by_name() {
        let end = find(&blocks("正文。\n国家税务总局　2024年3月1日"));
        assert_eq!(
            end.and_then(|end| end.signature).as_deref(),
            Some("国家税务总局")
        );
        let end = find(&blocks("正文。\n总理　　李克强\n2018年12月18日"));
        assert_eq!(
            end.and_then(|end| end.signature).as_deref(),
            Some("总理　　李克强")
        );
    }

    #[test]
    fn dates_of_news_and_timetables_are_no_sign_off() {
        assert_eq!(find(&blocks("会议召开。\n2024年3月1日\n第二天")), None);
        assert_eq!(find(&blocks("税务局\n9月28日\n甲\n乙\n丙\n丁\n戊")), None);
    }

    #[test]
    fn a_seal_is_no_part_of_a_name() {
        let end = find(&blocks("正文。\n某省税务局办公室（盖章）\n二〇二六年十一月二十日"));
        assert_eq!(
            end.and_then(|end| end.signature).as_deref(),
            Some("某省税务局办公室")
        );
        assert_eq!(
            addressee(&blocks("秘密★1年\n各市（州）税务局，省局机关各处室：\n正文")).as_deref(),
            Some("各市（州）税务局，省局机关各处室")
        );
        assert_eq!(addressee(&blocks("联系人：\n张三")), None);
    }

    #[test]
    fn addressees_are_bodies() {
        let first = |text: &str| addressee(&blocks(text));
        assert_eq!(
            first("各省、自治区、直辖市人民政府，国务院各部委、各直属机构：\n正文"),
            Some("各省、自治区、直辖市人民政府，国务院各部委、各直属机构".to_owned())
        );
        assert_eq!(first("现将有关事项通知如下：\n正文"), None);
        assert_eq!(first("根据税务总局部署，现公告如下单位：\n正文"), None);
    }
}
