//! Where everything lasting is kept: one trait per entity, together [`Store`], one implementation per database.
//!
//! Methods speak the domain's words; no SQL dialect shows through. What has to happen together is one method.

mod ends;
mod records;
mod renewals;
mod sql;

pub use ends::EndStore;
pub use records::{
    ConnectionFilter, Event, EventKind, Hold, Landing, NewConnection, Page, SealedCredentials,
    StoredCredentials, Success,
};
pub use renewals::RenewalStore;
pub use sql::SqlStore;

use crate::domain::authorization::Authorization;
use crate::domain::business::Business;
use crate::domain::connection::Connection;
use crate::domain::id::{
    AuthorizationId, BusinessId, ConnectionId, SessionId, WidgetId, WorkspaceId,
};
use crate::domain::session::Session;
use crate::domain::tenant::{ApiKey, Tenant, Workspace, WorkspaceName};
use crate::domain::widget::Widget;
use crate::secret::Digest;
use async_trait::async_trait;
use railhead_protocol::BusinessName;
use std::sync::Arc;
use time::OffsetDateTime;

/// A store shared by the parts of one server.
pub type SharedStore = Arc<dyn Store>;

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database failed.
    #[error("the database failed")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A record does not say what it has to; written by a newer version, or damaged.
    #[error("the record in `{table}` has no readable `{column}`")]
    Unreadable {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
}

/// Did a change happen, or had something else come first?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Saved {
    /// It happened.
    Done,
    /// Something else came first: read again.
    Conflict,
}

/// Everything.
pub trait Store:
    TenantStore
    + BusinessStore
    + SessionStore
    + AuthorizationStore
    + ConnectionStore
    + RenewalStore
    + EndStore
{
}

/// Workspaces, their widgets and API keys.
#[async_trait]
pub trait TenantStore: Send + Sync + 'static {
    /// The workspace named `name`; made with the id `new` if there is none.
    async fn ensure_workspace(
        &self,
        name: &WorkspaceName,
        new: &WorkspaceId,
        now: OffsetDateTime,
    ) -> Result<Workspace, StoreError>;

    /// Makes the widget, or replaces its settings; never moves it to another tenant.
    async fn save_widget(&self, widget: &Widget) -> Result<Saved, StoreError>;

    /// The widget with this id.
    async fn widget(&self, id: &WidgetId) -> Result<Option<Widget>, StoreError>;

    /// All widgets, oldest first.
    async fn widgets(&self) -> Result<Vec<Widget>, StoreError>;

    /// Makes an API key.
    async fn add_api_key(&self, key: &ApiKey) -> Result<(), StoreError>;

    /// By what the vault recognises that its keys fit this database; `None` in a new one.
    async fn vault_check(&self) -> Result<Option<String>, StoreError>;

    /// Keeps that, once.
    async fn save_vault_check(&self, check: &str) -> Result<(), StoreError>;

    /// The API key with this digest.
    async fn api_key(&self, digest: Digest) -> Result<Option<ApiKey>, StoreError>;
}

/// Businesses.
#[async_trait]
pub trait BusinessStore: Send + Sync + 'static {
    /// Adds a business; [`Saved::Conflict`] when its name is taken.
    async fn add_business(&self, business: &Business) -> Result<Saved, StoreError>;

    /// Renames a business; [`Saved::Conflict`] when the name is taken.
    async fn rename_business(
        &self,
        tenant: &Tenant,
        id: &BusinessId,
        name: &BusinessName,
    ) -> Result<Saved, StoreError>;

    /// The business with this id.
    async fn business(
        &self,
        tenant: &Tenant,
        id: &BusinessId,
    ) -> Result<Option<Business>, StoreError>;

    /// The business with this name.
    async fn business_by_name(
        &self,
        tenant: &Tenant,
        name: &BusinessName,
    ) -> Result<Option<Business>, StoreError>;

    /// One page of businesses, newest first.
    async fn businesses(&self, tenant: &Tenant, page: &Page) -> Result<Vec<Business>, StoreError>;

    /// Removes the businesses that are `new`, were created before `before`, have no connection and no authorization
    /// that can still be finished at `now`.
    async fn remove_orphans(
        &self,
        before: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Result<Vec<BusinessId>, StoreError>;

    /// Writes down which businesses became inactive because their last connection has expired at `now`; says how many.
    async fn deactivate_expired(&self, now: OffsetDateTime) -> Result<u64, StoreError>;
}

