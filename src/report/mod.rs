//! Room `report`: what leaves the house as a file for an administrator or an inspector.
//!
//! * [`rows`]: the plain rows of the publication log and the audit log;
//! * [`write`](mod@write): CSV, JSON Lines, workbooks and pages from a stream of rows, counted and
//!   hashed on the way ([`sheet`], [`print`](mod@print));
//! * [`certificate`]: the signed word on an export, checked without the store;
//! * [`mod@file`]: an export appears whole or not at all, and replaces nothing unasked;
//! * [`form`]: the printable confidentiality review form.
//!
//! The room knows neither the store nor the desk: callers fill the structs.

pub mod certificate;
pub mod file;
pub mod form;
pub mod html;
pub mod inert;
pub mod print;
pub mod rows;
pub mod sheet;
pub mod when;
pub mod write;

use std::io;
use std::path::PathBuf;

pub use file::export;
pub use form::ReviewForm;
pub use rows::{
    AuditRow, CustodyLink, CustodyRow, PublicationEvent, PublicationRow, ReviewRow, Row,
};
pub use write::{Format, Options, Written, write};

use crate::tr;

/// Why an export was not written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The target exists and `force` was not given.
    #[error("{} exists already", .0.display())]
    Exists(PathBuf),
    /// The target has no name or no directory to put it in.
    #[error("{} is not a file name to write to", .0.display())]
    BadTarget(PathBuf),
    /// The file system refused: full, read-only, gone.
    #[error("writing {}: {source}", path.display())]
    File {
        /// The target, not the temporary name beside it.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The writer the rows were sent to refused.
    #[error("writing the export: {0}")]
    Write(#[from] io::Error),
    /// A row could not be put into words.
    #[error("encoding a row: {0}")]
    Encode(String),
    /// The source of the rows failed; what was written before is not an export.
    #[error("reading the rows: {0}")]
    Source(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// More rows than the format can hold; the most it can.
    #[error("more than {0} rows")]
    TooLong(u64),
    /// The progress callback asked to stop.
    #[error("the export was stopped")]
    Stopped,
    /// A template is broken: only possible after a change to the program.
    #[error("template: {0}")]
    Template(#[from] minijinja::Error),
}

impl ReportError {
    /// The sentence a person reads, in the language in force.
    pub fn message(&self) -> String {
        match self {
            Self::Exists(path) => tr!("report-error-exists", path = shown(path)),
            Self::BadTarget(path) => tr!("report-error-target", path = shown(path)),
            Self::File { path, source } => tr!(
                "report-error-file",
                path = shown(path),
                cause = source.to_string()
            ),
            Self::Write(cause) => tr!("report-error-write", cause = cause.to_string()),
            Self::Encode(cause) => tr!("report-error-encode", cause = inert::line(cause)),
            Self::Source(cause) => {
                tr!(
                    "report-error-source",
                    cause = inert::line(&cause.to_string())
                )
            }
            Self::TooLong(most) => tr!("report-error-long", most = most.to_string()),
            Self::Stopped => tr!("report-error-stopped"),
            Self::Template(cause) => tr!("report-error-template", cause = cause.to_string()),
        }
    }
}

/// A path as text that cannot steer a terminal.
fn shown(path: &std::path::Path) -> String {
    inert::line(&path.display().to_string())
}

#[cfg(test)]
mod tests;
