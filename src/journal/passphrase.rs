//! The passphrase policy of `norms/security.toml`.

/// Which part of the passphrase policy a passphrase breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PassphraseFault {
    /// Fewer than [`PASSPHRASE_MIN`] characters.
    #[error("a passphrase needs at least {PASSPHRASE_MIN} characters")]
    TooShort,
    /// Fewer than [`PASSPHRASE_CLASSES`] of: small letters, capitals, digits, all others.
    #[error("a passphrase needs {PASSPHRASE_CLASSES} of the four character classes")]
    TooUniform,
}

/// Fewest characters of a passphrase (`norms/security.toml`, login).
pub const PASSPHRASE_MIN: usize = 8;
/// Fewest character classes of a passphrase (`norms/security.toml`, login).
pub const PASSPHRASE_CLASSES: usize = 3;

/// Checks a new passphrase against the policy. An old one is never checked again: a stricter policy
/// must not lock people out of their keys.
pub fn check_passphrase(passphrase: &str) -> Result<(), PassphraseFault> {
    if passphrase.chars().count() < PASSPHRASE_MIN {
        return Err(PassphraseFault::TooShort);
    }
    let classes: [fn(char) -> bool; 4] = [
        |c| c.is_ascii_lowercase(),
        |c| c.is_ascii_uppercase(),
        |c| c.is_ascii_digit(),
        |c| !c.is_ascii_alphanumeric(),
    ];
    let present = classes
        .iter()
        .filter(|class| passphrase.chars().any(class))
        .count();
    if present < PASSPHRASE_CLASSES {
        return Err(PassphraseFault::TooUniform);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passphrase_policy() {
        assert_eq!(check_passphrase("aB3!xyz"), Err(PassphraseFault::TooShort));
        assert_eq!(
            check_passphrase("abcdefgh12"),
            Err(PassphraseFault::TooUniform)
        );
        assert_eq!(check_passphrase("Abcdefgh12"), Ok(()));
        assert_eq!(check_passphrase("税务网站ab12"), Ok(()));
    }
}
