//! Room `desk`: what a person can do, one function each; the only door.
//!
//! A [`Desk`] is a store with somebody at the keyboard. Every act builds one entry, signs it with
//! his key and appends it; the rules are asked inside the same transaction, by the fold itself.
//! Screens, commands and the runner call these functions and nothing below them.
//!
//! * [`login`]: opening, founding, keys, lockout
//! * [`people`], [`setup`]: persons, grants, keys, purge; bureaus, sites, columns, routes
//! * [`draft`]: create, revise, attach, submit, claims, autosave
//! * [`comments`], [`lists`]: what is said about an item; the board's own words and names
//! * [`review`]: approve, return, reject, clear, sign off
//! * [`release`], [`bundle`]: times, publication, correction, withdrawal
//! * [`view`], [`plan`], [`entry`]: what screens show, under the same rights
//! * [`live`]: what the public sees, and nothing else: what pages are made from
//! * [`export`], [`form`]: what leaves the program, each time with an entry
//! * [`certify`]: the signed word on what left

pub mod after;
pub mod bundle;
pub mod certify;
pub mod comments;
pub mod content;
pub mod draft;
pub mod entry;
mod error;
pub mod export;
pub mod findings;
pub mod form;
pub mod intake;
pub mod intake_clean;
pub mod language;
pub mod lists;
pub mod live;
pub mod login;
pub mod original;
pub mod people;
pub mod plan;
pub mod release;
pub mod review;
pub mod revisions;
mod rows;
pub mod screening;
pub mod setup;
pub mod view;

use std::path::PathBuf;
use std::rc::Rc;

pub use content::{Attachment, Content, Fields};
pub use error::{DeskError, exit};
pub use login::{Founder, SystemClock};
pub use original::Original;

use crate::journal::{Hash, Signer};
use crate::rules::act::{Act, BodyRole};
use crate::rules::case::Case;
use crate::rules::check::check;
use crate::rules::org::Org;
use crate::rules::refusal::refuse;
use crate::store::bodies::NewBody;
use crate::store::facts::{self, ItemRow};
use crate::store::query::{self, Sight};
use crate::store::{Draft, Receipt, Store, StoreError, Tx, checkpoint};

/// Result of every act.
pub type Result<T> = std::result::Result<T, DeskError>;

/// Where the time comes from. The product only ever uses [`SystemClock`]; tests and measurements
/// bring their own.
pub trait Clock: Send {
    /// Now, µs since 1970 UTC.
    fn now(&self) -> i64;
}

/// A store with somebody at the keyboard.
pub struct Desk {
    store: Store,
    person: String,
    signer: Box<dyn Signer>,
    session: String,
    clock: Box<dyn Clock>,
    checkpoints: Option<PathBuf>,
    /// The detectors with the board's lists, kept while neither lists nor day change.
    screening: Option<std::sync::Arc<screening::Screening>>,
    /// Wrong passphrases before the right one, until a session tells them.
    failures: u32,
}

/// A text to go with an act.
#[derive(Debug, Clone, Default)]
pub struct Note(pub Option<String>);

impl Note {
    /// A note with these words; blank ones count as none.
    pub fn of(text: &str) -> Note {
        let text = crate::text::normalise(text).text;
        let text = text.trim();
        Note((!text.is_empty()).then(|| text.to_owned()))
    }

    /// No note.
    pub fn none() -> Note {
        Note(None)
    }
}

impl Desk {
    /// A desk over an open store for a person whose key is unlocked.
    pub fn new(store: Store, person: &str, signer: Box<dyn Signer>, clock: Box<dyn Clock>) -> Desk {
        let checkpoints = Some(checkpoint::default_dir(store.path()));
        Desk {
            store,
            person: person.to_owned(),
            signer,
            session: new_id(""),
            clock,
            checkpoints,
            screening: None,
            failures: 0,
        }
    }

    /// The person at the keyboard.
    pub fn person(&self) -> &str {
        &self.person
    }

    /// The editing session of this desk.
    pub fn session(&self) -> &str {
        &self.session
    }

