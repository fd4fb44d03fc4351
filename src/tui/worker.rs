//! The thread that owns the store, and threads for long work beside it.
//!
//! The loop never waits: it hands a closure over and gets the value back as a [`Report`]. A job
//! that panics is reported as failed; the thread and the console live on.

use std::any::Any;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};

use crossbeam_channel::{Receiver, Sender, unbounded};

use crate::tui::term;

/// Names one job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobId(u64);

/// Why a job gave no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JobError {
    /// It panicked; the text is the panic's message.
    #[error("the job panicked: {0}")]
    Panicked(String),
    /// The thread is gone.
    #[error("the worker thread is gone")]
    Gone,
}

/// What the worker tells the loop.
pub enum Report {
    /// A job has ended.
    Done(JobId, Result<Box<dyn Any + Send>, JobError>),
    /// A long job is at `done` of `total`.
    Progress {
        /// Which job.
        id: JobId,
        /// How far it is.
        done: u64,
        /// How far it has to go; 0 where that is not known.
        total: u64,
    },
}

impl std::fmt::Debug for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Done(id, result) => write!(f, "Done({id:?}, ok: {})", result.is_ok()),
            Self::Progress { id, done, total } => write!(f, "Progress({id:?}, {done}/{total})"),
        }
    }
}

/// How a long job speaks while it runs.
#[derive(Debug)]
pub struct Progress {
    id: JobId,
    cancelled: Arc<AtomicBool>,
    reports: Sender<Report>,
    step: AtomicU64,
}

impl Progress {
    /// Whether the person wants it stopped; ask between steps and return what is done so far.
    pub fn cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Tells how far it is. Cheap to call often: only visible steps are passed on.
    pub fn report(&self, done: u64, total: u64) {
        let step = done.saturating_mul(200).checked_div(total).unwrap_or(done) + 1;
        if self.step.swap(step, Ordering::Relaxed) != step {
            let _ = self.reports.send(Report::Progress {
                id: self.id,
                done,
                total,
            });
        }
    }
}

/// A type-erased job on the state.
pub(crate) type Job<D> = Box<dyn FnOnce(&mut D, &Progress) -> Box<dyn Any + Send> + Send>;
/// A type-erased job of its own.
pub(crate) type FreeJob = Box<dyn FnOnce(&Progress) -> Box<dyn Any + Send> + Send>;

/// Owns the thread that owns `D`.
pub struct Worker<D> {
    jobs: Option<Sender<(Progress, Job<D>)>>,
    reports: Receiver<Report>,
    report_tx: Sender<Report>,
    cancels: HashMap<JobId, Arc<AtomicBool>>,
    next: u64,
    thread: Option<JoinHandle<()>>,
    free: Vec<JoinHandle<()>>,
}

impl<D> std::fmt::Debug for Worker<D> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Worker")
            .field("running", &self.cancels.len())
            .finish_non_exhaustive()
    }
}

impl<D: 'static> Worker<D> {
    /// Starts the thread; `open` makes the state there, so `D` need not be sendable.
    pub fn start(open: impl FnOnce() -> D + Send + 'static) -> std::io::Result<Self> {
        let (jobs, job_rx) = unbounded::<(Progress, Job<D>)>();
        let (report_tx, reports) = unbounded();
        let thread = thread::Builder::new()
            .name("qianfa-store".into())
            .spawn(move || {
                term::panics_are_caught_here();
                let mut state = open();
                for (progress, job) in job_rx {
                    let value = catch(|| job(&mut state, &progress));
                    let _ = progress.reports.send(Report::Done(progress.id, value));
                }
            })?;
        Ok(Self {
            jobs: Some(jobs),
            reports,
            report_tx,
            cancels: HashMap::new(),
            next: 0,
            thread: Some(thread),
            free: Vec::new(),
        })
    }

    /// Where the reports come out.
    pub fn reports(&self) -> &Receiver<Report> {
        &self.reports
    }

    fn progress(&mut self) -> Progress {
        self.next += 1;
        let id = JobId(self.next);
        let cancelled = Arc::new(AtomicBool::new(false));
        self.cancels.insert(id, Arc::clone(&cancelled));
        Progress {
            id,
            cancelled,
            reports: self.report_tx.clone(),
            step: AtomicU64::new(0),
        }
    }

    /// Runs `job` on the state after the jobs before it.
    pub(crate) fn submit(&mut self, job: Job<D>) -> JobId {
        let progress = self.progress();
        let id = progress.id;
        let sent = self
            .jobs
            .as_ref()
            .is_some_and(|jobs| jobs.send((progress, job)).is_ok());
        if !sent {
            let _ = self.report_tx.send(Report::Done(id, Err(JobError::Gone)));
        }
        id
    }

    /// Runs `job` on a thread of its own: work that needs no state, or opens its own.
    pub(crate) fn submit_free(&mut self, job: FreeJob) -> JobId {
        let progress = self.progress();
        let id = progress.id;
        let reports = self.report_tx.clone();
        let started = thread::Builder::new()
            .name("qianfa-task".into())
            .spawn(move || {
                term::panics_are_caught_here();
                let value = catch(|| job(&progress));
                let _ = progress.reports.send(Report::Done(progress.id, value));
            });
        self.free.retain(|thread| !thread.is_finished());
        match started {
            Ok(thread) => self.free.push(thread),
            Err(_) => {
                let _ = reports.send(Report::Done(id, Err(JobError::Gone)));
            }
        }
        id
    }

    /// Asks a job to stop.
    pub fn cancel(&self, id: JobId) {
        if let Some(flag) = self.cancels.get(&id) {
            flag.store(true, Ordering::Relaxed);
        }
    }

    /// The loop has seen the end of a job.
    pub(crate) fn forget(&mut self, id: JobId) {
        self.cancels.remove(&id);
    }
}

