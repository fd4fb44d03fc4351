//! The proof: journal, bodies, checkpoints, high-water mark, tables. Names the first bad place.

use std::collections::HashMap;

use super::append::hash_at;
use super::rebuild::{Divergence, walk};
use super::{Result, Store, StoreError, bodies, checkpoint, high_water};
use crate::journal::fault::Fault;
use crate::journal::verify::{Row, Verifier};
use crate::journal::{Hash, Note, entry_id};
use crate::rules::act::{Act, BodyRole, Dual};

/// What is wrong, and where.
#[derive(Debug)]
pub enum Finding {
    /// In the journal itself.
    Journal(Fault),
    /// The stored id of an entry is not the id of its bytes.
    EntryId(u64),
    /// A body that an entry commits to does not match its hash.
    BodyDamaged {
        /// The entry that commits to it.
        seq: u64,
        /// The body.
        body: Hash,
    },
    /// A body that an entry commits to is not there and no purge says why.
    BodyMissing {
        /// The entry that commits to it.
        seq: u64,
        /// The body.
        body: Hash,
    },
    /// A body that was purged is still there.
    BodyNotPurged {
        /// The entry that commits to it.
        seq: u64,
        /// The body.
        body: Hash,
    },
    /// A body no entry commits to.
    BodyStray {
        /// The body.
        body: Hash,
    },
    /// A checkpoint that cannot be read or is not signed by a key of this journal.
    Checkpoint {
        /// Its position, where it can be read.
        seq: u64,
    },
    /// The stored head is not the end of the journal.
    Head,
    /// The title shown in lists is not the one in the body.
    Title {
        /// Number of the item.
        item: String,
    },
    /// The folded tables do not follow from the journal.
    Fold(Divergence),
    /// SQLite finds its own structures damaged: indexes, pages, constraints.
    Sqlite(String),
}

impl Finding {
    /// Stable code; the words are `finding-<code>`.
    pub fn code(&self) -> &'static str {
        match self {
            Finding::Journal(_) => "journal",
            Finding::EntryId(_) => "entry-id",
            Finding::BodyDamaged { .. } => "body-damaged",
            Finding::BodyMissing { .. } => "body-missing",
            Finding::BodyNotPurged { .. } => "body-not-purged",
            Finding::BodyStray { .. } => "body-stray",
            Finding::Checkpoint { .. } => "checkpoint",
            Finding::Head => "head",
            Finding::Title { .. } => "title",
            Finding::Fold(Divergence::Verdict { .. }) => "verdict",
            Finding::Fold(Divergence::Effect { .. }) => "effect",
            Finding::Fold(Divergence::Table { .. }) => "table",
            Finding::Sqlite(_) => "sqlite",
        }
    }

    /// The entry it is at, where it is at one.
    pub fn seq(&self) -> Option<u64> {
        match self {
            Finding::Journal(fault) => Some(fault.seq),
            Finding::EntryId(seq)
            | Finding::BodyDamaged { seq, .. }
            | Finding::BodyMissing { seq, .. }
            | Finding::BodyNotPurged { seq, .. }
            | Finding::Checkpoint { seq }
            | Finding::Fold(Divergence::Verdict { seq, .. } | Divergence::Effect { seq }) => {
                Some(*seq)
            }
            _ => None,
        }
    }

    /// The place within: a body, a table row, an item, the cause.
    pub fn place(&self) -> String {
        let show = |v: &Option<String>| v.clone().unwrap_or_else(|| "ok".to_owned());
        match self {
            Finding::Journal(fault) => crate::locale::word("fault", fault.what.code()),
            Finding::BodyDamaged { body, .. }
            | Finding::BodyMissing { body, .. }
            | Finding::BodyNotPurged { body, .. }
            | Finding::BodyStray { body } => body.to_string(),
            Finding::Title { item } => item.clone(),
            Finding::Sqlite(what) => what.clone(),
            Finding::Fold(Divergence::Verdict {
                recorded, replayed, ..
            }) => {
                format!("{} / {}", show(recorded), show(replayed))
            }
            Finding::Fold(Divergence::Table { table, row }) => format!("{table} {row}"),
            _ => String::new(),
        }
    }

    /// What a person reads.
    pub fn message(&self) -> String {
        let kind = crate::locale::word("finding", self.code());
        match self.seq() {
            Some(seq) => {
                crate::tr!(
                    "store-bad-entry",
                    seq = seq.to_string(),
                    kind = kind,
                    detail = self.place()
                )
            }
            None => crate::tr!("store-bad-place", kind = kind, name = self.place()),
        }
    }
}

