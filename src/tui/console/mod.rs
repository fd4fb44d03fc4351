//! The console of the editorial board: the screens over [`crate::desk`].
//!
//! * [`seat`]: the state on the store's thread
//! * [`kit`]: what all screens share
//! * [`start`]: login, change of person, idle lock
//! * [`home`], [`items`], [`item`], [`editor`], [`queue`], [`schedule`], [`sites`], [`bundles`],
//!   [`import`], [`journal`], [`people`], [`settings`]: the screens
//! * [`config`]: the person's settings and their file
//! * [`acts`]: what can be done to an item, the same from every screen; [`decide`]: to several

// A method that only asks a question does it through `cx`; it is a method of its screen all the same.
#![allow(clippy::unused_self)]

pub mod acts;
pub mod after;
pub mod bundles;
pub mod config;
pub mod decide;
pub mod editor;
pub mod home;
pub mod import;
pub mod item;
pub mod items;
pub mod journal;
pub mod kit;
mod outside;
pub mod people;
pub mod queue;
pub mod reading;
pub mod schedule;
pub mod seat;
pub mod settings;
pub mod sites;
pub mod start;

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use crate::desk::DeskError;
use crate::locale;
use crate::text::Ambiguous;
use crate::tui::action::Action;
use crate::tui::app::{App, Navigator};
use crate::tui::component::{Cx, Env, Outcome};
use crate::tui::console::kit::{House, Shared};
use crate::tui::console::seat::{Seat, Sitter, Start};
use crate::tui::keymap::{Keymap, KeymapError, Preset};
use crate::tui::run::{self, Options, RunError};
use crate::tui::theme::{BuiltIn, Styles};
use crate::tui::worker::Worker;

/// After how long without a key the screen of a normal store is locked.
pub const LOCK_AFTER: Duration = Duration::from_secs(600);

/// How the console is to be run.
pub struct Config {
    /// Where the store comes from.
    pub start: Start,
    /// Who can sit down, in the order of the list.
    pub people: Vec<Sitter>,
    /// Language; none keeps the one in force.
    pub language: Option<String>,
    /// How things look.
    pub styles: Styles,
    /// The theme the styles come from, if it is one of the built-in ones.
    pub theme: Option<BuiltIn>,
    /// The keys to begin with.
    pub preset: Preset,
    /// The person's own keys: name and text of his file.
    pub user_keys: Option<(String, String)>,
    /// The person's own theme, one of those the key goes through.
    pub own_theme: Option<Styles>,
    /// How the terminal is used.
    pub terminal: Options,
    /// Item to open at once, by id or number.
    pub item: Option<String>,
    /// Two revisions of it to open the difference of.
    pub compare: Option<(u32, u32)>,
    /// Lock the screen after this long; the sample province does not.
    pub lock_after: Option<Duration>,
    /// The person's settings and their file, for the screen that changes them.
    pub settings: config::Source,
}

impl Config {
    /// The usual settings over a store.
    pub fn new(start: Start, people: Vec<Sitter>) -> Self {
        Self {
            start,
            people,
            language: None,
            styles: BuiltIn::Dark.styles(),
            theme: Some(BuiltIn::Dark),
            preset: Preset::Default,
            user_keys: None,
            own_theme: None,
            terminal: Options::default(),
            item: None,
            compare: None,
            lock_after: Some(LOCK_AFTER),
            settings: config::Source::default(),
        }
    }
}

