//! What an accepted entry does to the tables.
//!
//! Deterministic by construction: it sees the entry, the facts and the organisation as of the
//! entry before it, and writes through [`Fx`] alone. No clock, locale, float or hash-map order.

mod after;
mod bundle;
mod item;
mod people;
mod release;
mod revision;
mod said;
mod save;
mod setup;

use super::facts::Facts;
use super::fx::Fx;
use super::{Result, StoreError};
use crate::journal::{Entry, Suite};
use crate::rules::act::Act;
use crate::rules::org::Org;

/// Where and when the entry stands.
pub struct Moment<'a> {
    /// Its position.
    pub seq: u64,
    /// Its recorded instant, µs.
    pub now: i64,
    /// Algorithms.
    pub suite: Suite,
    /// The organisation just before it.
    pub org: &'a Org,
}

impl Moment<'_> {
    /// The position as SQLite keeps it.
    pub fn at_seq(&self) -> i64 {
        self.seq as i64
    }

    /// Calendar year in China, which numbers of items and forms begin with. China Standard Time
    /// has been UTC+8 all year since 1992, so that no zone data enters the fold.
    pub fn year(&self) -> i16 {
        const EIGHT_HOURS: i64 = 8 * 3600 * 1_000_000;
        jiff::Timestamp::from_microsecond(self.now.saturating_add(EIGHT_HOURS))
            .map_or(1970, |t| jiff::tz::Offset::UTC.to_datetime(t).year())
    }
}

pub(super) fn missing(what: &str) -> StoreError {
    StoreError::Damaged(format!("fold without {what}"))
}

/// Applies one entry that the rules accepted.
pub fn apply(
    fx: &mut Fx<'_>,
    m: &Moment<'_>,
    entry: &Entry,
    act: &Act,
    facts: &Facts,
) -> Result<()> {
    match act {
        Act::Found(a) => setup::found(fx, m, a)?,
        Act::BureauAdd(a) => setup::bureau_add(fx, a)?,
        Act::SiteAdd(a) => setup::site_add(fx, a)?,
        Act::SiteCondition(a) => setup::site_condition(fx, m, entry, a)?,
        Act::ColumnAdd(a) => setup::column_add(fx, a)?,
        Act::ColumnMerge(a) => setup::column_end(fx, m, a, crate::rules::org::ColumnState::Merged)?,
        Act::ColumnClose(a) => setup::column_end(fx, m, a, crate::rules::org::ColumnState::Closed)?,
        Act::RouteSet(a) => setup::route_set(fx, m, a)?,
        Act::PersonAdd(a) => people::person_add(fx, m, entry, a)?,
        Act::PersonLeave(a) => people::person_leave(fx, m, &a.person)?,
        Act::GrantRevoke(a) => people::grant_revoke(fx, m, a.grant)?,
        Act::Propose(a) => people::propose(fx, m, entry, a)?,
        Act::Confirm(a) => people::confirm(fx, m, entry, a.proposal, facts)?,
        Act::Decline(a) => people::answer(fx, m, a.proposal, "declined")?,
        Act::ItemNew(a) => revision::new(fx, m, entry, a)?,
        Act::ItemRevise(a) => revision::revise(fx, m, entry, a, facts)?,
        Act::ItemTakeover(a) => revision::takeover(fx, m, entry, a, facts)?,
        Act::ItemClaim(a) => item::claim(fx, m, entry, &a.session, facts)?,
        Act::ItemRelease(_) => item::release(fx, facts)?,
        Act::ItemComment(a) => said::comment(fx, m, entry, a, facts)?,
        Act::ItemCommentSettle(a) => said::settle(fx, m, entry, a)?,
        Act::ItemWaive(a) => said::waive(fx, m, entry, a, facts)?,
        Act::ItemUnwaive(a) => said::unwaive(fx, m, a)?,
        Act::ItemSubmit(_) => item::submit(fx, m, entry, facts)?,
        Act::ItemRecall(_) => item::recall(fx, m, facts)?,
        Act::ItemReturn(_) => item::send_back(fx, m, facts)?,
        Act::ItemReject(_) => item::reject(fx, m, facts)?,
        Act::ItemApprove(a) => item::approve(fx, m, entry, a.step, facts)?,
        Act::ItemClear(a) => item::clear(fx, m, entry, a, facts)?,
        Act::ItemSignOff(a) => item::sign_off(fx, m, entry, a, facts)?,
        Act::ItemDiscard(_) => item::discard(fx, m, facts)?,
        Act::ItemRestore(_) => item::restore(fx, m, facts)?,
        Act::ItemSchedule(a) => release::schedule(fx, m, a, facts)?,
        Act::ItemUnschedule(_) => release::unschedule(fx, m, facts)?,
        Act::ItemUnlock(_) => release::unlock(fx, m, facts)?,
        Act::ItemPublish(a) => release::publish(fx, m, entry, a.cause, facts)?,
        Act::ItemExpire(_) => release::expire(fx, m, entry, facts)?,
        Act::ItemCorrect(_) => release::correct(fx, m, facts)?,
        Act::ItemWithdraw(a) => release::withdraw(fx, m, entry, a, facts)?,
        Act::ItemRelate(a) => after::relate(fx, m, entry, a, facts)?,
        Act::ItemUnrelate(a) => after::unrelate(fx, m, entry, a, facts)?,
        Act::ItemValidity(a) => after::validity(fx, m, entry, a, facts)?,
        Act::ItemShare(a) => after::share(fx, m, entry, a, facts)?,
        Act::ItemFlagSettle(a) => after::settle(fx, m, entry, a, facts)?,
        Act::ItemEmergency(a) => after::emergency(fx, m, entry, a, facts)?,
        Act::ItemPosted(a) => after::posted(fx, m, entry, a, facts)?,
        Act::BundleNew(_) => bundle::new(fx, m, entry)?,
        Act::BundleAdd(a) => bundle::add(fx, m, &a.member, facts)?,
        Act::BundleRemove(a) => bundle::remove(fx, m, &a.member, facts)?,
        Act::BundleSchedule(a) => bundle::schedule(fx, m, a.publish_at, facts)?,
        Act::BundleUnschedule(_) => bundle::unschedule(fx, m, facts)?,
        Act::BundlePublish(a) => bundle::publish(fx, m, entry, a.cause, facts)?,
        Act::BundleDiscard(_) => bundle::discard(fx, m, facts)?,
        // These only bear witness; the entry itself is all there is.
        Act::ItemViewed(_)
        | Act::SessionOpen(_)
        | Act::PagesWritten(_)
        | Act::PagesFailed(_)
        | Act::Export(_)
        | Act::PublishFailed(_) => {}
    }
    index(fx, m, act, facts)
}

