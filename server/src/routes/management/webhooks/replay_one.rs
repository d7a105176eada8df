//! `POST /v1/webhooks/{webhookId}/deliveries/{deliveryId}/replay`: sends one message again, delivered before or not.

use crate::app::SharedApp;
use crate::lifecycle::webhook::{self, WebhookError};
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use crate::routes::border::problem::{Refusal, refuses};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::{Delivery, ErrorCode};

/// Why it is not replayed.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReplayOneError {
    #[error("This webhook endpoint has no delivery with this id; deliveries are kept for 30 days.")]
    Unknown,
    #[error(transparent)]
    Webhook(#[from] WebhookError),
}

impl From<ReplayOneError> for Refusal {
    fn from(error: ReplayOneError) -> Self {
        let detail = error.to_string();
        match error {
            ReplayOneError::Unknown => {
                Self::new(StatusCode::NOT_FOUND, ErrorCode::DeliveryNotFound, detail)
            }
            ReplayOneError::Webhook(error) => error.into(),
        }
    }
}
refuses!(ReplayOneError: 404 WebhookNotFound | DeliveryNotFound, 409 WebhookDisabled);

/// Send one message again
///
/// Whether or not it was delivered before. It keeps its `webhook-id`.
#[utoipa::path(
    post,
    path = "/webhooks/{webhookId}/deliveries/{deliveryId}/replay",
    tag = "Webhooks",
    operation_id = "replayDelivery",
    security(("apiKey" = ["webhooks:write"])),
    params(
        ("webhookId" = String, Path, description = "The endpoint, `whk_…`", example = "whk_4gS9vH1zQe"),
        ("deliveryId" = String, Path, description = "The delivery, `dlv_…`", example = "dlv_2hN6xB8mWp")
    ),
    responses(
        (status = 202, description = "Queued.", body = Delivery),
        ReplayOneError
    )
)]
pub(super) async fn replay_one(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::WebhooksWrite>,
    Path((id, delivery)): Path<(String, String)>,
) -> Result<(StatusCode, Json<Delivery>), ReplayOneError> {
    let webhook = webhook::enabled(&app, &tenant, &id.into()).await?;
    let replayed = app
        .store
        .replay(&webhook.id, &delivery.into(), app.now())
        .await;
    let replayed = replayed.map_err(WebhookError::from)?;
    let replayed = replayed.ok_or(ReplayOneError::Unknown)?;
    Ok((StatusCode::ACCEPTED, Json(replayed.wire())))
}
