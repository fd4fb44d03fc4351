//! Room `publish`: how signed-off items reach the public.
//!
//! * [`runner`]: acts on what is due, through the same door as everybody
//! * [`site`]: writes the pages of what is live
//! * [`frame`]: what all pages of a site share
//! * [`tick`]: what a tick did or would do
//! * [`facts`]: what the owner of a site tells about it in a file
//! * [`pages`]: pages from plain structs, and releases no crash can tear

pub mod facts;
pub mod frame;
pub mod pages;
mod release;
pub mod runner;
pub mod site;
pub mod tick;

pub use runner::{LatePolicy, Options, RunError, Runner, Steady};
pub use site::{SiteError, Written};
pub use tick::{Plan, Tick};
