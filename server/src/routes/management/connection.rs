//! `GET /v1/connections/{connectionId}`: one connection.

use super::no_connection;
use crate::app::SharedApp;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use crate::routes::border::problem::{Refusal, refuses};
use crate::store::StoreError;
use axum::Json;
use axum::extract::State;
use railhead_protocol::Connection;

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub(super) enum ConnectionError {
    #[error("unknown")]
    Unknown,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ConnectionError> for Refusal {
    fn from(error: ConnectionError) -> Self {
        match error {
            ConnectionError::Unknown => no_connection(),
            ConnectionError::Store(error) => Self::internal(error),
        }
    }
}
refuses!(ConnectionError: 404 ConnectionNotFound);

/// Read a connection
#[utoipa::path(
    get,
    path = "/connections/{connectionId}",
    tag = "Connections",
    operation_id = "getConnection",
    security(("apiKey" = ["connections:read"])),
    params(("connectionId" = String, Path, description = "The connection, `con_…`", example = "con_8mR2kT0vQ4sXa6")),
    responses((status = 200, description = "The connection.", body = Connection), ConnectionError)
)]
pub(super) async fn read(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::ConnectionsRead>,
    Path(id): Path<String>,
) -> Result<Json<Connection>, ConnectionError> {
    let found = app.store.connection(&tenant, &id.into()).await?;
    Ok(Json(
        found.ok_or(ConnectionError::Unknown)?.at(app.now()).wire(),
    ))
}
