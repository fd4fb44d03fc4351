//! `item`: life after publication.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;

use super::acts::{report, simple};
use crate::cli::context::{Context, code};
use crate::cli::{Done, out, times};
use crate::desk::review::Seen;
use crate::desk::{Desk, Note, exit};
use crate::locale;
use crate::report::ReportError;
use crate::rules::act::{FlagOutcome, Relation, Validity, WithdrawGround};

#[derive(Subcommand, Debug)]
pub enum After {
    Withdraw(Withdraw),
    Relate(Relate),
    Unrelate(Relate),
    Related(super::One),
    Validity(SetValidity),
    Share(Share),
    Copies(super::One),
    Flags(Flags),
    SettleFlag(SettleFlag),
    Emergency(super::WithReason),
    Version(Version),
    Outgoing(Outgoing),
    Posted(Posted),
}

#[derive(Args, Debug)]
pub struct Withdraw {
    pub item: String,
    #[arg(long)]
    pub reason: String,
    #[arg(long, default_value = "other", value_parser = ["error", "secret", "privacy", "rights", "repealed", "duplicate", "other"])]
    pub withdraw_ground: String,
    #[arg(long)]
    pub everywhere: bool,
}

#[derive(Args, Debug)]
pub struct Relate {
    pub item: String,
    pub other: String,
    #[arg(long, default_value = "interpretation", value_parser = ["interpretation", "interview", "commentary", "questions", "outlet"])]
    pub relation: String,
}

#[derive(Args, Debug)]
pub struct SetValidity {
    pub item: String,
    #[arg(value_parser = ["in-force", "partly", "amended", "repealed", "lapsed"])]
    pub validity: String,
    #[arg(long, value_name = "TIME")]
    pub since: Option<String>,
    #[arg(long)]
    pub reason: String,
}

#[derive(Args, Debug)]
pub struct Share {
    pub item: String,
    #[arg(long = "to", value_name = "COLUMN", required = true)]
    pub to: Vec<String>,
}

#[derive(Args, Debug)]
pub struct Flags {
    pub item: Option<String>,
}

#[derive(Args, Debug)]
pub struct SettleFlag {
    pub item: String,
    pub flag: u64,
    #[arg(long, value_parser = ["updated", "stands"])]
    pub outcome: String,
    #[arg(long)]
    pub reason: String,
}

#[derive(Args, Debug)]
pub struct Version {
    pub item: String,
    #[arg(value_parser = ["weibo", "wechat"])]
    pub channel: String,
}

#[derive(Args, Debug)]
pub struct Outgoing {
    pub item: String,
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    #[arg(long)]
    pub force: bool,
}

#[derive(Args, Debug)]
pub struct Posted {
    pub item: String,
    pub place: String,
}

pub(super) fn after(cx: &Context, desk: &mut Desk, verb: After) -> Done {
    match verb {
        After::Withdraw(a) => withdraw(cx, desk, &a),
        After::Relate(a) => {
            let relation = code(&a.relation, Relation::parse)?;
            simple(cx, desk, &a.item, |d, id| {
                Ok(d.relate(id, &a.other, relation)?.seq)
            })
        }
        After::Unrelate(a) => {
            let relation = code(&a.relation, Relation::parse)?;
            simple(cx, desk, &a.item, |d, id| {
                Ok(d.unrelate(id, &a.other, relation)?.seq)
            })
        }
        After::Related(a) => related(cx, desk, &a.item),
        After::Validity(a) => {
            let validity = code(&a.validity, Validity::parse)?;
            let since = match &a.since {
                Some(text) => Some(times::instant(text, desk.now())?),
                None => None,
            };
            simple(cx, desk, &a.item, |d, id| {
                let ground = Note::of(&a.reason);
                Ok(d.set_validity(id, validity, since, &ground)?.seq)
            })
        }
        After::Share(a) => share(cx, desk, &a),
        After::Copies(a) => copies(cx, desk, &a.item),
        After::Flags(a) => flags(cx, desk, a.item.as_deref()),
        After::SettleFlag(a) => {
            let outcome = code(&a.outcome, FlagOutcome::parse)?;
            simple(cx, desk, &a.item, |d, id| {
                let reason = Note::of(&a.reason);
                Ok(d.settle_flag(id, a.flag, outcome, &reason)?.seq)
            })
        }
        After::Emergency(a) => simple(cx, desk, &a.item, |d, id| {
            let reason = Note::of(&a.reason);
            Ok(d.declare_emergency(id, Seen::default(), &reason)?.seq)
        }),
        After::Version(a) => {
            let made = desk.version_for(&a.item, &a.channel)?;
            report(cx, desk, &made.id, Some(made.seq), json!({}))
        }
        After::Outgoing(a) => outgoing(cx, desk, &a),
        After::Posted(a) => simple(cx, desk, &a.item, |d, id| {
            Ok(d.posted(id, &Note::of(&a.place))?.seq)
        }),
    }
}

fn withdraw(cx: &Context, desk: &mut Desk, a: &Withdraw) -> Done {
    let ground = code(&a.withdraw_ground, WithdrawGround::parse)?;
    let reason = Note::of(&a.reason);
    let id = desk.find(&a.item)?.facts.id;
    if !a.everywhere {
        return simple(cx, desk, &a.item, |d, id| {
            Ok(d.withdraw(id, ground, &reason)?.seq)
        });
    }
    let (receipt, copies) = desk.withdraw_everywhere(&id, ground, &reason)?;
    let mut status = report(cx, desk, &id, Some(receipt.seq), json!({}))?;
    for (number, outcome) in copies {
        match outcome {
            Ok(receipt) => out::result(
                cx.json(),
                json!({"copy": number, "seq": receipt.seq}),
                &crate::tr!("cli-copy-withdrawn", number = number.clone()),
            ),
            Err(error) => {
                out::failure(&error, cx.json());
                status = error.exit();
            }
        }
    }
    Ok(status)
}

