//! Sealing and opening: a fresh data key encrypts the secret, the ring's active key encrypts the data key.
//!
//! XChaCha20-Poly1305 both times, each with a random 24-byte nonce and the [`Context`] as associated data.

use crate::sealed::{NONCE_LEN, TAG_LEN};
use crate::{Context, Key, KeyId, KeyRing, Random, Sealed};
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

const WRAP: &str = "railhead-vault/1/data-key";
const SECRET: &str = "railhead-vault/1/secret";

/// Where [`KeyRing::check_value`] is sealed: no record's place, and proof enough by itself.
const CHECK_PLACE: Context<'static> = Context {
    workspace: "",
    record: "",
    field: "railhead-vault/check",
    version: 0,
};

/// Why a secret was not sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Longer than [`KeyRing::MAX_SECRET_LEN`].
    #[error("the secret is longer than {} bytes", KeyRing::MAX_SECRET_LEN)]
    TooLong,
}

/// Why a sealed secret does not open.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Not a sealed secret of a format that this version reads.
    #[error("the stored value is not a sealed secret of format 1")]
    Malformed,
    /// The ring lacks the key.
    #[error(
        "sealed with the key `{0}`, which is not in the key file: put that key back from a backup"
    )]
    UnknownKey(KeyId),
    /// The ring's key of this id is not the one that sealed it, or the value was altered or moved here from
    /// another workspace, record, field or version.
    #[error(
        "does not open with the key `{0}`: the value was altered or belongs elsewhere, or the key file holds \
         another key under that id"
    )]
    Refused(KeyId),
    /// It opens, but is not UTF-8; only [`KeyRing::open_text`] says this.
    #[error("the sealed secret is not text")]
    NotText,
}

/// Why a key file does not fit a database.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckError {
    /// The file lacks the key that the database was sealed with.
    #[error(
        "the database was sealed with the key `{0}`, which is not in the key file: use the key file that belongs \
         to this database, from a backup if need be"
    )]
    UnknownKey(KeyId),
    /// The file's key of this id is another one.
    #[error(
        "the key file's key `{0}` is not the one that the database was sealed with: use the key file that belongs \
         to this database, from a backup if need be"
    )]
    WrongKey(KeyId),
}

impl KeyRing {
    /// The longest secret that is sealed, in bytes.
    pub const MAX_SECRET_LEN: usize = 256 * 1024;

    /// Seals `secret` for one place with the active key.
    pub fn seal(
        &self,
        context: &Context<'_>,
        secret: &[u8],
        random: &dyn Random,
    ) -> Result<Sealed, SealError> {
        if secret.len() > Self::MAX_SECRET_LEN {
            return Err(SealError::TooLong);
        }
        let data_key = Key::generate(random);
        let nonce = new_nonce(random);
        let associated = context.associated_data(SECRET, "");
        let ciphertext = encrypt(&data_key, &nonce, secret, &associated)?;
        let (key_id, wrap_nonce, wrapped_key) = self.wrap(context, &data_key, random)?;
        Ok(Sealed {
            key_id,
            wrap_nonce,
            wrapped_key,
            nonce,
            ciphertext,
        })
    }

    /// [`KeyRing::seal`] for a secret that is text.
    pub fn seal_text(
        &self,
        context: &Context<'_>,
        secret: &SecretString,
        random: &dyn Random,
    ) -> Result<Sealed, SealError> {
        self.seal(context, secret.expose_secret().as_bytes(), random)
    }

