//! What happened, as the company's server reads it back and as webhooks tell it.

use crate::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

macro_rules! event_types {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal),+ $(,)?) => {
        /// What happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum EventType {
            $($(#[doc = $doc])+ #[serde(rename = $name)] $variant,)+
        }

        impl EventType {
            /// Every type, in the order of their declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Its name as it travels.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// What it means, in a sentence or two.
            #[cfg(feature = "openapi")]
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!($($doc),+),)+
                }
            }
        }
    };
}

event_types! {
    /// A business was made.
    BusinessCreated = "business.created",
    /// A business has another name or status.
    BusinessUpdated = "business.updated",
    /// A business is gone: the workspace removed it, or it never connected anything.
    BusinessRemoved = "business.removed",
    /// A connection was made.
    ConnectionCreated = "connection.created",
    /// A connection was authorized again.
    ConnectionUpdated = "connection.updated",
    /// A connection's credentials were renewed.
    ConnectionRefreshed = "connection.refreshed",
    /// A connection ended: by the customer, the workspace or the service. Its data says why.
    ConnectionDisconnected = "connection.disconnected",
    /// A connection's authorization runs out soon.
    ConnectionExpiring = "connection.expiring",
    /// A connection's authorization has run out.
    ConnectionExpired = "connection.expired",
    /// Somebody asked for a message to try a webhook endpoint with.
    WebhookTest = "webhook.test",
    /// The server disabled a webhook endpoint. Its data says why.
    WebhookDisabled = "webhook.disabled",
}

impl EventType {
    /// Are webhook endpoints told of it? The others are for the audit trail only; a test goes to one endpoint.
    #[must_use]
    pub const fn is_public(self) -> bool {
        match self {
            Self::BusinessCreated
            | Self::BusinessUpdated
            | Self::BusinessRemoved
            | Self::ConnectionCreated
            | Self::ConnectionUpdated
            | Self::ConnectionDisconnected
            | Self::ConnectionExpiring
            | Self::ConnectionExpired => true,
            Self::ConnectionRefreshed | Self::WebhookTest | Self::WebhookDisabled => false,
        }
    }
}

impl std::fmt::Display for EventType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Something that happened, as `GET /v1/events` shows it. Holds no secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AuditEvent {
    /// `evt_…`; the `webhook-id` of the messages that tell of it.
    #[cfg_attr(feature = "openapi", schema(example = "evt_7cLw2pXn5R"))]
    pub event_id: String,
    /// What happened.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::openapi::Time))]
    pub created_at: Timestamp,
    /// To which business, `biz_…`; absent when it concerns none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "biz_3nJ7yP1wL9"))]
    pub business_uuid: Option<String>,
    /// To which connection, `con_…`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "con_8mR2kT0vQ4sXa6"))]
    pub connection_id: Option<String>,
    /// In which authorization, `ath_…`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "ath_5tY8uD2fGk"))]
    pub authorization_id: Option<String>,
    /// What it is about, as it was then: a business, a connection, or a webhook endpoint.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::openapi::EventData))]
    pub data: Map<String, Value>,
}

/// One page of events, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AuditEventPage {
    /// The events.
    pub data: Vec<AuditEvent>,
    /// Give this as `cursor` to get the next page; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "MTc5NTUwNDEyMzQ1NiBldnRfN2NM"))]
    pub next_cursor: Option<String>,
}

/// The body of a webhook message: what happened, as the Standard Webhooks specification has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WebhookMessage {
    /// What happened.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// When.
    pub timestamp: Timestamp,
    /// The data of the event, with the `environment` it happened in.
    pub data: Map<String, Value>,
}

#[cfg(test)]
mod tests {
    use super::EventType;

    #[test]
    fn travels_under_its_name() {
        for kind in EventType::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
    }
}
