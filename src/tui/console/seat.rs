//! The state on the store's thread: a desk with somebody at the keyboard, and who else could sit
//! down. Screens ask it for data that is ready to be shown, so that ids never reach them unnamed.

use std::collections::HashMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use crate::desk::{self, Desk, DeskError, login};
use crate::journal::SoftKey;
use crate::locale;
use crate::rules::org::Org;
use crate::rules::role::Right;
use crate::store::Store;
use crate::store::local::MINUTE;
use crate::store::query::items::Line;

/// Somebody who can sit down at this console.
#[derive(Clone)]
pub struct Sitter {
    /// Login.
    pub login: String,
    /// How he proves who he is.
    pub way: Way,
}

/// How a person gets to his key.
#[derive(Clone)]
pub enum Way {
    /// It is unlocked already: the sample province, where one visitor tries every role.
    Unlocked(Arc<SoftKey>),
    /// A file, sealed with his passphrase.
    File(PathBuf),
}

impl Sitter {
    /// Whether a passphrase is needed.
    pub fn asks(&self) -> bool {
        matches!(self.way, Way::File(_))
    }
}

/// How the console comes to its store.
pub enum Start {
    /// Somebody sits at the desk already.
    Seated(Box<dyn FnOnce() -> desk::Result<Desk> + Send>),
    /// The store; the console asks who is there. Called again after a failed login.
    Login(Box<dyn FnMut() -> desk::Result<Store> + Send>),
}

/// What went wrong, as a person is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Rule or code, for programs and for asking a colleague.
    pub code: String,
    /// What happened and what to do next.
    pub text: String,
    /// The revision others saved meanwhile.
    pub conflict: Option<u32>,
}

impl Said {
    /// Puts an error into words, in the language in force.
    pub fn of(error: &DeskError) -> Self {
        Self {
            code: error.code().to_owned(),
            text: error.message(),
            conflict: match error {
                DeskError::Conflict { now } => Some(*now),
                _ => None,
            },
        }
    }
}

/// Who is at the keyboard, for heads of screens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Me {
    /// Id.
    pub id: String,
    /// Login.
    pub login: String,
    /// Display name.
    pub name: String,
    /// Roles in words.
    pub roles: String,
    /// May confirm what two people must agree on.
    pub manages_people: bool,
    /// What his roles let him do somewhere.
    pub rights: Vec<Right>,
}

impl Me {
    /// Whether he may do this anywhere. What is offered follows it; the desk answers for the place.
    pub fn may(&self, right: Right) -> bool {
        self.rights.contains(&right)
    }
}

/// Words for ids: persons, columns, sites, bureaus.
#[derive(Debug, Default)]
pub struct Words {
    persons: HashMap<String, String>,
    /// Columns as (id, site, name, site name), those that take items, in the order of the sites.
    pub columns: Vec<(String, String, String, String)>,
    /// Sites as (id, name).
    pub sites: Vec<(String, String)>,
    /// Domains of the sites.
    pub domains: Vec<String>,
    /// Bureaus and departments as (id, name).
    pub bureaus: Vec<(String, String)>,
    closed: HashMap<String, String>,
    steps: HashMap<String, Vec<String>>,
}

impl Words {
    /// Name of a person; an unknown id stays as it is.
    pub fn person<'a>(&'a self, id: &'a str) -> &'a str {
        self.persons.get(id).map_or(id, String::as_str)
    }

    /// Everybody as (id, name), by name.
    pub fn people(&self) -> Vec<(String, String)> {
        let mut list: Vec<(String, String)> = self
            .persons
            .iter()
            .map(|(id, name)| (id.clone(), name.clone()))
            .collect();
        list.sort_by(|a, b| (&a.1, &a.0).cmp(&(&b.1, &b.0)));
        list
    }

    /// "site / column".
    pub fn place(&self, column: &str) -> String {
        match self.columns.iter().find(|c| c.0 == column) {
            Some((_, _, name, site)) => format!("{site} / {name}"),
            None => self.column(column).to_owned(),
        }
    }

    /// Name of a column.
    pub fn column<'a>(&'a self, id: &'a str) -> &'a str {
        self.columns
            .iter()
            .find(|c| c.0 == id)
            .map(|c| c.2.as_str())
            .or(self.closed.get(id).map(String::as_str))
            .unwrap_or(id)
    }

