//! The whole life of one real document, told act by act; what must be refused is tried as well.

use std::path::{Path, PathBuf};

use super::documents::{content, documents};
use super::{Province, Setup, found};
use crate::desk::review::{Review, Seen, When};
use crate::desk::{Content, Desk, DeskError, Note, Result, SystemClock};
use crate::intake::read;
use crate::journal::{Entry, Signer, Suite};
use crate::locale;
use crate::publish::{Options, Runner};
use crate::report::Format;
use crate::rules::act::{ViewMode, WithdrawGround};
use crate::rules::clearance::Conclusion;
use crate::store::query::log::{LogFilter, entries_between};
use crate::store::verify::Against;
use crate::store::{OpenMode, Store, StoreError};

/// The document whose life is told.
const DOCUMENT: &str = "gov_html/gov_5365711.html";

/// Where the walkthrough left its files.
#[derive(Debug, Clone)]
pub struct Left {
    /// The store.
    pub store: PathBuf,
    /// The pages.
    pub pages: PathBuf,
    /// The publication log.
    pub log: PathBuf,
}

struct Teller<'a> {
    say: &'a mut dyn FnMut(&str),
    seq: u64,
}

impl Teller<'_> {
    fn say(&mut self, text: &str) {
        (self.say)(text);
    }

    fn say_under(&mut self, text: &str) {
        (self.say)(&format!("  {text}"));
    }

    /// Tells every entry made since the last telling: what, who, where in the journal.
    fn tell(&mut self, desk: &mut Desk) -> Result<()> {
        let names = desk.person_names()?;
        let mut list = Vec::new();
        entries_between(desk.store().conn(), self.seq + 1, u64::MAX >> 1, |row| {
            list.push(row);
            Ok::<(), StoreError>(())
        })?;
        for row in list {
            self.seq = row.seq;
            let Ok(entry) = Entry::parse(&row.bytes) else {
                continue;
            };
            self.say_under(&crate::tr!(
                "walk-act",
                act = locale::word("kind", &entry.kind),
                who = names.get(&entry.actor).cloned().unwrap_or(entry.actor),
                seq = row.seq.to_string(),
                id = row.entry_id.to_string()[..16].to_owned()
            ));
        }
        Ok(())
    }

    /// Tells a refusal; an act that should have been refused and was not ends the walkthrough.
    fn refused<T>(&mut self, what: String, result: Result<T>) -> Result<()> {
        match result {
            Err(
                error @ (DeskError::Refused(_) | DeskError::Stale(_) | DeskError::Conflict { .. }),
            ) => {
                self.say_under(&crate::tr!(
                    "walk-refused",
                    what = what,
                    rule = error.code().to_owned(),
                    message = error.message()
                ));
                Ok(())
            }
            Err(error) => Err(error),
            Ok(_) => Err(StoreError::Damaged(format!("not refused: {what}")).into()),
        }
    }
}

/// Runs the walkthrough in a directory, saying each line through `say`.
pub fn walkthrough(dir: &Path, suite: Suite, say: &mut dyn FnMut(&str)) -> Result<Left> {
    let store = dir.join("walkthrough.qf");
    let left = Left {
        store: store.clone(),
        pages: dir.join("sites"),
        log: dir.join("publications.csv"),
    };
    let mut t = Teller { say, seq: 0 };
    t.say(&crate::tr!("walk-found"));
    let setup = Setup {
        suite,
        mode: OpenMode::default(),
        key_files: None,
    };
    let mut p = found(&store, setup, Box::new(SystemClock), &mut |_, _| {})?;
    t.seq = p.desk.store().head()?.seq;
    t.say(&crate::tr!(
        "walk-founded",
        entries = t.seq.to_string(),
        people = p.people.len().to_string()
    ));

    let document = imported()?;
    t.say(&crate::tr!(
        "walk-document",
        title = document.fields.title.clone(),
        number = document.fields.doc_number.clone()
    ));
    let item = p.sit("editor").create(document)?;
    t.tell(&mut p.desk)?;
    review(&mut t, &mut p, &item.id)?;
    release(&mut t, &mut p, &item.id, &left.pages)?;
    afterwards(&mut t, &mut p, &item.id, &left.pages)?;
    proof(&mut t, &mut p, &left)?;
    Ok(left)
}

