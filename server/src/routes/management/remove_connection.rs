//! `DELETE /v1/connections/{connectionId}`: disconnects, and removes the record.

use super::disconnect::EndError;
use crate::app::SharedApp;
use crate::lifecycle::disconnect;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use axum::Json;
use axum::extract::State;
use railhead_protocol::Disconnected;

/// Remove a connection
///
/// Disconnects it, as `POST /v1/connections/{connectionId}/disconnect` does, and removes its record.
#[utoipa::path(
    delete,
    path = "/connections/{connectionId}",
    tag = "Connections",
    operation_id = "removeConnection",
    security(("apiKey" = ["connections:write"])),
    params(("connectionId" = String, Path, description = "The connection, `con_…`", example = "con_8mR2kT0vQ4sXa6")),
    responses((status = 200, description = "As it was when it was removed.", body = Disconnected), EndError)
)]
pub(super) async fn remove(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::ConnectionsWrite>,
    Path(id): Path<String>,
) -> Result<Json<Disconnected>, EndError> {
    let ended = disconnect::remove(&app, &tenant, &id.into()).await?;
    Ok(Json(ended.wire()))
}
