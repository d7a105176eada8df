//! Webhook endpoints of the workspace, and what was delivered to them.

use crate::{EventType, Timestamp};
use serde::{Deserialize, Deserializer, Serialize};

/// Why an endpoint gets nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    /// `whk_…`
    pub webhook_id: String,
    /// Where messages are posted.
    pub url: String,
    /// What it is told of; absent means everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub types: Option<Vec<EventType>>,
    /// The workspace's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Is it told of what happens?
    pub enabled: bool,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled_reason: Option<DisabledReason>,
    /// Since when nothing could be delivered to it; absent while deliveries succeed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing_since: Option<Timestamp>,
    /// Until when messages are signed with the secret before as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_secret_until: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// An endpoint with its secret, which is shown once. Does not implement `Debug`, so that it cannot be logged by
/// accident.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WebhookWithSecret {
    /// The endpoint.
    #[serde(flatten)]
    pub webhook: Webhook,
    /// `whsec_…`: verifies the messages' signatures.
    pub secret: String,
}

/// `POST /v1/webhooks`: makes an endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WebhookRequest {
    /// Where to post messages: an https address.
    pub url: String,
    /// What to tell of; everything when absent.
    #[serde(default)]
    pub types: Option<Vec<EventType>>,
    /// The workspace's own words.
    #[serde(default)]
    pub description: Option<String>,
}

/// `PATCH /v1/webhooks/{webhookId}`: changes what is named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WebhookChange {
    /// Where to post messages.
    #[serde(default)]
    pub url: Option<String>,
    /// What to tell of; `null` means everything.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub types: Option<Option<Vec<EventType>>>,
    /// The workspace's own words; `null` removes them.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub description: Option<Option<String>>,
    /// Whether it is told of what happens.
    #[serde(default)]
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
#[serde(rename_all = "camelCase")]
pub struct WebhookPage {
    /// The endpoints.
    pub data: Vec<Webhook>,
    /// Give this as `cursor` to get the next page; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// How far a delivery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[serde(rename_all = "camelCase")]
pub struct DeliveryAttempt {
    /// When.
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// The HTTP status of the answer, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_code: Option<u16>,
    /// What went wrong; absent after success.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<DeliveryError>,
}

/// A message for one endpoint, and how its delivery went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// `dlv_…`
    pub delivery_id: String,
    /// The event it tells of, `evt_…`; the message's `webhook-id`.
    pub event_id: String,
    /// What happened.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// How far it is.
    pub status: DeliveryStatus,
    /// When what it tells of happened.
    pub created_at: Timestamp,
    /// When it is tried next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_attempt_at: Option<Timestamp>,
    /// The latest attempts, oldest first.
    pub attempts: Vec<DeliveryAttempt>,
}

/// A message that was queued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueuedDelivery {
    /// Its delivery, `dlv_…`
    pub delivery_id: String,
}

/// One page of deliveries, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryPage {
    /// The deliveries.
    pub data: Vec<Delivery>,
    /// Give this as `cursor` to get the next page; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// Which events to send again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReplayRequest {
    /// From when on, RFC 3339.
    pub since: Timestamp,
    /// Which events.
    #[serde(default)]
    pub scope: ReplayScope,
}

/// What is sent again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Replayed {
    /// How many messages.
    pub queued: u64,
}
