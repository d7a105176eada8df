//! An authorization ends: with a new connection, a renewed one, or a reason why not.

use super::event;
use super::grant::{Grant, GrantError};
use super::live;
use super::renewal;
use crate::app::App;
use crate::domain::authorization::{Authorization, NotOpen};
use crate::domain::business::Business;
use crate::domain::connection::{Connection, Granted, NotPossible, Owner};
use crate::domain::id::ConnectionId;
use crate::domain::settlement::{Settlement, settle as decide};
use crate::domain::widget_settings::DEFAULT_VALIDITY;
use crate::measure;
use crate::store::{EventKind, NewConnection, Saved, StoreError, Success};
use railhead_protocol::{Account, ErrorCode, Metadata};

/// What the service authorized.
pub struct Authorized {
    /// The account.
    pub account: Account,
    /// The tokens.
    pub grant: Grant,
    /// The pending connection that holds them, if there is one.
    pub pending: Option<Connection>,
}

/// Why it could not be settled.
#[derive(Debug, thiserror::Error)]
pub enum SettleError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The vault.
    #[error(transparent)]
    Grant(#[from] GrantError),
    /// The authorization has ended otherwise meanwhile.
    #[error(transparent)]
    NotOpen(#[from] NotOpen),
    /// The connection has changed meanwhile.
    #[error(transparent)]
    NotPossible(#[from] NotPossible),
    /// The business was removed meanwhile.
    #[error("the business is gone")]
    BusinessGone,
}

/// Ends `authorization` with what the service authorized. Answers it as it is then.
pub async fn settle(
    app: &App,
    mut authorization: Authorization,
    authorized: Authorized,
) -> Result<Authorization, SettleError> {
    loop {
        let known = app
            .store
            .connections_of(&authorization.tenant, &authorization.business)
            .await?;
        let now = app.now();
        let same_service = known
            .into_iter()
            .filter(|connection| connection.service_name == authorization.service_name)
            .map(|connection| connection.at(now))
            .collect();
        let renews = authorization.reauthorizes.as_ref();
        let success = match decide(&authorized.account, renews, same_service) {
            Settlement::Refuse(code) => return fail(app, authorization, code).await,
            Settlement::Create => created(app, &authorization, &authorized).await?,
            Settlement::Renew(target) => renewed(app, &authorization, &authorized, *target).await?,
        };
        if app.store.settle(&success).await? == Saved::Done {
            measure::authorization_saved(&success.authorization);
            app.waker.wake(&authorization.id);
            return reread(app, authorization).await;
        }
        authorization = reread(app, authorization).await?;
        if authorization.phase.is_over() {
            return Ok(authorization);
        }
    }
}

/// Ends `authorization` without a connection. Answers it as it is then.
pub async fn fail(
    app: &App,
    mut authorization: Authorization,
    code: ErrorCode,
) -> Result<Authorization, SettleError> {
    while let Ok(failed) = authorization.clone().fail(code) {
        if app.store.save_authorization(&failed).await? == Saved::Done {
            measure::authorization_saved(&failed);
            app.waker.wake(&authorization.id);
        }
        authorization = reread(app, authorization).await?;
    }
    Ok(authorization)
}

/// The connection that is new.
async fn created(
    app: &App,
    authorization: &Authorization,
    authorized: &Authorized,
) -> Result<Success, SettleError> {
    let pending = match &authorized.pending {
        Some(pending) => pending.clone(),
        None => begin_connection(app, authorization).await?,
    };
    let connection = pending.connect(
        authorized.account.clone(),
        granted(app, authorization).await?,
    )?;
    success(
        app,
        authorization,
        &authorized.grant,
        connection,
        EventKind::ConnectionCreated,
    )
    .await
}

/// The connection that was there already, in whose place the pending one is not needed.
async fn renewed(
    app: &App,
    authorization: &Authorization,
    authorized: &Authorized,
    target: Connection,
) -> Result<Success, SettleError> {
    let connection = target.renew(
        authorized.account.clone(),
        granted(app, authorization).await?,
    )?;
    let discard = authorized
        .pending
        .as_ref()
        .map(|pending| pending.id.clone());
    let kind = EventKind::ConnectionUpdated;
    let success = success(app, authorization, &authorized.grant, connection, kind).await?;
    Ok(Success { discard, ..success })
}

async fn success(
    app: &App,
    authorization: &Authorization,
    grant: &Grant,
    connection: Connection,
    kind: EventKind,
) -> Result<Success, SettleError> {
    let business = business(app, authorization).await?.activate();
    let rule = app.provider_of(authorization).await.ok();
    let rule = rule.map(|(_, provider)| provider.refresh);
    let end = rule.and_then(|rule| rule.ends_at(&grant.times()));
    let connection = match end {
        Some(end) => connection.ending_by(end),
        None => connection,
    };
    let event = event::of_connection(app, kind, &connection, Some(&authorization.id));
    let event = event::with_metadata(event, metadata(app, authorization).await?);
    let version = next_version(app, &connection).await?;
    let credentials = grant.seal(&app.vault, &connection, version)?;
    let fields = authorization.fields.clone();
    Ok(Success {
        authorization: authorization.clone().succeed(connection.id.clone())?,
        event,
        activated: event::of_business(app, EventKind::BusinessUpdated, &business),
        connection: NewConnection {
            connection,
            credentials,
            fields,
            renew_at: rule.and_then(|rule| renewal::plan(app, &rule, grant)),
        },
        business,
        discard: None,
    })
}

/// Authorized now, for as long as the widget says.
async fn granted(app: &App, authorization: &Authorization) -> Result<Granted, StoreError> {
    let widget = app.store.widget(&authorization.widget).await?;
    let validity = widget.map(|widget| widget.settings.validity());
    Ok(Granted {
        at: app.now(),
        months: validity.unwrap_or(DEFAULT_VALIDITY),
    })
}

/// What the company's server gave along with the session.
async fn metadata(app: &App, authorization: &Authorization) -> Result<Metadata, StoreError> {
    let session = app.store.session_by_id(&authorization.session).await?;
    Ok(session.map(|session| session.metadata).unwrap_or_default())
}

async fn business(app: &App, authorization: &Authorization) -> Result<Business, SettleError> {
    let found = app
        .store
        .business(&authorization.tenant, &authorization.business)
        .await?;
    found.ok_or(SettleError::BusinessGone)
}

async fn next_version(app: &App, connection: &Connection) -> Result<u32, StoreError> {
    let version = app
        .store
        .credentials_version(&connection.tenant, &connection.id)
        .await?;
    Ok(version + 1)
}

/// A connection for what `authorization` is about to bring; nothing is stored yet.
pub async fn begin_connection(
    app: &App,
    authorization: &Authorization,
) -> Result<Connection, SettleError> {
    let business = business(app, authorization).await?;
    let owner = Owner {
        tenant: authorization.tenant.clone(),
        business: business.id,
        business_name: business.name.as_str().to_owned(),
    };
    let id = ConnectionId::generate(app.entropy.as_ref());
    Ok(Connection::begin(
        id,
        owner,
        authorization.service_name.clone(),
        app.now(),
    ))
}

async fn reread(app: &App, authorization: Authorization) -> Result<Authorization, SettleError> {
    Ok(live::authorization(app, &authorization.id)
        .await?
        .ok_or(NotOpen)?)
}
