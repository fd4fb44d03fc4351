//! What the public sees, for those who make pages: revisions that are live, and nothing about any
//! other. A correction under way, however far, does not exist here.
//!
//! The functions take `&self`, so that [`Desk::snapshot`] can put several of them on one state of
//! the store: a list never names an article that the same release did not find.

mod article;
mod changes;
mod lists;

use rusqlite::OptionalExtension;

use super::{Content, Desk, DeskError, Fields, Result};
use crate::journal::Hash;
use crate::rules::act::Relation;
use crate::store::append::Head;
use crate::store::query::schedule::Dated;
use crate::store::{StoreError, facts, local};

/// Where an item stands in the list of a column: first publication, then the order of making.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// First live, µs. A correction keeps it.
    pub live_at: i64,
    /// Row number of the item.
    pub item: i64,
}

/// A line of a column's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveLine {
    /// Where it stands.
    pub place: Place,
    /// Human number.
    pub number: String,
    /// Title of the live revision.
    pub title: String,
}

/// A live item without its text: what archives, feeds and indexes are made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveEntry {
    /// Where it stands.
    pub place: Place,
    /// Human number.
    pub number: String,
    /// Columns it is live in, as [`LiveArticle::columns`].
    pub columns: Vec<String>,
    /// When its public text last changed, µs.
    pub changed_at: i64,
    /// Fields of the live revision.
    pub fields: Fields,
}

/// Where a live item is found, for lists of addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveAddress {
    /// Where it stands.
    pub place: Place,
    /// Human number.
    pub number: String,
    /// Columns it is live in, as [`LiveArticle::columns`].
    pub columns: Vec<String>,
    /// When its public text last changed, µs.
    pub changed_at: i64,
    fields: Hash,
}

/// An article as the public sees it.
#[derive(Debug, Clone)]
pub struct LiveArticle {
    /// Row number of the item.
    pub item: i64,
    /// Human number.
    pub number: String,
    /// Which revision is live.
    pub revision: u32,
    /// Its content; attachments carry ids, not bytes.
    pub content: Content,
    /// Lengths of the attachments in bytes, in order.
    pub attachment_lens: Vec<u64>,
    /// Columns it is live in, the home first where it is among them.
    pub columns: Vec<String>,
    /// First live, µs.
    pub first_live_at: i64,
    /// When it took its present place in the lists, µs.
    pub listed_at: i64,
    /// Corrections since it went live: when, and what the correction was begun for.
    pub corrections: Vec<(i64, String)>,
}

/// An item that was live and is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedArticle {
    /// Human number.
    pub number: String,
    /// Title of the last live revision; none where it is destroyed.
    pub title: Option<String>,
    /// Columns it was last live in.
    pub columns: Vec<String>,
    /// First live, µs.
    pub first_live_at: i64,
    /// Taken down at, µs.
    pub at: i64,
    /// Its time ran out; else it was withdrawn.
    pub expired: bool,
    /// Reason of the withdrawal; none where it is destroyed.
    pub reason: Option<String>,
}

/// A live item that belongs together with another, as the other's page names it (A6.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partner {
    /// How they belong together.
    pub relation: Relation,
    /// The partner is the policy.
    pub upward: bool,
    /// Human number.
    pub number: String,
    /// Title of the live revision.
    pub title: String,
    /// Columns it is live in, as [`LiveArticle::columns`].
    pub columns: Vec<String>,
    /// Columns it was last published in, by the names they had then. Their addresses stay good when
    /// a column ends (A5.9), so that a merger on one site changes no page on another.
    pub published_in: Vec<String>,
}

/// How much of a site an item's change reaches, from little to much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// What its page says beside its own text: partners, validity.
    Page,
    /// Its text, by corrections alone: it kept its place in the lists.
    Text,
    /// It went live, went down, or was destroyed.
    Lists,
}

/// An item whose pages are not up to date on a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed {
    /// Row number of the item.
    pub item: i64,
    /// The last entry that matters.
    pub seq: u64,
    /// How far it reaches.
    pub reach: Reach,
}

