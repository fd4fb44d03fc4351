//! What an editor writes: fields, text, attachments; and how they become bodies.

use serde::{Deserialize, Serialize};

use super::{DeskError, Result};
use crate::rules::act::{Origin, Shape, Urgency};
use crate::rules::clearance::{Disclosure, Ground};
use crate::text::normalise;

/// Longest title, in characters.
const MAX_TITLE: usize = 200;
/// Longest other field, in characters.
const MAX_FIELD: usize = 2_000;
/// Longest manuscript, in bytes.
pub const MAX_TEXT: usize = 8 << 20;

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// The fields of an item as a person fills them in. Empty means absent; the order of
        /// declaration is the order in the body, so that equal fields are equal bytes.
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct Fields {
            $($(#[$doc])* #[serde(skip_serializing_if = "String::is_empty")] pub $name: String,)*
            /// Names and alternative texts of the attachments, in order.
            #[serde(skip_serializing_if = "Vec::is_empty")]
            pub attachments: Vec<AttachmentField>,
        }

        impl Fields {
            /// Code of every text field, in order; message keys are `field-<code>`.
            pub const CODES: &'static [&'static str] = &[$($code,)*];

            /// Value of a field by its code.
            pub fn get(&self, code: &str) -> Option<&str> { match code { $($code => Some(&self.$name),)* _ => None } }

            /// Sets a field by its code; false when there is no such field.
            pub fn set(&mut self, code: &str, value: &str) -> bool {
                match code { $($code => { self.$name = value.to_owned(); true })* _ => false }
            }

            fn each(&mut self, mut with: impl FnMut(&str, &mut String)) { $(with($code, &mut self.$name);)* }
        }
    };
}

fields! {
    /// 标题
    title = "title",
    /// 副标题
    subtitle = "subtitle",
    /// 发文字号
    doc_number = "doc-number",
    /// 成文日期, YYYY-MM-DD
    written_on = "written-on",
    /// 发文机关
    issuer = "issuer",
    /// 信息来源
    source = "source",
    /// 来源网址
    source_url = "source-url",
    /// 摘要
    summary = "summary",
    /// 关键词
    keywords = "keywords",
    /// 索引号
    index_number = "index-number",
    /// 主题分类
    topic = "topic",
    /// 时效性
    validity = "validity",
    /// 主送机关
    addressee = "addressee",
    /// 署名
    signature = "signature",
    /// 提供人 (A13.1)
    provider_person = "provider-person",
    /// 提供单位审核人 (A13.1)
    provider_reviewer = "provider-reviewer",
}

/// One attachment among the fields; its bytes are a body of their own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AttachmentField {
    /// File name as the public will see it.
    pub name: String,
    /// Alternative text of an image.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub alt: String,
}

/// An attached file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// File name.
    pub name: String,
    /// Alternative text.
    pub alt: String,
    /// Bytes, or `None` for one that is stored already and unchanged.
    pub bytes: Option<Vec<u8>>,
    /// Body id of a stored one.
    pub id: Option<crate::journal::Hash>,
}

/// Everything an editor can change about an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Text fields.
    pub fields: Fields,
    /// The manuscript: paragraphs separated by newlines, a subset of Markdown.
    pub text: String,
    /// Files, in order.
    pub attachments: Vec<Attachment>,
    /// The structured part. `lacks` is worked out when saved.
    pub shape: Shape,
}

impl Content {
    /// Empty content for a column, open, normal, original.
    pub fn for_column(column: &str) -> Content {
        Content {
            fields: Fields::default(),
            text: String::new(),
            attachments: Vec::new(),
            shape: Shape {
                columns: vec![column.to_owned()],
                channels: vec!["web".to_owned()],
                disclosure: None,
                ground: None,
                urgency: Urgency::Normal,
                origin: Origin::Original,
                provider: None,
                go_live: None,
                embargo: None,
                lacks: Vec::new(),
            },
        }
    }

    /// Marks the content 主动公开.
    #[must_use]
    pub fn open(mut self) -> Content {
        self.shape.disclosure = Some(Disclosure::Open);
        self.shape.ground = None;
        self
    }

    /// Sets the disclosure attribute.
    pub fn disclose(&mut self, disclosure: Disclosure, ground: Option<Ground>) {
        self.shape.disclosure = Some(disclosure);
        self.shape.ground = ground;
    }

