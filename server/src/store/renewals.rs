//! Connections whose credentials are renewed though nobody asks for them.

use super::{Hold, Saved, StoreError};
use crate::domain::id::ConnectionId;
use crate::domain::tenant::Tenant;
use async_trait::async_trait;
use time::OffsetDateTime;

/// When credentials are renewed, and when not.
#[async_trait]
pub trait RenewalStore: Send + Sync + 'static {
    /// At most `limit` of the active connections that are due to be renewed at `now`, the one due longest first. No
    /// other server gets them before `until`.
    async fn claim_renewals(
        &self,
        now: OffsetDateTime,
        until: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<(Tenant, ConnectionId)>, StoreError>;

    /// Moves the renewal of the credentials of this version to `at`, and lets go of the claim.
    async fn plan_renewal(
        &self,
        id: &ConnectionId,
        version: u32,
        at: Option<OffsetDateTime>,
    ) -> Result<(), StoreError>;

    /// Saves that the service did not renew the credentials of this version, and that it is asked again after the
    /// hold; [`Saved::Conflict`] when they were replaced meanwhile.
    async fn hold_renewal(
        &self,
        id: &ConnectionId,
        version: u32,
        hold: &Hold,
    ) -> Result<Saved, StoreError>;
}
