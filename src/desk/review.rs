//! Review steps, the confidentiality review, sign-off. Every decision names the fingerprint the
//! person looked at; if the item has moved since, it is stale and asked again.

use super::{Desk, Note, Result};
use crate::journal::Hash;
use crate::rules::act::{Act, BodyRole, Cause, Clear, Decide, Publish, Reject, SignOff};
use crate::rules::clearance::{Conclusion, Ground};
use crate::rules::refusal::refuse;
use crate::store::facts::ItemRow;
use crate::store::{Receipt, facts};

/// What a person decides on: the version he saw. Without one, the present version is meant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen(pub Option<Hash>);

/// A confidentiality review.
#[derive(Debug, Clone)]
pub struct Review {
    /// One of five conclusions.
    pub conclusion: Conclusion,
    /// Ground in law for 不予公开.
    pub ground: Option<Ground>,
    /// Opinion; mandatory unless 公开.
    pub opinion: Note,
    /// Answer of the authority, after 需报审.
    pub authority: Note,
}

/// Dates that go with a sign-off.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct When {
    /// When it goes live; none takes the time wanted by the author, if any.
    pub publish_at: Option<i64>,
    /// When it goes down again.
    pub expire_at: Option<i64>,
    /// Do not go live by itself even if the wanted time has passed.
    pub hold: bool,
}

/// What a sign-off led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedOff {
    /// The sign-off's position.
    pub seq: u64,
    /// The publication's position, when it went live at once.
    pub published: Option<u64>,
    /// The instant it is scheduled for.
    pub due: Option<i64>,
    /// The signature of another person is still needed; he decides on the times.
    pub waits: bool,
}

impl Desk {
    fn decision(&mut self, item: &str, seen: Seen) -> Result<(ItemRow, u32, Hash)> {
        let row = self.find(item)?;
        let org = self.org()?;
        let step = row
            .facts
            .open_step(&org.route_for(row.facts.home()))
            .unwrap_or(usize::MAX);
        let fingerprint = seen.0.unwrap_or(row.facts.fingerprint);
        Ok((row, u32::try_from(step).unwrap_or(u32::MAX), fingerprint))
    }

    /// Passes a review step.
    pub fn approve(&mut self, item: &str, seen: Seen, comment: &Note) -> Result<Receipt> {
        let (row, step, fingerprint) = self.decision(item, seen)?;
        let bodies = self.note_bodies(comment)?;
        self.act(
            Some((&row.facts.id, Some(row.base))),
            &Act::ItemApprove(Decide { step, fingerprint }),
            &bodies,
        )
    }

    /// Sends an item back with a reason.
    pub fn send_back(&mut self, item: &str, seen: Seen, reason: &Note) -> Result<Receipt> {
        let (row, step, fingerprint) = self.decision(item, seen)?;
        let bodies = self.note_bodies(reason)?;
        self.act(
            Some((&row.facts.id, Some(row.base))),
            &Act::ItemReturn(Decide { step, fingerprint }),
            &bodies,
        )
    }

    /// 筛除, with a reason.
    pub fn reject(&mut self, item: &str, seen: Seen, reason: &Note) -> Result<Receipt> {
        let (row, _, fingerprint) = self.decision(item, seen)?;
        let bodies = self.note_bodies(reason)?;
        self.act(
            Some((&row.facts.id, Some(row.base))),
            &Act::ItemReject(Reject { fingerprint }),
            &bodies,
        )
    }

    /// Concludes the confidentiality review.
    pub fn clear(&mut self, item: &str, seen: Seen, review: &Review) -> Result<Receipt> {
        let (row, step, fingerprint) = self.decision(item, seen)?;
        let mut bodies = self.note_bodies(&review.opinion)?;
        if let Some(answer) = &review.authority.0 {
            bodies.push(self.fresh(BodyRole::Authority, answer.clone().into_bytes(), None)?);
        }
        let act = Act::ItemClear(Clear {
            step,
            fingerprint,
            conclusion: review.conclusion,
            ground: review.ground,
        });
        self.act(Some((&row.facts.id, Some(row.base))), &act, &bodies)
    }

    /// Signs off. With a time in the future the item is scheduled; where the wanted time has
    /// passed it goes live in the same transaction, with the signer as publisher. Where the route asks
    /// for several signatures, the last one decides on the times: given earlier they are refused
    /// (`sign-off.not-last`), and the author's wish waits for the last signer.
    pub fn sign_off(
        &mut self,
        item: &str,
        seen: Seen,
        when: When,
        comment: &Note,
    ) -> Result<SignedOff> {
        let (row, step, fingerprint) = self.decision(item, seen)?;
        let now = self.moment()?;
        let in_bundle = row.facts.bundle.is_some();
        let route = self.org()?.route_for(row.facts.home());
        let last = row.facts.is_last_pass(&route, &self.person);
        let wanted = if when.hold || in_bundle || !last {
            when.publish_at
        } else {
            when.publish_at.or(row.facts.shape.go_live)
        };
        if when.publish_at.is_some_and(|at| at <= now) {
            return Err(refuse("schedule.past", &[]).into());
        }
        let screened = self.screened(std::slice::from_ref(&row))?;
        let at_once = wanted.is_some_and(|at| at <= now);
        let act = Act::ItemSignOff(SignOff {
            step,
            fingerprint,
            publish_at: wanted.filter(|at| *at > now),
            expire_at: when.expire_at,
            screened: screened.clone(),
        });
        let bodies = self.note_bodies(comment)?;
        let id = row.facts.id.clone();
        self.acts(|tx, act_in| {
            let signed = act_in(tx, Some((&id, Some(row.base))), &act, &bodies)?;
            let after = facts::item(tx.conn(), &id)?;
            let complete = after
                .as_ref()
                .is_some_and(|i| i.facts.state == crate::rules::state::State::SignedOff);
            let waits = after
                .as_ref()
                .is_some_and(|i| i.facts.state == crate::rules::state::State::InReview);
            let mut published = None;
            if at_once && complete {
                let publish = Act::ItemPublish(Publish {
                    fingerprint,
                    cause: Cause::SignOff,
                    screened,
                });
                published = Some(act_in(tx, Some((&id, None)), &publish, &[])?.seq);
            }
            let due = after.and_then(|i| i.facts.due);
            Ok(SignedOff {
                seq: signed.seq,
                published,
                due,
                waits,
            })
        })
    }
}
