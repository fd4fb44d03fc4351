//! One due thing: tried, told, left due where it could not be done.

use super::{HELD, LATE, LatePolicy, Runner, TRIES};
use crate::desk::DeskError;
use crate::publish::tick::{Done, Failed, Late, Tick};
use crate::store::Receipt;
use crate::store::query::schedule::Dated;
use crate::{locale, tr};

enum Outcome {
    Done(Receipt),
    /// Another runner did it, or a person took the time away.
    Elsewhere,
    /// It moved under every try; the next tick looks again.
    Moving,
    Failed(DeskError),
}

impl Runner {
    pub(super) fn see_to(&mut self, thing: &Dated, tick: &mut Tick) {
        let by = tick.at - thing.at;
        let late = (by > LATE).then(|| Late {
            what: thing.what,
            id: thing.id.clone(),
            number: thing.number.clone(),
            due: thing.at,
            by,
        });
        if self.is_held(thing, by) {
            if !self.concerns(thing) {
                return;
            }
            tick.late.extend(late);
            let recorded = self.desk.publish_held(&thing.id);
            failed(thing, HELD, held_message(thing), recorded, tick);
            return;
        }
        match self.attempt(thing) {
            Outcome::Elsewhere | Outcome::Moving => {}
            Outcome::Done(receipt) => {
                tick.late.extend(late);
                let done = Done {
                    id: thing.id.clone(),
                    number: thing.number.clone(),
                    due: thing.at,
                    seq: receipt.seq,
                };
                match thing.what {
                    "bundle" => tick.bundles.push(done),
                    "expire" => tick.expired.push(done),
                    _ => tick.published.push(done),
                }
                if let Err(error) = self.desk.publish_recovered(&thing.id) {
                    tracing::warn!(%error, "told failure not forgotten");
                }
            }
            Outcome::Failed(error) => {
                tick.late.extend(late);
                let recorded = self.desk.publish_failed(&thing.id, &error);
                failed(thing, error.code(), error.message(), recorded, tick);
            }
        }
    }

    pub(super) fn is_held(&self, thing: &Dated, by: i64) -> bool {
        match self.options.late {
            LatePolicy::Publish => false,
            LatePolicy::Hold(limit) => {
                thing.what != "expire" && by > i64::try_from(limit.as_micros()).unwrap_or(i64::MAX)
            }
        }
    }

    /// Whether a thing lies in the scope of this runner: another place may have its own.
    fn concerns(&mut self, thing: &Dated) -> bool {
        !matches!(self.ask(thing), Err(error) if is_foreign(&error))
    }

    fn attempt(&mut self, thing: &Dated) -> Outcome {
        for _ in 0..TRIES {
            let error = match self.act(thing) {
                Ok(receipt) => return Outcome::Done(receipt),
                Err(error) => error,
            };
            match self.desk.is_due(thing) {
                Ok(false) => return Outcome::Elsewhere,
                Ok(true) if is_foreign(&error) => return Outcome::Elsewhere,
                Ok(true) if matches!(error, DeskError::Stale(_)) => {}
                _ => return Outcome::Failed(error),
            }
        }
        Outcome::Moving
    }

    fn act(&mut self, thing: &Dated) -> Result<Receipt, DeskError> {
        match thing.what {
            "bundle" => self.desk.bundle_publish_due(&thing.id),
            "expire" => self.desk.expire(&thing.id),
            _ => self.desk.publish_due(&thing.id),
        }
    }

    pub(super) fn ask(&mut self, thing: &Dated) -> Result<(), DeskError> {
        match thing.what {
            "bundle" => self.desk.may_publish_bundle_due(&thing.id),
            "expire" => self.desk.may_expire(&thing.id),
            _ => self.desk.may_publish_due(&thing.id),
        }
    }
}

/// Lists what could not be done; recorded or not, it stays due.
fn failed(
    thing: &Dated,
    code: &str,
    message: String,
    recorded: Result<Option<Receipt>, DeskError>,
    tick: &mut Tick,
) {
    let recorded = match recorded {
        Ok(receipt) => receipt.map(|r| r.seq),
        Err(error) => {
            tracing::error!(%error, target = %thing.id, code, "failure not recorded");
            None
        }
    };
    tick.failed.push(Failed {
        what: thing.what,
        id: thing.id.clone(),
        number: thing.number.clone(),
        code: code.to_owned(),
        message,
        recorded,
    });
}

pub(super) fn held_message(thing: &Dated) -> String {
    tr!("publish-held", due = locale::instant(thing.at))
}

/// Outside of this runner's scope: not its failure.
pub(super) fn is_foreign(error: &DeskError) -> bool {
    matches!(error.code(), "item.unknown" | "bundle.unknown")
}
