//! Room `demo`: a sample province with people in every role, real documents and items in every
//! state; and the walkthrough, which takes one document through its whole life without a terminal.
//!
//! Every name is a role or an invented place; no real person appears. The documents are public
//! ones (see `tests/fixtures/intake/README.md` for source and licence).

mod documents;
mod items;
mod province;
mod walkthrough;

pub use documents::{Document, documents};
pub use items::fill;
pub use province::{PASSPHRASE, Person, Province, Setup, found};
pub use walkthrough::{Left, runner, walkthrough};
