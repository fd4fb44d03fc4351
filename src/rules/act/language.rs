//! What a site in a foreign language must have on record (A9.6–A9.8).

use serde::{Deserialize, Serialize};

use crate::rules::org::LanguageCondition;

/// `site.condition`: a condition is met, or is not any more; the evidence (or why not) is a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteCondition {
    /// The site.
    pub site: String,
    /// Which condition.
    pub condition: LanguageCondition,
    /// The reviewer, where the condition is one.
    pub person: Option<String>,
    /// Whether it is met from now on.
    pub met: bool,
}
