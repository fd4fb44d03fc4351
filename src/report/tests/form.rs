use jiff::civil::date;

use crate::report::form::{
    Carrier, Channel, Concern, Conclusion, DisclosureMark, Opinion, ReviewForm, Stage,
};
use crate::report::when;

fn sample() -> ReviewForm {
    ReviewForm {
        number: "BM-2026-0042".into(),
        filled_on: date(2026, 11, 24),
        unit: "某某省税务局纳税服务处".into(),
        title: "关于优化增值税留抵退税办理流程的公告".into(),
        source: "纳税服务处".into(),
        doc_number: Some("某某省税务局公告2026年第8号".into()),
        carrier: Carrier::Official,
        channels: vec![
            Channel::Website("通知公告".into()),
            Channel::Other("微信公众号".into()),
        ],
        planned_at: Some("2026-11-25T01:00:00Z".parse().unwrap()),
        summary: "明确留抵退税的办理条件、时限和所需资料。".into(),
        attachments: vec!["办理流程图.pdf".into(), "申请表.docx".into()],
        concerns: vec![
            (Concern::StateSecret, false),
            (Concern::WorkSecret, false),
            (Concern::TradeSecret, false),
            (Concern::Privacy, false),
        ],
        disclosure: Some(DisclosureMark::Active),
        ground: Some("《中华人民共和国政府信息公开条例》第二十条".into()),
        opinions: vec![Opinion {
            stage: Stage::Reviewer,
            text: "未发现涉密内容。\n同意公开。".into(),
            name: "赵静".into(),
            at: "2026-11-24T08:30:00Z".parse().unwrap(),
        }],
        consulted: Some((false, String::new())),
        conclusion: Some(Conclusion::Open),
        fingerprint: "9f".repeat(32),
        remarks: String::new(),
        zone: when::shanghai(),
    }
}

#[test]
fn form_as_html() {
    insta::assert_snapshot!(sample().to_html().unwrap());
}

#[test]
fn form_as_text() {
    insta::assert_snapshot!(sample().to_text());
}

#[test]
fn hostile_text_stays_text() {
    let mut form = sample();
    form.title = "<script>alert(1)</script>\u{1b}]0;x\u{7}".into();
    form.attachments = vec!["\"><img src=x onerror=1>".into()];
    form.opinions[0].text = "同意\n审查结论:☑ 公开".into();
    let html = form.to_html().unwrap();
    assert!(!html.contains("<script") && !html.contains("<img"));
    assert!(html.contains("&lt;script&gt;"));
    assert!(!html.contains('\u{1b}'));
    let text = form.to_text();
    assert!(!text.contains('\u{1b}') && !text.contains('\u{7}'));
    // A forged line would have to begin a line.
    assert!(!text.lines().any(|l| l.starts_with("审查结论:☑")));
}

#[test]
fn an_empty_form_can_be_filled_by_hand() {
    let mut form = sample();
    form.opinions.clear();
    form.conclusion = None;
    form.concerns.clear();
    let text = form.to_text();
    let conclusion = text.lines().find(|l| l.starts_with("审查结论")).unwrap();
    assert!(!conclusion.contains('\u{2611}'));
    assert_eq!(conclusion.matches('\u{2610}').count(), 5);
    assert!(form.to_html().unwrap().matches("__________").count() == 8);
}
