//! Persons; grants, keys and purge by two people; and who they all are.

use super::login::next_person_id;
use super::{Desk, Note, Result};
use crate::journal::{Hash, PublicKey};
use crate::rules::act::{
    Act, Answer, BodyRole, Dual, GrantRevoke, PersonAdd, PersonLeave, Propose,
};
use crate::rules::check::people::right_over;
use crate::rules::org::{Grant, Person};
use crate::rules::refusal::{Refusal, refuse};
use crate::rules::role::{Affiliation, Right, Role};
use crate::store::Receipt;
use crate::store::local::{self, SessionSign};

/// A person to be registered.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// Login handle.
    pub login: String,
    /// Display name, kept as a body.
    pub name: String,
    /// What he is to the board.
    pub affiliation: Affiliation,
    /// Bureau or department.
    pub bureau: String,
    /// End of contract, µs.
    pub contract_until: Option<i64>,
}

/// An open proposal as lists show it.
#[derive(Debug, Clone)]
pub struct OpenProposal {
    /// Its position; the number by which it is confirmed.
    pub seq: u64,
    /// What is proposed.
    pub act: Dual,
    /// By whom.
    pub proposer: String,
}

/// A key as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyView {
    /// Its id.
    pub id: Hash,
    /// The entry that enrolled it.
    pub enrolled: u64,
    /// The entry that revoked it.
    pub revoked: Option<u64>,
}

/// A person with everything he holds.
#[derive(Debug, Clone)]
pub struct PersonView {
    /// The facts.
    pub person: Person,
    /// Display name.
    pub name: String,
    /// Can act: still here, contract running.
    pub active: bool,
    /// Roles that are not revoked, also those out of their time.
    pub grants: Vec<Grant>,
    /// Keys, the newest first.
    pub keys: Vec<KeyView>,
    /// Sessions on this machine; only for those who manage people or read the journal, and one's own.
    pub sessions: Vec<SessionSign>,
}

impl Desk {
    /// Everybody, by login.
    pub fn people(&mut self) -> Result<Vec<PersonView>> {
        let (org, now, me) = (self.org()?, self.moment()?, self.person.clone());
        let names = self.person_names()?;
        let sees_sessions = [Right::ManagePeople, Right::ReadJournal]
            .into_iter()
            .any(|right| org.has_right_somewhere(&me, right, now));
        let sessions = local::sessions(self.store.conn(), self.now())?;
        let mut keys: Vec<(String, KeyView)> = {
            let mut statement = self.store.conn().prepare_cached(
                "SELECT person, id, enrolled, revoked FROM keys ORDER BY enrolled DESC",
            )?;
            let rows = statement.query_map([], |r| {
                let id: Vec<u8> = r.get(1)?;
                Ok((
                    r.get(0)?,
                    KeyView {
                        id: Hash::from_slice(&id).unwrap_or(Hash::ZERO),
                        enrolled: r.get::<_, i64>(2)? as u64,
                        revoked: r.get::<_, Option<i64>>(3)?.map(|n| n as u64),
                    },
                ))
            })?;
            rows.collect::<rusqlite::Result<_>>()?
        };
        let mut list: Vec<PersonView> = org
            .persons
            .values()
            .map(|person| {
                let own = |p: &str| p == person.id;
                PersonView {
                    name: names.get(&person.id).cloned().unwrap_or_default(),
                    active: org.is_active(&person.id, now),
                    grants: org
                        .grants
                        .iter()
                        .filter(|g| own(&g.person))
                        .cloned()
                        .collect(),
                    keys: keys
                        .extract_if(.., |(p, _)| own(p))
                        .map(|(_, key)| key)
                        .collect(),
                    sessions: sessions
                        .iter()
                        .filter(|s| own(&s.person) && (sees_sessions || s.person == me))
                        .cloned()
                        .collect(),
                    person: person.clone(),
                }
            })
            .collect();
        list.sort_by(|a, b| a.person.login.cmp(&b.person.login));
        Ok(list)
    }

    /// What the rules would say if the person at the keyboard confirmed this proposal now.
    pub fn confirm_refusal(&mut self, proposal: u64) -> Result<Option<Refusal>> {
        match self.may(None, &Act::Confirm(Answer { proposal }), &[]) {
            Ok(()) => Ok(None),
            Err(super::DeskError::Refused(refusal)) => Ok(Some(refusal)),
            Err(error) => Err(error),
        }
    }

    /// Registers a person. He has no rights and no key yet.
    pub fn person_add(&mut self, new: &NewPerson) -> Result<String> {
        let id = next_person_id();
        let act = Act::PersonAdd(PersonAdd {
            person: id.clone(),
            login: new.login.clone(),
            affiliation: new.affiliation,
            bureau: new.bureau.clone(),
            contract_until: new.contract_until,
        });
        let name = crate::text::normalise(&new.name)
            .text
            .replace('\n', " ")
            .trim()
            .to_owned();
        let bodies = if name.is_empty() {
            Vec::new()
        } else {
            vec![self.fresh(BodyRole::Name, name.into_bytes(), None)?]
        };
        self.act(None, &act, &bodies)?;
        Ok(id)
    }