/// What was checked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Verified {
    /// Entries in the journal.
    pub entries: u64,
    /// Of these, void ones.
    pub void: u64,
    /// Bodies hashed.
    pub bodies: u64,
    /// Bodies destroyed by purge.
    pub purged: u64,
    /// Checkpoints held against the chain.
    pub checkpoints: u64,
    /// A text was destroyed and the file not yet cleaned of its traces.
    pub scrub_pending: bool,
}

/// What to check against.
#[derive(Debug, Clone, Default)]
pub struct Against {
    /// Checkpoints kept outside the store, as text.
    pub notes: Vec<String>,
    /// Leave out replaying the rules and comparing the tables.
    pub skip_tables: bool,
}

enum Stop {
    Found(Box<Finding>),
    Store(StoreError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Stop::Store(error)
    }
}

impl From<rusqlite::Error> for Stop {
    fn from(error: rusqlite::Error) -> Self {
        Stop::Store(error.into())
    }
}

fn found(finding: Finding) -> Stop {
    Stop::Found(Box::new(finding))
}

impl Store {
    /// Checks everything. The outer error is about reading at all; the inner one is the verdict.
    pub fn verify(
        &self,
        against: &Against,
        mut progress: impl FnMut(u64) -> bool,
    ) -> Result<std::result::Result<Verified, Finding>> {
        match self.verify_inner(against, &mut progress) {
            Ok(verified) => Ok(Ok(verified)),
            Err(Stop::Found(finding)) => Ok(Err(*finding)),
            Err(Stop::Store(error)) => Err(error),
        }
    }

    fn verify_inner(
        &self,
        against: &Against,
        progress: &mut dyn FnMut(u64) -> bool,
    ) -> std::result::Result<Verified, Stop> {
        // Read before the view begins: the mark rises after a commit, so that every mark read by now
        // is of an entry the view holds. Read later, it would run ahead of the view and look like a
        // store that was cut off.
        let mark = high_water::read(&self.path, self.journal);
        // One view of the file for all of it, whoever writes meanwhile.
        let view = self
            .conn
            .unchecked_transaction()
            .map_err(StoreError::from)?;
        let mut verified = Verified::default();
        let mut verifier = Verifier::new(self.suite, self.journal);
        let mut notes = Vec::new();
        let stored = checkpoint::all(&view)?;
        for (text, own) in stored
            .iter()
            .map(|t| (t, true))
            .chain(against.notes.iter().map(|t| (t, false)))
        {
            match Note::parse(text) {
                Ok(note) => {
                    verifier
                        .expect_checkpoint(note.checkpoint.clone())
                        .map_err(|f| found(Finding::Journal(f)))?;
                    notes.push(note);
                }
                Err(_) if own => return Err(found(Finding::Checkpoint { seq: 0 })),
                Err(_) => return Err(found(Finding::Checkpoint { seq: 0 })),
            }
        }
        if let Some(mark) = mark {
            verifier
                .expect_high_water(&mark)
                .map_err(|f| found(Finding::Journal(f)))?;
        }
        let mut committed: HashMap<Hash, u64> = HashMap::new();
        let mut purges = Purges::default();
        walk(&view, |row| {
            if !progress(row.seq) {
                return Err(StoreError::Damaged("cancelled".into()).into());
            }
            let entry = verifier
                .push(&Row {
                    seq: row.seq,
                    recorded_at: row.recorded_at,
                    entry: &row.entry,
                    sig: &row.sig,
                    chain: row.chain,
                    eff: row.eff,
                    verdict: row.verdict.as_deref(),
                })
                .map_err(|fault| found(Finding::Journal(fault)))?;
            if entry_id(self.suite, &row.entry) != row.entry_id {
                return Err(found(Finding::EntryId(row.seq)));
            }
            verified.entries += 1;
            if row.verdict.is_some() {
                verified.void += 1;
                return Ok(());
            }
            if let Some(entry) = entry {
                for body in &entry.bodies {
                    committed.entry(body.id).or_insert(row.seq);
                }
                purges.note(row.seq, &entry);
            }
            Ok::<(), Stop>(())
        })?;
        let end = verifier.finish().map_err(|f| found(Finding::Journal(f)))?;
        for note in &notes {
            let signed = verifier.keys().any(|k| note.verify(&k.key).is_some());
            if !signed {
                return Err(found(Finding::Checkpoint {
                    seq: note.checkpoint.seq,
                }));
            }
            verified.checkpoints += 1;
        }
        let head = super::append::read_head(&view, self.suite)?;
        if head.seq != end.seq
            || head.chain != end.chain
            || head.eff != end.eff
            || head.frontier.root() != end.root
        {
            return Err(found(Finding::Head));
        }
        self.verify_bodies(&view, &committed, &purges.bodies(), &mut verified)?;
        self.verify_titles(&view)?;
        verified.scrub_pending = self.scrub_pending()?.is_some();
        if !against.skip_tables {
            // Hashes see every flipped byte of a row; an index that leads past rows only this sees.
            let said: String = self
                .conn
                .query_row("PRAGMA integrity_check(1)", [], |r| r.get(0))?;
            if said != "ok" {
                return Err(found(Finding::Sqlite(said)));
            }
        }
        if !against.skip_tables
            && let Some(divergence) = self.check_fold(progress)?
        {
            return Err(found(Finding::Fold(divergence)));
        }
        Ok(verified)
    }

