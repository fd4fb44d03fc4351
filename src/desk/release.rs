//! Times, publication by hand, correction, withdrawal; and the runner's own acts.

use super::review::Seen;
use super::{Desk, DeskError, Note, Result};
use crate::rules::act::{
    Act, Cause, Correct, Pages, Plain, Publish, PublishFailed, Schedule, Withdraw, WithdrawGround,
};
use crate::store::Receipt;
use crate::store::local;

/// The zone in which times are given and shown unless told otherwise.
pub const ZONE: &str = "Asia/Shanghai";

/// Recorded as the cause when a late publication is held back for a person to decide.
pub const HELD: &str = "publish.held";

/// The calendar day of an instant where the board sits.
pub(super) fn day(at: i64) -> jiff::civil::Date {
    let zone = jiff::tz::TimeZone::get(ZONE).unwrap_or(jiff::tz::TimeZone::UTC);
    let at = jiff::Timestamp::from_microsecond(at).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    zone.to_datetime(at).date()
}

impl Desk {
    /// Sets, moves or (for a live item, with no time given) takes away times.
    pub fn schedule(
        &mut self,
        item: &str,
        publish_at: Option<i64>,
        expire_at: Option<i64>,
        zone: &str,
    ) -> Result<Receipt> {
        let act = Act::ItemSchedule(Schedule {
            publish_at,
            expire_at,
            zone: zone.to_owned(),
        });
        self.plain(item, &act, &Note::none())
    }

    /// Cancels the publication time; nothing goes live by itself any more.
    pub fn unschedule(&mut self, item: &str) -> Result<Receipt> {
        self.plain(item, &Act::ItemUnschedule(Plain {}), &Note::none())
    }

    /// Makes a signed-off item editable again (解锁编辑); its run ends.
    pub fn unlock(&mut self, item: &str, reason: &Note) -> Result<Receipt> {
        self.plain(item, &Act::ItemUnlock(Plain {}), reason)
    }

    /// Publishes a signed-off item by hand.
    pub fn publish(&mut self, item: &str, seen: Seen) -> Result<Receipt> {
        self.go_live(item, Cause::Hand, seen)
    }

    /// Publishes a due item: what the runner does.
    pub fn publish_due(&mut self, item: &str) -> Result<Receipt> {
        self.go_live(item, Cause::Schedule, Seen::default())
    }

    fn go_live(&mut self, item: &str, cause: Cause, seen: Seen) -> Result<Receipt> {
        let row = self.find_due(item)?;
        let fingerprint = seen.0.unwrap_or(row.facts.fingerprint);
        let screened = self.screened(std::slice::from_ref(&row))?;
        let act = Act::ItemPublish(Publish {
            fingerprint,
            cause,
            screened,
        });
        self.act(Some((&row.facts.id, Some(row.base))), &act, &[])
    }

    /// What the runner would be told about a due item, without doing anything.
    pub fn may_publish_due(&mut self, item: &str) -> Result<()> {
        let row = self.find_due(item)?;
        let screened = self.screened(std::slice::from_ref(&row))?;
        let act = Act::ItemPublish(Publish {
            fingerprint: row.facts.fingerprint,
            cause: Cause::Schedule,
            screened,
        });
        self.may(Some(&row.facts.id), &act, &[])
    }

    /// Takes a live item down whose time has run out.
    pub fn expire(&mut self, item: &str) -> Result<Receipt> {
        let row = self.find_due(item)?;
        let act = Act::ItemExpire(Plain {});
        self.act(Some((&row.facts.id, Some(row.base))), &act, &[])
    }

    /// What the runner would be told about a live item whose time has run out.
    pub fn may_expire(&mut self, item: &str) -> Result<()> {
        let row = self.find_due(item)?;
        self.may(Some(&row.facts.id), &Act::ItemExpire(Plain {}), &[])
    }

    /// Begins a correction: the item is editable, the public goes on seeing the present text.
    pub fn correct(&mut self, item: &str, note: &Note) -> Result<Receipt> {
        let row = self.find(item)?;
        // Of an item that is not live the rules say why not.
        let fingerprint = row.facts.live.unwrap_or(row.facts.fingerprint);
        self.plain(item, &Act::ItemCorrect(Correct { fingerprint }), note)
    }

    /// Takes a published item down, with ground and reason. Its copies on other sites and its versions
    /// for other channels are flagged.
    pub fn withdraw(
        &mut self,
        item: &str,
        ground: WithdrawGround,
        reason: &Note,
    ) -> Result<Receipt> {
        self.plain(item, &Act::ItemWithdraw(Withdraw { ground }), reason)
    }

    /// Records why something due could not go live; once per cause and hour.
    pub fn publish_failed(&mut self, target: &str, error: &DeskError) -> Result<Option<Receipt>> {
        self.due_failed(target, error.code())
    }

    /// Records that something due was found too late to go out unseen, and waits for a person.
    pub fn publish_held(&mut self, target: &str) -> Result<Option<Receipt>> {
        self.due_failed(target, HELD)
    }

    fn due_failed(&mut self, target: &str, why: &str) -> Result<Option<Receipt>> {
        let act = Act::PublishFailed(PublishFailed {
            target: target.to_owned(),
            why: why.to_owned(),
        });
        self.tell_failure(target, why, &act)
    }

    /// Whether a failure is news is decided in the transaction that records it: two runners do not
    /// tell it twice, and one that could not be recorded is news still.
    fn tell_failure(&mut self, target: &str, why: &str, act: &Act) -> Result<Option<Receipt>> {
        let now = self.now();
        self.acts(|tx, act_in| {
            if local::failure_is_news(tx.conn(), target, why, now)? {
                Ok(Some(act_in(tx, None, act, &[])?))
            } else {
                Ok(None)
            }
        })
    }

    /// A target went live after all.
    pub fn publish_recovered(&mut self, target: &str) -> Result<()> {
        Ok(local::failure_over(self.store.conn(), target)?)
    }

    /// Records that the pages of a site were written up to a publication.
    pub fn pages_written(
        &mut self,
        site: &str,
        upto: u64,
        files: u32,
        manifest: &str,
    ) -> Result<Receipt> {
        let pages = Pages {
            site: site.to_owned(),
            upto,
            files,
            outcome: manifest.to_owned(),
        };
        let receipt = self.act(None, &Act::PagesWritten(pages), &[])?;
        let now = self.now();
        local::pages_at(self.store.conn(), site, upto as i64, now, None)?;
        local::failure_over(self.store.conn(), &format!("pages:{site}"))?;
        Ok(receipt)
    }

    /// Records that the pages of a site could not be written; they stay due.
    pub fn pages_failed(&mut self, site: &str, upto: u64, code: &str) -> Result<Option<Receipt>> {
        let act = Act::PagesFailed(Pages {
            site: site.to_owned(),
            upto,
            files: 0,
            outcome: code.to_owned(),
        });
        let told = self.tell_failure(&format!("pages:{site}"), code, &act)?;
        let now = self.now();
        let done = local::pages_upto(self.store.conn(), site)?;
        local::pages_at(self.store.conn(), site, done, now, Some(code))?;
        Ok(told)
    }

    /// Notes a tick of a runner.
    pub fn runner_ticks(&mut self, id: &str, every: i64) -> Result<()> {
        let now = self.now();
        Ok(local::runner_ticks(self.store.conn(), id, now, every)?)
    }
}
