//! Comments: what is said about a passage of an item.

use serde::{Deserialize, Serialize};

/// A passage of one revision, in code points: numbers only, so that the journal tells nothing
/// of the text and the text can be destroyed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    /// The revision the commenter read.
    pub revision: u32,
    /// `text`, or the code of a field.
    pub place: String,
    /// First code point.
    pub from: u32,
    /// Just behind the last one.
    pub to: u32,
}

impl Anchor {
    /// The place that means the manuscript.
    pub const TEXT: &'static str = "text";
}

/// `item.comment`: the words are a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comment {
    /// The item.
    pub item: String,
    /// The passage; none for the item as a whole.
    pub anchor: Option<Anchor>,
    /// Seq of the comment it answers, which begins a thread.
    pub answers: Option<u64>,
}

/// `item.comment-settle`: a thread is dealt with. An answer opens it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settle {
    /// The item.
    pub item: String,
    /// Seq of the comment that began the thread.
    pub comment: u64,
}
