//! Webhook endpoints, and the deliveries that wait for them.

use super::{Event, Page, Saved, StoreError};
use crate::domain::delivery::{Delivery, Round};
use crate::domain::id::{DeliveryId, WebhookId};
use crate::domain::tenant::Tenant;
use crate::domain::webhook::Webhook;
use async_trait::async_trait;
use railhead_protocol::{DeliveryAttempt, DeliveryStatus, DisabledReason, ReplayScope};
use time::OffsetDateTime;

/// A delivery that this caller alone may attempt, until the time it was claimed for is over.
#[derive(Clone, Debug)]
pub struct ClaimedDelivery {
    /// The delivery.
    pub delivery: Delivery,
    /// What it tells of.
    pub event: Event,
    /// Which claim of this delivery it is.
    pub claim: u32,
}

/// An attempt that was made.
#[derive(Clone, Debug)]
pub struct Attempted {
    /// Of which delivery.
    pub delivery: DeliveryId,
    /// Under which claim.
    pub claim: u32,
    /// To which endpoint.
    pub webhook: WebhookId,
    /// When.
    pub at: OffsetDateTime,
    /// All attempts that are remembered.
    pub attempts: Vec<DeliveryAttempt>,
    /// The attempts since it was queued or replayed.
    pub round: Round,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a delivery.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It is there.
    Delivered,
    /// It is tried again.
    Again(OffsetDateTime),
    /// It was given up.
    Failed(Option<Disabling>),
}

/// The endpoint is to be disabled.
#[derive(Clone, Debug)]
pub struct Disabling {
    /// Why.
    pub reason: DisabledReason,
    /// Only if nothing was delivered to it since then.
    pub failing_since: Option<OffsetDateTime>,
    /// For the audit trail.
    pub event: Event,
}

/// Endpoints.
#[async_trait]
pub trait WebhookStore: Send + Sync + 'static {
    /// Adds an endpoint; [`Saved::Conflict`] when its tenant has `most` of them already.
    async fn add_webhook(&self, webhook: &Webhook, most: u32) -> Result<Saved, StoreError>;

    /// The endpoint with this id.
    async fn webhook(&self, tenant: &Tenant, id: &WebhookId)
    -> Result<Option<Webhook>, StoreError>;

    /// One page of endpoints, newest first.
    async fn webhooks(&self, tenant: &Tenant, page: &Page) -> Result<Vec<Webhook>, StoreError>;

    /// Saves a change onto the revision it was made from. Disabling gives up, at `now`, what waits for the endpoint;
    /// enabling forgets that it failed.
    async fn save_webhook(
        &self,
        webhook: &Webhook,
        now: OffsetDateTime,
    ) -> Result<Saved, StoreError>;

    /// Removes an endpoint and its deliveries; [`Saved::Conflict`] when there is none.
    async fn remove_webhook(&self, tenant: &Tenant, id: &WebhookId) -> Result<Saved, StoreError>;
}

/// Deliveries.
#[async_trait]
pub trait DeliveryStore: Send + Sync + 'static {
    /// One page of an endpoint's deliveries, newest first.
    async fn deliveries(
        &self,
        webhook: &WebhookId,
        status: Option<DeliveryStatus>,
        page: &Page,
    ) -> Result<Vec<Delivery>, StoreError>;

    /// Adds `event` and queues it for one endpoint alone.
    async fn queue_test(
        &self,
        webhook: &WebhookId,
        event: &Event,
    ) -> Result<DeliveryId, StoreError>;

    /// Queues a delivery once more, due at `now`. `None` when the endpoint has no such delivery.
    async fn replay(
        &self,
        webhook: &WebhookId,
        id: &DeliveryId,
        now: OffsetDateTime,
    ) -> Result<Option<Delivery>, StoreError>;

    /// Queues what the endpoint is told of and happened at or after `since`, due at `now`; says how many.
    async fn replay_since(
        &self,
        webhook: &Webhook,
        since: OffsetDateTime,
        scope: ReplayScope,
        now: OffsetDateTime,
    ) -> Result<u64, StoreError>;

    /// The endpoints that something is due for at `now`.
    async fn due_webhooks(&self, now: OffsetDateTime) -> Result<Vec<Webhook>, StoreError>;

    /// Claims at most `limit` of the endpoint's deliveries that are due at `now`. Of several callers, on however many
    /// servers, one gets each; when it has not reported by `until`, the delivery is due again.
    async fn claim_deliveries(
        &self,
        webhook: &WebhookId,
        now: OffsetDateTime,
        until: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<ClaimedDelivery>, StoreError>;

    /// Saves an attempt; [`Saved::Conflict`] when it was claimed again, replayed or given up meanwhile.
    async fn save_attempt(&self, attempted: &Attempted) -> Result<Saved, StoreError>;

    /// Removes the deliveries that ended before `before`; says how many.
    async fn remove_deliveries(&self, before: OffsetDateTime) -> Result<u64, StoreError>;
}
