//! What one task at a time may do, over all servers: first a turn in this server, then a lease from the database. A
//! lease that its holder never lets go of runs out, so whoever holds one too long must do no harm: what is written at
//! the end is written onto the state it was made from.

use crate::app::App;
use crate::domain::id::{ConnectionId, ServerId};
use crate::store::{Claim, SharedStore, StoreError};
use std::time::Duration;
use tokio::sync::OwnedMutexGuard;
use tokio_util::task::TaskTracker;

/// How long a lease lasts: longer than the longest request for tokens and writing them down.
const LASTING: Duration = Duration::from_secs(45);
/// How long to wait before asking again for a lease that nobody was heard to let go of: its holder may be gone.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// The name of the lease to renew a connection's credentials.
#[must_use]
pub fn to_refresh(id: &ConnectionId) -> String {
    format!("refresh {id}")
}

/// Its holder's turn in this server.
#[must_use]
pub struct Turn {
    name: String,
    here: OwnedMutexGuard<()>,
}

/// No other task does what the lease is for, in this server or another one, until this is dropped.
#[must_use]
pub struct Alone {
    held: Option<Held>,
}

struct Held {
    turn: Turn,
    server: ServerId,
    store: SharedStore,
    tasks: TaskTracker,
}

/// Waits for the turn to do `name` in this server.
pub async fn turn(app: &App, name: String) -> Turn {
    let here = app.turns.lock(&name).await;
    Turn { name, here }
}

/// Waits until nobody else does `name`, in any server.
pub async fn alone(app: &App, name: String) -> Result<Alone, StoreError> {
    turn(app, name).await.alone(app).await
}

impl Turn {
    /// Waits until no other server has the turn.
    pub async fn alone(self, app: &App) -> Result<Alone, StoreError> {
        let held = Held {
            turn: self,
            server: app.server.clone(),
            store: app.store.clone(),
            tasks: app.tasks.clone(),
        };
        if !app.store.is_shared() {
            return Ok(Alone { held: Some(held) });
        }
        let (server, lasting) = (&app.server, LASTING);
        let claim = Claim { server, lasting };
        let subscription = app.released.subscribe(&held.turn.name);
        loop {
            // Before asking, so that it cannot be let go of in between.
            let released = subscription.changed();
            if app.store.take_lease(&held.turn.name, claim).await? {
                return Ok(Alone { held: Some(held) });
            }
            tokio::select! {
                () = released => {}
                () = tokio::time::sleep(app.spread(ASK_AGAIN)) => {}
            }
        }
    }
}

impl App {
    /// A little more or less than `pause`, so that servers do not ask all at once.
    fn spread(&self, pause: Duration) -> Duration {
        let mut byte = [0];
        self.entropy.fill(&mut byte);
        pause.mul_f64(0.75 + f64::from(byte[0]) / 512.0)
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        let Some(held) = self.held.take().filter(|held| held.store.is_shared()) else {
            return;
        };
        let tasks = held.tasks.clone();
        // The turn in this server ends after the lease, so that the next one here can have it.
        tasks.spawn(async move {
            let Held {
                turn: Turn { name, here },
                server,
                store,
                ..
            } = held;
            if let Err(error) = store.release_lease(&name, &server).await {
                let error = crate::log::chain(&error);
                tracing::warn!(name, error, "a lease was not let go of; it runs out");
            }
            drop(here);
        });
    }
}
