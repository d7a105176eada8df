//! Uses refresh tokens before they end unused, and tries again what a service did not answer: each connection by one
//! server, a few at a time.

use super::refresh::{Purpose, RefreshError, renew};
use crate::app::{App, SharedApp};
use crate::domain::id::ConnectionId;
use crate::domain::tenant::Tenant;
use crate::log::chain;
use crate::store::StoreError;
use futures_util::stream::{self, StreamExt as _};
use time::Duration;

/// How many connections are claimed at a time.
const BATCH: u32 = 64;
/// How many services are asked at once.
const AT_ONCE: usize = 8;
/// How long others leave alone what this server claimed: longer than a batch takes, whatever the services do.
const CLAIM: Duration = Duration::minutes(10);

/// What became of the connections that were due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeptAlive {
    /// Renewed, not due any more, or with an access token that lasts until the next try.
    pub fine: usize,
    /// To be tried again.
    pub held: usize,
    /// Refused by the service.
    pub ended: usize,
}

/// Renews what is due.
pub async fn keep_alive(app: &SharedApp) -> Result<KeptAlive, StoreError> {
    let mut kept = KeptAlive::default();
    while !app.ending.is_cancelled() {
        let now = app.now();
        let claimed = app.store.claim_renewals(now, now + CLAIM, BATCH).await?;
        if claimed.is_empty() {
            break;
        }
        let renewals = claimed.into_iter().map(|(tenant, id)| {
            let task = app.clone();
            // A task that the end of the server waits for: tokens that were rotated must be kept.
            app.tasks
                .spawn(async move { one(&task, &tenant, &id).await })
        });
        // Each begins when it is taken up, for it is spawned by an iterator.
        let mut outcomes = stream::iter(renewals).buffer_unordered(AT_ONCE);
        while let Some(outcome) = outcomes.next().await {
            match outcome {
                Ok(Outcome::Fine) => kept.fine += 1,
                Ok(Outcome::Ended) => kept.ended += 1,
                Ok(Outcome::Held) | Err(_) => kept.held += 1,
            }
        }
    }
    Ok(kept)
}

enum Outcome {
    Fine,
    Held,
    Ended,
}

async fn one(app: &App, tenant: &Tenant, id: &ConnectionId) -> Outcome {
    match renew(app, tenant, id, Purpose::KeepAlive).await {
        Ok(_) => Outcome::Fine,
        Err(RefreshError::NotActive | RefreshError::Unknown) => Outcome::Ended,
        Err(RefreshError::Unavailable { .. } | RefreshError::Client { .. }) => Outcome::Held,
        // Tried again when the claim is over.
        Err(error) => {
            tracing::error!(connection = %id, error = chain(&error), "connection could not be kept alive");
            Outcome::Held
        }
    }
}
