//! `POST /v1/webhooks/{webhookId}/rotate-secret`: a new secret, shown once. The one before signs beside it for a day.

use super::webhook_error;
use crate::app::SharedApp;
use crate::lifecycle::webhook;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use axum::Json;
use axum::extract::State;
use railhead_protocol::WebhookWithSecret;
use secrecy::ExposeSecret as _;

webhook_error!(RotateSecretError: 404 WebhookNotFound);

/// Rotate an endpoint's secret
///
/// The answer holds the new secret, which is not shown again. For 24 hours the one before signs beside it, so that nothing
/// is refused while you put the new one in place.
#[utoipa::path(
    post,
    path = "/webhooks/{webhookId}/rotate-secret",
    tag = "Webhooks",
    operation_id = "rotateWebhookSecret",
    security(("apiKey" = ["webhooks:write"])),
    params(("webhookId" = String, Path, description = "The endpoint, `whk_…`", example = "whk_4gS9vH1zQe")),
    responses(
        (status = 200, description = "The endpoint with its new secret.", body = WebhookWithSecret),
        RotateSecretError
    )
)]
pub(super) async fn rotate_secret(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::WebhooksWrite>,
    Path(id): Path<String>,
) -> Result<Json<WebhookWithSecret>, RotateSecretError> {
    let (webhook, secret) = webhook::rotate_secret(&app, &tenant, &id.into()).await?;
    Ok(Json(WebhookWithSecret {
        webhook: webhook.wire(app.now()),
        secret: secret.expose_secret().to_owned(),
    }))
}
