//! Founding, bureaus, sites, columns, routes.

use super::item::body;
use super::save::save;
use super::{Moment, missing, revision};
use crate::journal::{Entry, PublicKey, Value};
use crate::rules::act::{
    BodyRole, BureauAdd, ColumnAdd, ColumnEnd, Found, RouteSet, SiteAdd, SiteCondition,
};
use crate::rules::org::{BureauLevel, ColumnState, Org};
use crate::rules::role::Affiliation;
use crate::store::facts;
use crate::store::fx::{Fx, opt_text};
use crate::store::{Result, StoreError};

/// Id of the province's own bureau in every journal.
pub const PROVINCE: &str = "province";

pub(super) fn found(fx: &mut Fx<'_>, m: &Moment<'_>, a: &Found) -> Result<()> {
    fx.insert(
        "bureaus",
        &[
            ("id", Value::Text(PROVINCE)),
            ("name", Value::Text(&a.province)),
            ("level", Value::Text(BureauLevel::Province.code())),
            ("parent", Value::Null),
            ("duty", Value::Null),
        ],
    )?;
    for (k, officer) in a.officers.iter().enumerate() {
        fx.insert(
            "persons",
            &[
                ("id", Value::Text(&officer.person)),
                ("login", Value::Text(&officer.login)),
                ("affiliation", Value::Text(Affiliation::Office.code())),
                ("bureau", Value::Text(PROVINCE)),
                ("contract_until", Value::Null),
                ("left_", Value::Int(0)),
                ("name", Value::Null),
                ("added", Value::Int(m.at_seq())),
            ],
        )?;
        let public =
            PublicKey::from_base64(m.suite, &officer.key).map_err(|_| missing("officer key"))?;
        let id = public.id();
        fx.insert(
            "keys",
            &[
                ("id", Value::Blob(id.as_bytes())),
                ("person", Value::Text(&officer.person)),
                ("spki", Value::Text(&officer.key)),
                ("enrolled", Value::Int(m.at_seq())),
                ("revoked", Value::Null),
            ],
        )?;
        // Grants are named by the seq that confirmed them; the two founding ones are 1 and 0.
        fx.insert(
            "grants",
            &[
                ("id", Value::Int(i64::from(k == 0))),
                ("person", Value::Text(&officer.person)),
                ("role", Value::Text(officer.role.code())),
                ("scope", Value::Text(Org::ROOT)),
                ("from_", Value::Int(m.now)),
                ("until_", Value::Int(i64::MAX)),
                ("revoked", Value::Null),
            ],
        )?;
    }
    Ok(())
}

pub(super) fn bureau_add(fx: &mut Fx<'_>, a: &BureauAdd) -> Result<()> {
    fx.insert(
        "bureaus",
        &[
            ("id", Value::Text(&a.bureau)),
            ("name", Value::Text(&a.name)),
            ("level", Value::Text(a.level.code())),
            ("parent", Value::Text(&a.parent)),
            (
                "duty",
                opt_text(a.duty.map(crate::rules::org::DepartmentDuty::code)),
            ),
        ],
    )
}

pub(super) fn site_add(fx: &mut Fx<'_>, a: &SiteAdd) -> Result<()> {
    fx.insert(
        "sites",
        &[
            ("id", Value::Text(&a.site)),
            ("name", Value::Text(&a.name)),
            ("level", Value::Text(a.level.code())),
            ("bureau", Value::Text(&a.bureau)),
            ("parent", opt_text(a.parent.as_deref())),
            ("domain", Value::Text(&a.domain)),
            ("code", Value::Text(&a.code)),
            (
                "language",
                Value::Text(a.language.as_deref().unwrap_or_default()),
            ),
        ],
    )
}

