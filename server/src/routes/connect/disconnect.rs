//! `DELETE /v1/connect/connections/{connectionId}`: the end user disconnects, where the widget allows it.

use crate::app::SharedApp;
use crate::lifecycle::disconnect::{DisconnectError, disconnect as end};
use crate::routes::border::path::Path;
use crate::routes::border::problem::{Refusal, refuses};
use crate::routes::border::visitor::Visitor;
use crate::store::StoreError;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::{DisconnectReason, Disconnected, ErrorCode};

/// Why it does not end.
#[derive(Debug, thiserror::Error)]
pub(in crate::routes) enum DisconnectRefused {
    #[error("This widget does not let its visitors disconnect.")]
    NotAllowed,
    #[error("This business has no connection with this id.")]
    Unknown,
    #[error("The connection is not one that can be disconnected.")]
    NotPossible,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DisconnectError> for DisconnectRefused {
    fn from(error: DisconnectError) -> Self {
        match error {
            DisconnectError::Unknown => Self::Unknown,
            DisconnectError::NotPossible(_) => Self::NotPossible,
            DisconnectError::Store(error) => Self::Store(error),
        }
    }
}

impl From<DisconnectRefused> for Refusal {
    fn from(error: DisconnectRefused) -> Self {
        let detail = error.to_string();
        let refuse = |status, code| Self::new(status, code, detail);
        match error {
            DisconnectRefused::NotAllowed => {
                refuse(StatusCode::FORBIDDEN, ErrorCode::DisconnectNotAllowed)
            }
            DisconnectRefused::Unknown => {
                refuse(StatusCode::NOT_FOUND, ErrorCode::ConnectionNotFound)
            }
            DisconnectRefused::NotPossible => {
                refuse(StatusCode::CONFLICT, ErrorCode::ConnectionNotActive)
            }
            DisconnectRefused::Store(error) => Self::internal(error),
        }
    }
}
refuses!(
    DisconnectRefused:
    403 DisconnectNotAllowed, 404 ConnectionNotFound, 409 ConnectionNotActive
);

/// Disconnect a connection
///
/// The end user disconnects, where the widget allows it. Of a connection that has ended before, nothing changes.
#[utoipa::path(
    delete,
    path = "/connections/{connectionId}",
    tag = "Connect",
    operation_id = "disconnect",
    security(("sessionToken" = [])),
    params(("connectionId" = String, Path, description = "The connection, `con_…`", example = "con_8mR2kT0vQ4sXa6")),
    responses((status = 200, description = "As it is now.", body = Disconnected), DisconnectRefused)
)]
pub(super) async fn disconnect(
    State(app): State<SharedApp>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Json<Disconnected>, DisconnectRefused> {
    let Visitor { session, widget } = visitor;
    if !widget.settings.may_disconnect {
        return Err(DisconnectRefused::NotAllowed);
    }
    let id = id.into();
    let found = app.store.connection(&session.tenant, &id).await?;
    if found.is_none_or(|found| found.business != session.business) {
        return Err(DisconnectRefused::Unknown);
    }
    let reason = DisconnectReason::DisconnectedByCustomer;
    let ended = end(&app, &session.tenant, &id, reason).await?;
    Ok(Json(ended.wire()))
}
