//! `bundle`: several items live together or not at all.
#![allow(missing_docs)]

use clap::{Args, Subcommand};
use serde_json::json;

use super::context::Context;
use super::{Done, out, times};
use crate::desk::bundle::BundleSeen;
use crate::desk::{Desk, Note, Result, exit};
use crate::locale;

#[derive(Args, Debug)]
pub struct Bundle {
    #[command(subcommand)]
    pub verb: Verb,
}

#[derive(Subcommand, Debug)]
pub enum Verb {
    New(New),
    Add(Member),
    Remove(Member),
    Schedule(Schedule),
    Unschedule(One),
    Publish(Publish),
    Discard(One),
    List,
}

#[derive(Args, Debug)]
pub struct New {
    pub name: String,
}

#[derive(Args, Debug)]
pub struct One {
    pub bundle: String,
}

#[derive(Args, Debug)]
pub struct Member {
    pub bundle: String,
    pub item: String,
}

#[derive(Args, Debug)]
pub struct Schedule {
    pub bundle: String,
    #[arg(long, value_name = "TIME")]
    pub at: String,
    #[arg(long, value_name = "N")]
    pub base: Option<u64>,
}

#[derive(Args, Debug)]
pub struct Publish {
    pub bundle: String,
    #[arg(long, value_name = "N")]
    pub base: Option<u64>,
}

/// The bundle as it is decided on: as it is now, but where the caller says as of which entry he saw
/// it, it must not have moved since.
fn shown(desk: &mut Desk, bundle: &str, base: Option<u64>) -> Result<BundleSeen> {
    let mut seen = desk.bundle_show(bundle)?.seen;
    seen.base = base.unwrap_or(seen.base);
    Ok(seen)
}

pub fn bundle(cx: &mut Context, a: Bundle) -> Done {
    let mut desk = cx.desk()?;
    let (bundle, seq) = match a.verb {
        Verb::New(a) => (desk.bundle_new(&Note::of(&a.name))?, None),
        Verb::Add(a) => {
            let seq = desk.bundle_add(&a.bundle, &a.item)?.seq;
            (a.bundle, Some(seq))
        }
        Verb::Remove(a) => {
            let seq = desk.bundle_remove(&a.bundle, &a.item)?.seq;
            (a.bundle, Some(seq))
        }
        Verb::Schedule(a) => {
            let at = times::instant(&a.at, desk.moment()?)?;
            let seen = shown(&mut desk, &a.bundle, a.base)?;
            let seq = desk.bundle_schedule(&a.bundle, at, Some(&seen))?.seq;
            (a.bundle, Some(seq))
        }
        Verb::Unschedule(a) => {
            let seq = desk.bundle_unschedule(&a.bundle)?.seq;
            (a.bundle, Some(seq))
        }
        Verb::Publish(a) => {
            let seen = shown(&mut desk, &a.bundle, a.base)?;
            let seq = desk.bundle_publish(&a.bundle, Some(&seen))?.seq;
            (a.bundle, Some(seq))
        }
        Verb::Discard(a) => {
            let seq = desk.bundle_discard(&a.bundle)?.seq;
            (a.bundle, Some(seq))
        }
        Verb::List => {
            let mut rows = Vec::new();
            for view in desk.bundles()? {
                if cx.json() {
                    let members: Vec<_> = view.members.iter().map(|(id, number, state)| json!({"item": id, "number": number, "state": state})).collect();
                    out::object(
                        &json!({"bundle": view.id, "base": view.seen.base, "name": view.name, "state": view.state.code(), "due": view.due.map(times::rfc3339), "members": members}),
                    );
                } else {
                    let members: Vec<String> = view
                        .members
                        .iter()
                        .map(|(_, number, _)| number.clone())
                        .collect();
                    let due = view.due.map_or_else(String::new, locale::instant);
                    rows.push(vec![
                        view.id,
                        locale::word("bundle-state", view.state.code()),
                        due,
                        view.name,
                        members.join(" "),
                    ]);
                }
            }
            out::table(&rows);
            return Ok(exit::DONE);
        }
    };
    out::result(
        cx.json(),
        json!({"bundle": bundle, "seq": seq}),
        &crate::tr!("cli-bundle-done", bundle = bundle.clone()),
    );
    Ok(exit::DONE)
}
