//! `POST /v1/connect/authorizations/{authorizationId}/leave`: no window opens, so the widget's own tab goes.

use super::{not_found, own_authorization};
use crate::app::SharedApp;
use crate::lifecycle::homecoming::{LeaveError as Cause, leave as leave_for_service};
use crate::routes::border::body::Json;
use crate::routes::border::path::Path;
use crate::routes::border::problem::{Refusal, refuses};
use crate::routes::border::visitor::Visitor;
use crate::store::StoreError;
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::{ErrorCode, LeaveRequest, Leaving};

/// Why the tab does not leave.
#[derive(Debug, thiserror::Error)]
pub(in crate::routes) enum LeaveError {
    #[error("unknown")]
    Unknown,
    #[error(transparent)]
    Leave(#[from] Cause),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<LeaveError> for Refusal {
    fn from(error: LeaveError) -> Self {
        let detail = error.to_string();
        match error {
            LeaveError::Unknown => not_found(),
            LeaveError::Leave(Cause::Address) => {
                Self::new(StatusCode::BAD_REQUEST, ErrorCode::InvalidReturnUrl, detail)
                    .field("returnUrl")
            }
            LeaveError::Leave(Cause::NotOpen(_)) => Self::new(
                StatusCode::CONFLICT,
                ErrorCode::AuthorizationNotOpen,
                detail,
            ),
            LeaveError::Leave(Cause::Store(error)) | LeaveError::Store(error) => {
                Self::internal(error)
            }
        }
    }
}
refuses!(LeaveError: 400 InvalidReturnUrl, 404 AuthorizationNotFound, 409 AuthorizationNotOpen);

/// Leave for the service in the same tab
///
/// Where no window opens. The end user confirms on the start page who asks for what, and comes back to `returnUrl` with the
/// query parameter `railhead_claim`, which the page that began has to claim.
#[utoipa::path(
    post,
    path = "/authorizations/{authorizationId}/leave",
    tag = "Connect",
    operation_id = "leave",
    security(("sessionToken" = [])),
    params(("authorizationId" = String, Path, description = "The authorization, `ath_…`", example = "ath_5dN0bW8cRq")),
    request_body(content = LeaveRequest, example = json!({ "returnUrl": "https://northwind.example/connect" })),
    responses((status = 200, description = "Where the tab goes.", body = Leaving), LeaveError)
)]
pub(super) async fn leave(
    State(app): State<SharedApp>,
    visitor: Visitor,
    Path(id): Path<String>,
    Json(LeaveRequest { return_url }): Json<LeaveRequest>,
) -> Result<axum::Json<Leaving>, LeaveError> {
    let session = &visitor.session;
    let found = own_authorization(&app, session, id).await?;
    let found = found.ok_or(LeaveError::Unknown)?;
    let start = leave_for_service(&app, session, found, &return_url).await?;
    Ok(axum::Json(Leaving {
        start_url: start.into(),
    }))
}
