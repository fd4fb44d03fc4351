//! The one way an entry gets into the journal, live or on replay.
//!
//! Live, an entry that would be void is refused and leaves no trace. On replay (a rebuild, and
//! later a pull from the hub) it stays in the chain with its verdict and has no effect. Both ask
//! `Tx::judge`, whose answer depends on the prefix and the bytes alone.

use std::rc::Rc;

use rusqlite::{Connection, OptionalExtension, Transaction};

use super::bodies::{self, NewBody};
use super::facts::{self, Facts};
use super::fold;
use super::fx::Fx;
use super::{Result, StoreError, org, packing, search};
use crate::journal::{
    BodyRef, Entry, EntryError, Frontier, Hash, JournalId, PublicKey, Seen, Signer, Suite,
    chain_next, chain_start, entry_id, leaf_data, signing_message, void_effect,
};
use crate::rules::act::{Act, BodyRole, Dual};
use crate::rules::case::{Case, ProposalFacts};
use crate::rules::check::check;
use crate::rules::org::Org;
use crate::rules::refusal::Refusal;
use crate::rules::{RULES_VERSION, act::Found};

/// Why an entry did not get in.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// A rule says no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The item moved since the author looked at it.
    #[error("the item moved since entry {0}")]
    Stale(u64),
    /// The entry itself is not acceptable here: form, key, signature, counter, witness.
    #[error("entry not acceptable: {0}")]
    Unacceptable(&'static str),
    /// Below the rules.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for AppendError {
    fn from(error: rusqlite::Error) -> Self {
        AppendError::Store(error.into())
    }
}

/// Where the journal ends.
#[derive(Debug, Clone)]
pub struct Head {
    /// The journal.
    pub journal: JournalId,
    /// Its algorithms.
    pub suite: Suite,
    /// Position of the last entry, 0 when empty.
    pub seq: u64,
    /// Chain value there.
    pub chain: Hash,
    /// Effect value there.
    pub eff: Hash,
    /// When it was recorded, µs.
    pub recorded_at: i64,
    /// Last entry that changed the organisation.
    pub org_seq: u64,
    /// Highest version of the rules an entry with effect or verdict was judged by; 0 when empty.
    pub rules: u32,
    /// Right edge of the tree.
    pub frontier: Frontier,
}

/// What an accepted entry got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Its position.
    pub seq: u64,
    /// Its id.
    pub entry_id: Hash,
    /// When it was recorded, µs.
    pub recorded_at: i64,
    /// It was there already.
    pub dup: bool,
}

/// An act about to become an entry.
pub struct Draft<'a> {
    /// Who acts.
    pub person: &'a str,
    /// With which key.
    pub signer: &'a dyn Signer,
    /// The author's clock, µs.
    pub now: i64,
    /// The item or bundle whose head it moves, with the base the author saw; `None` as base takes
    /// the present one.
    pub item: Option<(&'a str, Option<u64>)>,
    /// What.
    pub act: &'a Act,
    /// Texts it commits to; those already stored are named again without their bytes.
    pub bodies: &'a [(BodyRole, NewBody)],
}

pub(super) fn org_seq(conn: &Connection) -> Result<u64> {
    let seq = conn
        .prepare_cached("SELECT org_seq FROM head")?
        .query_row([], |r| r.get::<_, i64>(0))
        .optional()?;
    Ok(seq.unwrap_or(0) as u64)
}

pub(super) fn hash_at(row: &rusqlite::Row<'_>, index: usize) -> rusqlite::Result<Hash> {
    let bytes = row
        .get_ref(index)?
        .as_blob()
        .map_err(rusqlite::Error::from)?;
    Hash::from_slice(bytes).ok_or(rusqlite::Error::IntegralValueOutOfRange(
        index,
        bytes.len() as i64,
    ))
}

pub(super) fn opt_hash_at(row: &rusqlite::Row<'_>, index: usize) -> rusqlite::Result<Option<Hash>> {
    Ok(row
        .get_ref(index)?
        .as_blob_or_null()
        .map_err(rusqlite::Error::from)?
        .and_then(Hash::from_slice))
}

