//! Room `cli`: every act of the console as a command, one file per noun.
//!
//! Plain text for people on stdout, `--json` for programs (one object a line); messages go to
//! stderr. Exit statuses are in [`crate::desk::exit`]. Help texts come from the locale files: see
//! [`help`].

mod args;
mod bundle;
mod config;
mod context;
mod demo;
mod doctor;
mod export;
pub mod help;
mod import;
mod init;
mod item;
mod journal;
mod key;
mod lists;
mod log;
mod open;
mod out;
mod person;
mod publish;
mod queue;
mod run;
mod screen;
mod setup;
mod times;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

pub use args::Cli;
use args::Noun;
use context::Context;

use crate::desk::{DeskError, exit};
use crate::locale;

/// Result of a command: its exit status.
pub type Done = Result<u8, DeskError>;

/// Parses, runs, reports.
pub fn main() -> ExitCode {
    let tag = language();
    locale::choose(&tag);
    let command = help::localised(Cli::command());
    let matches = match command.try_get_matches() {
        Ok(matches) => matches,
        Err(error) => {
            let _ = error.print();
            let asked = !error.use_stderr();
            if !asked && std::env::args().any(|a| a == "--json") {
                let message = error.kind().to_string();
                out::object(
                    &serde_json::json!({"ok": false, "error": "usage", "rule": null, "message": message}),
                );
            }
            return ExitCode::from(if asked { exit::DONE } else { exit::USAGE });
        }
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(exit::USAGE);
        }
    };
    if let Some(lang) = &cli.global.lang {
        locale::choose(lang);
    }
    let json = cli.global.json;
    match run(cli) {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            out::failure(&error, json);
            ExitCode::from(error.exit())
        }
    }
}

/// `--lang` is looked for before parsing, because the help itself is in a language.
fn language() -> String {
    let mut args = std::env::args();
    while let Some(arg) = args.next() {
        if let Some(tag) = arg.strip_prefix("--lang=") {
            return tag.to_owned();
        }
        if arg == "--lang" {
            return args.next().unwrap_or_default();
        }
    }
    std::env::var("QIANFA_LANG").unwrap_or_default()
}

fn run(cli: Cli) -> Done {
    let mut cx = Context::new(cli.global);
    match cli.noun {
        None => open::console(&mut cx, None, None),
        Some(Noun::Open(a)) => open::console(&mut cx, Some(a.item), a.compare.as_deref()),
        Some(Noun::Init(a)) => init::init(&mut cx, &a),
        Some(Noun::Demo(a)) => demo::demo(&mut cx, &a),
        Some(Noun::Person(a)) => person::person(&mut cx, a),
        Some(Noun::Key(a)) => key::key(&mut cx, a),
        Some(Noun::Bureau(a)) => setup::bureau(&mut cx, a),
        Some(Noun::Site(a)) => setup::site(&mut cx, a),
        Some(Noun::Column(a)) => setup::column(&mut cx, a),
        Some(Noun::Route(a)) => setup::route(&mut cx, a),
        Some(Noun::Item(a)) => item::item(&mut cx, a),
        Some(Noun::Bundle(a)) => bundle::bundle(&mut cx, a),
        Some(Noun::Queue(a)) => queue::queue(&mut cx, &a),
        Some(Noun::Run(a)) => run::run(&mut cx, &a),
        Some(Noun::Publish(a)) => publish::publish(&mut cx, &a),
        Some(Noun::Screen(a)) => screen::screen(&mut cx, &a),
        Some(Noun::Lists(a)) => lists::lists(&mut cx, a),
        Some(Noun::Import(a)) => import::import(&mut cx, &a),
        Some(Noun::Export(a)) => export::export(&mut cx, &a),
        Some(Noun::Journal(a)) => journal::journal(&mut cx, a),
        Some(Noun::Backup(a)) => journal::backup(&mut cx, &a),
        Some(Noun::Doctor(a)) => doctor::doctor(&mut cx, &a),
        Some(Noun::Completions(a)) => {
            clap_complete::generate(
                a.shell,
                &mut help::localised(Cli::command()),
                "qianfa",
                &mut std::io::stdout(),
            );
            Ok(exit::DONE)
        }
        Some(Noun::Man(a)) => help::man(&a.dir),
    }
}
