//! Why a file is refused.

use crate::tr;

use super::clean::shown;

/// Why a file is refused. `Display` is for logs; people read [`IntakeError::message`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IntakeError {
    /// No bytes, or nothing but blanks.
    #[error("intake.empty")]
    Empty,
    /// The file, or the folder, could not be opened.
    #[error("intake.unreadable")]
    Unreadable,
    /// More than [`super::MAX_BYTES`].
    #[error("intake.too-large: {bytes} bytes")]
    TooLarge {
        /// The size of the file.
        bytes: usize,
    },
    /// A format this program does not read.
    #[error("intake.unsupported: {looks:?}")]
    Unsupported {
        /// What the bytes, or the name, look like.
        looks: Looks,
    },
    /// Neither UTF-8 nor GB18030, or a page that declares another encoding.
    #[error("intake.encoding: declared {declared:?}")]
    Encoding {
        /// The encoding the page claims.
        declared: Option<String>,
    },
    /// Nothing that can be called a title.
    #[error("intake.no-title")]
    NoTitle,
    /// No place in the page that holds an article.
    #[error("intake.no-body")]
    NoBody,
    /// Several places in the page could be the article.
    #[error("intake.ambiguous-body: {candidates} candidates")]
    AmbiguousBody {
        /// How many.
        candidates: usize,
    },
    /// Fewer than [`super::MIN_BODY_CHARS`] characters: navigation, not a text.
    #[error("intake.too-short: {chars} characters")]
    TooShort {
        /// How many there were.
        chars: usize,
    },
    /// The text's own date has a month and a day, and no year.
    #[error("intake.missing-year: {text:?}")]
    MissingYear {
        /// The date as found.
        text: String,
    },
    /// The text's own date does not exist.
    #[error("intake.bad-date: {text:?}")]
    BadDate {
        /// The date as found.
        text: String,
    },
    /// A list or an array without a single row: more likely a failure than "nothing new".
    #[error("intake.no-rows")]
    NoRows,
    /// Broken JSON.
    #[error("intake.json: line {line}, column {column}")]
    Json {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// JSON without the fields this room knows.
    #[error("intake.shape: lacks {lacks}")]
    Shape {
        /// The field that is missing or is no text.
        lacks: &'static str,
    },
    /// A feed with more entries than news.
    #[error("intake.too-many-rows")]
    TooManyRows {
        /// The most it may have.
        most: usize,
    },
    /// Markup nested beyond anything a person or a publishing system writes.
    #[error("intake.too-deep")]
    TooDeep,
    /// A zip archive, or the container of an office file, that is broken or made to hurt.
    #[error("intake.archive: {0:?}")]
    Archive(ArchiveFault),
    /// A part of an office file that is missing or broken.
    #[error("intake.part: {part}")]
    BadPart {
        /// Its path within the file.
        part: String,
    },
    /// XML that is not well formed.
    #[error("intake.xml")]
    Xml,
    /// XML with a document type: it can make entities grow without bound.
    #[error("intake.doctype")]
    DocType,
    /// An office file with a program in it.
    #[error("intake.macros")]
    Macros,
    /// A workbook with more filled cells than a text can have.
    #[error("intake.too-many-cells")]
    TooManyCells {
        /// The most it may have.
        most: usize,
    },
    /// A table wider than a page can show.
    #[error("intake.too-wide")]
    TooWide {
        /// The most columns it may have.
        most: usize,
    },
    /// Tracked changes stand open, and the person chose to refuse such files.
    #[error("intake.open-changes: {count}")]
    OpenChanges {
        /// How many.
        count: usize,
    },
    /// One row of an array is at fault.
    #[error("row {number}: {source}")]
    Row {
        /// Counted from 1.
        number: usize,
        /// What is wrong with it.
        source: Box<IntakeError>,
    },
}

