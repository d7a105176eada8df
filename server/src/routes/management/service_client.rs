//! `GET /v1/services/{serviceName}/client`: the workspace's own client there; never its secret.

use super::service::{ServiceRefused, find};
use crate::app::SharedApp;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use crate::routes::border::problem::{Refusal, refuses};
use crate::store::StoreError;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::{ErrorCode, ServiceClient};

/// Why there is none, or none can be set.
#[derive(Debug, thiserror::Error)]
pub(super) enum ClientRefused {
    #[error(transparent)]
    Service(#[from] ServiceRefused),
    #[error("The workspace has set no client of its own for this service.")]
    NotSet,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ClientRefused> for Refusal {
    fn from(error: ClientRefused) -> Self {
        let detail = error.to_string();
        match error {
            ClientRefused::Service(error) => error.into(),
            ClientRefused::NotSet => {
                Self::new(StatusCode::NOT_FOUND, ErrorCode::ClientNotFound, detail)
            }
            ClientRefused::Store(error) => Self::internal(error),
        }
    }
}
refuses!(ClientRefused: 404 UnknownService | ClientNotFound);

/// Read a client
///
/// The workspace's own client at a service; never its secret.
#[utoipa::path(
    get,
    path = "/services/{serviceName}/client",
    tag = "Services",
    operation_id = "getServiceClient",
    security(("apiKey" = ["services:read"])),
    params(("serviceName" = String, Path, description = "The service", example = "xero")),
    responses((status = 200, description = "The client.", body = ServiceClient), ClientRefused)
)]
pub(super) async fn read(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::ServicesRead>,
    Path(name): Path<String>,
) -> Result<Json<ServiceClient>, ClientRefused> {
    find(&app, &name)?;
    let found = app.store.service_client(&tenant, &name).await?;
    Ok(Json(found.ok_or(ClientRefused::NotSet)?.wire()))
}
