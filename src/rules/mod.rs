//! Room `rules`: what may happen, as pure functions over facts.
//!
//! Nothing here reads a clock, a file or a table. The fold in [`crate::store`] loads the facts,
//! asks [`check`], and only then writes; the same question is asked again when a journal is
//! replayed, so a rule cannot be walked around by writing an entry by hand.
//!
//! * [`act`]: every kind of entry and its typed arguments
//! * [`role`], [`org`]: who people are, what they may do and where
//! * [`route`], [`state`]: the steps an item takes and the states it can be in
//! * [`case`]: the facts a check looks at
//! * [`check`]: one function per group of acts; refusals carry a rule id ([`refusal`])

pub mod act;
pub mod calendar;
pub mod case;
pub mod check;
pub mod clearance;
pub(crate) mod codes;
pub mod fingerprint;
pub mod org;
pub mod refusal;
pub mod role;
pub mod route;
pub mod state;

/// Version of this rule book, written into every entry. An entry made under a newer one makes
/// the program stop and ask to be upgraded instead of guessing.
///
/// An entry is judged by the version it names, so that a journal keeps the verdicts and effects it
/// had; what a version added is asked with [`case::Case::since`]. An entry may not name an older
/// version than one before it, or whoever dislikes a rule would sign under the version without it.
///
/// * 1: the first
/// * 2: an item is only taken over into a column where one may draft; whoever wrote on an item does
///   not set its time; a signature that still waits for another sets no times; whose words a copy or
///   a version for another channel holds has a hand in it
pub const RULES_VERSION: u32 = 2;
