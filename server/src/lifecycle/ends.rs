//! Connections that run out: the workspace is told before, the end is written down, and in the end the credentials are
//! forgotten. Several servers may do it at once; each change is made by one.

use super::event;
use crate::app::App;
use crate::store::{EventKind, Saved, StoreError};
use time::Duration;

/// How long the credentials of a connection that is over are kept: they serve nobody, but until here they can still be
/// given back at the service.
const KEPT: Duration = Duration::days(90);
/// How many connections are read at a time.
const BATCH: u32 = 200;

/// What was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ends {
    /// Notices that a connection runs out.
    pub notices: usize,
    /// Connections that have expired.
    pub expired: usize,
    /// Connections whose credentials are gone.
    pub wiped: u64,
}

/// Writes down what has run out, and tells what is about to.
pub async fn write_down(app: &App) -> Result<Ends, StoreError> {
    Ok(Ends {
        expired: expire(app).await?,
        notices: notify(app).await?,
        wiped: app.store.wipe_credentials(app.now() - KEPT).await?,
    })
}

async fn expire(app: &App) -> Result<usize, StoreError> {
    let mut total = 0;
    loop {
        let mut expired = 0;
        for due in app.store.due_ends(app.now(), BATCH).await? {
            let (tenant, business) = (due.tenant.clone(), due.business.clone());
            let Ok(connection) = due.expire() else {
                continue;
            };
            let Some(business) = app.store.business(&tenant, &business).await? else {
                continue;
            };
            let business = business.deactivate();
            let said = event::of_connection(app, EventKind::ConnectionExpired, &connection, None);
            let of_business = event::of_business(app, EventKind::BusinessUpdated, &business);
            let saved = app
                .store
                .save_expired(&connection, &said, &business, &of_business)
                .await?;
            expired += usize::from(saved == Saved::Done);
        }
        if expired == 0 {
            return Ok(total);
        }
        total += expired;
    }
}

async fn notify(app: &App) -> Result<usize, StoreError> {
    let mut total = 0;
    loop {
        let mut given = 0;
        let now = app.now();
        for due in app.store.due_notices(now, BATCH).await? {
            let said = event::of_connection(app, EventKind::ConnectionExpiring, &due, None);
            let saved = app.store.save_notice(&due, now, &said).await?;
            given += usize::from(saved == Saved::Done);
        }
        if given == 0 {
            return Ok(total);
        }
        total += given;
    }
}
