//! The sealed key file: an encrypted PKCS#8 PEM.
//!
//! OpenSSL 3.0 reads the SM2 files. It does not read the Ed25519 ones, because they carry the public
//! key too (RFC 5958, version 2); that is kept because it lets an altered file be recognised.

use pkcs8::der::Decode;
use pkcs8::der::pem::PemLabel;
use pkcs8::pkcs5::scrypt;
use pkcs8::pkcs5::{EncryptionScheme, pbes2};
use pkcs8::{
    EncodePrivateKey, EncryptedPrivateKeyInfoRef, LineEnding, PrivateKeyInfoRef, SecretDocument,
};

use super::passphrase::check_passphrase;
use super::sign::{KeyError, Secret, SoftKey};

/// How dear each guess at a passphrase is made (scrypt, RFC 7914).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealCost {
    /// Binary logarithm of the work factor; memory is `128 · r · 2^log_n` bytes.
    pub log_n: u8,
    /// Block size.
    pub r: u32,
    /// Parallel lanes.
    pub p: u32,
}

impl SealCost {
    /// What [`SoftKey::seal`] uses: 16 MiB and about a tenth of a second. Three lanes rather than more
    /// memory, because OpenSSL refuses files that ask for 32 MiB.
    pub const STRONG: Self = Self {
        log_n: 14,
        r: 8,
        p: 3,
    };
    /// For tests, where the key protects nothing.
    pub const QUICK: Self = Self {
        log_n: 4,
        r: 8,
        p: 1,
    };
}

/// A file may not ask for more memory than this: opening one must not bring the machine down.
const MEMORY_LIMIT: u64 = 256 << 20;

impl SoftKey {
    /// Seals the key under a passphrase that satisfies the policy; the text of the key file.
    pub fn seal(&self, passphrase: &str) -> Result<String, KeyError> {
        self.seal_with(passphrase, SealCost::STRONG)
    }

    /// Seals at a chosen cost. Anything below [`SealCost::STRONG`] is for tests and demonstrations.
    pub fn seal_with(&self, passphrase: &str, cost: SealCost) -> Result<String, KeyError> {
        check_passphrase(passphrase)?;
        let (mut salt, mut iv) = ([0; 16], [0; 16]);
        getrandom::fill(&mut salt).map_err(|_| KeyError::Random)?;
        getrandom::fill(&mut iv).map_err(|_| KeyError::Random)?;
        let broken = |_| KeyError::Broken("cannot be sealed");
        let params = scrypt::Params::new(cost.log_n, cost.r, cost.p)
            .map_err(|_| KeyError::Broken("impossible sealing cost"))?;
        // CBC rather than GCM, which few readers of PKCS#8 know. The public key inside the sealed
        // document is compared with the secret on opening, which stands in for the missing tag.
        let params = pbes2::Parameters::generate_scrypt_aes256cbc(params, &salt, iv)
            .map_err(|_| KeyError::Broken("impossible sealing cost"))?;
        let plain = match self.secret() {
            Secret::Ed25519(key) => key.to_pkcs8_der(),
            Secret::Sm2(key) => key.to_pkcs8_der(),
        }
        .map_err(broken)?;
        let info = PrivateKeyInfoRef::try_from(plain.as_bytes()).map_err(broken)?;
        let sealed = info
            .encrypt_with_params(params, passphrase)
            .map_err(broken)?;
        sealed
            .to_pem(EncryptedPrivateKeyInfoRef::PEM_LABEL, LineEnding::LF)
            .map(|pem| pem.to_string())
            .map_err(|_| KeyError::Broken("cannot be sealed"))
    }

    /// Opens a key file.
    pub fn open(pem: &str, passphrase: &str) -> Result<Self, KeyError> {
        let (label, sealed) =
            SecretDocument::from_pem(pem).map_err(|_| KeyError::Broken("not a PEM file"))?;
        EncryptedPrivateKeyInfoRef::validate_pem_label(label)
            .map_err(|_| KeyError::Broken("not an encrypted private key"))?;
        let sealed = EncryptedPrivateKeyInfoRef::try_from(sealed.as_bytes())
            .map_err(|_| KeyError::Broken("not an encrypted private key"))?;
        check_cost(&sealed.encryption_algorithm)?;
        let plain = sealed
            .decrypt(passphrase)
            .map_err(|_| KeyError::WrongPassphrase)?;
        // One wrong passphrase in 256 leaves plausible padding; what comes out is then no document.
        let info =
            PrivateKeyInfoRef::from_der(plain.as_bytes()).map_err(|_| KeyError::WrongPassphrase)?;
        if let Ok(key) = ed25519_dalek::SigningKey::try_from(info.clone()) {
            return Self::assemble(Secret::Ed25519(key));
        }
        match sm2::SecretKey::try_from(info.clone()) {
            Ok(key) => Self::assemble(Secret::Sm2(key)),
            Err(_) if is_known(&info) => Err(KeyError::WrongPassphrase),
            Err(_) => Err(KeyError::WrongSuite),
        }
    }
}

