//! The server's hold on the vault: gets its keys at start and whenever they change, and seals for places of the
//! database.

mod source;

pub use source::{KeySource, KeySourceError};

use crate::domain::tenant::Tenant;
use crate::entropy::SharedEntropy;
use crate::store::{Store, StoreError};
use railhead_vault::key_file::{self, KeyFileError, Outcome};
use railhead_vault::{CheckError, Context, KeyRing, OpenError, SealError, Sealed};
use secrecy::SecretString;
use source::Stamp;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// Seals and opens.
pub struct Vault {
    keys: RwLock<Arc<KeyRing>>,
    source: KeySource,
    stamp: Mutex<Option<Stamp>>,
    entropy: SharedEntropy,
}

/// The place of a secret in the database.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Whose.
    pub tenant: &'a Tenant,
    /// The record's id.
    pub record: &'a str,
    /// The field.
    pub field: &'static str,
    /// The record's version.
    pub version: u32,
}

/// Why the vault's keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The keys.
    #[error(transparent)]
    Source(#[from] KeySourceError),
    /// The key file cannot be made.
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    /// The key file belongs to another database.
    #[error(transparent)]
    Check(#[from] CheckError),
    /// The value kept beside the data is not one of the vault's.
    #[error("what the database says of its vault key cannot be read")]
    CheckValue(#[source] OpenError),
    /// Nothing could be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Was there a key file?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// A first key was made just now.
    Created,
    /// It was there and fits the database.
    Fits,
}

impl Vault {
    /// Gets the keys from `source` for the database behind `store`. Makes a first key only in a file, and only for a
    /// database that has nothing sealed yet: for any other, a new key would open nothing.
    pub async fn open(
        source: KeySource,
        store: &dyn Store,
        entropy: SharedEntropy,
    ) -> Result<(Self, KeyState), VaultError> {
        let random = |buffer: &mut [u8]| entropy.fill(buffer);
        let stamp = source.stamp();
        let known = store.vault_check().await?;
        let (ring, state) = match (&known, &source) {
            (None, KeySource::File(file)) => match key_file::load_or_create(file, &random)? {
                (ring, Outcome::Created) => (ring, KeyState::Created),
                (ring, Outcome::Loaded) => (ring, KeyState::Fits),
            },
            _ => (source.load()?, KeyState::Fits),
        };
        let check = if let Some(check) = known {
            check
        } else {
            let own = ring.check_value(&random)?.to_string();
            store.save_vault_check(&own).await?;
            // Another server may have been first, with other keys.
            store.vault_check().await?.unwrap_or(own)
        };
        ring.verify_check(&check.parse().map_err(VaultError::CheckValue)?)?;
        let vault = Self {
            keys: RwLock::new(Arc::new(ring)),
            source,
            stamp: Mutex::new(stamp),
            entropy,
        };
        Ok((vault, state))
    }

    /// Where the keys come from.
    #[must_use]
    pub fn source(&self) -> &KeySource {
        &self.source
    }

    /// The keys as they are now.
    #[must_use]
    pub fn keys(&self) -> Arc<KeyRing> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.clone()
    }

    /// Reads the key file again if it has changed; says whether it had. When it cannot be used, the keys in hand stay.
    pub fn refresh(&self) -> Result<bool, KeySourceError> {
        let KeySource::File(_) = self.source else {
            return Ok(false);
        };
        let now = self.source.stamp();
        let mut seen = self.stamp.lock().unwrap_or_else(PoisonError::into_inner);
        if now.is_some() && *seen == now {
            return Ok(false);
        }
        let keys = self.source.load()?;
        // What is sealed with another vault's key, or an older one, is lost when the right file is put back.
        if !keys.succeeds(&self.keys()) {
            return Err(KeySourceError::Foreign(self.source.to_string()));
        }
        *seen = now;
        tracing::info!(keys = ?keys, "the vault's keys have changed");
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
        Ok(true)
    }

    /// Seals `secret` for `place`, with the key that is active now: a file of keys is looked at first, so that nothing is
    /// sealed with a key that is about to be taken away.
    pub fn seal(&self, place: &Place<'_>, secret: &SecretString) -> Result<String, SealError> {
        // Keys that cannot be read are reported by whoever watches the file; those in hand go on sealing.
        let _ = self.refresh();
        let random = |buffer: &mut [u8]| self.entropy.fill(buffer);
        let sealed = self.keys().seal_text(&place.context(), secret, &random)?;
        Ok(sealed.to_string())
    }

    /// Opens what was sealed for `place`.
    pub fn unseal(&self, place: &Place<'_>, sealed: &str) -> Result<SecretString, OpenError> {
        let sealed: Sealed = sealed.parse()?;
        match self.keys().open_text(&place.context(), &sealed) {
            // A rotation has just begun: its key is in the file before anything is sealed with it.
            Err(OpenError::UnknownKey(_)) => {
                // Reported by whoever watches the file. Another task may have read it just now.
                let _ = self.refresh();
                self.keys().open_text(&place.context(), &sealed)
            }
            result => result,
        }
    }

    /// Seals with the active key what another key of the ring seals; `None` when the active one does already. The
    /// secret itself is not decrypted.
    pub fn rewrap(&self, place: &Place<'_>, sealed: &str) -> Result<Option<String>, OpenError> {
        let random = |buffer: &mut [u8]| self.entropy.fill(buffer);
        let (keys, sealed): (_, Sealed) = (self.keys(), sealed.parse()?);
        if !keys.needs_rewrap(&sealed) {
            return Ok(None);
        }
        let rewrapped = keys.rewrap(&place.context(), &sealed, &random)?;
        Ok(Some(rewrapped.to_string()))
    }

    /// A new value by which the keys are recognised.
    pub fn check_value(&self) -> Result<String, SealError> {
        let random = |buffer: &mut [u8]| self.entropy.fill(buffer);
        Ok(self.keys().check_value(&random)?.to_string())
    }
}

impl<'a> Place<'a> {
    fn context(&self) -> Context<'a> {
        Context {
            workspace: self.tenant.workspace.as_str(),
            record: self.record,
            field: self.field,
            version: self.version,
        }
    }
}
