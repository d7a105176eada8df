//! `GET /v1/webhooks/{webhookId}`: one endpoint, without its secret.

use super::webhook_error;
use crate::app::SharedApp;
use crate::lifecycle::webhook;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use axum::Json;
use axum::extract::State;
use railhead_protocol::Webhook;

webhook_error!(WebhookReadError: 404 WebhookNotFound);

/// Read an endpoint
///
/// Without its secret, which nobody can read back.
#[utoipa::path(
    get,
    path = "/webhooks/{webhookId}",
    tag = "Webhooks",
    operation_id = "getWebhook",
    security(("apiKey" = ["webhooks:read"])),
    params(("webhookId" = String, Path, description = "The endpoint, `whk_…`", example = "whk_4gS9vH1zQe")),
    responses(
        (status = 200, description = "The endpoint.", body = Webhook),
        WebhookReadError
    )
)]
pub(super) async fn read(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::WebhooksRead>,
    Path(id): Path<String>,
) -> Result<Json<Webhook>, WebhookReadError> {
    let found = webhook::find(&app, &tenant, &id.into()).await?;
    Ok(Json(found.wire(app.now())))
}
