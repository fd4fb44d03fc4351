//! The rows of the exports: plain data, filled by whoever holds the store.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Serialize, Serializer};

use super::when;
use crate::tr;

/// What happened to a piece in public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PublicationEvent {
    /// It went live.
    Publish,
    /// The public version was corrected.
    Correct,
    /// It was taken down.
    Withdraw,
    /// Its time was over.
    Expire,
}

impl PublicationEvent {
    /// All of them, in the order they are declared.
    pub const ALL: [Self; 4] = [Self::Publish, Self::Correct, Self::Withdraw, Self::Expire];

    /// The word in the language in force.
    pub fn label(self) -> String {
        match self {
            Self::Publish => tr!("report-event-publish"),
            Self::Correct => tr!("report-event-correct"),
            Self::Withdraw => tr!("report-event-withdraw"),
            Self::Expire => tr!("report-event-expire"),
        }
    }
}

/// One public act: what went live or came down, who answered for it, and which bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublicationRow {
    /// Position of the entry in the journal.
    pub seq: u64,
    /// When it happened, to the microsecond.
    #[serde(serialize_with = "rfc3339")]
    pub at: Timestamp,
    /// What happened.
    pub event: PublicationEvent,
    /// Number of the item, such as 2026-000123.
    pub number: String,
    /// Title at that moment.
    pub title: String,
    /// Site it appeared on.
    pub site: String,
    /// Column it appeared in.
    pub column: String,
    /// Who wrote it.
    pub author: String,
    /// Who reviewed it, in the order of the route.
    pub reviewers: Vec<String>,
    /// Who made the confidentiality review.
    pub confidentiality_reviewer: Option<String>,
    /// Who signed it off.
    pub signer: Option<String>,
    /// Who (or which runner) carried the act out.
    pub publisher: String,
    /// Reason of a correction, withdrawal or expiry.
    pub cause: Option<String>,
    /// Fingerprint of everything the public saw.
    pub fingerprint: String,
    /// Number of the official document, if it is one.
    pub doc_number: Option<String>,
    /// Where it can be (or could be) read.
    pub urls: Vec<String>,
}

/// One entry of the journal as an inspector reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditRow {
    /// Position in the journal.
    pub seq: u64,
    /// When the journal took it in.
    #[serde(serialize_with = "rfc3339")]
    pub recorded_at: Timestamp,
    /// Whose key signed it.
    pub actor: String,
    /// In which role.
    pub role: Option<String>,
    /// From which terminal.
    pub terminal: Option<String>,
    /// Kind of act.
    pub kind: String,
    /// Number of the item it is about.
    pub item: Option<String>,
    /// Step of the route.
    pub step: Option<String>,
    /// Outcome: the decision taken, or the verdict on a void entry.
    pub verdict: String,
    /// Hash of the entry's bytes.
    pub entry_id: String,
    /// The chain after this entry.
    pub chain: String,
    /// Hash of its signature: with position, instant and entry id it makes the entry's leaf, so that
    /// the whole trail can be held against a checkpoint.
    pub signature: String,
}

/// One hand an item passed through (A13.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CustodyRow {
    /// Position in the journal.
    pub seq: u64,
    /// When the journal took it in.
    #[serde(serialize_with = "rfc3339")]
    pub at: Timestamp,
    /// Which of the links of the chain it belongs to.
    pub link: CustodyLink,
    /// Kind of act.
    pub kind: String,
    /// Whose hand.
    pub person: String,
    /// His unit.
    pub unit: String,
    /// Revision that lay before him; 0 where there was none.
    pub revision: u32,
    /// Fingerprint of that revision.
    pub fingerprint: String,
    /// What was decided or done with it, in codes.
    pub detail: String,
    /// Reason, opinion or note; empty where there was none or it is destroyed.
    pub note: String,
    /// Outcome: `ok`, or the rule that made the entry void.
    pub verdict: String,
    /// Hash of the entry's bytes.
    pub entry_id: String,
}

/// The five links the directive names (采集、审核、报送、复制、传递), and what follows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CustodyLink {
    /// Written, received, worked up.
    Collect,
    /// Checked, cleared, signed off.
    Review,
    /// Handed up.
    Submit,
    /// Shown, printed, exported, copied out.
    Copy,
    /// Handed from one to the other.
    Transfer,
    /// Went live, was corrected or taken down.
    Publish,
    /// Anything else.
    Other,
}

impl CustodyLink {
    /// All of them, in the order they are declared.
    pub const ALL: [Self; 7] = [
        Self::Collect,
        Self::Review,
        Self::Submit,
        Self::Copy,
        Self::Transfer,
        Self::Publish,
        Self::Other,
    ];

