//! `item`: the whole life of a piece of content.
#![allow(missing_docs)]

mod acts;
mod after;
mod findings;
mod original;
mod show;
mod strip;

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Done;
use super::context::Context;

#[derive(Args, Debug)]
pub struct Item {
    #[command(subcommand)]
    pub verb: Verb,
}

#[derive(Subcommand, Debug)]
pub enum Verb {
    New(New),
    Revise(Revise),
    Show(Show),
    List(List),
    Search(Search),
    Submit(One),
    Recall(One),
    Return(WithReason),
    Reject(WithReason),
    Approve(Approve),
    Clear(Clear),
    SignOff(SignOff),
    Schedule(Schedule),
    Unschedule(One),
    Unlock(WithReason),
    Publish(Approve),
    Correct(WithReason),
    Discard(One),
    Restore(One),
    Diff(Diff),
    History(One),
    Comment(Comment),
    Comments(One),
    Settle(Settle),
    Attach(Attach),
    Inspect(strip::Look),
    Strip(strip::StripOne),
    Preview(One),
    Form(Form),
    Original(original::Original),
    Takeover(One),
    #[command(flatten)]
    After(after::After),
    #[command(flatten)]
    Found(findings::Found),
}

#[derive(Args, Debug)]
pub struct One {
    pub item: String,
}

#[derive(Args, Debug)]
pub struct WithReason {
    pub item: String,
    #[arg(long)]
    pub reason: String,
}

/// What an editor can set from the command line.
#[derive(Args, Debug, Default)]
pub struct Set {
    #[arg(long)]
    pub title: Option<String>,
    #[arg(long, value_name = "FILE")]
    pub text: Option<PathBuf>,
    #[arg(long = "field", value_name = "CODE=VALUE")]
    pub fields: Vec<String>,
    #[arg(long)]
    pub disclosure: Option<String>,
    #[arg(long)]
    pub ground: Option<String>,
    #[arg(long)]
    pub urgency: Option<String>,
    #[arg(long)]
    pub origin: Option<String>,
    #[arg(long, value_name = "BUREAU")]
    pub provider: Option<String>,
    #[arg(long, value_name = "TIME")]
    pub go_live: Option<String>,
    #[arg(long, value_name = "TIME")]
    pub embargo: Option<String>,
}

#[derive(Args, Debug)]
pub struct New {
    #[arg(long = "column", required = true)]
    pub columns: Vec<String>,
    #[command(flatten)]
    pub set: Set,
}

#[derive(Args, Debug)]
pub struct Revise {
    pub item: String,
    #[arg(long, value_name = "N")]
    pub from: Option<u32>,
    #[arg(long = "column")]
    pub columns: Vec<String>,
    #[command(flatten)]
    pub set: Set,
}

#[derive(Args, Debug)]
pub struct Show {
    pub item: String,
    #[arg(long, value_name = "N")]
    pub revision: Option<u32>,
}

#[derive(Args, Debug, Default)]
pub struct Narrow {
    #[arg(long = "state")]
    pub states: Vec<String>,
    #[arg(long)]
    pub site: Option<String>,
    #[arg(long)]
    pub column: Option<String>,
    #[arg(long)]
    pub mine: bool,
    #[arg(long, default_value_t = 50)]
    pub limit: u32,
}

#[derive(Args, Debug)]
pub struct List {
    #[command(flatten)]
    pub narrow: Narrow,
}

#[derive(Args, Debug)]
pub struct Search {
    pub words: String,
    #[command(flatten)]
    pub narrow: Narrow,
}

#[derive(Args, Debug)]
pub struct Approve {
    pub item: String,
    #[arg(long, value_name = "HASH")]
    pub fingerprint: Option<String>,
    #[arg(long, default_value = "")]
    pub comment: String,
}

#[derive(Args, Debug)]
pub struct Clear {
    pub item: String,
    #[arg(long)]
    pub conclusion: String,
    #[arg(long)]
    pub ground: Option<String>,
    #[arg(long, default_value = "")]
    pub opinion: String,
    #[arg(long, default_value = "")]
    pub authority: String,
    #[arg(long, value_name = "HASH")]
    pub fingerprint: Option<String>,
}

#[derive(Args, Debug)]
pub struct SignOff {
    pub item: String,
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    #[arg(long, value_name = "TIME")]
    pub expire: Option<String>,
    #[arg(long)]
    pub hold: bool,
    #[arg(long, default_value = "")]
    pub comment: String,
    #[arg(long, value_name = "HASH")]
    pub fingerprint: Option<String>,
}

#[derive(Args, Debug)]
pub struct Schedule {
    pub item: String,
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    #[arg(long, value_name = "TIME")]
    pub expire: Option<String>,
}

#[derive(Args, Debug)]
pub struct Diff {
    pub item: String,
    #[arg(long, value_name = "N")]
    pub from: Option<u32>,
    #[arg(long, value_name = "N")]
    pub to: Option<u32>,
    #[arg(long)]
    pub review: bool,
    #[arg(long)]
    pub html: bool,
    #[arg(long, default_value = "auto", value_parser = ["auto", "always", "never"])]
    pub color: String,
}

#[derive(Args, Debug)]
pub struct Comment {
    pub item: String,
    pub words: String,
    #[arg(long, value_name = "WORDS", conflicts_with = "answer")]
    pub quote: Option<String>,
    #[arg(long, value_name = "N")]
    pub answer: Option<u64>,
}

#[derive(Args, Debug)]
pub struct Settle {
    pub item: String,
    pub thread: u64,
}

#[derive(Args, Debug)]
pub struct Attach {
    pub item: String,
    pub file: PathBuf,
    #[arg(long)]
    pub name: Option<String>,
    #[arg(long, default_value = "")]
    pub alt: String,
    #[arg(long)]
    pub strip: bool,
    #[arg(long, value_enum, value_delimiter = ',', value_name = "WHAT", requires = "strip")]
    pub also: Vec<strip::Also>,
}

#[derive(Args, Debug)]
pub struct Form {
    pub item: String,
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    #[arg(long)]
    pub force: bool,
}

pub fn item(cx: &mut Context, a: Item) -> Done {
    let mut desk = cx.desk()?;
    match a.verb {
        Verb::Show(a) => show::show(cx, &mut desk, &a),
        Verb::List(a) => show::list(cx, &mut desk, None, &a.narrow),
        Verb::Search(a) => show::list(cx, &mut desk, Some(a.words), &a.narrow),
        Verb::Diff(a) => show::diff(cx, &mut desk, &a),
        Verb::Comments(a) => show::comments(cx, &mut desk, &a.item),
        Verb::History(a) => show::history(cx, &mut desk, &a.item),
        Verb::Preview(a) => show::preview(cx, &mut desk, &a.item),
        Verb::Form(a) => show::form(cx, &mut desk, &a),
        Verb::Original(a) => original::original(cx, &mut desk, &a),
        Verb::Attach(a) => strip::attach(cx, &mut desk, a),
        Verb::Inspect(a) => strip::inspect(cx, &mut desk, &a),
        Verb::Strip(a) => strip::strip(cx, &mut desk, &a),
        Verb::After(a) => after::after(cx, &mut desk, a),
        Verb::Found(a) => findings::found(cx, &mut desk, a),
        verb => acts::act(cx, &mut desk, verb),
    }
}

pub use show::print_history;
pub use show::print_lines;
