//! Every screen and dialog that can be reached, as a table: name, person, item, keys.
//!
//! **A new screen is one line in [`STOPS`].** It is then drawn in both languages at both sizes
//! (`tests/screens.rs`, snapshots in `tests/snapshots/screens/`), in narrow, wide and safe terminals
//! (`tests/width.rs`), and the monkey starts from it (`tests/monkey.rs`). Every stop begins with a
//! fresh console on its own copy of the same sample province, so the order of the lines does not
//! matter and a line can be put anywhere.
//!
//! Make the snapshots with `INSTA_UPDATE=always cargo test --test screens`, then **read them**: cut
//! texts that lose their meaning, columns out of line, a language that leaks into the other.

#![allow(dead_code)] // each test uses its part
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use qianfa::demo::{Setup, fill, found};
use qianfa::desk::{Clock, Content, Desk, Note};
use qianfa::journal::{SealCost, SoftKey, Suite};
use qianfa::store::{OpenMode, Store, Sync};
use qianfa::text::Ambiguous;
use qianfa::tui::app::App;
use qianfa::tui::console::seat::{Seat, Sitter, Start, Way};
use qianfa::tui::console::{Config, app};
use qianfa::tui::testing::START_US;

/// A place in the console.
pub struct Stop {
    /// Name of the snapshot.
    pub name: &'static str,
    /// Who sits there; empty for the login.
    pub login: &'static str,
    /// The item opened at once, as `qianfa open` does; empty for the desk.
    pub item: &'static str,
    /// The keys that lead there, in the notation of `qianfa::tui::testing::keys`: blanks separate,
    /// `<enter>` is one key, everything else is a key per character.
    pub keys: &'static str,
}

const fn stop(
    name: &'static str,
    login: &'static str,
    item: &'static str,
    keys: &'static str,
) -> Stop {
    Stop {
        name,
        login,
        item,
        keys,
    }
}

// The items of the sample, by what has become of them.
const PUBLISHED: &str = "2026-000001";
const SCHEDULED: &str = "2026-000002";
const AT_SECRECY: &str = "2026-000003";
const AT_FIRST: &str = "2026-000004";
const DRAFT: &str = "2026-000005";
const AT_SIGN_OFF: &str = "2026-000009";
const SIGNED_OFF: &str = "2026-000010";
const DISCARDED: &str = "2026-000013";
const CORRECTING: &str = "2026-000014";

