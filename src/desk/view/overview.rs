//! The first screen: what waits, what is late, what goes out today.

use crate::desk::after::FlagView;
use crate::desk::live::PageFault;
use crate::desk::{Desk, Result};
use crate::rules::state::State;
use crate::store::local;
use crate::store::query::items::{self, Filter, Line};
use crate::store::query::schedule::Dated;

/// The first screen.
#[derive(Debug, Clone, Default)]
pub struct DeskView {
    /// What waits for this person's decision, most urgent first.
    pub waiting: Vec<Line>,
    /// His own items that are in review.
    pub submitted: Vec<Line>,
    /// His own items that came back.
    pub returned: Vec<Line>,
    /// His drafts.
    pub drafts: Vec<Line>,
    /// Due and not out.
    pub late: Vec<Dated>,
    /// Goes out within a day.
    pub today: Vec<Dated>,
    /// Counts by state.
    pub tallies: Vec<(State, u64)>,
    /// Proposals a second person could confirm.
    pub proposals: usize,
    /// Whether a runner ticks.
    pub runner_alive: bool,
    /// Its last tick.
    pub last_tick: Option<i64>,
    /// Something is scheduled.
    pub scheduled: bool,
    /// Sites whose pages could not be written or carried on.
    pub page_faults: Vec<PageFault>,
    /// What must be looked at again.
    pub flags: Vec<FlagView>,
}

impl Desk {
    /// The first screen.
    pub fn overview(&mut self) -> Result<DeskView> {
        let now = self.now();
        let day = 24 * 60 * local::MINUTE;
        let me = self.person.clone();
        let mine = |states: &[State]| Filter {
            states: states.to_vec(),
            contributor: Some(me.clone()),
            ..Filter::default()
        };
        let in_review = Filter {
            states: vec![State::InReview],
            submitter: Some(me.clone()),
            ..Filter::default()
        };
        let last = local::last_runner(self.store.conn())?;
        let sight = self.sight()?;
        let tallies = items::tallies(self.store.conn(), &sight)?;
        let proposals = self
            .proposals()?
            .iter()
            .filter(|p| p.proposer != me)
            .count();
        Ok(DeskView {
            waiting: self.queue(false, 50)?,
            submitted: self.list(&in_review, None, 20)?,
            returned: self.list(&mine(&[State::Returned]), None, 20)?,
            drafts: self.list(&mine(&[State::Draft]), None, 20)?,
            late: self.agenda(i64::MIN, now, 50)?,
            today: self.agenda(now, now + day, 50)?,
            scheduled: tallies
                .iter()
                .any(|(s, n)| *s == State::Scheduled && *n > 0),
            tallies,
            proposals,
            runner_alive: local::runner_alive(self.store.conn(), now)?,
            last_tick: last.map(|r| r.last_tick),
            page_faults: self.page_faults()?,
            flags: self.flags(None)?,
        })
    }
}