pub(super) fn read_head(conn: &Connection, suite: Suite) -> Result<Head> {
    let journal: String = conn
        .prepare_cached("SELECT value FROM meta WHERE key = 'journal'")?
        .query_row([], |r| r.get(0))?;
    let journal: JournalId = journal
        .parse()
        .map_err(|_| StoreError::Damaged("meta.journal".into()))?;
    let row = conn
        .prepare_cached("SELECT seq, chain, eff, recorded_at, org_seq, frontier, rules FROM head")?
        .query_row([], |r| {
            Ok((
                r.get::<_, i64>(0)?,
                hash_at(r, 1)?,
                hash_at(r, 2)?,
                r.get(3)?,
                r.get::<_, i64>(4)?,
                r.get::<_, Vec<u8>>(5)?,
                r.get(6)?,
            ))
        })
        .optional()?;
    let Some((seq, chain, eff, recorded_at, org_seq, frontier, rules)) = row else {
        return Ok(Head {
            journal,
            suite,
            seq: 0,
            chain: chain_start(suite, journal),
            eff: Hash::ZERO,
            recorded_at: 0,
            org_seq: 0,
            rules: 0,
            frontier: Frontier::new(suite),
        });
    };
    let frontier = Frontier::from_bytes(suite, &frontier)
        .ok_or_else(|| StoreError::Damaged("head.frontier".into()))?;
    Ok(Head {
        journal,
        suite,
        seq: seq as u64,
        chain,
        eff,
        recorded_at,
        org_seq: org_seq as u64,
        rules,
        frontier,
    })
}

pub(super) fn read_head_seq(conn: &Connection) -> Result<u64> {
    let seq = conn
        .prepare_cached("SELECT seq FROM head")?
        .query_row([], |r| r.get::<_, i64>(0))
        .optional()?;
    Ok(seq.unwrap_or(0) as u64)
}

/// The organisation as it was read last, with the entry it was read at.
pub(super) type Cached = Option<(u64, Rc<Org>)>;

/// A write transaction in which entries can be appended.
pub struct Tx<'c> {
    tx: Transaction<'c>,
    suite: Suite,
    head: Head,
    org: Cached,
    moved: bool,
}

/// A row of the journal on replay.
pub struct ReplayRow<'a> {
    /// Its recorded instant.
    pub recorded_at: i64,
    /// The exact entry bytes.
    pub entry: &'a [u8],
    /// The signature.
    pub sig: &'a [u8],
}

impl<'c> Tx<'c> {
    pub(super) fn begin(
        tx: Transaction<'c>,
        _journal: JournalId,
        suite: Suite,
        org: Cached,
    ) -> Result<Self> {
        let head = read_head(&tx, suite)?;
        let org = org.filter(|(seq, _)| *seq == head.org_seq);
        Ok(Tx {
            tx,
            suite,
            head,
            org,
            moved: false,
        })
    }

    pub(super) fn commit(self) -> Result<(Option<Head>, Cached)> {
        self.tx.commit()?;
        Ok((self.moved.then_some(self.head), self.org))
    }

    /// The connection inside the transaction.
    pub fn conn(&self) -> &Connection {
        &self.tx
    }

    /// The head as of the last append.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// The journal's algorithms.
    pub fn suite(&self) -> Suite {
        self.suite
    }

    /// The organisation as of the last append.
    pub fn org(&mut self) -> Result<Rc<Org>> {
        if let Some((seq, org)) = &self.org
            && *seq == self.head.org_seq
        {
            return Ok(Rc::clone(org));
        }
        let org = Rc::new(org::load(&self.tx, self.suite)?);
        self.org = Some((self.head.org_seq, Rc::clone(&org)));
        Ok(org)
    }

    /// Counter and id of this key's last entry.
    fn device(&self, key: &Hash) -> Result<(u64, Hash)> {
        Ok(self
            .tx
            .prepare_cached("SELECT dseq, dprev FROM devices WHERE key = ?1")?
            .query_row([key.as_bytes().as_slice()], |r| {
                Ok((r.get::<_, i64>(0)? as u64, hash_at(r, 1)?))
            })
            .optional()?
            .unwrap_or((0, Hash::ZERO)))
    }

