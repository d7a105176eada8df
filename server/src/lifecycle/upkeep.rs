//! The job of every minute: connections that run out, and connections to keep alive.

use super::ends::{Ends, write_down};
use super::keep_alive::{KeptAlive, keep_alive};
use crate::app::SharedApp;
use crate::log::chain;
use crate::store::StoreError;
use std::time::Duration;

/// How often.
const INTERVAL: Duration = Duration::from_mins(1);

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Upkept {
    /// Connections that run out.
    pub ends: Ends,
    /// Connections that were due to be renewed.
    pub kept_alive: KeptAlive,
}

/// Does it once. What has expired is written down first: nobody renews it any more.
pub async fn upkeep(app: &SharedApp) -> Result<Upkept, StoreError> {
    Ok(Upkept {
        ends: write_down(app).await?,
        kept_alive: keep_alive(app).await?,
    })
}

/// Does it now and then every minute, until the server ends.
pub async fn run(app: SharedApp) {
    let mut minutes = tokio::time::interval(INTERVAL);
    minutes.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = minutes.tick() => {}
            () = app.ending.cancelled() => return,
        }
        match upkeep(&app).await {
            Ok(done) if done == Upkept::default() => {}
            Ok(done) => tracing::info!(?done, "kept up"),
            Err(error) => tracing::error!(error = chain(&error), "upkeep failed"),
        }
    }
}
