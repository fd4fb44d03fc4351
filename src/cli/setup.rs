//! `bureau`, `site`, `column`, `route`.
#![allow(missing_docs)]

use clap::{Args, Subcommand};
use serde_json::json;

use super::context::{Context, code};
use super::{Done, out, times};
use crate::desk::{DeskError, Note, exit};
use crate::locale;
use crate::rules::act::{BureauAdd, ColumnAdd, SiteAdd};
use crate::rules::org::{
    BureauLevel, ColumnState, DepartmentDuty, Family, LanguageCondition, Org, SiteLevel,
};
use crate::rules::refusal::refuse;
use crate::rules::role::Role;
use crate::rules::route::{Route, Step, StepKind};

#[derive(Args, Debug)]
pub struct Bureau {
    #[command(subcommand)]
    pub verb: BureauVerb,
}

#[derive(Subcommand, Debug)]
pub enum BureauVerb {
    Add(AddBureau),
    List,
}

#[derive(Args, Debug)]
pub struct AddBureau {
    pub bureau: String,
    #[arg(long)]
    pub name: String,
    #[arg(long)]
    pub level: String,
    #[arg(long, default_value = "province")]
    pub parent: String,
    #[arg(long)]
    pub duty: Option<String>,
}

#[derive(Args, Debug)]
pub struct Site {
    #[command(subcommand)]
    pub verb: SiteVerb,
}

#[derive(Subcommand, Debug)]
pub enum SiteVerb {
    Add(AddSite),
    Condition(Condition),
    Conditions(Conditions),
    List,
}

#[derive(Args, Debug)]
pub struct AddSite {
    pub site: String,
    #[arg(long)]
    pub name: String,
    #[arg(long)]
    pub level: String,
    #[arg(long)]
    pub bureau: String,
    #[arg(long)]
    pub parent: Option<String>,
    #[arg(long, default_value = "")]
    pub domain: String,
    #[arg(long, default_value = "")]
    pub code: String,
    #[arg(long)]
    pub language: Option<String>,
}

#[derive(Args, Debug)]
pub struct Condition {
    pub site: String,
    pub condition: String,
    #[arg(long)]
    pub reviewer: Option<String>,
    #[arg(long)]
    pub evidence: String,
    #[arg(long)]
    pub lost: bool,
}

#[derive(Args, Debug)]
pub struct Conditions {
    pub site: String,
}

#[derive(Args, Debug)]
pub struct Column {
    #[command(subcommand)]
    pub verb: ColumnVerb,
}

#[derive(Subcommand, Debug)]
pub enum ColumnVerb {
    Add(AddColumn),
    Merge(EndColumn),
    Close(EndColumn),
    List,
}

#[derive(Args, Debug)]
pub struct AddColumn {
    pub column: String,
    #[arg(long)]
    pub site: String,
    #[arg(long)]
    pub name: String,
    #[arg(long)]
    pub family: String,
    #[arg(long)]
    pub owner: String,
    #[arg(long)]
    pub slug: Option<String>,
    #[arg(long)]
    pub parent: Option<String>,
    #[arg(long, value_name = "LOGIN")]
    pub responsible: Option<String>,
    #[arg(long, value_name = "LOGIN")]
    pub backup: Option<String>,
    #[arg(long, value_name = "REASON")]
    pub waive_owner: Option<String>,
}

#[derive(Args, Debug)]
pub struct EndColumn {
    pub column: String,
    #[arg(long)]
    pub into: String,
    #[arg(long)]
    pub reason: String,
}

#[derive(Args, Debug)]
pub struct RouteArgs {
    #[command(subcommand)]
    pub verb: RouteVerb,
}

#[derive(Subcommand, Debug)]
pub enum RouteVerb {
    Show(ShowRoute),
    Set(SetRoute),
}

#[derive(Args, Debug)]
pub struct ShowRoute {
    pub node: String,
}

#[derive(Args, Debug)]
pub struct SetRoute {
    pub node: String,
    #[arg(required_unless_present = "inherit")]
    pub steps: Vec<String>,
    #[arg(long, conflicts_with = "steps")]
    pub inherit: bool,
}

fn done(cx: &Context, what: &str, id: &str, seq: u64) -> Done {
    out::result(
        cx.json(),
        json!({what: id, "seq": seq}),
        &crate::tr!("cli-registered", id = id.to_owned(), seq = seq.to_string()),
    );
    Ok(exit::DONE)
}

