//! The due-work runner: what goes live and down by itself.
//!
//! It acts through the desk with a key of its own and the role `runner`; whatever the rules refuse
//! a person at the due instant they refuse it too. Each due thing is one act in one transaction. One
//! that cannot be done is recorded (once per cause and hour), stays due and keeps nothing else
//! waiting. Two runners on one store publish everything once: the second finds it done.
//!
//! An item whose publication *and* expiry passed while no runner was alive does not go live any more:
//! the rules refuse it, it stays due, and a person decides.

mod due;
mod pages;

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, TryRecvError};

use self::due::{held_message, is_foreign};
use self::pages::frame_of;
use super::tick::{Plan, Planned, Tick};
use super::{facts, seal, site};
use crate::desk::release::HELD;
use crate::desk::{Desk, DeskError, exit, new_id};
use crate::rules::refusal::refuse;
use crate::rules::role::Right;
use crate::store::local::MINUTE;
use crate::store::query::schedule::Dated;
use crate::tr;

/// Later than this and it is told.
const LATE: i64 = MINUTE;
/// Wall clock and steady clock may drift so far apart between two ticks.
const JUMP: i64 = 5 * MINUTE;
/// How often an act is tried again when somebody moved the thing in between.
const TRIES: u32 = 3;
/// Acts between two signs of life inside one tick.
const SIGN_OF_LIFE: usize = 50;

/// A clock that nobody sets. The product uses [`Since`]; tests bring their own.
pub trait Steady: Send {
    /// Time since some fixed instant.
    fn elapsed(&self) -> Duration;
}

/// The system's monotonic clock. It may stand still while the machine sleeps: a runner that wakes
/// up after hours stops, and a person looks at what is late before it goes out.
pub struct Since(Instant);

impl Default for Since {
    fn default() -> Self {
        Since(Instant::now())
    }
}

impl Steady for Since {
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// What happens to publications found late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LatePolicy {
    /// They go out and are listed as late.
    #[default]
    Publish,
    /// Those later than this stay due, recorded as `publish.held`, until a person sets a new time or
    /// publishes them. Expiries are never held.
    Hold(Duration),
}

/// How a runner behaves.
pub struct Options {
    /// Late publications.
    pub late: LatePolicy,
    /// The clock that nobody sets.
    pub steady: Box<dyn Steady>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            late: LatePolicy::default(),
            steady: Box::new(Since::default()),
        }
    }
}

/// Why a runner stopped by itself.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The clock was set, or the machine slept. Nothing was published after that.
    #[error("the clock jumped by {by} µs")]
    ClockJump {
        /// Wall clock against steady clock, µs; negative when it went back.
        by: i64,
    },
    /// The store is damaged, foreign, or written by a newer program.
    #[error(transparent)]
    Desk(#[from] DeskError),
}

impl RunError {
    /// Stable code for programs.
    pub fn code(&self) -> &str {
        match self {
            RunError::ClockJump { .. } => "publish.clock-jump",
            RunError::Desk(error) => error.code(),
        }
    }

    /// Exit status of a command that ends with this.
    pub fn exit(&self) -> u8 {
        match self {
            RunError::ClockJump { .. } => exit::FAILURE,
            RunError::Desk(error) => error.exit(),
        }
    }

    /// What a person reads.
    pub fn message(&self) -> String {
        match self {
            RunError::ClockJump { by } => {
                let minutes = (by.abs() / MINUTE).to_string();
                let about = if *by < 0 {
                    tr!("publish-minutes-back", minutes = minutes)
                } else {
                    tr!("publish-minutes-forward", minutes = minutes)
                };
                tr!("error-clock-jump", about = about)
            }
            RunError::Desk(error) => error.message(),
        }
    }
}

/// The runner. Its desk belongs to a person of affiliation `service` with the role `runner`.
pub struct Runner {
    desk: Desk,
    out: Option<PathBuf>,
    options: Options,
    id: String,
    /// µs between ticks, 0 when ticked by hand.
    every: i64,
    /// Per site, how far its directory was, and how far publications were looked through then that
    /// do not concern it.
    looked: HashMap<String, (u64, u64)>,
}

impl Runner {
    /// A runner over a desk. `out` holds one directory per site; without it no pages are written.
    pub fn new(desk: Desk, out: Option<PathBuf>, options: Options) -> Runner {
        Runner {
            desk,
            out,
            options,
            id: new_id("r"),
            every: 0,
            looked: HashMap::new(),
        }
    }

    /// Its id among the runners' signs of life.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The desk it acts through.
    pub fn desk(&mut self) -> &mut Desk {
        &mut self.desk
    }

    /// Gives back the desk.
    pub fn into_desk(self) -> Desk {
        self.desk
    }

    /// Everything due now, then the pages of every site that is behind.
    pub fn tick(&mut self) -> Result<Tick, DeskError> {
        self.tick_while(&|| true)
    }

