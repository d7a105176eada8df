//! Sweeps away what is over: businesses that never connected, authorizations nobody finished, sessions long ended.

use crate::app::SharedApp;
use crate::domain::business::ORPHAN_AFTER;
use crate::lifecycle::exchange;
use crate::log::chain;
use crate::store::{Saved, StoreError};
use std::time::Duration;
use time::OffsetDateTime;

/// How often.
const INTERVAL: Duration = Duration::from_hours(1);
/// How often exchanges that nobody works on are taken up: somebody may be waiting for them.
const RESUME_INTERVAL: Duration = Duration::from_mins(1);
/// How many authorizations are read at a time.
const BATCH: u32 = 500;

/// What was swept away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Businesses that were new for 24 hours and had no connection; their names are free again.
    pub businesses: usize,
    /// Authorizations that nobody finished in time.
    pub authorizations: usize,
    /// Exchanges that nobody worked on, taken up again.
    pub exchanges: usize,
    /// Businesses whose last connection expired.
    pub deactivated: u64,
    /// Sessions that ended a day ago.
    pub sessions: u64,
    /// Answers that were kept for a day.
    pub answers: u64,
}

/// Sweeps once.
pub async fn sweep(app: &SharedApp) -> Result<Swept, StoreError> {
    let now = app.now();
    // Before the businesses: an authorization nobody finished may hold a pending connection.
    Ok(Swept {
        authorizations: expire_authorizations(app, now).await?,
        exchanges: exchange::resume(app).await?,
        deactivated: app.store.deactivate_expired(now).await?,
        businesses: app
            .store
            .remove_orphans(now - ORPHAN_AFTER, now)
            .await?
            .len(),
        sessions: app
            .store
            .remove_sessions(now - crate::domain::session::LIFETIME)
            .await?,
        answers: app.store.remove_answers(now).await?,
    })
}

/// Expires all that are due, a batch at a time; says how many.
async fn expire_authorizations(app: &SharedApp, now: OffsetDateTime) -> Result<usize, StoreError> {
    let mut total = 0;
    loop {
        let mut expired = 0;
        for due in app.store.due_authorizations(now, BATCH).await? {
            let Ok(over) = due.expire(now) else { continue };
            if app.store.save_authorization(&over).await? == Saved::Done {
                app.waker.wake(&over.id);
                expired += 1;
            }
        }
        if expired == 0 {
            return Ok(total);
        }
        total += expired;
    }
}

/// Sweeps now and then every hour, until the server ends.
pub async fn run(app: SharedApp) {
    let mut hours = tokio::time::interval(INTERVAL);
    let mut minutes = tokio::time::interval(RESUME_INTERVAL);
    loop {
        let result = tokio::select! {
            _ = hours.tick() => sweep(&app).await.map(|swept| tracing::info!(?swept, "swept")),
            _ = minutes.tick() => exchange::resume(&app).await.map(drop),
            () = app.ending.cancelled() => return,
        };
        if let Err(error) = result {
            tracing::error!(error = chain(&error), "sweep failed");
        }
    }
}
