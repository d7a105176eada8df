//! `DELETE /v1/sessions/{sessionId}`: ends a session, its link, and what was opened with that.

use crate::app::SharedApp;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use crate::routes::border::problem::{Refusal, refuses};
use crate::store::StoreError;
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::ErrorCode;

/// Why it does not end.
#[derive(Debug, thiserror::Error)]
pub(super) enum EndSessionError {
    #[error("No session has this id.")]
    Unknown,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<EndSessionError> for Refusal {
    fn from(error: EndSessionError) -> Self {
        let detail = error.to_string();
        match error {
            EndSessionError::Unknown => {
                Self::new(StatusCode::NOT_FOUND, ErrorCode::SessionNotFound, detail)
            }
            EndSessionError::Store(error) => Self::internal(error),
        }
    }
}
refuses!(EndSessionError: 404 SessionNotFound);

/// End a session
///
/// Its token and its link work no more, nor does what was opened with the link.
#[utoipa::path(
    delete,
    path = "/sessions/{sessionId}",
    tag = "Sessions",
    operation_id = "endSession",
    security(("apiKey" = ["sessions:write"])),
    params(("sessionId" = String, Path, description = "The session, `vis_…`", example = "vis_6tK9wZ3rLm")),
    responses((status = 204, description = "Ended, now or before."), EndSessionError)
)]
pub(super) async fn end(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::SessionsWrite>,
    Path(id): Path<String>,
) -> Result<StatusCode, EndSessionError> {
    if app
        .store
        .end_session(&tenant, &id.into(), app.now())
        .await?
    {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(EndSessionError::Unknown)
    }
}
