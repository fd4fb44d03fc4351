//! What a site's footer must say and the journal does not know: registration numbers, contact.
//!
//! They stand in `site.toml` in the output directory, beside the directories of the sites, one
//! table per site id; every value may be left out and is then visibly empty in the footer (and
//! named in [`SitePage::faults`](super::pages::SitePage::faults)):
//!
//! ```toml
//! [province]
//! undertaker = "…"
//! icp = "…"
//! police_record = "…"
//! contact = "…"
//! footer_links = [{ name = "…", url = "/about.html" }]
//! templates = "province-templates"      # a directory beside this file
//! hook = ["/usr/local/bin/carry-on"]    # a program and its arguments, after every release
//! hook_seconds = 300                    # it is ended after that
//!
//! [province.columns.news]               # by the column's slug
//! description = "…"
//! keywords = ["…", "…"]
//! kind = "…"
//! ```
//!
//! Name, domain, 网站标识码 and host unit are not asked here: they are entries of the journal.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::site::SiteError;

/// The file's name.
pub const FILE: &str = "site.toml";

/// What one table of the file holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SiteFacts {
    /// Who does the work, if not the host.
    pub undertaker: Option<String>,
    /// ICP record.
    pub icp: String,
    /// Police record.
    pub police_record: String,
    /// How to reach the editors.
    pub contact: String,
    /// Links of the footer.
    pub footer_links: Vec<FooterLink>,
    /// Directory of the site's own templates and style, seen from the file.
    pub templates: Option<PathBuf>,
    /// What carries the directory on after a release: a program and its arguments, no shell.
    pub hook: Vec<String>,
    /// Seconds the hook may take.
    pub hook_seconds: Option<u64>,
    /// What the columns are for, by slug.
    pub columns: BTreeMap<String, ColumnFacts>,
}

/// What the tags of a column say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ColumnFacts {
    /// Tag `ColumnDescription`.
    pub description: String,
    /// Tag `ColumnKeywords`.
    pub keywords: Vec<String>,
    /// Tag `ColumnType`.
    pub kind: String,
}

/// A link of the footer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FooterLink {
    /// What the reader sees.
    pub name: String,
    /// Where it leads.
    pub url: String,
}

/// Reads the file. None there is no error; one that cannot be understood is, so that a slip of the
/// pen does not empty the footers of a province.
pub fn read(out: &Path) -> Result<BTreeMap<String, SiteFacts>, SiteError> {
    let text = match std::fs::read_to_string(out.join(FILE)) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(SiteError::Facts(error.to_string())),
    };
    toml::from_str(&text).map_err(|error| SiteError::Facts(error.to_string()))
}