fn imported() -> Result<Content> {
    let missing = || StoreError::Damaged(DOCUMENT.to_owned());
    let document = documents()
        .iter()
        .find(|d| d.name == DOCUMENT)
        .ok_or_else(missing)?;
    let manuscript = read(document.name, document.bytes)
        .ok()
        .and_then(|m| m.into_iter().next())
        .ok_or_else(missing)?;
    Ok(content(&manuscript, "prov-policy"))
}

fn open_review() -> Review {
    Review {
        conclusion: Conclusion::Open,
        ground: None,
        opinion: Note::of(&crate::tr!("walk-opinion")),
        authority: Note::none(),
    }
}

fn review(t: &mut Teller<'_>, p: &mut Province, item: &str) -> Result<()> {
    p.sit("editor").submit(item, Seen::default())?;
    t.tell(&mut p.desk)?;
    let own = p
        .sit("editor")
        .approve(item, Seen::default(), &Note::none());
    t.refused(crate::tr!("walk-try-own"), own)?;
    let early = p.sit("signer").publish(item, Seen::default());
    t.refused(crate::tr!("walk-try-unreviewed"), early)?;
    let administrator = p.sit("sysadmin").show(item);
    t.refused(crate::tr!("walk-try-admin"), administrator)?;
    p.sit("first").approve(
        item,
        Seen::default(),
        &Note::of(&crate::tr!("walk-comment")),
    )?;
    p.sit("second")
        .approve(item, Seen::default(), &Note::none())?;
    t.tell(&mut p.desk)?;
    let skip = p
        .sit("signer")
        .sign_off(item, Seen::default(), When::default(), &Note::none());
    t.refused(crate::tr!("walk-try-uncleared"), skip)?;
    let seen = p.sit("secrecy").show(item)?.fingerprint;
    p.desk.clear(item, Seen(Some(seen)), &open_review())?;
    t.tell(&mut p.desk)?;

    t.say(&crate::tr!("walk-edit-after"));
    let view = p.sit("editor-b").show(item)?;
    let mut changed = p.desk.content(item, None)?;
    changed.fields.summary = crate::tr!("walk-summary");
    p.desk.revise(item, changed, view.line.revision)?;
    t.tell(&mut p.desk)?;
    let stale = p
        .sit("signer")
        .sign_off(item, Seen(Some(seen)), When::default(), &Note::none());
    t.refused(crate::tr!("walk-try-stale"), stale)?;
    p.sit("first")
        .approve(item, Seen::default(), &Note::none())?;
    p.sit("second")
        .approve(item, Seen::default(), &Note::none())?;
    p.sit("secrecy")
        .clear(item, Seen::default(), &open_review())?;
    t.tell(&mut p.desk)
}

/// A runner with its own connection, as it would run beside the console.
pub fn runner(p: &Province, pages: &Path) -> Result<Runner> {
    let key = p
        .people
        .get("runner")
        .map(|r| (r.id.clone(), std::sync::Arc::clone(&r.key)));
    let (id, key) = key.ok_or_else(|| StoreError::Damaged("runner".into()))?;
    let store = Store::open(p.desk.store().path(), OpenMode::default())?;
    let signer: Box<dyn Signer> = Box::new(key);
    let desk = Desk::new(store, &id, signer, Box::new(SystemClock));
    Ok(Runner::new(
        desk,
        Some(pages.to_owned()),
        Options::default(),
    ))
}