impl<D> Drop for Worker<D> {
    /// Waits for what was asked: a save handed over just before the end must reach the disk.
    fn drop(&mut self) {
        for flag in self.cancels.values() {
            flag.store(true, Ordering::Relaxed);
        }
        self.jobs = None;
        for thread in self.thread.take().into_iter().chain(self.free.drain(..)) {
            let _ = thread.join();
        }
    }
}

fn catch(job: impl FnOnce() -> Box<dyn Any + Send>) -> Result<Box<dyn Any + Send>, JobError> {
    catch_unwind(AssertUnwindSafe(job)).map_err(|panic| {
        let text = panic
            .downcast_ref::<&str>()
            .map(|s| (*s).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_default();
        JobError::Panicked(text)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn next(worker: &Worker<Vec<u32>>) -> Report {
        worker
            .reports()
            .recv_timeout(Duration::from_secs(10))
            .unwrap()
    }

    #[test]
    fn jobs_run_in_order_on_one_state() {
        let mut worker = Worker::start(Vec::new).unwrap();
        for n in 0..3u32 {
            worker.submit(Box::new(move |state: &mut Vec<u32>, _| {
                state.push(n);
                Box::new(state.clone())
            }));
        }
        for want in [vec![0], vec![0, 1], vec![0, 1, 2]] {
            let Report::Done(_, Ok(value)) = next(&worker) else {
                panic!("not done")
            };
            assert_eq!(*value.downcast::<Vec<u32>>().unwrap(), want);
        }
    }

    #[test]
    fn a_panic_is_a_report_and_the_state_lives_on() {
        let mut worker = Worker::start(Vec::new).unwrap();
        worker.submit(Box::new(|_, _| panic!("broken {}", 1)));
        worker.submit(Box::new(|state: &mut Vec<u32>, _| Box::new(state.len())));
        assert!(
            matches!(next(&worker), Report::Done(_, Err(JobError::Panicked(text))) if text == "broken 1")
        );
        assert!(matches!(next(&worker), Report::Done(_, Ok(_))));
    }

    #[test]
    fn long_jobs_report_and_stop_when_asked() {
        let mut worker: Worker<Vec<u32>> = Worker::start(Vec::new).unwrap();
        let (go, wait) = crossbeam_channel::bounded::<()>(0);
        let id = worker.submit_free(Box::new(move |progress| {
            progress.report(1, 10);
            progress.report(1, 10); // no visible step, not passed on
            let _ = wait.recv();
            Box::new(progress.cancelled())
        }));
        assert!(matches!(
            next(&worker),
            Report::Progress {
                done: 1,
                total: 10,
                ..
            }
        ));
        worker.cancel(id);
        go.send(()).unwrap();
        let Report::Done(done, Ok(value)) = next(&worker) else {
            panic!("not done")
        };
        assert_eq!(done, id);
        assert!(*value.downcast::<bool>().unwrap());
    }

    #[test]
    fn what_was_asked_before_the_end_is_done() {
        let (tx, rx) = unbounded();
        let mut worker = Worker::start(Vec::new).unwrap();
        for n in 0..50u32 {
            let tx = tx.clone();
            worker.submit(Box::new(move |_: &mut Vec<u32>, _| {
                tx.send(n).unwrap();
                Box::new(())
            }));
        }
        drop(worker);
        assert_eq!(rx.try_iter().count(), 50);
    }
}
