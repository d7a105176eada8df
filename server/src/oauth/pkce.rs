//! Proof Key for Code Exchange (RFC 7636): a stolen code is worth nothing without the verifier.

use crate::entropy::{self, Entropy};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

/// A fresh verifier: 43 characters holding 256 bits.
#[must_use]
pub fn verifier(entropy: &dyn Entropy) -> SecretString {
    entropy::token(entropy).into()
}

/// The challenge of `verifier` by the method `S256`.
#[must_use]
pub fn challenge(verifier: &SecretString) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.expose_secret()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SystemEntropy;

    #[test]
    fn makes_the_challenge_of_rfc_7636_appendix_b() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into();
        assert_eq!(
            challenge(&verifier),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn verifiers_have_43_characters_and_never_repeat() {
        let (one, other) = (verifier(&SystemEntropy), verifier(&SystemEntropy));
        assert_eq!(one.expose_secret().len(), 43);
        assert_ne!(one.expose_secret(), other.expose_secret());
    }
}
