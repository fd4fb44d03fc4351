//! Room `screening`: what must not go out, found before anyone reads it.
//!
//! Pure: text in, findings out; no input or output, no clock, no network. Positions are byte
//! ranges of the text as it was given, whatever was normalised on the way to find them.

mod email;
mod finding;
mod fold;
mod form;
mod hidden;
mod links;
mod marks;
mod numbers;
mod personal;
mod resolve;
mod say;
mod screener;
mod subject;
#[cfg(test)]
mod tests;
pub mod words;

/// Version of the detectors as decisions record it; raised whenever they may find something else.
pub const VERSION: u32 = 1;

pub use finding::{Class, Finding, Hit, Label, Place, Severity};
pub use form::{check as check_form, escalate};
pub use say::{REASONS, ground, ground_text, why};
pub use screener::Screener;
pub use subject::{Attachment, ContentType, Fact, FactKind, Sniffed, Subject};
pub use words::Lists;
