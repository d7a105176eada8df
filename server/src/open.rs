//! Opens what every command needs: the data directory, the store, the vault.

use crate::config::Config;
use crate::entropy::SharedEntropy;
use crate::exclusive::{create_directory, create_private_file};
use crate::store::{SqlStore, StoreError};
use crate::vault::{KeySource, KeyState, Vault, VaultError};
use std::path::PathBuf;
use std::sync::Arc;

/// The store and the vault of one data directory.
pub struct Opened {
    /// The store.
    pub store: Arc<SqlStore>,
    /// The vault.
    pub vault: Vault,
    /// Was there a key file?
    pub key_state: KeyState,
}

/// Why they cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenDataError {
    /// The data directory.
    #[error("the data directory {} cannot be made or used", .path.display())]
    Directory {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The store.
    #[error("the database {database} cannot be opened")]
    Store {
        /// Which one.
        database: String,
        /// Why.
        source: StoreError,
    },
    /// The vault.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// Opens them, making what is missing.
pub async fn open(config: &Config, entropy: SharedEntropy) -> Result<Opened, OpenDataError> {
    create_directory(&config.data_dir).map_err(|source| OpenDataError::Directory {
        path: config.data_dir.clone(),
        source,
    })?;
    let store = match &config.database {
        Some(url) => SqlStore::open_postgres(url.address()).await,
        None => SqlStore::open_file(&private_file(config)?).await,
    };
    let store = store.map_err(|source| OpenDataError::Store {
        database: config.database_name(),
        source,
    })?;
    let (vault, key_state) = Vault::open(KeySource::of(config), &store, entropy).await?;
    Ok(Opened {
        store: Arc::new(store),
        vault,
        key_state,
    })
}

fn private_file(config: &Config) -> Result<PathBuf, OpenDataError> {
    let file = config.database_file();
    create_private_file(&file).map_err(|source| OpenDataError::Directory {
        path: config.data_dir.clone(),
        source,
    })?;
    Ok(file)
}
