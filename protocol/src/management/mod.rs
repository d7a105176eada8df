//! The bodies of the Management API, which companies' servers call.

mod event;
mod key;
mod service;
mod session;
mod webhook;
mod widget;

pub use event::{AuditEvent, AuditEventPage, EventType, WebhookMessage};
pub use key::{ApiKey, ApiKeyPage, ApiKeyRequest, CreatedApiKey, Scope, UnknownScope};
pub use service::{ServiceClient, ServiceClientRequest, ServiceEntry, ServiceList};
pub use session::{Metadata, MintedSession, SessionMintRequest};
pub use webhook::{
    Delivery, DeliveryAttempt, DeliveryError, DeliveryPage, DeliveryStatus, DisabledReason,
    QueuedDelivery, ReplayRequest, ReplayScope, Replayed, Webhook, WebhookChange, WebhookPage,
    WebhookRequest, WebhookWithSecret,
};
pub use widget::{
    Change, CreatedWidget, DESIGN_TOKENS, LinkChoice, ServiceChoice, SessionPolicy, SigningSecret,
    Widget, WidgetPage, WidgetRequest,
};
