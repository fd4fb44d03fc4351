//! From what is live to the pages of a site.
//!
//! A release is incremental: it stages the articles that changed since the last one, the lists they
//! stand in and the front page, and lets [`SiteWriter`] make them live together. Everything is
//! rewritten when there was no release yet, when the directory is empty, or when what all pages
//! share (names, columns, footer) differs from the `site.json` in the directory.
//!
//! Decisions:
//! * An article has a page in every column of the site it is live in; attachments lie beside the
//!   first of them.
//! * A withdrawn article keeps its addresses and shows a notice with the reason; the title goes too
//!   once the text was destroyed. An expired one goes without a notice: its page would have to say
//!   "withdrawn", which it was not, and the lists no longer point to it.
//! * The directory of a column that ended stays and shows what its successor has: the articles that
//!   stood in it, and the list, whose lines lead to the new addresses (A5.9).
//! * A correction keeps its place in the lists, so that only the list page it stands on is made anew.
//! * `upto` in `pages.written` is the last entry considered: a publication, or the destruction of a
//!   text whose title a notice still showed.
//!
//! The whole release reads one snapshot of the store, and articles one at a time.

use std::path::Path;

use serde::Serialize;

use super::frame::Frame;
use super::pages::{PageError, SiteWriter};
use super::release::Release;
use crate::desk::{Desk, DeskError};
use crate::tr;

/// Why the pages of a site were not written. What was live is live still.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// The store or a rule.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// A page or the directory.
    #[error(transparent)]
    Page(#[from] PageError),
    /// `site.toml` cannot be used.
    #[error("site.toml: {0}")]
    Facts(String),
}

impl SiteError {
    /// Stable code, as recorded in `pages.failed`.
    pub fn code(&self) -> &str {
        match self {
            SiteError::Desk(error) => error.code(),
            SiteError::Facts(_) => "pages.facts",
            SiteError::Page(error) => match error {
                PageError::Busy(_) => "pages.busy",
                PageError::Full(_) => "pages.full",
                PageError::ReadOnly(_) => "pages.read-only",
                PageError::Symlink(_) => "pages.symlink",
                PageError::Obstacle(_) => "pages.obstacle",
                PageError::BadPath(_) => "pages.path",
                PageError::Conflict(_) => "pages.conflict",
                PageError::Missing(_) => "pages.missing",
                PageError::Manifest(_) => "pages.manifest",
                PageError::Unfinished(_) => "pages.unfinished",
                PageError::Io { .. } => "pages.io",
                PageError::Template(_) => "pages.template",
            },
        }
    }

    /// What a person reads, in the language in force.
    pub fn message(&self) -> String {
        match self {
            SiteError::Desk(error) => error.message(),
            SiteError::Page(error) => error.message(),
            SiteError::Facts(cause) => {
                tr!("publish-facts", cause = crate::report::inert::line(cause))
            }
        }
    }

    /// Another process is at it; no failure.
    pub fn is_busy(&self) -> bool {
        matches!(self, SiteError::Page(PageError::Busy(_)))
    }
}

/// A release of a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Written {
    /// The last entry considered.
    pub upto: u64,
    /// Everything was made anew.
    pub full: bool,
    /// Files made or replaced.
    pub files: usize,
    /// Files removed.
    pub removed: usize,
    /// SHA-256 of the manifest.
    pub manifest: String,
}

/// Whether pages of a site wait to be written. `looked` is how far others' publications were looked
/// through in vain.
pub fn is_behind(
    desk: &Desk,
    dir: &Path,
    frame: &Frame<'_>,
    looked: u64,
) -> Result<bool, DeskError> {
    if !frame.is_in(dir) {
        return Ok(true);
    }
    let upto = desk.pages_upto(&frame.site.id)?.max(looked);
    Ok(!desk.changed_on_site(&frame.site.id, upto)?.is_empty())
}

/// Writes what changed, or everything. One that is another process's business is
/// [`SiteError::is_busy`].
pub fn write(
    desk: &mut Desk,
    dir: &Path,
    frame: &Frame<'_>,
    rebuild: bool,
) -> Result<Written, SiteError> {
    // The lock first: how far the pages are is only known to who holds it.
    let mut writer = SiteWriter::open(dir)?;
    let (upto, full) = desk.snapshot(|desk| {
        let done = desk.pages_upto(&frame.site.id)?;
        let full = rebuild || done == 0 || !frame.is_in(dir);
        let changed = desk.changed_on_site(&frame.site.id, if full { 0 } else { done })?;
        let upto = changed.iter().map(|c| c.seq).fold(done, u64::max);
        let since = (!full).then_some(done);
        Release::new(desk, frame, &mut writer, since)?.stage_all(&changed)?;
        Ok::<_, SiteError>((upto, full))
    })?;
    let done = writer.commit()?;
    let files = u32::try_from(done.files + done.removed).unwrap_or(u32::MAX);
    // Still under the lock, so that a second writer starts from here.
    desk.pages_written(&frame.site.id, upto, files, &done.manifest_hash)?;
    Ok(Written {
        upto,
        full,
        files: done.files,
        removed: done.removed,
        manifest: done.manifest_hash,
    })
}
