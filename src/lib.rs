//! Qianfa 签发: the editorial console of a provincial tax website.
//!
//! The rooms, top to bottom; a room uses rooms below it, never above
//! (`docs/architecture.md` says why):
//! `cli`, `tui`, `demo` · `publish` · `desk` · `report`, `intake` · `store` · `rules` ·
//! `journal`, `diff` · `text`, `locale`.

pub mod cli;
pub mod demo;
pub mod desk;
pub mod diff;
pub mod intake;
pub mod journal;
pub mod locale;
pub mod publish;
pub mod report;
pub mod rules;
pub mod screening;
pub mod store;
pub mod text;
pub mod tui;