    /// Now, µs.
    pub fn now(&self) -> i64 {
        self.clock.now()
    }

    /// The instant an entry would get now: the clock, but never before the last entry.
    pub fn moment(&self) -> Result<i64> {
        Ok(self.clock.now().max(self.store.head()?.recorded_at))
    }

    /// The store, for reading.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The store, for maintenance commands.
    pub fn store_mut(&mut self) -> &mut Store {
        &mut self.store
    }

    /// The organisation.
    pub fn org(&mut self) -> Result<Rc<Org>> {
        Ok(self.store.org()?)
    }

    /// What the person at the keyboard may see now.
    pub fn sight(&mut self) -> Result<Sight> {
        let now = self.moment()?;
        let org = self.org()?;
        Ok(Sight::of(&org, &self.person, now))
    }

    /// Somebody else sits down. The session is his own.
    pub fn switch(&mut self, person: &str, signer: Box<dyn Signer>) {
        person.clone_into(&mut self.person);
        self.signer = signer;
        self.session = new_id("");
        self.failures = 0;
    }

    /// Leaves the keyboard: gives back the store.
    pub fn into_store(self) -> Store {
        self.store
    }

    /// Where checkpoints are written besides the store.
    pub fn set_checkpoint_dir(&mut self, dir: Option<PathBuf>) {
        self.checkpoints = dir;
    }

    /// Signs a checkpoint of the present head.
    pub fn checkpoint(&mut self) -> Result<String> {
        let now = self.now();
        let name = self.signing_name()?;
        Ok(self.store.checkpoint(
            &name,
            self.signer.as_ref(),
            now,
            self.checkpoints.as_deref(),
        )?)
    }

    fn signing_name(&mut self) -> Result<String> {
        let org = self.org()?;
        Ok(org
            .persons
            .get(&self.person)
            .map_or_else(|| self.person.clone(), |p| p.login.clone()))
    }

    /// One act in one transaction.
    fn act(
        &mut self,
        item: Option<(&str, Option<u64>)>,
        act: &Act,
        bodies: &[(BodyRole, NewBody)],
    ) -> Result<Receipt> {
        let now = self.clock.now();
        let (person, signer) = (&self.person, self.signer.as_ref());
        let receipt = self.store.write(|tx| -> Result<Receipt> {
            Ok(tx.act(&Draft {
                person,
                signer,
                now,
                item,
                act,
                bodies,
            })?)
        })?;
        self.checkpoint_if_due();
        Ok(receipt)
    }

    /// Several acts of one operation in one transaction.
    fn acts<T>(
        &mut self,
        work: impl FnOnce(
            &mut Tx<'_>,
            &dyn Fn(
                &mut Tx<'_>,
                Option<(&str, Option<u64>)>,
                &Act,
                &[(BodyRole, NewBody)],
            ) -> Result<Receipt>,
        ) -> Result<T>,
    ) -> Result<T> {
        let now = self.clock.now();
        let (person, signer) = (&self.person, self.signer.as_ref());
        let value = self.store.write(|tx| -> Result<T> {
            work(tx, &|tx, item, act, bodies| {
                Ok(tx.act(&Draft {
                    person,
                    signer,
                    now,
                    item,
                    act,
                    bodies,
                })?)
            })
        })?;
        self.checkpoint_if_due();
        Ok(value)
    }

    /// Every thousand entries and every day. A checkpoint that cannot be written now is written
    /// after the next act; the act itself is done either way.
    fn checkpoint_if_due(&mut self) {
        let due = self.store.head().and_then(|head| {
            // Looked at every sixteenth entry and at the round thousands: cheap, and never late by much.
            if head.seq.is_multiple_of(16) {
                checkpoint::is_due(self.store.conn(), &head, self.clock.now())
            } else {
                Ok(false)
            }
        });
        if matches!(due, Ok(true))
            && let Err(error) = self.checkpoint()
        {
            tracing::warn!(%error, "checkpoint not written");
        }
    }

