//! Which key speaks for whom at a position, as far as the journal alone tells.
//!
//! Three kinds of entry matter: `found` brings the officers' keys and counts from that very entry;
//! `propose` names a change of keys; `confirm` by a second person makes it so from the next entry
//! on. Other acts may be proposed and confirmed too; they are passed over here.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::entry::Entry;
use super::fault::FaultKind;
use super::hash::{Hash, HexError, Suite};
use super::sign::PublicKey;

/// A key and its life so far.
#[derive(Debug, Clone)]
pub struct KeyState {
    /// Whose key it is.
    pub person: String,
    /// The key.
    pub key: PublicKey,
    /// Number of authentic entries it has signed.
    pub dseq: u64,
    /// Id of the last of them; zeros before the first.
    pub last: Hash,
    /// Position of the entry that enrolled it.
    pub enrolled: u64,
    /// Position of the entry that revoked it; void from the next position on.
    pub revoked: Option<u64>,
}

#[derive(Debug, Clone)]
enum Proposed {
    Enrol { person: String, key: Box<PublicKey> },
    Revoke { key: Hash },
}

/// The keys known to a journal at one position.
#[derive(Debug, Clone, Default)]
pub(super) struct KeyRing {
    keys: HashMap<Hash, KeyState>,
    proposals: BTreeMap<u64, (String, Proposed)>,
}

/// What one entry changes, computed before anything is believed and applied after all was checked.
#[derive(Debug, Default)]
pub(super) struct Change {
    enrolled: Vec<KeyState>,
    proposed: Option<(u64, (String, Proposed))>,
    confirmed: Option<u64>,
    revoked: Vec<(Hash, u64)>,
    advanced: Option<(Hash, u64, Hash)>,
}

impl Change {
    /// The signing key has signed one more.
    pub(super) fn advance(&mut self, key: Hash, dseq: u64, id: Hash) {
        self.advanced = Some((key, dseq, id));
    }
}

/// Particulars are read by name and not into structs: serde would also take those from arrays, and
/// an independent verifier would not.
fn member<'a>(value: &'a Value, name: &str) -> Result<&'a Value, FaultKind> {
    value
        .get(name)
        .ok_or_else(|| FaultKind::Args(format!("no {name}")))
}

fn text<'a>(value: &'a Value, name: &str) -> Result<&'a str, FaultKind> {
    member(value, name)?
        .as_str()
        .ok_or_else(|| FaultKind::Args(format!("{name} is not a string")))
}

fn public_key(suite: Suite, value: &Value) -> Result<PublicKey, FaultKind> {
    PublicKey::from_base64(suite, text(value, "key")?)
        .map_err(|error| FaultKind::Args(error.to_string()))
}

impl Proposed {
    fn read(suite: Suite, args: &Value) -> Result<Option<Self>, FaultKind> {
        let act = member(args, "act")?;
        Ok(match text(act, "do")? {
            "key.enrol" => Some(Self::Enrol {
                person: text(act, "person")?.to_owned(),
                key: Box::new(public_key(suite, act)?),
            }),
            "key.revoke" => Some(Self::Revoke {
                key: text(act, "key")?
                    .parse()
                    .map_err(|error: HexError| FaultKind::Args(error.to_string()))?,
            }),
            _ => None,
        })
    }
}

