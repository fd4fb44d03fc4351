//! What screening finds on an item, and what may stay as it is.
//!
//! A waiver is bound to words: it covers every finding of its class with these very words in this
//! place, whatever moves around them, and nothing any more once the words change.

use serde::{Deserialize, Serialize};

use super::{Content, Desk, DeskError, Note, Result};
use crate::rules::act::{Act, BodyRole, Screened, Unwaive, Waive};
use crate::screening::{self, Class, Finding, Place, Severity};
use crate::store::facts::ItemRow;
use crate::store::query::said;
use crate::store::{Receipt, StoreError, bodies};

/// The words a waiver is about, kept as a body so that they can be destroyed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passage {
    /// Where they stand.
    pub place: Place,
    /// The words.
    pub words: String,
}

/// A waiver as screens show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaiverView {
    /// Its position, which names it.
    pub seq: u64,
    /// Class of the finding; none where a newer program knows more classes.
    pub class: Option<Class>,
    /// Severity it covers.
    pub severity: Severity,
    /// Who.
    pub person: String,
    /// When, µs.
    pub at: i64,
    /// The words; none where they were destroyed.
    pub passage: Option<Passage>,
    /// The reason; none where it was destroyed.
    pub reason: Option<String>,
    /// Not taken back.
    pub open: bool,
}

impl WaiverView {
    /// Whether it covers a finding.
    pub fn covers(&self, finding: &Finding) -> bool {
        self.open
            && self.class == Some(finding.hit.class)
            // Severities are declared gravest first.
            && self.severity <= finding.hit.severity
            && self
                .passage
                .as_ref()
                .is_some_and(|p| p.place == finding.place && p.words == finding.evidence)
    }
}

impl Desk {
    /// Lets a finding on the working version stay as it is, with a reason.
    pub fn waive(&mut self, item: &str, finding: &Finding, reason: &Note) -> Result<Receipt> {
        let row = self.find(item)?;
        let mut bodies = self.note_bodies(reason)?;
        let passage = Passage {
            place: finding.place.clone(),
            words: finding.evidence.clone(),
        };
        let bytes = serde_json::to_vec(&passage).map_err(|e| StoreError::Damaged(e.to_string()))?;
        bodies.push(self.fresh(BodyRole::Passage, bytes, None)?);
        let act = Act::ItemWaive(Waive {
            item: row.facts.id,
            revision: row.facts.revision,
            class: finding.hit.class.code().to_owned(),
            severity: finding.hit.severity.code().to_owned(),
        });
        self.act(None, &act, &bodies)
    }

    /// Takes a waiver back.
    pub fn unwaive(&mut self, item: &str, waiver: u64, reason: &Note) -> Result<Receipt> {
        let row = self.find(item)?;
        let bodies = self.note_bodies(reason)?;
        let act = Act::ItemUnwaive(Unwaive {
            item: row.facts.id,
            waiver,
        });
        self.act(None, &act, &bodies)
    }

    /// Waivers of an item, oldest first.
    pub fn waivers(&mut self, item: &str) -> Result<Vec<WaiverView>> {
        let row = self.find(item)?;
        self.waivers_of(&row)
    }

    fn waivers_of(&self, row: &ItemRow) -> Result<Vec<WaiverView>> {
        said::waivers(self.store.conn(), row.n)?
            .into_iter()
            .map(|w| {
                let passage = self
                    .text_if_there(&w.passage)?
                    .and_then(|json| serde_json::from_str(&json).ok());
                Ok(WaiverView {
                    seq: w.seq,
                    class: Class::parse(&w.class),
                    severity: Severity::parse(&w.severity).unwrap_or(Severity::Hint),
                    person: w.person,
                    at: w.at,
                    passage,
                    reason: self.text_if_there(&w.note)?,
                    open: w.open,
                })
            })
            .collect()
    }

    /// What screening finds on an item's working version, and which waiver covers what.
    pub fn findings(&mut self, item: &str) -> Result<Vec<FindingView>> {
        let row = self.find(item)?;
        let revision = self.revision_of(&row, row.facts.revision)?;
        let content = self.content_of(&revision)?;
        let screening = self.screening()?;
        let waivers = self.waivers_of(&row)?;
        let files = self.files_of(&content)?;
        Ok(screening
            .content(&content, &files)
            .into_iter()
            .map(|finding| FindingView {
                waiver: waivers.iter().find(|w| w.covers(&finding)).cloned(),
                finding,
            })
            .collect())
    }

    /// The bytes of attached files, none where they are not here.
    fn files_of(&self, content: &Content) -> Result<Vec<Option<Vec<u8>>>> {
        content
            .attachments
            .iter()
            .map(|a| match (&a.bytes, &a.id) {
                (Some(bytes), _) => Ok(Some(bytes.clone())),
                (None, Some(id)) => {
                    let stored = bodies::open(self.store.conn(), self.store.suite(), id)?;
                    Ok(stored.map(|(_, bytes)| bytes))
                }
                (None, None) => Ok(None),
            })
            .collect()
    }

    /// What screening finds on the working versions of these items, for the entry that releases
    /// them.
    pub(super) fn screened(&mut self, rows: &[ItemRow]) -> Result<Screened> {
        let screening = self.screening()?;
        let mut screened = Screened {
            detectors: screening::VERSION,
            lists: screening.lists_by.clone(),
            ..Screened::default()
        };
        for row in rows {
            // Whoever releases need not be able to read: the runner counts, and shows nothing.
            let revision = self.revision_of(row, row.facts.revision)?;
            let content = match self.content_of(&revision) {
                Ok(content) => content,
                // The rules say why what was destroyed does not go out.
                Err(DeskError::Store(StoreError::Purged(_))) => continue,
                Err(error) => return Err(error),
            };
            let waivers = self.waivers_of(row)?;
            let files = self.files_of(&content)?;
            for finding in screening.content(&content, &files) {
                match waivers.iter().find(|w| w.covers(&finding)) {
                    Some(waiver) => screened.waived.push(waiver.seq),
                    None => match finding.hit.severity {
                        Severity::Serious => screened.serious += 1,
                        Severity::General => screened.general += 1,
                        Severity::Suspect => screened.suspect += 1,
                        Severity::Hint => {}
                    },
                }
            }
        }
        screened.waived.sort_unstable();
        screened.waived.dedup();
        Ok(screened)
    }
}

/// A finding, and what lets it stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingView {
    /// What was found.
    pub finding: Finding,
    /// The waiver that covers it.
    pub waiver: Option<WaiverView>,
}
