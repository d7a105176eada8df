//! What several servers on one database agree upon: who works on what, and how much was asked of all of them.
//!
//! Times are those of the database's clock, so that servers whose clocks differ agree on them.

use super::StoreError;
use crate::domain::id::{AuthorizationId, ServerId};
use crate::secret::Digest;
use async_trait::async_trait;
use std::time::Duration;
use time::OffsetDateTime;

/// A server takes something for itself, for so long.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// The server.
    pub server: &'a ServerId,
    /// For how long, unless it claims it again.
    pub lasting: Duration,
}

/// What is heard from the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// An authorization changed in a way that its widget can see, or is gone.
    Changed(AuthorizationId),
    /// The lease with this name was let go of.
    Released(String),
    /// The connection was lost and is there again: anything may have happened meanwhile.
    Missed,
}

/// Hears what is committed, by whichever server.
#[async_trait]
pub trait Listener: Send {
    /// What comes next; waits for it. After an error, listen anew.
    async fn next(&mut self) -> Result<Heard, StoreError>;
}

/// What several servers on one database agree upon.
#[async_trait]
pub trait ReplicaStore: Send + Sync + 'static {
    /// May other servers use this database at the same time?
    fn is_shared(&self) -> bool;

    /// The database's time.
    async fn now(&self) -> Result<OffsetDateTime, StoreError>;

    /// Hears what is committed from now on; `None` where the database is one server's.
    async fn listen(&self) -> Result<Option<Box<dyn Listener>>, StoreError>;

    /// Claims at most `limit` of the exchanges that have not ended and that no server claims at present. Of any number
    /// of callers at the same time, one gets each.
    async fn claim_exchanges(
        &self,
        claim: Claim<'_>,
        limit: u32,
    ) -> Result<Vec<AuthorizationId>, StoreError>;

    /// Claims again what the server claimed before; `false` when another one has claimed it meanwhile.
    async fn renew_claim(&self, id: &AuthorizationId, claim: Claim<'_>)
    -> Result<bool, StoreError>;

    /// Gives up a claim, so that any server may claim the exchange.
    async fn release_claim(
        &self,
        id: &AuthorizationId,
        server: &ServerId,
    ) -> Result<(), StoreError>;

    /// Takes away what `server` claimed and leased, which is known to have ended; `None` stands for all servers.
    async fn forget_server(&self, server: Option<&ServerId>) -> Result<(), StoreError>;

    /// Takes the lease `name`, unless another server holds it.
    async fn take_lease(&self, name: &str, claim: Claim<'_>) -> Result<bool, StoreError>;

    /// Lets go of the lease `name`, if `server` holds it.
    async fn release_lease(&self, name: &str, server: &ServerId) -> Result<(), StoreError>;

    /// Counts one more of `what`, at most `limit` a minute over all servers; otherwise it is not counted, and the answer
    /// says how many milliseconds to wait.
    async fn count(&self, what: Digest, limit: u32) -> Result<Result<(), u64>, StoreError>;

    /// Forgets counts and leases that are over.
    async fn forget_the_past(&self) -> Result<(), StoreError>;
}
