//! The wire types of Railhead Connect, shared by the widget and the server.
//!
//! This crate knows neither HTTP nor the DOM: it names what travels between them. JSON is camelCase; enum
//! values are snake_case; times are RFC 3339 UTC strings. TypeScript declarations are generated from these
//! types (`cargo xtask generate`).

mod authorization;
mod business;
mod connection;
mod error;
mod event;
mod language;
#[cfg(feature = "management")]
mod management;
#[cfg(feature = "openapi")]
pub mod openapi;
mod paint;
mod service;
mod session;
#[cfg(feature = "typescript")]
pub mod typescript;

pub use authorization::{
    Account, AccountChoice, AuthorizationKind, AuthorizationState, AuthorizationStatus,
    ClaimRequest, Failure, LeaveRequest, Leaving, StartAuthorization, StartMessage,
    StartedAuthorization,
};
pub use business::{Business, BusinessName, BusinessNameError, BusinessRequest, BusinessStatus};
pub use connection::{
    Connection, ConnectionPage, ConnectionStatus, Credentials, DisconnectReason, DisconnectRequest,
    Disconnected, Revocation,
};
pub use error::{ErrorCode, Problem};
pub use event::{Event, ExitReason};
pub use language::Language;
#[cfg(feature = "management")]
pub use management::{
    ApiKey, ApiKeyPage, ApiKeyRequest, AuditEvent, AuditEventPage, Change, CreatedApiKey,
    CreatedWidget, DESIGN_TOKENS, Delivery, DeliveryAttempt, DeliveryError, DeliveryPage,
    DeliveryStatus, DisabledReason, EventType, LinkChoice, Metadata, MintedSession, QueuedDelivery,
    ReplayRequest, ReplayScope, Replayed, Scope, ServiceChoice, ServiceClient,
    ServiceClientRequest, ServiceEntry, ServiceList, SessionMintRequest, SessionPolicy,
    SigningSecret, UnknownScope, Webhook, WebhookChange, WebhookMessage, WebhookPage,
    WebhookRequest, WebhookWithSecret, Widget, WidgetPage, WidgetRequest,
};
pub use paint::{Ahead, FirstPaint, PaintNode};
pub use service::{Field, FieldKind, FieldOption, ServiceCard, ServiceKind};
pub use session::{
    Environment, FinishRequest, Finished, Links, SessionRequest, SessionState, WidgetCard,
};

/// A point in time as it travels: RFC 3339, UTC, for example `2027-11-22T09:30:00Z`.
pub type Timestamp = String;

/// The longest time, in seconds, that a long-poll may ask the server to wait.
pub const MAX_WAIT_SECONDS: u64 = 25;