    /// In order of the entries that commit to them, so that the first bad place is the first.
    fn verify_bodies(
        &self,
        view: &rusqlite::Connection,
        committed: &HashMap<Hash, u64>,
        purged: &HashMap<Hash, u64>,
        verified: &mut Verified,
    ) -> std::result::Result<(), Stop> {
        let mut order: Vec<(u64, Hash)> = committed.iter().map(|(id, seq)| (*seq, *id)).collect();
        order.sort_unstable();
        for (seq, body) in order {
            match (
                bodies::open(view, self.suite, &body),
                purged.contains_key(&body),
            ) {
                (Ok(Some(_)), false) => verified.bodies += 1,
                (Ok(None), true) => verified.purged += 1,
                (Ok(Some(_)), true) => return Err(found(Finding::BodyNotPurged { seq, body })),
                (Ok(None), false) => return Err(found(Finding::BodyMissing { seq, body })),
                (Err(StoreError::Body(_)), _) => {
                    return Err(found(Finding::BodyDamaged { seq, body }));
                }
                (Err(error), _) => return Err(error.into()),
            }
        }
        let mut statement = view.prepare("SELECT id FROM bodies ORDER BY n")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let body = hash_at(row, 0)?;
            if !committed.contains_key(&body) {
                return Err(found(Finding::BodyStray { body }));
            }
        }
        Ok(())
    }

    /// Lists show titles from an overlay; a forged one would mislead a reviewer.
    fn verify_titles(&self, view: &rusqlite::Connection) -> std::result::Result<(), Stop> {
        let mut statement = view.prepare(
            "SELECT i.number, r.fields, t.title FROM items i
             JOIN revisions r ON r.item = i.n AND r.n = i.revision
             LEFT JOIN titles t ON t.item = i.n ORDER BY i.n",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let shown: Option<String> = row.get(2)?;
            let kept = bodies::open(view, self.suite, &hash_at(row, 1)?)?;
            let title = kept.and_then(|(_, bytes)| {
                let fields: serde_json::Value = serde_json::from_slice(&bytes).ok()?;
                Some(fields.get("title")?.as_str()?.to_owned())
            });
            if shown.unwrap_or_default() != title.unwrap_or_default() {
                return Err(found(Finding::Title { item: row.get(0)? }));
            }
        }
        Ok(())
    }
}

/// Follows the entries to know which bodies purges have destroyed, from the journal alone.
#[derive(Default)]
struct Purges {
    proposed: HashMap<u64, (String, Vec<u32>, bool)>,
    revisions: HashMap<String, Vec<Vec<Hash>>>,
    /// By item: what was said about it, and whether that is only destroyed with the words.
    said: HashMap<String, Vec<(Hash, bool)>>,
    hit: HashMap<Hash, u64>,
}

