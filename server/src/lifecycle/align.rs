//! The clocks of servers on one database follow the database's: what one of them begins must not be over for another.

use crate::app::SharedApp;
use crate::clock::FollowingClock;
use crate::log::chain;
use crate::store::{ReplicaStore, StoreError};
use std::sync::Arc;
use std::time::Duration;

/// How often the database is asked for the time.
const INTERVAL: Duration = Duration::from_mins(1);

/// Has `clock` follow the database's, where servers share one.
pub async fn align(
    clock: &FollowingClock,
    store: &(impl ReplicaStore + ?Sized),
) -> Result<(), StoreError> {
    if store.is_shared()
        && let Some(ahead) = clock.learn(store.now().await?)
    {
        let seconds = ahead.whole_seconds();
        tracing::warn!(
            seconds,
            "this machine's clock is ahead of the database's, which counts"
        );
    }
    Ok(())
}

/// Does so again and again, until the server ends.
pub async fn run(app: SharedApp, clock: Arc<FollowingClock>) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(INTERVAL) => {}
            () = app.ending.cancelled() => return,
        }
        if let Err(error) = align(&clock, app.store.as_ref()).await {
            tracing::warn!(error = chain(&error), "the database did not tell the time");
        }
    }
}
