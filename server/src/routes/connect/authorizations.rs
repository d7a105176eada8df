//! `POST /v1/connect/authorizations`: the end user picked a service.

use crate::app::SharedApp;
use crate::lifecycle::begin::{BeginError, begin};
use crate::lifecycle::live;
use crate::routes::border::body::Json;
use crate::routes::border::problem::{Refusal, refuses};
use crate::routes::border::visitor::Visitor;
use crate::store::StoreError;
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::{ErrorCode, StartAuthorization, StartedAuthorization};
use secrecy::ExposeSecret as _;

/// Why it does not start.
#[derive(Debug, thiserror::Error)]
pub(in crate::routes) enum StartError {
    #[error(transparent)]
    Begin(#[from] BeginError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<StartError> for Refusal {
    fn from(error: StartError) -> Self {
        let error = match error {
            StartError::Begin(error) => error,
            StartError::Store(error) => return Self::internal(error),
        };
        let detail = error.to_string();
        match error {
            BeginError::UnknownService(_) => {
                Self::new(StatusCode::NOT_FOUND, ErrorCode::UnknownService, detail)
                    .field("serviceName")
            }
            BeginError::NotOffered(_) => {
                Self::new(StatusCode::CONFLICT, ErrorCode::ServiceNotOffered, detail)
                    .field("serviceName")
            }
            BeginError::Field(refused) => {
                let field = format!("fields.{}", refused.field);
                Self::invalid(format!("The {refused}.")).field(field)
            }
            BeginError::UnknownConnection(_) => {
                Self::new(StatusCode::NOT_FOUND, ErrorCode::ConnectionNotFound, detail)
                    .field("connectionId")
            }
            BeginError::TooMany(seconds) => {
                let status = StatusCode::TOO_MANY_REQUESTS;
                Self::new(status, ErrorCode::RateLimited, detail).retry_after(seconds)
            }
            BeginError::SessionGone => {
                Self::new(StatusCode::UNAUTHORIZED, ErrorCode::SessionExpired, detail)
            }
            error @ (BeginError::Store(_) | BeginError::Settle(_) | BeginError::Grant(_)) => {
                Self::internal(error)
            }
        }
    }
}
refuses!(
    StartError:
    400 InvalidRequest, 404 UnknownService | ConnectionNotFound, 409 ServiceNotOffered,
    429 RateLimited
);

/// Start an authorization
///
/// The end user picked a service. The answer's `kind` says how it goes on.
#[utoipa::path(
    post,
    path = "/authorizations",
    tag = "Connect",
    operation_id = "startAuthorization",
    security(("sessionToken" = [])),
    request_body(content = StartAuthorization, example = json!({ "serviceName": "xero" })),
    responses((status = 201, description = "Started.", body = StartedAuthorization), StartError)
)]
pub(super) async fn start(
    State(app): State<SharedApp>,
    visitor: Visitor,
    Json(request): Json<StartAuthorization>,
) -> Result<(StatusCode, axum::Json<StartedAuthorization>), StartError> {
    let begun = begin(&app, &visitor.session, &visitor.widget, request).await?;
    let started = StartedAuthorization {
        authorization: live::wire(&app, &begun.authorization).await?,
        kind: begun.kind,
        nonce: begun.nonce.map(|nonce| nonce.expose_secret().to_owned()),
    };
    Ok((StatusCode::CREATED, axum::Json(started)))
}
