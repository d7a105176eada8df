//! `POST /v1/webhooks/{webhookId}/test`: sends a `webhook.test` at once, a single time. How it went is in the log of
//! deliveries.

use super::Refused;
use crate::app::SharedApp;
use crate::lifecycle::webhook;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::QueuedDelivery;

pub(super) async fn send_test(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::WebhooksWrite>,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<QueuedDelivery>), Refused> {
    let delivery = webhook::test(&app, &tenant, &id.into()).await?;
    let delivery_id = delivery.to_string();
    Ok((StatusCode::ACCEPTED, Json(QueuedDelivery { delivery_id })))
}
