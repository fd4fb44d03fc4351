//! What a tick did or would do, for people and for programs.

use serde::Serialize;

use super::carry::Carried;
use super::site::Written;

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Done {
    /// Item or bundle id.
    pub id: String,
    /// Item number; empty for a bundle.
    pub number: String,
    /// When it was due, µs.
    pub due: i64,
    /// The entry.
    pub seq: u64,
}

/// Something that could not be done and stays due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failed {
    /// `publish`, `expire` or `bundle`.
    pub what: &'static str,
    /// Item or bundle id.
    pub id: String,
    /// Item number; empty for a bundle.
    pub number: String,
    /// Rule id or error code.
    pub code: String,
    /// What a person reads.
    pub message: String,
    /// The entry that recorded it; none when it was told before, or could not be recorded.
    pub recorded: Option<u64>,
}

/// Something found overdue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Late {
    /// `publish`, `expire` or `bundle`.
    pub what: &'static str,
    /// Item or bundle id.
    pub id: String,
    /// Item number; empty for a bundle.
    pub number: String,
    /// When it was due, µs.
    pub due: i64,
    /// How late, µs.
    pub by: i64,
}

/// What became of the pages of a site that was behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SitePages {
    /// The site.
    pub site: String,
    /// The release, if it was made.
    pub written: Option<Written>,
    /// Code and message, if it was not.
    pub failed: Option<(String, String)>,
    /// What the site's own record lacks, as codes such as `missing:icp`.
    pub faults: Vec<String>,
    /// What became of the hook, where it ran.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hook: Option<Carried>,
}

/// One tick.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Tick {
    /// When, µs.
    pub at: i64,
    /// Items that went live.
    pub published: Vec<Done>,
    /// Items that went down.
    pub expired: Vec<Done>,
    /// Bundles that went live.
    pub bundles: Vec<Done>,
    /// What stays due.
    pub failed: Vec<Failed>,
    /// What was overdue by more than a minute, whatever became of it.
    pub late: Vec<Late>,
    /// Sites that were behind.
    pub pages: Vec<SitePages>,
    /// How far the clock lies behind the last recorded instant, µs; entries are recorded at that
    /// instant until it has caught up.
    pub clock_behind: Option<i64>,
    /// The tick was ended early.
    pub stopped: bool,
}

impl Tick {
    /// Nothing happened and nothing is wrong.
    pub fn is_quiet(&self) -> bool {
        self.published.is_empty()
            && self.expired.is_empty()
            && self.bundles.is_empty()
            && self.failed.is_empty()
            && self.late.is_empty()
            && self.pages.is_empty()
            && self.clock_behind.is_none()
    }
}

/// Something that would be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Planned {
    /// `publish`, `expire` or `bundle`.
    pub what: &'static str,
    /// Item or bundle id.
    pub id: String,
    /// Item number; empty for a bundle.
    pub number: String,
    /// When it is due, µs.
    pub due: i64,
    /// Overdue by more than a minute.
    pub late: bool,
    /// Code and message of what stands in the way.
    pub refused: Option<(String, String)>,
}

/// What a tick would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// When, µs.
    pub at: i64,
    /// Due things, oldest first.
    pub due: Vec<Planned>,
    /// Sites whose pages are behind already.
    pub behind: Vec<String>,
}
