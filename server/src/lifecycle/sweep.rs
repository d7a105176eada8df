//! Sweeps away what is over: businesses that never connected, authorizations nobody finished, sessions long ended.

use crate::app::SharedApp;
use crate::domain::business::ORPHAN_AFTER;
use crate::lifecycle::{event, exchange};
use crate::log::chain;
use crate::measure::{self, names};
use crate::store::{EventKind, Saved, StoreError};
use metrics::counter;
use std::time::Duration;
use time::OffsetDateTime;

/// How often.
const INTERVAL: Duration = Duration::from_hours(1);
/// How often exchanges that nobody works on are taken up: somebody may be waiting for them.
const RESUME_INTERVAL: Duration = Duration::from_mins(1);
/// And where another server may have left them.
const SHARED_RESUME_INTERVAL: Duration = Duration::from_secs(5);
/// How many authorizations are read at a time.
const BATCH: u32 = 500;

/// How long the log of a delivery is kept after its end.
const DELIVERIES_KEPT: time::Duration = time::Duration::days(30);

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
    /// Deliveries that ended 30 days ago.
    pub deliveries: u64,
    /// Events older than the settings keep them.
    pub events: u64,
    /// Answers that were kept for a day.
    pub answers: u64,
}

/// Sweeps once.
pub async fn sweep(app: &SharedApp) -> Result<Swept, StoreError> {
    let now = app.now();
    app.store.forget_the_past().await?;
    // Before the businesses: an authorization nobody finished may hold a pending connection.
    Ok(Swept {
        authorizations: expire_authorizations(app, now).await?,
        exchanges: exchange::resume(app).await?,
        deactivated: app
            .store
            .deactivate_expired(now, &|business| {
                event::of_business(app, EventKind::BusinessUpdated, business)
            })
            .await?,
        businesses: app
            .store
            .remove_orphans(now - ORPHAN_AFTER, now, &|business| {
                event::of_business(app, EventKind::BusinessRemoved, business)
            })
            .await?
            .len(),
        sessions: app
            .store
            .remove_sessions(now - crate::domain::session::LIFETIME)
            .await?,
        deliveries: app.store.remove_deliveries(now - DELIVERIES_KEPT).await?,
        events: app
            .store
            .remove_events(now - app.config.retention.events())
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
                measure::authorization_saved(&over);
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
    let mut moments = tokio::time::interval(if app.store.is_shared() {
        SHARED_RESUME_INTERVAL
    } else {
        RESUME_INTERVAL
    });
    loop {
        let result = tokio::select! {
            _ = hours.tick() => sweep(&app).await.map(|swept| tell(&swept)),
            _ = moments.tick() => exchange::resume(&app).await.map(drop),
            () = app.ending.cancelled() => return,
        };
        if let Err(error) = result {
            counter!(names::SWEEPS, "outcome" => "failed").increment(1);
            tracing::error!(error = chain(&error), "sweep failed");
        }
    }
}

fn tell(swept: &Swept) {
    let Swept {
        businesses,
        authorizations,
        exchanges,
        deactivated,
        sessions,
        events,
        deliveries,
        answers,
    } = *swept;
    tracing::info!(
        businesses,
        authorizations,
        exchanges,
        deactivated,
        sessions,
        events,
        deliveries,
        answers,
        "swept"
    );
    counter!(names::SWEEPS, "outcome" => "done").increment(1);
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    for (what, number) in [
        ("businesses", count(businesses)),
        ("authorizations", count(authorizations)),
        ("exchanges", count(exchanges)),
        ("deactivated", deactivated),
        ("sessions", sessions),
        ("events", events),
        ("deliveries", deliveries),
        ("answers", answers),
    ] {
        counter!(names::SWEPT, "what" => what).increment(number);
    }
}
