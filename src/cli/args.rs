//! The nouns and what they share. Doc comments here are for readers of the code; users read the
//! texts of the locale files.
#![allow(missing_docs)]

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

#[derive(Parser, Debug)]
#[command(name = "qianfa", version)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub noun: Option<Noun>,
}

#[derive(Args, Debug, Clone)]
pub struct Global {
    #[arg(long, global = true, env = "QIANFA_STORE")]
    pub store: Option<PathBuf>,
    #[arg(long = "as", global = true, env = "QIANFA_AS", value_name = "LOGIN")]
    pub person: Option<String>,
    #[arg(long, global = true)]
    pub key_file: Option<PathBuf>,
    #[arg(long, global = true)]
    pub passphrase_file: Option<PathBuf>,
    #[arg(long, global = true, value_name = "LOGIN")]
    pub second: Option<String>,
    #[arg(long, global = true)]
    pub clock_is_right: bool,
    #[arg(long, global = true)]
    pub json: bool,
    #[arg(long, global = true, value_name = "TAG")]
    pub lang: Option<String>,
}

#[derive(Subcommand, Debug)]
pub enum Noun {
    Init(super::init::Init),
    Demo(super::demo::Demo),
    Open(Open),
    Person(super::person::Person),
    Key(super::key::Key),
    Bureau(super::setup::Bureau),
    Site(super::setup::Site),
    Column(super::setup::Column),
    Route(super::setup::RouteArgs),
    Item(super::item::Item),
    Bundle(super::bundle::Bundle),
    Queue(super::queue::Queue),
    Run(super::run::Run),
    Publish(super::publish::Publish),
    Screen(super::screen::Screen),
    Lists(super::lists::Lists),
    Import(super::import::Import),
    Export(super::export::Export),
    Journal(super::journal::Journal),
    Backup(super::journal::Backup),
    Doctor(super::doctor::Doctor),
    Completions(Completions),
    Man(Man),
}

#[derive(Args, Debug)]
pub struct Open {
    pub item: String,
    #[arg(long, value_name = "A..B")]
    pub compare: Option<String>,
}

#[derive(Args, Debug)]
pub struct Completions {
    pub shell: clap_complete::Shell,
}

#[derive(Args, Debug)]
pub struct Man {
    pub dir: PathBuf,
}
