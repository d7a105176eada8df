//! Where everything lasting is kept: one trait per entity, together [`Store`], one implementation per database.
//!
//! Methods speak the domain's words; no SQL dialect shows through. What has to happen together is one method.

mod clients;
mod ends;
mod events;
mod idempotency;
mod keys;
mod links;
mod records;
mod renewals;
mod replicas;
mod revocations;
mod sealed;
mod sql;
mod webhooks;

pub use clients::ClientStore;
pub use ends::EndStore;
pub use events::{EventFilter, EventStore};
pub use idempotency::{Claimed, IdempotencyClaim, IdempotencyStore};
pub use keys::KeyStore;
pub use links::{LinkStore, SessionLink};
pub use records::{
    BusinessFilter, ConnectionFilter, Event, EventKind, Hold, Landing, NewConnection, Page,
    SealedCredentials, StoredCredentials, Success,
};
pub use renewals::RenewalStore;
pub use replicas::{Claim, Heard, Listener, ReplicaStore};
pub use revocations::{BusinessRemoval, Disconnection, RevocationJob, RevocationStore};
pub use sealed::{SealedColumn, SealedStore, SealedValue};
pub use sql::SqlStore;
pub use webhooks::{Attempted, ClaimedDelivery, DeliveryStore, Disabling, Outcome, WebhookStore};

use crate::domain::authorization::Authorization;
use crate::domain::business::Business;
use crate::domain::connection::Connection;
use crate::domain::id::{
    AuthorizationId, BusinessId, ConnectionId, SessionId, WidgetId, WorkspaceId,
};
use crate::domain::session::Session;
use crate::domain::tenant::{Tenant, Workspace, WorkspaceName};
use crate::domain::widget::Widget;
use crate::secret::Digest;
use async_trait::async_trait;
use railhead_protocol::BusinessName;
use std::sync::Arc;
use time::OffsetDateTime;

/// Makes the event that a business's change is told with.
pub type Tell<'a> = &'a (dyn Fn(&Business) -> Event + Send + Sync);

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

impl Saved {
    /// Done if `changed`, else a conflict.
    pub fn when(changed: bool) -> Self {
        if changed { Self::Done } else { Self::Conflict }
    }
}

/// Was an authorization added?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Added {
    /// It was.
    Done,
    /// The session has as many open as it may have; the first of them ends by itself at this time.
    Full(OffsetDateTime),
    /// The session, or the connection to renew, was removed meanwhile.
    Gone,
}

/// Everything.
#[async_trait]
pub trait Store:
    TenantStore
    + KeyStore
    + ClientStore
    + IdempotencyStore
    + BusinessStore
    + SessionStore
    + LinkStore
    + AuthorizationStore
    + ConnectionStore
    + RenewalStore
    + EndStore
    + RevocationStore
    + ReplicaStore
    + SealedStore
    + EventStore
    + WebhookStore
    + DeliveryStore
{
    /// Does the database answer? Reads one of its tables.
    async fn ping(&self) -> Result<(), StoreError>;
}

/// Workspaces and their widgets.
#[async_trait]
pub trait TenantStore: Send + Sync + 'static {
    /// The workspace named `name`; made with the id `new` if there is none.
    async fn ensure_workspace(
        &self,
        name: &WorkspaceName,
        new: &WorkspaceId,
        now: OffsetDateTime,
    ) -> Result<Workspace, StoreError>;

    /// The name of a workspace that exists.
    async fn workspace_name(&self, id: &WorkspaceId) -> Result<WorkspaceName, StoreError>;

    /// Makes the widget of revision 0, or saves a change onto the revision it was made from; never moves it to another
    /// tenant.
    async fn save_widget(&self, widget: &Widget) -> Result<Saved, StoreError>;

    /// The widget with this id.
    async fn widget(&self, id: &WidgetId) -> Result<Option<Widget>, StoreError>;

    /// One page of a tenant's widgets, newest first.
    async fn widgets_of(&self, tenant: &Tenant, page: &Page) -> Result<Vec<Widget>, StoreError>;

    /// Removes a widget with its sessions, and what was begun in them. Was there one?
    async fn remove_widget(&self, tenant: &Tenant, id: &WidgetId) -> Result<bool, StoreError>;

    /// All widgets, oldest first.
    async fn widgets(&self) -> Result<Vec<Widget>, StoreError>;

    /// By what the vault recognises that its keys fit this database; `None` in a new one.
    async fn vault_check(&self) -> Result<Option<String>, StoreError>;

    /// Keeps that, once.
    async fn save_vault_check(&self, check: &str) -> Result<(), StoreError>;
}