    /// The link a kind of entry belongs to.
    pub fn of(kind: &str) -> Self {
        match kind {
            "item.new" | "item.revise" | "item.correct" | "item.comment" | "item.discard"
            | "item.restore" => Self::Collect,
            "item.submit" | "item.recall" => Self::Submit,
            "item.approve" | "item.return" | "item.reject" | "item.clear" | "item.sign-off"
            | "item.unlock" => Self::Review,
            "item.viewed" => Self::Copy,
            "item.claim" | "item.release" | "item.takeover" => Self::Transfer,
            "item.publish" | "item.withdraw" | "item.expire" | "item.schedule"
            | "item.unschedule" | "publish.failed" => Self::Publish,
            bundle if bundle.starts_with("bundle.") => Self::Publish,
            _ => Self::Other,
        }
    }

    /// The word in the language in force.
    pub fn label(self) -> String {
        match self {
            Self::Collect => tr!("report-link-collect"),
            Self::Review => tr!("report-link-review"),
            Self::Submit => tr!("report-link-submit"),
            Self::Copy => tr!("report-link-copy"),
            Self::Transfer => tr!("report-link-transfer"),
            Self::Publish => tr!("report-link-publish"),
            Self::Other => tr!("report-link-other"),
        }
    }
}

/// One confidentiality review of a month, as the summary that is filed lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReviewRow {
    /// Position in the journal.
    pub seq: u64,
    /// When.
    #[serde(serialize_with = "rfc3339")]
    pub at: Timestamp,
    /// Number of the form.
    pub form: String,
    /// Number of the item.
    pub number: String,
    /// Title of the revision that was reviewed; empty where it is destroyed.
    pub title: String,
    /// Unit that provided it.
    pub unit: String,
    /// What was concluded.
    pub conclusion: String,
    /// Ground in law; empty where it is open.
    pub ground: String,
    /// Who reviewed.
    pub reviewer: String,
    /// Fingerprint that was reviewed.
    pub fingerprint: String,
}

/// What the cells of a column are, for programs that tell numbers and times from text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// A whole number.
    Number,
    /// An instant as [`when::local`] writes it.
    Instant,
    /// Anything else.
    Text,
}

/// Something that can be a line of a table and a line of JSON.
pub trait Row: Serialize {
    /// Words that many rows share, looked up once for an export: asking the message catalogue
    /// for every row would cost more than all the rest of the row.
    type Words;

    /// Column titles in the language in force.
    fn headers() -> Vec<String>;

    /// What the columns hold: by default a number and an instant, and text after them.
    fn kinds() -> Vec<Cell> {
        let mut kinds = vec![Cell::Text; Self::headers().len()];
        for (kind, known) in kinds.iter_mut().zip([Cell::Number, Cell::Instant]) {
            *kind = known;
        }
        kinds
    }

    /// The shared words in the language in force.
    fn words() -> Self::Words;

    /// Hands over the cells in the order of the headers. Instants are shown in `zone`.
    fn cells<E>(
        &self,
        words: &Self::Words,
        zone: &TimeZone,
        put: &mut dyn FnMut(&str) -> Result<(), E>,
    ) -> Result<(), E>;
}

impl<R: Row> Row for &R {
    type Words = R::Words;

    fn headers() -> Vec<String> {
        R::headers()
    }

    fn kinds() -> Vec<Cell> {
        R::kinds()
    }

    fn words() -> Self::Words {
        R::words()
    }

    fn cells<E>(
        &self,
        words: &Self::Words,
        zone: &TimeZone,
        put: &mut dyn FnMut(&str) -> Result<(), E>,
    ) -> Result<(), E> {
        (**self).cells(words, zone, put)
    }
}

impl Row for PublicationRow {
    /// The events in the order of [`PublicationEvent::ALL`].
    type Words = [String; 4];

    fn headers() -> Vec<String> {
        vec![
            tr!("report-publications-seq"),
            tr!("report-publications-at"),
            tr!("report-publications-event"),
            tr!("report-publications-number"),
            tr!("report-publications-title"),
            tr!("report-publications-site"),
            tr!("report-publications-column"),
            tr!("report-publications-author"),
            tr!("report-publications-reviewers"),
            tr!("report-publications-confidentiality"),
            tr!("report-publications-signer"),
            tr!("report-publications-publisher"),
            tr!("report-publications-cause"),
            tr!("report-publications-fingerprint"),
            tr!("report-publications-document"),
            tr!("report-publications-urls"),
        ]
    }

    fn words() -> Self::Words {
        PublicationEvent::ALL.map(PublicationEvent::label)
    }

    fn cells<E>(
        &self,
        words: &Self::Words,
        zone: &TimeZone,
        put: &mut dyn FnMut(&str) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut scratch = self.seq.to_string();
        put(&scratch)?;
        scratch.clear();
        when::local(&mut scratch, self.at, zone);
        put(&scratch)?;
        put(&words[self.event as usize])?;
        put(&self.number)?;
        put(&self.title)?;
        put(&self.site)?;
        put(&self.column)?;
        put(&self.author)?;
        put_list(&self.reviewers, put)?;
        put(self.confidentiality_reviewer.as_deref().unwrap_or_default())?;
        put(self.signer.as_deref().unwrap_or_default())?;
        put(&self.publisher)?;
        put(self.cause.as_deref().unwrap_or_default())?;
        put(&self.fingerprint)?;
        put(self.doc_number.as_deref().unwrap_or_default())?;
        put_list(&self.urls, put)
    }
}

