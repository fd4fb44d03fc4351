//! Life after publication: relations, validity, copies, flags, emergencies, postings.

use super::item::{body, change, item};
use super::save::{save, touched};
use super::{Moment, missing, revision};
use crate::journal::{Entry, Value};
use crate::rules::act::{
    BodyRole, Emergency, FlagCause, FlagOutcome, Posted, Relate, Relation, Revise, SetValidity,
    SettleFlag, Share,
};
use crate::rules::state::State;
use crate::store::Result;
use crate::store::facts::{self, Facts, ItemRow};
use crate::store::fx::{Fx, opt_hash, opt_int};

fn other(facts: &Facts) -> Result<&ItemRow> {
    facts.other.as_ref().ok_or_else(|| missing("other item"))
}

pub(super) fn relate(
    fx: &mut Fx<'_>,
    m: &Moment<'_>,
    entry: &Entry,
    a: &Relate,
    facts: &Facts,
) -> Result<()> {
    if entry.rules >= 2 && a.relation == Relation::Outlet {
        begins_with_words_of(fx, m, other(facts)?, item(facts)?)?;
    }
    fx.insert(
        "relations",
        &[
            ("item", Value::Int(item(facts)?.n)),
            ("other", Value::Int(other(facts)?.n)),
            ("relation", Value::Text(a.relation.code())),
            ("seq", Value::Int(m.at_seq())),
        ],
    )
}

/// A version for another channel says what its source says: who wrote that has a hand in it, and
/// his passes of it count no more. What is live already was decided.
fn begins_with_words_of(
    fx: &mut Fx<'_>,
    m: &Moment<'_>,
    version: &ItemRow,
    source: &ItemRow,
) -> Result<()> {
    if version.facts.live.is_some() {
        return Ok(());
    }
    let writers = revision::writers(fx, source, source.live_revision)?;
    revision::inherits(fx, (version.n, &version.facts.contributors), &writers)?;
    let mut new = version.clone();
    new.facts.contributors.extend(writers);
    let route = m.org.route_for(new.facts.home());
    new.facts.cleared = new.facts.cleared && new.facts.clearance_stands(&route);
    save(fx, m, version, &new)
}

pub(super) fn unrelate(
    fx: &mut Fx<'_>,
    m: &Moment<'_>,
    entry: &Entry,
    a: &Relate,
    facts: &Facts,
) -> Result<()> {
    let ends = [
        ("item", Value::Int(item(facts)?.n)),
        ("other", Value::Int(other(facts)?.n)),
        ("relation", Value::Text(a.relation.code())),
    ];
    fx.delete("relations", &ends)?;
    if entry.rules < 2 {
        return Ok(());
    }
    let [item, other, relation] = ends;
    fx.insert(
        "unrelated",
        &[("seq", Value::Int(m.at_seq())), item, other, relation],
    )
}

pub(super) fn validity(
    fx: &mut Fx<'_>,
    m: &Moment<'_>,
    entry: &Entry,
    a: &SetValidity,
    facts: &Facts,
) -> Result<()> {
    let policy = item(facts)?;
    let note = body(entry, BodyRole::Note).ok_or_else(|| missing("ground"))?;
    fx.upsert(
        "validities",
        &[
            ("item", Value::Int(policy.n)),
            ("validity", Value::Text(a.validity.code())),
            ("since", opt_int(a.since)),
            ("seq", Value::Int(m.at_seq())),
            ("note", Value::Blob(note.as_bytes())),
        ],
    )?;
    explained_anew(fx, m, policy)
}

pub(super) fn share(
    fx: &mut Fx<'_>,
    m: &Moment<'_>,
    entry: &Entry,
    a: &Share,
    facts: &Facts,
) -> Result<()> {
    let made = Revise {
        shape: a.shape.clone(),
        from: 0,
        session: None,
    };
    revision::new(fx, m, entry, &made)?;
    let n = revision::newest(fx)?;
    fx.insert(
        "copies",
        &[
            ("item", Value::Int(n)),
            ("source", Value::Int(other(facts)?.n)),
            ("fingerprint", Value::Blob(a.fingerprint.as_bytes())),
            ("seq", Value::Int(m.at_seq())),
        ],
    )?;
    if entry.rules >= 2 {
        let source = other(facts)?;
        let writers = revision::writers(fx, source, source.live_revision)?;
        revision::inherits(fx, (n, std::slice::from_ref(&entry.actor)), &writers)?;
    }
    // It arrives as handed in by whoever sent it: pending under the route of its new home.
    let old = facts::item_by_n(fx.conn(), n)?.ok_or_else(|| missing("copy"))?;
    let mut new = old.clone();
    new.facts.state = State::InReview;
    new.facts.submitter = Some(entry.actor.clone());
    new.facts.run = m.seq;
    new.facts.route_seq = m.org.route_for(new.facts.home()).seq;
    new.submitted_at = Some(m.now);
    touched(m, &mut new);
    save(fx, m, &old, &new)
}

/// Raises a flag on an item, once per entry.
fn raise(
    fx: &mut Fx<'_>,
    m: &Moment<'_>,
    (on, about): (i64, i64),
    cause: FlagCause,
    involved: &[String],
) -> Result<()> {
    let involved = serde_json::to_string(involved)
        .map_err(|e| crate::store::StoreError::Damaged(e.to_string()))?;
    fx.upsert(
        "flags",
        &[
            ("item", Value::Int(on)),
            ("seq", Value::Int(m.at_seq())),
            ("cause", Value::Text(cause.code())),
            ("about", Value::Int(about)),
            ("involved", Value::Text(&involved)),
            ("at", Value::Int(m.now)),
            ("settled", Value::Null),
            ("settled_by", Value::Null),
            ("outcome", Value::Null),
            ("note", Value::Null),
        ],
    )
}

