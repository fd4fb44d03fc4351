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
//! * Pages name the live pieces they belong together with (A6.3) and how a policy stands: a relation,
//!   a validity, or a partner that changed (on whatever site) makes that one page anew.
//! * `upto` in `pages.written` is the last entry considered: a publication, a relation, a validity, or
//!   the destruction of a text whose title a notice still showed.
//! * How far a directory is, the directory says itself, in the note over its manifest that a runner
//!   signed and whose chain value is the journal's. So a second directory, an old copy put back and
//!   a store put back from a backup are all seen for what they are and made good.
//!
//! The whole release reads one snapshot of the store, and articles one at a time.

use std::path::Path;

use serde::Serialize;

use super::frame::Frame;
use super::pages::{About, PageError, SiteWriter, writer};
use super::release::Release;
use super::seal::{self, Pinned};
use crate::desk::{Desk, DeskError};
use crate::journal::Suite;
use crate::rules::org::Site;
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
    /// The release could not be carried on. It is live in its directory.
    #[error("hook: {0}")]
    Hook(String),
}

impl SiteError {
    /// Stable code, as recorded in `pages.failed`.
    pub fn code(&self) -> &str {
        match self {
            SiteError::Desk(error) => error.code(),
            SiteError::Facts(_) => "pages.facts",
            SiteError::Hook(_) => "pages.hook",
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
                PageError::Override { .. } => "pages.override",
                PageError::Data(_) => "pages.data",
                PageError::Seal(_) => "pages.seal",
            },
        }
    }

    /// What a person reads, in the language in force.
    pub fn message(&self) -> String {
        match self {
            SiteError::Desk(error) => error.message(),
            SiteError::Page(error) => error.message(),
            SiteError::Hook(cause) => {
                tr!("publish-hook", cause = crate::report::inert::line(cause))
            }
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

/// Whether a site has pages at all: one in a foreign language has none before its conditions are on
/// record (A9.8). Once something went live there it stays, so that it can be taken down again.
pub fn is_open(desk: &Desk, site: &Site) -> Result<bool, DeskError> {
    Ok(site.is_opened() || !desk.changed_on_site(&site.id, 0)?.is_empty())
}

/// How far a directory is: the last entry its pages show. Nothing when it holds no release, one of
/// another frame, or one that is not a runner's own.
pub fn progress(
    desk: &Desk,
    dir: &Path,
    frame: &Frame<'_>,
    keys: &[Pinned],
) -> Result<Option<u64>, SiteError> {
    if !frame.is_in(dir) {
        return Ok(None);
    }
    let Some(sealed) = writer::note(dir)?.as_deref().and_then(seal::parse) else {
        return Ok(None);
    };
    let about = &sealed.about;
    let head = desk.head()?;
    let ours = about.site == frame.site.id
        && about.journal == head.journal.to_string()
        && desk
            .chain_at(about.seq)?
            .is_some_and(|(chain, _)| chain.to_string() == about.chain)
        && sealed.signed_by(keys).is_some();
    Ok(ours.then_some(about.seq))
}

/// How far a directory is whose pages are up to date; nothing when they wait to be written.
/// `looked` says for one such state how far others' publications were looked through in vain.
pub fn up_to_date(
    desk: &Desk,
    dir: &Path,
    frame: &Frame<'_>,
    keys: &[Pinned],
    looked: Option<(u64, u64)>,
) -> Result<Option<u64>, SiteError> {
    let Some(upto) = progress(desk, dir, frame, keys)? else {
        return Ok(None);
    };
    // An old copy put back is another state.
    let from = looked.filter(|(state, _)| *state == upto);
    let from = from.map_or(upto, |(_, looked)| looked.max(upto));
    let changed = desk.changed_on_site(&frame.site.id, from)?;
    Ok(changed.is_empty().then_some(upto))
}

/// Writes what changed, or everything. One that is another process's business is
/// [`SiteError::is_busy`].
pub fn write(
    desk: &mut Desk,
    dir: &Path,
    frame: &Frame<'_>,
    keys: &[Pinned],
    rebuild: bool,
) -> Result<Written, SiteError> {
    // The lock first: how far the pages are is only known to who holds it.
    let mut writer = SiteWriter::open(dir)?;
    let head = desk.head()?;
    writer.with_sm3(head.suite == Suite::Sm2Sm3);
    let (upto, full, about) = desk.snapshot(|desk| {
        let done = if rebuild {
            None
        } else {
            progress(desk, dir, frame, keys)?
        };
        let changed = desk.changed_on_site(&frame.site.id, done.unwrap_or(0))?;
        let upto = changed
            .iter()
            .map(|c| c.seq)
            .fold(done.unwrap_or(0), u64::max);
        Release::new(desk, frame, &mut writer, done)?.stage_all(&changed)?;
        let (chain, at) = desk
            .chain_at(upto)?
            .ok_or_else(|| DeskError::from(crate::store::StoreError::Damaged("journal".into())))?;
        let about = About {
            site: frame.site.id.clone(),
            journal: head.journal.to_string(),
            suite: head.suite,
            seq: upto,
            chain: chain.to_string(),
            at,
        };
        Ok::<_, SiteError>((upto, done.is_none(), about))
    })?;
    let login = desk.login_name()?;
    let signing = |manifest: &[u8]| {
        desk.sign_statement(&login, &seal::text(&about, manifest))
            .map_err(|e| PageError::Seal(e.message()))
    };
    let done = writer.commit_sealed(about.clone(), &signing)?;
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
