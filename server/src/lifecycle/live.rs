//! Reads authorizations as they are now: what is due has expired, whether or not anybody noticed before.

use crate::app::App;
use crate::domain::authorization::{Authorization, Phase};
use crate::domain::connection::Connection;
use crate::domain::id::AuthorizationId;
use crate::measure;
use crate::store::{Saved, StoreError};
use railhead_protocol::AuthorizationState;
use std::time::Duration;

/// The authorization `id` as it is now.
pub async fn authorization(
    app: &App,
    id: &AuthorizationId,
) -> Result<Option<Authorization>, StoreError> {
    loop {
        let Some(found) = app.store.authorization(id).await? else {
            return Ok(None);
        };
        let Ok(expired) = found.clone().expire(app.now()) else {
            return Ok(Some(found));
        };
        if app.store.save_authorization(&expired).await? == Saved::Done {
            measure::authorization_saved(&expired);
            app.waker.wake(id);
        }
    }
}

/// The authorization as it travels, with its connection once there is one.
pub async fn wire(
    app: &App,
    authorization: &Authorization,
) -> Result<AuthorizationState, StoreError> {
    let connection = match &authorization.phase {
        Phase::Succeeded { connection } => {
            app.store
                .connection(&authorization.tenant, connection)
                .await?
        }
        _ => None,
    };
    let now = app.now();
    Ok(authorization.wire(connection.map(|connection: Connection| connection.at(now).wire())))
}

/// Waits until `is_enough` is true of the authorization, at most for `wait`, and not beyond its own end or that of
/// the server; answers it as it is then.
pub async fn wait_for(
    app: &App,
    id: &AuthorizationId,
    wait: Duration,
    is_enough: impl Fn(&Authorization) -> bool,
) -> Result<Option<Authorization>, StoreError> {
    let subscription = app.waker.subscribe(id);
    let deadline = tokio::time::sleep(wait);
    tokio::pin!(deadline);
    loop {
        // Before reading, so that no change can slip in between.
        let changed = subscription.changed();
        let Some(found) = authorization(app, id).await? else {
            return Ok(None);
        };
        if is_enough(&found) {
            return Ok(Some(found));
        }
        let left = Duration::try_from(found.expires_at - app.now()).unwrap_or_default();
        let due = left.max(Duration::from_millis(100));
        let patience = app.waker.patience();
        tokio::select! {
            () = changed => {}
            // Changes of another server that were not heard of.
            () = tokio::time::sleep(patience), if patience < wait => {}
            () = tokio::time::sleep(due), if !found.phase.is_over() => {}
            () = &mut deadline => return authorization(app, id).await,
            () = app.ending.cancelled() => return Ok(Some(found)),
        }
    }
}