    /// Name of a site.
    pub fn site<'a>(&'a self, id: &'a str) -> &'a str {
        self.sites
            .iter()
            .find(|s| s.0 == id)
            .map_or(id, |s| s.1.as_str())
    }

    /// Name of a bureau.
    pub fn bureau<'a>(&'a self, id: &'a str) -> &'a str {
        self.bureaus
            .iter()
            .find(|b| b.0 == id)
            .map_or(id, |b| b.1.as_str())
    }

    /// Code of a step of the route that applies to a column.
    pub fn step(&self, column: &str, step: u32) -> Option<&str> {
        self.steps
            .get(column)?
            .get(step as usize)
            .map(String::as_str)
    }

    /// Where an item is: the step it waits at, else its state.
    pub fn stage(&self, line: &Line) -> String {
        if line.escalated {
            return crate::tr!("tui-mark-escalated");
        }
        match line.step.and_then(|s| self.step(&line.column, s)) {
            Some(step) => {
                let step = locale::word("step", step);
                crate::tr!("tui-stage-at", step = step)
            }
            None => locale::word("state", line.state.code()),
        }
    }
}

/// The state of the console.
pub struct Seat {
    desk: Option<Desk>,
    open: Option<Box<dyn FnMut() -> desk::Result<Store> + Send>>,
    sitters: Vec<Sitter>,
    words: Option<(Rc<Org>, Arc<Words>)>,
    in_session: bool,
    alive_at: i64,
}

impl Seat {
    /// Opens the store; the error is for the front door, which has the terminal still.
    pub fn open(start: Start, sitters: Vec<Sitter>) -> (Seat, Option<DeskError>) {
        let mut seat = Seat {
            desk: None,
            open: None,
            sitters,
            words: None,
            in_session: false,
            alive_at: 0,
        };
        let error = match start {
            Start::Seated(make) => match make() {
                Ok(desk) => {
                    seat.desk = Some(desk);
                    None
                }
                Err(error) => Some(error),
            },
            Start::Login(mut open) => {
                let error = open().err();
                seat.open = Some(open);
                error
            }
        };
        (seat, error)
    }

    /// The desk. Every use by a person is a sign of life, written once a minute.
    pub fn desk(&mut self) -> desk::Result<&mut Desk> {
        let desk = self
            .desk
            .as_mut()
            .ok_or_else(|| DeskError::NoSuchLogin(String::new()))?;
        let now = desk.now();
        if self.in_session && now - self.alive_at > MINUTE {
            self.alive_at = now;
            desk.still_here(true)?;
        }
        Ok(desk)
    }

    /// The person at the desk begins his session.
    pub fn begin(&mut self) -> desk::Result<Me> {
        if !self.in_session {
            let desk = self.desk()?;
            if !desk.store().is_read_only() {
                desk.open_session()?;
            }
            self.alive_at = self.desk()?.now();
            self.in_session = true;
        }
        self.me()
    }

    fn end(&mut self) -> desk::Result<()> {
        match &mut self.desk {
            Some(desk) => leave(desk, &mut self.in_session),
            None => Ok(()),
        }
    }

    /// Somebody sits down. A wrong passphrase leaves the person before him where he is, with his
    /// session and what he has claimed.
    pub fn sit(&mut self, login: &str, passphrase: &str) -> desk::Result<Me> {
        let sitter = self
            .sitters
            .iter()
            .find(|s| s.login == login)
            .cloned()
            .ok_or_else(|| DeskError::NoSuchLogin(login.to_owned()))?;
        self.change(&sitter, passphrase)?;
        self.begin()
    }

