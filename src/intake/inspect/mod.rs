//! What an attachment is and what it carries: for screening, and for the form check.
//!
//! A file is judged by its bytes, not by its name. What can be read safely is read whole: texts,
//! properties, open changes, comments, hidden parts, text inside images. What cannot (rich text, a
//! scanned PDF, a file behind a password) is said to be unread, so that nobody takes silence for a
//! clean bill.

mod image;
mod office;
mod ole;
mod pdf;
mod pdf_text;
mod strip;
mod strip_office;
mod tiff;

use crate::tr;

use super::aside::{Aside, Place};
use super::clean::shown;
use super::{IntakeError, Looks, MAX_UNPACKED, sniff};

pub use strip::{Cleaning, Strip, clean, strip_metadata, strip_metadata_with};

/// Archives within an attached archive are looked into this deep.
const DEEPEST: usize = 2;

/// More members of an attached archive are not looked into one by one.
const MOST_MEMBERS: usize = 500;

/// What a file is by its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Word, WordprocessingML.
    Docx,
    /// Excel, SpreadsheetML.
    Xlsx,
    /// PowerPoint, PresentationML.
    Pptx,
    /// OFD, GB/T 33190.
    Ofd,
    /// OpenDocument.
    OpenDocument,
    /// The old binary container of Office and WPS.
    Ole,
    /// An office file behind a password.
    Encrypted,
    /// PDF.
    Pdf,
    /// Rich text.
    Rtf,
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// GIF.
    Gif,
    /// BMP.
    Bmp,
    /// WebP.
    Webp,
    /// TIFF.
    Tiff,
    /// A web page.
    Html,
    /// Text in UTF-8, UTF-16 or GB18030.
    Text,
    /// A zip archive.
    Zip,
    /// Another archive.
    Archive,
    /// Something else.
    Unknown,
}

impl Kind {
    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Kind::Docx => "docx",
            Kind::Xlsx => "xlsx",
            Kind::Pptx => "pptx",
            Kind::Ofd => "ofd",
            Kind::OpenDocument => "opendocument",
            Kind::Ole => "ole",
            Kind::Encrypted => "encrypted",
            Kind::Pdf => "pdf",
            Kind::Rtf => "rtf",
            Kind::Png => "png",
            Kind::Jpeg => "jpeg",
            Kind::Gif => "gif",
            Kind::Bmp => "bmp",
            Kind::Webp => "webp",
            Kind::Tiff => "tiff",
            Kind::Html => "html",
            Kind::Text => "text",
            Kind::Zip => "zip",
            Kind::Archive => "archive",
            Kind::Unknown => "unknown",
        }
    }

    /// Endings of names that promise this kind.
    pub fn endings(self) -> &'static [&'static str] {
        match self {
            Kind::Docx => &["docx"],
            Kind::Xlsx => &["xlsx"],
            Kind::Pptx => &["pptx"],
            Kind::Ofd => &["ofd"],
            Kind::OpenDocument => &["odt", "ods", "odp"],
            Kind::Ole => &["doc", "xls", "ppt", "wps", "et", "dps", "wpt"],
            Kind::Encrypted => &["docx", "xlsx", "pptx", "doc", "xls", "ppt"],
            Kind::Pdf => &["pdf"],
            // WPS and Word save rich text under the ending of their own files.
            Kind::Rtf => &["rtf", "doc"],
            Kind::Png => &["png"],
            Kind::Jpeg => &["jpg", "jpeg"],
            Kind::Gif => &["gif"],
            Kind::Bmp => &["bmp"],
            Kind::Webp => &["webp"],
            Kind::Tiff => &["tif", "tiff"],
            Kind::Html => &["html", "htm"],
            Kind::Text => &["txt", "csv", "md", "json", "xml"],
            Kind::Zip => &["zip"],
            Kind::Archive => &["rar", "7z", "gz"],
            Kind::Unknown => &[],
        }
    }
}

/// A text found in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextPart {
    /// Where: `body`, the name of a sheet, the path of a member.
    pub name: String,
    /// The text.
    pub text: String,
}

