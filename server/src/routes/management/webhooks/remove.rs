//! `DELETE /v1/webhooks/{webhookId}`: removes an endpoint with its log. What waits for it is not sent.

use super::webhook_error;
use crate::app::SharedApp;
use crate::lifecycle::webhook::WebhookError;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use crate::store::Saved;
use axum::extract::State;
use axum::http::StatusCode;

webhook_error!(RemoveWebhookError: 404 WebhookNotFound);

/// Remove an endpoint
///
/// With the log of its deliveries. What waits for it is not sent.
#[utoipa::path(
    delete,
    path = "/webhooks/{webhookId}",
    tag = "Webhooks",
    operation_id = "removeWebhook",
    security(("apiKey" = ["webhooks:write"])),
    params(("webhookId" = String, Path, description = "The endpoint, `whk_…`", example = "whk_4gS9vH1zQe")),
    responses(
        (status = 204, description = "Removed."),
        RemoveWebhookError
    )
)]
pub(super) async fn remove(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::WebhooksWrite>,
    Path(id): Path<String>,
) -> Result<StatusCode, RemoveWebhookError> {
    let removed = app.store.remove_webhook(&tenant, &id.into()).await;
    match removed.map_err(WebhookError::from)? {
        Saved::Done => Ok(StatusCode::NO_CONTENT),
        Saved::Conflict => Err(WebhookError::Unknown.into()),
    }
}
