//! `POST /v1/connections/{connectionId}/disconnect`: ends a connection and gives its grant back to the service.

use super::no_connection;
use crate::app::SharedApp;
use crate::lifecycle::disconnect::{DisconnectError, disconnect as end};
use crate::routes::border::body::JsonOrNothing;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use crate::routes::border::problem::{Refusal, refuses};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::{DisconnectReason, DisconnectRequest, Disconnected, ErrorCode};

/// Why it does not end.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(in crate::routes) struct EndError(#[from] DisconnectError);

impl From<EndError> for Refusal {
    fn from(EndError(error): EndError) -> Self {
        match error {
            DisconnectError::Unknown => no_connection(),
            DisconnectError::NotPossible(_) => {
                let detail = "The connection is not one that can be disconnected: its account is not chosen yet, or \
                     another connection took its place.";
                Self::new(StatusCode::CONFLICT, ErrorCode::ConnectionNotActive, detail)
            }
            DisconnectError::Store(error) => Self::internal(error),
        }
    }
}
refuses!(EndError: 404 ConnectionNotFound, 409 ConnectionNotActive);

/// Disconnect a connection
///
/// Ends it and gives its grant back to the service. The answer waits for the service for 3 seconds; where `revocation` is
/// `pending`, the server goes on asking for a day. Of a connection that has ended before, nothing changes.
#[utoipa::path(
    post,
    path = "/connections/{connectionId}/disconnect",
    tag = "Connections",
    operation_id = "disconnectConnection",
    security(("apiKey" = ["connections:write"])),
    params(("connectionId" = String, Path, description = "The connection, `con_…`", example = "con_8mR2kT0vQ4sXa6")),
    request_body(
        content = Option<DisconnectRequest>,
        description = "May be left out.",
        example = json!({ "disconnectReason": "disconnected_by_customer" })
    ),
    responses((status = 200, description = "As it is now.", body = Disconnected), EndError)
)]
pub(super) async fn disconnect(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::ConnectionsWrite>,
    Path(id): Path<String>,
    JsonOrNothing(request): JsonOrNothing<DisconnectRequest>,
) -> Result<Json<Disconnected>, EndError> {
    let reason = request
        .disconnect_reason
        .unwrap_or(DisconnectReason::DisconnectedByCustomer);
    let ended = end(&app, &tenant, &id.into(), reason).await?;
    Ok(Json(ended.wire()))
}
