//! API keys.

use super::{Page, StoreError};
use crate::domain::api_key::ApiKey;
use crate::domain::id::ApiKeyId;
use crate::domain::tenant::Tenant;
use crate::secret::Digest;
use async_trait::async_trait;
use time::OffsetDateTime;

/// API keys.
#[async_trait]
pub trait KeyStore: Send + Sync + 'static {
    /// Adds a key.
    async fn add_api_key(&self, key: &ApiKey) -> Result<(), StoreError>;

    /// The key with this digest, good or not.
    async fn api_key(&self, digest: Digest) -> Result<Option<ApiKey>, StoreError>;

    /// One page of a tenant's keys, newest first.
    async fn api_keys(&self, tenant: &Tenant, page: &Page) -> Result<Vec<ApiKey>, StoreError>;

    /// All keys, oldest first.
    async fn all_api_keys(&self) -> Result<Vec<ApiKey>, StoreError>;

    /// Writes down when a key was used.
    async fn save_use(&self, id: &ApiKeyId, now: OffsetDateTime) -> Result<(), StoreError>;

    /// Revokes a key, of this tenant when one is named. One that was revoked before stays as it is. Is there such a key?
    async fn revoke_api_key(
        &self,
        tenant: Option<&Tenant>,
        id: &ApiKeyId,
        now: OffsetDateTime,
    ) -> Result<bool, StoreError>;
}
