//! Signatures of the Standard Webhooks specification: HMAC-SHA256 over the message's id, the time of the attempt and the
//! body.

use crate::entropy::Entropy;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;
use time::OffsetDateTime;
use zeroize::Zeroizing;

/// What the secrets begin with, so that people see what they hold.
const PREFIX: &str = "whsec_";

/// A secret cannot sign: it was not made by [`new_secret`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signing secret is damaged")]
pub struct BadSecret;

/// A message as it is posted.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// The same for each attempt, so that receivers recognise what they have seen.
    pub id: &'a str,
    /// When this attempt is made.
    pub at: OffsetDateTime,
    /// JSON.
    pub body: &'a str,
}

/// 256 bits that sign, as text.
#[must_use]
pub fn new_secret(entropy: &dyn Entropy) -> SecretString {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    entropy.fill(bytes.as_mut_slice());
    let encoded = Zeroizing::new(STANDARD.encode(bytes.as_slice()));
    format!("{PREFIX}{}", encoded.as_str()).into()
}

impl Message<'_> {
    /// Its signatures with each of `secrets`, as the header `webhook-signature` carries them.
    pub fn signatures(&self, secrets: &[SecretString]) -> Result<String, BadSecret> {
        let signed = secrets.iter().map(|secret| self.signature(secret));
        Ok(signed.collect::<Result<Vec<_>, _>>()?.join(" "))
    }

    fn signature(&self, secret: &SecretString) -> Result<String, BadSecret> {
        let key = secret.expose_secret().strip_prefix(PREFIX);
        let key = STANDARD.decode(key.ok_or(BadSecret)?);
        let key = Zeroizing::new(key.map_err(|_| BadSecret)?);
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| BadSecret)?;
        let at = self.at.unix_timestamp();
        mac.update(format!("{}.{at}.{}", self.id, self.body).as_bytes());
        Ok(format!(
            "v1,{}",
            STANDARD.encode(mac.finalize().into_bytes())
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::{BadSecret, Message, new_secret};
    use crate::entropy::SystemEntropy;
    use secrecy::ExposeSecret as _;
    use time::OffsetDateTime;

    const MESSAGE: Message<'_> = Message {
        id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
        at: OffsetDateTime::UNIX_EPOCH,
        body: r#"{"test": 2432232314}"#,
    };

    #[test]
    fn signs_as_the_specification_says() {
        // The example that the specification's own libraries are tested with.
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into();
        let at = OffsetDateTime::from_unix_timestamp(1_614_265_330).unwrap();
        let message = Message { at, ..MESSAGE };
        assert_eq!(
            message.signatures(&[secret]).unwrap(),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }

    #[test]
    fn signs_with_every_secret_and_with_no_damaged_one() {
        let secrets = [new_secret(&SystemEntropy), new_secret(&SystemEntropy)];
        let signatures = MESSAGE.signatures(&secrets).unwrap();
        assert_eq!(signatures.split(' ').count(), 2);
        assert_eq!(MESSAGE.signatures(&["whsec_%".into()]), Err(BadSecret));
        assert!(secrets[0].expose_secret().starts_with("whsec_"));
    }
}