/// Whether the document claims to be of one of our suites. One that does and still cannot be read
/// was altered while sealed.
fn is_known(info: &PrivateKeyInfoRef<'_>) -> bool {
    use pkcs8::AssociatedOid;
    info.algorithm.oid == ed25519_dalek::pkcs8::ALGORITHM_OID
        || info
            .algorithm
            .assert_oids(sm2::elliptic_curve::ALGORITHM_OID, sm2::Sm2::OID)
            .is_ok()
}

fn check_cost(scheme: &EncryptionScheme) -> Result<(), KeyError> {
    let scrypt = match scheme {
        EncryptionScheme::Pbes2(params) => params.kdf.scrypt(),
        _ => None,
    }
    .ok_or(KeyError::Broken("not sealed with scrypt"))?;
    // The library computes the logarithm of this number and trusts it to have one.
    if !scrypt.cost_parameter.is_power_of_two() {
        return Err(KeyError::Broken("impossible sealing cost"));
    }
    let memory = u64::from(scrypt.block_size)
        .saturating_mul(128)
        .saturating_mul(scrypt.cost_parameter);
    if memory > MEMORY_LIMIT || scrypt.parallelization > 16 {
        return Err(KeyError::Broken("asks for too much memory"));
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::hash::Suite;
    use super::super::sign::Signer;
    use super::*;

    const GOOD: &str = "Open-Sesame-1";

    #[test]
    fn seal_and_open() {
        for suite in Suite::ALL {
            let key = SoftKey::generate(suite).unwrap();
            let pem = key.seal_with(GOOD, SealCost::QUICK).unwrap();
            assert!(pem.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
            let again = SoftKey::open(&pem, GOOD).unwrap();
            assert_eq!(again.public(), key.public());
            assert!(key.public().verify(b"m", &again.sign(b"m")));
            for wrong in 0..300 {
                let wrong = SoftKey::open(&pem, &format!("{GOOD}{wrong}"));
                assert_eq!(wrong.err(), Some(KeyError::WrongPassphrase));
            }
        }
    }

    #[test]
    fn an_altered_file_never_opens_as_another_key() {
        for suite in Suite::ALL {
            let key = SoftKey::generate(suite).unwrap();
            let pem = key.seal_with(GOOD, SealCost::QUICK).unwrap();
            let (_, document) = SecretDocument::from_pem(&pem).unwrap();
            let step = document.as_bytes().len() / 60;
            for at in (0..document.as_bytes().len()).step_by(step) {
                let mut bytes = document.as_bytes().to_vec();
                bytes[at] ^= 0x10;
                let pem = SecretDocument::try_from(bytes).and_then(|d| {
                    Ok(d.to_pem("ENCRYPTED PRIVATE KEY", LineEnding::LF)?
                        .to_string())
                });
                if let Ok(pem) = pem
                    && let Ok(opened) = SoftKey::open(&pem, GOOD)
                {
                    assert_eq!(opened.public(), key.public(), "byte {at}");
                }
            }
        }
    }

    #[test]
    fn refusals() {
        let key = SoftKey::generate(Suite::Ed25519Sha256).unwrap();
        assert!(matches!(key.seal("short"), Err(KeyError::Passphrase(_))));
        assert!(matches!(SoftKey::open("", GOOD), Err(KeyError::Broken(_))));
        assert!(matches!(
            SoftKey::open(
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
                GOOD
            ),
            Err(KeyError::Broken(_))
        ));
        let greedy = SealCost {
            log_n: 18,
            r: 16,
            p: 1,
        };
        let params = scrypt::Params::new(greedy.log_n, greedy.r, greedy.p).unwrap();
        let params =
            pbes2::Parameters::generate_scrypt_aes256cbc(params, &[0; 16], [0; 16]).unwrap();
        assert_eq!(
            check_cost(&params.into()),
            Err(KeyError::Broken("asks for too much memory"))
        );
        // A sound document of a third kind: X25519 differs from Ed25519 in one byte of its name.
        let mut plain = match key.secret() {
            Secret::Ed25519(key) => key.to_pkcs8_der().unwrap().as_bytes().to_vec(),
            Secret::Sm2(_) => unreachable!(),
        };
        let at = plain
            .windows(3)
            .position(|w| w == [0x2b, 0x65, 0x70])
            .unwrap();
        plain[at + 2] = 0x6e;
        let params = scrypt::Params::new(4, 8, 1).unwrap();
        let params =
            pbes2::Parameters::generate_scrypt_aes256cbc(params, &[0; 16], [0; 16]).unwrap();
        let pem = PrivateKeyInfoRef::from_der(&plain)
            .unwrap()
            .encrypt_with_params(params, GOOD)
            .unwrap()
            .to_pem("ENCRYPTED PRIVATE KEY", LineEnding::LF)
            .unwrap();
        assert_eq!(SoftKey::open(&pem, GOOD).err(), Some(KeyError::WrongSuite));
    }
}
