//! An editorial board for measurements: one platform, subsites with six sections each, people with
//! their own keys. Founded and staffed through the desk, as any store is.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use qianfa::desk::people::NewPerson;
use qianfa::desk::{Clock, Content, Desk, DeskError, Founder, Note, Result, SystemClock, login};
use qianfa::journal::{SealCost, Signer, SoftKey, Suite};
use qianfa::rules::act::{BureauAdd, ColumnAdd, SiteAdd};
use qianfa::rules::org::{BureauLevel, DepartmentDuty, Family, Org, SiteLevel};
use qianfa::rules::role::{Affiliation, Role};
use qianfa::rules::route::{Route, Step, StepKind};
use qianfa::store::{OpenMode, Store, keyfile};

/// One hour, µs.
pub const HOUR: i64 = 3_600_000_000;

/// Of every key here; nothing is behind it.
const PASSPHRASE: &str = "Bench-2015-69";

const YEAR: i64 = 365 * 24 * HOUR;

/// A clock that can be put ahead of the system's. Clones go together.
#[derive(Clone, Default)]
pub struct Ahead(Arc<AtomicI64>);

impl Ahead {
    /// Puts the clock so many µs ahead.
    pub fn by(&self, micros: i64) {
        self.0.store(micros, Ordering::Relaxed);
    }
}

impl Clock for Ahead {
    fn now(&self) -> i64 {
        SystemClock.now() + self.0.load(Ordering::Relaxed)
    }
}

/// A subsite to be opened: id, public name, public names of its six sections.
pub struct Subsite {
    pub id: String,
    pub name: String,
    pub sections: Vec<String>,
}

/// Families of the six sections of every subsite, in order.
const FAMILIES: [Family; 6] = [
    Family::Disclosure,
    Family::Disclosure,
    Family::Service,
    Family::Interaction,
    Family::Publicity,
    Family::Service,
];

/// Everybody but the two founders: login, affiliation, role.
const STAFF: &[(&str, Affiliation, Role)] = &[
    ("editor-1", Affiliation::Office, Role::Editor),
    ("editor-2", Affiliation::Office, Role::Editor),
    ("editor-3", Affiliation::Hired, Role::Editor),
    ("editor-4", Affiliation::Hired, Role::Editor),
    ("editor-5", Affiliation::Hired, Role::Editor),
    (
        "clearer-1",
        Affiliation::Office,
        Role::ConfidentialityReviewer,
    ),
    (
        "clearer-2",
        Affiliation::Office,
        Role::ConfidentialityReviewer,
    ),
    ("signer-1", Affiliation::Office, Role::Signer),
    ("signer-2", Affiliation::Office, Role::Signer),
    ("auditor", Affiliation::Department, Role::AuditAdmin),
    ("runner", Affiliation::Service, Role::Runner),
];

/// An editor of the first subsite, who sees nothing else.
const LOCAL: &str = "editor-local";

struct Person {
    login: String,
    id: String,
    key: Arc<SoftKey>,
}

/// A desk and everybody's keys.
pub struct Board {
    pub desk: Desk,
    pub ahead: Ahead,
    people: Vec<Person>,
}

impl Board {
    /// Founds a store: bureaus, platform, subsites, sections, people, and a route of confidentiality
    /// review and sign-off for all of them.
    pub fn found(path: &Path, mode: OpenMode, suite: Suite, subsites: &[Subsite]) -> Result<Board> {
        let ahead = Ahead::default();
        let (office, security) = (
            new_key(path, suite, "office")?,
            new_key(path, suite, "security")?,
        );
        let founder = |login: &str, role, key: &Arc<SoftKey>| Founder {
            login: login.to_owned(),
            role,
            key: Box::new(Arc::clone(key)),
        };
        let first = founder("office", Role::OfficeDirector, &office);
        let second = founder("security", Role::SecurityAdmin, &security);
        let desk = login::found(
            path,
            mode,
            suite,
            "示例省税务局",
            first,
            &second,
            Box::new(ahead.clone()),
        )?;
        let person = |login: &str, id: &str, key| Person {
            login: login.to_owned(),
            id: id.to_owned(),
            key,
        };
        let people = vec![
            person("office", "p1", office),
            person("security", "p2", security),
        ];
        let mut board = Board {
            desk,
            ahead,
            people,
        };
        board.organise(subsites)?;
        for (login, affiliation, role) in STAFF {
            board.enrol(path, suite, login, *affiliation, *role, Org::ROOT)?;
        }
        let near = subsites.first().map_or(Org::ROOT, |s| s.id.as_str());
        board.enrol(path, suite, LOCAL, Affiliation::Hired, Role::Editor, near)?;
        Ok(board)
    }

