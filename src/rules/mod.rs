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
pub const RULES_VERSION: u32 = 1;
