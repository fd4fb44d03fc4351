//! Items in every state, made the only way there is: by people doing their work.

use super::Province;
use super::documents::{content, manuscripts};
use crate::desk::review::{Review, Seen, When};
use crate::desk::{Note, Result};
use crate::rules::act::{Urgency, WithdrawGround};
use crate::rules::clearance::Conclusion;

/// One hour, µs.
const HOUR: i64 = 3_600_000_000;

/// How far the items are taken, in turn.
const AIMS: &[(Aim, &str)] = &[
    (Aim::Published, "prov-policy"),
    (Aim::Scheduled, "prov-policy"),
    (Aim::AtSecrecy, "prov-notice"),
    (Aim::AtFirst, "prov-notice"),
    (Aim::Draft, "prov-news"),
    (Aim::Corrected, "prov-interpret"),
    (Aim::AtSecond, "prov-interpret"),
    (Aim::Returned, "prov-guide"),
    (Aim::AtSignOff, "prov-policy"),
    (Aim::SignedOff, "prov-notice"),
    (Aim::Withdrawn, "prov-news"),
    (Aim::Rejected, "prov-news"),
    (Aim::Discarded, "prov-interview"),
    (Aim::Correcting, "prov-policy"),
    (Aim::Escalated, "prov-notice"),
    (Aim::Expired, "prov-notice"),
    (Aim::AtFirst, "east-open"),
    (Aim::Published, "east-news"),
    (Aim::Draft, "yunxi-open"),
    (Aim::AtSecrecy, "west-open"),
    (Aim::Published, "south-open"),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Aim {
    Draft,
    AtFirst,
    AtSecond,
    AtSecrecy,
    AtSignOff,
    Returned,
    Rejected,
    Escalated,
    SignedOff,
    Scheduled,
    Published,
    Corrected,
    Correcting,
    Withdrawn,
    Expired,
    Discarded,
}

/// Imports the documents and leaves items in every state. Returns how many.
pub fn fill(province: &mut Province, tell: &mut dyn FnMut(usize, usize)) -> Result<usize> {
    let manuscripts = manuscripts();
    let mut made = 0;
    for (k, (aim, column)) in AIMS.iter().enumerate() {
        let Some(manuscript) = manuscripts.get(k % manuscripts.len().max(1)) else {
            break;
        };
        let mut content = content(manuscript, column);
        if k % 5 == 2 {
            content.shape.urgency = Urgency::Urgent;
        }
        let author = if column.starts_with("yunxi") {
            "county"
        } else {
            "editor"
        };
        if column.starts_with("yunxi") {
            content.shape.provider = Some("yunxi".to_owned());
        }
        let item = province.sit(author).create(content)?.id;
        take(province, &item, author, *aim)?;
        made += 1;
        tell(made, AIMS.len());
    }
    Ok(made)
}

fn take(p: &mut Province, item: &str, author: &str, aim: Aim) -> Result<()> {
    match aim {
        Aim::Draft => return Ok(()),
        Aim::Discarded => {
            p.sit(author).discard(item)?;
            return Ok(());
        }
        _ => {}
    }
    p.sit(author).submit(item, Seen::default())?;
    match aim {
        Aim::AtFirst => return Ok(()),
        Aim::Returned => {
            p.sit("first").send_back(
                item,
                Seen::default(),
                &Note::of("办理流程第三步与现行规定不一致，请核对后重报。"),
            )?;
            return Ok(());
        }
        Aim::Rejected => {
            p.sit("first").reject(
                item,
                Seen::default(),
                &Note::of("与已发布稿件重复，不再采用。"),
            )?;
            return Ok(());
        }
        _ => {}
    }
    p.sit("first")
        .approve(item, Seen::default(), &Note::of("内容完整，拟同意。"))?;
    if aim == Aim::AtSecond {
        return Ok(());
    }
    p.sit("second")
        .approve(item, Seen::default(), &Note::none())?;
    match aim {
        Aim::AtSecrecy => return Ok(()),
        Aim::Escalated => {
            let review = Review {
                conclusion: Conclusion::Escalate,
                ground: None,
                opinion: Note::of("涉及其他机关事项，能否公开不能确定，报保密行政管理部门确定。"),
                authority: Note::none(),
            };
            p.sit("secrecy").clear(item, Seen::default(), &review)?;
            return Ok(());
        }
        _ => {}
    }
    clear(p, item)?;
    if aim == Aim::AtSignOff {
        return Ok(());
    }
    let now = p.desk.moment()?;
    let when = match aim {
        Aim::Scheduled => When {
            publish_at: Some(now + 18 * HOUR),
            ..When::default()
        },
        _ => When {
            hold: true,
            ..When::default()
        },
    };
    let expire_at = (aim == Aim::Expired).then_some(now + 1_500_000);
    p.sit("signer").sign_off(
        item,
        Seen::default(),
        When { expire_at, ..when },
        &Note::of("同意发布。"),
    )?;
    if matches!(aim, Aim::SignedOff | Aim::Scheduled) {
        return Ok(());
    }
    p.desk.publish(item, Seen::default())?;
    match aim {
        Aim::Withdrawn => {
            p.desk.withdraw(
                item,
                WithdrawGround::Other,
                &Note::of("来源机关已撤销原稿，依来函撤稿。"),
            )?;
        }
        Aim::Corrected | Aim::Correcting => correct(p, item, aim == Aim::Corrected)?,
        _ => {}
    }
    Ok(())
}

fn clear(p: &mut Province, item: &str) -> Result<()> {
    let review = Review {
        conclusion: Conclusion::Open,
        ground: None,
        opinion: Note::of("经审查，不涉及国家秘密、工作秘密、商业秘密和个人隐私，同意公开。"),
        authority: Note::none(),
    };
    p.sit("secrecy").clear(item, Seen::default(), &review)?;
    Ok(())
}

fn correct(p: &mut Province, item: &str, to_the_end: bool) -> Result<()> {
    p.sit("editor-b")
        .correct(item, &Note::of("更正第二段引用的文件名称。"))?;
    let mut content = p.desk.content(item, None)?;
    let view = p.desk.show(item)?;
    content
        .text
        .push_str("\n（编者注：已据原文件更正引用名称。）");
    p.desk.revise(item, content, view.line.revision)?;
    if !to_the_end {
        return Ok(());
    }
    p.desk.submit(item, Seen::default())?;
    p.sit("first")
        .approve(item, Seen::default(), &Note::none())?;
    p.sit("second")
        .approve(item, Seen::default(), &Note::none())?;
    clear(p, item)?;
    let when = When {
        hold: true,
        ..When::default()
    };
    p.sit("signer")
        .sign_off(item, Seen::default(), when, &Note::none())?;
    p.desk.publish(item, Seen::default())?;
    Ok(())
}
