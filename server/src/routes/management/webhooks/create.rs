//! `POST /v1/webhooks`: makes an endpoint. Its secret is in this answer and in no other.

use super::webhook_error;
use crate::app::SharedApp;
use crate::lifecycle::webhook;
use crate::routes::border::body::Json;
use crate::routes::border::caller::{Caller, scope};
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::{WebhookRequest, WebhookWithSecret};
use secrecy::ExposeSecret as _;

webhook_error!(
    CreateWebhookError:
    400 InvalidRequest | InvalidWebhookUrl, 409 TooManyWebhooks
);

/// Register an endpoint
///
/// Your server is told what happens in the key's environment from now on. The answer holds the secret that verifies the
/// messages; it is not shown again. The address has to be https and public.
#[utoipa::path(
    post,
    path = "/webhooks",
    tag = "Webhooks",
    operation_id = "createWebhook",
    security(("apiKey" = ["webhooks:write"])),
    request_body(
        content = WebhookRequest,
        example = json!({
            "url": "https://example.com/webhooks",
            "types": ["connection.created", "connection.disconnected"]
        })
    ),
    responses(
        (status = 201, description = "Made.", body = WebhookWithSecret),
        CreateWebhookError
    )
)]
pub(super) async fn create(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::WebhooksWrite>,
    Json(request): Json<WebhookRequest>,
) -> Result<(StatusCode, axum::Json<WebhookWithSecret>), CreateWebhookError> {
    let (webhook, secret) = webhook::create(&app, tenant, request).await?;
    let shown = WebhookWithSecret {
        webhook: webhook.wire(app.now()),
        secret: secret.expose_secret().to_owned(),
    };
    Ok((StatusCode::CREATED, axum::Json(shown)))
}