/// Something about the pages of a site that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageFault {
    /// The site.
    pub site: String,
    /// Stable code, as recorded in `pages.failed`.
    pub code: String,
    /// When it was last found so, µs.
    pub at: i64,
}

impl Desk {
    /// Several reads on one state of the store. Writers are not kept waiting.
    pub fn snapshot<T, E: From<DeskError>>(
        &self,
        work: impl FnOnce(&Desk) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let tx = self
            .store
            .conn()
            .unchecked_transaction()
            .map_err(DeskError::from)?;
        let value = work(self);
        drop(tx);
        value
    }

    /// Where the journal ends.
    pub fn head(&self) -> Result<Head> {
        Ok(self.store.head()?)
    }

    /// Whether a due thing is due still: another runner may have been quicker.
    pub fn is_due(&self, thing: &Dated) -> Result<bool> {
        let now = self.moment()?;
        let conn = self.store.conn();
        Ok(match thing.what {
            "bundle" => facts::bundle(conn, &thing.id)?
                .is_some_and(|b| b.facts.due.is_some_and(|at| at <= now)),
            "expire" => facts::item(conn, &thing.id)?.is_some_and(|i| {
                i.facts.live.is_some() && i.facts.expire.is_some_and(|at| at <= now)
            }),
            _ => facts::item(conn, &thing.id)?
                .is_some_and(|i| i.facts.due.is_some_and(|at| at <= now)),
        })
    }

    /// How far the pages of a site are written.
    pub fn pages_upto(&self, site: &str) -> Result<u64> {
        Ok(local::pages_upto(self.store.conn(), site)? as u64)
    }

    /// The name the person at the keyboard signs with.
    pub fn login_name(&mut self) -> Result<String> {
        self.signing_name()
    }

    /// Signs a statement that leaves the house: a manifest of pages, the certificate of an export.
    /// Its first line says which journal it is from and what it is, so that the signature can never
    /// be taken for one under an entry or a checkpoint; any other text is refused.
    pub fn sign_statement(&self, login: &str, text: &str) -> Result<String> {
        let origin = format!("qianfa/{}/", self.store.head()?.journal);
        let kind = text.strip_prefix(&origin).unwrap_or_default();
        if !["pages/", "export\n"].iter().any(|k| kind.starts_with(k)) {
            return Err(StoreError::Damaged("statement".into()).into());
        }
        Ok(
            crate::journal::note::SignedText::sign(text, login, self.signer.as_ref())
                .map_err(|e| StoreError::Damaged(format!("statement: {e}")))?,
        )
    }

    /// Sites whose pages are not as they should be: not written, or not carried on. For those who
    /// see the desk; it names no item.
    pub fn page_faults(&self) -> Result<Vec<PageFault>> {
        Ok(self
            .store
            .conn()
            .prepare_cached(
                "SELECT site, fault, at FROM page_progress WHERE fault IS NOT NULL ORDER BY site",
            )?
            .query_map([], |r| {
                Ok(PageFault {
                    site: r.get(0)?,
                    code: r.get(1)?,
                    at: r.get(2)?,
                })
            })?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// The pages of a site are as they should be again: what was told of them is over.
    pub fn pages_recovered(&mut self, site: &str) -> Result<()> {
        let now = self.now();
        let conn = self.store.conn();
        let upto = local::pages_upto(conn, site)?;
        local::pages_at(conn, site, upto, now, None)?;
        Ok(local::failure_over(conn, &format!("pages:{site}"))?)
    }

    /// The chain after an entry and when it was recorded; none if there is no such entry.
    pub fn chain_at(&self, seq: u64) -> Result<Option<(Hash, i64)>> {
        if seq == 0 {
            let head = self.store.head()?;
            return Ok(Some((
                crate::journal::chain::chain_start(head.suite, head.journal),
                0,
            )));
        }
        Ok(self
            .store
            .conn()
            .prepare_cached("SELECT chain, recorded_at FROM journal WHERE seq = ?1")?
            .query_row([seq as i64], |r| {
                let chain = r.get_ref(0)?.as_blob().ok().and_then(Hash::from_slice);
                Ok((chain, r.get(1)?))
            })
            .optional()?
            .and_then(|(chain, at)| Some((chain?, at))))
    }
}