/// Notes which items the entry is about, for their histories.
fn index(fx: &Fx<'_>, m: &Moment<'_>, act: &Act, facts: &Facts) -> Result<()> {
    let mut insert = fx
        .conn()
        .prepare_cached("INSERT OR IGNORE INTO entry_items (item, seq) VALUES (?1, ?2)")?;
    match act {
        Act::ItemNew(_) => {
            insert.execute((revision::newest(fx)?, m.at_seq()))?;
        }
        Act::ItemShare(_) => {
            insert.execute((revision::newest(fx)?, m.at_seq()))?;
            if let Some(source) = &facts.other {
                insert.execute((source.n, m.at_seq()))?;
            }
        }
        Act::ItemRelate(_) | Act::ItemUnrelate(_) => {
            for item in facts.item.iter().chain(&facts.other) {
                insert.execute((item.n, m.at_seq()))?;
            }
        }
        Act::BundleSchedule(_) | Act::BundleUnschedule(_) | Act::BundlePublish(_) => {
            for member in facts.bundle.iter().flat_map(|b| &b.members) {
                insert.execute((member.n, m.at_seq()))?;
            }
        }
        Act::BundleRemove(a) => {
            for member in facts
                .bundle
                .iter()
                .flat_map(|b| &b.members)
                .filter(|i| i.facts.id == a.member)
            {
                insert.execute((member.n, m.at_seq()))?;
            }
        }
        _ => {
            if let Some(item) = &facts.item {
                insert.execute((item.n, m.at_seq()))?;
            }
        }
    }
    Ok(())
}

/// Next value of a named counter.
fn count(fx: &mut Fx<'_>, name: &str) -> Result<i64> {
    use crate::journal::Value;
    use rusqlite::OptionalExtension;
    let last: Option<i64> = fx
        .conn()
        .prepare_cached("SELECT value FROM counters WHERE name = ?1")?
        .query_row([name], |r| r.get(0))
        .optional()?;
    let next = last.unwrap_or(0) + 1;
    fx.upsert(
        "counters",
        &[("name", Value::Text(name)), ("value", Value::Int(next))],
    )?;
    Ok(next)
}
