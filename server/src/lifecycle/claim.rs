//! Which server works on an accepted callback. A server that works says so again and again; of one that is gone the
//! others hear nothing, and one of them goes on.

use crate::app::App;
use crate::domain::id::AuthorizationId;
use crate::log::chain;
use crate::store::Claim;
use std::pin::pin;
use std::time::Duration;

/// How long others leave an exchange alone whose server says nothing.
const LASTING: Duration = Duration::from_secs(75);
/// How often a server that works on one says so.
const AGAIN: Duration = Duration::from_secs(25);

impl App {
    /// This server, as it claims exchanges.
    #[must_use]
    pub fn claim(&self) -> Claim<'_> {
        let (server, lasting) = (&self.server, LASTING);
        Claim { server, lasting }
    }
}

/// Does `work` on the exchange `id`, which this server has claimed; gives up the claim at the end. Work that another
/// server took up, because this one was thought to be gone, goes on: what comes second is not saved.
pub async fn hold(app: &App, id: &AuthorizationId, work: impl Future<Output = ()>) {
    let mut work = pin!(work);
    tokio::select! {
        () = &mut work => {}
        () = keep(app, id) => work.await,
    }
    if let Err(error) = app.store.release_claim(id, &app.server).await {
        tracing::warn!(authorization = %id, error = chain(&error), "the claim was not given up; it runs out");
    }
}

/// Claims it again and again; ends when another server has it.
async fn keep(app: &App, id: &AuthorizationId) {
    loop {
        tokio::time::sleep(AGAIN).await;
        match app.store.renew_claim(id, app.claim()).await {
            Ok(true) => {}
            Ok(false) => {
                tracing::warn!(authorization = %id, "another server has taken it up");
                return;
            }
            Err(error) => {
                tracing::warn!(authorization = %id, error = chain(&error), "the claim was not renewed");
            }
        }
    }
}
