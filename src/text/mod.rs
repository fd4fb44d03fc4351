//! Text as a terminal and a Chinese office see it: display width, wrapping,
//! words, counts, search tokens, and what to do with hostile characters.
//!
//! Pure: no input or output, no clock, no randomness. Everything here works on
//! byte offsets of the text it was given, so that callers can map a result
//! back to the manuscript without a second bookkeeping.

pub mod anchor;
pub mod count;
pub mod han;
pub mod markup;
pub mod pinyin;
mod plain;
pub mod sentence;
pub mod width;
pub mod words;
pub mod wrap;

pub use anchor::anchors;
pub use count::{Counts, count};
pub use han::{index_tokens, is_cjk, is_han, query_phrase};
pub use markup::without_markup;
pub use pinyin::initials;
pub use plain::{Plain, normalise};
pub use sentence::{sentence_at, sentence_end, sentence_start};
pub use width::{Ambiguous, cells, inert, pad, text_width, truncate};
pub use words::{words, words_around};
pub use wrap::{mend_rows, row_starts, wrap};
