//! Bundles: several items live together or not at all.

use super::{Desk, DeskError, Note, Result, new_id};
use crate::rules::act::{
    Act, BundleItem, BundlePlain, BundlePublish, BundleSchedule, Cause, Member,
};
use crate::rules::case::{BundleFacts, BundleState, Case};
use crate::rules::check::check;
use crate::rules::refusal::{Refusal, refuse};
use crate::rules::role::Right;
use crate::store::Receipt;
use crate::store::facts::{self, BundleRow, ItemRow};
use crate::store::query::items::{self, Line};

/// What a person decides on when he decides on a bundle: its members, in these versions, as they
/// were shown to him.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleSeen {
    /// Last entry that moved the bundle.
    pub base: u64,
    /// Members in order, with their fingerprints.
    pub members: Vec<Member>,
}

impl BundleSeen {
    fn of(row: &BundleRow) -> BundleSeen {
        BundleSeen {
            base: row.base,
            members: Desk::members(row),
        }
    }
}

/// A bundle as lists show it.
#[derive(Debug, Clone)]
pub struct BundleView {
    /// Id.
    pub id: String,
    /// What is shown of it, for a decision.
    pub seen: BundleSeen,
    /// Name.
    pub name: String,
    /// State.
    pub state: BundleState,
    /// When it goes live, µs.
    pub due: Option<i64>,
    /// Members: id, number, state code.
    pub members: Vec<(String, String, &'static str)>,
}

/// A member with what keeps it from going live.
#[derive(Debug, Clone)]
pub struct MemberView {
    /// Its line in lists.
    pub line: Line,
    /// Why it could not go live with the others now; none if it could.
    pub not_ready: Option<Refusal>,
}

/// A bundle on a screen.
#[derive(Debug, Clone)]
pub struct BundleShow {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// State.
    pub state: BundleState,
    /// When it goes live, µs.
    pub due: Option<i64>,
    /// Who made it.
    pub owner: String,
    /// What is shown of it, for a decision.
    pub seen: BundleSeen,
    /// Members in order.
    pub members: Vec<MemberView>,
    /// Acts on it by their codes (`schedule`, `unschedule`, `publish`, `discard`), with the rules'
    /// answer.
    pub offers: Vec<(&'static str, Option<Refusal>)>,
}

fn answer(result: Result<()>) -> Result<Option<Refusal>> {
    match result {
        Ok(()) => Ok(None),
        Err(DeskError::Refused(refusal)) => Ok(Some(refusal)),
        Err(error) => Err(error),
    }
}

impl Desk {
    /// One bundle as its screen shows it.
    pub fn bundle_show(&mut self, bundle: &str) -> Result<BundleShow> {
        let row = self.bundle(bundle)?;
        let sight = self.sight()?;
        let later = self.moment()?.saturating_add(3_600_000_000);
        let mut members = Vec::new();
        for member in &row.members {
            // Whoever may not see a member may not see what stands in its way.
            let unknown = || DeskError::Refused(refuse("bundle.unknown", &[]));
            let line =
                items::one(self.store.conn(), &member.facts.id, &sight)?.ok_or_else(unknown)?;
            members.push(MemberView {
                line,
                not_ready: self.member_refusal(&row, member, later)?,
            });
        }
        let all = Self::members(&row);
        let screened = self.screened(&row.members)?;
        let acts = [
            (
                "schedule",
                Act::BundleSchedule(BundleSchedule {
                    publish_at: later,
                    members: all.clone(),
                }),
            ),
            ("unschedule", Act::BundleUnschedule(BundlePlain {})),
            (
                "publish",
                Act::BundlePublish(BundlePublish {
                    cause: Cause::Hand,
                    members: all,
                    screened,
                }),
            ),
            ("discard", Act::BundleDiscard(BundlePlain {})),
        ];
        let mut offers = Vec::new();
        for (code, act) in acts {
            offers.push((code, answer(self.may(Some(&row.facts.id), &act, &[]))?));
        }
        let name: Vec<u8> = self
            .store
            .conn()
            .prepare_cached("SELECT name FROM bundles WHERE id = ?1")?
            .query_row([&row.facts.id], |r| r.get(0))?;
        let name = match crate::journal::Hash::from_slice(&name) {
            Some(id) => self.text_if_there(&id)?.unwrap_or_default(),
            None => String::new(),
        };
        Ok(BundleShow {
            id: row.facts.id.clone(),
            seen: BundleSeen::of(&row),
            name,
            state: row.facts.state,
            due: row.facts.due,
            owner: row.owner.clone(),
            members,
            offers,
        })
    }

