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
}

/// Something that can be a line of a table and a line of JSON.
pub trait Row: Serialize {
    /// Words that many rows share, looked up once for an export: asking the message catalogue
    /// for every row would cost more than all the rest of the row.
    type Words;

    /// Column titles in the language in force.
    fn headers() -> Vec<String>;

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
        put(&self.chain)
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
