//! The printable forms of an item: confidentiality review and publication approval.

use jiff::Timestamp;

use super::release::ZONE;
use super::{Content, Desk, DeskError, Result};
use crate::report::form::{
    ApprovalForm, Carrier, Channel, Conclusion as Sheet, DisclosureMark, Opinion, ReviewForm,
    Stage, Step,
};
use crate::rules::act::ViewMode;
use crate::rules::clearance::{Conclusion, Disclosure, Ground};
use crate::rules::org::Org;
use crate::rules::refusal::refuse;
use crate::rules::route::StepKind;
use crate::store::query::history;

impl Desk {
    /// The form of the latest confidentiality review of an item. Printing it is recorded.
    pub fn review_form(&mut self, item: &str) -> Result<ReviewForm> {
        let row = self.find(item)?;
        let review = history::clearances(self.store.conn(), row.n)?
            .pop()
            .ok_or_else(|| DeskError::Refused(refuse("clearance.missing", &[])))?;
        let revision = self.revision_of(&row, review.revision)?;
        let content = self.content_of(&revision)?;
        self.preview(item, ViewMode::Print)?;
        let org = self.org()?;
        let zone = jiff::tz::TimeZone::get(ZONE).unwrap_or(jiff::tz::TimeZone::UTC);
        let instant = |at: i64| Timestamp::from_microsecond(at).unwrap_or(Timestamp::UNIX_EPOCH);
        let mut opinions = Vec::new();
        if let Some(submitter) = row
            .facts
            .submitter
            .clone()
            .or(Some(revision.author.clone()))
        {
            opinions.push(Opinion {
                stage: Stage::Handler,
                text: crate::tr!("form-attested"),
                name: self.person_name(&submitter)?,
                at: instant(row.submitted_at.unwrap_or(revision.at)),
            });
        }
        let mut words = match &review.opinion {
            Some(id) => self.text_if_there(id)?.unwrap_or_default(),
            None => crate::locale::by_id(&format!("conclusion-{}", review.conclusion.code()), &[]),
        };
        if let Some(id) = &review.authority
            && let Some(answer) = self.text_if_there(id)?
        {
            words.push('\n');
            words.push_str(&answer);
        }
        opinions.push(Opinion {
            stage: Stage::Reviewer,
            text: words,
            name: self.person_name(&review.reviewer)?,
            at: instant(review.at),
        });
        for pass in history::passes(self.store.conn(), row.n)? {
            if pass.kind == StepKind::SignOff && pass.fingerprint == review.fingerprint {
                let text = match &pass.note {
                    Some(id) => self.text_if_there(id)?.unwrap_or_default(),
                    None => crate::tr!("form-signed"),
                };
                let name = self.person_name(&pass.person)?;
                opinions.push(Opinion {
                    stage: Stage::Leader,
                    text,
                    name,
                    at: instant(pass.at),
                });
            }
        }
        let columns = columns_of(&org, &content.shape.columns);
        let unit = content
            .shape
            .provider
            .as_ref()
            .and_then(|p| org.bureaus.get(p))
            .map(|b| b.name.clone());
        let summary = summary_of(&content);
        let source = if content.fields.source.is_empty() {
            unit.clone().unwrap_or_default()
        } else {
            content.fields.source.clone()
        };
        Ok(ReviewForm {
            number: review.form_no.clone(),
            filled_on: zone.to_datetime(instant(review.at)).date(),
            unit: unit.unwrap_or_default(),
            title: content.fields.title.clone(),
            source,
            doc_number: Some(content.fields.doc_number.clone()).filter(|d| !d.is_empty()),
            carrier: if content.fields.doc_number.is_empty() {
                Carrier::Other
            } else {
                Carrier::Official
            },
            channels: vec![Channel::Website(columns)],
            planned_at: row.facts.due.or(content.shape.go_live).map(instant),
            summary,
            attachments: content.attachments.iter().map(|a| a.name.clone()).collect(),
            concerns: Vec::new(),
            disclosure: content.shape.disclosure.map(mark_of),
            ground: review.ground.or(content.shape.ground).map(|g: Ground| {
                crate::locale::by_id(&format!("ground-{}", g.code().replace('.', "-")), &[])
            }),
            opinions,
            consulted: None,
            conclusion: Some(match review.conclusion {
                Conclusion::Open => Sheet::Open,
                Conclusion::Redact => Sheet::OpenRedacted,
                Conclusion::NotOpen => Sheet::Closed,
                Conclusion::Escalate => Sheet::Escalate,
                Conclusion::Amend => Sheet::Returned,
            }),
            fingerprint: review.fingerprint.to_string(),
            remarks: String::new(),
            zone,
        })
    }

