//! Helpers of the tests that go through the desk: a sample province on a clock moved by hand,
//! founded once per process and copied for each test.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};

use qianfa::demo::{Person, Province, Setup, found};
use qianfa::desk::people::NewPerson;
use qianfa::desk::review::{Review, Seen, When};
use qianfa::desk::{Attachment, Clock, Content, Desk, DeskError, Note};
use qianfa::journal::{Signer, SoftKey, Suite};
use qianfa::rules::act::{Act, BodyRole};
use qianfa::rules::clearance::Conclusion;
use qianfa::rules::role::{Affiliation, Role};
use qianfa::screening::{Class, Finding as OfText, Hit, Place, Severity};
use qianfa::store::bodies::NewBody;
use qianfa::store::rebuild::FOLDED;
use qianfa::store::verify::{Against, Finding, Verified};
use qianfa::store::{AppendError, Draft, OpenMode, Receipt, Store, Sync};

/// µs in a second, hour, day.
pub const SECOND: i64 = 1_000_000;
pub const HOUR: i64 = 3_600 * SECOND;
pub const DAY: i64 = 24 * HOUR;

/// 2026-03-02 09:00 in China, a Monday: where every province begins.
pub const BEGIN: i64 = 1_772_413_200 * SECOND;

/// A clock that stands until it is moved.
#[derive(Clone)]
pub struct HandClock(pub Arc<AtomicI64>);

impl HandClock {
    pub fn at(now: i64) -> HandClock {
        HandClock(Arc::new(AtomicI64::new(now)))
    }
    pub fn set(&self, now: i64) {
        self.0.store(now, Ordering::SeqCst);
    }
    pub fn pass(&self, by: i64) {
        self.0.fetch_add(by, Ordering::SeqCst);
    }
    pub fn get(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

impl Clock for HandClock {
    fn now(&self) -> i64 {
        self.get()
    }
}

pub const MODE: OpenMode = OpenMode {
    sync: Sync::Normal,
    read_only: false,
};

/// A store as bytes, with everybody's keys.
#[derive(Clone)]
pub struct Image {
    pub bytes: Arc<Vec<u8>>,
    pub people: Vec<(&'static str, String, Arc<SoftKey>)>,
    pub now: i64,
}

/// A province in a directory of its own, and its clock.
pub struct World {
    pub p: Province,
    pub clock: HandClock,
    pub dir: tempfile::TempDir,
}

/// Besides the sample's people: the roles it has no item work for, and three without any right.
const MORE: &[(&str, Affiliation, Option<Role>)] = &[
    (
        "interaction",
        Affiliation::Office,
        Some(Role::InteractionOfficer),
    ),
    (
        "inspection",
        Affiliation::Office,
        Some(Role::InspectionOfficer),
    ),
    (
        "discipline",
        Affiliation::Office,
        Some(Role::DisciplineOfficer),
    ),
    ("norole", Affiliation::Office, None),
    ("gone", Affiliation::Office, Some(Role::Editor)),
    ("ended", Affiliation::Hired, Some(Role::Editor)),
];

fn template() -> &'static Image {
    static IMAGE: OnceLock<Image> = OnceLock::new();
    IMAGE.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("province.qf");
        let clock = HandClock::at(BEGIN);
        let setup = Setup {
            suite: Suite::Ed25519Sha256,
            mode: MODE,
            key_files: None,
        };
        let p = found(&path, setup, Box::new(clock.clone()), &mut |_, _| {}).unwrap();
        let mut w = World { p, clock, dir };
        for (login, affiliation, role) in MORE {
            w.enrol(
                login,
                *affiliation,
                *role,
                (*login == "ended").then_some(BEGIN + HOUR),
            );
        }
        w.sit("security").person_leave("gone").unwrap();
        w.clock.pass(DAY);
        w.image()
    })
}

impl World {
    /// A fresh province, a day after its founding.
    pub fn new() -> World {
        World::from(template())
    }

    /// The province of an image.
    pub fn from(image: &Image) -> World {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("province.qf");
        std::fs::write(&path, image.bytes.as_slice()).unwrap();
        let clock = HandClock::at(image.now);
        let people = image
            .people
            .iter()
            .map(|(login, id, key)| {
                (
                    *login,
                    Person {
                        id: id.clone(),
                        login,
                        key: Arc::clone(key),
                    },
                )
            })
            .collect();
        let (_, id, key) = &image.people[0];
        let store = Store::open(&path, MODE).unwrap();
        let desk = Desk::new(
            store,
            id,
            Box::new(Arc::clone(key)),
            Box::new(clock.clone()),
        );
        World {
            p: Province { desk, people },
            clock,
            dir,
        }
    }

