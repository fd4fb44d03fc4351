//! Names of files on the public site.
//!
//! Everything that becomes part of a path passes through here: a [`SitePath`] cannot leave the
//! site's directory, cannot be hidden or reserved on any common system, and is the same file
//! on all of them.

use std::collections::HashSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::PageError;

/// Longest name of one file or directory, in bytes; common file systems allow 255, and the
/// web server may add a suffix.
const NAME_MAX: usize = 200;
/// Longest path inside the site.
const PATH_MAX: usize = 1_000;
/// Longest stem of an attachment's name in bytes.
const STEM_MAX: usize = 120;

/// A relative path of plain names joined by `/`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SitePath(String);

impl SitePath {
    /// Accepts only what is safe as it stands; nothing is repaired here.
    pub fn new(path: impl Into<String>) -> Result<Self, PageError> {
        let path = path.into();
        if path.len() <= PATH_MAX && path.split('/').all(is_plain) {
            Ok(Self(path))
        } else {
            Err(PageError::BadPath(path))
        }
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The names along the path, the file's own last.
    pub fn names(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/')
    }

    /// The directories and the name of the file.
    pub fn split(&self) -> (Option<&str>, &str) {
        match self.0.rsplit_once('/') {
            Some((dir, name)) => (Some(dir), name),
            None => (None, &self.0),
        }
    }

    /// The path as part of an address.
    pub fn href(&self) -> String {
        self.names().map(percent).collect::<Vec<_>>().join("/")
    }
}

impl fmt::Display for SitePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for SitePath {
    type Error = PageError;

    fn try_from(path: String) -> Result<Self, PageError> {
        Self::new(path)
    }
}

impl From<SitePath> for String {
    fn from(path: SitePath) -> Self {
        path.0
    }
}

/// Letters, digits and three signs; neither hidden nor reserved.
fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= NAME_MAX
        && !name.starts_with('.')
        && !name.ends_with('.')
        && name.chars().all(is_kept)
        && !is_reserved(name)
}

fn is_kept(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '.')
}

/// Device names of one widespread system, which it finds whatever the extension.
fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).to_ascii_lowercase();
    match stem.as_str() {
        "con" | "prn" | "aux" | "nul" => true,
        other => ["com", "lpt"].iter().any(|device| {
            other
                .strip_prefix(device)
                .is_some_and(|n| n.chars().count() == 1 && n.chars().all(char::is_numeric))
        }),
    }
}

/// One name as part of an address.
pub(super) fn percent(name: &str) -> String {
    use fmt::Write as _;
    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Extensions that a browser or a server would run under the name of the site.
const ACTIVE: [&str; 37] = [
    "html", "htm", "xhtml", "xht", "shtml", "shtm", "mhtml", "mht", "svg", "svgz", "xml", "xsl",
    "xslt", "js", "mjs", "cjs", "css", "wasm", "php", "phtml", "phar", "jsp", "jspx", "asp",
    "aspx", "ashx", "asmx", "cgi", "pl", "py", "sh", "bat", "cmd", "exe", "hta", "swf", "jar",
];

/// File names for the attachments of one article, in the same order: readable where possible,
/// safe always, and no two the same even where case does not count.
pub fn safe_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut taken = HashSet::new();
    names
        .into_iter()
        .map(|name| {
            let (stem, extension) = safe_parts(name);
            let mut n = 1_u32;
            loop {
                let candidate = match n {
                    1 => format!("{stem}{extension}"),
                    n => format!("{stem}-{n}{extension}"),
                };
                // Upper case first: some letters only meet there.
                if taken.insert(candidate.to_uppercase().to_lowercase()) {
                    return candidate;
                }
                n += 1;
            }
        })
        .collect()
}

/// Stem and extension (with its dot, or empty) made of plain characters.
fn safe_parts(name: &str) -> (String, String) {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let (stem, extension) = match base.rsplit_once('.') {
        Some((stem, ext))
            if !stem.is_empty()
                && (1..=10).contains(&ext.len())
                && ext.bytes().all(|b| b.is_ascii_alphanumeric()) =>
        {
            (stem, ext.to_ascii_lowercase())
        }
        _ => (base, String::new()),
    };
    // No dot inside the stem: servers exist that run `x.php.txt`.
    let mut plain = String::new();
    for c in stem.chars() {
        let c = if is_kept(c) && c != '.' { c } else { '_' };
        if plain.len() + c.len_utf8() > STEM_MAX {
            break;
        }
        if c != '_' || !plain.ends_with('_') {
            plain.push(c);
        }
    }
    let mut plain = plain.trim_matches('_').to_owned();
    if plain.is_empty() {
        plain.push_str("file");
    }
    if is_reserved(&plain) {
        plain.insert(0, '_');
    }
    let active = extension.starts_with("php") || ACTIVE.contains(&extension.as_str());
    if active {
        // Kept as a download of unknown kind; the page shows the name it came with.
        (format!("{plain}_{extension}"), ".bin".to_owned())
    } else if extension.is_empty() {
        (plain, extension)
    } else {
        (plain, format!(".{extension}"))
    }
}