/// Businesses.
#[async_trait]
pub trait BusinessStore: Send + Sync + 'static {
    /// Adds a business and says so; [`Saved::Conflict`] when its name is taken.
    async fn add_business(&self, business: &Business, event: &Event) -> Result<Saved, StoreError>;

    /// Saves a business's name and says so; [`Saved::Conflict`] when the name is taken.
    async fn rename_business(
        &self,
        business: &Business,
        event: &Event,
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
    async fn businesses(
        &self,
        tenant: &Tenant,
        filter: &BusinessFilter,
        page: &Page,
    ) -> Result<Vec<Business>, StoreError>;

    /// Removes the businesses that are `new`, were created before `before`, have no connection and no authorization
    /// that can still be finished at `now`. `event` makes of each what the audit trail says.
    async fn remove_orphans(
        &self,
        before: OffsetDateTime,
        now: OffsetDateTime,
        event: Tell<'_>,
    ) -> Result<Vec<BusinessId>, StoreError>;

    /// Writes down which businesses became inactive because their last connection has expired at `now`; says how many.
    /// `event` makes of each, as it is then, what the audit trail says.
    async fn deactivate_expired(
        &self,
        now: OffsetDateTime,
        event: Tell<'_>,
    ) -> Result<u64, StoreError>;
}

/// Sessions.
#[async_trait]
pub trait SessionStore: Send + Sync + 'static {
    /// Adds a session, to be recognised by the digest of its token; [`Saved::Conflict`] when its business or its widget
    /// was removed meanwhile.
    async fn add_session(&self, session: &Session, digest: Digest) -> Result<Saved, StoreError>;

    /// The session with this digest, over or not.
    async fn session(&self, digest: Digest) -> Result<Option<Session>, StoreError>;

    /// The session with this id, over or not.
    async fn session_by_id(&self, id: &SessionId) -> Result<Option<Session>, StoreError>;

    /// Sets the language (BCP 47) of a session, if it is there.
    async fn set_session_locale(&self, id: &SessionId, locale: &str) -> Result<(), StoreError>;

    /// Removes the sessions that ended before `before`, with their authorizations; says how many.
    async fn remove_sessions(&self, before: OffsetDateTime) -> Result<u64, StoreError>;
}

/// Authorizations.
#[async_trait]
pub trait AuthorizationStore: Send + Sync + 'static {
    /// Adds an authorization, unless its session has `most` that are open at the time it was created.
    async fn add_authorization(
        &self,
        authorization: &Authorization,
        most: usize,
    ) -> Result<Added, StoreError>;

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
    /// left it, all others `None`. With a code it is the exchange of the server that claims it.
    async fn consume_state(
        &self,
        state: Digest,
        landing: &Landing,
        claim: Claim<'_>,
        now: OffsetDateTime,
    ) -> Result<Option<Authorization>, StoreError>;

    /// Accepts the code that is kept for whoever knows what `value` is the digest of, once: of any number of callers at
    /// the same time, one gets the authorization, whose exchange its server has claimed; all others `None`.
    async fn claim_code(
        &self,
        id: &AuthorizationId,
        value: Digest,
        claim: Claim<'_>,
        now: OffsetDateTime,
    ) -> Result<Option<Authorization>, StoreError>;

    /// Saves the change to [`crate::domain::authorization::Phase::Authorized`] together with its pending connection;
    /// [`Saved::Conflict`] also when the business is gone.
    async fn save_authorized(
        &self,
        authorization: &Authorization,
        pending: &NewConnection,
    ) -> Result<Saved, StoreError>;

    /// Saves a success together with its connection and makes the business active.
    /// [`Saved::Conflict`] when the authorization or the connection's credentials have changed, another connection has
    /// the account meanwhile, or the business is gone.
    async fn settle(&self, success: &Success) -> Result<Saved, StoreError>;

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

    /// The version of a connection's credentials, also of those that were wiped; 0 when it never had any.
    async fn credentials_version(
        &self,
        tenant: &Tenant,
        id: &ConnectionId,
    ) -> Result<u32, StoreError>;

    /// Replaces the credentials of an active connection by the next version of them, to be renewed at `renew_at`;
    /// [`Saved::Conflict`] when they are not of the version before, or it is active no more.
    async fn replace_credentials(
        &self,
        id: &ConnectionId,
        sealed: &SealedCredentials,
        renew_at: Option<OffsetDateTime>,
        event: &Event,
    ) -> Result<Saved, StoreError>;

    /// Saves that a connection became invalid, unless its credentials are of a later version than `version`; and
    /// `deactivated`, its business, if that has no active connection left; each with its event.
    async fn save_invalid(
        &self,
        connection: &Connection,
        version: u32,
        event: &Event,
        deactivated: &Business,
        business_event: &Event,
    ) -> Result<Saved, StoreError>;
}
