//! Fresh access tokens: renewed shortly before they run out, one at a time for each connection, and committed before
//! anybody uses them.

use super::event;
use super::grant::{Grant, GrantError};
use super::lease;
use crate::app::{App, SharedApp};
use crate::catalogue::{FieldError, RefreshRule, RefreshSemantics};
use crate::domain::connection::{Connection, Standing};
use crate::domain::id::ConnectionId;
use crate::domain::tenant::Tenant;
use crate::oauth::{Provider, ProviderError, TokenError, token};
use crate::offer::{NotOffered, Offer};
use crate::store::{EventKind, Saved, StoreError, StoredCredentials};
use crate::trace;
use railhead_protocol::DisconnectReason;
use std::collections::BTreeMap;
use time::{Duration, OffsetDateTime};
use tracing::Instrument as _;

/// An access token is renewed when it has less than this left.
const MARGIN: Duration = Duration::seconds(60);

/// A connection with credentials that are good now.
pub struct Fresh {
    /// The connection.
    pub connection: Connection,
    /// Its credentials.
    pub grant: Grant,
}

/// Why there are none.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// No such connection.
    #[error("No connection has this id.")]
    Unknown,
    /// It is not active.
    #[error("The connection is not active: its customer has to authorize it again.")]
    NotActive,
    /// The service cannot renew it now.
    #[error("The service cannot renew the access token now; try again.")]
    Unavailable(#[source] TokenError),
    /// The service refuses the workspace's client.
    #[error("The service refuses the client: check its id and secret.")]
    Client(#[source] TokenError),
    /// The service is gone from the catalogue, or its client from the configuration.
    #[error("The access token has run out, and the service cannot be asked for another one: {0}.")]
    Service(#[from] ServiceError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The vault.
    #[error(transparent)]
    Grant(#[from] GrantError),
    /// The task that renews ended early.
    #[error("the refresh was interrupted")]
    Interrupted,
}

/// Why the service of a connection cannot be asked.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// It is gone.
    #[error("the catalogue has no service `{0}`")]
    Unknown(String),
    /// It is not offered in the connection's environment any more.
    #[error(transparent)]
    NotOffered(#[from] NotOffered),
    /// Its fields have changed.
    #[error(transparent)]
    Fields(#[from] FieldError),
    /// It cannot be resolved.
    #[error(transparent)]
    Provider(#[from] ProviderError),
}

/// Fresh credentials of the connection `id`.
pub async fn fresh(
    app: &SharedApp,
    tenant: &Tenant,
    id: &ConnectionId,
) -> Result<Fresh, RefreshError> {
    let (fresh, due) = read(app, tenant, id).await?;
    if !due.is_due() {
        return Ok(fresh);
    }
    // In a task of its own: whoever asked may go away, but tokens that were rotated must be kept.
    let (task, tenant, id) = (app.clone(), tenant.clone(), id.clone());
    let renewal = async move { renew(&task, &tenant, &id).await };
    let renewal = renewal.in_current_span().instrument(trace::work("refresh"));
    let renewal = app.tasks.spawn(renewal);
    renewal.await.map_err(|_| RefreshError::Interrupted)?
}

/// Is it time to renew?
enum Due {
    No,
    Yes(Box<Provider>, u32),
}

impl Due {
    fn is_due(&self) -> bool {
        matches!(self, Self::Yes(..))
    }
}

async fn read(app: &App, tenant: &Tenant, id: &ConnectionId) -> Result<(Fresh, Due), RefreshError> {
    let found = app
        .store
        .connection(tenant, id)
        .await?
        .ok_or(RefreshError::Unknown)?;
    let connection = found.at(app.now());
    let Standing::Active(_) = connection.standing else {
        return Err(RefreshError::NotActive);
    };
    let stored = app
        .store
        .credentials(tenant, id)
        .await?
        .ok_or(RefreshError::NotActive)?;
    let StoredCredentials {
        credentials,
        fields,
    } = stored;
    let grant = Grant::open(&app.vault, tenant, id, &credentials)?;
    let offer = app.offer(tenant).await?;
    let due = due(
        app,
        &offer,
        &connection,
        &grant,
        &fields,
        credentials.version,
    )?;
    Ok((Fresh { connection, grant }, due))
}

fn due(
    app: &App,
    offer: &Offer<'_>,
    connection: &Connection,
    grant: &Grant,
    fields: &BTreeMap<String, String>,
    version: u32,
) -> Result<Due, ServiceError> {
    let (Some(_), Some(expires_at)) = (&grant.refresh_token, grant.expires_at) else {
        return Ok(Due::No);
    };
    match provider(app, offer, connection, fields) {
        Ok(provider) if is_due(expires_at, provider.refresh, app.now()) => {
            Ok(Due::Yes(Box::new(provider), version))
        }
        // A service that was taken out of the configuration takes nothing from a token that is still good.
        Err(error) if app.now() >= expires_at => Err(error),
        Ok(_) | Err(_) => Ok(Due::No),
    }
}

fn is_due(expires_at: OffsetDateTime, rule: RefreshRule, now: OffsetDateTime) -> bool {
    if rule.semantics == RefreshSemantics::None {
        return false;
    }
    let allowed = rule
        .only_in_last
        .and_then(|last| Duration::try_from(last).ok());
    now >= expires_at - allowed.map_or(MARGIN, |last| last.min(MARGIN))
}

fn provider(
    app: &App,
    offer: &Offer<'_>,
    connection: &Connection,
    fields: &BTreeMap<String, String>,
) -> Result<Provider, ServiceError> {
    let catalogue = app.catalogue.current();
    let name = &connection.service_name;
    let service = catalogue
        .get(name)
        .ok_or_else(|| ServiceError::Unknown(name.clone()))?;
    offer.check(service)?;
    let fields = service.check_fields(fields)?;
    Ok(offer.provider(service, &fields)?)
}

async fn renew(app: &App, tenant: &Tenant, id: &ConnectionId) -> Result<Fresh, RefreshError> {
    let turn = lease::turn(app, lease::to_refresh(id)).await;
    // Whoever had the turn before, here or in another server, may have renewed it already.
    let (fresh, due) = read(app, tenant, id).await?;
    if !due.is_due() {
        return Ok(fresh);
    }
    let _alone = turn.alone(app).await?;
    let (Fresh { connection, grant }, due) = read(app, tenant, id).await?;
    let Due::Yes(provider, version) = due else {
        return Ok(Fresh { connection, grant });
    };
    let Some(refresh_token) = &grant.refresh_token else {
        return Ok(Fresh { connection, grant });
    };
    match token::refresh(&app.http, &provider, refresh_token).await {
        Ok(tokens) => {
            let renewed = grant.renewed(tokens, app.now());
            let sealed = renewed.seal(&app.vault, &connection, version + 1)?;
            let kind = EventKind::ConnectionRefreshed;
            let event = event::of_connection(app, kind, &connection, None);
            match app.store.replace_credentials(id, &sealed, &event).await? {
                Saved::Done => Ok(Fresh {
                    connection,
                    grant: renewed,
                }),
                // Authorized again meanwhile: those tokens are newer.
                Saved::Conflict => Ok(read(app, tenant, id).await?.0),
            }
        }
        Err(error @ TokenError::Denied { .. }) => {
            tracing::warn!(connection = %id, %error, "refresh refused, connection is invalid now");
            match invalidate(app, connection, version).await? {
                Saved::Done => Err(RefreshError::NotActive),
                Saved::Conflict => Ok(read(app, tenant, id).await?.0),
            }
        }
        // What is in hand stays good until it runs out.
        Err(error) if grant.expires_at.is_some_and(|at| app.now() < at) => {
            tracing::warn!(connection = %id, %error, "refresh failed, access token is still good");
            Ok(Fresh { connection, grant })
        }
        Err(error @ TokenError::InvalidClient { .. }) => Err(RefreshError::Client(error)),
        Err(error) => Err(RefreshError::Unavailable(error)),
    }
}

/// The service refuses the credentials for good.
async fn invalidate(
    app: &App,
    connection: Connection,
    version: u32,
) -> Result<Saved, RefreshError> {
    let business = app
        .store
        .business(&connection.tenant, &connection.business)
        .await?;
    let deactivated = business.ok_or(RefreshError::Unknown)?.deactivate();
    let invalid = connection.invalidate(DisconnectReason::ReauthorizationRequired);
    let invalid = invalid.map_err(|_| RefreshError::NotActive)?;
    let event = event::of_connection(app, EventKind::ConnectionDisconnected, &invalid, None);
    let business_event = event::of_business(app, EventKind::BusinessUpdated, &deactivated);
    Ok(app
        .store
        .save_invalid(&invalid, version, &event, &deactivated, &business_event)
        .await?)
}