    /// What is there now, to begin again from.
    pub fn image(&self) -> Image {
        self.flush();
        Image {
            bytes: Arc::new(std::fs::read(self.path()).unwrap()),
            people: self
                .p
                .people
                .values()
                .map(|p| (p.login, p.id.clone(), Arc::clone(&p.key)))
                .collect(),
            now: self.clock.get(),
        }
    }

    /// Brings everything into the one file.
    pub fn flush(&self) {
        let conn = self.p.desk.store().conn();
        conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            .unwrap();
    }

    pub fn path(&self) -> PathBuf {
        self.dir.path().join("province.qf")
    }

    pub fn sit(&mut self, login: &str) -> &mut Desk {
        assert!(
            self.p.people.contains_key(login),
            "nobody is called {login}"
        );
        self.p.sit(login)
    }

    pub fn id(&self, login: &str) -> String {
        self.p.people[login].id.clone()
    }

    pub fn key(&self, login: &str) -> Arc<SoftKey> {
        Arc::clone(&self.p.people[login].key)
    }

    /// A second desk on the same file, as another process would have it.
    pub fn other_desk(&self, login: &str) -> Desk {
        let person = &self.p.people[login];
        let store = Store::open(&self.path(), MODE).unwrap();
        Desk::new(
            store,
            &person.id,
            Box::new(Arc::clone(&person.key)),
            Box::new(self.clock.clone()),
        )
    }

    /// A person with a key and, if named, a role over everything.
    pub fn enrol(
        &mut self,
        login: &'static str,
        affiliation: Affiliation,
        role: Option<Role>,
        until: Option<i64>,
    ) {
        self.enrol_at(login, affiliation, "office", role, "*", until);
    }

    pub fn enrol_at(
        &mut self,
        login: &'static str,
        affiliation: Affiliation,
        bureau: &str,
        role: Option<Role>,
        scope: &str,
        until: Option<i64>,
    ) {
        let key = Arc::new(SoftKey::generate(Suite::Ed25519Sha256).unwrap());
        let new = NewPerson {
            login: login.to_owned(),
            name: format!("人员{login}"),
            affiliation,
            bureau: bureau.to_owned(),
            contract_until: until,
        };
        let id = self.sit("office").person_add(&new).unwrap();
        let seq = self.p.desk.propose_key(login, key.public()).unwrap().seq;
        self.sit("security").confirm(seq).unwrap();
        if let Some(role) = role {
            self.grant(login, role, scope, until.unwrap_or(BEGIN + 300 * DAY));
        }
        self.p.people.insert(login, Person { id, login, key });
    }

    pub fn grant(&mut self, login: &str, role: Role, scope: &str, until: i64) {
        let from = self.clock.get();
        let seq = self
            .sit("office")
            .propose_grant(login, role, scope, from, until)
            .unwrap()
            .seq;
        self.sit("security").confirm(seq).unwrap();
    }

    // -- items -------------------------------------------------------------------------------

    pub fn draft(&mut self, author: &str, title: &str, column: &str) -> String {
        self.sit(author).create(content(title, column)).unwrap().id
    }

    /// A submitted draft of the editor's in the province's news.
    pub fn submitted(&mut self, title: &str) -> String {
        let id = self.draft("editor", title, "prov-news");
        self.sit("editor").submit(&id, Seen::default()).unwrap();
        id
    }

    /// Passes steps of the standard route from the first on: 1 first review … 4 sign-off (held).
    pub fn pass(&mut self, item: &str, upto: u32) {
        for step in 0..upto {
            self.pass_step(item, step);
        }
    }

    pub fn pass_step(&mut self, item: &str, step: u32) {
        match step {
            0 => drop(
                self.sit("first")
                    .approve(item, Seen::default(), &Note::none())
                    .unwrap(),
            ),
            1 => drop(
                self.sit("second")
                    .approve(item, Seen::default(), &Note::none())
                    .unwrap(),
            ),
            2 => drop(
                self.sit("secrecy")
                    .clear(item, Seen::default(), &open_review())
                    .unwrap(),
            ),
            _ => drop(
                self.sit("signer")
                    .sign_off(item, Seen::default(), hold(), &Note::none())
                    .unwrap(),
            ),
        }
    }

    pub fn signed_off(&mut self, title: &str) -> String {
        let id = self.submitted(title);
        self.pass(&id, 4);
        id
    }

    pub fn scheduled(&mut self, title: &str, at: i64) -> String {
        let id = self.signed_off(title);
        self.sit("signer")
            .schedule(&id, Some(at), None, "Asia/Shanghai")
            .unwrap();
        id
    }

    pub fn published(&mut self, title: &str) -> String {
        let id = self.signed_off(title);
        self.sit("signer").publish(&id, Seen::default()).unwrap();
        id
    }

