//! One item as its screen shows it.

use crate::desk::{Content, Desk, DeskError, Fields, Result};
use crate::journal::Hash;
use crate::rules::act::{
    Act, BodyRole, Cause, Claim, Clear, Comment, Correct, Decide, Emergency, Plain, Publish,
    Reject, Schedule, Screened, SignOff, Submit, Takeover, Withdraw, WithdrawGround,
};
use crate::rules::clearance::Conclusion;
use crate::rules::refusal::Refusal;
use crate::rules::role::Role;
use crate::rules::route::StepKind;
use crate::rules::state::State;
use crate::store::facts::ItemRow;
use crate::store::local::{self, Liveness};
use crate::store::query::history::{self, Clearance};
use crate::store::query::items::{self, Line};

/// A step of the route with what has been decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepView {
    /// Code of the step.
    pub name: String,
    /// Who decides.
    pub role: Role,
    /// What is decided.
    pub kind: StepKind,
    /// How many must pass it.
    pub needed: u8,
    /// Who passed it on the present version.
    pub passed_by: Vec<String>,
    /// It is the one that waits.
    pub waiting: bool,
}

/// Who is writing an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimView {
    /// Who.
    pub person: String,
    /// Own session, own other session, or somebody else's.
    pub mine: bool,
    /// In this very session.
    pub here: bool,
    /// How it looks.
    pub liveness: Liveness,
}

/// Whether an act is open to the person at the keyboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Code of the act, such as `approve`.
    pub act: &'static str,
    /// Why not, if not.
    pub refusal: Option<Refusal>,
}

/// One item on a screen.
#[derive(Debug, Clone)]
pub struct ItemView {
    /// Its line in lists.
    pub line: Line,
    /// Fingerprint of the working version: what a decision will name.
    pub fingerprint: Hash,
    /// Its content; fields and text empty where purged.
    pub content: Content,
    /// The working text is destroyed.
    pub purged: bool,
    /// Steps of its route.
    pub steps: Vec<StepView>,
    /// The route changed under way.
    pub held: bool,
    /// 不予公开.
    pub closed: bool,
    /// Everyone who wrote on it since the last version that went live.
    pub contributors: Vec<String>,
    /// Who handed it in.
    pub submitter: Option<String>,
    /// Confidentiality reviews, oldest first.
    pub clearances: Vec<Clearance>,
    /// Who is writing.
    pub claim: Option<ClaimView>,
    /// Bundle it is in.
    pub bundle: Option<String>,
    /// Revision the public sees.
    pub live_revision: Option<u32>,
    /// What can be done by this person, and why not.
    pub offers: Vec<Offer>,
}

impl ItemView {
    /// Whether an act is offered.
    pub fn offers(&self, act: &str) -> bool {
        self.offers
            .iter()
            .any(|o| o.act == act && o.refusal.is_none())
    }
}

impl Desk {
    /// One item as its screen shows it.
    pub fn show(&mut self, item: &str) -> Result<ItemView> {
        let row = self.find(item)?;
        let org = self.org()?;
        let now = self.now();
        let sight = self.sight()?;
        let line = items::one(self.store.conn(), &row.facts.id, &sight)?
            .ok_or_else(|| crate::rules::refusal::refuse("item.unknown", &[]))?;
        let revision = self.revision_of(&row, row.facts.revision)?;
        let (content, purged) = match self.content_of(&revision) {
            Ok(content) => (content, false),
            Err(DeskError::Store(crate::store::StoreError::Purged(_))) => {
                (self.purged_content(&row), true)
            }
            Err(error) => return Err(error),
        };
        let route = org.route_for(row.facts.home());
        let waiting = if row.facts.state == State::InReview {
            row.facts.open_step(&route)
        } else {
            None
        };
        let steps = route
            .route
            .0
            .iter()
            .enumerate()
            .map(|(k, step)| StepView {
                name: step.name.clone(),
                role: step.role,
                kind: step.kind,
                needed: step.needed,
                passed_by: row
                    .facts
                    .approvals
                    .iter()
                    .filter(|a| a.step as usize == k && a.fingerprint == row.facts.fingerprint)
                    .map(|a| a.person.clone())
                    .collect(),
                waiting: waiting == Some(k),
            })
            .collect();
        let claim = match &row.facts.claim {
            None => None,
            Some(claim) => Some(ClaimView {
                person: claim.person.clone(),
                mine: claim.person == self.person,
                here: claim.session == self.session,
                liveness: local::liveness(self.store.conn(), &claim.session, row.claim_at, now)?,
            }),
        };
        Ok(ItemView {
            line,
            fingerprint: row.facts.fingerprint,
            content,
            purged,
            steps,
            held: row.facts.held(&org),
            closed: row.facts.closed,
            contributors: row.facts.contributors.clone(),
            submitter: row.facts.submitter.clone(),
            clearances: history::clearances(self.store.conn(), row.n)?,
            claim,
            bundle: row.facts.bundle.as_ref().map(|(id, _)| id.clone()),
            live_revision: row.live_revision,
            offers: self.offers(&row)?,
        })
    }

