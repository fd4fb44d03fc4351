//! The signature over a manifest, and who may have made it.
//!
//! The form is the signed note checkpoints have (C2SP): a short text, then a line per signature.
//!
//! ```text
//! qianfa/<journal>/pages/<site>
//! <last entry the pages show>
//! <SHA-256 of manifest.json, base64>
//! suite <suite>
//! chain <chain after that entry, hexadecimal>
//! at <when it was recorded, µs>
//!
//! — <login> <key hash and signature, base64>
//! ```

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::pages::About;
use crate::journal::note::SignedText;
use crate::journal::{PublicKey, Suite};
use crate::rules::org::Org;
use crate::rules::role::Right;

/// What a note says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// What the manifest is about.
    pub about: About,
    /// SHA-256 of the manifest.
    pub manifest: Vec<u8>,
    note: SignedText,
}

/// A key that may sign pages, and whose it is.
#[derive(Debug, Clone)]
pub struct Pinned {
    /// Login of the owner.
    pub login: String,
    /// The key.
    pub key: PublicKey,
}

/// The keys in force of those who may release a site's pages at a moment.
pub fn runner_keys(org: &Org, site: &str, now: i64) -> Vec<Pinned> {
    let mut keys: Vec<Pinned> = org
        .keys
        .values()
        .filter(|key| org.has_right(&key.person, Right::Run, site, now))
        .map(|key| Pinned {
            login: org
                .persons
                .get(&key.person)
                .map_or_else(|| key.person.clone(), |p| p.login.clone()),
            key: key.public.clone(),
        })
        .collect();
    // A map has no order, and a list of keys should have one.
    keys.sort_by_key(|pin| (pin.login.clone(), pin.key.id()));
    keys
}

/// The text to sign for a manifest.
pub fn text(about: &About, manifest: &[u8]) -> String {
    format!(
        "{}\n{}\n{}\nsuite {}\nchain {}\nat {}\n",
        origin(about),
        about.seq,
        STANDARD.encode(Sha256::digest(manifest)),
        about.suite,
        about.chain,
        about.at
    )
}

fn origin(about: &About) -> String {
    format!("qianfa/{}/pages/{}", about.journal, about.site)
}

/// Reads a note; says nothing about the signatures.
pub fn parse(note: &str) -> Option<Sealed> {
    let note = SignedText::parse(note).ok()?;
    let mut lines = note.text.lines();
    let (journal, site) = lines
        .next()?
        .strip_prefix("qianfa/")?
        .split_once("/pages/")?;
    let seq = lines.next()?.parse().ok()?;
    let manifest = STANDARD.decode(lines.next()?).ok()?;
    let mut field = |name: &str| lines.next()?.strip_prefix(name)?.strip_prefix(' ');
    let about = About {
        site: site.to_owned(),
        journal: journal.to_owned(),
        seq,
        suite: field("suite")?.parse().ok()?,
        chain: field("chain")?.to_owned(),
        at: field("at")?.parse().ok()?,
    };
    Some(Sealed {
        about,
        manifest,
        note,
    })
}

impl Sealed {
    /// Whether the note is about this manifest.
    pub fn is_of(&self, manifest: &[u8], about: Option<&About>) -> bool {
        self.manifest == Sha256::digest(manifest).as_slice()
            && about == Some(&self.about)
            // One spelling: what was signed is exactly this.
            && text(&self.about, manifest) == self.note.text
    }

    /// Whose signature it bears, among these.
    pub fn signed_by<'k>(&self, keys: impl IntoIterator<Item = &'k Pinned>) -> Option<&'k Pinned> {
        keys.into_iter().find(|pin| {
            self.note
                .verify(&pin.key)
                .is_some_and(|name| name == pin.login)
        })
    }
}

/// Keys as a file for machines that have no store: `login suite base64`, one a line; `#` begins a
/// remark.
pub fn to_file(keys: &[Pinned]) -> String {
    let mut out = String::new();
    for pin in keys {
        out.push_str(&format!(
            "{} {} {}\n",
            pin.login,
            pin.key.suite(),
            pin.key.to_base64()
        ));
    }
    out
}

/// Reads [`to_file`]. The number of the first line that is none is the error.
pub fn from_file(text: &str) -> Result<Vec<Pinned>, usize> {
    let mut keys = Vec::new();
    for (n, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let read = || {
            let mut words = line.split_whitespace();
            let login = words.next()?.to_owned();
            let suite: Suite = words.next()?.parse().ok()?;
            let key = PublicKey::from_base64(suite, words.next()?).ok()?;
            words.next().is_none().then_some(Pinned { login, key })
        };
        keys.push(read().ok_or(n + 1)?);
    }
    Ok(keys)
}
