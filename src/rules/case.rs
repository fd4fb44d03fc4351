//! The facts a check looks at, loaded by the fold for one entry.

use super::act::{BodyRole, Dual, FlagCause, Shape};
use super::codes::codes;
use super::org::{NodeRoute, Org};
use super::state::State;
use crate::journal::Hash;

/// One person's pass of one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Position in the route.
    pub step: u32,
    /// Who.
    pub person: String,
    /// On which version.
    pub fingerprint: Hash,
}

/// Who is writing an item just now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimFacts {
    /// Who.
    pub person: String,
    /// In which session.
    pub session: String,
}

codes! {
/// Where a bundle is.
BundleState {
    /// Being put together
    Open = "open",
    /// Has a time
    Scheduled = "scheduled",
    /// Live
    Published = "published",
    /// Given up
    Discarded = "discarded",
}}

/// An item as the rules see it.
#[derive(Debug, Clone)]
pub struct ItemFacts {
    /// Id.
    pub id: String,
    /// State of the working version.
    pub state: State,
    /// Working revision.
    pub revision: u32,
    /// Highest revision number given out.
    pub last_revision: u32,
    /// Fingerprint of the working revision.
    pub fingerprint: Hash,
    /// Its structured part.
    pub shape: Shape,
    /// Length of its text in bytes.
    pub text_len: u64,
    /// Who made the item.
    pub creator: String,
    /// Who handed it in, in the run at hand.
    pub submitter: Option<String>,
    /// Seq of the submission that began the run at hand; 0 without one.
    pub run: u64,
    /// Seq of the route the run goes by.
    pub route_seq: u64,
    /// Passes in this run.
    pub approvals: Vec<Approval>,
    /// The confidentiality review of the run at hand concluded 公开 on this very fingerprint.
    pub cleared: bool,
    /// Everyone who wrote on it since the last version that went live.
    pub contributors: Vec<String>,
    /// 需报审 and not yet answered.
    pub escalated: bool,
    /// 不予公开 was concluded, or its text was purged: no path leads to publication.
    pub closed: bool,
    /// Instant it is to go live.
    pub due: Option<i64>,
    /// Instant it is to go down.
    pub expire: Option<i64>,
    /// The bundle it is in, with that bundle's state.
    pub bundle: Option<(String, BundleState)>,
    /// What the public sees.
    pub live: Option<Hash>,
    /// The working version corrects the live one.
    pub correcting: bool,
    /// Who is writing.
    pub claim: Option<ClaimFacts>,
    /// Revisions whose bodies are destroyed.
    pub purged: Vec<u32>,
    /// Who let it go out ahead of its reviews, and which version.
    pub emergency: Option<(String, Hash)>,
}

impl ItemFacts {
    /// The home column.
    pub fn home(&self) -> &str {
        self.shape.columns.first().map_or("", String::as_str)
    }

    /// How many different people passed each step on the working fingerprint in this run. A pass
    /// by somebody who wrote on it or handed it in since does not count: nobody checks himself,
    /// whichever came first.
    pub fn pass_counts(&self, steps: usize) -> Vec<usize> {
        let mut counts = vec![0; steps];
        for approval in self
            .approvals
            .iter()
            .filter(|a| a.fingerprint == self.fingerprint)
            .filter(|a| {
                !self.contributors.contains(&a.person)
                    && self.submitter.as_deref() != Some(&a.person)
            })
        {
            if let Some(count) = counts.get_mut(approval.step as usize) {
                *count += 1;
            }
        }
        counts
    }

    /// Whether enough reviewers concluded 公开 on these very bytes in this run.
    pub fn clearance_stands(&self, route: &NodeRoute) -> bool {
        let at = route.route.confidentiality();
        let needed = route.route.0.get(at).map_or(1, |s| usize::from(s.needed));
        let counts = self.pass_counts(route.route.0.len());
        self.run != 0 && counts.get(at).is_some_and(|c| *c >= needed)
    }