/// A property of a file, or of an image inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    /// Its name as the format has it: `creator`, `Company`, `GPS`, `Artist`.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// What is known of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// What it is.
    pub kind: Kind,
    /// Whether its name's ending promises that.
    pub matches_extension: bool,
    /// Whether it could be opened and read through; else why not. Files of kinds this program
    /// cannot open count as opening.
    pub opens: Result<(), IntakeError>,
    /// Its size in bytes.
    pub size: u64,
    /// Who made it, with what, where.
    pub metadata: Vec<Property>,
    /// Open changes, comments, hidden parts, headers and footers, embedded files, text in images.
    pub asides: Vec<Aside>,
    /// Its texts.
    pub texts: Vec<TextPart>,
    /// A password is needed.
    pub encrypted: bool,
    /// It holds a program.
    pub macros: bool,
    /// Whether its text was read; `false` means that screening knows nothing of what it says.
    pub text_read: bool,
    /// Whether [`strip_metadata`] can take its metadata out.
    pub strippable: bool,
}

impl Inspection {
    /// Open changes.
    pub fn changes(&self) -> impl Iterator<Item = &Aside> {
        self.asides.iter().filter(|aside| aside.place.is_change())
    }

    /// Comments, in Word files and on cells.
    pub fn comments(&self) -> impl Iterator<Item = &Aside> {
        self.asides
            .iter()
            .filter(|aside| aside.place == Place::Comment)
    }

    /// Hidden text, rows, columns and sheets.
    pub fn hidden(&self) -> impl Iterator<Item = &Aside> {
        self.asides.iter().filter(|aside| {
            matches!(
                aside.place,
                Place::Hidden | Place::HiddenSheet | Place::HiddenRow | Place::HiddenColumn
            )
        })
    }

    /// Everything screening should read, each with where it stands: texts, what is beside them,
    /// and properties.
    pub fn for_screening(&self) -> Vec<TextPart> {
        let mut all = self.texts.clone();
        for aside in &self.asides {
            all.push(TextPart {
                name: aside.place.code().to_owned(),
                text: aside.text.clone(),
            });
        }
        for property in &self.metadata {
            all.push(TextPart {
                name: property.name.clone(),
                text: property.value.clone(),
            });
        }
        all
    }

    /// What it carries beside what its readers see, one line each, as people read it.
    pub fn carried(&self) -> Vec<String> {
        let mut all: Vec<String> = self
            .metadata
            .iter()
            .map(|property| {
                tr!(
                    "intake-carried-property",
                    name = locale_of(&property.name),
                    value = shown(&property.value)
                )
            })
            .collect();
        all.extend(self.asides.iter().map(Aside::message));
        all
    }

    fn new(kind: Kind, size: usize) -> Inspection {
        Inspection {
            kind,
            matches_extension: true,
            opens: Ok(()),
            size: size as u64,
            metadata: Vec::new(),
            asides: Vec::new(),
            texts: Vec::new(),
            encrypted: kind == Kind::Encrypted,
            macros: false,
            text_read: false,
            strippable: matches!(kind, Kind::Docx | Kind::Xlsx | Kind::Png | Kind::Jpeg),
        }
    }

    fn property(&mut self, name: &str, value: &str) {
        let value = value.trim_matches(|c: char| c.is_whitespace() || c == '\0');
        if !value.is_empty() {
            self.metadata.push(Property {
                name: name.to_owned(),
                value: value.to_owned(),
            });
        }
    }

    fn text(&mut self, name: &str, text: String) {
        if !text.trim().is_empty() {
            self.texts.push(TextPart {
                name: name.to_owned(),
                text,
            });
        }
    }

    /// What is known of a file inside this one.
    fn absorb(&mut self, name: &str, inner: Inspection) {
        self.macros |= inner.macros;
        self.encrypted |= inner.encrypted;
        for property in inner.metadata {
            self.property(&format!("{name}: {}", property.name), &property.value);
        }
        for aside in inner.asides {
            let who = match &aside.who {
                Some(who) => format!("{name} {who}"),
                None => name.to_owned(),
            };
            self.asides.push(Aside {
                who: Some(who),
                ..aside
            });
        }
        for part in inner.texts {
            self.text(&format!("{name}/{}", part.name), part.text);
        }
    }
}

/// The name of a property in the language in force, where it has one there; what stands before it
/// (the image it belongs to) stays.
fn locale_of(name: &str) -> String {
    let (before, own) = match name.rsplit_once(": ") {
        Some((before, own)) => (Some(before), own),
        None => (None, name),
    };
    let word = match own {
        "creator" | "Author" | "Artist" | "author" | "initial-creator" => {
            tr!("intake-property-author")
        }
        "lastModifiedBy" | "LastAuthor" => tr!("intake-property-last-author"),
        "Company" | "company" => tr!("intake-property-company"),
        "Manager" => tr!("intake-property-manager"),
        "created" | "CreationDate" | "CreateDate" | "DateTimeOriginal" => {
            tr!("intake-property-created")
        }
        "modified" | "ModDate" | "ModifyDate" | "DateTime" => tr!("intake-property-modified"),
        "revision" => tr!("intake-property-revision"),
        "GPS" => tr!("intake-property-gps"),
        "title" | "Title" => tr!("intake-property-title"),
        "Application" | "Producer" | "Creator" | "Software" | "CreatorTool" => {
            tr!("intake-property-software")
        }
        _ => shown(own),
    };
    match before {
        Some(before) => format!("{}: {word}", shown(before)),
        None => word,
    }
}

