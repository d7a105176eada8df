//! Sweeps away what is over: businesses that never connected, authorizations nobody finished, sessions long ended.

use crate::app::SharedApp;
use crate::domain::business::ORPHAN_AFTER;
use crate::log::chain;
use crate::store::{Saved, StoreError};
use std::time::Duration;

/// How often.
const INTERVAL: Duration = Duration::from_hours(1);

/// What was swept away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Businesses that were new for 24 hours and had no connection; their names are free again.
    pub businesses: usize,
    /// Authorizations that nobody finished in time.
    pub authorizations: usize,
    /// Sessions that ended a day ago.
    pub sessions: u64,
}

/// Sweeps once.
pub async fn sweep(app: &SharedApp) -> Result<Swept, StoreError> {
    let now = app.now();
    let mut swept = Swept::default();
    // Before the businesses: an authorization nobody finished may hold a pending connection.
    for authorization in app.store.due_authorizations(now).await? {
        let id = authorization.id.clone();
        let Ok(expired) = authorization.expire(now) else {
            continue;
        };
        if app.store.save_authorization(&expired).await? == Saved::Done {
            app.waker.wake(&id);
            swept.authorizations += 1;
        }
    }
    swept.businesses = app.store.remove_orphans(now - ORPHAN_AFTER).await?.len();
    swept.sessions = app
        .store
        .remove_sessions(now - crate::domain::session::LIFETIME)
        .await?;
    Ok(swept)
}

/// Sweeps now and then every hour, until the server ends.
pub async fn run(app: SharedApp) {
    let mut hours = tokio::time::interval(INTERVAL);
    loop {
        tokio::select! {
            _ = hours.tick() => {}
            () = app.ending.cancelled() => return,
        }
        match sweep(&app).await {
            Ok(swept) => tracing::info!(?swept, "swept"),
            Err(error) => tracing::error!(error = chain(&error), "sweep failed"),
        }
    }
}
