//! One attempt to connect one service within a session.

use crate::{Connection, ErrorCode, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a service is authorized.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AuthorizationKind {
    /// On the service's own pages, in a window opened by the widget.
    Popup,
    /// By credentials entered in the widget.
    Form,
    /// At once, without the end user.
    Instant,
    /// By following instructions.
    Steps,
}

/// `POST /v1/connect/authorizations`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StartAuthorization {
    /// The service to connect.
    #[cfg_attr(feature = "openapi", schema(example = "xero"))]
    pub service_name: String,
    /// The values of the service's fields, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
    /// The connection to authorize again; without it a new one is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "con_8mR2kT0vQ4sXa6"))]
    pub connection_id: Option<String>,
}

/// Its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(
    feature = "openapi",
    schema(description = "An authorization that has started, and how it goes on.")
)]
#[serde(rename_all = "camelCase")]
pub struct StartedAuthorization {
    /// Its present state.
    pub authorization: AuthorizationState,
    /// How it goes on.
    pub kind: AuthorizationKind,
    /// For [`AuthorizationKind::Popup`]: proves to the start page that the session's own page opened it. Single
    /// use, worth nothing without the window it is handed to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "Zk1vJm0y"))]
    pub nonce: Option<String>,
}

/// Where an authorization stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AuthorizationStatus {
    /// The end user is at the service.
    Pending,
    /// The service offers several accounts; one is to be chosen.
    ChooseAccount,
    /// Connected.
    Succeeded,
    /// Over, without a connection; [`AuthorizationState::failure`] says why.
    Failed,
    /// Given up by the end user in the widget.
    Cancelled,
    /// Nobody finished in time.
    Expired,
}

/// The state of an authorization, as a long-poll answers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AuthorizationState {
    /// `ath_…`
    #[cfg_attr(feature = "openapi", schema(example = "ath_5dN0bW8cRq"))]
    pub authorization_id: String,
    /// The service to connect.
    #[cfg_attr(feature = "openapi", schema(example = "xero"))]
    pub service_name: String,
    /// Grows with every change; a long-poll with `after=version` waits for the next one.
    #[cfg_attr(feature = "openapi", schema(example = 3))]
    pub version: u32,
    /// Where it stands.
    pub status: AuthorizationStatus,
    /// Until when it can be finished.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::openapi::Time))]
    pub expires_at: Timestamp,
    /// What there is to choose from, with [`AuthorizationStatus::ChooseAccount`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<Account>,
    /// The result, with [`AuthorizationStatus::Succeeded`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection: Option<Connection>,
    /// The cause, with [`AuthorizationStatus::Failed`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
}

/// Why an authorization failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// What to branch on.
    pub code: ErrorCode,
    /// One sentence for the developer.
    #[cfg_attr(feature = "openapi", schema(example = "You declined access at Xero."))]
    pub message: String,
    /// Is trying again worth it?
    pub recoverable: bool,
}

/// What a service lets the end user choose after consent: an organisation, a company, an entity.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// The service's own reference.
    #[cfg_attr(feature = "openapi", schema(example = "org_harbor_coffee"))]
    pub account_id: String,
    /// Its name for people, for example "Harbor Coffee Ltd".
    #[cfg_attr(feature = "openapi", schema(example = "Harbor Coffee Ltd"))]
    pub name: String,
}

/// `POST /v1/connect/authorizations/{id}/account`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccountChoice {
    /// One of [`AuthorizationState::accounts`].
    #[cfg_attr(feature = "openapi", schema(example = "org_harbor_coffee"))]
    pub account_id: String,
}

/// `POST /v1/connect/authorizations/{id}/leave`: no window opens, so the widget's own tab goes to the service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LeaveRequest {
    /// The page to come back to, on the session's own origin.
    #[cfg_attr(
        feature = "openapi",
        schema(example = "https://northwind.example/connect", max_length = 2048)
    )]
    pub return_url: String,
}

/// Its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(description = "Where the tab goes."))]
#[serde(rename_all = "camelCase")]
pub struct Leaving {
    /// The start page, where the end user confirms who asks for what. Works in one browser.
    #[cfg_attr(
        feature = "openapi",
        schema(
            example = "https://connect.example.com/v1/connect/start?widgetId=wid_sandbox&authorizationId=ath_5dN0bW8cRq#tab_Zk1vJm0y"
        )
    )]
    pub start_url: String,
}

/// `POST /v1/connect/authorizations/{id}/claim`: the browser came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClaimRequest {
    /// What stands behind the dot in the query parameter `railhead_claim` of the page it came back to.
    #[cfg_attr(feature = "openapi", schema(example = "q0VxT3Jk"))]
    pub claim: String,
}

/// What the start page and the widget say to each other through `postMessage`. Neither message is worth anything
/// to a third party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "type")]
pub enum StartMessage {
    /// Start page → opener: loaded, waiting to be told which authorization it is for.
    #[serde(rename = "railhead:ready")]
    Ready,
    /// Opener → start page.
    #[serde(rename = "railhead:start", rename_all = "camelCase")]
    Start {
        /// `ath_…`
        authorization_id: String,
        /// From [`StartedAuthorization::nonce`].
        nonce: String,
    },
    /// Page after the callback → opener: a hint to ask the server now.
    #[serde(rename = "railhead:done", rename_all = "camelCase")]
    Done {
        /// `ath_…`
        authorization_id: String,
    },
}
