//! Sites in a foreign language: what must be on record before anything goes live on one.

use super::{Desk, Note, Result};
use crate::journal::Hash;
use crate::rules::act::{Act, SiteCondition};
use crate::rules::org::LanguageCondition;
use crate::rules::refusal::refuse;
use crate::store::{Receipt, StoreError};

/// What is on record for a site in a foreign language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionView {
    /// Which condition.
    pub condition: LanguageCondition,
    /// Login of the reviewer, where it is one.
    pub person: Option<String>,
    /// Recorded at, µs.
    pub at: i64,
    /// The evidence; none where it was destroyed.
    pub evidence: Option<String>,
}

impl Desk {
    /// Records that a condition of a site in a foreign language is met, or is not any more (A9.6,
    /// A9.7). A reviewer of the language is named by login.
    pub fn site_condition(
        &mut self,
        site: &str,
        condition: LanguageCondition,
        person: Option<&str>,
        met: bool,
        evidence: &Note,
    ) -> Result<Receipt> {
        let bodies = self.note_bodies(evidence)?;
        let person = person.map(|p| self.person_id(p)).transpose()?;
        let act = Act::SiteCondition(SiteCondition {
            site: site.to_owned(),
            condition,
            person,
            met,
        });
        self.act(None, &act, &bodies)
    }

    /// What is on record for a site, and what it still lacks.
    pub fn site_conditions(
        &mut self,
        site: &str,
    ) -> Result<(Vec<ConditionView>, Vec<LanguageCondition>)> {
        let (org, now) = (self.org()?, self.moment()?);
        let Some(about) = org.sites.get(site) else {
            return Err(refuse("org.unknown", &[("name", site.to_owned())]).into());
        };
        let rows: Vec<(String, String, i64, Option<Hash>)> = self
            .store
            .conn()
            .prepare_cached(
                "SELECT condition, person, at, note FROM site_conditions WHERE site = ?1 ORDER BY seq",
            )?
            .query_map([site], |r| {
                let note = r.get_ref(3)?.as_blob_or_null().ok().flatten();
                let note = note.and_then(Hash::from_slice);
                Ok((r.get(0)?, r.get(1)?, r.get(2)?, note))
            })?
            .collect::<rusqlite::Result<_>>()?;
        let mut list = Vec::with_capacity(rows.len());
        for (condition, person, at, note) in rows {
            let condition = LanguageCondition::parse(&condition)
                .ok_or_else(|| StoreError::Damaged("site_conditions".into()))?;
            list.push(ConditionView {
                condition,
                person: org.persons.get(&person).map(|p| p.login.clone()),
                at,
                evidence: match note {
                    Some(id) => self.text_if_there(&id)?,
                    None => None,
                },
            });
        }
        Ok((list, org.language_lacks(about, now)))
    }
}
