//! `POST /v1/connect/authorizations/{authorizationId}/cancel`: the end user gave up.

use super::{not_found, own_authorization};
use crate::app::SharedApp;
use crate::lifecycle::live;
use crate::measure;
use crate::routes::border::path::Path;
use crate::routes::border::problem::{Refusal, refuses};
use crate::routes::border::visitor::Visitor;
use crate::store::{Saved, StoreError};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::{AuthorizationState, AuthorizationStatus, ErrorCode};

/// Why it is not cancelled.
#[derive(Debug, thiserror::Error)]
pub(in crate::routes) enum CancelError {
    #[error("unknown")]
    Unknown,
    #[error("The authorization is over; read its state.")]
    Over,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<CancelError> for Refusal {
    fn from(error: CancelError) -> Self {
        match error {
            CancelError::Unknown => not_found(),
            CancelError::Over => Self::new(
                StatusCode::CONFLICT,
                ErrorCode::AuthorizationNotOpen,
                error.to_string(),
            ),
            CancelError::Store(error) => Self::internal(error),
        }
    }
}
refuses!(CancelError: 404 AuthorizationNotFound, 409 AuthorizationNotOpen);

/// Cancel an authorization
///
/// The end user gave up. Cancelling twice is fine.
#[utoipa::path(
    post,
    path = "/authorizations/{authorizationId}/cancel",
    tag = "Connect",
    operation_id = "cancelAuthorization",
    security(("sessionToken" = [])),
    params(("authorizationId" = String, Path, description = "The authorization, `ath_…`", example = "ath_5dN0bW8cRq")),
    responses((status = 200, description = "Cancelled.", body = AuthorizationState), CancelError)
)]
pub(super) async fn cancel(
    State(app): State<SharedApp>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Json<AuthorizationState>, CancelError> {
    loop {
        let found = own_authorization(&app, &visitor.session, id.clone()).await?;
        let found = found.ok_or(CancelError::Unknown)?;
        if found.phase.status() == AuthorizationStatus::Cancelled {
            return Ok(Json(live::wire(&app, &found).await?));
        }
        let cancelled = found.cancel().map_err(|_| CancelError::Over)?;
        if app.store.save_authorization(&cancelled).await? == Saved::Done {
            measure::authorization_saved(&cancelled);
            app.waker.wake(&cancelled.id);
            return Ok(Json(live::wire(&app, &cancelled).await?));
        }
    }
}
