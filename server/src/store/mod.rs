//! Where everything lasting is kept: one trait per entity, together [`Store`], one implementation per database.
//!
//! Methods speak the domain's words; no SQL dialect shows through. What has to happen together is one method.

mod sqlite;

pub use sqlite::SqliteStore;

use crate::domain::authorization::Authorization;
use crate::domain::business::Business;
use crate::domain::connection::Connection;
use crate::domain::id::{
    AuthorizationId, BusinessId, ConnectionId, EventId, WidgetId, WorkspaceId,
};
use crate::domain::session::Session;
use crate::domain::tenant::{ApiKey, Tenant, Workspace, WorkspaceName};
use crate::domain::widget::Widget;
use crate::secret::Digest;
use async_trait::async_trait;
use railhead_protocol::{BusinessName, ConnectionStatus, ErrorCode};
use std::collections::BTreeMap;
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
    TenantStore + BusinessStore + SessionStore + AuthorizationStore + ConnectionStore
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
    /// that is just being finished.
    async fn remove_orphans(&self, before: OffsetDateTime) -> Result<Vec<BusinessId>, StoreError>;
}

/// Sessions.
#[async_trait]
pub trait SessionStore: Send + Sync + 'static {
    /// Adds a session, to be recognised by the digest of its token.
    async fn add_session(&self, session: &Session, digest: Digest) -> Result<(), StoreError>;

    /// The session with this digest, over or not.
    async fn session(&self, digest: Digest) -> Result<Option<Session>, StoreError>;

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

    /// The authorizations whose callback was accepted by a server that is gone.
    async fn abandoned_exchanges(&self) -> Result<Vec<AuthorizationId>, StoreError>;

    /// The authorizations that wait for the end user and are due at `now`.
    async fn due_authorizations(
        &self,
        now: OffsetDateTime,
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

    /// Replaces credentials by the next version of them; [`Saved::Conflict`] when they are not of the version before.
    async fn replace_credentials(
        &self,
        id: &ConnectionId,
        sealed: &SealedCredentials,
        event: &Event,
    ) -> Result<Saved, StoreError>;

    /// Saves that a connection became invalid, unless its credentials are of a later version than `version`.
    /// The business becomes inactive with its last active connection.
    async fn save_invalid(
        &self,
        connection: &Connection,
        version: u32,
        event: &Event,
    ) -> Result<Saved, StoreError>;
}

/// What a callback brought.
#[derive(Clone, Debug)]
pub enum Landing {
    /// A code, sealed, to be exchanged.
    Code(String),
    /// The end of the authorization.
    Failed(ErrorCode),
}

/// Credentials sealed for the place they are stored at.
#[derive(Clone, Debug)]
pub struct SealedCredentials {
    /// What the vault made of them.
    pub sealed: String,
    /// Their version: one more than those they replace.
    pub version: u32,
}

/// Credentials as they are stored, with what is needed to renew them.
#[derive(Clone, Debug)]
pub struct StoredCredentials {
    /// The sealed credentials.
    pub credentials: SealedCredentials,
    /// What the end user entered in the service's fields.
    pub fields: BTreeMap<String, String>,
}

/// A connection together with its credentials.
#[derive(Clone, Debug)]
pub struct NewConnection {
    /// The connection.
    pub connection: Connection,
    /// Its credentials.
    pub credentials: SealedCredentials,
    /// What the end user entered in the service's fields.
    pub fields: BTreeMap<String, String>,
}

/// An authorization that led to a connection.
#[derive(Clone, Debug)]
pub struct Success {
    /// After its success.
    pub authorization: Authorization,
    /// New, or renewed.
    pub connection: NewConnection,
    /// The pending connection whose place the renewed one takes.
    pub discard: Option<ConnectionId>,
    /// For the audit trail.
    pub event: Event,
}

/// Something that happened, for the audit trail. Never holds a secret.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// Whose.
    pub tenant: Tenant,
    /// When.
    pub at: OffsetDateTime,
    /// What.
    pub kind: EventKind,
    /// To which business.
    pub business: BusinessId,
    /// To which connection.
    pub connection: Option<ConnectionId>,
    /// In which authorization.
    pub authorization: Option<AuthorizationId>,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// A connection was made.
    Connected,
    /// A connection was authorized again.
    Reauthorized,
    /// Its credentials were renewed.
    Refreshed,
    /// The service refused its credentials for good.
    Invalidated,
}

impl EventKind {
    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connected => "connection.connected",
            Self::Reauthorized => "connection.reauthorized",
            Self::Refreshed => "connection.refreshed",
            Self::Invalidated => "connection.invalidated",
        }
    }
}

/// Which part of a list.
#[derive(Clone, Debug)]
pub struct Page {
    /// Only what comes after this one: its time of creation in milliseconds, and its id.
    pub after: Option<(i64, String)>,
    /// At most this many.
    pub limit: u32,
}

/// Which connections.
#[derive(Clone, Debug, Default)]
pub struct ConnectionFilter {
    /// Of this business.
    pub business: Option<BusinessId>,
    /// Of the business with this name.
    pub business_name: Option<String>,
    /// To this service.
    pub service_name: Option<String>,
    /// With this status at the moment beside it.
    pub status: Option<(ConnectionStatus, OffsetDateTime)>,
}
