//! The fingerprint: one hash over all that the public would see (design §2.3).
//!
//! It is computed over the salted body ids rather than the texts: the ids commit to the bytes,
//! and the fingerprint can stand in the journal without helping anyone to guess a purged text.

use crate::journal::{Hash, Suite};

use super::act::Shape;

/// The fingerprint of one revision. Columns and channels count as sets; attachments in order.
pub fn fingerprint(
    suite: Suite,
    fields: Hash,
    text: Hash,
    attachments: &[Hash],
    shape: &Shape,
) -> Hash {
    let mut columns: Vec<&str> = shape.columns.iter().map(String::as_str).collect();
    columns.sort_unstable();
    columns.dedup();
    let mut channels: Vec<&str> = shape.channels.iter().map(String::as_str).collect();
    channels.sort_unstable();
    channels.dedup();
    let mut bytes = Vec::with_capacity(256);
    bytes.extend_from_slice(fields.as_bytes());
    bytes.extend_from_slice(text.as_bytes());
    bytes.extend_from_slice(&(attachments.len() as u64).to_be_bytes());
    for id in attachments {
        bytes.extend_from_slice(id.as_bytes());
    }
    for list in [&columns, &channels] {
        bytes.extend_from_slice(&(list.len() as u64).to_be_bytes());
        for name in list {
            bytes.extend_from_slice(&(name.len() as u64).to_be_bytes());
            bytes.extend_from_slice(name.as_bytes());
        }
    }
    // The disclosure attribute, origin and provider are shown to the public too; the wanted time and
    // the embargo are what the signer agrees to with the text.
    let time = |at: Option<i64>| at.map_or_else(|| "-".to_owned(), |at| at.to_string());
    let shown = format!(
        "{}/{}/{}/{}/{}/{}",
        shape
            .disclosure
            .map_or("-", super::clearance::Disclosure::code),
        shape.ground.map_or("-", super::clearance::Ground::code),
        shape.origin.code(),
        shape.provider.as_deref().unwrap_or("-"),
        time(shape.go_live),
        time(shape.embargo),
    );
    bytes.extend_from_slice(shown.as_bytes());
    suite.hash(b"fingerprint/1\0", &[&bytes])
}
