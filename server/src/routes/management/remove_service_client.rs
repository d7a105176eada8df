//! `DELETE /v1/services/{serviceName}/client`: forgets the workspace's own client; one of the server's settings counts
//! again. The service need not be in the catalogue any more.

use super::service_client::ClientRefused;
use crate::app::SharedApp;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use axum::extract::State;
use axum::http::StatusCode;

pub(super) async fn remove(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::ServicesWrite>,
    Path(name): Path<String>,
) -> Result<StatusCode, ClientRefused> {
    let removed = app.store.remove_service_client(&tenant, &name).await?;
    app.clients.changed();
    if removed {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ClientRefused::NotSet)
    }
}
