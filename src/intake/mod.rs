//! Intake: files from outside become manuscripts.
//!
//! The input is bytes and a file name; nothing is fetched, stored or asked ([`batch`] alone opens
//! the files a person named). What the file says is
//! taken over, what it does not say is left empty: a title, a date or a document number that had
//! to be guessed would later be published as a fact. So the room refuses rather than repairs
//! ([`IntakeError`]), and tells what it left out or found doubtful ([`IntakeNote`]).

mod archive;
mod aside;
pub mod batch;
mod clean;
mod dates;
mod docno;
mod docx;
mod error;
mod feed;
mod finish;
mod grid;
mod head;
mod html;
pub mod inspect;
mod json;
mod labels;
mod list;
mod markdown;
mod note;
mod plain;
mod signoff;
mod sniff;
mod xlsx;
mod xml;

use jiff::civil::Date;

pub use archive::{MAX_ARCHIVE, MAX_MEMBER, MAX_MEMBERS, MAX_RATIO, MAX_UNPACKED};
pub use aside::{Aside, Place};
pub use batch::{Batch, FileReport, Standing, Tally};
pub use error::{ArchiveFault, IntakeError, Looks};
pub use inspect::{Cleaning, Inspection, Strip, clean, inspect, strip_metadata, strip_metadata_with};
pub use list::{ListRow, read_list};
pub use note::{IntakeNote, NamedDate};

use finish::finish;

/// Text files above this size are refused: no manuscript is that long, and a page that is has
/// been made to hurt. Office files hold images and may be as large as [`MAX_ARCHIVE`].
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
    /// Files and images the text points to, which were not fetched, and images that stood in the
    /// file itself, with their bytes.
    pub attachments: Vec<FoundAttachment>,
    /// Whether it comes from a feed or a list of another site, and so is a reprint.
    pub reprint: bool,
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
    /// Alternative text of an image that stood in the file itself.
    pub alt: String,
    /// Its bytes, when it stood in the file itself.
    pub bytes: Option<Vec<u8>>,
}

impl FoundAttachment {
    fn document() -> FoundAttachment {
        FoundAttachment {
            name: String::new(),
            url: None,
            kind: AttachmentKind::Document,
            alt: String::new(),
            bytes: None,
        }
    }

    fn image() -> FoundAttachment {
        FoundAttachment {
            kind: AttachmentKind::Image,
            ..FoundAttachment::document()
        }
    }
}

/// What to do with changes that stand open in a file (tracked insertions, deletions, moves).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Changes {
    /// The text as it was before them; each change is told in a note. Nobody has decided on them,
    /// so nothing of them is taken over.
    #[default]
    Notes,
    /// The text as it will be when all are accepted; each change is told in a note.
    Accept,
    /// The file is refused.
    Refuse,
}

impl Manuscript {
    /// Whether a person must look at something before the manuscript is worked on.
    pub fn needs_attention(&self) -> bool {
        self.notes.iter().any(IntakeNote::needs_attention)
    }

    /// What the file holds beside its text, for screening.
    pub fn asides(&self) -> impl Iterator<Item = &Aside> {
        self.notes.iter().filter_map(|note| match note {
            IntakeNote::Aside(aside) => Some(aside),
            _ => None,
        })
    }
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
    /// A Word file.
    Docx,
    /// A workbook.
    Xlsx,
    /// An RSS or Atom feed.
    Feed,
}

impl Format {
    /// Stable code, for programs.
    pub fn code(self) -> &'static str {
        match self {
            Format::Html => "html",
            Format::Markdown => "markdown",
            Format::Plain => "plain",
            Format::Json => "json",
            Format::Docx => "docx",
            Format::Xlsx => "xlsx",
            Format::Feed => "feed",
        }
    }
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
    /// UTF-16, little end first, with or without a byte order mark.
    Utf16Le,
    /// UTF-16, big end first, with or without a byte order mark.
    Utf16Be,
}

impl Encoding {
    /// Stable code, for programs.
    pub fn code(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf8Bom => "utf-8-bom",
            Encoding::Gb18030 => "gb18030",
            Encoding::Utf16Le => "utf-16le",
            Encoding::Utf16Be => "utf-16be",
        }
    }
}

/// Reads one file with open changes told in notes. Most files hold one manuscript, an array of
/// questions and answers holds many; one bad row refuses the whole file, because a half-imported
/// file is noticed too late.
pub fn read(name: &str, bytes: &[u8]) -> Result<Vec<Manuscript>, IntakeError> {
    read_with(name, bytes, Changes::default())
}

/// The same, with a choice what to do with open changes.
pub fn read_with(
    name: &str,
    bytes: &[u8],
    changes: Changes,
) -> Result<Vec<Manuscript>, IntakeError> {
    let office = match sniff::looks(bytes) {
        Some(Looks::Docx) => Some((docx::read(bytes, changes)?, Format::Docx)),
        Some(Looks::Xlsx) => Some((xlsx::read(name, bytes)?, Format::Xlsx)),
        _ => None,
    };
    if let Some((raw, format)) = office {
        return finish(raw, format, Encoding::Utf8).map(|one| vec![one]);
    }
    let (text, encoding) = sniff::decode(bytes)?;
    let format = sniff::format(name, &text)?;
    let raws = match format {
        Format::Html => match html::read(&text) {
            Ok(raw) => vec![raw],
            // No article on it: a list of articles, perhaps.
            Err(IntakeError::NoBody) => html::list_rows(&text)?
                .into_iter()
                .map(ListRow::into_raw)
                .collect(),
            Err(error) => return Err(error),
        },
        Format::Feed => feed::read(&text)?,
        Format::Markdown => vec![markdown::read(name, &text)?],
        Format::Plain => vec![plain::read(&text)?],
        Format::Json => json::read(&text)?,
        Format::Docx | Format::Xlsx => return Err(IntakeError::NoBody),
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
