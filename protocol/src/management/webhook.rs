//! Webhook endpoints of the workspace, and what was delivered to them.

use crate::{EventType, Timestamp};
use serde::{Deserialize, Deserializer, Serialize};

/// Why an endpoint gets nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DisabledReason {
    /// The workspace disabled it.
    Workspace,
    /// It answered 410: it does not want anything any more.
    Gone,
    /// Nothing could be delivered to it for five days.
    Failing,
}

/// A webhook endpoint, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    /// `whk_…`
    #[cfg_attr(feature = "openapi", schema(example = "whk_4gS9vH1zQe"))]
    pub webhook_id: String,
    /// Where messages are posted.
    #[cfg_attr(
        feature = "openapi",
        schema(example = "https://example.com/webhooks", format = "uri")
    )]
    pub url: String,
    /// What it is told of; absent means everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<crate::openapi::WebhookEventType>>, min_items = 1))]
    pub types: Option<Vec<EventType>>,
    /// The workspace's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "Ledger", max_length = 200))]
    pub description: Option<String>,
    /// Is it told of what happens?
    #[cfg_attr(feature = "openapi", schema(example = true))]
    pub enabled: bool,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled_reason: Option<DisabledReason>,
    /// Since when nothing could be delivered to it; absent while deliveries succeed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::openapi::Time>))]
    pub failing_since: Option<Timestamp>,
    /// Until when messages are signed with the secret before as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::openapi::Time>))]
    pub previous_secret_until: Option<Timestamp>,
    /// When it was made.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::openapi::Time))]
    pub created_at: Timestamp,
}

/// An endpoint with its secret, which is shown once. Does not implement `Debug`, so that it cannot be logged by
/// accident.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(
    feature = "openapi",
    schema(description = "An endpoint with its secret, which is shown once.")
)]
#[serde(rename_all = "camelCase")]
pub struct WebhookWithSecret {
    /// The endpoint.
    #[serde(flatten)]
    pub webhook: Webhook,
    /// `whsec_…`: verifies the messages' signatures.
    #[cfg_attr(
        feature = "openapi",
        schema(
            example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            pattern = "^whsec_"
        )
    )]
    pub secret: String,
}

/// `POST /v1/webhooks`: makes an endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WebhookRequest {
    /// Where to post messages: an https address.
    #[cfg_attr(
        feature = "openapi",
        schema(
            example = "https://example.com/webhooks",
            format = "uri",
            min_length = 1,
            max_length = 2048
        )
    )]
    pub url: String,
    /// What to tell of; everything when absent.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<crate::openapi::WebhookEventType>>, min_items = 1))]
    pub types: Option<Vec<EventType>>,
    /// The workspace's own words.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(example = "Ledger", max_length = 200))]
    pub description: Option<String>,
}

/// `PATCH /v1/webhooks/{webhookId}`: changes what is named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WebhookChange {
    /// Where to post messages.
    #[serde(default)]
    #[cfg_attr(
        feature = "openapi",
        schema(
            example = "https://example.com/webhooks",
            format = "uri",
            min_length = 1,
            max_length = 2048
        )
    )]
    pub url: Option<String>,
    /// What to tell of; `null` means everything.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<crate::openapi::WebhookEventType>>, min_items = 1))]
    pub types: Option<Option<Vec<EventType>>>,
    /// The workspace's own words; `null` removes them.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "Ledger", max_length = 200))]
    pub description: Option<Option<String>>,
    /// Whether it is told of what happens.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(example = true))]
    pub enabled: Option<bool>,
}

/// A value that is there, `null` included.
#[expect(
    clippy::option_option,
    reason = "absent and null are different: unchanged, and removed"
)]
fn given<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

/// One page of endpoints, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct WebhookPage {
    /// The endpoints.
    pub data: Vec<Webhook>,
    /// Give this as `cursor` to get the next page; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "MTc5NTUwNDEyMzQ1NiB3aGtfNGdT"))]
    pub next_cursor: Option<String>,
}

/// How far a delivery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeliveryStatus {
    /// It is tried, or will be.
    Pending,
    /// The endpoint answered 2xx.
    Delivered,
    /// It was given up; it can be replayed.
    Failed,
}

/// What went wrong with an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeliveryError {
    /// The address is not one to send to: not https, or not public.
    AddressRefused,
    /// No connection could be made or kept.
    Unreachable,
    /// No answer came in time.
    TimedOut,
    /// The answer sends elsewhere; redirects are not followed.
    Redirected,
    /// The answer was 410: the endpoint is disabled.
    Gone,
    /// The answer was no success.
    Status,
    /// The server could not sign it; its log says why.
    Internal,
}

/// One attempt to deliver. Of the answer nothing but its status is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct DeliveryAttempt {
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::openapi::Time))]
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    #[cfg_attr(feature = "openapi", schema(example = 184))]
    pub duration_ms: u64,
    /// The HTTP status of the answer, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schema(example = 204, minimum = 100, maximum = 999)
    )]
    pub status_code: Option<u16>,
    /// What went wrong; absent after success.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<DeliveryError>,
}

/// A message for one endpoint, and how its delivery went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// `dlv_…`
    #[cfg_attr(feature = "openapi", schema(example = "dlv_2hN6xB8mWp"))]
    pub delivery_id: String,
    /// The event it tells of, `evt_…`; the message's `webhook-id`.
    #[cfg_attr(feature = "openapi", schema(example = "evt_7cLw2pXn5R"))]
    pub event_id: String,
    /// What happened.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// How far it is.
    pub status: DeliveryStatus,
    /// When what it tells of happened.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::openapi::Time))]
    pub created_at: Timestamp,
    /// When it is tried next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::openapi::Time>))]
    pub next_attempt_at: Option<Timestamp>,
    /// The latest attempts, oldest first.
    #[cfg_attr(feature = "openapi", schema(max_items = 25))]
    pub attempts: Vec<DeliveryAttempt>,
}

/// A message that was queued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct QueuedDelivery {
    /// Its delivery, `dlv_…`
    #[cfg_attr(feature = "openapi", schema(example = "dlv_2hN6xB8mWp"))]
    pub delivery_id: String,
}

/// One page of deliveries, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct DeliveryPage {
    /// The deliveries.
    pub data: Vec<Delivery>,
    /// Give this as `cursor` to get the next page; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "MTc5NTUwNDEyMzQ1NiBkbHZfMmhO"))]
    pub next_cursor: Option<String>,
}

/// Which events to send again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReplayScope {
    /// What the endpoint did not get: what failed, and what happened while it was disabled or not there yet.
    #[default]
    Undelivered,
    /// Everything, for a receiver that lost what it had.
    All,
}

/// `POST /v1/webhooks/{webhookId}/replay`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReplayRequest {
    /// From when on, RFC 3339.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::openapi::Time))]
    pub since: Timestamp,
    /// Which events.
    #[serde(default)]
    pub scope: ReplayScope,
}

/// What is sent again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Replayed {
    /// How many messages.
    #[cfg_attr(feature = "openapi", schema(example = 12))]
    pub queued: u64,
}