/// The table.
pub const STOPS: &[Stop] = &[
    stop("login", "", "", ""),
    stop("login_passphrase", "", "", "<enter>"),
    stop("desk", "editor", "", ""),
    stop("desk_leader", "head", "", ""),
    stop("help", "editor", "", "?"),
    stop("help_search", "editor", "", "<f3> <f1> 标 记"),
    stop("palette", "editor", "", ":"),
    stop("palette_search", "editor", AT_FIRST, "<ctrl-p> t h"),
    stop("which_key", "editor", "", "g <wait>"),
    stop("change_person", "editor", "", "<f9>"),
    stop("items", "editor", "", "<f3>"),
    stop("items_search", "editor", "", "<f3> / 公开 <enter>"),
    stop("items_search_ask", "editor", "", "<f3> /"),
    stop("items_filter", "editor", "", "<f3> f"),
    stop("items_empty", "editor", "", "<f3> / 龘 <enter>"),
    stop(
        "items_marked",
        "editor",
        "",
        "<f3> <space> <space> <down> <space>",
    ),
    stop(
        "items_batch",
        "editor",
        "",
        "<f3> <space> <space> <space> <space> <space> <space> s",
    ),
    stop("items_batch_outcome", "editor", "", "<f3> <ctrl-a> s y"),
    stop("new_item", "editor", "", "<f3> n"),
    stop(
        "new_item_form",
        "editor",
        "",
        "<f3> n <down> <down> <enter>",
    ),
    stop("item", "editor", AT_FIRST, ""),
    stop("item_text", "editor", PUBLISHED, "2"),
    stop("item_published", "editor", PUBLISHED, ""),
    stop("item_scheduled", "signer", SCHEDULED, ""),
    stop("item_commented", "editor", AT_SECRECY, ""),
    stop("item_history", "editor", AT_SECRECY, "h"),
    stop("item_diff", "editor", CORRECTING, "d"),
    stop("item_record", "secrecy", AT_SIGN_OFF, "r"),
    stop("item_comments", "secrecy", AT_SECRECY, "4"),
    stop("item_links", "editor", PUBLISHED, "5"),
    stop("item_custody", "auditor", AT_SECRECY, "8"),
    stop("item_findings", "secrecy", AT_SECRECY, "9"),
    stop(
        "item_relate_ask",
        "editor",
        PUBLISHED,
        "<ctrl-p> relate-item <enter>",
    ),
    stop(
        "item_emergency_ask",
        "head",
        AT_FIRST,
        "<ctrl-p> declare-emergency <enter>",
    ),
    stop(
        "item_withdraw_no_ground",
        "signer",
        PUBLISHED,
        "W <tab> ab <ctrl-s>",
    ),
    stop("palette_why", "editor", AT_FIRST, "<ctrl-p> withdraw"),
    stop("item_attachments", "editor", PUBLISHED, "a"),
    stop("item_attach", "editor", DRAFT, "A"),
    stop("item_comment_ask", "editor", AT_FIRST, "m"),
    stop("item_submit_ask", "editor", DRAFT, "s"),
    stop("item_refusal", "editor", AT_SECRECY, "s"),
    stop("item_schedule_ask", "signer", SIGNED_OFF, "t"),
    stop("item_publish_ask", "signer", SIGNED_OFF, "P"),
    stop("item_withdraw_ask", "signer", PUBLISHED, "W"),
    stop("item_correct_ask", "editor", PUBLISHED, "c"),
    stop("item_restore_ask", "editor-b", DISCARDED, "R"),
    stop("item_discard_ask", "editor", DRAFT, "X"),
    stop("preview", "editor", DRAFT, "p"),
    stop("editor", "editor", DRAFT, "e"),
    stop("editor_fields", "editor", DRAFT, "e <f6>"),
    stop("editor_find", "editor", DRAFT, "e <ctrl-f>"),
    stop("editor_leave", "editor", DRAFT, "e 税 务 <esc>"),
    stop("editor_preview", "editor", DRAFT, "e <alt-p>"),
    stop("queue", "secrecy", "", "<f4>"),
    stop("queue_text", "secrecy", "", "<f4> <tab>"),
    stop("queue_record", "secrecy", "", "<f4> <tab> r"),
    stop("queue_findings", "secrecy", "", "<f4> i"),
    stop("queue_batch_ask", "first", "", "<f4> <ctrl-a> a"),
    stop("queue_empty", "auditor", "", "<f4>"),
    stop("queue_approve_ask", "first", "", "<f4> a"),
    stop("queue_return_ask", "first", "", "<f4> b"),
    stop("queue_reject_ask", "first", "", "<f4> x"),
    stop("clear_dialog", "secrecy", "", "<f4> c"),
    stop("clear_dialog_choice", "secrecy", "", "<f4> c <space>"),
    stop("sign_off_dialog", "signer", "", "<f4> s"),
    stop("schedule", "signer", "", "<f5>"),
    stop("schedule_week", "signer", "", "<f5> v"),
    stop("schedule_month", "signer", "", "<f5> v v <right>"),
    stop("schedule_move", "signer", "", "<f5> v m <down> <down>"),
    stop(
        "schedule_move_ask",
        "signer",
        "",
        "<f5> v m <down> <right> <enter>",
    ),
    stop("schedule_date_ask", "signer", "", "<f5> d"),
    stop("items_states", "editor", "", "<f3> f <enter>"),
    stop(
        "items_filtered",
        "editor",
        "",
        "<f3> f <enter> <down> <enter> f <down> <down> <enter>",
    ),
    stop("items_views", "editor", "", "<f3> w"),
    stop("items_order", "editor", "", "<f3> o"),
    stop("items_days", "editor", "", "<f3> f <end> <up> <up> <enter>"),
    stop("sites", "leader", "", "g c"),
    stop("sites_column", "leader", "", "g c <down> <down>"),
    stop("sites_add", "sysadmin", "", "g c a"),
    stop("sites_merge", "sysadmin", "", "g c <down> M"),
    stop("route", "sysadmin", "", "g c <down> r"),
    stop(
        "route_broken",
        "sysadmin",
        "",
        "g c <down> r <down> <down> x",
    ),
    stop("bundles", "signer", "", "g b"),
    stop("settings", "editor", "", "g o"),
    stop("settings_theme", "editor", "", "g o <down>"),
    stop("settings_page", "editor", "", "g o <end>"),
    stop("import", "editor", "", "g m <esc>"),
    stop("people_person", "office", "", "<f7> <end>"),
    stop("people_add", "office", "", "<f7> a"),
    stop("people_grant", "office", "", "<f7> <end> r"),
    stop("journal_entry_full", "auditor", "", "<f8> # 3 <enter>"),
    stop("journal_export", "auditor", "", "<f8> e"),
    stop("journal", "auditor", "", "<f8>"),
    stop("journal_entry", "auditor", "", "<f8> <enter>"),
    stop("journal_filter", "auditor", "", "<f8> f"),
    stop("journal_verified", "auditor", "", "<f8> v"),
    stop("people", "office", "", "<f7>"),
    stop("quit_unsaved", "editor", DRAFT, "e 税 务 <ctrl-q>"),
];

