//! `DELETE /v1/connections/{connectionId}`: disconnects, and removes the record.

use super::disconnect::EndError;
use crate::app::SharedApp;
use crate::lifecycle::disconnect;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use axum::Json;
use axum::extract::State;
use railhead_protocol::Disconnected;

pub(super) async fn remove(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::ConnectionsWrite>,
    Path(id): Path<String>,
) -> Result<Json<Disconnected>, EndError> {
    let ended = disconnect::remove(&app, &tenant, &id.into()).await?;
    Ok(Json(ended.wire()))
}
