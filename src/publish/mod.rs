//! Room `publish`: how signed-off items reach the public.
//!
//! * [`runner`]: acts on what is due, through the same door as everybody
//! * [`site`]: writes the pages of what is live
//! * [`frame`]: what all pages of a site share
//! * [`tick`]: what a tick did or would do
//! * [`facts`]: what the owner of a site tells about it in a file
//! * [`overrides`]: a site's own templates and style
//! * [`seal`]: the signature over what was released, and who may have made it
//! * [`carry`]: the hook that takes a directory on to the public
//! * [`check`]: whether a directory is what was released
//! * [`serve`]: a look at the pages before the public has them
//! * [`pages`]: pages from plain structs, and releases no crash can tear

pub mod carry;
pub mod check;
pub mod facts;
pub mod frame;
pub mod overrides;
pub mod pages;
mod release;
pub mod runner;
pub mod seal;
pub mod serve;
mod shelves;
pub mod site;
pub mod tick;

pub use runner::{LatePolicy, Options, RunError, Runner, Steady};
pub use site::{SiteError, Written};
pub use tick::{Plan, Tick};
