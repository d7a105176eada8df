//! The lasting result: a business's account at a service.

use crate::{Account, Timestamp};
use serde::{Deserialize, Serialize};

/// Where a connection stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = "active"))]
#[serde(rename_all = "snake_case")]
pub enum ConnectionStatus {
    /// Authorized, but its account is not chosen yet.
    Pending,
    /// Usable.
    Active,
    /// Ended by the customer, the workspace or the service; see [`DisconnectReason`].
    Disconnected,
    /// Its authorization ran out (12 months by default).
    Expired,
    /// The service no longer accepts its credentials.
    Invalid,
    /// Another connection took its place.
    Superseded,
}

/// Why a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DisconnectReason {
    /// The same account was connected again.
    DuplicateAccount,
    /// The service no longer accepts the workspace's client.
    UnauthorizedClient,
    /// The service refused the credentials.
    UnauthorizedCredentials,
    /// The credentials ran out.
    ExpiredCredentials,
    /// There are no credentials.
    CredentialsNotFound,
    /// The service asks for a new authorization.
    ReauthorizationRequired,
    /// The end user withdrew the authorization at the service.
    AuthorizationRevoked,
    /// The end user's role does not allow it any more.
    InsufficientPermission,
    /// The customer disconnected in the widget, or the workspace did for them.
    DisconnectedByCustomer,
}

/// A connection as the Management API and the session answer show it. Holds no credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Connection {
    /// `con_…`
    #[cfg_attr(feature = "openapi", schema(example = "con_8mR2kT0vQ4sXa6"))]
    pub connection_id: String,
    /// The service connected to.
    #[cfg_attr(feature = "openapi", schema(example = "xero"))]
    pub service_name: String,
    /// The business it belongs to.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::BusinessName))]
    pub business_name: String,
    /// The business it belongs to, `biz_…`
    #[cfg_attr(feature = "openapi", schema(example = "biz_3nJ7yP1wL9"))]
    pub business_uuid: String,
    /// Where it stands.
    pub status: ConnectionStatus,
    /// What was chosen at the service; absent while pending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<Account>,
    /// Why it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disconnect_reason: Option<DisconnectReason>,
    /// When it was first authorized.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::openapi::Time))]
    pub created_at: Timestamp,
    /// When it was last authorized.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::openapi::Time))]
    pub authorized_at: Timestamp,
    /// Until when it is authorized.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::openapi::Time))]
    pub expires_at: Timestamp,
}

/// What became of a connection's grant at the service when it was disconnected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Revocation {
    /// It was given back: it is worth nothing any more.
    Done,
    /// The service could not be asked yet; it will be, for a day.
    Pending,
    /// The service has no way to give a grant back, or there was none.
    Unsupported,
    /// Another active connection has the same account, and could end with this one's grant.
    SkippedShared,
    /// The service refused, or could not be asked for a day.
    Failed,
}

/// `POST /v1/connections/{connectionId}/disconnect`; the body may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DisconnectRequest {
    /// Why; `disconnected_by_customer` when absent.
    #[serde(default)]
    pub disconnect_reason: Option<DisconnectReason>,
}

/// A connection that was disconnected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Disconnected {
    /// As it is now.
    pub connection: Connection,
    /// What became of its grant at the service.
    pub revocation: Revocation,
}

/// One page of connections, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ConnectionPage {
    /// The connections.
    pub data: Vec<Connection>,
    /// Give this as `cursor` to get the next page; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "MTc5NTUwNDEyMzQ1NiBjb25fOG1S"))]
    pub next_cursor: Option<String>,
}

/// `GET /v1/connections/{id}/credentials`: for the company's server only. Does not implement `Debug`, so that it
/// cannot be logged by accident.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Credentials {
    /// The connection.
    #[cfg_attr(feature = "openapi", schema(example = "con_8mR2kT0vQ4sXa6"))]
    pub connection_id: String,
    /// Send as `Authorization: Bearer` to the service's API.
    #[cfg_attr(feature = "openapi", schema(example = "eyJhbGciOiJSUzI1NiIs"))]
    pub access_token: String,
    /// As the service called it; nearly always `Bearer`.
    #[cfg_attr(feature = "openapi", schema(example = "Bearer"))]
    pub token_type: String,
    /// When the access token runs out, if the service says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::openapi::Time>))]
    pub expires_at: Option<Timestamp>,
    /// The scopes granted.
    #[cfg_attr(feature = "openapi", schema(example = json!(["accounting.transactions.read"])))]
    pub scopes: Vec<String>,
    /// The account the token is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<Account>,
    /// What else the service gave that its API asks for (QuickBooks' `realmId`, Xero's `tenantId` …).
    #[cfg_attr(feature = "openapi", schema(example = json!({"tenantId": "9b1d6c2e"})))]
    pub extra: std::collections::BTreeMap<String, String>,
}