    /// Makes the entry, signs it and appends it.
    pub fn act(&mut self, draft: &Draft<'_>) -> std::result::Result<Receipt, AppendError> {
        let key = draft.signer.public().id();
        let (dseq, dprev) = self.device(&key)?;
        let (item, base) = match draft.item {
            None => (None, None),
            Some((id, Some(base))) => (Some(id.to_owned()), Some(base)),
            Some((id, None)) => (Some(id.to_owned()), facts::base_of(&self.tx, id)?),
        };
        let entry = Entry {
            v: 1,
            suite: self.suite,
            journal: self.head.journal,
            rules: RULES_VERSION,
            actor: draft.person.to_owned(),
            key,
            dseq: dseq + 1,
            dprev,
            seen: Seen {
                seq: self.head.seq,
                chain: self.head.chain,
            },
            at: draft.now,
            kind: draft.act.kind().to_owned(),
            item,
            base,
            bodies: draft
                .bodies
                .iter()
                .map(|(role, body)| BodyRef {
                    id: body.id,
                    len: body.len,
                    role: role.code().to_owned(),
                })
                .collect(),
            args: draft
                .act
                .args()
                .map_err(|e| StoreError::Damaged(e.to_string()))?,
        };
        let bytes = entry.encode();
        let id = entry_id(self.suite, &bytes);
        let sig = draft.signer.sign(&signing_message(id));
        let news: Vec<&NewBody> = draft.bodies.iter().map(|(_, b)| b).collect();
        self.append(draft.now, &bytes, &sig, &news)
    }

    /// Appends signed bytes. `dup` when they are there already, [`AppendError::Stale`] when the
    /// item moved: the semantics the hub will have.
    pub fn append(
        &mut self,
        now: i64,
        bytes: &[u8],
        sig: &[u8],
        news: &[&NewBody],
    ) -> std::result::Result<Receipt, AppendError> {
        let id = entry_id(self.suite, bytes);
        let known = self
            .tx
            .prepare_cached("SELECT seq, recorded_at FROM journal WHERE entry_id = ?1")?
            .query_row([id.as_bytes().as_slice()], |r| {
                Ok((r.get::<_, i64>(0)?, r.get(1)?))
            })
            .optional()?;
        if let Some((seq, recorded_at)) = known {
            return Ok(Receipt {
                seq: seq as u64,
                entry_id: id,
                recorded_at,
                dup: true,
            });
        }
        // The recorded instant never goes back, whatever the clock does.
        let recorded_at = now.max(self.head.recorded_at);
        match self.judge(recorded_at, bytes, sig, id)? {
            Judged::Fine(fine) => {
                bodies::store(&self.tx, self.suite, news)?;
                let eff = self.apply(recorded_at, &fine)?;
                self.device_moves(&fine.entry, id)?;
                self.record(recorded_at, bytes, sig, id, eff, None)?;
                self.overlays(&fine)?;
                Ok(Receipt {
                    seq: self.head.seq,
                    entry_id: id,
                    recorded_at,
                    dup: false,
                })
            }
            Judged::Refused { refusal, .. } => Err(AppendError::Refused(refusal)),
            Judged::Stale { base, .. } => Err(AppendError::Stale(base)),
            Judged::Unauthentic(why) => Err(AppendError::Unacceptable(why)),
        }
    }

