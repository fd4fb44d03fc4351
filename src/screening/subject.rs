//! The item as screening sees it: plain data, filled in by whoever has the item.

/// What an item is, as far as its required fields depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ContentType {
    /// A policy document: number, date and issuing body belong to it.
    Policy,
    /// An explanation of one.
    Interpretation,
    /// News of the house.
    News,
    /// Taken from another site or medium.
    Reprint,
    /// Anything else.
    #[default]
    Other,
}

impl ContentType {
    /// Codes of the fields that must be filled in. Metadata of policy documents: guidelines for
    /// government websites 2017, with GB/T 9704 for the document's own marks.
    pub const fn required(self) -> &'static [&'static str] {
        match self {
            ContentType::Policy => &["title", "doc-number", "written-on", "issuer"],
            ContentType::Interpretation | ContentType::News => &["title", "source"],
            ContentType::Reprint => &["title", "source", "source-url"],
            ContentType::Other => &["title"],
        }
    }
}

/// Everything about an item that the public would see, and what its files hold besides.
#[derive(Debug, Clone, Default)]
pub struct Subject<'a> {
    /// What it is.
    pub content: ContentType,
    /// Fields as code and text; absent and empty are the same.
    pub fields: Vec<(&'a str, &'a str)>,
    /// The manuscript, Markdown.
    pub body: &'a str,
    /// The attachments, in order.
    pub attachments: Vec<Attachment<'a>>,
    /// Names of media and bodies that may be reprinted from; `None` when the board keeps no list.
    pub sources: Option<&'a [String]>,
}

/// An attachment: what its name says and what it is.
#[derive(Debug, Clone, Default)]
pub struct Attachment<'a> {
    /// File name as the public will see it.
    pub name: &'a str,
    /// Alternative text of an image.
    pub alt: &'a str,
    /// Size in bytes.
    pub size: u64,
    /// What its bytes are; `None` when nobody looked.
    pub sniffed: Option<Sniffed>,
    /// Texts found inside, each with the part it stands in.
    pub texts: Vec<(String, String)>,
    /// What the file tells besides its text.
    pub facts: Vec<Fact>,
}

/// Something a file carries that its readers do not expect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What.
    pub kind: FactKind,
    /// The name, the comment, the hidden words.
    pub text: String,
}

/// Kinds of facts about a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FactKind {
    /// Author, last editor, company.
    Author,
    /// An insertion, deletion or move nobody has decided on.
    TrackedChange,
    /// Text formatted as hidden.
    HiddenText,
    /// A hidden sheet, row or column.
    HiddenCells,
    /// A reviewer's comment.
    Comment,
    /// Something loaded from elsewhere, or a file inside the file.
    External,
    /// Its text could not be read, and so was not screened; the text says why.
    Unread,
}

/// What the first bytes of a file say it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sniffed {
    /// Portable document.
    Pdf,
    /// An archive in the zip format, which the newer office formats are.
    Zip,
    /// The older office formats.
    OldOffice,
    /// PNG image.
    Png,
    /// JPEG image.
    Jpeg,
    /// GIF image.
    Gif,
    /// WebP image.
    Webp,
    /// RAR or 7z archive.
    Archive,
    /// Rich text.
    Rtf,
    /// A program.
    Program,
    /// A web page.
    Html,
    /// Text or something unknown.
    Other,
    /// Nothing at all.
    Empty,
}

impl Sniffed {
    /// Looks at the beginning of a file.
    pub fn of(bytes: &[u8]) -> Self {
        let starts = |magic: &[u8]| bytes.starts_with(magic);
        let text = String::from_utf8_lossy(&bytes[..bytes.len().min(256)]).to_ascii_lowercase();
        if bytes.is_empty() {
            Self::Empty
        } else if starts(b"%PDF-") {
            Self::Pdf
        } else if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") {
            Self::Zip
        } else if starts(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
            Self::OldOffice
        } else if starts(b"\x89PNG\r\n\x1a\n") {
            Self::Png
        } else if starts(b"\xff\xd8\xff") {
            Self::Jpeg
        } else if starts(b"GIF8") {
            Self::Gif
        } else if starts(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            Self::Webp
        } else if starts(b"Rar!") || starts(b"7z\xbc\xaf\x27\x1c") {
            Self::Archive
        } else if starts(b"{\\rtf") {
            Self::Rtf
        } else if starts(b"MZ")
            || starts(b"\x7fELF")
            || starts(b"#!")
            || starts(b"\xca\xfe\xba\xbe")
        {
            Self::Program
        } else if text.contains("<!doctype html") || text.contains("<html") {
            Self::Html
        } else {
            Self::Other
        }
    }

    /// Extensions files of this kind may bear, lower case; empty means any.
    pub const fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Zip => &[
                "zip", "docx", "xlsx", "pptx", "wps", "et", "dps", "ofd", "docm", "xlsm", "odt",
                "ods",
            ],
            Self::OldOffice => &["doc", "xls", "ppt", "wps", "et", "dps"],
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Gif => &["gif"],
            Self::Webp => &["webp"],
            Self::Archive => &["rar", "7z"],
            Self::Rtf => &["rtf", "doc"],
            Self::Html => &["html", "htm", "xml", "xhtml", "shtml"],
            Self::Program | Self::Empty => &[],
            Self::Other => &[
                "txt", "csv", "md", "json", "xml", "svg", "mp3", "mp4", "wav", "avi", "tif",
                "tiff", "bmp", "ceb", "gd", "caj",
            ],
        }
    }
}
