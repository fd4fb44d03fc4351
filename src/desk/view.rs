//! What screens and listings show. Every function here asks for the item through
//! [`Desk::find`] or queries with the person's [`Sight`](crate::store::query::Sight), so that no
//! view tells more than the item itself would.

use std::collections::HashMap;

use super::{Content, Desk, Fields, Result};
use crate::diff::{
    AttachmentChange, Difference, FieldChange, compare, compare_attachments, compare_fields,
};
use crate::journal::Hash;
use crate::rules::act::{
    Act, BodyRole, Cause, Claim, Clear, Comment, Correct, Decide, Emergency, Plain, Publish,
    Reject, Schedule, Screened, SignOff, Submit, Takeover, ViewMode, Viewed, Withdraw,
    WithdrawGround,
};
use crate::rules::clearance::Conclusion;
use crate::rules::org::Org;
use crate::rules::refusal::Refusal;
use crate::rules::role::{Right, Role};
use crate::rules::route::StepKind;
use crate::rules::state::State;
use crate::store::bodies;
use crate::store::facts::{self, ItemRow};
use crate::store::local::{self, Liveness};
use crate::store::query::history::{self, Clearance, Revision};
use crate::store::query::items::{self, Filter, Line};
use crate::store::query::log;
use crate::store::query::schedule::{self, Dated};
use crate::store::search;

/// Repeated previews by one person inside this time are recorded once.
const VIEW_COOL_DOWN: i64 = 10 * local::MINUTE;

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

/// A line of an item's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryLine {
    /// Position in the journal.
    pub seq: u64,
    /// When, µs.
    pub at: i64,
    /// Who.
    pub actor: String,
    /// Kind of entry.
    pub kind: String,
    /// Codes worth showing: step, conclusion, cause, time.
    pub detail: Vec<(&'static str, String)>,
    /// Reason, opinion or comment; none where there was none or it is destroyed.
    pub note: Option<String>,
    /// Rule, when the entry is void.
    pub verdict: Option<String>,
}

/// The difference of two revisions.
#[derive(Debug, Clone)]
pub struct RevisionDiff {
    /// Earlier revision, 0 for nothing.
    pub from: u32,
    /// Later revision.
    pub to: u32,
    /// Fields.
    pub fields: Vec<FieldChange>,
    /// Text.
    pub text: Difference,
    /// Attachments.
    pub attachments: Vec<AttachmentChange>,
}

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
}

impl Desk {
    /// Display name of a person: the name where there is one, else the login; for one who left,
    /// marked so by the caller. Never another person's: ids are not reused.
    pub fn person_name(&mut self, person: &str) -> Result<String> {
        let org = self.org()?;
        let Some(known) = org.persons.get(person) else {
            return Ok(person.to_owned());
        };
        let name = match crate::store::query::name_body(self.store.conn(), person)? {
            Some(id) => self.text_if_there(&id)?,
            None => None,
        };
        let shown = name.unwrap_or_else(|| known.login.clone());
        Ok(if known.left {
            crate::tr!("person-left", name = shown)
        } else {
            shown
        })
    }

    /// Display names of all persons, for lists.
    pub fn person_names(&mut self) -> Result<HashMap<String, String>> {
        let org = self.org()?;
        org.persons
            .keys()
            .map(|id| Ok((id.clone(), self.person_name(id)?)))
            .collect()
    }

    /// A page of items, newest movement first.
    pub fn list(&mut self, filter: &Filter, before: Option<i64>, limit: u32) -> Result<Vec<Line>> {
        self.catch_up_search(filter)?;
        let sight = self.sight()?;
        Ok(items::list(
            self.store.conn(),
            filter,
            &sight,
            before,
            limit,
        )?)
    }

    /// How many items a filter leaves.
    pub fn count(&mut self, filter: &Filter) -> Result<u64> {
        self.catch_up_search(filter)?;
        let sight = self.sight()?;
        Ok(items::count(self.store.conn(), filter, &sight)?)
    }

    fn catch_up_search(&mut self, filter: &Filter) -> Result<()> {
        if filter.text.is_some()
            && !self.store.is_read_only()
            && search::is_behind(self.store.conn())?
        {
            let suite = self.store.suite();
            self.store
                .write(|tx| -> Result<()> { Ok(search::catch_up(tx.conn(), suite)?) })?;
        }
        Ok(())
    }