pub(super) fn site_condition(
    fx: &mut Fx<'_>,
    m: &Moment<'_>,
    entry: &Entry,
    a: &SiteCondition,
) -> Result<()> {
    let key = [
        ("site", Value::Text(&a.site)),
        ("condition", Value::Text(a.condition.code())),
        (
            "person",
            Value::Text(a.person.as_deref().unwrap_or_default()),
        ),
    ];
    if !a.met {
        return fx.delete("site_conditions", &key);
    }
    let note = body(entry, BodyRole::Note).ok_or_else(|| missing("evidence"))?;
    let [site, condition, person] = key;
    fx.upsert(
        "site_conditions",
        &[
            site,
            condition,
            person,
            ("seq", Value::Int(m.at_seq())),
            ("at", Value::Int(m.now)),
            ("note", Value::Blob(note.as_bytes())),
        ],
    )
}

pub(super) fn column_add(fx: &mut Fx<'_>, a: &ColumnAdd) -> Result<()> {
    fx.insert(
        "columns",
        &[
            ("id", Value::Text(&a.column)),
            ("site", Value::Text(&a.site)),
            ("parent", opt_text(a.parent.as_deref())),
            ("name", Value::Text(&a.name)),
            ("slug", Value::Text(&a.slug)),
            ("family", Value::Text(a.family.code())),
            ("owner", Value::Text(&a.owner)),
            ("person", opt_text(a.person.as_deref())),
            ("backup", opt_text(a.backup.as_deref())),
            ("state", Value::Text(ColumnState::Open.code())),
            ("into_", Value::Null),
        ],
    )
}

/// Every item goes along: working versions to be decided anew (the columns are part of the
/// fingerprint), live ones at once, so that no link is left without a destination (A5.9).
pub(super) fn column_end(
    fx: &mut Fx<'_>,
    m: &Moment<'_>,
    a: &ColumnEnd,
    state: ColumnState,
) -> Result<()> {
    fx.update(
        "columns",
        &[("id", Value::Text(&a.column))],
        &[
            ("state", Value::Text(state.code())),
            ("into_", Value::Text(&a.into)),
        ],
    )?;
    let list = |sql: &str| -> Result<Vec<(i64, i64)>> {
        let mut statement = fx.conn().prepare_cached(sql)?;
        let rows = statement.query_map([&a.column], |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    };
    let working = list("SELECT item, 0 FROM item_columns WHERE column_ = ?1 ORDER BY item")?;
    let live = list("SELECT item, live_at FROM live_columns WHERE column_ = ?1 ORDER BY item")?;
    for (n, _) in working {
        let old = facts::item_by_n(fx.conn(), n)?.ok_or_else(|| missing("item"))?;
        let mut new = old.clone();
        let mut columns: Vec<String> = Vec::new();
        for column in &old.facts.shape.columns {
            let column = if *column == a.column { &a.into } else { column };
            if !columns.contains(column) {
                columns.push(column.clone());
            }
        }
        new.facts.shape.columns = columns;
        new.facts.fingerprint = revision::fingerprint_of(fx, m, &new)?;
        new.facts.cleared = false;
        save(fx, m, &old, &new)?;
    }
    for (item, live_at) in live {
        fx.delete(
            "live_columns",
            &[
                ("column_", Value::Text(&a.column)),
                ("item", Value::Int(item)),
            ],
        )?;
        let row = [
            ("column_", Value::Text(&a.into)),
            ("live_at", Value::Int(live_at)),
            ("item", Value::Int(item)),
        ];
        fx.upsert("live_columns", &row)?;
    }
    Ok(())
}

pub(super) fn route_set(fx: &mut Fx<'_>, m: &Moment<'_>, a: &RouteSet) -> Result<()> {
    match &a.steps {
        None => fx.delete("routes", &[("node", Value::Text(&a.node))]),
        Some(route) => {
            let steps =
                serde_json::to_string(route).map_err(|e| StoreError::Damaged(e.to_string()))?;
            fx.upsert(
                "routes",
                &[
                    ("node", Value::Text(&a.node)),
                    ("steps", Value::Text(&steps)),
                    ("seq", Value::Int(m.at_seq())),
                ],
            )
        }
    }
}