    /// Puts a row of an existing journal back, with the verdict it must have.
    /// Returns the verdict and the effect value for comparison.
    pub fn replay(&mut self, row: &ReplayRow<'_>) -> Result<(Option<String>, Hash)> {
        let id = entry_id(self.suite, row.entry);
        let (verdict, eff) = match self.judge(row.recorded_at, row.entry, row.sig, id)? {
            Judged::Fine(fine) => {
                let eff = self.apply(row.recorded_at, &fine)?;
                self.device_moves(&fine.entry, id)?;
                (None, eff)
            }
            Judged::Refused { refusal, entry } => {
                self.device_moves(&entry, id)?;
                let rule = refusal.rule.to_owned();
                let eff = void_effect(self.suite, self.head.eff, &rule);
                (Some(rule), eff)
            }
            Judged::Stale { entry, .. } => {
                self.device_moves(&entry, id)?;
                (
                    Some("item.stale".to_owned()),
                    void_effect(self.suite, self.head.eff, "item.stale"),
                )
            }
            Judged::Unauthentic(why) => (
                Some(why.to_owned()),
                void_effect(self.suite, self.head.eff, why),
            ),
        };
        self.record(
            row.recorded_at,
            row.entry,
            row.sig,
            id,
            eff,
            verdict.as_deref(),
        )?;
        Ok((verdict, eff))
    }

    fn judge(&mut self, recorded_at: i64, bytes: &[u8], sig: &[u8], id: Hash) -> Result<Judged> {
        let org = self.org()?;
        let entry = match Entry::parse(bytes) {
            Ok(entry) => entry,
            Err(EntryError::Version(v)) => return Err(StoreError::Upgrade(format!("entry v{v}"))),
            Err(_) => return Ok(Judged::Unauthentic("entry.form")),
        };
        if entry.journal != self.head.journal || entry.suite != self.suite {
            return Ok(Judged::Unauthentic("entry.journal"));
        }
        if entry.rules > RULES_VERSION {
            return Err(StoreError::Upgrade(format!("rules {}", entry.rules)));
        }
        if entry.rules < self.head.rules {
            return Ok(Judged::Unauthentic("entry.rules"));
        }
        let act = match Act::parse(&entry.kind, entry.args.get()) {
            Ok(Some(act)) => act,
            Ok(None) => return Err(StoreError::Upgrade(format!("kind {}", entry.kind))),
            Err(_) => return Ok(Judged::Unauthentic("entry.form")),
        };
        let founding;
        let key = match (&act, org.keys.get(&entry.key)) {
            (Act::Found(found), None) if self.head.seq == 0 => {
                founding = founder_key(self.suite, found);
                match &founding {
                    Some(key) if key.id() == entry.key => key,
                    _ => return Ok(Judged::Unauthentic("entry.key")),
                }
            }
            (_, Some(key)) if key.person == entry.actor => &key.public,
            _ => return Ok(Judged::Unauthentic("entry.key")),
        };
        if !key.verify(&signing_message(id), sig) {
            return Ok(Judged::Unauthentic("entry.signature"));
        }
        let (dseq, dprev) = self.device(&entry.key)?;
        if entry.dseq != dseq + 1 || entry.dprev != dprev {
            return Ok(Judged::Unauthentic("entry.device"));
        }
        if !self.has_seen(&entry.seen)? {
            return Ok(Judged::Unauthentic("entry.seen"));
        }
        let seq = self.head.seq + 1;
        let mut roles = Vec::with_capacity(entry.bodies.len());
        for body in &entry.bodies {
            match BodyRole::parse(&body.role) {
                Some(role) => roles.push((role, body.len)),
                None => return Ok(Judged::Unauthentic("entry.form")),
            }
        }
        // Which acts name an item in the envelope is part of their form.
        if act.moves_item() != entry.item.is_some() {
            return Ok(Judged::Unauthentic("entry.form"));
        }
        let facts = facts::load(&self.tx, entry.item.as_deref(), &act)?;
        if facts.base != entry.base {
            return Ok(Judged::Stale {
                base: facts.base.unwrap_or(0),
                entry: Box::new(entry),
            });
        }
        let case = Case {
            org: &org,
            rules: entry.rules,
            seq,
            now: recorded_at,
            actor: &entry.actor,
            id: entry.item.as_deref(),
            item: facts.item.as_ref().map(|i| &i.facts),
            bundle: facts.bundle.as_ref().map(|b| &b.facts),
            proposal: facts.proposal.as_ref(),
            thread: facts.thread.as_ref(),
            other: facts.other.as_ref().map(|i| &i.facts),
            related: facts.related,
            flag: facts.flag.as_ref(),
            waivers: &facts.waivers,
            bodies: &roles,
        };
        if let Err(refusal) = check(&case, &act) {
            return Ok(Judged::Refused {
                refusal,
                entry: Box::new(entry),
            });
        }
        Ok(Judged::Fine(Box::new(Fine { entry, act, facts })))
    }