impl IntakeError {
    /// The stable id of this refusal; that of the cause when a row is at fault.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "intake.empty",
            Self::Unreadable => "intake.unreadable",
            Self::TooLarge { .. } => "intake.too-large",
            Self::Unsupported { .. } => "intake.unsupported",
            Self::Encoding { .. } => "intake.encoding",
            Self::NoTitle => "intake.no-title",
            Self::NoBody => "intake.no-body",
            Self::AmbiguousBody { .. } => "intake.ambiguous-body",
            Self::TooShort { .. } => "intake.too-short",
            Self::MissingYear { .. } => "intake.missing-year",
            Self::BadDate { .. } => "intake.bad-date",
            Self::NoRows => "intake.no-rows",
            Self::Json { .. } => "intake.json",
            Self::Shape { .. } => "intake.shape",
            Self::TooManyRows { .. } => "intake.too-many-rows",
            Self::TooDeep => "intake.too-deep",
            Self::Archive(fault) => fault.code(),
            Self::BadPart { .. } => "intake.part",
            Self::Xml => "intake.xml",
            Self::DocType => "intake.doctype",
            Self::Macros => "intake.macros",
            Self::OpenChanges { .. } => "intake.open-changes",
            Self::TooManyCells { .. } => "intake.too-many-cells",
            Self::TooWide { .. } => "intake.too-wide",
            Self::Row { source, .. } => source.code(),
        }
    }

    /// What a person reads, in the language in force.
    pub fn message(&self) -> String {
        match self {
            Self::Empty => tr!("intake-empty"),
            Self::Unreadable => tr!("intake-unreadable"),
            Self::TooLarge { bytes } => tr!(
                "intake-too-large",
                size = bytes.div_ceil(1024 * 1024).to_string(),
                limit = (super::MAX_BYTES / (1024 * 1024)).to_string()
            ),
            Self::Unsupported {
                looks: Looks::Encrypted,
            } => tr!("intake-encrypted"),
            Self::Unsupported { looks: Looks::Ole } => tr!("intake-ole"),
            Self::Unsupported { looks } => tr!("intake-unsupported", what = looks.message()),
            Self::Encoding { declared: None } => tr!("intake-encoding"),
            Self::Encoding {
                declared: Some(label),
            } => tr!("intake-encoding-declared", label = shown(label)),
            Self::NoTitle => tr!("intake-no-title"),
            Self::NoBody => tr!("intake-no-body"),
            Self::AmbiguousBody { candidates } => {
                tr!("intake-ambiguous-body", count = candidates.to_string())
            }
            Self::TooShort { chars } => tr!(
                "intake-too-short",
                count = chars.to_string(),
                least = super::MIN_BODY_CHARS.to_string()
            ),
            Self::MissingYear { text } => tr!("intake-missing-year", text = shown(text)),
            Self::BadDate { text } => tr!("intake-bad-date", text = shown(text)),
            Self::NoRows => tr!("intake-no-rows"),
            Self::Json { line, column } => tr!(
                "intake-json",
                line = line.to_string(),
                column = column.to_string()
            ),
            Self::Shape { lacks } => tr!("intake-shape", lacks = lacks.to_string()),
            Self::TooManyRows { most } => tr!("intake-too-many-rows", most = most.to_string()),
            Self::TooDeep => tr!("intake-too-deep"),
            Self::Archive(fault) => fault.message(),
            Self::BadPart { part } => tr!("intake-part", part = shown(part)),
            Self::Xml => tr!("intake-xml"),
            Self::DocType => tr!("intake-doctype"),
            Self::Macros => tr!("intake-macros"),
            Self::TooManyCells { most } => tr!("intake-too-many-cells", most = most.to_string()),
            Self::TooWide { most } => tr!("intake-too-wide", most = most.to_string()),
            Self::OpenChanges { count } => {
                tr!("intake-open-changes", count = count.to_string())
            }
            Self::Row { number, source } => tr!(
                "intake-row",
                number = number.to_string(),
                reason = source.message()
            ),
        }
    }

    pub(super) fn in_row(self, number: usize) -> Self {
        Self::Row {
            number,
            source: Box::new(self),
        }
    }
}

impl From<serde_json::Error> for IntakeError {
    fn from(error: serde_json::Error) -> Self {
        Self::Json {
            line: error.line(),
            column: error.column(),
        }
    }
}

