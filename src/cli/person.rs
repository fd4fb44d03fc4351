//! `person`: registration by one, roles by two.
#![allow(missing_docs)]

use clap::{Args, Subcommand};
use serde_json::json;

use super::context::{Context, code};
use super::{Done, out, times};
use crate::desk::people::NewPerson;
use crate::desk::{Desk, DeskError, Result, exit};
use crate::locale;
use crate::rules::act::Dual;
use crate::rules::refusal::refuse;
use crate::rules::role::{Affiliation, Role};

#[derive(Args, Debug)]
pub struct Person {
    #[command(subcommand)]
    pub verb: Verb,
}

#[derive(Subcommand, Debug)]
pub enum Verb {
    Add(Add),
    Grant(Grant),
    Revoke(Revoke),
    List,
}

#[derive(Args, Debug)]
pub struct Add {
    pub login: String,
    #[arg(long, default_value = "")]
    pub name: String,
    #[arg(long, default_value = "office")]
    pub affiliation: String,
    #[arg(long, default_value = "province")]
    pub bureau: String,
    #[arg(long, value_name = "TIME")]
    pub contract_until: Option<String>,
}

#[derive(Args, Debug)]
pub struct Grant {
    #[arg(required_unless_present_any = ["confirm", "decline"])]
    pub login: Option<String>,
    #[arg(required_unless_present_any = ["confirm", "decline"])]
    pub role: Option<String>,
    #[arg(long, default_value = "*", value_name = "NODE")]
    pub scope: String,
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    #[arg(long, value_name = "N", conflicts_with_all = ["login", "role"])]
    pub confirm: Option<u64>,
    #[arg(long, value_name = "N", conflicts_with_all = ["login", "role", "confirm"])]
    pub decline: Option<u64>,
}

#[derive(Args, Debug)]
pub struct Revoke {
    pub login: String,
    pub role: Option<String>,
    #[arg(long)]
    pub leave: bool,
}

/// Tells about a proposal and, where a second person was named, has him confirm it.
pub fn proposed(cx: &Context, desk: &mut Desk, seq: u64) -> Done {
    match cx.with_second(desk, |desk| desk.confirm(seq))? {
        Some(receipt) => out::result(
            cx.json(),
            json!({"proposal": seq, "confirmed": receipt.seq}),
            &crate::tr!(
                "cli-confirmed",
                proposal = seq.to_string(),
                seq = receipt.seq.to_string()
            ),
        ),
        None => out::result(
            cx.json(),
            json!({"proposal": seq}),
            &crate::tr!("cli-proposed", proposal = seq.to_string()),
        ),
    }
    Ok(exit::DONE)
}

/// Confirms or declines, as every noun with two-person acts can.
pub fn answer(
    cx: &Context,
    desk: &mut Desk,
    confirm: Option<u64>,
    decline: Option<u64>,
) -> Result<bool> {
    let (seq, proposal, text) = match (confirm, decline) {
        (Some(n), _) => {
            let seq = desk.confirm(n)?.seq;
            (
                seq,
                n,
                crate::tr!(
                    "cli-confirmed",
                    proposal = n.to_string(),
                    seq = seq.to_string()
                ),
            )
        }
        (None, Some(n)) => {
            let seq = desk.decline(n)?.seq;
            (
                seq,
                n,
                crate::tr!(
                    "cli-declined",
                    proposal = n.to_string(),
                    seq = seq.to_string()
                ),
            )
        }
        (None, None) => return Ok(false),
    };
    out::result(cx.json(), json!({"proposal": proposal, "seq": seq}), &text);
    Ok(true)
}

pub fn person(cx: &mut Context, a: Person) -> Done {
    let mut desk = cx.desk()?;
    let now = desk.moment()?;
    match a.verb {
        Verb::Add(a) => {
            let new = NewPerson {
                login: a.login.clone(),
                name: a.name,
                affiliation: code(&a.affiliation, Affiliation::parse)?,
                bureau: a.bureau,
                contract_until: a
                    .contract_until
                    .map(|t| times::instant(&t, now))
                    .transpose()?,
            };
            let id = desk.person_add(&new)?;
            out::result(
                cx.json(),
                json!({"person": id, "login": a.login}),
                &crate::tr!("cli-person-added", login = a.login.clone()),
            );
        }
        Verb::Grant(a) => {
            if answer(cx, &mut desk, a.confirm, a.decline)? {
                return Ok(exit::DONE);
            }
            let role = code(a.role.as_deref().unwrap_or_default(), Role::parse)?;
            let from = a.from.map_or(Ok(now), |t| times::instant(&t, now))?;
            let login = a.login.unwrap_or_default();
            let until = if let Some(text) = a.until {
                times::instant(&text, now)?
            } else {
                // A year, or what is left of the contract.
                let contract = desk
                    .org()?
                    .find_person(&login)
                    .and_then(|p| p.contract_until);
                let year = now + times::span("365d")?;
                contract.map_or(year, |end| end.min(year))
            };
            let receipt = desk.propose_grant(&login, role, &a.scope, from, until)?;
            return proposed(cx, &mut desk, receipt.seq);
        }
        Verb::Revoke(a) => return revoke(cx, &mut desk, &a),
        Verb::List => return list(cx, &mut desk, now),
    }
    Ok(exit::DONE)
}