/// Rows of a query over one item number, in the order it asks for.
fn numbers(fx: &Fx<'_>, sql: &str, item: i64) -> Result<Vec<i64>> {
    let mut statement = fx.conn().prepare_cached(sql)?;
    Ok(statement
        .query_map([item], |r| r.get(0))?
        .collect::<rusqlite::Result<_>>()?)
}

/// Copies of an item that are on their way to the public or there.
fn copies(fx: &Fx<'_>, source: i64) -> Result<Vec<i64>> {
    numbers(
        fx,
        "SELECT c.item FROM copies c JOIN items i ON i.n = c.item WHERE c.source = ?1
         AND i.state NOT IN ('discarded', 'rejected', 'withdrawn', 'expired') ORDER BY c.item",
        source,
    )
}

/// What explains a policy, and its versions for other channels, must be looked at again.
fn explained_anew(fx: &mut Fx<'_>, m: &Moment<'_>, policy: &ItemRow) -> Result<()> {
    let others = numbers(
        fx,
        "SELECT DISTINCT r.other FROM relations r JOIN items i ON i.n = r.other WHERE r.item = ?1
         AND i.state NOT IN ('discarded', 'rejected', 'withdrawn', 'expired') ORDER BY r.other",
        policy.n,
    )?;
    for on in others {
        raise(fx, m, (on, policy.n), FlagCause::PolicyChanged, &[])?;
    }
    Ok(())
}

/// What follows from going live, seen on the item as it was before.
pub(super) fn went_live(fx: &mut Fx<'_>, m: &Moment<'_>, old: &ItemRow) -> Result<()> {
    if old.facts.in_emergency() {
        // Whoever wrote it, handed it in, let it go or passed it does not review it afterwards.
        let facts = &old.facts;
        let mut involved = facts.contributors.clone();
        involved.extend(facts.submitter.clone());
        involved.extend(facts.emergency.clone().map(|(person, _)| person));
        involved.extend(facts.approvals.iter().map(|a| a.person.clone()));
        involved.sort_unstable();
        involved.dedup();
        raise(fx, m, (old.n, old.n), FlagCause::AfterReview, &involved)?;
    }
    if old.facts.correcting {
        for on in copies(fx, old.n)? {
            raise(fx, m, (on, old.n), FlagCause::SourceCorrected, &[])?;
        }
        explained_anew(fx, m, old)?;
    }
    Ok(())
}

/// A withdrawal follows every copy and every version for another channel.
pub(super) fn withdrawn(fx: &mut Fx<'_>, m: &Moment<'_>, old: &ItemRow) -> Result<()> {
    let versions = numbers(
        fx,
        "SELECT r.other FROM relations r JOIN items i ON i.n = r.other WHERE r.item = ?1
         AND r.relation = 'outlet'
         AND i.state NOT IN ('discarded', 'rejected', 'withdrawn', 'expired') ORDER BY r.other",
        old.n,
    )?;
    debug_assert_eq!(Relation::Outlet.code(), "outlet");
    for on in copies(fx, old.n)?.into_iter().chain(versions) {
        raise(fx, m, (on, old.n), FlagCause::SourceWithdrawn, &[])?;
    }
    Ok(())
}

/// What is down needs no second look.
pub(super) fn taken_down(
    fx: &mut Fx<'_>,
    m: &Moment<'_>,
    entry: &Entry,
    old: &ItemRow,
) -> Result<()> {
    let open = numbers(
        fx,
        "SELECT seq FROM flags WHERE item = ?1 AND settled IS NULL ORDER BY seq",
        old.n,
    )?;
    for seq in open {
        settled(fx, m, entry, (old.n, seq), FlagOutcome::TakenDown)?;
    }
    Ok(())
}

fn settled(
    fx: &mut Fx<'_>,
    m: &Moment<'_>,
    entry: &Entry,
    (item, seq): (i64, i64),
    outcome: FlagOutcome,
) -> Result<()> {
    let note = body(entry, BodyRole::Note);
    fx.update(
        "flags",
        &[("item", Value::Int(item)), ("seq", Value::Int(seq))],
        &[
            ("settled", Value::Int(m.at_seq())),
            ("settled_by", Value::Text(&entry.actor)),
            ("outcome", Value::Text(outcome.code())),
            ("note", opt_hash(note.as_ref())),
        ],
    )
}

pub(super) fn settle(
    fx: &mut Fx<'_>,
    m: &Moment<'_>,
    entry: &Entry,
    a: &SettleFlag,
    facts: &Facts,
) -> Result<()> {
    let on = (item(facts)?.n, a.flag as i64);
    settled(fx, m, entry, on, a.outcome)
}

pub(super) fn emergency(
    fx: &mut Fx<'_>,
    m: &Moment<'_>,
    entry: &Entry,
    a: &Emergency,
    facts: &Facts,
) -> Result<()> {
    change(fx, m, facts, |new| {
        new.facts.emergency = Some((entry.actor.clone(), a.fingerprint));
    })
}

pub(super) fn posted(
    fx: &mut Fx<'_>,
    m: &Moment<'_>,
    entry: &Entry,
    a: &Posted,
    facts: &Facts,
) -> Result<()> {
    let note = body(entry, BodyRole::Note).ok_or_else(|| missing("where"))?;
    fx.insert(
        "postings",
        &[
            ("seq", Value::Int(m.at_seq())),
            ("item", Value::Int(item(facts)?.n)),
            ("fingerprint", Value::Blob(a.fingerprint.as_bytes())),
            ("person", Value::Text(&entry.actor)),
            ("at", Value::Int(m.now)),
            ("note", Value::Blob(note.as_bytes())),
        ],
    )
}
