//! What happened: the audit trail.

use super::{Event, EventKind, Page, StoreError};
use crate::domain::id::{BusinessId, ConnectionId, EventId};
use crate::domain::tenant::Tenant;
use async_trait::async_trait;
use std::sync::Arc;
use time::OffsetDateTime;
use tokio::sync::Notify;

/// Which events.
#[derive(Clone, Debug, Default)]
pub struct EventFilter {
    /// Of this kind.
    pub kind: Option<EventKind>,
    /// About this business.
    pub business: Option<BusinessId>,
    /// About this connection.
    pub connection: Option<ConnectionId>,
    /// From then on.
    pub since: Option<OffsetDateTime>,
    /// Before that.
    pub until: Option<OffsetDateTime>,
}

/// Events. They are written together with the change they tell of, and with a delivery for each endpoint that wants
/// them.
#[async_trait]
pub trait EventStore: Send + Sync + 'static {
    /// One page of events, newest first.
    async fn events(
        &self,
        tenant: &Tenant,
        filter: &EventFilter,
        page: &Page,
    ) -> Result<Vec<Event>, StoreError>;

    /// The event with this id.
    async fn event(&self, tenant: &Tenant, id: &EventId) -> Result<Option<Event>, StoreError>;

    /// Removes the events from before `before`; says how many.
    async fn remove_events(&self, before: OffsetDateTime) -> Result<u64, StoreError>;

    /// Rings when something was changed through this server. Only a hint to look.
    fn changed(&self) -> Arc<Notify>;
}
