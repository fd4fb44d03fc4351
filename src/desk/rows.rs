//! The rows of exports, from the store: read in pages, so that memory does not grow with their
//! number.

use std::collections::HashMap;
use std::rc::Rc;

use jiff::Timestamp;

use super::{Desk, Fields, Result};
use crate::journal::Entry;
use crate::report::{
    CustodyLink, CustodyRow, PublicationEvent, PublicationRow, ReportError, ReviewRow,
};
use crate::rules::act::{Act, Shape};
use crate::rules::org::Org;
use crate::rules::refusal::refuse;
use crate::rules::role::Right;
use crate::rules::route::StepKind;
use crate::store::StoreError;
use crate::store::query::history;
use crate::store::query::log::{self, LogFilter, Publication};

/// Publications read at a time.
const PAGE: u32 = 500;

pub(super) fn instant(at: i64) -> Timestamp {
    Timestamp::from_microsecond(at).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// What one export needs to know besides the rows.
pub(super) struct About {
    pub names: HashMap<String, String>,
    pub org: Rc<Org>,
    pub now: i64,
}

impl About {
    fn name(&self, person: &str) -> String {
        self.names
            .get(person)
            .cloned()
            .unwrap_or_else(|| person.to_owned())
    }
}

/// The publication log row by row, with the entry each row rests on.
pub(super) struct PublicationRows<'a> {
    pub desk: &'a Desk,
    pub about: &'a About,
    pub filter: LogFilter,
    pub page: std::vec::IntoIter<Publication>,
    pub over: bool,
}

impl<'a> PublicationRows<'a> {
    pub fn new(desk: &'a Desk, about: &'a About, filter: &LogFilter) -> Self {
        let mut filter = filter.clone();
        filter.limit = Some(PAGE);
        PublicationRows {
            desk,
            about,
            filter,
            page: Vec::new().into_iter(),
            over: false,
        }
    }

    fn fill(&mut self) -> Result<()> {
        let mut list = Vec::new();
        log::publications(
            self.desk.store.conn(),
            &self.filter,
            None,
            |p| -> std::result::Result<(), StoreError> {
                list.push(p);
                Ok(())
            },
        )?;
        self.over = list.len() < PAGE as usize;
        self.filter.after_place = list.last().map(|p| (p.seq, p.item_n));
        self.page = list.into_iter();
        Ok(())
    }

    /// The right to export reaches as far as its scope.
    fn reaches(&self, p: &Publication) -> bool {
        let (org, now) = (&self.about.org, self.about.now);
        p.columns
            .iter()
            .any(|c| org.has_right(&self.desk.person, Right::ExportPublications, c, now))
    }

    fn row(&self, p: &Publication) -> Result<PublicationRow> {
        let (desk, about, org) = (self.desk, self.about, &self.about.org);
        let revision = history::one_revision(desk.store.conn(), p.item_n, p.revision)?;
        let heading = match &revision {
            Some(r) => desk
                .text_if_there(&r.fields)?
                .and_then(|t| serde_json::from_str::<Fields>(&t).ok()),
            None => None,
        };
        let (mut reviewers, mut clearer, mut signer) = (Vec::new(), None, None);
        for pass in history::passes(desk.store.conn(), p.item_n)? {
            if pass.run != p.run || pass.fingerprint != p.fingerprint {
                continue;
            }
            match pass.kind {
                StepKind::Confidentiality => clearer = Some(about.name(&pass.person)),
                StepKind::SignOff => signer = Some(about.name(&pass.person)),
                StepKind::Review => reviewers.push(about.name(&pass.person)),
            }
        }
        let event = match p.event.as_str() {
            "correct" => PublicationEvent::Correct,
            "withdraw" => PublicationEvent::Withdraw,
            "expire" => PublicationEvent::Expire,
            _ => PublicationEvent::Publish,
        };
        let note = match &p.note {
            Some(id) => desk.text_if_there(id)?,
            None => None,
        };
        let urls = p
            .columns
            .iter()
            .filter_map(|id| {
                let column = org.columns.get(id)?;
                let site = org.sites.get(&column.site)?;
                Some(format!(
                    "https://{}/{}/{}.html",
                    site.domain, column.slug, p.number
                ))
            })
            .collect();
        let named = |id: &String| {
            org.columns
                .get(id)
                .map_or_else(|| id.clone(), |c| c.name.clone())
        };
        Ok(PublicationRow {
            seq: p.seq,
            at: instant(p.at),
            event,
            number: p.number.clone(),
            title: heading
                .as_ref()
                .map_or_else(String::new, |h| h.title.clone()),
            site: org
                .sites
                .get(&p.site)
                .map_or_else(|| p.site.clone(), |s| s.name.clone()),
            column: p.columns.iter().map(named).collect::<Vec<_>>().join("、"),
            author: revision
                .as_ref()
                .map_or_else(String::new, |r| about.name(&r.author)),
            reviewers,
            confidentiality_reviewer: clearer,
            signer,
            publisher: about.name(&p.actor),
            cause: note.or_else(|| Some(crate::locale::by_id(&format!("cause-{}", p.cause), &[]))),
            fingerprint: p.fingerprint.to_string(),
            doc_number: heading.map(|h| h.doc_number).filter(|d| !d.is_empty()),
            urls,
        })
    }
}

