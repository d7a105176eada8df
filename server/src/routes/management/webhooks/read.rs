//! `GET /v1/webhooks/{webhookId}`: one endpoint, without its secret.

use super::Refused;
use crate::app::SharedApp;
use crate::lifecycle::webhook;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use axum::Json;
use axum::extract::State;
use railhead_protocol::Webhook;

pub(super) async fn read(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::WebhooksRead>,
    Path(id): Path<String>,
) -> Result<Json<Webhook>, Refused> {
    let found = webhook::find(&app, &tenant, &id.into()).await?;
    Ok(Json(found.wire(app.now())))
}