    fn tick_while(&mut self, go_on: &dyn Fn() -> bool) -> Result<Tick, DeskError> {
        self.must_run()?;
        self.sign_of_life();
        let moment = self.desk.moment()?;
        let wall = self.desk.now();
        let behind = moment - wall;
        let mut tick = Tick {
            at: moment,
            clock_behind: (behind > LATE).then_some(behind),
            ..Tick::default()
        };
        if tick.clock_behind.is_some() {
            tracing::warn!(behind, "the clock lies behind the last recorded instant");
        }
        let mut tried = HashSet::new();
        loop {
            // Looked at again: what has just gone live may be due to go down.
            let fresh: Vec<Dated> = self
                .desk
                .due()?
                .into_iter()
                // A head that lies in the future (somebody's clock was wrong) makes nothing due early.
                .filter(|d| d.at <= wall && tried.insert((d.what, d.id.clone())))
                .collect();
            if fresh.is_empty() {
                break;
            }
            for (n, thing) in fresh.iter().enumerate() {
                if !go_on() {
                    tick.stopped = true;
                    return Ok(tick);
                }
                if n % SIGN_OF_LIFE == SIGN_OF_LIFE - 1 {
                    self.sign_of_life();
                }
                self.see_to(thing, &mut tick);
            }
        }
        self.pages(&mut tick, go_on)?;
        Ok(tick)
    }

    fn must_run(&mut self) -> Result<(), DeskError> {
        let now = self.desk.moment()?;
        let org = self.desk.org()?;
        let me = self.desk.person().to_owned();
        if org.has_right_somewhere(&me, Right::Run, now) {
            return Ok(());
        }
        let login = org.persons.get(&me).map_or(me, |p| p.login.clone());
        Err(refuse("right.missing", &[("person", login)]).into())
    }

    /// A runner that cannot leave a sign still does its work; the desk then warns that none is alive.
    fn sign_of_life(&mut self) {
        if let Err(error) = self.desk.runner_ticks(&self.id, self.every) {
            tracing::warn!(%error, "sign of life not written");
        }
    }

    /// What a tick would do. Changes nothing, not even a sign of life.
    pub fn plan(&mut self) -> Result<Plan, DeskError> {
        self.must_run()?;
        let at = self.desk.moment()?;
        let mut plan = Plan {
            at,
            ..Plan::default()
        };
        // As a tick does: what is due by the journal's time alone waits for the clock.
        let wall = self.desk.now();
        for thing in self.desk.due()?.into_iter().filter(|d| d.at <= wall) {
            let by = at - thing.at;
            let refused = match self.ask(&thing) {
                Err(error) if is_foreign(&error) => continue,
                Err(DeskError::Refused(why)) => Some((why.rule.to_owned(), why.message())),
                Err(error) => return Err(error),
                Ok(()) if self.is_held(&thing, by) => Some((HELD.to_owned(), held_message(&thing))),
                Ok(()) => None,
            };
            plan.due.push(Planned {
                what: thing.what,
                id: thing.id,
                number: thing.number,
                due: thing.at,
                late: by > LATE,
                refused,
            });
        }
        if let Some(out) = self.out.clone() {
            let org = self.desk.org()?;
            let facts = facts::read(&out).unwrap_or_default();
            for id in self.my_sites(&org)? {
                let keys = seal::runner_keys(&org, &id, at);
                let behind = match frame_of(&org, &id, &facts, &out) {
                    Ok(frame) => {
                        let dir = out.join(&id);
                        let state = site::up_to_date(&self.desk, &dir, &frame, &keys, None);
                        !matches!(state, Ok(Some(_)))
                    }
                    Err(_) => true,
                };
                if behind {
                    plan.behind.push(id);
                }
            }
        }
        Ok(plan)
    }

    /// Ticks at once and then every so often, until a message comes or the sender is gone; between
    /// two acts that is noticed at once.
    ///
    /// A tick that fails as a whole (a store that is busy or full) is told and tried again; a store
    /// that is damaged or newer than this program ends the loop. So does a clock that jumped: before
    /// every tick but the first, the wall clock must have moved as far as the steady one.
    pub fn run_loop(
        &mut self,
        every: Duration,
        stop: &Receiver<()>,
        mut on_tick: impl FnMut(&Result<Tick, DeskError>),
    ) -> Result<(), RunError> {
        self.every = i64::try_from(every.as_micros()).unwrap_or(i64::MAX);
        let stopped = Cell::new(false);
        loop {
            let wall = self.desk.now();
            let steady = self.options.steady.elapsed();
            let result = self.tick_while(&|| {
                if !stopped.get() && stop.try_recv() != Err(TryRecvError::Empty) {
                    stopped.set(true);
                }
                !stopped.get()
            });
            on_tick(&result);
            if let Err(error) = result
                && is_final(&error)
            {
                return Err(error.into());
            }
            if stopped.get() {
                return Ok(());
            }
            match stop.recv_timeout(every) {
                Ok(()) | Err(RecvTimeoutError::Disconnected) => return Ok(()),
                Err(RecvTimeoutError::Timeout) => {}
            }
            let passed = self.options.steady.elapsed().saturating_sub(steady);
            let passed = i64::try_from(passed.as_micros()).unwrap_or(i64::MAX);
            let by = self.desk.now().saturating_sub(wall).saturating_sub(passed);
            if by.saturating_abs() > JUMP {
                tracing::error!(by, "the clock jumped; nothing is published any more");
                return Err(RunError::ClockJump { by });
            }
        }
    }
}

/// No later tick can go better.
fn is_final(error: &DeskError) -> bool {
    use crate::store::StoreError;
    error.exit() == exit::INTEGRITY
        || matches!(
            error,
            DeskError::Store(StoreError::Upgrade(_) | StoreError::Foreign(_))
                | DeskError::Refused(_)
        )
}
