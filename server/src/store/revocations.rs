//! Connections and businesses that end, and the grants that are to be given back for them.

use super::{Event, Saved, SealedCredentials, StoreError};
use crate::domain::business::Business;
use crate::domain::connection::Connection;
use crate::domain::id::{ConnectionId, RevocationId};
use crate::domain::tenant::Tenant;
use async_trait::async_trait;
use railhead_protocol::Revocation;
use std::collections::BTreeMap;
use time::OffsetDateTime;

/// A grant that is to be given back to its service.
#[derive(Clone, Debug)]
pub struct RevocationJob {
    /// Its id.
    pub id: RevocationId,
    /// Whose.
    pub tenant: Tenant,
    /// The connection it was of, which may be gone.
    pub connection: ConnectionId,
    /// The service.
    pub service_name: String,
    /// The account at the service.
    pub account_id: String,
    /// What the end user entered in the service's fields.
    pub fields: BTreeMap<String, String>,
    /// The grant, sealed as the connection's credentials.
    pub credentials: SealedCredentials,
    /// How often the service was asked in vain.
    pub attempts: u32,
    /// When the connection was disconnected.
    pub created_at: OffsetDateTime,
}

/// A connection that ends.
#[derive(Clone, Debug)]
pub struct Disconnection {
    /// As it is afterwards.
    pub connection: Connection,
    /// The version of the credentials it had; `None` when it had none.
    pub version: Option<u32>,
    /// What is known at once of its grant.
    pub revocation: Revocation,
    /// The grant that is to be given back.
    pub job: Option<RevocationJob>,
    /// For the audit trail.
    pub event: Event,
}

/// A business that is removed, with all that hangs on it.
#[derive(Clone, Debug)]
pub struct BusinessRemoval {
    /// The business.
    pub business: Business,
    /// Its connections that had not ended.
    pub disconnections: Vec<Disconnection>,
    /// For the audit trail.
    pub event: Event,
}

/// What ends, and what has to be done at services because of it.
#[async_trait]
pub trait RevocationStore: Send + Sync + 'static {
    /// Ends a connection and wipes its credentials; its grant is kept aside, claimed until `claimed_until`. Saves
    /// `deactivated` and `business_event` when no active connection is left. [`Saved::Conflict`] when the connection
    /// has ended or was authorized again meanwhile.
    async fn disconnect(
        &self,
        ending: &Disconnection,
        deactivated: &Business,
        business_event: &Event,
        claimed_until: OffsetDateTime,
    ) -> Result<Saved, StoreError>;

    /// Removes the record of a connection that has ended, and the authorizations that led to it.
    async fn remove_connection(
        &self,
        tenant: &Tenant,
        id: &ConnectionId,
    ) -> Result<Saved, StoreError>;

    /// Removes a business; the grants of its connections are kept aside, claimed until `claimed_until`.
    /// [`Saved::Conflict`] when its connections have changed meanwhile.
    async fn remove_business(
        &self,
        removal: &BusinessRemoval,
        claimed_until: OffsetDateTime,
    ) -> Result<Saved, StoreError>;

    /// What became of a disconnected connection's grant.
    async fn revocation(
        &self,
        tenant: &Tenant,
        id: &ConnectionId,
    ) -> Result<Option<Revocation>, StoreError>;

    /// Has the tenant an active connection to this account, other than `but`?
    async fn is_account_in_use(
        &self,
        tenant: &Tenant,
        service_name: &str,
        account_id: &str,
        but: Option<&ConnectionId>,
    ) -> Result<bool, StoreError>;

    /// Takes at most `limit` of the grants that are due at `now` and that nobody else is giving back, until
    /// `claimed_until`.
    async fn claim_revocations(
        &self,
        now: OffsetDateTime,
        claimed_until: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<RevocationJob>, StoreError>;

    /// The job is over: forgets the grant, and writes down at its connection what became of it.
    async fn end_revocation(
        &self,
        job: &RevocationJob,
        outcome: Revocation,
    ) -> Result<(), StoreError>;

    /// The job is to be tried again at `due_at`.
    async fn delay_revocation(
        &self,
        job: &RevocationJob,
        due_at: OffsetDateTime,
    ) -> Result<(), StoreError>;
}