    /// A person leaves: every right and key ends.
    pub fn person_leave(&mut self, login: &str) -> Result<Receipt> {
        let person = self.person_id(login)?;
        self.act(None, &Act::PersonLeave(PersonLeave { person }), &[])
    }

    /// Id of a person named by login or id.
    pub fn person_id(&mut self, login: &str) -> Result<String> {
        self.org()?
            .find_person(login)
            .map(|p| p.id.clone())
            .ok_or_else(|| refuse("person.unknown", &[("person", login.to_owned())]).into())
    }

    /// Proposes a role for a person: the first of two people.
    pub fn propose_grant(
        &mut self,
        login: &str,
        role: Role,
        scope: &str,
        from: i64,
        until: i64,
    ) -> Result<Receipt> {
        let person = self.person_id(login)?;
        self.propose(
            Dual::Grant {
                person,
                role,
                scope: scope.to_owned(),
                from,
                until,
            },
            &Note::none(),
        )
    }

    /// Proposes a key for a person.
    pub fn propose_key(&mut self, login: &str, key: &PublicKey) -> Result<Receipt> {
        let person = self.person_id(login)?;
        self.propose(
            Dual::KeyEnrol {
                person,
                key: key.to_base64(),
            },
            &Note::none(),
        )
    }

    /// Proposes that a key may sign no more.
    pub fn propose_key_revoke(&mut self, key: Hash) -> Result<Receipt> {
        self.propose(Dual::KeyRevoke { key }, &Note::none())
    }

    /// Proposes the destruction of a leaked text: named revisions, or all of them. The item is
    /// named by id or number; whoever proposes need not be able to read it.
    pub fn propose_purge(
        &mut self,
        item: &str,
        revisions: Vec<u32>,
        words: bool,
        reason: &Note,
    ) -> Result<Receipt> {
        // A name that means nothing goes to the rules as it is, which ask for the right first:
        // whoever may not purge is not told what exists.
        let id = crate::store::query::resolve_item(self.store.conn(), item)?
            .unwrap_or_else(|| item.to_owned());
        self.propose(
            Dual::Purge {
                item: id,
                revisions,
                words,
            },
            reason,
        )
    }

    /// Puts any act of two people forward.
    pub fn propose(&mut self, act: Dual, reason: &Note) -> Result<Receipt> {
        let bodies = self.note_bodies(reason)?;
        self.act(None, &Act::Propose(Propose { act }), &bodies)
    }

    /// The second person agrees. A purge also cleans the file: free pages, write-ahead log.
    pub fn confirm(&mut self, proposal: u64) -> Result<Receipt> {
        let purge = self
            .proposals()?
            .iter()
            .any(|p| p.seq == proposal && matches!(p.act, Dual::Purge { .. }));
        let receipt = self.act(None, &Act::Confirm(Answer { proposal }), &[])?;
        if purge {
            // secure_delete has zeroed the pages; now the log that may still hold them goes too.
            self.store.scrub()?;
        }
        Ok(receipt)
    }

    /// The second person does not agree, or the first takes it back.
    pub fn decline(&mut self, proposal: u64) -> Result<Receipt> {
        self.act(None, &Act::Decline(Answer { proposal }), &[])
    }

    /// Takes a role away at once.
    pub fn grant_revoke(&mut self, grant: u64) -> Result<Receipt> {
        self.act(None, &Act::GrantRevoke(GrantRevoke { grant }), &[])
    }

    /// Proposals that wait for a second person: for those who could be that person or who read the
    /// journal; everyone else sees his own.
    pub fn proposals(&mut self) -> Result<Vec<OpenProposal>> {
        let (now, org) = (self.moment()?, self.org()?);
        let me = self.person.clone();
        let sees_all = org.has_right_somewhere(&me, Right::ReadJournal, now);
        let mut statement = self.store.conn().prepare_cached(
            "SELECT seq, act, proposer FROM proposals WHERE state = 'open' ORDER BY seq",
        )?;
        let rows = statement.query_map([], |r| {
            Ok((
                r.get::<_, i64>(0)?,
                r.get::<_, String>(1)?,
                r.get::<_, String>(2)?,
            ))
        })?;
        let mut list = Vec::new();
        for row in rows {
            let (seq, act, proposer) = row?;
            let act: Dual = serde_json::from_str(&act)
                .map_err(|_| crate::store::StoreError::Damaged("proposals.act".into()))?;
            let could_confirm = org.has_right_somewhere(&me, right_over(&act), now);
            if !sees_all && !could_confirm && proposer != me {
                continue;
            }
            list.push(OpenProposal {
                seq: seq as u64,
                act,
                proposer,
            });
        }
        Ok(list)
    }
}