fn release(t: &mut Teller<'_>, p: &mut Province, item: &str, pages: &Path) -> Result<()> {
    let due = p.desk.moment()? + 1_000_000;
    let when = When {
        publish_at: Some(due),
        ..When::default()
    };
    p.sit("signer").sign_off(
        item,
        Seen::default(),
        when,
        &Note::of(&crate::tr!("walk-signed")),
    )?;
    t.tell(&mut p.desk)?;
    let view = p.sit("editor").show(item)?;
    let content = p.desk.content(item, None)?;
    let frozen = p.desk.revise(
        item,
        Content {
            text: format!("{}\n{}", content.text, "…"),
            ..content
        },
        view.line.revision,
    );
    t.refused(crate::tr!("walk-try-frozen"), frozen)?;
    p.desk.drop_autosave(item)?;
    let mut runner = runner(p, pages)?;
    runner.tick()?;
    t.say(&crate::tr!("walk-waiting"));
    while p.desk.now() < due {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    runner.tick()?;
    t.tell(&mut p.desk)
}

fn afterwards(t: &mut Teller<'_>, p: &mut Province, item: &str, pages: &Path) -> Result<()> {
    t.say(&crate::tr!("walk-correction"));
    p.sit("editor-b")
        .correct(item, &Note::of(&crate::tr!("walk-correction-note")))?;
    let view = p.desk.show(item)?;
    let mut content = p.desk.content(item, None)?;
    content.fields.keywords = crate::tr!("walk-keywords");
    p.desk.revise(item, content, view.line.revision)?;
    p.desk.submit(item, Seen::default())?;
    p.sit("first")
        .approve(item, Seen::default(), &Note::none())?;
    p.sit("second")
        .approve(item, Seen::default(), &Note::none())?;
    p.sit("secrecy")
        .clear(item, Seen::default(), &open_review())?;
    let hold = When {
        hold: true,
        ..When::default()
    };
    p.sit("signer")
        .sign_off(item, Seen::default(), hold, &Note::none())?;
    p.desk.publish(item, Seen::default())?;
    runner(p, pages)?.tick()?;
    t.tell(&mut p.desk)?;
    p.sit("auditor").preview(item, ViewMode::Preview)?;
    t.say(&crate::tr!("walk-withdrawal"));
    p.sit("signer").withdraw(
        item,
        WithdrawGround::Other,
        &Note::of(&crate::tr!("walk-withdraw-reason")),
    )?;
    runner(p, pages)?.tick()?;
    t.tell(&mut p.desk)
}

fn proof(t: &mut Teller<'_>, p: &mut Province, left: &Left) -> Result<()> {
    tampered(t, p, left)?;
    t.say(&crate::tr!("walk-verify"));
    p.sit("auditor").checkpoint()?;
    let broken = |what: String| DeskError::Store(StoreError::Damaged(what));
    let v = p
        .desk
        .store()
        .verify(&Against::default(), |_| true)?
        .map_err(|f| broken(format!("{f:?}")))?;
    t.say(&crate::tr!(
        "cli-verified",
        entries = v.entries.to_string(),
        bodies = v.bodies.to_string(),
        purged = v.purged.to_string(),
        checkpoints = v.checkpoints.to_string()
    ));
    t.say(&crate::tr!("walk-pages"));
    for path in files(&left.pages) {
        t.say(&format!("  {path}"));
    }
    let _ = std::fs::remove_file(&left.log);
    p.sit("auditor").export_publications(
        &left.log,
        Format::Csv,
        &LogFilter::default(),
        true,
        &mut |_| true,
    )?;
    t.tell(&mut p.desk)?;
    t.say(&crate::tr!("walk-log"));
    let text = std::fs::read_to_string(&left.log).map_err(|source| StoreError::Io {
        path: left.log.clone(),
        source,
    })?;
    for line in text.trim_start_matches('\u{feff}').lines() {
        t.say(&format!("  {line}"));
    }
    Ok(())
}

/// A copy with one state changed by hand: the tables do not follow from the journal any more.
fn tampered(t: &mut Teller<'_>, p: &mut Province, left: &Left) -> Result<()> {
    let copy = left.store.with_file_name("tampered.qf");
    p.desk.store().backup(&copy, |_, _| {})?;
    {
        let store = Store::open(&copy, OpenMode::default())?;
        store
            .conn()
            .execute("UPDATE items SET state = 'published' WHERE n = 1", [])?;
    }
    let store = Store::open(&copy, OpenMode::default())?;
    let verdict = store.verify(&Against::default(), |_| true)?;
    drop(store);
    for suffix in ["", "-wal", "-shm", ".high"] {
        let mut name = copy.as_os_str().to_owned();
        name.push(suffix);
        let _ = std::fs::remove_file(name);
    }
    match verdict {
        Err(finding) => {
            t.say(&crate::tr!("walk-tampered", finding = finding.message()));
            Ok(())
        }
        Ok(_) => Err(StoreError::Damaged("a tampered store verified".into()).into()),
    }
}

/// Files below a directory, relative, sorted; hidden ones belong to the writer.
fn files(dir: &Path) -> Vec<String> {
    let mut list = Vec::new();
    let mut open = vec![dir.to_owned()];
    while let Some(next) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&next) else {
            continue;
        };
        for entry in entries.flatten() {
            let path = entry.path();
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if path.is_dir() {
                open.push(path);
            } else if let Ok(relative) = path.strip_prefix(dir) {
                list.push(relative.display().to_string());
            }
        }
    }
    list.sort();
    list
}
