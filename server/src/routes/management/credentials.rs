//! `GET /v1/connections/{connectionId}/credentials`: a fresh access token and the account reference, for the company's
//! server only.

use super::no_connection;
use crate::app::SharedApp;
use crate::domain::timestamp;
use crate::lifecycle::refresh::{Fresh, RefreshError, fresh};
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use crate::routes::border::problem::{Refusal, refuses};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::{Credentials, ErrorCode};
use secrecy::ExposeSecret as _;

/// Why there are none.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(super) struct CredentialsError(#[from] RefreshError);

impl From<CredentialsError> for Refusal {
    fn from(CredentialsError(error): CredentialsError) -> Self {
        let detail = error.to_string();
        match error {
            RefreshError::Unknown => no_connection(),
            RefreshError::NotActive => {
                Self::new(StatusCode::CONFLICT, ErrorCode::ConnectionNotActive, detail)
            }
            RefreshError::Unavailable(cause) => Self::new(
                StatusCode::BAD_GATEWAY,
                ErrorCode::ServiceUnavailable,
                detail,
            )
            .retry_after(30)
            .because(cause),
            RefreshError::Client(cause) => Self::new(
                StatusCode::BAD_GATEWAY,
                ErrorCode::UnauthorizedClient,
                detail,
            )
            .because(cause),
            RefreshError::Service(_) => {
                Self::new(StatusCode::CONFLICT, ErrorCode::ServiceNotOffered, detail)
            }
            RefreshError::Store(_) | RefreshError::Grant(_) | RefreshError::Interrupted => {
                Self::internal(error)
            }
        }
    }
}
refuses!(CredentialsError);

pub(super) async fn read(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::CredentialsRead>,
    Path(id): Path<String>,
) -> Result<Json<Credentials>, CredentialsError> {
    let Fresh { connection, grant } = fresh(&app, &tenant, &id.into()).await?;
    let mut extra = grant.callback;
    extra.extend(grant.extra);
    Ok(Json(Credentials {
        connection_id: connection.id.to_string(),
        access_token: grant.access_token.expose_secret().to_owned(),
        token_type: grant.token_type,
        expires_at: grant.expires_at.map(timestamp),
        scopes: grant.scopes,
        account: connection.standing.account().cloned(),
        extra,
    }))
}
