//! Public keys, signers and the passphrase-sealed key file.
//!
//! A public key is known by its `SubjectPublicKeyInfo` bytes and named by their hash. Exactly one
//! encoding per key is accepted, or one key could be enrolled twice under two names.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::Signer as _;
use pkcs8::der::Decode;
use pkcs8::spki::SubjectPublicKeyInfoRef;
use pkcs8::{EncodePublicKey, ObjectIdentifier};
use sm2::dsa::signature::Verifier;

use super::hash::{Hash, Suite};
use super::passphrase::PassphraseFault;

/// The identifier every SM2 signature of the journal is bound to; the default of GM/T 0009.
pub const SM2_ID: &str = "1234567812345678";

/// Length of a signature in either suite.
pub const SIGNATURE_LEN: usize = 64;

const ED25519: ObjectIdentifier = ed25519_dalek::pkcs8::ALGORITHM_OID;
const EC: ObjectIdentifier = sm2::elliptic_curve::ALGORITHM_OID;

/// Why a key cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The passphrase does not open this file (or the sealed bytes were altered: the cipher of
    /// PKCS#8 files cannot tell the two apart).
    #[error("wrong passphrase")]
    WrongPassphrase,
    /// Not a key file, or not one this program writes.
    #[error("broken key: {0}")]
    Broken(&'static str),
    /// A sound key, but for another suite than the one asked for or than the journal knows.
    #[error("the key belongs to another suite")]
    WrongSuite,
    /// The passphrase breaks the policy.
    #[error(transparent)]
    Passphrase(#[from] PassphraseFault),
    /// The operating system gave no random bytes.
    #[error("no randomness from the operating system")]
    Random,
}

#[derive(Clone)]
enum Parsed {
    Ed25519(ed25519_dalek::VerifyingKey),
    Sm2(Box<sm2::dsa::VerifyingKey>),
}

/// A public key, parsed once so that thousands of signatures can be checked with it.
#[derive(Clone)]
pub struct PublicKey {
    spki: Vec<u8>,
    id: Hash,
    parsed: Parsed,
}

impl PublicKey {
    /// Reads the `SubjectPublicKeyInfo` DER bytes of a key of `suite`.
    pub fn from_spki(suite: Suite, spki: &[u8]) -> Result<Self, KeyError> {
        let info = SubjectPublicKeyInfoRef::from_der(spki)
            .map_err(|_| KeyError::Broken("not a public key"))?;
        let key = match (suite, info.algorithm.oid) {
            (Suite::Ed25519Sha256, ED25519) => {
                let key = ed25519_dalek::VerifyingKey::try_from(info)
                    .map_err(|_| KeyError::Broken("not a point of the curve"))?;
                Self::from_ed25519(key)?
            }
            (Suite::Sm2Sm3, EC) => {
                let key = sm2::PublicKey::try_from(info).map_err(|_| KeyError::WrongSuite)?;
                Self::from_sm2(&key)?
            }
            _ => return Err(KeyError::WrongSuite),
        };
        if key.spki != spki {
            return Err(KeyError::Broken("not the one encoding of this key"));
        }
        Ok(key)
    }

    /// Reads the text form found in entries.
    pub fn from_base64(suite: Suite, text: &str) -> Result<Self, KeyError> {
        let spki = STANDARD
            .decode(text)
            .map_err(|_| KeyError::Broken("not base64"))?;
        Self::from_spki(suite, &spki)
    }

    fn from_ed25519(key: ed25519_dalek::VerifyingKey) -> Result<Self, KeyError> {
        // A key of small order would accept one signature for many messages; and a point has one
        // encoding only, or it would have two ids.
        if key.is_weak() || key.to_edwards().compress().as_bytes() != key.as_bytes() {
            return Err(KeyError::Broken("weak key"));
        }
        let spki = key
            .to_public_key_der()
            .map_err(|_| KeyError::Broken("cannot be encoded"))?
            .into_vec();
        Ok(Self::assemble(
            Suite::Ed25519Sha256,
            spki,
            Parsed::Ed25519(key),
        ))
    }

    fn from_sm2(key: &sm2::PublicKey) -> Result<Self, KeyError> {
        let spki = key
            .to_public_key_der()
            .map_err(|_| KeyError::Broken("cannot be encoded"))?
            .into_vec();
        let key = sm2::dsa::VerifyingKey::new(SM2_ID, *key)
            .map_err(|_| KeyError::Broken("not a point of the curve"))?;
        Ok(Self::assemble(
            Suite::Sm2Sm3,
            spki,
            Parsed::Sm2(Box::new(key)),
        ))
    }

    fn assemble(suite: Suite, spki: Vec<u8>, parsed: Parsed) -> Self {
        let id = suite.hash(b"key/1\0", &[&spki]);
        Self { spki, id, parsed }
    }

    /// The suite this key signs in.
    pub const fn suite(&self) -> Suite {
        match self.parsed {
            Parsed::Ed25519(_) => Suite::Ed25519Sha256,
            Parsed::Sm2(_) => Suite::Sm2Sm3,
        }
    }

    /// The `SubjectPublicKeyInfo` DER bytes.
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// The text form found in entries: base64 of the DER bytes.
    pub fn to_base64(&self) -> String {
        STANDARD.encode(&self.spki)
    }

    /// The key's name: `H("key/1\0" ‖ spki)`.
    pub const fn id(&self) -> Hash {
        self.id
    }

    /// The bare point: 32 bytes for Ed25519, 65 (`04 ‖ x ‖ y`) for SM2.
    pub fn point(&self) -> Vec<u8> {
        match &self.parsed {
            Parsed::Ed25519(key) => key.as_bytes().to_vec(),
            Parsed::Sm2(key) => key.to_sec1_bytes().into_vec(),
        }
    }

    /// Whether `sig` is this key's signature of `message`. Ed25519 is checked strictly, so that
    /// every verifier comes to the same answer.
    pub fn verify(&self, message: &[u8], sig: &[u8]) -> bool {
        match &self.parsed {
            Parsed::Ed25519(key) => ed25519_dalek::Signature::from_slice(sig)
                .is_ok_and(|sig| key.verify_strict(message, &sig).is_ok()),
            Parsed::Sm2(key) => sm2::dsa::Signature::from_slice(sig)
                .is_ok_and(|sig| key.verify(message, &sig).is_ok()),
        }
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.spki == other.spki
    }
}

impl Eq for PublicKey {}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({} {})", self.suite(), self.id)
    }
}

