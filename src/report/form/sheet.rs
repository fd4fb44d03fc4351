//! What stands on the sheet: plain data, filled by whoever holds the store.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::tr;

/// How the information exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// An official document.
    Official,
    /// Anything else.
    Other,
}

/// Where it is to be made public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Channel {
    /// A government website, with the columns.
    Website(String),
    /// A newspaper.
    Newspaper,
    /// Radio.
    Radio,
    /// Television.
    Television,
    /// A notice board.
    Board,
    /// Another way, in words.
    Other(String),
}

/// The kinds of secret asked for one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concern {
    /// A state secret in the sense of the law on guarding them.
    StateSecret,
    /// Matters that are no state secret and still harm when known.
    WorkSecret,
    /// Trade secrets of a third party.
    TradeSecret,
    /// Personal privacy.
    Privacy,
    /// Otherwise sensitive.
    Sensitive,
}

impl Concern {
    /// All of them in the order of the sheet.
    pub const ALL: [Self; 5] = [
        Self::StateSecret,
        Self::WorkSecret,
        Self::TradeSecret,
        Self::Privacy,
        Self::Sensitive,
    ];

    pub(super) fn label(self) -> String {
        match self {
            Self::StateSecret => tr!("report-form-concern-state"),
            Self::WorkSecret => tr!("report-form-concern-work"),
            Self::TradeSecret => tr!("report-form-concern-trade"),
            Self::Privacy => tr!("report-form-concern-privacy"),
            Self::Sensitive => tr!("report-form-concern-sensitive"),
        }
    }
}

/// Whether the public gets it at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DisclosureMark {
    /// On the house's own initiative.
    Active,
    /// On application.
    OnRequest,
    /// Not at all.
    Closed,
}

/// Whose signature an opinion carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Who handles the item.
    Handler,
    /// Head of the department.
    DepartmentHead,
    /// Confidentiality reviewer.
    Reviewer,
    /// Responsible leader.
    Leader,
}

impl Stage {
    /// The four boxes in the order of the sheet.
    pub const ALL: [Self; 4] = [
        Self::Handler,
        Self::DepartmentHead,
        Self::Reviewer,
        Self::Leader,
    ];

    pub(super) fn label(self) -> String {
        match self {
            Self::Handler => tr!("report-form-stage-handler"),
            Self::DepartmentHead => tr!("report-form-stage-head"),
            Self::Reviewer => tr!("report-form-stage-reviewer"),
            Self::Leader => tr!("report-form-stage-leader"),
        }
    }
}

/// One signed opinion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opinion {
    /// Which box it goes into.
    pub stage: Stage,
    /// What was said.
    pub text: String,
    /// Who signed.
    pub name: String,
    /// When.
    pub at: Timestamp,
}

/// The outcome of the review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conclusion {
    /// Public as it is.
    Open,
    /// Public after parts were taken out.
    OpenRedacted,
    /// Not public.
    Closed,
    /// To be decided above.
    Escalate,
    /// Back to be completed.
    Returned,
}

impl Conclusion {
    pub(super) const ALL: [Self; 5] = [
        Self::Open,
        Self::OpenRedacted,
        Self::Closed,
        Self::Escalate,
        Self::Returned,
    ];

    pub(super) fn label(self) -> String {
        match self {
            Self::Open => tr!("report-form-conclusion-open"),
            Self::OpenRedacted => tr!("report-form-conclusion-redacted"),
            Self::Closed => tr!("report-form-conclusion-closed"),
            Self::Escalate => tr!("report-form-conclusion-escalate"),
            Self::Returned => tr!("report-form-conclusion-returned"),
        }
    }
}

/// Everything on the sheet. What is not known yet stays an empty box to be filled by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewForm {
    /// Number of the form.
    pub number: String,
    /// Date it was filled in.
    pub filled_on: Date,
    /// Unit that wants to publish.
    pub unit: String,
    /// Title of the information.
    pub title: String,
    /// Where it comes from.
    pub source: String,
    /// Number of the official document.
    pub doc_number: Option<String>,
    /// How it exists.
    pub carrier: Carrier,
    /// Where it is to appear.
    pub channels: Vec<Channel>,
    /// When it is to appear.
    pub planned_at: Option<Timestamp>,
    /// What it says, briefly.
    pub summary: String,
    /// Names of the attachments.
    pub attachments: Vec<String>,
    /// Answers to the questions; a question not answered stays open on the sheet.
    pub concerns: Vec<(Concern, bool)>,
    /// Public, on request or closed.
    pub disclosure: Option<DisclosureMark>,
    /// The article of law this rests on.
    pub ground: Option<String>,
    /// Signed opinions.
    pub opinions: Vec<Opinion>,
    /// Whether other bodies or third parties were asked, and what they said.
    pub consulted: Option<(bool, String)>,
    /// The outcome.
    pub conclusion: Option<Conclusion>,
    /// Fingerprint of what was reviewed.
    pub fingerprint: String,
    /// Anything else.
    pub remarks: String,
    /// Zone of the instants.
    pub zone: TimeZone,
}
