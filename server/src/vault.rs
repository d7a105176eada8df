//! The server's hold on the vault: opens its keys at start and seals for places of the database.

use crate::domain::tenant::Tenant;
use crate::entropy::SharedEntropy;
use crate::store::{Store, StoreError};
use railhead_vault::key_file::{self, KeyFileError, Outcome};
use railhead_vault::{CheckError, Context, KeyRing, OpenError, SealError, Sealed};
use secrecy::SecretString;
use std::path::Path;

/// Seals and opens.
pub struct Vault {
    ring: KeyRing,
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
    /// The key file.
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
    /// Opens the keys in `file` for the database behind `store`. Makes a first key only for a database that has
    /// nothing sealed yet: for any other, a new key would open nothing.
    pub async fn open(
        file: &Path,
        store: &dyn Store,
        entropy: SharedEntropy,
    ) -> Result<(Self, KeyState), VaultError> {
        let random = |buffer: &mut [u8]| entropy.fill(buffer);
        let check = store.vault_check().await?;
        let (ring, state) = if let Some(check) = check {
            let ring = key_file::load(file)?;
            let check: Sealed = check.parse().map_err(VaultError::CheckValue)?;
            ring.verify_check(&check)?;
            (ring, KeyState::Fits)
        } else {
            let (ring, outcome) = key_file::load_or_create(file, &random)?;
            store
                .save_vault_check(&ring.check_value(&random)?.to_string())
                .await?;
            // Another server may have come first, with another key.
            if let Some(check) = store.vault_check().await? {
                ring.verify_check(&check.parse().map_err(VaultError::CheckValue)?)?;
            }
            let state = match outcome {
                Outcome::Created => KeyState::Created,
                Outcome::Loaded => KeyState::Fits,
            };
            (ring, state)
        };
        Ok((Self { ring, entropy }, state))
    }

    /// Seals `secret` for `place`.
    pub fn seal(&self, place: &Place<'_>, secret: &SecretString) -> Result<String, SealError> {
        let random = |buffer: &mut [u8]| self.entropy.fill(buffer);
        Ok(self
            .ring
            .seal_text(&place.context(), secret, &random)?
            .to_string())
    }

    /// Opens what was sealed for `place`.
    pub fn unseal(&self, place: &Place<'_>, sealed: &str) -> Result<SecretString, OpenError> {
        self.ring.open_text(&place.context(), &sealed.parse()?)
    }

    /// The id of the key that seals.
    #[must_use]
    pub fn active_key(&self) -> &str {
        self.ring.active().as_str()
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
