//! Persons, grants, keys, purge: what takes two people (A4.1, A4.4, A15.5, `norms/roles.toml`).

use std::collections::BTreeSet;

use super::setup::plain_id;
use super::{Verdict, missing, must_have, must_have_over, must_have_somewhere, must_say_why};
use crate::journal::PublicKey;
use crate::rules::act::{BodyRole, Dual, GrantRevoke, PersonAdd, PersonLeave, Propose};
use crate::rules::case::{Case, ProposalFacts};
use crate::rules::org::Org;
use crate::rules::refusal::{Refusal, refuse};
use crate::rules::role::{Affiliation, Right, Role};

fn unknown_person(id: &str) -> Refusal {
    refuse("person.unknown", &[("person", id.to_owned())])
}

pub(super) fn person_add(case: &Case<'_>, a: &PersonAdd) -> Verdict {
    must_have_somewhere(case, Right::ManagePeople)?;
    plain_id(&a.person)?;
    plain_id(&a.login)?;
    if case.org.persons.contains_key(&a.person)
        || case.org.persons.values().any(|p| p.login == a.login)
    {
        return Err(refuse("person.exists", &[("person", a.login.clone())]));
    }
    if !case.org.bureaus.contains_key(&a.bureau) {
        return Err(refuse("org.unknown", &[("name", a.bureau.clone())]));
    }
    // Outsourced and hired people work on a contract; without its end there is no automatic stop.
    if a.affiliation == Affiliation::Outsourced && a.contract_until.is_none() {
        return Err(refuse("grant.period", &[("person", a.login.clone())]));
    }
    Ok(())
}

pub(super) fn person_leave(case: &Case<'_>, a: &PersonLeave) -> Verdict {
    // Whoever is let go may hold roles anywhere.
    must_have(case, Right::ManagePeople, Org::ROOT)?;
    match case.org.persons.get(&a.person) {
        Some(person) if !person.left => {}
        _ => return Err(unknown_person(&a.person)),
    }
    if a.person == case.actor {
        return Err(refuse("grant.self", &[]));
    }
    two_managers_remain(case, |p, _| p != a.person)
}

pub(super) fn grant_revoke(case: &Case<'_>, a: &GrantRevoke) -> Verdict {
    let Some(grant) = case.org.grants.iter().find(|g| g.id == a.grant) else {
        return Err(refuse("grant.unknown", &[("grant", a.grant.to_string())]));
    };
    must_have(case, Right::ManagePeople, &grant.scope)?;
    if grant.role.rights().contains(&Right::ManagePeople) {
        two_managers_remain(case, |p, g| !(p == grant.person && g == grant.id))?;
    }
    Ok(())
}

/// After the act, at least two people with keys must still be able to act together, or nobody
/// could ever be appointed again.
fn two_managers_remain(case: &Case<'_>, keeps: impl Fn(&str, u64) -> bool) -> Verdict {
    let managers: BTreeSet<&str> = case
        .org
        .grants
        .iter()
        .filter(|g| g.role.rights().contains(&Right::ManagePeople))
        .filter(|g| g.scope == Org::ROOT && g.until >= case.now)
        .filter(|g| case.org.is_active(&g.person, case.now) && keeps(&g.person, g.id))
        .filter(|g| case.org.keys.values().any(|k| k.person == g.person))
        .map(|g| g.person.as_str())
        .collect();
    if managers.len() >= 2 {
        Ok(())
    } else {
        Err(refuse("key.last", &[]))
    }
}

pub(super) fn propose(case: &Case<'_>, a: &Propose) -> Verdict {
    dual(case, &a.act)?;
    match a.act {
        Dual::Purge { .. } => must_say_why(case),
        Dual::ListSet { .. } if !case.has_body(BodyRole::List) => Err(refuse("list.empty", &[])),
        _ => Ok(()),
    }
}

fn open_proposal<'a>(case: &'a Case<'_>) -> Result<&'a ProposalFacts, Refusal> {
    let proposal = case
        .proposal
        .ok_or_else(|| refuse("proposal.unknown", &[]))?;
    if proposal.open {
        Ok(proposal)
    } else {
        Err(refuse("proposal.closed", &[]))
    }
}

pub(super) fn confirm(case: &Case<'_>) -> Verdict {
    let proposal = open_proposal(case)?;
    if proposal.proposer == case.actor {
        return Err(refuse("proposal.same-person", &[]));
    }
    // Asked again in full: much may have changed since the proposal.
    dual(case, &proposal.act)
}

pub(super) fn decline(case: &Case<'_>) -> Verdict {
    let proposal = open_proposal(case)?;
    if proposal.proposer == case.actor {
        return Ok(()); // taking back one's own
    }
    must_have_somewhere(case, right_over(&proposal.act))
}