/// Whoever can sign: a key in memory today, a token in a drawer tomorrow.
pub trait Signer: Send {
    /// The public half.
    fn public(&self) -> &PublicKey;

    /// Signs `message`: 64 bytes, or none when the device refuses (an empty signature verifies
    /// nowhere, so a refusal cannot be mistaken for a signature).
    fn sign(&self, message: &[u8]) -> Vec<u8>;
}

/// The secret half; each kind wipes itself when dropped.
pub(super) enum Secret {
    Ed25519(ed25519_dalek::SigningKey),
    Sm2(sm2::SecretKey),
}

/// A key held in memory, from an opened key file.
pub struct SoftKey {
    secret: Secret,
    public: PublicKey,
}

impl SoftKey {
    /// Makes a new key from the operating system's randomness.
    pub fn generate(suite: Suite) -> Result<Self, KeyError> {
        let mut seed = zeroize::Zeroizing::new([0; 32]);
        loop {
            getrandom::fill(seed.as_mut_slice()).map_err(|_| KeyError::Random)?;
            // Only a number beyond the order of the SM2 curve is refused: about never.
            if let Ok(key) = Self::from_secret(suite, &seed) {
                return Ok(key);
            }
        }
    }

    /// The key with a given secret: the seed of Ed25519, the scalar (big endian) of SM2.
    pub fn from_secret(suite: Suite, secret: &[u8; 32]) -> Result<Self, KeyError> {
        match suite {
            Suite::Ed25519Sha256 => Self::assemble(Secret::Ed25519(
                ed25519_dalek::SigningKey::from_bytes(secret),
            )),
            Suite::Sm2Sm3 => sm2::SecretKey::from_slice(secret)
                .map_err(|_| KeyError::Broken("not a scalar of the curve"))
                .and_then(|secret| Self::assemble(Secret::Sm2(secret))),
        }
    }

