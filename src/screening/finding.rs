//! What screening says about a text.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::rules::codes::codes;

codes! {
/// How grave a finding is (severity model of the inspection vendors; see the norm table).
Severity {
    /// 严重错误: blocks sign-off until changed or waived by name and reason.
    Serious = "serious",
    /// 一般错误: must be dealt with, by a change or a reason.
    General = "general",
    /// 疑似: listed; may be confirmed in bulk.
    Suspect = "suspect",
    /// 提示: not counted.
    Hint = "hint",
}}

codes! {
/// What kind of thing was found; `screening-class-<code>` is its name in the locale files.
Class {
    /// 密级标识, a security mark in one of its forms
    Mark = "secret-mark",
    /// 内部标识, words of internal handling
    Handling = "internal-mark",
    /// Invisible characters, spaced or disguised letters around something
    Obfuscated = "obfuscated",
    /// 居民身份证号码
    IdCard = "id-card",
    /// A resident identity number whose check digit or date is wrong
    IdCardBad = "id-card-bad",
    /// 手机号码
    Mobile = "mobile",
    /// 固定电话
    Landline = "landline",
    /// 银行卡号
    BankCard = "bank-card",
    /// A card-like number that fails its check digit
    BankCardBad = "bank-card-bad",
    /// 统一社会信用代码
    Uscc = "uscc",
    /// A credit code whose check character is wrong
    UsccBad = "uscc-bad",
    /// 护照、往来港澳台通行证
    TravelDocument = "travel-document",
    /// 车牌号
    Plate = "plate",
    /// 电子邮箱
    Email = "email",
    /// 住址
    Address = "address",
    /// 纳税人信息
    Taxpayer = "taxpayer",
    /// 未成年人
    Minor = "minor",
    /// 举报人、检举人
    Whistleblower = "whistleblower",
    /// 国名、党名、机构名错写
    StateName = "state-name",
    /// A name, title or order that differs from the board's own roster
    Roster = "roster",
    /// A word of a term list the board keeps
    Term = "term",
    /// 称谓不规范
    Title = "title",
    /// 固定表述缺字错序
    Doctrine = "doctrine",
    /// 领土主权、港澳台表述
    Territory = "territory",
    /// 文号、引用
    DocNumber = "doc-number",
    /// 错别字
    Typo = "typo",
    /// 繁体、异体、兼容字、规范字表外字
    Character = "character",
    /// Look-alike letters, mixed scripts
    MixedScript = "mixed-script",
    /// 规范用词、异形词
    Usage = "usage",
    /// 重复字词
    Repeated = "repeated",
    /// 缺字漏字
    Missing = "missing",
    /// 标点、全半角、括号不配对
    Punctuation = "punctuation",
    /// 数字、单位、合计不等
    Number = "number",
    /// 不存在的日期
    Date = "date",
    /// 税务术语、机构旧称
    TaxTerm = "tax-term",
    /// 链接
    Link = "link",
    /// 必填项缺失、来源不在名单
    Field = "field",
    /// 表头、替代文本
    Accessibility = "accessibility",
    /// An attachment that does not open, is not what it says, or is too large
    Attachment = "attachment",
    /// Author, tracked changes, hidden text, comments inside an attachment
    Metadata = "metadata",
}}

codes! {
/// The coarse label a measuring program knows (`screen --jsonl`).
Label {
    /// Resident identity number
    IdCard = "ID_CARD",
    /// Mobile number
    Mobile = "MOBILE",
    /// Landline number
    Landline = "LANDLINE",
    /// Bank card
    BankCard = "BANK_CARD",
    /// Unified social credit code
    Uscc = "USCC",
    /// E-mail address
    Email = "EMAIL",
    /// Security or internal mark
    Marking = "MARKING",
    /// Hidden or disguised text
    Obfuscated = "OBFUSCATED",
    /// Hit of a term list
    Word = "WORD",
    /// Identity number with a wrong check digit
    IdCardBad = "ID_CARD_BAD",
    /// Card number with a wrong check digit
    BankCardBad = "BANK_CARD_BAD",
    /// Credit code with a wrong check character
    UsccBad = "USCC_BAD",
}}

impl Hit {
    /// The label a measuring program knows this by. A word that may be a mark and is only listed
    /// for a person to look at (a suspect) claims nothing, and has none.
    pub fn label(&self) -> Option<Label> {
        let claimed = !matches!(self.severity, Severity::Suspect | Severity::Hint);
        match self.class {
            Class::Mark | Class::Handling => claimed.then_some(Label::Marking),
            Class::Obfuscated => Some(Label::Obfuscated),
            Class::IdCard => (self.why != "identity-maybe-15").then_some(Label::IdCard),
            Class::IdCardBad => Some(Label::IdCardBad),
            Class::Mobile => Some(Label::Mobile),
            Class::Landline => Some(Label::Landline),
            Class::BankCard => Some(Label::BankCard),
            Class::BankCardBad => Some(Label::BankCardBad),
            Class::Uscc => Some(Label::Uscc),
            Class::UsccBad => Some(Label::UsccBad),
            Class::Email => Some(Label::Email),
            Class::Term => Some(Label::Word),
            _ => None,
        }
    }
}

/// Where in an item a finding lies.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "in", rename_all = "kebab-case")]
pub enum Place {
    /// The manuscript.
    Body,
    /// A field, by its code (`title`, `summary`, …).
    Field {
        /// The field.
        code: String,
    },
    /// The name of an attachment.
    AttachmentName {
        /// Position of the attachment, from 0.
        index: usize,
    },
    /// Text found inside an attachment.
    AttachmentText {
        /// Position of the attachment, from 0.
        index: usize,
        /// Which part of the file: a sheet, a header, a comment, an image's text field.
        part: String,
    },
    /// The item as a whole.
    Item,
}

/// What one detector says about one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Bytes of the text as given, on character boundaries.
    pub range: Range<usize>,
    /// What it is.
    pub class: Class,
    /// How grave by itself, before rules of place are applied.
    pub severity: Severity,
    /// What could stand there instead, where that is known.
    pub suggestion: Option<String>,
    /// Why: the code of a rule, `screening-why-<code>` in the locale files.
    pub why: &'static str,
    /// A value the message needs (the word of a list, the expected check digit); may be empty.
    pub detail: String,
}

/// A hit with its place in the item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Where.
    pub place: Place,
    /// What, in the text of that place.
    pub hit: Hit,
    /// The text found, as it stands.
    pub evidence: String,
    /// Source of the rule: a document and article, code `screening-ground-<code>`.
    pub ground: &'static str,
}