/// A clock that stands still: nothing depends on the day of the test.
pub struct Still;

impl Clock for Still {
    fn now(&self) -> i64 {
        START_US
    }
}

const MODE: OpenMode = OpenMode {
    sync: Sync::Normal,
    read_only: false,
};

/// The sample province with items in every state, to be copied for every stop.
pub struct Province {
    dir: tempfile::TempDir,
    people: Vec<(String, String, Arc<SoftKey>)>,
}

/// Text and title full of characters of ambiguous width.
pub const DOUBTFUL: &str = "他说：“好了……”——★结束①②③■□→←§×÷°‘单’“双”…—·";

impl Province {
    /// Founds and fills it once.
    pub fn new() -> Self {
        Self::found(None)
    }

    /// The same with key files, for the real program.
    pub fn with_keys() -> Self {
        Self::found(Some(SealCost::QUICK))
    }

    fn found(key_files: Option<SealCost>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let setup = Setup {
            suite: Suite::Ed25519Sha256,
            mode: MODE,
            key_files,
        };
        let path = dir.path().join("p.qf");
        let mut province = found(&path, setup, Box::new(Still), &mut |_, _| {}).unwrap();
        fill(&mut province, &mut |_, _| {}).unwrap();
        let desk = province.sit("editor-b");
        desk.comment(AT_SECRECY, &Note::of("第二段的文号请再核对。"))
            .unwrap();
        let mut content = Content::for_column("prov-policy").open();
        DOUBTFUL.clone_into(&mut content.fields.title);
        content.text = [DOUBTFUL; 40].join("\n");
        let doubtful = province.sit("editor").create(content).unwrap().id;
        province.sit("editor").submit(&doubtful).ok();
        let people = province
            .people
            .values()
            .map(|p| (p.login.to_owned(), p.id.clone(), Arc::clone(&p.key)))
            .collect();
        Self { dir, people }
    }

    /// A copy of its own, away when the handle is dropped.
    pub fn copy(&self) -> tempfile::TempDir {
        let to = tempfile::tempdir().unwrap();
        copy_tree(self.dir.path(), to.path());
        to
    }

    /// The people at the keyboard.
    pub fn logins(&self) -> impl Iterator<Item = &str> {
        self.people.iter().map(|p| p.0.as_str())
    }

    /// A desk over a copy.
    pub fn desk(&self, copy: &Path, login: &str) -> Desk {
        let (_, id, key) = self.people.iter().find(|p| p.0 == login).unwrap();
        let store = Store::open(&copy.join("p.qf"), MODE).unwrap();
        Desk::new(store, id, Box::new(Arc::clone(key)), Box::new(Still))
    }

    /// The console of a person over a copy, before anything is pressed.
    pub fn console(&self, copy: &Path, login: &str, item: &str, amb: Ambiguous) -> App<Seat> {
        let path = copy.join("p.qf");
        let sitters: Vec<Sitter> = self
            .people
            .iter()
            .map(|(login, _, key)| Sitter {
                login: login.clone(),
                way: Way::Unlocked(Arc::clone(key)),
            })
            .collect();
        let found = self.people.iter().find(|p| p.0 == login).cloned();
        let start = match found {
            Some((_, id, key)) => Start::Seated(Box::new(move || {
                let store = Store::open(&path, MODE)?;
                Ok(Desk::new(store, &id, Box::new(key), Box::new(Still)))
            })),
            None => Start::Login(Box::new(move || Ok(Store::open(&path, MODE)?))),
        };
        // At the login everybody has a sealed key.
        let sitters = if login.is_empty() {
            sitters
                .into_iter()
                .map(|s| Sitter {
                    way: Way::File(copy.join("keys").join(format!("{}.key", s.login))),
                    ..s
                })
                .collect()
        } else {
            sitters
        };
        let mut config = Config::new(start, sitters);
        config.lock_after = None;
        config.item = (!item.is_empty()).then(|| item.to_owned());
        app(config, amb).unwrap()
    }
}

fn copy_tree(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_tree(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The keys of a stop in pieces; between them lies a pause (`<wait>`), long enough for the popup
/// that shows what can follow.
pub fn pieces(keys: &str) -> impl Iterator<Item = &str> {
    keys.split("<wait>")
}

/// How long a `<wait>` is.
pub const WAIT: std::time::Duration = std::time::Duration::from_millis(400);
