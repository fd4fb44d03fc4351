//! Whether the clock can be believed before anything is signed.
//!
//! An entry is never recorded before its predecessor, so one act with the clock in 2099 would date
//! every later one to 2099, for ever. Only acts are asked, never a replay: the journal is judged by
//! its bytes.
//!
//! Against what? The last entry alone cannot tell a wrong clock from a holiday, so the limit is
//! longer than any holiday; within a running process the steady clock vouches, so that a runner may
//! act after a month in which nothing happened. Beyond that a person is asked once, and his answer
//! is an entry.

use super::{Desk, Result};
use crate::rules::act::{Act, SessionOpen};
use crate::rules::refusal::refuse;
use crate::store::{Receipt, local};

/// How long after the last entry a clock is believed without being asked about: the longest public
/// holidays and a week. µs.
pub const BELIEVED: i64 = 14 * 24 * 3_600_000_000;

/// How far clock and steady clock may drift apart between two acts and still vouch for each other,
/// µs: what a time service corrects.
const DRIFT: i64 = 5 * 60_000_000;

impl Desk {
    /// Refuses (`clock.ahead`) where the clock is implausibly far after the last entry.
    pub(super) fn check_clock(&mut self) -> Result<()> {
        let Some(steady) = self.clock.steady() else {
            return Ok(());
        };
        let now = self.clock.now();
        let vouched = self.sure.is_some_and(|(wall, then)| {
            now.saturating_sub(wall)
                .saturating_sub(steady.saturating_sub(then))
                .abs()
                <= DRIFT
        });
        if !vouched {
            let head = self.store.head()?;
            if head.seq > 0 && now.saturating_sub(head.recorded_at) > BELIEVED {
                let at = |at: i64| ("at", at.to_string());
                return Err(refuse(
                    "clock.ahead",
                    &[at(now), ("last", head.recorded_at.to_string())],
                )
                .into());
            }
        }
        self.sure = Some((now, steady));
        Ok(())
    }

    /// Says that the clock is right although the last entry is long ago. Recorded as a session entry
    /// that says so; where the clock is believed anyway there is nothing to say.
    pub fn confirm_clock(&mut self) -> Result<Option<Receipt>> {
        let Some(steady) = self.clock.steady() else {
            return Ok(None);
        };
        if self.check_clock().is_ok() {
            return Ok(None);
        }
        let before = self.sure.replace((self.clock.now(), steady));
        let told = self.session_entry(true).map(Some);
        if told.is_err() {
            self.sure = before;
        }
        told
    }

    /// The entry of a session: how many passphrases had failed, and whether the person vouches for
    /// the clock.
    pub(super) fn session_entry(&mut self, clock_is_right: bool) -> Result<Receipt> {
        let (session, person) = (self.session.clone(), self.person.clone());
        self.acts(|tx, act_in| {
            let act = Act::SessionOpen(SessionOpen {
                session,
                failures: local::untold_failures(tx.conn(), &person)?,
                clock_is_right,
            });
            act_in(tx, None, &act, &[])
        })
    }
}
