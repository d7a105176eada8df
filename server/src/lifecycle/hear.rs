//! Hears what other servers on the database change, and wakes who waits for it here. A server that hears nothing still
//! answers: who waits reads the database again by itself.

use crate::app::{App, SharedApp};
use crate::log::chain;
use crate::store::{Heard, Listener, StoreError};
use backon::{BackoffBuilder as _, ExponentialBuilder};
use std::time::Duration;

/// The longest time between two attempts to listen.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Listens until the server ends; where the database is this server's alone, there is nothing to hear.
pub async fn run(app: SharedApp) {
    let pauses = ExponentialBuilder::new()
        .with_min_delay(Duration::from_millis(200))
        .with_max_delay(LONGEST_PAUSE)
        .with_jitter()
        .without_max_times();
    let mut pause = pauses.build();
    loop {
        let failure = match app.store.listen().await {
            Ok(None) => return,
            Ok(Some(mut listener)) => {
                pause = pauses.build();
                let ended = tokio::select! {
                    error = listen(&app, listener.as_mut()) => error,
                    () = app.ending.cancelled() => return,
                };
                app.hears(false);
                ended
            }
            Err(error) => error,
        };
        tracing::warn!(error = chain(&failure), "does not hear the other servers");
        tokio::select! {
            () = tokio::time::sleep(pause.next().unwrap_or(LONGEST_PAUSE)) => {}
            () = app.ending.cancelled() => return,
        }
    }
}

async fn listen(app: &App, listener: &mut dyn Listener) -> StoreError {
    app.hears(true);
    loop {
        match listener.next().await {
            Ok(Heard::Changed(id)) => app.waker.wake(&id),
            Ok(Heard::Released(name)) => app.released.wake(&name),
            Ok(Heard::Missed) => app.hears(true),
            Err(error) => return error,
        }
    }
}

impl App {
    /// From now on changes of other servers are heard, or not. What happened just before may have been missed.
    fn hears(&self, hears: bool) {
        self.waker.hears(hears);
        self.released.hears(hears);
    }
}