    /// The author's witness must be a head this journal really had.
    fn has_seen(&self, seen: &Seen) -> Result<bool> {
        if seen.seq == self.head.seq {
            return Ok(seen.chain == self.head.chain);
        }
        if seen.seq > self.head.seq {
            return Ok(false);
        }
        if seen.seq == 0 {
            return Ok(seen.chain == chain_start(self.suite, self.head.journal));
        }
        let chain = self
            .tx
            .prepare_cached("SELECT chain FROM journal WHERE seq = ?1")?
            .query_row([seen.seq as i64], |r| hash_at(r, 0))
            .optional()?;
        Ok(chain == Some(seen.chain))
    }

    fn apply(&mut self, recorded_at: i64, fine: &Fine) -> Result<Hash> {
        let org = self.org()?;
        let mut fx = Fx::new(&self.tx, self.suite, self.head.eff);
        let moment = fold::Moment {
            seq: self.head.seq + 1,
            now: recorded_at,
            suite: self.suite,
            org: &org,
        };
        fold::apply(&mut fx, &moment, &fine.entry, &fine.act, &fine.facts)?;
        let eff = fx.finish();
        if fine.act.changes_org() {
            self.head.org_seq = self.head.seq + 1;
            self.org = None;
        }
        Ok(eff)
    }

    /// Titles, search, and what a purge destroys: not part of the fold, but of the same transaction.
    fn overlays(&self, fine: &Fine) -> Result<()> {
        match &fine.act {
            Act::ItemNew(_) | Act::ItemShare(_) => {
                let n = self
                    .tx
                    .prepare_cached("SELECT max(n) FROM items")?
                    .query_row([], |r| r.get(0))?;
                search::touch(&self.tx, self.suite, n)
            }
            Act::ItemRevise(_) | Act::ItemTakeover(_) | Act::ItemDiscard(_) => {
                match &fine.facts.item {
                    Some(item) => search::touch(&self.tx, self.suite, item.n),
                    None => Ok(()),
                }
            }
            Act::Confirm(_) => match (&fine.facts.proposal, &fine.facts.item) {
                (
                    Some(ProposalFacts {
                        act:
                            Dual::Purge {
                                revisions, words, ..
                            },
                        ..
                    }),
                    Some(item),
                ) => self.destroy(item, revisions, *words),
                _ => Ok(()),
            },
            _ => Ok(()),
        }
    }

    fn destroy(&self, item: &facts::ItemRow, named: &[u32], words: bool) -> Result<()> {
        let revisions = bodies_of_revisions(&self.tx, item.n)?;
        let mut targets = super::verify::purge_targets(&revisions, named);
        targets.extend(self.said_about((item.n, &item.facts.id), words)?);
        bodies::purge(&self.tx, self.suite, &targets)?;
        super::local::autosaves_purged(&self.tx, &item.facts.id)?;
        // Until the file is cleaned of what the pages held; whoever opens it next goes on.
        self.tx.execute(
            "INSERT OR REPLACE INTO scrub_pending (id, since) VALUES (1, ?1)",
            [self.head.recorded_at],
        )?;
        search::touch(&self.tx, self.suite, item.n)?;
        search::catch_up(&self.tx, self.suite)
    }

    /// The bodies of what was said about an item that a purge destroys: the passages waivers quote,
    /// and with `words` every comment, reason, opinion and answer.
    fn said_about(&self, (item, id): (i64, &str), words: bool) -> Result<Vec<Hash>> {
        let mut said = Vec::new();
        for row in super::query::history::entries(&self.tx, item)? {
            if row.verdict.is_some() {
                continue;
            }
            let entry = Entry::parse(&row.bytes)
                .map_err(|_| StoreError::Damaged("journal.entry".into()))?;
            if super::verify::subject(&entry).as_deref() == Some(id) {
                said.extend(super::verify::quotes(&entry, words));
            }
        }
        Ok(said)
    }

