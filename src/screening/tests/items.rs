use super::screener;
use crate::locale;
use crate::screening::{
    Attachment, Class, Fact, FactKind, Place, REASONS, Severity, Sniffed, Subject, ground, words,
};

#[test]
fn an_item_is_screened_in_all_its_parts() {
    let subject = Subject {
        fields: vec![
            ("title", "关于某某\u{200b}的通知"),
            ("summary", "联系邮箱 a.b@qq.com"),
        ],
        body: "正文。\n【机密】\n[点击这里](http://a.gov.cn/)",
        attachments: vec![Attachment {
            name: "机密_名单.docx",
            sniffed: Some(Sniffed::Zip),
            size: 10,
            texts: vec![("header".to_owned(), "秘密★5年".to_owned())],
            facts: vec![Fact {
                kind: FactKind::Comment,
                text: "找张三 13800138000".to_owned(),
            }],
            ..Attachment::default()
        }],
        ..Subject::default()
    };
    let found = screener().without_model().screen_item(&subject);
    let has = |place: &Place, class: Class, severity: Severity| {
        found
            .iter()
            .any(|f| f.place == *place && f.hit.class == class && f.hit.severity == severity)
    };
    let field = |code: &str| Place::Field {
        code: code.to_owned(),
    };
    let part = |part: &str| Place::AttachmentText {
        index: 0,
        part: part.to_owned(),
    };
    // One level more in title and summary.
    assert!(
        has(&field("title"), Class::Obfuscated, Severity::Serious),
        "{found:#?}"
    );
    assert!(has(&field("summary"), Class::Email, Severity::Serious));
    assert!(has(&Place::Body, Class::Mark, Severity::Serious));
    assert!(has(&Place::Body, Class::Link, Severity::Suspect));
    assert!(has(
        &Place::AttachmentName { index: 0 },
        Class::Mark,
        Severity::Serious
    ));
    assert!(has(&part("header"), Class::Mark, Severity::Serious));
    assert!(has(&part("fact"), Class::Mobile, Severity::Serious));
    assert!(has(&part("comment"), Class::Metadata, Severity::General));
    for finding in &found {
        assert!(!finding.ground.is_empty());
    }
}

#[test]
fn names_of_files() {
    let hits = |name: &str| screener().screen_name(name).len();
    for name in [
        "机密_关于.docx",
        "关于-秘密.pdf",
        "【绝密】计划.doc",
        "内部资料 注意保存.pdf",
        "000012.docx",
        "名单 13800138000.xlsx",
    ] {
        assert_eq!(hits(name), 1, "{name}");
    }
    for name in [
        "保密工作总结.docx",
        "商业秘密保护办法.pdf",
        "2026年第12号公告.pdf",
        "附件1：税收票证.doc",
    ] {
        assert_eq!(hits(name), 0, "{name}");
    }
}

#[test]
fn every_reason_class_and_ground_has_its_text() {
    for tag in locale::LANGUAGES {
        let file = std::fs::read_to_string(format!("locales/{tag}/qianfa.ftl")).unwrap();
        let has = |key: String| file.lines().any(|l| l.starts_with(&format!("{key} = ")));
        for reason in REASONS.iter().chain(words::WHY) {
            assert!(has(format!("screening-why-{reason}")), "{tag} {reason}");
        }
        for class in Class::ALL {
            assert!(
                has(format!("screening-class-{}", class.code())),
                "{tag} {}",
                class.code()
            );
            assert!(
                has(format!("screening-ground-{}", ground(*class))),
                "{tag} {}",
                ground(*class)
            );
        }
        for severity in Severity::ALL {
            assert!(
                has(format!("screening-severity-{}", severity.code())),
                "{tag} {}",
                severity.code()
            );
        }
    }
}
