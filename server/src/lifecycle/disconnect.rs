//! A connection ends because the customer, or the workspace for them, says so. What was granted is kept aside in the
//! same transaction and given back to the service afterwards.

use super::revoke;
use super::{event, lease};
use crate::app::{App, SharedApp};
use crate::domain::connection::{Connection, NotPossible, Standing};
use crate::domain::id::{ConnectionId, RevocationId};
use crate::domain::tenant::Tenant;
use crate::store::{Disconnection, EventKind, RevocationJob, Saved, StoreError};
use railhead_protocol::{DisconnectReason, Revocation};
use std::time::Duration;

/// How long an answer waits for the service.
const PATIENCE: Duration = Duration::from_secs(3);

/// A connection that has ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// As it is now.
    pub connection: Connection,
    /// What became of its grant.
    pub revocation: Revocation,
}

impl Ended {
    /// As it travels.
    #[must_use]
    pub fn wire(&self) -> railhead_protocol::Disconnected {
        railhead_protocol::Disconnected {
            connection: self.connection.wire(),
            revocation: self.revocation,
        }
    }
}

/// Why it does not end.
#[derive(Debug, thiserror::Error)]
pub enum DisconnectError {
    /// It does not exist.
    #[error("unknown")]
    Unknown,
    /// It has not begun, or another one took its place.
    #[error("The connection is not one that can be disconnected: {0}")]
    NotPossible(#[from] NotPossible),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Ends the connection `id`. One that was ended before stays as it is.
pub async fn disconnect(
    app: &SharedApp,
    tenant: &Tenant,
    id: &ConnectionId,
    reason: DisconnectReason,
) -> Result<Ended, DisconnectError> {
    loop {
        let found = app.store.connection(tenant, id).await?;
        let found = found.ok_or(DisconnectError::Unknown)?.at(app.now());
        if let Standing::Disconnected(..) = found.standing {
            let revocation = app.store.revocation(tenant, id).await?;
            return Ok(Ended {
                connection: found,
                revocation: revocation.unwrap_or(Revocation::Unsupported),
            });
        }
        let business = app.store.business(tenant, &found.business).await?;
        let business = business.ok_or(DisconnectError::Unknown)?;
        // Tokens that are renewed just now are waited for: those are the ones to give back.
        let _alone = lease::alone(app, lease::to_refresh(id)).await?;
        let ending = ending(app, found, reason).await?;
        let deactivated = business.deactivate();
        let told = event::of_business(app, EventKind::BusinessUpdated, &deactivated);
        let claim = revoke::claim(app.now());
        let saved = app
            .store
            .disconnect(&ending, &deactivated, &told, claim)
            .await?;
        if saved == Saved::Conflict {
            continue;
        }
        let revocation = match ending.job {
            None => ending.revocation,
            Some(job) => {
                let under_way = revoke::spawn(app, job);
                let outcome = tokio::time::timeout(PATIENCE, under_way).await;
                outcome.map_or(Revocation::Pending, |outcome| {
                    outcome.unwrap_or(Revocation::Pending)
                })
            }
        };
        return Ok(Ended {
            connection: ending.connection,
            revocation,
        });
    }
}

/// Ends the connection `id` and removes its record.
pub async fn remove(
    app: &SharedApp,
    tenant: &Tenant,
    id: &ConnectionId,
) -> Result<Ended, DisconnectError> {
    loop {
        let found = app.store.connection(tenant, id).await?;
        let found = found.ok_or(DisconnectError::Unknown)?;
        let ended = if let Standing::Superseded(_) = found.standing {
            Ended {
                connection: found,
                revocation: Revocation::Unsupported,
            }
        } else {
            disconnect(app, tenant, id, DisconnectReason::DisconnectedByCustomer).await?
        };
        if app.store.remove_connection(tenant, id).await? == Saved::Done {
            return Ok(ended);
        }
    }
}

/// How all of `connections` end that have not ended yet.
pub(super) async fn all(
    app: &App,
    connections: Vec<Connection>,
) -> Result<Vec<Disconnection>, DisconnectError> {
    let mut endings = Vec::new();
    for connection in connections {
        if connection.clone().disconnect(REASON).is_ok() {
            let _alone = lease::alone(app, lease::to_refresh(&connection.id)).await?;
            endings.push(ending(app, connection, REASON).await?);
        }
    }
    Ok(endings)
}

/// Why the connections of a business end that is removed.
const REASON: DisconnectReason = DisconnectReason::DisconnectedByCustomer;

/// How `connection` ends.
async fn ending(
    app: &App,
    connection: Connection,
    reason: DisconnectReason,
) -> Result<Disconnection, DisconnectError> {
    let (tenant, id) = (connection.tenant.clone(), connection.id.clone());
    let service_name = connection.service_name.clone();
    let connection = connection.disconnect(reason)?;
    let account = connection.standing.account().ok_or(NotPossible)?;
    let account_id = account.account_id.clone();
    let stored = app.store.credentials(&tenant, &id).await?;
    let version = stored.as_ref().map(|stored| stored.credentials.version);
    let job = stored.map(|stored| RevocationJob {
        id: RevocationId::generate(app.entropy.as_ref()),
        tenant,
        connection: id.clone(),
        service_name,
        account_id,
        fields: stored.fields,
        credentials: stored.credentials,
        attempts: 0,
        created_at: app.now(),
    });
    let known = match &job {
        None => Some(Revocation::Unsupported),
        Some(job) => revoke::without_asking(app, job, Some(&id)).await?,
    };
    let event = event::of_connection(app, EventKind::ConnectionDisconnected, &connection, None);
    Ok(Disconnection {
        connection,
        version,
        revocation: known.unwrap_or(Revocation::Pending),
        job: job.filter(|_| known.is_none()),
        event,
    })
}
