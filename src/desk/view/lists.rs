//! Pages, counts, the queue, dates.

use std::collections::HashMap;

use crate::desk::{Desk, Result};
use crate::rules::org::Org;
use crate::rules::role::{Right, Role};
use crate::store::query::items::{self, Filter, Line};
use crate::store::query::schedule::{self, Dated};
use crate::store::search;

impl Desk {
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

    /// The rows from `skip` rows behind a place on (the beginning, where it is none), and how many
    /// rows the whole list has. What lies between is not read.
    pub fn page(
        &mut self,
        filter: &Filter,
        before: Option<i64>,
        skip: usize,
        limit: u32,
    ) -> Result<(Vec<Line>, u64)> {
        self.catch_up_search(filter)?;
        let sight = self.sight()?;
        self.snapshot(|desk| {
            let conn = desk.store.conn();
            let total = items::count(conn, filter, &sight)?;
            let at = items::place(conn, filter, &sight, before, skip, total)?;
            let lines = items::list(conn, filter, &sight, at, limit)?;
            Ok((lines, total))
        })
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

    /// When the authors of queued items want them out: the clock a reviewer is up against.
    pub fn wanted_times(&mut self, lines: &[Line]) -> Result<HashMap<String, i64>> {
        let mut statement = self.store.conn().prepare_cached(
            "SELECT json_extract(r.shape, '$.go_live') FROM items i
             JOIN revisions r ON r.item = i.n AND r.n = i.revision WHERE i.id = ?1",
        )?;
        let mut times = HashMap::new();
        for line in lines {
            let mut rows = statement.query([&line.id])?;
            if let Some(row) = rows.next()?
                && let Some(at) = row.get::<_, Option<i64>>(0)?
            {
                times.insert(line.id.clone(), at);
            }
        }
        Ok(times)
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
}