fn revoke(cx: &Context, desk: &mut Desk, a: &Revoke) -> Done {
    let person = desk.person_id(&a.login)?;
    if a.leave {
        let receipt = desk.person_leave(&a.login)?;
        out::result(
            cx.json(),
            json!({"person": person, "seq": receipt.seq}),
            &crate::tr!("cli-person-left", login = a.login.clone()),
        );
        return Ok(exit::DONE);
    }
    let role = a
        .role
        .as_deref()
        .map(|r| code(r, Role::parse))
        .transpose()?;
    let org = desk.org()?;
    let grants: Vec<u64> = org
        .grants
        .iter()
        .filter(|g| g.person == person && role.is_none_or(|r| r == g.role))
        .map(|g| g.id)
        .collect();
    if grants.is_empty() {
        let named = a.role.clone().unwrap_or_default();
        return Err(DeskError::Refused(refuse(
            "grant.unknown",
            &[("grant", named)],
        )));
    }
    for grant in &grants {
        desk.grant_revoke(*grant)?;
    }
    out::result(
        cx.json(),
        json!({"person": person, "revoked": grants}),
        &crate::tr!(
            "cli-revoked",
            login = a.login.clone(),
            count = grants.len().to_string()
        ),
    );
    Ok(exit::DONE)
}

fn list(cx: &Context, desk: &mut Desk, now: i64) -> Done {
    let org = desk.org()?;
    let names = desk.person_names()?;
    let mut rows = Vec::new();
    for person in org.persons.values() {
        let grants: Vec<_> = org
            .grants
            .iter()
            .filter(|g| g.person == person.id)
            .collect();
        let mut keys: Vec<String> = org
            .keys
            .iter()
            .filter(|(_, k)| k.person == person.id)
            .map(|(id, _)| id.to_string())
            .collect();
        keys.sort();
        let name = names.get(&person.id).cloned().unwrap_or_default();
        if cx.json() {
            let grants: Vec<_> = grants
                .iter()
                .map(|g| json!({"grant": g.id, "role": g.role.code(), "scope": g.scope, "until": times::rfc3339(g.until)}))
                .collect();
            out::object(&json!({
                "person": person.id, "login": person.login, "name": name, "affiliation": person.affiliation.code(),
                "bureau": person.bureau, "left": person.left, "active": org.is_active(&person.id, now),
                "keys": keys, "grants": grants,
            }));
        } else {
            let roles: Vec<String> = grants
                .iter()
                .map(|g| format!("{}({})", locale::word("role", g.role.code()), g.scope))
                .collect();
            rows.push(vec![
                person.login.clone(),
                name,
                locale::word("affiliation", person.affiliation.code()),
                org.bureaus
                    .get(&person.bureau)
                    .map_or_else(String::new, |b| b.name.clone()),
                keys.iter()
                    .map(|k| k[..12].to_owned())
                    .collect::<Vec<_>>()
                    .join(" "),
                roles.join(" "),
            ]);
        }
    }
    out::table(&rows);
    for open in desk.proposals()? {
        let what = serde_json::to_value(&open.act).unwrap_or_default();
        if cx.json() {
            out::object(&json!({"proposal": open.seq, "act": what, "proposer": open.proposer}));
        } else {
            let about = match &open.act {
                Dual::Grant {
                    person,
                    role,
                    scope,
                    ..
                } => format!(
                    "{} {} {scope}",
                    names.get(person).cloned().unwrap_or_default(),
                    locale::word("role", role.code())
                ),
                Dual::KeyEnrol { person, .. } => names.get(person).cloned().unwrap_or_default(),
                Dual::KeyRevoke { key } => key.to_string(),
                Dual::Purge { item, .. } => item.clone(),
                Dual::ListSet { list, rows } => {
                    format!("{} {rows}", locale::word("list", list.code()))
                }
            };
            out::line(&crate::tr!(
                "cli-open-proposal",
                proposal = open.seq.to_string(),
                about = about,
                proposer = names.get(&open.proposer).cloned().unwrap_or_default()
            ));
        }
    }
    Ok(exit::DONE)
}
