//! `POST /v1/webhooks/{webhookId}/rotate-secret`: a new secret, shown once. The one before signs beside it for a day.

use super::Refused;
use crate::app::SharedApp;
use crate::lifecycle::webhook;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use axum::Json;
use axum::extract::State;
use railhead_protocol::WebhookWithSecret;
use secrecy::ExposeSecret as _;

pub(super) async fn rotate_secret(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::WebhooksWrite>,
    Path(id): Path<String>,
) -> Result<Json<WebhookWithSecret>, Refused> {
    let (webhook, secret) = webhook::rotate_secret(&app, &tenant, &id.into()).await?;
    Ok(Json(WebhookWithSecret {
        webhook: webhook.wire(app.now()),
        secret: secret.expose_secret().to_owned(),
    }))
}
