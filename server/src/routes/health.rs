//! `GET /healthz`: is the process alive?

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

/// The server is alive.
#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    /// Always `ok`.
    #[schema(example = "ok")]
    status: &'static str,
}

/// Ask whether the server is alive
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "Server",
    operation_id = "health",
    responses((status = 200, description = "It is.", body = Health))
)]
pub(super) async fn healthz() -> Json<Health> {
    Json(Health { status: "ok" })
}