impl Iterator for PublicationRows<'_> {
    type Item = std::result::Result<PublicationRow, ReportError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(publication) = self.page.next() {
                if self.reaches(&publication) {
                    let row = self.row(&publication);
                    return Some(row.map_err(|e| super::export::source(&e)));
                }
                continue;
            }
            if self.over {
                return None;
            }
            if let Err(error) = self.fill() {
                self.over = true;
                return Some(Err(super::export::source(&error)));
            }
        }
    }
}

impl Desk {
    pub(super) fn about_rows(&mut self) -> Result<About> {
        Ok(About {
            names: self.person_names()?,
            org: self.org()?,
            now: self.moment()?,
        })
    }

    /// Every hand an item passed through, in order (A13.2). For who may see the item and export the
    /// audit trail.
    pub fn custody_rows(&mut self, item: &str) -> Result<Vec<CustodyRow>> {
        self.may_export(crate::rules::act::ExportKind::Custody)?;
        let row = self.find(item)?;
        let about = self.about_rows()?;
        let may = row.facts.shape.columns.iter().any(|c| {
            about
                .org
                .has_right(&self.person, Right::ExportAudit, c, about.now)
        });
        if !may {
            let person = self.signing_name()?;
            return Err(refuse("right.missing", &[("person", person)]).into());
        }
        let revisions = history::revisions(self.store.conn(), row.n)?;
        let mut rows = Vec::new();
        for entry in history::entries(self.store.conn(), row.n)? {
            let line = self.history_line(&entry)?;
            // The revision that lay there when it was done.
            let before = revisions.iter().rfind(|r| r.seq <= entry.seq);
            let person = about.org.persons.get(&line.actor);
            let detail: Vec<String> = line
                .detail
                .iter()
                .map(|(key, value)| format!("{key}={value}"))
                .collect();
            rows.push(CustodyRow {
                seq: entry.seq,
                at: instant(entry.recorded_at),
                link: CustodyLink::of(&line.kind),
                kind: line.kind.clone(),
                person: about.name(&line.actor),
                unit: person
                    .and_then(|p| about.org.bureaus.get(&p.bureau))
                    .map_or_else(String::new, |b| b.name.clone()),
                revision: before.map_or(0, |r| r.n),
                fingerprint: before.map_or_else(String::new, |r| r.fingerprint.to_string()),
                detail: detail.join("; "),
                note: line.note.clone().unwrap_or_default(),
                verdict: entry.verdict.clone().unwrap_or_else(|| "ok".to_owned()),
                entry_id: entry.entry_id.to_string(),
            });
        }
        Ok(rows)
    }

    /// The confidentiality reviews of a span of time, oldest first: what is filed every month
    /// (《信息公开保密审查汇总表》). Each as far as the right to export reaches.
    pub fn review_rows(&mut self, from: i64, to: i64) -> Result<Vec<ReviewRow>> {
        self.may_export(crate::rules::act::ExportKind::Reviews)?;
        let about = self.about_rows()?;
        let items: Vec<i64> = {
            let mut statement = self.store.conn().prepare_cached(
                "SELECT DISTINCT item FROM clearances WHERE at >= ?1 AND at < ?2",
            )?;
            let rows = statement.query_map((from, to), |r| r.get(0))?;
            rows.collect::<rusqlite::Result<_>>()?
        };
        let mut rows = Vec::new();
        for item in items {
            let number: String = self
                .store
                .conn()
                .prepare_cached("SELECT number FROM items WHERE n = ?1")?
                .query_row([item], |r| r.get(0))?;
            for review in history::clearances(self.store.conn(), item)? {
                if review.at < from || review.at >= to {
                    continue;
                }
                let revision = history::one_revision(self.store.conn(), item, review.revision)?;
                let shape: Option<Shape> = revision
                    .as_ref()
                    .and_then(|r| serde_json::from_str(&r.shape).ok());
                let columns = shape
                    .as_ref()
                    .map(|s| s.columns.clone())
                    .unwrap_or_default();
                let reaches = columns.iter().any(|c| {
                    about
                        .org
                        .has_right(&self.person, Right::ExportAudit, c, about.now)
                });
                if !reaches {
                    continue;
                }
                let title = match &revision {
                    Some(r) if !r.purged => self
                        .text_if_there(&r.fields)?
                        .and_then(|t| serde_json::from_str::<Fields>(&t).ok())
                        .map(|f| f.title),
                    _ => None,
                };
                let unit = shape
                    .and_then(|s| s.provider)
                    .and_then(|p| about.org.bureaus.get(&p).map(|b| b.name.clone()));
                rows.push(ReviewRow {
                    seq: review.seq,
                    at: instant(review.at),
                    form: review.form_no.clone(),
                    number: number.clone(),
                    title: title.unwrap_or_default(),
                    unit: unit.unwrap_or_default(),
                    conclusion: crate::locale::by_id(
                        &format!("conclusion-{}", review.conclusion.code()),
                        &[],
                    ),
                    ground: review.ground.map_or_else(String::new, |g| {
                        crate::locale::by_id(&format!("ground-{}", g.code().replace('.', "-")), &[])
                    }),
                    reviewer: about.name(&review.reviewer),
                    fingerprint: review.fingerprint.to_string(),
                });
            }
        }
        rows.sort_by_key(|r| r.seq);
        Ok(rows)
    }

    /// The item an entry is about, by its id.
    pub(super) fn item_of(entry: &Entry) -> Option<String> {
        let act = Act::parse(&entry.kind, entry.args.get()).ok().flatten();
        entry
            .item
            .clone()
            .or_else(|| act.and_then(|a| a.about().map(ToOwned::to_owned)))
    }
}
