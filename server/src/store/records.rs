//! What goes into the store and comes out of it, beyond the domain's own types.

use crate::domain::authorization::Authorization;
use crate::domain::business::Business;
use crate::domain::connection::Connection;
use crate::domain::id::{AuthorizationId, BusinessId, ConnectionId, EventId};
use crate::domain::tenant::Tenant;
pub use railhead_protocol::EventType as EventKind;
use railhead_protocol::{BusinessName, BusinessStatus, ConnectionStatus, ErrorCode};
use std::collections::BTreeMap;
use time::OffsetDateTime;

/// What a callback brought.
#[derive(Clone, Debug)]
pub enum Landing {
    /// A code, sealed, to be exchanged.
    Code(String),
    /// A code, sealed, to be kept until this time for the page that began to claim it.
    Kept(String, OffsetDateTime),
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
    /// How often in a row the service did not renew them.
    pub failures: u32,
    /// Why it isn't asked just now.
    pub hold: Option<Hold>,
}

/// A service gave no tokens and is left alone for a while, by every server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Until when.
    pub until: OffsetDateTime,
    /// What whoever asks for credentials is told.
    pub code: ErrorCode,
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
    /// When they are to be renewed though nobody asks for them.
    pub renew_at: Option<OffsetDateTime>,
}

/// An authorization that led to a connection.
#[derive(Clone, Debug)]
pub struct Success {
    /// After its success.
    pub authorization: Authorization,
    /// New, or renewed.
    pub connection: NewConnection,
    /// The business, now active.
    pub business: Business,
    /// The pending connection whose place the renewed one takes.
    pub discard: Option<ConnectionId>,
    /// For the audit trail.
    pub event: Event,
    /// For the audit trail, if the business was not active before.
    pub activated: Event,
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
    /// To which business, if it concerns one.
    pub business: Option<BusinessId>,
    /// To which connection.
    pub connection: Option<ConnectionId>,
    /// In which authorization.
    pub authorization: Option<AuthorizationId>,
    /// What it is about, as it was then, as it travels: JSON without secrets.
    pub data: String,
}

/// Which part of a list.
#[derive(Clone, Debug)]
pub struct Page {
    /// Only what comes after this one: its time of creation in milliseconds, and its id.
    pub after: Option<(i64, String)>,
    /// At most this many.
    pub limit: u32,
}

/// Which businesses.
#[derive(Clone, Debug, Default)]
pub struct BusinessFilter {
    /// With this status at the moment beside it.
    pub status: Option<(BusinessStatus, OffsetDateTime)>,
    /// Whose name begins like this.
    pub name_prefix: Option<String>,
}

/// Which connections.
#[derive(Clone, Debug, Default)]
pub struct ConnectionFilter {
    /// Of this business.
    pub business: Option<BusinessId>,
    /// Of the business with this name.
    pub business_name: Option<BusinessName>,
    /// To this service.
    pub service_name: Option<String>,
    /// With this status at the moment beside it.
    pub status: Option<(ConnectionStatus, OffsetDateTime)>,
}
