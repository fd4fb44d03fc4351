//! Room `screening`: what must not go out, found before anyone reads it.
//!
//! Pure: text in, findings out; no input or output, no clock, no network. Positions are byte
//! ranges of the text as it was given, whatever was normalised on the way to find them.

mod email;
mod finding;
mod fold;
mod hidden;
mod marks;
mod numbers;
mod personal;
mod resolve;
mod say;
mod screener;
#[cfg(test)]
mod tests;
pub mod words;

pub use finding::{Class, Finding, Hit, Label, Place, Severity};
pub use say::{REASONS, ground, ground_text, why};
pub use screener::Screener;