/// The right that both people need.
pub fn right_over(act: &Dual) -> Right {
    match act {
        Dual::Purge { .. } => Right::Purge,
        Dual::ListSet { .. } => Right::KeepLists,
        Dual::Grant { .. } | Dual::KeyEnrol { .. } | Dual::KeyRevoke { .. } => Right::ManagePeople,
    }
}

/// What holds for proposer and confirmer alike.
fn dual(case: &Case<'_>, act: &Dual) -> Verdict {
    match act {
        // Names and words hold for the whole province.
        Dual::ListSet { rows, .. } => {
            must_have(case, Right::KeepLists, Org::ROOT)?;
            if *rows == 0 {
                return Err(refuse("list.empty", &[]));
            }
            Ok(())
        }
        Dual::Grant {
            person,
            role,
            scope,
            from,
            until,
        } => grant(case, person, *role, scope, *from, *until),
        Dual::KeyEnrol { person, key } => {
            // A key speaks for everything its owner may do, wherever that is.
            must_have(case, Right::ManagePeople, Org::ROOT)?;
            if person == case.actor {
                return Err(refuse("grant.self", &[]));
            }
            if !case.org.is_active(person, case.now) {
                return Err(unknown_person(person));
            }
            let suite = case.org.keys.values().next().map(|k| k.public.suite());
            let parsed = suite.and_then(|s| PublicKey::from_base64(s, key).ok());
            let Some(public) = parsed else {
                return Err(refuse("act.form", &[("what", "key".to_owned())]));
            };
            if case.org.keys.contains_key(&public.id())
                || case.org.spent_keys.contains(&public.id())
            {
                return Err(refuse("key.known", &[]));
            }
            Ok(())
        }
        Dual::KeyRevoke { key } => {
            must_have(case, Right::ManagePeople, Org::ROOT)?;
            let Some(owner) = case.org.keys.get(key) else {
                return Err(refuse("key.unknown", &[("key", key.to_string())]));
            };
            let spare = case
                .org
                .keys
                .iter()
                .any(|(id, k)| id != key && k.person == owner.person);
            two_managers_remain(case, |p, _| spare || p != owner.person)
        }
        Dual::Purge { revisions, .. } => {
            if !case
                .org
                .has_right_somewhere(case.actor, Right::Purge, case.now)
            {
                return Err(missing(case));
            }
            let item = case.item.ok_or_else(|| refuse("purge.target", &[]))?;
            must_have_over(case, Right::Purge, &item.shape.columns)?;
            let known = revisions
                .iter()
                .all(|r| *r >= 1 && *r <= item.last_revision);
            if !known || item.last_revision == 0 {
                return Err(refuse("purge.target", &[]));
            }
            // What the public still sees is withdrawn first, so that its pages go too.
            if item.live.is_some() {
                return Err(refuse("purge.live", &[]));
            }
            Ok(())
        }
    }
}

fn grant(case: &Case<'_>, person: &str, role: Role, scope: &str, from: i64, until: i64) -> Verdict {
    if !case.org.has_node(scope) {
        return Err(refuse("grant.scope", &[("scope", scope.to_owned())]));
    }
    must_have(case, Right::ManagePeople, scope)?;
    let Some(grantee) = case.org.persons.get(person).filter(|p| !p.left) else {
        return Err(unknown_person(person));
    };
    if person == case.actor {
        return Err(refuse("grant.self", &[]));
    }
    let login = grantee.login.clone();
    if from >= until || until <= case.now || grantee.contract_until.is_some_and(|end| until > end) {
        return Err(refuse("grant.period", &[("person", login)]));
    }
    if !role.open_to(grantee.affiliation) {
        return Err(refuse(
            "grant.affiliation",
            &[("person", login), ("role", role.code().to_owned())],
        ));
    }
    let held: Vec<_> = case
        .org
        .grants
        .iter()
        .filter(|g| g.until >= case.now)
        .collect();
    for other in held.iter().filter(|g| g.person == person) {
        if !role.compatible(other.role) {
            return Err(refuse(
                "grant.exclusive",
                &[
                    ("person", login),
                    ("role", role.code().to_owned()),
                    ("other", other.role.code().to_owned()),
                ],
            ));
        }
        if other.role == role && other.scope == scope && other.until >= until && other.from <= from
        {
            return Err(refuse(
                "grant.held",
                &[("person", login), ("role", role.code().to_owned())],
            ));
        }
    }
    // A4.4: at any instant exactly one head of the board, over the whole province.
    if role == Role::BoardHead {
        if scope != Org::ROOT {
            return Err(refuse("grant.scope", &[("scope", scope.to_owned())]));
        }
        if held
            .iter()
            .any(|g| g.role == Role::BoardHead && g.from <= until && from <= g.until)
        {
            return Err(refuse("grant.one-head", &[]));
        }
    }
    Ok(())
}
