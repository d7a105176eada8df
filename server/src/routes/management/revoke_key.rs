//! `DELETE /v1/keys/{keyId}`: revokes an API key, from the next request on.

use crate::app::SharedApp;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use crate::routes::border::problem::{Refusal, refuses};
use crate::store::StoreError;
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::ErrorCode;

/// Why it is not revoked.
#[derive(Debug, thiserror::Error)]
pub(super) enum RevokeKeyError {
    #[error("No API key has this id.")]
    Unknown,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<RevokeKeyError> for Refusal {
    fn from(error: RevokeKeyError) -> Self {
        let detail = error.to_string();
        match error {
            RevokeKeyError::Unknown => {
                Self::new(StatusCode::NOT_FOUND, ErrorCode::KeyNotFound, detail)
            }
            RevokeKeyError::Store(error) => Self::internal(error),
        }
    }
}
refuses!(RevokeKeyError: 404 KeyNotFound);

/// Revoke an API key
///
/// From the next request on. A second time changes nothing.
#[utoipa::path(
    delete,
    path = "/keys/{keyId}",
    tag = "API keys",
    operation_id = "revokeKey",
    security(("apiKey" = ["keys:write"])),
    params(("keyId" = String, Path, description = "The API key, `key_…`", example = "key_7bQ1sN5xHc")),
    responses((status = 204, description = "Revoked, now or before."), RevokeKeyError)
)]
pub(super) async fn revoke(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::KeysWrite>,
    Path(id): Path<String>,
) -> Result<StatusCode, RevokeKeyError> {
    let now = app.now();
    if app
        .store
        .revoke_api_key(Some(&tenant), &id.into(), now)
        .await?
    {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(RevokeKeyError::Unknown)
    }
}
