//! Time as the console sees it: passed in, so that a scripted run is the same every day.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// Where the loop takes its time from.
pub trait Clock {
    /// Microseconds since 1970, for what people read.
    fn now_us(&self) -> i64;
    /// Time that only goes forward, for waits.
    fn monotonic(&self) -> Duration;
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    start: Instant,
}

impl SystemClock {
    /// Starts counting now.
    pub fn new() -> Self {
        Self {
            start: Instant::now(),
        }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now_us(&self) -> i64 {
        jiff::Timestamp::now().as_microsecond()
    }

    fn monotonic(&self) -> Duration {
        self.start.elapsed()
    }
}

/// A clock that stands still until it is moved; clones share the time.
#[derive(Debug, Clone, Default)]
pub struct FixedClock {
    us: Rc<Cell<i64>>,
    mono: Rc<Cell<Duration>>,
}

impl FixedClock {
    /// Stands at `us` microseconds since 1970.
    pub fn at(us: i64) -> Self {
        let clock = Self::default();
        clock.us.set(us);
        clock
    }

    /// Moves both times forward.
    pub fn advance(&self, by: Duration) {
        self.us.set(
            self.us
                .get()
                .saturating_add(i64::try_from(by.as_micros()).unwrap_or(i64::MAX)),
        );
        self.mono.set(self.mono.get() + by);
    }
}

impl Clock for FixedClock {
    fn now_us(&self) -> i64 {
        self.us.get()
    }

    fn monotonic(&self) -> Duration {
        self.mono.get()
    }
}
