//! Founding a store, logging in: unlocking one's key is logging in.

use std::path::Path;

use super::{Clock, Desk, DeskError, Result, new_id};
use crate::journal::{JournalId, SealCost, Signer, SoftKey, Suite, check_passphrase};
use crate::rules::act::{Act, Found, Officer};
use crate::rules::role::Role;
use crate::store::{OpenMode, Store, StoreError, keyfile, local};

/// The system's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> i64 {
        jiff::Timestamp::now().as_microsecond()
    }

    fn steady(&self) -> Option<i64> {
        static START: std::sync::LazyLock<std::time::Instant> =
            std::sync::LazyLock::new(std::time::Instant::now);
        i64::try_from(START.elapsed().as_micros()).ok()
    }
}

/// One of the two who found a journal.
pub struct Founder {
    /// Login handle.
    pub login: String,
    /// `office-director` or `security-admin`.
    pub role: Role,
    /// His key.
    pub key: Box<dyn Signer>,
}

/// A new journal id.
pub fn new_journal_id() -> Result<JournalId> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes).map_err(|e| StoreError::Damaged(format!("no randomness: {e}")))?;
    Ok(JournalId::from(bytes))
}

/// Founds a store: the first entry, signed by the first founder, names both.
pub fn found(
    path: &Path,
    mode: OpenMode,
    suite: Suite,
    province: &str,
    first: Founder,
    second: &Founder,
    clock: Box<dyn Clock>,
) -> Result<Desk> {
    let store = Store::create(path, new_journal_id()?, suite, mode)?;
    let officer = |person: &str, f: &Founder| Officer {
        person: person.to_owned(),
        login: f.login.clone(),
        role: f.role,
        key: f.key.public().to_base64(),
    };
    let act = Act::Found(Found {
        suite,
        province: province.trim().to_owned(),
        officers: vec![officer("p1", &first), officer("p2", second)],
    });
    let mut desk = Desk::new(store, "p1", first.key, clock);
    match desk.act(None, &act, &[]) {
        Ok(_) => Ok(desk),
        Err(error) => {
            // A store without its first entry is nothing; the name is free again.
            drop(desk);
            for suffix in ["", "-wal", "-shm", ".high"] {
                let mut name = path.as_os_str().to_owned();
                name.push(suffix);
                let _ = std::fs::remove_file(name);
            }
            Err(error)
        }
    }
}

/// Makes a key and seals it into a new file. The public half goes to `key enrol`.
pub fn new_key(path: &Path, suite: Suite, passphrase: &str, cost: SealCost) -> Result<SoftKey> {
    check_passphrase(passphrase).map_err(crate::journal::KeyError::from)?;
    let key = SoftKey::generate(suite)?;
    keyfile::write(path, &key.seal_with(passphrase, cost)?)?;
    Ok(key)
}

/// Gives a key file another passphrase; the key itself stays, so that nothing need be enrolled.
pub fn change_passphrase(path: &Path, old: &str, new: &str, cost: SealCost) -> Result<()> {
    check_passphrase(new).map_err(crate::journal::KeyError::from)?;
    let key = SoftKey::open(&keyfile::read(path)?, old)?;
    Ok(keyfile::replace(path, &key.seal_with(new, cost)?)?)
}

/// Unlocks a person's key and sits down at the desk. Failures are counted and lock the login for
/// a while (`norms/security.toml`).
pub fn login(
    store: Store,
    login: &str,
    key_file: &Path,
    passphrase: &str,
    clock: Box<dyn Clock>,
) -> Result<Desk> {
    let mut store = store;
    let (person, key) = unlock(&mut store, login, key_file, passphrase, clock.as_ref())?;
    Ok(Desk::new(store, &person, Box::new(key), clock))
}

fn unlock(
    store: &mut Store,
    login: &str,
    key_file: &Path,
    passphrase: &str,
    clock: &dyn Clock,
) -> Result<(String, SoftKey)> {
    let org = store.org()?;
    let person = org
        .find_person(login)
        .ok_or_else(|| DeskError::NoSuchLogin(login.to_owned()))?
        .id
        .clone();
    let now = clock.now();
    let writes = !store.is_read_only();
    if let Some(until) = local::locked_until(store.conn(), &person, now)? {
        return Err(DeskError::Locked { until });
    }
    let pem = keyfile::read(key_file)?;
    let key = match SoftKey::open(&pem, passphrase) {
        Ok(key) => key,
        Err(error @ crate::journal::KeyError::WrongPassphrase) => {
            if writes && let Some(until) = local::login_failed(store.conn(), &person, now)? {
                return Err(DeskError::Locked { until });
            }
            return Err(error.into());
        }
        Err(error) => return Err(error.into()),
    };
    let enrolled = org
        .keys
        .get(&key.public().id())
        .is_some_and(|k| k.person == person);
    if !enrolled {
        return Err(DeskError::NoSuchLogin(login.to_owned()));
    }
    // A right passphrase ends the count; how many wrong ones there were goes into the journal when
    // a session opens.
    if writes {
        local::login_succeeded(store.conn_mut(), &person)?;
    }
    Ok((person, key))
}

impl Desk {
    /// Another person sits down at this desk, with his own key.
    pub fn log_in(&mut self, login: &str, key_file: &Path, passphrase: &str) -> Result<()> {
        self.log_in_after(login, key_file, passphrase, |_| Ok(()))
    }

    /// The same; the person before leaves by `leave`, which is not called where the passphrase is
    /// wrong.
    pub fn log_in_after(
        &mut self,
        login: &str,
        key_file: &Path,
        passphrase: &str,
        leave: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<()> {
        let (person, key) = unlock(
            &mut self.store,
            login,
            key_file,
            passphrase,
            self.clock.as_ref(),
        )?;
        leave(self)?;
        self.switch(&person, Box::new(key));
        Ok(())
    }

    /// Records that a person came to the console, and how many attempts on his key had failed.
    pub fn open_session(&mut self) -> Result<()> {
        // Asked first, or the signs of life would carry the wrong time as well.
        self.check_clock()?;
        let now = self.now();
        local::session_alive(self.store.conn(), &self.session, &self.person, now, true)?;
        self.session_entry(false)?;
        Ok(())
    }

    /// A sign of life of this session; `key` when the person did something.
    pub fn still_here(&mut self, key: bool) -> Result<()> {
        let now = self.now();
        Ok(local::session_alive(
            self.store.conn(),
            &self.session,
            &self.person,
            now,
            key,
        )?)
    }

    /// Leaves in good order: claims of this session are released.
    pub fn close_session(&mut self) -> Result<()> {
        let mine: Vec<String> = self
            .store
            .conn()
            .prepare_cached("SELECT id FROM items WHERE claim_session = ?1")?
            .query_map([&self.session], |r| r.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        for item in mine {
            self.release_claim(&item)?;
        }
        Ok(local::session_ends(self.store.conn(), &self.session)?)
    }

    /// Checks a passphrase for the idle lock of the screen without changing who sits here. Wrong ones
    /// count as at a login and are told by the next session entry.
    pub fn check_passphrase(&mut self, key_file: &Path, passphrase: &str) -> Result<()> {
        let login = self.signing_name()?;
        let (person, _) = unlock(
            &mut self.store,
            &login,
            key_file,
            passphrase,
            self.clock.as_ref(),
        )?;
        if person == self.person {
            Ok(())
        } else {
            Err(DeskError::NoSuchLogin(login))
        }
    }
}

/// A person id nobody has: ids are never reused, so that old lines never name another person.
pub(super) fn next_person_id() -> String {
    new_id("u")
}