    fn device_moves(&mut self, entry: &Entry, id: Hash) -> Result<()> {
        self.head.rules = self.head.rules.max(entry.rules);
        self.tx
            .prepare_cached(
                "INSERT OR REPLACE INTO devices (key, dseq, dprev) VALUES (?1, ?2, ?3)",
            )?
            .execute((
                entry.key.as_bytes().as_slice(),
                entry.dseq as i64,
                id.as_bytes().as_slice(),
            ))?;
        Ok(())
    }

    fn record(
        &mut self,
        recorded_at: i64,
        bytes: &[u8],
        sig: &[u8],
        id: Hash,
        eff: Hash,
        verdict: Option<&str>,
    ) -> Result<()> {
        let seq = self.head.seq + 1;
        let leaf = leaf_data(self.suite, seq, recorded_at, id, sig);
        let chain = chain_next(self.suite, self.head.chain, &leaf);
        self.head.frontier.push(&leaf);
        self.tx
            .prepare_cached(
                "INSERT INTO journal (seq, recorded_at, entry_id, entry, sig, chain, eff, verdict)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute((
                seq as i64,
                recorded_at,
                id.as_bytes().as_slice(),
                packing::pack(bytes)?,
                sig,
                chain.as_bytes().as_slice(),
                eff.as_bytes().as_slice(),
                verdict,
            ))?;
        self.tx
            .prepare_cached(
                "INSERT OR REPLACE INTO head (id, seq, chain, eff, recorded_at, org_seq, frontier, rules)
                 VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute((
                seq as i64,
                chain.as_bytes().as_slice(),
                eff.as_bytes().as_slice(),
                recorded_at,
                self.head.org_seq as i64,
                self.head.frontier.to_bytes(),
                self.head.rules,
            ))?;
        self.head.seq = seq;
        self.head.chain = chain;
        self.head.eff = eff;
        self.head.recorded_at = recorded_at;
        self.moved = true;
        Ok(())
    }
}

/// The bodies of every revision of an item, oldest first: fields, text, attachments, originals.
/// The public never sees originals, so no table names them; the entry that brought them does.
pub(super) fn bodies_of_revisions(conn: &Connection, item: i64) -> Result<Vec<Vec<Hash>>> {
    let mut statement = conn.prepare_cached(
        "SELECT r.fields, r.text, r.attachments, j.entry FROM revisions r
         JOIN journal j ON j.seq = r.seq WHERE r.item = ?1 ORDER BY r.n",
    )?;
    let mut rows = statement.query([item])?;
    let mut revisions = Vec::new();
    while let Some(r) = rows.next()? {
        let mut ids = vec![hash_at(r, 0)?, hash_at(r, 1)?];
        ids.extend(org::hash_list(
            r.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?,
        )?);
        let packed = r.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?;
        let entry = Entry::parse(&packing::unpack(packed)?)
            .map_err(|_| StoreError::Damaged("journal.entry".into()))?;
        ids.extend(originals(&entry));
        revisions.push(ids);
    }
    Ok(revisions)
}

/// The originals an entry brought.
pub fn originals(entry: &Entry) -> impl Iterator<Item = Hash> {
    let role = BodyRole::Evidence.code();
    entry
        .bodies
        .iter()
        .filter(move |b| b.role == role)
        .map(|b| b.id)
}

fn founder_key(suite: Suite, found: &Found) -> Option<PublicKey> {
    PublicKey::from_base64(suite, &found.officers.first()?.key).ok()
}

struct Fine {
    entry: Entry,
    act: Act,
    facts: Facts,
}

enum Judged {
    Fine(Box<Fine>),
    Refused { refusal: Refusal, entry: Box<Entry> },
    Stale { base: u64, entry: Box<Entry> },
    Unauthentic(&'static str),
}
