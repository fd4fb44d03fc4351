//! Bundles: several items live together or not at all.

use super::{Desk, DeskError, Note, Result, new_id};
use crate::rules::act::{
    Act, BundleItem, BundlePlain, BundlePublish, BundleSchedule, Cause, Member,
};
use crate::rules::case::BundleState;
use crate::rules::refusal::refuse;
use crate::rules::role::Right;
use crate::store::Receipt;
use crate::store::facts::{self, BundleRow};

/// A bundle as lists show it.
#[derive(Debug, Clone)]
pub struct BundleView {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// State.
    pub state: BundleState,
    /// When it goes live, µs.
    pub due: Option<i64>,
    /// Members: id, number, state code.
    pub members: Vec<(String, String, &'static str)>,
}

impl Desk {
    /// Makes an empty bundle and returns its id.
    pub fn bundle_new(&mut self, name: &Note) -> Result<String> {
        let id = new_id("b");
        let bodies = self.note_bodies(name)?;
        self.act(Some((&id, None)), &Act::BundleNew(BundlePlain {}), &bodies)?;
        Ok(id)
    }

    fn bundle(&mut self, id: &str) -> Result<BundleRow> {
        let row = facts::bundle(self.store.conn(), id)?
            .ok_or_else(|| DeskError::Refused(refuse("bundle.unknown", &[])))?;
        for member in &row.members {
            self.find_due(&member.facts.id)
                .map_err(|_| DeskError::Refused(refuse("bundle.unknown", &[])))?;
        }
        Ok(row)
    }

    fn members(row: &BundleRow) -> Vec<Member> {
        row.members
            .iter()
            .map(|m| Member {
                item: m.facts.id.clone(),
                fingerprint: m.facts.fingerprint,
            })
            .collect()
    }

    fn bundle_act(&mut self, row: &BundleRow, act: &Act) -> Result<Receipt> {
        let id = row.facts.id.clone();
        self.act(Some((&id, Some(row.base))), act, &[])
    }

    /// An item joins.
    pub fn bundle_add(&mut self, bundle: &str, item: &str) -> Result<Receipt> {
        let row = self.bundle(bundle)?;
        let member = self.find(item)?.facts.id;
        self.bundle_act(&row, &Act::BundleAdd(BundleItem { member }))
    }

    /// An item leaves.
    pub fn bundle_remove(&mut self, bundle: &str, item: &str) -> Result<Receipt> {
        let row = self.bundle(bundle)?;
        let member = self.find(item)?.facts.id;
        self.bundle_act(&row, &Act::BundleRemove(BundleItem { member }))
    }

    /// All of it gets a time.
    pub fn bundle_schedule(&mut self, bundle: &str, publish_at: i64) -> Result<Receipt> {
        let row = self.bundle(bundle)?;
        let members = Self::members(&row);
        self.bundle_act(
            &row,
            &Act::BundleSchedule(BundleSchedule {
                publish_at,
                members,
            }),
        )
    }

    /// The time is cancelled.
    pub fn bundle_unschedule(&mut self, bundle: &str) -> Result<Receipt> {
        let row = self.bundle(bundle)?;
        self.bundle_act(&row, &Act::BundleUnschedule(BundlePlain {}))
    }

    /// All of it goes live now, or none of it.
    pub fn bundle_publish(&mut self, bundle: &str) -> Result<Receipt> {
        self.bundle_live(bundle, Cause::Hand)
    }

    /// A due bundle goes live: what the runner does.
    pub fn bundle_publish_due(&mut self, bundle: &str) -> Result<Receipt> {
        self.bundle_live(bundle, Cause::Schedule)
    }

    fn bundle_live(&mut self, bundle: &str, cause: Cause) -> Result<Receipt> {
        let row = self.bundle(bundle)?;
        let members = Self::members(&row);
        let screened = self.screened(&row.members)?;
        let act = Act::BundlePublish(BundlePublish {
            cause,
            members,
            screened,
        });
        self.bundle_act(&row, &act)
    }

    /// What the runner would be told about a due bundle.
    pub fn may_publish_bundle_due(&mut self, bundle: &str) -> Result<()> {
        let row = self.bundle(bundle)?;
        let act = Act::BundlePublish(BundlePublish {
            cause: Cause::Schedule,
            members: Self::members(&row),
            screened: self.screened(&row.members)?,
        });
        self.may(Some(&row.facts.id), &act, &[])
    }

    /// The bundle is given up; its items stay as they are.
    pub fn bundle_discard(&mut self, bundle: &str) -> Result<Receipt> {
        let row = self.bundle(bundle)?;
        self.bundle_act(&row, &Act::BundleDiscard(BundlePlain {}))
    }

    /// Bundles whose every member the person may see, newest first.
    pub fn bundles(&mut self) -> Result<Vec<BundleView>> {
        let list: Vec<(String, crate::journal::Hash)> = {
            let mut statement = self
                .store
                .conn()
                .prepare_cached("SELECT id, name FROM bundles ORDER BY n DESC LIMIT 500")?;
            let rows = statement.query_map([], |r| {
                let name: Vec<u8> = r.get(1)?;
                Ok((
                    r.get(0)?,
                    crate::journal::Hash::from_slice(&name).unwrap_or(crate::journal::Hash::ZERO),
                ))
            })?;
            rows.collect::<rusqlite::Result<_>>()?
        };
        if self.sight()?.is_blind() {
            return Ok(Vec::new());
        }
        // One without members (new, or given up) has nobody's sight to go by; its name may tell of what
        // was in it, so it is for those who make bundles.
        let now = self.moment()?;
        let makes = self
            .org()?
            .has_right_somewhere(&self.person, Right::Release, now);
        let mut views = Vec::new();
        for (id, name) in list {
            let Ok(row) = self.bundle(&id) else { continue };
            if row.members.is_empty() && !makes {
                continue;
            }
            views.push(BundleView {
                id,
                name: self.text_if_there(&name)?.unwrap_or_default(),
                state: row.facts.state,
                due: row.facts.due,
                members: row
                    .members
                    .iter()
                    .map(|m| (m.facts.id.clone(), m.number.clone(), m.facts.state.code()))
                    .collect(),
            });
        }
        Ok(views)
    }
}
