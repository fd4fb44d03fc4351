//! Timing: the wall clock and the processor time of each call, and what is told of them.

use std::collections::BTreeMap;
use std::time::Instant;

/// All calls of one kind.
#[derive(Default)]
pub struct Calls {
    /// Seconds of each.
    pub wall: Vec<f64>,
    /// Processor seconds of all.
    pub cpu: f64,
}

impl Calls {
    /// The value below which this share of the calls lies, in ms.
    pub fn quantile_ms(&self, share: f64) -> f64 {
        let mut sorted = self.wall.clone();
        sorted.sort_by(f64::total_cmp);
        let at = ((sorted.len() as f64 * share).ceil() as usize).clamp(1, sorted.len().max(1)) - 1;
        sorted.get(at).copied().unwrap_or(0.0) * 1e3
    }

    /// Seconds of all.
    pub fn total(&self) -> f64 {
        self.wall.iter().sum()
    }

    /// Mean in ms.
    pub fn mean_ms(&self) -> f64 {
        self.total() * 1e3 / self.wall.len().max(1) as f64
    }
}

/// Calls by name.
#[derive(Default)]
pub struct Clocked {
    calls: BTreeMap<String, Calls>,
}

impl Clocked {
    /// Times one call.
    pub fn time<T>(&mut self, name: &str, call: impl FnOnce() -> T) -> T {
        let (cpu, start) = (processor_seconds(), Instant::now());
        let value = call();
        let (wall, cpu) = (start.elapsed().as_secs_f64(), processor_seconds() - cpu);
        if !self.calls.contains_key(name) {
            self.calls.insert(name.to_owned(), Calls::default());
        }
        if let Some(calls) = self.calls.get_mut(name) {
            calls.wall.push(wall);
            calls.cpu += cpu;
        }
        value
    }

    /// The calls of one kind.
    pub fn of(&self, name: &str) -> &Calls {
        static NONE: Calls = Calls {
            wall: Vec::new(),
            cpu: 0.0,
        };
        self.calls.get(name).unwrap_or(&NONE)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Calls)> {
        self.calls.iter()
    }
}

/// Processor time of this thread as Linux accounts it: in steps of a scheduler tick, so that single
/// calls mean little and sums are right. Zero where it cannot be read.
pub fn processor_seconds() -> f64 {
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|s| s.split(' ').next()?.parse::<f64>().ok())
        .map_or(0.0, |ns| ns / 1e9)
}

/// A line of `/proc/self/status` in MiB.
pub fn status_mib(key: &str) -> f64 {
    std::fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|s| {
            let line = s.lines().find(|l| l.starts_with(key))?;
            line.split_whitespace().nth(1)?.parse::<f64>().ok()
        })
        .map_or(0.0, |kib| kib / 1024.0)
}

/// Bytes of the store: database, write-ahead log.
pub fn store_bytes(path: &std::path::Path) -> u64 {
    ["", "-wal"]
        .iter()
        .map(|suffix| {
            let mut name = path.as_os_str().to_owned();
            name.push(suffix);
            std::fs::metadata(name).map_or(0, |m| m.len())
        })
        .sum()
}
