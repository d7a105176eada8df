//! Hears of changes that any server on the PostgreSQL database commits: `LISTEN` on a connection of its own.

use crate::store::{Heard, Listener, StoreError};
use async_trait::async_trait;
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::postgres::PgListener;

/// Says which authorization changed. The migrations name it too.
const AUTHORIZATIONS: &str = "railhead_authorizations";
/// Says which lease was let go of. The migrations name it too.
const LEASES: &str = "railhead_leases";

/// Begins to listen at `address`.
pub(super) async fn listen(address: &SecretString) -> Result<SqlListener, StoreError> {
    let mut listener = PgListener::connect(address.expose_secret()).await?;
    listener.listen_all([AUTHORIZATIONS, LEASES]).await?;
    Ok(SqlListener(listener))
}

/// A connection that listens.
pub(super) struct SqlListener(PgListener);

#[async_trait]
impl Listener for SqlListener {
    async fn next(&mut self) -> Result<Heard, StoreError> {
        loop {
            let Some(heard) = self.0.try_recv().await? else {
                return Ok(Heard::Missed);
            };
            match heard.channel() {
                AUTHORIZATIONS => return Ok(Heard::Changed(heard.payload().into())),
                LEASES => return Ok(Heard::Released(heard.payload().to_owned())),
                // Of a newer version.
                _ => {}
            }
        }
    }
}
