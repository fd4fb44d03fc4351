//! Room `publish`: how signed-off items reach the public.
//!
//! * [`runner`]: acts on what is due, through the same door as everybody
//! * [`site`]: writes the pages of what is live
//! * [`facts`]: what the owner of a site tells about it in a file
//! * [`pages`]: pages from plain structs, and releases no crash can tear

pub mod facts;
pub mod pages;
pub mod runner;
pub mod site;

pub use runner::{LatePolicy, Options, Plan, RunError, Runner, Steady, Tick};
pub use site::{SiteError, Written};
