//! `POST /v1/webhooks`: makes an endpoint. Its secret is in this answer and in no other.

use super::Refused;
use crate::app::SharedApp;
use crate::lifecycle::webhook;
use crate::routes::border::body::Json;
use crate::routes::border::caller::{Caller, scope};
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::{WebhookRequest, WebhookWithSecret};
use secrecy::ExposeSecret as _;

pub(super) async fn create(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::WebhooksWrite>,
    Json(request): Json<WebhookRequest>,
) -> Result<(StatusCode, axum::Json<WebhookWithSecret>), Refused> {
    let (webhook, secret) = webhook::create(&app, tenant, request).await?;
    let shown = WebhookWithSecret {
        webhook: webhook.wire(app.now()),
        secret: secret.expose_secret().to_owned(),
    };
    Ok((StatusCode::CREATED, axum::Json(shown)))
}