    /// Opens a store made by [`Board::found`].
    pub fn open(path: &Path, mode: OpenMode) -> Result<Board> {
        let mut store = Store::open(path, mode)?;
        let org = store.org()?;
        let mut people = Vec::new();
        for login in ["office", "security"]
            .into_iter()
            .chain(STAFF.iter().map(|s| s.0))
            .chain([LOCAL])
        {
            let pem = keyfile::read(&keyfile::path_of(path, login))?;
            people.push(Person {
                login: login.to_owned(),
                id: org
                    .find_person(login)
                    .ok_or_else(|| DeskError::NoSuchLogin(login.to_owned()))?
                    .id
                    .clone(),
                key: Arc::new(SoftKey::open(&pem, PASSPHRASE)?),
            });
        }
        let ahead = Ahead::default();
        let key = Box::new(Arc::clone(&people[0].key));
        let desk = Desk::new(store, &people[0].id, key, Box::new(ahead.clone()));
        Ok(Board {
            desk,
            ahead,
            people,
        })
    }

    /// Somebody sits down.
    pub fn sit(&mut self, login: &str) -> &mut Desk {
        if let Some(person) = self.people.iter().find(|p| p.login == login)
            && self.desk.person() != person.id
        {
            self.desk
                .switch(&person.id, Box::new(Arc::clone(&person.key)));
        }
        &mut self.desk
    }

    fn organise(&mut self, subsites: &[Subsite]) -> Result<()> {
        let desk = &mut self.desk;
        let bureau = |id: &str, name: &str, level, duty| BureauAdd {
            bureau: id.to_owned(),
            name: name.to_owned(),
            level,
            parent: "province".to_owned(),
            duty,
        };
        let site = |id: &str, name: &str, level, bureau: &str, parent: Option<&str>| SiteAdd {
            site: id.to_owned(),
            name: name.to_owned(),
            level,
            bureau: bureau.to_owned(),
            parent: parent.map(ToOwned::to_owned),
            domain: format!("{id}.tax.example.cn"),
            code: "3300000001".to_owned(),
            language: None,
        };
        desk.bureau_add(bureau(
            "office-room",
            "办公室",
            BureauLevel::Department,
            Some(DepartmentDuty::Office),
        ))?;
        desk.site_add(site(
            "prov",
            "示例省税务局网站",
            SiteLevel::Province,
            "province",
            None,
        ))?;
        for subsite in subsites {
            let owner = format!("b-{}", subsite.id);
            desk.bureau_add(bureau(&owner, &subsite.name, BureauLevel::City, None))?;
            desk.site_add(site(
                &subsite.id,
                &subsite.name,
                SiteLevel::City,
                &owner,
                Some("prov"),
            ))?;
            for (k, name) in subsite.sections.iter().enumerate() {
                let add = ColumnAdd {
                    column: column(&subsite.id, k),
                    site: subsite.id.clone(),
                    parent: None,
                    name: name.clone(),
                    slug: format!("s{k}"),
                    family: FAMILIES[k % FAMILIES.len()],
                    owner: owner.clone(),
                    person: None,
                    backup: None,
                    owner_waived: false,
                };
                desk.column_add(add, &Note::none())?;
            }
        }
        let step = |name: &str, role, kind| Step {
            name: name.to_owned(),
            role,
            kind,
            needed: 1,
        };
        let route = Route(vec![
            step(
                "confidentiality",
                Role::ConfidentialityReviewer,
                StepKind::Confidentiality,
            ),
            step("sign-off", Role::Signer, StepKind::SignOff),
        ]);
        desk.route_set("prov", Some(route))?;
        Ok(())
    }

    fn enrol(
        &mut self,
        path: &Path,
        suite: Suite,
        login: &str,
        affiliation: Affiliation,
        role: Role,
        scope: &str,
    ) -> Result<()> {
        let key = new_key(path, suite, login)?;
        let now = self.desk.moment()?;
        let id = self.sit("office").person_add(&NewPerson {
            login: login.to_owned(),
            name: login.to_owned(),
            affiliation,
            bureau: "office-room".to_owned(),
            contract_until: None,
        })?;
        let proposed = self.desk.propose_key(login, key.public())?;
        self.sit("security").confirm(proposed.seq)?;
        let proposed = self
            .sit("office")
            .propose_grant(login, role, scope, now, now + YEAR)?;
        self.sit("security").confirm(proposed.seq)?;
        self.people.push(Person {
            login: login.to_owned(),
            id,
            key,
        });
        Ok(())
    }
}

/// Id of a section.
pub fn column(subsite: &str, section: usize) -> String {
    format!("{subsite}-s{section}")
}

/// Content that can be handed in as it is: provider named in full, disclosure attribute set.
pub fn content(column: &str, title: String, text: String, provider: &str) -> Content {
    let mut content = Content::for_column(column).open();
    content.fields.title = title;
    content.fields.provider_person = "信息员".to_owned();
    content.fields.provider_reviewer = "审核人".to_owned();
    content.shape.provider = Some(provider.to_owned());
    content.text = text;
    content
}

fn new_key(path: &Path, suite: Suite, login: &str) -> Result<Arc<SoftKey>> {
    let file = keyfile::path_of(path, login);
    Ok(Arc::new(login::new_key(
        &file,
        suite,
        PASSPHRASE,
        SealCost::QUICK,
    )?))
}
