//! Form: required fields, the source, attachments and what they carry.

use super::finding::{Class, Finding, Hit, Place, Severity};
use super::links;
use super::say::ground;
use super::subject::{Attachment, FactKind, Sniffed, Subject};

/// Attachments above this size are a burden to readers: the guidelines ask for files that open.
const LARGE: u64 = 50 << 20;

/// Checks the form of an item.
pub fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let field = |code: &str| {
        subject
            .fields
            .iter()
            .find(|(c, _)| *c == code)
            .map_or("", |(_, text)| text.trim())
    };
    for code in subject.content.required() {
        if field(code).is_empty() {
            found.push(finding(
                Place::Field {
                    code: (*code).to_owned(),
                },
                Class::Field,
                Severity::General,
                "field-missing",
                code,
            ));
        }
    }
    let source = field("source");
    if let Some(list) = subject.sources.filter(|_| !source.is_empty())
        && !list.iter().any(|s| s.trim() == source)
    {
        let place = Place::Field {
            code: "source".to_owned(),
        };
        found.push(Finding {
            evidence: source.to_owned(),
            ..finding(
                place,
                Class::Field,
                Severity::General,
                "source-not-listed",
                source,
            )
        });
    }
    found.extend(links::scan(subject.body).into_iter().map(|hit| {
        Finding {
            evidence: subject
                .body
                .get(hit.range.clone())
                .unwrap_or_default()
                .to_owned(),
            ground: ground(hit.class),
            place: Place::Body,
            hit,
        }
    }));
    for (index, attachment) in subject.attachments.iter().enumerate() {
        file(index, attachment, &mut found);
    }
    found
}

fn finding(
    place: Place,
    class: Class,
    severity: Severity,
    why: &'static str,
    detail: &str,
) -> Finding {
    Finding {
        place,
        hit: Hit {
            range: 0..0,
            class,
            severity,
            suggestion: None,
            why,
            detail: detail.to_owned(),
        },
        evidence: String::new(),
        ground: ground(class),
    }
}

/// Names a program gives by itself.
const VAGUE_NAMES: [&str; 10] = [
    "新建",
    "未命名",
    "无标题",
    "untitled",
    "new microsoft",
    "微信图片",
    "img_",
    "image",
    "扫描",
    "副本",
];

fn file(index: usize, attachment: &Attachment<'_>, found: &mut Vec<Finding>) {
    let named = || Place::AttachmentName { index };
    let mut tell = |class, severity, why, detail: &str| {
        found.push(Finding {
            evidence: attachment.name.to_owned(),
            ..finding(named(), class, severity, why, detail)
        });
    };
    let extension = attachment
        .name
        .rsplit_once('.')
        .map(|(_, e)| e.to_ascii_lowercase())
        .unwrap_or_default();
    if extension.is_empty() {
        tell(
            Class::Attachment,
            Severity::General,
            "attachment-no-extension",
            "",
        );
    }
    let stem = attachment
        .name
        .rsplit_once('.')
        .map_or(attachment.name, |(s, _)| s)
        .trim()
        .to_lowercase();
    if stem.is_empty()
        || VAGUE_NAMES.iter().any(|v| stem.starts_with(v))
        || stem
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '-' | '_'))
    {
        tell(
            Class::Accessibility,
            Severity::Hint,
            "attachment-name-vague",
            "",
        );
    }
    if matches!(
        extension.as_str(),
        "exe" | "bat" | "cmd" | "js" | "vbs" | "scr" | "apk" | "msi" | "jar" | "lnk" | "ps1" | "sh"
    ) {
        tell(
            Class::Attachment,
            Severity::Serious,
            "attachment-program",
            &extension,
        );
    }
    match attachment.sniffed {
        None => {}
        Some(Sniffed::Empty) => tell(Class::Attachment, Severity::General, "attachment-empty", ""),
        Some(Sniffed::Program) => tell(
            Class::Attachment,
            Severity::Serious,
            "attachment-program",
            &extension,
        ),
        Some(kind) => {
            // Files of unknown beginnings are told only where the name promises a known kind.
            let promised = PROMISES.iter().any(|p| *p == extension);
            let fits = kind.extensions().contains(&extension.as_str());
            if !fits && !extension.is_empty() && (promised || kind != Sniffed::Other) {
                tell(
                    Class::Attachment,
                    Severity::General,
                    "attachment-mismatch",
                    &extension,
                );
            }
        }
    }
    if attachment.size > LARGE {
        tell(
            Class::Attachment,
            Severity::General,
            "attachment-large",
            &(attachment.size >> 20).to_string(),
        );
    }
    let image = matches!(
        attachment.sniffed,
        Some(Sniffed::Png | Sniffed::Jpeg | Sniffed::Gif | Sniffed::Webp)
    ) || matches!(
        extension.as_str(),
        "png" | "jpg" | "jpeg" | "gif" | "webp" | "bmp"
    );
    if image && attachment.alt.trim().is_empty() {
        tell(Class::Accessibility, Severity::Hint, "image-no-alt", "");
    }
    for fact in &attachment.facts {
        let (severity, why, part) = match fact.kind {
            FactKind::Author => (Severity::Hint, "metadata-author", "author"),
            FactKind::TrackedChange => (Severity::General, "metadata-change", "change"),
            FactKind::HiddenText => (Severity::General, "metadata-hidden", "hidden"),
            FactKind::HiddenCells => (Severity::General, "metadata-cells", "hidden-cells"),
            FactKind::Comment => (Severity::General, "metadata-comment", "comment"),
            FactKind::External => (Severity::Suspect, "metadata-external", "external"),
            FactKind::Unread => (Severity::Suspect, "metadata-unread", "unread"),
        };
        let place = Place::AttachmentText {
            index,
            part: part.to_owned(),
        };
        found.push(Finding {
            evidence: fact.text.clone(),
            hit: Hit {
                range: 0..fact.text.len(),
                ..finding(place.clone(), Class::Metadata, severity, why, "").hit
            },
            ..finding(place, Class::Metadata, severity, why, "")
        });
    }
}