    pub(super) fn assemble(secret: Secret) -> Result<Self, KeyError> {
        let public = match &secret {
            Secret::Ed25519(key) => PublicKey::from_ed25519(key.verifying_key())?,
            Secret::Sm2(key) => PublicKey::from_sm2(&key.public_key())?,
        };
        Ok(Self { secret, public })
    }

    pub(super) const fn secret(&self) -> &Secret {
        &self.secret
    }

    /// The suite this key signs in.
    pub const fn suite(&self) -> Suite {
        self.public.suite()
    }
}

/// One unlocked key used by several desks of one process.
impl<S: Signer + Sync> Signer for std::sync::Arc<S> {
    fn public(&self) -> &PublicKey {
        self.as_ref().public()
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.as_ref().sign(message)
    }
}

impl Signer for SoftKey {
    fn public(&self) -> &PublicKey {
        &self.public
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match &self.secret {
            Secret::Ed25519(key) => key.sign(message).to_bytes().to_vec(),
            // The signing key of the `sm2` crate does not wipe itself, so it lives only this long.
            Secret::Sm2(key) => sm2::dsa::SigningKey::new(SM2_ID, key)
                .and_then(|key| key.try_sign(message))
                .map(|sig: sm2::dsa::Signature| sig.to_vec())
                .unwrap_or_default(),
        }
    }
}

impl fmt::Debug for SoftKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SoftKey({:?})", self.public)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn rfc_8032_vectors() {
        // Section 7.1, TEST 1 to 3: secret, public, message, signature.
        let vectors = [
            (
                "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                "",
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
            ),
            (
                "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                "72",
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
            ),
            (
                "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
                "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
                "af82",
                "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
            ),
        ];
        for (secret, public, message, sig) in vectors {
            let secret = hex::decode(secret).unwrap().try_into().unwrap();
            let key = SoftKey::from_secret(Suite::Ed25519Sha256, &secret).unwrap();
            let message = hex::decode(message).unwrap();
            assert_eq!(hex::encode(key.public().point()), public);
            assert_eq!(hex::encode(key.sign(&message)), sig);
            assert!(key.public().verify(&message, &hex::decode(sig).unwrap()));
        }
    }

    #[test]
    fn gbt_32918_sample() {
        // GB/T 32918.5-2017 appendix A.2: the recommended curve, default identifier.
        let secret = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8";
        let secret = hex::decode(secret).unwrap().try_into().unwrap();
        let key = SoftKey::from_secret(Suite::Sm2Sm3, &secret).unwrap();
        assert_eq!(
            hex::encode(key.public().point()),
            "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020\
             ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
        );
        let sig = hex::decode(
            "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3\
             b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa",
        )
        .unwrap();
        assert!(key.public().verify(b"message digest", &sig));
        assert!(!key.public().verify(b"message digesT", &sig));
    }

    #[test]
    fn keys_have_one_encoding_and_one_suite() {
        for suite in Suite::ALL {
            let key = SoftKey::generate(suite).unwrap();
            let public = key.public();
            let again = PublicKey::from_base64(suite, &public.to_base64()).unwrap();
            assert_eq!(again.id(), public.id());
            let other = Suite::ALL.into_iter().find(|s| *s != suite).unwrap();
            assert_eq!(
                PublicKey::from_spki(other, public.spki()),
                Err(KeyError::WrongSuite)
            );
            let mut long = public.spki().to_vec();
            long.push(0);
            assert!(PublicKey::from_spki(suite, &long).is_err());
            let sig = key.sign(b"x");
            assert_eq!(sig.len(), SIGNATURE_LEN);
            assert!(again.verify(b"x", &sig));
            assert!(!again.verify(b"x", &sig[1..]));
            assert!(!again.verify(b"x", b""));
        }
        // The neutral point, a key for which anybody can sign.
        let mut weak = hex::decode("302a300506032b6570032100").unwrap();
        weak.extend([1].into_iter().chain([0; 31]));
        assert_eq!(
            PublicKey::from_spki(Suite::Ed25519Sha256, &weak),
            Err(KeyError::Broken("weak key"))
        );
    }
}
