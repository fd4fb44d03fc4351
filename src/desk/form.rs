//! The printable confidentiality review form of an item.

use jiff::Timestamp;

use super::release::ZONE;
use super::{Desk, DeskError, Result};
use crate::report::form::{
    Carrier, Channel, Conclusion as Sheet, DisclosureMark, Opinion, ReviewForm, Stage,
};
use crate::rules::act::ViewMode;
use crate::rules::clearance::{Conclusion, Disclosure, Ground};
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
        let columns: Vec<String> = content
            .shape
            .columns
            .iter()
            .map(|id| {
                let column = org.columns.get(id);
                let site = column
                    .and_then(|c| org.sites.get(&c.site))
                    .map_or("", |s| &s.name);
                format!("{site} {}", column.map_or(id.as_str(), |c| &c.name))
            })
            .collect();
        let unit = content
            .shape
            .provider
            .as_ref()
            .and_then(|p| org.bureaus.get(p))
            .map(|b| b.name.clone());
        let summary: String = if content.fields.summary.is_empty() {
            content
                .text
                .chars()
                .filter(|c| *c != '\n')
                .take(120)
                .collect()
        } else {
            content.fields.summary.clone()
        };
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
            channels: vec![Channel::Website(columns.join("、"))],
            planned_at: row.facts.due.or(content.shape.go_live).map(instant),
            summary,
            attachments: content.attachments.iter().map(|a| a.name.clone()).collect(),
            concerns: Vec::new(),
            disclosure: content.shape.disclosure.map(|d| match d {
                Disclosure::Open => DisclosureMark::Active,
                Disclosure::OnRequest => DisclosureMark::OnRequest,
                Disclosure::None => DisclosureMark::Closed,
            }),
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
}
