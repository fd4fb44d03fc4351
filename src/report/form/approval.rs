//! The publication approval form: who passed a piece, step by step, and what became of it.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use minijinja::{Value, context};

use super::super::{ReportError, when};
use super::{Answer, Choice, DisclosureMark, Field, choices, page};
use crate::tr;

/// One step of the route and who passed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Name of the step.
    pub name: String,
    /// What was said.
    pub text: String,
    /// By whom; empty where it is still open.
    pub person: String,
    /// When.
    pub at: Option<Timestamp>,
}

/// What stands on the sheet: plain data, filled by whoever holds the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalForm {
    /// Number of the item.
    pub number: String,
    /// When it was handed in.
    pub filled_on: Date,
    /// Title.
    pub title: String,
    /// Unit that provides it.
    pub unit: String,
    /// Who wrote it.
    pub author: String,
    /// Where the text comes from.
    pub source: String,
    /// Number of the official document.
    pub doc_number: String,
    /// Sites and columns.
    pub columns: String,
    /// Whether the public gets it.
    pub disclosure: Option<DisclosureMark>,
    /// When it is to go out.
    pub planned_at: Option<Timestamp>,
    /// Summary.
    pub summary: String,
    /// Names of the attachments.
    pub attachments: Vec<String>,
    /// Number of the confidentiality review form and what it concluded.
    pub review: String,
    /// The steps of the route, in order.
    pub steps: Vec<Step>,
    /// When it went live.
    pub published_at: Option<Timestamp>,
    /// Who carried that out.
    pub publisher: String,
    /// Fingerprint all of this is about.
    pub fingerprint: String,
    /// Zone of the times.
    pub zone: TimeZone,
}

impl ApprovalForm {
    /// A complete HTML document with print styles.
    pub fn to_html(&self) -> Result<String, ReportError> {
        page(
            &format!("{} {}", tr!("report-approval-title"), self.number),
            vec![self.sheet()],
        )
    }

    /// The forms of several items, one on each sheet of paper.
    pub fn batch_to_html(forms: &[Self]) -> Result<String, ReportError> {
        page(
            &tr!("report-approval-title"),
            forms.iter().map(Self::sheet).collect(),
        )
    }

    fn sheet(&self) -> Value {
        let time = |at: Option<Timestamp>| {
            at.map(|at| when::minute(at, &self.zone))
                .unwrap_or_default()
        };
        let text = |label: String, value: &str| Field {
            label,
            value: Answer::Text(value.to_owned()),
        };
        let marks = [
            (tr!("report-form-disclosure-active"), DisclosureMark::Active),
            (
                tr!("report-form-disclosure-request"),
                DisclosureMark::OnRequest,
            ),
            (tr!("report-form-disclosure-closed"), DisclosureMark::Closed),
        ];
        let fields: Vec<Value> = [
            text(tr!("report-form-name"), &self.title),
            text(tr!("report-form-unit"), &self.unit),
            text(tr!("report-approval-author"), &self.author),
            text(tr!("report-form-source"), &self.source),
            text(tr!("report-form-document"), &self.doc_number),
            text(tr!("report-approval-columns"), &self.columns),
            Field {
                label: tr!("report-form-disclosure"),
                value: Answer::Choices(
                    marks
                        .into_iter()
                        .map(|(label, mark)| Choice::new(label, self.disclosure == Some(mark)))
                        .collect(),
                ),
            },
            text(tr!("report-form-planned"), &time(self.planned_at)),
            text(tr!("report-form-summary"), &self.summary),
            Field {
                label: tr!("report-form-attachments"),
                value: Answer::Lines(self.attachments.clone()),
            },
            text(tr!("report-approval-review"), &self.review),
        ]
        .iter()
        .map(Field::to_value)
        .collect();
        let opinions: Vec<Value> = self
            .steps
            .iter()
            .map(|step| {
                context! {
                    label => step.name.as_str(),
                    text => step.text.as_str(),
                    name => step.person.as_str(),
                    at => time(step.at),
                    machine => step.at.map(|at| when::machine(at, &self.zone)).unwrap_or_default(),
                }
            })
            .collect();
        let published = match self.published_at {
            Some(_) => format!(
                "{} {} {}",
                tr!("report-approval-published"),
                time(self.published_at),
                self.publisher
            ),
            None => tr!("report-approval-published"),
        };
        context! {
            title => tr!("report-approval-title"),
            number => self.number.as_str(),
            date => self.filled_on.to_string(),
            fields,
            opinions,
            conclusion_label => tr!("report-approval-outcome"),
            conclusion => choices(&[
                Choice::new(published, self.published_at.is_some()),
                Choice::new(tr!("report-approval-open"), self.published_at.is_none()),
            ]),
            fingerprint => self.fingerprint.as_str(),
            binding => tr!("report-approval-binding"),
        }
    }
}
