//! The pages of the sites a runner answers for: written where they are behind, carried on, told.

use std::collections::BTreeMap;
use std::path::Path;

use super::Runner;
use crate::desk::DeskError;
use crate::publish::facts::{self, SiteFacts};
use crate::publish::frame::Frame;
use crate::publish::overrides::Overrides;
use crate::publish::site::{self, SiteError, Written};
use crate::publish::tick::{SitePages, Tick};
use crate::publish::{carry, seal};
use crate::rules::org::Org;
use crate::rules::refusal::refuse;
use crate::rules::role::Right;

impl Runner {
    /// The sites this runner makes pages of.
    pub(super) fn my_sites(&mut self, org: &Org) -> Result<Vec<String>, DeskError> {
        let now = self.desk.moment()?;
        let me = self.desk.person();
        let mut list = Vec::new();
        for site in org.sites.values() {
            if org.has_right(me, Right::Run, &site.id, now) && site::is_open(&self.desk, site)? {
                list.push(site.id.clone());
            }
        }
        Ok(list)
    }

    pub(super) fn pages(
        &mut self,
        tick: &mut Tick,
        go_on: &dyn Fn() -> bool,
    ) -> Result<(), DeskError> {
        let Some(out) = self.out.clone() else {
            return Ok(());
        };
        let org = self.desk.org()?;
        for id in self.my_sites(&org)? {
            if !go_on() {
                tick.stopped = true;
                return Ok(());
            }
            self.sign_of_life();
            // Everything up to here is looked through, whether it concerns the site or not.
            let head = self.desk.head()?.seq;
            let looked = self.looked.get(&id).copied();
            let mut state = None;
            let keys = seal::runner_keys(&org, &id, tick.at);
            let dir = out.join(&id);
            let facts = facts::read(&out);
            let mine = facts
                .as_ref()
                .ok()
                .and_then(|facts| facts.get(&id).cloned());
            let result = facts
                .and_then(|facts| frame_of(&org, &id, &facts, &out))
                .and_then(|frame| {
                    state = site::up_to_date(&self.desk, &dir, &frame, &keys, looked)?;
                    if state.is_some() {
                        return Ok(None);
                    }
                    let written = site::write(&mut self.desk, &dir, &frame, &keys, false)?;
                    Ok(Some((written, frame.faults())))
                });
            let good = result.is_ok();
            match result {
                Err(error) if error.is_busy() => {}
                Ok(None) => {
                    self.looked
                        .extend(state.map(|state| (id.clone(), (state, head))));
                }
                other => tick.pages.push(self.told(id.clone(), other)),
            }
            if let Some(facts) = mine.filter(|_| good) {
                self.carry_on(&id, &dir, &facts, tick);
            }
        }
        Ok(())
    }

    /// Lets the site's hook carry its release on; a failure is told and stays due.
    fn carry_on(&mut self, id: &str, dir: &Path, facts: &SiteFacts, tick: &mut Tick) {
        let now = self.desk.now();
        let result = carry::carry(dir, id, facts, now, &mut || self.sign_of_life());
        let (carried, error) = match result {
            Ok(None) => return,
            Ok(Some(carried)) => {
                let error = carried.failed.clone().map(SiteError::Hook);
                (Some(carried), error)
            }
            Err(error) if error.is_busy() => return,
            Err(error) => (None, Some(error)),
        };
        if carried.as_ref().is_some_and(|c| c.recovered)
            && let Err(lost) = self.desk.pages_recovered(id)
        {
            tracing::warn!(%lost, site = %id, "told failure not forgotten");
        }
        let failed = error.map(|error| self.record(id, &error));
        match tick.pages.iter_mut().find(|p| p.site == id) {
            Some(pages) => {
                pages.hook = carried;
                pages.failed = pages.failed.take().or(failed);
            }
            None => tick.pages.push(SitePages {
                site: id.to_owned(),
                written: None,
                failed,
                faults: Vec::new(),
                hook: carried,
            }),
        }
    }

    /// Records that something about a site's pages failed; code and message.
    fn record(&mut self, site: &str, error: &SiteError) -> (String, String) {
        let upto = self.desk.head().map(|h| h.seq).unwrap_or_default();
        if let Err(lost) = self.desk.pages_failed(site, upto, error.code()) {
            tracing::error!(%lost, %site, "failure of pages not recorded");
        }
        (error.code().to_owned(), error.message())
    }

    /// The outcome for a site, recorded where it failed.
    fn told(
        &mut self,
        site: String,
        result: Result<Option<(Written, Vec<String>)>, SiteError>,
    ) -> SitePages {
        let (written, faults, failed) = match result {
            Ok(Some((written, faults))) => (Some(written), faults, None),
            Ok(None) => (None, Vec::new(), None),
            Err(error) => {
                let failed = self.record(&site, &error);
                (None, Vec::new(), Some(failed))
            }
        };
        SitePages {
            site,
            written,
            failed,
            faults,
            hook: None,
        }
    }

    /// Makes all pages anew, of one site or of every one, and removes what does not belong.
    pub fn rebuild(&mut self, only: Option<&str>) -> Result<Vec<SitePages>, DeskError> {
        self.must_run()?;
        let Some(out) = self.out.clone() else {
            return Ok(Vec::new());
        };
        let org = self.desk.org()?;
        let mut list = Vec::new();
        for id in self.my_sites(&org)? {
            if only.is_some_and(|o| o != id) {
                continue;
            }
            let facts = facts::read(&out);
            let result = facts
                .and_then(|facts| frame_of(&org, &id, &facts, &out))
                .and_then(|frame| {
                    let keys = seal::runner_keys(&org, &id, self.desk.moment()?);
                    let written = site::write(&mut self.desk, &out.join(&id), &frame, &keys, true)?;
                    Ok(Some((written, frame.faults())))
                });
            list.push(self.told(id, result));
        }
        if let Some(site) = only
            && list.is_empty()
        {
            if let Some(closed) = org.sites.get(site).filter(|s| !s.is_opened()) {
                let lacks = org.language_lacks(closed, self.desk.moment()?);
                let lacks: Vec<&str> = lacks.iter().map(|c| c.code()).collect();
                return Err(refuse(
                    "language.conditions",
                    &[("site", closed.name.clone()), ("lacks", lacks.join(","))],
                )
                .into());
            }
            return Err(refuse("org.unknown", &[("name", site.to_owned())]).into());
        }
        Ok(list)
    }
}

pub(super) fn frame_of<'o>(
    org: &'o Org,
    id: &str,
    facts: &BTreeMap<String, SiteFacts>,
    out: &Path,
) -> Result<Frame<'o>, SiteError> {
    let site = org
        .sites
        .get(id)
        .ok_or_else(|| DeskError::from(refuse("org.unknown", &[("name", id.to_owned())])))?;
    let facts = facts.get(id).cloned().unwrap_or_default();
    let templates = match &facts.templates {
        Some(dir) => Overrides::read(&out.join(dir))?,
        None => Overrides::default(),
    };
    Frame::of(org, site, &facts, templates)
}
