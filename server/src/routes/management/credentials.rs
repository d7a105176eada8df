//! `GET /v1/connections/{connectionId}/credentials`: a fresh access token and the account reference, for the company's
//! server only.

use super::no_connection;
use crate::app::SharedApp;
use crate::domain::timestamp;
use crate::lifecycle::rates;
use crate::lifecycle::refresh::{Fresh, RefreshError, fresh};
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use crate::routes::border::problem::{Refusal, refuses};
use crate::routes::border::query::Query;
use crate::store::StoreError;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::{Credentials, ErrorCode};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use time::Duration;
use utoipa::IntoParams;

/// The longest time that an access token may be asked to last, in seconds: a day.
const LONGEST: u32 = 86_400;

/// Why there are none.
#[derive(Debug, thiserror::Error)]
pub(super) enum CredentialsError {
    #[error("An access token can be asked to last for 0 to 86400 seconds.")]
    MinValidity,
    #[error("This API key reads credentials too often; try again later.")]
    TooMany(u64),
    #[error(transparent)]
    Refresh(#[from] RefreshError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<CredentialsError> for Refusal {
    fn from(error: CredentialsError) -> Self {
        let detail = error.to_string();
        let error = match error {
            CredentialsError::Refresh(error) => error,
            CredentialsError::TooMany(seconds) => {
                let status = StatusCode::TOO_MANY_REQUESTS;
                return Self::new(status, ErrorCode::RateLimited, detail).retry_after(seconds);
            }
            CredentialsError::MinValidity => {
                return Self::invalid(detail).field("minValidity");
            }
            CredentialsError::Store(error) => return Self::internal(error),
        };
        match error {
            RefreshError::Unknown => no_connection(),
            RefreshError::NotActive => {
                Self::new(StatusCode::CONFLICT, ErrorCode::ConnectionNotActive, detail)
            }
            RefreshError::Unavailable { retry_after } => {
                away(ErrorCode::ServiceUnavailable, detail, retry_after)
            }
            RefreshError::Client { retry_after } => {
                away(ErrorCode::UnauthorizedClient, detail, retry_after)
            }
            RefreshError::Service(_) => {
                Self::new(StatusCode::CONFLICT, ErrorCode::ServiceNotOffered, detail)
            }
            RefreshError::Store(_) | RefreshError::Grant(_) | RefreshError::Interrupted => {
                Self::internal(error)
            }
        }
    }
}
refuses!(
    CredentialsError:
    400 InvalidRequest, 404 ConnectionNotFound, 409 ConnectionNotActive | ServiceNotOffered,
    429 RateLimited, 502 ServiceUnavailable | UnauthorizedClient
);

/// There are tokens again when the service answers; it is asked again after this.
fn away(code: ErrorCode, detail: String, retry_after: Duration) -> Refusal {
    let seconds = retry_after.whole_seconds().max(0).unsigned_abs();
    // Rounded up: whoever comes back to the second is not too early.
    Refusal::new(StatusCode::BAD_GATEWAY, code, detail).retry_after(seconds + 1)
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct CredentialsQuery {
    /// For how many seconds the access token shall be good, as far as the service allows.
    #[param(maximum = 86400)]
    min_validity: Option<u32>,
}

/// Read fresh credentials
///
/// An access token that is valid now, refreshed before if need be, and the account it is for. Ask before each piece of work
/// instead of keeping the token; never hand it to a browser.
#[utoipa::path(
    get,
    path = "/connections/{connectionId}/credentials",
    tag = "Connections",
    operation_id = "getCredentials",
    security(("apiKey" = ["credentials:read"])),
    params(
        ("connectionId" = String, Path, description = "The connection, `con_…`", example = "con_8mR2kT0vQ4sXa6"),
        CredentialsQuery
    ),
    responses((status = 200, description = "The credentials.", body = Credentials), CredentialsError)
)]
pub(super) async fn read(
    State(app): State<SharedApp>,
    Caller { tenant, key, .. }: Caller<scope::CredentialsRead>,
    Path(id): Path<String>,
    Query(query): Query<CredentialsQuery>,
) -> Result<Json<Credentials>, CredentialsError> {
    let at_least = query.min_validity.unwrap_or_default();
    if at_least > LONGEST {
        return Err(CredentialsError::MinValidity);
    }
    let name = format!("credentials {}", key.id);
    let limit = app.config.limits.credentials_per_minute;
    rates::count(&app, &app.credentials, key.id, &name, limit)
        .await?
        .map_err(CredentialsError::TooMany)?;
    let at_least = Duration::seconds(at_least.into());
    let Fresh { connection, grant } = fresh(&app, &tenant, &id.into(), at_least).await?;
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