impl Row for AuditRow {
    type Words = ();

    fn headers() -> Vec<String> {
        vec![
            tr!("report-audit-seq"),
            tr!("report-audit-recorded"),
            tr!("report-audit-actor"),
            tr!("report-audit-role"),
            tr!("report-audit-terminal"),
            tr!("report-audit-kind"),
            tr!("report-audit-item"),
            tr!("report-audit-step"),
            tr!("report-audit-verdict"),
            tr!("report-audit-entry"),
            tr!("report-audit-chain"),
            tr!("report-audit-signature"),
        ]
    }

    fn words() -> Self::Words {}

    fn cells<E>(
        &self,
        (): &Self::Words,
        zone: &TimeZone,
        put: &mut dyn FnMut(&str) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut scratch = self.seq.to_string();
        put(&scratch)?;
        scratch.clear();
        when::local(&mut scratch, self.recorded_at, zone);
        put(&scratch)?;
        put(&self.actor)?;
        put(self.role.as_deref().unwrap_or_default())?;
        put(self.terminal.as_deref().unwrap_or_default())?;
        put(&self.kind)?;
        put(self.item.as_deref().unwrap_or_default())?;
        put(self.step.as_deref().unwrap_or_default())?;
        put(&self.verdict)?;
        put(&self.entry_id)?;
        put(&self.chain)?;
        put(&self.signature)
    }
}

impl Row for CustodyRow {
    /// The links in the order of [`CustodyLink::ALL`].
    type Words = [String; 7];

    fn headers() -> Vec<String> {
        vec![
            tr!("report-custody-seq"),
            tr!("report-custody-at"),
            tr!("report-custody-link"),
            tr!("report-custody-kind"),
            tr!("report-custody-person"),
            tr!("report-custody-unit"),
            tr!("report-custody-revision"),
            tr!("report-custody-fingerprint"),
            tr!("report-custody-detail"),
            tr!("report-custody-note"),
            tr!("report-custody-verdict"),
            tr!("report-custody-entry"),
        ]
    }

    fn words() -> Self::Words {
        CustodyLink::ALL.map(CustodyLink::label)
    }

    fn kinds() -> Vec<Cell> {
        let mut kinds = vec![Cell::Text; 12];
        kinds[0] = Cell::Number;
        kinds[1] = Cell::Instant;
        kinds[6] = Cell::Number;
        kinds
    }

    fn cells<E>(
        &self,
        words: &Self::Words,
        zone: &TimeZone,
        put: &mut dyn FnMut(&str) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut scratch = self.seq.to_string();
        put(&scratch)?;
        scratch.clear();
        when::local(&mut scratch, self.at, zone);
        put(&scratch)?;
        put(&words[self.link as usize])?;
        put(&self.kind)?;
        put(&self.person)?;
        put(&self.unit)?;
        put(&self.revision.to_string())?;
        put(&self.fingerprint)?;
        put(&self.detail)?;
        put(&self.note)?;
        put(&self.verdict)?;
        put(&self.entry_id)
    }
}

impl Row for ReviewRow {
    type Words = ();

    fn headers() -> Vec<String> {
        vec![
            tr!("report-reviews-seq"),
            tr!("report-reviews-at"),
            tr!("report-reviews-form"),
            tr!("report-reviews-number"),
            tr!("report-reviews-title"),
            tr!("report-reviews-unit"),
            tr!("report-reviews-conclusion"),
            tr!("report-reviews-ground"),
            tr!("report-reviews-reviewer"),
            tr!("report-reviews-fingerprint"),
        ]
    }

    fn words() -> Self::Words {}

    fn cells<E>(
        &self,
        (): &Self::Words,
        zone: &TimeZone,
        put: &mut dyn FnMut(&str) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut scratch = self.seq.to_string();
        put(&scratch)?;
        scratch.clear();
        when::local(&mut scratch, self.at, zone);
        put(&scratch)?;
        for text in [
            &self.form,
            &self.number,
            &self.title,
            &self.unit,
            &self.conclusion,
            &self.ground,
            &self.reviewer,
            &self.fingerprint,
        ] {
            put(text)?;
        }
        Ok(())
    }
}

/// Several values in one cell. One value, the common case, is not copied.
fn put_list<E>(values: &[String], put: &mut dyn FnMut(&str) -> Result<(), E>) -> Result<(), E> {
    match values {
        [] => put(""),
        [one] => put(one),
        many => put(&many.join("; ")),
    }
}

/// RFC 3339 with all six digits, so that the lines sort as text.
fn rfc3339<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{at:.6}"))
}
