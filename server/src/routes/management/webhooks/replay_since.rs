//! `POST /v1/webhooks/{webhookId}/replay`: sends again what happened since a moment: what the endpoint did not get, or
//! everything.

use crate::app::SharedApp;
use crate::lifecycle::webhook::{self, WebhookError};
use crate::routes::border::body::Json;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use crate::routes::border::problem::{Refusal, refuses};
use crate::routes::management::moment::{Moment, NotMoment};
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::{ReplayRequest, Replayed};

/// Why nothing is replayed.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReplayError {
    #[error(transparent)]
    Since(#[from] NotMoment),
    #[error(transparent)]
    Webhook(#[from] WebhookError),
}

impl From<ReplayError> for Refusal {
    fn from(error: ReplayError) -> Self {
        match error {
            ReplayError::Since(error) => Self::invalid(error.to_string()).field("since"),
            ReplayError::Webhook(error) => error.into(),
        }
    }
}
refuses!(ReplayError: 400 InvalidRequest, 404 WebhookNotFound, 409 WebhookDisabled);

/// Send again what happened since a moment
///
/// What the endpoint did not get, also for being disabled or not there yet; with the scope `all` everything it would be
/// told of. Messages keep their `webhook-id`, so that a receiver can pass over what it has seen.
#[utoipa::path(
    post,
    path = "/webhooks/{webhookId}/replay",
    tag = "Webhooks",
    operation_id = "replayEvents",
    security(("apiKey" = ["webhooks:write"])),
    params(("webhookId" = String, Path, description = "The endpoint, `whk_…`", example = "whk_4gS9vH1zQe")),
    request_body(content = ReplayRequest, example = json!({ "since": "2027-11-22T00:00:00Z" })),
    responses(
        (status = 202, description = "Queued.", body = Replayed),
        ReplayError
    )
)]
pub(super) async fn replay_since(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::WebhooksWrite>,
    Path(id): Path<String>,
    Json(request): Json<ReplayRequest>,
) -> Result<(StatusCode, axum::Json<Replayed>), ReplayError> {
    let Moment(since) = request.since.parse()?;
    let webhook = webhook::enabled(&app, &tenant, &id.into()).await?;
    let queued = app
        .store
        .replay_since(&webhook, since, request.scope, app.now())
        .await;
    let queued = queued.map_err(WebhookError::from)?;
    Ok((StatusCode::ACCEPTED, axum::Json(Replayed { queued })))
}
