//! Reads the organisation out of its tables.

use std::collections::BTreeSet;
use std::str::FromStr;

use rusqlite::{Connection, Row};

use super::{Result, StoreError};
use crate::journal::{Hash, PublicKey, Suite};
use crate::rules::org::{
    Bureau, BureauLevel, Column, ColumnState, DepartmentDuty, Family, Grant, Key,
    LanguageCondition, NodeRoute, Org, Person, Site, SiteLevel,
};
use crate::rules::role::{Affiliation, Role};
use crate::rules::route::Route;

/// A code in a table that this program does not know means a damaged table: the fold wrote it.
pub(super) fn code<T>(
    row: &Row<'_>,
    index: usize,
    parse: impl Fn(&str) -> Option<T>,
) -> rusqlite::Result<T> {
    let text = row
        .get_ref(index)?
        .as_str()
        .map_err(rusqlite::Error::from)?;
    parse(text).ok_or_else(|| rusqlite::Error::InvalidColumnName(format!("code {text}")))
}

fn rows<T>(
    conn: &Connection,
    sql: &str,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>> {
    let mut statement = conn.prepare_cached(sql)?;
    let list = statement
        .query_map([], read)?
        .collect::<rusqlite::Result<Vec<T>>>()?;
    Ok(list)
}

/// Everything about the organisation.
pub fn load(conn: &Connection, suite: Suite) -> Result<Org> {
    let mut org = Org::default();
    for b in rows(
        conn,
        "SELECT id, name, level, parent, duty FROM bureaus",
        |r| {
            Ok(Bureau {
                id: r.get(0)?,
                name: r.get(1)?,
                level: code(r, 2, BureauLevel::parse)?,
                parent: r.get(3)?,
                duty: r
                    .get::<_, Option<String>>(4)?
                    .as_deref()
                    .and_then(DepartmentDuty::parse),
            })
        },
    )? {
        org.bureaus.insert(b.id.clone(), b);
    }
    for s in rows(
        conn,
        "SELECT id, name, level, bureau, parent, domain, code, language FROM sites",
        |r| {
            Ok(Site {
                id: r.get(0)?,
                name: r.get(1)?,
                level: code(r, 2, SiteLevel::parse)?,
                bureau: r.get(3)?,
                parent: r.get(4)?,
                domain: r.get(5)?,
                code: r.get(6)?,
                language: r.get(7)?,
                conditions: BTreeSet::new(),
            })
        },
    )? {
        org.sites.insert(s.id.clone(), s);
    }
    for (site, condition, person) in rows(
        conn,
        "SELECT site, condition, person FROM site_conditions",
        |r| {
            Ok((
                r.get::<_, String>(0)?,
                code(r, 1, LanguageCondition::parse)?,
                r.get::<_, String>(2)?,
            ))
        },
    )? {
        if let Some(site) = org.sites.get_mut(&site) {
            let person = (!person.is_empty()).then_some(person);
            site.conditions.insert((condition, person));
        }
    }
    let columns = "SELECT id, site, parent, name, slug, family, owner, person, backup, state, into_ FROM columns";
    for c in rows(conn, columns, |r| {
        Ok(Column {
            id: r.get(0)?,
            site: r.get(1)?,
            parent: r.get(2)?,
            name: r.get(3)?,
            slug: r.get(4)?,
            family: code(r, 5, Family::parse)?,
            owner: r.get(6)?,
            person: r.get(7)?,
            backup: r.get(8)?,
            state: code(r, 9, ColumnState::parse)?,
            into: r.get(10)?,
        })
    })? {
        org.columns.insert(c.id.clone(), c);
    }
    for p in rows(
        conn,
        "SELECT id, login, affiliation, bureau, contract_until, left_ FROM persons",
        |r| {
            Ok(Person {
                id: r.get(0)?,
                login: r.get(1)?,
                affiliation: code(r, 2, Affiliation::parse)?,
                bureau: r.get(3)?,
                contract_until: r.get(4)?,
                left: r.get(5)?,
            })
        },
    )? {
        org.persons.insert(p.id.clone(), p);
    }
    org.grants = rows(
        conn,
        "SELECT id, person, role, scope, from_, until_ FROM grants WHERE revoked IS NULL ORDER BY id",
        |r| {
            Ok(Grant {
                id: r.get::<_, i64>(0)? as u64,
                person: r.get(1)?,
                role: code(r, 2, Role::parse)?,
                scope: r.get(3)?,
                from: r.get(4)?,
                until: r.get(5)?,
            })
        },
    )?;
    for (person, spki) in rows(
        conn,
        "SELECT person, spki FROM keys WHERE revoked IS NULL",
        |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?)),
    )? {
        let public = PublicKey::from_base64(suite, &spki)
            .map_err(|_| StoreError::Damaged("keys.spki".into()))?;
        org.keys.insert(public.id(), Key { person, public });
    }
    org.spent_keys = rows(conn, "SELECT id FROM keys WHERE revoked IS NOT NULL", |r| {
        super::append::hash_at(r, 0)
    })?
    .into_iter()
    .collect();
    for (node, steps, seq) in rows(conn, "SELECT node, steps, seq FROM routes", |r| {
        Ok((
            r.get::<_, String>(0)?,
            r.get::<_, String>(1)?,
            r.get::<_, i64>(2)?,
        ))
    })? {
        let route: Route = serde_json::from_str(&steps)
            .map_err(|_| StoreError::Damaged(format!("routes.{node}")))?;
        org.routes.insert(
            node,
            NodeRoute {
                route,
                seq: seq as u64,
            },
        );
    }
    Ok(org)
}

/// Parses ids kept as hex text in a JSON list.
pub(super) fn hash_list(json: &str) -> Result<Vec<Hash>> {
    let list: Vec<String> =
        serde_json::from_str(json).map_err(|_| StoreError::Damaged("hash list".into()))?;
    list.iter()
        .map(|h| Hash::from_str(h).map_err(|_| StoreError::Damaged("hash list".into())))
        .collect()
}