impl Purges {
    fn note(&mut self, seq: u64, entry: &crate::journal::Entry) {
        let Ok(Some(act)) = Act::parse(&entry.kind, entry.args.get()) else {
            return;
        };
        let makes_revision = match &act {
            Act::ItemNew(_) | Act::ItemRevise(_) | Act::ItemShare(_) => true,
            Act::ItemTakeover(t) => t.author.is_some(),
            _ => false,
        };
        if let (true, Some(item)) = (makes_revision, &entry.item) {
            let text = |b: &&crate::journal::BodyRef| {
                [
                    BodyRole::Fields,
                    BodyRole::Text,
                    BodyRole::Attachment,
                    BodyRole::Evidence,
                ]
                .iter()
                .any(|r| r.code() == b.role)
            };
            let ids = entry.bodies.iter().filter(text).map(|b| b.id).collect();
            self.revisions.entry(item.clone()).or_default().push(ids);
        }
        if let Some(item) = subject(entry) {
            let passages = quotes(entry, false);
            let said = quotes(entry, true).into_iter();
            self.said
                .entry(item)
                .or_default()
                .extend(said.map(|id| (id, !passages.contains(&id))));
        }
        match act {
            Act::Propose(p) => {
                if let Dual::Purge {
                    item,
                    revisions,
                    words,
                } = p.act
                {
                    self.proposed.insert(seq, (item, revisions, words));
                }
            }
            Act::Confirm(a) => {
                if let Some((item, revisions, words)) = self.proposed.remove(&a.proposal) {
                    let all = self.revisions.get(&item).map_or(&[][..], Vec::as_slice);
                    for id in purge_targets(all, &revisions) {
                        self.hit.insert(id, seq);
                    }
                    for (id, word) in self.said.get(&item).into_iter().flatten() {
                        if words || !word {
                            self.hit.insert(*id, seq);
                        }
                    }
                }
            }
            _ => {}
        }
    }

    fn bodies(&self) -> HashMap<Hash, u64> {
        self.hit.clone()
    }
}

/// How far a purge of the named revisions reaches: to every revision that shares a text or an
/// attachment with one of them, or the secret would stay readable there. With none named, to all.
/// `revisions[k]` holds the bodies of revision k + 1: fields, text, attachments, originals.
pub fn purge_reach(revisions: &[Vec<Hash>], named: &[u32]) -> Vec<u32> {
    let mut hit: Vec<bool> = (1..=revisions.len() as u32)
        .map(|n| named.is_empty() || named.contains(&n))
        .collect();
    loop {
        let spread: std::collections::HashSet<Hash> = revisions
            .iter()
            .zip(&hit)
            .filter(|(_, hit)| **hit)
            .flat_map(|(ids, _)| ids.iter().skip(1).copied())
            .collect();
        let mut grew = false;
        for (ids, hit) in revisions.iter().zip(&mut hit) {
            if !*hit && ids.iter().skip(1).any(|id| spread.contains(id)) {
                *hit = true;
                grew = true;
            }
        }
        if !grew {
            return (1u32..)
                .zip(hit)
                .filter(|(_, hit)| *hit)
                .map(|(n, _)| n)
                .collect();
        }
    }
}

/// The item an entry says it is about, in the envelope or in its arguments.
pub fn subject(entry: &crate::journal::Entry) -> Option<String> {
    let act = Act::parse(&entry.kind, entry.args.get()).ok()??;
    entry.item.as_deref().or(act.about()).map(str::to_owned)
}

/// Bodies of an entry about an item that may quote its text: the passages of waivers, and with
/// `words` the notes and answers as well. The reason of a proposal (a purge's own) stays.
pub fn quotes(entry: &crate::journal::Entry, words: bool) -> Vec<Hash> {
    if entry.kind == "propose" {
        return Vec::new();
    }
    entry
        .bodies
        .iter()
        .filter(|b| match BodyRole::parse(&b.role) {
            Some(BodyRole::Passage) => true,
            Some(BodyRole::Note | BodyRole::Authority) => words,
            _ => false,
        })
        .map(|b| b.id)
        .collect()
}

/// The bodies a purge destroys: those of the revisions it reaches, but for fields that another
/// revision still needs.
pub fn purge_targets(revisions: &[Vec<Hash>], named: &[u32]) -> Vec<Hash> {
    let reach = purge_reach(revisions, named);
    let is_hit = |k: usize| reach.contains(&(k as u32 + 1));
    let kept: std::collections::HashSet<Hash> = revisions
        .iter()
        .enumerate()
        .filter(|(k, _)| !is_hit(*k))
        .flat_map(|(_, ids)| ids.iter().copied())
        .collect();
    let mut hit: Vec<Hash> = revisions
        .iter()
        .enumerate()
        .filter(|(k, _)| is_hit(*k))
        .flat_map(|(_, ids)| ids.iter().copied())
        .filter(|id| !kept.contains(id))
        .collect();
    hit.sort_unstable();
    hit.dedup();
    hit
}
