//! `DELETE /v1/services/{serviceName}/client`: forgets the workspace's own client; one of the server's settings counts
//! again. The service need not be in the catalogue any more.

use super::service_client::ClientRefused;
use crate::app::SharedApp;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use crate::routes::border::problem::{Refusal, refuses};
use crate::store::StoreError;
use axum::extract::State;
use axum::http::StatusCode;

/// Why none is removed.
#[derive(Debug, thiserror::Error)]
pub(super) enum RemoveClientError {
    #[error("unknown")]
    NotSet,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<RemoveClientError> for Refusal {
    fn from(error: RemoveClientError) -> Self {
        match error {
            RemoveClientError::NotSet => ClientRefused::NotSet.into(),
            RemoveClientError::Store(error) => Self::internal(error),
        }
    }
}
refuses!(RemoveClientError: 404 ClientNotFound);

/// Remove a client
///
/// Forgets the workspace's own client at a service; one of the server's settings counts again. The service need not be in the
/// catalogue any more.
#[utoipa::path(
    delete,
    path = "/services/{serviceName}/client",
    tag = "Services",
    operation_id = "removeServiceClient",
    security(("apiKey" = ["services:write"])),
    params(("serviceName" = String, Path, description = "The service", example = "xero")),
    responses((status = 204, description = "Removed."), RemoveClientError)
)]
pub(super) async fn remove(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::ServicesWrite>,
    Path(name): Path<String>,
) -> Result<StatusCode, RemoveClientError> {
    let removed = app.store.remove_service_client(&tenant, &name).await?;
    app.clients.changed();
    if removed {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(RemoveClientError::NotSet)
    }
}