    fn change(&mut self, sitter: &Sitter, passphrase: &str) -> desk::Result<()> {
        let in_session = &mut self.in_session;
        match (&mut self.desk, &sitter.way) {
            (Some(desk), Way::Unlocked(key)) => {
                let person = desk.person_id(&sitter.login)?;
                leave(desk, in_session)?;
                desk.switch(&person, Box::new(Arc::clone(key)));
            }
            (Some(desk), Way::File(path)) => {
                desk.log_in_after(&sitter.login, path, passphrase, |desk| {
                    leave(desk, in_session)
                })?;
            }
            (None, way) => {
                let open = self
                    .open
                    .as_mut()
                    .ok_or_else(|| DeskError::NoSuchLogin(sitter.login.clone()))?;
                let mut store = open()?;
                let clock = Box::new(desk::SystemClock);
                self.desk = Some(match way {
                    Way::File(path) => login::login(store, &sitter.login, path, passphrase, clock)?,
                    Way::Unlocked(key) => {
                        let person = store
                            .org()?
                            .find_person(&sitter.login)
                            .map(|p| p.id.clone())
                            .ok_or_else(|| DeskError::NoSuchLogin(sitter.login.clone()))?;
                        Desk::new(store, &person, Box::new(Arc::clone(key)), clock)
                    }
                });
            }
        }
        Ok(())
    }

    /// Checks the passphrase of the person at the keyboard, for the idle lock.
    pub fn check(&mut self, passphrase: &str) -> desk::Result<()> {
        let login = self.me()?.login;
        let sitter = self.sitters.iter().find(|s| s.login == login).cloned();
        match sitter.map(|s| s.way) {
            Some(Way::File(path)) => self.desk()?.check_passphrase(&path, passphrase),
            Some(Way::Unlocked(_)) => Ok(()),
            None => Err(DeskError::NoSuchLogin(login)),
        }
    }

    /// Who is at the keyboard.
    pub fn me(&mut self) -> desk::Result<Me> {
        let words = self.words()?;
        let desk = self.desk()?;
        let now = desk.moment()?;
        let org = desk.org()?;
        let id = desk.person().to_owned();
        let mut roles: Vec<String> = Vec::new();
        let mut rights = Vec::new();
        for grant in org.grants_of(&id, now) {
            rights.extend_from_slice(grant.role.rights());
            let word = locale::word("role", grant.role.code());
            if !roles.contains(&word) {
                roles.push(word);
            }
        }
        Ok(Me {
            login: org
                .persons
                .get(&id)
                .map_or_else(String::new, |p| p.login.clone()),
            name: words.person(&id).to_owned(),
            roles: roles.join(" "),
            manages_people: org.has_right_somewhere(&id, Right::ManagePeople, now)
                || org.has_right_somewhere(&id, Right::Purge, now)
                || org.has_right_somewhere(&id, Right::KeepLists, now),
            rights,
            id,
        })
    }

    /// Words for ids; worked out again only when the organisation has changed.
    pub fn words(&mut self) -> desk::Result<Arc<Words>> {
        let org = self.desk()?.org()?;
        if let Some((known, words)) = &self.words
            && Rc::ptr_eq(known, &org)
        {
            return Ok(Arc::clone(words));
        }
        let persons = self.desk()?.person_names()?;
        let mut words = Words {
            persons,
            sites: org
                .sites
                .values()
                .map(|s| (s.id.clone(), s.name.clone()))
                .collect(),
            domains: org.sites.values().map(|s| s.domain.clone()).collect(),
            bureaus: org
                .bureaus
                .values()
                .map(|b| (b.id.clone(), b.name.clone()))
                .collect(),
            ..Words::default()
        };
        for column in org.columns.values() {
            let steps = org.route_for(&column.id).route.0;
            words.steps.insert(
                column.id.clone(),
                steps.into_iter().map(|s| s.name).collect(),
            );
            if column.state == crate::rules::org::ColumnState::Open {
                let site = words.site(&column.site).to_owned();
                words.columns.push((
                    column.id.clone(),
                    column.site.clone(),
                    column.name.clone(),
                    site,
                ));
            } else {
                words.closed.insert(column.id.clone(), column.name.clone());
            }
        }
        let words = Arc::new(words);
        self.words = Some((org, Arc::clone(&words)));
        Ok(words)
    }
}

/// Ends the session of the person at the desk, if there is one.
fn leave(desk: &mut Desk, in_session: &mut bool) -> desk::Result<()> {
    if *in_session && !desk.store().is_read_only() {
        desk.close_session()?;
    }
    *in_session = false;
    Ok(())
}

impl Drop for Seat {
    /// Leaves in good order; what was handed over last has been done before this.
    fn drop(&mut self) {
        if let Err(error) = self.end() {
            tracing::warn!(%error, "session not closed in good order");
        }
    }
}