    pub fn state(&mut self, item: &str) -> &'static str {
        qianfa::store::facts::item(self.p.desk.store().conn(), item)
            .unwrap()
            .unwrap()
            .facts
            .state
            .code()
    }

    // -- what must not change ------------------------------------------------------------------

    pub fn head(&self) -> u64 {
        self.p.desk.store().head().unwrap().seq
    }

    pub fn dump(&self) -> String {
        dump(self.p.desk.store().conn())
    }

    pub fn verify(&self) -> Result<Verified, Finding> {
        self.p
            .desk
            .store()
            .verify(&Against::default(), |_| true)
            .unwrap()
    }

    /// An act as an entry that no function of the desk would make: signed by the person's own key.
    pub fn raw(
        &mut self,
        login: &str,
        item: Option<(&str, Option<u64>)>,
        act: &Act,
        bodies: &[(BodyRole, &str)],
    ) -> Result<Receipt, DeskError> {
        let person = self.id(login);
        let signer = self.key(login);
        let now = self.clock.get();
        let store = self.p.desk.store_mut();
        let suite = store.suite();
        let bodies: Vec<(BodyRole, NewBody)> = bodies
            .iter()
            .map(|(role, text)| {
                (
                    *role,
                    NewBody::fresh(suite, text.as_bytes().to_vec(), None).unwrap(),
                )
            })
            .collect();
        store
            .write(|tx| -> Result<Receipt, AppendError> {
                tx.act(&Draft {
                    person: &person,
                    signer: &signer,
                    now,
                    item,
                    act,
                    bodies: &bodies,
                })
            })
            .map_err(DeskError::from)
    }
}

/// Every folded table, the journal and the bodies, row by row, as one hash.
pub fn dump(conn: &rusqlite::Connection) -> String {
    use rusqlite::types::ValueRef;
    use sha2::Digest;
    let mut hash = sha2::Sha256::new();
    for table in FOLDED.iter().chain(&["journal", "bodies"]) {
        let mut statement = conn.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let n = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for k in 0..n {
                match row.get_ref(k).unwrap() {
                    ValueRef::Null => hash.update([0]),
                    ValueRef::Integer(i) => hash.update(i.to_le_bytes()),
                    ValueRef::Real(r) => hash.update(r.to_le_bytes()),
                    ValueRef::Text(t) | ValueRef::Blob(t) => {
                        hash.update((t.len() as u64).to_le_bytes());
                        hash.update(t);
                    }
                }
            }
        }
        hash.update(table.as_bytes());
    }
    hex::encode(hash.finalize())
}

/// Content that lacks nothing, with a file.
pub fn content(title: &str, column: &str) -> Content {
    let mut content = Content::for_column(column).open();
    content.fields.title = title.to_owned();
    content.fields.provider_person = "经办人".to_owned();
    content.fields.provider_reviewer = "审核人".to_owned();
    content.shape.provider = Some("policy".to_owned());
    content.text = format!("{title}的正文第一段，说明有关事项。\n第二段，自公布之日起施行。");
    content.attachments.push(Attachment {
        name: "附件.txt".to_owned(),
        alt: String::new(),
        bytes: Some(format!("{title}的附件").into_bytes()),
        id: None,
    });
    content
}

pub fn hold() -> When {
    When {
        hold: true,
        ..When::default()
    }
}

pub fn review(conclusion: Conclusion) -> Review {
    Review {
        conclusion,
        ground: (conclusion == Conclusion::NotOpen)
            .then_some(qianfa::rules::clearance::Ground::Article15),
        opinion: Note::of("审查意见：见附页。"),
        authority: Note::none(),
    }
}

pub fn open_review() -> Review {
    review(Conclusion::Open)
}

/// The rule (or other code) an act was refused by.
pub fn rule<T: std::fmt::Debug>(result: Result<T, DeskError>) -> String {
    match result {
        Ok(value) => format!("done: {value:?}"),
        Err(error) => error.code().to_owned(),
    }
}

pub fn is_refusal<T>(result: &Result<T, DeskError>) -> bool {
    matches!(result, Err(DeskError::Refused(_)))
}

/// A serious finding on these words of a text.
pub fn finding(words: &str) -> OfText {
    OfText {
        place: Place::Body,
        hit: Hit {
            range: 0..words.len(),
            class: Class::StateName,
            severity: Severity::Serious,
            suggestion: None,
            why: "list",
            detail: String::new(),
        },
        evidence: words.to_owned(),
        ground: "severity",
    }
}

/// A column on another site than the province's.
pub fn column_elsewhere(w: &mut World) -> String {
    let org = w.p.desk.org().unwrap();
    let column = org.columns.values().find(|c| c.site != "prov");
    column.unwrap().id.clone()
}

pub fn copy_store(from: &Path, to: &Path) {
    for suffix in ["", "-wal", "-shm", ".high"] {
        let name = |p: &Path| PathBuf::from(format!("{}{suffix}", p.display()));
        let _ = std::fs::remove_file(name(to));
        if name(from).exists() {
            std::fs::copy(name(from), name(to)).unwrap();
        }
    }
}
