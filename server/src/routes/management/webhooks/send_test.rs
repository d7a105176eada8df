//! `POST /v1/webhooks/{webhookId}/test`: sends a `webhook.test` at once, a single time. How it went is in the log of
//! deliveries.

use super::webhook_error;
use crate::app::SharedApp;
use crate::lifecycle::webhook;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::QueuedDelivery;

webhook_error!(SendTestError: 404 WebhookNotFound, 409 WebhookDisabled, 429 RateLimited);

/// Send a test
///
/// A message of the type `webhook.test`, at once and a single time. The log of deliveries says how it went.
#[utoipa::path(
    post,
    path = "/webhooks/{webhookId}/test",
    tag = "Webhooks",
    operation_id = "testWebhook",
    security(("apiKey" = ["webhooks:write"])),
    params(("webhookId" = String, Path, description = "The endpoint, `whk_…`", example = "whk_4gS9vH1zQe")),
    responses(
        (status = 202, description = "Queued.", body = QueuedDelivery),
        SendTestError
    )
)]
pub(super) async fn send_test(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::WebhooksWrite>,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<QueuedDelivery>), SendTestError> {
    let delivery = webhook::test(&app, &tenant, &id.into()).await?;
    let delivery_id = delivery.to_string();
    Ok((StatusCode::ACCEPTED, Json(QueuedDelivery { delivery_id })))
}
