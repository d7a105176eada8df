//! Answers to requests that may be sent twice.

use super::StoreError;
use crate::domain::id::IdempotencyId;
use crate::domain::tenant::Tenant;
use crate::secret::Digest;
use async_trait::async_trait;
use time::OffsetDateTime;

/// A request that is about to be worked on.
#[derive(Clone, Debug)]
pub struct IdempotencyClaim {
    /// The claim's id.
    pub id: IdempotencyId,
    /// Who asks.
    pub tenant: Tenant,
    /// The key that the request was sent with.
    pub key: String,
    /// What the request is.
    pub request: Digest,
    /// Until when nobody else works on it, whatever becomes of whoever does.
    pub claimed_until: OffsetDateTime,
    /// Until when its answer is kept.
    pub expires_at: OffsetDateTime,
}

/// What is known of a key.
#[derive(Clone, Debug)]
pub enum Claimed {
    /// Nothing: the request is the claim's.
    Mine,
    /// Another request came with it.
    OtherRequest,
    /// The same request is worked on, at most until then.
    UnderWay(OffsetDateTime),
    /// The same request was answered: the claim's id, and the answer, sealed for it.
    Answered(IdempotencyId, String),
}

/// Requests and their answers.
#[async_trait]
pub trait IdempotencyStore: Send + Sync + 'static {
    /// Claims the request, or says what is known of its key. Of any number of callers at the same time, one gets it.
    async fn claim_request(
        &self,
        claim: &IdempotencyClaim,
        now: OffsetDateTime,
    ) -> Result<Claimed, StoreError>;

    /// Keeps the answer, sealed, unless the claim has passed to somebody else.
    async fn keep_answer(&self, id: &IdempotencyId, sealed: &str) -> Result<(), StoreError>;

    /// Gives a claim up: the next request with its key is worked on.
    async fn release_request(&self, id: &IdempotencyId) -> Result<(), StoreError>;

    /// Removes the answers that are not kept any longer; says how many.
    async fn remove_answers(&self, now: OffsetDateTime) -> Result<u64, StoreError>;
}