/// What an unreadable file looks like, so that the person knows what to convert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Looks {
    /// A Word document (docx).
    Docx,
    /// An Excel workbook (xlsx).
    Xlsx,
    /// A PowerPoint presentation (pptx).
    Pptx,
    /// An OFD document, the national layout format.
    Ofd,
    /// An OpenDocument file.
    OpenDocument,
    /// A zip archive.
    Zip,
    /// PDF.
    Pdf,
    /// The old binary container of Word, Excel and WPS.
    Ole,
    /// An office file behind a password.
    Encrypted,
    /// Rich text.
    Rtf,
    /// A web page saved as one MIME file.
    Mhtml,
    /// An image.
    Image,
    /// Another archive: gzip, 7z, rar.
    Archive,
    /// UTF-16 without the byte order mark that would say so.
    Utf16WithoutMark,
    /// Not text.
    Binary,
    /// Text under a name ending this room does not know.
    Extension(String),
}

impl Looks {
    fn message(&self) -> String {
        match self {
            Self::Docx => tr!("intake-looks-docx"),
            Self::Xlsx => tr!("intake-looks-xlsx"),
            Self::Pptx => tr!("intake-looks-pptx"),
            Self::Ofd => tr!("intake-looks-ofd"),
            Self::OpenDocument => tr!("intake-looks-opendocument"),
            Self::Zip => tr!("intake-looks-zip"),
            Self::Pdf => tr!("intake-looks-pdf"),
            Self::Ole => tr!("intake-looks-ole"),
            Self::Encrypted => tr!("intake-looks-encrypted"),
            Self::Rtf => tr!("intake-looks-rtf"),
            Self::Mhtml => tr!("intake-looks-mhtml"),
            Self::Image => tr!("intake-looks-image"),
            Self::Archive => tr!("intake-looks-archive"),
            Self::Utf16WithoutMark => tr!("intake-looks-utf16"),
            Self::Binary => tr!("intake-looks-binary"),
            Self::Extension(ending) => tr!("intake-looks-extension", ending = shown(ending)),
        }
    }
}

/// What is wrong with an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArchiveFault {
    /// It cannot be read.
    Broken,
    /// A password is needed.
    Encrypted,
    /// Packed in a way this program does not know.
    Method,
    /// Larger, packed or unpacked, than [`super::MAX_ARCHIVE`] or [`super::MAX_UNPACKED`].
    TooLarge,
    /// More members than [`super::MAX_MEMBERS`].
    TooManyMembers {
        /// How many.
        count: usize,
    },
    /// A member unpacks to more than [`super::MAX_RATIO`] times its size.
    Ratio,
    /// Members share bytes.
    Overlap,
    /// Two members have the same name.
    TwiceTheSameName,
    /// A name that leads out of the archive, or that cannot be read.
    Name,
    /// Archives within archives, deeper than anybody packs them.
    TooDeep,
}

impl ArchiveFault {
    fn code(&self) -> &'static str {
        match self {
            Self::Broken => "intake.archive.broken",
            Self::Encrypted => "intake.archive.encrypted",
            Self::Method => "intake.archive.method",
            Self::TooLarge => "intake.archive.too-large",
            Self::TooManyMembers { .. } => "intake.archive.too-many",
            Self::Ratio => "intake.archive.ratio",
            Self::Overlap => "intake.archive.overlap",
            Self::TwiceTheSameName => "intake.archive.same-name",
            Self::Name => "intake.archive.name",
            Self::TooDeep => "intake.archive.too-deep",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Broken => tr!("intake-archive-broken"),
            Self::Encrypted => tr!("intake-archive-encrypted"),
            Self::Method => tr!("intake-archive-method"),
            Self::TooLarge => tr!("intake-archive-too-large"),
            Self::TooManyMembers { count } => {
                tr!("intake-archive-too-many", count = count.to_string())
            }
            Self::Ratio => tr!("intake-archive-ratio"),
            Self::Overlap => tr!("intake-archive-overlap"),
            Self::TwiceTheSameName => tr!("intake-archive-same-name"),
            Self::Name => tr!("intake-archive-name"),
            Self::TooDeep => tr!("intake-archive-too-deep"),
        }
    }
}

impl From<ArchiveFault> for IntakeError {
    fn from(fault: ArchiveFault) -> Self {
        Self::Archive(fault)
    }
}
