//! `PUT /v1/services/{serviceName}/client`: sets the id and secret that the workspace got from a service. The secret is
//! sealed, and never answered again.

use super::service::{ServiceRefused, find};
use crate::app::{App, SharedApp};
use crate::catalogue::{ClientAuth, LaterMethod, Method, RedirectForm, Service};
use crate::domain::id::ServiceClientId;
use crate::domain::service_client::{ServiceClient, is_plausible};
use crate::domain::tenant::Tenant;
use crate::routes::border::body::Json;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use crate::routes::border::problem::{Refusal, refuses};
use crate::store::{Saved, StoreError};
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::{Environment, ErrorCode, ServiceClientRequest};
use railhead_vault::SealError;
use secrecy::{ExposeSecret as _, SecretString};

/// Why it is not set.
#[derive(Debug, thiserror::Error)]
pub(super) enum SetClientError {
    #[error(transparent)]
    Service(#[from] ServiceRefused),
    #[error("In the sandbox environment services need no client: use an API key of production.")]
    Sandbox,
    #[error("This service is authorized without a client.")]
    NotNeeded,
    #[error("This version cannot authorize this service yet.")]
    NotSupported(LaterMethod),
    #[error("An id has 1 to 1024 visible ASCII characters.")]
    Id,
    #[error("A secret has 1 to 1024 visible ASCII characters.")]
    Secret,
    #[error("This service asks its clients for a secret.")]
    SecretMissing,
    #[error(
        "This service takes a name for the callback's address: give the one it shows, 1 to 1024 visible ASCII characters."
    )]
    RedirectName,
    #[error("This service takes the callback's address itself, and no name for it.")]
    RedirectNameNotNeeded,
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<SetClientError> for Refusal {
    fn from(error: SetClientError) -> Self {
        let detail = error.to_string();
        let conflict = |code| Self::new(StatusCode::CONFLICT, code, detail.clone());
        match error {
            SetClientError::Service(error) => error.into(),
            SetClientError::Sandbox | SetClientError::NotNeeded => {
                conflict(ErrorCode::ClientNotNeeded)
            }
            SetClientError::NotSupported(_) => conflict(ErrorCode::ServiceNotOffered),
            SetClientError::Id => Self::invalid(detail).field("clientId"),
            SetClientError::Secret | SetClientError::SecretMissing => {
                Self::invalid(detail).field("clientSecret")
            }
            SetClientError::RedirectName | SetClientError::RedirectNameNotNeeded => {
                Self::invalid(detail).field("redirectName")
            }
            error @ (SetClientError::Seal(_) | SetClientError::Store(_)) => Self::internal(error),
        }
    }
}
refuses!(
    SetClientError:
    400 InvalidRequest, 404 UnknownService, 409 ClientNotNeeded | ServiceNotOffered
);

/// Set a client
///
/// The id and the secret that the workspace got from a service, in place of those that were set before. The secret is sealed,
/// and never answered. Sandboxes need no clients: use a key of production.
#[utoipa::path(
    put,
    path = "/services/{serviceName}/client",
    tag = "Services",
    operation_id = "setServiceClient",
    security(("apiKey" = ["services:write"])),
    params(("serviceName" = String, Path, description = "The service", example = "xero")),
    request_body(
        content = ServiceClientRequest,
        example = json!({ "clientId": "3MVG9lKcPoNINVBI", "clientSecret": "0f3c9a71d2" })
    ),
    responses((status = 200, description = "As it is now.", body = railhead_protocol::ServiceClient), SetClientError)
)]
pub(super) async fn set(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::ServicesWrite>,
    Path(name): Path<String>,
    Json(request): Json<ServiceClientRequest>,
) -> Result<axum::Json<railhead_protocol::ServiceClient>, SetClientError> {
    let service = find(&app, &name)?;
    let ServiceClientRequest {
        client_id,
        client_secret,
        redirect_name,
    } = request;
    let secret = SecretString::from(client_secret.unwrap_or_default());
    check(
        &tenant,
        &service,
        &client_id,
        &secret,
        redirect_name.as_deref(),
    )?;
    let saved = loop {
        let mut client = next(&app, &tenant, &name, &client_id, &secret).await?;
        client.redirect_name.clone_from(&redirect_name);
        if app.store.save_service_client(&client).await? == Saved::Done {
            break client;
        }
    };
    app.clients.changed();
    Ok(axum::Json(saved.wire()))
}

fn check(
    tenant: &Tenant,
    service: &Service,
    client_id: &str,
    secret: &SecretString,
    redirect_name: Option<&str>,
) -> Result<(), SetClientError> {
    let secret = secret.expose_secret();
    let oauth = match &service.method {
        _ if tenant.environment == Environment::Sandbox => return Err(SetClientError::Sandbox),
        Method::Sandbox => return Err(SetClientError::NotNeeded),
        Method::Later(method) => return Err(SetClientError::NotSupported(*method)),
        Method::OAuth2Code(oauth) => oauth,
    };
    if !is_plausible(client_id) {
        Err(SetClientError::Id)
    } else if secret.is_empty() && oauth.client_auth != ClientAuth::None {
        Err(SetClientError::SecretMissing)
    } else if !secret.is_empty() && !is_plausible(secret) {
        Err(SetClientError::Secret)
    } else {
        match (oauth.redirect, redirect_name) {
            (RedirectForm::Address, None) => Ok(()),
            (RedirectForm::Address, Some(_)) => Err(SetClientError::RedirectNameNotNeeded),
            (RedirectForm::RegisteredName, Some(name)) if is_plausible(name) => Ok(()),
            (RedirectForm::RegisteredName, _) => Err(SetClientError::RedirectName),
        }
    }
}

/// The client as it is to be saved: after the one that is there.
async fn next(
    app: &App,
    tenant: &Tenant,
    service_name: &str,
    client_id: &str,
    secret: &SecretString,
) -> Result<ServiceClient, SetClientError> {
    let known = app.store.service_client(tenant, service_name).await?;
    let (id, version) = known.map_or_else(
        || (ServiceClientId::generate(app.entropy.as_ref()), 1),
        |known| (known.id, known.version + 1),
    );
    let mut client = ServiceClient {
        id,
        tenant: tenant.clone(),
        service_name: service_name.to_owned(),
        client_id: client_id.to_owned(),
        sealed_secret: String::new(),
        redirect_name: None,
        version,
        updated_at: app.now(),
    };
    client.sealed_secret = app.vault.seal(&client.secret_place(), secret)?;
    Ok(client)
}
