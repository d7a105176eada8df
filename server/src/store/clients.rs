//! The clients that tenants registered at services.

use super::{Saved, StoreError};
use crate::domain::service_client::ServiceClient;
use crate::domain::tenant::Tenant;
use async_trait::async_trait;

/// Clients at services.
#[async_trait]
pub trait ClientStore: Send + Sync + 'static {
    /// All clients of a tenant.
    async fn service_clients(&self, tenant: &Tenant) -> Result<Vec<ServiceClient>, StoreError>;

    /// A tenant's client at a service.
    async fn service_client(
        &self,
        tenant: &Tenant,
        service_name: &str,
    ) -> Result<Option<ServiceClient>, StoreError>;

    /// Saves a client as the next version of the one before it, if there is one; [`Saved::Conflict`] when it is not.
    async fn save_service_client(&self, client: &ServiceClient) -> Result<Saved, StoreError>;

    /// Removes a tenant's client at a service. Was there one?
    async fn remove_service_client(
        &self,
        tenant: &Tenant,
        service_name: &str,
    ) -> Result<bool, StoreError>;
}