impl KeyRing {
    pub(super) fn get(&self, id: Hash) -> Option<&KeyState> {
        self.keys.get(&id)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &KeyState> {
        self.keys.values()
    }

    /// What `entry` at `seq` does to the keys; nothing if it is void.
    pub(super) fn change(
        &self,
        suite: Suite,
        seq: u64,
        entry: &Entry,
        effective: bool,
    ) -> Result<Change, FaultKind> {
        let mut change = Change::default();
        if !effective {
            return Ok(change);
        }
        match &*entry.kind {
            "found" => change.enrolled = Self::found(suite, seq, entry)?,
            "propose" => {
                let act = Proposed::read(suite, &entry.args_as()?)?;
                change.proposed = act.map(|act| (seq, (entry.actor.clone(), act)));
            }
            "confirm" => {
                let args: Value = entry.args_as()?;
                let proposal = member(&args, "proposal")?
                    .as_u64()
                    .ok_or_else(|| FaultKind::Args("proposal is not a position".into()))?;
                if let Some((proposer, act)) = self.proposals.get(&proposal) {
                    if *proposer == entry.actor {
                        return Err(FaultKind::SelfConfirmed);
                    }
                    change.confirmed = Some(proposal);
                    match act {
                        Proposed::Enrol { key, .. } if self.keys.contains_key(&key.id()) => {
                            return Err(FaultKind::KeyTwice);
                        }
                        Proposed::Enrol { person, key } => {
                            change
                                .enrolled
                                .push(state(seq, person, key.as_ref().clone()));
                        }
                        Proposed::Revoke { key } => change.revoked.push((*key, seq)),
                    }
                }
            }
            // Whoever leaves takes no key along.
            "person.leave" => {
                let args: Value = entry.args_as()?;
                let person = text(&args, "person")?;
                let own = self.keys.iter().filter(|(_, k)| k.person == person);
                change.revoked.extend(own.map(|(id, _)| (*id, seq)));
            }
            _ => {}
        }
        Ok(change)
    }

    fn found(suite: Suite, seq: u64, entry: &Entry) -> Result<Vec<KeyState>, FaultKind> {
        let args: Value = entry.args_as()?;
        if text(&args, "suite")? != suite.name() {
            return Err(FaultKind::Suite);
        }
        let list = member(&args, "officers")?
            .as_array()
            .ok_or_else(|| FaultKind::Args("officers is not a list".into()))?;
        let mut officers: Vec<KeyState> = Vec::new();
        for officer in list {
            let key = public_key(suite, officer)?;
            if officers.iter().any(|other| other.key == key) {
                return Err(FaultKind::KeyTwice);
            }
            officers.push(state(seq, text(officer, "person")?, key));
        }
        // The founder is the first officer; nobody else can found in his name.
        match officers.first() {
            Some(founder) if founder.key.id() != entry.key => Err(FaultKind::KeyUnknown),
            Some(_) => Ok(officers),
            None => Err(FaultKind::Args("no officers".into())),
        }
    }

    /// The state of the key that must have signed `entry`: enrolled, not revoked, the actor's own.
    pub(super) fn signer<'a>(
        &'a self,
        change: &'a Change,
        entry: &Entry,
    ) -> Result<&'a KeyState, FaultKind> {
        // Only founding counts from its own entry; a confirmed key waits for the next.
        let founding = change.enrolled.iter().filter(|_| entry.kind == "found");
        let state = self
            .keys
            .get(&entry.key)
            .or_else(|| founding.clone().find(|state| state.key.id() == entry.key))
            .ok_or(FaultKind::KeyUnknown)?;
        if state.revoked.is_some() {
            return Err(FaultKind::KeyRevoked);
        }
        if state.person != entry.actor {
            return Err(FaultKind::KeyOfAnother);
        }
        Ok(state)
    }

    pub(super) fn apply(&mut self, change: Change) {
        for state in change.enrolled {
            self.keys.insert(state.key.id(), state);
        }
        if let Some((seq, proposal)) = change.proposed {
            self.proposals.insert(seq, proposal);
        }
        if let Some(proposal) = change.confirmed {
            self.proposals.remove(&proposal);
        }
        for (key, seq) in change.revoked {
            if let Some(state) = self.keys.get_mut(&key) {
                state.revoked.get_or_insert(seq);
            }
        }
        if let Some((key, dseq, id)) = change.advanced
            && let Some(state) = self.keys.get_mut(&key)
        {
            state.dseq = dseq;
            state.last = id;
        }
    }
}

fn state(seq: u64, person: &str, key: PublicKey) -> KeyState {
    KeyState {
        person: person.to_owned(),
        key,
        dseq: 0,
        last: Hash::ZERO,
        enrolled: seq,
        revoked: None,
    }
}