    /// The roles the person holds, each with the columns it reaches.
    fn step_roles(org: &Org, person: &str, now: i64) -> Vec<items::StepRole> {
        let mut roles: Vec<Role> = org.grants_of(person, now).map(|g| g.role).collect();
        roles.sort_unstable_by_key(|r| r.code());
        roles.dedup();
        let reach = |role: Role| -> items::StepRole {
            let columns: Vec<String> = org
                .columns
                .keys()
                .filter(|c| org.has_role(person, role, std::slice::from_ref(*c), now))
                .cloned()
                .collect();
            let all = columns.len() == org.columns.len();
            (role.code(), (!all).then_some(columns))
        };
        roles.into_iter().map(reach).collect()
    }

    /// What waits for this person's decision over all sites at his level. Most urgent first, or
    /// newest submission first.
    pub fn queue(&mut self, newest_first: bool, limit: u32) -> Result<Vec<Line>> {
        let now = self.moment()?;
        let org = self.org()?;
        let sight = self.sight()?;
        let roles = Self::step_roles(&org, &self.person, now);
        let person = self.person.clone();
        let mut lines = items::queue(
            self.store.conn(),
            &roles,
            &person,
            &sight,
            newest_first,
            limit,
        )?;
        // The route may have changed since the step was noted: then another role decides.
        lines.retain(|line| {
            let Some(step) = line.step else { return false };
            let route = org.route_for(&line.column);
            route.route.0.get(step as usize).is_some_and(|s| {
                org.has_role(&person, s.role, std::slice::from_ref(&line.column), now)
            })
        });
        Ok(lines)
    }

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
            Err(super::DeskError::Store(crate::store::StoreError::Purged(_))) => {
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
                    zone: super::release::ZONE.to_owned(),
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
                Err(super::DeskError::Refused(refusal)) => Some(refusal),
                Err(error) => return Err(error),
            };
            offers.push(Offer { act: code, refusal });
        }
        Ok(offers)
    }

    /// Revisions of an item, oldest first.
    pub fn revisions(&mut self, item: &str) -> Result<Vec<Revision>> {
        let row = self.find(item)?;
        Ok(history::revisions(self.store.conn(), row.n)?)
    }

    /// Everything that happened to an item, oldest first.
    pub fn history(&mut self, item: &str) -> Result<Vec<HistoryLine>> {
        let row = self.find(item)?;
        history::entries(self.store.conn(), row.n)?
            .into_iter()
            .map(|e| self.history_line(&e))
            .collect()
    }

    /// An entry as a line for people.
    pub(super) fn history_line(&self, row: &history::EntryRow) -> Result<HistoryLine> {
        let Ok(entry) = crate::journal::Entry::parse(&row.bytes) else {
            return Ok(HistoryLine {
                seq: row.seq,
                at: row.recorded_at,
                actor: String::new(),
                kind: String::new(),
                detail: Vec::new(),
                note: None,
                verdict: row.verdict.clone(),
            });
        };
        let note = match entry
            .bodies
            .iter()
            .find(|b| b.role == BodyRole::Note.code())
        {
            Some(body) => self.text_if_there(&body.id)?,
            None => None,
        };
        let act = Act::parse(&entry.kind, entry.args.get()).ok().flatten();
        Ok(HistoryLine {
            seq: row.seq,
            at: row.recorded_at,
            actor: entry.actor,
            kind: entry.kind,
            detail: act.map(|a| detail(&a)).unwrap_or_default(),
            note,
            verdict: row.verdict.clone(),
        })
    }

    /// Difference of two revisions; `from` 0 compares with nothing.
    pub fn diff(&mut self, item: &str, from: u32, to: u32) -> Result<RevisionDiff> {
        let row = self.find(item)?;
        let new = self.content_of(&self.revision_of(&row, to)?)?;
        let old = if from == 0 {
            None
        } else {
            Some(self.content_of(&self.revision_of(&row, from)?)?)
        };
        Ok(differences(from, to, old.as_ref(), &new))
    }

    /// What a reviewer must look at: the difference to the last version that was cleared, else to
    /// the one that is live, else everything.
    pub fn review_diff(&mut self, item: &str) -> Result<RevisionDiff> {
        let row = self.find(item)?;
        let cleared = history::clearances(self.store.conn(), row.n)?
            .into_iter()
            .rev()
            .find(|c| c.conclusion == Conclusion::Open && c.revision < row.facts.revision)
            .map(|c| c.revision);
        let from = cleared
            .or(row.live_revision.filter(|r| *r < row.facts.revision))
            .unwrap_or(0);
        let readable = from != 0
            && history::one_revision(self.store.conn(), row.n, from)?.is_some_and(|r| !r.purged);
        self.diff(
            &row.facts.id,
            if readable { from } else { 0 },
            row.facts.revision,
        )
    }

    /// The working text as the public would see it. Who looked at an unpublished text is recorded,
    /// once per cool-down.
    pub fn preview(&mut self, item: &str, mode: ViewMode) -> Result<Content> {
        let row = self.find(item)?;
        let content = self.content_of(&self.revision_of(&row, row.facts.revision)?)?;
        let published = row.facts.live == Some(row.facts.fingerprint);
        let now = self.now();
        if !published && !self.store.is_read_only() {
            let act = Act::ItemViewed(Viewed {
                item: row.facts.id.clone(),
                mode,
            });
            let (id, person) = (row.facts.id, self.person.clone());
            // In one transaction: a view that could not be recorded starts no cool-down.
            self.acts(|tx, act_in| {
                let code = mode.code();
                if local::view_counts(tx.conn(), &id, &person, code, now, VIEW_COOL_DOWN)? {
                    act_in(tx, None, &act, &[])?;
                }
                Ok(())
            })?;
        }
        Ok(content)
    }

    /// Bytes of an attachment of a revision.
    pub fn attachment(
        &mut self,
        item: &str,
        revision: Option<u32>,
        index: usize,
    ) -> Result<(String, Vec<u8>)> {
        let content = self.content(item, revision)?;
        let missing = || super::DeskError::Usage {
            key: "error-attachment-unknown",
            about: index.to_string(),
        };
        let file = content.attachments.get(index).ok_or_else(missing)?;
        let id = file.id.ok_or_else(missing)?;
        Ok((
            file.name.clone(),
            bodies::load(self.store.conn(), self.store.suite(), &id)?,
        ))
    }

    /// Dates of the items a person sees.
    pub fn agenda(&mut self, from: i64, to: i64, limit: u32) -> Result<Vec<Dated>> {
        let sight = self.sight()?;
        Ok(schedule::between(
            self.store.conn(),
            &sight,
            from,
            to,
            limit,
        )?)
    }

    /// Everything due now, for the runner alone.
    pub fn due(&mut self) -> Result<Vec<Dated>> {
        let now = self.moment()?;
        let org = self.org()?;
        if !org.has_right_somewhere(&self.person, Right::Run, now) {
            let sight = self.sight()?;
            return Ok(schedule::between(
                self.store.conn(),
                &sight,
                i64::MIN,
                now + 1,
                10_000,
            )?);
        }
        Ok(schedule::due(self.store.conn(), now)?)
    }

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
        let proposals = if self
            .org()?
            .has_right_somewhere(&me, Right::ManagePeople, now)
        {
            self.proposals()?
                .iter()
                .filter(|p| p.proposer != me)
                .count()
        } else {
            0
        };
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
        })
    }

    /// The journal, newest first. Readers of the whole journal see all of it; everyone else the
    /// entries about items he sees, and his own.
    pub fn journal(&mut self, before: Option<u64>, limit: u32) -> Result<Vec<HistoryLine>> {
        let now = self.moment()?;
        let org = self.org()?;
        if !org.is_active(&self.person, now) {
            return Ok(Vec::new());
        }
        let all = org.has_right_somewhere(&self.person, Right::ReadJournal, now)
            || org.has_right_somewhere(&self.person, Right::ExportAudit, now);
        let mut lines = Vec::new();
        let mut before = before.unwrap_or(u64::MAX >> 1);
        while (lines.len() as u32) < limit && before > 1 {
            let rows = log::entries_before(self.store.conn(), before, limit.max(64))?;
            let Some(last) = rows.last() else { break };
            before = last.seq;
            for row in rows {
                if !all && !self.may_see_entry(&row)? {
                    continue;
                }
                let mut line = self.history_line(&row)?;
                if all && !self.may_see_entry(&row)? {
                    line.note = None; // the trail is his business, the words are not
                }
                lines.push(line);
            }
        }
        lines.truncate(limit as usize);
        Ok(lines)
    }

    fn may_see_entry(&mut self, row: &history::EntryRow) -> Result<bool> {
        let items: Vec<i64> = self
            .store
            .conn()
            .prepare_cached("SELECT item FROM entry_items WHERE seq = ?1")?
            .query_map([row.seq as i64], |r| r.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        if items.is_empty() {
            return Ok(
                crate::journal::Entry::parse(&row.bytes).is_ok_and(|e| e.actor == self.person)
            );
        }
        for n in items {
            if let Some(item) = facts::item_by_n(self.store.conn(), n)?
                && self.find(&item.facts.id).is_ok()
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The differences of two contents.
pub fn differences(from: u32, to: u32, old: Option<&Content>, new: &Content) -> RevisionDiff {
    let fields = |content: &Content| -> Vec<(String, String)> {
        let mut list: Vec<(String, String)> = Fields::CODES
            .iter()
            .filter_map(|code| Some(((*code).to_owned(), content.fields.get(code)?.to_owned())))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        let shape = &content.shape;
        list.push(("columns".to_owned(), shape.columns.join(" ")));
        list.push(("urgency".to_owned(), shape.urgency.code().to_owned()));
        list.push(("origin".to_owned(), shape.origin.code().to_owned()));
        if let Some(disclosure) = shape.disclosure {
            list.push(("disclosure".to_owned(), disclosure.code().to_owned()));
        }
        if let Some(provider) = &shape.provider {
            list.push(("provider".to_owned(), provider.clone()));
        }
        if let Some(ground) = shape.ground {
            list.push(("ground".to_owned(), ground.code().to_owned()));
        }
        for (code, at) in [("go-live", shape.go_live), ("embargo", shape.embargo)] {
            if let Some(at) = at {
                list.push((code.to_owned(), crate::locale::instant(at)));
            }
        }
        for (n, file) in content
            .attachments
            .iter()
            .enumerate()
            .filter(|(_, f)| !f.alt.is_empty())
        {
            list.push((format!("alt {}", n + 1), file.alt.clone()));
        }
        list
    };
    let files = |content: &Content| -> Vec<(String, String)> {
        content
            .attachments
            .iter()
            .map(|a| {
                (
                    a.name.clone(),
                    a.id.map(|i| i.to_string()).unwrap_or_default(),
                )
            })
            .collect()
    };
    let (old_fields, old_files) = old.map_or((Vec::new(), Vec::new()), |o| (fields(o), files(o)));
    RevisionDiff {
        from,
        to,
        fields: compare_fields(&old_fields, &fields(new)),
        text: compare(old.map_or("", |o| &o.text), &new.text),
        attachments: compare_attachments(&old_files, &files(new)),
    }
}

/// What a history line shows of an act besides its kind.
fn detail(act: &Act) -> Vec<(&'static str, String)> {
    match act {
        Act::ItemApprove(d) | Act::ItemReturn(d) => vec![("step", d.step.to_string())],
        Act::ItemClear(c) => {
            let mut list = vec![("conclusion", c.conclusion.code().to_owned())];
            list.extend(c.ground.map(|g| ("ground", g.code().to_owned())));
            list
        }
        Act::ItemSignOff(s) => s
            .publish_at
            .map(|at| ("publish-at", at.to_string()))
            .into_iter()
            .collect(),
        Act::ItemSchedule(s) => {
            let at = s.publish_at.map(|at| ("publish-at", at.to_string()));
            at.into_iter()
                .chain(s.expire_at.map(|at| ("expire-at", at.to_string())))
                .collect()
        }
        Act::ItemPublish(p) => vec![("cause", p.cause.code().to_owned())],
        Act::BundlePublish(p) => vec![("cause", p.cause.code().to_owned())],
        Act::PublishFailed(f) => vec![("why", f.why.clone())],
        Act::ItemViewed(v) => vec![("mode", v.mode.code().to_owned())],
        Act::Export(e) => vec![
            ("what", e.what.code().to_owned()),
            ("rows", e.rows.to_string()),
        ],
        Act::PagesWritten(p) | Act::PagesFailed(p) => {
            vec![("site", p.site.clone()), ("outcome", p.outcome.clone())]
        }
        Act::PersonAdd(p) => vec![("login", p.login.clone())],
        Act::Confirm(a) | Act::Decline(a) => vec![("proposal", a.proposal.to_string())],
        Act::SiteAdd(s) => vec![("site", s.site.clone())],
        Act::ColumnAdd(c) => vec![("column", c.column.clone())],
        Act::RouteSet(r) => vec![("node", r.node.clone())],
        Act::Propose(p) => match &p.act {
            crate::rules::act::Dual::Grant {
                person,
                role,
                scope,
                ..
            } => {
                vec![
                    ("person", person.clone()),
                    ("role", role.code().to_owned()),
                    ("scope", scope.clone()),
                ]
            }
            crate::rules::act::Dual::KeyEnrol { person, .. } => vec![("person", person.clone())],
            crate::rules::act::Dual::KeyRevoke { key } => vec![("key", key.to_string())],
            crate::rules::act::Dual::Purge { item, .. } => vec![("item", item.clone())],
            crate::rules::act::Dual::ListSet { list, rows } => {
                vec![("list", list.code().to_owned()), ("rows", rows.to_string())]
            }
        },
        _ => Vec::new(),
    }
}
