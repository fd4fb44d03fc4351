//! Intake: files from outside become manuscripts.
//!
//! The input is bytes and a file name; nothing is fetched, stored or asked. What the file says is
//! taken over, what it does not say is left empty: a title, a date or a document number that had
//! to be guessed would later be published as a fact. So the room refuses rather than repairs
//! ([`IntakeError`]), and tells what it left out or found doubtful ([`IntakeNote`]).

mod clean;
mod dates;
mod docno;
mod error;
mod finish;
mod html;
mod json;
mod labels;
mod list;
mod markdown;
mod note;
mod plain;
mod signoff;
mod sniff;

use jiff::civil::Date;

pub use error::{IntakeError, Looks};
pub use list::{ListRow, read_list};
pub use note::{IntakeNote, NamedDate};

use finish::finish;

/// Files above this size are refused: no manuscript is that long, and a page that is has been
/// made to hurt.
pub const MAX_BYTES: usize = 20 * 1024 * 1024;

/// A body with fewer characters is a navigation bar or a cookie banner, not a text.
pub const MIN_BODY_CHARS: usize = 30;

/// One piece of content as it came, before it becomes an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manuscript {
    /// The title, without the name of the site it was found on.
    pub title: String,
    /// What the file says about the text.
    pub fields: Fields,
    /// Paragraphs separated by `\n`, in the Markdown subset of the editor: headings, lists,
    /// links and simple tables (a table stands between blank lines). Title and document number
    /// are not repeated at its head.
    pub body: String,
    /// Files and images the text points to; they were not fetched.
    pub attachments: Vec<FoundAttachment>,
    /// What kind of file it was.
    pub source_format: Format,
    /// How its characters were encoded.
    pub encoding: Encoding,
    /// What was left out or looks doubtful.
    pub notes: Vec<IntakeNote>,
}

/// Facts about a text; `None` where the file is silent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    /// 发文字号, only in a form the norm for official documents allows.
    pub doc_number: Option<String>,
    /// 成文日期.
    pub written_on: Option<Date>,
    /// 发文机关.
    pub issuer: Option<String>,
    /// 来源, the medium or body the page names.
    pub source: Option<String>,
    /// 索引号.
    pub index_number: Option<String>,
    /// 主题分类.
    pub topic: Option<String>,
    /// 时效性, in the words of the page.
    pub validity: Option<String>,
    /// 主送机关, as it stands in the text (which keeps it).
    pub addressee: Option<String>,
    /// 发文机关署名, as it stands in the text (which keeps it).
    pub signature: Option<String>,
    /// 发布日期 as printed on the page; never the publication time of this house.
    pub published_on_page: Option<Date>,
    /// Where the page says it lives.
    pub source_url: Option<String>,
}

/// A file or an image a text points to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundAttachment {
    /// The words of the link, the alternative text of the image, or the file's name.
    pub name: String,
    /// The address as written in the file, possibly relative; `None` when it was not an address
    /// anybody could follow.
    pub url: Option<String>,
    /// A document to download or an image.
    pub kind: AttachmentKind,
}

/// What an attachment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AttachmentKind {
    /// A link to a document, a table or an archive.
    Document,
    /// An image within the text.
    Image,
}

/// The kinds of file this room reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// A saved web page.
    Html,
    /// Markdown with a `#` title.
    Markdown,
    /// Text without markup.
    Plain,
    /// An object or an array of objects with `title` and `content`.
    Json,
}

/// How the characters of a file were encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 behind a byte order mark.
    Utf8Bom,
    /// GB18030, and so GBK and GB2312.
    Gb18030,
    /// UTF-16, little end first, behind a byte order mark.
    Utf16Le,
    /// UTF-16, big end first, behind a byte order mark.
    Utf16Be,
}

/// Reads one file. Most files hold one manuscript, an array of questions and answers holds many;
/// one bad row refuses the whole file, because a half-imported file is noticed too late.
pub fn read(name: &str, bytes: &[u8]) -> Result<Vec<Manuscript>, IntakeError> {
    let (text, encoding) = sniff::decode(bytes)?;
    let format = sniff::format(name, &text)?;
    let raws = match format {
        Format::Html => vec![html::read(&text)?],
        Format::Markdown => vec![markdown::read(name, &text)?],
        Format::Plain => vec![plain::read(&text)?],
        Format::Json => json::read(&text)?,
    };
    let many = raws.len() > 1;
    raws.into_iter()
        .enumerate()
        .map(|(index, raw)| {
            finish(raw, format, encoding)
                .map_err(|error| if many { error.in_row(index + 1) } else { error })
        })
        .collect()
}
