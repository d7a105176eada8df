//! Randomness, handed in, and the unguessable values made from it: codes, tokens, cookies.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use std::fmt;

/// Where the provider takes its randomness from.
pub trait Entropy: Send + Sync {
    /// Fills `bytes` with unpredictable values.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError>;
}

/// No randomness was to be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the system gave no randomness")]
pub struct EntropyError;

/// The operating system's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that asks the system for randomness"
    )]
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        getrandom::fill(bytes).map_err(|_| EntropyError)
    }
}

/// An unguessable value of 256 bits. Only its [`Fingerprint`] is kept.
pub(crate) struct Secret(String);

impl Secret {
    /// Makes a new one.
    pub(crate) fn mint(entropy: &dyn Entropy) -> Result<Self, EntropyError> {
        let mut bytes = [0; 32];
        entropy.fill(&mut bytes)?;
        Ok(Self(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The value itself, for the one answer that hands it over.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub(crate) fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// The SHA-256 of a secret: enough to recognise it, useless to anyone who reads it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// The fingerprint of a value somebody presents.
    pub(crate) fn of(presented: &str) -> Self {
        Self(Sha256::digest(presented).into())
    }
}

#[cfg(test)]
mod tests {
    use super::{Fingerprint, Secret, SystemEntropy};

    #[test]
    fn recognises_a_minted_secret_by_its_fingerprint_and_never_prints_it() {
        let secret = Secret::mint(&SystemEntropy).unwrap();
        assert_eq!(secret.reveal().len(), 43);
        assert!(secret.fingerprint() == Fingerprint::of(secret.reveal()));
        assert!(!format!("{secret:?}").contains(secret.reveal()));
    }
}