/// What a file is by its first bytes, and for text by all of them.
pub fn kind(bytes: &[u8]) -> Kind {
    match sniff::looks(bytes) {
        Some(Looks::Docx) => Kind::Docx,
        Some(Looks::Xlsx) => Kind::Xlsx,
        Some(Looks::Pptx) => Kind::Pptx,
        Some(Looks::Ofd) => Kind::Ofd,
        Some(Looks::OpenDocument) => Kind::OpenDocument,
        Some(Looks::Zip) => Kind::Zip,
        Some(Looks::Pdf) => Kind::Pdf,
        Some(Looks::Ole) => Kind::Ole,
        Some(Looks::Encrypted) => Kind::Encrypted,
        Some(Looks::Rtf) => Kind::Rtf,
        Some(Looks::Archive) => Kind::Archive,
        Some(_) => image::kind(bytes),
        None if image::kind(bytes) != Kind::Unknown => image::kind(bytes),
        None => match sniff::decode(bytes) {
            Ok((text, _)) if sniff::is_html(&text) => Kind::Html,
            Ok(_) => Kind::Text,
            Err(_) => Kind::Unknown,
        },
    }
}

/// Looks a file through. Never fails: what is wrong with it is part of the answer.
pub fn inspect(name: &str, bytes: &[u8]) -> Inspection {
    let mut left = MAX_UNPACKED;
    look(name, bytes, 0, &mut left)
}

/// `left`: how many bytes archives may still unpack to, one within the other taken together.
fn look(name: &str, bytes: &[u8], depth: usize, left: &mut u64) -> Inspection {
    let kind = kind(bytes);
    let mut found = Inspection::new(kind, bytes.len());
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let ending = file
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_lowercase())
        .unwrap_or_default();
    found.matches_extension = kind.endings().contains(&ending.as_str());
    let packed = matches!(
        kind,
        Kind::Docx | Kind::Xlsx | Kind::Pptx | Kind::Ofd | Kind::OpenDocument | Kind::Zip
    );
    if packed && let Err(error) = office::spend(bytes, left) {
        found.opens = Err(error);
        return found;
    }
    let opens = match kind {
        Kind::Docx => office::docx(bytes, &mut found, left),
        Kind::Xlsx => office::xlsx(bytes, &mut found),
        Kind::Pptx => office::pptx(bytes, &mut found),
        Kind::Ofd => office::ofd(bytes, &mut found),
        Kind::OpenDocument => office::opendocument(bytes, &mut found),
        Kind::Zip => office::zip(bytes, &mut found, depth, left),
        Kind::Pdf => pdf::read(bytes, &mut found),
        Kind::Ole => ole::read(bytes, &mut found),
        Kind::Png => image::png(bytes, &mut found),
        Kind::Jpeg => image::jpeg(bytes, &mut found),
        Kind::Webp => image::webp(bytes, &mut found),
        Kind::Gif => image::gif(bytes, &mut found),
        Kind::Html | Kind::Text => text(bytes, &mut found),
        // Pictures without fields for text, or with those of EXIF alone.
        Kind::Bmp => {
            found.text_read = true;
            Ok(())
        }
        Kind::Tiff => {
            found.text_read = true;
            tiff::exif(bytes, &mut found);
            Ok(())
        }
        _ => Ok(()),
    };
    found.opens = opens;
    if bytes.is_empty() {
        found.opens = Err(IntakeError::Empty);
    }
    found
}

fn text(bytes: &[u8], found: &mut Inspection) -> Result<(), IntakeError> {
    let (text, _) = sniff::decode(bytes)?;
    if found.kind == Kind::Html {
        let mut rest = text.as_str();
        while let Some((_, comment)) = rest.split_once("<!--")
            && let Some((comment, after)) = comment.split_once("-->")
        {
            let aside = Aside::new(Place::Hidden, None, comment);
            if !aside.text.is_empty() {
                found.asides.push(aside);
            }
            rest = after;
        }
    }
    found.text("body", text);
    found.text_read = true;
    Ok(())
}