    fn purged_content(&self, row: &ItemRow) -> Content {
        Content {
            fields: Fields::default(),
            text: String::new(),
            attachments: Vec::new(),
            shape: row.facts.shape.clone(),
        }
    }

    /// Every act on an item with the rules' own answer; a note is taken as given.
    fn offers(&mut self, row: &ItemRow) -> Result<Vec<Offer>> {
        let org = self.org()?;
        let f = row.facts.fingerprint;
        let step = u32::try_from(
            row.facts
                .open_step(&org.route_for(row.facts.home()))
                .unwrap_or(usize::MAX),
        )
        .unwrap_or(u32::MAX);
        let decide = || Decide {
            step,
            fingerprint: f,
        };
        let claim = || Claim {
            item: row.facts.id.clone(),
            session: self.session.clone(),
        };
        let future = self.moment()?.saturating_add(3_600_000_000);
        let publish_at = if row.facts.state.is_live() {
            None
        } else {
            Some(future)
        };
        let expire_at = row.facts.state.is_live().then_some(future);
        let list: Vec<(&'static str, Act)> = vec![
            ("claim", Act::ItemClaim(claim())),
            (
                "take-over",
                Act::ItemTakeover(Takeover {
                    session: self.session.clone(),
                    author: None,
                    shape: None,
                }),
            ),
            (
                "comment",
                Act::ItemComment(Comment {
                    item: row.facts.id.clone(),
                    anchor: None,
                    answers: None,
                }),
            ),
            ("submit", Act::ItemSubmit(Submit { fingerprint: f })),
            ("recall", Act::ItemRecall(Plain {})),
            ("approve", Act::ItemApprove(decide())),
            ("return", Act::ItemReturn(decide())),
            ("reject", Act::ItemReject(Reject { fingerprint: f })),
            (
                "clear",
                Act::ItemClear(Clear {
                    step,
                    fingerprint: f,
                    conclusion: Conclusion::Open,
                    ground: None,
                }),
            ),
            (
                "sign-off",
                Act::ItemSignOff(SignOff {
                    step,
                    fingerprint: f,
                    publish_at: None,
                    expire_at: None,
                    screened: Screened::default(),
                }),
            ),
            (
                "schedule",
                Act::ItemSchedule(Schedule {
                    publish_at,
                    expire_at,
                    zone: crate::desk::release::ZONE.to_owned(),
                }),
            ),
            ("unschedule", Act::ItemUnschedule(Plain {})),
            ("unlock", Act::ItemUnlock(Plain {})),
            (
                "publish",
                Act::ItemPublish(Publish {
                    fingerprint: f,
                    cause: Cause::Hand,
                    screened: Screened::default(),
                }),
            ),
            (
                "correct",
                Act::ItemCorrect(Correct {
                    fingerprint: row.facts.live.unwrap_or(f),
                }),
            ),
            (
                "withdraw",
                Act::ItemWithdraw(Withdraw {
                    ground: WithdrawGround::Other,
                }),
            ),
            (
                "emergency",
                Act::ItemEmergency(Emergency { fingerprint: f }),
            ),
            ("discard", Act::ItemDiscard(Plain {})),
            ("restore", Act::ItemRestore(Plain {})),
        ];
        let bodies = [(BodyRole::Note, 1)];
        let answer_too = [(BodyRole::Note, 1), (BodyRole::Authority, 1)];
        let mut offers = Vec::with_capacity(list.len());
        for (code, act) in list {
            let with: &[(BodyRole, u64)] = match act {
                Act::ItemTakeover(_) => &[],
                Act::ItemClear(_) => &answer_too,
                _ => &bodies,
            };
            let refusal = match self.may(Some(&row.facts.id), &act, with) {
                Ok(()) => None,
                Err(DeskError::Refused(refusal)) => Some(refusal),
                Err(error) => return Err(error),
            };
            offers.push(Offer { act: code, refusal });
        }
        Ok(offers)
    }
}