/// Why the console did not run.
#[derive(Debug, thiserror::Error)]
pub enum ConsoleError {
    /// The keymap.
    #[error(transparent)]
    Keymap(#[from] KeymapError),
    /// The store or the login.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// The terminal.
    #[error(transparent)]
    Run(#[from] RunError),
    /// No thread for the store.
    #[error("no thread for the store: {0}")]
    Thread(#[from] std::io::Error),
}

impl ConsoleError {
    /// The message in the language in force.
    pub fn message(&self) -> String {
        match self {
            Self::Keymap(error) => error.message(),
            Self::Desk(error) => error.message(),
            Self::Run(error) => crate::tr!("tui-error-terminal", detail = error.to_string()),
            Self::Thread(error) => crate::tr!("tui-error-terminal", detail = error.to_string()),
        }
    }
}

/// Runs the console on the terminal of this process until the person leaves. The session is
/// opened and closed in the journal; unsaved text is kept whatever ends the program.
pub fn run(config: Config) -> Result<(), ConsoleError> {
    let terminal = config.terminal;
    // The store is opened before the terminal is taken: an error is printed where one can read it.
    let make = prepare(config)?;
    Ok(run::in_terminal(terminal, make)?)
}

/// The console without its terminal: what [`run()`] runs, for tests and pictures.
pub fn app(config: Config, amb: Ambiguous) -> Result<App<Seat>, ConsoleError> {
    Ok(prepare(config)?(amb, None))
}

type Make = Box<dyn FnOnce(Ambiguous, Option<bool>) -> App<Seat>>;

fn prepare(config: Config) -> Result<Make, ConsoleError> {
    if let Some(tag) = &config.language {
        locale::choose(tag);
    }
    let user = config
        .user_keys
        .as_ref()
        .map(|(name, text)| (name.as_str(), text.as_str()));
    let keymap = Keymap::load(config.preset, user)?;
    let seated = matches!(config.start, Start::Seated(_));
    let house: House = Rc::new(Shared {
        sitters: config.people.clone(),
        settings: std::cell::RefCell::new(config.settings),
        ..Shared::default()
    });
    let (tell, told) = crossbeam_channel::bounded(1);
    let (start, people) = (config.start, config.people);
    let worker = Worker::start(move || {
        let (seat, error) = Seat::open(start, people);
        let _ = tell.send(error);
        seat
    })?;
    if let Ok(Some(error)) = told.recv() {
        return Err(error.into());
    }
    let (zone, _) = house.settings.borrow().value(config::Setting::Zone);
    locale::choose_zone(&zone);
    let (mut styles, mut theme, lock) = (config.styles, config.theme, config.lock_after);
    let follows = config.terminal.ask_light;
    let (item, compare) = (config.item, config.compare);
    let own = config.own_theme.map(Arc::new);
    Ok(Box::new(move |amb, light| {
        house.light.set(light);
        if follows {
            let fits = BuiltIn::for_background(light);
            (styles, theme) = (fits.styles(), Some(fits));
        }
        let mut env = Env::new(styles, amb, keymap);
        env.theme = theme;
        env.own = own;
        env.page_rows = house.settings.borrow().page_rows();
        let first = start::Opening::new(Rc::clone(&house), seated, item.map(|i| (i, compare)));
        let app = App::new(worker, env, navigator(Rc::clone(&house)), first);
        match lock {
            Some(wait) => app.when_idle(wait, start::lock(house)),
            None => app,
        }
    }))
}

/// Leads from screen to screen.
fn navigator(house: House) -> Navigator<Seat> {
    Box::new(move |action: Action, cx: &mut Cx<'_, Seat>| {
        if house.me.borrow().id.is_empty() {
            return Outcome::Ignored;
        }
        let house = Rc::clone(&house);
        match action {
            Action::GoDesk => cx.go(home::Home::new(house)),
            Action::GoItems => cx.go(items::Items::new(house)),
            Action::GoQueue => cx.go(queue::Queue::new(house)),
            Action::GoSchedule => cx.go(schedule::Schedule::new(house)),
            Action::GoJournal => cx.go(journal::Journal::new(house)),
            Action::GoPeople => cx.go(people::People::new(house)),
            Action::GoSites => cx.go(sites::Sites::new(house)),
            Action::GoBundles => cx.go(bundles::Bundles::new(house)),
            Action::GoSettings => cx.go(settings::Settings::new(house)),
            Action::ImportFiles => cx.go(import::Import::new(house)),
            Action::ChangePerson => cx.push(start::ChangePerson::new(house)),
            _ => return Outcome::Ignored,
        }
        Outcome::Consumed
    })
}
