//! Fresh access tokens: renewed shortly before they run out, one at a time for each connection, and committed before
//! anybody uses them.

use super::grant::{Grant, GrantError};
use super::{lease, renewal};
use crate::app::{App, SharedApp};
use crate::catalogue::FieldError;
use crate::domain::connection::{Connection, Standing};
use crate::domain::id::ConnectionId;
use crate::domain::tenant::Tenant;
use crate::oauth::{Provider, ProviderError};
use crate::offer::NotOffered;
use crate::store::{Hold, StoreError, StoredCredentials};
use crate::trace;
use railhead_protocol::ErrorCode;
use std::collections::BTreeMap;
use time::{Duration, OffsetDateTime};
use tracing::Instrument as _;

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
    /// The service gave no tokens lately and is left alone for a while.
    #[error("The service cannot renew the access token now; try again.")]
    Unavailable {
        /// For how long.
        retry_after: Duration,
    },
    /// The service refuses the workspace's client and is left alone for a while.
    #[error("The service refuses the client: check its id and secret.")]
    Client {
        /// For how long.
        retry_after: Duration,
    },
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

/// Whom an access token is renewed for.
#[derive(Clone, Copy, Debug)]
pub enum Purpose {
    /// For a reader who wants it to last for so long, as far as the service allows.
    Reader(Duration),
    /// For nobody: so that the refresh token does not end unused.
    KeepAlive,
}

/// Credentials of the connection `id` that last for `at_least`, as far as the service allows.
pub async fn fresh(
    app: &SharedApp,
    tenant: &Tenant,
    id: &ConnectionId,
    at_least: Duration,
) -> Result<Fresh, RefreshError> {
    let purpose = Purpose::Reader(at_least);
    let found = find(app, tenant, id).await?;
    match next(app, &found, purpose).await? {
        Next::Keep => Ok(found.fresh()),
        Next::Wait(hold) => found.held(&hold, app.now()),
        Next::Renew(_) => {
            // In a task of its own: whoever asked may go away, but tokens that were rotated must be kept.
            let (task, tenant, id) = (app.clone(), tenant.clone(), id.clone());
            let renewal = async move { renew(&task, &tenant, &id, purpose).await };
            let renewal = renewal.in_current_span().instrument(trace::work("refresh"));
            let renewal = app.tasks.spawn(renewal);
            renewal.await.map_err(|_| RefreshError::Interrupted)?
        }
    }
}

/// Renews the credentials of `id`, if that is due when it is this one's turn.
pub(super) async fn renew(
    app: &App,
    tenant: &Tenant,
    id: &ConnectionId,
    purpose: Purpose,
) -> Result<Fresh, RefreshError> {
    let turn = lease::turn(app, lease::to_refresh(id)).await;
    // Whoever had the turn before, here or in another server, may have renewed it already, or have asked in vain.
    let found = find(app, tenant, id).await?;
    if !matches!(next(app, &found, purpose).await?, Next::Renew(_)) {
        return spare(app, found, purpose).await;
    }
    let _alone = turn.alone(app).await?;
    let found = find(app, tenant, id).await?;
    match next(app, &found, purpose).await? {
        Next::Keep | Next::Wait(_) => spare(app, found, purpose).await,
        Next::Renew(provider) => renewal::ask(app, found, &provider).await,
    }
}

/// The service is not asked: there is no need to, or it is left alone.
async fn spare(app: &App, found: Found, purpose: Purpose) -> Result<Fresh, RefreshError> {
    if let Next::Wait(hold) = next(app, &found, purpose).await? {
        return found.held(&hold, app.now());
    }
    if let Purpose::KeepAlive = purpose {
        renewal::postpone(app, &found).await?;
    }
    Ok(found.fresh())
}

/// An active connection with what is known of its credentials.
pub(super) struct Found {
    pub(super) connection: Connection,
    pub(super) grant: Grant,
    pub(super) version: u32,
    pub(super) failures: u32,
    fields: BTreeMap<String, String>,
    hold: Option<Hold>,
}

impl Found {
    pub(super) fn fresh(self) -> Fresh {
        let Self {
            connection, grant, ..
        } = self;
        Fresh { connection, grant }
    }

    fn is_good(&self, now: OffsetDateTime) -> bool {
        self.grant.expires_at.is_none_or(|at| now < at)
    }

    /// What there is while the service is not asked: what is in hand stays good until it runs out.
    pub(super) fn held(self, hold: &Hold, now: OffsetDateTime) -> Result<Fresh, RefreshError> {
        let retry_after = hold.until - now;
        match hold.code {
            _ if self.is_good(now) => Ok(self.fresh()),
            ErrorCode::UnauthorizedClient => Err(RefreshError::Client { retry_after }),
            _ => Err(RefreshError::Unavailable { retry_after }),
        }
    }
}

pub(super) async fn find(
    app: &App,
    tenant: &Tenant,
    id: &ConnectionId,
) -> Result<Found, RefreshError> {
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
        failures,
        hold,
    } = stored;
    Ok(Found {
        connection,
        grant: Grant::open(&app.vault, tenant, id, &credentials)?,
        version: credentials.version,
        failures,
        fields,
        hold,
    })
}

/// What is to be done.
enum Next {
    /// Nothing: the tokens stay as they are.
    Keep,
    /// They are to be renewed, but not yet.
    Wait(Hold),
    /// They are to be renewed.
    Renew(Box<Provider>),
}

async fn next(app: &App, found: &Found, purpose: Purpose) -> Result<Next, RefreshError> {
    let now = app.now();
    let provider = match provider(app, found).await {
        Ok(provider) => provider,
        // A service that was taken out of the configuration takes nothing from a token that is still good.
        Err(error) => {
            let runs_out = found.grant.times().expires_at.is_some() && !found.is_good(now);
            return match purpose {
                Purpose::Reader(_) if runs_out => Err(error),
                Purpose::Reader(_) | Purpose::KeepAlive => Ok(Next::Keep),
            };
        }
    };
    let (rule, tokens) = (provider.refresh, found.grant.times());
    let due = match purpose {
        Purpose::Reader(at_least) => rule.is_due(&tokens, now, at_least),
        // What failed is tried again until it is known whether the refresh token is still good.
        Purpose::KeepAlive if found.failures > 0 => rule.allows(&tokens, now),
        Purpose::KeepAlive => rule
            .keep_alive(&tokens)
            .is_some_and(|window| now >= window.from),
    };
    Ok(match found.hold {
        _ if !due => Next::Keep,
        Some(hold) if now < hold.until => Next::Wait(hold),
        _ => Next::Renew(Box::new(provider)),
    })
}

/// The service of a connection, as it is configured now.
pub(super) async fn provider(app: &App, found: &Found) -> Result<Provider, RefreshError> {
    let catalogue = app.catalogue.current();
    let name = &found.connection.service_name;
    let service = catalogue
        .get(name)
        .ok_or_else(|| ServiceError::Unknown(name.clone()))?;
    let offer = app.offer(&found.connection.tenant).await?;
    offer.check(service).map_err(ServiceError::from)?;
    let fields = service
        .check_fields(&found.fields)
        .map_err(ServiceError::from)?;
    Ok(offer
        .provider(service, &fields)
        .map_err(ServiceError::from)?)
}
