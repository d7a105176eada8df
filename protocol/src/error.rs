//! What a refusal looks like: a stable code inside an RFC 9457 problem document.

use serde::{Deserialize, Serialize};

macro_rules! error_codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $code:literal),+ $(,)?) => {
        /// The stable code of a refusal or a failure. New codes may be added; existing ones keep their meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
        #[non_exhaustive]
        pub enum ErrorCode {
            $($(#[doc = $doc])+ #[serde(rename = $code)] $variant,)+
            /// A code this version does not know, from a newer server.
            #[serde(other, rename = "unknown")]
            Unknown,
        }

        impl ErrorCode {
            /// Every code, in the order of their declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+ Self::Unknown];

            /// The code as it travels, in snake_case.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                    Self::Unknown => "unknown",
                }
            }

            /// What the code means, in one sentence.
            #[cfg(feature = "openapi")]
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!($($doc),+),)+
                    Self::Unknown => "A code this version does not know.",
                }
            }
        }
    };
}

error_codes! {
    /// The request is not well formed; `field` says where.
    InvalidRequest = "invalid_request",
    /// The business name breaks a rule; see [`crate::BusinessName`].
    InvalidBusinessName = "invalid_business_name",
    /// Another business of this workspace and environment has this name.
    BusinessNameTaken = "business_name_taken",
    /// No widget has this id.
    UnknownWidget = "unknown_widget",
    /// The page's origin is not registered for the widget.
    OriginNotRegistered = "origin_not_registered",
    /// Two businesses are named: the id's or the session's, and another.
    BusinessMismatch = "business_mismatch",
    /// No business has this id or name in the workspace.
    BusinessNotFound = "business_not_found",
    /// No service has this name.
    UnknownService = "unknown_service",
    /// The service exists, but this widget does not offer it.
    ServiceNotOffered = "service_not_offered",
    /// The session's token is missing, unknown or expired: load the widget again.
    SessionExpired = "session_expired",
    /// The widget takes only sessions that the company's server asked for.
    SessionRequired = "session_required",
    /// No session of this workspace has this id.
    SessionNotFound = "session_not_found",
    /// The API key is missing, unknown, revoked or expired.
    Unauthorized = "unauthorized",
    /// The API key lacks the scope that this call needs.
    InsufficientScope = "insufficient_scope",
    /// No API key of this workspace has this id.
    KeyNotFound = "key_not_found",
    /// The workspace keeps no client of its own for this service.
    ClientNotFound = "client_not_found",
    /// The service is authorized without a client in this environment.
    ClientNotNeeded = "client_not_needed",
    /// No authorization of this session has this id.
    AuthorizationNotFound = "authorization_not_found",
    /// The authorization is already over, or not yet at this point.
    AuthorizationNotOpen = "authorization_not_open",
    /// No connection of this workspace has this id.
    ConnectionNotFound = "connection_not_found",
    /// The connection exists but is not active: its customer has to authorize again.
    ConnectionNotActive = "connection_not_active",
    /// No webhook endpoint of this workspace and environment has this id.
    WebhookNotFound = "webhook_not_found",
    /// The workspace has as many webhook endpoints as it may: remove one first.
    TooManyWebhooks = "too_many_webhooks",
    /// The webhook endpoint is disabled: enable it first.
    WebhookDisabled = "webhook_disabled",
    /// The address is not one that messages may be sent to.
    InvalidWebhookUrl = "invalid_webhook_url",
    /// No delivery of this webhook endpoint has this id.
    DeliveryNotFound = "delivery_not_found",
    /// No event of this workspace and environment has this id.
    EventNotFound = "event_not_found",
    /// The widget does not let its visitors disconnect.
    DisconnectNotAllowed = "disconnect_not_allowed",
    /// The end user said no at the service.
    Denied = "denied",
    /// The browser did not let the widget open a window.
    PopupBlocked = "popup_blocked",
    /// The authorization window was closed before the end.
    PopupClosed = "popup_closed",
    /// Nobody finished the authorization in time.
    TimedOut = "timed_out",
    /// This account of this service is connected to the business already.
    DuplicateAccount = "duplicate_account",
    /// Another account was authorized than the one to renew.
    WrongAccount = "wrong_account",
    /// The end user's role at the service does not allow it.
    InsufficientPermission = "insufficient_permission",
    /// The service refused the credentials that were entered.
    InvalidCredentials = "invalid_credentials",
    /// The service does not know this workspace's client id or secret.
    UnauthorizedClient = "unauthorized_client",
    /// The service did not answer, or not in a way that can be understood.
    ServiceUnavailable = "service_unavailable",
    /// The account at the service holds no company to connect.
    NoAccount = "no_account",
    /// The return address is neither the widget's own nor on a registered origin.
    InvalidReturnUrl = "invalid_return_url",
    /// The callback did not come from the browser that started, or its state is unknown or used.
    InvalidState = "invalid_state",
    /// No such address.
    NotFound = "not_found",
    /// The address exists, but not with this HTTP method.
    MethodNotAllowed = "method_not_allowed",
    /// The request's body is larger than allowed.
    TooLarge = "too_large",
    /// The request's body did not arrive in time.
    RequestTimeout = "request_timeout",
    /// The idempotency key was sent before, with another request.
    IdempotencyKeyReused = "idempotency_key_reused",
    /// The request with this idempotency key is still worked on; `Retry-After` says when to come back.
    IdempotencyInProgress = "idempotency_in_progress",
    /// Too many requests; `Retry-After` says when to come back.
    RateLimited = "rate_limited",
    /// The browser could not reach the server.
    Offline = "offline",
    /// The server is ending, or its database does not answer: ask another one, or later.
    NotReady = "not_ready",
    /// The server failed; the cause is in its log under the request id.
    Internal = "internal",
}

impl std::fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A refusal as it travels: `application/problem+json`, RFC 9457.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// Identifies the kind of problem: `/problems/<code>`.
    #[serde(rename = "type")]
    #[cfg_attr(
        feature = "openapi",
        schema(
            example = "/problems/connection_not_found",
            pattern = "^/problems/[a-z_]+$"
        )
    )]
    pub kind: String,
    /// The HTTP status's phrase.
    #[cfg_attr(feature = "openapi", schema(example = "Not Found"))]
    pub title: String,
    /// The HTTP status.
    #[cfg_attr(
        feature = "openapi",
        schema(example = 404, minimum = 400, maximum = 599)
    )]
    pub status: u16,
    /// What to branch on.
    pub code: ErrorCode,
    /// One sentence for the developer: what is wrong and what to do.
    #[cfg_attr(feature = "openapi", schema(example = "No connection has this id."))]
    pub detail: String,
    /// The request field concerned, as a JSON path such as `businessName`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "businessName"))]
    pub field: Option<String>,
    /// The request's id, to find it in the server's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "req_6hV2cM9x"))]
    pub request_id: Option<String>,
}