    /// Brings text into the stored form and works out what is still missing. Control characters
    /// go, line ends become `\n`; what is too long is an error, never cut.
    pub(super) fn tidy(&mut self) -> Result<()> {
        if self.text.len() > MAX_TEXT {
            return Err(DeskError::Usage {
                key: "error-text-too-long",
                about: MAX_TEXT.to_string(),
            });
        }
        self.text = normalise(&self.text).text;
        let mut too_long = None;
        self.fields.each(|code, value| {
            let clean = normalise(value).text.replace('\n', " ").trim().to_owned();
            let max = if code == "title" {
                MAX_TITLE
            } else {
                MAX_FIELD
            };
            if clean.chars().count() > max {
                too_long = Some(code.to_owned());
            }
            *value = clean;
        });
        if let Some(code) = too_long {
            return Err(DeskError::Usage {
                key: "error-field-too-long",
                about: code,
            });
        }
        if !self.fields.written_on.is_empty()
            && self.fields.written_on.parse::<jiff::civil::Date>().is_err()
        {
            return Err(DeskError::Usage {
                key: "error-field-date",
                about: self.fields.written_on.clone(),
            });
        }
        for file in &mut self.attachments {
            let name: String = normalise(&file.name)
                .text
                .chars()
                .filter(|c| !matches!(c, '/' | '\\' | '\n'))
                .collect();
            name.trim().clone_into(&mut file.name);
            if file.name.is_empty() || file.name.chars().count() > 200 {
                return Err(DeskError::Usage {
                    key: "error-attachment-name",
                    about: file.name.clone(),
                });
            }
            file.alt = normalise(&file.alt).text.replace('\n', " ");
        }
        self.fields.attachments = self
            .attachments
            .iter()
            .map(|a| AttachmentField {
                name: a.name.clone(),
                alt: a.alt.clone(),
            })
            .collect();
        self.shape.lacks = self.lacks();
        Ok(())
    }

    /// Codes of required fields that are empty. Reprints need a source and its address
    /// (A11.4); every item needs its provider in full (A13.1).
    pub fn lacks(&self) -> Vec<String> {
        let mut required = vec!["title", "provider-person", "provider-reviewer"];
        if self.shape.origin == Origin::Reprint {
            required.extend(["source", "source-url"]);
        }
        let mut lacks: Vec<String> = required
            .into_iter()
            .filter(|code| self.fields.get(code).is_none_or(|v| v.trim().is_empty()))
            .map(ToOwned::to_owned)
            .collect();
        if self.shape.provider.is_none() {
            lacks.push("provider".to_owned());
        }
        lacks
    }
}

/// A manuscript read by [`crate::intake`] as the content of a new item in a column. Attachments that
/// were only linked stay links in the text; their bytes were never ours. Images that stood in the
/// file come along.
pub fn from_manuscript(manuscript: &crate::intake::Manuscript, column: &str) -> Content {
    let mut content = Content::for_column(column);
    let source = &manuscript.fields;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    content.fields = Fields {
        title: manuscript.title.clone(),
        doc_number: text(&source.doc_number),
        written_on: source.written_on.map(|d| d.to_string()).unwrap_or_default(),
        issuer: text(&source.issuer),
        source: text(&source.source),
        source_url: text(&source.source_url),
        index_number: text(&source.index_number),
        topic: text(&source.topic),
        validity: text(&source.validity),
        addressee: text(&source.addressee),
        signature: text(&source.signature),
        ..Fields::default()
    };
    content.text.clone_from(&manuscript.body);
    if manuscript.reprint {
        content.shape.origin = Origin::Reprint;
    }
    content.attachments = manuscript
        .attachments
        .iter()
        .filter(|file| file.bytes.is_some())
        .map(|file| Attachment {
            name: file.name.clone(),
            alt: file.alt.clone(),
            bytes: file.bytes.clone(),
            id: None,
        })
        .collect();
    content
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn tidy_removes_controls_and_names_what_is_missing() {
        let mut content = Content::for_column("news").open();
        content.fields.title = "标题\u{1b}[31m红".into();
        content.text = "第一段\r\n第二段\u{7}".into();
        content.tidy().unwrap();
        assert!(!content.fields.title.contains('\u{1b}'));
        assert_eq!(content.text, "第一段\n第二段");
        assert_eq!(
            content.shape.lacks,
            ["provider-person", "provider-reviewer", "provider"]
        );
    }

    #[test]
    fn an_attachment_name_cannot_leave_its_directory() {
        let mut content = Content::for_column("news");
        let file = |name: &str| Attachment {
            name: name.into(),
            alt: String::new(),
            bytes: Some(vec![1]),
            id: None,
        };
        content.attachments = vec![file("../../etc/passwd")];
        content.tidy().unwrap();
        assert_eq!(content.attachments[0].name, "....etcpasswd");
        content.attachments = vec![file("///")];
        assert!(content.tidy().is_err());
    }
}
