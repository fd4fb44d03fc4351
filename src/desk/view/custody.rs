//! Whose hands a text went through, and taking it along (A13.2).

use std::collections::HashMap;

use super::HistoryLine;
use crate::desk::{Content, Desk, DeskError, Result};
use crate::journal::{Entry, Hash};
use crate::rules::act::{Act, ViewMode, Viewed};
use crate::store::bodies;
use crate::store::local;
use crate::store::query::history;

/// Repeated previews by one person inside this time are recorded once.
const VIEW_COOL_DOWN: i64 = 10 * local::MINUTE;

/// One thing a hand did to an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hand {
    /// Who, what, when.
    pub line: HistoryLine,
    /// On which version: the one a decision names, else the latest there was; 0 before the first.
    pub revision: u32,
}

impl Desk {
    /// Every hand an item went through, oldest first, each with the version it held.
    pub fn custody(&mut self, item: &str) -> Result<Vec<Hand>> {
        let row = self.find(item)?;
        let revisions = history::revisions(self.store.conn(), row.n)?;
        let by_print: HashMap<Hash, u32> = revisions.iter().map(|r| (r.fingerprint, r.n)).collect();
        history::entries(self.store.conn(), row.n)?
            .into_iter()
            .map(|entry| {
                let latest = revisions.iter().rev().find(|r| r.seq <= entry.seq);
                let named = Entry::parse(&entry.bytes)
                    .ok()
                    .and_then(|e| Act::parse(&e.kind, e.args.get()).ok().flatten())
                    .and_then(|act| named(&act))
                    .and_then(|print| by_print.get(&print).copied());
                Ok(Hand {
                    line: self.history_line(&entry)?,
                    revision: named.or(latest.map(|r| r.n)).unwrap_or(0),
                })
            })
            .collect()
    }

    /// The working text as the public would see it. Who looked at an unpublished text is recorded,
    /// once per cool-down.
    pub fn preview(&mut self, item: &str, mode: ViewMode) -> Result<Content> {
        let row = self.find(item)?;
        let content = self.content_of(&self.revision_of(&row, row.facts.revision)?)?;
        let published = row.facts.live == Some(row.facts.fingerprint);
        let now = self.now();
        if !published && !self.store.is_read_only() {
            let act = Act::ItemViewed(Viewed {
                item: row.facts.id.clone(),
                mode,
            });
            let (id, person) = (row.facts.id, self.person.clone());
            // In one transaction: a view that could not be recorded starts no cool-down.
            self.acts(|tx, act_in| {
                let code = mode.code();
                // Looking twice is one look; every copy that leaves the house is one more.
                let wait = if mode == ViewMode::Export {
                    0
                } else {
                    VIEW_COOL_DOWN
                };
                if local::view_counts(tx.conn(), &id, &person, code, now, wait)? {
                    act_in(tx, None, &act, &[])?;
                }
                Ok(())
            })?;
        }
        Ok(content)
    }

    /// Bytes that each attachment of the working version takes, in order; none where they were
    /// destroyed.
    pub fn attachment_sizes(&mut self, item: &str) -> Result<Vec<Option<u64>>> {
        let row = self.find(item)?;
        let revision = self.revision_of(&row, row.facts.revision)?;
        let mut statement = self
            .store
            .conn()
            .prepare_cached("SELECT len FROM bodies WHERE id = ?1")?;
        let mut sizes = Vec::with_capacity(revision.attachments.len());
        for id in &revision.attachments {
            let mut rows = statement.query([id.as_bytes().as_slice()])?;
            let len = rows.next()?.map(|r| r.get::<_, i64>(0)).transpose()?;
            sizes.push(len.map(|n| n as u64));
        }
        Ok(sizes)
    }

    /// Bytes of an attachment of the working version, to be written to a file: on record as an
    /// export where the item is not public.
    pub fn export_attachment(&mut self, item: &str, index: usize) -> Result<(String, Vec<u8>)> {
        let file = self.attachment(item, None, index)?;
        self.preview(item, ViewMode::Export)?;
        Ok(file)
    }

    /// Bytes of an attachment of a revision.
    pub fn attachment(
        &mut self,
        item: &str,
        revision: Option<u32>,
        index: usize,
    ) -> Result<(String, Vec<u8>)> {
        let content = self.content(item, revision)?;
        let missing = || DeskError::Usage {
            key: "error-attachment-unknown",
            about: index.to_string(),
        };
        let file = content.attachments.get(index).ok_or_else(missing)?;
        let id = file.id.ok_or_else(missing)?;
        Ok((
            file.name.clone(),
            bodies::load(self.store.conn(), self.store.suite(), &id)?,
        ))
    }
}

/// The version an act names.
fn named(act: &Act) -> Option<Hash> {
    match act {
        Act::ItemApprove(d) | Act::ItemReturn(d) => Some(d.fingerprint),
        Act::ItemClear(c) => Some(c.fingerprint),
        Act::ItemSignOff(s) => Some(s.fingerprint),
        Act::ItemReject(r) => Some(r.fingerprint),
        Act::ItemSubmit(s) => Some(s.fingerprint),
        Act::ItemPublish(p) => Some(p.fingerprint),
        _ => None,
    }
}
