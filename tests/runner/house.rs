//! The sample province on a real file, with a clock the test moves.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use qianfa::demo::{Province, Setup, found};
use qianfa::desk::draft::Created;
use qianfa::desk::review::{Review, Seen, When};
use qianfa::desk::{Clock, Content, Desk, Note};
use qianfa::journal::{SoftKey, Suite};
use qianfa::publish::{Options, Runner, Steady};
use qianfa::rules::clearance::Conclusion;
use qianfa::store::verify::Against;
use qianfa::store::{OpenMode, Store, Sync};
use tempfile::TempDir;

pub const SECOND: i64 = 1_000_000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;

/// 2026-03-02 09:00 in Beijing.
const START: i64 = 1_772_413_200 * SECOND;

const MODE: OpenMode = OpenMode {
    sync: Sync::Normal,
    read_only: false,
};

#[derive(Clone)]
pub struct TestClock(pub Arc<AtomicI64>);

impl Clock for TestClock {
    fn now(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

impl Steady for TestClock {
    fn elapsed(&self) -> Duration {
        Duration::from_micros(u64::try_from(self.now()).unwrap())
    }
}

/// What a thread needs to sit a runner down.
pub struct Seat {
    path: PathBuf,
    out: PathBuf,
    person: String,
    key: Arc<SoftKey>,
    clock: TestClock,
}

impl Seat {
    pub fn desk(&self) -> Desk {
        let store = Store::open(&self.path, MODE).unwrap();
        Desk::new(
            store,
            &self.person,
            Box::new(Arc::clone(&self.key)),
            Box::new(self.clock.clone()),
        )
    }

    pub fn runner(&self) -> Runner {
        let options = Options {
            steady: Box::new(self.clock.clone()),
            ..Options::default()
        };
        Runner::new(self.desk(), Some(self.out.clone()), options)
    }
}

pub struct House {
    pub province: Province,
    pub clock: Arc<AtomicI64>,
    pub out: PathBuf,
    pub dir: TempDir,
}

impl House {
    pub fn found() -> House {
        Self::found_in(Suite::Ed25519Sha256)
    }

    pub fn found_in(suite: Suite) -> House {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(AtomicI64::new(START));
        let setup = Setup {
            suite,
            mode: MODE,
            key_files: None,
        };
        let path = dir.path().join("board.qianfa");
        let province = found(
            &path,
            setup,
            Box::new(TestClock(clock.clone())),
            &mut |_, _| {},
        )
        .unwrap();
        House {
            province,
            clock,
            out: dir.path().join("out"),
            dir,
        }
    }

    pub fn now(&self) -> i64 {
        self.clock.load(Ordering::SeqCst)
    }

    pub fn pass(&self, by: i64) {
        self.clock.fetch_add(by, Ordering::SeqCst);
    }

    pub fn sit(&mut self, login: &str) -> &mut Desk {
        self.province.sit(login)
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("board.qianfa")
    }

    pub fn store(&self) -> Store {
        Store::open(&self.path(), MODE).unwrap()
    }

    pub fn seat(&self) -> Seat {
        self.seat_of("runner", &self.out)
    }

    pub fn seat_of(&self, login: &str, out: &Path) -> Seat {
        let person = &self.province.people[login];
        Seat {
            path: self.path(),
            out: out.to_owned(),
            person: person.id.clone(),
            key: Arc::clone(&person.key),
            clock: TestClock(self.clock.clone()),
        }
    }

    pub fn runner(&self) -> Runner {
        self.seat().runner()
    }

    pub fn runner_as(&self, login: &str) -> Runner {
        self.seat_of(login, &self.out).runner()
    }

    pub fn runner_with(&self, options: Options) -> Runner {
        Runner::new(self.seat().desk(), Some(self.out.clone()), options)
    }

    pub fn content(title: &str, columns: &[&str]) -> Content {
        let mut content = Content::for_column(columns[0]).open();
        content.shape.columns = columns.iter().map(|c| (*c).to_owned()).collect();
        content.shape.provider = Some("policy".to_owned());
        content.fields.title = title.to_owned();
        content.fields.provider_person = "contributor".to_owned();
        content.fields.provider_reviewer = "policy-head".to_owned();
        content.text = format!(
            "{title}的正文。各级税务机关应当依照法定职权和程序办理，现将有关事项公告如下。"
        );
        content
    }

    pub fn draft(&mut self, title: &str, column: &str) -> Created {
        self.sit("editor")
            .create(Self::content(title, &[column]))
            .unwrap()
    }

    /// Takes a draft or correction to the sign-off, with these dates.
    pub fn through(&mut self, item: &str, when: When) {
        self.sit("editor").submit(item, Seen::default()).unwrap();
        self.sit("first")
            .approve(item, Seen::default(), &Note::none())
            .unwrap();
        self.sit("second")
            .approve(item, Seen::default(), &Note::none())
            .unwrap();
        let review = Review {
            conclusion: Conclusion::Open,
            ground: None,
            opinion: Note::of("同意公开。"),
            authority: Note::none(),
        };
        self.sit("secrecy")
            .clear(item, Seen::default(), &review)
            .unwrap();
        self.sit("signer")
            .sign_off(item, Seen::default(), when, &Note::none())
            .unwrap();
    }

    pub fn signed_off(&mut self, title: &str, column: &str) -> Created {
        let item = self.draft(title, column);
        self.through(
            &item.id,
            When {
                hold: true,
                ..When::default()
            },
        );
        item
    }

    /// Signed off and scheduled, so far from now.
    pub fn scheduled(&mut self, title: &str, column: &str, from_now: i64) -> Created {
        let item = self.draft(title, column);
        let publish_at = Some(self.now() + from_now);
        self.through(
            &item.id,
            When {
                publish_at,
                ..When::default()
            },
        );
        item
    }

    pub fn scheduled_until(
        &mut self,
        title: &str,
        column: &str,
        from_now: i64,
        until: i64,
    ) -> Created {
        let item = self.draft(title, column);
        let when = When {
            publish_at: Some(self.now() + from_now),
            expire_at: Some(self.now() + until),
            hold: false,
        };
        self.through(&item.id, when);
        item
    }

    /// Live now, by hand.
    pub fn live(&mut self, content: Content) -> Created {
        let item = self.sit("editor").create(content).unwrap();
        self.through(
            &item.id,
            When {
                hold: true,
                ..When::default()
            },
        );
        self.sit("signer")
            .publish(&item.id, Seen::default())
            .unwrap();
        self.pass(SECOND);
        item
    }

    /// Begins a correction and saves a changed content.
    pub fn correcting(&mut self, item: &str, note: &str, change: impl FnOnce(&mut Content)) {
        let desk = self.sit("editor");
        desk.correct(item, &Note::of(note)).unwrap();
        let mut content = desk.content(item, None).unwrap();
        change(&mut content);
        let revision = desk.show(item).unwrap().line.revision;
        desk.revise(item, content, revision).unwrap();
    }

    /// Takes a correction under way to the public.
    pub fn corrected(&mut self, item: &str) {
        self.through(
            item,
            When {
                hold: true,
                ..When::default()
            },
        );
        self.sit("signer").publish(item, Seen::default()).unwrap();
        self.pass(SECOND);
    }

    pub fn page(&self, path: &str) -> String {
        std::fs::read_to_string(self.out.join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    pub fn no_page(&self, path: &str) -> bool {
        !self.out.join(path).exists()
    }

    /// The chain, the bodies and every table follow from the journal.
    pub fn verify(&self) {
        self.store()
            .verify(&Against::default(), |_| true)
            .unwrap()
            .unwrap();
    }

    /// What was written step by step is what a rebuild writes, in every site.
    pub fn same_as_rebuilt(&self) {
        let other = self.dir.path().join("rebuilt");
        let facts = self.out.join("site.toml");
        std::fs::create_dir_all(&other).unwrap();
        if facts.exists() {
            std::fs::copy(facts, other.join("site.toml")).unwrap();
        }
        let mut runner = self.seat_of("runner", &other).runner();
        for site in runner.rebuild(None).unwrap() {
            assert_eq!(site.failed, None);
            let read = |dir: &Path| {
                let bytes = std::fs::read(dir.join(&site.site).join("manifest.json")).unwrap();
                serde_json::from_slice::<serde_json::Value>(&bytes).unwrap()
            };
            assert_eq!(read(&self.out), read(&other), "{}", site.site);
            let wrong = qianfa::publish::pages::verify(&self.out.join(&site.site)).unwrap();
            assert!(wrong.is_empty(), "{wrong:?}");
        }
        std::fs::remove_dir_all(other).unwrap();
    }
}
