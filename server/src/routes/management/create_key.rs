//! `POST /v1/keys`: makes an API key, which is answered this once.

use crate::app::SharedApp;
use crate::domain::api_key::{ApiKey, BadKey, name};
use crate::routes::border::body::Json;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::problem::{Refusal, refuses};
use crate::store::StoreError;
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::{ApiKeyRequest, CreatedApiKey, ErrorCode};
use time::Duration;

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub(super) enum CreateKeyError {
    #[error(transparent)]
    Key(#[from] BadKey),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<CreateKeyError> for Refusal {
    fn from(error: CreateKeyError) -> Self {
        let error = match error {
            CreateKeyError::Key(error) => error,
            CreateKeyError::Store(error) => return Self::internal(error),
        };
        let detail = error.to_string();
        match error {
            BadKey::Name => Self::invalid(detail).field("name"),
            BadKey::NoScope => Self::invalid(detail).field("scopes"),
            BadKey::MoreScopes(_) => {
                Self::new(StatusCode::FORBIDDEN, ErrorCode::InsufficientScope, detail)
                    .field("scopes")
            }
            BadKey::Lifetime | BadKey::OutlivesMaker => Self::invalid(detail).field("expiresIn"),
        }
    }
}
refuses!(CreateKeyError: 400 InvalidRequest, 403 InsufficientScope);

/// Create an API key
///
/// The key is answered this once. It may do at most what the key that asks may, and for no longer.
#[utoipa::path(
    post,
    path = "/keys",
    tag = "API keys",
    operation_id = "createKey",
    security(("apiKey" = ["keys:write"])),
    request_body(
        content = ApiKeyRequest,
        example = json!({ "name": "reports", "scopes": ["connections:read"], "expiresIn": 7_776_000 })
    ),
    responses((status = 201, description = "Made.", body = CreatedApiKey), CreateKeyError)
)]
pub(super) async fn create(
    State(app): State<SharedApp>,
    Caller { tenant, key, .. }: Caller<scope::KeysWrite>,
    Json(request): Json<ApiKeyRequest>,
) -> Result<(StatusCode, axum::Json<CreatedApiKey>), CreateKeyError> {
    let name = name(request.name.as_deref().unwrap_or_default())?;
    let scopes = key.scopes.grant(request.scopes)?;
    let lifetime = request
        .expires_in
        .map(|seconds| i64::try_from(seconds).map_or(Duration::MAX, Duration::seconds));
    let now = app.now();
    let expires_at = key.end_of_next(lifetime, now)?;
    let (api_key, made) = ApiKey::make(
        app.entropy.as_ref(),
        tenant,
        name,
        scopes,
        (now, expires_at),
    );
    app.store.add_api_key(&made).await?;
    let created = CreatedApiKey {
        api_key,
        key: made.wire(),
    };
    Ok((StatusCode::CREATED, axum::Json(created)))
}