/// Sessions.
#[async_trait]
pub trait SessionStore: Send + Sync + 'static {
    /// Adds a session, to be recognised by the digest of its token.
    async fn add_session(&self, session: &Session, digest: Digest) -> Result<(), StoreError>;

    /// The session with this digest, over or not.
    async fn session(&self, digest: Digest) -> Result<Option<Session>, StoreError>;

    /// The session with this id, over or not.
    async fn session_by_id(&self, id: &SessionId) -> Result<Option<Session>, StoreError>;

    /// Removes the sessions that ended before `before`, with their authorizations; says how many.
    async fn remove_sessions(&self, before: OffsetDateTime) -> Result<u64, StoreError>;
}

/// Authorizations.
#[async_trait]
pub trait AuthorizationStore: Send + Sync + 'static {
    /// Adds an authorization.
    async fn add_authorization(&self, authorization: &Authorization) -> Result<(), StoreError>;

    /// The authorization with this id.
    async fn authorization(
        &self,
        id: &AuthorizationId,
    ) -> Result<Option<Authorization>, StoreError>;

    /// When the authorizations of a session that are open at `now` end by themselves, the first one first.
    async fn open_authorizations(
        &self,
        session: &SessionId,
        now: OffsetDateTime,
    ) -> Result<Vec<OffsetDateTime>, StoreError>;

    /// The authorization that was sent off with this state.
    async fn authorization_by_state(
        &self,
        state: Digest,
    ) -> Result<Option<Authorization>, StoreError>;

    /// Saves a change onto the revision it was made from. Ending without success removes the pending connection.
    async fn save_authorization(&self, authorization: &Authorization) -> Result<Saved, StoreError>;

    /// Consumes a state, once: of any number of callers at the same time, one gets the authorization as `landing`
    /// left it, all others `None`.
    async fn consume_state(
        &self,
        state: Digest,
        landing: &Landing,
        now: OffsetDateTime,
    ) -> Result<Option<Authorization>, StoreError>;

    /// Saves the change to [`crate::domain::authorization::Phase::Authorized`] together with its pending connection.
    async fn save_authorized(
        &self,
        authorization: &Authorization,
        pending: &NewConnection,
    ) -> Result<Saved, StoreError>;

    /// Saves a success together with its connection and makes the business active.
    /// [`Saved::Conflict`] when the authorization has changed, or another connection has the account meanwhile.
    async fn settle(&self, success: &Success) -> Result<Saved, StoreError>;

    /// The authorizations whose callback was accepted, but whose exchange has not ended.
    async fn unfinished_exchanges(&self) -> Result<Vec<AuthorizationId>, StoreError>;

    /// At most `limit` of the authorizations that wait for the end user and are due at `now`.
    async fn due_authorizations(
        &self,
        now: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<Authorization>, StoreError>;
}

/// Connections.
#[async_trait]
pub trait ConnectionStore: Send + Sync + 'static {
    /// The connection with this id.
    async fn connection(
        &self,
        tenant: &Tenant,
        id: &ConnectionId,
    ) -> Result<Option<Connection>, StoreError>;

    /// All connections of a business, newest first.
    async fn connections_of(
        &self,
        tenant: &Tenant,
        business: &BusinessId,
    ) -> Result<Vec<Connection>, StoreError>;

    /// One page of connections, newest first.
    async fn connections(
        &self,
        tenant: &Tenant,
        filter: &ConnectionFilter,
        page: &Page,
    ) -> Result<Vec<Connection>, StoreError>;

    /// The sealed credentials of a connection.
    async fn credentials(
        &self,
        tenant: &Tenant,
        id: &ConnectionId,
    ) -> Result<Option<StoredCredentials>, StoreError>;

    /// Replaces credentials by the next version of them, to be renewed at `renew_at`; [`Saved::Conflict`] when they are
    /// not of the version before.
    async fn replace_credentials(
        &self,
        id: &ConnectionId,
        sealed: &SealedCredentials,
        renew_at: Option<OffsetDateTime>,
        event: &Event,
    ) -> Result<Saved, StoreError>;

    /// Saves that a connection became invalid, unless its credentials are of a later version than `version`; and
    /// `deactivated`, its business, if that has no active connection left.
    async fn save_invalid(
        &self,
        connection: &Connection,
        version: u32,
        deactivated: &Business,
        event: &Event,
    ) -> Result<Saved, StoreError>;
}
