//! The bodies of the Management API, which companies' servers call.

mod key;
mod service;
mod session;
mod widget;

pub use key::{ApiKey, ApiKeyPage, ApiKeyRequest, CreatedApiKey, Scope, UnknownScope};
pub use service::{ServiceClient, ServiceClientRequest, ServiceEntry, ServiceList};
pub use session::{Metadata, MintedSession, SessionMintRequest};
pub use widget::{
    Change, CreatedWidget, LinkChoice, ServiceChoice, SessionPolicy, SigningSecret, Widget,
    WidgetPage, WidgetRequest,
};