    /// The approval form of an item as it stands: of the version that is live, or of the one under
    /// way. Printing it is recorded.
    pub fn approval_form(&mut self, item: &str) -> Result<ApprovalForm> {
        let row = self.find(item)?;
        let live = row.facts.live.is_some();
        let revisions = history::revisions(self.store.conn(), row.n)?;
        let number = match self.live_article(row.n)? {
            Some(article) if live => Some(article.revision),
            _ => revisions.last().map(|r| r.n),
        };
        let revision = revisions
            .into_iter()
            .find(|r| Some(r.n) == number)
            .ok_or_else(|| DeskError::Refused(refuse("item.unknown", &[])))?;
        let content = self.content_of(&revision)?;
        self.preview(item, ViewMode::Print)?;
        let org = self.org()?;
        let zone = jiff::tz::TimeZone::get(ZONE).unwrap_or(jiff::tz::TimeZone::UTC);
        let instant = |at: i64| Timestamp::from_microsecond(at).unwrap_or(Timestamp::UNIX_EPOCH);
        // Names of steps are those of the route now; a record keeps their kind.
        let route = org.route_for(row.facts.home()).route;
        let mut steps = Vec::new();
        for pass in history::passes(self.store.conn(), row.n)? {
            if pass.fingerprint != revision.fingerprint {
                continue;
            }
            let text = match &pass.note {
                Some(id) => self.text_if_there(id)?.unwrap_or_default(),
                None => crate::tr!("report-approval-passed"),
            };
            steps.push(Step {
                name: route.0.get(pass.step as usize).map_or_else(
                    || crate::locale::word("step", pass.kind.code()),
                    |step| crate::locale::word("step", &step.name),
                ),
                text,
                person: self.person_name(&pass.person)?,
                at: Some(instant(pass.at)),
            });
        }
        let review = history::clearances(self.store.conn(), row.n)?
            .into_iter()
            .rfind(|c| c.fingerprint == revision.fingerprint)
            .map_or_else(String::new, |c| {
                let words =
                    crate::locale::by_id(&format!("conclusion-{}", c.conclusion.code()), &[]);
                format!("{} {words}", c.form_no)
            });
        // The last time this very version went live.
        let mut published = None;
        let filter = crate::store::query::log::LogFilter {
            item: Some(row.facts.id.clone()),
            ..Default::default()
        };
        crate::store::query::log::publications(self.store.conn(), &filter, None, |p| {
            if p.fingerprint == revision.fingerprint
                && matches!(p.event.as_str(), "publish" | "correct")
            {
                published = Some((p.at, p.actor));
            }
            Ok::<(), crate::store::StoreError>(())
        })?;
        let publisher = match &published {
            Some((_, person)) => self.person_name(person)?,
            None => String::new(),
        };
        let unit = content
            .shape
            .provider
            .as_ref()
            .and_then(|p| org.bureaus.get(p))
            .map_or_else(String::new, |b| b.name.clone());
        Ok(ApprovalForm {
            number: row.number.clone(),
            filled_on: zone
                .to_datetime(instant(row.submitted_at.unwrap_or(revision.at)))
                .date(),
            title: content.fields.title.clone(),
            unit,
            author: self.person_name(&revision.author)?,
            source: content.fields.source.clone(),
            doc_number: content.fields.doc_number.clone(),
            columns: columns_of(&org, &content.shape.columns),
            disclosure: content.shape.disclosure.map(mark_of),
            planned_at: row.facts.due.or(content.shape.go_live).map(instant),
            summary: summary_of(&content),
            attachments: content.attachments.iter().map(|a| a.name.clone()).collect(),
            review,
            steps,
            published_at: published.as_ref().map(|(at, _)| instant(*at)),
            publisher,
            fingerprint: revision.fingerprint.to_string(),
            zone,
        })
    }
}

fn columns_of(org: &Org, ids: &[String]) -> String {
    let names: Vec<String> = ids
        .iter()
        .map(|id| {
            let column = org.columns.get(id);
            let site = column
                .and_then(|c| org.sites.get(&c.site))
                .map_or("", |s| &s.name);
            format!("{site} {}", column.map_or(id.as_str(), |c| &c.name))
        })
        .collect();
    names.join("、")
}

fn summary_of(content: &Content) -> String {
    if content.fields.summary.is_empty() {
        let text = content.text.chars().filter(|c| *c != '\n');
        text.take(120).collect()
    } else {
        content.fields.summary.clone()
    }
}

fn mark_of(disclosure: Disclosure) -> DisclosureMark {
    match disclosure {
        Disclosure::Open => DisclosureMark::Active,
        Disclosure::OnRequest => DisclosureMark::OnRequest,
        Disclosure::None => DisclosureMark::Closed,
    }
}
