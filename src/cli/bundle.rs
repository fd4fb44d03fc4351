//! `bundle`: several items live together or not at all.
#![allow(missing_docs)]

use clap::{Args, Subcommand};
use serde_json::json;

use super::context::Context;
use super::{Done, out, times};
use crate::desk::{Note, exit};
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
    Publish(One),
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
            let seq = desk.bundle_schedule(&a.bundle, at)?.seq;
            (a.bundle, Some(seq))
        }
        Verb::Unschedule(a) => {
            let seq = desk.bundle_unschedule(&a.bundle)?.seq;
            (a.bundle, Some(seq))
        }
        Verb::Publish(a) => {
            let seq = desk.bundle_publish(&a.bundle)?.seq;
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
                        &json!({"bundle": view.id, "name": view.name, "state": view.state.code(), "due": view.due.map(times::rfc3339), "members": members}),
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
