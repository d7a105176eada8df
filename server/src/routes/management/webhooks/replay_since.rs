//! `POST /v1/webhooks/{webhookId}/replay`: sends again what happened since a moment: what the endpoint did not get, or
//! everything.

use super::Refused;
use crate::app::SharedApp;
use crate::lifecycle::webhook;
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
    Webhook(#[from] Refused),
}

impl From<ReplayError> for Refusal {
    fn from(error: ReplayError) -> Self {
        match error {
            ReplayError::Since(error) => Self::invalid(error.to_string()).field("since"),
            ReplayError::Webhook(error) => error.into(),
        }
    }
}
refuses!(ReplayError);

pub(super) async fn replay_since(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::WebhooksWrite>,
    Path(id): Path<String>,
    Json(request): Json<ReplayRequest>,
) -> Result<(StatusCode, axum::Json<Replayed>), ReplayError> {
    let Moment(since) = request.since.parse()?;
    let found = webhook::enabled(&app, &tenant, &id.into()).await;
    let webhook = found.map_err(Refused::from)?;
    let queued = app
        .store
        .replay_since(&webhook, since, request.scope, app.now())
        .await;
    let queued = queued.map_err(Refused::from)?;
    Ok((StatusCode::ACCEPTED, axum::Json(Replayed { queued })))
}
