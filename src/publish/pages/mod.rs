//! The public site as files: plain view structs in, a static directory out.
//!
//! * [`model`]: what a page needs to know, without store or desk;
//! * [`body`]: manuscripts as HTML in which hostile text is inert;
//! * [`render`]: the pages with the tags and the footer the web guide of 2017 asks for;
//! * [`lists`]: front page, columns, archive, map, search;
//! * [`feeds`]: Atom, JSON Feed, site map for search engines;
//! * [`path`]: names that cannot leave the directory;
//! * [`writer`]: releases that a crash cannot tear.

pub mod body;
pub mod feeds;
pub mod lists;
pub mod model;
pub mod path;
pub mod render;
pub mod writer;

use std::io;

pub use model::{
    ArticleLine, ArticlePage, Attachment, ColumnLink, ColumnPage, Correction, FeedEntry,
    HomeSection, Link, MapNode, MapUrl, Month, MonthCount, Places, Related, SearchEntry, SiteFault,
    SitePage, Standing, Version, Withdrawn,
};
pub use path::{SitePath, safe_names};
pub use render::{AttachmentFile, PER_PAGE, Page, Renderer};
pub use writer::{About, Difference, Manifest, SiteWriter, Written, verify};

use crate::report::inert;
use crate::tr;

/// Why a page or a release was not made. Unless said otherwise the pages that were live before
/// are live still.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// Another process is writing this site.
    #[error("{0} is being written by another process")]
    Busy(String),
    /// No room left on the disk, or the quota is used up.
    #[error("no space left for {0}")]
    Full(String),
    /// The directory may not be written.
    #[error("{0} may not be written")]
    ReadOnly(String),
    /// A link lies where a page or a directory belongs. It is never followed.
    #[error("{0} is a symbolic link")]
    Symlink(String),
    /// A file lies where a directory belongs, a directory where a file does, or something that
    /// is neither.
    #[error("{0} is in the way")]
    Obstacle(String),
    /// A path that could leave the site or that some system cannot hold.
    #[error("{0:?} is not a path for a page")]
    BadPath(String),
    /// One page would have to be a file and a directory at once.
    #[error("{0} is needed as a file and as a directory")]
    Conflict(String),
    /// A tag that every page must carry would be empty.
    #[error("the tag {0} would be empty")]
    Missing(&'static str),
    /// `manifest.json` cannot be read.
    #[error("manifest.json: {0}")]
    Manifest(String),
    /// A release that was under way cannot be completed from what lies in the directory.
    #[error("unfinished release: {0}")]
    Unfinished(String),
    /// Any other refusal of the file system.
    #[error("{path}: {source}")]
    Io {
        /// Path inside the site.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// A template is broken.
    #[error("template: {0}")]
    Template(#[from] minijinja::Error),
    /// A site's own template or style cannot be read.
    #[error("{file}: {cause}")]
    Override {
        /// The file.
        file: String,
        /// What is wrong with it.
        cause: String,
    },
    /// A file for programs could not be put together.
    #[error("encoding: {0}")]
    Data(String),
    /// The manifest could not be signed.
    #[error("signing: {0}")]
    Seal(String),
}

impl PageError {
    /// The sentence a person reads, in the language in force.
    pub fn message(&self) -> String {
        match self {
            Self::Busy(path) => tr!("pages-error-busy", path = inert::line(path)),
            Self::Full(path) => tr!("pages-error-full", path = inert::line(path)),
            Self::ReadOnly(path) => tr!("pages-error-read-only", path = inert::line(path)),
            Self::Symlink(path) => tr!("pages-error-symlink", path = inert::line(path)),
            Self::Obstacle(path) => tr!("pages-error-obstacle", path = inert::line(path)),
            Self::BadPath(path) => tr!("pages-error-path", path = inert::line(path)),
            Self::Conflict(path) => tr!("pages-error-conflict", path = inert::line(path)),
            Self::Missing(tag) => tr!("pages-error-missing", tag = (*tag)),
            Self::Manifest(cause) => tr!("pages-error-manifest", cause = inert::line(cause)),
            Self::Unfinished(cause) => tr!("pages-error-unfinished", cause = inert::line(cause)),
            Self::Io { path, source } => tr!(
                "pages-error-io",
                path = inert::line(path),
                cause = source.to_string()
            ),
            Self::Template(cause) => tr!(
                "pages-error-template",
                place = inert::line(&place(cause)),
                cause = inert::line(&cause.to_string())
            ),
            Self::Override { file, cause } => tr!(
                "pages-error-override",
                file = inert::line(file),
                cause = inert::line(cause)
            ),
            Self::Seal(cause) => tr!("pages-error-seal", cause = inert::line(cause)),
            Self::Data(cause) => tr!("pages-error-data", cause = inert::line(cause)),
        }
    }
}

/// File and line of a template's fault, as editors understand them.
fn place(error: &minijinja::Error) -> String {
    match (error.name(), error.line()) {
        (Some(name), Some(line)) => format!("{name}:{line}"),
        (Some(name), None) => name.to_owned(),
        _ => String::new(),
    }
}
