//! Persons, grants, keys, proposals.

use super::{Moment, missing};
use crate::journal::{Entry, PublicKey, Value};
use crate::rules::act::{BodyRole, Dual, PersonAdd, Propose};
use crate::rules::state::State;
use crate::store::append::bodies_of_revisions;
use crate::store::facts::Facts;
use crate::store::fx::{Fx, flag, opt_hash, opt_int};
use crate::store::verify::purge_reach;
use crate::store::{Result, StoreError};

pub(super) fn person_add(
    fx: &mut Fx<'_>,
    m: &Moment<'_>,
    entry: &Entry,
    a: &PersonAdd,
) -> Result<()> {
    let name = entry
        .bodies
        .iter()
        .find(|b| b.role == BodyRole::Name.code())
        .map(|b| b.id);
    fx.insert(
        "persons",
        &[
            ("id", Value::Text(&a.person)),
            ("login", Value::Text(&a.login)),
            ("affiliation", Value::Text(a.affiliation.code())),
            ("bureau", Value::Text(&a.bureau)),
            ("contract_until", opt_int(a.contract_until)),
            ("left_", flag(false)),
            ("name", opt_hash(name.as_ref())),
            ("added", Value::Int(m.at_seq())),
        ],
    )
}

pub(super) fn person_leave(fx: &mut Fx<'_>, m: &Moment<'_>, person: &str) -> Result<()> {
    fx.update(
        "persons",
        &[("id", Value::Text(person))],
        &[("left_", flag(true))],
    )?;
    for grant in m.org.grants.iter().filter(|g| g.person == person) {
        grant_revoke(fx, m, grant.id)?;
    }
    let mut keys: Vec<_> = m
        .org
        .keys
        .iter()
        .filter(|(_, k)| k.person == person)
        .map(|(id, _)| *id)
        .collect();
    keys.sort_unstable();
    for key in keys {
        fx.update(
            "keys",
            &[("id", Value::Blob(key.as_bytes()))],
            &[("revoked", Value::Int(m.at_seq()))],
        )?;
    }
    Ok(())
}

pub(super) fn grant_revoke(fx: &mut Fx<'_>, m: &Moment<'_>, grant: u64) -> Result<()> {
    fx.update(
        "grants",
        &[("id", Value::Int(grant as i64))],
        &[("revoked", Value::Int(m.at_seq()))],
    )
}

pub(super) fn propose(fx: &mut Fx<'_>, m: &Moment<'_>, entry: &Entry, a: &Propose) -> Result<()> {
    let act = serde_json::to_string(&a.act).map_err(|e| StoreError::Damaged(e.to_string()))?;
    let list = entry
        .bodies
        .iter()
        .find(|b| b.role == BodyRole::List.code())
        .map(|b| b.id);
    fx.insert(
        "proposals",
        &[
            ("seq", Value::Int(m.at_seq())),
            ("act", Value::Text(&act)),
            ("proposer", Value::Text(&entry.actor)),
            ("body", opt_hash(list.as_ref())),
            ("state", Value::Text("open")),
            ("answered", Value::Null),
        ],
    )
}

pub(super) fn answer(fx: &mut Fx<'_>, m: &Moment<'_>, proposal: u64, state: &str) -> Result<()> {
    fx.update(
        "proposals",
        &[("seq", Value::Int(proposal as i64))],
        &[
            ("state", Value::Text(state)),
            ("answered", Value::Int(m.at_seq())),
        ],
    )
}

pub(super) fn confirm(
    fx: &mut Fx<'_>,
    m: &Moment<'_>,
    entry: &Entry,
    proposal: u64,
    facts: &Facts,
) -> Result<()> {
    let proposed = facts.proposal.as_ref().ok_or_else(|| missing("proposal"))?;
    answer(fx, m, proposal, "confirmed")?;
    match &proposed.act {
        Dual::ListSet { list, rows } => {
            let body = facts.proposed_body.ok_or_else(|| missing("list"))?;
            fx.insert(
                "lists",
                &[
                    ("seq", Value::Int(m.at_seq())),
                    ("kind", Value::Text(list.code())),
                    ("rows_", Value::Int(i64::from(*rows))),
                    ("body", Value::Blob(body.as_bytes())),
                    ("proposer", Value::Text(&proposed.proposer)),
                    ("confirmer", Value::Text(&entry.actor)),
                    ("at", Value::Int(m.now)),
                ],
            )
        }
        Dual::Grant {
            person,
            role,
            scope,
            from,
            until,
        } => fx.insert(
            "grants",
            &[
                ("id", Value::Int(m.at_seq())),
                ("person", Value::Text(person)),
                ("role", Value::Text(role.code())),
                ("scope", Value::Text(scope)),
                ("from_", Value::Int(*from)),
                ("until_", Value::Int(*until)),
                ("revoked", Value::Null),
            ],
        ),
        Dual::KeyEnrol { person, key } => {
            let public = PublicKey::from_base64(m.suite, key).map_err(|_| missing("key"))?;
            let id = public.id();
            fx.insert(
                "keys",
                &[
                    ("id", Value::Blob(id.as_bytes())),
                    ("person", Value::Text(person)),
                    ("spki", Value::Text(key)),
                    ("enrolled", Value::Int(m.at_seq())),
                    ("revoked", Value::Null),
                ],
            )
        }
        Dual::KeyRevoke { key } => fx.update(
            "keys",
            &[("id", Value::Blob(key.as_bytes()))],
            &[("revoked", Value::Int(m.at_seq()))],
        ),
        Dual::Purge { revisions, .. } => purge(fx, m, revisions, facts),
    }
}

/// The revisions keep their row and lose their bodies. An item whose working text is gone has no
/// way to publication left.
fn purge(fx: &mut Fx<'_>, m: &Moment<'_>, revisions: &[u32], facts: &Facts) -> Result<()> {
    let old = facts.item.as_ref().ok_or_else(|| missing("item"))?;
    let hit = purge_reach(&bodies_of_revisions(fx.conn(), old.n)?, revisions);
    for n in &hit {
        fx.update(
            "revisions",
            &[
                ("item", Value::Int(old.n)),
                ("n", Value::Int(i64::from(*n))),
            ],
            &[("purged", Value::Int(1))],
        )?;
    }
    if hit.contains(&old.facts.revision) {
        let mut new = old.clone();
        new.facts.closed = true;
        new.facts.due = None;
        new.due_by = None;
        if matches!(
            new.facts.state,
            State::InReview | State::SignedOff | State::Scheduled
        ) {
            new.facts.state = State::Rejected;
        }
        super::save::touched(m, &mut new);
        super::save::save(fx, m, old, &new)?;
    }
    Ok(())
}