    /// Asks the rules without doing anything: what screens offer and dry runs print.
    pub fn may(&mut self, id: Option<&str>, act: &Act, bodies: &[(BodyRole, u64)]) -> Result<()> {
        let now = self.moment()?;
        let org = self.org()?;
        let seq = self.store.head()?.seq + 1;
        let envelope = if act.moves_item() { id } else { None };
        let facts = facts::load(self.store.conn(), envelope, act)?;
        let case = Case {
            org: &org,
            seq,
            now,
            actor: &self.person,
            id: envelope,
            item: facts.item.as_ref().map(|i| &i.facts),
            bundle: facts.bundle.as_ref().map(|b| &b.facts),
            proposal: facts.proposal.as_ref(),
            thread: facts.thread.as_ref(),
            other: facts.other.as_ref().map(|i| &i.facts),
            related: facts.related,
            flag: facts.flag.as_ref(),
            waivers: &facts.waivers,
            bodies,
        };
        Ok(check(&case, act)?)
    }

    /// The item a person means by id, number or the beginning of an id; unknown when he may not
    /// see it. Every view and every text goes through here.
    pub fn find(&mut self, name: &str) -> Result<ItemRow> {
        self.find_by(name, false)
    }

    /// The same for acts on due dates: the runner, who may see no working text and no view, still
    /// has to name the item. Nothing found this way may be shown.
    pub(super) fn find_due(&mut self, name: &str) -> Result<ItemRow> {
        self.find_by(name, true)
    }

    fn find_by(&mut self, name: &str, for_running: bool) -> Result<ItemRow> {
        let unknown = || DeskError::Refused(refuse("item.unknown", &[]));
        let id = query::resolve_item(self.store.conn(), name)?.ok_or_else(unknown)?;
        let row = facts::item(self.store.conn(), &id)?.ok_or_else(unknown)?;
        let now = self.moment()?;
        let org = self.org()?;
        let case = Case {
            org: &org,
            seq: 0,
            now,
            actor: &self.person,
            id: None,
            item: None,
            bundle: None,
            proposal: None,
            thread: None,
            other: None,
            related: false,
            flag: None,
            waivers: &[],
            bodies: &[],
        };
        let runs = for_running
            && org.has_right(
                &self.person,
                crate::rules::role::Right::Run,
                row.facts.home(),
                now,
            );
        if runs || crate::rules::check::may_view(&case, &row.facts) {
            Ok(row)
        } else {
            Err(unknown())
        }
    }

    fn fresh(
        &self,
        role: BodyRole,
        bytes: Vec<u8>,
        like: Option<Hash>,
    ) -> Result<(BodyRole, NewBody)> {
        Ok((role, NewBody::fresh(self.store.suite(), bytes, like)?))
    }

    fn note_bodies(&self, note: &Note) -> Result<Vec<(BodyRole, NewBody)>> {
        match &note.0 {
            None => Ok(Vec::new()),
            Some(text) => Ok(vec![self.fresh(
                BodyRole::Note,
                text.clone().into_bytes(),
                None,
            )?]),
        }
    }

    /// Any text by its id; refused where it was purged.
    fn text(&self, id: &Hash) -> Result<String> {
        Ok(crate::store::bodies::load_text(
            self.store.conn(),
            self.store.suite(),
            id,
        )?)
    }

    /// A text by its id, or nothing where it was purged: for histories, which go on without it.
    fn text_if_there(&self, id: &Hash) -> Result<Option<String>> {
        match self.text(id) {
            Ok(text) => Ok(Some(text)),
            Err(DeskError::Store(StoreError::Purged(_))) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// A new id: 16 characters of base 32, 80 bits, after a prefix. Sessions, items and bundles are
/// named on terminals that know nothing of each other.
pub fn new_id(prefix: &str) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let mut bytes = [0u8; 16];
    // Without randomness there is no safe id and no key either; the process id keeps sessions apart.
    if getrandom::fill(&mut bytes).is_err() {
        bytes[..4].copy_from_slice(&std::process::id().to_be_bytes());
    }
    let mut id = String::from(prefix);
    id.extend(
        bytes
            .iter()
            .map(|b| char::from(ALPHABET[usize::from(b & 31)])),
    );
    id
}