pub fn bureau(cx: &mut Context, a: Bureau) -> Done {
    let mut desk = cx.desk()?;
    match a.verb {
        BureauVerb::Add(a) => {
            let receipt = desk.bureau_add(BureauAdd {
                bureau: a.bureau.clone(),
                name: a.name,
                level: code(&a.level, BureauLevel::parse)?,
                parent: a.parent,
                duty: a
                    .duty
                    .as_deref()
                    .map(|d| code(d, DepartmentDuty::parse))
                    .transpose()?,
            })?;
            done(cx, "bureau", &a.bureau, receipt.seq)
        }
        BureauVerb::List => {
            let org = desk.org()?;
            let mut rows = Vec::new();
            for b in org.bureaus.values() {
                if cx.json() {
                    out::object(
                        &json!({"bureau": b.id, "name": b.name, "level": b.level.code(), "parent": b.parent, "duty": b.duty.map(DepartmentDuty::code)}),
                    );
                } else {
                    let parent = b.parent.clone().unwrap_or_default();
                    rows.push(vec![
                        b.id.clone(),
                        b.name.clone(),
                        locale::word("level", b.level.code()),
                        parent,
                    ]);
                }
            }
            out::table(&rows);
            Ok(exit::DONE)
        }
    }
}

pub fn site(cx: &mut Context, a: Site) -> Done {
    let mut desk = cx.desk()?;
    match a.verb {
        SiteVerb::Add(a) => {
            let receipt = desk.site_add(SiteAdd {
                site: a.site.clone(),
                name: a.name,
                level: code(&a.level, SiteLevel::parse)?,
                bureau: a.bureau,
                parent: a.parent,
                domain: a.domain,
                code: a.code,
                language: a.language,
            })?;
            done(cx, "site", &a.site, receipt.seq)
        }
        SiteVerb::Condition(a) => {
            let condition = code(&a.condition, LanguageCondition::parse)?;
            let (person, note) = (a.reviewer.as_deref(), Note::of(&a.evidence));
            let receipt = desk.site_condition(&a.site, condition, person, !a.lost, &note)?;
            done(cx, "site", &a.site, receipt.seq)
        }
        SiteVerb::Conditions(a) => {
            let (list, lacks) = desk.site_conditions(&a.site)?;
            let mut rows = Vec::new();
            for c in list {
                if cx.json() {
                    out::object(
                        &json!({"condition": c.condition.code(), "reviewer": c.person, "at": times::rfc3339(c.at), "evidence": c.evidence}),
                    );
                } else {
                    rows.push(vec![
                        locale::word("language-condition", c.condition.code()),
                        c.person.unwrap_or_default(),
                        locale::instant(c.at),
                        c.evidence.unwrap_or_default(),
                    ]);
                }
            }
            for c in lacks {
                if cx.json() {
                    out::object(&json!({"condition": c.code(), "lacks": true}));
                } else {
                    rows.push(vec![
                        locale::word("language-condition", c.code()),
                        crate::tr!("cli-condition-lacks"),
                    ]);
                }
            }
            out::table(&rows);
            Ok(exit::DONE)
        }
        SiteVerb::List => {
            let org = desk.org()?;
            let mut rows = Vec::new();
            for s in org.sites.values() {
                if cx.json() {
                    out::object(
                        &json!({"site": s.id, "name": s.name, "level": s.level.code(), "bureau": s.bureau, "parent": s.parent, "domain": s.domain, "code": s.code, "language": s.lang()}),
                    );
                } else {
                    rows.push(vec![
                        s.id.clone(),
                        s.name.clone(),
                        locale::word("level", s.level.code()),
                        s.bureau.clone(),
                        s.domain.clone(),
                        s.language.clone(),
                    ]);
                }
            }
            out::table(&rows);
            Ok(exit::DONE)
        }
    }
}

