//! `POST /v1/connect/authorizations/{authorizationId}/extend`: the end user is still busy with it.

use super::{not_found, own_authorization};
use crate::app::SharedApp;
use crate::lifecycle::live;
use crate::routes::border::path::Path;
use crate::routes::border::problem::{Refusal, refuses};
use crate::routes::border::visitor::Visitor;
use crate::store::{Saved, StoreError};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::{AuthorizationState, ErrorCode};

/// Why it is not extended.
#[derive(Debug, thiserror::Error)]
pub(in crate::routes) enum ExtendError {
    #[error("unknown")]
    Unknown,
    #[error("The authorization waits for nobody any more; read its state.")]
    Over,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ExtendError> for Refusal {
    fn from(error: ExtendError) -> Self {
        match error {
            ExtendError::Unknown => not_found(),
            ExtendError::Over => Self::new(
                StatusCode::CONFLICT,
                ErrorCode::AuthorizationNotOpen,
                error.to_string(),
            ),
            ExtendError::Store(error) => Self::internal(error),
        }
    }
}
refuses!(ExtendError: 404 AuthorizationNotFound, 409 AuthorizationNotOpen);

/// Extend an authorization
///
/// The end user is still busy at the service, or choosing: another ten minutes from now, but no more than an hour in all.
#[utoipa::path(
    post,
    path = "/authorizations/{authorizationId}/extend",
    tag = "Connect",
    operation_id = "extendAuthorization",
    security(("sessionToken" = [])),
    params(("authorizationId" = String, Path, description = "The authorization, `ath_…`", example = "ath_5dN0bW8cRq")),
    responses((status = 200, description = "With its new end.", body = AuthorizationState), ExtendError)
)]
pub(super) async fn extend(
    State(app): State<SharedApp>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Json<AuthorizationState>, ExtendError> {
    loop {
        let found = own_authorization(&app, &visitor.session, id.clone()).await?;
        let found = found.ok_or(ExtendError::Unknown)?;
        let extended = found.extend(app.now()).map_err(|_| ExtendError::Over)?;
        if app.store.save_authorization(&extended).await? == Saved::Done {
            return Ok(Json(live::wire(&app, &extended).await?));
        }
    }
}
