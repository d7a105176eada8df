//! `GET /healthz`: is the process alive? `GET /readyz`: may requests be sent to it?

use super::border::problem::{Refusal, refuses};
use crate::app::SharedApp;
use crate::store::StoreError;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::ErrorCode;
use serde::Serialize;
use std::time::Duration;

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);
use utoipa::ToSchema;

/// The server is alive.
#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    /// `ok` or `ready`.
    #[schema(example = "ok")]
    status: &'static str,
}

/// Why requests should go elsewhere.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotReady {
    #[error("The server is ending.")]
    Ending,
    #[error("The database does not answer.")]
    Database(#[from] StoreError),
    #[error("The database does not answer in time.")]
    Slow(#[from] tokio::time::error::Elapsed),
}

impl From<NotReady> for Refusal {
    fn from(error: NotReady) -> Self {
        let status = StatusCode::SERVICE_UNAVAILABLE;
        let refusal = Self::new(status, ErrorCode::NotReady, error.to_string()).retry_after(5);
        match error {
            NotReady::Ending => refusal,
            NotReady::Database(cause) => refusal.because(cause),
            NotReady::Slow(cause) => refusal.because(cause),
        }
    }
}
refuses!(NotReady: 503 NotReady);

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

/// Ask whether the server takes requests
///
/// It does unless its database does not answer, or it was asked to end.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "Server",
    operation_id = "readiness",
    responses((status = 200, description = "It does.", body = Health), NotReady)
)]
pub(super) async fn readyz(State(app): State<SharedApp>) -> Result<Json<Health>, NotReady> {
    if app.draining.is_cancelled() {
        return Err(NotReady::Ending);
    }
    tokio::time::timeout(PATIENCE, app.store.ping()).await??;
    Ok(Json(Health { status: "ready" }))
}