    /// The step that waits, none where every step is passed. In an emergency the reviews follow
    /// publication; the confidentiality review and the sign-off never do (A7.1).
    pub fn open_step(&self, route: &NodeRoute) -> Option<usize> {
        let counts = self.pass_counts(route.route.0.len());
        if !self.in_emergency() {
            return route.route.open_step(&counts);
        }
        let last = route.route.0.len().saturating_sub(1);
        [route.route.confidentiality(), last]
            .into_iter()
            .find(|at| {
                let needed = route.route.0.get(*at).map_or(1, |s| usize::from(s.needed));
                counts.get(*at).is_none_or(|c| *c < needed)
            })
    }

    /// Whether this person's pass of the open step would be the last the route needs.
    pub fn is_last_pass(&self, route: &NodeRoute, person: &str) -> bool {
        let Some(step) = self.open_step(route) else {
            return false;
        };
        let mut after = self.clone();
        after.approvals.push(Approval {
            step: u32::try_from(step).unwrap_or(u32::MAX),
            person: person.to_owned(),
            fingerprint: self.fingerprint,
        });
        after.open_step(route).is_none()
    }

    /// Whether the version at hand was let out ahead of its reviews, by somebody with no hand in it.
    pub fn in_emergency(&self) -> bool {
        self.emergency.as_ref().is_some_and(|(person, print)| {
            *print == self.fingerprint
                && !self.contributors.contains(person)
                && self.submitter.as_deref() != Some(person)
        })
    }

    /// The route changed after the submission: nothing is decided until it is handed in again.
    pub fn held(&self, org: &Org) -> bool {
        self.run != 0 && org.route_for(self.home()).seq != self.route_seq
    }
}

/// A bundle as the rules see it.
#[derive(Debug, Clone)]
pub struct BundleFacts {
    /// Id.
    pub id: String,
    /// Where it is.
    pub state: BundleState,
    /// When it goes live.
    pub due: Option<i64>,
    /// Its members in order.
    pub members: Vec<ItemFacts>,
}

/// A proposal waiting for its second person.
#[derive(Debug, Clone)]
pub struct ProposalFacts {
    /// What is proposed.
    pub act: Dual,
    /// By whom.
    pub proposer: String,
    /// Still waiting.
    pub open: bool,
}

/// The comment that begins a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadFacts {
    /// Who began it.
    pub person: String,
    /// Not settled.
    pub open: bool,
}

/// A waiver of the item at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaiverFacts {
    /// Its position.
    pub seq: u64,
    /// Who waived.
    pub person: String,
    /// Class of the finding.
    pub class: String,
    /// Its severity.
    pub severity: String,
    /// Not taken back.
    pub open: bool,
}

/// A flag on the item at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlagFacts {
    /// Why it was raised.
    pub cause: FlagCause,
    /// Nobody has settled it.
    pub open: bool,
    /// Whoever had a hand in what went out ahead of its reviews.
    pub involved: Vec<String>,
}

/// Everything one check may look at.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    /// The organisation just before the entry.
    pub org: &'a Org,
    /// The version of the rules it is judged by.
    pub rules: u32,
    /// The entry's place.
    pub seq: u64,
    /// Its recorded instant, µs.
    pub now: i64,
    /// Who acts.
    pub actor: &'a str,
    /// The id in the envelope.
    pub id: Option<&'a str>,
    /// The item it names, in the envelope or in the arguments.
    pub item: Option<&'a ItemFacts>,
    /// The bundle it names.
    pub bundle: Option<&'a BundleFacts>,
    /// The proposal it answers.
    pub proposal: Option<&'a ProposalFacts>,
    /// The thread it answers or settles.
    pub thread: Option<&'a ThreadFacts>,
    /// The second item it is about.
    pub other: Option<&'a ItemFacts>,
    /// Whether the two belong together already as the entry says.
    pub related: bool,
    /// The flag it settles.
    pub flag: Option<&'a FlagFacts>,
    /// Waivers of the items it is about, where it relies on some or takes one back.
    pub waivers: &'a [WaiverFacts],
    /// Roles and lengths of its bodies.
    pub bodies: &'a [(BodyRole, u64)],
}

impl Case<'_> {
    /// Whether it is judged by this version of the rules or a later one.
    pub fn since(&self, version: u32) -> bool {
        self.rules >= version
    }

    /// Whether the entry carries a non-empty body of this role.
    pub fn has_body(&self, role: BodyRole) -> bool {
        self.bodies.iter().any(|(r, len)| *r == role && *len > 0)
    }
}
