//! The sealed form of a secret, as it is stored: one line of text that names its format and its key.

use crate::{Key, KeyId, OpenError};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::fmt;
use std::str::FromStr;

/// Bytes in a nonce of XChaCha20-Poly1305; long enough to be random.
pub(crate) const NONCE_LEN: usize = 24;
/// Bytes that sealing adds.
pub(crate) const TAG_LEN: usize = 16;

const FORMAT: u8 = 1;
const WRAPPED_LEN: usize = Key::LEN + TAG_LEN;

/// A sealed secret. `to_string()` gives the text to store, `parse()` reads it back.
///
/// The text is base64url without padding of: format (1 byte, now 1), length of the key id (1 byte), key id, nonce of
/// the data key (24 bytes), wrapped data key (32 + 16), nonce of the secret (24), secret (its length + 16).
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    pub(crate) key_id: KeyId,
    pub(crate) wrap_nonce: [u8; NONCE_LEN],
    pub(crate) wrapped_key: [u8; WRAPPED_LEN],
    pub(crate) nonce: [u8; NONCE_LEN],
    pub(crate) ciphertext: Vec<u8>,
}

impl Sealed {
    /// The key of the ring that opens it.
    #[must_use]
    pub fn key_id(&self) -> &KeyId {
        &self.key_id
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (&[format, id_len], rest) = bytes.split_first_chunk()?;
        if format != FORMAT {
            return None;
        }
        let (id, rest) = rest.split_at_checked(usize::from(id_len))?;
        let (wrap_nonce, rest) = rest.split_first_chunk()?;
        let (wrapped_key, rest) = rest.split_first_chunk()?;
        let (nonce, ciphertext) = rest.split_first_chunk()?;
        (ciphertext.len() >= TAG_LEN).then_some(())?;
        Some(Self {
            key_id: std::str::from_utf8(id).ok()?.parse().ok()?,
            wrap_nonce: *wrap_nonce,
            wrapped_key: *wrapped_key,
            nonce: *nonce,
            ciphertext: ciphertext.to_vec(),
        })
    }

    fn encode(&self) -> Vec<u8> {
        let id = self.key_id.as_str().as_bytes();
        // An id has at most 32 characters.
        let id_len = u8::try_from(id.len()).unwrap_or(u8::MAX);
        let header: &[u8] = &[FORMAT, id_len];
        [
            header,
            id,
            &self.wrap_nonce,
            &self.wrapped_key,
            &self.nonce,
            &self.ciphertext,
        ]
        .concat()
    }
}

impl FromStr for Sealed {
    type Err = OpenError;

    fn from_str(text: &str) -> Result<Self, OpenError> {
        let bytes = URL_SAFE_NO_PAD
            .decode(text)
            .map_err(|_| OpenError::Malformed)?;
        Self::decode(&bytes).ok_or(OpenError::Malformed)
    }
}

impl fmt::Display for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.encode()))
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealed")
            .field("key_id", &self.key_id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::Sealed;
    use crate::OpenError;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    fn sealed() -> Sealed {
        Sealed {
            key_id: "k1".parse().expect("valid"),
            wrap_nonce: [1; 24],
            wrapped_key: [2; 48],
            nonce: [3; 24],
            ciphertext: vec![4; 20],
        }
    }

    #[test]
    fn survives_its_text_form() {
        let text = sealed().to_string();
        assert!(
            text.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        );
        assert_eq!(text.parse(), Ok(sealed()));
    }

    #[test]
    fn every_shorter_text_is_malformed() {
        let bytes = sealed().encode();
        let shortest = bytes.len() - 4;
        for length in 0..shortest {
            let text = URL_SAFE_NO_PAD.encode(&bytes[..length]);
            assert_eq!(
                text.parse::<Sealed>(),
                Err(OpenError::Malformed),
                "{length} bytes"
            );
        }
    }

    #[test]
    fn a_later_format_is_malformed() {
        let mut bytes = sealed().encode();
        bytes[0] = 2;
        assert_eq!(
            URL_SAFE_NO_PAD.encode(bytes).parse::<Sealed>(),
            Err(OpenError::Malformed)
        );
    }

    #[test]
    fn other_alphabets_and_padding_are_malformed() {
        let text = sealed().to_string();
        for wrong in [
            format!("{text}="),
            format!(" {text}"),
            "+/+/".to_owned(),
            "é".to_owned(),
        ] {
            assert_eq!(wrong.parse::<Sealed>(), Err(OpenError::Malformed));
        }
    }
}
