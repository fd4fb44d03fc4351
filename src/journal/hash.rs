//! Hashes, the two cryptographic suites and the journal's id.
//!
//! Every hash of the journal begins with a tag that ends in a zero byte, so that bytes made for one
//! purpose can never be taken for another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use sm3::Sm3;

/// Text that is not the lower-case hex of the expected length.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {0} lower-case hex digits")]
pub struct HexError(usize);

/// A suite name nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown suite")]
pub struct SuiteError;

/// One text form only (lower case, full length): two spellings of one hash in signed bytes would be
/// two entries that mean the same.
pub(super) fn unhex<const N: usize>(text: &str) -> Result<[u8; N], HexError> {
    let mut bytes = [0; N];
    if text.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err(HexError(N * 2));
    }
    hex::decode_to_slice(text, &mut bytes).map_err(|_| HexError(N * 2))?;
    Ok(bytes)
}

macro_rules! fixed_bytes {
    ($name:ident, $len:literal) => {
        impl $name {
            /// All zeros: the value before anything happened.
            pub const ZERO: Self = Self([0; $len]);

            /// Takes exactly the right number of bytes.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }

            /// The raw bytes.
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }
        }

        impl From<[u8; $len]> for $name {
            fn from(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&hex::encode(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = HexError;

            fn from_str(text: &str) -> Result<Self, HexError> {
                unhex(text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

/// A 256-bit hash of the journal's suite.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; 32]);
fixed_bytes!(Hash, 32);

/// The random 128-bit name a journal gets when it is founded.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JournalId([u8; 16]);
fixed_bytes!(JournalId, 16);

/// The pair of signature scheme and hash, chosen once when the journal is founded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Suite {
    /// Ed25519 signatures, SHA-256.
    Ed25519Sha256,
    /// The national suite: SM2 signatures, SM3.
    Sm2Sm3,
}

impl Suite {
    /// Both suites, for menus and tests.
    pub const ALL: [Self; 2] = [Self::Ed25519Sha256, Self::Sm2Sm3];

    /// The name written into entries.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ed25519Sha256 => "ed25519+sha256",
            Self::Sm2Sm3 => "sm2+sm3",
        }
    }

    /// Hash of a tag (with its trailing zero byte) and parts laid end to end.
    ///
    /// The parts are not length-prefixed: every use has at most one part of variable length, and it
    /// comes last.
    pub fn hash(self, tag: &[u8], parts: &[&[u8]]) -> Hash {
        let mut hasher = Hasher::new(self, tag);
        for part in parts {
            hasher.update(part);
        }
        hasher.finish()
    }
}

impl fmt::Display for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Suite {
    type Err = SuiteError;

    fn from_str(text: &str) -> Result<Self, SuiteError> {
        Self::ALL
            .into_iter()
            .find(|suite| suite.name() == text)
            .ok_or(SuiteError)
    }
}

impl Serialize for Suite {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Suite {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[derive(Clone)]
enum State {
    Sha256(Sha256),
    Sm3(Sm3),
}

/// A hash fed piece by piece.
#[derive(Clone)]
pub struct Hasher(State);

impl Hasher {
    /// Starts a hash under a tag (with its trailing zero byte).
    pub fn new(suite: Suite, tag: &[u8]) -> Self {
        let mut hasher = Self(match suite {
            Suite::Ed25519Sha256 => State::Sha256(Sha256::new()),
            Suite::Sm2Sm3 => State::Sm3(Sm3::new()),
        });
        hasher.update(tag);
        hasher
    }

    /// Feeds more bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            State::Sha256(state) => state.update(bytes),
            State::Sm3(state) => state.update(bytes),
        }
    }

    /// The hash of all that was fed.
    pub fn finish(self) -> Hash {
        match self.0 {
            State::Sha256(state) => Hash(state.finalize().into()),
            State::Sm3(state) => Hash(state.finalize().into()),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_standards_sample_hashes() {
        // FIPS 180-2 appendix B.1 and B.2.
        assert_eq!(
            Suite::Ed25519Sha256.hash(b"abc", &[]).to_string(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        // GB/T 32905-2016 appendix A.1 and A.2.
        assert_eq!(
            Suite::Sm2Sm3.hash(b"abc", &[]).to_string(),
            "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
        );
        assert_eq!(
            Suite::Sm2Sm3
                .hash(b"", &[b"abcd".repeat(16).as_slice()])
                .to_string(),
            "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
        );
    }

    #[test]
    fn pieces_hash_like_the_whole() {
        for suite in Suite::ALL {
            let whole = suite.hash(b"t\0", &[b"one", b"two"]);
            let mut hasher = Hasher::new(suite, b"t\0");
            for byte in b"onetwo" {
                hasher.update(&[*byte]);
            }
            assert_eq!(hasher.finish(), whole);
        }
    }

    #[test]
    fn one_text_form_only() {
        let hash = Suite::Sm2Sm3.hash(b"x\0", &[]);
        let text = hash.to_string();
        assert_eq!(text.parse::<Hash>().unwrap(), hash);
        assert!(text.to_uppercase().parse::<Hash>().is_err());
        assert!(text[1..].parse::<Hash>().is_err());
        assert!(format!("{text}00").parse::<Hash>().is_err());
        let json = serde_json::to_string(&hash).unwrap();
        assert_eq!(json, format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<Hash>(&json).unwrap(), hash);
        assert!("ed25519+SHA256".parse::<Suite>().is_err());
        for suite in Suite::ALL {
            let json = serde_json::to_string(&suite).unwrap();
            assert_eq!(serde_json::from_str::<Suite>(&json).unwrap(), suite);
        }
    }
}
