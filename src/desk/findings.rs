//! What screening finds on an item, and what may stay as it is.
//!
//! A waiver is bound to words: it covers every finding of its class with these very words in this
//! place, whatever moves around them, and nothing any more once the words change.

use serde::{Deserialize, Serialize};

use super::{Desk, Note, Result};
use crate::rules::act::{Act, BodyRole, Screened, Unwaive, Waive};
use crate::rules::refusal::refuse;
use crate::screening::{Class, Finding, Place, Severity};
use crate::store::Receipt;
use crate::store::facts::ItemRow;
use crate::store::query::said;

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
        let bytes = serde_json::to_vec(&passage)
            .map_err(|e| crate::store::StoreError::Damaged(e.to_string()))?;
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

    /// What screening finds on the working versions of these items, for the entry that releases
    /// them.
    pub(super) fn screened(&mut self, _rows: &[ItemRow]) -> Result<Screened> {
        Ok(Screened::default())
    }
}

/// Finds the one finding a person means by its words.
pub fn by_words<'a>(findings: &'a [Finding], words: &str) -> Result<&'a Finding> {
    let mut hits = findings.iter().filter(|f| f.evidence == words);
    hits.next()
        .ok_or_else(|| refuse("screening.waiver", &[]).into())
}