fn related(cx: &Context, desk: &mut Desk, item: &str) -> Done {
    let mut rows = Vec::new();
    for r in desk.related(item)? {
        if cx.json() {
            out::object(&json!({
                "item": r.id, "number": r.number, "title": r.title, "relation": r.relation.code(),
                "upward": r.upward, "live": r.live,
            }));
            continue;
        }
        let arrow = if r.upward { "<-" } else { "->" };
        rows.push(vec![
            arrow.to_owned(),
            locale::word("relation", r.relation.code()),
            r.number,
            out::safe(&r.title),
        ]);
    }
    if let Some(v) = desk.validity(item)? {
        if cx.json() {
            out::object(&json!({
                "validity": v.validity.code(), "since": v.since.map(times::rfc3339), "ground": v.ground,
            }));
        } else {
            out::line(&crate::tr!(
                "cli-validity",
                validity = locale::word("validity", v.validity.code()),
                ground = out::safe(&v.ground.unwrap_or_default())
            ));
        }
    }
    out::table(&rows);
    Ok(exit::DONE)
}

fn share(cx: &Context, desk: &mut Desk, a: &Share) -> Done {
    let mut status = exit::DONE;
    for (column, outcome) in desk.share(&a.item, &a.to)? {
        match outcome {
            Ok(made) => out::result(
                cx.json(),
                json!({"column": column, "item": made.id, "number": made.number, "seq": made.seq}),
                &crate::tr!(
                    "cli-shared",
                    column = column.clone(),
                    number = made.number.clone()
                ),
            ),
            Err(error) => {
                out::failure(&error, cx.json());
                status = error.exit();
            }
        }
    }
    Ok(status)
}

fn copies(cx: &Context, desk: &mut Desk, item: &str) -> Done {
    let mut rows = Vec::new();
    for c in desk.copies(item)? {
        if cx.json() {
            out::object(&json!({
                "item": c.id, "number": c.number, "site": c.site, "state": c.state,
                "current": c.current, "open_flags": c.open_flags,
            }));
            continue;
        }
        rows.push(vec![
            c.number,
            c.site,
            locale::word("state", &c.state),
            if c.open_flags > 0 {
                crate::tr!("cli-copy-unconfirmed")
            } else if c.current {
                crate::tr!("cli-copy-current")
            } else {
                crate::tr!("cli-copy-confirmed")
            },
        ]);
    }
    out::table(&rows);
    Ok(exit::DONE)
}

fn flags(cx: &Context, desk: &mut Desk, item: Option<&str>) -> Done {
    let names = desk.person_names()?;
    let mut rows = Vec::new();
    for f in desk.flags(item)? {
        if cx.json() {
            out::object(&json!({
                "item": f.item, "number": f.number, "title": f.title, "flag": f.flag, "cause": f.cause.code(),
                "about": f.about, "at": times::rfc3339(f.at),
                "settled_by": f.settled.as_ref().map(|(by, _)| by), "outcome": f.settled.as_ref().map(|(_, o)| o.code()),
            }));
            continue;
        }
        rows.push(vec![
            f.flag.to_string(),
            f.number,
            out::safe(&f.title),
            locale::word("flag", f.cause.code()),
            f.about,
            locale::instant(f.at),
            f.settled.map_or_else(String::new, |(by, outcome)| {
                let name = names.get(&by).cloned().unwrap_or(by);
                format!("{name} {}", locale::word("outcome", outcome.code()))
            }),
        ]);
    }
    out::table(&rows);
    Ok(exit::DONE)
}

fn put(path: &Path, bytes: &[u8], force: bool) -> Result<(), ReportError> {
    crate::report::export(path, force, |file| {
        file.write_all(bytes).map_err(|source| ReportError::File {
            path: path.to_owned(),
            source,
        })
    })
}

/// The text to be posted by hand, on stdout or with its cover in a directory.
fn outgoing(cx: &Context, desk: &mut Desk, a: &Outgoing) -> Done {
    let going = desk.outgoing(&a.item)?;
    let mut files = Vec::new();
    if let Some(dir) = &a.out {
        std::fs::create_dir_all(dir).map_err(|source| ReportError::File {
            path: dir.clone(),
            source,
        })?;
        let text = dir.join(format!("{}.txt", going.channel));
        let words = format!("{}\n{}\n", going.title, going.text);
        put(&text, words.as_bytes(), a.force)?;
        files.push(text.display().to_string());
        if let Some((name, bytes)) = &going.cover {
            // A name is a person's: only its ending is taken over.
            let end = name
                .rsplit('.')
                .next()
                .filter(|e| e.len() <= 4)
                .unwrap_or("img");
            let cover = dir.join(format!(
                "{}-cover.{}",
                going.channel,
                end.to_ascii_lowercase()
            ));
            put(&cover, bytes, a.force)?;
            files.push(cover.display().to_string());
        }
    }
    if cx.json() {
        out::object(&json!({
            "channel": going.channel, "title": going.title, "text": going.text,
            "title_chars": going.title_chars, "text_chars": going.text_chars, "files": files,
        }));
    } else {
        if files.is_empty() {
            out::line(&out::safe(&going.title));
            for line in going.text.lines() {
                out::line(&out::safe(line));
            }
        }
        out::note(&crate::tr!(
            "cli-outgoing-counts",
            channel = locale::word("channel", &going.channel),
            title = going.title_chars.to_string(),
            text = going.text_chars.to_string()
        ));
    }
    Ok(exit::DONE)
}
