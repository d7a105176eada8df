//! `POST /v1/connect/authorizations/{authorizationId}/claim`: the browser came back to the page that began.

use super::{not_found, own_authorization};
use crate::app::SharedApp;
use crate::lifecycle::homecoming::{ClaimError as Cause, claim as claim_code};
use crate::lifecycle::live;
use crate::routes::border::body::Json;
use crate::routes::border::path::Path;
use crate::routes::border::problem::{Refusal, refuses};
use crate::routes::border::visitor::Visitor;
use crate::store::StoreError;
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::{AuthorizationState, ClaimRequest, ErrorCode};

/// Why nothing is claimed.
#[derive(Debug, thiserror::Error)]
pub(in crate::routes) enum ClaimError {
    #[error("unknown")]
    Unknown,
    #[error(transparent)]
    Claim(#[from] Cause),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ClaimError> for Refusal {
    fn from(error: ClaimError) -> Self {
        let detail = error.to_string();
        match error {
            ClaimError::Unknown => not_found(),
            ClaimError::Claim(Cause::Refused) => {
                Self::new(StatusCode::FORBIDDEN, ErrorCode::InvalidState, detail).field("claim")
            }
            ClaimError::Claim(Cause::NotOpen) => Self::new(
                StatusCode::CONFLICT,
                ErrorCode::AuthorizationNotOpen,
                detail,
            ),
            ClaimError::Claim(Cause::Store(error)) | ClaimError::Store(error) => {
                Self::internal(error)
            }
        }
    }
}
refuses!(ClaimError: 403 InvalidState, 404 AuthorizationNotFound, 409 AuthorizationNotOpen);

/// Claim what the browser brought back
///
/// After an authorization in the same tab. Only then is anything asked of the service: consent that the page which began does
/// not claim within five minutes comes to nothing. Claiming twice is fine.
#[utoipa::path(
    post,
    path = "/authorizations/{authorizationId}/claim",
    tag = "Connect",
    operation_id = "claim",
    security(("sessionToken" = [])),
    params(("authorizationId" = String, Path, description = "The authorization, `ath_…`", example = "ath_5dN0bW8cRq")),
    request_body(content = ClaimRequest, example = json!({ "claim": "q0VxT3Jk" })),
    responses((status = 200, description = "Where it stands now.", body = AuthorizationState), ClaimError)
)]
pub(super) async fn claim(
    State(app): State<SharedApp>,
    visitor: Visitor,
    Path(id): Path<String>,
    Json(ClaimRequest { claim }): Json<ClaimRequest>,
) -> Result<axum::Json<AuthorizationState>, ClaimError> {
    let found = own_authorization(&app, &visitor.session, id).await?;
    let found = found.ok_or(ClaimError::Unknown)?;
    let claimed = claim_code(&app, found, &claim).await?;
    Ok(axum::Json(live::wire(&app, &claimed).await?))
}