    /// The rules' answer to a bundle of this member alone: what keeps it, and not the others.
    fn member_refusal(
        &mut self,
        row: &BundleRow,
        member: &ItemRow,
        at: i64,
    ) -> Result<Option<Refusal>> {
        if row.facts.state == BundleState::Published {
            return Ok(None);
        }
        let (org, now) = (self.org()?, self.moment()?);
        let alone = BundleFacts {
            id: row.facts.id.clone(),
            state: BundleState::Open,
            due: None,
            members: vec![member.facts.clone()],
        };
        let case = Case {
            org: &org,
            rules: crate::rules::RULES_VERSION,
            seq: self.store.head()?.seq + 1,
            now,
            actor: &self.person,
            id: Some(&alone.id),
            item: None,
            bundle: Some(&alone),
            proposal: None,
            thread: None,
            waivers: &[],
            other: None,
            related: false,
            flag: None,
            bodies: &[],
        };
        let act = Act::BundleSchedule(BundleSchedule {
            publish_at: at,
            members: vec![Member {
                item: member.facts.id.clone(),
                fingerprint: member.facts.fingerprint,
            }],
        });
        // That the person himself may not release is no fault of the member.
        Ok(check(&case, &act)
            .err()
            .filter(|refusal| refusal.rule != "right.missing"))
    }

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

    /// All of it gets a time. Without `seen` the bundle as it is now is meant; with it, a bundle that
    /// has moved since is stale, and a member that has is told (`bundle.changed`).
    pub fn bundle_schedule(
        &mut self,
        bundle: &str,
        publish_at: i64,
        seen: Option<&BundleSeen>,
    ) -> Result<Receipt> {
        let row = self.bundle(bundle)?;
        let seen = seen.cloned().unwrap_or_else(|| BundleSeen::of(&row));
        let act = Act::BundleSchedule(BundleSchedule {
            publish_at,
            members: seen.members,
        });
        self.act(Some((&row.facts.id, Some(seen.base))), &act, &[])
    }

    /// The time is cancelled.
    pub fn bundle_unschedule(&mut self, bundle: &str) -> Result<Receipt> {
        let row = self.bundle(bundle)?;
        self.bundle_act(&row, &Act::BundleUnschedule(BundlePlain {}))
    }

    /// All of it goes live now, or none of it. `seen` as for [`Desk::bundle_schedule`].
    pub fn bundle_publish(&mut self, bundle: &str, seen: Option<&BundleSeen>) -> Result<Receipt> {
        self.bundle_live(bundle, Cause::Hand, seen)
    }

    /// A due bundle goes live: what the runner does.
    pub fn bundle_publish_due(&mut self, bundle: &str) -> Result<Receipt> {
        self.bundle_live(bundle, Cause::Schedule, None)
    }

    fn bundle_live(
        &mut self,
        bundle: &str,
        cause: Cause,
        seen: Option<&BundleSeen>,
    ) -> Result<Receipt> {
        let row = self.bundle(bundle)?;
        let seen = seen.cloned().unwrap_or_else(|| BundleSeen::of(&row));
        let screened = self.screened(&row.members)?;
        let act = Act::BundlePublish(BundlePublish {
            cause,
            members: seen.members,
            screened,
        });
        self.act(Some((&row.facts.id, Some(seen.base))), &act, &[])
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
                seen: BundleSeen::of(&row),
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