/// Extensions whose files have a beginning that can be told.
const PROMISES: [&str; 18] = [
    "pdf", "docx", "xlsx", "pptx", "doc", "xls", "ppt", "wps", "et", "ofd", "png", "jpg", "jpeg",
    "gif", "webp", "zip", "rar", "7z",
];

/// Location escalation (`content_severity`): what stands in a title or summary weighs one level
/// more. A hint is not counted anywhere and stays one.
pub fn escalate(place: &Place, severity: Severity) -> Severity {
    let prominent = matches!(place, Place::Field { code } if matches!(code.as_str(), "title" | "subtitle" | "summary"));
    match severity {
        Severity::General if prominent => Severity::Serious,
        Severity::Suspect if prominent => Severity::General,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::super::subject::{ContentType, Fact};
    use super::*;

    fn whys(subject: &Subject<'_>) -> Vec<&'static str> {
        check(subject).into_iter().map(|f| f.hit.why).collect()
    }

    #[test]
    fn fields_and_source() {
        let list = ["新华社".to_owned()];
        let mut subject = Subject {
            content: ContentType::Reprint,
            fields: vec![("title", "关于"), ("source", "某公众号")],
            sources: Some(&list),
            ..Subject::default()
        };
        assert_eq!(whys(&subject), ["field-missing", "source-not-listed"]);
        subject.fields = vec![
            ("title", "关于"),
            ("source", "新华社"),
            ("source-url", "https://www.news.cn/"),
        ];
        assert!(whys(&subject).is_empty());
        subject.content = ContentType::Policy;
        assert_eq!(whys(&subject), ["field-missing"; 3]);
    }

    #[test]
    fn files() {
        let file = |name, bytes: &[u8]| Attachment {
            name,
            sniffed: Some(Sniffed::of(bytes)),
            size: bytes.len() as u64,
            ..Attachment::default()
        };
        for (attachment, want) in [
            (file("通知.pdf", b"%PDF-1.7"), &[][..]),
            (file("通知.pdf", b"PK\x03\x04"), &["attachment-mismatch"]),
            (file("通知.docx", b"PK\x03\x04"), &[]),
            (file("通知.wps", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), &[]),
            (file("通知.docx", b"hello"), &["attachment-mismatch"]),
            (file("通知.txt", b"hello"), &[]),
            (file("通知", b"hello"), &["attachment-no-extension"]),
            (file("通知.pdf", b"MZ\x90"), &["attachment-program"]),
            (file("新建 文档.txt", b"a"), &["attachment-name-vague"]),
            (file("表.xls", b""), &["attachment-empty"]),
            (file("图.png", b"\x89PNG\r\n\x1a\n"), &["image-no-alt"]),
        ] {
            let name = attachment.name;
            let subject = Subject {
                fields: vec![("title", "a")],
                attachments: vec![attachment],
                ..Subject::default()
            };
            assert_eq!(whys(&subject), want, "{name}");
        }
        let facts = vec![Fact {
            kind: FactKind::Comment,
            text: "改一下".to_owned(),
        }];
        let subject = Subject {
            fields: vec![("title", "a")],
            attachments: vec![Attachment {
                name: "a.txt",
                facts,
                ..Attachment::default()
            }],
            ..Subject::default()
        };
        let found = check(&subject);
        assert_eq!(
            (found[0].hit.why, found[0].evidence.as_str()),
            ("metadata-comment", "改一下")
        );
    }

    #[test]
    fn titles_weigh_more() {
        let title = Place::Field {
            code: "title".to_owned(),
        };
        assert_eq!(escalate(&title, Severity::General), Severity::Serious);
        assert_eq!(escalate(&title, Severity::Suspect), Severity::General);
        assert_eq!(escalate(&title, Severity::Hint), Severity::Hint);
        assert_eq!(escalate(&Place::Body, Severity::General), Severity::General);
    }
}
