//! `PATCH /v1/webhooks/{webhookId}`: changes what the body names, nothing else.

use super::webhook_error;
use crate::app::SharedApp;
use crate::lifecycle::webhook;
use crate::routes::border::body::Json;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use axum::extract::State;
use railhead_protocol::{Webhook, WebhookChange};

webhook_error!(
    ChangeWebhookError:
    400 InvalidRequest | InvalidWebhookUrl, 404 WebhookNotFound
);

/// Change an endpoint
///
/// Changes what the body names. While it is disabled nothing is queued for it, and what waits for it is given up; send it
/// again after enabling it.
#[utoipa::path(
    patch,
    path = "/webhooks/{webhookId}",
    tag = "Webhooks",
    operation_id = "changeWebhook",
    security(("apiKey" = ["webhooks:write"])),
    params(("webhookId" = String, Path, description = "The endpoint, `whk_…`", example = "whk_4gS9vH1zQe")),
    request_body(content = WebhookChange, example = json!({ "enabled": true })),
    responses(
        (status = 200, description = "As it is now.", body = Webhook),
        ChangeWebhookError
    )
)]
pub(super) async fn change(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::WebhooksWrite>,
    Path(id): Path<String>,
    Json(change): Json<WebhookChange>,
) -> Result<axum::Json<Webhook>, ChangeWebhookError> {
    let changed = webhook::change(&app, &tenant, &id.into(), change).await?;
    Ok(axum::Json(changed.wire(app.now())))
}
