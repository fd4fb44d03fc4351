//! Bundles.

use super::item::body;
use super::release::go_live;
use super::save::{save, touched};
use super::{Moment, count, missing};
use crate::journal::{Entry, Value};
use crate::rules::act::{BodyRole, Cause};
use crate::rules::case::BundleState;
use crate::store::Result;
use crate::store::facts::{BundleRow, Facts, ItemRow};
use crate::store::fx::{Cell, Fx};

fn bundle(facts: &Facts) -> Result<&BundleRow> {
    facts.bundle.as_ref().ok_or_else(|| missing("bundle"))
}

pub(super) fn new(fx: &mut Fx<'_>, m: &Moment<'_>, entry: &Entry) -> Result<()> {
    let n = count(fx, "bundles")?;
    let name = body(entry, BodyRole::Note).ok_or_else(|| missing("name"))?;
    fx.insert(
        "bundles",
        &[
            ("n", Value::Int(n)),
            (
                "id",
                Value::Text(entry.item.as_deref().ok_or_else(|| missing("bundle"))?),
            ),
            ("state", Value::Text(BundleState::Open.code())),
            ("due", Value::Null),
            ("due_by", Value::Null),
            ("owner", Value::Text(&entry.actor)),
            ("name", Value::Blob(name.as_bytes())),
            ("base", Value::Int(m.at_seq())),
            ("at", Value::Int(m.now)),
        ],
    )
}

fn change(fx: &mut Fx<'_>, m: &Moment<'_>, facts: &Facts, cells: &[Cell<'_>]) -> Result<()> {
    let mut all = vec![("base", Value::Int(m.at_seq()))];
    all.extend_from_slice(cells);
    fx.update("bundles", &[("n", Value::Int(bundle(facts)?.n))], &all)
}

fn set_member(fx: &mut Fx<'_>, m: &Moment<'_>, old: &ItemRow, bundle: Option<i64>) -> Result<()> {
    let mut new = old.clone();
    new.bundle_n = bundle;
    touched(m, &mut new);
    save(fx, m, old, &new)
}

pub(super) fn add(fx: &mut Fx<'_>, m: &Moment<'_>, _member: &str, facts: &Facts) -> Result<()> {
    let row = bundle(facts)?;
    let item = facts.item.as_ref().ok_or_else(|| missing("item"))?;
    let position: i64 = fx
        .conn()
        .prepare_cached(
            "SELECT coalesce(max(position), 0) + 1 FROM bundle_items WHERE bundle = ?1",
        )?
        .query_row([row.n], |r| r.get(0))?;
    fx.insert(
        "bundle_items",
        &[
            ("bundle", Value::Int(row.n)),
            ("position", Value::Int(position)),
            ("item", Value::Int(item.n)),
        ],
    )?;
    set_member(fx, m, item, Some(row.n))?;
    change(fx, m, facts, &[])
}

pub(super) fn remove(fx: &mut Fx<'_>, m: &Moment<'_>, member: &str, facts: &Facts) -> Result<()> {
    let row = bundle(facts)?;
    let item = row
        .members
        .iter()
        .find(|i| i.facts.id == member)
        .ok_or_else(|| missing("member"))?;
    fx.delete(
        "bundle_items",
        &[("bundle", Value::Int(row.n)), ("item", Value::Int(item.n))],
    )?;
    set_member(fx, m, item, None)?;
    change(fx, m, facts, &[])
}

pub(super) fn schedule(fx: &mut Fx<'_>, m: &Moment<'_>, at: i64, facts: &Facts) -> Result<()> {
    let cells = [
        ("state", Value::Text(BundleState::Scheduled.code())),
        ("due", Value::Int(at)),
        ("due_by", Value::Int(m.at_seq())),
    ];
    change(fx, m, facts, &cells)
}

pub(super) fn unschedule(fx: &mut Fx<'_>, m: &Moment<'_>, facts: &Facts) -> Result<()> {
    let cells = [
        ("state", Value::Text(BundleState::Open.code())),
        ("due", Value::Null),
        ("due_by", Value::Null),
    ];
    change(fx, m, facts, &cells)
}

pub(super) fn publish(
    fx: &mut Fx<'_>,
    m: &Moment<'_>,
    entry: &Entry,
    cause: Cause,
    facts: &Facts,
) -> Result<()> {
    let row = bundle(facts)?;
    for member in &row.members {
        go_live(fx, m, entry, cause, member, row.due_by)?;
    }
    let cells = [
        ("state", Value::Text(BundleState::Published.code())),
        ("due", Value::Null),
        ("due_by", Value::Null),
    ];
    change(fx, m, facts, &cells)
}

pub(super) fn discard(fx: &mut Fx<'_>, m: &Moment<'_>, facts: &Facts) -> Result<()> {
    let row = bundle(facts)?;
    for member in &row.members {
        set_member(fx, m, member, None)?;
    }
    fx.delete("bundle_items", &[("bundle", Value::Int(row.n))])?;
    change(
        fx,
        m,
        facts,
        &[("state", Value::Text(BundleState::Discarded.code()))],
    )
}