pub fn column(cx: &mut Context, a: Column) -> Done {
    let mut desk = cx.desk()?;
    match a.verb {
        ColumnVerb::Add(a) => {
            let person = a.responsible.map(|p| desk.person_id(&p)).transpose()?;
            let backup = a.backup.map(|p| desk.person_id(&p)).transpose()?;
            let note = a.waive_owner.as_deref().map_or_else(Note::none, Note::of);
            let add = ColumnAdd {
                slug: a.slug.unwrap_or_else(|| a.column.clone()),
                column: a.column.clone(),
                site: a.site,
                parent: a.parent,
                name: a.name,
                family: code(&a.family, Family::parse)?,
                owner: a.owner,
                person,
                backup,
                owner_waived: a.waive_owner.is_some(),
            };
            let receipt = desk.column_add(add, &note)?;
            done(cx, "column", &a.column, receipt.seq)
        }
        ColumnVerb::Merge(a) => {
            let receipt = desk.column_merge(&a.column, &a.into, &Note::of(&a.reason))?;
            done(cx, "column", &a.column, receipt.seq)
        }
        ColumnVerb::Close(a) => {
            let receipt = desk.column_close(&a.column, &a.into, &Note::of(&a.reason))?;
            done(cx, "column", &a.column, receipt.seq)
        }
        ColumnVerb::List => {
            let org = desk.org()?;
            let mut rows = Vec::new();
            for c in org.columns.values() {
                if cx.json() {
                    out::object(&json!({
                        "column": c.id, "site": c.site, "name": c.name, "slug": c.slug, "family": c.family.code(),
                        "owner": c.owner, "state": c.state.code(), "into": c.into,
                    }));
                } else {
                    let state = if c.state == ColumnState::Open {
                        String::new()
                    } else {
                        crate::tr!(
                            "cli-column-ended",
                            into = c.into.clone().unwrap_or_default()
                        )
                    };
                    let owner = org
                        .bureaus
                        .get(&c.owner)
                        .map_or_else(String::new, |b| b.name.clone());
                    let family = locale::word("family", c.family.code());
                    rows.push(vec![
                        c.id.clone(),
                        c.site.clone(),
                        c.name.clone(),
                        family,
                        owner,
                        state,
                    ]);
                }
            }
            out::table(&rows);
            Ok(exit::DONE)
        }
    }
}

/// `name:role:kind[:needed]`, such as `first-review:first-reviewer:review`.
fn step(text: &str) -> Result<Step, DeskError> {
    let parts: Vec<&str> = text.split(':').collect();
    let (name, role, kind, needed) = match parts.as_slice() {
        [name, role, kind] => (name, role, kind, "1"),
        [name, role, kind, needed] => (name, role, kind, *needed),
        _ => {
            return Err(DeskError::Usage {
                key: "error-code",
                about: text.to_owned(),
            });
        }
    };
    Ok(Step {
        name: (*name).to_owned(),
        role: code(role, Role::parse)?,
        kind: code(kind, StepKind::parse)?,
        needed: code(needed, |n| n.parse().ok())?,
    })
}

pub fn route(cx: &mut Context, a: RouteArgs) -> Done {
    let mut desk = cx.desk()?;
    match a.verb {
        RouteVerb::Set(a) => {
            let steps = if a.inherit {
                None
            } else {
                Some(Route(
                    a.steps.iter().map(|s| step(s)).collect::<Result<_, _>>()?,
                ))
            };
            let receipt = desk.route_set(&a.node, steps)?;
            done(cx, "node", &a.node, receipt.seq)
        }
        RouteVerb::Show(a) => {
            let org = desk.org()?;
            if !org.has_node(&a.node) || a.node == Org::ROOT {
                return Err(refuse("org.unknown", &[("name", a.node)]).into());
            }
            let (route, from) = (
                org.route_for(&a.node),
                org.route_node(&a.node).map(ToOwned::to_owned),
            );
            if cx.json() {
                out::object(
                    &json!({"node": a.node, "from": from, "seq": route.seq, "steps": route.route}),
                );
                return Ok(exit::DONE);
            }
            match &from {
                Some(node) => out::line(&crate::tr!("cli-route-from", node = node.clone())),
                None => out::line(&crate::tr!("cli-route-standard")),
            }
            let rows: Vec<Vec<String>> = route
                .route
                .0
                .iter()
                .enumerate()
                .map(|(k, s)| {
                    let needed = s.needed.to_string();
                    vec![
                        (k + 1).to_string(),
                        locale::word("step", &s.name),
                        locale::word("role", s.role.code()),
                        needed,
                    ]
                })
                .collect();
            out::table(&rows);
            Ok(exit::DONE)
        }
    }
}
