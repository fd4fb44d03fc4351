//! What happened, to one item or at all.

use crate::desk::{Desk, Result};
use crate::rules::act::{Act, BodyRole};
use crate::rules::role::Right;
use crate::store::facts;
use crate::store::query::history::{self, Revision};
use crate::store::query::log;

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

impl Desk {
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
    pub(in crate::desk) fn history_line(&self, row: &history::EntryRow) -> Result<HistoryLine> {
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

    pub(in crate::desk) fn may_see_entry(&mut self, row: &history::EntryRow) -> Result<bool> {
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
        Act::SiteCondition(c) => vec![
            ("site", c.site.clone()),
            ("condition", c.condition.code().to_owned()),
            ("met", c.met.to_string()),
        ],
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
