//! Connections whose authorization runs out, and what is left of those that are over.

use super::{Event, Saved, StoreError};
use crate::domain::business::Business;
use crate::domain::connection::Connection;
use async_trait::async_trait;
use time::OffsetDateTime;

/// The end of connections. What several servers find at the same time is saved by one of them.
#[async_trait]
pub trait EndStore: Send + Sync + 'static {
    /// At most `limit` of the active connections of which a notice is due at `now`.
    async fn due_notices(
        &self,
        now: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<Connection>, StoreError>;

    /// Saves that the notice due at `now` is given, together with its event, and when the next one is due.
    /// [`Saved::Conflict`] when it was given already, or the connection was authorized again meanwhile.
    async fn save_notice(
        &self,
        connection: &Connection,
        now: OffsetDateTime,
        event: &Event,
    ) -> Result<Saved, StoreError>;

    /// At most `limit` of the active connections whose authorization has run out at `now`.
    async fn due_ends(
        &self,
        now: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<Connection>, StoreError>;

    /// Saves that a connection has expired; and `deactivated`, its business, if that has no active connection left.
    /// [`Saved::Conflict`] when that is written down already, or the connection was authorized again meanwhile.
    async fn save_expired(
        &self,
        connection: &Connection,
        event: &Event,
        deactivated: &Business,
        business_event: &Event,
    ) -> Result<Saved, StoreError>;

    /// Forgets the credentials of connections that were over before `before`; says how many.
    async fn wipe_credentials(&self, before: OffsetDateTime) -> Result<u64, StoreError>;
}