    /// Opens what was sealed for this very place.
    pub fn open(
        &self,
        context: &Context<'_>,
        sealed: &Sealed,
    ) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let data_key = self.unwrap(context, sealed)?;
        let associated = context.associated_data(SECRET, "");
        decrypt(&data_key, &sealed.nonce, &sealed.ciphertext, &associated)
            .ok_or_else(|| OpenError::Refused(sealed.key_id.clone()))
    }

    /// [`KeyRing::open`] for a secret that is text.
    pub fn open_text(
        &self,
        context: &Context<'_>,
        sealed: &Sealed,
    ) -> Result<SecretString, OpenError> {
        let bytes = self.open(context, sealed)?;
        std::str::from_utf8(&bytes)
            .map(SecretString::from)
            .map_err(|_| OpenError::NotText)
    }

    /// Is it sealed with another key than the active one?
    #[must_use]
    pub fn needs_rewrap(&self, sealed: &Sealed) -> bool {
        sealed.key_id != *self.active()
    }

    /// Wraps the data key with the active key; the secret itself is neither decrypted nor changed. Both the value
    /// before and the value after open as long as both keys are in the ring, so a rotation can stop anywhere.
    pub fn rewrap(
        &self,
        context: &Context<'_>,
        sealed: &Sealed,
        random: &dyn Random,
    ) -> Result<Sealed, OpenError> {
        let data_key = self.unwrap(context, sealed)?;
        // A data key is never too long.
        let wrapped = self.wrap(context, &data_key, random);
        let (key_id, wrap_nonce, wrapped_key) = wrapped.map_err(|_| OpenError::Malformed)?;
        let Sealed {
            nonce,
            ref ciphertext,
            ..
        } = *sealed;
        Ok(Sealed {
            key_id,
            wrap_nonce,
            wrapped_key,
            nonce,
            ciphertext: ciphertext.clone(),
        })
    }

    /// A value to store beside the data, at first start and after every rotation, which [`KeyRing::verify_check`]
    /// recognises at the next start.
    pub fn check_value(&self, random: &dyn Random) -> Result<Sealed, SealError> {
        self.seal(&CHECK_PLACE, b"", random)
    }

    /// Does this ring fit the data that `check` was stored with?
    pub fn verify_check(&self, check: &Sealed) -> Result<(), CheckError> {
        match self.open(&CHECK_PLACE, check) {
            Ok(_) => Ok(()),
            Err(OpenError::UnknownKey(id)) => Err(CheckError::UnknownKey(id)),
            Err(_) => Err(CheckError::WrongKey(check.key_id.clone())),
        }
    }

    fn wrap(
        &self,
        context: &Context<'_>,
        data_key: &Key,
        random: &dyn Random,
    ) -> Result<Wrapped, SealError> {
        let (id, key) = self.active_entry();
        let nonce = new_nonce(random);
        let associated = context.associated_data(WRAP, id.as_str());
        let ciphertext = encrypt(key, &nonce, data_key.bytes(), &associated)?;
        let wrapped = ciphertext.try_into().map_err(|_| SealError::TooLong)?;
        Ok((id.clone(), nonce, wrapped))
    }

    fn unwrap(&self, context: &Context<'_>, sealed: &Sealed) -> Result<Key, OpenError> {
        let id = &sealed.key_id;
        let key = self
            .get(id)
            .ok_or_else(|| OpenError::UnknownKey(id.clone()))?;
        let associated = context.associated_data(WRAP, id.as_str());
        decrypt(key, &sealed.wrap_nonce, &sealed.wrapped_key, &associated)
            .and_then(|bytes| Key::from_bytes(&bytes))
            .ok_or_else(|| OpenError::Refused(id.clone()))
    }
}

/// The wrapping key's id, the nonce, the wrapped data key.
type Wrapped = (KeyId, [u8; NONCE_LEN], [u8; Key::LEN + TAG_LEN]);

fn new_nonce(random: &dyn Random) -> [u8; NONCE_LEN] {
    let mut nonce = [0; NONCE_LEN];
    random.fill(&mut nonce);
    nonce
}

fn encrypt(
    key: &Key,
    nonce: &[u8; NONCE_LEN],
    msg: &[u8],
    aad: &[u8],
) -> Result<Vec<u8>, SealError> {
    // The cipher's only error is a message of more than 256 GiB.
    XChaCha20Poly1305::new(key.bytes().into())
        .encrypt(nonce.into(), Payload { msg, aad })
        .map_err(|_| SealError::TooLong)
}

fn decrypt(
    key: &Key,
    nonce: &[u8; NONCE_LEN],
    msg: &[u8],
    aad: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    XChaCha20Poly1305::new(key.bytes().into())
        .decrypt(nonce.into(), Payload { msg, aad })
        .ok()
        .map(Zeroizing::new)
}
