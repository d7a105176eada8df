//! One key-encryption key and the id under which ciphertexts name it.

use crate::Random;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret as _, ExposeSecretMut as _, SecretBox};
use std::fmt;
use std::str::FromStr;
use zeroize::Zeroizing;

/// Names a key of the ring: 1 to 32 of the characters `a-z A-Z 0-9 _ -`. Not a secret.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(String);

/// A text that cannot be a [`KeyId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a key id has 1 to 32 of the characters a-z, A-Z, 0-9, _ and -")]
pub struct KeyIdError;

impl KeyId {
    /// The most characters an id has.
    pub const MAX_LEN: usize = 32;

    /// A new id that no other ring has either, so that a foreign key file is recognised as such.
    #[must_use]
    pub fn generate(random: &dyn Random) -> Self {
        const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
        let mut bytes = [0_u8; 12];
        random.fill(&mut bytes);
        let letters = bytes
            .iter()
            .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
        Self(std::iter::once('k').chain(letters).collect())
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KeyId {
    type Err = KeyIdError;

    fn from_str(text: &str) -> Result<Self, KeyIdError> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if text.is_empty() || text.len() > Self::MAX_LEN || !text.bytes().all(allowed) {
            return Err(KeyIdError);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A 256-bit key. Wiped from memory when dropped; its `Debug` shows nothing of it.
#[derive(Debug)]
pub struct Key(SecretBox<[u8; Key::LEN]>);

impl Key {
    /// Bytes in a key.
    pub const LEN: usize = 32;

    /// A new key.
    #[must_use]
    pub fn generate(random: &dyn Random) -> Self {
        let mut key = SecretBox::<[u8; Self::LEN]>::default();
        random.fill(key.expose_secret_mut());
        Self(key)
    }

    /// A key from its bytes; `None` unless there are exactly [`Key::LEN`].
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.len() != Self::LEN {
            return None;
        }
        let mut key = SecretBox::<[u8; Self::LEN]>::default();
        key.expose_secret_mut().copy_from_slice(bytes);
        Some(Self(key))
    }

    /// A key from the text of a key file.
    pub(crate) fn from_base64(text: &str) -> Option<Self> {
        let mut buffer = Zeroizing::new([0_u8; 2 * Self::LEN]);
        let length = URL_SAFE_NO_PAD
            .decode_slice(text, buffer.as_mut_slice())
            .ok()?;
        Self::from_bytes(buffer.get(..length)?)
    }

    /// The text of a key file.
    pub(crate) fn to_base64(&self) -> Zeroizing<String> {
        Zeroizing::new(URL_SAFE_NO_PAD.encode(self.bytes()))
    }

    pub(crate) fn bytes(&self) -> &[u8; Self::LEN] {
        self.0.expose_secret()
    }
}

#[cfg(test)]
mod tests {
    use super::{Key, KeyId};
    use crate::testing::Sequence;

    #[test]
    fn debug_shows_nothing_of_the_key() {
        let key = Key::generate(&Sequence::starting_at(1));
        let shown = format!("{key:?}");
        assert!(shown.contains("REDACTED"), "{shown}");
        assert!(!shown.contains(key.to_base64().as_str()));
        let bytes = format!("{:?}", key.bytes());
        assert!(!shown.contains(bytes.trim_matches(['[', ']'])), "{shown}");
    }

    #[test]
    fn survives_its_text_form() {
        let key = Key::generate(&Sequence::starting_at(2));
        let back = Key::from_base64(&key.to_base64()).expect("well formed");
        assert_eq!(back.bytes(), key.bytes());
    }

    #[test]
    fn refuses_texts_of_another_length() {
        for text in [
            "",
            "AAAA",
            &"A".repeat(42),
            &"A".repeat(44),
            &"A".repeat(4000),
            "*",
        ] {
            assert!(Key::from_base64(text).is_none(), "{text}");
        }
    }

    #[test]
    fn generated_ids_are_valid_ids() {
        let random = Sequence::starting_at(3);
        let (one, two) = (KeyId::generate(&random), KeyId::generate(&random));
        assert_eq!(one.as_str().parse(), Ok(one.clone()));
        assert_ne!(one, two);
    }

    #[test]
    fn refuses_ids_that_would_not_fit_a_key_file() {
        for text in ["", "a b", "a=b", "é", &"k".repeat(33)] {
            assert!(text.parse::<KeyId>().is_err(), "{text}");
        }
    }
}
