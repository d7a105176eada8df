//! An authorization begins: the end user picked a service.

use super::grant::{Grant, GrantError};
use super::settle::{self, Authorized, SettleError};
use crate::app::App;
use crate::catalogue::{CheckedFields, FieldError, Method, Service};
use crate::domain::authorization::{Authorization, LIFETIME, Phase};
use crate::domain::connection::{Connection, Standing};
use crate::domain::handoff::Handoff;
use crate::domain::id::{AuthorizationId, ConnectionId};
use crate::domain::session::Session;
use crate::domain::widget::Widget;
use crate::entropy;
use crate::secret::Digest;
use crate::store::{Added, StoreError};
use railhead_protocol::{Account, AuthorizationKind, ErrorCode, StartAuthorization};
use secrecy::SecretString;
use std::sync::Arc;

/// The authorization has begun.
#[derive(Debug)]
pub struct Begun {
    /// As it is now.
    pub authorization: Authorization,
    /// How it goes on.
    pub kind: AuthorizationKind,
    /// What the window has to show.
    pub nonce: Option<SecretString>,
}

/// Why it cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    /// No such service.
    #[error("No service is named \"{0}\".")]
    UnknownService(String),
    /// The widget doesn't offer it.
    #[error("This widget does not offer \"{0}\"; `railhead check` says why.")]
    NotOffered(String),
    /// The values of its fields.
    #[error("The field {0}")]
    Field(#[from] FieldError),
    /// The connection to renew does not exist for this business and service.
    #[error("This business has no connection {0} to this service.")]
    UnknownConnection(ConnectionId),
    /// The session has as many open as it may have; the first of them ends in so many seconds.
    #[error("Too many authorizations of this session are open; cancel one first.")]
    TooMany(u64),
    /// The session was removed meanwhile.
    #[error("The session is over: load the widget again.")]
    SessionGone,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The connection of an instant service could not be settled.
    #[error(transparent)]
    Settle(#[from] SettleError),
    /// Its credentials.
    #[error(transparent)]
    Grant(#[from] GrantError),
}

/// Begins one in `session`; for an instant service it is over at once.
pub async fn begin(
    app: &App,
    session: &Session,
    widget: &Widget,
    request: StartAuthorization,
) -> Result<Begun, BeginError> {
    let service = offered(app, widget, &request.service_name).await?;
    let fields = service.check_fields(&request.fields)?;
    let reauthorizes = match request.connection_id {
        Some(id) => Some(renewable(app, session, &service, id.into()).await?),
        None => None,
    };
    let now = app.now();
    let nonce = entropy::token(app.entropy.as_ref());
    let authorization = Authorization {
        id: AuthorizationId::generate(app.entropy.as_ref()),
        tenant: session.tenant.clone(),
        workspace_name: widget.workspace_name.clone(),
        session: session.id.clone(),
        widget: widget.id.clone(),
        business: session.business.clone(),
        service_name: service.service_name.clone(),
        fields: fields.as_map().clone(),
        reauthorizes,
        handoff: Handoff::Offered {
            nonce: Digest::of(&nonce),
        },
        home: None,
        state: None,
        sealed_verifier: None,
        phase: Phase::Pending,
        version: 1,
        revision: 1,
        created_at: now,
        expires_at: now + LIFETIME,
    };
    let most = app.config.limits.open_authorizations;
    match app.store.add_authorization(&authorization, most).await? {
        Added::Done => {}
        Added::Gone => return Err(BeginError::SessionGone),
        Added::Full(first) => {
            let seconds = u64::try_from((first - now).whole_seconds()).unwrap_or_default();
            return Err(BeginError::TooMany(seconds + 1));
        }
    }
    let kind = service.kind_of_authorization();
    match service.method {
        Method::Sandbox => {
            let authorization = instant(app, authorization, &fields).await?;
            Ok(Begun {
                authorization,
                kind,
                nonce: None,
            })
        }
        Method::OAuth2Code(_) | Method::Later(_) => Ok(Begun {
            authorization,
            kind,
            nonce: Some(nonce.into()),
        }),
    }
}

async fn offered(app: &App, widget: &Widget, name: &str) -> Result<Arc<Service>, BeginError> {
    let catalogue = app.catalogue.current();
    let unknown = || BeginError::UnknownService(name.chars().take(100).collect());
    let service = catalogue.get(name).ok_or_else(unknown)?;
    let offer = app.offer(&widget.tenant).await?;
    if offer.check(service).is_err() || !widget.offers(&service.service_name, service.kind) {
        return Err(BeginError::NotOffered(service.service_name.clone()));
    }
    Ok(service.clone())
}

async fn renewable(
    app: &App,
    session: &Session,
    service: &Service,
    id: ConnectionId,
) -> Result<ConnectionId, BeginError> {
    let found = app.store.connection(&session.tenant, &id).await?;
    let fits = |connection: &Connection| {
        connection.business == session.business
            && connection.service_name == service.service_name
            && !matches!(
                connection.standing,
                Standing::Pending | Standing::Superseded(_)
            )
    };
    if found.as_ref().is_some_and(fits) {
        Ok(id)
    } else {
        Err(BeginError::UnknownConnection(id))
    }
}

/// The built-in service of the sandbox: what becomes of it is chosen by its field `useCase`.
async fn instant(
    app: &App,
    authorization: Authorization,
    fields: &CheckedFields,
) -> Result<Authorization, BeginError> {
    let use_case = fields.get("useCase").unwrap_or("good");
    let refusal = match use_case {
        "duplicate_connection" => Some(ErrorCode::DuplicateAccount),
        "failed_connection" => Some(ErrorCode::ServiceUnavailable),
        "invalid_credentials" => Some(ErrorCode::InvalidCredentials),
        _ => None,
    };
    if let Some(code) = refusal {
        return Ok(settle::fail(app, authorization, code).await?);
    }
    let account = Account {
        account_id: format!("sandbox_{use_case}"),
        name: if use_case == "data_empty" {
            "Empty Books Ltd"
        } else {
            "Sandbox Company Ltd"
        }
        .to_owned(),
    };
    let grant = Grant {
        access_token: format!("sandbox_{}", entropy::token(app.entropy.as_ref())).into(),
        refresh_token: None,
        token_type: "Bearer".to_owned(),
        scopes: Vec::new(),
        received_at: app.now(),
        expires_at: None,
        refresh_expires_at: None,
        callback: [].into(),
        extra: [].into(),
    };
    Ok(settle::settle(
        app,
        authorization,
        Authorized {
            account,
            grant,
            pending: None,
        },
    )
    .await?)
}
